"""Attachments that hold comments: letters and copies of the report, comment forms, slides, plain text.

What an attachment is, its bytes tell; its name decides only between kinds of plain text. Attachments are hostile
input: archives are bounded before they are opened, formulas are read as their stored values, and no external reference
is followed.
"""

import email
import re
from collections.abc import Callable
from email.policy import compat32
from pathlib import PurePosixPath

from innspill.errors import ReportError
from innspill.reading.charsets import decode, normalise_text
from innspill.reading.documents.builder import MAX_ATTACHMENT, AttachmentText, UnreadableAttachment, bounded_names
from innspill.reading.documents.forms import form_in_text
from innspill.reading.documents.html import html_to_text
from innspill.reading.documents.letters import read_pdf_letter
from innspill.reading.documents.opendocument import read_opendocument
from innspill.reading.documents.packages import Package
from innspill.reading.documents.rtf import read_rtf
from innspill.reading.documents.sheets import read_csv, read_xlsx
from innspill.reading.documents.slides import read_pptx
from innspill.reading.documents.word import read_docx
from innspill.reading.pages.office import convert

HEAD = 2_000  # bytes that tell what a text file is
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Streams of old Office files -> their kind, and the kind that LibreOffice makes of them.
OLD_OFFICE = {"WordDocument": ("doc", "docx"), "PowerPoint Document": ("ppt", "pptx"), "Workbook": ("xls", "xlsx"),
              "Book": ("xls", "xlsx")}  # fmt: skip
# Seconds that LibreOffice has for one old document; most take two.
OFFICE_SECONDS = 90.0
LOCKED = "it is locked with a password. Ask the sender for a copy without one"
# Text that is written for programs.
NOT_SAID = frozenset({
    ".ics", ".ical", ".ifb", ".vcs", ".vcf", ".vcard", ".p7s", ".p7m", ".p7c", ".asc", ".sig", ".pem", ".key", ".crt",
    ".cer", ".svg", ".xml", ".xsd", ".xsl", ".json", ".css", ".js", ".ps", ".eps", ".log", ".ini", ".bat", ".ps1",
    ".sh", ".py", ".sql", ".url", ".lnk", ".desktop", ".reg", ".vbs", ".plist",
})  # fmt: skip
HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|meta|table|div|p|span|!--)", re.IGNORECASE)
FLAT_DOCUMENT = re.compile(rb"<(?:\w+:)?document\s[^>]*urn:oasis:names:tc:opendocument:xmlns:office", re.DOTALL)
# No word of a letter is so long; keys, pictures in base64 and listings of numbers are.
MAX_TEXT, MAX_WORD = 5_000_000, 40
DOCUMENTS = frozenset({
    ".pdf", ".doc", ".docx", ".docm", ".dotx", ".odt", ".ott", ".rtf", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods",
    ".ppt", ".pptx", ".odp", ".pages", ".numbers", ".wpd",
})  # fmt: skip


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
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if b"%PDF-" in data[:1024]:
        return read_pdf_letter(data)
    if data[:4] == b"PK\x03\x04":
        return _zipped(suffix, data)
    if data[:8] == OLE:
        return _old_office(suffix, data)
    if data[:HEAD].lstrip().startswith(b"{\\rt"):
        return read_rtf(data)
    found = _text(suffix, data, content_type)
    if found is None and suffix in DOCUMENTS:
        raise UnreadableAttachment(
            f"it is no {suffix} document, whatever its name says, or a damaged one; save it as .docx, .xlsx or PDF"
        )
    return found


# Packages ------------------------------------------------------------------------------------------------------------


def _zipped(suffix: str, data: bytes) -> AttachmentText | None:
    """A zipped document; None for an archive of another kind."""
    names = {name.lower() for name in bounded_names(data)}
    main = next((r.target for r in Package(data).relations("").values() if r.kind == "officeDocument"), "")
    folder = main.partition("/")[0]
    if "word/document.xml" in names or folder == "word":
        return read_docx(data)
    if "xl/workbook.bin" in names:
        raise UnreadableAttachment("it is an Excel workbook in binary form (.xlsb); save it as .xlsx")
    if "xl/workbook.xml" in names or folder == "xl":
        return read_xlsx(data)
    if "ppt/presentation.xml" in names or folder == "ppt":
        return read_pptx(data)
    if "content.xml" in names and ("mimetype" in names or suffix.startswith(".od")):
        return read_opendocument(data)
    if any(name.startswith("index/") and name.endswith(".iwa") for name in names) or "index.zip" in names:
        return _apple(data)
    if main or suffix in DOCUMENTS:
        raise UnreadableAttachment("it is no document that innspill reads, or a damaged one; save it as .docx or PDF")
    return None


