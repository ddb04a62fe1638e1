"""Flat OpenDocument text: the report with its line numbers, and the styles that letters share with it."""

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from .consultation import LOCALES, Consultation
from .report import ANCHOR, CAPTION, FOOTNOTE, LIST_LINE, Block, Report

MARGIN_LEFT_CM = 3.0
NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"),
            ("style", "style"),
            ("text", "text"),
            ("table", "table"),
            ("meta", "meta"),
            ("fo", "xsl-fo-compatible"),
            ("svg", "svg-compatible"),
        )
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
FODT = """\
<?xml version="1.0" encoding="UTF-8"?>
<office:document {namespaces} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>
<meta:initial-creator>{author}</meta:initial-creator><meta:creation-date>{made}</meta:creation-date>
<dc:date>{made}</dc:date><dc:language>{locale}</dc:language></office:meta>
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
</style:master-page>{masters}</office:master-styles>
<office:body><office:text>
{body}
</office:text></office:body>
</office:document>
"""
PAGE_NUMBER = '<text:page-number text:select-page="current">1</text:page-number>'
FOOTER = f"<text:tab/>Side {PAGE_NUMBER} av <text:page-count>1</text:page-count>"
FOOTER_AFTER_FRONT = f"<text:tab/>Side {PAGE_NUMBER}"
LIST_LEVEL = (
    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="0.75cm" '
    'fo:text-indent="-0.55cm" fo:margin-left="0.75cm"/></style:list-level-properties>'
)


def paragraph_style(name: str, parent: str, paragraph: str, text: str = "", inner: str = "", extra: str = "") -> str:
    """Return one paragraph style of the flat ODT."""
    parent_name = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:family="paragraph"{parent_name}{extra}>'
        f"<style:paragraph-properties {paragraph}>{inner}</style:paragraph-properties>"
        f"<style:text-properties {text}/></style:style>"
    )


def report_list_styles(increment: int = 1, *, restarts: bool = False) -> str:
    """Return the list styles and the settings of notes and line numbers."""
    return "\n".join(
        [
            '<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" '
            f'text:bullet-char="•">{LIST_LEVEL}</text:list-level-style-bullet></text:list-style>',
            '<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" '
            'style:num-format="1" '
            f'style:num-suffix=".">{LIST_LEVEL}</text:list-level-style-number></text:list-style>',
            '<text:notes-configuration text:note-class="footnote" '
            'text:citation-body-style-name="Footnote_20_anchor" text:default-style-name="Footnote" '
            'style:num-format="1" text:start-value="0" '
            'text:footnotes-position="page" text:start-numbering-at="document"/>',
            '<text:linenumbering-configuration text:style-name="Line_20_numbering" text:number-lines="true" '
            'text:count-empty-lines="false" text:count-in-text-boxes="false" '
            f'text:restart-on-page="{str(restarts).lower()}" '
            f'text:increment="{increment}" text:number-position="left" text:offset="0.6cm" style:num-format="1"/>',
        ]
    )


PLAIN = 'text:number-lines="false" text:line-number="0"'
NUMBERED = 'text:number-lines="true" text:line-number="0"'
SANS = 'style:font-name="Liberation Sans"'
SERIF = 'style:font-name="Liberation Serif"'
NO_HYPHENS = 'fo:hyphenate="false"'
LEFT = 'fo:text-align="start"'
KEEP = 'fo:keep-with-next="always"'
BLUE = 'fo:color="#12395b"'


def report_styles(consultation: Consultation) -> str:
    """Return the named styles of the report."""
    return "\n".join(
        [
            *body_styles(consultation.language),
            *title_styles(),
            *small_styles(),
            report_list_styles(consultation.increment, restarts=consultation.restarts),
        ]
    )


