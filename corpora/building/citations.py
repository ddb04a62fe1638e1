"""What the mails say of the report's lines: placeholders filled in, and the lines that wrong citations name.

A placeholder is an anchor's id in braces, with a shift for those who cite wrongly, and what of it is meant: `{x}`,
`{x.first}`, `{x.last}`, `{x.page}` (printed), `{x.pdf}` (page of the PDF), `{x.section}`, `{x+4}`, `{x-12.first}`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .consultation import Consultation
from .errors import Errors
from .layout import Layout, Stretch
from .report import Report

PLACEHOLDER = re.compile(
    r"(?<!\{)\{(?P<id>[a-z][a-z0-9-]*?)(?P<shift>[+-]\d+)?(?:\.(?P<what>first|last|page|pdf|section))?"
    r"(?P<late_shift>[+-]\d+)?\}(?!\})"
)
LINE_KINDS = ("", "first", "last")

# A placeholder is set as ⟦index⟧ while the words around it are read.
NUMBER = r"(?:⟦\d+⟧|\d+)"
PAGE_MENTION = rf"(?<!\w)(?P<of_pdf>pdf[- ]?)?(?:sid[ea]\w*|s\.|p\.|pages?)\s*(?:nr\.?\s*)?(?P<page>{NUMBER})"
LINE_MENTION = (
    r"(?<!\w)(?:linj\w*\.?|lines?|ln\.?|l\.?)\s*(?:nr\.?)?\s*"
    rf"(?P<lines>{NUMBER}(?:\s*(?:[-–,]|til|to|og|and)\s*{NUMBER})*)"
)
MENTION = re.compile(rf"{PAGE_MENTION}|{LINE_MENTION}|(?P<bare>⟦\d+⟧)", re.IGNORECASE)
RANGE = re.compile(rf"({NUMBER})(?:\s*(?:[-–]|til|to)\s*({NUMBER}))?", re.IGNORECASE)


class Reference(NamedTuple):
    """A placeholder: the anchor, by how many lines it is shifted, and what of it is meant (a key, or all its lines)."""

    anchor: str
    shift: int
    what: str

    @property
    def cites_lines(self) -> bool:
        """Whether it stands for line numbers."""
        return self.what in LINE_KINDS


class Citations:
    """The printed report as the mails speak of it."""

    def __init__(self, report: Report, layout: Layout, consultation: Consultation, errors: Errors) -> None:
        self.report = report
        self.layout = layout
        self.front_pages = consultation.front_pages
        self.errors = errors
        self._at = {
            (line.page if layout.restarts else 0, line.number): index for index, line in enumerate(layout.lines)
        }

    # Placeholders

    def reference(self, match: re.Match[str]) -> Reference:
        """Return what a placeholder stands for; the anchor is one of the report's, or a name that is not known."""
        anchor, what = match["id"], match["what"] or ""
        shift = match["shift"] or ""
        if anchor + shift in self.report.anchors:
            anchor, shift = anchor + shift, ""
        return Reference(anchor, int(shift or match["late_shift"] or 0), what)

    def references(self, text: str) -> list[Reference]:
        """Return the placeholders of a text whose anchors are known."""
        found = (self.reference(match) for match in PLACEHOLDER.finditer(text))
        return [reference for reference in found if reference.anchor in self.report.anchors]

    def fill(self, text: str, where: str) -> str:
        """Fill the placeholders with what is printed in the report."""

        def value(match: re.Match[str]) -> str:
            reference = self.reference(match)
            if reference.anchor not in self.report.anchors:
                self.errors.error(where, f"unknown anchor in placeholder {match[0]}")
                return match[0]
            return self.written(reference)

        return PLACEHOLDER.sub(value, text)

    def written(self, reference: Reference) -> str:
        """Return what is written for a reference."""
        if reference.what == "section":
            return self.report.anchors[reference.anchor].section
        cited = self.cited(reference)
        first, last = self.layout.lines[cited.first], self.layout.lines[cited.last]
        whole = str(first.number) if first == last else f"{first.number}–{last.number}"
        return {
            "": whole,
            "first": str(first.number),
            "last": str(last.number),
            "page": first.label,
            "pdf": str(first.page),
        }[reference.what]

    def cited(self, reference: Reference) -> Stretch:
        """Return the lines that a reference names.

        Where numbers begin anew on each page these are lines of one page: the first one that the anchor is on.
        """
        limits, wanted = self._limits(reference), self._wanted(reference)
        return Stretch(*(min(max(index, limits.first), limits.last) for index in wanted))

    def _limits(self, reference: Reference) -> Stretch:
        """The lines that a reference can name."""
        first = self.layout.anchors[reference.anchor].first
        return self.layout.page_of(first) if self.layout.restarts else Stretch(0, len(self.layout.lines) - 1)

    def _wanted(self, reference: Reference) -> Stretch:
        """The lines of a reference, shifted, be they there or not."""
        place = self.layout.anchors[reference.anchor]
        last = min(place.last, self._limits(reference).last)
        return Stretch(place.first + reference.shift, last + reference.shift)

    def check(self, text: str, where: str) -> None:
        """Report placeholders that are shifted out of the report (or page), and anchors that go over a page break."""
        for reference in dict.fromkeys(self.references(text)):
            if self._wanted(reference) != self.cited(reference):
                what = "page" if self.layout.restarts else "report"
                self.errors.error(where, f"{reference.anchor}{reference.shift:+d} leaves the {what}")
            over = self.layout.anchors[reference.anchor].last > self._limits(reference).last
            if over and reference.cites_lines:
                self.errors.note(
                    where, f"{reference.anchor} goes over a page break: only the first page's part is cited"
                )

    # Wrong citations

    def named_lines(self, context: str) -> list[int]:
        """Return the indices of the lines that a text with placeholders names; numbers without a line are left out.

        Where numbers begin anew on each page, a number belongs to the page named last before it, else to the page named
        first after it, else to its placeholder's own page.
        """
        found: list[Reference] = []

        def mark(match: re.Match[str]) -> str:
            reference = self.reference(match)
            if reference.anchor not in self.report.anchors:
                return ""
            found.append(reference)
            return f"⟦{len(found) - 1}⟧"

        mentions = list(MENTION.finditer(PLACEHOLDER.sub(mark, context)))
        pages = [(mention.start(), self._page(mention, found)) for mention in mentions if mention["page"]]
        lines: set[int] = set()
        for mention in mentions:
            if mention["page"]:
                continue
            before = [page for start, page in pages if start < mention.start()]
            page = before[-1] if before else pages[0][1] if pages else 0
            for numbers in RANGE.finditer(mention["lines"] or mention["bare"]):
                lines.update(self._range(numbers, page, found))
        return sorted(lines)

    def _page(self, mention: re.Match[str], found: list[Reference]) -> int:
        """The page of the PDF that a mention of a page means."""
        written = mention["page"]
        if written.startswith("⟦"):
            reference = found[int(written.strip("⟦⟧"))]
            return self.layout.lines[self.cited(reference).first].page
        return int(written) + (0 if mention["of_pdf"] else self.front_pages)

    def _range(self, numbers: re.Match[str], page: int, found: list[Reference]) -> Iterator[int]:
        """Yield the indices of the lines of a number or a range on a page (0: not told)."""
        ends = [self._ends(written, page, found) for written in numbers.groups() if written]
        if not all(ends):
            return
        (page, first), (_, last) = ends[0][0], ends[-1][-1]
        for number in range(first, last + 1):
            if (page, number) in self._at:
                yield self._at[page, number]

    def _ends(self, written: str, page: int, found: list[Reference]) -> list[tuple[int, int]]:
        """The first and last (page, number) of one written number; none where it is no line."""
        page = page if self.layout.restarts else 0
        if not written.startswith("⟦"):
            return [(page, int(written))]
        reference = found[int(written.strip("⟦⟧"))]
        if not reference.cites_lines:
            return []
        cited = self.cited(reference)
        ends = {"first": cited.first, "last": cited.last}.get(reference.what)
        lines = [self.layout.lines[index] for index in (cited if ends is None else (ends,))]
        return [(page or (line.page if self.layout.restarts else 0), line.number) for line in lines]
