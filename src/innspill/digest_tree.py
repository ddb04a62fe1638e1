"""The digest as a tree: what authors read, arranged and worded, without a format.

Built by digest.py, drawn by the writers.
"""

from dataclasses import dataclass
from datetime import datetime

from innspill.places import Place
from innspill.records import (
    Coverage,
    LineKind,
    MessageKind,
    Method,
    ReceivedPart,
    SegmentKind,
    Stance,
    Status,
    ThemeKind,
)
from innspill.words import Words

QUOTATION_MARKS = "«»\"“”„‘’' \n"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a kind: `code` for programs, `label` for readers."""

    code: str
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """A note of the run. Its text is English, as the stages wrote it."""

    severity: str
    severity_label: str
    stage: str
    text: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of the front page.

    ``n_comments = n_placed + n_whole_report + n_unresolved``, and `n_doubtful` of the placed rest on a doubtful
    citation only. The tallies of `by_kind` add up to `n_messages`.
    """

    n_messages: int
    by_kind: tuple[Tally, ...]
    n_late: int
    n_interested: int
    n_organisations: int
    by_organisation_type: tuple[Tally, ...]
    n_comments: int
    n_placed: int
    n_doubtful: int
    n_whole_report: int
    n_unresolved: int
    by_stance: tuple[Tally, ...]
    by_coverage: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """One annotation of a comment, said to a reader. `place` is ``None`` where the citation was not resolved.

    `suggested` is a place that the comment's words fit better than what a doubtful citation points at, if there is one.
    """

    annotation_id: str
    method: Method
    method_label: str
    cited: str
    score: float
    score_text: str
    status: Status
    status_label: str
    place: Place | None
    place_text: str
    suggested: Place | None = None
    suggested_text: str = ""

    @property
    def cited_words(self) -> str:
        """The cited words without quotation marks around them, to be put in the reader's own."""
        return self.cited.strip(QUOTATION_MARKS)


@dataclass(frozen=True, slots=True)
class Link:
    """A theme or need that a comment belongs to. `coverage` is empty for a theme."""

    target_id: str
    label: str
    coverage: str = ""
    coverage_label: str = ""


@dataclass(frozen=True, slots=True)
class CommentEntry:
    """A comment with all that an author needs to weigh it. `text` is verbatim.

    `form_label` says in words that it is a note in the margin or a change of the report's text; else it is empty.

    `themes` is the comment's theme, `second_themes` those that it touches on besides. `placements` begin with the one
    that decides where the comment stands; it is empty for a comment on the whole report, or on something the report
    does not mention.
    """

    comment_id: str
    message_id: str
    sender_name: str
    organisation: str
    organisation_type: str
    organisation_type_label: str
    subject: str
    sent_at: datetime | None
    sent_text: str
    late: bool
    campaign_id: str
    part: str
    text: str
    context: str
    language: str
    stance: Stance
    stance_label: str
    form_label: str
    themes: tuple[Link, ...]
    needs: tuple[Link, ...]
    placements: tuple[Placement, ...]
    second_themes: tuple[Link, ...] = ()

    @property
    def sender(self) -> str:
        """Who speaks: the organisation, else the person."""
        return self.organisation or self.sender_name

    @property
    def primary(self) -> Placement | None:
        """The placement that decides where the comment stands; ``None`` where it stands at no line."""
        first = self.placements[0] if self.placements else None
        return first if first is not None and first.place is not None else None

    @property
    def questionable(self) -> tuple[Placement, ...]:
        """The citations that an author should look at: not resolved, or doubtful."""
        return tuple(placement for placement in self.placements if placement.status != "ok")


@dataclass(frozen=True, slots=True)
class Reference:
    """A further place of a comment that stands in full elsewhere."""

    comment: CommentEntry
    placement: Placement


@dataclass(frozen=True, slots=True)
class QuoteEntry:
    """A verbatim quote of a comment."""

    quote: str
    comment: CommentEntry


@dataclass(frozen=True, slots=True)
class NearEntry:
    """A place of the report near to a need, with its text read as running words."""

    place: Place
    place_text: str
    text: str
    similarity: float
    similarity_text: str


