"""How far each cue of the lexicon can be trusted: ``python -m models.stance.cues``.

Prints, for each cue of ``src/innspill/data/cues.tsv``: in how many of the training comments it is heard (negated,
quoted and reported words left out), in which share of these the comment does what the cue speaks for, the share of all
comments that do, and the one divided by the other. A cue whose last figure is near 1 tells nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

from innspill.language.norwegian import Norwegian
from innspill.stance import heard_cues, load_cues
from models.stance.texts import Labelled, read_sets


class CueFigures(NamedTuple):
    """How a cue fared: comments that hold it, how many of them do what it speaks for, and the share of all that do."""

    cue_id: str
    stance: str
    weight: float
    heard: int
    right: int
    prior: float

    @property
    def precision(self) -> float:
        """Of the comments that hold it, the share that do what it speaks for."""
        return self.right / self.heard if self.heard else 0.0


def cue_figures(items: Sequence[Labelled], language: Norwegian) -> list[CueFigures]:
    """The figures of every cue over some comments."""
    heard: dict[str, list[str]] = {cue.cue_id: [] for cue in load_cues()}
    for item in items:
        for cue in heard_cues(item.text, language=language):
            heard[cue.cue_id].append(item.stance)
    stances = [item.stance for item in items]
    return [
        CueFigures(
            cue.cue_id,
            cue.stance,
            cue.weight,
            len(heard[cue.cue_id]),
            heard[cue.cue_id].count(cue.stance),
            stances.count(cue.stance) / len(stances),
        )
        for cue in load_cues()
    ]


def main() -> None:
    """Print the table, the least trustworthy cues first."""
    items = [item for rows in read_sets().values() for item in rows]
    print("cue   stance         weight heard precision prior lift")
    for row in sorted(cue_figures(items, Norwegian()), key=lambda row: (row.precision / row.prior, row.cue_id)):
        print(
            f"{row.cue_id:5} {row.stance:14} {row.weight:6.1f} {row.heard:5} {row.precision:9.2f} {row.prior:5.2f} "
            f"{row.precision / row.prior:4.1f}"
        )


if __name__ == "__main__":
    main()
