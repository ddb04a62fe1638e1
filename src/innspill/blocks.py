"""The paragraphs, list points and headings of a part, and where a paragraph changes its topic.

Offsets are those of the part's text. What is said in them is not judged here, save for what tells a heading.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import NamedTuple

from innspill.citations import Citation, find_citations
from innspill.language.norwegian import Language
from innspill.reading.authorship.quoting import SAYS_SOMETHING
from innspill.records import Span

LIST_POINT = re.compile(
    r"[ \t]*(?P<mark>[-*•·▪▫●○◦■□‣➢➤→»✓–—o]|\(?\d{1,2}(?:\.\d{1,2})*[.)]{1,2}|\(?[a-zæøå][.)](?![ \t]*\d)"
    r"|\(?[ivx]{1,4}[.)]|\d{1,2}(?:\.\d{1,2})+(?=[ \t]+[A-ZÆØÅ«\"(]))[ \t]+(?=\S)"
)
HEADING_MARK = re.compile(r"[ \t]*#+[ \t]+")
# A citation that begins within this many characters of a sentence opens a new point.
OPENING = 60
# Words that open a new point within a paragraph.
NEW_POINT = re.compile(
    r"^(?:for det (?:første|fyrste|andre|annet|tredje|fjerde|femte)|(?:et|eit|nok et|nok eit|ein|en) "
    r"(?:annet|anna|annan|annen|siste|tredje) (?:punkt|forhold|poeng|moment|sak|ting|innspill|innspel)"
    r"|(?:når|hva|kva) (?:det )?(?:gjelder|gjeld)|når det kommer til|når det kjem til|angående|vedrørende|vedrørande"
    r"|videre|vidare|i tillegg|dessuten|dernest|derimot|avslutningsvis|avslutningsvist|til slutt|til sist|for øvrig"
    r"|forøvrig|forresten|elles|ellers|og så (?:lurer|lurar|savner|saknar|må|bør|vil|er|har|en|ein|eit|et)\b"
    r"|(?:vi|jeg|eg|me) (?:savner|saknar|ønsker|ønskjer|mener|meiner|foreslår|føreslår|vil|ber|ser|er|lurer|lurar"
    r"|spør|undrer oss|undrast|merker oss)"
    r" (?:også|òg|videre|vidare|dessuten|i tillegg|derimot|likevel|imidlertid|imidlertid også|heller ikke|heller ikkje)"
    r"|så til|first(?:ly)?(?=,)|second(?:ly)?(?=,)|third(?:ly)?(?=,)"
    r"|finally|lastly|in addition|additionally|furthermore|moreover|besides)\b(?!-)",
    re.IGNORECASE,
)
# A writer who begins sentences in small letters: so many do, and more than begin with a capital.
MIN_SMALL_STARTS = 2
SMALL_START = re.compile(r"(?<=[a-zæøå)»\"][.!?] )[a-zæøå]")
CAPITAL_START = re.compile(r"(?<=[.!?] )[A-ZÆØÅ]")
# Text whose longest line is longer than this was not wrapped by a mail program: each line is a paragraph.
MAX_WRAPPED_WIDTH = 130
# Mail programs wrap at 65 to 78 characters: where no line is longer than this, people broke the lines themselves.
MIN_WRAPPED_WIDTH = 60
# A line at least this full, counting the next line's first word, was broken because it was full. Where so many of the
# lines are, a mail program wrapped the text; a line shorter than that was ended by its writer.
FULL_LINE, WRAPPED_SHARE, SHORT_LINE = 0.85, 0.6, 0.7
# Programs wrap at 80 at most unless told otherwise: wider lines are taken for wrapped where many of them are full.
USUAL_WIDTH, MANY_PAIRS = 80, 4
MIN_POINT_CHARACTERS = 50
MAX_HEADING_WORDS = 12
# «… på den andre sida»\n– nettopp»: a dash after a quotation goes on, and is no mark of a point.
DASH_ON = re.compile(r"\s*[-–—] [a-zæøå]")
# A continuation of a list point is indented at least this far.
MIN_INDENT = 2
# A short line with one of these says something itself, unless it opens as headings do («Hva vi savner»).
CLAIMS = re.compile(
    r"\b(?:bør|må|burde|skal|savner|saknar|mangler|manglar|støtter|støttar|foreslår|foreslås|trenger|treng|er|var"
    r"|blir|vert|stemmer|stryk\w*|slett\w*|fjernes|is|are|should|must)\b",
    re.IGNORECASE,
)
# «Side 4, linje 2 ff.» ends in no full stop.
FOLLOWING = re.compile(r"(?<=\d) ?ff?\.$")
HEADING_OPENINGS = re.compile(
    r"^\W*(?:hva|kva|det (?:vi|eg|jeg|me|som)|ting|behov|tema|det (?:viktigste|viktigaste)|what)\b", re.IGNORECASE
)
# The labelled parts of one comment, and words that take up what stands above.
PART_LABEL = re.compile(
    r"^\W*(?:(?:endrings)?forslag|framlegg|kommentar|merknad|begrunnelse|grunngiving|grunngjeving|ny tekst|ny ordlyd"
    r"|spørsmål|vurdering|proposal|comment|reason)\b[^:]{0,30}:",
    re.IGNORECASE,
)
REFERS_BACK = re.compile(r"^\W*(?:dette|det|den|disse|desse|her|derfor|difor|this|that)\b", re.IGNORECASE)
ANSWER = re.compile(r"^\W*(?:ja|nei|jo|delvis|både og|både ja|yes|no|partly)\b", re.IGNORECASE)
# Words by which a paragraph says something of the report or its field, beyond those of `SAYS_SOMETHING`.
JUDGES = re.compile(
    r"\?|\b(?:rapporten (?:er|gir|har|gjev|sier|skriver)"
    r"|(?:ryddig|grundig|viktig|nyttig|dårlig|dårleg|klok)(?:st|ast)e|imponer\w*|treffende|treffande|ros|roser|rosar"
    r"|gode?|godt|bra|fine?|fint|lettlest|ryddige?|nyttige?|viktige?|glad"
    r"|bekymr\w*|uroa|skeptisk"
    r"|uenig|ueinig|usamd|problem\w*|vanskelig|vanskeleg|dessverre|diverre|good|useful|concern\w*|ikke|ikkje|nei"
    r"|glemt|gløymt|gløymd"
    r"|hvorfor|kvifor|hvordan|korleis|synes|synest|mener|meiner|opplever|erfar\w+|alltid|aldri|ingenting|inkje|dårlige?"
    r"|dårlege?|dyrt|koster|kostar"
    r"|tungvint|riktig|galt|stryk\w*|slett\w*|fjern\w*|rettes|endres|endrast|wrong|agree|disagree|lacks?|unclear"
    r"|kreve?|krever|krev|forlanger|kutt\w*|for (?:mange|mye|mykje|lite|få|lang|langt|kort|stor|stort|liten)"
    r"|slit|sliter|(?:hadde|ville|would|could) \w+|miss(?:es|ing)?|suggest\w*)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def citations_in(text: str) -> tuple[Citation, ...]:
    """The citations in a text; the same stretches are asked about again and again while a part is split."""
    return tuple(find_citations(text))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list point or heading of a part.

    `mark` is what stands before a list point («-», «2.1»), and `indent` how many blanks stand before that.
    """

    span: Span
    is_point: bool
    is_heading: bool
    indent: int = 0
    mark: str = ""


