from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import mail_bytes
from innspill.config import load_consultation
from innspill.errors import MailError, ReportError
from innspill.language.norwegian import Norwegian
from innspill.outputs import reconcile
from innspill.pipeline import STAGES, analyse
from innspill.records import Analysis


def run(folder: Path, language: Norwegian) -> Analysis:
    consultation, config = load_consultation(folder)
    return analyse(consultation, language=language, config=config)


def test_every_mail_file_is_exactly_one_message(demo: Analysis) -> None:
    files = [message.file for message in demo.messages]
    on_disk = list((demo.consultation.mail).glob("*.eml"))
    in_mbox = (demo.consultation.mail / "innboks-arkiv.mbox").read_text(encoding="utf-8").count("\nFrom ") + 1
    assert len(files) == len(set(files)) == len(on_disk) + in_mbox


def test_every_comment_stands_verbatim_in_its_part(demo: Analysis) -> None:
    parts = {(message.message_id, part.name): part.text for message in demo.messages for part in message.parts}
    wrong = [c for c in demo.comments if c.span.of(parts[c.message_id, c.part]) != c.text or not c.text.strip()]
    assert wrong == []


def test_comments_of_a_part_do_not_overlap(demo: Analysis) -> None:
    last: dict[tuple[str, str], int] = {}
    for comment in demo.comments:
        key = (comment.message_id, comment.part)
        assert comment.span.start >= last.get(key, 0)
        last[key] = comment.span.end


def test_every_quote_of_a_need_stands_verbatim_in_its_comment(demo: Analysis) -> None:
    text_of = {comment.comment_id: comment.text for comment in demo.comments}
    assert all(e.quote in text_of[e.comment_id] and e.quote for need in demo.needs for e in need.evidence)


def test_every_comment_is_in_exactly_one_theme(demo: Analysis) -> None:
    in_themes = [comment_id for theme in demo.themes for comment_id in theme.comment_ids]
    assert sorted(in_themes) == [comment.comment_id for comment in demo.comments]


def test_a_comment_voices_at_most_one_need(demo: Analysis) -> None:
    voicing = [comment_id for need in demo.needs for comment_id in need.comment_ids]
    assert len(voicing) == len(set(voicing))


def test_annotations_point_into_the_report(demo: Analysis) -> None:
    ends = [a.target.end for a in demo.annotations if a.target is not None]
    assert ends and max(ends) <= len(demo.report.text)


def test_the_sums_add_up(demo: Analysis) -> None:
    counts = reconcile(demo)
    assert counts["adds_up"]
    assert counts["comments"] == (
        counts["comments_placed"] + counts["comments_unplaced"] + counts["comments_whole_report"]
    )


def test_the_same_input_gives_the_same_analysis(demo: Analysis, language: Norwegian) -> None:
    again = run(demo.consultation.folder, language)
    assert (again.comments, again.annotations, again.themes, again.needs) == (
        demo.comments,
        demo.annotations,
        demo.themes,
        demo.needs,
    )


def test_a_line_that_the_report_lacks_is_unresolved_and_keeps_its_words(
    small_consultation: Callable[..., Path], language: Norwegian
) -> None:
    folder = small_consultation({"a.eml": mail_bytes("Hei\n\nLinje 9120: Her mangler det noe om beredskap.")})
    (annotation,) = run(folder, language).annotations
    assert (annotation.status, annotation.target, annotation.cited) == ("unresolved", None, "Linje 9120")


def test_a_comment_about_what_the_report_lacks_gets_no_place(
    small_consultation: Callable[..., Path], language: Norwegian
) -> None:
    folder = small_consultation({"a.eml": mail_bytes("Hei\n\nVi savner noe om jernbanetunneler og isbrytere i nord.")})
    assert run(folder, language).annotations == ()


def test_one_broken_mail_does_not_stop_the_run(small_consultation: Callable[..., Path], language: Norwegian) -> None:
    good = mail_bytes("Linje 12: Vi savner mer om dette temaet.")
    folder = small_consultation(
        {"a.eml": good, "b.eml": b"", "c.eml": b"From: \xff\xfe\nSubject: =?x?q?=FF?=\n\n\x00\xff"}
    )
    analysis = run(folder, language)
    assert [message.file for message in analysis.messages] == ["mail/a.eml", "mail/b.eml", "mail/c.eml"]
    assert len(analysis.comments) >= 1


def test_a_mailbox_with_only_an_autoreply_gives_an_analysis_without_comments(
    small_consultation: Callable[..., Path], language: Norwegian
) -> None:
    away = mail_bytes("Jeg er ute av kontoret til mandag.", subject="Automatisk svar: Invitasjon")
    analysis = run(small_consultation({"a.eml": away}), language)
    assert (analysis.messages[0].kind, analysis.comments, analysis.themes, analysis.needs) == ("autoreply", (), (), ())


def test_an_empty_mail_folder_is_an_error_that_says_what_to_do(
    small_consultation: Callable[..., Path], language: Norwegian
) -> None:
    with pytest.raises(MailError, match=r"No e-mail was found in .*mail.*save the messages"):
        run(small_consultation({}), language)


def test_a_missing_report_is_an_error_that_names_the_key(
    small_consultation: Callable[..., Path], language: Norwegian
) -> None:
    folder = small_consultation({"a.eml": mail_bytes("Linje 1: Bra.")})
    (folder / "report.pdf").unlink()
    with pytest.raises(ReportError, match=r"no report at .*report\.pdf.*'report'"):
        run(folder, language)


def test_progress_names_every_stage_in_order(demo: Analysis, language: Norwegian) -> None:
    seen: list[str] = []
    analyse(demo.consultation, language=language, progress=seen.append)
    assert tuple(seen) == STAGES
