"""A small analysis built by hand: invented people at .example domains, and text that means harm."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from innspill.records import (
    Analysis,
    Annotation,
    Box,
    Comment,
    Consultation,
    Evidence,
    Line,
    Message,
    NearPlace,
    Need,
    Note,
    Numbering,
    Page,
    Part,
    Passage,
    Report,
    Section,
    Segment,
    SegmentKind,
    Span,
    Table,
    Theme,
)

SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://x.example","trykk")'
OSLO = timezone(timedelta(hours=2))

# kind, section, page, number, text
ROWS = (
    ("heading", "", 1, None, "Data til god hjelp"),
    ("heading", "S001", 1, 1, "1 Innledning"),
    ("text", "S001", 1, 2, "Rapporten handler om data. Behovet er kart-"),
    ("text", "S001", 1, 3, "lagt i møter med tolv virksomheter."),
    ("heading", "S002", 1, 4, "1.1 Tilgang"),
    ("text", "S002", 1, 5, "Saksbehandlingstiden er lang, og mange gir opp."),
    ("footnote", "S002", 1, None, "1 Tall fra 2024."),
    ("text", "S002", 2, 6, "En felles søknad trengs i hele landet."),
    ("caption", "S002", 2, None, "Tabell 1: Kilder"),
    ("table", "S002", 2, None, "Register 2008"),
    ("heading", "S003", 2, 7, "2 Kompetanse"),
    ("text", "S003", 2, 8, "Klinikere trenger opplæring i nye verktøy."),
)


def sample_report() -> Report:
    """Twelve lines on two pages in three sections; four of the lines carry no number."""
    text = "\n".join(row[4] for row in ROWS)
    lines, position = [], 0
    for order, (kind, section_id, page_number, number, row_text) in enumerate(ROWS):
        span = Span(position, position + len(row_text))
        box = Box(page_number, 85.0, 90.0 + 16 * order, 500.05, 101.0 + 16 * order)
        lines.append(Line(f"L{order + 1:05d}", page_number, number, kind, section_id, span, box))  # type: ignore[arg-type]
        position = span.end + 1
    sections = (
        Section("S001", "1", "Innledning", 1, "", Span(lines[1].span.start, lines[9].span.end)),
        Section("S002", "1.1", "Tilgang", 2, "S001", Span(lines[4].span.start, lines[9].span.end)),
        Section("S003", "2", "Kompetanse", 1, "", Span(lines[10].span.start, len(text))),
    )
    passages = tuple(
        Passage(f"P{order:05d}", f"A{order:05d}", line.section_id, line.kind, line.span)
        for order, line in enumerate(lines, 1)
        if line.number != 3
    )
    return Report(
        title="Data til god hjelp",
        text=text,
        pages=(Page(1, "i", 595.3, 841.9), Page(2, "", 595.3, 841.9)),
        lines=tuple(lines),
        sections=sections,
        tables=(Table("T001", "1", "Tabell 1: Kilder", Span(lines[8].span.start, lines[9].span.end)),),
        passages=passages,
        numbering=Numbering("printed", 1, "document", 1, 8),
    )


def span_of_lines(report: Report, first: int, last: int) -> Span:
    """The span from the line numbered `first` to the one numbered `last`."""
    numbered = {line.number: line.span for line in report.lines if line.number is not None}
    return Span(numbered[first].start, numbered[last].end)


def _part(*pieces: tuple[SegmentKind, str]) -> Part:
    """A body whose segments are `pieces`, one after the other."""
    segments, position = [], 0
    for kind, text in pieces:
        segments.append(Segment(kind, Span(position, position + len(text))))
        position += len(text)
    return Part("body", "".join(text for _, text in pieces), tuple(segments))


def _message(number: int, name: str, organisation: str, organisation_type: str, part: Part) -> Message:
    return Message(
        message_id=f"M{number:03d}",
        file=f"mail/{number:02d}.eml",
        rfc_message_id=f"<{number}@post.example>",
        sent_at=datetime(2026, 10, number, 9, 30, tzinfo=OSLO),
        sender_name=name,
        sender_email=f"{name.split()[0].lower()}@post.example",
        organisation=organisation,
        organisation_type=organisation_type,
        subject="Innspill til utkastet",
        language="nb",
        kind="feedback",
        duplicate_of="",
        late=False,
        interest=False,
        n_attachments=0,
        parts=(part,),
    )


POINT_1 = "Linje 5 til 6: Vi trenger svar innen fire uker. I dag går det ni måneder, og da er prosjektet over."
POINT_2 = f"Linje 912 bør strykes. {SCRIPT}"
POINT_3 = f"{FORMULA} er ikke nok; vi saknar samiske data.\nDet gjeld òg språket i journalen."
POINT_4 = "Støtt opplæring av klinikere!"
POINT_5 = "I linje 8 menes det vel leger?"
POINT_6 = "Rapporten er god, men lang."


def sample_messages() -> tuple[Message, ...]:
    """Seven messages: two organisations, a nynorsk one, a duplicate, two campaign copies and an automatic reply."""
    hospital = _part(
        ("greeting", "Hei,\n\n"),
        ("own", f"{POINT_1}\n\n{POINT_2}\n\n"),
        ("signature", "Hilsen Kari Fjord\n"),
        ("attribution", "Den 1. september skrev Rådet:\n"),
        ("quoted", "> Vi ber om innspill.\n"),
    )
    nynorsk = _part(("own", f"{POINT_3}\n"), ("signature", "Med venleg helsing\nOla Dal"))
    copy = _part(("own", POINT_4), ("courtesy", "\nTakk!"))
    private = _part(("own", f"{POINT_5}\n\n{POINT_6}"))
    first = _message(1, "Kari Fjord", "Fjord sykehus", "helseforetak", hospital)
    second = replace(_message(2, "Ola Dal", "Dal kommune", "kommune", nynorsk), language="nn", late=True, interest=True)
    again = replace(first, message_id="M003", file="mail/03.eml", kind="duplicate", duplicate_of="M001")
    one, two = (
        replace(_message(number, name, "", "privatperson", copy), kind="campaign", campaign_id="K001")
        for number, name in ((4, "Per Vik"), (5, "Anne Nes"))
    )
    auto = replace(_message(6, "Post Mottak", "", "ukjent", _part(("own", "Jeg er borte."))), kind="autoreply")
    auto = replace(auto, sent_at=None)
    alone = _message(7, f"Eva {SCRIPT}", "", "privatperson", private)
    return (first, second, again, one, two, auto, alone)


def _comment(number: int, message: Message, text: str) -> Comment:
    start = message.parts[0].text.index(text)
    return Comment(
        f"C{number:03d}", message.message_id, "body", Span(start, start + len(text)), text, "", message.language
    )


def sample_comments(messages: tuple[Message, ...]) -> tuple[Comment, ...]:
    """C001 at lines 5–6, C002 unresolved, C003 and C007 on the whole report, C004 and C005 copies, C006 doubtful."""
    first, second, _, one, two, _, alone = messages
    return (
        replace(_comment(1, first, POINT_1), stance="need", stance_score=0.9),
        replace(_comment(2, first, POINT_2), stance="correction", stance_score=0.5),
        replace(_comment(3, second, POINT_3), stance="need", stance_score=0.8),
        replace(_comment(4, one, POINT_4), stance="support", stance_score=0.7),
        replace(_comment(5, two, POINT_4), stance="support", stance_score=0.7),
        replace(_comment(6, alone, POINT_5), stance="question", stance_score=0.7),
        replace(_comment(7, alone, POINT_6), stance="praise", stance_score=0.123456789),
    )


def sample_analysis() -> Analysis:
    """The whole of it."""
    report, messages = sample_report(), sample_messages()
    whole_section = next(section.span for section in report.sections if section.section_id == "S003")
    return Analysis(
        consultation=Consultation(
            title="Data til god hjelp",
            folder=Path("sample"),
            report=Path("sample/report.pdf"),
            mail=Path("sample/mail"),
            deadline=datetime(2026, 10, 15, 21, 59, tzinfo=UTC),
            mailbox="innspill@raadet.example",
        ),
        report=report,
        messages=messages,
        comments=sample_comments(messages),
        annotations=(
            Annotation("A001", "C001", "line", "Linje 5 til 6", span_of_lines(report, 5, 6), 0.95, "ok"),
            Annotation("A002", "C002", "line", "Linje 912", None, 0.0, "unresolved"),
            Annotation("A003", "C004", "similarity", "", span_of_lines(report, 8, 8), 0.71, "ok"),
            Annotation("A004", "C005", "similarity", "", span_of_lines(report, 8, 8), 0.71, "ok"),
            Annotation("A005", "C006", "line", "linje 8", span_of_lines(report, 8, 8), 0.4, "doubtful"),
            Annotation("A006", "C001", "section", "kap. 2", whole_section, 0.6, "ok"),
        ),
        themes=(
            Theme("T001", "Tilgang og tid", ("søknad", "uker"), "Mange venter.", {"C001": 0.9, "C002": 0.4}),
            Theme("T002", "Opplæring", ("kliniker",), "", {"C004": 0.8, "C005": 0.8, "C001": 0.2}),
        ),
        needs=(
            Need(
                "N001",
                "Kortere saksbehandling",
                "covered",
                0.91,
                "T001",
                "Rapporten sier det.",
                (Evidence("C001", "Vi trenger svar innen fire uker."),),
                (NearPlace(span_of_lines(report, 5, 5), 0.82),),
            ),
            Need(
                "N002",
                f"Samiske data {SCRIPT}",
                "uncovered",
                0.07,
                "",
                "",
                (Evidence("C003", "vi saknar samiske data."), Evidence("C003", "språket i journalen")),
                (NearPlace(report.lines[9].span, 0.31),),
            ),
            Need(
                "N003",
                "Opplæring for alle",
                "partly",
                0.5,
                "T002",
                "",
                (Evidence("C004", POINT_4), Evidence("C005", POINT_4)),
                (NearPlace(span_of_lines(report, 6, 8), 0.66),),
            ),
        ),
        notes=(
            Note("info", "report", "report.pdf", "Printed line numbers on every line."),
            Note("warning", "mail", "mail/09.eml", "An attachment could not be read."),
        ),
        seconds={"report": 0.1},
    )
