"""Figures of merit, their intervals, and how reliable a score is. Knows nothing of consultations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

N_RESAMPLES = 300
INTERVAL = (0.025, 0.975)
# Scores are put in so many bins of equal width.
N_BINS = 5

Figure = Callable[[Sequence[Any]], float]


class Baseline(NamedTuple):
    """What a simpler way gives on the same items; `value` is None where it could not be run, and `name` says why."""

    name: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: its value with a 95 % interval, what baselines give, and how many items it rests on."""

    name: str
    value: float
    low: float
    high: float
    baselines: tuple[Baseline, ...]
    n: int


@dataclass(frozen=True, slots=True)
class ScoreBin:
    """The items whose score (0–1) lies from `low` to `high`: how many, their mean score, the share that is right."""

    low: float
    high: float
    n: int
    mean_score: float
    share_right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Whether a score means what it says: where it is a probability, a bin's mean score is its share that is right."""

    name: str
    bins: tuple[ScoreBin, ...]


# Intervals -----------------------------------------------------------------------------------------------------------


def measured(name: str, items: Sequence[Any], figure: Figure, baselines: Sequence[Baseline], *, seed: int) -> Measure:
    """A figure over items with the interval of its bootstrap; of nothing (`n` is 0) where there are no items."""
    if not items:
        return nothing(name)
    generator = np.random.default_rng(seed)
    resampled = [
        figure([items[position] for position in generator.integers(0, len(items), len(items))])
        for _ in range(N_RESAMPLES)
    ]
    low, high = np.quantile(resampled, INTERVAL)
    return Measure(name, figure(items), float(low), float(high), tuple(baselines), len(items))


def measured_groups(
    name: str, items: Sequence[Any], figure: Figure, baselines: Sequence[Baseline], *, seed: int
) -> Measure:
    """The same for a figure of a grouping, where no item may be drawn twice: it would agree with itself.

    Half of the items are drawn, each once: their figures vary about as much as those of a bootstrap. The interval of
    the halves is moved to the value, since small groups fall apart in a half.
    """
    if not items:
        return nothing(name)
    generator = np.random.default_rng(seed)
    halves = [
        figure([items[position] for position in generator.permutation(len(items))[: (len(items) + 1) // 2]])
        for _ in range(N_RESAMPLES)
    ]
    value, (low, high) = figure(items), np.quantile(halves, INTERVAL) - np.mean(halves)
    return Measure(name, value, max(value + low, 0.0), min(value + high, 1.0), tuple(baselines), len(items))


def nothing(name: str) -> Measure:
    """A figure that rests on no item."""
    return Measure(name, 0.0, 0.0, 0.0, (), 0)


# Single figures ------------------------------------------------------------------------------------------------------


def mean(values: Sequence[float]) -> float:
    """The mean; 0 of nothing."""
    return float(np.mean(values)) if values else 0.0


def share(counts: Sequence[tuple[int, int]]) -> float:
    """Of (part, whole) pairs, all parts in all wholes."""
    return sum(part for part, _ in counts) / max(sum(whole for _, whole in counts), 1)


def precision(counts: Sequence[tuple[int, int, int]]) -> float:
    """Of (true positives, false positives, false negatives), over all of them."""
    hits, wrong = sum(c[0] for c in counts), sum(c[1] for c in counts)
    return hits / (hits + wrong) if hits + wrong else 0.0


def recall(counts: Sequence[tuple[int, int, int]]) -> float:
    """Of (true positives, false positives, false negatives), over all of them."""
    hits, missed = sum(c[0] for c in counts), sum(c[2] for c in counts)
    return hits / (hits + missed) if hits + missed else 0.0


def f1(counts: Sequence[tuple[int, int, int]]) -> float:
    """The harmonic mean of `precision` and `recall`."""
    p, r = precision(counts), recall(counts)
    return 2 * p * r / (p + r) if p + r else 0.0


def accuracy(items: Sequence[tuple[Any, ...]]) -> float:
    """The share of (right, predicted) that are equal."""
    return mean([float(item[0] == item[1]) for item in items])


def class_f1(items: Sequence[tuple[Any, ...]], label: str) -> float:
    """F1 of one class over (right, predicted)."""
    hits = sum(item[0] == label and item[1] == label for item in items)
    total = sum((item[0] == label) + (item[1] == label) for item in items)
    return 2 * hits / total if total else 0.0


def macro_f1(items: Sequence[tuple[Any, ...]]) -> float:
    """F1 averaged over the classes that the gold standard has among the (right, predicted) items."""
    return mean([class_f1(items, label) for label in sorted({item[0] for item in items})])


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Area under the ROC curve: how often a positive item scores higher than a negative one; 0.5 where one is missing.

    >>> auc([0.9, 0.4], [0.4, 0.1])
    0.875
    """
    if not positive or not negative:
        return 0.5
    return float(np.mean([(p > n) + 0.5 * (p == n) for p in positive for n in negative]))


# Groupings -----------------------------------------------------------------------------------------------------------


def bcubed_f1(gold: Sequence[str], predicted: Sequence[str]) -> float:
    """BCubed F1 of a clustering (Bagga and Baldwin 1998): precision and recall averaged over items.

    >>> round(bcubed_f1(["a", "a", "b"], ["1", "1", "1"]), 3)
    0.714
    """
    if not gold:
        return 0.0
    same_gold = _same(gold)
    same_predicted = _same(predicted)
    both = (same_gold & same_predicted).sum(axis=1)
    p = float((both / same_predicted.sum(axis=1)).mean())
    r = float((both / same_gold.sum(axis=1)).mean())
    return 2 * p * r / (p + r)


def _same(labels: Sequence[str]) -> NDArray[np.bool_]:
    codes = np.unique(np.array([str(label) for label in labels]), return_inverse=True)[1]
    return np.asarray(codes[:, None] == codes[None, :])


def adjusted_mutual_information(gold: Sequence[str], predicted: Sequence[str]) -> float:
    """Adjusted mutual information of a clustering: 0 for chance, 1 for the same groups."""
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score([str(label) for label in gold], [str(label) for label in predicted]))


# Reliability ---------------------------------------------------------------------------------------------------------


def reliability(name: str, scored: Sequence[tuple[float, float]]) -> Reliability:
    """Items of (score, how right), both 0–1, in bins of the score; bins without an item are left out."""
    bins = []
    edges = np.linspace(0.0, 1.0, N_BINS + 1)
    number = np.clip((np.array([score for score, _ in scored]) * N_BINS).astype(int), 0, N_BINS - 1)
    for position in range(N_BINS):
        inside = [item for item, own in zip(scored, number, strict=True) if own == position]
        if inside:
            scores, right = mean([score for score, _ in inside]), mean([right for _, right in inside])
            bins.append(ScoreBin(float(edges[position]), float(edges[position + 1]), len(inside), scores, right))
    return Reliability(name, tuple(bins))


def calibration_error(scored: Sequence[tuple[float, float]]) -> float:
    """Expected calibration error: how far score and share lie apart, averaged over items by the bin that they are in.

    >>> calibration_error([(0.9, 1.0), (0.9, 1.0), (0.1, 0.0)])
    0.1
    """
    if not scored:
        return 0.0
    bins = reliability("", scored).bins
    return round(sum(one.n * abs(one.share_right - one.mean_score) for one in bins) / len(scored), 6)
