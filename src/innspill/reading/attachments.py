"""Attachments that hold comments: Word documents, comment forms in Excel or CSV, PDF letters, plain text.

Attachments are hostile input: archives are bounded before they are opened, formulas are read as their stored values,
and no external reference is followed.
"""

import csv
import io
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from innspill.errors import ReportError
from innspill.reading.forms import HEADER, OTHER, header_columns
from innspill.reading.html import html_to_text
from innspill.records import Cell, Span

MAX_ATTACHMENT = 60_000_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
MAX_CELLS = 200_000
MAX_ROWS, MAX_COLUMNS = 5_000, 60
# Notes on cells are read only from workbooks up to this size: it takes the whole workbook into memory.
MAX_SHEET_WITH_NOTES = 3_000_000


LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class UnreadableAttachment(Exception):  # noqa: N818 (says what the attachment is)
    """The attachment cannot be read; the message tells why, for a note."""


@dataclass(frozen=True, slots=True)
class AttachmentText:
    """The text of an attachment and, for a comment form, its cells.

    `is_sheet` tells that what stands outside the cells is the form's own text, not the sender's.
    """

    text: str
    cells: tuple[Cell, ...] = ()
    is_sheet: bool = False


def read_attachment(name: str, data: bytes, content_type: str = "") -> AttachmentText | None:
    """The text of an attachment, by what its bytes are; None for a kind that holds no text (an image, a sound).

    Args:
        name: The file name; its ending tells what text is in.
        data: The bytes.
        content_type: What the mail declares it to be.

    Raises:
        UnreadableAttachment: it is empty, broken, locked or too large.
    """
    if not data:
        raise UnreadableAttachment("it is empty (0 bytes)")
    if len(data) > MAX_ATTACHMENT:
        raise UnreadableAttachment(f"it is larger than {MAX_ATTACHMENT // 1_000_000} MB")
    try:
        return _read(name, data, content_type)
    except UnreadableAttachment:
        raise
    except Exception as error:  # whatever a library makes of bytes that someone sent, the run goes on
        raise UnreadableAttachment(f"it is damaged ({type(error).__name__})") from error


def _read(name: str, data: bytes, content_type: str) -> AttachmentText | None:
    """Read by what the bytes are; the name's suffix decides only between kinds of plain text."""
    suffix = Path(name).suffix.lower()
    if data[:5] == b"%PDF-" or suffix == ".pdf":
        return AttachmentText(normalise_text(_pdf_text(data)))
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if suffix in (".docx", ".xlsx"):
        raise UnreadableAttachment(
            "it is not the Office document that its name says (damaged, or locked with a password?)"
        )
    if suffix in (".doc", ".xls", ".odt", ".ods", ".rtf", ".pages"):
        raise UnreadableAttachment(f"innspill does not read {suffix}; save it as .docx, .xlsx or PDF")
    if suffix in (".csv", ".tsv"):
        return _table(list(_csv_rows(normalise_text(decode(data)))))
    if suffix in (".html", ".htm") or content_type == "text/html":
        return AttachmentText(html_to_text(normalise_text(decode(data))).text)
    if suffix in (".txt", ".md", ".text") or content_type == "text/plain":
        return AttachmentText(normalise_text(decode(data)))
    return None


def decode(data: bytes, declared: str | None = None) -> str:
    """Bytes to text: the declared charset, then UTF-8, then Windows-1252 (which never fails on what is left)."""
    for charset in (declared, "utf-8-sig"):
        if not charset:
            continue
        try:
            return data.decode(charset)
        except (LookupError, ValueError):  # UnicodeError of some codecs is no UnicodeDecodeError
            continue
    return data.decode("cp1252", errors="replace") if b"\x81" not in data else data.decode("latin-1")


