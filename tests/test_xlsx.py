import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from innspill.digest import build_digest
from innspill.records import Analysis, PlannedMeasure
from innspill.words import load_words
from innspill.writing.xlsx import CELL_LIMIT, write_xlsx
from sample import FORMULA, sample_analysis

COMMENT, ASSESSMENT = 5, 6


def write(analysis: Analysis, path: Path, language: str = "nb") -> Workbook:
    write_xlsx(build_digest(analysis, words=load_words(language)), path)
    return load_workbook(path)


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return write(sample_analysis(), tmp_path / "digest.xlsx")


def with_text(text: str) -> Analysis:
    """The sample with the text of its first comment replaced."""
    analysis = sample_analysis()
    first, *others = analysis.comments
    return replace(analysis, comments=(replace(first, text=text), *others))


def first_comment(text: str, path: Path) -> str:
    return str(write(with_text(text), path / "x.xlsx")["Kommentarer"].cell(2, COMMENT).value)


def test_the_sheets_are_overview_comments_needs_themes_messages(book: Workbook) -> None:
    assert book.sheetnames == ["Oversikt", "Kommentarer", "Behov", "Temaer", "Meldinger"]


def with_measures() -> Analysis:
    """The sample with a planned measure that its second need is tied to."""
    analysis = sample_analysis()
    needs = (analysis.needs[0], replace(analysis.needs[1], measure_id="P01", borderline=True), analysis.needs[2])
    measure = PlannedMeasure("P01", "1", "=Språk", "Lage ordlister", "Kontoret")
    return replace(analysis, needs=needs, measures=(measure,))


def test_planned_measures_have_a_sheet_with_the_needs_near_them(tmp_path: Path) -> None:
    sheet = write(with_measures(), tmp_path / "x.xlsx")["Tiltak"]
    row = [cell.value for cell in sheet[2]]
    assert row[:5] == ["P01", "1", "=Språk", "Lage ordlister", "Kontoret"]
    assert str(row[5]).startswith("N002: Samiske data")
    assert sheet.cell(2, 3).data_type == "s"


def test_the_overview_has_the_counts_of_the_run_and_the_broadest_needs(book: Workbook) -> None:
    rows = [[cell.value for cell in row] for row in book["Oversikt"].iter_rows(min_row=2)]
    numbers = {row[0]: row[2] for row in rows}
    assert (numbers["Meldinger"], numbers["Kommentarer"], numbers["Behov som ikke er fullt dekket"]) == (7, 7, 2)
    assert [row[6] for row in rows if str(row[6]).startswith("N0")] == ["N002", "N003"]


def test_the_overview_lists_what_a_person_should_look_at(tmp_path: Path) -> None:
    sheet = write(with_measures(), tmp_path / "x.xlsx")["Oversikt"]
    ids = [row[6].value for row in sheet.iter_rows(min_row=2) if row[0].value == "Bør ses på av et menneske"]
    assert ids == ["C006", "C002", "N002"]


def test_the_overview_is_printed_on_one_sheet(book: Workbook) -> None:
    setup = book["Oversikt"].page_setup
    assert (setup.orientation, setup.fitToHeight) == ("landscape", 1)
    assert book["Oversikt"].sheet_properties.pageSetUpPr.fitToPage


def test_comments_stand_in_the_order_of_the_report(book: Workbook) -> None:
    heads = [cell.value for cell in book["Kommentarer"][1]]
    column = heads.index("Kommentar-id") + 1
    found = [book["Kommentarer"].cell(row, column).value for row in range(2, 9)]
    assert found == ["C001", "C004", "C005", "C006", "C003", "C007", "C002"]


def test_a_placed_comment_tells_its_page_and_lines(book: Workbook) -> None:
    assert [cell.value for cell in book["Kommentarer"][2][:4]] == ["i", 5, 6, "1.1 Tilgang"]


def test_a_text_like_a_formula_is_a_string(book: Workbook) -> None:
    cell = next(cell for cell in book["Kommentarer"]["E"] if str(cell.value).startswith(FORMULA))
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_no_start_of_a_text_makes_a_formula(start: str, tmp_path: Path) -> None:
    sheet = write(with_text(start), tmp_path / "x.xlsx")["Kommentarer"]
    assert (sheet.cell(2, COMMENT).data_type, sheet.cell(2, COMMENT).quotePrefix) == ("s", True)


