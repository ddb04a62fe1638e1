from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conftest import CORPUS
from innspill.errors import GoldError
from innspill.evaluation import Measure, bcubed_f1, evaluate, load_gold
from innspill.records import Analysis


@pytest.fixture(scope="module")
def gold() -> dict[str, Any]:
    return load_gold(CORPUS)


def figures(analysis: Analysis, gold: dict[str, Any], split: str = "all") -> dict[str, Measure]:
    return {measure.name: measure for measure in evaluate(analysis, gold, split=split)}  # type: ignore[arg-type]


def test_bcubed_is_one_when_groups_agree_whatever_their_names() -> None:
    assert bcubed_f1(["a", "a", "b"], ["2", "2", "1"]) == 1.0


def test_bcubed_falls_when_everything_is_one_group() -> None:
    assert bcubed_f1(["a", "a", "b", "b"], ["1"] * 4) == pytest.approx(2 / 3)


def test_bcubed_falls_when_everything_is_alone() -> None:
    assert bcubed_f1(["a", "a", "b", "b"], list("1234")) == pytest.approx(2 / 3)


def test_an_interval_holds_its_value_or_touches_it_for_shares(demo: Analysis, gold: dict[str, Any]) -> None:
    measure = figures(demo, gold)["comments found"]
    assert 0.0 <= measure.low <= measure.value <= measure.high <= 1.0


def test_a_lost_comment_lowers_what_is_found(demo: Analysis, gold: dict[str, Any]) -> None:
    found = figures(demo, gold)["comments found"]
    fewer = figures(replace(demo, comments=demo.comments[10:]), gold)["comments found"]
    assert fewer.value < found.value


def test_an_annotation_at_the_wrong_lines_lowers_the_precision_of_citations(
    demo: Analysis, gold: dict[str, Any]
) -> None:
    first_line = next(line.span for line in demo.report.lines if line.number == 1)
    moved = tuple(
        replace(a, target=first_line) if a.method == "line" and a.target is not None else a for a in demo.annotations
    )
    assert figures(replace(demo, annotations=moved), gold)["line citations: precision"].value < 0.5


def test_shuffled_themes_come_near_to_chance(demo: Analysis, gold: dict[str, Any]) -> None:
    ids = [comment.comment_id for comment in demo.comments]
    rotated = tuple(replace(theme, weights=dict.fromkeys(ids[i::11], 1.0)) for i, theme in enumerate(demo.themes[:11]))
    assert abs(figures(replace(demo, themes=rotated), gold)["themes: AMI"].value) < 0.15


def test_a_quote_that_is_not_verbatim_is_noticed(demo: Analysis, gold: dict[str, Any]) -> None:
    need = demo.needs[0]
    changed = replace(need, evidence=tuple(replace(e, quote=e.quote + "!!") for e in need.evidence))
    assert figures(replace(demo, needs=(changed, *demo.needs[1:])), gold)["quotes verbatim"].value < 1.0


def test_lines_numbered_anew_on_each_page_are_compared_by_page(demo: Analysis, gold: dict[str, Any]) -> None:
    by_page = deepcopy(gold)
    page_of = {line["number"]: line["page_number"] for line in gold["report"]["lines"]}
    for comment in by_page["comments"]:
        comment["lines"] = [[page_of[number], number] for number in comment["lines"]]
    assert figures(demo, by_page)["line citations: F1"] == figures(demo, gold)["line citations: F1"]


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


def test_the_tuning_part_and_the_measuring_part_share_no_message(gold: dict[str, Any]) -> None:
    split_of = {message["file"]: message["split"] for message in gold["messages"]}
    assert set(split_of.values()) == {"tune", "test"}
    assert len(split_of) == len(gold["messages"])


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
def test_the_part_kept_for_measuring_clears_the_bar(
    demo: Analysis, gold: dict[str, Any], name: str, at_least: float
) -> None:
    assert figures(demo, gold, "test")[name].value >= at_least


@pytest.mark.parametrize("name", ["themes: AMI", "themes: BCubed F1", "needs: BCubed F1", "line citations: F1"])
def test_a_figure_beats_its_baseline(demo: Analysis, gold: dict[str, Any], name: str) -> None:
    measure = figures(demo, gold, "test")[name]
    assert measure.baseline is not None
    assert measure.value > measure.baseline
