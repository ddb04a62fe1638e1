"""How surely quotations are found, and other words left alone. ``python benchmarks/quotations.py``.

Takes the sentences of each consultation's report. Quoted back, damaged in each of the ways that quoting does it, they
should be found where they stand; quoted against the report of another consultation they should not be found at all.
"""

import random
import time
from collections.abc import Callable

from tuning import CONSULTATIONS  # beside this script

from innspill.bundled import bundled
from innspill.config import Config
from innspill.derived import join_lines
from innspill.language.sentences import find_sentences
from innspill.quotations import Quotable
from innspill.reading.report import read_report
from innspill.records import Report

LEAST = Config().quotation_score
MIN_WORDS, MAX_WORDS = 6, 40
Damage = Callable[[str, random.Random], str]


def as_it_is(sentence: str, _chance: random.Random) -> str:
    """No damage."""
    return sentence


def with_typing_errors(sentence: str, chance: random.Random) -> str:
    """One letter in thirty doubled, dropped or replaced."""
    letters = list(sentence)
    for _ in range(max(1, len(letters) // 30)):
        position = chance.randrange(len(letters))
        letters[position] = chance.choice(("", letters[position] * 2, "e"))
    return "".join(letters)


def with_words_left_out(sentence: str, _chance: random.Random) -> str:
    """A third of the words, from the middle, as an ellipsis."""
    words = sentence.split()
    third = len(words) // 3
    return " ".join([*words[:third], "…", *words[2 * third :]])


def only_a_part(sentence: str, chance: random.Random) -> str:
    """Six words in a row."""
    words = sentence.split()
    start = chance.randrange(len(words) - MIN_WORDS + 1)
    return " ".join(words[start : start + MIN_WORDS])


def with_hyphens(sentence: str, _chance: random.Random) -> str:
    """Lines broken within words, dashes changed, ligatures."""
    middle = len(sentence) // 2
    broken = f"{sentence[:middle]}-\n{sentence[middle:]}"
    return broken.replace("–", "-").replace("fi", "\ufb01").replace("ff", "\ufb00")


DAMAGES: tuple[Damage, ...] = (as_it_is, with_typing_errors, with_words_left_out, only_a_part, with_hyphens)


def main() -> None:
    """Print the shares, and what a quotation costs."""
    reports = {
        name: read_report(bundled(f"corpora/{name}") / "report.pdf", sentences=find_sentences) for name in CONSULTATIONS
    }
    for name, report in reports.items():
        quotable = Quotable(report)
        chance = random.Random(name)
        shares = []
        for damage in DAMAGES:
            found = [_is_found(quotable, damage(text, chance), start) for text, start in _sentences(report)]
            shares.append(f"{damage.__name__.replace('_', ' ')} {sum(found) / len(found):.3f}")
        print(f"{name}: {', '.join(shares)} (n={len(found)})")
        others = [text for other in CONSULTATIONS if other != name for text, _ in _sentences(reports[other])]
        pieces = [*others, *(only_a_part(text, chance) for text in others)]
        started = time.perf_counter()
        wrong = sum(quotable.find(text, least=LEAST) is not None for text in pieces)
        cost = 1000 * (time.perf_counter() - started) / len(pieces)
        print(f"  of another report, found: {wrong / len(pieces):.4f} (n={len(pieces)}), {cost:.2f} ms each")


def _sentences(report: Report) -> list[tuple[str, int]]:
    """The sentences of running text, and where each begins."""
    texts = [(join_lines(report.text, passage.span).text, passage.span.start) for passage in report.passages]
    return [(text, start) for text, start in texts if MIN_WORDS <= len(text.split()) <= MAX_WORDS]


def _is_found(quotable: Quotable, quoted: str, start: int) -> bool:
    found = quotable.find(quoted, least=LEAST)
    return found is not None and abs(found.span.start - start) < 400


if __name__ == "__main__":
    main()
