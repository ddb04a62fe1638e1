# ruff: noqa: E501 (patterns are data: one a line)
"""Where a text names a person: by lists of names, by what stands around them, and by whom the mail is from.

The lists (`data/given_names.txt`, `data/surnames.txt`) know what is common; signatures, form fields, headers and words
such as «min sønn» or «overlege» tell of the rest. A trained recogniser has one place: `NameFinder`, the argument
`recogniser` of `find_names`.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

from innspill.privacy.personal_data import EMAIL, Finding, without_overlap
from innspill.reading.segments import disjoint
from innspill.records import Span

DATA = Path(__file__).parents[1] / "data"
MAX_TOKENS = 5
_I = re.IGNORECASE


class NameFinder(Protocol):
    """Finds names of persons in a text by other means, such as a trained model for named entities."""

    def __call__(self, text: str) -> Sequence[Span]:
        """The spans of names in `text`."""
        ...


@dataclass(frozen=True, slots=True)
class NameContext:
    """What else is known of a text: whom its mail names elsewhere, which segments are what, what is no person.

    `known` are names of persons as written; `organisations` stay as they are; `signatures` and `greetings` are spans of
    the text.
    """

    known: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    signatures: tuple[Span, ...] = ()
    greetings: tuple[Span, ...] = ()


# Words ---------------------------------------------------------------------------------------------------------------

PARTICLES = frozenset([
    "von", "van", "de", "der", "den", "da", "di", "du", "la", "le", "el", "al", "af", "av", "zu", "ten", "ter",
    "dos", "das", "bin", "ibn", "ben", "abu", "y",
])  # fmt: skip
# Ends of Norwegian family names; enough for a name behind a given name that no list holds.
SURNAME_END = re.compile(
    r"(?:sen|ssen|son|sson|dal|dahl|stad|berg|vik|haug|rud|nes|land|moen|lie|bakk|bakke|bakken|heim|seth|set|gård|gaard|lund"
    r"|strand|bø|eng|rød|vold|voll|mo|hus|by|sæter|sæther|øy|ås|sund|fjell|fjord|tveit|rust|stuen|åsen|eide|hagen|hol|løkken"
    r"|li|bråt|bråten|bråthen|ski|ska|vić|ić|ova|ov|ev|oğlu|zadeh|pour|yan|dze)$"
)
# «SA» and «AS» are firms, «sa» and «as» are words.
ORGANISATION = re.compile(
    r"^(?:AS|ASA|HF|RHF|IKS|KF|SA|DA|ANS|BA|SF|NAV|NHO|KS|LO|UiO|UiB|UiT|NTNU|OUS|FHI|WHO|EU|Ltd|Inc|GmbH|AB)$"
    r"|^(?i:lag|laget|verk|verket|råd|stab|fond|bank|herad|bydel|fylke|labs?|group|company|klubb|styret|norge|noreg|norway|kontoret"
    r"|systems?|solutions|pharma|medical|consulting|helse|kirke|kyrkje|skole|skule|senter|sentrum|gruppen|gruppa|museum|forlag)$"
    r"|(?i:kommun(?:e|en|es|ar)?|fylkeskommun\w{0,2}|sykehus(?:et)?|sjukehus(?:et)?|hospital|sykehjem(?:met)?|sjukeheim(?:en)?|foretak(?:et)?"
    r"|føretak(?:et)?|legekontor(?:et)?|legesenter(?:et)?|lækjarkontor|legevakt|klinikk(?:en)?|klinisk|skolen?|skul[ea]|universitet(?:et)?"
    r"|høgskol[ea]n?|høgskul[ea]n?|høyskol[ea]n?|university|college|institutt(?:et)?|institute|center|centre|stiftels(?:e|en)|stiftinga?"
    r"|forening(?:en|a)?|foreininga?|forbund(?:et)?|nettverk(?:et)?|rådet|direktorat(?:et)?|departement(?:et)?|tilsyn(?:et)?|etat(?:en)?|ombudet|ombodet"
    r"|utvalget|utvalet|komit[eé]en|nemnda|avdeling(?:en|a)?|seksjon(?:en)?|menighet|barnehage|laboratoriet|apotek|bibliotek(?:et)?|museet"
    r"|regjeringen|regjeringa|stortinget|technologies|therapeutics)$"
)
# Behind a name these make it the name of something else. «Kari Nordmanns vei» is a street, «Alzheimers sykdom» an illness.
NOT_A_PERSON_AFTER = re.compile(
    r"[ \u00a0-](?:Mayen\b|(?:barne|universitets)?sykehus|sjukehus|hospital|vei|veg|gate|gt\.|plass|terrasse|torg|allé|bru|kirke|kyrkje|syndrom"
    r"|sykdom|sjukdom|test|skala|indeks|kurve|metode|teorem|lov\b|prosjekt|utvalg|utval|dagene|prisen|stipend|legat|minnefond|stiftelse|hus\b"
    r"|bokhandel|barnehage|skole|skule|forlag)",
    _I,
)
NOT_A_PERSON_BEFORE = re.compile(
    r"(?:\bSt\.|\bSankt|\bprosjekt(?:et)?|\bsystemet|\bmodellen|\bverktøyet|\bplattformen|\bstiftelsen|\bstiftinga|\borkanen|\bstormen"
    r"|\bekstremværet|\bskipet|\bM/S|\bassistenten|\broboten|\bKong|\bDronning|\bPrins|\bPrinsesse|\bKronprins|\bKronprinsesse)\s$",
    _I,
)
ROLE = re.compile(
    r"^(?:manager|director|officer|advisor|adviser|professor|senior|junior|head|chief|team|ceo|cto|cfo|co-founder|founder|growth|regulatory"
    r"|affairs|leder|leiar|rådgiver|rådgjevar|seniorrådgiver|seniorrådgjevar|direktør|sjef|konsulent|postmottak|kundeservice|sekretariat"
    r"|sekretariatet|dokumentsenter|dokumentsenteret|sentralbord|resepsjon|support|info|post|kontakt|noreply|no-reply|administrasjon"
    r"|administrasjonen|lege|overlege|sykepleier|sjukepleiar|forsker|forskar|stipendiat|hilsen|helsing|mvh|vennlig|venleg|beste|med|sendt|sent|fra"
    r"|frå|på|til|tlf|telefon|mobil|adresse|besøk|org|dokumentet|hei|kjære|takk|unntatt|oslo|bergen|trondheim|stavanger|tromsø|norge|noreg"
    r"|data|digital|health|research|quality|innovation|medicine|science|department|faculty|unit|section|office|avd|fagsjef|koordinator"
    r"|linje|side|kapittel|tabell|figur|vedlegg|punkt|forfatter|forfattar|author|user|bruker|brukar|ukjent|microsoft|admin|administrator"
    r"|anonym|anonymous|scanner|skanner|pc|word)$",
    _I,
)
# Names that stand in the names of illnesses and measures.
EPONYMS = frozenset([
    "parkinson", "crohn", "alzheimer", "down", "tourette", "asperger", "huntington", "bechterew", "hodgkin",
    "sjögren", "sjøgren", "graves", "cushing", "addison", "marfan", "rett", "angelman", "ehlers", "danlos",
    "guillain", "barré", "ménière", "meniere", "raynaud", "turner", "klinefelter", "prader", "willi", "dupuytren",
    "creutzfeldt", "jakob", "kaplan", "meier", "cox", "bayes", "apgar", "glasgow", "likert", "gauss", "cohen",
    "fisher", "nobel", "turing", "markov", "monte", "poisson", "pearson", "spearman", "kendall", "bonferroni",
    "hashimoto", "basedow", "behçet", "kawasaki", "lewy", "duchenne", "becker", "charcot", "marie", "tooth",
    "wilson", "fabry", "gaucher", "pompe", "bell", "barrett", "paget", "lyme", "zika", "ebola", "noonan",
    "williams", "reye", "still", "wegener", "boolean", "jaccard", "ward", "hawthorne", "dunning", "delphi",
    "salmonella", "epstein",
])  # fmt: skip
# What follows a name in running text but not a word that happens to be written like one.
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_])|-(?=[^\W\d_]))*(?:(?<=\b\w)\.)?")
# What only persons do: «Anna fortalte», «sa Helland», «ifølge Helland».
_SAYS = r"(?:mener|meiner|mente|meinte|sier|seier|sa|fortalte|fortalde|forteller|fortel|skriver|skriv|skrev|skreiv|hevder|hevdar|svarer|svarar|svarte|svara|påpeker|påpeikar)"
PERSONAL_VERB = re.compile(
    rf"[ \u00a0](?:{_SAYS}|spurte|spurde|ringte|ringde|opplever|opplevde|bor|bur|jobber|jobbar|fikk|fekk|døde|døydde)\b"
)
SAID_BY = re.compile(rf"\b(?:{_SAYS}|ifølge|ifølgje|i følge)[ ](?:også |òg )?$")
# «Gro» under a forwarded mail, whose header names Gro Moe.
_LINE_START, _LINE_END = re.compile(r"(?:^|\n)[ \t>]{0,12}$"), re.compile(r"[.,!]?[ \t]*(?:\n|$)")
# «since June», which is a name in Norway.
_ENGLISH_MONTHS = frozenset({"June", "April", "May", "August"})
_IN_MONTH = re.compile(r"\b(?:in|since|by|until|till|from|of|before|after|during|late|early|mid|last|next|\d)[ -]$", _I)
_SWEDISH = str.maketrans("öÖäÄ", "øØæÆ")
_SPACE = re.compile(r"[ \u00a0]{1,2}|[ \u00a0]?\n(?![ \t]*\n)[ \t]?")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|\n\s*|[-–•*>|]\s*|[«\"“(]\s?)$")


@cache
def given_names() -> dict[str, str]:
    """Given name -> flag: empty, ``?`` (also a common word) or ``!`` (also a place or a thing)."""
    lines = (DATA / "given_names.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return {name: flag for name, _, flag in pairs}


@cache
def surnames() -> frozenset[str]:
    """Family names."""
    lines = (DATA / "surnames.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=100_000)
def folded(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared: small, without accents, å as a, ø as o, hyphens as spaces.

    >>> folded("Anne-Grete Aasgård")
    ('anne', 'grete', 'asgard')
    """
    text = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o").replace("æ", "a").replace("đ", "d"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = text.replace("aa", "a").replace("oe", "o").replace("ae", "a")
    return tuple(word for word in re.findall(r"[^\W\d_]+", text) if word not in PARTICLES)


