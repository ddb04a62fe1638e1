r"""Build the tiny report PDFs that the tests of the reading read, and what is true of them.

Run it from anywhere:

    python tests/pdf/build.py [NAME …]

It needs LibreOffice (`soffice`), `pdflatex` with lineno, poppler's `pdftotext`, and the Python packages pypdfium2 and
Pillow. The texts are in `source/`. Each PDF is written beside this file, and `truth.json` says of each which rows a
page shows, which number stands beside each, and what each row is.

The truth does not rest on innspill's own reading. Of a PDF with a number at every fifth line, a twin with a number at
every line is made from the same source by the same program, and poppler reads the twin: the program itself has then
counted the lines between. For LaTeX, the numbers of `\linelabel` in the .aux file are checked against that.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pypdfium2 as pdfium

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source"
FOOTNOTE = re.compile(r"\^\[([^\]]*)\]")
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1788220800", "FORCE_SOURCE_DATE": "1"}
# Words whose lower edges differ by less than this many points are on one row; lines are at least 12 points apart.
ROW_TOLERANCE = 6.0
NUMBERED_BY_DEFAULT = frozenset({"heading", "text", "list"})


# The sources ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list point, caption, table row or blank paragraph of a source."""

    kind: str
    text: str
    level: int = 0
    marker: str = ""

    @property
    def shown(self) -> str:
        """The block's text as shown, without its footnotes."""
        return FOOTNOTE.sub("", self.text)


@dataclass(frozen=True)
class Source:
    """A source text: its front matter and its blocks."""

    front: dict[str, str]
    blocks: tuple[Block, ...]

    @property
    def footnotes(self) -> list[str]:
        """The texts of the footnotes, in order."""
        return [note for block in self.blocks for note in FOOTNOTE.findall(block.text)]


def read_source(*names: str) -> Source:
    """Read a source, with the blocks of further files added to its end."""
    head, _, rest = (SOURCE / names[0]).read_text(encoding="utf-8").partition("\n\n")
    front = dict(line.split(": ", 1) for line in head.splitlines())
    for name in names[1:]:
        rest += (SOURCE / name).read_text(encoding="utf-8")
    return Source(front, tuple(read_block(line) for line in rest.rstrip("\n").split("\n")))


def with_blanks(source: Source) -> Source:
    """The source with an empty paragraph before every heading and between paragraphs, as many write in Word."""
    blocks: list[Block] = []
    for block in source.blocks:
        spaced = block.kind in ("heading", "text") and blocks and blocks[-1].kind in ("text", "list", "table")
        blocks += [Block("blank", ""), block] if spaced else [block]
    return Source(source.front, tuple(blocks))


def read_block(line: str) -> Block:
    """Read one line of a source."""
    if match := re.match(r"(#+) (.*)", line):
        return Block("heading", match[2], len(match[1]))
    if match := re.match(r"(-|\d\.) (.*)", line):
        return Block("list", match[2], marker=match[1])
    if line.startswith("|"):
        return Block("table", line)
    if line.startswith("Tabell "):
        return Block("caption", line)
    return Block("text" if line else "blank", line)


def cells_of(block: Block) -> list[str]:
    """The cells of a table row."""
    return [cell.strip() for cell in block.text.strip("|").split("|")]


# LibreOffice ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """How a report is set. `step` 0 is no line numbers; `numbered` are the kinds whose lines are counted."""

    producer: str = "libreoffice"
    sources: tuple[str, ...] = ("rapport-nb.txt",)
    step: int = 1
    restart: bool = False
    position: str = "left"
    count_empty: bool = False
    numbered: frozenset[str] = NUMBERED_BY_DEFAULT
    mirrored: bool = False
    contents: bool = False
    roman: bool = False
    bold_headings: bool = False
    blank_between: bool = False
    number_size: float = 7.5
    lineno: str = ""


NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
    )
)


