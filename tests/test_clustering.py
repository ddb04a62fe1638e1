"""Clusters: the same on every run, and bounded in what they compare."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from innspill import clustering
from innspill.clustering import spread, ward


def two_heaps(n_each: int) -> np.ndarray:
    generator = np.random.default_rng(1)
    return np.vstack([generator.normal(0, 0.1, (n_each, 3)), generator.normal(5, 0.1, (n_each, 3))])


def test_vectors_that_lie_together_are_one_cluster() -> None:
    labels = ward(two_heaps(20), 2)
    assert labels.tolist() == [0] * 20 + [1] * 20


def test_there_are_no_more_clusters_than_vectors() -> None:
    assert sorted(ward(np.eye(3), 10).tolist()) == [0, 1, 2]


def test_what_is_not_linked_joins_the_nearest_cluster(monkeypatch) -> None:
    monkeypatch.setattr(clustering, "MAX_LINKED", 8)
    assert ward(two_heaps(200), 2).tolist() == [0] * 200 + [1] * 200


def test_no_vectors_have_no_clusters() -> None:
    assert ward(np.zeros((0, 2)), 3).tolist() == []


@given(st.integers(1, 500), st.integers(1, 60))
def test_a_spread_runs_from_the_first_item_to_the_last_and_names_none_twice(n_items: int, at_most: int) -> None:
    positions = spread(n_items, at_most).tolist()
    assert positions == sorted(set(positions))
    assert len(positions) == min(n_items, at_most)
    assert positions[0] == 0
    assert positions[-1] == n_items - 1 or at_most == 1
