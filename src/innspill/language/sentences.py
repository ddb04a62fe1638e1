"""Where sentences end in Norwegian text, bokmål and nynorsk, and the little English that a Norwegian mailbox holds.

Rules, since what is doubtful is nearly always one of a few things that a reader can name: is the full stop that of an
abbreviation («jf.», «m.a.»), of an ordinal («1. januar»), of initials («A. B. Hansen»), of a list («1. Mer åpenhet»)?
Each mark is judged by the words on both sides of it. A heading without a mark is parted from what follows by a blank
line, or by a word that hardly ever is part of a name («Vi», «Dette», «Det er»). A sentence never ends inside a citation
(«s. 4», «linje 12. 14»). Time is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from innspill.derived import without_long_runs
from innspill.records import Span


def _listed(words: str) -> frozenset[str]:
    """The words of a list that is written with blanks between them."""
    return frozenset(words.split())


# Written with a full stop that does not end a sentence. Others of letters and short words with stops between them
# («st.meld.») need no place here, nor do single letters («s.»); those end one before a word such as «Dette».
ABBREVIATIONS = _listed(
    "jf jfr jmf jamfør cf kap pkt avs avd nr tlf mob ss pp ln lin linj flg evt ev eks dvs ca pga mht ift iht ifm ifht "
    "mao bla feks fom mtp vedr ang inkl ekskl hhv ref tab tabl prof dr meld prop innst kgl gjsn fork forts jan feb "
    "febr apr aug sep sept okt nov tir tirs tors kl div pr resp dir red univ adm ass str hr fr mr mrs ms sr jr st chr "
    "johs fhv tidl temp tils tilsv vs vha vol utg årg årh komm sst stk anm merkn spm vedl gnr bnr gbnr snr orgnr cand "
    "approx f.eks t.d bl.a m.a d.v.s p.g.a m.h.t i.f.t i.h.t i.f.m h.h.v m.o.t f.o.m t.o.m e.g i.e p.s n.b"
)
# These may well be the last word of a sentence: a capital letter after them begins a new one, a number does not.
MAY_END = _listed(
    "osv o.s.v osb o.s.b mv m.v m.m mm o.l o.a o.fl e.l etc mfl m.fl ff f mill mrd pst kr apr jun jul des mar man ons "
    "tor fre min maks sek etg d.å al fig art pers if no tom ad sp par alt avg el"
)
# A number after one of these is no ordinal: its full stop ends the sentence («… i linje 45. Vi mener»).
BEFORE_NUMBER = _listed(
    "linje linjene linjer linja lin. lin ln ln. l. side sidene sider s. kapittel kap. kap punkt pkt. pkt avsnitt nr. "
    "nr tlf. tlf tabell figur vedlegg og til - – § §§ line lines l page p. section kl. klokka klokken uke veke"
)
# «Side 4. Linje 12» is one citation.
PAGE_WORDS = _listed("side sida s. page p.")
LINE_WORDS = _listed("linje linja linjene linjer l. line lines")
# A letter after one of these is no initial («alternativ B. Ny vei»).
BEFORE_LETTER = _listed("alternativ alternativet bokstav bokstaven del gruppe klasse modell plan type vedlegg vitamin")
# An ordinal after one of these stays with its noun, however that is written («den 2. Verdenskrig»).
BEFORE_ORDINAL = _listed("den det de dei")
MONTHS = _listed("januar februar mars april mai juni juli august september oktober november desember")
# Words that begin sentences, and seldom names: after an initial they begin one.
STARTERS = _listed(
    "Det Den De Dei Dette Denne Disse Desse Han Hun Ho Vi Me Vår Vårt Våre Eg Jeg Du Dere Dykk I På Til Fra Frå For "
    "Med Ved Om Etter Under Men Og Så Når Da Då Der Her Hva Kva Hvem Kven Hvordan Korleis Hvorfor Kvifor Hvis Viss "
    "Dersom Som Slik Også Både Ingen Ikke Ikkje Alle Mange Noen Nokre Et En Ein Ei Eit Kan Skal Bør Må Er Har The "
    "This It We"
)
# Those that hardly ever are part of a name («Den norske kirke»): they begin a sentence also where the one before it,
# such as a heading, has no mark at its end.
SURE_STARTERS = STARTERS - _listed("Den Det De Dei Der I En Skal På Kven Hva Vår Vårt Frå Fra The This It We")
# A name may follow these, a new sentence hardly ever.
SELDOM_LAST = _listed(
    "i på til fra frå for med om av og eller men at som den det de dei en ei ein et eit ved under over mot mellom hos "
    "hjå jf"
)

# What closes after a mark: quotation marks, brackets, marks of footnotes.
_CLOSING = r"(?:[»”“\"'’)\]⁰¹²³⁴-⁹]|[ \u00a0]»(?=[\s,.;:)])|\[\d{1,3}\])*+(?P<note>\d{1,2})?"
_VERB = "er|var|blir|ble|blei|vart|vert|har|hadde|kan|må|bør|skal|vil"
_SURE_START = (
    rf"(?:{'|'.join(sorted(SURE_STARTERS))}|De(?:t|n|i|) (?:{_VERB})|[–-] (?:{'|'.join(sorted(STARTERS))}))\b(?!:)"
)
# A mark and white space, or a mark with none («enige.Men»), or no mark before a word that begins a sentence.
PLACE = re.compile(
    rf"(?<![.!?…:])(?P<mark>[.!?…:]++)"
    rf"(?:{_CLOSING}\s++|(?P<glued>(?<=[^\W\d_]{{3}}[.!?])(?=[A-ZÆØÅ][a-zæøå]*+[\s,])))"
    rf"|(?:(?<=[a-zæøå])\s++|(?<=\d)[ \t]*+\n\s*+)(?={_SURE_START})"
)
# What may stand before the first word of a sentence.
OPENING = re.compile(r"(?:[«»\"“”„‘’'(\[–—‒\-•·*▪◦‣…§#>]{1,8}[^\S\n]{0,4}){0,3}(?P<word>\w[\w-]{0,40}\.?)?")
OPENERS = "§«»\"“”„‘’'([–—-•·*…"
NUMBER = re.compile(r"\d+(?:[.,:/–-]\d+)*")
LIST_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*")
FOOTNOTED = re.compile(r"[a-zæøåé-]{4,}")
DOTTED = re.compile(r"[^\W\d_]{1,5}(?:\.(?!(?:com|docx?|dk|eu|net|no|org|pdf|se|xlsx?)$)[^\W\d_]{1,6})+")
# A blank line, or the beginning of a line that begins a point of a list.
BREAK = re.compile(r"\n[^\S\n]*(?:\n|(?=(?P<bullet>[•·▪◦‣*]|[–-]|\d{1,2}[.)]|[a-zæøå]\))[ \t]+[^\W_]))")
SURE_BULLETS = "•·▪◦‣*"
LIST_POINT = re.compile(r"\s*(?:[•·▪◦‣*–-]|\d{1,2}[.)]|[a-zæøå]\))\s")
# Words are looked for no farther than this from a mark.
REACH = 80
# A number among so few words before a colon makes them a label.
LABEL = 4


class _Place(NamedTuple):
    """A place at which a sentence may end.

    Attributes:
        mark: The mark or marks; «» where there is none.
        words: The words of the sentence before the mark, as far as `REACH`, the last one first.
        following: The first word after the mark, with its own full stop; «» where none follows.
        opened: Whether signs stand before `following` («, –).
        leads: Whether the last word before the mark is the first of its line, or of its sentence.
    """

    mark: str
    words: tuple[str, ...]
    following: str
    opened: bool
    leads: bool

    @property
    def word(self) -> str:
        """The word before the mark, without the signs that open it."""
        return self.words[0].lstrip(OPENERS)

    @property
    def before(self) -> str:
        """The word before `word`, in small letters, without the signs that open it unless it is nothing else."""
        word = self.words[1].lower() if len(self.words) > 1 else ""
        return word.lstrip(OPENERS) or word

    @property
    def begins_new(self) -> bool:
        """Whether a capital letter follows."""
        return self.following[:1].isupper()


def find_sentences(text: str) -> list[Span]:
    """Split at full stops, question and exclamation marks, colons and blank lines.

    Returns:
        The sentences without the white space around them, in order; together they hold all that is not white space.

    >>> text = "Jf. kap. 3.2 om bl.a. data. Vi støtter dette."
    >>> [span.of(text) for span in find_sentences(text)]
    ['Jf. kap. 3.2 om bl.a. data.', 'Vi støtter dette.']
    """
    readable = without_long_runs(text)
    spans = []
    start = 0
    for end in [*_boundaries(readable), len(text)]:
        if sentence := Span(start, end).stripped(text):
            spans.append(sentence)
        start = end
    return spans


def _boundaries(text: str) -> Iterator[int]:
    """Offsets at which a new sentence begins, rising."""
    start = 0
    for pause in BREAK.finditer(text):
        if pause["bullet"] and not _begins_point(text, start, pause):
            continue
        yield from _inside(text, start, pause.start())
        yield pause.end()
        start = pause.end()
    yield from _inside(text, start, len(text))


def _begins_point(text: str, start: int, pause: re.Match[str]) -> bool:
    """Whether a line with a bullet, dash or number begins a point that stands by itself.

    Whether the first point is parted from the words that lead on to it is for the colon to say; and prose may break
    before a dash or a number.
    """
    line = text[max(start, text.rfind("\n", start, pause.start()) + 1) : pause.start()].rstrip()
    if line.endswith(":"):
        return False
    return pause["bullet"] in SURE_BULLETS or line.endswith((".", ";", "!", "?")) or bool(LIST_POINT.match(line))


def _inside(text: str, start: int, end: int) -> Iterator[int]:
    """Offsets at which a new sentence begins inside a paragraph."""
    number = 0
    for match in PLACE.finditer(text, start, end):
        if match.end() >= end:
            return
        place = _place(text, start, end, match)
        if place.leads and place.word.isdecimal():
            number = int(place.word[:4])
        if _ends(place, match, number):
            start = match.end()
            yield start
        elif place.word.isdecimal() and int(place.word[:4]) == number + 1:
            number += 1


def _place(text: str, start: int, end: int, match: re.Match[str]) -> _Place:
    """What stands around a match of `PLACE`, in the sentence from `start` and the paragraph up to `end`.

    The time of it doesn't depend on the length of either.
    """
    mark = match.start()
    reach = max(start, mark - REACH)
    words = text[reach:mark].split()[::-1]
    if not words or text[mark - 1].isspace():
        words.insert(0, "")
    line = text[max(reach, text.rfind("\n", reach, mark) + 1) : mark - len(words[0])]
    leads = not line.strip(OPENERS + " \t") and (reach == start or "\n" in text[reach:mark])
    opening = OPENING.match(text, match.end(), end)
    following = (opening["word"] or "") if opening else ""
    opened = bool(following) and not text.startswith(following, match.end())
    after_colon = len(words) > 1 and words[1].endswith((":", ";"))
    return _Place(match["mark"] or "", tuple(words), following, opened, leads or after_colon)


def _ends(place: _Place, match: re.Match[str], number: int) -> bool:
    """Whether a sentence ends at a place; `number` is that of the last point of a list before it."""
    if match["note"] and (place.word in BEFORE_NUMBER or not FOOTNOTED.fullmatch(place.word)):
        return False
    if match["glued"] is not None and place.following not in STARTERS:
        return False
    if not place.mark:
        return _heading_ends(place, "\n" in match.group())
    if ":" in place.mark:
        return _colon_ends(place)
    if place.following[:1].islower() and not place.opened:
        return False
    return _stop_ends(place, number) if place.mark == "." else not place.words[0].endswith(("(", "["))


def _heading_ends(place: _Place, ends_line: bool) -> bool:
    """Whether words without a mark end before a word that begins a sentence: no name, and more than a number."""
    if ends_line:
        return place.word.lower() not in SELDOM_LAST and any(map(str.isalpha, "".join(place.words)))
    return place.word.islower() and place.word not in SELDOM_LAST


def _colon_ends(place: _Place) -> bool:
    """Whether what leads on to something is a sentence: no label («Forslag:»), no citation («Til linje 12:»)."""
    if place.mark != ":" or not place.begins_new or place.word[-1:].isdecimal():
        return False
    n_words = sum(1 for word in place.words if any(map(str.isalpha, word)))
    is_numbered = n_words <= LABEL and any(map(str.isdecimal, "".join(place.words)))
    opens_line = place.leads and place.word[:1].isupper()
    return n_words > 1 and not is_numbered and not opens_line


def _stop_ends(place: _Place, number: int) -> bool:
    """Whether a full stop ends a sentence, and not only a number, an initial or an abbreviation."""
    word = place.word.lower()
    if NUMBER.fullmatch(word):
        return _number_ends(place, number)
    if len(word) == 1 and place.word.isupper():
        return _initial_ends(place)
    if word in MAY_END:
        return place.begins_new
    if word in ABBREVIATIONS:
        return False
    if (len(word) == 1 and word.isalpha() and word not in "iå") or DOTTED.fullmatch(word):
        return _initial_ends(place)
    return True


def _number_ends(place: _Place, number: int) -> bool:
    """Whether a number is no ordinal: neither of a date, nor of a point of a list, nor before its noun."""
    if not place.begins_new or (place.before in PAGE_WORDS and place.following.lower() in LINE_WORDS):
        return False
    if place.before in BEFORE_NUMBER:
        return True
    if place.following.lower().rstrip(".") in MONTHS or (place.leads and LIST_NUMBER.fullmatch(place.word)):
        return False
    goes_on = place.word.isdecimal() and int(place.word[:4]) == number + 1 > 1
    return not (goes_on or (len(place.word) < 3 and place.before in BEFORE_ORDINAL))


def _initial_ends(place: _Place) -> bool:
    """Whether what looks like an initial or an abbreviation is the last word («alternativ B», «i Washington D.C.»)."""
    if not place.begins_new:
        return False
    return place.following in STARTERS or place.before in BEFORE_LETTER or place.before[-1:].isdecimal()
