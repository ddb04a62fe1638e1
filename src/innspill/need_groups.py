"""Comments that voice needs -> groups that voice the same need in other words.

Two comments are compared by their own words, by what the words mean, by the places of the report that they concern,
and by how each of them takes the report: one that supports it and one that misses something in it seldom speak of the
same need. A place is the passages that a comment cites and those that it is likest, so that a comment without a
citation is near to those that cite what it speaks of. Average linkage joins what is like enough. In large
consultations an even sample is linked; the others join the group that they are likest, and what is like none of them
goes round again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from innspill.clustering import spread
from innspill.features import CommentFeatures
from innspill.language.classification import CITED, mask_citations
from innspill.language.vectors import CharacterNgrams, Encoder, FloatArray, unit_rows
from innspill.likeness import NearestPassages
from innspill.passage_index import PassageIndex
from innspill.records import Annotation, Comment, Passage, Span

# What two comments are compared by. Without an encoder, words stand for what they mean too.
WORDS_WEIGHT, MEANING_WEIGHT, PLACES_WEIGHT, SECTION_WEIGHT = 0.3, 0.2, 0.35, 0.15
# How much less alike two comments are when one takes the need for covered and the other for missing.
OUTLOOK_WEIGHT = 0.4
# A place is its passages, their paragraphs and their sections.
PASSAGE_SHARE, PARAGRAPH_SHARE, NEAR_SECTION_SHARE = 0.2, 0.4, 0.4
# The passages that a comment is likest weigh half of those that it cites; each rank a little less than the one before.
LIKEST_SHARE, RANKS = 0.5, 5.0
# A doubtful citation, and the better place beside it, count half.
DOUBTFUL_SHARE = 0.5
# So many comments are linked with each other at a time, and so many are compared with the groups.
MAX_LINKED, BLOCK = 2_000, 2_000
# Leftovers are linked among themselves so many times; what then is like no group is a need by itself.
MAX_ROUNDS = 4
# Vectors are centred on the mean of so many texts at most.
MAX_CENTRED = 2_000


@dataclass(frozen=True, slots=True)
class NeedSpace:
    """The comments that voice needs, as they are compared.

    Attributes:
        vectors: A sparse matrix, shape (n_voices, n_features): the product of two rows is how alike two comments are
            in words, meaning, places and section, at most 1.
        outlook: How likely it is, by each comment alone, that the report covers what it is about (0–1).
    """

    vectors: Any
    outlook: FloatArray

    def groups(self, distance: float) -> NDArray[np.int64]:
        """The group of each comment, numbered from 0.

        Args:
            distance: The largest mean distance (1 − likeness) within a group.
        """
        n_voices = self.vectors.shape[0]
        labels = np.full(n_voices, -1, dtype=np.int64)
        left = np.arange(n_voices)
        for _ in range(MAX_ROUNDS):
            if not len(left):
                break
            linked = left[spread(len(left), MAX_LINKED)]
            labels[linked] = self._linked(linked, distance) + labels.max() + 1
            left = self._joined(labels, left[labels[left] < 0], linked, distance)
        labels[left] = np.arange(len(left)) + labels.max() + 1
        return labels

    def _linked(self, rows: NDArray[np.int64], distance: float) -> NDArray[np.int64]:
        """Groups by average linkage."""
        from sklearn.cluster import AgglomerativeClustering

        if len(rows) == 1:
            return np.zeros(1, dtype=np.int64)
        vectors = self.vectors[rows]
        distances = np.clip(1.0 - self._likeness(vectors, self.outlook[rows], vectors, self.outlook[rows]), 0.0, None)
        np.fill_diagonal(distances, 0.0)
        linkage = AgglomerativeClustering(
            None, metric="precomputed", linkage="average", distance_threshold=max(distance, 0.0)
        )
        return np.asarray(linkage.fit_predict((distances + distances.T) / 2), dtype=np.int64)

    def _joined(
        self, labels: NDArray[np.int64], left: NDArray[np.int64], linked: NDArray[np.int64], distance: float
    ) -> NDArray[np.int64]:
        """Let each comment that is left join the group just linked that it is likest; returns those like none."""
        if not len(left):
            return left
        first = int(labels[linked].min())
        middles, outlooks = self._middles(linked, labels[linked] - first)
        stay = []
        for start in range(0, len(left), BLOCK):
            rows = left[start : start + BLOCK]
            likeness = self._likeness(self.vectors[rows], self.outlook[rows], middles, outlooks)
            best = likeness.argmax(axis=1)
            near = likeness[np.arange(len(rows)), best] >= 1.0 - distance
            labels[rows[near]] = best[near] + first
            stay.append(rows[~near])
        return np.concatenate(stay)

    def _middles(self, rows: NDArray[np.int64], groups: NDArray[np.int64]) -> tuple[Any, FloatArray]:
        """Mean vector and mean outlook of each group: likeness to a mean is the mean of the likenesses."""
        from scipy.sparse import csr_matrix

        shares = 1.0 / np.bincount(groups)[groups]
        mean = csr_matrix((shares, (groups, np.arange(len(rows)))), shape=(groups.max() + 1, len(rows)))
        return mean @ self.vectors[rows], np.asarray(mean @ self.outlook[rows], dtype=np.float64)

    @staticmethod
    def _likeness(first: Any, first_outlook: FloatArray, second: Any, second_outlook: FloatArray) -> FloatArray:  # noqa: ANN401 - sparse matrices
        """How alike comments are, shape (n_first, n_second)."""
        alike = np.asarray((first @ second.T).todense(), dtype=np.float64)
        return alike - OUTLOOK_WEIGHT * np.abs(first_outlook[:, None] - second_outlook[None, :])


def need_space(
    rows: Sequence[int],
    comments: Sequence[Comment],
    annotations: Sequence[Annotation],
    features: CommentFeatures,
    nearest: NearestPassages,
    outlook: FloatArray,
    *,
    encoder: Encoder | None,
) -> NeedSpace:
    """Set up the comparison of some comments.

    Args:
        rows: Which of `comments` voice a need.
        comments: All comments; the weights of words are learnt from them and from the report.
        annotations: Where they stand in the report.
        features: Their sections.
        nearest: The passages that each comment is likest.
        outlook: How likely it is, by each of `comments` alone, that the report covers what it is about (0–1).
        encoder: Sentence vectors; None to compare by words and places.
    """
    from scipy.sparse import csr_matrix, hstack, vstack

    index = list(rows)
    texts = [_own_words(comments[row].text) for row in index]
    ngrams = CharacterNgrams([*nearest.texts, *texts])
    meaning = _Meaning(encoder, [*texts, *nearest.texts]) if encoder is not None else None
    words_weight = WORDS_WEIGHT + (MEANING_WEIGHT if meaning is None else 0.0)
    places = _PlaceVectors(nearest, annotations)
    blocks = []
    for start in range(0, len(index), BLOCK):
        block, said = index[start : start + BLOCK], texts[start : start + BLOCK]
        parts = [
            np.sqrt(words_weight) * ngrams.encode(said),
            np.sqrt(PLACES_WEIGHT) * places.encode(block, comments),
            csr_matrix(np.sqrt(SECTION_WEIGHT) * unit_rows(features.sections[block])),
        ]
        if meaning is not None:
            parts.append(csr_matrix(np.sqrt(MEANING_WEIGHT) * meaning.encode(said)))
        blocks.append(hstack(parts).tocsr())
    return NeedSpace(vstack(blocks).tocsr(), np.asarray(outlook[index], dtype=np.float64))


def _own_words(text: str) -> str:
    """The text without what it cites: numbers of lines make no two needs alike."""
    return mask_citations(text).replace(CITED, " ")


class _Meaning:
    """Sentence vectors without what all texts of a consultation have in common, which tells nothing."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        sample = [texts[position] for position in spread(len(texts), MAX_CENTRED)]
        self._encoder = encoder
        self._centre: FloatArray = encoder.encode(sample).mean(axis=0, keepdims=True)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors, shape (n_texts, n_dimensions)."""
        return unit_rows(self._encoder.encode(texts) - self._centre)


class _PlaceVectors:
    """Comments as the passages, paragraphs and sections that they cite or are like."""

    def __init__(self, nearest: NearestPassages, annotations: Sequence[Annotation]) -> None:
        self._nearest = nearest
        self._index = PassageIndex(nearest.passages)
        self._cited = _cited_places(annotations)
        self._spread = _surroundings(nearest.passages)

    def encode(self, rows: Sequence[int], comments: Sequence[Comment]) -> Any:  # noqa: ANN401 - a scipy sparse matrix
        """Unit vectors, shape (n_rows, n_passages + n_paragraphs + n_sections); zeros where the report has nothing."""
        from scipy.sparse import csr_matrix
        from sklearn.preprocessing import normalize

        n_passages = len(self._nearest.passages)
        if not n_passages:
            return csr_matrix((len(rows), 1))
        cited = np.zeros((len(rows), n_passages))
        likest = np.zeros((len(rows), n_passages))
        for position, row in enumerate(rows):
            for span, share in self._cited.get(comments[row].comment_id, ()):
                passages = self._index.overlapping(span)
                cited[position, passages] += share / max(len(passages), 1)
            kept = self._nearest.positions[row]
            likest[position, kept] = np.exp(-np.arange(len(kept)) / RANKS)
        return normalize(csr_matrix(unit_rows(cited) + LIKEST_SHARE * unit_rows(likest)) @ self._spread)


def _cited_places(annotations: Sequence[Annotation]) -> dict[str, list[tuple[Span, float]]]:
    """Comment id -> the places that it cites or quotes itself, each with what it counts."""
    places: dict[str, list[tuple[Span, float]]] = {}
    for annotation in annotations:
        if annotation.method == "similarity":
            continue
        share = 1.0 if annotation.status == "ok" else DOUBTFUL_SHARE
        for span in (annotation.target, annotation.suggested):
            if span is not None:
                places.setdefault(annotation.comment_id, []).append((span, share))
    return places


def _surroundings(passages: Sequence[Passage]) -> Any:  # noqa: ANN401 - a scipy sparse matrix
    """A passage as itself, its paragraph and its section, shape (n_passages, n_features): rows of unit length."""
    from scipy.sparse import csr_matrix, hstack, identity

    n_passages = len(passages)

    def shared(ids: Sequence[str]) -> Any:  # noqa: ANN401 - a scipy sparse matrix
        number = {name: column for column, name in enumerate(dict.fromkeys(ids))}
        columns = [number[name] for name in ids]
        return csr_matrix((np.ones(n_passages), (np.arange(n_passages), columns)), shape=(n_passages, len(number)))

    return hstack(
        [
            np.sqrt(PASSAGE_SHARE) * identity(n_passages, format="csr"),
            np.sqrt(PARAGRAPH_SHARE) * shared([passage.paragraph_id for passage in passages]),
            np.sqrt(NEAR_SECTION_SHARE) * shared([passage.section_id for passage in passages]),
        ]
    ).tocsr()
