"""The truth of the printed lines, read from the PDF with poppler alone.

It rests on no reading of innspill's. The report's source tells which paragraphs carry numbers; their rows are found on
the pages in that order and counted, and every number that is printed in the margin must agree with the count. So the
lines between two printed numbers are known as surely as those that have one.
"""

import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from .consultation import Consultation
from .opendocument import MARGIN_LEFT_CM
from .report import CAPTION, Report

POINTS_PER_CM = 72 / 2.54
SAME_ROW = 3.0  # points between baselines


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the PDF with its box, in points from the top left of the page."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def baseline(self) -> float:
        """The height of the baseline (the Liberation fonts lie about a fifth of their box below it)."""
        return self.bottom - 0.195 * (self.bottom - self.top)

    @property
    def raised(self) -> bool:
        """Whether it is a footnote's mark: small digits."""
        return self.bottom - self.top < 9 and self.text.isdigit()


class Row(NamedTuple):
    """Words on one baseline, as text, and the number in the margin beside them."""

    text: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report that counts: its number, the page of the PDF from 1, and the page number printed there."""

    number: int
    page: int
    label: str
    text: str


class Stretch(NamedTuple):
    """Lines that follow each other: indices in the layout's lines, the last one included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What the printed report is: pages, lines, the lines of anchors and sections, and the places of tables."""

    n_pages: int
    lines: list[Line]
    restarts: bool
    anchors: dict[str, Stretch]
    sections: dict[str, Stretch]
    tables: dict[str, dict[str, Any]]

    def gold_number(self, index: int) -> int | list[int]:
        """The name of a line in gold.json: its number, or [page, number] where numbers begin anew on each page."""
        line = self.lines[index]
        return [line.page, line.number] if self.restarts else line.number

    def gold_numbers(self, indices: Iterable[int]) -> list[int | list[int]]:
        """The names of lines in gold.json, in the order of the report."""
        return [self.gold_number(index) for index in sorted(set(indices))]

    def page_of(self, index: int) -> Stretch:
        """The lines of the page that holds the line."""
        on_page = [other for other, line in enumerate(self.lines) if line.page == self.lines[index].page]
        return Stretch(on_page[0], on_page[-1])


def squeeze(text: str) -> str:
    """Return the text without whitespace and hyphens, so that line ends and hyphenation make no difference."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


# Reading the pages ---------------------------------------------------------------------------------------------------


def pdf_words(pdf: Path) -> list[list[Word]]:
    """Return the words of each page."""
    done = subprocess.run(["pdftotext", "-bbox-layout", str(pdf), "-"], check=True, capture_output=True)
    tree = etree.fromstring(done.stdout, etree.XMLParser(recover=True))
    box = ("xMin", "xMax", "yMin", "yMax")
    return [
        [Word((word.text or "").strip(), *(float(str(word.get(key))) for key in box)) for word in page.iter("{*}word")]
        for page in tree.iter("{*}page")
    ]


def page_rows(words: Sequence[Word]) -> Iterator[Row]:
    """Yield the rows of one page, from the top; footnote marks in the text are left out."""
    edge = MARGIN_LEFT_CM * POINTS_PER_CM - 4
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.baseline):
        if not word.text or (word.raised and word.x1 >= edge):
            continue
        if rows and word.baseline - rows[-1][0].baseline < SAME_ROW:
            rows[-1].append(word)
        else:
            rows.append([word])
    for row in rows:
        margin = [word.text for word in row if word.x1 < edge]
        text = " ".join(word.text for word in sorted(row, key=lambda word: word.x0) if word.x1 >= edge)
        text = re.sub(r"(?<=\w) -$", "-", text)  # poppler parts some hyphens off
        yield Row(text, int(margin[0]) if len(margin) == 1 and margin[0].isdigit() else None)


def read_lines(report: Report, pages: Sequence[Sequence[Word]], consultation: Consultation) -> list[Line]:
    """Return the lines that count.

    Raises:
        SystemExit: text of the report is not on the pages, or a printed number disagrees with the count.
    """
    expected = squeeze("".join(text for block in report.blocks for text in block.numbered_paragraphs()))
    lines: list[Line] = []
    at = 0
    for page, words in enumerate(pages, 1):
        count = 0 if consultation.restarts else len(lines)
        for row in page_rows(words) if page > consultation.front_pages else ():
            text = squeeze(without_bullet(row.text))
            counts = bool(text) and expected.startswith(text, at)
            if counts:
                count, at = count + 1, at + len(text)
                lines.append(Line(count, page, str(page - consultation.front_pages), row.text))
            printed = count if counts and count % consultation.increment == 0 else None
            if row.number != printed:
                raise SystemExit(f"report.pdf, page {page}: number {row.number}, not {printed}, beside «{row.text}»")
    if at < len(expected):
        raise SystemExit(f"report.pdf: not found after line {len(lines)}: «{expected[at : at + 60]}»")
    if lines[0].page != consultation.front_pages + 1:
        raise SystemExit(f"report.pdf: the body begins on page {lines[0].page}: do the contents fit on one page?")
    return lines


def without_bullet(text: str) -> str:
    """Return a row's text without the bullet before it."""
    return re.sub(r"^•\s*", "", text)


