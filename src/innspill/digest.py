"""Analysis -> digest: what authors read, arranged and worded. The tree it grows is in digest_tree.py."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from innspill.derived import join_lines
from innspill.digest_tree import (
    CommentEntry,
    Counts,
    Digest,
    LineEntry,
    Link,
    MeasureEntry,
    MessageEntry,
    NearEntry,
    NeedEntry,
    NoteEntry,
    Placement,
    QuoteEntry,
    Reference,
    Remnant,
    SectionEntry,
    Tally,
    ThemeEntry,
)
from innspill.overview import build_overview, by_breadth
from innspill.places import LineIndex, Place, count_organisations, describe, sender_key
from innspill.reading.segments import disjoint, without
from innspill.records import (
    MESSAGE_KINDS,
    ORGANISATION_TYPES,
    STANCES,
    Analysis,
    Annotation,
    Comment,
    CommentForm,
    Coverage,
    Evidence,
    Line,
    Message,
    NearPlace,
    Need,
    Note,
    PlannedMeasure,
    Report,
    Section,
    SegmentKind,
    Span,
    Theme,
)
from innspill.summaries import say_voices, voices_of
from innspill.words import Words

COVERAGE_ORDER: tuple[Coverage, ...] = ("uncovered", "partly", "covered")
# On a page where so many lines begin in the right half, text stands in columns.
MIN_COLUMN = 5
# Words of others, or of nobody: they are counted in the accounting of a message, and not shown.
NOT_OWN: frozenset[SegmentKind] = frozenset(("quoted", "attribution"))
# Quotes of a need that are shown where none were chosen.
N_SHOWN = 3
# What a reader cannot tell from the words of a comment themselves.
SHOWN_FORMS: frozenset[CommentForm] = frozenset(("note", "change", "deletion"))


@dataclass(frozen=True, slots=True)
class _Lookup:
    """What is asked again and again while the tree grows."""

    analysis: Analysis
    words: Words
    index: LineIndex
    with_pages: bool
    messages: Mapping[str, Message]
    themes: Mapping[str, tuple[Theme, ...]]
    second_themes: Mapping[str, tuple[Theme, ...]]
    needs: Mapping[str, tuple[Need, ...]]
    annotations: Mapping[str, tuple[Annotation, ...]]
    comments: Mapping[str, tuple[Comment, ...]]  # by message
    theme_labels: Mapping[str, str]
    measures: Mapping[str, PlannedMeasure]

    def say(self, place: Place) -> str:
        """The place in words."""
        return describe(place, self.words, with_pages=self.with_pages)


def build_digest(analysis: Analysis, *, words: Words) -> Digest:
    """Arrange an analysis for the report's authors, in the language of `words`.

    Each comment stands in full in exactly one of three groups: beside the line where its first sure place begins (a
    doubtful place where it has no sure one), among the comments on the whole report, or among those whose citation
    could not be resolved.
    """
    lookup = _look_up(analysis, words)
    entries = {comment.comment_id: _comment(comment, lookup) for comment in analysis.comments}
    placed = _in_report_order([entry for entry in entries.values() if entry.primary])
    whole = tuple(entry for entry in entries.values() if not entry.placements)
    unresolved = tuple(entry for entry in entries.values() if entry.placements and not entry.primary)
    needs = [_need(need, entries, lookup) for need in analysis.needs]
    needs.sort(key=lambda need: (COVERAGE_ORDER.index(need.coverage), by_breadth(need)))
    themes = _in_groups([_theme(theme, entries, lookup) for theme in analysis.themes])
    comments = (*placed, *whole, *unresolved)
    deadline = analysis.consultation.deadline
    return Digest(
        words=words,
        title=analysis.consultation.title or analysis.report.title,
        report_title=analysis.report.title,
        mailbox=analysis.consultation.mailbox,
        deadline=deadline,
        deadline_text=words.date(deadline) if deadline else "",
        with_pages=lookup.with_pages,
        pseudonymised=any(note.stage == "pseudonyms" for note in analysis.notes),
        counts=_counts(analysis, words, placed, whole, unresolved),
        overview=build_overview(needs, themes, comments, lookup.messages, words),
        notes=tuple(_note(note, words) for note in analysis.notes),
        needs=tuple(needs),
        themes=tuple(themes),
        sections=_sections(placed, lookup),
        whole_report=whole,
        unresolved=unresolved,
        questionable=tuple(entry for entry in placed if entry.questionable),
        messages=tuple(_message(message, lookup) for message in analysis.messages),
        comments=comments,
        measures=_measures(analysis, needs),
        rephrased=any((note.stage, note.severity) == ("rephrasing", "info") for note in analysis.notes),
    )


def _look_up(analysis: Analysis, words: Words) -> _Lookup:
    themes: dict[str, list[Theme]] = {}
    second_themes: dict[str, list[Theme]] = {}
    for theme in analysis.themes:
        for comment_id in theme.comment_ids:
            themes.setdefault(comment_id, []).append(theme)
        for comment_id in theme.second:
            second_themes.setdefault(comment_id, []).append(theme)
    needs: dict[str, list[Need]] = {}
    for need in analysis.needs:
        for comment_id in need.comment_ids:
            needs.setdefault(comment_id, []).append(need)
    annotations: dict[str, list[Annotation]] = {}
    for annotation in analysis.annotations:
        annotations.setdefault(annotation.comment_id, []).append(annotation)
    comments: dict[str, list[Comment]] = {}
    for comment in analysis.comments:
        comments.setdefault(comment.message_id, []).append(comment)
    return _Lookup(
        analysis=analysis,
        words=words,
        index=LineIndex(analysis.report),
        with_pages=analysis.report.numbering.restart != "document",
        messages={message.message_id: message for message in analysis.messages},
        themes={
            comment_id: tuple(sorted(found, key=lambda theme: -theme.weights[comment_id]))
            for comment_id, found in themes.items()
        },
        second_themes={comment_id: tuple(found) for comment_id, found in second_themes.items()},
        needs={comment_id: tuple(found) for comment_id, found in needs.items()},
        annotations={comment_id: tuple(found) for comment_id, found in annotations.items()},
        comments={message_id: tuple(found) for message_id, found in comments.items()},
        theme_labels={theme.theme_id: theme.label for theme in analysis.themes},
        measures={measure.measure_id: measure for measure in analysis.measures},
    )


# Comments ------------------------------------------------------------------------------------------------------------


def _comment(comment: Comment, lookup: _Lookup) -> CommentEntry:
    message, words = lookup.messages[comment.message_id], lookup.words
    placements = [
        _placement(annotation, comment, lookup) for annotation in lookup.annotations.get(comment.comment_id, ())
    ]
    return CommentEntry(
        comment_id=comment.comment_id,
        message_id=comment.message_id,
        sender_name=message.sender_name,
        organisation=message.organisation,
        organisation_type=message.organisation_type or "ukjent",
        organisation_type_label=words.label("organisation_type", message.organisation_type or "ukjent"),
        subject=message.subject,
        sent_at=message.sent_at,
        sent_text=words.date(message.sent_at) if message.sent_at else words("date.unknown"),
        late=message.late,
        campaign_id=message.campaign_id if message.kind == "campaign" else "",
        part=comment.part,
        text=comment.text,
        context=comment.context,
        language=comment.language,
        stance=comment.stance,
        stance_label=words(f"stance.{comment.stance}"),
        form_label=words(f"form.{comment.form}") if comment.form in SHOWN_FORMS else "",
        themes=tuple(Link(theme.theme_id, theme.label) for theme in lookup.themes.get(comment.comment_id, ())),
        needs=tuple(
            Link(need.need_id, need.statement, need.coverage, words(f"coverage.{need.coverage}"))
            for need in lookup.needs.get(comment.comment_id, ())
        ),
        placements=tuple(sorted(placements, key=_standing)),
        second_themes=tuple(
            Link(theme.theme_id, theme.label) for theme in lookup.second_themes.get(comment.comment_id, ())
        ),
    )


def _placement(annotation: Annotation, comment: Comment, lookup: _Lookup) -> Placement:
    words = lookup.words
    place = _place(annotation.target, lookup)
    suggested = _place(annotation.suggested, lookup)
    is_marked = comment.target is not None and annotation.target == comment.target
    return Placement(
        annotation_id=annotation.annotation_id,
        method=annotation.method,
        method_label=words("method.marked" if is_marked else f"method.{annotation.method}"),
        cited=annotation.cited,
        score=annotation.score,
        score_text=words.percent(annotation.score),
        status=annotation.status,
        status_label=words(f"status.{annotation.status}"),
        place=place,
        place_text=lookup.say(place) if place else words("place.none"),
        suggested=suggested,
        suggested_text=lookup.say(suggested) if suggested else "",
    )


def _place(span: Span | None, lookup: _Lookup) -> Place | None:
    return lookup.index.place(span) if span is not None else None


def _standing(placement: Placement) -> tuple[bool, bool, str]:
    """Order of a comment's placements: at a line before at none, sure before doubtful, then as the report runs."""
    place = placement.place
    return (place is None, placement.status != "ok", place.first_line_id if place else "")


