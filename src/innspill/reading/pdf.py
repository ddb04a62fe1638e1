"""PDF -> words with boxes, ruling lines, outline: the door to a PDF, which is opened in a process of its own.

A report may come from anywhere, and a letter in a mailbox from anybody. What reads them is a large C++ library, so
`read_pdf` has a child process do it (`pdf_worker.py`): a crash, a hang or a bomb ends the child, never the run. The
child sends page after page; characters, fonts and pictures never reach this process.
"""

import marshal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

from innspill.errors import ReportError

# The child's whole program. It looks for modules where this process does, but not in the folder that it is started in.
BOOTSTRAP = "import sys; sys.path[:] = sys.argv[3:]; from innspill.reading.pdf_worker import main; main()"
FRAME_HEAD = 8  # bytes, big-endian: the length of the frame that follows


class Word(NamedTuple):
    """A run of characters without a space. Points, origin top left; `height` is the font's size, not the ink's."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    height: float
    bold: bool


class Rule(NamedTuple):
    """A straight ruling line, or an edge of a drawn box, level or upright. Points, origin top left.

    The shorter side is its thickness: 0 for a line that is drawn with a pen, however broad.
    """

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The words and rules of one page, in the file's own order, with the page's size and label in the file.

    `is_cut` tells that only the first characters of the page were read, since it holds more than the limit.
    """

    page_number: int
    label: str
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]
    has_images: bool
    is_cut: bool = False

    @property
    def has_rules(self) -> bool:
        """Whether a ruling line is drawn on the page."""
        return bool(self.rules)


class OutlineEntry(NamedTuple):
    """A bookmark of the PDF: its title, level (1 at the top) and 1-based page."""

    title: str
    level: int
    page_number: int


