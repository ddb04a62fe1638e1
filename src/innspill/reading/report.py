"""The report: PDF -> `Report`, every line with the number that a reader would cite."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from innspill.derived import join_lines
from innspill.errors import ReportError, listed
from innspill.reading.pages.counting import number_rows
from innspill.reading.pages.garbled import find_garbled
from innspill.reading.pages.grid import Grid, find_grids
from innspill.reading.pages.layout import EmptyLine, PageRows, lay_out
from innspill.reading.pages.margins import MarginNumbers
from innspill.reading.pages.office import as_pdf
from innspill.reading.pages.pdf import PdfContent, Word, read_pdf
from innspill.reading.pages.rows import Row, is_raised
from innspill.reading.pages.structure import CAPTION, FOOTNOTE_MARKER, TypedRow, structure_rows
from innspill.records import (
    Box,
    Footnote,
    Line,
    Note,
    Numbering,
    Page,
    Passage,
    Report,
    Section,
    Severity,
    Span,
    Table,
    TableCell,
)

SentenceSplitter = Callable[[str], list[Span]]
STAGE = "report"
PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# Numbering that is found with less confidence than this is told as a warning.
SURE = 0.98
# A stamp or a watermark has fewer letters.
MUCH_ASKEW = 100


def read_report(path: Path, *, sentences: SentenceSplitter | None = None) -> Report:
    """Read a report.

    Args:
        path: A PDF, or a text document of Word or OpenDocument, which LibreOffice turns into one.
        sentences: Splits running text to sentence spans, for passages; without it a passage is a paragraph.

    Raises:
        ReportError: the file cannot be opened or converted, or no page of it holds text.
    """
    with as_pdf(path) as converted:
        report = _read(converted.path, sentences)
    return replace(report, notes=(*converted.notes, *(replace(note, file=path.name) for note in report.notes)))


def _read(path: Path, sentences: SentenceSplitter | None) -> Report:
    content = read_pdf(path)
    notes = _notes_on_pages(content, path)
    grids = find_grids(content.pages)
    boxes = [grid.box for grid in grids]
    laid_out, numbers = lay_out(content.pages, boxes)
    rows = structure_rows(laid_out, boxes, content.outline, ruler=bool(numbers and numbers.ruler))
    if not rows:
        raise ReportError(f"The report {path} holds no text but running heads. Is it the right file?")
    text, spans, empty = _text(rows, laid_out)
    sections = _sections(rows, spans, len(text))
    section_of = _section_ids(spans, sections)
    lines = _lines(rows, spans, number_rows(rows, numbers, laid_out), section_of, empty)
    numbering = _numbering(lines, numbers)
    title_rows = [row.row.text for row in rows if row.kind == "heading" and row.heading_level < 0]
    return Report(
        title=" ".join(title_rows) or path.stem,
        text=text,
        pages=tuple(
            Page(page.page_number, laid.label, page.width, page.height)
            for page, laid in zip(content.pages, laid_out, strict=True)
        ),
        lines=lines,
        sections=sections,
        tables=_tables(rows, spans, text, grids),
        passages=tuple(_passages(rows, spans, text, section_of, sentences)),
        numbering=numbering,
        notes=(*notes, *_notes_on_letters(lines, text, path.name), *_numbering_notes(numbering, path.name)),
        footnotes=_footnotes(rows, spans),
    )


def _notes_on_pages(content: PdfContent, path: Path) -> list[Note]:
    """One note for each page that is damaged, read in part, only a picture, or empty.

    Raises:
        ReportError: no page holds text.
    """
    pages = content.pages
    if not any(page.words for page in pages):
        hint = "it seems to be scanned" if any(page.has_images for page in pages) else "it is blank"
        hint = "it is damaged" if content.damaged else hint
        raise ReportError(
            f"The report {path} holds no text on any of its {len(pages)} pages; {hint}. "
            "Export it to PDF from the program it was written in, or run text recognition (OCR) on it first."
        )
    notes = []
    for page in pages:
        problem = ""
        if page.page_number in content.damaged:
            problem = "is damaged and was read in part or not at all. Export the report to PDF again."
        elif page.page_number in content.limited:
            problem = "holds more text than any printed page; the end of it was not read."
        elif not page.words and page.has_images:
            problem = "is an image without text and was not read. Run text recognition (OCR) on it to have it read."
        elif not page.words:
            problem = "holds no text."
        elif sum(map(len, page.askew)) > MUCH_ASKEW:
            problem = f"holds text that stands sideways or aslant and was not read: «{' '.join(page.askew)[:80]} …»."
        if problem:
            severity: Severity = "info" if problem == "holds no text." else "warning"
            notes.append(Note(severity, STAGE, path.name, f"Page {page.page_number} {problem}"))
    return notes


def _notes_on_letters(lines: Sequence[Line], text: str, file: str) -> list[Note]:
    """What was read as other letters than the page shows, for want of a right map from its fonts to Unicode."""
    garbled = find_garbled((line.page_number, line.span.of(text)) for line in lines)
    if not garbled:
        return []
    shown = listed(f"«{word.text}» (page {word.page_number})" for word in garbled)
    return [
        Note(
            "warning",
            STAGE,
            file,
            f"Words whose letters seem to be other than the page shows, since a font of the PDF has no right map to "
            f"Unicode: {shown}. Quotations of them are still found; the words are printed here as they were "
            "read. Export the report to PDF again from the program it was written in to mend it.",
        )
    ]


def _text(
    rows: Sequence[TypedRow], laid_out: Sequence[PageRows]
) -> tuple[str, list[Span], list[tuple[int, int, EmptyLine]]]:
    """The report's text, the span of each row, and the empty lines: rows before each, offset, line."""
    pieces: list[str] = []
    spans: list[Span] = []
    empty_lines: list[tuple[int, int, EmptyLine]] = []
    offset = index = 0
    for page in laid_out:
        waiting = list(page.empty_lines)
        for position in range(len(page.rows) + 1):
            while waiting and (waiting[0].position <= position or position == len(page.rows)):
                empty_lines.append((index, offset, waiting.pop(0)))
                pieces.append("")
                offset += 1
            if position < len(page.rows):
                text = rows[index].row.text
                pieces.append(text)
                spans.append(Span(offset, offset + len(text)))
                offset += len(text) + 1
                index += 1
    return "\n".join(pieces), spans, empty_lines


