"""Words with boxes -> rows, margin numbers and running heads: pure geometry, no file, no language.

Printed line numbers are found by what they are: digit words that share an edge in a margin and rise by a constant step
through the document or through each page. Font and size do not tell (Word prints them in the body's own), nor does the
order in the file (LibreOffice writes a number after its paragraph).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from innspill.reading.pdf import PdfPage, Word

# Words whose baselines differ by less than this share of their height stand on one row.
SAME_ROW = 0.3
# A word at most this share of its row's height and raised above its baseline is a footnote marker.
RAISED_SIZE, RAISED_BY = 0.82, 0.12
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Margin numbers of one page share an edge within this many points.
EDGE_TOLERANCE = 2.5
MARGIN_DIGITS = re.compile(r"\d{1,5}")
# A column of numbers counts as line numbers when it is found on at least this share of the pages that hold text.
MIN_PAGE_SHARE = 0.5
MIN_MEMBERS = 4
# Numbers that drop at no more than this share of the page turns run through the report; at this share or more they
# begin anew on each page; in between they are no line numbers.
MOSTLY_CONTINUOUS, RESTARTS_PER_PAGE = 0.3, 0.5
PAGE_NUMBER = re.compile(
    r"(?:side|s\.|page|p\.)?\s*[-–—]?\s*(\d{1,4}|[ivxlc]{1,7})\s*[-–—]?(?:\s*(?:av|of|/)\s*\d{1,4})?", re.IGNORECASE
)
LABELLED_PAGE_NUMBER = re.compile(r"\b(?:side|page)\s+(\d{1,4})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """Words on one baseline of a page. `printed` is the margin number that stands beside it, if any."""

    page_number: int
    words: tuple[Word, ...]
    baseline: float
    printed: int | None = None

    @property
    def text(self) -> str:
        """The words from left to right; footnote markers as superscript digits, joined to the word before."""
        return _row_text(self.words, self.baseline, self.height)

    @property
    def x0(self) -> float:
        """Left edge, points."""
        return min(word.x0 for word in self.words)

    @property
    def x1(self) -> float:
        """Right edge, points."""
        return max(word.x1 for word in self.words)

    @property
    def top(self) -> float:
        """Upper edge, points from the page's top."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Lower edge, points from the page's top."""
        return max(word.bottom for word in self.words)

    @property
    def height(self) -> float:
        """The font's height that most of the row's characters have, points."""
        heights: Counter[float] = Counter()
        for word in self.words:
            heights[round(word.height, 1)] += len(word.text)
        return heights.most_common(1)[0][0]

    @property
    def bold(self) -> bool:
        """Whether most of the row's characters are bold."""
        bold = sum(len(word.text) for word in self.words if word.bold)
        return 2 * bold > sum(len(word.text) for word in self.words)


