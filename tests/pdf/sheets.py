"""Reports of which every printed line is written out: what is on a page is then known before any program sets it.

A `Sheet` is pages of columns of blocks of rows. Its truth is counted here, from the source; the programs that set it
(`sheets_latex.py`, `sheets_office.py`) break lines, columns and pages only where the sheet says so, and
`sheets_check.py` fails the build where poppler sees anything else.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parent / "source"
COUNTED = frozenset({"heading", "text", "list", "formula", "law"})
MARKER = re.compile(r"\^(\d+|\*+)\^")
Number = int | list[int | None] | None


@dataclass(frozen=True)
class Note:
    """A footnote. Its first `here` rows stand on the page of its marker, the rest at the foot of the next page."""

    marker: str
    rows: tuple[str, ...]
    here: int = 99


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list point, table, formula or empty line.

    A row holds ``^1^`` where a footnote's marker stands. `marker` is what stands before a list point. `flow` is what a
    program sets as `rows` by itself: a text without breaks, or the formula in LaTeX. The cells of a table hold ``"\\n"`` between their lines; the first
    `here` of its rows stand on the page where it begins.
    """

    kind: str
    rows: tuple[str, ...]
    level: int = 0
    marker: str = ""
    notes: tuple[Note, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    ruling: str = "ruled"
    widths: tuple[float, ...] = ()
    here: int = 999
    flow: str = ""
    restarts: bool = False
    uncounted: bool = False

    @property
    def shown(self) -> tuple[str, ...]:
        """The rows as shown: the list marker before the first, footnote markers as they are."""
        rows = [MARKER.sub(r"\1", row) for row in self.rows]
        if self.marker:
            rows[0] = f"{self.marker} {rows[0]}"
        return tuple(rows)


@dataclass(frozen=True)
class Page:
    """A page: its blocks in columns, the full-width blocks above them, and its printed label.

    After a page that `flows` no break is set: a table or a footnote goes on on the next. A `wide` page is A4 on its
    side.
    """

    columns: tuple[tuple[Block, ...], ...]
    above: tuple[Block, ...] = ()
    label: str = ""
    flows: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Ruler:
    """Numbers at even distances from the top of a page, whatever the text does.

    `top` is the baseline of the first, from the upper edge of the paper, and `pitch` the distance of two; TeX points
    (72.27 an inch). `rights` are the columns that have their numbers at the right margin.
    """

    count: int
    top: float
    pitch: float
    digits: int = 1
    size: float = 8.0
    first: int = 0
    restarts: bool = False
    columns: int = 1


@dataclass(frozen=True)
class Sheet:
    """A report and how it is set and numbered. `step` 0 is no line numbers."""

    shows: str
    producer: str
    pages: tuple[Page, ...]
    step: int = 1
    restart: bool | str = False
    first: int = 1
    side: str = "left"
    counted: frozenset[str] = COUNTED
    count_empty: bool = False
    header: str = "Utkast til høring"
    outer: bool = False
    two_sided: bool = False
    leading: float = 15.0
    roman_pages: int = 0
    preamble: str = ""
    ruler: Ruler | None = None
    number_font: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def n_columns(self) -> int:
        """How many columns the text has."""
        return max(len(page.columns) for page in self.pages)

    def counts(self, block: Block) -> bool:
        """Whether the lines of a block are counted, all or every n-th of them printed."""
        counted = block.kind in self.counted or (block.kind == "blank" and self.count_empty)
        return bool(self.step) and self.ruler is None and counted and not block.uncounted


# Writing a story -----------------------------------------------------------------------------------------------------


def paragraphs(name: str) -> list[str]:
    """The paragraphs of a source, one a line."""
    return (SOURCE / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def fit(text: str, width: int) -> tuple[str, ...]:
    """Break a text to rows of at most `width` characters."""
    return tuple(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))


def text(words: str, width: int, *notes: Note) -> Block:
    """A paragraph."""
    return Block("text", fit(words, width), notes=notes)


def heading(words: str, level: int = 1) -> Block:
    """A heading of one row."""
    return Block("heading", (words,), level=level)


def points(markers: Iterable[str], texts: Sequence[str], width: int) -> list[Block]:
    """List points."""
    return [Block("list", fit(words, width - 4), marker=marker) for marker, words in zip(markers, texts, strict=False)]


def caption(words: str) -> Block:
    """A caption of one row."""
    return Block("caption", (words,))


def contents(*entries: tuple[str, str]) -> list[Block]:
    """Entries of a list of contents, each with the page that it leads to."""
    return [Block("contents", (f"{words} {label}",)) for words, label in entries]


def unnumbered(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, left out of the count."""
    return [replace(block, uncounted=True) for block in blocks]


def formula(shown: str, source: str) -> Block:
    """A display formula: how its row reads, and what LaTeX sets."""
    return Block("formula", (shown,), flow=source)


def title(*rows: str) -> Block:
    """The title block, a row for the title and one for what stands under it."""
    return Block("title", rows)


def blank() -> Block:
    """An empty line."""
    return Block("blank", ("",))


def table(
    cells: Sequence[Sequence[str]], ruling: str = "ruled", widths: Sequence[float] = (), here: int = 999
) -> Block:
    """A table; a row of it is shown as one row for each line of its highest cell."""
    rows: list[str] = []
    for row in cells:
        lines = [cell.split("\n") for cell in row]
        for index in range(max(map(len, lines))):
            rows.append(" ".join(cell[index] for cell in lines if index < len(cell)))
    return Block(
        "table",
        tuple(rows),
        cells=tuple(tuple(row) for row in cells),
        ruling=ruling,
        widths=tuple(widths),
        here=here,
    )


def note(marker: str, words: str, width: int = 95, here: int = 99) -> Note:
    """A footnote."""
    return Note(marker, fit(words, width), here)


COSTS = {"heading": 2.3, "table": 1.25, "list": 1.1, "blank": 1.0, "caption": 1.5, "title": 2.6}


def cost_of(block: Block) -> float:
    """The height of a block with its footnotes, in rows of text."""
    return COSTS.get(block.kind, 1.0) * len(block.rows) + 0.4 + sum(len(n.rows) for n in block.notes)


def pour(blocks: Iterable[Block], budget: float, n_columns: int = 1, first: float = 0.0) -> tuple[Page, ...]:
    """Fill pages with blocks, `budget` rows of text a column (`first` less on page 1); paragraphs break over pages."""
    columns: list[list[Block]] = [[]]
    left = budget - first

    def turn() -> None:
        nonlocal left
        columns.append([])
        left = budget - (first if len(columns) <= n_columns else 0)

    queue = list(blocks)
    while queue:
        block = queue.pop(0)
        cost = cost_of(block)
        with_next = cost + (cost_of(queue[0]) if block.kind == "caption" and queue[0].kind == "table" else 0.0)
        if with_next <= left and not (block.kind == "heading" and left < 5):
            columns[-1].append(block)
            left -= cost
        elif block.kind == "text" and not block.notes and left >= 3 and len(block.rows) - int(left) >= 1:
            columns[-1].append(replace(block, rows=block.rows[: int(left)]))
            queue.insert(0, replace(block, rows=block.rows[int(left) :]))
            turn()
        else:
            queue.insert(0, block)
            turn()
    while len(columns) % n_columns:
        columns.append([])
    groups = [columns[index : index + n_columns] for index in range(0, len(columns), n_columns)]
    return tuple(
        Page(tuple(tuple(column) for column in group), label=str(number))
        for number, group in enumerate(groups, start=1)
    )


# The truth -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownRow:
    """A row as a page shows it: its place, its number, what it is, and which row of which block."""

    page: int
    column: int
    number: Number
    kind: str
    text: str
    key: str

    @property
    def printed(self) -> bool:
        """Whether it has words."""
        return bool(self.text)


def shown_rows(sheet: Sheet) -> list[ShownRow]:
    """Every row in reading order with its number: footnotes at the foot of their column."""
    out: list[ShownRow] = []
    number = sheet.first - 1
    over: list[tuple[str, str, str]] = []  # rows that go over to the next page: kind, text, key
    for page_index, page in enumerate(sheet.pages):
        if sheet.restart == "page":
            number = 0
        groups = [(-1, page.above), *enumerate(page.columns)]
        for column, blocks in groups:
            feet: list[tuple[str, str, str]] = []
            if column == 0:
                feet = [item for item in over if item[0] == "footnote"]
                out += [
                    ShownRow(page_index, column, None, kind, words, key)
                    for kind, words, key in over
                    if kind != "footnote"
                ]
                over = []
            for index, block in enumerate(blocks):
                if block.restarts:
                    number = 0
                for row_index, words in enumerate(block.shown):
                    key = f"{page_index}.{column}.{index}.{row_index}"
                    counts = sheet.counts(block)
                    if counts:
                        number += 1
                    if row_index >= block.here:
                        over.append((block.kind, words, key))
                        continue
                    out.append(ShownRow(page_index, column, number if counts else None, _kind(block), words, key))
                for n in block.notes:
                    rows = [(f"{n.marker} {row}" if not i else row) for i, row in enumerate(n.rows)]
                    keyed = [("footnote", row, f"n{n.marker}.{i}.{page_index}") for i, row in enumerate(rows)]
                    feet += keyed[: n.here]
                    over += keyed[n.here :]
            out += [ShownRow(page_index, column, None, kind, words, key) for kind, words, key in feet]
    return out


def _kind(block: Block) -> str:
    """What the rows of a block are; what begins with a bare number may be told from a paragraph or not."""
    return "paragraph" if block.kind == "list" and block.marker.isdecimal() else block.kind


def running_of(sheet: Sheet, page: Page) -> list[str]:
    """The running head and foot of a page."""
    return [text for text in (sheet.header, f"Side {page.label}" if page.label else "") if text]


def truth_of(sheet: Sheet, rows: Sequence[ShownRow]) -> dict[str, Any]:
    """What is true of a sheet, as `truth.json` has it."""
    pages: list[dict[str, Any]] = [
        {"label": page.label, "running": running_of(sheet, page), "lines": []} for page in sheet.pages
    ]
    for row in rows:
        if row.printed or row.number is not None:
            pages[row.page]["lines"].append([row.number, row.kind, row.text])
    blocks = [block for page in sheet.pages for column in (page.above, *page.columns) for block in column]
    truth: dict[str, Any] = {
        "shows": sheet.shows,
        "step": sheet.step,
        "restart": sheet.restart,
        "pages": pages,
        "sections": [_section(block) for block in blocks if block.kind == "heading"],
        "tables": [m[1] for b in blocks if b.kind == "caption" and (m := re.match(r"Tabell (\d+)", b.rows[0]))],
        "cells": [[[cell.replace("\n", " ") for cell in row] for row in b.cells] for b in blocks if b.kind == "table"],
        "footnotes": list(_footnotes(blocks)),
    }
    if sheet.step:
        values = [row.number for row in rows if isinstance(row.number, int)]
        truth |= {
            "first": min(values, default=0),
            "side": sheet.side,
            "placement": "ruler" if sheet.ruler else "beside",
            "on_empty_lines": _on_empty_lines(sheet, rows),
        }
    if sheet.ruler:
        truth["ruler"] = [_on_page(sheet.ruler, index) for index in range(len(sheet.pages))]
    return truth


def _on_empty_lines(sheet: Sheet, rows: Sequence[ShownRow]) -> list[int]:
    """The numbers that are printed beside empty lines."""
    numbers = [row.number for row in rows if row.kind == "blank" and isinstance(row.number, int)]
    return [number for number in numbers if number % sheet.step == 0]


def _on_page(ruler: Ruler, index: int) -> list[int]:
    """The first and the last number of the ruler on a page."""
    count = ruler.count * ruler.columns
    first = ruler.first if ruler.restarts else ruler.first + index * count
    return [first, first + count - 1]


def _section(block: Block) -> list[Any]:
    words = " ".join(block.shown)
    match = re.match(r"([\d.]+|§ [\d-]+) (.*)", words)
    return [match[1], match[2], block.level] if match else ["", words, block.level]


def _footnotes(blocks: Sequence[Block]) -> Iterator[list[Any]]:
    """Marker, text (what stands of it on the page of its marker), and the words before the marker in its row."""
    for block in blocks:
        for n in block.notes:
            row = next(row for row in block.rows if f"^{n.marker}^" in row)
            before = MARKER.sub("", row.split(f"^{n.marker}^")[0])
            yield [n.marker, " ".join(n.rows[: n.here]), before]
