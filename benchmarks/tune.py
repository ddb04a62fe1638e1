"""Where thresholds and weights come from: ``python -m benchmarks.tune``, from the repository's root (some minutes).

Reads the tuning messages of the consultations that tuning.py names; the messages kept for measuring are not read. A
stance model that has seen a consultation would flatter what rests on stances, so each is read by one that was trained
without it. Prints

- what each threshold of placing gives,
- for each distance between needs, how well needs are grouped and what becomes of coverage,
- the weights of the coverage score that an ordinal model learns, from all consultations and with each left out,
  and what those learnt without a consultation give on it: on the gold standard's needs, and on the needs found.

The values in `Config`, coverage.py and need_groups.py are round numbers near the best ones here.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.tuning import CONSULTATIONS
from innspill import coverage, pipeline
from innspill.bundled import bundled
from innspill.config import Config, load_consultation
from innspill.coverage import WEIGHTS, CoverageSignals, coverage_signals
from innspill.evaluation import load_gold
from innspill.features import CommentFeatures, comment_features
from innspill.language.norwegian import Norwegian
from innspill.language.vectors import Encoder, FloatArray, load_encoder
from innspill.likeness import NearestPassages
from innspill.matching import match
from innspill.measuring.figures import auc, bcubed_f1, macro_f1
from innspill.measuring.gold import Bench
from innspill.measuring.placing import placing_measures
from innspill.needs import find_needs
from innspill.records import Analysis, Coverage
from innspill.stance import StanceModel, stance_inputs
from models.stance.texts import read_sets
from models.stance.train import Inputs, train

PLACING_THRESHOLDS = (0.26, 0.32, 0.38, 0.44, 0.50)
DISTANCES = (0.62, 0.66, 0.70, 0.74, 0.78)
# Regularisation of the ordinal model: a consultation has some 25 needs.
STRENGTHS = (0.3, 0.5, 1.0)
RANK: dict[Coverage, int] = {"uncovered": 0, "partly": 1, "covered": 2}
LABELS: tuple[Coverage, ...] = ("uncovered", "partly", "covered")


@dataclass(frozen=True, slots=True)
class Tuned:
    """A consultation as it is tuned on: its analysis, what the needs are found by, and its gold standard."""

    name: str
    analysis: Analysis
    nearest: NearestPassages
    features: CommentFeatures
    gold: Mapping[str, Any]
    bench: Bench
    signals: CoverageSignals
    need_of: Mapping[int, str]

    @property
    def gold_needs(self) -> dict[str, list[int]]:
        """Need -> the rows of the comments that voice it."""
        needs: dict[str, list[int]] = {}
        for row, need in self.need_of.items():
            needs.setdefault(need, []).append(row)
        return needs

    @property
    def right(self) -> dict[str, int]:
        """Need -> how much of it the report says: 0, 1 or 2."""
        return {need["id"]: RANK[need["coverage"]] for need in self.gold["needs"]}


class Weights(NamedTuple):
    """An ordinal model of coverage: log odds for each signal, and without any."""

    signals: FloatArray
    spoken_of: float
    covered: float


class Scored(NamedTuple):
    """A need's right answer (0–2) and its score (0–1)."""

    right: int
    score: float


def main() -> None:
    """Run the sweeps and print them."""
    language, encoder = Norwegian(), load_encoder(Config().encoder)
    if encoder is None:
        raise SystemExit("The vectors are missing.")
    consultations = [prepare(name, language, encoder) for name in CONSULTATIONS]
    for line in (
        *placing(consultations, encoder),
        *distances(consultations, language, encoder),
        *coverage_weights(consultations, language, encoder),
    ):
        print(line, flush=True)


def prepare(name: str, language: Norwegian, encoder: Encoder) -> Tuned:
    """Analyse a consultation with a stance model that has not seen it."""
    consultation, config = load_consultation(bundled(f"corpora/{name}"))
    stance_model = StanceModel(_stances_without(name, language, encoder), encoder)
    analysis = pipeline.analyse(
        consultation, language=language, encoder=encoder, stance_model=stance_model, config=config
    )
    gold = load_gold(consultation.folder)
    tuning = {message["file"] for message in gold["messages"] if message["split"] == "tune"}
    bench = Bench(analysis, [comment for comment in gold["comments"] if comment["file"] in tuning], seed=0)
    row_of = {comment.comment_id: row for row, comment in enumerate(analysis.comments)}
    annotations, nearest = match(
        analysis.comments, analysis.report, encoder=encoder, config=config, messages=analysis.messages
    )
    return Tuned(
        name,
        analysis,
        nearest,
        comment_features(analysis.comments, annotations, analysis.report, nearest),
        gold,
        bench,
        coverage_signals(analysis.comments, annotations, nearest),
        {row_of[comment.comment_id]: answer["need"] for answer, comment in bench.found if answer.get("need")},
    )


