"""An analysis against a gold standard: every figure with a bootstrap interval and beside a baseline from the same run.

`gold.json` beside a consultation holds what its author knows: the lines, the kinds of message, and for each comment its
exact words, the lines it concerns, theme, stance and need. Only messages of one split are measured (by default the part
that no rule or threshold was set on).
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from innspill.errors import GoldError
from innspill.language.vectors import CharacterNgrams, cosine, latent_dimensions
from innspill.places import LineIndex
from innspill.records import Analysis, Annotation, Comment, Part

FILE_NAME = "gold.json"
Split = Literal["test", "tune", "all"]
CITES_LINES = frozenset({"line", "page_line", "wrong"})
# A gold comment is found when a comment covers it with at least this much in common (intersection over union).
FOUND_FROM = 0.5
N_RESAMPLES = 300
NAIVE_CITATION = re.compile(r"\blinje\s+(\d+)(?:\s*-\s*(\d+))?", re.IGNORECASE)
SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴-⁹]")


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: its value with a 95 % bootstrap interval, the baseline's value, and how many items it rests on."""

    name: str
    value: float
    low: float
    high: float
    baseline: float | None
    baseline_name: str
    n: int


@dataclass(frozen=True, slots=True)
class _Pair:
    """A gold comment, the comment found for it (None where none was), and how much they have in common.

    `covering` is the id of the comment that holds most of it, be it found or not; empty where none does.
    """

    gold: Mapping[str, Any]
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


def evaluate(analysis: Analysis, gold: Mapping[str, Any], *, split: Split = "test", seed: int = 0) -> list[Measure]:
    """Measure an analysis.

    Args:
        analysis: Of the consultation that `gold` belongs to.
        gold: See `load_gold`.
        split: Which messages to measure on; lines are always measured on the whole report.
        seed: Seed of the bootstrap and of the baselines.

    Raises:
        GoldError: the gold standard has no message of that split.
    """
    split_of = {message["file"]: message.get("split", "test") for message in gold["messages"]}
    messages = [message for message in gold["messages"] if split in ("all", split_of[message["file"]])]
    if not messages:
        raise GoldError(f"The gold standard has no messages of the split {split!r}.")
    comments = [comment for comment in gold["comments"] if split in ("all", split_of[comment["file"]])]
    pairs = _pair(analysis, comments)
    bench = _Bench(analysis, pairs, seed)
    measures = [
        _lines_found(analysis, gold),
        *_message_measures(analysis, messages, bench),
        *_comment_measures(pairs, comments, bench),
        *_frame_measures(analysis, messages, bench),
        *_citation_measures(bench),
        *_placing_measures(bench),
        *_theme_measures(bench),
        *_stance_measures(bench),
        *_need_measures(bench, gold),
        _verbatim(analysis, bench),
    ]
    return [measure for measure in measures if measure.n]


# Pairing -------------------------------------------------------------------------------------------------------------


def _pair(analysis: Analysis, comments: Sequence[Mapping[str, Any]]) -> list[_Pair]:
    """Find for each gold comment the comment that has most in common with it."""
    file_of = {message.message_id: message.file for message in analysis.messages}
    parts = _parts_of(analysis)
    by_part: dict[tuple[str, str], list[Comment]] = {}
    for comment in analysis.comments:
        by_part.setdefault((file_of[comment.message_id], comment.part), []).append(comment)
    pairs = []
    for gold in comments:
        key = (gold["file"], gold["part"])
        start, end = _locate(parts.get(key), gold["quote"])
        best, best_overlap, covering = None, 0.0, ""
        for comment in by_part.get(key, ()):
            overlap, share = _overlap(parts[key], comment, start, end)
            if overlap > best_overlap:
                best, best_overlap = comment, overlap
            if share > FOUND_FROM:
                covering = comment.comment_id
        pairs.append(_Pair(gold, best if best_overlap >= FOUND_FROM else None, best_overlap, covering))
    return pairs


def _parts_of(analysis: Analysis) -> dict[tuple[str, str], Part]:
    """(file, name) -> each part of each message."""
    return {(message.file, part.name): part for message in analysis.messages for part in message.parts}


def _locate(part: Part | None, quote: str) -> tuple[int, int]:
    """Where a quote stands in a part, counted in letters and digits alone, so that line breaks make no difference."""
    if part is None:
        return (0, 0)
    start = _letters(part.text).find(_letters(quote))
    return (start, start + len(_letters(quote))) if start >= 0 else (0, 0)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _overlap(part: Part, comment: Comment, start: int, end: int) -> tuple[float, float]:
    """Intersection over union of a comment and a stretch, and the share of the stretch it holds, in letters."""
    first = len(_letters(part.text[: comment.span.start]))
    last = first + len(_letters(comment.text))
    common = max(0, min(end, last) - max(start, first))
    return common / max(max(end, last) - min(start, first), 1), common / max(end - start, 1)