def style(name: str, parent: str, paragraph: str, text: str, extra: str = "") -> str:
    """One paragraph style of a flat ODT."""
    above = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:family="paragraph"{above}{extra}>'
        f"<style:paragraph-properties {paragraph}/><style:text-properties {text}/></style:style>"
    )


def styles(layout: Layout) -> str:
    """The named styles of a flat ODT and its line numbering."""

    def counted(kind: str) -> str:
        return f'text:number-lines="{str(kind in layout.numbered).lower()}" text:line-number="0"'

    no_hyphens = 'fo:hyphenate="false"'
    bold = 'fo:font-weight="bold"'
    sizes = {1: "11pt", 2: "11pt"} if layout.bold_headings else {1: "15pt", 2: "12pt"}
    outline = "" if layout.bold_headings else ' style:default-outline-level="{}"'
    parts = [
        '<style:default-style style:family="paragraph"><style:paragraph-properties fo:orphans="2" fo:widows="2"/>'
        '<style:text-properties style:font-name="Liberation Serif" fo:font-size="11pt" fo:language="nb" '
        'fo:country="NO" fo:hyphenate="true" fo:hyphenation-remain-char-count="3" '
        'fo:hyphenation-push-char-count="3"/></style:default-style>',
        style("Standard", "", counted("none"), ""),
        style(
            "Body",
            "Standard",
            f'{counted("text")} fo:line-height="120%" fo:margin-bottom="0.2cm" fo:text-align="justify"',
            "",
        ),
        style("Point", "Body", f'{counted("list")} fo:margin-bottom="0.05cm"', ""),
        *(
            style(
                f"Heading{level}",
                "Standard",
                f'{counted("heading")} fo:keep-with-next="always" fo:margin-top="0.4cm" fo:margin-bottom="0.15cm"',
                f'fo:font-size="{sizes[level]}" {bold} {no_hyphens}',
                outline.format(level),
            )
            for level in (1, 2)
        ),
        style(
            "Title",
            "Standard",
            f'{counted("title")} fo:margin-bottom="0.2cm"',
            f'fo:font-size="20pt" {bold} {no_hyphens}',
        ),
        style(
            "Subtitle", "Standard", f'{counted("title")} fo:margin-bottom="0.5cm"', f'fo:font-size="12pt" {no_hyphens}'
        ),
        style(
            "Caption",
            "Standard",
            f'{counted("caption")} fo:keep-with-next="always" fo:margin-top="0.2cm" fo:margin-bottom="0.1cm"',
            f'fo:font-size="10pt" {bold} {no_hyphens}',
        ),
        style("Cell", "Standard", counted("table"), f'fo:font-size="10pt" {no_hyphens}'),
        style("Footnote", "Standard", counted("footnote"), f'fo:font-size="9pt" {no_hyphens}'),
        style("Contents", "Standard", counted("contents"), no_hyphens),
        style("Running", "Standard", counted("running"), f'fo:font-size="8.5pt" {no_hyphens}'),
        '<style:style style:name="Numbers" style:family="text"><style:text-properties '
        f'style:font-name="Liberation Sans" fo:font-size="{layout.number_size}pt"/></style:style>',
        '<style:style style:name="Anchor" style:family="text"><style:text-properties '
        'style:text-position="super 58%"/></style:style>',
        list_style("Bullets", 'bullet text:level="1" text:bullet-char="•"', "bullet"),
        list_style("Ordered", 'number text:level="1" style:num-format="1" style:num-suffix="."', "number"),
        '<text:notes-configuration text:note-class="footnote" text:citation-body-style-name="Anchor" '
        'text:default-style-name="Footnote" style:num-format="1" text:start-value="0" '
        'text:footnotes-position="page" text:start-numbering-at="document"/>',
    ]
    if layout.step:
        parts.append(
            '<text:linenumbering-configuration text:style-name="Numbers" text:number-lines="true" '
            f'text:count-empty-lines="{str(layout.count_empty).lower()}" text:count-in-text-boxes="false" '
            f'text:restart-on-page="{str(layout.restart).lower()}" text:increment="{layout.step}" '
            f'text:number-position="{layout.position}" text:offset="0.5cm" style:num-format="1"/>'
        )
    return "\n".join(parts)


