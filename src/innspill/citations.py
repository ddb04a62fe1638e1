"""How people point at the report: «linje 112–118», «s. 4, linje 12», «kap. 3.2», «andre kulepunkt», quotations.

The grammar that finds the words that point (`find_citations`), pure text; its patterns are in citation_patterns.py.
What they point at in the report at hand is told in resolving.py.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from innspill import citation_patterns as patterns
from innspill.derived import without_long_runs
from innspill.records import Method, Span, Status

CitationKind = Literal[
    "line",
    "page_line",
    "page",
    "section",
    "heading",
    "table",
    "figure",
    "box",
    "appendix",
    "footnote",
    "bullet",
    "paragraph",
    "sentence",
    "relative",
    "quotation",
]
QUOTATION = re.compile(
    r"«(?P<a>[^«»]{8,600})»|“(?P<b>[^“”]{8,600})”|\"(?P<c>[^\"\n]{8,600})\"|„(?P<d>[^„“”]{8,600})[“”]"
    r"|”(?P<e>[^”]{8,600})”"
)
MIN_QUOTED_WORDS = 3
# At most this many characters stand between a page and its line, and between what is counted and what that is in.
MAX_JOINT, MAX_COUNTED_JOINT = 24, 48
# What points, paragraphs and footnotes are counted in, and sentences besides.
SCOPES: frozenset[CitationKind] = frozenset({"page", "section", "heading"})
COUNTED_SCOPES: frozenset[CitationKind] = frozenset({"paragraph", "bullet"})
_Kind = TypeVar("_Kind", bound=str)


@dataclass(frozen=True, slots=True)
class LineRange:
    """Line numbers as cited, both ends included; `following` for «f.» and «ff.».

    `spaced` tells that a dash between spaces joins them, which may as well lead on to what is said of the first
    («linje 20 - 52 søknader er få»).
    """

    first: int
    last: int
    following: Literal["", "f", "ff"] = ""
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a comment that point at the report. `span` is their place in the text that was searched.

    Attributes:
        kind: What is named; ``relative`` for «samme sted» and «neste avsnitt».
        span: Where the words stand.
        words: They themselves.
        ranges: Of lines.
        pages: The first and the last page.
        names: Numbers of sections, tables and footnotes; the words of a heading or a quotation; the unit of a step.
        loose: Whether the words count only where the report has such a place.
        guess: Whether they count only where the comment's other words fit the place, too («(180–182)»).
        count: Of what is counted, which: 1 the first, -1 the last; of a step, how far: 0 the same, 1 the next.
        within: The page, section or paragraph that it is counted in; None where the sender does not say.
        in_pdf: Whether the sender says that the PDF's page is meant, whatever number is printed on it.
        n_pages: How many pages there are by what the sender says («side 7 av 24»); 0 where it is not said.
    """

    kind: CitationKind
    span: Span
    words: str
    ranges: tuple[LineRange, ...] = ()
    pages: tuple[int, int] | None = None
    names: tuple[str, ...] = ()
    loose: bool = False
    guess: bool = False
    count: int = 0
    within: "Citation | None" = None
    in_pdf: bool = False
    n_pages: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """What a citation points at: a span of the report's text, or None where the report has no such place.

    `is_wide` tells that it is a chapter or a page as a whole. `suggested` is a span that the comment's words fit
    clearly better.
    """

    method: Method
    cited: str
    target: Span | None
    score: float
    status: Status
    is_wide: bool = False
    suggested: Span | None = None


# Finding -------------------------------------------------------------------------------------------------------------


def find_citations(text: str) -> list[Citation]:
    """The citations in a text, in order, without overlap.

    >>> [(citation.kind, citation.words) for citation in find_citations("Se s. 4, linje 12–15 og kap. 3.2.")]
    [('page_line', 's. 4, linje 12–15'), ('section', 'kap. 3.2')]
    >>> find_citations("Førstelinjetjenesten fikk 112 000 kroner etter § 12, tlf. 22 11 33 44.")
    []
    """
    text = without_long_runs(text)
    plain = patterns.ADDRESS.sub(lambda match: " " * len(match.group()), text)
    plain = patterns.GAP.sub(lambda match: patterns.BARRIER * len(match.group()), plain)
    lines = _line_citations(plain)
    found = [*_bare_page_line(plain), *_join_ends(plain, _join_pages(plain, lines, _page_citations(plain)))]
    found += [_section_citation(match) for match in patterns.SECTION.finditer(plain) if _is_section(plain, match)]
    found += [*_lone_sections(plain), *_tables(plain), *_figures(plain), *_headings(plain)]
    beside = _Beside(found)
    found += [_in_place(plain, note, beside) for note in _footnotes(plain)]
    found += _counted(plain, found)
    found += [*_relative(plain), *_quotations(text)]
    return _without_overlap(found)


