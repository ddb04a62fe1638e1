"""Reading order: a page's rows -> stretches that are read one after the other, where text stands in columns.

A gutter is a strip that next to no word crosses over many rows, with prose on both sides: long fragments that fill
their column. Two columns of short words are a table, and are read across.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from innspill.reading.pages.pdf import Word
from innspill.reading.pages.rows import Row, is_level_with, rows_of
from innspill.records import Box

# The right column's rows begin within this many points of each other, after a gap of at least this share of a line,
# so many times the gap that is usual in the row: lines that are stretched to the margin have wide gaps everywhere.
ALIGNED, GAP, WIDER = 2.0, 0.6, 1.3
# The word after a line that sticks out into the gutter stands at the right column's edge to within this.
EXACT = 1.0
# What stands nearer than this to the right column, coming from the left, is in the gutter.
STRIP = 4.0
# A line that is set too long sticks out into the gutter by no more than this.
OVERHANG = 14.0
# A gutter stands in the middle part of the text.
INNER = (0.2, 0.8)
MIN_WIDTH = 200.0
# So many of the right column's rows begin at one of a few places: its edge, and the marks and texts of its lists.
ALIGNED_SHARE, MAX_EDGES = 0.7, 4
# Rows on each side that prove a gutter by themselves, and that are enough where other pages prove it.
MIN_ROWS, FEW_ROWS = 8, 1
# A gutter counts as proved for other pages when it is found on this share of them.
KNOWN_SHARE = 0.2
# Prose: fragments of this many characters and words, that fill this share of their column.
MIN_CHARACTERS, MIN_WORDS, MIN_FILL = 14, 3, 0.5
MAX_DEPTH = 2
# Places that are tried for a gutter, those that most rows begin at first.
MAX_TRIED = 6
# Rows that must begin at a place for it to be tried: a column may be a hanging list but for some lines.
FEW_STARTS = 5
# The dots that lead from an entry of a list of contents to its page: such a row is one row.
LEADERS = re.compile(r"(?:\.\s?){4,}")


@dataclass(frozen=True, slots=True)
class Region:
    """Rows that are read from top to bottom, in column `column` of `n_columns` that stand side by side."""

    rows: tuple[Row, ...]
    column: int = 0
    n_columns: int = 1


def read_in_columns(
    pages: Mapping[int, Sequence[Row]], tables: Mapping[int, Sequence[Box]]
) -> dict[int, tuple[Region, ...]]:
    """The regions of each page in reading order.

    Args:
        pages: The rows of each page across its whole width, from top to bottom, by page number.
        tables: The tables of each page; no gutter goes through one.

    A gutter that is found on one page is looked for with less proof on the others, whose columns may be short.
    """
    gutters = {page: _gutter(rows, tables.get(page, ()), MIN_ROWS) for page, rows in pages.items()}
    found = [x for x in gutters.values() if x is not None]
    known = [x for x in found if sum(abs(x - other) <= ALIGNED for other in found) >= KNOWN_SHARE * len(pages)]
    result = {}
    for page, rows in pages.items():
        gutter = gutters[page]
        if gutter is None and known:
            gutter = _gutter(rows, tables.get(page, ()), FEW_ROWS, known)
        result[page] = _number_regions(_split(rows, gutter, tables.get(page, ()), 0))
    return result


def _number_regions(regions: Sequence[Region]) -> tuple[Region, ...]:
    """The regions with their place in the reading order and the column's left edge written on their rows."""
    if len(regions) == 1:
        return tuple(regions)
    return tuple(
        replace(
            region,
            rows=tuple(
                replace(row, region=index, column_left=min(other.x0 for other in region.rows)) for row in region.rows
            ),
        )
        for index, region in enumerate(regions)
    )


def _gutter(
    rows: Sequence[Row], tables: Sequence[Box], min_rows: int, known: Sequence[float] | None = None
) -> float | None:
    """The left edge of the right column where rows stand in columns, points; None where they don't."""
    if len(rows) < min_rows:
        return None
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    if right - left < MIN_WIDTH:
        return None
    exact = [x for row in rows for x in set(_fragment_starts(row))]
    starts = Counter(map(round, exact))
    inner = (left + INNER[0] * (right - left), left + INNER[1] * (right - left))
    inside = [
        x
        for x in starts
        if inner[0] < x < inner[1] and starts[x - 1] + starts[x] + starts[x + 1] >= min(min_rows, FEW_STARTS)
    ]
    if known is not None:
        inside = [x for x in inside if any(abs(x - other) <= ALIGNED for other in known)]
    best, most = None, 0
    commonest = sorted(inside, key=lambda x: starts[x - 1] + starts[x] + starts[x + 1], reverse=True)[:MAX_TRIED]
    for x in sorted({min(start for start in exact if abs(start - common) <= ALIGNED) for common in commonest}):
        blocks = [(a, b) for a, b in _blocks(rows, x, tables) if _are_columns(rows[a:b], x, min_rows)]
        n_rows = sum(b - a for a, b in blocks)
        if n_rows > most:
            best, most = x, n_rows
    return best


