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
    letters: list[str] = []
    offsets: list[int] = []
    position = span.start
    while position < span.end:
        broken = BROKEN_WORD.match(source, position, span.end)
        if broken and not CONJUNCTION.match(source, broken.end()):
            if _belongs_to_word(source, span.start, position, source[broken.end()]):
                letters.append("-")
                offsets.append(position)
            position = broken.end()
            continue
        space = WHITESPACE.match(source, position, span.end)
        if space:
            if letters and letters[-1] != " ":
                letters.append(" ")
                offsets.append(position)
            position = space.end()
            continue
        if source[position] != SOFT_HYPHEN:
            letters.append(source[position])
            offsets.append(position)
        position += 1
    while letters and letters[-1] == " ":
        letters.pop()
        offsets.pop()
    return DerivedText("".join(letters), tuple(offsets))


def _belongs_to_word(source: str, start: int, position: int, following: str) -> bool:
    """Whether the hyphen at `position`, the last on its line, would stand there in the middle of a line as well."""
    if source[position] == SOFT_HYPHEN:
        return False
    return not following.islower() or bool(KEEPS_HYPHEN.search(source, max(start, position - 12), position))


# No word of any language, and no rule that a person draws, is longer than these; programs write such runs, and
# tokenisers and patterns take quadratic time over them.
LONG_WORD = re.compile(r"\S{400,}")
LONG_RULE = re.compile(r"([^\w\s])\1{40,}")


def without_long_runs(text: str) -> str:
    """The text with overlong words and rules as spaces, every offset as it was.

    >>> without_long_runs("før " + "=" * 50 + " etter").split()
    ['før', 'etter']
    """
    for pattern in (LONG_WORD, LONG_RULE):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return text