def body_styles(language: str) -> list[str]:
    """Return the styles of what carries line numbers: text, list points and headings."""
    heading = f'fo:font-weight="bold" {BLUE} {NO_HYPHENS}'
    return [
        (
            '<style:default-style style:family="paragraph"><style:paragraph-properties fo:orphans="2" fo:widows="2" '
            f'style:tab-stop-distance="1.25cm"/><style:text-properties {SERIF} '
            f'fo:font-size="11pt" fo:language="{language}" fo:country="NO" fo:hyphenate="true" '
            'fo:hyphenation-remain-char-count="3" fo:hyphenation-push-char-count="3"/></style:default-style>'
        ),
        paragraph_style("Standard", "", PLAIN),
        paragraph_style(
            "Text_20_body",
            "Standard",
            f'{NUMBERED} fo:text-align="justify" fo:line-height="130%" '
            'fo:margin-top="0cm" fo:margin-bottom="0.24cm" fo:hyphenation-ladder-count="2"',
            'fo:hyphenate="true" fo:hyphenation-remain-char-count="3" fo:hyphenation-push-char-count="3"',
        ),
        paragraph_style("List_20_Point", "Text_20_body", f'{NUMBERED} fo:margin-bottom="0.1cm"'),
        paragraph_style("List_20_Last", "List_20_Point", f'{NUMBERED} fo:margin-bottom="0.3cm"'),
        paragraph_style(
            "Heading_20_1",
            "Standard",
            f'{NUMBERED} {KEEP} {LEFT} fo:margin-top="0.7cm" fo:margin-bottom="0.25cm"',
            f'{SANS} fo:font-size="16pt" {heading}',
            extra=' style:default-outline-level="1"',
        ),
        paragraph_style(
            "Heading_20_2",
            "Standard",
            f'{NUMBERED} {KEEP} {LEFT} fo:margin-top="0.45cm" fo:margin-bottom="0.18cm"',
            f'{SANS} fo:font-size="12.5pt" {heading}',
            extra=' style:default-outline-level="2"',
        ),
    ]


def title_styles() -> list[str]:
    """Return the styles of the lines above the body."""
    return [
        paragraph_style(
            "Title",
            "Standard",
            f'{PLAIN} {LEFT} fo:margin-top="0.6cm" fo:margin-bottom="0.3cm"',
            f'{SANS} fo:font-size="22pt" fo:font-weight="bold" {BLUE} {NO_HYPHENS}',
        ),
        paragraph_style(
            "Subtitle",
            "Standard",
            f'{PLAIN} {LEFT} fo:margin-bottom="0.15cm"',
            f'{SANS} fo:font-size="12.5pt" fo:color="#333333" {NO_HYPHENS}',
        ),
        paragraph_style(
            "Author",
            "Standard",
            f'{PLAIN} {LEFT} fo:margin-bottom="0.6cm" fo:padding="0cm" '
            'fo:padding-bottom="0.3cm" fo:border="none" fo:border-bottom="0.05cm solid #12395b"',
            f'{SANS} fo:font-size="10.5pt" fo:color="#333333" {NO_HYPHENS}',
        ),
    ]


def small_styles() -> list[str]:
    """Return the styles of tables, footnotes, header, footer and of the line numbers themselves."""
    right_tab = '<style:tab-stops><style:tab-stop style:position="15.7cm" style:type="right"/></style:tab-stops>'
    grey = f'{SANS} fo:font-size="8.5pt" fo:color="#555555"'
    return [
        paragraph_style(
            "Caption",
            "Standard",
            f'{PLAIN} {KEEP} {LEFT} fo:margin-top="0.3cm" fo:margin-bottom="0.15cm"',
            f'{SANS} fo:font-size="9.5pt" fo:font-weight="bold" {NO_HYPHENS}',
        ),
        paragraph_style("Table_20_Text", "Standard", f"{PLAIN} {LEFT}", f'{SANS} fo:font-size="9pt" {NO_HYPHENS}'),
        paragraph_style(
            "Table_20_Head",
            "Standard",
            f"{PLAIN} {LEFT} {KEEP}",
            f'{SANS} fo:font-size="9pt" fo:font-weight="bold" {NO_HYPHENS}',
        ),
        paragraph_style("After_20_Table", "Standard", f'{PLAIN} fo:line-height="0.35cm"', 'fo:font-size="4pt"'),
        paragraph_style(
            "Footnote",
            "Standard",
            f'{PLAIN} fo:margin-left="0.4cm" fo:text-indent="-0.4cm"',
            f'fo:font-size="9pt" {NO_HYPHENS}',
        ),
        paragraph_style(
            "Header",
            "Standard",
            f'{PLAIN} fo:padding="0cm" fo:padding-bottom="0.1cm" fo:border="none" '
            'fo:border-bottom="0.018cm solid #888888"',
            f"{grey} {NO_HYPHENS}",
            right_tab,
        ),
        paragraph_style("Footer", "Standard", PLAIN, grey, right_tab),
        (
            '<style:style style:name="Line_20_numbering" style:family="text"><style:text-properties '
            f'{SANS} fo:font-size="7.5pt" fo:color="#777777"/></style:style>'
        ),
        (
            '<style:style style:name="Footnote_20_anchor" style:family="text"><style:text-properties '
            'style:text-position="super 58%"/></style:style>'
        ),
    ]


