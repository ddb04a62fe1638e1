"""What every reader of attached documents shares: the record that it gives, the builder of its text, its limits."""

import io
import zipfile
from dataclasses import dataclass

from innspill.reading.charsets import normalise_text
from innspill.reading.forms import HEADER, OTHER, header_columns
from innspill.records import Cell, Remark, RemarkKind, Span

MAX_ATTACHMENT = 60_000_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 200


class UnreadableAttachment(Exception):  # noqa: N818 (says what the attachment is)
    """The attachment cannot be read; the message tells why, for a note."""


@dataclass(frozen=True, slots=True)
class AttachmentText:
    """The text of an attachment, its cells where it is a comment form, and the remarks in its margin and its changes.

    `is_sheet` tells that what stands outside the cells is the form's own text, not the sender's. `deleted` are spans
    of words that tracked changes strike out; they stand in `text`, so that nothing is lost, and are not said.
    `omissions` tell what was left out («rows beyond 20,000»), a sentence each.
    """

    text: str
    cells: tuple[Cell, ...] = ()
    is_sheet: bool = False
    remarks: tuple[Remark, ...] = ()
    deleted: tuple[Span, ...] = ()
    omissions: tuple[str, ...] = ()


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

    def _write(self, text: str) -> Span:
        self._pieces.append(text)
        self._length += len(text)
        return Span(self._length - len(text), self._length)

    def block(self, text: str, *, is_point: bool = False) -> Span:
        """A block, with an empty line before it; points of one list stand on lines that follow each other."""
        if not text:
            return Span(self._length, self._length)
        if self._length:
            self._write("\n" if is_point and self._in_list else "\n\n")
        self._in_list = is_point
        return self._write(text)

    def remark(self, kind: RemarkKind, text: str, anchor: Span, *, author: str = "") -> None:
        """Words of the margin, or struck out, as a block of their own that hangs on `anchor`; nothing where empty."""
        if text:
            span = self.block(text)
            self._remarks.append(Remark(kind, span, anchor, author))
            if kind == "deletion":
                self._deleted.append(span)

    def mark(self, kind: RemarkKind, span: Span, *, author: str = "") -> None:
        """Words that stand in the text already and were put in (or, in a PDF, struck out) by a reviewer."""
        self._remarks.append(Remark(kind, span, span, author))

    def row(self, values: list[str], columns: dict[int, str], *, is_header: bool = False) -> None:
        """A table's row, a cell a line; `columns` tells what the cells are for, by their place in `values`."""
        self._row += 1
        filled = [(index, normalise_text(value).strip()) for index, value in enumerate(values) if value.strip()]
        for order, (index, value) in enumerate(filled):
            if self._length:
                self._write("\n" if order else "\n\n")
            span = self._write(value)
            if columns:
                purpose = HEADER if is_header else columns.get(index, OTHER)
                self._cells.append(Cell(purpose, self._row, span))
        self._in_list = False

    def result(self, *, is_sheet: bool = False) -> AttachmentText:
        """What was written."""
        return AttachmentText(
            "".join(self._pieces),
            tuple(self._cells),
            is_sheet and bool(self._cells),
            tuple(self._remarks),
            tuple(self._deleted),
        )


def write_table(writer: TextBuilder, rows: list[list[str]]) -> None:
    """A comment form as cells; any other table a row a block, its cells parted by bars."""
    columns: dict[int, str] = {}
    is_form = any(header_columns(row) for row in rows)
    for row in rows:
        header = header_columns(row, below=columns)
        columns = header or columns
        if is_form and columns:
            writer.row(row, columns, is_header=bool(header))
        else:
            writer.block(" | ".join(" ".join(normalise_text(value).split()) for value in row if value.strip()))
