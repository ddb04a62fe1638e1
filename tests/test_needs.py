import json
from pathlib import Path

import pytest

from innspill.config import Config
from innspill.features import comment_features
from innspill.language.norwegian import Norwegian
from innspill.language.vectors import Encoder, load_encoder
from innspill.matching import match
from innspill.needs import MAX_STATEMENT, find_needs
from innspill.records import Analysis, Comment, Need, Report, Span, Stance

CASES = json.loads((Path(__file__).parent / "cases" / "statements.json").read_text(encoding="utf-8"))


def comment(number: int, text: str, stance: Stance = "need", says_missing: float = 0.0, score: float = 1.0) -> Comment:
    return Comment(
        f"C{number}", f"M{number}", "body", Span(0, len(text)), text, "", "nb", stance, score, says_missing=says_missing
    )


def needs_of(
    report: Report, language: Norwegian, *comments: Comment, encoder: Encoder | None = None
) -> tuple[Need, ...]:
    config = Config()
    annotations, space = match(comments, report, encoder=None, config=config)
    features = comment_features(comments, annotations, report, space)
    return find_needs(comments, annotations, features, space, (), language=language, config=config, encoder=encoder)


def statement_of(report: Report, language: Norwegian, text: str) -> str:
    (need,) = needs_of(report, language, comment(1, text))
    return need.statement


# Who voices a need ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stance", ["praise", "correction", "other"])
def test_who_praises_or_corrects_voices_no_need(demo_report: Report, language: Norwegian, stance: Stance) -> None:
    assert needs_of(demo_report, language, comment(1, "Fin rapport, lett å lese.", stance)) == ()


def test_a_sure_question_voices_no_need_and_an_unsure_one_does(demo_report: Report, language: Norwegian) -> None:
    text = "Hvem skal gjøre dette når bussen er borte?"
    assert needs_of(demo_report, language, comment(1, text, "question", score=0.9)) == ()
    assert len(needs_of(demo_report, language, comment(1, text, "question", score=0.4))) == 1


def test_who_disagrees_since_something_is_missing_voices_a_need(demo_report: Report, language: Norwegian) -> None:
    text = "Vi er uenige i at alle bor slik."
    assert len(needs_of(demo_report, language, comment(1, text, "disagreement", says_missing=0.8))) == 1
    assert needs_of(demo_report, language, comment(1, text, "disagreement")) == ()


# Grouping ------------------------------------------------------------------------------------------------------------


def test_two_voices_for_the_same_place_are_one_need(demo_report: Report, language: Norwegian) -> None:
    (need,) = needs_of(
        demo_report,
        language,
        comment(1, "Linje 92–93: Vi trenger en felles veiledningstjeneste."),
        comment(2, "Linje 92: En felles veiledning for alle må på plass."),
    )
    assert set(need.comment_ids) == {"C1", "C2"}


def test_needs_at_different_places_stay_apart(demo_report: Report, language: Norwegian) -> None:
    needs = needs_of(
        demo_report,
        language,
        comment(1, "Linje 92–93: Vi trenger en felles veiledningstjeneste."),
        comment(2, "Linje 206: Det må kjøpes inn flere grafikkort."),
    )
    assert len(needs) == 2


def test_different_needs_in_the_same_place_stay_apart(demo_report: Report, language: Norwegian) -> None:
    needs = needs_of(
        demo_report,
        language,
        comment(1, "Linje 92–93: Vi støtter én felles veiledningstjeneste.", "support"),
        comment(2, "Linje 92–93: Her mangler tannhelse, som ikke er nevnt noe sted.", says_missing=0.95),
    )
    assert len(needs) == 2


@pytest.mark.parametrize("name", ["none", "vectors"])
def test_what_the_report_lacks_is_one_need_though_nobody_can_cite_it(
    demo_report: Report, language: Norwegian, name: str
) -> None:
    needs = needs_of(
        demo_report,
        language,
        comment(1, "Vi savner noe om tannhelse. Tannlegene har data som ingen andre har.", says_missing=0.95),
        comment(2, "Eg saknar tannhelse. Tannlegane har data som ingen andre har.", says_missing=0.95),
        comment(3, "Rapporten nevner ikke brøyting av veien til legevakten.", says_missing=0.95),
        encoder=load_encoder(name),
    )
    assert sorted(sorted(need.comment_ids) for need in needs) == [["C1", "C2"], ["C3"]]


