"""A part that is words of the letter -> its text: charset, format=flowed, HTML, and files written into the text.

Also which of several versions of a letter says it all (multipart/alternative).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from innspill.reading.charsets import decode_noted, normalise_text
from innspill.reading.documents.forms import form_in_text
from innspill.reading.documents.html import MAX_HTML, HtmlText, html_to_text
from innspill.reading.mailbox.mime import Entity, uu_line
from innspill.records import Cell, Span

# Of the text of one part no more is read: some four hundred pages.
MAX_TEXT = 1_000_000
CUT = "of its {:,} characters the first {:,} were read"
# A version says what another says if at most this share of the other's words, or so few of them, are missing in it.
MAX_MISSING, FEW_WORDS = 0.1, 3
# A version that has so many words of its own, and this share, is another letter and is read beside the first.
OTHER_LETTER_WORDS, OTHER_LETTER = 6, 0.25
# A short text that only tells that the letter is in HTML.
STUB = re.compile(
    r"\bhtml\b|nettleser|nettlesar|e-?postprogram|browser|mail (?:client|reader|program)"
    r"|view (?:this|the) (?:e-?mail|message)",
    re.IGNORECASE,
)
MAX_STUB_WORDS = 60

HTML_KINDS = ("text/html", "text/x-amp-html", "text/watch-html", "application/xhtml+xml")
# Texts that are no words of a letter; what is told of them where they are not read.
NO_LETTER = {
    "text/calendar": "an entry in a calendar",
    "text/vcard": "a business card",
    "text/x-vcard": "a business card",
    "text/directory": "a business card",
    "text/css": "a style sheet",
    "text/javascript": "a program",
    "text/rfc822-headers": "the headers of a mail that came back",
}
# Texts that are documents even where no file name says so.
DOCUMENT_KINDS = ("text/csv", "text/tab-separated-values", "text/rtf", "text/richtext+rtf", "text/xml")
META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
ENRICHED_TAG = re.compile(r"<(?:param>[^<]{0,200}</param|/?[a-z-]{1,20})>", re.IGNORECASE)
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n", re.MULTILINE)
YENC_BEGIN = re.compile(rb"^=ybegin [^\r\n]{0,300}?name=([^\r\n]{1,200})\r?\n", re.MULTILINE)
YENC_END = re.compile(rb"^=yend[^\r\n]*(?:\r?\n|\Z)", re.MULTILINE)
MAX_WRITTEN_FILES = 100
# So many lines that only begin as a uuencoded file does, and the search for one ends.
MAX_FALSE_BEGINNINGS = 1_000
# The plain text spells out where links lead and what pictures are called; HTML hides both.
HIDDEN_IN_HTML = re.compile(r"(?:https?://|www\.)\S+|<[^<>\n]{0,200}>|\[[^\[\]\n]{0,200}\]")


class WrittenFile(NamedTuple):
    """A file that is written into a text: uuencoded, or as yEnc, which is not read (`data` is None)."""

    name: str
    data: bytes | None
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Body:
    """The text of one part: spans that its markup shows as quotation, cells of its forms, and files that were in it.

    `n_bytes` is its size without the transfer encoding; `doubts` are sentences on what could not be read as it should.
    `answered` are spans that stand in a colour of their own inside a quotation.
    """

    text: str
    quoted: tuple[Span, ...] = ()
    cells: tuple[Cell, ...] = ()
    files: tuple[WrittenFile, ...] = ()
    doubts: tuple[str, ...] = ()
    n_bytes: int = 0
    answered: tuple[Span, ...] = ()


def is_letter(entity: Entity) -> bool:
    """Whether the part's kind is one that letters are written in."""
    if entity.kind in HTML_KINDS:
        return True
    return entity.kind.startswith("text/") and entity.kind not in NO_LETTER and entity.kind not in DOCUMENT_KINDS


def is_html(entity: Entity) -> bool:
    """Whether the part is HTML of any sort."""
    return entity.kind in HTML_KINDS


def read_body(entity: Entity) -> Body:
    """A text part as NFC text. Never fails; what is doubtful is said in `Body.doubts`."""
    unwrapped = entity.unwrapped()
    data, files = (unwrapped.data, ()) if is_html(entity) else _without_files(unwrapped.data)
    meta = META_CHARSET.search(data[:4_000]) if is_html(entity) and not entity.charset else None
    decoded = decode_noted(data, meta.group(1).decode("ascii") if meta else entity.charset)
    doubts = [*entity.faults, *filter(None, (unwrapped.fault, decoded.doubt))]
    text = normalise_text(decoded.text)
    if is_html(entity):
        page = html_to_text(text)
        if page.is_cut:
            doubts.append(CUT.format(len(text), MAX_HTML))
        return _shown(page, doubts, len(data))
    if len(text) > MAX_TEXT:
        doubts.append(CUT.format(len(text), MAX_TEXT))
        text = text[:MAX_TEXT]
    if entity.kind in ("text/enriched", "text/richtext"):
        text = ENRICHED_TAG.sub("", text).replace("<<", "<")
    if entity.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=entity.parameters.get("delsp", "").lower() == "yes")
    return Body(text, (), form_in_text(text), files, tuple(doubts), len(unwrapped.data))


