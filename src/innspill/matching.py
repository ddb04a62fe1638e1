"""Comments x report -> annotations: by what a comment cites or quotes, else by what it is about, else none."""

import re
from collections.abc import Sequence
from math import exp

from innspill.citations import Place
from innspill.config import Config
from innspill.language.vectors import Encoder
from innspill.likeness import Kept, NearestPassages, PassageSpace, ReportViews, nearest_of
from innspill.pointing import point
from innspill.records import Annotation, Comment, Message, Report, Span

# Passages at least this near to the best one in the same paragraph are part of the place.
NEAR_BEST = 0.85
# A passage of another section at least this near to the best one is a place too.
ALSO_SHARE = 0.9
# Comments that speak of the report as a whole, not of a place in it.
WHOLE_REPORT = re.compile(
    r"\b(?:rapporten|utkastet|dokumentet|rapportutkastet|the report|the draft)\s+"
    r"(?:som (?:helhet|heilskap)|i sin helhet|i (?:sin )?heilskap|generelt|as a whole|overall"
    r"|er (?:\w+ ){0,3}(?:god|bra|grundig|ryddig|lettlest|lettlesen|viktig|nyttig|lang|tung|balansert))"
    r"|\b(?:hele|heile) (?:rapporten|utkastet)|\bgenerelt (?:er|vil|mener|meiner|synes)|\bsom (?:helhet|heilskap)\b"
    r"|\b(?:et|eit) (?:godt|grundig|viktig|ryddig|solid) (?:utkast|arbeid|dokument)",
    re.IGNORECASE,
)
# Logistic regression of «the place is right» on likeness, over comments that cite nothing and comments without the
# words that cite (benchmarks/placing.py).
SLOPE, INTERCEPT = 18.0, -3.3


def match(
    comments: Sequence[Comment],
    report: Report,
    *,
    encoder: Encoder | None,
    config: Config,
    messages: Sequence[Message] = (),
) -> tuple[tuple[Annotation, ...], NearestPassages]:
    """Place each comment in the report; `messages` are those that the comments are from.

    Returns:
        The annotations in the order of the comments (several for a comment that cites several places, none for one that
        is about nothing in the report), and the passages that each comment is likest.
    """
    views = ReportViews(report, comments, encoder=encoder)
    pointed = point(comments, report, encoder=encoder, config=config, messages=messages)
    placed: list[list[Place]] = []
    kept: list[Kept] = []
    for block, space in views.blocks(comments):
        kept.append(space.kept())
        for row, comment in enumerate(block):
            placed.append(pointed[len(placed)] or _by_likeness(comment, space, row, config))
    return _annotations(comments, placed), nearest_of(views, kept)


def _annotations(comments: Sequence[Comment], placed: Sequence[Sequence[Place]]) -> tuple[Annotation, ...]:
    pairs = [(comment, place) for comment, places in zip(comments, placed, strict=True) for place in places]
    return tuple(
        Annotation(
            annotation_id=f"A{number:04d}",
            comment_id=comment.comment_id,
            method=place.method,
            cited=" ".join(place.cited.split()),
            target=place.target,
            score=round(place.score, 4),
            status=place.status,
            suggested=place.suggested,
        )
        for number, (comment, place) in enumerate(pairs, start=1)
    )


# Likeness ------------------------------------------------------------------------------------------------------------


def _by_likeness(comment: Comment, space: PassageSpace, row: int, config: Config) -> list[Place]:
    """The likest place, when it is like enough; none for a comment on the whole report, or on what it lacks.

    A second one, where another section has a passage that is nearly as like, and surely: the comment speaks of both.
    """
    if not space.passages or WHOLE_REPORT.search(comment.text):
        return []
    scores = space.ranking[row]
    best = int(scores.argmax())
    first = _place_at(best, space, row, config)
    if first.score < config.similarity_threshold:
        return []
    other = [i for i, passage in enumerate(space.passages) if passage.section_id != space.passages[best].section_id]
    second = max(other, key=lambda i: float(scores[i]), default=best)
    place = _place_at(second, space, row, config)
    also = second != best and scores[second] >= ALSO_SHARE * scores[best] and place.score >= config.similarity_sure
    return [first, place] if also else [first]


def _place_at(best: int, space: PassageSpace, row: int, config: Config) -> Place:
    """A passage with those of its paragraph that are nearly as like."""
    scores = space.ranking[row]
    members = [
        i
        for i, passage in enumerate(space.passages)
        if passage.paragraph_id == space.passages[best].paragraph_id and scores[i] >= NEAR_BEST * scores[best]
    ]
    span = Span(space.passages[min(members)].span.start, space.passages[max(members)].span.end)
    probability = probability_right(float(space.likeness[row, best]))
    return Place("similarity", "", span, probability, "ok" if probability >= config.similarity_sure else "doubtful")


def probability_right(likeness: float) -> float:
    """How likely it is (0–1) that a comment without a citation is about the passage that it is likest.

    >>> round(probability_right(0.1), 2), round(probability_right(0.3), 2)
    (0.18, 0.89)
    """
    return 1 / (1 + exp(-SLOPE * likeness - INTERCEPT))
