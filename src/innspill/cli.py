"""The command line: parse, load, call, print. Errors become one sentence and an exit code."""

import json
import sys
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from innspill.bundled import bundled
from innspill.errors import ConsultationError, FetchError, InnspillError
from innspill.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from innspill.config import Config
    from innspill.evaluation import Measure, Reliability
    from innspill.fetching import MailboxAddress, Secret
    from innspill.language.norwegian import Norwegian
    from innspill.language.vectors import Encoder
    from innspill.privacy.pseudonyms import Pseudonymiser
    from innspill.records import Analysis, Consultation, Note

MANUAL = """From a report and a mailbox of feedback to a line-annotated digest.

A CONSULTATION is a folder with consultation.toml:

\b
    title    = "Hvilke data trenger helsetjenesten?"
    report   = "report.pdf"        # with printed line numbers, or without
    mail     = "mail"              # mails as .eml, .msg, mbox, Maildir or zip, in folders
    deadline = 2026-10-15          # mails after it are marked as late
    mailbox  = "innspill@helsedataradet.example"
    language = "nb"                # of the digest: nb, nn or en
    measures = "measures.csv"      # planned measures, if any: priority, area, description, responsible
    themes   = "themes.toml"       # themes of your own, if any

`innspill run CONSULTATION -o OUT` writes OUT/digest.html (open it in a browser), OUT/digest.xlsx (a row a comment, to
fill in), OUT/tables/*.csv and *.parquet, and OUT/run.json. Everything is read and written on this machine; nothing is
sent anywhere, and nothing in a mail is opened, fetched or run. `innspill fetch` alone uses the network: it copies a
mailbox from your mail server to a folder. A table [llm] (endpoint, model) lets a language model on this machine say
the statements of needs anew.

`innspill demo` does the same on an invented consultation that comes with the program: try it first.

Exit codes: 0 done · 1 cannot write · 2 consultation or options · 3 report · 4 mail · 5 model · 6 gold standard ·
7 fetching mail. A mail that cannot be read never stops a run: it is counted, and a note says what was wrong.
"""

DEMO = "corpora/ki-helsedata"

