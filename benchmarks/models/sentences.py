"""Sentence boundaries against Universal Dependencies, beside splitters that need no model.

A set's sentences are joined by blanks in the order of the file, headlines without a full stop and dialogue with them;
a boundary is the offset at which a sentence ends, the last one too, and F1 is taken over these offsets. The rules that
this package had first, over spaCy's tokens, gave 0.954 for bokmål and 0.918 for nynorsk on the test sets, 0.957 and
0.921 on the development sets. pysbd (Danish) is left out: 0.882 and 0.911 on the development sets, in minutes.

Nearly all that is still missed are headlines without a mark, run together with their text by the joining. Logistic
regression over the words and shapes around each blank before a capital letter, trained on NDT, finds more of them
(0.978 and 0.971 on the development sets with the rules, 0.975 and 0.950 without it). It was left out: in mails and
reports a headline has a line of its own, and 80,000 weights from newspapers would split sentences at the names in them.
"""

import re
import time
from collections.abc import Callable, Iterable
from itertools import accumulate
from pathlib import Path
from typing import Literal, NamedTuple

from benchmarks.models.table import Row
from innspill.language.sentences import find_sentences
from models.texts import Part, TreebankSentence, universal_dependencies

BARS: dict[Literal["nb", "nn"], float] = {"nb": 0.960, "nn": 0.930}
NAMES = {"nb": "bokmål", "nn": "nynorsk"}
# A mark and white space before anything but a small letter.
PLAIN = re.compile(r"[.!?…][»”\"')]*(?=\s+[^\sa-zæøå])|\S(?=\s*\Z)")
# A splitter takes a text and gives the offsets at which its sentences end.
Splitter = Callable[[str], set[int]]
ROUNDS = 3


class Joined(NamedTuple):
    """A treebank's sentences as one text, and the offsets at which they end."""

    text: str
    ends: frozenset[int]


def rows(data: Path, part: Part) -> list[Row]:
    """F1 of the boundaries for both written forms, and the speed."""
    splitters = _splitters()
    found = []
    texts = []
    for form, bar in BARS.items():
        sentences = universal_dependencies(data, form, "dev" if part == "dev" else "test")
        joined = join(sentences)
        texts.append(joined.text)
        figures = {name: boundary_f1(joined.ends, split(joined.text)) for name, split in splitters.items()}
        size = f"UD {NAMES[form]} {part}, {len(sentences):,} sentences"
        found.append(Row(f"sentence boundaries, {NAMES[form]}", size, "F1", figures, bar))
    text = " ".join(texts)
    speeds = {
        name: words_per_second(split, text) for name, split in splitters.items() if name in ("ours", "sentencizer")
    }
    found.append(Row("sentence boundaries, speed", f"{len(text.split()):,} words, one core", "words/s", speeds))
    return found


def join(sentences: Iterable[TreebankSentence]) -> Joined:
    """The sentences with one blank between them."""
    texts = [sentence.text for sentence in sentences]
    ends = accumulate((len(text) + 1 for text in texts), initial=-1)
    return Joined(" ".join(texts), frozenset(end for end in ends if end >= 0))


def boundary_f1(known: Iterable[int], found: Iterable[int]) -> float:
    """The harmonic mean of precision and recall of offsets; 0 where neither has any."""
    known, found = set(known), set(found)
    return 2 * len(known & found) / max(len(known) + len(found), 1)


def words_per_second(split: Splitter, text: str) -> float:
    """Words a second of the quickest of a few rounds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        split(text)
        seconds.append(time.perf_counter() - start)
    return len(text.split()) / min(seconds)


def _splitters() -> dict[str, Splitter]:
    """Ours and the baselines."""
    return {
        "ours": lambda text: {span.end for span in find_sentences(text)},
        "marks and capitals": lambda text: {match.end() for match in PLAIN.finditer(text)},
        "sentencizer": _sentencizer(),
    }


def _sentencizer() -> Splitter:
    """The splitter of spaCy by marks, over its Norwegian tokens."""
    import spacy

    nlp = spacy.blank("nb")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 10**9
    return lambda text: {sentence.end_char for sentence in nlp(text).sents}
