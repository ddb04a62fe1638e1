"""PDF letters -> text."""

import re
import tempfile
from itertools import pairwise
from pathlib import Path

from innspill.errors import ReportError
from innspill.reading.charsets import normalise_text
from innspill.reading.documents import AttachmentText, UnreadableAttachment


def read_pdf_letter(data: bytes) -> AttachmentText:
    """The text of an attached PDF.

    Raises:
        UnreadableAttachment: it cannot be opened, or holds no text.
    """
    return AttachmentText(normalise_text(_pdf_text(data)))


def _pdf_text(data: bytes) -> str:
    """The paragraphs of a PDF letter, with an empty line between them."""
    from innspill.reading.layout import lay_out
    from innspill.reading.pdf import Limits, read_pdf

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "attachment.pdf"
        path.write_bytes(data)
        try:
            pages = read_pdf(path, limits=Limits(characters=2_000_000, page_seconds=20, seconds=120, processes=1)).pages
        except ReportError as error:
            raise UnreadableAttachment(
                f"PDF that cannot be opened ({str(error).replace(f'The report {path}', 'it')})"
            ) from error
    # In a letter a column of rising numbers is part of what is said: lines cited in a table, say.
    laid_out, _ = lay_out(pages, with_numbers=False)
    if not any(page.rows for page in laid_out):
        raise UnreadableAttachment("PDF without text (scanned?); run text recognition on it and send it in again")
    pieces: list[str] = []
    for page in laid_out:
        # Short letters have as many gaps between paragraphs as within them: the tighter quarter is the line distance.
        gaps = sorted(after.baseline - row.baseline for row, after in pairwise(page.rows))
        pitch = gaps[len(gaps) // 4] if gaps else 0.0
        for before, row in zip([None, *page.rows], page.rows, strict=False):
            new = before is None or row.baseline - before.baseline > 1.3 * pitch or row.bold != before.bold
            continues = before is None and pieces and not re.search(r"[.!?:]$", pieces[-1].rstrip())
            pieces.append(("\n\n" if new and pieces and not continues else "\n" if pieces else "") + row.text)
    aslant = [" ".join(page.askew) for page in pages if page.askew]
    return "\n\n".join(["".join(pieces), *aslant])
