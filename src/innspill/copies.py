"""Copies of the report that come with the mail: which words are the report's own, and what was done to them where.

A sender who answers in a copy of the report says what they mean in notes in the margin and in changed sentences. All
else in the copy is the report's, and is quoted text.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from innspill.alignment import NONE, WordIndex, align, unmatched_runs
from innspill.derived import DerivedText, join_lines
from innspill.reading.segments import disjoint, overlay, without
from innspill.records import Message, Part, Passage, Remark, Report, Segment, SegmentKind, Span

LINE = re.compile(r"[^\n]+")
# Shorter lines («Med vennlig hilsen») are anybody's.
MIN_LINE_WORDS = 6
# Letters and digits apart, so that a footnote's mark beside a word is no part of it.
WORD = re.compile(r"[^\W\d_¹²³⁰-⁹]+|\d+")
# Every so many words the prefilter looks whether five in a row are the report's. Twelve words of the report in a row,
# the least that is marked, hold at least two such places.
PREFILTER_STEP = 4
# A part is a copy where at least half of its words are the report's, or where so many are that nobody quotes as much
# in a letter: about a page. A letter that quotes three sentences and argues has neither (tests/test_copies.py).
COPY_SHARE, COPY_WORDS, MANY_SHARE = 0.5, 300, 0.25
# And no less than so many words, two paragraphs: a short mail may consist of one quotation and «Det støtter vi».
MIN_COPY = 100
# Words in a row that are the report's before a stretch is marked that is not a whole block. Shorter ones are names,
# phrases and small quotations.
MIN_STRETCH = 12
# So many words of another's in a row are an answer between the report's words. Fewer are a footnote's mark, a slip of
# the pen or another way to write a word.
MIN_OWN_WORDS = 3
# How many words away from a remark the nearest word that is the report's may stand.
NEAR = 30
# Words of a marked place that stand further apart than this in the report are two places; the larger one counts.
FAR = 40
# Words at each end of a long stretch that are looked at, and changes in one paragraph that are told apart.
MAX_ANCHOR, MAX_BESIDE = 300, 300
# A mark is at its place where at least this share of its words is.
MARKED_SHARE = 0.4
# A copy whose words differ from the report's at more places than this, and than one in so many words, is another
# version of it, or was read with faults; else each such place is a change of the sender's.
MIN_SLIPS, WORDS_A_SLIP = 8, 150
MAX_SENTENCE = 1_500
# A text of so many lines, half of which begin with a number, is one with its line numbers.
LINE_NUMBER = re.compile(r"^[ \t]*\d{1,5}(?=[ \t]+\S)", re.MULTILINE)
NUMBER_AT_END = re.compile(r"(?<=[-\u00ad])\d{1,5}(?=\n)")  # «hel-75», where the number was drawn after the line
MIN_LINES, NUMBERED_SHARE = 10, 0.5
BOUNDARY = re.compile(r"(?<=[.!?:;»”\"')\]¹²³⁰-⁹])(?<![(\[])\s+(?=[A-ZÆØÅ«“(\[–-])|\n\s*\n|\n(?=[ \t]*[-•#\d])")
SENTENCE_END = re.compile(r"[.!?…:;][»”\"')\]¹²³⁰-⁹\d]*\s*$")
# What stands before the words of a heading or a list's point.
BLOCK_MARK = r" *(?:#+|[-•*]) "
# No line of a text is longer than this whose lines were wrapped; its paragraphs end at empty lines and at list marks.
MAX_WRAPPED_WIDTH = 130
WRAPPED_BREAK = re.compile(r"\n[ \t]*\n\s*|\n(?=[ \t]*(?:[-–•*#]|\(?\d{1,2}[.)]|\(?[a-zæøå]\))[ \t])")
FOOTNOTE_MARK = re.compile(r"[¹²³⁰-⁹]")

SentenceSplitter = Callable[[str], list[Span]]


@dataclass(frozen=True, slots=True)
class Edit:
    """What was done to one sentence of a copy: several small changes in a sentence are one point.

    `span` is the sentence in the part's text as it stands now, with the words that were put in; where a whole sentence
    was struck out, it is that of the words struck out. `before` is the sentence as it stood, empty for a new one.
    `target` is the span of the report's text that was changed, if known. `author` is empty where the document does not
    tell. `remarks` are the changes, in the order in which their words stand in the part's text.
    """

    span: Span
    before: str
    target: Span | None
    author: str
    remarks: tuple[Remark, ...]


def mark_report_words(messages: Sequence[Message], report: Report) -> tuple[Message, ...]:
    """Mark the report's own words in copies of it as quoted, and tell where in the report each remark belongs.

    Takes time in proportion to the words of the messages; a part that shares nothing with the report is soon out.
    """
    words = _ReportWords(report)
    return tuple(
        message if parts == message.parts else replace(message, parts=parts)
        for message in messages
        for parts in (tuple(_mark_part(part, words) for part in message.parts),)
    )


def mark_invitation(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Mark the lines of the invitation that senders pasted without any mark as quoted.

    The invitation is what several mails quote. Its questions are left as they are: they head the answers under them.
    """
    quoted = Counter(
        line
        for message in messages
        for line in {
            words
            for part in message.parts
            for _, words in _lines_in(part, "quoted")
            if words.count(" ") >= MIN_LINE_WORDS
        }
    )
    known = frozenset(line for line, n_messages in quoted.items() if n_messages > 1)
    return tuple(_without_invitation(message, known) for message in messages) if known else tuple(messages)


