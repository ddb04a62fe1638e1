"""What frames a sender's own words: greeting, closing, signature, and the notices that programs and offices add.

Everything goes line by line and paragraph by paragraph; what says something of the report ends a signature, so that
comments below it are not lost.
"""

import re
from collections.abc import Sequence

from innspill.reading.authorship import patterns
from innspill.reading.authorship.headers import TextLine, next_filled
from innspill.records import SegmentKind

# A paragraph of at least this many words after the closing is text again, not signature.
LONG_PARAGRAPH_WORDS = 30
# A sentence of at least this many words that speaks of us or you is text too.
SENTENCE_WORDS = 8
# A sentence of at least this many words that states anything is; a house's motto is shorter.
STATEMENT_WORDS = 15
# A line with a word of judging («bør», «feil») is text from so many words on; below it may be an address or a slogan.
CLAIM_WORDS = 5
MAX_SIGNATURE_LINE = 90
MAX_SIGNATURE_LINES = 10
# What «--» without a space introduces may have so many lines and still be a signature.
MAX_DELIMITED_LINES = 12
# A signature without closing has at most so many paragraphs: the name, how to reach it, and the house.
MAX_BARE_PARAGRAPHS = 3
MAX_WHOM_WORDS = 6
# A notice is looked for in so many lines together, since it is wrapped.
NOTICE_LINES = 3


def mark_frame(lines: Sequence[TextLine], kinds: list[SegmentKind], first: int, last: int, sender_name: str) -> None:
    """Mark what frames the own lines in [first, last), in `kinds`.

    Args:
        lines: All lines of the text.
        kinds: The kind of each line; changed in place.
        first: The run's first line.
        last: The line after its last.
        sender_name: Name (or address) of the sender, by which a signature without closing is known.
    """
    names = name_words(sender_name)
    index = _mark_greeting(lines, kinds, first, last)
    start = index
    while index < last:
        bare = lines[index].bare
        if not bare:
            index += 1
        elif _begins_notice(lines, index, last):
            end = paragraph_end(lines, index, last)
            kinds[index:end] = ["disclaimer"] * (end - index)
            # Warnings of mail from outside stand above the greeting.
            start, index = (end, _mark_greeting(lines, kinds, end, last)) if index == start else (start, end)
        elif patterns.CLIENT_TAG.match(bare) and not patterns.CITES.search(bare):
            kinds[index] = "signature"
            index += 1
        elif _closes(lines, index, last, names):
            end = _signature_end(lines, index + 1, last)
            kinds[index:end] = ["signature"] * (end - index)
            _mark_notices(lines, kinds, index, end)
            index = end
        else:
            index += 1
    _mark_bare_signature(lines, kinds, start, last, names)
    _mark_block_above_closing(lines, kinds, start, last, names)


def name_words(sender_name: str) -> list[str]:
    """The words of a sender's name by which its signature is known; of an address, the words before the «@».

    >>> name_words("Unni Moe"), name_words("unni.moe@skole.example")
    (['unni', 'moe'], ['unni', 'moe'])
    """
    name = sender_name.partition("@")[0] if "@" in sender_name else sender_name
    return [word for word in re.findall(r"[^\W\d_]+", name.casefold()) if len(word) > 1]


def paragraph_end(lines: Sequence[TextLine], index: int, last: int) -> int:
    """The line after the last of the paragraph that line `index` stands in."""
    while index < last and lines[index].bare:
        index += 1
    return index


def _paragraph_start(lines: Sequence[TextLine], index: int, first: int) -> int:
    """The first line of the paragraph that ends before line `index`; of a long one some line within it."""
    first = max(first, index - MAX_SIGNATURE_LINES - 1)
    while index > first and lines[index - 1].bare:
        index -= 1
    return index


# Greeting ------------------------------------------------------------------------------------------------------------


def _mark_greeting(lines: Sequence[TextLine], kinds: list[SegmentKind], first: int, last: int) -> int:
    """Mark the greeting and the addressee above it; returns the first filled line after them."""
    top = start = next_filled(lines, first)
    while start < last and (_greets(lines[start].bare) or (start == top and _addresses(lines[start].bare))):
        kinds[start] = "greeting"
        start = next_filled(lines, start + 1)
    return start


def _greets(bare: str) -> bool:
    match = patterns.GREETING.match(bare)
    return bool(match) and len(match["whom"].split()) <= MAX_WHOM_WORDS and not patterns.VERBS.search(match["whom"])  # type: ignore[index]


def _addresses(bare: str) -> bool:
    return bool(patterns.ADDRESSEE.match(bare)) and not patterns.VERBS.search(bare)


# Notices of programs and offices -------------------------------------------------------------------------------------


