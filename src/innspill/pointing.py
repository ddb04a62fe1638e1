"""Where comments point by themselves: the places that they cite or quote, read in the order of each message.

What a comment cites may hang on what stands above it («Kapittel 3», «Side 4») or on what the same sender cited before
(«samme sted», «linjen under»). Comments that point at nothing are placed by likeness, in matching.py.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from innspill.citation_patterns import PAGES_OF_PDF
from innspill.citations import Citation, CitationKind, Place, find_citations
from innspill.config import Config
from innspill.language.vectors import Encoder
from innspill.plausibility import Plausibility, Pointed
from innspill.quotations import Quotable
from innspill.records import Comment, Message, Report, Span
from innspill.repeats import own_text
from innspill.resolving import NO_HINT, Hint, ReportIndex, counts_on_page, resolve
from innspill.wording import Said, Wording

# Of the words that a sender marked in a copy of the report, or took from it, so many characters are shown.
MAX_SHOWN = 120
# So many of a sender's citations must make sense only as the n-th line of a page.
MIN_COUNTED = 2
# Page and line that a reading does not have count as so bad a fit. By so much the PDF's pages must fit better, all that
# a sender cites together; where the sender says that they are meant, they may fit worse by so much.
LACKING_FIT, BY_PDF_FROM, BY_PDF_SAID_FROM = -0.2, 0.1, -0.45
# «6/18 …» is page and line where so many points of a message begin in this way.
MIN_BARE = 2
# The words above a comment that may be a heading of the report, without what leads up to it.
HEADS = re.compile(
    r"^\W*(?:(?:til|ad|om|on|re|vedrørende|vedrørande|kommentar(?:er|ar)? til)\s+)?(?:\d+(?:\.\d+)*\.?\s+)?",
    re.IGNORECASE,
)
MAX_HEADING, HEADING_SCORE = 8, 0.8
LETTER_HEADING = re.compile(
    r"(?:innledning|innleiing|introduction|bakgrunn|background|oppsummering|summary|samandrag|sammendrag|konklusjon"
    r"|conclusion|avslutning|avslutting|merknader|merknadar|kommentarer|kommentarar|innspill|innspel|vurdering)\w*$",
    re.IGNORECASE,
)
# The kinds of citation from the most exact to the widest. A chapter named beside a line («kap. 3.2, linje 112») tells
# where the line is, and is no second place.
TIERS: tuple[frozenset[CitationKind], ...] = (
    frozenset(
        {"line", "page_line", "table", "figure", "box", "footnote", "bullet", "paragraph", "sentence", "relative"}
    ),
    frozenset({"section", "heading", "appendix"}),
    frozenset({"page"}),
)


def point(
    comments: Sequence[Comment],
    report: Report,
    *,
    encoder: Encoder | None,
    config: Config,
    messages: Sequence[Message] = (),
) -> list[list[Place]]:
    """The places that each comment was put at, cites or quotes; none for one that points at nothing in the report.

    `messages` are those that the comments are from: what a sender says there of page numbers goes for all citations.
    """
    wording = Wording(report, encoder=encoder)
    by_pdf = {message.message_id for message in messages if PAGES_OF_PDF.search(own_text(message))}
    pointer = _Pointer(report, wording, config, by_pdf)
    plausibility = Plausibility(report, wording)
    placed: list[list[Place]] = []
    for _, group in groupby(comments, key=lambda comment: comment.message_id):
        message = list(group)
        pointer.begin(message)
        placed += plausibility.weigh([pointer.read(comment) for comment in message])
    return placed


class _Spoken(NamedTuple):
    """What a comment says, what it cites by itself, and the citations in the words above it."""

    said: Said
    own: list[Citation]
    above: list[Citation]


class _Pointer:
    """Reads the comments of a message one after the other, and remembers what it cited last."""

    def __init__(self, report: Report, wording: Wording, config: Config, by_pdf: Container[str]) -> None:
        self._report = report
        self._by_pdf = by_pdf
        self._index = ReportIndex(report)
        self._quotable = Quotable(report)
        self._wording = wording
        self._config = config
        self._hint = NO_HINT
        self._message: dict[str, _Spoken] = {}

    def begin(self, message: Sequence[Comment]) -> None:
        """Before the comments of each message."""
        spoken = [self._spoken(comment) for comment in message]
        if sum(any(map(_is_bare, one.own)) for one in spoken) < MIN_BARE:
            spoken = [one._replace(own=[citation for citation in one.own if not _is_bare(citation)]) for one in spoken]
        self._message = {comment.comment_id: one for comment, one in zip(message, spoken, strict=True)}
        self._hint = Hint(counts_on_pages=self._counts_on_pages(), by_pdf=self._goes_by_pdf(message))

    def read(self, comment: Comment) -> Pointed:
        """Where a comment points."""
        said, own, above = self._message[comment.comment_id]
        named = self._section_named(comment)
        hint = self._hint_for(own, above, said, named=named)
        cited = self._cited(own, hint, said)
        quoting = own
        if comment.form == "row" and above:
            # The row says where it belongs; «Biobanker bør også inn i tabell 1» in it is what the sender wants.
            by_row = self._cited(above, hint, said)
            cited, quoting = cited if _all_within(cited, by_row) else by_row, above + own
        elif _names_no_place(cited):
            # The heading of its list, or the cells of its row, cite for the comment; or it is one of the report's.
            cited, quoting = self._cited(above, hint, said) or _headed(comment, named) or cited, above + own
        quoted = [place for citation in quoting for place in self._quoted(citation, said)]
        places = _without_doubles([*self._marked(comment), *cited], quoted) or self._taken(comment)
        self._remember(places)
        return Pointed(said, places)

    def _spoken(self, comment: Comment) -> _Spoken:
        above = find_citations(comment.context) if comment.target is None else []
        heading = "" if above or comment.form != "text" else comment.context
        said = self._wording.said(comment.text, above=heading)
        return _Spoken(said, said.citations, above)

    def _counts_on_pages(self) -> bool:
        """Whether a sender counts lines from the top of each page: no line is on its page, and several are told so."""
        told = [
            counts_on_page(citation, self._index)
            for one in self._message.values()
            for citation in (*one.own, *one.above)
        ]
        return False not in told and told.count(True) >= MIN_COUNTED

    def _goes_by_pdf(self, message: Sequence[Comment]) -> bool:
        """Whether a sender's pages are the PDF's: the words fit these clearly better than the printed numbers.

        Or clearly no worse, where the sender says so. Only where the two differ. One sender has one habit, so all that
        the message cites is heard together.
        """
        if all(page == int(label) for label, page in self._index.pages_by_label.items() if label.isdecimal()):
            return False
        gain = 0.0
        for comment in message:
            said = self._message[comment.comment_id].said
            # Together, for a page above and a line below are one place.
            cited = [one for one in find_citations(f"{comment.context}\n{comment.text}") if one.pages]
            # A page is told best by its lines.
            for citation in [one for one in cited if one.ranges] or cited:
                if not citation.in_pdf:
                    printed, by_pdf = (
                        said.fit(span) if span is not None else LACKING_FIT
                        for span in self._index.page_readings(citation)
                    )
                    gain += by_pdf - printed
        says_so = message[0].message_id in self._by_pdf
        return gain > (BY_PDF_SAID_FROM if says_so else BY_PDF_FROM)

    def _cited(self, citations: Sequence[Citation], hint: Hint, said: Said) -> list[Place]:
        """The places of the most exact citations that have any."""
        for kinds in TIERS:
            places: list[Place] = []
            for citation in citations:
                if ("page" if _is_page_step(citation) else citation.kind) in kinds:
                    places += resolve(citation, self._index, said=said, hint=hint)
                    hint = replace(hint, place=_last_target(places) or hint.place)
            if places:
                return places
        return []

    def _hint_for(self, own: Sequence[Citation], above: Sequence[Citation], said: Said, *, named: Span | None) -> Hint:
        """What the comment itself and the words above it add to what was cited before."""
        hint = self._hint
        if named is not None:
            hint = replace(hint, scope=named)
        for citation in (*above, *own):
            if citation.kind in ("page", "section", "heading") or _is_page_step(citation):
                places = resolve(citation, self._index, said=said, hint=hint)
                targets = [place.target for place in places if place.target is not None]
                if len(targets) == 1:
                    names_page = citation.kind in ("page", "relative")
                    page = self._page_of(targets[0]) if names_page else hint.page
                    hint = replace(hint, place=targets[0], page=page, scope=targets[0])
        return hint

    def _section_named(self, comment: Comment) -> Span | None:
        """The section of the report whose heading the words above a comment are; None where they are the sender's own.

        «Innledning» and «Oppsummering» head letters, too.
        """
        words = HEADS.sub("", " ".join(comment.context.split())).strip(" :.–-")
        if comment.form != "text" or not words or len(words.split()) > MAX_HEADING or LETTER_HEADING.match(words):
            return None
        return self._index.section_headed(words)

    def _remember(self, places: Sequence[Place]) -> None:
        """Keep what a comment cited: its lines rather than what it names beside them."""
        found = [place for place in places if place.target is not None]
        by_lines = [place for place in found if place.method in ("line", "page_line")]
        for place in (by_lines or found)[-1:]:
            page = self._page_of(place.target) if place.method == "page_line" and place.target else self._hint.page
            self._hint = replace(self._hint, place=place.target, page=page, method=place.method)

    def _page_of(self, span: Span) -> int | None:
        lines = self._index.lines_in(span)
        return lines[0].page_number if lines else None

    def _marked(self, comment: Comment) -> list[Place]:
        """The place that the sender marked or changed in a copy of the report."""
        if comment.target is None:
            return []
        return [Place("quotation", self._shown(comment.target), comment.target, 1.0, "ok")]

    def _quoted(self, citation: Citation, said: Said) -> list[Place]:
        """Where the report says what a comment quotes."""
        if citation.kind != "quotation" or _folded(citation.names[0]) in _folded(self._report.title):
            return []  # «Innspill til «Hvilke data trenger …»» names the report, and no place in it
        found = self._quotable.find(citation.names[0], least=self._config.quotation_score, fit=said.fit)
        return [Place("quotation", citation.words, found.span, found.score / 100, "ok")] if found else []

    def _taken(self, comment: Comment) -> list[Place]:
        """Words that a comment takes from the report without marks."""
        spans = [found.span for found in self._quotable.runs(comment.text)]
        return [Place("quotation", self._shown(span), span, 1.0, "ok") for span in dict.fromkeys(spans)]

    def _shown(self, span: Span) -> str:
        return " ".join(span.of(self._report.text).split())[:MAX_SHOWN]


def _headed(comment: Comment, section: Span | None) -> list[Place]:
    """The section whose heading stands above a comment, as the place of all that stands under it."""
    if section is None:
        return []
    return [Place("section", " ".join(comment.context.split()), section, HEADING_SCORE, "ok", is_wide=True)]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .,?!")


def _is_page_step(citation: Citation) -> bool:
    """«samme side», «neste side»."""
    return citation.kind == "relative" and citation.names == ("page",)


def _is_bare(citation: Citation) -> bool:
    """«6/18» without a word: page and line where the sender writes so again, else a time, a share or a date."""
    return citation.kind == "page_line" and citation.loose


def _names_no_place(places: Sequence[Place]) -> bool:
    """Whether nothing is cited but pages that the report lacks: those of another document, as like as not."""
    return all(place.target is None and place.is_wide for place in places)


def _last_target(places: Sequence[Place]) -> Span | None:
    return next((place.target for place in reversed(places) if place.target is not None), None)


def _all_within(inner: Sequence[Place], outer: Sequence[Place]) -> bool:
    """Whether there are places, and each lies in a chapter or page among the others."""
    wide = [place for place in outer if place.is_wide]
    return bool(inner) and all(not place.is_wide and any(_lies_in(place, other) for other in wide) for place in inner)


def _without_doubles(cited: Sequence[Place], quoted: Sequence[Place]) -> list[Place]:
    """Cited places, then quoted ones that lie elsewhere; a quotation within a cited chapter or page stands for it."""
    places: list[Place] = []
    narrowed = [
        place for place in cited if not (place.is_wide and any(_lies_in(quotation, place) for quotation in quoted))
    ]
    for place in [*narrowed, *quoted]:
        same = any(
            place.target is not None
            and other.target is not None
            and (place.target == other.target or (place.method == "quotation" and place.target.overlaps(other.target)))
            for other in places
        )
        if not same:
            places.append(place)
    return places


def _lies_in(inner: Place, outer: Place) -> bool:
    return inner.target is not None and outer.target is not None and outer.target.overlaps(inner.target)
