"""Bytes of a message -> its tree of parts (`Entity`): headers decoded one by one, bodies where they lie in the bytes.

Written for mail as it is, not as RFC 5322 and RFC 2045 want it: boundaries that are missing or used twice, headers
without an empty line after them, base64 with a footer under it. A fault costs only the part that it is in, and is
told in `Entity.faults`. Time grows with the bytes: no byte is looked at more than once a level, and levels are few.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple
from urllib.parse import unquote_to_bytes

from innspill.reading.charsets import compose, decode, decode_noted

MAX_DEPTH = 50
MAX_ENTITIES = 2_000
# Lines that look like the beginning of a boundary, over all levels of a message.
MAX_DASHED_LINES = 1_000_000
# Of one header no more than this is read, and of the headers of one part no more lines than this.
MAX_HEADER = 64_000
MAX_HEADER_LINES = 50_000
# The sections of one parameter (RFC 2231), and the stretches of base64 that are padded each for itself.
MAX_SECTIONS = 200
MAX_PADDED = 1_000

Role = Literal["part", "preamble", "epilogue", "rest"]
HEADER_NAME = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
# A part that begins with none of these begins without headers: «Kommentar: …» is text.
KNOWN_HEADER = re.compile(
    rb"(?:content-|x-|mime-|resent-|list-|arc-|thread-|dkim-|authentication-|received|from|to|cc|bcc|subject|date|sender"
    rb"|reply-to|message-id|in-reply-to|references|return-path|delivered-to|auto-submitted|precedence|importance|priority"
    rb"|user-agent|status|organi[sz]ation|errors-to|accept-language|newsgroups|path|lines|encoding|envelope-|original-"
    rb"|disposition-notification-to|comments|keywords)[!-9;-~]{0,80}[ \t]*:",
    re.IGNORECASE,
)
CONTENT_TYPE = re.compile(rb"[\s\"']*([\w!#$&^.+-]{1,80})/([\w!#$&^.+*-]{1,80})")
PARAMETER = re.compile(rb"([^\s;=\"()]{1,80})\s*+=\s*+(\"(?:[^\"\\]|\\.)*+\"?|[^;]*+)", re.DOTALL)
SECTION = re.compile(r"(.+?)(?:\*(\d{1,4}))?(\*?)")
REST_OF_DELIMITER = re.compile(rb"(--)?[ \t]*+\r?(?:\n|\Z)")
GUESSED_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\s-](?:[ \t]*+[^\s]++){0,20}+)[ \t]*+\r?\n(?=content-)", re.IGNORECASE)
NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"))
BASE64_LINE = re.compile(rb"[A-Za-z0-9+/_-]{60,}={0,2}[ \t\r]*")
SOFT_BREAK = re.compile(rb"=[ \t]++(?=\r?\n)")
ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()]+")
BOILERPLATE = re.compile(rb"multi-?part|MIME|flere deler|fleire delar", re.IGNORECASE)


class Address(NamedTuple):
    """Who a header names: the name shown and the address in lower case; either may be empty."""

    name: str
    address: str


class Unwrapped(NamedTuple):
    """The bytes of a part without their transfer encoding, and what was amiss: a sentence, mostly empty."""

    data: bytes
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A message or a part of one (RFC 2045): its headers, its kind, and its body or the parts in it.

    `headers` are (name in lower case, value as bytes, unfolded), in order. `kind` is the content type in lower case.
    `role` tells what a leaf is that no mail program shows: the words before and after the parts of a multipart, and
    what lies beyond the limits.
    """

    headers: tuple[tuple[str, bytes], ...]
    kind: str
    parameters: dict[str, str]
    buffer: bytes = field(repr=False)
    start: int
    end: int
    children: tuple["Entity", ...] = ()
    role: Role = "part"
    faults: tuple[str, ...] = ()

    @property
    def raw(self) -> bytes:
        """The body as it stands, in its transfer encoding."""
        return self.buffer[self.start : self.end]

    @property
    def n_bytes(self) -> int:
        """The length of the body as it stands."""
        return self.end - self.start

    @property
    def encoding(self) -> str:
        """The transfer encoding, in lower case; empty where none is declared."""
        words = self.value("content-transfer-encoding").lower().replace(";", " ").strip("'\" ").split()
        return words[0] if words else ""

    @property
    def disposition(self) -> str:
        """``attachment``, ``inline`` or empty."""
        return self.value("content-disposition").partition(";")[0].strip("'\" ").lower()

    @property
    def charset(self) -> str:
        """The charset as it is declared; empty where it is not."""
        return self.parameters.get("charset", "").strip()

    @property
    def file_name(self) -> str:
        """The file's name as the sender wrote it, with folders if so; empty where there is none."""
        disposition = next((value for name, value in self.headers if name == "content-disposition"), b"")
        names = parameters_of(disposition)
        return names.get("filename") or names.get("name") or self.parameters.get("name", "")

    @property
    def is_attached(self) -> bool:
        """Whether the part is a file rather than words of the letter."""
        return self.disposition == "attachment" or bool(self.file_name)

    def value(self, name: str) -> str:
        """The first header of that name (in lower case) as text; empty where it is missing."""
        return next((decode_words(value) for key, value in self.headers if key == name), "")

    def values(self, name: str) -> Iterator[str]:
        """All headers of that name as text, in order."""
        return (decode_words(value) for key, value in self.headers if key == name)

    def unwrapped(self) -> Unwrapped:
        """The body without its transfer encoding. What is broken is read as far as it goes."""
        encoding = self.encoding
        if encoding == "base64":
            return _from_base64(self.raw)
        if encoding == "quoted-printable":
            return Unwrapped(binascii.a2b_qp(SOFT_BREAK.sub(b"=", self.raw)))
        if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
            first, _, rest = self.raw.lstrip().partition(b"\n")
            decoded = from_uu(rest if first.startswith(b"begin ") else self.raw)
            return Unwrapped(decoded) if decoded else Unwrapped(self.raw, "it is not uuencoded as it says")
        if encoding in ("", "7bit", "8bit", "binary"):
            return Unwrapped(self.raw)
        return Unwrapped(self.raw, f"its transfer encoding «{encoding[:40]}» is unknown; it was read as it stands")


