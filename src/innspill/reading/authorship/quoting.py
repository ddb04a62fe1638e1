"""Whose words: the lines of a mail's body marked as the sender's own, greeting, signature, quoted text and so on.

Nothing is taken away: the segments cover the whole text, in order. Inline answers between quoted lines stay the
sender's, and so do answers that the sender wrote into the mail that is answered, where something tells them apart:
a colour, initials, or «Svar:». The invitation pasted without marks is known only beside other mails (`copies`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from innspill.reading.authorship import kind_patterns, patterns
from innspill.reading.authorship.headers import (
    MailHeader,
    TextLine,
    attribution_at,
    header_at,
    is_groupwise,
    next_filled,
    text_lines,
)
from innspill.reading.authorship.signatures import mark_frame, paragraph_end
from innspill.reading.documents.forms import HEADER
from innspill.reading.segments import overlay
from innspill.records import Cell, Segment, SegmentKind, Span

SAYS_SOMETHING = patterns.SAYS_SOMETHING
MAX_SENTENCE_WORDS = 40
# Words of the report in quotation marks, not a title.
QUOTES = re.compile(r"[«“\"][a-zæøå][^\s«»“”\"]*(?: [^\s«»“”\"]+){2,}[»”\"]")
# Addresses at these are people's own: that two share one does not make them one house.
PUBLIC_MAIL = re.compile(r"(?:gmail|hotmail|outlook|live|yahoo|icloud|online|proton(?:mail)?)\.\w{2,3}$", re.IGNORECASE)
# Who has written so many words above a quoted mail has answered it.
MIN_ANSWERED_WORDS = 5
# What stands before an answer on its line; a word in colour elsewhere («Frist: *15. oktober*») is the asker's.
ANSWERED_REACH = 40
ANSWERED = re.compile(r"(?:[?.!]|\b(?:svar|kommentar|merknad|innspill|innspel)\w{0,5}\s?:)\s*$", re.IGNORECASE)
# Where answers stand is said in the first so many lines.
MAX_LINES_ABOVE = 200
# Who writes more than this above a quoted mail does not only pass it on.
MAX_PASSING_WORDS = 40
# Initials are told by at least so many names.
MIN_NAMES = 2
# A closing is looked for in so many characters at the end of a paragraph.
CLOSING_REACH = 200
# A paragraph of more characters is a table or a log, and no sentence in it is courtesy.
MAX_PARAGRAPH = 100_000
PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\S\n]*+[^\s][^\n]*)*+")


class _Reply(NamedTuple):
    """What tells whose words a body holds, besides its text."""

    quoted: Sequence[Span]
    answered: Sequence[Span]
    is_forward: bool
    mailbox: str
    sender_name: str


def segment_body(
    text: str,
    *,
    quoted: Sequence[Span] = (),
    answered: Sequence[Span] = (),
    is_forward: bool = False,
    mailbox: str = "",
    sender_name: str = "",
    sentences: Callable[[str], list[Span]] | None = None,
) -> tuple[Segment, ...]:
    """Mark each stretch of a mail's body.

    Args:
        text: NFC text with ``"\\n"`` line ends.
        quoted: Spans that the HTML marked as quotation (``blockquote``, Gmail's and Outlook's containers).
        answered: Spans that the HTML shows in a colour of their own; inside a quoted mail they are answers.
        is_forward: Whether the mail passes on another's mail; what it passes on then counts as own words.
        mailbox: The consultation's own address: a message from it is the invitation, never feedback.
        sender_name: Helps to know a signature that no «Med vennlig hilsen» introduces, and answers with initials.
        sentences: Sentence splitter; without it courtesy is only seen in whole paragraphs.

    Returns:
        Segments that cover all of `text`, in order, without overlap.
    """
    lines = text_lines(text)
    reply = _Reply(_quotations(lines, quoted), answered, is_forward, mailbox, sender_name)
    kinds = _mark_lines(lines, reply)
    if mailbox and not is_forward and _passes_on(lines, kinds) and _quotes_others(lines, kinds, mailbox):
        # What it quotes is another's, who is not the consultation.
        kinds = _mark_lines(lines, reply._replace(is_forward=True))
    segments = overlay(_merge(lines, kinds), _beside_questions(lines, kinds, answered), "own")
    return _split_courtesy(text, segments, sentences)


def segment_attachment(
    text: str, *, mailbox: str = "", sentences: Callable[[str], list[Span]] | None = None
) -> tuple[Segment, ...]:
    """Mark greeting, courtesy and signature in an attached letter, and the consultation's mail in a saved thread.

    Where `mailbox` is not given, no line is taken for a mail's head.
    """
    lines = text_lines(text)
    kinds: list[SegmentKind] = ["own"] * len(lines)
    if mailbox:
        heads = _Reply((), (), True, mailbox, "")
        quoted = _mark_quoted([line._replace(depth=0) for line in lines], [False] * len(lines), heads)
        kinds = quoted if _has_words(lines, quoted, "own") else kinds
    for first, last in _runs(kinds, "own"):
        mark_frame(lines, kinds, first, last, "")
    return _split_courtesy(text, _merge(lines, kinds), sentences)


def segment_sheet(text: str, cells: Sequence[Cell]) -> tuple[Segment, ...]:
    """Mark the rows of a comment form as the sender's own; its title, instructions and headers as heading."""
    rows: dict[int, list[Span]] = {}
    for cell in cells:
        if cell.column != HEADER:
            rows.setdefault(cell.row, []).append(cell.span)
    segments: list[Segment] = []
    position = 0
    for spans in rows.values():
        start, end = min(span.start for span in spans), max(span.end for span in spans)
        if start > position:
            segments.append(Segment("heading", Span(position, start)))
        segments.append(Segment("own", Span(start, end)))
        position = end
    if position < len(text):
        segments.append(Segment("heading", Span(position, len(text))))
    return tuple(segments)


