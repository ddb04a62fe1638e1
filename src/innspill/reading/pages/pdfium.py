"""What PDFium shows on a page: words with boxes, ruling lines, annotations; and bookmarks. Nothing else opens a PDF.

It is made for the process that `pdf.read_pdf` starts. A call of the library costs half a microsecond, and a long
report has a million characters, so a word is asked about by its two ends wherever its middle cannot surprise.
"""

import ctypes
import html
import math
import mmap
import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from innspill.errors import ReportError
from innspill.reading.charsets import compose
from innspill.reading.pages.pdf import (
    LIMITS,
    Annotation,
    Field,
    Limits,
    OutlineEntry,
    PdfPage,
    Rule,
    Word,
    check_file,
)

# A gap wider than this share of a character's height is a space between words, in PDFs that draw no space character.
WORD_GAP = 0.25
# pdfium reports a hyphen that ends a line as one of these, so that searching can pass over it.
LINE_END_HYPHENS = "\x02\ufffe"
# Codes of the C1 range stand for nothing: a font without a map to Unicode shows some sign of its own there (TeX's
# bullet is 0x88). What it shows is not known, but it must not be lost.
C1_CONTROLS = range(0x80, 0xA0)
UNKNOWN = "\ufffd"
# The same holds for most codes of the C0 range. TeX's old fonts have their ligatures there, at these places.
LIGATURES = {0x0B: "ﬀ", 0x0C: "ﬁ", 0x0E: "ﬃ", 0x0F: "ﬄ", 0x1B: "ﬀ", 0x1C: "ﬁ", 0x1D: "ﬂ", 0x1E: "ﬃ", 0x1F: "ﬄ"}
C0_CONTROLS = set(range(0x01, 0x20)) - set(map(ord, "\t\n\r"))
SHOWN = (
    dict.fromkeys([*C0_CONTROLS, *C1_CONTROLS], UNKNOWN) | LIGATURES | dict.fromkeys(map(ord, LINE_END_HYPHENS), "-")
)
SURROGATE = re.compile("[\ud800-\udfff]")
# Characters without a space, a line end or another control character among them.
RUN = re.compile(r"[^\s\x00-\x1f\x7f]+")
SPACES = (" ", "\u00a0")
# Accents that are characters of their own, and the combining mark that each stands for.
SPACING_ACCENTS = {
    "\u00b4": "\u0301", "`": "\u0300", "\u00a8": "\u0308", "\u02da": "\u030a", "\u02c6": "\u0302", "\u02dc": "\u0303",
    "\u00b8": "\u0327", "\u02c7": "\u030c",
}  # fmt: skip
ACCENT = re.compile("[" + "".join(SPACING_ACCENTS) + "]")
# Text that rises or falls by more than this share of its length stands askew.
ASKEW = 0.1
BOLD_WEIGHT = 600
BOLD_FLAG = 1 << 18  # the ForceBold bit of a PDF font descriptor's flags (ISO 32000-1, table 123)
# CMBX and SFBX are LaTeX's own bold fonts, «Medi» its Times.
BOLD_NAME = re.compile(rb"bold|black|heavy|cmbx|sfbx|-medi\b", re.IGNORECASE)
# A ruling line is at least this long, points, and at most this thick; a broader stroke is a bar or a shade.
RULE_LENGTH, RULE_THICKNESS = 8.0, 3.0
MAX_BOOKMARKS = 20_000
MAX_FORM_DEPTH = 5  # forms within forms that are searched for ruling lines
# Annotations that hold a reader's marks or words, by pdfium's number for them. Links, windows for notes, sounds
# and printer's marks say nothing; fields of forms are read by themselves.
ANNOTATIONS = {
    pdfium_c.FPDF_ANNOT_TEXT: "text", pdfium_c.FPDF_ANNOT_FREETEXT: "freetext", pdfium_c.FPDF_ANNOT_LINE: "line",
    pdfium_c.FPDF_ANNOT_SQUARE: "square", pdfium_c.FPDF_ANNOT_CIRCLE: "circle", pdfium_c.FPDF_ANNOT_POLYGON: "polygon",
    pdfium_c.FPDF_ANNOT_POLYLINE: "polyline", pdfium_c.FPDF_ANNOT_HIGHLIGHT: "highlight",
    pdfium_c.FPDF_ANNOT_UNDERLINE: "underline", pdfium_c.FPDF_ANNOT_SQUIGGLY: "squiggly",
    pdfium_c.FPDF_ANNOT_STRIKEOUT: "strikeout", pdfium_c.FPDF_ANNOT_STAMP: "stamp", pdfium_c.FPDF_ANNOT_CARET: "caret",
    pdfium_c.FPDF_ANNOT_INK: "ink", pdfium_c.FPDF_ANNOT_FILEATTACHMENT: "fileattachment",
}  # fmt: skip
MAX_QUADS = 500  # stretches of words of one annotation
MAX_NOTE = 50_000  # characters of an annotation or a field
MAX_ATTACHED = 200
# Tags of an annotation's formatted text: those that end a line, and the others, which may stand within a word.
LINE_TAG, MARKUP = re.compile(r"<(?:/p|br)\b[^<>]*>", re.IGNORECASE), re.compile(r"<[^<>]*>")
TICK = "[x]"  # what a ticked box is read as
MAX_SEGMENTS = 200  # of one path that are looked at: a ruled grid has a few, a drawn curve thousands


