"""How well comments are sorted: themes, stances, needs, whether the report covers them; whether quotes are true."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from innspill.language.vectors import Encoder
from innspill.measuring.baselines import likeness_to_report, theme_baselines
from innspill.measuring.figures import (
    Baseline,
    Measure,
    Reliability,
    adjusted_mutual_information,
    auc,
    bcubed_f1,
    calibration_error,
    class_f1,
    macro_f1,
    mean,
    reliability,
)
from innspill.measuring.gold import Bench, GoldComment
from innspill.records import Comment

# How much of a need the report says, where it has to be a number.
COVERED_SHARE = {"uncovered": 0.0, "partly": 0.5, "covered": 1.0}


def grouping_measures(bench: Bench, gold: Mapping[str, Any], encoder: Encoder | None) -> list[Measure]:
    """Everything that the comments are sorted by. `encoder` is the one that the analysis used."""
    return [
        *_theme_measures(bench, encoder),
        *_second_theme_measures(bench),
        *_stance_measures(bench),
        _need_measure(bench),
        *_coverage_measures(bench, gold),
        _verbatim(bench),
    ]


def coverage_reliability(bench: Bench, gold: Mapping[str, Any]) -> Reliability:
    """What the score of coverage is worth: the share of needs that the report covers (partly is half), by score."""
    return reliability("coverage of needs", _scored(_gold_needs(bench, gold)))


# Themes --------------------------------------------------------------------------------------------------------------


def _theme_measures(bench: Bench, encoder: Encoder | None) -> list[Measure]:
    found = [(gold["theme"], comment.comment_id) for gold, comment in bench.found if gold.get("theme")]
    theme_of = _theme_of(bench)
    items = [(right, theme_of.get(comment_id, "")) for right, comment_id in found]
    simple = {
        name: None if labels is None else [(right, labels[comment_id]) for right, comment_id in found]
        for name, labels in (theme_baselines(bench, encoder) if found else {}).items()
    }
    return [
        bench.measure_groups(
            name, items, figure, *(Baseline(way, figure(own) if own else None) for way, own in simple.items())
        )
        for name, figure in (("themes: AMI", _ami), ("themes: BCubed F1", _b_cubed))
    ]


def _theme_of(bench: Bench) -> dict[str, str]:
    """Comment id -> its theme."""
    return {comment_id: theme.theme_id for theme in bench.analysis.themes for comment_id in theme.comment_ids}


def _ami(sample: Sequence[Any]) -> float:
    return adjusted_mutual_information([item[0] for item in sample], [item[1] for item in sample])


def _b_cubed(sample: Sequence[Any]) -> float:
    return bcubed_f1([item[0] for item in sample], [item[1] for item in sample])


def _second_theme_measures(bench: Bench) -> list[Measure]:
    """Comments with two themes: is the second among those found? And are second themes given where there is one?

    A theme found stands for the gold theme that most of its comments have.
    """
    theme_of = _theme_of(bench)
    votes: dict[str, Counter[str]] = {}
    for gold, comment in bench.found:
        if gold.get("theme"):
            votes.setdefault(theme_of.get(comment.comment_id, ""), Counter())[gold["theme"]] += 1
    meaning = {theme: counts.most_common(1)[0][0] for theme, counts in votes.items()}
    second: dict[str, set[str]] = {}
    for theme in bench.analysis.themes:
        for comment_id in theme.second:
            second.setdefault(comment_id, set()).add(meaning.get(theme.theme_id, ""))
    two = [(gold, comment) for gold, comment in bench.found if gold.get("theme2")]
    heard, by_first = [], []
    for gold, comment in two:
        first = {meaning.get(theme_of.get(comment.comment_id, ""), "")}
        heard.append(float(gold["theme2"] in first | second.get(comment.comment_id, set())))
        by_first.append(float(gold["theme2"] in first))
    given = [
        float(bool(second[comment.comment_id] & {gold["theme"], gold.get("theme2")}))
        for gold, comment in bench.found
        if gold.get("theme") and comment.comment_id in second
    ]
    return [
        bench.measure("second theme found", heard, mean, Baseline("first theme alone", mean(by_first))),
        bench.measure("second themes given that fit", given if two else [], mean),
    ]


# Stances -------------------------------------------------------------------------------------------------------------


def _stance_measures(bench: Bench) -> list[Measure]:
    items = [(gold["stance"], comment.stance) for gold, comment in bench.found if gold.get("stance")]
    all_need = [(gold, "need") for gold, _ in items]
    return [
        bench.measure("stance «need»: F1", items, _need_f1, Baseline("all need", _need_f1(all_need))),
        bench.measure("stances: macro-F1", items, macro_f1, Baseline("all need", macro_f1(all_need))),
    ]


def _need_f1(sample: Sequence[Any]) -> float:
    return class_f1(sample, "need")


# Needs ---------------------------------------------------------------------------------------------------------------


def _need_measure(bench: Bench) -> Measure:
    need_of, theme_of = _need_of(bench), _theme_of(bench)
    voiced = _voiced(bench)
    alone = [(gold["need"], comment.comment_id) for gold, comment in voiced]
    grouped = [(right, need_of.get(comment_id, comment_id)) for right, comment_id in alone]
    by_theme = [(right, theme_of.get(comment_id, "")) for right, comment_id in alone]
    return bench.measure_groups(
        "needs: BCubed F1",
        grouped,
        _b_cubed,
        Baseline("each by itself", _b_cubed(alone)),
        Baseline("theme as need", _b_cubed(by_theme)),
    )


def _need_of(bench: Bench) -> dict[str, str]:
    """Comment id -> the need that it voices."""
    return {comment_id: need.need_id for need in bench.analysis.needs for comment_id in need.comment_ids}


def _voiced(bench: Bench) -> list[tuple[GoldComment, Comment]]:
    """The comments that voice a need by the gold."""
    return [(gold, comment) for gold, comment in bench.found if gold.get("need")]


class _GoldNeed(NamedTuple):
    """A gold need: its coverage, that of the need found for it, and what baselines go by.

    `coverage_score`, `likeness` and `cites` are 0–1, low where the report is not likely to cover it; the last two are
    means over the comments that voice it: likeness to the nearest sentence, and whether a place is cited.
    """

    right: str
    coverage: str
    coverage_score: float
    likeness: float
    cites: float


def _gold_needs(bench: Bench, gold: Mapping[str, Any]) -> list[_GoldNeed]:
    """Each gold need gets the coverage of the need that holds most of its comments; «covered» where none does."""
    need_of = _need_of(bench)
    by_id = {need.need_id: need for need in bench.analysis.needs}
    right = {need["id"]: need["coverage"] for need in gold["needs"]}
    voiced = _voiced(bench)
    likeness = likeness_to_report(bench, [comment for _, comment in voiced])
    needs = []
    for name in sorted({answer["need"] for answer, _ in voiced}):
        own = [row for row, (answer, _) in enumerate(voiced) if answer["need"] == name]
        comments = [voiced[row][1] for row in own]
        found = Counter(need_of[c.comment_id] for c in comments if c.comment_id in need_of)
        best = by_id[found.most_common(1)[0][0]] if found else None
        cites = [any(a.target is not None for a in bench.citations_of(comment)) for comment in comments]
        needs.append(
            _GoldNeed(
                right=right[name],
                coverage=best.coverage if best else "covered",
                coverage_score=best.coverage_score if best else 1.0,
                likeness=mean([likeness[row] for row in own]),
                cites=mean([float(one) for one in cites]),
            )
        )
    return needs


def _coverage_measures(bench: Bench, gold: Mapping[str, Any]) -> list[Measure]:
    needs = _gold_needs(bench, gold)
    commonest = Counter(need.right for need in needs).most_common(1)[0][0] if needs else ""
    likened = _by_likeness(needs)
    uncovered = [need for need in needs if need.right == "uncovered"]
    missed = [float(answer == "uncovered") for need, answer in zip(needs, likened, strict=True) if need in uncovered]
    certain = mean([abs(COVERED_SHARE[need.right] - COVERED_SHARE[need.coverage]) for need in needs])
    return [
        bench.measure(
            "coverage: macro-F1",
            needs,
            macro_f1,
            Baseline(f"all {commonest}", macro_f1([(need.right, commonest) for need in needs])),
            Baseline("likeness, shares known", macro_f1([(n.right, a) for n, a in zip(needs, likened, strict=True)])),
        ),
        bench.measure(
            "coverage: AUC «not covered»",
            needs,
            _auc,
            Baseline("likeness alone", _auc_by(needs, "likeness")),
            Baseline("cites a place", _auc_by(needs, "cites")),
        ),
        bench.measure(
            "uncovered needs found",
            [float(need.coverage == "uncovered") for need in uncovered],
            mean,
            Baseline("likeness, shares known", mean(missed)),
        ),
        bench.measure(
            "coverage: calibration error",
            _scored(needs),
            calibration_error,
            Baseline("all certain", certain),
        ),
    ]


def _by_likeness(needs: Sequence[_GoldNeed]) -> list[str]:
    """What likeness alone would say of each need, were it told how many are uncovered and partly covered."""
    order = sorted(range(len(needs)), key=lambda row: needs[row].likeness)
    classes = sorted((need.right for need in needs), key=lambda name: COVERED_SHARE[name])
    answer = dict(zip(order, classes, strict=True))
    return [answer[row] for row in range(len(needs))]


def _auc(needs: Sequence[_GoldNeed]) -> float:
    return _auc_by(needs, "coverage_score")


def _auc_by(needs: Sequence[_GoldNeed], signal: str) -> float:
    """How well a low signal tells the needs that are not covered at all."""
    low = [-float(getattr(need, signal)) for need in needs if need.right == "uncovered"]
    high = [-float(getattr(need, signal)) for need in needs if need.right != "uncovered"]
    return auc(low, high)


def _scored(needs: Sequence[_GoldNeed]) -> list[tuple[float, float]]:
    return [(need.coverage_score, COVERED_SHARE[need.right]) for need in needs]


# Quotes --------------------------------------------------------------------------------------------------------------


def _verbatim(bench: Bench) -> Measure:
    """Every quote that is shown for a need stands in its comment, letter for letter."""
    text_of = {comment.comment_id: comment.text for comment in bench.analysis.comments}
    shown = [
        evidence
        for need in bench.analysis.needs
        for evidence in (*need.evidence, *need.highlights, *([need.asked_for] if need.asked_for else []))
    ]
    true = [float(bool(one.quote) and one.quote in text_of.get(one.comment_id, "")) for one in shown]
    return bench.measure("quotes verbatim", true, mean)