def _begins_notice(lines: Sequence[TextLine], index: int, last: int) -> bool:
    """Whether a notice («Denne e-posten kan inneholde konfidensiell …») begins in line `index`."""
    bare = lines[index].bare
    if patterns.RULE.match(bare):
        return index + 1 < last and bool(patterns.MAILING_LIST.match(lines[index + 1].bare))
    end = paragraph_end(lines, index, min(last, index + NOTICE_LINES))
    window = " ".join(line.bare for line in lines[index:end])
    match = patterns.FOOTERS.search(window)
    return bool(match) and match.start() <= len(bare) and not patterns.CITES.search(window)  # type: ignore[union-attr]


def _mark_notices(lines: Sequence[TextLine], kinds: list[SegmentKind], first: int, last: int) -> None:
    """Mark the notices inside a signature."""
    index = first
    while index < last:
        if lines[index].bare and _begins_notice(lines, index, last):
            end = paragraph_end(lines, index, last)
            kinds[index:end] = ["disclaimer"] * (end - index)
            index = end
        else:
            index += 1


# Closing and signature -----------------------------------------------------------------------------------------------


def _closes(lines: Sequence[TextLine], index: int, last: int, names: Sequence[str]) -> bool:
    """Whether a signature begins at line `index`."""
    bare = lines[index].bare
    if patterns.SIGNATURE_DELIMITER.match(bare):
        # «-- » is the delimiter of RFC 3676; people and HTML lose its space, and people rule off their points so too.
        return lines[index].text == "-- " or _is_all_signature(lines, index + 1, last, names)
    if patterns.THANKS.match(bare):
        return index + 1 < last and _is_name(lines[index + 1].bare, names)
    match = patterns.CLOSING.match(bare) or patterns.ON_BEHALF.match(bare)
    return bool(match) and not _is_sentence(bare)


def _is_all_signature(lines: Sequence[TextLine], index: int, last: int, names: Sequence[str]) -> bool:
    """Whether what follows a «--» is a signature to the end: few short lines, and nothing that says something."""
    filled = [line.bare for line in lines[index : min(last, index + 3 * MAX_DELIMITED_LINES)] if line.bare]
    if not filled or len(filled) > MAX_DELIMITED_LINES or next_filled(lines, index + 3 * MAX_DELIMITED_LINES) < last:
        return False
    known = any(_has_name(bare, names) or patterns.CONTACT.search(bare) or patterns.NAME.match(bare) for bare in filled)
    notice = any(_begins_notice(lines, position, last) for position in range(index, last) if lines[position].bare)
    return notice or (known and not any(_says_something(bare) or _is_statement(bare) for bare in filled))


def _signature_end(lines: Sequence[TextLine], index: int, last: int) -> int:
    """Where a signature that begins before line `index` ends: where the sender says something again."""
    while index < last and lines[index].bare:  # the lines right below the closing, one by one
        if _is_text([lines[index].bare]) and not _begins_notice(lines, index, last):
            return index
        index += 1
    while index < last:
        start = next_filled(lines, index)
        end = paragraph_end(lines, start, last)
        paragraph = [line.bare for line in lines[start:end]]
        if start < last and _is_text(paragraph) and not _begins_notice(lines, start, last):
            return start + _n_names(paragraph)
        index = max(end, index + 1)
    return last


def _n_names(paragraph: Sequence[str]) -> int:
    """How many lines at the top of a paragraph are a name and what stands below a name, before the text begins."""
    if not patterns.ONLY_NAME.match(paragraph[0]):
        return 0
    return next((index for index, bare in enumerate(paragraph) if _is_text([bare])), 0)


def _is_text(paragraph: Sequence[str]) -> bool:
    """Whether a paragraph below a closing is the sender's text again, not signature."""
    if not paragraph:
        return False
    joined = " ".join(paragraph)
    if patterns.POSTSCRIPT.match(joined) or any(_says_something(bare) for bare in paragraph):
        return True
    first, final = paragraph[0], paragraph[-1]
    if patterns.LEADS_ON.match(first) or patterns.LEADS_ON.match(final) or patterns.FORM_HEAD.match(first):
        return True
    n_words = len(joined.split())
    states = patterns.VERBS.search(joined) and not patterns.HOURS.search(joined)
    if any(patterns.FOOTERS.search(bare) for bare in paragraph):
        return False
    if patterns.CONTACT.search(joined):
        return bool(states) and n_words >= LONG_PARAGRAPH_WORDS
    if states and n_words >= (SENTENCE_WORDS if patterns.WE.search(joined) else STATEMENT_WORDS):
        return True
    points = sum(bool(patterns.LIST_POINT.match(bare)) for bare in paragraph)
    return n_words >= LONG_PARAGRAPH_WORDS or points > 1


def _says_something(bare: str) -> bool:
    """Whether a line cites the report or claims something of it."""
    if patterns.CITES.search(bare):
        return not patterns.FIND_US.search(bare)
    return len(bare.split()) >= CLAIM_WORDS and bool(patterns.SAYS_SOMETHING.search(bare))


