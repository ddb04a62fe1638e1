"""Rows -> what each row is (heading, list, table, caption, footnote, text), which rows make a paragraph, and the number
that a reader would cite for each row. Geometry and typography only; no file is opened here."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from innspill.reading.layout import MarginNumbers, PageRows, Row, line_pitch
from innspill.reading.pdf import OutlineEntry
from innspill.records import Box, LineKind

NUMBERED_HEADING = re.compile(r"(?:(?:kapittel|kap\.?|del|chapter)\s+)?(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])(.{2,})", re.I)
CONTENTS_ENTRY = re.compile(r"(?:\.\s?){4,}|\s\d{1,3}$")
LEADERS = re.compile(r"(?:\.\s?){4,}")
CAPTION = re.compile(r"(?:tabell|figur|table|figure|boks|box)\s+(\d+(?:\.\d+)?[a-z]?)\s*[:.–—-]", re.IGNORECASE)
BULLET = re.compile(r"[•·▪■□◦●○‣⁃∙\-–—*o§\uf000-\uf8ff]")
ORDERED = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]")
DATE = re.compile(r"\d{1,2}\.\s+(?:jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des)", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?:»”\"]$")
# A heading's font is at least this much larger than the body's.
HEADING_SIZE = 1.12
# A footnote's font is at most this share of the body's.
FOOTNOTE_SIZE = 0.92
# More than this many pitches between two baselines begin a new paragraph.
PARAGRAPH_GAP = 1.28
MAX_HEADING = 140


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row with its kind, its paragraph (consecutive integers), and for a heading its number, level and title."""

    row: Row
    kind: LineKind
    paragraph: int
    table: int = -1
    heading_number: str = ""
    heading_level: int = 0


@dataclass(frozen=True, slots=True)
class Typography:
    """The body's font height and left edge, points: what everything else is held against."""

    height: float
    left: float


def structure_rows(
    pages: Sequence[PageRows], tables: Sequence[Box], outline: Sequence[OutlineEntry]
) -> list[TypedRow]:
    """Say what each row of the report is, in reading order."""
    rows = [row for page in pages for row in page.rows]
    if not rows:
        return []
    body = _body_typography(rows)
    pitches = {page.page_number: line_pitch(page.rows) for page in pages}
    table_of = {index: _table_of(row, tables) for index, row in enumerate(rows)}
    footnotes = _footnote_rows(pages, rows, body, table_of)
    headings = _heading_rows(rows, body, table_of, footnotes, outline)
    typed: list[TypedRow] = []
    for index, row in enumerate(rows):
        before = typed[-1] if typed else None
        number, level = headings.get(index, ("", 0))
        if index in headings:
            kind: LineKind = "heading"
        elif table_of[index] >= 0:
            kind = "table"
        elif index in footnotes:
            kind = "footnote"
        elif CAPTION.match(row.text) or _continues_caption(before, row, pitches):
            kind = "caption"
        elif _is_list_point(before, row, pitches) or _continues_list_point(before, row, pitches):
            kind = "list"
        else:
            kind = "text"
        new = before is None or _starts_paragraph(before, row, kind, level, number, pitches, body)
        paragraph = 0 if before is None else before.paragraph + int(new)
        if kind == "heading" and not new and before is not None:
            number, level = before.heading_number, before.heading_level
        typed.append(TypedRow(row, kind, paragraph, table_of[index], number, level))
    return typed


def number_rows(rows: Sequence[TypedRow], numbers: MarginNumbers | None) -> list[int | None]:
    """The number that a reader would cite for each row.

    Where every line is numbered, the printed number. Where every fifth is, the lines between are counted so that they
    fit the printed ones. Where none is, all lines but tables, captions and footnotes are counted through the report.
    """
    if numbers is None:
        counted = iter(range(1, len(rows) + 1))
        return [next(counted) if row.kind in ("text", "heading", "list") else None for row in rows]
    printed = [row.row.printed for row in rows]
    if numbers.step == 1:
        return printed
    result: list[int | None] = list(printed)
    for first, last in _stretches(rows, numbers):
        _fill(rows, result, first, last, numbers)
    return result


# Kinds -----------------------------------------------------------------------------------------------------------------


