"""Printed line numbers, and what only looks like them: words placed by hand."""

import pytest

from innspill.reading.pages.layout import lay_out
from innspill.reading.pages.margins import MarginNumbers
from innspill.reading.pages.pdf import PdfPage, Rule, Word

WIDTH, HEIGHT, PITCH, TOP, LEFT = 420.0, 900.0, 15.0, 130.0, 70.0


def word(text: str, x0: float, baseline: float, *, size: float = 11.0) -> Word:
    return Word(
        text, x0, baseline - 0.8 * size, x0 + 0.5 * size * len(text), baseline + 0.2 * size, baseline, size, False
    )


def number(value: int | str, baseline: float, *, x1: float = 50.0) -> Word:
    text = str(value)
    return word(text, x1 - 4.0 * len(text), baseline, size=8.0)


def body(n_rows: int, *, pitch: float = PITCH, left: float = LEFT) -> list[Word]:
    return [
        word(text, left + 80 * place, TOP + pitch * row)
        for row in range(n_rows)
        for place, text in enumerate(("rutene", "bør", "samles"))
    ]


def beside(values: list[int], *, x1: float = 50.0, pitch: float = PITCH) -> list[Word]:
    return [number(value, TOP + pitch * row, x1=x1) for row, value in enumerate(values)]


def page(page_number: int, words: list[Word], rules: tuple[Rule, ...] = ()) -> PdfPage:
    return PdfPage(page_number, "", WIDTH, HEIGHT, tuple(words), rules, False)


def numbers_of(*pages: list[Word]) -> MarginNumbers | None:
    return lay_out([page(position, words) for position, words in enumerate(pages, start=1)])[1]


def found(*pages: list[Word]) -> MarginNumbers:
    numbers = numbers_of(*pages)
    assert numbers is not None
    return numbers


# What is line numbers --------------------------------------------------------------------------------------------


def test_numbers_that_begin_anew_in_the_middle_of_a_page_begin_with_a_section() -> None:
    first = body(25) + beside([*range(1, 19), *range(1, 8)])
    second = body(25) + beside([*range(8, 28), *range(1, 6)])
    assert found(first, second).restart == "section"


def test_sections_of_two_pages_are_no_numbering_by_page() -> None:
    pages = [body(20) + beside(list(range(20 * (position % 2) + 1, 20 * (position % 2) + 21))) for position in range(6)]
    assert found(*pages).restart == "section"


@pytest.mark.parametrize("step", [2, 5, 10])
@pytest.mark.parametrize("length", [57, 97, 150])
def test_sections_of_any_length_are_found_where_not_every_line_is_numbered(step: int, length: int) -> None:
    counted = [position % length + 1 for position in range(400)]
    pages = []
    for first in range(0, 400, 40):
        marks = [
            number(value, TOP + PITCH * row)
            for row, value in enumerate(counted[first : first + 40])
            if value % step == 0
        ]
        pages.append(body(40) + marks)
    numbers = found(*pages)
    values = [value for page_number in sorted(numbers.lanes) for value in numbers.lanes[page_number][0].values]
    assert (numbers.restart, values) == ("section", [value for value in counted if value % step == 0])


def test_a_numbered_report_before_long_annexes_without_numbers_is_found() -> None:
    pages = [body(25) + beside(list(range(first, first + 25))) for first in (1, 26, 51, 76)]
    assert found(body(8), *pages, *[body(25) for _ in range(12)]).restart == "document"


def test_a_numbered_listing_in_an_annex_is_no_line_numbering() -> None:
    pages = [body(25) + beside(list(range(first, first + 25))) for first in (1, 26, 51, 76)]
    assert numbers_of(*[body(25) for _ in range(12)], *pages) is None


def test_a_section_may_begin_at_nought() -> None:
    pages = [body(40) + [number(value, TOP + PITCH * value) for value in range(0, 40, 5)] for _ in range(3)]
    assert found(*pages).restart == "page"


def test_a_first_page_with_two_numbers_is_read_whatever_the_first_number_is() -> None:
    pages = [body(2) + beside([101, 102]), *(body(30) + beside(list(range(first, first + 30))) for first in (103, 133))]
    assert found(*pages).lanes[1][0].values == [101, 102]


def test_a_heading_s_number_at_the_numbers_edge_stays_in_the_text() -> None:
    pages = [body(25) + beside(list(range(first, first + 25))) for first in (1, 26, 51)]
    names = ("Sambandene", "Kaiene", "Kostnadene")
    headings = [[number(2, TOP - 2 * PITCH), word(name, LEFT, TOP - 2 * PITCH)] for name in names]
    laid_out, _ = lay_out(
        [
            page(position, words + heading)
            for position, (words, heading) in enumerate(zip(pages, headings, strict=True), 1)
        ]
    )
    assert [rows.rows[0].text for rows in laid_out] == [f"2 {name}" for name in names]


def test_numbers_beside_three_columns_are_read_from_left_to_right() -> None:
    words = []
    for column in range(3):
        for row in range(20):
            baseline = TOP + PITCH * row
            words.append(number(20 * column + row + 1, baseline, x1=20 + 130 * column))
            words += [
                word(text, 30 + 130 * column + 34 * place, baseline, size=9)
                for place, text in enumerate(("rutene", "bør da", "samles"))
            ]
    laid_out, numbers = lay_out([page(1, words)])
    assert numbers is not None
    assert [row.printed for row in laid_out[0].rows] == list(range(1, 61))