def _without_invitation(message: Message, known: frozenset[str]) -> Message:
    parts = []
    for part in message.parts:
        pasted = [span for span, words in _lines_in(part, "own") if words in known and not words.endswith("?")]
        parts.append(replace(part, segments=overlay(part.segments, pasted, "quoted")) if pasted else part)
    return replace(message, parts=tuple(parts)) if tuple(parts) != message.parts else message


def _lines_in(part: Part, kind: SegmentKind) -> Iterator[tuple[Span, str]]:
    """The lines in the segments of a kind, with their words in small letters and without marks of quotation."""
    for segment in part.segments:
        if segment.kind == kind:
            for line in LINE.finditer(part.text, segment.span.start, segment.span.end):
                yield Span(*line.span()), " ".join(line.group().lower().lstrip("> |").split())


def _mark_part(part: Part, report: "_ReportWords") -> Part:
    if not _may_hold_report(part, report):
        return part
    copy = _Copy(part, report)
    remarks = tuple(replace(remark, target=copy.target(remark)) for remark in part.remarks)
    segments = part.segments
    if copy.is_copy():
        segments = overlay(segments, copy.report_spans(), "quoted")
        segments = overlay(segments, [remark.span for remark in remarks if remark.kind == "deletion"], "deleted")
    return replace(part, segments=_joined(segments), remarks=remarks)


def _may_hold_report(part: Part, report: "_ReportWords") -> bool:
    words = [match.group() for match in WORD.finditer(part.text.casefold())]
    n_shared = report.index.n_shared(words, every=PREFILTER_STEP)
    return bool(n_shared) and (bool(part.remarks) or n_shared * PREFILTER_STEP >= MANY_SHARE / 2 * len(words))