# Reading the tree ----------------------------------------------------------------------------------------------------


def parse(data: bytes) -> Entity:
    """The tree of a message. Never fails; what is beyond `MAX_DEPTH` and `MAX_ENTITIES` is a leaf of role ``rest``."""
    data, fault = _prepared(data)
    message = _Parser().entity(data, 0, None, 0, "text/plain")
    return replace(message, faults=(*message.faults, fault)) if fault else message


def _prepared(data: bytes) -> Unwrapped:
    """UTF-16 as UTF-8, without a mark and blank lines before the headers, and with line feeds in old Mac's files."""
    fault = ""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:200].count(0) > len(data[:200]) // 3:
        text, charset, doubt = decode_noted(data)
        if charset.startswith(("utf-16", "utf-32")):
            data, fault = text.encode("utf-8", "replace"), doubt
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    return Unwrapped(data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"), fault)


class _Delimiter(NamedTuple):
    start: int
    end: int
    closes: bool


class _Parser:
    """Reads entities, and counts them over the whole message."""

    def __init__(self) -> None:
        self._n_entities = 0
        self._n_lines_left = MAX_DASHED_LINES

    def entity(self, buffer: bytes, start: int, end: int | None, depth: int, default_kind: str) -> Entity:
        """The entity that lies in ``buffer[start:end]``."""
        self._n_entities += 1
        end = len(buffer) if end is None else end
        headers, body, faults = _headers(buffer, start, end)
        kind, parameters = _kind(headers, default_kind)
        entity = Entity(headers, kind, parameters, buffer, body, end, faults=faults)
        if kind.startswith("multipart/"):
            return self._with_parts(entity, depth)
        if kind in ("message/rfc822", "message/global", "message/news"):
            return self._with_message(entity, depth)
        return entity

    def _with_message(self, entity: Entity, depth: int) -> Entity:
        if self._is_full(depth):
            return replace(entity, children=(_leaf(entity, entity.start, entity.end, "rest"),))
        faults = entity.faults
        if entity.encoding in ("", "7bit", "8bit", "binary"):
            start = entity.start
            while start < entity.end and entity.buffer[start] in b"\r\n":
                start += 1
            inner = self.entity(entity.buffer, start, entity.end, depth + 1, "text/plain")
        else:
            data, fault = entity.unwrapped()
            faults = (*faults, fault) if fault else faults
            inner = self.entity(_prepared(data).data, 0, None, depth + 1, "text/plain")
        if not inner.headers:
            return replace(entity, faults=(*faults, "what it attaches is no message"))
        return replace(entity, children=(inner,), faults=faults)

    def _with_parts(self, entity: Entity, depth: int) -> Entity:
        if self._is_full(depth):
            return replace(entity, children=(_leaf(entity, entity.start, entity.end, "rest"),))
        if entity.encoding in ("base64", "quoted-printable"):
            data = entity.unwrapped().data
            if b"\n--" in b"\n" + data and b"\n--" not in b"\n" + entity.raw:
                entity = replace(entity, buffer=data, start=0, end=len(data))
        for boundary, faults in _boundaries(entity):
            children = self._split(entity, boundary, depth)
            if children:
                return replace(entity, children=children, faults=faults)
        return entity

    def _split(self, entity: Entity, boundary: bytes, depth: int) -> tuple[Entity, ...]:
        """The parts between lines of dashes and `boundary`; none where there are none.

        Parts after the closing line are parts all the same: some programs write that line too early.
        """
        buffer = entity.buffer
        default = "message/rfc822" if entity.kind == "multipart/digest" else "text/plain"
        children: list[Entity] = []
        start = entity.start
        role: Role = "preamble"
        for line in self._delimiters(entity, boundary):
            self._add(children, entity, start, _without_break(buffer, start, line.start), role, depth, default)
            start, role = line.end, "epilogue" if line.closes else "part"
            if self._is_full(depth):
                role = "rest"
                break
        self._add(children, entity, start, entity.end, role, depth, default)
        return tuple(children) if any(child.role in ("part", "rest") for child in children) else ()

    def _add(
        self, children: list[Entity], parent: Entity, start: int, end: int, role: Role, depth: int, default: str
    ) -> None:
        words = parent.buffer[start:end].strip() if role != "part" else b""
        if role == "part" or (role == "preamble" and re.match(rb"content-[a-z-]{4,30}:", words, re.IGNORECASE)):
            children.append(self.entity(parent.buffer, start, end, depth + 1, default))
        elif words and not (role == "preamble" and len(words) < 500 and BOILERPLATE.search(words)):
            self._n_entities += 1
            children.append(_leaf(parent, start, end, role))

    def _delimiters(self, entity: Entity, boundary: bytes) -> Iterator[_Delimiter]:
        """The lines that part the body at a boundary; those that only begin as such are counted, for hostile mail."""
        buffer, end = entity.buffer, entity.end
        dashes = b"--" + boundary
        position = entity.start
        if not buffer.startswith(dashes, position):
            position = _after_break(buffer, dashes, max(position - 1, 0), end)
        while position >= 0 and self._n_lines_left > 0:
            self._n_lines_left -= 1
            rest = REST_OF_DELIMITER.match(buffer, position + len(dashes), end)
            if rest:
                yield _Delimiter(position, rest.end(), rest.group(1) is not None)
            position = _after_break(buffer, dashes, rest.end() - 1 if rest else position, end)

    def _is_full(self, depth: int) -> bool:
        return depth >= MAX_DEPTH or self._n_entities >= MAX_ENTITIES


def _after_break(buffer: bytes, words: bytes, position: int, end: int) -> int:
    """Where the next line begins that begins with these words; -1 where there is none."""
    found = buffer.find(b"\n" + words, position, end)
    return found + 1 if found >= 0 else -1


def _without_break(buffer: bytes, start: int, end: int) -> int:
    """Where a part ends: the line end before a delimiter is the delimiter's."""
    if end > start and buffer[end - 1] == 10:
        end -= 1
        if end > start and buffer[end - 1] == 13:
            end -= 1
    return end


def _boundaries(entity: Entity) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """The boundary declared (of several headers, each), and then one that the body shows."""
    for name, value in entity.headers:
        if name == "content-type":
            boundary = parameters_of(value).get("boundary", "").rstrip()
            if boundary:
                yield boundary.encode("utf-8", "surrogateescape"), entity.faults
    shown = GUESSED_BOUNDARY.search(entity.buffer, max(entity.start - 1, 0), entity.end)
    if shown:
        yield shown.group(1), (*entity.faults, "its boundary is missing and was told from its lines")


def _leaf(parent: Entity, start: int, end: int, role: Role) -> Entity:
    return Entity((), "text/plain", {}, parent.buffer, start, end, (), role)


# Headers -------------------------------------------------------------------------------------------------------------


def _headers(buffer: bytes, start: int, end: int) -> tuple[tuple[tuple[str, bytes], ...], int, tuple[str, ...]]:
    """The headers, where the body begins, and what was amiss.

    Headers end at an empty line. Where it is missing they end at the first line that is none, unless a header that
    mail has follows it: then that line was folded badly.
    """
    pieces: list[tuple[str, list[bytes]]] = []
    position, n_lines, is_known = start, 0, False
    while position < end:
        following = buffer.find(b"\n", position, end) + 1 or end
        line = buffer[position : min(following, position + MAX_HEADER)].rstrip(b"\r\n")
        n_lines += 1
        if n_lines > MAX_HEADER_LINES:
            body = _after_empty_line(buffer, position, end)
            return _joined(pieces), body, ("it has more headers than are read",)
        if not line.strip(b"\x00"):
            return (_joined(pieces), following, ()) if is_known or not pieces else ((), start, ())
        matched = HEADER_NAME.match(line)
        if line[:1] in b" \t" and pieces:
            pieces[-1][1].append(line)
        elif matched and not line.startswith(b">"):
            is_known = is_known or KNOWN_HEADER.match(line) is not None
            pieces.append((matched.group(1).decode("ascii").lower(), [line[matched.end() :]]))
        elif pieces and KNOWN_HEADER.match(buffer, following, min(following + 200, end)):
            pieces[-1][1].append(b" " + line)
        elif not (line.startswith((b"From ", b">From ")) and not pieces):
            fault = ("no empty line parts its headers from its text",)
            return (_joined(pieces), position, fault) if is_known else ((), start, ())
        position = following
    return (_joined(pieces), end, ()) if is_known else ((), start, ())


def _joined(pieces: list[tuple[str, list[bytes]]]) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, b"".join(lines)[:MAX_HEADER].replace(b"\x00", b"").strip()) for name, lines in pieces)


