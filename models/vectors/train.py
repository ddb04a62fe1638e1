"""Train the sentence vectors from text to weights: ``python -m models.vectors.train --data FOLDER --work FOLDER``.

1. `pairs`: text in both written forms, and pairs of texts that belong together,
2. `vocabulary`: the tokens,
3. `pretraining`: token vectors from what stands near what,
4. `contrastive`: sentence vectors from the pairs,
5. `saving`: the folder that sentence-transformers and model2vec read, and the card.

What apertium makes is kept in the work folder; the rest is made anew each time. The same text and the same versions of
the libraries give the same weights. The card's figures come from ``python -m benchmarks.models --write-cards``.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models import texts
from models.cards import write_card
from models.vectors import contrastive, pairs, pretraining
from models.vectors.saving import FILES, save
from models.vectors.translation import word_frequencies
from models.vectors.vocabulary import UNKNOWN, shared_rows, train_tokenizer

HERE = Path("models/vectors")
FloatArray = NDArray[np.float32]

SEED = 1
N_DIMENSIONS = 192
# Smooth inverse frequency: a token of this share of all tokens has half the length of a rare one.
HALF_WEIGHT = 1e-3
SETTINGS = contrastive.Settings(
    shares={
        "headings": 1.0,
        "titles": 0.7,
        "neighbours": 0.7,
        "clozes": 1.0,
        "echoes": 2.0,
        "law-headings": 0.8,
        "law-titles": 0.3,
        "same-law": 0.3,
        "same-ministry": 0.7,
        "same-field": 0.1,
        "both-forms": 3.0,
        "mapped-forms": 2.0,
    },
    n_steps=1_000,
    batch_size=512,
    learning_rate=0.003,
    scale=20.0,
    run_length=32,
    seed=SEED,
)
# Shares of the sources in the sample that the vocabulary is made of, as written and once more in word-by-word nynorsk.
# Reviews have a vocabulary of their own, films and food, and get little room.
SAMPLE = {"documents": (0.8, 0.5), "laws": (0.4, 0.2), "reviews": (0.12, 0.04), "nynorsk": (1.0, 0.0)}
# The same for pretraining.
CORPUS = {"documents": (1.0, 0.33), "laws": (1.0, 0.33), "reviews": (0.1, 0.03), "nynorsk": (1.0, 0.0)}
# Rows at most of a data set that are tokenised.
MAX_ROWS = 100_000

ABOUT: dict[str, Any] = {
    "name": "vectors",
    "task": "Vectors of sentences and short texts in Norwegian, bokmål and nynorsk, to compare them by meaning.",
    "licence": "Apache-2.0",
    "trained_on": [
        {"text": "giellalt/corpus-nob: public-sector documents", "licence": "free, as marked", "size": "9.8 M words"},
        {"text": "norwegian-laws: laws and regulations", "licence": "NLOD 2.0", "size": "9.8 M words"},
        {"text": "norec: reviews, a tenth, for the token vectors", "licence": "CC BY-NC 4.0", "size": "1.5 M words"},
        {"text": "norbench: sentences in bokmål and nynorsk", "licence": "see models/README.md", "size": "8,700 pairs"},
        {"text": "NDT: nynorsk sentences", "licence": "CC0 (annotation)", "size": "14,114 sentences"},
    ],
    "made_by": "python -m models.vectors.train --data FOLDER --work FOLDER",
    "seed": SEED,
    "not_for": (
        "Deciding alone that two comments mean the same, that the report covers a need, or anything about a person; "
        "other languages than Norwegian."
    ),
}


def corpus(
    sources: pairs.Sources, data: Path, shares: dict[str, tuple[float, float]], choice: random.Random
) -> Iterator[str]:
    """A sample of all training text, paragraph by paragraph, some of it a second time in word-by-word nynorsk."""
    parts = {
        "documents": (p.removeprefix(texts.HEADING) for document in sources.documents for p in document.paragraphs),
        "laws": (text for section in sources.laws for text in (section.heading, section.text)),
        "reviews": (p for review in texts.reviews(data, "train") for p in review.paragraphs),
        "nynorsk": _nynorsk(sources, data),
    }
    for name, paragraphs in parts.items():
        as_written, in_nynorsk = shares[name]
        for paragraph in paragraphs:
            drawn = choice.random()
            if drawn < as_written:
                yield paragraph
            if drawn < in_nynorsk:
                yield sources.to_nynorsk(paragraph)


def _nynorsk(sources: pairs.Sources, data: Path) -> Iterator[str]:
    yield from (" ".join(sentence.forms) for sentence in texts.treebank(data, "nn", "train"))
    yield from (text for pair in (*sources.pairs, *sources.translated) for text in pair)


class Prepared(NamedTuple):
    """All that the contrastive step begins with.

    Attributes:
        tokenizer: The tokenizer.
        shared: For each token the token whose vector it shares.
        vectors: Token vectors before that step, weighted.
        data: Pairs, tokenised.
    """

    tokenizer: Tokenizer
    shared: contrastive.Ids
    vectors: FloatArray
    data: dict[str, contrastive.DataSet]


def prepare(data: Path, work: Path) -> Prepared:
    """Read, translate, and make vocabulary, token vectors and pairs."""
    tell = _stopwatch()
    sources = pairs.read_sources(data, work)
    tell("read, translated")
    tokenizer = train_tokenizer(corpus(sources, data, SAMPLE, random.Random(SEED)))
    tell("tokenizer")
    frequencies = word_frequencies(p for document in sources.documents for p in document.paragraphs)
    shared = shared_rows(tokenizer, sources.to_nynorsk.words, frequencies)
    tell(f"{int((shared != np.arange(len(shared))).sum())} tokens share a vector")
    ids = pretraining.tokenize(tokenizer, list(corpus(sources, data, CORPUS, random.Random(SEED))))
    counts = pretraining.token_counts(ids, len(shared))
    vectors = pretraining.token_vectors(ids, shared, N_DIMENSIONS, seed=SEED)
    vectors *= pretraining.inverse_frequency(counts, HALF_WEIGHT)[:, None]
    tell("token vectors")
    made = {name: rows[:MAX_ROWS] for name, rows in pairs.make_pairs(sources).items()}
    del sources, ids
    rows = {
        name: contrastive.tokenized(made[name], tokenizer, shared, in_runs=name in pairs.DOCUMENT_WISE)
        for name in SETTINGS.shares
    }
    tell("pairs")
    return Prepared(tokenizer, shared, vectors, rows)


def train(prepared: Prepared, settings: contrastive.Settings = SETTINGS) -> FloatArray:
    """The finished vectors of all tokens; the unknown token's is zero."""
    vectors = contrastive.train(prepared.vectors, prepared.tokenizer, prepared.data, settings)[prepared.shared]
    vectors[prepared.tokenizer.token_to_id(UNKNOWN)] = 0
    return vectors


def _stopwatch() -> Callable[[str], None]:
    clock = time.monotonic()

    def tell(what: str) -> None:
        print(f"{(time.monotonic() - clock) / 60:5.1f} min  {what}", flush=True)

    return tell


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description="Train the sentence vectors.")
    texts.data_argument(parser)
    parser.add_argument("--work", type=Path, required=True, help="a folder for what is made on the way")
    parser.add_argument("--out", type=Path, default=HERE, help="the folder for the model")
    arguments = parser.parse_args()
    clock = time.monotonic()
    prepared = prepare(arguments.data, arguments.work)
    save(arguments.out, prepared.tokenizer, train(prepared))
    minutes = round((time.monotonic() - clock) / 60, 1)
    write_card(arguments.out, FILES, {**ABOUT, "minutes": minutes, "figures": {}})
    print("Its figures: python -m benchmarks.models --data FOLDER --only vectors --write-cards")


if __name__ == "__main__":
    main()
