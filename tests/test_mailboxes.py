"""Five mailboxes by other hands: what was won in taking them in stays won."""

from pathlib import Path

import pytest

from innspill.comments import split_comments
from innspill.config import load_consultation
from innspill.copies import mark_invitation, mark_report_words
from innspill.evaluation import evaluate, load_gold
from innspill.messages import to_messages
from innspill.reading.mail import read_mail
from innspill.reading.report import read_report
from innspill.records import Analysis
from mails import norwegian

MAILBOXES = Path(__file__).parents[1] / "corpora" / "innboks"


def measures(name: str) -> dict[str, float]:
    consultation, _ = load_consultation(MAILBOXES / name)
    report = read_report(consultation.report, sentences=norwegian().sentences)
    mails, _ = read_mail(
        consultation.mail, root=consultation.folder, mailbox=consultation.mailbox, sentences=norwegian().sentences
    )
    messages = to_messages(mails, language=norwegian(), deadline=consultation.deadline, mailbox=consultation.mailbox)
    messages = mark_report_words(mark_invitation(messages), report)
    comments = split_comments(messages, language=norwegian())
    analysis = Analysis(consultation, report, messages, comments, (), (), (), ())
    return {measure.name: measure.value for measure in evaluate(analysis, load_gold(consultation.folder))}


@pytest.mark.parametrize("name", "abcde")
def test_the_comments_of_a_mailbox_are_found_and_kept_apart(name: str) -> None:
    found = measures(name)
    assert found["messages present once"] == 1.0
    assert found["message kinds"] >= 0.95
    assert found["comments found"] >= 0.97
    assert found["comments merged with another"] <= 0.05
    assert found["letters in comments not the sender's"] <= 0.03
