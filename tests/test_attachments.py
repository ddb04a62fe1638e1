"""Attachments: what is read of each kind, and how forms are known."""

from pathlib import Path

import pytest

from innspill.reading.attachments import read_attachment
from innspill.reading.charsets import decode
from innspill.reading.documents import AttachmentText, UnreadableAttachment
from innspill.reading.forms import column_purpose, header_columns
from mails import docx, xlsx

PDFS = Path(__file__).parent / "pdf"


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
        ("Forslag til endring i kapittel", "proposal"), ("Framlegg til ny tekst", "proposal"), ("Begrunnelse", "reason"), ("Grunngiving", "reason"), ("Henvisning", "place"), ("Navn", ""), ("Virksomhet", ""), ("Line", "line"), ("Comments", "comment"),
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
    assert header_columns(["Nr.", "Kommentar"]) == {1: "comment"}


def test_columns_of_an_unknown_kind_belong_to_the_row() -> None:
    found = read("a.xlsx", xlsx([["Navn", "Linje", "Kommentar"], ["Unni", 12, "For kort."]]))
    assert rows(found)[3:] == [("other", 2, "Unni"), ("line", 2, "12"), ("comment", 2, "For kort.")]


def test_a_whole_number_loses_its_decimals() -> None:
    assert ("line", 2, "12") in rows(read("a.xlsx", xlsx([["Linje", "Kommentar"], [12.0, "x"]])))


def test_cells_far_out_in_an_empty_sheet_do_not_stop_the_reading() -> None:
    sheet: list[list[object]] = [["Linje", "Kommentar"], [12, "For kort."]] + [[""] * 50 for _ in range(4_900)]
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


@pytest.mark.parametrize("name", ["a.doc", "a.odt", "a.rtf", "a.xls"])
def test_formats_that_are_not_read_are_said_with_a_remedy(name: str) -> None:
    with pytest.raises(UnreadableAttachment, match="save it as"):
        read_attachment(name, b"noe")


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252"])
def test_text_is_read_in_any_common_charset(charset: str) -> None:
    assert read("a.txt", "Måling – høyde".encode(charset)).text == "Måling – høyde"


def test_a_wrong_declaration_does_not_stop_decoding() -> None:
    assert decode("å".encode("latin-1"), "ascii") == "å"


def test_a_pdf_letter_is_read() -> None:
    data = (PDFS / "lo-every-line.pdf").read_bytes()
    assert len(read("brev.pdf", data).text) > 200
