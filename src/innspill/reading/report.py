"""The report: PDF -> `Report`, every line with the number that a reader would cite."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from innspill.derived import join_lines
from innspill.errors import ReportError
from innspill.reading.layout import MarginNumbers, PageRows, lay_out
from innspill.reading.pdf import PdfPage, find_damaged_pages, find_ruled_tables, open_pdf, read_outline, read_pages
from innspill.reading.structure import CAPTION, TypedRow, number_rows, structure_rows
from innspill.records import Box, Line, Note, Numbering, Page, Passage, Report, Section, Severity, Span, Table

SentenceSplitter = Callable[[str], list[Span]]
STAGE = "report"


def read_report(path: Path, *, sentences: SentenceSplitter) -> Report:
    """Read a report PDF.

    Args:
        path: The PDF.
        sentences: Splits running text to sentence spans, for passages.

    Raises:
        ReportError: the PDF cannot be opened, or no page of it holds text.
    """
    document = open_pdf(path)
    try:
        pages = list(read_pages(document, path))
        outline = read_outline(document)
    finally:
        document.close()
    notes = _notes_on_pages(pages, path)
    laid_out, numbers = lay_out(pages)
    tables = find_ruled_tables(path, [page.page_number for page in pages if page.has_rules and page.words])
    rows = structure_rows(laid_out, tables, outline)
    if not rows:
        raise ReportError(f"The report {path} holds no text but running heads. Is it the right file?")
    return _build(path, pages, laid_out, rows, number_rows(rows, numbers), numbers, sentences, notes)


def _notes_on_pages(pages: Sequence[PdfPage], path: Path) -> list[Note]:
    """One note for each page that is damaged, only a picture, or empty.

    Raises:
        ReportError: no page holds text.
    """
    damaged = set(find_damaged_pages(path))
    if not any(page.words for page in pages):
        hint = "it seems to be scanned" if any(page.has_images for page in pages) else "it is blank"
        hint = "it is damaged" if damaged else hint
        raise ReportError(
            f"The report {path} holds no text on any of its {len(pages)} pages; {hint}. "
            "Export it to PDF from the program it was written in, or run text recognition (OCR) on it first."
        )
    notes = []
    for page in pages:
        problem = ""
        if page.page_number in damaged:
            problem = "is damaged and was read in part or not at all. Export the report to PDF again."
        elif not page.words and page.has_images:
            problem = "is an image without text and was not read. Run text recognition (OCR) on it to have it read."
        elif not page.words:
            problem = "holds no text."
        if problem:
            severity: Severity = "info" if problem == "holds no text." else "warning"
            notes.append(Note(severity, STAGE, path.name, f"Page {page.page_number} {problem}"))
    return notes


def _build(
    path: Path,
    pages: Sequence[PdfPage],
    laid_out: Sequence[PageRows],
    rows: Sequence[TypedRow],
    row_numbers: Sequence[int | None],
    numbers: MarginNumbers | None,
    sentences: SentenceSplitter,
    notes: list[Note],
) -> Report:
    spans = _row_spans(rows)
    text = "\n".join(row.row.text for row in rows)
    sections = _sections(rows, spans, len(text))
    section_of = _section_ids(rows, spans, sections)
    lines = _lines(rows, spans, row_numbers, section_of)
    numbering = _numbering(lines, numbers)
    labels = {page.page_number: page.label for page in laid_out}
    title_rows = [row.row.text for row in rows if row.kind == "heading" and row.heading_level < 0]
    return Report(
        title=" ".join(title_rows) or path.stem,
        text=text,
        pages=tuple(Page(page.page_number, labels[page.page_number], page.width, page.height) for page in pages),
        lines=lines,
        sections=sections,
        tables=_tables(rows, spans, text),
        passages=tuple(_passages(rows, spans, text, section_of, sentences)),
        numbering=numbering,
        notes=(*notes, *_numbering_notes(numbering, path.name)),
    )


def _lines(
    rows: Sequence[TypedRow], spans: Sequence[Span], row_numbers: Sequence[int | None], section_of: Sequence[str]
) -> tuple[Line, ...]:
    return tuple(
        Line(
            line_id=f"L{index + 1:05d}",
            page_number=row.row.page_number,
            number=number,
            kind=row.kind,
            section_id=section_of[index],
            span=span,
            box=Box(row.row.page_number, row.row.x0, row.row.top, row.row.x1, row.row.bottom),
        )
        for index, (row, span, number) in enumerate(zip(rows, spans, row_numbers, strict=True))
    )


def _row_spans(rows: Sequence[TypedRow]) -> list[Span]:
    spans, position = [], 0
    for row in rows:
        length = len(row.row.text)
        spans.append(Span(position, position + length))
        position += length + 1
    return spans


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


def _section_ids(rows: Sequence[TypedRow], spans: Sequence[Span], sections: Sequence[Section]) -> list[str]:
    """The lowest section that each row stands in; empty before the first heading."""
    ids, current, upcoming = [], "", list(sections)
    for index in range(len(rows)):
        while upcoming and upcoming[0].span.start <= spans[index].start:
            current = upcoming.pop(0).section_id
        ids.append(current)
    return ids


def _tables(rows: Sequence[TypedRow], spans: Sequence[Span], text: str) -> tuple[Table, ...]:
    """Each ruled table with the caption next to it (above it, else below)."""
    members: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        if row.kind == "table":
            members.setdefault(row.table, []).append(index)
    tables: list[Table] = []
    for indices in members.values():
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
        if tables and not number and _goes_on_from_page_before(rows, first):
            tables[-1] = replace(tables[-1], span=Span(tables[-1].span.start, span.end))
        else:
            tables.append(Table(f"T{len(tables) + 1:03d}", number, caption, span))
    return tuple(tables)


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
    sentences: SentenceSplitter,
) -> list[Passage]:
    """The sentences of each paragraph, as spans of the report's text."""
    paragraphs: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        paragraphs.setdefault(row.paragraph, []).append(index)
    passages: list[Passage] = []
    for number, indices in paragraphs.items():
        derived = join_lines(text, Span(spans[indices[0]].start, spans[indices[-1]].end))
        whole = [Span(0, len(derived.text))] if derived.text else []
        in_sentences = rows[indices[0]].kind in ("text", "list", "footnote")
        for span in sentences(derived.text) if in_sentences else whole:
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
    restart: Literal["document", "page"] = "page" if numbers.restart_per_page else "document"
    counts = Counter(values)
    gaps: tuple[int, ...] = ()
    if restart == "document":
        gaps = tuple(number for number in range(first, last + 1) if number not in counts)
    return Numbering("printed", numbers.step, restart, first, last, gaps, numbers.doubles)


def _numbering_notes(numbering: Numbering, file: str) -> list[Note]:
    """What the run says of the numbering that it found."""
    if numbering.source == "counted":
        return [
            Note(
                "warning",
                STAGE,
                file,
                "The report has no printed line numbers. Its lines were counted from 1 as a reader would count them "
                f"(tables, captions and footnotes left out), to {numbering.last}.",
            )
        ]
    where = "anew on each page" if numbering.restart == "page" else "through the report"
    every = "every line" if numbering.step == 1 else f"every {numbering.step}th line (those between are counted)"
    summary = f"Printed line numbers on {every}, {where}, {numbering.first} to {numbering.last}."
    notes = [Note("info", STAGE, file, summary)]
    if numbering.gaps:
        shown = ", ".join(map(str, numbering.gaps[:12]))
        more = f" and {len(numbering.gaps) - 12} more" if len(numbering.gaps) > 12 else ""
        notes.append(Note("info", STAGE, file, f"Numbers with no line of text beside them: {shown}{more}."))
    if numbering.doubles:
        shown = ", ".join(map(str, numbering.doubles[:12]))
        notes.append(Note("warning", STAGE, file, f"Numbers that are printed more than once: {shown}."))
    return notes
