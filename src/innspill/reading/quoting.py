"""Whose words: the lines of a mail's body marked as the sender's own, greeting, signature, quoted text and so on.

Nothing is taken away: the segments cover the whole text, in order. Inline answers between quoted lines stay the
sender's.
A block of header lines counts only when it is coherent (three kinds of label, an address or a date), so that a comment
that begins «Fra: side 14 til side 16» is not lost.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from innspill.reading import patterns
from innspill.reading.forms import HEADER
from innspill.records import Cell, Segment, SegmentKind, Span

MAX_ATTRIBUTION_LINES = 3
# A paragraph of at least this many words after the closing is text again, not signature.
LONG_PARAGRAPH_WORDS = 30
MAX_SIGNATURE_LINE = 70


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    span: Span


def segment_body(
    text: str,
    *,
    quoted: Sequence[Span] = (),
    is_forward: bool = False,
    mailbox: str = "",
    sender_name: str = "",
    sentences: Callable[[str], list[Span]] | None = None,
) -> tuple[Segment, ...]:
    """Mark each stretch of a mail's body.

    Args:
        text: NFC text with ``"\\n"`` line ends.
        quoted: Spans that the HTML marked as quotation (``blockquote``, Gmail's and Outlook's containers).
        is_forward: Whether the mail passes on another's mail; what it passes on then counts as own words.
        mailbox: The consultation's own address: a message from it is the invitation, never feedback.
        sender_name: Helps to know a signature that no «Med vennlig hilsen» introduces.
        sentences: Sentence splitter; without it courtesy is only seen in whole paragraphs.

    Returns:
        Segments that cover all of `text`, in order, without overlap.
    """
    lines = _lines(text)
    kinds = _mark_quoted(lines, quoted, is_forward=is_forward, mailbox=mailbox)
    for first, last in _runs(kinds, "own"):
        _mark_frame(lines, kinds, first, last, sender_name)
    return _split_courtesy(text, _merge(lines, kinds), sentences)


def segment_attachment(text: str, *, sentences: Callable[[str], list[Span]] | None = None) -> tuple[Segment, ...]:
    """Mark greeting, courtesy and signature in an attached letter. It quotes no mail."""
    lines = _lines(text)
    kinds: list[SegmentKind] = ["own"] * len(lines)
    if lines:
        _mark_frame(lines, kinds, 0, len(lines), "")
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


def _lines(text: str) -> list[_Line]:
    lines, position = [], 0
    for line in text.split("\n"):
        lines.append(_Line(line, Span(position, position + len(line))))
        position += len(line) + 1
    return lines


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


# Quoted text ---------------------------------------------------------------------------------------------------------


def _mark_quoted(
    lines: Sequence[_Line], quoted: Sequence[Span], *, is_forward: bool, mailbox: str
) -> list[SegmentKind]:
    kinds: list[SegmentKind] = ["own"] * len(lines)
    index, forwarding = 0, is_forward
    while index < len(lines):
        line = lines[index]
        header = _header_length(lines, index)
        attribution = _attribution_length(lines, index)
        if line.text.strip() and _inside(line, quoted):
            kinds[index] = "own" if forwarding and not _quotes_mailbox(lines, index, quoted, mailbox) else "quoted"
        elif patterns.FORWARD_SEPARATORS.match(line.text):
            kinds[index] = "attribution"
            forwarding = True
        elif patterns.SEPARATORS.match(line.text):
            kinds[index] = "attribution"
            if not _header_length(lines, _next_filled(lines, index + 1)):
                _fill(kinds, index + 1, len(lines), "quoted")
                break
        elif header:
            _fill(kinds, index, index + header, "attribution")
            if index and patterns.RULE.match(lines[index - 1].text):
                kinds[index - 1] = "attribution"
            block = " ".join(item.text for item in lines[index : index + header])
            if not forwarding or (mailbox and _from_mailbox(block, mailbox)):
                _fill(kinds, index + header, len(lines), "quoted")
                break
            index += header
            continue
        elif attribution:
            _fill(kinds, index, index + attribution, "attribution")
            index += attribution
            marked = any(patterns.QUOTE_PREFIX.match(later.text) or _inside(later, quoted) for later in lines[index:])
            if not marked and not forwarding:
                _fill(kinds, index, len(lines), "quoted")
                break
            continue
        elif patterns.QUOTE_PREFIX.match(line.text):
            kinds[index] = "quoted"
        index += 1
    return kinds


def _inside(line: _Line, spans: Sequence[Span]) -> bool:
    return any(line.span.start >= span.start and line.span.end <= span.end for span in spans)


def _fill(kinds: list[SegmentKind], first: int, last: int, kind: SegmentKind) -> None:
    kinds[first:last] = [kind] * (last - first)


def _next_filled(lines: Sequence[_Line], index: int) -> int:
    while index < len(lines) and not lines[index].text.strip():
        index += 1
    return index


def _header_length(lines: Sequence[_Line], index: int) -> int:
    """How many lines, from `index`, are a coherent block of mail headers; 0 where they are not."""
    kinds: set[str] = set()
    values = ""
    position = index
    while position < len(lines) and position - index < 10:
        matched = patterns.HEADER_LINE.match(lines[position].text)
        if matched:
            kinds.add(_label_kind(matched["label"]))
            values += " " + matched["value"]
        elif position == index:
            return 0
        elif not lines[position].text.strip() or (len(kinds) >= 3 and not _continues_value(lines[position].text)):
            break
        position += 1
    coherent = len(kinds) >= 3 and "from" in kinds and patterns.ADDRESS_OR_DATE.search(values)
    return position - index if coherent else 0


def _label_kind(label: str) -> str:
    return next(kind for kind, names in patterns.HEADER_LABELS.items() if re.fullmatch(names, label, re.IGNORECASE))


def _continues_value(line: str) -> bool:
    """Whether a line goes on with a long list of addressees."""
    return bool(re.search(r"@\S+|;\s*$", line))


def _attribution_length(lines: Sequence[_Line], index: int) -> int:
    """How many lines, from `index`, say who wrote what follows («tir. 1. sep. 2026 kl. 09:00 skrev …:»); 0 for none."""
    text = ""
    for length in range(1, MAX_ATTRIBUTION_LINES + 1):
        if index + length > len(lines) or not lines[index + length - 1].text.strip():
            return 0
        text = f"{text} {lines[index + length - 1].text.strip()}".strip()
        if any(pattern.match(text) for pattern in patterns.ATTRIBUTIONS) and patterns.ADDRESS_OR_DATE.search(text):
            return length
    return 0


def _from_mailbox(block: str, mailbox: str) -> bool:
    """Whether a header block's sender is the consultation's mailbox (its address, or its domain)."""
    before_recipient = re.split(r"\b(?:til|to|till)\s*:", block, maxsplit=1, flags=re.IGNORECASE)[0].casefold()
    return mailbox.casefold() in before_recipient or mailbox.casefold().split("@")[-1] in before_recipient


def _quotes_mailbox(lines: Sequence[_Line], index: int, quoted: Sequence[Span], mailbox: str) -> bool:
    """Whether the quotation that line `index` is in was introduced as the mailbox's own mail."""
    if not mailbox:
        return False
    span = next(span for span in quoted if lines[index].span.start >= span.start and lines[index].span.end <= span.end)
    before = [line.text for line in lines if span.start - 400 <= line.span.start <= lines[index].span.start]
    return _from_mailbox(" ".join(before), mailbox)


