"""Mail -> `Mail`: .eml files, mbox files, Maildir and folders of these. The kind of a file is decided by its content.

Headers and parts are read one by one, so that one that is broken costs only itself. Python's ``policy.default`` raises
on some real mails and puts U+FFFD into others; here bytes are decoded by a chain (declared, UTF-8, Windows-1252).
"""

import base64
import email
import email.errors
import email.header
import email.message
import email.utils
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from innspill.config import OSLO
from innspill.errors import MailError
from innspill.reading import patterns
from innspill.reading.attachments import read_attachment
from innspill.reading.charsets import decode, normalise_text
from innspill.reading.documents import AttachmentText, UnreadableAttachment
from innspill.reading.html import html_to_text
from innspill.reading.quoting import segment_attachment, segment_body, segment_sheet
from innspill.reading.segments import overlay
from innspill.records import Cell, Note, Part, Segment, Span

STAGE = "mail"
BODY = "body"
MAX_MESSAGE = 100_000_000
MAX_DEPTH = 30
MAX_PARTS = 500
# The plain alternative is read when it has at least this share of the HTML's letters.
PLAIN_IS_ENOUGH = 0.6
HEADER_START = re.compile(rb"^(?:From \S|[A-Za-z][A-Za-z0-9-]{0,60}:[ \t\S])")
MBOX_FROM = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]*\r?\n(?=[A-Za-z][A-Za-z0-9-]{0,60}[ \t]*:|>From )")
OUTLOOK_MSG = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Files that lie in mail folders and are no mail.
IGNORED_NAMES = re.compile(r"^(?:\.|thumbs\.db$|desktop\.ini$|dovecot|readme)", re.IGNORECASE)
SentenceSplitter = Callable[[str], list[Span]]


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as read: headers decoded, parts as text with segments. What it is about is not decided here."""

    file: str
    rfc_message_id: str
    sent_at: datetime | None
    sender_name: str
    sender_email: str
    subject: str
    automatic: bool
    n_attachments: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Body:
    text: str
    quoted: tuple[Span, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """What marking whose words a text holds needs to know of the message."""

    mailbox: str
    sender_name: str
    sentences: SentenceSplitter | None


def read_mail(
    path: Path, *, root: Path, mailbox: str = "", sentences: SentenceSplitter | None = None
) -> tuple[list[Mail], list[Note]]:
    """Read every message under `path`, a file or a folder.

    Args:
        path: An .eml or mbox file, a Maildir, or a folder with such files at any depth.
        root: File names in the result are relative to this folder.
        mailbox: The consultation's own address.
        sentences: Sentence splitter, to part courtesy from feedback.

    Returns:
        One `Mail` for each message, sorted by file and place in it, and notes on what could not be read.

    Raises:
        MailError: there is no such file or folder, or it holds no message.
    """
    if not path.exists():
        raise MailError(f"There is no mail at {path}. Check the key 'mail' in consultation.toml, or --mail.")
    mails: list[Mail] = []
    notes: list[Note] = []
    for file, label, data in _raw_messages(path, root, notes):
        mail, mail_notes = parse_message(data, label, mailbox=mailbox, sentences=sentences)
        mails.append(mail)
        notes.extend(replace(note, file=file if not note.file else note.file) for note in mail_notes)
    if not mails:
        raise MailError(
            f"No e-mail was found in {path}. innspill reads .eml and mbox files and Maildir folders; "
            "save the messages from Outlook as .eml, or export the mailbox to mbox."
        )
    return mails, notes


def _raw_messages(path: Path, root: Path, notes: list[Note]) -> Iterator[tuple[str, str, bytes]]:
    """(file, label, bytes) of each message under `path`; the label of a message in an mbox ends in #n."""
    files = [path] if path.is_file() else sorted(item for item in path.rglob("*") if item.is_file())
    for file in files:
        name = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
        if IGNORED_NAMES.match(file.name) and file != path:
            continue
        data = _read_bytes(file, name, notes)
        if data is None:
            continue
        if data.startswith(b"From ") and b"\n" in data[:2_000]:
            yield from _split_mbox(data, name)
        elif data.startswith(OUTLOOK_MSG):
            notes.append(
                Note("error", STAGE, name, "Outlook's .msg format is not read. Save the message as .eml and run again.")
            )
        elif not data.strip():
            notes.append(
                Note("warning", STAGE, name, "The file is empty (0 bytes); it is counted as an empty message.")
            )
            yield name, name, data
        elif _looks_like_mail(data) or file.suffix.lower() == ".eml":
            yield name, name, data
        else:
            notes.append(
                Note("warning", STAGE, name, "This is not an e-mail (no header lines at its start) and was left out.")
            )


