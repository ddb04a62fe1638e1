"""The Outlook files of tests/outlook, their truth, and what a message says, for the tests of both formats."""

import email.message
import email.policy
import email.utils
import json
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

from innspill.reading.mailbox.mapi import OMISSION

FOLDER = Path(__file__).parent / "outlook"
TRUTH: dict[str, dict[str, Any]] = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
HEADERS = (
    "From", "Sender", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "Importance", "Auto-Submitted",
    "X-Auto-Response-Suppress", "X-Outlook-Item-Class",
)  # fmt: skip


def said(message: email.message.Message) -> dict[str, Any]:
    """What a message says, in the form of the truth; read back from its bytes, as others will read it."""
    return _said(email.message_from_bytes(message.as_bytes()))


def _said(message: email.message.Message) -> dict[str, Any]:
    found: dict[str, Any] = {name.lower(): _header(message, name) for name in HEADERS}
    if found["date"]:
        found["date"] = email.utils.parsedate_to_datetime(found["date"]).isoformat()
    found["omissions"] = [_unfolded(value) for value in message.get_all(OMISSION, [])]
    found["attachments"] = []
    _parts(message, found)
    return {name: value for name, value in found.items() if value}


def _parts(part: email.message.Message, found: dict[str, Any]) -> None:
    if part.get_content_maintype() == "multipart":
        for inner in part.get_payload():
            _parts(inner, found)
    elif part.get_content_disposition() is None and part.get_content_maintype() == "text":
        data = part.get_payload(decode=True)
        charset = part.get_content_charset() or "cp1252"
        found[part.get_content_subtype()] = data.decode(charset).replace("\r\n", "\n").rstrip("\n")
    else:
        found["attachments"].append(_attachment(part))


def _attachment(part: email.message.Message) -> dict[str, Any]:
    if part.get_content_type() == "message/rfc822":
        return {"name": part.get_filename(), "message": _said(part.get_payload(0))}
    shown: dict[str, Any] = {"name": part.get_filename(), "type": part.get_content_type()}
    shown["n_bytes"] = len(part.get_payload(decode=True))
    if part.get_content_disposition() == "inline":
        shown["inline"] = part["Content-ID"]
    if part[OMISSION]:
        shown["omission"] = _unfolded(part[OMISSION])
    return shown


def _header(message: email.message.Message, name: str) -> str:
    return str(make_header(decode_header(message.get(name, "").replace("\n", "")))).replace(" ,", ",")


def _unfolded(value: str) -> str:
    return " ".join(str(make_header(decode_header(value.replace("\n", "")))).split())


def assert_says(message: email.message.Message, truth: dict[str, Any]) -> None:
    """What the message says is the truth, with the HTML told by what stands in it."""
    found = said(message)
    html = found.pop("html", "")
    expected = dict(truth)
    for fragment in expected.pop("html", ["" if not html else "no HTML was expected"]):
        assert fragment in html
    assert found == expected
