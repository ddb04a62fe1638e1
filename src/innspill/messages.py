"""Mails -> messages: what kind each is, who it speaks for, whether it came in time. Every mail becomes one message."""

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date, datetime, time

from innspill.citations import find_citations
from innspill.config import OSLO
from innspill.language.norwegian import Language
from innspill.reading.authorship import kind_patterns
from innspill.reading.authorship.organisations import Sender, find_sender, shared_domains, spelt_alike
from innspill.reading.authorship.quoting import is_sign_up
from innspill.reading.mail import BODY, Mail
from innspill.reading.mailbox.automatic import REPORT_KINDS
from innspill.records import Message, MessageKind, Note, Part
from innspill.repeats import SAID, mark_repeated, own_text, text_of

__all__ = ["SAID", "notes_on", "own_text", "to_messages"]

STAGE = "mail"
# An automatic answer is short; a letter that mentions somebody's holiday is not.
MAX_AUTOREPLY_WORDS = 130
MAX_ENQUIRY_WORDS = 110
# What somebody writes beside «Godtatt: …», in a mail that tries whether mail arrives, and before «se vedlegg».
MAX_RECEIPT_WORDS, MAX_TEST_WORDS, MAX_COVER_WORDS = 20, 12, 40
MAX_LETTERHEAD_LINES = 3
MIN_SPAM_CUES = 2
MIN_FORM_LINES = 2
# What kind a message is, and who sends it, is told in its first so many characters.
MAX_READ = 20_000
NEED_WORDS = re.compile(
    r"\b(?:savner|saknar|mangler|manglar|bør|må|burde|trenger|treng|behov|uklart?|foreslår|foreslag|støtter|støttar"
    r"|enig|samd|missing|should|needs?)\b",
    re.IGNORECASE,
)


def to_messages(
    mails: Sequence[Mail], *, language: Language, deadline: datetime | date | None, mailbox: str = ""
) -> tuple[Message, ...]:
    """One message for each mail, in the same order; ids run M001, M002 and so on.

    Args:
        mails: As read.
        language: Tells in which language each is written.
        deadline: A message sent after it is late. One without an offset is meant in Oslo's time, summer or winter; a
            date runs to the end of that day.
        mailbox: The consultation's own address: what it sent itself is nobody's feedback.
    """
    width = max(3, len(str(len(mails))))
    messages = [
        _message(mail, f"M{number:0{width}d}", language, deadline, mailbox)
        for number, mail in enumerate(mails, start=1)
    ]
    return tuple(mark_repeated(_with_senders(messages)))


def notes_on(messages: Sequence[Message], *, deadline: datetime | date | None) -> tuple[Note, ...]:
    """What a reader should look after: mails that point to an attachment that they lack, and mails without a date."""
    notes = []
    for message in messages:
        if message.kind == "empty" and kind_patterns.SEE_ATTACHED.search(own_text(message)):
            text = "The message points to an attachment, but brings none. Ask the sender for it."
            notes.append(Note("warning", STAGE, message.file, text))
        if message.sent_at is None and deadline is not None and message.kind in ("feedback", "campaign"):
            text = "The message has no date, so it is counted as in time. Look when it was received."
            notes.append(Note("info", STAGE, message.file, text))
    return tuple(notes)


def _message(
    mail: Mail, message_id: str, language: Language, deadline: datetime | date | None, mailbox: str
) -> Message:
    said = text_of(mail.parts, SAID)
    return Message(
        message_id=message_id,
        file=mail.file,
        rfc_message_id=mail.rfc_message_id,
        sent_at=mail.sent_at,
        sender_name=mail.sender_name,
        sender_email=mail.sender_email,
        organisation="",
        organisation_type="ukjent",
        subject=mail.subject,
        language=language.identify(said) if said.strip() else "",
        kind=_kind(mail, said[:MAX_READ], mailbox),
        duplicate_of="",
        late=_is_late(mail.sent_at, deadline),
        interest=_asks_to_take_part(said),
        n_attachments=mail.n_attachments,
        parts=mail.parts,
        received=mail.received,
    )


def _with_senders(messages: Sequence[Message]) -> list[Message]:
    """Whom each speaks for, spelt in one way through the mailbox."""
    addresses = [message.sender_email for message in messages]
    senders = [_sender_of(message, frozenset()) for message in messages]
    providers = shared_domains(senders, addresses)
    senders = [
        _sender_of(message, providers)
        if sender.organisation_type == "ukjent" and message.sender_email.rpartition("@")[2] in providers
        else sender
        for message, sender in zip(messages, senders, strict=True)
    ]
    alike = spelt_alike(senders, addresses)
    return [
        replace(message, organisation=sender.organisation, organisation_type=sender.organisation_type)
        for message, sender in zip(messages, alike, strict=True)
    ]


def _sender_of(message: Message, providers: Set[str]) -> Sender:
    if kind_patterns.BOUNCE_SENDER.match(message.sender_email):
        return Sender("", "ukjent")
    return find_sender(
        f"{text_of(message.parts, {'signature'})}\n{_letterhead(message.parts)}"[:MAX_READ],
        message.sender_name,
        message.sender_email,
        f"{message.subject}\n{text_of(message.parts, {'own'})}"[:MAX_READ],
        providers=providers,
    )


def _asks_to_take_part(said: str) -> bool:
    return any(is_sign_up(sentence) for sentence in re.split(r"(?<=[.!?])\s+|\n\s*\n", said))


