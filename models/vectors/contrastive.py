"""The contrastive step: texts of a pair come together, the other texts of the batch stay away.

The loss is sentence-transformers' MultipleNegativesRankingLoss; texts are tokenised once beforehand, which is quicker
than its trainer's way of doing so in every step. Tokens that share a vector (`vocabulary.shared_rows`) keep sharing it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Ids = NDArray[np.int32]
FloatArray = NDArray[np.float32]

MAX_TOKENS = 96


class Settings(NamedTuple):
    """How to train. `shares` is how often a batch comes from each data set, relative to the others."""

    shares: Mapping[str, float]
    n_steps: int
    batch_size: int
    learning_rate: float
    scale: float
    # Neighbouring rows of the document-wise data sets that come into a batch together.
    run_length: int
    seed: int


class Column(NamedTuple):
    """Token ids of many texts after each other, and where each text begins; the last entry is the end."""

    ids: Ids
    starts: NDArray[np.int64]

    def features(self, rows: NDArray[np.int64]) -> dict[str, Any]:
        """The texts of these rows as sentence-transformers' StaticEmbedding takes them."""
        import torch

        texts = [self.ids[self.starts[row] : self.starts[row + 1]] for row in rows]
        offsets = np.cumsum([0, *(len(text) for text in texts[:-1])])
        return {
            "input_ids": torch.from_numpy(np.concatenate(texts).astype(np.int64)),
            "offsets": torch.from_numpy(offsets.astype(np.int64)),
        }


class DataSet(NamedTuple):
    """Tokenised rows: one column for each text of a row, and a number for each row's first and second text."""

    columns: tuple[Column, ...]
    keys: NDArray[np.int64]
    in_runs: bool

    def draw(self, n_rows: int, run_length: int, generator: np.random.Generator) -> NDArray[np.int64]:
        """Rows for a batch, in none of which a text of another comes again."""
        n_all = len(self.keys)
        length = run_length if self.in_runs else 1
        starts = generator.choice(n_all, size=min(n_all, -(-n_rows // length)), replace=False)
        rows = np.unique((starts[:, None] + np.arange(length)) % n_all)
        for key in self.keys.T:
            rows = rows[np.sort(np.unique(key[rows], return_index=True)[1])]
        return np.asarray(rows, dtype=np.int64)


def tokenized(rows: Sequence[tuple[str, ...]], tokenizer: Tokenizer, shared: Ids, *, in_runs: bool) -> DataSet:
    """Tokenise rows; `shared` is the token whose vector each token uses."""
    columns = tuple(_column([row[place] for row in rows], tokenizer, shared) for place in range(len(rows[0])))
    numbers: dict[str, int] = {}
    keys = np.array([[numbers.setdefault(text, len(numbers)) for text in row[:2]] for row in rows], dtype=np.int64)
    return DataSet(columns, keys, in_runs)


def train(vectors: FloatArray, tokenizer: Tokenizer, data: Mapping[str, DataSet], settings: Settings) -> FloatArray:
    """Train token vectors.

    Args:
        vectors: To begin with: shape (n_tokens, n_dimensions).
        tokenizer: Their tokenizer.
        data: Tokenised data sets by name.
        settings: How.

    Returns:
        The trained vectors, in the same shape; those of tokens that share another's are left as they were.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.losses import MultipleNegativesRankingLoss
    from sentence_transformers.models import Normalize, StaticEmbedding

    torch.manual_seed(settings.seed)
    torch.set_num_threads(1)  # sums in another order would give other weights
    generator = np.random.default_rng(settings.seed)
    embedding = StaticEmbedding(tokenizer, embedding_weights=vectors.copy())
    model = SentenceTransformer(modules=[embedding, Normalize()], device="cpu")
    one_way = MultipleNegativesRankingLoss(model, scale=settings.scale)
    both_ways = MultipleNegativesRankingLoss(
        model, scale=settings.scale, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction"
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate)
    names = sorted(settings.shares)
    shares = np.array([settings.shares[name] for name in names])
    for step in range(settings.n_steps):
        for group in optimizer.param_groups:
            group["lr"] = settings.learning_rate * _pace(step, settings.n_steps)
        data_set = data[names[generator.choice(len(names), p=shares / shares.sum())]]
        rows = data_set.draw(settings.batch_size, settings.run_length, generator)
        features = [column.features(rows) for column in data_set.columns]
        loss = (both_ways if len(features) == 2 else one_way)(features, torch.empty(0))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 200 == 0:
            print(f"step {step} of {settings.n_steps}: loss {loss.item():.3f}", flush=True)
    return np.asarray(embedding.embedding.weight.detach().numpy(), dtype=np.float32)


def _pace(step: int, n_steps: int) -> float:
    """The share of the learning rate: rising for a tenth of the steps, then falling to nothing."""
    warm_up = max(1, n_steps // 10)
    return min((step + 1) / warm_up, (n_steps - step) / (n_steps - warm_up + 1))


def _column(texts: Sequence[str], tokenizer: Tokenizer, shared: Ids) -> Column:
    parts = []
    for start in range(0, len(texts), 10_000):
        for encoding in tokenizer.encode_batch_fast(list(texts[start : start + 10_000]), add_special_tokens=False):
            parts.append(shared[encoding.ids[:MAX_TOKENS] or [0]])
    starts = np.cumsum([0, *(len(part) for part in parts)], dtype=np.int64)
    return Column(np.concatenate(parts), starts)
