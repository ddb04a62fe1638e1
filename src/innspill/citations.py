"""How people point at the report: «linje 112–118», «s. 4, linje 12», «kap. 3.2», «tabell 1», «…» quotations.

First a grammar finds the words that point (`find_citations`, pure text); then they are resolved against the report at
hand (`resolve`), where «linje 12» may stand on several pages and «side 4» may be the PDF's page or the printed one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from innspill.records import Line, Method, Report, Span, Status

CitationKind = Literal["line", "page_line", "page", "section", "heading", "table", "quotation"]

_DASH = r"(?:[-‐‑‒–—−]{1,2}|og (?:utover|fram|frem|videre) til|til og med|t\.o\.m\.|tom\.|til|to|through)"
_NUMBER = r"\d{1,4}(?![\d%‰])(?!\.\d)(?!,\d)"
_RANGE = rf"{_NUMBER}(?:\s*{_DASH}\s*{_NUMBER}|\s*ff?\b\.?)?"
_AND = r"(?:\s*[,;]\s*(?:og\s+|and\s+|samt\s+)?|\s*(?:og|and|samt|&|/|\+|eller)\s*)"
# After a number, words that make it something else than a line: «linje 12 og 3 millioner».
_UNIT = r"(?!\s*(?:%|prosent|kroner|kr\b|mill|mrd|stk|år\b|måned|månad|dag|uke|veke|time|minutt|personer|pasient|kommune|sykehus|sjukehus|ansatt|tilsett|andre\b|ganger|gonger|av\s+\d))"
_LIST = rf"{_RANGE}(?:{_AND}(?:(?:linje|linjene|linjer|l\.|line|lines)\s*)?{_RANGE}{_UNIT})*"
_LINE_WORD = r"(?:linje(?:ne|r|nr|nummer|n|s)?|linja|linjenummer|linjenr|lin|ln|lines?)\.?|[lL]\."
_NR = r"\s*(?:nr\.?|nummer|no\.?|#|:)?\s*\(?"
_PAGE_WORD = r"(?:sidene|sider|side|sidetall|sidenr|pages|page|pg|pp)\.?|[sSp]\."
_NOT_INSIDE = r"(?<![\w§.-])"
# «linje 5 på T-banen» is no citation, nor is «kapittel 4 i helseregisterloven».
_TRANSPORT = r"(?!\s+(?:på|i|med|til)\s+(?:t-?ban|trikk|metro|buss|jernban|tog))"
_LAW = r"(?!\s+i\s+(?:\w+\s+)?\w*(?:loven|lova|lov|forskriften|forskrifta|forordningen|forordninga|direktivet|avtalen|veilederen|rettleiaren|budsjettet))"

LINE = re.compile(rf"{_NOT_INSIDE}(?:(?P<word>{_LINE_WORD}){_NR}(?P<list>{_LIST})|L(?P<short>{_LIST})){_TRANSPORT}", re.IGNORECASE)
PAGE = re.compile(rf"{_NOT_INSIDE}(?:{_PAGE_WORD}){_NR}(?P<first>\d{{1,4}})(?!\d)(?:\s*{_DASH}\s*(?P<last>\d{{1,4}}))?", re.IGNORECASE)
# What may stand between the page and the line that make one citation.
PAGE_THEN_LINE = re.compile(r"[\s,;:./()–-]*(?:og\s+|på\s+|ved\s+|i\s+|from\s+|fra\s+|frå\s+)?", re.IGNORECASE)
LINE_THEN_PAGE = re.compile(r"[\s,;()]*(?:på|on|i|of|av|nederst på|øverst på|øvst på|nedst på)?\s*", re.IGNORECASE)
_SECTION_WORD = r"kapittel|kapitlet|kapittelet|kapitla|kapitlene|kap\.?|delkapittel|delkap\.?|underkapittel|avsnitt|avsnittet|punkt|punktet|punktene|punkta|pkt\.?|seksjon|del|chapters?|sections?|sec\.|ch\."
_SECTION_NUMBER = r"\d{1,2}(?:\.\d{1,2}){0,4}(?![\d%])"
SECTION = re.compile(
    rf"{_NOT_INSIDE}(?P<word>{_SECTION_WORD})\s*(?:nr\.?\s*)?(?P<list>{_SECTION_NUMBER}(?:{_AND}(?:(?:kap\.?|pkt\.?|punkt|kapittel|avsnitt)\s*)?{_SECTION_NUMBER})*|(?:én|en|ein|to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv)\b){_LAW}",
    re.IGNORECASE,
)
# «Til 3.2:» and «Ad 4.1 –» at the start.
BARE_SECTION = re.compile(r"^\W*(?:(?:til|ad|re|om)\b:?\s*)?(?P<list>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)(?=\s*(?:[:–—-]|[^\W\d_]))", re.IGNORECASE)
TABLE = re.compile(rf"{_NOT_INSIDE}(?:tabell(?:en|a)?|tab\.|table)\s*(?:nr\.?\s*)?(?P<number>\d{{1,2}}(?:\.\d{{1,2}})?[a-z]?)\b", re.IGNORECASE)
HEADING = re.compile(
    rf"{_NOT_INSIDE}(?:kapittelet|kapitlet|kapittel|avsnittet|avsnitta|delen|punktet|delkapittelet|delkapitlet|the (?:chapter|section)) (?:som handler )?(?:om|on|about)\s+(?P<words>[^.,:;!?()«»\n]{{4,80}})", re.IGNORECASE
)
QUOTATION = re.compile(r"«(?P<a>[^«»]{8,600})»|“(?P<b>[^“”]{8,600})”|\"(?P<c>[^\"\n]{8,600})\"|„(?P<d>[^„“”]{8,600})[“”]|”(?P<e>[^”]{8,600})”")
NUMBER_WORDS = {word: number for number, words in enumerate(("én en ein", "to", "tre", "fire", "fem", "seks", "sju syv", "åtte", "ni", "ti", "elleve", "tolv"), start=1) for word in words.split()}
# Words that may also number the sender's own points: they count as a citation only where the report has that number.
LOOSE_WORDS = re.compile(r"punkt|pkt|del\b|avsnitt|seksjon", re.IGNORECASE)
MIN_QUOTED_WORDS = 3
MAX_FOLLOWING_LINES = 5


@dataclass(frozen=True, slots=True)
class LineRange:
    """Line numbers as cited, both ends included; `following` for «f.» and «ff.»."""

    first: int
    last: int
    following: Literal["", "f", "ff"] = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a comment that point at the report. `span` is their place in the text that was searched."""

    kind: CitationKind
    span: Span
    words: str
    ranges: tuple[LineRange, ...] = ()
    pages: tuple[int, int] | None = None
    names: tuple[str, ...] = ()
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """What a citation points at: a span of the report's text, or None where the report has no such place."""

    method: Method
    cited: str
    target: Span | None
    score: float
    status: Status


