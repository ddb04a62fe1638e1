"""What a comment does: voices a need, asks for clarity, supports, disagrees, suggests, asks, corrects, praises.

A lexicon of cues (data/cues.tsv, both written forms) votes sentence by sentence. Negation, and the report's own words
quoted back («rapporten sier at det er behov for …»), are not counted for the sender. A linear model weighs these votes
together with the comment's words: the lexicon alone reaches an F1 for «need» of 0.3–0.4 on writers it was not made for,
the model 0.68–0.80 (models/stance/README.md).
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from innspill.bundled import bundled
from innspill.citations import QUOTATION
from innspill.language.classification import LinearTextClassifier, load_classifier
from innspill.language.norwegian import Language
from innspill.language.vectors import FloatArray
from innspill.records import STANCES, Comment, Span, Stance

CATEGORIES: dict[str, Stance] = {
    "need": "need",
    "unmet-need": "need",
    "request-for-clarification": "clarification",
    "support": "support",
    "disagreement": "disagreement",
    "suggestion": "suggestion",
    "question": "question",
    "factual-correction": "correction",
    "praise": "praise",
}
# What a cue of each stance weighs against the others when several are heard; set on the tuning messages.
PRIORS: dict[Stance, float] = {
    "need": 1.0,
    "clarification": 1.15,
    "support": 0.9,
    "disagreement": 1.0,
    "suggestion": 0.6,
    "question": 0.35,
    "correction": 1.1,
    "praise": 1.0,
}
# What the report says is not what the sender says.
REPORTED = re.compile(
    r"\b(?:rapporten|utkastet|dere|de|avsnittet|kapittelet|kapitlet|informantene|det) "
    r"(?:skriver|skriv|sier|seier|peker på|peikar på|viser|nevner|nemner|omtaler|omtalar|slår fast|står|hevder|hevdar) "
    r"(?:at|om)\b[^,.;]{0,120}",
    re.IGNORECASE,
)
NEGATION = re.compile(r"\b(?:ikke|ikkje|ingen|inga|aldri|neppe|verken|not|no)\b[^.,;]{0,25}$", re.IGNORECASE)
# «støtter …, men»: what follows the turn weighs more than what stands before it.
TURN = re.compile(r"\b(?:men|imidlertid|likevel|derimot|however|but|samtidig|samstundes)\b", re.IGNORECASE)
AFTER_TURN = 1.25
BEFORE_TURN = 0.8
# Plain sentences («Kommunene trenger veiledning.») are the lexicon's strength: its say beside the model's.
LEXICON_SHARE = 0.3
# Cue votes beside TF-IDF weights, and the length that counts as one.
CUE_SCALE, LONG_COMMENT = 0.5, 50
# Where no cue decides, a whole sentence says more than «Ja.»: bonus a word, up to fifteen.
LENGTH_BONUS = 0.02


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a comment does, how likely that is (0–1), and how likely it says that the report lacks something (0–1)."""

    stance: Stance
    probability: float
    says_missing: float


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern that speaks for a stance, with its weight (1–3); `unmet` where it says that something is lacking."""

    cue_id: str
    stance: Stance
    pattern: re.Pattern[str]
    weight: float
    unmet: bool


@lru_cache(maxsize=1)
def load_cues() -> tuple[Cue, ...]:
    """The lexicon, in the order of its file."""
    lines = files("innspill").joinpath("data/cues.tsv").read_text(encoding="utf-8").splitlines()
    cues = []
    for row in csv.DictReader(lines, delimiter="\t"):
        stance = CATEGORIES.get(row["category"])
        if stance:
            cues.append(
                Cue(
                    row["id"],
                    stance,
                    re.compile(row["regex"], re.IGNORECASE),
                    float(row["weight"]),
                    row["category"] == "unmet-need",
                )
            )
    return tuple(cues)


class StanceModel:
    """Tells what comments do, by the cues that they hold and by their words (see models/stance)."""

    def __init__(self, classifier: LinearTextClassifier) -> None:
        self._classifier = classifier

    def judge(self, texts: Sequence[str], *, language: Language) -> list[Judgement]:
        """The most likely stance of each text, and whether it says that the report lacks something."""
        if not texts:
            return []
        features = cue_features(texts, language=language)
        names = self._classifier.classes("stance")
        stances = self._classifier.probabilities("stance", texts, features)
        stances = (stances + LEXICON_SHARE * _vote_shares(features, names)) / (1 + LEXICON_SHARE)
        missing = self._classifier.probabilities("missing", texts, features)
        yes = self._classifier.classes("missing").index("yes")
        return [
            Judgement(_as_stance(names[int(row.argmax())]), float(row.max()), float(lacks[yes]))
            for row, lacks in zip(stances, missing, strict=True)
        ]


def load_stance_model(folder: Path | None = None) -> StanceModel:
    """The model that comes with the package, or the one in `folder`.

    Raises:
        ModelError: it is missing or damaged.
    """
    return StanceModel(load_classifier(folder or bundled("models/stance")))


def classify_stances(comments: Sequence[Comment], *, language: Language, model: StanceModel) -> tuple[Comment, ...]:
    """The comments with stance, its probability, and how likely it is that they say that the report lacks something.

    New records; the given ones are left as they are. Changing or striking out a sentence of the report is a
    suggestion, whatever its words.
    """
    judgements = model.judge([comment.text for comment in comments], language=language)
    return tuple(
        replace(comment, stance="suggestion", stance_score=1.0)
        if comment.form in ("change", "deletion")
        else replace(
            comment,
            stance=judgement.stance,
            stance_score=round(judgement.probability, 4),
            says_missing=round(judgement.says_missing, 4),
        )
        for comment, judgement in zip(comments, judgements, strict=True)
    )


def cue_features(texts: Sequence[str], *, language: Language) -> FloatArray:
    """What the lexicon hears in each text, shape (n_texts, n_features): a vote for each stance, and a few signs."""
    rows = []
    for text in texts:
        scores = stance_scores(text, language=language)
        signs = (
            float("?" in text),
            float(text.rstrip().endswith("?")),
            float(says_unmet(text)),
            len(text.split()) / LONG_COMMENT,
        )
        rows.append([*(scores.get(stance, 0.0) for stance in PRIORS), *signs])
    return CUE_SCALE * np.array(rows, dtype=np.float64)


def _vote_shares(features: FloatArray, names: Sequence[str]) -> FloatArray:
    """Each stance's share of the lexicon's votes, shape (n_texts, n_names); zeros where no cue is heard."""
    votes = np.zeros((len(features), len(names)))
    for column, stance in enumerate(PRIORS):
        votes[:, names.index(stance)] = features[:, column]
    totals = votes.sum(axis=1, keepdims=True)
    shares = np.divide(votes, totals, out=np.zeros_like(votes), where=totals > 0)
    return np.asarray(shares, dtype=np.float64)


def _as_stance(name: str) -> Stance:
    return next(stance for stance in STANCES if stance == name)


def stance_scores(text: str, *, language: Language) -> dict[Stance, float]:
    """Weighted votes for each stance that any cue of the text speaks for."""
    plain = " ".join(_without_quotations(text).split())
    turn = _last_turn(plain)
    scores: dict[Stance, float] = {}
    for span in language.sentences(plain):
        sentence = REPORTED.sub(" ", span.of(plain))
        side = 1.0 if turn < 0 else AFTER_TURN if span.start >= turn or TURN.search(sentence) else BEFORE_TURN
        for stance, vote in sentence_votes(sentence).items():
            scores[stance] = scores.get(stance, 0.0) + side * vote
    return {stance: round(PRIORS[stance] * score, 4) for stance, score in scores.items()}


def sentence_votes(sentence: str) -> dict[Stance, float]:
    """Votes of one sentence: the strongest cue of each stance in full, each further one by half of the one before."""
    heard: dict[Stance, list[float]] = {}
    for cue in load_cues():
        match = cue.pattern.search(sentence)
        if match and not (_can_be_negated(cue) and NEGATION.search(sentence[: match.start()])):
            heard.setdefault(cue.stance, []).append(cue.weight)
    return {
        stance: sum(weight * 0.5**rank for rank, weight in enumerate(sorted(weights, reverse=True)))
        for stance, weights in heard.items()
    }


def need_strength(sentence: str) -> float:
    """How clearly a sentence voices a need (sum of need cues; lacking counts double)."""
    return sum(
        cue.weight * (2.0 if cue.unmet else 1.0)
        for cue in load_cues()
        if cue.stance == "need" and cue.pattern.search(sentence)
    )


def says_unmet(text: str) -> bool:
    """Whether the text says that something is lacking («savner», «mangler», «ikke omtalt»)."""
    return any(cue.unmet and cue.weight >= 2 and cue.pattern.search(text) for cue in load_cues())


def _can_be_negated(cue: Cue) -> bool:
    return cue.stance in ("need", "support", "praise", "clarification") and not cue.unmet


def _without_quotations(text: str) -> str:
    return QUOTATION.sub(" ", text)


def _last_turn(text: str) -> int:
    """Offset of the last «men», «imidlertid» …; -1 where there is none."""
    return max((match.start() for match in TURN.finditer(text)), default=-1)


def clearest_sentence(text: str, *, language: Language) -> Span:
    """The sentence of a comment that voices the need best: strong cues, neither a fragment nor a whole page."""
    sentences = language.sentences(text)
    if not sentences:
        return Span(0, len(text))

    def clarity(span: Span) -> tuple[float, int]:
        sentence = span.of(text)
        n_words = len(sentence.split())
        fitting = 1.0 if 6 <= n_words <= 40 else 0.5 if n_words > 40 else 0.25
        votes = need_strength(sentence) * fitting + sum(sentence_votes(sentence).values()) * 0.1
        return votes + LENGTH_BONUS * min(n_words, 15), -span.start

    return max(sentences, key=clarity)
