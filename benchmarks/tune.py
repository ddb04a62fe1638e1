"""Where the thresholds come from: sweeps on the tuning messages of corpora/ki-helsedata. ``python benchmarks/tune.py``.

Prints, for the placing threshold, the distance between needs, and the weights of the coverage score, what each value
gives on the tuning part. The values in `Config`, matching.py and needs.py are round numbers near the best ones here.
The messages kept for measuring are not read.
"""

from dataclasses import replace

import numpy as np
from sklearn.linear_model import Ridge

from innspill.bundled import bundled
from innspill.config import Config, load_consultation
from innspill.evaluation import Measure, evaluate, load_gold
from innspill.language.norwegian import Norwegian
from innspill.matching import match
from innspill.needs import FULL_LIKENESS, coverage_signals
from innspill.pipeline import analyse
from innspill.records import Analysis

TARGET = {"uncovered": 0.0, "partly": 0.5, "covered": 1.0}


def main() -> None:
    """Run the sweeps and print them."""
    consultation, config = load_consultation(bundled("corpora/ki-helsedata"))
    gold, language = load_gold(consultation.folder), Norwegian()

    def measured(changed: Config) -> dict[str, Measure]:
        analysis = analyse(consultation, language=language, config=changed)
        return {measure.name: measure for measure in evaluate(analysis, gold, split="tune")}

    print("similarity_threshold: uncited placed right, left unplaced when about nothing")
    for threshold in (0.11, 0.13, 0.15, 0.17, 0.19):
        figures = measured(replace(config, similarity_threshold=threshold))
        hit, unplaced = figures["uncited comments: hit@1"], figures["about nothing, left unplaced"]
        print(f"  {threshold:.2f}  {hit.value:.3f} (n={hit.n})  {unplaced.value:.3f} (n={unplaced.n})")
    print("need_distance: BCubed F1 of needs, macro-F1 of coverage")
    for distance in (0.76, 0.80, 0.84, 0.88, 0.92):
        figures = measured(replace(config, need_distance=distance))
        print(f"  {distance:.2f}  {figures['needs: BCubed F1'].value:.3f}  {figures['coverage: macro-F1'].value:.3f}")
    print("coverage score, ridge regression over single comments:")
    _coverage_weights(analyse(consultation, language=language, config=config), gold, config)


def _coverage_weights(analysis: Analysis, gold: dict, config: Config) -> None:  # type: ignore[type-arg]
    _, nearest = match(analysis.comments, analysis.report, encoder=None, config=config)
    signals = coverage_signals(analysis.comments, analysis.annotations, nearest)
    file_of = {message.message_id: message.file for message in analysis.messages}
    tuning = {message["file"] for message in gold["messages"] if message["split"] == "tune"}
    coverage = {need["id"]: need["coverage"] for need in gold["needs"]}
    answers = {
        (row["file"], "".join(row["quote"].split())): TARGET[coverage[row["need"]]]
        for row in gold["comments"]
        if row["need"] and row["file"] in tuning
    }
    rows, targets = [], []
    for position, comment in enumerate(analysis.comments):
        answer = answers.get((file_of[comment.message_id], "".join(comment.text.split())))
        if answer is not None:
            likeness = min(1.0, signals.likest[position] / FULL_LIKENESS)
            rows.append([signals.cited[position], signals.supported[position], signals.unmet[position], likeness])
            targets.append(answer)
    model = Ridge(1.0).fit(np.array(rows), targets)
    names = ("cited", "supported", "unmet", "like")
    weights = "  ".join(f"{name} {weight:+.2f}" for name, weight in zip(names, model.coef_, strict=True))
    print(f"  base {model.intercept_:+.2f}  {weights}  (n={len(rows)})")


if __name__ == "__main__":
    main()