def is_person(display_name: str, address: str = "") -> bool:
    """Whether the name beside an e-mail address is a person's, not an office's or an organisation's.

    >>> is_person("Kari Lunde"), is_person("Postmottak Heia kommune"), is_person("Xolani Mbeki")
    (True, False, True)
    """
    words = display_name.split()
    tokens = _tokens(display_name)
    if not tokens or len(words) > MAX_TOKENS + 2:
        return False
    if any(given_names().get(_titled(token.text)) == "" for token in tokens[:2]):
        return not ORGANISATION.search(tokens[-1].text)
    local, _, domain = address.rpartition("@")
    squeezed = "".join(folded(display_name))
    if squeezed and squeezed in "".join(folded(re.sub(r"[-_.]", " ", domain))):
        return False
    if any(ORGANISATION.search(token.text) or ROLE.match(token.text) for token in tokens):
        return False
    if len(tokens) == 1 and given_names().get(_titled(tokens[0].text)) == "?":
        return True
    own = set(folded(re.sub(r"[\d._-]", " ", local)))
    return len(tokens) > 1 or tokens[0].text in surnames() or bool(own & set(folded(display_name)))


# Tokens --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_initial(self) -> bool:
        return len(self.text.rstrip(".")) == 1 and self.text[0].isupper()


