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
from pathlib import Path

from innspill.errors import ReportError
from innspill.records import Cell, Span

MAX_ATTACHMENT = 60_000_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
MAX_CELLS = 200_000

# What a column of a comment form is for, by the words of its header.
COLUMN_WORDS: dict[str, re.Pattern[str]] = {
    "line": re.compile(r"\b(?:linje|linjer|linjenr|linjenummer|linja|line|lines|l\.nr)\b", re.IGNORECASE),
    "page": re.compile(r"\b(?:side|sidetall|sidenr|sider|page)\b", re.IGNORECASE),
    "section": re.compile(r"\b(?:kapittel|kap|avsnitt|punkt|pkt|del|section|chapter|delkapittel)\b", re.IGNORECASE),
    "comment": re.compile(r"\b(?:kommentar|kommentarer|kommentarar|merknad|merknader|innspill|innspel|tilbakemelding|comment|comments|synspunkt)\b", re.IGNORECASE),
    "proposal": re.compile(r"\b(?:forslag|endring|endringsforslag|ny tekst|framlegg|proposal|proposed|suggested)\b", re.IGNORECASE),
    "reason": re.compile(r"\b(?:begrunnelse|grunngiving|grunngjeving|justification|reason|rationale)\b", re.IGNORECASE),
}
# Decided in this order: «Forslag til endring i kapittel» is a proposal, «Linje i rapporten» a line.
COLUMN_ORDER = ("proposal", "reason", "comment", "line", "page", "section")


class UnreadableAttachment(Exception):
    """The attachment cannot be read; the message tells why, for a note."""


@dataclass(frozen=True, slots=True)
class AttachmentText:
    """The text of an attachment and, for a comment form, its cells."""

    text: str
    cells: tuple[Cell, ...] = ()


def read_attachment(name: str, data: bytes) -> AttachmentText | None:
    """The text of an attachment, by what its bytes are; None for a kind that holds no text (an image, a sound).

    Raises:
        UnreadableAttachment: it is empty, broken, locked or too large.
    """
    if not data:
        raise UnreadableAttachment("it is empty (0 bytes)")
    if len(data) > MAX_ATTACHMENT:
        raise UnreadableAttachment(f"it is larger than {MAX_ATTACHMENT // 1_000_000} MB")
    suffix = Path(name).suffix.lower()
    if data[:5] == b"%PDF-" or suffix == ".pdf":
        return AttachmentText(_normal(_pdf_text(data)))
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if suffix in (".csv", ".tsv"):
        return _table([row for row in _csv_rows(decode(data))])
    if suffix in (".txt", ".md", ".text"):
        return AttachmentText(_normal(decode(data)))
    if suffix in (".docx", ".xlsx"):
        raise UnreadableAttachment("it is not the Office document that its name says (damaged?)")
    return None


def decode(data: bytes, declared: str | None = None) -> str:
    """Bytes to text: the declared charset, then UTF-8, then Windows-1252 (which never fails on what is left)."""
    for charset in (declared, "utf-8-sig"):
        if not charset:
            continue
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", errors="replace") if b"\x81" not in data else data.decode("latin-1")