# Cover and contents, on pages of their own without header, footer and line numbers; the body begins as page 1.
CONTENTS = {"nb": "Innhold", "nn": "Innhald"}
FRONT_MASTER = '<style:master-page style:name="Front" style:page-layout-name="pm0"/>'
FRONT_LAYOUT = (
    '<style:page-layout style:name="pm0"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" '
    f'fo:margin-top="2.2cm" fo:margin-bottom="1.5cm" fo:margin-left="{MARGIN_LEFT_CM}cm" fo:margin-right="2.3cm"/>'
    "</style:page-layout>"
)


def front_styles() -> list[str]:
    """Return the styles of the cover and the contents, and of the heading that begins the body."""
    leader = (
        '<style:tab-stops><style:tab-stop style:position="15.7cm" style:type="right" style:leader-style="dotted" '
        'style:leader-text="."/></style:tab-stops>'
    )
    entry = f"{SANS} {NO_HYPHENS}"
    return [
        paragraph_style(
            "CoverTitle",
            "Title",
            'fo:margin-top="7cm" fo:margin-bottom="0.5cm"',
            extra=' style:master-page-name="Front"',
        ),
        paragraph_style("CoverNote", "Subtitle", 'fo:margin-top="0.4cm"'),
        paragraph_style("ContentsTitle", "Title", 'fo:break-before="page" fo:margin-top="0cm"', 'fo:font-size="16pt"'),
        paragraph_style(
            "Contents1", "Standard", f'{PLAIN} fo:margin-top="0.16cm"', f'{entry} fo:font-size="10.5pt"', leader
        ),
        paragraph_style(
            "Contents2", "Standard", f'{PLAIN} fo:margin-left="0.6cm"', f'{entry} fo:font-size="10pt"', leader
        ),
        paragraph_style(
            "BodyStart",
            "Heading_20_1",
            'style:page-number="1"',
            extra=' style:master-page-name="Standard"',
        ),
    ]


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


