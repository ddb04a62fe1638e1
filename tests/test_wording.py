"""How well a comment's words fit the sentences of a report: words, numbers and short quotations in common."""

import numpy as np
import pytest

from innspill.language.vectors import SharedNumbers, cosine
from innspill.records import Numbering, Passage, Report, Section, Span
from innspill.wording import Wording, codes_of, heading_paths, joined_by

SENTENCES = (
    "Kommunen har 61 000 innbyggere i fire grender.",
    "Ferjene går hver time, og prisen er 240 kroner.",
    "Bokbussen stanser ved elleve grender i uka.",
    "Skolene skal ha «fri skyss» for alle.",
)


@pytest.fixture(scope="module")
def wording() -> Wording:
    """A report of one sentence a line, all in one section."""
    starts = [sum(len(before) + 1 for before in SENTENCES[:place]) for place in range(len(SENTENCES))]
    passages = tuple(
        Passage(f"P{start}", f"A{start}", "S1", "text", Span(start, start + len(words)))
        for start, words in zip(starts, SENTENCES, strict=True)
    )
    numbering = Numbering("printed", 1, "continuous", 1, 4)
    return Wording(Report("Bygda", "\n".join(SENTENCES), (), (), (), (), passages, numbering))


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("Hvem har talt de 61 000?", 0),
        ("Hva sier dere om «fri skyss»?", 3),
        ("240 er altfor mye å betale.", 1),
    ],
)
def test_the_sentence_that_has_the_number_or_the_quotation_fits_best(wording: Wording, said: str, place: int) -> None:
    assert int(wording.said(said).fits.argmax()) == place


@pytest.mark.parametrize("said", ["Er vi 61 000?", "Er vi 61\u00a0000?", "Er vi 61.000?", "Er vi 61000?"])
def test_a_number_is_the_same_however_its_thousands_are_written(wording: Wording, said: str) -> None:
    assert "61000" in wording.said(said).telling


def test_a_number_that_the_report_lacks_speaks_for_no_sentence(wording: Wording) -> None:
    assert wording.said("Vi er 4 711 og 8 899.").telling == frozenset()


def test_thousands_of_numbers_and_quotations_are_weighed(wording: Wording) -> None:
    said = " ".join(f"{number} «nei {number}»" for number in range(10_000, 15_000))
    assert np.isfinite(wording.said(f"«fri skyss» {said}").fits).all()


def test_texts_of_a_group_are_joined_in_their_order() -> None:
    assert joined_by(codes_of(["b", "a", "b"]), ["først", "for seg", "sist"]) == ["først sist", "for seg"]


def test_a_heading_stands_with_those_above_it() -> None:
    sections = (
        Section("S1", "1", "Tiltak", 1, "", Span(0, 6)),
        Section("S2", "1.1", "Skyss", 2, "S1", Span(7, 12)),
    )
    report = Report("Bygda", "Tiltak\nSkyss", (), (), sections, (), (), Numbering("printed", 1, "continuous", 1, 2))
    assert heading_paths(report) == {"S1": "Tiltak", "S2": "Tiltak Skyss"}


def test_a_number_that_several_texts_hold_weighs_less() -> None:
    held = ["240 kroner og 11 månader", "240 elever", "ingen tall"]
    numbers = SharedNumbers(held)
    assert cosine(numbers.encode(["Hvorfor 240?", "Bare 11?", "7 og 99"]), numbers.encode(held)).tolist() == [
        [pytest.approx(0.5), pytest.approx(0.5), 0.0],
        [pytest.approx(1.0), 0.0, 0.0],
        [0.0, 0.0, 0.0],
    ]
