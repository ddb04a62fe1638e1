r"""Sheets set by LaTeX. Each row tells, when its page is shipped out, where it stands; `\linelabel` tells its number."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from build import run_latex

from sheets import MARKER, Block, Note, Page, Ruler, Sheet

# A4, points of TeX: the paper's height, the left edge and the width of the text, its top and its height.
PAPER_HEIGHT, LEFT, WIDTH, TOP, HEIGHT = 845.05, 85.36, 426.79, 85.36, 674.33
GAP = 42.0
TITLE_HEIGHT = 70.0

PREAMBLE = r"""
\usepackage[a4paper,top=30mm,bottom=30mm,left=30mm,right=30mm,headsep=20pt,footskip=36pt]{geometry}
\usepackage[norsk]{babel}
\usepackage{lineno,booktabs,longtable,array}
\DeclareFontShape{OT1}{cmr}{m}{n}{<->cmr10}{}
\DeclareFontShape{OT1}{cmr}{bx}{n}{<->cmbx10}{}
\pdfinfoomitdate=1 \pdftrailerid{} \pdfsuppressptexinfo=-1
\pdfcompresslevel=9 \pdfobjcompresslevel=2
\setlength{\parindent}{0pt}\setlength{\parskip}{5pt plus 0pt}\setlength{\topskip}{11pt}
\setlength{\columnsep}{42pt}\raggedbottom \emergencystretch=2em \hbadness=10000 \tolerance=9999
\hyphenpenalty=10000 \exhyphenpenalty=10000 \clubpenalty=0 \widowpenalty=0 \brokenpenalty=0
\newwrite\rowfile \immediate\openout\rowfile=\jobname.rows
\protected\def\R#1{\leavevmode\pdfsavepos\write\rowfile{#1 \the\pdflastxpos\space\the\pdflastypos}}
\protected\def\N#1{\R{#1}\linelabel{row#1}}
\def\note#1#2{{\def\thefootnote{#1}\footnote{#2}}}
\makeatletter
\def\ps@sheet{\def\@oddhead{\small HEADER\hfil}\let\@evenhead\@oddhead
 \def\@oddfoot{\hfil\small\ifx\sheetlabel\empty\else Side \sheetlabel\fi\hfil}\let\@evenfoot\@oddfoot}
\makeatother
\pagestyle{sheet}
"""


@dataclass(frozen=True)
class Set:
    """A sheet as LaTeX set it: the PDF, where each row stands (x and y of its baseline from the top), its numbers."""

    pdf: bytes
    places: dict[str, tuple[float, float]]
    labels: dict[str, int]


def latex(sheet: Sheet) -> Set:
    """Set a sheet with LaTeX.

    Raises:
        SystemExit: LaTeX fails, or a row is too wide for its column.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.tex"
        path.write_text(document(sheet), encoding="utf-8")
        log = run_latex(path)
        if wide := [
            w for w in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)[^\n]*\n[^\n]*", log) if float(w) > 2
        ]:
            print(f"  rows too wide by {wide} pt: {sheet.shows}")
        rows = path.with_suffix(".rows").read_text()
        aux = path.with_suffix(".aux").read_text(encoding="utf-8")
        places = {
            key: (int(x) / 65536, PAPER_HEIGHT - int(y) / 65536)
            for key, x, y in (line.split() for line in rows.splitlines())
        }
        labels = {key: int(number) for key, number in re.findall(r"\\newlabel\{row([^}]+)\}\{\{(\d+)\}", aux)}
        return Set(path.with_suffix(".pdf").read_bytes(), places, labels)


def document(sheet: Sheet) -> str:
    """The sheet as a LaTeX document."""
    options = ["11pt", "a4paper"]
    options += ["twocolumn"] if sheet.n_columns == 2 else []
    options += ["twoside"] if sheet.two_sided else []
    body = "\n".join(_page(sheet, index, page) for index, page in enumerate(sheet.pages))
    start = ""
    if sheet.step and sheet.ruler is None:
        start = (rf"\modulolinenumbers[{sheet.step}]" if sheet.step > 1 else "") + rf"\linenumbers[{sheet.first}]"
    preamble = PREAMBLE.replace("HEADER", _tex(sheet.header)) + sheet.preamble
    if sheet.ruler:
        preamble += _ruler(sheet.ruler)
    size = rf"\fontsize{{10.95}}{{{sheet.leading}}}\selectfont"
    return (
        rf"\documentclass[{','.join(options)}]{{article}}{preamble}\begin{{document}}{size}{start}"
        f"\n{body}\n\\end{{document}}\n"
    )


def _page(sheet: Sheet, index: int, page: Page) -> str:
    flows = any(page.flows for page in sheet.pages)
    pieces = [r"\gdef\sheetlabel{\thepage}" if flows else rf"\gdef\sheetlabel{{{page.label}}}"]
    if page.above:
        rows = "".join(_title(block, f"{index}.-1.{i}") for i, block in enumerate(page.above))
        pieces.append(rf"\twocolumn[\vbox to {TITLE_HEIGHT}pt{{{rows}\vfil}}]")
    for column, blocks in enumerate(page.columns):
        pieces += [_block(sheet, block, f"{index}.{column}.{i}", index) for i, block in enumerate(blocks)]
        pieces.append(r"\par" if page.flows else r"\par\newpage" if blocks else r"\null\newpage")
    return "\n".join(pieces)


def _tex(words: str) -> str:
    for plain, special in (("%", r"\%"), ("&", r"\&"), ("–", "--"), ("§", r"\S"), ("\u00a0", "~"), ("_", r"\_")):
        words = words.replace(plain, special + (" " if plain == "§" else ""))
    return words.replace(r"\S  ", r"\S\ ")


