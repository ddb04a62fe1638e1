from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from conftest import CORPUS
from innspill import cli
from innspill.cli import FigureFormat
from innspill.errors import GoldError
from innspill.evaluation import Measure, evaluate, load_gold, reliabilities
from innspill.language.vectors import load_encoder
from innspill.measuring import baselines
from innspill.measuring.baselines import Bm25
from innspill.measuring.figures import (
    Baseline,
    ScoreBin,
    bcubed_f1,
    calibration_error,
    mean,
    measured,
    measured_groups,
    reliability,
)
from innspill.measuring.gold import Bench
from innspill.measuring.rows import as_records, for_a_program, for_a_reader
from innspill.records import Analysis, Annotation, Evidence, Span


@pytest.fixture(scope="module")
def gold() -> dict[str, Any]:
    return load_gold(CORPUS)


@pytest.fixture(scope="module")
def told(demo: Analysis, gold: dict[str, Any]) -> dict[str, Measure]:
    """The figures of the bundled consultation, all of it."""
    return figures(demo, gold)


@pytest.fixture(scope="module")
def kept(demo: Analysis, gold: dict[str, Any]) -> dict[str, Measure]:
    """The figures of the part that is kept for measuring."""
    return figures(demo, gold, "test")


def figures(analysis: Analysis, gold: dict[str, Any], split: str = "all") -> dict[str, Measure]:
    """The figures by name."""
    return {measure.name: measure for measure in listed(analysis, gold, split)}


def listed(analysis: Analysis, gold: dict[str, Any], split: str = "all") -> list[Measure]:
    """The figures in their order; their intervals, rougher and sooner, are no matter here."""
    with patch("innspill.measuring.figures.N_RESAMPLES", 20):
        return evaluate(analysis, gold, split=split)  # type: ignore[arg-type]


