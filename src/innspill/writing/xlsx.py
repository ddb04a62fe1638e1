"""The digest as a workbook to work from: a row a comment, with room for what the authors decide.

No text can become a formula: every text cell is written as a string and marked as quoted, so that it stays one also
when somebody edits it. The file is the same, byte for byte, for the same digest.
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from innspill.digest_tree import CommentEntry, Digest, MeasureEntry, NeedEntry, Placement, QuoteEntry
from innspill.words import Words

# What a cell of the format holds, in UTF-16 units.
CELL_LIMIT = 32_767
# Points: a line of the default font, and the tallest row that the format knows.
LINE_HEIGHT, TALLEST_ROW = 15.0, 409.0
# Not characters: a lone surrogate cannot be written as UTF-8, and XML forbids the last two.
NOT_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")
ROW_STYLE = "innspill"
NO_DEADLINE = datetime(2000, 1, 1)
ZIP_DATE = (2000, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of its head in the catalogue, and its width in characters."""

    key: str
    width: int


OVERVIEW_COLUMNS = (
    Column("topic", 34), Column("text", 70), Column("n", 9), Column("where", 20), Column("quote", 60),
    Column("sender", 28), Column("id", 12),
)  # fmt: skip
COMMENT_COLUMNS = (
    Column("page", 7), Column("first_line", 11), Column("last_line", 11), Column("section", 24), Column("comment", 70),
    Column("assessment", 17), Column("follow_up", 40), Column("stance", 15), Column("theme", 26), Column("need", 36),
    Column("coverage", 15), Column("sender", 26), Column("organisation", 28), Column("type", 20), Column("date", 12),
    Column("late", 10), Column("placed", 34), Column("other_places", 24), Column("second_theme", 26),
    Column("comment_id", 13), Column("message_id", 12),
)  # fmt: skip
NEED_COLUMNS = (
    Column("need_id", 10), Column("need", 50), Column("coverage", 15), Column("score", 11), Column("n_comments", 13),
    Column("n_organisations", 11), Column("n_types", 13), Column("strength", 9), Column("borderline", 10),
    Column("theme", 26), Column("summary", 50), Column("asked_for", 50), Column("highlights", 60),
    Column("quotes", 70), Column("nearest", 50), Column("reasons", 34), Column("measure", 30),
    Column("responsible", 28), Column("comment_ids", 24),
)  # fmt: skip
THEME_COLUMNS = (
    Column("theme_id", 10), Column("theme", 34), Column("n_comments", 13), Column("n_organisations", 11),
    Column("terms", 40), Column("summary", 60), Column("type", 34), Column("stance", 34), Column("comment_ids", 40),
    Column("group", 24), Column("theme_kind", 24), Column("theme_description", 60),
)  # fmt: skip
MEASURE_COLUMNS = (
    Column("measure_id", 10), Column("priority", 11), Column("area", 30), Column("description", 60),
    Column("responsible", 30), Column("needs_tied", 70),
)  # fmt: skip
MESSAGE_COLUMNS = (
    Column("message_id", 12), Column("date", 18), Column("sender", 26), Column("email", 30),
    Column("organisation", 30), Column("type", 20), Column("subject", 40), Column("language", 8), Column("kind", 14),
    Column("duplicate_of", 13), Column("late", 10), Column("interest", 14), Column("n_comments", 13),
    Column("comment_ids", 24), Column("file", 30),
)  # fmt: skip


def write_xlsx(digest: Digest, path: Path) -> None:
    """Write the digest to `path` as a workbook: overview, comments in report order, needs, measures, themes, messages.

    The sheet of measures is there where measures are planned.

    Raises:
        OSError: the file cannot be written.
    """
    words = digest.words
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.add_named_style(_row_style())
    overview = _sheet(workbook, words, "overview", OVERVIEW_COLUMNS, _overview(digest))
    overview.page_setup.fitToHeight, overview.sheet_properties.pageSetUpPr = 1, PageSetupProperties(fitToPage=True)
    comments = _sheet(workbook, words, "comments", COMMENT_COLUMNS, [_comment(c, words) for c in digest.comments])
    _offer_assessments(comments, words, len(digest.comments))
    _sheet(workbook, words, "needs", NEED_COLUMNS, [_need(need, words) for need in digest.needs])
    if digest.measures:
        rows = [_measure(measure) for measure in digest.measures]
        _sheet(workbook, words, "measures", MEASURE_COLUMNS, rows)
    _sheet(workbook, words, "themes", THEME_COLUMNS, _themes(digest))
    _sheet(workbook, words, "messages", MESSAGE_COLUMNS, _messages(digest))
    workbook.properties.title = _clean(words("page.document_title", title=digest.title), words)
    workbook.properties.creator = "innspill"
    moment = (digest.deadline or NO_DEADLINE).replace(tzinfo=None, microsecond=0)
    workbook.properties.created = moment
    buffer = BytesIO()
    workbook.save(buffer)
    path.write_bytes(_with_fixed_times(buffer.getvalue(), moment))


