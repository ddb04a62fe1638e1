"""What sentence vectors are measured on: sections to cluster, queries with what should be found, comments with themes.

The text comes from the held-out documents of `models.texts`; comments from the corpora, where the messages that rules
were set on count as ``dev`` (of `corpora/innboks`, which has no such division, mailboxes a and b) and the rest as
``test``. Everything is read once a process.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from benchmarks.models.distractors import KINDS, Kind, Lexicon, distractors
from innspill.derived import join_lines
from innspill.evaluation import load_gold
from innspill.language.classification import mask_citations
from innspill.language.norwegian import Norwegian
from innspill.places import LineIndex
from innspill.reading.report import read_report
from innspill.records import Passage, Report
from models.texts import HEADING, PARTS, Document, Part, documents, law_sections, pairs

CommentPart = Literal["train", "dev", "test", "all"]

CORPORA = Path("corpora")
CONSULTATION = CORPORA / "ki-helsedata"
INBOXES: dict[Part, str] = {"dev": "ab", "test": "cde"}
# Sections shorter than this say too little to be found or grouped; longer ones are cut.
MIN_SECTION_WORDS, MAX_CLUSTERED_WORDS, MAX_FOUND_WORDS = 20, 200, 120
N_OPENING = 70
MAX_SECTIONS_A_LAW, MIN_SECTIONS_A_MINISTRY = 40, 60
MIN_HEADING_WORDS, MAX_HEADING_WORDS = 2, 30
MIN_PAIR_WORDS = 5
MIN_COMMENT_WORDS = 3
# A section was trained on where a training document has paragraphs (of so many words) that make up so much of it.
MIN_KNOWN_WORDS, MAX_KNOWN = 8, 0.2
SECTION_NUMBER = re.compile(
    r"^(?:(?:§+|Artikkel|Art\.|Kapittel|Kap\.)\s*)?"
    r"(?:[IVX]+\.|\d+(?:[-–.]\d+)*(?:[a-zæøå]\b|\s[a-zæøå](?=\.|$))?\.?)(?:\s+|$)"
)
NEUTRAL = "LINJEREF"


class Clustering(NamedTuple):
    """Texts and the group that each belongs to."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    size: str

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return len(set(self.labels))


class Retrieval(NamedTuple):
    """Queries, what they are looked for among, and for each query the positions of what should be found."""

    queries: tuple[str, ...]
    candidates: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]
    size: str


class Section(NamedTuple):
    """A heading, the text under it, and the document it stands in."""

    heading: str
    text: str
    document: str


# Sections of laws ----------------------------------------------------------------------------------------------------


@cache
def ministries(data: Path, part: Part) -> Clustering:
    """Sections of laws and the ministry that the law belongs to, where it is one; at most some sections a law.

    Regulations copy each other: sections that begin as one of a training law does are left out.
    """
    known = _trained_openings(data)
    by_law: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for section in law_sections(data, part):
        if len(section.text.split()) < MIN_SECTION_WORDS or _opening(section.text) in known:
            continue
        if len(section.ministries) == 1:
            text = _first_words(f"{section.heading} {section.text}", MAX_CLUSTERED_WORDS)
            by_law[section.law].append((text, section.ministries[0]))
    drawn = [
        row
        for law, rows in sorted(by_law.items())
        for row in random.Random(law).sample(rows, min(len(rows), MAX_SECTIONS_A_LAW))
    ]
    counts = Counter(ministry for _, ministry in drawn)
    kept = [row for row in drawn if counts[row[1]] >= MIN_SECTIONS_A_MINISTRY]
    texts, labels = zip(*kept, strict=True)
    return Clustering(texts, labels, f"{len(texts)} sections of laws held out, {len(set(labels))} ministries")


