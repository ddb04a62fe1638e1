"""Messages -> `Mail`: who wrote when, and what the message holds (`contents`), read one by one.

No message stops a run: what cannot be parsed is kept as text, with a note.
"""

import email.utils
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from innspill.config import OSLO
from innspill.errors import MailError
from innspill.reading.charsets import decode, normalise_text
from innspill.reading.mailbox.automatic import is_automatic
from innspill.reading.mailbox.bodies import MAX_TEXT
from innspill.reading.mailbox.contents import BODY as BODY
from innspill.reading.mailbox.contents import SentenceSplitter, read_contents
from innspill.reading.mailbox.mime import Entity, parse, sender_of
from innspill.reading.mailbox.sources import STAGE, raw_messages
from innspill.records import Note, Part, ReceivedPart, Segment, Span

# A mail that claims to be sent so long after it was received has a wrong clock.
MAX_CLOCK_FAULT = timedelta(days=2)
# A mail so far from the middle of all others is named in a note.
FAR_OUTSIDE = timedelta(days=2 * 365)
MIN_DATES = 3
# Norwegian names of months that differ from those that RFC 5322 has.
MONTHS = {"mai": "May", "okt": "Oct", "des": "Dec", "mars": "Mar", "juni": "Jun", "juli": "Jul"}
MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as read: headers decoded, parts as text with segments. What it is about is not decided here.

    `received` lists each piece that came, once: texts, attachments, messages attached, members of archives.
    """

    file: str
    rfc_message_id: str
    sent_at: datetime | None
    sender_name: str
    sender_email: str
    subject: str
    automatic: bool
    n_attachments: int
    parts: tuple[Part, ...]
    received: tuple[ReceivedPart, ...] = ()


def read_mail(
    path: Path, *, root: Path, mailbox: str = "", sentences: SentenceSplitter | None = None
) -> tuple[list[Mail], list[Note]]:
    """Read every message under `path`, a file or a folder.

    Args:
        path: An .eml, .msg or mbox file, a Maildir, a zip archive, or a folder with such files at any depth.
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
    for message in raw_messages(path, root, notes):
        mail, mail_notes = parse_message(message.data, message.label, mailbox=mailbox, sentences=sentences)
        mails.append(mail)
        notes.extend(mail_notes)
    if not mails:
        raise MailError(
            f"No e-mail was found in {path}. innspill reads .eml, .msg and mbox files, Maildir folders, and zip files "
            "of these; save the messages from Outlook as .eml or .msg, or export the mailbox to mbox."
        )
    return mails, [*notes, *_notes_on_all(mails)]


def _notes_on_all(mails: Sequence[Mail]) -> Iterator[Note]:
    """What only shows beside the other messages: a date far from all others, a Message-ID used twice."""
    times = sorted(mail.sent_at for mail in mails if mail.sent_at is not None)
    middle = times[len(times) // 2] if len(times) >= MIN_DATES else None
    first_of: dict[str, Mail] = {}
    for mail in mails:
        if middle and mail.sent_at and abs(mail.sent_at - middle) > FAR_OUTSIDE:
            text = f"It is dated {mail.sent_at:%Y-%m-%d}, far from the other messages. Check whether it came in time."
            yield Note("info", STAGE, mail.file, text)
        first = first_of.setdefault(mail.rfc_message_id, mail)
        if mail.rfc_message_id and [part.text for part in first.parts] != [part.text for part in mail.parts]:
            text = f"It has the same Message-ID as {first.file} and says something else; both are kept."
            yield Note("info", STAGE, mail.file, text)


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
    raw = normalise_text(decode(data[:MAX_TEXT]))
    parts = (Part(BODY, raw, (Segment("own", Span(0, len(raw))),)),) if raw.strip() else ()
    received = ReceivedPart(BODY, "message/rfc822", len(data), "read" if parts else "empty")
    return Mail(label, "", None, "", "", "", False, 0, parts, (received,)), notes


def _parse(data: bytes, label: str, notes: list[Note], *, mailbox: str, sentences: SentenceSplitter | None) -> Mail:
    message = parse(data)
    sender = sender_of(message)
    contents = read_contents(message, label, notes, mailbox=mailbox, sentences=sentences)
    sent_at, doubt = _date(message)
    if doubt:
        notes.append(Note("info", STAGE, label, doubt))
    return Mail(
        file=label,
        rfc_message_id=message.value("message-id").strip("<> "),
        sent_at=sent_at,
        sender_name=sender.name,
        sender_email=sender.address,
        subject=message.value("subject"),
        automatic=is_automatic(message.value, message.kind),
        n_attachments=contents.n_attachments,
        parts=contents.parts,
        received=contents.received,
    )


def _date(message: Entity) -> tuple[datetime | None, str]:
    """The time sent, with its offset, and what is doubtful about it; a time without an offset is taken as Oslo's.

    Where the date is missing, impossible, or later than the time of receipt, the time of receipt stands in for it.
    """
    declared = list(message.values("date"))
    sent_at = next(filter(None, map(_time, declared)), None)
    received_at = next(filter(None, (_time(value.rpartition(";")[2]) for value in message.values("received"))), None)
    if sent_at and received_at and sent_at - received_at > MAX_CLOCK_FAULT:
        doubt = f"It is dated {sent_at:%Y-%m-%d}, after it was received; the time of receipt is used."
        return received_at, doubt
    if sent_at or not any(declared):
        return sent_at or received_at, ""
    if received_at:
        return received_at, "Its date cannot be; the time of receipt is used."
    return None, "Its date cannot be, and no server tells when it was received."


def _time(value: str) -> datetime | None:
    value = MONTH.sub(lambda match: MONTHS[match.group().lower()], value[:200].strip())
    try:
        parsed = email.utils.parsedate_to_datetime(value)
        if 1990 <= parsed.year <= 2100:
            return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC if value.endswith("-0000") else OSLO)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    return None