# Finding the report's parts in the lines -----------------------------------------------------------------------------


class Finder:
    """Finds text in the sequence of the lines' characters."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.stream = ""
        self.line_of: list[int] = []
        for index, line in enumerate(lines):
            text = squeeze(without_bullet(line.text))
            self.stream += text
            self.line_of += [index] * len(text)

    def find(self, text: str, start: int = 0, *, once: bool = True) -> tuple[Stretch, int]:
        """Return the lines of the text, and where the text ends in the stream."""
        needle = squeeze(text)
        count = self.stream.count(needle, start)
        if count == 0 or (once and count != 1):
            raise SystemExit(f"report.pdf: found {count} times, not once: «{text}»")
        at = self.stream.index(needle, start)
        end = at + len(needle)
        return Stretch(self.line_of[at], self.line_of[end - 1]), end


def locate(report: Report, pdf: Path, consultation: Consultation) -> Layout:
    """Find every anchor, section and table of the report in the printed lines."""
    pages = pdf_words(pdf)
    lines = read_lines(report, pages, consultation)
    finder = Finder(lines)
    anchors = {anchor.id: finder.find(anchor.text)[0] for anchor in report.anchors.values()}
    sections = find_sections(report, finder, len(lines))
    for anchor in report.anchors.values():
        section, place = sections[anchor.section], anchors[anchor.id]
        if not section.first <= place.first <= place.last <= section.last:
            raise SystemExit(f"report.pdf: anchor {anchor.id} is not in section {anchor.section}")
    tables = find_tables(report, pages, consultation.front_pages)
    return Layout(len(pages), lines, consultation.restarts, anchors, sections, tables)


def find_sections(report: Report, finder: Finder, n_lines: int) -> dict[str, Stretch]:
    """Return the lines of each section, its subsections included."""
    starts, position = [], 0
    for number, text in report.headings:
        place, position = finder.find(text, position, once=False)
        starts.append((number, place.first))
    sections = {}
    for index, (number, start) in enumerate(starts):
        later = (begin for other, begin in starts[index + 1 :] if not other.startswith(f"{number}."))
        sections[number] = Stretch(start, next(later, n_lines) - 1)
    return sections


def find_tables(report: Report, pages: Sequence[Sequence[Word]], front_pages: int) -> dict[str, dict[str, Any]]:
    """Return each table's page and section (tables have no numbered lines)."""
    tables, section = {}, ""
    for block in report.blocks:
        if block.kind == "heading":
            section = block.lines[0].split()[0]
        if match := CAPTION.fullmatch(block.lines[0]):
            found = [
                page
                for page, words in enumerate(pages, 1)
                if page > front_pages and squeeze(match[0]) in squeeze("".join(word.text for word in words))
            ]
            if len(found) != 1:
                raise SystemExit(f"report.pdf: caption of table {match[1]} found on pages {found}")
            tables[match[1]] = {"page_number": found[0], "section": section, "caption": match[0]}
    return tables
