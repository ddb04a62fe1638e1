"""A linear text classifier: TF-IDF over the words of one or more views of a text, beside given features.

A view is a text made of the text: the whole of it, its opening. scikit-learn trains the weights and turns text into
vectors; the weights are plain arrays and nothing is unpickled, so a weights file can do no harm.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from innspill.language.cards import verified
from innspill.language.vectors import FloatArray

# The arrays, and the names that stand for their rows and columns: labels of each head, words of each view.
WEIGHTS, NAMES = "weights.safetensors", "names.json"
VIEWS = "views"
WORD_PATTERN = r"[\w]+|[?!]"
WORD_RANGE = (1, 3)
MIN_TEXTS = 2
# A citation is the same word wherever it points, and one of page and line is one citation.
CITED = "LINJEREF"
_NUMBERS = r"\d[\d.]*(?:\s*(?:[,–-]|og|til|and|to)\s*\d[\d.]*)*(?:\s*ff?\.)?"
CITATION = re.compile(
    rf"\b(?:linj\w*|lines?|l\.|L(?=\d)|sider?|s\.|pages?|kap\w*\.?|chapter|section|punkt|pkt\.|pt\.|avsnitt)\s*{_NUMBERS}",
    re.IGNORECASE,
)
COUNTED_PLACE = re.compile(
    r"\b(?:(?:første|fyrste|andre|tredje|fjerde|femte|sjette|siste|nest siste) "
    rf"(?:avsnitt|kulepunkt|strekpunkt|punkt|setning|setninga|setningen|ledd)(?:et)?(?: i lista)? (?:i|under|på|av) "
    rf"(?:{CITED}|{_NUMBERS})"
    r"|(?:sam[em]e? (?:sted|staden|side|sida)))\b",
    re.IGNORECASE,
)
SEVERAL_CITED = re.compile(rf"{CITED}(?:[\s,:(]*(?:og |til |jf\. )?{CITED})+")

# View -> its text for each text.
Views = Mapping[str, Sequence[str]]


class LinearTextClassifier:
    """One or more linear classifiers («heads») over the same features of a text."""

    def __init__(self, arrays: Mapping[str, Any], names: Mapping[str, list[str]]) -> None:
        self._arrays, self._names = arrays, names
        self._vectorizers = {view: _vectorizer(names[view], arrays[f"{view}_idf"]) for view in names[VIEWS]}

    def classes(self, head: str) -> list[str]:
        """The labels of a head, in the order of the columns of `probabilities`."""
        return self._names[head]

    def save(self, folder: Path) -> list[str]:
        """Write it to a folder; the same classifier gives the same bytes. Returns the names of the files."""
        from safetensors.numpy import save

        arrays = {name: np.ascontiguousarray(array) for name, array in self._arrays.items()}
        (folder / WEIGHTS).write_bytes(save(arrays))
        (folder / NAMES).write_text(json.dumps(self._names, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        return [WEIGHTS, NAMES]

    def probabilities(self, views: Views, features: FloatArray) -> dict[str, FloatArray]:
        """Softmax probabilities of each head, shape (n_texts, n_classes).

        Args:
            views: The views that it was trained with, one text for each text.
            features: Further features of each text, shape (n_texts, n_features).
        """
        matrix = _stacked(features, [self._vectorizers[view].transform(views[view]) for view in self._names[VIEWS]])
        return {head: _softmax(self._scores(head, matrix)) for head in self._heads()}

    def _heads(self) -> list[str]:
        return [head for head in self._names if f"{head}_weights" in self._arrays]

    def _scores(self, head: str, matrix: Any) -> FloatArray:  # noqa: ANN401 - a scipy sparse matrix
        scores = matrix @ self._arrays[f"{head}_weights"].T + self._arrays[f"{head}_intercepts"]
        return np.asarray(scores, dtype=np.float64)


def train_classifier(
    views: Views,
    features: FloatArray,
    labels: Mapping[str, Sequence[str]],
    *,
    strength: float,
    balance: float,
    seed: int,
) -> LinearTextClassifier:
    """Train a head for each set of labels.

    Args:
        views: View -> its training texts.
        features: Further features of each text, shape (n_texts, n_features).
        labels: Head -> the label of each text; an empty label leaves the text out of that head.
        strength: Inverse of the regularisation (scikit-learn's C).
        balance: How far rare labels are weighed up: 0 not at all, 1 to the weight of common ones.
        seed: Random state.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    arrays: dict[str, Any] = {}
    names: dict[str, list[str]] = {VIEWS: list(views)}
    blocks = []
    for view, texts in views.items():
        settings: dict[str, Any] = {"sublinear_tf": True, "min_df": MIN_TEXTS, "dtype": np.float64}
        words = TfidfVectorizer(ngram_range=WORD_RANGE, token_pattern=WORD_PATTERN, **settings)
        blocks.append(words.fit_transform(texts))
        names[view] = list(words.get_feature_names_out())
        arrays[f"{view}_idf"] = words.idf_.astype(np.float32)
    matrix = _stacked(features, blocks)
    for head, given in labels.items():
        rows = [row for row, label in enumerate(given) if label]
        known = [given[row] for row in rows]
        model = LogisticRegression(
            C=strength, class_weight=_weights(known, balance), max_iter=3_000, tol=1e-4, random_state=seed
        )
        model.fit(matrix[rows], known)
        weights, intercepts = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # one row stands for two: give each class its own
            weights, intercepts = np.vstack([-weights, weights]) / 2, np.concatenate([-intercepts, intercepts]) / 2
        names[head] = [str(name) for name in model.classes_]
        arrays[f"{head}_weights"] = weights.astype(np.float32)
        arrays[f"{head}_intercepts"] = intercepts.astype(np.float32)
    return LinearTextClassifier(arrays, names)


def load_classifier(folder: Path) -> LinearTextClassifier:
    """Load a classifier from its folder, after holding its files against their checksums.

    Raises:
        ModelError: a file is missing, or is not the one that the card describes.
    """
    from safetensors.numpy import load_file

    verified(folder)
    return LinearTextClassifier(load_file(folder / WEIGHTS), json.loads((folder / NAMES).read_text(encoding="utf-8")))


def mask_citations(text: str) -> str:
    """The text with each citation made the same word, so that numbers teach nothing.

    >>> mask_citations("Side 3, linje 12–14: Vi savner tall.")
    'LINJEREF : Vi savner tall.'
    """
    cited = " ".join(CITATION.sub(f" {CITED} ", text).split())
    counted = " ".join(COUNTED_PLACE.sub(f" {CITED} ", cited).split())
    return SEVERAL_CITED.sub(CITED, counted)


def _weights(labels: Sequence[str], balance: float) -> dict[str, float]:
    """The weight of each label's texts: (mean count / its count) to the power of `balance`."""
    counts = {label: labels.count(label) for label in sorted(set(labels))}
    mean = len(labels) / len(counts)
    return {label: float((mean / count) ** balance) for label, count in counts.items()}


def _stacked(features: FloatArray, blocks: Sequence[Any]) -> Any:  # noqa: ANN401 - a scipy sparse matrix
    from scipy.sparse import csr_matrix, hstack

    return hstack([csr_matrix(features), *blocks]).tocsr()


def _softmax(scores: FloatArray) -> FloatArray:
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), dtype=np.float64)


def _vectorizer(vocabulary: list[str], idf: FloatArray) -> Any:  # noqa: ANN401 - scikit-learn's
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        ngram_range=WORD_RANGE,
        token_pattern=WORD_PATTERN,
        sublinear_tf=True,
        vocabulary=vocabulary,
        dtype=np.float64,
    )
    vectorizer.idf_ = np.asarray(idf, dtype=np.float64)
    return vectorizer