def list_style(name: str, properties: str, element: str) -> str:
    """A list style of one level with a hanging indent."""
    return (
        f'<text:list-style style:name="{name}"><text:list-level-style-{properties}>'
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
        '<style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="0.7cm" '
        'fo:text-indent="-0.5cm" fo:margin-left="0.7cm"/></style:list-level-properties>'
        f"</text:list-level-style-{element}></text:list-style>"
    )


def page_layouts(layout: Layout) -> str:
    """A5 pages; the roman front matter has its own."""
    usage = ' style:page-usage="mirrored"' if layout.mirrored else ""
    out = ""
    for name, number_format in (("pm", "1"), ("pmroman", "i")):
        out += (
            f'<style:page-layout style:name="{name}"{usage}><style:page-layout-properties fo:page-width="14.8cm" '
            'fo:page-height="21cm" fo:margin-top="1.2cm" fo:margin-bottom="1.2cm" fo:margin-left="2.4cm" '
            f'fo:margin-right="1.8cm" style:num-format="{number_format}" style:footnote-max-height="0cm"/>'
            '<style:header-style><style:header-footer-properties fo:min-height="0.5cm" fo:margin-bottom="0.5cm"/>'
            '</style:header-style><style:footer-style><style:header-footer-properties fo:min-height="0.5cm" '
            'fo:margin-top="0.4cm"/></style:footer-style></style:page-layout>'
        )
    return out


