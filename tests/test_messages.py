"""Messages: kind, lateness, interest, duplicates and campaigns."""

from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest

from innspill.messages import notes_on, own_text, to_messages
from innspill.records import Message
from mails import MAILBOX, attach, cases, letter, norwegian, read, to_message

DEADLINE = datetime.fromisoformat("2026-10-15T23:59:00+02:00")
LONG = "Jeg bor på ei øy uten bru. Skolebåten går to ganger om dagen, og barna venter lenge på kaia. Rapporten bør nevne skyss med båt, for det er hverdagen vår, og ingen andre enn kommunen kan løse det."


def messages(*mails: EmailMessage, deadline: datetime | None = None) -> tuple[Message, ...]:
    return to_messages(
        [read(mail, f"{number}.eml") for number, mail in enumerate(mails)], language=norwegian(), deadline=deadline
    )


def is_late(date_header: str, deadline: datetime | None = DEADLINE) -> bool:
    return messages(letter("Linje 12 er feil.", date=date_header), deadline=deadline)[0].late


@pytest.mark.parametrize("case", cases("kinds"))
def test_the_kind_of_a_mail_is_told(case: dict) -> None:
    sender = case.get("sender", "Unni Moe <unni@skole.example>")
    mail = letter(case["body"], subject=case["subject"], headers=case["headers"], sender=sender)
    if "attachment" in case:
        attach(mail, case["attachment"].encode(), "svar.txt", "text/plain")
    assert to_messages([read(mail)], language=norwegian(), deadline=None, mailbox=MAILBOX)[0].kind == case["kind"]


def test_a_mail_server_speaks_for_nobody() -> None:
    (bounce,) = messages(letter("User unknown.", sender="Mail Delivery System <MAILER-DAEMON@mx.havneradet.example>"))
    assert (bounce.organisation, bounce.organisation_type) == ("", "ukjent")


def test_each_mail_becomes_one_message_in_order() -> None:
    found = messages(*(letter(f"Linje {number} er feil.") for number in range(3)))
    assert [(message.message_id, message.file) for message in found] == [
        ("M001", "0.eml"),
        ("M002", "1.eml"),
        ("M003", "2.eml"),
    ]


def test_a_mail_before_the_deadline_is_in_time() -> None:
    assert not is_late("Thu, 15 Oct 2026 23:58:00 +0200")


def test_a_mail_after_the_deadline_is_late() -> None:
    assert is_late("Fri, 16 Oct 2026 00:01:00 +0200")


def test_the_deadline_is_held_against_the_sender_s_own_offset() -> None:
    assert not is_late("Thu, 15 Oct 2026 21:58:00 +0000")
    assert is_late("Thu, 15 Oct 2026 22:01:00 +0000")


def test_a_deadline_without_offset_is_oslo_s_summer_time() -> None:
    assert not is_late("Thu, 15 Oct 2026 21:58:00 +0000", datetime(2026, 10, 15, 23, 59))
    assert is_late("Thu, 15 Oct 2026 22:01:00 +0000", datetime(2026, 10, 15, 23, 59))


def test_a_deadline_without_offset_is_oslo_s_winter_time_after_the_clocks_go_back() -> None:
    assert not is_late("Sun, 15 Nov 2026 22:58:00 +0000", datetime(2026, 11, 15, 23, 59))
    assert is_late("Sun, 15 Nov 2026 23:01:00 +0000", datetime(2026, 11, 15, 23, 59))


def test_on_the_night_that_the_clocks_go_back_the_day_has_25_hours() -> None:
    day = date(2026, 10, 25)
    assert not is_late("Sun, 25 Oct 2026 22:59:00 +0000", day)  # type: ignore[arg-type]
    assert is_late("Sun, 25 Oct 2026 23:00:00 +0000", day)  # type: ignore[arg-type]


