from collections.abc import Sequence

import numpy as np
import pytest

from innspill.config import Config
from innspill.coverage import BORDERLINE, WEIGHTS, CoverageSignals, Verdict, coverage_signals
from innspill.likeness import NearestPassages
from innspill.records import Analysis, Annotation, Comment, Method, Passage, Span, Stance, Status

PLACE, CHAPTER, OTHER = Span(0, 80), Span(0, 4_000), Span(200, 280)


def comment(stance: Stance = "need", says_missing: float = 0.0) -> Comment:
    return Comment("C1", "M1", "body", Span(0, 5), "Tekst", "", "nb", stance, 1.0, says_missing=says_missing)


def cites(
    method: Method = "line", target: Span | None = PLACE, status: Status = "ok", suggested: Span | None = None
) -> Annotation:
    return Annotation("A1", "C1", method, "", target, 1.0, status, suggested)


def judged(
    comment: Comment, annotations: Sequence[Annotation] = (), *, likest: float = 0.1, says: str = "Slik er det."
) -> Verdict:
    """The verdict on one comment; `says` is what the report says at `PLACE`."""
    passages = (Passage("P1", "A1", "S1", "text", PLACE), Passage("P2", "A2", "S1", "text", OTHER))
    likeness = np.array([[likest, 0.0]])
    nearest = NearestPassages(passages, (says, "Noe annet."), np.array([[0, 1]]), likeness, np.array([likest]))
    return coverage_signals([comment], annotations, nearest).judge([0], Config())


def test_what_is_supported_where_it_stands_is_covered() -> None:
    verdict = judged(comment("support"), [cites()])
    assert verdict.coverage == "covered"
    assert set(verdict.reasons) == {"cited", "supported"}
    assert not verdict.borderline


def test_what_is_said_to_be_missing_and_nobody_can_cite_is_uncovered() -> None:
    verdict = judged(comment(says_missing=0.95))
    assert verdict.coverage == "uncovered"
    assert verdict.reasons == ("said_missing", "uncited")


def test_who_cites_the_place_where_something_is_missing_counts_against_it() -> None:
    assert judged(comment(says_missing=0.95), [cites()]).score < judged(comment(), [cites()]).score - 0.3


@pytest.mark.parametrize(
    "says",
    [
        "Klinikerne trenger opplæring.",
        "Klinikarane treng opplæring.",
        "Det er behov for opplæring.",
        "Flere etterspør opplæring.",
        "Clinicians need training.",
    ],
)
def test_a_place_that_says_that_something_is_needed_covers_it_and_a_mere_mention_does_not(says: str) -> None:
    needed, mentioned = judged(comment(), [cites()], says=says), judged(comment(), [cites()])
    assert (needed.coverage, mentioned.coverage) == ("covered", "partly")
    assert "needed" in needed.reasons


def test_what_a_long_chapter_says_is_needed_does_not_count_for_who_cites_all_of_it() -> None:
    whole = [cites("section", CHAPTER)]
    assert judged(comment(), whole, says="Alle trenger opplæring.") == judged(comment(), whole)


def test_likeness_alone_tells_little_and_more_of_it_speaks_for_the_report() -> None:
    low, high = judged(comment(), likest=0.0), judged(comment(), likest=0.5)
    assert low.score < high.score < low.score + 0.15
    assert "unlike" in low.reasons


@pytest.mark.parametrize(
    ("surer", "less_sure"),
    [
        (cites(), cites(status="doubtful")),
        (cites(status="doubtful"), cites("section", CHAPTER)),
        (cites("section"), cites("section", CHAPTER)),
        (cites("section", CHAPTER), cites("similarity")),
        (cites(target=None, status="unresolved", suggested=OTHER), cites(target=None, status="unresolved")),
    ],
    ids=["doubtful", "chapter", "short section", "likeness", "unresolved"],
)
def test_a_surer_citation_counts_more(surer: Annotation, less_sure: Annotation) -> None:
    assert judged(comment(), [surer]).score > judged(comment(), [less_sure]).score


def test_a_place_found_by_likeness_is_no_citation() -> None:
    assert judged(comment(), [cites("similarity")]) == judged(comment())


def test_the_surest_citation_of_a_comment_counts() -> None:
    both = judged(comment(), [cites(target=None, status="unresolved"), cites()])
    assert both == judged(comment(), [cites()])


def test_a_need_is_judged_by_the_mean_of_its_comments() -> None:
    values = np.zeros((2, len(WEIGHTS)))
    values[0, list(WEIGHTS).index("supported")] = 1.0
    signals = CoverageSignals(values)
    low, high = sorted(signals.outlook())
    assert low < signals.judge([0, 1], Config()).score < high


def test_a_score_near_a_threshold_is_borderline_and_others_are_not() -> None:
    config = Config()
    for missing in np.linspace(0, 1, 101):
        verdict = judged(comment(says_missing=float(missing)), [cites()])
        near = min(abs(verdict.score - config.partly_from), abs(verdict.score - config.covered_from)) <= BORDERLINE
        assert verdict.borderline == near


def test_reasons_speak_for_the_verdict() -> None:
    against, for_it = {"uncited", "said_missing", "unlike"}, {"cited", "needed", "supported", "like"}
    stances: tuple[Stance, ...] = ("need", "support", "clarification")
    for stance in stances:
        for missing in (0.0, 0.5, 1.0):
            for annotations in ((), (cites(),)):
                verdict = judged(comment(stance, missing), annotations)
                if verdict.coverage != "partly":
                    assert set(verdict.reasons) <= (for_it if verdict.coverage == "covered" else against)


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
