"""What a citation points at in the report at hand.

«Linje 12» may stand on several pages, «side 4» may be the PDF's page or the printed one, and «linje 3» on page 5 its
third line: the words of the comment tell which is meant, and what is not certain is doubtful.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from innspill.citations import Citation, LineRange, Place
from innspill.language.written_forms import fold_written_forms
from innspill.places import LineIndex
from innspill.records import Footnote, Line, LineKind, Method, Passage, Report, Section, Span
from innspill.wording import DOUBTED_FROM, Said

# No citation means more lines than this.
MAX_RANGE = 2_000
MAX_FOLLOWING_LINES = 5
# The score of a whole page that is cited without a line.
WHOLE_PAGE_SCORE = 0.8
# Of several places that are meant by the same numbers, the one on the page that was cited last fits so much better.
# And it is not doubted if it fits so much better than the others.
HINT_FIT, CLEAR_FIT = 0.2, 0.05
# A range of so many lines, with a spaced dash, may be one line and a number that its words hold.
LONG_RANGE = 3
# How like (0–100) a sender's heading is to one of the report where they are the same.
SAME_HEADING = 90.0

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Hint:
    """What a citation may lean on: what the same message cited before it.

    Attributes:
        place: What was cited last, for «samme sted» and «linjen under»; `method` is how.
        page: The PDF page that was cited last, for «linje 12» where numbers begin anew on each page.
        scope: The chapter or page that the comment or its heading names, for «tredje kulepunkt».
        counts_on_pages: Whether the sender counts lines from the top of each page, where the report does not.
        by_pdf: Whether the sender numbers pages as the PDF does, where other numbers are printed on them.
    """

    place: Span | None = None
    page: int | None = None
    scope: Span | None = None
    counts_on_pages: bool = False
    by_pdf: bool = False
    method: Method = "line"


NO_HINT = Hint()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list point or a caption of the report, with its sentences."""

    kind: LineKind
    span: Span
    sentences: tuple[Passage, ...]