class _Bench:
    """What all measures share: the pairs found, places as line numbers, resampling."""

    def __init__(self, analysis: Analysis, pairs: Sequence[_Pair], seed: int) -> None:
        self.analysis = analysis
        self.pairs = list(pairs)
        self.found = [(pair.gold, pair.comment) for pair in pairs if pair.comment is not None]
        self.seed = seed
        self.index = LineIndex(analysis.report)
        self.annotations: dict[str, list[Annotation]] = {}
        for annotation in analysis.annotations:
            self.annotations.setdefault(annotation.comment_id, []).append(annotation)

    def numbers(self, comment: Comment | None, *methods: str) -> set[tuple[int, int]]:
        """(page, number) of the lines that a comment was placed at, by the given methods (any where none is given)."""
        if comment is None:
            return set()
        return {
            (line.page_number, line.number)
            for annotation in self.annotations.get(comment.comment_id, ())
            if annotation.target is not None and (not methods or annotation.method in methods)
            for line in self.index.lines_in(annotation.target)
            if line.number is not None
        }

    def gold_numbers(self, gold: Mapping[str, Any]) -> set[tuple[int, int]]:
        """(page, number) of a gold comment's lines: numbers alone, or [page, number] where numbering restarts."""
        if gold["lines"] and isinstance(gold["lines"][0], list):
            return {(int(page), int(number)) for page, number in gold["lines"]}
        page_of = {line.number: line.page_number for line in self.analysis.report.lines if line.number is not None}
        return {(page_of.get(number, 0), int(number)) for number in gold["lines"]}

    def measure(
        self,
        name: str,
        items: Sequence[Any],
        figure: Callable[[Sequence[Any]], float],
        baseline: float | None = None,
        baseline_name: str = "",
    ) -> Measure:
        """A figure over items, with the 95 % interval of its bootstrap."""
        if not items:
            return Measure(name, 0.0, 0.0, 0.0, None, "", 0)
        generator = np.random.default_rng(self.seed)
        resampled = [
            figure([items[position] for position in generator.integers(0, len(items), len(items))])
            for _ in range(N_RESAMPLES)
        ]
        low, high = np.quantile(resampled, [0.025, 0.975])
        return Measure(name, figure(items), float(low), float(high), baseline, baseline_name, len(items))


# Reading -------------------------------------------------------------------------------------------------------------


def _lines_found(analysis: Analysis, gold: Mapping[str, Any]) -> Measure:
    """Share of the gold lines that have the right number and the right words."""
    by_place = {
        (line.page_number, line.number): _letters(SUPERSCRIPTS.sub("", line.span.of(analysis.report.text)))
        for line in analysis.report.lines
        if line.number is not None
    }
    lines = gold["report"].get("lines", [])
    right = [float(by_place.get((line["page_number"], line["number"])) == _letters(line["text"])) for line in lines]
    share = float(np.mean(right)) if right else 0.0
    return Measure("report lines found", share, share, share, None, "", len(lines))


def _message_measures(analysis: Analysis, messages: Sequence[Mapping[str, Any]], bench: _Bench) -> list[Measure]:
    kind_of = {message.file: message for message in analysis.messages}
    kinds = [(gold["kind"], kind_of[gold["file"]].kind if gold["file"] in kind_of else "") for gold in messages]
    types = [
        (gold["organisation_type"], kind_of[gold["file"]].organisation_type)
        for gold in messages
        if gold["file"] in kind_of and gold["kind"] in ("feedback", "campaign")
    ]
    commonest = Counter(kind for kind, _ in kinds).most_common(1)[0][1] / len(kinds)
    common_type = Counter(kind for kind, _ in types).most_common(1)[0][1] / len(types) if types else None
    files = Counter(message.file for message in analysis.messages)
    once = [(1.0, float(files[gold["file"]] == 1)) for gold in messages]
    return [
        bench.measure("messages present once", once, _accuracy),
        bench.measure("message kinds", kinds, _accuracy, commonest, "all feedback"),
        bench.measure("organisation types", types, _accuracy, common_type, "commonest type"),
    ]


