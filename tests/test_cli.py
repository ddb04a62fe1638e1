import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import CORPUS, ROOT, mail_bytes
from innspill.cli import app
from innspill.config import load_consultation

PDFS = ROOT / "tests" / "pdf"
COMMANDS = sorted(command.name or command.callback.__name__ for command in app.registered_commands)  # type: ignore[union-attr]


def innspill(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "innspill.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
        **options,  # type: ignore[call-overload]
    )


@pytest.fixture(scope="module")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = tmp_path_factory.mktemp("demo") / "resultat"
    return out, innspill("demo", "-o", out)


def test_demo_writes_digest_workbook_tables_and_record(demo_run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, done = demo_run
    assert done.returncode == 0, done.stderr
    assert {item.name for item in out.iterdir()} == {"digest.html", "digest.xlsx", "run.json", "tables"}


def test_demo_says_where_the_digest_lies_and_that_the_sums_add_up(
    demo_run: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, done = demo_run
    assert f"Open {out / 'digest.html'}" in done.stdout
    assert "Sums add up." in done.stdout


def test_a_piped_run_prints_no_progress(demo_run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    assert demo_run[1].stderr == ""


def test_two_runs_write_the_same_bytes_but_for_the_seconds(
    demo_run: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    out = demo_run[0]
    assert innspill("demo", "-o", tmp_path).returncode == 0
    different = [
        path.name
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.read_bytes() != (tmp_path / path.relative_to(out)).read_bytes()
    ]
    records = [json.loads((folder / "run.json").read_text(encoding="utf-8")) for folder in (out, tmp_path)]
    assert different == ["run.json"]
    assert {key: records[0][key] for key in records[0] if key != "seconds"} == {
        key: records[1][key] for key in records[1] if key != "seconds"
    }


def test_run_json_names_every_input_with_its_checksum(
    demo_run: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    record = json.loads((demo_run[0] / "run.json").read_text(encoding="utf-8"))
    consultation, _ = load_consultation(CORPUS)
    beside = {path.name for path in (consultation.report, consultation.measures, consultation.themes) if path}
    files = beside | {f"mail/{path.name}" for path in (CORPUS / "mail").iterdir()}
    assert set(record["inputs"]) == files
    assert all(len(checksum) == 64 for checksum in record["inputs"].values())


def test_run_prints_counts_as_json_when_asked(small_consultation: Callable[..., Path], tmp_path: Path) -> None:
    folder = small_consultation({"a.eml": mail_bytes("Linje 12: Vi savner mer om dette temaet.")})
    done = innspill("run", folder, "-o", tmp_path / "ut", "--json")
    assert json.loads(done.stdout)["comments_placed"] == 1


def test_run_takes_report_and_mail_instead_of_a_folder(small_consultation: Callable[..., Path], tmp_path: Path) -> None:
    folder = small_consultation({"a.eml": mail_bytes("Linje 12: Vi savner mer om dette temaet.")})
    out = tmp_path / "ut"
    options = ("--report", folder / "report.pdf", "--mail", folder / "mail", "--deadline", "2026-09-01")
    done = innspill("run", *options, "-o", out)
    assert done.returncode == 0, done.stderr
    (row,) = csv.DictReader((out / "tables" / "messages.csv").open(encoding="utf-8"))
    assert row["late"].lower() == "true"


def test_the_digest_is_written_in_the_language_asked_for(
    small_consultation: Callable[..., Path], tmp_path: Path
) -> None:
    folder = small_consultation({"a.eml": mail_bytes("Linje 12: Vi savner mer om dette temaet.")})
    innspill("run", folder, "-o", tmp_path / "ut", "--language", "nn")
    assert '<html lang="nn' in (tmp_path / "ut" / "digest.html").read_text(encoding="utf-8")


def test_a_language_model_that_is_not_there_costs_a_warning_and_no_result(
    small_consultation: Callable[..., Path], tmp_path: Path
) -> None:
    toml = 'title = "Prøve"\nreport = "report.pdf"\nmail = "mail"\n'
    toml += '[llm]\nendpoint = "http://127.0.0.1:9/v1"\nmodel = "norsk"\n'
    mails = {"a.eml": mail_bytes("Linje 12: Vi trenger og savner mer om samiske pasienter.")}
    done = innspill("run", small_consultation(mails, toml=toml), "-o", tmp_path / "ut")
    assert done.returncode == 0, done.stderr
    assert "127.0.0.1:9/v1 was not asked further: it cannot be reached" in done.stderr
    assert (tmp_path / "ut" / "digest.html").exists()


def test_a_consultation_with_planned_measures_gives_their_table(
    small_consultation: Callable[..., Path], tmp_path: Path
) -> None:
    toml = 'title = "Prøve"\nreport = "report.pdf"\nmail = "mail"\nmeasures = "tiltak.csv"\n'
    folder = small_consultation({"a.eml": mail_bytes("Vi savner mer om samiske pasienter.")}, toml=toml)
    (folder / "tiltak.csv").write_text("Beskrivelse;Ansvarlig\nLage ordlister;Kontoret\n", encoding="utf-8")
    assert innspill("run", folder, "-o", tmp_path / "ut").returncode == 0
    (row,) = csv.DictReader((tmp_path / "ut" / "tables" / "measures.csv").open(encoding="utf-8"))
    assert (row["measure_id"], row["responsible"]) == ("P01", "Kontoret")


def test_lines_prints_a_row_for_each_line_with_its_number() -> None:
    done = innspill("lines", CORPUS / "report.pdf")
    numbers = [row["number"] for row in csv.DictReader(io.StringIO(done.stdout)) if row["number"]]
    assert numbers == [str(number) for number in range(1, 324)]


def test_comments_prints_json_that_other_programs_read() -> None:
    done = innspill("comments", CORPUS / "mail" / "03-sjovang-kommune.eml", "--format", "json")
    rows = json.loads(done.stdout)
    assert [row["text"].split(":")[0] for row in rows][:2] == ["Linje 23–24", "Linje 42–44"]


def test_messages_saves_parquet(tmp_path: Path) -> None:
    import pandas as pd

    done = innspill("messages", CORPUS / "mail", "--format", "parquet", "-o", tmp_path / "m.parquet")
    assert done.returncode == 0, done.stderr
    assert len(pd.read_parquet(tmp_path / "m.parquet")) == 53


def test_lines_tells_how_the_report_is_numbered_beside_the_table() -> None:
    done = innspill("lines", PDFS / "tex-two-columns.pdf")
    assert done.stdout.startswith("line_id,")
    assert "beside each text column on every line, through the report" in done.stderr


def test_number_writes_a_copy_whose_lines_have_the_same_numbers(tmp_path: Path) -> None:
    original, copy = PDFS / "lo-none.pdf", tmp_path / "numbered.pdf"
    done = innspill("number", original, "-o", copy)
    assert done.returncode == 0, done.stderr
    counted, printed = (list(csv.DictReader(io.StringIO(innspill("lines", p).stdout))) for p in (original, copy))
    assert [(row["number"], row["text"]) for row in counted] == [(row["number"], row["text"]) for row in printed]
    assert counted[-1]["text"]


def test_number_can_begin_anew_on_each_page_and_print_every_fifth(tmp_path: Path) -> None:
    copy = tmp_path / "numbered.pdf"
    assert innspill("number", PDFS / "lo-none.pdf", "-o", copy, "--restart", "page", "--every", "5").returncode == 0
    assert "every 5th line (those between are counted), anew on each page" in innspill("lines", copy).stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("number", PDFS / "lo-outer.pdf", "-o", "kopi.pdf"), 3, "has printed line numbers already"),
        (("number", PDFS / "lo-none.pdf", "-o", "finnes-ikke/kopi.pdf"), 1, "cannot be written"),
        (("number", PDFS / "lo-none.pdf", "-o", "kopi.pdf", "--every", "0"), 2, "--every"),
        (("run", "finnes-ikke"), 2, "no folder finnes-ikke"),
        (("run",), 2, "--report and --mail"),
        (("run", "--report", "borte.pdf", "--mail", "."), 3, "no report at borte.pdf"),
        (("lines", __file__), 3, "not a PDF"),
        (("messages", "borte"), 4, "no mail at borte"),
        (("demo", "--language"), 2, "No such option"),
        (("evaluate", "tests"), 2, "consultation.toml"),
    ],
)
def test_an_error_is_one_sentence_and_an_exit_code(arguments: tuple[str, ...], code: int, says: str) -> None:
    done = innspill(*arguments)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_model_is_an_error_of_its_own(small_consultation: Callable[..., Path], tmp_path: Path) -> None:
    folder = small_consultation({"a.eml": mail_bytes("Linje 12: Bra.")})
    done = innspill("run", folder, "-o", tmp_path / "ut", "--model", tmp_path / "ingen-modell")
    assert done.returncode == 5
    assert "ingen-modell" in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme_and_has_help(command: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"innspill {command}" in readme
    assert len(innspill(command, "--help").stdout.split()) > 20


def test_help_is_printed_without_loading_a_heavy_library() -> None:
    code = (
        "import sys; from innspill.cli import app; "
        "print([m for m in ('pandas', 'spacy', 'sklearn', 'pypdfium2', 'torch') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[]"


def test_evaluate_prints_one_row_a_value_and_the_baselines_of_each_figure() -> None:
    done = innspill("evaluate", CORPUS, "--split", "tune", "--format", "csv")
    rows = {(row["figure"], row["method"]): row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert float(rows["report lines found", "innspill"]["value"]) == 1.0
    ours = float(rows["themes: AMI", "innspill"]["value"])
    assert ours > float(rows["themes: AMI", "k-means on TF-IDF"]["value"])
    assert ("uncited comments: hit@1", "BM25") in rows
