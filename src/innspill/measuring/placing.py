"""How well comments are placed in the report: citations right and wrong, places by likeness, what a score is worth."""

import re
from collections.abc import Sequence

from innspill.measuring.baselines import nearest_by_bm25, nearest_places
from innspill.measuring.figures import (
    Baseline,
    Measure,
    Reliability,
    calibration_error,
    f1,
    mean,
    precision,
    recall,
    reliability,
)
from innspill.measuring.gold import Bench, GoldComment, Numbers, Pair
from innspill.records import Comment

CITES_LINES = frozenset({"line", "page_line", "wrong"})
CITES_RIGHTLY = frozenset({"line", "page_line", "section", "table", "quote"})
CITES_A_PLACE = frozenset({"section", "table", "quote"})
NAIVE_CITATION = re.compile(r"\blinje\s+(\d+)(?:\s*-\s*(\d+))?", re.IGNORECASE)

Counts = tuple[int, int, int]


def placing_measures(bench: Bench) -> list[Measure]:
    """Everything about the places of comments."""
    return [
        *_line_measures(bench),
        _place_measure(bench),
        *_wrong_citation_measures(bench),
        *_uncited_measures(bench),
        *_calibration(bench),
    ]


def placing_reliability(bench: Bench) -> Reliability:
    """What the score of a place by likeness is worth: the share that is right, by score."""
    return reliability("places by likeness", _scored(bench))


# Citations -----------------------------------------------------------------------------------------------------------


def _line_measures(bench: Bench) -> list[Measure]:
    """Precision, recall and F1 over (comment, line) pairs where lines are cited.

    Of a wrong citation, the lines that it names are right here, not those that it should have named; where the gold
    does not tell them, it is left out.
    """
    cited: list[Counts] = []
    naive: list[Counts] = []
    for pair in bench.pairs:
        wrong = pair.gold["cite"] == "wrong"
        if pair.gold["cite"] not in CITES_LINES or (wrong and "cited_lines" not in pair.gold):
            continue
        right = bench.gold_numbers(pair.gold, "cited_lines" if wrong else "lines")
        cited.append(_counts(right, bench.numbers(pair.comment, "line", "page_line")))
        naive.append(_counts(right, {number for number in _naive_numbers(pair.gold["quote"], bench) if number[0]}))
    return [
        bench.measure("line citations: precision", cited, precision, Baseline("«linje N»", precision(naive))),
        bench.measure("line citations: recall", cited, recall, Baseline("«linje N»", recall(naive))),
        bench.measure("line citations: F1", cited, f1, Baseline("«linje N»", f1(naive))),
    ]


def _naive_numbers(text: str, bench: Bench) -> Numbers:
    """(page, number) of what «linje N» and «linje N-M» name, and no other way to say it; page 0 for no such line."""
    return {
        (bench.page_of(number), number)
        for match in NAIVE_CITATION.finditer(text)
        for number in range(int(match[1]), int(match[2] or match[1]) + 1)
    }


def _counts(right: Numbers, predicted: Numbers) -> Counts:
    """(true positives, false positives, false negatives)."""
    return len(right & predicted), len(predicted - right), len(right - predicted)


def _place_measure(bench: Bench) -> Measure:
    """Sections, tables and quotations: does a place of the comment touch the one that it points at?"""
    pairs = [pair for pair in bench.pairs if pair.gold["cite"] in CITES_A_PLACE and _tells_place(pair.gold)]
    right = [float(_is_at_place(pair, bench)) for pair in pairs]
    simply = _nearest_hits(bench, [pair for pair in pairs if pair.gold["lines"]])
    return bench.measure("section, table and quotation places", right, mean, Baseline("BM25 (without tables)", simply))


def _tells_place(gold: GoldComment) -> bool:
    return bool(gold["lines"] or _table_numbers(gold))


def _table_numbers(gold: GoldComment) -> set[str]:
    """The tables that a comment concerns: their lines carry no numbers, so the gold names them."""
    return {place.partition(":")[2] for place in gold.get("at", ()) if place.startswith("table:")}


def _is_at_place(pair: Pair, bench: Bench) -> bool:
    if pair.gold["lines"]:
        return bool(bench.gold_numbers(pair.gold) & bench.numbers(pair.comment))
    named = _table_numbers(pair.gold)
    tables = [table for table in bench.analysis.report.tables if table.number in named]
    targets = [a.target for a in bench.annotations_of(pair.comment) if a.target is not None]
    return any(target.overlaps(table.span) for target in targets for table in tables)


def _nearest_hits(bench: Bench, pairs: Sequence[Pair]) -> float:
    """How often the sentence that BM25 finds nearest is at the right place."""
    found = [(pair.gold, pair.comment) for pair in pairs if pair.comment is not None]
    nearest = nearest_by_bm25(bench, [comment for _, comment in found])
    return mean(_hits([bench.gold_numbers(gold) for gold, _ in found], nearest))


# Wrong citations -----------------------------------------------------------------------------------------------------