def _by_address(function: Any, result: Any, *arguments: Any) -> Any:  # noqa: ANN401 - ctypes has no types for these
    """A function of the library that takes and gives bare addresses: a third faster than its own binding."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


# Page and index of a character, and where to put its box. The box is as wide as it advances, as high as its font.
READ_BOX = _by_address(pdfium_c.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
# Page and index of a character -> the text object (one operator of the page's content) that draws it; None for a space
# that pdfium puts in.
TEXT_OBJECT = _by_address(pdfium_c.FPDFText_GetTextObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
RECTANGLE = struct.Struct("4f")  # pdfium's FS_RECTF: left, top, right, bottom
STREAM = re.compile(rb">>\s*stream\r?\n")
# Fonts, pictures, forms and the file's own tables, by the entries of their stream.
NO_CONTENT = re.compile(rb"/(Length1|Subtype|Type\s*/(ObjStm|XRef|Metadata)|FunctionType|Width|N\b)")
MAX_ENTRIES = 2_000  # bytes before a stream that are looked at
MAX_UNPACKED = 1 << 28  # bytes of a content stream that are unpacked to see whether it is whole


def open_pdf(path: Path, *, limits: Limits = LIMITS) -> pdfium.PdfDocument:
    """Open a PDF.

    Raises:
        ReportError: the file is missing, empty, locked with a password, damaged, no PDF, or has too many pages.
    """
    check_file(path)
    try:
        document = pdfium.PdfDocument(path)
        n_pages = len(document)
        if n_pages and document.get_formtype() == pdfium_c.FORMTYPE_ACRO_FORM:
            document.init_forms()
    except pdfium.PdfiumError as error:
        raise ReportError(_open_problem(path, error)) from error
    if n_pages == 0:
        raise ReportError(f"The report {path} has no pages. Export it to PDF again.")
    if n_pages > limits.pages:
        raise ReportError(
            f"The report {path} has {n_pages} pages; innspill reads up to {limits.pages}. "
            "Split it and run each part by itself."
        )
    return document


def _open_problem(path: Path, error: pdfium.PdfiumError) -> str:
    if "assword" in str(error):
        return f"The report {path} is locked with a password. Save a copy without one, and run again."
    if "Success" in str(error):  # nothing is wrong with the file but that pdfium finds no page
        return f"The report {path} has no pages, or none that can be found. Export it to PDF again."
    with path.open("rb") as file:
        head = file.read(1024)
    if not head.lstrip().startswith(b"%PDF"):
        return f"The report {path} is not a PDF (it does not begin with '%PDF'). Export the report to PDF first."
    return f"The report {path} is damaged and cannot be opened ({error}). Export it to PDF again."


def read_pages(
    document: pdfium.PdfDocument, path: Path, *, limits: Limits = LIMITS, indices: Iterable[int] | None = None
) -> Iterator[PdfPage]:
    """The pages one at a time, so that a long report is never held as characters; all, or those at the given indices.

    What stands outside the box that is shown, as printer's marks and file names do, is not on the page.

    Raises:
        ReportError: a page cannot be read.
    """
    for index in range(len(document)) if indices is None else indices:
        try:
            page = document[index]
            textpage = page.get_textpage()
        except pdfium.PdfiumError as error:
            raise ReportError(
                f"The report {path} is damaged: its page {index + 1} cannot be read. Export it to PDF again."
            ) from error
        place = _page_transform(page)
        width, height = page.get_size()
        drawn = _Drawing(place, limits)
        drawn.look_at_page(page.raw)
        text = _PageText(textpage, place, limits.page_characters)

        def is_shown(box: Word | Rule, width: float = width, height: float = height) -> bool:
            return box.x0 < width and box.x1 > 0 and box.top < height and box.bottom > 0

        words = tuple(filter(is_shown, text.words()))
        yield PdfPage(
            page_number=index + 1,
            label=document.get_page_label(index) or "",
            width=width,
            height=height,
            words=words,
            rules=tuple(filter(is_shown, drawn.rules)),
            has_images=drawn.has_images,
            is_cut=text.is_cut,
            askew=text.askew,
            annotations=_annotations(page, place, limits),
            fields=_fields(page, place, limits),
        )
        textpage.close()
        page.close()


def read_outline(document: pdfium.PdfDocument) -> tuple[OutlineEntry, ...]:
    """The PDF's bookmarks, in order; empty where it has none."""
    entries = []
    for bookmark in islice(document.get_toc(max_depth=6), MAX_BOOKMARKS):
        destination = bookmark.get_dest()
        index = destination.get_index() if destination else None
        title = unicodedata.normalize("NFC", bookmark.get_title() or "").strip()
        if title and index is not None:
            entries.append(OutlineEntry(title, bookmark.level + 1, index + 1))
    return tuple(entries)


