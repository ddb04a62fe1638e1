"""RTF -> letters, control words and groups: what every reader of RTF goes through the bytes with.

Time is linear in the bytes: each token is looked at once, and no pattern can be tried again from within a token.
"""

import re
from dataclasses import dataclass

from innspill.reading.codepages import decode_strictly, is_utf_8

TOKEN = re.compile(
    rb"\\(?:([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|'([0-9a-fA-F]{2})|([^a-zA-Z]))|([{}])|([^\\{}]+)", re.DOTALL
)
MAX_GROUPS = 1_000
MAX_TEXT = 50_000_000
MAX_TOKENS = 10_000_000
MAX_FONTS = 10_000
# What is said where a reader stopped: to the one who runs innspill, and in the text.
CUT = "The RTF is larger than innspill reads; its last part was not read. Ask the sender for a Word file or PDF."
CUT_LINE = "[resten av teksten er ikke lest]"
MAX_SKIP = 1_000  # letters that stand in for one Unicode letter: \ucN

# The code page of a font by its \fcharset; 0 is Western European.
CHARSET_PAGES = {
    0: 1252,
    77: 10000,
    128: 932,
    129: 949,
    130: 1361,
    134: 936,
    136: 950,
    161: 1253,
    162: 1254,
    163: 1258,
    177: 1255,
    178: 1256,
    186: 1257,
    204: 1251,
    222: 874,
    238: 1250,
    254: 437,
    255: 850,
}
SYMBOLS = 2
PAGES = {"ansi": 1252, "mac": 10000, "pc": 437, "pca": 850}
UTF_8 = 65001
LETTERS = {
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
SIGN_LETTERS = {b"~": "\u00a0", b"_": "-", b"-": "\u00ad"}
# Signs of the fonts Symbol and Wingdings that letters are written with: bullets, ticks, arrows, Outlook's smileys.
SIGNS = {0xB7: "•", 0xA7: "▪", 0xA8: "☐", 0xFC: "✓", 0xFB: "✗", 0xFD: "☒", 0xFE: "☑", 0xE0: "→", 0xD8: "➢"}
SMILEYS = {0x4A: "☺", 0x4B: "😐", 0x4C: "☹"}
# Groups whose text is no part of the document's.
UNSEEN = frozenset(
    {
        "colortbl", "stylesheet", "info", "pict", "objdata", "objclass", "objname", "filetbl", "fldinst", "xe",
        "tc", "tcn", "rxe", "bkmkstart", "bkmkend", "datafield", "private", "template", "nonesttables",
        "shprslt", "sn", "sv", "pntxta", "pntxtb", "nextfile", "ftnsep", "ftnsepc", "ftncn", "aftnsep",
        "aftnsepc", "aftncn", "listtable", "listoverridetable", "rsidtbl", "generator", "themedata",
        "colorschememapping", "latentstyles", "datastore", "operator", "author", "title", "subject", "keywords",
        "comment", "doccomm", "upr", "mhtmltag", "atnid", "atndate", "atntime", "atnref", "atnparent", "atnicn",
        "falt", "panose", "pgptbl", "pgdsctbl", "xmlnstbl", "wgrffmtfilter", "mmathPr",
    }
)  # fmt: skip
# Groups that are marked as such that a reader may leave out, and that are read.
STARRED = frozenset(
    {
        "shpinst", "annotation", "atnauthor", "atrfstart", "atrfend", "revtbl", "footnote", "htmltag",
        "fonttbl",
    }
)  # fmt: skip
HEADERS = frozenset(
    {
        "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
    }
)  # fmt: skip


@dataclass(slots=True)
class Font:
    """How the font table tells that a font's bytes are to be read: a charset or a code page, and its name."""

    charset: int | None = None
    page: int | None = None
    name: bytes = b""


class Group:
    """What holds within a group and ends with it; `story` is the number of the run of paragraphs that it writes to."""

    __slots__ = (
        "author", "change", "destination", "font", "in_table", "is_heading", "is_suppressed", "level", "skip", "story",
    )  # fmt: skip

    def __init__(self) -> None:
        self.destination = ""
        self.skip = 1
        self.font = -1
        self.change = ""
        self.author = 0
        self.in_table = False
        self.is_heading = False
        self.is_suppressed = False
        self.level = 0  # in a list
        self.story = 0

    def copy(self) -> "Group":
        """The same state for a group within this one; written out, for it is done for each brace."""
        other = Group.__new__(Group)
        other.author = self.author
        other.change = self.change
        other.destination = self.destination
        other.font = self.font
        other.in_table = self.in_table
        other.is_heading = self.is_heading
        other.is_suppressed = self.is_suppressed
        other.level = self.level
        other.skip = self.skip
        other.story = self.story
        return other


class Reader:
    """Goes through the tokens with the state of the groups, and hands on letters and control words.

    Bytes wait until something else comes, for a letter may be two bytes and two bytes two tokens.
    """

    def __init__(self) -> None:
        self.group = Group()
        self.page = 1252
        self.fonts: dict[int, Font] = {}
        self.is_cut = False
        self._groups: list[Group] = []
        self._too_deep = 0
        self._unseen = 0
        self._bytes = bytearray()
        self._high = ""
        self._to_skip = 0
        self._is_starred = False
        self._n_letters = 0
        self._n_tokens = 0

    def read(self, data: bytes) -> None:
        """Read the whole; what stands after the end of the last group, or is never closed, is read too."""
        at = 0
        while at < len(data) and not self.is_cut:
            at = self._read_from(data, at)
        self.flush()
        self.finish()

    def _read_from(self, data: bytes, start: int) -> int:
        """Read up to the end, or to bytes that are not RTF: where to go on after them."""
        for number_of_token, match in enumerate(TOKEN.finditer(data, start), self._n_tokens):
            word, number, code, sign, brace, text = match.groups()
            if brace is not None:
                self._to_skip = 0
                if brace == b"{":
                    self._open()
                else:
                    self._close()
            elif word == b"bin":
                self._n_tokens = number_of_token
                return match.end() + max(int(number or 0), 0)
            elif self._unseen:
                continue
            elif text is not None:
                self._raw(text)
            elif code is not None:
                self._text(bytes((int(code, 16),)))
            elif word is not None:
                self._word(word.decode("ascii"), None if number is None else int(number))
            else:
                self._sign(sign)
            if self._n_letters > MAX_TEXT or number_of_token > MAX_TOKENS:
                self.is_cut = True
            if self.is_cut:
                break
        return len(data)

    def _open(self) -> None:
        if self._unseen:
            self._unseen += 1
            return
        self.flush()
        self._is_starred = False
        if len(self._groups) >= MAX_GROUPS:
            self._too_deep += 1
            return
        self._groups.append(self.group)
        self.group = self.group.copy()

    def _close(self) -> None:
        if self._unseen > 1:
            self._unseen -= 1
            return
        self._unseen = 0
        self.flush()
        self._is_starred = False
        if self._too_deep:
            self._too_deep -= 1
        elif self._groups:
            closed, self.group = self.group, self._groups.pop()
            self.closed(closed)

    def skip_group(self) -> None:
        """Leave out what is left of the group."""
        self.flush()
        self._unseen = 1

    def _raw(self, data: bytes) -> None:
        """Bytes that stand as they are: of the code page, or UTF-8 where a program wrote it against the rules."""
        data = data.translate(None, b"\r\n\x00")
        if not data.isascii() and not self._to_skip and is_utf_8(data):
            self.flush()
            self.letter(data.decode("utf-8"))
            return
        self._text(data)

    def _text(self, data: bytes) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        if data:
            self._is_starred = False
            self._bytes += data

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._is_starred = True
        elif self._to_skip:
            self._to_skip -= 1
        elif sign in (b"\n", b"\r"):
            self._word("par", None)
        elif sign in (b"\\", b"{", b"}"):
            self._bytes += sign
        elif sign in SIGN_LETTERS:
            self.flush()
            self.letter(SIGN_LETTERS[sign])

    def _word(self, word: str, number: int | None) -> None:
        if self._to_skip and word != "u":
            self._to_skip -= 1
            return
        is_starred, self._is_starred = self._is_starred, False
        if word == "u" and number is not None:
            self._unicode(number & 0xFFFF if number < 0 else number)
            return
        if word in UNSEEN or (is_starred and word not in STARRED):
            self.skip_group()
            return
        self.flush()
        if word in LETTERS:
            self.letter(LETTERS[word])
        elif not self._state(word, number):
            self.word(word, number)

    def _unicode(self, number: int) -> None:
        """A letter by its number, perhaps half of a pair; letters that stand in for it follow."""
        self.flush()
        letter = chr(number) if number <= 0x10FFFF else "\ufffd"
        if self._high and "\udc00" <= letter <= "\udfff":
            letter = (self._high + letter).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
            self._high = ""
        if "\ud800" <= letter <= "\udbff":
            self._high = letter
        else:
            self.letter(SIGNS.get(number - 0xF000, letter) if 0xF000 <= number <= 0xF0FF else letter)
        self._to_skip = self.group.skip

    def _state(self, word: str, number: int | None) -> bool:
        """Take in what says how bytes are to be read; whether the word was of that kind."""
        group = self.group
        if word in PAGES:
            self.page = PAGES[word]
        elif word == "ansicpg" and number:
            self.page = number
        elif word == "uc":
            group.skip = min(max(number or 0, 0), MAX_SKIP) if number is not None else 1
        elif word in ("f", "af") and group.destination == "fonttbl":
            group.font = number or 0
            if len(self.fonts) < MAX_FONTS:
                self.fonts[group.font] = Font()
        elif word == "f":
            group.font = number or 0
        elif word == "plain":
            group.font = -1
            return False
        elif word == "fonttbl":
            group.destination = "fonttbl"
        elif word in ("fcharset", "cpg") and group.font in self.fonts and group.destination == "fonttbl":
            font = self.fonts[group.font]
            font.charset, font.page = (number, font.page) if word == "fcharset" else (font.charset, number)
        else:
            return False
        return True

    def flush(self) -> None:
        """Hand on the bytes that wait, as letters in the code page of their font."""
        if not self._bytes:
            return
        data = bytes(self._bytes)
        self._bytes.clear()
        if self.group.destination == "fonttbl":
            font = self.fonts.get(self.group.font, Font())
            font.name = (font.name + data[:100])[:100]
            return
        self.letter(self._decoded(data))

    def _decoded(self, data: bytes) -> str:
        if data.isascii() and self.group.font < 0:
            return data.decode("ascii")
        font = self.fonts.get(self.group.font, Font())
        if font.charset == SYMBOLS:
            signs = {**SIGNS, **SMILEYS} if b"wingdings" in font.name.lower() else SIGNS
            return "".join(signs.get(byte) or decode_strictly(bytes((byte,)), 1252) for byte in data)
        if data.isascii():
            return data.decode("ascii")
        page = font.page or CHARSET_PAGES.get(font.charset or 0 if font.charset is not None else -1, self.page)
        return decode_strictly(data, UTF_8 if self.page == UTF_8 and font.charset in (None, 0, 1) else page)

    def letter(self, text: str) -> None:
        """Letters of the text."""
        self._n_letters += len(text)
        self.write(text)

    def write(self, text: str) -> None:
        """Take letters; where they belong to is the listener's to say."""

    def word(self, word: str, number: int | None) -> None:
        """Take a control word that says nothing of how bytes are read."""

    def closed(self, group: Group) -> None:
        """Take the end of a group."""

    def finish(self) -> None:
        """Take the end of the document."""
