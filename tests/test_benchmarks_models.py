"""The benchmark of the language models, on invented text and encoders of known worth."""

import json
import lzma
import random
import re
import zlib
from pathlib import Path

import numpy as np
import pytest

from benchmarks.models import vector_tasks, vectors
from benchmarks.models.__main__ import as_markdown, as_text, reached, write_figures
from benchmarks.models.distractors import Lexicon, distractors
from benchmarks.models.table import Row
from benchmarks.models.vector_tasks import Clustering, Retrieval
from models.texts import PARTS, part_of

SENTENCES = (
    "Kommunen har ikke fått 120 søknader om tilskudd til bredbånd",
    "Departementet viser til høringen om fellestjenesten for biobanker",
    "Ordføreren mener at budsjettet for 2031 er for stramt",
    "Legevakten skal samle henvendelser fra innbyggerne på ettermiddagen",
)
# So many that each part has some: pairs are divided in runs of a hundred.
N_PAIRS = 4_000


def ids_of(part, prefix, n):
    """Identifiers that belong to a part."""
    numbered = (f"{prefix}-{number}" for number in range(10_000))
    return [name for name in numbered if part_of(name) == part][:n]


def write_rows(path, rows):
    with lzma.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def invented_text(topic, seed, n_words=40):
    """Words that are a topic's own, and some that all share."""
    generator = random.Random(f"{topic}/{seed}")
    own = [f"{topic}{suffix}" for suffix in ("saken", "vedtaket", "planen", "søknaden", "tilsynet")]
    return " ".join(generator.choice([*own, *own, "og", "skal", "etter", "departementet"]) for _ in range(n_words))


