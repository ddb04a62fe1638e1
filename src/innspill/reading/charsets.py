"""Bytes -> text, whatever charset they claim; and the one form of text that every other room works on.

The chain is: a byte-order mark, the charset declared, UTF-8, and what the bytes themselves tell. A letter that cannot
be told is U+FFFD in the text, and `Decoded.doubt` says how many there are: none of them is silent.
"""

import codecs
import re
import unicodedata
from typing import NamedTuple

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\ufffd"
# A letter bears at most so many accents; only longer runs of letters beyond ASCII are looked through for more.
MAX_ACCENTS = 30
BEYOND_ASCII = re.compile(rf"[^\x00-\x7f]{{{MAX_ACCENTS + 1},}}")
GRAPHEME_JOINER = "\u034f"
# So many bytes show what charset a text is in; counting goes no further.
SAMPLE = 40_000
# Of the signs beyond ASCII, so many are weighed.
MAX_WEIGHED = 2_000
# A text is UTF-8 with damage where at most this share of its signs beyond ASCII is broken.
MAX_BROKEN = 0.2

# Names that mail programs write, by the codec that they mean. Latin-1 means Windows-1252, as in browsers.
CODECS = {
    "cp1252": "iso-8859-1 iso8859-1 latin1 latin-1",
    "cp1254": "iso-8859-9 iso8859-9",
    "iso-8859-8": "iso-8859-8-i iso-8859-8-e",
    "utf-7": "unicode-1-1-utf-7 x-unicode-2-0-utf-7 csunicode11utf7",
    "utf-8": "utf8mb3 utf8mb4 unicode-1-1-utf-8",
    "mac_roman": "macintosh x-mac-roman x-mac-norwegian",
    "mac_iceland": "x-mac-icelandic",
    "mac_cyrillic": "x-mac-cyrillic",
    "cp932": "x-sjis shift_jis shift-jis windows-31j",
    "cp949": "ks_c_5601-1987 euc-kr euc_kr",
    "gb18030": "gb2312 gbk x-gbk gb_2312-80",
    "cp874": "tis-620 windows-874 iso-8859-11 iso8859-11",
    "euc_jp": "x-euc-jp",
}
ALIASES = {name: codec for codec, names in CODECS.items() for name in names.split()}
# These say nothing, or would run a codec that is no charset of mail.
SAYS_NOTHING = (
    "unknown x-unknown unknown-8bit 8bit binary default ansi none ascii us-ascii ansi_x3.4-1968 iso-ir-100 oem"
)
NO_TEXT = "idna punycode undefined unicode_escape raw_unicode_escape unicode-escape raw-unicode-escape mbcs"
NO_CHARSET = frozenset(f"{SAYS_NOTHING} {NO_TEXT}".split())
KNOWN_NAME = re.compile(
    r"iso-?8859-\d{1,2}|utf-?(?:8|16|32)|windows-?\d{3,4}|cp-?\d{3,4}|koi8-[ru]|iso-2022-jp|euc-[jk][pr]", re.IGNORECASE
)
# The Norwegian seven-bit alphabet NS 4551-1: the letters that stand where ASCII has brackets.
NS_4551 = "ns_4551-1"
NS_4551_LETTERS = str.maketrans("[\\]{|}", "ÆØÅæøå")
SEVERAL_BYTES = re.compile(r"utf|gb|big5|cp9(?:32|49|50)|euc|shift|iso2022|johab|hz|ns_4551", re.IGNORECASE)
MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
# What a Norwegian text in eight bits may be in: Windows and Latin-1, DOS, Mac.
NORDIC = ("cp1252", "cp865", "cp850", "mac_roman")
# What a text of other letters may be in.
FOREIGN = (
    "koi8_r", "cp1251", "cp1250", "iso8859_2", "cp1253", "cp1255", "cp1256", "cp1257",
    "gb18030", "big5", "cp932", "euc_jp", "euc_kr",
)  # fmt: skip
LETTERS = frozenset("æøåÆØÅäöüÄÖÜéÉèÈêóòôàáÁâíñçčČđĐŋŊšŠŧŦžŽðÐþÞ")
SIGNS = frozenset("«»–—“”„‘’‚…•·§°½¼€£©®´\u00a0\u00ad×±µ²³№")
DOUBLED = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)


class Decoded(NamedTuple):
    """Text, the charset that it was read in, and what is doubtful about it: a sentence for a note, mostly empty."""

    text: str
    charset: str
    doubt: str = ""


