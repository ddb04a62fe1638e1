"""Messages -> comments: one point, one comment.

Splitting goes by structure (paragraphs, list points, rows of a form) and by citation, not by every sentence. What hangs
above a list or a paragraph is kept as its context.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from innspill.citations import find_citations
from innspill.language.identification import identify
from innspill.language.norwegian import Language
from innspill.reading.quoting import SAYS_SOMETHING, is_courtesy, is_sign_up
from innspill.records import Cell, Comment, Message, Part, Span

# Kinds of message whose words are feedback.
FEEDBACK_KINDS = frozenset({"feedback", "campaign"})
LIST_POINT = re.compile(
    r"[ \t]*(?:[-*•·▪▫●○◦■□‣➢➤→»✓–—o]|\(?\d{1,2}(?:\.\d{1,2})*[.)]{1,2}|\(?[a-zæøå][.)](?![ \t]*\d)"
    r"|\(?[ivx]{1,4}[.)])[ \t]+(?=\S)"
)
HEADING_MARK = re.compile(r"[ \t]*#+[ \t]+")
# A citation that begins within this many characters of a sentence opens a new point.
OPENING = 60
# Words that open a new point within a paragraph.
NEW_POINT = re.compile(
    r"^(?:for det (?:andre|annet|tredje|fjerde)|et annet (?:punkt|forhold|poeng)|eit anna (?:punkt|forhold|poeng)"
    r"|når det gjelder|når det gjeld|"
    r"videre (?:savner|mener|vil|bør|må|mangler|ønsker|er|ber)|vidare (?:saknar|meiner|vil|bør|må|manglar|ønskjer|er"
    r"|ber)|"
    r"i tillegg|dessuten|til slutt|til sist|for øvrig|forøvrig|elles|ellers (?:savner|mener|mangler)|vi savner også"
    r"|vi saknar òg|"
    r"vi saknar også|secondly|finally|in addition|furthermore)\b",
    re.IGNORECASE,
)
# The columns of a form that hold the comment, and those that tell its place, with the word that cites it.
SAID_COLUMNS = frozenset({"comment", "proposal", "reason"})
PLACE_WORDS = {"section": "kapittel", "page": "side", "line": "linje"}
PLACE_COLUMNS = ("section", "section+page", "section+line", "page", "page+line", "line+page", "line", "place")
MIN_WORDS = 4
# Text whose longest line is longer than this was not wrapped by a mail program: each line is a paragraph.
MAX_WRAPPED_WIDTH = 130
# Mail programs wrap at 65 to 78 characters: where no line is longer than this, people broke the lines themselves.
MIN_WRAPPED_WIDTH = 60
# A line at least this full, counting the next line's first word, was broken because it was full.
FULL_LINE = 0.85
# An opening or closing paragraph up to this long that makes no claim only frames the feedback.
MAX_FRAME_WORDS = 45
MIN_POINT_CHARACTERS = 50
MAX_HEADING_WORDS = 12
# A continuation of a list point is indented at least this far.
MIN_INDENT = 2
# A short line with one of these says something itself, unless it opens as headings do («Hva vi savner»).
CLAIMS = re.compile(
    r"\b(?:bør|må|burde|skal|savner|saknar|mangler|manglar|støtter|støttar|foreslår|foreslås|trenger|treng|er|var"
    r"|blir|vert|stemmer|stryk\w*|slett\w*|fjernes|is|are|should|must)\b",
    re.IGNORECASE,
)
HEADING_OPENINGS = re.compile(
    r"^\W*(?:hva|kva|det (?:vi|eg|jeg|me|som)|ting|behov|tema|det (?:viktigste|viktigaste)|what)\b", re.IGNORECASE
)
# Sections in which a letter presents its sender.
FRAMING_HEADING = re.compile(
    r"^[\d.)\s]*(?:innledning|innleiing|innleiande|innledende|om (?:oss|foren|forein|organ|kommun|verksemd|virksom"
    r"|avsender)\w*|bakgrunn|presentasjon|introduction|background|about us)\b",
    re.IGNORECASE,
)
# The labelled parts of one comment, and words that take up what stands above.
PART_LABEL = re.compile(
    r"^\W*(?:(?:endrings)?forslag|framlegg|kommentar|merknad|begrunnelse|grunngiving|grunngjeving|ny tekst|ny ordlyd"
    r"|spørsmål|vurdering|proposal|comment|reason)\b[^:]{0,30}:",
    re.IGNORECASE,
)
REFERS_BACK = re.compile(r"^\W*(?:dette|det|den|disse|desse|her|derfor|difor|this|that)\b", re.IGNORECASE)
ANSWER = re.compile(r"^\W*(?:ja|nei|jo|delvis|både og|både ja|yes|no|partly)\b", re.IGNORECASE)
# Own words that only present the sender.
PRESENTATION = re.compile(
    r"^(?:(?:vi|jeg|eg|me|i|we) (?:er|jobber|arbeider|arbeidar|jobbar|representerer|skriver|skriv|har jobbet"
    r"|har arbeidet|har forsket|har lest|har lese|am|are|work)\b"
    r"|(?:vi|me|kommunen|skolen|skulen|laget) har (?:om lag |ca\.? |rundt |kring |cirka )?[\d\s.]+"
    r"(?:innbygg|medlem|ansatt|tilsett|elev|student|seng|bruk)\w*"
    r"|[^.]{3,60}\b(?:arbeider|arbeidar|jobber|jobbar) (?:for|med)\b"
    r"|we're\b|i'm\b|[^.]{3,60}\b(?:organiserer|representerer|driver|driv|er ei?t? (?:\w+ )?(?:foren|forein"
    r"|organisasjon|selskap|nettverk|firma)\w*)\b)",
    re.IGNORECASE,
)
# How the answer came about, and who handled it.
PROCEDURE = re.compile(
    r"^\W*(?:og\s+)?(?:(?:innspillet|innspelet|svaret|uttalelsen|uttalen|fråsegna|høringssvaret|saken|saka) "
    r"(?:er|ble|blei|vart|har vært|har vore) (?:\w+ ){0,2}"
    r"(?:vedtatt|vedteke|vedteken|behandlet|handsama|godkjent|godkjend)"
    r"|(?:har|jeg|eg|vi|me)?\s*(?:fikk|fekk|mottok) (?:invitasjonen|e-posten|utkastet)"
    r"|har lest|har lese"
    r"|(?:noen |nokre )?(?:korte?|enkelte|litt|spredte|spreidde) (?:\w+ )?(?:merknad|kommentar|innspill"
    r"|innspel)\w*|ikke politisk|ikkje politisk|politisk behandl|politisk handsam|deres ref|vår ref|dato:|saksbehandler"
    r"|(?:høringsuttalelse|høyringsfråsegn|høringssvar|uttalelse|fråsegn|innspill|innspel)\b[^.!?]*$)",
    re.IGNORECASE,
)
# «Dere må gjerne ringe meg etter klokka 17.»
CONTACT_ME = re.compile(
    r"^\W*(?:(?:de|dei|dere|dykk|dokker) (?:må|kan) (?:gjerne|bare|berre) |(?:bare|berre|ta gjerne|ring gjerne)\s*)"
    r"[^.]{0,20}\b(?:ring\w*|kontakt\w*|skrive?|sende?|meg|oss)\b",
    re.IGNORECASE,
)
# Words of wanting, lacking, agreeing: a paragraph with one of them is never only a frame.
WANTS = re.compile(
    r"\b(?:savner|saknar|mangler|manglar|bør|må|burde|trenger|treng|behov\w*|uklart?|feil|foreslår|støtt\w*|enige?|samde?"
    r"|should|needs?|missing|lacks?)\b",
    re.IGNORECASE,
)
# Words by which a paragraph says something of the report or its field, beyond those of `SAYS_SOMETHING`.
JUDGES = re.compile(
    r"\?|\b(?:rapporten (?:er|gir|har|gjev|sier|skriver)|god|godt|bra|fin|fint|lettlest|ryddig|nyttig|viktig|glad"
    r"|bekymr\w*|uroa|skeptisk"
    r"|uenig|ueinig|usamd|problem\w*|vanskelig|vanskeleg|dessverre|diverre|good|useful|concern\w*|ikke|ikkje|nei"
    r"|glemt|gløymt|gløymd"
    r"|hvorfor|kvifor|hvordan|korleis|synes|synest|mener|meiner|opplever|erfar\w+|alltid|aldri|ingenting|inkje|dårlig"
    r"|dårleg|dyrt|koster|kostar"
    r"|tungvint|riktig|galt|stryk\w*|slett\w*|fjern\w*|rettes|endres|endrast|wrong|agree|disagree|lacks?|unclear"
    r"|miss(?:es|ing)?|suggest\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, list point or heading of a part."""

    span: Span
    is_point: bool
    is_heading: bool


