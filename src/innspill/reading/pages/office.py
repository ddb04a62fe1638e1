"""Word and OpenDocument reports -> PDF, by LibreOffice, which runs for this alone and reaches nothing outside.

A line number is a place on a page, and pages there are only once the text is set. Word's line numbering (`w:lnNumType`)
comes through LibreOffice, measured with 7.4, but for what holds for one section only: LibreOffice has one setting for
the whole document. So a copy of the report is mended before it is converted, and what cannot be mended is told.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import reduce
from math import gcd
from pathlib import Path
from typing import Literal

from lxml import etree

from innspill.errors import ReportError
from innspill.reading.pages.pdf import bare_environment, check_file
from innspill.records import Note

OfficeFormat = Literal["", "docx", "odt", "doc", "rtf", "locked"]
STAGE = "report"
SECONDS = 180
# Bytes of address space for LibreOffice, and of an unpacked .docx or .odt.
MEMORY, UNPACKED = 6_000_000_000, 1_000_000_000
SMALL_PART = 1_000_000  # bytes of a part that tells of the others
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What reading an archive raises when it is damaged, encrypted, or packed in a way of its own.
DAMAGED = (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError)
MAIN_PART = re.compile(r"word/document\d*\.xml")
PROGRAMS = ("soffice", "libreoffice")
USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
)
# No macros, no links followed, no active content; and a proxy that nobody is, for what would still go out.
SCRIPTING, INTERNET = "/org.openoffice.Office.Common/Security/Scripting", "/org.openoffice.Inet/Settings"
REGISTRY = (
    (SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    (SCRIPTING, "DisableMacrosExecution", "true"),
    (SCRIPTING, "DisableActiveContent", "true"),
    (SCRIPTING, "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    (INTERNET, "ooInetProxyType", "2"),
    (INTERNET, "ooInetHTTPProxyName", "127.0.0.1"),
    (INTERNET, "ooInetHTTPProxyPort", "9"),
    (INTERNET, "ooInetHTTPSProxyName", "127.0.0.1"),
    (INTERNET, "ooInetHTTPSProxyPort", "9"),
)
# Sets the limit of memory in the new process and becomes LibreOffice there.
LIMITED = """import os, resource, sys
try:
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
except (ValueError, OSError):
    pass
os.execv(sys.argv[2], sys.argv[2:])
"""
# What stands before `w:suppressLineNumbers` in a paragraph's properties (ECMA-376, part 1, 17.3.1.26).
BEFORE_SUPPRESS = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr")
TRACKED = ("ins", "del", "moveFrom", "moveTo")
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Converted:
    """The PDF of a report, and what in it may not be as the report's own program shows it."""

    path: Path
    notes: tuple[Note, ...]


def is_office_file(path: Path) -> bool:
    """Whether a file is a text document of Word or OpenDocument, by what it holds and not by its name."""
    return bool(_format(path))


@contextmanager
def as_pdf(path: Path) -> Iterator[Converted]:
    """A report as PDF for the length of a ``with`` block: itself, or a conversion that is gone afterwards.

    Raises:
        ReportError: it is missing or empty, or cannot be converted.
    """
    check_file(path)
    if not is_office_file(path):
        yield Converted(path, ())
        return
    with tempfile.TemporaryDirectory(prefix="innspill-") as folder:
        yield convert_to_pdf(path, Path(folder))


