"""MAPI properties, in which Outlook keeps a message -> an ordinary MIME message.

Outlook's two file formats (.msg and winmail.dat) hold the same properties and differ only in how they pack them. What
they say becomes headers, a body in its alternatives, attachments and attached messages, so that all that comes after
is one path. What cannot be carried over is said in a header of the part that lacks it (`OMISSION`), for a note.
"""

import base64
import email
import email.header
import email.message
import email.parser
import email.utils
import mimetypes
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from innspill.config import OSLO
from innspill.reading.charsets import normalise_text
from innspill.reading.codepages import decode_page
from innspill.reading.documents.builder import UnreadableAttachment
from innspill.reading.documents.rtf import SIGNATURE, decompress_rtf, html_in_rtf, rtf_to_text
from innspill.reading.mailbox.compound import EmbeddedFile

# A sentence on what the message or part lacks and what to do; there may be several.
OMISSION = "X-Innspill-Omission"
# The class of an Outlook item that is no ordinary message («IPM.Schedule.Meeting.Request»).
ITEM_CLASS = "X-Outlook-Item-Class"

INTEGER_16, INTEGER_32, BOOLEAN, OBJECT, INTEGER_64 = 0x02, 0x03, 0x0B, 0x0D, 0x14
STRING_8, STRING_16, FILE_TIME, BINARY = 0x1E, 0x1F, 0x40, 0x102
MULTIPLE = 0x1000

MESSAGE_CLASS, IMPORTANCE, SUBJECT, SUBJECT_PREFIX, NORMALISED_SUBJECT = 0x001A, 0x0017, 0x0037, 0x003D, 0x0E1D
SUBMITTED, DELIVERED, TRANSPORT_HEADERS = 0x0039, 0x0E06, 0x007D
STARTS, ENDS = 0x0060, 0x0061
MESSAGE_ID, REFERENCES, IN_REPLY_TO = 0x1035, 0x1039, 0x1042
BODY, REPORT_TEXT, RTF_COMPRESSED, HTML, PREVIEW = 0x1000, 0x1001, 0x1009, 0x1013, 0x3FD9
INTERNET_PAGE, MESSAGE_PAGE, RESPONSE_SUPPRESS = 0x3FDE, 0x3FFD, 0x3FDF
DISPLAY_BCC, DISPLAY_CC, DISPLAY_TO = 0x0E02, 0x0E03, 0x0E04
NAME, ADDRESS, SMTP_ADDRESS, RECIPIENT_TYPE = 0x3001, 0x3003, 0x39FE, 0x0C15
ATTACH_DATA, ATTACH_NAME, ATTACH_METHOD, ATTACH_LONG_NAME = 0x3701, 0x3704, 0x3705, 0x3707
ATTACH_PATH, ATTACH_LONG_PATH, ATTACH_TYPE, ATTACH_ID, ATTACH_FLAGS = 0x3708, 0x370D, 0x370E, 0x3712, 0x3714
ATTACH_HIDDEN, ATTACH_TRANSPORT_NAME = 0x7FFE, 0x370C
# How an attachment is kept: as a link (in a shared folder, or on the web), or as an object of another program.
LINKS, OLE_OBJECT = (2, 3, 4, 7), 6
SHOWN_IN_HTML = 4


class Sender(NamedTuple):
    """The properties that tell of a sender: display name, address, SMTP address, search key («SMTP:KARI@…»)."""

    name: int
    address: int
    smtp: int
    search_key: int


REPRESENTED = Sender(0x0042, 0x0065, 0x5D02, 0x003B)
SENDER = Sender(0x0C1A, 0x0C1F, 0x5D01, 0x0C1D)
RECIPIENTS = {1: ("To", DISPLAY_TO), 2: ("Cc", DISPLAY_CC), 3: ("Bcc", DISPLAY_BCC)}

