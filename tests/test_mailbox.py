"""A consultation's mailbox as it is: every kind of source at once, with a copy of the report among the attachments."""

import mailbox
import shutil
import zipfile
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from innspill import analyse
from innspill.config import load_consultation
from innspill.outputs import reconcile, write_outputs
from innspill.records import Analysis, Comment
from mails import attach, letter, norwegian, xlsx

ROOT = Path(__file__).parents[1]
TESTS = Path(__file__).parent


def said(body: str, sender: str = "Unni Moe <unni@skole.example>") -> EmailMessage:
    return letter(f"Hei!\n\n{body}\n\nMed venleg helsing\nUnni Moe\n", sender=sender)


def fill(folder: Path) -> None:
    """A mail folder with a message of each kind of source."""
    (folder / "vanlig.eml").write_bytes(said("Linje 45 bør gjøres tydeligere, for den er uklar.").as_bytes())
    shutil.copy(TESTS / "outlook" / "plain-nynorsk.msg", folder / "frå Outlook.msg")
    shutil.copy(TESTS / "outlook" / "winmail-html.dat", folder / "winmail.dat")
    box = mailbox.mbox(folder / "arkiv.mbox")
    for number in (60, 61):
        box.add(said(f"På linje {number} mangler det et eksempel fra kommunene.", f"Ola Vik <ola{number}@by.example>"))
    box.close()
    maildir = mailbox.Maildir(folder / "Maildir")
    maildir.add(said("Vi saknar noko om beredskap når systema er nede.", "Siri Lie <siri@vik.example>"))
    with zipfile.ZipFile(folder / "eksport.zip", "w") as archive:
        archive.writestr("Innboks/svar.eml", said("Linje 70 er feil.", "Jo Dal <jo@dal.example>").as_bytes())
    with_copy = attach(
        said("Se merknader i dokumentet."), (TESTS / "documents" / "reviewed.odt").read_bytes(), "kopi.odt"
    )
    attach(with_copy, xlsx([["Linje", "Kommentar"], [12, "Hvem gjelder dette?"]]), "skjema.xlsx")
    attach(with_copy, b"\x89PNG\r\n\x1a\n", "logo.png", "image/png")
    (folder / "med kopi.eml").write_bytes(with_copy.as_bytes())
    (folder / "les meg.pdf").write_bytes(b"%PDF-1.4\n")


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = tmp_path_factory.mktemp("post")
    fill(folder)
    consultation, config = load_consultation(ROOT / "corpora" / "ki-helsedata")
    return analyse(replace(consultation, folder=folder, mail=folder), language=norwegian(), config=config)


def comment_with(analysis: Analysis, words: str) -> Comment:
    return next(comment for comment in analysis.comments if words in comment.text)


def lines_of(analysis: Analysis, comment: Comment) -> set[int | None]:
    targets = [a.target for a in analysis.annotations if a.comment_id == comment.comment_id and a.target is not None]
    return {line.number for line in analysis.report.lines if any(line.span.overlaps(target) for target in targets)}


def test_each_source_gives_its_messages(analysis: Analysis) -> None:
    names = {message.file for message in analysis.messages}
    assert {"vanlig.eml", "frå Outlook.msg", "winmail.dat", "arkiv.mbox#1", "arkiv.mbox#2", "med kopi.eml"} <= names
    assert "eksport.zip/Innboks/svar.eml" in names
    assert any(name.startswith("Maildir/new/") for name in names)
    assert len(analysis.messages) == 8


def test_what_is_no_mail_is_told(analysis: Analysis) -> None:
    assert [note.severity for note in analysis.notes if note.file == "les meg.pdf"] == ["warning"]


def test_every_piece_is_listed_and_the_sums_add_up(analysis: Analysis) -> None:
    counts = reconcile(analysis)
    assert counts["adds_up"]
    message = next(message for message in analysis.messages if message.file == "med kopi.eml")
    assert {(part.name, part.status) for part in message.received} == {
        ("body", "read"),
        ("kopi.odt", "read"),
        ("skjema.xlsx", "read"),
        ("logo.png", "not_read"),
    }


@pytest.mark.parametrize(
    ("words", "numbers"), [("bør gjøres tydeligere", {45}), ("Linje 70", {70}), ("Hvem gjelder dette?", {12})]
)
def test_a_comment_stands_at_the_line_that_it_or_its_row_cites(
    analysis: Analysis, words: str, numbers: set[int]
) -> None:
    assert lines_of(analysis, comment_with(analysis, words)) == numbers


def test_notes_and_changes_in_a_copy_of_the_report_are_comments_at_its_lines(analysis: Analysis) -> None:
    in_copy = [comment for comment in analysis.comments if comment.part == "kopi.odt"]
    assert {"note", "change", "deletion"} <= {comment.form for comment in in_copy}
    assert all(lines_of(analysis, comment) for comment in in_copy if comment.form == "note")


def test_the_words_of_the_report_in_a_copy_are_nobodys_comments(analysis: Analysis) -> None:
    message = next(message for message in analysis.messages if message.file == "med kopi.eml")
    copy = next(part for part in message.parts if part.name == "kopi.odt")
    quoted = sum(len(segment.span) for segment in copy.segments if segment.kind == "quoted")
    assert quoted > 0.8 * len(copy.text)


def test_a_run_writes_only_into_its_own_folder(analysis: Analysis, tmp_path: Path) -> None:
    before = set(analysis.consultation.folder.rglob("*"))
    _, config = load_consultation(ROOT / "corpora" / "ki-helsedata")
    write_outputs(analysis, tmp_path / "ut", config=config)
    assert set(analysis.consultation.folder.rglob("*")) == before
    assert {path.name for path in tmp_path.iterdir()} == {"ut"}
