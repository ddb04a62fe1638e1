"""Files -> the bytes of each message: .eml, .msg, TNEF, mbox, Maildir, folders and zip archives of these.

What a file is, its bytes tell; names are labels. An mbox is streamed, so that memory grows with the largest message
and not with the mailbox. Links are not followed, nothing is written, and a file that is no mail is named in a note.
"""

import gzip
import io
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from innspill.reading.documents.builder import UnreadableAttachment
from innspill.reading.mailbox.archives import (
    LOCKED,
    MAX_NESTED,
    ZIP,
    Bounded,
    Budget,
    Readable,
    is_document,
    members,
    open_archive,
    opened,
)
from innspill.reading.mailbox.compound import SIGNATURE as OUTLOOK_MSG
from innspill.reading.mailbox.mapi import OMISSION
from innspill.reading.mailbox.mime import KNOWN_HEADER
from innspill.reading.mailbox.outlook import read_msg
from innspill.reading.mailbox.tnef import SIGNATURE as TNEF
from innspill.reading.mailbox.tnef import read_tnef
from innspill.records import Note, Severity

STAGE = "mail"
# Of one message no more is read than this; the rest is named in a note.
MAX_MESSAGE = 100_000_000
# Over all archives of a folder: files, and bytes once unpacked.
MAX_MEMBERS = 50_000
MAX_UNPACKED = 4_000_000_000
# Of what is unpacked no more is held at once; an mbox is read as it comes.
MAX_HELD = 400_000_000
HEAD_SIZE = 8_000
PIECE = 1_000_000
# A «From » line and the header after it are never longer; what begins so near to the end of a piece waits for the next.
TAIL = 4_096

