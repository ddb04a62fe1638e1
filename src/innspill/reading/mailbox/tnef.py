"""TNEF (winmail.dat) -> MIME: what Exchange wraps a message in when it takes the recipient for another Outlook.

A TNEF file is a run of attributes, each with a number, a length and a checksum. Most of a message stands in one of
them, which holds its MAPI properties; attributes of the time before MAPI are read where those are missing.
"""

import email.message
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from innspill.reading.documents.builder import UnreadableAttachment
from innspill.reading.mailbox import mapi
from innspill.reading.mailbox.compound import SIGNATURE as COMPOUND
from innspill.reading.mailbox.compound import EmbeddedFile, file_in_object, read_compound
from innspill.reading.mailbox.mapi import Attachment, Item, Properties, Value

SIGNATURE = b"\x78\x9f\x3e\x22"
FROM, SUBJECT, DATE_SENT, DATE_RECEIVED, MESSAGE_CLASS, MESSAGE_ID = 0x8000, 0x8004, 0x8005, 0x8006, 0x8008, 0x8009
STARTS, ENDS = 0x0006, 0x0007
BODY, ATTACH_DATA, ATTACH_TITLE, ATTACH_TRANSPORT_NAME, ATTACH_START = 0x800C, 0x800F, 0x8010, 0x9001, 0x9002
MESSAGE_PROPERTIES, RECIPIENT_TABLE, ATTACH_PROPERTIES, OEM_PAGE = 0x9003, 0x9004, 0x9005, 0x9007
# Attributes of the message that hold one string: the property that says the same.
STRINGS = {SUBJECT: mapi.SUBJECT, BODY: mapi.BODY, MESSAGE_CLASS: mapi.MESSAGE_CLASS}
DATES = {DATE_SENT: mapi.SUBMITTED, DATE_RECEIVED: mapi.DELIVERED, STARTS: mapi.STARTS, ENDS: mapi.ENDS}
ATTACH_STRINGS = {
    ATTACH_TITLE: mapi.ATTACH_NAME,
    ATTACH_TRANSPORT_NAME: mapi.ATTACH_TRANSPORT_NAME,
    ATTACH_DATA: mapi.ATTACH_DATA,
}
# Classes of the time before MAPI, and what they became.
OLD_CLASSES = {
    b"IPM.Microsoft Mail.Note": b"IPM.Note",
    b"IPM.Microsoft Mail.Read Receipt": b"REPORT.IPM.Note.IPNRN",
    b"IPM.Microsoft Mail.Non-Delivery": b"REPORT.IPM.Note.NDR",
    b"IPM.Microsoft Schedule.MtgReq": b"IPM.Schedule.Meeting.Request",
    b"IPM.Microsoft Schedule.MtgCncl": b"IPM.Schedule.Meeting.Canceled",
    b"IPM.Microsoft Schedule.MtgRespP": b"IPM.Schedule.Meeting.Resp.Pos",
    b"IPM.Microsoft Schedule.MtgRespN": b"IPM.Schedule.Meeting.Resp.Neg",
    b"IPM.Microsoft Schedule.MtgRespA": b"IPM.Schedule.Meeting.Resp.Tent",
}
# The bytes that a property of fixed size takes, filled up to four; and those of it that count.
FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
VARIABLE = {mapi.STRING_8, mapi.STRING_16, mapi.BINARY}
MESSAGE_OBJECT = bytes.fromhex("0703020000000000c000000000000046")
FIRST_NAMED = 0x8000
MAX_ATTRIBUTES = 50_000
MAX_PROPERTIES = 50_000
MAX_RECIPIENTS = 50_000


class Attribute(NamedTuple):
    """One attribute; `whole` is false where its checksum is wrong or the file ends within it."""

    number: int
    data: memoryview
    whole: bool


def read_tnef(data: bytes) -> email.message.Message:
    """The MIME message that says what a TNEF file says.

    What the file lacks or what was left out stands in its `mapi.OMISSION` headers, a sentence each.

    Raises:
        UnreadableAttachment: the bytes are no TNEF, or hold not one attribute.
    """
    return mapi.to_mime(_item(memoryview(data), 0))


def _item(data: memoryview, depth: int) -> Item:
    """The item in a TNEF; a view, so that messages in messages do not each hold a copy of all that is in them."""
    if data[:4] != SIGNATURE:
        raise UnreadableAttachment("it is not the winmail.dat (TNEF) that it is said to be")
    attributes = list(_attributes(data))
    if not attributes:
        raise UnreadableAttachment("the winmail.dat (TNEF) is empty or cut off; ask the sender for the message as text")
    message, attached = _split(attributes)
    properties, recipients = _message(message)
    attachments = [_attachment(group, depth) for group in attached]
    return Item(properties, tuple(recipients), tuple(attachments), tuple(_omissions(attributes)))


