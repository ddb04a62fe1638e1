"""Comment forms: what a column is for, by the words of its header."""

import re
from collections.abc import Mapping, Sequence

# What a column of a comment form is for, by the words of its header.
COLUMN_WORDS: dict[str, re.Pattern[str]] = {
    "line": re.compile(
        r"\b(?:linje|linjer|linjenr|linjenummer|linjene|linja|line|lines|l\.nr)\b|\blinje\(", re.IGNORECASE
    ),
    "page": re.compile(r"\b(?:side|sidetall|sidetal|sidenr|sidenummer|sider|page|pages)\b", re.IGNORECASE),
    "section": re.compile(r"\b(?:kapittel|kap|avsnitt|punkt|pkt|del|section|chapter|delkapittel)\b", re.IGNORECASE),
    "place": re.compile(
        r"\b(?:sted|stad|henvisning|tilvising|referanse|hvor|kor|plassering|reference|where)\b", re.IGNORECASE
    ),
    "comment": re.compile(
        r"\b(?:kommentar|merknad|innspill|innspel|tilbakemelding|comment|synspunkt|vurdering|spørsmål|uttalelse"
        r"|uttale)(?:er|ar|en|et|ene|ane|a|s)?\b",
        re.IGNORECASE,
    ),
    "proposal": re.compile(
        r"\b(?:forslag|endring|endringsforslag|ny tekst|framlegg|proposal|proposed|suggested|suggestion)\b",
        re.IGNORECASE,
    ),
    "reason": re.compile(r"\b(?:begrunnelse|grunngiving|grunngjeving|justification|reason|rationale)\b", re.IGNORECASE),
}
# The cells of the header row, and those of a column of an unknown kind.
HEADER, OTHER = "header", "other"
# Decided in this order: «Forslag til endring i kapittel» is a proposal, «Kommentar til linje» a comment.
SAID_ORDER = ("proposal", "reason", "comment")
PLACE_ORDER = ("line", "page", "section")
# A column that numbers the rows; with a column for comments it is enough to make a header.
ROW_NUMBER = re.compile(r"^\W*(?:nr|id|no|løpenr|løpenummer)?\W*$", re.IGNORECASE)
# A header is short; below a header only a very short row is taken for another one.
MAX_HEADER, MAX_NEXT_HEADER = 100, 40


def header_columns(row: Sequence[str], *, below: Mapping[int, str] | None = None) -> dict[int, str]:
    """Column index -> purpose, when the row is the header of a comment form; else empty.

    Args:
        row: The texts of its cells.
        below: The columns of the header that the row stands under, if any.
    """
    longest = MAX_NEXT_HEADER if below else MAX_HEADER
    found: dict[int, str] = {}
    numbered = False
    for index, value in enumerate(row):
        text = " ".join(value.split())
        if text and len(text) <= longest and not text.isdecimal():
            numbered = numbered or bool(ROW_NUMBER.match(text))
            purpose = column_purpose(text)
            if purpose and (purpose not in found.values() or purpose in SAID_ORDER):
                found[index] = purpose
    says = {"comment", "proposal"} & set(found.values())
    return found if says and len(set(found.values())) + numbered >= 2 else {}


def column_purpose(heading: str) -> str:
    """What a column is for, by its heading; two places in one column are joined by «+», empty where nothing tells.

    >>> [column_purpose(heading) for heading in ("Linjenr.", "Side/linje", "Forslag til endring i kapittel", "Navn")]
    ['line', 'page+line', 'proposal', '']
    """
    for name in SAID_ORDER:
        if COLUMN_WORDS[name].search(heading):
            return name
    places = [(match.start(), name) for name in PLACE_ORDER if (match := COLUMN_WORDS[name].search(heading))]
    if places:
        return "+".join(name for _, name in sorted(places)[:2])
    return "place" if COLUMN_WORDS["place"].search(heading) else ""
