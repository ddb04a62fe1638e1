"""OpenDocument texts and sheets (LibreOffice and others) -> text, with tracked changes and notes in the margin."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from innspill.reading.charsets import normalise_text
from innspill.reading.documents.builder import AttachmentText, UnreadableAttachment
from innspill.reading.documents.forms import header_columns
from innspill.reading.documents.numbering import BULLET, format_number
from innspill.reading.documents.packages import Package, attribute, child, children, name_of, parse_xml, whole_number
from innspill.reading.documents.reviewed import (
    LARGE_PICTURE,
    PAGE_NUMBER,
    CellText,
    Note,
    NoteMark,
    ReviewedDocument,
    ReviewedText,
    Sink,
    footnote_mark,
    hidden_address,
)
from innspill.reading.documents.sheets import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, SheetNote, table_text

WHITE_SPACE = re.compile(r"[ \t\r\n]+")
MAX_SPACES, MAX_SPAN, MAX_LEVELS = 200, 100, 10
# A row of a sheet that is repeated more often than this was filled in by no person.
MAX_REPEATED = 50
CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}
NUMBER_KINDS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
GROUPS = frozenset({"table:table-header-rows", "table:table-row-group", "table:table-rows"})
CONTAINERS = frozenset({"text:section", "text:index-body", "text:table-of-content", "text:index-title", "draw:page"})
DOCUMENTS = ("office:text", "office:presentation", "office:drawing")
HEADS = frozenset({"style:header", "style:footer", "style:header-first", "style:footer-first"})
DAMAGED = "its text could be read only in part, for the file is damaged. Ask the sender to save it anew"
LOCKED = "it is locked with a password. Ask the sender for a copy without one"


def read_opendocument(data: bytes) -> AttachmentText:
    """The text of an .odt or .ods file, flat XML (.fodt, .fods) too.

    Raises:
        UnreadableAttachment: it cannot be opened, or is locked.
    """
    if data[:2] == b"PK":
        package = Package(data)
        manifest = package.content("META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest:
            raise UnreadableAttachment(LOCKED)
        root, styles = package.tree("content.xml"), package.tree("styles.xml")
        is_whole = "content.xml" not in package.damaged
    else:
        root, is_whole = parse_xml(data)
        styles = None  # they stand in the same tree
    body = child(root, "office:body")
    if root is None or body is None:
        raise UnreadableAttachment("it is an OpenDocument file that is damaged; ask the sender to save it anew")
    if (sheet := child(body, "office:spreadsheet")) is not None:
        return _read_sheets(sheet, is_whole=is_whole)
    text = next((part for part in body if name_of(part) in DOCUMENTS), None)
    if text is None:
        raise UnreadableAttachment("it is an OpenDocument file without text")
    return _Reader(root, styles).read(text, is_whole=is_whole)


# Texts ---------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _List:
    """A list under way: the style of its numbers, and how far each level has counted."""

    style: str
    counts: list[int | None] = field(default_factory=lambda: [None] * MAX_LEVELS)


class _Reader:
    """Reads one text document."""

    def __init__(self, root: etree._Element, styles: etree._Element | None) -> None:
        self._roots = [tree for tree in (root, styles) if tree is not None]
        self._document = ReviewedDocument()
        self._list_styles = {
            attribute(element, "style:name"): element
            for tree in self._roots
            for element in tree.iter()
            if name_of(element) == "text:list-style"
        }
        outlines = (e for tree in self._roots for e in tree.iter() if name_of(e) == "text:outline-style")
        self._outline = next(outlines, None)
        self._titles = {"Title"} | {
            attribute(element, "style:name")
            for tree in self._roots
            for element in tree.iter()
            if name_of(element) == "style:style" and attribute(element, "style:parent-style-name") == "Title"
        }
        self._lists: dict[str, _List] = {}
        self._last_list = _List("")
        self._headings = _List("")
        self._changes: dict[str, etree._Element] = {}
        self._inserted: dict[str, str] = {}
        self._notes: dict[str, Note] = {}
        self._footnotes: list[tuple[str, etree._Element]] = []
        self._boxes: list[etree._Element] = []
        self._left_out: Counter[str] = Counter()

    def read(self, text: etree._Element, *, is_whole: bool) -> AttachmentText:
        """The document's text."""
        self._write_letterhead()
        for region in children(text, "text:tracked-changes"):
            for change in children(region, "text:changed-region"):
                for key in ("text:id", "xml:id"):
                    if name := attribute(change, key):
                        self._changes[name] = change
        self._blocks(text, self._document)
        for mark, body in self._footnotes:
            collected = CellText()
            self._blocks(body, collected)
            self._document.paragraph(collected.text, mark=f"{mark} " if mark else "")
        self._document.omit_counted(self._left_out)
        if not is_whole:
            self._document.writer.omit(DAMAGED)
        return self._document.result(self._notes)

    # Blocks

    def _blocks(self, parent: etree._Element, sink: Sink) -> None:
        for element in parent:
            self._block(element, sink)

    def _block(self, element: etree._Element, sink: Sink) -> None:
        name = name_of(element)
        if name in ("text:p", "text:h"):
            self._paragraph(element, sink)
        elif name in ("text:list", "text:numbered-paragraph"):
            self._list(element, sink)
        elif name == "table:table":
            self._table(element, sink)
        elif name in CONTAINERS or name.endswith("-index"):
            self._blocks(element, sink)
        elif name == "text:change":
            text = ReviewedText()
            self._struck_out(element, text)
            sink.paragraph(text)
        elif name in ("text:change-start", "text:change-end"):
            self._insertion(name, element)
        elif name.startswith("draw:"):
            self._drawing(element)
            self._write_boxes(sink)
        elif name in ("office:annotation", "office:annotation-end"):
            self._annotation(name, element, sink.note_between)

    def _paragraph(self, element: etree._Element, sink: Sink, mark: str = "", level: int = 0) -> None:
        if self._document.is_full():
            return
        is_point = mark == BULLET or mark[-2:-1] in (".", ")")
        text = ReviewedText()
        self._inline(element, text)
        boxes, self._boxes = self._boxes, []
        if name_of(element) == "text:h":
            mark, is_point = f"# {mark if mark != BULLET else ''}", False
            if mark == "# " and text.has_words:
                mark += self._heading_number(element)
        elif attribute(element, "text:style-name") in self._titles:
            mark, is_point = "# ", False
        sink.paragraph(text, mark=mark, is_point=is_point, level=level)
        self._boxes = boxes
        self._write_boxes(sink)

    def _write_boxes(self, sink: Sink) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._blocks(box, sink)

    def _heading_number(self, element: etree._Element) -> str:
        level = whole_number(attribute(element, "text:outline-level"), MAX_LEVELS) - 1
        if self._outline is None or attribute(element, "text:is-list-header") == "true":
            return ""
        return self._number(self._outline, self._headings, level, "text:outline-level-style")

    # Lists

    def _list(self, element: etree._Element, sink: Sink, level: int = 0, own: _List | None = None) -> None:
        if own is None:
            style = attribute(element, "text:style-name")
            continued = attribute(element, "text:continue-list")
            if continued in self._lists:
                own = self._lists[continued]
            elif attribute(element, "text:continue-numbering") == "true" and self._last_list.style == style:
                own = self._last_list
            else:
                own = _List(style)
            self._last_list = own
            if key := attribute(element, "xml:id") or attribute(element, "text:id"):
                self._lists[key] = own
        items = [element] if name_of(element) == "text:numbered-paragraph" else element
        for item in items:
            has_number = name_of(item) != "text:list-header"
            if start := attribute(item, "text:start-value"):
                own.counts[min(level, MAX_LEVELS - 1)] = whole_number(start, 10**6) - 1
            for block in item:
                name = name_of(block)
                if name in ("text:p", "text:h"):
                    mark = self._point_mark(own, level) if has_number and _has_words(block) else ""
                    self._paragraph(block, sink, mark, level)
                    has_number = has_number and not mark
                elif name == "text:list":
                    if style := attribute(block, "text:style-name"):
                        own.style = style if level == 0 and not own.style else own.style
                    self._list(block, sink, min(level + 1, MAX_LEVELS - 1), own)
                else:
                    self._block(block, sink)

    def _point_mark(self, own: _List, level: int) -> str:
        style = self._list_styles.get(own.style)
        return BULLET if style is None else self._number(style, own, level, "text:list-level-style")

    def _number(self, style: etree._Element, own: _List, level: int, kind: str) -> str:
        """The number or bullet of the next point at a level, as the style draws it; empty where it draws none."""
        levels = {
            whole_number(attribute(element, "text:level"), MAX_LEVELS) - 1: element
            for element in style
            if name_of(element).startswith(kind)
        }
        drawn = levels.get(level)
        if drawn is None:
            return ""
        if not name_of(drawn).endswith(("number", "outline-level-style")):
            return BULLET
        count = own.counts[level]
        own.counts[level] = (
            whole_number(attribute(drawn, "text:start-value") or "1", 10**6) if count is None else count + 1
        )
        own.counts[level + 1 :] = [None] * (MAX_LEVELS - level - 1)
        number_kind = attribute(drawn, "style:num-format")
        if not number_kind:
            return ""
        n_shown = max(1, whole_number(attribute(drawn, "text:display-levels") or "1", MAX_LEVELS))
        shown = []
        for above in range(max(0, level - n_shown + 1), level + 1):
            of_level = attribute(levels[above], "style:num-format") if above in levels else ""
            if of_level:
                shown.append(format_number(own.counts[above] or 1, NUMBER_KINDS.get(of_level, "decimal")))
        prefix, suffix = attribute(drawn, "style:num-prefix"), attribute(drawn, "style:num-suffix")
        return f"{prefix}{'.'.join(shown)}{suffix}".strip() + " "

    # Tables

    def _table(self, element: etree._Element, sink: Sink) -> None:
        rows = [list(children(row, "table:table-cell", "table:covered-table-cell")) for row in _rows(element)]
        if self._is_layout(rows):
            for row in rows:
                for cell in row:
                    self._blocks(cell, sink)
            return
        texts: list[list[ReviewedText]] = []
        merged: dict[tuple[int, int], tuple[int, int]] = {}
        for number, row in enumerate(rows):
            line: list[ReviewedText] = []
            for cell in row:
                if self._document.is_full(len(line)):
                    break
                column = len(line)
                collected = CellText()
                self._blocks(cell, collected)
                repeated = whole_number(attribute(cell, "table:number-columns-repeated") or "1", MAX_SPAN)
                line += [collected.text, *(ReviewedText() for _ in range(repeated - 1))]
                for down in range(1, whole_number(attribute(cell, "table:number-rows-spanned") or "1", len(rows))):
                    merged[number + down, column] = (number, column)
            texts.append(line)
        sink.table(texts, merged)

    def _is_layout(self, rows: Sequence[Sequence[etree._Element]]) -> bool:
        """Whether a table only lays out what stands in it: a frame around text, or tables side by side in it."""
        if max(map(len, rows), default=0) <= 1:
            return True
        nested = any(child(cell, "table:table") is not None for row in rows for cell in row)
        return nested and not any(header_columns([_plain(cell) for cell in row]) for row in rows)

    # Words

    def _inline(self, parent: etree._Element, text: ReviewedText) -> None:
        self._say(text, parent.text)
        for element in parent:
            self._inline_element(element, text)
            self._say(text, element.tail)

    def _inline_element(self, element: etree._Element, text: ReviewedText) -> None:
        name = name_of(element)
        if name == "text:s":
            self._add(text, " " * min(whole_number(attribute(element, "text:c") or "1", MAX_SPACES), MAX_SPACES))
        elif name == "text:tab":
            self._add(text, "\t")
        elif name == "text:line-break":
            self._add(text, "\n")
        elif name == "text:note":
            self._footnote(element, text)
        elif name == "text:change":
            self._struck_out(element, text)
        elif name in ("text:change-start", "text:change-end"):
            self._insertion(name, element)
        elif name in ("office:annotation", "office:annotation-end"):
            self._annotation(name, element, text.note)
        elif name.startswith("draw:"):
            self._drawing(element)
        elif name == "text:a":
            start = text.length
            self._inline(element, text)
            self._add(text, hidden_address(attribute(element, "xlink:href"), text.since(start)))
        elif name not in ("text:soft-page-break", "text:ruby-text", "text:bookmark", "text:reference-mark"):
            self._inline(element, text)  # spans, fields, content controls

    def _say(self, text: ReviewedText, words: str | None) -> None:
        """Add words as they stand between elements, where several spaces, and line ends, are one space."""
        if words:
            self._add(text, WHITE_SPACE.sub(" ", words))

    def _add(self, text: ReviewedText, words: str) -> None:
        author = next(iter(self._inserted.values()), None)
        text.add(words, inserted_by=author)

    def _footnote(self, element: etree._Element, text: ReviewedText) -> None:
        citation, body = child(element, "text:note-citation"), child(element, "text:note-body")
        mark = "" if citation is None else _plain(citation)
        is_endnote = attribute(element, "text:note-class") == "endnote"
        mark = f"[{mark}]" if is_endnote else footnote_mark(mark)
        self._add(text, mark)
        if body is not None:
            self._footnotes.append((mark, body))

    def _drawing(self, element: etree._Element) -> None:
        """The text boxes of a drawing, to be read after its paragraph; pictures large enough for words are counted."""
        found = list(_boxes(element))
        self._boxes += found
        if found:
            return
        for part in element.iter():
            name = name_of(part)
            if name == "draw:object" or name == "draw:object-ole":
                self._left_out["embedded object"] += 1
                return
            if name == "draw:image":
                frame = part.getparent()
                if frame is not None and _length(frame, "svg:width") * _length(frame, "svg:height") >= LARGE_PICTURE:
                    self._left_out["picture or drawing"] += 1

    # Changes and notes

    def _struck_out(self, element: etree._Element, text: ReviewedText) -> None:
        """The words that were struck out at a place, a paragraph each."""
        region = self._changes.pop(attribute(element, "text:change-id"), None)  # struck out at one place, and said once
        deletion = child(region, "text:deletion")
        if deletion is None:
            return
        author = _author(deletion)
        inserted, self._inserted = self._inserted, {}
        for number, block in enumerate(b for b in deletion if name_of(b) != "office:change-info"):
            words = CellText(has_marks=False)
            self._block(block, words)
            if words.text.has_words:
                text.strike(words.text.text, author, apart=number > 0)
        self._inserted = inserted

    def _insertion(self, name: str, element: etree._Element) -> None:
        key = attribute(element, "text:change-id")
        if name == "text:change-end":
            self._inserted.pop(key, None)
            return
        insertion = child(self._changes.get(key), "text:insertion")
        if insertion is not None:
            self._inserted[key] = _author(insertion)

    def _annotation(self, name: str, element: etree._Element, note: Callable[[NoteMark, str], None]) -> None:
        key = attribute(element, "office:name")
        if name == "office:annotation-end":
            note("closes", key)
            return
        key = key or f"note {len(self._notes)}"
        words = CellText()
        for block in element:
            if name_of(block) in ("text:p", "text:h", "text:list"):
                plain = _plain(block)
                words.text.add(f"\n{plain}" if words.text.length and plain else plain)
        parent = next((str(value) for own, value in element.items() if str(own).endswith("}parent-name")), "")
        self._notes[key] = Note(words.text.text, _text_of(element, "dc:creator"), parent)
        note("opens", key)
        note("stands", key)

    # Around the text

    def _write_letterhead(self) -> None:
        """What stands at the head and foot of pages, once."""
        lines: dict[str, None] = {}
        for tree in self._roots:
            for element in tree.iter():
                if name_of(element) in HEADS:
                    for paragraph in element.iter():
                        if name_of(paragraph) in ("text:p", "text:h") and _has_words(paragraph):
                            words = normalise_text(_plain(paragraph))
                            lines |= {} if PAGE_NUMBER.fullmatch(words) else {words: None}
        self._document.writer.letterhead("\n".join(lines))


