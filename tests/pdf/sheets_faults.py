"""Sheets that show tables and footnotes, and PDFs with one layout fault each, most of them made from a sheet's PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from sheets_numbered import FRONT, NB, NN, ROWS, SMALL, WIDE, marked, plan

from sheets import Block, Page, Sheet, caption, heading, note, pour, table, text

OFFICE_WIDE = 84

# Tables and footnotes -------------------------------------------------------------------------------------------------

RULED = [
    ("Sted", "Besøk", "Hva folk sier"),
    ("Nordvik", "412", "Fullt hver dag\nmellom to og fem"),
    ("Strand", "188", "Stenger for tidlig"),
    ("Lia og Myra", "154", "Høy musikk,\ndårlig lys og få\nstikkontakter"),
]
PRICED = [
    ("Løsning", "Pris", "Tid"),
    ("Flytte hyllene", "0,2", "3 måneder"),
    ("Bygge om samfunnshuset", "14,5", "2 år"),
    ("Nytt bygg", "61,0", "4 år"),
]
ALIGNED = [
    ("Mål", "Nå", "Om ti år"),
    ("Åpne timer i uka", "31", "60"),
    ("Bøker på nynorsk", "8 %", "25 %"),
    ("Ansatte", "7", "9"),
    ("Frivillige", "12", "30"),
]
STOPS = [
    ("Sted", "Dag", "Klokka"),
    *[(place, day, f"{hour}.{minute}") for place, day, hour, minute in (
        ("Nordvik skole", "mandag", 9, 10), ("Sundet", "mandag", 10, 30), ("Myra", "mandag", 12, 15),
        ("Haugen", "tirsdag", 9, 40), ("Skarnes", "tirsdag", 11, 20), ("Bukta", "tirsdag", 13, 25),
        ("Lia barnehage", "onsdag", 8, 50), ("Vikøy kai", "onsdag", 11, 15), ("Lauvsund", "onsdag", 13, 45),
        ("Storholmen", "torsdag", 10, 20), ("Nesset", "torsdag", 12, 40), ("Dalen", "fredag", 9, 30),
    )],
]  # fmt: skip


def three_tables(width: int, columns: tuple[float, ...] = ()) -> list[Block]:
    """A ruled table with cells of several lines, one with rules above and below, and one with none; captions."""
    return [
        FRONT, heading("1 Stedene"), text(NB[0], width), caption("Tabell 1: Besøk og hva folk sier"),
        table(RULED, widths=columns), text(NB[1], width), caption("Tabell 2: Tre løsninger, millioner kroner"),
        table(PRICED, "booktabs", widths=columns), text(NB[2], width), heading("2 Målene"), text(NB[3], width),
        caption("Tabell 3: Mål for de neste ti årene"), table(ALIGNED, "aligned", widths=columns), text(NB[4], width),
        text(NB[5], width), table(PRICED, widths=columns), caption("Tabell 4: Det samme som i tabell 2, teksten under"),
        text(NB[6], width),
    ]  # fmt: skip


def broken_table(width: int, here: int, n_before: int, columns: tuple[float, ...] = ()) -> tuple[Page, ...]:
    """A table that begins near the foot of a page and goes on on the next."""
    first = (
        FRONT, heading("1 Bokbussen"), *[text(words, width) for words in NB[:n_before]],
        caption("Tabell 1: Holdeplasser og tider"), table(STOPS, widths=columns, here=here),
    )  # fmt: skip
    second = tuple(text(words, width) for words in NB[n_before : n_before + 6])
    return (Page((first,), label="1", flows=True), Page((second,), label="2"))


def table_on_its_side() -> tuple[Page, ...]:
    """A page on its side with a broad table, among upright pages."""
    head = ("Holdeplass", "Dag", "Klokka", "Besøk", "Lån", "Barn", "Voksne", "Merknad")
    places = ("Nordvik", "Sundet", "Myra", "Haugen", "Skarnes", "Bukta", "Lia", "Vikøy", "Lauvsund", "Storholmen")
    days = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag")
    rows = [
        (place, days[k % 5], f"{9 + k % 4}.{10 + 5 * (k % 9)}", str(20 + 7 * k % 40), str(30 + 11 * k % 60),
         str(5 + 3 * k % 20), str(12 + 5 * k % 30), "ny" if k % 3 else "flyttet")
        for k, place in enumerate(places)
    ]  # fmt: skip
    first = (FRONT, *plan(OFFICE_WIDE, n=5))
    second = (caption("Tabell 1: Holdeplassene, tidene og bruken"), table([head, *rows], widths=(3.0,) * 8))
    third = (heading("2 Vurdering"), *[text(words, OFFICE_WIDE) for words in NB[5:10]])
    return (Page((first,), label="1"), Page((second,), label="2", wide=True), Page((third,), label="3"))


def footnotes(n_before: int, here: int) -> tuple[Page, ...]:
    """Numbers and asterisks as markers, three notes on a page, and a note that runs over to the next page."""
    long = " ".join(NB[index] for index in (16, 17, 20))
    first = (
        FRONT, heading("1 Innledning"),
        text(marked(NB[0], "1", "*"), WIDE, note("1", "Meieriet ble lagt ned i 1951.", SMALL),
             note("*", "Avtalen er ikke arkivert.", SMALL)),
        *[text(words, WIDE) for words in NB[1 : 1 + n_before]],
        text(NN[9], WIDE),
        text(NB[11] + "^2^", WIDE, note("2", long, SMALL, here)),
    )  # fmt: skip
    second = (
        text(marked(NB[12], "3"), WIDE, note("3", "Opplysning fra huseieren.", SMALL)),
        *[text(words, WIDE) for words in NB[13:15]],
        text(marked(NB[15], "*", "4"), WIDE, note("*", "Gjelder bare Strand.", SMALL), note("4", NB[21], SMALL)),
    )
    return (Page((first,), label="1", flows=True), Page((second,), label="2"))


def office_footnotes() -> tuple[Page, ...]:
    """Numbers and asterisks as markers, five notes on two pages."""
    first = (
        FRONT, heading("1 Innledning"),
        text(marked(NB[0], "1", "*"), OFFICE_WIDE, note("1", "Meieriet ble lagt ned i 1951.", SMALL),
             note("*", "Avtalen er ikke arkivert.", SMALL)),
        *[text(words, OFFICE_WIDE) for words in NB[1:6]],
    )  # fmt: skip
    second = (
        text(marked(NB[12], "2"), OFFICE_WIDE, note("2", NB[16], SMALL)),
        *[text(words, OFFICE_WIDE) for words in NB[13:15]],
        text(marked(NB[15], "*", "3"), OFFICE_WIDE, note("*", "Gjelder bare Strand.", SMALL), note("3", NB[21], SMALL)),
    )
    return (Page((first,), label="1"), Page((second,), label="2"))


TABLES = {
    "tex-table-styles": Sheet(
        "Every line but those of tables: one ruled with cells of several lines, one with rules above and below, one "
        "without rules; captions above, one below.",
        "latex", pour(three_tables(WIDE, (4.5, 2.5, 6.0)), 34.0),
    ),
    "lo-table-styles": Sheet(
        "The same tables by LibreOffice, every fifth line.",
        "libreoffice", pour(three_tables(OFFICE_WIDE, (4.5, 2.5, 6.0)), 34.0), step=5,
    ),
    "tex-table-over-page": Sheet(
        "A table that goes on on the next page.", "latex", broken_table(WIDE, 5, 9),
    ),
    "lo-table-over-page": Sheet(
        "A table that goes on on the next page, by LibreOffice.", "libreoffice", broken_table(OFFICE_WIDE, 7, 9),
    ),
    "lo-table-on-its-side": Sheet(
        "Every line; a page on its side with a broad table, among upright pages.",
        "libreoffice", table_on_its_side(),
    ),
    "lo-footnotes": Sheet(
        "Every fifth line, counted anew on each page; footnotes with numbers and asterisks, several on a page.",
        "libreoffice", office_footnotes(), step=5, restart="page",
    ),
    "tex-footnotes": Sheet(
        "Footnotes with numbers and asterisks, three on a page, one that runs over to the next page.",
        "latex", footnotes(7, 5),
    ),
}  # fmt: skip

# Faults of text --------------------------------------------------------------------------------------------------------

TOUGH = [
    "Det er de tøffe prioriteringene som mangler. Planen ramser opp tolv mål og flere tiltak, og filialene får skaffe "
    "pengene selv. Effekten er at de flinkeste treffer best, og at offentlige midler flyter dit de finnes fra før.",
    "Kaffen er gratis, men stoffet i sofaene er slitt. Flertallet finner fram uten hjelp. Affisjene i fjor fikk ingen "
    "til å flytte på seg, og konflikten om flybussen ble løst i fellesskap.",
    "Trafikken forbi filialen er et problem. Buffersonen er for smal, og gruppa foreslår å skifte skilt og flytte "
    "fotgjengerfeltet. Difor er fire figurer lagt ved, og effektene er regnet ut for hver av dem.",
]


def tough() -> list[Block]:
    """A text with many of the letter pairs that fonts join."""
    return [FRONT, heading("1 Tøffe valg"), *[text(words, WIDE) for words in (*TOUGH, *NB[7:12], *TOUGH)]]


SOFT = "\u00ad"
FLOWING = (
    f"Kommune{SOFT}styret vedtok at sam{SOFT}funns{SOFT}huset skal bygges om, og at høringsfristen for vel{SOFT}foreningene "
    f"og fri{SOFT}villig{SOFT}hets{SOFT}sentralen skal være lik. Bibliotek{SOFT}sjefen og økonomi{SOFT}avdelingen fikk i oppdrag "
    f"å gå gjennom drifts{SOFT}avtalene, og kultur{SOFT}utvalget ba om en fram{SOFT}drifts{SOFT}plan med "
    f"kostnads{SOFT}overslag før budsjett{SOFT}behandlingen."
)
FLOWING_ROWS = (
    "Kommunestyret vedtok at samfunnshuset skal bygges om, og at høringsfristen for vel-",
    "foreningene og frivillighetssentralen skal være lik. Biblioteksjefen og økonomiavdelingen fikk i",
    "oppdrag å gå gjennom driftsavtalene, og kulturutvalget ba om en framdriftsplan med kostnads-",
    "overslag før budsjettbehandlingen.",
)
HYPHENATED = (
    "Gruppa har lagt fram en plan for biblio-",
    "tekene. Den sier at høringsinstan-",
    "sene skal svare innen 15. november, at",
    "nord- og sørbygda skal ha hver sin kvelds-",
    "åpning, og at HMS-",
    "ansvaret ligger hos kommunen. Det ko-",
    "ster 14 000 kroner i året.",
)


def hyphens() -> list[Block]:
    """Words parted at line ends by hand and by soft hyphens, and spaces that do not break."""
    return [
        FRONT, heading("1 Deling av ord"), Block("text", HYPHENATED), Block("text", FLOWING_ROWS, flow=FLOWING),
        heading("2 Harde mellomrom"),
        Block("text", ("Fristen er 15.\u00a0november\u00a02026, og summen er 1\u00a0250\u00a0000\u00a0kroner.",
                       "Se §\u00a04-1 og s.\u00a012.")),
        *[text(words, OFFICE_WIDE) for words in NB[:6]],
    ]  # fmt: skip


TEXT_FAULTS = {
    "tex-ligatures": Sheet(
        "Every line; ff, fi, fl and ffi are one glyph each, which the PDF names and does not map to letters.",
        "latex", pour(tough(), ROWS), preamble=r"\pdfgentounicode=0 ",
    ),
    "tex-ligatures-mapped": Sheet(
        "Every line; ff, fi, fl and ffi are one glyph each, mapped to letters by the PDF.",
        "latex", pour(tough(), ROWS),
    ),
    "lo-hyphens": Sheet(
        "Every line; words parted at line ends, soft hyphens, and no-break spaces.",
        "libreoffice", pour(hyphens(), ROWS),
    ),
    "lo-tagged": Sheet(
        "Every line; a tagged PDF.", "libreoffice", pour([FRONT, *plan(OFFICE_WIDE, n=8)], 30.0),
        options={"UseTaggedPDF": {"type": "boolean", "value": "true"}},
    ),
    "lo-untagged": Sheet(
        "Every line; the same PDF without tags.", "libreoffice", pour([FRONT, *plan(OFFICE_WIDE, n=8)], 30.0),
        options={"UseTaggedPDF": {"type": "boolean", "value": "false"}},
    ),
}  # fmt: skip

# Faults of files -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mend:
    """A PDF made from another: what it shows, of which sheet, and how.

    `misread` is a pattern for the letters that it maps wrongly, and what it maps them to.
    """

    shows: str
    base: str
    change: Callable[[bytes], bytes]
    misread: tuple[str, str] = ("", "")

    def reads(self, text: str) -> str:
        """A text as the PDF has it."""
        return re.sub(*self.misread, text) if self.misread[0] else text


def _saved(document: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def break_letters(pdf: bytes) -> bytes:
    """Let the maps to Unicode say that the glyph of ff is a W."""
    document = pikepdf.open(BytesIO(pdf))
    for item in document.objects:
        if isinstance(item, pikepdf.Stream) and b"begincmap" in (data := item.read_bytes()):
            item.write(re.sub(rb"(<0B> )<00660066>", rb"\1<0057>", data))
    return _saved(document)


def rotate(pdf: bytes) -> bytes:
    """Store the pages turned, and have them turned back by /Rotate: 90 degrees, then 180, then 270."""
    document = pikepdf.open(BytesIO(pdf))
    for index, page in enumerate(document.pages):
        _turn(page, (90, 180, 270)[index % 3])
    return _saved(document)


def rotate_wide(pdf: bytes) -> bytes:
    """Store the pages that lie on their side upright, with /Rotate 90."""
    document = pikepdf.open(BytesIO(pdf))
    for page in document.pages:
        if page.mediabox[2] > page.mediabox[3]:
            _turn(page, 90)
    return _saved(document)


def _turn(page: pikepdf.Page, angle: int) -> None:
    _, _, width, height = (float(edge) for edge in page.mediabox)
    matrix, box = {
        90: ((0, 1, -1, 0, height, 0), (0, 0, height, width)),
        180: ((-1, 0, 0, -1, width, height), (0, 0, width, height)),
        270: ((0, -1, 1, 0, 0, width), (0, 0, height, width)),
    }[angle]
    page.mediabox = box
    page.rotate(angle, relative=False)
    page.contents_add(b"q %f %f %f %f %f %f cm\n" % matrix, prepend=True)
    page.contents_add(b"\nQ", prepend=False)


def crop(pdf: bytes) -> bytes:
    """Put the pages on larger sheets with printer's marks, and crop these to the pages."""
    document = pikepdf.open(BytesIO(pdf))
    for number, page in enumerate(document.pages, start=1):
        _, _, width, height = (float(edge) for edge in page.mediabox)
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        name = page.add_resource(font, pikepdf.Name.Font, pikepdf.Name.Marks)
        marks = f"q BT {name} 8 Tf 20 {height + 80:.0f} Td (plan-trykk.indd {number} 14.09.2026) Tj ET Q\n"
        page.contents_add(marks.encode() + b"q 1 0 0 1 50 70 cm\n", prepend=True)
        page.contents_add(b"\nQ", prepend=False)
        page.mediabox = (-30, -40, width + 120, height + 150)
        page.cropbox = (50, 70, width + 50, height + 70)
    return _saved(document)


