"""Sheets without printed line numbers, each with something that looks like them."""

from __future__ import annotations

from dataclasses import replace

from sheets_numbered import FRONT, FRONT_NN, NB, POINTS, ROWS, SMALL, WIDE, many_rows, marked, plan, two_columns, valley

from sheets import Block, Page, Sheet, caption, contents, heading, note, points, pour, table, text

OFFICE_WIDE, OFFICE_NARROW = 84, 38
EVENTS = [
    "Den gamle filialen i Lia fikk sentralvarme.", "Bokbussen kjørte for første gang vinterstid.",
    "Utlånet falt for tredje år på rad.", "Skolen flyttet inn i samme bygg.", "Kommunen ansatte en ny leder.",
    "Taket på Strand ble tettet med presenning.", "Leseombudene begynte på sykehjemmet.", "Ingen endring.",
    "Lånekortet ble felles for hele fylket.", "Språkkafeen startet.", "Filialen på Myra ble lagt ned.",
    "Ungdomsrådet ba om sofaer.",
]  # fmt: skip


def long_contents() -> tuple[Page, ...]:
    """Two pages of contents, then the text."""
    themes = ("Rom", "Bøker", "Åpningstid", "Bokbuss", "Skole", "Frivillige", "Økonomi", "Medvirkning", "Språk")
    entries = []
    for chapter in range(1, 8):
        entries.append((f"{chapter} {themes[chapter]}", str(2 * chapter + 1)))
        entries += [
            (f"{chapter}.{k} {themes[k]} i kapittel {chapter}", str(2 * chapter + k // 3 + 1)) for k in range(1, 7)
        ]
    lists = contents(*entries)
    first = (FRONT, *lists[:26])
    body = pour(plan(n=8), ROWS)
    pages = [Page((first,)), Page((tuple(lists[26:]),)), *body]
    return tuple(replace(page, label=str(number)) for number, page in enumerate(pages, start=1))


def full_table() -> tuple[Page, ...]:
    """A page of text, a page that is one table, and a page of text."""
    first = (FRONT, *plan(OFFICE_WIDE, n=6))
    second = (
        caption("Tabell 1: Alle holdeplassene til bokbussen"),
        table([("Nr.", "Sted", "Besøk", "Lån"), *many_rows(40)], "aligned"),
    )
    third = tuple(text(words, OFFICE_WIDE) for words in NB[6:12])
    return tuple(Page((blocks,), label=str(k)) for k, blocks in enumerate((first, second, third), start=1))


def many_footnotes() -> list[Block]:
    """Three footnotes to each of six paragraphs."""
    out: list[Block] = [FRONT_NN]
    remarks = ("Jf. planen.", "Muntlig opplysning.", "Tall fra 2024.")
    for index in range(6):
        markers = [str(3 * index + k) for k in (1, 2, 3)]
        notes = [note(marker, remark, SMALL) for marker, remark in zip(markers, remarks, strict=True)]
        out += [heading(f"{index + 1} Del"), text(marked(NB[index], *markers), WIDE, *notes), text(NB[index + 8], WIDE)]
    return out


def numbered_paragraphs() -> list[Block]:
    """A text whose paragraphs are numbered through, as in judgments and recitals."""
    out: list[Block] = [FRONT]
    for index, words in enumerate(NB[:20]):
        if index % 7 == 0:
            out.append(heading(("Saken", "Vurdering", "Resultat")[index // 7]))
        (point,) = points([str(index + 1)], [words], WIDE)
        out.append(replace(point, kind="paragraph"))
    return out


def short_points() -> tuple[Page, ...]:
    """Narrow columns with lists of short points, numbered without dots."""
    digits = [str(k) for k in range(1, 10)]
    short = [words.split(",")[0][:30].rsplit(" ", 1)[0] for words in (*POINTS, *POINTS[:2])]
    column = [heading("Forslag"), *points(digits, short, OFFICE_NARROW)]
    other = [heading("Innvendinger"), *points(digits, short[::-1], OFFICE_NARROW)]
    words = [text(paragraph, OFFICE_NARROW) for paragraph in NB[:8]]
    return (
        Page(((*words[:2], *column), (*words[2:4], *other)), label="1"),
        Page(((*other, *words[4:6]), (*column, *words[6:8])), label="2"),
    )


def list_of_years() -> tuple[Page, ...]:
    """What happened year by year, one row a year."""
    years = [Block("year", (f"{1990 + k} {EVENTS[k % 12]}",)) for k in range(29)]
    return (
        Page(((FRONT, heading("1 Bakgrunn"), *[text(words, OFFICE_WIDE) for words in NB[:6]]),), label="1"),
        Page(((heading("2 År for år"), *years),), label="2"),
        Page((tuple(text(words, OFFICE_WIDE) for words in NB[6:9]),), label="3"),
    )


UNNUMBERED = {
    "none-contents": Sheet("Two pages of contents, with page numbers at the right.", "latex", long_contents(), step=0),
    "none-table-fills-page": Sheet(
        "A table without ruling lines that fills a page, its first column counting from 1 to 40.",
        "libreoffice", full_table(), step=0,
    ),
    "none-footnotes": Sheet(
        "Three footnotes to a paragraph, numbered through.", "latex", pour(many_footnotes(), 38.0), step=0
    ),
    "none-short-points": Sheet(
        "Two narrow columns with lists of short points, numbered without dots.", "libreoffice", short_points(), step=0
    ),
    "none-numbered-paragraphs": Sheet(
        "Paragraphs numbered through at the left edge, as in judgments.",
        "latex", pour(numbered_paragraphs(), 36.0), step=0,
    ),
    "none-two-columns": Sheet("Two columns.", "latex", two_columns(plan(36)), step=0),
    "none-two-columns-lo": Sheet(
        "Two columns, without a page number.", "libreoffice",
        tuple(replace(page, label="") for page in pour(valley(OFFICE_NARROW), 30.0, 2)), step=0,
    ),
    "none-years": Sheet(
        "A year at the left edge of each row of a page.", "libreoffice", list_of_years(), step=0
    ),
}  # fmt: skip
