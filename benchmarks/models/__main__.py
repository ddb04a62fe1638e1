"""The benchmark of the language models: one table of tasks, ours beside the baselines of the same run.

``python -m benchmarks.models --data FOLDER`` from the repository's root; the folder is that of `models.texts`. A task
whose module or model is not there is named and left out.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

from benchmarks.models.table import Row
from innspill.errors import InnspillError
from models.texts import Part, data_argument

TASKS = ("vectors", "norwegian", "languages", "sentences")
MODELS = Path("models")
CARD = "model.json"
COLUMNS = ("task", "data", "measure", "ours", "beside it", "bar", "reached")
# Figures of which less is better.
COSTS = ("seconds",)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and where asked write the figures down."""
    asked = _parser().parse_args(arguments)
    if asked.write_cards and asked.part != "test":
        sys.exit("A card holds figures of the test part alone: leave out --part dev or --write-cards.")
    measured = {name: _rows(name, asked.data, asked.part) for name in asked.only}
    rows = [row for found in measured.values() for row in found]
    print(as_markdown(rows) if asked.markdown else as_text(rows))
    if asked.json:
        written = {"part": asked.part, "rows": [row._asdict() for row in rows]}
        asked.json.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if asked.write_cards:
        for name, found in measured.items():
            if found:
                write_figures(MODELS / name / CARD, found)
    missing = [name for name, found in measured.items() if not found]
    if missing:
        sys.exit(f"Not measured: {', '.join(missing)}.")


def reached(row: Row) -> bool | None:
    """Whether the first figure is as good as its bar asks; None where there is no bar."""
    if row.bar is None:
        return None
    ours = next(iter(row.figures.values()))
    return ours <= row.bar if row.measure.startswith(COSTS) else ours >= row.bar


def as_text(rows: Iterable[Row]) -> str:
    """A table in columns, for a terminal."""
    cells = [COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def as_markdown(rows: Iterable[Row]) -> str:
    """The table in Markdown."""
    lines = [COLUMNS, tuple("---" for _ in COLUMNS), *(_cells(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def write_figures(card: Path, rows: Iterable[Row]) -> None:
    """Put figures on a model's card: task -> measure, each baseline, the bar. Other tasks' figures stay as they are."""
    if not card.is_file():
        print(f"{card.parent} has no card: its figures are not written.", file=sys.stderr)
        return
    about = json.loads(card.read_text(encoding="utf-8"))
    figures = about.setdefault("figures", {})
    for row in rows:
        ours, *others = row.figures.items()
        measure = f"{row.measure}{ours[0].removeprefix('ours').replace(' with', ', with', 1)}"
        figures[row.task] = {measure: _rounded(ours[1])} | {name: _rounded(figure) for name, figure in others}
        if row.bar is not None:
            figures[row.task]["bar"] = _rounded(row.bar)
    card.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _rows(name: str, data: Path, part: Part) -> list[Row]:
    """The rows of one task module; none where the module is not there or the model it measures isn't."""
    module = f"benchmarks.models.{name}"
    if find_spec(module) is None:
        print(f"{name}: there is nothing that measures it.", file=sys.stderr)
        return []
    try:
        return list(import_module(module).rows(data, part))
    except (FileNotFoundError, ImportError, InnspillError) as error:
        print(f"{name}: not measured ({error}).", file=sys.stderr)
        return []


def _cells(row: Row) -> tuple[str, ...]:
    (first, ours), *others = row.figures.items()
    beside = "; ".join(f"{name} {_shown(figure)}" for name, figure in others)
    bar = "–" if row.bar is None else ("≤ " if row.measure.startswith(COSTS) else "≥ ") + _shown(row.bar)
    mine = _shown(ours) if first == "ours" else f"{_shown(ours)} ({first})"
    return row.task, row.data, row.measure, mine, beside, bar, {True: "yes", False: "no", None: "–"}[reached(row)]


def _shown(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3f}"


def _rounded(figure: float) -> float:
    return round(figure) if abs(figure) >= 100 else round(figure, 4)


def _names(text: str) -> list[str]:
    names = text.split(",")
    wrong = [name for name in names if name not in TASKS]
    if wrong:
        raise argparse.ArgumentTypeError(f"{', '.join(wrong)}: choose among {', '.join(TASKS)}")
    return names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models", description=__doc__)
    data_argument(parser)
    held_out = [part for part in get_args(Part) if part != "train"]
    parser.add_argument("--part", choices=held_out, default="test", help="what to measure on (test)")
    parser.add_argument("--only", type=_names, default=list(TASKS), help=f"some of {','.join(TASKS)}")
    parser.add_argument("--json", type=Path, help="a file to write the rows to")
    parser.add_argument("--markdown", action="store_true", help="print the table in Markdown")
    parser.add_argument("--write-cards", action="store_true", help="put the figures on the models' cards")
    return parser


if __name__ == "__main__":
    main()