def _comment_measures(pairs: Sequence[_Pair], comments: Sequence[Mapping[str, Any]], bench: _Bench) -> list[Measure]:
    parts = _parts_of(bench.analysis)
    by_paragraph = [_paragraph_overlap(parts.get((gold["file"], gold["part"])), gold["quote"]) for gold in comments]
    baseline = float(np.mean([overlap >= FOUND_FROM for overlap in by_paragraph])) if by_paragraph else None
    found = [float(pair.comment is not None) for pair in pairs]
    exact = [float(pair.overlap >= 0.95) for pair in pairs]
    merged = _merged(pairs)
    return [
        bench.measure("comments found", found, _mean, baseline, "split at empty lines"),
        bench.measure(
            "comments with exact bounds",
            exact,
            _mean,
            _mean([float(o >= 0.95) for o in by_paragraph]),
            "split at empty lines",
        ),
        bench.measure("comments merged with another", merged, _mean),
    ]


def _merged(pairs: Sequence[_Pair]) -> list[float]:
    """For each gold comment, 1.0 where one comment covers most of it and most of another one too."""
    covering = Counter(pair.covering for pair in pairs if pair.covering)
    return [float(covering[pair.covering] > 1) for pair in pairs]


def _frame_measures(analysis: Analysis, messages: Sequence[Mapping[str, Any]], bench: _Bench) -> list[Measure]:
    """The share of the letters in comments that are signature, greeting or quoted text by the gold's `not_own`."""
    parts = _parts_of(analysis)
    file_of = {message.message_id: message.file for message in analysis.messages}
    frames: dict[tuple[str, str], set[int]] = {}
    for message in messages:
        for stretch in message.get("not_own", ()):
            key = (message["file"], stretch["part"])
            frames.setdefault(key, set()).update(range(*_locate(parts.get(key), stretch["text"])))
    counted = []
    for comment in analysis.comments:
        key = (file_of[comment.message_id], comment.part)
        if key in frames:
            first = len(_letters(parts[key].text[: comment.span.start]))
            letters = range(first, first + len(_letters(comment.text)))
            counted.append((sum(letter in frames[key] for letter in letters), len(letters)))
    return [bench.measure("letters in comments not the sender's", counted, _share)]


def _share(counts: Sequence[tuple[int, int]]) -> float:
    return sum(part for part, _ in counts) / max(sum(whole for _, whole in counts), 1)


def _paragraph_overlap(part: Part | None, quote: str) -> float:
    if part is None:
        return 0.0
    start, end = _locate(part, quote)
    best, position = 0.0, 0
    for paragraph in re.split(r"\n\s*\n", part.text):
        first, last = position, position + len(_letters(paragraph))
        common = min(end, last) - max(start, first)
        best = max(best, max(0, common) / max(max(end, last) - min(start, first), 1))
        position = last
    return best


# Places --------------------------------------------------------------------------------------------------------------


def _citation_measures(bench: _Bench) -> list[Measure]:
    """Precision, recall and F1 over (comment, line) pairs where lines are cited; the places of other citations."""
    cited, naive, other = [], [], []
    page_of = {line.number: line.page_number for line in bench.analysis.report.lines if line.number is not None}
    for pair in bench.pairs:
        right = bench.gold_numbers(pair.gold)
        if pair.gold["cite"] in CITES_LINES:
            cited.append(_counts(right, bench.numbers(pair.comment, "line", "page_line")))
            simple = {
                (page_of[number], number)
                for match in NAIVE_CITATION.finditer(pair.gold["quote"])
                for number in range(int(match[1]), int(match[2] or match[1]) + 1)
                if number in page_of
            }
            naive.append(_counts(right, simple))
        elif pair.gold["cite"] in ("section", "quote") and right:
            other.append(float(bool(right & bench.numbers(pair.comment))))
    return [
        bench.measure("line citations: precision", cited, _precision, _precision(naive), "«linje N»"),
        bench.measure("line citations: recall", cited, _recall, _recall(naive), "«linje N»"),
        bench.measure("line citations: F1", cited, _f1, _f1(naive), "«linje N»"),
        bench.measure("section and quotation places", other, _mean),
    ]


