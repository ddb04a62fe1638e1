"""Comments -> themes.

The report's own structure is the strongest prior: a comment brings the words and the section of the place that it is
about. Own words alone reach an AMI of 0.2 against an analyst's themes, together with these 0.5–0.6. So the report's
sections are the first themes, small ones joined and large ones divided; a comment without a place joins the one that it
is plainly likest; those left over are grouped by their own words, as what the report does not have, and a comment that
is like no other stands by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from innspill.clustering import spread, ward
from innspill.config import Config
from innspill.features import CommentFeatures, fuse
from innspill.given_themes import GivenThemes, merged, pinned, unheard
from innspill.language.norwegian import Language
from innspill.language.vectors import CharacterNgrams, Encoder, FloatArray, cosine
from innspill.records import Comment, Message, Note, Report, Theme, ThemeKind
from innspill.theme_names import shared_top_heading, theme_names, theme_terms
from innspill.theme_sections import SectionUnits
from innspill.words import Words

# So many themes at least; and at most, for as many comments as people read through, and for any number.
MIN_THEMES, MAX_THEMES, MOST_THEMES = 3, 15, 30
COMMENTS_PER_THEME = 6
# With fewer comments that have a place the report's sections say too little.
MIN_LOCATED = 3
# Comments that the report has nothing on are one theme up to this distance (1 less the mean of both likenesses, that
# of n-grams doubled: theirs are small); so many such themes at most.
OUTSIDE_DISTANCE, MAX_OUTSIDE = 0.6, 4
# So many of them are compared with each other; the rest, of which there is any in large consultations only, stand by
# themselves.
MAX_COMPARED = 2_000
# A comment has a second theme where it is this near to it, compared with its own.
SECOND_SHARE, SECOND_COSINE = 0.8, 0.5
N_TERMS = 6
# Where there are more than `MAX_THEMES`, about so many of them stand under one name.
THEMES_PER_GROUP = 4


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of comments that are one theme, before it has a name; `name` is what the analyst called it."""

    rows: tuple[int, ...]
    kind: ThemeKind
    name: str = ""


def find_themes(
    comments: Sequence[Comment],
    features: CommentFeatures,
    report: Report,
    messages: Sequence[Message],
    *,
    language: Language,
    words: Words,
    encoder: Encoder | None,
    config: Config,
    given: GivenThemes | None = None,
) -> tuple[tuple[Theme, ...], tuple[Note, ...]]:
    """Group the comments and name the groups, the largest first; every comment is in exactly one theme.

    Args:
        comments: All comments.
        features: What the report lends them, row by row.
        report: Whose headings name themes.
        messages: Tell which comments are copies within a campaign: they are clustered once and follow their original.
        language: Noun phrases.
        words: The output's language, for names that are no heading of the report.
        encoder: Sentence vectors beside character n-grams.
        config: The number of themes, the seed.
        given: What the analyst says about themes.

    Returns:
        The themes, and a warning for each thing in `given` that the consultation does not have.
    """
    given = given or GivenThemes()
    if not comments:
        return (), tuple(unheard(given, comments, [section.number for section in report.sections], []))
    vectors = fuse(features, encoder=encoder, config=config)
    originals, copy_of = _without_copies(comments, messages)
    groups = _group(originals, comments, vectors, features, report, encoder, config, given)
    groups = _with_copies(groups, copy_of, len(comments))
    terms = _terms(groups, comments, report, language)
    names = theme_names(
        [group.rows for group in groups],
        [group.kind for group in groups],
        terms,
        features,
        report,
        words,
    )
    names = [group.name or name for group, name in zip(groups, names, strict=True)]
    notes = unheard(given, comments, [section.number for section in report.sections], names)
    if given.mergings or given.renamings:
        groups, names = _merge(groups, merged(names, given))
        terms = _terms(groups, comments, report, language)
    themes = _as_themes(groups, names, terms, comments, vectors)
    row_of = {comment.comment_id: row for row, comment in enumerate(comments)}
    members = [[row_of[comment_id] for comment_id in theme.comment_ids] for theme in themes]
    themes = _with_second(themes, members, vectors, features)
    return _with_groups(themes, members, vectors, features, report), tuple(notes)


