"""Build the bundled, invented consultation «ki-helsedata» from its hand-written sources.

Run it from the consultation's folder (or from anywhere):

    python corpora/ki-helsedata/source/build.py [--folder FOLDER] [--report-only]

It reads `source/report.md`, `source/plan.toml` and `source/mail/*.txt`, and writes `source/report.fodt`,
`report.pdf`, `mail/*.eml`, `mail/innboks-arkiv.mbox`, `gold.json` and `consultation.toml`.

It needs LibreOffice (`soffice`) with the Norwegian hyphenation (Debian: `hyphen-no`), the Liberation fonts,
poppler's `pdftotext`, and the Python packages python-docx, openpyxl and lxml. The truth of the printed lines is read
with poppler alone, so that it does not rest on innspill's own reading of the PDF. The output is the same each
time with the same versions of these programs. The exit status is 1 when the sources hold errors.
"""

from __future__ import annotations

import argparse
import html
import io
import itertools
import json
import re
import subprocess
import sys
import tempfile
import textwrap
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import docx
import docx.document
import openpyxl
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

OSLO = ZoneInfo("Europe/Oslo")
DEADLINE = datetime(2026, 10, 15, 23, 59, tzinfo=OSLO)
INVITED = datetime(2026, 9, 1, 9, 0, tzinfo=OSLO)
FIXED = datetime(2026, 9, 1, 8, 0)
MAILBOX = "innspill@helsedataradet.example"
SENDER = "Helsedatarådet"
INVITATION_ID = "<20260901090000.invitasjon@helsedataradet.example>"
INVITATION_SUBJECT = "Innspill til utkast: Hvilke data trenger helsetjenesten for å ta i bruk kunstig intelligens?"
INVITATION = """\
Hei!

Helsedatarådet har skrevet et utkast til innsiktsrapport om hvilke data helsetjenesten trenger for å ta i bruk \
kunstig intelligens. Rapporten bygger på intervjuer, arbeidsmøter og tidligere utredninger, og samler behovene \
slik sektoren selv beskriver dem. Før vi ferdigstiller den, vil vi gjerne høre hva dere mener.

Vi ber særlig om svar på dette:

1. Mangler det viktige behov i rapporten?
2. Er det behov som bør beskrives tydeligere?
3. Hvilke linjer gjelder kommentaren? Utkastet har linjenummer i margen, og det hjelper oss mye om dere viser til dem.

Send innspill til innspill@helsedataradet.example innen 15. oktober 2026. Utkastet ligger på \
https://helsedataradet.example/utkast-ki-helsedata, og alle innspill blir lest og oppsummert.

Ring gjerne hvis noe er uklart. Del invitasjonen med andre som bør få den.

Vennlig hilsen
Ingvild Sørbråten
seniorrådgiver, Helsedatarådet
tlf. 22 00 41 70 | helsedataradet.example
"""

MARGIN_LEFT_CM = 3.0
POINTS_PER_CM = 72 / 2.54
KINDS = ("feedback", "campaign", "duplicate", "autoreply", "enquiry", "spam", "empty")
SHAPES = ("plain", "html", "outlook-reply", "gmail-reply", "apple-reply", "iphone", "thunderbird-inline", "forwarded",
          "docx", "xlsx", "pdf")
STANCES = ("need", "clarification", "support", "disagreement", "suggestion", "question", "correction", "praise",
           "other")
CITES = ("line", "page_line", "section", "table", "quote", "wrong", "none")
TYPES = ("helseforetak", "kommune", "fylkeskommune", "statlig", "akademia", "næringsliv", "interesseorganisasjon",
         "pasientorganisasjon", "fagforening", "privatperson", "ukjent")
HEADER_KEYS = {"from", "organisation", "organisation_type", "date", "subject", "kind", "shape", "split", "language",
               "interest", "duplicate_of", "mbox", "bare"}


# The words that take leave, above a signature.
CLOSING = re.compile(r"^(?:(?:med )?(?:vennlig|venleg|beste?|kind|best|yours|mange) (?:hilsen|hilsing|helsing|hilsener|"
                     r"helsingar|regards|sincerely)|hilsen|helsing|mvh|vh|regards)\b", re.IGNORECASE | re.MULTILINE)


@dataclass
class Errors:
    """The errors and notes found in the sources, to be printed at the end."""

    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def error(self, where: str, what: str) -> None:
        """Add an error, which makes the run fail."""
        self.errors.append(f"{where}: {what}")

    def note(self, where: str, what: str) -> None:
        """Add something worth a look, which does not make the run fail."""
        self.notes.append(f"{where}: {what}")


def fold(text: str) -> str:
    """Return the text with each run of whitespace as one space."""
    return " ".join(text.split())


# ---------------------------------------------------------------------------------------------------------------------
# The report: its source
# ---------------------------------------------------------------------------------------------------------------------

ANCHOR = re.compile(r"\[#([a-z0-9-]+)\](.*?)\[/\]", re.DOTALL)
FOOTNOTE = re.compile(r"\^\[([^\]]*)\]")
HEADING = re.compile(r"(#{1,2}) ((\d+(?:\.\d+)?) .+)")
CAPTION = re.compile(r"Tabell (\d+): .+")
LIST_LINE = re.compile(r"(-|\d+\.) +(.*)", re.DOTALL)


@dataclass
class Block:
    """A block of the report: a heading, a paragraph, a list (ul, ol) or a table with its caption first."""

    kind: str
    lines: list[str]
    level: int = 0


@dataclass
class Anchor:
    """A marked span of the report, with its place once the PDF is read."""

    id: str
    text: str
    section: str
    first: int = 0
    last: int = 0
    page: int = 0


@dataclass
class Report:
    """The report's source: front matter, blocks, anchors, and the headings in order as (number, text)."""

    front: dict[str, str]
    blocks: list[Block]
    anchors: dict[str, Anchor]
    headings: list[tuple[str, str]]
    plain: str


def strip_report_markup(text: str) -> str:
    """Return report text without anchor marks and footnotes."""
    return FOOTNOTE.sub("", ANCHOR.sub(r"\2", text))


def read_blocks(text: str) -> list[Block]:
    """Split the report's text (without front matter) into blocks."""
    blocks: list[Block] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in chunk.splitlines() if line.strip()]
        while lines:
            block = take_block(lines)
            previous = blocks[-1] if blocks else None
            if block.kind == "rows" and previous and previous.kind == "table":
                previous.lines += block.lines
            else:
                blocks.append(block)
    return blocks


def take_block(lines: list[str]) -> Block:
    """Take the first block off the lines."""
    first = lines.pop(0)
    if match := HEADING.fullmatch(first):
        return Block("heading", [match[2]], len(match[1]))
    if first.startswith("|"):
        return Block("rows", [first] + take_while(lines, r"\|"))
    if CAPTION.fullmatch(first):
        return Block("table", [first] + take_while(lines, r"\|"))
    if first.startswith("- "):
        return Block("ul", [first] + take_while(lines, r"- "))
    if re.match(r"\d+\. ", first) and (first.startswith("1. ")):
        return Block("ol", [first] + take_while(lines, r"\d+\. "))
    return Block("p", [first])


def take_while(lines: list[str], pattern: str) -> list[str]:
    """Take the lines off the front that begin with the pattern."""
    taken = []
    while lines and re.match(pattern, lines[0]):
        taken.append(lines.pop(0))
    return taken


def read_report(path: Path) -> Report:
    """Read and check the report's source."""
    head, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
    front = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
    report = Report(front, read_blocks(rest), {}, [], fold(strip_report_markup(rest)))
    section = ""
    for block in report.blocks:
        text = "\n".join(block.lines)
        if block.kind == "heading":
            section = text.split()[0]
            report.headings.append((section, text))
        for match in ANCHOR.finditer(text):
            misplaced = "^[" in match[2] or "[#" in match[2] or block.kind not in ("p", "ul", "ol")
            if match[1] in report.anchors or misplaced:
                raise SystemExit(f"report.md: anchor {match[1]} is double, nested, holds a footnote or is misplaced")
            report.anchors[match[1]] = Anchor(match[1], fold(match[2]), section)
    if left := re.search(r"\[#|\[/|\^\[|\*\*", report.plain):
        raise SystemExit(f"report.md: unclosed markup near «{report.plain[left.start():left.start() + 60]}»")
    return report


# ---------------------------------------------------------------------------------------------------------------------
# The report: flat ODT and PDF
# ---------------------------------------------------------------------------------------------------------------------

