"""Windows code page numbers -> text: Outlook and RTF name the charset of 8-bit text by number."""

import codecs

from innspill.reading.charsets import decode

# Pages that Python knows by another name than «cp» and the number; 28591 is read as Windows-1252, which it is in mail.
CODECS = {
    1200: "utf-16-le",
    1201: "utf-16-be",
    10000: "mac_roman",
    10001: "shift_jis",
    10006: "mac_greek",
    10007: "mac_cyrillic",
    10029: "mac_latin2",
    10079: "mac_iceland",
    10081: "mac_turkish",
    20127: "cp1252",
    20866: "koi8_r",
    20932: "euc_jp",
    20936: "gb2312",
    21866: "koi8_u",
    28591: "cp1252",
    28599: "cp1254",
    38598: "iso8859_8",
    50220: "iso2022_jp",
    50221: "iso2022_jp",
    50222: "iso2022_jp",
    50225: "iso2022_kr",
    51932: "euc_jp",
    51936: "gb2312",
    51949: "euc_kr",
    52936: "hz",
    54936: "gb18030",
    65000: "utf-7",
    65001: "utf-8",
}
UTF_16 = {1200, 1201}
# Pages in which text may pass for UTF-8 by chance, or that UTF-8 shares no bytes with.
WIDE = {932, 936, 949, 950, 1200, 1201, 1361, 10001, 20932, 20936, 51932, 51936, 51949, 54936}


def codec_name(page: int) -> str | None:
    """The codec for a code page number; None where there is none.

    >>> codec_name(865), codec_name(28605), codec_name(65001), codec_name(3)
    ('cp865', 'iso8859_15', 'utf-8', None)
    """
    name = CODECS.get(page) or (f"iso8859_{page - 28590}" if 28591 <= page <= 28606 else f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return None
    return name


def decode_page(data: bytes, page: int, declared: str | None = None) -> str:
    """8-bit text in a code page.

    Bytes that are UTF-8 are taken so in a one-byte page: text that is not UTF-8 hardly ever passes for it, and
    programs that write messages name the system's page over text in UTF-8.

    Args:
        data: The bytes.
        page: The number that the message names; 0 where it names none.
        declared: A charset that the text names itself, for where the page does not fit.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if page in UTF_16:
        # Outlook names UTF-16 for the message also where some of its strings have 8 bits a letter.
        page, data = (page, data + b"\x00" * (len(data) % 2)) if b"\x00" in data else (0, data)
    if page not in WIDE and is_utf_8(data):
        return data.decode("utf-8")
    return decode_strictly(data, page, declared)


def decode_strictly(data: bytes, page: int, declared: str | None = None) -> str:
    """8-bit text in a code page, whatever else its bytes may look like."""
    for name in (codec_name(page), declared, "cp1252"):
        try:
            if name:
                return data.decode(name)
        except (LookupError, ValueError):  # UnicodeError of some codecs is no UnicodeDecodeError
            continue
    return decode(data)


def is_utf_8(data: bytes) -> bool:
    """Whether the bytes are text in UTF-8; those of plain ASCII are too."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
