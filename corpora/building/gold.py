"""`gold.json`: what a reader who knew the answers would find; and the checks of the sources against each other."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .citations import Citations
from .consultation import Consultation, Plan
from .errors import Errors
from .layout import Layout
from .mails import CITES, STANCES, Comment, Mail
from .report import Report, fold

ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
WEB_ADDRESS = re.compile(r"(?:https?://|www\.)([\w.-]+\w)")
# The words that take leave, above a signature.
CLOSING = re.compile(
    r"^(?:(?:med )?(?:vennlig|venleg|beste?|kind|best|yours|mange) (?:hilsen|hilsing|helsing|hilsener|"
    r"helsingar|regards|sincerely)|hilsen|helsing|mvh|vh|regards)\b",
    re.IGNORECASE | re.MULTILINE,
)
ATTRIBUTES = {"theme", "theme2", "stance", "cite", "need", "at", "damaged"}
CITES_LINES = ("line", "page_line")
CITES_NUMBERS = (*CITES_LINES, "wrong")


class Gold:
    """Makes the gold of one consultation, and reports what does not fit."""

    def __init__(self, plan: Plan, report: Report, layout: Layout, citations: Citations, errors: Errors) -> None:
        self.plan = plan
        self.report = report
        self.layout = layout
        self.citations = citations
        self.errors = errors

    def whole(self, mails: Sequence[Mail]) -> dict[str, Any]:
        """Return the whole gold file."""
        return {
            "report": self.of_report(),
            "themes": self.plan.themes,
            "needs": self.plan.needs,
            "messages": make_messages(mails, self.plan.consultation),
            "comments": self.comments(mails),
        }

    def of_report(self) -> dict[str, Any]:
        """Return what is true of the printed report; `numbering` is left out where each line has its own number."""
        layout, consultation = self.layout, self.plan.consultation
        numbering = {"increment": consultation.increment, "restart": "page" if consultation.restarts else "never"}
        plain = numbering == {"increment": 1, "restart": "never"}
        return {
            "n_pages": layout.n_pages,
            **({} if plain else {"numbering": numbering}),
            "first_number": layout.gold_number(0),
            "last_number": layout.gold_number(len(layout.lines) - 1),
            "lines": [
                {"number": line.number, "page_number": line.page, "page_label": line.label, "text": line.text}
                for line in layout.lines
            ],
            "anchors": {
                name: {
                    "first": layout.gold_number(place.first),
                    "last": layout.gold_number(place.last),
                    "page_number": layout.lines[place.first].page,
                    "section": self.report.anchors[name].section,
                }
                for name, place in layout.anchors.items()
            },
            "tables": layout.tables,
            "sections": {
                number: {"first": layout.gold_number(place.first), "last": layout.gold_number(place.last)}
                for number, place in layout.sections.items()
            },
        }

    def comments(self, mails: Sequence[Mail]) -> list[dict[str, Any]]:
        """Return the gold comments."""
        marked = [(mail, comment) for mail in mails for comment in mail.comments]
        named = {
            index: self.layout.gold_numbers(self.citations.named_lines(comment.context))
            for index, (_, comment) in enumerate(marked)
            if comment.attributes.get("cite") == "wrong"
        }
        if not any(named.values()):  # all of them impossible: an empty list would say no more than `cite` does
            named = {}
        return [
            self.comment(f"c{index + 1:03d}", mail, comment) | ({"cited_lines": named[index]} if index in named else {})
            for index, (mail, comment) in enumerate(marked)
        ]

    def comment(self, name: str, mail: Mail, comment: Comment) -> dict[str, Any]:
        """Return one gold comment, but for what a wrong citation names."""
        self.check_comment(comment, mail)
        attributes = comment.attributes
        gold = {
            "id": name,
            "file": mail.file,
            "part": comment.part,
            "quote": comment.quote,
            "lines": self.layout.gold_numbers(self.lines(comment, mail)),
            "whole_report": "report" in comment.at,
            "at": comment.at,
            "cite": attributes.get("cite"),
            "cited_numbers": attributes.get("cite") in CITES_NUMBERS,
            "theme": attributes.get("theme"),
            "stance": attributes.get("stance"),
            "need": attributes.get("need") or None,
        }
        if attributes.get("theme2"):
            gold["theme2"] = attributes["theme2"]
        if attributes.get("damaged") == "yes":
            gold["damaged"] = True
        return gold

    def lines(self, comment: Comment, mail: Mail) -> set[int]:
        """Return the indices of the lines that the comment concerns."""
        lines: set[int] = set()
        for place in comment.at:
            kind, _, number = place.partition(":")
            stretch = self.layout.anchors.get(place) or (
                self.layout.sections.get(number) if kind == "section" else None
            )
            if stretch:
                lines.update(range(stretch.first, stretch.last + 1))
            elif not (place == "report" or (kind == "table" and number in self.layout.tables)):
                self.errors.error(mail.slug, f"unknown place «{place}» in at=")
        return lines

    # Checks

    def check_comment(self, comment: Comment, mail: Mail) -> None:
        """Check one comment's attributes against the plan and its text against the report."""
        attributes, where = comment.attributes, f"{mail.slug}: «{comment.quote[:50]}»"
        themes = [theme["id"] for theme in self.plan.themes]
        needs = [None, "", *(need["id"] for need in self.plan.needs)]
        for key, values in (
            ("theme", themes),
            ("theme2", [None, *themes]),
            ("stance", STANCES),
            ("cite", CITES),
            ("need", needs),
            ("damaged", [None, "yes"]),
        ):
            if attributes.get(key) not in values:
                self.errors.error(where, f"unknown {key} «{attributes.get(key)}»")
        if unknown := set(attributes) - ATTRIBUTES:
            self.errors.error(where, f"unknown attributes {sorted(unknown)}")
        if attributes.get("theme2") and attributes["theme2"] == attributes.get("theme"):
            self.errors.error(where, "theme2 is the same as theme")
        if len(comment.quote) < 3:
            self.errors.error(where, "a comment of no length")
        if "at" not in attributes:
            self.errors.error(where, "no at=")
        self.check_citation(comment, where)
        if attributes.get("damaged") or attributes.get("cite") == "quote":
            self.check_quotation(comment, where)

    def check_citation(self, comment: Comment, where: str) -> None:
        """Check that the text cites as `cite` says, and that what it cites is in `at`."""
        cite = comment.attributes.get("cite")
        references = self.citations.references(comment.context)
        named = {reference.anchor for reference in references}
        if cite in CITES_NUMBERS and not re.search(r"\d", comment.quote) and not references:
            above = self.citations.references(comment.above)
            if not any(reference.cites_lines for reference in above):
                self.errors.error(where, f"cite={cite}, but neither the text nor what is above it names a number")
            elif not {reference.anchor for reference in above} & set(comment.at):
                self.errors.note(where, f"cite={cite} by words alone; at= is not cited above it either")
        if cite in CITES_LINES and not named <= set(comment.at):
            self.errors.error(where, f"cites {sorted(named - set(comment.at))}, which is not in at=")
        if cite not in CITES_NUMBERS and any(reference.cites_lines for reference in references):
            self.errors.error(where, f"cite={cite}, but the text names line numbers")
        if cite != "wrong" and any(reference.shift for reference in references):
            self.errors.error(where, f"cite={cite}, but a placeholder is shifted")

    def check_quotation(self, comment: Comment, where: str) -> None:
        """Check that what is quoted stands in the report; where the quotation is damaged, that it does not."""
        quotations = re.findall(r"«([^«»]+)»", comment.quote)
        bad = [text for text in quotations if fold(text).rstrip(".,;:") not in self.report.plain]
        if comment.attributes.get("damaged"):
            if not bad:
                self.errors.error(where, "damaged=yes, but every quotation is verbatim in the report")
        elif not quotations or len(bad) == len(quotations) or any(len(text.split()) > 3 for text in bad):
            self.errors.error(where, f"quotation not verbatim in the report: {bad or 'none at all'}")


