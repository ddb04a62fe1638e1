"""Comments -> needs: which needs are voiced, by whom, and whether the report covers them.

Whether those who voice a need can cite a place says more about its coverage than any likeness of words; a «not
mentioned» in the comment counts against it, support of what the report says counts for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from innspill.citations import find_citations
from innspill.config import Config
from innspill.features import CommentFeatures
from innspill.language.norwegian import Language
from innspill.language.vectors import CharacterNgrams, FloatArray, cosine
from innspill.likeness import NearestPassages
from innspill.records import Annotation, Comment, Coverage, Evidence, NearPlace, Need, Span, Stance, Theme
from innspill.stance import clearest_sentence, need_strength, sentence_votes

# Stances that voice a need; the others do where their words say so.
VOICES_NEED: frozenset[Stance] = frozenset({"need", "support", "suggestion"})
MAY_VOICE_NEED: frozenset[Stance] = frozenset({"clarification", "disagreement"})
MIN_NEED_STRENGTH = 1.3
CLEAR_STANCE = 0.4
# How like two needs are: own words, words with the place's, section, and whether they concern the same lines.
OWN_WEIGHT, JOINED_WEIGHT, SECTION_WEIGHT, PLACE_WEIGHT = 0.4, 0.2, 0.2, 0.2
# A span of more characters than this (a chapter) is no common place.
MAX_COMMON_PLACE = 1_000
# Coverage score: rounded weights of a ridge regression on the tuning messages (benchmarks/tune.py).
BASE, CITED, SUPPORTED, UNMET, LIKE = 0.40, 0.30, 0.22, -0.36, 0.20
FULL_LIKENESS = 0.25
N_NEAREST = 3
LEADING_CITATION = re.compile(r"^(?:(?:til|på|i|om|se|jf\.?|ad|re)\s+)?$", re.IGNORECASE)
MAX_STATEMENT = 300
# Statement: strength counts up to here; likeness to the other comments weighs this much; a sentence that only makes
# sense after another one is a poor statement.
MAX_STRENGTH, TYPICAL_WEIGHT, CONTRARY_WEIGHT = 5.0, 6.0, 5.0
POINTS_BACK = re.compile(
    r"(?:det|dette|disse|desse|den|slike|her|han|hun|ho|de|dei|dem|slik|ellers|elles|this|these|that|it|they)\b",
    re.IGNORECASE,
)


def find_needs(
    comments: Sequence[Comment],
    annotations: Sequence[Annotation],
    features: CommentFeatures,
    nearest: NearestPassages,
    themes: Sequence[Theme],
    *,
    language: Language,
    config: Config,
) -> tuple[Need, ...]:
    """The needs voiced, the least covered and most widely voiced first; each with verbatim evidence."""
    rows = [row for row, comment in enumerate(comments) if _voices_need(comment)]
    if not rows:
        return ()
    groups = _group(rows, comments, annotations, features, config)
    theme_of = {comment_id: theme.theme_id for theme in themes for comment_id in theme.comment_ids}
    signals = coverage_signals(comments, annotations, nearest)
    needs = [_as_need(group, comments, signals, nearest, theme_of, language, config) for group in groups]
    order: dict[Coverage, int] = {"uncovered": 0, "partly": 1, "covered": 2}
    needs.sort(key=lambda need: (order[need.coverage], -len(need.evidence), need.coverage_score, need.statement))
    return tuple(replace(need, need_id=f"N{number:03d}") for number, need in enumerate(needs, start=1))


def _voices_need(comment: Comment) -> bool:
    """Whether a comment voices a need: by its stance where that is clear or a cue is heard, else by its words alone."""
    if comment.stance in VOICES_NEED:
        clear = comment.stance_score >= CLEAR_STANCE or comment.says_missing >= CLEAR_STANCE
        return clear or bool(sentence_votes(comment.text))
    return comment.stance in MAY_VOICE_NEED and need_strength(comment.text) >= MIN_NEED_STRENGTH


# Grouping ------------------------------------------------------------------------------------------------------------


def _group(
    rows: Sequence[int],
    comments: Sequence[Comment],
    annotations: Sequence[Annotation],
    features: CommentFeatures,
    config: Config,
) -> list[list[int]]:
    """Rows of comments that voice the same need, by average linkage over their likeness."""
    from sklearn.cluster import AgglomerativeClustering

    if len(rows) == 1:
        return [list(rows)]
    likeness = _need_likeness(rows, comments, annotations, features)
    distances = 1.0 - np.clip(likeness, 0.0, 1.0)
    np.fill_diagonal(distances, 0.0)
    clustering = AgglomerativeClustering(
        None, metric="precomputed", linkage="average", distance_threshold=config.need_distance
    )
    labels = clustering.fit_predict(distances)
    return [[row for row, own in zip(rows, labels, strict=True) if own == label] for label in sorted(set(labels))]


def _need_likeness(
    rows: Sequence[int], comments: Sequence[Comment], annotations: Sequence[Annotation], features: CommentFeatures
) -> FloatArray:
    """How like the comments' needs are, shape (n_rows, n_rows), 0–1.

    Two comments that both cite a place are compared by place as well; what a comment does not cite itself is left out,
    so that «not mentioned» is not taken for the place that it happens to be likest.
    """
    own_texts = [comments[row].text for row in rows]
    joined_texts = [features.joined_texts[row] for row in rows]
    own = cosine(*2 * (CharacterNgrams(own_texts).encode(own_texts),))
    joined = cosine(*2 * (CharacterNgrams(joined_texts).encode(joined_texts),))
    spans = _cited_spans(annotations)
    cites = np.array([comments[row].comment_id in spans for row in rows])
    sections = features.sections[rows]
    lengths = np.linalg.norm(sections, axis=1, keepdims=True)
    sections = np.divide(sections, lengths, out=np.zeros_like(sections), where=lengths > 0)
    by_place = (
        OWN_WEIGHT * own
        + JOINED_WEIGHT * joined
        + SECTION_WEIGHT * (sections @ sections.T)
        + PLACE_WEIGHT * _common_places([comments[row].comment_id for row in rows], spans)
    )
    return np.asarray(np.where(cites[:, None] & cites[None, :], by_place, own), dtype=np.float64)


def _cited_spans(annotations: Sequence[Annotation]) -> dict[str, list[Span]]:
    """The places that each comment cites or quotes itself."""
    spans: dict[str, list[Span]] = {}
    for annotation in annotations:
        if annotation.target is not None and annotation.method != "similarity":
            spans.setdefault(annotation.comment_id, []).append(annotation.target)
    return spans


def _common_places(comment_ids: Sequence[str], spans: dict[str, list[Span]]) -> FloatArray:
    """1 where two comments cite overlapping places, neither of them a whole chapter, else 0."""
    common = np.zeros((len(comment_ids), len(comment_ids)))
    narrow = {key: [span for span in value if len(span) <= MAX_COMMON_PLACE] for key, value in spans.items()}
    for i, first in enumerate(comment_ids):
        for j, second in enumerate(comment_ids[:i]):
            overlap = any(one.overlaps(other) for one in narrow.get(first, ()) for other in narrow.get(second, ()))
            common[i, j] = common[j, i] = float(overlap)
    return common


# Coverage ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CoverageSignals:
    """What tells whether a need is covered, for each comment, shape (n_comments,)."""

    cited: FloatArray
    supported: FloatArray
    unmet: FloatArray
    likest: FloatArray

    def coverage_score(self, rows: Sequence[int]) -> float:
        """Estimated probability (0–1) that the report covers the need that these comments voice."""
        likeness = min(1.0, float(self.likest[rows].mean()) / FULL_LIKENESS)
        score = (
            BASE
            + CITED * float(self.cited[rows].mean())
            + SUPPORTED * float(self.supported[rows].mean())
            + UNMET * float(self.unmet[rows].mean())
            + LIKE * likeness
        )
        return float(np.clip(score, 0.0, 1.0))


def coverage_signals(
    comments: Sequence[Comment], annotations: Sequence[Annotation], nearest: NearestPassages
) -> CoverageSignals:
    """Gather the signals: 1 for a place that the comment cites, 0.5 for one found by likeness."""
    by_citation = _cited_spans(annotations)
    by_likeness = {annotation.comment_id for annotation in annotations if annotation.method == "similarity"}
    cited = [
        1.0 if comment.comment_id in by_citation else 0.5 if comment.comment_id in by_likeness else 0.0
        for comment in comments
    ]
    return CoverageSignals(
        cited=np.array(cited),
        supported=np.array([float(comment.stance == "support") for comment in comments]),
        unmet=np.array([comment.says_missing for comment in comments]),
        likest=nearest.likest,
    )


def _coverage(score: float, config: Config) -> Coverage:
    if score >= config.covered_from:
        return "covered"
    return "partly" if score >= config.partly_from else "uncovered"


def _as_need(
    rows: Sequence[int],
    comments: Sequence[Comment],
    signals: CoverageSignals,
    nearest: NearestPassages,
    theme_of: dict[str, str],
    language: Language,
    config: Config,
) -> Need:
    """One need: its statement is the clearest sentence among its comments, its evidence one sentence of each."""
    score = round(signals.coverage_score(rows), 4)
    quotes = _quotes(rows, comments, language, coverage_score=score)
    theme_ids = [theme_of.get(comments[row].comment_id, "") for row in rows]
    return Need(
        need_id="",
        statement=_statement(quotes[0][2]),
        coverage=_coverage(score, config),
        coverage_score=score,
        theme_id=max(sorted(set(theme_ids)), key=theme_ids.count),
        summary="",
        evidence=tuple(Evidence(comments[row].comment_id, quote) for _, row, quote in quotes),
        nearest=_nearest(rows, nearest),
    )


def _quotes(
    rows: Sequence[int], comments: Sequence[Comment], language: Language, *, coverage_score: float
) -> list[tuple[float, int, str]]:
    """(clarity, row, verbatim sentence) of each comment, the clearest voice first.

    Where the need is covered, a voice that says that something is missing is not the clearest one, and the other way
    round.
    """
    texts = [comments[row].text for row in rows]
    ngrams = CharacterNgrams(texts)
    spans = [clearest_sentence(text, language=language) for text in texts]
    sentences = [span.of(text) for span, text in zip(spans, texts, strict=True)]
    typical = cosine(ngrams.encode(sentences), ngrams.encode(texts)).mean(axis=1)
    quotes = [
        (
            _clarity(sentence)
            + TYPICAL_WEIGHT * float(share)
            - CONTRARY_WEIGHT * abs(comments[row].says_missing - (1 - coverage_score)),
            row,
            sentence,
        )
        for row, sentence, share in zip(rows, sentences, typical, strict=True)
    ]
    return sorted(quotes, key=lambda quote: (-quote[0], quote[1]))


def _clarity(sentence: str) -> float:
    """How well a sentence stands as the statement of a need: strong cues, no pointing at lines or at what was said."""
    score = min(need_strength(sentence), MAX_STRENGTH)
    if any(citation.kind != "quotation" for citation in find_citations(" ".join(_statement(sentence).split()))):
        score -= 2.0
    if POINTS_BACK.match(_statement(sentence)):
        score -= 2.0
    return score - (2.0 if len(sentence.split()) < 6 else 0.0)


def _statement(sentence: str) -> str:
    """The sentence without the citation that it opens with («Linje 45: …»), on one line."""
    text = " ".join(sentence.split())
    for citation in find_citations(text):
        before = text[: citation.span.start]
        rest = text[citation.span.end :]
        marked = re.match(r"\s*(?:\([^)]*\))?\s*[:–—-]\s+", rest)
        if LEADING_CITATION.match(before) and marked:
            text = rest[marked.end() :]
            break
    text = text[:1].upper() + text[1:]
    if len(text) <= MAX_STATEMENT:
        return text
    return text[:MAX_STATEMENT].rsplit(" ", 1)[0] + " …"


def _nearest(rows: Sequence[int], nearest: NearestPassages) -> tuple[NearPlace, ...]:
    """The passages that the need's comments are likest, best first."""
    return tuple(
        NearPlace(nearest.passages[position].span, round(likeness, 4))
        for position, likeness in nearest.together(rows)[:N_NEAREST]
    )