def test_the_same_numbers_on_both_sides_are_one_numbering_and_leave_the_text() -> None:
    both = [
        body(20) + beside(values) + beside(values, x1=390.0) for values in (list(range(1, 21)), list(range(21, 41)))
    ]
    laid_out, numbers = lay_out([page(1, both[0]), page(2, both[1])])
    assert numbers is not None
    assert numbers.margins == "both"
    assert {row.text for rows in laid_out for row in rows.rows} == {"rutene bør samles"}


def test_numbers_may_begin_at_any_number() -> None:
    numbers = found(body(20) + beside(list(range(980, 1000))), body(20) + beside(list(range(1000, 1020))))
    assert (numbers.restart, numbers.confidence) == ("document", 1.0)


def test_even_numbers_off_the_baselines_are_a_ruler_and_each_row_has_the_nearest() -> None:
    laid_out, numbers = lay_out([page(1, body(20, pitch=16.0) + beside(list(range(26)), pitch=12.5))])
    assert numbers is not None
    assert numbers.ruler
    # Row 3 stands at 48 points, the numbers 3 and 4 at 37.5 and 50.
    assert [row.printed for row in laid_out[0].rows][:5] == [0, 1, 3, 4, 5]


def test_a_missing_number_lowers_the_confidence() -> None:
    assert found(body(20) + beside([*range(1, 10), *range(11, 22)])).confidence < 1.0


def test_two_numbers_a_page_are_enough_where_they_go_on_over_the_pages() -> None:
    pages = []
    for position in range(3):
        rows = body(10, pitch=30.0)
        marks = [number(10 * position + value, TOP + 30.0 * (value - 1)) for value in (5, 10)]
        pages.append(rows + marks)
    assert found(*pages).step == 5


def test_notes_beyond_the_numbers_are_read_after_the_text_and_do_not_hide_them() -> None:
    notes = [word("jf.", 12, TOP + PITCH * row, size=6) for row in range(0, 20, 3)]
    laid_out, numbers = lay_out([page(1, body(20) + beside(list(range(1, 21))) + notes)])
    assert numbers is not None
    assert [row.printed for row in laid_out[0].rows] == [*range(1, 21), *[None] * 7]
    assert [row.text for row in laid_out[0].rows] == ["rutene bør samles"] * 20 + ["jf."] * 7


def test_two_rows_nearest_to_one_number_of_a_ruler_do_not_push_the_rows_below() -> None:
    words = body(20) + beside(list(range(40)), pitch=12.6) + [word("½", LEFT + 300, TOP + 5 * PITCH + 5)]
    laid_out, _ = lay_out([page(1, words)])
    printed = [row.printed for row in laid_out[0].rows if row.text != "½"]
    assert printed[:10] == [round(PITCH * row / 12.6) for row in range(10)]


# What is not -----------------------------------------------------------------------------------------------------


def test_paragraph_numbers_beside_paragraphs_of_several_lines_are_no_line_numbers() -> None:
    pages = []
    for position in range(3):
        marks = [number(7 * position + point + 1, TOP + 3 * PITCH * point) for point in range(7)]
        pages.append(body(21) + marks)
    assert numbers_of(*pages) is None


def test_a_table_that_fills_its_page_below_its_head_is_no_line_numbering() -> None:
    rows = [w for w in body(30) if w.baseline > TOP]
    ids = [number(row, TOP + PITCH * row) for row in range(1, 30)]
    assert numbers_of([word("Nr", 42, TOP), word("Sted", LEFT, TOP), *rows, *ids]) is None


def test_a_column_of_numbers_crossed_by_ruling_lines_is_no_line_numbering() -> None:
    rules = tuple(Rule(40, TOP + PITCH * row + 4, 380, TOP + PITCH * row + 4) for row in range(20))
    words = body(20) + beside(list(range(1, 21)))
    assert lay_out([page(1, words, rules)])[1] is None


@pytest.mark.parametrize("first", [1986, 2001])
def test_years_down_a_page_are_no_line_numbers(first: int) -> None:
    assert numbers_of(body(20) + beside(list(range(first, first + 20)))) is None


def test_page_numbers_of_a_list_of_contents_are_no_line_numbers() -> None:
    contents = body(20) + beside([3, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12, 12, 14, 15, 16, 18, 19, 20, 22], x1=390.0)
    assert numbers_of(contents, body(20), body(20), body(20)) is None


def test_numbers_of_a_listing_on_one_page_of_many_are_no_line_numbers() -> None:
    assert numbers_of(body(20) + beside(list(range(1, 21))), *[body(20) for _ in range(5)]) is None


def test_numbered_listings_that_take_turns_with_text_are_no_line_numbers() -> None:
    pages, first = [], 1
    for _ in range(3):
        marks = [number(first + row, TOP + PITCH * (row + row // 4 * 3)) for row in range(16)]
        rest = [word("og planlegges likt for alle", LEFT + 180, TOP + PITCH * row) for row in range(28)]
        pages.append(body(28) + rest + marks)
        first += 16
    assert numbers_of(*pages) is None


def test_a_table_elsewhere_on_the_page_is_not_taken_for_the_numbers_of_the_margin() -> None:
    table = [word(str(row), LEFT, TOP + PITCH * row) for row in range(20)]
    table += [word("kai", LEFT + 60, TOP + PITCH * row) for row in range(20)]
    pages = [body(20) + beside(list(range(1, 21))), table, body(20) + beside(list(range(21, 41)))]
    laid_out, numbers = lay_out([page(position, words) for position, words in enumerate(pages, start=1)])
    assert numbers is not None
    assert [row.text for row in laid_out[1].rows][:2] == ["0 kai", "1 kai"]
