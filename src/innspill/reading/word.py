"""Word documents -> text: body, tables, tracked changes, notes in the margin."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from innspill.reading.charsets import normalise_text
from innspill.reading.documents import AttachmentText, TextBuilder, UnreadableAttachment, write_table


def read_docx(data: bytes) -> AttachmentText:
    """Headings, paragraphs, list points and tables of a Word document, in order; then the notes in its margin.

    Raises:
        UnreadableAttachment: it cannot be opened.
    """
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from lxml.etree import LxmlError

    writer = TextBuilder()
    try:
        document = Document(io.BytesIO(data))
        for element in _docx_blocks(document.element.body):
            item = (Paragraph if element.tag.endswith("}p") else Table)(element, document)
            if isinstance(item, Paragraph):
                _write_paragraph(writer, item)
            elif isinstance(item, Table):
                write_table(writer, _docx_rows(item))
        for comment in document.comments:
            writer.block(normalise_text(comment.text).strip())
    except (PackageNotFoundError, LxmlError, KeyError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise UnreadableAttachment(f"Word document that cannot be opened ({type(error).__name__})") from error
    return writer.result()


def _docx_blocks(parent: Any) -> Iterator[Any]:  # noqa: ANN401 - lxml elements
    """The paragraphs and tables under an element, in order, those in content controls too."""
    for element in parent:
        name = str(element.tag).rpartition("}")[2]
        if name in ("p", "tbl"):
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "smartTag"):
            yield from _docx_blocks(element)


def _write_paragraph(writer: TextBuilder, paragraph: object) -> None:
    text = normalise_text(_paragraph_text(paragraph)).strip()
    style_of = getattr(paragraph, "style", None)
    style = (style_of.name if style_of is not None else "") or ""
    properties = paragraph._p.pPr  # type: ignore[attr-defined]
    is_list = "List" in style or (properties is not None and properties.numPr is not None)
    if not text:
        return
    if style.startswith(("Heading", "Overskrift", "Title", "Tittel")):
        writer.block("# " + text.replace("\n", " "))
    else:
        writer.block(f"- {text}" if is_list else text, is_point=is_list)


def _docx_rows(table: object) -> list[list[str]]:
    """The rows of a Word table; a cell merged over several columns counts once, with empty ones after it."""
    rows = []
    for row in table.rows:  # type: ignore[attr-defined]
        seen: set[int] = set()
        values = []
        for cell in row.cells:
            values.append("" if id(cell._tc) in seen else "\n".join(_paragraph_text(item) for item in cell.paragraphs))
            seen.add(id(cell._tc))
        rows.append(values)
    return rows


def _paragraph_text(paragraph: object) -> str:
    """A paragraph's text with tracked insertions and content controls, which python-docx's own `text` leaves out."""
    from docx.oxml.ns import qn

    pieces = []
    fallback = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
    for node in paragraph._p.iter(qn("w:t"), qn("w:tab"), qn("w:br")):  # type: ignore[attr-defined]
        if next(node.iterancestors(fallback), None) is not None:
            continue  # a text box stands twice in the file, for new and for old programs
        pieces.append({qn("w:tab"): "\t", qn("w:br"): "\n"}.get(node.tag, node.text or ""))
    return "".join(pieces)
