"""Messages -> comments: one point, one comment. Splitting goes by structure (paragraphs, list points, rows of a form)
and by citation, not by every sentence. What hangs above a list or a paragraph is kept as its context."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from innspill.citations import find_citations
from innspill.language.identification import identify
from innspill.language.norwegian import Language
from innspill.reading.quoting import SAYS_SOMETHING, is_courtesy, is_sign_up
from innspill.records import Cell, Comment, Message, Part, Span

# Kinds of message whose words are feedback.
FEEDBACK_KINDS = frozenset({"feedback", "campaign"})
LIST_POINT = re.compile(r"[ \t]*(?:[-*•·▪–—o]|\(?\d{1,2}[.)]|\(?[a-zæøå][.)](?![ \t]*\d))[ \t]+(?=\S)")
HEADING_MARK = re.compile(r"[ \t]*#+[ \t]+")
# A citation that begins within this many characters of a sentence opens a new point.
OPENING = 60
# Words that open a new point within a paragraph.
NEW_POINT = re.compile(
    r"^(?:for det (?:andre|annet|tredje|fjerde)|et annet (?:punkt|forhold|poeng)|eit anna (?:punkt|forhold|poeng)|når det gjelder|når det gjeld|videre (?:savner|mener|vil|bør|må|mangler|ønsker|er|ber)|"
    r"vidare (?:saknar|meiner|vil|bør|må|manglar|ønskjer|er|ber)|i tillegg|dessuten|til slutt|til sist|for øvrig|forøvrig|elles|ellers (?:savner|mener|mangler)|vi savner også|vi saknar òg|vi saknar også|secondly|finally|in addition|furthermore)\b",
    re.IGNORECASE,
)
MIN_WORDS = 4
# Text whose longest line is longer than this was not wrapped by a mail program: each line is a paragraph.
MAX_WRAPPED_WIDTH = 130
# A line at least this full, counting the next line's first word, was broken because it was full.
FULL_LINE = 0.85
# An opening or closing paragraph up to this long that makes no claim only frames the feedback.
MAX_FRAME_WORDS = 45
MIN_POINT_CHARACTERS = 50
MAX_HEADING_WORDS = 12
# Own words that only present the sender.
PRESENTATION = re.compile(
    r"^(?:(?:vi|jeg|eg|me|i|we) (?:er|jobber|arbeider|arbeidar|jobbar|representerer|skriver|skriv|har jobbet|har arbeidet|har forsket|am|are|work)\b|we're\b|i'm\b|[^.]{3,60}\b(?:organiserer|representerer|er ei?t? (?:\w+ )?(?:foren|forein|organisasjon|selskap|nettverk|firma)\w*)\b)",
    re.IGNORECASE,
)
# Words by which a paragraph says something of the report or its field, beyond those of `SAYS_SOMETHING`.
JUDGES = re.compile(
    r"\?|\b(?:rapporten (?:er|gir|har|gjev|sier|skriver)|god|godt|bra|fin|fint|lettlest|ryddig|nyttig|viktig|glad|bekymr\w*|uroa|skeptisk|uenig|ueinig|usamd|problem\w*|vanskelig|vanskeleg|dessverre|diverre|good|useful|concern\w*|ikke|ikkje)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, list point or heading of a part."""

    span: Span
    is_point: bool
    is_heading: bool


def split_comments(messages: Sequence[Message], *, language: Language) -> tuple[Comment, ...]:
    """All comments of all messages that are feedback, in order. Ids run through the mailbox: C0001, C0002, …"""
    comments: list[Comment] = []
    for message in messages:
        if message.kind not in FEEDBACK_KINDS:
            continue
        for part in message.parts:
            for span, context in _points(part, language):
                text = span.of(part.text)
                comments.append(
                    Comment(
                        comment_id=f"C{len(comments) + 1:04d}",
                        message_id=message.message_id,
                        part=part.name,
                        span=span,
                        text=text,
                        context=context,
                        language=identify(text, default=message.language or "nb"),
                    )
                )
    return tuple(comments)


def _points(part: Part, language: Language) -> Iterator[tuple[Span, str]]:
    """(span, context) of each comment in a part."""
    if part.cells:
        yield from _form_points(part)
        return
    heading = introduction = ""
    blocks = list(_blocks(part))
    filled = [position for position, block in enumerate(blocks) if not block.is_heading]
    ends = {filled[0], filled[-1]} if filled else set()
    for position, block in enumerate(blocks):
        text = " ".join(block.span.of(part.text).split())
        if block.is_heading:
            heading, introduction = text, ""
            continue
        if not block.is_point:
            introduction = ""
        body, lead = _without_lead(part.text, block, language)
        if lead:
            introduction = lead
        if body is None or not _says_something(body.of(part.text), language, frames=position in ends and not block.is_point and not find_citations(heading)):
            continue
        context = " ".join(piece for piece in (heading, introduction if block.is_point else "") if piece)
        for span in _split_block(part.text, body, language):
            yield span, context


def _form_points(part: Part) -> Iterator[tuple[Span, str]]:
    """A comment for each row of a form that has a comment or a proposal; its place cells are the context."""
    rows: dict[int, list[Cell]] = {}
    for cell in part.cells:
        rows.setdefault(cell.row, []).append(cell)
    for cells in rows.values():
        said = [cell for cell in cells if cell.column in ("comment", "proposal", "reason")]
        if not said:
            continue
        where = [
            f"{name} {cell.span.of(part.text)}"
            for column, name in (("section", "kapittel"), ("page", "side"), ("line", "linje"))
            for cell in cells
            if cell.column == column
        ]
        places = [_without_own_word(place) for place in where]
        yield Span(said[0].span.start, said[-1].span.end), ", ".join(places)