app = typer.Typer(
    help=MANUAL,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


class Restart(StrEnum):
    """Where line numbers begin anew."""

    document = "document"
    page = "page"


class TableFormat(StrEnum):
    """How a table is printed or saved."""

    csv = "csv"
    json = "json"
    parquet = "parquet"


class FigureFormat(StrEnum):
    """How figures are printed."""

    table = "table"
    csv = "csv"
    json = "json"


class Split(StrEnum):
    """Which messages of a gold standard are measured."""

    test = "test"
    tune = "tune"
    all = "all"


OutOption = Annotated[Path, typer.Option("--out", "-o", help="Folder for the results; made where it is missing.")]
TableOut = Annotated[Path | None, typer.Option("--out", "-o", help="File to save to; standard output without it.")]
FormatOption = Annotated[TableFormat, typer.Option("--format", "-f", help="Form of the table.")]
ModelOption = Annotated[
    str,
    typer.Option(
        "--model",
        help="Sentence vectors: one of `innspill models`, a folder, or a sentence-transformers model of a hub (needs "
        "innspill[transformers]); «none» for none.",
    ),
]
ThemesOption = Annotated[
    int, typer.Option("--themes", min=0, help="Number of themes; 0: as many as the comments ask for.")
]
PseudonymiseOption = Annotated[
    bool, typer.Option("--pseudonymise", help="Replace names, addresses, numbers and health details of persons.")
]
KeyOption = Annotated[
    Path | None,
    typer.Option(help="What the pseudonyms stand for; beside the output folder without it (OUT.key.json)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the counts as JSON instead of text.")]


@app.command()
def run(
    consultation: Annotated[Path | None, typer.Argument(help="Folder with consultation.toml.")] = None,
    out: OutOption = Path("out"),
    report: Annotated[Path | None, typer.Option(help="The report's PDF (with --mail, instead of a folder).")] = None,
    mail: Annotated[Path | None, typer.Option(help="Mail folder or file (with --report).")] = None,
    title: Annotated[str, typer.Option(help="Title of the consultation (with --report).")] = "",
    deadline: Annotated[str, typer.Option(help="Last day, such as 2026-10-15 (with --report).")] = "",
    mailbox: Annotated[str, typer.Option(help="The address that mail was sent to (with --report).")] = "",
    language: Annotated[str, typer.Option(help="Language of the digest: nb, nn or en.")] = "",
    model: ModelOption = "",
    themes: ThemesOption = 0,
    pseudonymise: PseudonymiseOption = False,
    key_file: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Analyse a consultation; write digest, workbook and tables."""
    from dataclasses import replace

    from innspill.config import Config, as_language, load_consultation
    from innspill.privacy.pseudonyms import default_key_file

    config = Config()
    if consultation is not None and (report or mail):
        raise ConsultationError("Give a consultation folder, or --report and --mail, not both.")
    if consultation is not None:
        chosen, config = load_consultation(consultation)
    elif report is not None and mail is not None:
        chosen = _from_options(report, mail, title, deadline, mailbox)
    else:
        raise ConsultationError("Give a consultation folder, or both --report and --mail. See innspill --help.")
    if language:
        chosen = replace(chosen, language=as_language(language, "--language"))
    if model:
        config = replace(config, encoder=model)
    if themes:
        config = replace(config, n_themes=themes)
    if key_file is not None and not pseudonymise:
        raise ConsultationError("--key-file goes with --pseudonymise. Give both, or neither.")
    key = (key_file or default_key_file(out)) if pseudonymise else None
    _run(chosen, config, out, key_file=key, as_json=as_json)


@app.command()
def demo(
    out: OutOption = Path("out/demo"), pseudonymise: PseudonymiseOption = False, as_json: JsonOption = False
) -> None:
    """Analyse the invented consultation that comes with the program."""
    from innspill.config import load_consultation
    from innspill.privacy.pseudonyms import default_key_file

    chosen, config = load_consultation(bundled(DEMO))
    _run(chosen, config, out, key_file=default_key_file(out) if pseudonymise else None, as_json=as_json)


@app.command()
def evaluate(
    consultation: Annotated[
        Path | None, typer.Argument(help="Folder with consultation.toml and gold.json; the demo's without it.")
    ] = None,
    split: Annotated[
        Split, typer.Option(help="Messages to measure on: those kept for measuring, or those rules were set on.")
    ] = Split.test,
    model: ModelOption = "",
    form: Annotated[FigureFormat, typer.Option("--format", "-f", help="Form of the table.")] = FigureFormat.table,
) -> None:
    """Measure an analysis against known answers (gold.json).

    Every figure has a 95 % interval, and stands beside baselines from the same run (BERTopic among them, where it is
    installed). Below them: what the scores of places and of coverage are worth.
    """
    from dataclasses import replace

    from innspill.config import load_consultation
    from innspill.evaluation import evaluate as measure
    from innspill.evaluation import load_gold, reliabilities
    from innspill.language.vectors import load_encoder

    chosen, config = load_consultation(consultation or bundled(DEMO))
    if model:
        config = replace(config, encoder=model)
    gold = load_gold(chosen.folder)
    encoder = load_encoder(config.encoder)
    analysis = _analyse(chosen, config, _load_language(config), encoder=encoder)
    measures = measure(analysis, gold, split=split.value, encoder=encoder)
    _print_measures(measures, reliabilities(analysis, gold, split=split.value), form)


@app.command()
def lines(
    report: Annotated[Path, typer.Argument(help="The report: a PDF, or a Word or OpenDocument file.")],
    out: TableOut = None,
    form: FormatOption = TableFormat.csv,
) -> None:
    """Print or save a report's lines with their numbers.

    Every printed number is one line, also beside an empty line. How the report is numbered is told on standard error.
    """
    from innspill.reading.report import read_report

    read = read_report(report)
    _print_notes(read.notes, with_info=True)
    _save("lines", _partial_analysis(report=read), out, form)


@app.command()
def number(
    report: Annotated[Path, typer.Argument(help="The report: a PDF, or a Word or OpenDocument file.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The PDF to write.")],
    every: Annotated[int, typer.Option(min=1, help="Print every N-th number.")] = 1,
    restart: Annotated[Restart, typer.Option(help="Where the numbers begin anew.")] = Restart.document,
) -> None:
    """Write a copy of a report with line numbers in the margin, to send out with a consultation.

    Headings, text and lists are counted; tables, captions and footnotes are not. `innspill lines` gives the same
    numbers for the copy. Nothing else in it is changed.
    """
    from innspill.reading.pages.office import as_pdf
    from innspill.reading.report import read_report
    from innspill.writing.numbered_pdf import restart_on_each_page, write_numbered

    try:
        with as_pdf(report) as converted:
            read = read_report(converted.path)
            counted = restart_on_each_page(read) if restart is Restart.page else read
            notes = write_numbered(converted.path, counted, out, every=every)
    except OSError as error:
        raise InnspillError(f"{out} cannot be written ({error.strerror}). Give another file with -o.") from error
    _print_notes((*converted.notes, *notes))
    n_numbers = sum(line.number is not None and line.number % every == 0 for line in counted.lines)
    typer.echo(f"{n_numbers} line numbers on {len(read.pages)} pages: {out}")


@app.command()
def messages(
    mail: Annotated[list[Path], typer.Argument(help="Mail files or folders.")],
    out: TableOut = None,
    form: FormatOption = TableFormat.csv,
    deadline: Annotated[str, typer.Option(help="Last day, such as 2026-10-15.")] = "",
    mailbox: Annotated[str, typer.Option(help="The address that mail was sent to.")] = "",
) -> None:
    """Print or save the messages of a mailbox: sender, kind, in time."""
    _save("messages", _read_mailbox(mail, deadline, mailbox), out, form)


@app.command()
def comments(
    mail: Annotated[list[Path], typer.Argument(help="Mail files or folders.")],
    out: TableOut = None,
    form: FormatOption = TableFormat.csv,
    mailbox: Annotated[str, typer.Option(help="The address that mail was sent to.")] = "",
) -> None:
    """Print or save the comments in a mailbox, one point a row."""
    _save("comments", _read_mailbox(mail, "", mailbox), out, form)


@app.command()
def fetch(
    mailbox: Annotated[
        list[str], typer.Argument(help="imaps://user@host/INBOX; special letters of the folder as in H%C3%B8ring.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the .eml files; made where it is missing.")],
    since: Annotated[str, typer.Option(help="Only mail that came on this day or later, such as 2026-09-01.")] = "",
    ca_file: Annotated[Path | None, typer.Option(help="Certificates to trust beside the system's (PEM).")] = None,
    max_mb: Annotated[int, typer.Option(min=1, help="Leave larger messages on the server, with a note.")] = 100,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for the server.")] = 60,
) -> None:
    """Copy a mailbox from a mail server (IMAP) to a folder, read-only.

    Nothing on the server is marked, moved or deleted. A second fetch takes only what is new. The password is asked
    for, or taken from INNSPILL_IMAP_PASSWORD or the system's keyring (service innspill, user user@host); an OAuth2
    token, which Microsoft 365 wants, from INNSPILL_IMAP_TOKEN. Needs innspill[fetch].
    """
    from innspill.fetching import FetchOptions, parse_address
    from innspill.fetching import fetch as fetch_mailbox

    options = FetchOptions(_day(since, "--since"), ca_file, max_mb * 1_000_000, timeout)
    addresses = [parse_address(url) for url in mailbox]
    for address in addresses:
        secret = _secret(address)
        with _progress_of_fetch(address.mailbox) as step:
            fetched = fetch_mailbox(address, out, secret=secret, options=options, progress=step)
        _print_notes(fetched.notes, with_info=True)
        typer.echo(f"{address.mailbox}: fetched {fetched.n_new} new, {fetched.n_known} already here: {out}")


@app.command()
def models(
    form: Annotated[FigureFormat, typer.Option("--format", "-f", help="Form of the table.")] = FigureFormat.table,
) -> None:
    """List the models that come with innspill, with what they were measured to do.

    Every file is held against its checksum first. consultation.toml may name others, by folder or hub name.
    """
    from dataclasses import asdict

    from innspill.language.cards import shipped_models, verified

    cards = shipped_models()
    for card in cards:
        verified(card.folder)
    if form is FigureFormat.json:
        typer.echo(
            json.dumps([asdict(card) | {"folder": str(card.folder)} for card in cards], ensure_ascii=False, indent=1)
        )
        return
    if form is FigureFormat.table:
        for card in cards:
            typer.echo(f"{card.name} ({card.n_bytes / 1e6:.1f} MB, {card.licence}): {card.task.rstrip('.')}.")
            typer.echo(f"  Not for: {card.not_for}\n  {card.folder}\n")
    rows = [
        (card.name, task, figure.name, f"{figure.value:g}", figure.baselines, figure.bar)
        for card in cards
        for task, figures in card.figures.items()
        for figure in [_figure(figures)]
    ]
    _print_table(("model", "task", "figure", "value", "baselines", "asked for"), rows, form)


def main() -> None:
    """Run the command line; every error of ours is one sentence on standard error and an exit code."""
    # Windows consoles and pipes may stand in another encoding than the text.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except InnspillError as error:
        typer.echo(f"innspill: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(f"innspill {__version__}")
        raise typer.Exit


# Work ----------------------------------------------------------------------------------------------------------------


def _run(
    consultation: "Consultation", config: "Config", out: Path, *, as_json: bool, key_file: Path | None = None
) -> None:
    from innspill.outputs import write_outputs
    from innspill.privacy.pseudonyms import Pseudonymiser, load_key, save_key

    language = _load_language(config)
    pseudonyms = None
    if key_file is not None:
        key = load_key(key_file, out=out, consultation=consultation.title)
        pseudonyms = Pseudonymiser(key, recogniser=language.persons)
    analysis = _analyse(consultation, config, language, pseudonyms)
    if config.llm is not None:
        from innspill.rephrasing import rephrase

        analysis = rephrase(analysis, config.llm, identify=language.identify, seed=config.seed)
    if pseudonyms is not None and key_file is not None:
        save_key(pseudonyms.key, key_file)
        typer.echo(f"Pseudonymised. The key to who is who: {key_file}. Keep it apart from the results.", err=True)
    record = write_outputs(analysis, out, config=config, pseudonyms=pseudonyms.key if pseudonyms is not None else None)
    _print_notes(analysis.notes)
    if as_json:
        typer.echo(json.dumps({"out": str(out), **record["counts"]}, ensure_ascii=False))
    else:
        typer.echo(_summary(record["counts"], out))


def _analyse(
    consultation: "Consultation",
    config: "Config",
    language: "Norwegian",
    pseudonyms: "Pseudonymiser | None" = None,
    *,
    encoder: "Encoder | None" = None,
) -> "Analysis":
    from innspill.pipeline import STAGES, analyse

    with _progress(len(STAGES)) as step:
        return analyse(
            consultation,
            language=language,
            encoder=encoder,
            config=config,
            pseudonyms=pseudonyms,
            progress=step,
        )


def _load_language(config: "Config") -> "Norwegian":
    from innspill.language.norwegian import Norwegian

    return Norwegian(pipeline=config.pipeline, languages=config.languages).load()


@contextmanager
def _progress(n_stages: int) -> "Iterator[Any]":
    """A progress bar on a terminal, and nothing where standard error is piped."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<10}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=n_stages)
        done = iter(range(n_stages))
        yield lambda name: bar.update(task, description=name, completed=next(done, n_stages))


@contextmanager
def _progress_of_fetch(mailbox: str) -> "Iterator[Any]":
    """A bar of messages on a terminal, and nothing where standard error is piped."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(mailbox), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _secret(address: "MailboxAddress") -> "Secret":
    """What opens a mailbox: from the environment, the keyring, or the user at the terminal."""
    import getpass

    from innspill.fetching import PASSWORD_VARIABLE, Secret, stored_secret

    if (stored := stored_secret(address)) is not None:
        return stored
    if not sys.stdin.isatty():
        raise FetchError(f"There is no terminal to ask for the password of {address.account}. Set {PASSWORD_VARIABLE}.")
    return Secret(getpass.getpass(f"Password of {address.account}: "))


def _day(text: str, option: str) -> "date | None":
    from datetime import date

    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConsultationError(f"{option} {text!r} is not a date such as 2026-10-15.") from error


def _from_options(report: Path, mail: Path, title: str, deadline: str, mailbox: str) -> "Consultation":
    from innspill.records import Consultation

    folder = mail if mail.is_dir() else mail.parent
    return Consultation(title or report.stem, folder, report, mail, _deadline(deadline), mailbox)


def _deadline(text: str) -> datetime | None:
    from datetime import date

    from innspill.config import as_deadline

    if not text:
        return None
    try:
        value: object = datetime.fromisoformat(text) if "T" in text or ":" in text else date.fromisoformat(text)
    except ValueError as error:
        raise ConsultationError(f"--deadline {text!r} is not a date such as 2026-10-15.") from error
    return as_deadline(value, Path("--deadline"))


def _read_mailbox(paths: list[Path], deadline: str, mailbox: str) -> "Analysis":
    """The messages and comments of several files and folders, without a report."""
    from innspill.comments import split_comments
    from innspill.language.norwegian import Norwegian
    from innspill.messages import to_messages
    from innspill.reading.mail import read_mail
    from innspill.stance import classify_stances, load_stance_model

    language = Norwegian()
    mails = []
    for path in paths:
        root = path if path.is_dir() else path.parent
        read, notes = read_mail(path, root=root, mailbox=mailbox, sentences=language.sentences)
        mails.extend(read)
        _print_notes(notes)
    read_messages = to_messages(mails, language=language, deadline=_deadline(deadline), mailbox=mailbox)
    split = classify_stances(
        split_comments(read_messages, language=language), language=language, model=load_stance_model()
    )
    return _partial_analysis(messages=read_messages, comments=split)


def _partial_analysis(**known: Any) -> "Analysis":  # noqa: ANN401 - any field of an analysis
    """An analysis with only some of its parts, for printing one table."""
    from innspill.records import Analysis, Consultation, Numbering, Report

    nothing = Report("", "", (), (), (), (), (), Numbering("counted", 1, "document", 0, 0))
    empty: dict[str, Any] = {
        "consultation": Consultation("", Path(), Path(), Path()),
        "report": nothing,
        **dict.fromkeys(("messages", "comments", "annotations", "themes", "needs", "notes"), ()),
    }
    return Analysis(**{**empty, **known})


# Printing ------------------------------------------------------------------------------------------------------------


def _save(name: str, analysis: "Analysis", out: Path | None, form: TableFormat) -> None:
    from innspill.tables import build_tables
    from innspill.writing.tabular import save_table

    if out is None and form is TableFormat.parquet and sys.stdout.isatty():
        raise ConsultationError("Parquet is not text. Save it with -o FILE, or choose --format csv.")
    try:
        save_table(build_tables(analysis)[name], out or sys.stdout.buffer, form.value)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise InnspillError(f"{out} cannot be written ({error.strerror}). Give another file with -o.") from error


def _print_notes(notes: "Sequence[Note]", *, with_info: bool = False) -> None:
    """Print warnings and errors on standard error; what else there is to know to a terminal, or where asked for."""
    for note in notes:
        if note.severity != "info" or with_info or sys.stderr.isatty():
            where = f"{note.file}: " if note.file else ""
            typer.echo(f"{note.severity}: {where}{note.text}", err=True)


def _summary(counts: dict[str, Any], out: Path) -> str:
    """The sums at the end of a run, so that nothing is lost in silence."""
    kinds = ", ".join(f"{kind} {n}" for kind, n in counts["messages_by_kind"].items())
    parts = ", ".join(f"{status.replace('_', ' ')} {n}" for status, n in counts["parts_by_status"].items())
    coverage = ", ".join(f"{name} {n}" for name, n in counts["needs_by_coverage"].items())
    return "\n".join(
        (
            f"Messages {counts['messages']} = {kinds}",
            f"Their parts {counts['parts']} = {parts}",
            f"Comments {counts['comments']} = placed {counts['comments_placed']} + about the whole report or what it "
            f"lacks {counts['comments_whole_report']} + unplaced {counts['comments_unplaced']}",
            f"Themes {counts['themes']}; needs {counts['needs']}" + (f" ({coverage})" if coverage else ""),
            f"Sums {'add up' if counts['adds_up'] else 'DO NOT ADD UP: please report this'}.",
            f"Open {out / 'digest.html'}",
        )
    )


def _print_measures(measures: "Sequence[Measure]", tables: "Sequence[Reliability]", form: FigureFormat) -> None:
    from innspill.measuring import rows

    if form is FigureFormat.json:
        typer.echo(json.dumps(rows.as_records(measures, tables), ensure_ascii=False, indent=1))
    elif form is FigureFormat.csv:
        _print_table(rows.PROGRAM_HEADER, rows.for_a_program(measures, tables), form)
    else:
        _print_table(rows.READER_HEADER, rows.for_a_reader(measures), form)
        for header, own in map(rows.reliability_for_a_reader, tables):
            typer.echo()
            _print_table(header, own, form)


class _Figure(NamedTuple):
    name: str
    value: float
    baselines: str
    bar: str


def _figure(figures: "Mapping[str, float]") -> _Figure:
    """What a card says of a task: the model's figure first, then those of baselines, and what was asked for."""
    (name, value), *others = figures.items()
    baselines = "; ".join(f"{other} {figure:g}" for other, figure in others if other != "bar")
    return _Figure(name, value, baselines, f"{figures['bar']:g}" if "bar" in figures else "")


def _print_table(header: "Sequence[str]", rows: "Sequence[Sequence[str]]", form: FigureFormat) -> None:
    """Print rows in columns, or as CSV."""
    if form is FigureFormat.csv:
        import csv

        csv.writer(sys.stdout, lineterminator="\n").writerows([header, *rows])
        return
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    for row in [header, ["-" * width for width in widths], *rows]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
