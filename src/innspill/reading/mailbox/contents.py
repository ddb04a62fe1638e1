"""What one message holds -> its parts, each with whose words it holds, and an account of all that came.

Nothing is lost: each piece of a message, each message attached to it and each file of an archive in it is in
`Contents.received`, read or not; what is not read has its reason there, and where the reader should act, a note.
"""

import io
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from innspill.errors import MAX_LISTED
from innspill.reading.authorship import patterns
from innspill.reading.authorship.quoting import segment_attachment, segment_body, segment_sheet
from innspill.reading.charsets import REPLACEMENT, charset_of, compose, decode
from innspill.reading.documents.attachments import read_attachment
from innspill.reading.documents.builder import MAX_ATTACHMENT, AttachmentText, UnreadableAttachment
from innspill.reading.documents.forms import HEADER
from innspill.reading.mailbox.archives import MAX_NESTED, ZIP, Budget, is_document, members, open_archive, opened
from innspill.reading.mailbox.bodies import (
    NO_LETTER,
    Body,
    is_html,
    is_letter,
    is_other_letter,
    join_bodies,
    read_body,
    says_all_of,
    says_the_same,
)
from innspill.reading.mailbox.compound import SIGNATURE as OUTLOOK_MSG
from innspill.reading.mailbox.mapi import OMISSION
from innspill.reading.mailbox.mime import Entity, parse, sender_of
from innspill.reading.mailbox.signed import signed_content
from innspill.reading.mailbox.sources import (
    STAGE,
    Labels,
    is_mbox,
    is_outlook_message,
    looks_like_mail,
    read_outlook,
    split_mbox,
)
from innspill.reading.mailbox.tnef import SIGNATURE as TNEF
from innspill.reading.segments import overlay
from innspill.records import Cell, Note, Part, PartStatus, ReceivedPart, Segment, Severity, Span

BODY = "body"
# Of one message: pieces that are read, messages in messages, pieces that are listed one by one, signatures
# around each other, files of its archives, and bytes that these unpack to.
MAX_PARTS = 500
MAX_DEPTH = 30
MAX_ENTRIES = 5_000
MAX_SIGNED = 10
# Two texts of fewer words may be alike by chance.
FEW_TO_REPEAT = 8
SAYS_THE_SAME = "another version of the text says the same"
MAX_MEMBERS = 1_000
MAX_UNPACKED = 300_000_000
MAX_NAME = 120
BYTES = "application/octet-stream"
ENCRYPTED = "it is encrypted; ask the sender for a mail that is not"
CONTAINERS = ("message/rfc822", "message/global", "message/news")
SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
SIGNED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
REPORTS = ("message/delivery-status", "message/disposition-notification", "message/feedback-report")
REASONS = {
    "message/partial": "it is a piece of a mail that was sent in pieces; ask for the mail as a whole",
    "message/external-body": "its contents lie elsewhere and are not fetched",
    "application/applefile": "it is what a Mac keeps beside a file",
    **dict.fromkeys(SIGNATURES, "a digital signature"),
    **dict.fromkeys(REPORTS, "what a mail server tells of a mail, for machines"),
    **NO_LETTER,
}
# Reasons that ask somebody to act, and are told in a note too.
TO_ACT_ON = ("message/partial", "message/external-body")
SentenceSplitter = Callable[[str], list[Span]]


class Contents(NamedTuple):
    """The readable parts of a message, an entry for each piece that came, and how many attachments they make."""

    parts: tuple[Part, ...]
    received: tuple[ReceivedPart, ...]
    n_attachments: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """What marking whose words a text holds needs to know of the message."""

    mailbox: str
    sender_name: str
    sentences: SentenceSplitter | None


def read_contents(
    message: Entity, label: str, notes: list[Note], *, mailbox: str = "", sentences: SentenceSplitter | None = None
) -> Contents:
    """Read all that is in a message.

    Args:
        message: Its tree of parts.
        label: What the message is called in notes.
        notes: What the reader of the result should know is added here.
        mailbox: The consultation's own address.
        sentences: Sentence splitter, to part courtesy from feedback.
    """
    reader = _Reader(label, notes, mailbox, sentences)
    reader.read_letter(message, BODY, depth=0)
    reader.close_account()
    return Contents(tuple(reader.parts), tuple(reader.received), reader.n_attachments)