def _without_own_word(place: str) -> str:
    """«linje Linje 12» -> «Linje 12»: some write the word into the cell as well."""
    word, _, rest = place.partition(" ")
    return place if re.match(r"\d", rest) or not re.search(r"[^\W\d_]{2,}", rest) else rest


def _blocks(part: Part) -> Iterator[_Block]:
    """The paragraphs, list points and headings in the sender's own segments."""
    for segment in part.segments:
        if segment.kind != "own":
            continue
        lines = _line_spans(part.text, segment.span)
        width = max((len(span) for span in lines), default=0)
        group: list[Span] = []
        for index, span in enumerate(lines):
            line = span.of(part.text)
            if not line.strip():
                if group:
                    yield _block(part.text, group)
                    group = []
                continue
            if group and _begins_block(part.text, lines[index - 1], span, width):
                yield _block(part.text, group)
                group = []
            group.append(span)
        if group:
            yield _block(part.text, group)


def _line_spans(text: str, span: Span) -> list[Span]:
    spans, position = [], span.start
    for line in span.of(text).split("\n"):
        spans.append(Span(position, position + len(line)))
        position += len(line) + 1
    return spans


def _begins_block(text: str, before: Span, line: Span, width: int) -> bool:
    """Whether a line that no empty line precedes begins a block: a list point, a heading, or a break that was meant.

    A break is meant where the next word would have fitted on the line before.
    """
    current, previous = line.of(text), before.of(text)
    if width > MAX_WRAPPED_WIDTH or HEADING_MARK.match(current) or HEADING_MARK.match(previous):
        return True
    first_word = current.split()[0]
    wrapped = len(previous.rstrip()) + 1 + len(first_word) > FULL_LINE * width
    ends = bool(re.search(r"[.!?:;»\")]\s*$", previous))
    if LIST_POINT.match(current):
        return ends or not wrapped or bool(LIST_POINT.match(previous))
    if previous.rstrip().endswith(":") and find_citations(previous):
        return False  # «Linje 45:» above its own paragraph is part of the comment
    return not wrapped and ends


def _block(text: str, lines: Sequence[Span]) -> _Block:
    start, end = lines[0].start, lines[-1].end
    whole = text[start:end]
    mark = HEADING_MARK.match(whole)
    point = LIST_POINT.match(whole)
    skip = (mark or point).end() if mark or point else len(whole) - len(whole.lstrip())  # type: ignore[union-attr]
    span = Span(start + skip, start + len(whole.rstrip()))
    return _Block(span, bool(point), bool(mark) or (not point and _is_heading(span.of(text))))


def _is_heading(text: str) -> bool:
    """A short line without a full stop, such as «Til kapittel 3» or «Linje 45:»."""
    stripped = text.strip()
    return len(stripped.split()) <= MAX_HEADING_WORDS and stripped[-1:] not in ".!?»\"" and "\n" not in stripped


def _without_lead(text: str, block: _Block, language: Language) -> tuple[Span | None, str]:
    """Part a sentence that leads on to a list («Vi savner dette:») from the rest of its block."""
    whole = block.span.of(text)
    if block.is_point or not whole.rstrip().endswith(":"):
        return block.span, ""
    sentences = language.sentences(whole)
    lead = sentences[-1].of(whole)
    if len(sentences) == 1:
        return None, lead
    return Span(block.span.start, block.span.start + sentences[-2].end), lead


def _says_something(text: str, language: Language, *, frames: bool) -> bool:
    """Whether a block says something about the report or its field: not a fragment, not only who is writing.

    `frames` tells that the block opens or closes the part, where people present themselves and take leave.
    """
    if any(citation.kind != "quotation" for citation in find_citations(text)):
        return True
    n_words = len(text.split())
    if n_words < MIN_WORDS:
        return False
    if frames and n_words <= MAX_FRAME_WORDS and not SAYS_SOMETHING.search(text) and not JUDGES.search(text):
        return False
    sentences = [span.of(text) for span in language.sentences(text)]
    if all(is_sign_up(sentence) or is_courtesy(sentence) for sentence in sentences):
        return False
    return bool(SAYS_SOMETHING.search(text)) or not all(PRESENTATION.match(sentence) for sentence in sentences)


def _split_block(text: str, span: Span, language: Language) -> list[Span]:
    """Split a block where a sentence opens with a new citation, or with words that open a new point."""
    whole = span.of(text)
    sentences = language.sentences(whole)
    starts = [0]
    cited = bool(sentences) and _opens_with_citation(sentences[0].of(whole))
    for sentence in sentences[1:]:
        words = sentence.of(whole)
        opens = _opens_with_citation(words)
        long_enough = sentence.start - starts[-1] >= MIN_POINT_CHARACTERS and len(whole) - sentence.start >= MIN_POINT_CHARACTERS
        if (opens and (cited or long_enough)) or (long_enough and NEW_POINT.match(words)):
            starts.append(sentence.start)
            cited = opens
        cited = cited or bool(find_citations(words))
    ends = [*starts[1:], len(whole)]
    pieces = []
    for start, end in zip(starts, ends, strict=True):
        piece = whole[start:end]
        pieces.append(Span(span.start + start, span.start + start + len(piece.rstrip())))
    return pieces


def _opens_with_citation(sentence: str) -> bool:
    """Whether a sentence cites lines in its first words («Linje 45: …», «På side 4, linje 12 …»)."""
    return any(
        citation.kind in ("line", "page_line") and citation.span.start <= OPENING and not re.match(r"\W*(?:jf|se|jamfør|cf)\b", sentence, re.IGNORECASE)
        for citation in find_citations(sentence)
    )