def make_messages(mails: Sequence[Mail], consultation: Consultation) -> list[dict[str, Any]]:
    """Return the gold messages."""
    files = {mail.slug: mail.file for mail in mails}
    return [
        {
            "file": mail.file,
            "source": f"source/mail/{mail.slug}.txt",
            "kind": mail.header["kind"],
            "split": mail.header["split"],
            "language": mail.language,
            "organisation": mail.header["organisation"],
            "organisation_type": mail.header["organisation_type"],
            "late": mail.date > consultation.deadline,
            "interest": mail.header.get("interest") == "true",
            "duplicate_of": files.get(mail.header.get("duplicate_of", "")),
            "n_comments": len(mail.comments),
            "not_own": not_own(mail, consultation.invitation),
        }
        for mail in mails
    ]


def not_own(mail: Mail, invitation: str) -> list[dict[str, str]]:
    """Return the signatures in a mail, and the paragraphs of the invitation that it quotes, each as one stretch."""
    stretches = []
    for part, text in {"body": mail.body, **mail.attachments}.items():
        closings = [line.start() for line in CLOSING.finditer(text)]
        marked = max(
            (text.rfind(fold(comment.quote)[-40:]) for comment in mail.comments if comment.part == part), default=0
        )
        if closings and closings[-1] > marked:
            stretches.append({"part": part, "text": fold(text[closings[-1] :])})
    if mail.header["shape"].endswith(("-reply", "-inline")):
        stretches += [
            {"part": "body", "text": fold(paragraph)} for paragraph in invitation.split("\n\n") if len(paragraph) > 20
        ]
    return stretches


def check_addresses(paths: Iterable[Path], errors: Errors) -> None:
    """Report addresses that are not at .example."""
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for what, pattern in (("address", ADDRESS), ("web address", WEB_ADDRESS)):
            for match in pattern.finditer(text):
                if not match[1].endswith(".example"):
                    errors.error(path.name, f"{what} not at .example: {match[0]}")
