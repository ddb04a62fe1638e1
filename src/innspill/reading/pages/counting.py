"""The number that a reader would cite for each row: printed, counted between printed ones, or counted from 1."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from innspill.reading.pages.layout import EmptyLine, PageRows
from innspill.reading.pages.margins import MarginNumbers
from innspill.reading.pages.structure import FOOTNOTE_SIZE, TypedRow, Typography, body_typography, place_of

# What a program counts is a property of the document: captions or not, headings or not, empty lines or not. So the
# rules are chosen that explain most of the distances between printed numbers in the whole report, and only where they
# do not fit is the single distance explained by itself. No program counts footnotes.

# What a row is to the count; «title» is the title block, «small» text below the body's size (sources, notes).
NEVER_COUNTED = frozenset({"footnote"})
ALWAYS_COUNTED = frozenset({"text", "list"})
# Which rows give way first where there are more rows than numbers for them.
GIVES_WAY = ("footnote", "table", "small", "caption", "title", "heading")
# A distance of this many line pitches between two rows may hide an empty line.
WIDE = 1.7


@dataclass(frozen=True, slots=True)
class _Item:
    """A row, or an empty line with a printed number (`index` -1), in reading order.

    `step` is the kind of step from the item before (what both are, and whether a paragraph begins), `gap` its height in
    points; both are empty on the first item of a page or column.
    """

    index: int
    place: tuple[int, int]
    baseline: float
    printed: int | None
    role: str
    step: tuple[str, str, bool] | None = None
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class _Spacing:
    """The line pitch, what an empty line adds, and the usual height of each kind of step, points."""

    pitch: float
    blank: float
    usual: dict[tuple[str, str, bool], float]

    def excess(self, item: _Item) -> float:
        """By how many empty lines the step to `item` is higher than usual."""
        if item.step is None or item.step[0] == item.step[1] == "table":
            return 0.0
        return max(0.0, (item.gap - self.usual[item.step]) / self.blank)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is counted: the roles, whether empty lines are, and the steps whose usual height holds an empty line."""

    counted: frozenset[str]
    blanks: bool = False
    with_blank: frozenset[tuple[str, str, bool]] = frozenset()

    def lines(self, item: _Item) -> int:
        """1 where the item itself is counted, else 0."""
        return int(item.role in self.counted)

    def blanks_before(self, item: _Item, spacing: _Spacing) -> int:
        """How many counted empty lines stand between an item and the one before it on its page."""
        if not self.blanks or item.step is None:
            return 0
        return int(spacing.excess(item) + 0.4) + int(item.step in self.with_blank)


def number_rows(rows: Sequence[TypedRow], numbers: MarginNumbers | None, pages: Sequence[PageRows]) -> list[int | None]:
    """The number that a reader would cite for each row.

    Where every line is numbered, the printed number. Where every fifth is, the lines between are counted so that they
    fit the printed ones. Where none is, all lines but tables, captions and footnotes are counted through the report.
    """
    if not rows:
        return []
    if numbers is None:
        counted = iter(range(1, len(rows) + 1))
        return [next(counted) if row.kind in ("text", "heading", "list") else None for row in rows]
    printed = [row.row.printed for row in rows]
    if numbers.step == 1:
        return printed
    return _fill(rows, numbers, pages)


def _fill(rows: Sequence[TypedRow], numbers: MarginNumbers, pages: Sequence[PageRows]) -> list[int | None]:
    """The printed numbers, with the rows before, between and after them counted."""
    result: list[int | None] = [row.row.printed for row in rows]
    items = _items(rows, pages)
    spacing = _spacing(items)
    stretches = _stretches(items, numbers)
    rules = _choose_rules(items, stretches, spacing, numbers.step)
    has_begun = False
    for stretch in stretches:
        anchors = [position for position, item in enumerate(stretch) if item.printed is not None]
        if not anchors:
            # A cover and a contents page carry no numbers, nor does a page that is long enough to print one.
            if numbers.restart == "page" and has_begun and sum(map(rules.lines, stretch)) < numbers.step:
                _count_on(stretch, 0, numbers.step, rules, spacing, result)
            continue
        has_begun = True
        _count_back(stretch[: anchors[0] + 1], numbers.step, rules, spacing, result)
        for left, right in pairwise(anchors):
            _count_between(stretch[left : right + 1], numbers.step, rules, spacing, result)
        last = anchors[-1]
        _count_on(stretch[last + 1 :], stretch[last].printed or 0, numbers.step, rules, spacing, result)
    return result


