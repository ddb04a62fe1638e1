"""Word vectors for the pipeline: fastText on all training text, the commonest words kept, one byte a number.

``python -m models.norwegian.word_vectors --data FOLDER --into FILE.npz`` makes them alone; `train` calls it where the
file is missing. It needs `floret` (``pip install floret``), which the pipeline itself does not. FastText's
own seed and one thread, so that the same text gives the same vectors.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.norwegian.annotation import HEADLINE_MARK
from models.texts import data_argument, documents, law_sections, pairs, reviews, treebank

TOKEN = re.compile(r"\w+(?:[-.’'/]\w+)*|[^\w\s]")
DIMENSIONS, EPOCHS, RAREST = 64, 4, 10
WORDS_KEPT = 70_000
# A word with a capital counts as so many times commoner: names are what the vectors are mostly for.
WORTH_OF_A_CAPITAL = 3
LENGTH = 3.0  # of every word's vector, so that its numbers are about as large as the other features'
NAMES = Path(__file__).parents[2] / "src" / "innspill" / "data"
# Lists of names, each a dimension of its own: 1 for the words on it.
LISTS = ("given_names.txt", "surnames.txt", "organisations.tsv")
MUNICIPALITY = " kommune"


def sentences(data: Path) -> Iterator[Sequence[str]]:
    """All training text in pieces of a paragraph at most, as tokens."""
    for form in ("nb", "nn"):
        for sentence in treebank(data, form, "train"):
            yield [form for form in sentence.forms if form != HEADLINE_MARK]
    for pair in pairs(data, "train"):
        yield from (TOKEN.findall(pair.nb), TOKEN.findall(pair.nn))
    for read in (documents, reviews):
        for document in read(data, "train"):
            for paragraph in document.paragraphs:
                yield TOKEN.findall(paragraph.removeprefix("# "))
    for section in law_sections(data, "train"):
        yield TOKEN.findall(f"{section.heading} {section.text}")


def train(data: Path) -> Any:  # noqa: ANN401 - fastText's model
    """FastText's continuous bag of words with character n-grams, over the training text."""
    import floret

    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text.txt"
        with text.open("w", encoding="utf-8") as lines:
            lines.writelines(" ".join(tokens) + "\n" for tokens in sentences(data) if tokens)
        return floret.train_unsupervised(
            str(text),
            model="cbow",
            mode="fasttext",
            dim=DIMENSIONS,
            bucket=300_000,
            minn=3,
            maxn=5,
            epoch=EPOCHS,
            ws=4,
            neg=10,
            minCount=RAREST,
            lr=0.05,
            thread=1,
        )


def listed() -> list[set[str]]:
    """The words on each of the lists of names; of the organisations, the municipalities' names."""
    found = []
    for name in LISTS:
        lines = (NAMES / name).read_text(encoding="utf-8").splitlines()
        first = (line.partition("\t")[0].strip(" ?!") for line in lines if line and not line.startswith("#"))
        if name == "organisations.tsv":
            first = (word.removesuffix(MUNICIPALITY) for word in first if word.endswith(MUNICIPALITY))
        found.append(set(first))
    return found


def table(model: Any) -> tuple[list[str], NDArray[np.float32]]:  # noqa: ANN401
    """The words kept and their vectors, all of one length, with a column for each list of names behind."""
    words, counts = model.get_words(include_freq=True)
    worth = {
        word: int(n) * (WORTH_OF_A_CAPITAL if word[:1].isupper() else 1) for word, n in zip(words, counts, strict=True)
    }
    lists = listed()
    names = set().union(*lists)
    kept = sorted(worth, key=lambda word: (-worth[word], word))[:WORDS_KEPT]
    kept += sorted(names - set(kept))
    matrix = np.zeros((len(kept), DIMENSIONS + len(lists)), np.float32)
    mean = np.mean([model.get_word_vector(word) for word in kept[:WORDS_KEPT]], axis=0)
    for row, word in enumerate(kept):
        # A rare name on a list has a vector by its n-grams alone.
        vector = model.get_word_vector(word) - mean
        matrix[row, :DIMENSIONS] = LENGTH * vector / max(float(np.linalg.norm(vector)), 1e-6)
        matrix[row, DIMENSIONS:] = [word in names_of_kind for names_of_kind in lists]
    return kept, matrix


def write(path: Path, words: Sequence[str], matrix: NDArray[np.float32]) -> None:
    """Write the words and their vectors as whole numbers from -127 to 127 with a scale for each dimension."""
    scale = np.abs(matrix).max(axis=0) / 127
    np.savez(path, words=np.array(words), packed=np.round(matrix / scale).astype(np.int8), scale=scale)


def make(data: Path, path: Path) -> None:
    """Train the vectors and write the table."""
    words, matrix = table(train(data))
    write(path, words, matrix)


def main() -> None:
    """Make the table alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    data_argument(parser)
    parser.add_argument("--into", type=Path, required=True, help="the .npz file to write")
    arguments = parser.parse_args()
    make(arguments.data, arguments.into)


if __name__ == "__main__":
    main()
