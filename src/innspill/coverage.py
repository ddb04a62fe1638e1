"""Does the report cover a need? What its comments do tells more than how like their words are to the report's.

People who cite a place or support it speak of what is there; most of all where the report's own paragraph says that
something is needed, for one that only tells how things are mentions the need without covering it. People who say that
something is missing speak of what is not there, be it with a citation of the place where they miss it.
The score is an ordinal model's: how likely it is that the report speaks of the need at all, and that it covers it. Its
few weights are round numbers near those that benchmarks/tune.py learns from several consultations, where each of them
was left out in turn; how many comments of each kind a consultation has does not enter.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from innspill.config import Config
from innspill.language.vectors import FloatArray
from innspill.likeness import NearestPassages
from innspill.passage_index import PassageIndex
from innspill.records import Annotation, Comment, Coverage, Span, Stance

# Signal -> what it weighs (log odds) when all comments of a need give it. «needed» has about half of what is learnt:
# how a report words its needs is its own.
WEIGHTS: dict[str, float] = {
    "cited": 1.3,
    "needed": 0.8,
    "missing": -2.0,
    "supported": 2.0,
    "like": 0.6,
}
# Log odds, without any signal, that the report speaks of a need, and that it covers it.
SPOKEN_OF, COVERED = -0.3, -1.6
SUPPORTING: frozenset[Stance] = frozenset({"support", "praise"})
# A sentence of the report that says that something is needed; it speaks for its whole paragraph.
NEEDED = re.compile(
    r"\b(?:treng(?:er|s|st)?|behov(?:et|a|ene)?|bør|må|etterspør\w*|etterlys\w*|savn\w*|sakn\w*|ønsk(?:er|jer|es|jast)"
    r"|krev(?:er|es|st)?|ber om|vil ha|needs?|needed|should|must|ought to|calls? for)\b",
    re.IGNORECASE,
)
# How much a citation counts by what it points at. A section of more characters than this is named as the place where
# something is missing as often as for what it says.
CITES_PLACE, CITES_IN_DOUBT, CITES_SECTION = 1.0, 0.5, 0.1
MAX_PLACE = 300
# The likeness to the nearest passage from which a comment is as good as the report's own words.
FULL_LIKENESS = 0.25
# Reasons: a signal counts as given from this share, and is told from this many log odds beside the usual share.
GIVEN_FROM, TOLD_FROM, MAX_REASONS = 0.5, 0.25, 3
USUAL: dict[str, float] = {"cited": 0.5, "needed": 0.15, "missing": 0.3, "supported": 0.2, "like": 0.5}
# Signal -> the reason's code where there is much of it, and where there is little; none where little tells nothing.
REASONS: dict[str, tuple[str, str]] = {
    "cited": ("cited", "uncited"),
    "needed": ("needed", ""),
    "missing": ("said_missing", ""),
    "supported": ("supported", ""),
    "like": ("like", "unlike"),
}
# Needs whose score is so near a threshold are for a person to judge.
BORDERLINE = 0.06


class Verdict(NamedTuple):
    """Whether the report covers a need.

    `score` (0–1) is how much of it the report is likely to cover, where speaking of it without covering it is a half.
    `reasons` are codes, the weightiest first; `borderline` tells that the score is near a threshold.
    """

    coverage: Coverage
    score: float
    reasons: tuple[str, ...]
    borderline: bool


@dataclass(frozen=True, slots=True)
class CoverageSignals:
    """What tells whether the report covers what each comment is about.

    Attributes:
        values: From 0 to 1, a column for each of `WEIGHTS`, shape (n_comments, n_signals).
    """

    values: FloatArray

    def outlook(self) -> FloatArray:
        """How each comment takes the report: what the score would be by what its sender does, shape (n_comments,)."""
        done = self.values.copy()
        done[:, list(WEIGHTS).index("needed")] = 0.0
        return _score(done)

    def judge(self, rows: Sequence[int], config: Config) -> Verdict:
        """Whether the report covers the need that the comments in `rows` voice."""
        shares = self.values[list(rows)].mean(axis=0)
        score = round(float(_score(shares)), 4)
        coverage = _coverage(score, config)
        nearest_threshold = min(abs(score - config.partly_from), abs(score - config.covered_from))
        return Verdict(coverage, score, _reasons(shares, coverage), nearest_threshold <= BORDERLINE)


def coverage_signals(
    comments: Sequence[Comment], annotations: Sequence[Annotation], nearest: NearestPassages
) -> CoverageSignals:
    """Gather the signals of every comment."""
    cited: dict[str, float] = {}
    needed: dict[str, float] = {}
    report = _NeedsOfReport(nearest)
    for annotation in annotations:
        weight = _citing(annotation)
        cited[annotation.comment_id] = max(weight, cited.get(annotation.comment_id, 0.0))
        if weight >= CITES_IN_DOUBT and report.voiced_in(annotation.target):
            needed[annotation.comment_id] = 1.0
    columns = {
        "cited": [cited.get(comment.comment_id, 0.0) for comment in comments],
        "needed": [needed.get(comment.comment_id, 0.0) for comment in comments],
        "missing": [comment.says_missing for comment in comments],
        "supported": [float(comment.stance in SUPPORTING) for comment in comments],
        "like": np.minimum(1.0, nearest.likest / FULL_LIKENESS),
    }
    return CoverageSignals(np.array([columns[name] for name in WEIGHTS], dtype=np.float64).T)


class _NeedsOfReport:
    """Where the report itself says that something is needed."""

    def __init__(self, nearest: NearestPassages) -> None:
        self._index = PassageIndex(nearest.passages)
        pairs = list(zip(nearest.passages, nearest.texts, strict=True))
        paragraphs = {passage.paragraph_id for passage, text in pairs if NEEDED.search(text)}
        self._needed = np.array([passage.paragraph_id in paragraphs for passage, _ in pairs], dtype=bool)

    def voiced_in(self, place: Span | None) -> bool:
        """Whether a paragraph that `place` touches says so."""
        return place is not None and bool(self._needed[self._index.overlapping(place)].any())


def _citing(annotation: Annotation) -> float:
    """How much an annotation tells that the comment cites what it is about (0–1)."""
    if annotation.method == "similarity":
        return 0.0
    if annotation.target is None:
        return CITES_IN_DOUBT if annotation.suggested is not None else 0.0
    if annotation.method == "section" and len(annotation.target) > MAX_PLACE:
        return CITES_SECTION
    return CITES_PLACE if annotation.status == "ok" else CITES_IN_DOUBT


def _score(values: FloatArray) -> FloatArray:
    """The mean of two probabilities: that the report speaks of it, and that it covers it; signals are the last axis."""
    pull = values @ np.array(list(WEIGHTS.values()))
    both = 1 / (1 + np.exp(-(pull + SPOKEN_OF))) + 1 / (1 + np.exp(-(pull + COVERED)))
    return np.asarray(both / 2, dtype=np.float64)


def _coverage(score: float, config: Config) -> Coverage:
    if score >= config.covered_from:
        return "covered"
    return "partly" if score >= config.partly_from else "uncovered"


def _reasons(shares: FloatArray, coverage: Coverage) -> tuple[str, ...]:
    """What pulls the score most towards the verdict, beside the needs of other consultations."""
    pulls: list[tuple[float, str]] = []
    for share, (name, weight) in zip(shares, WEIGHTS.items(), strict=True):
        code = REASONS[name][0 if share >= GIVEN_FROM else 1]
        pull = weight * (float(share) - USUAL[name])
        if code and abs(pull) >= TOLD_FROM and _agrees(pull, coverage):
            pulls.append((abs(pull), code))
    return tuple(code for _, code in sorted(pulls, key=lambda pull: -pull[0])[:MAX_REASONS])


def _agrees(pull: float, coverage: Coverage) -> bool:
    return coverage == "partly" or (pull > 0) == (coverage == "covered")
