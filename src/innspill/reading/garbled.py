"""Words that were read with other letters than the page shows.

A PDF's fonts carry a map from their glyphs to Unicode, and some programs write it wrong for ligatures: «tøffe» is
shown, and «tøWe» is what every reader of the file gets. The words that it happens to have a capital, a sign or a letter
of no Nordic alphabet in their middle.
"""

import re
from collections import defaultdict
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
    by_capital: dict[str, list[GarbledWord]] = defaultdict(list)
    found: dict[str, tuple[int, GarbledWord]] = {}
    for position, (page_number, text) in enumerate(lines):
        if not SUSPECT.search(text):
            continue
        for token in text.split():
            word = GarbledWord(page_number, token.strip(".,;:!?()«»\"'"))
            if NO_PROSE.search(word.text):
                continue
            inside = CAPITAL_INSIDE.search(word.text)
            if inside and inside.group(1).isupper():
                by_capital[inside.group(1)].append(word)
            no_letter = NO_LETTER.search(word.text) and len(word.text) > 1
            if no_letter or FOREIGN.search(word.text) or inside:
                found.setdefault(word.text, (position, word))
    garbled_capitals = {
        capital for capital, words in by_capital.items() if len({word.text for word in words}) >= MIN_WORDS
    }
    if len(garbled_capitals) > MAX_CAPITALS:
        garbled_capitals = set()
    return [word for _, word in sorted(found.values(), key=lambda item: item[0]) if _is_garbled(word, garbled_capitals)]


def may_be_garbled(text: str) -> bool:
    """Whether a text holds a word that would be told if it stood there more often: quotations of it need not be exact.

    >>> may_be_garbled("de tøWe valgene"), may_be_garbled("de tøffe valgene")
    (True, False)
    """
    capitals = any(found.group(1).isupper() for found in CAPITAL_INSIDE.finditer(text))
    return capitals or bool(NO_LETTER.search(text) or FOREIGN.search(text))


def _is_garbled(word: GarbledWord, capitals: set[str]) -> bool:
    inside = CAPITAL_INSIDE.search(word.text)
    if inside and inside.group(1).isupper():
        return inside.group(1) in capitals
    return bool(NO_LETTER.search(word.text) or FOREIGN.search(word.text))