def _row(words: str, key: str, notes: tuple[Note, ...], page: int, *, label: bool) -> str:
    pieces = MARKER.split(words)
    out = ("\\N" if label else "\\R") + f"{{{key}}}" + _tex(pieces[0])
    for marker, after in zip(pieces[1::2], pieces[2::2], strict=True):
        found = next(n for n in notes if n.marker == marker)
        rows = r"\linebreak ".join(rf"\R{{n{marker}.{i}.{page}}}{_tex(row)}" for i, row in enumerate(found.rows))
        out += rf"\note{{{marker}}}{{{rows}}}" + _tex(after)
    return out


def _title(block: Block, key: str) -> str:
    big, *small = block.rows
    rows = rf"{{\LARGE\bfseries\R{{{key}.0}}{_tex(big)}\par}}"
    return rows + "".join(rf"{{\large\R{{{key}.{i}}}{_tex(row)}\par}}" for i, row in enumerate(small, start=1))


def _block(sheet: Sheet, block: Block, key: str, page: int) -> str:
    counted = sheet.counts(block)
    rows = [_row(row, f"{key}.{i}", block.notes, page, label=counted) for i, row in enumerate(block.rows)]
    body = r"\linebreak ".join(rows)
    if block.kind == "formula":
        return rf"\begin{{linenomath}}\begin{{equation}}\R{{{key}.0}}{block.flow}\end{{equation}}\end{{linenomath}}"
    if block.flow:
        body = rf"\R{{{key}.0}}{_tex(block.flow)}"
    restart = r"\resetlinenumber " if block.restarts else ""
    if block.kind == "heading":
        size = {1: r"\Large", 2: r"\large"}.get(block.level, "")
        out = rf"\par\addvspace{{12pt}}{restart}{{{size}\bfseries {body}\par}}\nobreak\vskip 2pt"
    elif block.kind in ("list", "paragraph"):
        indent = "1.8em" if len(block.marker) < 4 else "3em"
        marker = r"$\bullet$" if block.marker == "•" else _tex(block.marker)
        first, rest = body.split("}", 1)
        out = rf"\par{{\leftskip={indent}\noindent\hskip-{indent}{first}}}\hbox to{indent}{{{marker}\hfil}}{rest}\par}}"
    elif block.kind == "contents":
        words, page_label = block.rows[0].rsplit(" ", 1)
        out = rf"\noindent\R{{{key}.0}}{_tex(words)}\dotfill {page_label}\par"
    elif block.kind == "table":
        out = _table(block, key)
    elif block.kind == "title":
        out = _title(block, key)
    elif block.kind == "blank":
        out = r"\par\vskip\baselineskip"
    elif block.kind == "caption":
        out = rf"\par\vskip 4pt{{\small {body}\par}}\nobreak\vskip 2pt"
    else:
        out = rf"\par{restart}\noindent {body}\par"
    return out if counted or not sheet.step or sheet.ruler else rf"\par{{\nolinenumbers {out}\par}}"


def _table(block: Block, key: str) -> str:
    width = len(block.cells[0])
    columns = [f"p{{{w}cm}}" for w in block.widths] or ["l"] * width
    ruled = block.ruling == "ruled"
    format_ = "|" + "|".join(columns) + "|" if ruled else "".join(columns)
    top, middle, end = {
        "ruled": (r"\hline", r"\hline", r"\hline"),
        "booktabs": (r"\toprule", r"\midrule", r"\bottomrule"),
        "aligned": ("", "", ""),
    }[block.ruling]
    rows, shown = [], 0
    for index, cells in enumerate(block.cells):
        lines = [cell.split("\n") for cell in cells]
        set_cells = [r"\newline ".join(_tex(line) for line in cell) for cell in lines]
        set_cells[0] = rf"\R{{{key}.{shown}}}" + set_cells[0]
        shown += max(map(len, lines))
        rule = middle if ruled or index == 0 else ""
        rows.append(" & ".join(set_cells) + r" \\ " + (rule if index < len(block.cells) - 1 else end))
    if block.here < 999:
        return rf"\begin{{longtable}}[l]{{{format_}}}{top} " + "\n".join(rows) + r"\end{longtable}"
    return rf"\noindent\begin{{tabular}}{{{format_}}}{top} " + "\n".join(rows) + r"\end{tabular}\par"


def _ruler(ruler: Ruler) -> str:
    """Numbers put on each page before its text, at places of their own."""
    out = [r"\newcount\rulernumber", rf"\rulernumber={ruler.first}"]
    out.append(
        rf"\def\rulerdigits#1{{\fontsize{{{ruler.size}}}{{{ruler.size}}}\selectfont"
        rf"{_padded(ruler.digits)}\the#1}}"
    )
    puts = []
    for column in range(ruler.columns):
        x = LEFT - 34 if column == 0 else LEFT + WIDTH + 16
        for k in range(ruler.count):
            y = ruler.top + k * ruler.pitch
            puts.append(rf"\put({x:.3f}pt,-{y:.3f}pt){{\rulerdigits\rulernumber}}\global\advance\rulernumber1")
    if ruler.restarts:
        puts.insert(0, rf"\global\rulernumber={ruler.first}")
    return "\n".join(out) + "\n\\AddToHook{shipout/background}{" + "%\n".join(puts) + "}\n"


def _padded(digits: int) -> str:
    zeros = ""
    for power in range(1, digits):
        zeros = rf"\ifnum#1<{10**power} 0{zeros}\fi" if power == 1 else rf"\ifnum#1<{10**power} 0\fi" + zeros
    return zeros
