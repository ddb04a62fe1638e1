"""The process that reads a PDF: whatever the file does to it, the run goes on with a result or a sentence."""

import subprocess
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pytest

from innspill.errors import ReportError
from innspill.reading.pages import pdf
from innspill.reading.pages.pdf import Limits, PdfContent, read_pdf
from innspill.reading.pages.pdfium import open_pdf, read_pages
from raw_pdf import A4, FONT, pages_pdf, stream, text, write_pdf

PDFS = Path(__file__).parent / "pdf"
WORD = stream(text("ord"))


def words_of(content: PdfContent) -> list[list[str]]:
    return [[word.text for word in page.words] for page in content.pages]


def nested_forms(levels: int, uses: int) -> bytes:
    """One page that draws a form, that draws another so many times, and so on: a few kilobytes, `uses` ** `levels` words."""
    forms = {}
    for level in range(levels):
        inner = f"/XObject<</X {11 + level} 0 R>>" if level < levels - 1 else ""
        entries = f"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>{inner}>>"
        forms[10 + level] = stream(b"/X Do " * uses if inner else text("ord"), entries)
    return pages_pdf([WORD, stream(b"/X Do")], resources="/XObject<</X 10 0 R>>", extra=forms)


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[bytes], Path]:
    def save(data: bytes) -> Path:
        path = tmp_path / "rapport.pdf"
        path.write_bytes(data)
        return path

    return save


def sentence(path: Path, limits: Limits) -> str:
    with pytest.raises(ReportError) as raised:
        read_pdf(path, limits=limits)
    return str(raised.value)


def test_the_process_hands_over_all_that_the_page_reader_finds() -> None:
    path = PDFS / "lo-every-line.pdf"
    content = read_pdf(path)
    assert content.pages == tuple(read_pages(open_pdf(path), path))
    assert [(entry.title, entry.level, entry.page_number) for entry in content.outline][:2] == [
        ("1 Innledning", 1, 1),
        ("1.1 Hvorfor vi spør", 2, 1),
    ]
    assert (content.damaged, content.limited) == ((), ())


def test_a_damaged_page_is_named_and_the_others_are_read() -> None:
    content = read_pdf(PDFS / "damaged-page.pdf")
    assert content.damaged == (2,)
    assert content.pages[0].words
    assert content.pages[2].words


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("missing.pdf", "no report"),
        ("empty.pdf", "0 bytes"),
        ("text.pdf", "not a PDF"),
        ("truncated.pdf", "damaged"),
        ("locked.pdf", "locked with a password"),
    ],
)
def test_the_reason_why_a_file_cannot_be_opened_comes_through(name: str, problem: str) -> None:
    message = sentence(PDFS / name, Limits())
    assert str(PDFS / name) in message
    assert problem in message


# Too much ------------------------------------------------------------------------------------------------------------


def test_forms_within_forms_that_never_end_are_given_up_at_their_page(saved: Callable[[bytes], Path]) -> None:
    message = sentence(saved(nested_forms(10, 10)), Limits(page_seconds=0.8))
    assert "rapport.pdf" in message
    assert "stopped at page 2 (this takes more than 0.8 seconds)" in message
    assert "Export it to PDF again" in message


def test_a_file_that_takes_too_long_as_a_whole_is_given_up(saved: Callable[[bytes], Path]) -> None:
    message = sentence(saved(nested_forms(10, 10)), Limits(seconds=0.8))
    assert "the file takes more than 0.8 seconds" in message


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps to a limit of the address space")
def test_a_bomb_that_fills_the_memory_ends_its_process_only(saved: Callable[[bytes], Path]) -> None:
    message = sentence(saved(nested_forms(10, 10)), Limits(memory=300_000_000))
    assert "stopped at page 2 (the PDF library broke down or ran out of memory" in message


def test_forms_within_forms_that_do_end_are_read(saved: Callable[[bytes], Path]) -> None:
    # The words lie on one another: pdfium takes them for one that is printed bold by printing it often.
    assert words_of(read_pdf(saved(nested_forms(3, 5)))) == [["ord"], ["ord"]]


def test_a_form_that_draws_itself_is_drawn_once(saved: Callable[[bytes], Path]) -> None:
    entries = "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>/XObject<</X 10 0 R>>>>"
    form = stream(b"/X Do " + text("inni"), entries)
    data = pages_pdf([stream(b"/X Do " + text("etter", 72, 600))], resources="/XObject<</X 10 0 R>>", extra={10: form})
    assert words_of(read_pdf(saved(data))) == [["inni", "etter"]]


def test_a_content_that_unpacks_to_a_hundred_million_spaces_is_read(saved: Callable[[bytes], Path]) -> None:
    data = pages_pdf([stream(b" " * 100_000_000 + text("slutt"), packed=True)])
    assert len(data) < 200_000
    content = read_pdf(saved(data))
    assert (words_of(content), content.damaged) == ([["slutt"]], ())


