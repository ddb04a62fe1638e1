"""PDF letters: paragraphs, forms, filled fields, and what readers marked, struck out and noted."""

import io
import re
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw
import pytest
from pikepdf import Array, Dictionary, Name

from innspill.reading.documents import letters
from innspill.reading.documents.builder import AttachmentText, UnreadableAttachment
from innspill.reading.documents.letters import read_pdf_letter
from raw_pdf import pages_pdf, stream, text

LETTERS = Path(__file__).parent / "letters"
PDFS = Path(__file__).parent / "pdf"


def read(name: str) -> AttachmentText:
    return read_pdf_letter((LETTERS / f"{name}.pdf").read_bytes())


def notes(found: AttachmentText) -> dict[str, str]:
    """The words of each note -> the words that it hangs on."""
    return {r.span.of(found.text): r.anchor.of(found.text) for r in found.remarks if r.kind == "note"}


def marked(kind: str, quads: list[float], **entries: object) -> AttachmentText:
    """The letter with one more annotation on its first page, read."""
    with pikepdf.open(LETTERS / "letter.pdf") as pdf:
        rectangle = Array([min(quads[::2]), min(quads[1::2]), max(quads[::2]), max(quads[1::2])])
        item = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=rectangle, QuadPoints=Array(quads), **entries)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(item)])
        file = io.BytesIO()
        pdf.save(file)
    return read_pdf_letter(file.getvalue())


def words_marked(path: Path, *patterns: str) -> list[str]:
    """The words that notes hang on, each on a highlight drawn as a reader's program does over a page's text."""
    textpage = pypdfium2.PdfDocument(path)[0].get_textpage()
    text = "".join(chr(pypdfium2.raw.FPDFText_GetUnicode(textpage.raw, at)) for at in range(textpage.count_chars()))
    with pikepdf.open(path) as pdf:
        annotations = []
        for number, pattern in enumerate(patterns):
            found = re.search(pattern, text)
            assert found
            boxes = [textpage.get_rect(at) for at in range(textpage.count_rects(found.start(), len(found[0])))]
            quads = [value for x0, low, x1, top in boxes for value in (x0, top, x1, top, x0, low, x1, low)]
            item = Dictionary(Type=Name.Annot, Subtype=Name.Highlight, Rect=Array(quads[4:8]), QuadPoints=Array(quads))
            item.Contents = f"Merknad {number}"
            annotations.append(pdf.make_indirect(item))
        pdf.pages[0].obj.Annots = Array(annotations)
        file = io.BytesIO()
        pdf.save(file)
    hung = notes(read_pdf_letter(file.getvalue()))
    return [hung[f"Merknad {number}"] for number in range(len(patterns))]


# Text ----------------------------------------------------------------------------------------------------------------


def test_paragraphs_stand_apart_and_broken_words_are_whole() -> None:
    paragraphs = read("letter").text.split("\n\n")
    assert paragraphs[0] == "Rederidirektoratet\nPostboks 1, 0001 Oslo"
    assert "beredskapsplanleggingen" in paragraphs[2]
    assert "ferjesambandsstrekningane" in paragraphs[2]
    assert paragraphs[3] == "Vi har tre punkt:"


def test_each_point_of_a_list_begins_a_line() -> None:
    points = [line for line in read("letter").text.split("\n") if line.startswith("• ")]
    assert [point.split(":")[0] for point in points] == ["• Linje 45", "• Linje 51–53", "• Side 7"]


def test_running_heads_stand_once_behind_the_text() -> None:
    found = read("letter")
    assert [span.of(found.text) for span in found.letterhead] == ["Vår ref. 2026/117 Ulvsund kommune"]
    assert found.text.count("Vår ref.") == 1
    assert "Side 1 av 2" not in found.text


def test_a_ligature_is_read_as_its_letters() -> None:
    assert "ﬁ" not in read("letter").text
    assert "finst andre vegar" in read("letter").text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("form", [("line", "12–14"), ("comment", "Kaia er for kort for den nye ferja, og ho bør forlengjast før anbodet vert lyst ut."), ("proposal", "Skriv «forlengd kai»."), ("line", "51"), ("comment", "Her manglar det eit kart.")]),
        ("lo-notes", [("page", "4"), ("comment", "Kaia er for kort for den nye ferja, og den bør forlenges."), ("reason", "Ferja er 120 meter."), ("page", "7"), ("comment", "Måling av vær og bølger bør nevnes.")]),
    ],
)  # fmt: skip
def test_a_form_with_ruled_rows_is_read_cell_by_cell(name: str, expected: list[tuple[str, str]]) -> None:
    found = read(name)
    assert [(cell.column, cell.span.of(found.text)) for cell in found.cells if cell.column != "header"] == expected


