"""PDF letters, forms and marked copies of the report -> text, the cells of forms, and the readers' marks and notes."""

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, repeat
from pathlib import Path
from typing import NamedTuple

from innspill.derived import LIGATURES, join_lines
from innspill.errors import ReportError
from innspill.reading.charsets import normalise_text
from innspill.reading.documents.builder import AttachmentText, TextBuilder, UnreadableAttachment, write_table
from innspill.reading.documents.forms import FormRow, lay_out_form
from innspill.reading.pages.grid import Grid, find_grids
from innspill.reading.pages.layout import PAGE_NUMBER, PageRows, lay_out
from innspill.reading.pages.pdf import Annotation, Field, Limits, PdfContent, PdfPage, Word, read_pdf
from innspill.reading.pages.rows import Row, rows_of
from innspill.records import Box, Span

LIMITS = Limits(characters=2_000_000, page_seconds=20, seconds=120, processes=1)
# A line distance larger than this share of the usual one begins a paragraph.
PARAGRAPH_GAP = 1.3
SENTENCE_END = re.compile(r"[.!?:]\W*$")
BULLET = re.compile(r"[•●○◦▪■·‣➢✓\ufffd\uf0b7\uf0a7\uf0d8]\s+\S")
LIST_POINT = re.compile(
    rf"{BULLET.pattern}|(?:[–—*-]|\(?\d{{1,2}}[.)]|\(?[a-zæøå]\))\s+\S|(?-i:[a-h]\.\s+[A-ZÆØÅ«])", re.IGNORECASE
)
# The lines of a list point stand this much further in than its mark, points.
HANGING = 4.0
# The points under a point stand no further in than this.
FURTHER_IN = 60.0
# Bullets of fonts that have no name for them.
UNNAMED_BULLETS = ("\ufffd", "\uf0b7", "\uf0a7", "\uf0d8")
# A dash of a font that has no name for it (TeX's old ones), between the numbers of lines.
UNNAMED_DASH = re.compile(r"(?<=\d)\ufffd(?=\d)")
# A letter's text is our own: ligatures are the letters that they stand for.
LETTERS = str.maketrans(LIGATURES)
# Marks over words, and shapes around words.
MARKS = frozenset({"highlight", "underline", "squiggly", "strikeout"})
SHAPES = frozenset({"square", "circle", "polygon"})
# A word is marked when a mark covers this share of its width, and the height that the middle of its small letters has.
COVERED = 0.5
X_HEIGHT_MIDDLE = 0.25
# The columns of a table that goes on over a page stand where they stood, to within so many points.
SAME_BORDER = 5.0
# The printed label of a field stands at most so many points to its left, or above it.
LABEL_LEFT, LABEL_ABOVE = 300.0, 16.0
DIGITS = re.compile(r"\s*\d+(?=\W*$)")  # fields of the same name are told apart by a number
FIELD_TEXT = 10.0  # points: the size of the letters in a field that is higher than a line
# A note in the margin is about the line beside it, however far: upward distance counts more than that aside.
ASIDE = 8.0
MAX_NAMED = 10
# Words of a page that are held against a mark, over all marks: a copy of 300 pages with 10 marks on each takes 2
# million, and a million two seconds.
MAX_LOOKS = 15_000_000
# LibreOffice writes the day behind the writer's name.
DATE_BEHIND = re.compile(r",? \d{1,4}[./-]\d{1,2}[./-]\d{1,4}.{0,12}$")


def read_pdf_letter(data: bytes) -> AttachmentText:
    """The text of an attached PDF, the cells of its form, and what readers marked and noted in it.

    Raises:
        UnreadableAttachment: it cannot be opened, or holds no text.
    """
    found = _Letter(_content(data)).write()
    if not found.text.strip():
        raise UnreadableAttachment("PDF without text (scanned?); run text recognition on it and send it in again")
    return found


def _content(data: bytes) -> PdfContent:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "attachment.pdf"
        path.write_bytes(data)
        try:
            return read_pdf(path, limits=LIMITS)
        except ReportError as error:
            raise UnreadableAttachment(
                f"PDF that cannot be opened ({str(error).replace(f'The report {path}', 'it')})"
            ) from error


class _Table(NamedTuple):
    """A form: its grids, one a page, the words of each cell by row and column, and what its rows are for."""

    grids: list[Grid]
    cells: list[list[list[Word]]]
    pages: list[int]  # of each row
    rows: list[FormRow]
    line_end: str = " "  # what parts the lines of a cell