def scale(pdf: bytes) -> bytes:
    """Put the scale in the matrices, as Quartz does: every font has size 1."""
    document = pikepdf.open(BytesIO(pdf))
    for page in document.pages:
        out: list[tuple[list[pikepdf.Object], pikepdf.Operator]] = []
        size, x, y = 1.0, 0.0, 0.0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name == "Tf":
                size = float(operands[1])
                out.append(([operands[0], 1], operator))
            elif name == "BT":
                x = y = 0.0
                out.append((list(operands), operator))
            elif name == "Td":
                x, y = x + float(operands[0]), y + float(operands[1])
                matrix = [round(value, 4) for value in (size / 2, 0, 0, size / 2, x / 2, y / 2)]
                out.append((matrix, pikepdf.Operator("Tm")))
            elif name == "ET" or name[0] != "T" or name in ("Tj", "TJ"):
                out.append((list(operands), operator))
            else:
                raise SystemExit(f"the content of the page has {name}")
        content = pikepdf.unparse_content_stream(out)
        # Half of the text's scale is in its own matrix, the other half in that of the page.
        content = re.sub(rb"\bBT\b", b"q 2 0 0 2 0 0 cm BT", content)
        content = re.sub(rb"\bET\b", b"ET Q", content)
        page.Contents = document.make_stream(content)
    return _saved(document)


