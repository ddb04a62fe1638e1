"""The treebank's annotation in the terms of the pipeline: universal parts of speech and features, three kinds of name.

The Norwegian Dependency Treebank has tags of its own. On the development sentences that it shares with Universal
Dependencies, the parts of speech made here agree with those of Universal Dependencies as `train.py` prints; what
remains is particles (ADP or ADV) and auxiliaries (AUX or VERB), which Universal Dependencies tells by syntax.
"""

from collections.abc import Sequence
from typing import NamedTuple

from models.texts import Token, TreebankSentence

HEADLINE_MARK = "|"

PARTS_OF_SPEECH = {
    "subst": "NOUN",
    "verb": "VERB",
    "adj": "ADJ",
    "adv": "ADV",
    "prep": "ADP",
    "pron": "PRON",
    "det": "DET",
    "konj": "CCONJ",
    "sbu": "SCONJ",
    "inf-merke": "PART",
    "interj": "INTJ",
    "symb": "SYM",
    "ukjent": "X",
}  # everything else is punctuation
# Prepositions of the treebank that Universal Dependencies mostly calls adverbs.
MOSTLY_ADVERBS = frozenset({"her", "ut", "opp", "der", "ned", "fram", "att", "bort", "attende", "heime", "hjemme"})
NEGATIONS = frozenset({"ikke", "ikkje"})
# Forms of «be»; Universal Dependencies calls them auxiliaries nearly always.
COPULAS = frozenset({"være", "vere"})
MODALS = frozenset({"kunne", "skulle", "måtte", "ville", "vilje", "burde"})
# Auxiliary only where a participle follows.
PERHAPS_AUXILIARIES = frozenset({"ha", "bli", "verte", "få"})
REACH_OF_AN_AUXILIARY = 5  # tokens to look ahead for the verb that it helps
NUMERALS = frozenset(
    [
        *("én", "éin", "éi", "to", "tre", "fire", "fem", "seks", "sju", "syv", "åtte", "ni", "ti", "elleve", "tolv"),
        *("tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten", "tjue", "tyve", "tretti", "førti"),
        *("femti", "seksti", "sytti", "åtti", "nitti", "hundre", "tusen", "million", "milliard", "eneste", "einaste"),
    ]
)

FEATURES = {
    "ub": "Definite=Ind",
    "be": "Definite=Def",
    "bu": "Definite=Def",  # the nynorsk part has names of its own for some features
    "ent": "Number=Sing",
    "eint": "Number=Sing",
    "fl": "Number=Plur",
    "gen": "Case=Gen",
    "komp": "Degree=Cmp",
    "sup": "Degree=Sup",
    "inf": "VerbForm=Inf",
    "pres": "Tense=Pres|VerbForm=Fin",
    "pret": "Tense=Past|VerbForm=Fin",
    "imp": "Mood=Imp|VerbForm=Fin",
    "perf-part": "VerbForm=Part",
    "<perf-part>": "VerbForm=Part",
    "<pres-part>": "Tense=Pres|VerbForm=Part",
    "pass": "Voice=Pass",
    "st-form": "Voice=Pass",
}
# The parts of speech that are inflected, and so carry features.
INFLECTED = frozenset({"NOUN", "PROPN", "VERB", "AUX", "ADJ", "DET"})

# Kinds of name in the treebank -> ours. GPE_ORG is a state or municipality that acts («Norge krever», «Bergen vant»).
KINDS = {"PER": "PERSON", "ORG": "ORGANISATION", "GPE_ORG": "ORGANISATION", "LOC": "PLACE", "GPE_LOC": "PLACE"}


class Annotated(NamedTuple):
    """A sentence for training: five columns, one value a token. `entities` are in the B-, I-, O scheme."""

    forms: tuple[str, ...]
    parts: tuple[str, ...]
    features: tuple[str, ...]
    lemmas: tuple[str, ...]
    entities: tuple[str, ...]


def annotated(sentence: TreebankSentence) -> Annotated:
    """A sentence of the treebank in our terms, without the mark of a headline."""
    tokens = [token for token in sentence.tokens if token.form != HEADLINE_MARK]
    parts = [part_of_speech(tokens, index) for index in range(len(tokens))]
    return Annotated(
        tuple(token.form for token in tokens),
        tuple(parts),
        tuple(_features(token, part) for token, part in zip(tokens, parts, strict=True)),
        tuple(lemma_of(token, part) for token, part in zip(tokens, parts, strict=True)),
        tuple(_entities(tokens)),
    )


def part_of_speech(tokens: Sequence[Token], index: int) -> str:
    """The universal part of speech of a token; the tokens after it tell auxiliaries."""
    token = tokens[index]
    features = token.features.split("|")
    match PARTS_OF_SPEECH.get(token.tag, "PUNCT"):
        case "NOUN" if "prop" in features:
            return "PROPN"
        case "VERB" if _is_auxiliary(tokens, index):
            return "AUX"
        case "ADP" if token.lemma in MOSTLY_ADVERBS:
            return "ADV"
        case "ADV" if token.lemma in NEGATIONS:
            return "PART"
        case "DET" if "poss" in features:
            return "PRON"
        case "DET" if "kvant" in features and (token.lemma in NUMERALS or any(map(str.isdigit, token.form))):
            return "NUM"
        case part:
            return part


def lemma_of(token: Token, part: str) -> str:
    """The lemma as Universal Dependencies has it; of all but proper nouns in small letters."""
    return token.lemma if part in ("PROPN", "X") else token.lemma.lower()


def _is_auxiliary(tokens: Sequence[Token], index: int) -> bool:
    lemma = tokens[index].lemma
    if lemma in COPULAS or lemma in MODALS:
        return True
    return lemma in PERHAPS_AUXILIARIES and any(
        _helped(token) for token in _clause(tokens[index + 1 : index + 1 + REACH_OF_AN_AUXILIARY])
    )


def _clause(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens before the next mark, infinitive mark, subjunction or finite verb."""
    for number, token in enumerate(tokens):
        finite = token.tag == "verb" and not _helped(token)
        if finite or token.tag in ("clb", "inf-merke", "sbu") or token.tag.startswith("<"):
            return tokens[:number]
    return tokens


def _helped(token: Token) -> bool:
    """Whether a word can be what a perfect or a passive is made of: a participle."""
    return "perf-part" in token.features


def _features(token: Token, part: str) -> str:
    if part not in INFLECTED:
        return ""
    found = {feature for name in token.features.split("|") if name in FEATURES for feature in FEATURES[name].split("|")}
    return "|".join(sorted(found))


def _entities(tokens: Sequence[Token]) -> list[str]:
    """The entities of the three kinds; two spans that meet stay two."""
    found = []
    for token in tokens:
        mark, _, kind = token.entity.partition("-")
        found.append(f"{mark}-{KINDS[kind]}" if kind in KINDS else "O")
    return found
