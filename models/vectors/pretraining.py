"""Token vectors from what stands near what: positive pointwise mutual information, reduced by randomised SVD.

The same text gives the same vectors: the thinning and the start of the SVD are drawn with a seed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd
from tokenizers import Tokenizer

Ids = NDArray[np.int32]
FloatArray = NDArray[np.float32]

WINDOW = 8
# A token commoner than this share of all tokens is thinned out, as in word2vec, so that windows reach further.
COMMON = 3e-5
# Contexts are counted as if rare ones were a little commoner, which keeps PPMI from favouring them.
CONTEXT_POWER = 0.75
# Singular values to this power: between those of the PPMI matrix (1) and none (0).
SINGULAR_POWER = 0.5
# Tokens that met fewer times, and never near each other, tell little and are half of all pairs.
MIN_COOCCURRENCE = 0.8
N_TOKENS_IN_A_CHUNK = 4_000_000


def tokenize(tokenizer: Tokenizer, paragraphs: Sequence[str]) -> Ids:
    """Ids of all paragraphs after each other, with -1 behind each."""
    parts = []
    for start in range(0, len(paragraphs), 20_000):
        for encoding in tokenizer.encode_batch_fast(paragraphs[start : start + 20_000], add_special_tokens=False):
            parts.append(np.array([*encoding.ids, -1], dtype=np.int32))
    return np.concatenate(parts)


def token_counts(ids: Ids, n_tokens: int) -> NDArray[np.int64]:
    """How often each token occurs."""
    return np.bincount(ids[ids >= 0], minlength=n_tokens)


def inverse_frequency(counts: NDArray[np.int64], half_weight: float) -> FloatArray:
    """A weight for each token, near 1 for rare ones and 1/2 at the share `half_weight` of all tokens."""
    return np.asarray(half_weight / (half_weight + counts / counts.sum()), dtype=np.float32)


def token_vectors(ids: Ids, shared: Ids, n_dimensions: int, *, seed: int) -> FloatArray:
    """Unit vectors of shape (n_tokens, n_dimensions).

    Args:
        ids: The text, as `tokenize` gives it.
        shared: For each token the token whose vector it shares: they count as one.
        n_dimensions: How long the vectors are.
        seed: For the thinning and the SVD.
    """
    n_tokens = len(shared)
    ids = np.append(shared, np.int32(-1))[ids]
    ids = thinned(ids, token_counts(ids, n_tokens), seed=seed)
    vectors = reduced(ppmi(cooccurrences(ids, n_tokens)), n_dimensions, seed=seed)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)[shared]


def thinned(ids: Ids, counts: NDArray[np.int64], *, seed: int) -> Ids:
    """`ids` without most occurrences of common tokens."""
    kept = np.minimum(1.0, np.sqrt(COMMON * counts.sum() / np.maximum(counts, 1)))
    chance = np.random.default_rng(seed).random(len(ids), dtype=np.float32)
    return ids[(ids < 0) | (chance < kept[ids])]


def cooccurrences(ids: Ids, n_tokens: int) -> sparse.csr_matrix:
    """How often two tokens stand within `WINDOW` of each other, nearer ones counting for more; symmetric."""
    total = sparse.csr_matrix((n_tokens, n_tokens), dtype=np.float32)
    for start in range(0, len(ids), N_TOKENS_IN_A_CHUNK):
        total += _cooccurrences_in(ids[start : start + N_TOKENS_IN_A_CHUNK], n_tokens)
    total = (total + total.T).tocsr()
    total.data[total.data < MIN_COOCCURRENCE] = 0
    total.eliminate_zeros()
    return total


def ppmi(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information of co-occurring tokens."""
    rows = np.asarray(counts.sum(axis=1)).ravel()
    contexts = rows**CONTEXT_POWER
    share = contexts / contexts.sum()
    found = counts.tocoo()
    values = np.log(found.data / (rows[found.row] * share[found.col]))
    positive = values > 0
    return sparse.csr_matrix(
        (values[positive].astype(np.float32), (found.row[positive], found.col[positive])), shape=counts.shape
    )


def reduced(matrix: sparse.csr_matrix, n_dimensions: int, *, seed: int) -> FloatArray:
    """Token vectors of shape (n_tokens, n_dimensions)."""
    left, singular, _ = randomized_svd(matrix, n_dimensions, n_oversamples=16, n_iter=3, random_state=seed)
    return np.ascontiguousarray(left * singular**SINGULAR_POWER, dtype=np.float32)


def _cooccurrences_in(ids: Ids, n_tokens: int) -> sparse.csr_matrix:
    total = sparse.csr_matrix((n_tokens, n_tokens), dtype=np.float32)
    # A break between paragraphs takes a whole window's place: no pair reaches over it.
    breaks = np.cumsum(ids < 0)
    for distance in range(1, WINDOW + 1):
        first, second = ids[:-distance], ids[distance:]
        near = (breaks[:-distance] == breaks[distance:]) & (first >= 0)
        weight = np.full(int(near.sum()), (WINDOW + 1 - distance) / WINDOW, dtype=np.float32)
        total += sparse.coo_matrix((weight, (first[near], second[near])), shape=(n_tokens, n_tokens)).tocsr()
    return total
