"""PDF -> words with boxes, ruling lines, outline: the door to a PDF, which is opened in a process of its own.

A report may come from anywhere, and a letter in a mailbox from anybody. What reads them is a large C++ library, so
`read_pdf` has child processes do it (`pdf_worker.py`): a crash, a hang or a bomb ends the child, never the run. The
children send page after page; characters, fonts and pictures never reach this process.
"""

import marshal
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

from innspill.errors import ReportError

# The child's whole program. It looks for modules where this process does, but not in the folder that it is started in.
BOOTSTRAP = "import sys; sys.path[:] = sys.argv[3:]; from innspill.reading.pages.pdf_worker import main; main()"
MESSAGE_HEAD = 8  # bytes, big-endian: the length of the message that follows
BYTES_A_PROCESS = 50_000  # a tenth of a second to start a process is no gain on a smaller file


class Word(NamedTuple):
    """A run of characters without a space. Points, origin top left; `height` is the font's size, not the ink's.

    `spaced` tells that a space follows it in the file, however near the next word stands.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    height: float
    bold: bool
    spaced: bool = False


class Rule(NamedTuple):
    """A straight ruling line, or an edge of a drawn box, level or upright. Points, origin top left.

    The shorter side is its thickness: 0 for a line that is drawn with a pen, however broad.
    """

    x0: float
    top: float
    x1: float
    bottom: float


class Annotation(NamedTuple):
    """What a reader of the PDF put on a page: a mark over words, a note, words of their own.

    `kind` is PDF's own name for it, in small letters («highlight», «strikeout», «caret», «text»). `boxes` are the
    stretches of words that it marks, or the place that it stands at: x0, top, x1, bottom in points, origin top left.
    `reply_to` is the place of another one among the page's annotations that it answers, -1 for none; `is_grouped` tells
    that the two are one: the struck words and what is to stand instead.
    """

    kind: str
    text: str
    author: str
    subject: str
    boxes: tuple[tuple[float, float, float, float], ...]
    reply_to: int = -1
    is_grouped: bool = False


class Field(NamedTuple):
    """A filled field of a form: its name as shown to a reader, what was filled in, and its box, as `Word`'s."""

    label: str
    value: str
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The words and rules of one page, in the file's own order, with the page's size and label in the file.

    `is_cut` tells that only the first characters of the page were read, since it holds more than the limit. `askew` is
    what stands sideways or aslant beside the text, as a stamp or a watermark does, a string for each word.
    """

    page_number: int
    label: str
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]
    has_images: bool
    is_cut: bool = False
    askew: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    fields: tuple[Field, ...] = ()


class OutlineEntry(NamedTuple):
    """A bookmark of the PDF: its title, level (1 at the top) and 1-based page."""

    title: str
    level: int
    page_number: int


@dataclass(frozen=True, slots=True)
class PdfContent:
    """All that is read of a PDF. `damaged` and `limited` are 1-based page numbers.

    Pages in `damaged` could not be unpacked to their end, and show what came before; of those in `limited`, only the
    first characters were read, since they hold more than `Limits.page_characters`. `attached` are the names of the
    files that the PDF carries.
    """

    pages: tuple[PdfPage, ...]
    outline: tuple[OutlineEntry, ...]
    damaged: tuple[int, ...]
    limited: tuple[int, ...]
    attached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a PDF is read before it is given up. The defaults are far above any report.

    Attributes:
        pages: Pages; a longer file is refused.
        characters: Characters of the whole file; a longer one is refused.
        page_characters: Characters of a page; the rest of the page is not read, and the page is named.
        page_objects: Drawn things of a page that are looked at for ruling lines and pictures; text is not limited.
        page_rules: Ruling lines of a page that are kept, the first ones.
        page_annotations: Annotations and fields of a page that are looked at, the first ones.
        page_seconds: Seconds that may pass without another finished page.
        seconds: Seconds for the whole file.
        processes: Processes that read at a time, as far as the machine has processors and the file is large enough.
        memory: Bytes of address space for each process that reads, where the system can set a limit (not on Windows).
    """

    pages: int = 5_000
    characters: int = 20_000_000
    page_characters: int = 200_000
    page_objects: int = 50_000
    page_rules: int = 2_000
    page_annotations: int = 5_000
    page_seconds: float = 60.0
    seconds: float = 900.0
    processes: int = 4
    memory: int = 2_000_000_000


LIMITS = Limits()
# What a process needs of its surroundings to start; keys and passwords among the rest are not its business.
KEPT_VARIABLES = (
    "APPDATA", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "LOCALAPPDATA", "PATH", "PROGRAMDATA",
    "PROGRAMFILES", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "USERPROFILE",
)  # fmt: skip


def bare_environment() -> dict[str, str]:
    """The environment of a process that reads what a stranger may have written."""
    return {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}


