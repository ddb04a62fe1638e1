"""Text for reading derived from text as printed, with a map back: lines joined, hyphenated words made whole.

The source text is never rewritten; every span of derived text can be taken back to the source.
"""

import re
from dataclasses import dataclass

from innspill.records import Span

SOFT_HYPHEN = "\u00ad"
# A hyphen at a line end, between two letters or digits.
BROKEN_WORD = re.compile(r"(?<=[^\W_])[-\u2010\u00ad]\s*\n\s*(?=[^\W_])")
# Before the hyphen of «KI-\nmodell» and «60-\nårig» the hyphen belongs to the word, as it does before a capital or a
# digit («Møre-\nRomsdal», «covid-\n19»).
KEEPS_HYPHEN = re.compile(r"(?:\b[A-ZÆØÅ]{2,}|\d)$")
# «helse- og\nomsorg» is no broken word: a conjunction goes on.
CONJUNCTION = re.compile(r"(?:og|eller|samt|til|and|or)\b")
WHITESPACE = re.compile(r"\s+")
# One character of the source that is two or three letters to a reader: ligatures that the fonts draw in one piece, and
# the two letters that Word's Calibri gives its ligatures out for.
LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\u019f": "ti", "\u01a9": "tt",
}  # fmt: skip
# Where running text may differ from the text as printed.
SPECIAL = re.compile(rf"\s|[-\u2010\u00ad](?=\s*\n)|\u00ad|[{''.join(LIGATURES)}]")


@dataclass(frozen=True, slots=True)
class DerivedText:
    """A text for reading and, for each of its code points, the offset of that code point in the source."""

    text: str
    offsets: tuple[int, ...]

    def to_source(self, span: Span) -> Span:
        """The span of the source that a non-empty span of the derived text came from."""
        return Span(self.offsets[span.start], self.offsets[span.end - 1] + 1)


def join_lines(source: str, span: Span) -> DerivedText:
    r"""Read the lines in `span` of `source` as running text.

    >>> derived = join_lines("Behov for tje-\nnester som virker.", Span(0, 33))
    >>> derived.text
    'Behov for tjenester som virker.'
    >>> derived.to_source(Span(10, 19)).of("Behov for tje-\nnester som virker.")
    'tje-\nnester'
    """
    pieces: list[str] = []
    offsets: list[int] = []
    last = " "
    position = span.start
    while position < span.end:
        special = SPECIAL.search(source, position, span.end)
        plain_end = special.start() if special else span.end
        if plain_end > position:
            pieces.append(source[position:plain_end])
            offsets.extend(range(position, plain_end))
            last = source[plain_end - 1]
        if special is None:
            break
        shown, position = _read_special(source, span, plain_end)
        if shown and not shown == last == " ":
            pieces.append(shown)
            offsets.extend([plain_end] * len(shown))
            last = shown[-1]
    text = "".join(pieces)
    end = len(text.rstrip(" "))
    return DerivedText(text[:end], tuple(offsets[:end]))


def _read_special(source: str, span: Span, position: int) -> tuple[str, int]:
    """What stands at `position` to a reader, where it is no plain letter, and where the text goes on."""
    broken = BROKEN_WORD.match(source, position, span.end)
    if broken and not CONJUNCTION.match(source, broken.end()):
        keeps = _belongs_to_word(source, span.start, position, source[broken.end()])
        return ("-" if keeps else ""), broken.end()
    space = WHITESPACE.match(source, position, span.end)
    if space:
        return " ", space.end()
    letter = source[position]
    return ("" if letter == SOFT_HYPHEN else LIGATURES.get(letter, letter)), position + 1


def _belongs_to_word(source: str, start: int, position: int, following: str) -> bool:
    """Whether the hyphen at `position`, the last on its line, would stand there in the middle of a line as well."""
    if source[position] == SOFT_HYPHEN:
        return False
    return not following.islower() or bool(KEEPS_HYPHEN.search(source, max(start, position - 12), position))


def fold(text: str) -> str:
    """The text in small letters, every offset as it was: what quotations are compared in.

    >>> fold("Tiltak for Ålesund")
    'tiltak for ålesund'
    """
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


# No word of any language, and no rule that a person draws, is longer than these; programs write such runs, and
# tokenisers and patterns take quadratic time over them.
LONG_WORD = re.compile(r"\S{400,}")
LONG_RULE = re.compile(r"([^\w\s])\1{40,}")
# Half a character, which no text has but what a damaged file gives: it cannot be written in UTF-8.
SURROGATE = re.compile("[\ud800-\udfff]")


def without_long_runs(text: str) -> str:
    """The text with overlong words and rules as spaces and half characters as U+FFFD, every offset as it was.

    >>> without_long_runs("før " + "=" * 50 + " etter").split()
    ['før', 'etter']
    """
    for pattern in (LONG_WORD, LONG_RULE):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return SURROGATE.sub("\ufffd", text)
