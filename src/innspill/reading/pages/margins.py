"""Printed line numbers: found on the pages by what they are. Pure geometry, no file, no language.

They are digit words that share an edge in a margin and rise by a constant step through the document, through each page
or through each section. Font and size do not tell (Word prints them in the body's own), nor does the order in the file
(LibreOffice writes a number after its paragraph). What looks like them on one page (the first column of a table, the
page numbers of a list of contents, paragraph numbers of a law) does not go on over the pages.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Literal

from innspill.reading.pages.pdf import PdfPage, Word
from innspill.reading.pages.rows import Row, is_level_with
from innspill.records import Box

Side = Literal["left", "right", "gutter"]
Restart = Literal["document", "page", "section"]
Margins = Literal["left", "right", "outer", "both", "columns"]

MARGIN_DIGITS = re.compile(r"\d{1,5}")
STEPS = (1, 2, 5, 10)
# Margin numbers of one page share an edge within this many points.
EDGE_TOLERANCE = 2.5
# Two words on one line have baselines within this many points.
SAME_BASELINE = 2.0
# A page tells of its numbering from this many numbers on; a document needs one more in all.
MIN_LANE, MIN_MEMBERS = 3, 4
# Notes in the margin hold at most this share of the letters that the text beside them has.
NOTES_SHARE = 0.25
# Where no page tells by itself, a run of so many numbers over the pages does, or one from the first number on.
# Pages with but one or two numbers of a smaller step would hold next to no lines.
MIN_OVER_PAGES, WIDE_STEP = 6, 5
# No page has more line numbers on one edge; more digits are a table of figures, and are not looked through.
MAX_CANDIDATES, MAX_DIGITS = 400, 5_000
# A column of numbers counts as line numbers when it is found on at least this share of the pages that hold text.
MIN_PAGE_SHARE = 0.5
FULL_PAGE = 12  # rows
# Or, where annexes without numbers follow: so many numbers, on this share of the pages, nearly all in one stretch that
# begins in the first part of the document.
MIN_BODY, BODY_SHARE, CONTIGUOUS, LATEST_START = 60, 0.2, 0.9, 0.3
# Numbers that begin anew more often than so many times a page number listings.
MAX_SECTIONS_PER_PAGE = 2
# The share of a page's height at its top and foot where page numbers may stand at the lane's edge.
EDGE_OF_PAGE = 0.08
# That a number follows on the one before it by a step is worth 1; that it begins the run, that it begins anew, that
# numbers are missing before it (so many steps at most), that it stands twice: less. So many words may be strays.
BEGINS, BEGINS_ANEW, MISSING, TWICE = 0.5, 0.8, 0.3, 0.2
MAX_MISSING, MAX_STRAY = 200, 8
# A numbering that begins anew must explain this much more than one that does not, also as a share: the numbers of a
# report's first headings may stand where its line numbers do.
ENOUGH_BETTER, MUCH_BETTER = 0.9, 0.02
# More rows than this to each line that the numbers count, on most pages: they number paragraphs, or rows of a table.
MAX_ROWS_PER_LINE = 1.7
# Of full rows between the first and the last number of a page, so many have a number where every line is numbered: in
# reports 0.96 and more, or 0.87 among formulas; where numbered listings take turns with text 0.7. Measured on 600 PDFs.
MIN_FULL_ROWS, FULL_ROW = 0.85, 25  # letters
# Numbers to fewer of a page's rows than this share, on most pages, number listings that stand between other text.
MIN_ROWS_COUNTED = 0.5
# Where fewer numbers follow on the one before them, they are no line numbers.
MIN_CONFIDENCE = 0.8
# Under this share of rows with a number on their own baseline, evenly spaced numbers are a ruler.
RULER_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Lane:
    """The printed numbers in one margin of a page (or between its columns), from top to bottom."""

    side: Side
    words: tuple[Word, ...]

    @property
    def values(self) -> list[int]:
        """The numbers."""
        return [int(word.text) for word in self.words]

    @property
    def x0(self) -> float:
        """Left edge, points."""
        return _extent(self.words)[0]

    @property
    def x1(self) -> float:
        """Right edge, points."""
        return _extent(self.words)[1]


@dataclass(frozen=True, slots=True)
class MarginNumbers:
    """The printed line numbers of a document.

    `lanes` are those of each page (by page number), in reading order; `repeated` are words that print the same numbers
    again in the other margin. `step` is the distance between two numbers. `ruler` is true where numbers stand at even
    distances whatever the text does. `confidence` is the share, 0–1, of numbers that follow on the one before them.
    """

    lanes: Mapping[int, tuple[Lane, ...]]
    step: int
    restart: Restart
    margins: Margins
    ruler: bool = False
    confidence: float = 1.0
    doubles: tuple[int, ...] = ()
    repeated: Mapping[int, tuple[Word, ...]] = field(default_factory=dict)

    def words(self, page_number: int) -> list[Word]:
        """Every word of a page that is a line number."""
        lanes = self.lanes.get(page_number, ())
        return [word for lane in lanes for word in lane.words] + list(self.repeated.get(page_number, ()))


def find_margin_numbers(
    pages: Sequence[PdfPage], rows: Mapping[int, Sequence[Row]], tables: Mapping[int, Sequence[Box]]
) -> MarginNumbers | None:
    """The printed line numbers of a document; None where it has none.

    Every page proposes its columns of rising digits. Then the step and the margins that most pages agree on are looked
    for on all pages, so that a page with two lines is read like the others.

    Args:
        pages: All pages, in order.
        rows: The rows of each page by its page number, line numbers and all.
        tables: The tables of each page by its page number; few programs count their rows.
    """
    proposed = {page.page_number: _propose_lanes(page, rows[page.page_number]) for page in pages}
    found = _accept(pages, rows, tables, proposed)
    if found is not None:
        return found
    step, proposed = _propose_over_pages(pages, rows)
    return _accept(pages, rows, tables, proposed, step)


def _accept(
    pages: Sequence[PdfPage],
    rows: Mapping[int, Sequence[Row]],
    tables: Mapping[int, Sequence[Box]],
    proposed: Mapping[int, Sequence[Lane]],
    step: int | None = None,
) -> MarginNumbers | None:
    """The line numbers that most pages' proposals agree on; None where they don't, or don't count lines."""
    steps = {_step(lane) for lanes in proposed.values() for lane in lanes} if step is None else {step}
    chosen = [(step, _agree(proposed, step)) for step in sorted(steps)]
    step, (margins, lanes) = max(chosen, key=lambda choice: _n_numbers(choice[1][1]), default=(1, ("left", {})))
    lanes = _at_one_place(lanes, step)
    n_full = sum(len(rows[page.page_number]) >= FULL_PAGE for page in pages)
    n_text = sum(bool(rows[page.page_number]) for page in pages)
    on_most = len(lanes) >= MIN_PAGE_SHARE * max(n_full, n_text / 2) and _n_numbers(lanes) >= MIN_MEMBERS
    if not (on_most or _are_body(lanes, n_text)) or not _number_lines(pages, rows, tables, lanes, step):
        return None
    columns = _columns(pages, rows, lanes)
    run = _best_run(columns, step)
    lanes = _members(columns, run)
    too_often = run.restart == "section" and run.n_begun > MAX_SECTIONS_PER_PAGE * len(lanes)
    on_few_pages = run.restart == "page" and len(lanes) <= MIN_PAGE_SHARE * n_full
    if too_often or on_few_pages or run.confidence < MIN_CONFIDENCE:
        return None
    return MarginNumbers(
        lanes=lanes,
        step=step,
        restart=run.restart,
        margins=margins,
        ruler=step == 1 and _is_ruler(rows, lanes),
        confidence=run.confidence,
        doubles=_doubles(lanes) if run.restart == "document" else (),
        repeated=_repeated(rows, lanes) if margins == "both" else {},
    )


