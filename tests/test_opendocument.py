"""OpenDocument texts and sheets: what stands in them, and what readers did to it."""

import io
import zipfile
from pathlib import Path

import pytest

from innspill.reading.documents.attachments import read_attachment
from innspill.reading.documents.builder import AttachmentText, UnreadableAttachment

FILES = Path(__file__).parent / "documents"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{OASIS}:{name}:1.0"'
    for prefix, name in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"), ("svg", "svg-compatible"), ("fo", "xsl-fo-compatible"))
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'  # fmt: skip
STYLES = """<text:list-style style:name="Tal">
<text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1"/>
<text:list-level-style-number text:level="2" style:num-suffix=")" style:num-format="a"/></text:list-style>
<text:list-style style:name="Prikker"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>"""


def flat(body: str, kind: str = "text") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} office:mimetype="application/vnd.oasis.opendocument.{kind}">'
        f"<office:automatic-styles>{STYLES}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    ).encode()


def zipped(body: str, kind: str = "text", header: str = "", manifest: str = "") -> bytes:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES}><office:automatic-styles>{STYLES}</office:automatic-styles>'
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    styles = f'<office:document-styles {NAMESPACES}><office:master-styles><style:master-page style:name="S"><style:header>{header}</style:header></style:master-page></office:master-styles></office:document-styles>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", styles)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return buffer.getvalue()


def changed(number: int, kind: str, inside: str = "", author: str = "Unni Moe") -> str:
    """A region of tracked changes: what was put in («insertion») or struck out («deletion»)."""
    info = f"<office:change-info><dc:creator>{author}</dc:creator></office:change-info>"
    return f'<text:changed-region text:id="ct{number}"><text:{kind}>{info}{inside}</text:{kind}></text:changed-region>'


def tracked(*regions: str) -> str:
    return f"<text:tracked-changes>{''.join(regions)}</text:tracked-changes>"


def note(name: str, words: str, author: str = "Unni Moe", extra: str = "") -> str:
    return f'<office:annotation office:name="{name}" {extra}><dc:creator>{author}</dc:creator><text:p>{words}</text:p></office:annotation>'


def read(data: bytes, name: str = "svar.odt") -> AttachmentText:
    found = read_attachment(name, data)
    assert found is not None
    return found


def remarks(found: AttachmentText) -> list[tuple[str, str, str, str]]:
    return [
        (remark.kind, remark.span.of(found.text), remark.anchor.of(found.text), remark.author)
        for remark in found.remarks
    ]


def test_flat_and_zipped_are_read_alike() -> None:
    body = '<text:h text:outline-level="1">Tilgang</text:h><text:p>Vi støttar<text:s text:c="2"/>dette\n   sterkt.</text:p>'
    assert read(flat(body), "svar.fodt").text == read(zipped(body)).text == "# Tilgang\n\nVi støttar  dette sterkt."


def test_points_have_their_numbers_and_bullets() -> None:
    inner = "<text:list><text:list-item><text:p>om natta</text:p></text:list-item></text:list>"
    numbered = f'<text:list text:style-name="Tal"><text:list-item><text:p>Skyss</text:p>{inner}</text:list-item><text:list-item><text:p>Bibliotek</text:p></text:list-item></text:list>'
    bullets = '<text:p>Òg:</text:p><text:list text:style-name="Prikker"><text:list-item><text:p>Ferje</text:p></text:list-item></text:list>'
    assert read(flat(numbered + bullets)).text == "1. Skyss\n  a) om natta\n2. Bibliotek\n\nÒg:\n\n- Ferje"


def test_a_list_goes_on_counting_where_it_says_so() -> None:
    first = (
        '<text:list xml:id="l1" text:style-name="Tal"><text:list-item><text:p>Å</text:p></text:list-item></text:list>'
    )
    second = first.replace('xml:id="l1"', 'text:continue-list="l1"').replace("Å", "Ø")
    anew = first.replace('xml:id="l1"', "").replace("Å", "Æ")
    assert (
        read(flat(first + "<text:p>Så:</text:p>" + second + "<text:p>Og:</text:p>" + anew)).text
        == "1. Å\n\nSå:\n\n2. Ø\n\nOg:\n\n1. Æ"
    )


def test_footnotes_follow_the_body() -> None:
    footnote = '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Frå 2019.</text:p></text:note-body></text:note>'
    assert (
        read(flat(f"<text:p>Tala{footnote} er gamle.</text:p><text:p>Slutt.</text:p>")).text
        == "Tala¹ er gamle.\n\nSlutt.\n\n¹ Frå 2019."
    )


def test_the_letterhead_comes_first() -> None:
    found = read(
        zipped("<text:p>Vi støttar dette.</text:p>", header="<text:p>Ånesund kommune</text:p><text:p>Side 2</text:p>")
    )
    assert found.text == "Ånesund kommune\n\nVi støttar dette."
    assert [span.of(found.text) for span in found.letterhead] == ["Ånesund kommune"]


def test_a_form_gives_cells() -> None:
    def row(*cells: str) -> str:
        return (
            "<table:table-row>"
            + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
            + "</table:table-row>"
        )

    found = read(flat("<table:table>" + row("Linje", "Kommentar") + row("12", "For knapp.") + "</table:table>"))
    assert ("comment", "For knapp.") in [(cell.column, cell.span.of(found.text)) for cell in found.cells]


