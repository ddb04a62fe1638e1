"""Build the PDFs whose every printed line is written out in the source, and add what is true of them to `truth.json`.

    python tests/pdf/build_matrix.py [NAME …]

It needs what `build.py` needs, and pikepdf. See `sheets.py` for where the truth comes from.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from build import write_truth
from sheets_check import check
from sheets_faults import MENDS, TABLES, TEXT_FAULTS, Mend
from sheets_latex import Set, latex
from sheets_numbered import LINENO, RULERS
from sheets_office import libreoffice
from sheets_office_numbered import OFFICE
from sheets_unnumbered import UNNUMBERED

from sheets import Ruler, Sheet, ShownRow, shown_rows, truth_of

HERE = Path(__file__).resolve().parent
# The height of digits and of small letters, as shares of the type's size.
DIGIT_HEIGHT, X_HEIGHT = 0.644, 0.431
# A row whose two nearest ruler numbers differ less than this share of the pitch may have either.
EITHER = 0.15
SHEETS: dict[str, Sheet] = {**LINENO, **RULERS, **OFFICE, **UNNUMBERED, **TABLES, **TEXT_FAULTS}


def build(name: str, sheet: Sheet) -> dict[str, Any]:
    """Write one PDF; what is true of it.

    Raises:
        SystemExit: the program set something else than the sheet says.
    """
    rows = shown_rows(sheet)
    as_set = set_sheet(sheet)
    if sheet.ruler:
        rows = on_ruler(sheet, sheet.ruler, rows, as_set)
    check_labels(name, rows, as_set)
    check(name, sheet, rows, as_set.pdf)
    (HERE / f"{name}.pdf").write_bytes(as_set.pdf)
    return truth_of(sheet, rows)


def mend(name: str, change: Mend) -> dict[str, Any]:
    """Write a PDF that is made from another; its truth is the other's, but for letters that it maps wrongly.

    Raises:
        SystemExit: poppler does not see on it what it saw before.
    """
    sheet = SHEETS[change.base]
    rows = shown_rows(sheet)
    pdf = change.change((HERE / f"{change.base}.pdf").read_bytes())
    rows = [replace(row, text=change.reads(row.text)) for row in rows]
    check(name, sheet, rows, pdf)
    (HERE / f"{name}.pdf").write_bytes(pdf)
    truth = truth_of(replace(sheet, shows=change.shows), rows)
    truth["sections"] = [[number, change.reads(words), level] for number, words, level in truth["sections"]]
    return truth


def set_sheet(sheet: Sheet) -> Set:
    """The sheet as its producer sets it; LibreOffice tells no places."""
    return latex(sheet) if sheet.producer == "latex" else Set(libreoffice(sheet), {}, {})


def check_labels(name: str, rows: Sequence[ShownRow], as_set: Set) -> None:
    """Fail unless LaTeX's own line labels are the numbers that were counted.

    Raises:
        SystemExit: they are others, or there are none.
    """
    numbered = {row.key: row.number for row in rows if isinstance(row.number, int)}
    for key, label in as_set.labels.items():
        if numbered.get(key) != label:
            raise SystemExit(f"{name}: row {key} was counted as {numbered.get(key)}, and LaTeX says {label}")


def on_ruler(sheet: Sheet, ruler: Ruler, rows: Sequence[ShownRow], as_set: Set) -> list[ShownRow]:
    """The rows with the ruler's nearest number, from where the source puts both."""
    out = []
    for row in rows:
        _, baseline = as_set.places[row.key]
        size = {"heading": 14.4, "title": 17.3, "footnote": 9.0}.get(row.kind, 10.95)
        centre = baseline - 0.5 * X_HEIGHT * size
        sides = [max(row.column, 0)] if row.kind != "title" or ruler.columns == 1 else range(ruler.columns)
        allowed = [number for side in sides for number in nearest(ruler, centre, row.page, side)]
        if row.kind == "title":
            out.append(replace(row, number=[*allowed, None]))
        else:
            out.append(replace(row, number=allowed[0] if len(allowed) == 1 else allowed))
    return out


def nearest(ruler: Ruler, centre: float, page: int, side: int) -> list[int | None]:
    """The ruler's number nearest to a height, or the two where neither is clearly nearer."""
    first = ruler.first + side * ruler.count
    if not ruler.restarts:
        first += page * ruler.count * ruler.columns
    place = (centre - (ruler.top - 0.5 * DIGIT_HEIGHT * ruler.size)) / ruler.pitch
    low = min(max(int(place), 0), ruler.count - 1)
    to_low, to_high = abs(place - low), abs(low + 1 - place)
    if low + 1 < ruler.count and abs(to_low - to_high) < EITHER:
        return [first + low, first + low + 1]
    return [first + low if to_low < to_high or low + 1 == ruler.count else first + low + 1]


def main(names: Sequence[str], write: Callable[[str], int] = sys.stdout.write) -> None:
    """Build the named PDFs, or all."""
    path = HERE / "truth.json"
    truth = json.loads(path.read_text(encoding="utf-8"))
    for name in [*SHEETS, *MENDS]:
        if names and name not in names:
            continue
        truth[name] = build(name, SHEETS[name]) if name in SHEETS else mend(name, MENDS[name])
        size = (HERE / f"{name}.pdf").stat().st_size
        write(f"{name}: {len(truth[name]['pages'])} pages, {size / 1000:.0f} kB\n")
        write_truth(truth)


if __name__ == "__main__":
    main(sys.argv[1:])
