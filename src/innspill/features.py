"""Comments with what the report lends them: the words and the sections of the places that they are about."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from innspill.config import Config
from innspill.derived import join_lines
from innspill.language.vectors import CharacterNgrams, Encoder, FloatArray, LatentSpace, unit_rows
from innspill.likeness import NearestPassages
from innspill.places import LineIndex
from innspill.records import Annotation, Comment, Report, Section

# Weights of the fused features: words (the comment's and the place's), top section, lowest section, encoder.
TEXT_WEIGHT, TOP_SECTION_WEIGHT, SECTION_WEIGHT, ENCODER_WEIGHT = 1.0, 1.5, 0.5, 1.0
N_LATENT = 30
# A comment without a place leans on its likest passages, at this share of the weight of a known place.
N_LIKEST, LIKEST_SHARE = 3, 0.5
# A span of more lines than this (a chapter, a page) lends its section, not its words.
MAX_LENT_LINES = 25


@dataclass(frozen=True, slots=True)
class CommentFeatures:
    """What themes and needs compare comments by.

    Attributes:
        joined_texts: Each comment's words with those of its place.
        top_sections: Shares over top sections, shape (n_comments, n_top_sections).
        sections: Shares over all sections, shape (n_comments, n_sections).
        located: Whether the comment has a place of its own, shape (n_comments,).
    """

    joined_texts: tuple[str, ...]
    top_sections: FloatArray
    sections: FloatArray
    located: FloatArray


def comment_features(
    comments: Sequence[Comment], annotations: Sequence[Annotation], report: Report, nearest: NearestPassages
) -> CommentFeatures:
    """Lend each comment the words and the section of its place, or of the passages that it is likest."""
    index = LineIndex(report)
    column = {section.section_id: position for position, section in enumerate(report.sections)}
    top_of = top_sections(report.sections)
    tops = list(dict.fromkeys(top_of.values()))
    top_column = {section_id: position for position, section_id in enumerate(tops)}
    sections = np.zeros((len(comments), max(len(column), 1)))
    located = np.zeros(len(comments))
    texts = [comment.text for comment in comments]
    row_of = {comment.comment_id: row for row, comment in enumerate(comments)}
    for annotation in annotations:
        if annotation.target is None:
            continue
        row = row_of[annotation.comment_id]
        lines = [line for line in index.lines_in(annotation.target) if line.section_id]
        for line in lines:
            sections[row, column[line.section_id]] += 1 / len(lines)
        located[row] = 1.0
        if len(lines) <= MAX_LENT_LINES:
            texts[row] += " " + join_lines(report.text, annotation.target).text
    for row in [int(row) for row in np.flatnonzero(located == 0)]:
        for position in nearest.positions[row][:N_LIKEST]:
            passage = nearest.passages[position]
            texts[row] += " " + nearest.texts[position]
            if passage.section_id:
                sections[row, column[passage.section_id]] += LIKEST_SHARE / N_LIKEST
    tops_shared = np.zeros((len(comments), max(len(tops), 1)))
    for section_id, position in column.items():
        tops_shared[:, top_column[top_of[section_id]]] += sections[:, position]
    return CommentFeatures(tuple(texts), _unit(tops_shared, located), _unit(sections, located), located)


def fuse(features: CommentFeatures, *, encoder: Encoder | None, config: Config) -> FloatArray:
    """The features that comments are clustered by, side by side: shape (n_comments, n_features)."""
    ngrams = CharacterNgrams(features.joined_texts)
    blocks = [
        TEXT_WEIGHT
        * LatentSpace(ngrams, features.joined_texts, N_LATENT, seed=config.seed).encode(features.joined_texts),
        TOP_SECTION_WEIGHT * features.top_sections,
        SECTION_WEIGHT * features.sections,
    ]
    if encoder is not None:
        blocks.append(ENCODER_WEIGHT * encoder.encode(features.joined_texts))
    return np.hstack(blocks)


def top_sections(sections: Sequence[Section]) -> dict[str, str]:
    """Section id -> the id of the top section above it."""
    top: dict[str, str] = {}
    for section in sections:
        top[section.section_id] = top.get(section.parent_id, section.section_id)
    return top


def _unit(shares: FloatArray, located: FloatArray) -> FloatArray:
    """Unit length for comments with a place; the others keep their smaller weight."""
    return np.where(located[:, None] > 0, unit_rows(shares), shares)
