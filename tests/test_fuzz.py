"""Every input that a fuzzer once found, and the seeds of the fuzzers themselves."""

from pathlib import Path

import pytest

from fuzz.run import seeds
from fuzz.targets import TARGETS

FOUND = sorted(path for path in (Path(__file__).parent / "fuzz" / "found").rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name[:20]}")
def test_what_a_fuzzer_found_is_read_or_refused(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_the_inputs_that_fuzzing_starts_from_are_read_or_refused(target: str, tmp_path: Path) -> None:
    seeds(target, tmp_path)
    for path in tmp_path.iterdir():
        TARGETS[target](path.read_bytes())