def _stances_without(name: str, language: Norwegian, encoder: Encoder) -> Any:  # noqa: ANN401 - a classifier
    items = [item for other, labelled in read_sets().items() if other != name for item in labelled]
    return train(items, Inputs(*stance_inputs([item.text for item in items], language=language, encoder=encoder)))


# Placing -------------------------------------------------------------------------------------------------------------


def placing(consultations: Sequence[Tuned], encoder: Encoder) -> Iterator[str]:
    """Uncited comments placed right, and comments about nothing left alone, for each threshold."""
    yield "similarity_threshold: uncited comments hit@1 / about nothing, left unplaced"
    for threshold in PLACING_THRESHOLDS:
        config = Config(similarity_threshold=threshold, similarity_sure=max(threshold, Config().similarity_sure))
        cells = []
        for one in consultations:
            annotations, _ = match(
                one.analysis.comments,
                one.analysis.report,
                encoder=encoder,
                config=config,
                messages=one.analysis.messages,
            )
            analysis = replace(one.analysis, annotations=annotations)
            bench = Bench(analysis, [pair.gold for pair in one.bench.pairs], seed=0)
            figures = {measure.name: measure.value for measure in placing_measures(bench)}
            hit, unplaced = figures["uncited comments: hit@1"], figures["about nothing, left unplaced"]
            cells.append(f"{one.name} {hit:.2f} / {unplaced:.2f}")
        yield f"  {threshold:.2f}  {'   '.join(cells)}"


# Needs ---------------------------------------------------------------------------------------------------------------


def distances(consultations: Sequence[Tuned], language: Norwegian, encoder: Encoder) -> Iterator[str]:
    """How well needs are grouped, and what becomes of coverage with the weights as they are."""
    yield "need_distance: needs, BCubed F1 / coverage: AUC «not covered», macro-F1, uncovered found"
    for distance in DISTANCES:
        config = Config(need_distance=distance)
        cells = []
        for one in consultations:
            groups = found_groups(one, language, encoder, config)
            scored = [
                Scored(one.right[need], 1.0 if rows is None else one.signals.judge(rows, config).score)
                for need, rows in _as_found(one, groups).items()
            ]
            figures = coverage_figures(scored, config.partly_from, config.covered_from)
            cells.append(f"{one.name} {grouping_figure(one, groups):.3f} / {_said(figures)}")
        yield f"  {distance:.2f}  {'   '.join(cells)}"


def found_groups(one: Tuned, language: Norwegian, encoder: Encoder, config: Config) -> list[list[int]]:
    """The rows of each need found."""
    row_of = {comment.comment_id: row for row, comment in enumerate(one.analysis.comments)}
    needs = find_needs(
        one.analysis.comments,
        one.analysis.annotations,
        one.features,
        one.nearest,
        one.analysis.themes,
        language=language,
        config=config,
        encoder=encoder,
    )
    return [[row_of[comment_id] for comment_id in need.comment_ids] for need in needs]


def grouping_figure(one: Tuned, groups: Sequence[Sequence[int]]) -> float:
    """BCubed F1 of the comments that voice a need by the gold standard."""
    group_of = {row: f"found {number}" for number, rows in enumerate(groups) for row in rows}
    return bcubed_f1(list(one.need_of.values()), [group_of.get(row, f"alone {row}") for row in one.need_of])


def _as_found(one: Tuned, groups: Sequence[Sequence[int]]) -> dict[str, list[int] | None]:
    """Gold need -> the rows of the need found that holds most of its comments; None where none holds any."""
    group_of = {row: number for number, rows in enumerate(groups) for row in rows}
    held: dict[str, list[int] | None] = {}
    for need, rows in one.gold_needs.items():
        votes = Counter(group_of[row] for row in rows if row in group_of)
        held[need] = list(groups[votes.most_common(1)[0][0]]) if votes else None
    return held


# Coverage ------------------------------------------------------------------------------------------------------------


def coverage_weights(consultations: Sequence[Tuned], language: Norwegian, encoder: Encoder) -> Iterator[str]:
    """The weights that are learnt, and how they do where they were not."""
    config = Config()
    found = {one.name: _as_found(one, found_groups(one, language, encoder, config)) for one in consultations}
    yield f"coverage score: log odds of {', '.join(WEIGHTS)}; spoken of, covered"
    yield f"  as set         {_listed(_as_set())}"
    for strength in STRENGTHS:
        yield f"  strength {strength:.1f}   {_listed(learnt(consultations, strength))}"
        for kind, choose in (("gold needs ", _gold_rows), ("needs found", lambda one: found[one.name])):
            figures = [
                coverage_figures(_scored(one, choose(one), weights), *thresholds)
                for one, weights, thresholds in _left_out(consultations, strength, choose)
            ]
            cells = [f"{one.name} {_said(own)}" for one, own in zip(consultations, figures, strict=True)]
            yield f"    left out, {kind}  {'   '.join(cells)}   mean {_said(np.mean(figures, axis=0))}"
    for kind, choose in (("gold needs ", _gold_rows), ("needs found", lambda one: found[one.name])):
        figures = [
            coverage_figures(_scored(one, choose(one), _as_set()), config.partly_from, config.covered_from)
            for one in consultations
        ]
        cells = [f"{one.name} {_said(own)}" for one, own in zip(consultations, figures, strict=True)]
        yield f"  as set, {kind}  {'   '.join(cells)}   mean {_said(np.mean(figures, axis=0))}"


