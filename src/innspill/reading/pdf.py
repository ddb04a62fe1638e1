"""PDF -> words with boxes, outline and ruled tables: the only module that touches a PDF library.

Characters come from pypdfium2, which reads a page some twenty times faster than pdfplumber; pdfplumber is asked for
tables only, on pages that have ruling lines.
"""

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from innspill.errors import ReportError
from innspill.records import Box

MAX_PAGES = 5_000
# A gap wider than this share of a character's height is a space between words, in PDFs that draw no space character.
WORD_GAP = 0.25
# pdfium reports a hyphen that ends a line as one of these, so that searching can pass over it.
LINE_END_HYPHENS = {0x02, 0xFFFE}
BOLD_WEIGHT = 600
BOLD_FLAG = 1 << 18  # the ForceBold bit of a PDF font descriptor's flags (ISO 32000-1, table 123)
BOLD_NAME = re.compile(rb"bold|black|heavy|semibold", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a space. Points, origin top left; `height` is the font's size, not the ink's."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    height: float
    bold: bool


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The words of one page, in the file's own order, with the page's size and label in the file."""

    page_number: int
    label: str
    width: float
    height: float
    words: tuple[Word, ...]
    has_rules: bool
    has_images: bool


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark of the PDF: its title, level (1 at the top) and 1-based page."""

    title: str
    level: int
    page_number: int


def open_pdf(path: Path) -> pdfium.PdfDocument:
    """Open a PDF.

    Raises:
        ReportError: the file is missing, empty, locked with a password, damaged, no PDF, or has too many pages.
    """
    if not path.is_file():
        raise ReportError(f"There is no report at {path}. Check the key 'report' in consultation.toml, or --report.")
    if path.stat().st_size == 0:
        raise ReportError(f"The report {path} is an empty file (0 bytes). Export it to PDF again.")
    try:
        document = pdfium.PdfDocument(path)
        n_pages = len(document)
    except pdfium.PdfiumError as error:
        raise ReportError(_open_problem(path, error)) from error
    if n_pages == 0:
        raise ReportError(f"The report {path} has no pages. Export it to PDF again.")
    if n_pages > MAX_PAGES:
        raise ReportError(
            f"The report {path} has {n_pages} pages; innspill reads up to {MAX_PAGES}. "
            "Split it and run each part by itself."
        )
    return document


def _open_problem(path: Path, error: pdfium.PdfiumError) -> str:
    if "assword" in str(error):
        return f"The report {path} is locked with a password. Save a copy without one, and run again."
    if not path.read_bytes()[:1024].lstrip().startswith(b"%PDF"):
        return f"The report {path} is not a PDF (it does not begin with '%PDF'). Export the report to PDF first."
    return f"The report {path} is damaged and cannot be opened ({error}). Export it to PDF again."


def read_pages(document: pdfium.PdfDocument, path: Path) -> Iterator[PdfPage]:
    """The pages one at a time, so that a long report is never held as characters.

    Raises:
        ReportError: a page cannot be read.
    """
    for index in range(len(document)):
        try:
            page = document[index]
            textpage = page.get_textpage()
        except pdfium.PdfiumError as error:
            raise ReportError(
                f"Page {index + 1} of {path} is damaged and cannot be read. Export the report to PDF again."
            ) from error
        kinds = {item.type for item in page.get_objects(max_depth=3)}
        width, height = page.get_size()
        yield PdfPage(
            page_number=index + 1,
            label=document.get_page_label(index) or "",
            width=width,
            height=height,
            words=tuple(_words(page, textpage)),
            has_rules=pdfium_c.FPDF_PAGEOBJ_PATH in kinds,
            has_images=pdfium_c.FPDF_PAGEOBJ_IMAGE in kinds,
        )
        textpage.close()
        page.close()


def read_outline(document: pdfium.PdfDocument) -> tuple[OutlineEntry, ...]:
    """The PDF's bookmarks, in order; empty where it has none."""
    entries = []
    for bookmark in document.get_toc(max_depth=6):
        destination = bookmark.get_dest()
        index = destination.get_index() if destination else None
        title = unicodedata.normalize("NFC", bookmark.get_title() or "").strip()
        if title and index is not None:
            entries.append(OutlineEntry(title, bookmark.level + 1, index + 1))
    return tuple(entries)


def find_ruled_tables(path: Path, page_numbers: list[int]) -> list[Box]:
    """The boxes of tables drawn with ruling lines on the given 1-based pages, by pdfplumber.

    A table is at least two rows and two columns; a frame around a text box is not one.
    """
    import pdfplumber

    if not page_numbers:
        return []
    boxes = []
    with pdfplumber.open(path, pages=page_numbers) as document:
        for page in document.pages:
            for table in page.find_tables():
                rows = table.rows
                if len(rows) >= 2 and max(sum(cell is not None for cell in row.cells) for row in rows) >= 2:
                    x0, top, x1, bottom = table.bbox
                    boxes.append(Box(page.page_number, x0, top, x1, bottom))
            page.close()
    return boxes


def _words(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> Iterator[Word]:
    """Join characters to words: a space, a new line, a jump or a wide gap ends one."""
    to_top_left = _page_transform(page)
    raw = textpage.raw
    rectangle = pdfium_c.FS_RECTF()
    origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
    letters: list[str] = []
    x0 = top = x1 = bottom = baseline = height = 0.0
    first_index = 0
    for index in range(textpage.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(raw, index)
        character = "-" if code in LINE_END_HYPHENS else chr(code) if code else ""
        if not character.strip() or unicodedata.category(character) == "Cc":
            if letters:
                yield _word(raw, first_index, letters, x0, top, x1, bottom, baseline, height)
                letters = []
            continue
        pdfium_c.FPDFText_GetLooseCharBox(raw, index, rectangle)
        pdfium_c.FPDFText_GetCharOrigin(raw, index, origin_x, origin_y)
        left, up = to_top_left(rectangle.left, rectangle.top)
        right, down = to_top_left(rectangle.right, rectangle.bottom)
        left, right, up, down = min(left, right), max(left, right), min(up, down), max(up, down)
        base = to_top_left(origin_x.value, origin_y.value)[1]
        size = down - up
        jump = letters and (
            abs(base - baseline) > 0.12 * size
            or left - x1 > WORD_GAP * size
            or left < x1 - size
            or max(size, height) > 1.4 * min(size, height)
        )
        if jump:
            yield _word(raw, first_index, letters, x0, top, x1, bottom, baseline, height)
            letters = []
        if not letters:
            x0, top, x1, bottom, baseline, height, first_index = left, up, right, down, base, size, index
        letters.append(character)
        x1, top, bottom = max(x1, right), min(top, up), max(bottom, down)
    if letters:
        yield _word(raw, first_index, letters, x0, top, x1, bottom, baseline, height)


def _word(
    raw: object,
    index: int,
    letters: list[str],
    x0: float,
    top: float,
    x1: float,
    bottom: float,
    baseline: float,
    height: float,
) -> Word:
    text = unicodedata.normalize("NFC", "".join(letters))
    return Word(text, x0, top, x1, bottom, baseline, _font_size(raw, index) or height, _is_bold(raw, index))


def _font_size(raw: object, index: int) -> float:
    """The size a character is shown in, points. Quartz and InDesign write size 1 and put the scale in the matrix."""
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFText_GetMatrix(raw, index, matrix):
        return 0.0
    return float(pdfium_c.FPDFText_GetFontSize(raw, index)) * math.hypot(matrix.c, matrix.d)


def _is_bold(raw: object, index: int) -> bool:
    """Whether the character's font is bold, by its weight, its descriptor's flag or its name."""
    if pdfium_c.FPDFText_GetFontWeight(raw, index) >= BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(raw, index, name, 128, flags)
    return bool(flags.value & BOLD_FLAG) or bool(BOLD_NAME.search(name.value))


def _page_transform(page: pdfium.PdfPage):  # type: ignore[no-untyped-def]
    """A function from PDF user space (origin bottom left, before rotation) to points from the shown page's top left."""
    left, bottom, right, top = page.get_cropbox()
    rotation = page.get_rotation()

    def upright(x: float, y: float) -> tuple[float, float]:
        return x - left, top - y

    def quarter(x: float, y: float) -> tuple[float, float]:
        return y - bottom, x - left

    def half(x: float, y: float) -> tuple[float, float]:
        return right - x, y - bottom

    def three_quarters(x: float, y: float) -> tuple[float, float]:
        return top - y, right - x

    return {0: upright, 90: quarter, 180: half, 270: three_quarters}[rotation]