def split_comments(messages: Sequence[Message], *, language: Language) -> tuple[Comment, ...]:
    """All comments of all messages that are feedback, in order.

    Ids run through the mailbox: C0001, C0002 and so on.
    """
    asked = _questions_asked(messages, language)
    comments: list[Comment] = []
    for message in messages:
        if message.kind not in FEEDBACK_KINDS:
            continue
        for part in message.parts:
            for span, context in _points(part, language, asked):
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


def _questions_asked(messages: Sequence[Message], language: Language) -> frozenset[str]:
    """The questions in all quoted text: what the invitation asks, and senders repeat above their answers."""
    quoted = [
        re.sub(r"(?m)^[\s>|]+", "", segment.span.of(part.text))
        for message in messages
        for part in message.parts
        for segment in part.segments
        if segment.kind == "quoted"
    ]
    return frozenset(
        _folded(span.of(text)) for text in quoted for span in language.sentences(text) if span.of(text).endswith("?")
    )


def _folded(text: str) -> str:
    """Words only, in small letters, for comparing."""
    return " ".join(re.findall(r"\w+", text.casefold())).lstrip("0123456789 ")


def _points(part: Part, language: Language, asked: frozenset[str]) -> list[tuple[Span, str]]:
    """(span, context) of each comment in a part, in order: the rows of its forms and the points of its prose."""
    points = list(_form_points(part)) + list(_prose_points(part, language, asked))
    return sorted(points, key=lambda point: point[0].start)


