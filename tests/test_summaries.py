import re
from collections.abc import Sequence
from dataclasses import replace
from unittest.mock import patch

import pytest

from innspill.language.sentences import find_sentences
from innspill.places import count_organisations
from innspill.records import Annotation, Comment, Evidence, Message, Need, Span, Theme
from innspill.summaries import say_voices, summarise_needs, summarise_themes, voices_of
from innspill.words import Words, load_words
from sample import sample_analysis, sample_messages, sample_report, span_of_lines

SAMI = "Vi savner noe om samiske pasienter. Rapporten bør få et eget avsnitt om dem."
SAMI_AGAIN = "Samiske pasienter er ikke nevnt. Det er i våre øyne en alvorlig mangel ved utkastet."
LANGUAGE = "Journalen må kunne skrives på samisk. Det går ikke i dag."


def sender(number: int, organisation: str = "", kind: str = "kommune", campaign: str = "") -> Message:
    template = sample_messages()[0]
    return replace(
        template,
        message_id=f"M{number:03d}",
        sender_email=f"{number}@post.example",
        organisation=organisation,
        organisation_type=kind,
        kind="campaign" if campaign else "feedback",
        campaign_id=campaign,
    )


def summarised(voices: Sequence[tuple[Message, str]], statement: str = "", words: Words | None = None) -> Need:
    """A need that each of `voices` (sender, comment) voices with its first sentence, summarised."""
    comments = tuple(
        Comment(f"C{number:03d}", message.message_id, "body", Span(0, len(text)), text, "", "nb")
        for number, (message, text) in enumerate(voices, 1)
    )
    evidence = tuple(
        Evidence(comment.comment_id, find_sentences(comment.text)[0].of(comment.text)) for comment in comments
    )
    need = Need("N001", statement or evidence[0].quote, "uncovered", 0.1, "", "", evidence, ())
    messages = [message for message, _ in voices]
    (result,) = summarise_needs([need], comments, messages, sample_report(), words or load_words("nb"))
    return result


def test_highlights_are_verbatim_sentences_of_different_voices() -> None:
    need = summarised([(sender(1), SAMI), (sender(2), SAMI_AGAIN), (sender(3), LANGUAGE), (sender(4), SAMI)])
    texts = {"C001": SAMI, "C002": SAMI_AGAIN, "C003": LANGUAGE, "C004": SAMI}
    assert len(need.highlights) == 3
    assert len({highlight.comment_id for highlight in need.highlights}) == 3
    assert all(highlight.quote in texts[highlight.comment_id] for highlight in need.highlights)


def test_a_sentence_that_others_say_too_is_not_chosen_again() -> None:
    need = summarised([(sender(1), SAMI), (sender(2), SAMI), (sender(3), LANGUAGE)])
    quotes = [highlight.quote for highlight in need.highlights]
    assert len(quotes) == len(set(quotes)) == 2
    assert "Journalen må kunne skrives på samisk." in quotes


def test_the_same_in_the_other_written_form_is_not_chosen_again() -> None:
    bokmaal, nynorsk = (
        "Staten må betale kommunene for jobben hvert eneste år.",
        "Staten må betale kommunane for jobben kvart einaste år.",
    )
    need = summarised([(sender(1), bokmaal), (sender(2), nynorsk), (sender(3), SAMI)])
    assert {highlight.quote for highlight in need.highlights} & {bokmaal, nynorsk} in ({bokmaal}, {nynorsk})


def test_a_campaign_gives_one_highlight() -> None:
    copies = [(sender(number, kind="privatperson", campaign="K01"), SAMI) for number in range(1, 7)]
    need = summarised([*copies, (sender(7), LANGUAGE)])
    assert sum(highlight.comment_id != "C007" for highlight in need.highlights) == 1


