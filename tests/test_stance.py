"""What comments do: by cue, sign and model."""

import json
from functools import lru_cache

import pytest

from innspill.bundled import bundled
from innspill.language.cards import CARD
from innspill.records import Comment, Span
from innspill.signs import read_comment, sign_features
from innspill.stance import (
    AT_A_TIME,
    VECTORS,
    StanceModel,
    classify_stances,
    heard_cues,
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


@pytest.mark.parametrize(
    "text", ["Det er ikke behov for flere kaier.", "Vi ser ikkje at det er trong for fleire kaiar."]
)
def test_a_negated_need_does_not_vote(text: str) -> None:
    assert "need" not in stance_scores(text, language=norwegian())


def test_what_follows_the_turn_weighs_more() -> None:
    scores = stance_scores("Vi støtter dette, men savner skoleskyss.", language=norwegian())
    assert scores["need"] > scores["support"]


@pytest.mark.parametrize("text", ["Vi savner skoleskyss.", "Skuleskyss er ikkje omtalt.", "Dette mangler."])
def test_what_is_missing_is_heard(text: str) -> None:
    assert says_unmet(text)


def test_a_need_met_is_not_missing() -> None:
    assert not says_unmet("Vi trenger dette, og rapporten dekker det.")


def test_a_negated_need_is_no_strong_one() -> None:
    assert need_strength("Det er ikke nødvendig å styrke tilbudet.") == 0


def test_lacking_is_a_stronger_need_than_needing() -> None:
    assert need_strength("Vi savner en plan.") > need_strength("Vi trenger en plan.")


def test_what_stands_in_a_quotation_makes_no_difference() -> None:
    texts = ["«Det er sterkt behov for kaier» støtter vi.", "«Ingen er uenige i prisene» støtter vi."]
    first, second = model().judge(texts, language=norwegian())
    assert first == second


def test_both_written_forms_are_judged_alike() -> None:
    texts = ["Vi er ikke enige i at skolene ikke trenger mer.", "Vi er ikkje einige i at skulane ikkje treng meir."]
    first, second = (read_comment(text, language=norwegian()) for text in texts)
    assert first == second


def test_a_comment_is_judged_the_same_alone_and_among_many() -> None:
    text = "Linje 12: Vi savner skoleskyss."
    alone = model().judge([text], language=norwegian())[0]
    among = model().judge(["Helt enig."] * AT_A_TIME + [text], language=norwegian())
    assert len(among) == AT_A_TIME + 1
    assert (among[-1].stance, among[-1].probability) == (alone.stance, pytest.approx(alone.probability))


@pytest.mark.parametrize("text", ["", " ", "«»", "Linje 12", "?"])
def test_a_text_without_words_is_judged_too(text: str) -> None:
    (judged,) = model().judge([text], language=norwegian())
    assert 0 < judged.probability <= 1


def test_every_comment_has_as_many_signs() -> None:
    comments = [read_comment(text, language=norwegian()) for text in ("", "Enig.", "Enig. Men hvem betaler? «Alle».")]
    assert len({len(row) for row in sign_features(comments)}) == 1


def test_a_cue_in_reported_or_quoted_words_is_not_heard() -> None:
    text = "Rapporten sier at det er behov for flere kaier. «Vi savner en plan» står det."
    assert not [cue for cue in heard_cues(text, language=norwegian()) if cue.stance == "need"]


def test_the_model_was_trained_with_the_vectors_that_are_shipped() -> None:
    card = json.loads((bundled("models/stance") / CARD).read_text(encoding="utf-8"))
    vectors = json.loads((bundled(f"models/{VECTORS}") / CARD).read_text(encoding="utf-8"))
    assert card["reads_with"][VECTORS] == vectors["files"]


def test_vectors_that_it_was_not_trained_with_are_not_used() -> None:
    class Other:
        name = "another"

        def encode(self, texts: list[str]) -> None:
            raise AssertionError("the model must read with its own vectors")

    (judged,) = load_stance_model(encoder=Other()).judge(["Vi savner skoleskyss."], language=norwegian())
    assert judged.stance == "need"
