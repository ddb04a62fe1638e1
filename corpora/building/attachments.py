"""Attachments: letters in Word and PDF, and forms in Excel."""

import io
import itertools
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
import docx.document
import openpyxl
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from .bodies import html_blocks
from .consultation import LOCALES, Consultation
from .mails import Mail
from .office import to_pdf
from .opendocument import FODT, FOOTER, NAMESPACES, paragraph_style, report_list_styles


def repack(data: bytes, made: datetime) -> bytes:
    """Return a zip file (docx, xlsx) with fixed dates, so that it is the same each time."""
    stamp = f"{made:%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", stamp, content)
            new.writestr(zipfile.ZipInfo(name, made.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def fresh_numbering(document: docx.document.Document) -> int:
    """Add a numbered list that begins at 1, and return its id."""
    numbering = document.part.numbering_part.numbering_definitions._numbering
    style = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(style).abstractNumId.val
    num = numbering.add_num(abstract)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(num.numId)


def make_docx(text: str, mail: Mail, consultation: Consultation) -> bytes:
    """Return an attachment's text as a Word document."""
    document = docx.Document()
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(11)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), LOCALES[mail.language])
    document.styles["Normal"].element.get_or_add_rPr().append(lang)
    document.sections[0].header.paragraphs[0].text = mail.header["organisation"]
    core = document.core_properties
    core.author, core.last_modified_by = parseaddr(mail.header["from"])[0], parseaddr(mail.header["from"])[0]
    core.created = core.modified = consultation.made
    core.title, core.comments, core.revision = mail.header["subject"], "", 1
    for kind, lines in html_blocks(text):
        number = None
        for line in lines if kind != "blank" else []:
            if heading := re.match(r"(#+) (.*)", line):
                document.add_heading(heading[2], min(len(heading[1]), 3))
            elif kind == "p":
                document.add_paragraph(line)
            elif kind == "ul":
                document.add_paragraph(line, style="List Bullet")
            else:
                paragraph = document.add_paragraph(line, style="List Number")
                number = number or fresh_numbering(document)
                paragraph_properties: Any = paragraph._p.get_or_add_pPr()
                properties = paragraph_properties.get_or_add_numPr()
                properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, number
    out = io.BytesIO()
    document.save(out)
    return repack(out.getvalue(), consultation.made)


def table_rows(text: str) -> tuple[list[str], list[list[str]]]:
    """Return an xlsx attachment's title lines and its rows of cells."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    titles = [line for line in lines if not line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return titles, [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]


def make_xlsx(text: str, mail: Mail, consultation: Consultation) -> bytes:
    """Return an attachment's table as a form in Excel: merged title, who answers, header row, one row a comment."""
    titles, rows = table_rows(text)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Innspill"
    width = len(rows[0])
    titles = titles or [consultation.form_title]
    titles += [f"Virksomhet: {mail.header['organisation']}"] if mail.header["organisation"] else []
    for number, title in enumerate(titles, 1):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
        sheet.cell(number, 1, title).font = Font(bold=number == 1, size=14 if number == 1 else 11)
    thin = Side(style="thin", color="999999")
    top = len(titles) + 2
    for offset, row in enumerate(rows):
        for column, value in enumerate(row, 1):
            cell: Any = sheet.cell(top + offset, column, int(value) if value.isdigit() else value or None)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            if offset == 0:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
    for column in range(1, width + 1):
        longest = max(len(row[column - 1]) if column <= len(row) else 0 for row in rows)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 9), 60)
    sheet.freeze_panes = f"A{top + 1}"
    book.properties.creator = parseaddr(mail.header["from"])[0]
    book.properties.created = consultation.made
    out = io.BytesIO()
    book.save(out)
    return repack(out.getvalue(), consultation.made)


def letter_styles(language: str) -> str:
    """Return the styles of a letter; nothing in it carries line numbers."""
    plain = 'text:number-lines="false" fo:margin-bottom="0.25cm" fo:line-height="115%"'
    code, country = LOCALES[language].split("-")
    return "\n".join(
        [
            paragraph_style(
                "Standard",
                "",
                plain,
                'style:font-name="Liberation Sans" fo:font-size="10.5pt" fo:hyphenate="false" '
                f'fo:language="{code}" fo:country="{country}"',
            ),
            paragraph_style(
                "Heading",
                "Standard",
                f'{plain} fo:margin-top="0.35cm" fo:keep-with-next="always"',
                'fo:font-weight="bold" fo:font-size="12pt"',
            ),
            paragraph_style(
                "Header",
                "Standard",
                'fo:border="none" fo:border-bottom="0.03cm solid #555555"',
                'fo:font-size="9pt" fo:color="#444444"',
            ),
            paragraph_style("Footer", "Standard", 'fo:text-align="end"', 'fo:font-size="8.5pt"'),
            report_list_styles().replace('text:number-lines="true"', 'text:number-lines="false"'),
        ]
    )


def letter_blocks(text: str) -> Iterator[str]:
    """Yield a letter's paragraphs, headings and lists as XML."""
    for kind, lines in html_blocks(text):
        if kind == "p":
            for heading, group in itertools.groupby(lines, lambda line: line.startswith("#")):
                style = "Heading" if heading else "Standard"
                content = "<text:line-break/>".join(escape(line.lstrip("# ") if heading else line) for line in group)
                yield f'<text:p text:style-name="{style}">{content}</text:p>'
        elif kind != "blank":
            items = "".join(
                f'<text:list-item><text:p text:style-name="Standard">{escape(point)}</text:p></text:list-item>'
                for point in lines
            )
            yield f'<text:list text:style-name="{"Bullets" if kind == "ul" else "Numbers"}">{items}</text:list>'


def letter_fodt(text: str, mail: Mail, made: datetime) -> str:
    """Return an attachment's text as a letter in flat ODT: letterhead, text, page numbers; no line numbers."""
    author = parseaddr(mail.header["from"])[0]
    return FODT.format(
        namespaces=NAMESPACES,
        title=escape(mail.header["subject"]),
        author=escape(author),
        made=made.isoformat(),
        locale=LOCALES[mail.language],
        styles=letter_styles(mail.language),
        left=2.5,
        masters="",
        automatic="",
        header=escape(mail.header["organisation"] or author),
        footer=FOOTER.replace("<text:tab/>", ""),
        body="\n".join(letter_blocks(text)),
    )


def make_letters(mails: Sequence[Mail], made: datetime) -> dict[tuple[str, str], bytes]:
    """Return all PDF attachments by message and name, made in one run of LibreOffice."""
    wanted = [(mail, name) for mail in mails for name in mail.attachments if name.lower().endswith(".pdf")]
    if not wanted:
        return {}
    with tempfile.TemporaryDirectory() as name_of_folder:
        folder = Path(name_of_folder)
        sources = [folder / f"letter-{index:03d}.fodt" for index in range(len(wanted))]
        for source, (mail, name) in zip(sources, wanted, strict=True):
            source.write_text(letter_fodt(mail.attachments[name], mail, made), encoding="utf-8")
        to_pdf(sources, folder, made)
        return {
            (mail.slug, name): source.with_suffix(".pdf").read_bytes()
            for source, (mail, name) in zip(sources, wanted, strict=True)
        }
