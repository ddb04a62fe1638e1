"""Word documents -> text: body, lists with their numbers, tables, footnotes, tracked changes, notes in the margin.

The XML is read as it stands. python-docx leaves out what a consultation's answers are made of: tracked changes,
content controls, text boxes, footnotes, and where a note's words are.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lxml import etree

from innspill.reading.documents.builder import AttachmentText, UnreadableAttachment
from innspill.reading.documents.forms import header_columns
from innspill.reading.documents.numbering import BULLET, MAX_LEVELS, Numbering, format_number
from innspill.reading.documents.packages import (
    Package,
    Relation,
    attribute,
    child,
    children,
    name_of,
    value_of,
    whole_number,
)
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

MAIN_PART = re.compile(r"word/document\d*\.xml")
HEADING = re.compile(r"(?:heading|overskrift|rubrik|überschrift) ?\d|title$|tittel$", re.IGNORECASE)
HEADING_LEVELS = 9
# Only what is marked so in the list goes on the next line; «1 Vi mener» would be read on as running text.
POINT_MARK = re.compile(rf"{BULLET}$|(?!#).*[.)] $")
MAX_COLUMNS, MAX_STYLES, MAX_HEADS = 100, 20, 50
EMU_PER_CM = 360_000
LINK = re.compile(r'HYPERLINK\s+"(https?://[^"\s]+)"', re.IGNORECASE)
# Signs of the fonts that forms and lists are drawn with. Their letters mean nothing in other fonts.
WINGDINGS = {
    0x6F: "☐", 0x71: "☐", 0x72: "☐", 0xA8: "☐", 0xA3: "☐", 0x78: "☒", 0xFD: "☒", 0xFE: "☑", 0x52: "☑", 0x54: "☒",
    0xFC: "✓", 0x50: "✓", 0xFB: "✗", 0x4F: "✗", 0xE0: "→", 0xE8: "→", 0xDF: "←", 0xF0: "⇨", 0x4A: "☺", 0x4C: "☹",
    0xA7: "▪", 0x6C: "●", 0x6E: "■", 0x76: "❖", 0xD8: "➢",
}  # fmt: skip
SYMBOL = {
    0xB7: "•", 0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xAE: "→", 0xAC: "←", 0xB4: "×", 0xB9: "≠", 0xBB: "≈", 0xB0: "°",
    0x2D: "−", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x6D: "μ", 0x73: "σ", 0x44: "Δ", 0x53: "Σ",
}  # fmt: skip
TRANSPARENT = frozenset(
    {"w:smartTag", "w:customXml", "w:fldSimple", "w:dir", "w:bdo", "w:sdtContent", "w:ruby", "w:rubyBase", "w:p"}
)
PUT_IN, STRUCK_OUT = frozenset({"w:ins", "w:moveTo"}), frozenset({"w:del", "w:moveFrom"})
SIGNS = {"w:tab": "\t", "w:ptab": "\t", "w:cr": "\n", "w:noBreakHyphen": "-", "w:softHyphen": ""}
NOTE_MARKS: dict[str, NoteMark] = {
    "w:commentRangeStart": "opens",
    "w:commentRangeEnd": "closes",
    "w:commentReference": "stands",
}
PARTS = {"comments": "its notes in the margin", "footnotes": "its footnotes", "endnotes": "its endnotes"}
DAMAGED = "{what} could be read only in part, or not at all; the file is damaged. Ask the sender to save it anew"


class _Change(NamedTuple):
    """What tracked changes do to the words under way, and who did it."""

    kind: Literal["", "insertion", "deletion"] = ""
    author: str = ""


UNCHANGED = _Change()


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    parent: str
    list_id: str
    level: str
    outline: str


def read_docx(data: bytes) -> AttachmentText:
    """Headings, paragraphs, list points and tables of a Word document, in order; then what was struck out, and notes.

    Raises:
        UnreadableAttachment: it cannot be opened.
    """
    package = Package(data)
    main = next((r.target for r in package.relations("").values() if r.kind == "officeDocument"), "")
    if main not in package.names():
        main = next((name for name in package.names() if MAIN_PART.fullmatch(name)), main)
    root = package.tree(main)
    body = child(root, "w:body")
    if body is None:
        raise UnreadableAttachment("it is a Word document that is damaged; ask the sender to save it anew")
    return _Reader(package, main).read(body)


class _Reader:
    """Reads one document."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._main = main
        self._document = ReviewedDocument()
        self._relations: Mapping[str, Relation] = package.relations(main)
        self._styles = _styles(self._part("styles"))
        self._numbering = Numbering(self._part("numbering"))
        self._boxes: list[etree._Element] = []
        self._carried: ReviewedText | None = None
        self._footnotes: dict[tuple[str, str], str] = {}
        self._n_footnotes: Counter[str] = Counter()
        self._links: list[tuple[str, int]] = []
        self._left_out: Counter[str] = Counter()

    def read(self, body: etree._Element) -> AttachmentText:
        """The document's text."""
        notes = _notes(self._part("comments"), self._part("commentsExtended"), self._plain)
        self._write_letterhead()
        self._blocks(body, self._document)
        self._flush(self._document)
        self._write_footnotes()
        self._tell_omissions()
        return self._document.result(notes)

    def _part(self, kind: str) -> etree._Element | None:
        """The part of the document that holds its comments, styles and so on."""
        names = [r.target for r in self._relations.values() if r.kind == kind and not r.is_outside]
        found = next((name for name in names if name in self._package.names()), f"word/{kind}.xml".lower())
        return self._package.tree(found)

    # Blocks

    def _blocks(self, parent: etree._Element, sink: Sink, change: _Change = UNCHANGED) -> None:
        for element in parent:
            name = name_of(element)
            if name == "w:p":
                self._paragraph(element, sink, change)
            elif name == "w:tbl":
                self._flush(sink)
                self._table(element, sink, change)
            elif name == "w:sdt":
                content = child(element, "w:sdtContent")
                if content is not None and not _is_placeholder(element):
                    self._blocks(content, sink, change)
            elif name in NOTE_MARKS:
                sink.note_between(NOTE_MARKS[name], attribute(element, "w:id"))
            elif name == "mc:AlternateContent":
                if (chosen := _chosen(element)) is not None:
                    self._blocks(chosen, sink, change)
            elif name in PUT_IN or name in STRUCK_OUT:
                self._blocks(element, sink, _changed(name, element, change))
            elif name in ("w:customXml", "w:smartTag", "w:sdtContent"):
                self._blocks(element, sink, change)
            elif name in ("w:altChunk", "w:subDoc"):
                self._left_out["document inside it"] += 1

    def _paragraph(self, element: etree._Element, sink: Sink, change: _Change) -> None:
        if self._document.is_full():
            return
        text = ReviewedText()
        self._links.clear()
        self._inline(element, text, change)
        boxes, self._boxes = self._boxes, []
        properties = child(element, "w:pPr")
        mark_is_struck = child(child(properties, "w:rPr"), "w:del") is not None
        if self._carried is not None:
            text = _joined(self._carried, text)
            self._carried = None
        if mark_is_struck and text.has_words and not boxes:
            self._carried = text
            return
        if text.has_words:
            mark, level = self._mark(properties)
            sink.paragraph(text, mark=mark, is_point=bool(POINT_MARK.match(mark)), level=level)
        else:
            sink.paragraph(text)
        for box in boxes:
            self._blocks(box, sink, change)

    def _flush(self, sink: Sink) -> None:
        """Write a paragraph whose end was struck out, and that nothing followed."""
        if self._carried is not None:
            carried, self._carried = self._carried, None
            sink.paragraph(carried)

    def _mark(self, properties: etree._Element | None) -> tuple[str, int]:
        """What stands before a paragraph: «# » of a heading, its number or bullet; and its level in a list, from 0."""
        chain = list(self._style_chain(value_of(properties, "w:pStyle")))
        outline = value_of(properties, "w:outlineLvl") or next((s.outline for s in chain if s.outline), "")
        is_heading = any(HEADING.match(style.name) for style in chain) or (
            outline.isdecimal() and int(outline) < HEADING_LEVELS
        )
        own = child(properties, "w:numPr")
        list_id = value_of(own, "w:numId") or next((s.list_id for s in chain if s.list_id), "")
        level = whole_number(value_of(own, "w:ilvl") or next((s.level for s in chain if s.level), ""), MAX_LEVELS)
        number = self._numbering.mark(list_id, level) if list_id else ""
        if is_heading:
            return ("# " if number == BULLET else f"# {number}"), 0
        return number, level

    def _style_chain(self, style_id: str) -> Iterator[_Style]:
        for _ in range(MAX_STYLES):
            style = self._styles.get(style_id)
            if style is None:
                return
            yield style
            style_id = style.parent

    # Tables

    def _table(self, element: etree._Element, sink: Sink, change: _Change) -> None:
        rows = list(_inside(element, "w:tr"))
        cells = [list(_inside(row, "w:tc")) for row in rows]
        if self._is_layout(cells):
            for row, of_row in zip(rows, cells, strict=True):
                for cell in of_row:
                    self._blocks(cell, sink, _row_change(row, change))
                    self._flush(sink)
            return
        texts: list[list[ReviewedText]] = []
        merged: dict[tuple[int, int], tuple[int, int]] = {}
        above: dict[int, tuple[int, int]] = {}
        for number, (row, of_row) in enumerate(zip(rows, cells, strict=True)):
            line: list[ReviewedText] = []
            column = whole_number(value_of(child(row, "w:trPr"), "w:gridBefore"), MAX_COLUMNS)
            for cell in of_row:
                column = min(column, MAX_COLUMNS + len(line))
                line += [ReviewedText() for _ in range(column - len(line))]
                if self._document.is_full(column):
                    break
                properties = child(cell, "w:tcPr")
                vertical = child(properties, "w:vMerge")
                goes_on = vertical is not None and attribute(vertical, "w:val") != "restart"
                if goes_on and column in above:
                    merged[number, column] = above[column]
                else:
                    above[column] = (number, column)
                line.append(self._cell(cell, _row_change(row, change)))
                column += max(1, whole_number(value_of(properties, "w:gridSpan"), MAX_COLUMNS))
            texts.append(line)
        sink.table(texts, merged)

    def _cell(self, cell: etree._Element, change: _Change) -> ReviewedText:
        properties = child(cell, "w:tcPr")
        for name in ("w:cellIns", "w:cellDel"):
            if (tracked := child(properties, name)) is not None:
                change = _Change("insertion" if name == "w:cellIns" else "deletion", attribute(tracked, "w:author"))
        collected = CellText()
        self._blocks(cell, collected, change)
        self._flush(collected)
        return collected.text

    def _is_layout(self, cells: Sequence[Sequence[etree._Element]]) -> bool:
        """Whether a table only lays out what stands in it: a frame around text, or tables side by side in it."""
        if max(map(len, cells), default=0) <= 1:
            return True
        nested = any(child(cell, "w:tbl") is not None for row in cells for cell in row)
        return nested and not any(header_columns([_bare(cell) for cell in row]) for row in cells)

    # Words

    def _inline(self, parent: etree._Element, text: ReviewedText, change: _Change) -> None:
        for element in parent:
            name = name_of(element)
            if name == "w:r":
                self._run(element, text, change)
            elif name in PUT_IN or name in STRUCK_OUT:
                self._inline(element, text, _changed(name, element, change))
            elif name == "w:hyperlink":
                self._hyperlink(element, text, change)
            elif name in NOTE_MARKS:
                text.note(NOTE_MARKS[name], attribute(element, "w:id"))
            elif name in TRANSPARENT:
                self._inline(element, text, change)
            elif name == "w:sdt":
                content = child(element, "w:sdtContent")
                if content is not None and not _is_placeholder(element):
                    self._inline(content, text, change)
            elif name in ("m:oMath", "m:oMathPara"):
                formula = "".join(piece.text or "" for piece in element.iter() if name_of(piece) == "m:t")
                _say(text, formula, change)
            elif name == "mc:AlternateContent" and (chosen := _chosen(element)) is not None:
                self._inline(chosen, text, change)

    def _run(self, run: etree._Element, text: ReviewedText, change: _Change) -> None:
        for element in run:
            name = name_of(element)
            if name == "w:t":
                _say(text, element.text or "", change)
            elif name == "w:delText":
                text.strike(element.text or "", change.author)
            elif name in SIGNS:
                _say(text, SIGNS[name], change)
            elif name == "w:br":
                _say(text, "\n" if attribute(element, "w:type") in ("", "textWrapping") else " ", change)
            elif name == "w:sym":
                _say(text, _sign(attribute(element, "w:font"), attribute(element, "w:char")), change)
            elif name in ("w:footnoteReference", "w:endnoteReference"):
                _say(text, self._footnote(name, element), change)
            elif name in NOTE_MARKS:
                text.note(NOTE_MARKS[name], attribute(element, "w:id"))
            elif name == "w:fldChar":
                self._field(element, text, change)
            elif name == "w:instrText":
                self._links.append((element.text or "", text.length))
            elif name in ("w:drawing", "w:pict", "w:object"):
                self._drawing(element)
            elif name == "mc:AlternateContent" and (chosen := _chosen(element)) is not None:
                self._run(chosen, text, change)
            elif name == "w:ruby":
                self._inline(element, text, change)

    def _hyperlink(self, element: etree._Element, text: ReviewedText, change: _Change) -> None:
        start = text.length
        self._inline(element, text, change)
        relation = self._relations.get(attribute(element, "r:id"))
        if relation is not None and relation.is_outside:
            _say(text, hidden_address(relation.target, text.since(start)), change)

    def _field(self, element: etree._Element, text: ReviewedText, change: _Change) -> None:
        """The start or end of a field: its start tells the boxes of old forms, its end a link's address."""
        kind = attribute(element, "w:fldCharType")
        if kind == "end" and self._links:
            instruction, start = "".join(words for words, _ in self._links), self._links[-1][1]
            self._links.clear()
            if found := LINK.search(instruction):
                _say(text, hidden_address(found.group(1), text.since(start)), change)
        data = child(element, "w:ffData") if kind == "begin" else None
        box, choice = child(data, "w:checkBox"), child(data, "w:ddList")
        if box is not None:
            state = child(box, "w:checked")
            state = child(box, "w:default") if state is None else state
            is_checked = state is not None and attribute(state, "w:val") not in ("0", "false", "off")
            _say(text, "☒" if is_checked else "☐", change)
        elif choice is not None:
            entries = [attribute(entry, "w:val") for entry in children(choice, "w:listEntry")]
            chosen = whole_number(value_of(choice, "w:result") or value_of(choice, "w:default"), len(entries))
            _say(text, entries[chosen] if chosen < len(entries) else "", change)

    def _drawing(self, element: etree._Element) -> None:
        """The text boxes of a drawing, to be read after its paragraph; what else it holds is counted."""
        boxes = list(_outermost(element, "w:txbxContent"))
        self._boxes += boxes
        for found in element.iter():
            name = name_of(found)
            if name == "wp:extent":
                area = _length(found, "cx") * _length(found, "cy")
                self._left_out["picture or drawing"] += area >= LARGE_PICTURE and not boxes
            elif name == "v:imagedata" and name_of(element) == "w:pict":
                self._left_out["picture or drawing"] += 1
        self._left_out["embedded object"] += name_of(element) == "w:object"

    # Footnotes

    def _footnote(self, name: str, element: etree._Element) -> str:
        """The mark of a footnote or endnote, counted as they come."""
        kind = "footnotes" if name == "w:footnoteReference" else "endnotes"
        key = (kind, attribute(element, "w:id"))
        if key not in self._footnotes:
            self._n_footnotes[kind] += 1
            number = self._n_footnotes[kind]
            roman = f"[{format_number(number, 'lowerRoman')}]"
            own = attribute(element, "w:customMarkFollows") not in ("", "0", "false")
            self._footnotes[key] = "" if own else footnote_mark(number) if kind == "footnotes" else roman
        return self._footnotes[key]

    def _write_footnotes(self) -> None:
        """The texts of footnotes and endnotes after the body, each after its mark."""
        for kind in ("footnotes", "endnotes"):
            root = self._part(kind)
            texts = {attribute(note, "w:id"): note for note in ([] if root is None else root)}
            self._relations = {**self._relations, **self._package.relations(f"word/{kind}.xml")}
            known = dict.fromkeys(key for of_kind, key in self._footnotes if of_kind == kind)
            for key in {**known, **dict.fromkeys(texts)}:
                note = texts.get(key)
                if note is None or attribute(note, "w:type") not in ("", "normal"):
                    continue
                collected = CellText()
                self._blocks(note, collected)
                self._flush(collected)
                mark = self._footnotes.get((kind, key), "")
                self._document.paragraph(collected.text, mark=f"{mark} " if mark else "")

    # Around the text

    def _plain(self, parent: etree._Element) -> str:
        """The words of a note or a page head, as they stand now."""
        collected = CellText()
        boxes, self._boxes = self._boxes, []
        self._blocks(parent, collected)
        self._flush(collected)
        self._boxes = boxes
        return collected.text.text.strip()

    def _write_letterhead(self) -> None:
        """What stands at the head and foot of pages, once, without page numbers."""
        lines: dict[str, None] = {}
        for kind in ("header", "footer"):
            targets = dict.fromkeys(r.target for r in self._relations.values() if r.kind == kind)
            for target in list(targets)[:MAX_HEADS]:
                root = self._package.tree(target)
                words = "" if root is None else self._plain(root)
                lines |= {line.strip(): None for line in words.split("\n") if not PAGE_NUMBER.fullmatch(line)}
        self._left_out.clear()  # logos
        self._document.writer.letterhead("\n".join(lines))

    def _tell_omissions(self) -> None:
        self._document.omit_counted(self._left_out)
        for name in self._package.damaged:
            if name == self._main:
                self._document.writer.omit(DAMAGED.format(what="its text"))
            kind = name.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
            if kind in PARTS:
                self._document.writer.omit(DAMAGED.format(what=PARTS[kind]))


