"""What a review found in hostile or odd input: each stopped a run, lost words, or counted them twice."""

import base64
import io
from pathlib import Path

import pytest

from conftest import mail_bytes
from innspill.citations import find_citations
from innspill.comments import split_comments
from innspill.config import Config
from innspill.derived import without_long_runs
from innspill.language.norwegian import Norwegian
from innspill.matching import match
from innspill.messages import to_messages
from innspill.reading.documents.attachments import read_attachment
from innspill.reading.documents.html import html_to_text
from innspill.reading.mail import parse_message, read_mail
from innspill.records import Box, Comment, Line, Numbering, Page, Report, Span
from innspill.resolving import ReportIndex, resolve
from innspill.wording import Wording
from mails import norwegian, zipped

HEAD = b"From: Kari <kari@heia.example>\nSubject: Innspill\nMIME-Version: 1.0\n"


def with_file(name: str, data: bytes, words: str = "Linje 12 på øya er uklar.") -> bytes:
    """A mail of some words with a file attached."""
    start = HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n--A\nContent-Type: text/plain; charset=utf-8\n\n"
    head = f'\n--A\nContent-Type: application/octet-stream; name="{name}"\nContent-Transfer-Encoding: base64\n\n'
    return start + words.encode() + head.encode() + base64.encodebytes(data) + b"\n--A--\n"


def body_of(data: bytes) -> str:
    mail, _ = parse_message(data, "a.eml")
    return mail.parts[0].text if mail.parts else ""


def test_html_beside_its_picture_is_not_read_twice() -> None:
    said = "Linje 45: Vi savner noe om ferjer."
    inner = f'--R\nContent-Type: text/html\n\n<p>{said}</p>\n--R\nContent-Type: image/png; name="a.png"\n\nx\n--R--\n'
    alternatives = (
        f"--A\nContent-Type: text/plain\n\n{said}\n--A\nContent-Type: multipart/related; boundary=R\n\n{inner}"
    )
    data = HEAD + f"Content-Type: multipart/alternative; boundary=A\n\n{alternatives}\n--A--\n".encode()
    mail, _ = parse_message(data, "a.eml")
    assert mail.parts[0].text.count("ferjer") == 1
    assert mail.n_attachments == 1


@pytest.mark.parametrize(
    "data",
    [
        HEAD.replace(b"Innspill", b"=?undefined?q?x?=") + b"\nLinje 1: Bra.\n",
        HEAD + b"Content-Type: text/plain; charset*=utf-8''utf-8\n\nLinje 1: Bra \xe6.\n",
        HEAD + b"Content-Type: text/plain; charset=idna\n\nLinje 1: Bra \xe6.\n",
        HEAD + b"Content-Type: text/plain; charset=unicode_escape\n\nLinje 1: Bra \\ud800.\n",
    ],
    ids=["subject", "rfc2231", "idna", "surrogate"],
)
def test_a_charset_that_python_cannot_use_costs_no_words(data: bytes, language: Norwegian) -> None:
    mail, _ = parse_message(data, "a.eml", sentences=language.sentences)
    assert "Linje 1: Bra" in mail.parts[0].text


