"""A linear text classifier: TF-IDF over words and character n-grams beside given features. Weights are plain arrays.

scikit-learn trains it and turns text into vectors; nothing is unpickled, so a weights file can do no harm.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from innspill.errors import ModelError
from innspill.language.vectors import FloatArray

WEIGHTS, CARD = "weights.npz", "model.json"
WORD_PATTERN = r"[\w]+|[?!]"
WORD_RANGE, CHARACTER_RANGE = (1, 3), (2, 5)
# A citation is the same word wherever it points.
CITATION = re.compile(
    r"\b(?:linje\w*|linja|l\.|side|s\.|kap\w*\.?|tabell|lines?|punkt|avsnitt)\s*[\d.,–-]+(?:\s*(?:og|til|–|-)\s*\d+)*:?",
    re.IGNORECASE,
)


class LinearTextClassifier:
    """One or more linear classifiers («heads») over the same features of a text."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        self._arrays = arrays
        self._vectorizers = [
            _vectorizer("word", str(arrays["word_vocabulary"]).split("\n"), arrays["word_idf"]),
            _vectorizer("char_wb", str(arrays["character_vocabulary"]).split("\n"), arrays["character_idf"]),
        ]

    def classes(self, head: str) -> list[str]:
        """The labels of a head, in the order of the columns of `probabilities`."""
        return [str(name) for name in self._arrays[f"{head}_classes"]]

    def probabilities(self, head: str, texts: Sequence[str], features: FloatArray) -> FloatArray:
        """Softmax probabilities, shape (n_texts, n_classes).

        Args:
            head: Which classifier.
            texts: The texts.
            features: Further features of each text, shape (n_texts, n_features).
        """
        from scipy.sparse import csr_matrix, hstack

        cleaned = [without_citations(text) for text in texts]
        blocks = [csr_matrix(features), *(vectorizer.transform(cleaned) for vectorizer in self._vectorizers)]
        scores = hstack(blocks).tocsr() @ self._arrays[f"{head}_weights"].T + self._arrays[f"{head}_intercepts"]
        exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), dtype=np.float64)


def train_classifier(
    texts: Sequence[str], features: FloatArray, labels: dict[str, Sequence[str]], *, strength: float, seed: int
) -> dict[str, Any]:
    """Train a head for each set of labels; the arrays that `LinearTextClassifier` is made of.

    Args:
        texts: Training texts.
        features: Further features of each text, shape (n_texts, n_features).
        labels: Head -> the label of each text; an empty label leaves the text out of that head.
        strength: Inverse of the regularisation (scikit-learn's C).
        seed: Random state.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    cleaned = [without_citations(text) for text in texts]
    settings: dict[str, Any] = {"sublinear_tf": True, "min_df": 2, "dtype": np.float64}
    words = TfidfVectorizer(ngram_range=WORD_RANGE, token_pattern=WORD_PATTERN, **settings).fit(cleaned)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=CHARACTER_RANGE, **settings).fit(cleaned)
    matrix = hstack([csr_matrix(features), words.transform(cleaned), characters.transform(cleaned)]).tocsr()
    arrays: dict[str, Any] = {
        "word_vocabulary": np.array("\n".join(words.get_feature_names_out())),
        "word_idf": words.idf_.astype(np.float32),
        "character_vocabulary": np.array("\n".join(characters.get_feature_names_out())),
        "character_idf": characters.idf_.astype(np.float32),
    }
    for head, given in labels.items():
        rows = [row for row, label in enumerate(given) if label]
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=3_000, random_state=seed)
        model.fit(matrix[rows], [given[row] for row in rows])
        weights, intercepts = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # one row stands for two: give each class its own
            weights, intercepts = np.vstack([-weights, weights]) / 2, np.concatenate([-intercepts, intercepts]) / 2
        arrays[f"{head}_classes"] = np.array([str(name) for name in model.classes_])
        arrays[f"{head}_weights"] = weights.astype(np.float32)
        arrays[f"{head}_intercepts"] = intercepts.astype(np.float32)
    return arrays


def load_classifier(folder: Path) -> LinearTextClassifier:
    """Load a classifier from its folder, after holding the weights against their checksum.

    Raises:
        ModelError: a file is missing, or the weights are not the ones that the card describes.
    """
    weights, card = folder / WEIGHTS, folder / CARD
    if not weights.is_file() or not card.is_file():
        raise ModelError(f"The model in {folder} is not complete ({WEIGHTS} and {CARD}). Install innspill again.")
    expected = json.loads(card.read_text(encoding="utf-8"))["sha256"]
    if hashlib.sha256(weights.read_bytes()).hexdigest() != expected:
        raise ModelError(f"{weights} is damaged: its checksum is not the one in {CARD}. Install innspill again.")
    with np.load(weights, allow_pickle=False) as stored:
        return LinearTextClassifier({name: stored[name] for name in stored.files})


def without_citations(text: str) -> str:
    """The text with each citation made the same word, so that numbers teach nothing.

    >>> without_citations("Linje 12–14: Vi savner tall.")
    'LINJEREF Vi savner tall.'
    """
    return " ".join(CITATION.sub(" LINJEREF ", text).split())


def _vectorizer(analyzer: str, vocabulary: list[str], idf: FloatArray) -> Any:  # noqa: ANN401 - scikit-learn's
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        analyzer=analyzer,
        ngram_range=WORD_RANGE if analyzer == "word" else CHARACTER_RANGE,
        token_pattern=WORD_PATTERN if analyzer == "word" else None,
        sublinear_tf=True,
        vocabulary=vocabulary,
        dtype=np.float64,
    )
    vectorizer.idf_ = np.asarray(idf, dtype=np.float64)
    return vectorizer