def _shown(page: HtmlText, doubts: list[str], n_bytes: int) -> Body:
    """The text of a page, as much as is read of one part."""
    if len(page.text) <= MAX_TEXT:
        return Body(page.text, page.quoted, page.cells, (), tuple(doubts), n_bytes, page.coloured)
    said = CUT.format(len(page.text), MAX_TEXT)
    quoted, answered = (
        tuple(Span(span.start, min(span.end, MAX_TEXT)) for span in spans if span.start < MAX_TEXT)
        for spans in (page.quoted, page.coloured)
    )
    cells = tuple(cell for cell in page.cells if cell.span.end <= MAX_TEXT)
    return Body(page.text[:MAX_TEXT], quoted, cells, (), (*doubts, said), n_bytes, answered)


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676), of quoted lines within one depth of quotation.

    >>> unflow("Vi savner noe om \\nberedskap.\\nHilsen")
    'Vi savner noe om beredskap.\\nHilsen'
    >>> unflow("> Hva mener \\n> dere?\\nAlt er bra.")
    '> Hva mener dere?\\nAlt er bra.'
    """
    lines: list[list[str]] = []
    soft_depth: int | None = None
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")  # space-stuffing
        is_soft = content.endswith(" ") and content != "-- "
        joins = soft_depth == depth and content != "-- "
        if is_soft and delete_space:
            content = content[:-1]
        if joins:
            lines[-1].append(content)
        else:
            lines.append([">" * depth + (" " if depth and content else ""), content])
        soft_depth = depth if is_soft else None
    return "\n".join("".join(pieces) for pieces in lines)


# Files in the text ---------------------------------------------------------------------------------------------------


def _without_files(data: bytes) -> tuple[bytes, tuple[WrittenFile, ...]]:
    """The text without what is uuencoded or yEnc in it, and these files."""
    if b"begin " not in data:
        return data, ()
    files: list[WrittenFile] = []
    pieces: list[bytes] = []
    position = 0
    while len(files) < MAX_WRITTEN_FILES:
        start, end, file = _next_file(data, position)
        if file is None:
            break
        pieces.append(data[position:start])
        files.append(file)
        position = end
    return b"".join([*pieces, data[position:]]), tuple(files)


def _next_file(data: bytes, position: int) -> tuple[int, int, WrittenFile | None]:
    """Where the next file in the text begins and ends, and the file; None where there is none."""
    for match in islice(UU_BEGIN.finditer(data, position), MAX_FALSE_BEGINNINGS):
        content, end = _uu_lines(data, match.end())
        if content:
            name = decode_noted(match.group(1)).text.strip()
            return match.start(), end, WrittenFile(name, content, len(content))
    yenc = YENC_BEGIN.search(data, position)
    if yenc:
        closing = YENC_END.search(data, yenc.end())
        end = closing.end() if closing else len(data)
        name = decode_noted(yenc.group(1)).text.strip()
        return yenc.start(), end, WrittenFile(name, None, end - yenc.start())
    return 0, 0, None


def _uu_lines(data: bytes, position: int) -> tuple[bytes, int]:
    """The uuencoded lines from `position` as bytes, and where they end; none where the first is no such line."""
    pieces: list[bytes] = []
    while position < len(data):
        following = data.find(b"\n", position) + 1 or len(data)
        line = data[position:following].rstrip(b"\r\n")
        if line.strip() in (b"`", b"", b"end"):
            position = following
            if line.strip() == b"end" or (len(line) == 0 and not pieces):
                break
            continue
        content = uu_line(line) if following - position < 200 else None
        if content is None:
            break
        pieces.append(content)
        position = following
    return b"".join(pieces), position


# Versions of one letter ----------------------------------------------------------------------------------------------


def join_bodies(bodies: Sequence[Body]) -> Body:
    """One text of several, an empty line between them; spans and rows move along."""
    if len(bodies) == 1:
        return bodies[0]
    pieces: list[str] = []
    quoted: list[Span] = []
    answered: list[Span] = []
    cells: list[Cell] = []
    length, n_rows = 0, 0
    for body in bodies:
        if pieces:
            pieces.append("\n\n")
            length += 2
        quoted += [_moved(span, length) for span in body.quoted]
        answered += [_moved(span, length) for span in body.answered]
        cells += [Cell(cell.column, cell.row + n_rows, _moved(cell.span, length)) for cell in body.cells]
        n_rows += max((cell.row for cell in body.cells), default=0)
        pieces.append(body.text)
        length += len(body.text)
    return Body("".join(pieces), tuple(quoted), tuple(cells), answered=tuple(answered))


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def says_all_of(text: str, other: str) -> bool:
    """Whether a text has (nearly) all the words of another, however they are laid out."""
    wanted = _words(other)
    n_missing = _n_beyond(wanted, _words(text))
    return n_missing <= max(FEW_WORDS if wanted.total() > 2 * FEW_WORDS else 0, MAX_MISSING * wanted.total())


def says_the_same(text: str, other: str) -> bool:
    """Whether two texts have the same words, however they are laid out."""
    return _words(text) == _words(other)


def is_other_letter(text: str, beside: str) -> bool:
    """Whether a text that is offered as a version of another says something else at some length."""
    words = _words(text)
    if words.total() <= MAX_STUB_WORDS and STUB.search(text):
        return False
    n_own = _n_beyond(words, _words(beside))
    return n_own >= OTHER_LETTER_WORDS and n_own >= OTHER_LETTER * words.total()


def _n_beyond(words: Counter[str], others: Counter[str]) -> int:
    """How many of the words the others have not."""
    return sum(max(count - others[word], 0) for word, count in words.items())


@lru_cache(maxsize=4)  # one text is held against each of many versions
def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", HIDDEN_IN_HTML.sub(" ", text.casefold())))
