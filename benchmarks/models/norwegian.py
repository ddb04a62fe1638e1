"""The shipped spaCy pipeline: lemmas and parts of speech against Universal Dependencies, names against the treebank.

Lemmas are those of nouns, verbs, auxiliaries, adjectives and adverbs, compared in small letters, on the treebank's own
tokens, one sentence a document; with that, simplemma gives 0.959 for bokmål and 0.914 for nynorsk on the test sets.
Names count where kind, start and end are right. Nobody tells the pipeline which written form a sentence is in.
"""

import time
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from benchmarks.models.table import Row
from innspill.bundled import bundled
from innspill.language.norwegian import Norwegian
from innspill.privacy.person_names import find_names
from models.norwegian.annotation import annotated
from models.texts import Part, TreebankSentence, documents, treebank, universal_dependencies

Form = Literal["nb", "nn"]
NAMES: dict[Form, str] = {"nb": "bokmål", "nn": "nynorsk"}
LEMMA_BARS: dict[Form, float] = {"nb": 0.965, "nn": 0.950}
ENTITY_BARS: dict[Form, float] = {"nb": 0.78, "nn": 0.75}
SPEED_BAR, LOAD_BAR = 8000, 2.0
CONTENT = frozenset({"NOUN", "VERB", "AUX", "ADJ", "ADV"})
KINDS = ("PERSON", "ORGANISATION", "PLACE")
BATCH = 128
WORDS_TIMED = 60_000


def rows(data: Path, part: Part) -> list[Row]:
    """Lemmas, parts of speech and names in both written forms, speed and loading time."""
    held_out = "dev" if part == "dev" else "test"
    import spacy  # noqa: F401 - its own loading is not ours to count

    begun = time.process_time()
    nlp = load()
    loading = time.process_time() - begun
    found = []
    for form in NAMES:
        found += word_rows(nlp, form, universal_dependencies(data, form, held_out), held_out)
        sentences = treebank(data, form, held_out)
        found += [*name_rows(nlp, form, sentences, held_out), covered_row(form, sentences, held_out)]
    found.append(
        Row("pipeline, speed", "paragraphs, one core", "words/s", {"ours": speed(nlp, data, held_out)}, SPEED_BAR)
    )
    found.append(Row("pipeline, loading", "after spaCy itself", "seconds", {"ours": loading}, LOAD_BAR))
    return found


def load() -> Any:  # noqa: ANN401 - spaCy's Language
    """The shipped pipeline."""
    import spacy

    import innspill.language.components  # noqa: F401 - registers what the pipeline is made of

    return spacy.load(bundled("models/norwegian"))


def word_rows(nlp: Any, form: Form, sentences: Sequence[TreebankSentence], part: str) -> list[Row]:  # noqa: ANN401
    """Lemma accuracy beside simplemma's where that is installed, accuracy of the parts of speech."""
    docs = list(analysed(nlp, (sentence.forms for sentence in sentences), without=["ner"]))
    pairs = zip(docs, sentences, strict=True)
    tokens = [both for doc, sentence in pairs for both in zip(doc, sentence.tokens, strict=True)]
    content = [(word, gold) for word, gold in tokens if gold.tag in CONTENT]
    lemmas = {"ours": share(word.lemma_.lower() == gold.lemma.lower() for word, gold in content)}
    if find_spec("simplemma"):
        from simplemma import lemmatize

        lemmas["simplemma"] = share(
            lemmatize(gold.form, lang=form).lower() == gold.lemma.lower() for _, gold in content
        )
    parts = {"ours": share(word.pos_ == gold.tag for word, gold in tokens)}
    name = NAMES[form]
    return [
        Row(f"lemmas, {name}", f"UD {part}, {len(content):,} content words", "accuracy", lemmas, LEMMA_BARS[form]),
        Row(f"parts of speech, {name}", f"UD {part}, {len(tokens):,} tokens", "accuracy", parts),
    ]


