"""Training sentences with other names in them, from the lists that come with innspill.

The treebank's names are those of its newspapers and years; the lists have the names of today's municipalities, agencies
and associations, and given names of all origins. A name is replaced by one of its kind, in the genitive where it was.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from models.norwegian.annotation import Annotated

LISTS = Path(__file__).parents[2] / "src" / "innspill" / "data"
MUNICIPALITY = " kommune"
SHORTEST_ALIAS = 3  # letters
REPLACED = 0.7  # of the names in a sentence that is chosen
WITH_TWO_GIVEN_NAMES, WITH_INITIAL = 0.15, 0.08  # of the persons with a family name


class Register(NamedTuple):
    """Names to choose from, in a fixed order."""

    given: Sequence[str]
    family: Sequence[str]
    organisations: Sequence[str]
    places: Sequence[str]


class Name(NamedTuple):
    """A name in a sentence: its first token, the token after its last, its kind."""

    start: int
    end: int
    kind: str


def read_register() -> Register:
    """The lists of names, organisations by name and alias, municipalities as places."""
    given, family = (
        [line.strip(" ?!") for line in _lines(f"{name}.txt") if not line.endswith("!")]
        for name in ("given_names", "surnames")
    )
    organisations, places = [], []
    for name, _, aliases, _ in (line.split("\t") for line in _lines("organisations.tsv")[1:]):
        known = (alias.strip() for alias in aliases.split(";"))
        organisations += [name, *(alias for alias in known if len(alias) >= SHORTEST_ALIAS)]
        if name.endswith(MUNICIPALITY):
            places.append(name.removesuffix(MUNICIPALITY))
    return Register(given, family, organisations, places)


def renamed(sentence: Annotated, register: Register, chance: random.Random) -> Annotated:
    """The sentence with most of its names replaced."""
    columns: list[list[str]] = [[] for _ in sentence]
    done = 0
    for name in names(sentence.entities):
        if chance.random() < REPLACED:
            _append(columns, [column[done : name.start] for column in sentence])
            words = _another(name, register, chance)
            if _is_genitive(sentence, name.end - 1):
                words[-1] += "" if words[-1].endswith("s") else "s"
            n = len(words)
            marks = [f"{'I' if number else 'B'}-{name.kind}" for number in range(n)]
            _append(columns, [words, ["PROPN"] * n, [""] * n, words, marks])
            done = name.end
    _append(columns, [column[done:] for column in sentence])
    return Annotated(*(tuple(column) for column in columns))


def names(entities: Sequence[str]) -> Iterator[Name]:
    """The names in a row of B-, I- and O marks."""
    for start, mark in enumerate(entities):
        if mark.startswith("B-"):
            end = start + 1
            while end < len(entities) and entities[end].startswith("I-"):
                end += 1
            yield Name(start, end, mark.removeprefix("B-"))


def _another(name: Name, register: Register, chance: random.Random) -> list[str]:
    """The words of another name of the kind; a person known by one name stays so."""
    match name.kind:
        case "PERSON" if name.end - name.start == 1:
            return [chance.choice(chance.choice((register.given, register.family)))]
        case "PERSON":
            draw = chance.random()
            middle = [chance.choice(register.given)] if draw < WITH_TWO_GIVEN_NAMES else []
            if draw > 1 - WITH_INITIAL:
                middle = [f"{chance.choice(register.given)[0]}."]
            return [chance.choice(register.given), *middle, chance.choice(register.family)]
        case "ORGANISATION":
            return chance.choice(register.organisations).split()
        case _:
            return chance.choice(register.places).split()


def _is_genitive(sentence: Annotated, index: int) -> bool:
    return "Case=Gen" in sentence.features[index]


def _append(columns: Sequence[list[str]], parts: Sequence[Sequence[str]]) -> None:
    for column, part in zip(columns, parts, strict=True):
        column.extend(part)


def _lines(name: str) -> list[str]:
    lines = (LISTS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