def read_attached_names(document: pdfium.PdfDocument) -> Iterator[str]:
    """The names of the files that the PDF carries."""
    for index in range(min(pdfium_c.FPDFDoc_GetAttachmentCount(document.raw), MAX_ATTACHED)):
        attached = pdfium_c.FPDFDoc_GetAttachment(document.raw, index)
        name = _string(pdfium_c.FPDFAttachment_GetName, attached) if attached else ""
        yield " ".join(name.split()) or "without a name"


def find_damaged_pages(path: Path) -> list[int]:
    """The 1-based pages with a content stream that cannot be unpacked to its end; pdfium shows what it can of them.

    Empty where the file's page tree is too broken to tell.
    """
    if _all_streams_are_whole(path):
        return []
    import pikepdf

    try:
        with pikepdf.open(path) as document:
            return [
                number
                for number, page in enumerate(document.pages, start=1)
                if not all(map(_is_whole, _content_streams(page.obj)))
            ]
    except pikepdf.PdfError:
        return []


def _all_streams_are_whole(path: Path) -> bool:
    """Whether each stream that looks like a page's content can be unpacked to its end where it stands in the file.

    No is not the last word: the stream may be locked, or be no content after all. Yes saves a second library's reading.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        position = 0
        while found := STREAM.search(data, position):
            position = found.end()
            entries = data[max(data.rfind(b" obj", 0, found.start()), found.start() - MAX_ENTRIES, 0) : found.start()]
            if b"/Fl" not in entries or NO_CONTENT.search(entries):
                continue
            end = data.find(b"endstream", position)
            if end < 0 or not _unpacks(data[position:end]):
                return False
    return True


def _content_streams(page: Any) -> list[Any]:  # noqa: ANN401 - a pikepdf object, whose class stays in its room
    import pikepdf

    content = page.get("/Contents")
    if content is None:
        return []
    return list(content) if isinstance(content, pikepdf.Array) else [content]


def _is_whole(stream: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a stream packed by Flate alone can be unpacked to its end; streams packed otherwise pass."""
    import pikepdf

    if not isinstance(stream, pikepdf.Stream):
        return False
    if stream.get("/Filter") not in ("/FlateDecode", "/Fl", ["/FlateDecode"], ["/Fl"]):
        return True
    return _unpacks(stream.read_raw_bytes())


def _unpacks(packed: bytes) -> bool:
    """Whether a Flate stream reaches its end, is empty, or is so long that it is not followed there."""
    if not packed.strip():  # a page that a form or a report generator left without content
        return True
    unpacker, unpacked = zlib.decompressobj(), 0
    try:
        while packed and not unpacker.eof and unpacked < MAX_UNPACKED:
            unpacked += len(unpacker.decompress(packed, 1 << 22))
            packed = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return unpacker.eof or unpacked >= MAX_UNPACKED


# Where things stand --------------------------------------------------------------------------------------------------


