"""The text that the models are trained and measured on, and which part is which.

The text is not part of the project; `models/README.md` says where each file comes from. Every script here takes
``--data``, the folder that holds them, and reads them through this module, so that no model sees what another is
measured on. A document goes to one part whole:

- ``test``: read only to print the figures of a finished model,
- ``dev``: to choose between settings,
- ``train``: the rest.

Documents and laws are divided by a hash of their identifier; sentence pairs, which come without one, in runs of 100
neighbours; the treebank by the development and test sets of Universal Dependencies, whose sentences it holds.
"""

import argparse
import hashlib
import json
import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

Part = Literal["train", "dev", "test"]
PARTS: tuple[Part, ...] = ("train", "dev", "test")
# Of a hundred documents, those numbered below the first are for testing, below the second for choosing.
TEST_BELOW, DEV_BELOW = 8, 14
PAIRS_IN_A_RUN = 100
HEADING = "# "


class Document(NamedTuple):
    """A document: its identifier and its paragraphs, headings among them with «# » before."""

    id: str
    title: str
    paragraphs: tuple[str, ...]


class LawSection(NamedTuple):
    """A section (§) of a law or regulation. `ministries` has several names where several share it."""

    law: str
    title: str
    ministries: tuple[str, ...]
    field: str
    heading: str
    text: str


class Pair(NamedTuple):
    """One sentence in both written forms."""

    nb: str
    nn: str


class Token(NamedTuple):
    """A token of a treebank. `entity` is O, or B- or I- and the kind, where the treebank has names; otherwise «»."""

    form: str
    lemma: str
    tag: str
    features: str
    entity: str


class TreebankSentence(NamedTuple):
    """A sentence of a treebank; `text` is the sentence as printed where the treebank knows it, otherwise «»."""

    tokens: tuple[Token, ...]
    text: str

    @property
    def forms(self) -> tuple[str, ...]:
        """The tokens' forms."""
        return tuple(token.form for token in self.tokens)


def part_of(identifier: str) -> Part:
    """The part that a document or law belongs to.

    >>> part_of("lov-1814-05-17")
    'train'
    """
    number = int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % 100
    return "test" if number < TEST_BELOW else "dev" if number < DEV_BELOW else "train"


def documents(data: Path, part: Part) -> Iterator[Document]:
    """Documents of the public sector: ministries, the Sámi parliament, municipalities. Mostly bokmål."""
    for row in _rows(data / "public-sector-nb.jsonl.xz"):
        if part_of(row["id"]) == part:
            yield Document(row["id"], row["title"], tuple(row["paragraphs"]))


def law_sections(data: Path, part: Part) -> Iterator[LawSection]:
    """Sections of laws and regulations, law by law."""
    for row in _rows(data / "law-sections.jsonl.xz"):
        if part_of(row["law"]) == part:
            ministries = tuple(f"{name}departementet" for name in row["ministry"].split("departementet") if name)
            yield LawSection(row["law"], row["title"], ministries, row["field"], row["heading"], row["text"])


def reviews(data: Path, part: Part) -> Iterator[Document]:
    """Reviews from newspapers; each paragraph is a sentence or two."""
    for row in _rows(data / "reviews-nb.jsonl.xz"):
        if part_of(row["id"]) == part:
            yield Document(row["id"], "", tuple(row["paragraphs"]))


def pairs(data: Path, part: Part) -> Iterator[Pair]:
    """Sentences in bokmål and nynorsk."""
    for number, row in enumerate(_rows(data / "nb-nn-pairs.jsonl.xz")):
        if part_of(f"pair/{number // PAIRS_IN_A_RUN}") == part:
            yield Pair(row["nb"], row["nn"])


def universal_dependencies(
    data: Path, form: Literal["nb", "nn"], part: Literal["dev", "test"]
) -> list[TreebankSentence]:
    """The development or test set of Universal Dependencies; `tag` is the universal part of speech."""
    name = {"nb": "bokmaal", "nn": "nynorsk"}[form]
    with lzma.open(data / "treebank" / f"ud-no_{name}-{part}.conllu.xz", "rt", encoding="utf-8") as lines:
        return list(_sentences(lines, tag_column=3))


def treebank(data: Path, form: Literal["nb", "nn"], part: Part) -> list[TreebankSentence]:
    """The Norwegian Dependency Treebank with names, in the order of its texts; `tag` is its own part of speech.

    A sentence whose tokens are those of a sentence in the development or test set of Universal Dependencies belongs
    to that part, the test set first.
    """
    held_out: dict[tuple[str, ...], Part] = {}
    for held in ("dev", "test"):
        held_out |= {_key(sentence): held for sentence in universal_dependencies(data, form, held)}
    with lzma.open(
        data / "treebank" / f"ndt-{form.replace('nb', 'nob').replace('nn', 'nno')}-ner.conll.xz", "rt"
    ) as lines:
        return [
            sentence for sentence in _sentences(lines, tag_column=3) if held_out.get(_key(sentence), "train") == part
        ]


def data_argument(parser: argparse.ArgumentParser) -> None:
    """Give a script its ``--data``."""
    parser.add_argument("--data", type=Path, required=True, help="the folder of training text; see models/README.md")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _key(sentence: TreebankSentence) -> tuple[str, ...]:
    """A sentence as the other treebank has it: Universal Dependencies leaves out the mark of a headline."""
    return tuple(form for form in sentence.forms if form != "|")


def _sentences(lines: Iterable[str], *, tag_column: int) -> Iterator[TreebankSentence]:
    tokens: list[Token] = []
    text = ""
    for line in lines:
        cells = line.rstrip("\n").split("\t")
        if line.startswith("# text = "):
            text = line.removeprefix("# text = ").rstrip("\n")
        elif len(cells) > tag_column and cells[0].isdecimal():
            entity = cells[9].removeprefix("name=") if cells[9].startswith("name=") else ""
            tokens.append(Token(cells[1], cells[2], cells[tag_column], cells[5], entity))
        elif not line.strip() and tokens:
            yield TreebankSentence(tuple(tokens), text)
            tokens, text = [], ""
    if tokens:
        yield TreebankSentence(tuple(tokens), text)
