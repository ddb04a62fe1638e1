"""Documents that others have read and marked: paragraphs and tables with tracked changes and notes, laid out as text.

Word and OpenDocument say the same things in other words; here is what both come to. Words that were put in stand in the
text; words that were struck out, and notes, follow after the body, and hang on the place that they are about.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal, Protocol

from innspill.reading.charsets import normalise_text
from innspill.reading.documents.builder import (
    INDENT,
    MAX_LEVEL,
    NOT_MERGED,
    AttachmentText,
    Merged,
    TextBuilder,
    write_table,
)
from innspill.records import RemarkKind, Span

# A document of 2,000 pages has some five million letters; what is beyond is told.
MAX_TEXT = 5_000_000
# Paragraphs and cells of one document, the empty ones too; a report of 2,000 pages has some 40,000.
MAX_BLOCKS = 300_000
# Letters of a word before and after a note in it, and answers to answers to a note, that are followed.
MAX_WORD, MAX_ANSWERS = 100, 50
WEB_ADDRESS = re.compile(r"https?://\S+$", re.IGNORECASE)
BARE_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
# Square centimetres of a picture that may show words; a logo or a signature is smaller.
LARGE_PICTURE = 30.0
# What stands at the foot of a page and tells nothing of who writes.
PAGE_NUMBER = re.compile(r"\W*(?:side|page|s\.|p\.)?\W*\d*(?:\s*(?:av|of|/|\|)\s*\d*)?\W*", re.IGNORECASE)
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

NoteMark = Literal["opens", "closes", "stands"]
MarkKind = Literal["insertion", "deletion"] | NoteMark


@dataclass(slots=True)
class _Mark:
    """Something at offsets of a paragraph under way: a change, or where a note's words begin, end, or it stands.

    `words` are those struck out, or the key of a note.
    """

    kind: MarkKind
    start: int
    end: int
    words: str
    author: str = ""


class ReviewedText:
    """A paragraph or a cell under way: its letters, and what was done to them at which offsets."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0
        self.has_words = False  # whether it says anything but white space
        self.marks: list[_Mark] = []
        self._last: dict[MarkKind, _Mark] = {}  # the last change of each kind

    @property
    def text(self) -> str:
        """What stands in it now: words put in are there, words struck out are not."""
        return "".join(self._pieces)

    def since(self, start: int) -> str:
        """What was added from an offset on."""
        pieces: list[str] = []
        length = self.length
        for piece in reversed(self._pieces):
            if length <= start:
                break
            pieces.append(piece)
            length -= len(piece)
        return "".join(reversed(pieces))[max(0, start - length) :]

    def add(self, text: str, *, inserted_by: str | None = None) -> None:
        """Add words; `inserted_by` is who put them in while changes were tracked, empty for somebody unnamed."""
        text = self._composed(normalise_text(text))
        if not text:
            return
        start = self.length
        self._append(text)
        if inserted_by is None:
            return
        last = self._last.get("insertion")
        if last is not None and last.end == start and last.author == inserted_by:
            last.end = self.length
        else:
            self._track(_Mark("insertion", start, self.length, "", inserted_by))

    def strike(self, text: str, author: str, *, apart: bool = False) -> None:
        """Words that were struck out here; `apart` from those before them where they are a paragraph of their own."""
        text = normalise_text(text)
        last = self._last.get("deletion")
        if last is not None and last.start == self.length and last.author == author and not apart:
            last.words += text
        elif text:
            self._track(_Mark("deletion", self.length, self.length, text, author))

    def note(self, kind: NoteMark, key: str) -> None:
        """Where the words begin or end that a note is about, or the place that it stands at."""
        self.marks.append(_Mark(kind, self.length, self.length, key))

    def extend(self, other: "ReviewedText", separator: str = "") -> None:
        """Add another text with its marks."""
        self.add(separator)
        shift = self.length
        self._append(other.text)
        self.marks += [_Mark(m.kind, m.start + shift, m.end + shift, m.words, m.author) for m in other.marks]

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self.length += len(text)
        self.has_words = self.has_words or bool(text.strip())

    def _track(self, mark: _Mark) -> None:
        self.marks.append(mark)
        self._last[mark.kind] = mark

    def _composed(self, text: str) -> str:
        """The text less the combining marks at its start; these go to the letter that a change of font cut them off."""
        if not self._pieces or not text or not unicodedata.combining(text[0]):
            return text
        n_marks = next((number for number, sign in enumerate(text) if not unicodedata.combining(sign)), len(text))
        last = self._pieces.pop()
        letter = unicodedata.normalize("NFC", last[-1:] + text[:n_marks])
        self._pieces += [last[:-1], letter] if len(last) > 1 else [letter]
        self.length += len(letter) - len(last[-1:])
        return text[n_marks:]