def _mark_lines(lines: Sequence[TextLine], reply: _Reply) -> list[SegmentKind]:
    """The kind of each line."""
    in_span = _covered(lines, reply.quoted)
    kinds = _mark_quoted(lines, in_span, reply)
    _mark_answers(lines, kinds, reply)
    for first, last in _runs(kinds, "own"):
        mark_frame(lines, kinds, first, last, reply.sender_name)
    return kinds


def _runs(kinds: Sequence[SegmentKind], kind: SegmentKind) -> list[tuple[int, int]]:
    """Ranges [first, last) of neighbouring lines of one kind."""
    runs, start = [], None
    for index, current in enumerate([*kinds, None]):
        if current == kind and start is None:
            start = index
        elif current != kind and start is not None:
            runs.append((start, index))
            start = None
    return runs


def _has_words(lines: Sequence[TextLine], kinds: Sequence[SegmentKind], kind: SegmentKind) -> bool:
    return any(current == kind and re.search(r"\w", line.bare) for line, current in zip(lines, kinds, strict=True))


# Quoted text ---------------------------------------------------------------------------------------------------------


def _quotations(lines: Sequence[TextLine], spans: Sequence[Span]) -> list[Span]:
    """The spans of the HTML that are quotations, in order; not a container of «… skrev …:» with quotations in it.

    Gmail wraps the attribution, the quotations and the answers between them in one container.
    """
    ordered = sorted(set(spans), key=lambda span: (span.start, -span.end))
    starts = [line.span.start for line in lines]
    unmarked = [False] * len(lines)
    kept = []
    for span, following in zip_longest(ordered, ordered[1:]):
        holds = following is not None and following.start < span.end and following.end <= span.end
        first = next_filled(lines, bisect_left(starts, span.start)) if holds else len(lines)
        if first == len(lines) or not attribution_at(lines, first, marked=unmarked):
            kept.append(span)
    return kept


def _covered(lines: Sequence[TextLine], spans: Sequence[Span]) -> list[bool]:
    """For each line whether one of the spans, in order, holds all of it."""
    covered, index, reach = [], 0, Span(0, 0)
    for line in lines:
        while index < len(spans) and spans[index].start <= line.span.start:
            # Neighbouring quotations are one where they touch; the one that reaches farthest decides.
            reach = max(reach, spans[index], key=lambda span: span.end)
            index += 1
        covered.append(line.span.end <= reach.end and reach.start <= line.span.start)
    return covered


def _mark_quoted(lines: Sequence[TextLine], in_span: Sequence[bool], reply: _Reply) -> list[SegmentKind]:
    """Mark quoted lines and what introduces them; all else is own."""
    return _Reading(lines, in_span, reply).kinds