NAMESPACES = " ".join(f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for prefix, name in (
    ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("meta", "meta"),
    ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"))) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'

FODT = """\
<?xml version="1.0" encoding="UTF-8"?>
<office:document {namespaces} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>
<meta:initial-creator>{author}</meta:initial-creator><meta:creation-date>2026-09-01T08:00:00</meta:creation-date>
<dc:date>2026-09-01T08:00:00</dc:date><dc:language>nb-NO</dc:language></office:meta>
<office:font-face-decls>
<style:font-face style:name="Liberation Serif" svg:font-family="'Liberation Serif'" style:font-family-generic="roman"/>
<style:font-face style:name="Liberation Sans" svg:font-family="'Liberation Sans'" style:font-family-generic="swiss"/>
</office:font-face-decls>
<office:styles>
{styles}
</office:styles>
<office:automatic-styles>{automatic}
<style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"
 fo:margin-top="1.5cm" fo:margin-bottom="1.5cm" fo:margin-left="{left}cm" fo:margin-right="2.3cm"
 style:footnote-max-height="0cm"><style:footnote-sep style:width="0.018cm" style:rel-width="25%" style:color="#444444"
 style:line-style="solid" style:adjustment="left" style:distance-before-sep="0.25cm"
 style:distance-after-sep="0.15cm"/></style:page-layout-properties>
<style:header-style><style:header-footer-properties fo:min-height="0.6cm" fo:margin-bottom="0.7cm"/>
</style:header-style>
<style:footer-style><style:header-footer-properties fo:min-height="0.6cm" fo:margin-top="0.5cm"/></style:footer-style>
</style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm1">
<style:header><text:p text:style-name="Header">{header}</text:p></style:header>
<style:footer><text:p text:style-name="Footer">{footer}</text:p></style:footer>
</style:master-page></office:master-styles>
<office:body><office:text>
{body}
</office:text></office:body>
</office:document>
"""

FOOTER = ('<text:tab/>Side <text:page-number text:select-page="current">1</text:page-number> av '
          "<text:page-count>1</text:page-count>")

LIST_LEVEL = ('<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
              '<style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="0.75cm" '
              'fo:text-indent="-0.55cm" fo:margin-left="0.75cm"/></style:list-level-properties>')


def paragraph_style(name: str, parent: str, paragraph: str, text: str = "", inner: str = "", extra: str = "") -> str:
    """Return one paragraph style of the flat ODT."""
    parent_name = f' style:parent-style-name="{parent}"' if parent else ""
    return (f'<style:style style:name="{name}" style:family="paragraph"{parent_name}{extra}>'
            f"<style:paragraph-properties {paragraph}>{inner}</style:paragraph-properties>"
            f"<style:text-properties {text}/></style:style>")


def report_styles() -> str:
    """Return the named styles of the report."""
    plain, numbered = 'text:number-lines="false" text:line-number="0"', 'text:number-lines="true" text:line-number="0"'
    sans = 'style:font-name="Liberation Sans"'
    no_hyphens = 'fo:hyphenate="false"'
    right_tab = '<style:tab-stops><style:tab-stop style:position="15.7cm" style:type="right"/></style:tab-stops>'
    left = 'fo:text-align="start"'
    keep = 'fo:keep-with-next="always"'
    return "\n".join([
        ('<style:default-style style:family="paragraph"><style:paragraph-properties fo:orphans="2" fo:widows="2" '
        'style:tab-stop-distance="1.25cm"/><style:text-properties style:font-name="Liberation Serif" '
        'fo:font-size="11pt" fo:language="nb" fo:country="NO" fo:hyphenate="true" '
        'fo:hyphenation-remain-char-count="3" fo:hyphenation-push-char-count="3"/></style:default-style>'),
        paragraph_style("Standard", "", plain),
        paragraph_style("Text_20_body", "Standard", f'{numbered} fo:text-align="justify" fo:line-height="130%" '
                        'fo:margin-top="0cm" fo:margin-bottom="0.24cm" fo:hyphenation-ladder-count="2"',
                        'fo:hyphenate="true" fo:hyphenation-remain-char-count="3" fo:hyphenation-push-char-count="3"'),
        paragraph_style("List_20_Point", "Text_20_body", f'{numbered} fo:margin-bottom="0.1cm"'),
        paragraph_style("List_20_Last", "List_20_Point", f'{numbered} fo:margin-bottom="0.3cm"'),
        paragraph_style("Heading_20_1", "Standard", f'{numbered} {keep} {left} fo:margin-top="0.7cm" '
                        'fo:margin-bottom="0.25cm"', f'{sans} fo:font-size="16pt" fo:font-weight="bold" '
                        f'fo:color="#12395b" {no_hyphens}', extra=' style:default-outline-level="1"'),
        paragraph_style("Heading_20_2", "Standard", f'{numbered} {keep} {left} fo:margin-top="0.45cm" '
                        'fo:margin-bottom="0.18cm"', f'{sans} fo:font-size="12.5pt" fo:font-weight="bold" '
                        f'fo:color="#12395b" {no_hyphens}', extra=' style:default-outline-level="2"'),
        paragraph_style("Title", "Standard", f'{plain} {left} fo:margin-top="0.6cm" fo:margin-bottom="0.3cm"',
                        f'{sans} fo:font-size="22pt" fo:font-weight="bold" fo:color="#12395b" {no_hyphens}'),
        paragraph_style("Subtitle", "Standard", f'{plain} {left} fo:margin-bottom="0.15cm"',
                        f'{sans} fo:font-size="12.5pt" fo:color="#333333" {no_hyphens}'),
        paragraph_style("Author", "Standard", f'{plain} {left} fo:margin-bottom="0.6cm" fo:padding="0cm" '
                        'fo:padding-bottom="0.3cm" fo:border="none" fo:border-bottom="0.05cm solid #12395b"',
                        f'{sans} fo:font-size="10.5pt" fo:color="#333333" {no_hyphens}'),
        paragraph_style("Caption", "Standard", f'{plain} {keep} {left} fo:margin-top="0.3cm" fo:margin-bottom="0.15cm"',
                        f'{sans} fo:font-size="9.5pt" fo:font-weight="bold" {no_hyphens}'),
        paragraph_style("Table_20_Text", "Standard", f"{plain} {left}", f'{sans} fo:font-size="9pt" {no_hyphens}'),
        paragraph_style("Table_20_Head", "Standard", f"{plain} {left} {keep}",
                        f'{sans} fo:font-size="9pt" fo:font-weight="bold" {no_hyphens}'),
        paragraph_style("After_20_Table", "Standard", f'{plain} fo:line-height="0.35cm"', 'fo:font-size="4pt"'),
        paragraph_style("Footnote", "Standard", f'{plain} fo:margin-left="0.4cm" fo:text-indent="-0.4cm"',
                        f'fo:font-size="9pt" {no_hyphens}'),
        paragraph_style("Header", "Standard", f'{plain} fo:padding="0cm" fo:padding-bottom="0.1cm" fo:border="none" '
                        'fo:border-bottom="0.018cm solid #888888"',
                        f'{sans} fo:font-size="8.5pt" fo:color="#555555" {no_hyphens}', right_tab),
        paragraph_style("Footer", "Standard", plain, f'{sans} fo:font-size="8.5pt" fo:color="#555555"', right_tab),
        ('<style:style style:name="Line_20_numbering" style:family="text"><style:text-properties '
        f'{sans} fo:font-size="7.5pt" fo:color="#777777"/></style:style>'),
        ('<style:style style:name="Footnote_20_anchor" style:family="text"><style:text-properties '
        'style:text-position="super 58%"/></style:style>'),
        report_list_styles(),
    ])


TABLE_STYLES = (
    '<style:style style:name="Table" style:family="table"><style:table-properties style:width="15.7cm" '
    'table:align="margins" style:may-break-between-rows="false"/></style:style>'
    '<style:style style:name="Row" style:family="table-row"><style:table-row-properties '
    'fo:keep-together="always"/></style:style>'
    '<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties '
    'fo:padding="0.1cm" fo:border="0.018cm solid #666666"/></style:style>'
    '<style:style style:name="HeadCell" style:family="table-cell"><style:table-cell-properties '
    'fo:padding="0.1cm" fo:border="0.018cm solid #666666" fo:background-color="#dfe7ee"/></style:style>'
)


def report_list_styles() -> str:
    """Return the list styles and the settings of notes and line numbers."""
    return "\n".join([
        (f'<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" '
        f'text:bullet-char="•">{LIST_LEVEL}</text:list-level-style-bullet></text:list-style>'),
        (f'<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" style:num-format="1" '
        f'style:num-suffix=".">{LIST_LEVEL}</text:list-level-style-number></text:list-style>'),
        ('<text:notes-configuration text:note-class="footnote" text:citation-body-style-name="Footnote_20_anchor" '
        'text:default-style-name="Footnote" style:num-format="1" text:start-value="0" '
        'text:footnotes-position="page" text:start-numbering-at="document"/>'),
        ('<text:linenumbering-configuration text:style-name="Line_20_numbering" text:number-lines="true" '
        'text:count-empty-lines="false" text:count-in-text-boxes="false" text:restart-on-page="false" '
        'text:increment="1" text:number-position="left" text:offset="0.6cm" style:num-format="1"/>'),
    ])


class FodtWriter:
    """Writes the report's blocks as flat ODT."""

    def __init__(self) -> None:
        self.notes = 0
        self.automatic = [TABLE_STYLES]

    def inline(self, text: str) -> str:
        """Return a paragraph's text as XML, with its footnotes and without anchor marks."""
        pieces = FOOTNOTE.split(ANCHOR.sub(r"\2", text))
        out = []
        for index, piece in enumerate(pieces):
            if index % 2 == 0:
                out.append(escape(piece))
                continue
            self.notes += 1
            out.append(f'<text:note text:id="ftn{self.notes}" text:note-class="footnote"><text:note-citation>'
                       f"{self.notes}</text:note-citation><text:note-body>"
                       f'<text:p text:style-name="Footnote">{escape(piece)}</text:p></text:note-body></text:note>')
        return "".join(out)

    def block(self, block: Block) -> str:
        """Return one block as XML."""
        if block.kind == "heading":
            return (f'<text:h text:style-name="Heading_20_{block.level}" text:outline-level="{block.level}">'
                    f"{self.inline(block.lines[0])}</text:h>")
        if block.kind in ("ul", "ol"):
            style = "Bullets" if block.kind == "ul" else "Numbers"
            names = ["List_20_Point"] * (len(block.lines) - 1) + ["List_20_Last"]
            points = [self.inline(LIST_LINE.sub(r"\2", line)) for line in block.lines]
            items = "".join(f'<text:list-item><text:p text:style-name="{name}">{point}</text:p></text:list-item>'
                            for name, point in zip(names, points))
            return f'<text:list text:style-name="{style}">{items}</text:list>'
        if block.kind == "table":
            return self.table(block)
        return f'<text:p text:style-name="Text_20_body">{self.inline(block.lines[0])}</text:p>'

    def table(self, block: Block) -> str:
        """Return a table with its caption above."""
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.lines[1:]]
        rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]

        def row_xml(cells: list[str], head: bool) -> str:
            cell_style, text_style = ("HeadCell", "Table_20_Head") if head else ("Cell", "Table_20_Text")
            inner = "".join(f'<table:table-cell table:style-name="{cell_style}" office:value-type="string">'
                            f'<text:p text:style-name="{text_style}">{escape(cell)}</text:p></table:table-cell>'
                            for cell in cells)
            return f'<table:table-row table:style-name="Row">{inner}</table:table-row>'

        number = CAPTION.fullmatch(block.lines[0])[1]  # type: ignore[index]
        weights = [min(max(len(row[column]) for row in rows), 34) + 4 for column in range(len(rows[0]))]
        columns = ""
        for index, weight in enumerate(weights):
            name = f"Tabell{number}.{index + 1}"
            self.automatic.append(f'<style:style style:name="{name}" style:family="table-column">'
                                  f'<style:table-column-properties style:column-width="'
                                  f'{15.7 * weight / sum(weights):.2f}cm"/></style:style>')
            columns += f'<table:table-column table:style-name="{name}"/>'
        return (f'<text:p text:style-name="Caption">{escape(block.lines[0])}</text:p>'
                f'<table:table table:name="Tabell{number}" table:style-name="Table">'
                f"{columns}<table:table-header-rows>{row_xml(rows[0], True)}</table:table-header-rows>"
                f'{"".join(row_xml(row, False) for row in rows[1:])}</table:table>'
                '<text:p text:style-name="After_20_Table"/>')


