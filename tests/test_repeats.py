"""Mails that say the same: duplicates, campaigns, and what a copy says of its own."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from innspill.messages import to_messages
from innspill.records import Message
from innspill.repeats import added_spans, mark_repeated
from mails import MAILBOX, attach, cases, fold, letter, norwegian, read, to_message

TEMPLATE = (
    "Vi som bor langs fjorden, er bekymret for skoleskyssen. Utkastet nevner buss og tog, men ikke båt. Barna våre venter "
    "hver dag i over en time på kaia.\n\nVi ber om et eget avsnitt om skyss med båt, og om varme venterom i linje 12."
)


def to_mail(given: dict) -> EmailMessage:
    headers = {"Message-ID": given["id"]} if "id" in given else {}
    mail = letter(given["body"], sender=given["sender"], subject=given.get("subject", "Innspill"), headers=headers)
    return attach(mail, given["attachment"].encode(), "svar.txt", "text/plain") if "attachment" in given else mail


def mailbox(given: list[dict]) -> tuple[Message, ...]:
    mails = [read(to_mail(mail), f"{number}.eml") for number, mail in enumerate(given)]
    return to_messages(mails, language=norwegian(), deadline=None, mailbox=MAILBOX)


def added(copy: str, original: str = TEMPLATE) -> list[str]:
    message = to_message(letter(copy))
    spans = added_spans(message, to_message(letter(original)))
    texts = {part.name: part.text for part in message.parts}
    return [fold(span.of(texts[name])) for name, found in spans.items() for span in found]


@pytest.mark.parametrize("case", cases("campaigns"))
def test_what_is_sent_again_and_what_is_a_campaign(case: dict) -> None:
    found = mailbox(case["messages"])
    assert [message.kind for message in found] == case["kinds"]
    assert [message.campaign_id for message in found] == case["campaigns"]
    copies = {
        str(index): int(message.duplicate_of[1:]) - 1 for index, message in enumerate(found) if message.duplicate_of
    }
    assert copies == case["duplicates"]


def test_a_thousand_copies_of_two_letters_are_two_campaigns() -> None:
    first = mailbox([{"sender": "Ola Vik <ola@folk.example>", "body": TEMPLATE}])[0]
    other = mailbox(
        [{"sender": "Kari Lid <kari@folk.example>", "body": "Linje 3 er feil. " * 3 + " ".join(map(str, range(60)))}]
    )[0]
    copies = [
        replaced(template, f"M{number:04d}", f"p{number}@folk.example")
        for number in range(1000)
        for template in [(first, other)[number % 2]]
    ]
    assert {message.campaign_id for message in mark_repeated(copies)} == {"K01", "K02"}


def replaced(message: Message, message_id: str, address: str) -> Message:
    return replace(message, message_id=message_id, sender_email=address, rfc_message_id="", organisation="")


def test_the_order_of_the_mails_makes_no_difference_to_the_campaign() -> None:
    given = [
        {"sender": f"{name} <{name}@folk.example>", "body": f"{TEMPLATE}\n\nHilsen {name}"}
        for name in ("ola", "kari", "per")
    ]
    assert [message.kind for message in mailbox(given)] == [message.kind for message in mailbox(given[::-1])]


def test_a_plain_copy_adds_nothing() -> None:
    assert added(TEMPLATE) == []


def test_a_personal_paragraph_is_a_copy_s_own() -> None:
    personal = "Sonen min på ni år gret på kaia i vinter, fordi båten var innstilt."
    assert added(f"{TEMPLATE}\n\n{personal}") == [personal]


def test_a_sentence_put_into_a_paragraph_is_a_copy_s_own() -> None:
    copy = TEMPLATE.replace("på kaia.\n", "på kaia. Kaia er stengd kvar februar.\n")
    assert added(copy) == ["Kaia er stengd kvar februar."]


def test_a_changed_number_is_a_copy_s_own() -> None:
    assert added(TEMPLATE.replace("linje 12", "linje 21")) == [
        "Vi ber om et eget avsnitt om skyss med båt, og om varme venterom i linje 21."
    ]


def test_two_changes_in_one_sentence_are_one_addition() -> None:
    changed = TEMPLATE.replace("eget avsnitt", "langt og klart kapittel").replace("varme venterom", "lys ute på kaia")
    assert added(changed) == [
        "Vi ber om et langt og klart kapittel om skyss med båt, og om lys ute på kaia i linje 12."
    ]


def test_words_of_the_signature_are_no_addition() -> None:
    assert added(f"{TEMPLATE}\n\nMed vennlig hilsen\nUnni Moe\nseniorrådgiver i kystavdelingen") == []
