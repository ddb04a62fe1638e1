"""A copy of a report with the number of each line in the margin, to be sent out with the next consultation.

What the pages show and hold is not changed: the numbers are a content stream of their own, drawn after the page's, and
links, bookmarks, tags, form fields and metadata stay as they are. The numbers are marked as an artifact, so that a
screen reader passes over them, and are set in digits that come with the file, so that an archival PDF stays one.

Coordinates are those of the records: points from the top left of the page as shown. Only `_Frame` knows of others.
"""

import warnings
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from innspill.errors import ReportError, listed
from innspill.reading.pages.pdf import Word, read_pdf
from innspill.records import Box, Line, Note, Report

STAGE = "number"
# Type sizes and distances from the text, points, the best first. Below 5 points digits cannot be told apart in print.
SIZES = (7.5, 7.0, 6.5, 6.0, 5.5, 5.0)
MARGIN_GAPS = (12.0, 9.0, 6.0, 4.0)
GUTTER_GAPS = (6.0, 4.0, 3.0)
# What must stay free beside a number: other words, and the strip at the paper's edge where printers do not print.
# A number that has no other place may stand nearer to the edge.
CLEARANCE, PAPER_EDGE, EDGE_AT_LAST = 3.0, 12.0, 3.0
# If more than this share of the numbers cannot be printed, nothing is.
MAX_MISSING = 0.1
# Pages whose text begins this much further to the left than the others' have a column of numbers of their own.
SAME_EDGE = 24.0
# Dark grey: 7 to 1 against white, what WCAG asks of small type at level AAA.
GREY = 0.35
ARTIFACT = b"/Artifact <</Type /Pagination /Subtype /LineNum>> BDC"

