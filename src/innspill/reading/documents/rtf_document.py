"""RTF documents -> text: paragraphs, tables and lists, with footnotes, comments and tracked changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from innspill.reading.charsets import normalise_text
from innspill.reading.documents.builder import INDENT, MAX_LEVEL, AttachmentText, TextBuilder, write_table
from innspill.reading.documents.rtf_tokens import CUT, CUT_LINE, HEADERS, Group, Reader
from innspill.records import Span

# Paragraphs, cells, notes and the places that notes hang on.
MAX_BLOCKS, MAX_COLUMNS = 200_000, 250
MAX_COLLECTED = 10_000


class _Paragraph:
    """Words of one paragraph, in pieces: put in, struck out, or neither; by whom as a number in the list of authors."""

    __slots__ = ("_author", "_change", "_letters", "is_heading", "is_point", "level", "pieces")

    def __init__(self) -> None:
        self.pieces: list[_Piece] = []
        self.is_point = False
        self.is_heading = False
        self.level = 0
        self._letters: list[str] = []
        self._change = ""
        self._author = 0

    def add(self, text: str, change: str, author: int) -> None:
        """Add letters; they join those before them unless the change or its author is another."""
        if change != self._change or author != self._author:
            self.close()
            self._change, self._author = change, author
        self._letters.append(text)

    def close(self) -> int:
        """End the piece that is being written; how many there are."""
        if self._letters:
            self.pieces.append(_Piece("".join(self._letters), self._change, self._author))
            self._letters = []
        return len(self.pieces)


class _Piece(NamedTuple):
    text: str
    change: str
    author: int


class _Row(list[list[_Paragraph]]):
    """The cells of a row, each with its paragraphs; and which of them belong to the cell above."""

    goes_on: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Story:
    """A run of paragraphs and rows: the document, a footnote, a comment, the head of each page."""

    kind: str
    blocks: "list[_Paragraph | _Row]" = field(default_factory=list)
    current: _Paragraph = field(default_factory=_Paragraph)
    cell: list[_Paragraph] = field(default_factory=list)
    row: _Row = field(default_factory=_Row)
    author: str = ""
    place: "_Place | None" = None
    until: "_Place | None" = None


class _Place(NamedTuple):
    """Before which piece of a paragraph something stands."""

    paragraph: _Paragraph
    piece: int


class TextReader(Reader):
    """Gathers paragraphs and rows, and beside them footnotes, comments and the heads of the pages."""

    def __init__(self) -> None:
        super().__init__()
        self.stories = [_Story("text")]
        self.authors: list[str] = []
        self._author = ""
        self._starts: dict[str, _Place] = {}
        self._ends: dict[str, _Place] = {}
        self._collected = ""
        self._last_reference = ""
        self._n_blocks = 0
        self._merged: list[bool] = [False]  # of each cell that \\trowd defines, whether it belongs to that above
        self.has_objects = False

    def write(self, text: str) -> None:
        """Add letters to the paragraph, or to the name or number that the group holds."""
        if self.group.destination:
            if len(self._collected) < MAX_COLLECTED:
                self._collected = (self._collected + text)[:MAX_COLLECTED]
            return
        self._story.current.add(text, self.group.change, self.group.author)

    @property
    def _story(self) -> _Story:
        return self.stories[self.group.story]

    def word(self, word: str, number: int | None) -> None:
        """Take what makes paragraphs, rows, changes and stories."""
        group = self.group
        if word in STRUCTURE:
            STRUCTURE[word](self)
        elif word in ("revised", "deleted"):
            kind = "insertion" if word == "revised" else "deletion"
            group.change = kind if number != 0 else ""
        elif word in ("revauth", "revauthdel"):
            group.author = number or 0
        elif word == "plain":
            group.change = ""
        elif word == "intbl":
            group.in_table = True
        elif word == "outlinelevel":
            group.is_heading = number is not None and 0 <= number < 9
        elif word == "trowd":
            self._merged = [False]
        elif word == "clvmrg":
            self._merged[-1] = True
        elif word == "cellx" and len(self._merged) < MAX_COLUMNS:
            self._merged.append(False)
        elif word == "ilvl":
            group.level = min(max(number or 0, 0), MAX_LEVEL)
        elif word in ("listtext", "pntext"):
            self._story.current.is_point = True
        elif word in ("atnauthor", "atrfstart", "atrfend", "revtbl"):
            group.destination = word
            self._collected = ""
        elif word in ("footnote", "annotation") or word in HEADERS:
            self._begin_story(word)
        elif word == "object":
            self.has_objects = True

    def pard(self) -> None:
        """A paragraph's settings begin anew."""
        self.group.in_table = self.group.is_heading = False
        self.group.level = 0

    def par(self) -> None:
        """A paragraph ends, in a cell or in the text."""
        self._count()
        story = self._story
        story.current.close()
        story.current.is_heading, story.current.level = self.group.is_heading, self.group.level
        if self.group.in_table:
            story.cell.append(story.current)
        else:
            self._end_row()
            story.blocks.append(story.current)
        story.current = _Paragraph()

    def cell(self) -> None:
        """A cell ends."""
        self._count()
        story = self._story
        story.current.close()
        story.row.append([*story.cell, story.current])
        story.cell = []
        story.current = _Paragraph()

    def row(self) -> None:
        """A row ends; letters after its last cell stay for the paragraph that follows."""
        self._end_row()

    def line(self) -> None:
        """A line ends within its paragraph."""
        self.write("\n")

    def inner_cell(self) -> None:
        """A cell of a table within a cell ends."""
        self.write(" | ")

    def _end_row(self) -> None:
        story = self._story
        if story.cell:
            story.row.append(story.cell)
            story.cell = []
        if story.row:
            story.row.goes_on = frozenset(column for column, goes_on in enumerate(self._merged) if goes_on)
            story.blocks.append(story.row)
            story.row = _Row()

    def _count(self) -> None:
        self._n_blocks += 1
        self.is_cut = self.is_cut or self._n_blocks > MAX_BLOCKS

    def _here(self) -> _Place:
        self._count()
        return _Place(self._story.current, self._story.current.close())

    def _begin_story(self, word: str) -> None:
        kind = {"footnote": "footnote", "annotation": "note"}.get(word, "letterhead")
        here = self._here()
        story = _Story(kind, author=self._author.strip() if kind == "note" else "", place=here, until=here)
        if kind == "note":
            story.place = self._starts.pop(self._last_reference, here)
            story.until = self._ends.pop(self._last_reference, here)
        self.group.story = len(self.stories)
        self.group.destination = ""
        self.group.in_table = False
        self.group.change = ""
        self.stories.append(story)

    def closed(self, group: Group) -> None:
        """A story ends with its group, and so does a name."""
        if group.story != self.group.story:
            self._end(self.stories[group.story])
        if group.destination in ("atrfstart", "atrfend") and group.destination != self.group.destination:
            self._last_reference = self._collected.strip()
            places = self._starts if group.destination == "atrfstart" else self._ends
            places[self._last_reference] = self._here()
        elif group.destination == "atnauthor":
            self._author = self._collected
        elif group.destination == "revtbl":
            self.authors += [name.strip() for name in self._collected.split(";") if name.strip()]
            self._collected = ""

    def _end(self, story: _Story) -> None:
        if story.current.close():
            (story.cell if story.row or story.cell else story.blocks).append(story.current)
            story.current = _Paragraph()
        if story.cell:
            story.row.append(story.cell)
        if story.row:
            story.blocks.append(story.row)
        story.cell, story.row = [], _Row()

    def finish(self) -> None:
        """The document ends; what is open ends with it."""
        for story in self.stories:
            self._end(story)

    def plain(self) -> str:
        """The text as it would stand in a mail."""
        lines = _plain_lines(self.stories[0])
        for story in self.stories[1:]:
            if story.kind != "letterhead":
                label = "[kommentar]" if story.kind == "note" else "[fotnote]"
                lines.append(" ".join([label, *filter(None, _plain_lines(story))]))
        if self.is_cut:
            lines.append(CUT_LINE)
        return normalise_text("\n".join(lines)).strip("\n")

    def document(self) -> AttachmentText:
        """The text as a document, with its remarks."""
        return _Document(self).write()


