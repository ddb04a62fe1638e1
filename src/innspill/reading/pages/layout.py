"""Pages -> rows in reading order, each with the line number beside it, without running heads: pure geometry."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from innspill.reading.pages.columns import Region, read_in_columns
from innspill.reading.pages.margins import Lane, MarginNumbers, find_margin_numbers
from innspill.reading.pages.pdf import PdfPage, Word
from innspill.reading.pages.rows import DEFAULT_PITCH, SAME_ROW, Row, line_pitch, rows_of, without_words
from innspill.records import Box

ROMAN = r"(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
PAGE_NUMBER = re.compile(
    rf"(?:side|s\.|page|p\.)?\s*[-–—]?\s*(\d{{1,4}}|{ROMAN})\s*[-–—]?(?:\s*(?:av|of|/)\s*\d{{1,4}})?", re.IGNORECASE
)
LABELLED_PAGE_NUMBER = re.compile(r"\b(?:side|page)\s+(\d{1,4})\b", re.IGNORECASE)
# A number with no words on its baseline belongs to the nearest row within this share of a line pitch.
NEAR_ROW = 0.6
# In documents of fewer pages, a row of text may come back by chance: running heads stand apart from the text there.
FEW_PAGES = 4
# A running head that stands further in than most is set off from the text by more than so many line pitches.
SET_OFF = 1.5
# A row has the nearest number of a ruler within this share of the ruler's pitch.
NEAR_RULER = 0.8
# Half the height of digits, and of a row's small letters, as a share of the font's height: what the eye holds level.
DIGIT_CENTRE, ROW_CENTRE = 0.33, 0.23


@dataclass(frozen=True, slots=True)
class EmptyLine:
    """A printed line number with no words beside it: `position` rows of its page stand before it."""

    position: int
    number: int
    baseline: float
    box: Box


@dataclass(frozen=True, slots=True)
class PageRows:
    """A page's rows in reading order, without margin numbers and running heads, and the label printed on it.

    `running` is what was set aside: the running heads, and what stands askew.
    """

    page_number: int
    label: str
    rows: tuple[Row, ...]
    running: tuple[str, ...]
    empty_lines: tuple[EmptyLine, ...] = ()


def lay_out(
    pages: Sequence[PdfPage], tables: Sequence[Box] = (), *, with_numbers: bool = True
) -> tuple[list[PageRows], MarginNumbers | None]:
    """Rows of every page with their margin numbers, and how these are numbered (None where the report has none).

    Args:
        pages: All pages, in order.
        tables: Tables that are known already; they are read across, not in columns.
        with_numbers: Whether to look for line numbers; without it every digit stays in the text.
    """
    boxes: dict[int, list[Box]] = {}
    for box in tables:
        boxes.setdefault(box.page_number, []).append(box)
    across = {page.page_number: rows_of(page.page_number, page.words) for page in pages}
    numbers = find_margin_numbers(pages, across, boxes) if with_numbers else None
    body: dict[int, list[Row]] = {}
    beside: dict[int, list[Row]] = {}
    notes: dict[int, list[Row]] = {}
    for page_number, rows in across.items():
        body[page_number], beside[page_number], notes[page_number] = _without_numbers(page_number, rows, numbers)
    running = _running_rows(pages, body, beside if numbers and not numbers.ruler else {})
    labels = _page_labels(pages, running)
    kept = {
        page_number: [row for row in rows if not _is_among(row, running[page_number])]
        for page_number, rows in body.items()
    }
    regions = read_in_columns(kept, boxes)
    laid_out = []
    for page in pages:
        lanes = numbers.lanes.get(page.page_number, ()) if numbers else ()
        read = (*regions[page.page_number], *_as_region(notes[page.page_number], len(regions[page.page_number])))
        rows, empty = _attach(page.page_number, read, lanes, bool(numbers and numbers.ruler))
        label = labels.get(page.page_number, "")
        heads = (*(row.text for row in running[page.page_number]), *page.askew)
        laid_out.append(PageRows(page.page_number, label, tuple(rows), heads, tuple(empty)))
    return laid_out, numbers


def _without_numbers(
    page_number: int, rows: Sequence[Row], numbers: MarginNumbers | None
) -> tuple[list[Row], list[Row], list[Row]]:
    """The rows without the line numbers and the notes beyond them; those that a number stood on; the notes' rows."""
    if numbers is None:
        return list(rows), [], []
    own = frozenset(map(id, numbers.words(page_number)))
    notes = _notes_in_margin(rows, numbers.lanes.get(page_number, ()))
    taken = own | frozenset(map(id, notes))
    left: list[Row] = []
    beside: list[Row] = []
    for row in rows:
        rest = without_words(row, taken)
        if rest is not None:
            left.append(rest)
            if any(id(word) in own for word in row.words):
                beside.append(rest)
    return left, beside, rows_of(page_number, notes)


