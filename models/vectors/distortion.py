"""Sentences that are nearly another one and say something else."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

WORD, NUMBER = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
NEGATION = re.compile(r"\s+ikke\b")
FINITE_VERB = re.compile(
    r"\b(?:er|var|har|hadde|kan|kunne|skal|skulle|vil|ville|må|måtte|bør|burde|blir|ble|får|fikk)\b"
)
MIN_LETTERS, N_COMMONEST, N_ENDING = 5, 200, 2
# How often a word is exchanged, left out, a negation put in or taken out, a number changed.
KINDS = ("exchange",) * 3 + ("leave out",) * 3 + ("negate", "renumber")


class Distortion:
    """Changes one thing in a sentence: a content word, a negation or a number."""

    def __init__(self, sentences: Iterable[str]) -> None:
        counts = Counter(word for sentence in sentences for word in WORD.findall(sentence))
        self._commonest = {word for word, _ in counts.most_common(N_COMMONEST)}
        self._alike: dict[str, list[str]] = defaultdict(list)
        for word in sorted(counts):
            if len(word) >= MIN_LETTERS and word.islower() and word not in self._commonest:
                self._alike[word[-N_ENDING:]].append(word)

    def __call__(self, sentence: str, choice: random.Random) -> str:
        """The sentence with one change, of a kind drawn by chance among those that it allows."""
        kind = choice.choice(KINDS)
        numbers = list(NUMBER.finditer(sentence))
        content = [
            m for m in WORD.finditer(sentence) if len(m[0]) >= MIN_LETTERS and m[0].lower() not in self._commonest
        ]
        if kind == "renumber" and numbers:
            return _put(sentence, drawn := choice.choice(numbers), _other_number(drawn[0], choice))
        if kind == "negate" and (negated := _negated(sentence)):
            return negated
        if kind == "leave out" and len(content) > 1:
            return _put(sentence, choice.choice(content), "")
        if content:
            drawn = choice.choice(content)
            return _put(sentence, drawn, self._other_word(drawn[0], choice))
        return f"{sentence} {self._other_word('en', choice)}"

    def _other_word(self, word: str, choice: random.Random) -> str:
        """A word with the same ending, where there is one."""
        alike = self._alike.get(word.lower()[-N_ENDING:]) or next(iter(self._alike.values()))
        return choice.choice(alike)


def _put(sentence: str, place: re.Match[str], word: str) -> str:
    return " ".join((sentence[: place.start()] + word + sentence[place.end() :]).split())


def _negated(sentence: str) -> str:
    if NEGATION.search(sentence):
        return NEGATION.sub("", sentence, count=1)
    verb = FINITE_VERB.search(sentence)
    return f"{sentence[: verb.end()]} ikke{sentence[verb.end() :]}" if verb else ""


def _other_number(number: str, choice: random.Random) -> str:
    """Another number of as many digits."""
    return "".join(choice.choice([digit for digit in "123456789" if digit != found]) for found in number)