def _lines(
    rows: Sequence[TypedRow],
    spans: Sequence[Span],
    row_numbers: Sequence[int | None],
    section_of: Sequence[str],
    empty_lines: Sequence[tuple[int, int, EmptyLine]],
) -> tuple[Line, ...]:
    """The rows and the numbered empty lines, in reading order."""
    found: list[Line] = []
    waiting = list(empty_lines)[::-1]
    for index in range(len(rows) + 1):
        while waiting and waiting[-1][0] <= index:
            _, offset, line = waiting.pop()
            section_id = section_of[index - 1] if index else ""
            found.append(
                Line("", line.box.page_number, line.number, "text", section_id, Span(offset, offset), line.box)
            )
        if index < len(rows):
            row = rows[index].row
            box = Box(row.page_number, row.x0, row.top, row.x1, row.bottom)
            kind, number = rows[index].kind, row_numbers[index]
            found.append(Line("", row.page_number, number, kind, section_of[index], spans[index], box))
    return tuple(replace(line, line_id=f"L{position:05d}") for position, line in enumerate(found, start=1))


def _sections(rows: Sequence[TypedRow], spans: Sequence[Span], end: int) -> tuple[Section, ...]:
    """Headings in order; each section reaches to the next heading of its own level or above."""
    heads: list[tuple[int, int, str, str]] = []  # first row, level, number, heading
    for index, row in enumerate(rows):
        if row.kind != "heading" or row.heading_level < 0:
            continue
        if heads and index and rows[index - 1].paragraph == row.paragraph:
            first, level, number, heading = heads[-1]
            heads[-1] = (first, level, number, f"{heading} {row.row.text}")
        else:
            heads.append((index, row.heading_level, row.heading_number, row.row.text))
    sections: list[Section] = []
    for position, (first, level, number, heading) in enumerate(heads):
        following = next((other for other, depth, _, _ in heads[position + 1 :] if depth <= level), None)
        stop = spans[following].start - 1 if following is not None else end
        parent = next((section for section in reversed(sections) if section.level < level), None)
        title = _without_number(heading, number)
        sections.append(
            Section(
                section_id=f"S{position + 1:03d}",
                number=number,
                heading=title,
                level=level,
                parent_id=parent.section_id if parent else "",
                span=Span(spans[first].start, stop),
            )
        )
    return tuple(sections)


def _without_number(heading: str, number: str) -> str:
    position = heading.find(number) + len(number) if number else 0
    return heading[position:].lstrip(". \t") or heading


