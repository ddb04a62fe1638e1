"""What a review found in hostile or odd input: each stopped a run, lost words, or counted them twice."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import mail_bytes
from innspill.citations import ReportIndex, find_citations, resolve
from innspill.comments import split_comments
from innspill.config import Config, load_consultation
from innspill.derived import without_long_runs
from innspill.language.norwegian import Norwegian
from innspill.matching import match
from innspill.messages import to_messages
from innspill.pipeline import analyse
from innspill.reading.attachments import read_attachment
from innspill.reading.documents import UnreadableAttachment
from innspill.reading.html import html_to_text
from innspill.reading.mail import parse_message
from innspill.records import Box, Comment, Line, Numbering, Page, Report, Span

HEAD = b"From: Kari <kari@heia.example>\nSubject: Innspill\nMIME-Version: 1.0\n"


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
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types")
        archive.writestr(inside, "<w:document><w:body>")
    with pytest.raises(UnreadableAttachment):
        read_attachment(name, file.getvalue())


def test_a_csv_with_an_unclosed_quote_is_noted() -> None:
    with pytest.raises(UnreadableAttachment, match="damaged"):
        read_attachment("a.csv", b'kommentar;linje\n"' + b"a" * 200_000)


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
    messages = to_messages(mails, deadline=None)
    assert [message.kind for message in messages] == ["duplicate", "feedback"]
    assert any("ferjer" in comment.text for comment in split_comments(messages, language=language))


def test_an_mbox_whose_first_line_is_odd_loses_no_message(
    small_consultation: Callable[..., Path], language: Norwegian
) -> None:
    box = b"From a b\nX_Odd: 1\nSubject: en\n\nLinje 3: Bra.\n\nFrom c d\nSubject: to\n\nLinje 4: Bra.\n"
    consultation, config = load_consultation(small_consultation({"alt.mbox": box}))
    assert len(analyse(consultation, language=language, config=config).messages) == 2


def report_with_an_empty_page() -> Report:
    text = "Ferjene går sent.\nKaiene er korte."
    lines = (
        Line("L1", 1, 1, "text", "", Span(0, 17), Box(1, 50, 50, 200, 60)),
        Line("L2", 2, 1, "text", "", Span(18, 34), Box(2, 50, 50, 200, 60)),
    )
    pages = tuple(Page(number, str(number), 595, 842) for number in (1, 2, 3))
    return Report("Ferjer", text, pages, lines, (), (), (), Numbering("printed", 1, "page", 1, 1))


def test_a_page_that_is_only_a_figure_can_be_cited() -> None:
    index = ReportIndex(report_with_an_empty_page())
    (citation,) = find_citations("Side 3: Figuren er uklar.")
    (place,) = resolve(citation, index, fit=lambda span: 0.0)
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
