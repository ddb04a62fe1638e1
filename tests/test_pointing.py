"""Where comments point: citations that count, lean on what stands above them, or on what was cited before."""

from pathlib import Path

import pytest

from innspill.config import Config
from innspill.language.sentences import find_sentences
from innspill.places import LineIndex
from innspill.pointing import point
from innspill.reading.report import read_report
from innspill.records import Comment, Report, Span
from mails import cases

ROOT = Path(__file__).parents[1]
Found = list[tuple[str, str, int | None, int | None]]


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(ROOT / "corpora" / "ki-helsedata" / "report.pdf", sentences=find_sentences)


def pointed_at(report: Report, case: dict) -> Found:
    """(method, status, first line, last line) of the places of the last comment."""
    comments = [
        Comment(
            f"C{number}",
            f"M{number if case.get('messages') else 1}",
            "body",
            Span(0, len(text)),
            text,
            case.get("context", ""),
            "nb",
            form=case.get("form", "text"),
        )
        for number, text in enumerate(case["comments"], start=1)
    ]
    places = point(comments, report, encoder=None, config=Config())[-1]
    index = LineIndex(report)
    return [
        (place.method, place.status, *(index.numbers_in(place.target) if place.target else (None, None)))
        for place in places
    ]


@pytest.mark.parametrize("case", cases("citation_places"))
def test_a_citation_points_where_a_reader_would_look(case: dict, report: Report) -> None:
    assert pointed_at(report, case) == [tuple(place) for place in case["expect"]]


def test_a_footnote_is_its_own_text(report: Report) -> None:
    comment = Comment("C1", "M1", "body", Span(0, 20), "Fotnote 3 er uklar.", "", "nb")
    ((place,),) = point([comment], report, encoder=None, config=Config())
    assert place.target is not None
    assert place.target.of(report.text).startswith("3 Jf. helsepersonelloven")


def test_a_footnote_is_found_by_its_page(report: Report) -> None:
    comment = Comment("C1", "M1", "body", Span(0, 20), "Den andre fotnoten på side 6 er uklar.", "", "nb")
    ((place,),) = point([comment], report, encoder=None, config=Config())
    assert place.target is not None
    assert place.target.of(report.text).startswith("5 Forordning (EU) 2025/327")


def test_a_footnote_that_is_not_there_is_unresolved(report: Report) -> None:
    comment = Comment("C1", "M1", "body", Span(0, 20), "Fotnote 33 er uklar.", "", "nb")
    ((place,),) = point([comment], report, encoder=None, config=Config())
    assert (place.status, place.target) == ("unresolved", None)