def report_fodt(report: Report) -> str:
    """Return the whole report as flat ODT."""
    writer = FodtWriter()
    front = {key: escape(value) for key, value in report.front.items()}
    body = [f'<text:p text:style-name="Title">{front["title"]}</text:p>',
            f'<text:p text:style-name="Subtitle">{front["subtitle"]}</text:p>',
            f'<text:p text:style-name="Author">{front["author"]}</text:p>']
    body += [writer.block(block) for block in report.blocks]
    return FODT.format(namespaces=NAMESPACES, title=front["title"], author=front["author"], styles=report_styles(),
                       left=MARGIN_LEFT_CM, header=f'{front["header"]}<text:tab/>{front["title"]}', footer=FOOTER,
                       automatic="\n".join(writer.automatic), body="\n".join(body))


def to_pdf(sources: Sequence[Path], out: Path) -> None:
    """Convert flat ODT files to PDF with LibreOffice, in a profile of its own, and make the PDFs repeatable."""
    options = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", options,
                        "--outdir", str(out), *map(str, sources)], check=True, capture_output=True, timeout=300)
    for source in sources:
        pdf = out / f"{source.stem}.pdf"
        if not pdf.exists():
            raise SystemExit(f"LibreOffice wrote no {pdf.name}")
        pdf.write_bytes(fixed_pdf(pdf.read_bytes()))


def fixed_pdf(data: bytes) -> bytes:
    """Give a PDF a fixed date and identity, of the same length as those it has."""
    def same_length(value: bytes, match: re.Match[bytes]) -> bytes:
        return match[1] + value.ljust(len(match[2]), b"0")[:len(match[2])] + match[3]

    data = re.sub(rb"(/CreationDate\(D:)(\d{14})()", lambda match: same_length(b"20260901080000", match), data)
    data = re.sub(rb"(/ID \[ <)([0-9A-F]+)(>)", lambda match: same_length(b"", match), data)
    data = re.sub(rb"(/ID \[ <[0-9A-F]+>\s+<)([0-9A-F]+)(>)", lambda match: same_length(b"", match), data)
    return re.sub(rb"(/DocChecksum /)([0-9A-F]+)(\s)", lambda match: same_length(b"", match), data)


# ---------------------------------------------------------------------------------------------------------------------
# The report: the truth of the printed lines, read with poppler
# ---------------------------------------------------------------------------------------------------------------------


@dataclass
class Word:
    """A word of the PDF with its box, in points from the top left of the page."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def baseline(self) -> float:
        """The height of the baseline (the Liberation fonts lie about a fifth of their box below it)."""
        return self.bottom - 0.195 * (self.bottom - self.top)


@dataclass
class Line:
    """A printed, numbered line."""

    number: int
    page: int
    text: str


def pdf_words(pdf: Path) -> list[list[Word]]:
    """Return the words of each page."""
    done = subprocess.run(["pdftotext", "-bbox-layout", str(pdf), "-"], check=True, capture_output=True)
    tree = etree.fromstring(done.stdout, etree.XMLParser(recover=True))
    box = ("xMin", "xMax", "yMin", "yMax")
    pages = []
    for page in tree.iter("{*}page"):
        pages.append([Word((word.text or "").strip(), *(float(str(word.get(key))) for key in box))
                      for word in page.iter("{*}word")])
    return pages


def page_lines(words: list[Word], page: int) -> list[Line]:
    """Return the numbered lines of one page, from the top; footnote markers (small, raised digits) are left out."""
    edge = MARGIN_LEFT_CM * POINTS_PER_CM - 4
    numbers = sorted((word for word in words if word.x1 < edge and word.text.isdigit()), key=lambda w: w.top)
    rows: dict[int, list[Word]] = {index: [] for index in range(len(numbers))}
    for word in words:
        if word.x1 < edge or not word.text:
            continue
        small = word.bottom - word.top < 9 and word.text.isdigit()
        near = min(rows, key=lambda index: abs(numbers[index].baseline - word.baseline), default=None)
        if near is not None and not small and abs(numbers[near].baseline - word.baseline) < 3:
            rows[near].append(word)
    lines = []
    for index, number in enumerate(numbers):
        row = sorted(rows[index], key=lambda word: word.x0)
        text = re.sub(r"(?<=\w) -$", "-", " ".join(word.text for word in row))  # poppler parts some hyphens off
        lines.append(Line(int(number.text), page, text))
    return lines


def read_lines(pdf: Path) -> tuple[int, list[Line]]:
    """Return the number of pages and all numbered lines; fail when the numbers have gaps or rows without text."""
    pages = pdf_words(pdf)
    lines = [line for index, words in enumerate(pages, 1) for line in page_lines(words, index)]
    if [line.number for line in lines] != list(range(1, len(lines) + 1)):
        raise SystemExit(f"report.pdf: the line numbers do not run 1..N: {[line.number for line in lines]}")
    if empty := [line.number for line in lines if not line.text]:
        raise SystemExit(f"report.pdf: numbered lines without text: {empty}")
    return len(pages), lines


def squeeze(text: str) -> str:
    """Return the text without whitespace and hyphens, so that line ends and hyphenation make no difference."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


