"""The sheets with printed line numbers: LaTeX's lineno and rulers."""

from __future__ import annotations

from dataclasses import replace

from sheets import (
    Block,
    Page,
    Ruler,
    Sheet,
    caption,
    contents,
    formula,
    heading,
    note,
    paragraphs,
    points,
    pour,
    table,
    text,
    title,
    unnumbered,
)

NB, NN = paragraphs("matrise-nb"), paragraphs("matrise-nn")
WIDE, NARROW, SMALL = 80, 36, 90
ROWS, ROWS_NARROW = 42.0, 42.0
FRONT = title("Rom for lesing", "Utkast til plan for bibliotekene i Nordvik")
FRONT_NN = title("Vegen til Tverrdalen", "Utkast til rapport om vinterstengde bygder")


def plan(width: int = WIDE, *, n: int = 22) -> list[Block]:
    """The first `n` paragraphs of the plan for the libraries under headings."""
    heads = {0: ("1 Innledning", 1), 2: ("1.1 Hva tellingen viser", 2), 5: ("2 Tilbudet i dag", 1),
             10: ("2.1 Rom og bøker", 2), 14: ("3 Hva vi foreslår", 1), 19: ("3.1 Uenighet", 2)}  # fmt: skip
    out: list[Block] = []
    for index, words in enumerate(NB[:n]):
        if index in heads:
            out.append(heading(heads[index][0], heads[index][1]))
        out.append(text(words, width))
    return out


def valley(width: int = WIDE) -> list[Block]:
    """The report on the closed valley, headings without numbers."""
    heads = {0: "Bakgrunn", 4: "Kva som manglar", 6: "Tiltak"}
    out: list[Block] = []
    for index, words in enumerate(NN):
        if index in heads:
            out.append(heading(heads[index]))
        out.append(text(words, width))
    return out


def sectioned(blocks: list[Block]) -> list[Block]:
    """The blocks with a count that begins anew at each heading of level 1."""
    return [replace(block, restarts=block.kind == "heading" and block.level == 1) for block in blocks]


def two_columns(blocks: list[Block]) -> tuple[Page, ...]:
    """Pages of two columns, with the title above them on the first."""
    first, *rest = pour(blocks, ROWS_NARROW, 2, first=5.0)
    return (replace(first, above=(FRONT,)), *rest)


BOTH = (
    r"\makeatletter\def\makeLineNumber{\hss\linenumberfont\LineNumber\hskip10pt"
    r"\rlap{\hskip\textwidth\hskip10pt\linenumberfont\LineNumber}}\makeatother"
)
OUTER = r"\makeatletter\setpagewiselinenumbers\switchlinenumbers\runningpagewiselinenumbers\makeatother"
PAGEWISE = r"\pagewiselinenumbers"

LINENO = {
    "tex-two-columns": Sheet(
        "Two columns, every line, each column's numbers at its left.",
        "latex", two_columns(plan(NARROW)), side="columns",
    ),
    "tex-two-columns-switch": Sheet(
        "Two columns, every line, the left column's numbers at the left margin, the right one's at the right.",
        "latex", two_columns(plan(NARROW)), side="columns", preamble=OUTER,
    ),
    "tex-two-columns-fifth": Sheet(
        "Two columns, every fifth line, each column's numbers at its left.",
        "latex", two_columns(plan(NARROW)), side="columns", step=5,
    ),
    "tex-both-margins": Sheet(
        "Every line, the same number at the left and at the right margin.",
        "latex", pour([FRONT, *plan(n=15)], ROWS), side="both", preamble=BOTH,
    ),
    "tex-section-restart": Sheet(
        "Every line, counted anew from each heading of level 1.",
        "latex", pour([FRONT, *sectioned(plan(n=16))], ROWS), restart="section",
    ),
    "tex-from-250": Sheet(
        "Every line, the first is number 250.",
        "latex", pour([FRONT_NN, *valley()], ROWS), first=250,
    ),
    "tex-second": Sheet(
        "Every second line.", "latex", pour([FRONT, *plan(n=13)], ROWS), step=2,
    ),
    "tex-tenth": Sheet(
        "Every tenth line.", "latex", pour([FRONT, *plan(n=18)], ROWS), step=10,
    ),
    "tex-outer": Sheet(
        "Every line, numbers in the outer margin of a two-sided print.",
        "latex", pour([FRONT, *plan(n=18)], ROWS), side="outer", preamble=OUTER, two_sided=True,
    ),
    "tex-outer-fifth-page": Sheet(
        "Every fifth line, counted anew on each page, two-sided with the numbers outside.",
        "latex", pour([FRONT_NN, *valley(), *plan(n=5)], ROWS), side="outer", step=5, restart="page",
        preamble=r"\makeatletter\setpagewiselinenumbers\switchlinenumbers\realpagewiselinenumbers\makeatother",
        two_sided=True,
    ),
    "tex-double-spaced-fifth": Sheet(
        "Every fifth line of a double-spaced manuscript.",
        "latex", pour([FRONT_NN, *valley()], 19.0), step=5, leading=28.0,
    ),
    "tex-past-1000": Sheet(
        "Every line, from 980 past 999, where the numbers grow by a digit.",
        "latex", pour([FRONT, *plan(n=14)], ROWS), first=980,
    ),
}  # fmt: skip