class _Running(NamedTuple):
    """Text of words, with the page of each word and where it stands in the text."""

    text: str
    words: list[tuple[int, Word, Span]]


class _Letter:
    """Writes a PDF's text, and finds again in it the words that a mark lies over."""

    def __init__(self, content: PdfContent) -> None:
        self._content = content
        self._writer = TextBuilder()
        self._pages = [_with_fields(page) for page in content.pages]
        self._looks_left = MAX_LOOKS
        self._margins: list[float] = []  # where the points of the list under way begin, by their level
        self._words: dict[int, list[tuple[Word, Span]]] = {page.page_number: [] for page in content.pages}

    def write(self) -> AttachmentText:
        """Write paragraphs and forms in reading order, then the running heads, then the readers' notes."""
        grids = find_grids(self._pages)
        tables = list(_form_tables(grids, self._pages))
        ruled = {table.grids[0].page_number for table in tables}
        tables += [
            table
            for page in self._content.pages
            if page.fields and page.page_number not in ruled and (table := _labelled_fields(page))
        ]
        with_labels = {table.pages[0] for table in tables if table.pages and table.pages[0] not in ruled}
        self._pages = [
            page if page.page_number in with_labels else filled
            for page, filled in zip(self._content.pages, self._pages, strict=True)
        ]
        in_forms = {id(word) for table in tables for row in table.cells for cell in row for word in cell}
        pages = [
            replace(page, words=tuple(word for word in page.words if id(word) not in in_forms)) for page in self._pages
        ]
        # In a letter a column of rising numbers is part of what is said: lines cited in a table, say. In a copy of the
        # report that somebody marked, they are the line numbers.
        is_copy = any(page.annotations for page in pages)
        laid_out, _ = lay_out(pages, [grid.box for grid in grids], with_numbers=is_copy)
        self._write_pages(laid_out, tables)
        for page in pages:
            if page.askew:
                self._writer.block(normalise_text(" ".join(page.askew)).strip())
        self._writer.letterhead(_running_heads(laid_out))
        for page in pages:
            self._write_annotations(page)
        self._omit(pages)
        return self._writer.result()

    # Text

    def _write_pages(self, laid_out: Sequence[PageRows], tables: Sequence[_Table]) -> None:
        waiting = list(tables)
        paragraph: list[Row] = []
        for page in laid_out:
            pitch = _pitch(page.rows)
            before: Row | None = None
            for row in (*page.rows, None):
                due = [table for table in waiting if _is_due(table, page.page_number, row)]
                if due or (row is not None and paragraph and _begins_paragraph(paragraph, before, row, pitch)):
                    self._write_block(paragraph)
                    paragraph = []
                for table in due:
                    self._write_form(table)
                    waiting.remove(table)
                if row is not None:
                    paragraph.append(row)
                before = row
        self._write_block(paragraph)

    def _write_block(self, rows: Sequence[Row]) -> None:
        if rows:
            running = _running(rows, "\n")
            is_point = bool(LIST_POINT.match(running.text))
            level = self._level(rows[0].x0) if is_point else 0
            self._margins = self._margins if is_point else []
            span = self._writer.block(running.text, is_point=is_point, level=level)
            self._remember(running, span.start)

    def _level(self, x0: float) -> int:
        """How many points of the list a point that begins at `x0` hangs under; in another column it begins anew."""
        while self._margins and x0 < self._margins[-1] - HANGING:
            self._margins.pop()
        if self._margins and x0 > self._margins[-1] + FURTHER_IN:
            self._margins.clear()
        if not self._margins or x0 > self._margins[-1] + HANGING:
            self._margins.append(x0)
        return len(self._margins) - 1

    def _write_form(self, table: _Table) -> None:
        runnings = [
            [_running(rows_of(page_number, cell), table.line_end) for cell in cells]
            for page_number, cells in zip(table.pages, table.cells, strict=True)
        ]
        texts = [[running.text for running in row] for row in runnings]
        written = write_table(self._writer, texts, merged=_merged_cells(table.grids), laid_out=table.rows)
        for row, spans in zip(runnings, written, strict=True):
            for index, span in spans.items():
                self._remember(row[index], span.start)

    def _remember(self, running: _Running, start: int) -> None:
        for page_number, word, span in running.words:
            self._words[page_number].append((word, Span(span.start + start, span.end + start)))

    # Annotations

    def _write_annotations(self, page: PdfPage) -> None:
        """The notes of a page, in the file's order, each on the words that it is about; and what is struck out."""
        marked_spans = [self._marked(page.page_number, annotation) for annotation in page.annotations]
        anchors = list(map(self._anchor, repeat(page.page_number), page.annotations, marked_spans))
        for index, annotation in enumerate(page.annotations):
            if annotation.is_grouped and annotation.kind in MARKS and annotation.reply_to >= 0:
                anchors[annotation.reply_to] = anchors[index]  # a caret with what is to stand instead of these words
        for index, annotation in enumerate(page.annotations):
            if annotation.reply_to >= 0:
                anchors[index] = anchors[annotation.reply_to] or anchors[index]
        wordless: Counter[str] = Counter()
        for annotation, anchor, spans in zip(page.annotations, anchors, marked_spans, strict=True):
            marked = self._words_in(page.page_number, anchor) if spans and annotation.kind in MARKS else ""
            text = normalise_text(annotation.text).strip()
            author = DATE_BEHIND.sub("", " ".join(normalise_text(annotation.author).split()))
            if annotation.kind == "strikeout" and anchor and marked:
                self._writer.mark("deletion", anchor, author=author)
            # Acrobat can be set to copy the marked words into the note.
            if text and _letters(text) != _letters(marked):
                self._writer.remark("note", text, anchor, author=author)
            elif annotation.kind not in ("strikeout", "caret", "text") and not annotation.is_grouped:
                wordless[annotation.kind] += 1
        if wordless:
            counted = ", ".join(f"{count} {kind}" for kind, count in sorted(wordless.items()))
            self._writer.omit(
                f"marks without words on page {page.page_number} ({counted}) were not read; open the PDF and look"
            )

    def _words_in(self, page_number: int, span: Span | None) -> str:
        words = self._words[page_number] if span else []
        return " ".join(word.text for word, place in words if span and place.overlaps(span))

    def _anchor(self, page_number: int, annotation: Annotation, marked: Sequence[Span]) -> Span | None:
        """The words that an annotation lies over, or the line that it stands at; None on a page without words."""
        if marked:
            return Span(min(span.start for span in marked), max(span.end for span in marked))
        words = self._words[page_number]
        return _line_at(words, annotation.boxes[0]) if self._may_look(len(words)) else None

    def _marked(self, page_number: int, annotation: Annotation) -> list[Span]:
        """Where the words stand that a mark lies over; it may lie over a sign or a few letters of one."""
        boxes = annotation.boxes if annotation.kind in MARKS or annotation.kind in SHAPES else ()
        top, bottom = min((box[1] for box in boxes), default=0.0), max((box[3] for box in boxes), default=0.0)
        level = [(word, span) for word, span in self._words[page_number] if word.bottom >= top and word.top <= bottom]
        if not boxes or not self._may_look(len(self._words[page_number]) + len(level) * len(boxes)):
            return []
        whole = [_without_signs(word, span, box) for word, span in level for box in boxes if _is_marked(word, box)]
        if whole:
            return whole
        parts = (_part_of(word, span, box) for word, span in level for box in boxes)
        return [part for part in parts if part is not None]

    def _may_look(self, n_words: int) -> bool:
        """Whether so many words may still be held against marks; where not, that is told."""
        self._looks_left -= n_words
        if self._looks_left < 0:
            self._writer.omit("it has more marks than innspill finds the words of; the last notes hang on no words")
        return self._looks_left >= 0

    def _omit(self, pages: Sequence[PdfPage]) -> None:
        pictures = [page.page_number for page in pages if page.has_images and not page.words and not page.askew]
        for numbers, what in (
            (pictures, "are pictures without text (scanned?) and were not read; run text recognition on them"),
            (self._content.damaged, "are damaged and may lack text; ask for a new copy"),
            (self._content.limited, "hold more than innspill reads; only their first characters were read"),
        ):
            if numbers:
                named = ", ".join(map(str, numbers[:MAX_NAMED])) + (" and others" if len(numbers) > MAX_NAMED else "")
                self._writer.omit(f"pages that {what} (page {named})")
        if self._content.attached:
            names = ", ".join(normalise_text(name)[:80] for name in self._content.attached[:MAX_NAMED])
            more = len(self._content.attached) - MAX_NAMED
            self._writer.omit(
                f"files inside the PDF were not read ({names}{f' and {more} more' if more > 0 else ''}); "
                "save them from the PDF and send them in by themselves"
            )


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _is_marked(word: Word, box: tuple[float, float, float, float]) -> bool:
    """Whether a mark lies over a word: over most of its width, at the height where its small letters stand."""
    x0, top, x1, bottom = box
    middle = word.baseline - X_HEIGHT_MIDDLE * word.height
    overlap = min(x1, word.x1) - max(x0, word.x0)
    covered = overlap >= COVERED * max(word.x1 - word.x0, 0.1) or x0 <= (word.x0 + word.x1) / 2 <= x1
    return covered and top <= middle <= bottom