STRUCTURE = {
    "pard": TextReader.pard,
    "par": TextReader.par,
    "sect": TextReader.par,
    "page": TextReader.line,
    "column": TextReader.line,
    "line": TextReader.line,
    "lbr": TextReader.line,
    "cell": TextReader.cell,
    "row": TextReader.row,
    "nestcell": TextReader.inner_cell,
    "nestrow": TextReader.line,
}


def _plain_lines(story: _Story) -> list[str]:
    lines = []
    for block in story.blocks:
        paragraphs = [block] if isinstance(block, _Paragraph) else [item for cell in block for item in cell]
        if isinstance(block, _Paragraph):
            lines.append(_kept(block))
        else:
            lines.append(" | ".join(filter(None, (" ".join(map(_kept, cell)).strip() for cell in block))))
        struck = "".join(piece.text for item in paragraphs for piece in item.pieces if piece.change == "deletion")
        if struck.strip():
            lines.append(f"[slettet] {struck.strip()}")
    return lines


def _kept(paragraph: _Paragraph) -> str:
    text = "".join(piece.text for piece in paragraph.pieces if piece.change != "deletion")
    return paragraph.level * INDENT + text.replace("\t", " ", 1) if paragraph.is_point else text


# The document ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Written:
    """Where a paragraph's text stands, and where in it each of its pieces begins."""

    span: Span
    starts: list[int]

    def at(self, piece: int) -> int:
        return min(self.span.start + self.starts[min(piece, len(self.starts) - 1)], self.span.end)


