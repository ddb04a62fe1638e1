"""Attachments: what is read of each kind, and how forms are known."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from innspill.errors import ReportError
from innspill.reading.charsets import decode
from innspill.reading.documents import attachments
from innspill.reading.documents.attachments import read_attachment
from innspill.reading.documents.builder import AttachmentText, UnreadableAttachment
from innspill.reading.documents.forms import column_purpose, header_columns
from mails import docx, xlsx
from word_files import OFFICE, PACKAGE, p, word_file

PDFS = Path(__file__).parent / "pdf"
DOCUMENTS = Path(__file__).parent / "documents"


def slides(slide: str, notes: str, n_listed: int = 1) -> bytes:
    """A presentation of one slide, which may be listed several times, with the speaker's notes to it."""
    spaces = (
        'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{OFFICE}"'
    )
    relation = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/{{}}" Target="{{}}"/></Relationships>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("_rels/.rels", relation.format("officeDocument", "ppt/presentation.xml"))
        archive.writestr("ppt/_rels/presentation.xml.rels", relation.format("slide", "slides/slide1.xml"))
        archive.writestr(
            "ppt/slides/_rels/slide1.xml.rels", relation.format("notesSlide", "../notesSlides/notesSlide1.xml")
        )
        archive.writestr(
            "ppt/presentation.xml",
            f"<p:presentation {spaces}><p:sldIdLst>"
            + '<p:sldId id="256" r:id="rId1"/>' * n_listed
            + "</p:sldIdLst></p:presentation>",
        )
        archive.writestr("ppt/slides/slide1.xml", f"<p:sld {spaces}>{slide}</p:sld>")
        archive.writestr("ppt/notesSlides/notesSlide1.xml", f"<p:notes {spaces}>{notes}</p:notes>")
    return buffer.getvalue()


def read(name: str, data: bytes) -> AttachmentText:
    found = read_attachment(name, data)
    assert found is not None
    return found


def rows(found: AttachmentText) -> list[tuple[str, int, str]]:
    return [(cell.column, cell.row, cell.span.of(found.text)) for cell in found.cells]


@pytest.mark.parametrize(
    ("heading", "purpose"),
    [
        ("Linje", "line"), ("Linjenr.", "line"), ("Linje(r)", "line"), ("Linjenummer i utkastet", "line"), ("Sidetall", "page"), ("Side", "page"), ("Kap.", "section"), ("Kapittel/avsnitt", "section"),
        ("Side/linje", "page+line"), ("Linje og side", "line+page"), ("Kommentar", "comment"), ("Merknad til linje", "comment"), ("Merknadar", "comment"), ("Innspel", "comment"), ("Tilbakemelding", "comment"),
        ("Forslag til endring i kapittel", "proposal"), ("Framlegg til ny tekst", "proposal"), ("Begrunnelse", "reason"), ("Grunngiving", "reason"), ("Henvisning", "place"), ("Navn", "name"), ("Virksomhet", "organisation"), ("Alder", ""), ("Line", "line"), ("Comments", "comment"),
    ],
)  # fmt: skip
def test_a_column_s_purpose_is_told_by_its_heading(heading: str, purpose: str) -> None:
    assert column_purpose(heading).split("+")[: purpose.count("+") + 1] == purpose.split("+")


@pytest.mark.parametrize(
    "row", [["Kommentar"], ["Linje", "Side"], ["Navn", "E-post"], ["", ""], ["12", "30"], ["Skjema for innspill"]]
)
def test_a_row_that_is_no_header_is_none(row: list[str]) -> None:
    assert header_columns(row) == {}


def test_a_long_row_under_a_header_is_no_new_header() -> None:
    row = ["Kommentaren i linje 12 er ikke til å forstå for folk flest", "Forslag: vi foreslår en helt annen tekst her"]
    assert header_columns(row, below={0: "comment", 1: "proposal"}) == {}


def test_numbered_rows_with_comments_make_a_form() -> None:
    assert header_columns(["Nr.", "Kommentar"]) == {0: "number", 1: "comment"}


def test_columns_of_an_unknown_kind_belong_to_the_row() -> None:
    found = read("a.xlsx", xlsx([["Skostørrelse", "Linje", "Kommentar"], ["41", 12, "For kort."]]))
    assert rows(found)[3:] == [("other", 2, "41"), ("line", 2, "12"), ("comment", 2, "For kort.")]