MAX_DEPTH = 20
MAX_HEADERS = 2_000_000
MAX_NAME = 500
AUTOMATIC = re.compile(
    r"IPM\.Note\.Rules\.(?:External)?OofTemplate|IPM\.Note\.Rules\.ReplyTemplate|IPM\.Recall\.Report", re.IGNORECASE
)
APPOINTMENT = re.compile(r"IPM\.(?:Schedule|Appointment)\b", re.IGNORECASE)
REPORT = re.compile(r"REPORT\.", re.IGNORECASE)
NOTE = re.compile(r"(?:IPM|IPM\.Note|IPM\.Microsoft Mail\.Note)?", re.IGNORECASE)
ADDRESS_FORM = re.compile(r"[^\s@<>\"(),;:]{1,256}@[^\s@<>\"(),;:]{1,256}")
PLAIN_NAME = re.compile(r"[A-Za-z0-9 _-]+")
HEADER_LINE = re.compile(r"^[!-9;-~]{1,100}:", re.MULTILINE)
HEADER_NAME = re.compile(r"[!-9;-~]{1,100}")
TYPE_FORM = re.compile(r"[a-z0-9][\w.+-]{0,99}/[a-z0-9][\w.+-]{0,99}", re.IGNORECASE | re.ASCII)
META_CHARSET = re.compile(rb"charset\s{0,5}=\s{0,5}[\"']?([\w:.-]{1,40})", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
# Headers that tell how the transported message was packed; ours is packed anew.
PACKING = re.compile(rf"(?:content-.*|mime-version|{OMISSION}|{ITEM_CLASS})", re.IGNORECASE)
# Headers that Outlook keeps as named properties where the message came without its transport headers.
KEPT_NAMED = {
    "auto-submitted": "Auto-Submitted",
    "precedence": "Precedence",
    "x-autoreply": "X-Autoreply",
    "x-autorespond": "X-Autorespond",
    "x-auto-response-suppress": "X-Auto-Response-Suppress",
    "list-id": "List-Id",
    "list-unsubscribe": "List-Unsubscribe",
    "x-spam-flag": "X-Spam-Flag",
}
# Fields of appointments, which go by a set and a number: the names that they are kept under.
APPOINTMENTS = bytes.fromhex("0220060000000000c000000000000046")
KEPT_NUMBERED = {0x8208: "meeting place", 0x820D: "meeting starts", 0x820E: "meeting ends"}
KEPT = frozenset({*KEPT_NAMED, *KEPT_NUMBERED.values()})
IMPORTANCES = {0: "Low", 2: "High"}
SUPPRESSED = ((1, "DR"), (2, "NDR"), (4, "RN"), (8, "NRN"), (0x10, "OOF"), (0x20, "AutoReply"))
FILE_TIME_START = datetime(1601, 1, 1, tzinfo=UTC)
# The text in the RTF counts where the plain body has less than this share of its letters.
PLAIN_IS_ENOUGH = 0.8


class Value(NamedTuple):
    """A property's value as its bytes; one item, or more where the property is multi-valued."""

    kind: int
    items: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of a message, recipient or attachment: by number, and those that have a name by their name."""

    values: Mapping[int, Value] = field(default_factory=dict)
    named: Mapping[str, Value] = field(default_factory=dict)

    def text(self, tag: int, page: int = 0) -> str:
        """A string; empty where it is missing. `page` is the code page of 8-bit strings."""
        return _text(self.values.get(tag), page)

    def binary(self, tag: int) -> bytes:
        """Bytes; empty where they are missing."""
        value = self.values.get(tag)
        return value.items[0] if value and value.items else b""

    def integer(self, tag: int) -> int | None:
        """A whole number, or whether a flag is set; None where it is missing or of another type."""
        value = self.values.get(tag)
        sizes = {INTEGER_16: 2, INTEGER_32: 4, BOOLEAN: 2, INTEGER_64: 8}
        if value is None or not value.items or value.kind not in sizes or not value.items[0]:
            return None
        return int.from_bytes(value.items[0][: sizes[value.kind]], "little", signed=True)

    def time(self, tag: int) -> datetime | None:
        """A time in UTC; None where it is missing or beyond the calendar."""
        return _time(self.values.get(tag))


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment: its properties, and the message that it is, or the file in the OLE object that it is."""

    properties: Properties
    item: "Item | None" = None
    file: EmbeddedFile | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A message, appointment, contact … of Outlook; `omissions` are sentences on what its file lacks."""

    properties: Properties
    recipients: tuple[Properties, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    omissions: tuple[str, ...] = ()


def _text(value: Value | None, page: int) -> str:
    if value is None:
        return ""
    if value.kind == STRING_16:
        texts = [item[: len(item) // 2 * 2].decode("utf-16-le", "replace") for item in value.items]
    elif value.kind in (STRING_8, BINARY):
        texts = [decode_page(item.rstrip(b"\x00"), page) for item in value.items]
    else:
        return ""
    return "; ".join(text.rstrip("\x00") for text in texts)


def _time(value: Value | None) -> datetime | None:
    if value is None or value.kind != FILE_TIME or not value.items or len(value.items[0]) < 8:
        return None
    (ticks,) = struct.unpack("<Q", value.items[0][:8])
    try:
        return (FILE_TIME_START + timedelta(microseconds=ticks // 10)).replace(microsecond=0)
    except OverflowError:
        return None


def numbered_name(space: bytes, number: int) -> str:
    """What a named property that goes by a number is kept under; empty for those that are not kept."""
    return KEPT_NUMBERED.get(number, "") if space == APPOINTMENTS else ""


def to_mime(item: Item, depth: int = 0) -> email.message.Message:
    """The MIME message that says what an Outlook item says. Never fails on odd values."""
    page = _code_page(item.properties)
    message = email.message.Message()
    for name, value in _headers(item, page):
        message[name] = _line(value)
    for sentence in (*item.omissions, *_appointment(item.properties, page)):
        message[OMISSION] = _line(sentence)
    body = _body(item.properties, page)
    parts = [_attachment(attachment, page, number, depth) for number, attachment in enumerate(item.attachments, 1)]
    if any(part.get_content_type() == "multipart/signed" for part in parts):
        # The signed part holds the whole message, its attachments too; Outlook's own body says the same again.
        body, *parts = sorted(parts, key=lambda part: part.get_content_type() != "multipart/signed")
    if not parts:
        for name, value in body.items():
            message[name] = value
        message.set_payload(body.get_payload())
        return message
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = "multipart/mixed"
    message.set_payload([body, *parts])
    return message


def _code_page(properties: Properties) -> int:
    return properties.integer(MESSAGE_PAGE) or properties.integer(INTERNET_PAGE) or 0


def _line(value: str) -> str:
    """A header's value on one line, so that nothing in it begins another header."""
    return CONTROL.sub(" ", normalise_text(value)).strip()


# Headers --------------------------------------------------------------------------------------------------------------


def _headers(item: Item, page: int) -> list[tuple[str, str]]:
    """The headers as the message was transported with them, and from the properties those that are missing."""
    properties = item.properties
    headers = _transported(properties.text(TRANSPORT_HEADERS, page))
    present = {name.lower() for name, _ in headers}
    own = [
        *_senders(properties, page),
        *_recipients(item, page),
        ("Subject", _subject(properties, page)),
        ("Date", _date(properties)),
        ("Message-ID", properties.text(MESSAGE_ID, page)),
        ("In-Reply-To", properties.text(IN_REPLY_TO, page)),
        ("References", properties.text(REFERENCES, page)[:MAX_HEADERS]),
        ("Importance", IMPORTANCES.get(_or(properties.integer(IMPORTANCE), 1), "")),
        ("X-Auto-Response-Suppress", _suppressed(properties.integer(RESPONSE_SUPPRESS))),
        *((header, _text(properties.named.get(name), page)) for name, header in KEPT_NAMED.items()),
        *_class(properties.text(MESSAGE_CLASS, page)),
    ]
    headers += [(name, value) for name, value in own if value.strip() and name.lower() not in present]
    return headers


def _or(number: int | None, default: int) -> int:
    return default if number is None else number


def _transported(text: str) -> list[tuple[str, str]]:
    if not text.strip():
        return []
    try:
        # Outlook's own first line («Microsoft Mail Internet Headers Version 2.0») is no header.
        start = HEADER_LINE.search(text[:MAX_HEADERS])
        parsed = email.parser.HeaderParser().parsestr(text[start.start() if start else 0 : MAX_HEADERS])
    except Exception:  # whatever the standard library makes of it, the properties tell the same
        return []
    pairs = [(str(name), str(value)) for name, value in parsed.items()]
    return [(name, value) for name, value in pairs if HEADER_NAME.fullmatch(name) and not PACKING.fullmatch(name)]


def _senders(properties: Properties, page: int) -> list[tuple[str, str]]:
    """From, and Sender where another wrote on behalf of the one who is named in From."""
    name, address = _sender(properties, REPRESENTED, page)
    by_name, by_address = _sender(properties, SENDER, page)
    if not name and not address:
        name, address = by_name, by_address
    elif not address and by_name in ("", name):
        address = by_address
    headers = [("From", _mailbox(name, address))]
    if by_address and by_address.lower() != address.lower():
        headers.append(("Sender", _mailbox(by_name, by_address)))
    return headers


def _sender(properties: Properties, tags: Sender, page: int) -> tuple[str, str]:
    key = properties.binary(tags.search_key).rstrip(b"\x00")
    found = [
        properties.text(tags.smtp, page),
        properties.text(tags.address, page),
        properties.text(tags.name, page),
        decode_page(key[5:].lower(), 0) if key[:5].upper() == b"SMTP:" else "",
    ]
    return properties.text(tags.name, page), next(filter(None, map(_address, found)), "")


def _address(text: str) -> str:
    """The e-mail address in a value; empty for the directory path «/O=…/CN=…» that Exchange has inside a company."""
    bare = text.strip().strip("'<>").removeprefix("SMTP:").removeprefix("smtp:")
    return bare if ADDRESS_FORM.fullmatch(bare) and not bare.lower().startswith("/o=") else ""


def _mailbox(name: str, address: str) -> str:
    """«Kåre Ås <kare@x.example>» for a header; a name with other letters than ASCII's as encoded words."""
    bare = _line(name).strip("'\" ")[:MAX_NAME]
    if bare.lower() == address.lower():
        bare = ""
    if not bare:
        return _on_the_wire(address)
    shown = bare if PLAIN_NAME.fullmatch(bare) else f'"{email.utils.quote(bare)}"'
    if not bare.isascii():
        shown = email.header.Header(bare, "utf-8").encode().replace("\n", "")
    return f"{shown} <{_on_the_wire(address)}>" if address else shown


def _on_the_wire(address: str) -> str:
    """The address with its domain as a mail header has it: «kari@blåbær.example» in the letters of ASCII."""
    local, at, domain = address.rpartition("@")
    try:
        return local + at + domain.encode("idna").decode("ascii") if not domain.isascii() else address
    except UnicodeError:
        return address


def _recipients(item: Item, page: int) -> list[tuple[str, str]]:
    mailboxes: dict[int, list[str]] = {kind: [] for kind in RECIPIENTS}
    for recipient in item.recipients:
        kind = (recipient.integer(RECIPIENT_TYPE) or 1) & 0xF
        name = recipient.text(NAME, page)
        found = [recipient.text(SMTP_ADDRESS, page), recipient.text(ADDRESS, page), name]
        mailboxes.get(kind, mailboxes[1]).append(_mailbox(name, next(filter(None, map(_address, found)), "")))
    headers = []
    for kind, (header, shown) in RECIPIENTS.items():
        listed = mailboxes[kind] or [
            _mailbox(name, _address(name)) for name in item.properties.text(shown, page).split(";")
        ]
        headers.append((header, ", ".join(filter(None, listed))))
    return headers


def _subject(properties: Properties, page: int) -> str:
    subject = properties.text(SUBJECT, page)
    if subject[:1] == "\x01":  # the length of the prefix («SV: ») as a control character before the subject
        subject = subject[2:]
    return subject or properties.text(SUBJECT_PREFIX, page) + properties.text(NORMALISED_SUBJECT, page)


def _date(properties: Properties) -> str:
    moment = properties.time(SUBMITTED) or properties.time(DELIVERED)
    return email.utils.format_datetime(moment) if moment else ""


def _suppressed(flags: int | None) -> str:
    if not flags:
        return ""
    return "All" if flags == -1 else ", ".join(name for bit, name in SUPPRESSED if flags & bit)


def _class(name: str) -> list[tuple[str, str]]:
    """What the class tells of an item: that a program answered, and that it is no ordinary message."""
    headers = []
    if AUTOMATIC.match(name):
        headers.append(("Auto-Submitted", "auto-replied"))
    elif REPORT.match(name):
        headers.append(("Auto-Submitted", "auto-generated"))
    if not NOTE.fullmatch(name):
        headers.append((ITEM_CLASS, name[:MAX_NAME]))
    return headers


def _appointment(properties: Properties, page: int) -> list[str]:
    """When and where an appointment is, as a sentence: Outlook keeps it beside the text, and no header has it."""
    if not APPOINTMENT.match(properties.text(MESSAGE_CLASS, page)):
        return []
    starts = _time(properties.named.get("meeting starts")) or properties.time(STARTS)
    ends = _time(properties.named.get("meeting ends")) or properties.time(ENDS)
    place = _text(properties.named.get("meeting place"), page).strip()
    times = " to ".join(f"{moment.astimezone(OSLO):%Y-%m-%d %H:%M}" for moment in (starts, ends) if moment)
    said = ", ".join(filter(None, (times, place and f"«{place}»")))
    return [f"It is about a meeting ({said}); time and place stand beside its text and are not in it."] if said else []


# Body -----------------------------------------------------------------------------------------------------------------


def _body(properties: Properties, page: int) -> email.message.Message:
    """The body in the alternatives that there are, plain text first."""
    plain = properties.text(BODY, page)
    html = _html(properties)
    omission = ""
    if not html.strip() and properties.binary(RTF_COMPRESSED):
        try:
            rtf = _rtf(properties.binary(RTF_COMPRESSED))
            html = html_in_rtf(rtf) or ""
            text = "" if html.strip() else rtf_to_text(rtf)
            if _letters(plain) < PLAIN_IS_ENOUGH * _letters(text):
                plain = text
        except UnreadableAttachment as error:
            omission = f"The body's formatted version was not read: {error}."
    if not plain.strip() and not html.strip():
        plain = properties.text(REPORT_TEXT, page) or properties.text(PREVIEW, page)
    texts = [("plain", plain)] if plain.strip() or not html.strip() else []
    texts += [("html", html)] if html.strip() else []
    parts = [_text_part(subtype, text) for subtype, text in texts]
    body = parts[0]
    if len(parts) > 1:
        body = email.message.Message()
        body["MIME-Version"] = "1.0"
        body["Content-Type"] = "multipart/alternative"
        body.set_payload([*parts])
    if omission:
        body[OMISSION] = _line(omission)
    return body


def _rtf(compressed: bytes) -> bytes:
    """The body's RTF.

    Raises:
        UnreadableAttachment: it cannot be unpacked, or what comes out is no RTF.
    """
    rtf = decompress_rtf(compressed)
    if rtf.strip(b"\x00 \r\n") and not rtf.lstrip().startswith(SIGNATURE):
        raise UnreadableAttachment("what it unpacks to is no RTF")
    return rtf


def _html(properties: Properties) -> str:
    value = properties.values.get(HTML)
    if value is None or not value.items:
        return ""
    if value.kind == STRING_16:
        return _text(value, 0)
    data = value.items[0].rstrip(b"\x00")
    declared = META_CHARSET.search(data[:4_000])
    page = properties.integer(INTERNET_PAGE) or properties.integer(MESSAGE_PAGE) or 0
    return decode_page(data, page, declared[1].decode("ascii", "ignore") if declared else None)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _text_part(subtype: str, text: str) -> email.message.Message:
    part = email.message.Message()
    part["MIME-Version"] = "1.0"
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    _set_bytes(part, text.replace("\x00", "").encode("utf-8", "replace"))
    return part


def _set_bytes(part: email.message.Message, data: bytes) -> None:
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(data).decode("ascii"))