def _omissions(attributes: list[Attribute]) -> Iterator[str]:
    damaged = sum(not attribute.whole or _is_cut(attribute) for attribute in attributes)
    if damaged or len(attributes) == MAX_ATTRIBUTES:
        yield f"The winmail.dat is damaged or cut off ({damaged} of its fields); ask the sender for the message again."


def _is_cut(attribute: Attribute) -> bool:
    """Whether the properties in an attribute end before they should, or one of them cannot be passed over."""
    if attribute.number not in (MESSAGE_PROPERTIES, ATTACH_PROPERTIES, RECIPIENT_TABLE):
        return False
    reader = _Properties(attribute.data)
    reader.rows() if attribute.number == RECIPIENT_TABLE else reader.read()
    return reader.is_cut


def _attributes(data: memoryview) -> Iterator[Attribute]:
    import numpy as np

    at = 6
    for _ in range(MAX_ATTRIBUTES):
        if at + 9 > len(data):
            return
        number, _, size = struct.unpack_from("<HHI", data, at + 1)
        content = data[at + 9 : at + 9 + size]
        at += 9 + size
        checksum = data[at : at + 2]
        total = int(np.frombuffer(content, np.uint8).sum(dtype=np.uint64)) & 0xFFFF
        yield Attribute(number, content, checksum == struct.pack("<H", total))
        at += 2


def _split(attributes: list[Attribute]) -> tuple[list[Attribute], list[list[Attribute]]]:
    """The attributes of the message, and those of each attachment, which begin with its rendering data."""
    message: list[Attribute] = []
    attached: list[list[Attribute]] = []
    for attribute in attributes:
        if attribute.number == ATTACH_START:
            attached.append([])
        elif attribute.number in (*ATTACH_STRINGS, ATTACH_PROPERTIES):
            if not attached:
                attached.append([])
            attached[-1].append(attribute)
        else:
            message.append(attribute)
    return message, attached


def _message(attributes: list[Attribute]) -> tuple[Properties, list[Properties]]:
    values: dict[int, Value] = {}
    own = Properties()
    recipients: list[Properties] = []
    for number, data, _ in attributes:
        if number in STRINGS:
            values[STRINGS[number]] = Value(mapi.STRING_8, (_new_class(bytes(data)),))
        elif number in DATES:
            values.update(_date(DATES[number], data))
        elif number == FROM:
            values.update(_from(bytes(data)))
        elif number == OEM_PAGE:
            values[mapi.MESSAGE_PAGE] = Value(mapi.INTEGER_32, (bytes(data[:4]),))
        elif number == MESSAGE_PROPERTIES:
            own = _Properties(data).read()
        elif number == RECIPIENT_TABLE:
            recipients = _Properties(data).rows()
    return Properties({**values, **own.values}, own.named), recipients


def _new_class(data: bytes) -> bytes:
    return OLD_CLASSES.get(data.rstrip(b"\x00"), data)


def _date(tag: int, data: memoryview) -> dict[int, Value]:
    """A date of the time before MAPI: year, month, day, hour, minute, second, each in two bytes."""
    if len(data) < 12:
        return {}
    try:
        moment = datetime(*struct.unpack_from("<6H", data), tzinfo=UTC)  # type: ignore[misc]
    except ValueError:
        return {}
    ticks = int((moment - mapi.FILE_TIME_START).total_seconds()) * 10_000_000
    return {tag: Value(mapi.FILE_TIME, (struct.pack("<Q", ticks),))} if ticks > 0 else {}


def _from(data: bytes) -> dict[int, Value]:
    """The sender of the time before MAPI: sizes, the name up to a NUL, «SMTP:» and the address up to a NUL."""
    if len(data) < 8:
        return {}
    name_size, address_size = struct.unpack_from("<HH", data, 4)
    name = data[8 : 8 + name_size].split(b"\x00")[0]
    address = data[8 + name_size : 8 + name_size + address_size].split(b"\x00")[0]
    return {
        mapi.SENDER.name: Value(mapi.STRING_8, (name,)),
        mapi.SENDER.address: Value(mapi.STRING_8, (address,)),
    }