def _in_report_order(entries: Iterable[CommentEntry]) -> tuple[CommentEntry, ...]:
    """Placed comments by first line, the shorter place first; whole sections come before what stands in them."""

    def position(entry: CommentEntry) -> tuple[str, bool, str]:
        primary = entry.primary
        if primary is None or primary.place is None:
            raise ValueError(f"Comment {entry.comment_id} stands at no line.")
        return (primary.place.first_line_id, primary.method not in ("section", "table"), primary.place.last_line_id)

    return tuple(sorted(entries, key=position))


# Needs and themes ----------------------------------------------------------------------------------------------------


def _need(need: Need, entries: Mapping[str, CommentEntry], lookup: _Lookup) -> NeedEntry:
    words, labels = lookup.words, lookup.theme_labels
    messages = [lookup.messages[entries[comment_id].message_id] for comment_id in need.comment_ids]
    measure = lookup.measures.get(need.measure_id)
    voices = voices_of(messages)

    def quote(evidence: Evidence) -> QuoteEntry:
        return QuoteEntry(evidence.quote, entries[evidence.comment_id])

    return NeedEntry(
        need_id=need.need_id,
        statement=need.statement,
        coverage=need.coverage,
        coverage_label=words(f"coverage.{need.coverage}"),
        score=need.coverage_score,
        score_text=words.percent(need.coverage_score),
        n_comments=len(need.comment_ids),
        n_organisations=count_organisations(messages),
        n_types=len({message.organisation_type for message in messages} - {"", "ukjent"}),
        breadth=voices.breadth,
        strength=need.strength,
        summary=need.summary,
        who=say_voices(voices, words, with_names=False),
        theme=Link(need.theme_id, labels[need.theme_id]) if need.theme_id in labels else None,
        source=_source(need, entries),
        reasons=tuple(words.label("reason", code) for code in need.reasons),
        borderline=need.borderline,
        highlights=tuple(quote(evidence) for evidence in need.highlights or need.evidence[:N_SHOWN]),
        asked_for=quote(need.asked_for) if need.asked_for else None,
        quotes=tuple(quote(evidence) for evidence in need.evidence),
        nearest=tuple(entry for near in need.nearest if (entry := _near(near, lookup)) is not None),
        measure=Link(measure.measure_id, measure.area or measure.description) if measure else None,
        responsible=measure.responsible if measure else "",
    )


