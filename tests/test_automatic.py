"""Whether headers say that a program answered."""

import pytest

from innspill.reading.mailbox.automatic import is_automatic


def told(headers: dict[str, str], kind: str = "text/plain") -> bool:
    return is_automatic(lambda name: headers.get(name, ""), kind)


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "auto-replied"},
        {"auto-submitted": "Auto-Replied (vacation)"},
        {"auto-submitted": "auto-generated; owner-email=per@lia.example"},
        {"precedence": "auto_reply"},
        {"x-autoreply": "yes"},
        {"x-autorespond": "Fråvær"},
        {"x-failed-recipients": "kari@lia.example"},
        {"x-post-messageclass": "9; Autoresponder"},
        {"return-path": "<>", "from": "Mail Delivery System <MAILER-DAEMON@lia.example>"},
        {"precedence": "bulk", "list-unsubscribe": "<mailto:av@brev.example>"},
    ],
)
def test_headers_of_a_program_are_known(headers: dict[str, str]) -> None:
    assert told(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"auto-submitted": "no"},
        {"auto-submitted": " No "},
        {"x-auto-response-suppress": "All"},
        {"precedence": "list", "list-id": "<fag.liste.example>", "list-unsubscribe": "<mailto:av@liste.example>"},
        {"precedence": "bulk"},
        {"return-path": "<>", "from": "Kari Lid <kari@lia.example>"},
        {"x-autoreply": "no"},
    ],
)
def test_headers_that_people_s_mail_bears_too_tell_nothing(headers: dict[str, str]) -> None:
    assert not told(headers)


def test_a_report_on_delivery_is_a_program_s() -> None:
    assert told({}, "multipart/report")
