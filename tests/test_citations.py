"""Citations: what points at the report, and what it points at."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.citations import Citation, find_citations
from innspill.reading.report import read_report
from innspill.records import Report, Span
from innspill.resolving import NO_HINT, Hint, ReportIndex, resolve
from innspill.wording import Wording, without_citations
from mails import cases
from sample import sample_report

PDFS = Path(__file__).parent / "pdf"


def shapes(text: str) -> list[str]:
    """Citations in short: «line 12-15», «page 4 line 12», «section 3.2»."""
    return [shape for citation in find_citations(text) for shape in _shapes_of(citation)]


def _shapes_of(citation: Citation) -> list[str]:
    if citation.kind in ("line", "page_line"):
        page = f"page {_span(*citation.pages)} " if citation.pages else ""
        return [
            f"{page}line {_span(item.first, item.last)}{' ' if item.following else ''}{item.following}"
            for item in citation.ranges
        ]
    if citation.kind == "page" and citation.pages:
        return [f"page {_span(*citation.pages)}"]
    if citation.kind == "relative":
        return [f"relative {citation.names[0]} {citation.count:+d}"]
    if citation.count:
        within = f" in {', '.join(_shapes_of(citation.within))}" if citation.within else ""
        return [f"{citation.kind} {citation.count}{within}"]
    if citation.kind not in ("heading", "quotation"):
        within = f" in {', '.join(_shapes_of(citation.within))}" if citation.within else ""
        return [f"{citation.kind} {name}{within}" for name in citation.names]
    return [citation.kind]


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def places(text: str, report: Report | None = None, hint: Hint = NO_HINT) -> list[tuple[str, str]]:
    """(status, the report's words) of each place that a text cites."""
    report = report or sample_report()
    index = ReportIndex(report)
    found = [
        place
        for citation in find_citations(text)
        for place in resolve(citation, index, said=Wording(report).said(""), hint=hint)
    ]
    return [(place.status, place.target.of(report.text) if place.target else "") for place in found]


@pytest.mark.parametrize("case", cases("citations", "positive"))
def test_what_points_is_found(case: dict) -> None:
    assert shapes(case["text"]) == case["expect"]


@pytest.mark.parametrize("case", cases("citations", "negative"))
def test_what_does_not_point_is_let_be(case: dict) -> None:
    assert shapes(case["text"]) == []


@given(st.text(max_size=200))
def test_a_citation_s_words_stand_at_its_span(text: str) -> None:
    for citation in find_citations(text):
        assert 0 <= citation.span.start < citation.span.end <= len(text)


@given(st.integers(1, 1800), st.integers(1, 60), st.sampled_from(["-", "–", " til ", " - ", "—", " t.o.m. "]))
def test_any_range_is_read_with_both_its_ends(first: int, length: int, dash: str) -> None:
    assert shapes(f"Linje {first}{dash}{first + length} er uklar.") == [f"line {first}-{first + length}"]


@given(st.integers(1, 999), st.integers(1, 99))
def test_any_line_on_a_page_is_read_with_its_page(line: int, page: int) -> None:
    assert shapes(f"På side {page}, linje {line}, er det feil.") == [f"page {page} line {line}"]


def test_a_line_resolves_to_its_text() -> None:
    assert places("Linje 5 er bra.") == [("ok", "Saksbehandlingstiden er lang, og mange gir opp.")]


def test_a_range_resolves_from_its_first_to_its_last_line() -> None:
    assert places("Linje 2-3") == [
        ("ok", "Rapporten handler om data. Behovet er kart-\nlagt i møter med tolv virksomheter.")
    ]


def test_a_line_that_the_report_lacks_is_unresolved() -> None:
    assert places("Linje 400 er feil.") == [("unresolved", "")]


def test_a_bare_number_that_the_report_lacks_points_at_nothing() -> None:
    assert places("400: året da alt var bedre") == []


def test_a_section_resolves_with_its_heading() -> None:
    (place,) = places("Kap. 1.1 er kort.")
    assert place[0] == "ok"
    assert place[1].startswith("1.1 Tilgang")


def test_a_point_number_that_is_no_section_points_at_nothing() -> None:
    assert places("Punkt 9 er viktig for oss.") == []


def test_a_chapter_that_the_report_lacks_is_unresolved() -> None:
    assert places("Kapittel 9 er kort.") == [("unresolved", "")]


def test_a_table_resolves_with_its_caption() -> None:
    (place,) = places("Tabell 1 mangler år.")
    assert place[1].startswith("Tabell 1: Kilder")


def test_a_heading_is_known_by_its_words() -> None:
    (place,) = places("Kapittelet om kompetanse er for kort.")
    assert place[1].startswith("2 Kompetanse")


def test_a_line_cited_with_the_wrong_page_is_followed_and_doubted() -> None:
    (place,) = places("Side 2, linje 2")
    assert place == ("doubtful", "Rapporten handler om data. Behovet er kart-")


def test_a_range_over_a_page_break_keeps_both_its_ends() -> None:
    (place,) = places("Side 1, linje 5-6")
    assert place[1].endswith("En felles søknad trengs i hele landet.")


def test_a_range_between_two_pages_keeps_both_its_ends() -> None:
    (place,) = places("Side 1 linje 5 til side 2 linje 6")
    assert place[1].startswith("Saksbehandlingstiden")
    assert place[1].endswith("hele landet.")


def test_the_line_after_f_belongs_to_the_citation() -> None:
    (place,) = places("Linje 2 f.")
    assert place[1].endswith("tolv virksomheter.")


@pytest.fixture(scope="module")
def with_empty_lines() -> Report:
    return read_report(PDFS / "lo-empty-lines.pdf")


def test_a_number_beside_an_empty_line_points_at_the_line_below_it_and_is_doubted(with_empty_lines: Report) -> None:
    ((status, words),) = places("Linje 5: uklart", with_empty_lines)
    assert status == "doubtful"
    assert words.startswith("Det bur 61 menneske")


def test_a_number_beside_an_empty_line_is_doubted_where_its_page_is_cited_too(with_empty_lines: Report) -> None:
    assert [status for status, _ in places("Side 1, linje 5: uklart", with_empty_lines)] == ["doubtful"]


def test_a_number_beside_an_empty_line_at_the_end_points_at_the_last_line_of_text(with_empty_lines: Report) -> None:
    lines = [line for line in with_empty_lines.lines if line.number is not None]
    last = next(line for line in reversed(lines) if len(line.span))
    end = Span(len(with_empty_lines.text), len(with_empty_lines.text))
    empty = replace(last, line_id="L99999", number=(last.number or 0) + 1, span=end)
    report = replace(with_empty_lines, lines=(*with_empty_lines.lines, empty))
    assert places(f"Linje {empty.number}: uklart", report) == [("doubtful", last.span.of(report.text))]


def test_a_range_may_begin_and_end_beside_empty_lines(with_empty_lines: Report) -> None:
    ((status, words),) = places("Linje 5-9: uklart", with_empty_lines)
    assert status == "ok"
    assert words.strip().startswith("Det bur 61")
    assert words.strip().endswith("dei leiger ut hytter.")


@pytest.fixture(scope="module")
def numbered_by_section() -> Report:
    return read_report(PDFS / "lo-section-restart.pdf")


def test_a_line_number_that_every_section_has_goes_to_the_page_that_is_cited(numbered_by_section: Report) -> None:
    page = next(line for line in numbered_by_section.lines if line.page_number == 2 and line.number == 15)
    assert places("Side 2, linje 15: uklart", numbered_by_section) == [("ok", page.span.of(numbered_by_section.text))]


def test_a_line_number_that_several_sections_have_is_doubted(numbered_by_section: Report) -> None:
    ((status, words),) = places("Linje 2: uklart", numbered_by_section)
    assert status == "doubtful"
    assert words


def test_overlap_of_spans_never_gives_the_same_words_twice() -> None:
    found = find_citations("Side 4, linje 12–15, kap. 3.2 og tabell 1")
    spans: list[Span] = [citation.span for citation in found]
    assert all(before.end <= after.start for before, after in pairwise(spans))


@pytest.mark.parametrize("words", ["siste setning i andre avsnitt i ", "andre kulepunkt i 3.2, ", "side 4, linje 5, "])
def test_a_long_row_of_citations_is_read_and_resolved(words: str) -> None:
    report = sample_report()
    index, said = ReportIndex(report), Wording(report).said("")
    for citation in find_citations(words * 500):
        assert all(place.cited for place in resolve(citation, index, said=said))


@pytest.mark.parametrize("gap", [" " * 100_000, "\n" * 100_000, "1-" * 50_000, "a" * 100_000 + "@b.example"])
def test_nothing_is_read_over_a_gap_as_long_as_a_page(gap: str) -> None:
    assert shapes(f"Se linje {gap} 5, s. {gap} 4 og kap. 3.2.") == ["section 3.2"]


def test_thousands_of_pages_and_lines_each_find_their_own() -> None:
    assert shapes("Side 4, linje 5. Bra. " * 4_000) == ["page 4 line 5"] * 4_000


def test_thousands_of_counted_places_each_find_their_own() -> None:
    assert (
        shapes("Siste setning i andre avsnitt på side 4. " * 2_000) == ["sentence -1 in paragraph 2 in page 4"] * 2_000
    )


def test_a_section_named_twice_in_a_list_is_cited_once() -> None:
    assert shapes("Kap. 3.2, 3.2 og 3.2–3.3 er uklare.") == ["section 3.2", "section 3.3"]


def test_citations_are_taken_out_and_quotations_stay() -> None:
    text = "Se s. 4, linje 12 og kap. 3.2: «Det er et stort behov» er bra."
    assert without_citations(text, find_citations(text)) == "Se   og  : «Det er et stort behov» er bra."
