"""How much nearer bokmål and nynorsk come when both are folded. ``python benchmarks/written_forms.py --data PAIRS``.

PAIRS is a file of sentence pairs, one JSON object a line with «nb» and «nn», packed with xz or not. The last of them,
which had no part in the table, are measured: of all the bokmål sentences, is the one that a nynorsk sentence says the
same as also the likest to it, by character n-grams? Names and numbers give most sentences away; so the same is asked of
what is left of them without the words that the two share. Prints Markdown.
"""

import argparse
import json
import lzma
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from innspill.language.vectors import NGRAM_RANGE, cosine
from innspill.language.written_forms import fold_written_forms

N_PAIRS = 2_000
N_DIFFERENT = 3
WORD = re.compile(r"\w+")


def read_pairs(path: Path, n_pairs: int) -> tuple[list[str], list[str]]:
    """The last `n_pairs` sentences in bokmål, and the same in nynorsk."""
    text = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    pairs = [json.loads(line) for line in text.decode().splitlines()[-n_pairs:]]
    return [pair["nb"] for pair in pairs], [pair["nn"] for pair in pairs]


def without_shared_words(bokmål: Sequence[str], nynorsk: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words that only one of the two has, of each pair with `N_DIFFERENT` such words at least on either side."""
    kept = []
    for pair in zip(bokmål, nynorsk, strict=True):
        first, second = (WORD.findall(text.lower()) for text in pair)
        left = [word for word in first if word not in second], [word for word in second if word not in first]
        if min(map(len, left)) >= N_DIFFERENT:
            kept.append(tuple(map(" ".join, left)))
    return [first for first, _ in kept], [second for _, second in kept]


def row(name: str, bokmål: Sequence[str], nynorsk: Sequence[str], fold: Callable[[str], str]) -> str:
    """One line of the table: retrieval, likeness of a pair, and of a nynorsk sentence with the nearest other one."""
    start = time.process_time()
    texts = [fold(text) for text in [*bokmål, *nynorsk]]
    speed = sum(map(len, texts)) / 1e6 / (time.process_time() - start)
    # Those of `CharacterNgrams`, which folds by itself.
    ngrams = TfidfVectorizer(analyzer="char_wb", ngram_range=NGRAM_RANGE, sublinear_tf=True).fit_transform(texts)
    likeness = cosine(ngrams[len(bokmål) :], ngrams[: len(bokmål)])
    own = likeness.diagonal().copy()
    hits = float((likeness.argmax(axis=1) == np.arange(len(nynorsk))).mean())
    np.fill_diagonal(likeness, -1)
    nearest = float(likeness.max(axis=1).mean())
    return f"| {name} | {len(bokmål):,} | {hits:.3f} | {own.mean():.3f} | {nearest:.3f} | {speed:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a file of pairs, .jsonl or .jsonl.xz")
    parser.add_argument("--pairs", type=int, default=N_PAIRS, help="so many of the last pairs")
    arguments = parser.parse_args()
    bokmål, nynorsk = read_pairs(arguments.data, arguments.pairs)
    print("| text | pairs | hit@1 | cosine of a pair | of the nearest other | million characters/s |")
    print("|---|---|---|---|---|---|")
    for what, texts in (("", (bokmål, nynorsk)), (", shared words left out", without_shared_words(bokmål, nynorsk))):
        print(row(f"as written{what}", *texts, str.lower))
        print(row(f"folded{what}", *texts, fold_written_forms))


if __name__ == "__main__":
    main()