def _prose_points(part: Part, language: Language, asked: frozenset[str]) -> Iterator[tuple[Span, str]]:
    heading = introduction = ""
    cited = False  # whether the heading cites a place
    blocks = _mark_headings(part.text, list(_blocks(part)), asked)
    filled = [position for position, block in enumerate(blocks) if not block.is_heading]
    ends = {filled[0], filled[-1]} if filled else set()
    for position, block in enumerate(blocks):
        text = " ".join(block.span.of(part.text).split())
        if block.is_heading:
            heading, introduction = text, ""
            cited = bool(find_citations(heading))
            continue
        if not block.is_point:
            introduction = ""
            if position and blocks[position - 1].is_point and cited:
                heading, cited = "", False  # the list under «Side 5» is at its end
        body, lead = _without_lead(part.text, block, language)
        if lead:
            introduction = lead
        frames = (position in ends and not block.is_point and not cited) or bool(FRAMING_HEADING.match(heading))
        if body is None or not _says_something(body.of(part.text), language, frames=frames, under_citation=cited):
            continue
        context = " ".join(piece for piece in (heading, introduction if block.is_point else "") if piece)
        for span in _split_block(part.text, body, language):
            yield span, context


def _mark_headings(text: str, blocks: list[_Block], asked: frozenset[str]) -> list[_Block]:
    """Decide headings by what stands around them.

    The last block heads nothing; a short numbered line above a paragraph is a heading, not a point («2.1 Til kapittel
    3»); so is a question that the invitation asks, or that «Ja, …» and «Nei, …» answer.
    """
    marked: list[_Block] = []
    for block, following in zip_longest(blocks, blocks[1:]):
        words = block.span.of(text)
        is_heading = block.is_heading
        if following is None:
            is_heading = is_heading and (words.endswith(":") or not _may_stand_alone(words))
        elif block.is_point and not following.is_point and _is_heading(words):
            is_heading = text[block.span.end : following.span.start].count("\n") > 1
        elif words.endswith("?") and (_folded(words) in asked or ANSWER.match(following.span.of(text))):
            is_heading = True
        marked.append(replace(block, is_heading=is_heading, is_point=block.is_point and not is_heading))
    return marked


