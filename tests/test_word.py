"""Word documents: what stands in the text, in what order, and what readers of the document did to it."""

import io
import zipfile
from pathlib import Path

import pytest

from innspill.reading.documents.attachments import read_attachment
from innspill.reading.documents.builder import AttachmentText, UnreadableAttachment
from mails import attach, comments_of, letter
from word_files import NAMESPACES, closes, comment, deleted, ins, opens, p, r, table, word_file

FILES = Path(__file__).parent / "documents"


def read(body: str, **parts: str) -> AttachmentText:
    return opened(word_file(body, **parts))


def opened(data: bytes, name: str = "svar.docx") -> AttachmentText:
    found = read_attachment(name, data)
    assert found is not None
    return found


def remarks(found: AttachmentText) -> list[tuple[str, str, str, str]]:
    """(kind, words, what they hang on, author) of each remark."""
    return [
        (remark.kind, remark.span.of(found.text), remark.anchor.of(found.text), remark.author)
        for remark in found.remarks
    ]


# Text


def test_headings_are_marked_whatever_language_word_speaks() -> None:
    body = p("Høringssvar", style="Tittel") + p("Tilgang", style="Overskrift1") + p("Vi støttar dette.")
    assert read(body).text == "# Høringssvar\n\n# Tilgang\n\nVi støttar dette."


def test_points_have_the_numbers_that_word_shows() -> None:
    body = p("Vi ber om:", style="Listeavsnitt")
    body += (
        p("Skyss", numbered=(1, 0))
        + p("om natta", numbered=(1, 1))
        + p("på øyene", numbered=(1, 1))
        + p("Bibliotek", numbered=(1, 0))
    )
    assert read(body).text == "Vi ber om:\n\n1. Skyss\n  a) om natta\n  b) på øyene\n2. Bibliotek"


def test_a_comment_on_a_point_under_a_point_tells_what_it_hangs_under() -> None:
    body = (
        p("Dette må endrast:")
        + p("Om samtykke:", numbered=(1, 0))
        + p("Linje 45 er uklar.", numbered=(1, 1))
        + p("Om økonomi:", numbered=(1, 0))
        + p("Kostnadene på linje 60 manglar.", numbered=(1, 1))
    )
    comments = comments_of(attach(letter("Svaret vårt ligg ved."), word_file(body), "svar.docx"))
    assert [(comment.text, comment.context) for comment in comments] == [
        ("Linje 45 er uklar.", "Dette må endrast: Om samtykke:"),
        ("Kostnadene på linje 60 manglar.", "Dette må endrast: Om økonomi:"),
    ]


def test_a_note_on_a_point_under_a_point_hangs_on_its_words() -> None:
    found = read(
        p(opens(0), r("Kaia"), closes(0), r(" er for kort."), numbered=(1, 1)), comments=comment(0, "Kva kai?")
    )
    assert remarks(found) == [("note", "Kva kai?", "Kaia", "Unni Moe")]


def test_a_list_that_begins_anew_counts_anew() -> None:
    body = p("Å", numbered=(1, 0)) + p("Ø", numbered=(1, 0)) + p("Så:") + p("Æ", numbered=(4, 0))
    assert read(body).text == "1. Å\n2. Ø\n\nSå:\n\n1. Æ"


def test_chapters_have_the_numbers_of_their_style() -> None:
    body = p("Innleiing", style="Egen") + p("Ramma", style="Egen", numbered=(2, 1)) + p("Funn", style="Egen")
    assert read(body).text == "# 1 Innleiing\n\n# 1.1 Ramma\n\n# 2 Funn"


def test_bullets_are_points() -> None:
    assert read(p("Før", numbered=(3, 0)) + p("Etter", numbered=(3, 0))).text == "- Før\n- Etter"


