"""Bokmål and nynorsk in one written form: what falls together, what must not, and what stays as it is."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.language.written_forms import LONGEST, fold_written_forms
from mails import cases

CORPORA = Path(__file__).parents[1] / "corpora"
TABLE = files("innspill").joinpath("data/written_forms.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [tuple(line.split("\t")) for line in TABLE[1:]]
PLACES = {"word", "start", "anywhere", "ending"}
# Compounds of the table's own forms, so that chance finds rows that set off one another.
COMPOUNDS = st.lists(st.sampled_from([form for row in ROWS for form in row[:2]]), min_size=1, max_size=3).map("".join)


@pytest.mark.parametrize("case", cases("written_forms"))
def test_the_written_forms_of_a_word_fall_together(case: dict) -> None:
    assert fold_written_forms(case["word"]) == fold_written_forms(case["like"])


@pytest.mark.parametrize("case", cases("written_forms", "apart"))
def test_words_of_unlike_meaning_stay_apart(case: dict) -> None:
    assert fold_written_forms(case["word"]) != fold_written_forms(case["unlike"])


@pytest.mark.parametrize("case", cases("written_forms", "kept"))
def test_a_bokmål_word_stays_as_it_is(case: dict) -> None:
    assert fold_written_forms(case["word"]) == case["word"]


@pytest.mark.parametrize("name", ["ki-helsedata", "heimeoppfolging"])
def test_hardly_a_word_of_a_bokmål_report_is_changed(name: str) -> None:
    words = re.findall(r"[^\W\d_]+", (CORPORA / name / "source" / "report.md").read_text(encoding="utf-8").lower())
    changed = [word for word in words if fold_written_forms(word) != word]
    assert len(words) > 1_000
    assert len(changed) < 0.02 * len(words), sorted(set(changed))


@given(st.one_of(st.text(max_size=80), COMPOUNDS))
def test_what_is_folded_is_not_folded_further(text: str) -> None:
    folded = fold_written_forms(text)
    assert fold_written_forms(folded) == folded


@given(st.lists(COMPOUNDS, max_size=4), st.sampled_from([" ", "\n", "-", ", ", " 12 ", "/", "_"]))
def test_a_word_is_folded_alike_wherever_it_stands(words: list[str], between: str) -> None:
    assert fold_written_forms(between.join(words)) == between.join(map(fold_written_forms, words))


def test_marks_digits_and_white_space_are_kept() -> None:
    assert fold_written_forms("«§ 3-4», s. 12:\n\tLinje  7!") == "«§ 3-4», s. 12:\n\tlinje  7!"


def test_capitals_make_no_difference() -> None:
    assert fold_written_forms("SJUKEHEIMANE") == fold_written_forms("sjukeheimane")


def test_what_is_too_long_for_a_word_is_left_alone() -> None:
    long = "heim" * (LONGEST // 4 + 1)
    assert fold_written_forms(long) == long


def test_the_table_holds_each_form_once_at_each_place() -> None:
    assert all(len(row) == 3 and row[2] in PLACES and row[0] and row[1] for row in ROWS)
    assert len({(nynorsk, where) for nynorsk, _, where in ROWS}) == len(ROWS)
    assert all(form == form.lower() for row in ROWS for form in row[:2])


def test_a_whole_word_of_the_table_becomes_what_its_row_says() -> None:
    wrong = [row for row in ROWS if row[2] == "word" and fold_written_forms(row[0]) != row[1]]
    assert wrong == []


def test_a_stem_that_may_stand_anywhere_is_long_enough_to_be_known() -> None:
    assert [row for row in ROWS if row[2] == "anywhere" and len(row[0]) < 4] == []
