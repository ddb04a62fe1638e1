"""What tables and digest both ask of the records: where a span stands in the report, and how many voices speak."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from innspill.records import Line, Message, Page, Report, Section, Span
from innspill.words import Words


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands: the lines it touches, as a reader would cite them.

    `first_number` and `last_number` are the first and last numbers that the span's lines carry; ``None`` where none of
    them carries one (a footnote, a table). `page_number` and `page_label` are those of the first numbered line (of the
    first line where none is numbered), `last_page_number` and `last_page_label` those of the last one. `table_number`
    is what the caption calls the table that the span begins in, and empty outside tables.
    """

    first_line_id: str
    last_line_id: str
    first_number: int | None
    last_number: int | None
    page_number: int
    page_label: str
    last_page_number: int
    last_page_label: str
    section_id: str
    section_number: str
    section_heading: str
    table_number: str = ""

    @property
    def section(self) -> str:
        """The section's number and heading, empty before the first heading."""
        return f"{self.section_number} {self.section_heading}".strip()


class LineIndex:
    """Finds the lines of a report under a span, by overlap."""

    def __init__(self, report: Report) -> None:
        """Index `report`, whose lines stand in the order of their spans and do not overlap."""
        self._lines = report.lines
        self._starts = [line.span.start for line in report.lines]
        self._ends = [line.span.end for line in report.lines]
        self._sections: dict[str, Section] = {section.section_id: section for section in report.sections}
        self._tables = report.tables
        self._pages: dict[int, Page] = {page.page_number: page for page in report.pages}

    def lines_in(self, span: Span) -> tuple[Line, ...]:
        """The lines that share at least one code point with `span`, in order."""
        if span.end <= span.start:
            return ()
        first = bisect_right(self._ends, span.start)
        stop = bisect_left(self._starts, span.end)
        return tuple(line for line in self._lines[first:stop] if line.span.overlaps(span))

    def numbers_in(self, span: Span) -> tuple[int, int] | tuple[None, None]:
        """The first and the last line number in `span`, in the order of the lines; two ``None`` where there is none."""
        numbers = [line.number for line in self.lines_in(span) if line.number is not None]
        return (numbers[0], numbers[-1]) if numbers else (None, None)

    def page_label(self, page_number: int) -> str:
        """The label printed on a page, or its 1-based PDF number where none is printed."""
        page = self._pages.get(page_number)
        return page.label if page is not None and page.label else str(page_number)

    def section(self, section_id: str) -> Section | None:
        """The section with this id, if the report has it."""
        return self._sections.get(section_id)

    def _table_number(self, line: Line) -> str:
        """The printed number of the table that a line is part of; empty where there is none."""
        return next((table.number for table in self._tables if table.span.overlaps(line.span)), "")

    def place(self, span: Span) -> Place | None:
        """Where `span` stands; ``None`` where it touches no line."""
        lines = self.lines_in(span)
        if not lines:
            return None
        numbered = [line for line in lines if line.number is not None] or list(lines)
        first, last = numbered[0], numbered[-1]
        section = self._sections.get(lines[0].section_id)
        return Place(
            first_line_id=lines[0].line_id,
            last_line_id=lines[-1].line_id,
            first_number=first.number,
            last_number=last.number,
            page_number=first.page_number,
            page_label=self.page_label(first.page_number),
            last_page_number=last.page_number,
            last_page_label=self.page_label(last.page_number),
            section_id=lines[0].section_id,
            section_number=section.number if section else "",
            section_heading=section.heading if section else "",
            table_number=self._table_number(lines[0]),
        )


def describe(place: Place, words: Words, *, with_pages: bool) -> str:
    """Say a place to a reader: «linje 112–118», or with pages «s. 4, linje 12–15»; a table «tabell 1, s. 4».

    Args:
        place: What to describe.
        words: The output's language.
        with_pages: Name the page, as one must where the numbers begin anew on each page.
    """
    first, last = place.first_number, place.last_number
    pages = {"page": place.page_label, "last_page": place.last_page_label}
    if first is None or last is None:
        return words("place.table" if place.table_number else "place.page", table=place.table_number, **pages)
    numbers = {"first": first, "last": last}
    if with_pages and place.page_number != place.last_page_number:
        return words("place.pages_lines", **pages, **numbers)
    kind = "line" if first == last else "lines"
    return words(f"place.page_{kind}" if with_pages else f"place.{kind}", **pages, **numbers)


def sender_key(message: Message) -> str:
    """What makes two messages come from one voice: the organisation, or the address where there is none.

    Copies of a campaign are signed by their senders, so each address is a voice, once.
    """
    organisation = " ".join(message.organisation.split()).casefold()
    if organisation and message.kind != "campaign":
        return f"organisation:{organisation}"
    person = message.sender_email.strip().casefold() or " ".join(message.sender_name.split()).casefold()
    return f"person:{person or message.message_id}"


def count_organisations(messages: Iterable[Message]) -> int:
    """How many different voices `messages` come from (see `sender_key`)."""
    return len({sender_key(message) for message in messages})
