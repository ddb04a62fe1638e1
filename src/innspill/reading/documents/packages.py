"""Zipped XML documents (Word, PowerPoint, OpenDocument) opened as what they are: hostile input.

No entity is expanded, nothing outside the file is followed, and every part is bounded before it is unpacked.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from innspill.reading.documents.builder import bounded_names

# Bytes of one XML part. That of a report of 300 pages with every sentence changed has some 15 million.
MAX_XML = 60_000_000
# Tags of one part, each of which takes a hundred bytes of memory or more; such a report has half a million.
MAX_TAGS = 3_000_000
# What reading an archive raises when it is damaged, encrypted, or packed in a way of its own.
DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, KeyError)
# Strict and transitional Office Open XML, OpenDocument: namespace -> the prefix that the specifications use.
PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "http://schemas.microsoft.com/office/word/2012/wordml": "w15",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://schemas.openxmlformats.org/presentationml/2006/main": "p",
    "http://purl.oclc.org/ooxml/presentationml/main": "p",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0": "presentation",
    "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": "svg",
    "urn:oasis:names:tc:opendocument:xmlns:form:1.0": "form",
    "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0": "fo",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
WHOLE = re.compile(r"\d{1,9}")
_NAMES: dict[str, str] = {}
MAX_NAMES = 20_000


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the last word of the relation's type («comments»), and the part or address."""

    kind: str
    target: str
    is_outside: bool


class Package:
    """The parts of a zipped document."""

    def __init__(self, data: bytes) -> None:
        """Open a package.

        Raises:
            UnreadableAttachment: it is damaged, or would unpack to far too much.
        """
        bounded_names(data)
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._entries = {_tidy(entry.filename): entry for entry in self._archive.infolist()}
        self.damaged: dict[str, None] = {}  # the parts that could not be read, or not to their end

    def names(self) -> list[str]:
        """The names of the parts, with «/» between folders, in small letters."""
        return list(self._entries)

    def content(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is no such part, it is damaged, locked or too large."""
        entry = self._entries.get(_tidy(name))
        if entry is None or entry.file_size > MAX_XML:
            return None
        try:
            with self._archive.open(entry) as file:
                return file.read(MAX_XML)
        except DAMAGED:
            return None

    def tree(self, name: str) -> etree._Element | None:
        """A part as XML, as far as it can be read; None where it is missing or nothing of it can."""
        if _tidy(name) not in self._entries:
            return None
        content = self.content(name)
        root, is_whole = (None, False) if content is None else parse_xml(content)
        if not is_whole:
            self.damaged[_tidy(name)] = None
        return root

    def relations(self, name: str) -> dict[str, Relation]:
        """What a part refers to, by id; the package itself is the part with an empty name."""
        folder, _, base = name.rpartition("/")
        root = self.tree(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels")
        found = {}
        for element in [] if root is None else root:
            key, target = str(element.get("Id") or ""), str(element.get("Target") or "")
            is_outside = element.get("TargetMode") == "External"
            if not is_outside:
                target = _tidy(target if target.startswith("/") else f"{folder}/{target}")
            found[key] = Relation(str(element.get("Type") or "").rpartition("/")[2], target, is_outside)
        return found


def _tidy(name: str) -> str:
    return posixpath.normpath("/" + unquote(name).replace("\\", "/")).lstrip("/").lower()


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def parse_xml(content: bytes) -> tuple[etree._Element | None, bool]:
    """XML as far as it can be read, None where nothing of it can; and whether that is all."""
    for recover in (False, True) if content.count(b"<") <= MAX_TAGS else ():
        try:
            root = etree.fromstring(content, _parser(recover=recover))
        except (etree.XMLSyntaxError, ValueError):
            continue
        return root, not recover
    return None, False


def name_of(element: etree._Element) -> str:
    """An element's name with the prefix that its specification uses («w:p»), whatever the file calls it."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    name = _NAMES.get(tag)
    if name is None:
        if len(_NAMES) > MAX_NAMES:  # names that a hostile file made up
            _NAMES.clear()
        namespace, _, local = tag.removeprefix("{").rpartition("}")
        prefix = PREFIXES.get(namespace, "" if not namespace else "?")
        name = _NAMES[tag] = f"{prefix}:{local}" if prefix else local
    return name


def attribute(element: etree._Element, name: str) -> str:
    """The value of an attribute by the name that its specification uses («w:val»); empty where there is none."""
    prefix, _, local = name.rpartition(":")
    bare = ""
    for key, value in element.items():
        namespace, _, own = str(key).removeprefix("{").rpartition("}")
        if own == local and namespace and PREFIXES.get(namespace) == prefix:
            return str(value)
        if own == local and not namespace:
            bare = str(value)
    return bare


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of an element with one of the names."""
    return (child for child in element if name_of(child) in names)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child with a name; None where the element is None or has none."""
    return None if element is None else next(children(element, name), None)


def whole_number(text: str, most: int) -> int:
    """A number as a document tells it, bounded; 0 where it tells none."""
    return min(int(text), most) if WHOLE.fullmatch(text) else 0


def value_of(element: etree._Element | None, name: str, key: str = "w:val") -> str:
    """An attribute of the first child with a name; empty where either is missing."""
    found = child(element, name)
    return "" if found is None else attribute(found, key)
