"""Base forms of Norwegian words, bokmål and nynorsk, from the word, its tag and the written form of the text.

A tag is a part of speech and features, «NOUN Definite=Def|Number=Sing». A word of the treebank has the lemma that it
had there; any other, a compound above all, goes the way of the words of the same tag that end most alike, if that
leads to a lemma that is known. The table is made by ``models/norwegian/train.py``.
"""

import gzip
import json
import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

WrittenForm = Literal["nb", "nn"]
WRITTEN_FORMS: tuple[WrittenForm, WrittenForm] = ("nb", "nn")
LONGEST_ENDING = 7  # letters
MOST_CANDIDATES = 5
MOST_REMEMBERED = 200_000  # words whose lemmas are remembered
LAST_LETTER = "\U0010ffff"
# Parts of speech whose words are their own lemmas, as they are written.
AS_WRITTEN = frozenset({"PROPN", "X", "SYM", "NUM", "PUNCT"})
# A word tells the written form by its log odds, from this to that.
FAINTEST_MARKER, CLEAREST_MARKER = 0.7, 5.0
GENITIVE = "Case=Gen"


class KnownWord(NamedTuple):
    """A word with its lemma: `times` is how often `word` with `tag` had `lemma` in texts of the form `form`."""

    form: WrittenForm
    word: str
    tag: str
    lemma: str
    times: int


class Edit(NamedTuple):
    """How a lemma comes from a word: so many letters go from its end, and `added` comes there instead."""

    cut: int
    added: str

    def of(self, word: str) -> str:
        """The lemma of `word`."""
        return word[: len(word) - self.cut] + self.added


def edit_between(word: str, lemma: str) -> Edit:
    """The edit that makes `lemma` of `word`.

    >>> edit_between("planene", "plan")
    Edit(cut=3, added='')
    """
    same = 0
    while same < min(len(word), len(lemma)) and word[same] == lemma[same]:
        same += 1
    return Edit(len(word) - same, lemma[same:])


class Lemmas:
    """The lemmas of the treebank, and by them those of all other words.

    Args:
        known: the words of the treebank, one row for each written form, word, tag and lemma.
    """

    def __init__(self, known: Iterable[KnownWord]) -> None:
        rows = sorted(known, key=lambda row: -row.times)
        self._by_tag: dict[tuple[WrittenForm, str, str], str] = {}
        self._by_part: dict[tuple[WrittenForm, str, str], str] = {}
        self._by_word: dict[tuple[WrittenForm, str], str] = {}
        self._lemmas: set[tuple[str, str]] = set()
        self._words_of: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for form, word, tag, lemma, _ in rows:
            part = part_of_speech(tag)
            if (form, word, tag) not in self._by_tag:
                self._by_tag[form, word, tag] = lemma
                self._words_of[tag].add((word, lemma))
            self._by_part.setdefault((form, word, part), lemma)
            if part not in AS_WRITTEN:
                self._by_word.setdefault((form, word), lemma)
            self._lemmas.add((lemma, part))
        self._markers = _markers(rows)
        self._endings: dict[str, list[tuple[str, Edit]]] = {}
        self._edits: dict[tuple[str, str], list[Edit]] = {}
        self._found: dict[tuple[str, str, WrittenForm], str] = {}

    def lemma(self, word: str, tag: str, form: WrittenForm) -> str:
        """The lemma of a word in a text of the written form `form`; of all but names in small letters."""
        key = (word, tag, form)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= MOST_REMEMBERED:
                self._found.clear()
            found = self._found[key] = self._look_up(word, tag, form)
        return found

    def _look_up(self, word: str, tag: str, form: WrittenForm) -> str:
        part = part_of_speech(tag)
        if part in AS_WRITTEN:
            return self._by_tag.get((form, word, tag)) or _nominative(word, tag)
        word = word.lower()
        other: WrittenForm = "nn" if form == "nb" else "nb"
        return (
            self._by_tag.get((form, word, tag))
            or self._by_part.get((form, word, part))
            or self._by_tag.get((other, word, tag))
            # The tagger errs more often than a known word is used in a new way.
            or self._by_word.get((form, word))
            or self._by_ending(word, tag)
        )

    def _by_ending(self, word: str, tag: str) -> str:
        """The first candidate that is a known lemma, or the first of all."""
        part = part_of_speech(tag)
        first = ""
        for number, candidate in enumerate(self._candidates(word, tag)):
            if number == MOST_CANDIDATES:
                break
            if (candidate, part) in self._lemmas:
                return candidate
            first = first or candidate
        return first or word

    def _candidates(self, word: str, tag: str) -> Iterator[str]:
        """Lemmas of a word by the words that end alike, the longest common ending first, the commonest edit first."""
        backwards = word[::-1]
        given: set[str] = set()
        for length in range(min(LONGEST_ENDING, len(word)), -1, -1):
            for edit in self._edits_after(backwards[:length], tag):
                candidate = edit.of(word)
                if candidate and edit.cut <= len(word) and candidate not in given:
                    given.add(candidate)
                    yield candidate

    def _edits_after(self, ending: str, tag: str) -> Sequence[Edit]:
        """The edits of the words of a tag that have an ending, given backwards; the commonest first."""
        edits = self._edits.get((ending, tag))
        if edits is None:
            words = self._words_from_the_end(tag)
            alike = words[bisect_left(words, (ending,)) : bisect_right(words, (ending + LAST_LETTER,))]
            if not alike:
                return ()
            edits = [edit for edit, _ in Counter(edit for _, edit in alike).most_common()]
            self._edits[ending, tag] = edits
        return edits

    def _words_from_the_end(self, tag: str) -> list[tuple[str, Edit]]:
        """The words of a tag read backwards, in order, so that those that end alike are neighbours."""
        if tag not in self._endings:
            words = self._words_of.get(tag, ())
            self._endings[tag] = sorted((word[::-1], edit_between(word, lemma)) for word, lemma in words)
        return self._endings[tag]

    def written_form(self, words: Iterable[str], default: WrittenForm = "nb") -> WrittenForm:
        """Bokmål or nynorsk, by the words that are commoner in the one than in the other."""
        leaning = sum(self._markers.get(word.lower(), 0.0) for word in words)
        return "nb" if leaning > 0 else "nn" if leaning < 0 else default


