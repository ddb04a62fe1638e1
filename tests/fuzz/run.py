"""Fuzz the readers of mails and attachments, guided by coverage.

    pip install atheris
    python tests/fuzz/run.py mail --seconds 600

runs one target of `targets.py` (or `all`, the time shared between them). The inputs grow from real mails and documents
of the test suite. What makes a target fail, or takes more than 20 seconds or 2 GB, is written to
`tests/fuzz/found/TARGET/`; mend it, keep the file: `tests/test_fuzz.py` runs every file there.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
TESTS = HERE.parent
FOUND = HERE / "found"
SECONDS_PER_INPUT, MEGABYTES = 20, 2_000


def seeds(target: str, folder: Path) -> None:
    """Write the inputs to start from into `folder`."""
    sys.path.insert(0, str(TESTS))
    from fuzz.targets import BETWEEN, word_members, workbook_members

    corpus = TESTS.parent / "corpora" / "ki-helsedata" / "mail"
    inputs: list[bytes] = []
    if target == "mail":
        inputs = [path.read_bytes() for path in [*corpus.glob("*.eml"), *(TESTS / "mail").glob("*.eml")]]
    elif target == "docx":
        members = word_members()
        inputs = [members["word/document.xml"] + BETWEEN + members.get("word/comments.xml", b"")]
    elif target == "xlsx":
        members = workbook_members()
        inputs = [members["xl/worksheets/sheet1.xml"] + BETWEEN + members.get("xl/sharedStrings.xml", b"")]
    elif target == "html":
        inputs = [b"<html><body><p>Linje 45</p><ul><li>Et</li></ul><blockquote>Sitat</blockquote></body></html>"]
    suffixes = {"msg": "*.msg", "tnef": "*.dat", "rtf": "*.rtf", "odt": "*.odt"}
    if target in suffixes:
        for path in TESTS.rglob(suffixes[target]):
            inputs.append(_content(path) if target == "odt" else path.read_bytes())
    for path in [*(FOUND / target).glob("*")]:
        inputs.append(path.read_bytes())
    for number, data in enumerate(inputs):
        if len(data) <= 300_000:
            (folder / f"seed-{number:03d}").write_bytes(data)


def _content(path: Path) -> bytes:
    import zipfile

    with zipfile.ZipFile(path) as opened:
        return opened.read("content.xml")


def fuzz(target: str, seconds: int) -> int:
    """Fuzz one target in a process of its own; its exit status."""
    found = FOUND / target
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        seeds(target, Path(folder))
        command = [sys.executable, __file__, "--run", target, folder]
        limits = [f"-max_total_time={seconds}", f"-timeout={SECONDS_PER_INPUT}", f"-rss_limit_mb={MEGABYTES}"]
        result = subprocess.run([*command, *limits, f"-artifact_prefix={found}/", "-max_len=300000"], check=False)
    if not any(found.iterdir()):
        found.rmdir()
    return result.returncode


def run(target: str, arguments: list[str]) -> None:
    """Run libFuzzer in this process."""
    import atheris

    sys.path.insert(0, str(TESTS))
    with atheris.instrument_imports(include=["innspill.reading", "innspill.records"]):
        from fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *arguments], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(sys.argv[2], sys.argv[3:])
    sys.path.insert(0, str(TESTS))
    from fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("target", choices=[*TARGETS, "all"])
    parser.add_argument("--seconds", type=int, default=600)
    chosen = parser.parse_args()
    names = list(TARGETS) if chosen.target == "all" else [chosen.target]
    statuses = {name: fuzz(name, chosen.seconds // len(names)) for name in names}
    for name, status in statuses.items():
        print(f"{name}: {'clean' if status == 0 else f'FAILED (exit status {status}), see tests/fuzz/found/{name}'}")
    sys.exit(any(statuses.values()))
