"""Where comments point: citations that count, lean on what stands above them, or on what was cited before."""

from pathlib import Path

import pytest

from innspill.citation_patterns import PAGES_OF_PDF
from innspill.config import Config
from innspill.language.sentences import find_sentences
from innspill.places import LineIndex
from innspill.pointing import point
from innspill.reading.report import read_report
from innspill.records import Comment, Report, Span
from mails import cases, letter, to_message

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


# Pages by printed number, or by the PDF -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_cover() -> Report:
    """A report whose page 1 is the third of the PDF, with numbers that begin anew on each page."""
    return read_report(ROOT / "corpora" / "bygdetransport" / "report.pdf", sentences=find_sentences)


def words_of(report: Report, page: int, first: int, last: int) -> str:
    """The words of some lines of a PDF page."""
    lines = [line for line in report.lines if line.page_number == page and line.number is not None]
    return " ".join(line.span.of(report.text) for line in lines if first <= (line.number or 0) <= last)


def pages_of(report: Report, *texts: str) -> list[int]:
    comments = [Comment(f"C{n}", "M1", "body", Span(0, 1), text, "", "nn") for n, text in enumerate(texts, start=1)]
    index = LineIndex(report)
    places = point(comments, report, encoder=None, config=Config())
    return [index.lines_in(place.target)[0].page_number for (place, *_) in places if place.target is not None]


def test_a_page_is_the_one_with_that_number_printed(with_cover: Report) -> None:
    assert pages_of(with_cover, "Side 4, linje 12: Dette er vi samde i.") == [6]


def test_a_page_is_the_pdf_s_where_the_words_fit_that_one(with_cover: Report) -> None:
    said = [f"Side {page}, linje 8–10: {words_of(with_cover, page, 8, 10)}" for page in (5, 7)]
    assert pages_of(with_cover, *said) == [5, 7]


def under(heading: str, text: str) -> Comment:
    return Comment("C1", "M1", "body", Span(0, 1), text, heading, "nn")


@pytest.mark.parametrize("heading", ["Skuleveg", "Til «Skuleveg»", "4.2 Skuleveg:"])
def test_what_stands_under_a_heading_of_the_report_is_about_that_section(report: Report, heading: str) -> None:
    section = next(section for section in report.sections if section.number == "6.1")
    heading = heading.replace("Skuleveg", section.heading).replace("4.2", "6.1")
    ((place,),) = point([under(heading, "Dette er for svakt.")], report, encoder=None, config=Config())
    assert (place.method, place.target) == ("section", section.span)


def test_the_report_s_title_in_quotation_marks_is_no_place(report: Report) -> None:
    heading = f"Innspill til «{report.title}»"
    assert point([under(heading, "Dette er for svakt.")], report, encoder=None, config=Config()) == [[]]


@pytest.mark.parametrize("heading", ["Innledning", "Oppsummering", "Våre merknader"])
def test_a_heading_that_letters_have_too_is_the_sender_s_own(report: Report, heading: str) -> None:
    assert point([under(heading, "Dette er for svakt.")], report, encoder=None, config=Config()) == [[]]


def test_a_line_under_a_heading_of_the_report_is_that_section_s(with_cover: Report) -> None:
    section = next(section for section in with_cover.sections if section.number == "6.2")
    lines = [line for line in LineIndex(with_cover).lines_in(section.span) if line.number is not None]
    ((place,),) = point(
        [under(section.heading, f"Linje {lines[2].number}: Uklart.")], with_cover, encoder=None, config=Config()
    )
    assert place.target is not None
    assert LineIndex(with_cover).lines_in(place.target)[0].line_id == lines[2].line_id


def test_a_heading_of_the_sender_s_own_helps_to_tell_a_line_without_a_page(with_cover: Report) -> None:
    about = next(line for line in with_cover.lines if line.page_number == 8 and line.number == 15)
    heading = " ".join(about.span.of(with_cover.text).split()[:4])
    ((plain,),) = point([under("", "Linje 15 er uklar.")], with_cover, encoder=None, config=Config())
    ((headed,),) = point([under(heading, "Linje 15 er uklar.")], with_cover, encoder=None, config=Config())
    assert plain.target is not None
    assert headed.target is not None
    assert plain.target != headed.target
    assert headed.target.overlaps(about.span)


def test_a_page_that_the_sender_says_is_the_pdf_s_is_that_one(with_cover: Report) -> None:
    assert pages_of(with_cover, "Side 6 i pdf-en, linje 12: Dette er vi samde i.") == [6]


def test_a_number_on_either_side_of_a_slash_is_page_and_line_where_the_sender_writes_so_again(report: Report) -> None:
    lines = [line for line in report.lines if line.number is not None and len(line.span)]
    said = [f"{lines[n].page_number}/{lines[n].number} Dette er uklart." for n in (20, 60)]
    comments = [Comment(f"C{n}", "M1", "body", Span(0, 1), text, "", "nb") for n, text in enumerate(said)]
    assert [len(places) for places in point(comments, report, encoder=None, config=Config())] == [1, 1]
    assert [len(places) for places in point(comments[:1], report, encoder=None, config=Config())] == [0]


def test_a_page_of_as_many_as_the_pdf_has_is_the_pdf_s(with_cover: Report) -> None:
    n_pages = len(with_cover.pages)
    assert pages_of(with_cover, f"Side 6 av {n_pages}, linje 12: Dette er vi samde i.") == [6]
    assert pages_of(with_cover, f"Side 6 av {n_pages - 2}, linje 12: Dette er vi samde i.") == [8]


def test_a_sender_may_say_that_all_pages_are_the_pdf_s(with_cover: Report) -> None:
    message = to_message(letter("Hei. Sidetala er frå pdf-fila.\n\nSide 6, linje 12: Dette er vi samde i."))
    comment = Comment("C1", message.message_id, "body", Span(0, 1), "Side 6, linje 12: Vi er samde.", "", "nn")
    for messages, page in (((), 8), ((message,), 6)):
        ((place,),) = point([comment], with_cover, encoder=None, config=Config(), messages=messages)
        assert place.target is not None
        assert LineIndex(with_cover).lines_in(place.target)[0].page_number == page


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Sidetala er frå pdf-fila.", True),
        ("Vi viser til sidetall i PDF-en, ikke de trykte.", True),
        ("Page numbers refer to the PDF.", True),
        ("NB! Jeg bruker PDF-sidetall.", True),
        ("Sidetal slik dei er trykte, ikkje i pdf-en.", False),
        ("Side 4 i rapporten er fin, men pdf-en er tung.", False),
        ("Uttalelsen er på to sider og følger vedlagt som pdf.", False),
        ("Vi sender en pdf på fire sider.", False),
    ],
)
def test_what_is_said_of_page_numbers_is_understood(said: str, *, expected: bool) -> None:
    assert bool(PAGES_OF_PDF.search(said)) is expected


def test_one_sender_has_one_habit(with_cover: Report) -> None:
    said = [f"Side {page}, linje 8–10: {words_of(with_cover, page, 8, 10)}" for page in (5, 7)]
    assert pages_of(with_cover, *said, "Side 6, linje 12: Dette er vi samde i.") == [5, 7, 6]
