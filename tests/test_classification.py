import shutil
from pathlib import Path

import numpy as np
import pytest

from innspill.bundled import bundled
from innspill.errors import InnspillError, ModelError
from innspill.language.classification import WEIGHTS, LinearTextClassifier, load_classifier, train_classifier

TEXTS = ["vi savner kurs", "vi savner penger", "dette er bra", "så bra at dette sies"] * 3
LABELS = ["need", "need", "praise", "praise"] * 3


@pytest.fixture(scope="module")
def small() -> LinearTextClassifier:
    features = np.zeros((len(TEXTS), 2))
    return train_classifier(TEXTS, features, {"stance": LABELS}, strength=10.0, seed=1)


def test_what_was_learned_is_told_again(small: LinearTextClassifier) -> None:
    shares = small.probabilities("stance", ["vi savner alt", "dette er så bra"], np.zeros((2, 2)))
    assert [small.classes("stance")[row.argmax()] for row in shares] == ["need", "praise"]


def test_probabilities_of_a_text_add_up_to_one(small: LinearTextClassifier) -> None:
    assert np.allclose(small.probabilities("stance", TEXTS, np.zeros((len(TEXTS), 2))).sum(axis=1), 1.0)


def test_where_a_comment_points_makes_no_difference(small: LinearTextClassifier) -> None:
    texts = ["Linje 12: vi savner kurs", "Linje 340–351: vi savner kurs"]
    first, second = small.probabilities("stance", texts, np.zeros((2, 2)))
    assert np.allclose(first, second)


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
