"""Sentences, languages and lemmas."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.language.identification import identify
from mails import cases, norwegian


@pytest.mark.parametrize("case", cases("sentences"))
def test_sentences_end_where_a_reader_ends_them(case: dict) -> None:
    assert [span.of(case["text"]) for span in norwegian().sentences(case["text"])] == case["expect"]


@pytest.mark.parametrize("case", cases("languages"))
def test_the_language_is_told_by_its_forms(case: dict) -> None:
    assert identify(case["text"]) == case["expect"]


@given(st.text(max_size=200))
def test_sentences_lose_nothing_but_white_space(text: str) -> None:
    spans = norwegian().sentences(text)
    assert "".join(span.of(text) for span in spans).split() == text.split() or _same_letters(text, spans)


def _same_letters(text: str, spans: list) -> bool:
    return "".join("".join(span.of(text) for span in spans).split()) == "".join(text.split())


@given(st.text(max_size=200))
def test_sentences_stand_in_order_without_overlap(text: str) -> None:
    spans = norwegian().sentences(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))


def test_a_text_that_tells_nothing_gets_the_default() -> None:
    assert identify("12–14", default="nn") == "nn"


def test_a_lemma_is_found_for_both_written_forms() -> None:
    assert norwegian().lemma("skolene") == "skole"
    assert norwegian().lemma("søknadene") == "søknad"


@pytest.mark.parametrize("word", ["ikkje", "ikke", "the", "rapporten", "linje"])
def test_words_of_the_genre_and_grammar_carry_no_content(word: str) -> None:
    assert norwegian().is_stop_word(word)


@pytest.mark.parametrize("word", ["bibliotek", "landstrøm", "skuleskyss"])
def test_words_of_the_field_carry_content(word: str) -> None:
    assert not norwegian().is_stop_word(word)


def test_a_text_of_more_than_a_million_letters_is_split() -> None:
    text = "Vi savner noe om beredskap. " * 40_000
    assert len(text) > 1_000_000
    assert len(norwegian().sentences(text)) == 40_000