RULERS = {
    "ruler-two-columns": Sheet(
        "Two columns with rulers of 50 numbers with three digits, at the left for the left column and at the right "
        "for the right one, continuing from page to page.",
        "latex", two_columns(plan(NARROW)), side="columns", leading=14.2,
        ruler=Ruler(50, 97.0, 13.55, digits=3, columns=2),
    ),
    "ruler-left": Sheet(
        "One column with a ruler of 54 numbers with three digits a page, its pitch smaller than the text's.",
        "latex", pour([FRONT, *plan()], ROWS), leading=14.6, ruler=Ruler(54, 92.0, 12.35, digits=3),
    ),
    "ruler-page": Sheet(
        "One column with a ruler from 1 to 48 on each page, the text's baselines between its numbers.",
        "latex", pour([FRONT_NN, *valley(), *plan(n=9)], ROWS), restart="page", leading=15.0,
        ruler=Ruler(48, 90.5, 14.1, first=1, restarts=True),
    ),
}  # fmt: skip

YEARS = [
    "2019 ble filialen på Strand stengt i fire måneder på grunn av lekkasjen. Boksamlingen sto i",
    "2020 fortsatt i container, og bokbussen tok over utlånet. Kommunestyret vedtok i mars",
    "2021 at taket skulle skiftes, men pengene ble brukt på skolen. Først da fylket bidro i",
    "2022 kom arbeidet i gang, og filialen åpnet igjen året etter.",
]
LAW = [
    "§ 4-1 Kommunen skal ha en plan for bibliotekene. Planen skal følge budsjettet og sendes",
    "på høring minst hvert fjerde år, slik det følger av",
    "§ 4-2 om medvirkning. Frister for svar regnes etter reglene i",
    "§ 4-3 og kan ikke være kortere enn seks uker.",
]
POINTS = [
    "utvidet åpningstid på Strand, med nøkkelkort for dem som har fylt seksten år og har hatt lånekort i minst tre måneder",
    "ny rute for bokbussen",
    "et månedsbrev i postkassa til alle, også til dem som ikke har lånt noe de siste årene",
    "reisepenger til frivillige",
    "sofaer og et rom der det går an å snakke sammen, etter ønske fra ungdomsrådet og elevrådene",
    "flere bøker på nynorsk",
    "bedre lys",
]
VISITS = [("", "Sted", "Besøk", "Lån"), ("1", "Nordvik", "412", "205"), ("2", "Strand", "188", "97"),
          ("3", "Lia", "154", "61"), ("4", "Bokbussen", "63", "140"), ("5", "Skolene", "240", "388")]  # fmt: skip


def marked(words: str, *markers: str) -> str:
    """The words with footnote markers after their first sentences."""
    sentences = words.split(". ")
    for index, marker in enumerate(markers):
        sentences[index] += f".^{marker}^" if index < len(sentences) - 1 else f"^{marker}^"
    return " ".join(s if s.endswith(("^", ".")) else s + "." for s in sentences)


def many_rows(n: int, first: int = 1) -> list[tuple[str, ...]]:
    """The rows of a long table whose first column counts."""
    places = ("Nordvik", "Strand", "Lia", "Sundet", "Myra", "Haugen", "Skarnes", "Bukta")
    return [(str(k), places[k % 8], str(17 * k % 90 + 10), str(29 * k % 400 + 100)) for k in range(first, first + n)]


