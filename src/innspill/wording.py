"""How well a comment's words fit a place of the report, and whether they fit another place clearly better.

Each sentence of the report is held against what a comment says: by character n-grams, weighed by how rare they are in
the report; by the encoder's vectors, where there is an encoder; and by the numbers and the short quotations that both
have. The sentence of the comment that cites counts beside the whole comment, for what follows it often leads away.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from innspill.citations import Citation, find_citations
from innspill.derived import join_lines
from innspill.language.sentences import find_sentences
from innspill.language.vectors import CharacterNgrams, Encoder, FloatArray, cosine, numbers_in
from innspill.language.written_forms import fold_written_forms
from innspill.passage_index import overlapped
from innspill.records import Report, Span

# What the encoder's vectors and each number or quotation in common weigh beside n-grams.
ENCODER_WEIGHT, KEY_WEIGHT = 0.3, 0.3
# What the surroundings of a sentence weigh beside its own words: its paragraph, the headings above it and its section,
# by n-grams and by vectors. One sentence is too little for vectors.
PARAGRAPH_WEIGHT, HEADING_WEIGHT, SECTION_WEIGHT = 0.3, 0.3, 0.3
ENCODED_PARAGRAPH_WEIGHT, ENCODED_HEADING_WEIGHT, ENCODED_SECTION_WEIGHT = 0.2, 0.1, 0.2
# What the whole comment weighs beside the sentence of it that cites.
WHOLE_WEIGHT = 1.6
# A sentence that cites and says fewer words than this is read with what follows it, up to so many characters.
MIN_FOCUS, FOCUS_LENGTH = 6, 160
# The log odds that another place is meant: how well the place and the best others fit, and how many fit better. By
# logistic regression on the tuning corpora (benchmarks/wrong_citations.py --weights), rounded.
FITS_HERE, FITS_ELSEWHERE, FIT_BETTER, BIAS = -5.3, 6.1, 0.35, -2.7
N_BEST = 3
# Log odds from which a place is doubted.
DOUBTED_FROM = 1.5
# A comment tells a place if it has so many of the report's rare words (by their first letters) and numbers, one of them
# in the sentence that fits best. A word is rare if at most this share of the sentences have it.
MIN_TELLING, STEM, MAX_SHARE = 3, 5, 0.06
SHORT_QUOTATION = re.compile(r"[«\"“”]([^«»\"“”]{3,80})[»\"”]")
MAX_KEY_WORDS = 6
# Each is looked for in the whole report: more than this many are no comment's.
MAX_QUOTATIONS = 200
# A key that more than this share of the sentences hold tells no place.
MAX_KEY_SHARE = 1 / 60


class Evidence(NamedTuple):
    """How well a comment fits a place, the mean of the best sentences elsewhere, and the log of how many fit better."""

    here: float
    elsewhere: float
    better: float


class Said:
    """What a comment says under words of its own above it, as it fits each sentence; looked at when first asked."""

    def __init__(self, wording: "Wording", text: str, above: str) -> None:
        self._wording = wording
        self._text = text
        self._above = above

    @cached_property
    def citations(self) -> list[Citation]:
        """What the comment cites by itself."""
        return find_citations(self._text)

    @cached_property
    def fits(self) -> FloatArray:
        """How well each sentence fits, shape (n_sentences,)."""
        return self._wording.fits(self._text, self.citations, above=self._above)

    def fit(self, span: Span) -> float:
        """How well the words fit a span, whatever stands elsewhere."""
        return float(max(self.fits[self._wording.overlapping(span)], default=0.0))

    def n_better(self, span: Span) -> int:
        """How many sentences fit better than a span does."""
        return int((self.fits[self._wording.is_prose] > self.fit(span)).sum())

    def evidence(self, spans: Sequence[Span]) -> Evidence | None:
        """What speaks for and against some spans as the place that is meant; None where there is nothing to compare."""
        here = self._here(spans)
        others = self.fits[self._wording.is_prose & ~here]
        if not len(others) or not here.any():
            return None
        fit = float(self.fits[here].max())
        best = float(np.sort(others)[-N_BEST:].mean())
        return Evidence(fit, best, math.log1p(int((others > fit).sum())))

    def doubt(self, spans: Sequence[Span]) -> float:
        """The log odds that another place is meant than some spans."""
        evidence = self.evidence(spans)
        if evidence is None:
            return 0.0
        return FITS_HERE * evidence.here + FITS_ELSEWHERE * evidence.elsewhere + FIT_BETTER * evidence.better + BIAS

    def is_doubtful(self, spans: Sequence[Span]) -> bool:
        """Whether another place than some spans is meant, as far as the words tell a place at all."""
        if not self.tells_place or self.doubt(spans) < DOUBTED_FROM:
            return False
        best = self.best(but=spans)
        return best is not None and self.shares_words(best[0])

    @cached_property
    def telling(self) -> frozenset[str]:
        """The report's rare words, by their first letters, and numbers that the comment has."""
        return self._wording.telling(self._text, self.citations)

    @property
    def tells_place(self) -> bool:
        """Whether the words say enough to tell which place is meant."""
        return len(self.telling) >= MIN_TELLING

    def shares_words(self, span: Span) -> bool:
        """Whether the comment and the sentences of a span share a rare word or a number."""
        return bool(self.telling & self._wording.telling_in(span))

    def best(self, *, but: Sequence[Span] = ()) -> tuple[Span, float] | None:
        """The sentence that fits best and how well, other than those that some spans overlap."""
        fits = np.where(self._wording.is_prose & ~self._here(but), self.fits, -np.inf)
        if not len(fits) or not np.isfinite(fits).any():
            return None
        position = int(fits.argmax())
        return self._wording.passages[position].span, float(fits[position])

    def _here(self, spans: Sequence[Span]) -> NDArray[np.bool_]:
        here = np.zeros(len(self.fits), dtype=bool)
        for span in spans:
            here[self._wording.overlapping(span)] = True
        return here