def _body_typography(rows: Sequence[Row]) -> Typography:
    heights: Counter[float] = Counter()
    for row in rows:
        heights[round(row.height * 2) / 2] += len(row.text)
    height = heights.most_common(1)[0][0]
    lefts = Counter(round(row.x0) for row in rows if abs(row.height - height) <= 0.6)
    return Typography(height, float(lefts.most_common(1)[0][0]) if lefts else rows[0].x0)


def _table_of(row: Row, tables: Sequence[Box]) -> int:
    middle = (row.top + row.bottom) / 2
    for index, box in enumerate(tables):
        if box.page_number == row.page_number and box.top - 1 <= middle <= box.bottom + 1:
            return index
    return -1


def _footnote_rows(
    pages: Sequence[PageRows], rows: Sequence[Row], body: Typography, table_of: dict[int, int]
) -> set[int]:
    """Rows in a smaller font below the last row of body size on their page, the first with a marker."""
    found: set[int] = set()
    start = 0
    for page in pages:
        end = start + len(page.rows)
        tail = []
        for index in range(end - 1, start - 1, -1):
            small = rows[index].height <= FOOTNOTE_SIZE * body.height
            if not small or table_of[index] >= 0 or rows[index].printed is not None:
                break
            tail.append(index)
        tail.reverse()
        while tail and not re.match(r"[\d⁰¹²³⁴-⁹*†]", rows[tail[0]].text):
            tail.pop(0)
        found.update(tail)
        start = end
    return found


def _heading_rows(
    rows: Sequence[Row],
    body: Typography,
    table_of: dict[int, int],
    footnotes: set[int],
    outline: Sequence[OutlineEntry],
) -> dict[int, tuple[str, int]]:
    """Index of each heading row -> (number, level). The outline decides where there is one; else typography and number."""
    candidates = [index for index in range(len(rows)) if table_of[index] < 0 and index not in footnotes]
    headings = _headings_by_outline(rows, candidates, outline)
    for index in candidates:
        if index in headings:
            continue
        row, text = rows[index], rows[index].text.strip()
        larger = row.height >= HEADING_SIZE * body.height
        numbered = NUMBERED_HEADING.fullmatch(text)
        marked = larger or row.bold or (numbered and _is_set_apart(rows, index, body))
        if not marked or len(text) > MAX_HEADING or LEADERS.search(text) or _starts_bullet(row):
            continue
        if numbered:
            headings[index] = (numbered.group(1), numbered.group(1).count(".") + 1)
        elif larger or (row.bold and _stands_alone(rows, index) and not CAPTION.match(text)):
            headings[index] = ("", 0)
    headings = _without_contents_page(rows, headings)
    return _with_levels(rows, headings)


def _headings_by_outline(
    rows: Sequence[Row], candidates: Sequence[int], outline: Sequence[OutlineEntry]
) -> dict[int, tuple[str, int]]:
    """Match each bookmark to the row, or two or three rows, that print its title on its page."""
    found: dict[int, tuple[str, int]] = {}
    on_page: dict[int, list[int]] = {}
    for index in candidates:
        on_page.setdefault(rows[index].page_number, []).append(index)
    for entry in outline:
        wanted = _bare(entry.title)
        for index in on_page.get(entry.page_number, []):
            text = ""
            for length in (1, 2, 3):
                if index + length > len(rows):
                    break
                text += _bare(rows[index + length - 1].text)
                if text == wanted or re.sub(r"^\d+", "", text) == wanted:
                    numbered = NUMBERED_HEADING.match(rows[index].text)
                    number = numbered.group(1) if numbered else ""
                    for member in range(index, index + length):
                        found[member] = (number, entry.level)
                    break
            if index in found:
                break
    return found


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _stands_alone(rows: Sequence[Row], index: int) -> bool:
    """Whether a bold row reads as a heading: short, no full stop, and the next row is not bold."""
    text = rows[index].text.strip()
    following = rows[index + 1] if index + 1 < len(rows) else None
    return len(text) <= 90 and text[-1] not in ".:;," and following is not None and not following.bold


def _is_set_apart(rows: Sequence[Row], index: int, body: Typography) -> bool:
    """Whether a row numbered «3.2» or set a little larger stands alone at the left edge, with space above, no full stop."""
    row, before = rows[index], rows[index - 1] if index else None
    space = before is None or before.page_number != row.page_number or row.baseline - before.baseline > 1.5 * row.height
    telling = row.height >= 1.04 * body.height or re.match(r"\d{1,2}\.\d", row.text)
    return bool(telling) and space and row.x0 <= body.left + 3 and row.text.rstrip()[-1] not in ".;,:" and len(row.text) < 100


