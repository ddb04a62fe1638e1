"""Themes -> names and terms that a person would give: headings of the report, and noun phrases of the comments."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from innspill.clustering import spread
from innspill.features import CommentFeatures
from innspill.language.norwegian import Language
from innspill.language.tagging import Phrase
from innspill.language.vectors import FloatArray
from innspill.language.written_forms import fold_written_forms
from innspill.records import Comment, Report, Section, ThemeKind
from innspill.words import Words

# A theme bears a section's heading when at least this share of its comments stand there.
HEADING_SHARE = 0.5
# A phrase stands for its last noun where at least this share of the comments with the noun have the phrase.
PHRASE_SHARE = 0.6
MIN_TERM_LETTERS = 4
# A word that the report does not use counts so much more; words are held against the report by so many letters.
NEW_WORD, STEM = 3.0, 6
# Comments of one theme that are read for its terms.
MAX_READ = 300


def theme_terms(
    groups: Sequence[Sequence[int]],
    kinds: Sequence[ThemeKind],
    comments: Sequence[Comment],
    report: Report,
    language: Language,
) -> list[list[str]]:
    """For each group its nouns and noun phrases by how much they set it apart (class-based TF-IDF).

    They are counted by base form, and given in it where anybody wrote it so, else in the form most often written. Of
    what the report does not have, words that it does not use say most, and one comment with such a word is enough.
    """
    known = fold_written_forms(report.text)
    read = [[rows[position] for position in spread(len(rows), MAX_READ)] for rows in groups]
    texts = {row: comments[row].text for rows in read for row in rows}
    candidates = {
        row: [term for phrase in phrases for term in _candidates(phrase, text, language)]
        for (row, text), phrases in zip(texts.items(), language.phrases(list(texts.values())), strict=True)
    }
    forms: dict[str, Counter[str]] = {}
    for lemma, form in (term for terms in candidates.values() for term in terms):
        forms.setdefault(lemma, Counter())[form] += 1
    counts = [
        _without_parts(Counter(lemma for row in rows for lemma in {lemma for lemma, _ in candidates[row]}))
        for rows in read
    ]
    spread_over = Counter(lemma for heard in counts for lemma in heard)
    result = []
    for heard, rows, kind in zip(counts, read, kinds, strict=True):
        new = {lemma for lemma in heard if kind == "outside" and _stem(lemma) not in known}
        scores = {
            lemma: (NEW_WORD if lemma in new else 1.0)
            * count
            / len(rows)
            * np.log(1 + len(groups) / spread_over[lemma])
            for lemma, count in heard.items()
            # A name that one comment has is a place or a person in a story.
            if count >= min(2, len(rows)) or (lemma in new and not lemma[:1].isupper())
        }
        ranked = sorted(scores, key=lambda lemma: (-scores[lemma], lemma))
        result.append([lemma if lemma in forms[lemma] else forms[lemma].most_common(1)[0][0] for lemma in ranked])
    return result


def _stem(lemma: str) -> str:
    """The beginning of a term's last noun, folded: what the report would hold if it spoke of it in any form."""
    return fold_written_forms(lemma).rpartition(" ")[2][:STEM]


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


def theme_names(
    groups: Sequence[Sequence[int]],
    kinds: Sequence[ThemeKind],
    terms: Sequence[Sequence[str]],
    features: CommentFeatures,
    report: Report,
    words: Words,
) -> list[str]:
    """Names a person would give: the heading where most of the comments stand, else what sets them apart.

    The lowest heading that most share is taken; two themes under one heading are told apart by a term. A theme of
    comments on what the report does not have says so.
    """
    names: list[str] = []
    for rows, kind, group_terms in zip(groups, kinds, terms, strict=True):
        heading = shared_heading(rows, features, report)
        own = [term for term in group_terms if term.lower() not in heading.lower()]
        if kind == "single":
            name = words("theme.single")
        elif kind == "outside":
            name = words("theme.outside", terms=_joined(own[:2], words)) if own else words("theme.outside_unnamed")
        elif heading:
            name = f"{heading}: {own[0]}" if heading in names and own else heading
        else:
            name = _joined(own[:2], words)
        names.append(_unlike(name[:1].upper() + name[1:], names, own, words))
    return names


def _joined(terms: Sequence[str], words: Words) -> str:
    """«a og b»."""
    return words("theme.and", first=terms[0], second=terms[1]) if len(terms) == 2 else "".join(terms)


def _unlike(name: str, names: Sequence[str], terms: Sequence[str], words: Words) -> str:
    """The name, made different from those given before; a numbered one where there is nothing to tell it by."""
    if not name:
        return words("theme.unnamed", n=len(names) + 1)
    if name not in names:
        return name
    told = next((f"{name}: {term}" for term in terms if f"{name}: {term}" not in names), "")
    return told or f"{name} ({len(names) + 1})"


def shared_heading(rows: Sequence[int], features: CommentFeatures, report: Report) -> str:
    """The heading of the lowest section in which at least half of a group's comments stand; empty for none."""
    if not report.sections:
        return ""
    placed = features.located[list(rows)] > 0
    if placed.sum() < HEADING_SHARE * len(rows):
        return ""
    shares = features.sections[list(rows)].sum(axis=0)
    total: Mapping[str, float] = _with_subsections(report.sections, shares)
    wide_enough = [section for section in report.sections if total[section.section_id] >= HEADING_SHARE * len(rows)]
    return max(wide_enough, key=lambda section: section.level).heading if wide_enough else ""


def _with_subsections(sections: Sequence[Section], shares: FloatArray) -> dict[str, float]:
    total = {section.section_id: float(share) for section, share in zip(sections, shares, strict=True)}
    for section in sorted(sections, key=lambda section: -section.level):
        if section.parent_id:
            total[section.parent_id] += total[section.section_id]
    return total


def shared_top_heading(rows: Sequence[int], features: CommentFeatures, report: Report) -> str:
    """The heading of the top section in which at least half of a group's comments stand; empty for none."""
    tops = [section for section in report.sections if section.level == min(other.level for other in report.sections)]
    if not tops:
        return ""
    total = _with_subsections(report.sections, features.sections[list(rows)].sum(axis=0))
    most = max(tops, key=lambda section: total[section.section_id])
    return most.heading if total[most.section_id] >= HEADING_SHARE * len(rows) else ""