class Finder:
    """Finds text in the sequence of the body's words."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.stream = ""
        self.line_of: list[int] = []
        for index, line in enumerate(lines):
            text = re.sub(r"^•\s*", "", line.text)
            self.stream += squeeze(text)
            self.line_of += [index] * len(squeeze(text))

    def find(self, text: str, start: int = 0, once: bool = True) -> tuple[Line, Line, int]:
        """Return the first and the last line of the text, and where the text ends in the stream."""
        needle = squeeze(text)
        count = self.stream.count(needle, start)
        if count == 0 or (once and count != 1):
            raise SystemExit(f"report.pdf: found {count} times, not once: «{text}»")
        at = self.stream.index(needle, start)
        end = at + len(needle)
        return self.lines[self.line_of[at]], self.lines[self.line_of[end - 1]], end


@dataclass
class Layout:
    """What the printed report is: pages, lines, the line ranges of sections, and the places of tables."""

    n_pages: int
    lines: list[Line]
    sections: dict[str, tuple[int, int]]
    tables: dict[str, dict[str, Any]]


def locate(report: Report, pdf: Path) -> Layout:
    """Find every anchor, section and table of the report in the printed lines."""
    n_pages, lines = read_lines(pdf)
    finder = Finder(lines)
    for anchor in report.anchors.values():
        first, last, _ = finder.find(anchor.text)
        anchor.first, anchor.last, anchor.page = first.number, last.number, first.page
    starts, position = [], 0
    for number, text in report.headings:
        first, _, position = finder.find(text, position, once=False)
        starts.append((number, first.number))
    sections = {}
    for index, (number, start) in enumerate(starts):
        later = (begin for other, begin in starts[index + 1:] if not other.startswith(f"{number}."))
        sections[number] = (start, next(later, len(lines) + 1) - 1)
    check_anchors(report, sections)
    return Layout(n_pages, lines, sections, find_tables(report, pdf_words(pdf), lines))


def check_anchors(report: Report, sections: dict[str, tuple[int, int]]) -> None:
    """Fail when an anchor's lines are not those of its section."""
    for anchor in report.anchors.values():
        first, last = sections[anchor.section]
        if not first <= anchor.first <= anchor.last <= last:
            raise SystemExit(f"report.pdf: anchor {anchor.id} is not in section {anchor.section}")


def find_tables(report: Report, pages: list[list[Word]], lines: list[Line]) -> dict[str, dict[str, Any]]:
    """Return each table's page and section (tables have no numbered lines)."""
    tables, section = {}, ""
    for block in report.blocks:
        if block.kind == "heading":
            section = block.lines[0].split()[0]
        if block.kind == "table":
            number = CAPTION.fullmatch(block.lines[0])[1]  # type: ignore[index]
            caption = squeeze(block.lines[0])
            found = [index for index, words in enumerate(pages, 1)
                     if caption in squeeze("".join(word.text for word in words))]
            if len(found) != 1:
                raise SystemExit(f"report.pdf: caption of table {number} found on pages {found}")
            tables[number] = {"page_number": found[0], "section": section, "caption": block.lines[0]}
    return tables


# ---------------------------------------------------------------------------------------------------------------------
# The mails: their sources
# ---------------------------------------------------------------------------------------------------------------------

COMMENT = re.compile(r"\{\{c\s+([^{}]*)\}\}(.*?)\{\{/c\}\}", re.DOTALL)
PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z][a-z0-9-]*)(?:\.(first|last|page|section))?\}(?!\})")
ATTACHMENT = re.compile(r"^=== attachment (\S.*?)\s*$", re.MULTILINE)
FORWARDED = re.compile(r"^=== forwarded from: (.+?), ?(\d{4}-\d\d-\d\d \d\d:\d\d)\s*$", re.MULTILINE)
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")


@dataclass
class Comment:
    """A marked comment: its attributes, and its text as written in the source and as sent."""

    part: str
    attributes: dict[str, str]
    raw: str
    quote: str
    lines: list[int] = field(default_factory=list)

    @property
    def at(self) -> list[str]:
        """The places the comment concerns."""
        return [place for place in self.attributes.get("at", "").split(",") if place]


@dataclass
class Mail:
    """A message's source: header, body text as sent, attachments by name, and its comments."""

    slug: str
    header: dict[str, str]
    body: str
    attachments: dict[str, str]
    comments: list[Comment]
    file: str = ""
    duplicate: bool = False

    @property
    def number(self) -> int:
        """The number at the front of the file's name."""
        return int(self.slug.split("-")[0])

    @property
    def date(self) -> datetime:
        """When the message was sent."""
        return datetime.strptime(self.header["date"], "%Y-%m-%d %H:%M").replace(tzinfo=OSLO)

    @property
    def language(self) -> str:
        """The language of the message."""
        return self.header["language"]

    @property
    def reply(self) -> bool:
        """Whether the subject says that the message is a reply."""
        return bool(re.match(r"(re|sv|vs|aw)\s*:", self.header["subject"], re.IGNORECASE))


def span(anchor: Anchor) -> str:
    """Return an anchor's lines as written in a citation."""
    return str(anchor.first) if anchor.first == anchor.last else f"{anchor.first}–{anchor.last}"


def fill(text: str, report: Report, where: str, errors: Errors) -> str:
    """Fill the placeholders with what is printed in the report."""
    def value(match: re.Match[str]) -> str:
        anchor = report.anchors.get(match[1])
        if anchor is None:
            errors.error(where, f"unknown anchor in placeholder {match[0]}")
            return match[0]
        return {None: span(anchor), "first": str(anchor.first), "last": str(anchor.last), "page": str(anchor.page),
                "section": anchor.section}[match[2]]

    return PLACEHOLDER.sub(value, text)


def take_comments(raw: str, part: str, mail: Mail, report: Report, errors: Errors) -> str:
    """Return one part's text without markup, and add its comments to the mail."""
    for match in COMMENT.finditer(raw):
        attributes = dict(pair.split("=", 1) for pair in match[1].split() if "=" in pair)
        if bad := [pair for pair in match[1].split() if "=" not in pair]:
            errors.error(mail.slug, f"comment attributes without «=»: {bad}")
        quote = fold(fill(match[2], report, mail.slug, errors))
        if part.endswith(".xlsx"):
            quote = quote.strip("| ")
        mail.comments.append(Comment(part, attributes, match[2], quote))
    clean = fill(COMMENT.sub(r"\2", raw), report, mail.slug, errors)
    if left := re.search(r"\{\{|\}\}", clean):
        errors.error(mail.slug, f"unclosed or nested markup near «{fold(clean[left.start():left.start() + 60])}»")
    return clean.strip("\n")


def read_mail(path: Path, report: Report, errors: Errors) -> Mail:
    """Read one message's source."""
    head, _, rest = path.read_text(encoding="utf-8").replace("\r\n", "\n").partition("\n---")
    header = {key.strip(): value.strip() for key, _, value in
              (line.partition(":") for line in head.splitlines() if line.strip())}
    mail = Mail(path.stem, header, "", {}, [])
    pieces = ATTACHMENT.split(rest.lstrip("-"))
    mail.body = take_comments(pieces[0], "body", mail, report, errors)
    for name, text in zip(pieces[1::2], pieces[2::2]):
        mail.attachments[name] = take_comments(text, name, mail, report, errors)
    check_header(mail, errors)
    return mail


def check_header(mail: Mail, errors: Errors) -> None:
    """Check the header's keys and values."""
    header = mail.header
    if missing := {"from", "date", "subject", "kind", "shape", "split", "language"} - set(header):
        raise SystemExit(f"{mail.slug}: missing header lines {sorted(missing)}")
    if unknown := set(header) - HEADER_KEYS:
        errors.error(mail.slug, f"unknown header lines {sorted(unknown)}")
    header.setdefault("organisation", "")
    header["organisation_type"] = header.get("organisation_type") or "ukjent"
    for key, values in (("kind", KINDS), ("shape", SHAPES), ("split", ("tune", "test")),
                        ("language", ("nb", "nn", "en")), ("organisation_type", TYPES),
                        ("interest", ("true", "false"))):
        if header.get(key, "false") not in values:
            errors.error(mail.slug, f"unknown {key} «{header.get(key)}»")
    name, address = parseaddr(header["from"])
    if not name or not address:
        errors.error(mail.slug, f"the sender is not «Name <address>»: {header['from']}")
    shape = header["shape"]
    if shape in ("docx", "xlsx", "pdf") and not any(key.endswith(f".{shape}") for key in mail.attachments):
        errors.error(mail.slug, f"shape {shape} without an attachment .{shape}")
    if shape == "forwarded" and not FORWARDED.search(mail.body):
        errors.error(mail.slug, "shape forwarded without a line «=== forwarded from: Name <mail>, date»")
    if left := re.search(r"^===.*", FORWARDED.sub("", mail.body), re.MULTILINE):
        errors.error(mail.slug, f"line not understood: {left[0]}")