def _sheet(
    workbook: Workbook, words: Words, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]
) -> Worksheet:
    """A sheet with a frozen head that can be filtered, and wrapped cells under it."""
    sheet: Worksheet = workbook.create_sheet(words(f"xlsx.{name}"))
    for number, column in enumerate(columns, 1):
        head = sheet.cell(1, number)
        _fill(head, words(f"xlsx.{column.key}"), words)
        head.font = Font(name="Calibri", bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor="1D4F7C")
        head.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for row_number, row in enumerate(rows, 2):
        for number, value in enumerate(row, 1):
            cell = sheet.cell(row_number, number)
            cell.style = ROW_STYLE
            _fill(cell, value, words)
        sheet.row_dimensions[row_number].height = _height(row, columns)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = "1:1"
    return sheet


def _row_style() -> NamedStyle:
    """How cells under a head look: one style for all, since a style of its own for each is dear."""
    rule = Border(bottom=Side(style="hair", color="9AA5B1"))
    return NamedStyle(ROW_STYLE, alignment=Alignment(wrap_text=True, vertical="top"), border=rule)


def _height(row: Sequence[Value], columns: Sequence[Column]) -> float:
    """A row's height in points, so that its longest text is seen: not every program finds it by itself."""
    lines = [
        sum(1 + len(line) // column.width for line in value.split("\n"))
        for value, column in zip(row, columns, strict=True)
        if isinstance(value, str)
    ]
    return min(LINE_HEIGHT * max(lines, default=1) + 3, TALLEST_ROW)


def _fill(cell: Cell | MergedCell, value: Value, words: Words) -> None:
    """Put a value in a cell; text always as text, whatever it begins with."""
    if not isinstance(value, str):
        cell.value = value
        return
    text = _clean(value, words)
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = True


def _clean(text: str, words: Words) -> str:
    """The text without what the format forbids, cut with a note where a cell would not hold it."""
    clean = NOT_CHARACTERS.sub("\ufffd", ILLEGAL_CHARACTERS_RE.sub("", text))
    if _units(clean) <= CELL_LIMIT:
        return clean
    note = words("xlsx.cut")
    room = 2 * (CELL_LIMIT - _units(note))
    return clean.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + note


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _offer_assessments(sheet: Worksheet, words: Words, n_rows: int) -> None:
    """Let authors choose what they do with a comment from a list."""
    keys = [column.key for column in COMMENT_COLUMNS]
    if not n_rows:
        return
    choices = ",".join(words(f"xlsx.{key}") for key in ("accept", "accept_partly", "reject", "clarify"))
    validation = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True, showErrorMessage=False)
    validation.prompt = words("xlsx.assessment_prompt")
    validation.showInputMessage = True
    letter = get_column_letter(keys.index("assessment") + 1)
    validation.add(f"{letter}2:{letter}{n_rows + 1}")
    sheet.add_data_validation(validation)
    shade = PatternFill("solid", fgColor="FFF9E8")
    for key in ("assessment", "follow_up"):
        for row in range(2, n_rows + 2):
            sheet.cell(row, keys.index(key) + 1).fill = shade


# Rows ----------------------------------------------------------------------------------------------------------------


def _yes(truth: bool, words: Words) -> str:
    return words("page.yes") if truth else ""


def _comment(comment: CommentEntry, words: Words) -> list[Value]:
    primary = comment.primary
    place = primary.place if primary else None
    others = [placement for placement in comment.placements if placement is not primary and placement.place]
    return [
        place.page_label if place else None,
        place.first_number if place else None,
        place.last_number if place else None,
        place.section if place else words("place.none" if comment.placements else "place.whole"),
        comment.text,
        None,
        None,
        f"{comment.stance_label} ({comment.form_label})" if comment.form_label else comment.stance_label,
        "; ".join(theme.label for theme in comment.themes),
        "; ".join(need.label for need in comment.needs),
        "; ".join(need.coverage_label for need in comment.needs),
        comment.sender_name,
        comment.organisation,
        comment.organisation_type_label,
        f"{comment.sent_at:%Y-%m-%d}" if comment.sent_at else None,
        _yes(comment.late, words),
        "; ".join(_how(placement, words) for placement in comment.placements),
        "; ".join(placement.place_text for placement in others),
        "; ".join(theme.label for theme in comment.second_themes),
        comment.comment_id,
        comment.message_id,
    ]


def _how(placement: Placement, words: Words) -> str:
    """How a comment was placed: by what, the cited words, the score, and what is doubtful."""
    parts = [placement.method_label]
    if placement.cited:
        parts.append(words("comment.cited", cited=placement.cited_words))
    said = [placement.score_text] if placement.place else []
    if placement.status != "ok":
        said.append(placement.status_label)
    how = f"{' '.join(parts)} ({', '.join(said)})"
    return f"{how} {words('citations.suggested', place=placement.suggested_text)}" if placement.suggested else how