def test_a_file_name_that_cannot_be_decoded_does_not_stop_the_run() -> None:
    part = b'--A\nContent-Type: application/pdf; name="=?utf-8?b?a?="\n\nx\n--A--\n'
    mail, notes = parse_message(HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n" + part, "a.eml")
    assert mail.n_attachments == 1
    assert any("The attachment" in note.text for note in notes)


def test_a_header_of_ours_in_a_mail_hides_no_attachment() -> None:
    part = b"--A\nContent-Type: text/plain; name=a.txt\nX-Innspill-Inner: y\n\nLinje 3: Feil.\n--A--\n"
    mail, _ = parse_message(HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n" + part, "a.eml")
    assert "Linje 3: Feil." in mail.parts[-1].text


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_damaged_office_documents_are_noted_whatever_the_damage(name: str) -> None:
    inside = "word/document.xml" if name == "a.docx" else "xl/workbook.xml"
    document = zipped({"[Content_Types].xml": b"<Types", inside: b"<w:document><w:body>"})
    mail, notes = parse_message(with_file(name, document), "a.eml")
    assert [(part.name, part.status) for part in mail.received] == [("body", "read"), (name, "not_read")]
    assert any(name in note.text for note in notes)


def test_a_csv_with_an_unclosed_quote_loses_no_words() -> None:
    rows = b'kommentar;linje\n"Vi savner kaier;45\nKvar er skulen;46\n'
    mail, _ = parse_message(with_file("a.csv", rows), "a.eml")
    said = " ".join(part.text for part in mail.parts)
    assert "Vi savner kaier" in said
    assert "Kvar er skulen" in said


def test_words_in_a_content_control_of_word_are_read() -> None:
    from docx import Document
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = Document()
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:sdt {space}><w:sdtContent><w:p><w:r><w:t>Vi savner kaier.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    file = io.BytesIO()
    document.save(file)
    read = read_attachment("a.docx", file.getvalue())
    assert read is not None
    assert "Vi savner kaier." in read.text


def test_a_form_with_paragraphs_in_its_cells_keeps_lines_and_comments_together() -> None:
    rows = (("Linje", "Kommentar"), ("45", "Vi savner ferjer"))
    cells = "".join(
        "<tr>" + "".join(f"<td><p class=MsoNormal>{cell}</p></td>" for cell in row) + "</tr>" for row in rows
    )
    read = html_to_text(f"<html><body><table>{cells}</table></body></html>")
    assert [(cell.column, cell.span.of(read.text)) for cell in read.cells][-2:] == [
        ("line", "45"),
        ("comment", "Vi savner ferjer"),
    ]


def test_words_after_a_large_picture_in_the_html_are_read() -> None:
    read = html_to_text(f"<p>FØR</p><img src='data:image/png;base64,{'A' * 6_000_000}'><p>ETTER</p>")
    assert read.text.split() == ["FØR", "ETTER"]


def test_a_style_cannot_blow_the_text_up() -> None:
    assert len(html_to_text("<ul><li style='padding-left:999999999em'>TEKST</ul>").text) < 1_000


def test_a_mail_sent_again_with_a_new_point_loses_no_point(language: Norwegian) -> None:
    points = [f"Linje {n}0: Dette bør sies mye tydeligere om tema nummer {n}, slik vi ser det." for n in range(1, 9)]
    first = mail_bytes("\n\n".join(points))
    second = mail_bytes("\n\n".join([*points, "Linje 200: Et helt nytt punkt om ferjer og kaier i fjordene."]))
    mails = [parse_message(data, f"{n}.eml", sentences=language.sentences)[0] for n, data in enumerate((first, second))]
    messages = to_messages(mails, language=norwegian(), deadline=None)
    assert [message.kind for message in messages] == ["duplicate", "feedback"]
    assert any("ferjer" in comment.text for comment in split_comments(messages, language=language))


def test_an_mbox_whose_first_line_is_odd_loses_no_message(tmp_path: Path) -> None:
    box = b"From a b\nX_Odd: 1\nSubject: en\n\nLinje 3: Bra.\n\nFrom c d\nSubject: to\n\nLinje 4: Bra.\n"
    (tmp_path / "alt.mbox").write_bytes(box)
    assert len(read_mail(tmp_path, root=tmp_path)[0]) == 2


def report_with_an_empty_page() -> Report:
    text = "Ferjene går sent.\nKaiene er korte."
    lines = (
        Line("L1", 1, 1, "text", "", Span(0, 17), Box(1, 50, 50, 200, 60)),
        Line("L2", 2, 1, "text", "", Span(18, 34), Box(2, 50, 50, 200, 60)),
    )
    pages = tuple(Page(number, str(number), 595, 842) for number in (1, 2, 3))
    return Report("Ferjer", text, pages, lines, (), (), (), Numbering("printed", 1, "page", 1, 1))


def test_a_page_that_is_only_a_figure_can_be_cited() -> None:
    report = report_with_an_empty_page()
    index = ReportIndex(report)
    (citation,) = find_citations("Side 3: Figuren er uklar.")
    (place,) = resolve(citation, index, said=Wording(report).said(""))
    assert place.status == "unresolved"


def test_a_page_named_in_the_comment_itself_holds_for_its_lines() -> None:
    texts = ("Side 1, linje 1: Bra.", "På side 2 er noe uklart for oss som leser. Linje 1 mangler en kilde.")
    comments = [Comment(f"C{n}", "M1", "body", Span(0, len(text)), text, "", "nb") for n, text in enumerate(texts)]
    annotations, _ = match(comments, report_with_an_empty_page(), encoder=None, config=Config())
    assert annotations[-1].target == Span(18, 34)


def test_letters_that_only_look_like_a_number_word_do_not_stop_the_run() -> None:
    assert all(citation.names for citation in find_citations("Kapittel fıre: uklart. Kapittel ſju."))


@pytest.mark.parametrize("run", ["=", "«", "a", "1", "/", "*", "😀"])
def test_long_runs_are_taken_out_without_moving_a_letter(run: str) -> None:
    text = f"Før {run * 5_000} etter"
    assert len(without_long_runs(text)) == len(text)
    assert without_long_runs(text).split() == ["Før", "etter"]


def test_a_wall_of_signs_is_split_like_other_text(language: Norwegian) -> None:
    text = "Dette er viktig. " + "«" * 20_000 + " Vi savner ferjer."
    assert [span.of(text) for span in language.sentences(text)][-1] == "Vi savner ferjer."


# Mail that is broken, or made to break


def notes_of(data: bytes) -> str:
    return "\n".join(note.text for note in parse_message(data, "a.eml")[1])


def said_in(data: bytes) -> str:
    return "\n".join(part.text for part in parse_message(data, "a.eml")[0].parts)


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"Content-Type: multipart/mixed\n\nLinje 12 er feil.\n",
        HEAD + b"Content-Type: multipart/mixed; boundary=borte\n\nLinje 12 er feil.\n",
        HEAD + b"Content-Type: multipart/mixed\n\n--X\nContent-Type: text/plain\n\nLinje 12 er feil.\n--X--\n",
        HEAD + b"Content-Type: multipart/mixed; boundary=borte\n\n--X\nContent-Type: text/plain\n\nLinje 12 er feil.\n",
    ],
    ids=["none", "another", "none, but shown", "another, but shown"],
)
def test_a_missing_boundary_costs_no_words_and_is_said(data: bytes) -> None:
    assert "Linje 12 er feil." in said_in(data)
    assert "broken" in notes_of(data)