def _are_body(lanes: Mapping[int, Sequence[Lane]], n_text: int) -> bool:
    """Whether the lanes are those of a report with long annexes: many numbers, page by page, from early on."""
    if _n_numbers(lanes) < MIN_BODY:
        return False
    first, last = min(lanes), max(lanes)
    begins_early = first <= 1 + n_text * LATEST_START
    return begins_early and len(lanes) >= BODY_SHARE * n_text and len(lanes) >= CONTIGUOUS * (last - first + 1)


def _n_numbers(lanes: Mapping[int, Sequence[Lane]]) -> int:
    return sum(len(lane.words) for of_page in lanes.values() for lane in of_page)


# One page ------------------------------------------------------------------------------------------------------------


def _propose_lanes(page: PdfPage, rows: Sequence[Row]) -> list[Lane]:
    """Columns of digit words that rise by a constant step with nothing else in their way, the longest first."""
    digits = [word for word in page.words if MARGIN_DIGITS.fullmatch(word.text)]
    if not MIN_LANE <= len(digits) <= MAX_DIGITS:
        return []
    chains = [chain for edge in ("x0", "x1") for group in _by_edge(digits, edge) for chain in _chains(group)]
    lanes: list[Lane] = []
    taken: set[int] = set()
    for chain in sorted(chains, key=len, reverse=True):
        if taken.isdisjoint(map(id, chain)):
            side = _side(chain, page)
            if side and not _heads_column(chain, rows) and not _in_grid(chain, page):
                lanes.append(Lane(side, tuple(chain)))
            if side:
                taken.update(map(id, chain))
    return lanes


