"""How well report and mailbox were read: lines, messages, where comments begin and end, whose words they hold."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from innspill.measuring.figures import Baseline, Measure, accuracy, mean, share
from innspill.measuring.gold import FOUND_FROM, Bench, Pair, letters, locate
from innspill.records import Part

SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴-⁹]")
# A comment's bounds are exact from this overlap on.
EXACT_FROM = 0.95


def intake_measures(bench: Bench, gold: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> list[Measure]:
    """Everything up to the comments. `messages` are those of the gold that are measured."""
    return [
        _lines_found(bench, gold),
        *_message_measures(bench, messages),
        *_comment_measures(bench),
        _frame_measure(bench, messages),
    ]


def _lines_found(bench: Bench, gold: Mapping[str, Any]) -> Measure:
    """Share of the gold lines that have the right number and the right words; a whole report, so no interval."""
    report = bench.analysis.report
    by_place = {
        (line.page_number, line.number): letters(SUPERSCRIPTS.sub("", line.span.of(report.text)))
        for line in report.lines
        if line.number is not None
    }
    lines = gold["report"].get("lines", [])
    right = [float(by_place.get((line["page_number"], line["number"])) == letters(line["text"])) for line in lines]
    return Measure("report lines found", mean(right), mean(right), mean(right), (), len(lines))


def _message_measures(bench: Bench, messages: Sequence[Mapping[str, Any]]) -> list[Measure]:
    by_file = {message.file: message for message in bench.analysis.messages}
    kinds = [(gold["kind"], by_file[gold["file"]].kind if gold["file"] in by_file else "") for gold in messages]
    types = [
        (gold["organisation_type"], by_file[gold["file"]].organisation_type)
        for gold in messages
        if gold["file"] in by_file and gold["kind"] in ("feedback", "campaign")
    ]
    files = Counter(message.file for message in bench.analysis.messages)
    once = [(1.0, float(files[gold["file"]] == 1)) for gold in messages]
    return [
        bench.measure("messages present once", once, accuracy),
        bench.measure("message kinds", kinds, accuracy, Baseline("all of the commonest kind", _commonest(kinds))),
        bench.measure("organisation types", types, accuracy, Baseline("all of the commonest type", _commonest(types))),
    ]


def _commonest(items: Sequence[tuple[str, str]]) -> float:
    """The share of the commonest right answer."""
    return max(Counter(right for right, _ in items).values(), default=0) / max(len(items), 1)


def _comment_measures(bench: Bench) -> list[Measure]:
    by_paragraph = [
        _paragraph_overlap(bench.parts.get((pair.gold["file"], pair.gold["part"])), pair.gold["quote"])
        for pair in bench.pairs
    ]
    found = [float(pair.comment is not None) for pair in bench.pairs]
    exact = [float(pair.overlap >= EXACT_FROM) for pair in bench.pairs]
    simply_found = mean([float(overlap >= FOUND_FROM) for overlap in by_paragraph])
    simply_exact = mean([float(overlap >= EXACT_FROM) for overlap in by_paragraph])
    return [
        bench.measure("comments found", found, mean, Baseline("split at empty lines", simply_found)),
        bench.measure("comments with exact bounds", exact, mean, Baseline("split at empty lines", simply_exact)),
        bench.measure("comments merged with another", _merged(bench.pairs), mean),
    ]


def _merged(pairs: Sequence[Pair]) -> list[float]:
    """For each gold comment, 1.0 where one comment covers most of it and most of another one too."""
    covering = Counter(pair.covering for pair in pairs if pair.covering)
    return [float(covering[pair.covering] > 1) for pair in pairs]


def _paragraph_overlap(part: Part | None, quote: str) -> float:
    if part is None:
        return 0.0
    start, end = locate(part, quote)
    best, position = 0.0, 0
    for paragraph in re.split(r"\n\s*\n", part.text):
        first, last = position, position + len(letters(paragraph))
        common = min(end, last) - max(start, first)
        best = max(best, max(0, common) / max(max(end, last) - min(start, first), 1))
        position = last
    return best


def _frame_measure(bench: Bench, messages: Sequence[Mapping[str, Any]]) -> Measure:
    """The share of the letters in comments that are signature, greeting or quoted text by the gold's `not_own`."""
    frames: dict[tuple[str, str], set[int]] = {}
    for message in messages:
        for stretch in message.get("not_own", ()):
            key = (message["file"], stretch["part"])
            frames.setdefault(key, set()).update(range(*locate(bench.parts.get(key), stretch["text"])))
    counted = []
    for comment in bench.analysis.comments:
        key = (bench.file_of[comment.message_id], comment.part)
        if key in frames:
            first = len(letters(bench.parts[key].text[: comment.span.start]))
            held = range(first, first + len(letters(comment.text)))
            counted.append((sum(letter in frames[key] for letter in held), len(held)))
    return bench.measure("letters in comments not the sender's", counted, share)