def test_one_boundary_for_two_levels_costs_no_words() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=A\n\n--A\nContent-Type: text/plain\n\nLinje 30 er uklar.\n--A--\n"
    data = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=A\n\n--A\n\nLinje 12 er feil.\n--A\n"
        + inner
        + b"--A\n\nLinje 45.\n--A--\n"
    )
    assert all(words in said_in(data) for words in ("Linje 12 er feil.", "Linje 30 er uklar.", "Linje 45."))


def test_two_content_types_are_read_by_the_one_that_holds_parts() -> None:
    kinds = b"Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=A\n\n"
    assert said_in(HEAD + kinds + b"--A\n\nLinje 12 er feil.\n--A--\n").strip() == "Linje 12 er feil."


def test_words_before_and_after_the_parts_are_listed() -> None:
    data = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=A\n\nSkjult f\xc3\xb8r.\n--A\n\nLinje 12.\n--A--\nSkjult etter.\n"
    )
    received = parse_message(data, "a.eml")[0].received
    assert [(part.name, part.status) for part in received] == [
        ("body (preamble)", "not_read"),
        ("body", "read"),
        ("body (epilogue)", "not_read"),
    ]


def test_a_part_that_begins_without_headers_is_all_words() -> None:
    data = HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n--A\nKommentar: Vi saknar ferjer.\nLinje: 45\n--A--\n"
    assert said_in(data) == "Kommentar: Vi saknar ferjer.\nLinje: 45"


def test_headers_without_an_empty_line_after_them_cost_no_words() -> None:
    assert "Vi saknar ferjer på øya." in said_in(HEAD + "Vi saknar ferjer på øya.\nHelsing Kari\n".encode())


def test_a_header_that_is_folded_badly_does_not_end_the_headers() -> None:
    mail, _ = parse_message(b"Subject: Innspill til\nutkastet\nFrom: Kari <kari@heia.example>\n\nLinje 12.", "a.eml")
    assert (mail.subject, mail.sender_email) == ("Innspill til utkastet", "kari@heia.example")


