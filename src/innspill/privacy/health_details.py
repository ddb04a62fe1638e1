# ruff: noqa: E501 (patterns are data: one a line)
"""What ails a person that a text names or makes known: «sønnen min Jonas har Crohns», «jeg har hatt kreft».

A word for an illness is personal only when it is tied to somebody: to a named person, to kin of the sender, to the
sender, or to «han» and «hun» who go back to one of these. «Pasienter med diabetes trenger …» speaks of nobody.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from innspill.records import Span

_I = re.IGNORECASE
# Illnesses, states and treatments, by stem; Norwegian puts them together freely («tykktarmskreft», «barneleddgikt»).
_STEMS = (
    r"\w{0,20}(?:kreft\w{0,3}|svulst\w{0,3}|leddgikt\w{0,2}|gikt|astma\w{0,2}|allergi\w{0,3}|epilepsi\w{0,2}|diabetes|demens\w{0,2}|psykose\w{0,2}|depresjon\w{0,3}"
    r"|angst\w{0,2}|migrene\w{0,2}|anoreksi|bulimi|spiseforstyrrelse\w{0,2}|spiseforstyrring\w{0,2}|skizofreni|schizofreni|bipolar\w{0,15}"
    r"|hjerneslag\w{0,3}|hjerneslag|hjerneskade\w{0,2}|hjerteinfarkt\w{0,2}|infarkt\w{0,2}|hjertesvikt|hjartesvikt|hjertefeil|hjartefeil|nyresvikt"
    r"|leversvikt|lungebetennelse|lungebetennelse|blodpropp|hepatitt|artritt|artrose|psoriasis|eksem|cøliaki|celiaki|fibromyalgi|osteoporose"
    r"|leukemi|lymfom|melanom|anemi|hemofili|sklerose|syndrom(?:et)?|diagnosen?|autisme\w{0,3}|autist\w{0,5}|utviklingshem\w{0,6}|rusproblem\w{0,3}"
    r"|rusavhengig\w{0,3}|alkoholiker|alkoholmisbruk\w{0,3}|narkoman|abort(?:en)?|senabort|selvmord\w{0,8}|sjølvmord\w{0,8}|selvskad\w{0,4}"
    r"|funksjonshem\w{0,6}|transplant\w{0,8}|dialyse\w{0,2}|cellegift\w{0,3}|strålebehandling|amputer\w{0,4}|kneoperert|hofteoperert"
    r"|sykdommen|sjukdommen|sykdom|sjukdom|lidelse|liding)"
)
_WORDS = (
    r"kols|adhd|add|als|ms|hiv(?:-positiv)?|aids|me|ptsd|ibs|ulcerøs kolitt|kolitt|crohns?(?: sykdom| sjukdom)?|parkinsons?(?: sykdom| sjukdom)?"
    r"|alzheimers?(?: sykdom| sjukdom)?|downs?(?: syndrom)?|asperger(?:s)?(?: syndrom)?|tourettes?(?: syndrom)?|bechterews?(?: sykdom| sjukdom)?"
    r"|huntingtons?(?: sykdom| sjukdom)?|ehlers-danlos|cystisk fibrose|cerebral parese|muskeldystrofi|multippel sklerose|type [12]-diabetes"
    r"|diabetes type [12]|spina bifida|long ?covid|langtids-?covid|covid(?:-19)?|tuberkulose|borreliose|gravid\w{0,2}|svangerskapsforgiftning"
    r"|blind|døv|døvblind|lam i \w+|lamma i \w+|rullestol(?:en)?|psykisk syk\w{0,3}|psykisk sjuk\w{0,3}|tvangsinnlagt|tvangsinnlagd|sykmeldt|sjukmeld\w?"
    r"|uføretrygd\w{0,4}|utbrent|benskjør|beinskjør|pacemaker|insulin|metadon|antidepressiva|høyt blodtrykk|høgt blodtrykk|hjerteflimmer|hjarteflimmer"
    r"|benmargstransplant\w{0,6}|prolaps|endometriose|klamydia|syfilis|herpes|graviditet\w{0,3}|synshem\w{0,5}|hørselshem\w{0,5}|høyrselshem\w{0,5}"
    r"|cancer|stroke|dementia|depression|pregnant|epilepsy|asthma|arthritis|leukaemia|bipolar disorder|schizophrenia|crohn's(?: disease)?"
    r"|parkinson's(?: disease)?|alzheimer's(?: disease)?"
)
TERM = re.compile(
    rf"\b(?P<term>(?:(?:alvorlig|alvorleg|kronisk|uhelbredelig|ulækjeleg|sjelden|sjeldan|medfødt|medfødd|juvenil|akutt|mild|lett|tidlig|tidleg)[ ])?"
    rf"(?:{_WORDS}|{_STEMS})(?:[ ](?:lidelse|liding|sykdom|sjukdom|syndrom)(?!\w))?)(?!\w)",
    _I,
)
# «ME» is an illness and «me» nynorsk for we; «MS», «ALS» and «ADD» are short too: they count in capitals alone.
_SHORT = re.compile(r"^(?:me|ms|als|add)$", _I)
# «syndromet», «sykdom», «diagnosen» alone tell nothing; in «Sjøgrens syndrom» the word before them does.
_GENERAL = re.compile(
    r"^(?:(?:alvorlig|alvorleg|kronisk|uhelbredelig|ulækjeleg|sjelden|sjeldan|medfødt|medfødd|akutt|mild|lett|tidlig|tidleg) )?(?:(?:sykdom|sjukdom|sykdommen|sjukdommen|syndrom|syndromet|lidelse|liding|diagnose|diagnosen))$",
    _I,
)
_NAMED_ILLNESS = re.compile(r"\b[A-ZÆØÅ]\w+s[ ](?:sykdom|sjukdom|syndrom)\b")
_POSSESSIVE = r"(?:min|mi|mitt|vår|vårt)"
_KIN = (
    r"(?:sønn|son|datter|dotter|mor|far|mamma|pappa|mann|kone|ektefelle|ektemann|bror|søster|syster|baby|barn|gutt|gut|jente|nevø|niese|tante|onkel"
    r"|bestemor|bestefar|mormor|morfar|farmor|farfar|samboer|sambuar|kjæreste|tvilling|barnebarn|stesønn|stedatter|svigermor|svigerfar|forelder)"
)
KIN_OF_SENDER = re.compile(
    rf"\b(?:{_POSSESSIVE}[ ](?:\w+[ ])?{_KIN}|{_KIN}(?:en|a|et|n|nen|neren|eren|ra|ren|a)?[ ]{_POSSESSIVE}|sønnen min|sonen min|dattera mi|datteren min"
    rf"|dottera mi|mora mi|moren min|faren min|broren min|bror min|søsteren min|søstera mi|systera mi|mannen min|kona mi|mamma|pappa|(?:my|our) (?:son|daughter|mother|father|"
    rf"husband|wife|brother|sister|child))\b",
    _I,
)
_SELF = re.compile(
    r"\b(?:jeg|eg|i)\b(?= (?:selv |sjølv |også |òg )?(?:har|hadde|fikk|fekk|ble|blei|vart|er|var|lider|lid|lever|går|gjekk|gikk|bruker|brukar|tar|tek|sitter|sit|sliter|slit|strever|strevar|have|had|am|was|suffer)\b)|\b(?:som \w+ selv har|min|mi)\b(?= (?:egen |eiga )?"
    r"(?:diagnose|sykdom|sjukdom|kreft|lidelse|liding))",
    _I,
)
# «Som pasient med kols opplever jeg …»: the sender's own, by the word behind.
_AS_ONE = re.compile(r"\bsom (?:\w+ ){0,2}(?=med\b[^.!?\n]{0,80}\b(?:jeg|eg|meg)\b)", _I)
PRONOUN = re.compile(r"\b(?:han|hun|ho|he|she|ham|henne|honom)\b", _I)
# Between the person and the illness: a verb or preposition of having it, and few other words.
_TIE = re.compile(
    r"\b(?:har|hadde|hatt|fikk|fekk|fått|lider|lid|lever|er|var|ble|blei|vart|blitt|døde|døydde|med|av|fra|diagnos\w+|behandl\w+|innlagt|innlagd|operert|rammet|ramma"
    r"|syk|sjuk|sin|si|sitt|has|had|have|is|was|got|suffers?|died|with|diagnosed|min|mi|fødd|født|gikk på|gjekk på|går på|bruker|brukar|sliter|slit|strever|sit|sitter)\b",
    _I,
)
# These turn the talk to others, or to a person at work.
_OTHERS = re.compile(
    r"\b(?:pasient(?:er|ar|ene|ane)?|personer|personar|folk|barn|de som|dei som|mange|noen|nokon|brukere|brukarar|grupper|gruppa|innbyggere|innbyggjarar|eldre|andre|"
    r"mener|meiner|skriver|skriv|sier|seier|foreslår|føreslår|etterlyser|etterlyser|peker|peikar|viser|forsk\w*|jobb\w*|arbeid\w*|rapport\w*|utkast\w*|nevn\w*|nemn\w*|leder|leiar|underviser|kjenner|"
    r"opptatt|oppteken|interessert|ekspert|spesialist|overlege|lege|lækjar|forening\w*|foreining\w*|senter\w*|register\w*|registeret|people|patients|works?|leads?|research\w*)\b",
    _I,
)
MAX_BETWEEN = 90
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]?|\n[ \t]*\n")


def find_health_details(text: str, names: Sequence[Span] = ()) -> list[Span]:
    """Words for illnesses, states and treatments that `text` tells of a person.

    Args:
        text: Any text of a mail.
        names: Where it names persons, in order.
    """
    found: list[Span] = []
    spoken_of = False  # whether «han» and «hun» go back to a person in the same paragraph
    starts = iter(names)
    pending = next(starts, None)
    for sentence in _SENTENCE.finditer(text):
        inside: list[Span] = []
        while pending is not None and pending.start < sentence.end():
            if pending.start >= sentence.start():
                inside.append(pending)
            pending = next(starts, None)
        if not sentence.group().strip():
            spoken_of = False
            continue
        persons = [*inside, *_persons(sentence.group(), sentence.start(), with_pronouns=spoken_of)]
        found += _tied(text, sentence, persons)
        spoken_of = spoken_of or bool(inside) or KIN_OF_SENDER.search(sentence.group()) is not None
    return found


def _persons(sentence: str, offset: int, *, with_pronouns: bool) -> Iterator[Span]:
    """Where a sentence speaks of the sender, of the sender's kin, or of somebody named before."""
    for pattern in (KIN_OF_SENDER, _SELF, _AS_ONE, *([PRONOUN] if with_pronouns else [])):
        for match in pattern.finditer(sentence):
            yield Span(offset + match.start(), offset + match.end())


