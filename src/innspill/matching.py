"""Comments x report -> annotations: by what a comment cites or quotes, else by what it is about, else none."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from innspill.citations import WHOLE_PAGE_SCORE, Citation, Place, ReportIndex, find_citations, resolve
from innspill.config import Config
from innspill.derived import DerivedText, fold, join_lines
from innspill.language.vectors import Encoder
from innspill.likeness import Kept, NearestPassages, PassageSpace, ReportViews, nearest_of
from innspill.reading.pages.garbled import may_be_garbled
from innspill.records import Annotation, Comment, Report, Span

# Passages at least this near to the best one in the same paragraph are part of the place.
NEAR_BEST = 0.75
# Comments that speak of the report as a whole, not of a place in it.
WHOLE_REPORT = re.compile(
    r"\b(?:rapporten|utkastet|dokumentet|rapportutkastet|the report|the draft)\s+"
    r"(?:som (?:helhet|heilskap)|i sin helhet|i (?:sin )?heilskap|generelt|as a whole|overall"
    r"|er (?:\w+ ){0,3}(?:god|bra|grundig|ryddig|lettlest|lettlesen|viktig|nyttig|lang|tung|balansert))"
    r"|\b(?:hele|heile) (?:rapporten|utkastet)|\bgenerelt (?:er|vil|mener|meiner|synes)|\bsom (?:helhet|heilskap)\b"
    r"|\b(?:et|eit) (?:godt|grundig|viktig|ryddig|solid) (?:utkast|arbeid|dokument)",
    re.IGNORECASE,
)
# A comment that says that the report lacks something needs to be this much nearer to be placed.
MISSING_PENALTY = 0.02
QUOTED_ENDS = re.compile(r"^[\s.…,;:–-]+|[\s.…,;:–-]+$")
ELLIPSIS = re.compile(r"\s*(?:\[?\(?(?:\.\.\.|…)\)?\]?)\s*")
MIN_QUOTATION = 12
# Of the words that a sender marked in a copy of the report, so many characters are shown.
MAX_MARKED = 120


def match(
    comments: Sequence[Comment], report: Report, *, encoder: Encoder | None, config: Config
) -> tuple[tuple[Annotation, ...], NearestPassages]:
    """Place each comment in the report.

    Returns:
        The annotations in the order of the comments (several for a comment that cites several places, none for one that
        is about nothing in the report), and the passages that each comment is likest.
    """
    views = ReportViews(report, comments, encoder=encoder)
    index = ReportIndex(report)
    whole = join_lines(report.text, Span(0, len(report.text)))
    annotations: list[Annotation] = []
    kept: list[Kept] = []
    hint: tuple[str, int | None] = ("", None)
    for block, space in views.blocks(comments):
        kept.append(space.kept())
        for row, comment in enumerate(block):
            if hint[0] != comment.message_id:
                hint = (comment.message_id, None)
            places = place_comment(comment, index, whole, space, row, page_hint=hint[1], config=config)
            for place in places:
                if place.target is not None and place.method == "page_line":
                    hint = (comment.message_id, _page_of(index, place.target))
                annotations.append(
                    Annotation(
                        annotation_id=f"A{len(annotations) + 1:04d}",
                        comment_id=comment.comment_id,
                        method=place.method,
                        cited=" ".join(place.cited.split()),
                        target=place.target,
                        score=round(place.score, 4),
                        status=place.status,
                    )
                )
    return tuple(annotations), nearest_of(views, kept)


def place_comment(
    comment: Comment,
    index: ReportIndex,
    whole: DerivedText,
    space: PassageSpace,
    row: int,
    *,
    page_hint: int | None,
    config: Config,
) -> list[Place]:
    """The places of one comment: cited ones; where it cites nothing, quoted ones; else the likest, or none."""

    def fit(span: Span) -> float:
        scores = [space.likeness[row, i] for i, passage in enumerate(space.passages) if passage.span.overlaps(span)]
        return float(max(scores, default=0.0))

    citations = find_citations(comment.text)
    above = find_citations(comment.context) if comment.target is None else []
    page_hint = _hinted_page(citations, index) or _hinted_page(above, index) or page_hint
    if comment.form == "row" and above:
        # The row says where it belongs; «Biobanker bør også inn i tabell 1» in it is what the sender wants.
        citations = above + [citation for citation in citations if citation.kind == "quotation"]
    elif not any(citation.kind != "quotation" for citation in citations):
        # The heading of its list, or the cells of its row, cite for the comment.
        citations = above + citations
    cited = [
        place for citation in _most_exact(citations) for place in resolve(citation, index, fit=fit, page_hint=page_hint)
    ]
    quoted = [
        place
        for citation in citations
        if citation.kind == "quotation"
        for place in _find_quotation(citation, whole, config)
    ]
    return _without_doubles([*_marked(comment, index.report), *cited], quoted) or _by_likeness(
        comment, space, row, config
    )


def _marked(comment: Comment, report: Report) -> list[Place]:
    """The place that the sender marked or changed in a copy of the report."""
    if comment.target is None:
        return []
    words = " ".join(comment.target.of(report.text).split())
    return [Place("quotation", words[:MAX_MARKED], comment.target, 1.0, "ok")]


def _most_exact(citations: Sequence[Citation]) -> list[Citation]:
    """Lines and tables where any are cited; else sections and headings; else pages.

    A chapter named beside a line («kap. 3.2, linje 112») tells where the line is, not a second place.
    """
    for kinds in (("line", "page_line", "table"), ("section", "heading"), ("page",)):
        chosen = [citation for citation in citations if citation.kind in kinds]
        if chosen:
            return chosen
    return []


def _hinted_page(citations: Sequence[Citation], index: ReportIndex) -> int | None:
    """The page that a comment, or the heading above it, names by itself («Side 4»)."""
    pages = [citation.pages for citation in citations if citation.kind == "page" and citation.pages]
    called = index.pages_called(pages[-1][0]) if pages else []
    return called[0] if called else None


def _page_of(index: ReportIndex, span: Span) -> int | None:
    return next((line.page_number for line in index.report.lines if line.span.overlaps(span)), None)


def _without_doubles(cited: Sequence[Place], quoted: Sequence[Place]) -> list[Place]:
    """Cited places, then quoted ones that lie elsewhere; a quotation within a cited chapter or page stands for it."""
    places: list[Place] = []
    narrowed = [
        place for place in cited if not (_is_wide(place) and any(_lies_in(quotation, place) for quotation in quoted))
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


def _is_wide(place: Place) -> bool:
    """Whether a citation names a chapter or a whole page."""
    return place.method == "section" or (place.method == "page_line" and place.score == WHOLE_PAGE_SCORE)


def _lies_in(inner: Place, outer: Place) -> bool:
    return inner.target is not None and outer.target is not None and outer.target.overlaps(inner.target)


# Quotations ----------------------------------------------------------------------------------------------------------


def _find_quotation(citation: Citation, whole: DerivedText, config: Config) -> list[Place]:
    """Where the report says what a comment quotes, typing errors and ellipses allowed for."""
    pieces = [QUOTED_ENDS.sub("", " ".join(piece.split())) for piece in ELLIPSIS.split(citation.names[0])]
    longest = max(pieces, key=len)
    if len(longest) < MIN_QUOTATION:
        return []
    alignment = fuzz.partial_ratio_alignment(fold(longest), fold(whole.text), score_cutoff=config.quotation_score)
    if alignment is None or alignment.dest_end <= alignment.dest_start:
        return []
    # Short quotations must be exact: four words are soon like some other four. But «tøffe» may be read as «tøWe».
    found = whole.text[alignment.dest_start : alignment.dest_end]
    if len(longest) < 25 and alignment.score < 97 and not may_be_garbled(found):
        return []
    span = whole.to_source(Span(alignment.dest_start, alignment.dest_end))
    return [Place("quotation", citation.words, span, alignment.score / 100, "ok")]


# Likeness ------------------------------------------------------------------------------------------------------------


def _by_likeness(comment: Comment, space: PassageSpace, row: int, config: Config) -> list[Place]:
    """The likest place, when it is like enough; none for a comment on the whole report, or on what it lacks."""
    if not space.passages or WHOLE_REPORT.search(comment.text):
        return []
    scores = space.ranking[row]
    best = int(scores.argmax())
    likeness = float(space.likeness[row, best])
    if likeness < config.similarity_threshold + MISSING_PENALTY * comment.says_missing:
        return []
    members = [
        i
        for i, passage in enumerate(space.passages)
        if passage.paragraph_id == space.passages[best].paragraph_id and scores[i] >= NEAR_BEST * scores[best]
    ]
    span = Span(space.passages[min(members)].span.start, space.passages[max(members)].span.end)
    return [Place("similarity", "", span, likeness, "ok" if likeness >= config.similarity_sure else "doubtful")]