def _tokens(text: str) -> list[_Token]:
    return [_Token(match.group(), *match.span()) for match in _TOKEN.finditer(text)]


def _titled(word: str) -> str:
    """«KARI» and «ANNE-GRETE» as they are written otherwise; other words as they are."""
    return "-".join(part.capitalize() for part in word.split("-")) if len(word) > 2 and word.isupper() else word


class _Words:
    """What the lists and the mail itself say of single words."""

    def __init__(self, context: NameContext) -> None:
        self._given = {folded(name)[0] for name in context.known if folded(name)}
        self._family = {word for name in context.known for word in folded(name)[1:]}

    def bare(self, word: str) -> str:
        """The word without the -s of the genitive, where only then it is a name."""
        word = _titled(word)
        if word.endswith("s") and len(word) > 3 and not self._is_name(word) and self._is_name(word[:-1]):
            return word[:-1]
        return word

    def _is_name(self, word: str) -> bool:
        return self.given(word) is not None or word in surnames() or self.is_known(word)

    def given(self, word: str) -> str | None:
        """The flag of a given name; None for what is none. «Pål-Anders» is one by its parts, «Göran» as «Gøran»."""
        names = given_names()
        word = word if word in names else word.translate(_SWEDISH)
        if word in names:
            return names[word]
        first, dash, rest = word.partition("-")
        if dash and first in names and rest[:1].isupper() and (rest in names or names[first] != "!"):
            return "" if rest in names or rest in surnames() else None
        return None

    def is_surname(self, word: str) -> bool:
        word = word if word in surnames() else word.translate(_SWEDISH)
        first, dash, rest = word.partition("-")
        return word in surnames() or bool(dash and rest[:1].isupper() and (first in surnames() or rest in surnames()))

    def is_known(self, word: str) -> bool:
        """Whether the mail names somebody by this word elsewhere."""
        parts = folded(word)
        return bool(parts) and all(part in self._given or part in self._family for part in parts)

    def is_known_given(self, word: str) -> bool:
        parts = folded(word)
        return bool(parts) and parts[0] in self._given and all(p in self._given | self._family for p in parts)

    def is_nothing(self, word: str) -> bool:
        """Whether a word cannot stand in a person's name."""
        return bool(ORGANISATION.search(word) or ROLE.match(word)) or word.removesuffix("s").casefold() in EPONYMS


# Finding -------------------------------------------------------------------------------------------------------------


def find_names(text: str, context: NameContext | None = None, *, recogniser: NameFinder | None = None) -> list[Span]:
    """Where `text` names persons, in order and without overlap; the -s of a genitive is not part of a name.

    Args:
        text: Any text of a mail.
        context: What is known of the mail it stands in.
        recogniser: Another finder, whose names are taken too.
    """
    context = context or NameContext()
    words = _Words(context)
    protected = disjoint(_organisations_in(text, context.organisations))
    ends = [span.end for span in protected]
    found = [
        *_in_signatures(text, context, words),
        *_in_phrases(text, words),
        *_beside_addresses(text),
        *_in_running_text(text, words),
        *_as_known(text, context.known),
        *(_recognised(text, recogniser(text)) if recogniser is not None else ()),
    ]
    free = [span for span in found if not _overlaps_next(span, protected, bisect_right(ends, span.start))]
    return [finding.span for finding in without_overlap(Finding("name", span) for span in free if len(span))]


