"""The models that come with innspill: a card beside each, and files held against the card's checksums before use."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from innspill.bundled import bundled
from innspill.errors import ModelError

CARD = "model.json"
SHIPPED = ("vectors", "norwegian", "languages", "stance")
REINSTALL = "If it came with innspill, install innspill again; else name another in consultation.toml."


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model is and what it was measured to do; the README.md beside it tells people more.

    Attributes:
        name: The name that a configuration may give.
        folder: Where it lies.
        task: What it does, in one sentence.
        licence: Under which it may be used.
        files: Path in the folder -> SHA-256.
        n_bytes: Size of these files.
        figures: Task -> name of the figure -> value, on text that it was not trained on: the model's own figure first,
            then those of baselines, and last, under «bar», what was asked for.
        not_for: What it must not be used for.
    """

    name: str
    folder: Path
    task: str
    licence: str
    files: Mapping[str, str]
    n_bytes: int
    figures: Mapping[str, Mapping[str, float]]
    not_for: str


def shipped_models() -> tuple[ModelCard, ...]:
    """The cards of all models that come with innspill.

    Raises:
        ModelError: a card is missing or cannot be read.
        InnspillError: a model's folder is missing.
    """
    return tuple(read_card(bundled(f"models/{name}")) for name in SHIPPED)


def read_card(folder: Path) -> ModelCard:
    """The card of a model in its folder.

    Raises:
        ModelError: it is missing, or is not such a card.
    """
    path = folder / CARD
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        return ModelCard(
            card["name"],
            folder,
            card["task"],
            card["licence"],
            dict(card["files"]),
            card["bytes"],
            dict(card["figures"]),
            card["not_for"],
        )
    except OSError as error:
        raise ModelError(f"The model in {folder} has no {CARD}. {REINSTALL}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is not the card of a model ({error}). {REINSTALL}") from error


@lru_cache(maxsize=32)
def verified(folder: Path) -> Path:
    """The folder of a model, once each of its files was held against the checksum on its card.

    Raises:
        ModelError: a file is missing, or is not the one that the card describes.
    """
    for name, expected in read_card(folder).files.items():
        file = folder / name
        if not file.is_file():
            raise ModelError(f"The model in {folder} is not complete: {name} is missing. {REINSTALL}")
        with file.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != expected:
                raise ModelError(f"{file} is damaged: its checksum is not the one in {CARD}. {REINSTALL}")
    return folder
