"""What comments do: by cue and model."""

from functools import lru_cache

import pytest

from innspill.records import Comment, Span
from innspill.stance import (
    StanceModel,
    classify_stances,
    clearest_sentence,
    load_cues,
    load_stance_model,
    need_strength,
    says_unmet,
    stance_scores,
)
from mails import cases, norwegian


@lru_cache(maxsize=1)
def model() -> StanceModel:
    return load_stance_model()


def comment(text: str) -> Comment:
    return Comment("C0001", "M001", "body", Span(0, len(text)), text, "", "nb")


@pytest.mark.parametrize("case", cases("stance"))
def test_the_stance_is_heard(case: dict) -> None:
    (judged,) = classify_stances([comment(case["text"])], language=norwegian(), model=model())
    assert judged.stance == case["expect"]


def test_the_given_comments_are_left_as_they_are() -> None:
    given = comment("Vi savner skoleskyss.")
    classify_stances([given], language=norwegian(), model=model())
    assert given.stance == "other"


def test_every_cue_has_its_own_name() -> None:
    names = [cue.cue_id for cue in load_cues()]
    assert len(names) == len(set(names)) > 100


def test_the_report_s_own_words_are_not_the_sender_s() -> None:
    assert "need" not in stance_scores("Rapporten sier at det er behov for flere kaier.", language=norwegian())


def test_a_quotation_does_not_vote() -> None:
    assert "need" not in stance_scores("«Det er behov for flere kaier» støtter vi.", language=norwegian())


@pytest.mark.xfail(strict=True, reason="the cue spans «er ikke behov for», and only negation before a cue is heard")
def test_a_negated_need_does_not_vote() -> None:
    assert "need" not in stance_scores("Det er ikke behov for flere kaier.", language=norwegian())


def test_what_follows_the_turn_weighs_more() -> None:
    scores = stance_scores("Vi støtter dette, men savner skoleskyss.", language=norwegian())
    assert scores["need"] > scores["support"]


@pytest.mark.parametrize("text", ["Vi savner skoleskyss.", "Skuleskyss er ikkje omtalt.", "Dette mangler."])
def test_what_is_missing_is_heard(text: str) -> None:
    assert says_unmet(text)


def test_a_need_met_is_not_missing() -> None:
    assert not says_unmet("Vi trenger dette, og rapporten dekker det.")


def test_lacking_is_a_stronger_need_than_needing() -> None:
    assert need_strength("Vi savner en plan.") > need_strength("Vi trenger en plan.")


def test_the_clearest_sentence_is_the_one_that_voices_the_need() -> None:
    text = "Vi har tre kaier. Det er stort behov for landstrøm ved alle kaiene. Hilsen havna."
    assert clearest_sentence(text, language=norwegian()).of(text).startswith("Det er stort behov")
