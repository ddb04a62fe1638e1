"""Tables found as rows and cells, and what looks like a table left alone.

The PDFs are made by LaTeX and LibreOffice from the sources in `grid/source`; what is expected stands in those.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pdfplumber
import pikepdf
import pytest

from innspill.reading.pages.grid import MAX_LINES, MAX_WORDS, Grid, find_grids
from innspill.reading.pages.pdf import PdfPage, Rule, Word, read_pdf
from innspill.records import Box

HERE = Path(__file__).parent
REPORTS = [
    HERE / "grid" / "tex-tables.pdf",
    HERE / "grid" / "lo-tables.pdf",
    HERE / "pdf" / "lo-every-line.pdf",
    HERE / "pdf" / "tex-every-line.pdf",
]


@cache
def pages_of(path: Path) -> tuple[PdfPage, ...]:
    return read_pdf(path).pages


def words_in(page: PdfPage, box: Box) -> list[Word]:
    return [
        word
        for word in page.words
        if box.x0 <= (word.x0 + word.x1) / 2 < box.x1 and box.top <= (word.top + word.bottom) / 2 < box.bottom
    ]


def cells_of(page: PdfPage, grid: Grid) -> list[list[str | None]]:
    """The text of the cells; None where a merged cell reaches in."""
    return [
        [None if cell is None else " ".join(word.text for word in words_in(page, cell)) for cell in row]
        for row in grid.rows
    ]


def tables_on(name: str, page_number: int) -> list[list[list[str | None]]]:
    pages = pages_of(HERE / "grid" / name)
    return [cells_of(pages[page_number - 1], grid) for grid in find_grids(pages) if grid.page_number == page_number]


MERGED = [
    ["Tiltak", None, "Ansvar"],
    ["Båt", "Ny kai", "Kommunen eier kaia og må selv søke fylket om tilskudd før neste budsjett"],
    [None, "Nattrute", "Fylket"],
]
FARES = [["Takst", "Voksen", "Barn"], ["Enkel", "48", "24"], ["Tur–retur", "90", "45"], ["Månedskort", "720", "360"]]


# Ruled tables --------------------------------------------------------------------------------------------------------


def test_merged_cells_and_cells_of_several_lines_in_a_ruled_table_by_latex() -> None:
    assert tables_on("tex-tables.pdf", 1)[0] == [*MERGED, ["Vei", "Rassikring", "Staten"]]


def test_merged_cells_and_an_empty_cell_in_a_ruled_table_by_libreoffice() -> None:
    assert tables_on("lo-tables.pdf", 1) == [[*MERGED, ["Vei", "Rassikring", ""]]]


def test_rows_without_lines_between_them_are_parted_where_only_the_head_is_ruled_off() -> None:
    assert tables_on("tex-tables.pdf", 1)[1] == [
        ["Samband", "Juli", "November"],
        ["Skarnes", "412", "198"],
        ["Lauvsund", "96", "71"],
        ["Storholmen", "12", "8"],
    ]


def test_a_form_to_fill_in_is_a_table_though_only_its_head_has_words() -> None:
    assert tables_on("lo-tables.pdf", 4) == [[["Side", "Linje", "Merknad"], ["", "", ""], ["", "", ""]]]


def test_a_table_on_a_page_turned_on_its_side_is_read_as_shown() -> None:
    assert tables_on("tex-tables.pdf", 4) == [
        [["Rute", "Fra", "Til"], ["1", "Skarnes", "Vikøy"], ["2", "Vikøy", "Lauvsund"]]
    ]


@pytest.mark.parametrize(
    ("rotation", "turn", "crop"),
    [
        (90, b"0 1 -1 0 0 0", [-800, 40, -300, 500]),
        (180, b"-1 0 0 -1 0 0", [-500, -800, -40, -300]),
        (270, b"0 -1 1 0 0 0", [300, -500, 800, -40]),
    ],
)
def test_the_cells_are_the_same_on_a_cropped_and_rotated_page(
    rotation: int, turn: bytes, crop: list[int], tmp_path: Path
) -> None:
    with pikepdf.open(HERE / "grid" / "lo-tables.pdf") as document:
        page = document.pages[0]
        page.contents_add(b"q " + turn + b" cm ", prepend=True)  # so that the page is shown upright again
        page.contents_add(b" Q")
        page.Rotate = rotation
        page.MediaBox = pikepdf.Array([-1000, -1000, 1000, 1000])
        page.CropBox = pikepdf.Array(crop)
        document.save(tmp_path / "turned.pdf")
    page = pages_of(tmp_path / "turned.pdf")[0]
    assert [cells_of(page, grid) for grid in find_grids([page])] == [[*MERGED, ["Vei", "Rassikring", ""]]]


# Tables without verticals --------------------------------------------------------------------------------------------


def test_a_heading_over_two_columns_is_one_cell_and_wrapped_cells_are_one_row() -> None:
    assert tables_on("tex-tables.pdf", 2)[0] == [
        ["", "", "Antall svar", None],
        ["Gruppe", "Hva de ber om", "2024", "2025"],
        ["Pendlere", "En tidlig avgang på hverdager som rekker den første bussen til byen", "41", "57"],
        ["Næringsliv", "Plass til vogntog på hver avgang", "12", "9"],
        ["Elever", "Båt hjem etter trening, også om vinteren når det er mørkt", "104", "88"],
    ]


def test_rows_of_a_group_that_is_named_once_stay_rows() -> None:
    assert tables_on("tex-tables.pdf", 2)[1] == [
        ["Fylke", "Havn", "Anløp"],
        ["Nord", "Skarnes", "14"],
        ["", "Lauvsund", "9"],
        ["Sør", "Vikøy", "22"],
        ["", "Storholmen", "3"],
    ]


def test_a_row_between_two_horizontals_may_be_wrapped_in_its_first_column() -> None:
    assert tables_on("lo-tables.pdf", 2) == [
        [
            ["Havn", "Hva de ber om", "Svar"],
            ["Skarnes", "En tidlig avgang på hverdager som rekker den første bussen", "57"],
            ["Vikøy indre fergekai", "Plass til vogntog på hver avgang, også om vinteren", "9"],
            ["Lauvsund", "Båt hjem", "88"],
        ]
    ]


def test_a_table_without_a_line_is_found_below_its_caption() -> None:
    assert tables_on("tex-tables.pdf", 3)[0] == FARES


def test_a_table_without_a_line_is_found_above_its_caption() -> None:
    assert tables_on("tex-tables.pdf", 3)[1] == [
        ["Havn", "Kontakt"],
        ["Skarnes", "Kari Holm"],
        ["Vikøy", "Ola Berg"],
        ["Lauvsund", "Siri Dahl"],
    ]


def test_a_shaded_head_is_a_row_of_its_table() -> None:
    assert tables_on("lo-tables.pdf", 3) == [FARES]


def test_a_table_over_a_page_break_is_two_grids_with_the_same_columns() -> None:
    before, after = tables_on("tex-tables.pdf", 5), tables_on("tex-tables.pdf", 6)
    assert [row[0] for row in before[0]] == [
        *("Dag", "Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag", "Jul")
    ]
    assert after == [[["Nyttår", "12.00", "12.45"], ["Påske", "13.00", "13.45"]]]


# What is no table ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page_number", "what"),
    [
        (1, "a list of contents and a list of tables, between the rules of head and foot"),
        (2, "frames around text, underlined headings, and a footnote under its rule"),
        (3, "two columns of prose between two rules"),
        (4, "a figure with axes and grid lines, and boxes joined by lines"),
        (5, "numbered and bulleted lists and an address"),
        (6, "two columns of prose with a caption in one of them"),
    ],
)
def test_no_table_is_found_in(page_number: int, what: str) -> None:
    grids = find_grids(pages_of(HERE / "grid" / "tex-no-tables.pdf"))
    assert [grid for grid in grids if grid.page_number == page_number] == [], what


def test_a_framed_paragraph_and_a_notice_of_two_cells_are_no_tables() -> None:
    assert tables_on("lo-tables.pdf", 5) == []


def test_a_line_number_beside_a_table_without_lines_is_not_part_of_it() -> None:
    page = pages_of(HERE / "grid" / "tex-tables.pdf")[2]
    box = find_grids([page])[0].box
    beside = [item for item in page.words if item.x1 < box.x0 and box.top < (item.top + item.bottom) / 2 < box.bottom]
    assert [item.text.isdigit() for item in beside] == [True]


# What holds for every table ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_each_word_in_a_tables_box_stands_in_one_cell(path: Path) -> None:
    pages = pages_of(path)
    grids = find_grids(pages)
    assert grids
    for grid in grids:
        page = pages[grid.page_number - 1]
        found = [word for row in grid.rows for cell in row if cell is not None for word in words_in(page, cell)]
        assert sorted(found) == sorted(words_in(page, grid.box))


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_the_cells_cover_the_tables_box(path: Path) -> None:
    for grid in find_grids(pages_of(path)):
        areas = [(cell.x1 - cell.x0) * (cell.bottom - cell.top) for row in grid.rows for cell in row if cell]
        assert sum(areas) == pytest.approx((grid.box.x1 - grid.box.x0) * (grid.box.bottom - grid.box.top))


@pytest.mark.parametrize(("name", "page_number"), [("tex-tables.pdf", 1), ("lo-tables.pdf", 1), ("lo-tables.pdf", 4)])
def test_ruled_cells_are_where_pdfplumber_finds_them(name: str, page_number: int) -> None:
    grid = next(grid for grid in find_grids(pages_of(HERE / "grid" / name)) if grid.page_number == page_number)
    with pdfplumber.open(HERE / "grid" / name) as document:
        theirs = document.pages[page_number - 1].find_tables()[0].cells
    ours = [(cell.x0, cell.top, cell.x1, cell.bottom) for row in grid.rows for cell in row if cell is not None]
    assert len(ours) == len(theirs)
    for mine, yours in zip(sorted(ours), sorted(theirs), strict=True):
        assert mine == pytest.approx(yours, abs=1.5)


# Pages drawn by hand -------------------------------------------------------------------------------------------------


def word(text: str, x: float, y: float) -> Word:
    """A word of 10 points with its upper left corner at x, y."""
    return Word(text, x, y, x + 5.0 * len(text), y + 12.0, y + 9.5, 10.0, False)


def page_with(words: list[Word], rules: list[Rule]) -> PdfPage:
    blank = pages_of(HERE / "grid" / "lo-tables.pdf")[0]
    return replace(blank, words=tuple(words), rules=tuple(rules))


def ruled(n_rows: int, n_columns: int) -> list[Rule]:
    across = [Rule(100, 100 + 20.0 * row, 100 + 60.0 * n_columns, 100 + 20.0 * row) for row in range(n_rows + 1)]
    down = [Rule(100 + 60.0 * col, 100, 100 + 60.0 * col, 100 + 20.0 * n_rows) for col in range(n_columns + 1)]
    return [*across, *down]


def filled(n_rows: int, n_columns: int) -> list[Word]:
    return [word("ord", 110 + 60.0 * col, 104 + 20.0 * row) for row in range(n_rows) for col in range(n_columns)]


def test_lines_drawn_twice_are_one() -> None:
    doubled = [Rule(x0 + 0.8, top + 0.8, x1 + 0.8, bottom + 0.8) for x0, top, x1, bottom in ruled(3, 2)]
    grids = find_grids([page_with(filled(3, 2), ruled(3, 2) + doubled)])
    assert [(len(grid.rows), len(grid.rows[0])) for grid in grids] == [(3, 2)]


def test_the_head_above_the_first_of_lines_under_each_row_is_a_row() -> None:
    rules = [Rule(100, 120 + 20.0 * row, 280, 120 + 20.0 * row) for row in range(3)]
    page = page_with([word("Navn", 110, 104), word("Antall", 170, 104), *filled(3, 2)[2:]], rules)
    assert [cells_of(page, grid) for grid in find_grids([page])] == [
        [["Navn", "Antall"], ["ord", "ord"], ["ord", "ord"]]
    ]


def test_words_across_the_lines_make_a_drawing() -> None:
    across = [word("overskrift-over-flere", 130, 104 + 20.0 * row) for row in range(3)]
    assert find_grids([page_with(filled(3, 3) + across, ruled(3, 3))]) == []


def test_lines_that_end_in_the_middle_make_a_drawing() -> None:
    steps = [Rule(160, 100, 160, 130), Rule(160, 120, 280, 120), Rule(220, 120, 220, 160)]
    frame = [rule for rule in ruled(3, 3) if rule.x1 - rule.x0 == 0 and rule.x0 in (100, 280)]
    frame += [rule for rule in ruled(3, 3) if rule.top == rule.bottom and rule.top in (100, 160)]
    assert find_grids([page_with(filled(3, 3), frame + steps)]) == []


def test_a_page_with_more_lines_than_a_table_has_is_a_drawing() -> None:
    lines = [Rule(0, 3.0 * row, 600, 3.0 * row) for row in range(MAX_LINES + 1)]
    assert find_grids([page_with(filled(3, 3), ruled(3, 3) + lines)]) == []


def test_a_page_with_more_words_than_a_page_holds_is_passed_over() -> None:
    many = [word("x", 20, 400)] * MAX_WORDS
    assert find_grids([page_with(filled(3, 3) + many, ruled(3, 3))]) == []
    assert len(find_grids([page_with(filled(3, 3), ruled(3, 3))])) == 1


def test_a_page_without_words_has_no_table() -> None:
    assert find_grids([page_with([], ruled(3, 3))]) == []
