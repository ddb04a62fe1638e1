"""Build the Word documents that the tests of converting read, and what is true of them.

    python tests/office/build_docx.py

`word-*.docx` are written here part by part, with the line numbering that Word stores (`w:lnNumType`); `lo-*.docx` are
LibreOffice's. Every printed line ends in a break of its own, so `truth.json`, in the form of `../pdf/truth.json`, is
counted from the source.
"""

from __future__ import annotations

import json
import sys
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "pdf"))

from sheets_numbered import FRONT, FRONT_NN, plan, sectioned, valley  # noqa: E402
from sheets_office import libreoffice  # noqa: E402

from sheets import Block, Sheet, pour, shown_rows, truth_of  # noqa: E402

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
WIDE = 84
# Word counts the title block's lines too.
COUNTED = frozenset({"title", "heading", "text"})
RESTARTS = {False: "continuous", "page": "newPage", "section": "newSection"}
STYLES = {"title": ("Title", 36, True), "heading": ("Heading1", 28, True), "text": ("Normal", 22, False)}

WORD = {
    "word-every-line": Sheet(
        "Word: every line, through the report.", "word", pour([FRONT, *plan(WIDE, n=10)], 34.0), counted=COUNTED,
    ),
    "word-fifth-page": Sheet(
        "Word: every fifth line, anew on each page.", "word", pour([FRONT_NN, *valley(WIDE)], 22.0),
        step=5, restart="page", counted=COUNTED,
    ),
    "word-section": Sheet(
        "Word: every line, anew in each section.", "word", pour([FRONT, *sectioned(plan(WIDE, n=10))], 34.0),
        restart="section", counted=COUNTED,
    ),
    "word-none": Sheet("Word: no line numbers.", "word", pour([FRONT, *plan(WIDE, n=6)], 34.0), step=0),
}  # fmt: skip
BY_LIBREOFFICE = {
    "lo-page": Sheet(
        "LibreOffice: every line, anew on each page.", "libreoffice", pour([FRONT_NN, *valley(WIDE)], 24.0),
        restart="page",
    ),
    "lo-fifth": Sheet(
        "LibreOffice: every fifth line.", "libreoffice", pour([FRONT, *plan(WIDE, n=10)], 34.0), step=5,
    ),
}  # fmt: skip


def document(sheet: Sheet) -> str:
    """The sheet as `word/document.xml`."""
    body = ""
    blocks = [(block, place == 0 and index > 0) for index, page in enumerate(sheet.pages)
              for place, block in enumerate(page.columns[0])]  # fmt: skip
    for position, (block, new_page) in enumerate(blocks):
        following = blocks[position + 1][0] if position + 1 < len(blocks) else None
        ends = sheet.restart == "section" and following is not None and following.restarts
        body += paragraphs(block, new_page=new_page, section=section(sheet) if ends else "")
    return f'<w:document xmlns:w="{MAIN}"><w:body>{body}{section(sheet)}</w:body></w:document>'


def section(sheet: Sheet) -> str:
    """The properties of a section: A4, margins of 3 cm, and the line numbers."""
    numbers = ""
    if sheet.step:
        numbers = f'<w:lnNumType w:countBy="{sheet.step}" w:restart="{RESTARTS[sheet.restart]}"/>'
    margins = " ".join(f'w:{side}="1701"' for side in ("top", "right", "bottom", "left"))
    return f'<w:sectPr><w:type w:val="continuous"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins}/>{numbers}</w:sectPr>'


def paragraphs(block: Block, *, new_page: bool, section: str) -> str:
    """A block as paragraphs, a break after each printed line; the last holds the properties of its section."""
    if block.kind == "title":
        return "".join(
            paragraphs(replace(block, kind="text", rows=(row,)), new_page=False, section="") for row in block.rows
        )
    name, size, bold = STYLES[block.kind]
    properties = f'<w:pStyle w:val="{name}"/>' + ("<w:pageBreakBefore/>" if new_page else "") + section
    look = ("<w:b/>" if bold else "") + f'<w:sz w:val="{size}"/>'
    rows = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(row)}</w:t>' for row in block.rows)
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{look}</w:rPr>{rows}</w:r></w:p>"


def styles() -> str:
    """`word/styles.xml`: a font and a distance for all, and headings that are known as such."""
    fonts = '<w:rFonts w:ascii="Liberation Serif" w:hAnsi="Liberation Serif"/><w:sz w:val="22"/><w:lang w:val="nb-NO"/>'
    spacing = '<w:spacing w:after="100" w:line="300" w:lineRule="exact"/>'
    return (
        f'<w:styles xmlns:w="{MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}</w:rPr></w:rPrDefault><w:pPrDefault>'
        f'<w:pPr>{spacing}</w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" '
        'w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Heading1">'
        '<w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="240" w:after="80"/>'
        '<w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>'
    )


def word(sheet: Sheet) -> bytes:
    """The sheet as the smallest Word document that programs open."""
    kinds = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{TYPES}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{TYPES}.styles+xml"/>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{kinds}</Types>',
        "_rels/.rels": relationship("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": relationship("styles", "styles.xml"),
        "word/document.xml": document(sheet),
        "word/styles.xml": styles(),
    }
    return packed({name: f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode() for name, text in parts.items()})


def relationship(kind: str, target: str) -> str:
    """A part that tells of one other part."""
    one = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{one}</Relationships>'


def packed(parts: dict[str, bytes]) -> bytes:
    """An archive of the parts, the same bytes whenever it is made."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def repacked(docx: bytes) -> bytes:
    """A document of LibreOffice without the times in its archive."""
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()})


def main() -> None:
    """Write the documents and their truth."""
    truth: dict[str, Any] = {}
    for name, sheet in {**WORD, **BY_LIBREOFFICE}.items():
        data = word(sheet) if name in WORD else repacked(libreoffice(sheet, "docx"))
        (HERE / f"{name}.docx").write_bytes(data)
        truth[name] = truth_of(sheet, shown_rows(sheet))
        sys.stdout.write(f"{name}: {len(data) / 1000:.0f} kB\n")
    (HERE / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