# Groups --------------------------------------------------------------------------------------------------------------


def _group(
    rows: Sequence[int],
    comments: Sequence[Comment],
    vectors: FloatArray,
    features: CommentFeatures,
    report: Report,
    encoder: Encoder | None,
    config: Config,
    given: GivenThemes,
) -> list[_Group]:
    """The groups of comments, the analyst's first."""
    fixed = _fixed(rows, comments, features, report, given)
    own = [[row for row, number in fixed.items() if number == position] for position in range(len(given.themes))]
    free = [row for row in rows if row not in fixed]
    has_place = (features.located > 0) & features.sections.any(axis=1)
    located = [row for row in free if has_place[row]]
    without = [row for row in free if not has_place[row]]
    n_own = sum(bool(group) for group in own)
    least, most = _n_themes(len(rows), config)
    least, most = max(1, least - n_own), max(1, most - n_own)
    if len(located) < max(MIN_LOCATED, least):
        return _as_groups(own, _by_label(free, ward(vectors[free], least)), [], [], given)
    exact = least == most
    n_outside = 1 if without and exact and most > 1 else 0
    units = SectionUnits(report, features, encoder=encoder)
    found = units.group(located, at_least=least - n_outside, at_most=most - n_outside)
    rest = units.join(without, comments, found)
    outside, single = _outside(rest, comments, encoder, n_outside or MAX_OUTSIDE)
    groups = list(found.values())
    while exact and len(groups) + len(outside) + bool(single) < most and max(map(len, groups)) > 1:
        groups = _divide_largest(groups, vectors)
    return _as_groups(own, groups, outside, single, given)


def _divide_largest(groups: list[list[int]], vectors: FloatArray) -> list[list[int]]:
    largest = max(range(len(groups)), key=lambda position: (len(groups[position]), -position))
    rows = groups[largest]
    return [*groups[:largest], *_by_label(rows, ward(vectors[rows], 2)), *groups[largest + 1 :]]


def _as_groups(
    own: Sequence[list[int]],
    found: Sequence[list[int]],
    outside: Sequence[list[int]],
    single: list[int],
    given: GivenThemes,
) -> list[_Group]:
    groups = [
        *(_Group(tuple(rows), "given", theme.name) for rows, theme in zip(own, given.themes, strict=True) if rows),
        *(_Group(tuple(rows), "report") for rows in found if rows),
        *(_Group(tuple(rows), "outside") for rows in outside),
    ]
    return [*groups, _Group(tuple(single), "single")] if single else groups


def _fixed(
    rows: Sequence[int], comments: Sequence[Comment], features: CommentFeatures, report: Report, given: GivenThemes
) -> dict[int, int]:
    """Row -> given theme: what is pinned, and what stands mostly in the sections that the theme names."""
    clustered = set(rows)
    fixed = {row: number for row, number in pinned(given, comments).items() if row in clustered}
    for number, theme in enumerate(given.themes):
        columns = [
            position
            for position, section in enumerate(report.sections)
            if any(section.number == name or section.number.startswith(f"{name}.") for name in theme.sections)
        ]
        if columns:
            share = features.sections[:, columns].sum(axis=1) / np.maximum(features.sections.sum(axis=1), 1e-9)
            for row in rows:
                if features.located[row] > 0 and share[row] > 0.5:
                    fixed.setdefault(row, number)
    return fixed


