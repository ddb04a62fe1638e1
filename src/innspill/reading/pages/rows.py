"""Words with boxes -> rows: what stands on one baseline of a page, from left to right. Pure geometry."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from innspill.reading.pages.pdf import Word
from innspill.records import Box

# Words whose baselines differ by less than this share of their height stand on one row.
SAME_ROW = 0.3
# A word at most this share of its row's height and raised above its baseline is a footnote marker.
RAISED_SIZE, RAISED_BY = 0.82, 0.12
RAISED_SIGNS = frozenset("0123456789*†‡")
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
DEFAULT_PITCH = 12.0
LEFT_EDGE, READING_ORDER = attrgetter("x0"), attrgetter("baseline", "x0")


@dataclass(frozen=True, slots=True)
class Row:
    """Words on one baseline, from left to right, with what is true of them together; points, origin top left.

    `height` and `bold` are what most characters have. `offsets` are where each word begins in `text`. `region` counts
    the stretches of a page that are read one after the other (its columns); `column_left` is the left edge of the
    column, None where the page has one column. `printed` is the margin number beside the row, if any.
    """

    page_number: int
    words: tuple[Word, ...]
    baseline: float
    text: str
    offsets: tuple[int, ...]
    x0: float
    x1: float
    top: float
    bottom: float
    height: float
    bold: bool
    region: int = 0
    column_left: float | None = None
    printed: int | None = None


def make_row(page_number: int, words: Iterable[Word], baseline: float | None = None) -> Row:
    """A row of at least one word; its baseline is the one that most characters stand on, where none is given."""
    ordered = tuple(sorted(words, key=LEFT_EDGE))
    heights: dict[float, int] = {}
    baselines: dict[float, int] = {}
    n_bold = n_characters = 0
    for text, _, _, _, _, word_baseline, word_height, is_bold, _ in ordered:
        n = len(text)
        n_characters += n
        n_bold += n if is_bold else 0
        key = round(word_height, 1)
        heights[key] = heights.get(key, 0) + n
        key = round(word_baseline, 1)
        baselines[key] = baselines.get(key, 0) + n
    height = max(heights, key=heights.__getitem__)
    if baseline is None:
        baseline = max(baselines, key=baselines.__getitem__)
    text, offsets = _text(ordered, baseline, height)
    return Row(
        page_number=page_number,
        words=ordered,
        baseline=baseline,
        text=text,
        offsets=offsets,
        x0=ordered[0].x0,
        x1=max(word.x1 for word in ordered),
        top=min(word.top for word in ordered),
        bottom=max(word.bottom for word in ordered),
        height=height,
        bold=2 * n_bold > n_characters,
    )


def rows_of(page_number: int, words: Iterable[Word]) -> list[Row]:
    """Group words to rows by their baselines, from top to bottom."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=READING_ORDER):
        anchor = groups[-1][0] if groups else None
        if anchor and word.baseline - anchor.baseline < SAME_ROW * max(min(word.height, anchor.height), 4):
            groups[-1].append(word)
        else:
            groups.append([word])
    return _join_raised([make_row(page_number, group) for group in groups])


def without_words(row: Row, taken: frozenset[int]) -> Row | None:
    """The row without the words whose `id` is in `taken`; None where nothing is left."""
    left = [word for word in row.words if id(word) not in taken]
    if not left:
        return None
    return row if len(left) == len(row.words) else make_row(row.page_number, left)


def is_level_with(row: Row, box: Box) -> bool:
    """Whether the middle of a row lies between the top and the bottom of a box on its page, a point allowed for."""
    return box.top - 1 <= (row.top + row.bottom) / 2 <= box.bottom + 1


def is_raised(word: Word, baseline: float, height: float) -> bool:
    """Whether a word is set as a footnote marker in a row: digits or a sign, smaller and above the baseline."""
    return (
        set(word.text) <= RAISED_SIGNS
        and word.height <= RAISED_SIZE * height
        and baseline - word.baseline > RAISED_BY * height
    )


def line_pitch(rows: Sequence[Row]) -> float:
    """The commonest distance between two baselines, points (12 where there are fewer than two rows)."""
    gaps = [
        round(after.baseline - before.baseline) for before, after in pairwise(rows) if after.region == before.region
    ]
    positive = [gap for gap in gaps if gap > 4]
    return float(Counter(positive).most_common(1)[0][0]) if positive else DEFAULT_PITCH


def _text(words: Sequence[Word], baseline: float, height: float) -> tuple[str, tuple[int, ...]]:
    """The words with spaces, and where each begins; footnote markers as superscript digits at the word before."""
    pieces: list[str] = []
    offsets: list[int] = []
    position = 0
    previous: Word | None = None
    for word in words:
        raised = previous is not None and word.text.isdecimal() and is_raised(word, baseline, height)
        if previous is not None and not raised and (previous.spaced or word.x0 - previous.x1 > 0.08 * height):
            pieces.append(" ")
            position += 1
        offsets.append(position)
        pieces.append(word.text.translate(SUPERSCRIPTS) if raised else word.text)
        position += len(word.text)
        previous = word
    return "".join(pieces), tuple(offsets)


def _join_raised(rows: list[Row]) -> list[Row]:
    """Give rows of small raised marks (footnote markers, exponents) back to the row that they belong to."""
    result: list[Row] = []
    for index, row in enumerate(rows):
        below = rows[index + 1] if index + 1 < len(rows) else None
        above = result[-1] if result else None
        if below and _is_small_beside(row, below):
            rows[index + 1] = make_row(row.page_number, (*row.words, *below.words), below.baseline)
        elif above and _is_small_beside(row, above):
            result[-1] = make_row(row.page_number, (*row.words, *above.words), above.baseline)
        else:
            result.append(row)
    return result


def _is_small_beside(row: Row, other: Row) -> bool:
    """Whether `row` holds only a mark or two that stand within the height and the width of `other`.

    Small marks are raised or lowered (footnote markers, exponents); marks of full size, like the lowered E of LaTeX's
    logo, must stand in a gap between the other row's words.
    """
    n_characters = sum(len(word.text) for word in row.words)
    if n_characters > 6:
        return False
    overlap = min(row.bottom, other.bottom) - max(row.top, other.top)
    if overlap < 0.5 * (row.bottom - row.top):
        return False
    if row.height <= RAISED_SIZE * other.height:
        return other.x0 - other.height <= row.x0 and row.x1 <= other.x1 + 20
    between = all(word.x1 <= mark.x0 + 1.5 or word.x0 >= mark.x1 - 1.5 for mark in row.words for word in other.words)
    single = all(len(mark.text) == 1 for mark in row.words) or n_characters <= 2
    return single and between and other.x0 <= row.x0 and row.x1 <= other.x1