def test_a_sentence_that_only_points_back_is_not_a_highlight() -> None:
    text = "Dette er ikke omtalt noe sted i hele utkastet. Kommunene trenger data fra trygghetsalarmer og sensorer."
    (highlight,) = summarised([(sender(1), text)]).highlights
    assert highlight.quote.startswith("Kommunene trenger")


def test_what_is_shown_is_evidence_too() -> None:
    need = summarised([(sender(1), SAMI)])
    assert need.asked_for is not None
    assert {need.asked_for, *need.highlights} <= set(need.evidence)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (SAMI, "Rapporten bør få et eget avsnitt om dem."),
        ("Vi har ni grafikkort. Gi oss en sandkasse med realistiske data for små firmaer.", "Gi oss en sandkasse"),
        ("Det går tregt. Vi foreslår at fristen settes til seks måneder.", "Vi foreslår at fristen"),
        ("Vi saknar noko om barn. Rapporten bør seie kven som avgjer.", "Rapporten bør seie kven"),
        ("The draft is long. We suggest that chapter four be moved to an annex.", "We suggest that"),
    ],
)
def test_the_plainest_wish_is_what_is_asked_for(text: str, asked: str) -> None:
    found = summarised([(sender(1), text)]).asked_for
    assert found is not None
    assert found.quote.startswith(asked)


@pytest.mark.parametrize(
    "text",
    [
        "Vi savner noe om tannhelse.",
        "I dag må vi sende harddisker med bud mellom sykehusene våre.",
        "Hvis noe skal skje, må noen begynne et sted med dette arbeidet.",
        "Bør ikke dette stå et sted i rapporten?",
        "Siste setning i avsnittet bør få et tillegg:",
    ],
)
def test_what_is_so_today_or_only_asked_about_is_no_wish(text: str) -> None:
    assert summarised([(sender(1), text)]).asked_for is None


def test_the_summary_names_types_organisations_and_the_campaign() -> None:
    need = summarised(
        [
            (sender(1, "Dal kommune"), SAMI),
            (sender(2, "Vik kommune"), SAMI_AGAIN),
            (sender(3, kind="privatperson", campaign="K01"), LANGUAGE),
            (sender(4, kind="privatperson", campaign="K01"), LANGUAGE),
        ]
    )
    assert need.summary.startswith(
        "4 kommentarer fra 4 avsendere: 2 kommuner (Dal kommune, Vik kommune) og en kampanje med 2 avsendere."
    )


def test_what_is_asked_for_stands_in_the_summary_with_its_comment() -> None:
    need = summarised([(sender(1), SAMI)])
    assert "Det bes om dette: «Rapporten bør få et eget avsnitt om dem.» (C001)." in need.summary


def test_what_the_statement_says_already_is_not_said_again_in_the_summary() -> None:
    wish = "Rapporten bør få et eget avsnitt om samiske pasienter."
    assert "Det bes om" not in summarised([(sender(1), wish)], wish).summary


def test_private_persons_are_counted_and_not_named() -> None:
    voices = voices_of([replace(sender(1, kind="privatperson"), sender_name="Kari Fjord")])
    assert say_voices(voices, load_words("nb"), with_names=True) == "1 privatperson"


def test_a_campaign_is_one_voice_however_many_send_it() -> None:
    copies = [sender(number, kind="privatperson", campaign="K01") for number in range(1, 9)]
    assert voices_of([*copies, sender(9)]).breadth == (2, 2)


def test_who_joins_campaigns_and_writes_too_is_counted_once() -> None:
    own = sender(1, kind="privatperson")
    copies = [
        replace(sender(number, kind="privatperson", campaign="K01"), message_id=f"K{number}") for number in (1, 2)
    ]
    again = replace(copies[1], message_id="K3", campaign_id="K02")
    messages = [own, *copies, again]
    voices = voices_of(messages)
    assert (voices.by_type, voices.campaigns) == ({"privatperson": 1}, (1,))
    assert sum(voices.by_type.values()) + sum(voices.campaigns) == count_organisations(messages)