def _by_label(rows: Sequence[int], labels: Sequence[int] | NDArray[np.int64]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for row, label in zip(rows, labels, strict=True):
        groups.setdefault(int(label), []).append(row)
    return list(groups.values())


def _n_themes(n_comments: int, config: Config) -> tuple[int, int]:
    """How many themes there should be at least and at most: what people take in, within what the comments bear."""
    if config.n_themes:
        n_themes = min(config.n_themes, n_comments)
        return n_themes, n_themes
    by_size = round(np.sqrt(n_comments / 2))
    most = min(max(MAX_THEMES - MAX_OUTSIDE // 2, by_size), MOST_THEMES)
    bearable = max(MIN_THEMES, n_comments // COMMENTS_PER_THEME)
    return min(max(MIN_THEMES, by_size // 2), n_comments), min(most, bearable, n_comments)


def _outside(
    rows: Sequence[int], comments: Sequence[Comment], encoder: Encoder | None, at_most: int
) -> tuple[list[list[int]], list[int]]:
    """Group what the report has nothing on by its own words: groups of two and more, and comments like no other."""
    from sklearn.cluster import AgglomerativeClustering

    if len(rows) < 2:
        return [], list(rows)
    compared = [rows[position] for position in spread(len(rows), MAX_COMPARED)]
    texts = [comments[row].text for row in compared]
    vectors = CharacterNgrams(texts).encode(texts)
    likeness = np.clip(2 * cosine(vectors, vectors), 0.0, 1.0)
    if encoder is not None:
        encoded = encoder.encode(texts)
        likeness = 0.5 * likeness + 0.5 * np.clip(cosine(encoded, encoded), 0.0, 1.0)
    distances = 1.0 - likeness
    np.fill_diagonal(distances, 0.0)
    labels = AgglomerativeClustering(
        None, metric="precomputed", linkage="average", distance_threshold=OUTSIDE_DISTANCE
    ).fit_predict(distances)
    groups = sorted(_by_label(range(len(compared)), labels), key=lambda group: (-len(group), group[0]))
    together = [group for group in groups if len(group) > 1]
    outside = [[compared[position] for position in group] for group in together[:at_most]]
    taken = {row for group in outside for row in group}
    return outside, [row for row in rows if row not in taken]


def _merge(groups: Sequence[_Group], names: Sequence[str]) -> tuple[list[_Group], list[str]]:
    """Groups of one name become one."""
    by_name: dict[str, list[_Group]] = {}
    for group, name in zip(groups, names, strict=True):
        by_name.setdefault(name, []).append(group)
    joined = [
        replace(same[0], rows=tuple(row for group in same for row in group.rows), name=name)
        for name, same in by_name.items()
    ]
    return joined, list(by_name)


def _terms(
    groups: Sequence[_Group], comments: Sequence[Comment], report: Report, language: Language
) -> list[list[str]]:
    return theme_terms([group.rows for group in groups], [group.kind for group in groups], comments, report, language)


# Copies --------------------------------------------------------------------------------------------------------------


def _without_copies(comments: Sequence[Comment], messages: Sequence[Message]) -> tuple[list[int], dict[int, int]]:
    """Rows of the comments to cluster, and for each campaign copy the row of the comment that it repeats."""
    campaign = {message.message_id: message.campaign_id for message in messages if message.campaign_id}
    first: dict[tuple[str, str], int] = {}
    originals, copy_of = [], {}
    for row, comment in enumerate(comments):
        group = campaign.get(comment.message_id)
        # Copies are near-identical: their first words, without what each sender put in, are enough to pair them.
        key = (group or comment.comment_id, " ".join(comment.text.lower().split()[:6]))
        if group and key in first:
            copy_of[row] = first[key]
        else:
            first.setdefault(key, row)
            originals.append(row)
    return originals, copy_of


def _with_copies(groups: Sequence[_Group], copy_of: dict[int, int], n_comments: int) -> list[_Group]:
    """The groups with each copy beside its original, rows in order."""
    group_of = {row: position for position, group in enumerate(groups) for row in group.rows}
    rows: list[list[int]] = [[] for _ in groups]
    for row in range(n_comments):
        rows[group_of[copy_of.get(row, row)]].append(row)
    return [replace(group, rows=tuple(members)) for group, members in zip(groups, rows, strict=True)]


# Themes --------------------------------------------------------------------------------------------------------------


def _as_themes(
    groups: Sequence[_Group],
    names: Sequence[str],
    terms: Sequence[Sequence[str]],
    comments: Sequence[Comment],
    vectors: FloatArray,
) -> tuple[Theme, ...]:
    """Themes with their comments, the most typical first; the largest theme first, single comments last."""
    order = sorted(
        range(len(groups)),
        key=lambda position: (groups[position].kind == "single", -len(groups[position].rows), groups[position].rows[0]),
    )
    themes = []
    for number, position in enumerate(order, start=1):
        rows = groups[position].rows
        weights = _typicality(vectors, rows)
        ordered = sorted(zip(rows, weights, strict=True), key=lambda pair: (-pair[1], pair[0]))
        themes.append(
            Theme(
                theme_id=f"T{number:02d}",
                label=names[position],
                terms=tuple(terms[position][:N_TERMS]),
                summary="",
                weights={comments[row].comment_id: round(float(weight), 4) for row, weight in ordered},
                kind=groups[position].kind,
            )
        )
    return tuple(themes)


def _typicality(vectors: FloatArray, rows: Sequence[int]) -> FloatArray:
    """How near each comment is to the middle of its theme: cosine, 0–1, shape (n_rows,)."""
    return _cosines(vectors[list(rows)], vectors[list(rows)].mean(axis=0))


def _cosines(vectors: FloatArray, middle: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(middle)
    cosines = np.divide(vectors @ middle, lengths, out=np.zeros(len(vectors)), where=lengths > 0)
    return np.asarray(np.clip(cosines, 0.0, 1.0), dtype=np.float64)


def _with_second(
    themes: Sequence[Theme], members: Sequence[list[int]], vectors: FloatArray, features: CommentFeatures
) -> tuple[Theme, ...]:
    """A second theme for each comment that is nearly as near to it as to its own; `members` are their rows."""
    middles = [vectors[rows].mean(axis=0) for rows in members]
    second: list[dict[str, float]] = [{} for _ in themes]
    candidates = [position for position, theme in enumerate(themes) if theme.kind != "single"]
    if len(candidates) < 2:
        return tuple(themes)
    nearness = np.column_stack([_cosines(vectors, middles[position]) for position in candidates])
    for column, position in enumerate(candidates):
        for comment_id, row in zip(themes[position].comment_ids, members[position], strict=True):
            others = nearness[row].copy()
            others[column] = -1.0
            best = int(others.argmax())
            if features.located[row] and others[best] >= max(SECOND_SHARE * nearness[row, column], SECOND_COSINE):
                weight = min(float(others[best]), themes[position].weights[comment_id])
                second[candidates[best]][comment_id] = round(weight, 4)
    return tuple(replace(theme, second=more) for theme, more in zip(themes, second, strict=True))


def _with_groups(
    themes: Sequence[Theme],
    members: Sequence[list[int]],
    vectors: FloatArray,
    features: CommentFeatures,
    report: Report,
) -> tuple[Theme, ...]:
    """Where there are more themes than one takes in, the name over those that belong together."""
    if len(themes) <= MAX_THEMES:
        return tuple(themes)
    labels = ward(np.vstack([vectors[rows].mean(axis=0) for rows in members]), round(len(themes) / THEMES_PER_GROUP))
    names: dict[int, str] = {}
    for label in range(int(labels.max()) + 1):
        inside = [position for position, own in enumerate(labels) if own == label]
        heading = shared_top_heading([row for position in inside for row in members[position]], features, report)
        name = heading or themes[inside[0]].label
        names[label] = name if name not in names.values() else themes[inside[0]].label
    return tuple(replace(theme, group=names[int(label)]) for theme, label in zip(themes, labels, strict=True))