def name_rows(nlp: Any, form: Form, sentences: Sequence[TreebankSentence], part: str) -> list[Row]:  # noqa: ANN401
    """F1 of the names, all and kind by kind."""
    gold = [annotated(sentence) for sentence in sentences]
    found, expected = set(), set()
    docs = analysed(nlp, (sentence.forms for sentence in gold), without=["morphologizer", "lemmatizer"])
    for number, (doc, sentence) in enumerate(zip(docs, gold, strict=True)):
        found |= {(number, span.start, span.end, span.label_) for span in doc.ents}
        expected |= {(number, *span) for span in spans(sentence.entities)}
    data = f"NDT {part}, {len(expected):,} names"
    rows = [Row(f"names, {NAMES[form]}", data, "F1", {"ours": f1(found, expected)}, ENTITY_BARS[form])]
    for kind in KINDS:
        these = [{span for span in spans_of if span[-1] == kind} for spans_of in (found, expected)]
        data = f"NDT {part}, {len(these[1]):,} names"
        rows.append(Row(f"names: {kind.lower()}, {NAMES[form]}", data, "F1", {"ours": f1(*these)}))
    return rows


def covered_row(form: Form, sentences: Sequence[TreebankSentence], part: str) -> Row:
    """The share of the names of persons that pseudonyms would cover whole: by rules and lists alone, and with ours."""
    named = [
        (" ".join(sentence.forms), [span for span in spans(sentence.entities) if span[-1] == "PERSON"])
        for sentence in map(annotated, sentences)
    ]
    finders = {"ours": Norwegian().persons, "rules and lists alone": None}
    figures = {}
    for name, finder in finders.items():
        covered = []
        for text, persons in named:
            words = text.split(" ")
            found = find_names(text, recogniser=finder) if persons else []
            for first, last, _ in persons:
                start = len(" ".join([*words[:first], ""]))
                end = start + len(" ".join(words[first:last]))
                covered.append(any(span.start <= start and end <= span.end for span in found))
        figures[name] = share(covered)
    n_names = sum(len(persons) for _, persons in named)
    return Row(f"persons' names covered, {NAMES[form]}", f"NDT {part}, {n_names:,} names", "recall", figures)


def analysed(nlp: Any, sentences: Iterable[Sequence[str]], *, without: Sequence[str]) -> Iterable[Any]:  # noqa: ANN401
    """Documents of sentences that are tokens already."""
    from spacy.tokens import Doc

    docs = (Doc(nlp.vocab, words=list(words)) for words in sentences)
    return nlp.pipe(docs, batch_size=BATCH, disable=list(without))


def spans(entities: Sequence[str]) -> set[tuple[int, int, str]]:
    """First token, token after the last, and kind of each name in B-, I-, O marks.

    >>> spans(["B-PERSON", "I-PERSON", "O"])
    {(0, 2, 'PERSON')}
    """
    found = set()
    for start, mark in enumerate(entities):
        if mark.startswith("B-"):
            rest = (number for number in range(start + 1, len(entities)) if not entities[number].startswith("I-"))
            found.add((start, next(rest, len(entities)), mark.removeprefix("B-")))
    return found


def f1(found: set[Any], expected: set[Any]) -> float:
    """The harmonic mean of precision and recall; 0 where nothing is right."""
    return 2 * len(found & expected) / (len(found) + len(expected)) if found & expected else 0.0


def share(right: Iterable[bool]) -> float:
    """The share of what is true."""
    answers = list(right)
    return sum(answers) / len(answers)


def speed(nlp: Any, data: Path, part: Part) -> float:  # noqa: ANN401
    """Words per second of processor time, from text to names, on paragraphs of the public sector."""
    paragraphs = (paragraph for document in documents(data, part) for paragraph in document.paragraphs)
    texts, n_words = [], 0
    for text in islice(paragraphs, WORDS_TIMED):
        texts.append(text)
        n_words += len(text.split())
        if n_words >= WORDS_TIMED:
            break
    list(nlp.pipe(texts[:BATCH]))  # what is made once
    begun = time.process_time()
    for _ in nlp.pipe(texts, batch_size=BATCH):
        pass
    return n_words / (time.process_time() - begun)
