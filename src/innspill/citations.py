"""How people point at the report: «linje 112–118», «s. 4, linje 12», «kap. 3.2», «tabell 1», «…» quotations.

First a grammar finds the words that point (`find_citations`, pure text); then they are resolved against the report at
hand (`resolve`), where «linje 12» may stand on several pages and «side 4» may be the PDF's page or the printed one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from innspill.derived import without_long_runs
from innspill.records import Line, Method, Report, Span, Status

CitationKind = Literal["line", "page_line", "page", "section", "heading", "table", "quotation"]

_DASH = (
    r"(?:[-‐‑‒–—−]{1,2}|til og med|t\.?\s?o\.?\s?m\.?"
    r"|(?:og (?:utover|fram|frem|videre|vidare) |opp |ned |fram |frem |og )?til|to|through|until)"
)
# Not a percentage, a decimal or the head of a compound («3-åringer», «2024-tallene»).
_NUMBER = r"\d{1,4}(?![\d%‰@])(?!\.\d)(?!,\d(?![\d,–-]))(?!\s?(?:%|prosent))(?!-(?!L\s?\d|linje)[^\W\d_])"
_LINE_WORD = r"(?:linje\((?:r|ne)\)|linje(?:ne|r|nr|nummer|n|s)?|linja|lin|ln|lines?)(?![^\W\d_])\.?|l\."
_NR = r"\s*(?:nr\.?|nummer|no\.?|#|:)?\s*"
_FROM = r"(?P<years>(?:fra|frå|from)(?: og med)?\s+)?\(?"
_PAGE_WORD = r"(?:sidene|sider|sidetall|sidenr|side|pages|page|pg|pp)(?![^\W\d_])\.?|[sp]\."
_NOT_INSIDE = r"(?<![\w§.-])"
# «S4L12»: the line may follow the page without a space.
_NOT_INSIDE_LINE = r"(?:(?<![\w§.-])|(?<=\b[SsPp]\d)|(?<=\b[SsPp]\d\d)|(?<=\b[SsPp]\d{3}))"
# «linje 5 på T-banen» is no citation, nor is «linje 22 11 33 44».
_NO_LINE = (
    r"(?!(?:\s\d{2}){2})"
    r"(?!\s+(?:på|i|med|til|by|on)\s+(?:the\s+)?(?:t-?ban|trikk|metro|buss|jernban|tog|subway|tram|bus\b))"
)
# «kapittel 4 i helseregisterloven» and «side 12 i NOU 2026: 4» are places in other texts.
_OTHER_TEXT = (
    r"(?!(?:\s+[A-H]\b)?\s+(?:i|av|in|of)\s+(?:\w+\s+){0,2}"
    r"(?:\w*(?:loven|lova|lov|forskriften|forskrifta|forskrift|forordningen|forordninga|direktivet|avtalen|avtala"
    r"|veilederen|rettleiaren"
    r"|budsjettet|læreplanen|kommuneplanen|meldingen|meldinga|proposisjonen|act|regulation)\b|NOU\b|Meld\.|Prop\."
    r"|St\.))"
)
_ONE_LINE = rf"{_NUMBER}(?:\s*{_DASH}\s*(?:(?:{_LINE_WORD}|L(?=\d))\s*)?{_NUMBER})?"

LINE = re.compile(
    rf"(?P<between>\b(?:mellom|between)\s+)?{_NOT_INSIDE_LINE}"
    rf"(?:(?P<word>{_LINE_WORD}){_NR}{_FROM}|(?P<short>L)\s?)(?={_ONE_LINE}{_NO_LINE})",
    re.IGNORECASE,
)
# «på 45. linje»; «1.», «2.» and «3. linje» are tiers of a service.
ORDINAL_LINE = re.compile(r"(?<![\w§.,-])(?P<number>\d{1,4})\. linje\b(?!\s*\d)", re.IGNORECASE)
MIN_ORDINAL = 4
# «112–118: …» and «45: …» at the start of a point; smaller numbers may number the sender's own points.
BARE_LINE = re.compile(r"^\W*(?P<list>\d{1,4}\s*[-–]\s*\d{1,4}|[2-9]\d|\d{3})(?=\s*:\s)")
# One item of a list of lines, what may stand between two items, and what makes a number something else than a line.
LINE_ITEM = re.compile(
    rf"(?P<first>{_NUMBER})(?:\s*{_DASH}\s*(?:(?:{_LINE_WORD}|L(?=\d))\s*)?(?P<last>{_NUMBER})"
    r"|(?P<f>\s*(?:ff?\b|flg\b|fl\.|og (?:utover|ut[eo]ver|utetter|videre|vidare|fremover|framover|nedover|følgende"
    r"|følgjande)\b"
    r"|(?:med|og) (?:påfølgende|påfølgjande|etterfølgende)\b|and (?:onwards?|following)\b|onwards?\b|et seq\b)\.?))?",
    re.IGNORECASE,
)
LINE_AND = re.compile(
    rf"(?P<comma>\s*[,;]\s*)?(?P<and>\s*(?:(?:og|and|samt|eller|or)\b|(?:el|hhv)\.|&|/|\+)\s*)?(?:(?:i|på|til"
    rf"|in)\s+)?(?P<word>(?:{_LINE_WORD}|L(?=\d))\s*)?",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"\s*(?:%|(?:prosent|kroner|kr|mill|mrd|stk|år|måned|månad|dag|uke|veke|time|minutt|person|pasient|kommune|fylke"
    r"|sykehus|sjukehus|skole|skule|elev|barn|ansatt|tilsett|andre|ganger|gonger|"
    r"år|av\s+\d|millioner|milliarder|percent|million|years?|days?))|\.\s*(?:kule|strek)?(?:punkt|avsnitt|setning"
    r"|ledd|juni|juli|[a-zæøå]{3,5}(?:ar|er|ber|ril|ust|ai)\b)",
    re.IGNORECASE,
)
PAGE = re.compile(
    rf"{_NOT_INSIDE}(?:(?:{_PAGE_WORD}){_NR}(?P<first>\d{{1,4}})(?![\d@])"
    rf"(?:\s*{_DASH}\s*(?:(?:{_PAGE_WORD})\s*)?(?P<last>\d{{1,4}})(?!\d))?(?!-[^\W\d_])"
    rf"|[sp]\s?(?P<tight>\d{{1,3}})(?=[\s,;:/]*(?:L\.?|linje\w*|lines?)\s?\d)){_OTHER_TEXT}",
    re.IGNORECASE,
)
# What may stand between the page and the line that make one citation.
PAGE_THEN_LINE = re.compile(
    r"[\s,;:./()–-]*(?:(?:nederst|øverst|nedst|øvst|midt på)[\s,]+)?(?:og\s+|på\s+|ved\s+|i\s+|from\s+|fra\s+|frå\s+"
    r"|mellom\s+)?",
    re.IGNORECASE,
)
LINE_THEN_PAGE = re.compile(
    r"[\s,;()]*(?:nederst på|øverst på|øvst på|nedst på|midt på|på|on|i|of|av)?\s*", re.IGNORECASE
)
# Between the two ends of «side 4 linje 30 til side 5 linje 2».
PAGE_LINE_DASH = re.compile(rf"\s*{_DASH}\s*(?:på\s+)?", re.IGNORECASE)
_AND = r"(?:\s*[,;]\s*(?:og\s+|and\s+|samt\s+)?|\s*(?:og|and|samt|&|/|\+|eller)\s*)"
_SECTION_WORD = (
    r"kapittel|kapitlet|kapittelet|kapitla|kapitlene|kap\.?|delkapittel|delkap\.?|underkapittel|avsnitt|avsnittet"
    r"|punkt|punktet|punktene|punkta|pkt\.?|seksjon|del|chapters?|sections?|sec\.|ch\."
)
_SECTION_NUMBER = r"\d{1,2}(?:\.\d{1,2}){0,4}(?![\d%])(?!-[^\W\d_])"
_SECTION_DASH = r"\s*(?:[-–—]|til og med|til|to)\s*"
_SECTION_RANGE = rf"{_SECTION_NUMBER}(?:{_SECTION_DASH}(?:(?:kap\.?|kapittel|punkt|avsnitt)\s*)?{_SECTION_NUMBER})?"
SECTION_ITEM = re.compile(
    r"(?P<first>\d{1,2}(?:\.\d{1,2})*)(?:\s*(?:[-–—]|til og med|til"
    r"|to)\s*(?:[^\W\d_]+\.?\s*)?(?P<last>\d{1,2}(?:\.\d{1,2})*))?"
)
SECTION = re.compile(
    rf"{_NOT_INSIDE}(?P<word>{_SECTION_WORD})\s*(?:nr\.?\s*)?(?P<list>{_SECTION_RANGE}(?:{_AND}(?:(?:kap\.?|pkt\.?"
    rf"|punkt|kapittel|avsnitt)\s*)?{_SECTION_RANGE}(?!\s*(?:millioner|mill|mrd|prosent|%|år\b|kr)))*|(?:én|en|ein|to"
    rf"|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv)\b){_OTHER_TEXT}",
    re.IGNORECASE,
)
# «opplæringslova kapittel 9»: a chapter of the law named before it.
LAW_BEFORE = re.compile(
    r"\w(?:loven|lova|lov|forskriften|forskrifta|forordningen|forordninga)s?\s+(?:sitt\s+)?$", re.IGNORECASE
)
PAGE_BEFORE = re.compile(rf"(?:{_PAGE_WORD})\s*\d{{1,4}}[\s,;:]*$", re.IGNORECASE)
# «45 l. 12 ganger»: a measure, unless the number belongs to a citation («linje 45 s. 4»).
MEASURED = re.compile(r"(?P<word>[^\W\d_]+)?[.\s]*\d[\d.,–-]*\s$")
POINTS = re.compile(
    rf"(?:{_LINE_WORD}|{_PAGE_WORD}|{_SECTION_WORD}|l|s|p|tabell|tab|table|og|and|til)\b", re.IGNORECASE
)
# Addresses are blanked before anything is looked for.
ADDRESS = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+", re.IGNORECASE)
# «Til 3.2:» and «Ad 4.1 –» at the start.
BARE_SECTION = re.compile(
    r"^\W*(?:(?:til|ad|re|om)\b:?\s*)?(?P<list>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)(?=\s*(?:[:–—-]|[^\W\d_]))", re.IGNORECASE
)
TABLE = re.compile(
    rf"{_NOT_INSIDE}(?:tabell(?:en|a)?|tab\.|table)\s*(?:nr\.?\s*)?"
    rf"(?P<number>\d{{1,2}}(?:\.\d{{1,2}})?[a-z]?)\b{_OTHER_TEXT}",
    re.IGNORECASE,
)
HEADING = re.compile(
    rf"{_NOT_INSIDE}(?:kapittelet|kapitlet|kapittel|avsnittet|avsnitta|delen|punktet|delkapittelet|delkapitlet"
    rf"|the (?:chapter|section)) "
    r"(?:som handler )?(?:om|on|about)\s+(?P<words>[^.,:;!?()«»\n]{4,80})",
    re.IGNORECASE,
)
QUOTATION = re.compile(
    r"«(?P<a>[^«»]{8,600})»|“(?P<b>[^“”]{8,600})”|\"(?P<c>[^\"\n]{8,600})\"|„(?P<d>[^„“”]{8,600})[“”]"
    r"|”(?P<e>[^”]{8,600})”"
)
_NUMBERS = ("én en ein", "to", "tre", "fire", "fem", "seks", "sju syv", "åtte", "ni", "ti", "elleve", "tolv")
# No citation means more lines than this.
MAX_RANGE = 2_000
NUMBER_WORDS = {word: number for number, words in enumerate(_NUMBERS, start=1) for word in words.split()}
# Words that may also number the sender's own points: they count as a citation only where the report has that number.
LOOSE_WORDS = re.compile(r"punkt|pkt|del\b|avsnitt|seksjon", re.IGNORECASE)
MIN_QUOTED_WORDS = 3
# At most this many characters stand between a page and its line.
MAX_JOINT = 24
MAX_FOLLOWING_LINES = 5
# The score of a whole page that is cited without a line.
WHOLE_PAGE_SCORE = 0.8


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


# Finding -------------------------------------------------------------------------------------------------------------


def find_citations(text: str) -> list[Citation]:
    """The citations in a text, in order, without overlap.

    >>> [(citation.kind, citation.words) for citation in find_citations("Se s. 4, linje 12–15 og kap. 3.2.")]
    [('page_line', 's. 4, linje 12–15'), ('section', 'kap. 3.2')]
    >>> find_citations("Førstelinjetjenesten fikk 112 000 kroner etter § 12, tlf. 22 11 33 44.")
    []
    """
    text = without_long_runs(text)
    plain = ADDRESS.sub(lambda match: " " * len(match.group()), text)
    lines = _line_citations(plain)
    pages = [
        _page_citation(match) for match in PAGE.finditer(plain) if not _is_measure(plain, match.start(), match.group())
    ]
    found = _join_ends(plain, _join_pages(plain, lines, pages))
    found += [_section_citation(match) for match in SECTION.finditer(plain) if not _is_other_section(plain, match)]
    for bare in filter(None, [BARE_SECTION.match(plain)]):
        found.append(Citation("section", Span(*bare.span("list")), bare["list"], names=(bare["list"],), loose=True))
    found += [
        Citation("table", Span(*match.span()), match.group(), names=(match["number"],))
        for match in TABLE.finditer(plain)
    ]
    found += [
        Citation("heading", Span(*match.span()), match.group(), names=(match["words"].strip(),))
        for match in HEADING.finditer(plain)
    ]
    found += list(_quotations(text))
    return _without_overlap(found)


def _without_overlap(found: list[Citation]) -> list[Citation]:
    """The citations in order; of two that overlap the one that begins first, then the longer. Quotations all stay."""
    found.sort(key=lambda citation: (citation.span.start, -citation.span.end))
    kept: list[Citation] = []
    for citation in found:
        covered = any(citation.span.overlaps(other.span) and other.kind != "quotation" for other in kept)
        if citation.kind == "quotation" or not covered:
            kept.append(citation)
    return kept


def _line_citations(text: str) -> list[Citation]:
    """Every «linje …» with its whole list of numbers."""
    found: list[Citation] = []
    for match in LINE.finditer(text):
        if (found and match.start() < found[-1].span.end) or not _is_line_citation(text, match):
            continue
        ranges, end = _read_list(text, match.end(), between=match["between"] is not None)
        start = match.end("between") if match["between"] else match.start()
        found.append(Citation("line", Span(start, end), text[start:end], ranges=ranges))
    for match in ORDINAL_LINE.finditer(text):
        number = int(match["number"])
        if number >= MIN_ORDINAL:
            found.append(Citation("line", Span(*match.span()), match.group(), ranges=(LineRange(number, number),)))
    bare = BARE_LINE.match(text)
    if bare:
        ranges, end = _read_list(text, bare.start("list"), between=False)
        found.append(Citation("line", Span(bare.start("list"), end), bare["list"], ranges=ranges, loose=True))
    return sorted(found, key=lambda citation: citation.span.start)


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
    measured = MEASURED.search(text[max(0, start - 30) : start])
    return bool(measured) and not (measured["word"] and POINTS.fullmatch(measured["word"]))  # type: ignore[index]


def _read_list(text: str, position: int, *, between: bool) -> tuple[tuple[LineRange, ...], int]:
    """Read «45, 47 og 52–55 ff.» from `position`: its ranges, and where it ends.

    «mellom linje 14 og 16» is a range too. The list ends before a number that counts something («linje 45 og 3
    millioner»), that is a year, or that falls after a comma («i linje 45, 12 skoler …»).
    """
    item = LINE_ITEM.match(text, position)
    ranges: list[LineRange] = []
    end = position
    while item is not None:
        if item["last"] and not _is_range(text, item):
            number = int(item["first"])
            return (*ranges, LineRange(number, number)), item.end("first")
        ranges.append(_line_range(item))
        end = item.end()
        joint = LINE_AND.match(text, end)
        if joint is None or not (joint["comma"] or joint["and"]):
            break
        item = LINE_ITEM.match(text, joint.end())
        if item is None or not (joint["word"] or _goes_on(text, item, ranges[-1], comma=not joint["and"])):
            break
        if between and len(ranges) == 1 and joint["and"]:
            return (LineRange(ranges[0].first, max(ranges[0].first, int(item["first"]))),), item.end()
    return tuple(ranges), end


def _is_range(text: str, item: re.Match[str]) -> bool:
    """Whether the dash in «45 – 48» makes a range, and does not lead on to «45 – 3 skoler …» or «45 – 2023 …»."""
    joint = text[item.end("first") : item.start("last")]
    if not re.fullmatch(r"\s+[-–—]+\s+", joint):
        return True
    year = 1900 <= int(item["last"]) <= 2100 and int(item["first"]) < 1000
    return not year and not UNIT.match(text, item.end())


def _goes_on(text: str, item: re.Match[str], before: LineRange, *, comma: bool) -> bool:
    """Whether a number without the word «linje» goes on with the list that `before` stands in."""
    first = int(item["first"])
    if UNIT.match(text, item.end()):
        return False
    if 1900 <= first <= 2100 and before.last < 1000:
        return False
    falls = first < before.first
    return not falls or (not comma and not first < 10 <= before.first)


def _line_range(item: re.Match[str]) -> LineRange:
    """A number or a range. «112–18» is read as 112–118; a range written backwards is turned."""
    first = int(item["first"])
    last = int(item["last"] or first)
    if last < first and len(item["last"]) < len(item["first"]):
        last = int(item["first"][: -len(item["last"])] + item["last"])
    following: Literal["", "f", "ff"] = ""
    if item["f"]:
        following = "f" if re.fullmatch(r"\s*f\.?", item["f"], re.IGNORECASE) else "ff"
    return LineRange(min(first, last), max(first, last), following)


def _page_citation(match: re.Match[str]) -> Citation:
    first = int(match["first"] or match["tight"])
    last = int(match["last"] or first)
    return Citation("page", Span(*match.span()), match.group(), pages=(first, max(first, last)))


def _section_citation(match: re.Match[str]) -> Citation:
    numbers: list[str] = []
    for number in SECTION_ITEM.finditer(match["list"]):
        numbers += _section_range(number["first"], number["last"]) if number["last"] else [number["first"]]
    names = tuple(numbers) or (str(NUMBER_WORDS.get(match["list"].lower(), match["list"])),)
    loose = bool(LOOSE_WORDS.match(match["word"])) and not any("." in name for name in names)
    return Citation("section", Span(*match.span()), match.group(), names=names, loose=loose or not numbers)


def _is_other_section(text: str, match: re.Match[str]) -> bool:
    """Whether the words name a chapter of a law, or count paragraphs on a page («side 3, avsnitt 2»)."""
    before = text[max(0, match.start() - 60) : match.start()]
    counted = "." not in match["list"] and re.match(r"avsnitt|punkt|pkt", match["word"], re.IGNORECASE)
    return bool(LAW_BEFORE.search(before) or (counted and PAGE_BEFORE.search(before)))


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
            beside = (before is not None and len(before) <= MAX_JOINT and PAGE_THEN_LINE.fullmatch(before)) or (
                after is not None and len(after) <= MAX_JOINT and LINE_THEN_PAGE.fullmatch(after)
            )
            # «linje 5 på side 2, linje 15 …»: a preposition ties the page to the line before it.
            tied = after is not None and re.search(r"[^\W\d_]", after)
            if beside and (tied or after is None or not _has_own_line(text, page, lines)):
                used.add(index)
                span = Span(min(line.span.start, page.span.start), max(line.span.end, page.span.end))
                joined = Citation("page_line", span, span.of(text), ranges=line.ranges, pages=page.pages)
                break
        result.append(joined)
    return result + [page for index, page in enumerate(pages) if index not in used]


def _join_ends(text: str, citations: Sequence[Citation]) -> list[Citation]:
    """«side 4 linje 30 til side 5 linje 2» is one citation, whose range runs over the pages between."""
    joined: list[Citation] = []
    for citation in sorted(citations, key=lambda citation: citation.span.start):
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.kind == citation.kind == "page_line"
            and len(before.ranges) == 1
            and PAGE_LINE_DASH.fullmatch(text[before.span.end : citation.span.start])
            and before.pages is not None
            and citation.pages is not None
            and before.pages[0] <= citation.pages[0]
        ):
            span = Span(before.span.start, citation.span.end)
            ranges = (LineRange(before.ranges[0].first, citation.ranges[-1].last),)
            joined[-1] = Citation("page_line", span, span.of(text), ranges, (before.pages[0], citation.pages[0]))
        else:
            joined.append(citation)
    return joined


def _has_own_line(text: str, page: Citation, lines: Sequence[Citation]) -> bool:
    """Whether a line citation follows the page at once («…, side 4 linje 2»): then the page belongs to that one."""
    return any(
        line.span.start >= page.span.end
        and line.span.start - page.span.end <= MAX_JOINT
        and bool(PAGE_THEN_LINE.fullmatch(text[page.span.end : line.span.start]))
        for line in lines
    )


# Resolving -----------------------------------------------------------------------------------------------------------

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
        self.restart = report.numbering.restart
        self.runs = _runs(report)

    def pages_called(self, number: int) -> list[int]:
        """The PDF pages that «side N» can mean: the one with that printed label, then the N-th page of the PDF."""
        wanted = dict.fromkeys((self.pages_by_label.get(str(number)), number))
        return [page for page in wanted if page is not None and page in self.by_page]

    def is_beside(self, span: Span, line_range: LineRange) -> bool:
        """Whether a span holds a line of a range; the line below an empty one that was cited is none."""
        numbers = range(line_range.first, min(line_range.last, line_range.first + MAX_RANGE) + 1)
        lines = (line for number in numbers for line in self.by_number.get(number, []))
        return any(len(line.span) and line.span.overlaps(span) for line in lines)

    def text_below(self, line: Line) -> Line:
        """The first line with text after an empty one; the last line with text where there is none."""
        with_text = [other for other in self.report.lines if len(other.span)] or [line]
        return next((other for other in with_text if other.span.start >= line.span.start), with_text[-1])

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


def resolve(citation: Citation, index: ReportIndex, *, fit: Fit, page_hint: int | None = None) -> list[Place]:
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
        return [
            place
            for line_range in citation.ranges
            for place in _resolve_lines(citation, line_range, index, fit, page_hint)
        ]
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
    candidates = [span for page in pages if (span := _span_from_page(index, citation, line_range, page)) is not None]
    if candidates:
        best = max(candidates, key=fit)
        if not index.is_beside(best, line_range):
            return [Place(method, citation.words, best, 0.6, "doubtful")]
        return [Place(method, citation.words, best, 1.0 if len(candidates) == 1 else 0.9, "ok")]
    if index.restart != "document":
        place = _resolve_without_page(citation, line_range, index, fit, page_hint, method)
        return [] if citation.loose and place.target is None else [place]
    target = _span_of_numbers(index, line_range)
    if target is None:
        return [] if citation.loose else [Place(method, citation.words, None, 0.0, "unresolved")]
    # «s. 4, linje 12» where line 12 is on another page, or a number beside an empty line: the number is followed, and
    # the reader is told.
    doubtful = bool(citation.pages) or not index.is_beside(target, line_range)
    return [Place(method, citation.words, target, 0.6 if doubtful else 1.0, "doubtful" if doubtful else "ok")]


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
    citation: Citation, line_range: LineRange, index: ReportIndex, fit: Fit, page_hint: int | None, method: Method
) -> Place:
    """A line without a page in a report whose numbers begin anew: the page last cited, else what fits."""
    if citation.pages:
        return Place(method, citation.words, None, 0.0, "unresolved")
    if page_hint is not None:
        hinted = _span_on_page(index, line_range, page_hint)
        if hinted is not None and index.is_beside(hinted, line_range):
            return Place(method, citation.words, hinted, 0.9, "ok")
    candidates = [span for run in index.runs if (span := _span_of(index, run, line_range)) is not None]
    if not candidates:
        return Place(method, citation.words, None, 0.0, "unresolved")
    if len(candidates) == 1 and index.is_beside(candidates[0], line_range):
        return Place(method, citation.words, candidates[0], 1.0, "ok")
    return Place(method, citation.words, max(candidates, key=fit), 0.5, "doubtful")


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
        inside = [other for other in index.by_page if page <= other <= page + last - first]
        spans.append(Span(index.by_page[page][0].span.start, index.by_page[max(inside)][-1].span.end))
    if not spans:
        return [Place("page_line", citation.words, None, 0.0, "unresolved")]
    return [
        Place("page_line", citation.words, spans[0] if len(spans) == 1 else max(spans, key=fit), WHOLE_PAGE_SCORE, "ok")
    ]


def _resolve_sections(citation: Citation, index: ReportIndex) -> list[Place]:
    places = []
    for name in citation.names:
        section = index.sections.get(name)
        if section is not None:
            places.append(Place("section", citation.words, section.span, 1.0, "ok"))
        elif not citation.loose:
            places.append(Place("section", citation.words, None, 0.0, "unresolved"))
    return places
