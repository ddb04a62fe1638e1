"""The folder that both sentence-transformers and model2vec read."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

WEIGHTS, TOKENIZER = "0_StaticEmbedding/model.safetensors", "0_StaticEmbedding/tokenizer.json"
MODULES, CONFIG = "modules.json", "config_sentence_transformers.json"
FILES = (WEIGHTS, TOKENIZER, MODULES, CONFIG)


def save(folder: Path, tokenizer: Tokenizer, vectors: NDArray[np.float32]) -> None:
    """Write tokens and vectors, so that both readers pool by mean, normalise, and cut nothing off.

    Args:
        folder: The model's folder.
        tokenizer: Its unknown token must have a vector of zeros: one reader leaves it out, the other doesn't.
        vectors: Shape (n_tokens, n_dimensions).
    """
    from safetensors.numpy import save as as_safetensors

    (folder / WEIGHTS).parent.mkdir(parents=True, exist_ok=True)
    weights = {"embedding.weight": np.ascontiguousarray(vectors, dtype=np.float32)}
    (folder / WEIGHTS).write_bytes(as_safetensors(weights))
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    modules = [
        {"idx": 0, "name": "0", "path": "0_StaticEmbedding", "type": f"{_MODULES}.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{_MODULES}.Normalize"},
    ]
    # What only model2vec reads: unit length, and no cutting at 512 tokens.
    config = {
        "model_type": "SentenceTransformer",
        "similarity_fn_name": "cosine",
        "normalize": True,
        "max_length": None,
    }
    for name, content in ((MODULES, modules), (CONFIG, config)):
        (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


_MODULES = "sentence_transformers.models"
