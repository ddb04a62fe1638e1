"""PDFs written object by object, for files that no program would write."""

import zlib
from collections.abc import Mapping, Sequence

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
A4 = "[0 0 595 842]"


def write_pdf(objects: Mapping[int, bytes], *, trailer: str = "") -> bytes:
    """A PDF of the given objects, with a true cross-reference table. Object 1 is the catalogue."""
    out, offsets = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer.encode(), start)
    return bytes(out)


def stream(content: bytes, entries: str = "", *, packed: bool = False) -> bytes:
    """A stream object; `entries` go into its dictionary."""
    if packed:
        content, entries = zlib.compress(content, 9), entries + "/Filter/FlateDecode"
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries.encode(), content)


def pages_pdf(
    contents: Sequence[bytes],
    *,
    page: str = f"/MediaBox{A4}",
    tree: str = "",
    resources: str = "",
    extra: Mapping[int, bytes] | None = None,
) -> bytes:
    """A PDF with a page for each content stream (a whole object, see `stream`); font /F is Helvetica."""
    kids = " ".join(f"{100 + 2 * index} 0 R" for index in range(len(contents)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Count {len(contents)}/Kids[{kids}]{tree}>>".encode(),
        3: FONT,
        **(extra or {}),
    }
    for index, content in enumerate(contents):
        number = 100 + 2 * index
        own = f"/Resources<</Font<</F 3 0 R>>{resources}>>/Contents {number + 1} 0 R{page}"
        objects[number] = f"<</Type/Page/Parent 2 0 R{own}>>".encode()
        objects[number + 1] = content
    return write_pdf(objects)


def text(words: str, x: float = 72, y: float = 700, size: float = 12) -> bytes:
    """Content that prints words at a point in user space."""
    return f"BT /F {size} Tf {x} {y} Td ({words}) Tj ET\n".encode("cp1252")