def test_a_content_that_is_packed_twice_is_read(saved: Callable[[bytes], Path]) -> None:
    twice = stream(zlib.compress(zlib.compress(text("ord"))), "/Filter[/FlateDecode/FlateDecode]")
    content = read_pdf(saved(pages_pdf([twice])))
    assert (words_of(content), content.damaged) == ([["ord"]], ())


def test_the_rest_of_a_page_with_a_million_characters_is_not_read_and_the_page_is_named(
    saved: Callable[[bytes], Path],
) -> None:
    line = b"(" + b"ord " * 250 + b") Tj T*\n"
    content = read_pdf(
        saved(pages_pdf([stream(b"BT /F 1 Tf 0.8 TL 10 830 Td\n" + line * 1_000 + b"ET", packed=True), WORD]))
    )
    assert 190_000 < sum(len(word.text) + 1 for word in content.pages[0].words) <= 200_001
    assert content.limited == (1,)
    assert words_of(content)[1] == ["ord"]


def test_a_file_with_too_many_characters_is_refused(saved: Callable[[bytes], Path]) -> None:
    message = sentence(saved(pages_pdf([WORD] * 5)), Limits(characters=10))
    assert "holds more than 10 characters on its first 4 pages" in message
    assert "Split it" in message


def test_rules_past_the_limit_are_left_and_the_words_after_them_read(saved: Callable[[bytes], Path]) -> None:
    lines = b"".join(b"72 %d m 172 %d l S\n" % (y, y) for y in range(100, 400))
    content = read_pdf(saved(pages_pdf([stream(lines + text("ord"))])), limits=Limits(page_rules=20))
    assert [rule.top for rule in content.pages[0].rules] == [842 - y for y in range(100, 120)]
    assert words_of(content) == [["ord"]]


def test_objects_past_the_limit_are_not_looked_at_and_the_words_after_them_read(
    saved: Callable[[bytes], Path],
) -> None:
    lines = b"".join(b"72 %d m 172 %d l S\n" % (y, y) for y in range(100, 400))
    content = read_pdf(saved(pages_pdf([stream(lines + text("ord"))])), limits=Limits(page_objects=30))
    assert len(content.pages[0].rules) == 30
    assert words_of(content) == [["ord"]]


def test_ten_thousand_pages_are_refused(saved: Callable[[bytes], Path]) -> None:
    message = sentence(saved(pages_pdf([stream(b"")] * 10_000)), Limits())
    assert "has 10000 pages; innspill reads up to 5000" in message


def test_a_thousand_pages_are_read(saved: Callable[[bytes], Path]) -> None:
    pages = [stream(text(f"side {number}")) for number in range(1, 1_001)]
    content = read_pdf(saved(pages_pdf(pages)))
    assert words_of(content) == [["side", str(number)] for number in range(1, 1_001)]


def test_no_pages_are_said_to_be_none(saved: Callable[[bytes], Path]) -> None:
    assert "has no pages" in sentence(saved(pages_pdf([])), Limits())


# Broken and locked files ---------------------------------------------------------------------------------------------

FIRST_PAGE = {
    3: FONT,
    5: f"<</Type/Page/Parent 2 0 R/MediaBox{A4}/Resources<</Font<</F 3 0 R>>>>/Contents 6 0 R>>".encode(),
    6: WORD,
}


def tree_pdf(objects: Mapping[int, bytes]) -> bytes:
    return write_pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", **objects, **FIRST_PAGE})


def test_a_page_tree_that_leads_back_to_itself_is_left(saved: Callable[[bytes], Path]) -> None:
    data = tree_pdf(
        {
            2: b"<</Type/Pages/Count 4/Kids[2 0 R 4 0 R]>>",
            4: b"<</Type/Pages/Parent 2 0 R/Count 2/Kids[2 0 R 4 0 R]>>",
        }
    )
    assert "its page 1 cannot be read" in sentence(saved(data), Limits(page_seconds=5))


def test_a_file_that_promises_pages_that_it_has_not_is_damaged(saved: Callable[[bytes], Path]) -> None:
    data = tree_pdf({2: b"<</Type/Pages/Count 3/Kids[5 0 R]>>"})
    assert "its page 2 cannot be read" in sentence(saved(data), Limits(page_seconds=5))


def test_bookmarks_that_lead_back_to_themselves_are_read_once(saved: Callable[[bytes], Path]) -> None:
    data = write_pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/Outlines 7 0 R>>",
            2: b"<</Type/Pages/Count 1/Kids[5 0 R]>>",
            7: b"<</First 8 0 R/Last 8 0 R>>",
            8: b"<</Title(Innledning)/Dest[5 0 R/Fit]/Next 9 0 R/First 9 0 R>>",
            9: b"<</Title(Slutt)/Dest[5 0 R/Fit]/Next 8 0 R/First 8 0 R>>",
            **FIRST_PAGE,
        }
    )
    assert sorted({entry.title for entry in read_pdf(saved(data)).outline}) == ["Innledning", "Slutt"]