def blocks_of(text: str, stretches: Iterable[Span]) -> Iterator[Block]:
    """The paragraphs, list points and headings in stretches of a text, in order."""
    for span in stretches:
        lines = _line_spans(text, span)
        wrap = _wrap_of([line.of(text) for line in lines])
        group: list[Span] = []
        gap = False
        for line in lines:
            if not line.of(text).strip():
                gap = True
                continue
            if group and (not _continues_point(text, group, line) if gap else _begins_block(text, group, line, wrap)):
                yield _block(text, group)
                group = []
            group.append(line)
            gap = False
        if group:
            yield _block(text, group)


def mark_headings(text: str, blocks: list[Block], asked: frozenset[str]) -> list[Block]:
    """Decide headings by what stands around them.

    The last block heads nothing; a short numbered line above a paragraph is a heading, not a point («2.1 Til kapittel
    3»); so is a question that the invitation asks, or that «Ja, …» and «Nei, …» answer.
    """
    marked: list[Block] = []
    for block, following in zip_longest(blocks, blocks[1:]):
        words = block.span.of(text)
        is_heading = block.is_heading
        if following is None:
            is_heading = is_heading and (words.endswith(":") or not _may_stand_alone(words))
        elif block.is_point and not following.is_point and _is_heading(words):
            is_heading = text[block.span.end : following.span.start].count("\n") > 1 or _numbers_section(block)
        elif block.is_point and following.mark.startswith(block.mark.rstrip(".)") + ".") and _is_heading(words):
            is_heading = block.mark[:1].isdigit()  # «2. Om kompetanse» above «2.1 …»
        elif _is_question(words) and (folded(words) in asked or ANSWER.match(following.span.of(text))):
            is_heading = True
        if is_heading and block.is_point:  # the number belongs to the heading: it may be the report's
            start = text.rindex(block.mark, 0, block.span.start)
            block = replace(block, span=Span(start, block.span.end), is_point=False)
        marked.append(replace(block, is_heading=is_heading))
    return marked