def _after_empty_line(buffer: bytes, position: int, end: int) -> int:
    ends = [found + len(mark) for mark in (b"\n\n", b"\n\r\n") if (found := buffer.find(mark, position, end)) >= 0]
    return min(ends, default=end)


def _kind(headers: tuple[tuple[str, bytes], ...], default: str) -> tuple[str, dict[str, str]]:
    """The content type and its parameters; of two that differ, the one that holds parts."""
    found: list[tuple[str, dict[str, str]]] = []
    for name, value in headers:
        matched = CONTENT_TYPE.match(value) if name == "content-type" else None
        if matched:
            kind = b"/".join(matched.groups()).decode("ascii", "replace").lower()
            found.append((kind, parameters_of(value[matched.end() :])))
        elif name == "content-type":
            found.append(("text/html" if b"html" in value[:20].lower() else "text/plain", parameters_of(value)))
    several = [item for item in found if item[0].startswith("multipart/") and "boundary" in item[1]]
    return (several or found or [(default, {})])[0]


def parameters_of(value: bytes) -> dict[str, str]:
    """The parameters of a header, names in lower case; charsets, RFC 2231 sections and RFC 2047 words decoded.

    >>> parameters_of(b"attachment; filename*0*=iso-8859-1''h%F8ring; filename*1=.docx")
    {'filename': 'høring.docx'}
    """
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for match in PARAMETER.finditer(value[:MAX_HEADER]):
        matched = SECTION.fullmatch(match.group(1).decode("ascii", "replace").lower())
        content = _unquoted(match.group(2))
        if matched is None:
            continue
        name, number, star = matched.groups()
        if number is None and not star:
            plain.setdefault(
                name, decode_words(content) if name != "boundary" else content.decode("utf-8", "surrogateescape")
            )
        elif len(sections.setdefault(name, {})) < MAX_SECTIONS:
            sections[name].setdefault(int(number or 0), (content, bool(star)))
    for name, numbered in sections.items():
        plain[name] = _from_sections([numbered[number] for number in sorted(numbered)])
    return plain


