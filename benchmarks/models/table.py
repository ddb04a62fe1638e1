"""A row of the benchmark of the language models: one task, one figure, the baselines of the same run, the bar."""

from typing import NamedTuple


class Row(NamedTuple):
    """One measured task.

    Attributes:
        task: What is asked of the model, in a few words.
        data: What it was measured on, with its size.
        measure: The name of the figure: «V-measure», «nDCG@10», «F1» …
        figures: Name of the model or baseline -> its figure, ours first.
        bar: The least that ours should give; None where nothing was asked.
    """

    task: str
    data: str
    measure: str
    figures: dict[str, float]
    bar: float | None = None
