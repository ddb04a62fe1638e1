from datetime import UTC, datetime
from pathlib import Path

import pytest

from innspill.config import Config, load_consultation
from innspill.errors import ConsultationError

GOOD = 'title = "Prøve"\nreport = "r.pdf"\nmail = "post"\ndeadline = 2026-10-15\nlanguage = "nn"\n'


def write(folder: Path, text: str) -> Path:
    (folder / "consultation.toml").write_text(text, encoding="utf-8")
    return folder


def test_paths_are_taken_relative_to_the_consultation(tmp_path: Path) -> None:
    consultation, _ = load_consultation(write(tmp_path, GOOD))
    assert (consultation.report, consultation.mail) == (tmp_path / "r.pdf", tmp_path / "post")


def test_a_deadline_that_is_a_date_lasts_to_the_end_of_that_day_in_oslo(tmp_path: Path) -> None:
    consultation, _ = load_consultation(write(tmp_path, GOOD))
    assert consultation.deadline is not None
    assert consultation.deadline.astimezone(UTC) == datetime(2026, 10, 15, 21, 59, 59, tzinfo=UTC)


def test_a_deadline_in_winter_follows_winter_time(tmp_path: Path) -> None:
    consultation, _ = load_consultation(write(tmp_path, GOOD.replace("2026-10-15", "2026-11-15")))
    assert consultation.deadline is not None
    assert consultation.deadline.astimezone(UTC) == datetime(2026, 11, 15, 22, 59, 59, tzinfo=UTC)


def test_options_change_the_configuration(tmp_path: Path) -> None:
    _, config = load_consultation(write(tmp_path, GOOD + "[options]\nn_themes = 7\nneed_distance = 0.5\n"))
    assert (config.n_themes, config.need_distance) == (7, 0.5)


def test_the_defaults_stand_where_there_are_no_options(tmp_path: Path) -> None:
    _, config = load_consultation(write(tmp_path, GOOD))
    assert config == Config()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('report = "r.pdf"\n', "'mail' is missing"),
        (GOOD.replace('"r.pdf"', "3"), "'report' must be text"),
        (GOOD.replace("2026-10-15", '"15. oktober"'), "must be a TOML date"),
        (GOOD.replace('"nn"', '"sv"'), "nb, nn, en"),
        (GOOD + "[options]\nthemes = 3\n", "unknown option 'themes'"),
        (GOOD + '[options]\nn_themes = "mange"\n', "must be int"),
        ("title = \n", "not valid TOML"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConsultationError, match=says):
        load_consultation(write(tmp_path, text))


def test_an_unknown_key_is_passed_over_with_a_warning(tmp_path: Path) -> None:
    consultation, _ = load_consultation(write(tmp_path, GOOD + "budget = 3\n"))
    (note,) = consultation.notes
    assert note.severity == "warning"
    assert "'budget'" in note.text


def test_no_is_taken_for_bokmaal(tmp_path: Path) -> None:
    consultation, _ = load_consultation(write(tmp_path, GOOD.replace('"nn"', '"no"')))
    assert consultation.language == "nb"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConsultationError, match=r"no folder .*borte"):
        load_consultation(tmp_path / "borte")


def test_a_folder_without_the_file_says_which_file_to_write(tmp_path: Path) -> None:
    with pytest.raises(ConsultationError, match=r"no consultation\.toml"):
        load_consultation(tmp_path)
