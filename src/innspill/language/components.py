"""What the pipeline in ``models/norwegian`` is made of beyond spaCy's own: vectors of one byte a number, and lemmas.

spaCy finds both by their registered names; importing this module registers them. It imports spaCy, and so is itself
imported only where a pipeline is loaded.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import MORPH, POS
from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vectors import BaseVectors

from innspill.language.lemmas import Lemmas, pack_lemmas, unpack_lemmas

VECTORS_FILE = "word_vectors.safetensors"
LEMMAS_FILE = "lemmas.json.gz"
SHORTEST_HEAD = 4  # letters that the last part of an unknown word must have to stand for the word
MOST_REMEMBERED = 200_000  # unknown words whose place in the table is remembered
# Where a text's written form is known, it stands under this name in the document's user data.
WRITTEN_FORM = "written_form"

Int8Matrix = NDArray[np.int8]
FloatMatrix = NDArray[np.float32]


class PackedVectors(BaseVectors):  # type: ignore[misc]
    """Word vectors kept as whole numbers from -127 to 127, with one scale a dimension.

    A word that is not in the table takes the vector of the word without the s of the genitive, of its small letters,
    or of the longest word that it ends in: a compound is a kind of what its last part names. All others have zeros.
    """

    def __init__(self, *, strings: Any = None) -> None:  # noqa: ANN401 - spaCy's StringStore
        self.strings = strings
        self.name = "word_vectors"
        self.set(np.zeros(0, np.uint64), np.zeros((0, 0), np.int8), np.zeros(0, np.float32))

    def set(self, keys: NDArray[np.uint64], packed: Int8Matrix, scale: NDArray[np.float32]) -> None:
        """Fill the table: the words' hashes, [words x dimensions] numbers, [dimensions] scales."""
        self._keys, self._packed, self._scale = keys, packed, scale
        # The last row is that of words without a vector.
        table = np.zeros((packed.shape[0] + 1, packed.shape[1]), np.float32)
        table[:-1] = packed * scale
        self._table: FloatMatrix = table
        self._row_of = {int(key): row for row, key in enumerate(keys)}
        self._remembered: dict[int, int] = {}

    def get_batch(self, keys: Iterable[int]) -> FloatMatrix:
        """The vectors of words, given by their hashes: [words x dimensions]."""
        known, remembered = self._row_of, self._remembered
        rows = []
        for key in map(int, keys):
            row = known.get(key, -1)
            if row < 0:
                row = remembered.get(key, -1)
                if row < 0:
                    row = self._row_of_unknown(key)
            rows.append(row)
        vectors: FloatMatrix = self._table[rows]
        return vectors

    def _row_of_unknown(self, key: int) -> int:
        word = self.strings[key]
        row = next((self._row_of[k] for k in map(get_string_id, _stand_ins(word)) if k in self._row_of), None)
        if row is None:
            row = len(self._keys)
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = row
        return row

    def __getitem__(self, key: int | str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.get_batch([get_string_id(key)])[0]
        return vector

    def __contains__(self, key: int | str) -> bool:
        return get_string_id(key) in self._row_of

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def shape(self) -> tuple[int, int]:
        """Words, dimensions."""
        return self._packed.shape[0], self._packed.shape[1]

    @property
    def vectors_length(self) -> int:
        """The number of dimensions."""
        return self.shape[1]

    @property
    def size(self) -> int:
        """The numbers in the table."""
        return int(self._packed.size)

    @property
    def n_keys(self) -> int:
        """The number of words, as spaCy asks for it."""
        return len(self._keys)

    @property
    def mode(self) -> str:
        """What spaCy writes into the description of the pipeline."""
        return "packed"

    @property
    def is_full(self) -> bool:
        """That no word can be added."""
        return True

    def to_disk(self, path: str | Path, **_: Any) -> None:  # noqa: ANN401 - spaCy's options
        """Write plain arrays into the folder of the vocabulary."""
        from safetensors.numpy import save

        arrays: dict[str, NDArray[Any]] = {"keys": self._keys, "packed": self._packed, "scale": self._scale}
        (Path(path) / VECTORS_FILE).write_bytes(save(arrays))

    def from_disk(self, path: str | Path, **_: Any) -> Self:  # noqa: ANN401
        """Read what `to_disk` wrote."""
        from safetensors.numpy import load_file

        arrays = load_file(Path(path) / VECTORS_FILE)
        self.set(arrays["keys"], arrays["packed"], arrays["scale"])
        return self


def _stand_ins(word: str) -> list[str]:
    """What may stand for an unknown word, the best first."""
    small = word.lower()
    heads = [small[start:] for start in range(1, len(small) - SHORTEST_HEAD + 1)]
    return [word.removesuffix("s"), small, small.capitalize(), *heads]


@registry.vectors("innspill.PackedVectors.v1")  # type: ignore[untyped-decorator]
def packed_vectors() -> Callable[[Any], PackedVectors]:
    """Make the empty table of a new vocabulary."""

    def create(vocab: Any) -> PackedVectors:  # noqa: ANN401 - spaCy's Vocab
        return PackedVectors(strings=vocab.strings)

    return create


class Lemmatizer:
    """Gives each token its lemma by the tags that the morphologizer gave it.

    The written form of a text is told from its words, unless its user data says «nb» or «nn» under `WRITTEN_FORM`.
    """

    def __init__(self) -> None:
        self.set(pack_lemmas([]))

    def set(self, packed: bytes) -> None:
        """Use the table that `innspill.language.lemmas.pack_lemmas` made."""
        self._packed = packed
        self.lemmas: Lemmas = unpack_lemmas(packed)

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemmas of a text."""
        form = doc.user_data.get(WRITTEN_FORM) or self.lemmas.written_form(token.text for token in doc)
        tags: dict[tuple[int, int], str] = {}
        for token, part, features in zip(doc, *doc.to_array([POS, MORPH]).T.tolist(), strict=True):
            tag = tags.get((part, features))
            if tag is None:
                tag = tags[part, features] = f"{token.pos_} {token.morph}".strip()
            token.lemma_ = self.lemmas.lemma(token.text, tag, form)
        return doc

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:  # noqa: ARG002 - spaCy's
        """Write the table of lemmas."""
        Path(path).mkdir(exist_ok=True)
        (Path(path) / LEMMAS_FILE).write_bytes(self._packed)

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> Self:  # noqa: ARG002
        """Read the table of lemmas."""
        self.set((Path(path) / LEMMAS_FILE).read_bytes())
        return self


@Language.factory("innspill_lemmatizer", assigns=["token.lemma"], requires=["token.pos", "token.morph"])  # type: ignore[untyped-decorator]
def make_lemmatizer(nlp: Language, name: str) -> Lemmatizer:  # noqa: ARG001 - spaCy gives both
    """Make a lemmatiser without words; it reads its table from the pipeline's folder."""
    return Lemmatizer()
