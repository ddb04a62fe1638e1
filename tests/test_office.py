"""Reports from word processors: what they are known by, how they become PDF, and what never happens on the way."""

import json
import os
import re
import shutil
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from innspill.errors import ReportError
from innspill.reading.pages import office
from innspill.reading.pages.office import convert_to_pdf, is_office_file
from innspill.reading.pages.pdf import Word
from innspill.reading.pages.pdfium import open_pdf, read_pages
from innspill.reading.report import read_report
from reports import bare

HAS_OFFICE = any(shutil.which(name) for name in (*office.PROGRAMS, *office.USUAL_PLACES))
DOCX = Path(__file__).parent / "office"
TRUTH = json.loads((DOCX / "truth.json").read_text(encoding="utf-8"))
with_office = pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="stands in for LibreOffice with a shell script")

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
AUTHOR = 'w:id="1" w:author="Kari Lie" w:date="2026-01-01T00:00:00Z"'
PAGE = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417"/>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbering(**settings: object) -> str:
    return "<w:lnNumType " + " ".join(f'w:{name}="{value}"' for name, value in settings.items()) + "/>"


def section(line_numbers: str = "") -> str:
    return f"<w:sectPr>{PAGE}{line_numbers}</w:sectPr>"


def ending(line_numbers: str = "") -> str:
    """The last paragraph of a section, with the section's properties."""
    return paragraph("slutt", section(line_numbers))


def lines(*names: str) -> str:
    return "".join(paragraph(name) for name in names)


