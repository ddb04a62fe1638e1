"""Reports by several producers in many layouts, held against what their sources say (`pdf/sheets.py`)."""

import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

import pdfplumber
import pypdfium2
import pytest

from innspill.derived import join_lines
from innspill.records import Line, Report, Span, Table
from reports import EVERY, PDFS, SAME_KIND, bare, report_of

TRUTH = {name: truth for name, truth in EVERY.items() if "shows" in truth}
NUMBERED = [name for name, truth in TRUTH.items() if truth["step"]]
BESIDE = [name for name in NUMBERED if TRUTH[name]["placement"] == "beside"]
RULERS = [name for name in NUMBERED if TRUTH[name]["placement"] == "ruler"]
UNNUMBERED = [name for name, truth in TRUTH.items() if not truth["step"]]
# pdfplumber gives the words of these in the coordinates of the stored page, not of the page as shown, or none.
STORED_OTHERWISE = {"fault-rotated", "fault-cropped", "fault-damaged-xref"}


def letters(text: str) -> Counter[str]:
    """How often each letter stands in a text, accents apart: some fonts draw «å» as a ring over an a."""
    plain = unicodedata.normalize("NFKD", text)
    return Counter(letter for letter in plain if unicodedata.category(letter) in ("Lu", "Ll"))


def digits(text: str) -> Counter[str]:
    return Counter(letter for letter in unicodedata.normalize("NFKD", text) if letter.isdecimal())


def is_empty(row: list[Any], step: int) -> bool:
    """Whether a row of the truth is an empty line with a printed number."""
    number, kind, _ = row
    return kind == "blank" and number is not None and bool(step) and number % step == 0


def true_rows(name: str) -> list[tuple[int, list[Any]]]:
    """The page and the number, kind and text of every row that is shown, numbered empty lines too."""
    step = EVERY[name]["step"]
    return [
        (page_number, row)
        for page_number, page in enumerate(EVERY[name]["pages"], start=1)
        for row in page["lines"]
        if bare(row[2]) or is_empty(row, step)
    ]


def lines_of(name: str) -> list[Line]:
    """The report's lines; of a ruler's numbers only those that stand beside words."""
    report = report_of(name)
    return [line for line in report.lines if len(line.span) or name not in RULERS]


def shown(report: Report, line: Line) -> tuple[int, str]:
    return line.page_number, bare(line.span.of(report.text))


# Lines and their numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRUTH)
def test_every_row_that_a_page_shows_is_one_line_in_reading_order(name: str) -> None:
    report = report_of(name)
    assert [shown(report, line) for line in lines_of(name)] == [
        (page_number, bare(text)) for page_number, (_, _, text) in true_rows(name)
    ]


@pytest.mark.parametrize("name", BESIDE)
def test_every_line_has_the_number_that_stands_beside_it(name: str) -> None:
    report = report_of(name)
    assert [(line.number, *shown(report, line)) for line in lines_of(name)] == [
        (number, page_number, bare(text)) for page_number, (number, _, text) in true_rows(name)
    ]


@pytest.mark.parametrize("name", RULERS)
def test_every_line_has_the_number_of_the_ruler_that_is_nearest(name: str) -> None:
    wrong = [
        (line.number, allowed, text)
        for line, (_, (allowed, _, text)) in zip(lines_of(name), true_rows(name), strict=True)
        if line.number not in (allowed if isinstance(allowed, list) else [allowed])
    ]
    assert wrong == []


@pytest.mark.parametrize("name", RULERS)
def test_no_number_of_a_ruler_is_lost(name: str) -> None:
    lines = report_of(name).lines
    for page_number, (first, last) in enumerate(TRUTH[name]["ruler"], start=1):
        found = {line.number for line in lines if line.page_number == page_number}
        assert found - {None} == set(range(first, last + 1))


@pytest.mark.parametrize("name", NUMBERED)
def test_the_scheme_of_the_numbers_is_found(name: str) -> None:
    numbering, truth = report_of(name).numbering, TRUTH[name]
    assert (numbering.source, numbering.step, numbering.restart, numbering.side, numbering.placement) == (
        "printed",
        truth["step"],
        truth["restart"] or "document",
        truth["side"],
        truth["placement"],
    )


@pytest.mark.parametrize("name", BESIDE)
def test_the_first_number_is_found_and_none_is_missing_or_twice(name: str) -> None:
    numbering = report_of(name).numbering
    empty = {row[0] for page in TRUTH[name]["pages"] for row in page["lines"] if row[1] == "blank"}
    # Of empty lines that are counted, but carry no number, nothing is printed: they may be told as gaps.
    assert (numbering.first, set(numbering.gaps) - empty, numbering.doubles) == (TRUTH[name]["first"], set(), ())


@pytest.mark.parametrize("name", BESIDE)
def test_numbers_beside_empty_lines_are_told(name: str) -> None:
    assert list(report_of(name).numbering.on_empty_lines) == TRUTH[name]["on_empty_lines"]