def test_a_merged_cell_holds_for_the_rows_that_it_covers() -> None:
    cell, covered = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>", "<table:covered-table-cell/>"
    rows = [
        cell.format("", "Kapittel") + cell.format("", "Merknad"),
        cell.format(' table:number-rows-spanned="2"', "3.2") + cell.format("", "For kort."),
        covered + cell.format("", "Elles bra."),
    ]
    found = read(
        flat("<table:table>" + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows) + "</table:table>")
    )
    assert ("section", 3, "3.2") in [(cell.column, cell.row, cell.span.of(found.text)) for cell in found.cells]


def test_changes_stand_as_in_word() -> None:
    regions = tracked(changed(1, "deletion", "<text:p>skal</text:p>"), changed(2, "insertion"))
    body = '<text:p>Data <text:change text:change-id="ct1"/><text:change-start text:change-id="ct2"/>bør<text:change-end text:change-id="ct2"/> delast.</text:p>'
    found = read(flat(regions + body))
    assert found.text == "Data bør delast.\n\nskal"
    assert remarks(found) == [("insertion", "bør", "bør", "Unni Moe"), ("deletion", "skal", "", "Unni Moe")]


def test_paragraphs_struck_out_together_are_each_told() -> None:
    regions = tracked(changed(1, "deletion", "<text:p>Fyrst dette.</text:p><text:p>Så dette.</text:p><text:p/>"))
    found = read(flat(regions + '<text:p>Før.</text:p><text:p><text:change text:change-id="ct1"/>Etter.</text:p>'))
    assert [words for _, words, _, _ in remarks(found)] == ["Fyrst dette.", "Så dette."]


def test_a_change_over_two_paragraphs_is_put_in_in_both() -> None:
    regions = tracked(changed(2, "insertion"))
    body = '<text:p>Før <text:change-start text:change-id="ct2"/>nytt</text:p><text:p>meir nytt<text:change-end text:change-id="ct2"/> etter</text:p>'
    assert [words for _, words, _, _ in remarks(read(flat(regions + body)))] == ["nytt", "meir nytt"]


def test_a_note_hangs_on_its_range() -> None:
    body = f'<text:p>Fristen er {note("n1", "Kvifor?")}altfor kort<office:annotation-end office:name="n1"/> for oss.</text:p>'
    found = read(flat(body))
    assert found.text == "Fristen er altfor kort for oss.\n\nKvifor?"
    assert remarks(found) == [("note", "Kvifor?", "altfor kort", "Unni Moe")]


def test_an_answer_to_a_note_hangs_on_the_same_words() -> None:
    answer = note("n2", "Det hastar.", author="Åse Lie", extra='loext:parent-name="n1"')
    body = f'<text:p>{note("n1", "Kvifor?")}Fristen<office:annotation-end office:name="n1"/> er kort.</text:p><text:p>Meir.{answer}</text:p>'
    assert sorted(anchor for _, _, anchor, _ in remarks(read(flat(body)))) == ["Fristen", "Meir."]


def test_a_sheet_s_form_is_read_with_its_notes() -> None:
    def cell(words: str, inside: str = "") -> str:
        return f"<table:table-cell>{inside}<text:p>{words}</text:p></table:table-cell>"

    said = "<office:annotation><dc:creator>Åse</dc:creator><text:p>Sjå òg linje 40.</text:p></office:annotation>"
    rows = [cell("Linje") + cell("Kommentar"), cell("12") + cell("For knapp.", said)]
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    table = (
        '<table:table table:name="Ark1">'
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + empty
        + "</table:table>"
    )
    found = read(zipped(table, "spreadsheet"), "skjema.ods")
    assert ("comment", "For knapp.") in [(one.column, one.span.of(found.text)) for one in found.cells]
    assert remarks(found) == [("note", "Sjå òg linje 40.", "For knapp.", "Åse")]


def test_a_cell_repeated_without_end_is_bounded() -> None:
    row = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>å</text:p></table:table-cell></table:table-row>'
    found = read(zipped(f'<table:table table:name="Ark1">{row}</table:table>', "spreadsheet"), "skjema.ods")
    assert found.omissions
    assert len(found.text) < 2_000_000


def test_words_that_are_struck_out_at_many_places_are_said_once() -> None:
    struck = '<text:p>Kaia er for kort.<text:change text:change-id="ct1"/></text:p>'
    found = read(flat(tracked(changed(1, "deletion", "<text:p>Mykje for kort.</text:p>")) + 50 * struck))
    assert found.text.count("Mykje for kort.") == 1


def test_rows_repeated_beyond_all_that_is_read_are_bounded_and_told() -> None:
    cell = '<table:table-cell table:number-columns-repeated="250"><text:p>For kort.</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="50">{cell}</table:table-row>'
    found = read(flat(f'<table:table table:name="Kaier">{row * 1_000}</table:table>', "spreadsheet"))
    assert found.text.count("For kort.") <= 300_000
    assert any("rows from" in omission for omission in found.omissions)


def test_a_locked_file_is_said_to_be_locked() -> None:
    with pytest.raises(UnreadableAttachment, match="password"):
        read_attachment("svar.odt", zipped("<text:p>x</text:p>", manifest="<encryption-data/>"))


def test_a_file_by_libreoffice_reads_as_the_word_file_does() -> None:
    word, opendocument = (read((FILES / name).read_bytes(), name) for name in ("report.docx", "report.odt"))
    assert opendocument.text.split("\n\n")[1:] == word.text.split("\n\n")[1:]  # but for the heads of the pages
