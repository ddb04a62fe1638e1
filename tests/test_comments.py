"""Comments: one point, one comment; spans that give the text; forms whose place cells cite."""

from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innspill.citations import find_citations
from innspill.comments import split_comments
from innspill.messages import to_messages
from mails import MAILBOX, attach, cases, comments_of, docx, fold, letter, norwegian, read, texts, xlsx

MAILS = Path(__file__).parent / "mail"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def with_file(
    data: bytes, name: str, kind: str = "application/octet-stream", cover: str = "Se vedlegg.\n"
) -> EmailMessage:
    return attach(letter(cover), data, name, kind)


@pytest.mark.parametrize("case", cases("comments"))
def test_a_mail_gives_its_points(case: dict) -> None:
    found = comments_of(letter(case["body"], html=case["shape"] == "html"))
    assert [fold(comment.text) for comment in found] == case["expect"]
    for comment, context in zip(found, case.get("context", []), strict=False):
        assert context in comment.context


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_a_mail_file_gives_the_points_that_its_header_lists(path: Path) -> None:
    data = path.read_bytes()
    expected = [
        line.removeprefix(b"X-Expect: ").decode() for line in data.splitlines() if line.startswith(b"X-Expect: ")
    ]
    assert texts(data) == expected


@given(
    st.lists(
        st.sampled_from(
            [
                "Linje 12: Bibliotek mangler.",
                "- Vi savner skoleskyss.",
                "",
                "Mvh",
                "# Kapittel 3",
                "> Hva mener dere?",
                "1. Enig",
                "Fra: a@b.example",
            ]
        ),
        max_size=12,
    )
)
@settings(deadline=None)
def test_a_comment_s_span_gives_its_text(lines: list[str]) -> None:
    message = to_messages([read(letter("\n".join(lines)))], language=norwegian(), deadline=None)[0]
    parts = {part.name: part.text for part in message.parts}
    for comment in split_comments([message], language=norwegian()):
        assert comment.span.of(parts[comment.part]) == comment.text
        assert comment.text == comment.text.strip() != ""


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_body_is_split_without_overlap(text: str) -> None:
    spans = [comment.span for comment in comments_of(letter(text.replace("\r", " ")))]
    assert all(before.end <= after.start for before, after in pairwise(spans))


def test_ids_run_through_the_mailbox() -> None:
    mails = [read(letter(f"Linje {number}: Bibliotek mangler i bygd {number}."), f"{number}.eml") for number in (1, 2)]
    found = split_comments(to_messages(mails, language=norwegian(), deadline=None), language=norwegian())
    assert [(comment.comment_id, comment.message_id) for comment in found] == [("C0001", "M001"), ("C0002", "M002")]


def test_an_automatic_answer_gives_no_comment() -> None:
    assert texts(letter("Linje 12 er feil.", headers={"Auto-Submitted": "auto-replied"})) == []


def test_a_word_table_gives_a_comment_a_row_with_its_line_as_context() -> None:
    table = [
        ["Linjenr.", "Kommentar", "Forslag"],
        ["12–14", "Biblioteket mangler.", "Ta det med."],
        ["30", "Enig.", ""],
    ]
    found = comments_of(
        with_file(docx("# Innspill fra skolen", table, "Vi savner et kapittel om leksehjelp."), "svar.docx", DOCX)
    )
    assert [(fold(comment.text), comment.context) for comment in found] == [
        ("Biblioteket mangler. Ta det med.", "linje 12–14"),
        ("Enig.", "linje 30"),
        ("Vi savner et kapittel om leksehjelp.", "Innspill fra skolen"),
    ]


def test_a_word_table_that_is_no_form_is_kept_as_text() -> None:
    table = [["Skole", "Elever"], ["Lid", "112"]]
    mail = read(with_file(docx("Linje 12 er feil.", table), "svar.docx", DOCX))
    assert "Lid | 112" in mail.parts[-1].text


def test_a_word_letter_gives_its_points_under_their_headings() -> None:
    data = docx(
        "# Kapittel 3",
        "- Biblioteket mangler i lista.",
        "- Skoleskyss bør nevnes.",
        "# Kapittel 4",
        "Hvem skal betale for kaia?",
    )
    found = comments_of(with_file(data, "svar.docx", DOCX))
    assert [(comment.text, comment.context) for comment in found] == [
        ("Biblioteket mangler i lista.", "Kapittel 3"),
        ("Skoleskyss bør nevnes.", "Kapittel 3"),
        ("Hvem skal betale for kaia?", "Kapittel 4"),
    ]


