"""The numbers that Word shows before the points of lists and before headings, which the text of the file lacks.

Senders refer to them («jf. punkt 2.1 over»), and a letter's points are told apart by them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from innspill.reading.documents.packages import attribute, child, children, value_of, whole_number

MAX_LEVELS = 9
BULLET = "- "
PLACEHOLDER = re.compile(r"%([1-9])")
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
MAX_ROMAN, MAX_COUNT = 4_000, 1_000_000


@dataclass(frozen=True, slots=True)
class _Level:
    """A level of a list: the kind of its numbers («decimal», «bullet»), the text around them, and the first one."""

    kind: str
    text: str
    start: int
    is_legal: bool = False


@dataclass(slots=True)
class _List:
    """A list: the levels of each, and the one that it shares its counters with."""

    levels: dict[int, _Level]
    counter: str
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a Word document, counted as its paragraphs go by."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._restarted: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def mark(self, list_id: str, level: int) -> str:
        """What is shown before the next paragraph at a level of a list («2.1 », «- »), empty where nothing is."""
        found = self._lists.get(list_id)
        level = min(max(level, 0), MAX_LEVELS - 1)
        if found is None or level not in found.levels:
            return BULLET if list_id not in ("", "0") and found is None else ""
        own = found.levels[level]
        counts = self._counts.setdefault(found.counter, [None] * MAX_LEVELS)
        self._count(list_id, found, level, counts)
        if own.kind == "bullet":
            return BULLET
        if own.kind == "none" and "%" not in own.text:
            return f"{own.text} " if own.text.strip() else ""

        def number(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            shown = found.levels.get(at, own)
            count = counts[at]
            kind = "decimal" if own.is_legal and at < level else shown.kind
            return format_number(shown.start if count is None else count, kind)

        shown = PLACEHOLDER.sub(number, own.text).strip()
        return f"{shown} " if shown else ""

    def _count(self, list_id: str, found: _List, level: int, counts: list[int | None]) -> None:
        if level in found.restarts and (list_id, level) not in self._restarted:
            self._restarted.add((list_id, level))
            counts[level] = found.restarts[level]
        else:
            count = counts[level]
            counts[level] = found.levels[level].start if count is None else count + 1
        for above in range(level):
            if counts[above] is None and above in found.levels:
                counts[above] = found.levels[above].start
        counts[level + 1 :] = [None] * (MAX_LEVELS - level - 1)

    def _read(self, root: etree._Element) -> None:
        abstract: dict[str, dict[int, _Level]] = {}
        linked: dict[str, str] = {}
        for element in children(root, "w:abstractNum"):
            key = attribute(element, "w:abstractNumId")
            abstract[key] = dict(_levels(element))
            linked[key] = value_of(element, "w:numStyleLink")
            if name := value_of(element, "w:styleLink"):
                abstract[f"style {name}"] = abstract[key]
        for element in children(root, "w:num"):
            key = value_of(element, "w:abstractNumId")
            levels = dict(abstract.get(key) or abstract.get(f"style {linked.get(key, '')}") or {})
            found = _List(levels, counter=key)
            for override in children(element, "w:lvlOverride"):
                at = whole_number(attribute(override, "w:ilvl"), MAX_COUNT)
                found.levels.update(_levels(override))
                if (start := value_of(override, "w:startOverride")) != "":
                    found.restarts[at] = whole_number(start, MAX_COUNT)
            self._lists[attribute(element, "w:numId")] = found


def _levels(parent: etree._Element) -> list[tuple[int, _Level]]:
    return [
        (
            whole_number(attribute(element, "w:ilvl"), MAX_COUNT),
            _Level(
                kind=value_of(element, "w:numFmt") or "decimal",
                text=value_of(element, "w:lvlText"),
                start=whole_number(value_of(element, "w:start") or "1", MAX_COUNT),
                is_legal=child(element, "w:isLgl") is not None,
            ),
        )
        for element in children(parent, "w:lvl")
    ]


def format_number(number: int, kind: str) -> str:
    """A number as a list shows it.

    >>> [format_number(4, kind) for kind in ("decimal", "lowerLetter", "upperRoman", "decimalZero")]
    ['4', 'd', 'IV', '04']
    """
    return FORMATS.get(kind, str)(number)


def _letters(number: int) -> str:
    """a–z, then aa–zz, as Word goes on."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10) if number > 0 else str(number)


def _roman(number: int) -> str:
    if not 0 < number < MAX_ROMAN:
        return str(number)
    pieces = []
    for value, letters in ROMAN:
        while number >= value:
            pieces.append(letters)
            number -= value
    return "".join(pieces)


FORMATS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalZero": lambda number: f"{number:02d}",
    "ordinal": lambda number: f"{number}.",
    "none": lambda _: "",
}
