"""What a comment does: voices a need, asks for clarity, supports, disagrees, suggests, asks, corrects, praises.

A lexicon of cues (data/cues.tsv, both written forms) votes sentence by sentence. Negation, and the report's own words
quoted back («rapporten sier at det er behov for …»), are not counted for the sender. A linear model weighs these votes
together with the comment's words, its vectors and its signs (signs.py): how it opens, asks, quotes, turns, corrects.
How well it does on writers it was not made for is told in models/stance/README.md.
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
from innspill.errors import ModelError
from innspill.language.classification import CITED, LinearTextClassifier, Views, load_classifier
from innspill.language.norwegian import Language
from innspill.language.vectors import Encoder, FloatArray, load_encoder
from innspill.records import STANCES, Comment, Stance
from innspill.signs import QUOTED, read_comment, sign_features

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
_NOT = r"\b(?:ikke|ikkje|ingen|inga|aldri|neppe|verken|not|no)\b"
NEGATING_WORD = re.compile(_NOT, re.IGNORECASE)
NEGATION = re.compile(rf"{_NOT}[^.,;]{{0,25}}$", re.IGNORECASE)
# «støtter …, men»: what follows the turn weighs more than what stands before it.
TURN = re.compile(r"\b(?:men|imidlertid|likevel|derimot|however|but|samtidig|samstundes)\b", re.IGNORECASE)
AFTER_TURN = 1.25
BEFORE_TURN = 0.8
# The vectors that the model reads with; what vectors, signs and cue votes weigh beside TF-IDF weights.
VECTORS = "vectors"
VECTOR_SCALE, SIGN_SCALE, CUE_SCALE = 0.7, 0.3, 1.0
MASKS = re.compile(rf"\b(?:{CITED}|{QUOTED})\b", re.IGNORECASE)
# Comments that are judged at a time.
AT_A_TIME = 2_000


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
    """Tells what comments do, by their words, their signs and the cues that they hold (see models/stance)."""

    def __init__(self, classifier: LinearTextClassifier, encoder: Encoder) -> None:
        self._classifier, self._encoder = classifier, encoder

    def judge(self, texts: Sequence[str], *, language: Language) -> list[Judgement]:
        """The most likely stance of each text, and whether it says that the report lacks something."""
        return [
            judgement
            for start in range(0, len(texts), AT_A_TIME)
            for judgement in self._judge(texts[start : start + AT_A_TIME], language)
        ]

    def _judge(self, texts: Sequence[str], language: Language) -> list[Judgement]:
        views, features = stance_inputs(texts, language=language, encoder=self._encoder)
        shares = self._classifier.probabilities(views, features)
        names = self._classifier.classes("stance")
        yes = self._classifier.classes("missing").index("yes")
        return [
            Judgement(_as_stance(names[int(row.argmax())]), float(row.max()), float(lacks[yes]))
            for row, lacks in zip(shares["stance"], shares["missing"], strict=True)
        ]


def load_stance_model(folder: Path | None = None, *, encoder: Encoder | None = None) -> StanceModel:
    """The model that comes with the package, or the one in `folder`.

    Args:
        folder: Where its files are.
        encoder: The vectors that it was trained with, where they are loaded already.

    Raises:
        ModelError: it, or the vectors, are missing or damaged.
    """
    classifier = load_classifier(folder or bundled("models/stance"))
    fitting = encoder if encoder is not None and encoder.name == VECTORS else load_encoder(VECTORS)
    if fitting is None:
        raise ModelError(f"The stance model reads with the vectors {VECTORS!r}, and they could not be loaded.")
    return StanceModel(classifier, fitting)


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


def stance_inputs(texts: Sequence[str], *, language: Language, encoder: Encoder) -> tuple[Views, FloatArray]:
    """What the classifier is given of each text: the words of all of it and of its opening, and further features.

    The features are vectors of both, signs (`innspill.signs`) and what the cue lexicon hears: shape (n_texts,
    n_features).
    """
    comments = [read_comment(text, language=language) for text in texts]
    views = {
        "whole": [comment.whole for comment in comments],
        "opening": [comment.opening for comment in comments],
    }
    vectors = np.hstack([encoder.encode([_without_masks(text) for text in view]) for view in views.values()])
    signs = np.array(sign_features(comments), dtype=np.float64).reshape(len(texts), -1)
    features = [VECTOR_SCALE * vectors, SIGN_SCALE * signs, cue_features(texts, language=language)]
    return views, np.hstack(features)


def cue_features(texts: Sequence[str], *, language: Language) -> FloatArray:
    """What the lexicon hears in each text, shape (n_texts, n_features): a vote for each stance, and what is lacking."""
    rows = []
    for text in texts:
        scores = stance_scores(text, language=language)
        rows.append([*(scores.get(stance, 0.0) for stance in PRIORS), float(says_unmet(text))])
    return CUE_SCALE * np.array(rows, dtype=np.float64).reshape(len(texts), len(PRIORS) + 1)


def _without_masks(text: str) -> str:
    """The text without the words that stand for citations and quotations, which no vector knows."""
    return MASKS.sub(" ", text)


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
    for cue in _cues_in(sentence):
        heard.setdefault(cue.stance, []).append(cue.weight)
    return {
        stance: sum(weight * 0.5**rank for rank, weight in enumerate(sorted(weights, reverse=True)))
        for stance, weights in heard.items()
    }


def heard_cues(text: str, *, language: Language) -> list[Cue]:
    """The cues that any sentence of a text holds, quoted, reported and negated words left out."""
    plain = " ".join(_without_quotations(text).split())
    heard = {
        cue.cue_id: cue for span in language.sentences(plain) for cue in _cues_in(REPORTED.sub(" ", span.of(plain)))
    }
    return list(heard.values())


@lru_cache(maxsize=2_000)
def _cues_in(sentence: str) -> tuple[Cue, ...]:
    """The cues that a sentence holds, those that are negated left out; asked of the same sentence again and again."""
    heard = [(cue, cue.pattern.search(sentence)) for cue in load_cues()]
    return tuple(cue for cue, match in heard if match and not (_can_be_negated(cue) and _is_negated(match, cue)))


def need_strength(sentence: str) -> float:
    """How clearly a sentence voices a need (sum of need cues that are not negated; lacking counts double)."""
    return sum(cue.weight * (2.0 if cue.unmet else 1.0) for cue in _cues_in(sentence) if cue.stance == "need")


def says_unmet(text: str) -> bool:
    """Whether the text says that something is lacking («savner», «mangler», «ikke omtalt»)."""
    return any(cue.unmet and cue.weight >= 2 and cue.pattern.search(text) for cue in load_cues())


def _is_negated(match: re.Match[str], cue: Cue) -> bool:
    """Whether a negation stands before a cue, or, in a need («det er ikke behov for»), inside it."""
    inside = cue.stance == "need" and NEGATING_WORD.search(match[0])
    return bool(inside or NEGATION.search(match.string[: match.start()]))


def _can_be_negated(cue: Cue) -> bool:
    return cue.stance in ("need", "support", "praise", "clarification") and not cue.unmet


def _without_quotations(text: str) -> str:
    return QUOTATION.sub(" ", text)


def _last_turn(text: str) -> int:
    """Offset of the last «men», «imidlertid» …; -1 where there is none."""
    return max((match.start() for match in TURN.finditer(text)), default=-1)
