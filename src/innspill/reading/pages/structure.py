"""Rows -> what each row is, and which rows make a paragraph.

A row is a heading, list, table, caption, footnote or text. Geometry and typography only; no file is opened here.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from innspill.reading.pages.layout import PageRows
from innspill.reading.pages.pdf import OutlineEntry
from innspill.reading.pages.rows import Row, is_level_with, line_pitch
from innspill.records import Box, LineKind

NUMBERED_HEADING = re.compile(
    r"(?:(?:kapittel|kap\.?|del|chapter)\s+)?(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])(.{2,})", re.IGNORECASE
)
CONTENTS_ENTRY = re.compile(r"(?:\.\s?){4,}|\s\d{1,3}$")
# «Kapittel 3» on a row of its own, above the chapter's heading.
CHAPTER_LINE = re.compile(r"(?:kapittel|kap\.?|del|chapter|part)\s+(\d{1,2})", re.IGNORECASE)
FOOTNOTE_MARKER = re.compile(r"(?:\d{1,3}|[⁰¹²³⁴-⁹]{1,3}|[*†‡])(?=\s|[^\W\d_]|[«“\"(])")
LEADERS = re.compile(r"(?:\.\s?){4,}")
CAPTION = re.compile(r"(?:tabell|figur|table|figure|boks|box)\s+([a-z]?\d+(?:[.-]\d+)?[a-z]?)\s*[:.–—-]", re.IGNORECASE)
BULLET = re.compile(r"[•·▪■□◦●○‣⁃∙\-–—*o§\uf000-\uf8ff\ufffd]")
PARAGRAPH_SIGN = re.compile(r"§\s*\d")
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
# Rows above the title on the first page.
MAX_ABOVE_TITLE = 3


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
    pages: Sequence[PageRows], tables: Sequence[Box], outline: Sequence[OutlineEntry], *, ruler: bool = False
) -> list[TypedRow]:
    """Say what each row of the report is, in reading order.

    Args:
        pages: The rows of every page.
        tables: The boxes of tables.
        outline: The PDF's bookmarks.
        ruler: Whether the line numbers are a ruler, which stands beside footnotes too.
    """
    rows = [row for page in pages for row in page.rows]
    if not rows:
        return []
    body = body_typography(rows)
    pitches = {page.page_number: line_pitch(page.rows) for page in pages}
    table_of = _tables_of(rows, tables)
    footnotes = _footnote_rows(rows, body, table_of, ruler)
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
        else:
            kind = _kind_by_text(before, row, pitches)
        new = before is None or _starts_paragraph(before, row, kind, level, number, pitches, body)
        paragraph = 0 if before is None else before.paragraph + int(new)
        if kind == "heading" and not new and before is not None:
            number, level = before.heading_number, before.heading_level
        typed.append(TypedRow(row, kind, paragraph, table_of[index], number, level))
    return typed


def _kind_by_text(before: TypedRow | None, row: Row, pitches: dict[int, float]) -> LineKind:
    """What a row is that is no heading, table row or footnote: a caption, a line of a list, or text."""
    if CAPTION.match(row.text) or _continues_caption(before, row, pitches):
        return "caption"
    if _is_list_point(before, row, pitches) or _continues_list_point(before, row, pitches):
        return "list"
    return "text"


# Kinds ---------------------------------------------------------------------------------------------------------------


def body_typography(rows: Sequence[Row]) -> Typography:
    """The size that most letters have, and where most rows of that size begin; `rows` is not empty."""
    heights: Counter[float] = Counter()
    for row in rows:
        heights[round(row.height * 2) / 2] += len(row.text)
    height = heights.most_common(1)[0][0]
    lefts = Counter(round(row.x0) for row in rows if abs(row.height - height) <= 0.6)
    return Typography(height, float(lefts.most_common(1)[0][0]) if lefts else rows[0].x0)


def _tables_of(rows: Sequence[Row], tables: Sequence[Box]) -> dict[int, int]:
    """The table that each row stands in, -1 for none, both by their index."""
    on_page: dict[int, list[int]] = {}
    for index, box in enumerate(tables):
        on_page.setdefault(box.page_number, []).append(index)
    return {
        position: next(
            (index for index in on_page.get(row.page_number, ()) if _stands_in(row, tables[index])),
            -1,
        )
        for position, row in enumerate(rows)
    }


def _stands_in(row: Row, box: Box) -> bool:
    return is_level_with(row, box) and row.x1 >= box.x0 and row.x0 <= box.x1


def _footnote_rows(rows: Sequence[Row], body: Typography, table_of: dict[int, int], ruler: bool) -> set[int]:
    """Rows in a smaller font at the foot of a page or column, set off from what stands above, the first with a marker.

    A footnote that is not at its end there goes on at the foot of the next page or column, without a marker.
    """
    found: set[int] = set()
    goes_on = False
    for _, group in groupby(range(len(rows)), key=lambda index: place_of(rows[index])):
        indices = list(group)
        start, end = indices[0], indices[-1] + 1
        first = end
        while first > start and _may_be_footnote(rows[first - 1], body, ruler) and table_of[first - 1] < 0:
            first -= 1
        if not (goes_on and first < end and first > start and _is_set_off(rows, first)):
            while first < end and not (FOOTNOTE_MARKER.match(rows[first].text) and _is_set_off(rows, first)):
                first += 1
        found.update(range(first, end))
        if first < end:
            goes_on = not SENTENCE_END.search(rows[end - 1].text.rstrip())
        elif end - start > 3:
            goes_on = False
    return found


def place_of(row: Row) -> tuple[int, int]:
    """The page of a row and the stretch of it that is read from top to bottom."""
    return row.page_number, row.region


def _may_be_footnote(row: Row, body: Typography, ruler: bool) -> bool:
    return row.height <= FOOTNOTE_SIZE * body.height and (row.printed is None or ruler)


def _is_set_off(rows: Sequence[Row], index: int) -> bool:
    """Whether a row is the first of its page, of another size than the row above, or stands further from it."""
    if index == 0 or place_of(rows[index - 1]) != place_of(rows[index]):
        return True
    row, above = rows[index], rows[index - 1]
    return abs(above.height - row.height) > 0.5 or row.baseline - above.baseline > 1.6 * row.height


def _heading_rows(
    rows: Sequence[Row],
    body: Typography,
    table_of: dict[int, int],
    footnotes: set[int],
    outline: Sequence[OutlineEntry],
) -> dict[int, tuple[str, int]]:
    """Index of each heading row -> (number, level), by the outline if there is one, else by typography and number."""
    contents = _contents_rows(rows)
    outside = footnotes | contents
    candidates = [index for index in range(len(rows)) if table_of[index] < 0 and index not in outside]
    headings = _headings_by_outline(rows, candidates, outline)
    for index in candidates:
        if index in headings:
            continue
        row, text = rows[index], rows[index].text.strip()
        larger = row.height >= HEADING_SIZE * body.height
        numbered = NUMBERED_HEADING.fullmatch(text)
        marked = larger or row.bold or (numbered and _is_set_apart(rows, index, body))
        too_short = sum(character.isalpha() for character in text) < 3
        if not marked or too_short or len(text) > MAX_HEADING or LEADERS.search(text) or _starts_bullet(row):
            continue
        if numbered:
            headings[index] = (numbered.group(1), numbered.group(1).count(".") + 1)
        elif larger or (row.bold and _stands_alone(rows, index) and not CAPTION.match(text)):
            headings[index] = ("", 0)
    headings = _with_chapter_lines(rows, _without_contents_page(rows, headings))
    return _with_levels(rows, headings)


def _contents_rows(rows: Sequence[Row]) -> set[int]:
    """The entries of pages that are mostly a list of contents: rows that end in page numbers which do not fall."""
    found: set[int] = set()
    for _, group in groupby(range(len(rows)), key=lambda index: rows[index].page_number):
        on_page = list(group)
        entries = [index for index in on_page if CONTENTS_ENTRY.search(rows[index].text)]
        ends = [re.search(r"(\d{1,3})$", rows[index].text.rstrip()) for index in entries]
        values = [int(end.group(1)) for end in ends if end]
        rising = sum(before <= after for before, after in pairwise(values))
        if len(entries) >= max(4, 0.5 * len(on_page)) and rising >= 0.9 * (len(entries) - 1):
            found.update(entries)
    return found


def _with_chapter_lines(rows: Sequence[Row], headings: dict[int, tuple[str, int]]) -> dict[int, tuple[str, int]]:
    """Give the number of a row «Kapittel 3» to the heading of the chapter in the rows below it."""
    result = dict(headings)
    for index in headings:
        chapter = CHAPTER_LINE.fullmatch(rows[index].text.strip())
        below = headings.get(index + 1)
        if chapter and below and not below[0] and rows[index + 1].page_number == rows[index].page_number:
            result[index] = result[index + 1] = (chapter.group(1), 1)
    return result


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


def _left(row: Row, body: Typography) -> float:
    """The left edge of the column that a row stands in, points."""
    return body.left if row.column_left is None else row.column_left


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _stands_alone(rows: Sequence[Row], index: int) -> bool:
    """Whether a bold row reads as a heading: short, no full stop, and the next row is not bold."""
    text = rows[index].text.strip()
    following = rows[index + 1] if index + 1 < len(rows) else None
    return len(text) <= 90 and text[-1] not in ".:;," and following is not None and not following.bold


def _is_set_apart(rows: Sequence[Row], index: int, body: Typography) -> bool:
    """Whether a row numbered «3.2» or a little larger stands at the left edge, with space above and no full stop."""
    row, before = rows[index], rows[index - 1] if index else None
    if len(row.text) >= 100 or row.text.rstrip()[-1] in ".;,:" or row.x0 > _left(row, body) + 3:
        return False
    space = before is None or place_of(before) != place_of(row) or row.baseline - before.baseline > 1.5 * row.height
    return space and (row.height >= 1.04 * body.height or bool(re.match(r"\d{1,2}\.\d", row.text)))


def _without_contents_page(rows: Sequence[Row], headings: dict[int, tuple[str, int]]) -> dict[int, tuple[str, int]]:
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
    title = _title_rows(rows, headings)
    ranked = sorted({round(rows[index].height) for index in headings if index not in title}, reverse=True)
    result = {}
    for index, (number, level) in headings.items():
        if index in title:
            result[index] = ("", -1)
            continue
        size = round(rows[index].height)
        by_size = level_of.get(size, min(ranked.index(size) + 1, 3))
        result[index] = (number, level or by_size)
    return result


def _title_rows(rows: Sequence[Row], headings: dict[int, tuple[str, int]]) -> set[int]:
    """The report's title and subtitle: unnumbered headings in a row at the top of the first page.

    The first of them is larger than every later heading. A line or two may stand above («Utkast til høring»).
    """
    start = next((index for index in range(min(MAX_ABOVE_TITLE + 1, len(rows))) if index in headings), None)
    if start is None:
        return set()
    title: set[int] = set()
    index = start
    while index in headings and not headings[index][0] and rows[index].page_number == rows[0].page_number:
        title.add(index)
        index += 1
    if title and _heads_text(rows, index - 1, headings):
        title.remove(index - 1)
    later = [round(rows[other].height) for other in headings if other not in title]
    return title if title and round(rows[start].height) > max(later, default=0) else set()


def _heads_text(rows: Sequence[Row], index: int, headings: dict[int, tuple[str, int]]) -> bool:
    """Whether the last row of a title block is the first heading: text follows it, and later headings look the same."""
    below = rows[index + 1] if index + 1 < len(rows) else None
    if below is None or index + 1 in headings or below.page_number != rows[index].page_number:
        return False
    look = (round(rows[index].height), rows[index].bold)
    return any((round(rows[other].height), rows[other].bold) == look for other in headings if other > index)


def _starts_bullet(row: Row) -> bool:
    """Whether a row begins with a bullet; some fonts of signs draw one for «§», but «§ 4-1» is a law's."""
    begins = len(row.words) > 1 and bool(BULLET.fullmatch(row.words[0].text))
    return begins and not PARAGRAPH_SIGN.match(row.text)