@pytest.mark.parametrize("kind", ["multipart/mixed; boundary=g{n}", "message/rfc822"])
def test_a_hundred_levels_are_one_note_and_one_entry(kind: str) -> None:
    data = b"Content-Type: text/plain\n\nInnerst."
    for level in range(100):
        head = f"Content-Type: {kind.format(n=level)}\n\n".encode()
        dashes = f"--g{level}".encode() if "multipart" in kind else b""
        data = head + (dashes + b"\n" + data + b"\n" + dashes + b"--\n" if dashes else HEAD + data)
    mail, notes = parse_message(HEAD + data, "a.eml")
    assert [note.text for note in notes if "nested too deeply" in note.text]
    assert mail.received[-1].status == "not_read"


def test_a_million_empty_parts_are_bounded_and_said() -> None:
    data = HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n--A\n\nLinje 12.\n" + b"--A\n\n" * 1_000_000
    mail, notes = parse_message(data, "a.eml")
    assert mail.parts[0].text.strip() == "Linje 12."
    assert len(mail.received) < 3_000
    assert any("too many parts" in note.text for note in notes)


def test_an_attachment_of_fifty_megabytes_is_listed_with_its_size() -> None:
    mail, _ = parse_message(with_file("film.mp4", b"\x00\x00\x00\x18ftyp" + b"\x00" * 50_000_000), "a.eml")
    assert "Linje 12 på øya" in mail.parts[0].text
    assert [(part.name, part.n_bytes, part.status) for part in mail.received[1:]] == [
        ("film.mp4", 50_000_008, "not_read")
    ]


def test_an_attachment_too_large_to_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("innspill.reading.documents.attachments.MAX_ATTACHMENT", 1_000)
    assert "larger than" in notes_of(with_file("brev.txt", b"a" * 2_000))


def test_a_letter_too_long_to_read_is_read_as_far_as_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("innspill.reading.mailbox.bodies.MAX_TEXT", 5_000)
    mail, (note,) = parse_message(HEAD + b"\n" + b"Linje 12 er uklar for oss.\n" * 400, "a.eml")
    assert len(mail.parts[0].text) == 5_000
    assert "the first 5,000 were read" in note.text


def test_a_page_of_html_too_long_to_read_is_read_as_far_as_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("innspill.reading.mailbox.bodies.MAX_TEXT", 5_000)
    page = "<blockquote>" + "<p>Linje 12 på øya er uklar for oss.</p>" * 400 + "</blockquote>"
    mail, notes = parse_message(HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + page.encode(), "a.eml")
    (part,) = mail.parts
    assert [segment.span for segment in part.segments if segment.kind == "quoted"] == [Span(0, 5_000)]
    assert any("the first 5,000 were read" in note.text for note in notes)


def test_a_paragraph_longer_than_the_sentence_splitter_takes_does_not_cost_the_letter(language: Norwegian) -> None:
    data = with_file("svar.txt", "Linje 30 på øya er uklar. ".encode() * 45_000)
    mail, notes = parse_message(data, "a.eml", sentences=language.sentences)
    assert [part.name for part in mail.parts] == ["body", "svar.txt"]
    assert notes == []


# What follows took minutes once, for a time that grew with the square of the bytes.


@pytest.mark.parametrize("place", ["text", "subject", "name"])
def test_a_hundred_thousand_accents_on_one_letter_are_kept(place: str) -> None:
    letter = "a" + "\u0301\u0316" * (60_000 if place == "text" else 12_000)
    subject = letter if place == "subject" else "x"
    kind = f'text/plain; charset=utf-8; name="{letter if place == "name" else "b"}"'
    data = f"Subject: {subject}\nContent-Type: {kind}\nContent-Disposition: inline\n\n"
    mail, _ = parse_message(f"{data}{letter if place == 'text' else 'Linje 12.'}".encode(), "a.eml")
    found = {"text": mail.parts[0].text, "subject": mail.subject, "name": letter}[place]
    assert found.count("\u0316") == letter.count("\u0316")


def test_lines_of_spaces_that_may_be_boundaries_cost_no_words() -> None:
    data = HEAD + b"Content-Type: multipart/mixed\n\nLinje 12.\n" + (b"--x" + b" " * 2_000 + b"x\n") * 3_000
    assert said_in(data).startswith("Linje 12.")