def _normal(text: str) -> str:
    """NFC, ``"\\n"`` line ends, no-break spaces as spaces, no control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text.replace("\u00a0", " ").replace("\u200b", ""))


normalise_text = _normal


# Office documents ------------------------------------------------------------------------------------------------------


def _office(data: bytes) -> AttachmentText | None:
    names = _bounded_names(data)
    if "word/document.xml" in names:
        return AttachmentText(_normal(_docx_text(data)))
    if "xl/workbook.xml" in names:
        return _xlsx(data)
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


def _docx_text(data: bytes) -> str:
    """Headings, paragraphs, list points and table rows of a Word document, in order, an empty line between blocks."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    try:
        document = Document(io.BytesIO(data))
    except (PackageNotFoundError, LxmlError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UnreadableAttachment(f"Word document that cannot be opened ({type(error).__name__})") from error
    return "".join(_docx_blocks(document))


def _docx_blocks(document: object) -> Iterator[str]:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    previous_list = False
    for item in document.iter_inner_content():  # type: ignore[attr-defined]
        if isinstance(item, Paragraph):
            text = _paragraph_text(item)
            style = (item.style.name if item.style is not None else "") or ""
            properties = item._p.pPr
            is_list = "List" in style or (properties is not None and properties.numPr is not None)
            if not text.strip():
                continue
            if is_list:
                yield ("" if previous_list else "") + f"- {text.strip()}\n"
            elif style.startswith(("Heading", "Overskrift", "Title", "Tittel")):
                yield f"\n# {text.strip()}\n\n"
            else:
                yield f"\n{text.strip()}\n"
            previous_list = is_list
        elif isinstance(item, Table):
            yield "\n"
            for row in item.rows:
                cells = list(dict.fromkeys(cell.text.strip().replace("\n", " ") for cell in row.cells))
                yield " | ".join(cell for cell in cells if cell) + "\n\n"
            previous_list = False


def _paragraph_text(paragraph: object) -> str:
    """A paragraph's text with tracked insertions and content controls, which python-docx's own `text` leaves out."""
    from docx.oxml.ns import qn

    pieces = []
    for node in paragraph._p.iter(qn("w:t"), qn("w:tab"), qn("w:br")):  # type: ignore[attr-defined]
        pieces.append({qn("w:tab"): "\t", qn("w:br"): "\n"}.get(node.tag, node.text or ""))
    return "".join(pieces)


def _xlsx(data: bytes) -> AttachmentText:
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [
            [["" if value is None else _cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True, max_col=60, max_row=5_000)]
            for sheet in workbook.worksheets
        ]
        workbook.close()
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, TypeError, EOFError) as error:
        raise UnreadableAttachment(f"Excel workbook that cannot be opened ({type(error).__name__})") from error
    return _table([row for sheet in sheets for row in [*sheet, []]])


def _cell_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _csv_rows(text: str) -> Iterator[list[str]]:
    sample = text[:4_000]
    delimiter = max(";,\t", key=sample.count)
    yield from csv.reader(io.StringIO(text), delimiter=delimiter)


def _table(rows: list[list[str]]) -> AttachmentText:
    """Lay a table out as text, a cell a line, and say what each cell's column is for.

    The header is the first row with a column for comments beside another known column; cells above it, and columns of
    an unknown kind, are kept as text without a purpose.
    """
    if sum(map(len, rows)) > MAX_CELLS:
        raise UnreadableAttachment(f"it has more than {MAX_CELLS} cells")
    lines: list[str] = []
    cells: list[Cell] = []
    columns: dict[int, str] = {}
    position = 0
    for row_number, row in enumerate(rows, start=1):
        header = _header_columns(row)
        if header:
            columns = header
        filled = [(index, _normal(value)) for index, value in enumerate(row) if value.strip()]
        for index, value in filled:
            if not header and index in columns:
                cells.append(Cell(columns[index], row_number, Span(position, position + len(value))))
            lines.append(value)
            position += len(value) + 1
        if filled:
            lines.append("")
            position += 1
        elif not row:
            columns = {}
    return AttachmentText("\n".join(lines), tuple(cells))


def _header_columns(row: list[str]) -> dict[int, str]:
    """Column index -> purpose, when the row is the header of a comment form; else empty."""
    found: dict[int, str] = {}
    for index, value in enumerate(row):
        text = value.strip()
        if not text or len(text) > 60:
            continue
        purpose = next((name for name in COLUMN_ORDER if COLUMN_WORDS[name].search(text)), None)
        if purpose and purpose not in found.values():
            found[index] = purpose
    return found if "comment" in found.values() and len(found) >= 2 else {}


# PDF letters -----------------------------------------------------------------------------------------------------------


def _pdf_text(data: bytes) -> str:
    """The paragraphs of a PDF letter, with an empty line between them."""
    from innspill.reading.layout import lay_out, line_pitch
    from innspill.reading.pdf import open_pdf, read_pages

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "attachment.pdf"
        path.write_bytes(data)
        try:
            document = open_pdf(path)
            pages = list(read_pages(document, path))
            document.close()
        except ReportError as error:
            raise UnreadableAttachment(f"PDF that cannot be opened ({str(error).replace(str(path), 'it')})") from error
    laid_out, _ = lay_out(pages)
    if not any(page.rows for page in laid_out):
        raise UnreadableAttachment("PDF without text (scanned?); run text recognition on it and send it in again")
    pieces: list[str] = []
    for page in laid_out:
        pitch = line_pitch(page.rows)
        for before, row in zip([None, *page.rows], page.rows, strict=False):
            new = before is None or row.baseline - before.baseline > 1.3 * pitch or row.bold != before.bold
            continues = before is None and pieces and not re.search(r"[.!?:]$", pieces[-1].rstrip())
            pieces.append(("\n\n" if new and pieces and not continues else "\n" if pieces else "") + row.text)
    return "".join(pieces)
