"""Train the stance model and measure it across writers: ``python -m models.stance.train`` (a minute of one core).

Text: comments-a.jsonl to comments-i.jsonl (invented, written for this project by nine hands in some 70 fields of
society) and the comments of the tuning messages of seven consultations of `corpora`; missing.tsv tells which of these
say that the report lacks something. The messages kept for measuring are not read.

The vectors of `models/vectors` and the table of written forms are what the model reads with: train it anew when either
has changed.

A later stage that is chosen by one of these consultations should not see stances that were learnt from it:
``python -m models.stance.train --without bibliotek --to FOLDER`` writes a model that has not seen it.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from innspill.bundled import bundled
from innspill.language.cards import CARD
from innspill.language.classification import LinearTextClassifier, Views, train_classifier
from innspill.language.norwegian import Norwegian
from innspill.language.vectors import Encoder, FloatArray, load_encoder
from innspill.stance import VECTORS, stance_inputs, stance_scores
from models.cards import write_card
from models.stance.texts import HERE, Labelled, read_sets

STRENGTH, BALANCE, SEED = 5.0, 0.75, 1
TASKS = {"F1": "voices a need", "macro-F1": "nine stances", "AUC": "says that the report lacks something"}


class Inputs(NamedTuple):
    """What the classifier is given of some comments."""

    views: Views
    features: FloatArray


def train(items: Sequence[Labelled], inputs: Inputs) -> LinearTextClassifier:
    """A model trained on `items`."""
    labels = {"stance": [item.stance for item in items], "missing": [item.missing for item in items]}
    return train_classifier(inputs.views, inputs.features, labels, strength=STRENGTH, balance=BALANCE, seed=SEED)


def measure(items: Sequence[Labelled], inputs: Inputs, model: LinearTextClassifier) -> dict[str, float]:
    """F1 for «need», macro-F1, and for «missing» the area under the curve where it is known."""
    shares = model.probabilities(inputs.views, inputs.features)
    names = model.classes("stance")
    gold, predicted = [item.stance for item in items], [names[int(row.argmax())] for row in shares["stance"]]
    figures = _f1_figures(gold, predicted)
    if any(item.missing for item in items):
        known = [item.missing == "yes" for item in items]
        figures["AUC"] = roc_auc_score(known, shares["missing"][:, model.classes("missing").index("yes")])
    return {name: round(float(figure), 3) for name, figure in figures.items()}


def lexicon_alone(items: Sequence[Labelled], language: Norwegian) -> dict[str, float]:
    """The baseline: the stance with the most votes of the cue lexicon."""
    votes = [stance_scores(item.text, language=language) for item in items]
    predicted = [max(vote, key=lambda name: vote[name]) if vote else "other" for vote in votes]
    figures = _f1_figures([item.stance for item in items], predicted)
    return {name: round(figure, 3) for name, figure in figures.items()}


def _f1_figures(gold: Sequence[str], predicted: Sequence[str]) -> dict[str, float]:
    """F1 for «need», and the mean of the F1 of the stances that the gold standard has."""
    need = f1_score([stance == "need" for stance in gold], [stance == "need" for stance in predicted])
    macro = f1_score(gold, predicted, labels=sorted(set(gold)), average="macro", zero_division=0)
    return {"F1": float(need), "macro-F1": float(macro)}


def main() -> None:
    """Measure each set by a model trained on the others, then train on all of them and write the model."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--without", default="", help="a set to leave out")
    parser.add_argument("--to", type=Path, default=HERE, help="the folder to write to")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    language = Norwegian()
    encoder = load_encoder(VECTORS)
    if encoder is None:
        raise SystemExit("The vectors are missing.")
    sets = {name: items for name, items in read_sets().items() if name != options.without}
    inputs = {name: _inputs(items, language, encoder) for name, items in sets.items()}
    figures: dict[str, dict[str, float]] = {}
    for name, items in sets.items():
        others = [other for other in sets if other != name]
        model = train([item for other in others for item in sets[other]], _joined([inputs[other] for other in others]))
        measured = measure(items, inputs[name], model)
        alone = lexicon_alone(items, language)
        for figure, value in measured.items():
            beside = {"cue lexicon alone": alone[figure]} if figure in alone else {}
            figures[f"{TASKS[figure]}, {name}, {len(items)} comments"] = {figure: value, **beside}
        print(name, measured, alone, flush=True)
    files = train([item for items in sets.values() for item in items], _joined(list(inputs.values()))).save(options.to)
    write_card(options.to, files, about(sets, figures, minutes=(time.monotonic() - began) / 60))


def _inputs(items: Sequence[Labelled], language: Norwegian, encoder: Encoder) -> Inputs:
    return Inputs(*stance_inputs([item.text for item in items], language=language, encoder=encoder))


def _joined(parts: Sequence[Inputs]) -> Inputs:
    views = {view: [text for part in parts for text in part.views[view]] for view in parts[0].views}
    return Inputs(views, np.vstack([part.features for part in parts]))


def about(sets: Mapping[str, Sequence[Labelled]], figures: Mapping[str, Any], *, minutes: float) -> dict[str, Any]:
    """What the model's card says of it."""
    size = ", ".join(f"{name}: {len(items)}" for name, items in sets.items())
    return {
        "name": "stance",
        "task": "What a comment does (need, clarification, support, disagreement, suggestion, question, correction, "
        "praise), and whether it says that the report lacks something",
        "licence": "Apache-2.0",
        "trained_on": [{"text": "invented comments, written for this project", "licence": "Apache-2.0", "size": size}],
        "made_by": "python -m models.stance.train",
        "reads_with": {VECTORS: json.loads((bundled(f"models/{VECTORS}") / CARD).read_text(encoding="utf-8"))["files"]},
        "strength": STRENGTH,
        "balance": BALANCE,
        "seed": SEED,
        "minutes": round(minutes, 1),
        "figures": figures,
        "not_for": "Judging people, or deciding what an answer counts.",
    }


if __name__ == "__main__":
    main()