# Finding ---------------------------------------------------------------------------------------------------------------


def find_citations(text: str) -> list[Citation]:
    """The citations in a text, in order, without overlap.

    >>> [(citation.kind, citation.words) for citation in find_citations("Se s. 4, linje 12–15 og kap. 3.2.")]
    [('page_line', 's. 4, linje 12–15'), ('section', 'kap. 3.2')]
    >>> find_citations("Førstelinjetjenesten fikk 112 000 kroner etter § 12, tlf. 22 11 33 44.")
    []
    """
    lines = [_line_citation(match) for match in LINE.finditer(text) if _is_line_citation(text, match)]
    pages = [_page_citation(match) for match in PAGE.finditer(text)]
    found = _join_pages(text, lines, pages)
    found += [_section_citation(match) for match in SECTION.finditer(text)]
    bare = BARE_SECTION.match(text)
    if bare:
        found.append(Citation("section", Span(*bare.span("list")), bare["list"], names=(bare["list"],), loose=True))
    found += [Citation("table", Span(*match.span()), match.group(), names=(match["number"],)) for match in TABLE.finditer(text)]
    found += [Citation("heading", Span(*match.span()), match.group(), names=(match["words"].strip(),)) for match in HEADING.finditer(text)]
    found += list(_quotations(text))
    found.sort(key=lambda citation: (citation.span.start, -citation.span.end))
    kept: list[Citation] = []
    for citation in found:
        if citation.kind == "quotation" or not any(citation.span.overlaps(other.span) and other.kind != "quotation" for other in kept):
            kept.append(citation)
    return kept