class _Affine(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    @property
    def scale(self) -> float:
        """How many points a unit becomes."""
        return math.sqrt(abs(self.a * self.d - self.b * self.c))

    def after(self, inner: "_Affine") -> "_Affine":
        """The map that does `inner` first and this one then."""
        origin = self.point(inner.e, inner.f)
        return _Affine(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            *origin,
        )


def _page_transform(page: pdfium.PdfPage) -> _Affine:
    """From PDF user space (origin bottom left, before rotation) to points from the shown page's top left.

    pdfium is asked where three corners of the shown page lie, since only it knows the box that it shows: cut by the
    media box, inherited from the page tree, or made up where the file has none or an empty one.
    """
    width, height = page.get_size()
    x, y = ctypes.c_double(), ctypes.c_double()

    def corner(right: int, down: int) -> tuple[float, float]:
        pdfium_c.FPDF_DeviceToPage(page.raw, 0, 0, 1, 1, 0, right, down, x, y)
        return x.value, y.value

    (left, top), across, down = corner(0, 0), corner(1, 0), corner(0, 1)
    # The two sides of the shown page, in user space: one is level there and one upright, whatever the rotation.
    across_x, across_y = across[0] - left, across[1] - top
    down_x, down_y = down[0] - left, down[1] - top
    area = across_x * down_y - across_y * down_x
    a, c = width * down_y / area, -width * down_x / area
    b, d = -height * across_y / area, height * across_x / area
    return _Affine(a, b, c, d, -(a * left + c * top), -(b * left + d * top))


# Words ---------------------------------------------------------------------------------------------------------------


class _Glyph(NamedTuple):
    """A character with its box, baseline and box height in points, origin top left; `number` is its index in pdfium."""

    number: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


class _Boxes(NamedTuple):
    """How wide the box of each character of a font is, and where it begins and ends, seen from the baseline.

    Points on the shown page; filled as words are read. One character may have two glyphs: they differ by a hair.
    """

    widths: dict[str, float]
    tops: dict[str, float]
    bottoms: dict[str, float]


class _Font(NamedTuple):
    """A font of a page: whether it is bold, and its boxes at each height and width that it is drawn in."""

    bold: bool
    boxes: dict[tuple[float, float], _Boxes]


class _Style(NamedTuple):
    """How the characters of one text object are drawn: size in points, weight, direction, and their boxes.

    Text that runs neither level nor askew is a little aslant, as on a page that was scanned.
    """

    size: float
    bold: bool
    level: bool
    askew: bool
    boxes: _Boxes


class _Stretch(NamedTuple):
    """A stretch of text that one text object draws on one level line."""

    text_object: int | None
    baseline: float
    style: _Style


class _PageText:
    """The characters of a page, each with its index in pdfium's list, and the words that they make.

    What is learnt of a font serves its page only, so that a page reads the same whichever pages were read before.
    """

    def __init__(self, textpage: pdfium.PdfTextPage, place: _Affine, limit: int) -> None:
        n_characters = textpage.count_chars()
        self.is_cut = n_characters > limit
        self.askew: tuple[str, ...] = ()
        self._raw, self._place = textpage.raw, place
        self._text = _characters(self._raw, min(n_characters, limit))
        self._styles: dict[int | None, _Style] = {}
        self._fonts: dict[int, _Font] = {}
        # Filled anew by each call of the library.
        self._rectangle, self._matrix = pdfium_c.FS_RECTF(), pdfium_c.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._address, self._box_address = ctypes.addressof(self._raw.contents), ctypes.addressof(self._rectangle)

    def words(self) -> list[Word]:
        """The words in the file's order: a space, a new line, a jump or a wide gap ends one.

        What stands askew is put in `askew` instead, unless it is most of the page.
        """
        words = list(self._parted_words())
        return _with_lone_accents(words) if ACCENT.search(self._text) else words

    def _parted_words(self) -> Iterator[Word]:
        """The words as pdfium parts them.

        Only a word of several text objects, of text that does not run level, with an accent, or of another width than
        its characters together is looked at character by character.
        """
        has_accents = bool(ACCENT.search(self._text))
        askew: list[tuple[int, int]] = []
        n_upright = 0
        drawn: _Stretch | None = None
        for run in RUN.finditer(self._text):
            text, (start, end) = run[0], run.span()
            # pdfium lists the characters of an object one after the other: if the last is of it, so are all.
            text_object = TEXT_OBJECT(self._address, end - 1)
            if drawn is None or drawn.text_object != text_object:
                drawn = self._stretch(start, text_object)
            if drawn is None and self._style(text_object, end - 1).askew:
                askew.append((start, end))
                continue
            n_upright += end - start
            word = None
            spaced = self._text[end : end + 1] in SPACES
            if drawn is not None and not (has_accents and ACCENT.search(text)):
                word = self._level_word(text, start, end, drawn, spaced)
            if word is not None:
                yield word
            else:
                *parts, last = self._joined(start, end)
                yield from (*parts, last._replace(spaced=spaced))
        if sum(end - start for start, end in askew) > n_upright:
            for start, end in askew:
                yield from self._joined(start, end)
        else:
            self.askew = tuple(_composed(self._text[start:end]) for start, end in askew)

    def _stretch(self, start: int, text_object: int | None) -> _Stretch | None:
        """How a run of characters is drawn, if by the one text object that draws its last, and level."""
        if TEXT_OBJECT(self._address, start) != text_object:
            return None
        style = self._style(text_object, start)
        return _Stretch(text_object, self._baseline(start), style) if style.level else None

    def _level_word(self, text: str, start: int, end: int, drawn: _Stretch, spaced: bool) -> Word | None:
        """A word of one text object that runs level, from its first and last character.

        ``None`` where it is not as wide as its characters together: there is a gap in it, a jump back, or it runs down,
        as vertical writing does. (This runs for nearly every word of a report and is written for speed.)
        """
        _, baseline, (size, bold, _, _, (widths, tops, bottoms)) = drawn
        address, box, rectangle, (a, _, c, _, e, _) = self._address, self._box_address, self._rectangle, self._place
        READ_BOX(address, start, box)
        left, high, right, low = RECTANGLE.unpack_from(rectangle)
        x0, x1 = a * left + c * low + e, a * right + c * high + e
        if x0 > x1:
            x0, x1 = x1, x0
        if end > start + 1:
            READ_BOX(address, end - 1, box)
            left, high, right, low = RECTANGLE.unpack_from(rectangle)
            y0, y1 = a * left + c * low + e, a * right + c * high + e
            x0, x1 = min(x0, y0, y1), max(x1, y0, y1)  # right-to-left text ends at its left
        try:
            width = sum(map(widths.__getitem__, text))
        except KeyError:
            if not self._measure(text, start, x1 - x0, drawn):
                return None
            width = sum(map(widths.__getitem__, text))
        top, bottom = min(map(tops.__getitem__, text)), max(map(bottoms.__getitem__, text))
        if abs(x1 - x0 - width) > WORD_GAP * (bottom - top):
            return None
        if not text.isascii():
            text = _composed(text)
        return Word(text, x0, baseline + top, x1, baseline + bottom, baseline, size or bottom - top, bold, spaced)

    def _measure(self, text: str, start: int, width: float, drawn: _Stretch) -> bool:
        """Look at the boxes of the characters of a word that are not known yet, and keep them.

        Not those of a word with a ligature, each letter of which has the box of the whole: they are too wide together.
        """
        widths, tops, bottoms = drawn.style.boxes
        boxes = {character: self._box(index) for index, character in enumerate(text, start) if character not in widths}
        found = {character: x1 - x0 for character, (x0, _, x1, _) in boxes.items()}
        height = max(bottom - top for _, top, _, bottom in boxes.values())
        if sum((found.get(character) or widths.get(character, 0.0)) for character in text) - width > WORD_GAP * height:
            return False
        widths.update(found)
        for character, (_, top, _, bottom) in boxes.items():
            tops[character], bottoms[character] = top - drawn.baseline, bottom - drawn.baseline
        return True

    def _joined(self, start: int, end: int) -> Iterator[Word]:
        """The words of a run of characters, parted by where each character stands."""
        word: list[_Glyph] = []
        for glyph in _with_accents(self._glyph(index) for index in range(start, end)):
            if word and _is_apart(word, glyph):
                yield self._word(word)
                word = []
            word.append(glyph)
        if word:
            yield self._word(word)

    def _glyph(self, index: int) -> _Glyph:
        return _Glyph(index, self._text[index], *self._box(index), self._baseline(index))

    def _word(self, glyphs: Sequence[_Glyph]) -> Word:
        first = glyphs[0]
        style = self._style(TEXT_OBJECT(self._address, first.number), first.number)
        return Word(
            text=_composed("".join(glyph.text for glyph in glyphs)),
            x0=first.x0,
            top=min(glyph.top for glyph in glyphs),
            x1=max(glyph.x1 for glyph in glyphs),
            bottom=max(glyph.bottom for glyph in glyphs),
            baseline=first.baseline,
            height=style.size or first.height,
            bold=style.bold,
        )

    def _box(self, index: int) -> tuple[float, float, float, float]:
        """A character's box on the shown page: x0, top, x1, bottom."""
        READ_BOX(self._address, index, self._box_address)
        left, high, right, low = RECTANGLE.unpack_from(self._rectangle)
        a, b, c, d, e, f = self._place
        x0, x1 = a * left + c * low + e, a * right + c * high + e
        top, bottom = b * left + d * high + f, b * right + d * low + f
        return min(x0, x1), min(top, bottom), max(x0, x1), max(top, bottom)

    def _baseline(self, index: int) -> float:
        pdfium_c.FPDFText_GetCharOrigin(self._raw, index, self._x, self._y)
        return self._place.b * self._x.value + self._place.d * self._y.value + self._place.f

    def _style(self, text_object: int | None, index: int) -> _Style:
        style = self._styles.get(text_object)
        if style is None:
            style = self._styles[text_object] = self._read_style(index)
        return style

    def _read_style(self, index: int) -> _Style:
        """Quartz and InDesign write size 1 and put the scale in the matrix, which counts the forms drawn within too."""
        matrix, place, high, wide, level, askew = self._matrix, self._place, 0.0, 0.0, False, False
        if pdfium_c.FPDFText_GetMatrix(self._raw, index, matrix):
            size = float(pdfium_c.FPDFText_GetFontSize(self._raw, index))
            along_x = place.a * matrix.a + place.c * matrix.b
            along_y = place.b * matrix.a + place.d * matrix.b
            level = along_x > 0 and abs(along_y) < 0.001 * along_x
            askew = along_x <= 0 or abs(along_y) > ASKEW * along_x
            high, wide = size * math.hypot(matrix.c, matrix.d), size * along_x
        font = self._font(index)
        key = round(high, 3), round(wide, 3)
        if key not in font.boxes:
            font.boxes[key] = _Boxes({}, {}, {})
        return _Style(high, font.bold, level, askew, font.boxes[key])

    def _font(self, index: int) -> _Font:
        pointer = pdfium_c.FPDFTextObj_GetFont(pdfium_c.FPDFText_GetTextObject(self._raw, index))
        address = ctypes.addressof(pointer.contents) if pointer else 0
        if address not in self._fonts:
            name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
            pdfium_c.FPDFText_GetFontInfo(self._raw, index, name, 128, flags)
            heavy = pdfium_c.FPDFText_GetFontWeight(self._raw, index) >= BOLD_WEIGHT
            bold = heavy or bool(flags.value & BOLD_FLAG) or bool(BOLD_NAME.search(name.value))
            self._fonts[address] = _Font(bold, {})
        return self._fonts[address]


def _characters(raw: Any, count: int) -> str:  # noqa: ANN401 - a pointer
    """The page's first characters as they are shown, one code point for each of pdfium's."""
    buffer = ctypes.create_string_buffer(4 * count + 2)
    written = pdfium_c.FPDFText_GetText(raw, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    text = buffer.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", "surrogatepass")
    if len(text) != count:  # it passes over characters without a value
        text = "".join(chr(pdfium_c.FPDFText_GetUnicode(raw, index)) for index in range(count))
    return text.translate(SHOWN)


def _composed(text: str) -> str:
    """The text of a word: letters with their accents, and surrogates, which pdfium gives one by one, joined."""
    if text.isascii():
        return text
    if SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return compose(text)


def _with_accents(glyphs: Iterator[_Glyph]) -> Iterator[_Glyph]:
    """Put an accent that is drawn as a character of its own onto the letter after it that it stands over.

    LaTeX's old fonts have no «å» and no «é»: it prints a ring, and the letter at the same place.
    """
    accent: _Glyph | None = None
    for glyph in glyphs:
        if accent is not None:
            if glyph.text.isalpha() and glyph.x0 < accent.x1 - 0.3 * (accent.x1 - accent.x0):
                composed = unicodedata.normalize("NFC", glyph.text + SPACING_ACCENTS[accent.text])
                glyph = glyph._replace(text=composed, x0=min(glyph.x0, accent.x0))
            else:
                yield accent
            accent = None
        if glyph.text in SPACING_ACCENTS:
            accent = glyph
        else:
            yield glyph
    if accent is not None:
        yield accent


def _with_lone_accents(words: Sequence[Word]) -> list[Word]:
    """Put accents that pdfium takes for words of their own onto the letters that they stand over.

    It does so with the ring above a capital «Å», and may list an accent at the end of its line.
    """
    accents = [word for word in words if word.text in SPACING_ACCENTS]
    result = [word for word in words if word.text not in SPACING_ACCENTS]
    for accent in accents:
        index = next((index for index, word in enumerate(result) if _is_over(accent, word)), None)
        composed = _put_on(accent, result[index]) if index is not None else None
        if index is None or composed is None:
            result.append(accent)
        else:
            result[index] = composed
    return result


def _is_over(accent: Word, word: Word) -> bool:
    middle = (accent.x0 + accent.x1) / 2
    height = word.bottom - word.top
    return word.x0 <= middle <= word.x1 and -0.5 * height < word.top - accent.top < 0.6 * height


def _put_on(accent: Word, word: Word) -> Word | None:
    """The word with an accent on the letter below it, or the nearest that can have it; None where none can."""
    at = ((accent.x0 + accent.x1) / 2 - word.x0) / max(word.x1 - word.x0, 0.1) * len(word.text) - 0.5
    for index in sorted(range(len(word.text)), key=lambda index: abs(index - at))[:3]:
        letter = unicodedata.normalize("NFC", word.text[index] + SPACING_ACCENTS[accent.text])
        if len(letter) == 1:
            text = word.text[:index] + letter + word.text[index + 1 :]
            return word._replace(text=text, top=min(word.top, accent.top))
    return None


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


# Ruling lines --------------------------------------------------------------------------------------------------------


class _Drawing:
    """The ruling lines of a page, and whether a picture stands on it. A figure may have thousands of objects."""

    def __init__(self, place: _Affine, limits: Limits) -> None:
        self._place = place
        self._objects_left, self._max_rules = limits.page_objects, limits.page_rules
        self._bounds = [ctypes.c_float() for _ in range(4)]
        self.rules: dict[Rule, None] = {}  # in the file's order; a line between two cells is often drawn for each
        self.has_images = False

    def look_at_page(self, page: Any) -> None:  # noqa: ANN401 - a pointer, as all of pdfium's objects here
        count = pdfium_c.FPDFPage_CountObjects(page)
        self._look_at((pdfium_c.FPDFPage_GetObject(page, index) for index in range(count)), self._place, 0)

    def _look_at(self, items: Iterator[Any], place: _Affine, depth: int) -> None:
        for item in items:
            self._objects_left -= 1
            if self._objects_left < 0:
                return
            kind = pdfium_c.FPDFPageObj_GetType(item)
            if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
                continue
            if kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                self.has_images = True
            elif kind == pdfium_c.FPDF_PAGEOBJ_PATH:
                self._look_at_path(item, place)
            elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
                count = pdfium_c.FPDFFormObj_CountObjects(item)
                inner = (pdfium_c.FPDFFormObj_GetObject(item, index) for index in range(count))
                self._look_at(inner, place.after(_matrix(item)), depth + 1)

    def _look_at_path(self, path: Any, place: _Affine) -> None:  # noqa: ANN401
        """Keep the rules of a path; `place` takes the space that the path's object stands in to the shown page."""
        pdfium_c.FPDFPageObj_GetBounds(path, *self._bounds)
        left, bottom, right, top = [side.value for side in self._bounds]
        if max(right - left, top - bottom) * place.scale < RULE_LENGTH:
            return
        for rule in _rules_of_path(path, place.after(_matrix(path))):
            if len(self.rules) < self._max_rules:
                self.rules.setdefault(rule)


def _matrix(item: Any) -> _Affine:  # noqa: ANN401
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(item, matrix)
    return _Affine(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _rules_of_path(path: Any, place: _Affine) -> Iterator[Rule]:  # noqa: ANN401
    """The level and upright lines of a path that is drawn: of each thin part its box, of others their edges."""
    if not _is_drawn(path, place.scale):
        return
    for part in _straight_parts(path, place):
        xs, ys = [x for x, _ in part], [y for _, y in part]
        whole = Rule(min(xs), min(ys), max(xs), max(ys))
        edges = [Rule(min(x, u), min(y, v), max(x, u), max(y, v)) for (x, y), (u, v) in pairwise(part)]
        yield from filter(_is_rule, [whole] if _is_rule(whole) else edges)


def _is_drawn(path: Any, scale: float) -> bool:  # noqa: ANN401
    """Whether a path is filled, or drawn with a pen that is not too broad for a line."""
    mode, stroked, pen = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    pdfium_c.FPDFPath_GetDrawMode(path, mode, stroked)
    pdfium_c.FPDFPageObj_GetStrokeWidth(path, pen)
    if stroked.value:
        return pen.value * scale <= RULE_THICKNESS
    return bool(mode.value != pdfium_c.FPDF_FILLMODE_NONE)


def _is_rule(rule: Rule) -> bool:
    width, height = rule.x1 - rule.x0, rule.bottom - rule.top
    return max(width, height) >= RULE_LENGTH and min(width, height) <= RULE_THICKNESS


def _straight_parts(path: Any, place: _Affine) -> Iterator[list[tuple[float, float]]]:  # noqa: ANN401
    """The points of each part of a path that is drawn without lifting the pen; a curve ends one."""
    x, y = ctypes.c_float(), ctypes.c_float()
    part: list[tuple[float, float]] = []
    for index in range(min(pdfium_c.FPDFPath_CountSegments(path), MAX_SEGMENTS)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path, index)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        right, down = place.point(x.value, y.value)
        if pdfium_c.FPDFPathSegment_GetType(segment) != pdfium_c.FPDF_SEGMENT_LINETO:
            if len(part) > 1:
                yield part
            part = []
        part.append((round(right, 2), round(down, 2)))
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            part.append(part[0])
    if len(part) > 1:
        yield part


# Annotations ---------------------------------------------------------------------------------------------------------


def _annotations(page: pdfium.PdfPage, place: _Affine, limits: Limits) -> tuple[Annotation, ...]:
    """What readers put on the page, in the file's order."""
    found: list[Annotation] = []
    indices: dict[int, int] = {}  # among pdfium's -> among those found
    parents: list[int] = []
    for index, raw in _raw_annotations(page, limits):
        kind = ANNOTATIONS.get(pdfium_c.FPDFAnnot_GetSubtype(raw))
        # «Accepted», «Marked»: what a reviewer ticks off, stored as a reply without words of its own.
        if kind is None or pdfium_c.FPDFAnnot_HasKey(raw, b"StateModel"):
            continue
        indices[index] = len(found)
        parents.append(_answered(page, raw))
        text = _value(raw, b"Contents") or _bare(_value(raw, b"RC"))
        boxes = tuple(_quads(raw, place)) or (_annotation_box(raw, place),)
        grouped = _value(raw, b"RT") == "Group"
        found.append(Annotation(kind, text, _value(raw, b"T"), _value(raw, b"Subj"), boxes, -1, grouped))
    return tuple(
        annotation._replace(reply_to=indices.get(parent, -1)) for annotation, parent in zip(found, parents, strict=True)
    )


def _fields(page: pdfium.PdfPage, place: _Affine, limits: Limits) -> tuple[Field, ...]:
    """The fields of the page that somebody filled in."""
    if page.formenv is None:
        return ()
    form, found = page.formenv.raw, []
    for _, raw in _raw_annotations(page, limits):
        if pdfium_c.FPDFAnnot_GetSubtype(raw) != pdfium_c.FPDF_ANNOT_WIDGET:
            continue
        kind = pdfium_c.FPDFAnnot_GetFormFieldType(form, raw)
        if kind in (pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON):
            value = TICK if pdfium_c.FPDFAnnot_IsChecked(form, raw) else ""
        elif kind in (
            pdfium_c.FPDF_FORMFIELD_TEXTFIELD,
            pdfium_c.FPDF_FORMFIELD_COMBOBOX,
            pdfium_c.FPDF_FORMFIELD_LISTBOX,
        ):
            value = _string(pdfium_c.FPDFAnnot_GetFormFieldValue, form, raw)
        else:  # buttons, and signatures
            continue
        if value.strip():
            label = _string(pdfium_c.FPDFAnnot_GetFormFieldAlternateName, form, raw) or _string(
                pdfium_c.FPDFAnnot_GetFormFieldName, form, raw
            )
            found.append(Field(label, value, *_annotation_box(raw, place)))
    return tuple(found)


def _raw_annotations(page: pdfium.PdfPage, limits: Limits) -> Iterator[tuple[int, Any]]:
    """The annotations of a page with their places among them; each is let go once the next is asked for."""
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page.raw), limits.page_annotations)):
        raw = pdfium_c.FPDFPage_GetAnnot(page.raw, index)
        if raw:
            try:
                yield index, raw
            finally:
                pdfium_c.FPDFPage_CloseAnnot(raw)


