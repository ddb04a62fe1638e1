"""PDF -> words with boxes, outline and ruled tables: the only module that touches a PDF library.

Characters come from pypdfium2, which reads a page some twenty times faster than pdfplumber; pdfplumber is asked for
tables only, on pages that have ruling lines.
"""

import ctypes
import math
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from innspill.errors import ReportError
from innspill.records import Box

if TYPE_CHECKING:
    from pdfminer.pdftypes import PDFStream

MAX_PAGES = 5_000
# A gap wider than this share of a character's height is a space between words, in PDFs that draw no space character.
WORD_GAP = 0.25
# pdfium reports a hyphen that ends a line as one of these, so that searching can pass over it.
LINE_END_HYPHENS = {0x02, 0xFFFE}
# Codes of the C1 range stand for nothing: a font without a map to Unicode shows some sign of its own there (TeX's
# bullet is 0x88). What it shows is not known, but it must not be lost.
C1_CONTROLS = range(0x80, 0xA0)
UNKNOWN = "\ufffd"
# Accents that are characters of their own, and the combining mark that each stands for.
SPACING_ACCENTS = {
    "\u00b4": "\u0301", "`": "\u0300", "\u00a8": "\u0308", "\u02da": "\u030a", "\u02c6": "\u0302", "\u02dc": "\u0303",
    "\u00b8": "\u0327", "\u02c7": "\u030c",
}  # fmt: skip
BOLD_WEIGHT = 600
BOLD_FLAG = 1 << 18  # the ForceBold bit of a PDF font descriptor's flags (ISO 32000-1, table 123)
# CMBX and SFBX are LaTeX's own bold fonts, «Medi» its Times.
BOLD_NAME = re.compile(rb"bold|black|heavy|cmbx|sfbx|-medi\b", re.IGNORECASE)


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


def find_damaged_pages(path: Path) -> list[int]:
    """The 1-based pages with a content stream that cannot be unpacked to its end; pdfium shows what it can of them."""
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import PDFStream, resolve1

    damaged = []
    with path.open("rb") as file:
        for number, page in enumerate(PDFPage.create_pages(PDFDocument(PDFParser(file))), start=1):
            streams = [resolve1(content) for content in page.contents]
            if not all(isinstance(stream, PDFStream) and _is_whole(stream) for stream in streams):
                damaged.append(number)
    return damaged


def _is_whole(stream: "PDFStream") -> bool:
    """Whether a stream packed by Flate alone can be unpacked to its end; streams packed otherwise pass."""
    names = [str(getattr(name, "name", name)) for name, _ in stream.get_filters()]
    raw = stream.get_rawdata()
    if raw is None or names not in (["FlateDecode"], ["Fl"]):
        return True
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(raw)
    except zlib.error:
        return False
    return unpacker.eof


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


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A character with its box, baseline and box height in points, origin top left; `index` is pdfium's."""

    index: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def _words(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> Iterator[Word]:
    """Join characters to words: a space, a new line, a jump or a wide gap ends one."""
    word: list[_Glyph] = []
    for glyph in _with_accents(_glyphs(page, textpage)):
        if word and (glyph is None or _is_apart(word, glyph)):
            yield _word(textpage.raw, word)
            word = []
        if glyph is not None:
            word.append(glyph)
    if word:
        yield _word(textpage.raw, word)


def _glyphs(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> Iterator[_Glyph | None]:
    """The characters in the file's order; ``None`` for a space or a line end."""
    to_top_left = _page_transform(page)
    raw = textpage.raw
    rectangle = pdfium_c.FS_RECTF()
    origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
    for index in range(textpage.count_chars()):
        character = _character(pdfium_c.FPDFText_GetUnicode(raw, index))
        if not character:
            yield None
            continue
        pdfium_c.FPDFText_GetLooseCharBox(raw, index, rectangle)
        pdfium_c.FPDFText_GetCharOrigin(raw, index, origin_x, origin_y)
        left, up = to_top_left(rectangle.left, rectangle.top)
        right, down = to_top_left(rectangle.right, rectangle.bottom)
        left, right, up, down = min(left, right), max(left, right), min(up, down), max(up, down)
        yield _Glyph(index, character, left, up, right, down, to_top_left(origin_x.value, origin_y.value)[1])


def _character(code: int) -> str:
    """The character of a code of pdfium's; empty for a space, a line end or another control character."""
    if code in LINE_END_HYPHENS:
        return "-"
    if code in C1_CONTROLS:
        return UNKNOWN
    character = chr(code)
    return "" if character.isspace() or unicodedata.category(character) == "Cc" else character


def _with_accents(glyphs: Iterator[_Glyph | None]) -> Iterator[_Glyph | None]:
    """Put an accent that is drawn as a character of its own onto the letter after it that it stands over.

    LaTeX's old fonts have no «å» and no «é»: it prints a ring, and the letter at the same place.
    """
    accent: _Glyph | None = None
    for glyph in glyphs:
        if accent is not None:
            if glyph is not None and glyph.text.isalpha() and glyph.x0 < accent.x1 - 0.3 * (accent.x1 - accent.x0):
                composed = unicodedata.normalize("NFC", glyph.text + SPACING_ACCENTS[accent.text])
                glyph = replace(glyph, text=composed, x0=min(glyph.x0, accent.x0))
            else:
                yield accent
            accent = None
        if glyph is not None and glyph.text in SPACING_ACCENTS:
            accent = glyph
        else:
            yield glyph
    if accent is not None:
        yield accent


def _is_apart(word: Sequence[_Glyph], glyph: _Glyph) -> bool:
    """Whether a character stands off the word before it, or is of another size."""
    first, size = word[0], glyph.height
    end = max(before.x1 for before in word)
    return (
        abs(glyph.baseline - first.baseline) > 0.12 * size
        or glyph.x0 - end > WORD_GAP * size
        or glyph.x0 < end - size
        or max(size, first.height) > 1.4 * min(size, first.height)
    )


def _word(raw: object, glyphs: Sequence[_Glyph]) -> Word:
    first = glyphs[0]
    return Word(
        text=unicodedata.normalize("NFC", "".join(glyph.text for glyph in glyphs)),
        x0=first.x0,
        top=min(glyph.top for glyph in glyphs),
        x1=max(glyph.x1 for glyph in glyphs),
        bottom=max(glyph.bottom for glyph in glyphs),
        baseline=first.baseline,
        height=_font_size(raw, first.index) or first.height,
        bold=_is_bold(raw, first.index),
    )


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


def _page_transform(page: pdfium.PdfPage) -> Callable[[float, float], tuple[float, float]]:
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