def _overview(digest: Digest) -> list[list[Value]]:
    """What stands on the page in front, a row each: what it is, the text, how many, where, a quote, whose, its id."""
    words, counts, front = digest.words, digest.counts, digest.overview
    totals: list[tuple[str, int]] = [
        (words("overview.messages"), counts.n_messages),
        (words("overview.comments"), counts.n_comments),
        (words("overview.placed"), counts.n_placed),
        (words("overview.organisations"), counts.n_organisations),
        (words("overview.unmet"), front.n_unmet),
    ]
    rows: list[list[Value]] = [[topic, None, n, None, None, None, None] for topic, n in totals]
    for need in front.broadest:
        quote = need.highlights[0] if need.highlights else None
        where = need.nearest[0].place_text if need.nearest else None
        said = [quote.quote, quote.comment.sender] if quote else [None, None]
        text = f"{need.statement} ({need.coverage_label.lower()}; {need.who})"
        rows.append([words("overview.broadest"), text, need.n_organisations, where, *said, need.need_id])
    for split in front.splits:
        text = f"{split.theme.label}: {split.text}"
        rows.append([words("overview.differ"), text, None, None, None, None, split.theme.target_id])
    for contrast in front.contrasts:
        rows.append(
            [words("overview.differ"), contrast.text, contrast.n_said, None, None, None, contrast.theme.target_id]
        )
    return [*rows, *_reviews(digest)]


def _reviews(digest: Digest) -> list[list[Value]]:
    """What a person should look at: doubtful citations with a better place, then citations to nowhere, then needs."""
    words, front = digest.words, digest.overview
    topic = words("overview.review")
    rows: list[list[Value]] = []
    for doubt in (*front.doubtful, *front.unresolved):
        comment = doubt.comment
        how = _how(doubt.placement, words)
        rows.append([topic, how, None, doubt.placement.place_text, comment.text, comment.sender, comment.comment_id])
    for need in front.borderline:
        text = f"{words('needs.borderline')}: {need.statement}"
        rows.append([topic, text, need.n_organisations, need.score_text, None, None, need.need_id])
    return rows


def _need(need: NeedEntry, words: Words) -> list[Value]:
    return [
        need.need_id,
        need.statement,
        need.coverage_label,
        need.score_text,
        need.n_comments,
        need.n_organisations,
        need.n_types,
        round(need.strength, 2),
        _yes(need.borderline, words),
        need.theme.label if need.theme else "",
        need.summary,
        _quoted([need.asked_for] if need.asked_for else []),
        _quoted(need.highlights),
        _quoted(need.quotes),
        "\n".join(f"{near.place_text}: {near.text}" for near in need.nearest),
        "; ".join(need.reasons),
        need.measure.label if need.measure else "",
        need.responsible,
        ", ".join(need.comment_ids),
    ]


def _quoted(quotes: Sequence[QuoteEntry]) -> str:
    """Quotes with who said them, a line each."""
    return "\n".join(f"{quote.comment.sender} ({quote.comment.comment_id}): {quote.quote}" for quote in quotes)


def _measure(measure: MeasureEntry) -> list[Value]:
    return [
        measure.measure_id,
        measure.priority,
        measure.area,
        measure.description,
        measure.responsible,
        "\n".join(f"{need.need_id}: {need.statement} ({need.coverage_label.lower()})" for need in measure.needs),
    ]


def _themes(digest: Digest) -> list[list[Value]]:
    return [
        [
            theme.theme_id,
            theme.label,
            theme.n_comments,
            theme.n_organisations,
            ", ".join(theme.terms),
            theme.summary,
            ", ".join(f"{tally.label} {tally.n}" for tally in theme.by_organisation_type),
            ", ".join(f"{tally.label} {tally.n}" for tally in theme.by_stance),
            ", ".join(comment.comment_id for comment in theme.comments),
            theme.group,
            theme.kind_label,
            theme.description,
        ]
        for theme in digest.themes
    ]


def _messages(digest: Digest) -> list[list[Value]]:
    return [
        [
            message.message_id,
            f"{message.sent_at:%Y-%m-%d %H:%M}" if message.sent_at else None,
            message.sender_name,
            message.sender_email,
            message.organisation,
            message.organisation_type_label,
            message.subject,
            message.language,
            message.kind_label,
            message.duplicate_of,
            _yes(message.late, digest.words),
            _yes(message.interest, digest.words),
            len(message.comment_ids),
            ", ".join(message.comment_ids),
            message.file,
        ]
        for message in digest.messages
    ]


def _with_fixed_times(content: bytes, moment: datetime) -> bytes:
    """The same archive with one date on every member, and `moment` as the time it was last changed."""
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    fixed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            member = zipfile.ZipInfo(name, ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, data)
    return fixed.getvalue()
