"""Tables as rows and cells: geometry of ruling lines and words, no file is opened here.

Three kinds are found: ruled tables (horizontal and vertical lines that meet), tables between horizontal lines of one
length (LaTeX's booktabs), and columns of words without any line, below or above a caption «Tabell 1».

Prose read as a table is worse than a table read as text, so whatever may be prose, a list, a frame or a figure is left
alone. The cells of a grid tile its box: each word whose centre lies in the box lies in exactly one cell.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from innspill.reading.pages.pdf import PdfPage, Word
from innspill.records import Box

# Ruling lines nearer to each other than this are one line drawn twice, or the two edges of a thin rectangle. Points.
SNAP = 2.5
# Columns and rows narrower than this, points, are the gap of a double line.
MIN_CELL = 5.0
# Lines of one direction on a page. A page with more is a drawing; the work on it grows with their product.
MAX_LINES = 300
MAX_RULES = 2_000
MAX_CELLS = 10_000
# Words on a page; no printed page holds more. Groups of horizontals of one length that a page is searched for.
MAX_WORDS, MAX_STACKS = 5_000, 30
# Lines in a table's box that do not meet its own: underlined words, a box to tick.
MAX_LOOSE = 6
# How wide a ruled table is, and how long lines without verticals are, points; how equal the ends of these.
MIN_LENGTH, EQUAL_ENDS = 60.0, 3.0
# Shares of the font's size: a space between words, a gap between columns (a space of a typewriter font is 0.6), and a
# gap that nobody takes for a space.
WORD_SPACE, COLUMN_GAP, WIDE_GAP = 0.45, 0.75, 0.9
# The share of a table's lines that may run across a gap between columns (headings over several columns).
SPANNING_SHARE = 0.2
# Words on one line differ in their baselines by at most this share of their size; a raised or lowered sign is smaller
# than the words of its line, by this share.
SAME_LINE, SCRIPT_SIZE = 0.15, 0.85
# The share of a ruled table's cells that hold words, unless its first row is full (a form to fill in).
MIN_FILLED = 0.5
# The share of a table's rows without ruling lines that have words in two columns or more.
MOSTLY = 0.6
# A line of prose has this many words and fills this share of the width, without a wide gap.
PROSE_WORDS, PROSE_WIDTH = 5, 0.6
# The first line below a horizontal begins within this many points.
NEAR = 20.0
# Lines that a running head or foot has at most.
MAX_RUNNING = 2
# Lines of a borderless table stand at most this many line heights apart.
MAX_PITCH = 2.6
CAPTION_WORDS = {"tabell", "table", "tabel"}
CAPTION_NUMBER = re.compile(r"[A-Z]?\d+(?:[.\-–]\d+)*[a-z]?[.:]?")
NUMERIC = re.compile(r"[-+−–±<>≥≤~]?\d[\d.,:/%\-–]*|[-–—%]|kr|mill\.?|NOK", re.IGNORECASE)
LEADERS = re.compile(r"\.{4,}|…{2,}|(?:\. ){3}|(?:… ){2}")
LIST_MARKER = re.compile(r"[•◦▪‣·*–—\uf0b7-]|\(?(?:\d{1,3}|[a-zæøå]|[ivxl]{1,5})[.):]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on one page. `rows` are its cells, row by row and left to right; None where a merged cell reaches in."""

    page_number: int
    box: Box
    rows: tuple[tuple[Box | None, ...], ...]


class _Line(NamedTuple):
    """A ruling line: where it stands (y of a horizontal, x of a vertical), and from where to where it runs."""

    at: float
    start: float
    end: float


class _Network(NamedTuple):
    """Horizontals and verticals that hang together."""

    across: list[_Line]
    down: list[_Line]


class _TextLine(NamedTuple):
    """Words beside each other, from left to right."""

    words: tuple[Word, ...]

    @property
    def centre(self) -> float:
        """The height on the page, points from the top, halfway up the tallest word."""
        tallest = max(self.words, key=lambda word: word.height)
        return _middle(tallest)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(slots=True)