def test_on_the_night_that_the_clocks_go_forward_the_day_has_23_hours() -> None:
    day = date(2026, 3, 29)
    assert not is_late("Sun, 29 Mar 2026 21:59:00 +0000", day)  # type: ignore[arg-type]
    assert is_late("Sun, 29 Mar 2026 22:00:00 +0000", day)  # type: ignore[arg-type]


def test_a_deadline_in_the_hour_that_comes_twice_is_its_first_time() -> None:
    assert not is_late("Sun, 25 Oct 2026 00:30:00 +0000", datetime(2026, 10, 25, 2, 30))
    assert is_late("Sun, 25 Oct 2026 00:31:00 +0000", datetime(2026, 10, 25, 2, 30))


def test_a_date_that_cannot_be_gives_way_to_the_time_of_receipt() -> None:
    received = "from a.example by b.example; Fri, 16 Oct 2026 08:00:00 +0200"
    for wrong in ("Thu, 01 Jan 1970 00:00:00 +0000", "Fri, 16 Oct 2099 00:01:00 +0200"):
        mail = letter("Linje 12 er feil.", date=wrong, headers={"Received": received})
        assert messages(mail, deadline=DEADLINE)[0].sent_at == datetime.fromisoformat("2026-10-16T08:00:00+02:00")
        assert messages(mail, deadline=DEADLINE)[0].late


def test_a_deadline_that_is_a_date_runs_to_the_end_of_that_day() -> None:
    day = date(2026, 10, 15)
    assert not is_late("Thu, 15 Oct 2026 23:59:30 +0200", day)  # type: ignore[arg-type]
    assert is_late("Fri, 16 Oct 2026 00:00:00 +0200", day)  # type: ignore[arg-type]


def test_a_mail_without_date_is_not_late() -> None:
    assert not is_late("")


def test_without_deadline_nothing_is_late() -> None:
    assert not is_late("Fri, 16 Oct 2099 00:01:00 +0200", None)


@pytest.mark.parametrize(
    "body",
    [
        "Linje 12 er feil.\n\nVi deltar gjerne på innspillsmøte.",
        "Eg saknar skuleskyss. Eg blir gjerne med i arbeidsgruppa.",
        "Linje 12 er feil.\n\nKan dere sette oss opp på møtet 22. oktober? Vi kommer gjerne to stykker på møtet.",
        "Lines 3-4 are wrong. We would like to contribute to the further work.",
    ],
)
def test_who_asks_to_take_part_is_interested(body: str) -> None:
    assert to_message(letter(body)).interest


@pytest.mark.parametrize(
    "body",
    [
        "Linje 12 er feil.",
        "Elevene bør delta i arbeidsgruppa, se linje 12.",
        "Vi var ikke med på møtet i mai. Linje 12 er feil.",
        "Vi har dessverre ikke mulighet til å delta på møtet. Linje 12 er feil.",
    ],
)
def test_who_does_not_ask_is_not_interested(body: str) -> None:
    assert not to_message(letter(body)).interest


def test_the_invitation_s_own_words_are_no_interest() -> None:
    body = "Linje 12 er feil.\n\n> Vil dere delta på innspillsmøte, så meld dere gjerne på. Vi ønsker å invitere."
    assert not to_message(letter(body)).interest


def test_a_mail_sent_again_by_the_same_sender_is_a_duplicate() -> None:
    first, second = messages(
        letter(LONG), letter(LONG, subject="Sender på nytt", date="Tue, 15 Sep 2026 10:00:00 +0200")
    )
    assert (first.kind, second.kind, second.duplicate_of) == ("feedback", "duplicate", first.message_id)


def test_another_mail_by_the_same_sender_is_feedback() -> None:
    assert [message.kind for message in messages(letter(LONG), letter("Linje 12 er feil, og linje 30 er uklar."))] == [
        "feedback"
    ] * 2


def test_the_same_words_of_several_senders_are_a_campaign() -> None:
    found = messages(
        *(
            letter(f"Hei\n\n{LONG}\n\nHilsen {name}", sender=f"{name} <{name}@folk.example>")
            for name in ("ola", "kari", "per")
        )
    )
    assert [message.kind for message in found] == ["campaign"] * 3
    assert len({message.campaign_id for message in found}) == 1


