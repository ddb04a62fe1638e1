"""HTML mails as text: what is read, what is quoted, and the rows of forms."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.reading.documents.html import html_to_text

CASES = json.loads((Path(__file__).parent / "cases" / "html.json").read_text(encoding="utf-8"))
QUOTED = [case for case in CASES if "quoted" in case]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_page_is_laid_out_as_its_program_shows_it(case: dict[str, str]) -> None:
    assert html_to_text(case["html"]).text == case["text"]


@pytest.mark.parametrize("case", QUOTED, ids=[case["name"] for case in QUOTED])
def test_what_a_program_wraps_the_answered_mail_in_is_quoted(case: dict[str, str]) -> None:
    laid_out = html_to_text(case["html"])
    assert [span.of(laid_out.text) for span in laid_out.quoted] == case["quoted"]


def text_of(html: str) -> str:
    return html_to_text(html).text.strip()


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>alert(1)</script>",
        "<style>p {color: red}</style>",
        "<!-- notat -->",
        "<head><title>Tittel</title></head>",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    assert text_of(f"<html>{hidden}<body><p>Linje 12 er feil.</p></body></html>") == "Linje 12 er feil."


def test_paragraphs_stand_apart() -> None:
    assert text_of("<p>Linje 12.</p><p>Linje 30.</p>").split() == ["Linje", "12.", "Linje", "30."]
    assert "\n" in text_of("<p>Linje 12.</p><p>Linje 30.</p>")


def test_list_points_keep_their_marks() -> None:
    assert text_of("<ol><li>Bibliotek</li><li>Skyss</li></ol>").split() == ["1.", "Bibliotek", "2.", "Skyss"]


@pytest.mark.parametrize(
    "open_tag", ["<blockquote>", '<blockquote type="cite">', '<div class="gmail_quote">', '<div class="yahoo_quoted">']
)
def test_a_quotation_is_marked(open_tag: str) -> None:
    close = "</blockquote>" if "blockquote" in open_tag else "</div>"
    laid_out = html_to_text(f"<p>Linje 12.</p>{open_tag}Hva mener dere?{close}")
    assert "".join(span.of(laid_out.text) for span in laid_out.quoted).strip() == "Hva mener dere?"


def test_nested_divs_do_not_indent() -> None:
    assert text_of("<div><div><div>Linje 12.</div><div>Linje 30.</div></div></div>") == "Linje 12.\nLinje 30."


def test_a_form_s_cells_are_kept_apart_and_told_by_their_column() -> None:
    rows = "<tr><th>Linje</th><th>Kommentar</th></tr><tr><td>12</td><td>Første linje.<br>Andre linje.</td></tr>"
    laid_out = html_to_text(f"<p>Hei</p><table>{rows}</table><p>Mvh</p>")
    assert [(cell.column, cell.row, cell.span.of(laid_out.text)) for cell in laid_out.cells] == [
        ("header", 1, "Linje"),
        ("header", 1, "Kommentar"),
        ("line", 2, "12"),
        ("comment", 2, "Første linje.\nAndre linje."),
    ]


def test_a_table_that_is_no_form_has_no_cells() -> None:
    laid_out = html_to_text("<table><tr><td>Skole</td><td>Elever</td></tr><tr><td>Lid</td><td>112</td></tr></table>")
    assert laid_out.cells == ()
    assert "112" in laid_out.text


def test_a_layout_table_around_the_mail_is_no_form() -> None:
    html = "<table><tr><td><table><tr><td>Linje 12: Kommentar</td></tr></table></td></tr></table>"
    assert html_to_text(html).cells == ()


@pytest.mark.parametrize("html", ["", " ", "<", "<p", "&", "<table><tr>", "</div></div>", "<p>Linje\x0012</p>"])
def test_broken_html_does_not_fail(html: str) -> None:
    assert "<p>" not in html_to_text(html).text


@given(st.text(alphabet="<>/pdivtablr ='\"a&;#1\n", max_size=120))
def test_any_markup_is_laid_out_with_its_spans_inside(html: str) -> None:
    laid_out = html_to_text(html)
    assert all(0 <= span.start <= span.end <= len(laid_out.text) for span in laid_out.quoted)


@given(st.lists(st.text(alphabet="abcæøå", min_size=1, max_size=8), min_size=1, max_size=6))
def test_no_word_is_lost(words: list[str]) -> None:
    assert text_of("".join(f"<div>{word}</div>" for word in words)).split() == words


def cells_of(html: str) -> list[tuple[str, int, str]]:
    laid_out = html_to_text(html)
    return [(cell.column, cell.row, cell.span.of(laid_out.text)) for cell in laid_out.cells if cell.column != "header"]


def test_a_chapter_that_spans_rows_counts_for_each() -> None:
    rows = "<tr><th>Kap.</th><th>Merknad</th></tr><tr><td rowspan=2>3.2</td><td>For kort.</td></tr><tr><td>For smal.</td></tr><tr><td>4</td><td>Bra.</td></tr>"
    assert cells_of(f"<table>{rows}</table>") == [
        ("section", 2, "3.2"), ("comment", 2, "For kort."), ("section", 3, "3.2"), ("comment", 3, "For smal."), ("section", 4, "4"), ("comment", 4, "Bra."),
    ]  # fmt: skip


def test_labels_on_the_left_make_one_comment_of_their_rows() -> None:
    rows = "".join(
        f"<tr><td>{a}</td><td>{b}</td></tr>"
        for a, b in (("Linje:", "45"), ("Kommentar:", "For kort.<br>Og smal."), ("Forslag:", "Lengre."))
    )
    assert cells_of(f"<table>{rows}</table>") == [
        ("line", 1, "45"),
        ("comment", 1, "For kort.\nOg smal."),
        ("proposal", 1, "Lengre."),
    ]


def test_a_header_that_spans_columns_parts_no_cell_from_its_own() -> None:
    rows = "<tr><th colspan=2>Sted</th><th>Kommentar</th></tr><tr><th>Side</th><th>Linje</th><th></th></tr><tr><td>4</td><td>12</td><td>For kort.</td></tr>"
    assert cells_of(f"<table>{rows}</table>") == [("page", 3, "4"), ("line", 3, "12"), ("comment", 3, "For kort.")]


def test_hidden_words_are_counted() -> None:
    assert html_to_text('<div style="display:none">to ord</div>Kai').n_hidden == 2


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "kai" + "</div>" * 100_000, "<table><tr><td>" * 5_000 + "kai", "<blockquote>" * 5_000 + "kai", "<" * 300_000 + "p>kai",
        "<table>" + "<tr><td colspan=9999 rowspan=9999>" * 3_000 + "kai</table>", "<table><tr>" + "<td></td>" * 200_000 + "<td>kai</table>", "<p>k\x00ai</p>",
        '<div class="gmail_quote">' * 1_000 + "<p>ord</p>" * 50_000 + "<blockquote>kai", '<div style="border-top:solid #E1E1E1 1.0pt">' * 1_000 + "<p>ord</p>" * 50_000 + "kai",
    ],
    ids=["divs", "tables", "quotations", "brackets", "spans", "cells", "nul", "quotations of Gmail", "lines of Outlook"],
)  # fmt: skip
def test_no_depth_or_width_costs_a_word(html: str) -> None:
    assert html_to_text(html).text.strip("<p>\n").endswith("kai")


def test_a_page_longer_than_any_is_cut_and_says_so() -> None:
    assert html_to_text("<p>kai</p>" + " " * 5_000_000).is_cut
    assert not html_to_text("<p>kai</p>").is_cut


@pytest.mark.parametrize(
    ("answer", "coloured"),
    [
        ('<span style="color:red">Nei, for kort.</span>', ["Nei, for kort."]),
        ('<font color="#0070C0">Nei, for kort.</font>', ["Nei, for kort."]),
        ('<p style="color: rgb(0, 176, 80)">Nei, for kort.</p>', ["Nei, for kort."]),
        ('<span style="color:#1F497D">Nei, for kort.</span>', []),
        ('<span style="color:#333333">Nei, for kort.</span>', []),
        ('<span style="background-color:#FF0000">Nei, for kort.</span>', []),
        ('<a style="color:blue" href="https://kai.example">Nei, for kort.</a>', []),
    ],
)
def test_an_answer_in_a_colour_of_its_own_is_told_in_a_quotation(answer: str, coloured: list[str]) -> None:
    laid_out = html_to_text(f"<blockquote><p>Er kaia lang nok til ferja som kjem i 2027?</p>{answer}</blockquote>")
    assert [span.of(laid_out.text) for span in laid_out.coloured] == coloured


def test_a_quotation_that_is_all_in_colour_holds_no_answer() -> None:
    assert html_to_text('<blockquote><p style="color:red">Er kaia lang nok?</p></blockquote>').coloured == ()
