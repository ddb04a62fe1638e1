"""Comment forms in Excel and CSV -> text and cells.

An .xlsx file is read as it stands in its archive, element by element: what is hidden, merged, computed or noted is
seen, nothing is computed, and neither a million columns nor a sheet that claims them takes more than its bytes.
"""

import csv
import io
import posixpath
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, NamedTuple

from innspill.reading.charsets import decode, normalise_text
from innspill.reading.documents.builder import AttachmentText, TextBuilder, UnreadableAttachment
from innspill.reading.documents.forms import FormRow, is_place, lay_out_form, with_bounds_joined
from innspill.reading.documents.numbers import Shown, shown_number
from innspill.records import Span

# What is read of a workbook: far above any form that people fill in. What lies beyond is named in an omission.
MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_SHEETS = 50_000, 250, 300_000, 60
MAX_CHARACTERS = 5_000_000
MAX_SHARED, MAX_SHARED_CHARACTERS = 500_000, 20_000_000
MAX_NOTES, MAX_MERGED, MAX_STYLES = 5_000, 20_000, 70_000
# Rows that a merged cell's place is carried down.
MAX_CARRIED = 500
# Formulas without a value, and hidden columns, that a sentence names.
MAX_NAMED = 5
CELL_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
# What unpacking a damaged archive raises.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError)
DELIMITERS = ";,\t|"
SAMPLE_LINES = 40


class _Value(NamedTuple):
    """A cell's text as the sheet shows it, and what it is if its column is for lines or pages, or for chapters."""

    text: str
    as_number: str = ""
    as_chapter: str = ""


class SheetNote(NamedTuple):
    """A note on a cell, which is told by its row and column, from 1."""

    row: int
    column: int
    text: str
    author: str