class Sink(Protocol):
    """Where blocks go: the document, or a cell of a table."""

    def paragraph(self, text: ReviewedText, *, mark: str = "", is_point: bool = False, level: int = 0) -> None:
        """Write a paragraph after its `mark` («# », «- », «2.1 »); `level` tells how many points it hangs under."""

    def table(self, rows: Sequence[Sequence[ReviewedText]], merged: Merged = NOT_MERGED) -> None:
        """Write a table."""

    def note_between(self, kind: NoteMark, key: str) -> None:
        """Where a note's words begin or end between two blocks."""


@dataclass(slots=True)
class CellText:
    """The blocks of a cell, of a footnote or of a note under way, a line each, with or without their list marks."""

    text: ReviewedText = field(default_factory=ReviewedText)
    has_marks: bool = True

    def paragraph(self, text: ReviewedText, *, mark: str = "", is_point: bool = False, level: int = 0) -> None:
        """Add a line."""
        if text.has_words and self.text.length:
            self.text.add("\n")
        is_marked = self.has_marks and text.has_words and not mark.startswith("#")
        self.text.extend(text, INDENT * min(level if is_point else 0, MAX_LEVEL) + mark if is_marked else "")

    def table(self, rows: Sequence[Sequence[ReviewedText]], merged: Merged = NOT_MERGED) -> None:  # noqa: ARG002
        """Add a table within the cell, a row a line."""
        for row in rows:
            line = ReviewedText()
            for cell in row:
                line.extend(cell, " | " if line.has_words and cell.has_words else "")
            self.paragraph(line)

    def note_between(self, kind: NoteMark, key: str) -> None:
        """Where a note's words begin or end."""
        self.text.note(kind, key)


@dataclass(slots=True)
class Note:
    """A note in the margin: what it says, who wrote it, and the key of the note that it answers, if it does."""

    text: str
    author: str = ""
    answers: str = ""


@dataclass(slots=True)
class _Place:
    """Where a note's words begin and end in the text, as far as is known, and the block that it stands in."""

    start: int | None = None
    end: int | None = None
    stands: int | None = None
    block: Span | None = None


