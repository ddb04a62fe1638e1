"""Comment forms: what a column is for, by the words of its header and by what stands in it, and which rows go together.

Texts in, purposes out: the same here for a sheet, a table in Word, OpenDocument, HTML or PDF.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from innspill.records import Cell, Span

# What a column of a comment form is for, by the words of its header, in bokmål, nynorsk and English.
COLUMN_WORDS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    for name, words in {
        "line": r"linje(?:r|ne|nr|nummer|tal|tall|nummera|numrene)?|linja|lines?|line ?no|l\.? ?nr|lnr|ln",
        "page": r"sid(?:e|er|en|a|etal|etall|enr|enummer)|s\.|pages?|p\.|pg",
        "section": (
            r"kap(?:it(?:tel|ler|let|tlet|la|el)|ittelnr|ittelnummer)?|avsnitt(?:et|a|nr)?|punkt(?:et|nr)?|pkt|del"
            r"|delkap(?:ittel)?|underkapittel|underpunkt|paragraf(?:en)?|§+|sections?|chapters?|(?:sub)?clauses?|ch"
        ),
        "place": (
            r"sted|stad|\w{0,12}(?:henvisning|tilvising|tilvisning|referanse)|ref|hvor|kor|plassering|reference|where"
            r"|location|paragraph|tabell|figur|table|figure|vedlegg|annex|tema|emne|topic|tiltak(?:et|a|ene)?|gjeld(?:er)?"
            r"|(?:det|her|slik) står(?: det)?|(?:rapporten|utkastet|teksten) (?:sier|seier|skriver|skriv)"
            r"|(?:eksisterende|nåværende|noverande|eksisterande|opprinnelig|opphavleg|gjeldende|gjeldande|dagens) "
            r"(?:tekst|ordlyd|formulering)|sitat|(?:current|original|existing) text"
        ),
        "comment": (
            r"(?:kommentar|merknad|innspill|innspel|tilbakemelding|comment|synspunkt|vurdering|spørsmål|uttal|remark"
            r"|høringssvar|høyringssvar|observasjon|beskrivelse|beskriving|omtale|meining|mening)"
            r"(?:er|ar|en|et|ene|ane|a|s|else|elser|e|elsen|ga|gar|ger)?|fråsegn|feedback"
            r"|(?:hva|kva) (?:savner|saknar|mangler|manglar|mener|meiner) \w+"
            r"|(?:hva|kva) (?:vi|me|dere|de|du|jeg|eg) (?:savner|saknar|mener|meiner|synes|synest)"
        ),
        "proposal": (
            r"(?:endrings|tekst)?(?:forslag|framlegg)(?:et|a|ene)?|endring(?:er|ar|en|a)?"
            r"|ny (?:tekst|ordlyd|formulering)|alternativ tekst|proposals?|proposed|suggested|suggestions?"
            r"|(?:hva|kva) (?:vi|me|dere|de|du|jeg|eg) (?:foreslår|føreslår|vil ha|ønsker|ønskjer)"
            r"|recommend(?:ed|ation)"
        ),
        "reason": (
            r"(?:begrunn|grunngiv|grunngjev)(?:else|elsen|ing|inga)?|justification|reasons?|rationale"
            r"|hvorfor|kvifor|årsak"
        ),
    }.items()
}
# The cells of the header row, and those of a column of an unknown kind.
HEADER, OTHER = "header", "other"
SAID_ORDER = ("proposal", "reason", "comment")
PLACE_ORDER = ("line", "page", "section")
PLACES = frozenset({"line", "page", "section", "place"})
# What tells of the row or its writer. «Type kommentar» is no comment, «Høringsinstans» no chapter.
ABOUT_ROW: dict[str, re.Pattern[str]] = {
    name: re.compile(words, re.IGNORECASE)
    for name, words in {
        "number": r"^\W*(?:nr|id|no|num|løpenr|løpenummer|rad|radnr|item|(?:kommentar|merknad)s?-?(?:nr|id))\W*$|^#$",
        "category": (
            r"\b(?:type|kategori|category|prioritet|priority|alvorlighet\w*|alvorsgrad|viktighet"
            r"|(?:kommentar|merknad)s?type)\b"
        ),
        "name": (
            r"^\W*(?:(?:ditt |deres |dykkar |avsenders? |kontaktpersons? )?(?:for-? og etter)?(?:navn|namn|name)"
            r"|kontaktperson|avsender|avsendar|innsender|innsendar|reviewer|commenter)\b(?! på| of)"
        ),
        "organisation": (
            r"\b(?:virksomhet|verksemd|organisasjon|organisation|organization|etat|(?:høring|høyring)s?instans|instans"
            r"|institusjon|institution|foretak|føretak|bedrift|arbeidsgiver|arbeidsgivar|arbeidsplass|company|mb/nc)"
            r"(?:en|et|a|s|ens|ets)?\b(?!.*(?:kommentar|merknad|innspill|innspel|svar))"
        ),
        # What those who asked fill in later.
        "answer": (
            r"\b(?:departementets|direktoratets|sekretariatets|redaksjonens|forfatternes|arbeidsgruppens"
            r"|(?:departementet|direktoratet) sitt?|vårt? svar|oppfølging|status|beslutning|avgjerd|avgjørelse"
            r"|håndtering|handsaming|resolution|disposition|observations? of|secretariat)\b"
        ),
    }.items()
}
# «Spørsmål | Svar»: here the question is what the row hangs under, and the answer what is said.
REPLY = re.compile(
    r"^\W*(?:(?:ditt|deres|dykkar|vårt?|your|our) )?(?:svar|svaret|answers?|response)"
    r"(?: (?:ditt|deres|dykkar|vårt|her|(?:fra|frå|from) .{1,60}))?\W*$",
    re.IGNORECASE,
)
# «Hvilket kapittel gjelder innspillet?»: asks for a place, whatever else it names.
ASKS_PLACE = re.compile(
    r"^\W*(?:(?:hv|kv)\w+ .{0,40})?(?:(?:kommentaren|merknaden|innspillet|innspelet|forslaget|framlegget) )?"
    r"gjeld(?:er)?\b",
    re.IGNORECASE,
)
PARAGRAPH = re.compile(r"\W*avsnitt(?:et|a)?\W*(?:nr\W*)?$", re.IGNORECASE)
QUESTION = re.compile(r"\b(?:spørsmål|question)(?:et|a|s)?\b", re.IGNORECASE)
# «Til linje», «Linje til»; «Fra linje», «Linje frå».
UPPER_BOUND = re.compile(
    r"^\W*(?:til(?: og med)?|t\.?o\.?m\.?|to|slutt|end|siste?)\b|\b(?:til|t\.?o\.?m|to|slutt|end)\W*$", re.IGNORECASE
)
LOWER_BOUND = re.compile(
    r"^\W*(?:fra(?: og med)?|frå(?: og med)?|f\.?o\.?m\.?|from|start|første?)\b|\b(?:fra|frå|f\.?o\.?m|from|start)\W*$",
    re.IGNORECASE,
)
# Lines in a row with the same marks between their pieces.
TABLE_IN_TEXT = re.compile(
    r"(?:^[^\t\n]*+\t[^\n]*+(?:\n|\Z)){2,}|(?:^[^|\n]*+\|[^|\n]*+\|[^\n]*+(?:\n|\Z)){2,}", re.MULTILINE
)
# A header is short; below a header only a very short row is taken for another one.
MAX_HEADER, MAX_NEXT_HEADER, MAX_LABEL = 100, 40, 60
MAX_HEADING_WORDS = 2
MAX_COLUMNS = 250  # of a table in plain text
# A cell in which nothing is said of the report. «Enig» and «Nei» may answer what the header asks, and are kept.
NOTHING_SAID = re.compile(
    r"\W*(?:ok|okay|okei|n/?a|ikke aktuelt|ikkje aktuelt|ingenting|ingen|inga|ingi|x|none|no comments?|nothing"
    r"|(?:vi har |eg har |jeg har |me har )?(?:ingen|inga|ikke noen|ikkje nokon)(?: \w+)? ?"
    r"(?:kommentar|merknad|innspill|innspel|forslag|framlegg|endring|tilbakemelding)\w*"
    r"(?: (?:til|på|for|her|ut over|utover|å)\b[^.]{0,60})?)?\W*",
    re.IGNORECASE,
)
# What stands in columns for places: «12», «12–14», «12, 15 og 20», «45,0»; «3.2»; «side 4», «kap. 3».
NUMBERS = re.compile(r"\d{1,5}(?:[.,]0)?(?:\s*(?:[-–—,;/+&]|og|til|-til-)\s*\d{1,5})*\s*(?:ff?|flg)?\.?", re.IGNORECASE)
RANGE = re.compile(r"\d{1,5}\s*(?:[-–—]|til)\s*\d{1,5}")
CHAPTER = re.compile(r"(?:§\s*)?\d{1,2}(?:[.,]\d{1,2}){1,3}\.?(?:\s*[-–—]\s*\d{1,2}(?:\.\d{1,2}){0,3})?")
NAMED_PLACE = re.compile(
    r"(?:linjer?|l\.|line|sider?|s\.|page|p\.|kap(?:ittel|itla|\.)?|chapter|avsnitt|punkt|pkt\.?|section|§|tabell|figur"
    r"|vedlegg)\W{0,3}\d[\w\s.,:;/–—-]{0,40}",
    re.IGNORECASE,
)
# The share of a column's filled cells that must look alike, rows that are looked at, and how many words a comment has
# where no header says that it is one.
ALIKE, LOOKED_AT, WORDS_OF_COMMENT = 0.7, 300, 4


@dataclass(frozen=True, slots=True)
class FormRow:
    """What the cells of one row of a table are for, by their place in the row; no purposes where it is in no form.

    Rows of one `group` are one comment: a form may have a label and an answer on each row.
    """

    purposes: Mapping[int, str]
    group: int
    is_header: bool = False


def lay_out_form(rows: Sequence[Sequence[str]]) -> list[FormRow]:
    """What each cell of a table is for; an empty list where the table is no comment form.

    Args:
        rows: The texts of the cells, each at the place of its column. A cell that is merged over several columns stands
            in the first.
    """
    labelled = _by_labels(rows)
    if labelled:
        return labelled
    laid_out = _by_headers(rows)
    return laid_out or _by_content(rows)


def form_in_text(text: str) -> tuple[Cell, ...]:
    """The cells of comment forms in plain text, a row a line, parted by tabs or bars: tables pasted from a sheet.

    >>> [cell.column for cell in form_in_text("Linje\\tKommentar\\n12\\tUklart hva som menes")]
    ['header', 'header', 'line', 'comment']
    """
    cells: list[Cell] = []
    for table in TABLE_IN_TEXT.finditer(text):
        rows = [_pieces_of(text, line) for line in _lines_of(text, Span(*table.span()))]
        laid_out = lay_out_form([[span.of(text) for span in row] for row in rows])
        n_rows = cells[-1].row if cells else 0
        for row, form_row in zip(rows, laid_out, strict=False):
            cells += [
                Cell(form_row.purposes[index], n_rows + form_row.group + 1, span)
                for index, span in enumerate(row)
                if index in form_row.purposes and len(span)
            ]
    return tuple(cells)


def _lines_of(text: str, table: Span) -> list[Span]:
    return [Span(*line.span()) for line in re.compile(r"[^\n]+").finditer(text, table.start, table.end)]


def _pieces_of(text: str, line: Span) -> list[Span]:
    """The cells of a line that tabs or bars part, without the blanks around them."""
    words = line.of(text)
    mark = "\t" if "\t" in words else "|"
    pieces, position = [], line.start
    for piece in words.split(mark, MAX_COLUMNS)[:MAX_COLUMNS]:
        pieces.append(Span(position, position + len(piece)).stripped(text))
        position += len(piece) + 1
    return pieces[1:-1] if mark == "|" and words.strip().startswith("|") else pieces


def header_columns(row: Sequence[str], *, below: Mapping[int, str] | None = None) -> dict[int, str]:
    """Column index -> purpose, when the row is the header of a comment form; else empty.

    Args:
        row: The texts of its cells.
        below: The columns of the header that the row stands under, if any.
    """
    if below and any(_is_said(value, below.get(index, "")) for index, value in enumerate(row)):
        return {}  # «Suggestion | … | Add a paragraph to the introduction» is a row, not the header of others
    if row and row[0].rstrip().endswith(":") and any(map(_is_sentence, row[1:])):
        return {}  # «Kommentar: | Forslaget er bra.» is a label and what is said
    found = _purposes(row, is_below=bool(below))
    says = {"comment", "proposal"} & set(found.values())
    return found if says and len(set(found.values())) >= 2 else {}


def _is_sentence(value: str) -> bool:
    return len(value.split(None, 2)) > 2 and value.rstrip()[-1:] in (".", "!", "?")


def _is_said(value: str, purpose: str) -> bool:
    """Whether a cell under a header is a sentence, or words in a column for comments that head no such column."""
    if _is_sentence(value):
        return True
    words = value.split(None, MAX_HEADING_WORDS + 1)
    return (
        purpose in SAID_ORDER
        and len(words) > MAX_HEADING_WORDS
        and column_purpose(value[:MAX_HEADER]) not in SAID_ORDER
    )


def column_purpose(heading: str) -> str:
    """What a column is for, by its heading; places in one column are joined by «+», empty where nothing tells.

    >>> headings = ("Linjenr. (fra–til)", "Side/linje", "Forslag til endring i kapittel", "Type kommentar", "Alder")
    >>> [column_purpose(heading) for heading in headings]
    ['line', 'page+line', 'proposal', 'category', '']
    """
    for name, pattern in ABOUT_ROW.items():
        if pattern.search(heading):
            return name
    said = [(match.start(), name) for name in SAID_ORDER if (match := COLUMN_WORDS[name].search(heading))]
    if said and not ASKS_PLACE.search(
        heading
    ):  # «Begrunnelse for endringen» is a reason, «Kommentar til linje» a comment
        return min(said)[1]
    found = {name: match for name in PLACE_ORDER if (match := COLUMN_WORDS[name].search(heading))}
    if "page" in found and "section" in found and found["section"].group().lower().startswith("avsnitt"):
        del found["section"]  # of «Side/avsnitt» a paragraph on a page
    if found:
        return "+".join(sorted(found, key=lambda name: found[name].start()))
    return "place" if COLUMN_WORDS["place"].search(heading) else ""


def says_nothing(text: str) -> bool:
    """Whether a cell's text only tells that there is nothing to say.

    >>> [says_nothing(text) for text in ("OK", "–", "Ingen merknader til kapittelet", "Ingen kommer til å bruke dette")]
    [True, True, True, False]
    """
    return len(text) <= MAX_HEADER and bool(NOTHING_SAID.fullmatch(text))


def is_place(purpose: str) -> bool:
    """Whether a column tells what place of the report the row is about."""
    return purpose.partition("+")[0] in PLACES


def with_bounds_joined(values: list[str], header: Sequence[str], columns: Mapping[int, str]) -> list[str]:
    """A row's values with «45» under «Fra linje» and «47» under «Til linje» as «45–47» in the first of the two."""
    result = list(values)
    for first, last in pairwise(sorted(columns)):
        if columns[first] != columns[last] or not is_place(columns[first]) or last >= min(len(header), len(values)):
            continue
        lowest, highest = header[first].replace("_", " "), header[last].replace("_", " ")
        if UPPER_BOUND.search(highest) and (LOWER_BOUND.search(lowest) or not UPPER_BOUND.search(lowest)):
            lower, upper = result[first].strip(), result[last].strip()
            if upper:
                result[first] = f"{lower}–{upper}" if lower and lower != upper else upper
                result[last] = ""
    return result