def read_mails(folder: Path, report: Report, errors: Errors) -> list[Mail]:
    """Read all messages, make the duplicates from those they re-send, and give each its file."""
    mails = [read_mail(path, report, errors) for path in sorted(folder.glob("*.txt"))]
    by_slug = {mail.slug: mail for mail in mails}
    for mail in mails:
        if mail.header["kind"] != "duplicate":
            continue
        original = by_slug.get(mail.header.get("duplicate_of", ""))
        if original is None:
            errors.error(mail.slug, f"duplicate of an unknown message «{mail.header.get('duplicate_of')}»")
            continue
        mail.body, mail.attachments, mail.duplicate = original.body, original.attachments, True
        mail.header["shape"] = original.header["shape"]
        if not mail.header["subject"].lower().startswith("sender på nytt"):
            mail.header["subject"] = f"Sender på nytt: {original.header['subject']}"
    boxed = [mail for mail in mails if mail.header.get("mbox") == "true"]
    if len(boxed) < 4:
        boxed = [mail for mail in mails if mail.header["kind"] == "feedback"][-5:]
    for mail in mails:
        mail.file = f"mail/{mail.slug}.eml"
    for index, mail in enumerate(boxed, 1):
        mail.file = f"mail/innboks-arkiv.mbox#{index}"
    return mails


# ---------------------------------------------------------------------------------------------------------------------
# The mails: dates and quoted invitations as the clients write them
# ---------------------------------------------------------------------------------------------------------------------

DAYS = {"nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
        "nn": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"),
        "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")}
MONTHS = {"nb": ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober",
                 "november", "desember"),
          "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                 "November", "December")}
MONTHS["nn"] = MONTHS["nb"]
LABELS = {"nb": ("Fra", "Sendt", "Til", "Emne"), "nn": ("Frå", "Sendt", "Til", "Emne"),
          "en": ("From", "Sent", "To", "Subject")}
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


def invitation(to: str) -> Quoted:
    """Return the invitation as the quoted message."""
    return Quoted(SENDER, MAILBOX, INVITED, to, INVITATION_SUBJECT, INVITATION)


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
    return list(zip(LABELS[language], values))


def gmail_attribution(quoted: Quoted, language: str, address: str) -> str:
    """Return Gmail's line above a quotation."""
    date = quoted.date
    if language == "en":
        return (f"On {date:%a}, {short_month(date, language)} {date.day}, {date.year} at "
                f"{date.hour % 12 or 12}:{date:%M} {'AM' if date.hour < 12 else 'PM'} {quoted.name} {address} wrote:")
    wrote = "skreiv" if language == "nn" else "skrev"
    return (f"{DAYS[language][date.weekday()][:3]}. {date.day}. {short_month(date, language)} {date.year} "
            f"kl. {date:%H:%M} {wrote} {quoted.name} {address}:")


def apple_attribution(quoted: Quoted, language: str, address: str) -> str:
    """Return Apple Mail's line above a quotation."""
    date = quoted.date
    if language == "en":
        return (f"On {date.day} {short_month(date, language)} {date.year}, at {date:%H:%M}, {quoted.name} "
                f"{address} wrote:")
    wrote = "skreiv" if language == "nn" else "skrev"
    return (f"Den {date.day}. {short_month(date, language)} {date.year} kl. {date:%H:%M} {wrote} "
            f"{quoted.name} {address}:")


# ---------------------------------------------------------------------------------------------------------------------
# The mails: plain text
# ---------------------------------------------------------------------------------------------------------------------


def wrap_line(line: str, width: int) -> list[str]:
    """Wrap one line of plain text; list points get a hanging indent."""
    match = re.match(r"(-|\d+\.) +", line)
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False,
                         subsequent_indent=" " * (len(match[0]) if match else 0)) or [""]


def wrap(text: str, width: int | None) -> str:
    """Wrap plain text line by line; width None leaves the long lines."""
    if width is None:
        return text
    return "\n".join(piece for line in text.splitlines() for piece in wrap_line(line, width))


def quote_lines(text: str, width: int | None) -> str:
    """Return text quoted with «> »."""
    return "\n".join(f"> {line}".rstrip() for line in wrap(text.rstrip(), width).splitlines())


def flowed(text: str, width: int = 72) -> str:
    """Return plain text as format=flowed (RFC 3676): soft line ends have a space before them."""
    out = []
    for line in text.splitlines():
        if line.rstrip() == "--":  # above a signature; not a soft line end
            out.append("-- ")
            continue
        mark = "> " if line.startswith(">") else ""
        content = line.lstrip("> ") if mark else line
        pieces = textwrap.wrap(content, width - len(mark), break_long_words=False, break_on_hyphens=False) or [""]
        stuffed = [f" {piece}" if not mark and piece.startswith((" ", ">", "From ")) else piece for piece in pieces]
        out += [f"{mark}{piece} " for piece in stuffed[:-1]] + [f"{mark}{stuffed[-1]}".rstrip()]
    return "\n".join(out)


def header_block_text(quoted: Quoted, language: str) -> str:
    """Return Outlook's header block in plain text."""
    return "\n".join(f"{label}: {value}" for label, value in header_block(quoted, language))


def gmail_forward_text(quoted: Quoted, language: str) -> str:
    """Return Gmail's block above a forwarded message."""
    label = LABELS[language]
    date = gmail_attribution(quoted, language, "").partition(quoted.name)[0]
    date = re.sub(r" (skrev|skreiv) $", "", date).strip()
    return (f"---------- Forwarded message ---------\n{label[0]}: {quoted.name} <{quoted.address}>\nDate: {date}\n"
            f"Subject: {quoted.subject}\nTo: {quoted.to}")


# ---------------------------------------------------------------------------------------------------------------------
# The mails: HTML
# ---------------------------------------------------------------------------------------------------------------------

OUTLOOK_HEAD = """\
<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}">
<meta name="Generator" content="Microsoft Word 15 (filtered medium)">
<style><!--
/* Font Definitions */
@font-face
\t{{font-family:Calibri;
\tpanose-1:2 15 5 2 2 2 4 3 2 4;}}
/* Style Definitions */
p.MsoNormal, li.MsoNormal, div.MsoNormal
\t{{margin:0cm;
\tfont-size:11.0pt;
\tfont-family:"Calibri",sans-serif;}}
p.MsoListParagraph, li.MsoListParagraph
\t{{margin-left:36.0pt;}}
--></style>
</head>
<body lang="{lang}" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">
<div class="WordSection1">
"""


def html_blocks(text: str) -> list[tuple[str, list[str]]]:
    """Split a body into blocks: ("p", lines), ("ul", points), ("ol", points) and ("blank", [])."""
    blocks: list[tuple[str, list[str]]] = []
    for line in text.strip("\n").splitlines():
        match = LIST_LINE.fullmatch(line)
        kind = "blank" if not line.strip() else "p" if not match else "ul" if match[1] == "-" else f"ol{match[1][:-1]}"
        content = match[2] if match else line
        if blocks and (blocks[-1][0] == kind or blocks[-1][0][:2] == kind[:2] == "ol"):
            blocks[-1][1].append(content)
        else:
            blocks.append((kind, [content]))
    return blocks


def linked(text: str) -> str:
    """Escape text for HTML, with web and mail addresses as links."""
    escaped = html.escape(text, quote=False)
    escaped = re.sub(r"https?://[^\s<>,]+[\w/]", r'<a href="\g<0>">\g<0></a>', escaped)
    return re.sub(r"(?<![\w/.])[\w.+-]+@[\w.-]+\.example", r'<a href="mailto:\g<0>">\g<0></a>', escaped)


def html_list(kind: str, points: list[str], style: str = "", point_style: str = "") -> str:
    """Return an HTML list."""
    start = f' start="{kind[2:]}"' if kind.startswith("ol") else ""
    items = "\n".join(f"<li{point_style}>{linked(point)}</li>" for point in points)
    return f"<{kind[:2]}{start}{style}>\n{items}\n</{kind[:2]}>"


def outlook_html(text: str) -> str:
    """Return text as Word writes it in Outlook: one MsoNormal a line, lists, empty paragraphs between."""
    out = []
    for kind, lines in html_blocks(text):
        if kind == "blank":
            out.append('<p class="MsoNormal"><o:p>&nbsp;</o:p></p>')
        elif kind == "p":
            out += [f'<p class="MsoNormal">{wrapped_html(linked(line))}<o:p></o:p></p>' for line in lines]
        else:
            out.append(html_list(kind, lines, ' style="margin-top:0cm"', ' class="MsoListParagraph" '
                                                                         'style="margin-left:0cm"'))
    return "\n".join(out)


def wrapped_html(fragment: str) -> str:
    """Wrap long HTML at spaces, as Word does in the source."""
    return "\n".join(textwrap.wrap(fragment, 76, break_long_words=False, break_on_hyphens=False)) or "&nbsp;"