def _source(need: Need, entries: Mapping[str, CommentEntry]) -> CommentEntry | None:
    """The comment whose words the statement is: all of a quote, or the end of one, if not cut."""
    stated = need.statement.removesuffix(" …").casefold()
    for evidence in need.evidence:
        if stated in " ".join(evidence.quote.split()).casefold():
            return entries[evidence.comment_id]
    return None


def _measures(analysis: Analysis, needs: Sequence[NeedEntry]) -> tuple[MeasureEntry, ...]:
    """Each planned measure with the unmet needs that it is nearest to."""
    tied: dict[str, list[NeedEntry]] = {}
    for need in needs:
        if need.measure:
            tied.setdefault(need.measure.target_id, []).append(need)
    return tuple(
        MeasureEntry(
            measure_id=measure.measure_id,
            priority=measure.priority,
            area=measure.area,
            description=measure.description,
            responsible=measure.responsible,
            needs=tuple(tied.get(measure.measure_id, ())),
        )
        for measure in analysis.measures
    )


def _near(near: NearPlace, lookup: _Lookup) -> NearEntry | None:
    place = lookup.index.place(near.span)
    if place is None:
        return None
    text = join_lines(lookup.analysis.report.text, near.span).text
    return NearEntry(place, lookup.say(place), text, near.similarity, lookup.words.percent(near.similarity))