def _read_bytes(file: Path, name: str, notes: list[Note]) -> bytes | None:
    try:
        with file.open("rb") as opened:
            start = opened.read(5)
            if file.stat().st_size > MAX_MESSAGE and start != b"From ":
                text = f"The file is larger than {MAX_MESSAGE // 1_000_000} MB and was left out."
                notes.append(Note("error", STAGE, name, text))
                return None
            return start + opened.read()
    except OSError as error:
        notes.append(
            Note("error", STAGE, name, f"The file cannot be opened ({error.strerror}). Check its permissions.")
        )
        return None


def _looks_like_mail(data: bytes) -> bool:
    """Whether the file begins with at least two header lines (a byte-order mark and blank lines are passed over)."""
    lines = data[:8_000].lstrip(b"\xef\xbb\xbf\r\n \t").splitlines()[:30]
    return (
        sum(bool(HEADER_START.match(line)) for line in lines) >= 2
        and bool(lines)
        and bool(HEADER_START.match(lines[0]))
    )


def _split_mbox(data: bytes, name: str) -> Iterator[tuple[str, str, bytes]]:
    """The messages of an mbox file, with the quoting of «From » lines undone (mboxrd).

    A «From » line begins a message only after an empty line and before a header line: many programs leave a line such
    as «From page 4 on …» in a body unquoted.
    """
    starts = [match.start() for match in MBOX_FROM.finditer(data)]
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=True), start=1):
        message = data[start:end].partition(b"\n")[2]
        yield name, f"{name}#{number}", re.sub(rb"^>(>*From )", rb"\1", message, flags=re.MULTILINE)


# One message ---------------------------------------------------------------------------------------------------------


def parse_message(
    data: bytes, label: str, *, mailbox: str = "", sentences: SentenceSplitter | None = None
) -> tuple[Mail, list[Note]]:
    """Read one message from its bytes. Never fails: what cannot be read is said in a note and the rest is kept."""
    notes: list[Note] = []
    try:
        return _parse(data, label, notes, mailbox=mailbox, sentences=sentences), notes
    except Exception as error:  # no message, whatever is in it, stops a run
        text = f"The message cannot be parsed ({type(error).__name__}); its bytes are taken as text. Open it and look."
        notes.append(Note("error", STAGE, label, text))
    raw = normalise_text(decode(data))
    parts = (Part(BODY, raw, (Segment("own", Span(0, len(raw))),)),) if raw.strip() else ()
    return Mail(label, "", None, "", "", "", False, 0, parts), notes


def _parse(data: bytes, label: str, notes: list[Note], *, mailbox: str, sentences: SentenceSplitter | None) -> Mail:
    message = email.message_from_bytes(data.replace(b"\x00", b""))
    name, address = _sender(message)
    frame = _Frame(mailbox, name, sentences)
    collector = _Collector(label, notes)
    collector.walk(message)
    subject = header(message, "Subject")
    parts = _body_parts(_join_bodies(collector.texts), frame, is_forward=bool(patterns.FORWARD_SUBJECT.match(subject)))
    for part_name, attachment in collector.attachments:
        is_message = any(attachment is inner for inner in collector.inner)
        part = _attachment_part(part_name, attachment, frame, label, notes, is_message=is_message)
        if part is not None:
            parts.append(replace(part, name=_unique(part_name, parts)))
    return Mail(
        file=label,
        rfc_message_id=header(message, "Message-ID").strip("<> "),
        sent_at=_date(message),
        sender_name=name,
        sender_email=address,
        subject=subject,
        automatic=_is_automatic(message),
        n_attachments=len(collector.attachments),
        parts=tuple(parts),
    )


