"""Words that a PDF's fonts give out for other letters than the page shows."""

import pytest

from innspill.reading.pages.garbled import find_garbled


def garbled(*lines: str) -> list[str]:
    return [word.text for word in find_garbled((1, line) for line in lines)]


def test_words_with_one_capital_in_the_place_of_a_ligature_are_found() -> None:
    assert garbled("de tøWe valgene", "et oWentlig rom", "som skaWer ro") == ["tøWe", "oWentlig", "skaWer"]


@pytest.mark.parametrize(
    "line",
    [
        "eHelse, iPad og eBok brukes",
        "bruk av GitHub, YouTube og LibreOffice",
        "KrF, SV og NAV svarte",
        "pH-verdien og mRNA",
        "§ 3-1 og «Sak 21/34»",
        "Sámi giella: čállit, ŋ, đ og ž",
        "Öland, Ærø og Skåne",
    ],
)
def test_names_and_letters_that_are_printed_so_are_left_alone(line: str) -> None:
    assert garbled(line) == []


def test_two_words_with_the_same_capital_inside_may_be_names() -> None:
    assert garbled("eHelse og velHus") == []


def test_letters_that_calibri_gives_its_ligatures_out_for_are_found() -> None:
    assert garbled("kommunale \u019fltak") == ["\u019fltak"]


@pytest.mark.parametrize("word", ["ti\ufffdbud", "o\ue001entlig"])
def test_a_sign_without_a_letter_inside_a_word_is_found(word: str) -> None:
    assert garbled(f"et {word} her") == [word]


def test_a_bullet_from_a_font_of_signs_is_no_word() -> None:
    assert garbled("\uf0b7 første punkt", "\ufffd andre punkt") == []


def test_each_word_is_told_once_with_its_first_page() -> None:
    lines = [(3, "et t\ufffdlbud"), (5, "t\ufffdlbud igjen")]
    assert [(word.page_number, word.text) for word in find_garbled(lines)] == [(3, "t\ufffdlbud")]