@dataclass(slots=True)
class _Sheet:
    """A sheet: its rows by number, the merged ranges (first row, first column, last row, last column), its notes."""

    name: str
    rows: dict[int, dict[int, _Value]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    notes: list[SheetNote] = field(default_factory=list)
    omissions: list[str] = field(default_factory=list)


def read_csv(data: bytes) -> AttachmentText:
    """The rows of a comment form in CSV, whatever its charset and delimiter.

    Raises:
        UnreadableAttachment: it holds no text.
    """
    text = normalise_text(_decoded(data)).lstrip("\ufeff")
    if not text.strip():
        raise UnreadableAttachment("it is empty")
    sheet = _Sheet("")
    budget = _Budget()
    for number, row in enumerate(_as_wide_as_most(list(islice(_csv_rows(text), MAX_ROWS + 1))), start=1):
        if not budget.takes_row(sheet, number):
            break
        for column, value in enumerate(row, start=1):
            if value.strip() and budget.takes(sheet, number, column, value):
                number_of = value.strip()
                as_number = re.sub(r"[.,]0+$", "", number_of) if re.fullmatch(r"\d+[.,]0+", number_of) else ""
                sheet.rows.setdefault(number, {})[column] = _Value(value, as_number)
    return _table([sheet], tuple(budget.omissions))


def read_xlsx(data: bytes) -> AttachmentText:
    """The rows of the sheets of an Excel workbook, and the notes on their cells.

    Raises:
        UnreadableAttachment: it cannot be opened.
    """
    from lxml.etree import LxmlError

    budget = _Budget()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sheets = list(_Workbook(archive, budget).sheets())
    except (*DAMAGE, KeyError, ValueError, OSError, RuntimeError, LxmlError) as error:
        raise UnreadableAttachment(f"Excel workbook that cannot be opened ({type(error).__name__})") from error
    return _table(sheets, tuple(budget.omissions))


def table_text(
    sheets: Sequence[tuple[str, Mapping[int, Mapping[int, str]], list[tuple[int, int, int, int]], list[SheetNote]]],
    *,
    omissions: tuple[str, ...] = (),
) -> AttachmentText:
    """Lay out sheets that were read elsewhere, as those of a workbook are.

    Args:
        sheets: For each its name, the texts of its cells by row and column (from 1), its merged ranges (first row,
            first column, last row, last column), and the notes on its cells.
        omissions: What was left out already.
    """
    budget = _Budget()
    taken = []
    for name, rows, merged, notes in sheets:
        sheet = _Sheet(" ".join(normalise_text(name).split())[:80], merged=merged, notes=notes)
        for number in sorted(rows):
            if not budget.takes_row(sheet, number):
                break
            for column, text in sorted(rows[number].items()):
                if text.strip() and budget.takes(sheet, number, column, text):
                    sheet.rows.setdefault(number, {})[column] = _Value(text)
        taken.append(sheet)
    return _table(taken, (*omissions, *budget.omissions))


# Text ----------------------------------------------------------------------------------------------------------------


def _table(sheets: Sequence[_Sheet], omissions: tuple[str, ...]) -> AttachmentText:
    """Lay sheets out as text, a cell a line, and say what each cell's column is for; then the notes on the cells.

    Cells outside the forms, and columns of an unknown kind, are kept as text without a purpose.
    """
    writer = TextBuilder()
    margin: list[tuple[str, Span, str]] = []
    for sheet in sheets:
        spans = _write_rows(writer, sheet)
        for note in sheet.notes:
            margin.append((note.text, spans.get((note.row, note.column), Span(0, 0)), note.author))
        omissions += tuple(sheet.omissions)
    for text, anchor, author in margin:
        writer.remark("note", normalise_text(text).strip(), anchor, author=author)
    return replace(writer.result(is_sheet=True), omissions=omissions)


def _write_rows(writer: TextBuilder, sheet: _Sheet) -> dict[tuple[int, int], Span]:
    """Write the filled rows of a sheet; where each cell's text stands, by its row and column in the sheet."""
    numbers = sorted(sheet.rows)
    columns = sorted({column for row in sheet.rows.values() for column in row})
    rows = [
        [sheet.rows[number][column].text if column in sheet.rows[number] else "" for column in columns]
        for number in numbers
    ]
    laid_out = lay_out_form(rows)
    header: list[str] = []
    carried = _Carried(sheet.merged)
    spans: dict[tuple[int, int], Span] = {}
    noted: dict[int, set[int]] = {}
    for note in sheet.notes:
        noted.setdefault(note.row, set()).add(note.column)
    group: int | None = None
    for index, number in enumerate(numbers):
        values = rows[index]
        form = laid_out[index] if laid_out else FormRow({}, index)
        if form.is_header:
            header = values
        else:
            values = _as_places(values, columns, form, sheet.rows[number])
            values = carried.filled(values, columns, form, number)
            values = with_bounds_joined(values, header, form.purposes)
        goes_on = bool(form.purposes) and (group == form.group or carried.continues(number, columns, form))
        written = writer.row(values, form.purposes, is_header=form.is_header, goes_on=goes_on)
        group = form.group if form.purposes else None
        spans |= {(number, columns[place]): span for place, span in written.items()}
        first = next(iter(written.values()), None)
        if first is not None:  # a note on an empty cell hangs on the row's first words
            for column in noted.get(number, ()):
                spans.setdefault((number, column), first)
    return spans


def _as_places(values: list[str], columns: Sequence[int], form: FormRow, row: Mapping[int, _Value]) -> list[str]:
    """The values with those in columns for lines, pages and chapters as what they were before Excel read them.

    Excel takes «5-12» for a date and «3.10» for a number.
    """
    result = list(values)
    for place, purpose in form.purposes.items():
        value = row.get(columns[place]) if place < len(columns) else None
        if value is None or not is_place(purpose):
            continue
        result[place] = (value.as_chapter if purpose == "section" else value.as_number) or value.text
    return result


class _Carried:
    """What merged cells say on the rows that they reach down to."""

    def __init__(self, merged: Sequence[tuple[int, int, int, int]]) -> None:
        # For each row and column below the first row of a merged cell: that first row.
        self._first: dict[tuple[int, int], int] = {
            (row, left): top
            for top, left, bottom, _ in merged
            for row in range(top + 1, min(bottom, top + MAX_CARRIED) + 1)
        }
        self._said: dict[tuple[int, int], str] = {}

    def filled(self, values: list[str], columns: Sequence[int], form: FormRow, number: int) -> list[str]:
        """The row's values with the places of merged cells that began on a row above it."""
        result = list(values)
        for place, purpose in form.purposes.items():
            if place >= len(columns) or not is_place(purpose):
                continue
            if result[place].strip():
                self._said[number, columns[place]] = result[place]
            elif (first := self._first.get((number, columns[place]))) is not None:
                result[place] = self._said.get((first, columns[place]), "")
        return result

    def continues(self, number: int, columns: Sequence[int], form: FormRow) -> bool:
        """Whether the row belongs to the comment of the row above, since its comment's cell is merged with that one."""
        said = [
            columns[place] for place, purpose in form.purposes.items() if purpose == "comment" and place < len(columns)
        ]
        return bool(said) and all((number, column) in self._first for column in said)


# Limits --------------------------------------------------------------------------------------------------------------


class _Budget:
    """How much of a file is taken in, and what to say of the rest."""

    def __init__(self) -> None:
        self.omissions: list[str] = []
        self._cells, self._characters = MAX_CELLS, MAX_CHARACTERS
        self._said: set[tuple[str, str]] = set()

    def takes_row(self, sheet: _Sheet, number: int) -> bool:
        """Whether a row (1-based) is still read."""
        if number > MAX_ROWS or self._cells <= 0 or self._characters <= 0:
            sentence = (
                f"rows from {number} on were not read{_of(sheet)}: innspill reads {MAX_ROWS} rows, {MAX_CELLS} cells "
                f"and {MAX_CHARACTERS} characters of a file. Split it and send in the rest."
            )
            self._say(sheet, "rows", sentence)
            return False
        return True

    def takes(self, sheet: _Sheet, row: int, column: int, text: str) -> bool:
        """Whether a filled cell is still read."""
        if column > MAX_COLUMNS:
            sentence = (
                f"columns beyond {column_letters(MAX_COLUMNS)} were not read{_of(sheet)} (first seen in row {row}). "
                "Move what they hold, and send the file in again."
            )
            self._say(sheet, "columns", sentence)
            return False
        self._cells -= 1
        self._characters -= len(text)
        return self._cells >= 0 and self._characters >= 0

    def _say(self, sheet: _Sheet, what: str, sentence: str) -> None:
        if (sheet.name, what) not in self._said:
            self._said.add((sheet.name, what))
            self.omissions.append(sentence)


def _of(sheet: _Sheet) -> str:
    return f" (sheet «{sheet.name}»)" if sheet.name else ""


def column_letters(number: int) -> str:
    """The letters that a sheet shows over its column `number`, 1-based.

    >>> [column_letters(number) for number in (1, 26, 27, 250)]
    ['A', 'Z', 'AA', 'IP']
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _place(reference: str) -> tuple[int, int] | None:
    """«B12» -> row 12, column 2; None for what is no cell's name."""
    match = CELL_PLACE.fullmatch(reference.replace("$", "").upper())
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]), column


