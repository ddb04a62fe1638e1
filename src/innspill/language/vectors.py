"""Vectors of text: character n-grams with TF-IDF weights, their latent dimensions, and encoders by name.

Norwegian compounds («helsedataregisteret») share no word with their parts; character n-grams find them without a model.
An encoder is a static model (a vector for each token, the mean of them for a text), read without torch, or any model
of sentence-transformers. `models/vectors` comes with the package.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from innspill.bundled import bundled
from innspill.derived import without_long_runs
from innspill.errors import ModelError
from innspill.language.cards import SHIPPED, verified
from innspill.language.written_forms import fold_written_forms

FloatArray = NDArray[np.float64]
NGRAM_RANGE = (3, 5)
NO_ENCODER = "none"
# A number as written, thousands apart or not; not within a word or a name («B12», «20-åringer»), nor tied to «§».
NUMBER = re.compile(r"(?<![\w.,§-])\d[\d\u00a0\u202f ]*(?:\.\d{3})*(?:[.,]\d+)?(?![\w-])")
BETWEEN_THOUSANDS = re.compile(r"\s|\.(?=\d{3}(?!\d))")
# The weights of n-grams are learnt from so many texts at most, taken evenly; more would not change them.
MAX_FITTED = 5_000
# Texts that are turned into n-grams at a time.
BLOCK = 2_000


class Encoder(Protocol):
    """A sentence encoder: any object with a name and `encode`."""

    name: str

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of shape (n_texts, n_dimensions)."""
        ...


class CharacterNgrams:
    """TF-IDF over character n-grams within words, fitted on one consultation's report and comments.

    Bokmål and nynorsk are brought to one written form first.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizer = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=NGRAM_RANGE,
            sublinear_tf=True,
            dtype=np.float64,
            lowercase=False,
            preprocessor=fold_written_forms,
        )
        self._vectorizer.fit([*_evenly(texts), "tom tekst"])

    def encode(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - a scipy sparse matrix
        """Unit vectors as a sparse matrix of shape (n_texts, n_ngrams)."""
        return self._vectorizer.transform(list(texts))


class SharedNumbers:
    """Numbers of two digits and more that two texts share, each by how few of the report's texts hold it.

    «11 månader», «61 000 kroner»: who repeats a number of the report speaks of that place.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        held = [numbers_in(text) for text in dict.fromkeys(texts)]
        numbers = sorted({number for some in held for number in some})
        self._column = {number: column for column, number in enumerate(numbers)}
        self._n_texts = Counter(number for some in held for number in some)

    def encode(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - a scipy sparse matrix
        """A sparse matrix of shape (n_texts, n_numbers).

        The product of two texts is the sum over shared numbers of 1 / texts with it.
        """
        from scipy.sparse import csr_matrix

        weights, columns, ends = [], [], [0]
        for text in texts:
            shared = sorted(numbers_in(text) & self._column.keys())
            weights += [self._n_texts[number] ** -0.5 for number in shared]
            columns += [self._column[number] for number in shared]
            ends.append(len(columns))
        return csr_matrix((weights, columns, ends), shape=(len(texts), max(len(self._column), 1)), dtype=np.float64)


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text with at least two digits, without what stands between thousands.

    >>> sorted(numbers_in("61 000 kroner, 1.200 plasser og 3,5 timer, §12"))
    ['1200', '3,5', '61000']
    """
    found = (BETWEEN_THOUSANDS.sub("", match.group()) for match in NUMBER.finditer(text))
    return frozenset(number for number in found if len(number) > 1)


def _evenly(texts: Sequence[str]) -> Sequence[str]:
    """At most `MAX_FITTED` of the texts, taken at even distances."""
    return texts[:: -(-len(texts) // MAX_FITTED) or 1]


def unit_rows(vectors: FloatArray) -> FloatArray:
    """The rows of a matrix with length one; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0), dtype=np.float64)


def cosine(first: Any, second: Any) -> FloatArray:  # noqa: ANN401 - dense or sparse
    """Cosine similarities of two sets of unit vectors, dense or sparse: shape (n_first, n_second)."""
    product = first @ second.T
    return np.asarray(product.todense() if hasattr(product, "todense") else product, dtype=np.float64)


