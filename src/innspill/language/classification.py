"""A linear text classifier: TF-IDF over words and character n-grams beside given features. Weights are plain arrays.

scikit-learn trains it and turns text into vectors; nothing is unpickled, so a weights file can do no harm.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from innspill.language.cards import verified
from innspill.language.vectors import FloatArray

# The arrays, and the names that stand for their rows and columns: labels, words, character n-grams.
WEIGHTS, NAMES = "weights.safetensors", "names.json"
WORD_PATTERN = r"[\w]+|[?!]"
WORD_RANGE, CHARACTER_RANGE = (1, 3), (2, 5)
# A citation is the same word wherever it points.
CITATION = re.compile(
    r"\b(?:linje\w*|linja|l\.|side|s\.|kap\w*\.?|tabell|lines?|punkt|avsnitt)\s*[\d.,–-]+(?:\s*(?:og|til|–|-)\s*\d+)*:?",
    re.IGNORECASE,
)


class LinearTextClassifier:
    """One or more linear classifiers («heads») over the same features of a text."""

    def __init__(self, arrays: Mapping[str, Any], names: Mapping[str, list[str]]) -> None:
        self._arrays, self._names = arrays, names
        self._vectorizers = [
            _vectorizer("word", names["words"], arrays["word_idf"]),
            _vectorizer("char_wb", names["characters"], arrays["character_idf"]),
        ]

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
    texts: Sequence[str], features: FloatArray, labels: Mapping[str, Sequence[str]], *, strength: float, seed: int
) -> LinearTextClassifier:
    """Train a head for each set of labels.

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
        "word_idf": words.idf_.astype(np.float32),
        "character_idf": characters.idf_.astype(np.float32),
    }
    names = {"words": list(words.get_feature_names_out()), "characters": list(characters.get_feature_names_out())}
    for head, given in labels.items():
        rows = [row for row, label in enumerate(given) if label]
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=3_000, random_state=seed)
        model.fit(matrix[rows], [given[row] for row in rows])
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
