"""Comments -> the sections of the report that they speak of, joined and divided until they can be themes.

Which sections belong together is told by the report alone, so that the themes of a consultation stay as they are when
more mails arrive.
"""

from collections.abc import Sequence

import numpy as np

from innspill.derived import join_lines
from innspill.features import CommentFeatures, top_sections
from innspill.language.vectors import CharacterNgrams, Encoder, FloatArray, cosine
from innspill.records import Comment, Report

# A section with fewer comments joins the one whose text is likest.
MIN_COMMENTS = 2
# A section with a larger share of the comments is divided into its subsections, where two of them have so many.
LARGE_SHARE, MIN_DIVIDED = 0.35, 4
# A comment without a place joins a section that stands out for it by at least this share of how much one of so many
# can stand out; the encoder's say in that, beside character n-grams; among fewer sections none stands out.
OUTSTANDING, ENCODER_SHARE, MIN_UNITS = 0.6, 0.7, 3


class SectionUnits:
    """The sections of a report as units of themes: top sections, and the subsections of those that were divided."""

    def __init__(self, report: Report, features: CommentFeatures, *, encoder: Encoder | None) -> None:
        self._report = report
        self._features = features
        self._encoder = encoder
        self._parent = {section.section_id: section.parent_id for section in report.sections}
        self._column = {section.section_id: column for column, section in enumerate(report.sections)}
        self._unit_of = top_sections(report.sections)

    def group(self, rows: Sequence[int], *, at_least: int, at_most: int) -> dict[str, list[int]]:
        """Rows of comments with a place, by unit.

        Args:
            rows: Which comments.
            at_least: Sections are divided until there are so many groups, as far as they can be.
            at_most: Groups are joined until there are no more.
        """
        groups = self._by_unit(rows)
        while (unit := self._to_divide(groups, len(rows), at_least)) is not None:
            self._divide(unit)
            groups = self._by_unit(rows)
        return self._join_small(groups, at_most)

    def join(self, rows: Sequence[int], comments: Sequence[Comment], groups: dict[str, list[int]]) -> list[int]:
        """Put each comment without a place into the group whose section it is plainly likest.

        Returns:
            Rows of the comments for which no section stands out.
        """
        units = list(groups)
        if not rows or len(units) < MIN_UNITS:
            return list(rows)
        least = OUTSTANDING * (len(units) - 1) / np.sqrt(len(units))
        rest = []
        likeness = self._likeness_to([comments[row].text for row in rows], units)
        spread = np.maximum(likeness.std(axis=1), 1e-9)
        outstanding = (likeness.max(axis=1) - likeness.mean(axis=1)) / spread
        for row, by_unit, most in zip(rows, likeness, outstanding, strict=True):
            if most >= least:
                groups[units[int(by_unit.argmax())]].append(row)
            else:
                rest.append(row)
        return rest

    def _by_unit(self, rows: Sequence[int]) -> dict[str, list[int]]:
        """Each comment in the unit where most of its place lies, units in the order of the report."""
        units = list(dict.fromkeys(self._unit_of.values()))
        position = {unit: column for column, unit in enumerate(units)}
        into = np.zeros((len(self._column), len(units)))
        for section_id, column in self._column.items():
            into[column, position[self._unit_of[section_id]]] = 1.0
        chosen = (self._features.sections[list(rows)] @ into).argmax(axis=1) if rows else []
        groups: dict[str, list[int]] = {}
        for row, column in sorted(zip(rows, map(int, chosen), strict=True), key=lambda pair: (pair[1], pair[0])):
            groups.setdefault(units[column], []).append(row)
        return groups

    def _to_divide(self, groups: dict[str, list[int]], n_rows: int, at_least: int) -> str | None:
        """The largest unit that is to be divided and can be; None where there is none."""
        for unit, rows in sorted(groups.items(), key=lambda item: -len(item[1])):
            wanted = len(rows) > LARGE_SHARE * n_rows or len(groups) < at_least
            if not wanted:
                return None
            if sum(len(part) >= MIN_DIVIDED for part in self._parts(unit, rows)) > 1:
                return unit
        return None

    def _parts(self, unit: str, rows: Sequence[int]) -> list[list[int]]:
        """The rows of a unit by its subsections."""
        divided = self._divided(unit)
        parts: dict[str, list[int]] = {}
        for row in rows:
            shares = self._features.sections[row]
            best = max(divided, key=lambda section_id: shares[self._column[section_id]])
            parts.setdefault(divided[best], []).append(row)
        return list(parts.values())

    def _divide(self, unit: str) -> None:
        self._unit_of.update(self._divided(unit))

    def _divided(self, unit: str) -> dict[str, str]:
        """Section id -> the subsection of `unit` that it lies in, for all sections of the unit."""
        divided = {}
        for section_id, own in self._unit_of.items():
            if own == unit:
                child = section_id
                while child != unit and self._parent[child] not in (unit, ""):
                    child = self._parent[child]
                divided[section_id] = child
        return divided

    def _join_small(self, groups: dict[str, list[int]], at_most: int) -> dict[str, list[int]]:
        """Join the smallest group to that whose section is likest, while it is too small or groups are too many."""
        if len(groups) < 2:
            return groups
        units = list(groups)
        likeness = self._likeness(units)
        while len(groups) > 1:
            smallest = min(groups, key=lambda unit: (len(groups[unit]), units.index(unit)))
            if len(groups[smallest]) >= MIN_COMMENTS and len(groups) <= at_most:
                break
            row = likeness[units.index(smallest)]
            likest = max((unit for unit in groups if unit != smallest), key=lambda unit: row[units.index(unit)])
            groups[likest] = sorted(groups[likest] + groups.pop(smallest))
            self._unit_of = {key: likest if own == smallest else own for key, own in self._unit_of.items()}
        return groups

    def _likeness(self, units: Sequence[str]) -> FloatArray:
        """How like the texts of units are, shape (n_units, n_units)."""
        texts = self._texts(units)
        vectors = CharacterNgrams(texts).encode(texts)
        likeness = cosine(vectors, vectors)
        if self._encoder is not None:
            encoded = self._encoder.encode(texts)
            likeness = (likeness + cosine(encoded, encoded)) / 2
        return likeness

    def _likeness_to(self, said: Sequence[str], units: Sequence[str]) -> FloatArray:
        """How like what is said is to the texts of units, in units of its spread: shape (n_said, n_units)."""
        texts = self._texts(units)
        ngrams = CharacterNgrams(texts)
        by_ngrams = cosine(ngrams.encode(said), ngrams.encode(texts))
        likeness = by_ngrams / max(float(by_ngrams.std()), 1e-9)
        if self._encoder is None:
            return np.asarray(likeness)
        by_vectors = cosine(self._encoder.encode(said), self._encoder.encode(texts))
        encoded = by_vectors / max(float(by_vectors.std()), 1e-9)
        return np.asarray((1 - ENCODER_SHARE) * likeness + ENCODER_SHARE * encoded)

    def _texts(self, units: Sequence[str]) -> list[str]:
        """The words of the report in each unit."""
        texts = dict.fromkeys(units, "")
        for passage in self._report.passages:
            unit = self._unit_of.get(passage.section_id, "")
            if unit in texts:
                texts[unit] += " " + join_lines(self._report.text, passage.span).text
        return list(texts.values())