class _View(NamedTuple):
    """One way to look at the sentences: themselves, or what each stands in."""

    weight: float
    encoded_weight: float
    texts: list[str]
    text_of: NDArray[np.int64]  # the place in `texts` of each sentence's


class Wording:
    """The sentences of a report, as comments are held against them."""

    def __init__(self, report: Report, *, encoder: Encoder | None = None) -> None:
        self.passages = tuple(sorted(report.passages, key=lambda passage: passage.span.start))
        self.is_prose = np.array([passage.kind != "heading" for passage in self.passages], dtype=bool)
        self._starts = np.array([passage.span.start for passage in self.passages], dtype=np.int64)
        self._ends = np.array([passage.span.end for passage in self.passages], dtype=np.int64)
        self._texts = [join_lines(report.text, passage.span).text for passage in self.passages]
        self.sections = codes_of([passage.section_id for passage in self.passages])
        paragraphs = codes_of([passage.paragraph_id for passage in self.passages])
        paths = heading_paths(report)
        headings = [paths.get(passage.section_id, "") for passage in self.passages]
        each = np.arange(len(self._texts))
        self._views = (
            _View(1.0, ENCODER_WEIGHT, self._texts, each),
            _View(PARAGRAPH_WEIGHT, ENCODED_PARAGRAPH_WEIGHT, joined_by(paragraphs, self._texts), paragraphs),
            _View(HEADING_WEIGHT, ENCODED_HEADING_WEIGHT, list(dict.fromkeys(headings)), codes_of(headings)),
            _View(SECTION_WEIGHT, ENCODED_SECTION_WEIGHT, joined_by(self.sections, self._texts), self.sections),
        )
        self._encoder = encoder

    @cached_property
    def _ngrams(self) -> CharacterNgrams:
        return CharacterNgrams(self._texts)

    @cached_property
    def _by_ngrams(self) -> list[Any]:
        return [self._ngrams.encode(view.texts) for view in self._views]

    @cached_property
    def _by_vectors(self) -> list[FloatArray]:
        return [self._encoder.encode(view.texts) for view in self._views] if self._encoder is not None else []

    @cached_property
    def _sentences_with(self) -> dict[str, list[int]]:
        """Number -> the places in `passages` of the sentences that hold it."""
        sentences: dict[str, list[int]] = {}
        for place, text in enumerate(self._texts):
            for number in numbers_in(text):
                sentences.setdefault(number, []).append(place)
        return sentences

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        """The rare words and the numbers of each sentence."""
        stems = [_stems(text) for text in self._texts]
        counts = Counter(stem for each in stems for stem in each)
        limit = max(3.0, MAX_SHARE * len(stems))
        return [frozenset(stem for stem in each if counts[stem] <= limit) for each in stems]

    @cached_property
    def _all_stems(self) -> frozenset[str]:
        return frozenset().union(*self._stems)

    @cached_property
    def _folded(self) -> list[str]:
        return [f" {_folded(text)} " for text in self._texts]

    def said(self, text: str, *, above: str = "") -> Said:
        """What a comment says of the report; `above` is its heading, where that tells more of it."""
        return Said(self, text, above)

    def fits(self, text: str, citations: Sequence[Citation], *, above: str = "") -> FloatArray:
        """How well a text with these citations in it, and what heads it, fit each sentence, shape (n_sentences,)."""
        if not self.passages:
            return np.zeros(0)
        said = [f"{above} {without_citations(text, citations)}".strip(), _focus(text, citations)]
        fits = KEY_WEIGHT * self._keys_in(said[0])
        ngrams = self._ngrams.encode(said)
        for view, encoded in zip(self._views, self._by_ngrams, strict=True):
            whole, focus = cosine(ngrams, encoded)
            # What surrounds a sentence is held against the whole comment alone.
            both = WHOLE_WEIGHT * whole + focus if view is self._views[0] else whole
            fits += view.weight * both[view.text_of]
        if self._encoder is None:
            return fits
        vectors = self._encoder.encode(said)
        for view, encoded in zip(self._views, self._by_vectors, strict=True):
            whole, focus = np.clip(cosine(vectors, encoded), 0.0, 1.0)
            both = whole + focus if view is self._views[0] else whole
            fits += view.encoded_weight * both[view.text_of]
        return fits

    def overlapping(self, span: Span) -> slice:
        """The sentences that a span overlaps, as places in `passages`."""
        return overlapped(self._starts, self._ends, span)

    def telling(self, text: str, citations: Sequence[Citation]) -> frozenset[str]:
        """The report's rare words, by their first letters, and numbers that a text has."""
        return _stems(without_citations(text, citations)) & self._all_stems

    def telling_in(self, span: Span) -> frozenset[str]:
        """The rare words and numbers of the sentences that a span overlaps."""
        return frozenset().union(*self._stems[self.overlapping(span)])

    def section_of(self, span: Span) -> Span:
        """The text from the first to the last sentence of the section that a sentence stands in."""
        inside = np.flatnonzero(self.sections == self.sections[self.overlapping(span)][0])
        return Span(int(self._starts[inside].min()), int(self._ends[inside].max()))

    def _keys_in(self, text: str) -> FloatArray:
        """For each sentence the numbers and short quotations that it has in common with a text; the rarer the more."""
        shared = np.zeros(len(self.passages))
        limit = max(3.0, MAX_KEY_SHARE * len(self.passages))
        for hit in self._key_hits(text):
            if 0 < len(hit) <= limit:
                shared[hit] += 1 / math.sqrt(len(hit))
        return shared

    def _key_hits(self, text: str) -> Iterator[list[int]]:
        """The sentences that hold each number, and each short quotation, of a text."""
        for number in sorted(numbers_in(text)):
            yield self._sentences_with.get(number, [])
        for match in islice(SHORT_QUOTATION.finditer(text), MAX_QUOTATIONS):
            words = _folded(match.group(1))
            if words and len(words.split()) <= MAX_KEY_WORDS:
                sought = f" {words} " if len(words) < 5 else words
                yield [place for place, folded in enumerate(self._folded) if sought in folded]