def decode(data: bytes, declared: str | None = None) -> str:
    """Bytes to text by the chain; `decode_noted` also tells what is doubtful."""
    return decode_noted(data, declared).text


def decode_noted(data: bytes, declared: str | None = None) -> Decoded:
    """Bytes to text: a byte-order mark, the declared charset, UTF-8, and then what the bytes look like.

    Eight-bit charsets can be declared of anything; bytes that are UTF-8 beyond ASCII are UTF-8 whatever is said.
    """
    for mark, charset in MARKS:
        if data.startswith(mark):
            return _with_losses(data[len(mark) :], charset)
    named = charset_of(declared)
    if data.isascii() and b"\x00" not in data and b"\x1b" not in data and not _is_seven_bit(named):
        return Decoded(data.decode("ascii"), "ascii")
    wide = _wide(data, named)
    if wide:
        return _with_losses(data, wide)
    as_utf8 = _strictly(data, "utf-8")
    if named and not (as_utf8 is not None and not data.isascii() and not SEVERAL_BYTES.search(named)):
        text = _strictly(data, named)
        if text is not None:
            return _undoubled(text, named)
    if as_utf8 is not None:
        if b"\x1b$" in data or b"\x1b(" in data:
            text = _strictly(data, "iso2022_jp")
            if text is not None:
                return Decoded(text, "iso2022_jp")
        said = f"the part says that it is {named}, and is UTF-8" if named and not data.isascii() else ""
        return _undoubled(as_utf8, "utf-8", said)
    return _damaged_utf8(data) or _guessed(data, named)


def charset_of(declared: str | None) -> str:
    """The codec that a declared charset means; empty for none, for one that nobody knows, and for what is no charset.

    >>> charset_of("_iso-8859-1$ESC"), charset_of("utf8mb4"), charset_of("cp-850"), charset_of("x-unknown")
    ('cp1252', 'utf-8', 'cp850', '')
    """
    name = (declared or "").strip("'\"<> \t\r\n;").lower()
    name = name.split("*")[0]
    if not name or name in NO_CHARSET or len(name) > 60:
        return ""
    found = KNOWN_NAME.search(name)
    for candidate in (name, found.group() if found else "", (found.group() if found else "").replace("cp-", "cp")):
        codec = ALIASES.get(candidate, candidate)
        if codec == NS_4551:
            return codec
        try:
            information = codecs.lookup(codec) if codec else None
            if information and information.name not in NO_CHARSET and b"abcd".decode(codec, "replace"):
                return ALIASES.get(information.name, codec)
        except (LookupError, ValueError, TypeError):  # TypeError: a codec from bytes to bytes
            continue
    return ""


def _is_seven_bit(charset: str) -> bool:
    """Whether ASCII bytes may mean other letters in the charset."""
    return charset in ("utf-7", "hz", NS_4551) or charset.startswith(("iso2022", "iso-2022"))


def _strictly(data: bytes, charset: str) -> str | None:
    if charset == NS_4551:
        return data.decode("ascii").translate(NS_4551_LETTERS) if data.isascii() else None
    try:
        return data.decode(charset)
    except (LookupError, ValueError, TypeError):  # UnicodeError of some codecs is no UnicodeDecodeError
        return None


def _wide(data: bytes, named: str) -> str:
    """UTF-16 or UTF-32 without a mark, told by where the zero bytes stand; empty where it is neither."""
    if b"\x00" not in data[:SAMPLE]:
        return ""
    sample = data[: SAMPLE - SAMPLE % 4]
    zeros = [sample[start::4].count(0) / max(len(sample[start::4]), 1) for start in range(4)]
    if zeros[0] > 0.9 and zeros[1] > 0.9 and zeros[3] < 0.3:
        return "utf-32-be"
    if zeros[3] > 0.9 and zeros[2] > 0.9 and zeros[0] < 0.3:
        return "utf-32-le"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if odd > 0.6 and even < 0.2:
        return "utf-16-le"
    if even > 0.6 and odd < 0.2:
        return "utf-16-be"
    return named if named.replace("_", "-").startswith(("utf-16-", "utf-32-")) else ""


def _with_losses(data: bytes, charset: str) -> Decoded:
    text = _strictly(data, charset)
    if text is not None:
        return Decoded(text, charset)
    text = data.decode(charset, errors="replace")
    return Decoded(text, charset, _lost(text, charset))


def _lost(text: str, charset: str) -> str:
    n_lost = text.count(REPLACEMENT)
    return (
        f"letters that could not be decoded as {charset} stand as «{REPLACEMENT}» ({n_lost} of them)" if n_lost else ""
    )


