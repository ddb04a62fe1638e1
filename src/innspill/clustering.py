"""Vectors -> clusters, the same ones on every run, at a cost that grows with their number and not its square."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from innspill.language.vectors import FloatArray

# So many vectors are linked with each other; the rest, of which there is any in large consultations only, join the
# cluster whose middle is nearest.
MAX_LINKED = 3_000
# Vectors whose distances to all middles are measured at a time.
BLOCK = 10_000


def ward(vectors: FloatArray, n_clusters: int) -> NDArray[np.int64]:
    """Clusters by Ward's linkage, shape (n_vectors,); numbered by where each is first met.

    Args:
        vectors: Shape (n_vectors, n_features).
        n_clusters: How many; fewer where there are fewer vectors.
    """
    from sklearn.cluster import AgglomerativeClustering

    n_clusters = min(n_clusters, len(vectors))
    if n_clusters < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    linked = spread(len(vectors), MAX_LINKED)
    labels = AgglomerativeClustering(n_clusters, linkage="ward").fit_predict(vectors[linked])
    if len(linked) < len(vectors):
        middles = np.vstack([vectors[linked][labels == label].mean(axis=0) for label in range(n_clusters)])
        labels = _nearest(vectors, middles)
    return _by_first_met(labels)


def spread(n_items: int, at_most: int) -> NDArray[np.int64]:
    """Positions of at most so many items, evenly over all of them; all of them where there are no more."""
    return np.unique(np.linspace(0, n_items - 1, min(n_items, at_most)).round().astype(np.int64))


def _nearest(vectors: FloatArray, middles: FloatArray) -> NDArray[np.int64]:
    """The nearest middle of each vector, by Euclidean distance."""
    lengths = (middles**2).sum(axis=1)
    blocks = [vectors[start : start + BLOCK] for start in range(0, len(vectors), BLOCK)]
    return np.concatenate([(lengths - 2 * block @ middles.T).argmin(axis=1) for block in blocks])


def _by_first_met(labels: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    number: dict[int, int] = {}
    return np.array([number.setdefault(int(label), len(number)) for label in labels], dtype=np.int64)
