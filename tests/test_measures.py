import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from conftest import ROOT
from innspill.errors import ConsultationError
from innspill.language.vectors import load_encoder
from innspill.measures import read_measures, tie_measures
from innspill.records import Comment, Evidence, Need, PlannedMeasure, Span

ROWS = "1;Språk;Lage en språkmodell for journaltekst;Kontoret\n2;Bilder;Dele røntgenbilder mellom sykehus;Foretaket\n"
CONSULTATIONS = json.loads((ROOT / "tests" / "cases" / "measures.json").read_text(encoding="utf-8"))["consultations"]


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def make(text: str, *, charset: str = "utf-8") -> Path:
        path = tmp_path / "measures.csv"
        path.write_bytes(text.encode(charset))
        return path

    return make


@pytest.mark.parametrize(
    "header",
    [
        "Prioritet;Område;Beskrivelse;Ansvarlig\n",
        "prioritet;område;skildring;ansvarleg\n",
        "priority;area;description;responsible\n",
        "Våre tiltak for 2027\n\nPrioritet:;Tema;Tiltak;Eier\n",
    ],
)
def test_columns_are_known_by_their_heads_in_each_language(header: str, table: Callable[..., Path]) -> None:
    first, second = read_measures(table(header + ROWS))
    assert first == PlannedMeasure("P01", "1", "Språk", "Lage en språkmodell for journaltekst", "Kontoret")
    assert (second.measure_id, second.responsible) == ("P02", "Foretaket")


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_charset_is_found(charset: str, table: Callable[..., Path]) -> None:
    path = table("Prioritet;Område;Beskrivelse;Ansvarlig\n" + ROWS, charset=charset)
    assert read_measures(path)[1].description == "Dele røntgenbilder mellom sykehus"


def test_commas_and_quotation_marks_are_read(table: Callable[..., Path]) -> None:
    path = table('area,description,responsible\nSpråk,"Lage ordlister, og dele dem",Kontoret\n')
    (measure,) = read_measures(path)
    assert (measure.description, measure.priority) == ("Lage ordlister, og dele dem", "")


def test_rows_without_a_description_are_no_measures(table: Callable[..., Path]) -> None:
    path = table("Beskrivelse;Ansvarlig\n;\nLage ordlister;Kontoret\n;Foretaket\n")
    assert [measure.measure_id for measure in read_measures(path)] == ["P01"]


def test_a_workbook_is_read_from_whichever_sheet_has_the_table(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Om planen"])
    sheet = book.create_sheet("Tiltak")
    sheet.append(["Prioritet", "Område", "Beskrivelse", "Ansvarlig"])
    sheet.append([1, "Språk", "Lage ordlister", "Kontoret"])
    book.save(tmp_path / "tiltak.xlsx")
    assert read_measures(tmp_path / "tiltak.xlsx") == (
        PlannedMeasure("P01", "1", "Språk", "Lage ordlister", "Kontoret"),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Prioritet;Område\n1;Språk\n", "column 'beskrivelse', 'ansvarlig'.*header"),
        ("Beskrivelse;Frist\nLage ordlister;2027\n", "column 'ansvarlig'"),
        ("Beskrivelse;Ansvarlig\n", "no measure stands under the header"),
        ("", "column 'beskrivelse', 'ansvarlig'"),
    ],
)
def test_a_table_that_cannot_be_used_says_what_to_do(text: str, says: str, table: Callable[..., Path]) -> None:
    with pytest.raises(ConsultationError, match=says):
        read_measures(table(text))


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tiltak.xlsx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ConsultationError, match=r"cannot be read as a workbook.*Save it as CSV"):
        read_measures(tmp_path / "tiltak.xlsx")


def voiced(need_id: str, text: str, coverage: str = "uncovered") -> tuple[Need, Comment]:
    comment = Comment(f"C-{need_id}", "M001", "body", Span(0, len(text)), text, "", "nb")
    need = Need(need_id, text, coverage, 0.1, "", "", (Evidence(comment.comment_id, text),), ())  # type: ignore[arg-type]
    return need, comment


PLAN = (
    PlannedMeasure("P01", "", "Bilder", "Dele røntgenbilder mellom sykehusene", "Foretaket"),
    PlannedMeasure("P02", "", "Klima", "Måle strømforbruket i datasentrene", "Driften"),
    PlannedMeasure("P03", "", "Språk", "Lage en språkmodell for tekst i journalen", "Kontoret"),
)