# Pieces --------------------------------------------------------------------------------------------------------------


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, those in groups too."""
    for element in table:
        if name_of(element) == "table:table-row":
            yield element
        elif name_of(element) in GROUPS:
            yield from _rows(element)


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """What holds paragraphs in a drawing: text boxes, and shapes with words in them."""
    if any(name_of(part) in ("text:p", "text:list") for part in element):
        yield element
        return
    for part in element:
        if name_of(part) not in ("svg:title", "svg:desc", "office:event-listeners"):
            yield from _boxes(part)


def _plain(element: etree._Element) -> str:
    """The words in an element, a line for each paragraph; notes in it are left out."""
    pieces: list[str] = []
    _gather(element, pieces)
    return "\n".join(" ".join(line.split()) for line in "".join(pieces).split("\n")).strip()


def _gather(element: etree._Element, pieces: list[str]) -> None:
    pieces.append(WHITE_SPACE.sub(" ", element.text or ""))
    for part in element:
        name = name_of(part)
        if name in ("text:p", "text:h", "text:line-break") and pieces:
            pieces.append("\n")
        if name in ("text:s", "text:tab"):
            pieces.append(" ")
        elif name not in ("office:annotation", "text:note"):
            _gather(part, pieces)
        pieces.append(WHITE_SPACE.sub(" ", part.tail or ""))


def _has_words(element: etree._Element) -> bool:
    return any(str(piece).strip() for piece in element.itertext())


def _text_of(element: etree._Element | None, name: str) -> str:
    found = child(element, name)
    return "" if found is None else " ".join((found.text or "").split())


def _author(change: etree._Element) -> str:
    return _text_of(child(change, "office:change-info"), "dc:creator")


def _length(element: etree._Element, key: str) -> float:
    """A drawing's side in centimetres."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)(cm|mm|in|pt|pc|px)", attribute(element, key))
    return float(match[1]) * CENTIMETRES[match[2]] if match else 0.0