def _unquoted(content: bytes) -> bytes:
    content = content.strip()
    if content.startswith(b'"'):
        content = content[1:].removesuffix(b'"')
        return content.replace(b'\\"', b'"').replace(b"\\\\", b"\\")
    return content


def _from_sections(sections: list[tuple[bytes, bool]]) -> str:
    """RFC 2231: the first section names the charset, and each that ends in a star is percent-encoded."""
    charset = ""
    first, is_encoded = sections[0]
    if is_encoded and first.count(b"'") >= 2:
        declared, _, rest = first.split(b"'", 2)
        charset, sections = declared.decode("ascii", "replace"), [(rest, True), *sections[1:]]
    data = b"".join(unquote_to_bytes(content) if encoded else content for content, encoded in sections)
    return compose(decode(data, charset)) if b"=?" not in data else decode_words(data)


def decode_words(value: bytes) -> str:
    """A header's value as NFC text on one line: RFC 2047 words (split inside a letter, too) and raw eight-bit bytes.

    >>> decode_words(b"=?iso-8859-1?q?H=F8ring?= =?utf-8?b?c3Zhcg==?= om =?x-unknown?q?sk=F8ler?=")
    'Høringsvar om skøler'
    """
    value = value[:MAX_HEADER]
    if b"=?" not in value:
        return _one_line(decode(value))
    runs: list[tuple[str, bytes]] = []  # (charset, bytes); neighbours of one charset are decoded as one
    position, closing = 0, -1
    while (opening := value.find(b"=?", position)) >= 0:
        word, closing = _encoded_word(value, opening, closing)
        if word is None:
            runs.append(("", value[position : opening + 2]))
            position = opening + 2
            continue
        between = value[position:opening]
        if between.strip() or not (runs and runs[-1][0]):
            runs.append(("", between))
        charset, data = word
        if runs[-1][0] == charset:
            runs[-1] = (charset, runs[-1][1] + data)
        else:
            runs.append((charset, data))
        position = closing + 2
    runs.append(("", value[position:]))
    return _one_line("".join(decode(data, charset) for charset, data in runs))