class Fodt:
    """Writes a source as flat ODT."""

    def __init__(self, source: Source, layout: Layout) -> None:
        """Take the source and how it is to be set."""
        self.source, self.layout = source, layout
        self.notes = 0

    def inline(self, text: str) -> str:
        """A paragraph's text as XML, with its footnotes."""
        pieces = FOOTNOTE.split(text)
        out = escape(pieces[0])
        for note, after in zip(pieces[1::2], pieces[2::2], strict=True):
            self.notes += 1
            out += (
                f'<text:note text:id="ftn{self.notes}" text:note-class="footnote"><text:note-citation>{self.notes}'
                '</text:note-citation><text:note-body><text:p text:style-name="Footnote">'
                f"{escape(note)}</text:p></text:note-body></text:note>{escape(after)}"
            )
        return out

    def paragraph(self, style_name: str, text: str) -> str:
        """A paragraph as XML."""
        return f'<text:p text:style-name="{style_name}">{self.inline(text)}</text:p>'

    def body(self) -> Iterable[str]:
        """The blocks as XML, list points and table rows gathered."""
        blocks = list(self.source.blocks)
        while blocks:
            kind = blocks[0].kind
            run = [blocks.pop(0)]
            while kind in ("list", "table") and blocks and blocks[0].kind == kind:
                run.append(blocks.pop(0))
            if kind == "heading":
                level = run[0].level
                tag = "p" if self.layout.bold_headings else "h"
                outline = "" if tag == "p" else f' text:outline-level="{level}"'
                first = self.layout.roman and run[0] == next(b for b in self.source.blocks if b.kind == "heading")
                name = "Heading1First" if first else f"Heading{level}"
                yield f'<text:{tag} text:style-name="{name}"{outline}>{self.inline(run[0].text)}</text:{tag}>'
            elif kind == "list":
                name = "Bullets" if run[0].marker == "-" else "Ordered"
                points = "".join(f"<text:list-item>{self.paragraph('Point', b.text)}</text:list-item>" for b in run)
                yield f'<text:list text:style-name="{name}">{points}</text:list>'
            elif kind == "table":
                yield self.table(run)
            else:
                yield self.paragraph("Caption" if kind == "caption" else "Body", run[0].text)

    def table(self, rows: Sequence[Block]) -> str:
        """A ruled table."""
        width = len(cells_of(rows[0]))
        out = f'<table:table table:style-name="Table"><table:table-column table:number-columns-repeated="{width}"/>'
        for row in rows:
            cells = "".join(
                f'<table:table-cell table:style-name="Ruled">{self.paragraph("Cell", cell)}</table:table-cell>'
                for cell in cells_of(row)
            )
            out += f"<table:table-row>{cells}</table:table-row>"
        return out + "</table:table>"

    def front(self) -> str:
        """The title block, and the page of contents where there is one."""
        title = self.paragraph("TitleFirst" if self.layout.roman else "Title", self.source.front["title"])
        out = title + self.paragraph("Subtitle", self.source.front["subtitle"])
        if self.layout.contents or self.layout.roman:
            for index, block in enumerate(b for b in self.source.blocks if b.kind == "heading"):
                out += self.paragraph("Contents", f"{block.text} {'.' * 40} {index // 3 + 2}")
            if not self.layout.roman:
                out += '<text:p text:style-name="NewPage"/>'
        return out

    def document(self) -> str:
        """The whole flat ODT."""
        header = escape(self.source.front["header"])
        footer = 'Side <text:page-number text:select-page="current">1</text:page-number>'
        automatic = (
            '<style:style style:name="Table" style:family="table"><style:table-properties style:width="10cm" '
            'table:align="left" style:may-break-between-rows="false"/></style:style>'
            '<style:style style:name="Ruled" style:family="table-cell"><style:table-cell-properties '
            'fo:padding="0.08cm" fo:border="0.018cm solid #555555"/></style:style>'
            + style("NewPage", "Contents", 'fo:break-after="page"', "")
            + style("TitleFirst", "Title", 'style:page-number="1"', "", ' style:master-page-name="Roman"')
            + style("Heading1First", "Heading1", 'style:page-number="1"', "", ' style:master-page-name="Standard"')
            + page_layouts(self.layout)
        )
        masters = "".join(
            f'<style:master-page style:name="{name}" style:page-layout-name="{page_layout}"><style:header>'
            f'<text:p text:style-name="Running">{header}</text:p></style:header><style:footer>'
            f'<text:p text:style-name="Running">{footer}</text:p></style:footer></style:master-page>'
            for name, page_layout in (("Standard", "pm"), ("Roman", "pmroman"))
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {NAMESPACES} office:version="1.3" '
            'office:mimetype="application/vnd.oasis.opendocument.text"><office:font-face-decls><style:font-face '
            'style:name="Liberation Serif" svg:font-family="\'Liberation Serif\'"/><style:font-face '
            'style:name="Liberation Sans" svg:font-family="\'Liberation Sans\'"/></office:font-face-decls>'
            f"<office:styles>{styles(self.layout)}</office:styles><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:master-styles>{masters}</office:master-styles><office:body>"
            f"<office:text>{self.front()}{''.join(self.body())}</office:text></office:body></office:document>\n"
        )


def libreoffice(source: Source, layout: Layout, options: dict[str, Any] | None = None) -> bytes:
    """Set a source with LibreOffice; the PDF's bytes."""
    settings = {"ExportBookmarks": {"type": "boolean", "value": "true"}, **(options or {})}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "report.fodt").write_text(Fodt(source, layout).document(), encoding="utf-8")
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tempfile.gettempdir()}/innspill-test-profile", "--headless",
             "--convert-to", f"pdf:writer_pdf_Export:{json.dumps(settings)}", "--outdir", folder,
             f"{folder}/report.fodt"],
            check=True, capture_output=True, env=ENVIRONMENT, timeout=180,
        )  # fmt: skip
        return (Path(folder) / "report.pdf").read_bytes()


# LaTeX ---------------------------------------------------------------------------------------------------------------