def _answered(page: pdfium.PdfPage, raw: Any) -> int:  # noqa: ANN401 - a pointer
    """The place of the annotation that one answers or belongs to, -1 where it does not."""
    parent = pdfium_c.FPDFAnnot_GetLinkedAnnot(raw, b"IRT")
    if not parent:
        return -1
    index = int(pdfium_c.FPDFPage_GetAnnotIndex(page.raw, parent))
    pdfium_c.FPDFPage_CloseAnnot(parent)
    return index


def _quads(raw: Any, place: _Affine) -> Iterator[tuple[float, float, float, float]]:  # noqa: ANN401 - a pointer
    """The boxes of the stretches of words that an annotation marks."""
    if not pdfium_c.FPDFAnnot_HasAttachmentPoints(raw):
        return
    points = pdfium_c.FS_QUADPOINTSF()
    for index in range(min(pdfium_c.FPDFAnnot_CountAttachmentPoints(raw), MAX_QUADS)):
        if pdfium_c.FPDFAnnot_GetAttachmentPoints(raw, index, points):
            corners = (points.x1, points.y1), (points.x2, points.y2), (points.x3, points.y3), (points.x4, points.y4)
            yield _box_of([place.point(*corner) for corner in corners])


def _annotation_box(raw: Any, place: _Affine) -> tuple[float, float, float, float]:  # noqa: ANN401 - a pointer
    rectangle = pdfium_c.FS_RECTF()
    pdfium_c.FPDFAnnot_GetRect(raw, rectangle)
    return _box_of([place.point(rectangle.left, rectangle.top), place.point(rectangle.right, rectangle.bottom)])


