"""Where messages come from: each file is a message, several, or a note that says why not."""

import gzip
import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innspill.reading.mailbox import sources
from innspill.reading.mailbox.sources import RawMessage, raw_messages, split_mbox
from innspill.records import Note
from mails import laid, zipped

HEAD = b"From: Unni Moe <unni@skole.example>\nSubject: Innspill\nDate: Mon, 14 Sep 2026 10:00:00 +0200\n"
FROM = b"From unni@skole.example Mon Sep 14 10:00:00 2026\n"
MSG_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def mail(words: str) -> bytes:
    return HEAD + b"\n" + words.encode() + b"\n"


def taken(path: Path) -> tuple[list[RawMessage], list[Note]]:
    notes: list[Note] = []
    return list(raw_messages(path, path, notes)), notes


def labels(path: Path) -> list[str]:
    return [message.label for message in taken(path)[0]]


def test_what_unpacks_to_more_than_memory_should_hold_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_HELD", 50_000)
    box = FROM + mail("Linje 12 på øya. " * 10_000) + b"\n" + FROM + mail("Linje 30.")
    found, (note,) = taken(
        laid(tmp_path, {"a.zip": zipped({"stor.eml": mail("Linje 12. " * 20_000), "inn.mbox": box})})
    )
    assert [message.label for message in found] == ["a.zip/inn.mbox#1", "a.zip/inn.mbox#2"]
    assert (note.file, "unpack it" in note.text) == ("a.zip/stor.eml", True)


# What a file is, its bytes tell


@pytest.mark.parametrize("name", ["svar.eml", "svar.msg", "svar.txt", "svar", "svar.mbox"])
def test_a_mail_is_one_whatever_its_file_is_called(tmp_path: Path, name: str) -> None:
    assert labels(laid(tmp_path, {name: mail("Linje 12.")})) == [name]


def test_an_eml_that_begins_as_an_mbox_and_is_one_mail_keeps_its_name(tmp_path: Path) -> None:
    (message,), _ = taken(laid(tmp_path, {"svar.eml": FROM + mail("Linje 12.")}))
    assert message.label == "svar.eml"
    assert message.data == mail("Linje 12.")


def test_an_eml_that_holds_several_mails_gives_each(tmp_path: Path) -> None:
    box = FROM + mail("Linje 12.") + b"\n" + FROM + mail("Linje 30.")
    assert labels(laid(tmp_path, {"svar.eml": box})) == ["svar.eml#1", "svar.eml#2"]


def test_a_mail_that_apple_mail_keeps_is_read_without_its_frame(tmp_path: Path) -> None:
    data = mail("Linje 12 på øya.")
    framed = b"%d\n" % len(data) + data + b'<?xml version="1.0"?><plist></plist>'
    (message,), _ = taken(laid(tmp_path, {"1.emlx": framed}))
    assert message.data == data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"!BDN" + b"\x00" * 600, "Export the messages from Outlook"),
        (b"%PDF-1.7\n", "Lay it in a mail"),
        (MSG_START + b"\x00" * 600, "document of older Office"),
        (b"Rar!\x1a\x07", "Unpack it"),
        (zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), "Lay it in a mail"),
        ("Dette er et notat om møtet på øya.\n".encode(), "not an e-mail"),
    ],
    ids=["pst", "pdf", "doc", "rar", "docx", "notat"],
)
def test_a_file_that_is_no_mail_is_named_with_what_to_do(tmp_path: Path, data: bytes, said: str) -> None:
    messages, (note,) = taken(laid(tmp_path, {"fil.dat": data}))
    assert messages == []
    assert note.file == "fil.dat"
    assert said in note.text


def test_a_damaged_msg_file_is_noted_with_what_to_do(tmp_path: Path) -> None:
    messages, (note,) = taken(laid(tmp_path, {"svar.msg": MSG_START + b"\x00" * 600}))
    assert messages == []
    assert ".eml" in note.text


@pytest.mark.parametrize(
    "name", ["README.md", ".DS_Store", "Thumbs.db", "dovecot-uidlist", ".innspill-fetch.json", "Inbox.msf"]
)
def test_what_programs_keep_beside_the_mail_is_passed_over(tmp_path: Path, name: str) -> None:
    assert taken(laid(tmp_path, {name: b"noe"})) == ([], [])


def test_a_mail_called_readme_is_a_mail(tmp_path: Path) -> None:
    assert labels(laid(tmp_path, {"Readme – høringssvar.eml": mail("Linje 12.")})) == ["Readme – høringssvar.eml"]


# mbox


def box(*bodies: str, between: bytes = b"\n") -> bytes:
    return between.join(FROM + mail(body) for body in bodies)