def _notes_in_margin(rows: Sequence[Row], lanes: Sequence[Lane]) -> list[Word]:
    """The words that stand beyond the line numbers, between the first and the last of them."""
    found = []
    for lane in lanes:
        x0, x1 = lane.x0 - 1, lane.x1 + 1
        top, bottom = lane.words[0].top, lane.words[-1].bottom
        for row in rows:
            if top <= row.baseline <= bottom and lane.side != "gutter":
                found += [word for word in row.words if (word.x1 < x0 if lane.side == "left" else word.x0 > x1)]
    return found


def _as_region(notes: Sequence[Row], position: int) -> tuple[Region, ...]:
    """Notes in the margin as a stretch of their own, read after the page's text; no number counts them."""
    if not notes:
        return ()
    left = min(row.x0 for row in notes)
    return (Region(tuple(replace(row, region=position, column_left=left) for row in notes), n_columns=0),)


def _is_among(row: Row, rows: Sequence[Row]) -> bool:
    return any(row is other for other in rows)


# Numbers to rows -----------------------------------------------------------------------------------------------------


def _attach(
    page_number: int, regions: Sequence[Region], lanes: Sequence[Lane], ruler: bool
) -> tuple[list[Row], list[EmptyLine]]:
    """Write each number on the row that it stands beside; numbers beside nothing are lines of their own.

    Several lanes belong to the text columns from left to right. Rows across the whole page have the numbers of the
    first lane.
    """
    rows = [row for region in regions for row in region.rows]
    columns = [(region.column, region.n_columns) for region in regions for _ in region.rows]
    empty: list[EmptyLine] = []
    for position, lane in enumerate(lanes):
        own = [
            index
            for index, (column, n_columns) in enumerate(columns)
            if _belongs(position, len(lanes), lane, column, n_columns)
        ]
        place = _place_by_ruler if ruler else _place_beside
        placed, alone = place(lane, [rows[index] for index in own])
        for index, number in zip(own, placed, strict=True):
            if number is not None:
                rows[index] = replace(rows[index], printed=number)
        empty.extend(_empty_line(page_number, word, own, rows) for word in alone)
    return rows, sorted(empty, key=lambda line: line.position)


def _belongs(position: int, n_lanes: int, lane: Lane, column: int, n_columns: int) -> bool:
    """Whether a lane's numbers count the rows of a column."""
    if n_columns <= 1:
        return position == 0 and n_columns == 1
    if n_lanes == n_columns:
        return column == position
    return column == (n_columns - 1 if lane.side == "right" else 0)


def _place_beside(lane: Lane, rows: Sequence[Row]) -> tuple[list[int | None], list[Word]]:
    """The number of each row, on its own baseline or else nearest to it, and the words that no row has."""
    placed: list[int | None] = [None] * len(rows)
    near = NEAR_ROW * line_pitch(rows)
    waiting = list(lane.words)
    for on_baseline in (True, False):
        alone = []
        for word in waiting:
            nearest = _nearest_free(word, rows, placed)
            limit = SAME_ROW * max(rows[nearest].height, 4.0) if nearest is not None and on_baseline else near
            if nearest is not None and abs(rows[nearest].baseline - word.baseline) <= limit:
                placed[nearest] = int(word.text)
            else:
                alone.append(word)
        waiting = alone
    return placed, waiting


def _nearest_free(word: Word, rows: Sequence[Row], placed: Sequence[int | None]) -> int | None:
    """The index of the row without a number whose baseline is nearest to a word's."""
    free = (index for index, number in enumerate(placed) if number is None)
    return min(free, key=lambda index: abs(rows[index].baseline - word.baseline), default=None)


def _place_by_ruler(lane: Lane, rows: Sequence[Row]) -> tuple[list[int | None], list[Word]]:
    """The number of a ruler that stands nearest to each row, and the words that no row has.

    Where a number is the nearest to two rows, the nearer of them has it and the other none.
    """
    centres = [word.baseline - DIGIT_CENTRE * word.height for word in lane.words]
    pitch = median([after - before for before, after in pairwise(centres)] or [DEFAULT_PITCH])
    nearest: dict[int, tuple[float, int]] = {}  # place in the ruler -> how far the nearest row is from it, and which
    for index, row in enumerate(rows):
        at = row.baseline - ROW_CENTRE * row.height
        below = bisect_left(centres, at)
        place = min(range(max(below - 1, 0), min(below + 1, len(centres))), key=lambda other: abs(centres[other] - at))
        distance = abs(centres[place] - at) / pitch
        if distance <= NEAR_RULER and distance < nearest.get(place, (NEAR_RULER + 1, -1))[0]:
            nearest[place] = (distance, index)
    placed: list[int | None] = [None] * len(rows)
    for place, (_, index) in nearest.items():
        placed[index] = int(lane.words[place].text)
    return placed, [word for place, word in enumerate(lane.words) if place not in nearest]


def _empty_line(page_number: int, word: Word, among: Sequence[int], rows: Sequence[Row]) -> EmptyLine:
    """The line of a number beside no words: before the first row of its column that stands below it."""
    below = next((index for index in among if rows[index].baseline > word.baseline), None)
    position = below if below is not None else (among[-1] + 1 if among else len(rows))
    return EmptyLine(position, int(word.text), word.baseline, Box(page_number, word.x0, word.top, word.x1, word.bottom))


