"""An analysis against a gold standard: every figure with an interval and beside baselines of the same run.

`gold.json` beside a consultation holds what its author knows: the lines, the kinds of message, and for each comment its
exact words, the lines it concerns, theme, stance and need. Only messages of one split are measured (by default the part
that no rule or threshold was set on).
"""

from collections.abc import Mapping
from typing import Any, Literal

from innspill.errors import GoldError
from innspill.language.vectors import Encoder
from innspill.measuring.figures import Measure, Reliability
from innspill.measuring.gold import Bench, load_gold
from innspill.measuring.grouping import coverage_reliability, grouping_measures
from innspill.measuring.intake import intake_measures
from innspill.measuring.placing import placing_measures, placing_reliability
from innspill.records import Analysis

__all__ = ["Measure", "Reliability", "Split", "evaluate", "load_gold", "reliabilities"]

Split = Literal["test", "tune", "all"]


def evaluate(
    analysis: Analysis,
    gold: Mapping[str, Any],
    *,
    split: Split = "test",
    seed: int = 0,
    encoder: Encoder | None = None,
) -> list[Measure]:
    """Measure an analysis.

    Args:
        analysis: Of the consultation that `gold` belongs to.
        gold: See `load_gold`.
        split: Which messages to measure on; lines are always measured on the whole report.
        seed: Seed of the intervals and of the baselines.
        encoder: The one that the analysis used, for the baseline that needs vectors (BERTopic, where it is installed).

    Returns:
        The figures that there is something to measure for.

    Raises:
        GoldError: the gold standard has no message of that split.
    """
    messages = _messages(gold, split)
    bench = _bench(analysis, gold, split, seed)
    measures = [
        *intake_measures(bench, gold, messages),
        *placing_measures(bench),
        *grouping_measures(bench, gold, encoder),
    ]
    return [measure for measure in measures if measure.n]


def reliabilities(analysis: Analysis, gold: Mapping[str, Any], *, split: Split = "test") -> list[Reliability]:
    """Whether the scores of an analysis mean what they say; see `evaluate` for the arguments.

    Raises:
        GoldError: the gold standard has no message of that split.
    """
    bench = _bench(analysis, gold, split, seed=0)
    return [table for table in (placing_reliability(bench), coverage_reliability(bench, gold)) if table.bins]


def _messages(gold: Mapping[str, Any], split: Split) -> list[Mapping[str, Any]]:
    messages = [message for message in gold["messages"] if split in ("all", _split_of(message))]
    if not messages:
        there = ", ".join(sorted({_split_of(message) for message in gold["messages"]}))
        raise GoldError(f"The gold standard has no messages of the split {split!r}; it has: {there or 'none at all'}.")
    return messages


def _split_of(message: Mapping[str, Any]) -> str:
    return str(message.get("split", "test"))


def _bench(analysis: Analysis, gold: Mapping[str, Any], split: Split, seed: int) -> Bench:
    files = {message["file"] for message in _messages(gold, split)}
    return Bench(analysis, [comment for comment in gold["comments"] if comment["file"] in files], seed=seed)