def _extent(words: Sequence[Word]) -> tuple[float, float]:
    """The left and the right edge of words, points."""
    return min(word.x0 for word in words), max(word.x1 for word in words)


def _chains(words: Sequence[Word]) -> Iterator[list[Word]]:
    """The longest chain of a column, then the longest of what is left, as long as there is one."""
    left = list(words)
    while len(chain := longest_chain(left)) >= MIN_LANE:
        yield chain
        own = set(map(id, chain))
        left = [word for word in left if id(word) not in own]


def _propose_over_pages(
    pages: Sequence[PdfPage], rows: Mapping[int, Sequence[Row]]
) -> tuple[int, dict[int, list[Lane]]]:
    """The step and the lanes of pages that hold but a number or two each, as every tenth line of a widely set text.

    They are the longest run that goes on over the pages, and each of its numbers is the outermost word of its row.
    """
    page_of: dict[int, PdfPage] = {}
    best: list[Word] = []
    for outermost in (0, -1):
        words = []
        for page in pages:
            digits = [row.words[outermost] for row in rows[page.page_number]]
            digits = [word for word in digits if MARGIN_DIGITS.fullmatch(word.text)][:MAX_CANDIDATES]
            words += digits
            page_of.update({id(word): page for word in digits})
        for group in (group for edge in ("x0", "x1") for group in _by_edge(words, edge, ordered=False)):
            best = max(best, longest_chain(group), key=len)
    lanes: dict[int, list[Lane]] = {page.page_number: [] for page in pages}
    if len(best) < MIN_MEMBERS:
        return 1, lanes
    step = int(best[-1].text) - int(best[-2].text)
    from_start = int(best[0].text) <= step
    if step < WIDE_STEP or not (from_start or len(best) >= MIN_OVER_PAGES):
        return 1, lanes
    for page in pages:
        chain = [word for word in best if page_of[id(word)] is page]
        side = _side(chain, page) if chain else None
        if side in ("left", "right"):
            lanes[page.page_number] = [Lane(side, tuple(chain))]
    return step, lanes


def _by_edge(words: Sequence[Word], edge: str, *, ordered: bool = True) -> list[list[Word]]:
    """Groups of words whose left or right edges agree, each from top to bottom, or else as they were given."""
    given = {id(word): position for position, word in enumerate(words)}
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda word: float(getattr(word, edge))):
        if groups and getattr(word, edge) - getattr(groups[-1][0], edge) <= EDGE_TOLERANCE:
            groups[-1].append(word)
        else:
            groups.append([word])
    groups = [group for group in groups if MIN_LANE <= len(group) <= MAX_CANDIDATES]
    return [sorted(group, key=lambda word: word.baseline if ordered else given[id(word)]) for group in groups]