def test_a_form_of_two_sheets_gives_the_rows_of_both() -> None:
    first = [
        ["Skjema for innspill"],
        [],
        ["Sidetall", "Linjenr.", "Merknad"],
        [4, 12, "Kaia er for kort."],
        ["", "", ""],
        [5, 30, "Hvem betaler?"],
    ]
    second = [["Kapittel", "Kommentar"], ["3.2", "For kort."]]
    found = comments_of(with_file(xlsx(first, second), "skjema.xlsx", XLSX))
    assert [(comment.text, comment.context) for comment in found] == [
        ("Kaia er for kort.", "side 4, linje 12"),
        ("Hvem betaler?", "side 5, linje 30"),
        ("For kort.", "kapittel 3.2"),
    ]


def test_a_note_on_a_cell_is_a_comment_at_the_place_of_its_row() -> None:
    rows = [["Linje", "Kommentar"], [12, "Kaia er for kort."]]
    said, note = comments_of(with_file(xlsx(rows, notes={"B2": "Gjelder fartøy over 40 meter."}), "skjema.xlsx", XLSX))
    assert (said.text, said.context, said.form) == ("Kaia er for kort.", "linje 12", "row")
    assert (note.text, note.context, note.form) == (
        "Gjelder fartøy over 40 meter.",
        "linje 12: «Kaia er for kort.»",
        "note",
    )


def test_a_column_for_page_and_line_is_read_as_both() -> None:
    (found,) = comments_of(
        with_file(xlsx([["Side/linje", "Innspill"], ["4/12", "Kaia er for kort."]]), "skjema.xlsx", XLSX)
    )
    assert found.context == "side 4, linje 12"
    assert [citation.kind for citation in find_citations(found.context)] == ["page_line"]


def test_a_cell_that_says_what_it_points_at_is_left_as_it_is() -> None:
    (found,) = comments_of(
        with_file(xlsx([["Linje", "Innspill"], ["Linje 12 til 14", "Kaia er for kort."]]), "skjema.xlsx", XLSX)
    )
    assert found.context == "Linje 12 til 14"


def test_a_row_of_numbers_only_is_no_comment() -> None:
    assert comments_of(with_file(xlsx([["Linje", "Innspill"], [12, ""]]), "skjema.xlsx", XLSX)) == ()


def test_the_title_and_instructions_of_a_form_are_no_comments() -> None:
    rows = [
        ["Skjema for innspill til utkast"],
        ["Skriv hva dere savner, og hvilken linje det gjelder."],
        ["Linje", "Innspill"],
        [12, "For kort kai."],
    ]
    assert texts(with_file(xlsx(rows), "skjema.xlsx", XLSX)) == ["For kort kai."]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_form_gives_its_rows(delimiter: str) -> None:
    data = "\n".join(delimiter.join(row) for row in [["Linje", "Kommentar"], ["12", "For kort kai."], ["30", "Enig"]])
    found = comments_of(with_file(data.encode("cp1252"), "skjema.csv", "text/csv"))
    assert [(comment.text, comment.context) for comment in found] == [
        ("For kort kai.", "linje 12"),
        ("Enig", "linje 30"),
    ]


def test_the_body_and_the_attachment_both_give_comments() -> None:
    found = comments_of(
        with_file(docx("Linje 12 er feil."), "svar.docx", DOCX, cover="Vi savner et kapittel om havner.\n")
    )
    assert [(comment.part, comment.text) for comment in found] == [
        ("body", "Vi savner et kapittel om havner."),
        ("svar.docx", "Linje 12 er feil."),
    ]


def test_a_letter_passed_on_gives_the_letter_s_points() -> None:
    body = "Se innspill fra skolen under.\n\nMvh Unni\n\n---------- Videresendt melding ---------\nFra: Kari Lid <kari@lid.example>\nDato: 3. september 2026\nTil: Unni Moe\nEmne: Innspill\n\nLinje 12 er feil.\n\nHilsen Kari"
    assert "Linje 12 er feil." in texts(letter(body, subject="VS: Innspill"))


def test_an_attached_mail_gives_its_points() -> None:
    outer = letter("Se vedlagt e-post.\n")
    outer.add_attachment(letter("Linje 12 er feil.\n", sender="Kari Lid <kari@lid.example>"))
    assert "Linje 12 er feil." in texts(outer)


def test_the_invitation_sent_back_as_attachment_gives_no_comment() -> None:
    outer = letter("Linje 12 er feil.\n")
    outer.add_attachment(letter("Hva savner dere i rapporten?\n", sender=f"Etaten <{MAILBOX}>"))
    assert texts(outer) == ["Linje 12 er feil."]