# Headers -------------------------------------------------------------------------------------------------------------


def _purposes(row: Sequence[str], *, is_below: bool) -> dict[int, str]:
    """What the columns under a row would be for, were it a header."""
    longest = MAX_NEXT_HEADER if is_below else MAX_HEADER
    found: dict[int, str] = {}
    texts = [" ".join(value.replace("_", " ").split()) for value in row]
    replied = any(map(REPLY.match, texts))
    for index, text in enumerate(texts):
        if not text or len(text) > longest or text.isdecimal() or (is_below and re.search(r"\d", text)):
            continue
        purpose = column_purpose(text)
        if replied and REPLY.match(text):
            purpose = "comment"
        elif replied and purpose == "comment" and QUESTION.search(text):
            purpose = "place"
        if is_place(purpose) and NAMED_PLACE.match(text):
            continue  # «Linje 12 er feil» is said, and heads nothing
        repeats = purpose in SAID_ORDER or purpose == "place" or UPPER_BOUND.search(text)
        if purpose and (purpose not in found.values() or repeats):
            found[index] = purpose
    return found


def _by_headers(rows: Sequence[Sequence[str]]) -> list[FormRow]:
    """The rows of a table under header rows: a header may come anywhere, again, and in two rows."""
    laid_out: list[FormRow] = []
    columns: dict[int, str] = {}
    headers: list[tuple[str, ...]] = []
    for number, row in enumerate(rows):
        if not columns and number > LOOKED_AT:
            return []
        key = tuple(" ".join(value.split()) for value in row)
        header = header_columns(row, below=columns)
        if not header and columns and key in headers:
            header = header_columns(row)
        if not header and not columns:
            header = _header_in_two_rows(rows, number)
        if header:
            columns = _with_places_by_content(header, rows, number)
            headers.append(key)
        elif laid_out and laid_out[-1].is_header and (lower := _lower_header(row, columns)):
            columns = lower
            header = lower
        if header:
            laid_out.append(FormRow(dict.fromkeys(range(len(row)), HEADER), number, is_header=True))
        else:
            laid_out.append(FormRow(_row_purposes(row, columns), number))
    return laid_out if columns else []


