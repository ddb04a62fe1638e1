from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from innspill.config import Config
from innspill.language.norwegian import Norwegian
from innspill.language.vectors import FloatArray
from innspill.likeness import ReportViews
from innspill.matching import match
from innspill.places import LineIndex
from innspill.reading.report import read_report
from innspill.records import Annotation, Comment, Report, Span


def comment(text: str, *, context: str = "", number: int = 1, says_missing: float = 0.0) -> Comment:
    return Comment(
        f"C{number}", "M1", "body", Span(0, len(text)), text, context, "nb", "need", 1.0, says_missing=says_missing
    )


def annotate(report: Report, *comments: Comment) -> tuple[Annotation, ...]:
    return match(comments, report, encoder=None, config=Config())[0]


def numbers(report: Report, annotation: Annotation) -> tuple[int | None, int | None]:
    assert annotation.target is not None
    return LineIndex(report).numbers_in(annotation.target)


def test_cited_lines_are_the_place(demo_report: Report) -> None:
    (annotation,) = annotate(demo_report, comment("I linje 112–115 mangler det noe."))
    assert (annotation.method, annotation.cited, numbers(demo_report, annotation)) == (
        "line",
        "linje 112–115",
        (112, 115),
    )


def test_each_range_of_a_list_is_a_place(demo_report: Report) -> None:
    annotations = annotate(demo_report, comment("Linje 45, 47 og 52–55 bør ses i sammenheng."))
    assert [numbers(demo_report, annotation) for annotation in annotations] == [(45, 45), (47, 47), (52, 55)]


def test_a_chapter_named_beside_a_line_is_no_second_place(demo_report: Report) -> None:
    (annotation,) = annotate(demo_report, comment("Kap. 3.1, linje 70: For svakt."))
    assert annotation.method == "line"


def test_a_chapter_alone_is_all_its_lines(demo_report: Report) -> None:
    (annotation,) = annotate(demo_report, comment("Kapittel 3.2 er godt skrevet."))
    section = next(section for section in demo_report.sections if section.number == "3.2")
    assert (annotation.method, annotation.target) == ("section", section.span)


def test_a_table_is_found_by_its_number(demo_report: Report) -> None:
    (annotation,) = annotate(demo_report, comment("I tabell 2 er summen feil."))
    assert annotation.method == "table"
    assert annotation.target is not None
    assert "Tabell 2" in annotation.target.of(demo_report.text)


def test_a_table_that_the_report_lacks_is_unresolved(demo_report: Report) -> None:
    (annotation,) = annotate(demo_report, comment("Tabell 9 er uleselig."))
    assert (annotation.status, annotation.target) == ("unresolved", None)


def test_a_quotation_is_found_across_line_ends_and_typing_errors(demo_report: Report) -> None:
    said = "Dere skriver «Helsetjenesten trenger en felles terminologi som brukes likt i alle journalsystmer». Bra."
    (annotation,) = annotate(demo_report, comment(said))
    assert (annotation.method, numbers(demo_report, annotation)) == ("quotation", (109, 109))


@pytest.fixture(scope="module")
def garbled_report() -> Report:
    return read_report(Path(__file__).parent / "pdf" / "fault-broken-letters.pdf")


@pytest.mark.parametrize(
    ("quoted", "read"),
    [
        ("får skaffe pengene selv", "skaWe pengene"),
        ("Trafikken forbi filialen er et problem. Buffersonen", "BuWersonen"),
    ],
)
def test_a_quotation_is_found_where_the_report_s_letters_were_read_wrong(
    garbled_report: Report, quoted: str, read: str
) -> None:
    (annotation,) = annotate(garbled_report, comment(f"Dere skriver «{quoted}». Bra."))
    assert annotation.method == "quotation"
    assert annotation.target is not None
    assert read in annotation.target.of(garbled_report.text)


def test_a_short_quotation_that_is_only_alike_is_no_place_in_a_report_read_wrong(garbled_report: Report) -> None:
    said = "Dere skriver «drifter kaféen». Bra."
    assert all(annotation.method != "quotation" for annotation in annotate(garbled_report, comment(said)))


def test_words_in_quotation_marks_that_the_report_does_not_say_are_no_place(demo_report: Report) -> None:
    said = "Vi foreslår teksten «kommunene skal ha egne fagfolk på brøyting og snørydding»."
    assert all(annotation.method != "quotation" for annotation in annotate(demo_report, comment(said)))


