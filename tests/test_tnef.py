"""winmail.dat: what it says becomes an ordinary message, and what it lacks is told."""

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innspill.reading.documents.builder import UnreadableAttachment
from innspill.reading.mailbox import mapi
from innspill.reading.mailbox.tnef import read_tnef
from outlook.build_outlook import (
    ATT_BODY,
    ATT_CLASS,
    ATT_MESSAGE_PROPS,
    ATT_PROPS,
    ATT_RECIPIENTS,
    ATT_RENDER,
    FILES,
    MESSAGE_OBJECT,
    RENDER,
    WRITTEN,
    compound,
    native,
    tnef,
    tnef_props,
)
from outlook_files import FOLDER, TRUTH, assert_says, said

STORAGE_OBJECT = bytes.fromhex("0b00000000000000c000000000000046")


@pytest.mark.parametrize("name", [name for name in TRUTH if name.endswith(".dat")])
def test_a_winmail_file_says_what_its_truth_tells(name: str) -> None:
    assert_says(read_tnef((FOLDER / name).read_bytes()), TRUTH[name])


def test_a_file_that_is_cut_off_keeps_what_comes_before_the_cut_and_says_so() -> None:
    whole = FILES["winmail-before-mapi.dat"]
    found = said(read_tnef(whole[:3_000]))
    assert found["subject"] == "Høring på åpne data"
    assert found["attachments"][0]["name"] == "skjema på norsk.csv"
    assert 0 < found["attachments"][0]["n_bytes"] < 5_600
    assert "cut off" in found["omissions"][0]


def test_a_file_in_an_ole_object_is_taken_out() -> None:
    holder = compound({"\x01Ole10Native": native("merknad på målform.txt", "Blåbær".encode())})
    attached = [(ATT_RENDER, RENDER), (ATT_PROPS, tnef_props({0x3705: 6, 0x3001: "Ikon"}, obj=STORAGE_OBJECT + holder))]
    found = said(read_tnef(tnef([(ATT_MESSAGE_PROPS, tnef_props({0x1000: "Sjå ikonet"}))], [attached])))
    assert found["attachments"] == [{"name": "merknad på målform.txt", "type": "text/plain", "n_bytes": 8}]


def test_an_object_of_an_older_office_program_is_the_file_itself() -> None:
    document = compound({"WordDocument": b"et brev " * 700})
    attached = [
        (ATT_RENDER, RENDER),
        (ATT_PROPS, tnef_props({0x3705: 6, 0x3001: "brev.doc"}, obj=STORAGE_OBJECT + document)),
    ]
    found = said(read_tnef(tnef([(ATT_MESSAGE_PROPS, tnef_props({0x1000: "Sjå brevet"}))], [attached])))
    assert found["attachments"] == [{"name": "brev.doc", "type": "application/msword", "n_bytes": len(document)}]


def test_messages_in_messages_are_read_to_a_limit_and_the_rest_is_told() -> None:
    inner = tnef([(ATT_MESSAGE_PROPS, tnef_props({0x1000: "Blåbær"}))])
    for _ in range(mapi.MAX_DEPTH + 10):
        attached = [(ATT_RENDER, RENDER), (ATT_PROPS, tnef_props({0x3705: 5}, obj=MESSAGE_OBJECT + inner))]
        inner = tnef([(ATT_MESSAGE_PROPS, tnef_props({0x1000: "Sjå vedlegg"}))], [attached])
    parts = list(read_tnef(inner).walk())
    assert sum(part.get_content_type() == "message/rfc822" for part in parts) == mapi.MAX_DEPTH
    assert "not read" in str(parts[-1][mapi.OMISSION])


def test_an_attached_message_that_is_damaged_is_told_and_the_rest_is_read() -> None:
    attached = [
        (ATT_RENDER, RENDER),
        (ATT_PROPS, tnef_props({0x3705: 5, 0x3001: "Øydelagd"}, obj=MESSAGE_OBJECT + b"xxxx")),
    ]
    found = said(read_tnef(tnef([(ATT_MESSAGE_PROPS, tnef_props({0x1000: "Hei på deg"}))], [attached])))
    assert found["plain"] == "Hei på deg"
    assert "was not read" in found["attachments"][0]["message"]["omissions"][0]


def test_a_property_of_an_unknown_type_costs_only_those_after_it() -> None:
    props = tnef_props({0x0037: "Ærlig", 0x1000: "Hei på deg"})
    odd = struct.pack("<I", 3) + props[4:] + struct.pack("<HHI", 0x00FB, 0x1234, 1)
    found = said(read_tnef(tnef([(ATT_MESSAGE_PROPS, odd)])))
    assert found["plain"] == "Hei på deg"
    assert "1 of its fields" in found["omissions"][0]


def test_recipients_beyond_the_end_of_their_table_are_told_of() -> None:
    table = struct.pack("<I", 3) + tnef_props({0x3001: "Høring", 0x3003: "horing@x.example", 0x0C15: 1})
    found = said(read_tnef(tnef([(ATT_MESSAGE_PROPS, tnef_props({0x1000: "Hei"})), (ATT_RECIPIENTS, table)])))
    assert found["to"] == "Høring <horing@x.example>"
    assert "cut off" in found["omissions"][0]


@pytest.mark.parametrize(
    "attributes",
    [
        [(ATT_MESSAGE_PROPS, tnef_props({0x001A: "IPM.Appointment"}, named={0x8208: "Sal Å", 0x820D: WRITTEN}))],
        [
            (ATT_CLASS, b"IPM.Microsoft Schedule.MtgReq\x00"),
            (0x00030006, struct.pack("<7H", 2026, 3, 4, 12, 30, 0, 3)),
            (ATT_MESSAGE_PROPS, tnef_props({}, named={0x8208: "Sal Å"})),
        ],
    ],
    ids=["now", "before MAPI"],
)
def test_when_and_where_a_meeting_is_is_told_beside_its_text(attributes: list[tuple[int, bytes]]) -> None:
    found = said(read_tnef(tnef([*attributes, (ATT_BODY, b"Passar det?\x00")])))
    assert found["plain"] == "Passar det?"
    assert "(2026-03-04 13:30, «Sal Å»)" in found["omissions"][0]


@pytest.mark.parametrize(
    "data",
    [b"", b"x" * 100, b"\x78\x9f\x3e\x22", b"\x78\x9f\x3e\x22\x01\x00\x01"],
    ids=["empty", "other", "signature", "cut"],
)
def test_what_is_no_winmail_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableAttachment, match=r"\w+ \w+"):
        read_tnef(data)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([FILES[name] for name in FILES if name.endswith(".dat")]),
    st.lists(st.tuples(st.integers(0, 7_000), st.binary(min_size=1, max_size=8)), max_size=12),
    st.integers(0, 7_000),
)
def test_a_damaged_winmail_is_read_or_refused(data: bytes, changes: list[tuple[int, bytes]], end: int) -> None:
    damaged = bytearray(data)
    for at, new in changes:
        at %= len(damaged)
        damaged[at : at + len(new)] = new
    try:
        read_tnef(bytes(damaged[: max(end, 4)])).as_bytes()
    except UnreadableAttachment as error:
        assert str(error)
