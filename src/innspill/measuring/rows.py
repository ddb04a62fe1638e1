"""Figures as rows of text: in columns for a reader, and one value a row for a program."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from innspill.measuring.figures import Baseline, Measure, Reliability

Row = tuple[str, ...]
READER_HEADER: Row = ("figure (↓ less is better)", "value", "95 % interval", "n", "baseline", "baseline is")
PROGRAM_HEADER: Row = ("figure", "method", "value", "low", "high", "n")
LESS_IS_BETTER = frozenset(
    {
        "comments merged with another",
        "letters in comments not the sender's",
        "right citations flagged",
        "uncited placed though about nothing",
        "places by likeness: calibration error",
        "coverage: calibration error",
    }
)
# What the rows of the analysis itself are called among the baselines.
OURS = "innspill"
NOT_RUN = "–"


def for_a_reader(measures: Sequence[Measure]) -> list[Row]:
    """A row a figure, beside its first baseline; the other baselines on rows of their own below."""
    return [row for measure in measures for row in _reader_rows(measure)]


def _reader_rows(measure: Measure) -> Iterator[Row]:
    interval = f"{measure.low:.2f}–{measure.high:.2f}"
    name = f"{measure.name} ↓" if measure.name in LESS_IS_BETTER else measure.name
    left: Row = (name, f"{measure.value:.3f}", interval, str(measure.n))
    for way, value in measure.baselines or (Baseline("", None),):
        yield (*left, f"{value:.3f}" if value is not None else NOT_RUN if way else "", way)
        left = ("", "", "", "")


def reliability_for_a_reader(table: Reliability) -> tuple[Row, list[Row]]:
    """Header and rows of one table of reliability."""
    header: Row = (f"{table.name}: score", "n", "mean score", "share right")
    rows: list[Row] = [
        (f"{one.low:.1f}–{one.high:.1f}", str(one.n), f"{one.mean_score:.2f}", f"{one.share_right:.2f}")
        for one in table.bins
    ]
    return header, rows


def for_a_program(measures: Sequence[Measure], tables: Sequence[Reliability]) -> list[Row]:
    """A row a value: each figure, each baseline that could be run, and each bin of a score.

    A bin is a figure of its own («places by likeness, score 0.2–0.4») with the share that is right, beside the mean
    score as its baseline.
    """
    rows: list[Row] = []
    for measure in measures:
        rows.append((measure.name, OURS, *map(_exact, (measure.value, measure.low, measure.high)), str(measure.n)))
        rows += [
            (measure.name, name, _exact(value), "", "", str(measure.n))
            for name, value in measure.baselines
            if value is not None
        ]
    for table in tables:
        for one in table.bins:
            name = f"{table.name}, score {one.low:.1f}–{one.high:.1f}"
            rows.append((name, OURS, _exact(one.share_right), "", "", str(one.n)))
            rows.append((name, "mean score", _exact(one.mean_score), "", "", str(one.n)))
    return rows


def as_records(measures: Sequence[Measure], tables: Sequence[Reliability]) -> dict[str, Any]:
    """The same as dictionaries and lists, for JSON."""
    return {
        "figures": [
            {**asdict(measure), "baselines": [baseline._asdict() for baseline in measure.baselines]}
            for measure in measures
        ],
        "reliability": [asdict(table) for table in tables],
    }


def _exact(value: float) -> str:
    return f"{value:.4f}"