def _items(rows: Sequence[TypedRow], pages: Sequence[PageRows]) -> list[_Item]:
    """Rows and numbered empty lines in reading order."""
    body = body_typography([row.row for row in rows])
    found: list[_Item] = []
    start = 0
    for page in pages:
        empty = list(page.empty_lines)
        for position, row in enumerate(rows[start : start + len(page.rows)]):
            while empty and empty[0].position <= position:
                found.append(_empty_item(empty.pop(0), place_of(row.row)))
            found.append(
                _Item(start + position, place_of(row.row), row.row.baseline, row.row.printed, _role(row, body))
            )
        last = found[-1].place if page.rows else (page.page_number, 0)
        found.extend(_empty_item(line, last) for line in empty)
        start += len(page.rows)
    items = found[:1]
    for before, item in pairwise(found):
        if item.place == before.place:
            new = -1 in (before.index, item.index) or rows[before.index].paragraph != rows[item.index].paragraph
            step = (before.role, item.role, new)
            items.append(replace(item, step=step, gap=item.baseline - before.baseline))
        else:
            items.append(item)
    return items


def _empty_item(line: EmptyLine, place: tuple[int, int]) -> _Item:
    return _Item(-1, place, line.baseline, line.number, "text")


def _role(row: TypedRow, body: Typography) -> str:
    if row.kind == "heading" and row.heading_level < 0:
        return "title"
    if row.kind == "text" and row.row.height <= FOOTNOTE_SIZE * body.height:
        return "small"
    return row.kind


