"""The shipped pipeline: word classes, lemmas and names in bokmål and nynorsk."""

import json
import random
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy

from innspill.bundled import bundled
from innspill.language import components
from innspill.language.components import PackedVectors
from innspill.language.lemmas import KnownWord, Lemmas, edit_between, pack_lemmas, unpack_lemmas
from mails import cases
from models.norwegian.annotation import Annotated, annotated
from models.norwegian.renaming import Register, renamed
from models.texts import Token, TreebankSentence

FOLDER = bundled("models/norwegian")
WORDS = [
    KnownWord("nb", "uker", "NOUN Number=Plur", "uke", 9),
    KnownWord("nb", "bøker", "NOUN Number=Plur", "bok", 5),
    KnownWord("nb", "rå", "ADJ", "rå", 3),
    KnownWord("nb", "ikke", "PART", "ikke", 50),
    KnownWord("nn", "veker", "NOUN Number=Plur", "veke", 9),
    KnownWord("nn", "ikkje", "PART", "ikkje", 50),
    KnownWord("nb", "er", "AUX", "være", 50),
    KnownWord("nn", "er", "AUX", "vere", 50),
    KnownWord("nb", "Norges", "PROPN Case=Gen", "Norge", 9),
]


@lru_cache(maxsize=1)
def pipeline() -> Any:
    return spacy.load(FOLDER)


@pytest.mark.parametrize("case", cases("lemmas"))
def test_a_word_in_a_sentence_has_its_base_form(case: dict) -> None:
    doc = pipeline()(case["text"])
    assert [token.lemma_ for token in doc if token.text == case["word"]] == [case["lemma"]]


@pytest.mark.parametrize("case", cases("names_in_text"))
def test_names_in_a_text_are_found_and_nothing_else(case: dict) -> None:
    assert {span.text: span.label_ for span in pipeline()(case["text"]).ents} == case["names"]


def test_the_kinds_of_name_are_three() -> None:
    assert set(pipeline().get_pipe("ner").labels) == {"PERSON", "ORGANISATION", "PLACE"}


def test_the_parts_of_speech_are_universal() -> None:
    doc = pipeline()("Vi savner gode helsestasjoner i Bodø.")
    assert [token.pos_ for token in doc] == ["PRON", "VERB", "ADJ", "NOUN", "ADP", "PROPN", "PUNCT"]


def test_the_lemma_follows_the_written_form_of_the_text() -> None:
    assert [pipeline()(text)[1].lemma_ for text in ("Dette er ikke bra.", "Dette er ikkje bra.")] == ["være", "vere"]


def test_a_text_that_says_its_written_form_is_believed() -> None:
    doc = pipeline().make_doc("Dette er bra.")
    doc.user_data[components.WRITTEN_FORM] = "nn"
    assert pipeline()(doc)[1].lemma_ == "vere"


def test_an_empty_text_and_one_of_blanks_are_read() -> None:
    assert [len(doc.ents) for doc in pipeline().pipe(["", " \n ", "\u00a0"])] == [0, 0, 0]


def test_a_pipeline_written_again_reads_alike(tmp_path: Path) -> None:
    text = "Kari Nordmann i Sunndal kommune saknar sjukeheimsplassar."
    pipeline().to_disk(tmp_path / "copy")
    copy = spacy.load(tmp_path / "copy")
    assert [(t.pos_, t.lemma_, t.ent_type_) for t in copy(text)] == [
        (t.pos_, t.lemma_, t.ent_type_) for t in pipeline()(text)
    ]


def test_the_files_fit_the_budget() -> None:
    assert json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))["bytes"] <= 13_000_000


