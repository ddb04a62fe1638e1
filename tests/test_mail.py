"""Reading mail: every message once, whatever its bytes; nothing lost without a note."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innspill.errors import MailError
from innspill.reading.mail import parse_message, read_mail, safe_name, unflow
from mails import attach, docx, letter, norwegian, notes_of, read

HEAD = b"From: Unni Moe <unni@skole.example>\nSubject: Innspill\nDate: Mon, 14 Sep 2026 10:00:00 +0200\n"
NOT_MAIL = b"Dette er et notat, ikke en e-post.\nDet har ingen hode.\n"


def body(data: bytes) -> str:
    return read(data).parts[0].text.strip()


def folder(tmp_path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def typed(content_type: str, text: bytes) -> bytes:
    return (
        HEAD
        + b"MIME-Version: 1.0\nContent-Type: "
        + content_type.encode()
        + b"\nContent-Transfer-Encoding: 8bit\n\n"
        + text
    )


# Any bytes


@given(st.binary(max_size=600))
@settings(deadline=None)
def test_any_bytes_give_a_mail(data: bytes) -> None:
    mail, _ = parse_message(data, "x.eml", sentences=norwegian().sentences)
    assert mail.file == "x.eml"


PIECES = [
    b"--b\n", b"--b--\n", b"\n", b"Content-Type: text/plain; charset=ukjent\n", b"Content-Type: text/html\n", b"<table><tr><td>Linje<td>Kommentar<tr><td>1<td>x</table>",
    b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: multipart/alternative; boundary=b\n", b"Content-Type: message/rfc822\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Disposition: attachment; filename=../../x.docx\n", b"Linje 12 er feil.\n", b"\xe6\xf8\xe5\x00\xff\n", b"> Hei\n", b"PK\x03\x04", b"=?utf-8?b?w6Y?=\n",
    b"Fra: a@b.example\nSendt: 1. mai 2026\nTil: x\nEmne: y\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14))
@settings(deadline=None)
def test_the_segments_of_any_mail_cover_its_parts_in_order(pieces: list[bytes]) -> None:
    mail, _ = parse_message(HEAD + b"MIME-Version: 1.0\n" + b"".join(pieces), "x.eml", sentences=norwegian().sentences)
    for part in mail.parts:
        ends = [0, *(segment.span.end for segment in part.segments)]
        assert [segment.span.start for segment in part.segments] == ends[:-1]
        assert ends[-1] == len(part.text)


@given(st.lists(st.sampled_from(PIECES), max_size=14))
@settings(deadline=None)
def test_cells_of_any_mail_lie_within_their_part(pieces: list[bytes]) -> None:
    mail, _ = parse_message(HEAD + b"MIME-Version: 1.0\n" + b"".join(pieces), "x.eml")
    for part in mail.parts:
        assert all(0 <= cell.span.start <= cell.span.end <= len(part.text) for cell in part.cells)


# Headers


def test_an_encoded_subject_is_read() -> None:
    assert read(HEAD.replace(b"Innspill", b"=?iso-8859-1?Q?H=F8ring?=") + b"\nx").subject == "Høring"


def test_a_raw_eight_bit_subject_is_read() -> None:
    assert read(HEAD.replace(b"Innspill", "Høring".encode("latin-1")) + b"\nx").subject == "Høring"


def test_a_subject_in_an_unknown_charset_is_kept() -> None:
    assert "H" in read(HEAD.replace(b"Innspill", b"=?ukjent?Q?Hei?=") + b"\nx").subject


def test_a_group_address_gives_no_sender() -> None:
    assert read(b"From: Styret: ;\nSubject: x\n\nLinje 12").sender_email == ""


def test_a_mail_without_from_is_kept() -> None:
    assert body(b"Subject: Innspill\nTo: a@b.example\n\nLinje 12") == "Linje 12"


def test_a_mail_without_date_has_none() -> None:
    assert read(letter("Linje 12", date="")).sent_at is None


@pytest.mark.parametrize(
    "date",
    ["Thu, 1 Jan 1970 00:00:00 +0000", "i går", "Mon, 99 Sep 2026 10:00:00 +0200", "Mon, 14 Sep 99999 10:00:00 +0200"],
)
def test_a_date_that_cannot_be_is_none(date: str) -> None:
    assert read(HEAD.replace(b"Mon, 14 Sep 2026 10:00:00 +0200", date.encode()) + b"\nx").sent_at is None


def test_a_date_in_the_far_future_is_kept() -> None:
    assert read(letter("x", date="Tue, 14 Sep 2099 10:00:00 +0200")).sent_at == datetime(2099, 9, 14, 8, tzinfo=UTC)


def test_the_time_of_receipt_stands_in_for_a_missing_date() -> None:
    data = b"Received: from a by b; Mon, 14 Sep 2026 10:00:00 +0200\nFrom: a@b.example\nSubject: x\n\nx"
    assert read(data).sent_at == datetime(2026, 9, 14, 8, tzinfo=UTC)


def test_a_date_without_offset_is_oslo_s() -> None:
    sent_at = read(HEAD.replace(b" +0200", b"") + b"\nx").sent_at
    assert sent_at is not None
    assert sent_at.utcoffset() == timedelta(hours=2)


# Bodies


def test_nul_bytes_are_dropped_and_the_text_kept() -> None:
    assert body(HEAD + b"\nLinje 12\x00 er feil.") == "Linje 12 er feil."


def test_latin_1_declared_as_utf_8_is_read() -> None:
    assert body(typed("text/plain; charset=utf-8", "Måling av høyde".encode("latin-1"))) == "Måling av høyde"


def test_an_unknown_charset_is_guessed() -> None:
    assert body(typed("text/plain; charset=x-ukjent", "Måling".encode())) == "Måling"


def test_soft_line_breaks_are_joined() -> None:
    assert body(typed("text/plain; format=flowed", b"Linje 12 \ner feil.")) == "Linje 12 er feil."


def test_soft_breaks_do_not_join_quoted_lines() -> None:
    assert unflow("> Hva mener dere \nLinje 12") == "> Hva mener dere \nLinje 12"


def test_html_is_read_where_the_plain_part_only_says_so() -> None:
    message = letter("Meldingen er i HTML.\n")
    message.add_alternative(
        "<p>Linje 12 er feil, og linje 30 er uklar. Vi savner et kapittel om havner.</p>", subtype="html"
    )
    assert "Vi savner" in read(message).parts[0].text


def test_a_missing_boundary_loses_no_text_and_is_noted() -> None:
    data = HEAD + b"MIME-Version: 1.0\nContent-Type: multipart/mixed\n\nLinje 12 er feil.\n"
    assert "Linje 12 er feil." in body(data)
    assert any("broken" in note for note in notes_of(data))


def test_a_body_without_closing_boundary_is_read() -> None:
    data = (
        HEAD
        + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nLinje 12 er feil.\n"
    )
    assert body(data) == "Linje 12 er feil."


# Attached messages and attachments


def test_a_mail_within_a_mail_within_a_mail_is_read() -> None:
    inner, middle, outer = letter("Linje 30 er feil.\n"), letter("Se under.\n"), letter("Se vedlegg.\n")
    middle.add_attachment(inner)
    outer.add_attachment(middle)
    assert any("Linje 30 er feil." in part.text for part in read(outer).parts)


def test_the_attachment_of_an_attached_mail_is_read() -> None:
    outer = letter("Se vedlegg.\n")
    outer.add_attachment(attach(letter("Se vedlegg.\n"), docx("Linje 30 er feil."), "svar.docx"))
    assert "svar.docx" in [part.name for part in read(outer).parts]


def test_deep_nesting_ends_with_one_note() -> None:
    message = letter("Linje 12")
    for _ in range(40):
        outer = letter("Se vedlegg.\n")
        outer.add_attachment(message)
        message = outer
    assert sum("nested too deeply" in note for note in notes_of(message)) == 1


@pytest.mark.parametrize("name", ["../../x.docx", "C:\\temp\\x.docx", "/etc/x.docx"])
def test_an_attachment_s_name_is_never_a_path(name: str) -> None:
    assert safe_name(name) == "x.docx"


def test_attachments_of_one_name_are_told_apart() -> None:
    mail = read(
        attach(attach(letter("Se vedlegg.\n"), b"Linje 1", "a.txt", "text/plain"), b"Linje 2", "a.txt", "text/plain")
    )
    assert [part.name for part in mail.parts] == ["body", "a.txt", "a.txt (2)"]


def test_an_attachment_called_body_is_not_taken_for_the_body() -> None:
    mail = read(attach(letter("Se vedlegg.\n"), b"Linje 1", "body", "text/plain"))
    assert [part.name for part in mail.parts] == ["body", "body (2)"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("tom.docx", b"", "empty"),
        ("skadd.docx", b"PK\x03\x04 dette er ikke en zip", "damaged"),
        ("skadd.xlsx", b"ikke en arbeidsbok", "damaged"),
        ("gammel.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".docx"),
        ("skadd.pdf", b"%PDF-1.4\nikke en pdf", "PDF"),
        ("winmail.dat", b"\x78\x9f\x3e\x22 tnef", "holds no text"),
        ("bilde.png", b"\x89PNG\r\n\x1a\n", "holds no text"),
    ],
)
def test_an_attachment_that_cannot_be_read_is_noted_by_name(name: str, data: bytes, said: str) -> None:
    message = attach(letter("Linje 12 er feil.\n"), data, name)
    (note,) = notes_of(message)
    assert name in note
    assert said in note
    assert read(message).n_attachments == 1


def test_a_zip_bomb_is_left_packed_and_noted() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 30_000_000)
    (note,) = notes_of(attach(letter("Linje 12.\n"), buffer.getvalue(), "bombe.docx"))
    assert "zip bomb" in note


def test_a_text_attachment_of_any_ending_is_read() -> None:
    mail = read(attach(letter("Se vedlegg.\n"), b"Linje 12 er feil.", "svar.innspill", "text/plain"))
    assert mail.parts[1].text == "Linje 12 er feil."


def test_an_html_attachment_is_read_as_text() -> None:
    mail = read(attach(letter("Se vedlegg.\n"), b"<p>Linje 12 er feil.</p>", "svar.html", "text/html"))
    assert mail.parts[1].text.strip() == "Linje 12 er feil."


# Folders and mailboxes


def test_every_file_becomes_a_message_or_a_note(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        {
            "a.eml": HEAD + b"\nLinje 1",
            "b/c.eml": HEAD + b"\nLinje 2",
            "notat.txt": NOT_MAIL,
            "o.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "tom.eml": b"",
        },
    )
    mails, notes = read_mail(path, root=path)
    assert [mail.file for mail in mails] == ["a.eml", "b/c.eml", "tom.eml"]
    assert {note.file for note in notes} == {"notat.txt", "o.msg", "tom.eml"}


def test_outlook_s_own_format_is_noted_with_a_remedy(tmp_path: Path) -> None:
    path = folder(tmp_path, {"a.eml": HEAD + b"\nx", "o.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"})
    (note,) = read_mail(path, root=path)[1]
    assert ".eml" in note.text


def test_an_eml_file_with_an_odd_head_still_counts_as_a_message(tmp_path: Path) -> None:
    path = folder(tmp_path, {"a.eml": b"Subject :Innspill\nDate    : i dag\n\nLinje 12"})
    assert len(read_mail(path, root=path)[0]) == 1


def test_an_mbox_gives_its_messages_in_order(tmp_path: Path) -> None:
    one = b"From unni@skole.example Mon Sep 14 10:00:00 2026\n" + HEAD
    path = folder(tmp_path, {"inn.mbox": one + b"\nLinje 1\n\n" + one + b"\nLinje 2\n\n"})
    mails, _ = read_mail(path, root=path)
    assert [(mail.file, mail.parts[0].text.strip()) for mail in mails] == [
        ("inn.mbox#1", "Linje 1"),
        ("inn.mbox#2", "Linje 2"),
    ]


def test_a_quoted_from_line_in_an_mbox_is_unquoted(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        {"inn.mbox": b"From a@b.example Mon Sep 14 10:00:00 2026\n" + HEAD + b"\n>From side 4 til 6 er det uklart.\n"},
    )
    mails, _ = read_mail(path, root=path)
    assert mails[0].parts[0].text.strip() == "From side 4 til 6 er det uklart."


def test_a_from_line_in_a_body_does_not_begin_a_message(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        {
            "inn.mbox": b"From a@b.example Mon Sep 14 10:00:00 2026\n"
            + HEAD
            + b"\nLinje 12.\n\nFrom side 4 til 6 er det uklart.\n"
        },
    )
    mails, _ = read_mail(path, root=path)
    assert len(mails) == 1
    assert "From side 4" in mails[0].parts[0].text


def test_a_maildir_is_read(tmp_path: Path) -> None:
    path = folder(tmp_path, {"cur/1:2,S": HEAD + b"\nLinje 1", "new/2": HEAD + b"\nLinje 2"})
    assert len(read_mail(path, root=path)[0]) == 2


def test_a_folder_without_mail_is_an_error_that_tells_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MailError, match=r"\.eml"):
        read_mail(folder(tmp_path, {"notat.txt": NOT_MAIL}), root=tmp_path)


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(MailError, match="borte"):
        read_mail(tmp_path / "borte", root=tmp_path)