def _may_stand_alone(words: str) -> bool:
    """Whether a short line at the end is a point without a full stop, not the remains of a heading."""
    return bool(SAYS_SOMETHING.search(words) or JUDGES.search(words))


def _form_points(part: Part) -> Iterator[tuple[Span, str]]:
    """A comment for each row of a form that has a comment or a proposal; its place cells are the context."""
    rows: dict[int, list[Cell]] = {}
    for cell in part.cells:
        rows.setdefault(cell.row, []).append(cell)
    for cells in rows.values():
        said = [cell for cell in cells if cell.column in SAID_COLUMNS]
        if not said:
            continue
        places = [
            _place_words(cell.column, cell.span.of(part.text))
            for column in PLACE_COLUMNS
            for cell in cells
            if cell.column == column
        ]
        yield Span(said[0].span.start, said[-1].span.end), ", ".join(place for place in places if place)


def _place_words(column: str, value: str) -> str:
    """What a place cell says, as a citation: «12–14» in a column for lines is «linje 12–14», «Linje 12» stays.

    A column for two things («Side/linje») is read piece by piece: «4/12» is «side 4, linje 12».
    """
    value = " ".join(value.split())
    names = [PLACE_WORDS[name] for name in column.split("+") if name in PLACE_WORDS]
    if re.search(r"[^\W\d_]{2,}", re.sub(r"\b(?:og|til|ff|flg)\b", "", value)) or not names:
        return value
    pieces = re.split(r"\s*[/,;:|]\s*|\s+", value, maxsplit=len(names) - 1) if len(names) > 1 else [value]
    if len(pieces) != len(names):
        return f"{names[-1]} {value}"
    return ", ".join(f"{name} {piece}" for name, piece in zip(names, pieces, strict=True) if re.search(r"\d", piece))


def _blocks(part: Part) -> Iterator[_Block]:
    """The paragraphs, list points and headings in the sender's own segments, outside the rows of forms."""
    for span in _prose(part):
        lines = _line_spans(part.text, span)
        width = max((len(line) for line in lines), default=0)
        group: list[Span] = []
        gap = False
        for line in lines:
            if not line.of(part.text).strip():
                gap = True
                continue
            if group and (
                not _continues_point(part.text, group, line) if gap else _begins_block(part.text, group, line, width)
            ):
                yield _block(part.text, group)
                group = []
            group.append(line)
            gap = False
        if group:
            yield _block(part.text, group)


def _prose(part: Part) -> Iterator[Span]:
    """The stretches of own words that no row of a form covers."""
    rows: dict[int, list[Span]] = {}
    for cell in part.cells:
        rows.setdefault(cell.row, []).append(cell.span)
    taken = [Span(min(span.start for span in spans), max(span.end for span in spans)) for spans in rows.values()]
    for segment in part.segments:
        if segment.kind != "own":
            continue
        position = segment.span.start
        for row in sorted((row for row in taken if row.overlaps(segment.span)), key=lambda row: row.start):
            if row.start > position:
                yield Span(position, row.start)
            position = max(position, row.end)
        if position < segment.span.end:
            yield Span(position, segment.span.end)


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


def _begins_block(text: str, group: Sequence[Span], line: Span, width: int) -> bool:
    """Whether a line that no empty line precedes begins a block: a list point, a heading, or a break that was meant.

    A break is meant where the next word would have fitted on the line before.
    """
    current, previous = line.of(text), group[-1].of(text)
    if HEADING_MARK.match(current) or HEADING_MARK.match(previous):
        return True
    if _only_cites(previous, {"page", "section"}) and _opens_with_citation(current):
        return True  # «Side 4» above «Linje 12: …» and «Linje 30: …»
    first_word = current.split()[0]
    full = len(previous.rstrip()) + 1 + len(first_word) > FULL_LINE * width
    wrapped = MIN_WRAPPED_WIDTH <= width <= MAX_WRAPPED_WIDTH and full
    ends = bool(re.search(r"[.!?:;»\")]\s*$", previous))
    if LIST_POINT.match(current):
        return ends or not wrapped or bool(LIST_POINT.match(previous))
    if _leads_on(text, group, current):
        return False
    return (not wrapped and ends) or width > MAX_WRAPPED_WIDTH


