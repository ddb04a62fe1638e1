"""The process that reads a PDF: started by `pdf.read_pdf`, it writes what it finds to its standard output.

A message is eight bytes of length and a marshalled pair of a kind and plain tuples: ``start`` (number of pages),
``page``, ``outline``, ``damaged``, and at last ``done``; or ``error``, a sentence for the user, and nothing after it.
"""

import ast
import marshal
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from innspill.errors import ReportError
from innspill.reading.pdf import FRAME_HEAD, Limits, PdfPage
from innspill.reading.pdfium import find_damaged_pages, open_pdf, read_outline, read_pages


def main() -> None:
    """Read the PDF that the first argument names, within the limits that the second spells out."""
    path, limits = Path(sys.argv[1]), Limits(**ast.literal_eval(sys.argv[2]))
    _limit_process(limits.memory)
    with _take_output() as output:
        for message in _messages(path, limits):
            body = marshal.dumps(message)
            output.write(len(body).to_bytes(FRAME_HEAD, "big") + body)
            output.flush()
    os._exit(0)  # what is open is the system's to free: faster, and a broken file cannot crash what is done


def _messages(path: Path, limits: Limits) -> Iterator[tuple[str, Any]]:
    try:
        document = open_pdf(path, limits=limits)
        yield "start", len(document)
        n_characters = 0
        for page in read_pages(document, path, limits=limits):
            n_characters += sum(len(word.text) for word in page.words)
            if n_characters > limits.characters:
                raise ReportError(
                    f"The report {path} holds more than {limits.characters} characters on its first "
                    f"{page.page_number} pages; innspill reads no more. Split it and run each part by itself."
                )
            yield "page", _plain(page)
        yield "outline", [tuple(entry) for entry in read_outline(document)]
        yield "damaged", find_damaged_pages(path)
        yield "done", None
    except ReportError as error:
        yield "error", str(error)


def _plain(page: PdfPage) -> tuple[Any, ...]:
    """A page as marshal takes it: plain tuples, in the order of its fields."""
    words, rules = [tuple(word) for word in page.words], [tuple(rule) for rule in page.rules]
    return page.page_number, page.label, (page.width, page.height), words, rules, page.has_images, page.is_cut


def _take_output() -> BinaryIO:
    """Standard output, for messages alone: what else writes to it in this process goes nowhere."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return output


def _limit_process(memory: int) -> None:
    """Limit the address space, and leave no core dump of somebody's letter behind; Windows has neither."""
    try:
        import resource
    except ImportError:
        return
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (limit, limit))
        except (OSError, ValueError):  # the system has a lower limit of its own, or none of this kind
            continue
