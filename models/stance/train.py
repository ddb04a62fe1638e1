"""Train the stance model and measure it across writers: ``python models/stance/train.py`` (about a minute on one core).

Text: comments-a.jsonl to comments-e.jsonl (invented, written for this project by five hands in 24 fields of
society) and the comments of the tuning messages of corpora/ki-helsedata. The messages kept for measuring are not read.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from innspill.language.classification import CARD, WEIGHTS, LinearTextClassifier, train_classifier
from innspill.language.norwegian import Norwegian
from innspill.stance import StanceModel, cue_features, stance_scores

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "corpora" / "ki-helsedata"
STRENGTH, SEED = 8.0, 1
WRITERS = ("a", "b", "c", "d", "e")

Item = tuple[str, str, str]  # text, stance, "yes"/"no"/"" (says that the report lacks something)


def read_writer(name: str) -> list[Item]:
    """The comments of one writer."""
    rows = [json.loads(line) for line in (HERE / f"comments-{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [(row["text"], row["stance"], "yes" if row["missing"] else "no") for row in rows]


def read_tuning_part() -> list[Item]:
    """The comments of the tuning messages; whether they say that something is missing is not known."""
    gold = json.loads((CORPUS / "gold.json").read_text(encoding="utf-8"))
    tuning = {message["file"] for message in gold["messages"] if message["split"] == "tune"}
    return [(row["quote"], row["stance"], "") for row in gold["comments"] if row["file"] in tuning]


def train(items: Sequence[Item], language: Norwegian) -> dict[str, Any]:
    """The arrays of a model trained on `items`."""
    texts = [text for text, _, _ in items]
    labels = {"stance": [stance for _, stance, _ in items], "missing": [missing for _, _, missing in items]}
    return train_classifier(texts, cue_features(texts, language=language), labels, strength=STRENGTH, seed=SEED)


def measure(items: Sequence[Item], model: StanceModel, language: Norwegian) -> dict[str, float]:
    """F1 for «need», macro-F1, and for «missing» the area under the curve where it is known."""
    judged = model.judge([text for text, _, _ in items], language=language)
    gold, predicted = [stance for _, stance, _ in items], [judgement.stance for judgement in judged]
    figures = {
        "need_f1": f1_score([s == "need" for s in gold], [s == "need" for s in predicted]),
        "macro_f1": f1_score(gold, predicted, average="macro", zero_division=0),
    }
    if any(missing for _, _, missing in items):
        known = [missing == "yes" for _, _, missing in items]
        figures["missing_auc"] = roc_auc_score(known, [judgement.says_missing for judgement in judged])
    return {name: round(float(figure), 3) for name, figure in figures.items()}


def lexicon_alone(items: Sequence[Item], language: Norwegian) -> dict[str, float]:
    """The baseline: the stance with the most votes of the cue lexicon."""
    votes = [stance_scores(text, language=language) for text, _, _ in items]
    predicted = [max(vote, key=lambda name: vote[name]) if vote else "other" for vote in votes]
    gold = [stance for _, stance, _ in items]
    need = f1_score([s == "need" for s in gold], [s == "need" for s in predicted])
    macro = f1_score(gold, predicted, average="macro", zero_division=0)
    return {"need_f1": round(float(need), 3), "macro_f1": round(float(macro), 3)}


def main() -> None:
    """Measure each set by a model trained on the others, then train on all of them and write the model."""
    language = Norwegian()
    sets = {f"writer {name}": read_writer(name) for name in WRITERS}
    sets["tuning part"] = read_tuning_part()
    held_out: dict[str, Any] = {}
    for name, items in sets.items():
        others = [item for other, rows in sets.items() if other != name for item in rows]
        model = StanceModel(LinearTextClassifier(train(others, language)))
        held_out[name] = {
            "n": len(items),
            "model": measure(items, model, language),
            "lexicon": lexicon_alone(items, language),
        }
        print(name, held_out[name])
    arrays = train([item for rows in sets.values() for item in rows], language)
    np.savez_compressed(HERE / WEIGHTS, **arrays)
    card = {
        "name": "stance",
        "sha256": hashlib.sha256((HERE / WEIGHTS).read_bytes()).hexdigest(),
        "trained_on": {name: len(items) for name, items in sets.items()},
        "strength": STRENGTH,
        "seed": SEED,
        "held_out": held_out,
    }
    (HERE / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
