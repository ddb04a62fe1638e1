"""Where the report says what a comment quotes, for all that quoting does to words.

Only letters and digits are compared, so that line ends, hyphens, dashes and marks make no difference. Stretches of six
letters that both have tell where in the report to look; there the words are aligned, typing errors allowed for. The
cost is the length of the report once, and of each quotation.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from innspill.alignment import SHINGLE, WordIndex
from innspill.derived import join_lines
from innspill.reading.pages.garbled import may_be_garbled
from innspill.records import Report, Span

# Letters of a stretch that is looked up, and places that a stretch may stand in and still tell where to look.
GRAM, MAX_PLACES = 6, 60
# Stretches that point at the same place, give or take so many letters.
DRIFT = 24
# Places that are compared letter by letter.
MAX_CANDIDATES = 6
# Quotations of fewer letters must be exact: four words are soon like some other four.
MIN_LETTERS, FUZZY_FROM, EXACT = 10, 22, 97.0
# Places whose score is this near to the best one's are as good.
AS_GOOD = 1.0
# The pieces of a quotation with words left out stand at most so many letters apart.
MAX_LEFT_OUT = 1_500
ELLIPSIS = re.compile(r"\s*\[?\(?(?:\.\.\.?|…)\)?\]?\s*|\s+\[?[-–—]{2,}\]?\s+")
# A run of this many of the report's words is no chance, and needs no marks.
MIN_RUN = 8
WORD = re.compile(r"[^\W_]+")
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Fit = Callable[[Span], float]


class Found(NamedTuple):
    """A span of the report's text, and how exactly it says what was quoted (0–100)."""

    span: Span
    score: float


class _Letters(NamedTuple):
    """The letters and digits of a text, small, and where each stands in it."""

    text: str
    offsets: tuple[int, ...]


