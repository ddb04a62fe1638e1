"""A reader of a Word document who puts notes in its margin and tracks changes, written as Word writes them."""

import copy
import io
import zipfile

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


def w(name: str) -> str:
    return f"{{{W}}}{name}"


class WordReview:
    """Marks up a .docx; places are told by words, and by a sentence around them where they stand in several places."""

    def __init__(self, data: bytes, author: str = "Unni Moe") -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}
        self._root = etree.fromstring(self._parts["word/document.xml"])
        self._author = author
        self._notes: list[tuple[int, str, str]] = []
        self._ids = 900

    def note(self, words: str, says: str, within: str = "") -> None:
        """A note on some words; on nothing where `words` is empty: then it stands at the end of `within`."""
        if not words:
            paragraph, _, end = self._find(within, within)
            paragraph.insert(self._cut(paragraph, end), self._reference(says))
            return
        paragraph, start, end = self._find(words, within)
        last = self._cut(paragraph, end)
        first = self._cut(paragraph, start)
        last += self._cut(paragraph, end) - last
        number = len(self._notes)
        closing = etree.Element(w("commentRangeEnd"), {w("id"): str(number)})
        paragraph.insert(last, closing)
        paragraph.insert(first, etree.Element(w("commentRangeStart"), {w("id"): str(number)}))
        closing.addnext(self._reference(says))

    def strike(self, words: str, within: str = "") -> None:
        paragraph, start, end = self._find(words, within)
        self._cut(paragraph, end)
        first = self._cut(paragraph, start)
        change = self._change("del")
        struck = list(paragraph)[first : self._cut(paragraph, end)]
        paragraph.insert(first, change)
        for run in struck:
            for text in run.iter(w("t")):
                text.tag = w("delText")
                text.set(XML_SPACE, "preserve")
            change.append(run)

    def put_in(self, words: str, *, after: str, within: str = "") -> None:
        paragraph, _, end = self._find(after, within)
        change = self._change("ins")
        change.append(_run(words))
        paragraph.insert(self._cut(paragraph, end), change)

    def replace(self, old: str, new: str, within: str = "") -> None:
        """Strike words out and put others in right after them."""
        paragraph, _, _ = self._find(old, within)
        self.strike(old, within)
        struck = next(c for c in paragraph if c.tag == w("del") and "".join(c.itertext()) == old)
        change = self._change("ins")
        change.append(_run(new))
        struck.addnext(change)

    def put_in_paragraph(self, words: str, *, after: str) -> None:
        paragraph, _, _ = self._find(after, after)
        new = etree.Element(w("p"))
        properties = etree.SubElement(etree.SubElement(new, w("pPr")), w("rPr"))
        properties.append(self._change("ins"))
        change = self._change("ins")
        change.append(_run(words))
        new.append(change)
        paragraph.addnext(new)

    def strike_paragraph(self, within: str) -> None:
        paragraph, _, _ = self._find(within, within)
        self.strike(_text(paragraph), within)
        properties = paragraph.find(w("pPr"))
        if properties is None:
            properties = etree.Element(w("pPr"))
            paragraph.insert(0, properties)
        etree.SubElement(properties, w("rPr")).append(self._change("del"))

    def save(self) -> bytes:
        parts = dict(self._parts)
        parts["word/document.xml"] = etree.tostring(self._root, encoding="UTF-8", xml_declaration=True)
        if self._notes:
            root = etree.Element(w("comments"), nsmap={"w": W})
            for number, author, says in self._notes:
                note = etree.SubElement(root, w("comment"), {w("id"): str(number), w("author"): author})
                for line in says.split("\n"):
                    etree.SubElement(note, w("p")).append(_run(line))
            parts["word/comments.xml"] = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
            parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
                b"</Relationships>",
                f'<Relationship Id="rId990" Type="{RELATION}" Target="comments.xml"/></Relationships>'.encode(),
            )
            parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
                b"</Types>", f'<Override PartName="/word/comments.xml" ContentType="{COMMENTS_TYPE}"/></Types>'.encode()
            )
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    def _change(self, name: str) -> etree._Element:
        self._ids += 1
        return etree.Element(
            w(name), {w("id"): str(self._ids), w("author"): self._author, w("date"): "2026-09-14T10:00:00Z"}
        )

    def _reference(self, says: str) -> etree._Element:
        number = len(self._notes)
        self._notes.append((number, self._author, says))
        run = etree.Element(w("r"))
        etree.SubElement(run, w("commentReference"), {w("id"): str(number)})
        return run

    def _find(self, words: str, within: str) -> tuple[etree._Element, int, int]:
        """The paragraph, and the offsets in it, of words within a sentence."""
        for paragraph in self._root.iter(w("p")):
            text = _text(paragraph)
            around = text.find(within or words)
            if around >= 0 and (at := text.find(words, around)) >= 0:
                return paragraph, at, at + len(words)
        raise AssertionError(f"«{words}» is not in the document")

    def _cut(self, paragraph: etree._Element, offset: int) -> int:
        """Cut the run at an offset of the paragraph's words in two; the place among its children where the later is."""
        position = 0
        for place, child in enumerate(list(paragraph)):
            length = 0 if child.tag == w("ins") else len("".join(text.text or "" for text in child.iter(w("t"))))
            if offset <= position:
                return place if child.tag != w("pPr") else place + 1
            if offset < position + length:
                self._cut_run(paragraph, child, offset - position)
                return place + 1
            position += length
        return len(paragraph)

    def _cut_run(self, paragraph: etree._Element, run: etree._Element, offset: int) -> None:
        assert run.tag == w("r"), f"a change stands here already: {''.join(run.itertext())}"
        later = copy.deepcopy(run)
        position = 0
        for own, other in zip(run.iter(w("t")), later.iter(w("t")), strict=True):
            words = own.text or ""
            cut = min(max(offset - position, 0), len(words))
            own.text, other.text = words[:cut], words[cut:]
            own.set(XML_SPACE, "preserve")
            other.set(XML_SPACE, "preserve")
            position += len(words)
        run.addnext(later)


def _text(paragraph: etree._Element) -> str:
    """The words that are there still, without those of the changes of this review."""
    return "".join(
        text.text or "" for text in paragraph.iter(w("t")) if next(text.iterancestors(w("ins")), None) is None
    )


def _run(words: str) -> etree._Element:
    run = etree.Element(w("r"))
    text = etree.SubElement(run, w("t"))
    text.text = words
    text.set(XML_SPACE, "preserve")
    return run