def read_pdf(path: Path, *, limits: Limits = LIMITS) -> PdfContent:
    """Read the words, ruling lines and bookmarks of a PDF, in processes of their own.

    Raises:
        ReportError: the file is missing, empty, locked with a password, damaged, no PDF, or over one of the limits.
    """
    check_file(path)
    pages: list[PdfPage] = []
    with _Reader(path, limits) as reader:
        n_characters = 0
        for content in reader.pages():
            pages.append(_page(*content))
            n_characters += sum(len(word.text) for word in pages[-1].words)
            if n_characters > limits.characters:
                raise ReportError(
                    f"The report {path} holds more than {limits.characters} characters on its first {len(pages)} "
                    "pages; innspill reads no more. Split it and run each part by itself."
                )
        outline, attached, damaged = reader.rest()
    limited = tuple(page.page_number for page in pages if page.is_cut)
    return PdfContent(tuple(pages), tuple(map(OutlineEntry._make, outline)), tuple(damaged), limited, tuple(attached))


def _page(
    page_number: int,
    label: str,
    size: tuple[float, float],
    words: Iterable[Iterable[Any]],
    rules: Iterable[Iterable[Any]],
    has_images: bool,
    is_cut: bool,
    askew: Iterable[str],
    annotations: Iterable[Iterable[Any]],
    fields: Iterable[Iterable[Any]],
) -> PdfPage:
    """A page from what the child sends of it."""
    drawn = tuple(map(Word._make, words)), tuple(map(Rule._make, rules))
    put_on = tuple(map(Annotation._make, annotations)), tuple(map(Field._make, fields))
    return PdfPage(page_number, label, *size, *drawn, has_images, is_cut, tuple(askew), *put_on)


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
    """The processes that read, and the watch over them. Leaving its ``with`` block ends them, come what may.

    Each of several processes reads every so manieth page, so that their pages come in turn, at the pace at which they
    are taken.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        self._n_processes = min(limits.processes, os.cpu_count() or 1, 1 + path.stat().st_size // BYTES_A_PROCESS)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._n_pages, self._pages_read = 0, 0
        self._started = self._last_page = time.monotonic()
        self._over_time = ""
        self._left = threading.Event()
        self._watch = threading.Thread(target=self._watch_time, daemon=True)

    def __enter__(self) -> Self:
        try:
            for number in range(self._n_processes):
                self._processes.append(self._start(number))
        except BaseException as error:
            self._end()
            if isinstance(error, OSError):
                raise ReportError(
                    f"The report {self._path} cannot be read: the process that reads PDFs did not start ({error}). "
                    "Close other programs and run again."
                ) from error
            raise
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._end()
        self._watch.join()

    def pages(self) -> Iterator[tuple[Any, ...]]:
        """The pages in order, as the fields of `_page`.

        Raises:
            ReportError: a process says why it cannot go on, or ends before it should.
        """
        counts = [self._next(process) for process in self._processes]
        self._n_pages = counts[0]
        for index in range(self._n_pages):
            page = self._next(self._processes[index % self._n_processes])
            self._pages_read = index + 1
            self._last_page = time.monotonic()
            yield page

    def rest(self) -> tuple[list[tuple[Any, ...]], list[str], list[int]]:
        """The bookmarks and the names of attached files, from the first process, and the damaged pages, from the last.

        Raises:
            ReportError: as `pages`.
        """
        outline, attached = self._next(self._processes[0])
        return outline, attached, self._next(self._processes[-1])

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        program = [sys.executable or "python", "-I", "-X", "utf8", "-c", BOOTSTRAP]
        task = repr({"limits": asdict(self._limits), "first": number, "step": self._n_processes})
        modules = [*filter(None, sys.path), str(Path(__file__).parents[3])]
        return subprocess.Popen(
            [*program, str(self._path), task, *modules],
            env=bare_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _end(self) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            assert process.stdout is not None
            process.stdout.close()

    def _next(self, process: subprocess.Popen[bytes]) -> Any:  # noqa: ANN401 - each message has a form of its own
        assert process.stdout is not None
        message = _read_message(process.stdout)
        if message is None:
            raise ReportError(self._why_it_ended(process))
        problem, content = message
        if problem:
            raise ReportError(problem)
        return content

    def _watch_time(self) -> None:
        """End the processes when they take too long: their pipes close, and whoever waits for a page goes on."""
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
        for process in self._processes:
            process.kill()

    def _why_it_ended(self, process: subprocess.Popen[bytes]) -> str:
        code = process.wait()
        at_end = self._n_pages and self._pages_read == self._n_pages
        where = (
            "after its last page" if at_end else f"at page {self._pages_read + 1}" if self._n_pages else "at its start"
        )
        why = self._over_time or f"the PDF library broke down or ran out of memory, exit status {code}"
        return (
            f"The report {self._path} cannot be read: reading stopped {where} ({why}). "
            "Export it to PDF again from the program that it was written in, or print it to a new PDF."
        )


def _read_message(stream: IO[bytes]) -> tuple[str, Any] | None:
    """One message of a process, a problem or a content; ``None`` where it ended, be it in the middle of one."""
    head = stream.read(MESSAGE_HEAD)
    length = int.from_bytes(head, "big")
    body = stream.read(length) if len(head) == MESSAGE_HEAD else b""
    return marshal.loads(body) if body and len(body) == length else None
