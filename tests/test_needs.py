from innspill.config import Config
from innspill.features import comment_features
from innspill.language.norwegian import Norwegian
from innspill.matching import match
from innspill.needs import find_needs
from innspill.records import Analysis, Comment, Need, Report, Span, Stance


def comment(number: int, text: str, stance: Stance = "need", says_missing: float = 0.0) -> Comment:
    return Comment(
        f"C{number}", f"M{number}", "body", Span(0, len(text)), text, "", "nb", stance, 1.0, says_missing=says_missing
    )


def needs_of(report: Report, language: Norwegian, *comments: Comment) -> tuple[Need, ...]:
    config = Config()
    annotations, space = match(comments, report, encoder=None, config=config)
    features = comment_features(comments, annotations, report, space)
    return find_needs(comments, annotations, features, space, (), language=language, config=config)


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


def test_support_of_cited_lines_is_covered(demo_report: Report, language: Norwegian) -> None:
    (need,) = needs_of(demo_report, language, comment(1, "Linje 92–93: Helt enig, én tjeneste å ringe.", "support"))
    assert need.coverage == "covered"


def test_what_is_said_to_be_missing_and_cites_nothing_is_uncovered(demo_report: Report, language: Norwegian) -> None:
    (need,) = needs_of(
        demo_report, language, comment(1, "Vi savner noe om brøyting av veier til legevakten.", says_missing=0.95)
    )
    assert need.coverage == "uncovered"


def test_praise_voices_no_need(demo_report: Report, language: Norwegian) -> None:
    assert needs_of(demo_report, language, comment(1, "Fin rapport, lett å lese.", "praise")) == ()


def test_the_statement_leaves_out_the_citation_that_it_opens_with(demo_report: Report, language: Norwegian) -> None:
    (need,) = needs_of(demo_report, language, comment(1, "Linje 92–93: Vi trenger en felles veiledningstjeneste."))
    assert need.statement == "Vi trenger en felles veiledningstjeneste."
    assert need.evidence[0].quote == "Linje 92–93: Vi trenger en felles veiledningstjeneste."


def test_the_least_covered_needs_come_first(demo: Analysis) -> None:
    order = {"uncovered": 0, "partly": 1, "covered": 2}
    ranks = [order[need.coverage] for need in demo.needs]
    assert ranks == sorted(ranks)


def test_every_need_names_the_nearest_passages(demo: Analysis) -> None:
    assert all(len(need.nearest) == 3 for need in demo.needs)
    assert all(0.0 <= near.similarity <= 1.0 for need in demo.needs for near in need.nearest)


def test_coverage_follows_from_the_score_and_the_thresholds(demo: Analysis) -> None:
    config = Config()
    for need in demo.needs:
        expected = (
            "covered"
            if need.coverage_score >= config.covered_from
            else "partly"
            if need.coverage_score >= config.partly_from
            else "uncovered"
        )
        assert need.coverage == expected
