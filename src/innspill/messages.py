"""Mails -> messages: what kind each is, who it speaks for, whether it came in time. Every mail becomes one message."""

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date, datetime, time

from innspill.citations import find_citations
from innspill.config import OSLO
from innspill.language.identification import identify
from innspill.reading import patterns
from innspill.reading.mail import BODY, Mail
from innspill.reading.organisations import find_sender
from innspill.reading.quoting import is_sign_up
from innspill.records import Message, MessageKind, Part

# The segments that hold the sender's words.
SAID = frozenset({"own", "greeting", "courtesy"})
# An automatic answer is short; a letter that mentions somebody's holiday is not.
MAX_AUTOREPLY_WORDS = 130
MAX_ENQUIRY_WORDS = 110
MIN_SPAM_CUES = 2
# Mails whose own words share at least this share of their word triples (Jaccard) say the same.
NEAR_DUPLICATE = 0.6
SAME_TEXT = 0.95
# A mail sent again that has more new word triples than this says something new.
MAX_ADDED, ADDED_SHARE = 6, 0.05
MIN_CAMPAIGN_WORDS = 25
NEED_WORDS = re.compile(
    r"\b(?:savner|saknar|mangler|manglar|bør|må|burde|trenger|treng|behov|uklart?|foreslår|foreslag|støtter|støttar"
    r"|enig|samd|missing|should|needs?)\b",
    re.IGNORECASE,
)


def to_messages(mails: Sequence[Mail], *, deadline: datetime | date | None) -> tuple[Message, ...]:
    """One message for each mail, in the same order; ids run M001, M002 and so on.

    Args:
        mails: As read.
        deadline: A message sent after it is late. One without an offset is meant in Oslo's time, summer or winter; a
            date runs to the end of that day.
    """
    width = max(3, len(str(len(mails))))
    messages = [_message(mail, f"M{number:0{width}d}", deadline) for number, mail in enumerate(mails, start=1)]
    return tuple(_mark_repeated(messages))


def own_text(message: Message) -> str:
    """The sender's own words in all parts, greeting and courtesy included, quoted text and signature not."""
    return _text_of(message.parts, SAID)


def _message(mail: Mail, message_id: str, deadline: datetime | date | None) -> Message:
    said = _text_of(mail.parts, SAID)
    signature = _text_of(mail.parts, {"signature"}) + "\n" + _letterhead(mail.parts)
    sender = find_sender(
        signature, mail.sender_name, mail.sender_email, f"{mail.subject}\n{_text_of(mail.parts, {'own'})}"
    )
    return Message(
        message_id=message_id,
        file=mail.file,
        rfc_message_id=mail.rfc_message_id,
        sent_at=mail.sent_at,
        sender_name=mail.sender_name,
        sender_email=mail.sender_email,
        organisation=sender.organisation,
        organisation_type=sender.organisation_type,
        subject=mail.subject,
        language=identify(said) if said.strip() else "",
        kind=_kind(mail, said),
        duplicate_of="",
        late=_is_late(mail.sent_at, deadline),
        interest=_asks_to_take_part(said),
        n_attachments=mail.n_attachments,
        parts=mail.parts,
    )


def _asks_to_take_part(said: str) -> bool:
    return any(is_sign_up(sentence) for sentence in re.split(r"(?<=[.!?])\s+|\n\s*\n", said))


def _text_of(parts: Sequence[Part], kinds: Set[str]) -> str:
    return "\n".join(segment.span.of(part.text) for part in parts for segment in part.segments if segment.kind in kinds)


def _letterhead(parts: Sequence[Part]) -> str:
    """The first lines of attached letters, where organisations print their name."""
    return "\n".join(line for part in parts if part.name != BODY for line in part.text.strip().split("\n")[:3])


def _is_late(sent_at: datetime | None, deadline: datetime | date | None) -> bool:
    if sent_at is None or deadline is None:
        return False
    if not isinstance(deadline, datetime):
        deadline = datetime.combine(deadline, time.max)
    return sent_at > (deadline if deadline.tzinfo else deadline.replace(tzinfo=OSLO))


