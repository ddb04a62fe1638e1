"""HTML of a mail -> plain text, what its markup shows as quotation, and the cells of its comment forms.

Nothing is fetched and nothing is run. The page is walked once, without recursion, so that neither depth nor size of
what somebody sends matters beyond its bytes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from innspill.reading.documents.forms import HEADER, OTHER, FormRow, is_place, lay_out_form
from innspill.records import Cell, Span

# A mail's HTML is cut here; what a person writes is far shorter.
MAX_HTML = 5_000_000
# Pictures inside the HTML.
DATA_URI = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=\s]+")
# Elements without words for a reader; Word puts its settings into <xml>.
SILENT = frozenset({"script", "style", "head", "title", "template", "xml", "noframes", "object", "svg", "datalist"})
# Blocks, and those that an empty line parts from what stands around them.
BLOCKS = frozenset(
    {
        "address", "article", "aside", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "header", "html", "legend", "li", "main", "menu", "nav",
        "option", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    }
)  # fmt: skip
APART = frozenset({"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "pre", "ul"})
LISTS = frozenset({"ul", "ol", "menu", "dir"})
MAY_QUOTE = frozenset({"blockquote", "div", "span", "hr", "table", "section", "p"})
WHITESPACE = re.compile(r"[ \t\n\r\f]+")
INDENT, MAX_LEVEL = "  ", 8  # as the other documents have their points
MANY_SPACES = re.compile(" {2,}")
# Styles that hide: the preview lines of newsletters, and what Outlook marks so.
HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|max-height\s*:\s*0[^;]{0,9};[^\"]{0,200}overflow\s*:\s*hidden"
    r"|overflow\s*:\s*hidden[^\"]{0,200}max-height\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
NO_SIZE = re.compile(r"font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|%)?\s*(?:;|!|$)", re.IGNORECASE)
NO_MARGIN = re.compile(r"margin(?:-bottom|-top)?\s*:\s*0", re.IGNORECASE)
MAX_STYLE = 2_000
# What mail programs wrap around the mail that is answered: Gmail's attribution, Yahoo, Proton, Tutanota, Spark, Zoho.
QUOTE_CLASSES = frozenset(
    {"yahoo_quoted", "protonmail_quote", "tutanota_quote", "gmail_attr", "spark_quote", "zmail_extra"}
)
# Outlook for Mac, Outlook for phones, Thunderbird's forwarded mail.
QUOTE_IDS = frozenset({"OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container"})
# Outlook on the web, Zimbra: all that follows in the same element is the mail that is answered.
ANSWERED_FROM_HERE = frozenset({"divRplyFwdMsg", "appendonsend", "zwchr"})
# Outlook draws this line over the headers of the mail that is answered.
OUTLOOK_LINE = re.compile(r"border-top\s*:\s*solid\s+#(?:E1E1E1|B5C4DF|C8C8C8|CCCCCC)", re.IGNORECASE)
# Pieces of text, and letters, that are looked at for the first header; and how deep a quotation may begin, for each
# element that may be one is looked into.
MAX_OPENING, MAX_QUOTE_DEPTH = 200, 100
OUTLOOK_HEADERS = re.compile(r"\W*(?:fra|frå|från|from|von)\s*:", re.IGNORECASE)
FORWARDED = re.compile(r"\W*-{3,}")
# A blockquote without a border is what Gmail's button for indenting makes of the sender's own words.
INDENTED = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
# Colours that people choose for their answers stand far from grey; Outlook's dark blue for every reply does not, and
# links have a blue of their own. A quotation with more of them than this share was coloured by who wrote it.
COLOUR = re.compile(
    r"(?:^|[;\s\"'])color\s*:\s*(#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|rgb\([\d, ]{5,20}\)|[a-z]+)", re.IGNORECASE
)
COLOUR_NAMES = frozenset(
    {"red", "blue", "green", "purple", "magenta", "orange", "fuchsia", "crimson", "darkred", "teal"}
)
LINK_COLOURS = frozenset({"#0563c1", "#0000ee", "#1155cc", "#467886"})
FROM_GREY, MOSTLY = 100, 0.7
# Word's lists are paragraphs with a sign in front, which is marked so; other programs strip the mark.
WORD_LIST_SIGN = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
WORD_LIST = re.compile(r"mso-list\s*:\s*\w+(?:\s+level(\d))?", re.IGNORECASE)
WORD_BULLETS = frozenset("·o§Øüv•–-*¨à●○▪■\uf0b7\uf0a7\uf0d8")
LOST_SIGN = re.compile(r"(?:[·§•\uf0b7\uf0a7\uf0d8][\s\u00a0]*|o[\s\u00a0]{2,})")
# Tables with longer cells, or with more of them, are not looked at as tables of data; what spans more cells spans this.
MAX_DATA_CELL, MAX_TABLE_CELLS, MAX_SPAN, MAX_COLUMNS = 300, 20_000, 100, 250
# Addresses that a program wraps another one in, by host and the parameter that holds it.
WRAPPERS = {
    "safelinks.protection.outlook.com": "url", "google.com": "q", "urldefense.proofpoint.com": "u",
    "l.facebook.com": "u", "linkprotect.cudasvc.com": "a",
}  # fmt: skip
URLDEFENSE = re.compile(r"https://urldefense\.(?:com|us)/v3/__(.*?)__;")
# Addresses that only count who clicks.
COUNTS_CLICKS = re.compile(
    r"list-manage\.com/track|/ls/click|/wf/click|//click\.|/e3t/|mandrillapp\.com/track|/track/click", re.IGNORECASE
)
UTM = re.compile(r"(?<=[?&])(?:utm_\w+|fbclid|gclid|mc_[ce]id)=[^&#]*&?")
MAX_ADDRESS = 200
# What is left of tags where the page is nested deeper than its parser goes.
BLOCK_TAG = re.compile(r"</?(?:p|div|br|li|tr|table|h[1-6]|ul|ol|blockquote|td|th)\b[^<>]*>", re.IGNORECASE)
OTHER_TAG = re.compile(r"</?(?!br\b|script\b|style\b|head\b|title\b)[a-z][^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HtmlText:
    """Plain text, the spans of it that stand in a quotation, and the cells of a comment form in it.

    `coloured` are the spans in quotations that are shown in a colour that somebody chose: answers between another's
    lines, most often. `n_hidden` counts the words that the page holds and does not show. `is_cut` tells that the page
    was longer than what is read of one.
    """

    text: str
    quoted: tuple[Span, ...]
    cells: tuple[Cell, ...] = ()
    n_hidden: int = 0
    is_cut: bool = False
    coloured: tuple[Span, ...] = ()


def html_to_text(html: str) -> HtmlText:
    """Lay HTML out as plain text: list points, table rows and paragraphs on lines of their own.

    A table of data has a row a line, its cells parted by bars; a comment form a cell a line. An address stands in
    parentheses behind a link whose words hide it.
    """
    html = DATA_URI.sub("", html).replace("\x00", "")
    is_cut = len(html) > MAX_HTML
    html = html[:MAX_HTML]
    root = _parsed(html)
    if root is None:
        return HtmlText("", (), is_cut=is_cut)
    page = _Page()
    page.walk(root)
    return HtmlText(*page.result(), n_hidden=page.n_hidden, is_cut=is_cut, coloured=page.coloured())


def _parsed(html: str) -> Any:  # noqa: ANN401 - an lxml element, here and below
    """The page as a tree; None where it holds nothing.

    The parser gives up at 2,048 levels of nesting. No mail program comes near; such a page is read without its
    structure.
    """
    from lxml import etree

    for flatten in (False, True):
        if flatten:
            html = OTHER_TAG.sub("", BLOCK_TAG.sub("<br>", html))
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=False)
        try:
            root = etree.fromstring(html.encode("utf-8", "replace"), parser=parser) if html.strip() else None
        except (etree.LxmlError, ValueError):
            return None
        if not any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
            break
    return root


# The walk ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Mark:
    """Where the first word after a point was written; -1 while there is none."""

    start: int = -1


@dataclass(slots=True)
class _Open:
    """An element that has begun, and what is to happen at its end."""

    margin: int = 0  # newlines that part it from what follows
    quote: _Mark | None = None
    colour: _Mark | None = None
    cell: _Mark | None = None
    purpose: str = ""
    row: int = 0
    link: _Mark | None = None
    address: str = ""
    is_list: bool = False
    is_pre: bool = False
    is_point: bool = False
    joins: bool = False  # a cell of a table of data


@dataclass(slots=True)
class _List:
    """A list: its kind of sign («1», «a», «A»; empty for bullets) and the number of the next point."""

    sign: str
    number: int


@dataclass(slots=True)
class _Plan:
    """What the cells of the page's tables are for."""

    purposes: dict[Any, tuple[str, int]] = field(default_factory=dict)  # cell -> purpose, row of the form
    carried: dict[Any, list[tuple[str, str, int]]] = field(
        default_factory=dict
    )  # row -> purpose, text, row of the form
    data_cells: set[Any] = field(default_factory=set)


