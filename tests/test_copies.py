"""Copies of the report: which words are its own, where notes and changes belong, and what was done to a sentence."""

from pathlib import Path

import pytest

from copy_reviews import (
    apply,
    changes,
    lines_of,
    marked,
    read_part,
    remarks_for,
    report,
    span_of,
    truth_of,
    word_copy,
    word_copy_paragraphs,
)
from innspill.copies import Edit, edited_sentences
from innspill.records import Cell, Part, Remark, Segment, Span
from mails import norwegian
from word_files import WordReview

FILES = Path(__file__).parent / "documents"
DEMO = Path(__file__).parents[1] / "corpora" / "ki-helsedata"
LONG = [paragraph for paragraph in word_copy_paragraphs() if len(paragraph) > 200]


def part(text: str, *, name: str = "body", cells: tuple[Cell, ...] = (), remarks: tuple[Remark, ...] = ()) -> Part:
    return Part(name, text, (Segment("own", Span(0, len(text))),), cells, remarks)


def own(found: Part) -> list[str]:
    """The stretches that are the sender's own words."""
    spans = [segment.span.of(found.text).strip() for segment in found.segments if segment.kind == "own"]
    return [words for words in spans if words]


def reviewed(*actions: object) -> Part:
    review = word_copy()
    for action in actions:
        action(review)  # type: ignore[operator]
    return marked(read_part("kopi.docx", review.save()))


def only(found: Part) -> Remark:
    assert len(found.remarks) == 1
    return found.remarks[0]


def edits(found: Part) -> list[Edit]:
    return edited_sentences(found, sentences=norwegian().sentences)


def edit_texts(found: Part) -> list[tuple[str, str]]:
    """(before, now) of each edit; what was struck out has its own words as now."""
    return [(edit.before, edit.span.of(found.text)) for edit in edits(found)]


# Where remarks belong


@pytest.fixture(scope="module")
def known() -> dict[str, Part]:
    review = word_copy()
    for change in changes():
        apply(review, change)
    return {
        "by Word": marked(read_part("kopi.docx", review.save())),
        "by LibreOffice": marked(read_part("kopi.odt", (FILES / "reviewed.odt").read_bytes())),
    }


@pytest.mark.parametrize("writer", ["by Word", "by LibreOffice"])
def test_nearly_all_notes_and_changes_find_exactly_their_lines(known: dict[str, Part], writer: str) -> None:
    right, wrong = 0, []
    for change in changes():
        found = remarks_for(known[writer], change)
        assert found, change
        for remark in found:
            if remark.target is not None and lines_of(remark.target) == truth_of(change):
                right += 1
            else:
                wrong.append(change)
    assert right / (right + len(wrong)) >= 0.98, wrong


@pytest.mark.parametrize("writer", ["by Word", "by LibreOffice"])
def test_every_change_is_in_one_edit(known: dict[str, Part], writer: str) -> None:
    tracked = [remark for remark in known[writer].remarks if remark.kind != "note"]
    told = [remark for edit in edits(known[writer]) for remark in edit.remarks]
    assert sorted(tracked, key=lambda remark: remark.span.start) == sorted(told, key=lambda remark: remark.span.start)


def test_a_common_word_finds_its_own_place_among_many() -> None:
    found = reviewed(lambda review: review.note("data", "Samiske data òg?", "finnes for lite data om"))
    target = only(found).target
    assert target is not None
    assert target.of(report().text) == "data"
    assert lines_of(target) == lines_of(span_of("data om", "kort botid"))


def test_a_note_on_a_word_that_is_broken_over_lines_finds_both_lines() -> None:
    found = reviewed(lambda review: review.note("spesialisthelsetjenesten", "Og kommunene?", "34 prosjekter i"))
    target = only(found).target
    assert target is not None
    assert target.of(report().text) == "spesialisthelse-\ntjenesten"


def test_a_note_on_a_struck_word_finds_the_word() -> None:
    def act(review: WordReview) -> None:
        review.note("uoppfordret", "Er det rett?")
        review.strike("uoppfordret")

    target = next(remark.target for remark in reviewed(act).remarks if remark.kind == "note")
    assert target is not None
    assert target.of(report().text) == "uoppfordret"