# Pieces --------------------------------------------------------------------------------------------------------------


def _notes(
    root: etree._Element | None, extended: etree._Element | None, plain: Callable[[etree._Element], str]
) -> dict[str, Note]:
    """The notes in the margin by id, those that were resolved too, with the note that each answers."""
    notes: dict[str, Note] = {}
    by_paragraph: dict[str, str] = {}
    for element in [] if root is None else children(root, "w:comment"):
        key = attribute(element, "w:id")
        notes[key] = Note(plain(element), attribute(element, "w:author"))
        for paragraph in element.iter():
            if name_of(paragraph) == "w:p" and (number := attribute(paragraph, "w14:paraId")):
                by_paragraph[number] = key
    for element in [] if extended is None else children(extended, "w15:commentEx"):
        own = by_paragraph.get(attribute(element, "w15:paraId"))
        parent = by_paragraph.get(attribute(element, "w15:paraIdParent"))
        if own is not None and parent is not None and own != parent:
            notes[own].answers = parent
    return notes


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    styles = {}
    for element in [] if root is None else children(root, "w:style"):
        properties = child(element, "w:pPr")
        numbers = child(properties, "w:numPr")
        styles[attribute(element, "w:styleId")] = _Style(
            name=value_of(element, "w:name"),
            parent=value_of(element, "w:basedOn"),
            list_id=value_of(numbers, "w:numId"),
            level=value_of(numbers, "w:ilvl"),
            outline=value_of(properties, "w:outlineLvl"),
        )
    return styles


