"""Margin numbers, rows and running heads: words placed by hand."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from innspill.reading.pages.layout import PageRows, lay_out
from innspill.reading.pages.pdf import PdfPage, Word

WIDTH, HEIGHT, PITCH, BODY_TOP, LEFT = 420.0, 900.0, 15.0, 130.0, 70.0
N_ROWS = 25
PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def word(text: str, x0: float, baseline: float, *, size: float = 11.0, width: float | None = None) -> Word:
    x1 = x0 + (0.5 * size * len(text) if width is None else width)
    return Word(text, x0, baseline - 0.8 * size, x1, baseline + 0.2 * size, baseline, size, False)


def right_aligned(text: str, x1: float, baseline: float, *, size: float = 8.0) -> Word:
    return word(text, x1 - 0.5 * size * len(text), baseline, size=size)


def body(n_rows: int = N_ROWS, *, left: float = LEFT) -> list[Word]:
    return [
        word(text, left + 80 * column, BODY_TOP + PITCH * row)
        for row in range(n_rows)
        for column, text in enumerate(("rutene", "bør", "samles"))
    ]


def page(page_number: int, words: list[Word], label: str = "") -> PdfPage:
    return PdfPage(page_number, label, WIDTH, HEIGHT, tuple(words), (), False)


def numbers(first: int, *, step: int = 1, n_rows: int = N_ROWS, x1: float = 50.0) -> list[Word]:
    """Numbers beside the rows, of which the first has the number `first`."""
    return [
        right_aligned(str(first + row), x1, BODY_TOP + PITCH * row)
        for row in range(n_rows)
        if (first + row) % step == 0
    ]


def printed(pages: list[PageRows]) -> list[list[int | None]]:
    return [[row.printed for row in rows.rows] for rows in pages]


def test_numbers_on_every_line_stand_on_their_rows() -> None:
    laid_out, found = lay_out([page(1, body() + numbers(1)), page(2, body() + numbers(26))])
    assert found is not None
    assert printed(laid_out) == [list(range(1, 26)), list(range(26, 51))]


def test_numbers_are_no_part_of_the_text() -> None:
    laid_out, _ = lay_out([page(1, body() + numbers(1))])
    assert {row.text for row in laid_out[0].rows} == {"rutene bør samles"}


def test_the_order_in_the_file_does_not_matter() -> None:
    words = body() + numbers(1)
    assert lay_out([page(1, words[::-1])]) == lay_out([page(1, words)])


def test_numbers_that_begin_anew_on_each_page_are_told_from_continuous_ones() -> None:
    _, anew = lay_out([page(number, body() + numbers(1, step=5)) for number in (1, 2, 3)])
    _, continuous = lay_out([page(number, body() + numbers(25 * number - 24, step=5)) for number in (1, 2, 3)])
    assert anew is not None
    assert continuous is not None
    assert (anew.restart, continuous.restart) == ("page", "document")


def test_the_step_of_the_numbers_is_found() -> None:
    for step in (1, 2, 5, 10):
        beside = [numbers(first, step=step, n_rows=40) for first in (1, 41)]
        _, found = lay_out([page(1, body(40) + beside[0]), page(2, body(40) + beside[1])])
        assert found is not None
        assert found.step == step


def test_a_page_with_a_single_number_is_read_like_the_others() -> None:
    full = body() + numbers(1, step=5)
    laid_out, _ = lay_out([page(1, full), page(2, full), page(3, body(6) + numbers(1, step=5, n_rows=6))])
    assert printed(laid_out)[2] == [None, None, None, None, 5, None]


def test_numbers_in_the_outer_margin_are_found_on_both_sides() -> None:
    pages = [
        page(number, body() + numbers(25 * number - 24, x1=50.0 if number % 2 else 390.0)) for number in (1, 2, 3, 4)
    ]
    laid_out, _ = lay_out(pages)
    assert printed(laid_out) == [list(range(25 * number - 24, 25 * number + 1)) for number in (1, 2, 3, 4)]


def test_page_numbers_of_a_list_of_contents_are_no_line_numbers_in_a_report_that_has_them_on_the_other_side() -> None:
    contents = page(1, body() + [right_aligned(str(row + 2), 390.0, BODY_TOP + PITCH * row) for row in range(N_ROWS)])
    pages = [contents, *(page(number, body() + numbers(1)) for number in (2, 3, 4))]
    laid_out, _ = lay_out(pages)
    assert set(printed(laid_out)[0]) == {None}


def test_a_numbered_list_is_no_line_numbering() -> None:
    points = [word(str(row + 1), LEFT, BODY_TOP + PITCH * row) for row in range(5)]
    texts = [word("rutene", LEFT + 20, BODY_TOP + PITCH * row) for row in range(5)]
    rest = [w for w in body() if w.baseline > BODY_TOP + 5 * PITCH]
    _, found = lay_out([page(1, points + texts + rest)])
    assert found is None


def test_years_down_the_first_column_of_a_table_are_no_line_numbers() -> None:
    years = [word(str(2015 + row), LEFT, BODY_TOP + PITCH * (row + 8)) for row in range(10)]
    rest = [w for w in body() if not BODY_TOP + 8 * PITCH <= w.baseline < BODY_TOP + 18 * PITCH or w.x0 > LEFT]
    _, found = lay_out([page(1, rest + years), page(2, body())])
    assert found is None


def test_a_number_on_an_empty_line_is_kept_with_its_place() -> None:
    words = [w for w in body() if w.baseline != BODY_TOP + 4 * PITCH]
    laid_out, _ = lay_out([page(1, words + numbers(1, step=5)), page(2, body() + numbers(1, step=5))])
    lines = [(line.position, line.number, line.baseline) for line in laid_out[0].empty_lines]
    assert lines == [(4, 5, BODY_TOP + 4 * PITCH)]


def test_a_number_that_stands_a_little_off_the_baseline_belongs_to_the_nearest_row() -> None:
    shifted = [w._replace(baseline=w.baseline + 4, top=w.top + 4, bottom=w.bottom + 4) for w in numbers(1)]
    laid_out, _ = lay_out([page(1, body() + shifted)])
    assert printed(laid_out) == [list(range(1, 26))]


def test_a_number_that_is_printed_twice_is_told() -> None:
    _, found = lay_out([page(1, body() + numbers(1)), page(2, body() + numbers(25)), page(3, body() + numbers(50))])
    assert found is not None
    assert found.doubles == (25,)


def test_a_raised_footnote_marker_is_joined_to_the_word_before_it() -> None:
    marker = word("3", LEFT + 33, BODY_TOP - 4, size=6.5)
    laid_out, _ = lay_out([page(1, [word("rutene", LEFT, BODY_TOP), marker, word("bør", LEFT + 42, BODY_TOP)])])
    assert [row.text for row in laid_out[0].rows] == ["rutene³ bør"]


def test_a_lowered_letter_between_the_words_of_a_row_stays_in_its_row() -> None:
    words = [word("La", LEFT, BODY_TOP), word("E", LEFT + 11, BODY_TOP + 3.5), word("X", LEFT + 17, BODY_TOP)]
    laid_out, _ = lay_out([page(1, words)])
    assert len(laid_out[0].rows) == 1


def running(page_number: int) -> list[Word]:
    return [word("Høyringsutkast", LEFT, 40.0, size=8.5), word(f"Side {page_number}", LEFT, 860.0, size=8.5)]


def test_heads_and_feet_that_come_back_on_each_page_are_taken_out() -> None:
    laid_out, _ = lay_out([page(number, running(number) + body()) for number in (1, 2, 3)])
    assert [rows.running for rows in laid_out] == [("Høyringsutkast", f"Side {number}") for number in (1, 2, 3)]


def test_a_page_number_that_stands_high_above_the_paper_s_edge_is_taken_out_where_it_is_set_off() -> None:
    pages = [
        page(number, [*body(20, left=LEFT + number), word(str(number), 200, BODY_TOP + PITCH * 23)])
        for number in (1, 2, 3)
    ]
    laid_out, _ = lay_out(pages)
    assert [rows.label for rows in laid_out] == ["1", "2", "3"]
    assert {row.text for rows in laid_out for row in rows.rows} == {"rutene bør samles"}


def test_footnotes_with_the_same_words_on_each_page_are_no_running_heads() -> None:
    notes = [
        [word(str(marker), LEFT, 860, size=8), word("Jf. planen", LEFT + 12, 860, size=8)] for marker in (3, 8, 12)
    ]
    laid_out, _ = lay_out([page(position, body() + note) for position, note in enumerate(notes, start=1)])
    assert [rows.rows[-1].text for rows in laid_out] == ["3 Jf. planen", "8 Jf. planen", "12 Jf. planen"]


def test_text_askew_is_kept_beside_the_text() -> None:
    stamped = PdfPage(1, "", WIDTH, HEIGHT, tuple(body()), (), False, askew=("UTKAST",))
    laid_out, _ = lay_out([stamped])
    assert laid_out[0].running == ("UTKAST",)


def test_a_space_of_the_file_is_kept_however_near_the_next_word_stands() -> None:
    near = [word("samlet", LEFT, BODY_TOP)._replace(spaced=True), word("plan", LEFT + 33, BODY_TOP)]
    laid_out, _ = lay_out([page(1, near)])
    assert [row.text for row in laid_out[0].rows] == ["samlet plan"]


def test_the_printed_page_number_is_the_label_even_where_the_file_says_otherwise() -> None:
    laid_out, _ = lay_out([page(number, running(number + 6) + body(), label=str(number)) for number in (1, 2, 3)])
    assert [rows.label for rows in laid_out] == ["7", "8", "9"]


def test_the_files_label_is_used_where_no_page_number_is_printed() -> None:
    laid_out, _ = lay_out([page(1, body(), label="iv"), page(2, body(), label="v")])
    assert [rows.label for rows in laid_out] == ["iv", "v"]


def test_a_page_without_words_has_no_rows() -> None:
    laid_out, _ = lay_out([page(1, body() + numbers(1)), page(2, [])])
    assert laid_out[1].rows == ()


PLACED = st.builds(
    word,
    st.sampled_from(["rutene", "og", "1", "2", "3", "15", "§", "•", "a)", "Tabell", "vi", "2019"]),
    st.sampled_from([30.0, 44.0, 70.0, 150.0, 230.0, 300.0]),
    st.sampled_from([60.0 + 15 * row for row in range(52)]),
    size=st.sampled_from([6.0, 8.0, 11.0, 16.0]),
)


@given(st.lists(st.lists(PLACED, max_size=60), min_size=1, max_size=4), st.booleans())
def test_no_word_is_lost_or_doubled(placed: list[list[Word]], with_lines: bool) -> None:
    pages = [
        page(position, words + (body() + numbers(25 * position - 24) if with_lines else []))
        for position, words in enumerate(placed, start=1)
    ]
    laid_out, found = lay_out(pages)
    for rows, given_page in zip(laid_out, pages, strict=True):
        kept = [w.text for row in rows.rows for w in row.words]
        taken = [w.text for w in found.words(given_page.page_number)] if found else []
        shown = "".join(kept + taken) + "".join(rows.running).translate(PLAIN).replace(" ", "")
        assert Counter(shown) == Counter("".join(w.text for w in given_page.words))


@given(st.lists(PLACED, max_size=80))
def test_every_printed_number_is_beside_a_row_or_an_empty_line(placed: list[Word]) -> None:
    laid_out, found = lay_out([page(1, placed + body() + numbers(1))])
    if found is not None:
        told = [row.printed for row in laid_out[0].rows if row.printed is not None]
        told += [line.number for line in laid_out[0].empty_lines]
        assert Counter(told) == Counter(value for lane in found.lanes[1] for value in lane.values)
