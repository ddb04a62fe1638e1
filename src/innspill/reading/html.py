"""HTML of a mail -> plain text, what its markup shows as quotation, and the cells of its comment forms.

Nothing is fetched and nothing is run.
"""

import re
from dataclasses import dataclass

from innspill.reading.forms import HEADER, OTHER, header_columns
from innspill.records import Cell, Span

# A mail's HTML is cut here; what a person writes is far shorter.
MAX_HTML = 5_000_000
QUOTED = "quoted"
CELL = "cell"
# Class that marks the cells of a comment form while the page is laid out; their row and column follow in it.
CELL_CLASS = "innspill-cell"
# What mail programs wrap around the mail that is answered.
QUOTE_RULES = {
    "blockquote": [QUOTED],  # Apple Mail, Thunderbird, Gmail
    "div#class=gmail_quote": [QUOTED],
    "div#class=yahoo_quoted": [QUOTED],
    "div#class=moz-cite-prefix": [],
    f"div#class={CELL_CLASS}": [CELL],
}
SPACES = re.compile(r"[ \t\u00a0]+$", re.MULTILINE)
MANY_LINES = re.compile(r"\n{3,}")
TAG = re.compile(r"<[^>]*>")
# Pictures inside the HTML, and lengths in styles that would be laid out as millions of spaces.
DATA_URI = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=\s]+")
STYLE = re.compile(r"style\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
LENGTH = re.compile(r"\d{3,}")


@dataclass(frozen=True, slots=True)
class HtmlText:
    """Plain text, the spans of it that stand in a quotation, and the cells of a comment form in it."""

    text: str
    quoted: tuple[Span, ...]
    cells: tuple[Cell, ...] = ()


def html_to_text(html: str) -> HtmlText:
    """Lay HTML out as plain text: list points, table rows and paragraphs on lines of their own.

    HTML that the parser cannot read is stripped of its tags, so that no word is lost.
    """
    from inscriptis import get_annotated_text
    from inscriptis.css_profiles import CSS_PROFILES
    from inscriptis.model.config import ParserConfig
    from lxml.etree import LxmlError

    html = STYLE.sub(lambda match: LENGTH.sub("9", match.group()), DATA_URI.sub("", html).replace("\x00", ""))[
        :MAX_HTML
    ]
    if not html.strip():
        return HtmlText("", ())
    try:
        html, purposes = _open_forms(html)
        result = get_annotated_text(html, ParserConfig(css=CSS_PROFILES["strict"], annotation_rules=QUOTE_RULES))
    except (LxmlError, ValueError, RecursionError, IndexError, AttributeError):
        return HtmlText(TAG.sub(" ", html), ())
    text = str(result["text"])
    labels = [(Span(start, end), label) for start, end, label in result["label"]]
    cells = [span for span, label in labels if label == CELL]
    return _tidy(
        text,
        tuple(span for span, label in labels if label == QUOTED),
        tuple(Cell(purpose, row, span) for span, (purpose, row) in zip(cells, purposes, strict=True))
        if len(cells) == len(purposes)
        else (),
    )


def _open_forms(html: str) -> tuple[str, list[tuple[str, int]]]:
    """Turn the tables that are comment forms into blocks, a cell a block; laid out side by side their lines would mix.

    Returns:
        The HTML, and (purpose, row) of each marked cell, in order.
    """
    if "<table" not in html.lower():
        return html, []
    from lxml import html as parser

    root = parser.fromstring(html.encode("utf-8"), parser=parser.HTMLParser(encoding="utf-8"))
    purposes: list[tuple[str, int]] = []
    n_rows = 0
    for table in [table for table in root.iter("table") if table.find(".//table") is None]:
        rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
        texts = [[" ".join("".join(map(str, cell.itertext())).split()) for cell in row] for row in rows]
        if not any(header_columns(row) for row in texts):
            continue
        columns: dict[int, str] = {}
        for row, row_texts in zip(rows, texts, strict=True):
            n_rows += 1
            header = header_columns(row_texts, below=columns)
            columns = header or columns
            for index, cell in enumerate(row if columns else []):
                if row_texts[index]:
                    cell.set("class", CELL_CLASS)
                    purposes.append((HEADER if header else columns.get(index, OTHER), n_rows))
        for element in table.iter("table", "tbody", "thead", "tr", "td", "th"):
            element.tag = "div"
    return (str(parser.tostring(root, encoding="unicode")), purposes) if purposes else (html, [])


def _tidy(text: str, quoted: tuple[Span, ...], cells: tuple[Cell, ...]) -> HtmlText:
    """Drop trailing blanks and runs of empty lines, and move the spans along."""
    drop = [False] * len(text)
    for pattern, keep in ((SPACES, 0), (MANY_LINES, 2)):
        for match in pattern.finditer(text):
            for position in range(match.start() + keep, match.end()):
                drop[position] = True
    offsets, kept = [], 0
    for dropped in drop:
        offsets.append(kept)
        kept += not dropped
    offsets.append(kept)
    tidy = "".join(letter for letter, dropped in zip(text, drop, strict=True) if not dropped)
    end = len(text)

    def moved(span: Span) -> Span:
        return Span(offsets[min(span.start, end)], offsets[min(span.end, end)])

    return HtmlText(
        tidy,
        tuple(moved(span) for span in quoted),
        tuple(Cell(cell.column, cell.row, _stripped(tidy, moved(cell.span))) for cell in cells),
    )


def _stripped(text: str, span: Span) -> Span:
    """The span without the white space at its ends."""
    words = span.of(text)
    return Span(span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip()))