def _part_of(word: Word, span: Span, box: tuple[float, float, float, float]) -> Span | None:
    """The letters of a word that a mark lies over, as if they were equally wide; None where it lies over none."""
    x0, top, x1, bottom = box
    letter = (word.x1 - word.x0) / max(len(span), 1)
    level = abs((top + bottom) / 2 - (word.baseline - X_HEIGHT_MIDDLE * word.height)) < word.height / 2
    if not level or min(x1, word.x1) - max(x0, word.x0) <= min(letter, x1 - x0) / 4:
        return None
    start = span.start + max(0, min(int((x0 - word.x0) / letter + 0.5), len(span) - 1))
    return Span(start, max(start + 1, min(span.start + round((x1 - word.x0) / letter), span.end)))


def _without_signs(word: Word, span: Span, box: tuple[float, float, float, float]) -> Span:
    """The span of a marked word without a sign at its start or end that the mark leaves out."""
    letter = (word.x1 - word.x0) / max(len(word.text), 1)
    before = len(span) > 1 and not word.text[0].isalnum() and box[0] > word.x0 + letter / 4
    after = len(span) > 1 and not word.text[-1].isalnum() and box[2] < word.x1 - letter / 4
    return Span(span.start + before, span.end - after)


def _line_at(words: Sequence[tuple[Word, Span]], box: tuple[float, float, float, float]) -> Span | None:
    """The stretch of a line that is nearest to a place on the page."""
    if not words:
        return None
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2

    def distance(place: tuple[Word, Span]) -> float:
        word, _ = place
        aside = max(word.x0 - x, x - word.x1, 0.0)
        return abs((word.top + word.bottom) / 2 - y) * ASIDE + aside

    nearest, span = min(words, key=distance)
    row = sorted(
        (other.start, other.end) for word, other in words if abs(word.baseline - nearest.baseline) < nearest.height / 3
    )
    position = row.index((span.start, span.end))
    first = last = position
    while first > 0 and row[first][0] - row[first - 1][1] <= 1:
        first -= 1
    while last + 1 < len(row) and row[last + 1][0] - row[last][1] <= 1:
        last += 1
    return Span(row[first][0], row[last][1])