def _attachment(attributes: list[Attribute], depth: int) -> Attachment:
    values: dict[int, Value] = {}
    reader = _Properties(memoryview(b""))
    own = Properties()
    for number, data, _ in attributes:
        if number in ATTACH_STRINGS:
            kind = mapi.BINARY if number == ATTACH_DATA else mapi.STRING_8
            values[ATTACH_STRINGS[number]] = Value(kind, (bytes(data),))
        elif number == ATTACH_PROPERTIES:
            reader = _Properties(data)
            own = reader.read()
    properties = Properties({**values, **own.values}, own.named)
    found = reader.objects.get(mapi.ATTACH_DATA)
    return Attachment(properties) if found is None else _object(properties, found, depth)


def _object(properties: Properties, data: memoryview, depth: int) -> Attachment:
    """An attachment that is an object: a message in a TNEF of its own, or an OLE object in a compound file."""
    identity, content = data[:16], data[16:]
    if identity == MESSAGE_OBJECT or content[:4] == SIGNATURE:
        return _inner(properties, content, depth)
    if content[:8] == COMPOUND:
        try:
            found = file_in_object(read_compound(bytes(content)).root)
        except UnreadableAttachment:
            found = None
        return Attachment(properties, file=found or EmbeddedFile("", bytes(content)))
    return Attachment(properties)


def _inner(properties: Properties, content: memoryview, depth: int) -> Attachment:
    if depth > mapi.MAX_DEPTH:
        return Attachment(properties, item=Item(Properties()))
    try:
        return Attachment(properties, item=_item(content, depth + 1))
    except UnreadableAttachment as error:
        said = f"The attached message was not read: {error}."
        return Attachment(properties, item=Item(Properties(), omissions=(said,)))


class _Properties:
    """Reads the MAPI properties in an attribute; a list that is cut off gives those before the cut.

    `objects` are the properties that hold a message or a file of another program, for they are read further.
    """

    def __init__(self, data: memoryview) -> None:
        self.objects: dict[int, memoryview] = {}
        self.is_cut = False
        self._data = data
        self._at = 0

    def read(self) -> Properties:
        """A list of properties with its count."""
        values: dict[int, Value] = {}
        named: dict[str, Value] = {}
        try:
            for _ in range(min(self._number(), MAX_PROPERTIES)):
                kind, tag = struct.unpack("<HH", self._take(4))
                name = self._name() if tag >= FIRST_NAMED else ""
                if kind == mapi.OBJECT:
                    self.objects[tag] = self._object()
                    continue
                value = self._value(kind)
                if name in mapi.KEPT:
                    named[name] = value
                elif tag < FIRST_NAMED or not name:
                    values[tag] = value
        except EOFError:
            self.is_cut = True
        return Properties(values, named)

    def rows(self) -> list[Properties]:
        """A table: the count of its rows, each a list of properties."""
        rows = []
        try:
            count = min(self._number(), MAX_RECIPIENTS)
        except EOFError:
            self.is_cut = True
            return []
        for _ in range(count):
            if self.is_cut:
                break
            rows.append(self.read())
        return rows

    def _take(self, size: int) -> memoryview:
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise EOFError
        self._at += size
        return taken

    def _number(self) -> int:
        return int.from_bytes(self._take(4), "little")

    def _name(self) -> str:
        """The name of a named property, in lower case; empty where it goes by a number and is not kept."""
        space = bytes(self._take(16))
        if self._number() == 0:
            return mapi.numbered_name(space, self._number())
        return bytes(self._padded(self._number())).decode("utf-16-le", "replace").rstrip("\x00").lower()

    def _object(self) -> memoryview:
        """The first value of an object; there is never another."""
        values = [self._padded(self._number()) for _ in range(min(self._number(), MAX_PROPERTIES))]
        return values[0] if values else memoryview(b"")

    def _padded(self, size: int) -> memoryview:
        data = self._take(size)
        self._at += -size % 4
        return data

    def _value(self, kind: int) -> Value:
        single = kind & ~mapi.MULTIPLE
        is_many = bool(kind & mapi.MULTIPLE) or single in VARIABLE
        count = self._number() if is_many else 1
        if count > MAX_PROPERTIES:
            raise EOFError
        if single in VARIABLE:
            return Value(single, tuple(bytes(self._padded(self._number())) for _ in range(count)))
        if single not in FIXED:
            raise EOFError  # the size of a type that is not known cannot be passed over
        return Value(single, tuple(bytes(self._take(FIXED[single])) for _ in range(count)))
