"""Which language a text is in."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.bundled import bundled
from innspill.errors import ModelError
from innspill.language.identification import (
    LANGUAGES,
    LanguageIdentifier,
    hashed_ngrams,
    load_identifier,
    words_of,
)
from mails import cases

IDENTIFIER = load_identifier(bundled("models/languages"))


@pytest.mark.parametrize("case", cases("languages"))
def test_the_language_is_told_by_its_forms(case: dict) -> None:
    assert IDENTIFIER.identify(case["text"]) == case["expect"]


@pytest.mark.parametrize("text", ["", "12–14", "https://kommune.example/og/ikke", "kari@fjordvik.example", "…?!"])
def test_a_text_without_words_gets_the_default(text: str) -> None:
    assert IDENTIFIER.identify(text, default="se") == "se"


@pytest.mark.parametrize("default", ["nb", "nn"])
@pytest.mark.parametrize("text", ["OK", "Bra tekst", "Barn og unge", "Ja takk"])
def test_what_both_forms_spell_alike_is_in_the_form_of_its_message(text: str, default: str) -> None:
    assert IDENTIFIER.identify(text, default=default) == default


@pytest.mark.xfail(strict=True, reason="in what it was trained on, the word is much commoner in bokmål")
def test_praise_of_one_word_is_in_the_form_of_its_message() -> None:
    assert IDENTIFIER.identify("Fint!", default="nn") == "nn"


@pytest.mark.parametrize("default", LANGUAGES)
def test_a_clear_text_is_in_its_language_whatever_the_default(default: str) -> None:
    assert IDENTIFIER.identify("Eg meiner at kommunane ikkje har fått nok tid til dette.", default=default) == "nn"


def test_probabilities_have_a_column_for_each_language_and_add_up_to_one() -> None:
    shares = IDENTIFIER.probabilities(["Dette er ikke godt nok.", "", "Mii eat dieđe."])
    assert shares.shape == (3, len(LANGUAGES))
    assert np.allclose(shares.sum(axis=1), 1.0)


def test_no_texts_have_no_probabilities() -> None:
    assert IDENTIFIER.probabilities([]).shape == (0, len(LANGUAGES))


@given(st.text(max_size=200))
def test_any_text_has_one_of_the_six_languages(text: str) -> None:
    assert IDENTIFIER.identify(text) in LANGUAGES


def test_a_text_is_told_alike_before_and_after_others() -> None:
    text = "Kven skal betale for dette?"
    fresh = load_identifier(bundled("models/languages"))
    before = fresh.probabilities([text])
    fresh.probabilities(["Vi støtter forslaget.", "Hvem skal betale for dette?"])
    assert np.array_equal(before, fresh.probabilities([text]))


def test_the_ngrams_of_a_word_fall_in_the_same_buckets_on_every_machine() -> None:
    assert hashed_ngrams("å", 240_000) == [216714, 35349, 117158, 197388, 175372, 126107]


def test_quoted_words_are_left_out_beside_words_of_ones_own() -> None:
    text = "Rapporten skriver «the data are good» om alle registrene i kommunene."
    assert words_of(text) == ["rapporten", "skriver", "om", "alle", "registrene", "i", "kommunene"]


def test_quoted_words_are_read_where_there_is_little_else() -> None:
    assert words_of("«Vi har ikke råd til dette»") == ["vi", "har", "ikke", "råd", "til", "dette"]


def test_lines_quoted_from_another_mail_are_left_out() -> None:
    assert words_of("Einig.\n> Hva mener dere om dette?\n> Hilsen oss") == ["einig"]


def test_a_word_of_a_thousand_letters_costs_no_more_than_a_long_one() -> None:
    assert len(hashed_ngrams("a" * 1_000, 1_000)) < 250


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "languages"
    shutil.copytree(bundled("models/languages"), folder, ignore=shutil.ignore_patterns("__pycache__"))
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="checksum"):
        load_identifier(folder)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=tmp_path.name):
        load_identifier(tmp_path)


def test_an_undecided_text_is_not_given_to_another_language() -> None:
    even = LanguageIdentifier(np.zeros((10, 6), np.int8), np.ones(6), np.zeros(6))
    assert even.identify("hva som helst", default="nn") == "nn"


@pytest.mark.parametrize("default", ["en", "se", "sv"])
def test_clear_norwegian_in_a_foreign_message_is_norwegian(default: str) -> None:
    assert IDENTIFIER.identify("Barn og unge i kommunen bør få plass", default=default) in {"nb", "nn"}
