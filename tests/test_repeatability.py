"""The same mailbox gives the same tables, whatever order Python's sets happen to have."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CORPUS, ROOT

HASH_SEEDS = ("1", "2")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders of two runs, each a process of its own with another order of sets."""
    folders = []
    for seed in HASH_SEEDS:
        out = tmp_path_factory.mktemp("run") / "out"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-m", "innspill.cli", "run", str(CORPUS), "-o", str(out)]
        subprocess.run(command, env=environment, capture_output=True, check=True)
        folders.append(out)
    return folders


def test_two_runs_write_identical_tables(runs: list[Path]) -> None:
    first, second = ({path.name: path.read_bytes() for path in (run / "tables").iterdir()} for run in runs)
    assert "themes.csv" in first
    assert first == second


def test_two_runs_write_the_same_digest(runs: list[Path]) -> None:
    first, second = ((run / "digest.html").read_text(encoding="utf-8") for run in runs)
    assert first == second