def _theme(theme: Theme, entries: Mapping[str, CommentEntry], lookup: _Lookup) -> ThemeEntry:
    comments = tuple(entries[comment_id] for comment_id in theme.comment_ids)
    return ThemeEntry(
        theme_id=theme.theme_id,
        label=theme.label,
        summary=theme.summary,
        terms=theme.terms,
        n_comments=len(comments),
        n_organisations=_n_organisations(theme.comment_ids, entries, lookup),
        by_organisation_type=_tally_types((entry.organisation_type for entry in comments), lookup.words),
        by_stance=_tally((entry.stance for entry in comments), STANCES, "stance", lookup.words),
        comments=comments,
        kind=theme.kind,
        kind_label=lookup.words.texts.get(f"themes.{theme.kind}", ""),
        description=theme.description,
        group=theme.group,
        second=tuple(entries[comment_id] for comment_id in theme.second),
    )


def _in_groups(themes: Sequence[ThemeEntry]) -> list[ThemeEntry]:
    """Themes of one group together, the largest first; what stands alone comes last."""
    sizes = Counter[str]()
    for theme in themes:
        sizes[theme.group] += theme.n_comments

    def order(theme: ThemeEntry) -> tuple[bool, bool, int, str, int]:
        return (theme.kind == "single", not theme.group, -sizes[theme.group], theme.group, -theme.n_comments)

    return sorted(themes, key=order)


def _n_organisations(comment_ids: Iterable[str], entries: Mapping[str, CommentEntry], lookup: _Lookup) -> int:
    return count_organisations(lookup.messages[entries[comment_id].message_id] for comment_id in comment_ids)


# Counts --------------------------------------------------------------------------------------------------------------


def _tally(codes: Iterable[str], order: Sequence[str], group: str, words: Words) -> tuple[Tally, ...]:
    """How often each code occurs, in `order`, those that do not occur left out."""
    counted = Counter(codes)
    listed = [*order, *sorted(set(counted) - set(order))]
    return tuple(Tally(code, words.label(group, code), counted[code]) for code in listed if counted[code])


def _tally_types(codes: Iterable[str], words: Words) -> tuple[Tally, ...]:
    return _tally(codes, ORGANISATION_TYPES, "organisation_type", words)