class ReportIndex:
    """Look-ups into a report for resolving citations: lines by number and page, pages by label, sections, blocks."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.by_number: dict[int, list[Line]] = {}
        self.by_page: dict[int, list[Line]] = {}
        for line in report.lines:
            self.by_page.setdefault(line.page_number, []).append(line)
            if line.number is not None:
                self.by_number.setdefault(line.number, []).append(line)
        self.pages_by_label: dict[str, int] = {}
        for page in report.pages:
            if page.label:
                self.pages_by_label.setdefault(page.label, page.page_number)
        self.sections = {section.number: section for section in report.sections if section.number}
        self.tables = {table.number.lower(): table for table in report.tables if table.number}
        self.restart = report.numbering.restart
        self.runs = _runs(report)
        self.blocks = _blocks(report)
        self._lines = LineIndex(report)

    def pages_called(self, citation: Citation, *, by_pdf: bool = False) -> list[int]:
        """The PDF pages that «side N» can mean, the likelier first: that with the printed label, the N-th one.

        Only the latter where the sender says that the PDF's page is meant, or how many pages the PDF has.
        """
        if citation.pages is None:
            return []
        number = citation.pages[0]
        in_pdf = citation.in_pdf or (
            citation.n_pages == len(self.report.pages) and str(citation.n_pages) not in self.pages_by_label
        )
        readings = (None if in_pdf else self.pages_by_label.get(str(number)), number)
        wanted = dict.fromkeys(reversed(readings) if by_pdf else readings)
        return [page for page in wanted if page is not None and page in self.by_page]

    def page_readings(self, citation: Citation) -> tuple[Span | None, Span | None]:
        """What «side 4», or «s. 4, linje 12», is if the printed number is meant, and if the PDF's page is."""
        first = citation.pages[0] if citation.pages else 0
        return self._reading(citation, self.pages_by_label.get(str(first))), self._reading(citation, first)

    def _reading(self, citation: Citation, page: int | None) -> Span | None:
        """What a citation means if `page` is the page that it begins on; None where that has no such lines."""
        if page is None or page not in self.by_page:
            return None
        if citation.ranges:
            return _span_from_page(self, citation, citation.ranges[0], page)
        return self.page_span(page, page)

    def is_beside(self, span: Span, line_range: LineRange) -> bool:
        """Whether a span holds a line of a range; the line below an empty one that was cited is none."""
        numbers = range(line_range.first, min(line_range.last, line_range.first + MAX_RANGE) + 1)
        lines = (line for number in numbers for line in self.by_number.get(number, []))
        return any(len(line.span) and line.span.overlaps(span) for line in lines)

    def text_below(self, line: Line) -> Line:
        """The first line with text after an empty one; the last line with text where there is none."""
        with_text = [other for other in self.report.lines if len(other.span)] or [line]
        return next((other for other in with_text if other.span.start >= line.span.start), with_text[-1])

    def page_span(self, page: int, last: int) -> Span:
        """The text of the pages from `page` to `last`, where they have any."""
        inside = [other for other in self.by_page if page <= other <= last]
        return Span(self.by_page[page][0].span.start, self.by_page[max(inside)][-1].span.end)

    def lines_in(self, span: Span) -> tuple[Line, ...]:
        """The lines that a span overlaps."""
        return self._lines.lines_in(span)

    def blocks_in(self, span: Span, *kinds: LineKind) -> list[Block]:
        """The blocks of some kinds that a span overlaps."""
        return [block for block in self.blocks if block.kind in kinds and block.span.overlaps(span)]

    def section_around(self, span: Span) -> Section | None:
        """The innermost section that a span begins in."""
        around = [section for section in self.report.sections if section.span.start <= span.start < section.span.end]
        return max(around, key=lambda section: section.span.start, default=None)

    def section_headed(self, words: str) -> Span | None:
        """The one section that is headed by these words, spelling aside."""
        from rapidfuzz import fuzz

        wanted = fold_written_forms(words)
        found = [
            section.span
            for section in self.report.sections
            if section.heading and fuzz.ratio(wanted, fold_written_forms(section.heading)) >= SAME_HEADING
        ]
        return found[0] if len(found) == 1 else None

    def section_by_words(self, words: str) -> Span | None:
        """The section whose heading the words name («kapittelet om samtykke», «oppsummeringen»)."""
        from rapidfuzz import fuzz

        best, best_score = None, 0.0
        wanted = words.casefold().split()
        for section in self.report.sections:
            heading = section.heading.casefold()
            for length in range(min(len(wanted), 6), 0, -1):
                phrase = " ".join(wanted[:length])
                if len(phrase) < 5:
                    break
                score = fuzz.ratio(phrase, heading) if length > 1 else _one_word_score(phrase, heading)
                if score > best_score:
                    best, best_score = section.span, score
        return best if best_score >= 85 else None


def _one_word_score(word: str, heading: str) -> float:
    """How sure one word names a heading (0–100): it is one of its words, or the definite form of one («-en», «-a»)."""
    words = heading.split()
    if word in words:
        return 95.0
    is_form = any(len(other) >= 6 and word.startswith(other) and len(word) - len(other) <= 3 for other in words)
    return 90.0 if is_form else 0.0


def _blocks(report: Report) -> list[Block]:
    """The paragraphs of a report in order."""
    grouped: dict[str, list[Passage]] = {}
    for passage in report.passages:
        grouped.setdefault(passage.paragraph_id, []).append(passage)
    return [
        Block(group[0].kind, Span(group[0].span.start, group[-1].span.end), tuple(group)) for group in grouped.values()
    ]


def _runs(report: Report) -> list[list[Line]]:
    """The numbered lines, in stretches within which no number begins anew: pages, sections, or the whole report."""
    runs: list[list[Line]] = []
    for line in report.lines:
        if line.number is None:
            continue
        before = runs[-1][-1] if runs else None
        anew = before is None or (
            line.page_number != before.page_number
            if report.numbering.restart == "page"
            else report.numbering.restart == "section" and line.number < (before.number or 0)
        )
        if anew:
            runs.append([])
        runs[-1].append(line)
    return runs


