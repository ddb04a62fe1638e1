"""Outlook's .msg files: what they say becomes an ordinary message, and what they lack is told."""

import email.message
import random
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innspill.reading.codepages import decode_page
from innspill.reading.documents.builder import UnreadableAttachment
from innspill.reading.mail import parse_message
from innspill.reading.mailbox import mapi
from innspill.reading.mailbox.compound import read_compound
from innspill.reading.mailbox.outlook import read_msg
from outlook.build_outlook import FILES, KARI, REAL_RTF, Message, compound, compress_rtf, msg, note, stored_rtf
from outlook_files import FOLDER, TRUTH, assert_says, said

MESSAGES = [name for name in TRUTH if name.endswith(".msg")]


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_those_that_the_builder_writes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == FILES[name]


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_file_says_what_its_truth_tells(name: str) -> None:
    assert_says(read_msg((FOLDER / name).read_bytes()), TRUTH[name])


def test_the_signed_message_is_read_once_and_not_again_from_outlooks_own_body() -> None:
    message = read_msg((FOLDER / "signed.msg").read_bytes())
    plain = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    assert len(plain) == 1


def test_a_header_in_the_letter_cannot_pass_for_what_the_reader_tells() -> None:
    forged = "X-Innspill-Omission: forfalsket\r\nSubject: Æ\r\n\r\nHei"
    attached = ({0x3705: 1, 0x3707: "a.eml", 0x370E: "message/rfc822", 0x3701: forged.encode()}, None)
    message = read_msg(msg(Message({**note(), 0x007D: forged}, attachments=[attached])))
    assert not any(part.get(mapi.OMISSION) for part in message.walk())


@pytest.mark.parametrize(
    "odd",
    [
        {0x0037: "Emne\r\nBcc: alle@x.example\r\n\r\nbrødtekst"},
        {0x0042: "Kåre\r\nTo: alle@x.example", 0x0065: "kare@x.example"},
        {0x1035: "<a@b>\nX: y"},
        {0x007D: "From: kåre\u2028To: x\r\nSubject: æ\x85y\r\nÆ: ø\r\n\r\n"},
    ],
)
def test_a_line_end_in_a_field_begins_no_header(odd: dict[int, str]) -> None:
    message = read_msg(msg(Message({0x001A: "IPM.Note", 0x1000: "Hei på deg", **odd})))
    again = email.message_from_bytes(message.as_bytes())
    assert again["Bcc"] is None
    assert again["To"] is None
    assert again["X"] is None
    assert said(message)["plain"] == "Hei på deg"


def test_the_line_that_outlook_puts_before_the_headers_hides_none_of_them() -> None:
    headers = "Microsoft Mail Internet Headers Version 2.0\r\nFrom: kari@x.example\r\nX-Autoreply: ja\r\n\r\n"
    message = read_msg(msg(Message({0x007D: headers, 0x1000: "Eg er på ferie"})))
    assert (message["From"], message["X-Autoreply"]) == ("kari@x.example", "ja")


def test_the_formatted_body_counts_where_the_plain_one_lacks_words() -> None:
    props = {**note(), 0x1000: "Hei!", 0x1009: compress_rtf(REAL_RTF)}
    assert "linje 45–48" in said(read_msg(msg(Message(props))))["plain"]


def test_an_address_with_norwegian_letters_in_its_domain_is_written_as_mail_writes_it() -> None:
    message = read_msg(msg(Message({**note(), 0x0065: "kåre@blåbær.example", 0x0042: "Kåre"})))
    assert message.as_bytes()
    assert str(message["From"]).endswith("@xn--blbr-roah.example>")


def test_ten_thousand_recipients_are_all_there() -> None:
    recipients = [
        {0x3001: f"Østby nr. {number}", 0x3003: f"n{number}@x.example", 0x0C15: 1} for number in range(10_000)
    ]
    message = read_msg(msg(Message({**note(), 0x1000: "Hei"}, recipients)))
    assert len(message["To"].split(", ")) == 10_000
    assert "n9999@x.example" in message["To"]