def docx(path: Path, body: str, *, settings: bool = True, relations: str = "", pages: int | None = None) -> Path:
    kinds = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    kinds += '<Default Extension="xml" ContentType="application/xml"/>'
    kinds += f'<Override PartName="/word/document.xml" ContentType="{TYPES}.document.main+xml"/>'
    main = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    parts = {}
    if settings:
        kinds += f'<Override PartName="/word/settings.xml" ContentType="{TYPES}.settings+xml"/>'
        relations += f'<Relationship Id="r2" Type="{OFFICE}/settings" Target="settings.xml"/>'
        parts["word/settings.xml"] = f'<w:settings xmlns:w="{MAIN}"><w:trackRevisions/></w:settings>'
    if pages:
        parts["docProps/app.xml"] = f"<Properties><Pages>{pages}</Pages></Properties>"
    parts["[Content_Types].xml"] = f'<Types xmlns="{PACKAGE}/content-types">{kinds}</Types>'
    parts["_rels/.rels"] = f'<Relationships xmlns="{PACKAGE}/relationships">{main}</Relationships>'
    parts["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
    )
    parts["word/document.xml"] = (
        f'<w:document xmlns:w="{MAIN}" xmlns:r="{OFFICE}" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>{body}</w:body></w:document>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def words_of(path: Path) -> list[list[Word]]:
    document = open_pdf(path)
    try:
        return [list(page.words) for page in read_pages(document, path)]
    finally:
        document.close()


def shown(path: Path) -> list[str]:
    """The rows of a PDF as text, each with the number beside it, from the first page to the last."""
    rows = []
    for words in words_of(path):
        by_baseline: dict[int, list[Word]] = {}
        for word in words:
            by_baseline.setdefault(round(word.baseline), []).append(word)
        rows += [
            " ".join(word.text for word in sorted(by_baseline[key], key=lambda word: word.x0))
            for key in sorted(by_baseline)
        ]
    return rows


def convert(path: Path) -> tuple[list[str], str]:
    """The rows of a report's PDF, and all that is told of the conversion."""
    made = convert_to_pdf(path, path.parent)
    return shown(made.path), " ".join(note.text for note in made.notes)


def converted(path: Path) -> list[str]:
    return convert(path)[0]


# What a file is ------------------------------------------------------------------------------------------------------


def open_document(path: Path, *, kind: str = "text", manifest: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def ole(path: Path, stream: str) -> Path:
    path.write_bytes(office.OLE + bytes(504) + stream.encode("utf-16-le") + bytes(512))
    return path


def test_text_documents_are_known_by_what_they_hold_and_not_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"{\\rtf1 hei}")
    files = [
        docx(tmp_path / "report.pdf", lines("en")),
        open_document(tmp_path / "report.zip"),
        ole(tmp_path / "report.dat", "WordDocument"),
        tmp_path / "a.txt",
    ]
    assert all(map(is_office_file, files))


def test_other_files_are_not_taken_for_text_documents(tmp_path: Path) -> None:
    for name, content in {
        "a.docx": b"%PDF-1.7",
        "b.docx": b"",
        "c.docx": b"PK\x03\x04broken",
        "d.doc": b"Hei!",
    }.items():
        (tmp_path / name).write_bytes(content)
    with zipfile.ZipFile(tmp_path / "e.docx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    open_document(tmp_path / "f.odt", kind="spreadsheet")
    ole(tmp_path / "g.doc", "Workbook")
    assert [path.name for path in tmp_path.iterdir() if is_office_file(path)] == []


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_a_document_with_a_password_is_told_so(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"report.{kind}"
    if kind == "docx":
        ole(path, "EncryptedPackage")
    else:
        open_document(path, manifest="<manifest:encryption-data/>")
    with pytest.raises(ReportError, match="locked with a password"):
        convert_to_pdf(path, tmp_path)


def test_a_file_that_is_no_text_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(b"Hei!")
    with pytest.raises(ReportError, match="no text document"):
        convert_to_pdf(tmp_path / "report.docx", tmp_path)


# Without LibreOffice, or with one that fails -------------------------------------------------------------------------


def pretend(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let a shell script stand in for LibreOffice."""
    programs = folder / "programs"
    programs.mkdir()
    program = programs / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


def test_without_libreoffice_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "USUAL_PLACES", ())
    with pytest.raises(
        ReportError, match=r"Install LibreOffice .* or save the report as PDF from Word, with line numbers on"
    ):
        convert_to_pdf(docx(tmp_path / "report.docx", lines("en")), tmp_path)


@on_posix
def test_a_conversion_that_gives_no_pdf_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(tmp_path, monkeypatch, "exit 0")
    with pytest.raises(ReportError, match="could not convert the report"):
        convert_to_pdf(docx(tmp_path / "report.docx", lines("en")), tmp_path)
    assert not (tmp_path / "report.pdf").exists()


@on_posix
def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(tmp_path, monkeypatch, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(ReportError, match="did not finish"):
        convert_to_pdf(docx(tmp_path / "report.docx", lines("en")), tmp_path, seconds=1)
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(child)


def is_running(process_id: int) -> bool:
    """Whether a process lives; one that has ended and waits for its parent to notice does not."""
    status = Path(f"/proc/{process_id}/stat")
    if Path("/proc/self/stat").exists():
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


@on_posix
@pytest.mark.parametrize("body", ["<w:p>", "&entity;"])
def test_a_damaged_document_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    pretend(tmp_path, monkeypatch, "exit 0")
    with pytest.raises(ReportError, match=r"report\.docx is damaged: its part word/document\.xml"):
        convert_to_pdf(docx(tmp_path / "report.docx", body), tmp_path)


@on_posix
def test_a_document_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(tmp_path, monkeypatch, "exit 0")
    monkeypatch.setattr(office, "UNPACKED", 1_000_000)
    with pytest.raises(ReportError, match="unpacks to"):
        convert_to_pdf(docx(tmp_path / "report.docx", lines("en" * 1_000_000)), tmp_path)


# Line numbers of Word ------------------------------------------------------------------------------------------------

BREAK = "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>ny side</w:t></w:r></w:p>"


@with_office
@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"countBy": 1, "restart": "continuous"}, ["1 en", "2 to", "3 ny side", "4 tre"]),
        ({"countBy": 2, "restart": "continuous"}, ["en", "2 to", "ny side", "4 tre"]),
        ({"countBy": 1, "restart": "newPage"}, ["1 en", "2 to", "1 ny side", "2 tre"]),
        ({"countBy": 1}, ["1 en", "2 to", "1 ny side", "2 tre"]),
        # Word stores one less than what its dialogue says.
        ({"countBy": 1, "start": 99, "restart": "continuous"}, ["100 en", "101 to", "102 ny side", "103 tre"]),
    ],
)
def test_the_line_numbering_of_word_reaches_the_pdf(
    tmp_path: Path, setting: dict[str, object], expected: list[str]
) -> None:
    path = docx(tmp_path / "report.docx", lines("en", "to") + BREAK + lines("tre") + section(numbering(**setting)))
    assert converted(path) == expected


@with_office
@pytest.mark.parametrize("name", ["lo-fifth", "lo-page", "word-every-line", "word-fifth-page"])
def test_a_report_by_a_word_processor_has_the_numbers_of_its_program(name: str) -> None:
    report = read_report(DOCX / f"{name}.docx")
    rows = [row for page in TRUTH[name]["pages"] for row in page["lines"] if row[2]]
    assert [(line.number, bare(line.span.of(report.text))) for line in report.lines] == [
        (number, bare(text)) for number, _, text in rows
    ]


@with_office
def test_sections_that_begin_anew_within_a_page_are_told() -> None:
    report = read_report(DOCX / "word-section.docx")
    assert any("sections that begin in the middle of a page" in note.text for note in report.notes)


@with_office
def test_paragraphs_that_word_does_not_count_are_not_counted(tmp_path: Path) -> None:
    body = lines("en") + paragraph("to", "<w:suppressLineNumbers/>") + lines("tre")
    path = docx(tmp_path / "report.docx", body + section(numbering(countBy=1, restart="continuous")))
    assert converted(path) == ["1 en", "to", "2 tre"]


@with_office
def test_a_section_without_line_numbers_has_none_beside_one_that_has(tmp_path: Path) -> None:
    last = numbering(countBy=1, restart="newSection")
    path = docx(tmp_path / "report.docx", lines("forord") + ending() + lines("en", "to") + section(last))
    assert converted(path) == ["forord", "slutt", "1 en", "2 to"]


@with_office
def test_numbers_that_begin_anew_with_a_section_run_over_its_pages(tmp_path: Path) -> None:
    anew = numbering(countBy=1, restart="newSection")
    body = lines("en") + BREAK + ending(anew) + lines("to") + BREAK + section(anew)
    assert converted(docx(tmp_path / "report.docx", body)) == ["1 en", "2 ny side", "3 slutt", "1 to", "2 ny side"]


@with_office
def test_sections_with_different_steps_have_the_numbers_of_both_and_it_is_told(tmp_path: Path) -> None:
    first, last = numbering(countBy=4, restart="continuous"), numbering(countBy=2, restart="continuous")
    path = docx(tmp_path / "report.docx", lines("en") + ending(first) + lines("tre", "fire") + section(last))
    rows, told = convert(path)
    assert rows == ["en", "2 slutt", "tre", "4 fire"]
    assert "different steps" in told


@with_office
@pytest.mark.parametrize(
    "settings",
    [
        ({"countBy": 1, "restart": "newPage"}, {"countBy": 1, "restart": "continuous"}),
        ({"countBy": 1, "restart": "newPage", "start": 9}, {"countBy": 1, "restart": "newPage", "start": 9}),
    ],
)
def test_line_numbering_that_libreoffice_cannot_do_is_told(
    tmp_path: Path, settings: tuple[dict[str, object], dict[str, object]]
) -> None:
    first, last = (numbering(**setting) for setting in settings)
    path = docx(tmp_path / "report.docx", lines("en") + ending(first) + lines("to") + section(last))
    assert "NUMBERS DIFFER" in convert(path)[1]


@with_office
@pytest.mark.parametrize(("stored", "severity"), [(None, "warning"), (2, "info"), (3, "warning")])
def test_a_document_with_more_pages_than_its_program_counted_is_warned_of(
    tmp_path: Path, stored: int | None, severity: str
) -> None:
    path = docx(tmp_path / "report.docx", lines("en") + BREAK + section(), pages=stored)
    notes = convert_to_pdf(path, tmp_path).notes
    assert [(note.severity, note.file) for note in notes] == [(severity, "report.docx")]
    assert ("had 3 pages when it was saved and has 2 now" in notes[0].text) == (stored == 3)


# Tracked changes -----------------------------------------------------------------------------------------------------

CHANGED = (
    lines("en")
    + f'<w:p><w:r><w:t xml:space="preserve">vi </w:t></w:r><w:del {AUTHOR}><w:r><w:delText>mente</w:delText></w:r></w:del>'
    + f"<w:ins {AUTHOR}><w:r><w:t>mener</w:t></w:r></w:ins></w:p>"
    + f"<w:p><w:pPr><w:rPr><w:del {AUTHOR}/></w:rPr></w:pPr>"
    + f"<w:del {AUTHOR}><w:r><w:delText>borte</w:delText></w:r></w:del></w:p>"
    + lines("tre")
    + section(numbering(countBy=1, restart="continuous"))
)


@with_office
@pytest.mark.parametrize("settings", [True, False])
def test_tracked_changes_are_read_as_accepted_and_it_is_told(tmp_path: Path, settings: bool) -> None:
    path = docx(tmp_path / "report.docx", CHANGED, settings=settings)
    rows, told = convert(path)
    assert rows == ["1 en", "2 vi mener", "3 tre"]
    assert "as if all were accepted" in told


@with_office
def test_tracked_changes_of_rich_text_are_read_as_accepted_too(tmp_path: Path) -> None:
    path = tmp_path / "report.rtf"
    path.write_bytes(
        b"{\\rtf1\\ansi{\\*\\revtbl{Unknown;}{Kari Lie;}}\\pard vi "
        b"{\\deleted\\revauthdel1\\revdttmdel0 mente}{\\revised\\revauth1\\revdttm0 mener}\\par to\\par}"
    )
    rows, told = convert(path)
    assert rows == ["vi mener", "to"]
    assert "as if all were accepted" in told


@with_office
def test_the_report_itself_is_not_changed(tmp_path: Path) -> None:
    path = docx(tmp_path / "report.docx", CHANGED)
    before = path.read_bytes()
    convert_to_pdf(path, tmp_path)
    assert path.read_bytes() == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["report.docx", "report.pdf"]


# Nothing goes out, nothing comes in ----------------------------------------------------------------------------------


@pytest.fixture
def requests() -> Iterator[list[str]]:
    """The requests that a web server on this machine gets; the last entry made is not one, but its address."""
    got: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            got.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    got.append(f"http://127.0.0.1:{server.server_port}/picture.png")
    yield got
    server.shutdown()
    server.server_close()


def picture(target: str) -> tuple[str, str]:
    """A picture that is linked and not held: its paragraph, and its relation."""
    body = (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="b"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="b"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="r9"/><a:stretch>'
        '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/>'
        '</a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
        "</w:r></w:p>"
    )
    return body, f'<Relationship Id="r9" Type="{OFFICE}/image" Target="{target}" TargetMode="External"/>'


@with_office
def test_a_picture_on_the_web_is_not_fetched(
    tmp_path: Path, requests: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = requests.pop()
    body, relation = picture(address)
    path = docx(tmp_path / "report.docx", lines("en") + body + section(), relations=relation)
    assert converted(path) == ["en"]
    assert requests == []
    # Without our settings it would be: the test sees what it is to see.
    monkeypatch.setattr(office, "REGISTRY", ())
    convert_to_pdf(path, tmp_path)
    assert "/picture.png" in requests


@with_office
def test_a_picture_elsewhere_on_the_disk_is_not_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><text x="5" y="40">hemmelig</text></svg>'
    )
    body, relation = picture(secret.as_uri())
    path = docx(tmp_path / "report.docx", lines("en") + body + section(), relations=relation)
    size = len(convert_to_pdf(path, tmp_path).path.read_bytes())
    assert not has_picture(tmp_path / "report.pdf")
    monkeypatch.setattr(office, "REGISTRY", ())
    assert len(convert_to_pdf(path, tmp_path).path.read_bytes()) > size
    assert has_picture(tmp_path / "report.pdf")


def has_picture(path: Path) -> bool:
    document = open_pdf(path)
    try:
        page = next(read_pages(document, path))
        return page.has_images or any(re.search("hemmelig", word.text) for word in page.words)
    finally:
        document.close()