def test_two_letters_of_one_organisation_are_one_voice() -> None:
    assert voices_of([sender(1, "Dal kommune"), sender(2, "Dal kommune")]).breadth == (1, 1)


def test_the_summary_speaks_nynorsk() -> None:
    need = summarised([(sender(1, "Dal kommune"), SAMI)], words=load_words("nn"))
    assert need.summary.startswith("1 kommentar frå 1 kommune (Dal kommune).")


def described(kind: str = "report", description: str = "") -> Theme:
    """A theme of the sample, summarised."""
    analysis = sample_analysis()
    theme = replace(analysis.themes[1], kind=kind, description=description)  # type: ignore[arg-type]
    (result,) = summarise_themes(
        [theme], analysis.comments, analysis.annotations, analysis.messages, analysis.report, load_words("nb")
    )
    return result


def test_a_theme_is_described_by_sentences_of_its_comments_with_their_ids() -> None:
    found = re.findall(r"«(.+?)» \((C\d+)\)", described().description)
    text_of = {comment.comment_id: comment.text for comment in sample_analysis().comments}
    assert 1 <= len(found) <= 2
    assert all(quote in text_of[key] for quote, key in found)


def test_a_description_that_is_given_stands() -> None:
    assert described(description="Slik sa analytikeren det.").description == "Slik sa analytikeren det."


def test_comments_that_stand_alone_have_no_common_description() -> None:
    assert described(kind="single").description == ""


def placed(lines: Sequence[tuple[str, int]]) -> str:
    """The summary of a theme of C001 to C004, where each comment named stands at the lines named beside it."""
    analysis = sample_analysis()
    theme = replace(analysis.themes[0], weights=dict.fromkeys(("C001", "C002", "C003", "C004"), 0.5))
    annotations = [
        Annotation(f"A{n}", comment_id, "line", "", span_of_lines(analysis.report, line, line), 0.9, "ok")
        for n, (comment_id, line) in enumerate(lines)
    ]
    (result,) = summarise_themes(
        [theme], analysis.comments, annotations, analysis.messages, analysis.report, load_words("nb")
    )
    return result.summary


def test_the_section_that_most_comments_stand_in_is_told() -> None:
    assert "De fleste gjelder 2 Kompetanse." in placed([("C001", 8), ("C002", 8), ("C003", 8), ("C004", 2)])


@pytest.mark.parametrize(
    "lines",
    [
        [("C001", 8), ("C002", 8), ("C003", 2), ("C004", 5)],
        [("C001", 2), ("C001", 5), ("C001", 8), ("C002", 8)],
        [],
    ],
    ids=["half of them", "a few with many places", "nowhere"],
)
def test_no_section_is_told_where_none_has_most_comments(lines: Sequence[tuple[str, int]]) -> None:
    assert "De fleste" not in placed(lines)


def test_of_a_sender_who_writes_a_book_the_first_sentences_are_compared() -> None:
    first = "Kommunene trenger bedre data om pasienter fra alle alarmer."
    wish = "Rapporten bør få et eget avsnitt om samiske pasienter."
    with patch("innspill.summaries.MAX_OF_VOICE", 1):
        need = summarised([(sender(1), f"{first} {wish}")])
    assert (need.asked_for, [shown.quote for shown in need.highlights]) == (None, [first])


def test_no_more_sentences_are_compared_than_there_is_room_for() -> None:
    with patch("innspill.summaries.MAX_SENTENCES", 2):
        need = summarised([(sender(1), SAMI), (sender(2), LANGUAGE)])
    assert {shown.comment_id for shown in need.highlights} == {"C001"}


def test_the_nearest_place_is_told_with_its_section() -> None:
    analysis = sample_analysis()
    needs = summarise_needs(analysis.needs, analysis.comments, analysis.messages, analysis.report, load_words("nb"))
    assert "Nærmest i rapporten: linje\u00a05 (1.1 Tilgang)." in needs[0].summary
