from dataclasses import replace

import pytest

from innspill.digest import build_digest
from innspill.digest_tree import CommentEntry, Digest, MessageEntry
from innspill.records import Analysis, Annotation, Note, PlannedMeasure, Span, Theme
from innspill.words import load_words
from sample import FORMULA, POINT_1, SCRIPT, sample_analysis


@pytest.fixture
def digest() -> Digest:
    return digest_of(sample_analysis())


def digest_of(analysis: Analysis) -> Digest:
    return build_digest(analysis, words=load_words("nb"))


def comment(digest: Digest, comment_id: str) -> CommentEntry:
    return next(entry for entry in digest.comments if entry.comment_id == comment_id)


def message(digest: Digest, message_id: str) -> MessageEntry:
    return next(entry for entry in digest.messages if entry.message_id == message_id)


def test_comments_placed_and_not_placed_add_up(digest: Digest) -> None:
    counts = digest.counts
    assert (counts.n_placed, counts.n_whole_report, counts.n_unresolved) == (4, 2, 1)
    assert counts.n_comments == 7


def test_messages_by_kind_add_up(digest: Digest) -> None:
    assert {tally.code: tally.n for tally in digest.counts.by_kind} == {
        "feedback": 3,
        "campaign": 2,
        "duplicate": 1,
        "autoreply": 1,
    }


def test_senders_by_type_add_up_to_the_senders(digest: Digest) -> None:
    counts = digest.counts
    assert sum(tally.n for tally in counts.by_organisation_type) == counts.n_organisations == 5


def test_every_comment_stands_in_full_in_exactly_one_place(digest: Digest) -> None:
    beside = [entry for section in digest.sections for line in section.lines for entry in line.comments]
    everywhere = [entry.comment_id for entry in (*beside, *digest.whole_report, *digest.unresolved)]
    assert sorted(everywhere) == [f"C00{number}" for number in range(1, 8)]


def test_every_line_of_the_report_is_shown_once_in_order(digest: Digest) -> None:
    shown = [line.line_id for section in digest.sections for line in section.lines]
    assert shown == [line.line_id for line in sample_analysis().report.lines]


def test_a_comment_stands_at_its_first_line(digest: Digest) -> None:
    line = next(line for section in digest.sections for line in section.lines if line.number == 5)
    assert [entry.comment_id for entry in line.comments] == ["C001"]


def test_a_second_place_of_a_comment_is_a_reference(digest: Digest) -> None:
    line = next(line for section in digest.sections for line in section.lines if line.number == 7)
    assert [reference.comment.comment_id for reference in line.references] == ["C001"]


def test_all_lines_of_a_place_are_marked(digest: Digest) -> None:
    marked = {
        line.number
        for section in digest.sections
        for line in section.lines
        if "C001" in line.covered_by and line.number
    }
    assert marked == {5, 6}


def test_a_citation_of_a_whole_section_marks_no_lines(digest: Digest) -> None:
    line = next(line for section in digest.sections for line in section.lines if line.number == 7)
    assert line.covered_by == ()


def test_a_comment_at_a_doubtful_line_stands_there_and_is_listed(digest: Digest) -> None:
    entry = comment(digest, "C006")
    assert entry.primary is not None
    assert entry.primary.place_text.endswith("8")
    assert [listed.comment_id for listed in digest.questionable] == ["C006"]
    assert digest.counts.n_doubtful == 1


def test_an_unresolved_citation_keeps_its_words(digest: Digest) -> None:
    (entry,) = digest.unresolved
    assert [placement.cited for placement in entry.placements] == ["Linje 912"]


def test_a_sure_place_comes_before_a_doubtful_one_that_stands_earlier() -> None:
    analysis = sample_analysis()
    early = Annotation("A009", "C001", "line", "linje 2", analysis.report.lines[2].span, 0.3, "doubtful")
    entry = comment(digest_of(replace(analysis, annotations=(early, *analysis.annotations))), "C001")
    assert entry.primary is not None
    assert entry.primary.annotation_id == "A001"


def test_a_comment_placed_despite_an_unresolved_citation_is_listed_for_checking() -> None:
    analysis = sample_analysis()
    lost = Annotation("A009", "C001", "line", "linje 4000", None, 0.0, "unresolved")
    found = digest_of(replace(analysis, annotations=(*analysis.annotations, lost)))
    assert "C001" in [entry.comment_id for entry in found.questionable]
    assert found.counts.n_unresolved == 1


def test_quotation_marks_around_cited_words_are_not_doubled() -> None:
    analysis = sample_analysis()
    quoted = replace(analysis.annotations[0], method="quotation", cited="«mange gir opp»")
    entry = comment(digest_of(replace(analysis, annotations=(quoted,))), "C001")
    assert [placement.cited_words for placement in entry.placements] == ["mange gir opp"]