def _is_question(words: str) -> bool:
    """Whether a block is one question and nothing else."""
    return words.endswith("?") and not re.search(r"[^\W\d_]{2}[.!?]\s", words)


def _numbers_section(block: Block) -> bool:
    """Whether a mark is the number of a section («3.2») more than that of a point."""
    return bool(re.fullmatch(r"\d{1,2}(?:\.\d{1,2})+", block.mark))


def _may_stand_alone(words: str) -> bool:
    """Whether a short line at the end is a point without a full stop, not the remains of a heading."""
    return bool(SAYS_SOMETHING.search(words) or JUDGES.search(words))


def folded(text: str) -> str:
    """Words only, in small letters, for comparing."""
    return " ".join(re.findall(r"\w+", text.casefold())).lstrip("0123456789 ")


def _continues_point(text: str, group: Sequence[Span], line: Span) -> bool:
    """Whether a paragraph after an empty line goes on with a list point: it is indented under the point's words."""
    first, current = group[0].of(text), line.of(text)
    indent = len(current) - len(current.lstrip())
    outdent = len(first) - len(first.lstrip())
    return bool(LIST_POINT.match(first)) and not LIST_POINT.match(current) and indent >= outdent + MIN_INDENT


def _line_spans(text: str, span: Span) -> list[Span]:
    spans, position = [], span.start
    for line in span.of(text).split("\n"):
        spans.append(Span(position, position + len(line)))
        position += len(line) + 1
    return spans


class _Wrap(NamedTuple):
    """How wide a text's longest line is, whether a mail program wrapped it, and whether its writer uses capitals."""

    width: int
    is_wrapped: bool
    has_capitals: bool

    def is_full(self, line: str, following: str) -> bool:
        """Whether the first word of the following line would not have fitted on a line."""
        return _length_with(line, following) > FULL_LINE * self.width

    def is_short(self, line: str, following: str) -> bool:
        """Whether a line was ended by its writer, far from the margin."""
        starts = following.lstrip()[:1]
        return _length_with(line, following) < SHORT_LINE * self.width and (not self.has_capitals or starts.isupper())


def _wrap_of(lines: Sequence[str]) -> _Wrap:
    """Look whether most lines that others follow are full."""
    width = max(map(len, lines), default=0)
    pairs = [(line, following) for line, following in pairwise(lines) if line.strip() and following.strip()]
    full = sum(_length_with(line, following) > FULL_LINE * width for line, following in pairs)
    fits = MIN_WRAPPED_WIDTH <= width <= (MAX_WRAPPED_WIDTH if len(pairs) >= MANY_PAIRS else USUAL_WIDTH)
    capitals = sum(line.lstrip()[:1].isupper() for line in lines)
    return _Wrap(width, fits and full >= WRAPPED_SHARE * len(pairs), capitals > 0.1 * len(lines))


def _length_with(line: str, following: str) -> int:
    return len(line.rstrip()) + 1 + len(following.split(maxsplit=1)[0])


def _begins_block(text: str, group: Sequence[Span], line: Span, wrap: _Wrap) -> bool:
    """Whether a line that no empty line precedes begins a block: a list point, a heading, or a break that was meant.

    A break is meant where the next word would have fitted on the line before.
    """
    current, previous = line.of(text), group[-1].of(text)
    if HEADING_MARK.match(current) or HEADING_MARK.match(previous):
        return True
    if _only_cites(previous, {"page", "section"}) and _opens_with_citation(current):
        return True  # «Side 4» above «Linje 12: …» and «Linje 30: …»
    broken_by_program = wrap.is_wrapped and wrap.is_full(previous, current)
    ends = bool(re.search(r"[.!?:;»\")]\s*$", previous))
    point, first_point = LIST_POINT.match(current), LIST_POINT.match(group[0].of(text))
    same_list = bool(point and first_point) and point["mark"][-1] == first_point["mark"][-1]  # type: ignore[index]
    if DASH_ON.match(current) and not same_list and re.search(r"[»”\"]\s*$", previous):
        return False
    if point:
        return ends or not broken_by_program or bool(LIST_POINT.match(previous)) or same_list
    if _leads_on(text, group, current):
        return False
    if broken_by_program:
        return wrap.width > MAX_WRAPPED_WIDTH
    return ends or wrap.width > MAX_WRAPPED_WIDTH or (wrap.is_wrapped and wrap.is_short(previous, current))