@dataclass(frozen=True, slots=True)
class PdfContent:
    """All that is read of a PDF. `damaged` and `limited` are 1-based page numbers.

    Pages in `damaged` could not be unpacked to their end, and show what came before; of those in `limited`, only the
    first characters were read, since they hold more than `Limits.page_characters`.
    """

    pages: tuple[PdfPage, ...]
    outline: tuple[OutlineEntry, ...]
    damaged: tuple[int, ...]
    limited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a PDF is read before it is given up. The defaults are far above any report.

    Attributes:
        pages: Pages; a longer file is refused.
        characters: Characters of the whole file; a longer one is refused.
        page_characters: Characters of a page; the rest of the page is not read, and the page is named.
        page_objects: Drawn things of a page that are looked at for ruling lines and pictures; text is not limited.
        page_rules: Ruling lines of a page that are kept, the first ones.
        page_seconds: Seconds that may pass without another finished page.
        seconds: Seconds for the whole file.
        memory: Bytes of address space for the process that reads, where the system can set a limit (not on Windows).
    """

    pages: int = 5_000
    characters: int = 20_000_000
    page_characters: int = 200_000
    page_objects: int = 50_000
    page_rules: int = 2_000
    page_seconds: float = 60.0
    seconds: float = 900.0
    memory: int = 2_000_000_000


LIMITS = Limits()


def read_pdf(path: Path, *, limits: Limits = LIMITS) -> PdfContent:
    """Read the words, ruling lines and bookmarks of a PDF, in a process of its own.

    Raises:
        ReportError: the file is missing, empty, locked with a password, damaged, no PDF, or over one of the limits.
    """
    check_file(path)
    pages: list[PdfPage] = []
    outline: tuple[OutlineEntry, ...] = ()
    damaged: tuple[int, ...] = ()
    with _Reader(path, limits) as reader:
        for kind, content in reader.frames():
            if kind == "page":
                pages.append(_page(*content))
            elif kind == "outline":
                outline = tuple(map(OutlineEntry._make, content))
            elif kind == "damaged":
                damaged = tuple(content)
    limited = tuple(page.page_number for page in pages if page.is_cut)
    return PdfContent(tuple(pages), outline, damaged, limited)


def _page(
    page_number: int,
    label: str,
    size: tuple[float, float],
    words: Iterable[Iterable[Any]],
    rules: Iterable[Iterable[Any]],
    has_images: bool,
    is_cut: bool,
) -> PdfPage:
    """A page from what the child sends of it."""
    return PdfPage(
        page_number, label, *size, tuple(map(Word._make, words)), tuple(map(Rule._make, rules)), has_images, is_cut
    )


def check_file(path: Path) -> None:
    """See that there is something to read.

    Raises:
        ReportError: the file is missing or empty.
    """
    if not path.is_file():
        raise ReportError(f"There is no report at {path}. Check the key 'report' in consultation.toml, or --report.")
    if path.stat().st_size == 0:
        raise ReportError(f"The report {path} is an empty file (0 bytes). Export it to PDF again.")


class _Reader:
    """The child process that reads, and the watch over it. Leaving its ``with`` block ends it, come what may."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        self._pages_read, self._n_pages = 0, 0
        self._started = self._last_page = time.monotonic()
        self._over_time = ""
        self._left = threading.Event()
        self._watch = threading.Thread(target=self._watch_time, daemon=True)

    def __enter__(self) -> Self:
        program = [sys.executable or "python", "-I", "-X", "utf8", "-c", BOOTSTRAP]
        modules = [*filter(None, sys.path), str(Path(__file__).parents[2])]
        try:
            self._process = subprocess.Popen(
                [*program, str(self._path), repr(asdict(self._limits)), *modules],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise ReportError(
                f"The report {self._path} cannot be read: the process that reads PDFs did not start ({error}). "
                "Close other programs and run again."
            ) from error
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._process.kill()
        self._process.wait()
        self._watch.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def frames(self) -> Iterator[tuple[str, Any]]:
        """What the child sends, one kind and content at a time.

        Raises:
            ReportError: the child says why it cannot go on, or ends before it says that it is done.
        """
        assert self._process.stdout is not None
        while (frame := _read_frame(self._process.stdout)) is not None:
            kind, content = frame
            if kind == "error":
                raise ReportError(content)
            if kind == "done":
                return
            if kind == "start":
                self._n_pages = content
            self._pages_read += kind == "page"
            self._last_page = time.monotonic()
            yield kind, content
        raise ReportError(self._why_it_ended())

    def _watch_time(self) -> None:
        """End the child when it has taken too long: its pipe closes, and whoever waits for a page goes on."""
        while not self._over_time:
            whole = self._started + self._limits.seconds
            page = self._last_page + self._limits.page_seconds
            left = min(whole, page) - time.monotonic()
            if left > 0:
                if self._left.wait(left):
                    return
            elif whole <= page:
                self._over_time = f"the file takes more than {self._limits.seconds:g} seconds"
            else:
                self._over_time = f"this takes more than {self._limits.page_seconds:g} seconds"
        self._process.kill()

    def _why_it_ended(self) -> str:
        code = self._process.wait()
        at_end = self._n_pages and self._pages_read == self._n_pages
        where = "at its bookmarks" if at_end else f"at page {self._pages_read + 1}" if self._n_pages else "at its start"
        why = self._over_time or f"the PDF library broke down or ran out of memory, exit status {code}"
        return (
            f"The report {self._path} cannot be read: reading stopped {where} ({why}). "
            "Export it to PDF again from the program that it was written in, or print it to a new PDF."
        )


def _read_frame(stream: IO[bytes]) -> tuple[str, Any] | None:
    """One message of the child; ``None`` where it ended, be it in the middle of one."""
    head = stream.read(FRAME_HEAD)
    length = int.from_bytes(head, "big")
    body = stream.read(length) if len(head) == FRAME_HEAD else b""
    return marshal.loads(body) if body and len(body) == length else None


def __getattr__(name: str) -> Any:  # noqa: ANN401 - until callers have moved to read_pdf
    if name in ("open_pdf", "read_pages", "read_outline", "find_damaged_pages"):
        return getattr(import_module("innspill.reading.pdfium"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