@dataclass(frozen=True, slots=True)
class MarginNumbers:
    """The printed numbers found: the step between two of them, and whether they begin anew on each page.

    `doubles` are numbers that stand twice. `on_empty_lines` are numbers with no words beside them: page, baseline,
    number.
    """

    step: int
    restart_per_page: bool
    doubles: tuple[int, ...] = ()
    on_empty_lines: tuple[tuple[int, float, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PageRows:
    """A page's rows from top to bottom, without margin numbers and running heads, and the label printed on it."""

    page_number: int
    label: str
    rows: tuple[Row, ...]
    running: tuple[str, ...]


def lay_out(pages: Sequence[PdfPage]) -> tuple[list[PageRows], MarginNumbers | None]:
    """Rows of every page with their margin numbers, and how these are numbered (None where the report has none)."""
    rows = {page.page_number: _rows(page) for page in pages}
    members = _find_margin_words(pages, rows)
    numbered: dict[int, list[Row]] = {}
    on_empty_lines: list[tuple[int, float, int]] = []
    for page_number in rows:
        numbered[page_number], empty = _attach(rows[page_number], members.get(page_number, ()))
        on_empty_lines.extend((page_number, baseline, value) for baseline, value in empty)
    numbers = _describe(members, on_empty_lines) if members else None
    running = _running_rows(pages, numbered)
    labels = _page_labels(pages, running)
    laid_out = []
    for page in pages:
        outside = running[page.page_number]
        kept = tuple(row for row in numbered[page.page_number] if row not in outside)
        label = labels.get(page.page_number, "")
        laid_out.append(PageRows(page.page_number, label, kept, tuple(row.text for row in outside)))
    return laid_out, numbers


# Rows ----------------------------------------------------------------------------------------------------------------


def _rows(page: PdfPage) -> list[Row]:
    """Group the words of a page to rows by their baselines, from top to bottom."""
    groups: list[list[Word]] = []
    for word in sorted(page.words, key=lambda word: (word.baseline, word.x0)):
        anchor = groups[-1][0] if groups else None
        if anchor and word.baseline - anchor.baseline < SAME_ROW * max(min(word.height, anchor.height), 4):
            groups[-1].append(word)
        else:
            groups.append([word])
    rows = [Row(page.page_number, tuple(sorted(group, key=lambda word: word.x0)), _baseline(group)) for group in groups]
    return _join_raised(rows)


def _baseline(words: Sequence[Word]) -> float:
    """The baseline that most characters of a row stand on."""
    weights: Counter[float] = Counter()
    for word in words:
        weights[round(word.baseline, 1)] += len(word.text)
    return weights.most_common(1)[0][0]


def _join_raised(rows: list[Row]) -> list[Row]:
    """Give rows of small raised marks (footnote markers, exponents) back to the row that they belong to."""
    result: list[Row] = []
    for index, row in enumerate(rows):
        below = rows[index + 1] if index + 1 < len(rows) else None
        above = result[-1] if result else None
        if below and _is_small_beside(row, below):
            rows[index + 1] = replace(below, words=tuple(sorted((*row.words, *below.words), key=lambda w: w.x0)))
        elif above and _is_small_beside(row, above):
            result[-1] = replace(above, words=tuple(sorted((*row.words, *above.words), key=lambda w: w.x0)))
        else:
            result.append(row)
    return result


def _is_small_beside(row: Row, other: Row) -> bool:
    """Whether `row` holds only a mark or two that stand within the height and the width of `other`.

    Small marks are raised or lowered (footnote markers, exponents); marks of full size, like the lowered E of LaTeX's
    logo, must stand in a gap between the other row's words.
    """
    n_characters = sum(len(word.text) for word in row.words)
    overlap = min(row.bottom, other.bottom) - max(row.top, other.top)
    if n_characters > 6 or overlap < 0.5 * (row.bottom - row.top):
        return False
    if row.height <= RAISED_SIZE * other.height:
        return other.x0 - other.height <= row.x0 and row.x1 <= other.x1 + 20
    between = all(word.x1 <= row.x0 + 1.5 or word.x0 >= row.x1 - 1.5 for word in other.words)
    return n_characters <= 2 and between and other.x0 <= row.x0 and row.x1 <= other.x1


def _row_text(words: Sequence[Word], baseline: float, height: float) -> str:
    pieces: list[str] = []
    previous: Word | None = None
    for word in words:
        raised = (
            previous is not None
            and word.text.isdecimal()
            and word.height <= RAISED_SIZE * height
            and baseline - word.baseline > RAISED_BY * height
        )
        if previous is not None and not raised and word.x0 - previous.x1 > 0.08 * height:
            pieces.append(" ")
        pieces.append(word.text.translate(SUPERSCRIPTS) if raised else word.text)
        previous = word
    return "".join(pieces)


# Margin numbers ------------------------------------------------------------------------------------------------------


def _find_margin_words(pages: Sequence[PdfPage], rows: dict[int, list[Row]]) -> dict[int, list[Word]]:
    """The words of each page that are printed line numbers; empty where the document has none.

    First every page proposes its best column of rising digits on each side; then the side and the step that most pages
    agree on are looked for on all pages, so that a page with two lines is read like the others.
    """
    proposals: dict[tuple[str, int], dict[int, list[Word]]] = defaultdict(dict)
    for page in pages:
        for side in ("left", "right"):
            chain = _best_chain(page, rows[page.page_number], side)
            if len(chain) >= 3:
                step = _chain_step(chain)
                proposals[side, step][page.page_number] = chain
    n_full = sum(len(rows[page.page_number]) >= 12 for page in pages) or len(pages)
    columns = [_merge_sides(proposals, step) for step in {step for _, step in proposals}]
    best = max(columns, key=lambda chains: sum(map(len, chains.values())), default={})
    n_members = sum(map(len, best.values()))
    if len(best) < MIN_PAGE_SHARE * n_full or n_members < MIN_MEMBERS:
        return {}
    if MOSTLY_CONTINUOUS < _share_of_drops(best) < RESTARTS_PER_PAGE:
        return {}
    return _complete(pages, rows, best)


def _merge_sides(proposals: dict[tuple[str, int], dict[int, list[Word]]], step: int) -> dict[int, list[Word]]:
    """The chains of one step, each page's longer one where it has two.

    Both sides are kept only where they take turns, as numbers in the outer margin do; else the page numbers of a list
    of contents would pass for line numbers.
    """
    side_of: dict[int, str] = {}
    merged: dict[int, list[Word]] = {}
    for side in ("left", "right"):
        for page_number, chain in proposals.get((side, step), {}).items():
            if len(chain) > len(merged.get(page_number, ())):
                merged[page_number], side_of[page_number] = chain, side
    sides = [side_of[page_number] for page_number in sorted(side_of)]
    turns = sum(before != after for before, after in pairwise(sides))
    if 2 * turns >= len(sides) - 1:
        return merged
    members = Counter[str]()
    for page_number, chain in merged.items():
        members[side_of[page_number]] += len(chain)
    main = members.most_common(1)[0][0]
    return {page_number: chain for page_number, chain in merged.items() if side_of[page_number] == main}


def _best_chain(page: PdfPage, rows: Sequence[Row], side: str) -> list[Word]:
    """The longest column of digit words on one side of the page that rises by a constant step."""
    outer = [row.words[0] if side == "left" else row.words[-1] for row in rows]
    digits = [word for word in outer if MARGIN_DIGITS.fullmatch(word.text)]
    if len(digits) < 3:
        return []
    best: list[Word] = []
    for edge in ("x0", "x1"):
        for group in _by_edge(digits, edge):
            chain = _longest_chain(group)
            if len(chain) > len(best) and _is_in_margin(chain, page, side):
                best = chain
    return best


def _by_edge(words: Sequence[Word], edge: str) -> list[list[Word]]:
    """Groups of words whose left or right edges agree, each from top to bottom."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda word: float(getattr(word, edge))):
        if groups and getattr(word, edge) - getattr(groups[-1][0], edge) <= EDGE_TOLERANCE:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [sorted(group, key=lambda word: word.baseline) for group in groups if len(group) >= 3]


def _longest_chain(words: Sequence[Word]) -> list[Word]:
    """The longest subsequence, from top to bottom, in which each number is the one before plus a constant step.

    A first number that is out of step (1, 5, 10, 15 as printed by some) is taken along.
    """
    values = [int(word.text) for word in words]
    best: list[int] = []
    for step in (1, 2, 5, 10):
        ending: dict[int, list[int]] = {}
        for position, value in enumerate(values):
            positions = [*ending.get(value - step, []), position]
            if len(positions) >= len(ending.get(value, [])):
                ending[value] = positions
        longest = max(ending.values(), key=len)
        if len(longest) > len(best):
            best = longest
    chain = [words[position] for position in best]
    if best and best[0] > 0 and len(best) > 1:
        step, first = values[best[1]] - values[best[0]], values[best[0]]
        before = values[best[0] - 1]
        if step > 1 and 0 < first - before < step and before % step == 1:
            chain.insert(0, words[best[0] - 1])
    return chain


def _chain_step(chain: Sequence[Word]) -> int:
    values = [int(word.text) for word in chain]
    return Counter(after - before for before, after in pairwise(values)).most_common(1)[0][0]


def _is_in_margin(chain: Sequence[Word], page: PdfPage, side: str) -> bool:
    """Whether next to no other word of the page stands at or beyond the column's place.

    Running heads may stand out there, so the top and bottom of the page count only between the column's own ends.
    """
    x0, x1 = min(word.x0 for word in chain), max(word.x1 for word in chain)
    top, bottom = chain[0].top - 2, chain[-1].bottom + 2
    in_way = 0
    for word in page.words:
        in_column = min(abs(word.x0 - x0), abs(word.x1 - x1)) <= EDGE_TOLERANCE
        if in_column and MARGIN_DIGITS.fullmatch(word.text):
            continue
        inside = (word.x0 < x1 + 1) if side == "left" else (word.x1 > x0 - 1)
        in_body = 0.1 * page.height < word.baseline < 0.9 * page.height
        if inside and (in_body or top < word.baseline < bottom):
            in_way += 1
    return in_way <= max(1, 0.1 * len(chain))


def _share_of_drops(chains: dict[int, list[Word]]) -> float:
    """At how many of the page turns the numbers begin anew: 0 never, 1 on each page.

    They do where a page's first number is not larger than the first of the page before; a number that is printed
    twice, at the end of one page and the start of the next, is no new beginning.
    """
    firsts = [int(chains[page_number][0].text) for page_number in sorted(chains) if chains[page_number]]
    drops = sum(after <= before for before, after in pairwise(firsts))
    return drops / max(len(firsts) - 1, 1)


def _step_of(chains: dict[int, list[Word]]) -> int:
    """The step that most pages rise by."""
    return Counter(_chain_step(chain) for chain in chains.values() if len(chain) > 1).most_common(1)[0][0]


def _complete(
    pages: Sequence[PdfPage], rows: dict[int, list[Row]], chains: dict[int, list[Word]]
) -> dict[int, list[Word]]:
    """Look again on every page at the columns' place, so that short pages and single numbers are found as well."""
    restart = _share_of_drops(chains) >= RESTARTS_PER_PAGE
    step = _step_of(chains)
    result: dict[int, list[Word]] = {}
    last = None
    for page in pages:
        parity = page.page_number % 2
        edges = (_edges(chains, parity, "x0"), _edges(chains, parity, "x1"))
        column = _column_words(rows[page.page_number], *edges)
        chain = chains.get(page.page_number)
        if chain is None:
            found = _continuing(column, None if restart else last, step)
        else:
            found = _with_words_among(chain, column, page)
        if found:
            result[page.page_number] = found
            last = int(found[-1].text)
    return result


def _with_words_among(chain: Sequence[Word], column: Sequence[Word], page: PdfPage) -> list[Word]:
    """The chain with the column's words that are out of step: what stands among line numbers is one."""
    own, top, bottom = {id(word) for word in chain}, 0.08 * page.height, 0.92 * page.height
    among = [word for word in column if id(word) not in own and top < word.baseline < bottom]
    return sorted([*chain, *among], key=lambda word: word.baseline)


def _column_words(rows: Sequence[Row], x0: float, x1: float) -> list[Word]:
    """The digit words of a page that stand outermost in their row at one of the column's edges, top to bottom."""
    found = {}
    for row in rows:
        for word in (row.words[0], row.words[-1]):
            at_edge = min(abs(word.x0 - x0), abs(word.x1 - x1))
            if at_edge <= EDGE_TOLERANCE and MARGIN_DIGITS.fullmatch(word.text):
                found[id(word)] = word
    return sorted(found.values(), key=lambda word: word.baseline)


def _edges(chains: dict[int, list[Word]], parity: int, edge: str) -> float:
    """The median edge of the columns on even or odd pages (all pages where there is none of that parity)."""
    same = [chain for page_number, chain in chains.items() if page_number % 2 == parity] or list(chains.values())
    return median(float(getattr(word, edge)) for chain in same for word in chain)


def _continuing(words: Sequence[Word], last: int | None, step: int) -> list[Word]:
    """Words that go on from `last` (or begin anew at the first step where it is None) by `step`."""
    chain: list[Word] = []
    for word in words:
        value = int(word.text)
        if chain:
            fits = value == int(chain[-1].text) + step
        elif last is None:
            fits = value in (1, step)
        else:
            fits = last < value <= last + step
        if fits:
            chain.append(word)
    return chain


def _describe(members: dict[int, list[Word]], on_empty_lines: Sequence[tuple[int, float, int]]) -> MarginNumbers:
    chains = {page: chain for page, chain in members.items() if chain}
    restart = _share_of_drops(chains) >= RESTARTS_PER_PAGE
    counts = Counter(int(word.text) for chain in chains.values() for word in chain)
    doubles = () if restart else tuple(sorted(value for value, count in counts.items() if count > 1))
    return MarginNumbers(_step_of(chains), restart, doubles, tuple(on_empty_lines))


def _attach(rows: Sequence[Row], numbers: Sequence[Word]) -> tuple[list[Row], list[tuple[float, int]]]:
    """Take the numbers out of the rows and write each on the row beside it.

    A number on a row of its own (a ruler that stands off the baseline) goes to the nearest row within 60 % of a line;
    the others stand on empty lines and are given back with their baselines.
    """
    own = {id(word): int(word.text) for word in numbers}
    cleaned: list[Row] = []
    alone: list[tuple[float, int]] = []
    on_empty_lines: list[tuple[float, int]] = []
    for row in rows:
        printed = [own[id(word)] for word in row.words if id(word) in own]
        words = tuple(word for word in row.words if id(word) not in own)
        if words:
            first = printed[0] if printed else None
            cleaned.append(replace(row, words=words, baseline=_baseline(words), printed=first))
        else:
            alone.extend((row.baseline, value) for value in printed)
    pitch = line_pitch(cleaned)
    for baseline, value in alone:
        free = [index for index, row in enumerate(cleaned) if row.printed is None]
        near = min(free, key=lambda index: abs(cleaned[index].baseline - baseline), default=None)
        if near is not None and abs(cleaned[near].baseline - baseline) <= 0.6 * pitch:
            cleaned[near] = replace(cleaned[near], printed=value)
        else:
            on_empty_lines.append((baseline, value))
    return cleaned, on_empty_lines


def line_pitch(rows: Sequence[Row]) -> float:
    """The commonest distance between two baselines, points (12 where there are fewer than two rows)."""
    gaps = [round(after.baseline - before.baseline, 0) for before, after in pairwise(rows)]
    positive = [gap for gap in gaps if gap > 4]
    return Counter(positive).most_common(1)[0][0] if positive else 12.0


# Running heads -------------------------------------------------------------------------------------------------------


def _running_rows(pages: Sequence[PdfPage], rows: dict[int, list[Row]]) -> dict[int, list[Row]]:
    """Header and footer rows of each page: the same words at the same height on many pages, or a page number alone."""
    seen: Counter[tuple[str, int]] = Counter()
    edge_rows: dict[int, list[Row]] = {}
    for page in pages:
        unnumbered = [row for row in rows[page.page_number] if row.printed is None]
        edges = [row for row in unnumbered if row.baseline < 0.14 * page.height or row.baseline > 0.86 * page.height]
        edge_rows[page.page_number] = edges
        seen.update({key for row in edges for key in _running_keys(row)})
    threshold = max(2, 0.3 * len(pages))
    running = {}
    for page in pages:
        extreme = _extreme_rows(rows[page.page_number])
        running[page.page_number] = [
            row
            for row in edge_rows[page.page_number]
            if max(seen[key] for key in _running_keys(row)) >= threshold
            or (row in extreme and PAGE_NUMBER.fullmatch(row.text.strip()))
        ]
    return running


def _running_keys(row: Row) -> list[tuple[str, int]]:
    """The row's words without digits, with its height on the page to within some points (in two overlapping grids)."""
    words = re.sub(r"\d+|\b[ivxlc]+\b", "#", row.text).strip()
    return [(words, int(row.baseline // 8)), (words, -1 - int((row.baseline + 4) // 8))]


def _extreme_rows(rows: Sequence[Row]) -> list[Row]:
    return [rows[0], rows[-1]] if rows else []


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
