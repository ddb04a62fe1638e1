"""HTML mails as text: what is read, what is quoted, and the rows of forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.reading.html import html_to_text


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
