"""The command: build a consultation from its folder, and print what it holds and what is wrong."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .citations import Citations
from .consultation import Consultation, load_plan
from .errors import Errors
from .gold import Gold, check_addresses
from .layout import Layout, locate
from .mails import Mail, read_mails
from .messages import write_mails
from .office import to_pdf
from .opendocument import report_fodt
from .report import Report, read_report


def main(description: str, arguments: Sequence[str] | None = None) -> int:
    """Build everything; return the exit status, 1 when the sources hold errors."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", type=Path, help="the consultation's folder, with source/ in it")
    parser.add_argument("--report-only", action="store_true", help="stop after report.pdf and the check of its lines")
    options = parser.parse_args(arguments)
    folder, source, errors = options.folder, options.folder / "source", Errors()
    plan = load_plan(source / "plan.toml")
    consultation = plan.consultation
    report = read_report(source / "report.md")
    if report.front["title"] != consultation.title:
        errors.note("report.md", f"its title is not the consultation's: «{report.front['title']}»")
    layout = print_report(report, consultation, folder)
    mails: list[Mail] = []
    gold: dict[str, Any] = {}
    if not options.report_only:
        mail_sources = sorted((source / "mail").glob("*.txt"))
        check_addresses([source / "report.md", source / "plan.toml", *mail_sources], errors)
        citations = Citations(report, layout, consultation, errors)
        mails = read_mails(source / "mail", citations, errors)
        write_mails(mails, folder / "mail", consultation, errors)
        gold = Gold(plan, report, layout, citations, errors).whole(mails)
        (folder / "gold.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (folder / "consultation.toml").write_text(consultation.to_toml(), encoding="utf-8")
    summary = [*report_facts(report, layout, consultation)]
    summary += [*mail_facts(gold, mails), *comment_facts(gold), *wrong_citations(gold)] if gold else []
    summary += [f"note: {note}" for note in errors.notes] + [f"ERROR: {error}" for error in errors.errors]
    sys.stdout.write("\n".join(summary) + "\n")
    return 1 if errors.errors else 0


def print_report(report: Report, consultation: Consultation, folder: Path) -> Layout:
    """Write report.fodt and report.pdf; twice where there are contents, whose page numbers are known from the first."""
    source = folder / "source" / "report.fodt"
    pages: dict[str, str] = {}
    for _ in range(2 if consultation.front_pages else 1):
        source.write_text(report_fodt(report, consultation, pages), encoding="utf-8")
        to_pdf([source], folder, consultation.made)
        layout = locate(report, folder / "report.pdf", consultation)
        pages = {number: layout.lines[place.first].label for number, place in layout.sections.items()}
    return layout


# What is printed: the facts that the README of a consultation tells --------------------------------------------------


def counts(values: Iterable[Any]) -> str:
    """Return the counts of the values in one line."""
    return ", ".join(f"{value} {count}" for value, count in sorted(Counter(map(str, values)).items()))


def report_facts(report: Report, layout: Layout, consultation: Consultation) -> Iterator[str]:
    """Yield what the report is."""
    numbering = "each line" if consultation.increment == 1 else f"every {consultation.increment}th line"
    numbering += ", anew on each page" if consultation.restarts else ""
    yield (
        f"report: {layout.n_pages} pages (front pages {consultation.front_pages}), {len(layout.lines)} lines, "
        f"numbers at {numbering}; {consultation.language}"
    )
    levels = Counter(block.level for block in report.blocks if block.kind == "heading")
    lists = sum(block.kind in ("ul", "ol") for block in report.blocks)
    yield (
        f"  {levels[1]} chapters, {levels[2]} sections, {len(layout.tables)} tables, {lists} lists, "
        f"{report.n_footnotes()} footnotes, {len(report.anchors)} anchors, {len(report.plain.split())} words"
    )
    over = [
        name
        for name, place in layout.anchors.items()
        if layout.lines[place.first].page != layout.lines[place.last].page
    ]
    yield f"  anchors over a page break: {', '.join(over) or 'none'}"


def mail_facts(gold: dict[str, Any], mails: Sequence[Mail]) -> Iterator[str]:
    """Yield what the mailbox holds."""
    messages = gold["messages"]
    boxed = sum("#" in mail.file for mail in mails)
    extensions = counts(name.rpartition(".")[2] for mail in mails for name in mail.attachments)
    yield f"messages: {len(messages)}: {counts(message['kind'] for message in messages)}"
    yield f"  files: {len(mails) - boxed} .eml, {boxed} in .mbox; attachments: {extensions or 'none'}"
    yield f"  shapes: {counts(mail.header['shape'] for mail in mails)}"
    for key in ("organisation_type", "language", "split", "late", "interest"):
        yield f"  {key}: {counts(message[key] for message in messages)}"


def comment_facts(gold: dict[str, Any]) -> Iterator[str]:
    """Yield what the comments are, with each value's share."""
    comments = gold["comments"]
    of_file = {message["file"]: message for message in gold["messages"]}
    coverage = {need["id"]: need["coverage"] for need in gold["needs"]}
    yield f"themes: {len(gold['themes'])}; needs: {len(coverage)}: {counts(coverage.values())}"
    yield f"comments: {len(comments)}"
    yield f"  split: {counts(of_file[comment['file']]['split'] for comment in comments)}"
    yield f"  language: {counts(of_file[comment['file']]['language'] for comment in comments)}"
    for key in ("stance", "cite"):
        found = Counter(comment[key] for comment in comments)
        yield f"  {key}: " + ", ".join(
            f"{value} {count} ({count / len(comments):.0%})" for value, count in found.most_common()
        )
    for key in ("theme", "need"):
        yield f"  {key}: {counts(comment[key] for comment in comments)}"
    extra = [f"{key} {sum(key in comment for comment in comments)}" for key in ("theme2", "damaged")]
    yield f"  {', '.join(extra)}, without lines {sum(not comment['lines'] for comment in comments)}"
    yield f"  coverage: {counts(coverage.get(comment['need'], 'no need') for comment in comments)}"
    silent = sorted(set(coverage) - {comment["need"] for comment in comments})
    yield f"  needs without a comment: {', '.join(silent) or 'none'}"


def wrong_citations(gold: dict[str, Any]) -> Iterator[str]:
    """Yield each wrong citation: what its numbers say and what it is about, to be read over."""
    for comment in gold["comments"]:
        if comment["cite"] == "wrong":
            named, meant = comment.get("cited_lines", []), comment["lines"]
            ends = [f"{lines[0]}–{lines[-1]}" if lines else "none" for lines in (named, meant)]
            yield f"  wrong: {comment['id']} says {ends[0]}, means {ends[1]}: «{comment['quote'][:70]}»"
