"""HTML of a mail -> plain text and the spans that its markup shows as quotation. Nothing is fetched and nothing is run."""

import re
from dataclasses import dataclass

from innspill.records import Span

# A mail's HTML is cut here; what a person writes is far shorter.
MAX_HTML = 5_000_000
QUOTED = "quoted"
# What mail programs wrap around the mail that is answered.
QUOTE_RULES = {
    "blockquote": [QUOTED],  # Apple Mail, Thunderbird, Gmail
    "div#class=gmail_quote": [QUOTED],
    "div#class=yahoo_quoted": [QUOTED],
    "div#class=moz-cite-prefix": [],
}
SPACES = re.compile(r"[ \t\u00a0]+$", re.MULTILINE)
MANY_LINES = re.compile(r"\n{3,}")
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class HtmlText:
    """Plain text and the spans of it that stand in a quotation."""

    text: str
    quoted: tuple[Span, ...]


def html_to_text(html: str) -> HtmlText:
    """Lay HTML out as plain text: list points, table rows and paragraphs on lines of their own.

    HTML that the parser cannot read is stripped of its tags, so that no word is lost.
    """
    from inscriptis import get_annotated_text
    from inscriptis.model.config import ParserConfig
    from lxml.etree import LxmlError

    html = html[:MAX_HTML].replace("\x00", "")
    if not html.strip():
        return HtmlText("", ())
    try:
        result = get_annotated_text(html, ParserConfig(annotation_rules=QUOTE_RULES))
    except (LxmlError, ValueError, RecursionError, IndexError, AttributeError):
        return HtmlText(TAG.sub(" ", html), ())
    text = str(result["text"])
    quoted = tuple(Span(start, end) for start, end, label in result["label"] if label == QUOTED)
    return _tidy(text, quoted)


def _tidy(text: str, quoted: tuple[Span, ...]) -> HtmlText:
    """Drop trailing blanks and runs of empty lines, and move the quoted spans along."""
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
    return HtmlText(tidy, tuple(Span(offsets[min(span.start, end)], offsets[min(span.end, end)]) for span in quoted))
