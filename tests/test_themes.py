from dataclasses import replace

import numpy as np
import pytest

from innspill.config import Config
from innspill.features import comment_features
from innspill.language.norwegian import Norwegian
from innspill.matching import match
from innspill.records import Analysis, Comment, Message, Report, Span, Theme
from innspill.themes import find_themes
from innspill.words import load_words

SAID = {
    "Linje 92": "trenger én veiledningstjeneste å ringe til",
    "Linje 93": "vil ha ett sted å spørre når vi søker",
    "Linje 94": "savner veiledning i kommunene",
    "Linje 180": "må kunne reservere seg digitalt",
    "Linje 181": "ønsker en knapp for reservasjon",
    "Linje 182": "reservasjon må være enkel",
    "Linje 206": "trenger regnekraft og analyserom",
    "Linje 207": "har for få grafikkort i analyserommet",
    "Linje 208": "må få sikre analyserom",
}


def comments_of(said: dict[str, str]) -> list[Comment]:
    return [
        Comment(f"C{number}", f"M{number}", "body", Span(0, 1), f"{place}: Vi {words}.", "", "nb", "need")
        for number, (place, words) in enumerate(said.items(), start=1)
    ]


def themes_of(
    report: Report, comments: list[Comment], language: Norwegian, messages: tuple[Message, ...] = (), **options: int
) -> tuple[Theme, ...]:
    config = Config(**options)
    annotations, space = match(comments, report, encoder=None, config=config)
    features = comment_features(comments, annotations, report, space)
    return find_themes(
        comments, features, report, messages, language=language, words=load_words("nb"), encoder=None, config=config
    )[0]


def test_comments_at_the_same_section_are_one_theme_named_by_its_heading(
    demo_report: Report, language: Norwegian
) -> None:
    themes = themes_of(demo_report, comments_of(SAID), language, n_themes=3)
    assert {theme.label for theme in themes} == {"Veiledning", "Reservasjon", "Analyserom og regnekraft"}


def test_the_number_of_themes_can_be_set(demo_report: Report, language: Norwegian) -> None:
    assert len(themes_of(demo_report, comments_of(SAID), language, n_themes=5)) == 5


def test_a_term_is_a_noun_phrase_in_its_base_form_or_that_most_often_written(
    demo_report: Report, language: Norwegian
) -> None:
    said = {
        "Linje 92": "savner nasjonale registre om rus",
        "Linje 93": "trenger nasjonale registre for tannhelse",
        "Linje 94": "vil ha et nasjonalt register og gode tilskudd",
        "Linje 95": "trenger tilskudd og nye tilskuddet 2026–2027",
    }
    (theme,) = themes_of(demo_report, comments_of(said), language, n_themes=1)
    assert theme.terms == ("nasjonale registre", "tilskudd")


def test_no_comments_have_no_themes(demo_report: Report, language: Norwegian) -> None:
    assert themes_of(demo_report, [], language) == ()


def test_one_comment_is_one_theme(demo_report: Report, language: Norwegian) -> None:
    (theme,) = themes_of(demo_report, comments_of({"Linje 92": "trenger veiledning"}), language)
    assert theme.comment_ids == ("C1",)


def test_labels_are_unique(demo: Analysis) -> None:
    labels = [theme.label for theme in demo.themes]
    assert len(labels) == len(set(labels))


def test_the_largest_theme_comes_first_and_single_comments_last(demo: Analysis) -> None:
    sizes = [len(theme.comment_ids) for theme in demo.themes if theme.kind != "single"]
    assert sizes == sorted(sizes, reverse=True)


def test_weights_lie_between_zero_and_one_and_fall(demo: Analysis) -> None:
    for theme in demo.themes:
        weights = list(theme.weights.values())
        assert weights == sorted(weights, reverse=True)
        assert all(0.0 <= weight <= 1.0 for weight in weights)


def test_copies_of_a_campaign_follow_their_original(demo: Analysis) -> None:
    campaign = {message.message_id for message in demo.messages if message.campaign_id}
    theme_of = {comment_id: theme.theme_id for theme in demo.themes for comment_id in theme.comment_ids}
    by_start: dict[str, set[str]] = {}
    for comment in demo.comments:
        if comment.message_id in campaign:
            by_start.setdefault(" ".join(comment.text.lower().split()[:6]), set()).add(theme_of[comment.comment_id])
    assert by_start
    assert all(len(themes) == 1 for themes in by_start.values())


def test_between_five_and_fifteen_themes_come_of_a_hundred_and_fifty_comments(demo: Analysis) -> None:
    assert 5 <= len(demo.themes) <= 15


def test_a_report_without_sections_still_gives_named_themes(demo_report: Report, language: Norwegian) -> None:
    flat = replace(
        demo_report,
        sections=(),
        lines=tuple(replace(line, section_id="") for line in demo_report.lines),
        passages=tuple(replace(passage, section_id="") for passage in demo_report.passages),
    )
    themes = themes_of(flat, comments_of(SAID), language)
    assert sum(len(theme.comment_ids) for theme in themes) == len(SAID)
    assert all(theme.label for theme in themes)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_seed_gives_the_same_themes(demo_report: Report, language: Norwegian, seed: int) -> None:
    comments = comments_of(SAID)
    assert themes_of(demo_report, comments, language, seed=seed) == themes_of(demo_report, comments, language, seed=9)


def test_features_of_a_placed_comment_have_unit_length(demo_report: Report) -> None:
    comments = comments_of(SAID)
    annotations, space = match(comments, demo_report, encoder=None, config=Config())
    features = comment_features(comments, annotations, demo_report, space)
    assert np.allclose(np.linalg.norm(features.sections, axis=1), 1.0)
