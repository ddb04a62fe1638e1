"""Segments laid over segments: a stretch of a part is given another kind, and all else stays as it was."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence

from innspill.records import Segment, SegmentKind, Span


def overlay(
    segments: Sequence[Segment],
    spans: Iterable[Span],
    kind: SegmentKind,
    *,
    keep: Collection[SegmentKind] = (),
) -> tuple[Segment, ...]:
    """Give each of `spans` the kind `kind`; the result covers the same text, in order, without overlap.

    Segments of the kinds in `keep` stay what they are.

    >>> overlay([Segment("own", Span(0, 9))], [Span(3, 5)], "quoted")[1]
    Segment(kind='quoted', span=Span(start=3, end=5))
    """
    marked = disjoint(spans)
    result: list[Segment] = []
    first = 0
    for segment in segments:
        position, end = segment.span.start, segment.span.end
        while first < len(marked) and marked[first].end <= position:
            first += 1
        following = first
        while following < len(marked) and marked[following].start < end:
            if segment.kind in keep:
                break
            start, stop = max(marked[following].start, position), min(marked[following].end, end)
            if start > position:
                result.append(Segment(segment.kind, Span(position, start)))
            result.append(Segment(kind, Span(start, stop)))
            position = stop
            following += 1
        if position < end:
            result.append(Segment(segment.kind, Span(position, end)))
    return tuple(result)


def without(span: Span, taken: Sequence[Span]) -> list[Span]:
    """The span less those of `taken`, which are disjoint and in order."""
    pieces, position = [], span.start
    number = bisect_right(taken, span.start, key=lambda other: other.end)
    while number < len(taken) and taken[number].start < span.end:
        if taken[number].start > position:
            pieces.append(Span(position, taken[number].start))
        position = max(position, taken[number].end)
        number += 1
    return [*pieces, Span(position, span.end)] if position < span.end else pieces


def disjoint(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that overlap made one, empty ones left out."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        elif len(span):
            joined.append(span)
    return joined
