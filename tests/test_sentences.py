"""Where sentences end: cases from consultations, nothing lost, citations whole, text made to be slow."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.citations import find_citations
from innspill.language.sentences import find_sentences
from mails import cases

# What rules about marks, digits and abbreviations are made of, so that chance finds their corners.
PIECES = st.lists(
    st.sampled_from(
        [
            *".!?…:;,«»\"”'()[]–-•§⁷ \n\t\u00a0",
            *("\n\n", "\n- ", "\n1. ", " 12", "3.2", "14.", "s.", "jf.", "Linje", "bl.a.", "1. januar", "A.", "osv."),
            *("Det", "Den er", "Men", "kaia", "å", "Å", "😊", "enige.Men ", "utstyr.7 "),
        ]
    ),
    max_size=30,
).map("".join)
TEXTS = st.one_of(st.text(max_size=200), PIECES)


def sentences_of(text: str) -> list[str]:
    return [span.of(text) for span in find_sentences(text)]


@pytest.mark.parametrize("case", cases("sentences"))
def test_sentences_end_where_a_reader_ends_them(case: dict) -> None:
    assert sentences_of(case["text"]) == case["expect"]


@given(TEXTS)
def test_no_letter_is_lost_or_moved(text: str) -> None:
    assert "".join("".join(sentences_of(text)).split()) == "".join(text.split())


@given(TEXTS)
def test_sentences_stand_in_order_without_white_space_around_them(text: str) -> None:
    spans = find_sentences(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(span.of(text) and span.of(text) == span.of(text).strip() for span in spans)


@given(TEXTS)
def test_a_blank_line_always_ends_a_sentence(text: str) -> None:
    above, below = f"{text}kaia", f"Kaia{text}"
    assert sentences_of(f"{above}\n\n{below}") == sentences_of(above) + sentences_of(below)


@pytest.mark.parametrize(
    "citation",
    [
        "linje 12. 14",
        "linje 12–14 og 16",
        "s. 4",
        "s. 4, l. 12",
        "S. 4. L. 12",
        "side 4. Linje 12",
        "Side 4: Linje 12",
        "kap. 3",
        "Kap. 3.2",
        "kap. III",
        "pkt. 2.1",
        "pkt. 2.1. s. 4",
        "avs. 2",
        "linje nr. 12",
        "ln. 12",
        "tab. 3",
        "fig. 2",
        "§ 4-2",
        "p. 4, l. 12",
    ],
)
@pytest.mark.parametrize(
    "frame", ["{} er uklar.", "Vi mener at {} er uklar.", "Jf. {} om båter.", "«Ja», jf. {}, sier vi."]
)
def test_a_sentence_does_not_end_inside_a_citation(citation: str, frame: str) -> None:
    text = frame.format(citation)
    assert sentences_of(text) == [text]


@pytest.mark.parametrize("label", ["Linje 12", "Til linje 12", "S. 4, linje 12", "Kap. 3.2", "Merknad til linje 12–14"])
def test_a_citation_before_a_colon_stays_with_what_is_said_of_it(label: str) -> None:
    text = f"{label}: Teksten er uklar."
    assert find_citations(text)
    assert sentences_of(text) == [text]


@pytest.mark.parametrize(
    "run", [".", ". ", ".»", ". - ", "1. ", "1.", "A. ", "a: ", "\n- a", " »", ".[1]", "\n ", "• "]
)
def test_a_hundred_thousand_marks_lose_nothing(run: str) -> None:
    text = f"Dette er viktig. {run * 100_000} Vi savner ferjer."
    sentences = sentences_of(text)
    assert "".join("".join(sentences).split()) == "".join(text.split())


def test_a_text_of_more_than_a_million_letters_is_split() -> None:
    text = "Vi savner noe om beredskap. " * 40_000
    assert len(find_sentences(text)) == 40_000


def test_an_empty_text_has_no_sentences() -> None:
    assert find_sentences("") == find_sentences(" \n\n\t") == []