def test_words_between_closing_boundaries_are_listed_within_bounds() -> None:
    data = HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n--A\n\nLinje 12.\n" + b"--A--\nx\n" * 100_000
    mail, notes = parse_message(data, "a.eml")
    assert len(mail.received) < 3_000
    assert any("too many parts" in note.text for note in notes)


def test_hundreds_of_versions_of_a_long_letter_are_each_listed() -> None:
    words = " ".join(f"ord{number}" for number in range(30_000))
    versions = [f"<p>Blåbær {number}</p>" for number in range(400)]
    parts = "".join(f"--A\nContent-Type: text/html; charset=utf-8\n\n{text}\n" for text in [*versions, words])
    data = HEAD + f"Content-Type: multipart/alternative; boundary=A\n\n{parts}--A--\n".encode()
    assert len(parse_message(data, "a.eml")[0].received) == 401


def test_ten_thousand_recipients_cost_nothing() -> None:
    recipients = ",\n ".join(f"person{number}@skole.example" for number in range(10_000))
    mail, notes = parse_message(f"To: {recipients}\n".encode() + HEAD + b"\nLinje 12.", "a.eml")
    assert (mail.sender_email, mail.parts[0].text, notes) == ("kari@heia.example", "Linje 12.", [])


@pytest.mark.parametrize(
    "header",
    [
        b"Subject: " + b"=?utf-8?q?x" * 500_000,
        b"X-Lang: " + b"a" * 5_000_000,
        b"From: " + b"<@" * 1_000_000,
        b"X-A: b\n" * 60_000,
    ],
    ids=["words", "one", "address", "many"],
)
def test_headers_of_megabytes_cost_no_words(header: bytes) -> None:
    assert said_in(header + b"\n" + HEAD + b"\nLinje 12.").endswith("Linje 12.")


def test_nul_bytes_cost_no_words() -> None:
    mail, _ = parse_message(HEAD.replace(b"Innspill", b"Inn\x00spill") + b"\nLinje\x00 12 p\xe5 \x00\xf8ya.", "a.eml")
    assert (mail.subject, mail.parts[0].text) == ("Innspill", "Linje 12 på øya.")


def test_nul_bytes_of_a_file_are_kept() -> None:
    document = b"PK\x05\x06" + b"\x00" * 18
    data = (
        HEAD + b"Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: binary\n\n" + document
    )
    assert parse_message(data, "a.eml")[0].received[0].n_bytes == 22


def test_lone_carriage_returns_end_lines() -> None:
    mail, _ = parse_message((HEAD + b"\nLinje 12.\nLinje 30.").replace(b"\n", b"\r"), "a.eml")
    assert (mail.subject, mail.parts[0].text) == ("Innspill", "Linje 12.\nLinje 30.")


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_mail_in_utf_16_is_read(charset: str) -> None:
    mail, _ = parse_message((HEAD.decode() + "\nLinje 12 på øya.").encode(charset), "a.eml")
    assert (mail.subject, mail.parts[0].text) == ("Innspill", "Linje 12 på øya.")


@pytest.mark.parametrize(
    ("date", "year", "said"),
    [
        ("Thu, 1 Jan 1970 00:00:00 +0000", None, "cannot be"),
        ("Mon, 14 Sep 2199 10:00:00 +0200", None, "cannot be"),
        ("Mon, 99 Sep 2026 10:00:00 +0200", None, "cannot be"),
        ("Mon, 14 Sep 99999 10:00:00 +0200", None, "cannot be"),
        ("i går", None, "cannot be"),
        ("Mon, 14 Sep 2099 10:00:00 +0200", 2099, ""),
        ("man, 14 okt 2026 10:00:00 +0200", 2026, ""),
    ],
)
def test_a_date_that_cannot_be_is_left_out_with_a_note(date: str, year: int | None, said: str) -> None:
    mail, notes = parse_message(HEAD + f"Date: {date}\n\nLinje 12.".encode(), "a.eml")
    assert (mail.sent_at.year if mail.sent_at else None) == year
    assert said in "".join(note.text for note in notes)