class _Attachment(NamedTuple):
    """A piece that is no words of the letter: its label, its kind as declared, and its bytes or where they lie."""

    name: str
    kind: str
    entity: Entity | None
    data: bytes = b""


class _Letter:
    """The words of one message, and the other pieces that came with it, in order."""

    def __init__(self) -> None:
        self.texts: list[Body] = []
        self.beside: list[tuple[str, Body]] = []
        self.attachments: list[_Attachment] = []
        self.wrapped: list[_Attachment] = []  # TNEF: the letter once more, with its attachments
        self.n_signed = 0
        self._last_is_html = False

    def add(self, body: Body, *, is_html: bool) -> None:
        """Add words of the letter."""
        self.texts.append(body)
        self._last_is_html = is_html

    def says_already(self, body: Body, *, is_html: bool) -> bool:
        """Whether a text is the one before it over again, as HTML after plain text or the other way round.

        Web forms send both in a row, not as versions of one letter.
        """
        if not self.texts or is_html == self._last_is_html or body.cells or len(body.text.split()) < FEW_TO_REPEAT:
            return False
        return says_the_same(self.texts[-1].text, body.text)


class _Reader:
    """Reads a message and all that is in it, counts what it takes, and keeps account of each piece."""

    def __init__(self, label: str, notes: list[Note], mailbox: str, sentences: SentenceSplitter | None) -> None:
        self.parts: list[Part] = []
        self.received: list[ReceivedPart] = []
        self.n_attachments = 0
        self._label = label
        self._notes = notes
        self._mailbox = mailbox
        self._sentences = sentences
        self._labels = Labels()
        self._labels.unique(BODY)
        self._n_unlisted = 0
        self._n_left = MAX_PARTS
        self._budget = Budget(MAX_MEMBERS, MAX_UNPACKED)

    # The account

    def _note(self, severity: Severity, text: str) -> None:
        note = Note(severity, STAGE, self._label, text)
        if note not in self._notes[-3:]:
            self._notes.append(note)

    def _list(self, name: str, kind: str, n_bytes: int, status: PartStatus, reason: str = "") -> None:
        if len(self.received) < MAX_ENTRIES:
            self.received.append(ReceivedPart(name, kind, n_bytes, status, reason))
        else:
            self._n_unlisted += 1

    def _unique(self, name: str) -> str:
        return self._labels.unique(name)

    def close_account(self) -> None:
        """List what was too much to be listed piece by piece."""
        if self._n_unlisted:
            name = f"{self._n_unlisted} more pieces"
            self.received.append(ReceivedPart(name, BYTES, 0, "not_read", "the message has too many parts"))
            self._note_full()

    # Letters

    def read_letter(self, message: Entity, name: str, *, depth: int) -> bool:
        """Read a message's own words as a part, and then what it brings; whether it has words.

        Args:
            message: The message.
            name: What its part is called.
            depth: How many messages it is in.
        """
        letter = _Letter()
        self._collect(message, letter, name, is_root=True)
        for wrapped in letter.wrapped:
            self._unwrap(wrapped, letter, name)
        frame = _Frame(self._mailbox, sender_of(message).name, self._sentences)
        body = join_bodies(letter.texts) if letter.texts else Body("")
        has_words = bool(body.text.strip())
        if has_words:
            self.parts.append(self._letter_part(name, body, message, frame, is_attached=depth > 0))
        for other_name, other in letter.beside:
            self.parts.append(self._letter_part(other_name, other, message, frame, is_attached=depth > 0))
        self.n_attachments += len(letter.attachments)
        for attachment in letter.attachments:
            self._attachment(attachment, frame, depth)
        return has_words

    def _letter_part(self, name: str, body: Body, message: Entity, frame: _Frame, *, is_attached: bool) -> Part:
        """A message's words. The consultation's own mail, attached to an answer, is quoted text."""
        if is_attached and frame.mailbox and sender_of(message).address == frame.mailbox.lower():
            return Part(name, body.text, (Segment("quoted", Span(0, len(body.text))),))
        segments = segment_body(
            body.text,
            quoted=body.quoted,
            answered=body.answered,
            is_forward=bool(patterns.FORWARD_SUBJECT.match(message.value("subject"))),
            mailbox=frame.mailbox,
            sender_name=frame.sender_name,
            sentences=frame.sentences,
        )
        # «Legg til «kommune».» in the cell of a form is no courtesy.
        said = [cell.span for cell in body.cells if cell.column != HEADER]
        segments = overlay(segments, said, "own", keep=("quoted", "attribution"))
        return Part(name, body.text, segments, _said_cells(body.cells, segments))

    def _collect(self, entity: Entity, letter: _Letter, name: str, *, is_root: bool = False) -> None:
        """Sort a message's pieces into words and attachments."""
        if entity.role != "part":
            self._collect_outside(entity, name)
        elif entity.kind == "multipart/alternative" and entity.children:
            self._collect_versions(entity, letter, name)
        elif entity.kind.startswith("multipart/") and entity.children:
            self._note_faults(entity)
            for child in entity.children:
                self._collect(child, letter, name)
        elif entity.kind == "multipart/encrypted":
            self._collect_encrypted(entity, letter)
        elif self._n_left <= 0:
            self._list(
                _label(entity, letter), entity.kind, entity.n_bytes, "not_read", "the message has too many parts"
            )
            self._note_full()
        elif entity.kind.startswith("multipart/") or (entity.kind in CONTAINERS and not _is_message(entity)):
            self._collect_broken(entity, letter, name)
        elif entity.kind in SIGNED:
            self._collect_signed(entity, letter, name)
        elif is_letter(entity) and (not entity.is_attached or (is_root and entity.disposition != "attachment")):
            self._n_left -= 1
            self._add_text(entity, read_body(entity), letter, name)
        else:
            self._n_left -= 1
            self._add_attachment(entity, letter)

    def _collect_outside(self, entity: Entity, name: str) -> None:
        if entity.role == "rest":
            self._list(
                f"{name} (rest)",
                "application/octet-stream",
                entity.n_bytes,
                "not_read",
                "beyond the limits of parts and depth",
            )
            self._note_full()
        else:
            reason = "words outside the parts of the message, which mail programs do not show"
            self._list(f"{name} ({entity.role})", "text/plain", entity.n_bytes, "not_read", reason)

    def _collect_broken(self, entity: Entity, letter: _Letter, name: str) -> None:
        """A container that does not hold what it says: what it holds is read as text."""
        self._n_left -= 1
        if not entity.raw.strip():
            self._list(name, entity.kind, entity.n_bytes, "empty")
            return
        self._note("warning", f"A part ({entity.kind}) is broken; what could be read of it is taken as text.")
        self._add_text(entity, read_body(replace(entity, kind="text/plain", faults=())), letter, name)

    def _collect_signed(self, entity: Entity, letter: _Letter, name: str) -> None:
        """A mail inside its signature; or inside its encryption, which stays closed."""
        self._n_left -= 1
        letter.n_signed += 1
        content = signed_content(entity.unwrapped().data) if letter.n_signed <= MAX_SIGNED else None
        if content is None:
            self._collect_encrypted(entity, letter)
            return
        self._list(self._unique(_label(entity, letter)), entity.kind, entity.n_bytes, "read")
        self._collect(parse(content), letter, name)

    def _collect_encrypted(self, entity: Entity, letter: _Letter) -> None:
        for part in entity.children or (entity,):
            self._list(self._unique(_label(part, letter)), part.kind, part.n_bytes, "not_read", ENCRYPTED)
        self._note("warning", f"A part of the message ({entity.kind}) was not read: {ENCRYPTED}.")

    def _note_faults(self, entity: Entity) -> None:
        for fault in entity.faults:
            self._note("warning", f"A part ({entity.kind}) is broken: {fault}.")

    def _note_full(self) -> None:
        self._note_once(
            "The message is nested too deeply or has too many parts; the rest was not read. Open it and look."
        )

    def _note_once(self, text: str) -> None:
        if all(note.text != text for note in self._notes):
            self._note("warning", text)

    # Words

    def _add_text(self, entity: Entity, body: Body, letter: _Letter, name: str) -> None:
        self._add_files(body, letter)
        if letter.says_already(body, is_html=is_html(entity)):
            self._list(name, entity.kind, body.n_bytes, "repeated", SAYS_THE_SAME)
            return
        self._list(name, entity.kind, body.n_bytes, "read" if body.text.strip() else "empty")
        self._note_doubts(entity, body, name)
        if body.text.strip():
            letter.add(body, is_html=is_html(entity))

    def _add_files(self, body: Body, letter: _Letter) -> None:
        """Files that are written into a text."""
        for file in body.files:
            if file.data is None:
                self._list(self._unique(safe_name(file.name)), BYTES, file.n_bytes, "not_read", "it is encoded as yEnc")
                self._note(
                    "warning", f"The file {safe_name(file.name)} in the text is encoded as yEnc and was not read."
                )
            else:
                letter.attachments.append(_Attachment(safe_name(file.name), BYTES, None, file.data))

    def _note_doubts(self, entity: Entity, body: Body, name: str) -> None:
        for doubt in body.doubts:
            self._note("info", f"Of the text ({entity.kind}) of {name}: {doubt}.")

    def _collect_versions(self, entity: Entity, letter: _Letter, name: str) -> None:
        """Of the versions of one letter, the one that says all: plain text rather than HTML, where both do.

        A version may be a tree with attachments and pictures; these are taken from each.
        """
        self._note_faults(entity)
        versions: list[tuple[list[Entity], list[Body]]] = []
        children = list(_flat_versions(entity))
        for child in children:
            leaves = [leaf for leaf in _text_leaves(child) if self._n_left > 0]
            self._n_left -= len(leaves)
            versions.append((leaves, [read_body(leaf) for leaf in leaves]))
        offered = [version for version in versions if any(body.text.strip() for body in version[1])]
        chosen = _best_version(offered) if offered else None
        said = join_bodies(chosen[1]).text if chosen else ""
        for child, version in zip(children, versions, strict=True):
            if version is chosen:
                for leaf, body in zip(*version, strict=True):
                    self._add_text(leaf, body, letter, name)
            else:
                self._add_version(version, said, letter, name)
            for other in _other_leaves(child, {id(leaf) for leaf in version[0]}):
                self._collect(other, letter, name)

    def _add_version(self, version: tuple[list[Entity], list[Body]], said: str, letter: _Letter, name: str) -> None:
        """A version beside the chosen one: it says the same, or is only a stub, or is another letter after all."""
        for leaf, body in zip(*version, strict=True):
            self._add_files(body, letter)
            status: PartStatus = "empty" if not body.text.strip() else "repeated"
            reason = "" if status == "empty" else SAYS_THE_SAME
            leaf_name = name
            if status == "repeated" and is_other_letter(body.text, said):
                status, reason, leaf_name = "read", "", self._unique(f"{name} ({leaf.kind})")
                letter.beside.append((leaf_name, body))
                self._note_doubts(leaf, body, leaf_name)
            elif status == "repeated" and not says_all_of(said, body.text):
                reason = "another version of the text says more"
            self._list(leaf_name, leaf.kind, body.n_bytes, status, reason)

    # Attachments

    def _add_attachment(self, entity: Entity, letter: _Letter) -> None:
        name = _label(entity, letter)
        attachment = _Attachment(name, entity.kind, entity)
        is_wrapper = entity.kind in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat"
        (letter.wrapped if is_wrapper else letter.attachments).append(attachment)

    def _unwrap(self, wrapped: _Attachment, letter: _Letter, name: str) -> None:
        """Outlook's winmail.dat: its text where the letter has none or another, and its attachments."""
        data = wrapped.entity.unwrapped().data if wrapped.entity else wrapped.data
        try:
            outlook = read_outlook(data) if data.startswith(TNEF) else None
        except UnreadableAttachment:
            outlook = None
        if outlook is None:
            letter.attachments.append(wrapped)
            return
        label = self._unique(wrapped.name)
        self._list(label, wrapped.kind, len(data), "read")
        self._note_omissions(label, outlook.omissions)
        inside = _Letter()
        before = len(self.received)
        self._collect(parse(outlook.data), inside, label, is_root=True)
        text = join_bodies(inside.texts).text if inside.texts else ""
        said = join_bodies(letter.texts).text if letter.texts else ""
        if text and not said:
            letter.texts += inside.texts
            self.received[before:] = [
                replace(part, name=name if part.name == label else part.name) for part in self.received[before:]
            ]
        elif text and is_other_letter(text, said):
            letter.beside.append((label, join_bodies(inside.texts)))
        elif text:
            reason = "the text of the mail says the same"
            self.received[before:] = [
                replace(part, status="repeated", reason=reason)
                if part.name == label and part.status == "read"
                else part
                for part in self.received[before:]
            ]
        letter.beside += inside.beside
        enclosed = [*inside.attachments, *inside.wrapped]
        letter.attachments += [item._replace(name=f"{wrapped.name}/{item.name}") for item in enclosed]

    def _attachment(self, attachment: _Attachment, frame: _Frame, depth: int, n_packed: int = 0) -> None:
        """Read one piece that is no words of the letter, and list it."""
        name, kind, entity = self._unique(attachment.name), attachment.kind, attachment.entity
        if entity is not None and _is_message(entity):
            self._message(name, kind, entity.children[0], entity.n_bytes, depth)
            return
        data, fault = entity.unwrapped() if entity is not None else (attachment.data, "")
        if entity is not None and not data and (told := entity.value(OMISSION.lower())):
            self._list(name, kind, 0, "not_read", told)
            return
        if fault:
            self._note("info", f"Of the attachment {name}: {fault}.")
        if kind in REASONS:
            self._list(name, kind, len(data), "not_read", REASONS[kind])
            if kind in TO_ACT_ON:
                self._note("warning", f"A part of the message ({name}) was not read: {REASONS[kind]}.")
            return
        try:
            if data.startswith(ZIP) and self._archive(name, kind, data, frame, depth, n_packed):
                return
            if is_outlook_message(data):
                outlook = read_outlook(data)
                self._note_omissions(name, outlook.omissions)
                self._message(name, kind, parse(outlook.data), len(data), depth)
                return
            if kind == "application/mbox" or (name.lower().endswith(".mbox") and is_mbox(data)):
                self._mailbox_file(name, kind, data, depth)
                return
            if _is_mail_file(name, kind, data):
                self._message(name, kind, parse(data), len(data), depth)
                return
            charset = charset_of(entity.charset) if entity is not None else ""
            if kind.startswith("text/") and charset and _is_text(data, charset):
                data = decode(data, charset).encode("utf-8", "replace")
            read = read_attachment(name, data, kind)
        except UnreadableAttachment as error:
            self._note("warning", f"The attachment {name} was not read: {error}.{_remedy(str(error))}")
            self._list(name, kind, len(data), "not_read" if data else "empty", str(error))
            return
        self._document(name, kind, len(data), read, frame)

    def _document(self, name: str, kind: str, n_bytes: int, read: AttachmentText | None, frame: _Frame) -> None:
        if read is None:
            text = f"The attachment {name} ({kind}) holds no text that innspill reads."
            self._note("info", text)
            self._list(name, kind, n_bytes, "not_read", "it holds no text that innspill reads")
            return
        self._note_omissions(name, read.omissions)
        if not read.text.strip():
            self._note("info", f"The attachment {name} is without text.")
            self._list(name, kind, n_bytes, "not_read" if read.omissions else "empty", " ".join(read.omissions))
            return
        if n_lost := read.text.count(REPLACEMENT):
            self._note(
                "info", f"Of the attachment {name}: letters that could not be read stand as «{REPLACEMENT}» ({n_lost})."
            )
        self._list(name, kind, n_bytes, "read")
        self.parts.append(_document_part(name, read, frame))

    def _message(self, name: str, kind: str, message: Entity, n_bytes: int, depth: int) -> None:
        if depth >= MAX_DEPTH:
            self._list(name, kind, n_bytes, "not_read", "the message is nested too deeply")
            self._note_full()
            return
        place = len(self.received)
        has_words = self.read_letter(message, name, depth=depth + 1)
        if len(self.received) < MAX_ENTRIES:
            told = "" if has_words else message.value(OMISSION.lower())
            status: PartStatus = "read" if has_words else "not_read" if told else "empty"
            self.received.insert(place, ReceivedPart(name, kind, n_bytes, status, told))
        else:
            self._n_unlisted += 1

    def _mailbox_file(self, name: str, kind: str, data: bytes, depth: int) -> None:
        self._list(name, kind, len(data), "read")
        for number, message in enumerate(split_mbox(io.BytesIO(data)), start=1):
            self._message(
                self._unique(f"{name}#{number}"), "message/rfc822", parse(message.data), message.n_bytes, depth
            )

    def _archive(self, name: str, kind: str, data: bytes, frame: _Frame, depth: int, n_packed: int) -> bool:
        """Read the members of a zip archive; False where it is a document to its readers."""
        with open_archive(io.BytesIO(data), n_members=10 * MAX_MEMBERS) as archive:
            if is_document(archive):
                return False
            if n_packed >= MAX_NESTED:
                raise UnreadableAttachment("it is packed in too many layers; unpack it")
            self._list(name, kind, len(data), "read")
            n_unread = 0
            for member in members(archive):
                label = f"{name}/{member.name}"
                try:
                    with opened(archive, member.entry, self._budget, at_most=MAX_ATTACHMENT) as packed:
                        content = packed.read_all()
                except UnreadableAttachment as error:
                    n_unread += 1
                    self._list(self._unique(label), BYTES, member.entry.file_size, "not_read", str(error))
                    if n_unread <= MAX_LISTED:
                        self._note("warning", f"The file {label} was not read: {error}.{_remedy(str(error))}")
                else:
                    self._attachment(_Attachment(label, BYTES, None, content), frame, depth, n_packed + 1)
            if n_unread > MAX_LISTED:
                self._note("warning", f"{n_unread - MAX_LISTED} more files in {name} were not read. Open it and look.")
        return True

    def _note_omissions(self, name: str, omissions: Sequence[str]) -> None:
        for omission in omissions:
            self._note("warning", f"The attachment {name}: {omission}")


