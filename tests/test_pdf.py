"""What a PDF's page shows: words with boxes, ruling lines, bookmarks, and files that don't open."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from innspill.errors import ReportError
from innspill.reading.pages.pdf import PdfPage, Word
from innspill.reading.pages.pdfium import find_damaged_pages, open_pdf, read_outline, read_pages
from raw_pdf import A4, pages_pdf, stream, text

PDFS = Path(__file__).parent / "pdf"


def pages_of(name: str | Path) -> list[PdfPage]:
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


def test_a_page_with_empty_content_is_not_damaged(tmp_path: Path) -> None:
    path = tmp_path / "tom.pdf"
    path.write_bytes(
        pages_pdf([b"<</Length 0/Filter/FlateDecode>>\nstream\n\nendstream", stream(text("Hei."), packed=True)])
    )
    assert find_damaged_pages(path) == []


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


@pytest.fixture
def page_of(tmp_path: Path) -> Callable[..., PdfPage]:
    """The only page of a PDF with the given content, page entries and so on (see `raw_pdf.pages_pdf`)."""

    def read(content: bytes, **entries: Any) -> PdfPage:
        path = tmp_path / "file.pdf"
        path.write_bytes(pages_pdf([stream(content)], **entries))
        return pages_of(path)[0]

    return read


def place_of(word: Word) -> tuple[str, float, float, float]:
    return word.text, round(word.x0, 1), round(word.baseline, 1), round(word.height, 1)


@pytest.mark.parametrize(
    ("entries", "size", "place"),
    [
        ({}, (595, 842), (72, 242)),
        ({"page": "", "tree": "/MediaBox[0 0 400 800]"}, (400, 800), (72, 200)),
        ({"page": "/MediaBox[-100 -200 495 642]"}, (595, 842), (172, 42)),
        ({"page": "/MediaBox[-50 -50 595 842]/CropBox[-20 -30 500 750]"}, (520, 780), (92, 150)),
        ({"page": "/MediaBox[0 0 400 800]/CropBox[50 100 900 900]"}, (350, 700), (22, 200)),
        ({"page": "/MediaBox[595 842 0 0]"}, (595, 842), (72, 242)),
        ({"page": "/MediaBox[0 0 0 0]"}, (612, 792), (72, 192)),
        ({"page": ""}, (612, 792), (72, 192)),
        ({"page": f"/MediaBox{A4}/UserUnit 2"}, (595, 842), (72, 242)),
    ],
    ids=[
        "plain",
        "inherited",
        "negative origin",
        "cropped",
        "cropped past the media",
        "upside down",
        "empty",
        "none",
        "unit",
    ],
)
def test_a_word_stands_where_the_shown_page_shows_it(
    page_of: Callable[..., PdfPage], entries: dict[str, str], size: tuple[float, float], place: tuple[float, float]
) -> None:
    page = page_of(text("ord", 72, 600), **entries)
    assert (page.width, page.height) == size
    assert [place_of(word) for word in page.words] == [("ord", *place, 12)]


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [(90, "0 1 -1 0 142 72"), (180, "-1 0 0 -1 523 142"), (270, "0 -1 1 0 453 770")],
)
def test_a_turned_page_is_read_as_it_is_shown(page_of: Callable[..., PdfPage], turn: int, matrix: str) -> None:
    content = f"q {matrix} cm BT /F 12 Tf (to ord) Tj ET 0 -4 m 100 -4 l S Q".encode()
    page = page_of(content, page=f"/MediaBox{A4}/Rotate {turn}")
    assert (page.width, page.height) == ((595, 842) if turn == 180 else (842, 595))
    assert [place_of(word) for word in page.words] == [("to", 72, 142, 12), ("ord", 85.3, 142, 12)]
    assert [tuple(rule) for rule in page.rules] == [(72, 146, 172, 146)]


def test_a_size_in_the_matrix_is_the_size_of_the_word(page_of: Callable[..., PdfPage]) -> None:
    page = page_of(b"q 12 0 0 12 72 700 cm BT /F 1 Tf (to ord) Tj ET Q")
    assert [place_of(word) for word in page.words] == [("to", 72, 142, 12), ("ord", 85.3, 142, 12)]


def test_a_form_that_is_turned_and_scaled_on_a_turned_page_is_read_as_it_is_shown(
    page_of: Callable[..., PdfPage],
) -> None:
    form = "/Type/XObject/Subtype/Form/BBox[-9 -9 600 600]/Matrix[0 2 -2 0 142 72]/Resources<</Font<</F 3 0 R>>>>"
    page = page_of(
        b"/X Do",
        page=f"/MediaBox{A4}/Rotate 90",
        resources="/XObject<</X 10 0 R>>",
        extra={10: stream(text("to ord", 0, 0, 6) + b"0 -2 m 50 -2 l S", form)},
    )
    assert [place_of(word) for word in page.words] == [("to", 72, 142, 12), ("ord", 85.3, 142, 12)]
    assert [tuple(rule) for rule in page.rules] == [(72, 146, 172, 146)]


def test_what_lies_outside_the_shown_page_is_not_read(page_of: Callable[..., PdfPage]) -> None:
    content = text("synlig", 72, 700) + text("trykkerimerke", 72, 20) + b"0 20 m 200 20 l S"
    page = page_of(content, page=f"/MediaBox{A4}/CropBox[50 50 545 792]")
    assert [word.text for word in page.words] == ["synlig"]
    assert page.rules == ()


def test_a_raised_marker_is_a_word_of_its_own(page_of: Callable[..., PdfPage]) -> None:
    page = page_of(b"BT /F 12 Tf 72 700 Td (behov) Tj /F 7 Tf 5 Ts (3) Tj ET")
    assert [word.text for word in page.words] == ["behov", "3"]


def test_a_word_of_several_pieces_is_one(page_of: Callable[..., PdfPage]) -> None:
    page = page_of(b"BT /F 12 Tf 72 700 Td (helse) Tj (tje) Tj (neste) Tj ET")
    assert [word.text for word in page.words] == ["helsetjeneste"]


def test_a_word_is_as_wide_as_its_letters(page_of: Callable[..., PdfPage]) -> None:
    word = page_of(b"BT /F 10 Tf 100 700 Td (iMi) Tj ET").words[0]
    # Helvetica's «i» is 222 thousandths of the size wide, its «M» 833.
    assert (word.x0, round(word.x1, 2)) == (100, round(100 + 2 * 2.22 + 8.33, 2))


def test_text_that_runs_up_or_backwards_is_kept(page_of: Callable[..., PdfPage]) -> None:
    page = page_of(b"BT 0 1 -1 0 100 100 Tm /F 12 Tf (opp) Tj -1 0 0 1 300 300 Tm (bak) Tj ET")
    assert sorted("".join(word.text for word in page.words)) == sorted("oppbak")


def test_a_stamp_that_stands_sideways_is_no_word_of_the_text(page_of: Callable[..., PdfPage]) -> None:
    page = page_of(text("Regjeringen vil", 72, 700) + b"BT 0 1 -1 0 40 100 Tm /F 12 Tf (UTKAST) Tj ET")
    assert [word.text for word in page.words] == ["Regjeringen", "vil"]
    assert page.askew == ("UTKAST",)


def test_an_accent_that_the_file_draws_last_is_put_on_its_letter(page_of: Callable[..., PdfPage]) -> None:
    page = page_of(text("fur", 72, 700) + text("alle", 100, 700) + b"BT /F 12 Tf 76 700 Td (\\310) Tj ET")
    assert [word.text for word in page.words] == ["für", "alle"]


def test_a_ligature_at_a_control_code_of_an_old_font_is_a_ligature(page_of: Callable[..., PdfPage]) -> None:
    shape = stream(b"600 0 0 0 500 700 d1 0 0 500 700 re f")
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<</a 11 0 R>>"
        b"/Encoding<</Type/Encoding/Differences[27/a 97/a]>>/FirstChar 27/LastChar 97/Widths[" + b"600 " * 71 + b"]>>"
    )
    page = page_of(b"BT /F 12 Tf 72 700 Td (a\\033a) Tj ET", extra={3: font, 11: shape})
    assert [word.text for word in page.words] == ["aﬀa"]


def test_vertical_writing_is_kept_character_by_character(page_of: Callable[..., PdfPage]) -> None:
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/UniJIS-UCS2-V/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType0/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/X/Flags 4/Ascent 800/Descent -200/ItalicAngle 0"
        b"/CapHeight 700/StemV 80/FontBBox[0 0 1000 1000]>>>>]>>"
    )
    page = page_of(b"BT /F 12 Tf 72 700 Td <004100420043> Tj ET", extra={3: font})
    assert "".join(word.text for word in page.words) == "ABC"


def test_lines_and_the_edges_of_boxes_are_rules(page_of: Callable[..., PdfPage]) -> None:
    page = page_of(b"72 700 m 172 700 l S 72 600 100 50 re S")
    assert [tuple(rule) for rule in page.rules] == [
        (72, 142, 172, 142),
        (72, 242, 172, 242),
        (172, 192, 172, 242),
        (72, 192, 172, 192),
        (72, 192, 72, 242),
    ]


def test_a_thin_filled_box_is_one_rule_with_its_thickness(page_of: Callable[..., PdfPage]) -> None:
    assert [tuple(rule) for rule in page_of(b"72 700 100 1 re f").rules] == [(72, 141, 172, 142)]


@pytest.mark.parametrize(
    "content",
    [
        b"72 700 m 76 700 l S",
        b"72 700 m 172 600 l S",
        b"72 700 m 100 800 150 800 172 700 c S",
        b"20 w 72 700 m 172 700 l S",
        b"72 700 100 50 re n",
    ],
    ids=["short", "slanting", "curved", "broad", "not drawn"],
)
def test_what_is_no_straight_thin_line_is_no_rule(page_of: Callable[..., PdfPage], content: bytes) -> None:
    assert page_of(content).rules == ()


def test_pages_have_the_labels_that_the_file_gives_them(tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    with pikepdf.open(PDFS / "lo-every-line.pdf") as document:
        document.Root.PageLabels = pikepdf.Dictionary(
            Nums=[0, pikepdf.Dictionary(S=pikepdf.Name.r), 2, pikepdf.Dictionary(S=pikepdf.Name.D)]
        )
        document.save(path)
    assert [page.label for page in pages_of(path)] == ["i", "ii", "1"]