def without_citations(text: str, citations: Sequence[Citation]) -> str:
    """A text without the words that point; quotations and the words of headings stay."""
    pieces, position = [], 0
    for citation in citations:
        if citation.kind not in ("quotation", "heading"):
            pieces.append(text[position : citation.span.start])
            position = citation.span.end
    return " ".join([*pieces, text[position:]])


def _focus(text: str, citations: Sequence[Citation]) -> str:
    """The sentence that cites lines, or the first; with what follows where it says little."""
    sentences = find_sentences(text)
    if not sentences:
        return text
    cited = next((citation.span for citation in citations if citation.kind in ("line", "page_line")), sentences[0])
    around = [sentence for sentence in sentences if sentence.overlaps(cited)] or sentences[:1]
    for end in (around[-1].end, min(len(text), around[-1].end + FOCUS_LENGTH)):
        focus = Span(around[0].start, end)
        inside = [
            Citation(citation.kind, Span(citation.span.start - focus.start, citation.span.end - focus.start), "")
            for citation in citations
            if focus.start <= citation.span.start and citation.span.end <= focus.end
        ]
        words = without_citations(focus.of(text), inside)
        if len(words.split()) >= MIN_FOCUS:
            break
    return words


def joined_by(groups: NDArray[np.int64], texts: Sequence[str]) -> list[str]:
    """The texts of each group as one; `groups` are numbers from 0, shape (n_texts,)."""
    members: list[list[str]] = [[] for _ in range(int(groups.max(initial=-1)) + 1)]
    for text, group in zip(texts, groups, strict=True):
        members[group].append(text)
    return [" ".join(some).strip() for some in members]


def heading_paths(report: Report) -> dict[str, str]:
    """Section id -> its heading with those above it."""
    paths: dict[str, str] = {}
    for section in report.sections:
        paths[section.section_id] = f"{paths.get(section.parent_id, '')} {section.heading}".strip()
    return paths


def codes_of(names: Sequence[str]) -> NDArray[np.int64]:
    """A number for each name, from 0, in the order in which the names first come."""
    code_of = {name: code for code, name in enumerate(dict.fromkeys(names))}
    return np.array([code_of[name] for name in names], dtype=np.int64)


def _stems(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]+", fold_written_forms(text))
    return frozenset(word[:STEM] for word in words if len(word) >= STEM) | numbers_in(text)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