def test_needs_come_with_the_uncovered_first(digest: Digest) -> None:
    assert [need.coverage for need in digest.needs] == ["uncovered", "partly", "covered"]


def uncovered(analysis: Analysis) -> Analysis:
    """The sample with all its needs uncovered and alike."""
    needs = tuple(replace(need, coverage="uncovered", coverage_score=0.1) for need in analysis.needs)
    return replace(analysis, needs=needs)


def test_needs_of_one_coverage_come_with_the_most_voiced_first() -> None:
    analysis = uncovered(sample_analysis())
    first, second, third = analysis.needs
    wide = replace(second, evidence=(*second.evidence, *first.evidence))
    found = digest_of(replace(analysis, needs=(first, wide, third)))
    assert found.needs[0].need_id == "N002"


def test_a_campaign_does_not_make_a_need_broad() -> None:
    analysis = uncovered(sample_analysis())
    strong = replace(analysis.needs[0], strength=0.9)
    found = digest_of(replace(analysis, needs=(strong, *analysis.needs[1:]))).needs
    assert [(need.need_id, need.breadth) for need in found if need.need_id in ("N001", "N003")] == [
        ("N001", (1, 1)),
        ("N003", (1, 1)),
    ]


def test_a_need_tells_whose_words_its_statement_is() -> None:
    analysis = sample_analysis()
    need = replace(analysis.needs[0], statement="Vi trenger svar innen fire uker.")
    found = digest_of(replace(analysis, needs=(need,))).needs[0]
    assert found.source is not None
    assert found.source.comment_id == "C001"
    assert digest_of(analysis).needs[-1].source is None


def test_quotes_beside_the_highlights_are_kept() -> None:
    analysis = sample_analysis()
    need = replace(analysis.needs[1], highlights=analysis.needs[1].evidence[1:])
    found = digest_of(replace(analysis, needs=(need,))).needs[0]
    assert [quote.quote for quote in found.highlights] == ["språket i journalen"]
    assert [quote.quote for quote in found.other_quotes] == ["vi saknar samiske data."]


def test_reasons_are_said_in_words() -> None:
    analysis = sample_analysis()
    need = replace(analysis.needs[1], reasons=("uncited", "said_missing"))
    found = digest_of(replace(analysis, needs=(need,))).needs[0]
    assert found.reasons == ("avsenderne ikke kan vise til noe sted", "det sies å mangle")


def test_a_better_place_is_said_beside_a_doubtful_one() -> None:
    analysis = sample_analysis()
    annotations = tuple(
        replace(annotation, suggested=analysis.report.lines[5].span)
        if annotation.annotation_id == "A005"
        else annotation
        for annotation in analysis.annotations
    )
    found = digest_of(replace(analysis, annotations=annotations))
    (doubt,) = found.overview.suggested
    assert (doubt.comment.comment_id, doubt.placement.suggested_text) == ("C006", "linje\u00a05")
    assert doubt.placement.place_text == "linje\u00a08"


def test_a_measure_has_the_needs_that_are_near_it() -> None:
    analysis = sample_analysis()
    measures = (
        PlannedMeasure("P01", "1", "Språk", "Lage ordlister", "Kontoret"),
        PlannedMeasure("P02", "", "", "Kjøpe maskiner", ""),
    )
    needs = (analysis.needs[0], replace(analysis.needs[1], measure_id="P01", measure_score=0.2), analysis.needs[2])
    found = digest_of(replace(analysis, needs=needs, measures=measures))
    assert [[need.need_id for need in measure.needs] for measure in found.measures] == [["N002"], []]
    (tied,) = found.measures[0].needs
    assert (tied.measure is not None and tied.measure.label, tied.responsible) == ("Språk", "Kontoret")


def test_a_comment_tells_which_other_themes_it_touches_on() -> None:
    analysis = sample_analysis()
    themes = (replace(analysis.themes[0], second={"C007": 0.2}), *analysis.themes[1:])
    found = digest_of(replace(analysis, themes=themes))
    assert [theme.target_id for theme in comment(found, "C007").second_themes] == ["T001"]
    (theme,) = [theme for theme in found.themes if theme.theme_id == "T001"]
    assert [entry.comment_id for entry in theme.second] == ["C007"]
    assert (theme.n_comments, len(theme.comments)) == (2, 2)