class _Reading:
    """Goes down the lines of a body and tells by the heads of mails what below them is quoted.

    `forwarding`: the mail passes on what stands here. `theirs`: all of it is quoted, up to the next head.
    `invites`: it is the consultation's own mail, which is quoted even where the mail is passed on.
    """

    def __init__(self, lines: Sequence[TextLine], in_span: Sequence[bool], reply: _Reply) -> None:
        self.kinds: list[SegmentKind] = ["own"] * len(lines)
        self._lines = lines
        self._in_span = in_span
        self._mailbox = reply.mailbox
        self._by_marks = _marked(lines)
        self._marked = [mark or span for mark, span in zip(self._by_marks, in_span, strict=True)]
        self._last_marked = max((index for index, mark in enumerate(self._marked) if mark), default=-1)
        self._forwarding = reply.is_forward
        self._theirs = self._invites = False
        index = 0
        while index < len(lines):
            index = self._read(index)

    def _read(self, index: int) -> int:
        """Decide line `index`, and those that belong to it; returns the next one."""
        line = self._lines[index]
        if self._by_marks[index] and not is_groupwise(line):
            self.kinds[index] = "quoted"
            return index + 1
        if line.bare and not self._by_marks[index]:
            header = header_at(self._lines, index)
            if header:
                return self._below_header(index, header)
            n_lines = attribution_at(self._lines, index, marked=self._marked)
            if n_lines:
                return self._below_attribution(index, index + n_lines)
        if patterns.FORWARD_SEPARATORS.match(line.bare):
            self.kinds[index] = "attribution"
            self._forwarding, self._theirs, self._invites = True, False, False
        elif patterns.SEPARATORS.match(line.bare) or is_groupwise(line):
            self.kinds[index] = "attribution"
            self._theirs = True
            return index + 1 if self._begins_head(index + 1) else self._quote_rest(index + 1)
        elif self._theirs or (line.bare and self._in_span[index] and (self._invites or not self._forwarding)):
            self.kinds[index] = "quoted"
        return index + 1

    def _below_header(self, index: int, header: MailHeader) -> int:
        end = index + header.n_lines
        self.kinds[index:end] = ["attribution"] * header.n_lines
        if index and patterns.RULE.match(self._lines[index - 1].bare):
            self.kinds[index - 1] = "attribution"
        self._invites = is_mailbox(header.sender, self._mailbox)
        self._theirs = self._invites or not self._forwarding
        return self._quote_rest(end)

    def _below_attribution(self, index: int, end: int) -> int:
        self.kinds[index:end] = ["attribution"] * (end - index)
        self._invites = is_mailbox(" ".join(line.bare for line in self._lines[index:end]), self._mailbox)
        marked = self._last_marked >= end and not self._quotes_without_marks(index, end)
        self._theirs = not marked and (self._invites or not self._forwarding)
        return end if marked or self._begins_head(end) else self._quote_rest(end)

    def _quotes_without_marks(self, index: int, end: int) -> bool:
        """Whether what stands below an attribution is quoted although the marks begin farther down.

        Yahoo and iOS quote without marks a mail that itself quotes with marks. Else marks tell what is quoted, and what
        is answered between them. Who has answered above, and does not say that answers stand below, is done.
        """
        below = next_filled(self._lines, end)
        if below == len(self._lines) or self._marked[below]:
            return False
        above = _said_above(self._lines[: min(index, MAX_LINES_ABOVE)], self.kinds)
        return len(above.split()) >= MIN_ANSWERED_WORDS and not patterns.ANSWERS_INSIDE.search(above)

    def _begins_head(self, index: int) -> bool:
        """Whether the next filled line begins a head of its own."""
        index = next_filled(self._lines, index)
        if index == len(self._lines):
            return False
        return bool(header_at(self._lines, index) or attribution_at(self._lines, index, marked=self._marked))

    def _quote_rest(self, index: int) -> int:
        """Mark all from line `index` as quoted, unless the mail passes on mails, of which more may follow."""
        if self._forwarding:
            return index
        self.kinds[index:] = ["quoted"] * (len(self._lines) - index)
        return len(self._lines)


def _marked(lines: Sequence[TextLine]) -> list[bool]:
    """For each line whether it bears marks of quotation; a list of comparisons («> 80 år») bears none."""
    marked = [line.depth > 0 for line in lines]
    index = 0
    while index < len(lines):
        end = index
        while end < len(lines) and lines[end].depth:
            end += 1
        block = [line for line in lines[index:end] if line.bare]
        if block and all(line.depth == 1 and patterns.COMPARISON.match(line.bare) for line in block):
            marked[index:end] = [False] * (end - index)
        index = end + 1
    return marked


def is_mailbox(sender: str, mailbox: str) -> bool:
    """Whether a quoted mail's sender is the consultation: its address, or another at its domain.

    >>> is_mailbox("Etaten <post@etat.example>", "innspill@etat.example")
    True
    """
    if not mailbox:
        return False
    written, address = sender.casefold(), mailbox.casefold()
    domain = address.rpartition("@")[2]
    return address in written or (not PUBLIC_MAIL.match(domain) and f"@{domain}" in written)


