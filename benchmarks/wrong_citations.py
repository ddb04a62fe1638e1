"""How many wrong citations are flagged, and how many right ones. ``python benchmarks/wrong_citations.py [FOLDER …]``.

Takes the comments of consultations whose gold standard tells the lines that each is about, and changes the line numbers
that they cite, so that they point elsewhere:

* ``near``: one comment of a message is 3–8 lines off, the others are right;
* ``far``: one comment of a message is 20–60 lines off;
* ``page``: one comment that cites a page and a line names the page before or after;
* ``draft``: all comments of a message are off by the same number of lines, 6–60, as where an older draft was read.

A changed citation that still touches the right lines, or points at no line of the report, is left out. Printed are the
share that is flagged (status other than ``ok``), the share of those flagged whose suggested place touches the right
lines, and the share of right citations that are flagged. The thresholds in plausibility.py were set with this on what
tuning.py names, and that is measured where no folder is given. With ``--weights`` the log odds of wording.py are learnt
anew instead, from cited lines as they are and moved.
"""

import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from tuning import CONSULTATIONS, MAILBOXES  # beside this script

from innspill.bundled import bundled
from innspill.citations import find_citations
from innspill.config import Config, load_consultation
from innspill.language.norwegian import Norwegian
from innspill.language.vectors import Encoder, load_encoder
from innspill.matching import match
from innspill.measuring.gold import Bench, load_gold
from innspill.pipeline import analyse
from innspill.records import Analysis, Annotation, Comment
from innspill.wording import Evidence, Wording

TUNING = (*CONSULTATIONS, *MAILBOXES)
LINES = frozenset({"line", "page_line"})
NEAR, FAR, DRAFT = (3, 8), (20, 60), (6, 60)
Change = Callable[[str], str]


@dataclass
class Count:
    """What became of the citations of one kind."""

    n: int = 0
    flagged: int = 0
    suggested: int = 0

    def add(self, annotations: Sequence[Annotation], right: set[tuple[int, int]], bench: Bench) -> None:
        """Count the citations of one comment."""
        flagged = [annotation for annotation in annotations if annotation.status != "ok"]
        places = [annotation.suggested for annotation in flagged if annotation.suggested is not None]
        self.n += 1
        self.flagged += bool(flagged)
        self.suggested += any(right & bench.numbers_in(place) for place in places)

    def __str__(self) -> str:
        flagged = self.flagged / max(self.n, 1)
        return f"flagged {flagged:.3f} (n={self.n}), right place {self.suggested / max(self.flagged, 1):.3f}"


def main() -> None:
    """Measure the consultations that are named, or those that may be tuned on."""
    language, encoder = Norwegian(), load_encoder(Config().encoder)
    if sys.argv[1:] == ["--weights"]:
        _print_weights(language, encoder)
        return
    for folder in [Path(name) for name in sys.argv[1:]] or [bundled(f"corpora/{name}") for name in TUNING]:
        consultation, config = load_consultation(folder)
        counts = measure(analyse(consultation, language=language, config=config), load_gold(folder), config, encoder)
        for kind, count in counts.items():
            print(f"{folder.name:20} {kind:8} {count}", flush=True)


def measure(analysis: Analysis, gold: Mapping[str, Any], config: Config, encoder: Encoder | None) -> dict[str, Count]:
    """Change citations in each way, and count what is flagged."""
    bench = _tuning_part(analysis, gold)
    citing = [
        (comment, bench.gold_numbers(answer))
        for answer, comment in bench.found
        if answer["cite"] in LINES and answer["lines"] and _cites_lines(comment)
    ]
    counts = {"right": _count(analysis, citing, {}, bench, config, encoder, wrong=False)}
    for kind, limits in (("near", NEAR), ("far", FAR), ("page", (0, 0))):
        counts[kind] = Count()
        for chosen in _one_each_message(citing):
            changes = {comment.comment_id: _change(kind, limits, comment.comment_id) for comment, _ in chosen}
            _add(counts[kind], _count(analysis, chosen, changes, bench, config, encoder, wrong=kind != "page"))
    changes = {comment.comment_id: _change("draft", DRAFT, comment.message_id) for comment, _ in citing}
    counts["draft"] = _count(analysis, citing, changes, bench, config, encoder, wrong=True)
    return counts


def _tuning_part(analysis: Analysis, gold: Mapping[str, Any]) -> Bench:
    """The comments of the messages that may be tuned on; all of them where the gold standard is not split."""
    tuning = {message["file"] for message in gold["messages"] if message.get("split", "tune") == "tune"}
    return Bench(analysis, [comment for comment in gold["comments"] if comment["file"] in tuning], seed=0)


def _print_weights(language: Norwegian, encoder: Encoder | None) -> None:
    """Learn what tells a wrong citation from a right one, and print the weights."""
    evidence: list[Evidence] = []
    is_wrong: list[bool] = []
    for folder in map(bundled, (f"corpora/{name}" for name in TUNING)):
        consultation, config = load_consultation(folder)
        analysis = analyse(consultation, language=language, config=config)
        for found, wrong in _cited_and_moved(analysis, load_gold(folder), encoder):
            evidence.append(found)
            is_wrong.append(wrong)
    model = LogisticRegression(C=100.0, class_weight="balanced", max_iter=5_000).fit(np.array(evidence), is_wrong)
    print(dict(zip(Evidence._fields, model.coef_[0].round(2), strict=True)), "bias", model.intercept_.round(2))


