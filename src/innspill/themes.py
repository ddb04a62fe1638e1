"""Comments -> themes.

The report's own structure is the strongest prior: a comment brings the words and the section of the place that it is
about. Own words alone reach an AMI of 0.2 against an analyst's themes, together with these 0.5–0.6.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from innspill.config import Config
from innspill.derived import join_lines
from innspill.language.norwegian import Language
from innspill.language.tagging import Phrase
from innspill.language.vectors import CharacterNgrams, Encoder, FloatArray, latent_dimensions
from innspill.likeness import NearestPassages
from innspill.places import LineIndex
from innspill.records import Annotation, Comment, Message, Report, Section, Theme
from innspill.words import Words

# Weights of the fused features: words (the comment's and the place's), top section, lowest section, encoder.
TEXT_WEIGHT, TOP_SECTION_WEIGHT, SECTION_WEIGHT, ENCODER_WEIGHT = 1.0, 1.5, 0.5, 1.0
N_LATENT = 30
# A comment without a place leans on its likest passages, at this share of the weight of a known place.
N_LIKEST, LIKEST_SHARE = 3, 0.5
# A span of more lines than this (a chapter, a page) lends its section, not its words.
MAX_LENT_LINES = 25
MIN_THEMES, MAX_THEMES = 3, 15
COMMENTS_PER_THEME = 6
# A top section counts as discussed from this share of the located comments.
DISCUSSED_SHARE = 0.02
# A theme bears a section's heading when at least this share of its comments stand there.
HEADING_SHARE = 0.5
N_TERMS = 6
# A phrase stands for its last noun where at least this share of the comments with the noun have the phrase.
PHRASE_SHARE = 0.6
MIN_TERM_LETTERS = 4


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
) -> tuple[Theme, ...]:
    """Group the comments and name the groups, the largest first; every comment is in exactly one theme.

    `words` is the output's language, for names that are no heading of the report. Copies within a campaign are
    clustered once and follow their original.
    """
    if not comments:
        return ()
    originals, copy_of = _without_copies(comments, messages)
    vectors = fuse(features, encoder=encoder, config=config)
    labels = _cluster(vectors[originals], _n_themes(features, originals, config))
    label_of = dict(zip(originals, labels, strict=True))
    assigned = np.array([label_of[copy_of.get(row, row)] for row in range(len(comments))])
    return _as_themes(assigned, comments, vectors, features, report, language, words)


def comment_features(
    comments: Sequence[Comment], annotations: Sequence[Annotation], report: Report, nearest: NearestPassages
) -> CommentFeatures:
    """Lend each comment the words and the section of its place, or of the passages that it is likest."""
    index = LineIndex(report)
    column = {section.section_id: position for position, section in enumerate(report.sections)}
    top_of = _top_sections(report.sections)
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
    top_sections = np.zeros((len(comments), max(len(tops), 1)))
    for section_id, position in column.items():
        top_sections[:, top_column[top_of[section_id]]] += sections[:, position]
    return CommentFeatures(tuple(texts), _unit(top_sections, located), _unit(sections, located), located)


def fuse(features: CommentFeatures, *, encoder: Encoder | None, config: Config) -> FloatArray:
    """The features that comments are clustered by, side by side: shape (n_comments, n_features)."""
    ngrams = CharacterNgrams(features.joined_texts).encode(features.joined_texts)
    blocks = [
        TEXT_WEIGHT * latent_dimensions(ngrams, N_LATENT, seed=config.seed),
        TOP_SECTION_WEIGHT * features.top_sections,
        SECTION_WEIGHT * features.sections,
    ]
    if encoder is not None:
        blocks.append(ENCODER_WEIGHT * encoder.encode(features.joined_texts))
    return np.hstack(blocks)


def _unit(shares: FloatArray, located: FloatArray) -> FloatArray:
    """Unit length for comments with a place; the others keep their smaller weight."""
    lengths = np.linalg.norm(shares, axis=1, keepdims=True)
    scaled = np.divide(shares, lengths, out=np.zeros_like(shares), where=lengths > 0)
    return np.where(located[:, None] > 0, scaled, shares)


def _top_sections(sections: Sequence[Section]) -> dict[str, str]:
    """Section id -> the id of the top section above it."""
    top: dict[str, str] = {}
    for section in sections:
        top[section.section_id] = top.get(section.parent_id, section.section_id)
    return top


# Clusters ------------------------------------------------------------------------------------------------------------


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


def _n_themes(features: CommentFeatures, rows: list[int], config: Config) -> int:
    """As many themes as top sections are discussed and one for what the report lacks, within what the comments bear."""
    n_comments = len(rows)
    if config.n_themes:
        return min(config.n_themes, n_comments)
    located = features.top_sections[rows][features.located[rows] > 0]
    discussed = int((located.sum(axis=0) >= max(1.0, DISCUSSED_SHARE * len(located))).sum()) if len(located) else 0
    wanted = discussed + 1 if discussed >= MIN_THEMES else round(np.sqrt(n_comments / 2))
    bearable = max(1, n_comments // COMMENTS_PER_THEME)
    return int(min(max(wanted, MIN_THEMES), MAX_THEMES, max(bearable, min(MIN_THEMES, n_comments)), n_comments))


def _cluster(vectors: FloatArray, n_themes: int) -> list[int]:
    from sklearn.cluster import AgglomerativeClustering

    if n_themes < 2 or len(vectors) < 2:
        return [0] * len(vectors)
    return [int(label) for label in AgglomerativeClustering(n_themes, linkage="ward").fit_predict(vectors)]


def _as_themes(
    assigned: NDArray[np.int64],
    comments: Sequence[Comment],
    vectors: FloatArray,
    features: CommentFeatures,
    report: Report,
    language: Language,
    words: Words,
) -> tuple[Theme, ...]:
    groups: list[list[int]] = [[int(row) for row in np.flatnonzero(assigned == label)] for label in np.unique(assigned)]
    groups.sort(key=lambda rows: (-len(rows), rows[0]))
    terms = _terms(groups, comments, language)
    names = _names(groups, terms, features, report, words)
    themes = []
    for number, (rows, group_terms, name) in enumerate(zip(groups, terms, names, strict=True), start=1):
        weights = _typicality(vectors, rows)
        ordered = sorted(zip(rows, weights, strict=True), key=lambda pair: (-pair[1], pair[0]))
        themes.append(
            Theme(
                theme_id=f"T{number:02d}",
                label=name,
                terms=tuple(group_terms[:N_TERMS]),
                summary="",
                weights={comments[row].comment_id: round(float(weight), 4) for row, weight in ordered},
            )
        )
    return tuple(themes)


def _typicality(vectors: FloatArray, rows: Sequence[int]) -> FloatArray:
    """How near each comment is to the middle of its theme: cosine, 0–1, shape (n_rows,)."""
    centre = vectors[rows].mean(axis=0)
    lengths = np.linalg.norm(vectors[rows], axis=1) * np.linalg.norm(centre)
    cosines = np.divide(vectors[rows] @ centre, lengths, out=np.zeros(len(rows)), where=lengths > 0)
    return np.asarray(np.clip(cosines, 0.0, 1.0), dtype=np.float64)


# Names ---------------------------------------------------------------------------------------------------------------


def _terms(groups: Sequence[Sequence[int]], comments: Sequence[Comment], language: Language) -> list[list[str]]:
    """For each group its nouns and noun phrases by how much they set it apart (class-based TF-IDF).

    They are counted by base form, and given in it where anybody wrote it so, else in the form most often written.
    """
    texts = [comment.text for comment in comments]
    candidates = [
        [term for phrase in phrases for term in _candidates(phrase, text, language)]
        for text, phrases in zip(texts, language.phrases(texts), strict=True)
    ]
    forms: dict[str, Counter[str]] = {}
    for lemma, form in (term for terms in candidates for term in terms):
        forms.setdefault(lemma, Counter())[form] += 1
    counts = [
        _without_parts(Counter(lemma for row in rows for lemma in {lemma for lemma, _ in candidates[row]}))
        for rows in groups
    ]
    spread = Counter(lemma for heard in counts for lemma in heard)
    result = []
    for heard, rows in zip(counts, groups, strict=True):
        scores = {
            lemma: count / len(rows) * np.log(1 + len(groups) / spread[lemma])
            for lemma, count in heard.items()
            if count >= min(2, len(rows))
        }
        ranked = sorted(scores, key=lambda lemma: (-scores[lemma], lemma))
        result.append([lemma if lemma in forms[lemma] else forms[lemma].most_common(1)[0][0] for lemma in ranked])
    return result


def _candidates(phrase: Phrase, text: str, language: Language) -> list[tuple[str, str]]:
    """Base form and written form of a phrase's last noun, and of the whole phrase without common words in front."""
    words = list(phrase.words)
    while words and _is_common(words[0].span.of(text), words[0].lemma, language):
        words.pop(0)
    if not words or words[-1] != phrase.words[-1] or _is_common(words[-1].span.of(text), words[-1].lemma, language):
        return []
    found = []
    for part in dict.fromkeys((len(words) - 1, 0)):
        written = " ".join(_as_in_running_text(word.span.of(text), word.tag) for word in words[part:])
        found.append((" ".join(word.lemma for word in words[part:]), written))
    return found