@pytest.fixture
def data(tmp_path):
    """A folder of invented text in the shape of the real one."""
    topics = ("fiske", "skole", "helse", "vei", "skatt", "jord", "strøm")
    laws = {part: ids_of(part, "lov", 2 * len(topics)) for part in PARTS}
    write_rows(
        tmp_path / "law-sections.jsonl.xz",
        [
            {
                "law": law,
                "title": f"Lov om {topics[number // 2]}",
                "ministry": f"{topics[number // 2].capitalize()}departementet",
                "field": "",
                "heading": f"§ {row}-1. Om {topics[number // 2]} nummer {number} {row}",
                "text": invented_text(topics[number // 2], f"{law}/{row}"),
            }
            for part in PARTS
            for number, law in enumerate(laws[part])
            for row in range(40)
        ],
    )
    write_rows(
        tmp_path / "public-sector-nb.jsonl.xz",
        [
            {
                "id": name,
                "title": name,
                "paragraphs": [f"# Om {name} og mer", invented_text(name, 1), "# Innledning", "Kort."],
            }
            for part in PARTS
            for name in ids_of(part, "dokument", 5)
        ],
    )
    write_rows(
        tmp_path / "nb-nn-pairs.jsonl.xz",
        [
            {"nb": f"{sentence} i sak nummer {number}", "nn": f"{sentence} i saka nummer {number}"}
            for number in range(N_PAIRS)
            for sentence in [SENTENCES[number % len(SENTENCES)]]
        ],
    )
    return tmp_path


def one_hot(texts, dimension_of, n_dimensions):
    encoded = np.zeros((len(texts), n_dimensions))
    for row, text in enumerate(texts):
        encoded[row, dimension_of[text]] = 1.0
    return encoded


def hashed(texts):
    """Vectors that know a text's words and nothing else: a sum of a random direction a word."""
    directions = np.random.default_rng(0).normal(size=(997, 64))
    return np.array(
        [sum((directions[zlib.crc32(word.encode()) % 997] for word in text.split()), np.zeros(64)) for text in texts]
    )


SEARCH = Retrieval(
    ("a", "b", "c"), ("a1", "b1", "c1", "c2", "x"), (frozenset({0}), frozenset({1}), frozenset({2, 3})), "three"
)


def test_a_perfect_encoder_finds_everything():
    likeness = np.array([[1.0, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 1, 0]])
    assert vectors.ndcg(likeness, SEARCH) == pytest.approx(1.0)


def test_what_is_found_second_counts_by_its_place():
    likeness = np.array([[0.5, 1, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 1, 0]])
    assert vectors.ndcg(likeness, SEARCH) == pytest.approx((1 / np.log2(3) + 1 + 1) / 3)


def test_a_random_encoder_finds_little_among_many():
    generator = np.random.default_rng(0)
    search = Retrieval(("q",) * 200, ("c",) * 1_000, tuple(frozenset({row}) for row in range(200)), "")
    assert vectors.ndcg(generator.normal(size=(200, 1_000)), search) < 0.05


def test_a_tie_between_the_sentence_and_its_distractor_is_a_miss():
    search = Retrieval(("q", "r"), ("a", "b"), (frozenset({0}), frozenset({1})), "")
    assert vectors.first_found(np.array([[1.0, 1.0], [0.2, 0.9]]), search) == 0.5


def test_a_hybrid_of_equal_shares_prefers_what_both_find():
    first, second = np.array([[0.9, 0.8, 0.0]]), np.array([[0.0, 0.8, 0.9]])
    assert vectors.hybrid(first, second, 0.5).argmax() == 1


def test_a_hybrid_without_the_second_ranks_as_the_first():
    first, second = np.array([[0.9, 0.3, 0.5]]), np.array([[0.0, 0.8, 0.9]])
    assert list(np.argsort(-vectors.hybrid(first, second, 0.0)[0])) == [0, 2, 1]


def test_a_hybrid_bears_a_query_that_is_equally_like_everything():
    assert np.isfinite(vectors.hybrid(np.zeros((1, 3)), np.array([[0.1, 0.2, 0.3]]), 0.5)).all()


def test_themes_told_apart_by_the_encoder_score_one():
    labels = ("skole", "helse", "vei") * 8
    clustering = Clustering(tuple(str(row) for row in range(24)), labels, "")
    told_apart = one_hot(labels, {"skole": 0, "helse": 1, "vei": 2}, 3)
    assert vectors.ami(told_apart, clustering) == pytest.approx(1.0)
    assert vectors.mean_ami(told_apart, clustering) == pytest.approx(1.0)


def test_themes_that_the_encoder_knows_nothing_of_score_about_nought():
    labels = ("skole", "helse", "vei") * 30
    clustering = Clustering(tuple(str(row) for row in range(90)), labels, "")
    assert abs(vectors.mean_ami(np.random.default_rng(0).normal(size=(90, 8)), clustering)) < 0.1


def test_bm25_prefers_the_rare_word_and_the_short_text():
    search = Retrieval(
        ("tilskudd til biobank",),
        ("tilskudd til veier", "tilskudd til biobank", "tilskudd til biobank og mye annet som ingen spør om her nå"),
        (frozenset({1}),),
        "",
    )
    assert list(np.argsort(-vectors.bm25(search)[0])) == [1, 2, 0]


def test_sections_of_held_out_laws_are_grouped_by_ministry(data):
    clustering = vector_tasks.ministries(data, "dev")
    assert clustering.n_groups == 7
    encoded = one_hot(clustering.labels, {label: row for row, label in enumerate(sorted(set(clustering.labels)))}, 7)
    assert vectors.v_measure(encoded, data, "dev") == pytest.approx(1.0)
    noise = np.random.default_rng(0).normal(size=(len(clustering.texts), 16))
    assert vectors.v_measure(noise, data, "dev") < 0.1


def test_a_law_gives_at_most_forty_sections_and_none_that_several_ministries_share(data):
    path = data / "law-sections.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    large = rows[-1]["law"]
    more = [{**rows[-1], "text": f"{rows[-1]['text']} ledd {number}"} for number in range(50)]
    shared = [{**row, "ministry": row["ministry"] + "Finansdepartementet", "text": "delt " * 30} for row in rows[-3:]]
    write_rows(path, [*rows, *more, *shared])
    part = part_of(large)
    clustering = vector_tasks.ministries(data, part)
    assert not any(text.count("delt ") > 5 for text in clustering.texts)
    assert len(clustering.texts) == 14 * 40


def test_a_section_that_begins_as_one_of_a_training_law_is_neither_grouped_nor_asked_for(data):
    path = data / "law-sections.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    held_out = next(row for row in rows if part_of(row["law"]) == "dev")
    (copied,) = ids_of("train", "forskrift", 1)
    write_rows(path, [*rows, {**held_out, "law": copied, "heading": "§ 1", "text": held_out["text"] + " Noe mer."}])
    assert not any(held_out["text"] in text for text in vector_tasks.ministries(data, "dev").texts)
    search = vector_tasks.law_headings(data, "dev")
    assert held_out["text"] in search.candidates
    assert vector_tasks.SECTION_NUMBER.sub("", held_out["heading"]) not in search.queries


def test_the_number_of_a_section_is_no_part_of_the_query(data):
    search = vector_tasks.law_headings(data, "test")
    assert len(search.queries) == 14 * 40
    assert not any(re.search(r"§", query) for query in search.queries)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("§ 6-1. Klagerett for foreldre", "Klagerett for foreldre"),
        ("§ 99 a. Anke over kjennelser", "Anke over kjennelser"),
        ("§ 10-4. Tilsynssamarbeid", "Tilsynssamarbeid"),
        ("§ 12 a", ""),
        ("§ 3 I god tid", "I god tid"),
        ("Artikkel 12. Unntak fra reglene", "Unntak fra reglene"),
        ("Vedlegg om gebyr", "Vedlegg om gebyr"),
        ("I kraft fra nyttår", "I kraft fra nyttår"),
        ("Innledning til loven", "Innledning til loven"),
    ],
)
def test_a_heading_loses_its_section_number_and_nothing_else(heading, expected):
    assert vector_tasks.SECTION_NUMBER.sub("", heading) == expected