def _remedy(error: str) -> str:
    return "" if re.search(r"\b(?:ask|save|unpack|open)\b", error) else " Ask the sender for a copy."


def _is_message(entity: Entity) -> bool:
    return entity.kind in CONTAINERS and len(entity.children) == 1 and entity.children[0].role == "part"


def _is_text(data: bytes, charset: str) -> bool:
    """Whether bytes that are declared as text are; documents are attached as text, too."""
    if data.startswith((*ZIP, OUTLOOK_MSG, b"%PDF-", b"{\\rtf")):
        return False
    return b"\x00" not in data or charset.replace("_", "-").startswith(("utf-16", "utf-32"))


def _is_mail_file(name: str, kind: str, data: bytes) -> bool:
    """Whether an attachment is a message, saved to a file and attached as such."""
    is_named = name.lower().endswith((".eml", ".msg")) or kind in CONTAINERS
    return is_named and looks_like_mail(data)


def _flat_versions(entity: Entity) -> Iterator[Entity]:
    """The versions of a letter; those of a version that is such a choice itself are versions too."""
    for child in entity.children:
        if child.kind == "multipart/alternative" and child.children:
            yield from _flat_versions(child)
        else:
            yield child


def _text_leaves(entity: Entity) -> list[Entity]:
    """The words of the letter in one of its versions; not those of a message attached, and no files."""
    if entity.kind in CONTAINERS or (entity.kind == "multipart/alternative" and not entity.children):
        return []
    if entity.children:
        return [leaf for child in entity.children for leaf in _text_leaves(child)]
    return [entity] if is_letter(entity) and not entity.is_attached and entity.role == "part" else []


