"""Every record of innspill. This module imports nothing of ours.

Conventions that hold everywhere:

* Offsets are zero-based, end-exclusive code points (`Span`) of an NFC text that is never rewritten.
* Boxes are PDF points with the origin at the top left of the page as shown to a reader (`Box`).
* Records hold ids, never their container: a `Comment` knows its ``message_id``, not its `Message`.
* Numbers: ``page_number`` is the 1-based PDF page; ``Page.label`` is what is printed on it; ``Line.number`` is what a
  reader would cite, and ``None`` for a line that has no number (a footnote, a cell of a table).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

LineKind = Literal["text", "heading", "list", "table", "caption", "footnote"]
SegmentKind = Literal[
    "own", "greeting", "courtesy", "signature", "disclaimer", "quoted", "attribution", "heading", "deleted"
]
RemarkKind = Literal["note", "insertion", "deletion"]
PartStatus = Literal["read", "repeated", "empty", "not_read"]
CommentForm = Literal["text", "row", "note", "change", "deletion"]
MessageKind = Literal["feedback", "campaign", "duplicate", "autoreply", "enquiry", "spam", "empty"]
Stance = Literal[
    "need", "clarification", "support", "disagreement", "suggestion", "question", "correction", "praise", "other"
]
Method = Literal["line", "page_line", "section", "table", "quotation", "similarity"]
Status = Literal["ok", "unresolved", "doubtful"]
Coverage = Literal["uncovered", "partly", "covered"]
# A theme of the report's own sections, of what the report does not have, given by the analyst, or of single comments.
ThemeKind = Literal["report", "outside", "given", "single"]
Severity = Literal["info", "warning", "error"]

STANCES: tuple[Stance, ...] = (
    "need",
    "clarification",
    "support",
    "disagreement",
    "suggestion",
    "question",
    "correction",
    "praise",
    "other",
)
MESSAGE_KINDS: tuple[MessageKind, ...] = (
    "feedback",
    "campaign",
    "duplicate",
    "autoreply",
    "enquiry",
    "spam",
    "empty",
)
ORGANISATION_TYPES: tuple[str, ...] = (
    "helseforetak",
    "kommune",
    "fylkeskommune",
    "statlig",
    "akademia",
    "næringsliv",
    "interesseorganisasjon",
    "pasientorganisasjon",
    "fagforening",
    "privatperson",
    "ukjent",
)


@dataclass(frozen=True, slots=True)
class Span:
    """Zero-based, end-exclusive code points of a text.

    >>> Span(2, 5).of("abcdefg")
    'cde'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """The part of `text` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end

    def stripped(self, text: str) -> "Span":
        """The span without the white space at its ends; where it holds nothing else, it is empty at its start."""
        words = self.of(text)
        if not words.strip():
            return Span(self.start, self.start)
        return Span(self.start + len(words) - len(words.lstrip()), self.end - len(words) + len(words.rstrip()))

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in PDF points, origin top left, ``top < bottom``."""

    page_number: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the reader of a result should know. Warnings are data; only the command line prints them."""

    severity: Severity
    stage: str
    file: str
    text: str


# The report ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its 1-based PDF number, the label printed on it (may be empty) and its size in points."""

    page_number: int
    label: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report as it is seen on the page.

    A number that is printed beside an empty line is a line with an empty span.
    """

    line_id: str
    page_number: int
    number: int | None
    kind: LineKind
    section_id: str
    span: Span
    box: Box


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, up to the next heading of any level.

    `number` is the printed number («3.2»), empty where there is none; `parent_id` is empty at the top level. `span`
    covers the section with all the sections under it.
    """

    section_id: str
    number: str
    heading: str
    level: int
    parent_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table: its 1-based row and column, and where its words stand.

    A cell whose text is broken over lines has one span a line, since the lines of the cells beside it stand between.
    """

    row: int
    column: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report: the number in its caption («1»), the caption, the span of both, and its cells.

    `cells` go row by row, from left to right; empty cells are not among them.
    """

    table_id: str
    number: str
    caption: str
    span: Span
    cells: tuple[TableCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: its marker («1», «*»), the span of its text, and of the marker in the body.

    `reference` is None where no such marker stands in the body of the same page. `goes_on` is where it goes on, at the
    foot of the next page or column, if it does.
    """

    footnote_id: str
    marker: str
    span: Span
    reference: Span | None
    goes_on: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the report, or a heading: the unit of similarity, since a printed line is only a fragment."""

    passage_id: str
    paragraph_id: str
    section_id: str
    kind: LineKind
    span: Span


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the report's lines are numbered, as found.

    `source` is ``printed`` (numbers stand in a margin) or ``counted`` (the report has none, and innspill counted the
    lines as a reader would); `step` is 1 where each line carries its number, 5 where every fifth does; `restart` tells
    where numbers begin anew: never, on each page, or with each section.

    `gaps` and `doubles` are numbers that should be there once and are not; `on_empty_lines` are numbers that are
    printed beside no words (each is a `Line` with an empty span). `side` is the margin that they stand in: ``columns``
    is a margin for each text column, ``both`` the same numbers on the left and on the right. `placement` is ``ruler``
    where the numbers stand at even distances whatever the text does, so that a line has the nearest number.

    `confidence` is the share, 0–1, of the numbers from the first to the last that were found once and in order.
    """

    source: Literal["printed", "counted"]
    step: int
    restart: Literal["document", "page", "section"]
    first: int
    last: int
    gaps: tuple[int, ...] = ()
    doubles: tuple[int, ...] = ()
    on_empty_lines: tuple[int, ...] = ()
    side: Literal["", "left", "right", "outer", "both", "columns"] = ""
    placement: Literal["", "beside", "ruler"] = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Report:
    """A report: one text that is never rewritten, and layers of spans over it.

    `text` is the NFC text of all lines, joined by ``"\\n"``. Running headers, footers and the margin numbers
    themselves are not part of it.
    """

    title: str
    text: str
    pages: tuple[Page, ...]
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    passages: tuple[Passage, ...]
    numbering: Numbering
    notes: tuple[Note, ...] = ()
    footnotes: tuple[Footnote, ...] = ()


# The mailbox ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a part and whose words it holds. The segments of a part cover all its text, in order."""

    kind: SegmentKind
    span: Span


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a comment form: what its column is for, its text's span in the part, and its row (1-based)."""

    column: str
    row: int
    span: Span


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody did in the margin or to the words of an attached document: a note, or a tracked change.

    `span` is where its own words stand in the part's text: a note's text, the words put in, the words struck out.
    `anchor` is what they hang on in the same text: the words that a note marks, the words put in themselves, the place
    that words were struck from (which may be empty). `author` is empty where the document does not tell.

    `target` is a span of the report's text, once the document is known for a copy of the report; else None.
    """

    kind: RemarkKind
    span: Span
    anchor: Span
    author: str = ""
    target: Span | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One readable part of a message: its body, or an attachment, as NFC text with ``"\\n"`` line ends.

    `name` is ``body`` or the attachment's file name. `cells` is filled for comment forms only, `remarks` for documents
    with notes in the margin or tracked changes.
    """

    name: str
    text: str
    segments: tuple[Segment, ...]
    cells: tuple[Cell, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceivedPart:
    """One piece that a message brought, as it came: a text, an attachment, a member of an archive.

    `name` is the `Part` that it became, or its file name; `n_bytes` its size once decoded. `status` tells what became
    of it: ``read``, ``repeated`` (another piece says the same: the plain text beside the HTML), ``empty``, or
    ``not_read``, and `reason` why it was not read.
    """

    name: str
    content_type: str
    n_bytes: int
    status: PartStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One e-mail, with each of its readable parts. Nothing is removed: what is not the sender's is marked."""

    message_id: str
    file: str
    rfc_message_id: str
    sent_at: datetime | None
    sender_name: str
    sender_email: str
    organisation: str
    organisation_type: str
    subject: str
    language: str
    kind: MessageKind
    duplicate_of: str
    late: bool
    interest: bool
    n_attachments: int
    parts: tuple[Part, ...]
    campaign_id: str = ""
    received: tuple[ReceivedPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """One point that a sender makes.

    ``text`` is verbatim: it equals the span of the part's text. `context` is what the comment hangs under (the heading
    of its list, the line, page and chapter cells of its row in a form) and is read for citations. `says_missing` is how
    likely it is (0–1) that the comment says that the report does not have something. `target` is the span of the
    report's text that the sender marked or changed in a copy of the report, if so.

    `form` tells how it was made: in running text, as the row of a form, as a note in the margin, or by changing a
    sentence of the report (`text` is the sentence as changed, `context` as it was) or striking it out (`text` is what
    was struck).
    """

    comment_id: str
    message_id: str
    part: str
    span: Span
    text: str
    context: str
    language: str
    stance: Stance = "other"
    stance_score: float = 0.0
    says_missing: float = 0.0
    target: Span | None = None
    form: CommentForm = "text"


# The analysis --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Annotation:
    """A place of the report that a comment is about, and why.

    `target` is a span of the report's text; ``None`` where the citation could not be resolved. `cited` are the words
    that pointed, empty for similarity. `score` is 0–1. `suggested` is a place that the comment's words fit clearly
    better than a ``doubtful`` or ``unresolved`` citation; it is shown beside the citation, and never takes its place.
    """

    annotation_id: str
    comment_id: str
    method: Method
    cited: str
    target: Span | None
    score: float
    status: Status
    suggested: Span | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of comments that speak of the same, with a name, its terms and each comment's weight (0–1).

    Every comment has one theme (`weights`); `second` are the comments that touch on this one besides, with a smaller
    weight. `description` says in a sentence or two what the comments say, `group` is the name over themes that belong
    together, where there are many themes.
    """

    theme_id: str
    label: str
    terms: tuple[str, ...]
    summary: str
    weights: Mapping[str, float] = field(default_factory=dict)
    kind: ThemeKind = "report"
    description: str = ""
    second: Mapping[str, float] = field(default_factory=dict)
    group: str = ""

    @property
    def comment_ids(self) -> tuple[str, ...]:
        """The comments of the theme, the most typical first."""
        return tuple(self.weights)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quote of a comment that voices a need."""

    comment_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class NearPlace:
    """A place of the report near to a need, with its similarity (0–1)."""

    span: Span
    similarity: float


@dataclass(frozen=True, slots=True)
class Need:
    """A need that the comments voice, and whether the report covers it.

    `coverage_score` is the estimated probability that the report covers the need: low is uncovered. `reasons` name
    what it rests on, the weightiest first; `borderline` tells that it lies so near a threshold that a person should
    look. `strength` is how strongly the need is voiced (0–1). `highlights` are the few verbatim sentences that cover
    what is said of it, `asked_for` the sentence that says plainest what is wanted. `measure_id` is the planned measure
    that is nearest, empty where none is near.
    """

    need_id: str
    statement: str
    coverage: Coverage
    coverage_score: float
    theme_id: str
    summary: str
    evidence: tuple[Evidence, ...]
    nearest: tuple[NearPlace, ...]
    strength: float = 0.0
    reasons: tuple[str, ...] = ()
    borderline: bool = False
    highlights: tuple[Evidence, ...] = ()
    asked_for: Evidence | None = None
    measure_id: str = ""
    measure_score: float = 0.0

    @property
    def comment_ids(self) -> tuple[str, ...]:
        """The comments that voice the need, the clearest first."""
        return tuple(dict.fromkeys(evidence.comment_id for evidence in self.evidence))


@dataclass(frozen=True, slots=True)
class PlannedMeasure:
    """A measure that the agency plans already: its priority, area and description, and who is responsible for it."""

    measure_id: str
    priority: str
    area: str
    description: str
    responsible: str


@dataclass(frozen=True, slots=True)
class Consultation:
    """What a run works on: the report, the mail, and when and where feedback was asked for.

    `measures` is a table of planned measures, and `themes` the analyst's own themes, where there are such files.
    """

    title: str
    folder: Path
    report: Path
    mail: Path
    deadline: datetime | None = None
    mailbox: str = ""
    language: str = "nb"
    notes: tuple[Note, ...] = ()
    measures: Path | None = None
    themes: Path | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that a run found. Tables, digest and evaluation are views of it."""

    consultation: Consultation
    report: Report
    messages: tuple[Message, ...]
    comments: tuple[Comment, ...]
    annotations: tuple[Annotation, ...]
    themes: tuple[Theme, ...]
    needs: tuple[Need, ...]
    notes: tuple[Note, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)
    measures: tuple[PlannedMeasure, ...] = ()
