"""The passages that a span of the report overlaps, found without looking at all of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from innspill.records import Passage, Span


def overlapped(starts: NDArray[np.int64], ends: NDArray[np.int64], span: Span) -> slice:
    """Which of some spans `span` overlaps; they stand in order and do not overlap each other."""
    first = int(np.searchsorted(ends, span.start, side="right"))
    last = int(np.searchsorted(starts, span.end, side="left"))
    return slice(first, max(first, last))


class PassageIndex:
    """Passages by where they stand; they do not overlap each other."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._order = np.argsort([passage.span.start for passage in passages], kind="stable")
        ordered = [passages[position].span for position in self._order]
        self._starts = np.array([span.start for span in ordered], dtype=np.int64)
        self._ends = np.array([span.end for span in ordered], dtype=np.int64)

    def overlapping(self, span: Span) -> NDArray[np.int64]:
        """The positions of the passages that `span` overlaps, in the report's order."""
        return np.asarray(self._order[overlapped(self._starts, self._ends, span)], dtype=np.int64)