@pytest.mark.parametrize("date", ["Mon, 14 Sep 2099 10:00:00 +0200", "Thu, 1 Jan 1970 00:00:00 +0000"])
def test_a_wrong_clock_is_set_right_by_the_time_of_receipt(date: str) -> None:
    received = "Received: from a.example by b.example; Mon, 14 Sep 2026 10:00:00 +0200\n"
    mail, notes = parse_message(received.encode() + HEAD + f"Date: {date}\n\nLinje 12.".encode(), "a.eml")
    assert mail.sent_at is not None
    assert mail.sent_at.year == 2026
    assert "time of receipt is used" in notes[0].text


def test_a_mail_dated_far_from_all_others_is_named(tmp_path: Path) -> None:
    for number, year in enumerate((2026, 2026, 2026, 2026, 2099)):
        (tmp_path / f"{number}.eml").write_bytes(
            HEAD + f"Date: Mon, 14 Sep {year} 10:00:00 +0200\n\nLinje 12.".encode()
        )
    (note,) = read_mail(tmp_path, root=tmp_path)[1]
    assert note.file == "4.eml"
    assert "2099-09-14" in note.text


def test_one_message_id_with_two_texts_is_two_messages_and_a_note(tmp_path: Path) -> None:
    for number, words in enumerate(("Linje 12 er feil.", "Linje 30 er uklar.")):
        (tmp_path / f"{number}.eml").write_bytes(HEAD + f"Message-ID: <a@heia.example>\n\n{words}".encode())
    mails, (note,) = read_mail(tmp_path, root=tmp_path)
    assert [mail.parts[0].text for mail in mails] == ["Linje 12 er feil.", "Linje 30 er uklar."]
    assert note.file == "1.eml"
    assert "0.eml" in note.text


def test_mails_without_a_message_id_are_not_taken_for_one(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.eml").write_bytes(HEAD + f"\nLinje {number} er uklar.".encode())
    mails, notes = read_mail(tmp_path, root=tmp_path)
    assert len(mails) == 3
    assert notes == []


# Archives in a mail


def test_the_files_of_a_zip_are_read_under_its_name() -> None:
    data = with_file(
        "svar.zip", zipped({"brev/brev.txt": "Linje 30 på øya.".encode(), "kart.png": b"\x89PNG\r\n\x1a\n"})
    )
    mail, _ = parse_message(data, "a.eml")
    assert [(part.name, part.status) for part in mail.received] == [
        ("body", "read"),
        ("svar.zip", "read"),
        ("svar.zip/brev/brev.txt", "read"),
        ("svar.zip/kart.png", "not_read"),
    ]
    assert mail.parts[1].text == "Linje 30 på øya."
    assert mail.n_attachments == 1


def test_a_mail_in_a_zip_in_a_mail_is_read() -> None:
    data = with_file("svar.zip", zipped({"svar.eml": HEAD + "\nLinje 30 på øya.".encode()}))
    assert "Linje 30 på øya." in said_in(data)


def test_zips_deep_in_zips_are_named() -> None:
    document = zipped({"a.txt": b"Linje 30."})
    for _ in range(4):
        document = zipped({"a.zip": document})
    assert "too many layers" in notes_of(with_file("a.zip", document))


def test_a_bomb_of_many_files_ends_at_one_limit_for_the_whole_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("innspill.reading.mailbox.contents.MAX_UNPACKED", 3_000_000)
    words = b"Linje 12 er uklar for oss paa oya, og vi savner tall. " * 20_000
    inner = zipped({f"{number}.txt": words for number in range(10)})
    mail, notes = parse_message(with_file("a.zip", zipped({f"{number}.zip": inner for number in range(10)})), "a.eml")
    read = [part for part in mail.received if part.status == "read" and part.name.endswith(".txt")]
    assert len(read) <= 3
    assert any("zip bomb" in note.text or "more was packed" in note.text for note in notes)


def test_a_zip_whose_files_overlap_is_left_packed() -> None:
    document = zipped({"00000.txt": bytes(2_000_000)})
    start, end = document.rindex(b"PK\x01\x02"), document.rindex(b"PK\x05\x06")
    directory = document[start:end] * 2_000
    counts = (2_000).to_bytes(2, "little") * 2 + len(directory).to_bytes(4, "little") + start.to_bytes(4, "little")
    document = document[:start] + directory + b"PK\x05\x06" + bytes(4) + counts + bytes(2)
    mail, notes = parse_message(with_file("a.zip", document), "a.eml")
    assert [(part.name, part.status) for part in mail.received] == [("body", "read"), ("a.zip", "not_read")]
    assert "zip bomb" in notes[0].text


def test_a_zip_with_a_name_for_each_of_too_many_files_is_left_packed() -> None:
    assert "more than" in notes_of(with_file("a.zip", zipped({str(number): b"" for number in range(11_000)})))


def test_a_zip_of_mails_of_many_parts_is_listed_within_bounds() -> None:
    parts = HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n" + b"--A\n\nLinje 12.\n" * 1_500
    mail, notes = parse_message(with_file("a.zip", zipped({f"{number}.eml": parts for number in range(20)})), "a.eml")
    assert len(mail.received) <= 5_001
    assert "more pieces" in mail.received[-1].name
    assert any("too many parts" in note.text for note in notes)


def test_a_mailbox_attached_to_a_mail_gives_each_of_its_messages() -> None:
    box = b"".join(
        b"From a@b.example Mon Sep 14 10:00:00 2026\n" + HEAD + b"\nLinje %d.\n\n" % number for number in (1, 2)
    )
    mail, _ = parse_message(with_file("svar.mbox", box), "a.eml")
    assert [(part.name, part.text.strip()) for part in mail.parts[1:]] == [
        ("svar.mbox#1", "Linje 1."),
        ("svar.mbox#2", "Linje 2."),
    ]


# Parts that are no words and no files


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        (
            b"message/external-body; access-type=URL; URL=http://x.example/a",
            b"Content-Type: text/plain\n\n",
            "not fetched",
        ),
        (b"message/partial; id=1; number=1; total=2", b"Subject: a\n\nhalv", "in pieces"),
        (b"application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", b"0\x80", "encrypted"),
        (b"multipart/encrypted; protocol=application/pgp-encrypted; boundary=B", b"kryptert", "encrypted"),
    ],
    ids=["elsewhere", "piece", "S/MIME", "PGP"],
)
def test_what_cannot_be_read_is_said_with_its_reason(kind: bytes, content: bytes, said: str) -> None:
    data = HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n--A\n\nLinje 12.\n--A\nContent-Type: " + kind + b"\n\n"
    mail, notes = parse_message(data + content + b"\n--A--\n", "a.eml")
    assert any(said in part.reason for part in mail.received if part.status == "not_read")
    assert any(said in note.text for note in notes)