# The digits, drawn with a round pen in a square of 1,000 units; each is DIGIT_WIDTH wide and DIGIT_HEIGHT high.
DIGIT_WIDTH, DIGIT_HEIGHT, PEN = 560, 700, 82
DIGITS = {
    "zero": "280 661 m 150 661 90 540 90 350 c 90 160 150 39 280 39 c 410 39 470 160 470 350 c "
    "470 540 410 661 280 661 c s",
    "one": "145 545 m 305 661 l 305 39 l S",
    "two": "100 505 m 105 600 180 661 280 661 c 390 661 460 590 460 490 c 460 400 400 330 320 258 c 95 39 l 470 39 l S",
    "three": "110 575 m 140 630 200 661 275 661 c 380 661 445 600 445 515 c 445 425 380 370 280 370 c 220 370 l "
    "280 370 m 395 370 465 305 465 205 c 465 105 385 39 275 39 c 185 39 115 85 90 165 c S",
    "four": "370 39 m 370 661 l 75 215 l 490 215 l S",
    "five": "435 661 m 150 661 l 125 372 l 165 407 215 425 275 425 c 390 425 465 345 465 235 c "
    "465 115 385 39 270 39 c 185 39 120 80 92 150 c S",
    "six": "420 610 m 395 642 350 661 300 661 c 160 661 90 520 90 310 c 90 130 165 39 280 39 c "
    "390 39 465 115 465 230 c 465 345 390 415 285 415 c 190 415 110 350 92 260 c S",
    "seven": "90 661 m 470 661 l 340 480 250 270 230 39 c S",
    "eight": "280 375 m 180 375 115 430 115 520 c 115 605 180 661 280 661 c 380 661 445 605 445 520 c "
    "445 430 380 375 280 375 c 165 375 90 310 90 205 c 90 105 165 39 280 39 c 395 39 470 105 470 205 c "
    "470 310 395 375 280 375 c s",
    "nine": "140 90 m 165 58 210 39 260 39 c 400 39 470 180 470 390 c 470 570 395 661 280 661 c "
    "170 661 95 585 95 470 c 95 355 170 285 275 285 c 370 285 450 350 468 440 c S",
}  # fmt: skip
TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfrange <30> <39> <0030> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end
"""


@dataclass(frozen=True, slots=True)
class _Label:
    """A number as it is drawn: its right edge, its baseline and its size."""

    text: str
    right: float
    baseline: float
    size: float

    @property
    def left(self) -> float:
        return self.right - _width(self.text, self.size)

    @property
    def top(self) -> float:
        return self.baseline - self.size * DIGIT_HEIGHT / 1000


@dataclass(frozen=True, slots=True)
class _Column:
    """The numbered lines of a text column of one page, its left and right edge, and where the column beside it ends.

    `before` is the right edge of the column to the left, `after` the left edge of the one to the right; 0 and the
    page's width where there is none. `place` is the column's place on the page, from the left, and `n_columns` how
    many the page has.
    """

    page_number: int
    place: int
    n_columns: int
    left: float
    right: float
    before: float
    after: float
    lines: tuple[Line, ...]


def restart_on_each_page(report: Report) -> Report:
    """The report with its numbered lines counted anew from 1 on each page."""
    lines = []
    for _, group in groupby(report.lines, key=lambda line: line.page_number):
        count = 0
        for line in group:
            count += line.number is not None
            lines.append(line if line.number is None else replace(line, number=count))
    last = max((line.number for line in lines if line.number is not None), default=0)
    numbering = replace(report.numbering, restart="page", first=min(1, last), last=last, gaps=(), doubles=())
    return replace(report, lines=tuple(lines), numbering=numbering)


def write_numbered(source: Path, report: Report, target: Path, *, every: int = 1) -> tuple[Note, ...]:
    """Write a copy of a report's PDF with its line numbers in the margin.

    Numbers stand left of each text column, on the line's baseline; where there is no room, at the right of it.

    Args:
        source: The PDF that `report` was read from.
        report: The report, with counted numbers.
        target: Where the copy goes. It is there whole or not at all.
        every: 1 prints each number, 5 every fifth.

    Returns:
        What to know of the copy: numbers that do not stand in line or are left out, signatures taken out.

    Raises:
        ReportError: the report has printed numbers, or none to print; `target` is `source`; `source` is not what the
            report was read from, or locked against changes by its owner; the margins have no room.
        OSError: `target` cannot be written.
        ValueError: `every` is less than 1.
    """
    if every < 1:
        raise ValueError(f"Every {every}th line cannot be numbered; give 1 or more.")
    _check(source, report, target)
    numbered = [line for line in report.lines if line.number is not None and line.number % every == 0]
    if not numbered:
        raise ReportError(f"No line of {source} has a number that can be divided by {every}. Give a smaller --every.")
    labels, notes = _place(source, report, numbered)
    with _open(source) as document:
        notes += _release(document, source)
        font = document.make_indirect(_digit_font(document))
        for page_number in sorted(labels):
            page = document.pages[page_number - 1]
            frame = _frame(page, report.pages[page_number - 1].width)
            _draw(document, page, font, frame, labels[page_number])
        _save(document, target)
    return notes


def _check(source: Path, report: Report, target: Path) -> None:
    """Refuse what must not be numbered.

    Raises:
        ReportError: see `write_numbered`.
    """
    if report.numbering.source == "printed":
        raise ReportError(
            f"The report {source} has printed line numbers already ({report.numbering.first} to "
            f"{report.numbering.last}). Send it out as it is; a second set of numbers would make them ambiguous."
        )
    if target.exists() and target.samefile(source):
        raise ReportError(f"The numbered copy would overwrite the report {source} itself. Give another file with -o.")


# Where the numbers stand ---------------------------------------------------------------------------------------------


def _place(source: Path, report: Report, numbered: Sequence[Line]) -> tuple[dict[int, list[_Label]], tuple[Note, ...]]:
    """The numbers of each page, each beside its line, and a note on pages where they do not stand in line.

    Columns of the same place on pages of the same kind are numbered on the same side, where that can be done.

    Raises:
        ReportError: a page has no room for its numbers, or `source` is not what the report was read from.
    """
    words = [page.words for page in read_pdf(source).pages]
    if len(words) != len(report.pages):
        raise ReportError(f"{source} does not have the {len(report.pages)} pages of the report. Read it again.")
    kinds: dict[tuple[object, ...], list[_Column]] = {}
    for column in _columns(report):
        page = report.pages[column.page_number - 1]
        kind = (round(page.width), round(page.height), column.page_number % 2, column.n_columns, column.place)
        kinds.setdefault(kind, []).append(column)
    printed = {line.line_id for line in numbered}
    labels: dict[int, list[_Label]] = {}
    scattered: set[int] = set()
    for columns in kinds.values():
        width = report.pages[columns[0].page_number - 1].width
        kept = [_uncrowded(column, printed, words[column.page_number - 1]) for column in _with_common_edges(columns)]
        for column, placed in zip(kept, _place_alike(kept, words, width), strict=True):
            if column.lines and not placed:
                placed = _place_apart(column, words[column.page_number - 1], width)
                scattered.add(column.page_number)
            labels.setdefault(column.page_number, []).extend(placed)
    notes = [_about_missing(source, numbered, labels)]
    if scattered:
        text = (
            f"On page {listed(sorted(scattered))} the margin has no room for all numbers: some stand close to their "
            "lines there. Look at the result, or export the report again with wider margins."
        )
        notes.append(Note("warning", STAGE, source.name, text))
    return labels, tuple(note for note in notes if note is not None)


def _about_missing(source: Path, numbered: Sequence[Line], labels: dict[int, list[_Label]]) -> Note | None:
    """That a few numbers are not printed, if so: those of lines that stand in or on others.

    Raises:
        ReportError: more than a few.
    """
    printed = {(page_number, label.text) for page_number, on_page in labels.items() for label in on_page}
    missing = [line for line in numbered if (line.page_number, str(line.number)) not in printed]
    if not missing:
        return None
    pages = listed(sorted({line.page_number for line in missing}))
    if len(missing) > MAX_MISSING * len(numbered):
        raise ReportError(
            f"There is no room for line numbers beside the text of {source} on page {pages}: they need about 25 points "
            "(9 mm) of free margin on the left or on the right, and 15 points (5 mm) between columns. Export the "
            "report again with wider margins, or with the line numbering of the program that it was written in."
        )
    shown = listed(sorted(line.number for line in missing if line.number is not None))
    text = f"These numbers are not printed, since their lines stand in or on others: {shown} (page {pages})."
    return Note("warning", STAGE, source.name, text)


def _columns(report: Report) -> Iterator[_Column]:
    """The text columns of each page: a line belongs to the second where another stands to the left of it."""
    for page_number, group in groupby(report.lines, key=lambda line: line.page_number):
        lines = [line for line in group if line.number is not None]
        width = report.pages[page_number - 1].width
        columns = _by_place(lines)
        for place, members in enumerate(columns):
            left = min(line.box.x0 for line in members)
            right = max(line.box.x1 for line in members)
            others = [line.box for place_, other in enumerate(columns) if place_ != place for line in other]
            yield _Column(
                page_number,
                place,
                len(columns),
                left,
                right,
                before=max((box.x1 for box in others if box.x1 <= left), default=0.0),
                after=min((box.x0 for box in others if box.x0 >= right), default=width),
                lines=tuple(members),
            )


def _by_place(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of a page by the column that they stand in, from left to right.

    A line with none beside it belongs to the column that its left edge falls in, if three or more lines bear witness
    to that column: else an indented line would pass for one.
    """
    ordered = sorted(lines, key=lambda line: line.box.top)
    tops = [line.box.top for line in ordered]
    tallest = max((line.box.bottom - line.box.top for line in lines), default=0.0)
    place: dict[str, int] = {}
    for line in sorted(lines, key=lambda line: line.box.x0):
        window = ordered[bisect_left(tops, line.box.top - tallest) : bisect_left(tops, line.box.bottom)]
        beside = [place[other.line_id] for other in window if _is_left_of(other.box, line.box)]
        place[line.line_id] = 1 + max(beside, default=-1)
    columns: list[list[Line]] = [[] for _ in range(max(place.values(), default=-1) + 1)]
    for line in lines:
        columns[place[line.line_id]].append(line)
    for index in range(len(columns) - 1, 0, -1):
        if len(columns[index]) >= 3:
            edge = min(line.box.x0 for line in columns[index]) - CLEARANCE
            alone = [line for line in columns[0] if line.box.x0 >= edge]
            columns[0] = [line for line in columns[0] if line.box.x0 < edge]
            columns[index].extend(alone)
    return [column for column in columns if column]