@pytest.mark.parametrize("name", BESIDE)
def test_numbers_that_run_without_a_fault_are_sure(name: str) -> None:
    assert report_of(name).numbering.confidence == 1.0


@pytest.mark.parametrize("name", UNNUMBERED)
def test_no_line_number_is_claimed_of_a_report_that_has_none(name: str) -> None:
    numbering = report_of(name).numbering
    assert (numbering.source, numbering.side, numbering.placement) == ("counted", "", "")


@pytest.mark.parametrize("name", UNNUMBERED)
def test_a_report_without_line_numbers_is_counted_from_one_without_a_gap(name: str) -> None:
    numbers = [line.number for line in report_of(name).lines if line.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


# Structure ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRUTH)
def test_every_line_has_the_kind_of_its_source(name: str) -> None:
    wrong = [
        (line.kind, kind, text)
        for line, (_, (_, kind, text)) in zip(lines_of(name), true_rows(name), strict=True)
        if kind in SAME_KIND and line.kind != kind
    ]
    assert wrong == []


@pytest.mark.parametrize("name", TRUTH)
def test_sections_have_the_numbers_headings_and_levels_of_the_source(name: str) -> None:
    sections = [[section.number, section.heading, section.level] for section in report_of(name).sections]
    assert sections == TRUTH[name]["sections"]


@pytest.mark.parametrize("name", TRUTH)
def test_pages_have_the_labels_printed_on_them(name: str) -> None:
    assert [page.label for page in report_of(name).pages] == [page["label"] for page in TRUTH[name]["pages"]]


@pytest.mark.parametrize("name", TRUTH)
def test_tables_have_the_numbers_of_their_captions(name: str) -> None:
    assert [table.number for table in report_of(name).tables] == TRUTH[name]["tables"]


def cells_of(report: Report, table: Table) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.column): bare("".join(span.of(report.text) for span in cell.spans)) for cell in table.cells}


@pytest.mark.parametrize("name", [name for name, truth in TRUTH.items() if truth["cells"]])
def test_tables_have_the_rows_and_cells_of_the_source(name: str) -> None:
    report = report_of(name)
    assert [cells_of(report, table) for table in report.tables] == [
        {
            (row, column): bare(cell)
            for row, cells in enumerate(table, start=1)
            for column, cell in enumerate(cells, start=1)
            if bare(cell)
        }
        for table in TRUTH[name]["cells"]
    ]


WITH_FOOTNOTES = [name for name, truth in TRUTH.items() if truth["footnotes"]]
ASTERISKS = str.maketrans("∗﹡＊", "***")  # the signs that fonts give an asterisk out for


@pytest.mark.parametrize("name", WITH_FOOTNOTES)
def test_footnotes_have_the_markers_of_the_source(name: str) -> None:
    markers = [note.marker.translate(ASTERISKS) for note in report_of(name).footnotes]
    assert markers == [marker for marker, _, _ in TRUTH[name]["footnotes"]]


@pytest.mark.parametrize("name", WITH_FOOTNOTES)
def test_footnotes_have_the_text_of_the_source(name: str) -> None:
    report = report_of(name)
    for note, (marker, text, _) in zip(report.footnotes, TRUTH[name]["footnotes"], strict=True):
        assert bare(note.span.of(report.text)).removeprefix(marker).startswith(bare(text))


def test_a_footnote_goes_on_at_the_foot_of_the_next_page() -> None:
    report = report_of("tex-footnotes")
    (note,) = (note for note in report.footnotes if note.goes_on)
    (rest,) = note.goes_on
    words = f"{note.span.of(report.text)} {rest.of(report.text)}".split()
    assert (note.marker, words[0], words[-3:]) == ("2", "2Til", ["i", "tabell", "2."])


@pytest.mark.parametrize("name", WITH_FOOTNOTES)
def test_footnotes_are_tied_to_their_markers_in_the_body(name: str) -> None:
    report = report_of(name)
    for note, (marker, _, before) in zip(report.footnotes, TRUTH[name]["footnotes"], strict=True):
        assert note.reference is not None
        shown_marker = unicodedata.normalize("NFKC", note.reference.of(report.text)).translate(ASTERISKS)
        assert shown_marker == marker
        assert re.sub(r"\d", "", bare(report.text[: note.reference.start])).endswith(re.sub(r"\d", "", bare(before)))


# Faults of text and file ----------------------------------------------------------------------------------------------


def running_text(name: str) -> str:
    """The report's text with line ends joined."""
    report = report_of(name)
    return join_lines(report.text, Span(0, len(report.text))).text


@pytest.mark.parametrize(
    "words",
    ["bibliotekene", "høringsinstansene", "kveldsåpning", "HMS-ansvaret", "nord- og sørbygda", "koster 14 000 kroner"],
)
def test_words_parted_at_a_line_end_are_joined(words: str) -> None:
    assert words in running_text("lo-hyphens")