def _placing_measures(bench: _Bench) -> list[Measure]:
    """Comments that cite nothing: is the place right, and are those about nothing in the report left unplaced?"""
    about = [
        (gold, comment)
        for gold, comment in bench.found
        if gold["cite"] == "none" and gold["lines"] and not gold.get("whole_report")
    ]
    nothing = [
        (gold, comment)
        for gold, comment in bench.found
        if gold["cite"] == "none" and not gold["lines"] and not gold.get("whole_report")
    ]
    hits = [float(bool(bench.gold_numbers(gold) & bench.numbers(comment))) for gold, comment in about]
    simple = _nearest_by_ngrams(bench, [comment for _, comment in about])
    simple_hits = [float(bool(bench.gold_numbers(gold) & near)) for (gold, _), near in zip(about, simple, strict=True)]
    unplaced = [float(not bench.numbers(comment)) for _, comment in nothing]
    return [
        bench.measure("uncited comments: hit@1", hits, _mean, _mean(simple_hits), "character TF-IDF"),
        bench.measure("about nothing, left unplaced", unplaced, _mean, 0.0, "character TF-IDF"),
    ]


def _nearest_by_ngrams(bench: _Bench, comments: Sequence[Comment]) -> list[set[tuple[int, int]]]:
    """The lines of the sentence that is nearest by character n-grams: the baseline for placing."""
    report = bench.analysis.report
    texts = [passage.span.of(report.text) for passage in report.passages]
    if not comments or not texts:
        return []
    ngrams = CharacterNgrams(texts)
    likeness = cosine(ngrams.encode([comment.text for comment in comments]), ngrams.encode(texts))
    return [
        {
            (line.page_number, line.number)
            for line in bench.index.lines_in(report.passages[int(row.argmax())].span)
            if line.number is not None
        }
        for row in likeness
    ]


# Themes, stances, needs ----------------------------------------------------------------------------------------------


def _theme_measures(bench: _Bench) -> list[Measure]:
    from sklearn.metrics import adjusted_mutual_info_score

    theme_of = {comment_id: theme.theme_id for theme in bench.analysis.themes for comment_id in theme.comment_ids}
    simple = _lsa_themes(bench)
    items = [
        (gold["theme"], theme_of.get(comment.comment_id, ""), simple[comment.comment_id])
        for gold, comment in bench.found
        if gold.get("theme")
    ]

    def ami(sample: Sequence[Any]) -> float:
        return float(adjusted_mutual_info_score([item[0] for item in sample], [item[1] for item in sample]))

    def b_cubed(sample: Sequence[Any]) -> float:
        return bcubed_f1([item[0] for item in sample], [item[1] for item in sample])

    baseline = [(item[0], item[2]) for item in items]
    return [
        bench.measure("themes: AMI", items, ami, ami(baseline) if items else None, "LSA + k-means"),
        bench.measure("themes: BCubed F1", items, b_cubed, b_cubed(baseline) if items else None, "LSA + k-means"),
    ]


def _lsa_themes(bench: _Bench) -> dict[str, int]:
    """Themes by k-means on latent dimensions of the comments' own words, as many as the analysis found."""
    from sklearn.cluster import KMeans

    comments = bench.analysis.comments
    if not comments:
        return {}
    texts = [comment.text for comment in comments]
    vectors = latent_dimensions(CharacterNgrams(texts).encode(texts), 30, seed=bench.seed)
    n_clusters = min(max(len(bench.analysis.themes), 1), len(comments))
    labels = KMeans(n_clusters, n_init=10, random_state=bench.seed).fit_predict(vectors)
    return {comment.comment_id: int(label) for comment, label in zip(comments, labels, strict=True)}


def _stance_measures(bench: _Bench) -> list[Measure]:
    items = [(gold["stance"], comment.stance) for gold, comment in bench.found if gold.get("stance")]
    all_need = [(gold, "need") for gold, _ in items]

    def need_f1(sample: Sequence[Any]) -> float:
        return _class_f1(sample, "need")

    return [
        bench.measure("stance «need»: F1", items, need_f1, need_f1(all_need), "all need"),
        bench.measure("stances: macro-F1", items, _macro_f1, _macro_f1(all_need), "all need"),
    ]


def _need_measures(bench: _Bench, gold: Mapping[str, Any]) -> list[Measure]:
    need_of: dict[str, str] = {}
    for need in bench.analysis.needs:
        for comment_id in need.comment_ids:
            need_of[comment_id] = need.need_id
    voiced = [(answer["need"], comment.comment_id) for answer, comment in bench.found if answer.get("need")]
    grouped = [(name, need_of.get(comment_id, comment_id)) for name, comment_id in voiced]
    alone = bcubed_f1([name for name, _ in grouped], [str(position) for position in range(len(grouped))])

    def b_cubed(sample: Sequence[Any]) -> float:
        return bcubed_f1([item[0] for item in sample], [item[1] for item in sample])

    return [
        bench.measure("needs: BCubed F1", grouped, b_cubed, alone, "each by itself"),
        *_coverage_measures(bench, gold, grouped),
    ]


