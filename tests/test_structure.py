"""What each row is, and the number of rows between printed ones: rows placed by hand."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from innspill.reading.pages.counting import number_rows
from innspill.reading.pages.layout import EmptyLine, PageRows
from innspill.reading.pages.margins import MarginNumbers
from innspill.reading.pages.pdf import OutlineEntry, Word
from innspill.reading.pages.rows import Row, make_row
from innspill.reading.pages.structure import TypedRow, structure_rows
from innspill.records import Box, LineKind

LEFT, PITCH, SIZE = 70.0, 15.0, 11.0
EVERY_FIFTH = MarginNumbers({}, 5, "page", "left")


def row(
    text: str,
    baseline: float,
    *,
    page_number: int = 1,
    size: float = SIZE,
    bold: bool = False,
    left: float = LEFT,
    printed: int | None = None,
) -> Row:
    words, x0 = [], left
    for part in text.split():
        x1 = x0 + 0.45 * size * len(part)
        words.append(Word(part, x0, baseline - 0.8 * size, x1, baseline + 0.2 * size, baseline, size, bold))
        x0 = x1 + 0.3 * size
    return replace(make_row(page_number, words, baseline), printed=printed)


def body(first_baseline: float, n_rows: int = 6, *, page_number: int = 1) -> list[Row]:
    text = "rutene i fylket bør sees samlet og planlegges likt"
    return [row(text, first_baseline + PITCH * index, page_number=page_number) for index in range(n_rows)]


def kinds(rows: list[Row], tables: tuple[Box, ...] = (), outline: tuple[OutlineEntry, ...] = ()) -> list[LineKind]:
    return [typed.kind for typed in structure_rows(_pages(rows), tables, outline)]


def _pages(rows: list[Row]) -> list[PageRows]:
    numbers = sorted({r.page_number for r in rows})
    return [PageRows(number, "", tuple(r for r in rows if r.page_number == number), ()) for number in numbers]


def kind_of_first(first: Row) -> LineKind:
    """The kind of a row that stands above a text of usual size, with space between them."""
    return kinds([first, *body(first.baseline + 2 * PITCH, 8)])[0]


@pytest.mark.parametrize(
    "text", ["Tabell 1: Biler", "Figur 2.1. Ruter", "Tabell V2: Kaier", "Boks 3 – Om ferja", "Figure A1. Gain"]
)
def test_a_caption_is_told_by_its_word_and_number(text: str) -> None:
    assert kind_of_first(row(text, 80, size=10)) == "caption"


@pytest.mark.parametrize("text", ["Tabell 1 viser biler", "Figuren viser ruter", "Tabellen: se under"])
def test_a_sentence_about_a_table_is_no_caption(text: str) -> None:
    assert kind_of_first(row(text, 80)) == "text"


@pytest.mark.parametrize("marker", ["•", "-", "–", "1.", "a)", "(2)", "\ufffd"])
def test_a_list_point_is_told_by_its_marker(marker: str) -> None:
    assert kind_of_first(row(f"{marker} en rute", 80)) == "list"


def test_a_date_at_the_start_of_a_row_is_no_list_point() -> None:
    assert kind_of_first(row("15. oktober er fristen for innspill", 80)) == "text"


def test_a_number_with_a_full_stop_within_a_sentence_is_no_list_point() -> None:
    rows = [*body(80, 3), row("3. klasse har flest elever på ferja", 80 + 3 * PITCH), *body(80 + 4 * PITCH, 3)]
    assert kinds(rows)[3] == "text"


@pytest.mark.parametrize(
    ("text", "number", "level"),
    [
        ("2 Sambandene i dag", "2", 1),
        ("2.1 Trafikk", "2.1", 2),
        ("Kapittel 4 Kostnader", "4", 1),
        ("3.2.1. Kaier", "3.2.1", 3),
    ],
)
def test_a_numbered_heading_has_its_number_and_level(text: str, number: str, level: int) -> None:
    typed = structure_rows(_pages([*body(50, 2), row(text, 110, size=14, bold=True), *body(140, 8)]), (), ())
    assert (typed[2].kind, typed[2].heading_number, typed[2].heading_level) == ("heading", number, level)


def test_bold_headings_without_a_number_in_the_bodys_size_are_headings_of_level_one() -> None:
    rows = [row("Song og spel", 40, size=20, bold=True), row("Innleiing", 80, bold=True), *body(100, 5)]
    rows += [row("Kva vi veit", 200, bold=True), *body(220, 5)]
    typed = structure_rows(_pages(rows), (), ())
    assert [(t.row.text, t.heading_level) for t in typed if t.kind == "heading"] == [
        ("Song og spel", -1),
        ("Innleiing", 1),
        ("Kva vi veit", 1),
    ]


@pytest.mark.xfail(strict=True, reason="the date looks just as an unnumbered heading would, and text follows it")
def test_a_date_at_the_end_of_the_title_block_that_looks_like_later_headings_is_no_section() -> None:
    rows = [row("Song og spel", 40, size=20, bold=True), row("September 2026", 80, bold=True), *body(100, 5)]
    rows += [row("Innleiing", 200, bold=True), *body(220, 5)]
    typed = structure_rows(_pages(rows), (), ())
    assert [t.row.text for t in typed if t.kind == "heading" and t.heading_level > 0] == ["Innleiing"]


def test_a_bold_sentence_is_no_heading() -> None:
    assert kind_of_first(row("Fristen er 15. oktober og gjelder alle.", 80, bold=True)) == "text"


def test_a_single_large_letter_is_no_heading() -> None:
    assert kind_of_first(row("C", 80, size=20, bold=True)) == "text"


def test_the_number_of_a_chapter_line_goes_to_the_heading_below_it() -> None:
    chapter = [row("KAPITTEL 2", 90, size=18, bold=True), row("Sambandene", 125, size=18, bold=True)]
    typed = structure_rows(_pages([*body(30, 2), *chapter, *body(160, 8)]), (), ())
    assert [(t.heading_number, t.paragraph) for t in typed[2:4]] == [("2", typed[2].paragraph)] * 2


def test_the_bookmarks_tell_a_heading_that_looks_like_text() -> None:
    rows = [*body(50, 2), row("Trafikk og kapasitet", 110), *body(140, 8)]
    assert kinds(rows, outline=(OutlineEntry("Trafikk og kapasitet", 2, 1),))[2] == "heading"


def test_entries_of_a_list_of_contents_are_no_headings() -> None:
    entries = [row(f"{number} Sambandene i dag {2 * number}", 60 + 20 * number, bold=True) for number in range(1, 9)]
    typed = kinds([*entries, *body(60, 20, page_number=2)])
    assert set(typed[:8]) == {"text"}


def test_small_rows_at_the_foot_that_begin_with_a_marker_are_footnotes() -> None:
    rows = [*body(60, 10), row("1 Jf. vegloven § 7,", 240, size=9), row("andre ledd.", 251, size=9)]
    assert kinds(rows)[-2:] == ["footnote", "footnote"]


def test_the_end_of_a_small_list_of_references_is_no_footnote() -> None:
    references = [row("Nes, K.: Ferjer i fjord, Fjordforlaget,", 240 + 11 * index, size=9) for index in range(5)]
    rows = [*body(60, 11), *references, row("2019 og senere utgaver.", 295, size=9)]
    assert "footnote" not in kinds(rows)


def test_rows_within_a_ruled_table_are_its_rows() -> None:
    rows = [*body(60, 4), row("Lauvsund 96 71", 130), row("Storholmen 12 8", 146), *body(180, 4)]
    assert kinds(rows, (Box(1, 60, 117, 300, 152),))[4:6] == ["table", "table"]


# Numbers -------------------------------------------------------------------------------------------------------------


def typed_rows(*specification: str, page_number: int = 1, first_paragraph: int = 0) -> list[TypedRow]:
    """Rows by short names: a kind, «+» before it for an empty line above, «=N» after it for a printed number."""
    rows, baseline = [], 60.0
    for index, short in enumerate(specification):
        kind, _, printed = short.lstrip("+").partition("=")
        baseline += PITCH * (1 + short.count("+"))
        size = {"footnote": 9.0, "small": 9.0}.get(kind, SIZE)
        number = int(printed) if printed else None
        placed = row("rutene bør samles", baseline, page_number=page_number, size=size, printed=number)
        actual: LineKind = "text" if kind == "small" else kind  # type: ignore[assignment]
        paragraph = first_paragraph + (index if kind != "text" or short.startswith("+") else 0)
        rows.append(TypedRow(placed, actual, paragraph, heading_level=1 if kind == "heading" else 0))
    return rows


TEXT4 = ("text",) * 4


def numbered(
    rows: list[TypedRow], numbers: MarginNumbers | None, empty: tuple[EmptyLine, ...] = ()
) -> Sequence[int | None]:
    """The numbers of rows, with numbered empty lines on the first page."""
    pages = _pages([typed.row for typed in rows])
    pages = [replace(page, empty_lines=empty if index == 0 else ()) for index, page in enumerate(pages)]
    return number_rows(rows, numbers, pages)


def test_lines_between_printed_numbers_are_counted() -> None:
    rows = typed_rows(*TEXT4, "text=5", *TEXT4, "text=10")
    assert numbered(rows, EVERY_FIFTH) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


def test_lines_after_the_last_printed_number_are_counted_on_and_footnotes_are_not() -> None:
    rows = typed_rows(*TEXT4, "text=5", "text", "text", "footnote", "footnote")
    assert numbered(rows, EVERY_FIFTH)[5:] == [6, 7, None, None]


def test_a_page_with_fewer_lines_than_the_step_is_counted_from_one() -> None:
    rows = typed_rows(*TEXT4, "text=5") + typed_rows("text", "heading", "text", "footnote", page_number=2)
    assert numbered(rows, EVERY_FIFTH)[5:] == [1, 2, 3, None]


def test_numbers_go_on_over_the_page_in_a_continuous_report() -> None:
    rows = typed_rows(*TEXT4, "text=5", "text", "text", "footnote")
    rows += typed_rows("text", "text", "text=10", page_number=2)
    assert numbered(rows, MarginNumbers({}, 5, "document", "left"))[5:] == [6, 7, None, 8, 9, 10]


def test_a_table_and_its_caption_between_two_numbers_are_left_out_where_the_numbers_say_so() -> None:
    rows = typed_rows(*TEXT4, "text=5", "text", "text", "caption", "table", "table", "text", "text", "text=10")
    assert numbered(rows, EVERY_FIFTH)[5:] == [6, 7, None, None, None, 8, 9, 10]


def test_a_caption_between_two_numbers_is_counted_where_the_numbers_say_so() -> None:
    rows = typed_rows(*TEXT4, "text=5", "text", "text", "caption", "table", "table", "text", "text=10")
    assert numbered(rows, EVERY_FIFTH)[5:] == [6, 7, 8, None, None, 9, 10]


def test_headings_that_the_numbers_leave_out_are_left_out_after_the_last_number_too() -> None:
    rows = typed_rows(*TEXT4, "text=5", "heading", *TEXT4, "text=10", "text", "heading", "text")
    assert numbered(rows, EVERY_FIFTH)[10:] == [10, 11, None, 12]


def test_what_one_page_shows_of_headings_holds_for_a_page_that_does_not_tell() -> None:
    telling = typed_rows(*TEXT4, "text=5", "heading", *TEXT4, "text=10")
    silent = typed_rows("heading", "text", "text", page_number=2)
    assert numbered(telling + silent, EVERY_FIFTH)[11:] == [None, 1, 2]


def test_empty_lines_that_are_counted_are_seen_by_the_space_they_take() -> None:
    rows = typed_rows("text", "text", "+text", "text=5", "text", "+text", "text", "text=10", "text", "+text")
    assert numbered(rows, EVERY_FIFTH) == [1, 2, 4, 5, 6, 8, 9, 10, 11, 13]


def test_a_printed_number_on_an_empty_line_counts_as_a_line() -> None:
    rows = typed_rows(*TEXT4, "+text", "text", "text", "text", "text=10")
    baseline = rows[3].row.baseline + PITCH
    empty = EmptyLine(4, 5, baseline, Box(1, 40, baseline - 8, 50, baseline))
    assert numbered(rows, EVERY_FIFTH, (empty,)) == [1, 2, 3, 4, 6, 7, 8, 9, 10]


def test_a_table_that_is_one_line_to_its_program_has_its_number_on_its_middle_row() -> None:
    rows = typed_rows(*TEXT4, "text=5", "text", "text", "table", "table", "table", "text", "text=10")
    assert numbered(rows, EVERY_FIFTH)[7:10] == [None, 8, None]


def test_a_title_block_above_the_first_line_is_left_out() -> None:
    title = typed_rows("heading")
    title = [TypedRow(title[0].row, "heading", 0, heading_level=-1)]
    assert numbered(title + typed_rows(*TEXT4, "text=5"), EVERY_FIFTH) == [None, 1, 2, 3, 4, 5]


def test_printed_numbers_on_every_line_are_taken_as_they_are() -> None:
    rows = typed_rows("text=1", "heading=2", "table", "text=4")
    assert numbered(rows, MarginNumbers({}, 1, "document", "left")) == [1, 2, None, 4]


def test_without_printed_numbers_lines_are_counted_without_tables_captions_and_footnotes() -> None:
    rows = typed_rows("heading", "text", "caption", "table", "list", "footnote", "text")
    assert numbered(rows, None) == [1, 2, None, None, 3, None, 4]


def test_no_row_gives_no_number() -> None:
    assert numbered([], EVERY_FIFTH) == []