def convert_to_pdf(path: Path, folder: Path, *, seconds: float = SECONDS) -> Converted:
    """Convert a .docx, .odt, .doc or .rtf report to PDF.

    Tracked changes are shown as accepted: that is how Word shows a document first («Simple Markup»), and how the lines
    of a report that was sent out are counted.

    Args:
        path: The report.
        folder: Where the PDF is written, under the report's own name.
        seconds: How long LibreOffice may take.

    Raises:
        ReportError: the report is locked or damaged; LibreOffice is not installed, fails, or takes too long.
    """
    kind = _format(path)
    if not kind:
        raise ReportError(f"The report {path} is no text document of Word or OpenDocument. Give a PDF or such a one.")
    if kind == "locked":
        raise ReportError(f"The report {path} is locked with a password. Save a copy without one, and run again.")
    program = _find_program(path)
    with tempfile.TemporaryDirectory(prefix="innspill-") as name:
        workshop = Path(name)
        office = _Office(program, workshop, path, seconds)
        notes: list[Note] = []
        if kind == "docx":
            source, told = _mend_docx(path, workshop / "report.docx")
        elif kind == "odt":
            source, told = _hide_changes_odt(path, workshop / "report.odt")
        else:
            source, told = _hide_changes_old(office, path, workshop / f"report.{kind}")
        notes.extend(Note("warning", STAGE, path.name, text) for text in told)
        made = office.convert(source, "pdf")
        target = folder / f"{path.stem}.pdf"
        shutil.copyfile(made, target)
    return Converted(target, (*notes, _note_on_lines(path, kind, target)))


def convert(data: bytes, kind: str, suffix: str, *, seconds: float = SECONDS) -> bytes:
    """The bytes of a document of another kind («doc») as those of one that can be read here («docx»).

    Raises:
        ReportError: LibreOffice is not installed, fails, or takes too long.
    """
    path = Path(f"document.{kind}")
    program = _find_program(path)
    with tempfile.TemporaryDirectory(prefix="innspill-") as name:
        source = Path(name) / path
        source.write_bytes(data)
        return _Office(program, Path(name), path, seconds).convert(source, suffix).read_bytes()


# What a file is ------------------------------------------------------------------------------------------------------


def _format(path: Path) -> OfficeFormat:
    """The kind of text document that a file holds; empty for any other file."""
    with path.open("rb") as file:
        head = file.read(8)
        if head.startswith(b"{\\rtf"):
            return "rtf"
        if head == OLE:
            content = file.read()
            if "EncryptedPackage".encode("utf-16-le") in content:
                return "locked"
            return "doc" if "WordDocument".encode("utf-16-le") in content else ""
    if not head.startswith(b"PK"):
        return ""
    try:
        with zipfile.ZipFile(path) as archive:
            return _zip_format(archive)
    except (KeyError, zlib.error, *DAMAGED):
        return ""


def _zip_format(archive: zipfile.ZipFile) -> OfficeFormat:
    names = archive.namelist()
    if any(MAIN_PART.fullmatch(name) for name in names):
        return "docx"
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > 200:
        return ""
    if not archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.text"):
        return ""
    listed = "META-INF/manifest.xml"
    small = listed in names and archive.getinfo(listed).file_size < SMALL_PART
    manifest = archive.read(listed) if small else b""
    return "locked" if b"encryption-data" in manifest else "odt"


# LibreOffice ---------------------------------------------------------------------------------------------------------


def _find_program(path: Path) -> str:
    for name in (*PROGRAMS, *USUAL_PLACES):
        if found := shutil.which(name):
            return found
    raise ReportError(
        f"The report {path} is a document of a word processor, and LibreOffice, which turns it into pages, was not "
        "found. Install LibreOffice (libreoffice.org), or save the report as PDF from Word, with line numbers on, and "
        "give the PDF."
    )


@dataclass(frozen=True, slots=True)
class _Office:
    """LibreOffice with a profile of its own in `workshop`, for the report at `path`."""

    program: str
    workshop: Path
    path: Path
    seconds: float

    def convert(self, source: Path, suffix: str) -> Path:
        """Convert a file to another format.

        Raises:
            ReportError: LibreOffice failed, or took more than the seconds that it has.
        """
        profile, out = self.workshop / "profile", self.workshop / "out"
        if not profile.exists():
            (profile / "user").mkdir(parents=True)
            (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
        command = [
            self.program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo",
            "--nolockcheck", "--convert-to", suffix, "--outdir", str(out), str(source),
        ]  # fmt: skip
        self._run(command)
        made = out / f"{source.stem}.{suffix}"
        if not made.is_file() or not made.stat().st_size:
            raise ReportError(
                f"LibreOffice could not convert the report {self.path}. It may be damaged or locked with a password. "
                "Open it in the program that it was written in, save it as PDF, and give the PDF."
            )
        return made

    def _run(self, command: Sequence[str]) -> None:
        """Run to the end, or end it with all that it has started."""
        apart = sys.platform != "win32"
        limited = [sys.executable, "-I", "-c", LIMITED, str(MEMORY)] if apart else []
        process = subprocess.Popen(
            [*limited, *command],
            cwd=self.workshop,
            env=bare_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=apart,
        )
        try:
            process.wait(timeout=self.seconds)
        except subprocess.TimeoutExpired as error:
            raise ReportError(
                f"LibreOffice did not finish converting the report {self.path} in {self.seconds:.0f} seconds. Save the "
                "report as PDF from the program that it was written in, and give the PDF."
            ) from error
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what still runs of a process and its children, which LibreOffice's starter may leave to themselves."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    process.wait()


def _registry() -> str:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, name, value in REGISTRY
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"{items}</oor:items>\n"
    )


