"""Where the weights of placing come from: ``python benchmarks/placing.py``.

Comments of the tuning parts whose place is known: those that cite nothing, and those that cite, without the words that
cite. A softmax regression over passages weighs the views of a passage (`likeness.RANKING`); a logistic regression of
«the place is right» on likeness gives the score its meaning (`matching.SLOPE`, `matching.INTERCEPT`). Each consultation
is measured with weights learnt on the others. The values in the code are round numbers near those printed last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from tuning import CONSULTATIONS, MAILBOXES  # beside this script

from innspill.citations import find_citations
from innspill.config import load_consultation
from innspill.language.norwegian import Norwegian
from innspill.language.vectors import load_encoder
from innspill.likeness import LIKENESS, RANKING, ReportViews
from innspill.matching import probability_right
from innspill.measuring.gold import Bench, load_gold
from innspill.pipeline import analyse
from innspill.wording import without_citations

CORPORA = Path(__file__).parents[1] / "corpora"
TUNING = (*CONSULTATIONS, *MAILBOXES)
# A comment without the words that cite it is easier to place than one whose sender did not cite.
CITING_SHARE = 0.3
# A gold place of more lines is a chapter.
MAX_LINES = 25
RIDGE = 3.0


@dataclass(frozen=True, slots=True)
class Item:
    """A comment: its consultation, whether it cites, its views of each passage, and which passages are right.

    `views` has the shape (n_passages, n_views); `likeness` and `right` (n_passages,).
    """

    consultation: str
    cites: bool
    views: NDArray[np.float64]
    likeness: NDArray[np.float64]
    right: NDArray[np.bool_]


def items_of(name: str, language: Norwegian) -> list[Item]:
    """The comments of a consultation's tuning part that have a known place, or are about nothing in the report."""
    consultation, config = load_consultation(CORPORA / name)
    gold = load_gold(consultation.folder)
    tuning = {row["file"] for row in gold["messages"] if row.get("split", "tune") == "tune"}
    analysis = analyse(consultation, language=language, config=config)
    bench = Bench(analysis, [row for row in gold["comments"] if row["file"] in tuning], seed=0)
    views = ReportViews(analysis.report, analysis.comments, encoder=load_encoder(config.encoder))
    numbers = [bench.numbers_in(passage.span) for passage in views.passages]
    items = []
    for row, comment in bench.found:
        place = bench.gold_numbers(row)
        if row.get("whole_report") or len(place) > MAX_LINES or (row["cite"] != "none" and not place):
            continue
        said = without_citations(comment.text, find_citations(comment.text)) if row["cite"] != "none" else comment.text
        by_view = views.by_view([said])
        items.append(
            Item(
                name,
                row["cite"] != "none",
                np.column_stack([by_view[view][0] for view in RANKING]),
                views.measure([replace(comment, text=said)]).likeness[0],
                np.array([bool(place & some) for some in numbers]),
            )
        )
    return items


def learn(items: Sequence[Item]) -> NDArray[np.float64]:
    """Weights of the views, none negative, that make the right passages likely under a softmax."""
    known = [item for item in items if item.right.any()]
    scale = np.vstack([item.views for item in known]).std(axis=0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for item in known:
            scaled = item.views / scale
            scores = np.exp(scaled @ weights - (scaled @ weights).max())
            share = scores / scores.sum()
            right = share * item.right
            total -= float(np.log(right.sum() + 1e-12))
            slope -= (right / (right.sum() + 1e-12) - share) @ scaled
        return total / len(known), slope / len(known)

    found = minimize(loss, np.zeros(len(RANKING)), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(RANKING))
    return np.asarray(found.x / scale)


def reciprocal_rank(items: Sequence[Item], weights: NDArray[np.float64]) -> float:
    """Mean reciprocal rank of the first right passage."""
    ranks = [
        1 + int(item.right[np.argsort(-(item.views @ weights), kind="stable")].argmax())
        for item in items
        if item.right.any()
    ]
    return float(np.mean([1 / rank for rank in ranks])) if ranks else float("nan")


def main() -> None:
    """Learn, measure and print."""
    language = Norwegian()
    items = [item for name in TUNING for item in items_of(name, language)]
    code = np.array(list(RANKING.values()))
    print("Mean reciprocal rank of the right passage: weights of the code, weights learnt on the other consultations")
    for name in TUNING:
        own = [item for item in items if item.consultation == name]
        learnt = learn([item for item in items if item.consultation != name])
        for cites in (False, True):
            some = [item for item in own if item.cites == cites]
            print(f"  {name:16} {'cites' if cites else 'cites nothing':14} n={sum(i.right.any() for i in some):4}"
                  f"  {reciprocal_rank(some, code):.3f}  {reciprocal_rank(some, learnt):.3f}")  # fmt: skip
    weights = learn(items)
    share = weights / sum(weights[list(RANKING).index(view)] for view in ("sentence", "heading", "section"))
    print("RANKING:", ", ".join(f"{view} {weight:.2f}" for view, weight in zip(RANKING, share, strict=True)))
    best = [int((item.views @ code).argmax()) for item in items]
    likeness = np.array([item.likeness[position] for item, position in zip(items, best, strict=True)])
    right = np.array([item.right[position] for item, position in zip(items, best, strict=True)])
    share_of = np.array([CITING_SHARE if item.cites else 1.0 for item in items])
    model = LogisticRegression(C=100.0).fit(10 * likeness[:, None], right, sample_weight=share_of)
    print(f"SLOPE {10 * model.coef_[0, 0]:.1f}, INTERCEPT {model.intercept_[0]:.1f} (n={len(items)})")
    print(f"views of likeness: {', '.join(LIKENESS)}; at 0.15 the code says {probability_right(0.15):.2f}")
    for least in (0.3, 0.34, 0.38, 0.42, 0.46, 0.5):
        placed = np.array([probability_right(value) >= least for value in likeness])
        about = np.array([not item.cites and item.right.any() for item in items])
        nothing = np.array([not item.cites and not item.right.any() for item in items])
        print(f"  placed from {least:.2f}: right {(right & placed)[about].mean():.3f} (n={about.sum()}), "
              f"about nothing and placed {placed[nothing].mean():.3f} (n={nothing.sum()})")  # fmt: skip


if __name__ == "__main__":
    main()