def test_a_whole_number_loses_its_decimals() -> None:
    assert ("line", 2, "12") in rows(read("a.xlsx", xlsx([["Linje", "Kommentar"], [12.0, "x"]])))


def test_cells_far_out_in_an_empty_sheet_do_not_stop_the_reading() -> None:
    sheet: list[list[object]] = [["Linje", "Kommentar"], [12, "For kort."]] + [[""] * 50 for _ in range(1_000)]
    assert ("comment", 2, "For kort.") in rows(read("a.xlsx", xlsx(sheet)))


def test_a_formula_is_read_as_what_it_stored() -> None:
    assert (
        "HYPERLINK"
        not in read("a.xlsx", xlsx([["Linje", "Kommentar"], [12, "x"], [13, '=HYPERLINK("http://x.example")']])).text
    )


def test_points_of_a_word_list_follow_each_other() -> None:
    assert (
        read("a.docx", docx("Vi savner:", "- Bibliotek", "- Skyss", "Det var alt.")).text
        == "Vi savner:\n\n- Bibliotek\n- Skyss\n\nDet var alt."
    )


def test_a_word_heading_is_marked() -> None:
    assert read("a.docx", docx("# Kapittel 3", "Bra.")).text == "# Kapittel 3\n\nBra."


def test_cells_of_a_word_form_stand_where_their_spans_say() -> None:
    found = read("a.docx", docx("Hei.", [["Linje", "Kommentar"], ["12", "For kort.\nOg for smal."]], "Mvh"))
    assert rows(found)[2:] == [("line", 2, "12"), ("comment", 2, "For kort.\nOg for smal.")]


def test_equal_neighbour_cells_are_both_kept() -> None:
    found = read("a.docx", docx([["Side", "Linje", "Kommentar"], ["4", "4", "For kort."]]))
    assert rows(found)[3:] == [("page", 2, "4"), ("line", 2, "4"), ("comment", 2, "For kort.")]


def test_a_note_in_the_margin_of_a_word_letter_is_read() -> None:
    import io

    from docx import Document

    document = Document()
    paragraph = document.add_paragraph("Linje 12")
    document.add_comment(paragraph.runs, text="Her mangler biblioteket.", author="Unni Moe")
    buffer = io.BytesIO()
    document.save(buffer)
    assert "Her mangler biblioteket." in read("a.docx", buffer.getvalue()).text


@pytest.mark.parametrize("name", ["a.png", "a.mp3", "a.bin"])
def test_what_holds_no_text_gives_nothing(name: str) -> None:
    assert read_attachment(name, b"\x89\x00\x01") is None


@pytest.mark.parametrize("name", ["møte.ics", "kort.vcf", "smime.p7s", "stil.css", "data.json"])
def test_text_that_is_written_for_programs_gives_nothing(name: str) -> None:
    assert read_attachment(name, b"BEGIN:VCARD and some words that look like words do") is None


@pytest.mark.parametrize("name", ["a.doc", "a.odt", "a.xls", "a.docx", "a.pdf", "a.pages"])
def test_what_is_not_what_its_name_says_is_refused_with_a_remedy(name: str) -> None:
    with pytest.raises(UnreadableAttachment, match="save it as"):
        read_attachment(name, b"\x00\x01\x02 noe")


@pytest.mark.parametrize("name", ["svar", "svar.doc", "svar.dat", "Innspel frå Ånesund"])
def test_plain_words_are_read_whatever_they_are_called(name: str) -> None:
    assert (
        read(name, "Vi støttar forslaget om skyss på øyene.".encode()).text == "Vi støttar forslaget om skyss på øyene."
    )


@pytest.mark.parametrize("name", ["svar.doc", "svar.htm", "svar.xls", "svar"])
def test_a_page_of_the_web_is_read_as_one_whatever_it_is_called(name: str) -> None:
    page = "<html><head><title>x</title></head><body><p>Vi støttar <b>ikkje</b> dette.</p></body></html>"
    assert read(name, page.encode()).text.strip() == "Vi støttar ikkje dette."


def test_a_form_on_a_page_of_the_web_gives_cells() -> None:
    page = "<html><table><tr><th>Linje</th><th>Kommentar</th></tr><tr><td>12</td><td>For kort.</td></tr></table></html>"
    assert ("comment", 2, "For kort.") in rows(read("skjema.html", page.encode()))


def test_a_page_saved_as_one_file_is_read() -> None:
    page = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Vi st\xc3\xb8ttar dette.</p>\r\n--x--\r\n"
    )
    assert read("svar.mht", page).text.strip() == "Vi støttar dette."