def test_a_note_on_words_put_in_finds_the_place() -> None:
    def act(review: WordReview) -> None:
        review.put_in(" eller myndighet", after="ingen av dem har ansvar")

    found = reviewed(act)
    insertion = only(found).span
    note = Remark("note", Span(len(found.text) - 3, len(found.text)), insertion)
    again = marked(part(found.text, name="kopi.docx", remarks=(*found.remarks, note)))
    assert again.remarks[1].target is not None
    assert lines_of(again.remarks[1].target) == lines_of(span_of("ansvar for", "ingen av dem har"))


def test_a_note_that_hangs_on_nothing_has_no_place() -> None:
    text = "\n\n".join(LONG[:6]) + "\n\nBra!"
    itself = Span(len(text) - 4, len(text))
    assert only(marked(part(text, remarks=(Remark("note", itself, itself),)))).target is None


def test_a_note_in_a_letter_that_is_no_copy_has_no_place() -> None:
    text = "Vi har lese utkastet og takkar for det. Fristen er kort for ein liten kommune.\n\nSkal vi skrive dette?"
    note = Remark("note", Span(text.index("Skal"), len(text)), Span(text.index("Fristen"), text.index("Fristen") + 7))
    assert only(marked(part(text, remarks=(note,)))).target is None


# Whose words


def test_a_copy_is_quoted_and_what_was_put_in_is_not() -> None:
    found = reviewed(
        lambda review: review.put_in(" Dette gjelder også fastlegene.", after="ofte er ulike i de to fasene."),
        lambda review: review.note("uoppfordret", "Hos oss òg."),
    )
    assert own(found)[-2:] == ["Dette gjelder også fastlegene.", "Hos oss òg."]
    assert all(
        words in ("Utkast til innspill\tHvilke data trenger helsetjenesten for å ta i bruk kunstig intelligens?",)
        for words in own(found)[:-2]
    )


def test_a_pdf_of_the_report_has_nothing_of_the_sender_s() -> None:
    found = marked(read_part("rapport.pdf", (DEMO / "report.pdf").read_bytes()))
    assert sum(map(len, own(found))) <= 0.01 * len(found.text)


def test_answers_between_pasted_paragraphs_stay() -> None:
    text = f"{LONG[3]}\n\nDette stemmer ikkje hos oss.\n\n{LONG[4]}\n\nGreitt.\n\n{LONG[5]}"
    assert own(marked(part(text))) == ["Dette stemmer ikkje hos oss.", "Greitt."]


def test_an_answer_in_brackets_within_a_paragraph_stays_alone() -> None:
    text = "\n\n".join(LONG[:8])
    sentence = LONG[2].split(". ")[0] + "."
    text = text.replace(sentence, f"{sentence} [NN: Her er vi slett ikke enige.]")
    assert own(marked(part(text))) == ["[NN: Her er vi slett ikke enige.]"]


def test_a_sentence_changed_with_nothing_tracked_is_the_sender_s() -> None:
    text = "\n\n".join(LONG[:8]).replace("men den tar ikke stilling til", "men den bør ta stilling til")
    assert own(marked(part(text, name="kopi.docx"))) == [
        "Rapporten skal gi et felles bilde av behovene, men den bør ta stilling til hvilken etat som bør løse dem."
    ]


