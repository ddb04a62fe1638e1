"""How fast a PDF is read, and in how much memory, beside other readers. ``python benchmarks/read_pdf.py [PDF …]``.

Each reader runs as a process of its own, from its start to its end, in turns with the others, and its median counts:
``read_pdf`` (words with boxes, ruling lines and bookmarks, in its child process), ``innspill lines`` (the same and all
that follows, to a table), pdfplumber's ``extract_words``, and poppler's ``pdftotext``, with and without boxes, where it
is installed. A last table compares the memory for a file of 90 pages with that for the same pages ten times.

Without arguments a report with line numbers is made, by pdflatex where it is installed. Prints Markdown.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium

TEST_PDF = Path(__file__).parents[1] / "tests" / "pdf" / "tex-every-line.pdf"
RUNS = 5
PATIENCE = 30.0  # seconds; a reader that has used them on a file is not run on it again
WORDS = (
    "import sys; from pathlib import Path; from innspill.reading.pages.pdf import read_pdf; read_pdf(Path(sys.argv[1]))"
)
LINES = "import sys; from innspill.cli import main; sys.argv = ['innspill', 'lines', sys.argv[1]]; main()"
PDFPLUMBER = """
import sys, pdfplumber
with pdfplumber.open(sys.argv[1]) as document:
    for page in document.pages:
        page.extract_words()
        page.close()
"""
READERS = {
    "innspill `read_pdf`": [sys.executable, "-c", WORDS],
    "`innspill lines`": [sys.executable, "-c", LINES],
    "pdfplumber `extract_words`": [sys.executable, "-c", PDFPLUMBER],
    "`pdftotext -bbox`": ["pdftotext", "-bbox"],
    "`pdftotext`": ["pdftotext"],
}
LATEX = r"""\documentclass[11pt]{article}
\IfFileExists{lmodern.sty}{\usepackage[T1]{fontenc}\usepackage{lmodern}}{}
\usepackage[utf8]{inputenc}\usepackage{lineno}\usepackage[a4paper]{geometry}
\begin{document}\linenumbers
\newcount\n \loop\ifnum\n<130 \advance\n by 1
\section{Tiltak nummer \the\n}
Kommunene melder at data fra tjenestene kommer sent og i ulik form, og at de som skal bruke dem sjelden vet hvordan de
ble til. Dette gjelder særlig for små steder, der få personer gjør mange ulike oppgaver på samme tid.\par
\newcount\m \m=0 {\loop\ifnum\m<5 \advance\m by 1 Det offentlige bør derfor beskrive hvert felt én gang, på ett sted,
og vise til det fra alle skjemaer. Der flere etater spør om det samme, skal svaret hentes og ikke kreves på nytt
(se også tabell \the\m{} og punkt \the\n). Erfaringene fra 2019--2024 er gode, men ujevne.\par\repeat}
\repeat\end{document}
"""


class Measured(NamedTuple):
    """A reader on a file: seconds (the median), and the memory of its largest process, MB (0 where it is not known)."""

    seconds: float
    memory: float


def run(command: list[str], path: Path) -> Measured:
    target = [os.devnull] if command[0] == "pdftotext" else []
    start = time.perf_counter()
    process = subprocess.Popen([*command, str(path), *target], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    memory = 0.0
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(process.pid, 0)  # counts the processes that the process waited for
        process.returncode = os.waitstatus_to_exitcode(status)
        memory = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    else:
        process.wait()
    seconds = time.perf_counter() - start
    assert process.stderr is not None
    if process.returncode:
        sys.exit(f"{command[0]} failed on {path}: {process.stderr.read().decode(errors='replace')[-300:]}")
    process.stderr.close()
    return Measured(seconds, memory)


def measure(path: Path) -> dict[str, Measured]:
    """Run all readers that are installed in turns, each up to RUNS times, and at least once."""
    readers = {name: command for name, command in READERS.items() if shutil.which(command[0])}
    results: dict[str, list[Measured]] = {name: [] for name in readers}
    for _ in range(RUNS):
        for name, command in readers.items():
            if sum(result.seconds for result in results[name]) < PATIENCE:
                results[name].append(run(command, path))
    return {
        name: Measured(statistics.median(run.seconds for run in runs), max(run.memory for run in runs))
        for name, runs in results.items()
    }


def print_table(path: Path) -> None:
    n_pages = len(pdfium.PdfDocument(path))
    print(f"\n{path.name}, {n_pages} pages\n")
    print("| reader | seconds | pages/s | × pdfplumber | × `pdftotext -bbox` | MB |")
    print("|---|---|---|---|---|---|")
    results = measure(path)
    plumber, poppler = results["pdfplumber `extract_words`"], results.get("`pdftotext -bbox`")
    for name, (seconds, memory) in results.items():
        beside = f"{poppler.seconds / seconds:.2f}" if poppler else "–"
        ratio = plumber.seconds / seconds
        print(f"| {name} | {seconds:.2f} | {n_pages / seconds:.0f} | {ratio:.1f} | {beside} | {memory:.0f} |")
    if poppler is None:
        print("\npdftotext is not installed: left out.")


def make_report(folder: Path) -> Path:
    """A report of some 65 pages with a number on every line."""
    if shutil.which("pdflatex") is None:
        return repeat_pages(TEST_PDF, 66, folder / "repeated.pdf")
    (folder / "lineno.tex").write_text(LATEX, encoding="utf-8")
    for _ in range(2):
        command = ["pdflatex", "-interaction=batchmode", "lineno.tex"]
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return folder / "lineno.pdf"


def repeat_pages(path: Path, n_pages: int, target: Path) -> Path:
    """Write a PDF of so many pages, the pages of another over and over."""
    source, repeated = pdfium.PdfDocument(path), pdfium.PdfDocument.new()
    while (left := n_pages - len(repeated)) > 0:
        repeated.import_pages(source, list(range(min(left, len(source)))))
    repeated.save(target)
    return target


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [Path(argument) for argument in sys.argv[1:]] or [make_report(folder)]
        for path in paths:
            print_table(path)
        print(f"\nPages of {paths[0].name} over and over\n\n| reader | 90 pages, MB | 900 pages, MB | seconds |")
        print("|---|---|---|---|")
        short = repeat_pages(paths[0], 90, folder / "90.pdf")
        long = repeat_pages(paths[0], 900, folder / "900.pdf")
        for reader in list(READERS)[:2]:
            few, many = run(READERS[reader], short), run(READERS[reader], long)
            print(f"| {reader} | {few.memory:.0f} | {many.memory:.0f} | {many.seconds:.2f} |")


if __name__ == "__main__":
    main()