# Greeting, signature, courtesy ---------------------------------------------------------------------------------------


def _mark_frame(lines: Sequence[_Line], kinds: list[SegmentKind], first: int, last: int, sender_name: str) -> None:
    """Mark greeting, closing with signature, disclaimers and «Sendt fra min …» in a run of own lines."""
    start = _next_filled(lines, first)
    while start < last and (
        patterns.GREETING.match(lines[start].text)
        or (start == _next_filled(lines, first) and patterns.ADDRESSEE.match(lines[start].text))
    ):
        kinds[start] = "greeting"
        start = _next_filled(lines, start + 1)
    index = start
    while index < last:
        text = lines[index].text
        if patterns.CLIENT_TAG.match(text):
            kinds[index] = "signature"
        elif patterns.DISCLAIMER.search(text):
            end = _paragraph_end(lines, index, last)
            _fill(kinds, _paragraph_start(lines, index, first), end, "disclaimer")
            index = end
            continue
        elif patterns.SIGNATURE_DELIMITER.match(text) or patterns.CLOSING.match(text):
            end = _signature_end(lines, index + 1, last)
            _fill(kinds, index, end, "signature")
            for position in range(index, end):
                if patterns.DISCLAIMER.search(lines[position].text):
                    _fill(kinds, position, _paragraph_end(lines, position, end), "disclaimer")
            index = end
            continue
        index += 1
    _mark_bare_signature(lines, kinds, start, last, sender_name)