def _damaged_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a few broken bytes, each read as Windows-1252; None where it is not UTF-8 at all."""
    replaced = data.decode("utf-8", errors="replace")
    n_broken = replaced.count(REPLACEMENT)
    n_beyond = len(replaced) - sum(map(len, re.findall(r"[\x00-\x7f]+", replaced)))
    if n_broken > MAX_BROKEN * n_beyond:
        return None
    text = data.decode("utf-8", errors="innspill-windows")
    return Decoded(
        text, "utf-8", f"bytes that are not UTF-8, as the rest is, were read as Windows-1252 ({n_broken} of them)"
    )


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not UTF-8 as Windows-1252 (an error handler of the codec)."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error("innspill-windows", _as_windows)


def _undoubled(text: str, charset: str, doubt: str = "") -> Decoded:
    """Text that was UTF-8 read as Windows-1252 and written as UTF-8 again («Ã¸») set right, where all of it was."""
    if DOUBLED.search(text):
        for codec in ("cp1252", "latin-1"):
            try:
                mended = text.encode(codec).decode("utf-8")
            except ValueError:
                continue
            return Decoded(mended, charset, "the text was encoded twice («Ã¸» for «ø») and was set right")
    return Decoded(text, charset, doubt)


def _guessed(data: bytes, named: str) -> Decoded:
    """Eight-bit text of no declared charset, or of a wrong one: the charset in which its words look like words."""
    if named and SEVERAL_BYTES.search(named) and not named.startswith("utf"):
        text = data.decode(named, errors="replace")
        if text.count(REPLACEMENT) <= MAX_BROKEN * max(sum(letter > "\x7f" for letter in text[:SAMPLE]), 1):
            return Decoded(text, named, _lost(text, named))
    sample = data[:SAMPLE]
    scores = {charset: _likeness(sample.decode(charset, errors="replace")) for charset in NORDIC}
    best = max(NORDIC, key=lambda charset: scores[charset])
    if scores[best] <= 0 or _is_beyond_ascii(sample):
        best = _detected(sample) or (best if scores[best] > 0 else "cp1252")
    text = data.decode(best, errors="replace")
    doubt = _lost(text, best)
    if not doubt and best != "cp1252":
        doubt = f"no charset is declared that fits; by its letters the text is {best}"
    return Decoded(text, best, doubt)


def _likeness(text: str) -> float:
    """How like Nordic text: letters inside words count for, signs inside words and letters of other tongues against."""
    score = 0.0
    for number, match in enumerate(re.finditer(r"[^\x00-\x7f]", text)):
        if number >= MAX_WEIGHED:
            break
        sign = match.group()
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        inside = before.isalpha() and after.isalpha()
        if sign in LETTERS:
            score += -1 if sign.isupper() and before.islower() else 1
        elif sign in SIGNS:
            score += -1 if inside and sign not in "’\u00ad·" else 0.5
        else:
            score -= 2 if sign == REPLACEMENT else 1
    return score


def _is_beyond_ascii(sample: bytes) -> bool:
    """Whether whole words are beyond ASCII, as in Greek or Russian; Norwegian has one such letter here and there."""
    n_beyond = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    return sum(map(len, re.findall(rb"[\x80-\xff]{3,}", sample))) > n_beyond / 2


def _detected(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(FOREIGN), enable_fallback=False).best()
    return best.encoding if best is not None else ""


def compose(text: str) -> str:
    """NFC, in time that grows with the text.

    Python sorts the accents on one letter in time that grows with their square. Where one bears more than any letter
    of any tongue, the mark that Unicode has for this (UAX 15, stream-safe text) parts them.
    """
    return unicodedata.normalize("NFC", BEYOND_ASCII.sub(_with_joiners, text))


def _with_joiners(match: re.Match[str]) -> str:
    pieces: list[str] = []
    n_accents = 0
    for letter in match.group():
        n_accents = n_accents + 1 if unicodedata.combining(letter) else 0
        if n_accents > MAX_ACCENTS:
            pieces.append(GRAPHEME_JOINER)
            n_accents = 1
        pieces.append(letter)
    return "".join(pieces)


def normalise_text(text: str) -> str:
    """NFC, ``"\\n"`` line ends, no-break spaces as spaces, no control characters."""
    text = compose(re.sub("\r\n?|[\x0b\x0c]", "\n", text))
    text = re.sub("[\x00-\x08\x0e-\x1f\x7f\u200b\ufeff]", "", text.replace("\u00a0", " "))
    return LONE_SURROGATE.sub(REPLACEMENT, text)
