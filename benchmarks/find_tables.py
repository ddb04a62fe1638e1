"""How many tables are found, and how fast, beside pdfplumber. ``python benchmarks/find_tables.py [PDF …]``.

Without arguments, on the test PDFs of `tests/grid`, of which it is known how many tables they hold. The seconds are
those of the search alone, with the words and rules of innspill's pages read already. Prints Markdown.
"""

import sys
import time
from pathlib import Path

import pdfplumber

from innspill.reading.pages.grid import find_grids
from innspill.reading.pages.pdf import read_pdf

GRID = Path(__file__).parents[1] / "tests" / "grid"
KNOWN = {"tex-tables.pdf": 9, "tex-no-tables.pdf": 0, "lo-tables.pdf": 4}


def by_pdfplumber(path: Path) -> int:
    """Tables of two rows and two columns at least."""
    n_tables = 0
    with pdfplumber.open(path) as document:
        for page in document.pages:
            for table in page.find_tables():
                n_columns = max(sum(cell is not None for cell in row.cells) for row in table.rows)
                n_tables += len(table.rows) >= 2 and n_columns >= 2
            page.close()
    return n_tables


def main() -> None:
    paths = [Path(argument) for argument in sys.argv[1:]] or [GRID / name for name in KNOWN]
    print("| file | pages | tables | innspill | seconds | pdfplumber | seconds |")
    print("|---|---|---|---|---|---|---|")
    for path in paths:
        pages = read_pdf(path).pages
        start = time.perf_counter()
        n_ours = len(find_grids(pages))
        middle = time.perf_counter()
        n_theirs = by_pdfplumber(path)
        end = time.perf_counter()
        known = KNOWN.get(path.name, "–")
        ours, theirs = f"{n_ours} | {middle - start:.3f}", f"{n_theirs} | {end - middle:.2f}"
        print(f"| {path.name} | {len(pages)} | {known} | {ours} | {theirs} |")


if __name__ == "__main__":
    main()