class _Beside:
    """Citations by where they begin and end: those near a place are found without a look at all the others."""

    def __init__(self, citations: Iterable[Citation]) -> None:
        self._citations: list[Citation] = []
        self._starts: list[tuple[int, int]] = []
        self._ends: list[tuple[int, int]] = []
        for citation in citations:
            self.add(citation)

    def add(self, citation: Citation) -> None:
        """Take in one more."""
        number = len(self._citations)
        self._citations.append(citation)
        insort(self._starts, (citation.span.start, number))
        insort(self._ends, (citation.span.end, number))

    def near(self, span: Span, distance: int) -> list[Citation]:
        """Those that begin within a span, or end there, or so many characters from it; in the order they were added."""
        numbers = {
            number
            for places, first, last in (
                (self._starts, span.start, span.end + distance),
                (self._ends, span.start - distance, span.end),
            )
            for _, number in places[bisect_left(places, (first, -1)) : bisect_left(places, (last + 1, -1))]
        }
        return [self._citations[number] for number in sorted(numbers)]


def _without_overlap(found: list[Citation]) -> list[Citation]:
    """The citations in order; of two that overlap the one that begins first, then the longer. Quotations all stay."""
    found.sort(key=lambda citation: (citation.span.start, -citation.span.end))
    kept: list[Citation] = []
    end = 0
    for citation in found:
        if citation.kind == "quotation":
            kept.append(citation)
        elif citation.span.start >= end:
            kept.append(citation)
            end = citation.span.end
    return kept


def _line_citations(text: str) -> list[Citation]:
    """Every «linje …» with its whole list of numbers."""
    found: list[Citation] = []
    for match in patterns.LINE.finditer(text):
        if (found and match.start() < found[-1].span.end) or not _is_line_citation(text, match):
            continue
        ranges, end = _read_list(text, match.end(), between=match["between"] is not None)
        start = match.end("between") if match["between"] else match.start()
        found.append(Citation("line", Span(start, end), text[start:end], ranges=ranges))
    for match in patterns.ORDINAL_LINE.finditer(text):
        number = int(match["number"])
        if number >= patterns.MIN_ORDINAL:
            found.append(Citation("line", Span(*match.span()), match.group(), ranges=(LineRange(number, number),)))
    bare = patterns.BARE_LINE.match(text)
    if bare:
        ranges, end = _read_list(text, bare.start("list"), between=False)
        found.append(Citation("line", Span(bare.start("list"), end), bare["list"], ranges=ranges, loose=True))
    found += _bracketed_lines(text)
    return sorted(found, key=lambda citation: citation.span.start)


def _bare_page_line(text: str) -> Iterator[Citation]:
    """«6/18–19 …» at the start of a point."""
    match = patterns.BARE_PAGE_LINE.match(text)
    if match is not None:
        page, first, last = int(match["page"]), int(match["first"]), int(match["last"] or match["first"])
        span = Span(match.start("page"), match.end())
        ranges = (LineRange(min(first, last), max(first, last)),)
        yield Citation("page_line", span, span.of(text), ranges, (page, page), loose=True)


def _bracketed_lines(text: str) -> Iterator[Citation]:
    """«(180–182)»: no years, and a range that rises."""
    for match in patterns.BRACKETED_LINES.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", match["list"])]
        if numbers == sorted(set(numbers)) and not all(1900 <= number <= 2100 for number in numbers):
            ranges = (LineRange(numbers[0], numbers[-1]),)
            yield Citation("line", Span(*match.span("list")), match["list"], ranges=ranges, loose=True, guess=True)


def _is_line_citation(text: str, match: re.Match[str]) -> bool:
    """«l. 45» and «L45» need care: «§ 3 l. 2» is a law's sentence, «45 l. 12 ganger» litres, and «l» may end a word."""
    if match["short"] is not None:
        tight_lower = bool(re.match(r"l\d{2,}", text[match.start("short") :]))
        after_page = re.search(r"\b[sp]\.?\s?\d{1,3}[\s,;:/]*$", text[max(0, match.start() - 12) : match.start()])
        return match["short"] == "L" or tight_lower or bool(after_page)
    if _is_measure(text, match.start("word"), match["word"]):
        return False
    if match["years"] and re.match(r"(?:19|20)\d\d\b", text[match.end() :]):
        return False  # «en rett linje fra 2019 til 2024»
    before = text[max(0, match.start() - 12) : match.start()]
    return not re.search(r"§+\s*\d+[a-z]?(?:-\d+)?,?\s*$", before)