def test_copies_of_a_letter_are_evidence_and_count_as_one_voice(demo_report: Report, language: Norwegian) -> None:
    text = "Linje 92–93: Vi trenger en felles veiledningstjeneste."
    (alone,) = needs_of(demo_report, language, comment(1, text))
    (many,) = needs_of(demo_report, language, *(comment(number, text) for number in range(30)))
    assert len(many.evidence) == 30
    assert (many.strength, many.coverage_score) == (alone.strength, alone.coverage_score)


def test_a_copy_in_other_lines_is_quoted_as_it_stands(demo_report: Report, language: Norwegian) -> None:
    first, second = "Vi trenger en felles tjeneste for alle.", "Vi trenger en felles\ntjeneste for alle."
    (need,) = needs_of(demo_report, language, comment(1, first), comment(2, second))
    assert {quote.comment_id: quote.quote for quote in need.evidence} == {"C1": first, "C2": second}


# Statement -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES["trimmed"], ids=lambda case: case["sentence"][:30])
def test_the_statement_leaves_out_what_the_sentence_only_opens_with(
    demo_report: Report, language: Norwegian, case: dict[str, str]
) -> None:
    assert statement_of(demo_report, language, case["sentence"]) == case["statement"]


@pytest.mark.parametrize("sentence", CASES["kept"], ids=lambda sentence: sentence[:30])
def test_the_statement_keeps_what_the_sentence_needs(demo_report: Report, language: Norwegian, sentence: str) -> None:
    assert statement_of(demo_report, language, sentence) == sentence


@pytest.mark.xfail(strict=True, reason="a citation or a joining word within the sentence stays")
@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["sentence"][:30])
def test_the_statement_could_leave_out_more(demo_report: Report, language: Norwegian, case: dict[str, str]) -> None:
    assert statement_of(demo_report, language, case["sentence"]) == case["statement"]


def test_the_quote_is_verbatim_where_the_statement_is_trimmed(demo_report: Report, language: Norwegian) -> None:
    (need,) = needs_of(demo_report, language, comment(1, "Linje 92–93: Vi trenger en felles veiledningstjeneste."))
    assert need.evidence[0].quote == "Linje 92–93: Vi trenger en felles veiledningstjeneste."


def test_the_statement_is_what_is_asked_for_and_not_that_nothing_is_said_of_it(
    demo_report: Report, language: Norwegian
) -> None:
    text = (
        "To av tre er blitt truet på vakt det siste året. De ansatte må få alarm og en kollega i rommet. "
        "Det står ikke ett ord om det."
    )
    assert statement_of(demo_report, language, text) == "De ansatte må få alarm og en kollega i rommet."


def test_a_long_sentence_is_cut_between_words(demo_report: Report, language: Norwegian) -> None:
    statement = statement_of(demo_report, language, "Vi trenger " + "ansatte, " * 80 + "og det nå.")
    assert len(statement) <= MAX_STATEMENT
    assert statement.endswith("ansatte, …")


# Needs ---------------------------------------------------------------------------------------------------------------


def test_a_need_is_stronger_the_louder_and_the_more_widely_it_is_voiced(
    demo_report: Report, language: Norwegian
) -> None:
    (quiet,) = needs_of(demo_report, language, comment(1, "En felles tjeneste kunne hjelpe oss her."))
    (loud,) = needs_of(
        demo_report, language, comment(1, "Vi trenger en felles tjeneste, og det mangler i dag.", says_missing=0.9)
    )
    (wide,) = needs_of(
        demo_report,
        language,
        comment(1, "En felles tjeneste kunne hjelpe oss her."),
        comment(2, "En felles tjeneste kunne hjelpe oss her i nord."),
    )
    assert 0.0 < quiet.strength < wide.strength < loud.strength <= 1.0


def test_the_least_covered_needs_come_first(demo: Analysis) -> None:
    order = {"uncovered": 0, "partly": 1, "covered": 2}
    ranks = [order[need.coverage] for need in demo.needs]
    assert ranks == sorted(ranks)


def test_every_need_names_the_nearest_passages(demo: Analysis) -> None:
    assert all(len(need.nearest) == 3 for need in demo.needs)
    assert all(0.0 <= near.similarity <= 1.0 for need in demo.needs for near in need.nearest)


def test_every_comment_voices_one_need_at_most(demo: Analysis) -> None:
    voices = [comment_id for need in demo.needs for comment_id in need.comment_ids]
    assert len(voices) == len(set(voices))