def longest_chain(words: Sequence[Word]) -> list[Word]:
    """The longest subsequence, from top to bottom, in which each number is the one before plus a constant step.

    A first number that is out of step (1, 5, 10, 15 as printed by some) is taken along.
    """
    values = [int(word.text) for word in words]
    best: list[int] = []
    for step in STEPS:
        length: dict[int, tuple[int, int]] = {}  # last value -> how long the chain that ends there is, and where
        before: dict[int, int] = {}
        for position, value in enumerate(values):
            n, last = length.get(value - step, (0, -1))
            if n + 1 >= length.get(value, (0, -1))[0]:
                length[value] = (n + 1, position)
                before[position] = last
        n, last = max(length.values(), default=(0, -1))
        if n > len(best):
            best = []
            while last >= 0:
                best.insert(0, last)
                last = before[last]
    chain = [words[position] for position in best]
    if best and best[0] > 0 and len(best) > 1:
        step, first = values[best[1]] - values[best[0]], values[best[0]]
        out_of_step = values[best[0] - 1]
        if step > 1 and 0 < first - out_of_step < step and out_of_step % step == 1:
            chain.insert(0, words[best[0] - 1])
    return chain


def _step(lane: Lane) -> int:
    """The commonest distance between two numbers of a lane; 0 where it has but one."""
    distances = Counter(after - before for before, after in pairwise(lane.values))
    return distances.most_common(1)[0][0] if distances else 0


def _side(chain: Sequence[Word], page: PdfPage) -> Side | None:
    """Where a column of digits stands: beside all text on one side, or between two columns; None if in the text.

    Running heads may stand out in the margin, so the top and the bottom of the page count only between the column's own
    ends. Notes in the margin may stand beyond the numbers: little text beside much.
    """
    x0, x1 = _extent(chain)
    top, bottom = chain[0].top - 2, chain[-1].bottom + 2
    in_body = in_way = on_left = on_right = 0
    for word in page.words:
        if min(abs(word.x0 - x0), abs(word.x1 - x1)) <= EDGE_TOLERANCE and MARGIN_DIGITS.fullmatch(word.text):
            continue
        among = top < word.baseline < bottom
        if not among and not 0.1 * page.height < word.baseline < 0.9 * page.height:
            continue
        if word.x1 <= x0 - 1:
            on_left += len(word.text)
        elif word.x0 >= x1 + 1:
            on_right += len(word.text)
        else:
            in_body += 1
            in_way += among
    allowed = max(1, 0.1 * len(chain))
    if in_body <= allowed and on_left <= NOTES_SHARE * on_right:
        return "left"
    if in_body <= allowed and on_right <= NOTES_SHARE * on_left:
        return "right"
    return "gutter" if in_way <= allowed and on_left and on_right else None


def _heads_column(chain: Sequence[Word], rows: Sequence[Row]) -> bool:
    """Whether a word of letters stands right above the column, as the head of a table's column does («Nr.»)."""
    x0, x1 = _extent(chain)
    above = [row for row in rows if row.baseline < chain[0].baseline - SAME_BASELINE]
    if not above or chain[0].baseline - above[-1].baseline > 3 * chain[0].height or len(above[-1].words) < 2:
        return False
    return any(
        word.x0 < x1 and word.x1 > x0 and len(word.text) <= 6 and not MARGIN_DIGITS.fullmatch(word.text)
        for word in above[-1].words
    )


def _in_grid(chain: Sequence[Word], page: PdfPage) -> bool:
    """Whether the column stands inside a ruled table: several horizontal rules cross it between its ends."""
    x0, x1 = _extent(chain)
    top, bottom = chain[0].top - chain[0].height, chain[-1].bottom + chain[-1].height
    crossing = {
        round(rule.top)
        for rule in page.rules
        if rule.bottom - rule.top < 2 and rule.x0 <= x0 and rule.x1 >= x1 and top <= rule.top <= bottom
    }
    return len(crossing) >= 3


# The document --------------------------------------------------------------------------------------------------------