def test_a_struck_point_takes_no_number() -> None:
    body = (
        p("Å", numbered=(1, 0)) + p(deleted("Ø"), numbered=(1, 0), mark='<w:del w:id="7"/>') + p("Æ", numbered=(1, 0))
    )
    assert read(body).text.startswith("1. Å\n2. Æ")


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<w:r><w:t>før</w:t><w:tab/><w:t>etter</w:t></w:r>", "før\tetter"),
        ("<w:r><w:t>før</w:t><w:br/><w:t>etter</w:t></w:r>", "før\netter"),
        ("<w:r><w:t>KI</w:t><w:noBreakHyphen/><w:t>løysing</w:t></w:r>", "KI-løysing"),
        ("<w:r><w:t>helse</w:t><w:softHyphen/><w:t>vesenet</w:t></w:r>", "helsevesenet"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t xml:space="preserve"> Ja</w:t></w:r>', "☑ Ja"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>5</w:t></w:r>', "≥5"),
        ('<w:smartTag><w:r><w:t>Ålesund</w:t></w:r></w:smartTag>', "Ålesund"),
        ('<w:fldSimple w:instr="DATE"><w:r><w:t>14. september</w:t></w:r></w:fldSimple>', "14. september"),
        ("<m:oMath><m:r><m:t>n=5</m:t></m:r></m:oMath>", "n=5"),
        ('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>REF _1</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/><w:t>kapittel 3</w:t><w:fldChar w:fldCharType="end"/></w:r>', "kapittel 3"),
        ('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:t xml:space="preserve"> Enig</w:t></w:r>', "☒ Enig"),
        ('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="Enig"/><w:listEntry w:val="Ueinig"/></w:ddList></w:ffData></w:fldChar></w:r>', "Ueinig"),
    ],
)  # fmt: skip
def test_what_a_line_shows_is_its_text(inside: str, shown: str) -> None:
    assert read(p(inside)).text == shown


def test_a_content_control_gives_what_was_chosen() -> None:
    control = "<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>"
    block = f"<w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent>{p('Delvis einig')}</w:sdtContent></w:sdt>"
    assert read(p(control, " Støtter forslaget") + block).text == "☒ Støtter forslaget\n\nDelvis einig"


def test_what_a_content_control_asks_for_is_no_answer() -> None:
    asks = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Klikk her for å skrive</w:t></w:r></w:sdtContent></w:sdt>"
    assert read(p("Merknad: ", asks)).text == "Merknad:"


def test_a_text_box_stands_once_and_after_its_paragraph() -> None:
    inside = f"<w:txbxContent>{p('I boksen.')}</w:txbxContent>"
    box = f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    assert read(p("Før.", box) + p("Etter.")).text == "Før.\n\nI boksen.\n\nEtter."


def test_a_link_that_hides_its_address_tells_it() -> None:
    body = p(
        '<w:hyperlink r:id="rIdA">' + r("vårt svar") + "</w:hyperlink>",
        " og ",
        '<w:hyperlink r:id="rIdB">' + r("skole.example") + "</w:hyperlink>",
    )
    data = word_file(body, links={"rIdA": "https://skole.example/svar", "rIdB": "https://skole.example/"})
    assert opened(data).text == "vårt svar (https://skole.example/svar) og skole.example"


def test_footnotes_follow_the_body_with_their_marks() -> None:
    body = p(
        "Tala er gamle.",
        '<w:r><w:footnoteReference w:id="2"/></w:r>',
        " Endå.",
        '<w:r><w:endnoteReference w:id="2"/></w:r>',
    ) + p("Slutt.")
    notes = f'<w:footnote w:type="separator" w:id="-1">{p("strek")}</w:footnote><w:footnote w:id="2">{p("Frå 2019.")}</w:footnote>'
    found = read(body, footnotes=notes, endnotes=f'<w:endnote w:id="2">{p("Sjå vedlegg.")}</w:endnote>')
    assert found.text == "Tala er gamle.¹ Endå.[i]\n\nSlutt.\n\n¹ Frå 2019.\n\n[i] Sjå vedlegg."