def _section_ids(spans: Sequence[Span], sections: Sequence[Section]) -> list[str]:
    """The lowest section that each row stands in; empty before the first heading."""
    ids: list[str] = []
    current, position = "", 0
    for span in spans:
        while position < len(sections) and sections[position].span.start <= span.start:
            current = sections[position].section_id
            position += 1
        ids.append(current)
    return ids


def _tables(rows: Sequence[TypedRow], spans: Sequence[Span], text: str, grids: Sequence[Grid]) -> tuple[Table, ...]:
    """Each table with its cells and the caption next to it (above it, else below).

    A table without a caption at the top of a page goes on from the one at the foot of the page before.
    """
    members: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        if row.kind == "table":
            members.setdefault(row.table, []).append(index)
    tables: list[Table] = []
    for table, indices in members.items():
        first, last = indices[0], indices[-1]
        caption_rows = _caption_rows(rows, first - 1, -1) or _caption_rows(rows, last + 1, 1)
        caption = ""
        if caption_rows:
            caption = join_lines(text, Span(spans[caption_rows[0]].start, spans[caption_rows[-1]].end)).text
        matched = CAPTION.match(caption)
        number = matched.group(1) if matched else ""
        span = Span(
            min(spans[index].start for index in [first, *caption_rows]),
            max(spans[index].end for index in [last, *caption_rows]),
        )
        cells = _cells(grids[table], [(rows[index].row, spans[index]) for index in indices])
        if tables and not number and _goes_on_from_page_before(rows, first):
            before = tables[-1]
            n_rows = max((cell.row for cell in before.cells), default=0)
            below = tuple(replace(cell, row=cell.row + n_rows) for cell in cells)
            tables[-1] = replace(before, span=Span(before.span.start, span.end), cells=before.cells + below)
        else:
            tables.append(Table(f"T{len(tables) + 1:03d}", number, caption, span, cells))
    return tuple(tables)


def _cells(grid: Grid, rows: Sequence[tuple[Row, Span]]) -> tuple[TableCell, ...]:
    """The cells of a table, each with the spans of the words whose middle lies in it."""
    boxes = [
        (row, column, box)
        for row, cells in enumerate(grid.rows, start=1)
        for column, box in enumerate(cells, start=1)
        if box is not None
    ]
    found: dict[tuple[int, int], list[Span]] = {}
    for row, span in rows:
        before: tuple[int, int] | None = None
        for word, offset in zip(row.words, row.offsets, strict=True):
            cell = _cell_of(word, boxes)
            if cell is None:
                continue
            start = span.start + offset
            spans = found.setdefault(cell, [])
            if cell == before:
                spans[-1] = Span(spans[-1].start, start + len(word.text))
            else:
                spans.append(Span(start, start + len(word.text)))
            before = cell
    return tuple(TableCell(row, column, tuple(spans)) for (row, column), spans in sorted(found.items()))


def _cell_of(word: Word, boxes: Sequence[tuple[int, int, Box]]) -> tuple[int, int] | None:
    """The row and column of the cell that a word's middle lies in, or is nearest to."""
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2

    def distance(box: Box) -> float:
        return max(box.x0 - x, x - box.x1, 0.0) + max(box.top - y, y - box.bottom, 0.0)

    nearest = min(boxes, key=lambda cell: distance(cell[2]), default=None)
    return None if nearest is None else (nearest[0], nearest[1])


def _footnotes(rows: Sequence[TypedRow], spans: Sequence[Span]) -> tuple[Footnote, ...]:
    """The footnotes, each tied to the raised marker in the text of its page."""
    paragraphs: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        if row.kind == "footnote":
            paragraphs.setdefault(row.paragraph, []).append(index)
    markers = _markers(rows, spans)
    found: list[Footnote] = []
    for indices in paragraphs.values():
        matched = FOOTNOTE_MARKER.match(rows[indices[0]].row.text)
        span = Span(spans[indices[0]].start, spans[indices[-1]].end)
        if matched is None:
            if found:
                found[-1] = replace(found[-1], goes_on=(*found[-1].goes_on, span))
            continue
        marker = matched.group().translate(PLAIN_DIGITS)
        reference = markers.get((rows[indices[0]].row.page_number, marker))
        found.append(Footnote(f"F{len(found) + 1:03d}", marker, span, reference))
    return tuple(found)


def _markers(rows: Sequence[TypedRow], spans: Sequence[Span]) -> Mapping[tuple[int, str], Span]:
    """Page and marker -> where the marker stands in the text, the first place of each."""
    found: dict[tuple[int, str], Span] = {}
    for typed, span in zip(rows, spans, strict=True):
        row = typed.row
        if typed.kind == "footnote":
            continue
        for word, offset in zip(row.words, row.offsets, strict=True):
            if is_raised(word, row.baseline, row.height):
                start = span.start + offset
                found.setdefault((row.page_number, word.text), Span(start, start + len(word.text)))
    return found


