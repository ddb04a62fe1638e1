"""Which language a text is in: bokmål, nynorsk, English, Swedish, Danish or Northern Sámi.

A linear classifier over each word's character n-grams, hashed: every word adds its scores, so that a text is in the
language that most of it is in. What is no language is left out: addresses, numbers, quotations, names.
"""

import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from innspill.derived import without_long_runs
from innspill.errors import ModelError
from innspill.language.cards import verified
from innspill.language.vectors import FloatArray

WEIGHTS = "weights.safetensors"
LANGUAGES = ("nb", "nn", "en", "sv", "da", "se")
NORWEGIAN = frozenset({"nb", "nn"})
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Addresses of the web and of mail, file names, and lines quoted from another mail.
ADDRESS = re.compile(
    r"\b(?:https?://|www\.)\S+|\S+@\S+|\b\w+(?:\.\w+)*\.(?:no|com|org|net|example|pdf|docx?|xlsx?)\b\S*"
)
QUOTED_LINE = re.compile(r"(?m)^[ \t]*>.*$")
QUOTATION = re.compile(r"«[^«»]{2,}»|“[^“”]{2,}”|„[^„“”]{2,}[“”]|\"[^\"\n]{2,}\"")
SENTENCE_START = re.compile(r"(?:^\W*|[.!?:;•–—\n|(«“\"]|\s-)\s*\Z")
# A word's n-grams are read with its edges marked; the whole word is one of them.
NGRAM_LENGTHS = (1, 2, 3, 4, 5)
MAX_WORD, MAX_READ, MAX_REMEMBERED = 40, 20_000, 50_000
# «OK» and «ja» are in any language.
LEAST_LETTERS = 3
# Least share, of the two forms of Norwegian, at which a text is in the one that is not the default. Bokmål is the
# default of a message too, about which nothing is known yet; nynorsk only of a comment in a message in nynorsk.
LEAST_FORM = {"nb": 0.7, "nn": 0.6}
# Least probability of a language other than Norwegian, or of leaving such a one.
LEAST_OTHER = 0.6


class LanguageIdentifier:
    """Tells the six languages apart.

    Args:
        weights: Score of each hashed n-gram for each language, shape (n_buckets, n_languages), as small integers.
        scales: What one step of these integers is worth, by language.
        intercepts: Score of each language before a word is read.
    """

    def __init__(self, weights: NDArray[np.int8], scales: FloatArray, intercepts: FloatArray) -> None:
        self._weights, self._scales, self._intercepts = weights, scales, intercepts
        self._remembered: dict[str, tuple[FloatArray, int]] = {}

    def identify(self, text: str, *, default: str = "nb") -> str:
        """The language of a text; `default` where it is too short to tell, or undecided."""
        words = words_of(text)
        if sum(map(len, words)) < LEAST_LETTERS:
            return default
        shares = dict(zip(LANGUAGES, self._shares(words), strict=True))
        best = max(shares, key=shares.__getitem__)
        if best not in NORWEGIAN and best != default and shares[best] < LEAST_OTHER:
            best = "nb" if shares["nb"] >= shares["nn"] else "nn"
        if best in NORWEGIAN and default in NORWEGIAN:
            sure = shares[best] >= LEAST_FORM[best] * (shares["nb"] + shares["nn"])
        else:
            # What is Norwegian may be in either form of it.
            sure = (shares["nb"] + shares["nn"] if best in NORWEGIAN else shares[best]) >= LEAST_OTHER
        return best if sure else default

    def probabilities(self, texts: Sequence[str]) -> FloatArray:
        """Softmax probabilities in the order of `LANGUAGES`, shape (n_texts, n_languages)."""
        return np.array([self._shares(words_of(text)) for text in texts], dtype=np.float64).reshape(-1, len(LANGUAGES))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What it is made of, by name, as `load_identifier` reads it."""
        return {"weights": self._weights, "scales": self._scales, "intercepts": self._intercepts}

    def _shares(self, words: Sequence[str]) -> FloatArray:
        scored = [self._score(word) for word in words]
        n_ngrams = sum(n for _, n in scored)
        total = np.sum([score for score, _ in scored], axis=0) / np.sqrt(n_ngrams) if scored else 0.0
        scores = total + self._intercepts
        exponents = np.exp(scores - scores.max())
        return np.asarray(exponents / exponents.sum(), dtype=np.float64)

    def _score(self, word: str) -> tuple[FloatArray, int]:
        """Scores of a word by language, and the number of its n-grams."""
        if word not in self._remembered:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            buckets = hashed_ngrams(word, len(self._weights))
            summed = self._weights[buckets].sum(axis=0, dtype=np.int32)
            self._remembered[word] = summed * self._scales, len(buckets)
        return self._remembered[word]


def load_identifier(folder: Path) -> LanguageIdentifier:
    """Load an identifier from its folder, after holding its files against their checksums.

    Raises:
        ModelError: a file is missing, is not the one that the card describes, or is no such model.
    """
    from safetensors.numpy import load_file

    try:
        arrays = load_file(verified(folder) / WEIGHTS)
        return LanguageIdentifier(arrays["weights"], arrays["scales"], arrays["intercepts"])
    except (OSError, KeyError) as error:
        raise ModelError(
            f"The model in {folder} tells no languages apart: it has no {WEIGHTS} with weights, scales and intercepts. "
            "Name another in consultation.toml, or leave 'languages' out."
        ) from error


def words_of(text: str) -> list[str]:
    """The words of a text that tell its language, in small letters.

    Quotations are left out unless there is nothing else; so are words with a capital inside a sentence, which are
    names, unless the text is all in capitals.

    >>> words_of("Vi i Östersunds kommun mener «all is well», jf. https://kommune.example/12")
    ['vi', 'i', 'kommun', 'mener', 'jf']
    """
    text = ADDRESS.sub(" ", QUOTED_LINE.sub(" ", without_long_runs(text[:MAX_READ])))
    outside = QUOTATION.sub(" ", text)
    text = outside if WORD.search(outside) else text
    words = list(WORD.finditer(text))
    if sum(word.group().isupper() for word in words) * 2 > len(words):
        return [word.group().lower() for word in words]
    kept = [word for word in words if word.group().islower() or _starts_a_sentence(text, word.start())]
    return [word.group().lower() for word in kept or words]


def hashed_ngrams(word: str, n_buckets: int) -> list[int]:
    """The buckets of a word's n-grams, the same on every machine.

    >>> hashed_ngrams("å", 1000) == hashed_ngrams("å", 1000)
    True
    """
    marked = f"<{word[:MAX_WORD]}>"
    ngrams = [marked[i : i + n] for n in NGRAM_LENGTHS for i in range(len(marked) - n + 1)]
    if len(marked) > NGRAM_LENGTHS[-1]:
        ngrams.append(marked)
    return [zlib.crc32(ngram.encode()) % n_buckets for ngram in ngrams]


def _starts_a_sentence(text: str, start: int) -> bool:
    return SENTENCE_START.search(text[max(start - 12, 0) : start]) is not None