# Attachments ----------------------------------------------------------------------------------------------------------


def _attachment(attachment: Attachment, page: int, number: int, depth: int) -> email.message.Message:
    properties = attachment.properties
    method = properties.integer(ATTACH_METHOD)
    name = _attachment_name(properties, page)
    if attachment.item is not None:
        if depth < MAX_DEPTH:
            return _message_part(to_mime(attachment.item, depth + 1), name)
        return _absent(name or f"melding-{number}", f"lies more than {MAX_DEPTH} messages deep and was not read")
    data = properties.binary(ATTACH_DATA)
    if method in LINKS and not data:
        place = properties.text(ATTACH_LONG_PATH, page) or properties.text(ATTACH_PATH, page)
        return _absent(name or f"vedlegg-{number}", f"is only a link ({place}); ask the sender for the file")
    if attachment.file is not None:
        data, name = attachment.file.data, attachment.file.name or name
    elif method == OLE_OBJECT:
        said = "is an object of another program, with no file in it to read; open it in Outlook"
        return _absent(name or f"objekt-{number}", said)
    kind = properties.text(ATTACH_TYPE, page).strip().lower()
    if kind in ("message/rfc822", "multipart/signed"):
        inner = _whole_message(data)
        if inner is not None:
            return _message_part(inner, name) if kind == "message/rfc822" else inner
    return _file_part(data, name or f"vedlegg-{number}", kind, properties, page)