def test_signatures_around_signatures_end_at_a_limit() -> None:
    data = b"Content-Type: text/plain\n\nInnerst."
    for _ in range(200):
        octets = b"\x04\x83" + len(data).to_bytes(3, "big") + data
        inner = bytes.fromhex("0609") + bytes.fromhex("2a864886f70d010701") + b"\xa0\x80" + octets + bytes(2)
        content = b"\x30\x80" + inner + bytes(2)
        outer = bytes.fromhex("0609") + bytes.fromhex("2a864886f70d010702") + b"\xa0\x80\x30\x80" + content + bytes(4)
        data = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\n\n\x30\x80" + outer + bytes(2)
    mail, notes = parse_message(HEAD + data, "a.eml")
    assert [part.status for part in mail.received].count("not_read") == 1
    assert not any("cannot be parsed" in note.text for note in notes)


@pytest.mark.parametrize("length", [b"\x80", None], ids=["in pieces", "whole"])
def test_the_mail_in_an_opaque_signature_is_read(length: bytes | None) -> None:
    def element(tag: int, content: bytes) -> bytes:
        if length is None or tag in (0x06, 0x02, 0x04, 0x31):
            return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content
        return bytes([tag]) + length + content + b"\x00\x00"

    words = "Content-Type: text/plain; charset=utf-8\n\nLinje 30 på øya.".encode()
    octets = (
        element(0x04, words) if length is None else element(0x24, element(0x04, words[:20]) + element(0x04, words[20:]))
    )
    data_kind, signed_kind = bytes.fromhex("2a864886f70d010701"), bytes.fromhex("2a864886f70d010702")
    content = element(0x30, element(0x06, data_kind) + element(0xA0, octets))
    signed = element(0x30, element(0x02, b"\x01") + element(0x31, b"") + content + element(0x31, b""))
    document = element(0x30, element(0x06, signed_kind) + element(0xA0, signed))
    kind = b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
    assert body_of(HEAD + kind + base64.encodebytes(document)).strip() == "Linje 30 på øya."
