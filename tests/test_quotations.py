"""Quotations: found for all that quoting does to words, and nothing found that the report does not say."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innspill.config import Config
from innspill.derived import join_lines
from innspill.language.sentences import find_sentences
from innspill.quotations import MIN_RUN, Quotable, letters_of
from innspill.reading.report import read_report
from innspill.records import Report, Span
from mails import cases
from sample import sample_report

ROOT = Path(__file__).parents[1]
LEAST = Config().quotation_score


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(ROOT / "corpora" / "ki-helsedata" / "report.pdf", sentences=find_sentences)


@pytest.fixture(scope="module")
def quotable(report: Report) -> Quotable:
    return Quotable(report)


@pytest.fixture(scope="module")
def sentences(report: Report) -> list[tuple[str, int, int]]:
    """Sentences that the report says once, but for their first and last letters, with their spans."""
    found = [(join_lines(report.text, passage.span).text, passage.span) for passage in report.passages]
    whole = letters_of(join_lines(report.text, Span(0, len(report.text))).text)
    return [
        (text, span.start, span.end)
        for text, span in found
        if 8 <= len(text.split()) <= 40 and whole.count(letters_of(text)[4:-4]) == 1
    ]


def found_at(quotable: Quotable, report: Report, quoted: str) -> str | None:
    found = quotable.find(quoted, least=LEAST)
    return " ".join(found.span.of(report.text).split()) if found is not None else None


@pytest.mark.parametrize("case", cases("quotations", "found"))
def test_what_is_quoted_is_found(case: dict, quotable: Quotable, report: Report) -> None:
    assert found_at(quotable, report, case["quoted"]) == case["stands"]


@pytest.mark.parametrize("case", cases("quotations", "not_found"))
def test_what_the_report_does_not_say_is_not_found(case: dict, quotable: Quotable) -> None:
    assert quotable.find(case["quoted"], least=LEAST) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_sentence_damaged_in_a_few_letters_is_found_where_it_stands(
    data: st.DataObject, quotable: Quotable, sentences: list[tuple[str, int, int]]
) -> None:
    text, start, end = data.draw(st.sampled_from(sentences))
    letters = list(text)
    for _ in range(max(1, len(letters) // 40)):
        position = data.draw(st.integers(0, len(letters) - 1))
        letters[position] = data.draw(st.sampled_from(["", letters[position] * 2, "x", "-\n", " "]))
    found = quotable.find("".join(letters), least=LEAST)
    assert found is not None
    assert found.span.start < end
    assert start < found.span.end


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_sentence_of_a_report_is_not_found_in_another(
    data: st.DataObject, sentences: list[tuple[str, int, int]]
) -> None:
    text, _, _ = data.draw(st.sampled_from(sentences))
    assert Quotable(sample_report()).find(text, least=LEAST) is None


def test_of_places_that_say_the_same_the_one_that_fits_is_taken(report: Report, quotable: Quotable) -> None:
    quoted = "Helsetjenesten har behov for"
    places = [position for position in range(len(report.text)) if report.text.startswith(quoted, position)]
    assert len(places) > 1
    for place in (places[0], places[-1]):
        found = quotable.find(quoted, least=LEAST, fit=lambda span, place=place: -abs(span.start - place))
        assert found is not None
        assert found.span.start == place


def test_the_report_s_words_are_known_without_marks(report: Report, quotable: Quotable) -> None:
    said = "Vi er enige i at tjenesten skal følge søkeren fra idé til utlevering, men hvem skal betale?"
    sentence = next(p for p in report.passages if "følge søkeren fra idé" in p.span.of(report.text).replace("\n", " "))
    words = join_lines(report.text, sentence.span).text.split()
    run = " ".join(words[: MIN_RUN + 1])
    assert quotable.runs(said) == []
    (found,) = quotable.runs(f"Dere skriver at {run}, og det er bra.")
    assert letters_of(found.span.of(report.text)) == letters_of(run)


def test_fewer_of_the_report_s_words_are_no_quotation(report: Report, quotable: Quotable) -> None:
    passage = next(p for p in report.passages if p.kind == "text" and len(p.span.of(report.text).split()) > MIN_RUN)
    words = join_lines(report.text, passage.span).text.split()
    assert quotable.runs(" ".join(words[: MIN_RUN - 1])) == []


@given(st.text(max_size=120))
def test_any_words_may_be_looked_for(text: str) -> None:
    quotable = Quotable(sample_report())
    found = quotable.find(text, least=LEAST)
    assert found is None or 0 <= found.span.start < found.span.end
    assert all(run.span.start < run.span.end for run in quotable.runs(text))
