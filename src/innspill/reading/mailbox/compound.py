"""Compound files (MS-CFB), the file system in one file that holds an Outlook message -> its folders and streams.

Written anew and not by a library for two reasons: a message to ten thousand recipients is a hundred thousand entries,
which wants a walk that does not recurse and looks names up in a dictionary; and of a damaged file all is read
that can be.
"""

import re
import struct
from array import array
from dataclasses import dataclass, field

from innspill.reading.codepages import decode_page
from innspill.reading.documents.builder import UnreadableAttachment

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = struct.Struct("<8s16sHHHHH6sIIIIIIIII")
ENTRY = struct.Struct("<64sHBBIII16sIQQIQ")
ENTRY_SIZE = 128
MAX_ENTRIES = 500_000
NO_SECTOR = 0xFFFFFFFA  # this number and all above it are marks, not sectors
LAST, FREE = 0xFFFFFFFE, 0xFFFFFFFF
STORAGE, STREAM = 1, 2
DAMAGED = "the Outlook file is damaged ({}); open it in Outlook and save it again, or ask the sender for it"


@dataclass(slots=True)
class Storage:
    """A folder of a compound file; names are in lower case, for they are alike in any case."""

    streams: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, "Storage"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompoundFile:
    """The root of a compound file, and the names of the streams that the file holds only a part of."""

    root: Storage
    truncated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """The file that an OLE object wraps; the name is empty where the object tells none."""

    name: str
    data: bytes


def file_in_object(storage: Storage) -> EmbeddedFile | None:
    """The file in an OLE object (a document drawn as an icon in the body); None where it is in a form of its own."""
    for name in ("package", "contents", "embedded_odf"):
        if storage.streams.get(name):
            return EmbeddedFile("", storage.streams[name])
    return _packaged(storage.streams.get("\x01ole10native", b""))


def _packaged(data: bytes) -> EmbeddedFile | None:
    """The file in an «Ole10Native» stream: its name, where it lay, and its bytes, each with its length or a NUL."""
    head = re.match(rb"[\s\S]{4}\x02\x00([^\x00]{0,300})\x00[^\x00]{0,1000}\x00[\s\S]{4}", data)
    if head is None or len(data) < head.end() + 4:
        return None
    at = head.end()
    (path_size,) = struct.unpack_from("<I", data, at)
    at += 4 + path_size
    if at + 4 > len(data):
        return None
    (size,) = struct.unpack_from("<I", data, at)
    name = re.split(r"[\\/]", decode_page(head[1], 0))[-1]
    return EmbeddedFile(name, data[at + 4 : at + 4 + size])


def read_compound(data: bytes) -> CompoundFile:
    """All folders and streams of a compound file.

    Raises:
        UnreadableAttachment: it is no compound file, or its directory cannot be read.
    """
    return _Reader(data).read()