def _joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Neighbours of one kind made one."""
    joined: list[Segment] = []
    for segment in segments:
        if joined and joined[-1].kind == segment.kind and segment.kind == "quoted":
            joined[-1] = Segment(segment.kind, Span(joined[-1].span.start, segment.span.end))
        else:
            joined.append(segment)
    return tuple(joined)


# Words ---------------------------------------------------------------------------------------------------------------


def _words(derived: DerivedText) -> tuple[list[str], list[Span]]:
    """The words of running text, folded, and their spans in it."""
    matches = list(WORD.finditer(derived.text))
    return [match.group().casefold() for match in matches], [Span(match.start(), match.end()) for match in matches]


class _ReportWords:
    """The report's words, ready to be found, those of its tables cell by cell."""

    def __init__(self, report: Report) -> None:
        spans = list(_reading_order(report))
        joined = "\n".join(span.of(report.text) for span in spans)
        self._text = join_lines(joined, Span(0, len(joined)))
        # Where each offset of the joined spans is in the report.
        self._offsets = [offset for span in spans for offset in range(span.start, span.end + 1)]
        words, self._spans = _words(self._text)
        self.index = WordIndex(words)
        self._passages: list[Passage] = sorted(report.passages, key=lambda passage: passage.span.start)
        self._starts = [passage.span.start for passage in self._passages]

    def span(self, first: int, last: int) -> Span:
        """The span of the report's text from one word through another, whatever stands between in a table."""
        spots = [self._text.to_source(self._spans[word]) for word in _both_ends(first, last + 1)]
        return Span(
            min(self._offsets[spot.start] for spot in spots), max(self._offsets[spot.end - 1] + 1 for spot in spots)
        )

    def sentence(self, word: int) -> Span:
        """The sentence or heading that a word stands in."""
        span = self.span(word, word)
        number = bisect_right(self._starts, span.start) - 1
        if number >= 0 and self._passages[number].span.overlaps(span):
            return self._passages[number].span
        return span


def _both_ends(first: int, end: int) -> Sequence[int]:
    """The numbers from `first` to `end`; of a long stretch those at its ends, which tell where it is."""
    if end - first <= 2 * MAX_ANCHOR:
        return range(first, end)
    return [*range(first, first + MAX_ANCHOR), *range(end - MAX_ANCHOR, end)]


def _reading_order(report: Report) -> Iterator[Span]:
    """The report's text in stretches, a table's cells one by one: in the text the lines of neighbours alternate."""
    position = 0
    for table in sorted(report.tables, key=lambda table: table.span.start):
        cells = [span for cell in table.cells for span in cell.spans if span.start >= position]
        if not cells:
            continue
        start, end = min(span.start for span in cells), max(span.end for span in cells)
        yield from [Span(position, start)] if start > position else []
        yield from cells
        yield from without(Span(start, end), disjoint(cells))
        position = end
    if position < len(report.text):
        yield Span(position, len(report.text))


