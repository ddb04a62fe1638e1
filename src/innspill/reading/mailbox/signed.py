"""The mail inside an opaque S/MIME signature (smime.p7m): the content of its `SignedData`, unverified.

Only as much of ASN.1 (BER, RFC 5652) as leads there is read. What is encrypted stays closed.
"""

from typing import NamedTuple

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
SEQUENCE, OCTETS, OCTETS_IN_PIECES, OBJECT, TAGGED_0 = 0x30, 0x04, 0x24, 0x06, 0xA0
END = (0, 0)
MAX_DEPTH = 8


class _Element(NamedTuple):
    """An element: its tag, where its content begins, where it ends (None: at an end mark), in the bytes."""

    tag: int
    start: int
    end: int | None


def signed_content(data: bytes) -> bytes | None:
    """What was signed; None where the bytes are no signature around its content, or are broken before it ends."""
    try:
        outer = _element(data, 0)
        kind = _element(data, outer.start)
        if outer.tag != SEQUENCE or kind.tag != OBJECT or data[kind.start : kind.end] != SIGNED_DATA:
            return None
        signed = _element(data, _element(data, _after(data, kind)).start)
        content = _element(data, signed.start)
        while content.tag != SEQUENCE:  # the version, and the algorithms
            content = _element(data, _after(data, content))
        wrapper = _element(data, _after(data, _element(data, content.start)))
        if wrapper.tag != TAGGED_0:
            return None
        return b"".join(_octets(data, _element(data, wrapper.start), 0))
    except (IndexError, ValueError, RecursionError):
        return None


def _element(data: bytes, position: int) -> _Element:
    tag, length = data[position], data[position + 1]
    start = position + 2
    if length == 0x80:
        return _Element(tag, start, None)
    if length > 0x80:
        n_bytes = length & 0x7F
        if n_bytes > 5:
            raise ValueError("an element longer than any mail")
        length = int.from_bytes(data[start : start + n_bytes], "big")
        start += n_bytes
    if start + length > len(data):
        raise ValueError("an element that is cut off")
    return _Element(tag, start, start + length)


def _after(data: bytes, element: _Element, depth: int = 0) -> int:
    """Where the next element begins."""
    if element.end is not None:
        return element.end
    if depth > MAX_DEPTH:
        raise ValueError("elements too deep in each other")
    position = element.start
    while (data[position], data[position + 1]) != END:
        position = _after(data, _element(data, position), depth + 1)
    return position + 2


def _octets(data: bytes, element: _Element, depth: int) -> list[bytes]:
    """The bytes of an octet string, which may come in pieces."""
    if element.tag == OCTETS and element.end is not None:
        return [data[element.start : element.end]]
    if element.tag != OCTETS_IN_PIECES or depth > MAX_DEPTH:
        raise ValueError("no octets")
    pieces: list[bytes] = []
    position = element.start
    while (element.end is None and (data[position], data[position + 1]) != END) or (
        element.end is not None and position < element.end
    ):
        piece = _element(data, position)
        pieces += _octets(data, piece, depth + 1)
        position = _after(data, piece)
    return pieces
