"""PowerPoint presentations -> text: the words of the slides, the speaker's notes under each, and what readers noted."""

from collections.abc import Iterator

from lxml import etree

from innspill.reading.charsets import normalise_text
from innspill.reading.documents.builder import AttachmentText, TextBuilder, UnreadableAttachment, write_table
from innspill.reading.documents.packages import Package, attribute, child, children, name_of
from innspill.records import Span

MAX_SLIDES = 2_000
MAX_TEXT = 5_000_000
TITLES = ("title", "ctrTitle")
# Placeholders for what stands on every slide.
FURNITURE = ("sldNum", "dt", "ftr", "hdr", "sldImg")


def read_pptx(data: bytes) -> AttachmentText:
    """The words of each slide in order: its title, its paragraphs, list points and tables, its notes.

    Raises:
        UnreadableAttachment: it cannot be opened.
    """
    package = Package(data)
    main = next(
        (r.target for r in package.relations("").values() if r.kind == "officeDocument"), "ppt/presentation.xml"
    )
    root = package.tree(main)
    if root is None:
        raise UnreadableAttachment("it is a presentation that is damaged; ask the sender to save it anew")
    writer = TextBuilder()
    authors = _authors(package)
    relations = package.relations(main)
    keys = [attribute(slide, "r:id") for slide in _under(root, "p:sldId")]
    listed = list(dict.fromkeys(relations[key].target for key in keys if key in relations))
    remarks: list[tuple[str, str, Span]] = []
    for number, name in enumerate(listed):
        if number == MAX_SLIDES or writer.length > MAX_TEXT:
            writer.omit(f"only its first {number:,} slides were read; ask for the rest in a file of its own")
            break
        remarks += _write_slide(writer, package, name, authors)
    for name in package.damaged:
        writer.omit(f"its part {name} could be read only in part, for the file is damaged; ask for it saved anew")
    for words, author, anchor in remarks:
        writer.remark("note", words, anchor, author=author)
    return writer.result()


def _write_slide(
    writer: TextBuilder, package: Package, name: str, authors: dict[str, str]
) -> list[tuple[str, str, Span]]:
    """Write a slide; the (text, author, anchor) of the comments on it."""
    root = package.tree(name)
    if root is None:
        return []
    start: Span | None = None
    for shape in _shapes(root):
        written = _write_shape(writer, shape)
        start = start or written
    comments = []
    for relation in package.relations(name).values():
        if relation.kind == "notesSlide":
            notes = package.tree(relation.target)
            for shape in [] if notes is None else _shapes(notes):
                if _placeholder(shape) == "body":
                    _write_shape(writer, shape)
        elif relation.kind == "comments":
            comments += _comments(package.tree(relation.target), authors)
    anchor = start or Span(writer.length, writer.length)
    return [(words, author, anchor) for words, author in comments]


def _write_shape(writer: TextBuilder, shape: etree._Element) -> Span | None:
    """Write the words of a shape; where its first paragraph stands."""
    kind = _placeholder(shape)
    if kind in FURNITURE:
        return None
    first: Span | None = None
    if name_of(shape) == "p:graphicFrame":
        for table in _under(shape, "a:tbl"):
            rows = [[_words(cell) for cell in children(row, "a:tc")] for row in children(table, "a:tr")]
            spans = [span for row in write_table(writer, rows) for span in row.values()]
            first = first or next(iter(spans), None)
        return first
    for paragraph in _under(shape, "a:p"):
        words = _paragraph_words(paragraph)
        if words and kind in TITLES:
            span = writer.block("# " + " ".join(words.split()))
            first = first or Span(span.start + 2, span.end)
        elif words:
            is_point = _is_point(paragraph, kind)
            span = writer.block(f"- {words}" if is_point else words, is_point=is_point, level=_level(paragraph))
            first = first or span
    return first


def _is_point(paragraph: etree._Element, kind: str) -> bool:
    """Whether a paragraph is shown as a list's point: those of a slide's body are, unless they say otherwise."""
    properties = child(paragraph, "a:pPr")
    if child(properties, "a:buNone") is not None:
        return False
    drawn = any(child(properties, name) is not None for name in ("a:buChar", "a:buAutoNum", "a:buBlip"))
    return drawn or kind == "content"


def _level(paragraph: etree._Element) -> int:
    """How many points a list's point hangs under."""
    properties = child(paragraph, "a:pPr")
    level = "" if properties is None else attribute(properties, "lvl")
    return int(level) if level in tuple("012345678") else 0


def _placeholder(shape: etree._Element) -> str:
    """What a shape is the place for («title», «body»); «content» for a slide's body, empty for any other shape."""
    for element in shape:
        if name_of(element) in ("p:nvSpPr", "p:nvGraphicFramePr"):
            found = next(_under(element, "p:ph"), None)
            if found is not None:
                return attribute(found, "type") or "content"
    return ""


def _shapes(root: etree._Element) -> Iterator[etree._Element]:
    """The shapes of a slide that hold words, those in groups too; of two ways to say the same the first."""
    for element in root:
        name = name_of(element)
        if name in ("p:sp", "p:graphicFrame"):
            yield element
        elif name == "mc:AlternateContent":
            chosen = child(element, "mc:Choice")
            yield from _shapes(element if chosen is None else chosen)
        elif name != "mc:Fallback" and isinstance(element.tag, str):
            yield from _shapes(element)


def _comments(root: etree._Element | None, authors: dict[str, str]) -> list[tuple[str, str]]:
    """(text, author) of the comments on a slide, of old PowerPoint and of new, answers too."""
    found = []
    for element in [] if root is None else root.iter():
        local = name_of(element).rpartition(":")[2]
        if local in ("cm", "reply"):
            old = child(element, "p:text")
            body = next((part for part in element if name_of(part).endswith(":txBody")), None)
            words = (old.text or "") if old is not None else "" if body is None else _words(body)
            if words.strip():
                found.append((normalise_text(words).strip(), authors.get(attribute(element, "authorId"), "")))
    return found


def _authors(package: Package) -> dict[str, str]:
    names = {}
    for part in ("ppt/commentAuthors.xml", "ppt/authors.xml"):
        root = package.tree(part)
        for element in [] if root is None else root:
            names[attribute(element, "id")] = attribute(element, "name")
    return names


def _words(element: etree._Element) -> str:
    return "\n".join(words for paragraph in _under(element, "a:p") if (words := _paragraph_words(paragraph)))


def _paragraph_words(paragraph: etree._Element) -> str:
    pieces = []
    for element in paragraph.iter():
        name = name_of(element)
        if name in ("a:t", "m:t"):
            pieces.append(element.text or "")
        elif name == "a:br":
            pieces.append("\n")
    return normalise_text("".join(pieces)).strip()


def _under(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (part for part in element.iter() if name_of(part) == name)