class FodtWriter:
    """Writes the report's blocks as flat ODT."""

    def __init__(self, consultation: Consultation) -> None:
        self.consultation = consultation
        self.notes = 0
        self.automatic = [TABLE_STYLES]

    def front(self, report: Report, pages: Mapping[str, str]) -> list[str]:
        """Return title, subtitle and author; with front pages as a cover, and the contents after it.

        Args:
            report: The report.
            pages: The printed page number of each section, for the contents; empty: not known yet.
        """
        lines = {key: escape(value) for key, value in report.front.items()}
        with_cover = self.consultation.front_pages > 0
        out = [
            f'<text:p text:style-name="{"CoverTitle" if with_cover else "Title"}">{lines["title"]}</text:p>',
            f'<text:p text:style-name="Subtitle">{lines["subtitle"]}</text:p>',
            f'<text:p text:style-name="Author">{lines["author"]}</text:p>',
        ]
        if with_cover:
            self.automatic += [FRONT_LAYOUT, *front_styles()]
            out.append(f'<text:p text:style-name="CoverNote">{lines["header"]}</text:p>')
            out += self.contents(report.headings, pages)
        return out

    def contents(self, headings: Sequence[tuple[str, str]], pages: Mapping[str, str]) -> list[str]:
        """Return the table of contents."""
        title = CONTENTS[self.consultation.language]
        entries = [
            f'<text:p text:style-name="Contents{2 if "." in number else 1}">{escape(text)}<text:tab/>'
            f"{pages.get(number, '0')}</text:p>"
            for number, text in headings
        ]
        return [f'<text:p text:style-name="ContentsTitle">{title}</text:p>', *entries]

    def first_heading(self, block: Block) -> str:
        """Return the heading that begins the body, after the front pages as page 1."""
        heading = self.block(block)
        return heading.replace("Heading_20_1", "BodyStart", 1) if self.consultation.front_pages else heading

    def inline(self, text: str) -> str:
        """Return a paragraph's text as XML, with its footnotes and without anchor marks."""
        pieces = FOOTNOTE.split(ANCHOR.sub(r"\2", text))
        out = []
        for index, piece in enumerate(pieces):
            if index % 2 == 0:
                out.append(escape(piece))
                continue
            self.notes += 1
            out.append(
                f'<text:note text:id="ftn{self.notes}" text:note-class="footnote"><text:note-citation>'
                f"{self.notes}</text:note-citation><text:note-body>"
                f'<text:p text:style-name="Footnote">{escape(piece)}</text:p></text:note-body></text:note>'
            )
        return "".join(out)

    def block(self, block: Block) -> str:
        """Return one block as XML."""
        if block.kind == "heading":
            return (
                f'<text:h text:style-name="Heading_20_{block.level}" text:outline-level="{block.level}">'
                f"{self.inline(block.lines[0])}</text:h>"
            )
        if block.kind in ("ul", "ol"):
            style = "Bullets" if block.kind == "ul" else "Numbers"
            names = ["List_20_Point"] * (len(block.lines) - 1) + ["List_20_Last"]
            points = [self.inline(LIST_LINE.sub(r"\2", line)) for line in block.lines]
            items = "".join(
                f'<text:list-item><text:p text:style-name="{name}">{point}</text:p></text:list-item>'
                for name, point in zip(names, points, strict=True)
            )
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
            inner = "".join(
                f'<table:table-cell table:style-name="{cell_style}" office:value-type="string">'
                f'<text:p text:style-name="{text_style}">{escape(cell)}</text:p></table:table-cell>'
                for cell in cells
            )
            return f'<table:table-row table:style-name="Row">{inner}</table:table-row>'

        number = CAPTION.fullmatch(block.lines[0])[1]  # type: ignore[index]
        weights = [min(max(len(row[column]) for row in rows), 34) + 4 for column in range(len(rows[0]))]
        columns = ""
        for index, weight in enumerate(weights):
            name = f"Tabell{number}.{index + 1}"
            self.automatic.append(
                f'<style:style style:name="{name}" style:family="table-column">'
                f'<style:table-column-properties style:column-width="'
                f'{15.7 * weight / sum(weights):.2f}cm"/></style:style>'
            )
            columns += f'<table:table-column table:style-name="{name}"/>'
        return (
            f'<text:p text:style-name="Caption">{escape(block.lines[0])}</text:p>'
            f'<table:table table:name="Tabell{number}" table:style-name="Table">'
            f"{columns}<table:table-header-rows>{row_xml(rows[0], True)}</table:table-header-rows>"
            f"{''.join(row_xml(row, False) for row in rows[1:])}</table:table>"
            '<text:p text:style-name="After_20_Table"/>'
        )


def report_fodt(report: Report, consultation: Consultation, pages: Mapping[str, str]) -> str:
    """Return the whole report as flat ODT.

    Args:
        report: The report.
        consultation: Tells of its language, line numbers and front pages.
        pages: The printed page number of each section, for the contents; empty: not known yet.
    """
    writer = FodtWriter(consultation)
    body = writer.front(report, pages)
    body.append(writer.first_heading(report.blocks[0]))
    body += [writer.block(block) for block in report.blocks[1:]]
    front = {key: escape(value) for key, value in report.front.items()}
    return FODT.format(
        namespaces=NAMESPACES,
        title=front["title"],
        author=front["author"],
        made=consultation.made.isoformat(),
        locale=LOCALES[consultation.language],
        styles=report_styles(consultation),
        left=MARGIN_LEFT_CM,
        header=f"{front['header']}<text:tab/>{front['title']}",
        footer=FOOTER_AFTER_FRONT if consultation.front_pages else FOOTER,
        masters=FRONT_MASTER if consultation.front_pages else "",
        automatic="\n".join(writer.automatic),
        body="\n".join(body),
    )
