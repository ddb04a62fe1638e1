"""Lines joined to running text, with a way back."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.derived import join_lines
from innspill.records import Span

CASES = json.loads((Path(__file__).parent / "cases" / "derived.json").read_text(encoding="utf-8"))
WORDS = st.lists(st.text("abdeilnorstvæøåé", min_size=4, max_size=14), min_size=1, max_size=20)
PRINTED = st.text("abcæøåABC 12.,-\u00ad\n\t «»", max_size=120)


def joined(text: str) -> str:
    return join_lines(text, Span(0, len(text))).text


@pytest.mark.parametrize("case", CASES["join"], ids=lambda case: case["label"])
def test_lines_are_joined_as_a_reader_joins_them(case: dict[str, Any]) -> None:
    assert joined(case["text"]) == case["expect"]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.xfail(strict=True, reason=case["reason"]), id=case["label"])
        for case in CASES["known_failure"]
    ],
)
def test_lines_that_are_known_to_be_joined_wrongly(case: dict[str, Any]) -> None:
    assert joined(case["text"]) == case["expect"]


@given(WORDS, st.data())
def test_words_broken_at_any_place_are_made_whole(words: list[str], data: st.DataObject) -> None:
    broken = []
    for word in words:
        # A part that is a conjunction («og», «til») reads as a word of its own.
        cut = data.draw(st.integers(0, len(word) - 2))
        tail = word[cut:]
        breakable = cut >= 2 and not re.fullmatch("og|eller|samt|til|and|or", tail)
        broken.append(f"{word[:cut]}-\n{tail}" if breakable else word)
    assert joined(" ".join(broken)) == " ".join(words)


@given(PRINTED)
def test_each_code_point_leads_back_to_itself_in_the_source(text: str) -> None:
    derived = join_lines(text, Span(0, len(text)))
    assert all(
        text[offset] == character or (character == " " and text[offset].isspace())
        for character, offset in zip(derived.text, derived.offsets, strict=True)
    )


@given(PRINTED)
def test_offsets_rise(text: str) -> None:
    offsets = join_lines(text, Span(0, len(text))).offsets
    assert list(offsets) == sorted(set(offsets))


@given(PRINTED)
def test_no_letter_or_digit_is_lost_or_added(text: str) -> None:
    def kept(of: str) -> str:
        return "".join(character for character in of if character.isalnum())

    assert kept(joined(text)) == kept(text)


@given(PRINTED, st.integers(0, 60), st.integers(0, 60))
def test_a_span_of_a_text_gives_only_code_points_within_it(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    assert all(start <= offset < end for offset in join_lines(text, Span(start, end)).offsets)


def test_the_span_of_a_whole_word_covers_its_broken_form_in_the_source() -> None:
    source = "Behov for hel-\nsedata straks."
    derived = join_lines(source, Span(0, len(source)))
    start = derived.text.index("helsedata")
    assert derived.to_source(Span(start, start + 9)).of(source) == "hel-\nsedata"


def test_text_of_white_space_alone_is_empty() -> None:
    assert joined(" \n\t \n") == ""