class LatentSpace:
    """Latent semantic analysis over character n-grams (Deerwester and others 1990), learnt from some of the texts."""

    def __init__(self, ngrams: CharacterNgrams, texts: Sequence[str], n_dimensions: int, *, seed: int) -> None:
        self._ngrams = ngrams
        self._reduction = _reduction(ngrams.encode(_evenly(texts)), n_dimensions, seed)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of shape (n_texts, at most n_dimensions); zeros in one dimension where there was too little."""
        from sklearn.preprocessing import normalize

        if self._reduction is None or not texts:
            return np.zeros((len(texts), 1))
        blocks = [
            self._reduction.transform(self._ngrams.encode(texts[start : start + BLOCK]))
            for start in range(0, len(texts), BLOCK)
        ]
        return np.asarray(normalize(np.vstack(blocks)), dtype=np.float64)


def latent_dimensions(matrix: Any, n_dimensions: int, *, seed: int) -> FloatArray:  # noqa: ANN401 - sparse
    """Latent semantic analysis: unit vectors of shape (n_texts, at most n_dimensions) from a sparse matrix."""
    from sklearn.preprocessing import normalize

    reduction = _reduction(matrix, n_dimensions, seed)
    if reduction is None:
        return np.zeros((matrix.shape[0], 1))
    return np.asarray(normalize(reduction.transform(matrix)), dtype=np.float64)


def _reduction(matrix: Any, n_dimensions: int, seed: int) -> Any:  # noqa: ANN401 - sparse; sklearn's TruncatedSVD
    """A truncated singular value decomposition fitted on `matrix`; None where that is too small for one."""
    from sklearn.decomposition import TruncatedSVD

    n_components = min(n_dimensions, min(matrix.shape) - 1)
    if n_components < 1:
        return None
    reduction = TruncatedSVD(n_components, algorithm="arpack", random_state=seed)
    reduced = reduction.fit_transform(matrix)
    # A singular vector's sign is arbitrary: fix it, so that two machines agree.
    signs = np.sign(reduced[np.abs(reduced).argmax(axis=0), range(reduced.shape[1])])
    reduction.components_ *= np.where(signs == 0, 1, signs)[:, None]
    return reduction


class StaticEncoder:
    """A static model, as sentence-transformers and model2vec save it; torch is not needed."""

    def __init__(self, folder: Path, *, name: str = "") -> None:
        from model2vec import StaticModel

        # A card without a table of metadata is no matter for a warning.
        logging.getLogger("huggingface_hub.repocard").setLevel(logging.ERROR)
        try:
            self._model = StaticModel.from_pretrained(folder, normalize=True)
        except Exception as error:  # safetensors and tokenizers raise bare exceptions
            raise ModelError(
                f"The model in {folder} cannot be loaded: it is not a whole static model ({type(error).__name__}). "
                "Save it again, or name another in consultation.toml."
            ) from error
        self.name = name or str(folder)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of shape (n_texts, n_dimensions); zeros for a text without a known token."""
        if not texts:
            return np.zeros((0, self._model.dim))
        # One process: the worker processes of model2vec cost more than they save at a mailbox's size.
        vectors = self._model.encode(list(map(without_long_runs, texts)), max_length=None, use_multiprocessing=False)
        return np.asarray(vectors, dtype=np.float64)


class SentenceTransformerEncoder:
    """A sentence-transformers model, on the CPU. Needs the extra ``innspill[transformers]``."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelError(
                f"The model {name!r} needs sentence-transformers. Install it with: pip install 'innspill[transformers]'"
            ) from error
        try:
            self._model = SentenceTransformer(name, device="cpu", trust_remote_code=False)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            what = "the folder" if Path(name).exists() else "no folder of that name, and as a hub model it"
            raise ModelError(
                f"The model {name!r} cannot be loaded: {what} could not be read ({type(error).__name__})."
            ) from error
        self.name = name

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of shape (n_texts, n_dimensions)."""
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float64)


def load_encoder(name: str) -> Encoder | None:
    """The encoder that a configuration names; None where it names none.

    Args:
        name: A model that comes with innspill («vectors»), a folder, or a model of a hub; empty or «none» for none.
            A static model is read without torch; any other needs the extra ``innspill[transformers]``.

    Raises:
        ModelError: the model cannot be loaded, or sentence-transformers is not installed.
    """
    if name in ("", NO_ENCODER):
        return None
    if name in SHIPPED:
        return StaticEncoder(verified(bundled(f"models/{name}")), name=name)
    folder = Path(name)
    if not folder.is_dir() and "/" not in name:
        raise ModelError(
            f"There is no model {name!r}. Name 'vectors', which comes with innspill, a folder, or a model of a hub "
            "with its owner, such as owner/model."
        )
    return StaticEncoder(folder) if _is_static(folder) else SentenceTransformerEncoder(name)


def _is_static(folder: Path) -> bool:
    """Whether a folder holds a static model: one of model2vec, or of sentence-transformers with such a first module."""
    try:
        if (folder / "modules.json").is_file():
            modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
            return str(modules[0]["type"]).rpartition(".")[2] == "StaticEmbedding"
        if (folder / "config.json").is_file():
            described = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            return bool(described.get("model_type") == "model2vec")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False  # sentence-transformers says better what is wrong with it
    return False