def test_short_mails_that_agree_by_chance_are_no_campaign() -> None:
    found = messages(*(letter("Linje 12 er feil.", sender=f"{name} <{name}@folk.example>") for name in ("ola", "kari")))
    assert [message.kind for message in found] == ["feedback"] * 2


def test_two_empty_mails_are_not_duplicates() -> None:
    assert [message.kind for message in messages(letter(""), letter(""))] == ["empty", "empty"]


def test_an_attachment_makes_feedback_of_a_cover_note() -> None:
    mail = attach(letter("Se vedlegg.\n"), b"Linje 12 er feil.", "svar.txt", "text/plain")
    assert to_message(mail).kind == "feedback"


def test_own_text_leaves_quotation_and_signature_out() -> None:
    text = own_text(to_message(letter("Linje 12 er feil.\n\nMvh\nUnni Moe\n\n> Hva mener dere?")))
    assert "Linje 12" in text
    assert "Unni Moe" not in text
    assert "Hva mener dere" not in text


def test_the_language_is_that_of_the_own_words() -> None:
    body = (
        "Eg saknar noko om skuleskyss, og det er ikkje nemnt.\n\n> Vi ber om innspill, og dere kan ikke sende for sent."
    )
    assert to_message(letter(body)).language == "nn"


def test_the_consultation_s_own_invitation_is_nobody_s_feedback() -> None:
    body = "Vi inviterer til å gi innspill til utkastet. Innspill sendes til oss innen 15. oktober."
    mail = read(letter(body, sender=f"Etaten <{MAILBOX}>"))
    assert to_messages([mail], language=norwegian(), deadline=None, mailbox=MAILBOX)[0].kind == "empty"
    assert to_messages([read(letter(body))], language=norwegian(), deadline=None, mailbox=MAILBOX)[0].kind == "feedback"


def test_a_mail_that_points_to_an_attachment_and_brings_none_is_told() -> None:
    found = messages(letter("Hei\n\nSe vedlegg.\n\nMvh Unni"))
    assert [note.file for note in notes_on(found, deadline=None)] == ["0.eml"]
    assert "attachment" in notes_on(found, deadline=None)[0].text


def test_feedback_without_a_date_is_told_where_there_is_a_deadline() -> None:
    found = messages(letter("Linje 12 er feil.", date=""))
    assert [note.severity for note in notes_on(found, deadline=DEADLINE)] == ["info"]
    assert notes_on(found, deadline=None) == ()


def test_an_attachment_that_cannot_be_read_does_not_make_a_mail_empty() -> None:
    mail = attach(letter("Se vedlegg."), b"\x89PNG\r\n\x1a\n" + bytes(40), "svar.png", "image/png")
    assert to_message(mail).kind == "feedback"


def test_what_the_mail_brought_is_kept_with_the_message() -> None:
    mail = attach(letter("Se vedlegg."), b"Linje 12 er feil.", "svar.txt", "text/plain")
    assert "svar.txt" in {piece.name for piece in to_message(mail).received}


def test_mails_of_one_organisation_spell_it_alike() -> None:
    found = messages(
        letter("Linje 1 er feil.\n\nMvh\nUnni Moe\nKystlinje Data AS", sender="Unni Moe <unni@kystlinje.example>"),
        letter("Linje 2 er feil.\n\nMvh\nOla Vik\nKYSTLINJE DATA AS", sender="Ola Vik <ola@kystlinje.example>"),
        letter("Linje 3 er feil.", sender="Per Lid <per@kystlinje.example>"),
    )
    assert len({message.organisation for message in found}) == 1
    assert {message.organisation_type for message in found} == {"næringsliv"}


def test_messages_of_utc_time_keep_their_time() -> None:
    assert to_message(letter("Linje 1", date="Mon, 14 Sep 2026 08:00:00 +0000")).sent_at == datetime(
        2026, 9, 14, 8, tzinfo=UTC
    )