def test_filled_fields_with_their_labels_are_a_form() -> None:
    found = read("filled")
    assert [(cell.column, cell.row, cell.span.of(found.text)) for cell in found.cells if cell.column != "header"] == [
        ("name", 1, "Åse Li"),
        ("line", 1, "45–47"),
        ("comment", 1, "Kaia er for kort.\nHo er òg for smal."),
    ]


def test_filled_fields_of_no_form_stand_beside_their_labels() -> None:
    with pikepdf.open(LETTERS / "filled.pdf") as pdf:
        pdf.pages[0].obj.Contents = pdf.make_stream(b"BT /F1 11 Tf 60 740 Td (Namn:) Tj 0 -40 Td (Alder:) Tj ET")
        file = io.BytesIO()
        pdf.save(file)
    assert read_pdf_letter(file.getvalue()).text.split("\n")[:2] == ["Namn: Åse Li", "Alder: 45–47"]


def test_a_field_without_a_printed_label_is_told_by_its_name() -> None:
    assert "E-post: aase@ulvsund.example" in read("filled").text
    assert "Einig: [x]" in read("filled").text
    assert "tom" not in read("filled").text


# Marks and notes -----------------------------------------------------------------------------------------------------


def test_a_note_hangs_on_the_words_that_its_mark_lies_over() -> None:
    found = notes(read("reviewed"))
    assert found["Merknad med «ø» og 日本"] == "kapittel 3 om kaiene"
    assert found["Prøv på nytt"] == "ytre kommunane"


def test_a_mark_over_two_lines_lies_over_the_words_of_both() -> None:
    words = words_marked(LETTERS / "letter.pdf", r"dårleg omtalt\. Særleg\s+saknar vi")
    assert words == ["dårleg omtalt. Særleg\nsaknar vi"]


def test_marks_that_overlap_keep_each_its_words() -> None:
    words = words_marked(LETTERS / "letter.pdf", "kapittel 3 om kaiene", "kaiene er godt", "3 om")
    assert words == ["kapittel 3 om kaiene", "kaiene er godt", "3 om"]


def test_a_mark_over_a_broken_word_lies_over_the_whole_of_it() -> None:
    assert words_marked(PDFS / "lo-hyphens.pdf", "biblio\x02tekene", "høringsinstan\x02sene skal") == [
        "bibliotekene", "høringsinstansene\nskal",
    ]  # fmt: skip


def test_a_mark_in_a_column_takes_no_words_of_the_other() -> None:
    words = words_marked(
        PDFS / "lo-two-columns.pdf", r"sier lite om det\. Den som\s+sitter en", "opp fire|låner ingenting"
    )
    assert words == ["sier lite om det. Den som\nsitter en", "låner ingenting"]


def test_an_answer_hangs_where_the_note_does_that_it_answers() -> None:
    assert notes(read("reviewed"))["Enig i dette."] == "kapittel 3 om kaiene"


def test_words_struck_out_are_a_deletion_and_their_replacement_a_note() -> None:
    found = read("reviewed")
    deleted = [r.anchor.of(found.text) for r in found.remarks if r.kind == "deletion"]
    assert deleted == ["for kort", ","]
    assert notes(found)["altfor kort"] == "for kort"


def test_a_mark_over_a_single_sign_strikes_no_line() -> None:
    assert notes(read("reviewed"))["Stryk kommaet"] == ","


def test_a_note_beside_the_text_hangs_on_the_line_beside_it() -> None:
    found = notes(read("reviewed"))
    assert found["Kva med helikopter?"].endswith("og at ambulansebåten")
    assert "Skrive rett på sida: hugs nødnettet." in found


def test_windows_and_states_of_notes_are_no_notes() -> None:
    assert "Ikke to ganger" not in read("reviewed").text
    assert "Accepted" not in read("reviewed").text


def test_marks_without_words_are_counted() -> None:
    omissions = read("reviewed").omissions
    assert "page 1 (1 highlight, 1 squiggly)" in omissions[0]
    assert "page 2 (1 ink)" in omissions[1]


def test_files_inside_a_pdf_are_named() -> None:
    assert "Kart over kaiene.xlsx" in read("reviewed").omissions[-1]


def test_the_writer_of_a_note_is_told() -> None:
    assert {r.author for r in read("reviewed").remarks} == {"Åse Li", "Odd Ås", ""}
    assert [r.author for r in read("lo-notes").remarks] == ["Åse Li"]


def test_a_mark_on_a_page_that_is_turned_and_cropped_lies_over_its_words() -> None:
    assert notes(read("turned")) == {"Bra.": "kapittel 3 om kaiene"}