def _wrong_citation_measures(bench: Bench) -> list[Measure]:
    """Are citations that cannot be right marked, and right ones left in peace? Is a better place proposed?

    The baseline marks a citation where the passage that BM25 finds nearest is another place, or the report has no such
    lines; the nearest passage is the better place that it proposes.
    """
    wrong = [(gold, comment) for gold, comment in bench.found if gold["cite"] == "wrong"]
    right = [(gold, comment) for gold, comment in bench.found if gold["cite"] in CITES_RIGHTLY]
    flagged = [(gold, comment) for gold, comment in wrong if _is_flagged(bench, comment)]
    known = [(gold, comment) for gold, comment in flagged if gold["lines"]]
    meant = [bench.gold_numbers(gold) for gold, _ in known]
    proposed = _hits(meant, [_suggested(bench, comment) for _, comment in known])
    simply = mean(_hits(meant, nearest_by_bm25(bench, [comment for _, comment in known])))
    return [
        bench.measure("wrong citations flagged", _flags(bench, wrong), mean, _elsewhere(bench, wrong)),
        bench.measure("right citations flagged", _flags(bench, right), mean, _elsewhere(bench, right)),
        bench.measure("better place proposed", proposed, mean, Baseline("BM25", simply)),
    ]


def _flags(bench: Bench, comments: Sequence[tuple[GoldComment, Comment]]) -> list[float]:
    return [float(_is_flagged(bench, comment)) for _, comment in comments]


def _is_flagged(bench: Bench, comment: Comment) -> bool:
    return any(annotation.status != "ok" for annotation in bench.citations_of(comment))


def _suggested(bench: Bench, comment: Comment) -> Numbers:
    spans = [annotation.suggested for annotation in bench.citations_of(comment) if annotation.suggested is not None]
    return {number for span in spans for number in bench.numbers_in(span)}


def _elsewhere(bench: Bench, comments: Sequence[tuple[GoldComment, Comment]]) -> Baseline:
    cited = [
        {
            number
            for annotation in bench.citations_of(comment)
            if annotation.target is not None
            for number in bench.numbers_in(annotation.target)
        }
        for _, comment in comments
    ]
    nearest = nearest_by_bm25(bench, [comment for _, comment in comments])
    marked = [float(not (lines & near)) for lines, near in zip(cited, nearest, strict=True)]
    return Baseline("BM25 finds another place", mean(marked))


# Comments that cite nothing ------------------------------------------------------------------------------------------


def _uncited_measures(bench: Bench) -> list[Measure]:
    """Comments that cite nothing: is the place right, and are those about nothing in the report left unplaced?

    Only a gold standard that tells where such comments belong (`at`) can say.
    """
    uncited = [
        (gold, comment)
        for gold, comment in bench.found
        if gold["cite"] == "none" and "at" in gold and not gold.get("whole_report")
    ]
    about = [(gold, comment) for gold, comment in uncited if gold["lines"]]
    nothing = [(gold, comment) for gold, comment in uncited if not gold["at"]]
    right = [bench.gold_numbers(gold) for gold, _ in about]
    places = [_first_place(bench, comment) for _, comment in about]
    simple = nearest_places(bench, [comment for _, comment in about])
    placed = [float(bool(bench.numbers(comment))) for _, comment in nothing]
    return [
        bench.measure(
            "uncited comments: hit@1",
            _hits(right, places),
            mean,
            *(Baseline(name, mean(_hits(right, nearest))) for name, nearest in simple.items()),
        ),
        bench.measure(
            "uncited comments: lines of a place",
            [float(len(place)) for place in places if place],
            mean,
            *(Baseline(name, mean([float(len(near)) for near in nearest])) for name, nearest in simple.items()),
        ),
        bench.measure("uncited placed though about nothing", placed, mean, Baseline("BM25", 1.0)),
        bench.measure("about nothing, left unplaced", [1.0 - one for one in placed], mean, Baseline("BM25", 0.0)),
    ]


def _first_place(bench: Bench, comment: Comment) -> Numbers:
    """The lines of a comment's first place, though it may have several; none where it has none."""
    targets = [annotation.target for annotation in bench.annotations_of(comment) if annotation.target is not None]
    return bench.numbers_in(targets[0]) if targets else set()


def _hits(right: Sequence[Numbers], places: Sequence[Numbers]) -> list[float]:
    return [float(bool(lines & place)) for lines, place in zip(right, places, strict=True)]


# Reliability ---------------------------------------------------------------------------------------------------------


def _calibration(bench: Bench) -> list[Measure]:
    scored = _scored(bench)
    certain = mean([1.0 - right for _, right in scored])
    return [
        bench.measure(
            "places by likeness: calibration error", scored, calibration_error, Baseline("all certain", certain)
        )
    ]


def _scored(bench: Bench) -> list[tuple[float, float]]:
    """(score, 1.0 where it is right) of each place by likeness of a comment whose place the gold knows."""
    scored = []
    for gold, comment in bench.found:
        if not _knows_place(gold):
            continue
        right = bench.gold_numbers(gold)
        scored += [
            (annotation.score, float(bool(right & bench.numbers_in(annotation.target))))
            for annotation in bench.annotations_of(comment)
            if annotation.method == "similarity" and annotation.target is not None
        ]
    return scored


def _knows_place(gold: GoldComment) -> bool:
    """Whether the gold's lines are all that the comment is about: none may mean nothing, a table, or not told."""
    return bool(gold["lines"]) or ("at" in gold and not _table_numbers(gold))
