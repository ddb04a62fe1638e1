import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from innspill.places import LineIndex, count_organisations, describe
from innspill.records import Message, NearPlace, Report, Span
from innspill.tables import COLUMNS, build_tables, frame
from innspill.words import load_words
from innspill.writing.tabular import save_table, write_tables
from sample import FORMULA, sample_analysis, sample_messages


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return build_tables(sample_analysis())


def cells(frames: dict[str, pd.DataFrame], name: str, row: int) -> dict[str, str]:
    """A row of a table as a reader of the CSV file sees it."""
    buffer = io.BytesIO()
    save_table(frames[name], buffer, "csv")
    return list(csv.DictReader(io.StringIO(buffer.getvalue().decode(), newline="")))[row]


def report() -> Report:
    return sample_analysis().report


def test_every_table_has_the_columns_of_the_contract_in_order(frames: dict[str, pd.DataFrame]) -> None:
    assert {name: tuple(table.columns) for name, table in frames.items()} == COLUMNS


def test_an_analysis_with_nothing_in_it_still_has_every_column() -> None:
    empty = replace(sample_analysis(), messages=(), comments=(), annotations=(), themes=(), needs=(), notes=())
    found = build_tables(empty)
    assert {name: tuple(table.columns) for name, table in found.items()} == COLUMNS
    assert found["comments"].dtypes.equals(build_tables(sample_analysis())["comments"].dtypes)


def test_a_row_with_other_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="table notes"):
        frame("notes", [{"severity": "info", "text": "x"}])


def test_a_line_without_a_number_is_an_empty_cell(frames: dict[str, pd.DataFrame]) -> None:
    assert cells(frames, "lines", 0)["number"] == ""


def test_whole_numbers_have_no_decimals_beside_empty_cells(frames: dict[str, pd.DataFrame]) -> None:
    assert cells(frames, "lines", 1)["number"] == "1"


def test_a_citation_that_points_at_nothing_has_empty_places(frames: dict[str, pd.DataFrame]) -> None:
    row = cells(frames, "annotations", 1)
    assert (row["status"], row["cited"]) == ("unresolved", "Linje 912")
    assert [row[column] for column in ("first_line_id", "last_line_id", "first_number", "page_number")] == [""] * 4


def test_an_annotation_over_a_page_break_has_the_page_of_its_first_line(frames: dict[str, pd.DataFrame]) -> None:
    row = frames["annotations"].iloc[0]
    assert (row["first_number"], row["last_number"], row["page_number"]) == (5, 6, 1)


def test_dates_carry_their_offset(frames: dict[str, pd.DataFrame]) -> None:
    assert cells(frames, "messages", 0)["sent_at"] == "2026-10-01T09:30:00+02:00"


def test_a_message_without_a_date_is_neither_late_nor_in_time(frames: dict[str, pd.DataFrame]) -> None:
    assert cells(frames, "messages", 5)["late"] == ""


def test_truth_values_are_written_in_small_letters(frames: dict[str, pd.DataFrame]) -> None:
    row = cells(frames, "messages", 1)
    assert (row["late"], row["interest"]) == ("true", "true")


def test_messages_end_with_their_campaign(frames: dict[str, pd.DataFrame]) -> None:
    assert cells(frames, "messages", 3)["campaign_id"] == "K001"


def test_comments_of_each_message_are_counted(frames: dict[str, pd.DataFrame]) -> None:
    assert frames["messages"]["n_comments"].tolist() == [2, 1, 0, 1, 1, 0, 2]


def test_copies_of_a_campaign_count_each_sender_once(frames: dict[str, pd.DataFrame]) -> None:
    assert frames["themes"].set_index("theme_id").loc["T002", "n_organisations"] == 3


def test_a_need_quoted_twice_from_one_comment_has_one_comment(frames: dict[str, pd.DataFrame]) -> None:
    needs = frames["needs"].set_index("need_id")
    assert needs.loc["N002", "n_comments"] == 1
    assert (frames["need_comments"]["need_id"] == "N002").sum() == 2


def test_a_need_near_a_table_row_has_line_ids_and_no_numbers(frames: dict[str, pd.DataFrame]) -> None:
    row = cells(frames, "need_lines", 1)
    assert (row["first_line_id"], row["first_number"]) == ("L00010", "")


