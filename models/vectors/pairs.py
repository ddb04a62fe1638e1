"""The pairs of texts that the vectors are trained on: texts of a pair should come to lie near each other.

``python -m models.vectors.pairs --data FOLDER --work FOLDER`` writes one file a data set, ``pairs-<name>.jsonl``, each
line a list of two texts, or of three, where the third must stay away. Only the training part is read. In the data sets
of `DOCUMENT_WISE`, rows of a document or law stand together: batches hold runs of them, so that some of the texts to be
told apart are of one document.
"""

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from models import texts
from models.vectors.distortion import Distortion
from models.vectors.translation import WordMap, sentences, translate_sentences, word_map

Row = tuple[str, ...]

SEED = 1
MIN_WORDS, MAX_WORDS = 5, 90
# So many words are enough to tell what a text is about.
MIN_TEXT_WORDS = 12
NUMBERING = re.compile(r"^(?:§+\s*)?[\dA-Z]{1,3}(?:[.\-–]\d+)*[a-z]?(?:[.)]|\s|$)\s*(?:[a-z][.)]\s*)?")
SECTION_SIGN = re.compile(r"^(?:§+\s*[\d\-–.]+\s*[a-z]?\.?|[IVX]+\.|Kapittel\s+\S+|Art(?:ikkel)?\.?\s+\d+\w*\.?)\s*")
NOTES = re.compile(r"\*(?:Tilføyd|Endret|Opphevet|Endra)[^*]*\*?")
SAAMI_LETTER, MAX_SAAMI_LETTERS = re.compile("[áčđŋšŧžÁČĐŊŠŦŽ]"), 0.02
NYNORSK_SHARE = 0.3
N_MINISTRY_ROUNDS = 1
# Sentences put into nynorsk word by word, and how many distortions each translated one gets.
N_MAPPED, N_DISTORTIONS = 60_000, 2
MAPPED_WORDS = range(6, 31)
# How people begin what they send in: a comment is no less near its passage for it.
FRAMES = (
    "Vi mener at", "Vi savner", "Vi støtter forslaget om", "Det er viktig at", "Etter vårt syn", "Rapporten bør omtale",
    "Rapporten må si mer om", "Vi foreslår at det tas inn", "Kommentar:", "Vårt innspill er at", "Vi er uenige i at",
    "Vi stiller spørsmål ved", "Det bør presiseres at", "Hos oss ser vi at", "Vi kjenner oss igjen i dette:",
    "Det mangler noe om", "Takk for et godt utkast.", "For oss som liten virksomhet:", "Vi trenger", "Vi ber om at",
    "Me meiner at", "Me saknar", "Vi støttar at", "Viktig for oss er", "Rapporten bør seie meir om", "Vi foreslår at",
    "Etter vårt syn", "Vi treng", "Kva med", "Det manglar noko om", "Her hos oss ser vi at", "Vi er usamde i at",
)  # fmt: skip
FRAMED_SHARE = 0.3
# Share of the sentences that become an echo, and of their words that come back in it.
ECHO_SHARE, ECHOED_WORDS = 0.5, 0.4


class Section(NamedTuple):
    """What stands under a heading of a document."""

    document: str
    title: str
    heading: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs as one text."""
        return " ".join(self.paragraphs)


def shortened(text: str, n_words: int = MAX_WORDS) -> str:
    """The first words of a text."""
    return " ".join(text.split()[:n_words])


def n_words(text: str) -> int:
    """How many words, as white space divides them."""
    return len(text.split())


def sections_of(document: texts.Document) -> Iterator[Section]:
    """The sections of a document that have both a heading and text."""
    heading, paragraphs = "", list[str]()
    for paragraph in (*document.paragraphs, texts.HEADING):
        if paragraph.startswith(texts.HEADING):
            if heading and paragraphs:
                yield Section(document.id, document.title, heading, tuple(paragraphs))
            heading, paragraphs = without_number(paragraph.removeprefix(texts.HEADING)), []
        else:
            paragraphs.append(paragraph)


def without_number(heading: str) -> str:
    """A heading without its number."""
    return NUMBERING.sub("", heading.strip()).strip()


def law_heading(section: texts.LawSection) -> str:
    """What a section of a law is about, without «§ 3-1.»."""
    return SECTION_SIGN.sub("", section.heading).strip()


def law_text(section: texts.LawSection) -> str:
    """A section's text without the notes on its changes."""
    return " ".join(NOTES.sub(" ", section.text).split())