def test_line_numbers_in_a_copy_are_not_the_sender_s() -> None:
    lines = [line for line in report().text[report().text.index("Utvalget er satt") :].split("\n")[:60] if line.strip()]
    text = "\n".join(f"{number} {line}" for number, line in enumerate(lines, start=20))
    assert own(marked(part(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Dere skriver at «Sektoren har behov for en tydelig hjemmel for å bruke helsedata til å utvikle og trene modeller.» Det støtter vi, men hjemmelen må også gjelde kommunene.",
        f"Vi viser til dette avsnittet:\n\n{LONG[6]}\n\nVi mener at det er for snevert. Kommunane har andre behov enn sjukehusa, og det må komme fram. Det same gjeld fastlegane, "
        "som sit på store mengder data som ingen bruker i dag. Vi har sjølve prøvd å få ut data frå eigne system, og det tok oss over eit år. Vi ber difor om at rapporten "
        "seier noko om dette, og at det blir sett av pengar til det. Det vil vere til stor nytte for innbyggjarane i kommunen vår og for dei som arbeider der.",
        "Hei! Vi synes at rapporten er god. Med vennlig hilsen Unni",
        "",
    ],
    ids=["one sentence", "one paragraph in a letter", "nothing of the report", "nothing"],
)
def test_a_letter_that_quotes_is_no_copy(text: str) -> None:
    letter = part(text)
    assert marked(letter) == letter


def test_cells_of_a_form_that_repeat_the_report_stay() -> None:
    rows = [(paragraph, "Bør strykes.") for paragraph in LONG[:10]]
    text, cells = "", []
    for number, (quoted, said) in enumerate(rows, start=1):
        for column, words in (("place", quoted), ("comment", said)):
            text += "\n\n" if text else ""
            cells.append(Cell(column, number, Span(len(text), len(text) + len(words))))
            text += words
    form = part(text, cells=tuple(cells))
    assert [segment for segment in marked(form).segments if segment.kind == "own"] != []
    assert all(words in "\n\n".join(own(marked(form))) for row in rows for words in row)


# Changed sentences


def test_small_changes_in_one_sentence_are_one_edit() -> None:
    found = reviewed(
        lambda review: review.replace("ofte", "alltid", "det tidspunktet er"),
        lambda review: review.strike("fullstendig", "fra søknaden regnes som"),
        lambda review: review.put_in(" og for registeret", after="uklart for søkeren"),
    )
    ((before, now),) = edit_texts(found)
    assert before.startswith(
        "Lovens frister gjelder fra søknaden regnes som fullstendig, og det tidspunktet er ofte uklart for søkeren"
    )
    assert "er alltid uklart for søkeren og for registeret" in now
    target = edits(found)[0].target
    assert target is not None
    assert lines_of(target) == lines_of(span_of("fullstendig, og det tidspunktet er ofte uklart for søkeren"))


def test_changes_in_two_sentences_are_two_edits() -> None:
    found = reviewed(
        lambda review: review.replace("kortere", "mye kortere", "behov for kortere saksbehandlingstid"),
        lambda review: review.replace("forutsigbar", "føreseieleg", "det at tiden er"),
    )
    assert len(edits(found)) == 2


def test_a_new_sentence_has_no_before() -> None:
    found = reviewed(lambda review: review.put_in(" Dette må òg gjelde tannhelse.", after="ulike i de to fasene."))
    assert edit_texts(found) == [("", "Dette må òg gjelde tannhelse.")]
    assert lines_of(edits(found)[0].target or Span(0, 0)) == lines_of(
        span_of(
            "Skillet er viktig, fordi det rettslige grunnlaget og datamengden som trengs, ofte er ulike i de to fasene."
        )
    )


def test_a_sentence_struck_out_is_its_own_words() -> None:
    words = "Nyutdannede skiller seg lite fra de øvrige."
    found = reviewed(lambda review: review.strike(f" {words}"))
    assert edit_texts(found) == [(words, words)]


def test_a_sentence_in_the_place_of_another_is_one_edit() -> None:
    old = "Nyutdannede skiller seg lite fra de øvrige."
    found = reviewed(lambda review: review.replace(old, "Alle trenger opplæring."))
    assert edit_texts(found) == [(old, "Alle trenger opplæring.")]


def test_a_paragraph_struck_out_is_one_edit() -> None:
    found = reviewed(lambda review: review.strike_paragraph("Jurister vi har snakket med, mener at grensen"))
    ((before, now),) = edit_texts(found)
    assert before == now
    assert now.startswith("Jurister vi har") and now.endswith("risiko og tiltak.")


def test_a_part_without_changes_has_no_edits() -> None:
    assert edits(part("Vi støttar dette.")) == []


# Bounds


def test_a_paragraph_repeated_without_end_is_marked_in_bounded_time() -> None:
    text = " ".join([LONG[0]] * 2_000)
    found = marked(part(text))
    assert sum(len(segment.span) for segment in found.segments) == len(text)


def test_segments_cover_the_part_in_order_after_marking(known: dict[str, Part]) -> None:
    for found in known.values():
        ends = [0, *(segment.span.end for segment in found.segments)]
        assert [segment.span.start for segment in found.segments] == ends[:-1]
        assert ends[-1] == len(found.text)


def test_a_change_in_a_point_under_a_point_is_that_of_its_sentence() -> None:
    text = "- Om kaia:\n  - Ho er altfor kort. Ho er smal.\n- Om ferja."
    put_in = Span(text.index("altfor "), text.index("kort"))
    part = Part("a.docx", text, (Segment("own", Span(0, len(text))),), (), (Remark("insertion", put_in, put_in),))
    edits = edited_sentences(part, sentences=norwegian().sentences)
    assert [(edit.span.of(text), edit.before) for edit in edits] == [("Ho er altfor kort.", "Ho er kort.")]
