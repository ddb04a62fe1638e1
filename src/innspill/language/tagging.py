"""Word classes, lemmas and names in Norwegian text by a spaCy pipeline, and the noun phrases that the classes show."""

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

from innspill.bundled import bundled
from innspill.derived import without_long_runs
from innspill.errors import ModelError
from innspill.language.cards import verified
from innspill.records import Span

NameKind = Literal["person", "organisation", "place"]
# What pipelines call the three kinds: ours, and those that are trained on NorNE with all its kinds.
KINDS: dict[str, NameKind] = {
    "PERSON": "person",
    "PER": "person",
    "ORGANISATION": "organisation",
    "ORG": "organisation",
    "GPE_ORG": "organisation",
    "PLACE": "place",
    "LOC": "place",
    "GPE_LOC": "place",
}
NOUNS = frozenset({"NOUN", "PROPN"})
MAX_PHRASE = 4
BATCH = 64
# A text is tagged in pieces of at most so many letters, cut at a line's end: memory stays bounded.
PIECE = 20_000


class Token(NamedTuple):
    """A word or mark of a text: where it stands, its base form in small letters, its universal part of speech."""

    span: Span
    lemma: str
    tag: str


class Name(NamedTuple):
    """A name in a text and what it names."""

    span: Span
    kind: NameKind


class Phrase(NamedTuple):
    """A noun with the adjectives and nouns before it."""

    words: tuple[Token, ...]

    @property
    def span(self) -> Span:
        """From its first word to its last."""
        return Span(self.words[0].span.start, self.words[-1].span.end)

    @property
    def lemma(self) -> str:
        """Its words' base forms."""
        return " ".join(word.lemma for word in self.words)


class Tagger:
    """A spaCy pipeline, behind what innspill asks of it."""

    def __init__(self, nlp: Any) -> None:  # noqa: ANN401 - spaCy's Language
        self._nlp = nlp

    def tokens(self, texts: Sequence[str]) -> Iterator[list[Token]]:
        """The tokens of each text, without blanks. Names are not looked for, which is quicker."""
        for pieces in self._docs(texts, without=("ner",)):
            yield [
                Token(
                    Span(start + token.idx, start + token.idx + len(token)),
                    (token.lemma_ or token.text).lower(),
                    token.pos_,
                )
                for start, doc in pieces
                for token in doc
                if not token.is_space
            ]

    def names(self, texts: Sequence[str]) -> Iterator[list[Name]]:
        """The names of persons, organisations and places in each text."""
        for pieces in self._docs(texts, without=("lemmatizer", "morphologizer", "tagger", "attribute_ruler")):
            yield [
                Name(Span(start + entity.start_char, start + entity.end_char), KINDS[entity.label_])
                for start, doc in pieces
                for entity in doc.ents
                if entity.label_ in KINDS
            ]

    def _docs(self, texts: Sequence[str], *, without: tuple[str, ...]) -> Iterator[list[tuple[int, Any]]]:
        """For each text its pieces: offset in the text, and spaCy's document. Components named in `without` rest."""
        skipped = [name for name in self._nlp.pipe_names if any(word in name for word in without)]
        pieces = ((number, span) for number, text in enumerate(texts) for span in _pieces(text))
        given = ((without_long_runs(span.of(texts[number])), (number, span.start)) for number, span in pieces)
        found: list[tuple[int, Any]] = []
        current = 0
        for doc, (number, start) in self._nlp.pipe(given, as_tuples=True, batch_size=BATCH, disable=skipped):
            while current < number:
                yield found
                found, current = [], current + 1
            found.append((start, doc))
        while current < len(texts):
            yield found
            found, current = [], current + 1


def noun_phrases(tokens: Sequence[Token]) -> list[Phrase]:
    """The noun phrases in a text: nouns with the adjectives before them, at most four words.

    >>> tokens = [Token(Span(0, 8), "nasjonal", "ADJ"), Token(Span(9, 17), "register", "NOUN")]
    >>> noun_phrases(tokens)[0].lemma
    'nasjonal register'
    """
    phrases = []
    run: list[Token] = []
    for token in tokens:
        # What blanks or an empty line set apart is not one phrase.
        apart = bool(run) and token.span.start > run[-1].span.end + 1
        if run and (apart or not _goes_on(run, token)):
            phrases.extend(_phrases(run))
            run = []
        if token.tag in NOUNS or token.tag == "ADJ":
            run.append(token)
    return [*phrases, *_phrases(run)]


def load_tagger(name: str) -> Tagger:
    """The pipeline that a configuration names.

    Args:
        name: A pipeline that comes with innspill («norwegian»), a folder, or an installed spaCy package.

    Raises:
        ModelError: there is no such pipeline, or it cannot be loaded.
    """
    place: Path | str = name
    if name == "norwegian":
        import_without_torch("spacy")
        place = verified(bundled("models/norwegian"))
    elif Path(name).is_dir():
        place = Path(name)
    import spacy

    import innspill.language.components  # noqa: F401 - what our pipeline is made of, found by its registered name

    remedy = "Name another in consultation.toml, or leave 'pipeline' out."
    try:
        nlp = spacy.load(place, exclude=["parser", "senter"])
    except Exception as error:  # what a damaged folder gives has no bounds
        raise ModelError(
            f"The spaCy pipeline {name!r} cannot be loaded: it is neither a folder that spaCy saved nor an installed "
            f"package ({type(error).__name__}). {remedy}"
        ) from error
    if not any("token.pos" in nlp.get_pipe_meta(component).assigns for component in nlp.pipe_names):
        raise ModelError(f"The spaCy pipeline {name!r} tells no word classes (token.pos). {remedy}")
    return Tagger(nlp)


def import_without_torch(library: str) -> None:
    """Import a library that looks for torch, and takes seconds to load it, without letting it find any.

    Through the life of the process spaCy then does without torch, as our pipeline does.
    """
    if "torch" in sys.modules or library in sys.modules:
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        import_module(library)
    finally:
        sys.modules.pop("torch", None)


def _goes_on(run: Sequence[Token], token: Token) -> bool:
    """Whether a token belongs to the phrase begun: a noun always, an adjective only before the first noun."""
    return token.tag in NOUNS or (token.tag == "ADJ" and run[-1].tag == "ADJ")


def _phrases(run: Sequence[Token]) -> list[Phrase]:
    """The phrase of a run that ends in a noun; none for adjectives alone."""
    if not run or run[-1].tag not in NOUNS:
        return []
    return [Phrase(tuple(run[-MAX_PHRASE:]))]


def _pieces(text: str) -> Iterator[Span]:
    """A text in pieces that are tagged by themselves, cut at a line's end or else a blank where there is one."""
    start = 0
    while len(text) - start > PIECE:
        cuts = (text.rfind(mark, start + 1, start + PIECE) for mark in ("\n", " "))
        cut = next((cut for cut in cuts if cut > start), start + PIECE)
        yield Span(start, cut)
        start = cut
    yield Span(start, len(text))