def _header_in_two_rows(rows: Sequence[Sequence[str]], number: int) -> dict[int, str]:
    """The columns of a header whose words are spread over this row and the next one."""
    above, below = rows[number], rows[number + 1] if number + 1 < len(rows) else ()
    width = max(len(above), len(below))
    if not any(value.strip() for value in above) or any(len(value) > MAX_NEXT_HEADER for value in below):
        return {}
    if any(re.search(r"\d", value) for value in below) or header_columns(below):
        return {}
    both = [" ".join(row[index] if index < len(row) else "" for row in (above, below)) for index in range(width)]
    return header_columns(both)


def _lower_header(row: Sequence[str], columns: Mapping[int, str]) -> dict[int, str]:
    """The columns with those that a second header row tells: «Side | Linje» below a «Sted» that is merged over both."""
    texts = {index: " ".join(value.split()) for index, value in enumerate(row) if value.strip()}
    if not texts or any(len(text) > MAX_NEXT_HEADER or re.search(r"\d", text) for text in texts.values()):
        return {}
    purposes = {index: column_purpose(text) for index, text in texts.items()}
    if not all(purposes.values()) or (len(texts) < 2 and not all(map(is_place, purposes.values()))):
        return {}
    return {**columns, **purposes}


def _row_purposes(row: Sequence[str], columns: Mapping[int, str]) -> dict[int, str]:
    """The purposes of a row's cells, a comment that says nothing being none."""
    return {
        index: OTHER
        if columns.get(index) in SAID_ORDER and value and says_nothing(value)
        else columns.get(index, OTHER)
        for index, value in enumerate(row)
        if columns
    }


