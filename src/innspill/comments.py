"""Messages -> comments: one point, one comment.

Splitting goes by structure (paragraphs, list points, rows of a form, notes in a margin, changed sentences) and by
citation, not by every sentence. What hangs above a list or a paragraph is kept as its context.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from innspill.blocks import (
    JUDGES,
    NEW_POINT,
    Block,
    blocks_of,
    citations_in,
    folded,
    mark_headings,
    split_block,
    without_lead,
)
from innspill.citations import SCOPES
from innspill.copies import Edit, edited_sentences
from innspill.language.norwegian import Language
from innspill.reading.authorship import patterns
from innspill.reading.authorship.quoting import QUOTES, SAYS_SOMETHING, is_courtesy, is_procedure, is_sign_up
from innspill.reading.documents.forms import is_place
from innspill.reading.segments import overlay
from innspill.records import Cell, Comment, CommentForm, Message, Part, Span
from innspill.repeats import added_spans

# Kinds of message whose words are feedback.
FEEDBACK_KINDS = frozenset({"feedback", "campaign"})
# The columns of a form that hold the comment, and those that tell its place, with the word that cites it.
SAID_COLUMNS = frozenset({"comment", "proposal", "reason"})
PLACE_WORDS = {"section": "kapittel", "page": "side", "line": "linje"}
# Wider places first, as citations name them.
PLACE_ORDER = ("section", "page", "line", "place")
MIN_WORDS = 4
# An opening, or a closing, paragraph up to this long that makes no claim only frames the feedback.
MAX_OPENING_WORDS, MAX_CLOSING_WORDS = 45, 15
# Sections in which a letter presents its sender.
FRAMING_HEADING = re.compile(
    r"^[\d.)\s]*(?:innledning|innleiing|innleiande|innledende|om (?:oss|foren|forein|organ|kommun|verksemd|virksom"
    r"|avsender)\w*|bakgrunn|presentasjon|introduction|background|about us)\b",
    re.IGNORECASE,
)
# Own words that only present the sender.
PRESENTATION = re.compile(
    r"^(?:(?:vi|jeg|eg|me|i|we) (?:er|jobber|arbeider|arbeidar|jobbar|representerer|skriver|skriv|har jobbet"
    r"|har arbeidet|har forsket|har lest|har lese|am|are|work)\b"
    r"|(?:vi|me|kommunen|skolen|skulen|laget) har (?:om lag |ca\.? |rundt |kring |cirka )?[\d\s.]+"
    r"(?:innbygg|medlem|ansatt|tilsett|elev|student|seng|bruk)\w*"
    # Of others only where nothing is said of it: «Legevakta har 3 ansatte, og det går ikke» is a comment.
    r"|(?!(?:de|dei|det|der|mange|noen|nokre|flere|fleire|halvparten|hver|kvar|bare|berre|rapporten|utkastet)\b)"
    r"[^.:;?!,]{2,50} har (?:om lag |ca\.? |rundt |kring |cirka |(?:et|eit) opptaksområde på )?[\d\s.]+"
    r"(?:innbygg|medlem|ansatt|tilsett|elev|student|bruk)\w*(?:(?!\b(?:ikke|ikkje|ingen|men|alle|bare|berre)\b)[^,;]){0,80}$"
    r"|[^.]{3,60}\b(?:arbeider|arbeidar|jobber|jobbar) (?:for|med)\b"
    r"|we're\b|i'm\b|[^.]{3,60}\b(?:organiserer|representerer|driver|driv|er ei?t? (?:\w+ )?(?:foren|forein"
    r"|organisasjon|selskap|nettverk|firma)\w*)\b)",
    re.IGNORECASE,
)
# «Skriv kortere setninger»: what asks for something to be done opens with the verb.
ASKS = re.compile(
    r"^\W*(?:skriv|bruk|husk|hugs|legg|gjør|gjer|få|vis|del|flytt|forklar|forenkle|omtal|nevn|nemn|kort|presiser|utdyp"
    r"|sett|slå|spør|unngå|please|consider|use|add|explain|clarify)\b",
    re.IGNORECASE,
)
# The cells of a form by which somebody says that there is nothing to say.
NO_COMMENT = re.compile(
    r"^\W*(?:(?:ingen|ingen ting|ingenting|inkje|no|none|nei|ikke|ikkje)\b ?(?:flere |fleire |spesielle |særskilte )?"
    r"(?:kommentar(?:er|ar)?|merknad(?:er|ar)?|innspill|innspel|anmerkning(?:er)?|comments?)?|ok(?:ay)?|n/?a"
    r"|ikke relevant|ikkje relevant|se over|sjå over|x)?\W*$",
    re.IGNORECASE,
)
# Of the words that a note hangs on, so many characters are shown as its context.
MAX_ANCHOR = 200


class _Point(NamedTuple):
    """A comment to be: its span in the part, what it hangs under, and how it was made."""

    span: Span
    context: str = ""
    form: CommentForm = "text"
    target: Span | None = None


def split_comments(messages: Sequence[Message], *, language: Language) -> tuple[Comment, ...]:
    """All comments of all messages that are feedback, in order; of a message sent again, what it adds.

    Ids run through the mailbox: C0001, C0002 and so on.
    """
    asked = _questions_asked(messages, language)
    by_id = {message.message_id: message for message in messages}
    comments: list[Comment] = []
    for message in messages:
        original = by_id.get(message.duplicate_of) if message.kind == "duplicate" else None
        if message.kind not in FEEDBACK_KINDS and original is None:
            continue
        added = added_spans(message, original) if original is not None else {}
        for part in message.parts:
            covers = part.name == "body" and len(message.parts) > 1
            for point in _points(part, message.sender_name, language, asked, covers=covers):
                if original is None or any(span.overlaps(point.span) for span in added.get(part.name, ())):
                    comments.append(_comment(point, f"C{len(comments) + 1:04d}", part, message, language))
    return tuple(comments)


def _comment(point: _Point, comment_id: str, part: Part, message: Message, language: Language) -> Comment:
    text = point.span.of(part.text)
    return Comment(
        comment_id=comment_id,
        message_id=message.message_id,
        part=part.name,
        span=point.span,
        text=text,
        context=point.context,
        language=language.identify(text, default=message.language or "nb"),
        target=point.target,
        form=point.form,
    )


def _questions_asked(messages: Sequence[Message], language: Language) -> frozenset[str]:
    """The questions in all quoted text: what the invitation asks, and senders repeat above their answers."""
    quoted = {
        re.sub(r"(?m)^[\s>|]+", "", segment.span.of(part.text))
        for message in messages
        for part in message.parts
        for segment in part.segments
        if segment.kind == "quoted" and "?" in segment.span.of(part.text)
    }
    paragraphs = {paragraph for text in quoted for paragraph in re.split(r"\n\s*\n", text) if "?" in paragraph}
    return frozenset(
        folded(span.of(text)) for text in paragraphs for span in language.sentences(text) if span.of(text).endswith("?")
    )


def _points(part: Part, sender_name: str, language: Language, asked: frozenset[str], *, covers: bool) -> list[_Point]:
    """The comments in a part, in order; `covers` tells that it is the body of a mail whose feedback is in files."""
    in_copy = any(remark.target is not None for remark in part.remarks)
    edits = edited_sentences(part, sentences=language.sentences) if in_copy else []
    points = [
        *_row_points(part),
        *(_edit_point(part, edit) for edit in edits),
        *_note_points(part, sender_name, language),
        *_prose_points(part, _prose(part, edits), language, asked, covers=covers),
    ]
    return sorted(points, key=lambda point: point.span.start)


# Running text --------------------------------------------------------------------------------------------------------


def _prose_points(
    part: Part, stretches: Iterable[Span], language: Language, asked: frozenset[str], *, covers: bool
) -> Iterator[_Point]:
    """The points of running text. `covers` tells that it is a mail's body, with the feedback in files beside it."""
    above = _Above()
    blocks = mark_headings(part.text, list(blocks_of(part.text, stretches)), asked)
    filled = [position for position, block in enumerate(blocks) if not block.is_heading]
    # What stands between another's lines answers them, and neither opens nor closes a letter.
    ends = {}
    if filled and not _answers_between(part):
        # What is all that there is opens nothing, unless it is a cover note.
        ends = {filled[-1]: MAX_CLOSING_WORDS} | ({filled[0]: MAX_OPENING_WORDS} if len(filled) > 1 or covers else {})
    for position, block in enumerate(blocks):
        text = " ".join(block.span.of(part.text).split())
        if block.is_heading:
            above.take_heading(text)
            continue
        above.begin(block)
        if text.endswith(":") and block.is_point and position + 1 < len(blocks) and blocks[position + 1].is_point:
            above.take_point(text, block)
            continue
        body, lead = without_lead(part.text, block, language)
        above.lead = lead or above.lead
        frames = ends.get(position, 0) if not block.is_point and not above.cited else 0
        frames = MAX_OPENING_WORDS if above.presents else frames
        if body is None or not _says_something(body.of(part.text), language, frames, under_citation=above.cited):
            continue
        for span in split_block(part.text, body, language):
            yield _Point(span, above.context(block))