def normalise_text(text: str) -> str:
    """NFC, ``"\\n"`` line ends, no-break spaces as spaces, no control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text.replace("\u00a0", " ").replace("\u200b", ""))
    return LONE_SURROGATE.sub("\ufffd", text)


# Office documents ----------------------------------------------------------------------------------------------------


def _office(data: bytes) -> AttachmentText | None:
    names = _bounded_names(data)
    if "word/document.xml" in names:
        return _docx(data)
    if "xl/workbook.xml" in names:
        return _xlsx(data)
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableAttachment("innspill does not read OpenDocument; save it as .docx, .xlsx or PDF")
    return None


def _bounded_names(data: bytes) -> set[str]:
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


def _docx(data: bytes) -> AttachmentText:
    """Headings, paragraphs, list points and tables of a Word document, in order; then the notes in its margin."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from lxml.etree import LxmlError

    writer = _Writer()
    try:
        document = Document(io.BytesIO(data))
        for element in _docx_blocks(document.element.body):
            item = (Paragraph if element.tag.endswith("}p") else Table)(element, document)
            if isinstance(item, Paragraph):
                _write_paragraph(writer, item)
            elif isinstance(item, Table):
                _write_table(writer, _docx_rows(item))
        for comment in document.comments:
            writer.block(normalise_text(comment.text).strip())
    except (PackageNotFoundError, LxmlError, KeyError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise UnreadableAttachment(f"Word document that cannot be opened ({type(error).__name__})") from error
    return writer.result()


def _docx_blocks(parent: Any) -> Iterator[Any]:  # noqa: ANN401 - lxml elements
    """The paragraphs and tables under an element, in order, those in content controls too."""
    for element in parent:
        name = str(element.tag).rpartition("}")[2]
        if name in ("p", "tbl"):
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "smartTag"):
            yield from _docx_blocks(element)


class _Writer:
    """Builds the text of a document block by block, and remembers where the cells of its forms stand."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._cells: list[Cell] = []
        self._row = 0
        self._in_list = False

    def _write(self, text: str) -> Span:
        self._pieces.append(text)
        self._length += len(text)
        return Span(self._length - len(text), self._length)

    def block(self, text: str, *, is_point: bool = False) -> None:
        """A block, with an empty line before it; points of one list stand on lines that follow each other."""
        if not text:
            return
        if self._length:
            self._write("\n" if is_point and self._in_list else "\n\n")
        self._write(text)
        self._in_list = is_point

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
        return AttachmentText("".join(self._pieces), tuple(self._cells), is_sheet and bool(self._cells))


def _write_paragraph(writer: _Writer, paragraph: object) -> None:
    text = normalise_text(_paragraph_text(paragraph)).strip()
    style_of = getattr(paragraph, "style", None)
    style = (style_of.name if style_of is not None else "") or ""
    properties = paragraph._p.pPr  # type: ignore[attr-defined]
    is_list = "List" in style or (properties is not None and properties.numPr is not None)
    if not text:
        return
    if style.startswith(("Heading", "Overskrift", "Title", "Tittel")):
        writer.block("# " + text.replace("\n", " "))
    else:
        writer.block(f"- {text}" if is_list else text, is_point=is_list)


def _docx_rows(table: object) -> list[list[str]]:
    """The rows of a Word table; a cell merged over several columns counts once, with empty ones after it."""
    rows = []
    for row in table.rows:  # type: ignore[attr-defined]
        seen: set[int] = set()
        values = []
        for cell in row.cells:
            values.append("" if id(cell._tc) in seen else "\n".join(_paragraph_text(item) for item in cell.paragraphs))
            seen.add(id(cell._tc))
        rows.append(values)
    return rows


def _write_table(writer: _Writer, rows: list[list[str]]) -> None:
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


def _paragraph_text(paragraph: object) -> str:
    """A paragraph's text with tracked insertions and content controls, which python-docx's own `text` leaves out."""
    from docx.oxml.ns import qn

    pieces = []
    fallback = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
    for node in paragraph._p.iter(qn("w:t"), qn("w:tab"), qn("w:br")):  # type: ignore[attr-defined]
        if next(node.iterancestors(fallback), None) is not None:
            continue  # a text box stands twice in the file, for new and for old programs
        pieces.append({qn("w:tab"): "\t", qn("w:br"): "\n"}.get(node.tag, node.text or ""))
    return "".join(pieces)


def _xlsx(data: bytes) -> AttachmentText:
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(
            io.BytesIO(data), data_only=True, keep_links=False, read_only=len(data) > MAX_SHEET_WITH_NOTES
        )
        sheets = [_sheet_rows(sheet, read_only=workbook.read_only) for sheet in workbook.worksheets]
        workbook.close()
    except (
        KeyError,
        ValueError,
        OSError,
        zipfile.BadZipFile,
        TypeError,
        EOFError,
        AttributeError,
        IndexError,
    ) as error:
        raise UnreadableAttachment(f"Excel workbook that cannot be opened ({type(error).__name__})") from error
    return _table([row for sheet in sheets for row in [*sheet, []]])


def _sheet_rows(sheet: object, *, read_only: bool) -> list[list[str]]:
    """The rows of a sheet as text, without the empty cells at their ends; never an empty list for a row."""
    max_row, max_column = MAX_ROWS, MAX_COLUMNS
    if not read_only:  # here a sheet knows its size, and asking for more would make the cells
        max_row = min(sheet.max_row, MAX_ROWS)  # type: ignore[attr-defined]
        max_column = min(sheet.max_column, MAX_COLUMNS)  # type: ignore[attr-defined]
    rows = []
    for cells in sheet.iter_rows(max_row=max_row, max_col=max_column):  # type: ignore[attr-defined]
        values = [_cell_text(cell) for cell in cells]
        while len(values) > 1 and not values[-1]:
            values.pop()
        rows.append(values or [""])
    return rows


def _cell_text(cell: object) -> str:
    """A cell's value as it is shown, with the note that hangs on it below."""
    value = getattr(cell, "value", None)
    note = getattr(getattr(cell, "comment", None), "text", "") or ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{'' if value is None else str(value).strip()}\n{note.strip()}".strip()


