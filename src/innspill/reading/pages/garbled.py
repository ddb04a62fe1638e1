"""Words that were read with other letters than the page shows.

A PDF's fonts carry a map from their glyphs to Unicode, and some programs write it wrong for ligatures: «tøffe» is
shown, and «tøWe» is what every reader of the file gets. The words that it happens to have a capital, a sign or a letter
of no Nordic alphabet in their middle.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

# A capital among small letters, with none at the word's start: «tøWe», not «GitHub».
CAPITAL_INSIDE = re.compile(r"(?<![^\W_])[a-zæøåäöéáčđŋšŧž]+([^\W\d_])[a-zæøåäöéáčđŋšŧž]+(?![^\W_])")
# What no map gives a letter for: the replacement character, and private-use signs inside a word.
NO_LETTER = re.compile(r"(?<=[^\W\d_])[\ufffd\ue000-\uf8ff]+(?=[^\W\d_])|\ufffd")
# Letters of African and historical alphabets, under which Word's Calibri hides its ligatures (\u019f for «ti»). The
# letters of Skolt Saami among them are left out.
FOREIGN = re.compile(
    r"[\u0180-\u018d\u0190\u0191\u0193-\u01cc\u01dd-\u01e3\u01f0-\u0217\u021c-\u024f](?=[a-zæøå])|"
    r"(?<=[a-zæøå])[\u0180-\u018d\u0190\u0191\u0193-\u01cc\u01dd-\u01e3\u01f0-\u0217\u021c-\u024f]"
)
# Code, addresses and formulas, whose words may look in any way.
NO_PROSE = re.compile(r"[\\_@{}()\[\]:/=#$<>|~^+*&\d]")
# What a line must hold to be looked at word by word.
SUSPECT = re.compile(r"[a-zæøåäöé][^\W\d_a-zæøå]|[\ufffd\u0180-\u024f\ue000-\uf8ff]")
# So many different words need to have the same capital inside: «eHelse» and «iPad» are names. Where more capitals than
# there are ligatures stand inside words, they are names of a program's.
MIN_WORDS, MAX_CAPITALS = 3, 5
# A word has so many letters, or signs without one; fewer stand in formulas.
MIN_LETTERS = 4
WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class GarbledWord:
    """A word that was read wrong, and its 1-based page."""

    page_number: int
    text: str


def find_garbled(lines: Iterable[tuple[int, str]]) -> list[GarbledWord]:
    """The different words that seem to be read wrong, in order.

    Args:
        lines: Page number and text of each line.

    >>> [word.text for word in find_garbled([(1, "de tøWe valgene"), (1, "blir oWentlig og skaWer"), (1, "eHelse")])]
    ['tøWe', 'oWentlig', 'skaWer']
    """
    read = list(lines)
    suspects: dict[str, GarbledWord] = {}
    for page_number, text in read:
        for token in text.split() if SUSPECT.search(text) else ():
            word = token.strip(".,;:!?()«»\"'“”‘’")
            if may_be_garbled(word) and not NO_PROSE.search(word) and _is_word(word):
                suspects.setdefault(word, GarbledWord(page_number, word))
    capitals = _garbled_capitals(suspects, (text for _, text in read))
    return [word for word in suspects.values() if (_capital_inside(word.text) or "") in capitals | {""}]


def _is_word(text: str) -> bool:
    """Whether a token is a word and no formula: some letters, or a row of what no map gives a letter for."""
    return sum(letter.isalpha() for letter in text) >= MIN_LETTERS or text.count("\ufffd") >= MIN_LETTERS


def _capital_inside(text: str) -> str:
    """The capital among the small letters of a word; empty where there is none."""
    found = CAPITAL_INSIDE.search(text)
    return found.group(1) if found and found.group(1).isupper() else ""


def _garbled_capitals(suspects: Iterable[str], texts: Iterable[str]) -> set[str]:
    """The capitals that stand for something else: inside several words, and at the beginning of no word among them.

    «noError» is put together of words that the text has by themselves; «tøWe» is not.
    """
    inside = {word: capital for word in suspects if (capital := _capital_inside(word))}
    vocabulary = {word.lower() for text in texts for word in WORD.findall(text)} if inside else set()
    n_words = Counter(
        capital for word, capital in inside.items() if word[word.index(capital) :].lower() not in vocabulary
    )
    garbled = {capital for capital, n in n_words.items() if n >= MIN_WORDS}
    return garbled if len(garbled) <= MAX_CAPITALS else set()


def may_be_garbled(text: str) -> bool:
    """Whether a text holds a word that would be told if it stood there more often: quotations of it need not be exact.

    >>> may_be_garbled("de tøWe valgene"), may_be_garbled("de tøffe valgene")
    (True, False)
    """
    capital = any(found.group(1).isupper() for found in CAPITAL_INSIDE.finditer(text))
    return capital or bool(NO_LETTER.search(text) or FOREIGN.search(text))
