"""Whole reports: real small PDFs by LibreOffice and LaTeX, held against what is true of them (`pdf/build.py`)."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from innspill.errors import ReportError
from innspill.reading.report import read_report
from innspill.records import Line, Report
from reports import EVERY, PDFS, SAME_KIND, bare, report_of, sentences

# `test_report_matrix.py` holds the others, which have a sentence on what they show, against theirs.
TRUTH = {name: truth for name, truth in EVERY.items() if "shows" not in truth}
NUMBERED = [name for name, truth in TRUTH.items() if truth["step"]]
KNOWN_FAILURES = {
    "lo-nynorsk-blanks-no-headings": "the one caption of the report or the empty line after the table is counted: "
    "the printed numbers fit both, and the caption is taken",
}


def text_of(report: Report, line: Line) -> str:
    return bare(line.span.of(report.text))


def true_lines(name: str) -> list[tuple[int, int | None, str, str]]:
    """Page, number, kind and text of every row that is shown, empty lines with a printed number too."""
    return [
        (page_number, number, kind, bare(text))
        for page_number, page in enumerate(TRUTH[name]["pages"], start=1)
        for number, kind, text in page["lines"]
        if bare(text) or number in printed_on_empty_lines(page, TRUTH[name]["step"])
    ]


def printed_on_empty_lines(page: dict[str, Any], step: int) -> list[int]:
    """The numbers of a page that are printed beside empty lines."""
    return [number for number, kind, _ in page["lines"] if kind == "blank" and number and number % step == 0]


def with_known_failures(names: list[str]) -> list[Any]:
    return [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=KNOWN_FAILURES[name]))
        if name in KNOWN_FAILURES
        else name
        for name in names
    ]


@pytest.mark.parametrize("name", TRUTH)
def test_every_row_that_a_page_shows_is_one_line_in_order(name: str) -> None:
    report = report_of(name)
    assert [(line.page_number, text_of(report, line)) for line in report.lines] == [
        (page_number, text) for page_number, _, _, text in true_lines(name)
    ]


@pytest.mark.parametrize("name", with_known_failures(NUMBERED))
def test_every_line_has_the_number_that_its_program_counted(name: str) -> None:
    report = report_of(name)
    assert [(line.page_number, line.number, text_of(report, line)) for line in report.lines] == [
        (page_number, number, text) for page_number, number, _, text in true_lines(name)
    ]


@pytest.mark.parametrize("name", NUMBERED)
def test_the_step_and_where_numbers_begin_anew_are_found(name: str) -> None:
    numbering = report_of(name).numbering
    assert (numbering.source, numbering.step, numbering.restart) == (
        "printed",
        TRUTH[name]["step"],
        "page" if TRUTH[name]["restart"] else "document",
    )


@pytest.mark.parametrize("name", NUMBERED)
def test_no_number_stands_twice(name: str) -> None:
    report = report_of(name)
    by_page = TRUTH[name]["restart"]
    numbered = [line for line in report.lines if line.number is not None]
    keys = Counter((line.page_number if by_page else 0, line.number) for line in numbered)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("name", NUMBERED)
def test_numbers_of_empty_lines_are_told(name: str) -> None:
    step, pages = TRUTH[name]["step"], TRUTH[name]["pages"]
    empty = [number for page in pages for number in printed_on_empty_lines(page, step)]
    assert list(report_of(name).numbering.on_empty_lines) == empty


def test_the_number_of_an_empty_line_is_a_line_without_words() -> None:
    lines = [line for line in report_of("lo-every-line-word-like").lines if not len(line.span)]
    empty = printed_on_empty_lines(TRUTH["lo-every-line-word-like"]["pages"][0], 1)
    assert empty
    assert [line.number for line in lines if line.page_number == 1] == empty


def test_a_report_without_line_numbers_gets_none_from_its_lists_tables_or_contents() -> None:
    assert report_of("lo-none").numbering.source == "counted"


def test_a_report_without_line_numbers_is_counted_from_one_without_a_gap() -> None:
    numbers = [line.number for line in report_of("lo-none").lines if line.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("kind", ["table", "caption", "footnote"])
def test_a_report_without_line_numbers_is_counted_without_tables_captions_and_footnotes(kind: str) -> None:
    lines = [line for line in report_of("lo-none").lines if line.kind == kind]
    assert lines
    assert all(line.number is None for line in lines)


def test_a_run_tells_that_it_counted_the_lines_itself() -> None:
    warnings = [note.text for note in report_of("lo-none").notes if note.severity == "warning"]
    assert any("no printed line numbers" in text for text in warnings)


@pytest.mark.parametrize("name", TRUTH)
def test_every_line_has_the_kind_of_its_source(name: str) -> None:
    report = report_of(name)
    wrong = [
        (line.kind, kind, text)
        for line, (_, _, kind, text) in zip(report.lines, true_lines(name), strict=True)
        if kind in SAME_KIND and line.kind != kind
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NUMBERED)
def test_no_footnote_has_a_number(name: str) -> None:
    lines = [line for line in report_of(name).lines if line.kind == "footnote"]
    assert lines
    assert all(line.number is None for line in lines)


@pytest.mark.parametrize("name", TRUTH)
def test_sections_have_the_numbers_headings_and_levels_of_the_source(name: str) -> None:
    sections = [[section.number, section.heading, section.level] for section in report_of(name).sections]
    assert sections == TRUTH[name]["sections"]


@pytest.mark.parametrize("name", TRUTH)
def test_every_line_stands_in_the_section_whose_heading_came_last(name: str) -> None:
    report = report_of(name)
    starts = {section.span.start: section.section_id for section in report.sections}
    current = ""
    for line in report.lines:
        current = starts.get(line.span.start, current)
        assert line.section_id == current


def test_a_section_of_level_two_lies_within_its_parent() -> None:
    sections = {section.section_id: section for section in report_of("lo-every-line").sections}
    children = [section for section in sections.values() if section.level == 2]
    assert children
    for child in children:
        parent = sections[child.parent_id].span
        assert parent.start <= child.span.start < child.span.end <= parent.end


@pytest.mark.parametrize("name", TRUTH)
def test_tables_have_the_numbers_of_their_captions(name: str) -> None:
    assert [table.number for table in report_of(name).tables] == TRUTH[name]["tables"]


def test_a_table_spans_its_caption_and_all_its_rows() -> None:
    report = report_of("lo-every-line")
    (table,) = report.tables
    text = table.span.of(report.text)
    assert text.startswith("Tabell 1: Biler om dagen")
    assert text.endswith("Storholmen 12 8")


@pytest.mark.parametrize("name", TRUTH)
def test_pages_have_the_labels_printed_on_them(name: str) -> None:
    assert [page.label for page in report_of(name).pages] == [page["label"] for page in TRUTH[name]["pages"]]


@pytest.mark.parametrize("name", [name for name in TRUTH if name.startswith("lo-")])
def test_running_heads_are_no_part_of_the_text(name: str) -> None:
    text = report_of(name).text
    assert not re.search(r"^(?:Utkast til høring|Høyringsutkast|Side [\divx]+)$", text, re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in TRUTH if name.startswith("lo-")])
def test_no_letter_of_the_body_is_lost(name: str) -> None:
    """The letters of the whole file, as the PDF library gives them, less those of the running heads."""
    document = pypdfium2.PdfDocument(PDFS / f"{name}.pdf")
    raw = "".join(document[index].get_textpage().get_text_range() for index in range(len(document)))
    letters = Counter(character for character in raw if character.isalpha())
    for page in TRUTH[name]["pages"]:
        letters -= Counter(character for text in page["running"] for character in text if character.isalpha())
    assert Counter(character for character in report_of(name).text if character.isalpha()) == letters


@pytest.mark.parametrize("name", TRUTH)
def test_lines_cover_the_whole_text_in_order(name: str) -> None:
    report = report_of(name)
    assert "\n".join(line.span.of(report.text) for line in report.lines) == report.text


@pytest.mark.parametrize("name", TRUTH)
def test_lines_run_down_each_page(name: str) -> None:
    places = [(line.page_number, line.box.bottom) for line in report_of(name).lines]
    assert places == sorted(places)


@pytest.mark.parametrize("name", TRUTH)
def test_passages_are_in_order_and_do_not_overlap(name: str) -> None:
    spans = [passage.span for passage in report_of(name).passages]
    assert all(before.end <= after.start for before, after in pairwise(spans))


@pytest.mark.parametrize("name", TRUTH)
def test_every_line_of_text_belongs_to_a_passage(name: str) -> None:
    report = report_of(name)
    for line in report.lines:
        if not len(line.span):
            continue  # a number beside no words
        assert any(passage.span.overlaps(line.span) for passage in report.passages)


def test_a_footnote_marker_is_joined_to_its_word_as_a_superscript() -> None:
    assert "svar.¹" in report_of("lo-every-line").text


def test_the_title_is_read_from_the_title_block() -> None:
    assert report_of("lo-nynorsk").title == "Song og spel for alle"


def test_a_report_of_images_alone_is_refused_with_the_remedy() -> None:
    with pytest.raises(ReportError, match=r"scanned\.pdf holds no text .* text recognition"):
        report_of("scanned")


def test_a_page_that_is_an_image_is_told_and_the_others_are_read() -> None:
    report = report_of("one-page-scanned")
    assert [note.text.split(" and ")[0] for note in report.notes if note.severity == "warning"] == [
        "Page 2 is an image without text"
    ]
    assert {line.page_number for line in report.lines} == {1, 3}


def test_a_damaged_page_is_told_and_the_others_are_read() -> None:
    report = report_of("damaged-page")
    assert any(note.severity == "warning" and note.text.startswith("Page 2 is damaged") for note in report.notes)
    assert {line.page_number for line in report.lines} == {1, 3}


def test_notes_name_the_file() -> None:
    assert {note.file for note in report_of("damaged-page").notes} == {"damaged-page.pdf"}


def test_the_same_file_gives_the_same_report() -> None:
    assert read_report(PDFS / "lo-fifth.pdf", sentences=sentences) == report_of("lo-fifth")


def test_a_cover_and_a_contents_page_carry_no_numbers() -> None:
    report = read_report(Path(__file__).parents[1] / "corpora" / "bygdetransport" / "report.pdf")
    assert {line.number for line in report.lines if line.page_number <= 2} == {None}
    assert [line.number for line in report.lines if line.page_number == 3 and line.number is not None][:3] == [1, 2, 3]
