"""The PDF library's door: files that open, files that don't, and what a character becomes."""

from pathlib import Path

import pytest

from innspill.errors import ReportError
from innspill.reading.pdf import PdfPage, find_damaged_pages, find_ruled_tables, open_pdf, read_outline, read_pages

PDFS = Path(__file__).parent / "pdf"


def pages_of(name: str) -> list[PdfPage]:
    path = PDFS / name
    document = open_pdf(path)
    try:
        return list(read_pages(document, path))
    finally:
        document.close()


def words_of(name: str) -> list[str]:
    return [word.text for page in pages_of(name) for word in page.words]


@pytest.mark.parametrize(
    ("name", "problem", "remedy"),
    [
        ("missing.pdf", "no report", "consultation.toml"),
        ("empty.pdf", "0 bytes", "Export it to PDF again"),
        ("text.pdf", "not a PDF", "Export the report to PDF"),
        ("truncated.pdf", "damaged", "Export it to PDF again"),
        ("locked.pdf", "locked with a password", "Save a copy without one"),
    ],
)
def test_a_file_that_cannot_be_opened_is_named_with_its_problem_and_the_remedy(
    name: str, problem: str, remedy: str
) -> None:
    with pytest.raises(ReportError) as raised:
        open_pdf(PDFS / name)
    message = str(raised.value)
    assert str(PDFS / name) in message
    assert problem in message
    assert remedy in message


def test_a_page_whose_content_is_cut_is_found_damaged() -> None:
    assert find_damaged_pages(PDFS / "damaged-page.pdf") == [2]


@pytest.mark.parametrize("name", ["lo-every-line.pdf", "tex-every-line.pdf", "scanned.pdf", "one-page-scanned.pdf"])
def test_a_whole_file_has_no_damaged_page(name: str) -> None:
    assert find_damaged_pages(PDFS / name) == []


def test_a_scanned_page_has_an_image_and_no_word() -> None:
    assert [(bool(page.words), page.has_images) for page in pages_of("one-page-scanned.pdf")] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def test_accents_drawn_apart_from_their_letters_are_put_on_them() -> None:
    words = words_of("tex-every-line.pdf")
    assert "går" in words
    assert "én" in words


def test_no_accent_is_left_by_itself() -> None:
    assert not any(set(word) & set("´˚¨`") for word in words_of("tex-every-line.pdf"))


def test_a_sign_without_a_unicode_value_is_kept_as_unknown() -> None:
    assert words_of("tex-every-line.pdf").count("\ufffd") == 3


def test_a_hyphen_at_a_line_end_is_kept() -> None:
    assert any(word.endswith("-") and len(word) > 3 for word in words_of("lo-every-line.pdf"))


def test_boxes_lie_on_the_page_with_the_top_above_the_bottom() -> None:
    assert all(
        0 <= word.x0 < word.x1 <= page.width and 0 <= word.top < word.bottom <= page.height
        for page in pages_of("lo-outer.pdf")
        for word in page.words
    )


def test_bold_words_are_told_from_others() -> None:
    bold = {word.text: word.bold for word in pages_of("lo-nynorsk.pdf")[0].words}
    assert (bold["Innleiing"], bold["Arbeidet"]) == (True, False)


def test_a_words_height_is_its_fonts_size() -> None:
    heights = {word.text: round(word.height, 1) for word in pages_of("lo-every-line.pdf")[0].words}
    assert (heights["Ferjefritt"], heights["Adkomsten"]) == (20.0, 11.0)


def test_bookmarks_have_a_title_a_level_and_a_page() -> None:
    document = open_pdf(PDFS / "lo-every-line.pdf")
    outline = [(entry.title, entry.level, entry.page_number) for entry in read_outline(document)]
    document.close()
    assert outline[:2] == [("1 Innledning", 1, 1), ("1.1 Hvorfor vi spør", 2, 1)]


def test_a_ruled_table_is_found_once_on_its_page() -> None:
    assert [box.page_number for box in find_ruled_tables(PDFS / "lo-every-line.pdf", [1, 2, 3])] == [2]


def test_no_page_is_searched_for_tables_unless_asked() -> None:
    assert find_ruled_tables(PDFS / "lo-every-line.pdf", []) == []