def _passes_on(lines: Sequence[TextLine], kinds: Sequence[SegmentKind]) -> bool:
    """Whether a mail has no words of its own, or few that say that it passes on what stands below them."""
    said = _said_above(lines, kinds)
    if not re.search(r"\w", said):
        return True
    return len(said.split()) <= MAX_PASSING_WORDS and bool(patterns.PASSES_ON.search(said))


def _quotes_others(lines: Sequence[TextLine], kinds: Sequence[SegmentKind], mailbox: str) -> bool:
    """Whether a header block names somebody else than the consultation as the writer of what is quoted."""
    for first, _ in _runs(kinds, "attribution"):
        index = first
        while index < len(lines) and kinds[index] == "attribution":
            header = header_at(lines, index)
            if header:
                return not is_mailbox(header.sender, mailbox)
            index += 1
    return False


# Answers inside the quoted mail --------------------------------------------------------------------------------------


def _mark_answers(lines: Sequence[TextLine], kinds: list[SegmentKind], reply: _Reply) -> None:
    """Mark as own what the sender wrote into a quoted mail that bears no marks."""
    announced = bool(patterns.ANSWERS_INSIDE.search(_said_above(lines[:MAX_LINES_ABOVE], kinds)))
    if reply.mailbox and not reply.is_forward and not _has_words(lines, kinds, "own"):
        # Nobody sends the invitation back without a word: what was said stands inside it.
        announced = not _quotes_others(lines, kinds, reply.mailbox)
    initials = _initials(reply.sender_name)
    coloured = _covered(lines, sorted(reply.answered, key=lambda span: (span.start, -span.end)))
    for first, last in _runs(kinds, "quoted"):
        if any(line.depth for line in lines[first:last]):
            continue
        ours = _below_questions(lines, first, last) if announced else set()
        labelled = False
        for index in range(first, last):
            bare = lines[index].bare
            begins = (initials and initials.match(bare)) or (announced and patterns.ANSWER_LABEL.match(bare))
            # A labelled answer goes to the end of its paragraph, or to the next question.
            labelled = bool(begins) or (labelled and bool(bare) and not bare.endswith("?"))
            if bare and (labelled or coloured[index]):
                ours.add(index)
        for index in ours:
            kinds[index] = "own"


def _beside_questions(
    lines: Sequence[TextLine], kinds: Sequence[SegmentKind], answered: Sequence[Span]
) -> Iterator[Span]:
    """The ends of quoted lines that are an answer in a colour of its own: «Mangler noe? *Ja, skoleskyss.*»."""
    starts = [line.span.start for line in lines]
    for span in answered:
        index = bisect_right(starts, span.start) - 1
        line = lines[index]
        at = span.start - line.span.start
        before = line.text[max(0, at - ANSWERED_REACH) : at]
        if kinds[index] == "quoted" and not line.depth and span.end >= line.span.end and ANSWERED.search(before):
            yield Span(span.start, line.span.end)


def _said_above(lines: Sequence[TextLine], kinds: Sequence[SegmentKind]) -> str:
    """The own words among some lines."""
    return " ".join(line.bare for line, kind in zip(lines, kinds, strict=False) if kind == "own")


def _initials(sender_name: str) -> re.Pattern[str] | None:
    """«[KN]», «KN:», «[Kari]», «Kari:» at the start of a line, for a sender Kari Nes."""
    words = [word for word in re.findall(r"[^\W\d_]+", sender_name.partition("@")[0]) if len(word) > 1]
    if len(words) < MIN_NAMES:
        return None
    letters = "".join(word[0] for word in words).upper()
    short = letters[0] + letters[-1]
    who = "|".join(sorted({letters, short, words[0], " ".join(words)}, key=len, reverse=True))
    return re.compile(rf"(?:\[(?:{who})\]|\((?:{who})\)|(?:svar |answer )?(?:{who})\s?:)\s?:?\s?\S")


def _below_questions(lines: Sequence[TextLine], first: int, last: int) -> set[int]:
    """The lines between the questions of a quoted mail, and the paragraph below the last one, up to its closing."""
    ours: set[int] = set()
    asked = [index for index in range(first, last) if lines[index].bare.endswith("?")]
    for question, following in zip(asked, [*asked, last][1:], strict=True):
        end = following
        if following == last:
            start = next_filled(lines, question + 1)
            end = paragraph_end(lines, min(start, last), last)
        for index in range(question + 1, end):
            if patterns.CLOSING.match(lines[index].bare) or header_at(lines, index):
                return ours
            if lines[index].bare:
                ours.add(index)
    return ours