HEADER_START = re.compile(rb"^(?:From \S|[A-Za-z][A-Za-z0-9-]{0,60}:[ \t\S])")
# A «From » line begins a message after an empty line and before a header that mail has: many programs leave a line such
# as «From page 4 on …» in a body unquoted. Where it has the sender and the time, the empty line may be missing.
FROM_LINE = re.compile(
    rb"\nFrom (?:(?:(?<=\n\nFrom )|(?<=\n\r\nFrom ))[^\n]{0,1000}\n(?=>From |(?i:" + KNOWN_HEADER.pattern + rb"))"
    rb"|[^\n]{1,300}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [^\n]{0,30}\d\d:\d\d[^\n]{0,80}\n"
    rb"(?=[A-Za-z][A-Za-z0-9-]{0,60}[ \t]*:))"
)
FIRST_LINE = re.compile(rb"From [^\n]{0,1000}\n")
QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
EMLX = re.compile(rb"\s*(\d{1,9})\s*\r?\n")
# Files that mail programs, file managers and innspill itself keep beside the mail.
IGNORED_NAMES = re.compile(
    r"\.(?:ds_store|git(?:keep|ignore)|localized|nosync|innspill.*|uidvalidity|uidnext|subscriptions|mailboxlist|_.*)"
    r"|thumbs\.db|desktop\.ini|dovecot[-.].*|maildirfolder|maildirsize|subscriptions|courierimap.*"
    r"|readme(?:\.(?:md|txt|rst))?|.*\.msf",
    re.IGNORECASE,
)
# What other files are, and what to do with them.
LAY_IN_A_MAIL = "Lay it in a mail as an attachment, so that its sender and date are known."
NO_MAIL = (
    (b"!BDN", "an Outlook data file (.pst or .ost)", "Export the messages from Outlook to mbox or .eml."),
    (b"%PDF-", "a PDF", LAY_IN_A_MAIL),
    (OUTLOOK_MSG, "a document of older Office", LAY_IN_A_MAIL),
    (b"Rar!", "a RAR archive", "Unpack it into the mail folder."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it into the mail folder."),
    (b"{\\rtf", "a document in RTF", LAY_IN_A_MAIL),
    (b"\xfd7zXZ", "packed with xz", "Unpack it into the mail folder."),
    (b"BZh", "packed with bzip2", "Unpack it into the mail folder."),
)  # fmt: skip


class RawMessage(NamedTuple):
    """The bytes of one message, and its label in all results."""

    label: str
    data: bytes


def raw_messages(path: Path, root: Path, notes: list[Note]) -> Iterator[RawMessage]:
    """Each message under `path`, a file or a folder, sorted by file and place in it, one at a time.

    Args:
        path: A file or a folder.
        root: Labels are relative to this folder.
        notes: What could not be read, and why, is added to this list while the messages are taken.

    Yields:
        Messages with labels that are unique: the file's path; ``#n`` for the n-th of an mbox; ``export.zip/a.eml``.
    """
    source = _Sources(notes)
    labels = Labels()
    for file in source.files(path, root):
        for message in source.of_file(file, _shown(file, root)):
            yield message._replace(label=labels.unique(message.label))


class Labels:
    """Labels given so far: one that is asked for twice gets a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """The name, with a number behind it if it is taken."""
        number = self._numbers.get(name, 1)
        candidate = name if number == 1 else f"{name} ({number})"
        while candidate in self._taken:
            number += 1
            candidate = f"{name} ({number})"
        self._numbers[name] = number + 1
        self._taken.add(candidate)
        return candidate


def looks_like_mail(data: bytes) -> bool:
    """Whether the bytes begin with at least two header lines (a byte-order mark and blank lines are passed over)."""
    head = data[:HEAD_SIZE]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:200].count(0) > 60:
        head = head.replace(b"\x00", b"").lstrip(b"\xff\xfe")
    lines = head.lstrip(b"\xef\xbb\xbf\r\n \t").splitlines()[:30]
    if lines and lines[0].startswith((b"From ", b">From ")):
        lines = lines[1:]
    return bool(lines and HEADER_START.match(lines[0])) and sum(bool(HEADER_START.match(line)) for line in lines) >= 2


def is_mbox(data: bytes) -> bool:
    """Whether the bytes begin as an mbox does: a «From » line, and a header after it."""
    first = FIRST_LINE.match(data)
    return first is not None and re.match(rb">From |[!-9;-~]{1,100}[ \t]*:", data[first.end() :]) is not None


class OutlookMessage(NamedTuple):
    """A message in one of Outlook's formats as the bytes of a MIME message, and what its file lacks: sentences."""

    data: bytes
    omissions: tuple[str, ...]


def read_outlook(data: bytes) -> OutlookMessage:
    """A .msg file or TNEF as MIME.

    Raises:
        UnreadableAttachment: it is damaged, or neither.
    """
    message = read_msg(data) if data.startswith(OUTLOOK_MSG) else read_tnef(data)
    try:
        omissions = [str(value) for part in message.walk() for value in part.get_all(OMISSION, [])]
        return OutlookMessage(message.as_bytes(), tuple(dict.fromkeys(omissions)))
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableAttachment(f"it cannot be laid out as a mail ({type(error).__name__})") from error


def is_outlook_message(data: bytes) -> bool:
    """Whether the bytes are a .msg file, rather than another of Office's compound files, or TNEF."""
    is_msg = data.startswith(OUTLOOK_MSG) and "__properties_version1.0".encode("utf-16-le") in data
    return is_msg or data.startswith(TNEF)


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


class _Sources:
    """Reads files, and counts what archives unpack over all of them."""

    def __init__(self, notes: list[Note]) -> None:
        self._notes = notes
        self._budget = Budget(MAX_MEMBERS, MAX_UNPACKED)

    def _note(self, severity: Severity, name: str, text: str) -> None:
        self._notes.append(Note(severity, STAGE, name, text))

    # Folders

    def files(self, path: Path, root: Path) -> list[Path]:
        """The regular files under `path`, sorted; links and mail still in delivery are named in notes."""
        if path.is_file():
            return [path]
        found: list[Path] = []

        def unreadable(error: OSError) -> None:
            self._note(
                "error", _shown(Path(error.filename or path), root), f"The folder cannot be opened ({error.strerror})."
            )

        for folder, folders, names in os.walk(path, onerror=unreadable):
            here = Path(folder)
            if "tmp" in folders and {"cur", "new"} & set(folders):
                folders.remove("tmp")
                self._note_in_delivery(here / "tmp", root)
            for name in [name for name in folders if (here / name).is_symlink()]:
                folders.remove(name)
                self._note_link(here / name, root)
            found += [here / name for name in names if self._is_readable(here / name, root)]
        return sorted(found)

    def _is_readable(self, file: Path, root: Path) -> bool:
        if IGNORED_NAMES.fullmatch(file.name):
            return False
        if file.is_symlink():
            self._note_link(file, root)
            return False
        try:
            is_regular = stat.S_ISREG(file.lstat().st_mode)
        except OSError:
            return True  # opening it tells why it cannot be read
        if not is_regular:
            self._note("warning", _shown(file, root), "This is no regular file (a pipe or a device) and was left out.")
        return is_regular

    def _note_link(self, path: Path, root: Path) -> None:
        text = "This is a link and is not followed. Copy what it points to into the mail folder, if it is not there."
        self._note("warning", _shown(path, root), text)

    def _note_in_delivery(self, folder: Path, root: Path) -> None:
        try:
            n_files = sum(1 for _ in folder.iterdir())
        except OSError:
            n_files = 0
        if n_files:
            text = f"{n_files} files in the Maildir's tmp folder were left out: they are mail still being delivered."
            self._note("info", _shown(folder, root), text)

    # Files

    def of_file(self, file: Path, name: str) -> Iterator[RawMessage]:
        """The messages in a file."""
        try:
            with file.open("rb") as stream:
                yield from self._of_stream(stream, name, 0)
        except OSError as error:
            self._note("error", name, f"The file cannot be read ({error.strerror}). Check its permissions.")

    def _of_stream(self, stream: IO[bytes], name: str, depth: int) -> Iterator[RawMessage]:
        head = stream.read(HEAD_SIZE)
        stream.seek(0)
        suffix = Path(name).suffix.lower()
        if head.startswith(ZIP):
            yield from self._of_zip(stream, name, depth)
        elif head.startswith(b"\x1f\x8b"):
            yield from self._of_gzip(stream, name, depth)
        elif is_mbox(head):
            yield from self._of_mbox(stream, name, may_be_one=suffix in (".eml", ".msg", ".txt", ""))
        elif head.startswith((OUTLOOK_MSG, TNEF)):
            yield from self._of_outlook(stream, name)
        elif not head.strip() and not stream.read(HEAD_SIZE + 1).strip():
            self._note("warning", name, "The file is empty (0 bytes); it is counted as an empty message.")
            yield RawMessage(name, b"")
        elif (apple := EMLX.match(head)) and looks_like_mail(head[apple.end() :]):
            stream.seek(apple.end())
            self._note_if_cut(name, int(apple.group(1)))
            yield RawMessage(name, stream.read(min(int(apple.group(1)), MAX_MESSAGE)))
        elif looks_like_mail(head) or suffix == ".eml":
            stream.seek(0)
            yield RawMessage(name, self._bounded(stream, name))
        else:
            self._note_no_mail(name, head)

    def _bounded(self, stream: IO[bytes], name: str) -> bytes:
        data = stream.read(MAX_MESSAGE + 1)
        self._note_if_cut(name, len(data))
        return data[:MAX_MESSAGE]

    def _note_if_cut(self, name: str, n_bytes: int) -> None:
        if n_bytes > MAX_MESSAGE:
            self._note("error", name, f"Of this message only the first {MAX_MESSAGE // 1_000_000} MB were read.")

    def _note_no_mail(self, name: str, head: bytes) -> None:
        for start, kind, remedy in NO_MAIL:
            if head.startswith(start):
                self._note("warning", name, f"This is no e-mail but {kind}, and was left out. {remedy}")
                return
        self._note("warning", name, "This is not an e-mail (no header lines at its start) and was left out.")

    def _of_outlook(self, stream: IO[bytes], name: str) -> Iterator[RawMessage]:
        data = self._bounded(stream, name)
        if not is_outlook_message(data) and Path(name).suffix.lower() != ".msg":
            self._note_no_mail(name, data)
            return
        try:
            message = read_outlook(data)
        except UnreadableAttachment as error:
            text = f"The message in Outlook's format was not read: {error}. Save it as .eml and run again."
            self._note("error", name, text)
            return
        for omission in message.omissions:
            self._note("warning", name, omission)
        yield RawMessage(name, message.data)

    # Mailboxes and archives

    def _of_mbox(self, stream: Readable, name: str, *, may_be_one: bool) -> Iterator[RawMessage]:
        """The messages of an mbox. A file that is named as a single message, and is one, keeps its name as label."""
        first: bytes | None = None
        for number, message in enumerate(split_mbox(stream), start=1):
            self._note_if_cut(f"{name}#{number}", message.n_bytes)
            if number == 1 and may_be_one:
                first = message.data
                continue
            if first is not None:
                yield RawMessage(f"{name}#1", first)
                first = None
            yield RawMessage(f"{name}#{number}", message.data)
        if first is not None:
            yield RawMessage(name, first)

    def _of_gzip(self, stream: IO[bytes], name: str, depth: int) -> Iterator[RawMessage]:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        with gzip.open(stream) as unpacked:
            packed = Bounded(unpacked, size, self._budget, at_most=MAX_UNPACKED)
            yield from self._of_packed(packed, name, depth)

    def _of_packed(self, packed: Bounded, name: str, depth: int) -> Iterator[RawMessage]:
        """The messages in what is being unpacked: an mbox as it comes, all else once it is unpacked."""
        if depth >= MAX_NESTED:
            self._note("warning", name, "It is packed in too many layers and was left out. Unpack it.")
            return
        head = b""
        try:
            while len(head) < HEAD_SIZE and (piece := packed.read(HEAD_SIZE - len(head))):
                head += piece
            if is_mbox(head):
                yield from self._of_mbox(_Rejoined(head, packed), name, may_be_one=False)
                return
            data = head + packed.read_all(at_most=MAX_HELD)
        except UnreadableAttachment as error:
            self._note("error", name, f"This was not read, or not to its end: {error}.")
            return
        yield from self._of_stream(io.BytesIO(data), name, depth + 1)

    def _of_zip(self, stream: IO[bytes], name: str, depth: int) -> Iterator[RawMessage]:
        if depth >= MAX_NESTED:
            self._note("warning", name, "It is packed in too many layers and was left out. Unpack it.")
            return
        try:
            archive = open_archive(stream, n_members=MAX_MEMBERS)
        except UnreadableAttachment as error:
            self._note("error", name, f"The archive was not read: {error}.")
            return
        with archive:
            if is_document(archive):
                self._note("warning", name, f"This is no e-mail but a document, and was left out. {LAY_IN_A_MAIL}")
                return
            inside = sorted(members(archive), key=lambda member: member.name)
            if inside and all(member.entry.flag_bits & 0x1 for member in inside):
                self._note("error", name, f"The archive was not read: {LOCKED}.")
                return
            for member in inside:
                if not IGNORED_NAMES.fullmatch(member.name.rpartition("/")[2]):
                    yield from self._of_member(archive, member.entry, f"{name}/{member.name}", depth)

    def _of_member(
        self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, depth: int
    ) -> Iterator[RawMessage]:
        try:
            with opened(archive, entry, self._budget, at_most=MAX_UNPACKED) as packed:
                yield from self._of_packed(packed, name, depth)
        except UnreadableAttachment as error:
            self._note("error", name, f"This member of the archive was not read: {error}.")


class _Rejoined:
    """A stream whose first bytes were read already."""

    def __init__(self, head: bytes, stream: Readable) -> None:
        self._head = head
        self._stream = stream

    def read(self, n_bytes: int, /) -> bytes:
        """The next bytes; none at the end."""
        if self._head:
            piece, self._head = self._head[:n_bytes], self._head[n_bytes:]
            return piece
        return self._stream.read(n_bytes)


class MboxMessage(NamedTuple):
    """A message of an mbox: its first `MAX_MESSAGE` bytes, and how many it has."""

    data: bytes
    n_bytes: int


def split_mbox(stream: Readable) -> Iterator[MboxMessage]:
    """The messages of an mbox, with the quoting of «From » lines undone (mboxo, mboxrd), one at a time."""
    buffer, kept, n_dropped = bytearray(), b"", 0
    scanned = 0
    while True:
        piece = stream.read(PIECE)
        buffer += piece
        # What begins near the end may go on in the next piece.
        limit = len(buffer) - TAIL if piece else len(buffer)
        while (match := FROM_LINE.search(buffer, scanned)) and match.start() < limit:
            end = match.start() + 1
            yield _mbox_message(kept + buffer[:end], n_dropped)
            kept, n_dropped = b"", 0
            del buffer[:end]
            limit -= end
            scanned = match.end() - end - 1
        if not piece:
            if buffer or kept:
                yield _mbox_message(kept + buffer, n_dropped)
            return
        scanned = max(scanned, limit)
        if len(kept) + len(buffer) > MAX_MESSAGE + PIECE:
            n_kept = max(min(MAX_MESSAGE - len(kept), limit), 0)
            kept += bytes(buffer[:n_kept])
            n_dropped += max(limit, 0) - n_kept
            del buffer[: max(limit, 0)]
            scanned = max(scanned - max(limit, 0), 0)


def _mbox_message(data: bytes, n_dropped: int) -> MboxMessage:
    first = FIRST_LINE.match(data)
    message = bytes(data[first.end() if first else 0 :])
    if b">From " in message:
        message = QUOTED_FROM.sub(rb"\1", message)
    return MboxMessage(message[:MAX_MESSAGE], len(message) + n_dropped)