class _Page:
    """Text as it is written, with the newlines and spaces that are due before the next word."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._due, self._space, self._bar = 0, False, False
        self._blank = False  # whether the line holds a no-break space and nothing else
        self._prefix = ""  # the sign of a list's point, for the next word
        self._indent = ""  # of a paragraph of a list in Word
        self._may_have_sign = False  # whether a paragraph of a list in Word has begun, and its sign may follow
        self._waiting: list[_Mark] = []  # for the next word
        self._lists: list[_List] = []
        self._n_pre = self._n_joining = self._n_quotes = 0
        self._quoted: list[Span] = []
        self._coloured: list[Span] = []
        self._cells: list[Cell] = []
        self._plan = _Plan()
        self.n_hidden = 0

    def walk(self, root: Any) -> None:  # noqa: ANN401
        """Write the whole page."""
        self._plan = _plan_tables(root)
        stack: list[tuple[Any, Iterator[Any], _Open]] = [(root, iter(root), _Open())]
        self._write(root.text)
        while stack:
            element, children, opened = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._close(opened)
                if stack:
                    self._write(element.tail)
            elif not isinstance(child.tag, str) or child.tag in SILENT or self._takes_sign(child):
                self._write(child.tail)
            elif _is_hidden(child):
                self.n_hidden += len("".join(child.itertext()).split())
                self._write(child.tail)
            else:
                inner = self._open(child, stack)
                stack.append((child, iter(child), inner))
                self._write(child.text)

    def result(self) -> tuple[str, tuple[Span, ...], tuple[Cell, ...]]:
        """The text, the quoted spans (none within another) and the cells."""
        return "".join(self._pieces), tuple(_outermost(self._quoted)), tuple(self._cells)

    def coloured(self) -> tuple[Span, ...]:
        """The spans in quotations that are shown in a chosen colour."""
        n_coloured = sum(map(len, self._coloured))
        n_quoted = sum(map(len, _outermost(self._quoted)))
        return tuple(_outermost(self._coloured)) if n_coloured <= MOSTLY * n_quoted else ()

    # Words

    def _write(self, text: str | None) -> None:
        if not text:
            return
        if self._n_pre and not self._n_joining:
            self._write_lines(text)
            return
        words = WHITESPACE.sub(" ", text)
        if self._may_have_sign:
            words = self._without_sign(words)
        shown = MANY_SPACES.sub(" ", words.replace("\u00a0", " "))
        bare = shown.strip(" ")
        if not bare:
            self._blank = self._blank or "\u00a0" in words
            self._space = self._space or bool(words)
            return
        if shown[0] == " ":
            self._space = True
        self._put(bare)
        self._space = shown[-1] == " "

    def _write_lines(self, text: str) -> None:
        """Text whose lines are the sender's own (<pre>)."""
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
            if number:
                self._break_line()
            if line.strip():
                self._put(line.rstrip())
                self._space = line[-1:] == " "

    def _put(self, text: str) -> None:
        before = ""
        if self._pieces:
            before = "\n" * self._due or (" | " if self._bar else " " if self._space else "")
        for piece in (before, self._prefix):
            if piece:
                self._pieces.append(piece)
                self._length += len(piece)
        for mark in self._waiting:
            mark.start = self._length
        self._waiting.clear()
        self._pieces.append(text)
        self._length += len(text)
        self._prefix = ""
        self._due = 0
        self._space = self._blank = self._bar = self._may_have_sign = False

    def _break_line(self) -> None:
        """A line break that the page asks for (<br>): it ends a line, or is an empty one."""
        if not self._n_joining:
            self._due = min(self._due + 1, 2) if self._pieces else 0
        self._blank, self._space = False, bool(self._n_joining)

    def _break_block(self, newlines: int) -> None:
        if self._n_joining:
            self._space = True
            return
        if self._blank:  # a paragraph of a no-break space is an empty line
            newlines = 2
        self._due = max(self._due, newlines) if self._pieces else 0
        self._space = self._blank = False

    # Elements

    def _open(self, element: Any, stack: list[tuple[Any, Iterator[Any], _Open]]) -> _Open:  # noqa: ANN401
        tag, attributes = element.tag, element.attrib
        opened = _Open()
        if tag == "br":
            self._break_line()
            return opened
        if element in self._plan.data_cells:
            self._open_data_cell(opened)
            return opened
        if tag in APART or tag in BLOCKS:
            opened.margin = self._margin(tag, attributes)
            self._break_block(opened.margin)
        if tag in LISTS:
            opened.is_list = True
            self._lists.append(_new_list(tag, attributes))
        elif tag == "li":
            opened.is_point = True
            self._begin_point(attributes)
        elif tag in ("pre", "textarea"):
            opened.is_pre = True
            self._n_pre += 1
        elif tag == "a":
            opened.address = _address(attributes.get("href", ""))
            opened.link = self._mark() if opened.address else None
        elif tag == "p":
            listed = WORD_LIST.search(_style(element))
            self._indent = INDENT * (int(listed[1] or 1) - 1) if listed else ""
            opened.is_point = self._may_have_sign = bool(listed) or "MsoList" in attributes.get("class", "")
        elif tag == "tr":
            self._open_row(element)
        elif element in self._plan.purposes:
            opened.purpose, opened.row = self._plan.purposes[element]
            opened.cell = self._mark()
        if self._n_quotes and _has_colour(element):
            opened.colour = self._mark()
        if tag in MAY_QUOTE:
            self._open_quote(element, opened, stack)
        return opened

    def _close(self, opened: _Open) -> None:
        if opened.link is not None and opened.link.start >= 0:
            said = _bare(self._from(opened.link.start))
            if said and said not in _bare(opened.address) and _bare(opened.address) not in said:
                self._space = True
                self._put(f"({opened.address})")
        if opened.cell is not None and 0 <= opened.cell.start < self._length:
            self._cells.append(Cell(opened.purpose, opened.row, Span(opened.cell.start, self._length)))
        if opened.joins:
            self._n_joining -= 1
        if opened.is_pre:
            self._n_pre -= 1
        if opened.is_list:
            self._lists.pop()
        if opened.is_point:
            self._prefix, self._may_have_sign = "", False
        if opened.margin:
            self._break_block(opened.margin)
        if opened.colour is not None and 0 <= opened.colour.start < self._length:
            self._coloured.append(Span(opened.colour.start, self._length))
        if opened.quote is not None:
            self._n_quotes -= 1
            if 0 <= opened.quote.start < self._length:
                self._quoted.append(Span(opened.quote.start, self._length))

    def _mark(self) -> _Mark:
        mark = _Mark()
        self._waiting.append(mark)
        return mark

    def _from(self, start: int) -> str:
        """What was written from a place on."""
        pieces: list[str] = []
        position = self._length
        for piece in reversed(self._pieces):
            if position <= start:
                break
            pieces.append(piece)
            position -= len(piece)
        return "".join(reversed(pieces))[max(start - position, 0) :]

    def _margin(self, tag: str, attributes: Mapping[str, str]) -> int:
        """The newlines around a block. Outlook's paragraphs stand close, with empty ones between them."""
        if tag not in APART or (self._lists and tag in ("p", "ul", "ol")):
            return 1
        close = "Mso" in attributes.get("class", "") or NO_MARGIN.search(attributes.get("style", "")[:MAX_STYLE])
        return 1 if tag == "p" and close else 2

    # Lists

    def _begin_point(self, attributes: Mapping[str, str]) -> None:
        current = self._lists[-1] if self._lists else _List("", 1)
        value = attributes.get("value", "")
        number = int(value) if value.isdecimal() and len(value) < 6 else current.number
        current.number = number + 1
        indent = INDENT * min(max(len(self._lists) - 1, 0), MAX_LEVEL)
        if not current.sign:
            self._prefix = f"{indent}- "
        elif current.sign in "aA" and 0 < number <= 26:
            self._prefix = f"{indent}{chr(ord(current.sign) + number - 1)}) "
        else:
            self._prefix = f"{indent}{number}. "

    def _takes_sign(self, element: Any) -> bool:  # noqa: ANN401
        """Whether an element is the sign of a point in one of Word's lists; it is kept for the next word."""
        if element.tag != "span" or not WORD_LIST_SIGN.search(_style(element)):
            return False
        sign = "".join(element.itertext()).replace("\u00a0", " ").strip()
        self._prefix = "" if not sign else f"{self._indent}{'-' if sign in WORD_BULLETS else sign} "
        self._may_have_sign = False
        return True

    def _without_sign(self, words: str) -> str:
        """The words of a point in one of Word's lists without its bullet, where only that tells that it is one."""
        if words.strip(" \u00a0") in WORD_BULLETS and words.strip():
            self._prefix, self._may_have_sign = f"{self._indent}- ", False
            return ""
        sign = LOST_SIGN.match(words)
        if sign is None:
            return words
        self._prefix = f"{self._indent}- "
        return words[sign.end() :]

    # Tables

    def _open_row(self, element: Any) -> None:  # noqa: ANN401
        if any(cell in self._plan.purposes for cell in element):
            self._break_block(2)
        for purpose, text, row in self._plan.carried.get(element, ()):
            mark = self._mark()
            self._put(text)
            self._cells.append(Cell(purpose, row, Span(mark.start, self._length)))
            self._break_block(1)

    def _open_data_cell(self, opened: _Open) -> None:
        opened.joins = True
        self._bar = self._bar or not self._due
        self._n_joining += 1

    # Quotations

    def _open_quote(
        self,
        element: Any,  # noqa: ANN401
        opened: _Open,
        stack: list[tuple[Any, Iterator[Any], _Open]],
    ) -> None:
        if self._n_quotes or len(stack) > MAX_QUOTE_DEPTH:
            return
        if _is_quotation(element):
            opened.quote = self._mark()
        elif _answers_from_here(element):
            # What follows stands beside the element, or beside elements that hold nothing else.
            depth = len(stack) - 1
            while depth > 1 and len(stack[depth][0]) == 1 and stack[depth][0].tag != "body":
                depth -= 1
            stack[depth][2].quote = self._mark()
        else:
            return
        self._n_quotes += 1