def _starts_list_point(row: Row) -> bool:
    return _starts_bullet(row) or (len(row.words) > 1 and bool(ORDERED.fullmatch(row.words[0].text)))


def _is_list_point(before: TypedRow | None, row: Row, pitches: dict[int, float]) -> bool:
    """Whether the row begins a list point; «15. oktober» and «a) …» in the middle of a paragraph do not."""
    if not _starts_list_point(row) or DATE.match(row.text):
        return False
    if before is None or _starts_bullet(row) or before.kind != "text" or place_of(before.row) != place_of(row):
        return True
    wide = row.baseline - before.row.baseline > PARAGRAPH_GAP * pitches[row.page_number]
    return wide or bool(SENTENCE_END.search(before.row.text.rstrip())) or abs(row.x0 - before.row.x0) > 8


def _continues_list_point(before: TypedRow | None, row: Row, pitches: dict[int, float]) -> bool:
    """Whether the row is a further line of a list point: it hangs under the text, not under the marker."""
    if before is None or before.kind != "list" or place_of(row) != place_of(before.row):
        return False
    if row.baseline - before.row.baseline > PARAGRAPH_GAP * pitches[row.page_number]:
        return False
    text_edge = before.row.words[1].x0 if _starts_list_point(before.row) else before.row.x0
    return abs(row.x0 - text_edge) <= 4