class Quotable:
    """A report in which quotations are looked for."""

    def __init__(self, report: Report) -> None:
        self._whole = join_lines(report.text, Span(0, len(report.text)))
        self._letters = _letters(self._whole.text)
        grams = _grams(self._letters.text)
        self._order = np.argsort(grams, kind="stable")
        self._grams = grams[self._order]

    def find(self, quoted: str, *, least: float, fit: Fit | None = None) -> Found | None:
        """Where the report says what is quoted, or None.

        Args:
            quoted: The words between the marks; «…» stands for words left out.
            least: Least likeness (0–100) of a quotation that is long enough to hold errors.
            fit: Decides between places that say the same.
        """
        pieces = [letters for piece in ELLIPSIS.split(quoted) if (letters := letters_of(piece))]
        if not pieces:
            return None
        longest = max(range(len(pieces)), key=lambda number: len(pieces[number]))
        found = self._best(pieces[longest], least, fit)
        if found is None:
            return None
        first, last = found.span.start, found.span.end
        for piece in pieces[:longest]:
            before = self._best_between(piece, least, found.span.start - MAX_LEFT_OUT, first)
            first = min(first, before.span.start) if before else first
        for piece in pieces[longest + 1 :]:
            after = self._best_between(piece, least, last, found.span.end + MAX_LEFT_OUT)
            last = max(last, after.span.end) if after else last
        return Found(self._to_source(Span(first, last)), found.score)

    def runs(self, text: str) -> list[Found]:
        """The stretches of the report whose words, `MIN_RUN` or more, a text has without saying that it quotes."""
        words = [match.group().casefold() for match in WORD.finditer(text)]
        found: list[Found] = []
        position = 0
        while position + MIN_RUN <= len(words):
            place, length = self._longest_run(words, position)
            if length < MIN_RUN:
                position += 1
                continue
            span = Span(self._words[place].start, self._words[place + length - 1].end)
            found.append(Found(self._whole.to_source(span), 100.0))
            position += length
        return found

    def _longest_run(self, words: list[str], position: int) -> tuple[int, int]:
        """(place, length) of the longest run of the report's words that begins at a word of a text."""
        best = (0, 0)
        for place in self._word_index.places.get(tuple(words[position : position + SHINGLE]), ())[:MAX_PLACES]:
            length = SHINGLE
            known = self._word_index.words
            while (
                position + length < len(words)
                and place + length < len(known)
                and words[position + length] == known[place + length]
            ):
                length += 1
            best = max(best, (place, length), key=lambda run: run[1])
        return best

    @cached_property
    def _words(self) -> tuple[Span, ...]:
        return tuple(Span(*match.span()) for match in WORD.finditer(self._whole.text))

    @cached_property
    def _word_index(self) -> WordIndex:
        return WordIndex([span.of(self._whole.text).casefold() for span in self._words])

    def _best(self, piece: str, least: float, fit: Fit | None) -> Found | None:
        """The place that a piece stands in, as a span of the report's letters."""
        found = [place for place in self._places(piece) if self._is_quoted(piece, place, least)]
        if not found:
            return None
        best = max(place.score for place in found)
        as_good = sorted(
            (place for place in found if place.score >= best - AS_GOOD), key=lambda place: place.span.start
        )
        if fit is None or len(as_good) == 1:
            return max(as_good, key=lambda place: place.score)
        return max(as_good, key=lambda place: fit(self._to_source(place.span)))

    def _places(self, piece: str) -> Iterator[Found]:
        """Where a piece is aligned with the report best, near each place that its stretches point at."""
        seen: list[Span] = []
        for start in self._candidates(piece):
            found = self._best_between(piece, 0.0, start - DRIFT, start + len(piece) + 2 * DRIFT)
            if found is not None and not any(found.span.overlaps(span) for span in seen):
                seen.append(found.span)
                yield found

    def _candidates(self, piece: str) -> list[int]:
        """Where in the report's letters a piece may begin, most votes first."""
        grams = _grams(piece)
        first = np.searchsorted(self._grams, grams, side="left")
        last = np.searchsorted(self._grams, grams, side="right")
        votes: Counter[int] = Counter()
        for offset, (start, end) in enumerate(zip(first, last, strict=True)):
            if 0 < end - start <= MAX_PLACES:
                votes.update((self._order[start:end] - offset).tolist())
        starts: list[int] = []
        near: Counter[int] = Counter()
        for start, count in votes.items():
            near[start // DRIFT] += count
        for bucket, _ in near.most_common(2 * MAX_CANDIDATES):
            if len(starts) == MAX_CANDIDATES:
                break
            inside = [start for start in votes if start // DRIFT == bucket]
            starts.append(max(inside, key=lambda start: votes[start]))
        return starts

    def _best_between(self, piece: str, least: float, first: int, last: int) -> Found | None:
        """The best alignment of a piece with a stretch of the report's letters."""
        from rapidfuzz import fuzz

        first, last = max(0, first), min(len(self._letters.text), last)
        window = self._letters.text[first:last]
        if len(window) < len(piece) // 2 or len(piece) < MIN_LETTERS:
            return None
        aligned = fuzz.partial_ratio_alignment(piece, window, score_cutoff=least)
        if aligned is None or aligned.dest_end <= aligned.dest_start:
            return None
        return Found(Span(first + aligned.dest_start, first + aligned.dest_end), aligned.score)

    def _is_quoted(self, piece: str, place: Found, least: float) -> bool:
        """Whether a place says what is quoted: exactly where that is short, nearly where it is long.

        But «tøffe» may have been read as «tøWe».
        """
        if len(piece) >= FUZZY_FROM or place.score >= EXACT:
            return place.score >= least
        start, end = self._letters.offsets[place.span.start], self._letters.offsets[place.span.end - 1] + 1
        return place.score >= least and may_be_garbled(self._whole.text[start:end])

    def _to_source(self, span: Span) -> Span:
        """The span of the report's text, in whole words, that a span of its letters came from."""
        text = self._whole.text
        start, end = self._letters.offsets[span.start], self._letters.offsets[span.end - 1] + 1
        while start and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum():
            end += 1
        return self._whole.to_source(Span(start, end))


def letters_of(text: str) -> str:
    """The letters and digits of a text, small, ligatures as letters.

    >>> letters_of("«E\ufb00ekt – og nytte»")
    'effektognytte'
    """
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def _letters(text: str) -> _Letters:
    """The letters of a text with their offsets; one that has no single small form stays as it is."""
    letters, offsets = [], []
    for offset, letter in enumerate(text):
        if letter.isalnum():
            small = letter.casefold()
            letters.append(small if len(small) == 1 else letter)
            offsets.append(offset)
    return _Letters("".join(letters), tuple(offsets))


def _grams(letters: str) -> NDArray[np.uint64]:
    """A number for each stretch of `GRAM` letters, shape (n_letters - GRAM + 1,)."""
    n_grams = max(0, len(letters) - GRAM + 1)
    codes = np.array([ord(letter) for letter in letters], dtype=np.uint64)
    grams = np.zeros(n_grams, dtype=np.uint64)
    for step in range(GRAM):
        grams = grams * MULTIPLIER + codes[step : step + n_grams]
    return grams