class _Lattice:
    """The borders between columns and rows, and the places where no line parts two neighbours.

    `joined_right` has (row, column) where the cell runs on into the next column, `joined_below` into the next row.
    """

    xs: list[float]
    ys: list[float]
    joined_right: set[tuple[int, int]] = field(default_factory=set)
    joined_below: set[tuple[int, int]] = field(default_factory=set)

    @property
    def n_rows(self) -> int:
        return len(self.ys) - 1

    @property
    def n_columns(self) -> int:
        return len(self.xs) - 1

    def owners(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each place (row, column) the upper left place of the cell that covers it. Cells are rectangles."""
        owner: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(self.n_rows):
            for column in range(self.n_columns):
                if (row, column) not in owner:
                    for place in self._cell_from(row, column, owner):
                        owner[place] = (row, column)
        return owner

    def _cell_from(self, row: int, column: int, taken: dict[tuple[int, int], tuple[int, int]]) -> list[tuple[int, int]]:
        last = column
        while last + 1 < self.n_columns and (row, last) in self.joined_right and (row, last + 1) not in taken:
            last += 1
        columns = range(column, last + 1)
        bottom = row
        while bottom + 1 < self.n_rows and self._runs_on_below(bottom, columns):
            bottom += 1
        return [(below, across) for below in range(row, bottom + 1) for across in columns]

    def _runs_on_below(self, row: int, columns: range) -> bool:
        """Whether a cell as wide as `columns` goes on in the next row, and is as wide there."""
        first, last = columns[0], columns[-1]
        return (
            all((row, column) in self.joined_below for column in columns)
            and all((row + 1, column) in self.joined_right for column in columns[:-1])
            and (row + 1, last) not in self.joined_right
            and (row + 1, first - 1) not in self.joined_right
        )

    def place(self, word: Word) -> tuple[int, int] | None:
        """The (row, column) that a word's centre lies in; None outside the borders."""
        row = bisect_right(self.ys, _middle(word)) - 1
        column = bisect_right(self.xs, (word.x0 + word.x1) / 2) - 1
        return (row, column) if 0 <= row < self.n_rows and 0 <= column < self.n_columns else None


def find_grids(pages: Iterable[PdfPage]) -> list[Grid]:
    """The tables of a report, in reading order. A table over a page break is two grids."""
    grids: list[Grid] = []
    cut: Grid | None = None
    for page in pages:
        found = _page_grids(page)
        if cut is not None:
            found = [*_rest(page, cut, found), *found]
        cut = next((grid for grid in found[-1:] if _is_cut(grid, page)), None)
        grids += found
    return grids


def _page_grids(page: PdfPage) -> list[Grid]:
    has_caption = any(word.text.lower() in CAPTION_WORDS for word in page.words)
    if not 0 < len(page.words) <= MAX_WORDS or (len(page.rules) < 2 and not has_caption):
        return []
    horizontals, verticals = _ruling_lines(page)
    networks = [(network, _ruled_lattice(network)) for network in _networks(horizontals, verticals)]
    crossed = {line for network, lattice in networks if lattice.n_columns > 1 for line in network.across}
    clear = [
        lattice
        for network, lattice in networks
        if _n_inside(lattice, horizontals, verticals) - len(network.across) - len(network.down) <= MAX_LOOSE
    ]
    grids = _ruled_grids(page, clear)
    for stack in _stacks([line for line in horizontals if line not in crossed]):
        grids += _without_overlap(_stack_grids(page, stack, horizontals), grids)
    if has_caption:
        grids += _captioned_grids(page, grids)
    return sorted(grids, key=lambda grid: (grid.box.top, grid.box.x0))


def _without_overlap(new: Iterable[Grid], found: Sequence[Grid]) -> list[Grid]:
    return [grid for grid in new if not any(_overlap(grid.box, other.box) for other in found)]


def _overlap(box: Box, other: Box) -> bool:
    return box.x0 < other.x1 and other.x0 < box.x1 and box.top < other.bottom and other.top < box.bottom


def _middle(word: Word) -> float:
    return (word.top + word.bottom) / 2


# Ruling lines --------------------------------------------------------------------------------------------------------


def _ruling_lines(page: PdfPage) -> tuple[list[_Line], list[_Line]]:
    """The page's horizontals and verticals, pieces joined, from top to bottom and from left to right.

    None of a page with so many that it must be a drawing.
    """
    horizontals, verticals = [], []
    for rule in page.rules[:MAX_RULES]:
        if rule.x1 - rule.x0 >= rule.bottom - rule.top:
            horizontals.append(_Line((rule.top + rule.bottom) / 2, rule.x0, rule.x1))
        else:
            verticals.append(_Line((rule.x0 + rule.x1) / 2, rule.top, rule.bottom))
    lines = _joined(horizontals), _joined(verticals)
    return lines if max(map(len, lines)) <= MAX_LINES else ([], [])


def _joined(pieces: Sequence[_Line]) -> list[_Line]:
    """Pieces on one line that touch or overlap, as one: a table's lines are often drawn cell by cell, or twice."""
    lines: list[_Line] = []
    for level in _levels(pieces):
        at = sum(piece.at for piece in level) / len(level)
        start, end = level[0].start, level[0].end
        for piece in level[1:]:
            if piece.start > end + SNAP:
                lines.append(_Line(at, start, end))
                start, end = piece.start, piece.end
            end = max(end, piece.end)
        lines.append(_Line(at, start, end))
    return lines


def _levels(pieces: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Groups of pieces that stand within SNAP of the group's first, each in order of where they start."""
    level: list[_Line] = []
    for piece in sorted(pieces):
        if level and piece.at > level[0].at + SNAP:
            yield sorted(level, key=lambda line: line.start)
            level = []
        level.append(piece)
    if level:
        yield sorted(level, key=lambda line: line.start)


# Ruled tables --------------------------------------------------------------------------------------------------------


def _ruled_grids(page: PdfPage, lattices: Sequence[_Lattice]) -> list[Grid]:
    """Tables of horizontals and verticals that meet; of tables within tables the outer one."""
    found: list[Grid] = []
    for lattice in sorted(lattices, key=_area, reverse=True):
        if lattice.n_rows < 2 or lattice.n_columns < 2 or lattice.n_rows * lattice.n_columns > MAX_CELLS:
            continue
        if lattice.xs[-1] - lattice.xs[0] < MIN_LENGTH:
            continue
        words = [word for word in page.words if lattice.place(word) is not None]
        if _holds_a_table(lattice, words):
            found += _without_overlap([_grid(page.page_number, _with_split_rows(lattice, words))], found)
    return found


def _area(lattice: _Lattice) -> float:
    return (lattice.xs[-1] - lattice.xs[0]) * (lattice.ys[-1] - lattice.ys[0])


def _n_inside(lattice: _Lattice, horizontals: Sequence[_Line], verticals: Sequence[_Line]) -> int:
    """How many ruling lines lie in a lattice, its own and others; drawings are full of lines that do not meet it."""
    left, right, top, bottom = lattice.xs[0], lattice.xs[-1], lattice.ys[0], lattice.ys[-1]
    n_across = sum(
        top - SNAP <= line.at <= bottom + SNAP and line.start >= left - SNAP and line.end <= right + SNAP
        for line in horizontals
    )
    return n_across + sum(
        left - SNAP <= line.at <= right + SNAP and line.start >= top - SNAP and line.end <= bottom + SNAP
        for line in verticals
    )


def _networks(horizontals: Sequence[_Line], verticals: Sequence[_Line]) -> list[_Network]:
    """Horizontals and verticals that hang together, by meeting each other."""
    meeting = [
        (across, down)
        for across, horizontal in enumerate(horizontals)
        for down, vertical in enumerate(verticals)
        if vertical.start - SNAP <= horizontal.at <= vertical.end + SNAP
        and horizontal.start - SNAP <= vertical.at <= horizontal.end + SNAP
    ]
    network_of = {("across", index): index for index in range(len(horizontals))}
    network_of |= {("down", index): len(horizontals) + index for index in range(len(verticals))}
    members = {network: [node] for node, network in network_of.items()}
    for across, down in meeting:
        kept, merged = network_of["across", across], network_of["down", down]
        if kept == merged:
            continue
        if len(members[kept]) < len(members[merged]):
            kept, merged = merged, kept
        for node in members[merged]:
            network_of[node] = kept
        members[kept] += members.pop(merged)
    networks = []
    for nodes in members.values():
        across_lines = [horizontals[index] for kind, index in nodes if kind == "across"]
        down_lines = [verticals[index] for kind, index in nodes if kind == "down"]
        if across_lines and down_lines:
            networks.append(_Network(across_lines, down_lines))
    return networks


def _ruled_lattice(network: _Network) -> _Lattice:
    """The borders that lines draw. Where the outer frame is not drawn, the ends of the lines stand for it."""
    across, down = network
    xs = _borders([line.at for line in down], across)
    ys = _borders([line.at for line in across], down)
    rows, columns = range(len(ys) - 1), range(len(xs) - 1)
    parted_right = {(row, column) for line in down for column in _near(xs, line.at) for row in _passed(ys, line)}
    parted_below = {(row, column) for line in across for row in _near(ys, line.at) for column in _passed(xs, line)}
    return _Lattice(
        xs,
        ys,
        {(row, column) for row in rows for column in columns[:-1] if (row, column + 1) not in parted_right},
        {(row, column) for row in rows[:-1] for column in columns if (row + 1, column) not in parted_below},
    )


def _borders(places: Sequence[float], crossing: Sequence[_Line]) -> list[float]:
    """Where lines of one direction stand, each once, and where the lines across them end beyond these."""
    borders: list[float] = []
    for place in sorted(places):
        if not borders or place > borders[-1] + MIN_CELL:
            borders.append(place)
    start, end = min(line.start for line in crossing), max(line.end for line in crossing)
    before = [start] if start < borders[0] - MIN_CELL else []
    after = [end] if end > borders[-1] + MIN_CELL else []
    return before + borders + after


def _near(borders: Sequence[float], at: float) -> Iterator[int]:
    index = max(bisect_right(borders, at + SNAP) - 1, 0)
    if abs(borders[index] - at) <= MIN_CELL + SNAP:
        yield index


def _passed(borders: Sequence[float], line: _Line) -> Iterator[int]:
    """The places between borders whose middle a line runs along."""
    for index, (start, end) in enumerate(pairwise(borders)):
        if line.start <= (start + end) / 2 <= line.end:
            yield index


def _holds_a_table(lattice: _Lattice, words: Sequence[Word]) -> bool:
    """Whether words stand in the cells as in a table: in most of them, inside their borders, in rows and in columns.

    A frame around text has one cell, a figure many empty ones or words across its lines.
    """
    owner = lattice.owners()
    if not _is_parted_into_rectangles(lattice, owner):
        return False
    filled = {owner[place] for word in words if (place := lattice.place(word)) is not None}
    cells = set(owner.values())
    first_row = {cell for (row, _), cell in owner.items() if row == 0}
    is_full = len(filled) >= MIN_FILLED * len(cells) or (len(first_row) >= 2 and first_row <= filled)
    rows = Counter(row for row, _ in filled)
    return (
        is_full
        and len({column for _, column in filled}) >= 2
        and (sum(n >= 2 for n in rows.values()) >= 2 or (len(first_row) >= 2 and first_row <= filled))
        and not _stray(lattice, owner, words)
        and not _is_sideways(words)
    )


def _is_parted_into_rectangles(lattice: _Lattice, owner: dict[tuple[int, int], tuple[int, int]]) -> bool:
    """Whether places without a line between them are of one cell, everywhere. In drawings lines end in the middle."""
    return all(owner[row, column] == owner[row, column + 1] for row, column in lattice.joined_right) and all(
        owner[row, column] == owner[row + 1, column] for row, column in lattice.joined_below
    )


def _stray(lattice: _Lattice, owner: dict[tuple[int, int], tuple[int, int]], words: Sequence[Word]) -> bool:
    """Whether more than one word in twenty runs over a line between two cells."""
    n_over = 0
    for word in words:
        places = [(_row(lattice, word), bisect_right(lattice.xs, x) - 1) for x in (word.x0 + 2, word.x1 - 2)]
        n_over += word.x1 - word.x0 > 4 and len({owner.get(place) for place in places}) > 1
    return n_over > len(words) / 20


def _row(lattice: _Lattice, word: Word) -> int:
    return bisect_right(lattice.ys, _middle(word)) - 1


def _is_sideways(words: Sequence[Word]) -> bool:
    """Whether nearly all words are single characters, as those of text set upwards are."""
    letters = [word for word in words if word.text.isalpha()]
    return len(letters) > 20 and sum(len(word.text) == 1 for word in letters) > 0.8 * len(letters)


def _with_split_rows(lattice: _Lattice, words: Sequence[Word]) -> _Lattice:
    """Part the rows of a table that has lines around its head and its body only.

    A body with a word in the first column on each of its printed lines, which no wrapping of long cells explains, has a
    row a line.
    """
    if lattice.n_rows > 3 or any(row for row, _ in lattice.joined_below):
        return lattice
    splits = {}
    for row, (top, bottom) in enumerate(pairwise(lattice.ys)):
        lines = _text_lines([word for word in words if top <= _middle(word) < bottom])
        rows = _rows_of(lines, lattice.xs)
        if len(rows) == len(lines) and sum(len(_pieces(line, lattice.xs)) >= 2 for line in lines) == len(lines) > 1:
            splits[row] = [_between(above, below) for above, below in pairwise(rows)]
    if not splits or lattice.joined_below:
        return lattice
    ys: list[float] = [lattice.ys[0]]
    joined_right: set[tuple[int, int]] = set()
    for row, bottom in enumerate(lattice.ys[1:]):
        first = len(ys) - 1
        ys += [*splits.get(row, []), bottom]
        joined_right |= {(new, c) for r, c in lattice.joined_right if r == row for new in range(first, len(ys) - 1)}
    return _Lattice(lattice.xs, ys, joined_right) if _rises(ys) else lattice


def _between(above: Sequence[_TextLine], below: Sequence[_TextLine]) -> float:
    """The height between two rows of text lines that parts the centres of their words."""
    last = max(_middle(word) for line in above for word in line.words)
    first = min(_middle(word) for line in below for word in line.words)
    return (last + first) / 2


def _grid(page_number: int, lattice: _Lattice) -> Grid:
    """The cells of a lattice as boxes."""
    owner = lattice.owners()
    ends: dict[tuple[int, int], tuple[int, int]] = {}
    for place, cell in owner.items():
        ends[cell] = max(ends.get(cell, cell), place)
    xs, ys = lattice.xs, lattice.ys

    def box(cell: tuple[int, int]) -> Box | None:
        if cell not in ends:
            return None
        (row, column), (last_row, last_column) = cell, ends[cell]
        return Box(page_number, xs[column], ys[row], xs[last_column + 1], ys[last_row + 1])

    rows = tuple(tuple(box((row, column)) for column in range(lattice.n_columns)) for row in range(lattice.n_rows))
    return Grid(page_number, Box(page_number, xs[0], ys[0], xs[-1], ys[-1]), rows)


# Lines of text and their columns -------------------------------------------------------------------------------------


def _text_lines(words: Iterable[Word]) -> list[_TextLine]:
    """Words on one baseline, lines from top to bottom. Raised and lowered signs stand on the line they belong to."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.baseline):
        if lines and word.baseline - lines[-1][0].baseline <= SAME_LINE * max(word.height, lines[-1][0].height):
            lines[-1].append(word)
        else:
            lines.append([word])
    for above, below in pairwise(lines):
        if not above or below[0].baseline - above[0].baseline > 0.6 * max(below[0].height, above[0].height):
            continue
        small, tall = sorted((above, below), key=lambda line: max((word.height for word in line), default=0.0))
        for word in [word for word in small if _is_script(word, tall)]:
            small.remove(word)
            tall.append(word)
    return [_TextLine(tuple(sorted(line, key=lambda word: word.x0))) for line in lines if line]


def _is_script(word: Word, line: Sequence[Word]) -> bool:
    """Whether a word is a raised or lowered sign beside a taller word of a line, or touches one (the E of TeX)."""
    for other in line:
        size, offset = other.height, abs(word.baseline - other.baseline)
        apart = max(word.x0 - other.x1, other.x0 - word.x1)
        if word.height <= SCRIPT_SIZE * size and offset <= 0.6 * size and apart < WORD_SPACE * size:
            return True
        if offset <= 0.35 * size and apart < 0.1 * size:
            return True
    return False


def _without_margin_numbers(words: Sequence[Word]) -> list[Word]:
    """The page's words without digits that stand outside the text's left and right edge, one over the other."""
    lines = _text_lines([word for word in words if not word.text.isdigit()])
    if not lines:
        return list(words)
    lefts = Counter(round(line.x0) for line in lines)
    left = min(edge for edge, n in lefts.items() if n >= min(2, max(lefts.values())))
    right = max(line.x1 for line in lines)
    columns: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        if word.text.isdigit() and (word.x1 < left or word.x0 > right):
            columns[round(word.x1 if word.x1 < left else word.x0) // 3].append(word)
    margin = {word for column in columns.values() for word in column}
    return [word for word in words if word not in margin]


def _size(lines: Sequence[_TextLine]) -> float:
    """The font's size that the middle one of the words has, points."""
    return median(word.height for line in lines for word in line.words)


def _runs(line: _TextLine, gap: float) -> list[tuple[float, float]]:
    """Where the line's text begins and ends, parted at spaces of at least `gap` points."""
    runs: list[tuple[float, float]] = []
    for word in line.words:
        if runs and word.x0 - runs[-1][1] < gap:
            runs[-1] = (runs[-1][0], max(word.x1, runs[-1][1]))
        else:
            runs.append((word.x0, word.x1))
    return runs


def _column_borders(lines: Sequence[_TextLine], x0: float, x1: float, gap: float) -> list[float]:
    """Where columns are parted: `x0`, the middles of the gaps of at least `gap` points down the lines, and `x1`.

    Few lines may run across a gap; on each side of it at least two lines, and a fifth of them, have words.
    """
    n_across = max(int(SPANNING_SHARE * len(lines)), 1 if len(lines) >= 4 else 0)
    borders = [x0]
    for stretches in _thin_stretches(lines, n_across):
        if stretches[-1].end - stretches[0].start >= gap:
            thinnest = min(stretches, key=lambda stretch: (stretch.n_lines, stretch.start - stretch.end))
            border = (thinnest.start + thinnest.end) / 2
            if _parts(lines, border, gap):
                borders.append(border)
    borders.append(x1)
    while len(borders) > 2 and (empty := _empty_column(lines, borders)) is not None:
        del borders[empty]
    return borders


def _parts(lines: Sequence[_TextLine], border: float, gap: float) -> bool:
    """Whether most lines with words on both sides of a border, and two at least, have a gap there."""
    n_both = n_wide = 0
    for line in lines:
        before = max((word.x1 for word in line.words if word.x0 < border), default=None)
        after = min((word.x0 for word in line.words if word.x0 >= border), default=None)
        if before is not None and after is not None:
            n_both += 1
            n_wide += after - before >= gap
    return n_wide >= max(2, n_both / 2)


class _Stretch(NamedTuple):
    """A stretch across the page in which the words of `n_lines` lines stand."""

    start: float
    end: float
    n_lines: int


def _thin_stretches(lines: Sequence[_TextLine], n_across: int) -> Iterator[list[_Stretch]]:
    """Stretches beside each other in which the words of at most `n_across` lines stand, together."""
    events = sorted(event for line in lines for word in line.words for event in ((word.x0, 1), (word.x1, -1)))
    stretches: list[_Stretch] = []
    n_open = 0
    for (at, change), (following, _) in pairwise(events):
        n_open += change
        if n_open > n_across:
            if stretches:
                yield stretches
            stretches = []
        elif following > at:
            stretches.append(_Stretch(at, following, n_open))
    if stretches:
        yield stretches


def _empty_column(lines: Sequence[_TextLine], borders: Sequence[float]) -> int | None:
    """The border to take away, beside the first column in which fewer than two lines, or an eighth, have words."""
    filled = Counter(column for line in lines for column in _pieces(line, borders))
    for column in range(len(borders) - 1):
        if filled[column] < max(2, len(lines) / 8):
            return column or 1
    return None


def _pieces(line: _TextLine, borders: Sequence[float]) -> dict[int, list[Word]]:
    """The line's words by the column that their centre lies in."""
    pieces: dict[int, list[Word]] = defaultdict(list)
    for word in line.words:
        column = bisect_right(borders, (word.x0 + word.x1) / 2) - 1
        pieces[min(max(column, 0), len(borders) - 2)].append(word)
    return dict(pieces)


def _width(words: Sequence[Word]) -> float:
    return max(word.x1 for word in words) - words[0].x0


def _widest(lines: Iterable[_TextLine], borders: Sequence[float]) -> dict[int, float]:
    """How wide the widest piece of a line is in each column, points."""
    widest: dict[int, float] = defaultdict(float)
    for line in lines:
        for column, words in _pieces(line, borders).items():
            widest[column] = max(widest[column], _width(words))
    return widest


def _rows_of(lines: Sequence[_TextLine], borders: Sequence[float]) -> list[list[_TextLine]]:
    """Lines gathered to rows: a line on which the first column is empty goes on with the row above, if it is wrapped.

    A cell is wrapped where the next line's first word would not have fitted after the line's last one. Numbers are not
    wrapped.
    """
    widest = _widest(lines, borders)
    rows: list[list[_TextLine]] = []
    above: dict[int, list[Word]] = {}
    for line in lines:
        pieces = _pieces(line, borders)
        if rows and 0 not in pieces and _is_wrapped(above, pieces, widest):
            rows[-1].append(line)
            above = above | pieces
        else:
            rows.append([line])
            above = pieces
    return rows


def _is_wrapped(above: dict[int, list[Word]], below: dict[int, list[Word]], widest: dict[int, float]) -> bool:
    """Whether each piece of a line may go on from the piece above it in its column."""
    if len(below) > 1 and all(len(above.get(column, ())) == len(words) == 1 for column, words in below.items()):
        return False  # words one under the other in several columns: rows of a group that is named once
    for column, words in below.items():
        if column not in above:
            return False
        if all(NUMERIC.fullmatch(word.text) for word in [*above[column], *words]):
            return False
        space = 0.2 * words[0].height
        if _width(above[column]) + space + words[0].x1 - words[0].x0 < widest[column] - 1:
            return False
    return True


# Tables between horizontal lines ------------------------------------------------------------------------------------


def _stacks(horizontals: Sequence[_Line]) -> list[list[_Line]]:
    """Horizontals that begin and end at the same places, at least two of them, from top to bottom."""
    stacks: list[list[_Line]] = []
    for line in horizontals:
        if line.end - line.start < MIN_LENGTH:
            continue
        for stack in stacks:
            if abs(stack[0].start - line.start) <= EQUAL_ENDS and abs(stack[0].end - line.end) <= EQUAL_ENDS:
                stack.append(line)
                break
        else:
            stacks.append([line])
    return [stack for stack in stacks if len(stack) >= 2][:MAX_STACKS]


def _stack_grids(page: PdfPage, stack: Sequence[_Line], horizontals: Sequence[_Line]) -> Iterator[Grid]:
    """The tables between lines of one length: neighbouring bands without prose, with columns down all of them."""
    bands = _bands(page.words, stack)
    first = 0
    while first < len(bands):
        last = first
        while last < len(bands) and _may_be_tabular(bands[last], stack[last], stack[last + 1]):
            last += 1
        end = last
        while end > first and not _has_gap(bands[end - 1]):
            end -= 1
        while end > first and not _has_gap(bands[first]):
            first += 1
        if end > first:
            tail = _tail(page, stack[end]) if end == len(bands) else []
            lattice = _stack_lattice(bands[first:end], tail, stack[first : end + 1], horizontals)
            if lattice is not None and (end > first + 1 or tail or _is_sure(lattice, page.words)):
                yield _grid(page.page_number, _with_head(lattice, page.words, stack[first]))
        first = max(last, first + 1)


def _stack_lattice(
    bands: Sequence[list[_TextLine]], tail: list[_TextLine], rules: Sequence[_Line], horizontals: Sequence[_Line]
) -> _Lattice | None:
    """The borders of the table between horizontals, with the tail below the last one where that fits its columns."""
    if tail:
        foot = rules[-1]._replace(at=tail[-1].bottom)
        lattice = _columns_lattice([*bands, tail], [*rules, foot], horizontals)
        if lattice is not None:
            return lattice
    return _columns_lattice(bands, rules, horizontals)


def _is_sure(lattice: _Lattice, words: Iterable[Word]) -> bool:
    """Whether rows between two horizontals, without a head ruled off, are no listing: three columns, or a caption."""
    top, bottom = lattice.ys[0] - 3 * NEAR, lattice.ys[-1] + 3 * NEAR
    return lattice.n_columns > 2 or any(
        word.text.lower() in CAPTION_WORDS and top < _middle(word) < bottom for word in words
    )


def _with_head(lattice: _Lattice, words: Iterable[Word], rule: _Line) -> _Lattice:
    """A table whose first horizontal stands under its head: the line above it, if it has words over all columns."""
    near = [word for word in words if rule.at - NEAR < _middle(word) < rule.at and _is_within(word, rule)]
    lines = _text_lines(near)
    if not lines or _is_caption(lines[-1]) or lines[-1].bottom < rule.at - NEAR / 2:
        return lattice
    head = lines[-1]
    if len(_pieces(head, lattice.xs)) < lattice.n_columns or _spanning([[head]], lattice.xs):
        return lattice
    joined_right = {(row + 1, column) for row, column in lattice.joined_right}
    return _Lattice(lattice.xs, [head.top, *lattice.ys], joined_right)


def _tail(page: PdfPage, rule: _Line) -> list[_TextLine]:
    """The lines below the last horizontal down to the foot of the page, where a table may go on; none for other text.

    Nothing stands beside them, and below them at most a running foot.
    """
    below = [word for word in page.words if _middle(word) > rule.at]
    if not any(_middle(word) < rule.at + NEAR and rule.start <= word.x0 <= rule.end for word in below):
        return []
    if any(_middle(word) < rule.at + NEAR and not word.text.isdigit() and not _is_within(word, rule) for word in below):
        return []
    lines = _text_lines(_without_margin_numbers(below))
    tail = _going_on(lines, rule)
    return tail if len(tail) >= 2 and len(lines) - len(tail) <= MAX_RUNNING else []


def _is_within(item: Word | _TextLine, rule: _Line) -> bool:
    return rule.start - SNAP <= item.x0 and item.x1 <= rule.end + SNAP


def _going_on(lines: Iterable[_TextLine], rule: _Line) -> list[_TextLine]:
    """The lines next to a horizontal, in order away from it, that keep within its ends and stand close."""
    found: list[_TextLine] = []
    before = rule.at
    for line in lines:
        is_close = abs(line.centre - before) <= MAX_PITCH * _size([line])
        if not is_close or not _is_within(line, rule) or not _has_gap([line]):
            break
        found.append(line)
        before = line.centre
    return found


def _is_cut(grid: Grid, page: PdfPage) -> bool:
    """Whether a table is the last thing on its page, but for a running foot, and no horizontal closes it."""
    below = _text_lines(word for word in page.words if _middle(word) > grid.box.bottom)
    return len(below) <= MAX_RUNNING and not any(abs(rule.bottom - grid.box.bottom) <= SNAP for rule in page.rules)


def _rest(page: PdfPage, cut: Grid, found: Sequence[Grid]) -> Iterator[Grid]:
    """The end of a table that began on the page before: its rows at the head of a page, down to a horizontal."""
    rows = [[cell.x0 for cell in row if cell is not None] for row in cut.rows]
    xs = [*max(rows, key=len), cut.box.x1]
    for rule in _ruling_lines(page)[0]:
        if abs(rule.start - cut.box.x0) > EQUAL_ENDS or abs(rule.end - cut.box.x1) > EQUAL_ENDS:
            continue
        above = _text_lines(_without_margin_numbers([word for word in page.words if _middle(word) < rule.at]))
        lines = _going_on(above[::-1], rule)[::-1]
        if lines and len(above) - len(lines) <= MAX_RUNNING:
            parts = _rows_of(lines, xs)
            ys = [lines[0].top, *(_between(upper, lower) for upper, lower in pairwise(parts)), rule.at]
            if _rises(ys):
                lattice = _Lattice(xs, ys, _spanning(parts, xs))
                yield from _without_overlap([_grid(page.page_number, lattice)], found)
        return


def _bands(words: Iterable[Word], stack: Sequence[_Line]) -> list[list[_TextLine]]:
    """The text between each two neighbouring horizontals, within their length."""
    heights = [line.at for line in stack]
    bands: list[list[Word]] = [[] for _ in stack]
    for word in words:
        band = bisect_right(heights, _middle(word)) - 1
        if band >= 0 and stack[0].start <= (word.x0 + word.x1) / 2 <= stack[0].end:
            bands[band].append(word)
    return [_text_lines(band) for band in bands[:-1]]


def _may_be_tabular(band: Sequence[_TextLine], above: _Line, below: _Line) -> bool:
    """Whether a band has words and no caption, few of its lines are prose, and no more than a line is empty."""
    if not band or any(_is_caption(line) for line in band):
        return False
    if not _has_gap(band) and (len(band) > 1 or len(band[0].words) >= PROSE_WORDS or band[0].text[-1] in ".:"):
        return False  # one line without columns may head a group of rows, but not be a sentence between two tables
    n_prose = sum(_is_prose(line, above.end - above.start) for line in band)
    heights = [above.at, *(line.centre for line in band), below.at]
    spaces = [end - start for start, end in pairwise(heights)]
    return n_prose <= SPANNING_SHARE * len(band) and max(spaces) <= MAX_PITCH * _size(band)


def _has_gap(band: Sequence[_TextLine]) -> bool:
    return any(len(_runs(line, COLUMN_GAP * _size([line]))) > 1 for line in band)


def _is_prose(line: _TextLine, width: float) -> bool:
    """Whether a line has words enough to be prose, fills most of the width, and has no gap wider than a space."""
    return (
        len(line.words) >= PROSE_WORDS
        and line.x1 - line.x0 >= PROSE_WIDTH * width
        and len(_runs(line, WIDE_GAP * _size([line]))) == 1
    )


def _columns_lattice(
    bands: Sequence[Sequence[_TextLine]], rules: Sequence[_Line], horizontals: Sequence[_Line]
) -> _Lattice | None:
    """The borders of a table between horizontals; None where the words stand in no columns."""
    lines = [line for band in bands for line in band]
    x0, x1 = rules[0].start, rules[0].end
    xs = _column_borders(lines, x0, x1, COLUMN_GAP * _size(lines))
    if not _stands_in_columns(lines, xs):
        return None
    rows: list[list[_TextLine]] = []
    ys = [rules[0].at]
    for band, below in zip(bands, rules[1:], strict=True):
        part = [
            row
            for piece in _parted_by_rules(band, horizontals, x0, x1)
            for row in _rows_between_rules(piece, xs, is_row=len(bands) > 2)
        ]
        ys += [_between(upper, lower) for upper, lower in pairwise(part)]
        ys.append(below.at)
        rows += part
    if len(rows) < (2 if len(bands) > 1 else 3) or not _has_full_rows(rows, xs):
        return None
    return _Lattice(xs, ys, _spanning(rows, xs)) if _rises(xs) and _rises(ys) else None


def _rises(borders: Sequence[float]) -> bool:
    return all(after > before for before, after in pairwise(borders))


def _parted_by_rules(
    band: Sequence[_TextLine], horizontals: Sequence[_Line], x0: float, x1: float
) -> list[list[_TextLine]]:
    """A band's lines, parted where a shorter horizontal stands under the heading of some columns."""
    parts: list[list[_TextLine]] = [[]]
    for line in band:
        before = parts[-1][-1].centre if parts[-1] else line.centre
        if any(before < rule.at < line.centre and x0 - SNAP <= rule.start < x1 for rule in horizontals):
            parts.append([])
        parts[-1].append(line)
    return parts


def _rows_between_rules(lines: Sequence[_TextLine], xs: Sequence[float], *, is_row: bool) -> list[list[_TextLine]]:
    """The rows of a band. Where each row may stand between lines, a band that wrapping explains is one row."""
    rows = _rows_of(lines, xs)
    if not is_row or len(rows) == 1:
        return rows
    widest = _widest(lines, xs)
    above: dict[int, list[Word]] = {}
    for line in lines:
        pieces = _pieces(line, xs)
        if above and not _is_wrapped(above, pieces, widest):
            return rows
        above = above | pieces
    return [list(lines)]


def _stands_in_columns(lines: Sequence[_TextLine], xs: Sequence[float]) -> bool:
    """Whether lines between columns' borders are a table's: words in two columns or more on most lines.

    Two columns of prose, a list with its markers, and a list of contents are not.
    """
    pieces = [_pieces(line, xs) for line in lines]
    n_across = sum(len(found) >= 2 for found in pieces)
    if len(xs) < 3 or n_across < 2:
        return False
    if sum(bool(LEADERS.search(line.text)) for line in lines) > 1:
        return False
    markers = [found[0] for found in pieces if 0 in found]
    if len(xs) == 3 and all(len(words) == 1 and LIST_MARKER.fullmatch(words[0].text) for words in markers):
        return False
    return not all(
        _is_prose_column([found[column] for found in pieces if column in found]) for column in range(len(xs) - 1)
    )


def _has_full_rows(rows: Sequence[Sequence[_TextLine]], xs: Sequence[float]) -> bool:
    """Whether most rows have words in two columns or more."""
    filled = [{column for line in row for column in _pieces(line, xs)} for row in rows]
    return sum(len(columns) >= 2 for columns in filled) >= max(2, MOSTLY * len(rows))


def _is_prose_column(column: Sequence[Sequence[Word]]) -> bool:
    """Whether a column's lines are long and most of them end where the longest one ends."""
    width = max(_width(words) for words in column)
    n_full = sum(_width(words) >= 0.85 * width and len(words) >= PROSE_WORDS - 1 for words in column)
    return len(column) >= PROSE_WORDS and n_full >= 0.6 * len(column)


def _spanning(rows: Sequence[Sequence[_TextLine]], xs: Sequence[float]) -> set[tuple[int, int]]:
    """The places (row, column) where text runs on over the border to the next column."""
    spanning = set()
    for row, lines in enumerate(rows):
        for line in lines:
            for start, end in _runs(line, WORD_SPACE * _size([line])):
                spanning |= {(row, column) for column, x in enumerate(xs[1:-1]) if start < x - 1 and end > x + 1}
    return spanning


# Tables without lines ------------------------------------------------------------------------------------------------


def _captioned_grids(page: PdfPage, found: Sequence[Grid]) -> list[Grid]:
    """Tables without ruling lines: the columns below a caption, else those above it."""
    words = _without_margin_numbers(page.words)
    return [grid for lines in _text_columns(words) for grid in _column_grids(page.page_number, lines, found)]


def _text_columns(words: Sequence[Word]) -> list[list[_TextLine]]:
    """The page's lines; of a page in two columns of prose, those of each column."""
    lines = _text_lines(words)
    borders = _column_borders(lines, lines[0].x0, lines[0].x1, WIDE_GAP * _size(lines))
    pieces = [_pieces(line, borders) for line in lines]
    columns = [[found[column] for found in pieces if column in found] for column in range(len(borders) - 1)]
    if len(columns) == 2 and all(_is_prose_column(column) for column in columns):
        return [_text_lines(word for words in column for word in words) for column in columns]
    return [lines]


def _column_grids(page_number: int, lines: Sequence[_TextLine], found: Sequence[Grid]) -> list[Grid]:
    grids: list[Grid] = []
    captions = [index for index, line in enumerate(lines) if _is_caption(line)]
    for index in captions:
        if any(_is_above(lines[index], grid.box) for grid in [*found, *grids]):
            continue
        for block in (_block(lines[index + 1 :]), _block(lines[:index][::-1])[::-1]):
            lattice = _borderless_lattice(block)
            if lattice is not None:
                grids += _without_overlap([_grid(page_number, lattice)], [*found, *grids])
                break
    return grids


def _is_caption(line: _TextLine) -> bool:
    return (
        len(line.words) > 1
        and line.words[0].text.lower() in CAPTION_WORDS
        and bool(CAPTION_NUMBER.fullmatch(line.words[1].text))
    )


def _is_above(caption: _TextLine, box: Box) -> bool:
    """Whether a table that was found stands directly below a caption (of one line or a few)."""
    return -6 * _size([caption]) < caption.centre - box.top < box.bottom - box.top


def _block(lines: Sequence[_TextLine]) -> list[_TextLine]:
    """The lines from the first one with columns (within the next four) to the last before prose, a gap or a caption."""
    start = next((i for i, line in enumerate(lines[:5]) if len(_runs(line, WIDE_GAP * _size([line]))) >= 2), None)
    if start is None:
        return []
    block = [lines[start]]
    for line in lines[start + 1 :]:
        size = _size([line])
        width = max(item.x1 for item in block) - min(item.x0 for item in block)
        if abs(line.centre - block[-1].centre) > MAX_PITCH * size or _is_prose(line, width) or _is_caption(line):
            break
        block.append(line)
    return block


def _borderless_lattice(block: Sequence[_TextLine]) -> _Lattice | None:
    """The borders of a block of lines with wide gaps that agree on at least three of them; None for other blocks."""
    if len(block) < 3:
        return None
    x0, x1 = min(line.x0 for line in block), max(line.x1 for line in block)
    xs = _column_borders(block, x0, x1, WIDE_GAP * _size(block))
    lines = list(block)
    while lines and list(_pieces(lines[-1], xs)) == [0]:
        lines.pop()
    if len(lines) < 3 or not _stands_in_columns(lines, xs):
        return None
    rows = _rows_of(lines, xs)
    if len(rows) < 3 or not _has_full_rows(rows, xs):
        return None
    ys = [lines[0].top, *(_between(above, below) for above, below in pairwise(rows)), lines[-1].bottom]
    return _Lattice(xs, ys, _spanning(rows, xs)) if _rises(xs) and _rises(ys) else None