def messages_of(data: bytes) -> list[bytes]:
    return [message.data for message in split_mbox(io.BytesIO(data))]


def test_an_mbox_without_empty_lines_between_its_messages_is_parted() -> None:
    assert len(messages_of(box("Linje 1.", "Linje 2.", "Linje 3.", between=b""))) == 3


@pytest.mark.parametrize(
    "words",
    [
        "From side 4 til 6 er det uklart.",
        "Slik:\n\nFrom side 4 til 6\n\nKommentar: uklart",
        "Slik:\n\nFrom Monday on",
        "Sjå\n\nFrom Mon 14 til 16: feil",
        "Slik:\n\nFrom side 4\nKommentar: uklart",
    ],
)
def test_a_line_of_the_text_that_begins_with_from_parts_no_message(words: str) -> None:
    (message,) = messages_of(box(words))
    assert words.encode() in message


def test_windows_line_ends_part_an_mbox_too() -> None:
    assert len(messages_of(box("Linje 1.", "Linje 2.").replace(b"\n", b"\r\n"))) == 2


@given(st.lists(st.text(alphabet="abcæøå \n>", max_size=400), min_size=1, max_size=12), st.integers(100, 5_000))
@settings(deadline=None)
def test_messages_come_out_of_an_mbox_as_they_went_in_wherever_the_pieces_end(bodies: list[str], piece: int) -> None:
    class Slow(io.BytesIO):
        def read(self, n_bytes: int | None = -1, /) -> bytes:
            return super().read(min(piece, n_bytes or piece))

    expected = [HEAD + b"\n" + body.encode() + b"\n\n" for body in bodies]
    data = b"".join(FROM + message for message in expected)
    assert [message.data for message in split_mbox(Slow(data))] == expected


def test_a_message_beyond_the_limit_is_cut_with_a_note_and_the_next_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_MESSAGE", 20_000)
    monkeypatch.setattr(sources, "PIECE", 5_000)
    messages, (note,) = taken(laid(tmp_path, {"inn.mbox": box("a " * 100_000, "Linje 30 på øya.")}))
    assert [len(message.data) for message in messages] == [20_000, len(mail("Linje 30 på øya."))]
    assert note.file == "inn.mbox#1"
    assert "only the first" in note.text


# Maildir and folders


def test_a_maildir_s_flags_are_no_part_of_what_is_read(tmp_path: Path) -> None:
    files = {"cur/1.M1P2.host:2,RS": mail("Linje 1."), "new/2.M1P2.host": mail("Linje 2."), "tmp/3.host": mail("Halv")}
    messages, (note,) = taken(laid(tmp_path, files))
    assert [message.data for message in messages] == [mail("Linje 1."), mail("Linje 2.")]
    assert note.file == "tmp"
    assert "being delivered" in note.text


def test_a_folder_called_tmp_that_is_no_maildir_s_is_read(tmp_path: Path) -> None:
    assert labels(laid(tmp_path, {"tmp/a.eml": mail("Linje 1.")})) == ["tmp/a.eml"]