def div_html(text: str) -> str:
    """Return text as Gmail and Apple Mail write it: one div a line."""
    out = []
    for kind, lines in html_blocks(text):
        if kind == "blank":
            out.append("<div><br></div>")
        elif kind == "p":
            out += [f"<div>{linked(line)}</div>" for line in lines]
        else:
            out.append(html_list(kind, lines))
    return "".join(out)


def web_html(text: str, charset: str) -> str:
    """Return text as a web client writes it: p with br."""
    out = []
    for kind, lines in html_blocks(text):
        if kind == "p":
            out.append("<p>" + "<br>\n".join(linked(line) for line in lines) + "</p>")
        elif kind != "blank":
            out.append(html_list(kind, lines))
    return (f'<!DOCTYPE html>\n<html><head><meta charset="{charset}"></head>\n<body style="font-family: Verdana, '
            f'Arial, sans-serif; font-size: 10pt">\n' + "\n".join(out) + "\n</body></html>\n")


def outlook_page(text: str, quoted: Quoted | None, language: str, charset: str) -> str:
    """Return a whole Outlook message, with the quoted message below a header block."""
    lang = {"nb": "NO-BOK", "nn": "NO-NYN", "en": "EN-GB"}[language]
    page = OUTLOOK_HEAD.format(charset=charset, lang=lang) + outlook_html(text)
    if quoted:
        rows = "<br>\n".join(f"<b>{label}:</b> {html.escape(value, quote=False)}"
                             for label, value in header_block(quoted, language))
        page += ('\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n<div>\n'
                 "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>\n"
                 f'<p class="MsoNormal">{rows}<o:p></o:p></p>\n</div>\n</div>\n'
                 f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n{outlook_html(quoted.text)}')
    return page + "\n</div>\n</body>\n</html>\n"


def gmail_page(text: str, quoted: Quoted | None, language: str, forward: bool = False) -> str:
    """Return a Gmail message, with the quoted or forwarded message in a gmail_quote."""
    page = f'<div dir="ltr">{div_html(text)}</div>'
    if quoted:
        address = f'&lt;<a href="mailto:{quoted.address}">{quoted.address}</a>&gt;'
        if forward:
            head = linked(gmail_forward_text(quoted, language)).replace("\n", "<br>")
            inner = f'<div dir="ltr" class="gmail_attr">{head}<br></div><br><br>{div_html(quoted.text)}'
        else:
            head = gmail_attribution(quoted, language, address)
            inner = (f'<div dir="ltr" class="gmail_attr">{head}<br></div><blockquote class="gmail_quote" style="margin:'
                     '0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
                     f"{div_html(quoted.text)}</blockquote>")
        page += f'<br><div class="gmail_quote">{inner}</div>'
    return f"{page}\n"


def apple_page(text: str, quoted: Quoted, language: str) -> str:
    """Return an Apple Mail message, with the quoted message in a blockquote."""
    address = f'&lt;<a href="mailto:{quoted.address}">{quoted.address}</a>&gt;'
    return ('<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
            '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
            f'{div_html(text)}<div><br><blockquote type="cite"><div>{apple_attribution(quoted, language, address)}'
            f'</div><br class="Apple-interchange-newline"><div>{div_html(quoted.text)}</div></blockquote></div><br>'
            "</body></html>\n")


# ---------------------------------------------------------------------------------------------------------------------
# The mails: attachments
# ---------------------------------------------------------------------------------------------------------------------


def repack(data: bytes) -> bytes:
    """Return a zip file (docx, xlsx) with fixed dates, so that it is the same each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", b"2026-09-01T08:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 8, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def restart_numbering(document: docx.document.Document, paragraph: Any) -> Any:
    """Give the paragraph a fresh numbered list, and return the list's id."""
    numbering = document.part.numbering_part.numbering_definitions._numbering
    style = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(style).abstractNumId.val
    num = numbering.add_num(abstract)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    return num.numId


def make_docx(text: str, mail: Mail) -> bytes:
    """Return an attachment's text as a Word document."""
    document = docx.Document()
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(11)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[mail.language])
    document.styles["Normal"].element.get_or_add_rPr().append(lang)
    document.sections[0].header.paragraphs[0].text = mail.header["organisation"]
    core = document.core_properties
    core.author, core.last_modified_by = parseaddr(mail.header["from"])[0], parseaddr(mail.header["from"])[0]
    core.created = core.modified = FIXED
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
                number = number or restart_numbering(document, paragraph)
                paragraph_properties: Any = paragraph._p.get_or_add_pPr()
                properties = paragraph_properties.get_or_add_numPr()
                properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, number
    out = io.BytesIO()
    document.save(out)
    return repack(out.getvalue())


def table_rows(text: str) -> tuple[list[str], list[list[str]]]:
    """Return an xlsx attachment's title lines and its rows of cells."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    titles = [line for line in lines if not line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return titles, [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]


def make_xlsx(text: str, mail: Mail) -> bytes:
    """Return an attachment's table as a form in Excel: merged title, who answers, header row, one row a comment."""
    titles, rows = table_rows(text)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Innspill"
    width = len(rows[0])
    titles = titles or ["Skjema for innspill til utkast: Hvilke data trenger helsetjenesten?"]
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
    book.properties.created = FIXED
    out = io.BytesIO()
    book.save(out)
    return repack(out.getvalue())


def letter_fodt(text: str, mail: Mail) -> str:
    """Return an attachment's text as a letter in flat ODT: letterhead, text, page numbers; no line numbers."""
    plain = 'text:number-lines="false" fo:margin-bottom="0.25cm" fo:line-height="115%"'
    sans, no_hyphens = 'style:font-name="Liberation Sans"', 'fo:hyphenate="false"'
    styles = "\n".join([
        paragraph_style("Standard", "", plain, f'{sans} fo:font-size="10.5pt" {no_hyphens} fo:language="nb" '
                        'fo:country="NO"'),
        paragraph_style("Heading", "Standard", f'{plain} fo:margin-top="0.35cm" fo:keep-with-next="always"',
                        'fo:font-weight="bold" fo:font-size="12pt"'),
        paragraph_style("Header", "Standard", 'fo:border="none" fo:border-bottom="0.03cm solid #555555"',
                        'fo:font-size="9pt" fo:color="#444444"'),
        paragraph_style("Footer", "Standard", 'fo:text-align="end"', 'fo:font-size="8.5pt"'),
        report_list_styles().replace('text:number-lines="true"', 'text:number-lines="false"')])
    body = []
    for kind, lines in html_blocks(text):
        if kind == "p":
            for heading, group in itertools.groupby(lines, lambda line: line.startswith("#")):
                style = "Heading" if heading else "Standard"
                content = "<text:line-break/>".join(escape(line.lstrip("# ") if heading else line) for line in group)
                body.append(f'<text:p text:style-name="{style}">{content}</text:p>')
        elif kind != "blank":
            items = "".join(f'<text:list-item><text:p text:style-name="Standard">{escape(point)}</text:p>'
                            "</text:list-item>" for point in lines)
            body.append(f'<text:list text:style-name="{"Bullets" if kind == "ul" else "Numbers"}">{items}</text:list>')
    return FODT.format(namespaces=NAMESPACES, title=escape(mail.header["subject"]), styles=styles, left=2.5,
                       author=escape(parseaddr(mail.header["from"])[0]), automatic="",
                       header=escape(mail.header["organisation"] or parseaddr(mail.header["from"])[0]),
                       footer=FOOTER.replace("<text:tab/>", ""), body="\n".join(body))


def make_letters(mails: list[Mail]) -> dict[tuple[str, str], bytes]:
    """Return all PDF attachments by message and name, made in one run of LibreOffice."""
    wanted = [(mail, name) for mail in mails for name in mail.attachments if name.lower().endswith(".pdf")]
    if not wanted:
        return {}
    with tempfile.TemporaryDirectory() as name_of_folder:
        folder = Path(name_of_folder)
        sources = [folder / f"letter-{index:03d}.fodt" for index in range(len(wanted))]
        for source, (mail, name) in zip(sources, wanted):
            source.write_text(letter_fodt(mail.attachments[name], mail), encoding="utf-8")
        to_pdf(sources, folder)
        return {(mail.slug, name): source.with_suffix(".pdf").read_bytes()
                for source, (mail, name) in zip(sources, wanted)}


# ---------------------------------------------------------------------------------------------------------------------
# The mails: messages
# ---------------------------------------------------------------------------------------------------------------------

AGENTS = {"outlook-reply": ("X-Mailer", "Microsoft Outlook 16.0"), "html": ("X-Mailer", "Microsoft Outlook 16.0"),
          "apple-reply": ("X-Mailer", "Apple Mail (2.3776.700.51)"), "iphone": ("X-Mailer", "iPhone Mail (22A3354)"),
          "thunderbird-inline": ("User-Agent", "Mozilla Thunderbird")}
