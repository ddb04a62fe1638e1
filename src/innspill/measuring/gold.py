"""A gold standard and an analysis side by side: which comment is which gold comment, and at which lines it stands."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innspill.errors import GoldError
from innspill.measuring.figures import Baseline, Figure, Measure, measured, measured_groups
from innspill.places import LineIndex
from innspill.records import Analysis, Annotation, Comment, Part, Span

FILE_NAME = "gold.json"
# A gold comment is found when a comment covers it with at least this much in common (intersection over union).
FOUND_FROM = 0.5

GoldComment = Mapping[str, Any]
# (page, number) of lines: numbers may begin anew on each page.
Numbers = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold comment, the comment found for it (None where none was), and how much they have in common.

    `covering` is the id of the comment that holds most of it, be it found or not; empty where none does.
    """

    gold: GoldComment
    comment: Comment | None
    overlap: float
    covering: str


def load_gold(folder: Path) -> dict[str, Any]:
    """Read ``gold.json``.

    Raises:
        GoldError: it is missing, is not JSON, or lacks one of its four parts.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise GoldError(
            f"There is no {FILE_NAME} in {folder}. Only a consultation with known answers can be evaluated."
        )
    try:
        gold = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GoldError(f"{path} is not valid JSON: {error}.") from error
    missing = [key for key in ("report", "messages", "comments", "needs") if key not in gold]
    if missing:
        raise GoldError(f"{path} lacks {', '.join(missing)}. See the README of corpora/ki-helsedata for its form.")
    return dict(gold)


class Bench:
    """What all measures share: the pairs found, places as line numbers, resampling."""

    def __init__(self, analysis: Analysis, comments: Sequence[GoldComment], *, seed: int) -> None:
        self.analysis = analysis
        self.parts = {(message.file, part.name): part for message in analysis.messages for part in message.parts}
        self.file_of = {message.message_id: message.file for message in analysis.messages}
        self.pairs = self._pair(comments)
        self.found = [(pair.gold, pair.comment) for pair in self.pairs if pair.comment is not None]
        self.seed = seed
        self.index = LineIndex(analysis.report)
        self.annotations: dict[str, list[Annotation]] = {}
        for annotation in analysis.annotations:
            self.annotations.setdefault(annotation.comment_id, []).append(annotation)
        self._page_of = {line.number: line.page_number for line in analysis.report.lines if line.number is not None}

    def _pair(self, comments: Sequence[GoldComment]) -> list[Pair]:
        """Find for each gold comment the comment that has most in common with it."""
        by_part: dict[tuple[str, str], list[Comment]] = {}
        for comment in self.analysis.comments:
            by_part.setdefault((self.file_of[comment.message_id], comment.part), []).append(comment)
        pairs = []
        for gold in comments:
            key = (gold["file"], gold["part"])
            start, end = locate(self.parts.get(key), gold["quote"])
            best, best_overlap, covering = None, 0.0, ""
            for comment in by_part.get(key, ()):
                overlap, held = _overlap(self.parts[key], comment, start, end)
                if overlap > best_overlap:
                    best, best_overlap = comment, overlap
                if held > FOUND_FROM:
                    covering = comment.comment_id
            pairs.append(Pair(gold, best if best_overlap >= FOUND_FROM else None, best_overlap, covering))
        return pairs

    def annotations_of(self, comment: Comment | None) -> Sequence[Annotation]:
        """The annotations of a comment; none where there is no comment."""
        return self.annotations.get(comment.comment_id, ()) if comment is not None else ()

    def citations_of(self, comment: Comment | None) -> list[Annotation]:
        """The annotations that rest on the comment's words, not on what it is like."""
        return [annotation for annotation in self.annotations_of(comment) if annotation.method != "similarity"]

    def numbers(self, comment: Comment | None, *methods: str) -> Numbers:
        """The lines that a comment was placed at, by the given methods (any where none is given)."""
        return {
            number
            for annotation in self.annotations_of(comment)
            if annotation.target is not None and (not methods or annotation.method in methods)
            for number in self.numbers_in(annotation.target)
        }

    def numbers_in(self, span: Span) -> Numbers:
        """The numbered lines in a span of the report's text."""
        return {(line.page_number, line.number) for line in self.index.lines_in(span) if line.number is not None}

    def gold_numbers(self, gold: GoldComment, key: str = "lines") -> Numbers:
        """A gold comment's lines: numbers alone, or [page, number] where numbering restarts."""
        lines = gold[key]
        if lines and isinstance(lines[0], list):
            return {(int(page), int(number)) for page, number in lines}
        return {(self.page_of(number), int(number)) for number in lines}

    def page_of(self, number: int) -> int:
        """The page of a line (the last one, where numbers begin anew); 0 where the report has no such line."""
        return self._page_of.get(number, 0)

    def measure(self, name: str, items: Sequence[Any], figure: Figure, *baselines: Baseline) -> Measure:
        """A figure over items; see `measured`."""
        return measured(name, items, figure, baselines, seed=self.seed)

    def measure_groups(self, name: str, items: Sequence[Any], figure: Figure, *baselines: Baseline) -> Measure:
        """A figure of a grouping; see `measured_groups`."""
        return measured_groups(name, items, figure, baselines, seed=self.seed)


def locate(part: Part | None, quote: str) -> tuple[int, int]:
    """Where a quote stands in a part, counted in letters and digits alone, so that line breaks make no difference."""
    if part is None:
        return (0, 0)
    start = letters(part.text).find(letters(quote))
    return (start, start + len(letters(quote))) if start >= 0 else (0, 0)


def letters(text: str) -> str:
    """Letters and digits alone."""
    return "".join(letter for letter in text if letter.isalnum())


def _overlap(part: Part, comment: Comment, start: int, end: int) -> tuple[float, float]:
    """Intersection over union of a comment and a stretch, and the share of the stretch it holds, in letters."""
    first = len(letters(part.text[: comment.span.start]))
    last = first + len(letters(comment.text))
    common = max(0, min(end, last) - max(start, first))
    return common / max(max(end, last) - min(start, first), 1), common / max(end - start, 1)
