"""Copies of reports with numbers in the margin: what a reader of the copy sees, and what must not have changed."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from innspill.errors import ReportError
from innspill.reading.pages.pdf import PdfPage, Word
from innspill.reading.pages.pdfium import open_pdf, read_pages
from innspill.reading.report import read_report
from innspill.records import Box, Line, Numbering, Page, Report, Span
from innspill.writing.numbered_pdf import restart_on_each_page, write_numbered

PDFS = Path(__file__).parent / "pdf"
TRUTH: dict[str, dict[str, Any]] = json.loads((PDFS / "truth.json").read_text(encoding="utf-8"))
UNNUMBERED = [name for name, truth in TRUTH.items() if not truth["step"]]
A4 = (595.0, 842.0)
# Where a line of text begins, points from the left and from the bottom of the paper.
Place = tuple[float, float]


def column(left: float, n_lines: int = 6, *, top: float = 700.0, pitch: float = 14.0) -> list[Place]:
    return [(left, top - pitch * index) for index in range(n_lines)]


def make(path: Path, *pages: Sequence[Place], change: Callable[[pikepdf.Pdf], None] | None = None) -> Path:
    """A PDF whose lines say «linje begynner her», at the given places."""
    document = pikepdf.new()
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for places in pages:
        document.add_blank_page(page_size=A4)
        page = document.pages[-1].obj
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        texts = [f"BT /F1 10 Tf {x} {y} Td (linje begynner her) Tj ET" for x, y in places]
        page.Contents = document.make_stream("\n".join(texts).encode())
    if change:
        change(document)
    document.save(path)
    return path


def pages_of(path: Path) -> list[PdfPage]:
    document = open_pdf(path)
    try:
        return list(read_pages(document, path))
    finally:
        document.close()


def report_of(path: Path) -> Report:
    """The report that `make` wrote, its lines numbered in the file's order."""
    lines: list[Line] = []
    pages = pages_of(path)
    for page in pages:
        starts = [index for index, word in enumerate(page.words) if word.text == "linje"]
        for start in starts:
            words = page.words[start : start + 3]
            box = Box(
                page.page_number, words[0].x0, min(w.top for w in words), words[-1].x1, max(w.bottom for w in words)
            )
            number = len(lines) + 1
            lines.append(Line(f"L{number:05d}", page.page_number, number, "text", "", Span(0, 0), box))
    return Report(
        title="",
        text="",
        pages=tuple(Page(page.page_number, "", page.width, page.height) for page in pages),
        lines=tuple(lines),
        sections=(),
        tables=(),
        passages=(),
        numbering=Numbering("counted", 1, "document", 1, len(lines)),
    )


def numbered(source: Path, **options: Any) -> Path:
    target = source.with_name(f"{source.stem}-numbered.pdf")
    write_numbered(source, report_of(source), target, **options)
    return target


def numbers_of(path: Path) -> list[list[Word]]:
    """The numbers of each page of a copy, in the order that they were written."""
    return [[word for word in page.words if word.text.isdecimal()] for page in pages_of(path)]


def starts_of(path: Path) -> list[list[Word]]:
    return [[word for word in page.words if word.text == "linje"] for page in pages_of(path)]


def beside(path: Path) -> list[dict[int, int]]:
    """For each page, by the number in the margin: which line of the page, in the file's order, is nearest to it.

    Nearest is the next to the right on the same baseline; or, where there is none, to the left.
    """
    result = []
    for numbers, starts in zip(numbers_of(path), starts_of(path), strict=True):
        found = {}
        for number in numbers:
            same = [index for index, word in enumerate(starts) if abs(word.baseline - number.baseline) < 0.05]
            after = [index for index in same if starts[index].x0 > number.x1]
            found[int(number.text)] = min(after or same, key=lambda index: abs(starts[index].x0 - number.x1))
        result.append(found)
    return result


def in_order(*counts: int) -> list[dict[int, int]]:
    """What `beside` says of pages whose lines are numbered one after the other."""
    pages, first = [], 1
    for count in counts:
        pages.append({first + index: index for index in range(count)})
        first += count
    return pages


# Numbers and lines ---------------------------------------------------------------------------------------------------


