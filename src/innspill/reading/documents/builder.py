"""What every reader of attached documents shares: the record that it gives, the builder of its text, its limits."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType

from innspill.reading.charsets import normalise_text
from innspill.reading.documents.forms import HEADER, OTHER, FormRow, is_place, lay_out_form, with_bounds_joined
from innspill.records import Cell, Remark, RemarkKind, Span

MAX_ATTACHMENT = 60_000_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
# What a point of a list stands further in than the point that it hangs under; no list that is read is deeper.
INDENT, MAX_LEVEL = "  ", 8
# (row, column) of the cells that belong to a cell further up -> where that stands.
Merged = Mapping[tuple[int, int], tuple[int, int]]
NOT_MERGED: Merged = MappingProxyType({})


class UnreadableAttachment(Exception):  # noqa: N818 (says what the attachment is)
    """The attachment cannot be read; the message tells why, for a note."""


@dataclass(frozen=True, slots=True)
class AttachmentText:
    """The text of an attachment, its cells where it is a comment form, and the remarks in its margin and its changes.

    `is_sheet` tells that what stands outside the cells is the form's own text, not the sender's. `deleted` are spans
    of words that tracked changes strike out; they stand in `text`, so that nothing is lost, and are not said.
    `omissions` tell what was left out («rows beyond 20,000»), a sentence each. `letterhead` are spans of what stands at
    the head and foot of every page: it tells who writes, and says nothing of the report.
    """

    text: str
    cells: tuple[Cell, ...] = ()
    is_sheet: bool = False
    remarks: tuple[Remark, ...] = ()
    deleted: tuple[Span, ...] = ()
    omissions: tuple[str, ...] = ()
    letterhead: tuple[Span, ...] = ()


def bounded_names(data: bytes) -> set[str]:
    """The names in a zip archive, after its size unpacked has been held against the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableAttachment(f"the file is damaged ({error})") from error
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(data), 10_000):
        raise UnreadableAttachment("it would unpack to far more than a document holds (a zip bomb?)")
    return {entry.filename for entry in entries}


