"""`source/mail/*.txt`: messages with their comments marked."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from .citations import Citations
from .consultation import OSLO
from .errors import Errors
from .report import fold

KINDS = ("feedback", "campaign", "duplicate", "autoreply", "enquiry", "spam", "empty")
SHAPES = (
    "plain",
    "html",
    "outlook-reply",
    "gmail-reply",
    "apple-reply",
    "iphone",
    "thunderbird-inline",
    "forwarded",
    "docx",
    "xlsx",
    "pdf",
)
STANCES = (
    "need",
    "clarification",
    "support",
    "disagreement",
    "suggestion",
    "question",
    "correction",
    "praise",
    "other",
)
CITES = ("line", "page_line", "section", "table", "quote", "wrong", "none")
TYPES = (
    "helseforetak",
    "kommune",
    "fylkeskommune",
    "statlig",
    "akademia",
    "næringsliv",
    "interesseorganisasjon",
    "pasientorganisasjon",
    "fagforening",
    "privatperson",
    "ukjent",
)
HEADER_KEYS = {
    "from",
    "organisation",
    "organisation_type",
    "date",
    "subject",
    "kind",
    "shape",
    "split",
    "language",
    "interest",
    "duplicate_of",
    "mbox",
    "bare",
}
COMMENT = re.compile(r"\{\{c\s+([^{}]*)\}\}(.*?)\{\{/c\}\}", re.DOTALL)
ATTACHMENT = re.compile(r"^=== attachment (\S.*?)\s*$", re.MULTILINE)
FORWARDED = re.compile(r"^=== forwarded from: (.+?), ?(\d{4}-\d\d-\d\d \d\d:\d\d)\s*$", re.MULTILINE)


@dataclass
class Comment:
    """A marked comment.

    Attributes:
        part: «body», or the name of the attachment.
        attributes: As written in its mark.
        raw: Its text in the source, with placeholders.
        quote: Its text as sent, whitespace folded.
        context: What says which lines it cites: its text, and in a form the other cells of its row with their headings.
        above: The part's source text before it.
    """

    part: str
    attributes: dict[str, str]
    raw: str
    quote: str
    context: str
    above: str

    @property
    def at(self) -> list[str]:
        """The places the comment concerns."""
        return [place for place in self.attributes.get("at", "").split(",") if place]


@dataclass
class Mail:
    """A message's source: header, body text as sent, attachments by name, and its comments."""

    slug: str
    header: dict[str, str]
    body: str
    attachments: dict[str, str]
    comments: list[Comment]
    file: str = ""
    duplicate: bool = False

    @property
    def number(self) -> int:
        """The number at the front of the file's name."""
        return int(self.slug.split("-")[0])

    @property
    def date(self) -> datetime:
        """When the message was sent."""
        return datetime.strptime(self.header["date"], "%Y-%m-%d %H:%M").replace(tzinfo=OSLO)

    @property
    def language(self) -> str:
        """The language of the message."""
        return self.header["language"]

    @property
    def reply(self) -> bool:
        """Whether the subject says that the message is a reply."""
        return bool(re.match(r"(re|sv|vs|aw)\s*:", self.header["subject"], re.IGNORECASE))


def take_comments(raw: str, part: str, mail: Mail, citations: Citations, errors: Errors) -> str:
    """Return one part's text without markup, and add its comments to the mail."""
    in_form = part.endswith(".xlsx")
    for match in COMMENT.finditer(raw):
        attributes = dict(pair.split("=", 1) for pair in match[1].split() if "=" in pair)
        if bad := [pair for pair in match[1].split() if "=" not in pair]:
            errors.error(mail.slug, f"comment attributes without «=»: {bad}")
        quote = fold(citations.fill(match[2], mail.slug))
        context = form_row(raw, match.start()) if in_form else match[2]
        citations.check(context, f"{mail.slug}: «{quote[:50]}»")
        mail.comments.append(
            Comment(part, attributes, match[2], quote.strip("| ") if in_form else quote, context, raw[: match.start()])
        )
    clean = citations.fill(COMMENT.sub(r"\2", raw), mail.slug)
    if left := re.search(r"\{\{|\}\}", clean):
        errors.error(mail.slug, f"unclosed or nested markup near «{fold(clean[left.start() : left.start() + 60])}»")
    return clean.strip("\n")