def test_each_number_stands_left_of_its_line_on_its_baseline(tmp_path: Path) -> None:
    copy = numbered(make(tmp_path / "a.pdf", column(70), column(70, 40)))
    assert beside(copy) == in_order(6, 40)
    assert all(word.x1 < 70 for page in numbers_of(copy) for word in page)


def test_numbers_end_at_one_edge_though_lines_are_indented_and_numbers_get_longer(tmp_path: Path) -> None:
    places = [(90.0 if index % 3 else 70.0, y) for index, (_, y) in enumerate(column(70, 30, pitch=12))]
    copy = numbered(make(tmp_path / "a.pdf", *[places] * 40))
    edges = {round(word.x1, 1) for page in numbers_of(copy) for word in page}
    assert len(edges) == 1
    assert beside(copy) == in_order(*[30] * 40)


def test_every_fifth_number_is_printed_alone(tmp_path: Path) -> None:
    copy = numbered(make(tmp_path / "a.pdf", column(70, 12)), every=5)
    assert beside(copy) == [{5: 4, 10: 9}]


def test_numbers_begin_anew_on_each_page_when_asked(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", column(70, 3), column(70, 4))
    write_numbered(source, restart_on_each_page(report_of(source)), tmp_path / "copy.pdf")
    assert beside(tmp_path / "copy.pdf") == [{1: 0, 2: 1, 3: 2}, {1: 0, 2: 1, 3: 2, 4: 3}]


def test_lines_without_a_number_get_none_also_when_numbers_begin_anew(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", column(70, 4))
    report = report_of(source)
    lines = tuple(replace(line, number=None) if line.line_id == "L00002" else line for line in report.lines)
    write_numbered(source, restart_on_each_page(replace(report, lines=lines)), tmp_path / "copy.pdf")
    assert beside(tmp_path / "copy.pdf") == [{1: 0, 2: 2, 3: 3}]


def test_two_columns_have_numbers_left_of_each(tmp_path: Path) -> None:
    copy = numbered(make(tmp_path / "a.pdf", [*column(70, 8), *column(320, 8)]))
    assert beside(copy) == in_order(16)
    assert all(word.x1 < 320 and (word.x0 > 200 or word.x1 < 70) for word in numbers_of(copy)[0])


def test_a_longer_second_column_is_numbered_in_the_gutter_to_its_end(tmp_path: Path) -> None:
    copy = numbered(make(tmp_path / "a.pdf", [*column(70, 4), *column(320, 9)]))
    assert [round(word.x1) for word in numbers_of(copy)[0][4:]] == [round(numbers_of(copy)[0][4].x1)] * 9
    assert beside(copy) == in_order(13)


def test_an_indented_line_is_no_column(tmp_path: Path) -> None:
    places = [*column(70, 5), (300.0, 600.0)]
    copy = numbered(make(tmp_path / "a.pdf", places))
    assert len({round(word.x1) for word in numbers_of(copy)[0]}) == 1


def test_the_second_column_is_numbered_on_its_right_where_the_gutter_is_too_narrow(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", [*column(70, 8), *column(160, 8)])
    gutter = starts_of(source)[0][8].x0 - max(word.x1 for word in pages_of(source)[0].words if word.x0 < 150)
    assert gutter < 14
    copy = numbered(source)
    assert beside(copy) == in_order(16)
    assert all(word.x0 > 240 for word in numbers_of(copy)[0] if int(word.text) > 8)


def test_three_columns_have_numbers_left_of_each(tmp_path: Path) -> None:
    copy = numbered(make(tmp_path / "a.pdf", [*column(70, 5), *column(240, 5), *column(410, 5)]))
    assert beside(copy) == in_order(15)


def test_words_in_the_margin_are_not_written_over(tmp_path: Path) -> None:
    def note(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        page.contents_add(document.make_stream(b"BT /F1 8 Tf 25 686 Td (Merknad) Tj ET"))

    copy = numbered(make(tmp_path / "a.pdf", column(70), change=note))
    note_word = next(word for word in pages_of(copy)[0].words if word.text == "Merknad")
    numbers = numbers_of(copy)[0]
    assert len(numbers) == 6
    assert all(word.x1 < note_word.x0 or word.x0 > note_word.x1 for word in numbers)


def test_a_narrow_left_margin_makes_smaller_type_down_to_five_points(tmp_path: Path) -> None:
    heights = {}
    for left in (70, 24):
        copy = numbered(make(tmp_path / f"{left}.pdf", column(left, 12)))
        heights[left] = {round(word.height, 1) for word in numbers_of(copy)[0]}
    assert min(heights[70]) >= 6.5
    assert 5 <= min(heights[24]) < min(heights[70])


def test_numbers_stand_right_of_the_text_on_all_pages_where_there_is_no_room_on_the_left(tmp_path: Path) -> None:
    copy = numbered(make(tmp_path / "a.pdf", column(70), column(15), column(70), column(15)))
    assert all(word.x0 > 90 for page in numbers_of(copy)[1::2] for word in page)
    assert [len(page) for page in numbers_of(copy)] == [6] * 4


def test_a_line_at_the_edge_of_the_paper_has_its_number_close_to_it_and_it_is_told(tmp_path: Path) -> None:
    def sidebar(document: pikepdf.Pdf) -> None:
        texts = [f"BT /F1 8 Tf 156 {y} Td (fra direktoratet for data) Tj ET" for _, y in column(70)]
        document.pages[0].contents_add(document.make_stream("\n".join(texts).encode()))

    source = make(tmp_path / "a.pdf", [(8, 800), *column(70)], column(70), change=sidebar)
    notes = write_numbered(source, report_of(source), tmp_path / "copy.pdf")
    assert [(note.severity, note.text[:22]) for note in notes] == [("warning", "On page 1 the margin h")]
    assert beside(tmp_path / "copy.pdf") == in_order(7, 6)


def test_a_line_that_stands_on_another_has_no_number_and_it_is_told(tmp_path: Path) -> None:
    def logo(document: pikepdf.Pdf) -> None:
        document.pages[0].contents_add(document.make_stream(b"BT /F1 4 Tf 80 698 Td (linje her nede) Tj ET"))

    source = make(tmp_path / "a.pdf", column(70, 20), change=logo)
    notes = write_numbered(source, report_of(source), tmp_path / "copy.pdf")
    assert [note.text for note in notes] == [
        "These numbers are not printed, since their lines stand in or on others: 21 (page 1)."
    ]
    assert [word.text for word in numbers_of(tmp_path / "copy.pdf")[0]] == [str(number) for number in range(1, 21)]


def test_a_page_without_room_on_either_side_is_named(tmp_path: Path) -> None:
    def crop(document: pikepdf.Pdf) -> None:
        document.pages[1].obj.CropBox = Array([60, 0, 160, 842])

    source = make(tmp_path / "a.pdf", column(70), column(70), change=crop)
    with pytest.raises(ReportError, match=r"on page 2: .* wider margins"):
        numbered(source)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


# Pages of odd geometry -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rotation", [90, 180, 270, -90])
def test_a_turned_page_has_upright_numbers_beside_its_lines(tmp_path: Path, rotation: int) -> None:
    turned = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[rotation % 360]

    def turn(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        page.Rotate = rotation
        # Text that is upright on the turned page, 80 points from its left edge.
        place = {90: lambda at: (at, 80), 180: lambda at: (515, at), 270: lambda at: (595 - at, 762)}[rotation % 360]
        page.Contents = document.make_stream(
            b"\n".join(
                "BT /F1 10 Tf {} {} {} {} {} {} Tm (linje begynner her) Tj ET".format(*turned, *place(at)).encode()
                for at in range(100, 240, 14)
            )
        )

    copy = numbered(make(tmp_path / "a.pdf", [], change=turn))
    assert beside(copy) == in_order(10)
    assert all(0 < word.x0 < word.x1 < 80 for word in numbers_of(copy)[0])


def test_a_cropped_page_has_its_numbers_on_what_is_shown(tmp_path: Path) -> None:
    def crop(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.MediaBox = Array([-100, -50, 700, 900])
        document.pages[0].obj.CropBox = Array([30, 60, 500, 800])

    copy = numbered(make(tmp_path / "a.pdf", column(80), change=crop))
    assert beside(copy) == in_order(6)
    assert all(word.x0 > 0 for word in numbers_of(copy)[0])


def test_a_page_with_large_units_has_its_numbers_beside_its_lines(tmp_path: Path) -> None:
    def enlarge(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.UserUnit = 2

    copy = numbered(make(tmp_path / "a.pdf", column(80), change=enlarge))
    assert beside(copy) == in_order(6)


# What must not change ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lo-none", "tex-every-line", "lo-nynorsk-outline"])
def test_the_content_that_a_page_had_is_kept_byte_for_byte(tmp_path: Path, name: str) -> None:
    source, copy = PDFS / f"{name}.pdf", tmp_path / "copy.pdf"
    with pikepdf.open(source) as document, copy.open("wb") as file:
        document.save(file)
    write_numbered(copy, unnumbered_report(source), tmp_path / "numbered.pdf")
    with pikepdf.open(source) as before, pikepdf.open(tmp_path / "numbered.pdf") as after:
        for one, other in zip(before.pages, after.pages, strict=True):
            streams = list(one.Contents) if isinstance(one.Contents, Array) else [one.Contents]
            kept = [stream.read_raw_bytes() for stream in other.Contents]
            assert kept[1:-1] == [stream.read_raw_bytes() for stream in streams]


def unnumbered_report(source: Path) -> Report:
    """A report that numbers the first word of each page, whatever it is."""
    pages = pages_of(source)
    lines = tuple(
        Line(
            f"L{page.page_number}",
            page.page_number,
            page.page_number,
            "text",
            "",
            Span(0, 0),
            box_of(page.page_number, word),
        )
        for page in pages
        for word in page.words[:1]
    )
    sizes = tuple(Page(page.page_number, "", page.width, page.height) for page in pages)
    return Report("", "", sizes, lines, (), (), (), Numbering("counted", 1, "document", 1, len(lines)))


def box_of(page_number: int, word: Word) -> Box:
    return Box(page_number, word.x0, word.top, word.x1, word.bottom)


def test_links_bookmarks_labels_forms_tags_attachments_and_metadata_are_kept(tmp_path: Path) -> None:
    def furnish(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([70, 690, 120, 710]),
            A=Dictionary(S=Name.URI, URI=pikepdf.String("https://rapport.example/")),
        )  # fmt: skip
        field = document.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=pikepdf.String("navn"), V=pikepdf.String("Kari Lie"),
                Rect=Array([70, 100, 200, 120]),
            )
        )  # fmt: skip
        page.Annots = Array([document.make_indirect(link), field])
        document.Root.AcroForm = Dictionary(Fields=Array([field]))
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Innledning", 0))
        document.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r, St=3)]))
        document.Root.MarkInfo = Dictionary(Marked=True)
        document.Root.StructTreeRoot = document.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([])))
        document.Root.Lang = pikepdf.String("nb-NO")
        document.attachments["data.csv"] = b"a;b\n"
        with document.open_metadata() as metadata:
            metadata["dc:title"] = "Gode data"
        document.docinfo["/Author"] = "Utvalget"

    source = make(tmp_path / "a.pdf", column(70), change=furnish)
    with pikepdf.open(source) as before, pikepdf.open(numbered(source)) as after:
        for key in ("/AcroForm", "/Outlines", "/PageLabels", "/MarkInfo", "/StructTreeRoot", "/Lang", "/Names"):
            assert after.Root[key].unparse(resolved=True) == before.Root[key].unparse(resolved=True) or key in (
                "/AcroForm",
                "/Outlines",
                "/Names",
            )
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert dict(after.docinfo) == dict(before.docinfo)
        assert str(after.pages[0].Annots[0].A.URI) == "https://rapport.example/"
        assert str(after.Root.AcroForm.Fields[0].V) == "Kari Lie"
        assert after.Root.AcroForm.Fields[0].objgen == after.pages[0].Annots[1].objgen
        assert after.pages[0].label == "iii"
        assert after.attachments["data.csv"].get_file().read_bytes() == b"a;b\n"
        with after.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Innledning"]


