"""`source/report.md`: the report's text in blocks, with the anchors that the mails cite."""

import re
from dataclasses import dataclass
from pathlib import Path

ANCHOR = re.compile(r"\[#([a-z0-9-]+)\](.*?)\[/\]", re.DOTALL)
FOOTNOTE = re.compile(r"\^\[([^\]]*)\]")
HEADING = re.compile(r"(#{1,2}) ((\d+(?:\.\d+)?) .+)")
CAPTION = re.compile(r"Tabell (\d+): .+")
LIST_LINE = re.compile(r"(-|\d+\.) +(.*)", re.DOTALL)


def fold(text: str) -> str:
    """Return the text with each run of whitespace as one space."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the report: a heading, a paragraph, a list (ul, ol) or a table with its caption first."""

    kind: str
    lines: list[str]
    level: int = 0

    def numbered_paragraphs(self) -> list[str]:
        """The paragraphs whose printed lines carry numbers, as printed but for bullets and footnote marks."""
        if self.kind == "table":
            return []
        points = [LIST_LINE.sub(r"\2", line) if self.kind in ("ul", "ol") else line for line in self.lines]
        if self.kind == "ol":
            points = [f"{index}. {point}" for index, point in enumerate(points, 1)]
        return [strip_report_markup(point) for point in points]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A marked span of the report, and the number of the lowest section that it stands in."""

    id: str
    text: str
    section: str


@dataclass(frozen=True, slots=True)
class Report:
    """The report's source: front matter, blocks, anchors, and the headings in order as (number, text)."""

    front: dict[str, str]
    blocks: list[Block]
    anchors: dict[str, Anchor]
    headings: list[tuple[str, str]]
    plain: str

    def n_footnotes(self) -> int:
        """Count the footnotes."""
        return sum(len(FOOTNOTE.findall(line)) for block in self.blocks for line in block.lines)


def strip_report_markup(text: str) -> str:
    """Return report text without anchor marks and footnotes."""
    return FOOTNOTE.sub("", ANCHOR.sub(r"\2", text))


def read_report(path: Path) -> Report:
    """Read and check the report's source."""
    head, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
    front = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
    if missing := {"title", "subtitle", "author", "header"} - set(front):
        raise SystemExit(f"report.md: the first lines lack {', '.join(sorted(missing))}")
    report = Report(front, read_blocks(rest), {}, [], fold(strip_report_markup(rest)))
    section = ""
    if not report.blocks or report.blocks[0].kind != "heading":
        raise SystemExit("report.md: the body must begin with a heading such as «# 1 Innledning»")
    for block in report.blocks:
        if block.kind == "rows":
            raise SystemExit(f"report.md: table without a caption «Tabell 1: …»: {block.lines[0]}")
        text = "\n".join(block.lines)
        if block.kind == "heading":
            section = text.split()[0]
            report.headings.append((section, text))
        for match in ANCHOR.finditer(text):
            misplaced = "^[" in match[2] or "[#" in match[2] or block.kind not in ("p", "ul", "ol")
            if match[1] in report.anchors or misplaced:
                raise SystemExit(f"report.md: anchor {match[1]} is double, nested, holds a footnote or is misplaced")
            report.anchors[match[1]] = Anchor(match[1], fold(match[2]), section)
    if left := re.search(r"\[#|\[/|\^\[|\*\*", report.plain):
        raise SystemExit(f"report.md: unclosed markup near «{report.plain[left.start() : left.start() + 60]}»")
    return report


def read_blocks(text: str) -> list[Block]:
    """Split the report's text (without front matter) into blocks."""
    blocks: list[Block] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in chunk.splitlines() if line.strip()]
        while lines:
            block = take_block(lines)
            previous = blocks[-1] if blocks else None
            if block.kind == "rows" and previous and previous.kind == "table":
                previous.lines.extend(block.lines)
            else:
                blocks.append(block)
    return blocks


def take_block(lines: list[str]) -> Block:
    """Take the first block off the lines."""
    first = lines.pop(0)
    if match := HEADING.fullmatch(first):
        return Block("heading", [match[2]], len(match[1]))
    if first.startswith("|"):
        return Block("rows", [first, *take_while(lines, r"\|")])
    if CAPTION.fullmatch(first):
        return Block("table", [first, *take_while(lines, r"\|")])
    if first.startswith("- "):
        return Block("ul", [first, *take_while(lines, r"- ")])
    if re.match(r"\d+\. ", first) and (first.startswith("1. ")):
        return Block("ol", [first, *take_while(lines, r"\d+\. ")])
    return Block("p", [first])


def take_while(lines: list[str], pattern: str) -> list[str]:
    """Take the lines off the front that begin with the pattern."""
    taken = []
    while lines and re.match(pattern, lines[0]):
        taken.append(lines.pop(0))
    return taken