def test_a_heading_that_documents_share_is_no_query(data):
    search = vector_tasks.document_headings(data, "dev")
    assert len(search.queries) == 5
    assert "Innledning" not in search.queries


def test_a_section_that_a_training_document_has_is_no_query(data):
    path = data / "public-sector-nb.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    (copied,) = ids_of("train", "avskrift", 1)
    held_out = next(row for row in rows if part_of(row["id"]) == "dev")
    write_rows(path, [*rows, {"id": copied, "title": "", "paragraphs": ["# Noe annet her", held_out["paragraphs"][1]]}])
    search = vector_tasks.document_headings(data, "dev")
    assert len(search.queries) == 4
    assert f"Om {held_out['id']} og mer" not in search.queries


def test_each_heading_has_the_text_under_it_as_its_answer(data):
    search = vector_tasks.document_headings(data, "dev")
    for query, relevant in zip(search.queries, search.relevant, strict=True):
        (found,) = relevant
        assert query.split()[1] in search.candidates[found]


def test_pairs_are_looked_for_among_all_sentences_and_their_distractors(data):
    search = vector_tasks.nynorsk(data, "test")
    assert len(search.candidates) >= 2.5 * len(search.queries)
    for query, relevant in zip(search.queries, search.relevant, strict=True):
        (found,) = relevant
        assert search.candidates[found] == query.replace("saka", "sak")


def test_no_document_belongs_to_two_parts():
    fixed = {"lov-1814-05-17": "train", "pair/0": part_of("pair/0")}
    for name, part in fixed.items():
        assert part_of(name) == part
    held = {part: set(ids_of(part, "dokument", 200)) for part in PARTS}
    assert not held["train"] & held["dev"] and not held["train"] & held["test"] and not held["dev"] & held["test"]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_distractor_is_never_the_sentence_itself_and_always_the_same(sentence):
    lexicon = Lexicon.of(SENTENCES)
    made = distractors(sentence, lexicon)
    assert made
    assert sentence not in made
    assert made == distractors(sentence, Lexicon.of(SENTENCES))


def test_a_negation_is_taken_out_or_put_in():
    nothing = Lexicon.of([])
    assert "Kommunen har fått svar" in distractors("Kommunen har ikke fått svar", nothing)
    assert "Kommunen har ikke fått svar" in distractors("Kommunen har fått svar", nothing)


def test_a_number_is_changed_for_another_of_as_many_digits():
    (made,) = [other for other in distractors("I 2031 kom 7", Lexicon.of([])) if re.search(r"\d", other)]
    numbers = re.findall(r"\d+", made)
    assert [len(number) for number in numbers] == [4, 1]
    assert numbers != ["2031", "7"]