def _answers_between(part: Part) -> bool:
    """Whether the sender wrote between the lines of a quoted mail, or of a copy of the report."""
    whose = [segment.kind for segment in part.segments if segment.span.of(part.text).strip()]
    quoted = [position for position, kind in enumerate(whose) if kind == "quoted"]
    return bool(quoted) and "own" in whose[quoted[0] : quoted[-1]]


class _Above:
    """What the next block hangs under: a heading, the paragraph that leads on to its list, the point above it."""

    def __init__(self) -> None:
        self.heading = self.lead = self._point = ""
        self.cited = False  # whether the heading cites a place
        self._indent = self._deepest = 0
        self._in_list = False
        self._is_bare = False  # whether nothing but headings has come since the last block

    @property
    def presents(self) -> bool:
        """Whether the heading says that the sender is presented under it."""
        return bool(FRAMING_HEADING.match(self.heading))

    def take_heading(self, text: str) -> None:
        """A heading, under which all that was above no longer holds.

        Right below one that cites («Side 4, linje 2 ff.»), words that cite nothing («Vi har to merknader:») lead on.
        """
        cites = bool(citations_in(text))
        leads_on = self._is_bare and self.cited and not cites and text.endswith(":")
        self.heading, self.lead, self._point = f"{self.heading} {text}" if leads_on else text, "", ""
        self.cited = cites or leads_on
        self._is_bare = True
        self._in_list = False

    def take_point(self, text: str, block: Block) -> None:
        """A point that leads on to points of its own («Om reservasjon i kapittel 6.1:»)."""
        self._point, self._indent, self._deepest = text, block.indent, block.indent

    def begin(self, block: Block) -> None:
        """Before each block that is no heading: lists end."""
        self._is_bare = False
        if not block.is_point:
            self.lead = self._point = ""
            if self._in_list and self.cited:
                self.heading, self.cited = "", False  # the list under «Side 5» is at its end
        elif block.indent <= self._indent < self._deepest:
            self._point = ""  # the indented points under a point are at their end
        self._deepest = max(self._deepest, block.indent) if self._point else block.indent
        self._in_list = block.is_point

    def context(self, block: Block) -> str:
        """The words above a block that it is read with."""
        return " ".join(filter(None, (self.heading, *((self.lead, self._point) if block.is_point else ()))))