def _goes_on_from_page_before(rows: Sequence[TypedRow], first: int) -> bool:
    """Whether a table's first row stands at the top of a page and the page before ends in a table."""
    before = rows[first - 1]
    return before.kind == "table" and before.row.page_number != rows[first].row.page_number


def _caption_rows(rows: Sequence[TypedRow], index: int, direction: int) -> list[int]:
    found = []
    while 0 <= index < len(rows) and rows[index].kind == "caption":
        found.append(index)
        index += direction
    return sorted(found)


def _passages(
    rows: Sequence[TypedRow],
    spans: Sequence[Span],
    text: str,
    section_of: Sequence[str],
    sentences: SentenceSplitter | None,
) -> list[Passage]:
    """The sentences of each paragraph, as spans of the report's text."""
    paragraphs: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        paragraphs.setdefault(row.paragraph, []).append(index)
    passages: list[Passage] = []
    for number, indices in paragraphs.items():
        derived = join_lines(text, Span(spans[indices[0]].start, spans[indices[-1]].end))
        split = [Span(0, len(derived.text))] if derived.text else []
        if sentences is not None and rows[indices[0]].kind in ("text", "list", "footnote"):
            split = sentences(derived.text)
        for span in split:
            passages.append(
                Passage(
                    passage_id=f"P{len(passages) + 1:05d}",
                    paragraph_id=f"A{number + 1:05d}",
                    section_id=section_of[indices[0]],
                    kind=rows[indices[0]].kind,
                    span=derived.to_source(span),
                )
            )
    return passages


def _numbering(lines: Sequence[Line], numbers: MarginNumbers | None) -> Numbering:
    values = [line.number for line in lines if line.number is not None]
    first, last = (min(values), max(values)) if values else (0, 0)
    if numbers is None:
        return Numbering("counted", 1, "document", first, last)
    gaps: tuple[int, ...] = ()
    if numbers.restart == "document":
        known = set(values)
        gaps = tuple(number for number in range(first, last + 1) if number not in known)
    return Numbering(
        source="printed",
        step=numbers.step,
        restart=numbers.restart,
        first=first,
        last=last,
        gaps=gaps,
        doubles=numbers.doubles,
        on_empty_lines=tuple(line.number for line in lines if line.number is not None and not len(line.span)),
        side=numbers.margins,
        placement="ruler" if numbers.ruler else "beside",
        confidence=numbers.confidence,
    )


MARGINS = {
    "left": "in the left margin",
    "right": "in the right margin",
    "outer": "in the outer margin",
    "both": "in both margins",
    "columns": "beside each text column",
}
RESTARTS = {"document": "through the report", "page": "anew on each page", "section": "anew with each section"}


def _numbering_notes(numbering: Numbering, file: str) -> list[Note]:
    """What the run says of the numbering that it found."""
    if numbering.source == "counted":
        return [
            Note(
                "warning",
                STAGE,
                file,
                "The report has no printed line numbers. Its lines were counted from 1 as a reader would count them "
                f"(tables, captions and footnotes left out), to {numbering.last}. 'innspill number' writes a copy "
                "with these numbers in the margin.",
            )
        ]
    nth = "2nd" if numbering.step == 2 else f"{numbering.step}th"
    every = "every line" if numbering.step == 1 else f"every {nth} line (those between are counted)"
    summary = (
        f"Printed line numbers {MARGINS[numbering.side]} on {every}, {RESTARTS[numbering.restart]}, {numbering.first} "
        f"to {numbering.last}; {numbering.confidence:.0%} follow on the one before."
    )
    notes = [Note("info" if numbering.confidence >= SURE else "warning", STAGE, file, summary)]
    if numbering.placement == "ruler":
        notes.append(
            Note(
                "info",
                STAGE,
                file,
                "The numbers stand at even distances, not on the lines' own height: each line has the nearest number.",
            )
        )
    told: tuple[tuple[Severity, str, tuple[int, ...]], ...] = (
        ("info", "Numbers with no text beside them", numbering.on_empty_lines),
        ("warning", "Numbers that are not printed", numbering.gaps),
        ("warning", "Numbers that are printed more than once", numbering.doubles),
    )
    for severity, what, numbers in told:
        if numbers:
            notes.append(Note(severity, STAGE, file, f"{what}: {listed(numbers)}."))
    return notes