def test_no_cell_of_the_workbook_is_a_formula(tmp_path: Path) -> None:
    write(with_text("=1"), tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 5
    assert [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet] == []


def test_what_files_of_the_agency_say_makes_no_formula_either(tmp_path: Path) -> None:
    analysis = sample_analysis()
    need = replace(analysis.needs[1], measure_id="P1", statement=FORMULA, summary=FORMULA, reasons=(FORMULA,))
    theme = replace(analysis.themes[0], label=FORMULA, group=FORMULA, description=FORMULA, terms=(FORMULA,))
    measure = PlannedMeasure("P1", FORMULA, FORMULA, FORMULA, FORMULA)
    book = write(replace(analysis, needs=(need,), themes=(theme,), measures=(measure,)), tmp_path / "x.xlsx")
    cells = [cell for sheet in book for row in sheet for cell in row if str(cell.value).startswith(FORMULA)]
    assert {cell.parent.title for cell in cells} >= {"Oversikt", "Behov", "Tiltak", "Temaer"}
    assert [cell.coordinate for cell in cells if (cell.data_type, cell.quotePrefix) != ("s", True)] == []


def test_nothing_in_the_workbook_is_a_link(tmp_path: Path) -> None:
    write(with_text("http://x.example"), tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        assert not any(b"<hyperlink" in archive.read(name) for name in archive.namelist())


def test_control_characters_are_removed(tmp_path: Path) -> None:
    assert first_comment("a\x07b\x0bc", tmp_path) == "abc"


def test_a_lone_surrogate_is_replaced(tmp_path: Path) -> None:
    assert first_comment("b\udcf8r", tmp_path) == "b\ufffdr"


def test_a_text_of_just_the_limit_is_whole(tmp_path: Path) -> None:
    assert first_comment("a" * CELL_LIMIT, tmp_path) == "a" * CELL_LIMIT


def test_a_text_over_the_limit_is_cut_and_says_so(tmp_path: Path) -> None:
    found = first_comment("a" * (CELL_LIMIT + 1), tmp_path)
    assert len(found) == CELL_LIMIT
    assert found.endswith("comments.csv.)")


def test_the_limit_counts_characters_outside_the_base_plane_twice(tmp_path: Path) -> None:
    found = first_comment("\U00010400" * 20_000, tmp_path)
    assert len(found.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert found.endswith("comments.csv.)")


def test_authors_choose_an_assessment_from_a_list(book: Workbook) -> None:
    (validation,) = book["Kommentarer"].data_validations.dataValidation
    assert validation.formula1 == '"Tas inn,Tas delvis inn,Tas ikke inn,Avklares"'
    assert str(validation.sqref) == "F2:F8"


def test_the_columns_for_the_authors_are_empty(book: Workbook) -> None:
    heads = [cell.value for cell in book["Kommentarer"][1]]
    assert heads[ASSESSMENT - 1 : ASSESSMENT + 1] == ["Vurdering", "Oppfølging"]
    values = {book["Kommentarer"].cell(row, column).value for row in range(2, 9) for column in (6, 7)}
    assert values == {None}


@pytest.mark.parametrize("sheet", ["Oversikt", "Kommentarer", "Behov", "Temaer", "Meldinger"])
def test_the_head_of_every_sheet_is_frozen_and_can_be_filtered(book: Workbook, sheet: str) -> None:
    assert book[sheet].freeze_panes == "A2"
    assert book[sheet].auto_filter.ref.startswith("A1:")


def test_cells_are_wrapped(book: Workbook) -> None:
    assert all(cell.alignment.wrap_text for cell in book["Kommentarer"][2])


def test_every_message_has_a_row(book: Workbook) -> None:
    assert [cell.value for cell in book["Meldinger"]["A"]][1:] == [f"M00{number}" for number in range(1, 8)]


def test_the_workbook_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write(sample_analysis(), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_the_times_in_the_workbook_are_the_deadline(book: Workbook) -> None:
    assert (book.properties.created, book.properties.modified) == (book.properties.created,) * 2
    assert f"{book.properties.modified:%Y-%m-%d}" == "2026-10-15"


def test_the_times_are_fixed_where_there_is_no_deadline(tmp_path: Path) -> None:
    analysis = sample_analysis()
    book = write(replace(analysis, consultation=replace(analysis.consultation, deadline=None)), tmp_path / "x.xlsx")
    assert f"{book.properties.modified:%Y-%m-%d}" == "2000-01-01"


def test_a_consultation_without_mail_gives_a_workbook(tmp_path: Path) -> None:
    empty = replace(sample_analysis(), messages=(), comments=(), annotations=(), themes=(), needs=(), notes=())
    assert write(empty, tmp_path / "x.xlsx")["Kommentarer"].max_row == 1


def test_the_workbook_speaks_nynorsk(tmp_path: Path) -> None:
    assert write(sample_analysis(), tmp_path / "x.xlsx", "nn").sheetnames == [
        "Oversikt",
        "Kommentarar",
        "Behov",
        "Tema",
        "Meldingar",
    ]


def test_a_row_is_tall_enough_for_its_text(tmp_path: Path) -> None:
    sheet = write(with_text("ord " * 70), tmp_path / "x.xlsx")["Kommentarer"]
    assert sheet.row_dimensions[2].height >= 15 * 280 / 70


def test_an_unresolved_citation_is_told_with_its_words(book: Workbook) -> None:
    column = [cell.value for cell in book["Kommentarer"][1]].index("Hvordan plassert") + 1
    assert book["Kommentarer"].cell(8, column).value == "viser til linje «Linje 912» (finnes ikke i rapporten)"