def _body_parts(body: _Body, frame: _Frame, *, is_forward: bool) -> list[Part]:
    if not body.text.strip():
        return []
    segments = segment_body(
        body.text,
        quoted=body.quoted,
        is_forward=is_forward,
        mailbox=frame.mailbox,
        sender_name=frame.sender_name,
        sentences=frame.sentences,
    )
    return [Part(BODY, body.text, segments, body.cells)]


def header(message: email.message.Message, name: str) -> str:
    """A header as NFC text, RFC 2047 words and raw 8-bit bytes decoded; empty where it is missing."""
    value = message.get(name)
    if value is None:
        return ""
    pieces = []
    try:
        decoded = email.header.decode_header(value)
    except (email.errors.HeaderParseError, ValueError, TypeError, AttributeError):
        decoded = [(str(value), None)]
    for piece, charset in decoded:
        raw = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        pieces.append(decode(raw, None if charset in (None, "unknown-8bit") else charset))
    text = unicodedata.normalize("NFC", "".join(pieces))
    return " ".join(text.split())


def _sender(message: email.message.Message) -> tuple[str, str]:
    name, address = email.utils.parseaddr(header(message, "From") or header(message, "Sender"))
    return name.strip("'\" "), address.lower()


def _date(message: email.message.Message) -> datetime | None:
    """The time sent, with its offset; a time without one is taken as Oslo's."""
    for name in ("Date", "Received"):
        value = header(message, name).rsplit(";", 1)[-1].strip()
        try:
            parsed = email.utils.parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if 1990 <= parsed.year <= 2100:
            return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC if value.endswith("-0000") else OSLO)
    return None


def _is_automatic(message: email.message.Message) -> bool:
    """Whether the headers say that a program answered (RFC 3834 and what came before it)."""
    auto = header(message, "Auto-Submitted").lower()
    precedence = header(message, "Precedence").lower()
    named = any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder"))
    return (bool(auto) and not auto.startswith("no")) or precedence in ("auto_reply", "auto-reply") or named