class _Copy:
    """A part that may be a copy of the report, as it was before its sender changed it, held against the report."""

    def __init__(self, part: Part, report: _ReportWords) -> None:
        self._part = part
        self._report = report
        self._original = _Original(part)
        deletions = (remark for remark in part.remarks if remark.kind == "deletion")
        self._deletions = sorted(deletions, key=lambda remark: remark.anchor.start)
        text = _without_line_numbers(self._original.text)
        derived = join_lines(text, Span(0, len(text)))
        words, spans = _words(derived)
        self._words = words
        self._spans = [derived.to_source(span) for span in spans]  # in the original
        self._ends = [span.end for span in self._spans]
        self._starts = [span.start for span in self._spans]
        self._places = align(words, report.index)
        self._n_found = [0, *accumulate(place != NONE for place in self._places)]  # before each word

    def is_copy(self) -> bool:
        """Whether the part is mostly the report's words, or holds pages of them."""
        in_runs = sum(len(run) for run in self._stretches() if len(run) >= MIN_STRETCH)
        n_words = sum(not word.isdecimal() for word in self._words)
        if in_runs < MIN_COPY:
            return False
        return in_runs >= COPY_SHARE * n_words or (in_runs >= COPY_WORDS and in_runs >= MANY_SHARE * n_words)

    # What is quoted

    def report_spans(self) -> list[Span]:
        """The spans of the part's text that are the report's words: long stretches, and whole short blocks."""
        spans = []
        taken = [remark.span for remark in self._part.remarks] + [cell.span for cell in self._part.cells]
        taken = disjoint([*taken, *self._changed_in_silence()])
        for run in self._stretches():
            span = self._widened(run)
            if span is not None:
                spans += [piece for piece in without(span, taken) if WORD.search(piece.of(self._part.text))]
        return spans

    def _stretches(self) -> list[list[int]]:
        """Runs of the numbers of words that are the report's, short slips between them passed over."""
        runs: list[list[int]] = []
        foreign = MIN_OWN_WORDS
        for number, place in enumerate(self._places):
            if place == NONE:
                foreign += not self._is_stray_number(number)
                continue
            if foreign >= MIN_OWN_WORDS:
                runs.append([])
            runs[-1].append(number)
            foreign = 0
        return runs

    def _widened(self, run: Sequence[int]) -> Span | None:
        """A stretch with the signs around it, and the list mark or number before it; None where it is too little."""
        text = self._original.text
        start, end = self._spans[run[0]].start, self._spans[run[-1]].end
        before = next((self._ends[n] for n in range(run[0] - 1, -1, -1) if not self._is_stray_number(n)), 0)
        numbers = range(run[-1] + 1, len(self._words))
        after = next((self._starts[n] for n in numbers if not self._is_stray_number(n)), len(text))
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        line_end = len(text) if line_end < 0 else line_end
        opens_line, closes_line = before <= line_start, after >= line_end
        is_whole = opens_line and closes_line
        if len(run) < MIN_STRETCH and not is_whole and not self._is_in_report_block(run):
            return None
        start = line_start if opens_line else start - len(_trailing(text[before:start], r"[«“\"'(\[]*$"))
        end = line_end if closes_line else end + len(_leading(text[end:after], r"[.,;:!?…»”\"')\]]*"))
        return self._original.in_part(Span(start, end))

    def _is_in_report_block(self, run: Sequence[int]) -> bool:
        """Whether a short stretch stands in a paragraph that is mostly the report's."""
        text = self._original.text
        end = text.find("\n\n", self._spans[run[-1]].end)
        first = bisect_left(self._starts, text.rfind("\n\n", 0, self._spans[run[0]].start) + 1)
        last = bisect_left(self._starts, len(text) if end < 0 else end)
        n_found = self._n_found[last] - self._n_found[first]
        return len(run) >= MIN_OWN_WORDS and n_found >= COPY_SHARE * (last - first)

    def _changed_in_silence(self) -> list[Span]:
        """The sentences, in the part's text, that were changed with no change tracked.

        Where many words differ here and there it is another version of the report, or a reader of PDF that took letters
        for others; then only longer runs are the sender's.
        """
        runs = self._foreign_runs()
        slips = [run for run in runs if run[1] - run[0] < MIN_OWN_WORDS]
        n_found = self._n_found[-1]
        may_slip = self._part.name.lower().endswith(".pdf") or len(slips) > max(MIN_SLIPS, n_found // WORDS_A_SLIP)
        if may_slip:
            runs = [run for run in runs if run[1] - run[0] >= MIN_OWN_WORDS or self._fills_lines(*run)]
        tracked = sorted(remark.anchor.start for remark in self._part.remarks if remark.kind != "note")
        found = [span for run in runs if (span := self._original.in_part(self._sentence_of(*run))) is not None]
        return [span for span in found if bisect_left(tracked, span.start) == bisect_right(tracked, span.end)]

    def _foreign_runs(self) -> list[tuple[int, int]]:
        """(first, end) of the runs of words that the report does not have, between words that it has."""
        runs: list[tuple[int, int]] = []
        for start, end in unmatched_runs(self._places):
            own = [number for number in range(start, end) if not self._words[number].isdecimal()]
            if own:
                runs.append((own[0], own[-1] + 1))
        return runs

    def _fills_lines(self, first: int, end: int) -> bool:
        """Whether a run of words has its lines to itself, as a short answer under a paragraph has."""
        lines = self._lines_of(first, end)
        return (first == 0 or self._ends[first - 1] <= lines.start) and (
            end == len(self._starts) or self._starts[end] >= lines.end
        )

    def _lines_of(self, first: int, end: int) -> Span:
        text = self._original.text
        line_end = text.find("\n", self._spans[end - 1].end)
        line_start = text.rfind("\n", 0, self._spans[first].start) + 1
        return Span(line_start, len(text) if line_end < 0 else line_end)

    def _sentence_of(self, first: int, end: int) -> Span:
        """The sentences of the original that a run of words stands in, or the run where it is set apart from them."""
        text = self._original.text
        if self._fills_lines(first, end):
            return self._lines_of(first, end)
        run = Span(self._spans[first].start, self._spans[end - 1].end)
        before = self._ends[first - 1] if first else 0
        after = self._starts[end] if end < len(self._starts) else len(text)
        if "[" in text[before : run.start] and "]" in text[run.end : after]:
            return Span(text.rindex("[", before, run.start), text.index("]", run.end) + 1)
        near = max(0, run.start - MAX_SENTENCE)
        ends = [match.end() for match in BOUNDARY.finditer(text, near, run.start + 1) if match.end() <= run.start]
        following = next((m for m in BOUNDARY.finditer(text, run.end, run.end + MAX_SENTENCE)), None)
        return Span(
            ends[-1] if ends else near, following.start() if following else min(len(text), run.end + MAX_SENTENCE)
        )

    def _is_stray_number(self, number: int) -> bool:
        """Whether a word is a number that the report does not have there: a line's or a footnote's own."""
        return self._places[number] == NONE and self._words[number].isdecimal()

    # Where remarks belong

    def target(self, remark: Remark) -> Span | None:
        """The span of the report's text that a remark is about; None where it cannot be told."""
        if remark.kind == "note" and remark.anchor == remark.span:
            return None  # nothing tells what it hangs on
        place = self._original_place(remark)
        first, last = bisect_right(self._ends, place.start), bisect_left(self._starts, place.end)
        if first < last:
            numbers = _both_ends(first, last)
            found = sorted(self._places[number] for number in numbers if self._places[number] != NONE)
            if found and len(found) >= MARKED_SHARE * len(numbers):
                spots = found if len(numbers) < last - first else _largest_cluster(found)
                return self._report.span(spots[0], spots[-1])
        return self._beside(place, first, max(first, last))

    def _original_place(self, remark: Remark) -> Span:
        """Where a remark stands in the original: the words struck out, also those that it stands in the place of."""
        struck = self._original.struck(remark) if remark.kind == "deletion" else None
        if struck is not None:
            return struck
        place = self._original.of_part(remark.anchor)
        if remark.kind == "insertion" or not len(place):
            first = bisect_left(self._deletions, remark.anchor.start, key=lambda other: other.anchor.start)
            for other in self._deletions[first : first + MAX_BESIDE]:
                if other.anchor.start > remark.anchor.end:
                    break
                struck = self._original.struck(other) or place
                place = Span(min(place.start, struck.start), max(place.end, struck.end))
        return place

    def _beside(self, place: Span, first: int, last: int) -> Span | None:
        """What stands around words that the report does not have: the two words beside, or the sentence before."""
        before = next((spot for spot in self._places[max(0, first - NEAR) : first][::-1] if spot != NONE), None)
        after = next((spot for spot in self._places[last : last + NEAR] if spot != NONE), None)
        if before is None:
            return None if after is None else self._report.sentence(after)
        text = self._original.text
        gap = text[self._ends[first - 1] : place.start] if first else ""
        if "\n" in gap or SENTENCE_END.search(text[max(0, place.start - 20) : place.start]):
            return self._report.sentence(before)
        rest = text[place.end : self._starts[last]] if last < len(self._starts) else "\n"
        if after is not None and 0 <= after - before <= NEAR and not re.search(r"[.!?…]|\n\s*\n", rest):
            return self._report.span(before, after)
        return self._report.span(before, before)


def _without_line_numbers(text: str) -> str:
    """The text with spaces for the numbers in its margin, every offset as it was: words are broken over them."""
    lines = [line for line in text.split("\n") if line.strip()]
    numbered = sum(bool(LINE_NUMBER.match(line)) for line in lines)
    if len(lines) < MIN_LINES or numbered < NUMBERED_SHARE * len(lines):
        return text
    for pattern in (LINE_NUMBER, NUMBER_AT_END):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return text


def _largest_cluster(places: Sequence[int]) -> Sequence[int]:
    """The places, in order, that stand together; a word that was matched far away does not stretch the span."""
    starts = [0, *(n for n in range(1, len(places)) if places[n] - places[n - 1] > FAR)]
    ends = [*starts[1:], len(places)]
    return max((places[start:end] for start, end in zip(starts, ends, strict=True)), key=len)


def _leading(text: str, pattern: str) -> str:
    match = re.match(pattern, text)
    return match.group() if match else ""


def _trailing(text: str, pattern: str) -> str:
    match = re.search(pattern, text)
    return match.group() if match else ""


# As it was before the changes ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the original, and where it stands in the part's text."""

    start: int
    part: Span
    is_struck: bool = False


def _with_spaces(text: str, span: Span) -> Span:
    """Words that were struck out, with the spaces around them that were struck out too."""
    start, end = span.start, span.end
    while start and text[start - 1] == " ":
        start -= 1
    while end < len(text) and text[end] == " ":
        end += 1
    return Span(start, end)


class _Original:
    """A part's text as it was before its sender's changes: what was put in left out, what was struck out put back."""

    def __init__(self, part: Part) -> None:
        moved = [remark for remark in part.remarks if remark.kind == "deletion" and remark.span != remark.anchor]
        left_out = [remark.span for remark in part.remarks if remark.kind != "deletion"]
        left_out += [remark.span for remark in moved]
        self._part_text = part.text
        self._pieces: list[_Piece] = []
        self._written: list[str] = []
        self._length = 0
        self._struck: dict[Span, Span] = {}
        position = 0
        events = [(remark.anchor.start, 0, remark.span) for remark in moved]
        events += [(span.start, 1, span) for span in left_out]
        for start, is_left_out, span in sorted(events, key=lambda event: (event[0], event[1], event[2].start)):
            if start > position:
                self._copy(Span(position, start))
            position = max(position, start)
            if is_left_out:
                position = max(position, span.end)
            else:
                self._put_back(span, position)
        self._copy(Span(position, len(part.text)))
        self.text = "".join(self._written)
        self._body = [piece for piece in self._pieces if not piece.is_struck]
        self._body_starts = [piece.start for piece in self._body]
        self._part_starts = [piece.part.start for piece in self._body]

    def _copy(self, span: Span) -> None:
        if len(span):
            self._pieces.append(_Piece(self._length, span))
            self._write(span.of(self._part_text))

    def _write(self, text: str) -> None:
        self._written.append(text)
        self._length += len(text)

    def _put_back(self, span: Span, position: int) -> None:
        """Words that were struck out, where they stood; a paragraph on lines of its own."""
        whole = _with_spaces(self._part_text, span)
        words = whole.of(self._part_text)
        left = self._written[-1][-1:] if self._written else ""
        right = self._part_text[position : position + 1]
        is_several = " " in words.strip()
        if left and not left.isspace() and right in ("", "\n") and not words[:1].isspace():
            self._write("\n" if is_several or not left.isalnum() else "")
        start = self._length + span.start - whole.start
        self._struck[span] = Span(start, start + len(span))
        self._pieces.append(_Piece(self._length, span, is_struck=True))
        self._write(words)
        if right.isalnum() and words[-1:].isalnum() and left in ("", "\n") and is_several:
            self._write("\n")

    def struck(self, remark: Remark) -> Span | None:
        """Where words that were struck out, and moved to a block of their own, stand in the original."""
        return self._struck.get(remark.span)

    def of_part(self, span: Span) -> Span:
        """Where a span of the part's text stands in the original; empty for words that were put in."""
        start, end = self._offset(span.start, before=False), self._offset(span.end, before=True)
        return Span(start, max(start, end))

    def _offset(self, position: int, *, before: bool) -> int:
        """The offset in the original of one in the part's text; `before` where it is the end of something."""
        places = self._part_starts
        number = (bisect_left(places, position) if before else bisect_right(places, position)) - 1
        if number < 0:
            return 0
        piece = self._body[number]
        return piece.start + min(position - piece.part.start, len(piece.part))

    def in_part(self, span: Span) -> Span | None:
        """The span of the part's text that a span of the original came from, words put in between included."""
        first = bisect_right(self._body_starts, span.start) - 1
        last = bisect_left(self._body_starts, span.end) - 1
        if first < 0 or last < 0:
            return None
        opening, closing = self._body[first], self._body[last]
        start = opening.part.start + min(span.start - opening.start, len(opening.part))
        end = closing.part.start + min(span.end - closing.start, len(closing.part))
        return Span(start, end) if start < end else None


# Changed sentences ---------------------------------------------------------------------------------------------------


def edited_sentences(part: Part, *, sentences: SentenceSplitter) -> list[Edit]:
    """The sentences of a part that have tracked changes, in the order of the text, each with all its changes.

    Args:
        part: A part with remarks; one without gives an empty list.
        sentences: Splits a text into its sentences.
    """
    changes = [remark for remark in part.remarks if remark.kind != "note"]
    if not changes:
        return []
    blocks = _blocks(part)
    starts = [block.start for block in blocks]
    by_block: dict[int, list[Remark]] = {}
    for remark in changes:
        by_block.setdefault(max(0, bisect_right(starts, remark.anchor.start) - 1), []).append(remark)
    edits = []
    for number, remarks in sorted(by_block.items()):
        edits += _edits_of_block(part, blocks[number], remarks, sentences)
    return edits


def _blocks(part: Part) -> list[Span]:
    """The paragraphs, list points and cells of the part's text: a line each, unless its lines were wrapped."""
    longest = max(map(len, part.text.split("\n")), default=0)
    breaks = WRAPPED_BREAK if longest <= MAX_WRAPPED_WIDTH else re.compile("\n")
    starts, ends = [0], []
    for match in breaks.finditer(part.text):
        ends.append(match.start())
        starts.append(match.end())
    return [Span(start, end) for start, end in zip(starts, [*ends, len(part.text)], strict=True)]


def _edits_of_block(part: Part, block: Span, remarks: Sequence[Remark], sentences: SentenceSplitter) -> list[Edit]:
    text = block.of(part.text)
    mark = _leading(text, BLOCK_MARK)
    words = FOOTNOTE_MARK.sub(" ", text[len(mark) :])  # «utstyr.⁷ Merkingen» are two sentences
    start = block.start + len(mark)
    spans = [Span(start + span.start, start + span.end) for span in sentences(words)] or [block]
    if len(remarks) > MAX_BESIDE:
        return [_edit(part, spans, range(len(spans)), remarks)]
    whole = [remark for remark in remarks if _is_whole(part.text, block, spans, remark, remarks)]
    groups: list[tuple[list[int], list[Remark]]] = [([], [remark]) for remark in whole]
    for remark in remarks:
        if remark not in whole:
            touched = _touched(spans, remark.anchor)
            groups.append((touched, [remark]))
    edits = [_edit(part, spans, touched, group) for touched, group in _merged(groups)]
    return sorted(edits, key=lambda edit: (edit.remarks[0].anchor.start, edit.span.start))


def _touched(spans: Sequence[Span], anchor: Span) -> list[int]:
    """The numbers of the sentences that a change lies in."""
    touched = [number for number, span in enumerate(spans) if span.overlaps(anchor)]
    if not touched:
        touched = [number for number, span in enumerate(spans) if span.start <= anchor.start <= span.end][-1:]
    return touched or [max((n for n, span in enumerate(spans) if span.start <= anchor.start), default=0)]


def _is_whole(text: str, block: Span, spans: Sequence[Span], remark: Remark, remarks: Sequence[Remark]) -> bool:
    """Whether a change is a sentence or more by itself: put in anew, or struck out, nothing in its place."""
    words = remark.span.of(text).strip()
    if remark.kind == "insertion":
        beside = any(
            other.kind == "deletion" and remark.anchor.start <= other.anchor.start <= remark.anchor.end
            for other in remarks
        )
        at_start = any(not text[span.start : remark.span.start].strip() for span in spans if span.overlaps(remark.span))
        at_end = not text[remark.span.end : block.end].strip() or bool(SENTENCE_END.search(words))
        starts_anew = at_start or bool(
            SENTENCE_END.search(text[block.start : remark.span.start]) and words[:1].isupper()
        )
        return not beside and starts_anew and at_end and len(words.split()) > 1
    if remark.span == remark.anchor:
        return not any(text[span.start : span.end].strip() != words for span in spans if span.overlaps(remark.span))
    replaced = any(
        other.kind == "insertion" and other.anchor.start <= remark.anchor.start <= other.anchor.end for other in remarks
    )
    before = text[block.start : remark.anchor.start].rstrip()
    starts_anew = not before or bool(SENTENCE_END.search(before)) or _starts_block_after(text, block, remark, words)
    return not replaced and starts_anew and (bool(SENTENCE_END.search(words)) or not before)


def _starts_block_after(text: str, block: Span, remark: Remark, words: str) -> bool:
    """Whether words struck out at the end of a block were a paragraph of their own below it."""
    has_space = text[max(0, remark.span.start - 1) : remark.span.start] == " "
    return remark.anchor.start >= block.end and not has_space and words[:1].isupper()


def _merged(groups: Sequence[tuple[list[int], list[Remark]]]) -> list[tuple[list[int], list[Remark]]]:
    """Changes that touch a common sentence made one."""
    merged: list[tuple[list[int], list[Remark]]] = []
    for touched, remarks in groups:
        same = [group for group in merged if set(group[0]) & set(touched)]
        for group in same:
            merged.remove(group)
        numbers = sorted({*touched, *(number for group in same for number in group[0])})
        merged.append((numbers, [*(remark for group in same for remark in group[1]), *remarks]))
    return merged


def _edit(part: Part, spans: Sequence[Span], touched: Sequence[int], remarks: Sequence[Remark]) -> Edit:
    remarks = sorted(remarks, key=lambda remark: (remark.span.start, remark.span.end))
    targets = [remark.target for remark in remarks if remark.target is not None]
    target = Span(min(t.start for t in targets), max(t.end for t in targets)) if targets else None
    author = ", ".join(dict.fromkeys(remark.author for remark in remarks if remark.author))
    if not touched:
        span = remarks[0].span.stripped(part.text) or remarks[0].span
        before = span.of(part.text) if remarks[0].kind == "deletion" else ""
        return Edit(span, before, target, author, tuple(remarks))
    span = Span(spans[touched[0]].start, spans[touched[-1]].end)
    before = _before(part.text, span, remarks)
    if not span.of(part.text).strip() or _is_struck(span, remarks):
        span = remarks[0].span
    return Edit(span.stripped(part.text) or span, before, target, author, tuple(remarks))


def _is_struck(span: Span, remarks: Sequence[Remark]) -> bool:
    return any(remark.kind == "deletion" and remark.span == remark.anchor == span for remark in remarks)


def _before(text: str, span: Span, remarks: Sequence[Remark]) -> str:
    """A sentence as it stood before its changes."""
    pieces, position = [], span.start
    for remark in sorted(remarks, key=lambda remark: (remark.anchor.start, remark.kind == "insertion")):
        start = min(max(remark.anchor.start, span.start), span.end)
        pieces.append(text[position:start])
        position = max(position, start)
        if remark.kind == "insertion":
            position = max(position, min(remark.anchor.end, span.end))
        elif remark.span != remark.anchor:
            pieces.append(_with_spaces(text, remark.span).of(text))
    pieces.append(text[position : span.end])
    return " ".join("".join(pieces).split())