def _leads_on(text: str, group: Sequence[Span], current: str) -> bool:
    """Whether a line goes on with the point above it, for all that the sender broke the line.

    «Linje 45:» above its own paragraph, the report's words quoted above what is said of them, and «Forslag: …» under
    a comment are parts of one comment.
    """
    first, previous = group[0].of(text), group[-1].of(text).rstrip()
    if _opens_with_citation(current) or len(previous) > MAX_WRAPPED_WIDTH:
        return False
    if previous.endswith(":") and find_citations(previous):
        return True
    if PART_LABEL.match(current):
        return bool(find_citations(first) or PART_LABEL.match(first))
    return _opens_with_citation(first) and (previous[-1:] in '»”"' or bool(REFERS_BACK.match(current)))


def _only_cites(line: str, kinds: set[str]) -> bool:
    """Whether a line is nothing but a citation of one of the kinds."""
    citations = find_citations(line)
    return len(citations) == 1 and citations[0].kind in kinds and len(line.strip(" .:-–*#_")) == len(citations[0].words)


def _block(text: str, lines: Sequence[Span]) -> _Block:
    start, end = lines[0].start, lines[-1].end
    whole = text[start:end]
    mark = HEADING_MARK.match(whole)
    point = LIST_POINT.match(whole)
    skip = (mark or point).end() if mark or point else len(whole) - len(whole.lstrip())  # type: ignore[union-attr]
    span = Span(start + skip, start + len(whole.rstrip()))
    return _Block(span, bool(point), bool(mark) or (not point and _is_heading(span.of(text))))


def _is_heading(text: str) -> bool:
    """A short line without a full stop that claims nothing, such as «Til kapittel 3» or «Linje 45:»."""
    stripped = text.strip()
    if len(stripped.split()) > MAX_HEADING_WORDS or stripped[-1:] in '.!?»"' or "\n" in stripped:
        return False
    return stripped.endswith(":") or not CLAIMS.search(stripped) or bool(HEADING_OPENINGS.match(stripped))


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


def _says_something(text: str, language: Language, *, frames: bool, under_citation: bool) -> bool:
    """Whether a block says something about the report or its field: not a fragment, not only who is writing.

    `frames` tells that the block opens or closes the part, where people present themselves and take leave;
    `under_citation` that its heading cites a place, so that a word such as «Enig» is a comment.
    """
    if under_citation or any(citation.kind != "quotation" for citation in find_citations(text)):
        return True
    n_words = len(text.split())
    if n_words < MIN_WORDS and not (n_words > 1 and SAYS_SOMETHING.search(text)):
        return False
    if frames and n_words <= MAX_FRAME_WORDS and not SAYS_SOMETHING.search(text) and not JUDGES.search(text):
        return False
    sentences = [span.of(text) for span in language.sentences(text)]
    if any(is_sign_up(sentence) for sentence in sentences) and not WANTS.search(text):
        return False
    return not all(_only_frames(sentence) for sentence in sentences)


def _only_frames(sentence: str) -> bool:
    """Whether a sentence is courtesy, a sign-up, or tells who writes and how the answer came about."""
    if is_sign_up(sentence) or is_courtesy(sentence) or CONTACT_ME.match(sentence):
        return True
    return bool(PRESENTATION.match(sentence) or PROCEDURE.match(sentence)) and not WANTS.search(sentence)


def _split_block(text: str, span: Span, language: Language) -> list[Span]:
    """Split a block where a sentence opens with a new citation, or with words that open a new point."""
    whole = span.of(text)
    sentences = language.sentences(whole)
    starts = [0]
    cited = bool(sentences) and _opens_with_citation(sentences[0].of(whole))
    for sentence in sentences[1:]:
        words = sentence.of(whole)
        opens = _opens_with_citation(words)
        long_enough = (
            sentence.start - starts[-1] >= MIN_POINT_CHARACTERS and len(whole) - sentence.start >= MIN_POINT_CHARACTERS
        )
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
        citation.kind in ("line", "page_line")
        and citation.span.start <= OPENING
        and not re.match(r"\W*(?:jf|se|jamfør|cf)\b", sentence, re.IGNORECASE)
        for citation in find_citations(sentence)
    )