def _fragment_starts(row: Row) -> list[float]:
    """Where a row begins, and where words begin after a wide gap."""
    gaps = [after.x0 - before.x1 for before, after in pairwise(row.words)]
    if not gaps or max(gaps) < GAP * row.height:
        return [row.x0]
    wide = max(GAP * row.height, WIDER * sorted(gaps)[(len(gaps) - 1) // 2])
    return [row.x0, *(word.x0 for gap, word in zip(gaps, row.words[1:], strict=True) if gap >= wide)]


def _blocks(rows: Sequence[Row], x: float, tables: Sequence[Box]) -> list[tuple[int, int]]:
    """Runs of rows (first, last + 1) that no word and no table crosses at the gutter left of `x`."""
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    for index, row in enumerate(rows):
        in_table = any(box.x0 < x - STRIP and box.x1 > x and is_level_with(row, box) for box in tables)
        if in_table or _crosses(row, x):
            if start is not None:
                blocks.append((start, index))
            start = None
        elif start is None:
            start = index
    if start is not None:
        blocks.append((start, len(rows)))
    return blocks


def _crosses(row: Row, x: float) -> bool:
    """Whether a row's words go through the gutter; not if it is but a little too long, or in two parts."""
    if LEADERS.search(row.text):
        return True
    crossing = [word for word in row.words if word.x0 < x - STRIP and word.x1 > x - STRIP]
    on_right = [word for word in row.words if word.x0 >= x - ALIGNED]
    if on_right and row.x0 < x - ALIGNED:
        in_two = abs(on_right[0].x0 - x) <= EXACT or any(start >= x - ALIGNED for start in _fragment_starts(row))
        return not in_two or any(word.x1 > x + OVERHANG for word in crossing)
    sticks_out = row.x1 <= x + OVERHANG and len(row.words) > 2
    return bool(crossing) and not sticks_out


def _are_columns(rows: Sequence[Row], x: float, min_rows: int) -> bool:
    """Whether rows hold prose on both sides of a gutter, side by side, and begin at few places on its right."""
    left, right = _sides(rows, x)
    if min(len(left), len(right)) < min_rows or len(left) + len(right) < 3:
        return False
    if min(left[-1].baseline, right[-1].baseline) < max(left[0].baseline, right[0].baseline):
        return False
    edges = Counter(round(row.x0 / ALIGNED) for row in right)
    if sum(n for _, n in edges.most_common(MAX_EDGES)) < ALIGNED_SHARE * len(right):
        return False
    return min_rows < MIN_ROWS or (_is_prose(left) and _is_prose(right))


def _is_prose(rows: Sequence[Row]) -> bool:
    width = max(row.x1 for row in rows) - min(row.x0 for row in rows)
    return (
        width >= INNER[0] * MIN_WIDTH
        and median(len(row.text) for row in rows) >= MIN_CHARACTERS
        and median(len(row.words) for row in rows) >= MIN_WORDS
        and median((row.x1 - row.x0) / width for row in rows) >= MIN_FILL
    )


def _sides(rows: Sequence[Row], x: float) -> tuple[list[Row], list[Row]]:
    """The rows left and right of a gutter, each side's words gathered to rows of its own."""
    words: tuple[list[Word], list[Word]] = ([], [])
    for row in rows:
        for word in row.words:
            words[word.x0 >= x - ALIGNED].append(word)
    page_number = rows[0].page_number
    return rows_of(page_number, words[0]), rows_of(page_number, words[1])


def _split(rows: Sequence[Row], gutter: float | None, tables: Sequence[Box], depth: int) -> list[Region]:
    """The regions of rows with a gutter: what stands above, each column, what stands below, and so on."""
    if gutter is None:
        return [Region(tuple(rows))] if rows else []
    regions: list[Region] = []
    position = 0
    for start, end in _blocks(rows, gutter, tables):
        if not _are_columns(rows[start:end], gutter, FEW_ROWS):
            continue
        left, right = _sides(rows[start:end], gutter)
        if start > position:
            regions.append(Region(tuple(rows[position:start])))
        columns = [column for side in (left, right) for column in _columns_within(side, tables, depth)]
        regions += [replace(column, column=index, n_columns=len(columns)) for index, column in enumerate(columns)]
        position = end
    if position < len(rows):
        regions.append(Region(tuple(rows[position:])))
    return regions


def _columns_within(rows: Sequence[Row], tables: Sequence[Box], depth: int) -> list[Region]:
    """A column, or the columns that it consists of itself."""
    gutter = _gutter(rows, tables, MIN_ROWS) if depth < MAX_DEPTH else None
    inner = _split(rows, gutter, tables, depth + 1)
    return inner if len(inner) == inner[0].n_columns else [Region(tuple(rows))]