@cache
def law_headings(data: Path, part: Part) -> Retrieval:
    """The heading of a law's section -> its text, among all sections of the part.

    A section that begins as one of a training law does is there to be found, but not asked for.
    """
    known = _trained_openings(data)
    sections = [
        Section(SECTION_NUMBER.sub("", section.heading), section.text, section.law)
        for section in law_sections(data, part)
    ]
    repeated = _repeated(section.heading for section in sections)

    def asked(section: Section) -> bool:
        return section.heading.casefold() not in repeated and _opening(section.text) not in known

    return _headed(sections, asked, "sections of laws")


@cache
def _trained_openings(data: Path) -> frozenset[str]:
    return frozenset(
        _opening(section.text)
        for section in law_sections(data, "train")
        if len(section.text.split()) >= MIN_SECTION_WORDS
    )


def _opening(text: str) -> str:
    """The first letters and digits of a text, by which copies are known."""
    return "".join(letter for letter in text[: 2 * N_OPENING].casefold() if letter.isalnum())[:N_OPENING]


# Sections of documents -----------------------------------------------------------------------------------------------


@cache
def document_headings(data: Path, part: Part) -> Retrieval:
    """A heading -> the text under it, among all sections of all documents of the part.

    Headings that any other section of any document has are no queries, nor those of text that a training document has.
    """
    by_part = {name: list(documents(data, name)) for name in PARTS}
    repeated = _repeated(
        paragraph.removeprefix(HEADING)
        for group in by_part.values()
        for document in group
        for paragraph in document.paragraphs
        if paragraph.startswith(HEADING)
    )
    known = {
        paragraph
        for document in by_part["train"]
        for paragraph in document.paragraphs
        if len(paragraph.split()) >= MIN_KNOWN_WORDS
    }
    trained_on = {
        section
        for document in by_part[part]
        for section, paragraphs in _sections(document)
        if _n_words(paragraph for paragraph in paragraphs if paragraph in known) > MAX_KNOWN * _n_words(paragraphs)
    }
    sections = [section for document in by_part[part] for section, _ in _sections(document)]

    def asked(section: Section) -> bool:
        return section.heading.casefold() not in repeated and section not in trained_on

    return _headed(sections, asked, "sections of documents")


def _sections(document: Document) -> Iterator[tuple[Section, list[str]]]:
    """The sections of a document, each with its paragraphs; what stands before the first heading is left out."""
    heading, paragraphs = "", list[str]()
    for paragraph in (*document.paragraphs, HEADING):
        if not paragraph.startswith(HEADING):
            paragraphs.append(paragraph)
            continue
        if heading and paragraphs:
            yield Section(heading, " ".join(paragraphs), document.id), paragraphs
        heading, paragraphs = paragraph.removeprefix(HEADING).strip(), []


def _headed(sections: Sequence[Section], asked: Callable[[Section], bool], what: str) -> Retrieval:
    """Headings as queries for the texts under them; the heading's own words at the start of the text are cut off."""
    position: dict[str, int] = {}
    queries: dict[str, int] = {}
    for section in sections:
        text = _first_words(_without_heading(section), MAX_FOUND_WORDS)
        if len(text.split()) < MIN_SECTION_WORDS or text in position:
            continue
        position[text] = len(position)
        if MIN_HEADING_WORDS <= len(section.heading.split()) <= MAX_HEADING_WORDS and asked(section):
            queries[section.heading] = position[text]
    n_documents = len({section.document for section in sections})
    return Retrieval(
        tuple(queries),
        tuple(position),
        tuple(frozenset({found}) for found in queries.values()),
        f"{len(queries)} headings, {len(position)} {what}, {n_documents} documents held out",
    )


def _without_heading(section: Section) -> str:
    text = section.text.strip()
    if text.casefold().startswith(section.heading.casefold()):
        text = text[len(section.heading) :].lstrip(" .:–-")
    return text


def _repeated(headings: Iterable[str]) -> set[str]:
    counts = Counter(heading.strip().casefold() for heading in headings)
    return {heading for heading, count in counts.items() if count > 1}


