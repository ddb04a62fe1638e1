"""Sheets set by LibreOffice: flat ODT with a line break after each row, and with page and column breaks."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

from build import ENVIRONMENT, NAMESPACES, list_style, style

from sheets import MARKER, Block, Note, Page, Sheet

HYPHENS_OFF = 'fo:hyphenate="false"'
BOLD = 'fo:font-weight="bold"'


def libreoffice(sheet: Sheet, suffix: str = "pdf") -> bytes:
    """Set a sheet with LibreOffice.

    Args:
        sheet: The sheet; its `options` are those of the PDF export.
        suffix: ``pdf``, or ``docx`` for a Word document of the same text.
    """
    settings = {"ExportBookmarks": {"type": "boolean", "value": "false"}, **sheet.options}
    target = f"pdf:writer_pdf_Export:{json.dumps(settings)}" if suffix == "pdf" else suffix
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sheet.fodt").write_text(document(sheet), encoding="utf-8")
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tempfile.gettempdir()}/innspill-test-profile", "--headless",
             "--convert-to", target, "--outdir", folder, f"{folder}/sheet.fodt"],
            check=True, capture_output=True, env=ENVIRONMENT, timeout=180,
        )  # fmt: skip
        made = (Path(folder) / f"sheet.{suffix}").read_bytes()
    return dateless(made) if suffix == "pdf" else made


def dateless(pdf: bytes) -> bytes:
    """A PDF of LibreOffice with one and the same date and identifier, whenever it is made; no byte moves."""
    pdf = re.sub(rb"/CreationDate\(D:\d{14}", b"/CreationDate(D:20260901000000", pdf)
    return re.sub(rb"(/ID \[ <|>\n<|/DocChecksum /)[0-9A-F]{32}", rb"\g<1>" + b"0" * 31 + b"1", pdf)


def document(sheet: Sheet) -> str:
    """The sheet as a flat ODT."""
    automatic = "".join(_automatic(sheet))
    header = f'<text:p text:style-name="Running">{escape(sheet.header)}</text:p>' if sheet.header else ""
    numbered = any(page.label for page in sheet.pages)
    foot = 'Side <text:page-number text:select-page="current">1</text:page-number>' if numbered else ""
    master = "".join(
        f'<style:master-page style:name="{name}" style:page-layout-name="{page_layout}"><style:header>'
        f'{header}</style:header><style:footer><text:p text:style-name="Foot">{foot}</text:p></style:footer>'
        "</style:master-page>"
        for name, page_layout in (("Standard", "pm"), ("Wide", "pmwide"))
    )
    body = "".join(_page(sheet, index, page) for index, page in enumerate(sheet.pages))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {NAMESPACES} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:font-face-decls><style:font-face '
        'style:name="Liberation Serif" svg:font-family="\'Liberation Serif\'"/></office:font-face-decls>'
        f"<office:styles>{''.join(_styles(sheet))}</office:styles><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:master-styles>{master}</office:master-styles><office:body>"
        f"<office:text>{body}</office:text></office:body></office:document>\n"
    )


def _styles(sheet: Sheet) -> Iterator[str]:
    def counted(kind: str) -> str:
        return f'text:number-lines="{str(kind in sheet.counted).lower()}" text:line-number="0"'

    yield (
        '<style:default-style style:family="paragraph"><style:paragraph-properties fo:orphans="0" fo:widows="0"/>'
        '<style:text-properties style:font-name="Liberation Serif" fo:font-size="11pt" fo:language="nb" '
        'fo:country="NO" fo:hyphenate="false"/></style:default-style>'
    )
    # A Word document cannot number again what the style above it leaves out.
    yield style("Standard", "", 'text:number-lines="true" text:line-number="0"', "")
    leading = f'fo:line-height="{sheet.leading}pt"'
    yield style("Body", "Standard", f'{counted("text")} {leading} fo:margin-bottom="5pt"', HYPHENS_OFF)
    yield style("Point", "Body", f'{counted("list")} fo:margin-bottom="2pt"', "")
    yield style("Blank", "Body", f'{counted("blank" if sheet.count_empty else "none")} fo:margin-bottom="0pt"', "")
    if sheet.count_empty:
        yield style("BlankCounted", "Blank", 'text:number-lines="true" text:line-number="0"', "")
    for level, size in ((1, 15), (2, 12)):
        yield style(
            f"Heading{level}", "Standard", f'{counted("heading")} fo:margin-top="12pt" fo:margin-bottom="4pt"',
            f'fo:font-size="{size}pt" {BOLD}', f' style:default-outline-level="{level}"',
        )  # fmt: skip
    yield style("Title", "Standard", f'{counted("title")} fo:margin-bottom="4pt"', f'fo:font-size="18pt" {BOLD}')
    yield style("Subtitle", "Standard", f'{counted("title")} fo:margin-bottom="10pt"', 'fo:font-size="12pt"')
    yield style(
        "Caption", "Standard", f'{counted("caption")} fo:margin-top="6pt" fo:margin-bottom="4pt"',
        f'fo:font-size="10pt" {BOLD}',
    )  # fmt: skip
    yield style("Cell", "Standard", counted("table"), 'fo:font-size="10pt"')
    yield style("Contents", "Standard", f'{counted("contents")} fo:margin-bottom="3pt"', "")
    yield style("Footnote", "Standard", counted("footnote"), 'fo:font-size="9pt"')
    yield style("Running", "Standard", counted("running"), 'fo:font-size="9pt"')
    yield style("Foot", "Running", 'fo:text-align="center"', "")
    yield (
        '<style:style style:name="Numbers" style:family="text"><style:text-properties '
        f"{sheet.number_font or 'fo:font-size=' + chr(34) + '7.5pt' + chr(34)}/></style:style>"
        '<style:style style:name="Anchor" style:family="text"><style:text-properties '
        'style:text-position="super 58%"/></style:style>'
    )
    yield list_style("Bullets", 'bullet text:level="1" text:bullet-char="•"', "bullet")
    yield list_style("Bare", 'number text:level="1" style:num-format="1"', "number")
    yield list_style("Ordered", 'number text:level="1" style:num-format="1" style:num-suffix="."', "number")
    yield (
        '<text:notes-configuration text:note-class="footnote" text:citation-body-style-name="Anchor" '
        'text:default-style-name="Footnote" style:num-format="1" text:start-value="0" '
        'text:footnotes-position="page" text:start-numbering-at="document"/>'
    )
    if sheet.step:
        position = "outside" if sheet.side == "outer" else "right" if sheet.side == "right" else "left"
        yield (
            '<text:linenumbering-configuration text:style-name="Numbers" text:number-lines="true" '
            f'text:count-empty-lines="{str(sheet.count_empty).lower()}" text:count-in-text-boxes="false" '
            f'text:restart-on-page="{str(sheet.restart == "page").lower()}" text:increment="{sheet.step}" '
            f'text:number-position="{position}" text:offset="0.4cm" style:num-format="1"/>'
        )


def _automatic(sheet: Sheet) -> Iterator[str]:
    usage = ' style:page-usage="mirrored"' if sheet.two_sided else ""
    columns = '<style:columns fo:column-count="2" fo:column-gap="42pt"/>' if sheet.n_columns == 2 else ""
    for name, width, height in (("pm", 21, 29.7), ("pmwide", 29.7, 21)):
        yield (
            f'<style:page-layout style:name="{name}"{usage}><style:page-layout-properties fo:page-width="{width}cm" '
            f'fo:page-height="{height}cm" fo:margin-top="1.5cm" fo:margin-bottom="1.2cm" fo:margin-left="3cm" '
            'fo:margin-right="3cm" style:num-format="1" style:footnote-max-height="0cm" style:print-orientation='
            f'"{"portrait" if name == "pm" else "landscape"}">{columns}<style:footnote-sep style:width="0.018cm" '
            'style:distance-before-sep="0.1cm" style:distance-after-sep="0.1cm" style:adjustment="left" '
            'style:rel-width="25%" style:color="#000000"/></style:page-layout-properties>'
            '<style:header-style><style:header-footer-properties fo:min-height="0.5cm" fo:margin-bottom="1cm"/>'
            '</style:header-style><style:footer-style><style:header-footer-properties fo:min-height="0.5cm" '
            'fo:margin-top="1cm"/></style:footer-style></style:page-layout>'
        )
    parents = ["Body", "Point", "Heading1", "Heading2", "Title", "Caption", "Contents", "Blank", "Cell"]
    for parent in parents:
        for place in ("page", "column"):
            yield style(f"{parent}{place}", parent, f'fo:break-before="{place}"', "")
        for place, master in (("wide", "Wide"), ("upright", "Standard")):
            yield style(f"{parent}{place}", parent, "", "", f' style:master-page-name="{master}"')
        if sheet.step:
            first = f'text:number-lines="true" text:line-number="{sheet.first}"'
            yield style(f"{parent}first", parent, first, "")
            yield style(f"{parent}firstpage", parent, f'{first} fo:break-before="page"', "")
    yield '<style:style style:name="Plain" style:family="table-cell"><style:table-cell-properties fo:padding="0.05cm" '
    yield 'fo:border="none"/></style:style><style:style style:name="Ruled" style:family="table-cell">'
    yield '<style:table-cell-properties fo:padding="0.05cm" fo:border="0.018cm solid #555555"/></style:style>'
    yield '<style:style style:name="Over" style:family="table-cell"><style:table-cell-properties fo:padding="0.05cm" '
    yield 'fo:border-top="0.018cm solid #555555" fo:border-bottom="0.018cm solid #555555"/></style:style>'
    widths = {w for p in sheet.pages for c in p.columns for b in c if b.kind == "table" for w in _widths(b)}
    for width in sorted(widths):
        yield f'<style:style style:name="Width{width * 100:.0f}" style:family="table-column">'
        yield f'<style:table-column-properties style:column-width="{width}cm"/></style:style>'
    for total in sorted({sum(_widths(b)) for p in sheet.pages for c in p.columns for b in c if b.kind == "table"}):
        for name, extra in (("Table", ""), ("TableBreak", ' fo:break-before="page"')):
            yield f'<style:style style:name="{name}{total * 100:.0f}" style:family="table"><style:table-properties '
            yield f'style:width="{total}cm" table:align="left"{extra}/></style:style>'


def _widths(block: Block) -> tuple[float, ...]:
    return block.widths or tuple(3.2 for _ in block.cells[0])


def _page(sheet: Sheet, index: int, page: Page) -> str:
    out = ""
    after_break = index > 0 and not sheet.pages[index - 1].flows
    for column, blocks in enumerate(page.columns):
        place = "column" if column else _turn(sheet, index) if after_break else ""
        pending = list(blocks)
        while pending:
            block = pending.pop(0)
            run = [block]
            while block.kind == "list" and pending and pending[0].kind == "list":
                run.append(pending.pop(0))
            out += _block(sheet, run, place, anew=block.restarts)
            place = ""
    if index == 0 and sheet.first != 1:
        out = _start_at(out, sheet)
    return out


def _turn(sheet: Sheet, index: int) -> str:
    """The break before a page: to one of the same shape, on its side, or upright again."""
    if sheet.pages[index].wide == sheet.pages[index - 1].wide:
        return "page"
    return "wide" if sheet.pages[index].wide else "upright"


def _start_at(body: str, sheet: Sheet) -> str:
    """Give the first counted paragraph the style that starts the count."""
    names = {"heading": "Heading1", "text": "Body"}
    first = min((body.index(f'text:style-name="{name}"'), name) for name in names.values() if f'"{name}"' in body)
    return body.replace(f'text:style-name="{first[1]}"', f'text:style-name="{first[1]}first"', 1)


def _block(sheet: Sheet, run: list[Block], place: str, *, anew: bool) -> str:
    block = run[0]
    suffix = ("first" if anew else "") + place
    if block.kind == "list":
        name = "Bullets" if block.marker == "•" else "Ordered" if block.marker.endswith(".") else "Bare"
        points = "".join(
            f"<text:list-item>{_paragraph('Point' + (suffix if b is block else ''), b)}</text:list-item>" for b in run
        )
        return f'<text:list text:style-name="{name}">{points}</text:list>'
    if block.kind == "table":
        return _table(block, place)
    if block.kind == "title":
        big, *small = block.rows
        rows = _paragraph(f"Title{suffix}", replace(block, rows=(big,)))
        return rows + "".join(_paragraph("Subtitle", replace(block, rows=(row,))) for row in small)
    name = {"heading": f"Heading{block.level}", "caption": "Caption", "contents": "Contents", "blank": "Blank"}
    if block.kind == "blank" and sheet.count_empty:
        return '<text:p text:style-name="BlankCounted"/>'
    tag = "h" if block.kind == "heading" else "p"
    return _paragraph(name.get(block.kind, "Body") + suffix, block, tag=tag)


def _paragraph(name: str, block: Block, *, tag: str = "p") -> str:
    rows = [block.flow] if block.flow else block.rows
    body = "<text:line-break/>".join(_inline(row, block.notes) for row in rows)
    outline = f' text:outline-level="{block.level}"' if tag == "h" else ""
    return f'<text:{tag} text:style-name="{name}"{outline}>{body}</text:{tag}>'


def _inline(row: str, notes: tuple[Note, ...]) -> str:
    pieces = MARKER.split(row)
    out = escape(pieces[0])
    for marker, after in zip(pieces[1::2], pieces[2::2], strict=True):
        found = next(n for n in notes if n.marker == marker)
        body = "<text:line-break/>".join(map(escape, found.rows))
        label = "" if marker.isdecimal() else f' text:label="{marker}"'
        out += (
            f'<text:note text:note-class="footnote"><text:note-citation{label}>{marker}</text:note-citation>'
            f'<text:note-body><text:p text:style-name="Footnote">{body}</text:p></text:note-body></text:note>'
            f"{escape(after)}"
        )
    return out


def _table(block: Block, place: str) -> str:
    widths = _widths(block)
    name = "TableBreak" if place else "Table"
    columns = "".join(f'<table:table-column table:style-name="Width{width * 100:.0f}"/>' for width in widths)
    out = f'<table:table table:style-name="{name}{sum(widths) * 100:.0f}">{columns}'
    for index, row in enumerate(block.cells):
        over = block.ruling == "booktabs" and index in (0, len(block.cells) - 1)
        cell_style = "Ruled" if block.ruling == "ruled" else "Over" if over else "Plain"
        cells = "".join(
            f'<table:table-cell table:style-name="{cell_style}"><text:p text:style-name="Cell">'
            f"{'<text:line-break/>'.join(map(escape, cell.split(chr(10))))}</text:p></table:table-cell>"
            for cell in row
        )
        out += f"<table:table-row>{cells}</table:table-row>"
    return out + "</table:table>"
