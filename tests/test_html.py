import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from innspill.digest import build_digest
from innspill.digest_tree import SectionEntry
from innspill.records import Analysis, Comment, Note, PlannedMeasure, Span, Theme
from innspill.words import LANGUAGES, load_words
from innspill.writing.html import chunks, fold, render_html, verbatim, write_html
from sample import FORMULA, POINT_1, SCRIPT, sample_analysis

VOID = {"meta", "input", "br", "link", "img", "hr"}


class Page(HTMLParser):
    """The elements of a page, its text, and where it is not well formed."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that begins."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note an element that ends, and whether it was the last to begin."""
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Keep text that a reader sees."""
        if not self.open or self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    def values(self, attribute: str) -> list[str]:
        """The values of an attribute, wherever it stands."""
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]

    def tags(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


def render(analysis: Analysis, language: str = "nb") -> str:
    return render_html(build_digest(analysis, words=load_words(language)))


def with_text(text: str) -> Analysis:
    """The sample with one comment's text replaced."""
    analysis = sample_analysis()
    first, *others = analysis.comments
    return replace(analysis, comments=(replace(first, text=text, span=Span(0, 1)), *others))


@pytest.fixture(scope="module")
def source() -> str:
    return render(sample_analysis())


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def test_the_page_has_one_script_and_it_is_ours(page: Page) -> None:
    assert len(page.tags("script")) == 1


def test_hostile_text_is_shown_as_text(source: str) -> None:
    assert SCRIPT not in source
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in source


def test_links_only_point_within_the_page(page: Page) -> None:
    links = page.values("href")
    assert links
    assert [link for link in links if not link.startswith("#")] == []


def test_every_link_has_a_target(page: Page) -> None:
    assert {link[1:] for link in page.values("href")} - set(page.values("id")) == set()


def test_no_id_is_used_twice(page: Page) -> None:
    assert [name for name, count in Counter(page.values("id")).items() if count > 1] == []


def test_nothing_is_loaded(page: Page, source: str) -> None:
    assert page.values("src") == []
    assert re.findall(r"url\(|@import|fetch\(|XMLHttpRequest", source) == []


def test_the_page_forbids_itself_to_load_anything(page: Page) -> None:
    policy = next(meta["content"] for meta in page.tags("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:")


def test_no_element_has_an_event_handler(page: Page) -> None:
    assert [name for _, attributes in page.elements for name in attributes if name.startswith("on")] == []


def test_the_script_never_writes_markup(source: str) -> None:
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source) == []


def test_elements_are_closed_in_order(page: Page) -> None:
    assert (page.faults, page.open) == ([], [])


def test_the_language_is_set_and_foreign_comments_are_marked(page: Page) -> None:
    assert page.tags("html")[0]["lang"] == "nb"
    assert "nn" in [attributes.get("lang") for attributes in page.tags("blockquote")]


def test_headings_do_not_skip_a_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_every_form_field_has_a_label(source: str) -> None:
    labels = re.findall(r"<label.*?</label>", source, re.S)
    fields = re.findall(r"<(?:select|input)\b", source)
    assert len(fields) == sum(len(re.findall(r"<(?:select|input)\b", label)) for label in labels) == 5


def test_every_comment_has_one_card(page: Page) -> None:
    cards = [attributes["data-id"] for attributes in page.tags("article") if "data-id" in attributes]
    assert sorted(cards) == [f"C00{number}" for number in range(1, 8)]


def test_every_line_of_the_report_is_on_the_page(page: Page) -> None:
    lines = {f"line-{line.line_id}" for line in sample_analysis().report.lines}
    assert lines - set(page.values("id")) == set()


def test_comments_are_verbatim(page: Page) -> None:
    text = "".join(page.texts)
    assert POINT_1 in text
    assert FORMULA in text


def test_copies_of_a_campaign_are_folded_under_the_first(source: str) -> None:
    copies = re.findall(r'<details class="copies">.*?</details>', source, re.S)
    assert len(copies) == 1
    assert "1 likelydende kommentar" in copies[0]
    assert "Anne Nes" in copies[0]