def _paragraph_end(lines: Sequence[_Line], index: int, last: int) -> int:
    while index < last and lines[index].text.strip():
        index += 1
    return index


def _paragraph_start(lines: Sequence[_Line], index: int, first: int) -> int:
    while index > first and lines[index - 1].text.strip():
        index -= 1
    return index


def _signature_end(lines: Sequence[_Line], index: int, last: int) -> int:
    """Where a signature that begins before `index` ends: at a postscript, or a paragraph too long for one."""
    while index < last:
        start = _next_filled(lines, index)
        end = _paragraph_end(lines, start, last)
        paragraph = " ".join(line.text for line in lines[start:end])
        if patterns.POSTSCRIPT.match(paragraph):
            return start
        long = len(paragraph.split()) >= LONG_PARAGRAPH_WORDS
        if long and not patterns.DISCLAIMER.search(paragraph) and not patterns.CONTACT.search(paragraph):
            return start
        index = max(end, index + 1)
    return last


def _mark_bare_signature(
    lines: Sequence[_Line], kinds: list[SegmentKind], first: int, last: int, sender_name: str
) -> None:
    """Mark a signature that no closing introduces: short last lines with the sender's name or how to reach them."""
    end = last
    while end > first and (not lines[end - 1].text.strip() or kinds[end - 1] != "own"):
        end -= 1
    start = _paragraph_start(lines, end, first) if end > first else end
    paragraph = [line.text.strip() for line in lines[start:end]]
    if not paragraph or start <= _next_filled(lines, first) or len(paragraph) > 8 or kinds[start] != "own":
        return
    names = [name for name in sender_name.casefold().split() if len(name) > 2]
    joined = " ".join(paragraph).casefold()
    known = (bool(names) and all(name in joined for name in names)) or any(
        patterns.CONTACT.search(line) for line in paragraph
    )
    short = all(len(line) <= MAX_SIGNATURE_LINE and not re.search(r"[a-zæøå]{2}[.!?]$", line) for line in paragraph)
    if known and short:
        _fill(kinds, start, end, "signature")


def _merge(lines: Sequence[_Line], kinds: Sequence[SegmentKind]) -> list[Segment]:
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
    for paragraph in re.finditer(r"[^\n](?:.|\n(?!\s*\n))*", span.of(text)):
        start = span.start + paragraph.start()
        whole = paragraph.group()
        greeting = patterns.GREETING_PREFIX.match(whole)
        if greeting:
            found.append((start, start + greeting.end(), "greeting"))
            start, whole = start + greeting.end(), whole[greeting.end() :]
        closing = patterns.INLINE_CLOSING.search(whole)
        if closing:
            whole = whole[: closing.start()]
        for sentence in sentences(whole) if sentences else [Span(0, len(whole))]:
            if is_courtesy(" ".join(sentence.of(whole).split())):
                found.append((start + sentence.start, start + sentence.end, "courtesy"))
        if closing:
            found.append((start + closing.start(), start + closing.end(), "signature"))
    return found


SAYS_SOMETHING = re.compile(
    r"\b(?:savner|saknar|mangler|manglar|bør|må|burde|trenger|treng|behov|uklart?|feil|foreslår|støtt\w*|enig\w*"
    r"|stemmer|samde?|samd|men|linje\w*|linj[ea]|l\.|kap\.|kapittel|lines?|missing|need|should)\b",
    re.IGNORECASE,
)


def is_courtesy(sentence: str) -> bool:
    """Whether a sentence only frames the feedback.

    >>> is_courtesy("Takk for muligheten til å gi innspill.")
    True
    >>> is_courtesy("Takk for muligheten, men vi savner et kapittel om beredskap.")
    False
    """
    if len(sentence.split()) > 40 or SAYS_SOMETHING.search(sentence):
        return False
    return bool(patterns.COURTESY.match(sentence))


def is_sign_up(sentence: str) -> bool:
    """Whether a sentence, in the first person, asks to join a meeting, a group or the further work.

    >>> is_sign_up("Vi deltar gjerne på et innspillsmøte.")
    True
    >>> is_sign_up("Neste møte i utvalget er 22. oktober.")
    False
    """
    wanted = (patterns.JOIN, patterns.EVENT, patterns.FIRST_PERSON, patterns.WILLING)
    return all(pattern.search(sentence) for pattern in wanted) and not patterns.NO_INTEREST.search(sentence)