def form_row(raw: str, at: int) -> str:
    """Return the row of a form that holds the position, each cell with the heading of its column before it."""
    rows = [line for line in raw.splitlines() if line.strip().startswith("|")]
    start = raw.rfind("\n", 0, at) + 1
    row = raw[start:].partition("\n")[0]
    headings, cells = (COMMENT.sub(r"\2", line).strip().strip("|").split("|") for line in (rows[0], row))
    return "\n".join(f"{heading.strip()} {cell.strip()}" for heading, cell in zip(headings, cells, strict=False))


def read_mails(folder: Path, citations: Citations, errors: Errors) -> list[Mail]:
    """Read all messages, make the duplicates from those they re-send, and give each its file."""
    mails = [read_mail(path, citations, errors) for path in sorted(folder.glob("*.txt"))]
    by_slug = {mail.slug: mail for mail in mails}
    for mail in mails:
        if mail.header["kind"] != "duplicate":
            continue
        original = by_slug.get(mail.header.get("duplicate_of", ""))
        if original is None:
            errors.error(mail.slug, f"duplicate of an unknown message «{mail.header.get('duplicate_of')}»")
            continue
        mail.body, mail.attachments, mail.duplicate = original.body, original.attachments, True
        mail.header["shape"] = original.header["shape"]
        if not mail.header["subject"].lower().startswith("sender på nytt"):
            mail.header["subject"] = f"Sender på nytt: {original.header['subject']}"
    boxed = [mail for mail in mails if mail.header.get("mbox") == "true"]
    if len(boxed) < 4:
        boxed = [mail for mail in mails if mail.header["kind"] == "feedback"][-5:]
    for mail in mails:
        mail.file = f"mail/{mail.slug}.eml"
    for index, mail in enumerate(boxed, 1):
        mail.file = f"mail/innboks-arkiv.mbox#{index}"
    return mails


def read_mail(path: Path, citations: Citations, errors: Errors) -> Mail:
    """Read one message's source."""
    head, _, rest = path.read_text(encoding="utf-8").replace("\r\n", "\n").partition("\n---")
    header = {
        key.strip(): value.strip()
        for key, _, value in (line.partition(":") for line in head.splitlines() if line.strip())
    }
    mail = Mail(path.stem, header, "", {}, [])
    pieces = ATTACHMENT.split(rest.lstrip("-"))
    mail.body = take_comments(pieces[0], "body", mail, citations, errors)
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        mail.attachments[name] = take_comments(text, name, mail, citations, errors)
    check_header(mail, errors)
    return mail


def check_header(mail: Mail, errors: Errors) -> None:
    """Check the header's keys and values."""
    header = mail.header
    if missing := {"from", "date", "subject", "kind", "shape", "split", "language"} - set(header):
        raise SystemExit(f"{mail.slug}: missing header lines {sorted(missing)}")
    if unknown := set(header) - HEADER_KEYS:
        errors.error(mail.slug, f"unknown header lines {sorted(unknown)}")
    header.setdefault("organisation", "")
    header["organisation_type"] = header.get("organisation_type") or "ukjent"
    for key, values in (
        ("kind", KINDS),
        ("shape", SHAPES),
        ("split", ("tune", "test")),
        ("language", ("nb", "nn", "en")),
        ("organisation_type", TYPES),
        ("interest", ("true", "false")),
    ):
        if header.get(key, "false") not in values:
            errors.error(mail.slug, f"unknown {key} «{header.get(key)}»")
    name, address = parseaddr(header["from"])
    if not name or not address:
        errors.error(mail.slug, f"the sender is not «Name <address>»: {header['from']}")
    shape = header["shape"]
    if shape in ("docx", "xlsx", "pdf") and not any(key.endswith(f".{shape}") for key in mail.attachments):
        errors.error(mail.slug, f"shape {shape} without an attachment .{shape}")
    if shape == "forwarded" and not FORWARDED.search(mail.body):
        errors.error(mail.slug, "shape forwarded without a line «=== forwarded from: Name <mail>, date»")
    if left := re.search(r"^===.*", FORWARDED.sub("", mail.body), re.MULTILINE):
        errors.error(mail.slug, f"line not understood: {left[0]}")
