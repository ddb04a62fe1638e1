"""Sentences that are nearly another one and say something else: what a search by meaning must not fall for.

Four kinds, made from a sentence without any model: a content word exchanged for another that is about as frequent and
ends alike, a content word left out, a negation put in or taken out, a number changed. The draw is seeded by the
sentence, so each machine makes the same ones.
"""

import random
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["word exchanged", "word left out", "negation", "number changed"]
KINDS: tuple[Kind, ...] = ("word exchanged", "word left out", "negation", "number changed")

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
NUMBER = re.compile(r"\d+")
NEGATION = re.compile(r"\s+(?:ikke|ikkje)\b", re.IGNORECASE)
FINITE_VERB = re.compile(
    r"\b(?:er|var|har|hadde|kan|kunne|skal|skulle|vil|ville|må|måtte|bør|burde|blir|ble|får|fikk|sier|mener|viser)\b"
)
# Words that are shorter, or among so many of the commonest, carry grammar rather than content.
MIN_LETTERS, N_COMMONEST = 5, 200
# Letters that the word and the one in its stead have in common at the end, and how far their counts may be apart.
N_ENDING, MAX_RATIO = 2, 2.0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How often words occur in a corpus, and which of them may stand in for another."""

    counts: Mapping[str, int]
    commonest: frozenset[str]
    by_ending: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, sentences: Iterable[str]) -> "Lexicon":
        """Count the words of a corpus; only those written small may stand in for another."""
        counts: dict[str, int] = defaultdict(int)
        for sentence in sentences:
            for match in WORD.finditer(sentence):
                counts[match[0]] += 1
        commonest = frozenset(sorted(counts, key=lambda word: (-counts[word], word))[:N_COMMONEST])
        by_ending: dict[str, list[str]] = defaultdict(list)
        for word in sorted(counts):
            if len(word) >= MIN_LETTERS and word.islower() and word not in commonest:
                by_ending[word[-N_ENDING:]].append(word)
        return cls(dict(counts), commonest, dict(by_ending))

    def carries_content(self, word: str) -> bool:
        """Whether a word is long and rare enough to carry content."""
        return len(word) >= MIN_LETTERS and word.lower() not in self.commonest

    def stand_ins(self, word: str) -> list[str]:
        """Other words that end alike and are about as frequent, in alphabetical order."""
        count = max(self.counts.get(word.lower(), 0), 1)
        return [
            other
            for other in self.by_ending.get(word.lower()[-N_ENDING:], ())
            if other != word.lower() and 1 / MAX_RATIO <= self.counts[other] / count <= MAX_RATIO
        ]


def distractors(sentence: str, lexicon: Lexicon, kinds: Collection[Kind] = KINDS) -> tuple[str, ...]:
    """The distractors of a sentence, at most one of each kind, none of them the sentence itself."""
    generator = random.Random(sentence)
    made: dict[Kind, str] = {
        "word exchanged": _exchanged(sentence, lexicon, generator),
        "word left out": _shortened(sentence, lexicon, generator),
        "negation": _negated(sentence),
        "number changed": _renumbered(sentence, generator),
    }
    return tuple(dict.fromkeys(made[kind] for kind in kinds if made[kind] and made[kind] != sentence))


def _content_words(sentence: str, lexicon: Lexicon) -> list[re.Match[str]]:
    return [match for match in WORD.finditer(sentence) if lexicon.carries_content(match[0])]


def _exchanged(sentence: str, lexicon: Lexicon, generator: random.Random) -> str:
    """The sentence with one content word exchanged; empty where no word has a stand-in."""
    words = _content_words(sentence, lexicon)
    for match in generator.sample(words, len(words)):
        others = [word for word in lexicon.stand_ins(match[0]) if word not in sentence.lower()]
        if others:
            other = generator.choice(others)
            other = other.capitalize() if match[0][0].isupper() else other
            return sentence[: match.start()] + other + sentence[match.end() :]
    return ""


def _shortened(sentence: str, lexicon: Lexicon, generator: random.Random) -> str:
    """The sentence without one of its content words; empty where it has but one."""
    words = _content_words(sentence, lexicon)
    if len(words) < 2:
        return ""
    match = generator.choice(words)
    return " ".join((sentence[: match.start()] + sentence[match.end() :]).split())


def _negated(sentence: str) -> str:
    """The sentence without its first negation, or with one after its first finite verb; empty where none is known."""
    if NEGATION.search(sentence):
        return NEGATION.sub("", sentence, count=1)
    verb = FINITE_VERB.search(sentence)
    return f"{sentence[: verb.end()]} ikke{sentence[verb.end() :]}" if verb else ""


def _renumbered(sentence: str, generator: random.Random) -> str:
    """The sentence with one number changed for another of as many digits; empty where it has none."""
    numbers = list(NUMBER.finditer(sentence))
    if not numbers:
        return ""
    match = generator.choice(numbers)
    n_digits = len(match[0])
    lowest = 10 ** (n_digits - 1) if n_digits > 1 else 0
    other = match[0]
    while other == match[0]:
        other = str(generator.randrange(lowest, 10**n_digits))
    return sentence[: match.start()] + other + sentence[match.end() :]