def resolve(citation: Citation, index: ReportIndex, *, said: Said, hint: Hint = NO_HINT) -> list[Place]:
    """The places in the report that a citation points at.

    Args:
        citation: What the comment says.
        index: The report.
        said: What the comment says, and how well it fits the places of the report; decides between readings.
        hint: What the sender cited before.

    Returns:
        One place for each range; a single `unresolved` one where the report has no such place; none where the words
        turned out not to point at the report.
    """
    places = _resolve(citation, index, said, hint)
    if citation.guess:
        return [place for place in places if place.target is not None and said.shares_words(place.target)]
    return places


def _resolve(citation: Citation, index: ReportIndex, said: Said, hint: Hint) -> list[Place]:
    match citation.kind:
        case "line" | "page_line":
            return [
                place
                for line_range in citation.ranges
                for place in _resolve_lines(citation, _as_meant(line_range, index), index, said, hint)
            ]
        case "page":
            return _resolve_page(citation, index, hint)
        case "section":
            return _resolve_sections(citation, index)
        case "heading":
            target = index.section_by_words(citation.names[0])
            return [Place("section", citation.words, target, 0.9, "ok", is_wide=True)] if target else []
        case "table":
            return _resolve_tables(citation, index)
        case "figure" | "box" | "appendix":
            return _resolve_figure(citation, index)
        case "footnote":
            return _resolve_footnotes(citation, index, said, hint)
        case "bullet" | "paragraph" | "sentence":
            return _resolve_counted(citation, index, said, hint)
        case "relative":
            return _resolve_relative(citation, index, hint)
    return []


# Lines ---------------------------------------------------------------------------------------------------------------


def _as_meant(line_range: LineRange, index: ReportIndex) -> LineRange:
    """One line where the dash leads on to a number that stands in it: «linje 20 - 52 søknader er få»."""
    if not line_range.spaced or line_range.last - line_range.first < LONG_RANGE:
        return line_range
    numbers = {
        number
        for line in index.by_number.get(line_range.first, ())
        for number in re.findall(r"\d+", line.span.of(index.report.text))
    }
    return replace(line_range, last=line_range.first) if str(line_range.last) in numbers else line_range


def _resolve_lines(
    citation: Citation, line_range: LineRange, index: ReportIndex, said: Said, hint: Hint
) -> list[Place]:
    method: Method = "page_line" if citation.kind == "page_line" else "line"
    pages = index.pages_called(citation, by_pdf=hint.by_pdf)
    candidates = [span for page in pages if (span := _span_from_page(index, citation, line_range, page)) is not None]
    if candidates:
        best = candidates[0]
        if not index.is_beside(best, line_range):
            return [Place(method, citation.words, best, 0.6, "doubtful")]
        return [Place(method, citation.words, best, 1.0 if len(candidates) == 1 else 0.9, "ok")]
    if citation.pages and citation.loose:
        return []
    if index.restart != "document":
        place = _resolve_without_page(citation, line_range, index, said, hint, method)
        return [] if citation.loose and place.target is None else [place]
    target = _span_of_numbers(index, line_range)
    if pages and (counted := _best_counted(index, line_range, pages, said)) is not None:
        return [_other_reading(citation, method, pages, counted, target, index, said, hint)]
    if target is None:
        return [] if citation.loose else [Place(method, citation.words, None, 0.0, "unresolved")]
    # «s. 4, linje 12» where line 12 is on another page, or a number beside an empty line: the reader is told.
    doubtful = bool(citation.pages) or not index.is_beside(target, line_range)
    return [Place(method, citation.words, target, 0.6 if doubtful else 1.0, "doubtful" if doubtful else "ok")]


def _best_counted(index: ReportIndex, line_range: LineRange, pages: Sequence[int], said: Said) -> Span | None:
    """The lines counted from the top of a page, whatever numbers they carry."""
    spans = [span for page in pages if (span := _nth_lines(index, page, line_range)) is not None]
    return max(spans, key=said.fit, default=None)