class _Collector:
    """Walks the parts of a message to a bounded depth, and gathers the body's texts and the attachments.

    A message attached to the message (``message/rfc822``) is an attachment; its own attachments follow it.
    """

    def __init__(self, label: str, notes: list[Note]) -> None:
        self.texts: list[_Body] = []
        self.attachments: list[tuple[str, email.message.Message]] = []
        self._label = label
        self._notes = notes
        self._seen = 0
        self._full = False
        self._said: list[email.message.Message] = []
        self.inner: list[email.message.Message] = []

    def walk(self, part: email.message.Message, depth: int = 0) -> None:
        """Take in a part and all that is in it."""
        if any(part is said for said in self._said):
            return
        self._seen += 1
        if depth > MAX_DEPTH or self._seen > MAX_PARTS:
            self._note_full()
            return
        kind = part.get_content_type()
        name = _file_name(part)
        inner = _inner_parts(part)
        if kind == "message/rfc822" and inner:
            self._attach_message(name, inner[0], depth)
        elif kind == "multipart/alternative" and inner:
            self._walk_alternative(inner, depth)
        elif inner:
            for item in inner:
                self.walk(item, depth + 1)
        elif kind.startswith("text/") and not name and part.get_content_disposition() != "attachment":
            self.texts.append(_text_of(part, kind))
        elif kind.startswith(("multipart/", "message/rfc822")):
            # A container whose boundary or transfer encoding is broken: what it holds is read as text.
            self._broken(part, kind)
        else:
            default = f"vedlegg-{len(self.attachments) + 1}.{part.get_content_subtype()}"
            self.attachments.append((safe_name(name or default), part))

    def _broken(self, part: email.message.Message, kind: str) -> None:
        data = _payload(part)
        if not data.strip():
            return
        encoded = (
            kind == "message/rfc822" and str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64"
        )
        inner = email.message_from_bytes(_from_base64(data) if encoded else data)
        if kind == "message/rfc822" and inner.keys():
            self._attach_message(_file_name(part), inner, 0)
            return
        self._notes.append(
            Note(
                "warning", STAGE, self._label, f"A part ({kind}) is broken; what could be read of it is taken as text."
            )
        )
        self.texts.append(_text_of(part, "text/plain"))

    def _attach_message(self, name: str, message: email.message.Message, depth: int) -> None:
        subject = header(message, "Subject") or "melding"
        self.inner.append(message)
        self.attachments.append((safe_name(name or f"{subject}.eml"), message))
        inside = _Collector(self._label, self._notes)
        inside._seen = self._seen
        inside.walk(message, depth + 1)
        self._seen = inside._seen
        self.attachments += inside.attachments
        self.inner += inside.inner

    def _walk_alternative(self, choices: list[email.message.Message], depth: int) -> None:
        """Plain text where it says as much as the HTML, else the HTML; all else as it comes.

        The HTML may stand deeper, beside its pictures (``multipart/related``) or an attachment.
        """
        plain = next((item for item in choices if item.get_content_type() == "text/plain"), None)
        html = next((part for item in choices for part in item.walk() if _is_body_html(part)), None)
        if plain is not None and html is not None:
            as_plain, as_html = _text_of(plain, "text/plain"), _text_of(html, "text/html")
            enough = _letters(as_plain.text) >= PLAIN_IS_ENOUGH * _letters(as_html.text) and not as_html.cells
            self.texts.append(as_plain if enough else as_html)
            self._said += [plain, html]
        for item in choices:
            self.walk(item, depth + 1)

    def _note_full(self) -> None:
        if not self._full:
            self._full = True
            text = "The message is nested too deeply or has too many parts; the rest was not read."
            self._notes.append(Note("warning", STAGE, self._label, text))


def _is_body_html(part: email.message.Message) -> bool:
    return (
        part.get_content_type() == "text/html"
        and part.get_content_disposition() != "attachment"
        and not _file_name(part)
    )


def _inner_parts(part: email.message.Message) -> list[email.message.Message]:
    payload = part.get_payload() if part.is_multipart() else None
    return [item for item in payload if isinstance(item, email.message.Message)] if isinstance(payload, list) else []


def _from_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(data)
    except ValueError:
        return data


def _letters(text: str) -> int:
    return sum(letter.isalnum() for letter in text)


