"""Whole messages: headers, bodies and attachments, as .eml files and one .mbox."""

import html
import re
from collections.abc import Mapping, Sequence
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path

from .attachments import make_docx, make_letters, make_xlsx
from .bodies import make_bodies
from .consultation import LOCALES, Consultation
from .errors import Errors
from .layout import squeeze
from .mails import Mail

AGENTS = {
    "outlook-reply": ("X-Mailer", "Microsoft Outlook 16.0"),
    "html": ("X-Mailer", "Microsoft Outlook 16.0"),
    "apple-reply": ("X-Mailer", "Apple Mail (2.3776.700.51)"),
    "iphone": ("X-Mailer", "iPhone Mail (22A3354)"),
    "thunderbird-inline": ("User-Agent", "Mozilla Thunderbird"),
}
OFFICE = "vnd.openxmlformats-officedocument"
SUBTYPES = {"docx": f"{OFFICE}.wordprocessingml.document", "xlsx": f"{OFFICE}.spreadsheetml.sheet", "pdf": "pdf"}


def write_mails(mails: Sequence[Mail], folder: Path, consultation: Consultation, errors: Errors) -> None:
    """Write all messages; mails of earlier runs are removed."""
    folder.mkdir(exist_ok=True)
    for old in [*folder.glob("*.eml"), *folder.glob("*.mbox")]:
        old.unlink()
    letters = make_letters(mails, consultation.made)
    entries: dict[str, bytes] = {}
    for mail in mails:
        message = make_message(mail, letters, consultation)
        check_message(message, mail, errors)
        if "#" in mail.file:
            entries[mail.file] = mbox_entry(message, mail)
        else:
            (folder / Path(mail.file).name).write_bytes(message.as_bytes())
    if entries:
        (folder / "innboks-arkiv.mbox").write_bytes(b"".join(entries.values()))


def make_message(mail: Mail, letters: Mapping[tuple[str, str], bytes], consultation: Consultation) -> EmailMessage:
    """Return the whole message."""
    header = mail.header
    name, address = parseaddr(header["from"])
    domain = address.rpartition("@")[2]
    message = EmailMessage(policy=policy.SMTP)
    message["Date"] = format_datetime(mail.date)
    message["From"] = header["from"]
    message["To"] = f"{consultation.sender} <{consultation.mailbox}>"
    message["Subject"] = header["subject"]
    message["Message-ID"] = f"<{mail.date:%Y%m%d%H%M}.{mail.number:03d}@{domain}>"
    if header["shape"].endswith(("-reply", "-inline")) or mail.reply:
        message["In-Reply-To"] = consultation.invitation_id
        message["References"] = consultation.invitation_id
    if agent := AGENTS.get(header["shape"]):
        message[agent[0]] = agent[1]
    if header["kind"] == "autoreply" and header.get("bare") != "true":
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = LOCALES[mail.language]
    set_bodies(message, mail, *make_bodies(mail, f"{name} <{address}>", consultation))
    for file_name, text in mail.attachments.items():
        attach(message, file_name, attachment(file_name, text, mail, letters, consultation))
    for part in list(message.walk())[1:]:
        del part["MIME-Version"]
    for index, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"----=_Part_{mail.number:03d}_{index}_{mail.date:%Y%m%d%H%M}")
    return message


def charset_for(mail: Mail, text: str) -> tuple[str, str]:
    """Return the charset and the transfer encoding: several are in use, by the message's number and shape."""
    shape = mail.header["shape"]
    if shape == "thunderbird-inline":
        return "utf-8", "8bit"
    wanted = ("utf-8", "quoted-printable")
    if shape in ("plain", "docx", "xlsx", "pdf", "html", "outlook-reply", "forwarded"):
        wanted = {
            0: ("iso-8859-1", "quoted-printable"),
            1: ("windows-1252", "quoted-printable"),
            2: ("utf-8", "base64"),
        }.get(mail.number % 5, wanted)
    for charset in (wanted[0], "windows-1252"):
        try:
            text.encode(charset)
            return charset, wanted[1]
        except UnicodeEncodeError:
            continue
    return "utf-8", "quoted-printable"


def set_bodies(message: EmailMessage, mail: Mail, plain: str | None, page: str | None) -> None:
    """Set the message's text as plain, HTML or both."""
    charset, cte = charset_for(mail, (plain or "") + (page or ""))
    if page is not None:
        page = page.replace("{{charset}}", charset)
    if plain is not None:
        message.set_content(plain.rstrip("\n") + "\n", charset=charset, cte=cte)
        if mail.header["shape"] == "thunderbird-inline":
            message.set_param("format", "flowed")
        if page is not None:
            message.add_alternative(page, subtype="html", charset=charset, cte=cte)
    elif page is not None:
        message.set_content(page, subtype="html", charset=charset, cte=cte)


def attachment(
    name: str, text: str, mail: Mail, letters: Mapping[tuple[str, str], bytes], consultation: Consultation
) -> bytes | str:
    """Return an attachment as its file's bytes; text of other kinds as it is."""
    match name.rpartition(".")[2].lower():
        case "docx":
            return make_docx(text, mail, consultation)
        case "xlsx":
            return make_xlsx(text, mail, consultation)
        case "pdf":
            return letters[mail.slug, name]
        case _:
            return text


def attach(message: EmailMessage, name: str, content: bytes | str) -> None:
    """Add an attachment."""
    if isinstance(content, str):
        message.add_attachment(content, filename=name)
        return
    subtype = SUBTYPES[name.rpartition(".")[2].lower()]
    message.add_attachment(content, maintype="application", subtype=subtype, filename=name)


def mbox_entry(message: EmailMessage, mail: Mail) -> bytes:
    """Return the message as an entry of an mbox file (mboxrd)."""
    data = message.as_bytes(policy=policy.SMTP.clone(linesep="\n"))
    data = re.sub(rb"^(>*From )", rb">\1", data, flags=re.MULTILINE)
    address = parseaddr(mail.header["from"])[1]
    return f"From {address} {mail.date:%a %b %e %H:%M:%S %Y}\n".encode() + data.rstrip(b"\n") + b"\n\n"


def check_message(message: EmailMessage, mail: Mail, errors: Errors) -> None:
    """Check that each comment of the body is found again in the finished message."""
    texts = []
    for part in message.walk():
        if part.get_content_maintype() == "text" and not part.is_attachment():
            content = part.get_content()
            if part.get_content_subtype() == "html":
                content = html.unescape(
                    re.sub(r"<[^>]*>", lambda tag: "" if tag[0].startswith(("<a ", "</a")) else " ", content)
                )
            texts.append(squeeze(content))
    for comment in mail.comments:
        needle = squeeze(re.sub(r"(^|\n)(- |\d+\. )", r"\1", comment.quote))
        if comment.part == "body" and not all(needle in text for text in texts):
            errors.note(mail.slug, f"comment not found as it stands in the message: «{comment.quote[:60]}»")