@pytest.mark.parametrize("words", ["Kommunestyret", "samfunnshuset", "velforeningene", "kostnadsoverslag"])
def test_soft_hyphens_part_no_word(words: str) -> None:
    assert words in running_text("lo-hyphens")


@pytest.mark.parametrize("words", ["15. november 2026", "1 250 000 kroner", "§ 4-1 og s. 12"])
def test_no_break_spaces_are_spaces_in_running_text(words: str) -> None:
    assert words in running_text("lo-hyphens")


@pytest.mark.parametrize("name", ["tex-ligatures", "tex-ligatures-mapped"])
@pytest.mark.parametrize("word", ["tøffe", "Effekten", "flyter", "finnes", "Affisjene", "konflikten"])
def test_ligatures_are_letters_in_running_text(name: str, word: str) -> None:
    assert word in running_text(name)


def test_letters_that_the_file_maps_wrongly_are_warned_of() -> None:
    warnings = [note.text for note in report_of("fault-broken-letters").notes if note.severity == "warning"]
    assert any("tøWe" in text and "page 1" in text for text in warnings)


@pytest.mark.parametrize("name", [name for name in TRUTH if name != "fault-broken-letters"])
def test_letters_that_the_file_maps_rightly_are_not_warned_of(name: str) -> None:
    assert not any("letters" in note.text for note in report_of(name).notes if note.severity == "warning")


def test_what_lies_outside_of_the_cropped_page_is_not_read() -> None:
    assert "plan-trykk" not in report_of("fault-cropped").text


def test_a_tagged_file_is_read_like_an_untagged_one() -> None:
    tagged, untagged = report_of("lo-tagged"), report_of("lo-untagged")
    assert tagged.text == untagged.text
    assert [line.number for line in tagged.lines] == [line.number for line in untagged.lines]


# Properties of every report -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_lines_cover_the_text_in_order_and_share_no_letter(name: str) -> None:
    report = report_of(name)
    assert "\n".join(line.span.of(report.text) for line in report.lines) == report.text
    assert all(before.span.end < after.span.start for before, after in pairwise(report.lines))


@pytest.mark.parametrize("name", [name for name in EVERY if name not in STORED_OTHERWISE])
def test_the_words_of_a_line_are_those_that_the_page_shows_in_its_box(name: str) -> None:
    """pdfplumber is the other pair of eyes: a letter belongs to the box that holds its middle."""
    report = report_of(name)
    with pdfplumber.open(PDFS / f"{name}.pdf") as pdf:
        characters = [[(char["text"], *middle(char)) for char in page.chars] for page in pdf.pages]
    for line in report.lines:
        box = line.box
        inside = "".join(
            text
            for text, x, y in characters[box.page_number - 1]
            if box.x0 - 0.5 <= x <= box.x1 + 0.5 and box.top <= y <= box.bottom
        )
        assert letters(UNMAPPED.sub("", inside)) == letters(line.span.of(report.text))


UNMAPPED = re.compile(r"\(cid:\d+\)")  # what pdfplumber gives for the bullets of TeX


def middle(char: dict[str, Any]) -> tuple[float, float]:
    """The middle of a letter: half its width, a third of its height above its lower edge."""
    return (char["x0"] + char["x1"]) / 2, char["bottom"] - (char["bottom"] - char["top"]) / 3


@cache
def raw_text(name: str) -> str:
    """All that the pages show, as the PDF library gives it."""
    document = pypdfium2.PdfDocument(PDFS / f"{name}.pdf")
    return "".join(document[index].get_textpage().get_text_bounded() for index in range(len(document)))


def running_heads(name: str) -> str:
    return "".join(text for page in EVERY[name]["pages"] for text in page["running"])


@pytest.mark.parametrize("name", TRUTH)
def test_no_letter_of_the_body_is_lost(name: str) -> None:
    assert letters(report_of(name).text) == letters(raw_text(name)) - letters(running_heads(name))


@pytest.mark.parametrize("name", BESIDE)
def test_no_digit_but_those_of_line_numbers_is_taken_from_the_text(name: str) -> None:
    truth = TRUTH[name]
    numbers = [row[0] for page in truth["pages"] for row in page["lines"] if isinstance(row[0], int)]
    printed = "".join(str(number) for number in numbers if number % truth["step"] == 0)
    margins = digits(printed * (2 if truth["side"] == "both" else 1)) + digits(running_heads(name))
    assert digits(report_of(name).text) == digits(raw_text(name)) - margins


@pytest.mark.parametrize("name", UNNUMBERED)
def test_no_digit_is_taken_from_a_report_without_line_numbers(name: str) -> None:
    assert digits(report_of(name).text) == digits(raw_text(name)) - digits(running_heads(name))