def test_the_lemmas_are_read_without_spacy() -> None:
    code = "import sys, innspill.language.lemmas; sys.exit('spacy' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_our_components_import_no_torch_beyond_what_spacy_does() -> None:
    # Thinc imports torch where it is installed; with torch kept away the pipeline must load and run.
    code = (
        "import sys; sys.modules['torch'] = None; import innspill.language.components, spacy; "
        f"doc = spacy.load({str(FOLDER)!r})('Vi bor i Bodø.'); sys.exit(len(doc) != 5)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unseen_word_goes_the_way_of_the_word_that_ends_alike() -> None:
    assert Lemmas(WORDS).lemma("Ferieuker", "NOUN Number=Plur", "nb") == "ferieuke"


def test_an_unseen_word_of_an_unseen_tag_stays_as_it_is() -> None:
    assert Lemmas(WORDS).lemma("Hei", "INTJ", "nb") == "hei"


def test_a_word_known_only_in_the_other_written_form_is_used() -> None:
    assert Lemmas(WORDS).lemma("bøker", "NOUN Number=Plur", "nn") == "bok"


@pytest.mark.parametrize(
    ("name", "lemma"), [("Norges", "Norge"), ("Bodøs", "Bodø"), ("Hans'", "Hans"), ("NRK’s", "NRK")]
)
def test_a_name_loses_its_genitive(name: str, lemma: str) -> None:
    assert Lemmas(WORDS).lemma(name, "PROPN Case=Gen", "nb") == lemma


def test_a_name_that_ends_in_s_without_genitive_keeps_it() -> None:
    assert Lemmas(WORDS).lemma("Moss", "PROPN", "nb") == "Moss"


def test_the_written_form_is_told_by_the_words() -> None:
    lemmas = Lemmas(WORDS)
    assert [lemmas.written_form([word]) for word in ("ikkje", "ikke", "Bergen")] == ["nn", "nb", "nb"]


def test_packed_lemmas_are_the_same_when_unpacked() -> None:
    packed = pack_lemmas(WORDS)
    assert packed == pack_lemmas(WORDS[::-1])
    assert unpack_lemmas(packed).lemma("er", "AUX", "nn") == "vere"


@pytest.mark.parametrize(("word", "lemma"), [("gikk", "gå"), ("husene", "hus"), ("rå", "rå"), ("ble", "bli")])
def test_an_edit_makes_the_lemma_of_the_word(word: str, lemma: str) -> None:
    assert edit_between(word, lemma).of(word) == lemma


def table_of(*words: str) -> PackedVectors:
    from spacy.strings import StringStore, get_string_id

    vectors = PackedVectors(strings=StringStore())
    packed = np.arange(1, 2 * len(words) + 1, dtype=np.int8).reshape(-1, 2)
    vectors.set(np.array([get_string_id(word) for word in words], np.uint64), packed, np.array([1, 0.5], np.float32))
    return vectors


@pytest.mark.parametrize(
    ("word", "row"), [("plan", 0), ("Plan", 0), ("PLAN", 0), ("arealplan", 0), ("Bodøs", 1), ("bodø", 1)]
)
def test_an_unknown_word_takes_the_vector_of_a_known_one(word: str, row: int) -> None:
    vectors = table_of("plan", "Bodø")
    key = vectors.strings.add(word)
    assert vectors.get_batch([key]).tolist() == [[[1, 1], [3, 2]][row]]


def test_a_word_that_resembles_none_has_zeros() -> None:
    vectors = table_of("plan")
    assert vectors.get_batch([vectors.strings.add("xyz")]).tolist() == [[0, 0]]


def of_the_treebank(*rows: tuple[str, str, str, str, str]) -> TreebankSentence:
    return TreebankSentence(tuple(Token(*row) for row in rows), "")


def test_a_sentence_of_the_treebank_is_told_in_universal_terms() -> None:
    sentence = of_the_treebank(
        ("Norge", "Norge", "subst", "prop", "B-GPE_ORG"),
        ("har", "ha", "verb", "pres", "O"),
        ("ikkje", "ikkje", "adv", "_", "O"),
        ("bygd", "byggje", "verb", "perf-part", "O"),
        ("to", "to", "det", "fl|kvant", "O"),
        ("skular", "skule", "subst", "appell|mask|ub|fl", "O"),
        ("|", "$|", "clb", "<overskrift>", "O"),
    )
    assert annotated(sentence) == Annotated(
        forms=("Norge", "har", "ikkje", "bygd", "to", "skular"),
        parts=("PROPN", "AUX", "PART", "VERB", "NUM", "NOUN"),
        features=("", "Tense=Pres|VerbForm=Fin", "", "VerbForm=Part", "", "Definite=Ind|Number=Plur"),
        lemmas=("Norge", "ha", "ikkje", "byggje", "to", "skule"),
        entities=("B-ORGANISATION", "O", "O", "O", "O", "O"),
    )


def test_a_verb_that_helps_no_other_is_no_auxiliary() -> None:
    rows = [("Vi", "vi", "pron", "pers", "O"), ("har", "ha", "verb", "pres", "O"), ("tid", "tid", "subst", "ub", "O")]
    assert annotated(of_the_treebank(*rows)).parts == ("PRON", "VERB", "NOUN")


def test_a_product_is_no_name() -> None:
    assert annotated(of_the_treebank(("Volvo", "Volvo", "subst", "prop", "B-PROD"))).entities == ("O",)


def test_a_renamed_sentence_keeps_its_kinds_and_its_genitive() -> None:
    sentence = Annotated(
        ("Kari", "Moe", "ser", "Oslos", "havn"),
        ("PROPN", "PROPN", "VERB", "PROPN", "NOUN"),
        ("", "", "", "Case=Gen", ""),
        ("Kari", "Moe", "se", "Oslo", "havn"),
        ("B-PERSON", "I-PERSON", "O", "B-PLACE", "O"),
    )
    register = Register(["Liv"], ["Li"], ["Norsk Laks"], ["Alta"])
    chance = random.Random(1)
    seen = [renamed(sentence, register, chance) for _ in range(40)]
    assert {len(column) for each in seen for column in each} <= {5, 6}
    assert {each.forms[-2] for each in seen} == {"Oslos", "Altas"}
    assert {each.entities[:2] for each in seen} == {("B-PERSON", "I-PERSON")}