def _leads_on(text: str, group: Sequence[Span], current: str) -> bool:
    """Whether a line goes on with the point above it, for all that the sender broke the line.

    «Linje 45:» above its own paragraph, the report's words quoted above what is said of them, and «Forslag: …» under
    a comment are parts of one comment.
    """
    first, previous = group[0].of(text), group[-1].of(text).rstrip()
    if _opens_with_citation(current) or len(previous) > MAX_WRAPPED_WIDTH:
        return False
    if previous.endswith(":") and citations_in(previous):
        return True
    if PART_LABEL.match(current):
        return bool(citations_in(first) or PART_LABEL.match(first))
    return _opens_with_citation(first) and (previous[-1:] in '»”"' or bool(REFERS_BACK.match(current)))


def _only_cites(line: str, kinds: set[str]) -> bool:
    """Whether a line is nothing but a citation of one of the kinds."""
    citations = citations_in(line)
    return len(citations) == 1 and citations[0].kind in kinds and len(line.strip(" .:-–*#_")) == len(citations[0].words)


def _block(text: str, lines: Sequence[Span]) -> Block:
    start, end = lines[0].start, lines[-1].end
    whole = text[start:end]
    mark = HEADING_MARK.match(whole)
    point = LIST_POINT.match(whole)
    skip = (mark or point).end() if mark or point else len(whole) - len(whole.lstrip())  # type: ignore[union-attr]
    span = Span(start + skip, start + len(whole.rstrip()))
    indent = len(whole) - len(whole.lstrip(" \t"))
    is_heading = bool(mark) or (not point and _is_heading(span.of(text)))
    return Block(span, bool(point), is_heading, indent, point["mark"] if point else "")


def _is_heading(text: str) -> bool:
    """A short line without a full stop that claims nothing, such as «Til kapittel 3» or «Linje 45:»."""
    stripped = FOLLOWING.sub("", text.strip())
    if len(stripped.split()) > MAX_HEADING_WORDS or stripped[-1:] in '.!?»"' or "\n" in stripped:
        return False
    if stripped.endswith(":") or HEADING_OPENINGS.match(stripped):
        return True
    return not stripped[:1].islower() and not CLAIMS.search(stripped)


def without_lead(text: str, block: Block, language: Language) -> tuple[Span | None, str]:
    """Part a sentence that leads on to a list («Vi savner dette:») from the rest of its block."""
    whole = block.span.of(text)
    if block.is_point or not whole.rstrip().endswith(":"):
        return block.span, ""
    sentences = language.sentences(whole)
    lead = sentences[-1].of(whole)
    if len(sentences) == 1:
        return None, lead
    return Span(block.span.start, block.span.start + sentences[-2].end), lead


def split_block(text: str, span: Span, language: Language) -> list[Span]:
    """Split a block where a sentence opens with a new citation, or with words that open a new point."""
    whole = span.of(text)
    sentences = _sentences(whole, language)
    starts = [0]
    cited = bool(sentences) and _opens_with_citation(sentences[0].of(whole))
    for sentence in sentences[1:]:
        words = sentence.of(whole)
        # «… (linje 12).» ends what stands before it, unless that has its own citation.
        opens = _opens_with_citation(words) and (cited or not _ends_with_citation(words))
        long_enough = (
            sentence.start - starts[-1] >= MIN_POINT_CHARACTERS and len(whole) - sentence.start >= MIN_POINT_CHARACTERS
        )
        if (opens and (cited or long_enough)) or (long_enough and NEW_POINT.match(words)):
            starts.append(sentence.start)
            cited = opens
        cited = cited or bool(citations_in(words))
    ends = [*starts[1:], len(whole)]
    pieces = []
    for start, end in zip(starts, ends, strict=True):
        piece = whole[start:end]
        pieces.append(Span(span.start + start, span.start + start + len(piece.rstrip())))
    return pieces


def _ends_with_citation(sentence: str) -> bool:
    """Whether a sentence cites lines in brackets at its end and nowhere else, as «… før 2027 (linje 12).» does."""
    cited = [citation.span for citation in citations_in(sentence) if citation.kind in ("line", "page_line")]
    return len(cited) == 1 and bool(
        sentence[: cited[0].start].endswith("(") and not re.search(r"\w", sentence[cited[0].end :])
    )


def _sentences(text: str, language: Language) -> list[Span]:
    """The sentences of a text, also of one whose writer begins them with small letters."""
    joined = text.replace("\n", " ")
    if MIN_SMALL_STARTS <= len(SMALL_START.findall(joined)) > len(CAPITAL_START.findall(joined)):
        text = SMALL_START.sub(lambda match: match.group().upper(), joined)
    return language.sentences(text)


def _opens_with_citation(sentence: str) -> bool:
    """Whether a sentence cites lines in its first words («Linje 45: …», «På side 4, linje 12 …»)."""
    return any(
        citation.kind in ("line", "page_line")
        and citation.span.start <= OPENING
        and not re.match(r"\W*(?:jf|se|jamfør|cf)\b", sentence, re.IGNORECASE)
        for citation in citations_in(sentence)
    )