@dataclass(frozen=True, slots=True)
class NeedEntry:
    """A need, whether the report covers it, who voices it, and what stands nearest to it.

    `source` is the comment whose words the statement is, ``None`` where it was rephrased; `who` says who voices the
    need. `reasons` say in words what the coverage rests on. `highlights` are the few quotes that cover what is said,
    `quotes` all of them. `breadth` is what needs are ranked by: voices, a campaign as one, and types of organisation.
    `measure` is the planned measure that is nearest, if any is near.
    """

    need_id: str
    statement: str
    coverage: Coverage
    coverage_label: str
    score: float
    score_text: str
    n_comments: int
    n_organisations: int
    n_types: int
    breadth: tuple[int, int]
    strength: float
    summary: str
    who: str
    theme: Link | None
    source: CommentEntry | None
    reasons: tuple[str, ...]
    borderline: bool
    highlights: tuple[QuoteEntry, ...]
    asked_for: QuoteEntry | None
    quotes: tuple[QuoteEntry, ...]
    nearest: tuple[NearEntry, ...]
    measure: Link | None = None
    responsible: str = ""

    @property
    def other_quotes(self) -> tuple[QuoteEntry, ...]:
        """The quotes that are not among the highlights."""
        return tuple(quote for quote in self.quotes if quote not in self.highlights)

    @property
    def comment_ids(self) -> tuple[str, ...]:
        """The comments that voice the need, each once."""
        return tuple(dict.fromkeys(quote.comment.comment_id for quote in self.quotes))


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    """A theme, who speaks of it and how. `second` are the comments that touch on it besides; no count holds them."""

    theme_id: str
    label: str
    summary: str
    terms: tuple[str, ...]
    n_comments: int
    n_organisations: int
    by_organisation_type: tuple[Tally, ...]
    by_stance: tuple[Tally, ...]
    comments: tuple[CommentEntry, ...]
    kind: ThemeKind = "report"
    kind_label: str = ""
    description: str = ""
    group: str = ""
    second: tuple[CommentEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureEntry:
    """A planned measure, and the unmet needs that it is nearest to."""

    measure_id: str
    priority: str
    area: str
    description: str
    responsible: str
    needs: tuple[NeedEntry, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A theme on which senders differ: how many support what the report says, and how many are against, each once.

    `against` are the organisation types of those who are against; `text` says the numbers to a reader.
    """

    theme: Link
    n_support: int
    n_against: int
    against: tuple[Tally, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Contrast:
    """A theme that one type of organisation raises more often than the others.

    `n_said` of the `n_all` senders of that type raise it, and `n_others_said` of the `n_others` of other types; each
    sender counts once, a campaign as one. `text` says it to a reader.
    """

    organisation_type: str
    organisation_type_label: str
    theme: Link
    n_said: int
    n_all: int
    n_others_said: int
    n_others: int
    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A placement that a person should look at."""

    comment: CommentEntry
    placement: Placement


@dataclass(frozen=True, slots=True)
class Overview:
    """The page in front, for who leads the project: the few things to know first.

    `doubtful` and `unresolved` are citations, `uncertain` comments that were placed by a likeness that is in doubt.
    """

    broadest: tuple[NeedEntry, ...]
    n_unmet: int
    splits: tuple[Split, ...]
    contrasts: tuple[Contrast, ...]
    doubtful: tuple[Doubt, ...]
    unresolved: tuple[Doubt, ...]
    uncertain: tuple[Doubt, ...]
    borderline: tuple[NeedEntry, ...]

    @property
    def suggested(self) -> tuple[Doubt, ...]:
        """The doubtful or unresolved citations for which a better place is proposed."""
        return tuple(doubt for doubt in (*self.doubtful, *self.unresolved) if doubt.placement.suggested)


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A line of the report as printed, and the comments that concern it.

    `comments` and `references` are those whose place begins at this line; `covered_by` are the ids of all comments
    whose place takes in the line, citations of whole sections left out, since they would cover everything.
    """

    line_id: str
    number: int | None
    kind: LineKind
    text: str
    page_number: int
    page_label: str
    starts_page: bool
    starts_paragraph: bool
    indent: float
    comments: tuple[CommentEntry, ...]
    references: tuple[Reference, ...]
    covered_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """The lines under one heading, up to the next heading of any level; the first entry may have none."""

    section_id: str
    number: str
    heading: str
    level: int
    lines: tuple[LineEntry, ...]
    comment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remnant:
    """Text of a message that became no comment: its kind in words, and the text."""

    kind: SegmentKind
    kind_label: str
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """A message and what became of it.

    `n_quoted` counts the code points of others' words that it repeats; `unread` are the pieces of it that were not
    read.
    """

    message_id: str
    file: str
    sender_name: str
    sender_email: str
    organisation: str
    organisation_type: str
    organisation_type_label: str
    subject: str
    sent_at: datetime | None
    sent_text: str
    language: str
    kind: MessageKind
    kind_label: str
    duplicate_of: str
    campaign_id: str
    late: bool
    interest: bool
    n_attachments: int
    comment_ids: tuple[str, ...]
    remnants: tuple[Remnant, ...]
    n_quoted: int
    unread: tuple[ReceivedPart, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a digest says, in reading order. `comments` are in the order of the report, the placed first.

    `rephrased` tells that a language model said statements anew.
    """

    words: Words
    title: str
    report_title: str
    mailbox: str
    deadline: datetime | None
    deadline_text: str
    with_pages: bool
    pseudonymised: bool
    counts: Counts
    overview: Overview
    notes: tuple[NoteEntry, ...]
    needs: tuple[NeedEntry, ...]
    themes: tuple[ThemeEntry, ...]
    sections: tuple[SectionEntry, ...]
    whole_report: tuple[CommentEntry, ...]
    unresolved: tuple[CommentEntry, ...]
    questionable: tuple[CommentEntry, ...]
    messages: tuple[MessageEntry, ...]
    comments: tuple[CommentEntry, ...]
    measures: tuple[MeasureEntry, ...] = ()
    rephrased: bool = False

    @property
    def unmet(self) -> tuple[NeedEntry, ...]:
        """The needs that the report does not cover, or only in part."""
        return tuple(need for need in self.needs if need.coverage != "covered")