def _continues_caption(before: TypedRow | None, row: Row, pitches: dict[int, float]) -> bool:
    if before is None or before.kind != "caption" or place_of(row) != place_of(before.row):
        return False
    near = row.baseline - before.row.baseline <= PARAGRAPH_GAP * pitches[row.page_number]
    alike = abs(row.height - before.row.height) < 0.5 and row.bold == before.row.bold
    return near and alike and not SENTENCE_END.search(before.row.text)


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
    same_page = place_of(row) == place_of(before.row)
    close = same_page and gap <= PARAGRAPH_GAP * max(pitches[row.page_number], row.height)
    if kind == "heading":
        if same_page and CHAPTER_LINE.fullmatch(before.row.text.strip()):
            return False
        wide = 1.8 * row.height if same_page else 0.0
        return (bool(number) and number != before.heading_number) or level != before.heading_level or gap > wide
    if kind == "table":
        return True
    if kind == "list":
        return _starts_list_point(row)
    if kind == "footnote":
        return bool(FOOTNOTE_MARKER.match(row.text))
    if not same_page:
        return bool(SENTENCE_END.search(before.row.text.rstrip()))
    left = _left(row, body)
    indented = row.x0 > left + 8 and before.row.x0 <= left + 3
    return not close or (indented and bool(SENTENCE_END.search(before.row.text)))