def _is_statement(bare: str) -> bool:
    return bool(re.search(r"\w[.!?]$", bare)) and bool(patterns.VERBS.search(bare))


def _is_sentence(bare: str) -> bool:
    """Whether a line that begins as a closing goes on as a sentence («Hilsen fra ministeren bør kortes ned.»)."""
    return bool(patterns.VERBS.search(bare) or patterns.CITES.search(bare))


# Signatures that no closing introduces -------------------------------------------------------------------------------


def _mark_bare_signature(
    lines: Sequence[TextLine], kinds: list[SegmentKind], first: int, last: int, names: Sequence[str]
) -> None:
    """Mark a signature that no closing introduces: short last lines with the sender's name or how to reach them."""
    end = _own_end(lines, kinds, first, last)
    found = end
    for _ in range(MAX_BARE_PARAGRAPHS):
        start = _paragraph_start(lines, end, first)
        block = [line.bare for line in lines[start:end]]
        if (
            start <= first
            or kinds[start] != "own"
            or not _is_signature_block(block, _before(lines, start, first), names)
        ):
            break
        found = start
        end = _own_end(lines, kinds, first, start)
    stop = _own_end(lines, kinds, first, last)
    kinds[found:stop] = ["signature"] * (stop - found)
    _mark_last_name(lines, kinds, first, end, names)


def _own_end(lines: Sequence[TextLine], kinds: Sequence[SegmentKind], first: int, last: int) -> int:
    while last > first and (not lines[last - 1].bare or kinds[last - 1] != "own"):
        last -= 1
    return last


def _before(lines: Sequence[TextLine], index: int, first: int) -> str:
    """The last filled line above line `index`."""
    while index > first:
        index -= 1
        if lines[index].bare:
            return lines[index].bare
    return ""


def _is_signature_block(block: Sequence[str], above: str, names: Sequence[str]) -> bool:
    """Whether a last paragraph is a signature: short lines, no sentence, and a name or a way to reach somebody."""
    if not block or len(block) > MAX_SIGNATURE_LINES or above.endswith(":"):
        return False
    if block[-1].endswith(":") or any(_is_no_signature_line(bare) for bare in block):
        return False
    if _is_first_name(block[0], names) or any(_has_name(bare, names) for bare in block):
        return True
    reaches = any(patterns.REACHES.search(bare) for bare in block)
    titled = any(patterns.NAME.search(bare) for bare in block)
    return reaches and titled


def _is_no_signature_line(bare: str) -> bool:
    """Whether a line is too long, a sentence or a list point, or says something."""
    if len(bare) > MAX_SIGNATURE_LINE or patterns.VERBS.search(bare) or _says_something(bare):
        return True
    ends = re.search(r"[^\W\d_]{2}[!?]$", bare) or (bare.endswith(".") and len(bare.split()) >= CLAIM_WORDS)
    return bool(ends or patterns.LIST_POINT.match(bare))


def _has_name(bare: str, names: Sequence[str]) -> bool:
    """Whether a line holds the whole name of the sender."""
    return len(names) > 1 and all(name in bare.casefold() for name in names)


def _is_first_name(bare: str, names: Sequence[str]) -> bool:
    """Whether a line is the sender's first name and no more: «- Unni»."""
    words = re.findall(r"[^\W\d_]+", bare.casefold())
    return bool(names) and 0 < len(words) <= len(names) and words == list(names[: len(words)])


def _is_name(bare: str, names: Sequence[str]) -> bool:
    """Whether a line is a person's name and no more."""
    return _is_first_name(bare, names) or bool(patterns.ONLY_NAME.match(bare))


def _mark_last_name(
    lines: Sequence[TextLine], kinds: list[SegmentKind], first: int, end: int, names: Sequence[str]
) -> None:
    """Mark a last line that is the sender's name, right below the text."""
    if end - first > 1 and kinds[end - 1] == "own" and _is_first_name(lines[end - 1].bare, names):
        kinds[end - 1] = "signature"


def _mark_block_above_closing(
    lines: Sequence[TextLine], kinds: list[SegmentKind], first: int, last: int, names: Sequence[str]
) -> None:
    """Mark the sender's name and telephone where they stand above the closing."""
    for index in range(first + 1, last):
        if kinds[index] == "signature" and kinds[index - 1] == "own" and patterns.CLOSING.match(lines[index].bare):
            end = _own_end(lines, kinds, first, index)
            start = _paragraph_start(lines, end, first)
            block = [line.bare for line in lines[start:end]]
            reaches = any(patterns.REACHES.search(bare) for bare in block)
            if start > first and reaches and _is_signature_block(block, _before(lines, start, first), names):
                kinds[start:index] = ["signature"] * (index - start)