def test_messages_in_messages_are_read_to_a_limit_and_the_rest_is_told() -> None:
    inner = Message({**note(), 0x0037: "Innerst", 0x1000: "Blåbær"})
    for level in range(mapi.MAX_DEPTH + 10):
        inner = Message({**note(), 0x0037: f"Nivå {level}", 0x1000: "Sjå vedlegg"}, attachments=[({0x3705: 5}, inner)])
    parts = list(read_msg(msg(inner)).walk())
    assert sum(part.get_content_type() == "message/rfc822" for part in parts) == mapi.MAX_DEPTH
    assert "not read" in str(parts[-1][mapi.OMISSION])


def test_a_class_that_says_that_a_program_answered_is_a_header() -> None:
    answered = read_msg(msg(Message({**KARI, 0x001A: "IPM.Note.Rules.ReplyTemplate.Microsoft"})))
    read = read_msg(msg(Message({**KARI, 0x001A: "REPORT.IPM.Note.IPNRN"})))
    ordinary = read_msg(msg(Message(note())))
    assert [message["Auto-Submitted"] for message in (answered, read, ordinary)] == [
        "auto-replied",
        "auto-generated",
        None,
    ]


def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes_and_said_to_be_cut() -> None:
    whole = msg(Message({**note(), 0x0037: "Høring", 0x1000: "Ærlig talt. " * 2_000}))
    # The long body lies first among the sectors; the table of sectors and the directory lie last and are kept.
    body = next(at for at in range(512, len(whole), 512) if whole[at : at + 4] == "Ær".encode("utf-16-le"))
    damaged = bytearray(whole)
    fat = struct.unpack_from("<I", whole, 76)[0]
    link = 512 + fat * 512 + ((body - 512) // 512 + 3) * 4
    damaged[link : link + 4] = b"\xfe\xff\xff\xff"
    message = read_msg(bytes(damaged))
    assert said(message)["plain"].startswith("Ærlig talt. Ærlig talt.")
    assert "cut off" in str(message[mapi.OMISSION])


def test_a_file_whose_list_of_fields_is_cut_off_says_so() -> None:
    data = bytearray(FILES["attachments.msg"])
    fat = 512 + struct.unpack_from("<I", data, 76)[0] * 512
    directory = struct.unpack_from("<I", data, 48)[0]
    last = directory
    while struct.unpack_from("<I", data, fat + last * 4)[0] != 0xFFFFFFFE:
        last = struct.unpack_from("<I", data, fat + last * 4)[0]
    data[fat + (last - 4) * 4 : fat + (last - 3) * 4] = b"\xff\xff\xff\xff"
    assert "cut off" in str(read_msg(bytes(data))[mapi.OMISSION])


def test_a_formatted_body_that_is_no_rtf_takes_no_ones_place() -> None:
    props = {**note(), 0x1000: "Hei på deg", 0x1009: stored_rtf(b"noe annet enn RTF " * 20)}
    found = said(read_msg(msg(Message(props))))
    assert found["plain"] == "Hei på deg"
    assert "no RTF" in found["omissions"][0]


def test_what_is_only_a_link_is_listed_as_not_read_and_told_of_once() -> None:
    link = ({0x3705: 7, 0x3707: "Høyringssvar.docx", 0x370D: "https://sky.example/x"}, None)
    mail, notes = parse_message(
        read_msg(msg(Message({**note(), 0x1000: "Sjå lenkja"}, attachments=[link]))).as_bytes(), "a.msg"
    )
    attached = mail.received[1]
    assert (attached.status, "only a link" in attached.reason) == ("not_read", True)
    assert notes == []  # the file's own note tells it


def test_an_attached_message_that_cannot_be_read_is_not_listed_as_empty() -> None:
    link = ({0x3705: 5, 0x3001: "Ås"}, Message({**note(), 0x1009: stored_rtf(b"noe annet enn RTF " * 20)}))
    mail, _ = parse_message(
        read_msg(msg(Message({**note(), 0x1000: "Sjå her"}, attachments=[link]))).as_bytes(), "a.msg"
    )
    assert "no RTF" in mail.received[1].reason


def test_a_low_importance_is_told_and_the_ordinary_one_is_not() -> None:
    found = [read_msg(msg(Message({**note(), 0x17: number})))["Importance"] for number in (0, 1, 2)]
    assert found == ["Low", None, "High"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Subject: dette er en e-post\r\n\r\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 20_000,
        compound({"WordDocument": b"et Word-dokument " * 400}),
    ],
    ids=["empty", "mail", "only a signature", "zeros", "ones", "a Word file"],
)
def test_what_is_no_outlook_message_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableAttachment, match=r"\w+ \w+"):
        read_msg(data)