# Paragraphs ----------------------------------------------------------------------------------------------------------


def _pitch(rows: Sequence[Row]) -> float:
    """The usual distance of lines: short letters have as many gaps between paragraphs as within them."""
    gaps = sorted(after.baseline - row.baseline for row, after in pairwise(rows))
    return gaps[len(gaps) // 4] if gaps else 0.0


def _begins_paragraph(paragraph: Sequence[Row], before: Row | None, row: Row, pitch: float) -> bool:
    """Whether a row is the first of a block: after a gap, in another weight, as a point of a list, or after one.

    At the top of a page (`before` is None) a sentence goes on.
    """
    first, last = paragraph[0], paragraph[-1]
    in_list = bool(LIST_POINT.match(first.text))
    ended = bool(SENTENCE_END.search(last.text))
    if row.bold != last.bold or BULLET.match(row.text):
        return True
    if LIST_POINT.match(row.text) and (ended or in_list or last.text.endswith((";", ","))):
        return True
    if before is None:
        return ended
    if row.baseline - before.baseline > PARAGRAPH_GAP * pitch or row.baseline < before.baseline - 2 * pitch:
        return row.baseline > before.baseline or ended
    hangs = len(paragraph) > 1 and paragraph[1].x0 > first.x0 + HANGING
    return in_list and hangs and row.x0 < first.x0 + HANGING


def _running(rows: Sequence[Row], line_end: str) -> _Running:
    """Rows as text, words that are broken at a line's end made whole; `line_end` parts the lines."""
    text = ""
    words: list[tuple[int, Word, Span]] = []
    gap = ""
    for row in rows:
        if gap and BULLET.match(row.text):
            gap = "\n"
        ends = [*row.offsets[1:], len(row.text)]
        for index, (word, start, end) in enumerate(zip(row.words, row.offsets, ends, strict=True)):
            piece = normalise_text(row.text[start:end]).strip().translate(LETTERS)
            piece = UNNAMED_DASH.sub("–", piece)
            if not piece:
                continue
            if index == 0 and piece in UNNAMED_BULLETS:
                piece = "•"
            if index == 0 and words and (joined := _made_whole(text, piece)):
                page_number, broken, span = words[-1]
                text = text[: span.start] + joined[: len(joined) - len(piece)]
                words[-1] = page_number, broken, Span(span.start, len(text))
                gap = ""
            text += gap
            words.append((row.page_number, word, Span(len(text), len(text) + len(piece))))
            text += piece
            follows = line_end if index == 0 and gap == "" and len(words) > 1 else " "
            gap = follows if row.text[start:end] != row.text[start:end].rstrip() else ""
        gap = line_end
    return _Running(text, words)


def _made_whole(text: str, piece: str) -> str:
    """The last word of `text` and `piece` as one word, if a line's end breaks it; else empty."""
    last = re.search(r"\S+$", text[-80:])
    if last is None or not last[0].endswith(("-", "\u2010", "\u00ad")):
        return ""
    broken = f"{last[0]}\n{piece}"
    joined = join_lines(broken, Span(0, len(broken))).text
    return "" if " " in joined or not joined.endswith(piece) else joined


def _running_heads(laid_out: Iterable[PageRows]) -> str:
    """What stands at the head and foot of the pages, each text once, without page numbers."""
    heads: dict[str, str] = {}
    for page in laid_out:
        for head in page.running:
            text = " ".join(normalise_text(head).split())
            if text and not PAGE_NUMBER.fullmatch(text):
                heads.setdefault(re.sub(r"\d+", "#", text), text)
    return "\n".join(heads.values())


# Forms ---------------------------------------------------------------------------------------------------------------


def _form_tables(grids: Sequence[Grid], pages: Sequence[PdfPage]) -> Iterator[_Table]:
    """The tables that are comment forms; one that goes on over pages is one."""
    by_number = {page.page_number: page for page in pages}
    for chain in _chains(grids):
        cells: list[list[list[Word]]] = []
        numbers: list[int] = []
        for grid in chain:
            rows = _cell_words(grid, by_number[grid.page_number].words)
            cells += rows
            numbers += [grid.page_number] * len(rows)
        texts = [[_running(rows_of(0, cell), " ").text for cell in row] for row in cells]
        laid_out = lay_out_form(texts)
        if laid_out:
            yield _Table(chain, cells, numbers, laid_out)


def _chains(grids: Sequence[Grid]) -> Iterator[list[Grid]]:
    """Grids with those on the next pages that have the same columns."""
    chain: list[Grid] = []
    for grid in grids:
        if chain and not (grid.page_number == chain[-1].page_number + 1 and _same_columns(grid, chain[-1])):
            yield chain
            chain = []
        chain.append(grid)
    if chain:
        yield chain


def _same_columns(grid: Grid, other: Grid) -> bool:
    def borders(of: Grid) -> list[float]:
        return [of.box.x0, *sorted({round(box.x1) for row in of.rows for box in row if box is not None})]

    ours, theirs = borders(grid), borders(other)
    return len(ours) == len(theirs) and all(abs(a - b) <= SAME_BORDER for a, b in zip(ours, theirs, strict=True))


def _cell_words(grid: Grid, words: Iterable[Word]) -> list[list[list[Word]]]:
    """The words of each cell, by row and column."""
    cells: list[list[list[Word]]] = [[[] for _ in row] for row in grid.rows]
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        if not (grid.box.x0 <= x <= grid.box.x1 and grid.box.top <= y <= grid.box.bottom):
            continue
        place = next(
            (
                (row, column)
                for row, boxes in enumerate(grid.rows)
                for column, box in enumerate(boxes)
                if box is not None and box.x0 <= x <= box.x1 and box.top <= y <= box.bottom
            ),
            None,
        )
        if place is not None:
            cells[place[0]][place[1]].append(word)
    return cells


def _merged_cells(grids: Iterable[Grid]) -> dict[tuple[int, int], tuple[int, int]]:
    """The cells that a merged cell further up on the page reaches down to, and where that one stands."""
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    above: dict[int, tuple[int, Box]] = {}
    number = 0
    for grid in grids:
        above.clear()
        for boxes in grid.rows:
            top = min((box.top for box in boxes if box is not None), default=0.0)
            for column, box in enumerate(boxes):
                if box is not None:
                    above[column] = number, box
                elif column in above and above[column][1].bottom > top + SAME_BORDER:
                    merged[number, column] = above[column][0], column
            number += 1
    return merged


def _is_due(table: _Table, page_number: int, row: Row | None) -> bool:
    """Whether a table is written before a row: it begins above it on the page; `row` is None at the page's end."""
    first = table.grids[0]
    if first.page_number != page_number:
        return False
    return row is None or first.box.top < row.baseline - row.height / 2


# Fields --------------------------------------------------------------------------------------------------------------


def _with_fields(page: PdfPage) -> PdfPage:
    """The page with what was filled into its fields as words at their places."""
    if not page.fields:
        return page
    words = [word for field in page.fields for word in _field_words(field, page.words)]
    return replace(page, words=(*page.words, *words))


def _field_words(field: Field, printed: Sequence[Word]) -> Iterator[Word]:
    """The lines of a field, each as one word; the first begins with the field's name where no label is printed."""
    lines = [" ".join(normalise_text(line).split()) for line in field.value.split("\n")]
    lines = [line for line in lines if line]
    if lines and field.label and not _has_label(field, printed):
        lines[0] = f"{' '.join(normalise_text(field.label).split()).rstrip(':')}: {lines[0]}"
    height = field.bottom - field.top
    size = min(FIELD_TEXT, max(0.7 * height, 1.0))
    pitch = min(1.2 * size, height / max(len(lines), 1))
    top = field.top + max(0.0, (height - pitch) / 2 if len(lines) == 1 and height < 2.5 * FIELD_TEXT else 0.0)
    for number, line in enumerate(lines):
        baseline = top + number * pitch + 0.8 * pitch
        yield Word(line, field.x0, baseline - 0.8 * size, field.x1, baseline + 0.2 * size, baseline, size, False, True)


def _labelled_fields(page: PdfPage) -> _Table | None:
    """A form of labels and fields without ruling lines between them, from the top down; None where it is none."""
    fields = sorted(page.fields, key=lambda field: (field.top, field.x0))
    cells: list[list[list[Word]]] = []
    texts: list[list[str]] = []
    for field in fields:
        label = _label_words(field, page.words)
        text = " ".join(word.text for word in label) or re.sub(r"[_\W]+", " ", field.label)
        cells.append([label, list(_field_words(field._replace(label=""), ()))])
        texts.append([DIGITS.sub("", text).strip(), field.value])
    rows = lay_out_form(texts)
    if not rows:
        return None
    for number, (field, row) in enumerate(zip(fields, rows, strict=True)):
        if not row.purposes and not cells[number][0]:
            cells[number] = [[], list(_field_words(field, page.words))]
    box = Box(page.page_number, *fields[0][2:])
    return _Table([Grid(page.page_number, box, ())], cells, [page.page_number] * len(cells), rows, "\n")


def _label_words(field: Field, printed: Sequence[Word]) -> list[Word]:
    """The words that are printed to the left of a field, as far as no wide gap parts them from it."""
    beside = [
        word
        for word in printed
        if field.top - 2 <= (word.top + word.bottom) / 2 <= field.bottom + 2 and word.x1 <= field.x0 + 2
    ]
    if not beside:
        return []
    # A high field has its label beside its first line.
    first = min(word.baseline for word in beside)
    label: list[Word] = []
    edge = field.x0
    for word in sorted(beside, key=lambda word: -word.x1):
        if abs(word.baseline - first) > word.height / 2:
            continue
        if edge - word.x1 > (LABEL_LEFT if not label else word.height):
            break
        label.insert(0, word)
        edge = word.x0
    return label


def _has_label(field: Field, printed: Sequence[Word]) -> bool:
    """Whether words are printed to the left of a field, or right above it."""
    for word in printed:
        middle = (word.top + word.bottom) / 2
        beside = field.top - 2 <= middle <= field.bottom + 2 and 0 <= field.x0 + 2 - word.x1 <= LABEL_LEFT
        above = 0 <= field.top + 3 - word.bottom <= LABEL_ABOVE and word.x0 < field.x1 and word.x1 > field.x0
        if beside or above:
            return True
    return False