def _csv_rows(text: str) -> Iterator[list[str]]:
    sample = text[:4_000]
    delimiter = max(";,\t", key=sample.count)
    yield from csv.reader(io.StringIO(text), delimiter=delimiter)


def _table(rows: list[list[str]]) -> AttachmentText:
    """Lay a sheet out as text, a cell a line, and say what each cell's column is for.

    A header is a row with a column for comments beside another known column. Cells above it, and columns of an unknown
    kind, are kept as text without a purpose. An empty row (the end of a sheet) ends a form.
    """
    if sum(map(len, rows)) > MAX_CELLS:
        raise UnreadableAttachment(f"it has more than {MAX_CELLS} cells")
    writer = _Writer()
    columns: dict[int, str] = {}
    for row in rows:
        header = header_columns(row, below=columns)
        columns = header or (columns if row else {})
        writer.row(row, columns, is_header=bool(header))
    return writer.result(is_sheet=True)


# PDF letters ---------------------------------------------------------------------------------------------------------


def _pdf_text(data: bytes) -> str:
    """The paragraphs of a PDF letter, with an empty line between them."""
    from innspill.reading.layout import lay_out
    from innspill.reading.pdf import Limits, read_pdf

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "attachment.pdf"
        path.write_bytes(data)
        try:
            pages = read_pdf(path, limits=Limits(characters=2_000_000, page_seconds=20, seconds=120, processes=1)).pages
        except ReportError as error:
            raise UnreadableAttachment(
                f"PDF that cannot be opened ({str(error).replace(f'The report {path}', 'it')})"
            ) from error
    # In a letter a column of rising numbers is part of what is said: lines cited in a table, say.
    laid_out, _ = lay_out(pages, with_numbers=False)
    if not any(page.rows for page in laid_out):
        raise UnreadableAttachment("PDF without text (scanned?); run text recognition on it and send it in again")
    pieces: list[str] = []
    for page in laid_out:
        # Short letters have as many gaps between paragraphs as within them: the tighter quarter is the line distance.
        gaps = sorted(after.baseline - row.baseline for row, after in pairwise(page.rows))
        pitch = gaps[len(gaps) // 4] if gaps else 0.0
        for before, row in zip([None, *page.rows], page.rows, strict=False):
            new = before is None or row.baseline - before.baseline > 1.3 * pitch or row.bold != before.bold
            continues = before is None and pieces and not re.search(r"[.!?:]$", pieces[-1].rstrip())
            pieces.append(("\n\n" if new and pieces and not continues else "\n" if pieces else "") + row.text)
    aslant = [" ".join(page.askew) for page in pages if page.askew]
    return "\n\n".join(["".join(pieces), *aslant])
