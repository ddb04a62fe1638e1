"""`source/plan.toml`: the facts of the consultation, the analyst's themes, and the needs that the feedback voices."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
LANGUAGES = ("nb", "nn")
LOCALES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
COVERAGES = ("covered", "partly", "uncovered")
RESTARTS = ("never", "page")
FRONT_PAGES = (0, 2)
REQUIRED = {"title", "sender", "mailbox", "invited", "deadline", "language", "numbering", "front_pages", "invitation"}
OPTIONAL = {"short_title", "measures"}
SUBJECTS = {"nb": "Innspill til utkast", "nn": "Innspel til utkast"}
FORMS = {"nb": "Skjema for innspill til utkast", "nn": "Skjema for innspel til utkast"}


@dataclass(frozen=True, slots=True)
class Consultation:
    """The facts of a consultation.

    Attributes:
        title: Of the report.
        short_title: For the heading of a form.
        sender: The body that asks.
        mailbox: Its address for feedback.
        invited: When the invitation was sent.
        deadline: Of the feedback.
        language: Of the report and the invitation: nb or nn.
        increment: Every how many lines a number is printed.
        restarts: Whether line numbers begin anew on each page.
        front_pages: Pages before the body (cover, contents), without line numbers and printed page numbers: 0 or 2.
        invitation: The text of the invitation.
        measures: The file of planned measures beside the sources' folder; empty where there is none.
    """

    title: str
    short_title: str
    sender: str
    mailbox: str
    invited: datetime
    deadline: datetime
    language: str
    increment: int
    restarts: bool
    front_pages: int
    invitation: str
    measures: str = ""

    @property
    def made(self) -> datetime:
        """The moment that all files say they were made at, without a time zone."""
        return (self.invited - timedelta(hours=1)).replace(tzinfo=None)

    @property
    def invitation_id(self) -> str:
        """The Message-ID of the invitation."""
        return f"<{self.invited:%Y%m%d%H%M%S}.invitasjon@{self.mailbox.rpartition('@')[2]}>"

    @property
    def invitation_subject(self) -> str:
        """The subject of the invitation."""
        return f"{SUBJECTS[self.language]}: {self.title}"

    @property
    def form_title(self) -> str:
        """The heading of a form that has none of its own."""
        return f"{FORMS[self.language]}: {self.short_title}"

    def to_toml(self) -> str:
        """Return `consultation.toml`, the settings that innspill reads."""
        measures = f'measures = "{self.measures}"\n' if self.measures else ""
        return (
            f'title = {json.dumps(self.title, ensure_ascii=False)}\nreport = "report.pdf"\nmail = "mail"\n'
            f'deadline = {self.deadline.isoformat()}\nmailbox = "{self.mailbox}"\nlanguage = "{self.language}"\n'
            f"{measures}"
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The consultation with its themes ({id, label}) and needs ({id, theme, coverage, statement})."""

    consultation: Consultation
    themes: list[dict[str, str]]
    needs: list[dict[str, str]]


def load_plan(path: Path) -> Plan:
    """Read and check `plan.toml`.

    Raises:
        SystemExit: a key is missing, unknown or of a value that is not one of those it can have.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    consultation = read_consultation(data.get("consultation", {}))
    themes, needs = data.get("theme", []), data.get("need", [])
    ids = {theme["id"] for theme in themes}
    for need in needs:
        if need["theme"] not in ids or need["coverage"] not in COVERAGES:
            raise SystemExit(f"plan.toml: need {need['id']} has an unknown theme or coverage")
    return Plan(consultation, themes, needs)


def read_consultation(table: Mapping[str, Any]) -> Consultation:
    """Return the facts in the table `[consultation]`, checked."""
    if wrong := (REQUIRED - set(table)) | (set(table) - REQUIRED - OPTIONAL):
        raise SystemExit(f"plan.toml: keys missing in [consultation], or not known: {', '.join(sorted(wrong))}")
    numbering = table["numbering"]
    for name, value, known in (
        ("language", table["language"], LANGUAGES),
        ("front_pages", table["front_pages"], FRONT_PAGES),
        ("numbering.restart", numbering["restart"], RESTARTS),
    ):
        if value not in known:
            raise SystemExit(f"plan.toml: {name} is {value!r}; it can be {', '.join(map(str, known))}")
    return Consultation(
        title=table["title"],
        short_title=table.get("short_title", table["title"]),
        sender=table["sender"],
        mailbox=table["mailbox"],
        invited=table["invited"].replace(tzinfo=OSLO),
        deadline=table["deadline"].replace(tzinfo=OSLO),
        language=table["language"],
        increment=int(numbering["increment"]),
        restarts=numbering["restart"] == "page",
        front_pages=table["front_pages"],
        invitation=table["invitation"].strip() + "\n",
        measures=table.get("measures", ""),
    )