def _style(element: Any) -> str:  # noqa: ANN401
    return str(element.get("style") or "")[:MAX_STYLE]


def _has_colour(element: Any) -> bool:  # noqa: ANN401
    """Whether an element is shown in a colour that somebody chose."""
    found = COLOUR.search(_style(element))
    colour = (found[1] if found else element.get("color") or "").lower()
    if not colour or element.tag == "a" or colour in LINK_COLOURS:
        return False
    if colour[0] == "#":
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        if not re.fullmatch(r"[0-9a-f]{6}", digits):
            return False
        values = [int(digits[at : at + 2], 16) for at in (0, 2, 4)]
    elif colour.startswith("rgb"):
        values = [int(value) for value in re.findall(r"\d{1,4}", colour)]
    else:
        return colour in COLOUR_NAMES
    return bool(values) and max(values) - min(values) > FROM_GREY


def _is_hidden(element: Any) -> bool:  # noqa: ANN401
    """Whether an element is not shown. Letters of size 0 may hold others that have a size of their own."""
    style = _style(element)
    if element.get("hidden") is not None or (style and HIDES.search(style)):
        return True
    if not style or not NO_SIZE.search(style):
        return False
    return not any("font-size" in inner.get("style", "") for inner in element.iterdescendants("*"))


def _is_quotation(element: Any) -> bool:  # noqa: ANN401
    """Whether an element is what a mail program wraps around the mail that is answered."""
    classes = set((element.get("class") or "").split())
    if element.tag == "blockquote":
        cited = element.get("type") == "cite" or element.get("cite") is not None or "gmail_quote" in classes
        return cited or not INDENTED.search(_style(element))
    if classes & QUOTE_CLASSES or element.get("id") in QUOTE_IDS or element.get("data-marker") == "__QUOTED_TEXT__":
        return True
    if "gmail_quote" not in classes:
        return False
    # Gmail keeps answers between the quoted lines within this element, beside the blockquotes.
    if element.find(".//blockquote") is None:
        return True
    return bool(FORWARDED.match(_opening(element)))