def _agree(proposed: Mapping[int, Sequence[Lane]], step: int) -> tuple[Margins, dict[int, tuple[Lane, ...]]]:
    """The margins that hold numbers of one step, and the lanes of each page in reading order.

    A page with numbers on both sides has the same numbers twice, or one run for each text column; else only one side
    is kept, unless the sides take turns as numbers in the outer margin do: the page numbers of a list of contents
    stand on the right and rise too.
    """
    of_step = {page: [lane for lane in lanes if _step(lane) in (step, 0)] for page, lanes in proposed.items()}
    left = {page: lane for page, lanes in of_step.items() if (lane := _on_side(lanes, "left"))}
    right = {page: lane for page, lanes in of_step.items() if (lane := _on_side(lanes, "right"))}
    twofold = left.keys() & right.keys()
    margins: Margins
    lanes: dict[int, tuple[Lane, ...]]
    if twofold and 2 * sum(_is_repeated(left[page], right[page]) for page in twofold) >= len(twofold):
        margins, lanes = "both", {page: (left.get(page) or right[page],) for page in sorted(left.keys() | right.keys())}
    elif twofold and 2 * sum(_goes_on(left[page], right[page], step) for page in twofold) >= len(twofold):
        margins = "columns"
        lanes = {page: (lane,) for page, lane in left.items()}
        for page in twofold:
            both = (left[page], right[page])
            lanes[page] = both if _goes_on(*both, step) else (max(both, key=lambda lane: len(lane.words)),)
    else:
        margins, lanes = _one_side(left, right)
    with_gutter = {page: _with_gutters(lanes[page], of_step[page], step) for page in sorted(lanes)}
    if any(len(with_gutter[page]) > len(lanes[page]) for page in lanes):
        margins = "columns"
    return margins, with_gutter


def _on_side(lanes: Sequence[Lane], side: Side) -> Lane | None:
    """The longest lane on one side, with others above or below it: numbers may begin anew in the middle of a page."""
    own = [lane for lane in lanes if lane.side == side]
    if not own:
        return None
    longest = max(own, key=lambda lane: len(lane.words))
    words = list(longest.words)
    for lane in sorted(own, key=lambda lane: len(lane.words), reverse=True):
        alike = _stand_alike((lane.x0, lane.x1), (longest.x0, longest.x1))
        apart = lane.words[0].top > words[-1].top or lane.words[-1].top < words[0].top
        if alike and apart:
            words = _by_height([*words, *lane.words])
    return Lane(side, tuple(words))


def _is_repeated(lane: Lane, other: Lane) -> bool:
    """Whether two lanes print the same numbers on the same lines."""
    at = {word.text: word.baseline for word in lane.words}
    same = sum(abs(at.get(word.text, -99.0) - word.baseline) <= SAME_BASELINE for word in other.words)
    return same >= 0.8 * min(len(lane.words), len(other.words))


def _goes_on(before: Lane, after: Lane, step: int) -> bool:
    """Whether the numbers of one lane follow on those of the lane before it."""
    return 0 < int(after.words[0].text) - int(before.words[-1].text) <= 2 * step


def _one_side(left: dict[int, Lane], right: dict[int, Lane]) -> tuple[Margins, dict[int, tuple[Lane, ...]]]:
    """Each page's longer lane where the sides take turns; else the lanes of the side that has more numbers."""
    longer = {
        page: max((side[page] for side in (left, right) if page in side), key=lambda lane: len(lane.words))
        for page in sorted(left.keys() | right.keys())
    }
    sides = [lane.side for lane in longer.values()]
    turns = sum(before != after for before, after in pairwise(sides))
    if len(set(sides)) == 2 and 2 * turns >= len(sides) - 1:
        return "outer", {page: (lane,) for page, lane in longer.items()}
    n_numbers = Counter[Side]()
    for lane in longer.values():
        n_numbers[lane.side] += len(lane.words)
    main: Literal["left", "right"] = "right" if n_numbers["right"] > n_numbers["left"] else "left"
    return main, {page: (lane,) for page, lane in longer.items() if lane.side == main}


def _with_gutters(lanes: Sequence[Lane], proposed: Iterable[Lane], step: int) -> tuple[Lane, ...]:
    """A page's lanes with those between its columns whose numbers go on from, or lead up to, the others."""
    result = list(lanes)
    for lane in sorted((lane for lane in proposed if lane.side == "gutter"), key=lambda lane: lane.x0):
        before = [other for other in result if other.x0 < lane.x0]
        after = [other for other in result if other.x0 > lane.x0]
        follows = not before or _goes_on(before[-1], lane, step)
        leads = not after or _goes_on(lane, after[0], step)
        if follows and leads:
            result = [*before, lane, *after]
    return tuple(result)


