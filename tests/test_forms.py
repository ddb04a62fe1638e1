"""Comment forms: headers, values and labels that tell what a column is for."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.reading.documents.forms import HEADER, OTHER, column_purpose, lay_out_form, says_nothing

CASES = json.loads((Path(__file__).parent / "cases" / "forms.json").read_text(encoding="utf-8"))
HEADINGS = [(heading, purpose) for purpose, headings in CASES["headers"].items() for heading in headings]


def said(rows: list[list[str]]) -> list[dict[str, str]]:
    """Purpose -> text of each comment of a form, without what is of no known purpose."""
    comments: dict[int, dict[str, str]] = {}
    for row, form in zip(rows, lay_out_form(rows), strict=True):
        for index, purpose in form.purposes.items():
            if purpose not in (HEADER, OTHER) and index < len(row) and row[index]:
                comments.setdefault(form.group, {})[purpose] = row[index]
    return list(comments.values())


@pytest.mark.parametrize(("heading", "purpose"), HEADINGS, ids=[heading for heading, _ in HEADINGS])
def test_a_heading_tells_what_its_column_is_for(heading: str, purpose: str) -> None:
    assert column_purpose(heading) == purpose


@pytest.mark.parametrize("text", CASES["nothing"])
def test_a_cell_without_a_word_to_the_report_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", CASES["something"])
def test_a_short_cell_may_say_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize("case", CASES["tables"], ids=[case["name"] for case in CASES["tables"]])
def test_a_form_is_read_row_by_row(case: dict[str, list[list[str]]]) -> None:
    assert said(case["rows"]) == case["said"]


@pytest.mark.parametrize("case", CASES["no_forms"], ids=[case["name"] for case in CASES["no_forms"]])
def test_a_table_that_is_no_form_is_none(case: dict[str, list[list[str]]]) -> None:
    assert lay_out_form(case["rows"]) == []


@given(
    st.lists(
        st.lists(st.sampled_from(["", "12", "12-14", "Linje", "Merknad:", "Kaia er for kort her."]), max_size=4),
        max_size=8,
    )
)
def test_any_table_is_laid_out_row_for_row_or_not_at_all(rows: list[list[str]]) -> None:
    laid_out = lay_out_form(rows)
    assert len(laid_out) in (0, len(rows))
    assert all(index < len(row) for row, form in zip(rows, laid_out, strict=False) for index in form.purposes)
