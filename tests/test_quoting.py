"""Whose words: own text apart from what is quoted, greeting, courtesy and signature."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.reading.quoting import is_courtesy, is_sign_up, segment_attachment, segment_body, segment_sheet
from innspill.records import Cell, Segment, Span
from mails import MAILBOX, cases, fold, norwegian


def segments(text: str, **options: object) -> tuple[Segment, ...]:
    options = {"mailbox": MAILBOX, "sender_name": "Unni Moe", "sentences": norwegian().sentences, **options}
    return segment_body(text, **options)  # type: ignore[arg-type]


def words(text: str, kind: str, **options: object) -> str:
    return fold(" ".join(segment.span.of(text) for segment in segments(text, **options) if segment.kind == kind))


def covers(text: str, found: tuple[Segment, ...]) -> bool:
    ends = [0, *(segment.span.end for segment in found)]
    return [segment.span.start for segment in found] == ends[:-1] and ends[-1] == len(text)


@pytest.mark.parametrize("case", cases("reply_splitting"))
def test_own_words_are_parted_from_the_rest(case: dict) -> None:
    assert words(case["text"], "own") == fold(case["expect"])


@given(st.text(alphabet="aå.:>\n -_@FraTilSendtEmne123", max_size=300))
def test_segments_cover_any_text_in_order(text: str) -> None:
    assert covers(text, segments(text))


@given(st.text(max_size=200))
def test_segments_of_an_attachment_cover_its_text(text: str) -> None:
    assert covers(text, segment_attachment(text, sentences=norwegian().sentences))


def test_segments_of_a_form_cover_its_text_and_only_its_rows_are_own() -> None:
    text = "Skjema\n\nLinje\n\n12\nBibliotek mangler.\n\nTakk!"
    cells = (Cell("header", 1, Span(8, 13)), Cell("line", 2, Span(15, 17)), Cell("comment", 2, Span(18, 36)))
    found = segment_sheet(text, cells)
    assert covers(text, found)
    assert [segment.span.of(text) for segment in found if segment.kind == "own"] == ["12\nBibliotek mangler."]


def test_a_passed_on_letter_is_own_words_of_the_message() -> None:
    text = "Se under.\n\nFra: Kari Lid <kari@skole.example>\nSendt: 3. september 2026\nTil: Unni Moe\nEmne: Innspill\n\nLinje 12 er feil."
    assert "Linje 12 er feil." in words(text, "own", is_forward=True)


def test_the_invitation_in_a_passed_on_letter_is_quoted() -> None:
    text = f"Linje 12 er feil.\n\nFra: Etaten <{MAILBOX}>\nSendt: 1. september 2026\nTil: Unni Moe\nEmne: Utkast\n\nVi ber om innspill."
    assert "Vi ber om innspill." in words(text, "quoted", is_forward=True)


def test_what_html_marks_as_quotation_is_quoted() -> None:
    text = "Linje 12 er feil.\nMangler noe?"
    assert words(text, "quoted", quoted=(Span(18, 30),)) == "Mangler noe?"


def test_a_closing_at_the_end_of_a_paragraph_is_signature() -> None:
    assert words("Hei, linje 12 er feil. Mvh Unni", "signature") == "Mvh Unni"


def test_a_signature_without_closing_is_known_by_the_name() -> None:
    assert words("Linje 12 er feil.\n\nUnni Moe\nbiblioteksjef", "signature") == "Unni Moe biblioteksjef"


def test_a_disclaimer_is_neither_own_nor_signature() -> None:
    text = "Linje 12 er feil.\n\nDenne e-posten kan inneholde konfidensiell informasjon."
    assert words(text, "disclaimer").startswith("Denne e-posten")


@pytest.mark.parametrize(
    "sentence",
    [
        "Takk for muligheten til å gi innspill.",
        "Takk for høvet til å kome med innspel.",
        "Vi viser til invitasjon av 1. september 2026.",
        "Her er våre kommentarer:",
        "Lykke til videre med arbeidet!",
        "Ta gjerne kontakt ved spørsmål.",
        "Thank you for the opportunity to comment on the draft.",
    ],
)
def test_courtesy_is_known(sentence: str) -> None:
    assert is_courtesy(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Takk for muligheten, men vi savner skoleskyss.",
        "Takk for rapporten, som mangler et kapittel om havner.",
        "Vi viser til linje 12.",
        "Her er det feil.",
        "Vi viser til § 12 og mener at havna bør være åpen.",
    ],
)
def test_what_says_something_is_not_courtesy(sentence: str) -> None:
    assert not is_courtesy(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Vi deltar gjerne på innspillsmøte.",
        "Eg vil gjerne vere med i arbeidsgruppa.",
        "Meld oss gjerne på møtet 22. oktober.",
        "Vi bidrar gjerne i det videre arbeidet.",
        "We would be happy to take part in a meeting.",
        "Jeg stiller gjerne i en referansegruppe.",
    ],
)
def test_a_wish_to_take_part_is_heard(sentence: str) -> None:
    assert is_sign_up(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Neste møte i utvalget er 22. oktober.",
        "Vi fikk ikke være med i arbeidsgruppa.",
        "Elevene bør være med i arbeidsgruppa.",
        "Vi ønsker flere møter mellom skole og hjem.",
        "Vi kan dessverre ikke delta på møtet.",
    ],
)
def test_talk_of_meetings_is_no_wish_to_take_part(sentence: str) -> None:
    assert not is_sign_up(sentence)