def _spacing(items: Sequence[_Item]) -> _Spacing:
    gaps: dict[tuple[str, str, bool], list[float]] = {}
    for item in items:
        if item.step is not None:
            gaps.setdefault(item.step, []).append(item.gap)
    usual = {step: sorted(values)[len(values) // 5] for step, values in gaps.items()}
    within = usual.get(("text", "text", False), 0.0) or min(usual.values(), default=12.0)
    pitch = max(within, 4.0)
    between = usual.get(("text", "text", True), pitch)
    return _Spacing(pitch, between if between < WIDE * pitch else pitch, usual)


def _stretches(items: Sequence[_Item], numbers: MarginNumbers) -> list[Sequence[_Item]]:
    """The items over which the count runs on: those of a page, or of the whole report."""
    if numbers.restart != "page":
        return [items]
    return [list(group) for _, group in groupby(items, key=lambda item: item.place[0])]


def _choose_rules(items: Sequence[_Item], stretches: Sequence[Sequence[_Item]], spacing: _Spacing, step: int) -> _Rules:
    """The rules that explain most distances between printed numbers, reached by changing one at a time.

    Of rules that explain as much, those that most programs have: headings and captions counted, tables and empty lines
    not.
    """
    roles = sorted({item.role for item in items} - ALWAYS_COUNTED - NEVER_COUNTED)
    wide = sorted(key for key, height in spacing.usual.items() if key[2] and height >= WIDE * spacing.pitch)
    usual = _Rules(ALWAYS_COUNTED | {"heading", "caption", "small", "title"})
    best = usual
    best_score = _score(usual, stretches, spacing, step)
    for start in (usual, replace(usual, blanks=True), replace(usual, blanks=True, with_blank=frozenset(wide))):
        rules, score = start, _score(start, stretches, spacing, step)
        improved = True
        while improved:
            improved = False
            for changed in _neighbours(rules, roles, wide):
                changed_score = _score(changed, stretches, spacing, step)
                if changed_score > score + 1e-9:
                    rules, score, improved = changed, changed_score, True
        if score > best_score + 1e-9:
            best, best_score = rules, score
    return best


def _neighbours(rules: _Rules, roles: Sequence[str], wide: Sequence[tuple[str, str, bool]]) -> Iterator[_Rules]:
    """The rules with one role, or one kind of step, changed."""
    for role in roles:
        yield replace(rules, counted=rules.counted ^ {role})
    if rules.blanks:
        for step in wide:
            yield replace(rules, with_blank=rules.with_blank ^ {step})


def _score(rules: _Rules, stretches: Sequence[Sequence[_Item]], spacing: _Spacing, step: int) -> float:
    """How well rules explain the printed numbers: 1 for each distance that they count right, less for misses."""
    score = 0.0
    for number, stretch in enumerate(stretches):
        counted, last = 0, None
        for item in stretch:
            counted += rules.blanks_before(item, spacing) + rules.lines(item)
            if item.printed is None:
                continue
            wanted = item.printed - (last or 0)
            # The title block stands before the first number of all, and is counted or not.
            if last is not None or number:
                score += 1.0 if counted == wanted else -0.1 * min(abs(counted - wanted), 5)
            counted, last = 0, item.printed
        if counted >= step:
            score -= 1.0
    return score


def _count_on(
    items: Sequence[_Item], last: int, step: int, rules: _Rules, spacing: _Spacing, result: list[int | None]
) -> None:
    """Count the items after the last printed number of a stretch, as far as the next would have been printed."""
    value = last
    for item in items:
        value += rules.blanks_before(item, spacing)
        if rules.lines(item) and value + 1 < last + step:
            value += 1
            result[item.index] = value


def _count_back(items: Sequence[_Item], step: int, rules: _Rules, spacing: _Spacing, result: list[int | None]) -> None:
    """Count back from the first printed number of a stretch, the last of `items`, at most to 1."""
    value = items[-1].printed or 0
    lowest = max(1, value - step + 1)
    room = value - lowest
    counted = [item for item in items[:-1] if rules.lines(item)]
    dropped = _giving_way(counted, len(counted) - room) if items[0].place[0] != 1 else set()
    for item, after in zip(reversed(items[:-1]), reversed(items[1:]), strict=True):
        value -= rules.blanks_before(after, spacing)
        if rules.lines(item) and item.index not in dropped and value - 1 >= lowest:
            value -= 1
            result[item.index] = value


def _count_between(
    items: Sequence[_Item], step: int, rules: _Rules, spacing: _Spacing, result: list[int | None]
) -> None:
    """Number the items between two printed numbers, the first and the last of `items`."""
    low, high = items[0].printed or 0, items[-1].printed or 0
    if high <= low:  # the count begins anew somewhere here
        split = max(1, len(items) - max(high, 1))
        _count_back(items[split:], step, rules, spacing, result)
        _count_on(items[1:split], low, step, rules, spacing, result)
        return
    inner = items[1:-1]
    slots = high - low - 1
    counted = {item.index for item in inner if rules.lines(item)}
    countable = {item.index for item in inner if item.role not in NEVER_COUNTED}
    if not rules.blanks and len(counted) < slots == len(countable):
        counted = countable
    if not rules.blanks:
        counted |= _tables_as_lines(inner, slots - len(counted))
    counted -= _giving_way([item for item in inner if item.index in counted], len(counted) - slots)
    blanks = _place_blanks(items[1:], slots - len(counted), rules, spacing)
    value = low
    for item, before in zip(inner, blanks, strict=False):
        value += before
        if item.index in counted:
            value += 1
            result[item.index] = value


def _tables_as_lines(items: Sequence[_Item], n_missing: int) -> set[int]:
    """The middle row of each table where there are as many tables as missing lines: to LaTeX a table is one line."""
    tables = [list(group) for role, group in groupby(items, key=lambda item: item.role) if role == "table"]
    return {table[len(table) // 2].index for table in tables} if len(tables) == n_missing else set()


def _giving_way(items: Sequence[_Item], n_too_many: int) -> set[int]:
    """The indices of up to `n_too_many` items that are left out, those that programs leave out most often first."""
    ranked = [item.index for role in GIVES_WAY for item in items if item.role == role]
    ordinary = [item.index for item in reversed(items) if item.role not in GIVES_WAY]
    return set([*ranked, *ordinary][: max(0, n_too_many)])


def _place_blanks(items: Sequence[_Item], n_blanks: int, rules: _Rules, spacing: _Spacing) -> list[int]:
    """How many empty lines stand before each item, `n_blanks` in all: first where the rules say, then at wide steps.

    A page break, whose height tells nothing, is taken before a step of ordinary height.
    """
    placed = [0] * len(items)
    if n_blanks <= 0:
        return placed
    expected = [rules.blanks_before(item, spacing) for item in items]
    if sum(expected) == n_blanks:
        return expected
    left = [
        0.5 if item.step is None else max(spacing.excess(item), item.gap / spacing.pitch - 1.0) + 0.01 * count
        for item, count in zip(items, expected, strict=True)
    ]
    for _ in range(n_blanks):
        position = max(range(len(items)), key=lambda position: left[position])
        placed[position] += 1
        left[position] -= 1.0
    return placed
