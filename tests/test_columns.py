"""Reading order where text stands in columns: words placed by hand."""

from itertools import count

from innspill.reading.pages.columns import read_in_columns
from innspill.reading.pages.pdf import Word
from innspill.reading.pages.rows import rows_of
from innspill.records import Box

SIZE, PITCH, TOP = 10.0, 12.0, 100.0
LEFT, RIGHT, WIDTH = 60.0, 310.0, 230.0
PROSE = "rutene i fylket bør sees samlet og planlegges likt for alle"


def sentence(text: str, x0: float, baseline: float, *, width: float = WIDTH) -> list[Word]:
    """Words spread evenly over a width, as in justified text."""
    parts = text.split()
    letters = sum(map(len, parts))
    space = 4.0
    scale = (width - space * (len(parts) - 1)) / letters
    words = []
    for part in parts:
        x1 = x0 + scale * len(part)
        words.append(Word(part, x0, baseline - 8, x1, baseline + 2, baseline, SIZE, False))
        x0 = x1 + space
    return words


def column(name: str, x0: float, n_rows: int, *, top: float = TOP, shift: float = 0.0) -> list[Word]:
    return [word for row in range(n_rows) for word in sentence(f"{name}{row} {PROSE}", x0, top + shift + PITCH * row)]


def read(*pages: list[Word], tables: tuple[Box, ...] = ()) -> list[list[list[str]]]:
    """The first word of each row of each region of each page."""
    rows = {number: rows_of(number, words) for number, words in zip(count(1), pages, strict=False)}
    boxes = {number: [box for box in tables if box.page_number == number] for number in rows}
    regions = read_in_columns(rows, boxes)
    return [[[row.words[0].text for row in region.rows] for region in regions[number]] for number in rows]


def names(prefix: str, n: int) -> list[str]:
    return [f"{prefix}{row}" for row in range(n)]


def test_the_left_column_is_read_before_the_right_one() -> None:
    assert read(column("a", LEFT, 10) + column("b", RIGHT, 10)) == [[names("a", 10), names("b", 10)]]


def test_columns_whose_lines_stand_at_different_heights_are_read_one_by_one() -> None:
    assert read(column("a", LEFT, 10) + column("b", RIGHT, 10, shift=5)) == [[names("a", 10), names("b", 10)]]


def test_a_heading_over_both_columns_is_read_first() -> None:
    heading = sentence("Utkast til rapport om samband og ruter i hele fylket", LEFT, TOP - 30, width=480)
    page = read(heading + column("a", LEFT, 10) + column("b", RIGHT, 10))[0]
    assert [len(region) for region in page] == [1, 10, 10]


def test_a_line_over_both_columns_parts_what_is_above_from_what_is_below() -> None:
    middle = sentence("Dette gjelder for alle som bor ved fjorden og reiser", LEFT, TOP + 10 * PITCH + 10, width=480)
    lower = TOP + 12 * PITCH + 10
    page = read(
        column("a", LEFT, 10)
        + column("b", RIGHT, 10)
        + middle
        + column("c", LEFT, 9, top=lower)
        + column("d", RIGHT, 9, top=lower)
    )[0]
    assert [region[0] for region in page] == ["a0", "b0", "Dette", "c0", "d0"]


def test_text_in_one_column_stays_one_region() -> None:
    rows = [
        word for row in range(20) for word in sentence(f"a{row} {PROSE} {PROSE}", LEFT, TOP + PITCH * row, width=480)
    ]
    assert read(rows) == [[names("a", 20)]]


def test_widely_stretched_lines_are_no_columns() -> None:
    rows = []
    for row in range(12):
        rows += [
            Word(text, LEFT + 60 * place, TOP + PITCH * row - 8, LEFT + 60 * place + 50, TOP + PITCH * row + 2, TOP + PITCH * row, SIZE, False)
            for place, text in enumerate((f"a{row}", *["b", "c", "d", "e", "f", "g"]))
        ]  # fmt: skip
    assert len(read(rows)[0]) == 1


def test_a_table_of_short_words_is_read_across() -> None:
    rows = []
    for row in range(12):
        baseline = TOP + PITCH * row
        rows += sentence(f"a{row} kai", LEFT, baseline, width=40) + sentence("12 biler", RIGHT, baseline, width=45)
    assert len(read(rows)[0]) == 1


def test_no_column_goes_through_a_known_table() -> None:
    words = column("a", LEFT, 10) + column("b", RIGHT, 10)
    table = Box(1, LEFT - 5, TOP - 12, RIGHT + WIDTH + 5, TOP + 10 * PITCH)
    assert len(read(words, tables=(table,))[0]) == 1


def test_a_short_last_page_is_read_in_columns_as_the_pages_before_it() -> None:
    full = column("a", LEFT, 12) + column("b", RIGHT, 12)
    assert read(full, full, column("c", LEFT, 3) + column("d", RIGHT, 2))[2] == [names("c", 3), names("d", 2)]


def test_three_columns_are_read_from_left_to_right() -> None:
    words = [
        word
        for position, name in enumerate("abc")
        for row in range(10)
        for word in sentence(f"{name}{row} rutene i fylket bør", LEFT + 165 * position, TOP + PITCH * row, width=150)
    ]
    assert read(words) == [[names("a", 10), names("b", 10), names("c", 10)]]


def test_a_line_that_sticks_out_a_little_does_not_part_its_column() -> None:
    words = column("a", LEFT, 4) + sentence(f"a4 {PROSE}", LEFT, TOP + 4 * PITCH, width=WIDTH + 21)
    words += column("a", LEFT, 5, top=TOP + 5 * PITCH) + column("b", RIGHT, 10, shift=5)
    assert [len(region) for region in read(words)[0]] == [10, 10]


def test_a_hanging_list_in_the_right_column_does_not_move_its_edge() -> None:
    words = column("a", LEFT, 20)
    for row in range(20):
        baseline = TOP + 5 + PITCH * row
        if row < 6:
            words += sentence(f"b{row} {PROSE}", RIGHT, baseline)
        else:
            words += sentence(f"b{row} rutene i fylket bør sees samlet nå", RIGHT + 20, baseline, width=WIDTH - 20)
    assert read(words) == [[names("a", 20), names("b", 20)]]


def test_a_list_of_contents_with_leaders_is_read_across() -> None:
    rows = []
    for row in range(12):
        baseline = TOP + PITCH * row
        rows += sentence(f"a{row} om ruter", LEFT, baseline, width=80)
        rows += [Word(".", x, baseline - 8, x + 2, baseline + 2, baseline, SIZE, False) for x in range(200, 480, 8)]
        rows += sentence(str(row + 3), 500, baseline, width=8)
    assert len(read(rows)[0]) == 1
