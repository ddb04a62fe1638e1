"""The builder of the invented consultations: its count of lines, its citations, and that the gold follows from the sources."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from corpora.building.citations import Citations
from corpora.building.consultation import Consultation, load_plan
from corpora.building.errors import Errors
from corpora.building.gold import Gold
from corpora.building.layout import Layout, Line, Stretch, Word, locate, read_lines
from corpora.building.mails import read_mails
from corpora.building.report import Anchor, Block, Report, read_report

CORPORA = Path(__file__).parents[1] / "corpora"
BUILT = sorted(path.parent for path in CORPORA.glob("*/gold.json") if (path.parent / "source").is_dir())
PLAIN = load_plan(CORPORA / "ki-helsedata" / "source" / "plan.toml").consultation
EVERY_SECOND = replace(PLAIN, increment=2)
PER_PAGE = replace(PLAIN, increment=5, restarts=True, front_pages=2)


def printed(*rows: tuple[str, str]) -> list[Word]:
    """A page of rows, 20 points apart, each as (number in the margin, text)."""
    words = []
    for index, (number, text) in enumerate(rows):
        top = 100.0 + 20 * index
        words += [Word(number, 60, 65, top + 4, top + 12)] if number else []
        words += [Word(word, 90.0 + 40 * at, 120.0 + 40 * at, top, top + 13) for at, word in enumerate(text.split())]
    return words


REPORT = Report(
    front={},
    blocks=[
        Block("heading", ["1 Rutene"], 1),
        Block("p", ["Bussen går sjelden og ferja går^[Tal frå 2024.] aldri."]),
        Block("table", ["Tabell 1: Rutene", "| Rute | Tal |"]),
        Block("ul", ["- Drosja er dyr."]),
    ],
    anchors={"rad": Anchor("rad", "", "1"), "brot": Anchor("brot", "", "1"), "sist": Anchor("sist", "", "2.1")},
    headings=[],
    plain="",
)
PAGE = (
    ("", "Utkast"),
    ("", "1 Rutene"),
    ("2", "Bussen går sjel-"),
    ("", "den og ferja går aldri."),
    ("", "Rute Tal"),
    ("4", "• Drosja er dyr."),
)


def test_lines_between_two_printed_numbers_are_counted_and_tables_are_not() -> None:
    lines = read_lines(REPORT, [printed(*PAGE)], EVERY_SECOND)
    assert [(line.number, line.text) for line in lines] == [
        (1, "1 Rutene"),
        (2, "Bussen går sjel-"),
        (3, "den og ferja går aldri."),
        (4, "• Drosja er dyr."),
    ]


def test_a_footnote_mark_is_no_part_of_its_line() -> None:
    words = [*printed(*PAGE), Word("1", 251, 254, 162, 170)]
    assert read_lines(REPORT, [words], EVERY_SECOND)[2].text == "den og ferja går aldri."


@pytest.mark.parametrize(
    ("row", "instead"),
    [(2, ("3", "Bussen går sjel-")), (2, ("", "Bussen går sjel-")), (4, ("4", "Rute Tal"))],
    ids=["another number", "no number", "a number beside a table"],
)
def test_a_margin_that_disagrees_with_the_count_is_refused(row: int, instead: tuple[str, str]) -> None:
    page = [*PAGE[:row], instead, *PAGE[row + 1 :]]
    with pytest.raises(SystemExit, match="page 1"):
        read_lines(REPORT, [printed(*page)], EVERY_SECOND)


def test_text_that_is_not_on_the_pages_is_refused() -> None:
    with pytest.raises(SystemExit, match="not found after line 3"):
        read_lines(REPORT, [printed(*PAGE[:5])], EVERY_SECOND)


def test_numbers_begin_anew_on_each_page_after_the_front_pages() -> None:
    unnumbered = [("", text) for _, text in PAGE]
    pages = [printed(("", "1 Rutene")), printed(("", "Innhald")), printed(*unnumbered[:3]), printed(*unnumbered[3:])]
    lines = read_lines(REPORT, pages, PER_PAGE)
    assert [(line.page, line.label, line.number) for line in lines] == [
        (3, "1", 1),
        (3, "1", 2),
        (4, "2", 1),
        (4, "2", 2),
    ]


def citations(consultation: Consultation = PER_PAGE) -> Citations:
    """Two pages of ten lines: `rad` on lines 3–4, `brot` from line 9 over the break, `sist` on the last line."""
    pages = [(page, number) for page in (3, 4) for number in range(1, 11)]
    lines = [
        Line(number if consultation.restarts else index, page, str(page - consultation.front_pages), "")
        for index, (page, number) in enumerate(pages, 1)
    ]
    anchors = {"rad": Stretch(2, 3), "brot": Stretch(8, 10), "sist": Stretch(19, 19)}
    layout = Layout(4, lines, consultation.restarts, anchors, {}, {})
    return Citations(REPORT, layout, consultation, Errors())


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("linje {rad}", "linje 3–4"),
        ("L{rad.first}", "L3"),
        ("{sist} på side {sist.page} (pdf-side {sist.pdf})", "10 på side 2 (pdf-side 4)"),
        ("pkt. {sist.section}", "pkt. 2.1"),
        ("linje {rad+4} og {rad-2.last}", "linje 7–8 og 2"),
        ("linje {brot}", "linje 9–10"),
    ],
)
def test_placeholders_are_filled_with_what_is_printed(source: str, sent: str) -> None:
    assert citations().fill(source, "") == sent


def test_a_shift_may_go_over_pages_where_numbers_run_on() -> None:
    assert citations(PLAIN).fill("linje {rad+9}", "") == "linje 12–13"


def test_a_shift_that_leaves_the_page_is_an_error() -> None:
    book = citations()
    book.check("linje {rad+9}", "01")
    assert book.errors.errors == ["01: rad+9 leaves the page"]


def test_an_anchor_over_a_page_break_is_noted() -> None:
    book = citations()
    book.check("linje {brot}", "01")
    assert len(book.errors.notes) == 1
    assert not book.errors.errors


def test_an_unknown_anchor_is_an_error_and_is_left_as_it_is() -> None:
    book = citations()
    assert book.fill("linje {finst-ikkje-3}", "01") == "linje {finst-ikkje-3}"
    assert book.errors.errors == ["01: unknown anchor in placeholder {finst-ikkje-3}"]


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("linje {rad+4} handlar om", [[3, 7], [3, 8]]),
        ("side 2, linje {rad}", [[4, 3], [4, 4]]),
        ("linje {rad} på side {sist.page}", [[4, 3], [4, 4]]),
        ("pdf-side 4, l. 5, 7 og 9–10", [[4, 5], [4, 7], [4, 9], [4, 10]]),
        ("frå linje {rad+1.first} til {rad+1.last}", [[3, 4], [3, 5]]),
        ("s. 1 linje 912", []),
        ("side 40, linje 3", []),
        ("12 linjer med kode i 2019, jf. {rad.section}", []),
    ],
)
def test_a_wrong_citation_names_the_lines_that_its_numbers_say(written: str, named: list[list[int]]) -> None:
    book = citations()
    assert book.layout.gold_numbers(book.named_lines(written)) == named


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler's pdftotext")
@pytest.mark.parametrize("folder", BUILT, ids=[folder.name for folder in BUILT])
def test_the_gold_follows_from_the_sources_and_the_printed_report(folder: Path) -> None:
    plan, errors = load_plan(folder / "source" / "plan.toml"), Errors()
    report = read_report(folder / "source" / "report.md")
    layout = locate(report, folder / "report.pdf", plan.consultation)
    book = Citations(report, layout, plan.consultation, errors)
    made = Gold(plan, report, layout, book, errors).whole(read_mails(folder / "source" / "mail", book, errors))
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    assert errors.errors == []
    assert made["messages"] == gold["messages"]
    assert made["comments"] == gold["comments"]
    assert made["report"]["anchors"] == gold["report"]["anchors"]