TEX = r"""\documentclass[a5paper,10pt]{{article}}
\usepackage[a5paper,top=1.8cm,bottom=1.8cm,left=2.2cm,right=2cm,includefoot]{{geometry}}
\usepackage[norsk]{{babel}}
\usepackage{{lineno}}
\usepackage[colorlinks=false,hidelinks]{{hyperref}}
\pdfinfoomitdate=1 \pdftrailerid{{}} \pdfsuppressptexinfo=-1
\setlength{{\parindent}}{{0pt}}\setlength{{\parskip}}{{3pt}}\linespread{{1.15}}
\setcounter{{secnumdepth}}{{0}}
{setup}
\begin{{document}}
{{\LARGE\bfseries {title}\par}}{{\large {subtitle}\par}}
\linenumbers
{body}
\end{{document}}
"""


def tex(text: str) -> str:
    """A text as LaTeX, with its footnotes."""
    text = text.replace("%", r"\%").replace("&", r"\&")
    return FOOTNOTE.sub(r"\\footnote{\1}", text.replace("–", "--"))


def tex_body(source: Source) -> str:
    """The blocks as LaTeX; every paragraph with a label of its line."""
    out, open_list = [], ""
    for index, block in enumerate(source.blocks):
        wanted = {"-": "itemize", "": ""}.get(block.marker, "enumerate")
        if wanted != open_list:
            out.append((rf"\end{{{open_list}}}" if open_list else "") + (rf"\begin{{{wanted}}}" if wanted else ""))
            open_list = wanted
        if block.kind == "heading":
            out.append(rf"\{'sub' * (block.level - 1)}section{{{tex(block.text)}}}")
        elif block.kind == "list":
            out.append(rf"\item {tex(block.text)}")
        elif block.kind == "caption":
            out.append(rf"\begin{{center}}{{\small {tex(block.text)}\par}}")
        elif block.kind == "table":
            first = source.blocks[index - 1].kind != "table"
            last = source.blocks[index + 1].kind != "table"
            row = " & ".join(tex(cell) for cell in cells_of(block)) + r" \\ \hline"
            out.append((r"\begin{tabular}{|l|l|l|} \hline " if first else "") + row)
            if last:
                out.append(r"\end{tabular}\end{center}")
        elif block.kind == "text":
            word, rest = block.text.split(" ", 1)
            out.append(rf"{tex(word)}\linelabel{{{word}}} {tex(rest)}\par")
    return "\n".join(out)