def test_numbers_are_marked_as_an_artifact_that_screen_readers_pass_over(tmp_path: Path) -> None:
    with pikepdf.open(numbered(make(tmp_path / "a.pdf", column(70)))) as document:
        instructions = pikepdf.parse_content_stream(document.pages[0].Contents[-1])
    operators = [str(instruction.operator) for instruction in instructions]
    tag, properties = instructions[operators.index("BDC")].operands
    assert (tag, properties.Type, properties.Subtype) == (Name.Artifact, Name.Pagination, Name.LineNum)
    assert operators.index("BDC") < operators.index("Tj") < operators.index("EMC")


def test_the_digits_come_with_the_file(tmp_path: Path) -> None:
    with pikepdf.open(numbered(make(tmp_path / "a.pdf", column(70)))) as document:
        fonts = document.pages[0].Resources.Font
        own = [font for name, font in fonts.items() if name != "/F1"]
        assert [font.Subtype for font in own] == [Name.Type3]
        assert len(own[0].CharProcs) == 10


def test_resources_that_pages_have_from_their_parent_are_kept(tmp_path: Path) -> None:
    def hand_up(document: pikepdf.Pdf) -> None:
        document.Root.Pages.Resources = document.pages[0].obj.Resources
        for page in document.pages:
            del page.obj.Resources

    copy = numbered(make(tmp_path / "a.pdf", column(70), column(70), change=hand_up))
    assert beside(copy) == in_order(6, 6)