def without_saami(document: texts.Document) -> texts.Document:
    """The document without its paragraphs in Northern Sámi, by their letters."""
    kept = (p for p in document.paragraphs if len(SAAMI_LETTER.findall(p)) <= MAX_SAAMI_LETTERS * len(p))
    return document._replace(paragraphs=tuple(kept))


class Sources(NamedTuple):
    """The training text, read once."""

    documents: list[texts.Document]
    laws: list[texts.LawSection]
    pairs: list[texts.Pair]
    translated: list[texts.Pair]
    to_nynorsk: WordMap


# Data sets -----------------------------------------------------------------------------------------------------------


def headings(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """A heading and the text below it, or one paragraph of that."""
    for document in sources.documents:
        for section in sections_of(document):
            if n_words(section.text) >= MIN_TEXT_WORDS and len(section.heading) > 3:
                yield section.heading, shortened(section.text)
                yield section.heading, shortened(choice.choice(section.paragraphs))


def titles(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """A document's title, or its first heading, and paragraphs of it."""
    for document in sources.documents:
        first = next((p.removeprefix(texts.HEADING) for p in document.paragraphs if p.startswith(texts.HEADING)), "")
        long = [p for p in document.paragraphs if n_words(p) >= MIN_TEXT_WORDS]
        if n_words(first) >= 2 and long:
            for paragraph in choice.sample(long, min(4, len(long))):
                yield without_number(first), shortened(paragraph)


def neighbours(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """Two paragraphs of a document after each other."""
    for document in sources.documents:
        long = [p for p in document.paragraphs if n_words(p) >= MIN_TEXT_WORDS and not p.startswith(texts.HEADING)]
        for first, second in pairwise(long):
            if choice.random() < 0.5:
                yield shortened(first), shortened(second)


def clozes(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """A sentence, and the rest of its paragraph."""
    for document in sources.documents:
        for paragraph in document.paragraphs:
            parts = sentences(paragraph)
            if len(parts) >= 2 and n_words(paragraph) >= 2 * MIN_TEXT_WORDS:
                taken = choice.randrange(len(parts))
                rest = " ".join(parts[:taken] + parts[taken + 1 :])
                if n_words(parts[taken]) >= MIN_WORDS and n_words(rest) >= MIN_WORDS:
                    frame = f"{choice.choice(FRAMES)} " if choice.random() < FRAMED_SHARE else ""
                    yield frame + parts[taken], shortened(rest)


def echoes(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """Some words of a sentence and of the one beside it, as a comment takes them up, and the sentence itself."""
    for document in sources.documents:
        for paragraph in document.paragraphs:
            usable = [sentence for sentence in sentences(paragraph) if n_words(sentence) >= MIN_TEXT_WORDS]
            for sentence, beside in pairwise(usable):
                if choice.random() < ECHO_SHARE:
                    words = _some_words(sentence, choice) + _some_words(beside, choice)
                    yield f"{choice.choice(FRAMES)} {' '.join(words)}", shortened(sentence)


def _some_words(sentence: str, choice: random.Random) -> list[str]:
    words = sentence.split()
    return [words[place] for place in sorted(choice.sample(range(len(words)), int(ECHOED_WORDS * len(words))))]


def law_headings(sources: Sources, _: random.Random) -> Iterator[Row]:
    """The heading of a section of a law, and its text."""
    for section in sources.laws:
        heading, text = law_heading(section), law_text(section)
        if n_words(text) >= MIN_TEXT_WORDS and len(heading) > 3:
            yield heading, shortened(text)


def law_titles(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """The title of a law, and the text of a section of it."""
    for section in sources.laws:
        if n_words(law_text(section)) >= MIN_TEXT_WORDS and choice.random() < 0.5:
            yield section.title, shortened(law_text(section))


def same_law(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """Two sections of one law."""
    for sections in _grouped(sources.laws, lambda section: section.law).values():
        yield from _random_pairs(sections, choice)


def same_ministry(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """Sections of two laws that belong to one ministry: what that ministry deals with."""
    for of_ministry in _grouped(
        [section for section in sources.laws if len(section.ministries) == 1], lambda section: section.ministries[0]
    ).values():
        yield from _pairs_across_laws(of_ministry, choice, N_MINISTRY_ROUNDS)


def same_field(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """Sections of two laws that belong to one field of law."""
    for of_field in _grouped(
        [section for section in sources.laws if section.field], lambda section: section.field.split("\\n")[0]
    ).values():
        yield from _pairs_across_laws(of_field, choice, 1)


def both_forms(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """A sentence in nynorsk, the same in bokmål, and the bokmål distorted."""
    distortion = Distortion(pair.nb for pair in (*sources.pairs, *sources.translated))
    for pair in (*sources.pairs, *sources.translated):
        for _ in range(N_DISTORTIONS):
            yield pair.nn, pair.nb, distortion(pair.nb, choice)


def mapped_forms(sources: Sources, choice: random.Random) -> Iterator[Row]:
    """The same with nynorsk made word by word."""
    paragraphs = [p for document in sources.documents for p in document.paragraphs]
    paragraphs += [law_text(section) for section in sources.laws[::2]]
    usable = sorted({s for p in paragraphs for s in sentences(p) if n_words(s) in MAPPED_WORDS})
    distortion = Distortion(usable)
    for sentence in choice.sample(usable, min(N_MAPPED, len(usable))):
        yield sources.to_nynorsk(sentence), sentence, distortion(sentence, choice)


DATA_SETS: dict[str, Callable[[Sources, random.Random], Iterator[Row]]] = {
    "headings": headings,
    "titles": titles,
    "neighbours": neighbours,
    "clozes": clozes,
    "echoes": echoes,
    "law-headings": law_headings,
    "law-titles": law_titles,
    "same-law": same_law,
    "same-ministry": same_ministry,
    "same-field": same_field,
    "both-forms": both_forms,
    "mapped-forms": mapped_forms,
}
DOCUMENT_WISE = frozenset({"headings", "neighbours", "clozes", "echoes", "law-headings"})
IN_BOTH_FORMS = frozenset({"both-forms", "mapped-forms"})


def partly_nynorsk(rows: Iterator[Row], to_nynorsk: WordMap, choice: random.Random) -> Iterator[Row]:
    """The rows, some of their texts put into nynorsk word by word."""
    for row in rows:
        yield tuple(to_nynorsk(text) if choice.random() < NYNORSK_SHARE else text for text in row)


def read_sources(data: Path, work: Path) -> Sources:
    """Read the training text; what apertium makes of it is kept in `work`."""
    documents = [without_saami(document) for document in texts.documents(data, "train")]
    laws = list(texts.law_sections(data, "train"))
    pairs = list(texts.pairs(data, "train"))
    paragraphs = [p for document in documents for p in document.paragraphs] + [section.text for section in laws]
    translated = translate_sentences(data, work)
    to_nynorsk = word_map(paragraphs, [*pairs, *translated], work)
    return Sources(documents, laws, pairs, translated, to_nynorsk)


def make_pairs(sources: Sources) -> dict[str, list[Row]]:
    """All data sets: their different rows, in the order of the documents or in a random one that is always the same."""
    made = {}
    for name, data_set in DATA_SETS.items():
        choice = random.Random(f"{SEED}/{name}")
        rows = data_set(sources, choice)
        if name not in IN_BOTH_FORMS:
            rows = partly_nynorsk(rows, sources.to_nynorsk, choice)
        made[name] = list(dict.fromkeys(rows))
        if name not in DOCUMENT_WISE:
            choice.shuffle(made[name])
    return made


def _grouped(
    sections: Sequence[texts.LawSection], key: Callable[[texts.LawSection], str]
) -> dict[str, list[texts.LawSection]]:
    groups = defaultdict(list)
    for section in sections:
        if n_words(section.text) >= MIN_TEXT_WORDS:
            groups[key(section)].append(section)
    return groups


def _random_pairs(sections: Sequence[texts.LawSection], choice: random.Random) -> Iterator[Row]:
    mixed = list(sections)
    choice.shuffle(mixed)
    for first, second in pairwise(mixed):
        yield shortened(law_text(first)), shortened(law_text(second))


def _pairs_across_laws(sections: Sequence[texts.LawSection], choice: random.Random, n_rounds: int) -> Iterator[Row]:
    laws = _grouped(sections, lambda section: section.law)
    if len(laws) < 2:
        return
    names = sorted(laws)
    for section in sections:
        for _ in range(n_rounds):
            other = choice.choice(names)
            if other != section.law:
                yield shortened(law_text(section)), shortened(law_text(choice.choice(laws[other])))


def main() -> None:
    """Write every data set to the work folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    texts.data_argument(parser)
    parser.add_argument("--work", type=Path, required=True, help="a folder for what is made on the way")
    arguments = parser.parse_args()
    for name, rows in make_pairs(read_sources(arguments.data, arguments.work)).items():
        path = arguments.work / f"pairs-{name}.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        print(f"{name}: {len(rows)}")


if __name__ == "__main__":
    main()