def _is_measure(text: str, start: int, words: str) -> bool:
    """Whether «l.» or «s.» right after a number is litres or seconds, ending a sentence."""
    if not re.match(r"[ls]\.", words, re.IGNORECASE):
        return False
    measured = patterns.MEASURED.search(text[max(0, start - 30) : start])
    return bool(measured) and not (measured["word"] and patterns.POINTS.fullmatch(measured["word"]))  # type: ignore[index]


def _read_list(text: str, position: int, *, between: bool) -> tuple[tuple[LineRange, ...], int]:
    """Read «45, 47 og 52–55 ff.» from `position`: its ranges, and where it ends.

    «mellom linje 14 og 16» is a range too. The list ends before a number that counts something («linje 45 og 3
    millioner»), that is a year, or that falls after a comma («i linje 45, 12 skoler …»).
    """
    item = patterns.LINE_ITEM.match(text, position)
    ranges: list[LineRange] = []
    end = position
    while item is not None:
        if item["last"] and not _is_range(text, item):
            number = int(item["first"])
            return (*ranges, LineRange(number, number)), item.end("first")
        ranges.append(_line_range(text, item))
        end = item.end()
        joint = patterns.LINE_AND.match(text, end)
        if joint is None or not (joint["comma"] or joint["and"]):
            break
        item = patterns.LINE_ITEM.match(text, joint.end())
        if item is None or not (joint["word"] or _goes_on(text, item, ranges[-1], comma=not joint["and"])):
            break
        if between and len(ranges) == 1 and joint["and"]:
            return (LineRange(ranges[0].first, max(ranges[0].first, int(item["first"]))),), item.end()
    return tuple(ranges), end


def _is_range(text: str, item: re.Match[str]) -> bool:
    """Whether the dash in «45 – 48» makes a range, and does not lead on to «45 – 3 skoler …» or «45 – 2023 …»."""
    if not _is_spaced(text, item):
        return True
    first, last = int(item["first"]), int(item["last"])
    if last < first and len(item["last"]) == len(item["first"]) and re.match(r"\s+[^\W\d_]", text[item.end() :]):
        return False
    year = 1900 <= last <= 2100 and first < 1000
    return not year and not patterns.UNIT.match(text, item.end())


def _is_spaced(text: str, item: re.Match[str]) -> bool:
    """Whether a dash between spaces, with a word after the second number, joins the two."""
    joint = text[item.end("first") : item.start("last")]
    return bool(re.fullmatch(r"\s+[-–—]+\s+", joint))


def _goes_on(text: str, item: re.Match[str], before: LineRange, *, comma: bool) -> bool:
    """Whether a number without the word «linje» goes on with the list that `before` stands in."""
    first = int(item["first"])
    if patterns.UNIT.match(text, item.end()):
        return False
    if 1900 <= first <= 2100 and before.last < 1000:
        return False
    falls = first < before.first
    return not falls or (not comma and not first < 10 <= before.first)


def _line_range(text: str, item: re.Match[str]) -> LineRange:
    """A number or a range. «112–18» is read as 112–118; a range written backwards is turned."""
    first = int(item["first"])
    last = int(item["last"] or first)
    if last < first and len(item["last"]) < len(item["first"]):
        last = int(item["first"][: -len(item["last"])] + item["last"])
    following: Literal["", "f", "ff"] = ""
    if item["f"]:
        following = "f" if re.fullmatch(r"\s*f\.?", item["f"], re.IGNORECASE) else "ff"
    spaced = bool(item["last"]) and _is_spaced(text, item) and bool(re.match(r"\s+[a-zæøå]", text[item.end() :]))
    return LineRange(min(first, last), max(first, last), following, spaced)