def test_the_letterhead_comes_first_and_once_and_without_page_numbers() -> None:
    found = read(
        p("Vi støttar utkastet."), header1=p("Ånesund kommune"), header2=p("Ånesund kommune"), footer1=p("Side 1 av 3")
    )
    assert found.text == "Ånesund kommune\n\nVi støttar utkastet."
    assert [span.of(found.text) for span in found.letterhead] == ["Ånesund kommune"]


# Tables


def test_a_cell_merged_down_a_form_holds_for_each_of_its_rows() -> None:
    merged = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("3.2") + "</w:tc>"
    goes_on = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    found = read(table(["Kapittel", "Kommentar"], [merged, "For kort."], [goes_on, "For øvrig bra."]))
    assert [(cell.column, cell.row, cell.span.of(found.text)) for cell in found.cells[2:]] == [
        ("section", 2, "3.2"), ("comment", 2, "For kort."), ("comment", 3, "For øvrig bra."), ("section", 3, "3.2"),
    ]  # fmt: skip


def test_lines_from_and_to_are_a_range() -> None:
    found = read(table(["Linje frå", "Linje til", "Merknad"], ["12", "14", "For kort."]))
    assert [cell.span.of(found.text) for cell in found.cells if cell.row == 2] == ["12–14", "For kort."]


def test_a_cell_merged_over_columns_counts_as_its_first() -> None:
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("Sted") + "</w:tc>"
    found = read(table([wide, "Kommentar"], ["Side", "Linje", ""], ["4", "12", "Uklart."]))
    assert ("line", "12") in [(cell.column, cell.span.of(found.text)) for cell in found.cells]
    assert ("comment", "Uklart.") in [(cell.column, cell.span.of(found.text)) for cell in found.cells]


def test_a_frame_around_a_letter_is_no_table() -> None:
    found = read(table([p("Hei.") + p("Vi støttar dette.") + table(["Linje", "Kommentar"], ["12", "Bra."])]))
    assert found.text.startswith("Hei.\n\nVi støttar dette.\n\n")
    assert ("comment", "Bra.") in [(cell.column, cell.span.of(found.text)) for cell in found.cells]


def test_a_table_within_a_form_s_cell_stays_in_the_cell() -> None:
    found = read(table(["Linje", "Kommentar"], ["12", p("Slik:") + table(["a", "b"], ["c", "d"])]))
    assert ("comment", "Slik:\na | b\nc | d") in [(cell.column, cell.span.of(found.text)) for cell in found.cells]


# Changes and notes


def test_words_put_in_stand_in_the_text_and_words_struck_out_after_it() -> None:
    found = read(p("Data ", deleted("skal"), ins("bør"), " deles."))
    assert found.text == "Data bør deles.\n\nskal"
    assert remarks(found) == [("insertion", "bør", "bør", "Unni Moe"), ("deletion", "skal", "", "Unni Moe")]
    assert [span.of(found.text) for span in found.deleted] == ["skal"]
    assert found.remarks[1].anchor.start == found.text.index("bør")


def test_a_change_that_word_wrote_in_pieces_is_one() -> None:
    found = read(p("Data ", ins("bør "), ins("<w:r><w:rPr><w:b/></w:rPr><w:t>ikkje</w:t></w:r>"), " delast."))
    assert remarks(found) == [("insertion", "bør ikkje", "bør ikkje", "Unni Moe")]


def test_changes_of_two_people_are_two() -> None:
    found = read(p("Data ", ins("bør "), ins("ikkje ", author="Åse Lie"), "delast."))
    assert [(words, author) for _, words, _, author in remarks(found)] == [("bør ", "Unni Moe"), ("ikkje ", "Åse Lie")]