def _is_left_of(box: Box, other: Box) -> bool:
    """Whether a box stands beside another, to the left of it."""
    shared = min(box.bottom, other.bottom) - max(box.top, other.top)
    lower = min(box.bottom - box.top, other.bottom - other.top)
    return box.x1 <= other.x0 + 1 and shared > 0.5 * lower


def _with_common_edges(columns: Sequence[_Column]) -> list[_Column]:
    """The columns with the edges that they have in common, so that numbers stand in line on all pages."""
    left = _outermost([column.left for column in columns], min)
    right = _outermost([column.right for column in columns], max)
    return [
        replace(
            column,
            left=left if 0 <= column.left - left <= SAME_EDGE and left >= column.before else column.left,
            right=right if 0 <= right - column.right <= SAME_EDGE and right <= column.after else column.right,
        )
        for column in columns
    ]


def _outermost(edges: Sequence[float], outer: Callable[[Iterable[float]], float]) -> float:
    """The outermost of the edges that are near to the most common one."""
    usual = Counter(map(round, edges)).most_common(1)[0][0]
    return outer(edge for edge in edges if abs(edge - usual) <= SAME_EDGE)


def _uncrowded(column: _Column, printed: Container[str], words: Sequence[Word]) -> _Column:
    """The column with the lines whose numbers are printed; of lines too close for two numbers, the longer one."""
    lines = [line for line in column.lines if line.line_id in printed]
    kept: list[tuple[float, Line]] = []
    for (_, baseline), line in sorted(zip(_baselines(lines, words), lines, strict=True), key=lambda pair: pair[0][1]):
        if kept and baseline - kept[-1][0] < SIZES[-1] * DIGIT_HEIGHT / 1000:
            if line.box.x1 - line.box.x0 > kept[-1][1].box.x1 - kept[-1][1].box.x0:
                kept[-1] = baseline, line
        else:
            kept.append((baseline, line))
    ids = {line.line_id for _, line in kept}
    return replace(column, lines=tuple(line for line in lines if line.line_id in ids))