def _cited_and_moved(
    analysis: Analysis, gold: Mapping[str, Any], encoder: Encoder | None
) -> Iterator[tuple[Evidence, bool]]:
    """What speaks for the lines that comments are about, and for the same lines moved."""
    bench = _tuning_part(analysis, gold)
    wording = Wording(analysis.report, encoder=encoder)
    lines = [line for line in analysis.report.lines if line.number is not None and len(line.span)]
    place_of = {(line.page_number, line.number): place for place, line in enumerate(lines)}
    for answer, comment in bench.found:
        places = sorted(place_of[number] for number in bench.gold_numbers(answer) if number in place_of)
        if answer["cite"] not in LINES or not places:
            continue
        said, chance = wording.said(comment.text), random.Random(comment.comment_id)
        for limits in ((0, 0), NEAR, NEAR, FAR, FAR):
            step = chance.randint(*limits) * chance.choice((-1, 1))
            moved = [place + step for place in places]
            if moved[0] < 0 or moved[-1] >= len(lines) or (step and set(moved) & set(places)):
                continue
            evidence = said.evidence([lines[place].span for place in moved])
            if evidence is not None:
                yield evidence, bool(step)


def _cites_lines(comment: Comment) -> bool:
    return any(citation.kind in LINES for citation in find_citations(f"{comment.text}\n{comment.context}"))


def _one_each_message(
    citing: Sequence[tuple[Comment, set[tuple[int, int]]]],
) -> Iterator[list[tuple[Comment, set[tuple[int, int]]]]]:
    """The comments in rounds, at most one of each message in a round."""
    left = list(citing)
    while left:
        chosen = {comment.message_id: (comment, right) for comment, right in reversed(left)}
        yield list(chosen.values())
        taken = {comment.comment_id for comment, _ in chosen.values()}
        left = [pair for pair in left if pair[0].comment_id not in taken]


def _change(kind: str, limits: tuple[int, int], key: str) -> Change:
    """The change of a comment's text: the same each time for the same key."""
    chance = random.Random(f"{kind} {key}")
    if kind == "page":
        return lambda text: _shifted(text, 0, chance.choice((-1, 1)))
    step = chance.randint(*limits) * chance.choice((-1, 1))
    return lambda text: _shifted(text, step, 0)


def _shifted(text: str, n_lines: int, n_pages: int) -> str:
    """A text whose cited line numbers, and pages beside them, are so many higher."""
    for citation in reversed(find_citations(text)):
        if citation.kind not in LINES or (n_pages and not citation.pages):
            continue
        pages = [str(page) for page in citation.pages or ()]

        def put(match: re.Match[str], pages: list[str] = pages) -> str:
            if match.group() in pages:
                pages.remove(match.group())
                return str(max(1, int(match.group()) + n_pages))
            return str(max(1, int(match.group()) + n_lines))

        changed = re.sub(r"\d+", put, citation.words)
        text = text[: citation.span.start] + changed + text[citation.span.end :]
    return text


def _count(
    analysis: Analysis,
    citing: Sequence[tuple[Comment, set[tuple[int, int]]]],
    changes: Mapping[str, Change],
    bench: Bench,
    config: Config,
    encoder: Encoder | None,
    *,
    wrong: bool,
) -> Count:
    """Match the comments anew, some of them changed, and count the citations of `citing`."""
    comments = [
        replace(comment, text=change(comment.text), context=change(comment.context))
        if (change := changes.get(comment.comment_id))
        else comment
        for comment in analysis.comments
    ]
    annotations, _ = match(comments, analysis.report, encoder=encoder, config=config, messages=analysis.messages)
    text_of = {comment.comment_id: comment.text + comment.context for comment in comments}
    by_comment: dict[str, list[Annotation]] = {}
    for annotation in annotations:
        if annotation.method != "similarity":
            by_comment.setdefault(annotation.comment_id, []).append(annotation)
    count = Count()
    for comment, right in citing:
        found = by_comment.get(comment.comment_id, [])
        cited = [annotation for annotation in found if annotation.method in LINES]
        if wrong and not _is_wrong(cited, right, bench):
            continue
        if changes and text_of[comment.comment_id] == comment.text + comment.context:
            continue
        count.add(found, right, bench)
    return count


def _is_wrong(cited: Sequence[Annotation], right: set[tuple[int, int]], bench: Bench) -> bool:
    """Whether a changed citation points at lines, and at none of the right ones."""
    targets = [annotation.target for annotation in cited]
    if not targets or None in targets:
        return False
    return not any(right & bench.numbers_in(target) for target in targets if target is not None)


def _add(total: Count, count: Count) -> None:
    total.n += count.n
    total.flagged += count.flagged
    total.suggested += count.suggested


if __name__ == "__main__":
    main()
