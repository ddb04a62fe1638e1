"""Builds mails and reads language cases for the tests of mail, comments, citations and stance."""

import io
import json
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

import pytest

from innspill.comments import split_comments
from innspill.language.norwegian import Norwegian
from innspill.messages import to_messages
from innspill.reading.mail import Mail, parse_message
from innspill.records import Comment, Message

CASES = Path(__file__).parent / "cases"
MAILBOX = "innspill@etat.example"


@lru_cache(maxsize=1)
def norwegian() -> Norwegian:
    return Norwegian()


def laid(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The folder, with these files in it."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def cases(name: str, group: str = "cases") -> list:
    """The cases of a file as pytest parameters; known failures are marked xfail, so that a mended one is noticed."""
    content = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    good = [pytest.param(case, id=case["label"]) for case in content[group]]
    failing = content["known_failure"] if group in ("cases", "positive") else []
    marks = [
        pytest.param(case, id=case["label"], marks=pytest.mark.xfail(strict=True, reason=case["reason"]))
        for case in failing
    ]
    return good + marks


def fold(text: str) -> str:
    return " ".join(text.split())


def letter(
    body: str = "",
    *,
    html: bool = False,
    sender: str = "Unni Moe <unni@skole.example>",
    subject: str = "Innspill",
    date: str = "Mon, 14 Sep 2026 10:00:00 +0200",
    headers: dict[str, str] | None = None,
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = MAILBOX
    message["Subject"] = subject
    if date:
        message["Date"] = date
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(body, subtype="html" if html else "plain")
    return message


def attach(message: EmailMessage, data: bytes, name: str, kind: str = "application/octet-stream") -> EmailMessage:
    maintype, _, subtype = kind.partition("/")
    message.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
    return message


def read(message: EmailMessage | bytes, label: str = "a.eml") -> Mail:
    data = message if isinstance(message, bytes) else message.as_bytes()
    return parse_message(data, label, mailbox=MAILBOX, sentences=norwegian().sentences)[0]


def notes_of(message: EmailMessage | bytes) -> list[str]:
    data = message if isinstance(message, bytes) else message.as_bytes()
    return [note.text for note in parse_message(data, "a.eml", sentences=norwegian().sentences)[1]]


def to_message(message: EmailMessage | bytes) -> Message:
    return to_messages([read(message)], language=norwegian(), deadline=None)[0]


def comments_of(message: EmailMessage | bytes) -> tuple[Comment, ...]:
    return split_comments([to_message(message)], language=norwegian())


def texts(message: EmailMessage | bytes) -> list[str]:
    return [fold(comment.text) for comment in comments_of(message)]


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def docx(*blocks: str | list[list[str]]) -> bytes:
    """A Word document: «# …» is a heading, «- …» a list point, a list of rows a table, all else a paragraph."""
    from docx import Document

    document = Document()
    for block in blocks:
        if isinstance(block, list):
            table = document.add_table(rows=len(block), cols=len(block[0]))
            for row, values in zip(table.rows, block, strict=True):
                for cell, value in zip(row.cells, values, strict=True):
                    cell.text = value
        elif block.startswith("# "):
            document.add_heading(block[2:], level=1)
        elif block.startswith("- "):
            document.add_paragraph(block[2:], style="List Bullet")
        else:
            document.add_paragraph(block)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def xlsx(*sheets: list[list[object]], notes: dict[str, str] | None = None) -> bytes:
    from openpyxl import Workbook
    from openpyxl.comments import Comment as CellNote

    workbook = Workbook()
    workbook.remove(workbook.active)
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    for place, text in (notes or {}).items():
        workbook.worksheets[0][place].comment = CellNote(text, "Unni Moe")
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
