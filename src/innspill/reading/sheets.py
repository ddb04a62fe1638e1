"""Comment forms in Excel and CSV -> text and cells."""

import csv
import io
import zipfile
from collections.abc import Iterator

from innspill.reading.charsets import decode, normalise_text
from innspill.reading.documents import AttachmentText, TextBuilder, UnreadableAttachment
from innspill.reading.forms import header_columns

MAX_CELLS = 200_000
MAX_ROWS, MAX_COLUMNS = 5_000, 60
# Notes on cells are read only from workbooks up to this size: it takes the whole workbook into memory.
MAX_SHEET_WITH_NOTES = 3_000_000


def read_csv(data: bytes) -> AttachmentText:
    """The rows of a comment form in CSV, whatever its delimiter.

    Raises:
        UnreadableAttachment: it has too many cells.
    """
    return _table(list(_csv_rows(normalise_text(decode(data)))))


def read_xlsx(data: bytes) -> AttachmentText:
    """The rows of the sheets of an Excel workbook.

    Raises:
        UnreadableAttachment: it cannot be opened, or has too many cells.
    """
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
    writer = TextBuilder()
    columns: dict[int, str] = {}
    for row in rows:
        header = header_columns(row, below=columns)
        columns = header or (columns if row else {})
        writer.row(row, columns, is_header=bool(header))
    return writer.result(is_sheet=True)
