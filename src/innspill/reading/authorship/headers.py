"""The heads of quoted mails in running text: blocks of «Fra: … Sendt: …», «Den … skrev …:», ruled titles.

A block of header lines counts only when it is coherent, so that a comment that begins «Fra: side 14 til side 16» is not
taken for the head of another's mail.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from innspill.reading.authorship import patterns
from innspill.records import Span

# Of a line so many characters are read for its shape; nothing that a program writes above a mail is longer.
MAX_READ = 500
MAX_ATTRIBUTION_LINES = 4
MAX_HEADER_LINES = 24
# A subject at least this long may go on in the next line.
LONG_SUBJECT = 55
MIN_LABELS = 3
# Yahoo for Android writes the mail that is answered on the line that says who wrote it.
RUN_ON = re.compile(r"(?<=>:)\s{2,}.*")
# Marks of quotation; a bar is one only where no second bar makes a table's row of the line.
MARKS = re.compile(r"(?:\s{0,3}>){1,60}|\s{0,3}\|(?=[^|]*$)")
# Spaces that programs put into dates and labels, and marks without width: for reading only, the text stays as it is.
ODD_SPACES = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\u200b": None, "\ufeff": None, "\u200e": None}
)
LABEL_KINDS = {word: kind for kind, words in patterns.HEADER_LABELS.items() for word in words.split("|")}


class TextLine(NamedTuple):
    """A line of a text, where it stands, how deep it is quoted by marks, and its words without marks and odd spaces."""

    text: str
    span: Span
    depth: int
    bare: str


class MailHeader(NamedTuple):
    """A block of header lines: how many lines it has, and who the mail is from."""

    n_lines: int
    sender: str


def text_lines(text: str) -> list[TextLine]:
    """The lines of a text."""
    lines, position = [], 0
    for line in text.split("\n"):
        depth, bare = _without_marks(line) if line else (0, "")
        lines.append(TextLine(line, Span(position, position + len(line)), depth, bare))
        position += len(line) + 1
    return lines


def _without_marks(line: str) -> tuple[int, str]:
    """How deep a line is quoted, and its words."""
    shown = line[:MAX_READ]
    if not shown.isascii():
        shown = shown.translate(ODD_SPACES)
    marks = MARKS.match(shown)
    if not marks:
        return 0, shown.strip()
    return max(1, marks.group().count(">")), shown[marks.end() :].strip()


def next_filled(lines: Sequence[TextLine], index: int) -> int:
    """The first line from `index` that holds words; the number of lines where none does."""
    while index < len(lines) and not lines[index].bare:
        index += 1
    return index


# Blocks of header lines ----------------------------------------------------------------------------------------------


def header_at(lines: Sequence[TextLine], index: int) -> MailHeader | None:
    """The block of mail headers that begins at line `index`, or None where the lines are no such block.

    It needs three labels, among them who it is from, and a sign that a program wrote it: an address, or the time of
    day it was sent. A person's form («Fra: Lunde kommune / Dato: 14. september / Emne: Innspill») has neither.
    """
    values: dict[str, str] = {}
    position, last = index, ""
    while position < min(len(lines), index + MAX_HEADER_LINES):
        bare = lines[position].bare
        label = patterns.HEADER_LINE.match(bare)
        if label:
            last = LABEL_KINDS[" ".join(label["label"].casefold().split())]
            if last in values and last != "other":
                break  # the next head begins
            values[last] = label["value"].strip()
        elif position == index or not bare or not _goes_on(lines, position, last, values):
            break
        else:
            values[last] += f" {bare}"
        position += 1
    return MailHeader(position - index, values["from"]) if _is_coherent(values) else None


def _goes_on(lines: Sequence[TextLine], position: int, last: str, values: dict[str, str]) -> bool:
    """Whether a line without a label goes on with the value above it."""
    bare, before = lines[position].bare, lines[position - 1].bare
    if not values[last]:
        return True  # the label stands alone, its value below it
    if last in ("to", "copy", "from"):
        return bool(patterns.MORE_ADDRESSEES.search(before) or patterns.ADDRESS.search(bare))
    ends = position + 1 == len(lines) or not lines[position + 1].bare
    return last == "subject" and len(before) >= LONG_SUBJECT and ends


def _is_coherent(values: dict[str, str]) -> bool:
    kinds = set(values) - {"other"}
    if len(kinds) < MIN_LABELS or not re.search(r"[^\W\d_]{2}", values.get("from", "")):
        return False
    sent = values.get("sent", "")
    people = " ".join(values.get(kind, "") for kind in ("from", "to", "copy"))
    dated = bool(patterns.DATE.search(sent))
    return bool((dated and patterns.CLOCK.search(sent)) or patterns.ADDRESS.search(people))


# Lines that say who wrote what follows -------------------------------------------------------------------------------


def attribution_at(lines: Sequence[TextLine], index: int, *, marked: Sequence[bool]) -> int:
    """How many lines, from `index`, say who wrote what follows («tir. 1. sep. 2026 kl. 09:00 skrev …:»); 0 for none.

    A date alone is not enough, since people write «Den 5. mai 2026 skrev departementet i brev til kommunene:»; it needs
    an address, a time of day and a name, or quoted lines below it.

    Args:
        lines: All lines.
        index: Where it would begin.
        marked: For each line whether it is quoted, by marks or by the HTML.
    """
    text = ""
    for length in range(1, MAX_ATTRIBUTION_LINES + 1):
        if index + length > len(lines) or not lines[index + length - 1].bare:
            return 0
        bare = RUN_ON.sub("", lines[index + length - 1].bare)
        text = f"{text} {bare}".lstrip()
        if len(text) > MAX_READ:
            return 0
        if bare.endswith((":", "-")) and _says_who_wrote(text):
            below = next_filled(lines, index + length)
            quoted = below < len(lines) and marked[below] and not marked[index]
            named = patterns.CLOCK.search(text) and patterns.NAMED.search(text)
            sure = quoted or named or patterns.ADDRESS.search(text)
            return length if sure and not _begins_later(lines, index, length) else 0
    return 0


def _says_who_wrote(text: str) -> bool:
    if patterns.DATED_BY.match(text):
        return True
    return bool(patterns.WROTE.search(text)) and any(pattern.match(text) for pattern in patterns.ATTRIBUTIONS)


def _begins_later(lines: Sequence[TextLine], index: int, length: int) -> bool:
    """Whether the first line is the sender's: a sentence, or «Sent with Spark», above one that begins with a date."""
    first = lines[index].bare
    if length == 1:
        return False
    if re.search(r"[^\W\d_]{3}[.!?]$", first) or patterns.CLIENT_TAG.match(first):
        return True
    rest = " ".join(line.bare for line in lines[index + 1 : index + length])
    return any(pattern.match(rest) for pattern in patterns.DATED_ATTRIBUTIONS)


def is_groupwise(line: TextLine) -> bool:
    """Whether a line is Novell GroupWise's head of an answered mail; what follows it bears no marks."""
    return line.depth >= 2 and bool(patterns.GROUPWISE.match(line.bare))