def test_moved_words_are_struck_out_here_and_put_in_there() -> None:
    moved = f'<w:moveFrom w:id="1" w:author="Unni Moe">{r("Flyttes.")}</w:moveFrom>'
    target = f'<w:moveTo w:id="2" w:author="Unni Moe">{r("Flyttes.")}</w:moveTo>'
    found = read(p("Først. ", moved) + p("Sist. ", target))
    assert [(kind, words) for kind, words, _, _ in remarks(found)] == [
        ("insertion", "Flyttes."),
        ("deletion", "Flyttes."),
    ]


def test_a_paragraph_whose_end_is_struck_out_goes_on_in_the_next() -> None:
    assert (
        read(p("Vi meiner", mark='<w:del w:id="1"/>') + p("at fristen er for kort.")).text
        == "Vi meiner at fristen er for kort."
    )


def test_a_row_that_was_put_in_is_put_in() -> None:
    row = (
        '<w:tr><w:trPr><w:ins w:id="1" w:author="Unni Moe"/></w:trPr><w:tc>'
        + p("Ny rad")
        + "</w:tc><w:tc>"
        + p("Ja")
        + "</w:tc></w:tr>"
    )
    found = read(table(["Før", "Nei"]).replace("</w:tbl>", row + "</w:tbl>"))
    assert [(kind, words) for kind, words, _, _ in remarks(found)] == [("insertion", "Ny rad"), ("insertion", "Ja")]


def test_a_note_hangs_on_the_words_that_it_marks() -> None:
    found = read(
        p("Fristen er ", opens(0), "altfor kort", closes(0), " for oss."),
        comments=comment(0, "Kvifor det?", "Vi ber om åtte veker."),
    )
    assert remarks(found) == [("note", "Kvifor det?\nVi ber om åtte veker.", "altfor kort", "Unni Moe")]


def test_a_note_may_hang_on_several_paragraphs() -> None:
    found = read(p("Først. ", opens(0), "Så") + p("til slutt", closes(0), "."), comments=comment(0, "Hele her."))
    assert remarks(found)[0][2] == "Så\n\ntil slutt"


def test_a_note_that_marks_nothing_hangs_on_its_word_or_paragraph() -> None:
    at = '<w:r><w:commentReference w:id="0"/></w:r>'
    assert remarks(read(p("Fristen", at, " er kort."), comments=comment(0, "Ja")))[0][2] == "Fristen"
    assert remarks(read(p("Fristen er kort.", at), comments=comment(0, "Ja")))[0][2] == "Fristen er kort."


def test_an_answer_to_a_note_hangs_on_the_same_words() -> None:
    notes = comment(0, "Kvifor?", key="0A") + comment(1, "Fordi det hastar.", author="Åse Lie", key="0B")
    found = read(
        p(opens(0), "Fristen", closes(0), " er kort."),
        comments=notes,
        commentsExtended='<w15:commentEx w15:paraId="0B" w15:paraIdParent="0A" w15:done="1"/>',
    )
    assert remarks(found) == [
        ("note", "Kvifor?", "Fristen", "Unni Moe"),
        ("note", "Fordi det hastar.", "Fristen", "Åse Lie"),
    ]


def test_a_note_in_a_cell_hangs_on_the_cell_s_words() -> None:
    found = read(
        table(["Kilde", "År"], ["Registeret", p(opens(0), "2008", closes(0))]), comments=comment(0, "Nei, 2009.")
    )
    assert remarks(found) == [("note", "Nei, 2009.", "2008", "Unni Moe")]
    assert found.remarks[0].anchor.start == found.text.index("| 2008") + 2


def test_a_change_in_a_form_s_cell_stands_where_the_cell_is() -> None:
    found = read(table(["Linje", "Kommentar"], ["12", p("  For ", ins("altfor "), "kort.") + p("Og uklart.")]))
    assert remarks(found) == [("insertion", "altfor ", "altfor ", "Unni Moe")]