def _encoded_word(value: bytes, opening: int, closing: int) -> tuple[tuple[str, bytes] | None, int]:
    """The word that opens at `opening` as (charset, bytes), and where its closing mark stands.

    `closing` is the last closing mark found, so that a header of opening marks alone is looked through once.
    """
    charset_end = value.find(b"?", opening + 2, opening + 80)
    encoding = value[charset_end + 1 : charset_end + 3].lower()
    if charset_end < 0 or encoding not in (b"q?", b"b?"):
        return None, closing
    content = charset_end + 3
    if closing < content:
        closing = value.find(b"?=", content)
        if closing < 0:
            closing = len(value) + 1
    if closing > len(value):
        return None, closing
    charset = value[opening + 2 : charset_end].decode("ascii", "replace").lower() or "unknown"
    encoded = value[content:closing]
    if encoding == b"q?":
        return (charset, binascii.a2b_qp(encoded, header=True)), closing
    return (charset, _from_base64(encoded).data), closing


def _one_line(text: str) -> str:
    text = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    return compose(" ".join(text.split()))


def address_of(value: bytes) -> Address:
    """The first address of a header: read before its words are decoded, so that «Moe, Unni» is one name.

    >>> address_of(b"=?utf-8?q?Moe=2C_Unni?= <Unni@skole.example>")
    Address(name='Moe, Unni', address='unni@skole.example')
    """
    raw = value[:2_000]
    opening, closing = raw.find(b"<"), raw.find(b">")
    if 0 <= opening < closing and b"@" in raw[opening:closing]:
        name, found = raw[:opening], ADDRESS.search(decode(raw[opening + 1 : closing]))
    else:
        found = ADDRESS.search(decode_words(raw))
        comment = re.search(rb"\(([^()]*)\)", raw)
        name = comment.group(1) if comment else b"" if found else raw
    shown = decode_words(name.strip().strip(b'"').replace(b'\\"', b'"')).strip("'\" ,;")
    address = found.group().lower() if found else ""
    is_group = not address and shown.endswith(":")
    return Address("" if shown.lower() == address or is_group else shown, address)