# Sheets --------------------------------------------------------------------------------------------------------------


def _read_sheets(spreadsheet: etree._Element, *, is_whole: bool) -> AttachmentText:
    """The rows of the sheets as text and cells, and the notes on them."""
    sheets = []
    omissions = [] if is_whole else [DAMAGED]
    n_cells = 0
    for table in children(spreadsheet, "table:table"):
        rows: dict[int, dict[int, str]] = {}
        notes: list[SheetNote] = []
        merged: list[tuple[int, int, int, int]] = []
        number = 1
        for row in _rows(table):
            if n_cells > MAX_CELLS or number > MAX_ROWS + 1:
                break  # `table_text` tells what is beyond
            repeated = whole_number(attribute(row, "table:number-rows-repeated") or "1", 10**8)
            values = _sheet_row(row, number, notes, merged)
            for shift in range(min(repeated, MAX_REPEATED) if values else 0):
                rows[number + shift] = dict(values)
            if values and repeated > MAX_REPEATED:
                omissions.append(
                    f"row {number} of a sheet is repeated {repeated} times, and was read {MAX_REPEATED} times"
                )
            n_cells += len(values) * min(repeated, MAX_REPEATED)
            number += max(repeated, 1)
        sheets.append((attribute(table, "table:name"), rows, merged, notes))
    return table_text(sheets, omissions=tuple(omissions))


