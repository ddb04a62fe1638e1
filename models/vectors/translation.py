"""Nynorsk made from bokmål by apertium's rules, sentence by sentence and word by word.

Needs ``apertium`` and ``apertium-nno-nob`` (Debian packages of these names). Both results are kept in a work folder,
and are not made again while they lie there: twenty thousand sentences take about twenty minutes on one core.
"""

import json
import random
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from models import texts

SENTENCES, WORDS = "translated.jsonl", "words.json"
N_SENTENCES, N_WORDS = 24_000, 50_000
N_IN_A_CHUNK = 500
SENTENCE_WORDS = range(6, 31)
DIRECTION = "nob-nno_e"  # infinitives in -e, the commoner of the two
# Signs that mean something to apertium; a sentence that holds one is left out, which is simpler than escaping.
SIGNS = set("[]{}^$@\\/<>*#+~_|")
UNKNOWN = re.compile(r"[*@#]")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ«–])")
WORD = re.compile(r"[a-zæøåéèêòôóüöä]+")
TOKEN = re.compile(r"\w+|[^\w\s]")
# A word's translation in sentence pairs is believed when it is seen so often, and in so much of the cases.
MIN_SEEN, MIN_SHARE = 3, 0.6
# Sentences of equal length are aligned word by word when so much of them is the same.
MIN_SAME = 0.3
# Words of nynorsk that bokmål doesn't have.
SURE_NYNORSK = re.compile(r"\b(?:ikkje|eit|frå|korleis|kva|noko|vere|vert)\b", re.I)


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph, roughly."""
    return SENTENCE_END.split(paragraph)


def bokmaal_sentences(data: Path) -> list[str]:
    """Sentences of public-sector documents and, a quarter, of laws; a random choice that is always the same."""
    from_documents = (p for document in texts.documents(data, "train") for p in document.paragraphs)
    from_laws = (section.text for section in texts.law_sections(data, "train"))
    choice = random.Random(1)
    chosen = []
    for paragraphs, share in ((from_documents, 0.75), (from_laws, 0.25)):
        usable = sorted({s.strip() for p in paragraphs for s in sentences(p) if _is_usable(s)})
        chosen += choice.sample(usable, int(share * N_SENTENCES))
    choice.shuffle(chosen)
    return chosen


def translate_sentences(data: Path, work: Path) -> list[texts.Pair]:
    """Pairs of a bokmål sentence and its translation, where apertium knew every word."""
    work.mkdir(parents=True, exist_ok=True)
    path = work / SENTENCES
    done = _read_pairs(path)
    todo = bokmaal_sentences(data)[len(done) :]
    with path.open("a", encoding="utf-8") as out:
        for chunk in _chunks(todo, N_IN_A_CHUNK):
            pairs = [texts.Pair(nb, nn) for nb, nn in zip(chunk, apertium(chunk), strict=True)]
            out.writelines(json.dumps(pair._asdict(), ensure_ascii=False) + "\n" for pair in pairs)
            out.flush()
            done += pairs
    return [pair for pair in done if not UNKNOWN.search(pair.nn)]


class WordMap:
    """Puts bokmål into nynorsk word by word, in lower case: rough, but quick."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = dict(words)

    def __call__(self, text: str) -> str:
        """`text` in nynorsk; words that aren't known stay."""
        return WORD.sub(lambda found: self.words.get(found[0], found[0]), text.lower())


def word_map(paragraphs: Iterable[str], pairs: Iterable[texts.Pair], work: Path) -> WordMap:
    """Words as sentence pairs translate them, and where these don't tell, as apertium does."""
    return WordMap(translate_words(word_frequencies(paragraphs), work) | aligned_words(pairs))


def aligned_words(pairs: Iterable[texts.Pair]) -> dict[str, str]:
    """Bokmål word -> nynorsk word, from sentences of equal length: the written forms share their word order."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        nb, nn = TOKEN.findall(pair.nb.lower()), TOKEN.findall(pair.nn.lower())
        if len(nb) == len(nn) and sum(map(str.__eq__, nb, nn)) >= MIN_SAME * len(nb):
            for word, translation in zip(nb, nn, strict=True):
                seen[word][translation] += 1
    commonest = {word: found.most_common(1)[0] for word, found in seen.items() if WORD.fullmatch(word)}
    return {
        word: translation
        for word, (translation, n_seen) in commonest.items()
        if n_seen >= max(MIN_SEEN, MIN_SHARE * seen[word].total())
    }


def translate_words(frequencies: Counter[str], work: Path) -> dict[str, str]:
    """Bokmål word -> nynorsk word, for the commonest words whose one-word translation differs from them."""
    work.mkdir(parents=True, exist_ok=True)
    path = work / WORDS
    if not path.exists():
        words = sorted(word for word, _ in frequencies.most_common(N_WORDS) if WORD.fullmatch(word))
        # A full stop ends the stretch that apertium's grammar looks at; without it the time is quadratic.
        translated = [nn for chunk in _chunks(words, 5_000) for nn in apertium([f"{word}." for word in chunk])]
        found = {
            nb: nn.lower()
            for nb, nn in zip(words, translated, strict=True)
            if nn.lower() != nb and WORD.fullmatch(nn.lower())
        }
        path.write_text(json.dumps(found, ensure_ascii=False, indent=0), encoding="utf-8")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def apertium(lines: Sequence[str]) -> list[str]:
    """Translations of the lines; an unknown word has an asterisk before it."""
    command = ["apertium", "-f", "line", DIRECTION]
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\n").split("\n")


def word_frequencies(paragraphs: Iterable[str]) -> Counter[str]:
    """How often each word in lower case occurs."""
    counts: Counter[str] = Counter()
    for paragraph in paragraphs:
        counts.update(WORD.findall(paragraph.lower()))
    return counts


def _chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _read_pairs(path: Path) -> list[texts.Pair]:
    return [texts.Pair(**json.loads(line)) for line in _lines(path)]


def _lines(path: Path) -> Iterator[str]:
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            yield from lines


def _is_usable(sentence: str) -> bool:
    words = sentence.split()
    return (
        len(words) in SENTENCE_WORDS
        and sentence[0].isupper()
        and sentence[-1] in ".?!"
        and not SIGNS & set(sentence)
        and not SURE_NYNORSK.search(sentence)
    )