def _without_contents_page(
    rows: Sequence[Row], headings: dict[int, tuple[str, int]]
) -> dict[int, tuple[str, int]]:
    """Drop numbered headings that end in a page number when the same number heads a section later on."""
    last_of = {number: index for index, (number, _) in headings.items() if number}
    return {
        index: heading
        for index, heading in headings.items()
        if not (heading[0] and CONTENTS_ENTRY.search(rows[index].text) and last_of[heading[0]] > index)
    }


def _with_levels(rows: Sequence[Row], headings: dict[int, tuple[str, int]]) -> dict[int, tuple[str, int]]:
    """Give headings without a number the level of the numbered ones in the same size, or their rank by size."""
    level_of: dict[float, int] = {}
    for index, (_, level) in headings.items():
        if level:
            size = round(rows[index].height)
            level_of[size] = min(level, level_of.get(size, level))
    ranked = sorted({round(rows[index].height) for index in headings}, reverse=True)
    title = _title_rows(rows, headings)
    result = {}
    for index, (number, level) in headings.items():
        size = round(rows[index].height)
        by_size = level_of.get(size, min(ranked.index(size) + 1, 3))
        result[index] = ("", -1) if index in title else (number, level or by_size)
    return result


def _title_rows(rows: Sequence[Row], headings: dict[int, tuple[str, int]]) -> set[int]:
    """The report's title and subtitle: unnumbered headings at the top of the first page, in a row, the first of them
    larger than every later heading."""
    title: set[int] = set()
    index = 0
    while index in headings and not headings[index][0] and rows[index].page_number == rows[0].page_number:
        title.add(index)
        index += 1
    later = [round(rows[other].height) for other in headings if other not in title]
    return title if title and round(rows[0].height) > max(later, default=0) else set()


def _starts_bullet(row: Row) -> bool:
    return len(row.words) > 1 and bool(BULLET.fullmatch(row.words[0].text))


def _starts_list_point(row: Row) -> bool:
    return _starts_bullet(row) or (len(row.words) > 1 and bool(ORDERED.fullmatch(row.words[0].text)))


def _is_list_point(before: TypedRow | None, row: Row, pitches: dict[int, float]) -> bool:
    """Whether the row begins a list point; «15. oktober» and «a) …» in the middle of a paragraph do not."""
    if not _starts_list_point(row) or DATE.match(row.text):
        return False
    if before is None or _starts_bullet(row) or before.kind != "text" or before.row.page_number != row.page_number:
        return True
    wide = row.baseline - before.row.baseline > PARAGRAPH_GAP * pitches[row.page_number]
    return wide or bool(SENTENCE_END.search(before.row.text.rstrip())) or abs(row.x0 - before.row.x0) > 8


def _continues_list_point(before: TypedRow | None, row: Row, pitches: dict[int, float]) -> bool:
    """Whether the row is a further line of a list point: it hangs under the text, not under the marker."""
    if before is None or before.kind != "list" or row.page_number != before.row.page_number:
        return False
    if row.baseline - before.row.baseline > PARAGRAPH_GAP * pitches[row.page_number]:
        return False
    text_edge = before.row.words[1].x0 if _starts_list_point(before.row) else before.row.x0
    return abs(row.x0 - text_edge) <= 4


def _continues_caption(before: TypedRow | None, row: Row, pitches: dict[int, float]) -> bool:
    if before is None or before.kind != "caption" or row.page_number != before.row.page_number:
        return False
    near = row.baseline - before.row.baseline <= PARAGRAPH_GAP * pitches[row.page_number]
    return near and abs(row.height - before.row.height) < 0.5 and row.bold == before.row.bold and not SENTENCE_END.search(before.row.text)


