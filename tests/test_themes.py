from dataclasses import replace

import numpy as np
import pytest

from innspill.config import Config
from innspill.features import comment_features
from innspill.given_themes import GivenTheme, GivenThemes, Merging
from innspill.language.norwegian import Norwegian
from innspill.matching import match
from innspill.records import Analysis, Comment, Message, Note, Report, Span, Theme
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
    return found(report, comments, language, messages, config=config)[0]


def found(
    report: Report,
    comments: list[Comment],
    language: Norwegian,
    messages: tuple[Message, ...] = (),
    *,
    config: Config | None = None,
    given: GivenThemes | None = None,
) -> tuple[tuple[Theme, ...], tuple[Note, ...]]:
    config = config or Config()
    annotations, nearest = match(comments, report, encoder=None, config=config)
    features = comment_features(comments, annotations, report, nearest)
    return find_themes(
        comments,
        features,
        report,
        messages,
        language=language,
        words=load_words("nb"),
        encoder=None,
        config=config,
        given=given,
    )


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


# What the report does not have ----------------------------------------------------------------------------------------


def uncited(*texts: str) -> list[Comment]:
    placed = comments_of(SAID)
    return [
        *placed,
        *(
            Comment(f"C{number}", f"M{number}", "body", Span(0, 1), text, "", "nb", "need")
            for number, text in enumerate(texts, start=len(placed) + 1)
        ),
    ]


def theme_of(themes: tuple[Theme, ...], comment_id: str) -> Theme:
    (theme,) = [theme for theme in themes if comment_id in theme.weights]
    return theme


def test_what_the_report_does_not_have_is_a_theme_of_its_own(demo_report: Report, language: Norwegian) -> None:
    comments = uncited(
        "Tannhelsetjenesten og tannlegene er glemt av alle.",
        "Hva med tannlegene og tannhelsetjenesten i fylkene?",
    )
    themes, _ = found(demo_report, comments, language)
    theme = theme_of(themes, "C10")
    assert (theme.kind, "C11" in theme.weights) == ("outside", True)
    assert theme.label.startswith("Ikke i rapporten")


def test_a_comment_like_no_other_stands_by_itself(demo_report: Report, language: Norwegian) -> None:
    themes, _ = found(demo_report, uncited("Isbryterne på Svalbard bør males grønne."), language)
    theme = theme_of(themes, "C10")
    assert (theme.kind, theme.label, list(theme.weights)) == ("single", "Enkeltstående innspill", ["C10"])


def test_no_comment_is_left_out_whatever_it_is_about(demo: Analysis) -> None:
    assert sum(len(theme.weights) for theme in demo.themes) == len(demo.comments)


def test_a_comment_on_two_places_has_a_second_theme_that_weighs_no_more(
    demo_report: Report, language: Norwegian
) -> None:
    said = SAID | {"Linje 93 og linje 207": "trenger veiledning og ett sted å spørre om regnekraft og analyserom"}
    themes, _ = found(demo_report, comments_of(said), language, config=Config(n_themes=3))
    own = theme_of(themes, "C10")
    (second,) = [theme for theme in themes if "C10" in theme.second]
    assert {own.label, second.label} == {"Veiledning", "Analyserom og regnekraft"}
    assert second.second["C10"] <= own.weights["C10"]


def test_a_comment_on_one_place_has_no_second_theme(demo_report: Report, language: Norwegian) -> None:
    themes, _ = found(demo_report, comments_of(SAID), language, config=Config(n_themes=3))
    assert all(not theme.second for theme in themes)


def test_few_themes_have_no_headings_over_them(demo: Analysis) -> None:
    assert {theme.group for theme in demo.themes} == {""}


def test_many_themes_stand_under_fewer_names(demo: Analysis, demo_report: Report, language: Norwegian) -> None:
    themes, _ = found(demo_report, list(demo.comments), language, demo.messages, config=Config(n_themes=25))
    groups = {theme.group for theme in themes}
    assert "" not in groups
    assert 2 <= len(groups) <= 10


# What the analyst says ------------------------------------------------------------------------------------------------


def test_a_given_theme_has_the_comments_on_its_sections(demo_report: Report, language: Norwegian) -> None:
    given = GivenThemes(themes=(GivenTheme("Infrastrukturen", sections=("7",)),))
    themes, notes = found(demo_report, comments_of(SAID), language, given=given)
    theme = next(theme for theme in themes if theme.label == "Infrastrukturen")
    assert (theme.kind, set(theme.weights), notes) == ("given", {"C7", "C8", "C9"}, ())


def test_a_given_theme_has_the_comments_that_hold_its_examples(demo_report: Report, language: Norwegian) -> None:
    given = GivenThemes(themes=(GivenTheme("Alt med knapper", examples=("en  KNAPP",)),), file="themes.toml")
    themes, notes = found(demo_report, comments_of(SAID), language, given=given)
    assert theme_of(themes, "C5").label == "Alt med knapper"
    assert notes == ()


def test_a_given_theme_has_the_comments_that_are_pinned_to_it(demo_report: Report, language: Norwegian) -> None:
    given = GivenThemes(themes=(GivenTheme("Mitt eget", comments=("C1", "C9")),))
    themes, _ = found(demo_report, comments_of(SAID), language, given=given)
    assert set(next(theme for theme in themes if theme.label == "Mitt eget").weights) == {"C1", "C9"}


def test_themes_that_were_found_can_be_one(demo_report: Report, language: Norwegian) -> None:
    given = GivenThemes(mergings=(Merging(("Veiledning", "reservasjon"), "Innbyggerne"),))
    themes, notes = found(demo_report, comments_of(SAID), language, config=Config(n_themes=3), given=given)
    assert {theme.label: len(theme.weights) for theme in themes} == {"Innbyggerne": 6, "Analyserom og regnekraft": 3}
    assert notes == ()


def test_a_theme_that_was_found_can_have_another_name(demo_report: Report, language: Norwegian) -> None:
    given = GivenThemes(renamings=(("Reservasjon", "Rett til å si nei"),))
    themes, _ = found(demo_report, comments_of(SAID), language, config=Config(n_themes=3), given=given)
    assert {theme.label for theme in themes} == {"Veiledning", "Rett til å si nei", "Analyserom og regnekraft"}


def test_what_the_consultation_does_not_have_is_told_and_passed_over(demo_report: Report, language: Norwegian) -> None:
    given = GivenThemes(
        themes=(GivenTheme("Havbruk", sections=("99",), examples=("laks og ørret",), comments=("C999",)),),
        mergings=(Merging(("Oppdrett",), "Havbruk"),),
        renamings=(("Fiskeri", "Fisk"),),
        file="themes.toml",
    )
    themes, notes = found(demo_report, comments_of(SAID), language, given=given)
    assert sum(len(theme.weights) for theme in themes) == len(SAID)
    told = [note.text.split(";")[0] for note in notes]
    assert told == [
        "There is no section 99",
        "There is no comment C999",
        "There is no comment with «laks og ørret»",
        "There is no theme «Oppdrett»",
        "There is no theme «Fiskeri»",
    ]