OFFICE = "vnd.openxmlformats-officedocument"
SUBTYPES = {"docx": f"{OFFICE}.wordprocessingml.document", "xlsx": f"{OFFICE}.spreadsheetml.sheet", "pdf": "pdf"}


def charset_for(mail: Mail, text: str) -> tuple[str, str]:
    """Return the charset and the transfer encoding: several are in use, by the message's number and shape."""
    shape = mail.header["shape"]
    if shape == "thunderbird-inline":
        return "utf-8", "8bit"
    wanted = ("utf-8", "quoted-printable")
    if shape in ("plain", "docx", "xlsx", "pdf", "html", "outlook-reply", "forwarded"):
        wanted = {0: ("iso-8859-1", "quoted-printable"), 1: ("windows-1252", "quoted-printable"),
                  2: ("utf-8", "base64")}.get(mail.number % 5, wanted)
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


def make_bodies(mail: Mail, to: str) -> tuple[str | None, str | None]:
    """Return the message's plain text and HTML in the shape of the client that wrote it."""
    shape, text, language = mail.header["shape"], mail.body.strip("\n"), mail.language
    quoted = invitation(to)
    bare_address = f"<{quoted.address}>"
    if shape == "html":
        return None, (outlook_page(text, None, language, "{{charset}}") if mail.number % 2 else
                      web_html(text, "{{charset}}"))
    if shape == "outlook-reply":
        plain = f"{text}\n\n{'_' * 32}\n{header_block_text(quoted, language)}\n\n{quoted.text}"
        return (None if mail.number % 3 else plain), outlook_page(text, quoted, language, "{{charset}}")
    if shape == "gmail-reply":
        plain = f"{wrap(text, 78)}\n\n{wrap(gmail_attribution(quoted, language, bare_address), 78)}\n\n"
        return plain + quote_lines(quoted.text, 76), gmail_page(text, quoted, language)
    if shape == "apple-reply":
        plain = f"{text}\n\n> {apple_attribution(quoted, language, bare_address)}\n> \n{quote_lines(quoted.text, None)}"
        return plain, apple_page(text, quoted, language)
    if shape == "iphone":
        if not re.search(r"iphone", text[-60:], re.IGNORECASE):
            text += f"\n\n{IPHONE[language]}"
        if mail.reply:
            text += (f"\n\n{apple_attribution(quoted, language, bare_address)}\n\n"
                     f"{quote_lines(quoted.text, None)}")
        return text, None
    if shape == "thunderbird-inline":
        if not re.search(r"(skrev|skreiv|wrote).*:\s*$", text.split("\n>")[0], re.MULTILINE):
            text = f"Den 01.09.2026 09:00, {'skreiv' if language == 'nn' else 'skrev'} {SENDER}:\n{text}"
        return flowed(text), None
    if shape == "forwarded":
        return forwarded_bodies(mail, to)
    return wrap(text, 72 + mail.number % 7), None


def forwarded_bodies(mail: Mail, to: str) -> tuple[str | None, str | None]:
    """Return a forwarded message as Outlook (HTML) or Gmail (both) writes it."""
    outer, name_and_address, date, inner = FORWARDED.split(mail.body, maxsplit=1)
    name, address = parseaddr(name_and_address)
    subject = re.sub(r"^(vs|fwd?|vidaresendt|videresendt)\s*:\s*", "", mail.header["subject"], flags=re.IGNORECASE)
    sent = datetime.strptime(date, "%Y-%m-%d %H:%M").replace(tzinfo=OSLO)
    quoted = Quoted(name, address, sent, mail.header["from"], subject, inner.strip("\n"))
    outer = outer.strip("\n")
    if mail.number % 2:
        return None, outlook_page(outer, quoted, mail.language, "{{charset}}")
    plain = f"{wrap(outer, 78)}\n\n{gmail_forward_text(quoted, mail.language)}\n\n\n{wrap(quoted.text, 78)}"
    return plain, gmail_page(outer, quoted, mail.language, forward=True)


def attach(message: EmailMessage, name: str, text: str, mail: Mail, letters: dict[tuple[str, str], bytes]) -> None:
    """Add an attachment."""
    extension = name.rpartition(".")[2].lower()
    if extension == "docx":
        data = make_docx(text, mail)
    elif extension == "xlsx":
        data = make_xlsx(text, mail)
    elif extension == "pdf":
        data = letters[mail.slug, name]
    else:
        message.add_attachment(text, filename=name)
        return
    message.add_attachment(data, maintype="application", subtype=SUBTYPES[extension], filename=name)


def make_message(mail: Mail, letters: dict[tuple[str, str], bytes]) -> EmailMessage:
    """Return the whole message."""
    header = mail.header
    name, address = parseaddr(header["from"])
    domain = address.rpartition("@")[2]
    message = EmailMessage(policy=policy.SMTP)
    message["Date"] = format_datetime(mail.date)
    message["From"] = header["from"]
    message["To"] = f"{SENDER} <{MAILBOX}>"
    message["Subject"] = header["subject"]
    message["Message-ID"] = f"<{mail.date:%Y%m%d%H%M}.{mail.number:03d}@{domain}>"
    if header["shape"].endswith(("-reply", "-inline")) or mail.reply:
        message["In-Reply-To"] = INVITATION_ID
        message["References"] = INVITATION_ID
    if agent := AGENTS.get(header["shape"]):
        message[agent[0]] = agent[1]
    if header["kind"] == "autoreply" and header.get("bare") != "true":
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[mail.language]
    set_bodies(message, mail, *make_bodies(mail, f"{name} <{address}>"))
    for file_name, text in mail.attachments.items():
        attach(message, file_name, text, mail, letters)
    for part in list(message.walk())[1:]:
        del part["MIME-Version"]
    for index, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"----=_Part_{mail.number:03d}_{index}_{mail.date:%Y%m%d%H%M}")
    return message


def mbox_entry(message: EmailMessage, mail: Mail) -> bytes:
    """Return the message as an entry of an mbox file (mboxrd)."""
    data = message.as_bytes(policy=policy.SMTP.clone(linesep="\n"))
    data = re.sub(rb"^(>*From )", rb">\1", data, flags=re.MULTILINE)
    address = parseaddr(mail.header["from"])[1]
    return f"From {address} {mail.date:%a %b %e %H:%M:%S %Y}\n".encode() + data.rstrip(b"\n") + b"\n\n"


def write_mails(mails: list[Mail], folder: Path, errors: Errors) -> None:
    """Write all messages; mails of earlier runs are removed."""
    folder.mkdir(exist_ok=True)
    for old in [*folder.glob("*.eml"), *folder.glob("*.mbox")]:
        old.unlink()
    letters = make_letters(mails)
    entries: dict[str, bytes] = {}
    for mail in mails:
        message = make_message(mail, letters)
        check_message(message, mail, errors)
        if "#" in mail.file:
            entries[mail.file] = mbox_entry(message, mail)
        else:
            (folder / Path(mail.file).name).write_bytes(message.as_bytes())
    if entries:
        (folder / "innboks-arkiv.mbox").write_bytes(b"".join(entries.values()))


def check_message(message: EmailMessage, mail: Mail, errors: Errors) -> None:
    """Check that each comment of the body is found again in the finished message."""
    texts = []
    for part in message.walk():
        if part.get_content_maintype() == "text" and not part.is_attachment():
            content = part.get_content()
            if part.get_content_subtype() == "html":
                content = html.unescape(re.sub(r"<[^>]*>", lambda tag: "" if tag[0].startswith(("<a ", "</a"))
                                               else " ", content))
            texts.append(squeeze(content))
    for comment in mail.comments:
        needle = squeeze(re.sub(r"(^|\n)(- |\d+\. )", r"\1", comment.quote))
        if comment.part == "body" and not all(needle in text for text in texts):
            errors.note(mail.slug, f"comment not found as it stands in the message: «{comment.quote[:60]}»")


# ---------------------------------------------------------------------------------------------------------------------
# The gold: what a reader would find
# ---------------------------------------------------------------------------------------------------------------------


def places_to_lines(comment: Comment, mail: Mail, report: Report, layout: Layout, errors: Errors) -> list[int]:
    """Return the sorted numbers of the lines that the comment concerns."""
    lines: set[int] = set()
    for place in comment.at:
        kind, _, number = place.partition(":")
        if place in report.anchors:
            lines.update(range(report.anchors[place].first, report.anchors[place].last + 1))
        elif kind == "section" and number in layout.sections:
            lines.update(range(layout.sections[number][0], layout.sections[number][1] + 1))
        elif not (place == "report" or (kind == "table" and number in layout.tables)):
            errors.error(mail.slug, f"unknown place «{place}» in at=")
    return sorted(lines)