def test_streams_that_claim_the_same_sectors_again_and_again_are_refused() -> None:
    tree = {f"__substg1.0_{number:04X}0102": b"x" * 5_000 for number in range(0x1000, 0x1100)}
    data = bytearray(compound({**tree, "__properties_version1.0": bytes(32)}))
    number = 0
    for at in range(512, len(data), 128):
        name = bytes(data[at : at + 22]).decode("utf-16-le", "ignore")
        if name == "__substg1.0" and data[at + 66] == 2:
            number += 1
            data[at + 116 : at + 124] = struct.pack("<II", 0, len(data))
    assert number == 256
    table = 512 + struct.unpack_from("<I", data, 76)[0] * 512
    data[table + 9 * 4 : table + 10 * 4] = bytes(4)  # the tenth sector is followed by the first
    with pytest.raises(UnreadableAttachment, match="overlap"):
        read_msg(bytes(data))


def test_a_directory_whose_entries_point_in_a_ring_ends() -> None:
    data = bytearray(msg(Message({**note(), 0x1000: "Hei på deg"})))
    directory = 512 + struct.unpack_from("<I", data, 48)[0] * 512
    for at in range(directory + 128, len(data) - 512, 128):
        data[at + 68 : at + 80] = struct.pack("<III", 1, 2, 1)
    assert len(list(read_msg(bytes(data)).walk())) == 1


def test_names_are_found_whatever_their_case_and_their_order() -> None:
    names = list(range(200))
    random.Random(3).shuffle(names)
    tree = {f"Strøm {number}": str(number).encode() for number in names}
    root = read_compound(compound({**tree, "Mappe": {"Ærlig": b"1"}})).root
    assert {name: int(data) for name, data in root.streams.items()} == {f"strøm {number}": number for number in names}
    assert root.storages["mappe"].streams == {"ærlig": b"1"}


@pytest.mark.parametrize(
    ("data", "page", "text"),
    [
        ("Blåbærøl".encode("cp1252"), 1252, "Blåbærøl"),
        ("Blåbærøl".encode("cp865"), 865, "Blåbærøl"),
        ("Blåbærøl".encode(), 1252, "Blåbærøl"),
        ("Blåbærøl – «ja»".encode("cp1252"), 28591, "Blåbærøl – «ja»"),
        ("Blåbærøl".encode("cp1252"), 65001, "Blåbærøl"),
        ("Blåbærøl".encode("cp1252"), 99999, "Blåbærøl"),
        ("Blåbærøl".encode("utf-16"), 1252, "Blåbærøl"),
        ("Blåbærøl".encode("cp1252"), 1200, "Blåbærøl"),
        ("Blåbærøl".encode("utf-16-le"), 1200, "Blåbærøl"),
        ("Blåbærøl".encode("utf-16-le").rstrip(b"\x00"), 1200, "Blåbærøl"),
        ("Blåbærøl".encode("mac_roman"), 10000, "Blåbærøl"),
        ("日本語".encode("cp932"), 932, "日本語"),
    ],
)
def test_letters_are_read_in_their_code_page_or_in_what_they_plainly_are(data: bytes, page: int, text: str) -> None:
    assert decode_page(data, page) == text


SMALL = [FILES[name] for name in FILES if name.endswith(".msg")]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SMALL),
    st.lists(st.tuples(st.integers(0, 20_000), st.binary(min_size=1, max_size=8)), max_size=12),
    st.integers(0, 20_000),
)
def test_a_damaged_message_is_read_or_refused(data: bytes, changes: list[tuple[int, bytes]], end: int) -> None:
    damaged = bytearray(data)
    for at, new in changes:
        at %= len(damaged)
        damaged[at : at + len(new)] = new
    try:
        read_msg(bytes(damaged[: max(end, 600)])).as_bytes()
    except UnreadableAttachment as error:
        assert str(error)
