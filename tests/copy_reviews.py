"""The copy of the demo's report with known notes and tracked changes, and where each of them belongs."""

import json
import re
from functools import lru_cache
from pathlib import Path

from innspill.copies import mark_report_words
from innspill.derived import join_lines
from innspill.reading.documents.attachments import read_attachment
from innspill.reading.report import read_report
from innspill.records import Message, Part, Remark, Report, Segment, Span
from mails import norwegian
from word_files import WordReview

FILES = Path(__file__).parent / "documents"
DEMO = Path(__file__).parents[1] / "corpora" / "ki-helsedata"


@lru_cache(maxsize=1)
def report() -> Report:
    return read_report(DEMO / "report.pdf", sentences=norwegian().sentences)


def word_copy() -> WordReview:
    """The report as a Word document, to be marked up."""
    return WordReview((FILES / "report.docx").read_bytes())


def changes() -> list[dict]:
    return json.loads((FILES / "review.json").read_text(encoding="utf-8"))["changes"]


def apply(review: WordReview, change: dict) -> None:
    words, within, new = change.get("words", ""), change.get("within", ""), change.get("new", "")
    match change["do"]:
        case "note":
            review.note(words, change["says"], "" if change.get("cell") else within)
        case "strike":
            review.strike(words, within)
        case "replace":
            review.replace(words, new, within)
        case "put_in":
            review.put_in(new, after=change["after"], within=within)
        case "put_in_paragraph":
            review.put_in_paragraph(new, after=change["after"])
        case "strike_paragraph":
            review.strike_paragraph(within)


def read_part(name: str, data: bytes) -> Part:
    """An attachment as the part that the mail core makes of it."""
    found = read_attachment(name, data)
    assert found is not None
    return Part(name, found.text, (Segment("own", Span(0, len(found.text))),), found.cells, found.remarks)


def marked(part: Part) -> Part:
    message = Message(
        "M001",
        "a.eml",
        "",
        None,
        "Unni",
        "unni@skole.example",
        "",
        "",
        "",
        "nb",
        "feedback",
        "",
        False,
        False,
        1,
        (part,),
    )
    return mark_report_words([message], report())[0].parts[0]


def span_of(words: str, within: str = "") -> Span:
    """Where words stand in the report; the last ones before or the first ones from the start of `within`."""
    derived = join_lines(report().text, Span(0, len(report().text)))
    around = derived.text.index(within) if within else 0
    at = derived.text.index(words, around)
    return derived.to_source(Span(at, at + len(words)))


def lines_of(span: Span) -> set[str]:
    return {line.line_id for line in report().lines if line.span.overlaps(span)}


def truth_of(change: dict) -> set[str]:
    """The lines that a change is about."""
    truth = change.get("truth") or change.get("words", "").strip()
    within = change.get("truth_within") or change.get("within", "")
    if not truth:  # a paragraph, told by words of it
        paragraph = next(p for p in word_copy_paragraphs() if within in p)
        return lines_of(span_of(paragraph))
    if within and truth in within:
        whole = span_of(within)
        derived = join_lines(report().text, whole)
        at = derived.text.index(truth)
        return lines_of(derived.to_source(Span(at, at + len(truth))))
    return lines_of(span_of(truth, within))


@lru_cache(maxsize=1)
def word_copy_paragraphs() -> tuple[str, ...]:
    found = read_attachment("report.docx", (FILES / "report.docx").read_bytes())
    assert found is not None
    return tuple(re.sub(r"^(?:# |- |\d\. )", "", block) for block in re.split(r"\n+", found.text))


def remarks_for(part: Part, change: dict) -> list[Remark]:
    """The remarks that a change became."""
    wanted = {change[key].strip() for key in ("says", "new") if key in change}
    if change["do"] in ("strike", "replace"):
        wanted.add(change["words"].strip())
    if change["do"] == "strike_paragraph":
        wanted |= {p for p in word_copy_paragraphs() if change["within"] in p}
    return [remark for remark in part.remarks if remark.span.of(part.text).strip() in wanted]
