import shutil
from pathlib import Path

import numpy as np
import pytest

from innspill.bundled import bundled
from innspill.errors import InnspillError, ModelError
from innspill.language.classification import (
    WEIGHTS,
    LinearTextClassifier,
    load_classifier,
    mask_citations,
    train_classifier,
)

VIEW = "whole"
TEXTS = ["vi savner kurs", "vi savner penger", "dette er bra", "så bra at dette sies"] * 3
LABELS = ["need", "need", "praise", "praise"] * 3


def views(texts: list[str]) -> dict[str, list[str]]:
    return {VIEW: texts, "opening": [text.split()[0] for text in texts]}


def trained(labels: list[str], *, balance: float = 1.0, head: str = "stance") -> LinearTextClassifier:
    features = np.zeros((len(TEXTS), 2))
    return train_classifier(views(TEXTS), features, {head: labels}, strength=10.0, balance=balance, seed=1)


@pytest.fixture(scope="module")
def small() -> LinearTextClassifier:
    return trained(LABELS)


def test_what_was_learned_is_told_again(small: LinearTextClassifier) -> None:
    shares = small.probabilities(views(["vi savner alt", "dette er så bra"]), np.zeros((2, 2)))["stance"]
    assert [small.classes("stance")[row.argmax()] for row in shares] == ["need", "praise"]


def test_probabilities_of_a_text_add_up_to_one(small: LinearTextClassifier) -> None:
    shares = small.probabilities(views(TEXTS), np.zeros((len(TEXTS), 2)))["stance"]
    assert np.allclose(shares.sum(axis=1), 1.0)


def test_a_label_that_is_not_known_is_left_out() -> None:
    model = trained(["need", "", "praise", "praise"] * 3)
    assert model.classes("stance") == ["need", "praise"]


def test_a_rare_label_weighs_more_when_it_is_balanced() -> None:
    rare = ["need"] + ["praise"] * (len(TEXTS) - 1)

    def share_of_need(balance: float) -> float:
        return trained(rare, balance=balance).probabilities(views(TEXTS[:1]), np.zeros((1, 2)))["stance"][0, 0]

    assert share_of_need(1.0) > share_of_need(0.0)


@pytest.mark.parametrize(
    "text",
    [
        "Linje 12: vi savner kurs",
        "s. 5 l. 146–147: vi savner kurs",
        "Side 3, linje 83–84: vi savner kurs",
        "l. 129–130, 136–137 og 139–140: vi savner kurs",
        "Tredje punkt i lista i kapittel 11: vi savner kurs",
        "Andre kulepunkt under 7.1: vi savner kurs",
        "Lines 70-71: vi savner kurs",
    ],
)
def test_where_a_comment_points_makes_no_difference(text: str) -> None:
    assert mask_citations(text) == mask_citations("Linje 340–351: vi savner kurs")


@pytest.mark.parametrize("text", ["Vi har 12 elever", "12 linjer", "På side med kommunen", "Kapittelet er langt"])
def test_what_points_nowhere_stays(text: str) -> None:
    assert mask_citations(text) == text


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "stance"
    shutil.copytree(bundled("models/stance"), folder)
    weights = folder / WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="checksum"):
        load_classifier(folder)


def test_saving_twice_gives_the_same_bytes(small: LinearTextClassifier, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
        names = small.save(folder)
    first, second = ([(folder / name).read_bytes() for name in names] for folder in folders)
    assert first == second


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=tmp_path.name):
        load_classifier(tmp_path)


def test_what_is_not_bundled_is_named() -> None:
    with pytest.raises(InnspillError, match="models/finnes-ikke"):
        bundled("models/finnes-ikke")
