"""Zip archives that come with the mail: their members, one at a time, within limits. Nothing is ever written.

A member's name is a label for people, never a path. What a member claims of its size is not believed: it is unpacked
piece by piece, and the count of bytes goes over all that is unpacked, so that bombs end at the limit, nested or
overlapping ones too.
"""

import lzma
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import IO, NamedTuple, Protocol

from innspill.reading.charsets import decode, normalise_text
from innspill.reading.documents.builder import UnreadableAttachment

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# A zip in a zip is opened; one in that is not.
MAX_NESTED = 2
MAX_RATIO = 200
DIRECTORY_ENTRY = b"PK\x01\x02"
LOCKED = "it is locked with a password; ask for a copy that is not"
PIECE = 1_000_000
# What the libraries raise on archives that are broken, or packed in a way that they do not know.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, IndexError, NotImplementedError,
    RuntimeError,
)  # fmt: skip
# Archives that are documents to their readers.
DOCUMENT_MEMBERS = frozenset({"[Content_Types].xml", "mimetype", "content.xml", "META-INF/MANIFEST.MF"})


class Budget:
    """What may still be unpacked: members and bytes, over all archives of one message or one folder."""

    def __init__(self, n_members: int, n_bytes: int) -> None:
        self.n_members = n_members
        self.n_bytes = n_bytes


class Member(NamedTuple):
    """A file in an archive: its name as a label, and its entry in the archive's directory."""

    name: str
    entry: zipfile.ZipInfo


def open_archive(stream: IO[bytes], *, n_members: int) -> zipfile.ZipFile:
    """The archive that a stream holds, if its directory is of a size that can be read.

    Raises:
        UnreadableAttachment: it is damaged, names more than `n_members` files, or its files lie over each other.
    """
    if _count(stream, DIRECTORY_ENTRY, enough=n_members) > n_members:
        raise UnreadableAttachment(f"it holds more than {n_members:,} files; unpack it and leave out what is no mail")
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except DAMAGE as error:
        raise UnreadableAttachment(f"it is damaged ({type(error).__name__})") from error
    entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    if any(entry.header_offset + entry.compress_size > later.header_offset for entry, later in pairwise(entries)):
        raise UnreadableAttachment("its files lie over each other, as in a zip bomb")
    return archive


def _count(stream: IO[bytes], mark: bytes, *, enough: int) -> int:
    """How often a mark stands in a stream; counting ends soon after `enough`."""
    stream.seek(0)
    n_found, tail = 0, b""
    while n_found <= enough and (piece := stream.read(PIECE)):
        n_found += (tail + piece).count(mark)
        tail = piece[-len(mark) + 1 :]
    return n_found


def is_document(archive: zipfile.ZipFile) -> bool:
    """Whether the archive is a Word file, a workbook or the like."""
    return any(name in DOCUMENT_MEMBERS or name.endswith(".iwa") for name in archive.namelist())


def members(archive: zipfile.ZipFile) -> Iterator[Member]:
    """The files in the archive, in the order of its directory; folders, and what Macs add, are passed over."""
    for entry in archive.infolist():
        if not entry.is_dir() and not entry.filename.startswith("__MACOSX/"):
            yield Member(label_of(entry), entry)


def label_of(entry: zipfile.ZipInfo) -> str:
    """A member's name as a label: letters as its maker meant them, without drive, leading «/» and «..»."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = decode(name.encode("cp437"))
    steps = [step.strip() for step in re.split(r"[\\/]", normalise_text(name).replace("\n", " "))]
    return "/".join(step for step in steps if step not in ("", ".", "..") and not step.endswith(":"))[:240] or "fil"


class Readable(Protocol):
    """A stream, so far as it is read."""

    def read(self, n_bytes: int, /) -> bytes:
        """The next bytes, at most so many; none at the end."""


class Bounded:
    """What is unpacked from an archive, read piece by piece; each piece is taken from the budget.

    Args:
        stream: The unpacking stream.
        n_packed: How many bytes it is packed in.
        budget: What may still be unpacked.
        at_most: No more than this of this stream.
    """

    def __init__(self, stream: Readable, n_packed: int, budget: Budget, *, at_most: int) -> None:
        self._stream = stream
        self._budget = budget
        self._left = min(at_most, MAX_RATIO * max(n_packed, 10_000))

    def read(self, n_bytes: int, /) -> bytes:
        """The next bytes, at most `n_bytes` and `PIECE`; none at the end.

        Raises:
            UnreadableAttachment: the stream is damaged, or longer than a limit.
        """
        try:
            piece = self._stream.read(min(n_bytes, PIECE))
        except DAMAGE as error:
            raise UnreadableAttachment(f"it is damaged ({type(error).__name__})") from error
        self._left -= len(piece)
        self._budget.n_bytes -= len(piece)
        if self._left < 0 or self._budget.n_bytes < 0:
            raise UnreadableAttachment("it would unpack to far more than a mail holds (a zip bomb?)")
        return piece

    def read_all(self, *, at_most: int = sys.maxsize) -> bytes:
        """All that is left, within the limits.

        Raises:
            UnreadableAttachment: it is more than `at_most` bytes, or `read` fails.
        """
        pieces = []
        while piece := self.read(PIECE):
            pieces.append(piece)
            at_most -= len(piece)
            if at_most < 0:
                raise UnreadableAttachment("it is too large to be held in memory; unpack it")
        return b"".join(pieces)


@contextmanager
def opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget, *, at_most: int) -> Iterator[Bounded]:
    """A member as a stream, counted in the budget.

    Raises:
        UnreadableAttachment: it is locked or damaged, or the budget is used up.
    """
    if budget.n_members <= 0 or budget.n_bytes <= 0:
        raise UnreadableAttachment("more was packed than is read; unpack it yourself")
    budget.n_members -= 1
    if entry.flag_bits & 0x1:
        raise UnreadableAttachment(LOCKED)
    try:
        stream = archive.open(entry)
    except DAMAGE as error:
        raise UnreadableAttachment(f"it is damaged ({type(error).__name__})") from error
    with stream:
        yield Bounded(stream, entry.compress_size, budget, at_most=at_most)