# Running heads -------------------------------------------------------------------------------------------------------


def _running_rows(
    pages: Sequence[PdfPage], rows: Mapping[int, Sequence[Row]], numbered: Mapping[int, Sequence[Row]]
) -> dict[int, list[Row]]:
    """Header and footer rows of each page: the same words at the same height on many pages, or a page number alone.

    Rows in `numbered` have a line number beside them and are none.
    """
    seen: dict[tuple[str, int], list[Row]] = {}
    edge_rows: dict[int, list[Row]] = {}
    for page in pages:
        beside = numbered.get(page.page_number, ())
        unnumbered = [row for row in rows[page.page_number] if not _is_among(row, beside)]
        set_off = _set_off_rows(rows[page.page_number])
        edges = [row for row in unnumbered if _is_at_edge(row, page) or _is_among(row, set_off)]
        edge_rows[page.page_number] = edges
        for row in edges:
            for key in _running_keys(row):
                seen.setdefault(key, []).append(row)
    threshold = max(2, 0.3 * len(pages))
    recurring = {key for key, alike in seen.items() if len(alike) >= threshold and not _are_notes(alike)}
    if len(pages) < FEW_PAGES:
        recurring = {key for key in recurring if _is_head(seen[key], rows)}
    running = {}
    for page in pages:
        outermost = rows[page.page_number]
        extreme = [row for row in (*outermost[:1], *outermost[-1:]) if _is_at_edge(row, page)]
        running[page.page_number] = [
            row
            for row in edge_rows[page.page_number]
            if not recurring.isdisjoint(_running_keys(row)) or (_is_among(row, extreme) and _is_page_number(row, page))
        ]
    return running


def _are_notes(rows: Sequence[Row]) -> bool:
    """Whether rows that differ in their numbers alone begin with one that is no page number: footnotes do."""
    begins = [re.match(r"\d{1,4}(?=\s*\D)", row.text.strip()) for row in rows]
    numbers = [int(match.group()) for match in begins if match]
    if len(numbers) < len(rows) or len(set(numbers)) == 1:
        return False
    shifts = Counter(number - row.page_number for number, row in zip(numbers, rows, strict=True))
    return shifts.most_common(1)[0][1] < 0.5 * len(rows)


def _running_keys(row: Row) -> list[tuple[str, int]]:
    """The row's words without digits, with its height on the page to within some points (in two overlapping grids)."""
    words = re.sub(r"\d+|\b[ivxlc]+\b", "#", row.text).strip()
    return [(words, int(row.baseline // 8)), (words, -1 - int((row.baseline + 4) // 8))]


def _is_page_number(row: Row, page: PdfPage) -> bool:
    """Whether a row is a page number alone; a Roman one («vi» is a word too) only where the file calls the page so."""
    found = PAGE_NUMBER.fullmatch(row.text.strip())
    if found is None:
        return False
    return found.group(1).isdecimal() or found.group(1).casefold() == page.label.casefold()


def _is_at_edge(row: Row, page: PdfPage) -> bool:
    """Whether a row stands where running heads do on any paper."""
    return row.baseline < 0.14 * page.height or row.baseline > 0.86 * page.height


def _is_head(alike: Sequence[Row], rows: Mapping[int, Sequence[Row]]) -> bool:
    """Whether rows that come back are the same to the letter, or stand apart from the text on their pages."""
    if len({row.text for row in alike}) == 1:
        return True
    return all(
        min((abs(other.baseline - row.baseline) for other in rows[row.page_number] if other is not row), default=999.0)
        > SET_OFF * line_pitch(rows[row.page_number])
        for row in alike
    )


def _set_off_rows(rows: Sequence[Row]) -> list[Row]:
    """One or two rows at the top and at the foot of a page, set off from the others: margins may be wide."""
    apart = SET_OFF * line_pitch(rows)
    found: list[Row] = []
    for ordered in (rows, rows[::-1]):
        for n in (1, 2):
            if len(ordered) > 2 * n and abs(ordered[n].baseline - ordered[n - 1].baseline) > apart:
                found.extend(ordered[:n])
                break
    return found


def _page_labels(pages: Sequence[PdfPage], running: dict[int, list[Row]]) -> dict[int, str]:
    """What is printed as page number on each page; the file's own page label where nothing is printed.

    A number in a running head counts as page number only where it rises with the pages.
    """
    labels = {}
    for page in pages:
        for row in running[page.page_number]:
            text = row.text.strip()
            labelled = LABELLED_PAGE_NUMBER.search(text)
            tries = (text, text.split()[-1], text.split()[0])
            alone = next((match for match in map(PAGE_NUMBER.fullmatch, tries) if match), None)
            if found := labelled or alone:
                labels[page.page_number] = found.group(1)
    shifts = Counter(int(label) - number for number, label in labels.items() if label.isdecimal())
    if shifts:
        shift, _ = shifts.most_common(1)[0]
        labels = {
            number: label for number, label in labels.items() if not label.isdecimal() or int(label) - number == shift
        }
    return {page.page_number: labels.get(page.page_number) or page.label for page in pages}