def lock_changes(pdf: bytes) -> bytes:
    """Encrypt with a password for changes, and none for reading."""
    out = BytesIO()
    locked = pikepdf.Encryption(owner="eier", user="", R=4, aes=False, metadata=False)
    pikepdf.open(BytesIO(pdf)).save(out, encryption=locked, static_id=True)
    return out.getvalue()


def damage_xref(pdf: bytes) -> bytes:
    """Overwrite the places of objects in the cross-reference table."""
    start = pdf.rindex(b"\nxref") + 1
    end = pdf.rindex(b"trailer")
    return pdf[:start] + re.sub(rb"\d{10} ", b"0000000007 ", pdf[start:end]) + pdf[end:]


MENDS = {
    "fault-broken-letters": Mend(
        "The map to Unicode says that the glyph of ff is a W: «tøffe» reads «tøWe».",
        "tex-ligatures-mapped", break_letters, ("ff(?![il])", "W"),
    ),
    "fault-rotated": Mend("Pages stored turned by 90, 180 and 270 degrees.", "tex-two-columns", rotate),
    "fault-rotated-table": Mend(
        "A page stored upright and turned by 90 degrees, with a broad table, among upright pages.",
        "lo-table-on-its-side", rotate_wide,
    ),
    "fault-cropped": Mend("Pages cropped out of larger sheets with printer's marks.", "tex-second", crop),
    "fault-scaled": Mend("Every font has size 1; the scale is in the matrices.", "tex-outer", scale),
    "fault-empty-password": Mend("Encrypted, with no password for reading.", "lo-page", lock_changes),
    "fault-damaged-xref": Mend("The cross-reference table is overwritten.", "lo-two-columns-fifth", damage_xref),
}  # fmt: skip