def test_a_note_that_only_copies_the_marked_words_is_none() -> None:
    assert "godt" not in notes(read("reviewed"))


@pytest.mark.parametrize("quads", [[0.0] * 8, [1e30] * 8, [-5.0, -5.0, -1.0, -5.0, -5.0, -9.0, -1.0, -9.0], [3.0, 3.0]])
def test_a_mark_outside_the_page_costs_no_note(quads: list[float]) -> None:
    assert "Hugs nødnettet." in notes(marked("Highlight", quads, Contents="Hugs nødnettet."))


def test_an_annotation_that_answers_itself_is_read() -> None:
    with pikepdf.open(LETTERS / "letter.pdf") as pdf:
        note = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([20, 700, 30, 710]), Contents="Rundt og rundt"))  # fmt: skip
        note.IRT = note
        pdf.pages[0].obj.Annots = Array([note])
        file = io.BytesIO()
        pdf.save(file)
    assert "Rundt og rundt" in notes(read_pdf_letter(file.getvalue()))


def test_a_scanned_letter_with_notes_keeps_the_notes_and_names_the_pages() -> None:
    with pikepdf.open(PDFS / "scanned.pdf") as pdf:
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.Text, Rect=Array([20, 700, 30, 710]), Contents="Her manglar kaia"
        )
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])
        file = io.BytesIO()
        pdf.save(file)
    found = read_pdf_letter(file.getvalue())
    assert "Her manglar kaia" in notes(found)
    assert "are pictures without text" in found.omissions[0]


def test_a_scanned_letter_says_that_it_has_no_text() -> None:
    with pytest.raises(UnreadableAttachment, match="text recognition"):
        read_pdf_letter((PDFS / "scanned.pdf").read_bytes())


def test_points_under_a_point_stand_further_in() -> None:
    points = [
        (72, "- Om kaia:"),
        (90, "- Ho er for kort."),
        (90, "- Ho er smal."),
        (72, "- Om ferja."),
        (300, "- I neste spalte."),
    ]
    content = b"".join(text(words, x, 700 - 15 * number) for number, (x, words) in enumerate(points))
    found = read_pdf_letter(pages_pdf([stream(content)]))
    assert found.text == "- Om kaia:\n  - Ho er for kort.\n  - Ho er smal.\n- Om ferja.\n- I neste spalte."


def test_a_chapter_that_is_merged_over_rows_holds_for_each() -> None:
    ruled = b"".join(b"%d %d m %d %d l S\n" % line for line in (
        *((x, 600, x, 720) for x in (60, 160, 260, 500)), (60, 720, 500, 720), (60, 680, 500, 680), (160, 640, 500, 640), (60, 600, 500, 600),
    ))  # fmt: skip
    cells = [("Kapittel", 70, 695), ("Linje", 170, 695), ("Merknad", 270, 695), ("3.1", 70, 660), ("12", 170, 660), ("For kort kai.", 270, 660), ("30", 170, 615), ("For smal kai.", 270, 615)]  # fmt: skip
    found = read_pdf_letter(pages_pdf([stream(ruled + b"".join(text(*cell) for cell in cells))]))
    assert [(c.column, c.span.of(found.text)) for c in found.cells if c.row == 3] == [
        ("line", "30"), ("comment", "For smal kai."), ("section", "3.1"),
    ]  # fmt: skip


def test_a_note_in_formatted_text_alone_is_read_with_its_letters() -> None:
    said = '<body xmlns="http://www.w3.org/1999/xhtml"><p>Kv<span>a</span> b&#229;t?</p><p>Eller f&#230;rre?</p></body>'
    assert "Kva båt?\nEller færre?" in notes(marked("Highlight", [0.0] * 8, RC=said))


def test_marks_beyond_those_that_are_looked_up_keep_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "MAX_LOOKS", 100)
    found = read("reviewed")
    assert notes(found)["altfor kort"] == "altfor kort"
    assert any("more marks" in omission for omission in found.omissions)


def test_letters_before_points_are_marks_and_initials_are_not() -> None:
    lines = ["1. Om kaia:", "a. Ho er for kort.", "b. Ho er smal.", "A. Li er samd."]
    content = b"".join(
        text(words, 90 if words[0] in "ab" else 72, 700 - 15 * number) for number, words in enumerate(lines)
    )
    assert (
        read_pdf_letter(pages_pdf([stream(content)])).text
        == "1. Om kaia:\n  a. Ho er for kort.\n  b. Ho er smal.\nA. Li er samd."
    )


def test_a_dash_without_a_name_between_numbers_is_a_dash() -> None:
    assert read_pdf_letter(pages_pdf([stream(text(r"Linje 12\20114.", 72))])).text == "Linje 12–14."