def _counts(
    analysis: Analysis,
    words: Words,
    placed: Sequence[CommentEntry],
    whole: Sequence[CommentEntry],
    unresolved: Sequence[CommentEntry],
) -> Counts:
    with_comments = {comment.message_id for comment in analysis.comments}
    speaking = [message for message in analysis.messages if message.message_id in with_comments]
    voices: dict[str, str] = {}
    for message in speaking:
        voices.setdefault(sender_key(message), message.organisation_type or "ukjent")
    return Counts(
        n_messages=len(analysis.messages),
        by_kind=_tally((message.kind for message in analysis.messages), MESSAGE_KINDS, "kind", words),
        n_late=sum(message.late for message in analysis.messages),
        n_interested=sum(message.interest for message in analysis.messages),
        n_organisations=count_organisations(speaking),
        by_organisation_type=_tally_types(voices.values(), words),
        n_comments=len(analysis.comments),
        n_placed=len(placed),
        n_doubtful=sum(entry.primary is not None and entry.primary.status == "doubtful" for entry in placed),
        n_whole_report=len(whole),
        n_unresolved=len(unresolved),
        by_stance=_tally((comment.stance for comment in analysis.comments), STANCES, "stance", words),
        by_coverage=_tally((need.coverage for need in analysis.needs), COVERAGE_ORDER, "coverage", words),
    )


def _note(note: Note, words: Words) -> NoteEntry:
    text = f"{note.file}: {note.text}" if note.file else note.text
    return NoteEntry(note.severity, words(f"severity.{note.severity}"), note.stage, text)


# The report line by line ---------------------------------------------------------------------------------------------


def _sections(placed: Sequence[CommentEntry], lookup: _Lookup) -> tuple[SectionEntry, ...]:
    """Every line of the report, once, in order, under the heading it stands under."""
    report = lookup.analysis.report
    lines = _line_entries(placed, lookup)
    by_id = {section.section_id: section for section in report.sections}
    groups: list[tuple[str, list[LineEntry]]] = []
    for line, entry in zip(report.lines, lines, strict=True):
        if not groups or groups[-1][0] != line.section_id:
            groups.append((line.section_id, []))
        groups[-1][1].append(entry)
    return tuple(_section(by_id.get(section_id), section_id, members) for section_id, members in groups)


def _section(section: Section | None, section_id: str, lines: Sequence[LineEntry]) -> SectionEntry:
    ids = [comment.comment_id for line in lines for comment in line.comments]
    ids += [reference.comment.comment_id for line in lines for reference in line.references]
    return SectionEntry(
        section_id=section_id,
        number=section.number if section else "",
        heading=section.heading if section else "",
        level=section.level if section else 1,
        lines=tuple(lines),
        comment_ids=tuple(dict.fromkeys(ids)),
    )


def _line_entries(placed: Sequence[CommentEntry], lookup: _Lookup) -> list[LineEntry]:
    report = lookup.analysis.report
    paragraph_starts = _paragraph_starts(lookup)
    margins = _margins(report)
    comments: dict[str, list[CommentEntry]] = {}
    references: dict[str, list[Reference]] = {}
    for entry in placed:
        for position, placement in enumerate(entry.placements):
            if placement.place is None:
                continue
            if position == 0:
                comments.setdefault(placement.place.first_line_id, []).append(entry)
            else:
                references.setdefault(placement.place.first_line_id, []).append(Reference(entry, placement))
    covered = _coverage(placed, lookup)
    entries = []
    page_number = 0
    for line in report.lines:
        entries.append(
            LineEntry(
                line_id=line.line_id,
                number=line.number,
                kind=line.kind,
                text=line.span.of(report.text),
                page_number=line.page_number,
                page_label=lookup.index.page_label(line.page_number),
                starts_page=line.page_number != page_number,
                starts_paragraph=line.span.start in paragraph_starts,
                indent=_indent(line, margins),
                comments=tuple(comments.get(line.line_id, ())),
                references=tuple(references.get(line.line_id, ())),
                covered_by=tuple(covered.get(line.line_id, ())),
            )
        )
        page_number = line.page_number
    return entries


def _paragraph_starts(lookup: _Lookup) -> frozenset[int]:
    """The offsets at which a paragraph begins."""
    starts: dict[str, int] = {}
    for passage in lookup.analysis.report.passages:
        starts.setdefault(passage.paragraph_id, passage.span.start)
    return frozenset(starts.values())