def _at_one_place(lanes: dict[int, tuple[Lane, ...]], step: int) -> dict[int, tuple[Lane, ...]]:
    """The lanes without those at another place than most, if the numbers then go on better.

    The margins of left and right pages may differ; the first column of a table that fills a page stands elsewhere too.
    """
    places = {page: (round(of_page[0].x0), round(of_page[0].x1)) for page, of_page in lanes.items()}
    alike = [
        {page: lanes[page] for page, other in places.items() if _stand_alike(place, other)}
        for place in sorted(set(places.values()))
    ]
    most = max(alike, key=lambda some: (len(some), _n_numbers(some)), default=lanes)
    if len(most) == len(lanes) or _n_numbers(most) < MIN_MEMBERS:
        return lanes

    def goes_on(some: Mapping[int, Sequence[Lane]]) -> float:
        return round(_best_run({page: list(some[page]) for page in sorted(some)}, step).confidence, 2)

    return most if goes_on(most) > goes_on(lanes) else lanes


def _stand_alike(place: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two columns share their left or their right edge."""
    return min(abs(place[0] - other[0]), abs(place[1] - other[1])) <= EDGE_TOLERANCE


def _values(lanes: Mapping[int, Sequence[Lane]]) -> list[int]:
    """The numbers of all pages."""
    return [value for of_page in lanes.values() for lane in of_page for value in lane.values]


def _number_lines(
    pages: Sequence[PdfPage],
    rows: Mapping[int, Sequence[Row]],
    tables: Mapping[int, Sequence[Box]],
    lanes: Mapping[int, Sequence[Lane]],
    step: int,
) -> bool:
    """Whether the numbers count lines: about as many rows stand beside them as they count, and on the whole page.

    Years do not count.
    """
    values = _values(lanes)
    if min(values) >= 1800 and max(values) <= 2100 and len(pages) <= 4:
        return False
    heights = {page.page_number: page.height for page in pages}
    rows_a_line: list[float] = []
    counted: list[float] = []
    full_rows: list[bool] = []
    for page_number, of_page in lanes.items():
        own = {id(word) for lane in of_page for word in lane.words}
        text_rows = [
            row
            for row in rows[page_number]
            if any(id(word) not in own for word in row.words)
            and not any(is_level_with(row, box) for box in tables.get(page_number, ()))
        ]
        for lane in of_page:
            top, bottom = lane.words[0].baseline - SAME_BASELINE, lane.words[-1].baseline + SAME_BASELINE
            beside = [row for row in text_rows if top <= row.baseline <= bottom]
            rows_a_line.append(len(beside) / (step * (len(lane.words) - 1) + 1))
            full_rows += [_is_numbered(row, lane) for row in beside if len(row.text) >= FULL_ROW]
        n_body = sum(EDGE_OF_PAGE < row.baseline / heights[page_number] < 1 - EDGE_OF_PAGE for row in text_rows)
        counted.append(step * sum(len(lane.words) for lane in of_page) / max(n_body, 1))
    if median(counted) < MIN_ROWS_COUNTED:
        return False
    n_lanes = max(len(of_page) for of_page in lanes.values())
    few_full_rows = sum(full_rows) < MIN_FULL_ROWS * len(full_rows)
    if step == 1 and n_lanes == 1 and few_full_rows and not _is_ruler(rows, lanes):
        return False
    return median(rows_a_line) <= MAX_ROWS_PER_LINE * (1 if n_lanes == 1 else 2)


def _is_numbered(row: Row, lane: Lane) -> bool:
    """Whether a number of the lane stands on the row's baseline."""
    near = bisect_left(lane.words, row.baseline - SAME_BASELINE, key=lambda word: word.baseline)
    return near < len(lane.words) and lane.words[near].baseline <= row.baseline + SAME_BASELINE


def _is_ruler(rows: Mapping[int, Sequence[Row]], lanes: Mapping[int, Sequence[Lane]]) -> bool:
    """Whether the numbers stand at even distances and most rows stand off their baselines."""
    even = n_gaps = beside = n_rows = 0
    for page_number, of_page in lanes.items():
        own = {id(word) for lane in of_page for word in lane.words}
        baselines = [word.baseline for lane in of_page for word in lane.words]
        for lane in of_page:
            gaps = [after.baseline - before.baseline for before, after in pairwise(lane.words)]
            usual = median(gaps) if gaps else 0.0
            even += sum(abs(gap - usual) <= 0.6 for gap in gaps)
            n_gaps += len(gaps)
        for row in rows[page_number]:
            text = [word for word in row.words if id(word) not in own]
            if text and baselines and min(baselines) - 6 <= row.baseline <= max(baselines) + 6:
                n_rows += 1
                at = text[0].baseline
                beside += any(abs(at - baseline) <= SAME_BASELINE for baseline in baselines)
    return n_gaps > 0 and even >= 0.9 * n_gaps and beside < RULER_SHARE * n_rows


def _columns(
    pages: Sequence[PdfPage], rows: Mapping[int, Sequence[Row]], lanes: Mapping[int, Sequence[Lane]]
) -> dict[int, list[Lane]]:
    """All digit words at the lanes' places, on every page, so that short pages and single numbers are found as well.

    Between columns only where numbers stand beside the first of them too.
    """
    edges = {
        (position, parity): _edges(lanes, parity, position)
        for position in range(max(map(len, lanes.values())))
        for parity in (0, 1)
    }
    usual = {parity: _usual_sides(lanes, parity) for parity in (0, 1)}
    columns: dict[int, list[Lane]] = {}
    for page in pages:
        own = [lane.side for lane in lanes.get(page.page_number, ())]
        sides = usual[page.page_number % 2]
        sides = own if len(own) >= len(sides) or not set(own) <= set(sides) else sides
        found: list[Lane] = []
        for position, side in enumerate(sides):
            words = _column_words(rows[page.page_number], page, *edges[position, page.page_number % 2])
            known = [word for lane in lanes.get(page.page_number, ())[position : position + 1] for word in lane.words]
            words = _by_height({id(word): word for word in (*words, *known)}.values())
            if words and (side != "gutter" or found):
                found.append(Lane(side, tuple(words)))
        if found:
            columns[page.page_number] = found
    return columns


def _members(columns: Mapping[int, Sequence[Lane]], run: "_Run") -> dict[int, tuple[Lane, ...]]:
    """The columns with those of their words alone that belong to the run."""
    result: dict[int, tuple[Lane, ...]] = {}
    for page_number, lanes in columns.items():
        kept = [Lane(lane.side, tuple(word for word in lane.words if id(word) in run.members)) for lane in lanes]
        if any(lane.words for lane in kept):
            result[page_number] = tuple(lane for lane in kept if lane.words)
    return result


def _by_height(words: Iterable[Word]) -> list[Word]:
    return sorted(words, key=lambda word: word.baseline)


def _usual_sides(lanes: Mapping[int, Sequence[Lane]], parity: int) -> list[Side]:
    """The sides of the lanes on most even or odd pages; the fullest set where there are ties."""
    alike = Counter(
        tuple(lane.side for lane in of_page) for page, of_page in lanes.items() if page % 2 == parity
    ) or Counter(tuple(lane.side for lane in of_page) for of_page in lanes.values())
    return list(max(alike.items(), key=lambda usual: (usual[1], len(usual[0])))[0])


def _edges(lanes: Mapping[int, Sequence[Lane]], parity: int, position: int) -> tuple[float, float]:
    """The median left and right edge of the lanes at one position, on even or odd pages if there are any."""
    at = {page: of_page[position] for page, of_page in lanes.items() if len(of_page) > position}
    at = at or {page: of_page[-1] for page, of_page in lanes.items()}
    same = [lane for page, lane in at.items() if page % 2 == parity] or list(at.values())
    words = [word for lane in same for word in lane.words]
    return median(word.x0 for word in words), median(word.x1 for word in words)


def _column_words(rows: Sequence[Row], page: PdfPage, x0: float, x1: float) -> list[Word]:
    """The digit words of a page at one of a lane's edges; at its top and foot page numbers may stand there."""
    return [
        word
        for row in rows
        if EDGE_OF_PAGE < row.baseline / page.height < 1 - EDGE_OF_PAGE
        for word in row.words
        if min(abs(word.x0 - x0), abs(word.x1 - x1)) <= EDGE_TOLERANCE and MARGIN_DIGITS.fullmatch(word.text)
    ]


def _repeated(rows: Mapping[int, Sequence[Row]], lanes: Mapping[int, Sequence[Lane]]) -> dict[int, tuple[Word, ...]]:
    """The words in the other margin that print the number of a lane again, on the same line."""
    result: dict[int, tuple[Word, ...]] = {}
    for page_number, of_page in lanes.items():
        numbers = {word.text: word for lane in of_page for word in lane.words}
        words = []
        for row in rows[page_number]:
            for word in (row.words[0], row.words[-1]):
                first = numbers.get(word.text)
                if first and word is not first and abs(first.baseline - word.baseline) <= SAME_BASELINE:
                    words.append(word)
        result[page_number] = tuple(words)
    return result


# The run of the numbers ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """Words whose numbers follow on each other through a document, by `id`, and where they begin anew.

    `n_begun` is how often they do so. `confidence` is the share of steps from one number to the next that are as they
    should be, of all that are and the words that belong to no run.
    """

    restart: Restart
    members: frozenset[int]
    score: float
    n_begun: int
    confidence: float


def _best_run(columns: Mapping[int, Sequence[Lane]], step: int) -> _Run:
    """The run that explains most of the words: numbers that begin anew never, on each page, or with each section."""
    words = [
        (page_number, int(word.text), id(word))
        for page_number, lanes in columns.items()
        for lane in lanes
        for word in lane.words
    ]
    runs = [_longest_run(words, step, restart) for restart in ("document", "page", "section")]
    best = runs[0]
    for run in runs[1:]:
        if run.score > best.score + max(ENOUGH_BETTER, MUCH_BETTER * best.score):
            best = run
    return best


def _longest_run(words: Sequence[tuple[int, int, int]], step: int, restart: Restart) -> _Run:
    """The best subsequence of words (page, number, id): each follows on one of the few before it, or begins the run."""
    scores: list[float] = []
    before: list[int] = []
    for position, (page_number, value, _) in enumerate(words):
        score, last = BEGINS, -1
        for other in range(position - 1, max(position - 1 - MAX_STRAY, -1), -1):
            gain = _gain(words[other][1], value, step, restart, page_number != words[other][0])
            if gain and scores[other] + gain > score:
                score, last = scores[other] + gain, other
        scores.append(score)
        before.append(last)
    chosen: list[int] = []
    position = max(range(len(words)), key=lambda position: scores[position], default=-1)
    score = scores[position] if position >= 0 else 0.0
    while position >= 0:
        chosen.append(position)
        position = before[position]
    chosen.reverse()
    begun = perfect = 0
    for earlier, later in pairwise(chosen):
        gain = _gain(words[earlier][1], words[later][1], step, restart, words[earlier][0] != words[later][0])
        begun += words[later][1] < words[earlier][1]
        perfect += gain >= BEGINS_ANEW
    n_steps = max(len(words) - 1, 1)
    return _Run(restart, frozenset(words[i][2] for i in chosen), score, begun, round(perfect / n_steps, 4))


def _gain(value: int, following: int, step: int, restart: Restart, new_page: bool) -> float:
    """How well a number follows on another: 0 where it does not."""
    if restart == "page" and new_page:
        return 1.0 if following <= step else BEGINS_ANEW if following <= 4 * step else 0.0
    if following == value + step or (value == 1 and following == step):
        return 1.0
    if restart == "section" and following <= max(step, 1) and following < value:
        return BEGINS_ANEW
    if following == value:
        return TWICE
    return MISSING if value < following <= value + MAX_MISSING * step and (following - value) % step == 0 else 0.0


def _doubles(lanes: Mapping[int, Sequence[Lane]]) -> tuple[int, ...]:
    counts = Counter(_values(lanes))
    return tuple(sorted(value for value, count in counts.items() if count > 1))
