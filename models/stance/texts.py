"""The comments that the stance model is trained on and chosen by, each set from one hand."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
CORPORA = HERE.parents[1] / "corpora"
WRITERS = ("a", "b", "c", "d", "e", "f", "g", "h", "i")
CONSULTATIONS = ("ki-helsedata", "heimeoppfolging", "bibliotek", "bygdetransport", "havbruk", "matjord", "ungpsyk")


class Labelled(NamedTuple):
    """A comment and what it does; `missing` tells whether it says that the report lacks something: yes, no or «»."""

    text: str
    stance: str
    missing: str


def read_sets() -> dict[str, list[Labelled]]:
    """The comments of each writer, and of the tuning messages of each consultation."""
    sets = {f"writer {name}": list(read_writer(name)) for name in WRITERS}
    return sets | {name: list(read_tuning_part(CORPORA / name)) for name in CONSULTATIONS}


def read_writer(name: str) -> Iterator[Labelled]:
    """The comments of one writer."""
    for line in (HERE / f"comments-{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Labelled(row["text"], row["stance"], "yes" if row["missing"] else "no")


def read_tuning_part(folder: Path) -> Iterator[Labelled]:
    """The comments of a consultation's tuning messages; missing.tsv tells which say that the report lacks something."""
    missing = _missing(folder.name)
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    tuning = {message["file"] for message in gold["messages"] if message["split"] == "tune"}
    for row in gold["comments"]:
        if row["file"] in tuning and row.get("stance"):
            yield Labelled(row["quote"], row["stance"], missing.get(row["id"], ""))


def _missing(consultation: str) -> dict[str, str]:
    """Comment id -> «yes» or «no», for a consultation."""
    with (HERE / "missing.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {row["comment"]: row["missing"] for row in rows if row["consultation"] == consultation}