def _is_common(word: str, lemma: str, language: Language) -> bool:
    too_short = sum(letter.isalpha() for letter in lemma) < MIN_TERM_LETTERS
    return too_short or word.endswith("-") or language.is_stop_word(word) or language.is_stop_word(lemma)


def _as_in_running_text(word: str, tag: str) -> str:
    """Small letters, but for names and abbreviations."""
    return word if tag == "PROPN" or word[1:] != word[1:].lower() else word.lower()


def _without_parts(heard: Counter[str]) -> Counter[str]:
    """The counts without nouns that are mostly said within one longer phrase: «register» in «nasjonalt register»."""
    swallowed = {
        phrase.rpartition(" ")[2]
        for phrase, count in heard.items()
        if " " in phrase and count >= 2 and count >= PHRASE_SHARE * heard[phrase.rpartition(" ")[2]]
    }
    rare = {phrase for phrase, count in heard.items() if " " in phrase and count < 2}
    return Counter({lemma: count for lemma, count in heard.items() if lemma not in swallowed | rare})


def _names(
    groups: Sequence[Sequence[int]],
    terms: Sequence[Sequence[str]],
    features: CommentFeatures,
    report: Report,
    words: Words,
) -> list[str]:
    """Names a person would give: the heading where most of the comments stand, else what sets them apart.

    The lowest heading that most share is taken; two themes under one heading are told apart by a term. A theme of
    comments that mostly have no place in the report says so.
    """
    names: list[str] = []
    for rows, group_terms in zip(groups, terms, strict=True):
        heading = _shared_heading(rows, features, report)
        own = [term for term in group_terms if term.lower() not in heading.lower()]
        if heading:
            name = f"{heading}: {own[0]}" if heading in names and own else heading
        elif report.sections and features.located[rows].mean() < HEADING_SHARE:
            name = words("theme.outside", terms=", ".join(own[:3]))
        else:
            name = ", ".join(own[:2])
        names.append(name[:1].upper() + name[1:] if name else words("theme.unnamed", n=len(names) + 1))
    return names


def _shared_heading(rows: Sequence[int], features: CommentFeatures, report: Report) -> str:
    """The heading of the lowest section in which at least half of a group's comments stand; empty for none."""
    if not report.sections:
        return ""
    placed = features.located[rows] > 0
    if placed.sum() < HEADING_SHARE * len(rows):
        return ""
    shares = features.sections[rows].sum(axis=0)
    total: Mapping[str, float] = _with_subsections(report.sections, shares)
    wide_enough = [section for section in report.sections if total[section.section_id] >= HEADING_SHARE * len(rows)]
    return max(wide_enough, key=lambda section: section.level).heading if wide_enough else ""


def _with_subsections(sections: Sequence[Section], shares: FloatArray) -> dict[str, float]:
    total = {section.section_id: float(share) for section, share in zip(sections, shares, strict=True)}
    for section in sorted(sections, key=lambda section: -section.level):
        if section.parent_id:
            total[section.parent_id] += total[section.section_id]
    return total
