"""The tables of an analysis: records -> pandas DataFrames. The columns are a contract, checked as frames are built.

Empty is not known: text, number and truth value alike are missing (`pandas.NA`) where the analysis does not know them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from innspill.places import LineIndex, Place, count_organisations
from innspill.records import Analysis, Comment, Message, ReceivedPart, Span

COLUMNS: dict[str, tuple[str, ...]] = {
    "lines": (
        "line_id", "page_number", "page_label", "number", "section_id", "section_number", "section_heading", "kind",
        "text", "x0", "top", "x1", "bottom",
    ),
    "messages": (
        "message_id", "file", "rfc_message_id", "sent_at", "sender_name", "sender_email", "organisation",
        "organisation_type", "subject", "language", "kind", "duplicate_of", "late", "n_attachments", "n_comments",
        "interest", "campaign_id",
    ),
    "comments": (
        "comment_id", "message_id", "part", "start", "end", "text", "language", "stance", "stance_score",
        "context", "form",
    ),
    "message_parts": ("message_id", "part", "content_type", "n_bytes", "status", "reason"),
    "annotations": (
        "annotation_id", "comment_id", "method", "cited", "first_line_id", "last_line_id", "first_number",
        "last_number", "page_number", "score", "status", "suggested_first_line_id", "suggested_last_line_id",
        "suggested_first_number", "suggested_last_number", "suggested_page_number",
    ),
    "themes": (
        "theme_id", "label", "terms", "n_comments", "n_organisations", "summary", "kind", "description", "group",
    ),
    "theme_comments": ("theme_id", "comment_id", "weight", "second"),
    "needs": (
        "need_id", "statement", "coverage", "coverage_score", "n_comments", "n_organisations", "theme_id", "summary",
        "strength", "n_organisation_types", "borderline", "reasons", "asked_for", "measure_id", "measure_score",
    ),
    "need_comments": ("need_id", "comment_id", "quote", "highlight"),
    "need_lines": ("need_id", "first_line_id", "last_line_id", "first_number", "last_number", "similarity"),
    "measures": ("measure_id", "priority", "area", "description", "responsible", "n_needs"),
    "notes": ("severity", "stage", "file", "text"),
}  # fmt: skip
WHOLE_NUMBERS = frozenset((
    "page_number", "number", "n_attachments", "n_bytes", "n_comments", "n_organisations", "start", "end",
    "first_number", "last_number", "suggested_first_number", "suggested_last_number", "suggested_page_number",
    "n_organisation_types", "n_needs",
))  # fmt: skip
TRUTH_VALUES = frozenset(("late", "interest", "second", "borderline", "highlight"))
# Decimals kept: points to a thousandth, scores to a millionth. More would only tell one processor from another.
DECIMALS = {"x0": 3, "top": 3, "x1": 3, "bottom": 3, "stance_score": 6, "score": 6, "weight": 6} | {
    "coverage_score": 6,
    "similarity": 6,
    "strength": 6,
    "measure_score": 6,
}

Row = dict[str, Any]


def build_tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Every table of an analysis by name, in the order of `COLUMNS`.

    Raises:
        ValueError: a table breaks the contract of its columns.
    """
    index = LineIndex(analysis.report)
    comments = {comment.comment_id: comment for comment in analysis.comments}
    messages = {message.message_id: message for message in analysis.messages}
    rows: dict[str, list[Row]] = {
        "lines": _lines(analysis, index),
        "messages": _messages(analysis),
        "comments": [_comment(comment) for comment in analysis.comments],
        "message_parts": [_part(message, part) for message in analysis.messages for part in message.received],
        "annotations": _annotations(analysis, index),
        "themes": _themes(analysis, comments, messages),
        "theme_comments": [
            {"theme_id": theme.theme_id, "comment_id": comment_id, "weight": weight, "second": second}
            for theme in analysis.themes
            for second, weights in ((False, theme.weights), (True, theme.second))
            for comment_id, weight in weights.items()
        ],
        "needs": _needs(analysis, comments, messages),
        "need_comments": [
            {
                "need_id": need.need_id,
                "comment_id": evidence.comment_id,
                "quote": evidence.quote,
                "highlight": evidence in need.highlights,
            }
            for need in analysis.needs
            for evidence in need.evidence
        ],
        "need_lines": _need_lines(analysis, index),
        "measures": _measures(analysis),
        "notes": [
            {"severity": note.severity, "stage": note.stage, "file": note.file, "text": note.text}
            for note in analysis.notes
        ],
    }
    return {name: frame(name, rows[name]) for name in COLUMNS}