def _say(text: ReviewedText, words: str, change: _Change) -> None:
    if change.kind == "deletion":
        text.strike(words, change.author)
    else:
        text.add(words, inserted_by=change.author if change.kind == "insertion" else None)


def _changed(name: str, element: etree._Element, change: _Change) -> _Change:
    """The change inside an element that tracks one; what is struck out stays so, whoever put it in."""
    if change.kind == "deletion":
        return change
    return _Change("insertion" if name in PUT_IN else "deletion", attribute(element, "w:author"))


def _row_change(row: etree._Element, change: _Change) -> _Change:
    properties = child(row, "w:trPr")
    for name in ("w:ins", "w:del"):
        tracked = child(properties, name)
        if tracked is not None:
            return _changed(name, tracked, change)
    return change


def _joined(first: ReviewedText, second: ReviewedText) -> ReviewedText:
    """Two paragraphs whose break was struck out."""
    words = second.text
    touch = not first.since(first.length - 1).isspace() and bool(words) and not words[0].isspace()
    first.extend(second, " " if touch else "")
    return first


def _chosen(element: etree._Element) -> etree._Element | None:
    """The one of several ways to say the same that is read: the first, for it says most."""
    chosen = child(element, "mc:Choice")
    if chosen is not None and len(chosen):
        return chosen
    return child(element, "mc:Fallback")