def test_rich_text_is_read_whatever_it_is_called() -> None:
    assert read("svar.doc", rb"{\rtf1\ansi Vi st\'f8ttar dette.}").text == "Vi støttar dette."


def test_a_word_document_is_known_by_what_it_holds() -> None:
    assert read("svar.bin", word_file(p("Vi støttar dette."))).text == "Vi støttar dette."


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_old_word_document_is_read_with_its_changes_and_notes() -> None:
    found = read("kopi.doc", (DOCUMENTS / "reviewed.doc").read_bytes())
    kinds = [remark.kind for remark in found.remarks]
    assert (kinds.count("note"), kinds.count("insertion"), kinds.count("deletion")) == (33, 17, 19)
    assert "# 1.1 Bakgrunn og mandat" in found.text


def test_an_old_document_without_libreoffice_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> bytes:
        raise ReportError("no LibreOffice")

    monkeypatch.setattr(attachments, "convert", missing)
    with pytest.raises(UnreadableAttachment, match=r"save it as \.docx"):
        read_attachment("kopi.doc", (DOCUMENTS / "reviewed.doc").read_bytes())


def test_slides_are_read_with_what_is_said_to_them() -> None:
    slide = "<p:cSld><p:spTree>{}</p:spTree></p:cSld>"
    shape = "<p:sp><p:nvSpPr><p:nvPr><p:ph{}/></p:nvPr></p:nvSpPr><p:txBody>{}</p:txBody></p:sp>"
    words = "<a:p><a:r><a:t>{}</a:t></a:r></a:p>"
    inner = '<a:p><a:pPr lvl="1"/><a:r><a:t>om natta</a:t></a:r></a:p>'
    body = shape.format(' type="title"', words.format("Merknader")) + shape.format(
        "", words.format("Skyss på øyene") + inner + words.format("Bibliotek")
    )
    notes = slide.format(shape.format(' type="body"', words.format("Sei dette høgt.")))
    text = "# Merknader\n\n- Skyss på øyene\n  - om natta\n- Bibliotek\n\nSei dette høgt."
    assert read("innspel.pptx", slides(slide.format(body), notes)).text == text
    assert read("innspel.pptx", slides(slide.format(body), notes, n_listed=50)).text == text


def test_points_under_points_of_rtf_stand_further_in() -> None:
    point = r"\pard\plain\ilvl{0}\ls1 {{\listtext\pard\plain -\tab}}{1}\par "
    rtf = (
        r"{\rtf1\ansi "
        + point.format(0, "Kaia:")
        + point.format(1, "Ho er for kort.")
        + point.format(0, "Ferja.")
        + "}"
    )
    assert read("svar.rtf", rtf.encode()).text == "- Kaia:\n  - Ho er for kort.\n- Ferja."


def test_a_cell_that_is_merged_down_a_form_in_rtf_holds_for_each_row() -> None:
    row = r"\trowd\clvm{0}\cellx900\cellx1800\cellx5000\pard\intbl {1}\cell {2}\cell {3}\cell\row "
    rows_of_form = row.format("gf", "3.1", "12", "For kort.") + row.format("rg", "", "30", "For smal.")
    header = r"\trowd\cellx900\cellx1800\cellx5000\pard\intbl Kapittel\cell Linje\cell Merknad\cell\row "
    found = read("svar.rtf", (r"{\rtf1\ansi " + header + rows_of_form + "}").encode())
    assert [cell for cell in rows(found) if cell[1] == 3] == [
        ("line", 3, "30"),
        ("comment", 3, "For smal."),
        ("section", 3, "3.1"),
    ]


def test_a_damaged_archive_is_refused() -> None:
    with pytest.raises(UnreadableAttachment, match="damaged"):
        read_attachment("svar.docx", word_file(p("Hei"))[:300])


def test_an_archive_of_no_document_is_left_to_others() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("svar.txt", "Hei")
    assert read_attachment("svar.zip", buffer.getvalue()) is None


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252"])
def test_text_is_read_in_any_common_charset(charset: str) -> None:
    assert read("a.txt", "Måling – høyde".encode(charset)).text == "Måling – høyde"


def test_a_wrong_declaration_does_not_stop_decoding() -> None:
    assert decode("å".encode("latin-1"), "ascii") == "å"


def test_a_pdf_letter_is_read() -> None:
    data = (PDFS / "lo-every-line.pdf").read_bytes()
    assert len(read("brev.pdf", data).text) > 200