def _is_line_citation(text: str, match: re.Match[str]) -> bool:
    """«l. 45» and «L45» need care: «§ 3 l. 2» is a law's sentence and «l.» may end a word."""
    if match["short"] is not None:
        return match.group()[0] == "L" or bool(re.match(r"l\d{2,}", match.group()))
    before = text[max(0, match.start() - 12) : match.start()]
    return not re.search(r"§+\s*\d+[a-z]?(?:-\d+)?,?\s*$", before)


def _ranges(text: str) -> tuple[LineRange, ...]:
    """«45, 47 og 52–55 ff.» -> line ranges. «112–18» is read as 112–118; a list that falls ends where it does."""
    ranges: list[LineRange] = []
    for match in re.finditer(rf"(\d{{1,4}})(?:\s*{_DASH}\s*(\d{{1,4}})|\s*(ff?)\b\.?)?", text):
        first = int(match[1])
        last = int(match[2]) if match[2] else first
        if last < first:
            shortened = match[1][: -len(match[2])] + match[2] if len(match[2]) < len(match[1]) else match[2]
            last = int(shortened)
        if last < first:
            first, last = last, first
        if ranges and first < ranges[-1].first and first < 10 <= ranges[-1].first:
            break
        following: Literal["", "f", "ff"] = "ff" if match[3] == "ff" else "f" if match[3] == "f" else ""
        ranges.append(LineRange(first, last, following))
    return tuple(ranges)


def _line_citation(match: re.Match[str]) -> Citation:
    numbers = match["list"] or match["short"]
    return Citation("line", Span(*match.span()), match.group(), ranges=_ranges(numbers))


def _page_citation(match: re.Match[str]) -> Citation:
    first = int(match["first"])
    last = int(match["last"]) if match["last"] else first
    return Citation("page", Span(*match.span()), match.group(), pages=(first, max(first, last)))


def _section_citation(match: re.Match[str]) -> Citation:
    numbers = re.findall(r"\d{1,2}(?:\.\d{1,2})*", match["list"])
    names = tuple(numbers) or (str(NUMBER_WORDS[match["list"].lower()]),)
    loose = bool(LOOSE_WORDS.match(match["word"])) and not any("." in name for name in names)
    return Citation("section", Span(*match.span()), match.group(), names=names, loose=loose or not numbers)


def _quotations(text: str) -> Iterator[Citation]:
    for match in QUOTATION.finditer(text):
        quoted = next(group for group in match.groups() if group is not None)
        if len(quoted.split()) >= MIN_QUOTED_WORDS or len(quoted) >= 20:
            yield Citation("quotation", Span(*match.span()), match.group(), names=(quoted,))


def _join_pages(text: str, lines: Sequence[Citation], pages: Sequence[Citation]) -> list[Citation]:
    """Make one citation of a page and the lines beside it; a page that none stands beside is a citation by itself."""
    result: list[Citation] = []
    used: set[int] = set()
    for line in lines:
        joined = line
        for index, page in enumerate(pages):
            if index in used:
                continue
            before = text[page.span.end : line.span.start] if page.span.end <= line.span.start else None
            after = text[line.span.end : page.span.start] if line.span.end <= page.span.start else None
            beside = (before is not None and len(before) <= 14 and PAGE_THEN_LINE.fullmatch(before)) or (
                after is not None and len(after) <= 14 and LINE_THEN_PAGE.fullmatch(after)
            )
            if beside and not (after is not None and _has_own_line(text, page, lines)):
                used.add(index)
                span = Span(min(line.span.start, page.span.start), max(line.span.end, page.span.end))
                joined = Citation("page_line", span, span.of(text), ranges=line.ranges, pages=page.pages)
                break
        result.append(joined)
    return result + [page for index, page in enumerate(pages) if index not in used]