class TextBuilder:
    """Builds the text of a document block by block, and remembers where the cells of its forms stand."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._cells: list[Cell] = []
        self._row = 0
        self._in_list = False
        self._remarks: list[Remark] = []
        self._deleted: list[Span] = []
        self._omissions: dict[str, None] = {}
        self._letterhead: list[Span] = []

    @property
    def length(self) -> int:
        """How many code points were written."""
        return self._length

    def _write(self, text: str) -> Span:
        self._pieces.append(text)
        self._length += len(text)
        return Span(self._length - len(text), self._length)

    def block(self, text: str, *, is_point: bool = False, level: int = 0) -> Span:
        """A block, with an empty line before it; points of one list stand on lines that follow each other.

        Args:
            text: Its words, those of a point after its mark.
            is_point: Whether it is a list's point.
            level: How many points it hangs under; so many times two blanks stand before it, and not in the span given.
        """
        if not text:
            return Span(self._length, self._length)
        if self._length:
            self._write("\n" if is_point and self._in_list else "\n\n")
        self._in_list = is_point
        if is_point and level > 0:
            self._write(INDENT * min(level, MAX_LEVEL))
        return self._write(text)

    def remark(self, kind: RemarkKind, text: str, anchor: Span | None, *, author: str = "") -> None:
        """Words of the margin, or struck out, as a block of their own that hangs on `anchor`; nothing where empty.

        Where nothing tells what they hang on, `anchor` is None, and they hang on themselves. White space at the ends
        of `text` is written, but not part of the remark.
        """
        if words := text.strip():
            start = self.block(text).start + text.index(words)
            span = Span(start, start + len(words))
            self._remarks.append(Remark(kind, span, span if anchor is None else anchor, author))
            if kind == "deletion":
                self._deleted.append(span)

    def mark(self, kind: RemarkKind, span: Span, *, author: str = "") -> None:
        """Words that stand in the text already and were put in (or, in a PDF, struck out) by a reviewer."""
        self._remarks.append(Remark(kind, span, span, author))
        if kind == "deletion":
            self._deleted.append(span)

    def omit(self, omission: str) -> None:
        """Tell what was left out, in a sentence; the same one is told once."""
        self._omissions[omission] = None

    def letterhead(self, text: str) -> None:
        """A block of what stands at the head or foot of every page."""
        if text:
            self._letterhead.append(self.block(text))

    def row(
        self, values: Sequence[str], columns: Mapping[int, str], *, is_header: bool = False, goes_on: bool = False
    ) -> dict[int, Span]:
        """A table's row, a cell a line; `columns` tells what the cells are for, by their place in `values`.

        `goes_on` tells that the row belongs to the same comment as the row before it.

        Returns:
            Where each filled cell's text stands, by its place in `values`.
        """
        self._row += not (goes_on and self._row)
        filled = [(index, normalise_text(value).strip()) for index, value in enumerate(values) if value.strip()]
        spans: dict[int, Span] = {}
        for order, (index, value) in enumerate(filled):
            if self._length:
                self._write("\n" if order or goes_on else "\n\n")
            spans[index] = self._write(value)
            if columns:
                purpose = HEADER if is_header else columns.get(index, OTHER)
                self._cells.append(Cell(purpose, self._row, spans[index]))
        self._in_list = False
        return spans

    def share_cell(self, purpose: str, span: Span) -> None:
        """Words that stand in the row of a form further up and hold for the last row too."""
        self._cells.append(Cell(purpose, self._row, span))

    def bars(self, values: Sequence[str]) -> dict[int, Span]:
        """A table's row as a block, its cells parted by bars; where each filled cell's text stands."""
        shown = {index: " ".join(normalise_text(value).split()) for index, value in enumerate(values) if value.strip()}
        position = self.block(" | ".join(shown.values())).start
        spans: dict[int, Span] = {}
        for index, text in shown.items():
            spans[index] = Span(position, position + len(text))
            position += len(text) + 3
        return spans

    def result(self, *, is_sheet: bool = False) -> AttachmentText:
        """What was written."""
        return AttachmentText(
            "".join(self._pieces),
            tuple(self._cells),
            is_sheet and bool(self._cells),
            tuple(self._remarks),
            tuple(self._deleted),
            tuple(self._omissions),
            tuple(self._letterhead),
        )


def write_table(
    writer: TextBuilder,
    rows: list[list[str]],
    *,
    merged: Merged = NOT_MERGED,
    laid_out: Sequence[FormRow] | None = None,
) -> list[dict[int, Span]]:
    """A comment form as cells; any other table a row a block, its cells parted by bars.

    Args:
        writer: Where the table is written.
        rows: The texts of the cells, each at the place of its column.
        merged: (row, column) of an empty cell that belongs to a cell further up -> where that stands. What is written
            once for several rows, a chapter say, holds for all of them.
        laid_out: What the cells are for, where that is known already.

    Returns:
        For each row where each filled cell's text stands, by its column.
    """
    group = -1
    header: list[str] = []
    written: list[dict[int, Span]] = []
    for number, (row, form) in enumerate(zip_longest(rows, lay_out_form(rows) if laid_out is None else laid_out)):
        if form is not None and form.purposes:
            if form.is_header:
                header = values = [" ".join(value.split()) for value in row]
            else:
                values = with_bounds_joined(row, header, form.purposes)
            spans = writer.row(values, form.purposes, is_header=form.is_header, goes_on=form.group == group)
            group = form.group
            for column, purpose in form.purposes.items():
                above, column_above = merged.get((number, column), (number, column))
                if above < number and is_place(purpose) and column_above in written[above]:
                    writer.share_cell(purpose, written[above][column_above])
        else:
            spans = writer.bars(row)
            group = -1
        written.append(spans)
    return written
