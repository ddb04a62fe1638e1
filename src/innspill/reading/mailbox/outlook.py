"""Outlook's .msg files -> MIME: a compound file in which each property of the message is a stream of its own.

A message is a folder with a table of its short properties, a stream for each long one, and a folder for each recipient
and attachment; a message attached to it is such a folder again.
"""

import email.message
import re
import struct
from collections.abc import Iterator

from innspill.reading.documents.builder import UnreadableAttachment
from innspill.reading.mailbox import mapi
from innspill.reading.mailbox.compound import Storage, file_in_object, read_compound
from innspill.reading.mailbox.mapi import Attachment, Item, Properties, Value

PROPERTIES = "__properties_version1.0"
NAMES = "__nameid_version1.0"
STREAM_NAME = re.compile(r"__substg1\.0_([0-9a-f]{4})([0-9a-f]{4})(?:-([0-9a-f]{8}))?")
RECIPIENT, ATTACHMENT = "__recip_version1.0_", "__attach_version1.0_"
DATA_FOLDER = "__substg1.0_3701000d"
# The bytes before the table of short properties: of a message, of one in another, of a recipient or attachment.
HEADER, INNER_HEADER, SMALL_HEADER = 32, 24, 8
SIZES = {
    mapi.INTEGER_16: 2,
    mapi.INTEGER_32: 4,
    mapi.BOOLEAN: 2,
    mapi.INTEGER_64: 8,
    mapi.FILE_TIME: 8,
}
STRINGS = (mapi.STRING_8, mapi.STRING_16, mapi.BINARY)
# The names of properties: entries of 8 bytes, which point into a stream of strings.
SPACES, ENTRIES, STRINGS_OF_NAMES = "__substg1.0_00020102", "__substg1.0_00030102", "__substg1.0_00040102"
# The first of the sets of names that the file lists; those below it are known to all.
FIRST_SPACE = 3
FIRST_NAMED = 0x8000
MAX_NAMES = 20_000


def read_msg(data: bytes) -> email.message.Message:
    """The MIME message that says what an Outlook .msg file says.

    What the file lacks or what was left out stands in its `mapi.OMISSION` headers, a sentence each.

    Raises:
        UnreadableAttachment: the bytes are no Outlook message, or too damaged to be read as one.
    """
    compound = read_compound(data)
    root = compound.root
    if PROPERTIES not in root.streams and not any(STREAM_NAME.fullmatch(name) for name in root.streams):
        raise UnreadableAttachment("it is no Outlook message (an older Office file?)")
    omissions: tuple[str, ...] = ()
    if compound.truncated:
        omissions = (
            f"The Outlook file is damaged or cut off ({len(compound.truncated)} of its fields); open it and look.",
        )
    return mapi.to_mime(_item(root, HEADER, _names(root), omissions))


def _item(
    storage: Storage, header: int, names: dict[int, str], omissions: tuple[str, ...] = (), depth: int = 0
) -> Item:
    recipients = [_properties(inner, SMALL_HEADER, names) for inner in _folders(storage, RECIPIENT)]
    attachments = [_attachment(inner, names, depth) for inner in _folders(storage, ATTACHMENT)]
    return Item(_properties(storage, header, names), tuple(recipients), tuple(attachments), omissions)


def _folders(storage: Storage, prefix: str) -> Iterator[Storage]:
    """The folders of the recipients or the attachments, in their order in the message."""
    for name in sorted(storage.storages):
        if name.startswith(prefix):
            yield storage.storages[name]


def _attachment(storage: Storage, names: dict[int, str], depth: int) -> Attachment:
    properties = _properties(storage, SMALL_HEADER, names)
    inner = storage.storages.get(DATA_FOLDER)
    if inner is None:
        return Attachment(properties)
    if PROPERTIES not in inner.streams:
        return Attachment(properties, file=file_in_object(inner))
    if depth > mapi.MAX_DEPTH:
        return Attachment(properties, item=Item(Properties()))
    return Attachment(properties, item=_item(inner, INNER_HEADER, names, depth=depth + 1))


def _properties(storage: Storage, header: int, names: dict[int, str]) -> Properties:
    """The short properties out of the table, and the long ones out of their streams."""
    values = {**_short(storage.streams.get(PROPERTIES, b""), header), **_long(storage)}
    named = {names[tag]: value for tag, value in values.items() if tag in names}
    return Properties(values, named)


def _short(table: bytes, header: int) -> dict[int, Value]:
    values = {}
    for at in range(header, len(table) - 15, 16):
        kind, tag = struct.unpack_from("<HH", table, at)
        if kind in SIZES:
            values[tag] = Value(kind, (table[at + 8 : at + 8 + SIZES[kind]],))
    return values


def _long(storage: Storage) -> dict[int, Value]:
    """Strings and bytes; a string that is there in 16 bits a letter counts before one in 8."""
    values: dict[int, Value] = {}
    multiple: dict[tuple[int, int], list[tuple[int, bytes]]] = {}
    for name, data in storage.streams.items():
        match = STREAM_NAME.fullmatch(name)
        if match is None:
            continue
        tag, kind = int(match[1], 16), int(match[2], 16)
        if match[3] is not None:
            multiple.setdefault((tag, kind & ~mapi.MULTIPLE), []).append((int(match[3], 16), data))
        elif kind in STRINGS and not (tag in values and kind == mapi.STRING_8):
            values[tag] = Value(kind, (data,))
    for (tag, kind), items in multiple.items():
        if kind in STRINGS:
            values.setdefault(tag, Value(kind, tuple(data for _, data in sorted(items))))
    return values


def _names(root: Storage) -> dict[int, str]:
    """The names of the named properties that are kept: property number -> name in lower case."""
    streams = root.storages.get(NAMES, Storage()).streams
    spaces, entries, strings = (streams.get(name, b"") for name in (SPACES, ENTRIES, STRINGS_OF_NAMES))
    names = {}
    for at in range(0, min(len(entries), MAX_NAMES * 8) - 7, 8):
        place, kind, number = struct.unpack_from("<IHH", entries, at)
        if not kind & 1:
            space = 16 * ((kind >> 1) - FIRST_SPACE)
            name = mapi.numbered_name(spaces[space : space + 16], place) if space >= 0 else ""
        elif place + 4 <= len(strings):
            (size,) = struct.unpack_from("<I", strings, place)
            name = strings[place + 4 : place + 4 + size].decode("utf-16-le", "replace").lower()
        else:
            continue
        if name in mapi.KEPT:
            names[FIRST_NAMED + number] = name
    return names