def check_comment(comment: Comment, mail: Mail, plan: dict[str, Any], report: Report, errors: Errors) -> None:
    """Check one comment's attributes against the plan and its text against the report."""
    attributes, where = comment.attributes, f"{mail.slug}: «{comment.quote[:50]}»"
    themes = {theme["id"] for theme in plan["theme"]}
    needs = {need["id"] for need in plan["need"]} | {None, ""}
    for key, values in (("theme", themes), ("stance", STANCES), ("cite", CITES), ("need", needs)):
        if attributes.get(key) not in values:
            errors.error(where, f"unknown {key} «{attributes.get(key)}»")
    if unknown := set(attributes) - {"theme", "stance", "cite", "need", "at"}:
        errors.error(where, f"unknown attributes {sorted(unknown)}")
    if len(comment.quote) < 3:
        errors.error(where, "a comment of no length")
    if "at" not in attributes:
        errors.error(where, "no at=")
    cite = attributes.get("cite")
    if cite in ("line", "page_line", "wrong") and not re.search(r"\d", comment.quote) and ".xlsx" not in comment.part:
        errors.error(where, f"cite={cite}, but the text names no number")
    named = {match[1] for match in PLACEHOLDER.finditer(comment.raw)}
    if cite in ("line", "page_line") and not named <= set(comment.at):
        errors.error(where, f"cites {sorted(named - set(comment.at))}, which is not in at=")
    if cite not in ("line", "page_line", "wrong") and any(match[2] in (None, "first", "last")
                                                          for match in PLACEHOLDER.finditer(comment.raw)):
        errors.error(where, f"cite={cite}, but the text names line numbers")
    if cite == "quote":
        quotations = re.findall(r"«([^«»]+)»", comment.quote)
        bad = [text for text in quotations if fold(text).rstrip(".,;:") not in report.plain]
        if not quotations or len(bad) == len(quotations) or any(len(text.split()) > 3 for text in bad):
            errors.error(where, f"quotation not verbatim in the report: {bad or 'none at all'}")


def cites_numbers(comment: Comment) -> bool:
    """Return whether the text (or, in a form, the row) names line numbers."""
    return comment.attributes.get("cite") in ("line", "page_line", "wrong")


def make_comments(mails: list[Mail], report: Report, layout: Layout, plan: dict[str, Any],
                  errors: Errors) -> list[dict[str, Any]]:
    """Return the gold comments."""
    comments: list[dict[str, Any]] = []
    for mail in mails:
        for comment in mail.comments:
            check_comment(comment, mail, plan, report, errors)
            attributes = comment.attributes
            comments.append({
                "id": f"c{len(comments) + 1:03d}", "file": mail.file, "part": comment.part, "quote": comment.quote,
                "lines": places_to_lines(comment, mail, report, layout, errors),
                "whole_report": "report" in comment.at, "at": comment.at, "cite": attributes.get("cite"),
                "cited_numbers": cites_numbers(comment), "theme": attributes.get("theme"),
                "stance": attributes.get("stance"), "need": attributes.get("need") or None})
    return comments


def make_messages(mails: list[Mail]) -> list[dict[str, Any]]:
    """Return the gold messages."""
    files = {mail.slug: mail.file for mail in mails}
    return [{"file": mail.file, "source": f"source/mail/{mail.slug}.txt", "kind": mail.header["kind"],
             "split": mail.header["split"], "language": mail.language, "organisation": mail.header["organisation"],
             "organisation_type": mail.header["organisation_type"], "late": mail.date > DEADLINE,
             "interest": mail.header.get("interest") == "true",
             "duplicate_of": files.get(mail.header.get("duplicate_of", "")), "n_comments": len(mail.comments),
             "not_own": not_own(mail)}
            for mail in mails]


def not_own(mail: Mail) -> list[dict[str, str]]:
    """Return the signatures in a mail, and the paragraphs of the invitation that it quotes, each as one stretch."""
    stretches = []
    for part, text in {"body": mail.body, **mail.attachments}.items():
        closings = [line.start() for line in CLOSING.finditer(text)]
        marked = max((text.rfind(fold(comment.quote)[-40:]) for comment in mail.comments if comment.part == part),
                     default=0)
        if closings and closings[-1] > marked:
            stretches.append({"part": part, "text": fold(text[closings[-1]:])})
    if mail.header["shape"].endswith(("-reply", "-inline")):
        stretches += [{"part": "body", "text": fold(paragraph)} for paragraph in INVITATION.split("\n\n")
                      if len(paragraph) > 20]
    return stretches


def make_gold(report: Report, layout: Layout, plan: dict[str, Any], mails: list[Mail],
              errors: Errors) -> dict[str, Any]:
    """Return the whole gold file."""
    lines = [{"number": line.number, "page_number": line.page, "page_label": str(line.page), "text": line.text}
             for line in layout.lines]
    anchors = {anchor.id: {"first": anchor.first, "last": anchor.last, "page_number": anchor.page,
                           "section": anchor.section} for anchor in report.anchors.values()}
    return {"report": {"n_pages": layout.n_pages, "first_number": 1, "last_number": len(lines), "lines": lines,
                       "anchors": anchors, "tables": layout.tables,
                       "sections": {number: {"first": first, "last": last}
                                    for number, (first, last) in layout.sections.items()}},
            "themes": plan["theme"], "needs": plan["need"], "messages": make_messages(mails),
            "comments": make_comments(mails, report, layout, plan, errors)}


def check_addresses(paths: Iterable[Path], errors: Errors) -> None:
    """Report addresses that are not at .example."""
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for match in ADDRESS.finditer(text):
            if not match[1].endswith(".example"):
                errors.error(path.name, f"address not at .example: {match[0]}")
        for match in re.finditer(r"(?:https?://|www\.)([\w.-]+\w)", text):
            if not match[1].endswith(".example"):
                errors.error(path.name, f"web address not at .example: {match[0]}")


def consultation_toml(report: Report) -> str:
    """Return the consultation's settings."""
    return (f"title = {json.dumps(report.front['title'], ensure_ascii=False)}\nreport = \"report.pdf\"\n"
            f'mail = "mail"\ndeadline = {DEADLINE.isoformat()}\nmailbox = "{MAILBOX}"\nlanguage = "nb"\n')


def counts(values: Iterable[Any]) -> str:
    """Return the counts of the values in one line."""
    return ", ".join(f"{value} {count}" for value, count in sorted(Counter(map(str, values)).items()))


def print_summary(gold: dict[str, Any], errors: Errors) -> None:
    """Print the counts, the notes and the errors."""
    report, messages, comments = gold["report"], gold["messages"], gold["comments"]
    coverage = {need["id"]: need["coverage"] for need in gold["needs"]}
    of_file = {message["file"]: message for message in messages}
    print(f"report: {report['n_pages']} pages, {report['last_number']} lines, {len(report['anchors'])} anchors")
    print(f"messages: {len(messages)}: {counts(message['kind'] for message in messages)}; "
          f"late {sum(message['late'] for message in messages)}; by split: "
          f"{counts(message['split'] for message in messages)}")
    print(f"  by type: {counts(message['organisation_type'] for message in messages)}")
    print(f"comments: {len(comments)}")
    print(f"  split: {counts(of_file[comment['file']]['split'] for comment in comments)}")
    print(f"  language: {counts(of_file[comment['file']]['language'] for comment in comments)}")
    for key in ("theme", "stance", "cite", "need"):
        print(f"  {key}: {counts(comment[key] for comment in comments)}")
    print(f"  coverage: {counts(coverage.get(comment['need'], 'no need') for comment in comments)}")
    silent = sorted(set(coverage) - {comment["need"] for comment in comments})
    print(f"  needs without a comment: {', '.join(silent) or 'none'}")
    for note in errors.notes:
        print(f"note: {note}")
    for error in errors.errors:
        print(f"ERROR: {error}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path(__file__).resolve().parent.parent,
                        help="the consultation's folder, with source/ in it")
    parser.add_argument("--report-only", action="store_true", help="stop after report.pdf and the check of its lines")
    options = parser.parse_args(arguments)
    folder, source, errors = options.folder, options.folder / "source", Errors()
    plan = tomllib.loads((source / "plan.toml").read_text(encoding="utf-8"))
    report = read_report(source / "report.md")
    (source / "report.fodt").write_text(report_fodt(report), encoding="utf-8")
    to_pdf([source / "report.fodt"], folder)
    layout = locate(report, folder / "report.pdf")
    if options.report_only:
        print(f"report: {layout.n_pages} pages, {len(layout.lines)} lines, {len(report.anchors)} anchors")
        return 0
    check_addresses([source / "report.md", *sorted((source / "mail").glob("*.txt"))], errors)
    mails = read_mails(source / "mail", report, errors)
    write_mails(mails, folder / "mail", errors)
    gold = make_gold(report, layout, plan, mails, errors)
    (folder / "gold.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "consultation.toml").write_text(consultation_toml(report), encoding="utf-8")
    print_summary(gold, errors)
    return 1 if errors.errors else 0


if __name__ == "__main__":
    sys.exit(main())