def test_the_heading_above_a_comment_cites_for_it(demo_report: Report) -> None:
    (annotation,) = annotate(demo_report, comment("Dette er for svakt.", context="Linje 80"))
    assert numbers(demo_report, annotation) == (80, 80)


def test_what_cites_nothing_is_placed_where_the_words_are_alike(demo_report: Report) -> None:
    said = "Saksbehandlingstiden for søknader om helsedata må bli kortere og forutsigbar."
    (annotation,) = annotate(demo_report, comment(said))
    assert annotation.method == "similarity"
    first, last = numbers(demo_report, annotation)
    assert first is not None and last is not None
    assert 78 <= first <= last <= 84


def test_what_is_about_nothing_in_the_report_gets_no_place(demo_report: Report) -> None:
    assert annotate(demo_report, comment("Isbryterne på Svalbard bør males grønne.")) == ()


def test_what_speaks_of_two_sections_is_placed_at_both(demo_report: Report) -> None:
    said = (
        "Innbyggerne må få reservere seg på en enkel digital måte. "
        "Saksbehandlingstiden for søknader om helsedata må bli kortere og forutsigbar."
    )
    one, two = (numbers(demo_report, annotation) for annotation in annotate(demo_report, comment(said)))
    assert sorted([one, two])[0][1] < 100 < sorted([one, two])[1][0]


def test_the_likelier_a_place_is_right_the_higher_its_score(demo_report: Report) -> None:
    said = "Saksbehandlingstiden for søknader om helsedata må bli kortere og forutsigbar."
    (near,) = match([comment(said)], demo_report, encoder=None, config=Config(similarity_threshold=0.0))[0]
    (far,) = match(
        [comment("Vi trenger flere isbrytere.")], demo_report, encoder=None, config=Config(similarity_threshold=0.0)
    )[0]
    assert 0.0 < far.score < near.score < 1.0


def test_a_number_of_the_report_tells_which_passage_is_meant(demo_report: Report) -> None:
    said = [comment("Det tar 26 måneder, og det er for lenge."), comment("Det tar flere måneder, og det er for lenge.")]
    space = ReportViews(demo_report, said, encoder=None).measure(said)
    passage = next(i for i, text in enumerate(space.texts) if "26 av 34 måneder" in text)
    assert space.ranking[0, passage] > space.ranking[1, passage]


def test_nynorsk_is_as_like_a_bokmål_passage_as_bokmål_is(demo_report: Report) -> None:
    said = [comment("Sakshandsamingstida er for lang."), comment("Saksbehandlingstiden er for lang.")]
    space = ReportViews(demo_report, said, encoder=None).measure(said)
    assert np.allclose(space.likeness[0], space.likeness[1])


def test_praise_of_the_whole_report_is_not_placed_at_a_line(demo_report: Report) -> None:
    assert annotate(demo_report, comment("Rapporten som helhet er god og lett å lese.")) == ()


@pytest.mark.parametrize("text", ["", "…", "12"])
def test_a_comment_without_words_gets_no_place(demo_report: Report, text: str) -> None:
    assert annotate(demo_report, comment(text)) == ()


def test_no_comments_give_no_annotations(demo_report: Report, language: Norwegian) -> None:
    assert annotate(demo_report) == ()


class OneSection:
    """An encoder to which only what holds a word of its own is alike."""

    name = "one section"

    def __init__(self, word: str) -> None:
        self.word = word

    def encode(self, texts: Sequence[str]) -> FloatArray:
        return np.array([[1.0, 0.0] if self.word in text else [0.0, 1.0] for text in texts])


def test_an_encoder_changes_which_passage_is_likest_but_not_how_like_it_is(demo_report: Report) -> None:
    said = [comment("Vi er opptatt av regnekraft og kvalitet.")]
    plain = ReportViews(demo_report, said, encoder=None).measure(said)
    encoded = ReportViews(demo_report, said, encoder=OneSection("regnekraft")).measure(said)
    assert np.array_equal(plain.likeness, encoded.likeness)
    best = encoded.passages[int(encoded.ranking[0].argmax())]
    headings = {section.section_id: section.heading for section in demo_report.sections}
    assert headings[best.section_id] == "Analyserom og regnekraft"


def test_without_comments_there_is_nothing_to_rank(demo_report: Report) -> None:
    assert ReportViews(demo_report, [], encoder=None).measure([]).ranking.shape[0] == 0