def _apple(data: bytes) -> AttachmentText:
    """A document of Pages, Numbers or Keynote, by the PDF that older versions put into it."""
    preview = Package(data).content("QuickLook/Preview.pdf")
    if not preview:
        raise UnreadableAttachment("innspill does not read Pages, Numbers or Keynote; save it as .docx, .xlsx or PDF")
    return read_pdf_letter(preview)


def _old_office(suffix: str, data: bytes) -> AttachmentText:
    """An old Office file, by way of LibreOffice."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableAttachment(LOCKED)
    kinds = [kinds for stream, kinds in OLD_OFFICE.items() if f"{stream}\0".encode("utf-16-le") in data]
    if not kinds:
        raise UnreadableAttachment(f"innspill does not read {suffix or 'such files'}; save it as .docx, .xlsx or PDF")
    kind, modern = kinds[0]
    try:
        converted = convert(data, kind, modern, seconds=OFFICE_SECONDS)
    except ReportError as error:
        raise UnreadableAttachment(
            f"LibreOffice, by which .{kind} is read, is not installed or cannot open it; save it as .{modern} or PDF"
        ) from error
    return READERS[modern](converted)


READERS: dict[str, Callable[[bytes], AttachmentText]] = {"docx": read_docx, "xlsx": read_xlsx, "pptx": read_pptx}


# Text ----------------------------------------------------------------------------------------------------------------


def _text(suffix: str, data: bytes, content_type: str) -> AttachmentText | None:
    """Plain text in one of its kinds; None for what is no text, or is written for programs."""
    if suffix in (".txt", ".md", ".text") or (content_type == "text/plain" and suffix not in NOT_SAID | DOCUMENTS):
        return _plain(data)
    if suffix in (".csv", ".tsv", ".tab") or content_type in ("text/csv", "text/tab-separated-values"):
        return read_csv(data)
    if content_type.partition("/")[0] in ("image", "audio", "video", "font") or not _may_be_text(data):
        return None
    if FLAT_DOCUMENT.search(data[:HEAD]):
        return read_opendocument(data)
    if suffix in (".mht", ".mhtml"):
        return _web_archive(data)
    if suffix in (".html", ".htm", ".xhtml") or content_type == "text/html" or HTML.match(data[:HEAD]):
        return _html(data)
    return _plain(data) if suffix not in NOT_SAID and _is_prose(data) else None


def _plain(data: bytes) -> AttachmentText:
    text = normalise_text(decode(data)).lstrip("\ufeff")
    read = text[:MAX_TEXT]
    omissions = (f"only its first {MAX_TEXT:,} letters were read",) if len(text) > MAX_TEXT else ()
    return AttachmentText(read, form_in_text(read), omissions=omissions)


def _html(data: bytes, charset: str | None = None) -> AttachmentText:
    found = html_to_text(normalise_text(decode(data, charset)))
    omissions = ("only the beginning of this very long page was read",) if found.is_cut else ()
    return AttachmentText(found.text, found.cells, omissions=omissions)


def _web_archive(data: bytes) -> AttachmentText | None:
    """A page that a browser or Word saved as one file."""
    for part in email.message_from_bytes(data, policy=compat32).walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            return _html(content, part.get_content_charset()) if isinstance(content, bytes) else None
    return None


def _may_be_text(data: bytes) -> bool:
    """Whether bytes are text in any charset: UTF-16 by its mark, else without control characters."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    head = data[: 10 * HEAD]
    return b"\0" not in head and sum(byte < 32 and byte not in b"\t\n\r\x0c\x1b" for byte in head) <= len(head) / 100


def _is_prose(data: bytes) -> bool:
    """Whether text of an unknown kind is made of words that somebody wrote."""
    words = decode(data[: 10 * HEAD]).split()
    letters = sum(word.strip("«»“”\"'().,:;!?–-").isalpha() and len(word) <= MAX_WORD for word in words)
    return letters >= 3 and letters >= 0.6 * len(words)