def _has_own_line(text: str, page: Citation, lines: Sequence[Citation]) -> bool:
    """Whether a line citation follows the page at once («…, side 4 linje 2»): then the page belongs to that one."""
    return any(
        line.span.start >= page.span.end
        and line.span.start - page.span.end <= 14
        and bool(PAGE_THEN_LINE.fullmatch(text[page.span.end : line.span.start]))
        for line in lines
    )


# Resolving -------------------------------------------------------------------------------------------------------------

Fit = Callable[[Span], float]


class ReportIndex:
    """Look-ups into a report for resolving citations: lines by number and page, pages by label, sections, tables."""

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
        self.restarts = report.numbering.restart == "page"

    def pages_called(self, number: int) -> list[int]:
        """The PDF pages that «side N» can mean: the one with that printed label, then the N-th page of the PDF."""
        labelled = self.pages_by_label.get(str(number))
        pages = [labelled] if labelled is not None else []
        return pages + [number] if number in self.by_page and number not in pages else pages

    def section_by_words(self, words: str) -> Span | None:
        """The section whose heading the words name («kapittelet om samtykke og reservasjon»)."""
        from rapidfuzz import fuzz

        best, best_score = None, 0.0
        wanted = words.casefold().split()
        for section in self.report.sections:
            heading = section.heading.casefold()
            for length in range(min(len(wanted), 6), 0, -1):
                phrase = " ".join(wanted[:length])
                if len(phrase) < 5:
                    break
                score = fuzz.ratio(phrase, heading) if length > 1 else 95.0 * (phrase in heading.split())
                if score > best_score:
                    best, best_score = section.span, score
        return best if best_score >= 85 else None


def resolve(
    citation: Citation, index: ReportIndex, *, fit: Fit, page_hint: int | None = None
) -> list[Place]:
    """The places in the report that a citation points at.

    Args:
        citation: What the comment says.
        index: The report.
        fit: How well the comment's words fit a span of the report (0–1); decides between readings.
        page_hint: PDF page that the sender last cited, for «linje 12» where numbers begin anew on each page.

    Returns:
        One place for each range; a single `unresolved` one where the report has no such place; none where the words
        turned out not to point at the report.
    """
    if citation.kind in ("line", "page_line"):
        return [place for line_range in citation.ranges for place in _resolve_lines(citation, line_range, index, fit, page_hint)]
    if citation.kind == "page":
        return _resolve_page(citation, index, fit)
    if citation.kind == "section":
        return _resolve_sections(citation, index)
    if citation.kind == "heading":
        target = index.section_by_words(citation.names[0])
        return [Place("section", citation.words, target, 0.9, "ok")] if target else []
    if citation.kind == "table":
        table = index.tables.get(citation.names[0].lower())
        if table is None:
            return [Place("table", citation.words, None, 0.0, "unresolved")]
        return [Place("table", citation.words, table.span, 1.0, "ok")]
    return []


def _resolve_lines(
    citation: Citation, line_range: LineRange, index: ReportIndex, fit: Fit, page_hint: int | None
) -> list[Place]:
    method: Method = "page_line" if citation.kind == "page_line" else "line"
    pages = index.pages_called(citation.pages[0]) if citation.pages else []
    if citation.pages and not pages:
        return [Place(method, citation.words, None, 0.0, "unresolved")]
    candidates = [span for page in pages if (span := _span_on_page(index, line_range, page)) is not None]
    if citation.pages and candidates:
        target = candidates[0] if len(candidates) == 1 else max(candidates, key=fit)
        return [Place(method, citation.words, target, 1.0 if len(candidates) == 1 else 0.9, "ok")]
    if index.restarts:
        return [_resolve_without_page(citation, line_range, index, fit, page_hint, method)]
    target = _span_of_numbers(index, line_range)
    if target is None:
        return [Place(method, citation.words, None, 0.0, "unresolved")]
    # «s. 4, linje 12» where line 12 is on another page: the number is followed, and the reader is told.
    status: Status = "doubtful" if citation.pages else "ok"
    return [Place(method, citation.words, target, 0.6 if citation.pages else 1.0, status)]