def _join_bodies(bodies: list[_Body]) -> _Body:
    """One text of several, an empty line between them; spans and rows move along."""
    text = ""
    quoted: list[Span] = []
    cells: list[Cell] = []
    for body in bodies:
        if text:
            text += "\n\n"
        start, n_rows = len(text), max((cell.row for cell in cells), default=0)
        quoted.extend(_moved(span, start) for span in body.quoted)
        cells.extend(Cell(cell.column, cell.row + n_rows, _moved(cell.span, start)) for cell in body.cells)
        text += body.text
    return _Body(text, tuple(quoted), tuple(cells))


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _payload(part: email.message.Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            return payload
        raw = part.get_payload()
    except (LookupError, ValueError, TypeError):  # a charset that Python cannot use: the bytes as they are
        raw = part._payload  # type: ignore[attr-defined]
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def _text_of(part: email.message.Message, kind: str) -> _Body:
    """A text part as NFC text; format=flowed lines are joined, HTML is laid out."""
    try:
        charset = part.get_content_charset()
    except (LookupError, UnicodeError, ValueError):
        charset = None
    text = normalise_text(decode(_payload(part), charset))
    if kind == "text/html":
        laid_out = html_to_text(text)
        return _Body(laid_out.text, laid_out.quoted, laid_out.cells)
    if str(part.get_param("format") or "").lower() == "flowed":
        text = unflow(text, delete_space=str(part.get_param("delsp") or "").lower() == "yes")
    return _Body(text)


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676); quoted lines are left as they are.

    >>> unflow("Vi savner noe om \\nberedskap.\\nHilsen")
    'Vi savner noe om beredskap.\\nHilsen'
    """
    lines: list[str] = []
    soft = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        if not quoted and line.startswith(" "):
            line = line[1:]  # space-stuffing
        if soft and not quoted and lines:
            lines[-1] += line
        else:
            lines.append(line)
        soft = not quoted and line.endswith(" ") and line != "-- "
        if soft and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _file_name(part: email.message.Message) -> str:
    try:
        raw = part.get_filename() or ""
    except (LookupError, UnicodeError, ValueError, TypeError):
        return "vedlegg"
    if "=?" in raw:
        try:
            pieces = email.header.decode_header(raw)
        except (email.errors.HeaderParseError, ValueError):
            pieces = [(raw, None)]
        raw = "".join(decode(piece, charset) if isinstance(piece, bytes) else piece for piece, charset in pieces)
    return unicodedata.normalize("NFC", raw)


def safe_name(name: str) -> str:
    """A file name without folders, control characters or leading dots: only ever shown, never a path to write to.

    >>> safe_name("../../etc/innspill .docx")
    'innspill .docx'
    """
    base = re.split(r"[\\/]", name)[-1]
    base = "".join(letter for letter in base if letter.isprintable()).strip(". ")
    return base[:120] or "vedlegg"


def _unique(name: str, parts: list[Part]) -> str:
    taken = {part.name for part in parts} | {BODY}
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name} ({number})", number + 1
    return candidate


def _attachment_part(
    name: str,
    attachment: email.message.Message,
    frame: _Frame,
    label: str,
    notes: list[Note],
    *,
    is_message: bool,
) -> Part | None:
    """An attachment as a part, or None with a note that tells why."""
    if is_message:
        return _inner_message_part(name, attachment, frame, label)
    try:
        read = read_attachment(name, _payload(attachment), attachment.get_content_type())
    except UnreadableAttachment as error:
        text = f"The attachment {name} was not read: {error}. Ask the sender for a copy."
        notes.append(Note("warning", STAGE, label, text))
        return None
    if read is None:
        text = f"The attachment {name} ({attachment.get_content_type()}) holds no text that innspill reads."
        notes.append(Note("info", STAGE, label, text))
        return None
    if not read.text.strip():
        notes.append(Note("info", STAGE, label, f"The attachment {name} is without text."))
        return None
    notes += [Note("warning", STAGE, label, f"The attachment {name}: {omission}") for omission in read.omissions]
    return _document_part(name, read, frame)


def _document_part(name: str, read: AttachmentText, frame: _Frame) -> Part:
    """A document as a part: notes in its margin are the sender's own words, what was struck out is not said."""
    if read.is_sheet:
        segments = segment_sheet(read.text, read.cells)
    else:
        margin = [remark.span for remark in read.remarks if remark.kind == "note"] + list(read.deleted)
        body_end = min((span.start for span in margin), default=len(read.text))
        segments = segment_attachment(read.text[:body_end], sentences=frame.sentences)
        if body_end < len(read.text):
            segments = (*segments, Segment("own", Span(body_end, len(read.text))))
    segments = overlay(segments, read.deleted, "deleted")
    return Part(name, read.text, segments, read.cells, read.remarks)


def _inner_message_part(name: str, message: email.message.Message, frame: _Frame, label: str) -> Part | None:
    """An attached message's body. The consultation's own mail, sent back, is quoted text."""
    collector = _Collector(label, [])
    collector.walk(message)
    sender_name, address = _sender(message)
    body = _join_bodies(collector.texts)
    parts = _body_parts(body, replace(frame, sender_name=sender_name), is_forward=False)
    if not parts:
        return None
    if frame.mailbox and address == frame.mailbox.lower():
        return Part(name, body.text, (Segment("quoted", Span(0, len(body.text))),))
    return replace(parts[0], name=name)
