"""Fixtures that several rooms' tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from innspill.config import Config, load_consultation
from innspill.language.norwegian import Norwegian
from innspill.pipeline import analyse
from innspill.records import Analysis, Report

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "ki-helsedata"


@pytest.fixture(scope="session")
def language() -> Norwegian:
    return Norwegian()


@pytest.fixture(scope="session")
def demo(language: Norwegian) -> Analysis:
    """The analysis of the bundled consultation."""
    consultation, config = load_consultation(CORPUS)
    return analyse(consultation, language=language, config=config)


@pytest.fixture(scope="session")
def demo_report(demo: Analysis) -> Report:
    return demo.report


def mail_bytes(body: str, *, subject: str = "Innspill", sender: str = "Kari Holm <kari@heia.example>") -> bytes:
    """A plain mail, as small as they come."""
    head = f"From: {sender}\nTo: innspill@radet.example\nSubject: {subject}\nDate: Mon, 14 Sep 2026 10:22:00 +0200\n"
    head += 'MIME-Version: 1.0\nContent-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n'
    return f"{head}Message-ID: <{len(body)}@heia.example>\n\n{body}\n".encode()


@pytest.fixture
def small_consultation(tmp_path: Path) -> Callable[..., Path]:
    """Make a consultation folder around the bundled report with the given mails (name -> bytes)."""

    def make(mails: dict[str, bytes], *, toml: str = "") -> Path:
        folder = tmp_path / "consultation"
        (folder / "mail").mkdir(parents=True)
        (folder / "report.pdf").write_bytes((CORPUS / "report.pdf").read_bytes())
        for name, data in mails.items():
            (folder / "mail" / name).write_bytes(data)
        text = toml or 'title = "Prøve"\nreport = "report.pdf"\nmail = "mail"\ndeadline = 2026-10-15\n'
        (folder / "consultation.toml").write_text(text, encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def default_config() -> Config:
    return Config()
