"""Sheets: what Excel shows, hides, merges, computes and notes; CSV however it was saved; files that mean harm."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from innspill.reading.documents.builder import AttachmentText, UnreadableAttachment
from innspill.reading.documents.numbers import shown_number
from innspill.reading.documents.sheets import MAX_COLUMNS, MAX_ROWS, read_csv, read_xlsx

SHEETS = Path(__file__).parent / "sheets"
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rows(found: AttachmentText) -> list[dict[str, str]]:
    """Purpose -> text of each row of a form, below its header."""
    result: dict[int, dict[str, str]] = {}
    for cell in found.cells:
        if cell.column not in ("header", "other"):
            result.setdefault(cell.row, {})[cell.column] = cell.span.of(found.text)
    return list(result.values())


def sheet(*lines: list[object], change: Callable[[Any], None] = lambda _: None) -> AttachmentText:
    """A workbook of one sheet, as openpyxl writes it, read."""
    workbook = Workbook()
    for line in lines:
        workbook.active.append(line)
    change(workbook.active)
    file = io.BytesIO()
    workbook.save(file)
    return read_xlsx(file.getvalue())


def archive(data: str, **parts: str) -> bytes:
    """An .xlsx file with this inside its sheet, and other parts by their names («sharedStrings» is linked)."""
    links = {"sharedStrings": "sharedStrings", "styles": "styles"}
    relations = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{name}.xml"/>' for name, kind in links.items()
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(
            "xl/workbook.xml",
            f'<workbook {SPACE} xmlns:r="{RELATIONS}"><sheets><sheet name="Innspel" r:id="a"/></sheets></workbook>',
        )
        zipped.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="a" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>{relations}</Relationships>',
        )
        zipped.writestr("xl/worksheets/sheet1.xml", f"<worksheet {SPACE}>{data}</worksheet>")
        for name, text in parts.items():
            zipped.writestr(f"xl/{name.replace('__', '/')}", text) if "." in name else zipped.writestr(
                f"xl/{name}.xml", text
            )
    return file.getvalue()


def cells(*values: str, row: int = 1) -> str:
    return f'<row r="{row}">' + "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values) + "</row>"


HEADER = cells("Linje", "Merknad")


# What a sheet shows --------------------------------------------------------------------------------------------------


def test_a_form_saved_by_libreoffice_is_read_as_it_is_shown() -> None:
    assert rows(read_xlsx((SHEETS / "lo-form.xlsx").read_bytes())) == [
        {"number": "1", "section": "3.10", "line": "45–47", "comment": "Kaia er for kort.\nHo er òg for smal.", "proposal": "Forleng kaia."},
        {"number": "2", "section": "3.10", "line": "5–12", "comment": "Her manglar kart."},
        {"number": "3", "section": "3.10", "line": "120", "comment": "Raden er skjult, men sagt."},
        {"number": "4", "section": "4.2", "line": "200", "comment": "Del av 25 %:"},
    ]  # fmt: skip


def test_what_is_hidden_is_read_and_named() -> None:
    found = read_xlsx((SHEETS / "lo-form.xlsx").read_bytes())
    assert [omission.split(" (")[0] for omission in found.omissions] == [
        "columns are hidden in Excel", "rows are hidden in Excel", "the sheet «Lister» is hidden in Excel; it was read.",
    ]  # fmt: skip
    assert "Ueinig" in found.text


def test_a_note_hangs_on_its_cell() -> None:
    found = read_xlsx((SHEETS / "lo-form.xlsx").read_bytes())
    assert [(r.kind, r.span.of(found.text), r.anchor.of(found.text)) for r in found.remarks] == [("note", "Sjå kartet frå 2024.", "Her manglar kart.")]  # fmt: skip


def test_labels_on_the_left_make_a_comment_of_each_block() -> None:
    found = rows(read_xlsx((SHEETS / "lo-labels.xlsx").read_bytes()))
    assert found == [{"line": "45", "comment": "Kaia er for kort."}, {"line": "51", "comment": "Manglar kart."}]


@pytest.mark.parametrize(
    ("stored", "number", "code", "text"),
    [
        ("45", 0, "", "45"), ("45.5", 0, "", "45,5"), ("45.0", 0, "", "45"), ("0.25", 9, "", "25%"), ("0.125", 10, "", "12,50%"), ("1200", 3, "", "1200"), ("3.1", 2, "", "3,10"),
        ("46021", 14, "", "30.12.2025"), ("46021.5", 22, "", "30.12.2025 12:00"), ("0.5", 20, "", "12:00"), ("46021", 0, "yyyy-mm-dd", "30.12.2025"), ("46021", 0, '"d. "0', "46021"), ("46021", 0, "[Red]0", "46021"),
        ("46021", 0, "[$-414]d. mmmm yyyy;@", "30.12.2025"), ("1e400", 0, "", ""), ("nan", 0, "", ""), ("1E+20", 0, "", "100000000000000000000"), ("1e12", 14, "", "1000000000000"), ("fem", 0, "", "fem"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_shown(stored: str, number: int, code: str, text: str) -> None:
    assert shown_number(stored, number, code).text == text


@pytest.mark.parametrize(
    ("date", "code", "lines"), [((2026, 12, 5), "d-mmm", "5–12"), ((2026, 5, 12), "d/mmm", "5–12"), ((1945, 10, 1), "mmm-yy", "10–45"), ((2014, 12, 1), "mmm\\.yy", "12–14"), ((2026, 12, 5), "dd.mm.yyyy", "05.12.2026")]
)  # fmt: skip
def test_a_range_of_lines_that_excel_took_for_a_date_is_given_back(
    date: tuple[int, int, int], code: str, lines: str
) -> None:
    def as_date(found: Any) -> None:
        found["A2"].number_format = code

    assert rows(sheet(["Linje", "Merknad"], [datetime(*date), "For kort."], change=as_date))[0]["line"] == lines


def test_a_chapter_that_excel_took_for_a_date_is_given_back() -> None:
    def as_date(found: Any) -> None:
        found["A2"].number_format = "d-mmm"

    assert rows(sheet(["Kap.", "Merknad"], [datetime(2026, 2, 3), "For kort."], change=as_date))[0]["section"] == "3.2"


def test_a_date_in_the_comment_stays_a_date() -> None:
    def as_date(found: Any) -> None:
        found["B2"].number_format = "d-mmm"

    assert rows(sheet(["Linje", "Merknad"], [12, datetime(2026, 12, 5)], change=as_date))[0]["comment"] == "5.des"


def test_a_line_typed_with_decimals_is_whole() -> None:
    assert [row["line"] for row in rows(sheet(["Linje", "Merknad"], [45.0, "a"], ["46,0", "b"]))] == ["45", "46"]


def test_true_false_and_errors_are_no_words_of_the_program() -> None:
    found = sheet(["Linje", "Merknad", "Ny"], [12, "For kort.", True], [13, "#REF!", False])
    assert "SANN" in found.text and "True" not in found.text
    assert "REF" not in found.text


def test_a_formula_without_a_stored_value_is_named() -> None:
    found = sheet(["Linje", "Merknad"], [12, "For kort."], [13, '=CONCAT("a","b")'])
    assert "CONCAT" not in found.text
    assert "(B3) were not read" in found.omissions[0]


def test_a_formula_s_stored_value_is_read() -> None:
    data = HEADER + '<row r="2"><c><v>12</v></c><c t="str"><f>A1&amp;B1</f><v>For kort.</v></c></row>'
    assert rows(read_xlsx(archive(data))) == [{"line": "12", "comment": "For kort."}]


def test_rich_text_is_one_text_without_its_readings() -> None:
    shared = f'<sst {SPACE}><si><r><t>Kaia </t></r><r><t>er for kort.</t></r><rPh sb="0" eb="1"><t>カイア</t></rPh></si></sst>'
    data = HEADER + '<row r="2"><c><v>12</v></c><c t="s"><v>0</v></c></row>'
    assert rows(read_xlsx(archive(data, sharedStrings=shared)))[0]["comment"] == "Kaia er for kort."


def test_a_chapter_merged_over_rows_counts_for_each() -> None:
    def merge(found: Any) -> None:
        found.merge_cells("A2:A4")

    found = sheet(
        ["Kapittel", "Merknad"], ["3.2", "Ein."], [None, "To."], [None, "Tre."], [None, "Fire."], change=merge
    )
    assert [row.get("section") for row in rows(found)] == ["3.2", "3.2", "3.2", None]


def test_a_comment_merged_over_rows_has_the_lines_of_all() -> None:
    def merge(found: Any) -> None:
        found.merge_cells("B2:B3")

    found = sheet(["Linje", "Merknad"], [12, "Same feil begge stader."], [40, None], [50, "Ny."], change=merge)
    lines = [(cell.row, cell.span.of(found.text)) for cell in found.cells if cell.column == "line"]
    assert [row for row, _ in lines] == [2, 2, 3]
    assert [text for _, text in lines] == ["12", "40", "50"]


def test_each_sheet_is_a_form_of_its_own() -> None:
    workbook = Workbook()
    workbook.active.append(["Rettleiing: skriv éin merknad i kvar rad."])
    for name, header in (("Del 1", ["Linje", "Merknad"]), ("Del 2", ["Kommentar", "Side"])):
        added = workbook.create_sheet(name)
        added.append(header)
        added.append([12, "For kort."] if name == "Del 1" else ["For smal.", 7])
    file = io.BytesIO()
    workbook.save(file)
    assert rows(read_xlsx(file.getvalue())) == [
        {"line": "12", "comment": "For kort."},
        {"comment": "For smal.", "page": "7"},
    ]


def test_a_thread_is_read_once_with_its_writers() -> None:
    relations = (
        f'<Relationships><Relationship Id="c" Type="{RELATIONS}/comments" Target="../comments1.xml"/>'
        '<Relationship Id="t" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" Target="../threadedComments/t1.xml"/></Relationships>'
    )
    legacy = f'<comments {SPACE}><authors><author>tc={{1}}</author><author>Åse Li</author></authors><commentList><comment ref="B2" authorId="0"><text><t>[Threaded comment] Gammal kopi</t></text></comment><comment ref="A2" authorId="1"><text><t>Åse Li:\nFeil linje?</t></text></comment></commentList></comments>'
    thread = '<ThreadedComments xmlns="x"><threadedComment ref="B2" personId="p"><text>Gjeld fartøy over 40 m.</text></threadedComment><threadedComment ref="B2" personId="p"><text>Og ferjer.</text></threadedComment></ThreadedComments>'
    data = HEADER + '<row r="2"><c><v>12</v></c><c t="inlineStr"><is><t>For kort.</t></is></c></row>'
    file = io.BytesIO(archive(data))
    with zipfile.ZipFile(file, "a") as zipped:
        zipped.writestr("xl/worksheets/_rels/sheet1.xml.rels", relations)
        zipped.writestr("xl/comments1.xml", legacy)
        zipped.writestr("xl/threadedComments/t1.xml", thread)
    found = read_xlsx(file.getvalue())
    assert [(r.span.of(found.text), r.anchor.of(found.text), r.author) for r in found.remarks] == [
        ("Gjeld fartøy over 40 m.", "For kort.", ""), ("Og ferjer.", "For kort.", ""), ("Feil linje?", "12", "Åse Li"),
    ]  # fmt: skip


# Files that mean harm, or are broken ---------------------------------------------------------------------------------


def test_rows_beyond_the_limit_are_named() -> None:
    many = (
        "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(2, 10))
        + f'<row r="{MAX_ROWS + 1}"><c r="A{MAX_ROWS + 1}"><v>7</v></c></row>'
    )
    found = read_xlsx(archive(HEADER + many))
    assert f"rows from {MAX_ROWS + 1} on were not read (sheet «Innspel»)" in found.omissions[0]


def test_columns_beyond_the_limit_are_named() -> None:
    found = read_xlsx(archive(HEADER + cells("12", "For kort.", row=2) + '<row r="3"><c r="XFD3"><v>7</v></c></row>'))
    assert rows(found) == [{"line": "12", "comment": "For kort."}]
    assert f"columns beyond {'IP'} were not read" in found.omissions[0]
    assert MAX_COLUMNS == 250


def test_a_sheet_that_claims_to_be_full_is_read_as_what_it_holds() -> None:
    data = '<dimension ref="A1:XFD1048576"/><sheetData>' + HEADER + cells("12", "For kort.", row=2) + "</sheetData>"
    assert rows(read_xlsx(archive(data))) == [{"line": "12", "comment": "For kort."}]


def test_a_hundred_thousand_columns_in_a_row_leave_the_rest_readable() -> None:
    data = HEADER + '<row r="2">' + "<c/>" * 100_000 + "</row>" + cells("12", "For kort.", row=3)
    assert rows(read_xlsx(archive(data))) == [{"line": "12", "comment": "For kort."}]


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "lollollol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    file = io.BytesIO(archive('<row><c t="s"><v>0</v></c></row>' + HEADER + cells("12", "For kort.", row=2)))
    with zipfile.ZipFile(file, "a") as zipped:
        zipped.writestr("xl/sharedStrings.xml", f"{bomb}<sst {SPACE}><si><t>&b;&c;</t></si></sst>")
    found = read_xlsx(file.getvalue())
    assert "lol" not in found.text and "root" not in found.text


def test_a_sheet_that_breaks_off_keeps_the_rows_before_it() -> None:
    found = read_xlsx(archive(HEADER + cells("12", "For kort.", row=2) + '<row r="3"><c t="inlineStr"></row>'))
    assert rows(found) == [{"line": "12", "comment": "For kort."}]
    assert "is damaged after row 2" in found.omissions[0]


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"noe annet"])
def test_what_is_no_workbook_is_said_to_be_none(data: bytes) -> None:
    try:
        assert read_xlsx(data).text == ""
    except UnreadableAttachment as error:
        assert "cannot be opened" in str(error)


@given(st.binary(max_size=300), st.integers(0, 4_000))
@settings(max_examples=150, deadline=None)
def test_no_damage_to_a_workbook_is_more_than_a_sentence(noise: bytes, place: int) -> None:
    whole = (SHEETS / "lo-labels.xlsx").read_bytes()
    try:
        found = read_xlsx(whole[:place] + noise + whole[place + len(noise) :])
    except UnreadableAttachment:
        return
    assert all(cell.span.end <= len(found.text) for cell in found.cells)


# CSV -----------------------------------------------------------------------------------------------------------------

FORM = [
    {"line": "12", "comment": "Kaia er for kort; og smal, seier Åse."},
    {"line": "30-31", "comment": "Første linje.\nAndre linje."},
]
SEMICOLONS = 'Linje;Merknad\n12;"Kaia er for kort; og smal, seier Åse."\n30-31;"Første linje.\nAndre linje."\n'


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_is_read_in_any_charset_that_excel_saves(charset: str) -> None:
    assert rows(read_csv(SEMICOLONS.encode(charset))) == FORM


@pytest.mark.parametrize(
    "text",
    [
        SEMICOLONS, SEMICOLONS.replace("\n", "\r\n"), "sep=;\n" + SEMICOLONS,
        'Linje,Merknad\n12,"Kaia er for kort; og smal, seier Åse."\n30-31,"Første linje.\nAndre linje."\n',
        'Linje\tMerknad\n12\tKaia er for kort; og smal, seier Åse.\n30-31\t"Første linje.\nAndre linje."\n',
        'Linje|Merknad\n12|Kaia er for kort; og smal, seier Åse.\n30-31|"Første linje.\nAndre linje."',
    ],
)  # fmt: skip
def test_csv_is_read_with_any_delimiter(text: str) -> None:
    assert rows(read_csv(text.encode())) == FORM


def test_a_quotation_mark_that_is_never_closed_costs_no_row() -> None:
    text = 'Linje;Merknad\n12;"For kort\n13;For smal\n14;For høg\n'
    assert [row["line"] for row in rows(read_csv(text.encode()))] == ["12", "13", "14"]


def test_a_comment_with_the_delimiter_in_it_stays_whole() -> None:
    text = "Linje;Merknad\n12;For kort; og for smal\n13;For høg\n14;For låg\n"
    assert rows(read_csv(text.encode()))[0] == {"line": "12", "comment": "For kort; og for smal"}


def test_quotation_marks_in_a_comment_stay() -> None:
    text = 'Linje;Merknad\n12;"Skriv ""kai"" her."\n13;Skriv "bru" der.\n'
    assert [row["comment"] for row in rows(read_csv(text.encode()))] == ['Skriv "kai" her.', 'Skriv "bru" der.']


def test_a_field_longer_than_the_library_takes_is_read() -> None:
    found = read_csv(f"Linje;Merknad\n12;{'kai ' * 40_000}\n13;For smal.\n".encode())
    assert len(found.text) > 150_000
    assert rows(found)[1] == {"line": "13", "comment": "For smal."}


def test_an_empty_csv_is_said_to_be_empty() -> None:
    with pytest.raises(UnreadableAttachment, match="empty"):
        read_csv(b"\xef\xbb\xbf \n")


@given(st.text(alphabet=';,"\n\tæøå12 ', max_size=200))
def test_no_letter_of_a_csv_is_lost(text: str) -> None:
    try:
        found = read_csv(text.encode())
    except UnreadableAttachment:
        assert not text.strip()
        return
    assert sorted(c for c in found.text if c in "æøå12") == sorted(c for c in text if c in "æøå12")