def _other_reading(
    citation: Citation,
    method: Method,
    pages: Sequence[int],
    counted: Span,
    numbered: Span | None,
    index: ReportIndex,
    said: Said,
    hint: Hint,
) -> Place:
    """«Side 5, linje 3» where line 3 is on page 1: the third line of page 5, or line 3 on a page that was mistaken.

    As the sender counts elsewhere, or what fits the words; else the mistaken page only where it is the one before or
    after.
    """
    if hint.counts_on_pages:
        return Place(method, citation.words, counted, 0.9, "ok")
    if numbered is None:
        return Place(method, citation.words, counted, 0.6, "doubtful")
    if said.doubt([counted]) < DOUBTED_FROM <= said.doubt([numbered]):
        return Place(method, citation.words, counted, 0.8, "ok")
    page = index.lines_in(numbered)[0].page_number
    is_near = any(abs(page - other) <= 1 for other in pages)
    other = numbered if said.fit(numbered) > said.fit(counted) or is_near else counted
    return Place(method, citation.words, other, 0.6, "doubtful")


def counts_on_page(citation: Citation, index: ReportIndex) -> bool | None:
    """Whether a page and line can only be meant as the n-th line of the page; None where nothing can be told."""
    if citation.kind != "page_line" or citation.pages is None or index.restart != "document":
        return None
    pages = index.pages_called(citation)
    if not pages:
        return None
    if any(_span_from_page(index, citation, lines, page) for lines in citation.ranges for page in pages):
        return False
    return any(_nth_lines(index, page, lines) for lines in citation.ranges for page in pages)


def _nth_lines(index: ReportIndex, page: int, line_range: LineRange) -> Span | None:
    """The lines of a page counted from its top, whatever numbers they carry."""
    lines = [line for line in index.by_page.get(page, []) if line.number is not None]
    chosen = lines[line_range.first - 1 : line_range.last] if line_range.first else []
    return Span(chosen[0].span.start, chosen[-1].span.end) if chosen else None


def _span_from_page(index: ReportIndex, citation: Citation, line_range: LineRange, page: int) -> Span | None:
    """The lines of a range that begins on `page`; it may run on to later pages."""
    first, last = citation.pages or (0, 0)
    if last > first and line_range.last != line_range.first:
        begin = _span_on_page(index, LineRange(line_range.first, line_range.first), page)
        end = _span_on_page(index, LineRange(line_range.last, line_range.last), page + last - first)
        return Span(begin.start, end.end) if begin is not None and end is not None and end.end > begin.start else None
    on_page = _span_on_page(index, line_range, page)
    if on_page is None or index.restart == "page":
        return on_page
    if index.restart == "section":
        runs = [run for run in index.runs if any(line.page_number == page for line in run)]
        return next((span for run in runs if (span := _span_of(index, run, line_range)) is not None), on_page)
    return _span_of_numbers(index, line_range)


def _resolve_without_page(
    citation: Citation, line_range: LineRange, index: ReportIndex, said: Said, hint: Hint, method: Method
) -> Place:
    """A line without a page in a report whose numbers begin anew: the chapter or page that is named, else what fits."""
    if citation.pages:
        return Place(method, citation.words, None, 0.0, "unresolved")
    candidates = [span for run in index.runs if (span := _span_of(index, run, line_range)) is not None]
    if hint.scope is not None:
        inside = [span for span in candidates if span.overlaps(hint.scope)]
        if len(inside) == 1 and index.is_beside(inside[0], line_range):
            return Place(method, citation.words, inside[0], 0.9, "ok")
    if not candidates:
        return Place(method, citation.words, None, 0.0, "unresolved")
    hinted = _span_on_page(index, line_range, hint.page) if hint.page is not None else None

    def fit(span: Span) -> float:
        return said.fit(span) + (HINT_FIT if hinted is not None and span.overlaps(hinted) else 0.0)

    best = max(candidates, key=fit)
    if not index.is_beside(best, line_range):
        return Place(method, citation.words, best, 0.5, "doubtful")
    if len(candidates) == 1:
        return Place(method, citation.words, best, 1.0, "ok")
    second = max(fit(span) for span in candidates if span != best)
    is_clear = fit(best) >= second + CLEAR_FIT and said.doubt([best]) < DOUBTED_FROM
    return Place(method, citation.words, best, 0.8 if is_clear else 0.5, "ok" if is_clear else "doubtful")