def test_an_unmet_need_is_tied_to_the_nearest_measure() -> None:
    need, comment = voiced("N1", "Vi må kunne dele røntgenbilder med andre sykehus.")
    (tied,) = tie_measures([need], PLAN, [comment])
    assert (tied.measure_id, tied.measure_score > 0) == ("P01", True)


def test_a_need_that_no_measure_is_near_is_tied_to_none() -> None:
    need, comment = voiced("N1", "Samiske pasientar er ikkje nemnde med eit ord.")
    (tied,) = tie_measures([need], PLAN, [comment])
    assert (tied.measure_id, tied.measure_score) == ("", 0.0)


def test_a_covered_need_is_left_alone() -> None:
    need, comment = voiced("N1", "Vi må kunne dele røntgenbilder med andre sykehus.", "covered")
    assert tie_measures([need], PLAN, [comment]) == (need,)


def test_without_measures_needs_stay_as_they_are() -> None:
    need, comment = voiced("N1", "Vi må kunne dele røntgenbilder med andre sykehus.")
    assert tie_measures([need], (), [comment]) == (need,)


def test_a_single_measure_is_not_tied_to_everything() -> None:
    pairs = [voiced("N1", "Vi må kunne dele røntgenbilder."), voiced("N2", "Samiske pasientar er ikkje nemnde.")]
    tied = tie_measures([need for need, _ in pairs], PLAN[:1], [comment for _, comment in pairs])
    assert [need.measure_id for need in tied] == ["P01", ""]


@dataclass(frozen=True)
class Tied:
    """How the unmet needs of the invented consultations were tied: right, to a wrong measure, or wrongly to none."""

    right: int
    wrong: tuple[str, ...]
    none: tuple[str, ...]


def tied(folder: str, case: dict[str, Any]) -> Tied:
    """The needs of a consultation, stated as an analyst did and voiced by its tuning messages, against the gold."""
    gold = json.loads((ROOT / "corpora" / folder / "gold.json").read_text(encoding="utf-8"))
    tuning = {message["file"] for message in gold["messages"] if message["split"] == "tune"}
    voiced_by = [row for row in gold["comments"] if row["file"] in tuning]
    comments = [Comment(row["id"], "M", "body", Span(0, 1), row["quote"], "", "nb") for row in voiced_by]
    needs = []
    for row in gold["needs"]:
        evidence = tuple(Evidence(one["id"], one["quote"]) for one in voiced_by if one["need"] == row["id"])
        if evidence and row["coverage"] != "covered":
            needs.append(Need(row["id"], row["statement"], row["coverage"], 0.1, "", "", evidence, ()))
    measures = (
        tuple(
            PlannedMeasure(f"P{n:02d}", "", m["area"], m["description"], "") for n, m in enumerate(case["measures"], 1)
        )
        if "measures" in case
        else read_measures(ROOT / "corpora" / folder / "measures.csv")
    )
    wanted = {tie["need"]: tie["measure"] for tie in case["ties"]}
    found = {need.need_id: need.measure_id for need in tie_measures(needs, measures, comments, load_encoder("vectors"))}
    return Tied(
        sum(found[key] == wanted[key] for key in found),
        tuple(key for key in found if found[key] and found[key] != wanted[key]),
        tuple(key for key in found if not found[key] and wanted[key]),
    )


@pytest.mark.parametrize(
    ("case", "least_right", "most_wrong"),
    [(CONSULTATIONS[0], 12, 1), (CONSULTATIONS[1], 14, 0), (CONSULTATIONS[2], 14, 2)],
    ids=lambda value: value["folder"] if isinstance(value, dict) else "",
)
def test_the_needs_of_invented_consultations_meet_their_measures(
    case: dict[str, Any], least_right: int, most_wrong: int
) -> None:
    found = tied(case["folder"], case)
    assert found.right >= least_right, found
    assert len(found.wrong) <= most_wrong, found


def test_the_order_of_needs_is_kept() -> None:
    pairs = [voiced("N2", "Samiske pasientar."), voiced("N1", "Vi må kunne dele røntgenbilder.", "partly")]
    needs = [need for need, _ in pairs]
    tied = tie_measures(needs, PLAN, [comment for _, comment in pairs])
    assert [replace(need, measure_id="", measure_score=0.0) for need in tied] == needs


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_that_is_damaged_inside_is_told_of(member: str, tmp_path: Path) -> None:
    whole, damaged = tmp_path / "whole.xlsx", tmp_path / "damaged.xlsx"
    Workbook().save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<a><b></a>" if name == member else source.read(name))
    with pytest.raises(ConsultationError, match="cannot be read as a workbook"):
        read_measures(damaged)
