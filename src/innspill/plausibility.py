"""Whether a citation can be meant as it stands, and where the comment's words fit clearly better.

People read an older draft, mistype, or take the line from one page and the number from the next. A citation whose
words fit other lines clearly better is doubted, and the better place is proposed beside it; it is never put in its
stead. Three things speak: the comment's words against those of the place and of all others, a quotation that stands
elsewhere, and the other citations of the same message, where all are off by the same number of lines.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from innspill.citations import Place
from innspill.language.vectors import FloatArray
from innspill.records import Line, Method, Report, Span
from innspill.wording import Said, Wording

# Citations of these kinds are looked at: those that name lines, not chapters or tables.
BY_LINES: frozenset[Method] = frozenset({"line", "page_line"})
# A place is proposed for a citation that points nowhere if it fits at least so well, and so much better than the best
# sentence of another section does.
FITS_CLEARLY, FITS_BETTER = 0.9, 1.25
# A quotation speaks against a citation that it stands so many characters away from.
FAR_FROM_QUOTATION = 400
# The same numbers on another page speak against a citation if they fit so much better, and fewer sentences fit better.
OTHER_PAGE_FIT, N_BETTER = 0.3, 4
# All citations of a message may be off by at most so many lines. Two or more must fit better, by so many standard
# deviations of their fit each, and together by so many times the root of their number: chance gives less. And they are
# to be doubted, if not as much as one alone (log odds, on average).
MAX_SHIFT, MIN_SHIFTED = 80, 2
SHIFT_GAIN, SHIFT_TOGETHER, SHIFT_DOUBT = 0.8, 2.6, 0.6


class Pointed(NamedTuple):
    """What a comment says, and where it points."""

    said: Said
    places: list[Place]


class Plausibility:
    """Weighs the citations of messages against a report."""

    def __init__(self, report: Report, wording: Wording) -> None:
        self._wording = wording
        self._lines = [line for line in report.lines if line.number is not None and len(line.span)]
        self._restart = report.numbering.restart
        self._pages = sorted({line.page_number for line in self._lines})
        self._by_number = {(line.page_number, line.number): line for line in self._lines}
        self._starts = np.array([line.span.start for line in self._lines], dtype=np.int64)
        self._sentences = [wording.overlapping(line.span) for line in self._lines]

    def weigh(self, message: Sequence[Pointed]) -> list[list[Place]]:
        """The places of the comments of one message, in order, with doubts and better places."""
        shift = self._common_shift(message)
        if shift:
            return [[self._shifted(place, shift) for place in places] for _, places in message]
        better = [self._better_place(pointed) for pointed in message]
        # A heading cites for all the points under it: one that fits speaks for the others.
        sure = {
            _cited(place)
            for pointed, span in zip(message, better, strict=True)
            if span is None
            for place in pointed.places
        }
        return [
            [self._weighed(place, pointed.said, None if _cited(place) in sure else span) for place in pointed.places]
            for pointed, span in zip(message, better, strict=True)
        ]

    def _better_place(self, pointed: Pointed) -> Span | None:
        """Where the words of a comment that cites lines fit clearly better; None where they don't."""
        said, places = pointed
        cited = _spans(places)
        if not cited:
            return None
        return (
            _quoted_elsewhere(places, cited)
            or self._on_another_page(said, cited)
            or (self._best_outside(said, cited) if said.is_doubtful(cited) else None)
        )

    def _weighed(self, place: Place, said: Said, better: Span | None) -> Place:
        if place.status == "unresolved":
            return replace(place, suggested=self._clearly(said))
        if not _names_lines(place) or better is None:
            return place
        return replace(place, status="doubtful", score=min(place.score, 0.5), suggested=better)

    def _on_another_page(self, said: Said, cited: Sequence[Span]) -> Span | None:
        """The same line numbers on another page, where numbers begin anew on each, if hardly any sentence fits better.

        That the right number stands beside the wrong page is likelier than that both are wrong.
        """
        stretch = self._stretch(cited[0])
        if self._restart != "page" or len(cited) > 1 or stretch is None or not said.tells_place:
            return None
        first, last = self._lines[stretch[0]], self._lines[stretch[1] - 1]
        others = [
            Span(begin.span.start, max(begin.span.end, end.span.end))
            for page in self._pages
            if page != first.page_number
            and (begin := self._by_number.get((page, first.number))) is not None
            and (end := self._by_number.get((page, last.number))) is not None
        ]
        best = max(others, key=said.fit, default=None)
        if best is None or not said.shares_words(best) or said.fit(best) < said.fit(cited[0]) + OTHER_PAGE_FIT:
            return None
        return best if said.n_better(best) < N_BETTER else None

    def _best_outside(self, said: Said, cited: Sequence[Span]) -> Span | None:
        """The sentence that fits best outside the cited lines."""
        best = said.best(but=cited)
        return best[0] if best else None

    def _clearly(self, said: Said) -> Span | None:
        """The sentence that fits best, if it stands out among those of other sections."""
        best = said.best()
        if best is None or best[1] < FITS_CLEARLY:
            return None
        section = self._wording.section_of(best[0])
        second = said.best(but=[section])
        return best[0] if second is None or best[1] >= FITS_BETTER * second[1] else None

    # All off by the same number of lines --------------------------------------------------------------------------

    def _common_shift(self, message: Sequence[Pointed]) -> int:
        """By how many lines all citations of a message are off; 0 where they are not."""
        gains, doubts = [], []
        for pointed in message:
            gain = self._gains(pointed)
            if gain is not None:
                gains.append(gain)
                doubts.append(pointed.said.doubt(_spans(pointed.places)))
        if len(gains) < MIN_SHIFTED or np.mean(doubts) < SHIFT_DOUBT:
            return 0
        together = np.sum(gains, axis=0)
        best = int(together.argmax())
        gained = sum(bool(gain[best] > 0) for gain in gains)
        is_sure = together[best] >= max(SHIFT_GAIN * len(gains), SHIFT_TOGETHER * len(gains) ** 0.5)
        return best - MAX_SHIFT if is_sure and gained >= max(MIN_SHIFTED, 0.7 * len(gains)) else 0

    def _gains(self, pointed: Pointed) -> FloatArray | None:
        """How much better a comment fits so many lines before and after those that it cites, in standard deviations.

        Shape (2 * MAX_SHIFT + 1,); None for a comment that cites no line by its number, or says too little.
        """
        if not pointed.said.tells_place:
            return None
        stretches = [
            stretch
            for place in pointed.places
            if place.target is not None
            and _names_lines(place)
            and re.search(r"\d", place.cited)
            and (stretch := self._stretch(place.target)) is not None
        ]
        if not stretches:
            return None
        fits = pointed.said.fits
        deviation = float(fits.std())
        if not deviation:
            return None
        by_line = np.array([fits[sentences].max(initial=fits.min()) for sentences in self._sentences])
        padded = np.pad(by_line, MAX_SHIFT, constant_values=float(np.median(by_line)))
        moved = [
            np.mean([padded[start + shift : end + shift].max() for start, end in stretches])
            for shift in range(2 * MAX_SHIFT + 1)
        ]
        return np.asarray((np.array(moved) - moved[MAX_SHIFT]) / deviation, dtype=np.float64)

    def _stretch(self, span: Span) -> tuple[int, int] | None:
        """The numbered lines of a span, as the first and one past the last."""
        first = max(0, int(np.searchsorted(self._starts, span.start, side="right")) - 1)
        last = int(np.searchsorted(self._starts, span.end, side="left"))
        return (first, last) if first < last else None

    def _shifted(self, place: Place, shift: int) -> Place:
        stretch = self._stretch(place.target) if place.target is not None and _names_lines(place) else None
        if stretch is None:
            return place
        lines: list[Line] = self._lines[max(0, stretch[0] + shift) : max(0, stretch[1] + shift)]
        better = Span(lines[0].span.start, lines[-1].span.end) if lines else None
        return replace(place, status="doubtful", score=min(place.score, 0.5), suggested=better)


def _names_lines(place: Place) -> bool:
    return place.method in BY_LINES and not place.is_wide


def _spans(places: Sequence[Place]) -> list[Span]:
    """The lines that places name."""
    return [place.target for place in places if _names_lines(place) and place.target is not None]


def _cited(place: Place) -> tuple[str, Span | None]:
    return place.cited, place.target


def _quoted_elsewhere(places: Sequence[Place], cited: Sequence[Span]) -> Span | None:
    """Where the only words that a comment quotes stand, if that is far from all the lines that it cites."""
    quoted = [place.target for place in places if place.method == "quotation" and place.target is not None]
    if len(quoted) != 1:
        return None
    is_far = all(max(quoted[0].start - span.end, span.start - quoted[0].end) > FAR_FROM_QUOTATION for span in cited)
    return quoted[0] if is_far else None
