"""Bokmål and nynorsk brought to one written form, for likeness only.

Character n-grams of «sakshandsamingstida» and «saksbehandlingstiden» share little, though the words are the same. A
table kept by hand (`data/written_forms.tsv`) says what answers to what: nynorsk to the left, bokmål to the right, and
where in a word it holds. Bokmål that is written as most of the public sector writes it stays as it is. The folded text
is never shown, and its offsets are not those of the text.

A word that the table holds whole is replaced whole. In any other word the stems are replaced, from left to right and
the longest at each place, and then the longest ending. What comes out is folded again, until nothing changes. A row
with the same on both sides keeps a form as it is: «svar» is no plural in «-ar».
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import NamedTuple

# Words, and what is between them.
PIECE = re.compile(r"[^\W\d_]++|[\W\d_]++")
# Longer ones are no words, and are left alone: the time is linear, and what is remembered stays small.
LONGEST = 60
# What one row makes another may go on with; a few rounds are enough, since hardly any does.
ROUNDS = 8
REMEMBERED = 1 << 17


class _Forms(NamedTuple):
    """The table, ready to be asked: each mapping is from a nynorsk form to a bokmål one.

    Attributes:
        words: Whole words.
        stems: Stems that a word begins with, and those that it may hold anywhere.
        pattern: Finds the stems: the longest at a word's beginning, or of those that may stand anywhere.
        endings: Last letters of words, and last members of compounds.
        longest_ending: Letters in the longest of the endings.
    """

    words: Mapping[str, str]
    stems: Mapping[str, str]
    pattern: re.Pattern[str]
    endings: Mapping[str, str]
    longest_ending: int


def fold_written_forms(text: str) -> str:
    """`text` in small letters with nynorsk words, and variants within bokmål, in one form near bokmål.

    For comparing only. What is folded is not folded further: ``fold(fold(text)) == fold(text)``.

    >>> fold_written_forms("Sakshandsamingstida i heimesjukehus")
    'saksbehandlingstiden i hjemmesykehus'
    >>> fold_written_forms("Saksbehandlingstiden i hjemmesykehus")
    'saksbehandlingstiden i hjemmesykehus'
    """
    pieces = PIECE.findall(text.lower())
    return "".join([_folded(piece) if len(piece) <= LONGEST else piece for piece in pieces])


@lru_cache(maxsize=REMEMBERED)
def _folded(word: str) -> str:
    """A word of small letters folded until nothing changes, or what is between words as it is."""
    for _ in range(ROUNDS):
        before, word = word, _folded_once(word)
        if word == before:
            break
    return word


def _folded_once(word: str) -> str:
    """One round: the whole word, or else its stems and its ending."""
    forms = _forms()
    whole = forms.words.get(word)
    if whole is not None:
        return whole
    word = forms.pattern.sub(lambda match: forms.stems[match[0]], word)
    for n_letters in range(min(forms.longest_ending, len(word)), 0, -1):
        ending = forms.endings.get(word[-n_letters:])
        if ending is not None:
            return word[:-n_letters] + ending
    return word


@cache
def _forms() -> _Forms:
    """The table, read once."""
    by_place: dict[str, dict[str, str]] = {"word": {}, "start": {}, "anywhere": {}, "ending": {}}
    lines = files("innspill").joinpath("data/written_forms.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        nynorsk, bokmål, where = line.split("\t")
        by_place[where][nynorsk] = bokmål
    stems = by_place["anywhere"] | by_place["start"]
    return _Forms(
        words=by_place["word"],
        stems=stems,
        pattern=re.compile(rf"\A(?:{_one_of(stems)})|(?:{_one_of(by_place['anywhere'])})"),
        endings=by_place["ending"],
        longest_ending=max(map(len, by_place["ending"])),
    )


def _one_of(stems: Iterable[str]) -> str:
    """A pattern that matches the longest of `stems` at a place, letter by letter: common beginnings are tried once."""
    branches = []
    ends = False
    for letter, group in groupby(sorted(stems), key=lambda stem: stem[:1]):
        if letter:
            branches.append(letter + _one_of(stem[1:] for stem in group))
        else:
            ends = True
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)}){'?' if ends else ''}"
