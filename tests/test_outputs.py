from dataclasses import replace
from pathlib import Path

import pytest

from innspill.config import Config
from innspill.errors import InnspillError
from innspill.outputs import reconcile, run_record, write_outputs
from innspill.records import Analysis


def test_a_folder_that_is_a_file_is_an_error_that_says_so(demo: Analysis, tmp_path: Path) -> None:
    (tmp_path / "ut").write_text("opptatt", encoding="utf-8")
    with pytest.raises(InnspillError, match="cannot be written"):
        write_outputs(demo, tmp_path / "ut", config=Config())


def test_nothing_is_written_outside_the_output_folder(demo: Analysis, tmp_path: Path) -> None:
    write_outputs(demo, tmp_path / "ut", config=Config())
    assert [item.name for item in tmp_path.iterdir()] == ["ut"]


def test_a_comment_lost_by_the_themes_makes_the_sums_fail(demo: Analysis) -> None:
    assert not reconcile(replace(demo, themes=demo.themes[1:]))["adds_up"]


def test_a_message_counted_twice_makes_the_sums_fail(demo: Analysis) -> None:
    assert not reconcile(replace(demo, messages=(*demo.messages, demo.messages[0])))["adds_up"]


def test_the_record_holds_every_option(demo: Analysis) -> None:
    record = run_record(demo, Config(n_themes=4))
    assert record["options"]["n_themes"] == 4
    assert record["numbering"]["last"] == 323