def sender_of(message: Entity) -> Address:
    """Who a message is from; empty where it does not tell."""
    wanted = [value for name in ("from", "sender") for key, value in message.headers if key == name and value]
    return address_of(wanted[0] if wanted else b"")


# Transfer encodings --------------------------------------------------------------------------------------------------


def _from_base64(raw: bytes) -> Unwrapped:
    """Base64 as far as it goes: characters that are none are passed over, and a footer in plain text under it is kept.

    Mailing lists write their footer below a body in base64 without encoding it.
    """
    head, footer = _parted_footer(raw)
    clean = head.translate(None, NOT_BASE64).replace(b"-", b"+").replace(b"_", b"/")
    pieces = (
        [piece for piece in clean.split(b"=") if piece]
        if clean.count(b"=") <= MAX_PADDED
        else [clean.replace(b"=", b"")]
    )
    data = b"".join(map(_decoded_piece, pieces))
    if footer.strip():
        return Unwrapped(
            data + b"\n" + footer,
            "text stands below its base64; it was kept" if data else "it is not base64 as it says",
        )
    cut = any(len(piece) % 4 == 1 for piece in pieces)
    return Unwrapped(data, "its base64 is broken or cut short; it was read as far as it goes" if cut else "")


def _decoded_piece(piece: bytes) -> bytes:
    piece = piece[: len(piece) - (len(piece) % 4 == 1)]
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))


def _parted_footer(raw: bytes) -> tuple[bytes, bytes]:
    """(base64, text below it): text begins at the first line of several words, or of dashes, that no base64 follows."""
    if len(raw.translate(None, b"\r\n\t \x00")) == len(raw.translate(None, NOT_BASE64)):
        return raw, b""
    position = 0
    for line in raw.splitlines(keepends=True):
        if len(line.split()) > 1 or (line.strip() and not line.strip(b"-_=*~ \t\r\n")):
            later = raw[position:].splitlines()[1:50]
            goes_on = any(BASE64_LINE.fullmatch(other.rstrip()) for other in later)
            return (raw, b"") if goes_on else (raw[:position], raw[position:])
        position += len(line)
    return raw, b""


def from_uu(lines: bytes) -> bytes:
    """Uuencoded lines as bytes, as far as they are such lines."""
    pieces = []
    for line in lines.splitlines():
        if line.strip() in (b"end", b"`", b""):
            break
        data = uu_line(line)
        if data is None:
            break
        pieces.append(data)
    return b"".join(pieces)


def uu_line(line: bytes) -> bytes | None:
    """A line of uuencoded data as bytes; None where it is no such line."""
    line = line.rstrip(b"\r\n")
    n_bytes = (line[0] - 32) & 63 if line and 32 <= line[0] <= 96 else 0
    n_signs = (n_bytes + 2) // 3 * 4
    if (
        not n_bytes
        or not n_signs - 3 <= len(line.rstrip()) - 1 <= n_signs + 2
        or any(not 32 <= sign <= 96 for sign in line)
    ):
        return None
    try:
        return binascii.a2b_uu(line[: 1 + n_signs].ljust(1 + n_signs))
    except binascii.Error:
        return None