def changed(gold: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """A gold standard with each comment changed."""
    return {**gold, "comments": [change(dict(comment)) for comment in gold["comments"]]}


def line_of(analysis: Analysis, number: int) -> Span:
    return next(line.span for line in analysis.report.lines if line.number == number)


def comments_of(analysis: Analysis, gold: dict[str, Any], **having: Any) -> dict[str, dict[str, Any]]:
    """Comment id -> the gold of each comment that was found and has these values."""
    bench = Bench(analysis, gold["comments"], seed=0)
    return {
        comment.comment_id: answer
        for answer, comment in bench.found
        if all(answer.get(key) == value for key, value in having.items())
    }


# Figures -------------------------------------------------------------------------------------------------------------


def test_bcubed_is_one_when_groups_agree_whatever_their_names() -> None:
    assert bcubed_f1(["a", "a", "b"], ["2", "2", "1"]) == 1.0


def test_bcubed_falls_when_everything_is_one_group() -> None:
    assert bcubed_f1(["a", "a", "b", "b"], ["1"] * 4) == pytest.approx(2 / 3)


def test_bcubed_falls_when_everything_is_alone() -> None:
    assert bcubed_f1(["a", "a", "b", "b"], list("1234")) == pytest.approx(2 / 3)


def test_an_interval_narrows_as_items_grow_in_number() -> None:
    few = measured("", [0.0, 1.0] * 10, mean, (), seed=0)
    many = measured("", [0.0, 1.0] * 500, mean, (), seed=0)
    assert few.low < many.low < 0.5 < many.high < few.high


def test_an_interval_of_halves_is_as_wide_as_that_of_a_bootstrap() -> None:
    items = [0.0, 1.0, 1.0, 0.0, 1.0] * 40
    by_halves, by_bootstrap = (way("", items, mean, (), seed=0) for way in (measured_groups, measured))
    assert by_halves.high - by_halves.low == pytest.approx(by_bootstrap.high - by_bootstrap.low, rel=0.2)


def test_the_interval_of_a_grouping_holds_its_value_where_a_bootstrap_would_find_doubles_alike() -> None:
    items = [(f"g{number // 2}", str(number)) for number in range(60)]

    def b_cubed(sample: Any) -> float:
        return bcubed_f1([item[0] for item in sample], [item[1] for item in sample])

    measure = measured_groups("", items, b_cubed, (), seed=0)
    assert measure.low <= measure.value <= measure.high
    assert measured("", items, b_cubed, (), seed=0).low > measure.value


def test_a_score_that_is_a_probability_has_no_calibration_error() -> None:
    assert calibration_error([(0.75, 1.0)] * 3 + [(0.75, 0.0)]) == 0.0


def test_a_certain_score_that_is_always_wrong_has_the_greatest_calibration_error() -> None:
    assert calibration_error([(1.0, 0.0)] * 5) == 1.0


def test_scores_are_put_in_bins_and_empty_bins_are_left_out() -> None:
    table = reliability("", [(0.05, 0.0), (0.15, 1.0), (1.0, 1.0)])
    assert table.bins == (ScoreBin(0.0, 0.2, 2, pytest.approx(0.1), 0.5), ScoreBin(0.8, 1.0, 1, 1.0, 1.0))  # type: ignore[arg-type]


# Baselines -----------------------------------------------------------------------------------------------------------


def test_bm25_prefers_the_text_that_has_the_rare_word() -> None:
    scores = Bm25(["data om pasienter", "data om ferjer", "data om data"]).scores(["data fra ferjer"])
    assert scores.shape == (1, 3)
    assert int(scores[0].argmax()) == 1


def test_bm25_prefers_the_shorter_of_two_texts_with_the_same_word() -> None:
    long, short = Bm25(["ferjer og " + "annet " * 30, "ferjer og annet"]).scores(["ferjer"])[0]
    assert short > long > 0


def test_bm25_takes_both_written_forms_of_a_word_for_the_same() -> None:
    assert Bm25(["biobankene", "sykehusene"]).scores(["biobankar"])[0].argmax() == 0


def test_the_section_of_a_place_is_the_same_theme_for_comments_on_one_chapter(demo: Analysis) -> None:
    first, second = demo.comments[0].comment_id, demo.comments[1].comment_id
    chapter = next(section for section in demo.report.sections if not section.parent_id and len(section.span) > 500)
    spans = (Span(chapter.span.start, chapter.span.start + 5), Span(chapter.span.end - 5, chapter.span.end - 1))
    placed = tuple(
        Annotation(f"A{number}", comment_id, "line", "", span, 1.0, "ok")
        for number, (comment_id, span) in enumerate(zip((first, second), spans, strict=True))
    )
    bench = Bench(replace(demo, annotations=placed), (), seed=0)
    themes = baselines.theme_baselines(bench, None)["section of the place"]
    assert themes is not None
    assert themes[first] == themes[second] == chapter.section_id
    assert set(themes.values()) == {chapter.section_id, ""}


def test_bertopic_gives_each_comment_a_topic_where_it_is_installed(demo: Analysis) -> None:
    pytest.importorskip("bertopic")
    themes = baselines.theme_baselines(Bench(demo, (), seed=0), load_encoder("vectors"))["BERTopic"]
    assert themes is not None
    assert set(themes) == {comment.comment_id for comment in demo.comments}


def test_a_library_that_is_not_installed_is_said_to_be_so(
    demo: Analysis, gold: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baselines.importlib.util, "find_spec", lambda name: None)
    assert Baseline("BERTopic (not installed)", None) in figures(demo, gold)["themes: AMI"].baselines


# The intake ----------------------------------------------------------------------------------------------------------


def test_a_lost_comment_lowers_what_is_found(demo: Analysis, gold: dict[str, Any], told: dict[str, Measure]) -> None:
    found = told["comments found"]
    fewer = figures(replace(demo, comments=demo.comments[10:]), gold)["comments found"]
    assert fewer.value < found.value


def test_an_interval_of_a_share_lies_within_nought_and_one(told: dict[str, Measure]) -> None:
    measure = told["comments found"]
    assert 0.0 <= measure.low <= measure.value <= measure.high <= 1.0


# Places --------------------------------------------------------------------------------------------------------------


def test_an_annotation_at_the_wrong_lines_lowers_the_precision_of_citations(
    demo: Analysis, gold: dict[str, Any]
) -> None:
    first_line = line_of(demo, 1)
    moved = tuple(
        replace(a, target=first_line) if a.method == "line" and a.target is not None else a for a in demo.annotations
    )
    assert figures(replace(demo, annotations=moved), gold)["line citations: precision"].value < 0.5


def test_lines_numbered_anew_on_each_page_are_compared_by_page(
    demo: Analysis, gold: dict[str, Any], told: dict[str, Measure]
) -> None:
    by_page = deepcopy(gold)
    page_of = {line["number"]: line["page_number"] for line in gold["report"]["lines"]}
    for comment in by_page["comments"]:
        comment["lines"] = [[page_of[number], number] for number in comment["lines"]]
    assert figures(demo, by_page)["line citations: F1"] == told["line citations: F1"]


def test_of_a_wrong_citation_the_lines_that_it_names_are_right(
    demo: Analysis, gold: dict[str, Any], told: dict[str, Measure]
) -> None:
    def with_wrong(comment: dict[str, Any]) -> dict[str, Any]:
        if comment["cite"] == "line":
            comment |= {"cite": "wrong", "cited_lines": comment["lines"], "lines": [1]}
        return comment

    assert figures(demo, changed(gold, with_wrong))["line citations: F1"].value == pytest.approx(
        told["line citations: F1"].value
    )


def test_a_wrong_citation_whose_lines_are_not_told_is_left_out(demo: Analysis, gold: dict[str, Any]) -> None:
    def with_wrong(comment: dict[str, Any]) -> dict[str, Any]:
        comment.pop("cited_lines", None)
        return comment | {"cite": "wrong"} if comment["cite"] == "line" else comment

    n_pages = sum(comment["cite"] == "page_line" for comment in gold["comments"])
    assert figures(demo, changed(gold, with_wrong))["line citations: F1"].n == n_pages


def test_a_table_is_a_place_though_its_lines_have_no_numbers(demo: Analysis, gold: dict[str, Any]) -> None:
    tables_alone = {**gold, "comments": [comment for comment in gold["comments"] if comment["cite"] == "table"]}
    at_first_line = tuple(replace(a, target=line_of(demo, 1)) for a in demo.annotations)
    name = "section, table and quotation places"
    assert figures(demo, tables_alone)[name].value >= 0.75
    assert figures(replace(demo, annotations=at_first_line), tables_alone)[name].value == 0.0


def test_a_citation_is_flagged_where_it_is_doubtful_or_unresolved_not_where_a_likeness_is(
    demo: Analysis, gold: dict[str, Any]
) -> None:
    first, second, third = list(comments_of(demo, gold, cite="line"))[:3]
    doubted = (
        Annotation("A1", first, "line", "linje 1", line_of(demo, 1), 1.0, "doubtful"),
        Annotation("A2", second, "line", "linje 9999", None, 1.0, "unresolved"),
        Annotation("A3", third, "similarity", "", line_of(demo, 1), 0.2, "doubtful"),
    )
    found = figures(replace(demo, annotations=doubted), gold)
    measure = found["right citations flagged"]
    assert measure.value * measure.n == pytest.approx(2)
    as_wrong = changed(gold, lambda comment: comment | ({"cite": "wrong"} if comment["cite"] == "line" else {}))
    measure = figures(replace(demo, annotations=doubted), as_wrong)["wrong citations flagged"]
    assert measure.value * measure.n == pytest.approx(2)


@pytest.mark.parametrize(("offset", "share"), [(0, 1.0), (60, 0.0)])
def test_a_better_place_counts_where_it_touches_the_lines_that_are_meant(
    demo: Analysis, gold: dict[str, Any], offset: int, share: float
) -> None:
    comment_id, answer = next(
        (comment_id, answer) for comment_id, answer in comments_of(demo, gold, cite="line").items() if answer["lines"]
    )
    number = answer["lines"][0]
    suggested = line_of(demo, number + offset if number < 200 else number - offset)
    doubted = Annotation("A1", comment_id, "line", "linje 1", line_of(demo, 1), 1.0, "doubtful", suggested)
    as_wrong = changed(gold, lambda comment: comment | ({"cite": "wrong"} if comment["cite"] == "line" else {}))
    measure = figures(replace(demo, annotations=(doubted,)), as_wrong)["better place proposed"]
    assert (measure.value, measure.n) == (share, 1)


def test_a_comment_about_nothing_in_the_report_should_not_be_placed(demo: Analysis, gold: dict[str, Any]) -> None:
    about_nothing = [
        comment_id
        for comment_id, answer in comments_of(demo, gold, cite="none").items()
        if not answer["at"] and not answer["whole_report"]
    ]
    placed = Annotation("A1", about_nothing[0], "similarity", "", line_of(demo, 1), 0.5, "ok")
    measure = figures(replace(demo, annotations=(placed,)), gold)["uncited placed though about nothing"]
    assert (measure.value, measure.n) == (pytest.approx(1 / len(about_nothing)), len(about_nothing))


def test_of_several_places_of_a_comment_that_cites_nothing_only_the_first_is_a_hit(
    demo: Analysis, gold: dict[str, Any]
) -> None:
    about = {
        comment_id: answer for comment_id, answer in comments_of(demo, gold, cite="none").items() if answer["lines"]
    }
    right = {comment_id: line_of(demo, answer["lines"][0]) for comment_id, answer in about.items()}
    wrong = {comment_id: line_of(demo, 1 if 1 not in answer["lines"] else 9) for comment_id, answer in about.items()}

    def hits(*places: dict[str, Span]) -> float:
        placed = tuple(
            Annotation(f"A{comment_id}{number}", comment_id, "similarity", "", place[comment_id], 0.5, "ok")
            for comment_id in about
            for number, place in enumerate(places)
        )
        return figures(replace(demo, annotations=placed), gold)["uncited comments: hit@1"].value

    assert (hits(right, wrong), hits(wrong, right)) == (1.0, 0.0)


def test_a_gold_standard_that_does_not_tell_where_uncited_comments_belong_is_not_measured_by_them(
    demo: Analysis, gold: dict[str, Any]
) -> None:
    def without_places(comment: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in comment.items() if key != "at"}

    found = figures(demo, changed(gold, without_places))
    assert not {"uncited comments: hit@1", "uncited placed though about nothing"} & set(found)


def test_the_table_of_places_counts_each_place_by_likeness_once(demo: Analysis, gold: dict[str, Any]) -> None:
    comment_ids = list(comments_of(demo, gold, cite="none"))
    bench_line = line_of(demo, 1)
    placed = tuple(
        Annotation(f"A{number}", comment_id, "similarity", "", bench_line, 0.3, "ok")
        for number, comment_id in enumerate(comment_ids)
    )
    analysis = replace(demo, annotations=placed)
    (table,) = (one for one in reliabilities(analysis, gold, split="all") if one.name == "places by likeness")
    n_counted = figures(analysis, gold)["places by likeness: calibration error"].n
    assert [(one.low, one.n) for one in table.bins] == [(pytest.approx(0.2), n_counted)]


# Themes and needs ----------------------------------------------------------------------------------------------------


def test_shuffled_themes_come_near_to_chance(demo: Analysis, gold: dict[str, Any]) -> None:
    ids = [comment.comment_id for comment in demo.comments]
    rotated = tuple(replace(theme, weights=dict.fromkeys(ids[i::11], 1.0)) for i, theme in enumerate(demo.themes[:11]))
    assert abs(figures(replace(demo, themes=rotated), gold)["themes: AMI"].value) < 0.15


def test_a_second_theme_counts_where_it_stands_for_the_second_one_meant(demo: Analysis, gold: dict[str, Any]) -> None:
    theme_ids = sorted({comment["theme"] for comment in gold["comments"]})
    answers = comments_of(demo, gold)
    perfect = [
        replace(
            demo.themes[0],
            theme_id=name,
            weights={comment_id: 1.0 for comment_id, answer in answers.items() if answer["theme"] == name},
            second={},
        )
        for name in theme_ids
    ]
    one, other = perfect[0], perfect[1]
    comment_id = next(iter(one.weights))
    with_two = changed(
        gold, lambda comment: comment | ({"theme2": other.theme_id} if comment == answers[comment_id] else {})
    )
    first_alone = figures(replace(demo, themes=tuple(perfect)), with_two)["second theme found"]
    with_second = (one, replace(other, second={comment_id: 0.4}), *perfect[2:])
    both = figures(replace(demo, themes=with_second), with_two)
    assert (first_alone.value, both["second theme found"].value) == (0.0, 1.0)
    assert both["second themes given that fit"].value == 1.0


def test_needs_are_held_against_themes_and_against_each_by_itself(told: dict[str, Measure]) -> None:
    assert [name for name, _ in told["needs: BCubed F1"].baselines] == [
        "each by itself",
        "theme as need",
    ]


def test_coverage_told_the_wrong_way_round_is_worse_than_chance(demo: Analysis, gold: dict[str, Any]) -> None:
    turned = tuple(replace(need, coverage_score=1.0 - need.coverage_score) for need in demo.needs)
    assert figures(replace(demo, needs=turned), gold)["coverage: AUC «not covered»"].value < 0.5


@pytest.mark.parametrize("field", ["evidence", "highlights", "asked_for"])
def test_a_quote_that_is_not_verbatim_is_noticed(demo: Analysis, gold: dict[str, Any], field: str) -> None:
    need = demo.needs[0]
    invented = Evidence(need.evidence[0].comment_id, need.evidence[0].quote + "!!")
    changed_need = replace(need, **{field: invented if field == "asked_for" else (invented,)})
    assert figures(replace(demo, needs=(changed_need, *demo.needs[1:])), gold)["quotes verbatim"].value < 1.0


# What is printed -----------------------------------------------------------------------------------------------------


def test_a_figure_is_one_row_for_a_reader_and_further_baselines_stand_below() -> None:
    measure = Measure("themes", 0.5, 0.4, 0.6, (Baseline("a", 0.1), Baseline("b (not installed)", None)), 12)
    assert for_a_reader([measure]) == [
        ("themes", "0.500", "0.40–0.60", "12", "0.100", "a"),
        ("", "", "", "", "–", "b (not installed)"),
    ]


def test_each_value_is_a_row_for_a_program() -> None:
    measure = Measure("themes", 0.5, 0.4, 0.6, (Baseline("a", 0.1), Baseline("b (not installed)", None)), 12)
    table = reliability("places", [(0.3, 1.0), (0.3, 0.0)])
    assert for_a_program([measure], [table]) == [
        ("themes", "innspill", "0.5000", "0.4000", "0.6000", "12"),
        ("themes", "a", "0.1000", "", "", "12"),
        ("places, score 0.2–0.4", "innspill", "0.5000", "", "", "2"),
        ("places, score 0.2–0.4", "mean score", "0.3000", "", "", "2"),
    ]


@pytest.mark.parametrize("form", list(FigureFormat))
def test_figures_and_tables_of_scores_are_printed_in_every_form(
    form: FigureFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    measure = Measure("right citations flagged", 0.125, 0.0, 0.25, (Baseline("BM25", 0.75),), 8)
    cli._print_measures([measure], [reliability("places", [(0.3, 1.0), (0.3, 0.0)])], form)
    printed = capsys.readouterr().out
    assert all(told in printed for told in ("right citations flagged", "0.125", "BM25", "0.75", "places"))
    assert ("right citations flagged ↓" in printed) == (form is FigureFormat.table)


def test_records_hold_every_figure_with_its_baselines(demo: Analysis, gold: dict[str, Any]) -> None:
    measures = listed(demo, gold)
    records = as_records(measures, reliabilities(demo, gold, split="all"))
    assert [record["name"] for record in records["figures"]] == [measure.name for measure in measures]
    themes = next(record for record in records["figures"] if record["name"] == "themes: AMI")
    assert {"name", "value"} == set(themes["baselines"][0])


def test_no_figure_is_given_twice(demo: Analysis, gold: dict[str, Any]) -> None:
    assert max(Counter(measure.name for measure in listed(demo, gold)).values()) == 1


# Gold standards ------------------------------------------------------------------------------------------------------


def test_a_consultation_without_known_answers_cannot_be_evaluated(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"no gold\.json"):
        load_gold(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"), [("{", "not valid JSON"), ('{"report": {}}', "lacks messages, comments, needs")]
)
def test_a_gold_standard_of_the_wrong_form_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "gold.json").write_text(text, encoding="utf-8")
    with pytest.raises(GoldError, match=says):
        load_gold(tmp_path)


def test_a_gold_standard_without_messages_of_a_split_is_refused(demo: Analysis, gold: dict[str, Any]) -> None:
    for_measuring = {**gold, "messages": [message for message in gold["messages"] if message["split"] == "test"]}
    with pytest.raises(GoldError, match="no messages of the split 'tune'; it has: test"):
        evaluate(demo, for_measuring, split="tune")


def test_the_tuning_part_and_the_measuring_part_share_no_message(gold: dict[str, Any]) -> None:
    split_of = {message["file"]: message["split"] for message in gold["messages"]}
    assert set(split_of.values()) == {"tune", "test"}
    assert len(split_of) == len(gold["messages"])


# The bundled consultation --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "at_least"),
    [
        ("report lines found", 1.0),
        ("messages present once", 1.0),
        ("message kinds", 0.95),
        ("comments found", 0.95),
        ("line citations: F1", 0.95),
        ("themes: AMI", 0.30),
        ("stance «need»: F1", 0.70),
        ("coverage: macro-F1", 0.55),
        ("quotes verbatim", 1.0),
    ],
)
def test_the_part_kept_for_measuring_clears_the_bar(name: str, at_least: float, kept: dict[str, Measure]) -> None:
    assert kept[name].value >= at_least


@pytest.mark.parametrize(
    ("name", "baseline"),
    [
        ("themes: AMI", "k-means on TF-IDF"),
        ("themes: AMI", "k-means on LSA"),
        ("themes: BCubed F1", "k-means on TF-IDF"),
        ("needs: BCubed F1", "each by itself"),
        ("needs: BCubed F1", "theme as need"),
        ("line citations: F1", "«linje N»"),
        ("uncited comments: hit@1", "BM25"),
        ("section, table and quotation places", "BM25 (without tables)"),
        ("coverage: AUC «not covered»", "likeness alone"),
    ],
)
def test_a_figure_beats_its_baseline(name: str, baseline: str, kept: dict[str, Measure]) -> None:
    measure = kept[name]
    value = dict(measure.baselines)[baseline]
    assert value is not None
    assert measure.value > value