# Content -------------------------------------------------------------------------------------------------------------


def _with_places_by_content(header: dict[int, str], rows: Sequence[Sequence[str]], number: int) -> dict[int, str]:
    """The columns of a header; where it names no place, the column with nothing but places is taken for one."""
    below = rows[number + 1 : number + 1 + LOOKED_AT]
    if any(map(is_place, header.values())):
        # «Side | Avsnitt» counts the paragraphs of a page, unless chapters stand there.
        return {
            index: purpose
            for index, purpose in header.items()
            if purpose != "section"
            or "page" not in header.values()
            or not PARAGRAPH.match(rows[number][index] if index < len(rows[number]) else "")
            or _kind_of_column(below, index) == "section"
        }
    width = max(map(len, below), default=0)
    places = {index: kind for index in range(width) if index not in header and (kind := _kind_of_column(below, index))}
    return {**header, **_distinct(places, below)}


def _by_content(rows: Sequence[Sequence[str]]) -> list[FormRow]:
    """The rows of a table that has no header, or one with words that tell nothing: places beside the longest texts."""
    filled = [row for row in rows[:LOOKED_AT] if sum(bool(value.strip()) for value in row) >= 2]
    width = max(map(len, filled), default=0)
    if len(filled) < 2 or not 2 <= width <= 30:
        return []
    named = _purposes(filled[0], is_below=True)
    body = filled if re.search(r"\d", "".join(filled[0])) and not named else filled[1:]
    places = {index: purpose for index, purpose in named.items() if is_place(purpose)}
    if not places:
        places = {index: kind for index in range(width) if (kind := _kind_of_column(body, index))}
        if not _are_places(places, body):
            return []
    texts = {index: _length(body, index) for index in range(width) if index not in places}
    headed_so = next((index for index, purpose in named.items() if purpose in ("comment", "proposal")), None)
    longest = max(texts, key=lambda index: texts[index], default=None) if headed_so is None else headed_so
    if longest is None or (headed_so is None and texts[longest] < WORDS_OF_COMMENT):
        return []
    columns = {**_distinct(places, body), longest: "comment"}
    headed = bool(named) or _is_other_than_below(filled, places)
    first = next(number for number, row in enumerate(rows) if row is filled[0])
    result = [FormRow({}, number) for number in range(first)]
    for number, row in enumerate(rows[first:], start=first):
        if headed and number == first:
            result.append(FormRow(dict.fromkeys(range(len(row)), HEADER), number, is_header=True))
        else:
            result.append(FormRow(_row_purposes(row, columns), number))
    return result