def _page_citations(text: str) -> list[Citation]:
    """«side 4», «s. 7–9», «s. 42f.», and each of «side 4 og 6»; not those of another document («vedlegg 2, side 3»)."""
    found = []
    for match in patterns.PAGE.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _is_measure(text, match.start(), match.group()) or patterns.PAGE_OF_OTHER.search(before):
            continue
        if match["spelt"] and patterns.OTHER_SIDE.search(before):
            continue
        first = int(match["first"] or match["tight"] or patterns.NUMBER_WORDS[match["spelt"].lower()])
        following = len(match["f"].strip(" .")) if match["f"] else 0
        last = int(match["last"] or first + following)
        end = match.start("more") if match["more"] else match.end()
        span = Span(match.start(), end)
        in_pdf = bool(match["pdf"] or match["of_pdf"])
        pages = (first, max(first, last))
        n_pages = int(match["total"] or 0)
        found.append(Citation("page", span, span.of(text), pages=pages, in_pdf=in_pdf, n_pages=n_pages))
        for number in re.finditer(r"\d+", match["more"] or ""):
            page = int(number.group())
            span = Span(end + number.start(), end + number.end())
            pages = (page, page)
            found.append(Citation("page", span, number.group(), pages=pages, in_pdf=in_pdf, n_pages=n_pages))
    return found


def _section_citation(match: re.Match[str]) -> Citation:
    numbers: list[str] = []
    for number in patterns.SECTION_ITEM.finditer(match["list"]):
        numbers += _section_range(number["first"], number["last"]) if number["last"] else [number["first"]]
    names = tuple(dict.fromkeys(numbers)) or (str(patterns.NUMBER_WORDS.get(match["list"].lower(), match["list"])),)
    loose = bool(patterns.LOOSE_WORDS.match(match["word"])) and not any("." in name for name in names)
    return Citation("section", Span(*match.span()), match.group(), names=names, loose=loose or not numbers)


def _is_section(text: str, match: re.Match[str]) -> bool:
    """Whether the words name no chapter of a law, and count no paragraphs on a page («side 3, avsnitt 2»)."""
    before = text[max(0, match.start() - 60) : match.start()]
    counted = "." not in match["list"] and re.match(r"avsnitt|punkt|pkt", match["word"], re.IGNORECASE)
    return not (patterns.LAW_BEFORE.search(before) or (counted and patterns.PAGE_BEFORE.search(before)))


def _lone_sections(text: str) -> Iterator[Citation]:
    """«Til 3.2: …» at the start, and «det som står i 8.2» anywhere: sections where the report has them."""
    for match in (*filter(None, [patterns.BARE_SECTION.match(text)]), *patterns.LONE_SECTION.finditer(text)):
        if not patterns.NO_SECTION.match(text, match.end("list")):
            names = tuple(re.findall(r"\d+(?:\.\d+)+", match["list"]))
            yield Citation("section", Span(*match.span("list")), match["list"], names=names, loose=True)


def _tables(text: str) -> Iterator[Citation]:
    for match in patterns.TABLE.finditer(text):
        names = tuple(re.findall(r"\d+(?:\.\d+)?[a-z]?", match["list"], re.IGNORECASE))
        yield Citation("table", Span(*match.span()), match.group(), names=names)


def _figures(text: str) -> Iterator[Citation]:
    """Figures, boxes and appendices. «Vedlegg 1» may be the sender's own."""
    for match in patterns.FIGURE.finditer(text):
        kind = _kind_of(match["word"], patterns.FIGURE_NAMES)
        if kind in ("figure", "box", "appendix"):
            loose = kind != "figure"
            yield Citation(kind, Span(*match.span()), match.group(), names=(match["number"],), loose=loose)


def _headings(text: str) -> Iterator[Citation]:
    for match in patterns.HEADING.finditer(text):
        yield Citation("heading", Span(*match.span()), match.group(), names=(match["words"].strip(),))


def _kind_of(word: str, kinds: Mapping[_Kind, re.Pattern[str]]) -> _Kind | None:
    """The kind whose pattern a word begins with."""
    return next((kind for kind, pattern in kinds.items() if pattern.match(word)), None)


def _section_range(first: str, last: str) -> list[str]:
    """«3.1»–«3.3» -> 3.1, 3.2, 3.3; the two as they stand where they are not of one chapter.

    >>> _section_range("3", "5")
    ['3', '4', '5']
    """
    stem, _, begin = first.rpartition(".")
    other, _, end = last.rpartition(".")
    if stem != other or not int(begin) < int(end):
        return [first, last]
    return [f"{stem}.{number}".lstrip(".") for number in range(int(begin), int(end) + 1)]


