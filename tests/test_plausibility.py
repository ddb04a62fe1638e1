"""Citations that fit other lines clearly better are doubted, and those lines proposed; right ones are left alone."""

from pathlib import Path

import pytest

from innspill.config import Config
from innspill.language.sentences import find_sentences
from innspill.matching import match
from innspill.places import LineIndex
from innspill.reading.report import read_report
from innspill.records import Annotation, Box, Comment, Line, Numbering, Page, Passage, Report, Span
from mails import cases

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(ROOT / "corpora" / "ki-helsedata" / "report.pdf", sentences=find_sentences)


def annotate(report: Report, *texts: str, context: str = "") -> list[Annotation]:
    """The citations of the comments of one message."""
    comments = [
        Comment(f"C{number}", "M1", "body", Span(0, len(text)), text, context, "nb")
        for number, text in enumerate(texts, start=1)
    ]
    annotations, _ = match(comments, report, encoder=None, config=Config())
    return [annotation for annotation in annotations if annotation.method != "similarity"]


def lines(report: Report, span: Span | None) -> set[int]:
    return {line.number for line in LineIndex(report).lines_in(span) if line.number} if span is not None else set()


@pytest.mark.parametrize("case", cases("plausibility", "doubted"))
def test_a_citation_that_fits_other_lines_better_is_doubted(case: dict, report: Report) -> None:
    annotation = annotate(report, *case["comments"])[0]
    first, last = case["better"]
    assert annotation.status == "doubtful"
    assert annotation.target is not None
    assert lines(report, annotation.suggested) & set(range(first, last + 1))


@pytest.mark.parametrize("case", cases("plausibility", "left_alone"))
def test_a_citation_that_can_be_meant_is_left_alone(case: dict, report: Report) -> None:
    annotations = annotate(report, *case["comments"], context=case.get("context", ""))
    assert annotations
    cited = [annotation for annotation in annotations if annotation.method == "line"]
    assert [(annotation.status, annotation.suggested) for annotation in cited] == [("ok", None)] * len(cited)


def test_the_cited_place_is_never_replaced(report: Report) -> None:
    (annotation,) = annotate(report, "Linje 213: Prisene for lagring går fra 900 til 4 200 kroner per terabyte i året.")
    assert lines(report, annotation.target) == {213}


def test_all_comments_of_an_older_draft_are_doubted(report: Report) -> None:
    case = next(case.values[0] for case in cases("plausibility", "doubted") if case.id == "older-draft")
    annotations = annotate(report, *case["comments"])
    assert [annotation.status for annotation in annotations] == ["doubtful"] * 3
    shifts = {min(lines(report, one.target)) - min(lines(report, one.suggested)) for one in annotations}
    assert shifts == {39}


def test_an_impossible_line_is_unresolved_and_gets_a_place_where_the_words_fit(report: Report) -> None:
    said = "Linje 912: Utløpte nøkler, feil filformat og manglende samsvar mellom løpenumre kjenner vi igjen."
    (annotation,) = annotate(report, said)
    assert (annotation.status, annotation.target) == ("unresolved", None)
    assert 224 in lines(report, annotation.suggested)


def test_an_impossible_line_gets_no_place_where_the_words_fit_nowhere(report: Report) -> None:
    (annotation,) = annotate(report, "Linje 912: Hva med oss på Svalbard?")
    assert (annotation.status, annotation.suggested) == ("unresolved", None)


def test_a_chapter_is_not_weighed(report: Report) -> None:
    (annotation,) = annotate(report, "Kapittel 2: Prisene for lagring går fra 900 til 4 200 kroner per terabyte.")
    assert (annotation.status, annotation.suggested) == ("ok", None)


PAGES = (
    ("Skolene mangler lærere i matematikk.", "Elevene venter lenge på skyss.", "Gymsalen er stengt om vinteren."),
    ("Kommunen har fire ferjer i drift.", "Ferjene går sjelden etter klokka ti.", "Billettprisen ble halvert i fjor."),
    ("Biblioteket låner ut verktøy.", "Bokbussen stanser ved elleve grender.", "Filialen i Ytrevik er lagt ned."),
)


@pytest.fixture(scope="module")
def numbered_by_page() -> Report:
    """Three pages of three sentences, one a line, whose numbers begin anew on each page."""
    text = "\n".join(line for page in PAGES for line in page)
    lines, passages, position = [], [], 0
    for page_number, page in enumerate(PAGES, start=1):
        for number, words in enumerate(page, start=1):
            span = Span(position, position + len(words))
            box = Box(page_number, 80.0, 90.0 + 16 * number, 500.0, 100.0 + 16 * number)
            lines.append(Line(f"L{len(lines)}", page_number, number, "text", "", span, box))
            passages.append(Passage(f"P{len(passages)}", f"A{len(passages)}", f"S{page_number}", "text", span))
            position = span.end + 1
    pages = tuple(Page(number, str(number), 595.0, 842.0) for number in (1, 2, 3))
    numbering = Numbering("printed", 1, "page", 1, 3)
    return Report("Bygda", text, pages, tuple(lines), (), (), tuple(passages), numbering)


def test_the_right_line_on_the_wrong_page_is_doubted_and_found(numbered_by_page: Report) -> None:
    said = "Side 1, linje 2: At ferjene sjelden går etter klokka ti, gjør at vaktene våre ikke kommer hjem."
    (annotation,) = annotate(numbered_by_page, said)
    assert (annotation.status, annotation.suggested) == ("doubtful", numbered_by_page.lines[4].span)


def test_a_line_without_its_page_is_the_one_that_fits(numbered_by_page: Report) -> None:
    (annotation,) = annotate(numbered_by_page, "Linje 2: Bokbussen bør stanse ved flere grender enn elleve.")
    assert (annotation.status, annotation.target) == ("ok", numbered_by_page.lines[7].span)


def test_a_line_without_its_page_is_doubted_where_nothing_tells_the_page(numbered_by_page: Report) -> None:
    (annotation,) = annotate(numbered_by_page, "Linje 2: Enig.")
    assert annotation.status == "doubtful"


def test_a_line_without_its_page_is_on_the_page_that_was_cited_before(numbered_by_page: Report) -> None:
    _, annotation = annotate(numbered_by_page, "Side 3, linje 1: Bra.", "Linje 2: Enig.")
    assert annotation.target == numbered_by_page.lines[7].span
