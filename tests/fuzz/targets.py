"""What is fuzzed: each target takes bytes, reads them as a mail or an attachment, and checks what must hold whatever
they are. `run.py` drives them by coverage; `tests/test_fuzz.py` runs the cases that were once found.
"""

import io
import zipfile
from collections.abc import Callable
from email.message import Message
from functools import lru_cache

from innspill.reading.documents.attachments import read_attachment
from innspill.reading.documents.builder import AttachmentText, UnreadableAttachment
from innspill.reading.documents.html import html_to_text
from innspill.reading.mail import parse_message
from innspill.records import Part, Span

# Parts a and b of an input that is written into two members of an archive.
BETWEEN = b"\x00--\x00"


def mail(data: bytes) -> None:
    """A message: it is always there, its segments cover its text, and each part is listed as read."""
    read, notes = parse_message(data, "a.eml", mailbox="innspill@etat.example")
    for part in read.parts:
        check_part(part)
    assert {part.name for part in read.parts} <= {piece.name for piece in read.received if piece.status == "read"}
    assert all(note.text for note in notes)


def docx(data: bytes) -> None:
    """The body and the comments of a Word document."""
    body, _, comments = data.partition(BETWEEN)
    check_attachment("a.docx", archive(word_members(), {"word/document.xml": body, "word/comments.xml": comments}))


def xlsx(data: bytes) -> None:
    """A sheet and the shared strings of a workbook."""
    sheet, _, strings = data.partition(BETWEEN)
    check_attachment(
        "a.xlsx", archive(workbook_members(), {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings})
    )


def odt(data: bytes) -> None:
    """The content of an OpenDocument text."""
    members = {"mimetype": b"application/vnd.oasis.opendocument.text"}
    check_attachment("a.odt", archive(members, {"content.xml": data}))


def attachment(data: bytes) -> None:
    """Any bytes at all, as what they look like."""
    for name in ("a.docx", "a.rtf", "a.csv", "a.bin"):
        check_attachment(name, data)


def html(data: bytes) -> None:
    """The HTML of a mail."""
    read = html_to_text(data.decode("utf-8", "replace"))
    for span in [*read.quoted, *(cell.span for cell in read.cells)]:
        assert 0 <= span.start <= span.end <= len(read.text)


def rtf(data: bytes) -> None:
    """Rich text, as it is and as Outlook packs HTML in it."""
    from innspill.reading.documents.rtf import decompress_rtf, html_in_rtf, rtf_to_text

    for read in (rtf_to_text, html_in_rtf, decompress_rtf):
        _or_refused(lambda read=read: read(data))  # type: ignore[misc]


def msg(data: bytes) -> None:
    """Outlook's own files."""
    from innspill.reading.mailbox.outlook import read_msg

    message = _or_refused(lambda: read_msg(data))
    assert message is None or isinstance(message, Message)


def tnef(data: bytes) -> None:
    """winmail.dat."""
    from innspill.reading.mailbox.tnef import read_tnef

    message = _or_refused(lambda: read_tnef(data))
    assert message is None or isinstance(message, Message)


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (mail, docx, xlsx, odt, attachment, html, rtf, msg, tnef)
}


def check_attachment(name: str, data: bytes) -> None:
    """Read an attachment; it may be refused with a sentence, and its spans lie in its text."""
    read = _or_refused(lambda: read_attachment(name, data, ""))
    if not isinstance(read, AttachmentText):
        return
    spans: list[Span] = [cell.span for cell in read.cells]
    spans += [span for remark in read.remarks for span in (remark.span, remark.anchor)]
    spans += read.deleted
    assert all(0 <= span.start <= span.end <= len(read.text) for span in spans)


def check_part(part: Part) -> None:
    """The segments of a part cover its text, in order."""
    position = 0
    for segment in part.segments:
        assert segment.span.start == position <= segment.span.end
        position = segment.span.end
    assert position == len(part.text)
    assert "\r" not in part.text
    assert not any(0xD800 <= ord(letter) <= 0xDFFF for letter in part.text)


def _or_refused(read: Callable[[], object]) -> object:
    try:
        return read()
    except UnreadableAttachment as error:
        assert str(error)
        return None


def archive(members: dict[str, bytes], changed: dict[str, bytes]) -> bytes:
    """A zip archive of `members`, with those of `changed` that are not empty in the place of theirs."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, content in {**members, **{name: data for name, data in changed.items() if data}}.items():
            opened.writestr(name, content)
    return packed.getvalue()


@lru_cache(maxsize=1)
def word_members() -> dict[str, bytes]:
    """The members of a Word document with a list, a table and a comment."""
    from docx import Document

    document = Document()
    document.add_heading("Innspill til kapittel 3", 1)
    run = document.add_paragraph("Vi savner noe om beredskap, se linje 45.").runs[0]
    document.add_comment(run, text="Gjelder også linje 50.", author="Kari Moe", initials="KM")
    document.add_paragraph("Behov for veiledning", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Linje", "Kommentar", "12", "Bør gjøres tydeligere"), strict=True):
        cell.text = text
    return members(lambda stream: document.save(stream))


@lru_cache(maxsize=1)
def workbook_members() -> dict[str, bytes]:
    """The members of a workbook with a comment form."""
    from openpyxl import Workbook

    workbook = Workbook()
    for row in (
        ("Linje", "Kommentar", "Forslag"),
        (12, "Uklart hva som menes", "Skriv «må»"),
        ("14–16", "Støttes", None),
    ):
        workbook.worksheets[0].append(row)
    return members(lambda stream: workbook.save(stream))


def members(save: Callable[[io.BytesIO], object]) -> dict[str, bytes]:
    """The members of an archive that `save` writes, by name."""
    stream = io.BytesIO()
    save(stream)
    with zipfile.ZipFile(stream) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
