"""Whether a PDF shows what its sheet says: the rows of each page and the numbers beside them, by poppler."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from sheets import Sheet, ShownRow, running_of

# Body edges of all sheets, points of PDF from the top left of an A4 page: text, gap of two columns, title above them.
LEFT, RIGHT, TOP, BOTTOM = 85.0, 510.3, 80.0, 772.0
WIDE_RIGHT, WIDE_BOTTOM = 756.9, 525.0
MIDDLE = (LEFT + RIGHT) / 2
# Half the gap of two columns.
GAP = 20.0
TITLE_BOTTOM = TOP + 72.0
ROW_TOLERANCE = 6.0


class Seen(NamedTuple):
    """A word that poppler sees; edges in points."""

    x0: float
    x1: float
    bottom: float
    text: str


def bare(text: str) -> str:
    """Letters and digits alone; superscripts and ligatures as plain ones."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


def words_by_page(pdf: bytes) -> list[list[Seen]]:
    """The words of each page, those outside of its crop box left out."""
    run = subprocess.run(["pdftotext", "-bbox", "-cropbox", "-", "-"], input=pdf, capture_output=True, check=True)
    root = ElementTree.fromstring(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", run.stdout))
    return [
        [
            Seen(*(float(word.attrib[edge]) for edge in ("xMin", "xMax", "yMax")), word.text or "")
            for word in page
            if float(word.attrib["yMax"]) > 0
        ]
        for page in root.iter("{http://www.w3.org/1999/xhtml}page")
    ]  # fmt: skip


def rows_of(words: Sequence[Seen]) -> list[tuple[float, str]]:
    """Rows from top to bottom: their lower edge and their letters and digits."""
    groups: list[list[Seen]] = []
    for word in sorted(words, key=lambda word: word.bottom):
        if not groups or word.bottom - groups[-1][-1].bottom > ROW_TOLERANCE:
            groups.append([])
        groups[-1].append(word)
    return [(max(w.bottom for w in group), bare(" ".join(w.text for w in sorted(group)))) for group in groups]


def check(name: str, sheet: Sheet, rows: Sequence[ShownRow], pdf: bytes) -> None:
    """Fail unless poppler sees the sheet's rows, running heads and numbers, and nothing else.

    Raises:
        SystemExit: it sees something else.
    """
    pages = words_by_page(pdf)
    if len(pages) != len(sheet.pages):
        raise SystemExit(f"{name}: {len(pages)} pages for {len(sheet.pages)}")
    for index, (page, words) in enumerate(zip(sheet.pages, pages, strict=True)):
        right, bottom = (WIDE_RIGHT, WIDE_BOTTOM) if page.wide else (RIGHT, BOTTOM)
        body = [word for word in words if TOP < word.bottom < bottom]
        outside = [word for word in words if word not in body and LEFT - 3 < word.x0 < right]
        running = bare("".join(running_of(sheet, page)))
        if sheet.ruler is None and bare("".join(word.text for word in outside)) != running:
            raise SystemExit(f"{name}, page {index + 1}: running heads {[w.text for w in outside]}")
        on_page = [row for row in rows if row.page == index]
        top = TITLE_BOTTOM if page.above else TOP
        if page.above:
            within = [word for word in body if word.bottom <= top and LEFT - 3 < word.x0 < right]
            _compare(name, index, [bare(r.text) for r in on_page if r.column == -1], rows_of(within))
        edges = [(LEFT, right)] if len(page.columns) == 1 else [(LEFT, MIDDLE - GAP), (MIDDLE + GAP, right)]
        for column, (left, right) in enumerate(edges):
            mine = [row for row in on_page if row.column == column]
            inside = [w for w in body if w.bottom > top and left - 3 <= w.x0 and w.x1 <= right + 6]
            found = rows_of(inside)
            _compare(name, index, [bare(row.text) for row in mine if row.printed], found)
            if sheet.step and sheet.ruler is None:
                near = [w for w in body if w.bottom > top and w not in inside and _beside(w, left, right, len(edges))]
                _check_side(f"{name}, page {index + 1}", sheet, index, near, len(edges))
                _compare_numbers(f"{name}, page {index + 1}, column {column + 1}", sheet, mine, found, near)


def _beside(word: Seen, left: float, right: float, n_columns: int) -> bool:
    """Whether a number stands beside a column rather than beside the other one."""
    if n_columns == 1:
        return True
    if left > LEFT:
        return word.x0 > MIDDLE - GAP - 3 or word.x0 > right
    return word.x1 < left


def _check_side(where: str, sheet: Sheet, index: int, near: Sequence[Seen], n_columns: int) -> None:
    """Fail unless the numbers of a page stand in the margin that the sheet says."""
    sides = {"left" if word.x1 < LEFT else "right" for word in near}
    outer = "right" if index % 2 == 0 else "left"
    wanted = {"left": {"left"}, "right": {"right"}, "outer": {outer}, "both": {"left", "right"}}
    if n_columns == 1 and sides and sides != wanted[sheet.side]:
        raise SystemExit(f"{where}: numbers at {sides}")


def _compare(name: str, index: int, wanted: list[str], found: list[tuple[float, str]]) -> None:
    texts = [text for _, text in found]
    if texts != wanted:
        place, (want, seen) = next(
            (
                (number, pair)
                for number, pair in enumerate(zip([*wanted, ""], [*texts, ""], strict=False))
                if pair[0] != pair[1]
            ),
            (0, ("", "")),
        )
        raise SystemExit(f"{name}, page {index + 1}, row {place}: the source has {want!r}, poppler sees {seen!r}")


def _compare_numbers(
    where: str, sheet: Sheet, rows: Sequence[ShownRow], found: Sequence[tuple[float, str]], near: Sequence[Seen]
) -> None:
    """Fail unless each number that the step asks for is printed beside its row, and no other."""
    printed = [row for row in rows if row.printed]
    expected = [row.number for row in rows if isinstance(row.number, int) and row.number % sheet.step == 0]
    seen: list[int] = []
    for word in near:
        if not word.text.isdecimal():
            raise SystemExit(f"{where}: {word.text!r} stands outside the text")
        number = int(word.text)
        seen.append(number)
        close = min(range(len(found)), key=lambda i: abs(found[i][0] - word.bottom))
        on_row = abs(found[close][0] - word.bottom) <= ROW_TOLERANCE
        empty = any(row.number == number and not row.printed for row in rows)
        if on_row == empty or (on_row and printed[close].number != number):
            raise SystemExit(f"{where}: {number} stands beside {found[close][1]!r}, which has {printed[close].number}")
    times = 2 if sheet.side == "both" else 1
    if sorted(seen) != sorted(expected * times):
        raise SystemExit(f"{where}: printed {sorted(seen)}, expected {sorted(expected)}")