def _span_on_page(index: ReportIndex, line_range: LineRange, page: int) -> Span | None:
    lines = index.by_page.get(page, [])
    return _span_of(index, [line for line in lines if line.number is not None], line_range)


def _span_of_numbers(index: ReportIndex, line_range: LineRange) -> Span | None:
    near = range(line_range.first, min(line_range.last, line_range.first + MAX_RANGE) + 1)
    return _span_of(index, [line for number in near for line in index.by_number.get(number, [])], line_range)


def _span_of(index: ReportIndex, lines: Sequence[Line], line_range: LineRange) -> Span | None:
    """The span of the numbered lines in a range; None unless its first line exists.

    A number that is printed beside an empty line points at the line of text below it.
    """
    inside = [line for line in lines if line.number is not None and line_range.first <= line.number <= line_range.last]
    if not inside or min(line.number or 0 for line in inside) != line_range.first:
        return None
    with_text = [line for line in inside if len(line.span)] or [index.text_below(inside[-1])]
    first, last = with_text[0], with_text[-1]
    end = last.span.end
    if line_range.following:
        end = _following_end(index, last, 1 if line_range.following == "f" else MAX_FOLLOWING_LINES)
    return Span(first.span.start, end)


def _following_end(index: ReportIndex, line: Line, n_lines: int) -> int:
    """The end of «f.» (the next line too) or «ff.» (to the end of the sentence, and at least one line more)."""
    sentences = [passage.span for passage in index.report.passages if passage.span.overlaps(line.span)]
    stop = max((sentence.end for sentence in sentences), default=line.span.end)
    end = line.span.end
    position = next(i for i, other in enumerate(index.report.lines) if other.line_id == line.line_id)
    following = index.report.lines[position + 1 : position + 1 + n_lines]
    for n_taken, other in enumerate(following):
        if other.kind != line.kind or (n_taken and other.span.start >= stop):
            break
        end = other.span.end
    return end


# Pages, sections, tables ---------------------------------------------------------------------------------------------


def _resolve_page(citation: Citation, index: ReportIndex, hint: Hint) -> list[Place]:
    spans = _page_spans(citation, index, hint)
    if not spans:
        return [Place("page_line", citation.words, None, 0.0, "unresolved", is_wide=True)]
    return [Place("page_line", citation.words, spans[0], WHOLE_PAGE_SCORE, "ok", is_wide=True)]


def _page_spans(citation: Citation, index: ReportIndex, hint: Hint) -> list[Span]:
    """The pages that «side 4» or «sidene 4–6» may mean, the likelier first."""
    first, last = citation.pages or (0, 0)
    return [index.page_span(page, page + last - first) for page in index.pages_called(citation, by_pdf=hint.by_pdf)]


def _resolve_sections(citation: Citation, index: ReportIndex) -> list[Place]:
    places = []
    for name in citation.names:
        section = index.sections.get(name)
        if section is not None:
            places.append(Place("section", citation.words, section.span, 1.0, "ok", is_wide=True))
        elif not citation.loose:
            places.append(Place("section", citation.words, None, 0.0, "unresolved"))
    return places


def _resolve_tables(citation: Citation, index: ReportIndex) -> list[Place]:
    tables = [index.tables.get(name.lower()) for name in citation.names]
    return [
        Place("table", citation.words, table.span, 1.0, "ok")
        if table is not None
        else Place("table", citation.words, None, 0.0, "unresolved")
        for table in tables
    ]


# The words before the number of a figure, a box or an appendix.
LABELS = {
    "figure": r"(?:figur|figure|fig\.|diagram|kart)",
    "box": r"(?:fakta|tekst)?(?:boks|ramme|box)",
    "appendix": r"(?:vedlegg|bilag|appendix|annex)",
}


