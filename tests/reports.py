"""The PDFs of `pdf/` as reports, and what is true of them, for the tests that hold the one against the other."""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from innspill.reading.report import read_report
from innspill.records import Report, Span

PDFS = Path(__file__).parent / "pdf"
EVERY: dict[str, dict[str, Any]] = json.loads((PDFS / "truth.json").read_text(encoding="utf-8"))
# The kinds that `Line.kind` has; the sources tell more («title», «contents»).
SAME_KIND = {"text", "heading", "list", "table", "caption", "footnote"}


def sentences(text: str) -> list[Span]:
    return [Span(match.start(), match.end()) for match in re.finditer(r"\S.*?(?:[.!?](?=\s|$)|$)", text)]


@cache
def report_of(name: str) -> Report:
    return read_report(PDFS / f"{name}.pdf", sentences=sentences)


def bare(text: str) -> str:
    """Letters and digits alone; superscripts and ligatures as plain ones."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))