class _Document:
    """Writes the stories of a reader as a document's text, with its remarks where they hang."""

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self._builder = TextBuilder()
        self._written: dict[int, _Written] = {}

    def write(self) -> AttachmentText:
        """The document, then its footnotes, comments, and what stands at the head of its pages."""
        reader, builder = self._reader, self._builder
        for story in reader.stories:
            if story.kind in ("text", "footnote"):
                self._blocks(story)
        for story in reader.stories:
            if story.kind == "note":
                text = "\n".join(filter(None, (line.strip() for line in map(normalise_text, _plain_lines(story)))))
                builder.remark("note", text, self._anchor(story), author=story.author)
        for text in dict.fromkeys(
            normalise_text("\n".join(filter(None, _plain_lines(story)))).strip()
            for story in reader.stories
            if story.kind == "letterhead"
        ):
            builder.letterhead(text)
        if reader.has_objects:
            builder.omit("Objects that are embedded in the document (other files) were not read; open it and look.")
        if reader.is_cut:
            builder.omit(CUT)
        return builder.result()

    def _anchor(self, story: _Story) -> Span:
        end = self._builder.length
        if story.place is None or story.until is None or id(story.place.paragraph) not in self._written:
            return Span(end, end)
        start = self._written[id(story.place.paragraph)].at(story.place.piece)
        last = self._written.get(id(story.until.paragraph))
        return Span(start, max(start, last.at(story.until.piece) if last else start))

    def _blocks(self, story: _Story) -> None:
        rows: list[_Row] = []
        for block in story.blocks:
            if not isinstance(block, _Paragraph):
                rows.append(block)
                continue
            if rows:
                self._table(rows)
                rows = []
            text, starts = _laid_out([block])
            if block.is_heading and text:
                text, starts = "# " + text.replace("\n", " "), [[start + 2 for start in starts[0]]]
            span = self._builder.block(text, is_point=block.is_point, level=block.level)
            self._place([block], span, starts)
        self._table(rows)

    def _table(self, rows: list[_Row]) -> None:
        laid_out = [[_laid_out(cell) for cell in row] for row in rows]
        merged: dict[tuple[int, int], tuple[int, int]] = {}
        for number, row in enumerate(rows[1:], start=1):
            for column in row.goes_on:
                above = number - 1, column
                merged[number, column] = merged.get(above, above)
        places = write_table(self._builder, [[text for text, _ in row] for row in laid_out], merged=merged)
        for row, texts, spans in zip(rows, laid_out, places, strict=True):
            for column, (cell, (_, starts)) in enumerate(zip(row, texts, strict=True)):
                end = self._builder.length
                self._place(cell, spans.get(column, Span(end, end)), starts)

    def _place(self, paragraphs: list[_Paragraph], span: Span, starts: list[list[int]]) -> None:
        """Remember where paragraphs stand, and mark what was put in and struck out."""
        for paragraph, begins in zip(paragraphs, starts, strict=True):
            written = _Written(span, begins)
            self._written[id(paragraph)] = written
            for change, author, first, last in _changes(paragraph):
                place = Span(written.at(first), written.at(last + 1))
                if change == "insertion" and place.end > place.start:
                    self._builder.mark("insertion", place, author=self._name(author))
                elif change == "deletion":
                    struck = normalise_text("".join(piece.text for piece in paragraph.pieces[first : last + 1])).strip()
                    self._builder.remark("deletion", struck, Span(place.start, place.start), author=self._name(author))

    def _name(self, author: int) -> str:
        names = self._reader.authors
        return names[author] if 0 <= author < len(names) and names[author] != "Unknown" else ""


def _laid_out(paragraphs: list[_Paragraph]) -> tuple[str, list[list[int]]]:
    """The text of paragraphs on lines, and for each where its pieces begin, with its end as the last."""
    text = ""
    all_starts = []
    for paragraph in paragraphs:
        if text:
            text += "\n"
        pieces, starts = [], []
        length = len(text)
        is_first_tab = paragraph.is_point
        for piece in paragraph.pieces:
            starts.append(length)
            if piece.change != "deletion":
                said = normalise_text(piece.text)
                if is_first_tab and "\t" in said:
                    said, is_first_tab = said.replace("\t", " ", 1), False
                said = said if length else said.lstrip()
                pieces.append(said)
                length += len(said)
        text += "".join(pieces)
        all_starts.append([*starts, length])
    return text.rstrip(), all_starts


def _changes(paragraph: _Paragraph) -> Iterator[tuple[str, int, int, int]]:
    """Runs of pieces with the same change by the same author: (change, author, first, last)."""
    first = 0
    pieces = paragraph.pieces
    for index in range(1, len(pieces) + 1):
        if index == len(pieces) or pieces[index][1:] != pieces[first][1:]:
            if pieces[first].change:
                yield pieces[first].change, pieces[first].author, first, index - 1
            first = index