def _place_alike(columns: Sequence[_Column], words: Sequence[Sequence[Word]], width: float) -> list[list[_Label]]:
    """The numbers of columns of one kind: all on the left, else all on the right, else each where there is room."""
    left = [_place_left(column, words[column.page_number - 1]) for column in columns]
    if all(placed or not column.lines for column, placed in zip(columns, left, strict=True)):
        return left
    right = [_place_right(column, words[column.page_number - 1], width) for column in columns]
    if all(placed or not column.lines for column, placed in zip(columns, right, strict=True)):
        return right
    return [one or other for one, other in zip(left, right, strict=True)]


def _place_left(column: _Column, words: Sequence[Word]) -> list[_Label]:
    """The numbers left of a column; empty where there is no room."""
    gaps = GUTTER_GAPS if column.place else MARGIN_GAPS
    limit = column.before + CLEARANCE if column.place else PAPER_EDGE
    baselines = _baselines(column.lines, words)
    for size in SIZES:
        for gap in gaps:
            labels = [_Label(text, column.left - gap, baseline, size) for text, baseline in baselines]
            if all(label.left >= limit for label in labels) and _are_clear(labels, words):
                return labels
    return []


def _place_right(column: _Column, words: Sequence[Word], width: float) -> list[_Label]:
    """The numbers right of the last column of a page; empty where there is no room, or where it is not the last."""
    if column.place + 1 < column.n_columns:
        return []
    baselines = _baselines(column.lines, words)
    longest = max((text for text, _ in baselines), key=len, default="")
    for size in SIZES:
        for gap in MARGIN_GAPS:
            right = column.right + gap + _width(longest, size)
            labels = [_Label(text, right, baseline, size) for text, baseline in baselines]
            if right <= width - PAPER_EDGE and _are_clear(labels, words):
                return labels
    return []