class _Reader:
    """Sector chains followed within the file's own size: no sector is read more often than an honest file needs."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(SIGNATURE):
            raise UnreadableAttachment(DAMAGED.format("its first bytes are not those of a compound file"))
        fields = HEADER.unpack_from(data)
        self._version, _, shift, mini_shift = fields[3:7]
        if shift not in (9, 12) or mini_shift != 6:
            raise UnreadableAttachment(DAMAGED.format("an unknown size of sectors"))
        self._data = data
        self._size = 1 << shift
        self._mini_size = 1 << mini_shift
        self._n_sectors = -(-len(data) // self._size)
        self._left = 2 * len(data) + ENTRY_SIZE
        _, _, self._first_directory, _, self._cutoff, first_mini, _, first_difat, _ = fields[8:17]
        self._fat = self._allocation(first_difat)
        self._mini_fat = _numbers(self._read(first_mini, None))
        self._mini_stream = b""
        self._truncated: list[str] = []

    def read(self) -> CompoundFile:
        """Walk the directory from its root; its brother and child numbers lead to each entry at most once."""
        chain = _chain(self._first_directory, self._fat, self._n_sectors)
        directory = self._sectors(self._data, chain, self._size, self._size)
        is_whole = chain and self._fat[chain[-1]] == LAST and len(directory) == len(chain) * self._size
        if not is_whole or len(directory) > MAX_ENTRIES * ENTRY_SIZE:
            self._truncated.append("directory")
        entries = [
            ENTRY.unpack_from(directory, at)
            for at in range(0, min(len(directory), MAX_ENTRIES * ENTRY_SIZE) - ENTRY_SIZE + 1, ENTRY_SIZE)
        ]
        if not entries:
            raise UnreadableAttachment(DAMAGED.format("it has no directory"))
        root = Storage()
        self._mini_stream = self._read(entries[0][11], self._stream_size(entries[0]))
        waiting = [(entries[0][6], root)]
        seen = {0}
        while waiting:
            number, parent = waiting.pop()
            if number >= len(entries) or number in seen:
                continue
            seen.add(number)
            raw_name, name_size, kind, _, left, right, child, *_ = entries[number]
            name = raw_name[: max(name_size - 2, 0)].decode("utf-16-le", "replace").lower()
            if kind == STORAGE:
                storage = parent.storages.setdefault(name, Storage())
                waiting.append((child, storage))
            elif kind == STREAM:
                parent.streams.setdefault(name, self._stream(name, entries[number]))
            waiting += [(left, parent), (right, parent)]
        return CompoundFile(root, tuple(self._truncated))

    def _stream_size(self, entry: tuple[int, ...]) -> int:
        return entry[12] & 0xFFFFFFFF if self._version == 3 else entry[12]

    def _stream(self, name: str, entry: tuple[int, ...]) -> bytes:
        size, start = self._stream_size(entry), entry[11]
        if size < self._cutoff:
            chain = _chain(start, self._mini_fat, -(-size // self._mini_size))
            data = self._sectors(self._mini_stream, chain, self._mini_size, 0)[:size]
        else:
            data = self._read(start, size)
        if len(data) < size:
            self._truncated.append(name)
        return data

    def _read(self, start: int, size: int | None) -> bytes:
        """The bytes of a chain of sectors, `size` of them, or all of them."""
        longest = self._n_sectors if size is None else min(-(-size // self._size), self._n_sectors)
        data = self._sectors(self._data, _chain(start, self._fat, longest), self._size, self._size)
        return data if size is None else data[:size]

    def _sectors(self, source: bytes, chain: list[int], size: int, offset: int) -> bytes:
        self._left -= len(chain) * size
        if self._left < 0:
            raise UnreadableAttachment(DAMAGED.format("its streams overlap"))
        return b"".join([source[offset + number * size : offset + (number + 1) * size] for number in chain])

    def _allocation(self, first_difat: int) -> "array[int]":
        """The file allocation table: for each sector the one that follows it."""
        tables = array("I", self._data[76:512])
        per_sector = self._size // 4
        number, seen = first_difat, 0
        while number < self._n_sectors and seen <= self._n_sectors // per_sector:
            listed = _numbers(self._data[(number + 1) * self._size : (number + 2) * self._size])
            tables.extend(listed[: per_sector - 1])
            number = listed[per_sector - 1] if len(listed) == per_sector else FREE
            seen += 1
        fat = array("I")
        for table in tables:
            if table < self._n_sectors and len(fat) < self._n_sectors:
                part = self._data[(table + 1) * self._size : (table + 2) * self._size]
                fat.extend(_numbers(part.ljust(self._size, b"\xff")))
        return fat


def _numbers(data: bytes) -> "array[int]":
    numbers = array("I", data[: len(data) // 4 * 4])
    if struct.pack("=H", 1) == b"\x00\x01":  # a machine that stores numbers the other way round
        numbers.byteswap()
    return numbers


def _chain(start: int, table: "array[int]", longest: int) -> list[int]:
    """The sectors of a stream, at most `longest`; it ends where the table does, or where it would go astray."""
    chain: list[int] = []
    while start < len(table) and start < NO_SECTOR and len(chain) < longest:
        chain.append(start)
        start = table[start]
    return chain