def _join_pages(text: str, lines: Sequence[Citation], pages: Sequence[Citation]) -> list[Citation]:
    """Make one citation of a page and the lines beside it; a page that none stands beside is a citation by itself."""
    result: list[Citation] = []
    used: set[Span] = set()
    lines_beside, pages_beside = _Beside(lines), _Beside(pages)
    for line in lines:
        joined = line
        for page in pages_beside.near(line.span, MAX_JOINT):
            if page.span in used:
                continue
            before = text[page.span.end : line.span.start] if page.span.end <= line.span.start else None
            after = text[line.span.end : page.span.start] if line.span.end <= page.span.start else None
            beside = (
                before is not None and len(before) <= MAX_JOINT and patterns.PAGE_THEN_LINE.fullmatch(before)
            ) or (after is not None and len(after) <= MAX_JOINT and patterns.LINE_THEN_PAGE.fullmatch(after))
            # «linje 5 på side 2, linje 15 …»: a preposition ties the page to the line before it.
            tied = after is not None and re.search(r"[^\W\d_]", after)
            if beside and (tied or after is None or not _has_own_line(text, page, lines_beside)):
                used.add(page.span)
                span = Span(min(line.span.start, page.span.start), max(line.span.end, page.span.end))
                joined = replace(page, kind="page_line", span=span, words=span.of(text), ranges=line.ranges)
                break
        result.append(joined)
    return result + [page for page in pages if page.span not in used]


def _join_ends(text: str, citations: Sequence[Citation]) -> list[Citation]:
    """«side 4 linje 30 til side 5 linje 2» is one citation, whose range runs over the pages between."""
    joined: list[Citation] = []
    for citation in sorted(citations, key=lambda citation: citation.span.start):
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.kind == citation.kind == "page_line"
            and len(before.ranges) == 1
            and patterns.PAGE_LINE_DASH.fullmatch(text[before.span.end : citation.span.start])
            and before.pages is not None
            and citation.pages is not None
            and before.pages[0] <= citation.pages[0]
        ):
            span = Span(before.span.start, citation.span.end)
            ranges = (LineRange(before.ranges[0].first, citation.ranges[-1].last),)
            pages = (before.pages[0], citation.pages[0])
            joined[-1] = replace(before, span=span, words=span.of(text), ranges=ranges, pages=pages)
        else:
            joined.append(citation)
    return joined


def _has_own_line(text: str, page: Citation, lines: _Beside) -> bool:
    """Whether a line citation follows the page at once («…, side 4 linje 2»): then the page belongs to that one."""
    return any(
        line.span.start >= page.span.end
        and bool(patterns.PAGE_THEN_LINE.fullmatch(text[page.span.end : line.span.start]))
        for line in lines.near(page.span, MAX_JOINT)
    )


# Counted places ------------------------------------------------------------------------------------------------------


def _footnotes(text: str) -> Iterator[Citation]:
    for match in patterns.FOOTNOTE.finditer(text):
        marks = match["list"].translate(patterns.SUPERSCRIPTS)
        names = tuple(re.findall(r"\d+", marks)) or (marks,)
        loose = bool(patterns.LOOSE_NOTE.match(match["word"]))
        yield Citation("footnote", Span(*match.span()), match.group(), names=names, loose=loose)


def _counted(text: str, found: Sequence[Citation]) -> list[Citation]:
    """«andre kulepunkt under 3.2», «siste setning i tredje avsnitt på side 4», «punkt 4 i oppsummeringen».

    What is counted within lines («første setning i linje 12») is told by the lines; without a place to count in, only
    words that can hardly mean anything else stand.
    """
    counted: list[Citation] = []
    places = _Beside(found)
    lines = _Beside(citation for citation in found if citation.kind in ("line", "page_line"))
    for match in reversed(list(patterns.COUNTED.finditer(text))):
        kind = _kind_of(match["unit"] or match["named"] or match["only"], patterns.UNITS)
        if kind is None or _is_in_law(text, match.start()):
            continue
        alone = Citation(kind, Span(*match.span()), match.group(), loose=True, count=_count(match))
        citation = _in_place(text, alone, places)
        in_same = patterns.SAME_SCOPE.match(text, match.end()) is not None
        if citation.within is None and not in_same:
            if _beside_lines(text, citation, lines):
                continue
            citation = _under_heading(text, citation)
        if citation.within is not None or in_same or _may_stand_alone(match):
            counted.append(citation)
            places.add(citation)
    return counted


def _count(match: re.Match[str]) -> int:
    number = match["digit"] or match["number"]
    if number:
        return int(number)
    words = match["ordinal"] or ""
    return next((count for pattern, count in patterns.ORDINALS if pattern.fullmatch(words)), 1)


