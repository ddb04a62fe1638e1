"""Whose words: own text apart from what is quoted, greeting, courtesy and signature.

The cases of cases/reply_splitting.json: `client` and `language` tell who would write so (`negative`: nobody's mail
program), `split` what the patterns were made with (``train``), what was held out of that by every third case (``test``),
and what was written only after the code (``second``).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.reading.authorship.quoting import (
    is_courtesy,
    is_mailbox,
    is_procedure,
    is_sign_up,
    segment_attachment,
    segment_body,
    segment_sheet,
)
from innspill.reading.authorship.signatures import name_words
from innspill.reading.documents.html import html_to_text
from innspill.records import Cell, Segment, Span
from mails import MAILBOX, cases, fold, norwegian

# What each field of a case is compared with.
KINDS = {
    "own": {"own"},
    "quoted": {"quoted", "attribution"},
    "signature": {"signature", "disclaimer"},
}
OUTLOOK = (
    f"Fra: Etaten <{MAILBOX}>\nSendt: tirsdag 1. september 2026 09:12\nTil: Unni Moe <unni@skole.example>\nEmne: Utkast"
)


def segments(text: str, **options: object) -> tuple[Segment, ...]:
    options = {"mailbox": MAILBOX, "sender_name": "Unni Moe", "sentences": norwegian().sentences, **options}
    return segment_body(text, **options)  # type: ignore[arg-type]


def words(text: str, kind: str, **options: object) -> str:
    return fold(" ".join(segment.span.of(text) for segment in segments(text, **options) if segment.kind == kind))


def letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def covers(text: str, found: tuple[Segment, ...]) -> bool:
    ends = [0, *(segment.span.end for segment in found)]
    return [segment.span.start for segment in found] == ends[:-1] and ends[-1] == len(text)


@pytest.mark.parametrize("case", cases("reply_splitting"))
def test_words_are_parted_by_whose_they_are(case: dict) -> None:
    laid_out = html_to_text(case["html"]) if "html" in case else None
    text = laid_out.text if laid_out else case["text"]
    found = segments(
        text,
        quoted=laid_out.quoted if laid_out else (),
        answered=laid_out.coloured if laid_out else (),
        is_forward=case.get("forward", False),
        sender_name=case.get("sender", "Unni Moe"),
    )
    for field, kinds in KINDS.items():
        if field == "own" or field in case:
            got = " ".join(segment.span.of(text) for segment in found if segment.kind in kinds)
            assert letters(got) == letters(" ".join(case.get(field, []))), field


def test_the_cases_name_client_language_and_split_and_quote_their_text() -> None:
    for parameter in cases("reply_splitting"):
        case = parameter.values[0]
        assert case["client"] and case["language"] and case["split"] in ("train", "test", "second", "third")
        for piece in [piece for field in KINDS for piece in case.get(field, [])]:
            assert "html" in case or piece in case["text"], case["label"]


@given(st.text(alphabet="aå.:>\n -_@FraTilSendtEmne123", max_size=300), st.booleans())
def test_segments_cover_any_text_in_order(text: str, is_forward: bool) -> None:
    assert covers(text, segments(text, is_forward=is_forward))


PIECES = [
    *("Hei,", "Mvh", "Unni", "--", "> a", "", OUTLOOK, "Linje 12 er feil.", "1. sep. 2026 kl. 09:12 skrev Kari Lid:"),
    *("Svarene mine står i rødt under.", "Mangler noe?", "UM: Ja.", "_______", "-----Opphavleg melding-----"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(0, 60), st.integers(0, 60))
def test_segments_cover_any_mail_in_order(pieces: list[str], start: int, length: int) -> None:
    text = "\n".join(pieces)
    span = Span(min(start, len(text)), min(start + length, len(text)))
    assert covers(text, segments(text, quoted=(span,), answered=(span,)))


@given(st.text(max_size=200))
def test_segments_of_an_attachment_cover_its_text(text: str) -> None:
    assert covers(text, segment_attachment(text, sentences=norwegian().sentences))


def test_segments_of_a_form_cover_its_text_and_only_its_rows_are_own() -> None:
    text = "Skjema\n\nLinje\n\n12\nBibliotek mangler.\n\nTakk!"
    cells = (Cell("header", 1, Span(8, 13)), Cell("line", 2, Span(15, 17)), Cell("comment", 2, Span(18, 36)))
    found = segment_sheet(text, cells)
    assert covers(text, found)
    assert [segment.span.of(text) for segment in found if segment.kind == "own"] == ["12\nBibliotek mangler."]


# What is passed on ---------------------------------------------------------------------------------------------------


def test_a_passed_on_letter_is_own_words_of_the_message() -> None:
    text = "Se under.\n\nFra: Kari Lid <kari@skole.example>\nSendt: 3. september 2026\nTil: Unni Moe\nEmne: Innspill\n\nLinje 12 er feil."
    assert "Linje 12 er feil." in words(text, "own", is_forward=True)


def test_the_invitation_in_a_passed_on_letter_is_quoted() -> None:
    text = f"Linje 12 er feil.\n\n{OUTLOOK}\n\nVi ber om innspill."
    assert "Vi ber om innspill." in words(text, "quoted", is_forward=True)


def test_an_answer_collected_after_the_invitation_is_own_in_a_passed_on_mail() -> None:
    text = (
        f"Her er to svar.\n\n{OUTLOOK}\n\nVi ber om innspill.\n\n"
        "Fra: Kari Lid <kari@skole.example>\nSendt: 3. september 2026 10:00\nTil: Unni Moe\nEmne: Svar\n\nLinje 12 er feil."
    )
    assert words(text, "own", is_forward=True).endswith("Linje 12 er feil.")
    assert "Vi ber om innspill." in words(text, "quoted", is_forward=True)


def test_a_mail_of_nothing_but_anothers_words_passes_them_on() -> None:
    text = "Fra: Kari Lid <kari@skole.example>\nSendt: 3. september 2026 10:00\nTil: Unni Moe\nEmne: Innspel\n\nLinje 12 er feil."
    assert words(text, "own") == "Linje 12 er feil."


def test_a_mail_of_nothing_but_the_invitation_has_no_own_words() -> None:
    assert words(f"{OUTLOOK}\n\nVi ber om innspill.", "own") == ""


def test_html_that_is_passed_on_is_own_but_for_the_invitation() -> None:
    text = f"Se under.\n\nLinje 12 er feil.\n\n{OUTLOOK}\n\nVi ber om innspill."
    whole = (Span(11, len(text)),)
    assert words(text, "own", is_forward=True, quoted=whole) == "Linje 12 er feil."
    assert "Linje 12 er feil." in words(text, "quoted", quoted=whole)


def test_what_html_marks_as_quotation_is_quoted() -> None:
    text = "Linje 12 er feil.\nMangler noe?"
    assert words(text, "quoted", quoted=(Span(18, 30),)) == "Mangler noe?"


def test_answers_between_the_quotations_of_one_container_are_own() -> None:
    text = "1. sep. 2026 kl. 09:12 skrev Etaten:\nMangler noe?\nJa, skuleskyss."
    quoted = (Span(0, len(text)), Span(37, 49))
    assert words(text, "own", quoted=quoted) == "Ja, skuleskyss."


@pytest.mark.parametrize(
    ("sender", "mailbox", "expected"),
    [
        ("Etaten <innspill@etat.example>", "innspill@etat.example", True),
        ("Kari Lid <Kari.Lid@Etat.example>", "innspill@etat.example", True),
        ("Kari Lid <kari@skole.example>", "innspill@etat.example", False),
        ("Kari Lid <kari@gmail.com>", "innspill@gmail.com", False),
        ("Kari Lid <kari@skole.example>", "", False),
    ],
)
def test_the_consultation_is_known_by_its_address_or_its_own_domain(sender: str, mailbox: str, expected: bool) -> None:
    assert is_mailbox(sender, mailbox) is expected


# Answers inside the mail that is answered ----------------------------------------------------------------------------


def test_answers_in_a_colour_of_their_own_are_own() -> None:
    text = f"Svar i rødt.\n\n{OUTLOOK}\n\nVi ber om innspill.\nLinje 12 er feil.\nSkuleskyss manglar.\nHilsen etaten"
    red = (Span(text.index("Linje 12"), text.index("\nHilsen")),)
    assert words(text, "own", answered=red) == "Svar i rødt. Linje 12 er feil. Skuleskyss manglar."


def test_answers_in_colour_on_the_line_of_the_question_are_own_and_words_in_colour_are_not() -> None:
    answers = ("Nei, linje 12 manglar tal.", "Skoleskyss.")
    asked = f"Er målene tydelige? {answers[0]}\nKommentar: {answers[1]}\nFrist: 15. oktober\nKarl Johans gate 1"
    text = f"Linje 1 er uklår.\n\n{OUTLOOK}\n\n{asked}"
    red = tuple(Span(at, at + len(part)) for part in (*answers, "15. oktober", "Karl") for at in (text.index(part),))
    assert words(text, "own", answered=red) == f"Linje 1 er uklår. {' '.join(answers)}"
    assert covers(text, segments(text, answered=red))


def test_a_colour_outside_quoted_text_changes_nothing() -> None:
    text = "Linje 12 er feil.\n\nMvh Unni"
    assert segments(text, answered=(Span(0, len(text)),)) == segments(text)


def test_a_passed_on_invitation_without_a_word_holds_no_answers() -> None:
    assert words(f"{OUTLOOK}\n\nMangler noe?\nSvar innen 15. oktober.", "own", is_forward=True) == ""


def test_initials_of_another_are_no_answer_of_the_senders() -> None:
    text = f"Linje 12 er feil.\n\n{OUTLOOK}\n\nKL: Vi ber om innspill."
    assert "KL: Vi ber om innspill." in words(text, "quoted")


# Greeting, signature, courtesy ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "notice",
    [
        "OBS! Denne e-posten kommer fra en ekstern avsender. Ikke klikk på lenker.",
        "[Du mottar ikke ofte e-post fra kari@x.example. Finn ut hvorfor dette er viktig på https://x.example ]",
        "Du får ikkje ofte e-post frå kari@x.example. Finn ut kvifor dette er viktig.",
        "Noen som har mottatt denne meldingen, mottar ikke ofte e-post fra kari@x.example.",
        "Klassifisering: Intern",
    ],
)
def test_the_greeting_below_a_warning_is_a_greeting(notice: str) -> None:
    text = f"{notice}\n\nHei\n\nLinje 12 er feil."
    assert [words(text, kind) for kind in ("disclaimer", "greeting", "own")] == [notice, "Hei", "Linje 12 er feil."]


@pytest.mark.parametrize(
    "notice",
    [
        "NB! Dette er en utgående e-post som ikke kan besvares.",
        "Denne e-posten kan ikkje svarast på.",
        "Denne meldinga vart sendt automatisk frå skjemaet.",
    ],
)
def test_a_notice_that_a_program_sent_the_mail_is_no_comment(notice: str) -> None:
    assert words(f"Linje 12 er feil.\n\nMvh Unni\n\n{notice}", "own") == "Linje 12 er feil."


@pytest.mark.parametrize("closing", ["Med sosialistisk hilsen", "Med vennskapeleg helsing,"])
def test_a_closing_of_the_sender_s_own_making_is_signature(closing: str) -> None:
    assert words(f"Linje 12 er feil.\n\n{closing}\nNes SV", "own") == "Linje 12 er feil."
    assert words(f"{closing} avslutter de brevet på side 4.", "signature") == ""


@pytest.mark.parametrize("text", ["Klassifisering: uklart begrep på side 4.", "Du får ikke ofte svar fra etaten."])
def test_a_point_that_begins_as_a_notice_is_own(text: str) -> None:
    assert words(text, "own") == text


def test_a_mail_on_the_line_that_says_who_wrote_it_is_not_the_sender_s() -> None:
    """Yahoo for Android."""
    answered = "  den tir. 1. sep. 2026 kl. 09:12 skrev Etaten<innspill@etat.example>:   Hei, vi ber om innspill."
    assert words(f"Linje 12 er feil.\n\n{answered}\nHva mener dere?", "own") == "Linje 12 er feil."


def test_a_closing_at_the_end_of_a_paragraph_is_signature() -> None:
    assert words("Hei, linje 12 er feil. Mvh Unni", "signature") == "Mvh Unni"


def test_a_signature_without_closing_is_known_by_the_name() -> None:
    assert words("Linje 12 er feil.\n\nUnni Moe\nbiblioteksjef", "signature") == "Unni Moe biblioteksjef"


def test_name_and_telephone_above_the_closing_are_signature() -> None:
    text = "Linje 12 er feil.\n\nPer Ås\nrådmann, tlf. 22 11 33 44\n\nMed vennleg helsing"
    assert words(text, "own") == "Linje 12 er feil."


def test_a_long_paragraph_below_a_closing_is_own_for_all_its_address() -> None:
    more = (
        "Forresten har vi laga ei oversikt over alle bygdebøkene som skulane våre brukar i undervisninga, og den ligg ope "
        "for alle på https://www.skole.example/boker, der ho vert halden ved like av bibliotekaren kvar haust og vår."
    )
    assert words(f"Linje 12 er feil.\n\nHelsing Unni\n\n{more}", "own").endswith(more)


def test_a_disclaimer_is_neither_own_nor_signature() -> None:
    text = "Linje 12 er feil.\n\nDenne e-posten kan inneholde konfidensiell informasjon."
    assert words(text, "disclaimer").startswith("Denne e-posten")


def test_a_wrapped_disclaimer_is_known_by_its_lines_together() -> None:
    text = "Linje 12 er feil.\n\nDenne e-posten med vedlegg kan\ninnehalde opplysningar som er omfatta av\nteieplikt."
    assert words(text, "own") == "Linje 12 er feil."


def test_a_letter_attached_has_its_closing_marked() -> None:
    text = "Til Etaten\n\nLinje 12 er feil.\n\nMed venleg helsing\nUnni Moe"
    found = segment_attachment(text, sentences=norwegian().sentences)
    assert [segment.span.of(text).strip() for segment in found if segment.kind == "own"] == ["Linje 12 er feil."]


def test_the_consultations_mail_in_a_saved_thread_is_quoted() -> None:
    text = f"Linje 12 er feil, og skoleskyss mangler.\n\n{OUTLOOK}\n\nVi ber om innspill."
    found = segment_attachment(text, mailbox=MAILBOX, sentences=norwegian().sentences)
    assert "Vi ber om innspill." in "".join(segment.span.of(text) for segment in found if segment.kind == "quoted")
    assert found[0].kind == "own"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Unni Moe", ["unni", "moe"]), ("unni.moe@skole.example", ["unni", "moe"]), ("", []), ("U. Å", [])],
)
def test_the_words_of_a_name_are_found(name: str, expected: list[str]) -> None:
    assert name_words(name) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Takk for muligheten til å gi innspill.",
        "Takk for høvet til å kome med innspel.",
        "Vi viser til invitasjon av 1. september 2026.",
        "Her er våre kommentarer:",
        "Se kommentarene mine under.",
        "Sjå merknadene våre i vedlegget.",
        "Til orientering.",
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
        "Uttalelsen er vedtatt av formannskapet 14. september.",
        "Saka vart handsama av utvalet for oppvekst.",
        "Vi fikk invitasjonen i går.",
        "Dere må gjerne ringe meg etter klokka 17.",
        "Dykk kan berre ta kontakt.",
    ],
)
def test_how_an_answer_came_about_is_known(sentence: str) -> None:
    assert is_procedure(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Saken er behandlet, og kommunen savner et kapittel om beredskap.",
        "Vedtak om skyss bør behandles av kommunen.",
        "Elevene ringer ikke skolen.",
    ],
)
def test_what_a_council_asks_for_is_no_procedure(sentence: str) -> None:
    assert not is_procedure(sentence)


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


# Hostile mail --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit",
    [
        "> \n",
        "> a\nå\n",
        "Fra: a@b.example\n",
        "Til: a;\n",
        "Den 1. sep. 2026 kl. 09:12 skrev ",
        "Mvh\nPS\n",
        "--\n",
        "KN: a\n",
        ". Mvh Å",
        "denne e-posten ",
        "@",
        "1",
        "\n \n",
    ],
)
def test_a_long_body_of_one_thing_is_read_whole(unit: str) -> None:
    # Any reading that is more than linear would not come to an end here.
    text = unit * (60_000 // len(unit))
    assert covers(text, segments(text, sentences=None))