def _coverage_measures(bench: _Bench, gold: Mapping[str, Any], grouped: Sequence[tuple[str, str]]) -> list[Measure]:
    """Each gold need gets the coverage of the need that holds most of its comments."""
    coverage_of = {need.need_id: need.coverage for need in bench.analysis.needs}
    score_of = {need.need_id: need.coverage_score for need in bench.analysis.needs}
    right = {need["id"]: need["coverage"] for need in gold["needs"]}
    items = []
    for name in sorted({name for name, _ in grouped}):
        found = Counter(need_id for other, need_id in grouped if other == name and need_id in coverage_of)
        best = found.most_common(1)[0][0] if found else ""
        items.append((right[name], coverage_of.get(best, "covered"), score_of.get(best, 1.0)))
    commonest = Counter(item[0] for item in items).most_common(1)[0][0] if items else ""
    uncovered = [item for item in items if item[0] == "uncovered"]
    return [
        bench.measure(
            "coverage: macro-F1",
            items,
            _macro_f1,
            _macro_f1([(item[0], commonest) for item in items]),
            f"all {commonest}",
        ),
        bench.measure("coverage: AUC «not covered»", items, _auc_uncovered, 0.5, "chance"),
        bench.measure("uncovered needs found", [float(item[1] == "uncovered") for item in uncovered], _mean),
    ]


def _auc_uncovered(items: Sequence[Any]) -> float:
    """Area under the ROC curve of «low score» for uncovered needs; 0.5 where a class is missing."""
    low = [item[2] for item in items if item[0] == "uncovered"]
    high = [item[2] for item in items if item[0] != "uncovered"]
    if not low or not high:
        return 0.5
    return float(np.mean([(a < b) + 0.5 * (a == b) for a in low for b in high]))


def _verbatim(analysis: Analysis, bench: _Bench) -> Measure:
    text_of = {comment.comment_id: comment.text for comment in analysis.comments}
    quotes = [
        float(evidence.quote in text_of.get(evidence.comment_id, ""))
        for need in analysis.needs
        for evidence in need.evidence
    ]
    return bench.measure("quotes verbatim", quotes, _mean)


# Figures -------------------------------------------------------------------------------------------------------------


def bcubed_f1(gold: Sequence[str], predicted: Sequence[str]) -> float:
    """BCubed F1 of a clustering (Bagga and Baldwin 1998): precision and recall averaged over items.

    >>> round(bcubed_f1(["a", "a", "b"], ["1", "1", "1"]), 3)
    0.714
    """
    if not gold:
        return 0.0
    same_gold = _same(gold)
    same_predicted = _same(predicted)
    both = (same_gold & same_predicted).sum(axis=1)
    precision = float((both / same_predicted.sum(axis=1)).mean())
    recall = float((both / same_gold.sum(axis=1)).mean())
    return 2 * precision * recall / (precision + recall)


def _same(labels: Sequence[str]) -> NDArray[np.bool_]:
    codes = np.unique(np.array([str(label) for label in labels]), return_inverse=True)[1]
    return np.asarray(codes[:, None] == codes[None, :])


def _counts(right: set[tuple[int, int]], predicted: set[tuple[int, int]]) -> tuple[int, int, int]:
    """(true positives, false positives, false negatives)."""
    return len(right & predicted), len(predicted - right), len(right - predicted)


def _precision(counts: Sequence[Any]) -> float:
    hits, wrong = sum(c[0] for c in counts), sum(c[1] for c in counts)
    return hits / (hits + wrong) if hits + wrong else 0.0


def _recall(counts: Sequence[Any]) -> float:
    hits, missed = sum(c[0] for c in counts), sum(c[2] for c in counts)
    return hits / (hits + missed) if hits + missed else 0.0


def _f1(counts: Sequence[Any]) -> float:
    precision, recall = _precision(counts), _recall(counts)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _accuracy(items: Sequence[Any]) -> float:
    return _mean([float(item[0] == item[1]) for item in items])


def _class_f1(items: Sequence[Any], label: str) -> float:
    hits = sum(item[0] == label and item[1] == label for item in items)
    total = sum((item[0] == label) + (item[1] == label) for item in items)
    return 2 * hits / total if total else 0.0


def _macro_f1(items: Sequence[Any]) -> float:
    """F1 averaged over the classes that the gold standard has among the items."""
    return _mean([_class_f1(items, label) for label in sorted({item[0] for item in items})])