def _sheet_row(
    row: etree._Element, number: int, notes: list[SheetNote], merged: list[tuple[int, int, int, int]]
) -> dict[int, str]:
    """The filled cells of a row by column, from 1; what hangs on them is added to the lists."""
    values: dict[int, str] = {}
    column = 1
    for cell in children(row, "table:table-cell", "table:covered-table-cell"):
        repeated = max(1, whole_number(attribute(cell, "table:number-columns-repeated") or "1", 10**8))
        words = _plain(cell) or normalise_text(attribute(cell, "office:string-value"))
        if words:
            # One column beyond the limit is told of as left out.
            values |= dict.fromkeys(range(column, min(column + repeated, max(column, MAX_COLUMNS) + 2)), words)
        note = child(cell, "office:annotation")
        if note is not None:
            said = "\n".join(_plain(block) for block in children(note, "text:p", "text:list"))
            notes.append(SheetNote(number, column, said, _text_of(note, "dc:creator")))
        down = whole_number(attribute(cell, "table:number-rows-spanned") or "1", MAX_ROWS)
        across = whole_number(attribute(cell, "table:number-columns-spanned") or "1", MAX_COLUMNS)
        if max(down, across) > 1:
            merged.append((number, column, number + max(down, 1) - 1, column + max(across, 1) - 1))
        column += repeated
    return values
