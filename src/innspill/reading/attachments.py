"""Attachments that hold comments: Word documents, comment forms in Excel or CSV, PDF letters, plain text.

Attachments are hostile input: archives are bounded before they are opened, formulas are read as their stored values,
and no external reference is followed.
"""

from pathlib import Path

from innspill.reading.charsets import decode, normalise_text
from innspill.reading.documents import MAX_ATTACHMENT, AttachmentText, UnreadableAttachment, bounded_names
from innspill.reading.html import html_to_text
from innspill.reading.letters import read_pdf_letter
from innspill.reading.sheets import read_csv, read_xlsx
from innspill.reading.word import read_docx


def read_attachment(name: str, data: bytes, content_type: str = "") -> AttachmentText | None:
    """The text of an attachment, by what its bytes are; None for a kind that holds no text (an image, a sound).

    Args:
        name: The file name; its ending tells what text is in.
        data: The bytes.
        content_type: What the mail declares it to be.

    Raises:
        UnreadableAttachment: it is empty, broken, locked or too large.
    """
    if not data:
        raise UnreadableAttachment("it is empty (0 bytes)")
    if len(data) > MAX_ATTACHMENT:
        raise UnreadableAttachment(f"it is larger than {MAX_ATTACHMENT // 1_000_000} MB")
    try:
        return _read(name, data, content_type)
    except UnreadableAttachment:
        raise
    except Exception as error:  # whatever a library makes of bytes that someone sent, the run goes on
        raise UnreadableAttachment(f"it is damaged ({type(error).__name__})") from error


def _read(name: str, data: bytes, content_type: str) -> AttachmentText | None:
    """Read by what the bytes are; the name's suffix decides only between kinds of plain text."""
    suffix = Path(name).suffix.lower()
    if data[:5] == b"%PDF-" or suffix == ".pdf":
        return read_pdf_letter(data)
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if suffix in (".docx", ".xlsx"):
        raise UnreadableAttachment(
            "it is not the Office document that its name says (damaged, or locked with a password?)"
        )
    if suffix in (".doc", ".xls", ".odt", ".ods", ".rtf", ".pages"):
        raise UnreadableAttachment(f"innspill does not read {suffix}; save it as .docx, .xlsx or PDF")
    if suffix in (".csv", ".tsv"):
        return read_csv(data)
    if suffix in (".html", ".htm") or content_type == "text/html":
        return AttachmentText(html_to_text(normalise_text(decode(data))).text)
    if suffix in (".txt", ".md", ".text") or content_type == "text/plain":
        return AttachmentText(normalise_text(decode(data)))
    return None


def _office(data: bytes) -> AttachmentText | None:
    names = bounded_names(data)
    if "word/document.xml" in names:
        return read_docx(data)
    if "xl/workbook.xml" in names:
        return read_xlsx(data)
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableAttachment("innspill does not read OpenDocument; save it as .docx, .xlsx or PDF")
    return None
