"""Noun phrases and names, with a tagger that the tests make themselves."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from innspill.errors import ModelError
from innspill.language.tagging import PIECE, Tagger, Token, load_tagger, noun_phrases
from innspill.records import Span


class FakePipeline:
    """Tags capitals as proper nouns and all else as nouns; every capital letter's word is a person."""

    pipe_names = ("tagger", "ner")

    def __init__(self) -> None:
        self.seen: list[str] = []

    def pipe(self, given: Iterable[tuple[str, Any]], **_: object) -> Iterator[tuple[Any, Any]]:
        for text, context in given:
            self.seen.append(text)
            words, place = [], 0
            for word in text.split():
                place = text.index(word, place)
                words.append((place, word))
                place += len(word)
            yield FakeDoc(words), context


class FakeDoc(list):
    def __init__(self, words: list[tuple[int, str]]) -> None:
        super().__init__(FakeToken(place, word) for place, word in words)
        self.ents = [
            SimpleNamespace(start_char=place, end_char=place + len(word), label_="PER")
            for place, word in words
            if word[0].isupper()
        ]


class FakeToken:
    is_space = False

    def __init__(self, place: int, word: str) -> None:
        self.idx, self.lemma_, self.pos_ = place, word.lower(), "PROPN" if word[0].isupper() else "NOUN"
        self.word = word

    def __len__(self) -> int:
        return len(self.word)


def tagged(words: str) -> list[Token]:
    """Tokens of «word/TAG word/TAG»."""
    tokens, place = [], 0
    for item in words.split():
        word, _, tag = item.rpartition("/")
        tokens.append(Token(Span(place, place + len(word)), word, tag))
        place += len(word) + 1
    return tokens


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("vi/PRON savne/VERB nasjonal/ADJ register/NOUN", ["nasjonal register"]),
        ("god/ADJ og/CCONJ åpen/ADJ data/NOUN", ["åpen data"]),
        ("oslo/PROPN kommune/NOUN stor/ADJ", ["oslo kommune"]),
        ("kommune/NOUN liten/ADJ skole/NOUN", ["kommune", "liten skole"]),
        ("viktig/ADJ", []),
        ("a/ADJ b/ADJ c/ADJ d/ADJ e/NOUN", ["b c d e"]),
        ("", []),
    ],
)
def test_a_noun_phrase_is_nouns_with_the_adjectives_before_them(words: str, expected: list[str]) -> None:
    assert [phrase.lemma for phrase in noun_phrases(tagged(words))] == expected


def test_words_of_two_paragraphs_are_not_one_phrase() -> None:
    tokens = [Token(Span(0, 4), "data", "NOUN"), Token(Span(6, 11), "skole", "NOUN")]
    assert [phrase.span for phrase in noun_phrases(tokens)] == [Span(0, 4), Span(6, 11)]


def test_each_text_has_its_own_tokens_also_an_empty_one() -> None:
    found = list(Tagger(FakePipeline()).tokens(["en to", "", "tre"]))
    assert [[token.lemma for token in tokens] for tokens in found] == [["en", "to"], [], ["tre"]]


def test_a_long_text_is_tagged_in_pieces_and_keeps_its_offsets() -> None:
    pipeline = FakePipeline()
    text = "et ord til\n" * (3 * PIECE // 11) + "Kari"
    (tokens,) = Tagger(pipeline).tokens([text])
    assert max(map(len, pipeline.seen)) <= PIECE
    assert [token.span.of(text) for token in tokens] == text.split()
    (names,) = Tagger(pipeline).names([text])
    assert [name.span.of(text) for name in names] == ["Kari"]


def test_a_long_text_without_line_ends_is_cut_as_well() -> None:
    pipeline = FakePipeline()
    text = "ord " * PIECE
    (tokens,) = Tagger(pipeline).tokens([text])
    assert len(tokens) == PIECE
    assert max(map(len, pipeline.seen)) <= PIECE


def test_a_pipeline_that_does_not_exist_is_named() -> None:
    with pytest.raises(ModelError, match="finnes-ikke"):
        load_tagger("finnes-ikke")