def test_a_tag_closed_in_a_comment_does_not_close_ours() -> None:
    broken = Page(render(with_text('</blockquote></article>" onmouseover="alert(1)')))
    assert (broken.faults, broken.open) == ([], [])


def test_template_marks_in_a_comment_are_not_run() -> None:
    assert "{{ 7 * 7 }}" in "".join(Page(render(with_text("{{ 7 * 7 }}"))).texts)


def test_an_id_with_a_space_and_quotes_is_safe() -> None:
    analysis = sample_analysis()
    need = replace(analysis.needs[0], need_id='N 1" onclick="x')
    found = Page(render(replace(analysis, needs=(need,))))
    assert "need-N_1__onclick__x" in found.values("id")
    assert {link[1:] for link in found.values("href")} - set(found.values("id")) == set()


def test_a_language_that_is_no_tag_is_left_out() -> None:
    analysis = sample_analysis()
    comments: tuple[Comment, ...] = tuple(replace(comment, language='"><b>') for comment in analysis.comments)
    found = Page(render(replace(analysis, comments=comments)))
    assert [attributes for attributes in found.tags("blockquote") if "lang" in attributes] == []


def test_a_lone_surrogate_does_not_stop_the_page(tmp_path: Path) -> None:
    path = tmp_path / "digest.html"
    write_html(build_digest(with_text("b\udcf8r"), words=load_words("nb")), path)
    assert "b?r" in path.read_text(encoding="utf-8")


def test_a_consultation_without_mail_gives_a_page() -> None:
    empty = replace(sample_analysis(), messages=(), comments=(), annotations=(), themes=(), needs=(), notes=())
    assert "Det er ikke funnet temaer." in render(empty)


def full() -> Analysis:
    """The sample with a bit of everything that a page may show, and hostile text in it."""
    analysis = sample_analysis()
    first, second, third = analysis.needs
    needs = (
        first,
        replace(second, measure_id="P1", borderline=True, reasons=("uncited", "unlike"), asked_for=second.evidence[0]),
        replace(third, highlights=third.evidence[:1]),
    )
    measures = (
        PlannedMeasure("P1", "1", f"Språk {SCRIPT}", f"Ordlister {SCRIPT}", f"Kontoret {SCRIPT}"),
        PlannedMeasure("P2", "", "", "Maskiner", ""),
    )
    one, two = analysis.themes
    themes = (
        replace(one, group="Data", description=f"Mange venter. {SCRIPT}", second={"C007": 0.3}),
        replace(two, kind="given"),
        Theme("T9", "Enkeltstående innspill", (), "", {"C003": 1.0}, kind="single"),
    )
    suggested = analysis.report.lines[5].span
    annotations = tuple(
        replace(item, suggested=suggested) if item.status != "ok" else item for item in analysis.annotations
    )
    return replace(analysis, needs=needs, measures=measures, themes=themes, annotations=annotations)


@pytest.fixture(scope="module")
def full_source() -> str:
    return render(full())


def test_all_parts_of_a_page_together_are_well_formed(full_source: str) -> None:
    found = Page(full_source)
    assert (found.faults, found.open) == ([], [])
    assert {link[1:] for link in found.values("href")} - set(found.values("id")) == set()
    assert [name for name, count in Counter(found.values("id")).items() if count > 1] == []
    assert SCRIPT not in full_source