def latex(source: Source, layout: Layout, labels: dict[str, int] | None = None) -> bytes:
    """Set a source with LaTeX; the PDF's bytes. `labels` takes the numbers of the line labels."""
    step = rf"\modulolinenumbers[{layout.step}]"
    setup = layout.lineno + step
    text = TEX.format(
        setup=setup, title=tex(source.front["title"]), subtitle=tex(source.front["subtitle"]), body=tex_body(source)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.tex"
        path.write_text(text, encoding="utf-8")
        run_latex(path)
        aux = path.with_suffix(".aux").read_text(encoding="utf-8")
        if labels is not None:
            labels.update({name: int(number) for name, number in re.findall(r"\\newlabel\{([^}]+)\}\{\{(\d+)\}", aux)})
        return path.with_suffix(".pdf").read_bytes()


def run_latex(path: Path) -> str:
    """Set a LaTeX file, three times so that what points at other places is right; what LaTeX says of it.

    Raises:
        SystemExit: LaTeX fails.
    """
    for _ in range(3):
        run = subprocess.run(
            ["pdflatex", "-interaction=batchmode", path.name],
            cwd=path.parent,
            capture_output=True,
            env=ENVIRONMENT,
            timeout=180,
        )
    log = path.with_suffix(".log").read_text(errors="replace")
    if run.returncode:
        raise SystemExit(log[-3000:])
    return log


# The truth, by poppler -----------------------------------------------------------------------------------------------


@dataclass
class TrueRow:
    """A row of a page, with the words' left edges and the number beside it."""

    bottom: float
    words: list[tuple[float, float, str]] = field(default_factory=list)
    number: int | None = None

    @property
    def text(self) -> str:
        """The words from left to right."""
        return " ".join(word for _, _, word in sorted(self.words))


def poppler_rows(pdf: bytes) -> list[list[TrueRow]]:
    """Rows of words of each page, from top to bottom."""
    run = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    root = ElementTree.fromstring(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", run.stdout))
    pages = []
    for page in root.iter("{http://www.w3.org/1999/xhtml}page"):
        rows: list[TrueRow] = []
        words = sorted(page, key=lambda word: float(word.attrib["yMax"]))
        for word in words:
            bottom = float(word.attrib["yMax"])
            if not rows or bottom - rows[-1].bottom > ROW_TOLERANCE:
                rows.append(TrueRow(bottom))
            rows[-1].words.append((float(word.attrib["xMin"]), float(word.attrib["xMax"]), nfc(word.text or "")))
        pages.append(rows)
    return pages


def nfc(text: str) -> str:
    """The text with each accented letter as one code point."""
    return unicodedata.normalize("NFC", text)


def take_numbers(pages: list[list[TrueRow]]) -> None:
    """Take the digit words outside the body's edges out of the rows, as the rows' numbers."""
    for rows in pages:
        letters = [word for row in rows for word in row.words if re.search(r"[^\W\d_]", word[2])]
        left, right = min(word[0] for word in letters), max(word[1] for word in letters)
        for row in rows:
            outside = [word for word in row.words if word[2].isdigit() and (word[1] < left - 4 or word[0] > right + 4)]
            if len(outside) > 1:
                raise SystemExit(f"two numbers beside {row.text!r}")
            if outside:
                row.number = int(outside[0][2])
                row.words.remove(outside[0])


def bare(text: str) -> str:
    """The letters of a text alone."""
    return re.sub(r"[\W\d_]+", "", text)


def kind_of(row: TrueRow, source: Source) -> str:
    """What a row is, by where its letters stand in the source."""
    letters = bare(unicodedata.normalize("NFKC", row.text))
    if not row.words:
        return "blank"
    if letters in (bare(source.front["header"]), "Side", "Sidei", "") or re.fullmatch(r"Side [ivx\d]+", row.text):
        return "table" if re.search(r"\d+ \d+ \d+", row.text) else "running"
    if re.search(r"\.{5}", row.text):
        return "contents"
    if not re.search(r"\d", row.text) and letters in bare(source.front["title"] + source.front["subtitle"]):
        return "title"
    for block in sorted(source.blocks, key=lambda b: b.kind != "heading"):
        text = bare(block.shown)
        if letters == text or (block.kind not in ("heading", "table") and letters in text):
            return block.kind
    if any(letters in bare(note) for note in source.footnotes):
        return "footnote"
    raise SystemExit(f"a row that is not in the source: {row.text!r}")


def truth_of(pdf: bytes, twin: bytes, source: Source, layout: Layout) -> dict[str, Any]:
    """What is true of a PDF: its rows with number and kind (from the twin), sections, tables, page labels."""
    shown, counted = poppler_rows(pdf), poppler_rows(twin)
    if layout.step:
        take_numbers(shown)
        take_numbers(counted)
    pages = []
    for page_rows, twin_rows in zip(shown, counted, strict=True):
        texts = [row.text for row in page_rows if row.words]
        if texts != [row.text for row in twin_rows if row.words]:
            raise SystemExit("the twin is set otherwise")
        printed = {round(row.bottom): row.number for row in page_rows if row.number is not None}
        rows = [(row, kind_of(row, source)) for row in twin_rows]
        for row, _ in rows:
            if layout.step > 1 and row.number is not None and row.number % layout.step == 0:
                near = [number for bottom, number in printed.items() if abs(bottom - row.bottom) <= ROW_TOLERANCE]
                if near != [row.number]:
                    raise SystemExit(f"{row.number} is not printed where the twin has it")
        running = [row.text for row, kind in rows if kind == "running"]
        footer = [text.split()[-1] for text in running if text != source.front["header"]]
        pages.append({
            "label": footer[-1] if footer else "",
            "running": running,
            "lines": [[row.number, kind, row.text] for row, kind in rows if kind != "running"],
        })  # fmt: skip
    sections = []
    for block in source.blocks:
        if block.kind == "heading":
            match = re.match(r"([\d.]+) (.*)", block.text)
            sections.append([match[1], match[2], block.level] if match else ["", block.text, block.level])
    tables = [re.match(r"Tabell (\d+): (.*)", b.text).groups() for b in source.blocks if b.kind == "caption"]
    return {
        "step": layout.step,
        "restart": layout.restart,
        "pages": pages,
        "sections": sections,
        "tables": [number for number, _ in tables],
    }


def check_truth(name: str, truth: dict[str, Any], labels: dict[str, int]) -> None:
    """Fail unless the numbers run without gap or double and agree with LaTeX's own labels."""
    runs = [[line[0] for line in page["lines"] if line[0] is not None] for page in truth["pages"]]
    if not truth["restart"]:
        runs = [[number for run in runs for number in run]]
    for run in runs:
        if run != list(range(1, len(run) + 1)):
            raise SystemExit(f"{name}: the numbers do not run from 1: {run}")
    for page in truth["pages"]:
        for number, kind, text in page["lines"]:
            label = labels.get(text.split(" ")[0]) if kind == "text" else None
            if label is not None and label != number:
                raise SystemExit(f"{name}: {text!r} has number {number}, and LaTeX says {label}")


# What is built -------------------------------------------------------------------------------------------------------

ALL = NUMBERED_BY_DEFAULT
NYNORSK = ("rapport-nn.txt",)
LAYOUTS = {
    "lo-every-line": Layout(),
    "lo-every-line-word-like": Layout(numbered=ALL | {"title", "caption"}, number_size=11, count_empty=True),
    "lo-fifth-page-empty-counted": Layout(step=5, restart=True, count_empty=True),
    "lo-fifth-page": Layout(step=5, restart=True),
    "lo-fifth-page-captions": Layout(step=5, restart=True, numbered=ALL | {"title", "caption"}, count_empty=True),
    "lo-fifth-page-no-headings": Layout(step=5, restart=True, numbered=ALL - {"heading"}),
    "lo-fifth-page-tables": Layout(step=5, restart=True, numbered=ALL | {"title", "caption", "table"}),
    "lo-fifth": Layout(step=5),
    "lo-fifth-tables": Layout(step=5, numbered=ALL | {"title", "caption", "table"}, count_empty=True),
    "lo-outer": Layout(position="outside", mirrored=True),
    "lo-outer-fifth-page": Layout(step=5, restart=True, position="outside", mirrored=True),
    "lo-none": Layout(step=0, sources=("rapport-nb.txt", "tillegg-nb.txt"), contents=True),
    "lo-roman": Layout(roman=True),
    "lo-nynorsk": Layout(step=5, restart=True, sources=NYNORSK, bold_headings=True),
    "lo-nynorsk-outline": Layout(step=5, restart=True, sources=NYNORSK),
    "lo-nynorsk-blanks": Layout(
        step=5,
        restart=True,
        sources=NYNORSK,
        bold_headings=True,
        count_empty=True,
        blank_between=True,
        numbered=ALL | {"title", "caption"},
    ),
    "lo-nynorsk-blanks-no-headings": Layout(
        step=5, restart=True, sources=NYNORSK, count_empty=True, blank_between=True, numbered=ALL - {"heading"}
    ),
    "lo-nynorsk-blanks-uncounted": Layout(step=5, restart=True, sources=NYNORSK, blank_between=True),
    "tex-every-line": Layout("latex"),
    "tex-fifth": Layout("latex", step=5),
    "tex-fifth-page": Layout("latex", step=5, restart=True, lineno=r"\pagewiselinenumbers"),
    "tex-right": Layout("latex", position="right", lineno=r"\rightlinenumbers"),
}


def build(name: str, layout: Layout) -> dict[str, Any]:
    """Write one PDF; what is true of it."""
    source = read_source(*layout.sources)
    if layout.blank_between:
        source = with_blanks(source)
    labels: dict[str, int] = {}
    twin_layout = replace(layout, step=1) if layout.step > 1 else layout
    if layout.producer == "latex":
        pdf, twin = latex(source, layout, labels), latex(source, twin_layout)
    else:
        pdf = libreoffice(source, layout)
        twin = libreoffice(source, twin_layout) if twin_layout != layout else pdf
    truth = truth_of(pdf, twin, source, layout)
    check_truth(name, truth, labels)
    (HERE / f"{name}.pdf").write_bytes(pdf)
    return truth


def build_hard() -> None:
    """Write the PDFs that cannot be read, or only in part."""
    source = read_source("rapport-nb.txt")
    good = (HERE / "lo-every-line.pdf").read_bytes()
    locked = {
        "EncryptFile": {"type": "boolean", "value": "true"},
        "DocumentOpenPassword": {"type": "string", "value": "hemmelig"},
    }
    (HERE / "locked.pdf").write_bytes(libreoffice(source, Layout(), locked))
    document = pdfium.PdfDocument(good)
    pictures = [document[index].render(scale=0.7).to_pil().convert("L") for index in range(2)]
    scanned = BytesIO()
    pictures[0].save(scanned, "PDF", save_all=True, append_images=pictures[1:], resolution=50)
    (HERE / "scanned.pdf").write_bytes(scanned.getvalue())
    mixed = pdfium.PdfDocument.new()
    mixed.import_pages(document, [0])
    mixed.import_pages(pdfium.PdfDocument(scanned.getvalue()), [0])
    mixed.import_pages(document, [1])
    mixed.save(HERE / "one-page-scanned.pdf")
    (HERE / "truncated.pdf").write_bytes(good[: len(good) // 3])
    (HERE / "damaged-page.pdf").write_bytes(damage_page(good))
    (HERE / "empty.pdf").write_bytes(b"")
    (HERE / "text.pdf").write_text("Dette er ikke en PDF.\n", encoding="utf-8")


def damage_page(pdf: bytes) -> bytes:
    """A PDF whose second page has a content stream that cannot be unpacked."""
    streams = list(re.finditer(rb"/Filter/FlateDecode>>\s*stream\r?\n", pdf))
    pages = [int(number) for number in re.findall(rb"/Type/Page/.*?/Contents (\d+) 0 R", pdf, re.DOTALL)]
    start = pdf.index(b"\n%d 0 obj" % pages[1])
    begin = next(match.end() for match in streams if match.start() > start)
    return pdf[:begin] + bytes(64) + pdf[begin + 64 :]


def write_truth(truth: dict[str, Any]) -> None:
    """Write `truth.json`, each row of a page on a line of its own."""
    text = json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True)
    quoted = r'"(?:[^"\\]|\\.)*"'
    innermost = re.compile(rf"\[\s+((?:{quoted}|[^\[\]{{}}\"])*?)\s+\]")
    text = innermost.sub(lambda match: "[" + re.sub(r",\n\s+", ", ", match[1]) + "]", text)
    if json.loads(text) != truth:
        raise SystemExit("the truth cannot be written row by row")
    (HERE / "truth.json").write_text(text + "\n", encoding="utf-8")


def main(names: Sequence[str], write: Callable[[str], int] = sys.stdout.write) -> None:
    """Build the named PDFs, or all."""
    path = HERE / "truth.json"
    truth = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if not names:  # what `build_matrix.py` adds has a sentence on what it shows
        truth = {name: entry for name, entry in truth.items() if "shows" in entry}
    for name, layout in LAYOUTS.items():
        if not names or name in names:
            truth[name] = build(name, layout)
            write(f"{name}: {len(truth[name]['pages'])} pages\n")
    if not names or "hard" in names:
        build_hard()
    write_truth(truth)


if __name__ == "__main__":
    main(sys.argv[1:])
