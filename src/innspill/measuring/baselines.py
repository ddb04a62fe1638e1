"""Simpler ways to do what the analysis does, to hold it against: for placing, and for themes."""

import importlib
import importlib.util
import re
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from innspill.derived import join_lines
from innspill.features import top_sections
from innspill.language.vectors import CharacterNgrams, Encoder, FloatArray, cosine, latent_dimensions
from innspill.measuring.gold import Bench, Numbers
from innspill.records import Comment, Report, Span

# Okapi BM25's usual saturation and length normalisation.
SATURATION, LENGTH_SHARE = 1.5, 0.75
WORD = r"(?u)\b\w\w+\b"
# Words are taken for the same that begin so: as good as a stemmer here, and the same for both written forms.
STEM_LETTERS = 6
N_LATENT = 30
# BERTopic's own settings, and a smallest topic that does it more justice on a hundred comments. It needs more comments
# than it looks for neighbours.
BERTOPIC_NEIGHBOURS, BERTOPIC_DIMENSIONS, BERTOPIC_SMALLEST = 15, 5, 10
SMALLER = 3
# A place of more characters than this (a chapter) lends no words.
MAX_LENT = 2_000

# Comment id -> the name of its theme.
Labels = dict[str, str]


# Placing -------------------------------------------------------------------------------------------------------------


class Bm25:
    """Okapi BM25 (Robertson and others 1994) over the stems of some texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import CountVectorizer

        self._vectorizer = CountVectorizer(analyzer=_stems)
        counts = self._vectorizer.fit_transform(texts).astype(np.float64).tocoo()
        n_texts = len(texts)
        lengths = np.bincount(counts.row, weights=counts.data, minlength=n_texts)
        heard_in = np.bincount(counts.col, minlength=counts.shape[1])
        rarity = np.log(1 + (n_texts - heard_in + 0.5) / (heard_in + 0.5))
        normalised = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths / max(lengths.mean(), 1.0))
        counts.data = rarity[counts.col] * counts.data * (SATURATION + 1) / (counts.data + normalised[counts.row])
        self._weights = counts.tocsr()

    def scores(self, queries: Sequence[str]) -> FloatArray:
        """How well each text answers each query, shape (n_queries, n_texts)."""
        return cosine(self._vectorizer.transform(queries).sign(), self._weights)


def _stems(text: str) -> list[str]:
    return [word[:STEM_LETTERS] for word in re.findall(WORD, text.lower())]


def nearest_places(bench: Bench, comments: Sequence[Comment]) -> dict[str, list[Numbers]]:
    """For each baseline of placing, the lines of the passage that each comment is nearest to."""
    report = bench.analysis.report
    sentences, paragraphs = _sentences(report), _paragraphs(report)
    said = [comment.text for comment in comments]
    if not comments or not sentences:
        return {}
    texts = _texts(report, sentences)
    ngrams = CharacterNgrams(texts)
    return {
        "BM25": nearest_by_bm25(bench, comments),
        "BM25 on paragraphs": _nearest(bench, paragraphs, Bm25(_texts(report, paragraphs)).scores(said)),
        "character TF-IDF": _nearest(bench, sentences, cosine(ngrams.encode(said), ngrams.encode(texts))),
    }


def nearest_by_bm25(bench: Bench, comments: Sequence[Comment]) -> list[Numbers]:
    """The lines of the sentence that BM25 finds nearest to each comment; none where the report has no sentence."""
    sentences = _sentences(bench.analysis.report)
    if not comments or not sentences:
        return [set() for _ in comments]
    bm25 = Bm25(_texts(bench.analysis.report, sentences))
    return _nearest(bench, sentences, bm25.scores([comment.text for comment in comments]))


def _nearest(bench: Bench, spans: Sequence[Span], scores: FloatArray) -> list[Numbers]:
    return [bench.numbers_in(spans[int(row.argmax())]) for row in scores]


def _sentences(report: Report) -> list[Span]:
    return [passage.span for passage in report.passages if passage.kind != "heading"]


def _paragraphs(report: Report) -> list[Span]:
    """The span of each paragraph, from its first sentence to its last."""
    spans: dict[str, Span] = {}
    for passage in report.passages:
        if passage.kind != "heading":
            first = spans.get(passage.paragraph_id, passage.span)
            spans[passage.paragraph_id] = Span(first.start, passage.span.end)
    return list(spans.values())


def _texts(report: Report, spans: Sequence[Span]) -> list[str]:
    return [join_lines(report.text, span).text for span in spans]


def likeness_to_report(bench: Bench, comments: Sequence[Comment]) -> list[float]:
    """How like each comment is to the report's sentence that it is likest, by character n-grams (0–1)."""
    texts = _texts(bench.analysis.report, _sentences(bench.analysis.report))
    if not comments or not texts:
        return [0.0] * len(comments)
    ngrams = CharacterNgrams(texts)
    return [float(row.max()) for row in cosine(ngrams.encode([c.text for c in comments]), ngrams.encode(texts))]