def _resolve_without_page(
    citation: Citation, line_range: LineRange, index: ReportIndex, fit: Fit, page_hint: int | None, method: Method
) -> Place:
    """A line without a page in a report whose numbers begin anew on each page: the page last cited, else what fits."""
    if citation.pages:
        return Place(method, citation.words, None, 0.0, "unresolved")
    if page_hint is not None:
        hinted = _span_on_page(index, line_range, page_hint)
        if hinted is not None:
            return Place(method, citation.words, hinted, 0.9, "ok")
    candidates = [span for page in index.by_page if (span := _span_on_page(index, line_range, page)) is not None]
    if not candidates:
        return Place(method, citation.words, None, 0.0, "unresolved")
    if len(candidates) == 1:
        return Place(method, citation.words, candidates[0], 1.0, "ok")
    return Place(method, citation.words, max(candidates, key=fit), 0.5, "doubtful")


def _span_on_page(index: ReportIndex, line_range: LineRange, page: int) -> Span | None:
    lines = index.by_page.get(page, [])
    return _span_of(index, [line for line in lines if line.number is not None], line_range)


def _span_of_numbers(index: ReportIndex, line_range: LineRange) -> Span | None:
    near = range(line_range.first, min(line_range.last, line_range.first + 2_000) + 1)
    return _span_of(index, [line for number in near for line in index.by_number.get(number, [])], line_range)


def _span_of(index: ReportIndex, lines: Sequence[Line], line_range: LineRange) -> Span | None:
    """The span of the numbered lines in a range; None unless its first line exists."""
    inside = [line for line in lines if line.number is not None and line_range.first <= line.number <= line_range.last]
    if not inside or min(line.number or 0 for line in inside) != line_range.first:
        return None
    first, last = inside[0], inside[-1]
    end = last.span.end
    if line_range.following:
        end = _following_end(index, last, 1 if line_range.following == "f" else MAX_FOLLOWING_LINES)
    return Span(first.span.start, end)


def _following_end(index: ReportIndex, line: Line, n_lines: int) -> int:
    """The end of «f.» (the next line too) or «ff.» (to the end of the paragraph, at most some lines)."""
    passages = [passage for passage in index.report.passages if passage.span.overlaps(line.span)]
    paragraphs = {passage.paragraph_id for passage in passages}
    end = line.span.end
    position = next(i for i, other in enumerate(index.report.lines) if other.line_id == line.line_id)
    stop = max((p.span.end for p in index.report.passages if p.paragraph_id in paragraphs), default=end)
    for following in index.report.lines[position + 1 : position + 1 + n_lines]:
        if following.kind != line.kind or (n_lines > 1 and following.span.start > stop):
            break
        end = following.span.end
    return end


def _resolve_page(citation: Citation, index: ReportIndex, fit: Fit) -> list[Place]:
    first, last = citation.pages or (0, 0)
    spans = []
    for page in index.pages_called(first):
        end_page = min(page + last - first, max(index.by_page))
        spans.append(Span(index.by_page[page][0].span.start, index.by_page.get(end_page, index.by_page[page])[-1].span.end))
    if not spans:
        return [Place("page_line", citation.words, None, 0.0, "unresolved")]
    return [Place("page_line", citation.words, spans[0] if len(spans) == 1 else max(spans, key=fit), 0.8, "ok")]


def _resolve_sections(citation: Citation, index: ReportIndex) -> list[Place]:
    places = []
    for name in citation.names:
        section = index.sections.get(name)
        if section is not None:
            places.append(Place("section", citation.words, section.span, 1.0, "ok"))
        elif not citation.loose:
            places.append(Place("section", citation.words, None, 0.0, "unresolved"))
    return places