def _recognised(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Those of a recogniser's names that can be a person's by their form and by what stands around them."""
    for span in spans:
        words = span.of(text).split()
        told_apart = NOT_A_PERSON_AFTER.match(text, span.end) or NOT_A_PERSON_BEFORE.search(
            text[max(0, span.start - 40) : span.start]
        )
        illness = len(words) == 1 and words[0].removesuffix("s").casefold() in EPONYMS
        if words and not told_apart and not illness and all(map(_may_be_in_a_name, words)):
            yield span


def _may_be_in_a_name(word: str) -> bool:
    """«Kari», «K.», «von» and «kari» may be, but not «A», «2026», «AS» or «which»."""
    if word in PARTICLES:
        return True
    if not _TOKEN.fullmatch(word) or ORGANISATION.search(word) or ROLE.match(word):
        return False
    return (word[0].isupper() and len(word) > 1) or word.capitalize() in given_names()


def _overlaps_next(span: Span, others: Sequence[Span], place: int) -> bool:
    return place < len(others) and span.overlaps(others[place])


def _as_known(text: str, known: Sequence[str]) -> Iterator[Span]:
    """Whole names of those whom the mail names, small letters or capitals alike."""
    for name in known:
        if len(name.split()) > 1:
            pattern = r"\s".join(re.escape(word) for word in name.split())
            yield from (Span(*match.span()) for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, _I))


def _organisations_in(text: str, organisations: Collection[str]) -> list[Span]:
    patterns = [re.escape(name) for name in organisations if len(name) >= 3]
    return [Span(*match.span()) for pattern in patterns for match in re.finditer(rf"\b{pattern}\b", text, _I)]


def _in_running_text(text: str, words: _Words) -> Iterator[Span]:
    """Names that the lists or the mail itself know, wherever they stand."""
    tokens = _tokens(text)
    index = 0
    while index < len(tokens):
        end = (_match_at if tokens[index].is_capital else _small_name)(text, tokens, index, words)
        if end > index:
            yield _span_of(tokens[index:end], words)
            index = end
        else:
            index += 1


def _match_at(text: str, tokens: Sequence[_Token], index: int, words: _Words) -> int:
    """The index behind the name that begins with a token; the token's own where none does."""
    token = tokens[index]
    word = words.bare(token.text)
    given = words.given(word)
    if NOT_A_PERSON_BEFORE.search(text[max(0, token.start - 24) : token.start]):
        return index
    if token.is_initial:
        end = _behind_initials(text, tokens, index, words)
    elif given is not None or words.is_known_given(word):
        end = _behind_given(text, tokens, index, words)
    elif words.is_surname(word):
        end = _behind_surname(text, tokens, index, words)
    else:
        end = _behind_unlisted(text, tokens, index, words)
    return end if end > index and not _is_something_else(text, tokens, index, end) else index


def _small_name(text: str, tokens: Sequence[_Token], index: int, words: _Words) -> int:
    """«kari lunde», as on a telephone: a given name that is no other word, and a family name."""
    given = tokens[index].text.capitalize()
    if given_names().get(given) != "" or index + 1 == len(tokens) or not _adjacent(text, *tokens[index : index + 2]):
        return index
    follows = tokens[index + 1].text
    return index + 2 if follows.islower() and words.bare(follows.capitalize()) in surnames() else index


def _is_something_else(text: str, tokens: Sequence[_Token], index: int, end: int) -> bool:
    """Whether what follows makes it the name of a place, a body or an illness."""
    last = tokens[end - 1]
    if NOT_A_PERSON_AFTER.match(text, last.end):
        return True
    follows = tokens[end] if end < len(tokens) and _adjacent(text, last, tokens[end]) else None
    is_body = follows is not None and "\n" not in text[last.end : follows.start] and ORGANISATION.search(follows.text)
    return bool(is_body) and (end - index == 1 or not follows or follows.text.isupper() or follows.text[0].islower())


def _adjacent(text: str, first: _Token, second: _Token) -> bool:
    return _SPACE.fullmatch(text, first.end, second.start) is not None


def _behind_given(text: str, tokens: Sequence[_Token], index: int, words: _Words) -> int:
    """A given name and what belongs to it; one alone only where nothing speaks against it."""
    end = index + 1
    has_surname = False
    certain = False
    while end < len(tokens) and end - index < MAX_TOKENS and _adjacent(text, tokens[end - 1], tokens[end]):
        token = tokens[end]
        if "\n" in text[tokens[end - 1].end : token.start] and not _goes_on(words, token):
            break
        word = words.bare(token.text)
        if token.text.casefold() in PARTICLES and end + 1 < len(tokens) and tokens[end + 1].is_capital:
            end += 2
            has_surname = certain = True
        elif not token.is_capital or words.is_nothing(word):
            break
        elif words.given(word) is not None or words.is_surname(word) or words.is_known(word) or token.is_initial:
            has_surname = has_surname or words.is_surname(word)
            certain = certain or not token.is_initial
            end += 1
        elif _may_be_surname(tokens[index], token) and (not has_surname or _is_last_of_name(text, tokens, end)):
            certain = certain or bool(SURNAME_END.search(word)) or not _is_ambiguous(tokens[index], words)
            has_surname = True
            end += 1
        else:
            break
        if word != _titled(token.text):  # a genitive ends the name
            break
    if end - index > 1 and (
        certain or not _is_ambiguous(tokens[index], words) or _is_inside(text, tokens[index], words)
    ):
        return end
    return index + 1 if _stands_alone(text, tokens, index, words) else index


def _is_last_of_name(text: str, tokens: Sequence[_Token], place: int) -> bool:
    """Whether a word behind a whole name is one more family name («Janne Haaland Berdal»), not a body beside it."""
    token = tokens[place]
    follows = tokens[place + 1] if place + 1 < len(tokens) else None
    is_body = (
        follows is not None
        and _adjacent(text, token, follows)
        and (follows.is_capital or ORGANISATION.search(follows.text))
    )
    return SURNAME_END.search(token.text) is not None and not is_body


def _is_inside(text: str, token: _Token, words: _Words) -> bool:
    """Whether a word that is common in small letters stands inside a sentence, where only a name has a capital."""
    flag = words.given(words.bare(token.text))
    return flag == "?" and _SENTENCE_START.search(text[max(0, token.start - 12) : token.start]) is None


def _goes_on(words: _Words, token: _Token) -> bool:
    """Whether a name that is wrapped over two lines goes on with this word."""
    return words.is_surname(words.bare(token.text)) and words.given(token.text) is None


def _may_be_surname(first: _Token, token: _Token) -> bool:
    """Whether a word that no list knows can be the family name behind a given name."""
    same_case = token.text.isupper() == first.text.isupper() or token.text.istitle()
    return len(token.text) > 2 and same_case and (not token.text.isupper() or first.text.isupper())


def _is_ambiguous(token: _Token, words: _Words) -> bool:
    return (words.given(words.bare(token.text)) or "") != ""


def _stands_alone(text: str, tokens: Sequence[_Token], index: int, words: _Words) -> bool:
    """Whether a single given name is a person: «Dag for dag», «Mai 2026» and «Siri sier» are not."""
    token = tokens[index]
    word = words.bare(token.text)
    flag = words.given(word)
    known = words.is_known_given(word)
    if (flag is None and not known) or (token.text.isupper() and not known) or words.is_nothing(word):
        return False
    if flag == "!" and not known:
        return False
    if known and _LINE_END.match(text, token.end) and _LINE_START.search(text[max(0, token.start - 14) : token.start]):
        return True
    if word in _ENGLISH_MONTHS and _IN_MONTH.search(text[max(0, token.start - 12) : token.start]) and not known:
        return False
    behind = text[token.end : token.end + 24]
    if re.match(r"[ \u00a0]?[\d/]|[-–][^\W\d_]", behind):
        return False
    if not flag:
        return True
    if _joined_to_name(text, tokens, index, words):
        return True
    if re.match(r"\s(?:for|på|etter|mot|og|i|over|til)\s", behind) and not known:
        return False
    if re.match(rf"\s\w+\s{re.escape(word)}\b", behind, _I):
        return False
    at_start = _SENTENCE_START.search(text[max(0, token.start - 12) : token.start]) is not None
    return not at_start or PERSONAL_VERB.match(text, token.end) is not None


def _joined_to_name(text: str, tokens: Sequence[_Token], index: int, words: _Words) -> bool:
    """«Bjørn og Liv Moen»: before «og» and a whole name, a given name is one."""
    if index + 3 >= len(tokens) or tokens[index + 1].text not in ("og", "and"):
        return False
    return words.given(tokens[index + 2].text) is not None and _behind_given(text, tokens, index + 2, words) > index + 3


def _behind_initials(text: str, tokens: Sequence[_Token], index: int, words: _Words) -> int:
    """«K. Lunde», «J.R. Hansen»: initials count with a family name behind them."""
    end = index
    while end < len(tokens) and tokens[end].is_initial and tokens[end].text.endswith(".") and end - index < 3:
        end += 1
    if end == index or end >= len(tokens) or not re.fullmatch(r"\s?", text[tokens[end - 1].end : tokens[end].start]):
        return index
    word = words.bare(tokens[end].text)
    return end + 1 if tokens[end].is_capital and (words.is_surname(word) or words.is_known(word)) else index


def _behind_surname(text: str, tokens: Sequence[_Token], index: int, words: _Words) -> int:
    """«Nordmann, Kari», «Nguyen Thi Lan», «Hansen Kari»; alone only the family name of somebody the mail names."""
    token = tokens[index]
    follows = tokens[index + 1] if index + 1 < len(tokens) else None
    if follows is not None and follows.is_capital and words.given(words.bare(follows.text)) is not None:
        between = text[token.end : follows.start]
        end = _behind_given(text, tokens, index + 1, words)
        is_list = end > index + 2 and words.is_surname(words.bare(tokens[end - 1].text))
        if between == ", " and not is_list and not _SENTENCE_LIST.search(text[max(0, token.start - 40) : token.start]):
            return max(end, index + 2)
        if between == " " and words.given(words.bare(follows.text)) == "" and token.text.istitle():
            return max(end, index + 2)
    if follows is not None and follows.is_capital and index + 2 < len(tokens) and _adjacent(text, token, follows):
        third = tokens[index + 2]
        if token.text in _SURNAME_FIRST and _adjacent(text, follows, third) and third.is_capital:
            return index + 3
    return _alone_as_known(text, tokens, index, words)


_SURNAME_FIRST = frozenset([
    "Nguyen", "Tran", "Pham", "Le", "Huynh", "Vo", "Vu", "Phan", "Truong", "Bui", "Dang", "Do", "Ngo", "Duong",
    "Ly", "Wang", "Zhang", "Chen", "Liu", "Li",
])  # fmt: skip
# «… Ola Hansen, Kari Lunde»: a list of whole names, not one name turned round.
_SENTENCE_LIST = re.compile(r"[^\W\d_]\s$")


def _alone_as_known(text: str, tokens: Sequence[_Token], index: int, words: _Words) -> int:
    """The family name alone: of somebody whom the mail names, in -sen, or of one who says something; behind «i» a place."""
    token = tokens[index]
    word = words.bare(token.text)
    before = text[max(0, token.start - 12) : token.start]
    is_place = re.search(r"\b(?:i|på|ved|rundt|nær|mot|innen)\s$", before) and not word.endswith("sen")
    said = SAID_BY.search(text[max(0, token.start - 24) : token.start]) or PERSONAL_VERB.match(text, token.end)
    listed = word in surnames() and not token.text.isupper()
    is_somebody = words.is_known(word) or (listed and (word.endswith(("sen", "sson")) or said is not None))
    return index + 1 if is_somebody and not words.is_nothing(word) and not is_place else index


def _behind_unlisted(text: str, tokens: Sequence[_Token], index: int, words: _Words) -> int:
    """«Xolani Hansen» inside a sentence: a word that no list knows before a family name that is nothing else."""
    token = tokens[index]
    known = _alone_as_known(text, tokens, index, words)
    if known > index or index + 1 >= len(tokens):
        end = known
        while (
            end > index
            and end < len(tokens)
            and _adjacent(text, tokens[end - 1], tokens[end])
            and words.is_known(tokens[end].text)
        ):
            end += 1
        return end
    follows = tokens[index + 1]
    at_start = _SENTENCE_START.search(text[max(0, token.start - 12) : token.start]) is not None
    sure = words.bare(follows.text) in surnames() and words.bare(follows.text).endswith(("sen", "ssen", "son"))
    fits = token.text.istitle() and follows.is_capital and text[token.end : follows.start] == " "
    return index + 2 if fits and sure and not at_start and not words.is_nothing(token.text) else index


def _span_of(tokens: Sequence[_Token], words: _Words) -> Span:
    """The span of a name, without the -s of the genitive and the stop of a last initial."""
    last = tokens[-1]
    bare = words.bare(last.text)
    return Span(tokens[0].start, last.start + min(len(bare), len(last.text)))


# Phrases that name somebody ------------------------------------------------------------------------------------------

_CAPITAL = r"(?:(?![\d_])[^\Wa-zæøåäöáéíóúüčđŋšŧžàèêëïôćłńśźżğışç])"
_NAME = rf"{_CAPITAL}[^\W\d_]*(?:['’-][^\W\d_]+)*\.?"
_NAMES = rf"{_NAME}(?:[ \u00a0](?:(?:von|van|de|der|den|bin|al|el|la)[ ])?{_NAME}){{0,3}}"
_OWN = r"(?:min|mi|mitt|vår|vårt|hans|hennes|hennar|deres|dykkar|sin|si)"
_KIN = (
    r"(?:sønn|son|datter|dotter|mor|far|mamma|pappa|mann|kone|ektefelle|ektemann|bror|søster|syster|baby|nevø|niese|tante|onkel|bestemor"
    r"|bestefar|besteforelder|mormor|morfar|farmor|farfar|samboer|sambuar|kjæreste|venn|venninne|nabo|kollega|pasient|bruker|brukar|tvilling"
    r"|gutt|gut|jente|barn|barnebarn|stesønn|stedatter|svigermor|svigerfar|svoger|svigerinne|lege|fastlege|leder|leiar|sjef|elev)"
)
_KIN_DEFINITE = (
    r"(?:sønnen|sonen|datteren|dattera|dottera|faren|moren|mora|mannen|kona|kvinnen|kvinna|broren|søsteren|systera|naboen|kollegaen"
    r"|pasienten|brukeren|brukaren|beboeren|bebuaren|eleven|jenta|jenten|gutten|guten|samboeren|sambuaren|ektemannen|kjæresten|venninnen"
    r"|venninna|fastlegen|legen|sykepleieren|sjukepleiaren|psykologen|saksbehandleren|sakshandsamaren|bestemoren|bestemora|bestefaren|tvillingene"
    r"|barnebarnet|kontaktpersonen|ektefellen|vennen)"
)
KIN = re.compile(
    rf"\b(?i:{_OWN}[ ](?:\w+[ ])?{_KIN}|{_KIN}(?:en|a|et|n)?[ ]{_OWN}|{_KIN_DEFINITE}(?:[ ]{_OWN})?)[ ]?,?(?:[ ](?i:som heter|som heiter|heter|heiter|ved navn|på \d+ år,?))?"
    rf"[ ](?P<it>{_NAMES})"
)
TITLE = re.compile(
    rf"\b(?P<strong>(?i:dr|doktor|herr|hr|fru|frk|frøken|mr|mrs|ms|miss|prof|professor|overlege)\.?)[ ](?P<it>{_NAMES})"
)
WEAK_TITLE = re.compile(
    r"\b(?i:\w{0,20}(?:lege|lækjar|pleier|pleiar|psykolog|jordmor|rådgiver|rådgjevar|direktør|ordfører|ordførar|rektor|advokat|prest"
    r"|amanuensis|forsker|forskar|stipendiat|leder|leiar|sjef|konsulent|koordinator|behandler|sakshandsamar|kontaktperson|veileder|rettleiar"
    rf"|terapeut|lektor|lærer|lærar|ingeniør|sekretær|representant|medlem|styreleder|v/|ved/?|att\.?:?|attn\.?:?))[ ](?P<it>{_NAMES})"
)
SAYS_NAME = re.compile(
    rf"\b(?i:jeg heter|eg heiter|mitt navn er|navnet mitt er|namnet mitt er|my name is|mi namn er)[ ](?P<it>{_NAMES})"
)
CLOSING = re.compile(
    r"^[ \t>]{0,12}(?i:(?:med[ ])?(?:vennlig|venleg|beste|varme|kjærlig|kjær|mange|god|gode)?[ ]?(?:hilsen|helsing|hilsener|helsingar|hilsning|hälsning(?:ar)?)"
    r"|mvh|vh|m\.v\.h|(?:kind|best|warm)? ?regards|with (?:kind|best) \w+|best wishes|cheers|sincerely)(?:[ ]?[,:–-]|(?<=vh)\.)?[ ](?i:fra[ ]|frå[ ]|from[ ])?"
    rf"(?P<it>{_NAMES})",
    re.MULTILINE,
)
SMALL_CLOSING = re.compile(
    r"^[ \t>]{0,12}(?:mvh|hilsen|helsing|vh|m\.v\.h\.?|vennlig hilsen|venleg helsing)[ ,.:]{1,3}(?P<it>[a-zæøåáéäö]{2,14}(?:[ ][a-zæøåáéäö]{2,18})?)[ \t.!]*$",
    re.MULTILINE | _I,
)
GREETING = re.compile(
    rf"^[ \t>]{{0,12}}(?i:hei|heisann|hallo|halla|hi|hello|dear|kjære|god (?:dag|morgen|morgon|kveld)|goddag|morn|hej|buorre beaivi|til|bures)[ ]?(?:igjen|alle|hei)?[ ]?,?[ ](?:og[ ])?(?P<it>{_NAMES})(?=[ ]?[,!.:]|[ ]og[ ]|[ \t]*$)",
    re.MULTILINE,
)
FIELD = re.compile(
    r"^[ \t>*_|]{0,12}(?i:navn|namn|name|fullt navn|fullt namn|etternavn|etternamn|fornavn|førenamn|first name|last name|kontaktperson|kontakt|saksbehandler"
    r"|sakshandsamar|vår saksbehandler|vår sakshandsamar|innsender|innsendar|forfatter|forfattar|utfylt av|godkjent av|godkjend av|signert|underskrift"
    r"|underteikna|skrevet av|skrive av|pasient|pasientens navn|pårørende|pårørande|verge|verje|ansvarlig|ansvarleg|avsender|avsendar|e\.f\.|vår ref|deres ref"
    r"|dykkar ref|navn på \w+|namn på \w+)\.?[*_]*[ \t]*[:|\t][ \t|*_]*(?P<it>[^\n|;]{2,60})",
    re.MULTILINE,
)
HEADER = re.compile(
    r"^[ \t>*_|]{0,12}(?i:fra|frå|från|from|til|till|to|kopi|cc|bcc|blindkopi|svar til|reply-to|avsender|mottaker|mottakar)[*_]*[ \t]*:[ \t*_]*(?P<it>[^\n]{2,2000})",
    re.MULTILINE,
)
_BEFORE_ADDRESS = re.compile(rf"(?<!\w)(?P<it>{_NAMES}(?:,[ ]{_NAMES})?)[\"']?[ ]?\n?[<\[(](?:mailto:)?$")
MAX_DISPLAY_NAME = 90


def _in_phrases(text: str, words: _Words) -> Iterator[Span]:
    """Names that the words before them announce: kin, titles, «jeg heter», closings, greetings, fields of forms."""
    for pattern in (KIN, TITLE, SAYS_NAME):
        for match in pattern.finditer(text):
            yield from _leading_name(text, match.span("it"), words, needs_list=False)
    for pattern in (WEAK_TITLE, GREETING):
        for match in pattern.finditer(text):
            yield from _leading_name(text, match.span("it"), words, needs_list=True)
    for match in CLOSING.finditer(text):
        yield from _leading_name(text, match.span("it"), words, needs_list=False)
    for match in SMALL_CLOSING.finditer(text):
        if all(
            words.given(word.capitalize()) is not None or words.is_known(word) or word.capitalize() in surnames()
            for word in match["it"].split()
        ):
            yield Span(*match.span("it"))
    for match in FIELD.finditer(text):
        yield from _pieces(text, match.span("it"), words)
    for match in HEADER.finditer(text):
        yield from _pieces(text, match.span("it"), words)


def _leading_name(text: str, where: tuple[int, int], words: _Words, *, needs_list: bool) -> Iterator[Span]:
    """The name at the start of some capitalised words; `needs_list`: only if a list or the mail knows its first word."""
    tokens = [token for token in _tokens(text[where[0] : where[1]]) if token.start >= 0]
    kept: list[_Token] = []
    for token in tokens:
        word = words.bare(token.text)
        is_particle = token.text.casefold() in PARTICLES
        if not is_particle and (
            words.is_nothing(word) or (token.text.isupper() and len(token.text) > 1 and words.given(word) != "")
        ):
            break
        kept.append(token)
        if word != _titled(token.text):
            break
    if not kept or (kept[0].is_initial and len(kept) == 1):
        return
    first = words.bare(kept[0].text)
    listed = words.given(first) is not None or words.is_surname(first) or words.is_known(first)
    if needs_list and not listed and not kept[0].is_initial:
        return
    whole = [_Token(token.text, token.start + where[0], token.end + where[0]) for token in kept]
    if not (NOT_A_PERSON_AFTER.match(text, whole[-1].end) or _followed_by_body(text, whole[-1].end)):
        yield _span_of(whole, words)


def _followed_by_body(text: str, end: int) -> bool:
    follows = re.compile(r"[ \u00a0]([^\W\d_][\w-]*)").match(text, end)
    return bool(follows and ORGANISATION.search(follows[1]))


def _pieces(text: str, where: tuple[int, int], words: _Words) -> Iterator[Span]:
    """The names among the pieces of a field or a header line: «Lunde, Kari; Ola Moen»."""
    value = text[where[0] : where[1]]
    for piece in re.finditer(r"[^;|<>\[\]()\t\"]+", value):
        whole = piece.group().strip(" ,'*_")
        start = where[0] + piece.start() + piece.group().find(whole) if whole else where[0]
        turned = re.fullmatch(rf"{_NAME}(?:[ ]{_NAME})?,[ ]{_NAMES}", whole)
        if turned and words.is_surname(whole.split(",")[0].split()[-1]) and not words.is_surname(whole.split()[-1]):
            yield Span(start, start + len(whole))
            continue
        for part in re.finditer(r"[^,]+", whole):
            name = part.group().strip()
            begin = start + part.start() + part.group().find(name)
            if (
                re.fullmatch(_NAMES, name)
                and is_person(name)
                and not any(words.is_nothing(one.text) for one in _tokens(name))
            ):
                yield Span(begin, begin + len(name))


def _beside_addresses(text: str) -> Iterator[Span]:
    """«Kari Lunde <kari@heia.example>»: the name before an address in angle brackets."""
    for address in EMAIL.finditer(text):
        begin = max(0, address.start() - MAX_DISPLAY_NAME)
        match = _BEFORE_ADDRESS.search(
            text[begin : address.start() + (7 if address.group().startswith("mailto:") else 0)]
        )
        if match and is_person(match["it"].replace(",", ""), address.group()):
            yield Span(begin + match.start("it"), begin + match.end("it"))


# Signatures ----------------------------------------------------------------------------------------------------------

_PIECE = re.compile(r"[^\n|·•\t,/]+?(?=[ ]{2,}|[\n|·•\t,/]|$)")
_AFTER_NAME = re.compile(r"\s*(?:\((?:e\.?f\.?|s|sign\.?|u\.?t\.?)\)|sign\.)\s*$", _I)


def _in_signatures(text: str, context: NameContext, words: _Words) -> Iterator[Span]:
    """The lines of a signature that are a name, and initials of those whom the mail names."""
    initials = {"".join(word[0] for word in folded(name)) for name in context.known if len(folded(name)) > 1}
    for signature in context.signatures:
        first = True
        for piece in _PIECE.finditer(text, signature.start, signature.end):
            name = _AFTER_NAME.sub("", piece.group()).strip(" .-–")
            if not name or CLOSING_LINE.match(name):
                continue
            start = piece.start() + piece.group().find(name)
            if _is_signed(name, words, first=first) or name.replace(".", "").casefold() in initials:
                yield Span(start, start + len(name))
            first = False


CLOSING_LINE = re.compile(
    r"^\W*(?:(?:med )?(?:vennlig|venleg|beste|varme|mange|god|gode)? ?(?:hilsen|helsing|hilsener|helsingar|hilsning)|mvh|vh|with|kind|best|warm"
    r"|regards|cheers|sincerely|takk|på forhånd takk|for|på vegne av|på vegner av|alt godt|ha en|ha ein|--)\b|^\W+$",
    _I,
)


def _is_signed(name: str, words: _Words, *, first: bool) -> bool:
    """Whether a piece of a signature is somebody's name; the first piece may be one that no list knows."""
    parts = [part for part in name.split() if part.casefold() not in PARTICLES]
    if not 1 <= len(parts) <= MAX_TOKENS or any(char.isdigit() or char == "@" for char in name):
        return False
    if words.is_known_given(parts[0]) and all(words.is_known(part) for part in parts):
        return True
    if not all(part[0].isupper() for part in parts) or any(words.is_nothing(_titled(part)) for part in parts):
        return False
    titled = [_titled(part) for part in parts]
    if len(parts) == 1:
        return words.given(titled[0]) is not None and (first or words.given(titled[0]) == "")
    if words.given(titled[0]) is not None:
        return words.given(titled[0]) == "" or words.is_surname(titled[-1]) or first
    return first or (words.is_surname(titled[-1]) and words.is_surname(titled[0]) is False and len(parts[0]) == 2)