def _starts_paragraph(
    before: TypedRow,
    row: Row,
    kind: LineKind,
    level: int,
    number: str,
    pitches: dict[int, float],
    body: Typography,
) -> bool:
    """Whether a row begins a new paragraph (a heading, a list point, a table row, a footnote are each one)."""
    if kind != before.kind:
        return True
    gap = row.baseline - before.row.baseline
    same_page = row.page_number == before.row.page_number
    close = same_page and gap <= PARAGRAPH_GAP * max(pitches[row.page_number], row.height)
    if kind == "heading":
        wide = 1.8 * row.height if same_page else 0.0
        return bool(number) and number != before.heading_number or level != before.heading_level or gap > wide
    if kind == "table":
        return True
    if kind == "list":
        return _starts_list_point(row)
    if kind == "footnote":
        return bool(re.match(r"[\d⁰¹²³⁴-⁹*†]", row.text))
    if not same_page:
        return bool(SENTENCE_END.search(before.row.text.rstrip()))
    return not close or (row.x0 > body.left + 8 and before.row.x0 <= body.left + 3 and bool(SENTENCE_END.search(before.row.text)))


# Numbers between printed ones ------------------------------------------------------------------------------------------


def _stretches(rows: Sequence[TypedRow], numbers: MarginNumbers) -> list[tuple[int, int]]:
    """Ranges [first, last) of rows over which the count runs on: a page, or the whole report."""
    if not numbers.restart_per_page:
        return [(0, len(rows))]
    starts = [i for i, row in enumerate(rows) if i == 0 or row.row.page_number != rows[i - 1].row.page_number]
    return list(zip(starts, [*starts[1:], len(rows)], strict=True))


def _fill(
    rows: Sequence[TypedRow], result: list[int | None], first: int, last: int, numbers: MarginNumbers
) -> None:
    """Count the rows of a stretch before, between and after its printed numbers."""
    anchors = [index for index in range(first, last) if result[index] is not None]
    if not anchors:
        if numbers.restart_per_page:
            for value, index in enumerate(_countable(rows, first, last, numbers.step - 1), start=1):
                result[index] = value
        return
    lowest = result[anchors[0]] or 0
    before = _countable(rows, first, anchors[0], min(lowest - 1, numbers.step - 1), from_end=True)
    for value, index in zip(range(lowest - 1, 0, -1), reversed(before), strict=False):
        result[index] = value
    for left, right in zip(anchors, anchors[1:], strict=False):
        low, high = result[left] or 0, result[right] or 0
        _fill_between(rows, result, left, right, low, high)
    highest = result[anchors[-1]] or 0
    after = _countable(rows, anchors[-1] + 1, last, numbers.step - 1)
    for value, index in enumerate(after, start=highest + 1):
        result[index] = value


def _fill_between(
    rows: Sequence[TypedRow], result: list[int | None], left: int, right: int, low: int, high: int
) -> None:
    """Number the rows between two printed numbers; empty lines that were counted show as wider distances."""
    slots = high - low - 1
    if slots < 0:  # the count begins anew here: go on from the one, and count back from the other
        free = list(range(left + 1, right))
        back = min(high - 1, len(free))
        for value, index in enumerate(reversed(free[len(free) - back :]), start=1):
            result[index] = high - value
        for value, index in enumerate(free[: len(free) - back], start=low + 1):
            result[index] = value
        return
    between = _countable(rows, left + 1, right, slots)
    if len(between) == slots or rows[left].row.page_number != rows[right].row.page_number:
        for value, index in enumerate(between, start=low + 1):
            result[index] = value
        return
    pitch = (rows[right].row.baseline - rows[left].row.baseline) / (high - low)
    value = low
    for position, index in enumerate(between):
        estimate = low + round((rows[index].row.baseline - rows[left].row.baseline) / pitch)
        value = min(max(value + 1, estimate), high - (len(between) - position))
        result[index] = value


# Which rows are left out first when there are more rows than numbers for them.
UNCOUNTED_FIRST: dict[LineKind, int] = {"footnote": 0, "table": 1, "caption": 2, "heading": 3, "list": 3, "text": 3}


def _countable(
    rows: Sequence[TypedRow], first: int, last: int, slots: int, *, from_end: bool = False
) -> list[int]:
    """The rows of [first, last) that carry a number, at most `slots`: footnotes, tables, captions give way first."""
    indices = list(range(first, last))
    kinds = sorted({UNCOUNTED_FIRST[rows[index].kind] for index in indices})
    for rank in kinds[:-1]:
        if len(indices) <= slots:
            break
        indices = [index for index in indices if UNCOUNTED_FIRST[rows[index].kind] > rank]
    if len(indices) > slots:
        indices = indices[len(indices) - max(slots, 0) :] if from_end else indices[: max(slots, 0)]
    return indices