def _is_placeholder(element: etree._Element) -> bool:
    """Whether a content control shows what its form asks for («Klikk her for å skrive»), not an answer."""
    shows = child(child(element, "w:sdtPr"), "w:showingPlcHdr")
    return shows is not None and attribute(shows, "w:val") not in ("0", "false", "off")


def _inside(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, those in content controls too."""
    for element in parent:
        own = name_of(element)
        if own == name:
            yield element
        elif own in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:del", "w:moveFrom", "w:moveTo"):
            yield from _inside(element, name)


def _outermost(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements with a name that stand in no other such one; of two ways to say the same the one that is read."""
    for element in parent:
        own = name_of(element)
        if own == name:
            yield element
        elif own == "mc:AlternateContent":
            if (chosen := _chosen(element)) is not None:
                yield from _outermost(chosen, name)
        else:
            yield from _outermost(element, name)


def _bare(element: etree._Element) -> str:
    return " ".join("".join(piece.text or "" for piece in element.iter() if name_of(piece) == "w:t").split())


def _sign(font: str, code: str) -> str:
    """A sign by its font and number, as letters that any font has; a sign that says nothing is left out."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if not 0xF000 <= number <= 0xF0FF:
        return chr(number) if 0x20 <= number < 0xD800 else ""
    number -= 0xF000
    if font.lower() == "symbol":
        return SYMBOL.get(number, chr(number) if number < 0x7F else "")
    if "dings" in font.lower() or "webd" in font.lower():
        return WINGDINGS.get(number, "")
    return chr(number) if number >= 0x20 else ""


def _length(element: etree._Element, key: str) -> float:
    """A drawing's side in centimetres."""
    return whole_number(attribute(element, key), 10**9) / EMU_PER_CM
