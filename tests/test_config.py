from datetime import UTC, datetime
from pathlib import Path

import pytest

from innspill.config import Config, LanguageModel, load_consultation
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


def test_measures_and_themes_are_files_beside_the_consultation(tmp_path: Path) -> None:
    for name in ("tiltak.csv", "tema.toml"):
        (tmp_path / name).write_text("", encoding="utf-8")
    consultation, _ = load_consultation(write(tmp_path, GOOD + 'measures = "tiltak.csv"\nthemes = "tema.toml"\n'))
    assert (consultation.measures, consultation.themes) == (tmp_path / "tiltak.csv", tmp_path / "tema.toml")


def test_without_the_keys_there_are_no_measures_and_no_themes(tmp_path: Path) -> None:
    consultation, config = load_consultation(write(tmp_path, GOOD))
    assert (consultation.measures, consultation.themes, config.llm) == (None, None, None)


@pytest.mark.parametrize("key", ["measures", "themes"])
def test_a_file_that_is_not_there_is_named(key: str, tmp_path: Path) -> None:
    with pytest.raises(ConsultationError, match=rf"no file .*borte.*'{key}'"):
        load_consultation(write(tmp_path, GOOD + f'{key} = "borte.csv"\n'))


LLM = '[llm]\nendpoint = "{}"\nmodel = "norsk"\n'


@pytest.mark.parametrize(
    "endpoint",
    ["http://127.0.0.1:11434/v1", "http://localhost:8080/v1/", "https://[::1]:8000/v1", "http://127.8.8.8/v1"],
)
def test_a_language_model_on_this_machine_may_be_named(endpoint: str, tmp_path: Path) -> None:
    _, config = load_consultation(write(tmp_path, GOOD + LLM.format(endpoint)))
    assert config.llm == LanguageModel(endpoint.rstrip("/"), "norsk", 60.0)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://api.model.example/v1",
        "http://10.0.0.7:8000/v1",
        "http://192.168.1.4/v1",
        "http://0.0.0.0:8000/v1",
        "http://127.0.0.1.model.example/v1",
        "http://localhost.model.example/v1",
        "http://localhost@model.example/v1",
        "http://2130706433/v1",
        "http://127.0.0.1:port/v1",
        "http://[::1/v1",
        "ftp://127.0.0.1/v1",
        "127.0.0.1:11434",
        "http://127.0.0.1/v1?to=model.example",
        "",
    ],
)
def test_a_language_model_elsewhere_is_refused(endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(ConsultationError, match="must be on this machine"):
        load_consultation(write(tmp_path, GOOD + LLM.format(endpoint)))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[llm]\nmodel = "norsk"\n', "'endpoint' is missing"),
        ('[llm]\nendpoint = "http://127.0.0.1/v1"\n', "'model' is missing"),
        (LLM.format("http://127.0.0.1/v1") + "allow_remote = true\n", "unknown key 'allow_remote'"),
        (LLM.format("http://127.0.0.1/v1") + "seconds = 0\n", "'seconds' in .llm. must be a number"),
        (LLM.format("http://127.0.0.1/v1") + 'seconds = "lenge"\n', "'seconds' in .llm. must be a number"),
        ("[options]\nllm = 3\n", "unknown option 'llm'"),
    ],
)
def test_a_table_for_a_language_model_is_checked(table: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ConsultationError, match=says):
        load_consultation(write(tmp_path, GOOD + table))


def test_llm_must_be_a_table(tmp_path: Path) -> None:
    with pytest.raises(ConsultationError, match=r"\[llm\] must be a table"):
        load_consultation(write(tmp_path, GOOD + 'llm = "norsk"\n'))
