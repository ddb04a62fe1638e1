"""Short texts for themes and needs in the output's language, made of counts and verbatim sentences only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from innspill.places import LineIndex, count_organisations, describe
from innspill.records import Annotation, Comment, Message, Need, Report, Theme
from innspill.words import Words


def summarise_themes(
    themes: Sequence[Theme],
    comments: Sequence[Comment],
    annotations: Sequence[Annotation],
    messages: Sequence[Message],
    report: Report,
    words: Words,
) -> tuple[Theme, ...]:
    """Say of each theme how many speak of it, what they do, and where in the report most of it falls."""
    by_id, senders = {c.comment_id: c for c in comments}, _senders(comments, messages)
    index = LineIndex(report)
    places: dict[str, list[str]] = {}
    for annotation in annotations:
        place = index.place(annotation.target) if annotation.target is not None else None
        if place is not None and place.section:
            places.setdefault(annotation.comment_id, []).append(place.section)
    result = []
    for theme in themes:
        sections = [place for comment_id in theme.comment_ids for place in dict.fromkeys(places.get(comment_id, ()))]
        pieces = (
            _how_many(theme.comment_ids, senders, words),
            _stances([by_id[comment_id] for comment_id in theme.comment_ids], words),
            _mostly_in(sections, len(theme.comment_ids), words),
        )
        result.append(replace(theme, summary=" ".join(piece for piece in pieces if piece)))
    return tuple(result)


def summarise_needs(
    needs: Sequence[Need], comments: Sequence[Comment], messages: Sequence[Message], report: Report, words: Words
) -> tuple[Need, ...]:
    """Say of each need how many voice it and of which kinds, and which place of the report is nearest."""
    senders, index = _senders(comments, messages), LineIndex(report)
    with_pages = report.numbering.restart != "document"
    result = []
    for need in needs:
        kinds = Counter(senders[comment_id].organisation_type for comment_id in need.comment_ids)
        pieces = [
            _how_many(need.comment_ids, senders, words),
            words(
                "summary.types",
                types=", ".join(words.label("organisation_type", kind).lower() for kind, _ in kinds.most_common()),
            ),
        ]
        place = index.place(need.nearest[0].span) if need.nearest else None
        if place is not None:
            pieces.append(
                words("summary.nearest", place=describe(place, words, with_pages=with_pages), section=place.section)
            )
        result.append(replace(need, summary=" ".join(pieces)))
    return tuple(result)


def _senders(comments: Sequence[Comment], messages: Sequence[Message]) -> dict[str, Message]:
    by_id = {message.message_id: message for message in messages}
    return {comment.comment_id: by_id[comment.message_id] for comment in comments}


def _how_many(comment_ids: Sequence[str], senders: Mapping[str, Message], words: Words) -> str:
    voices = count_organisations(senders[comment_id] for comment_id in comment_ids)
    return words(
        "summary.how_many",
        comments=words("count.comments", n=len(comment_ids)),
        voices=words("count.organisations", n=voices),
    )


def _stances(comments: Sequence[Comment], words: Words) -> str:
    counts = Counter(comment.stance for comment in comments)
    listed = ", ".join(f"{words(f'stance.{stance}').lower()} {n}" for stance, n in counts.most_common(3))
    return words("summary.stances", stances=listed)


def _mostly_in(sections: Sequence[str], n_comments: int, words: Words) -> str:
    """The section that most comments stand in; nothing where most stand nowhere."""
    if 2 * len(sections) < n_comments:
        return ""
    return words("summary.mostly_in", section=Counter(sections).most_common(1)[0][0])