# Themes --------------------------------------------------------------------------------------------------------------


def theme_baselines(bench: Bench, encoder: Encoder | None) -> dict[str, Labels | None]:
    """Name -> each comment's theme; None for what could not be run here, and the name says why.

    k-means is told to make as many themes as the analysis found; the section is the top one of the first place.
    """
    comments = bench.analysis.comments
    if not comments:
        return {}
    own = [comment.text for comment in comments]
    joined = [_with_place(bench, comment) for comment in comments]
    simple: dict[str, Labels | None] = {
        "section of the place": _sections(bench),
        "k-means on TF-IDF": _labels(comments, _k_means(_word_vectors(own), bench)),
        "k-means on LSA": _labels(comments, _k_means(_latent(own, bench.seed), bench)),
    }
    reason = _why_no_bertopic(comments, encoder)
    if reason or encoder is None:
        return {**simple, f"BERTopic ({reason})": None}
    return {
        **simple,
        "BERTopic": _labels(comments, _bertopic(own, encoder, BERTOPIC_SMALLEST, bench.seed)),
        "BERTopic, place's words": _labels(comments, _bertopic(joined, encoder, BERTOPIC_SMALLEST, bench.seed)),
        f"same, topics from {SMALLER} up": _labels(comments, _bertopic(joined, encoder, SMALLER, bench.seed)),
    }


def _labels(comments: Sequence[Comment], labels: Sequence[int]) -> Labels:
    return {comment.comment_id: str(label) for comment, label in zip(comments, labels, strict=True)}


def _with_place(bench: Bench, comment: Comment) -> str:
    """A comment's words with those of its places."""
    targets = [a.target for a in bench.annotations_of(comment) if a.target is not None and len(a.target) <= MAX_LENT]
    return " ".join([comment.text, *_texts(bench.analysis.report, targets)])


def _sections(bench: Bench) -> Labels:
    """The top section of each comment's first place; «» for comments without one."""
    top = top_sections(bench.analysis.report.sections)
    labels: Labels = {}
    for comment in bench.analysis.comments:
        targets = [a.target for a in bench.annotations_of(comment) if a.target is not None]
        lines = bench.index.lines_in(targets[0]) if targets else ()
        labels[comment.comment_id] = top.get(lines[0].section_id, "") if lines else ""
    return labels


def _word_vectors(texts: Sequence[str]) -> Any:  # noqa: ANN401 - a scipy sparse matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(token_pattern=WORD, sublinear_tf=True).fit_transform(texts)


def _latent(texts: Sequence[str], seed: int) -> FloatArray:
    return latent_dimensions(CharacterNgrams(texts).encode(texts), N_LATENT, seed=seed)


def _k_means(vectors: Any, bench: Bench) -> list[int]:  # noqa: ANN401 - dense or sparse
    from sklearn.cluster import KMeans

    n_clusters = min(max(len(bench.analysis.themes), 1), vectors.shape[0])
    return [int(label) for label in KMeans(n_clusters, n_init=10, random_state=bench.seed).fit_predict(vectors)]


def _why_no_bertopic(comments: Sequence[Comment], encoder: Encoder | None) -> str:
    if importlib.util.find_spec("bertopic") is None:
        return "not installed"
    if encoder is None:
        return "no vectors"
    return "too few comments" if len(comments) <= BERTOPIC_NEIGHBOURS + BERTOPIC_DIMENSIONS else ""


def _bertopic(texts: Sequence[str], encoder: Encoder, smallest: int, seed: int) -> list[int]:
    """Topics as BERTopic finds them on these vectors; −1 is what it calls noise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parallel work that a seed forbids
        reduce = importlib.import_module("umap").UMAP(
            n_neighbors=BERTOPIC_NEIGHBOURS,
            n_components=BERTOPIC_DIMENSIONS,
            min_dist=0.0,
            metric="cosine",
            random_state=seed,
        )
        model = importlib.import_module("bertopic").BERTopic(
            embedding_model=None,
            umap_model=reduce,
            min_topic_size=smallest,
            language="multilingual",
            calculate_probabilities=False,
        )
        topics, _ = model.fit_transform(list(texts), encoder.encode(texts))
    return [int(topic) for topic in topics]