def frame(name: str, rows: Iterable[Row]) -> pd.DataFrame:
    """Build the table `name` of `rows`, with its columns in order and their types.

    Raises:
        ValueError: a row's columns are not those of the contract, or there is no such table.
    """
    if name not in COLUMNS:
        raise ValueError(f"There is no table {name!r}; the tables are {', '.join(COLUMNS)}.")
    columns = COLUMNS[name]
    listed = list(rows)
    for position, row in enumerate(listed):
        if tuple(row) != columns:
            raise ValueError(f"Row {position} of table {name} has the columns {tuple(row)}, not {columns}.")
    return pd.DataFrame({column: _series(column, [row[column] for row in listed]) for column in columns})


def _series(column: str, values: list[Any]) -> "pd.Series[Any]":
    """A column with its nullable type; empty text is not known."""
    if column in WHOLE_NUMBERS:
        return pd.Series(values, dtype="Int64")
    if column in TRUTH_VALUES:
        return pd.Series(values, dtype="boolean")
    if column in DECIMALS:
        return pd.Series(values, dtype="Float64").round(DECIMALS[column])
    return pd.Series([value or None for value in values], dtype="string")


def _lines(analysis: Analysis, index: LineIndex) -> list[Row]:
    report = analysis.report
    labels = {page.page_number: page.label for page in report.pages}
    rows = []
    for line in report.lines:
        section = index.section(line.section_id)
        rows.append(
            {
                "line_id": line.line_id,
                "page_number": line.page_number,
                "page_label": labels.get(line.page_number, ""),
                "number": line.number,
                "section_id": line.section_id,
                "section_number": section.number if section else "",
                "section_heading": section.heading if section else "",
                "kind": line.kind,
                "text": line.span.of(report.text),
                "x0": line.box.x0,
                "top": line.box.top,
                "x1": line.box.x1,
                "bottom": line.box.bottom,
            }
        )
    return rows


def _messages(analysis: Analysis) -> list[Row]:
    n_comments = Counter(comment.message_id for comment in analysis.comments)
    return [_message(message, n_comments[message.message_id]) for message in analysis.messages]


def _message(message: Message, n_comments: int) -> Row:
    return {
        "message_id": message.message_id,
        "file": message.file,
        "rfc_message_id": message.rfc_message_id,
        "sent_at": _iso(message.sent_at),
        "sender_name": message.sender_name,
        "sender_email": message.sender_email,
        "organisation": message.organisation,
        "organisation_type": message.organisation_type,
        "subject": message.subject,
        "language": message.language,
        "kind": message.kind,
        "duplicate_of": message.duplicate_of,
        # Without a date nobody can tell whether it came in time.
        "late": message.late if message.sent_at is not None else None,
        "n_attachments": message.n_attachments,
        "n_comments": n_comments,
        "interest": message.interest,
        "campaign_id": message.campaign_id,
    }


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment is not None else ""


def _comment(comment: Comment) -> Row:
    return {
        "comment_id": comment.comment_id,
        "message_id": comment.message_id,
        "part": comment.part,
        "start": comment.span.start,
        "end": comment.span.end,
        "text": comment.text,
        "language": comment.language,
        "stance": comment.stance,
        "stance_score": comment.stance_score,
        "context": comment.context,
        "form": comment.form,
    }


def _part(message: Message, part: ReceivedPart) -> Row:
    return {
        "message_id": message.message_id,
        "part": part.name,
        "content_type": part.content_type,
        "n_bytes": part.n_bytes,
        "status": part.status,
        "reason": part.reason,
    }