def _other_leaves(entity: Entity, read: set[int]) -> Iterator[Entity]:
    """All in a version of the letter that is not among its words."""
    if id(entity) in read:
        return
    if entity.kind.startswith("multipart/") and entity.children:
        for child in entity.children:
            yield from _other_leaves(child, read)
    else:
        yield entity


def _best_version(versions: list[tuple[list[Entity], list[Body]]]) -> tuple[list[Entity], list[Body]]:
    """The first version in plain text, if it says all that the last in HTML says and that is no form; else the last."""
    plain = next((version for version in versions if not any(map(is_html, version[0]))), None)
    html = next((version for version in reversed(versions) if any(map(is_html, version[0]))), None)
    if plain is None or html is None:
        return plain or html or versions[0]
    laid_out = join_bodies(html[1])
    is_enough = not laid_out.cells and says_all_of(join_bodies(plain[1]).text, laid_out.text)
    return plain if is_enough else html


def _label(entity: Entity, letter: _Letter) -> str:
    """What a piece is called: its file name, the subject of a message, or a number."""
    if entity.file_name:
        return safe_name(entity.file_name)
    if _is_message(entity):
        return safe_name(f"{entity.children[0].value('subject') or 'melding'}.eml")
    subtype = entity.kind.partition("/")[2]
    return safe_name(f"vedlegg-{len(letter.attachments) + len(letter.wrapped) + 1}.{subtype}")