def test_scores_are_rounded_to_six_decimals(frames: dict[str, pd.DataFrame]) -> None:
    assert cells(frames, "comments", 6)["stance_score"] == "0.123457"


def test_a_csv_cell_that_looks_like_a_formula_is_verbatim(frames: dict[str, pd.DataFrame]) -> None:
    assert cells(frames, "comments", 2)["text"].startswith(FORMULA)


def test_a_lone_carriage_return_does_not_split_a_csv_row() -> None:
    notes = frame("notes", [{"severity": "info", "stage": "mail", "file": "a", "text": "one\rtwo"}])
    assert cells({"notes": notes}, "notes", 0)["text"] == "one\rtwo"


def test_parquet_and_csv_have_the_same_columns_and_rows(tmp_path: Path, frames: dict[str, pd.DataFrame]) -> None:
    write_tables(frames, tmp_path)
    for name in COLUMNS:
        read = pd.read_parquet(tmp_path / f"{name}.parquet")
        text = (tmp_path / f"{name}.csv").read_text(encoding="utf-8")
        assert tuple(read.columns) == tuple(next(csv.reader([text.splitlines()[0]])))
        assert len(read) == len(list(csv.reader(io.StringIO(text, newline="")))) - 1


def test_tables_are_written_the_same_byte_for_byte(tmp_path: Path) -> None:
    one, two = (write_tables(build_tables(sample_analysis()), tmp_path / name) for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_json_has_null_for_not_known(frames: dict[str, pd.DataFrame]) -> None:
    buffer = io.BytesIO()
    save_table(frames["lines"], buffer, "json")
    assert json.loads(buffer.getvalue())[0]["number"] is None


def test_an_unknown_format_is_refused(frames: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(ValueError, match="csv, json, parquet"):
        save_table(frames["notes"], io.BytesIO(), "xls")  # type: ignore[arg-type]


def test_a_span_of_a_line_end_touches_no_line() -> None:
    end = report().lines[1].span.end
    assert LineIndex(report()).lines_in(Span(end, end + 1)) == ()


def test_a_span_touches_every_line_it_overlaps() -> None:
    lines = report().lines
    found = LineIndex(report()).lines_in(Span(lines[1].span.end - 1, lines[3].span.start + 1))
    assert [line.number for line in found] == [1, 2, 3]


def test_every_line_is_found_by_its_own_span() -> None:
    index = LineIndex(report())
    assert [index.lines_in(line.span) for line in report().lines] == [(line,) for line in report().lines]


def test_numbers_skip_lines_without_a_number() -> None:
    lines = report().lines
    assert LineIndex(report()).numbers_in(Span(lines[6].span.start, lines[8].span.end)) == (6, 6)


def test_a_need_near_an_empty_span_has_no_line() -> None:
    analysis = sample_analysis()
    need = replace(analysis.needs[0], nearest=(NearPlace(Span(3, 3), 0.1),))
    assert cells(build_tables(replace(analysis, needs=(need,))), "need_lines", 0)["first_line_id"] == ""


@pytest.mark.parametrize(
    ("first", "last", "with_pages", "expected"),
    [
        (2, 2, False, "linje 2"),
        (2, 5, False, "linje 2–5"),
        (2, 5, True, "s. i, linje 2–5"),
        (5, 7, True, "s. i, linje 5 – s. 2, linje 6"),
        (6, 6, False, "s. i, uten linjenummer"),
        (8, 9, False, "tabell 1, s. 2"),
    ],
)
def test_places_are_said_as_a_reader_would(first: int, last: int, with_pages: bool, expected: str) -> None:
    lines = report().lines
    place = LineIndex(report()).place(Span(lines[first].span.start, lines[last].span.end))
    assert place is not None
    assert describe(place, load_words("nb"), with_pages=with_pages).replace("\u00a0", " ") == expected


def test_people_of_one_organisation_are_one_voice() -> None:
    first, second, *_ = sample_messages()
    colleague = replace(second, organisation=" FJORD  sykehus ")
    assert count_organisations([first, colleague]) == 1


def test_people_without_an_organisation_are_told_apart_by_address() -> None:
    *_, alone = sample_messages()

    def sender(email: str) -> Message:
        return replace(alone, sender_email=email)

    assert count_organisations([sender("a@post.example"), sender("A@post.example"), sender("b@post.example")]) == 2