def _attachment_name(properties: Properties, page: int) -> str:
    for tag in (ATTACH_LONG_NAME, ATTACH_NAME, ATTACH_TRANSPORT_NAME, NAME):
        name = _line(properties.text(tag, page))
        if name:
            return name[-MAX_NAME:]
    path = properties.text(ATTACH_LONG_PATH, page) or properties.text(ATTACH_PATH, page)
    return _line(re.split(r"[\\/]", path)[-1])[-MAX_NAME:]


def _whole_message(data: bytes) -> email.message.Message | None:
    """A message that is attached as a file; None where it cannot be passed on as one."""
    try:
        message = email.message_from_bytes(data.replace(b"\x00", b""))
        for part in message.walk():
            del part[OMISSION]
        message.as_bytes()
    except Exception:  # it stays a file then, and what reads files says what it makes of it
        return None
    return message if message.items() else None


def _message_part(inner: email.message.Message, name: str) -> email.message.Message:
    part = email.message.Message()
    part["Content-Type"] = "message/rfc822"
    _dispose(part, "attachment", name)
    part.set_payload([inner])
    return part


def _file_part(data: bytes, name: str, kind: str, properties: Properties, page: int) -> email.message.Message:
    part = email.message.Message()
    part["Content-Type"] = _content_type(kind, name)
    identity = _line(properties.text(ATTACH_ID, page)).strip("<>")
    shown = bool(properties.integer(ATTACH_HIDDEN)) or bool((properties.integer(ATTACH_FLAGS) or 0) & SHOWN_IN_HTML)
    is_picture = part["Content-Type"].startswith("image/")
    _dispose(part, "inline" if identity and shown and is_picture else "attachment", name)
    if identity:
        part["Content-ID"] = f"<{identity[:MAX_NAME]}>"
    _set_bytes(part, data)
    return part


def _absent(name: str, why: str) -> email.message.Message:
    """The part for an attachment whose bytes are not here: its name, and why."""
    part = email.message.Message()
    part["Content-Type"] = "application/octet-stream"
    _dispose(part, "attachment", name)
    part[OMISSION] = _line(f"The attachment «{name}» {why}.")
    _set_bytes(part, b"")
    return part


def _content_type(kind: str, name: str) -> str:
    if not TYPE_FORM.fullmatch(kind) or kind.startswith(("message/", "multipart/")):
        kind = mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"
    return "application/octet-stream" if kind.startswith(("message/", "multipart/")) else kind


def _dispose(part: email.message.Message, disposition: str, name: str) -> None:
    if name:
        part.add_header("Content-Disposition", disposition, filename=("utf-8", "", normalise_text(name)))
    else:
        part["Content-Disposition"] = disposition