def _note_on_lines(path: Path, kind: OfficeFormat, made: Path) -> Note:
    """That LibreOffice broke the lines: a report's numbers hold only for pages that are set as its readers saw them."""
    import pikepdf

    with pikepdf.open(made) as document:
        n_pages = len(document.pages)
    stored = _stored_pages(path) if kind == "docx" else None
    text = (
        "The lines are as LibreOffice breaks them, and may be broken elsewhere than in what was sent out. If a PDF was "
        "sent out, give that one."
    )
    if stored is None:
        return Note("warning", STAGE, path.name, text)
    if stored == n_pages:
        return Note("info", STAGE, path.name, f"{text} There are as many pages as the program that saved it counted.")
    differ = f"The report had {stored} pages when it was saved and has {n_pages} now, so that line numbers differ. "
    return Note("warning", STAGE, path.name, differ + text)


def _stored_pages(path: Path) -> int | None:
    """The number of pages that Word noted when the report was saved."""
    try:
        with zipfile.ZipFile(path) as archive:
            properties = archive.getinfo("docProps/app.xml")
            content = archive.read(properties) if properties.file_size < SMALL_PART else b""
    except (KeyError, zlib.error, *DAMAGED):
        return None
    found = re.search(rb"<(?:\w+:)?Pages>(\d{1,6})</", content)
    return int(found.group(1)) if found and int(found.group(1)) else None


# Before conversion ---------------------------------------------------------------------------------------------------


def _mend_docx(path: Path, copy: Path) -> tuple[Path, list[str]]:
    """A copy that LibreOffice numbers as Word does and that shows changes as accepted; what it cannot do so is told."""
    with _unpack(path) as archive:
        names = archive.namelist()
        main = next(name for name in names if MAIN_PART.fullmatch(name))
        body = _read_xml(archive, main, path)
        before = etree.tostring(body)
        told = _mend_numbering(body)
        changed = {} if etree.tostring(body) == before else {main: _as_part(body)}
        if _has_tracked_changes(body):
            changed |= _hide_changes_docx(archive, main, path)
            told.append(_about_changes())
        _repack(archive, changed, path, copy)
    return copy, told