def _answers_from_here(element: Any) -> bool:  # noqa: ANN401
    """Whether the mail that is answered begins with an element and goes on behind it."""
    if element.get("id") in ANSWERED_FROM_HERE or element.get("data-marker") == "__DIVIDER__":
        return True
    style = _style(element)
    return bool(style and OUTLOOK_LINE.search(style) and OUTLOOK_HEADERS.match(_opening(element)))


def _opening(element: Any) -> str:  # noqa: ANN401
    """The first words in an element."""
    return "".join(islice(element.itertext(), MAX_OPENING))[:MAX_OPENING].lstrip()


def _outermost(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, those within another one left out."""
    last = Span(0, 0)
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.end > last.end:
            yield span
            last = span


def _new_list(tag: str, attributes: Mapping[str, str]) -> _List:
    kind, start = attributes.get("type", "1"), attributes.get("start", "1")
    sign = "" if tag != "ol" else kind if kind in ("a", "A") else "1"
    return _List(sign, int(start) if start.isdecimal() and len(start) < 6 else 1)


# Links ---------------------------------------------------------------------------------------------------------------


def _address(href: str) -> str:
    """The address that a link leads to, out of what programs wrap it in; empty where it is none for a reader."""
    address = "".join(href[:4_000].split())
    for _ in range(3):
        inner = _unwrapped(address)
        if inner == address:
            break
        address = inner
    address = UTM.sub("", address).rstrip("?&")
    if not re.match(r"(?:https?://|mailto:)\S", address, re.IGNORECASE) or COUNTS_CLICKS.search(address):
        return ""
    if address[:7].lower() == "mailto:":
        address = unquote(address[7:].partition("?")[0])
    return address if len(address) <= MAX_ADDRESS else ""


def _unwrapped(address: str) -> str:
    defended = URLDEFENSE.match(address)
    if defended:
        return defended[1]
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
        for wrapper, name in WRAPPERS.items():
            if host == wrapper or host.endswith(f".{wrapper}"):
                inner = parse_qs(parts.query, max_num_fields=50).get(name, [""])[0]
                if wrapper.startswith("urldefense"):
                    inner = unquote(inner.replace("-", "%").replace("_", "/"))
                return inner if inner.lower().startswith(("http", "mailto:")) else address
    except ValueError:
        return address
    return address


def _bare(text: str) -> str:
    """An address or a link's words without what does not tell them apart."""
    return re.sub(r"^(?:mailto:|https?://)?(?:www\.)?|[\s/]+", "", text.casefold())


# Tables --------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Table:
    """The rows of a table, each with its cells, and whether another table stands in it."""

    rows: list[tuple[Any, list[Any]]] = field(default_factory=list)
    n_cells: int = 0
    has_inner: bool = False
    is_layout: bool = False


def _plan_tables(root: Any) -> _Plan:  # noqa: ANN401
    """Which of the page's tables are comment forms, and which hold data; all others are there for the layout."""
    plan = _Plan()
    n_rows = 0
    for table in _tables(root):
        if table.has_inner or not table.rows or table.n_cells > MAX_TABLE_CELLS:
            continue
        texts, places, carried = _as_grid(table)
        laid_out = lay_out_form(texts)
        if laid_out:
            n_rows = _plan_form(plan, table, laid_out, places, carried, n_rows)
        elif not table.is_layout and _holds_data(texts):
            plan.data_cells.update(cell for _, cells in table.rows for cell in cells)
    return plan


def _tables(root: Any) -> Iterator[_Table]:  # noqa: ANN401
    """The tables of the page."""
    from lxml import etree

    stack: list[_Table] = []
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=("table", "tr", "td", "th")):
        if element.tag == "table":
            if event == "start":
                if stack:
                    stack[-1].has_inner = True
                stack.append(_Table(is_layout=element.get("role") in ("presentation", "none")))
            elif stack:
                yield stack.pop()
        elif event == "start" and stack:
            if element.tag == "tr":
                stack[-1].rows.append((element, []))
            elif stack[-1].rows:
                stack[-1].n_cells += 1
                if stack[-1].n_cells <= MAX_TABLE_CELLS:
                    stack[-1].rows[-1][1].append(element)


