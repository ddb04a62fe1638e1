"""RTF -> text: documents that are attached, and the bodies that Outlook keeps as RTF, with HTML wrapped in it or not.

Outlook compresses such a body (MS-OXRTFCP), and Exchange wraps a body's HTML in RTF (MS-OXRTFEX).
"""

import re

from innspill.reading.documents.builder import AttachmentText, UnreadableAttachment
from innspill.reading.documents.rtf_document import TextReader
from innspill.reading.documents.rtf_tokens import CUT_LINE, HEADERS, Reader

SIGNATURE = b"{\\rtf"
HTML_INSIDE = re.compile(rb"\\fromhtml(\d?)")
# How far into the file Exchange says that HTML is inside: after the first control words.
HEAD = 2_000

# [MS-OXRTFCP] What every compressed RTF starts its dictionary with.
PRELOAD = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
COMPRESSED, STORED = b"LZFu", b"MELA"
WINDOW = 4096
MAX_RTF = 100_000_000


def decompress_rtf(data: bytes) -> bytes:
    """The RTF in Outlook's compressed form (LZFu, or MELA, which is not compressed).

    Neither the checksum nor the length is asked for: what a damaged body still says is worth more than to know that it
    is damaged.

    Raises:
        UnreadableAttachment: it is neither form, or grows beyond what a body may hold.
    """
    if len(data) < 16:
        raise UnreadableAttachment("the formatted body is cut off")
    form = data[8:12]
    if form == STORED:
        return data[16:]
    if form != COMPRESSED:
        raise UnreadableAttachment("the formatted body is compressed in an unknown way")
    return _decompress(memoryview(data)[16:])


def _decompress(data: memoryview) -> bytes:
    """LZFu: eight flags in a byte, each for a letter or for a place and length in the last 4,096 bytes."""
    out = bytearray(PRELOAD)
    at, end = 0, len(data)
    while at < end:
        flags = data[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            if at + 2 > end:
                return bytes(out[len(PRELOAD) :])
            place, length = data[at] << 4 | data[at + 1] >> 4, (data[at + 1] & 15) + 2
            at += 2
            distance = (len(out) - place) % WINDOW
            if distance == 0:
                return bytes(out[len(PRELOAD) :])
            start = len(out) - distance
            piece = bytes(out[max(start, 0) : start + length]) if start >= 0 else b" " * length
            out += (piece * (length // len(piece) + 1))[:length]
        if len(out) > MAX_RTF:
            raise UnreadableAttachment(f"the formatted body is larger than {MAX_RTF // 1_000_000} MB")
    return bytes(out[len(PRELOAD) :])


def html_in_rtf(data: bytes) -> str | None:
    """The HTML that Exchange wrapped in the RTF; None where the RTF is a document of its own."""
    inside = HTML_INSIDE.search(data[:HEAD])
    if inside is None or inside[1] == b"0":
        return None
    reader = _HtmlReader()
    reader.read(data)
    return reader.html()


def rtf_to_text(data: bytes) -> str:
    """The text of an RTF body, a paragraph a line; notes, comments and what was struck out on lines of their own.

    Hidden text is kept. Rows of tables have their cells parted by bars.
    """
    reader = TextReader()
    reader.read(data)
    return reader.plain()


def read_rtf(data: bytes) -> AttachmentText:
    """The text of an RTF document: paragraphs, tables, footnotes, comments and tracked changes.

    Raises:
        UnreadableAttachment: it is no RTF.
    """
    if not data.lstrip()[:5].startswith(SIGNATURE):
        raise UnreadableAttachment("it is not the RTF document that it is said to be")
    reader = TextReader()
    reader.read(data)
    return reader.document()


class _HtmlReader(Reader):
    """Gathers the HTML: what stands in \\*\\htmltag, and text that is not switched off by \\htmlrtf."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []

    def html(self) -> str:
        """What was gathered."""
        return "".join(self._pieces) + (f"<p>{CUT_LINE}</p>" if self.is_cut else "")

    def write(self, text: str) -> None:
        """Keep letters that belong to the HTML."""
        if not self.group.is_suppressed:
            self._pieces.append({"\u00a0": "&nbsp;", "\u00ad": "&shy;"}.get(text, text))

    def word(self, word: str, number: int | None) -> None:
        """Tags begin, RTF that repeats them is switched off and on, and line ends of the HTML are paragraphs."""
        if word == "htmltag":
            self.group.is_suppressed = False
            self.group.font = -1
        elif word == "htmlrtf":
            self.group.is_suppressed = number != 0
        elif word in ("par", "line"):
            self.write("\r\n")
        elif word in ("pntext", "listtext") or word in HEADERS:
            self.skip_group()
