"""The figures of several consultations side by side. ``python benchmarks/figures.py FOLDER[:SPLIT] …``.

As `innspill evaluate` gives them, a column a consultation: value, 95 % interval and number of items, and below each
figure its baselines from the same run. SPLIT is ``tune``, ``test`` or ``all`` (without it: ``all``). Without arguments,
on what rules and thresholds may be chosen by. Prints Markdown.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tuning import CONSULTATIONS  # beside this script

from innspill.config import load_consultation
from innspill.evaluation import Measure, evaluate, load_gold
from innspill.language.norwegian import Norwegian
from innspill.language.vectors import load_encoder
from innspill.pipeline import analyse

CORPORA = Path(__file__).parents[1] / "corpora"


def figures(folder: Path, split: str, language: Norwegian) -> dict[str, Measure]:
    """Name -> figure, of one consultation."""
    consultation, config = load_consultation(folder)
    encoder = load_encoder(config.encoder)
    analysis = analyse(consultation, language=language, encoder=encoder, config=config)
    measures = evaluate(analysis, load_gold(folder), split=split, encoder=encoder)  # type: ignore[arg-type]
    return {measure.name: measure for measure in measures}


def rows(columns: Sequence[Mapping[str, Measure]]) -> list[list[str]]:
    """A row a figure, and a row for each of its baselines; a cell is empty where a consultation has no such figure."""
    table = []
    for name in dict.fromkeys(name for column in columns for name in column):
        table.append([name, *(_cell(column.get(name)) for column in columns)])
        known = [dict(column[name].baselines) if name in column else {} for column in columns]
        for way in dict.fromkeys(way for baselines in known for way in baselines):
            values = [baselines.get(way) for baselines in known]
            table.append([f"· {way}", *("" if value is None else f"{value:.3f}" for value in values)])
    return table


def _cell(measure: Measure | None) -> str:
    return "" if measure is None else f"{measure.value:.3f} ({measure.low:.2f}–{measure.high:.2f}; {measure.n})"


def main(arguments: Sequence[str]) -> None:
    language = Norwegian()
    names, columns = [], []
    for argument in arguments or [f"{CORPORA / name}:tune" for name in CONSULTATIONS]:
        folder, _, split = argument.partition(":")
        names.append(f"{Path(folder).name}, {split or 'all'}")
        columns.append(figures(Path(folder), split or "all", language))
    print("| " + " | ".join(["figure", *names]) + " |")
    print("|" + "---|" * (len(names) + 1))
    for row in rows(columns):
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main(sys.argv[1:])
