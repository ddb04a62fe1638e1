"""Bytes -> text, whatever charset they claim; and the one form of text that every other room works on."""

import re
import unicodedata

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(data: bytes, declared: str | None = None) -> str:
    """Bytes to text: the declared charset, then UTF-8, then Windows-1252 (which never fails on what is left)."""
    for charset in (declared, "utf-8-sig"):
        if not charset:
            continue
        try:
            return data.decode(charset)
        except (LookupError, ValueError):  # UnicodeError of some codecs is no UnicodeDecodeError
            continue
    return data.decode("cp1252", errors="replace") if b"\x81" not in data else data.decode("latin-1")


def normalise_text(text: str) -> str:
    """NFC, ``"\\n"`` line ends, no-break spaces as spaces, no control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text.replace("\u00a0", " ").replace("\u200b", ""))
    return LONE_SURROGATE.sub("\ufffd", text)