Rows = Mapping[str, Sequence[int] | None]


def _gold_rows(one: Tuned) -> Rows:
    return one.gold_needs


def _left_out(
    consultations: Sequence[Tuned], strength: float, choose: Callable[[Tuned], Rows]
) -> Iterator[tuple[Tuned, Weights, tuple[float, float]]]:
    """Each consultation with the weights and the thresholds that the others give."""
    for one in consultations:
        others = [other for other in consultations if other is not one]
        weights = learnt(others, strength)
        yield one, weights, best_thresholds([_scored(other, choose(other), weights) for other in others])


def learnt(consultations: Sequence[Tuned], strength: float) -> Weights:
    """Proportional odds, learnt from the gold standard's needs and from each of their comments alone.

    A need weighs as much as its comments together, each consultation as much as another.
    """
    signals, right, weigh = [], [], []
    for one in consultations:
        for need, rows in one.gold_needs.items():
            samples = [rows, *([row] for row in rows)]
            signals += [one.signals.values[sample].mean(axis=0) for sample in samples]
            right += [one.right[need]] * len(samples)
            weigh += [1.0, *[1 / len(rows)] * len(rows)]
    values, answers = np.array(signals), np.array(right)
    step = np.repeat([[0.0], [1.0]], len(values), axis=0)
    model = LogisticRegression(C=strength, max_iter=1_000).fit(
        np.hstack([np.vstack([values, values]), step]),
        np.concatenate([answers >= 1, answers >= 2]),
        sample_weight=np.array(weigh * 2),
    )
    *odds, lower = model.coef_[0]
    base = float(model.intercept_[0])
    return Weights(np.array(odds), base, base + float(lower))


def _as_set() -> Weights:
    return Weights(np.array(list(WEIGHTS.values())), coverage.SPOKEN_OF, coverage.COVERED)


def _scored(one: Tuned, rows_of: Rows, weights: Weights) -> list[Scored]:
    """The needs' scores with some weights; a need that was not found counts as covered."""
    changed = dict(zip(WEIGHTS, weights.signals.tolist(), strict=True))
    with patch.multiple(coverage, WEIGHTS=changed, SPOKEN_OF=weights.spoken_of, COVERED=weights.covered):
        return [
            Scored(one.right[need], 1.0 if rows is None else one.signals.judge(rows, Config()).score)
            for need, rows in rows_of.items()
        ]


def best_thresholds(consultations: Sequence[Sequence[Scored]]) -> tuple[float, float]:
    """The thresholds that give most on some consultations: macro-F1, and a little for uncovered needs found."""

    def gain(partly_from: float, covered_from: float) -> float:
        figures = np.mean([coverage_figures(needs, partly_from, covered_from) for needs in consultations], axis=0)
        return float(figures[1] + 0.3 * figures[2])

    choices = [(low, high) for low in np.arange(0.26, 0.5, 0.02) for high in np.arange(0.5, 0.76, 0.02)]
    return max(choices, key=lambda choice: gain(*choice))


def coverage_figures(needs: Sequence[Scored], partly_from: float, covered_from: float) -> tuple[float, float, float]:
    """AUC for «not covered», macro-F1, and the share of uncovered needs that are found."""
    low = [-need.score for need in needs if need.right == 0]
    high = [-need.score for need in needs if need.right > 0]
    told = [(need.right, int(need.score >= partly_from) + int(need.score >= covered_from)) for need in needs]
    found = [answer == 0 for right, answer in told if right == 0]
    named = [(LABELS[right], LABELS[answer]) for right, answer in told]
    return auc(low, high), macro_f1(named), float(np.mean(found))


def _said(figures: Sequence[float] | FloatArray) -> str:
    return " ".join(f"{figure:.3f}" for figure in figures)


def _listed(weights: Weights) -> str:
    signals = ", ".join(f"{weight:+.2f}" for weight in weights.signals)
    return f"{signals}; {weights.spoken_of:+.2f}, {weights.covered:+.2f}"


if __name__ == "__main__":
    main()