def _is_in_law(text: str, start: int) -> bool:
    """Whether the words count the paragraphs of a law («§ 3 andre avsnitt»)."""
    return bool(re.search(r"§+\s*\d+[\w-]*,?\s*$", text[max(0, start - 20) : start]))


def _may_stand_alone(match: re.Match[str]) -> bool:
    """Whether words that name no place to count in point at the report: «tredje kulepunkt», not «avsnitt 2»."""
    if match["only"] or patterns.NEEDS_SCOPE.search(f"{match.group()} "):
        return False
    return bool(match["ordinal"] or match["digit"] or re.match(r"kulep|strekp|listep|bullet", match["named"] or ""))


def _in_place(text: str, counted: Citation, places: _Beside) -> Citation:
    """What is counted, with the page, section or paragraph beside it that it is counted in."""
    scopes = SCOPES | COUNTED_SCOPES if counted.kind == "sentence" else SCOPES
    near = [place for place in places.near(counted.span, MAX_COUNTED_JOINT) if place.kind in scopes]
    # «… på side 4. Siste setning i kap. 3»: what follows is tied closer than what was said before.
    place = next((place for place in near if _follows(text, counted.span, place.span)), None) or next(
        (place for place in near if _precedes(text, counted.span, place.span)), None
    )
    if place is None:
        return counted
    span = Span(min(counted.span.start, place.span.start), max(counted.span.end, place.span.end))
    return replace(counted, span=span, words=span.of(text), within=place)


def _follows(text: str, counted: Span, place: Span) -> bool:
    """Whether a place stands after what is counted in it: «andre avsnitt på side 4»."""
    is_after = 0 <= place.start - counted.end <= MAX_COUNTED_JOINT
    return is_after and patterns.COUNTED_THEN_PLACE.fullmatch(text, counted.end, place.start) is not None


def _precedes(text: str, counted: Span, place: Span) -> bool:
    """Whether a place stands before what is counted in it: «side 4, andre avsnitt»."""
    is_before = 0 <= counted.start - place.end <= MAX_COUNTED_JOINT
    return is_before and patterns.PLACE_THEN_COUNTED.fullmatch(text, place.end, counted.start) is not None


def _under_heading(text: str, counted: Citation) -> Citation:
    """«punkt 4 i oppsummeringen»: what is counted under a heading that its words name."""
    match = patterns.NAMED_PLACE.match(text, counted.span.end)
    if match is None:
        return counted
    place = Citation("heading", Span(*match.span("words")), match["words"], names=(match["words"],), loose=True)
    # How much of the words belongs to the heading only the report tells: the first of them is shown.
    span = Span(counted.span.start, match.start("words") + len(match["words"].split()[0]))
    return replace(counted, span=span, words=span.of(text), within=place)


def _beside_lines(text: str, counted: Citation, lines: _Beside) -> bool:
    """Whether lines are cited beside what is counted: «første setning i linje 12», «linje 12, andre setning»."""
    return any(
        re.fullmatch(
            r"(?:\s*[,(]?\s*(?:i|på|in|on|of|og|and|av)?\s*)?",
            text[min(cited.span.end, counted.span.end) : max(cited.span.start, counted.span.start)],
            re.IGNORECASE,
        )
        for cited in lines.near(counted.span, MAX_COUNTED_JOINT)
    )


def _relative(text: str) -> Iterator[Citation]:
    """«samme sted», «linjen under», «neste avsnitt»: places by the one that was cited last."""
    for match in patterns.SAME_PLACE.finditer(text):
        yield Citation("relative", Span(*match.span()), match.group(), names=("place",), loose=True)
    for match in patterns.STEP.finditer(text):
        words = match["which"] or match["where"] or match["way"]
        unit = next(
            name
            for name, pattern in patterns.STEP_UNITS.items()
            if pattern.match(match["unit"] or match["after"] or "linje")
        )
        far = match["far"] or "1"
        n_steps = int(far) if far.isdigit() else patterns.NUMBER_WORDS[far.lower()]
        count = 0 if patterns.SAME.match(words) else -n_steps if patterns.BACK.match(words) else n_steps
        yield Citation("relative", Span(*match.span()), match.group(), names=(unit,), loose=True, count=count)


# Quotations ----------------------------------------------------------------------------------------------------------


def _quotations(text: str) -> Iterator[Citation]:
    for match in QUOTATION.finditer(text):
        quoted = next(group for group in match.groups() if group is not None)
        if len(quoted.split()) >= MIN_QUOTED_WORDS or len(quoted) >= 20:
            yield Citation("quotation", Span(*match.span()), match.group(), names=(quoted,))