def lists_and_notes() -> list[Block]:
    """Numbered lists, and footnotes at the foot of each page."""
    numbers = [f"{k}." for k in range(1, 10)]
    return [
        FRONT,
        heading("1 Tiltak"),
        text(marked(NB[0], "1", "2"), WIDE, note("1", NB[20], SMALL), note("2", "Jf. planen fra 2011.")),
        *points(numbers, POINTS, WIDE),
        text(marked(NB[1], "3"), WIDE, note("3", "Tellingen ble gjort i uke 38 og uke 40.")),
        heading("2 Oppfølging"),
        text(NB[2], WIDE),
        *points(numbers, POINTS[::-1], WIDE),
        text(marked(NB[3], "4", "5"), WIDE, note("4", NB[21], SMALL), note("5", "Muntlig opplysning.")),
        *[text(words, WIDE) for words in NB[4:9]],
        text(marked(NB[9], "6"), WIDE, note("6", "Tall fra depotet.")),
        text(NB[10], WIDE),
    ]


def with_tables() -> tuple[Page, ...]:
    """Tables whose first column counts, one of them as high as the page."""
    first = (
        FRONT, heading("1 Besøk"), text(NB[0], WIDE), text(NB[1], WIDE), caption("Tabell 1: Besøk og lån på en dag"),
        table(VISITS), text(NB[2], WIDE), text(NB[3], WIDE),
    )  # fmt: skip
    second = (
        caption("Tabell 2: Alle holdeplassene til bokbussen"),
        table([("Nr.", "Sted", "Besøk", "Lån"), *many_rows(42)], "booktabs"),
    )
    third = (heading("2 Vurdering"), *[text(words, WIDE) for words in NB[4:9]])
    return tuple(Page((blocks,), label=str(k)) for k, blocks in enumerate((first, second, third), start=1))


def with_front_matter() -> tuple[Page, ...]:
    """Preface and contents on pages with roman numerals, then the body from page 1."""
    entries = [("1 Innledning", "1"), ("1.1 Hva tellingen viser", "1"), ("2 Tilbudet i dag", "1"),
               ("2.1 Rom og bøker", "2"), ("3 Hva vi foreslår", "2")]  # fmt: skip
    preface = (FRONT, *unnumbered([heading("Forord"), *[text(words, WIDE) for words in NB[20:22]]]))
    listed = tuple(unnumbered([heading("Innhold"), *contents(*entries)]))
    body = pour(plan(n=16), ROWS)
    return (Page((preface,), label="i"), Page((listed,), label="ii"), *body)


def formulas() -> list[Block]:
    """Display formulas between paragraphs."""
    return [
        FRONT, heading("1 Beregning"), text(NB[2], WIDE),
        formula("B = 12a + 3b (1)", "B = 12a + 3b"),
        text("Her er B besøkene på en dag, a tallet på klasser og b tallet på avganger med bussen. " + NB[4], WIDE),
        formula("K = 412n − 95m + 1200 (2)", "K = 412n - 95m + 1200"),
        text("Av dette følger kostnaden K for n innbyggere og m lån. " + NB[16], WIDE),
        formula("S = K − B (3)", "S = K - B"),
        text(NB[17], WIDE), heading("2 Bakgrunn"), *[text(words, WIDE) for words in NB[5:16]],
    ]  # fmt: skip


def signs_and_years() -> list[Block]:
    """Years and signs of paragraphs of the law at the left edge of the lines."""
    years = Block("text", tuple(YEARS))
    law = Block("law", tuple(LAW))
    return [FRONT, heading("1 Hva loven sier"), text(NB[5], WIDE), law, text(NB[6], WIDE), years,
            heading("2 Veien videre"), law, text(NB[7], WIDE), years, *[text(words, WIDE) for words in NB[8:14]]]  # fmt: skip


LINENO |= {
    "tex-lists-and-footnotes": Sheet(
        "Every line, also in front of numbered lists; footnotes with their markers at the foot of the pages.",
        "latex", pour(lists_and_notes(), 38.0),
    ),
    "tex-lists-and-footnotes-fifth": Sheet(
        "Every fifth line, counted anew on each page; numbered lists and footnotes.",
        "latex", pour(lists_and_notes(), 38.0), step=5, restart="page", preamble=PAGEWISE,
    ),
    "tex-tables": Sheet(
        "Every line but those of tables, whose first column counts from 1; one table fills a page.",
        "latex", with_tables(),
    ),
    "tex-roman-contents": Sheet(
        "Preface and contents on pages i and ii without line numbers, then the body from line 1 on page 1.",
        "latex", with_front_matter(),
    ),
    "tex-signs-and-years": Sheet(
        "Every line; lines of the text begin with years and with signs of paragraphs of the law.",
        "latex", pour(signs_and_years(), ROWS),
    ),
    "tex-formulas": Sheet(
        "Every line, display formulas too.", "latex", pour(formulas(), ROWS),
        preamble=r"\linenumberdisplaymath",
    ),
}  # fmt: skip
