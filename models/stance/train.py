"""Train the stance model and measure it across writers: ``python -m models.stance.train`` (about a minute on one core).

Text: comments-a.jsonl to comments-e.jsonl (invented, written for this project by five hands in 24 fields of
society) and the comments of the tuning messages of corpora/ki-helsedata. The messages kept for measuring are not read.
"""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn.metrics import f1_score, roc_auc_score

from innspill.language.classification import LinearTextClassifier, train_classifier
from innspill.language.norwegian import Norwegian
from innspill.stance import StanceModel, cue_features, stance_scores
from models.cards import write_card

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "corpora" / "ki-helsedata"
STRENGTH, SEED = 8.0, 1
WRITERS = ("a", "b", "c", "d", "e")
TASKS = {"F1": "voices a need", "macro-F1": "nine stances", "AUC": "says that the report lacks something"}

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


def train(items: Sequence[Item], language: Norwegian) -> LinearTextClassifier:
    """A model trained on `items`."""
    texts = [text for text, _, _ in items]
    labels = {"stance": [stance for _, stance, _ in items], "missing": [missing for _, _, missing in items]}
    return train_classifier(texts, cue_features(texts, language=language), labels, strength=STRENGTH, seed=SEED)


def measure(items: Sequence[Item], model: StanceModel, language: Norwegian) -> dict[str, float]:
    """F1 for «need», macro-F1, and for «missing» the area under the curve where it is known."""
    judged = model.judge([text for text, _, _ in items], language=language)
    gold, predicted = [stance for _, stance, _ in items], [judgement.stance for judgement in judged]
    figures = {
        "F1": f1_score([s == "need" for s in gold], [s == "need" for s in predicted]),
        "macro-F1": f1_score(gold, predicted, average="macro", zero_division=0),
    }
    if any(missing for _, _, missing in items):
        known = [missing == "yes" for _, _, missing in items]
        figures["AUC"] = roc_auc_score(known, [judgement.says_missing for judgement in judged])
    return {name: round(float(figure), 3) for name, figure in figures.items()}


def lexicon_alone(items: Sequence[Item], language: Norwegian) -> dict[str, float]:
    """The baseline: the stance with the most votes of the cue lexicon."""
    votes = [stance_scores(text, language=language) for text, _, _ in items]
    predicted = [max(vote, key=lambda name: vote[name]) if vote else "other" for vote in votes]
    gold = [stance for _, stance, _ in items]
    need = f1_score([s == "need" for s in gold], [s == "need" for s in predicted])
    macro = f1_score(gold, predicted, average="macro", zero_division=0)
    return {"F1": round(float(need), 3), "macro-F1": round(float(macro), 3)}


def main() -> None:
    """Measure each set by a model trained on the others, then train on all of them and write the model."""
    began = time.monotonic()
    language = Norwegian()
    sets = {f"writer {name}": read_writer(name) for name in WRITERS}
    sets["tuning part"] = read_tuning_part()
    figures: dict[str, dict[str, float]] = {}
    for name, items in sets.items():
        others = [item for other, rows in sets.items() if other != name for item in rows]
        measured = measure(items, StanceModel(train(others, language)), language)
        alone = lexicon_alone(items, language)
        for figure, value in measured.items():
            beside = {"cue lexicon alone": alone[figure]} if figure in alone else {}
            figures[f"{TASKS[figure]}, {name}, {len(items)} comments"] = {figure: value, **beside}
        print(name, measured, alone)
    files = train([item for rows in sets.values() for item in rows], language).save(HERE)
    write_card(HERE, files, about(sets, figures, minutes=(time.monotonic() - began) / 60))


def about(sets: dict[str, list[Item]], figures: dict[str, dict[str, float]], *, minutes: float) -> dict[str, Any]:
    """What the model's card says of it."""
    size = ", ".join(f"{name}: {len(items)}" for name, items in sets.items())
    return {
        "name": "stance",
        "task": "What a comment does (need, clarification, support, disagreement, suggestion, question, correction, "
        "praise), and whether it says that the report lacks something",
        "licence": "Apache-2.0",
        "trained_on": [{"text": "invented comments, written for this project", "licence": "Apache-2.0", "size": size}],
        "made_by": "python -m models.stance.train",
        "strength": STRENGTH,
        "seed": SEED,
        "minutes": round(minutes, 1),
        "figures": figures,
        "not_for": "Judging people, or deciding what an answer counts.",
    }


if __name__ == "__main__":
    main()