def _margins(report: Report) -> dict[int, tuple[float, ...]]:
    """The left edges of each page's text, in points: one, or one for each half where text stands in columns."""
    widths = {page.page_number: page.width for page in report.pages}
    margins: dict[int, tuple[float, ...]] = {}
    for page_number, lines in groupby(report.lines, key=lambda line: line.page_number):
        lefts = [line.box.x0 for line in lines if len(line.span)]
        on_right = [left for left in lefts if left >= widths[page_number] / 2]
        edges = [min(lefts)] if lefts else []
        margins[page_number] = tuple([*edges, min(on_right)] if len(on_right) >= MIN_COLUMN else edges)
    return margins


def _indent(line: Line, margins: dict[int, tuple[float, ...]]) -> float:
    """How far a line stands in from its column's left edge, points; 0 for an empty line."""
    left = max((edge for edge in margins[line.page_number] if edge <= line.box.x0), default=line.box.x0)
    return line.box.x0 - left if len(line.span) else 0.0


def _coverage(placed: Sequence[CommentEntry], lookup: _Lookup) -> dict[str, list[str]]:
    """By line id, the comments whose place takes in the line; whole sections are left out."""
    covered: dict[str, dict[str, None]] = {}
    targets = {annotation.annotation_id: annotation.target for annotation in lookup.analysis.annotations}
    for entry in placed:
        for placement in entry.placements:
            target = targets[placement.annotation_id]
            if target is None or placement.method == "section":
                continue
            for line in lookup.index.lines_in(target):
                covered.setdefault(line.line_id, {})[entry.comment_id] = None
    return {line_id: list(ids) for line_id, ids in covered.items()}


# The accounting ------------------------------------------------------------------------------------------------------


def _message(message: Message, lookup: _Lookup) -> MessageEntry:
    words = lookup.words
    comments = lookup.comments.get(message.message_id, ())
    organisation_type = message.organisation_type or "ukjent"
    return MessageEntry(
        message_id=message.message_id,
        file=message.file,
        sender_name=message.sender_name,
        sender_email=message.sender_email,
        organisation=message.organisation,
        organisation_type=organisation_type,
        organisation_type_label=words.label("organisation_type", organisation_type),
        subject=message.subject,
        sent_at=message.sent_at,
        sent_text=words.moment(message.sent_at) if message.sent_at else words("date.unknown"),
        language=message.language,
        kind=message.kind,
        kind_label=words(f"kind.{message.kind}"),
        duplicate_of=message.duplicate_of,
        campaign_id=message.campaign_id,
        late=message.late,
        interest=message.interest,
        n_attachments=message.n_attachments,
        comment_ids=tuple(comment.comment_id for comment in comments),
        remnants=_remnants(message, comments, words),
        n_quoted=sum(
            len(segment.span) for part in message.parts for segment in part.segments if segment.kind in NOT_OWN
        ),
        unread=tuple(part for part in message.received if part.status == "not_read"),
    )


def _remnants(message: Message, comments: Sequence[Comment], words: Words) -> tuple[Remnant, ...]:
    """The message's own text less its comments, in order; what is only white space is left out."""
    found = []
    for part in message.parts:
        taken = disjoint(comment.span for comment in comments if comment.part == part.name)
        for segment in part.segments:
            if segment.kind in NOT_OWN:
                continue
            for span in without(segment.span, taken):
                if text := span.of(part.text).strip():
                    found.append(Remnant(segment.kind, words(f"segment.{segment.kind}"), part.name, text))
    return tuple(_joined(list(run)) for _, run in groupby(found, key=lambda remnant: (remnant.part, remnant.kind)))


def _joined(run: Sequence[Remnant]) -> Remnant:
    """Remnants of one kind that follow each other as one, a line each: list numbers are not worth a head each."""
    return replace(run[0], text="\n".join(remnant.text for remnant in run))