def _as_grid(table: _Table) -> tuple[list[list[str]], list[list[int]], list[dict[int, str]]]:
    """The texts of a table by row and column; the column of each row's cells; and what reaches down into each row."""
    texts: list[list[str]] = []
    places: list[list[int]] = []
    carried: list[dict[int, str]] = []
    reaching: dict[int, tuple[int, str]] = {}  # column -> rows left, text
    for _, cells in table.rows:
        row: dict[int, str] = {}
        carried.append({column: text for column, (_, text) in reaching.items()})
        taken = set(reaching)
        reaching = {column: (left - 1, text) for column, (left, text) in reaching.items() if left > 1}
        columns: list[int] = []
        column = 0
        for cell in cells:
            while column in taken:
                column += 1
            if column >= MAX_COLUMNS:
                break
            text = " ".join("".join(cell.itertext()).split())
            columns.append(column)
            row[column] = text
            width, height = _span_of(cell, "colspan"), _span_of(cell, "rowspan")
            if height > 1:
                reaching |= {column + beside: (height - 1, "" if beside else text) for beside in range(width)}
            column += width
        places.append(columns)
        texts.append([row.get(index, "") for index in range(max(row, default=-1) + 1)])
    return texts, places, carried


def _span_of(cell: Any, name: str) -> int:  # noqa: ANN401
    value = (cell.get(name) or "").strip()
    return min(int(value), MAX_SPAN) if value.isdecimal() and 0 < len(value) < 6 and int(value) else 1