def test_a_font_of_our_name_in_the_report_keeps_its_text(tmp_path: Path) -> None:
    def rename(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        page.Resources.Font[Name.LineNumberDigits] = page.Resources.Font.F1
        page.Contents = document.make_stream(page.Contents.read_bytes().replace(b"/F1", b"/LineNumberDigits"))

    assert beside(numbered(make(tmp_path / "a.pdf", column(70), change=rename))) == in_order(6)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"q 0.5 0 0 0.5 300 0 cm ", b""),
        (b"q q 2 Tr 3 Ts ", b" Q"),
        (b"", b" 0.1 0 0 0.1 0 0 cm 1 g 3 Tr"),
        (b"1 0 0 1 0 0 cm Q ", b" 0.2 0 0 0.2 0 0 cm"),
        (b"/Span BMC ", b""),
    ],
)
def test_what_a_page_leaves_open_does_not_move_or_hide_the_numbers(tmp_path: Path, before: bytes, after: bytes) -> None:
    def spoil(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        page.Contents = document.make_stream(before + page.Contents.read_bytes() + after)

    source = make(tmp_path / "a.pdf", column(150), change=spoil)
    copy = numbered(source)
    assert beside(copy) == in_order(6)
    assert [(word.x0, word.baseline) for word in starts_of(copy)[0]] == [
        (word.x0, word.baseline) for word in starts_of(source)[0]
    ]


def test_a_page_shared_content_and_a_page_without_any_are_written(tmp_path: Path) -> None:
    def share(document: pikepdf.Pdf) -> None:
        document.pages[1].obj.Contents = document.pages[0].obj.Contents
        del document.pages[2].obj.Contents

    copy = numbered(make(tmp_path / "a.pdf", column(70), [], [], change=share))
    assert beside(copy) == [*in_order(6, 6), {}]


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", column(70))
    report = report_of(source)
    for name in ("one.pdf", "other.pdf"):
        write_numbered(source, report, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "other.pdf").read_bytes()


# What is refused, and what is told -----------------------------------------------------------------------------------


def test_a_report_with_printed_numbers_is_refused(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", column(70))
    report = replace(report_of(source), numbering=Numbering("printed", 1, "document", 1, 6))
    with pytest.raises(ReportError, match="has printed line numbers already"):
        write_numbered(source, report, tmp_path / "copy.pdf")


def test_the_report_itself_is_not_overwritten(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", column(70))
    before = source.read_bytes()
    with pytest.raises(ReportError, match="would overwrite"):
        write_numbered(source, report_of(source), tmp_path / "." / "a.pdf")
    assert source.read_bytes() == before


def test_a_target_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", column(70))
    (tmp_path / "taken.pdf").mkdir()
    with pytest.raises(OSError, match=r"taken"):
        write_numbered(source, report_of(source), tmp_path / "taken.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "taken.pdf"]


def test_a_report_read_from_another_file_is_refused(tmp_path: Path) -> None:
    source, other = make(tmp_path / "a.pdf", column(70)), make(tmp_path / "b.pdf", column(70), column(70))
    with pytest.raises(ReportError, match="does not have the 2 pages"):
        write_numbered(source, report_of(other), tmp_path / "copy.pdf")


def test_numbers_too_far_apart_for_the_report_are_refused(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", column(70, 4))
    with pytest.raises(ReportError, match="smaller --every"):
        write_numbered(source, report_of(source), tmp_path / "copy.pdf", every=5)


def protect(path: Path, **allowed: bool) -> Path:
    with pikepdf.open(path) as document:
        target = path.with_name("protected.pdf")
        document.save(
            target, encryption=pikepdf.Encryption(owner="eier", user="", allow=pikepdf.Permissions(**allowed))
        )
    return target


def test_a_report_that_its_owner_has_locked_against_changes_is_refused(tmp_path: Path) -> None:
    source = protect(make(tmp_path / "a.pdf", column(70)), modify_other=False)
    with pytest.raises(ReportError, match="locked against changes"):
        numbered(source)


def test_a_report_that_may_be_changed_but_not_copied_from_keeps_its_protection(tmp_path: Path) -> None:
    copy = numbered(protect(make(tmp_path / "a.pdf", column(70)), extract=False))
    assert beside(copy) == in_order(6)
    with pikepdf.open(copy) as document:
        assert document.is_encrypted
        assert not document.allow.extract


def test_a_signature_is_taken_out_and_it_is_told(tmp_path: Path) -> None:
    def sign(document: pikepdf.Pdf) -> None:
        signature = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=pikepdf.String("0" * 40))
        rectangle = Array([70, 100, 200, 120])
        widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=rectangle)
        fields = [
            Dictionary(**widget, FT=Name.Sig, T=pikepdf.String("underskrift"), V=signature),
            Dictionary(**widget, FT=Name.Tx, T=pikepdf.String("navn"), V=pikepdf.String("Kari Lie")),
        ]
        made = Array([document.make_indirect(field) for field in fields])
        document.pages[0].obj.Annots = made
        document.Root.AcroForm = Dictionary(Fields=Array(list(made)), SigFlags=3)
        document.Root.Perms = Dictionary(DocMDP=signature)

    source = make(tmp_path / "a.pdf", column(70), change=sign)
    notes = write_numbered(source, report_of(source), tmp_path / "copy.pdf")
    assert [(note.severity, note.file) for note in notes] == [("warning", "a.pdf")]
    assert "sign the numbered copy" in notes[0].text
    with pikepdf.open(tmp_path / "copy.pdf") as document:
        assert [str(field.T) for field in document.Root.AcroForm.Fields] == ["navn"]
        assert [str(annotation.T) for annotation in document.pages[0].Annots] == ["navn"]
        assert "/Perms" not in document.Root
        assert "/SigFlags" not in document.Root.AcroForm


def test_an_ordinary_report_gives_no_notes(tmp_path: Path) -> None:
    source = make(tmp_path / "a.pdf", column(70))
    assert write_numbered(source, report_of(source), tmp_path / "copy.pdf") == ()


# There and back ------------------------------------------------------------------------------------------------------


def sentences(text: str) -> list[Span]:
    return [Span(match.start(), match.end()) for match in re.finditer(r"\S.*?(?:[.!?](?=\s|$)|$)", text)]


def lines_of(report: Report) -> list[tuple[int, int | None, str]]:
    return [(line.page_number, line.number, line.span.of(report.text)) for line in report.lines]


@pytest.mark.parametrize("restart", ["document", "page"])
@pytest.mark.parametrize("name", UNNUMBERED)
def test_the_copy_reads_with_the_numbers_that_the_original_was_given(tmp_path: Path, name: str, restart: str) -> None:
    source = PDFS / f"{name}.pdf"
    report = read_report(source, sentences=sentences)
    if restart == "page":
        report = restart_on_each_page(report)
    write_numbered(source, report, tmp_path / "copy.pdf")
    copy = read_report(tmp_path / "copy.pdf", sentences=sentences)
    assert (copy.numbering.source, copy.numbering.step, copy.numbering.restart) == ("printed", 1, restart)
    assert lines_of(copy) == lines_of(report)


@pytest.mark.parametrize("name", UNNUMBERED)
def test_a_copy_with_every_fifth_number_reads_with_these_where_they_belong(tmp_path: Path, name: str) -> None:
    source = PDFS / f"{name}.pdf"
    report = read_report(source, sentences=sentences)
    write_numbered(source, report, tmp_path / "copy.pdf", every=5)
    copy = read_report(tmp_path / "copy.pdf", sentences=sentences)
    assert (copy.numbering.source, copy.numbering.step) == ("printed", 5)
    fifths, fifths_of_copy = (
        [line for line in lines_of(read) if line[1] is not None and line[1] % 5 == 0] for read in (report, copy)
    )
    assert fifths_of_copy == fifths