@pytest.mark.parametrize(
    "body",
    [
        p("kai" * 100_000, *[r("\u0301")] * 3_000),
        p(*[p_ for number in range(3_000) for p_ in (r("kai" * 40), closes(number))]),
        p("Hei. ", mark='<w:del w:id="1"/>') * 20_000,
    ],
    ids=["accents", "notes in one word", "paragraphs joined"],
)
def test_what_no_person_writes_is_read_all_the_same(body: str) -> None:
    notes = "".join(comment(number, "Nei.") for number in range(3_000))
    assert len(read(body, comments=notes).text) > 99_000


def test_letters_cut_from_their_accents_come_together() -> None:
    found = read(p(r("a"), r("\u030a"), r(" lese")))
    assert found.text == "å lese"


# Faults


def test_damaged_notes_cost_the_notes_alone_and_are_told() -> None:
    found = read(p("Vi støttar dette."), comments='<?xml version="1.0"?><w:comments')
    assert found.text == "Vi støttar dette."
    assert any("notes in the margin" in omission for omission in found.omissions)


def test_a_body_that_is_cut_off_is_read_so_far_and_that_is_told() -> None:
    data = word_file(p("Fyrst.") + p("Så."))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"][: parts["word/document.xml"].index("Så".encode())]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    found = opened(buffer.getvalue())
    assert found.text == "Fyrst."
    assert any("damaged" in omission for omission in found.omissions)


def test_entities_are_not_expanded() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "'
        + "&a;" * 50
        + '"><!ENTITY c "'
        + "&b;" * 50
        + '">]>'
    )
    found = read(
        p("Hei."),
        footnotes=f'{bomb}<w:footnotes {NAMESPACES}><w:footnote w:id="2">{p("&c;")}</w:footnote></w:footnotes>',
    )
    assert len(found.text) < 100


def test_a_file_beside_the_mail_is_not_looked_into(tmp_path: Path) -> None:
    secret = tmp_path / "hemmelig.txt"
    secret.write_text("hemmelig ord", encoding="utf-8")
    outside = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    found = read(
        p("Hei."),
        footnotes=f'{outside}<w:footnotes {NAMESPACES}><w:footnote w:id="2">{p("&x;")}</w:footnote></w:footnotes>',
    )
    assert "hemmelig ord" not in found.text


def test_tables_within_tables_without_end_are_read_to_a_depth() -> None:
    body = p("Innerst.")
    for _ in range(100):
        body = table([body])
    found = opened(word_file(p("Ytterst.") + body))
    assert found.text.startswith("Ytterst.")
    assert "Innerst." in found.text or found.omissions


def test_a_locked_document_is_said_to_be_locked() -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage\0".encode("utf-16-le")
    with pytest.raises(UnreadableAttachment, match="password"):
        read_attachment("svar.docx", locked)


def test_a_large_picture_is_told_of_and_a_logo_is_not() -> None:
    def picture(side: int) -> str:
        return f'<w:r><w:drawing><wp:inline><wp:extent cx="{side}" cy="{side}"/></wp:inline></w:drawing></w:r>'

    assert read(p("Hei.", picture(500_000))).omissions == ()
    assert any("1 picture" in omission for omission in read(p("Hei.", picture(5_000_000))).omissions)


def test_strict_documents_are_read_like_others() -> None:
    data = word_file(p("Vi støttar ", ins("ikkje "), "dette."))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            content = content.replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            archive.writestr(
                name,
                content.replace(
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            )
    found = opened(buffer.getvalue())
    assert (found.text, len(found.remarks)) == ("Vi støttar ikkje dette.", 1)


def test_a_document_by_libreoffice_is_read_in_its_order() -> None:
    text = opened((FILES / "report.docx").read_bytes()).text
    order = [
        "# 1 Innledning",
        "- 46 dybdeintervjuer",
        "Kilde | Data fra | Innhold",
        "1. Kortere og mer",
        "¹ Tall fra",
        "⁷ Jf. forordning",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
