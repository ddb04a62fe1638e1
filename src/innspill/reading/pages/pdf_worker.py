"""A process that reads a PDF: started by `pdf.read_pdf`, it writes what it finds to its standard output.

A message is eight bytes of length and a marshalled pair: a problem (a sentence for the user, and nothing after it) or
an empty text, and a content of plain tuples. The contents are the number of pages, then this process's pages, then the
bookmarks and the names of attached files (from the first process) and the numbers of damaged pages (from the last).
"""

import ast
import marshal
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from innspill.errors import ReportError
from innspill.reading.pages.pdf import MESSAGE_HEAD, Limits, PdfPage
from innspill.reading.pages.pdfium import find_damaged_pages, open_pdf, read_attached_names, read_outline, read_pages


def main() -> None:
    """Read the PDF that the first argument names; the second spells out which pages, and the limits."""
    path, task = Path(sys.argv[1]), ast.literal_eval(sys.argv[2])
    limits = Limits(**task["limits"])
    _limit_process(limits.memory)
    with _take_output() as output:
        for message in _messages(path, limits, task["first"], task["step"]):
            body = marshal.dumps(message)
            output.write(len(body).to_bytes(MESSAGE_HEAD, "big") + body)
            output.flush()
    os._exit(0)  # what is open is the system's to free: faster, and a broken file cannot crash what is done


def _messages(path: Path, limits: Limits, first: int, step: int) -> Iterator[tuple[str, Any]]:
    try:
        document = open_pdf(path, limits=limits)
        yield "", len(document)
        for page in read_pages(document, path, limits=limits, indices=range(first, len(document), step)):
            yield "", _plain(page)
        if first == 0:
            yield "", ([tuple(entry) for entry in read_outline(document)], list(read_attached_names(document)))
        if first == step - 1:
            yield "", find_damaged_pages(path)
    except ReportError as error:
        yield str(error), None


def _plain(page: PdfPage) -> tuple[Any, ...]:
    """A page as marshal takes it: plain tuples, in the order of its fields."""
    words, rules = [tuple(word) for word in page.words], [tuple(rule) for rule in page.rules]
    return (
        page.page_number,
        page.label,
        (page.width, page.height),
        words,
        rules,
        page.has_images,
        page.is_cut,
        list(page.askew),
        [tuple(annotation) for annotation in page.annotations],
        [tuple(field) for field in page.fields],
    )


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