def _resolve_figure(citation: Citation, index: ReportIndex) -> list[Place]:
    """A figure or a box by its caption, or by the heading of an appendix."""
    label = re.compile(rf"{LABELS[citation.kind]}\s*{re.escape(citation.names[0])}(?![\w-])", re.IGNORECASE)
    text = index.report.text
    headed = [section.span for section in index.report.sections if label.match(section.heading)]
    captions = [block.span for block in index.blocks if label.match(text, block.span.start) and block.kind != "heading"]
    captions.sort(key=lambda span: "caption" not in {line.kind for line in index.lines_in(span)})
    target = next(iter([*headed, *captions]), None)
    if target is None:
        return [] if citation.loose else [Place("section", citation.words, None, 0.0, "unresolved")]
    return [Place("section", citation.words, target, 1.0, "ok")]


# Footnotes, points, paragraphs, sentences ----------------------------------------------------------------------------


def _scopes(citation: Citation, index: ReportIndex, said: Said, hint: Hint) -> list[Span]:
    """The pages, the section or the paragraph that something is counted in; more than one where that is not certain."""
    within = citation.within
    if within is None:
        around = index.section_around(hint.place) if hint.place is not None else None
        return [span for span in (hint.scope or (around.span if around else None),) if span is not None]
    if within.kind == "page":
        return _page_spans(within, index, hint)
    return [place.target for place in _resolve(within, index, said, hint) if place.target is not None][:1]


def _resolve_footnotes(citation: Citation, index: ReportIndex, said: Said, hint: Hint) -> list[Place]:
    scopes = _scopes(citation, index, said, hint) if citation.within is not None else []
    notes = [note for note in index.report.footnotes if not scopes or any(_is_note_in(note, scope) for scope in scopes)]
    if citation.count:
        chosen = _nth(notes, citation.count) if scopes else None
        return _counted_place(citation, chosen.span if chosen else None, scopes)
    places = []
    for name in citation.names:
        named = [note.span for note in notes if note.marker.strip("()[]. ") == name]
        if named:
            places.append(
                Place("section", citation.words, max(named, key=said.fit), 1.0 if len(named) == 1 else 0.7, "ok")
            )
        elif not citation.loose:
            places.append(Place("section", citation.words, None, 0.0, "unresolved"))
    return places


def _is_note_in(note: Footnote, scope: Span) -> bool:
    return note.span.overlaps(scope) or (note.reference is not None and note.reference.overlaps(scope))


def _resolve_counted(citation: Citation, index: ReportIndex, said: Said, hint: Hint) -> list[Place]:
    """The n-th point, paragraph or sentence of a page, a section or a paragraph.

    People count paragraphs in more than one way (lists, and what runs over from the page before): what fits.
    """
    scopes = _scopes(citation, index, said, hint)
    readings = [span for scope in scopes for span in _counted_in(citation, index, scope)]
    if not readings and citation.kind == "bullet" and citation.within is not None:
        subsection = index.sections.get(f"{'.'.join(citation.within.names)}.{citation.count}")
        readings = [subsection.span] if subsection is not None else []  # «punkt 3 i kapittel 2» is 2.3
    return _counted_place(citation, max(readings, key=said.fit) if readings else None, scopes)


def _counted_place(citation: Citation, target: Span | None, scopes: Sequence[Span]) -> list[Place]:
    """Where what is counted is not there, the place that it is counted in, and doubt."""
    within = citation.within
    on_page = within is not None and (within.kind == "page" or (within.within or within).kind == "page")
    method: Method = "page_line" if on_page else "section"
    if target is not None:
        return [Place(method, citation.words, target, 0.9, "ok")]
    if within is None or (within.loose and not scopes):
        return []
    if not scopes:
        return [Place(method, citation.words, None, 0.0, "unresolved")]
    return [Place(method, citation.words, scopes[0], 0.5, "doubtful", is_wide=True)]


