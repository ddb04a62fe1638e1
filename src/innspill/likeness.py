"""Comments x passages of the report -> how like each is to each, in blocks, so that memory stays bounded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from innspill.derived import join_lines
from innspill.language.vectors import CharacterNgrams, Encoder, FloatArray, SharedNumbers, cosine
from innspill.records import Comment, Passage, Report
from innspill.wording import codes_of, heading_paths, joined_by

# How much a sentence's own words, its paragraph, the headings above it and its whole section weigh in likeness, by
# character n-grams.
LIKENESS = {"sentence": 0.4, "paragraph": 0.2, "heading": 0.2, "section": 0.2}
# What they weigh in telling which passage a comment is likest: by n-grams, by the encoder's vectors (for which one
# sentence is too little), and the numbers that comment and paragraph share. Rounded weights of a softmax regression
# over comments whose place is known (benchmarks/placing.py).
RANKING = {"sentence": 0.45, "heading": 0.1, "section": 0.45, "numbers": 0.07} | {
    "encoded paragraph": 0.1,
    "encoded heading": 0.08,
    "encoded section": 0.13,
}
# Comments that are compared at a time, and passages that are remembered of each.
BLOCK = 1_000
N_KEPT = 16


@dataclass(frozen=True, slots=True)
class PassageSpace:
    """How like each comment of a block is to each passage of the report.

    Attributes:
        passages: What comments are compared with.
        texts: Their words, lines joined.
        likeness: By character n-grams, 0–1, shape (n_comments, n_passages): whether a comment is like it at all.
        ranking: With the encoder's vectors, where there is an encoder, same shape: which passage it is likest.
    """

    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    likeness: FloatArray
    ranking: FloatArray

    def kept(self) -> "Kept":
        """The likest passages of each comment."""
        positions = np.argsort(-self.ranking, axis=1, kind="stable")[:, :N_KEPT]
        likest = self.likeness.max(axis=1) if self.likeness.size else np.zeros(len(self.likeness))
        return Kept(positions, np.take_along_axis(self.likeness, positions, axis=1), likest)


@dataclass(frozen=True, slots=True)
class NearestPassages:
    """The passages that each comment is likest: what is kept of its likeness to all of them.

    Attributes:
        passages: What comments are compared with.
        texts: Their words, lines joined.
        positions: Places in `passages`, the likest first by ranking, shape (n_comments, n_kept).
        likeness: By character n-grams, 0–1, same shape.
        likest: The largest likeness to any passage, shape (n_comments,).
    """

    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    positions: NDArray[np.int64]
    likeness: FloatArray
    likest: FloatArray

    def together(self, rows: Sequence[int]) -> list[tuple[int, float]]:
        """The passages that some comments are likest together: position and mean likeness, the best first."""
        total: dict[int, float] = {}
        for row in rows:
            for position, likeness in zip(self.positions[row], self.likeness[row], strict=True):
                total[int(position)] = total.get(int(position), 0.0) + float(likeness) / len(rows)
        return sorted(total.items(), key=lambda item: (-item[1], item[0]))


class Kept(NamedTuple):
    """What is kept of a block's likeness; see `NearestPassages`."""

    positions: NDArray[np.int64]
    likeness: FloatArray
    likest: FloatArray


class ReportViews:
    """A report as comments are compared with it: each passage by itself and within what stands around it."""

    def __init__(self, report: Report, comments: Sequence[Comment], *, encoder: Encoder | None) -> None:
        """Take apart `report`. The n-grams' weights are learnt from its passages and from `comments`."""
        passages = tuple(passage for passage in report.passages if passage.kind != "heading" and passage.section_id)
        self.passages = passages or report.passages
        self.texts = tuple(join_lines(report.text, passage.span).text for passage in self.passages)
        paths = heading_paths(report)
        around = _around([passage.paragraph_id for passage in self.passages], self.texts)
        headings = [paths.get(passage.section_id, "") for passage in self.passages]
        whole = _around([passage.section_id for passage in self.passages], self.texts)
        self._ngrams = CharacterNgrams([*self.texts, *(comment.text for comment in comments)])
        self._views: dict[str, _View] = {}
        if self.passages:
            self._views = {
                "sentence": _View(self.texts, self._ngrams),
                "paragraph": _View(around, self._ngrams),
                "heading": _View(headings, self._ngrams),
                "section": _View(whole, self._ngrams),
                "numbers": _View(around, SharedNumbers(around)),
            }
        if self.passages and encoder is not None:
            self._views |= {
                "encoded paragraph": _View(around, encoder),
                "encoded heading": _View(headings, encoder),
                "encoded section": _View(whole, encoder),
            }

    def blocks(self, comments: Sequence[Comment]) -> Iterator[tuple[Sequence[Comment], PassageSpace]]:
        """The comments some at a time, in order, with their likeness to all passages."""
        for start in range(0, len(comments), BLOCK):
            block = comments[start : start + BLOCK]
            yield block, self.measure(block)

    def measure(self, comments: Sequence[Comment]) -> PassageSpace:
        """How like each comment is to each sentence, list point, caption and table row of the report.

        A sentence stands in its paragraph and under its heading: their words count for it too.
        """
        if not comments or not self.passages:
            nothing = np.zeros((len(comments), len(self.passages)))
            return PassageSpace(self.passages, self.texts, nothing, nothing)
        views = self.by_view([comment.text for comment in comments])
        likeness = sum(weight * views[name] for name, weight in LIKENESS.items())
        ranking = sum(weight * views[name] for name, weight in RANKING.items() if name in views)
        return PassageSpace(self.passages, self.texts, np.asarray(likeness), np.asarray(ranking))

    def by_view(self, said: Sequence[str]) -> dict[str, FloatArray]:
        """How like texts are to the passages in each view by itself: 0–1, shape (n_texts, n_passages)."""
        encoded: dict[int, Any] = {}
        likeness = {}
        for name, view in self._views.items():
            if id(view.model) not in encoded:
                encoded[id(view.model)] = view.model.encode(said)
            likeness[name] = view.likeness(encoded[id(view.model)])
        return likeness


class _View:
    """One way to look at the passages; like views of several passages are encoded once."""

    def __init__(self, texts: Sequence[str], model: CharacterNgrams | SharedNumbers | Encoder) -> None:
        distinct = list(dict.fromkeys(texts))
        row_of = {text: row for row, text in enumerate(distinct)}
        self.model = model
        self._vectors = model.encode(distinct)
        self._rows = [row_of[text] for text in texts]

    def likeness(self, vectors: Any) -> FloatArray:  # noqa: ANN401 - dense or sparse
        """Cosines of comments and passages, 0–1, shape (n_comments, n_passages)."""
        return np.asarray(np.clip(cosine(vectors, self._vectors), 0.0, 1.0)[:, self._rows], dtype=np.float64)


def nearest_of(views: ReportViews, kept: Sequence[Kept]) -> NearestPassages:
    """What was kept of each block, as one."""
    return NearestPassages(
        views.passages,
        views.texts,
        np.vstack([block.positions for block in kept] or [np.zeros((0, 0), dtype=np.int64)]),
        np.vstack([block.likeness for block in kept] or [np.zeros((0, 0))]),
        np.concatenate([block.likest for block in kept] or [np.zeros(0)]),
    )


def _around(groups: Sequence[str], texts: Sequence[str]) -> list[str]:
    """For each text all those of its group, as one."""
    codes = codes_of(groups)
    joined = joined_by(codes, texts)
    return [joined[code] for code in codes]