def test_a_link_is_not_followed_and_is_named(tmp_path: Path) -> None:
    outside, inside = tmp_path / "ute", tmp_path / "mail"
    laid(outside, {"hemmelig.eml": mail("Linje 1.")})
    laid(inside, {"a.eml": mail("Linje 2.")})
    (inside / "lenke.eml").symlink_to(outside / "hemmelig.eml")
    (inside / "lenkemappe").symlink_to(outside)
    (inside / "ring").symlink_to(inside)
    messages, notes = taken(inside)
    assert [message.label for message in messages] == ["a.eml"]
    assert sorted(note.file for note in notes) == ["lenke.eml", "lenkemappe", "ring"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_in_the_folder_does_not_stop_the_run(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rør")
    messages, (note,) = taken(laid(tmp_path, {"a.eml": mail("Linje 1.")}))
    assert len(messages) == 1
    assert note.file == "rør"


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid(tmp_path, {"cur/1": mail("Linje 1."), "cur/2": mail("Linje 2."), "new/3": mail("Linje 3.")})
    really_open = Path.open

    def refuse(self: Path, *args, **kwargs):
        if self.name == "2":
            raise PermissionError(13, "Permission denied")
        return really_open(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    messages, (note,) = taken(tmp_path)
    assert [message.label for message in messages] == ["cur/1", "new/3"]
    assert note.file == "cur/2"
    assert "permissions" in note.text


# Archives


def test_a_zip_of_folders_gives_its_mails_under_its_own_name(tmp_path: Path) -> None:
    inner = {
        "Innboks/a.eml": mail("Linje 1."),
        "Innboks/b.eml": mail("Linje 2."),
        "arkiv.mbox": box("Linje 3.", "Linje 4."),
    }
    laid(tmp_path, {"eksport.zip": zipped(inner)})
    assert labels(tmp_path) == [
        "eksport.zip/Innboks/a.eml",
        "eksport.zip/Innboks/b.eml",
        "eksport.zip/arkiv.mbox#1",
        "eksport.zip/arkiv.mbox#2",
    ]


def test_a_zip_in_a_zip_is_opened_and_one_in_that_is_named(tmp_path: Path) -> None:
    deepest = zipped({"c.eml": mail("Linje 3.")})
    inner = zipped({"b.eml": mail("Linje 2."), "dypest.zip": deepest})
    messages, (note,) = taken(laid(tmp_path, {"ytre.zip": zipped({"a.eml": mail("Linje 1."), "indre.zip": inner})}))
    assert [message.label for message in messages] == ["ytre.zip/a.eml", "ytre.zip/indre.zip/b.eml"]
    assert note.file == "ytre.zip/indre.zip/dypest.zip"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/a.eml", "etc/a.eml"),
        ("/etc/a.eml", "etc/a.eml"),
        ("C:\\mail\\a.eml", "mail/a.eml"),
        ("Høring/æøå.eml", "Høring/æøå.eml"),
        ("a\x07b.eml", "ab.eml"),
    ],
)
def test_a_member_s_name_is_a_label_and_no_path(tmp_path: Path, name: str, label: str) -> None:
    laid(tmp_path, {"x.zip": zipped({name: mail("Linje 1.")})})
    before = set(tmp_path.rglob("*"))
    assert labels(tmp_path) == [f"x.zip/{label}"]
    assert set(tmp_path.rglob("*")) == before


def test_norwegian_names_in_a_zip_made_by_dos_are_read(tmp_path: Path) -> None:
    data = zipped({"HXringsvar.eml": mail("Linje 1.")}).replace(b"HXringsvar", "Høringsvar".encode("cp865"))
    assert labels(laid(tmp_path, {"x.zip": data})) == ["x.zip/Høringsvar.eml"]


def test_two_members_of_one_name_are_told_apart(tmp_path: Path) -> None:
    data = zipped({"a.eml": mail("Linje 1."), "b.eml": mail("Linje 2.")}).replace(b"b.eml", b"a.eml")
    assert labels(laid(tmp_path, {"x.zip": data})) == ["x.zip/a.eml", "x.zip/a.eml (2)"]


def test_a_locked_member_is_named_with_what_to_do(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.eml": mail("Linje 1.")}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    messages, (note,) = taken(laid(tmp_path, {"x.zip": bytes(data)}))
    assert messages == []
    assert "password" in note.text


def test_a_damaged_zip_is_named(tmp_path: Path) -> None:
    _, (note,) = taken(laid(tmp_path, {"x.zip": zipped({"a.eml": mail("Linje 1.")})[:-30]}))
    assert "damaged" in note.text


def test_a_zip_bomb_is_left_packed_and_what_stands_beside_it_is_read(tmp_path: Path) -> None:
    data = zipped({"a.eml": mail("Linje 1."), "bombe.eml": HEAD + b"\n" + b"0" * 30_000_000})
    messages, (note,) = taken(laid(tmp_path, {"x.zip": data}))
    assert [message.label for message in messages] == ["x.zip/a.eml"]
    assert note.file == "x.zip/bombe.eml"
    assert "zip bomb" in note.text


def test_a_packed_mbox_is_read(tmp_path: Path) -> None:
    laid(tmp_path, {"inn.mbox.gz": gzip.compress(box("Linje 1.", "Linje 2."))})
    assert labels(tmp_path) == ["inn.mbox.gz#1", "inn.mbox.gz#2"]


def test_a_packed_mbox_that_is_cut_off_gives_what_it_has_and_a_note(tmp_path: Path) -> None:
    data = gzip.compress(box(*(f"Linje {number}." for number in range(2_000)), "".join(map(str, range(200_000)))))
    messages, notes = taken(laid(tmp_path, {"inn.mbox.gz": data[:-1_000]}))
    assert "not to its end" in notes[0].text
    assert len(messages) <= 2_001


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=60)
def test_any_bytes_under_any_name_give_messages_or_a_note(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    for start in (b"", b"PK\x03\x04", b"\x1f\x8b\x08", FROM, MSG_START, b"\x78\x9f\x3e\x22", b"12\nFrom: a\nTo: b\n"):
        folder = laid(tmp_path_factory.mktemp("mail"), {"x.dat": start + data})
        messages, notes = taken(folder)
        assert messages or notes