# Segments ------------------------------------------------------------------------------------------------------------


def _merge(lines: Sequence[TextLine], kinds: Sequence[SegmentKind]) -> list[Segment]:
    """Lines to segments that cover the whole text; an empty line goes with the line before it."""
    segments: list[Segment] = []
    for line, kind in zip(lines, kinds, strict=True):
        if segments and (segments[-1].kind == kind or not line.text.strip()):
            segments[-1] = Segment(segments[-1].kind, Span(segments[-1].span.start, line.span.end))
        else:
            start = segments[-1].span.end if segments else 0
            segments.append(Segment(kind, Span(start, line.span.end)))
    return segments


def _split_courtesy(
    text: str, segments: Sequence[Segment], sentences: Callable[[str], list[Span]] | None
) -> tuple[Segment, ...]:
    """Part greetings and courtesy sentences («Takk for muligheten …») from the own words that they open or close."""
    result: list[Segment] = []
    for segment in segments:
        if segment.kind != "own":
            result.append(segment)
            continue
        position = segment.span.start
        for start, end, kind in _courtesy_stretches(text, segment.span, sentences):
            if start > position:
                result.append(Segment("own", Span(position, start)))
            result.append(Segment(kind, Span(start, end)))
            position = end
        if position < segment.span.end:
            result.append(Segment("own", Span(position, segment.span.end)))
    return tuple(result)


def _courtesy_stretches(
    text: str, span: Span, sentences: Callable[[str], list[Span]] | None
) -> list[tuple[int, int, SegmentKind]]:
    """Sentences of courtesy inside `span`, as (start, end, kind), in order."""
    found: list[tuple[int, int, SegmentKind]] = []
    for paragraph in PARAGRAPH.finditer(span.of(text)):
        start = span.start + paragraph.start()
        whole = paragraph.group()
        greeting = patterns.GREETING_PREFIX.match(whole)
        if greeting:
            found.append((start, start + greeting.end(), "greeting"))
            start, whole = start + greeting.end(), whole[greeting.end() :]
        reach = max(0, len(whole) - CLOSING_REACH)
        closing = patterns.INLINE_CLOSING.search(whole, reach) or patterns.RUN_ON_CLOSING.search(whole, reach)
        if closing:
            whole = whole[: closing.start()]
        for sentence in sentences(whole) if sentences and len(whole) <= MAX_PARAGRAPH else [Span(0, len(whole))]:
            if is_courtesy(" ".join(sentence.of(whole).split())):
                found.append((start + sentence.start, start + sentence.end, "courtesy"))
        if closing:
            found.append((start + closing.start(), start + closing.end(), "signature"))
    return found


# Sentences -----------------------------------------------------------------------------------------------------------


def is_courtesy(sentence: str) -> bool:
    """Whether a sentence only frames the feedback.

    >>> is_courtesy("Takk for muligheten til å gi innspill.")
    True
    >>> is_courtesy("Takk for muligheten, men vi savner et kapittel om beredskap.")
    False
    """
    if len(sentence.split()) > MAX_SENTENCE_WORDS or SAYS_SOMETHING.search(sentence) or QUOTES.search(sentence):
        return False
    return bool(patterns.COURTESY.match(sentence))


def is_procedure(sentence: str) -> bool:
    """Whether a sentence only tells how the answer came about, who handled it, or how to reach the sender.

    >>> is_procedure("Uttalelsen er vedtatt av formannskapet 14. september.")
    True
    >>> is_procedure("Saken er behandlet, og kommunen savner et kapittel om beredskap.")
    False
    """
    if patterns.CONTACT_ME.match(sentence):
        return True
    return bool(patterns.PROCEDURE.match(sentence)) and not patterns.WANTS.search(sentence)


def is_sign_up(sentence: str) -> bool:
    """Whether a sentence, in the first person, asks to join a meeting, a group or the further work.

    >>> is_sign_up("Vi deltar gjerne på et innspillsmøte.")
    True
    >>> is_sign_up("Neste møte i utvalget er 22. oktober.")
    False
    """
    wanted = (kind_patterns.JOIN, kind_patterns.EVENT, kind_patterns.FIRST_PERSON, kind_patterns.WILLING)
    return all(pattern.search(sentence) for pattern in wanted) and not kind_patterns.NO_INTEREST.search(sentence)