@pytest.mark.parametrize("lie", [b"/Length 5", b"/Length 99999"], ids=["short", "long"])
def test_a_content_whose_length_is_a_lie_is_read_to_its_end(saved: Callable[[bytes], Path], lie: bytes) -> None:
    content = stream(text("to ord"))
    false = lie + content[content.index(b">>") :]
    data = pages_pdf([b"<<" + false, WORD])
    assert words_of(read_pdf(saved(data))) == [["to", "ord"], ["ord"]]


def test_a_false_cross_reference_table_is_built_anew(saved: Callable[[bytes], Path]) -> None:
    data = pages_pdf([WORD, WORD]).replace(b"\n0000000", b"\n0000777")
    assert words_of(read_pdf(saved(data))) == [["ord"], ["ord"]]


def test_objects_in_packed_streams_are_read(tmp_path: Path) -> None:
    path = tmp_path / "packed.pdf"
    with pikepdf.open(PDFS / "lo-every-line.pdf") as document:
        document.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert words_of(read_pdf(path)) == words_of(read_pdf(PDFS / "lo-every-line.pdf"))


def test_a_content_in_several_streams_is_read_and_a_cut_one_among_them_found(saved: Callable[[bytes], Path]) -> None:
    packed = zlib.compress(text("to ord", 72, 600) * 200)
    cut = stream(packed[: len(packed) // 2], "/Filter/FlateDecode")
    page = FIRST_PAGE[5].replace(b"6 0 R", b"[6 0 R 7 0 R]")
    data = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Count 1/Kids[5 0 R]>>", **FIRST_PAGE}
    content = read_pdf(saved(write_pdf({**data, 5: page, 7: cut})))
    assert words_of(content)[0][0] == "ord"
    assert content.damaged == (1,)


@pytest.mark.parametrize("level", [4, 6], ids=["128 bits", "256 bits"])
def test_a_file_that_is_locked_for_changes_only_is_read(tmp_path: Path, level: int) -> None:
    path = tmp_path / "locked.pdf"
    with pikepdf.open(PDFS / "lo-every-line.pdf") as document:
        document.save(path, encryption=pikepdf.Encryption(owner="eier", user="", R=level))  # type: ignore[arg-type]
    content = read_pdf(path)
    assert words_of(content) == words_of(read_pdf(PDFS / "lo-every-line.pdf"))
    assert content.damaged == ()


# The process ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that reading starts."""
    processes: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[arg-type]
            processes.append(self)

    monkeypatch.setattr(pdf.subprocess, "Popen", Recorded)  # type: ignore[attr-defined]
    return processes


@pytest.mark.parametrize("problem", [KeyboardInterrupt, MemoryError])
def test_the_process_ends_when_the_reader_is_broken_off(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]], problem: type[BaseException]
) -> None:
    def break_off(*fields: object) -> None:
        raise problem

    monkeypatch.setattr(pdf, "PdfPage", break_off)
    with pytest.raises(problem):
        read_pdf(PDFS / "lo-every-line.pdf")
    assert {process.returncode is not None for process in started} == {True}


def test_several_processes_give_the_pages_in_order(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]], saved: Callable[[bytes], Path]
) -> None:
    monkeypatch.setattr(pdf, "BYTES_A_PROCESS", 1)
    monkeypatch.setattr(pdf.os, "cpu_count", lambda: 3)  # type: ignore[attr-defined]
    content = read_pdf(saved(pages_pdf([stream(text(f"side {number}")) for number in range(1, 11)])))
    assert [(page.page_number, page.words[1].text) for page in content.pages] == [(n, str(n)) for n in range(1, 11)]
    assert [process.returncode is not None for process in started] == [True] * 3


def test_several_processes_give_the_bookmarks_and_the_damaged_page(monkeypatch: pytest.MonkeyPatch) -> None:
    one = read_pdf(PDFS / "damaged-page.pdf", limits=Limits(processes=1))
    monkeypatch.setattr(pdf, "BYTES_A_PROCESS", 1)
    monkeypatch.setattr(pdf.os, "cpu_count", lambda: 4)  # type: ignore[attr-defined]
    assert one.damaged == (2,)
    assert one.outline
    assert read_pdf(PDFS / "damaged-page.pdf") == one


def test_the_process_has_ended_when_the_file_is_read(started: list[subprocess.Popen[bytes]]) -> None:
    read_pdf(PDFS / "lo-every-line.pdf")
    assert {process.returncode is not None for process in started} == {True}


def test_modules_in_the_folder_that_one_stands_in_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise SystemExit('from the mail folder')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert len(read_pdf(PDFS / "lo-every-line.pdf").pages) == 3


def test_nothing_is_written_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    read_pdf(PDFS / "damaged-page.pdf")
    assert capfd.readouterr() == ("", "")