def _prose(part: Part, edits: Iterable[Edit]) -> Iterator[Span]:
    """The stretches of own words outside the rows of forms, the notes in the margin and the changed sentences."""
    taken = [
        Span(min(cell.span.start for cell in cells), max(cell.span.end for cell in cells))
        for cells in _rows_of(part).values()
    ]
    taken += [remark.span for remark in part.remarks if remark.kind == "note"]
    taken += [edit.span for edit in edits]
    for segment in overlay(part.segments, taken, "heading"):
        if segment.kind == "own":
            yield segment.span


def _says_something(text: str, language: Language, max_frame: int, *, under_citation: bool) -> bool:
    """Whether a block says something about the report or its field: not a fragment, not only who is writing.

    Up to `max_frame` words may only frame: the block opens or closes the part, where people present themselves and take
    leave; 0 elsewhere. `under_citation`: its heading cites a place, so that a word such as «Enig» is a comment.
    """
    if under_citation:
        return True
    cited = {citation.kind for citation in citations_in(text)} - {"quotation"}
    if cited or QUOTES.search(text):
        # «Vi har gått gjennom kapittel 6, resten har vi ikke rukket» cites, and says nothing of it.
        names_widely = bool(cited) and cited <= SCOPES and not re.search(r":\s+\S", text)
        return not (names_widely and all(is_procedure(span.of(text)) for span in language.sentences(text)))
    n_words = len(text.split())
    judges = bool(SAYS_SOMETHING.search(text) or JUDGES.search(text))
    if n_words < MIN_WORDS and not (n_words > 1 and judges):
        return False
    if n_words <= max_frame and not judges and not ASKS.match(text) and not NEW_POINT.match(text):
        return False
    sentences = [span.of(text) for span in language.sentences(text)]
    if any(is_sign_up(sentence) for sentence in sentences) and not patterns.WANTS.search(text):
        return False
    return not all(_only_frames(sentence) for sentence in sentences)


def _only_frames(sentence: str) -> bool:
    """Whether a sentence is courtesy, a sign-up, or tells who writes and how the answer came about."""
    if is_sign_up(sentence) or is_courtesy(sentence) or is_procedure(sentence):
        return True
    return bool(PRESENTATION.match(sentence)) and not patterns.WANTS.search(sentence)


# Forms ---------------------------------------------------------------------------------------------------------------


