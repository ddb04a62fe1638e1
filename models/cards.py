"""Write the card of a model: the ``model.json`` that innspill holds its files against."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from innspill.language.cards import CARD


def write_card(folder: Path, files: Sequence[str], about: Mapping[str, Any]) -> None:
    """Write ``model.json`` beside a model's files.

    Args:
        folder: The model's folder.
        files: Paths of its files, relative to the folder.
        about: The rest of the card: name, task, licence, trained_on, made_by, seed, minutes, figures, not_for.
    """
    contents = {name: (folder / name).read_bytes() for name in sorted(files)}
    card = {
        **about,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
        "bytes": sum(len(content) for content in contents.values()),
    }
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