# Workbooks -----------------------------------------------------------------------------------------------------------


class _Workbook:
    """The parts of an .xlsx archive, each read in a stream with entities and outside references left alone."""

    def __init__(self, archive: zipfile.ZipFile, budget: _Budget) -> None:
        self._archive, self._budget = archive, budget
        self._names = {name.lower(): name for name in archive.namelist()}
        self._main = self._main_part()
        self._relations = self._relations_of(self._main)
        self._from_1904 = False
        self._shared = self._shared_strings()
        self._formats = self._number_formats()

    def sheets(self) -> Iterator[_Sheet]:
        """The sheets in the order of their tabs, the hidden ones too."""
        listed: list[tuple[str, str, bool]] = []
        for item in self._elements(self._main, "sheet", "workbookPr"):
            if _local(item) == "workbookPr":
                self._from_1904 = item.get("date1904") in ("1", "true")
                continue
            relation = next((value for key, value in item.attrib.items() if key.rpartition("}")[2] == "id"), "")
            name = " ".join(normalise_text(item.get("name") or "").split())[:80]
            listed.append((name, relation, item.get("state", "visible") != "visible"))
        if len(listed) > MAX_SHEETS:
            self._budget.omissions.append(
                f"sheets from «{listed[MAX_SHEETS][0]}» on were not read; innspill reads {MAX_SHEETS}. "
                "Split the workbook and send in the rest."
            )
        people = self._people()
        for name, relation, is_hidden in listed[:MAX_SHEETS]:
            kind, path = self._relations.get(relation, ("", ""))
            if not kind.endswith("worksheet"):
                self._budget.omissions.append(f"the sheet «{name}» is a chart or a macro sheet and was not read.")
                continue
            sheet = _Sheet(name)
            if is_hidden:
                sheet.omissions.append(f"the sheet «{name}» is hidden in Excel; it was read.")
            self._read_sheet(sheet, path)
            self._read_notes(sheet, path, people)
            yield sheet

    def _read_sheet(self, sheet: _Sheet, path: str) -> None:
        from lxml.etree import XMLSyntaxError

        cells = _SheetReader(sheet, self._budget, self._shared, self._formats, self._from_1904)
        try:
            for element in self._elements(path, "row", "c", "col", "mergeCell", starts=("row",)):
                cells.take(element)
        except (*DAMAGE, XMLSyntaxError, KeyError) as error:
            last = max(sheet.rows, default=0)
            sheet.omissions.append(
                f"the sheet «{sheet.name}» is damaged after row {last} ({type(error).__name__}); what follows was not "
                "read. Open the workbook in Excel, save it, and send it in again."
            )
        cells.finish()

    def _main_part(self) -> str:
        for kind, path in self._relations_of("").values():
            if kind.endswith("officeDocument"):
                return path
        return "xl/workbook.xml"

    def _relations_of(self, path: str) -> dict[str, tuple[str, str]]:
        """Id -> (kind, path in the archive) of what a part refers to; references to outside are left out."""
        folder, name = posixpath.split(path)
        found: dict[str, tuple[str, str]] = {}
        for item in self._elements(posixpath.join(folder, "_rels", f"{name}.rels"), "Relationship"):
            if item.get("TargetMode") == "External":
                continue
            target = (item.get("Target") or "").replace("\\", "/")
            full = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
            found[item.get("Id") or ""] = (item.get("Type") or "", full)
        return found

    def _shared_strings(self) -> list[str]:
        path = next((path for kind, path in self._relations.values() if kind.endswith("sharedStrings")), "")
        strings: list[str] = []
        left = MAX_SHARED_CHARACTERS
        for item in self._elements(path, "si"):
            text = _text(item)
            left -= len(text)
            if len(strings) >= MAX_SHARED or left < 0:
                self._budget.omissions.append(
                    f"texts beyond the first {len(strings)} of the workbook were not read: it holds more than innspill "
                    "takes in. Split it and send in the rest."
                )
                break
            strings.append(text)
        return strings

    def _number_formats(self) -> list[tuple[int, str]]:
        """For each style of a cell its number format: the number of a built-in one, and the code of another."""
        path = next((path for kind, path in self._relations.values() if kind.endswith("/styles")), "")
        codes: dict[int, str] = {}
        formats: list[tuple[int, str]] = []
        for item in self._elements(path, "numFmt", "cellXfs"):
            if _local(item) == "numFmt":
                codes[_integer(item.get("numFmtId"))] = (item.get("formatCode") or "")[:200]
            else:
                for style in list(item)[:MAX_STYLES]:
                    number = _integer(style.get("numFmtId"))
                    formats.append((number, codes.get(number, "")))
        return formats

    def _people(self) -> dict[str, str]:
        """The writers of threaded comments by their id."""
        paths = [path for kind, path in self._relations.values() if kind.endswith("/person")]
        return {
            item.get("id") or "": " ".join((item.get("displayName") or "").split())
            for path in paths
            for item in self._elements(path, "person")
        }

    def _read_notes(self, sheet: _Sheet, path: str, people: Mapping[str, str]) -> None:
        """Threaded comments, and notes; Excel writes each thread a second time as a note, for old programs."""
        relations = self._relations_of(path).values()
        threaded = [target for kind, target in relations if kind.endswith("/threadedComment")]
        for target in threaded:
            for item in self._elements(target, "threadedComment"):
                self._note(sheet, item.get("ref"), _text(item), people.get(item.get("personId") or "", ""))
        in_thread = {(note.row, note.column) for note in sheet.notes}
        for target in [target for kind, target in relations if kind.endswith("/comments")]:
            authors: list[str] = []
            for item in self._elements(target, "author", "comment"):
                if _local(item) == "author":
                    authors.append(" ".join((item.text or "").split()))
                    continue
                index = _integer(item.get("authorId"))
                author = authors[index] if 0 <= index < len(authors) else ""
                if author.startswith("tc=") and _place(item.get("ref") or "") in in_thread:
                    continue
                self._note(sheet, item.get("ref"), _without_author(_text(item), author), author)

    def _note(self, sheet: _Sheet, reference: str | None, text: str, author: str) -> None:
        place = _place(reference or "") or (1, 1)
        if not text.strip():
            return
        if len(sheet.notes) >= MAX_NOTES:
            if len(sheet.notes) == MAX_NOTES:
                self._budget.omissions.append(f"notes beyond the first {MAX_NOTES} were not read{_of(sheet)}.")
            return
        sheet.notes.append(SheetNote(*place, text[: MAX_CHARACTERS // 10], "" if author.startswith("tc=") else author))

    def _elements(self, path: str, *tags: str, starts: Sequence[str] = ()) -> Iterator[Any]:
        """The elements with one of these names, when they end (or start), one after the other; each is then let go."""
        from lxml.etree import iterparse

        name = self._names.get(path.lower())
        if name is None:
            return
        with self._archive.open(name) as stream:
            parsed = iterparse(
                stream,
                events=("start", "end") if starts else ("end",),
                tag=tuple(f"{{*}}{tag}" for tag in tags),
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                remove_comments=True,
                remove_pis=True,
            )
            for event, element in parsed:
                if event == "start":
                    if _local(element) in starts:
                        yield element
                elif _local(element) not in starts:
                    yield element
                    _let_go(element)
                else:
                    _let_go(element)


class _SheetReader:
    """Takes in the rows, cells, columns and merged ranges of one sheet as they come."""

    def __init__(
        self,
        sheet: _Sheet,
        budget: _Budget,
        shared: Sequence[str],
        formats: Sequence[tuple[int, str]],
        from_1904: bool,
    ) -> None:
        self._sheet, self._budget, self._shared, self._formats = sheet, budget, shared, formats
        self._from_1904 = from_1904
        self._row, self._column = 0, 0
        self._hidden_rows: set[int] = set()
        self._hidden_columns: list[tuple[int, int]] = []
        self._not_computed: list[str] = []
        self._n_not_computed = 0

    def take(self, element: Any) -> None:  # noqa: ANN401 - an lxml element
        """Take in an element: a row as it starts, all else as it ends."""
        name = _local(element)
        if name == "row":
            self._row = _integer(element.get("r")) or self._row + 1
            self._column = 0
            if element.get("hidden") in ("1", "true"):
                self._hidden_rows.add(self._row)
        elif name == "c":
            self._take_cell(element)
        elif name == "col" and element.get("hidden") in ("1", "true") and len(self._hidden_columns) < MAX_COLUMNS:
            self._hidden_columns.append((_integer(element.get("min")), _integer(element.get("max"))))
        elif name == "mergeCell" and len(self._sheet.merged) < MAX_MERGED:
            ends = [_place(end) for end in (element.get("ref") or "").split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                self._sheet.merged.append((*ends[0], *ends[1]))

    def finish(self) -> None:
        """Say what is hidden, and which formulas have no value."""
        filled = {column for row in self._sheet.rows.values() for column in row}
        hidden = [number for number in filled if any(low <= number <= high for low, high in self._hidden_columns)]
        if hidden:
            named = ", ".join(map(column_letters, sorted(hidden)[:MAX_NAMED]))
            self._sheet.omissions.append(f"columns are hidden in Excel{_of(self._sheet)} ({named}); they were read.")
        rows = sorted(number for number in self._hidden_rows if self._sheet.rows.get(number))
        if rows:
            named = ", ".join(map(str, rows[:MAX_NAMED])) + (" and others" if len(rows) > MAX_NAMED else "")
            self._sheet.omissions.append(f"rows are hidden in Excel{_of(self._sheet)} ({named}); they were read.")
        if self._not_computed:
            named = ", ".join(self._not_computed) + (" and others" if self._n_not_computed > MAX_NAMED else "")
            self._sheet.omissions.append(
                f"formulas without a stored value{_of(self._sheet)} ({named}) were not read. "
                "Open the workbook in Excel, save it, and send it in again."
            )

    def _take_cell(self, cell: Any) -> None:  # noqa: ANN401 - an lxml element
        place = _place(cell.get("r") or "")
        row, column = place or (self._row, self._column + 1)
        self._column = column
        value = self._value(cell)
        if value is None:
            if len(self._not_computed) < MAX_NAMED:
                self._not_computed.append(f"{column_letters(column)}{row}")
            self._n_not_computed += 1
        elif value.text and self._budget.takes_row(self._sheet, row) and self._budget.takes(
            self._sheet, row, column, value.text
        ):  # fmt: skip
            self._sheet.rows.setdefault(row, {})[column] = value

    def _value(self, cell: Any) -> _Value | None:  # noqa: ANN401 - an lxml element
        """What a cell shows; None for a formula that was never computed."""
        kind = cell.get("t") or "n"
        stored, has_formula = "", False
        for child in cell:
            name = _local(child)
            if name == "v":
                stored = child.text or ""
            elif name == "is":
                stored = _text(child)
            elif name == "f":
                has_formula = True
        if not stored:
            return None if has_formula and kind != "str" else _Value("")
        if kind == "s":
            index = _integer(stored)
            return _of_text(self._shared[index] if 0 <= index < len(self._shared) else "")
        if kind in ("str", "inlineStr", "d"):
            return _of_text(stored)
        if kind == "b":
            return _Value("SANN" if stored.strip() in ("1", "true") else "USANN")
        if kind == "e":
            return _Value("")
        style = _integer(cell.get("s"))
        number, code = self._formats[style] if style < len(self._formats) else (0, "")
        return _of_number(shown_number(stored, number, code, from_1904=self._from_1904))


def _of_text(text: str) -> _Value:
    """A text; «45,0» in a column for lines is 45."""
    text = _unescaped(text).strip()
    whole = re.fullmatch(r"(\d{1,5})[.,]0+", text)
    return _Value(text, whole[1] if whole else "")


def _of_number(shown: Shown) -> _Value:
    return _Value(shown.text, shown.as_number, shown.as_chapter)


def _text(element: Any) -> str:  # noqa: ANN401 - an lxml element
    """The texts in an element without the readings of East Asian signs (rPh)."""
    pieces = []
    for item in element.iter("{*}t", "{*}text"):
        if not any(_local(above) == "rPh" for above in item.iterancestors()):
            pieces.append(item.text or "")
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    """Excel writes characters that XML has no place for as «_x000D_»."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def _without_author(text: str, author: str) -> str:
    """Excel begins a note with its writer's name on a line of its own."""
    text = text.strip()
    return text[len(author) + 1 :].lstrip() if author and text.startswith(f"{author}:") else text


def _local(element: Any) -> str:  # noqa: ANN401 - an lxml element
    return str(element.tag).rpartition("}")[2]


def _let_go(element: Any) -> None:  # noqa: ANN401 - an lxml element
    """Free an element that has been read, so that a sheet is never held as a tree."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _integer(value: str | None) -> int:
    """A whole number as it stands in a file; 0 where it is none."""
    text = (value or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0


# CSV -----------------------------------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    """The text of a CSV file. Excel's «Unicode text» is UTF-16, with or without a mark at its start."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    sample = data[:2_000]
    for charset, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(sample) >= 8 and sample[offset::2].count(0) > 0.4 * len(sample):
            return data.decode(charset, errors="replace")
    return decode(data)


def _as_wide_as_most(records: list[list[str]]) -> Iterator[list[str]]:
    """The records, of those with more fields than most the last ones as one: «For kort; mangler kilde» unquoted."""
    widths = Counter(map(len, records))
    usual, count = max(widths.items(), key=lambda width: (width[1], width[0]), default=(0, 0))
    is_usual = usual > 1 and 2 * count > len(records)
    for record in records:
        if is_usual and len(record) > usual and all(field.strip() for field in record[usual - 1 :]):
            yield [*record[: usual - 1], "; ".join(map(str.strip, record[usual - 1 :]))]
        else:
            yield record


def _csv_rows(text: str) -> Iterator[list[str]]:
    """The records of a CSV file. A quotation mark that is never closed is taken for a sign like others."""
    said = re.match(r"sep=(.)\n", text, re.IGNORECASE)
    delimiter = said[1] if said else _delimiter(text)
    lines = text[said.end() if said else 0 :].split("\n")
    start = 0
    while start < len(lines):
        reader = csv.reader(_with_ends(lines, start), delimiter=delimiter)
        done = 0
        try:
            for record in reader:
                raw = "\n".join(lines[start + done : start + reader.line_num])
                if reader.line_num - done > 1 and start + reader.line_num >= len(lines) and raw.count('"') % 2:
                    break
                done = reader.line_num
                yield record
            else:
                return
        except csv.Error:  # a field of more than 128 KiB, most often for the want of a closing mark
            pass
        yield lines[start + done].split(delimiter)
        start += done + 1


def _with_ends(lines: Sequence[str], start: int) -> Iterator[str]:
    for index in range(start, len(lines)):
        yield lines[index] + "\n"


def _delimiter(text: str) -> str:
    """The sign that parts most lines into the same number of fields; outside quotation marks."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in re.sub(r'"[^"]{0,5000}"', "", text[:50_000]).split("\n")]
    lines = [line for line in lines if line.strip()][:SAMPLE_LINES]

    def evidence(sign: str) -> tuple[float, int]:
        counts = [line.count(sign) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        alike = counts.count(usual) / len(counts) if counts and usual else 0.0
        return round(alike, 1), sum(counts)

    return max(DELIMITERS, key=evidence)