def _box_of(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """x0, top, x1, bottom around points; none of them where a file gives no number."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = min(xs), min(ys), max(xs), max(ys)
    return box if all(map(math.isfinite, box)) else (0.0, 0.0, 0.0, 0.0)


def _value(raw: Any, key: bytes) -> str:  # noqa: ANN401 - a pointer
    """A text of an annotation's dictionary; empty where it has none."""

    def read(buffer: Any, size: int) -> int:  # noqa: ANN401 - a pointer, or None to ask for the length
        return int(pdfium_c.FPDFAnnot_GetStringValue(raw, key, buffer, size))

    return _read_string(read)


def _bare(formatted: str) -> str:
    """The words of an annotation's formatted text, which is XHTML, a paragraph a line."""
    lines = html.unescape(MARKUP.sub("", LINE_TAG.sub("\n", formatted))).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _string(function: Any, *arguments: Any) -> str:  # noqa: ANN401 - pdfium's functions and pointers
    """A text that one of pdfium's functions gives."""
    return _read_string(lambda buffer, size: int(function(*arguments, buffer, size)))


def _read_string(read: Callable[[Any, int], int]) -> str:
    """A text in UTF-16 that is asked for twice: for its length, and for itself. Cut at the limit."""
    size = read(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    text = buffer.raw[: size - 2].decode("utf-16-le", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return compose(text[: 4 * MAX_NOTE])[:MAX_NOTE]
