"""Word documents written part by part, as Word writes them, and marked up as a reader of them does."""

import copy
import io
import zipfile

from lxml import etree

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
STYLES = """
<w:style w:type="paragraph" w:styleId="Overskrift1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Tittel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Listeavsnitt"><w:name w:val="List Paragraph"/></w:style>
<w:style w:type="paragraph" w:styleId="Egen"><w:name w:val="Kapittel"/><w:basedOn w:val="Overskrift1"/>
<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>"""
# 1: points «1.», «a)»; 2: chapters «1», «1.1»; 3: bullets.
NUMBERING = """
<w:abstractNum w:abstractNumId="10">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="11">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="12">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="10"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="11"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="12"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="10"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>"""


def word_file(body: str, *, links: dict[str, str] | None = None, **parts: str) -> bytes:
    """A .docx of a body and of further parts by name (`comments`, `footnotes`, `header1` …), each the XML inside its root."""
    roots = {
        "comments": "comments",
        "footnotes": "footnotes",
        "endnotes": "endnotes",
        "commentsExtended": "commentsEx",
        "header": "hdr",
        "footer": "ftr",
    }
    contents = {
        "styles": f"<w:styles {NAMESPACES}>{STYLES}</w:styles>",
        "numbering": f"<w:numbering {NAMESPACES}>{NUMBERING}</w:numbering>",
    }
    for name, inside in parts.items():
        root = roots[name.rstrip("0123456789")]
        prefix = "w15" if name == "commentsExtended" else "w"
        contents[name] = (
            inside if inside.startswith("<?") else f"<{prefix}:{root} {NAMESPACES}>{inside}</{prefix}:{root}>"
        )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for number, name in enumerate(contents)
    )
    relations += "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/hyperlink" Target="{target}" TargetMode="External"/>'
        for key, target in (links or {}).items()
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'{HEAD}<Types xmlns="{TYPES}"/>')
        archive.writestr(
            "_rels/.rels",
            f'{HEAD}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f"{HEAD}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        archive.writestr(
            "word/_rels/document.xml.rels", f'{HEAD}<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'
        )
        for name, content in contents.items():
            archive.writestr(f"word/{name}.xml", content)
    return buffer.getvalue()


def p(*inside: str, style: str = "", numbered: tuple[int, int] | None = None, mark: str = "") -> str:
    """A paragraph: plain words, or XML where they begin with «<»; `mark` is what tracks a change of its end."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if numbered:
        properties += f'<w:numPr><w:ilvl w:val="{numbered[1]}"/><w:numId w:val="{numbered[0]}"/></w:numPr>'
    properties += f"<w:rPr>{mark}</w:rPr>" if mark else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(piece if piece.startswith('<') else r(piece) for piece in inside)}</w:p>"


def r(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def ins(words: str, author: str = "Unni Moe") -> str:
    return f'<w:ins w:id="1" w:author="{author}">{words if words.startswith("<") else r(words)}</w:ins>'


def deleted(words: str, author: str = "Unni Moe") -> str:
    return f'<w:del w:id="2" w:author="{author}"><w:r><w:delText xml:space="preserve">{words}</w:delText></w:r></w:del>'


def opens(number: int) -> str:
    return f'<w:commentRangeStart w:id="{number}"/>'


def closes(number: int) -> str:
    return f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>'


def comment(number: int, *lines: str, author: str = "Unni Moe", key: str = "") -> str:
    own = f' w14:paraId="{key}"' if key else ""
    return (
        f'<w:comment w:id="{number}" w:author="{author}">'
        + "".join(f"<w:p{own}>{r(line)}</w:p>" for line in lines)
        + "</w:comment>"
    )


def table(*rows: list[str]) -> str:
    """A table; a cell is words, or XML of a cell where it begins with «<w:tc»."""
    cells = [
        "".join(
            cell if cell.startswith("<w:tc") else f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>"
            for cell in row
        )
        for row in rows
    ]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


# A review ----------------------------------------------------------------------------------------------------------


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
                f'<Relationship Id="rId990" Type="{OFFICE}/comments" Target="comments.xml"/></Relationships>'.encode(),
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
