"""The benchmarks of the analysis: invented comments, and how alike two runs' themes are."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import ModuleType

import pytest

from conftest import ROOT
from innspill.language.norwegian import Norwegian
from innspill.measuring.figures import Baseline, Measure
from innspill.records import Analysis
from models.stance.texts import CONSULTATIONS as TRAINED_ON


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Import a script of the folder as it is when it is run."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")

    def load(name: str) -> ModuleType:
        return __import__(name)

    return load


def test_more_invented_comments_begin_with_the_fewer(
    script: Callable[[str], ModuleType], demo: Analysis, language: Norwegian
) -> None:
    few_messages, few = script("scale").invented(60, demo.report, language)
    many_messages, many = script("scale").invented(150, demo.report, language)
    assert (len(few), len(many)) == (60, 150)
    assert many[:60] == few
    assert many_messages[: len(few_messages)] == few_messages


def test_invented_comments_belong_to_messages_and_stand_after_one_another(
    script: Callable[[str], ModuleType], demo: Analysis, language: Norwegian
) -> None:
    messages, comments = script("scale").invented(150, demo.report, language)
    assert {comment.message_id for comment in comments} == {message.message_id for message in messages}
    assert len({comment.comment_id for comment in comments}) == len(comments)
    following = [pair for pair in pairwise(comments) if pair[0].message_id == pair[1].message_id]
    assert following and all(first.span.end < second.span.start for first, second in following)
    assert all(len(comment.span) == len(comment.text) for comment in comments)


def test_copies_within_a_campaign_say_the_same_and_nobody_else_does(
    script: Callable[[str], ModuleType], demo: Analysis, language: Norwegian
) -> None:
    messages, comments = script("scale").invented(300, demo.report, language)
    kind_of = {message.message_id: message.kind for message in messages}
    texts = {kind: [c.text for c in comments if kind_of[c.message_id] == kind] for kind in ("campaign", "feedback")}
    assert len(set(texts["campaign"])) == 3 < len(texts["campaign"])
    assert len(set(texts["feedback"])) == len(texts["feedback"])


def test_themes_that_stay_agree_whatever_they_are_called_and_whatever_came(
    script: Callable[[str], ModuleType], demo: Analysis
) -> None:
    renamed = tuple(replace(theme, theme_id=f"X{theme.theme_id}") for theme in demo.themes)
    fewer = (replace(renamed[0], weights=dict(list(renamed[0].weights.items())[2:])), *renamed[1:])
    assert script("stability").agreement(replace(demo, themes=fewer), demo) == 1.0


def test_themes_that_are_mixed_anew_do_not_agree(script: Callable[[str], ModuleType], demo: Analysis) -> None:
    ids = [comment.comment_id for comment in demo.comments]
    mixed = tuple(replace(theme, weights=dict.fromkeys(ids[i::7], 1.0)) for i, theme in enumerate(demo.themes[:7]))
    assert script("stability").agreement(replace(demo, themes=mixed), demo) < 0.2


def test_figures_stand_side_by_side_with_their_baselines_below(script: Callable[[str], ModuleType]) -> None:
    first = Measure("themes", 0.5, 0.4, 0.6, (Baseline("a", 0.1), Baseline("b (not installed)", None)), 12)
    second = Measure("quotes", 1.0, 1.0, 1.0, (), 3)
    assert script("figures").rows([{"themes": first, "quotes": second}, {"themes": first}]) == [
        ["themes", "0.500 (0.40–0.60; 12)", "0.500 (0.40–0.60; 12)"],
        ["· a", "0.100", "0.100"],
        ["· b (not installed)", "", ""],
        ["quotes", "1.000 (1.00–1.00; 3)", ""],
    ]


def test_what_is_tuned_on_and_trained_on_are_the_consultations_with_tuning_messages(
    script: Callable[[str], ModuleType],
) -> None:
    golds = {path.parent.name: json.loads(path.read_text("utf-8")) for path in ROOT.glob("corpora/*/gold.json")}
    tuning = {name for name, gold in golds.items() if any(one["split"] == "tune" for one in gold["messages"])}
    assert set(script("tuning").CONSULTATIONS) == set(TRAINED_ON) == tuning