def _place_apart(column: _Column, words: Sequence[Word], width: float) -> list[_Label]:
    """The numbers in a column but for those of a few lines that stick out on the left, else each close to its line."""
    edges = sorted(line.box.x0 for line in column.lines)
    for edge in edges[1 : 1 + max(2, len(edges) // 10)]:
        inside = tuple(line for line in column.lines if line.box.x0 >= edge)
        outside = tuple(line for line in column.lines if line.box.x0 < edge)
        if labels := _place_left(replace(column, left=edge, lines=inside), words):
            return [*labels, *_place_by_line(replace(column, lines=outside), words, width)]
    return _place_by_line(column, words, width)


def _place_by_line(column: _Column, words: Sequence[Word], width: float) -> list[_Label]:
    """The numbers right before their lines or right after, each where there is room; fewer where there is none."""
    placed: list[_Label] = []
    for line, (text, baseline) in zip(column.lines, _baselines(column.lines, words), strict=True):
        places = (
            _Label(text, right, baseline, size)
            for size in SIZES
            for gap in GUTTER_GAPS
            for right in (line.box.x0 - gap, line.box.x1 + gap + _width(text, size))
        )
        on_paper = (label for label in places if label.left >= EDGE_AT_LAST and label.right <= width - EDGE_AT_LAST)
        placed.extend([label for label in on_paper if _are_clear([label], words)][:1])
    return placed


def _baselines(lines: Sequence[Line], words: Sequence[Word]) -> list[tuple[str, float]]:
    """Each line's number and the baseline that most of its characters stand on."""
    ordered = sorted(words, key=lambda word: word.top)
    tops = [word.top for word in ordered]
    found = []
    for line in lines:
        box = line.box
        weights: dict[float, int] = {}
        for word in ordered[bisect_left(tops, box.top - 0.1) : bisect_left(tops, box.bottom)]:
            if word.bottom <= box.bottom + 0.1 and box.x0 - 0.1 <= word.x0 and word.x1 <= box.x1 + 0.1:
                weights[word.baseline] = weights.get(word.baseline, 0) + len(word.text)
        # A line without words (a number beside an empty line) has no baseline: a fifth of a font is below it.
        baseline = max(weights, key=lambda at: weights[at], default=box.bottom - 0.2 * (box.bottom - box.top))
        found.append((str(line.number), baseline))
    return found


def _are_clear(labels: Iterable[_Label], words: Sequence[Word]) -> bool:
    """Whether no number touches a word of the page, or another number."""
    ordered = sorted(labels, key=lambda label: label.top)
    if any(upper.baseline > lower.top for upper, lower in pairwise(ordered)):
        return False
    tops = [label.top for label in ordered]
    baselines = [label.baseline for label in ordered]
    for word in words:
        beside = ordered[bisect_left(baselines, word.top) : bisect_left(tops, word.bottom)]
        if any(label.left - CLEARANCE < word.x1 and word.x0 < label.right + CLEARANCE for label in beside):
            return False
    return True


def _width(text: str, size: float) -> float:
    return len(text) * size * DIGIT_WIDTH / 1000


# The PDF -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Frame:
    """How a page is shown: its visible box in the file's own coordinates, its turn, and its unit.

    `unit` is how many of the records' points one unit of the file is: 1, unless the reading minds UserUnit.
    """

    left: float
    bottom: float
    right: float
    top: float
    rotation: int
    unit: float

    def matrix(self, x: float, y: float) -> tuple[float, ...]:
        """The text matrix that puts upright type at a point of the shown page."""
        x, y = x / self.unit, y / self.unit
        if self.rotation == 90:
            return 0, 1, -1, 0, self.left + y, self.bottom + x
        if self.rotation == 180:
            return -1, 0, 0, -1, self.right - x, self.bottom + y
        if self.rotation == 270:
            return 0, -1, 1, 0, self.right - y, self.top - x
        return 1, 0, 0, 1, self.left + x, self.top - y


def _open(source: Path) -> pikepdf.Pdf:
    try:
        return pikepdf.open(source)
    except pikepdf.PasswordError as error:
        raise ReportError(f"The report {source} is locked with a password. Save a copy without one first.") from error
    except pikepdf.PdfError as error:
        raise ReportError(f"The report {source} is damaged and cannot be copied. Export it to PDF again.") from error


def _frame(page: pikepdf.Page, shown_width: float) -> _Frame:
    """Where a page's shown top left is in the file. What is shown is the CropBox, as far as it is on the MediaBox."""
    media, crop = _corners(page.mediabox), _corners(page.cropbox)
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if left >= right or bottom >= top:
        left, bottom, right, top = media
    rotation = page.rotation % 360
    unit = shown_width / ((top - bottom) if rotation in (90, 270) else (right - left))
    return _Frame(left, bottom, right, top, rotation, unit)


def _corners(box: Array) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(value) for value in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _release(document: pikepdf.Pdf, source: Path) -> tuple[Note, ...]:
    """Take out signatures, which would not hold for a changed copy and make readers believe that it is forged.

    Raises:
        ReportError: the report's owner does not allow changes.
    """
    if not document.allow.modify_other:
        raise ReportError(
            f"The report {source} is locked against changes by its owner's password, so that no numbers can be put in. "
            "Save it again without protection from the program that it was written in."
        )
    n_signatures = _remove_signatures(document)
    if not n_signatures:
        return ()
    text = (
        "The report is digitally signed. A signature does not hold for a changed copy, so that the numbered copy has "
        "none. To send out a signed one, sign the numbered copy."
    )
    return (Note("warning", STAGE, source.name, text),)


def _remove_signatures(document: pikepdf.Pdf) -> int:
    """Take out signed signature fields with what shows them; how many there were."""
    form = document.Root.get(Name.AcroForm)
    if not isinstance(form, Dictionary) or Name.Fields not in form:
        return 0
    removed: set[tuple[int, int]] = set()
    _prune_signed(form, Name.Fields, None, removed, depth=0)
    if not removed:
        return 0
    for page in document.pages:
        if Name.Annots in page.obj:
            page.obj.Annots = Array([item for item in page.obj.Annots if item.objgen not in removed])
    for holder, key in ((form, Name.SigFlags), (document.Root, Name.Perms), (document.Root, Name.DSS)):
        if key in holder:
            del holder[key]
    return len(removed)


def _prune_signed(
    parent: pikepdf.Object, key: Name, inherited: object, removed: set[tuple[int, int]], *, depth: int
) -> None:
    """Drop signed signature fields among a field's children, and note the objects of those dropped."""
    kept = []
    for field in parent.get(key, Array()):
        kind = field.get(Name.FT, inherited)
        if kind == Name.Sig and Name.V in field:
            removed.add(field.objgen)
            removed.update(kid.objgen for kid in field.get(Name.Kids, Array()))
            continue
        if Name.Kids in field and depth < 32:
            _prune_signed(field, Name.Kids, kind, removed, depth=depth + 1)
        kept.append(field)
    parent[key] = Array(kept)


def _draw(
    document: pikepdf.Pdf, page: pikepdf.Page, font: pikepdf.Object, frame: _Frame, labels: Sequence[_Label]
) -> None:
    """Add the numbers to a page, after its own content."""
    name = _add_font(page, font)
    shown = b"\n".join((b"q", ARTIFACT, b"BT", f"{GREY} g".encode(), *_texts(labels, frame, name), b"ET", b"EMC", b"Q"))
    contents = page.obj.get(Name.Contents)
    own = list(contents) if isinstance(contents, Array) else [] if contents is None else [contents]
    n_open = _open_states(page)
    if n_open is None:
        # What such a page leaves behind cannot be known, so that the numbers are drawn before it can.
        page.obj.Contents = Array([_stream(document, shown + b"\n"), *own])
        return
    closing = b"\nQ" * (n_open + 1) + b"\n"
    page.obj.Contents = Array([_stream(document, b"q\n"), *own, _stream(document, closing + shown + b"\n")])


def _texts(labels: Sequence[_Label], frame: _Frame, name: Name) -> Iterator[bytes]:
    for label in labels:
        matrix = " ".join(_number(value) for value in frame.matrix(label.left, label.baseline))
        size = _number(label.size / frame.unit)
        yield f"{name} {size} Tf {matrix} Tm ({label.text}) Tj".encode()


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _open_states(page: pikepdf.Page) -> int | None:
    """How many graphics states a page's content leaves open; None where it is not well formed."""
    depth = {"q": 0, "BT": 0, "BMC": 0}
    change = {"q": ("q", 1), "Q": ("q", -1), "BT": ("BT", 1), "ET": ("BT", -1)}
    change |= {"BMC": ("BMC", 1), "BDC": ("BMC", 1), "EMC": ("BMC", -1)}
    try:
        for instruction in pikepdf.parse_content_stream(page, " ".join(change)):
            kind, step = change[str(instruction.operator)]
            depth[kind] += step
            if depth[kind] < 0:
                return None
    except pikepdf.PdfError:
        return None
    return None if depth["BT"] or depth["BMC"] else depth["q"]


def _add_font(page: pikepdf.Page, font: pikepdf.Object) -> Name:
    """Put our font among a page's own, which may be its parent's or shared with other pages; its name there."""
    inherited = page.get_resources()
    resources = Dictionary(dict(inherited.items())) if isinstance(inherited, Dictionary) else Dictionary()
    fonts = resources.get(Name.Font)
    fonts = Dictionary(dict(fonts.items())) if isinstance(fonts, Dictionary) else Dictionary()
    name, n_tried = "/LineNumberDigits", 0
    while name in fonts:
        n_tried += 1
        name = f"/LineNumberDigits{n_tried}"
    fonts[Name(name)] = font
    resources.Font = fonts
    page.obj.Resources = resources
    return Name(name)


def _digit_font(document: pikepdf.Pdf) -> Dictionary:
    """Our digits as a font of drawings (Type 3): in the file, of one look everywhere, under no font's licence."""
    procedures = {
        f"/{name}": _stream(
            document,
            f"{DIGIT_WIDTH} 0 0 0 {DIGIT_WIDTH} {DIGIT_HEIGHT} d1 {PEN} w 1 J 1 j {drawing}\n".encode(),
        )
        for name, drawing in DIGITS.items()
    }
    box = Array([0, 0, DIGIT_WIDTH, DIGIT_HEIGHT])
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name.LineNumberDigits, Flags=32, FontBBox=box, ItalicAngle=0,
        Ascent=DIGIT_HEIGHT, Descent=0, CapHeight=DIGIT_HEIGHT, StemV=PEN,
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type3, Name=Name.LineNumberDigits, FontBBox=box,
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), CharProcs=Dictionary(procedures),
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([48, *(Name(name) for name in procedures)])),
        FirstChar=48, LastChar=57, Widths=Array([DIGIT_WIDTH] * 10), Resources=Dictionary(),
        FontDescriptor=document.make_indirect(descriptor), ToUnicode=_stream(document, TO_UNICODE),
    )  # fmt: skip


def _stream(document: pikepdf.Pdf, data: bytes) -> pikepdf.Stream:
    stream = document.make_stream(b"")
    stream.write(zlib.compress(data), filter=Name.FlateDecode)
    return stream


def _save(document: pikepdf.Pdf, target: Path) -> None:
    """Write beside the target first, so that no half copy is ever there. Streams are kept as they are packed.

    The same report gives the same bytes; only an encrypted one is encrypted anew.
    """
    partial = target.with_name(f"{target.name}.part")
    kept: dict[str, Any] = {"encryption": True}
    if not document.is_encrypted:
        kept = {"stream_decode_level": pikepdf.StreamDecodeLevel.none, "deterministic_id": True}
    try:
        with warnings.catch_warnings():
            # Form fields that no form lists are the report's own affair.
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)
            document.save(partial, compress_streams=False, fix_metadata_version=False, **kept)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
