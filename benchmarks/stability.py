"""Do themes stay when ten more mails arrive? ``python benchmarks/stability.py [FOLDER …]``.

For each consultation, ten random messages with comments are left out, and the themes of the rest are held against those
of all: adjusted Rand index over the comments in both, five draws with a fixed seed. The mail is read once. Without
arguments, on the bundled corpora that have themes in their gold standard. Prints Markdown.
"""

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from prepared import analyse_prepared  # beside this script
from sklearn.metrics import adjusted_rand_score

from innspill.config import load_consultation
from innspill.language.norwegian import Norwegian
from innspill.pipeline import analyse
from innspill.records import Analysis

CORPORA = Path(__file__).parents[1] / "corpora"
N_ARRIVING, N_DRAWS = 10, 5
SEED = 20_261_015
LEAST = 0.85


def folders() -> list[Path]:
    """The consultations whose comments have themes by the gold standard."""
    files = sorted(CORPORA.glob("*/gold.json"))
    return [file.parent for file in files if json.loads(file.read_text(encoding="utf-8")).get("themes")]


def stability(folder: Path, language: Norwegian) -> tuple[list[float], Analysis]:
    """The adjusted Rand index of each draw, and the analysis of all messages."""
    consultation, config = load_consultation(folder)
    whole = analyse(consultation, language=language, config=config)
    with_comments = sorted({comment.message_id for comment in whole.comments})
    chance = random.Random(SEED)
    indices = []
    for _ in range(N_DRAWS):
        arriving = set(chance.sample(with_comments, min(N_ARRIVING, len(with_comments) // 2)))
        messages = [message for message in whole.messages if message.message_id not in arriving]
        comments = [comment for comment in whole.comments if comment.message_id not in arriving]
        before = analyse_prepared(consultation, whole.report, messages, comments, language=language, config=config)
        indices.append(agreement(before, whole))
    return indices, whole


def agreement(before: Analysis, after: Analysis) -> float:
    """Adjusted Rand index of the themes of the comments that both have."""
    old, new = theme_of(before), theme_of(after)
    both = [comment_id for comment_id in old if comment_id in new]
    return float(adjusted_rand_score([old[one] for one in both], [new[one] for one in both]))


def theme_of(analysis: Analysis) -> dict[str, str]:
    return {comment_id: theme.theme_id for theme in analysis.themes for comment_id in theme.comment_ids}


def main(arguments: Sequence[str]) -> None:
    language = Norwegian()
    print(f"| consultation | comments | themes | adjusted Rand index, mean | of {N_DRAWS} draws | at least {LEAST} |")
    print("|---|---|---|---|---|---|")
    for folder in [Path(argument) for argument in arguments] or folders():
        indices, whole = stability(folder, language)
        mean, each = float(np.mean(indices)), ", ".join(f"{index:.2f}" for index in indices)
        verdict = "yes" if mean >= LEAST else "no"
        print(f"| {folder.name} | {len(whole.comments)} | {len(whole.themes)} | {mean:.3f} | {each} | {verdict} |")


if __name__ == "__main__":
    main(sys.argv[1:])
