"""Planned measures: read from the agency's own table, and each unmet need tied to the one that is nearest, or to none.

Likeness has two voices: character n-grams, which know the words, and the encoder, which knows what is meant. A need is
its statement and the comments that voice it; a measure is its area and description. What counts is how much nearer a
measure is than the others: some needs are told in words that are like everything.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from innspill.errors import ConsultationError
from innspill.language.vectors import CharacterNgrams, Encoder, FloatArray, cosine
from innspill.reading.charsets import decode
from innspill.records import Comment, Coverage, Need, PlannedMeasure

# What people call the columns, in bokmål, nynorsk and English; the first name of each is used in messages.
COLUMNS: dict[str, tuple[str, ...]] = {
    "priority": ("prioritet", "pri", "prioritering", "priority"),
    "area": ("område", "innsatsområde", "tema", "area", "theme"),
    "description": ("beskrivelse", "beskriving", "skildring", "tiltak", "description", "measure"),
    "responsible": ("ansvarlig", "ansvarleg", "ansvar", "eier", "eigar", "responsible", "owner"),
}
REQUIRED = ("description", "responsible")
DELIMITERS = ";,\t"
# A title may stand above the header; a table of measures is short.
HEADER_WITHIN, MAX_ROWS = 20, 5_000
UNMET: frozenset[Coverage] = frozenset(("uncovered", "partly"))
# Comments of a need that are compared: those of its clearest voices.
MAX_COMMENTS = 8
# Comments that tell what is usual in a consultation, evenly taken from all.
MAX_USUAL = 2_000
# Likeness by words against likeness by meaning, and how much nearer than the others the nearest measure must be; set
# on the needs of three invented consultations (tests/cases/measures.json). A wrong tie hides a gap: it is set high.
WORDS_SHARE = 0.7
NEAR = 0.09


def read_measures(path: Path) -> tuple[PlannedMeasure, ...]:
    """The planned measures in a CSV file (semicolon, comma or tab) or an Excel workbook, in the order of its rows.

    The columns are known by their heads, in bokmål, nynorsk or English; description and responsible must be there.

    Raises:
        ConsultationError: the file cannot be read, a column is missing, or there is no measure in it.
    """
    tables = _workbook(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv_tables(path)
    seen: list[str] = []
    for rows in tables:
        for position, row in enumerate(rows[:HEADER_WITHIN]):
            columns = _columns(row)
            if set(REQUIRED) <= set(columns):
                return _measures(rows[position + 1 :], columns, path)
            seen = max(seen, list(columns), key=len)
    missing = ", ".join(f"'{COLUMNS[name][0]}'" for name in REQUIRED if name not in seen)
    raise ConsultationError(
        f"{path}: no row has a column {missing}. Give the table a header with the columns "
        f"{', '.join(names[0] for names in COLUMNS.values())}; the first two may be left out."
    )


def tie_measures(
    needs: Sequence[Need],
    measures: Sequence[PlannedMeasure],
    comments: Sequence[Comment],
    encoder: Encoder | None = None,
) -> tuple[Need, ...]:
    """The needs, each unmet one with the measure that is nearest to it, and by how much; none where none is near.

    Args:
        needs: All needs; those that the report covers are left as they are.
        measures: What is planned already.
        comments: The consultation's comments.
        encoder: Sentence vectors beside character n-grams; None to go by the words alone.
    """
    unmet = [need for need in needs if need.coverage in UNMET]
    if not unmet or not measures:
        return tuple(needs)
    nearness = measure_nearness(unmet, measures, comments, encoder)
    tied: dict[str, Need] = {}
    for need, row in zip(unmet, nearness, strict=True):
        best = int(row.argmax())
        if row[best] >= NEAR:
            score = round(float(row[best]), 4)
            tied[need.need_id] = replace(need, measure_id=measures[best].measure_id, measure_score=score)
    return tuple(tied.get(need.need_id, need) for need in needs)


def measure_nearness(
    needs: Sequence[Need], measures: Sequence[PlannedMeasure], comments: Sequence[Comment], encoder: Encoder | None
) -> FloatArray:
    """How much liker each need is to each measure than to the others, shape (n_needs, n_measures).

    Where there is only one measure, it is compared with how like it is to any comment.
    """
    text_of = {comment.comment_id: comment.text for comment in comments}
    planned = [f"{measure.area}: {measure.description}" for measure in measures]
    said = [[need.statement, *(text_of[key] for key in need.comment_ids[:MAX_COMMENTS])] for need in needs]
    usual = list(text_of.values())[:: 1 + len(text_of) // MAX_USUAL]
    likeness = _likeness(said, planned, usual, encoder)
    if len(measures) == 1:
        anything = _likeness([[text] for text in usual], planned, usual, encoder)
        return np.asarray(likeness - anything.mean(), dtype=np.float64)
    others = (likeness.sum(axis=1, keepdims=True) - likeness) / (len(measures) - 1)
    return np.asarray(likeness - others, dtype=np.float64)


def _likeness(
    said: Sequence[Sequence[str]], planned: Sequence[str], usual: Sequence[str], encoder: Encoder | None
) -> FloatArray:
    """By words and by meaning, shape (n_said, n_planned); by words alone where there is no encoder.

    Args:
        said: The texts of each need.
        planned: The measures.
        usual: Texts that tell what is usual in the consultation: what all of them mean is taken out.
        encoder: Sentence vectors.
    """
    ngrams = CharacterNgrams([*usual, *planned])
    by_words = cosine(ngrams.encode(["\n".join(texts) for texts in said]), ngrams.encode(planned))
    if encoder is None:
        return by_words
    middle = encoder.encode(usual).mean(axis=0)

    def meaning(texts: Sequence[str]) -> FloatArray:
        vectors = encoder.encode(texts) - middle
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float64)

    vectors = meaning([text for texts in said for text in texts])
    starts = np.cumsum([0, *map(len, said)])[:-1]
    sums = np.add.reduceat(cosine(vectors, meaning(planned)), starts)
    by_meaning = sums / np.array([[len(texts)] for texts in said])
    return np.asarray(WORDS_SHARE * by_words + (1 - WORDS_SHARE) * by_meaning, dtype=np.float64)


# Tables --------------------------------------------------------------------------------------------------------------


def _columns(row: Sequence[str]) -> dict[str, int]:
    """What the cells of a header name, and where; the first of each."""
    found: dict[str, int] = {}
    for position, cell in enumerate(row):
        head = " ".join(cell.split()).casefold().rstrip(":")
        name = next((name for name, names in COLUMNS.items() if head in names), None)
        if name is not None:
            found.setdefault(name, position)
    return found


def _measures(rows: Iterable[Sequence[str]], columns: Mapping[str, int], path: Path) -> tuple[PlannedMeasure, ...]:
    def cell(row: Sequence[str], name: str) -> str:
        position = columns.get(name, len(row))
        return " ".join(row[position].split()) if position < len(row) else ""

    told = [{name: cell(row, name) for name in COLUMNS} for row in rows]
    measures = tuple(
        PlannedMeasure(f"P{number:02d}", **row)
        for number, row in enumerate((row for row in told if row["description"]), 1)
    )
    if not measures:
        raise ConsultationError(f"{path}: no measure stands under the header. Fill in a row, or take out the key.")
    return measures


def _csv_tables(path: Path) -> list[list[list[str]]]:
    """The rows of a CSV file, read with each sign that may part its fields."""
    try:
        text = decode(path.read_bytes()).lstrip("\ufeff")
    except OSError as error:
        raise ConsultationError(f"{path} cannot be read ({error.strerror}). Mend the key 'measures'.") from error
    tables = []
    for delimiter in DELIMITERS:
        try:
            tables.append(list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), MAX_ROWS)))
        except csv.Error:
            continue
    return tables


def _workbook(path: Path) -> list[list[list[str]]]:
    """The rows of each sheet of a workbook, as text."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        tables = [
            [list(map(_text, row)) for row in islice(sheet.iter_rows(values_only=True), MAX_ROWS)]
            for sheet in book.worksheets
        ]
        book.close()
    except (OSError, ValueError, KeyError, TypeError, SyntaxError, zipfile.BadZipFile) as error:  # or XML that is none
        raise ConsultationError(
            f"{path} cannot be read as a workbook ({type(error).__name__}). Save it as CSV (UTF-8), and name that file."
        ) from error
    return tables


def _text(value: object) -> str:
    """A cell as text; whole numbers without decimals."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