def _counted_in(citation: Citation, index: ReportIndex, scope: Span) -> list[Span]:
    """The n-th of its kind in a span, by each way to count."""
    if citation.kind == "bullet":
        points = index.blocks_in(scope, "list")
        text = index.report.text
        numbered = [block for block in points if re.match(rf"\W*{citation.count}[.)]\s", block.span.of(text))]
        chosen = numbered[0] if len(numbered) == 1 else _nth(points, citation.count)
        return [chosen.span] if chosen is not None else []
    if citation.kind == "sentence":
        blocks = index.blocks_in(scope, "text", "list")
        sentences = [passage.span for block in blocks for passage in block.sentences if passage.span.overlaps(scope)]
        chosen_sentence = _nth(sentences, citation.count)
        return [chosen_sentence] if chosen_sentence is not None else []
    paragraphs = [block.span for block in index.blocks_in(scope, "text")]
    whole = [span for span in paragraphs if span.start >= scope.start]
    with_lists = _with_lists(index.blocks_in(scope, "text", "list"))
    readings = [_nth(way, citation.count) for way in (paragraphs, whole, with_lists)]
    return list(dict.fromkeys(span for span in readings if span is not None))


def _with_lists(blocks: Sequence[Block]) -> list[Span]:
    """Paragraphs and lists, each list one."""
    spans: list[Span] = []
    for number, block in enumerate(blocks):
        if number and block.kind == blocks[number - 1].kind == "list":
            spans[-1] = Span(spans[-1].start, block.span.end)
        else:
            spans.append(block.span)
    return spans


def _nth(things: Sequence[_Thing], count: int) -> _Thing | None:
    """The n-th of some things, from the end where the number is negative."""
    position = count - 1 if count > 0 else len(things) + count
    return things[position] if 0 <= position < len(things) else None


# «samme sted», «neste avsnitt» ---------------------------------------------------------------------------------------


def _resolve_relative(citation: Citation, index: ReportIndex, hint: Hint) -> list[Place]:
    """A place by the one that was cited last; none where none was."""
    if hint.place is None:
        return []
    unit, place = citation.names[0], hint.place
    if unit == "page" and hint.page is not None and hint.page in index.by_page:
        place = index.page_span(hint.page, hint.page)
    target = place if unit == "place" else _step(index, unit, place, citation.count)
    methods: dict[str, Method] = {"place": hint.method, "page": "page_line", "line": "line"}
    method = methods.get(unit, "section")
    wide = unit in ("page", "section")
    return [Place(method, citation.words, target, WHOLE_PAGE_SCORE, "ok", is_wide=wide)] if target is not None else []


def _step(index: ReportIndex, unit: str, place: Span, count: int) -> Span | None:
    """The line, sentence, paragraph, point, page, table or section so many steps from a place; 0 is the one there."""
    if unit == "section":
        sections = [section.span for section in index.report.sections]
        around = index.section_around(place)
        position = sections.index(around.span) + count if around else -1
        return sections[position] if 0 <= position < len(sections) else None
    spans = _spans_of(index, unit)
    inside = [number for number, span in enumerate(spans) if span.overlaps(place)]
    if not inside:
        before = [number for number, span in enumerate(spans) if span.end <= place.start]
        inside = [before[-1]] if before and count < 0 else []
        if count > 0 and len(before) < len(spans):
            return _nth(spans[len(before) :], count)
        count += 1
    if not inside:
        return None
    if count == 0:
        return Span(spans[inside[0]].start, spans[inside[-1]].end)
    position = (inside[-1] if count > 0 else inside[0]) + count
    return spans[position] if 0 <= position < len(spans) else None


def _spans_of(index: ReportIndex, unit: str) -> list[Span]:
    """All units of a kind in the report, in order."""
    match unit:
        case "line":
            return [line.span for line in index.report.lines if line.number is not None and len(line.span)]
        case "sentence":
            return [passage.span for passage in index.report.passages if passage.kind in ("text", "list")]
        case "paragraph":
            return [block.span for block in index.blocks if block.kind == "text"]
        case "bullet":
            return [block.span for block in index.blocks if block.kind == "list"]
        case "page":
            return [index.page_span(page, page) for page in sorted(index.by_page)]
    return [table.span for table in index.report.tables]