def safe_name(name: str) -> str:
    """A file name without folders, control characters or leading dots: only ever shown, never a path to write to.

    >>> safe_name("../../etc/innspill .docx")
    'innspill .docx'
    """
    base = re.split(r"[\\/]", name)[-1]
    base = compose("".join(letter for letter in base if letter.isprintable()).strip(". "))
    return (base if len(base) <= MAX_NAME else f"{base[: MAX_NAME - 20]}…{base[-19:]}") or "vedlegg"


def _document_part(name: str, read: AttachmentText, frame: _Frame) -> Part:
    """A document as a part: notes in its margin are the sender's own words, what was struck out is not said.

    What stands at the head and foot of its pages tells who writes, as a signature does.
    """
    notes = [remark.span for remark in read.remarks if remark.kind == "note"]
    if read.is_sheet:
        segments = segment_sheet(read.text, read.cells)
    else:
        body_end = _before_margin(read.text, [*notes, *read.deleted])
        segments = segment_attachment(read.text[:body_end], mailbox=frame.mailbox, sentences=frame.sentences)
        segments = (*segments, Segment("own", Span(body_end, len(read.text))))
    segments = overlay(segments, read.letterhead, "signature")
    segments = overlay(overlay(segments, notes, "own"), read.deleted, "deleted")
    return Part(name, read.text, segments, read.cells, read.remarks)


def _said_cells(cells: Sequence[Cell], segments: Sequence[Segment]) -> tuple[Cell, ...]:
    """The cells of forms that the sender filled in, not those of a form in a quoted mail, nor a mail's head."""
    starts = [segment.span.start for segment in segments]
    return tuple(
        cell
        for cell in cells
        if segments[bisect_right(starts, cell.span.start) - 1].kind not in ("quoted", "attribution")
    )


def _before_margin(text: str, margin: Sequence[Span]) -> int:
    """Where a document's body ends, and blocks of the margin alone follow."""
    end = len(text)
    for span in sorted(margin, key=lambda span: span.start, reverse=True):
        if text[span.end : end].strip():
            break
        end = min(end, span.start)
    return end