def _are_places(kinds: Mapping[int, str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether columns are surely of places, not of amounts: they hold chapters, ranges, or words that say so."""
    values = [row[index].strip() for index in kinds for row in rows if index < len(row) and row[index].strip()]
    telling = [value for value in values if RANGE.search(value) or CHAPTER.fullmatch(value) or NAMED_PLACE.match(value)]
    return len(telling) >= max(1, 0.15 * len(values))


def _is_other_than_below(rows: Sequence[Sequence[str]], places: Mapping[int, str]) -> bool:
    """Whether the first row is a header by its look: it has words without a number where the others have places."""
    firsts = [rows[0][index].strip() for index in places if index < len(rows[0])]
    return bool(firsts) and all(not re.search(r"\d", value) for value in firsts) and any(firsts)


def _length(rows: Sequence[Sequence[str]], index: int) -> float:
    """The words in the middle one of a column's filled cells."""
    counts = [len(row[index].split()) for row in rows if index < len(row) and row[index].strip()]
    return median(counts) if counts and 2 * len(counts) >= len(rows) else 0.0


def _kind_of_column(rows: Sequence[Sequence[str]], index: int) -> str:
    """What places a column holds, by its values; empty where it holds other things, or numbers its rows."""
    values = [" ".join(row[index].split()) for row in rows if index < len(row) and row[index].strip()]
    if len(values) < 2 or _numbers_rows(values):
        return ""

    def share(pattern: re.Pattern[str]) -> float:
        return sum(bool(pattern.fullmatch(value)) for value in values) / len(values)

    if share(NAMED_PLACE) >= ALIKE:
        return "place"
    chapters, numbers = share(CHAPTER), share(NUMBERS)
    if chapters >= ALIKE / 2 and chapters + numbers >= ALIKE:
        return "section"
    return "line" if numbers >= ALIKE else ""


def _numbers_rows(values: Sequence[str]) -> bool:
    """Whether the values count 1, 2, 3."""
    bare = [value.rstrip(".)") for value in values]
    return bare == [str(number) for number in range(1, len(values) + 1)]


def _distinct(places: Mapping[int, str], rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Of two columns of numbers the one with the smaller numbers, and no ranges among them, is of pages."""
    lines = [index for index, kind in places.items() if kind == "line"]
    if len(lines) != 2:
        return {index: kind for index, kind in places.items() if kind != "line" or index in lines[:1]}

    def highest(index: int) -> int:
        numbers = [int(n) for row in rows if index < len(row) for n in re.findall(r"\d{1,5}", row[index])]
        return max(numbers, default=0)

    page = min(lines, key=lambda index: (highest(index), index))
    return {index: "page" if index == page else kind for index, kind in places.items()}


# Labels --------------------------------------------------------------------------------------------------------------


def _by_labels(rows: Sequence[Sequence[str]]) -> list[FormRow]:
    """The rows of a form with a label on the left and what is said on the right, a block of such rows a comment."""
    labels = [_label(row) for row in rows]
    filled = [label for label, row in zip(labels, rows, strict=True) if any(value.strip() for value in row)]
    named = [label for label in filled if label]
    kinds = set(named)
    answers = [row for label, row in zip(labels, rows, strict=True) if label and any(v.strip() for v in row[1:])]
    if not kinds & {"comment", "proposal"} or len(kinds) < 2 or 2 * len(named) < len(filled) or not answers:
        return []
    if 2 * sum(_is_header_like(row) for row in answers) >= len(answers):
        return []
    result: list[FormRow] = []
    group, seen = 0, set[str]()
    for number, (row, label) in enumerate(zip(rows, labels, strict=True)):
        if not label:
            result.append(FormRow({}, number))
            continue
        if not seen or label in seen or (is_place(label) and seen & set(SAID_ORDER)):
            group, seen = number, set()
        seen.add(label)
        answer = _row_purposes(row, dict.fromkeys(range(1, len(row)), label))
        result.append(FormRow({**answer, 0: HEADER}, group))
    return result


def _label(row: Sequence[str]) -> str:
    """What a row with a label in its first cell is for; empty where it has none, or more than two filled cells."""
    text = " ".join(row[0].split()) if row else ""
    if not text or len(text) > MAX_LABEL or sum(bool(value.strip()) for value in row) > 2:
        return ""
    purpose = column_purpose(text)
    if purpose == "number" or (re.search(r"\d", text) and purpose not in SAID_ORDER):
        return ""
    return purpose


def _is_header_like(row: Sequence[str]) -> bool:
    return any(
        len(value) <= MAX_NEXT_HEADER
        and column_purpose(value)
        and not NAMED_PLACE.match(value)
        and not _is_sentence(value)
        for value in row[1:]
        if value.strip()
    )