def _tied(text: str, sentence: re.Match[str], persons: Sequence[Span]) -> Iterator[Span]:
    """The terms of a sentence that are tied to one of its persons, or to the term before."""
    persons = sorted(persons, key=lambda person: person.end)
    ends = [person.end for person in persons]
    last: Span | None = None
    for term in [*_terms(text, sentence.start(), sentence.end())]:
        joined = last is not None and re.fullmatch(
            r",? (?:og|and|eller|samt)? ?(?:\w+ )?|, ", text[last.end : term.start]
        )
        if joined or any(_ties(text[person.end : term.start]) for person in _near(persons, ends, term.start)):
            yield term
            last = term


def _near(persons: Sequence[Span], ends: Sequence[int], start: int) -> Sequence[Span]:
    """Those of the persons, in the order of their ends, who stand no further than `MAX_BETWEEN` before an offset."""
    return persons[bisect_left(ends, start - MAX_BETWEEN) : bisect_right(ends, start)]


def _ties(between: str) -> bool:
    return len(between) <= MAX_BETWEEN and bool(_TIE.search(between)) and not _OTHERS.search(between)


def _terms(text: str, start: int, end: int) -> Iterator[Span]:
    taken = start
    for match in _NAMED_ILLNESS.finditer(text, start, end):
        yield Span(*match.span())
        taken = match.end()
    for match in TERM.finditer(text, start, end):
        term = match["term"]
        if match.start() < taken and taken > start:
            continue
        if (_SHORT.match(term) and not term.isupper()) or _GENERAL.match(term):
            continue
        yield Span(*match.span("term"))