def _annotations(analysis: Analysis, index: LineIndex) -> list[Row]:
    rows = []
    for annotation in analysis.annotations:
        place = index.place(annotation.target) if annotation.target is not None else None
        suggested = index.place(annotation.suggested) if annotation.suggested is not None else None
        rows.append(
            {
                "annotation_id": annotation.annotation_id,
                "comment_id": annotation.comment_id,
                "method": annotation.method,
                "cited": annotation.cited,
                **_place_cells(place),
                "page_number": _page_of_first_line(index, annotation.target),
                "score": annotation.score,
                "status": annotation.status,
                **{f"suggested_{name}": cell for name, cell in _place_cells(suggested).items()},
                "suggested_page_number": _page_of_first_line(index, annotation.suggested),
            }
        )
    return rows


def _place_cells(place: Place | None) -> Row:
    """The four columns that tell a place; all not known where there is none."""
    return {
        "first_line_id": place.first_line_id if place else "",
        "last_line_id": place.last_line_id if place else "",
        "first_number": place.first_number if place else None,
        "last_number": place.last_number if place else None,
    }


def _page_of_first_line(index: LineIndex, target: Span | None) -> int | None:
    lines = index.lines_in(target) if target is not None else ()
    return lines[0].page_number if lines else None


def _voices(
    comment_ids: Iterable[str], comments: Mapping[str, Comment], messages: Mapping[str, Message]
) -> tuple[int, int]:
    """How many comments, and from how many organisations or people."""
    ids = list(dict.fromkeys(comment_ids))
    return len(ids), count_organisations(messages[comments[comment_id].message_id] for comment_id in ids)


def _n_types(comment_ids: Iterable[str], comments: Mapping[str, Comment], messages: Mapping[str, Message]) -> int:
    """How many known types of organisation speak."""
    types = {messages[comments[comment_id].message_id].organisation_type for comment_id in comment_ids}
    return len(types - {"", "ukjent"})


def _measures(analysis: Analysis) -> list[Row]:
    tied = Counter(need.measure_id for need in analysis.needs)
    return [
        {
            "measure_id": measure.measure_id,
            "priority": measure.priority,
            "area": measure.area,
            "description": measure.description,
            "responsible": measure.responsible,
            "n_needs": tied[measure.measure_id],
        }
        for measure in analysis.measures
    ]


def _themes(analysis: Analysis, comments: Mapping[str, Comment], messages: Mapping[str, Message]) -> list[Row]:
    rows = []
    for theme in analysis.themes:
        n_comments, n_organisations = _voices(theme.comment_ids, comments, messages)
        rows.append(
            {
                "theme_id": theme.theme_id,
                "label": theme.label,
                "terms": ";".join(theme.terms),
                "n_comments": n_comments,
                "n_organisations": n_organisations,
                "summary": theme.summary,
                "kind": theme.kind,
                "description": theme.description,
                "group": theme.group,
            }
        )
    return rows


def _needs(analysis: Analysis, comments: Mapping[str, Comment], messages: Mapping[str, Message]) -> list[Row]:
    rows = []
    for need in analysis.needs:
        n_comments, n_organisations = _voices(need.comment_ids, comments, messages)
        rows.append(
            {
                "need_id": need.need_id,
                "statement": need.statement,
                "coverage": need.coverage,
                "coverage_score": need.coverage_score,
                "n_comments": n_comments,
                "n_organisations": n_organisations,
                "theme_id": need.theme_id,
                "summary": need.summary,
                "strength": need.strength,
                "n_organisation_types": _n_types(need.comment_ids, comments, messages),
                "borderline": need.borderline,
                "reasons": ";".join(need.reasons),
                "asked_for": need.asked_for.quote if need.asked_for else "",
                "measure_id": need.measure_id,
                "measure_score": need.measure_score if need.measure_id else None,
            }
        )
    return rows


def _need_lines(analysis: Analysis, index: LineIndex) -> list[Row]:
    return [
        {"need_id": need.need_id, **_place_cells(index.place(near.span)), "similarity": near.similarity}
        for need in analysis.needs
        for near in need.nearest
    ]