def _kind(mail: Mail, said: str) -> MessageKind:
    """Headers first, then words. What is in doubt is feedback: it is better read once too often."""
    words = said.split()
    own = _text_of(mail.parts, {"own"})
    has_attachment_text = any(part.name != BODY for part in mail.parts)
    cites = any(citation.kind in ("line", "page_line", "section", "table") for citation in find_citations(own))
    automatic_words = patterns.AUTOREPLY_SUBJECT.search(mail.subject) or (
        patterns.AUTOREPLY_TEXT.search(said) and not NEED_WORDS.search(own)
    )
    if mail.automatic or (automatic_words and len(words) <= MAX_AUTOREPLY_WORDS and not cites):
        return "autoreply"
    if not words:
        return "empty"
    spam_cues = {match.lower() for match in patterns.SPAM.findall(f"{mail.subject}\n{said}")}
    if len(spam_cues) >= MIN_SPAM_CUES and not cites and len(patterns.CONSULTATION_WORDS.findall(said)) <= 1:
        return "spam"
    if not cites and not has_attachment_text and _is_enquiry(said, own):
        return "enquiry"
    return "feedback"


def _is_enquiry(said: str, own: str) -> bool:
    """Whether a short mail only asks about the consultation itself (deadline, appendix, how to answer)."""
    if len(said.split()) > MAX_ENQUIRY_WORDS or "?" not in said:
        return False
    sentences = re.split(r"(?<=[.!?])(?<!\d\.)\s+", " ".join(own.split()))
    questions = [sentence for sentence in sentences if sentence.endswith("?")]
    about_process = [sentence for sentence in questions if patterns.ENQUIRY.search(sentence)]
    claims = [
        sentence
        for sentence in sentences
        if not sentence.endswith("?") and NEED_WORDS.search(sentence) and not patterns.ENQUIRY.search(sentence)
    ]
    return bool(about_process) and len(claims) <= 1 and len(questions) >= len(claims)


# Repeated mails ------------------------------------------------------------------------------------------------------


def _mark_repeated(messages: Sequence[Message]) -> list[Message]:
    """Mark mails sent twice by one sender as duplicates, and near-identical mails of several senders as a campaign."""
    triples = [_triples(message) if message.kind == "feedback" else frozenset() for message in messages]
    result = list(messages)
    for later in range(len(result)):
        for earlier in range(later):
            if (
                triples[later]
                and result[earlier].kind == "feedback"
                and _is_resent(result[earlier], result[later], triples[earlier], triples[later])
            ):
                # Sent anew with something added: then the first one is the copy, and nothing new is lost.
                added = len(triples[later] - triples[earlier]) > max(MAX_ADDED, ADDED_SHARE * len(triples[earlier]))
                copy, kept = (earlier, later) if added else (later, earlier)
                result[copy] = replace(result[copy], kind="duplicate", duplicate_of=result[kept].message_id)
                break
    return _mark_campaigns(result, triples)


def _triples(message: Message) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", own_text(message).lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False)) or frozenset(
        tuple(words[i : i + 1]) for i in range(len(words))
    )


def _similarity(first: frozenset[tuple[str, ...]], second: frozenset[tuple[str, ...]]) -> float:
    if not first or not second or min(len(first), len(second)) < 0.5 * max(len(first), len(second)):
        return 0.0
    return len(first & second) / len(first | second)


def _is_resent(
    earlier: Message, later: Message, before: frozenset[tuple[str, ...]], after: frozenset[tuple[str, ...]]
) -> bool:
    same_sender = earlier.sender_email == later.sender_email and bool(later.sender_email)
    same_id = bool(later.rfc_message_id) and earlier.rfc_message_id == later.rfc_message_id
    return (same_sender or same_id) and _similarity(before, after) >= (NEAR_DUPLICATE if same_sender else SAME_TEXT)


def _mark_campaigns(messages: list[Message], triples: Sequence[frozenset[tuple[str, ...]]]) -> list[Message]:
    group: dict[int, int] = {}
    candidates = [
        index
        for index, message in enumerate(messages)
        if message.kind == "feedback" and len(own_text(message).split()) >= MIN_CAMPAIGN_WORDS
    ]
    for position, later in enumerate(candidates):
        for earlier in candidates[:position]:
            if (
                messages[earlier].sender_email != messages[later].sender_email
                and _similarity(triples[earlier], triples[later]) >= NEAR_DUPLICATE
            ):
                group[later] = group.setdefault(earlier, earlier)
                break
    names = {root: f"K{number:02d}" for number, root in enumerate(sorted(set(group.values())), start=1)}
    return [
        replace(message, kind="campaign", campaign_id=names[group[index]]) if index in group else message
        for index, message in enumerate(messages)
    ]