def _n_words(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _first_words(text: str, n_words: int) -> str:
    return " ".join(text.split()[:n_words])


# Nynorsk and bokmål --------------------------------------------------------------------------------------------------


@cache
def nynorsk(data: Path, part: Part, kinds: tuple[Kind, ...] = KINDS) -> Retrieval:
    """A nynorsk sentence -> the same in bokmål, among all bokmål sentences of the part and distractors of each."""
    lexicon = Lexicon.of(pair.nb for pair in pairs(data, "train"))
    kept = {
        pair.nb.strip(): pair.nn.strip()
        for pair in pairs(data, part)
        if pair.nb.strip() != pair.nn.strip() and len(pair.nb.split()) >= MIN_PAIR_WORDS
    }
    wrong = [other for sentence in kept for other in distractors(sentence, lexicon, kinds) if other not in kept]
    return Retrieval(
        tuple(kept.values()),
        (*kept, *dict.fromkeys(wrong)),
        tuple(frozenset({row}) for row in range(len(kept))),
        f"{len(kept)} pairs held out, {len(set(wrong))} distractors",
    )


# Comments ------------------------------------------------------------------------------------------------------------


@cache
def report() -> Report:
    """The report that all corpora answer."""
    return read_report(CONSULTATION / "report.pdf", sentences=Norwegian().sentences)


@cache
def passages() -> tuple[Passage, ...]:
    """The passages that comments are matched with: sentences and table rows, no headings."""
    return tuple(passage for passage in report().passages if passage.kind != "heading" and passage.section_id)


def passage_texts() -> tuple[str, ...]:
    """The words of each passage, its lines joined."""
    return tuple(join_lines(report().text, passage.span).text for passage in passages())


@cache
def placed_comments(_: Path, part: Part) -> Retrieval:
    """A comment, its citations taken out -> the report's passages that hold the lines it is about."""
    index = LineIndex(report())
    lines = [{line.number for line in index.lines_in(passage.span)} for passage in passages()]
    found: dict[str, frozenset[int]] = {}
    for comment in _gold_comments(part):
        query = " ".join(mask_citations(comment["quote"]).replace(NEUTRAL, " ").split())
        relevant = frozenset(row for row, numbers in enumerate(lines) if numbers & set(comment["lines"]))
        if relevant and len(query.split()) >= MIN_COMMENT_WORDS and not comment.get("whole_report"):
            found[query] = relevant
    return Retrieval(
        tuple(found),
        passage_texts(),
        tuple(found.values()),
        f"{len(found)} comments of corpora/*, {len(passages())} passages",
    )


def _gold_comments(part: Part) -> Iterator[dict[str, Any]]:
    yield from _split_comments(part)
    for name in INBOXES[part]:
        yield from load_gold(CORPORA / "innboks" / name)["comments"]


def _split_comments(part: CommentPart) -> Iterator[dict[str, Any]]:
    """Comments of the consultation with an analyst's answers: those of its tuning messages are ``dev``."""
    gold = load_gold(CONSULTATION)
    split = {message["file"]: message["split"] for message in gold["messages"]}
    for comment in gold["comments"]:
        if part == "all" or (split[comment["file"]] == "tune") == (part == "dev"):
            yield comment


@cache
def themes(part: CommentPart, *, joined: bool) -> Clustering:
    """Comments and the analyst's themes; with `joined`, each with the words of the passages it is about."""
    lines = LineIndex(report())
    numbers = [{line.number for line in lines.lines_in(passage.span)} for passage in passages()]
    said: dict[str, str] = {}
    for comment in _split_comments(part):
        if not comment["theme"]:
            continue
        text = " ".join(mask_citations(comment["quote"]).replace(NEUTRAL, " ").split())
        about = [words for words, held in zip(passage_texts(), numbers, strict=True) if held & set(comment["lines"])]
        said[" ".join([text, *about] if joined else [text])] = comment["theme"]
    n_themes = len(set(said.values()))
    return Clustering(
        tuple(said), tuple(said.values()), f"{len(said)} comments of corpora/ki-helsedata, {n_themes} themes"
    )