def test_themes_of_one_group_stand_together_and_those_alone_last() -> None:
    analysis = sample_analysis()
    one, two = analysis.themes
    themes = (
        Theme("T009", "Annet", (), "", {f"C00{number}": 1.0 for number in range(1, 8)}, kind="single"),
        replace(one, group="Data"),
        replace(two, group="Folk"),
        replace(one, theme_id="T003", group="Folk"),
    )
    found = digest_of(replace(analysis, themes=themes)).themes
    assert [theme.theme_id for theme in found] == ["T002", "T003", "T001", "T009"]


def test_a_need_tells_where_the_report_is_nearest(digest: Digest) -> None:
    (near,) = digest.needs[-1].nearest
    assert near.place_text == "linje\u00a05"
    assert near.text == "Saksbehandlingstiden er lang, og mange gir opp."


def test_a_comment_links_to_its_need(digest: Digest) -> None:
    assert [(need.target_id, need.coverage_label) for need in comment(digest, "C001").needs] == [("N001", "Dekket")]


def test_the_theme_a_comment_weighs_most_in_comes_first(digest: Digest) -> None:
    assert [theme.target_id for theme in comment(digest, "C001").themes] == ["T001", "T002"]


def test_a_theme_tells_who_speaks_and_how(digest: Digest) -> None:
    theme = digest.themes[0]
    assert [(tally.label, tally.n) for tally in theme.by_organisation_type] == [
        ("Helseforetak", 1),
        ("Privatperson", 2),
    ]
    assert [(tally.label, tally.n) for tally in theme.by_stance] == [("Behov", 1), ("Støtte", 2)]


def test_comment_texts_are_verbatim(digest: Digest) -> None:
    assert comment(digest, "C003").text.startswith(FORMULA)
    assert SCRIPT in comment(digest, "C002").text


def test_text_that_became_no_comment_is_kept_in_the_accounting(digest: Digest) -> None:
    kept = [(remnant.kind_label, remnant.text) for remnant in message(digest, "M001").remnants]
    assert kept == [("Hilsen", "Hei,"), ("Signatur", "Hilsen Kari Fjord")]


def test_comments_and_remnants_and_quoted_text_are_the_whole_message(digest: Digest) -> None:
    analysis = sample_analysis()
    for record, entry in zip(analysis.messages, digest.messages, strict=True):
        texts = [comment(digest, comment_id).text for comment_id in entry.comment_ids]
        kept = "".join("".join([*texts, *(remnant.text for remnant in entry.remnants)]).split())
        assert len(kept) == sum(
            len("".join(segment.span.of(part.text).split()))
            for part in record.parts
            for segment in part.segments
            if segment.kind not in ("quoted", "attribution")
        )


def test_remnants_of_one_kind_in_a_row_are_one_piece() -> None:
    analysis = sample_analysis()
    first, *others = analysis.comments
    half = replace(first, text=first.text[:10], span=Span(first.span.start, first.span.start + 10))
    found = digest_of(replace(analysis, comments=(half, *others)))
    assert [remnant.kind for remnant in message(found, "M001").remnants] == ["greeting", "own", "signature"]


def test_quoted_words_of_others_are_counted_not_shown(digest: Digest) -> None:
    assert message(digest, "M001").n_quoted == len("Den 1. september skrev Rådet:\n> Vi ber om innspill.\n")


def test_a_duplicate_points_to_its_original_and_shows_its_text(digest: Digest) -> None:
    entry = message(digest, "M003")
    assert entry.duplicate_of == "M001"
    assert any(POINT_1 in remnant.text for remnant in entry.remnants)


def test_a_message_without_a_date_says_so(digest: Digest) -> None:
    assert message(digest, "M006").sent_text == "ukjent dato"


def test_places_name_the_page_where_numbers_begin_anew_on_each() -> None:
    analysis = sample_analysis()
    numbering = replace(analysis.report.numbering, restart="page")
    found = digest_of(replace(analysis, report=replace(analysis.report, numbering=numbering)))
    entry = comment(found, "C004")
    assert entry.primary is not None
    assert entry.primary.place_text == "s.\u00a02, linje\u00a08"


def test_comments_come_in_the_order_of_the_report(digest: Digest) -> None:
    assert [entry.comment_id for entry in digest.comments] == ["C001", "C004", "C005", "C006", "C003", "C007", "C002"]


def test_the_same_analysis_gives_the_same_digest() -> None:
    assert digest_of(sample_analysis()) == digest_of(sample_analysis())


def test_a_digest_without_names_says_so() -> None:
    analysis = sample_analysis()
    note = Note("info", "pseudonyms", "", "Persons are replaced.")
    assert not build_digest(analysis, words=load_words("nb")).pseudonymised
    assert build_digest(replace(analysis, notes=(*analysis.notes, note)), words=load_words("nb")).pseudonymised
