"""Messages below the sender's own text: header blocks and lines above quotations, as mail programs write them."""

import re
from dataclasses import dataclass
from datetime import datetime

from .consultation import Consultation

DAYS = {
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "nn": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "nb": (
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
MONTHS["nn"] = MONTHS["nb"]
LABELS = {
    "nb": ("Fra", "Sendt", "Til", "Emne"),
    "nn": ("Frå", "Sendt", "Til", "Emne"),
    "en": ("From", "Sent", "To", "Subject"),
}
IPHONE = {"nb": "Sendt fra min iPhone", "nn": "Sendt frå iPhonen min", "en": "Sent from my iPhone"}


@dataclass
class Quoted:
    """A message that is quoted or forwarded below the sender's own text."""

    name: str
    address: str
    date: datetime
    to: str
    subject: str
    text: str


def invitation(consultation: Consultation, to: str) -> Quoted:
    """Return the invitation as the quoted message."""
    return Quoted(
        consultation.sender,
        consultation.mailbox,
        consultation.invited,
        to,
        consultation.invitation_subject,
        consultation.invitation,
    )


def long_date(date: datetime, language: str) -> str:
    """Return a date as Outlook writes it in a header block."""
    day, month = DAYS[language][date.weekday()], MONTHS[language][date.month - 1]
    if language == "en":
        half = "AM" if date.hour < 12 else "PM"
        return f"{day}, {month} {date.day}, {date.year} {date.hour % 12 or 12}:{date:%M} {half}"
    return f"{day} {date.day}. {month} {date.year} {date:%H:%M}"


def short_month(date: datetime, language: str) -> str:
    """Return the short name of the month."""
    month = MONTHS[language][date.month - 1]
    return month[:3] if language == "en" else (month if len(month) < 5 else f"{month[:3]}.")


def header_block(quoted: Quoted, language: str) -> list[tuple[str, str]]:
    """Return the labels and values of Outlook's header block."""
    values = (f"{quoted.name} <{quoted.address}>", long_date(quoted.date, language), quoted.to, quoted.subject)
    return list(zip(LABELS[language], values, strict=True))


def header_block_text(quoted: Quoted, language: str) -> str:
    """Return Outlook's header block in plain text."""
    return "\n".join(f"{label}: {value}" for label, value in header_block(quoted, language))


def gmail_attribution(quoted: Quoted, language: str, address: str) -> str:
    """Return Gmail's line above a quotation."""
    date = quoted.date
    if language == "en":
        return (
            f"On {date:%a}, {short_month(date, language)} {date.day}, {date.year} at "
            f"{date.hour % 12 or 12}:{date:%M} {'AM' if date.hour < 12 else 'PM'} {quoted.name} {address} wrote:"
        )
    wrote = "skreiv" if language == "nn" else "skrev"
    return (
        f"{DAYS[language][date.weekday()][:3]}. {date.day}. {short_month(date, language)} {date.year} "
        f"kl. {date:%H:%M} {wrote} {quoted.name} {address}:"
    )


def gmail_forward_text(quoted: Quoted, language: str) -> str:
    """Return Gmail's block above a forwarded message."""
    label = LABELS[language]
    date = gmail_attribution(quoted, language, "").partition(quoted.name)[0]
    date = re.sub(r" (skrev|skreiv) $", "", date).strip()
    return (
        f"---------- Forwarded message ---------\n{label[0]}: {quoted.name} <{quoted.address}>\nDate: {date}\n"
        f"Subject: {quoted.subject}\nTo: {quoted.to}"
    )


def apple_attribution(quoted: Quoted, language: str, address: str) -> str:
    """Return Apple Mail's line above a quotation."""
    date = quoted.date
    if language == "en":
        return (
            f"On {date.day} {short_month(date, language)} {date.year}, at {date:%H:%M}, {quoted.name} {address} wrote:"
        )
    wrote = "skreiv" if language == "nn" else "skrev"
    return (
        f"Den {date.day}. {short_month(date, language)} {date.year} kl. {date:%H:%M} {wrote} {quoted.name} {address}:"
    )


def thunderbird_attribution(quoted: Quoted, language: str) -> str:
    """Return Thunderbird's line above a quotation."""
    if language == "en":
        return f"On {quoted.date:%d/%m/%Y %H:%M}, {quoted.name} wrote:"
    return f"Den {quoted.date:%d.%m.%Y %H:%M}, {'skreiv' if language == 'nn' else 'skrev'} {quoted.name}:"
