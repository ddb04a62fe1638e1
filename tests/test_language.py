"""What the stages ask of Norwegian."""

import pytest

from mails import norwegian


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