def part_of_speech(tag: str) -> str:
    """The part of speech of a tag.

    >>> part_of_speech("NOUN Definite=Def|Number=Sing")
    'NOUN'
    """
    return tag.partition(" ")[0]


def _nominative(word: str, tag: str) -> str:
    """A name without the ending of the genitive: «Norges», «NRKs», «Hans'»."""
    if GENITIVE not in tag:
        return word
    return word.rstrip("'’") if word.endswith(("'", "’")) else word.removesuffix("s").rstrip("'’")


def _markers(rows: Sequence[KnownWord]) -> dict[str, float]:
    """Word -> logarithm of the odds that the text is bokmål, where the treebank tells."""
    counts = {form: Counter[str]() for form in WRITTEN_FORMS}
    for row in rows:
        if part_of_speech(row.tag) not in AS_WRITTEN:
            counts[row.form][row.word] += row.times
    nb, nn = counts["nb"], counts["nn"]
    total_nb, total_nn = nb.total() + 1, nn.total() + 1
    odds = {}
    for word in nb.keys() | nn.keys():
        odd = math.log((nb[word] + 0.5) / total_nb) - math.log((nn[word] + 0.5) / total_nn)
        if abs(odd) > FAINTEST_MARKER:
            odds[word] = max(-CLEAREST_MARKER, min(CLEAREST_MARKER, odd))
    return odds


def pack_lemmas(known: Sequence[KnownWord]) -> bytes:
    """The words as compressed JSON: the tags; and for each written form word, number of the tag, lemma, count."""
    tags = sorted({row.tag for row in known})
    number = {tag: index for index, tag in enumerate(tags)}
    rows = {
        form: [[row.word, number[row.tag], row.lemma, row.times] for row in sorted(known) if row.form == form]
        for form in WRITTEN_FORMS
    }
    text = json.dumps({"tags": tags, **rows}, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)


def unpack_lemmas(packed: bytes) -> Lemmas:
    """The lemmas from what `pack_lemmas` made."""
    tables = json.loads(gzip.decompress(packed))
    tags = tables["tags"]
    return Lemmas(
        KnownWord(form, word, tags[tag], lemma, count)
        for form in WRITTEN_FORMS
        for word, tag, lemma, count in tables[form]
    )