def _letterhead(parts: Sequence[Part]) -> str:
    """The first lines of attached letters, where organisations print their name."""
    lines = [
        line for part in parts if part.name != BODY for line in part.text.strip().split("\n")[:MAX_LETTERHEAD_LINES]
    ]
    return "\n".join(lines)


def _is_late(sent_at: datetime | None, deadline: datetime | date | None) -> bool:
    if sent_at is None or deadline is None:
        return False
    if not isinstance(deadline, datetime):
        deadline = datetime.combine(deadline, time.max)
    return sent_at > (deadline if deadline.tzinfo else deadline.replace(tzinfo=OSLO))


# Kinds ---------------------------------------------------------------------------------------------------------------


def _kind(mail: Mail, said: str, mailbox: str) -> MessageKind:
    """Headers first, then words. What is in doubt is feedback: it is better read once too often."""
    own = text_of(mail.parts, {"own"})[:MAX_READ]
    cites = any(citation.kind in ("line", "page_line", "section", "table") for citation in find_citations(own))
    is_spam = not cites and not kind_patterns.AUTOREPLY_SUBJECT.search(mail.subject) and _is_spam(mail, said)
    if not is_spam and _is_automatic(mail, said, own, cites=cites):
        return "autoreply"
    if not said.strip() and not mail.n_attachments:
        return "empty"
    if not cites and (_is_own_invitation(mail, said, mailbox) or _says_nothing(mail, said, own)):
        return "empty"
    if is_spam:
        return "spam"
    has_attachment_text = any(part.name != BODY for part in mail.parts)
    if not cites and not has_attachment_text and _is_enquiry(said, own):
        return "enquiry"
    return "feedback"


def _is_automatic(mail: Mail, said: str, own: str, *, cites: bool) -> bool:
    """Whether a program wrote the message: a notice of absence, a receipt, a bounce, an answer to a meeting."""
    n_words = len(said.split())
    if any(piece.content_type in REPORT_KINDS for piece in mail.received):
        return True
    if kind_patterns.BOUNCE_SENDER.match(mail.sender_email) and (mail.automatic or not cites):
        return True
    if mail.automatic and not _is_filled_form(own, cites=cites):
        return True
    if cites:
        return False
    if kind_patterns.BOUNCE_SUBJECT.search(mail.subject):
        return True
    receipt = kind_patterns.RECEIPT_SUBJECT.search(mail.subject) or kind_patterns.CALENDAR_SUBJECT.search(mail.subject)
    if receipt and len(own.split()) <= MAX_RECEIPT_WORDS and not NEED_WORDS.search(own):
        return True
    by_words = kind_patterns.AUTOREPLY_SUBJECT.search(mail.subject) or (
        kind_patterns.AUTOREPLY_TEXT.search(said) and not NEED_WORDS.search(own)
    )
    return bool(by_words) and n_words <= MAX_AUTOREPLY_WORDS


def _is_filled_form(own: str, *, cites: bool) -> bool:
    """Whether the text is what somebody wrote into a web form, which passes it on as ``auto-generated``."""
    says = cites or NEED_WORDS.search(own)
    return bool(says) and len(kind_patterns.FORM_LINE.findall(own)) >= MIN_FORM_LINES


def _is_own_invitation(mail: Mail, said: str, mailbox: str) -> bool:
    """Whether the asker's own invitation came back to its mailbox; what a colleague there forwards is none."""
    same_domain = bool(mailbox) and mail.sender_email.rpartition("@")[2] == mailbox.lower().rpartition("@")[2]
    return same_domain and bool(kind_patterns.INVITATION.search(said))


def _says_nothing(mail: Mail, said: str, own: str) -> bool:
    """Whether a mail only greets, thanks, tries the address, or points to an attachment that it does not bring."""
    if mail.n_attachments or _asks_to_take_part(said) or kind_patterns.NO_REMARKS.search(said) or "?" in said:
        return False
    if kind_patterns.TEST_MAIL.match(own) or (
        kind_patterns.TEST_MAIL.match(mail.subject) and not NEED_WORDS.search(own)
    ):
        return len(own.split()) <= MAX_TEST_WORDS
    only_cover = kind_patterns.SEE_ATTACHED.search(said) and len(said.split()) <= MAX_COVER_WORDS
    return not own.strip() or bool(only_cover and not NEED_WORDS.search(own))


def _is_spam(mail: Mail, said: str) -> bool:
    text = f"{mail.subject}\n{said}"
    about = len(kind_patterns.CONSULTATION_WORDS.findall(text))
    cues = {match.lower() for match in kind_patterns.SPAM.findall(text)}
    return (len(cues) >= MIN_SPAM_CUES and about <= 1) or (bool(kind_patterns.HARD_SPAM.search(text)) and not about)


def _is_enquiry(said: str, own: str) -> bool:
    """Whether a short mail only asks about the consultation itself (deadline, appendix, how to answer)."""
    if len(said.split()) > MAX_ENQUIRY_WORDS or "?" not in said:
        return False
    sentences = re.split(r"(?<=[.!?])(?<!\d\.)\s+", " ".join(own.split()))
    questions = [sentence for sentence in sentences if sentence.endswith("?")]
    about_process = [sentence for sentence in questions if kind_patterns.ENQUIRY.search(sentence)]
    claims = [
        sentence
        for sentence in sentences
        if not sentence.endswith("?") and NEED_WORDS.search(sentence) and not kind_patterns.ENQUIRY.search(sentence)
    ]
    return bool(about_process) and len(claims) <= 1 and len(questions) >= len(claims)