def _plan_form(
    plan: _Plan,
    table: _Table,
    laid_out: list[FormRow],
    places: list[list[int]],
    carried: list[dict[int, str]],
    n_rows: int,
) -> int:
    """Note what the cells of a form are for; the number of its last row."""
    group = -1
    last: Mapping[int, str] = {}
    for (row, cells), form, columns, above in zip(table.rows, laid_out, places, carried, strict=True):
        if not form.purposes:
            continue
        n_rows += form.group != group
        group = form.group
        for cell, column in zip(cells, columns, strict=False):  # columns beyond the last that is looked at are left out
            plan.purposes[cell] = HEADER if form.is_header else form.purposes.get(column, OTHER), n_rows
        known = {**last, **form.purposes}
        if not form.is_header:
            plan.carried[row] = [
                (known[column], text, n_rows)
                for column, text in above.items()
                if text and is_place(known.get(column, ""))
            ]
            last = {column: purpose for column, purpose in known.items() if is_place(purpose)}
    return n_rows


def _holds_data(texts: list[list[str]]) -> bool:
    """Whether a table holds data: short cells side by side, on most of its rows."""
    filled = [sum(bool(text) for text in row) for row in texts if any(row)]
    if len(filled) < 2 or any(len(text) > MAX_DATA_CELL for row in texts for text in row):
        return False
    return 2 * sum(count >= 2 for count in filled) > len(filled)