def test_headings_of_groups_do_not_skip_a_level(full_source: str) -> None:
    levels = [int(tag[1]) for tag, _ in Page(full_source).elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_a_better_place_is_a_question_that_leads_there(full_source: str) -> None:
    assert re.search(r'<a class="suggested" href="#line-L00006">Står det kanskje på linje\s5\?</a>', full_source)


def test_a_borderline_need_is_marked_and_says_what_it_rests_on(full_source: str) -> None:
    card = full_source[full_source.index('id="need-N002"') :]
    assert "På grensen: bør vurderes" in card[: card.index("</article>")]
    assert "Bygger på at avsenderne ikke kan vise til noe sted, og at ingenting i rapporten ligner." in card


def test_the_rest_of_the_evidence_is_folded_under_the_highlights(full_source: str) -> None:
    card = full_source[full_source.index('id="need-N003"') :]
    folded = card[card.index("<details>") : card.index("</details>")]
    assert "Vis resten av sitatene (1)" in folded
    assert "Anne Nes" in folded


def test_a_measure_shows_its_owner_and_its_needs(full_source: str) -> None:
    card = full_source[full_source.index('id="measure-P1"') :]
    card = card[: card.index("</article>")]
    assert "Ansvarlig: <strong>" in card
    assert 'href="#need-N002"' in card


def test_unmet_needs_without_a_measure_are_listed(full_source: str) -> None:
    rest = full_source[full_source.index("Behov uten planlagt tiltak (1)") :]
    assert 'href="#need-N003"' in rest[: rest.index("</section>")]


def test_without_measures_there_is_no_chapter_on_them(source: str) -> None:
    assert 'id="measures"' not in source


def test_a_statement_said_anew_by_a_model_is_marked() -> None:
    analysis = sample_analysis()
    note = Note("info", "rephrasing", "", "1 of 3 statements were said anew.")
    mark = "Overskriften er omskrevet av en språkmodell"
    assert mark in render(replace(analysis, notes=(note,)))
    assert mark not in render(analysis)
    failed = replace(note, severity="warning")
    assert mark not in render(replace(analysis, notes=(failed,)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_drawn_in_every_language(language: str) -> None:
    heading = load_words(language)("report.heading")
    assert f"<h2>{heading}</h2>" in render(sample_analysis(), language)


def test_the_page_is_the_same_each_time() -> None:
    assert render(sample_analysis()) == render(sample_analysis())


def test_a_short_text_is_not_folded() -> None:
    assert fold("ord " * 79).rest == ""


def test_a_text_is_not_folded_for_the_sake_of_a_few_words() -> None:
    assert fold("ord " * 69 + "slutt. " + "mer " * 15).rest == ""


def test_a_long_text_is_folded_at_the_end_of_a_sentence() -> None:
    folded = fold("ord " * 54 + "slutt. " + "mer " * 40)
    assert folded.lead.endswith("slutt. ")
    assert folded.n_rest == 40


def test_a_long_text_without_sentences_is_folded_after_sixty_words() -> None:
    assert len(fold("ord " * 100).lead.split()) == 60


def test_a_folded_text_is_whole_to_the_letter() -> None:
    text = "Ett  to.\n" * 60
    folded = fold(text)
    assert folded.rest
    assert folded.lead + folded.rest == text


def test_a_line_broken_by_a_mail_client_flows_on() -> None:
    text = "En lang linje som e-postprogrammet har brutt etter sytti tegn eller mer,\nog som går videre her."
    assert "<br>" not in verbatim(text)


def test_a_quote_that_begins_in_the_middle_of_a_line_flows_on() -> None:
    assert "<br>" not in verbatim("Nokon må få i\noppdrag å byggje slike ressursar.")


def test_a_short_line_is_broken_before_a_capital() -> None:
    assert "Linje 3:<br>\nDet" in verbatim("Linje 3:\nDet er greit.")


def test_a_line_before_a_point_of_a_list_is_broken() -> None:
    text = "En lang linje som e-postprogrammet har brutt etter sytti tegn eller mer:\n2) andre punkt"
    assert "mer:<br>\n2)" in verbatim(text)


def section_of_sample(number: str) -> SectionEntry:
    digest = build_digest(sample_analysis(), words=load_words("nb"))
    return next(section for section in digest.sections if section.number == number)


def test_a_run_of_lines_begins_where_comments_do() -> None:
    runs = chunks(section_of_sample("1.1"))
    assert [run.lines[0].number for run in runs] == [4, 5]


def test_runs_hold_all_lines_of_the_section() -> None:
    section = section_of_sample("2")
    assert tuple(line for run in chunks(section) for line in run.lines) == section.lines


def test_comments_on_the_next_line_stand_beside_the_same_run() -> None:
    (run,) = chunks(section_of_sample("2"))
    assert [line.number for line in run.annotated] == [7, 8]