def _row_points(part: Part) -> Iterator[_Point]:
    """A comment for each row of a form that has a comment or a proposal; its place cells are the context.

    A cell that lists several points is as many comments.
    """
    for cells in _rows_of(part).values():
        said = [cell for cell in cells if cell.column in SAID_COLUMNS and not NO_COMMENT.match(cell.span.of(part.text))]
        if not said:
            continue
        context = _places_of(part, cells)
        listed = [block for block in blocks_of(part.text, [said[0].span]) if block.is_point] if len(said) == 1 else []
        if len(listed) > 1:
            yield from (_Point(block.span, context, "row") for block in listed)
        else:
            yield _Point(Span(said[0].span.start, said[-1].span.end), context, "row")


def _rows_of(part: Part) -> dict[int, list[Cell]]:
    rows: dict[int, list[Cell]] = {}
    for cell in part.cells:
        rows.setdefault(cell.row, []).append(cell)
    return rows


def _places_of(part: Part, cells: Sequence[Cell]) -> str:
    """What the place cells of a row say, as citations."""
    placed = [cell for cell in cells if is_place(cell.column)]
    placed.sort(key=lambda cell: PLACE_ORDER.index(cell.column.partition("+")[0]))
    return ", ".join(filter(None, (_place_words(cell.column, cell.span.of(part.text)) for cell in placed)))


def _place_words(column: str, value: str) -> str:
    """What a place cell says, as a citation: «12–14» in a column for lines is «linje 12–14», «Linje 12» stays.

    A column for two things («Side/linje») is read piece by piece: «4/12» is «side 4, linje 12».
    """
    value = " ".join(value.split())
    names = [PLACE_WORDS[name] for name in column.split("+") if name in PLACE_WORDS]
    says_itself = any(citation.kind != "quotation" and not citation.loose for citation in citations_in(value))
    if says_itself or re.search(r"[^\W\d_]{2,}", re.sub(r"\b(?:og|til|ff|flg)\b", "", value)) or not names:
        return value
    pieces = re.split(r"\s*[/,;:|]\s*|\s+", value, maxsplit=len(names) - 1) if len(names) > 1 else [value]
    if len(pieces) != len(names):
        return f"{_name_of_place(value, names)} {value}"
    return ", ".join(f"{name} {piece}" for name, piece in zip(names, pieces, strict=True) if re.search(r"\d", piece))


def _name_of_place(value: str, names: Sequence[str]) -> str:
    """What a single number is in a column for two things: «3.2» a chapter, «45» a line."""
    if re.match(r"\d+\.\d", value) and PLACE_WORDS["section"] in names:
        return PLACE_WORDS["section"]
    return PLACE_WORDS["line"] if PLACE_WORDS["line"] in names else names[-1]


# Notes and changes ---------------------------------------------------------------------------------------------------


def _note_points(part: Part, sender_name: str, language: Language) -> Iterator[_Point]:
    """A comment for each note in the margin, or for each point of one that makes several.

    Its context is whose it is, where that is not the sender, and the words that it hangs on.
    """
    rows = _rows_of(part)
    cells = sorted({cell.span.start: cell for cell in reversed(part.cells)}.values(), key=lambda cell: cell.span.start)
    for remark in part.remarks:
        if remark.kind != "note" or NO_COMMENT.match(remark.span.of(part.text)):
            continue
        anchor = " ".join(remark.anchor.of(part.text).split())
        shown = anchor if len(anchor) <= MAX_ANCHOR else f"{anchor[:MAX_ANCHOR].rsplit(' ', 1)[0]} …"
        author = remark.author if remark.author != sender_name else ""
        first = bisect_right(cells, remark.anchor.start, key=lambda cell: cell.span.end)
        is_in_cell = first < len(cells) and cells[first].span.overlaps(remark.anchor)
        place = _places_of(part, rows[cells[first].row]) if is_in_cell else ""
        context = ": ".join(filter(None, (author, place, f"«{shown}»" if shown else "")))
        for block in blocks_of(part.text, [remark.span]):
            for span in split_block(part.text, block.span, language):
                yield _Point(span, context, "note", remark.target)


def _edit_point(part: Part, edit: Edit) -> _Point:
    """A changed sentence of a copy of the report, with the sentence as it was; or the words that were struck out."""
    struck = [remark.span for remark in edit.remarks if remark.kind == "deletion" and remark.span.overlaps(edit.span)]
    span = Span(min(span.start for span in struck), max(span.end for span in struck)) if struck else edit.span
    before = "" if edit.before == " ".join(span.of(part.text).split()) else edit.before
    return _Point(span, f"«{before}»" if before else "", "deletion" if struck else "change", edit.target)