@dataclass(slots=True)
class ReviewedDocument:
    """A document under way, block by block."""

    writer: TextBuilder = field(default_factory=TextBuilder)
    _places: dict[str, _Place] = field(default_factory=dict)
    _struck: list[tuple[Span, str, str]] = field(default_factory=list)
    _n_blocks: int = 0

    def is_full(self, n_blocks: int = 1) -> bool:
        """Whether the document is longer than is read; then nothing more is written, and that is told.

        Args:
            n_blocks: How many paragraphs or cells would be written next.
        """
        self._n_blocks += n_blocks
        if self.writer.length <= MAX_TEXT and self._n_blocks <= MAX_BLOCKS:
            return False
        self.writer.omit("it is too long, and only its beginning was read; ask for the rest in a document of its own")
        return True

    def omit_counted(self, left_out: Mapping[str, int]) -> None:
        """Tell how many of what were left out."""
        for what, count in sorted(left_out.items()):
            if count:
                were = "s in it were" if count > 1 else " in it was"
                self.writer.omit(f"{count} {what}{were} not read; look whether words stand in there")

    def paragraph(self, text: ReviewedText, *, mark: str = "", is_point: bool = False, level: int = 0) -> None:
        """Write a paragraph after its `mark` («# », «- », «2.1 »); one without words gives what was done there only.

        `level` tells how many points it hangs under.
        """
        if self.is_full():
            return
        shown = text.text.strip()
        if mark.startswith("#"):
            shown = shown.replace("\n", " ")
        if not shown:
            end = self.writer.length
            self._mark(text, lambda _: end, Span(end, end))
            return
        span = self.writer.block(mark + shown, is_point=is_point, level=level)
        lead = len(text.text) - len(text.text.lstrip())
        first, last = span.start + len(mark), span.end
        self._mark(text, lambda offset: min(max(first + offset - lead, first), last), Span(first, last))

    def table(
        self,
        rows: Sequence[Sequence[ReviewedText]],
        merged: Merged = NOT_MERGED,
    ) -> None:
        """Write a table, as the cells of a form where it is one."""
        if self.is_full(0):
            return
        written = write_table(self.writer, [[cell.text for cell in row] for row in rows], merged=merged)
        position = self.writer.length
        for spans in reversed(written):  # a cell without words is marked where the next one with words begins
            position = min((span.start for span in spans.values()), default=position)
        for row, spans in zip(rows, written, strict=True):
            for column, cell in enumerate(row):
                span = spans.get(column, Span(position, position))
                position = span.end
                if cell.marks:
                    self._mark(cell, _place_in_cell(cell.text, span), span)

    def note_between(self, kind: NoteMark, key: str) -> None:
        """Where a note's words begin or end between two blocks."""
        mark = ReviewedText()
        mark.note(kind, key)
        end = self.writer.length
        self._mark(mark, lambda _: end, Span(end, end))

    def _mark(self, text: ReviewedText, place: Callable[[int], int], block: Span) -> None:
        words = text.text
        for mark in text.marks:
            start, end = place(mark.start), place(mark.end)
            if mark.kind == "insertion":
                if start < end and words[mark.start : mark.end].strip():
                    self.writer.mark("insertion", Span(start, end), author=mark.author)
            elif mark.kind == "deletion":
                if mark.words.strip():
                    self._struck.append((Span(start, start), mark.words, mark.author))
            else:
                known = self._places.setdefault(mark.words, _Place())
                known.block = known.block or block
                if mark.kind == "opens":
                    known.start = start
                elif mark.kind == "closes":
                    known.end = start
                else:
                    known.stands = start

    def result(self, notes: dict[str, Note]) -> AttachmentText:
        """What was written, with what was struck out and the notes after it, in the order of their places."""
        body = self.writer.result().text
        remarks: list[tuple[int, int, RemarkKind, str, Span | None, str]] = [
            (anchor.start, 0, "deletion", words, anchor, author) for anchor, words, author in self._struck
        ]
        struck = {anchor.start for anchor, _, _ in self._struck}
        for key, note in notes.items():
            anchor = self._anchor(body, key, notes, struck)
            start = len(body) if anchor is None else anchor.start
            remarks.append((start, 1, "note", normalise_text(note.text).strip(), anchor, note.author))
        for _, _, kind, words, anchor, author in sorted(remarks, key=lambda remark: remark[:2]):
            self.writer.remark(kind, words, anchor, author=author)
        return self.writer.result()

    def _anchor(self, body: str, key: str, notes: dict[str, Note], struck: Set[int]) -> Span | None:
        """What a note hangs on: its words, those of the note that it answers, or the word or paragraph it stands at."""
        place, note = self._places.get(key), notes[key]
        for _ in range(MAX_ANSWERS):
            if place is not None or note.answers not in notes:
                break
            place, note = self._places.get(note.answers), notes[note.answers]
        if place is None:
            return None
        if place.start is not None and place.end is not None and place.start <= place.end:
            span = Span(place.start, place.end).stripped(body)
            if len(span) or place.start in struck:
                return span
        at = next((spot for spot in (place.stands, place.start, place.end) if spot is not None), 0)
        block = place.block or Span(at, at)
        if block.start < at < block.end:
            return _word_at(body, at)
        return block


def _place_in_cell(raw: str, span: Span) -> Callable[[int], int]:
    """Offsets of a cell's raw text -> those of its text as written, in which runs of white space may be one space."""
    shown = raw.strip() if len(raw.strip()) == len(span) else " ".join(raw.split())
    solid = [span.start + number for number, letter in enumerate(shown) if not letter.isspace()]
    n_before = [0, *accumulate(not letter.isspace() for letter in raw)]

    def place(offset: int) -> int:
        count = n_before[offset]
        if not solid or not count:
            return span.start
        if count < len(solid) and raw[offset - 1].isspace():
            return solid[count]
        return solid[min(count, len(solid)) - 1] + 1

    return place


def _word_at(text: str, at: int) -> Span:
    """The word that an offset stands in or at the end of; Word takes the same for a note that marks nothing."""
    start, end = at, at
    while start > max(0, at - MAX_WORD) and not text[start - 1].isspace():
        start -= 1
    while end < min(len(text), at + MAX_WORD) and not text[end].isspace():
        end += 1
    return Span(start, end) if start < end else Span(at, at)


def footnote_mark(number: int | str) -> str:
    """A footnote's number as it is shown in the text.

    >>> footnote_mark(12)
    '¹²'
    """
    return str(number).translate(SUPERSCRIPT)


def hidden_address(address: str, shown: str) -> str:
    """A link's address in parentheses, where what is shown does not tell it; empty for what is no page of the web.

    >>> hidden_address("https://www.skole.example/svar/", "vårt svar")
    ' (https://www.skole.example/svar/)'
    >>> hidden_address("https://www.skole.example/svar/", "skole.example/svar")
    ''
    """
    if not WEB_ADDRESS.match(address) or not shown.strip() or BARE_ADDRESS.match(shown.strip()):
        return ""
    bare = re.sub(r"^https?://(?:www\.)?|/+$", "", address, flags=re.IGNORECASE).lower()
    return "" if bare in shown.lower() else f" ({address})"