def test_a_word_is_exchanged_for_one_that_ends_alike_and_is_as_frequent():
    common = [f"vanlig{first}{second}" for first in "abcdefghijklmno" for second in "abcdefghijklmno"] * 9
    lexicon = Lexicon.of([*common, *["festen varte"] * 5, "hesten beitet", "bønnen vokste", "isen lå", "kua gikk"])
    assert lexicon.stand_ins("hesten") == ["bønnen"]


def test_comments_of_dev_and_test_are_not_the_same():
    dev, test = (vector_tasks.placed_comments(Path(), part) for part in ("dev", "test"))
    assert dev.candidates == test.candidates
    assert len(dev.queries) > 300 and len(test.queries) > 300
    assert len(set(dev.queries) & set(test.queries)) <= 2


def test_a_comment_is_looked_for_without_its_line_numbers():
    search = vector_tasks.placed_comments(Path(), "dev")
    assert not any(re.search(r"\blinje \d", query) for query in search.queries)
    assert all(relevant for relevant in search.relevant)


def test_words_alone_find_the_passage_of_a_comment_better_than_chance():
    search = vector_tasks.placed_comments(Path(), "dev")
    known = vectors.ndcg(vectors.lexical("comments", Path(), "dev"), search)
    chance = np.random.default_rng(0).normal(size=(len(search.queries), len(search.candidates)))
    assert known > 0.3 > vectors.ndcg(chance, search)


def test_joined_with_what_it_cites_a_comment_says_more():
    own, joined = (vector_tasks.themes("dev", joined=joined) for joined in (False, True))
    assert own.labels == joined.labels
    assert all(longer.startswith(said) for said, longer in zip(own.texts, joined.texts, strict=True))
    assert sum(len(text) for text in joined.texts) > 1.2 * sum(len(text) for text in own.texts)


def test_any_encoder_can_be_measured_on_all_tasks(data):
    figures = vectors.measure(hashed, data, "dev")
    assert {"ministries", "documents", "documents hybrid", "laws", "nynorsk", "comments hybrid", "themes own"} <= set(
        figures
    )
    assert figures["ministries"] > 0.9  # each ministry's words are its own here
    assert all(-0.1 <= figure <= 1 for figure in figures.values())


REACHED = Row("search", "5 queries", "nDCG@10", {"ours": 0.71234, "BM25": 0.6}, 0.70)
MISSED = Row("speed", "9 sentences", "sentences a second", {"ours": 14_999.7, "MiniLM": 214.0}, 15_000)
QUICK = Row("loading", "", "seconds", {"ours": 0.2}, 0.5)
FREE = Row("other", "", "F1", {"ours": 0.1})


def test_a_bar_is_reached_from_above_for_gains_and_from_below_for_seconds():
    assert [reached(row) for row in (REACHED, MISSED, QUICK, FREE)] == [True, False, True, None]


def test_the_table_has_a_row_a_task_with_the_baselines_beside_it():
    lines = as_text([REACHED, MISSED, FREE]).splitlines()
    assert len(lines) == 4
    assert "0.712" in lines[1] and "BM25 0.600" in lines[1] and "≥ 0.700" in lines[1] and lines[1].endswith("yes")
    assert "15,000" in lines[2] and lines[2].endswith("no")
    assert as_markdown([REACHED]).splitlines()[1] == "|" + " --- |" * 7


def test_figures_are_put_on_a_card_and_the_rest_of_it_stays(tmp_path):
    card = tmp_path / "model.json"
    card.write_text(json.dumps({"name": "vectors", "figures": {"older": {"F1": 0.5}}}), encoding="utf-8")
    write_figures(card, [REACHED, FREE])
    assert json.loads(card.read_text(encoding="utf-8")) == {
        "name": "vectors",
        "figures": {
            "older": {"F1": 0.5},
            "search": {"nDCG@10": 0.7123, "BM25": 0.6, "bar": 0.7},
            "other": {"F1": 0.1},
        },
    }


def test_a_model_without_a_card_gets_none(tmp_path, capsys):
    write_figures(tmp_path / "model.json", [REACHED])
    assert not (tmp_path / "model.json").exists()
    assert "no card" in capsys.readouterr().err