def _unpack(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED as error:
        raise ReportError(f"The report {path} is damaged and cannot be unpacked. Save it again.") from error
    size = sum(item.file_size for item in archive.infolist())
    if size > UNPACKED:
        archive.close()
        raise ReportError(
            f"The report {path} unpacks to {size / 1e9:.1f} GB; innspill reads up to {UNPACKED / 1e9:.0f}. Make its "
            "pictures smaller, or save it as PDF and give the PDF."
        )
    return archive


def _read(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    try:
        return archive.read(name)
    except (KeyError, zlib.error, *DAMAGED) as error:
        raise ReportError(f"The report {path} is damaged: its part {name} cannot be read. Save it again.") from error


def _read_xml(archive: zipfile.ZipFile, name: str, path: Path) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(_read(archive, name, path), parser)
    except etree.XMLSyntaxError as error:
        raise ReportError(
            f"The report {path} is damaged: its part {name} is not well-formed XML ({error.msg}). Open it in the "
            "program that it was written in and save it again."
        ) from error


def _as_part(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _repack(archive: zipfile.ZipFile, changed: Mapping[str, bytes], path: Path, copy: Path) -> None:
    """Write an archive anew with some of its parts changed or added."""
    if not changed:
        shutil.copyfile(path, copy)
        return
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        names = dict.fromkeys((*archive.namelist(), *changed))
        for name in names:
            target.writestr(name, changed[name] if name in changed else _read(archive, name, path))


@dataclass(frozen=True, slots=True)
class _WordSection:
    """A section of a Word document: its paragraphs, and its line numbering, with what holds where nothing is said.

    `step` is 0 where the section has no line numbers. `start` counts from 0. `begins` is how the section begins: on a
    new page (``nextPage``, the default) or on the same (``continuous``).
    """

    paragraphs: tuple[etree._Element, ...]
    setting: etree._Element | None
    step: int
    restart: str
    start: int
    begins: str


def _mend_numbering(body: etree._Element) -> list[str]:
    """Give a document one line numbering that holds for all its sections; what is lost by that."""
    namespace = _namespace(body)
    sections = _sections(body, namespace)
    numbered = [section for section in sections if section.step]
    if not numbered:
        return []
    told = []
    for section in sections:
        if not section.step:
            _suppress(section, namespace)
    common = reduce(gcd, (section.step for section in numbered))
    if any(section.step != common for section in numbered):
        told.append(
            f"Word prints line numbers at different steps in its sections; here every {common}. one is printed. The "
            "numbers are the same."
        )
        for section in numbered:
            if section.setting is not None:
                section.setting.set(f"{namespace}countBy", str(common))
    restarts = {section.restart for section in numbered}
    if "newPage" in restarts and len(restarts) > 1:
        told.append(
            "Word begins line numbers anew on each page in some sections and not in others. LibreOffice cannot, so "
            "that NUMBERS DIFFER from what readers of the Word file see. Save the report as PDF from Word and give "
            "that."
        )
    if any(section.restart == "newSection" and section.begins == "continuous" for section in sections[1:]):
        told.append(
            "Word begins line numbers anew with sections that begin in the middle of a page. LibreOffice does so with "
            "those that begin on a new page alone, so that NUMBERS DIFFER from what readers of the Word file see. Save "
            "the report as PDF from Word and give that."
        )
    if any(section.restart == "newPage" and section.start for section in numbered):
        told.append(
            "Word begins line numbers on each page at another number than 1. LibreOffice does so on the first page "
            "alone, so that NUMBERS DIFFER on the others. Save the report as PDF from Word and give that."
        )
    return told


def _sections(body: etree._Element, namespace: str) -> list[_WordSection]:
    """The sections in order; the properties of each stand in its last paragraph, the last one's at the end."""
    sections, paragraphs = [], []
    for element in body.iter(f"{namespace}p", f"{namespace}sectPr"):
        if element.tag == f"{namespace}p":
            paragraphs.append(element)
        elif f"{namespace}sectPrChange" not in (parent.tag for parent in element.iterancestors()):
            sections.append(_section(paragraphs, element, namespace))
            paragraphs = []
    return sections


def _section(paragraphs: Sequence[etree._Element], properties: etree._Element, namespace: str) -> _WordSection:
    setting = properties.find(f"{namespace}lnNumType")
    kind = properties.find(f"{namespace}type")
    values = {} if setting is None else {etree.QName(key).localname: str(value) for key, value in setting.items()}
    return _WordSection(
        paragraphs=tuple(paragraphs),
        setting=setting,
        step=_integer(values.get("countBy", "0")),
        restart=values.get("restart", "newPage"),
        start=_integer(values.get("start", "0")),
        begins="nextPage" if kind is None else str(kind.get(f"{namespace}val", "nextPage")),
    )


def _integer(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,5}", text) else 0


def _suppress(section: _WordSection, namespace: str) -> None:
    """Say of each paragraph that its lines are not counted."""
    tag = f"{namespace}suppressLineNumbers"
    for paragraph in section.paragraphs:
        properties = paragraph.find(f"{namespace}pPr")
        if properties is None:
            properties = etree.Element(f"{namespace}pPr")
            paragraph.insert(0, properties)
        for old in properties.findall(tag):
            properties.remove(old)
        before = {f"{namespace}{name}" for name in BEFORE_SUPPRESS}
        properties.insert(sum(child.tag in before for child in properties), etree.Element(tag))


def _namespace(element: etree._Element) -> str:
    """The namespace of Word's elements, in braces: files saved as «Strict Open XML» have another than most."""
    return f"{{{etree.QName(element).namespace}}}"


def _has_tracked_changes(body: etree._Element) -> bool:
    namespace = _namespace(body)
    return next(body.iter(*(f"{namespace}{name}" for name in TRACKED)), None) is not None


def _about_changes() -> str:
    return (
        "The report has tracked changes. It was read as if all were accepted; if it was sent out with the changes "
        "shown, its lines were others."
    )


def _hide_changes_docx(archive: zipfile.ZipFile, main: str, path: Path) -> dict[str, bytes]:
    """The parts that make LibreOffice show changes as accepted: the settings, with what else names them if new."""
    namespace = _namespace(_read_xml(archive, main, path))
    settings = "word/settings.xml"
    changed: dict[str, bytes] = {}
    if settings in archive.namelist():
        root = _read_xml(archive, settings, path)
    else:
        root = etree.Element(f"{namespace}settings", nsmap={"w": namespace.strip("{}")})
        changed |= _declare_settings(archive, main, namespace, path)
    for old in root.findall(f"{namespace}revisionView"):
        root.remove(old)
    view = etree.Element(f"{namespace}revisionView")
    view.set(f"{namespace}markup", "0")
    view.set(f"{namespace}insDel", "0")
    root.insert(0, view)
    changed[settings] = _as_part(root)
    return changed


def _declare_settings(archive: zipfile.ZipFile, main: str, namespace: str, path: Path) -> dict[str, bytes]:
    """The list of contents and the relations of the text, with a part for settings put in."""
    names = archive.namelist()
    relations = f"word/_rels/{main.removeprefix('word/')}.rels"
    content = _read_xml(archive, "[Content_Types].xml", path)
    override = etree.SubElement(content, f"{_namespace(content)}Override")
    override.set("PartName", "/word/settings.xml")
    override.set("ContentType", "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml")
    if relations in names:
        listed = _read_xml(archive, relations, path)
    else:
        listed = etree.fromstring(f'<Relationships xmlns="{RELATIONS}"/>')
    relation = etree.SubElement(listed, f"{{{RELATIONS}}}Relationship")
    strict = "purl.oclc.org" in namespace
    kind = "http://purl.oclc.org/ooxml/" if strict else "http://schemas.openxmlformats.org/"
    relation.set("Id", "rIdSettingsOfCopy")
    relation.set("Type", f"{kind}officeDocument/{'' if strict else '2006/'}relationships/settings")
    relation.set("Target", "settings.xml")
    return {"[Content_Types].xml": _as_part(content), relations: _as_part(listed)}


def _hide_changes_odt(path: Path, copy: Path) -> tuple[Path, list[str]]:
    """A copy of an OpenDocument text that shows changes as accepted, and that it does."""
    with _unpack(path) as archive:
        tracked = b"<text:tracked-changes" in _read(archive, "content.xml", path)
        settings = _read(archive, "settings.xml", path) if "settings.xml" in archive.namelist() else b""
        shown = re.compile(rb'(config:name="ShowRedlineChanges"[^>]*>)true')
        changed = {"settings.xml": shown.sub(rb"\1false", settings)} if tracked and settings else {}
        _repack(archive, changed, path, copy)
    return copy, [_about_changes()] if tracked else []


def _hide_changes_old(office: _Office, path: Path, copy: Path) -> tuple[Path, list[str]]:
    """A copy of a .doc or .rtf; where it has tracked changes, as OpenDocument that shows them as accepted.

    A document without is converted straight from its own format, since each step may set it otherwise.
    """
    shutil.copyfile(path, copy)
    open_document = office.convert(copy, "odt")
    mended, told = _hide_changes_odt(open_document, office.workshop / "report.odt")
    return (mended, told) if told else (copy, [])
