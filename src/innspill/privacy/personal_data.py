# ruff: noqa: E501 (patterns are data: one a line)
"""Numbers and addresses that point at a person: found by form, by checksum and by the words before them.

Pure text functions. What a finding is called in the output is data here (`LABELS`); who a person is, is told in
`person_names`, what ails somebody in `health_details`.
"""

import ipaddress
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from innspill.records import Span

FindingKind = Literal[
    "email", "phone", "national_id", "account", "address", "web", "ip", "case_number", "birth_date", "health", "name"
]
# What stands in the output instead; the same in bokmål and nynorsk. A name gets a pseudonym of its own.
LABELS: dict[FindingKind, str] = {
    "email": "[e-postadresse]",
    "phone": "[telefonnummer]",
    "national_id": "[fødselsnummer]",
    "account": "[kontonummer]",
    "address": "[adresse]",
    "web": "[nettadresse]",
    "ip": "[IP-adresse]",
    "case_number": "[saksnummer]",
    "birth_date": "[fødselsdato]",
    "health": "[helseopplysning]",
}
# Where findings overlap, the one named first stands: an address is not a street that bears somebody's name.
PRIORITY: tuple[FindingKind, ...] = (
    "email", "web", "national_id", "account", "ip", "birth_date", "case_number", "phone", "address", "name", "health"
)  # fmt: skip
_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of a text that tells something of a person."""

    kind: FindingKind
    span: Span


def find_identifiers(text: str) -> list[Finding]:
    """Every number and address in `text` that points at a person, in order and without overlap."""
    found = [
        *(Finding("email", span) for span in _spans(EMAIL, text)),
        *(Finding("web", span) for span in _spans(WEB, text)),
        *(Finding("national_id", span) for span in find_national_ids(text)),
        *(Finding("account", span) for span in find_accounts(text)),
        *(Finding("ip", span) for span in _find_ip(text)),
        *(Finding("birth_date", span) for span in _find_birth_dates(text)),
        *(Finding("case_number", span) for pattern in (CASE_NUMBER, ARCHIVE_NUMBER) for span in _spans(pattern, text)),
        *(Finding("phone", span) for span in _find_phones(text)),
        *(Finding("address", span) for span in _find_postal_addresses(text)),
    ]
    return without_overlap(found)


def without_overlap(found: Iterable[Finding]) -> list[Finding]:
    """The findings in order; of those that overlap, the one whose kind stands first in `PRIORITY`, then the longest."""
    taken: list[Finding] = []
    starts: list[int] = []
    for finding in sorted(found, key=lambda one: (PRIORITY.index(one.kind), -len(one.span), one.span.start)):
        place = bisect_right(starts, finding.span.start)
        before = taken[place - 1] if place else None
        after = taken[place] if place < len(taken) else None
        clashes = any(other is not None and other.span.overlaps(finding.span) for other in (before, after))
        if len(finding.span) and not clashes:
            taken.insert(place, finding)
            starts.insert(place, finding.span.start)
    return taken


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """Where a pattern matches: its group «it» where it has one."""
    group = "it" if "it" in pattern.groupindex else 0
    for match in pattern.finditer(text):
        yield Span(*match.span(group))


# Electronic addresses ------------------------------------------------------------------------------------------------

EMAIL = re.compile(
    r"(?<![\w.+-])(?:mailto:)?[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.){1,6}[^\W\d_][\w-]{1,23}", _I
)
# A profile is a person's; a page of an organisation stays. A page that bears a person's name is found with the names.
WEB = re.compile(
    r"(?:https?://)?(?:[\w-]{1,20}\.)?"
    r"(?:facebook|instagram|twitter|x|tiktok|snapchat|bsky|github|medium|substack|threads|linkedin|orcid|researchgate)"
    r"\.(?:com|net|org|app)/(?:(?:in|pub|people|profile|u|add|profile\.php)[/?])?@?[\w.=%-]{3,60}/?"
    r"|(?<![\w@./])@[^\W\d_][\w.]{2,29}(?![\w@])(?=[\s.,;:)!?]|$)",
    _I,
)
_CHAPTER_BEFORE = re.compile(r"(?:v|ver|versjon|version|kap|kapittel|punkt|pkt|avsnitt|section|del|nr|§)\.?\s*$", _I)
IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", _I)


def _find_ip(text: str) -> Iterator[Span]:
    """IP addresses. A number such as 3.2.1.4 is a chapter unless the word «IP» stands before it."""
    for match in IPV4.finditer(text):
        octets = [int(part) for part in match.group().split(".")]
        before = text[max(0, match.start() - 30) : match.start()]
        named = re.search(r"\bIP\b", before) is not None
        if PHONE.fullmatch(match.group()) and not named:  # «57.80.33.12»
            continue
        if max(octets) <= 255 and (named or (max(octets) > 30 and not _CHAPTER_BEFORE.search(before))):
            yield Span(*match.span())
    for match in IPV6.finditer(text):
        if re.search(r"[0-9a-f]", match.group(), _I):
            try:
                ipaddress.IPv6Address(match.group())
            except ValueError:
                continue
            if match.group().count(":") >= 3 or "::" in match.group():
                yield Span(*match.span())


# Telephones ----------------------------------------------------------------------------------------------------------

_PHONE_WORD = r"(?:tlf|telefon|telefonnummer|tel|mob|mobil|mobilnr|mobilnummer|vakttlf|phone|mobile|cell|ring|sms|calling|faks|fax|sentralbord|direkte|nås på|treffes på|nåast på)"
PHONE = re.compile(
    r"(?<![\w.,/–-])(?:\(?(?:\+|00)47\)?[ \u00a0]?)?"
    r"(?:\d{2}(?:[ \u00a0.]\d{2}){3}|\d{3}[ \u00a0.]\d{2}[ \u00a0.]\d{3}|[49]\d{7})(?![\w]|[.,]\d|[ \u00a0]\d)"
)
LABELLED_PHONE = re.compile(
    rf"\b{_PHONE_WORD}\b\.?(?:nummer|nr\.?)?[ \t]*[:.]?[ \t]*(?P<it>(?:\(?\+?\d[\d \u00a0().-]{{2,20}})\d)(?!\w)", _I
)
FOREIGN_PHONE = re.compile(
    r"(?<![\w+])(?:\+|00)(?!47)[1-9]\d{0,2}[ \u00a0(.-]{0,2}\d(?:[ \u00a0().-]{0,2}\d){5,12}(?!\w)"
)
# «tlf 90 12 34 56 / 22334455»
SECOND_PHONE = re.compile(r"[ \u00a0]?(?:/|,|og|eller)[ \u00a0]?(?P<it>\d{8})(?!\w)")
_COUNT_AFTER = re.compile(
    r"\s*(?:kr|kroner|nok|%|prosent|millioner|mill|stk|pasient|person|innbygg|GB|TB|MB|år|timer)\b|\s*%", _I
)
_COUNT_BEFORE = re.compile(
    r"\b(?:linje(?:ne|r|nr)?|side(?:ne|r)?|s|kr|nok|kapittel|punkt|tabell|rad(?:er|ene)?|org\.?\s?nr|orgnr|organisasjonsnummer|"
    r"organisasjonsnr|orgnummer|ISBN|ISSN|DOI|nr|versjon|foretaksnummer|mva)\.?\s*[:.]?\s*$",
    _I,
)


def _find_phones(text: str) -> Iterator[Span]:
    """Telephone numbers: Norwegian ones by their grouping, short ones behind a word for telephone, foreign ones by +."""
    for match in PHONE.finditer(text):
        before, after = text[max(0, match.start() - 24) : match.start()], text[match.end() : match.end() + 14]
        if not _COUNT_BEFORE.search(before) and not _COUNT_AFTER.match(after) and _is_subscriber(match.group()):
            yield Span(*match.span())
            if second := SECOND_PHONE.match(text, match.end()):
                yield Span(*second.span("it"))
    for match in LABELLED_PHONE.finditer(text):
        digits = re.sub(r"\D", "", match["it"])
        if 4 <= len(digits) <= 15 and not _COUNT_AFTER.match(text[match.end() : match.end() + 14]):
            yield Span(*match.span("it"))
    yield from _spans(FOREIGN_PHONE, text)


def _is_subscriber(written: str) -> bool:
    """Whether the last eight digits can be a Norwegian subscriber's: they begin with 2–9, and are no row such as 20 30 40 50."""
    digits = re.sub(r"\D", "", written)[-8:]
    pairs = [int(digits[place : place + 2]) for place in range(0, 8, 2)] if len(digits) == 8 else []
    is_row = len({later - earlier for earlier, later in pairwise(pairs)}) == 1
    return bool(pairs) and digits[0] in "23456789" and not is_row


# National identity and bank accounts ---------------------------------------------------------------------------------

NATIONAL_ID = re.compile(
    r"(?<![\w.,/-])(?P<day>\d{2})(?P<dot>[ .]?)\d{2}(?P=dot)\d{2}[ \u00a0-]?\d{5}(?![\w]|[.,/-]\d)"
)
NATIONAL_ID_WORD = re.compile(
    r"\b(?:fødselsn\w*|fødselsnr|personn\w*|pers\.?\s?nr|f\.?\s?nr|fnr|d-n\w*|dnr|personal (?:id|number)|national id\w*)\b"
    r"[^\n\d]{0,20}$",
    _I,
)
ACCOUNT = re.compile(r"(?<![\w.,/-])\d{4}(?P<dot>[ .\u00a0]?)\d{2}(?P=dot)\d{5}(?![\w]|[.,/-]\d)")
IBAN = re.compile(r"\bNO\d{2}[ \u00a0]?\d{4}[ \u00a0]?\d{4}[ \u00a0]?\d{3}(?!\w)")
ACCOUNT_WORD = re.compile(r"\b(?:konto\w*|kto|bankkonto\w*|account)\b[^\n\d]{0,20}$", _I)
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
# What is added to the month in numbers that are made for tests: NAV's (40), Dolly's (65) and Skatteetaten's (80).
_ADDED_TO_MONTH = (0, 40, 65, 80)


def find_national_ids(text: str) -> Iterator[Span]:
    """Fødselsnummer, D-numbers and synthetic ones: by date and both control digits, or by a word before them."""
    for match in NATIONAL_ID.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        named = NATIONAL_ID_WORD.search(text[max(0, match.start() - 40) : match.start()])
        if is_national_id(digits) or named:
            yield Span(*match.span())


def is_national_id(digits: str) -> bool:
    """Whether eleven digits are a fødselsnummer, a D-number or a synthetic one, by date and control digits.

    >>> is_national_id("13097248022")
    True
    >>> is_national_id("13097248023")
    False
    """
    if len(digits) != 11 or not digits.isascii() or not digits.isdigit() or not _has_date(digits):
        return False
    numbers = [int(digit) for digit in digits]
    return (
        sum(weight * number for weight, number in zip(_FIRST_WEIGHTS, numbers, strict=False)) % 11 == 0
        and sum(weight * number for weight, number in zip(_SECOND_WEIGHTS, numbers, strict=True)) % 11 == 0
    )


def _has_date(digits: str) -> bool:
    """Whether the first six digits are a day, D-numbers with 40 added to the day, synthetic ones to the month."""
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    day -= 40 if day > 40 else 0
    month -= max(added for added in _ADDED_TO_MONTH if added < max(month, 1))
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def find_accounts(text: str) -> Iterator[Span]:
    """Norwegian account numbers, grouped or named, with their control digit; and IBAN with its own."""
    for match in ACCOUNT.finditer(text):
        named = ACCOUNT_WORD.search(text[max(0, match.start() - 40) : match.start()])
        if (match["dot"] or named) and is_account(re.sub(r"\D", "", match.group())):
            yield Span(*match.span())
    for match in IBAN.finditer(text):
        compact = re.sub(r"\s", "", match.group())
        rearranged = f"{compact[4:]}{ord('N') - 55}{ord('O') - 55}{compact[2:4]}"
        if int(rearranged) % 97 == 1:
            yield Span(*match.span())


def is_account(digits: str) -> bool:
    """Whether eleven digits are a Norwegian account number, by its control digit (modulo 11).

    >>> is_account("86011117947")
    True
    """
    if len(digits) != 11 or not digits.isascii() or not digits.isdigit():
        return False
    return sum(weight * int(digit) for weight, digit in zip(_SECOND_WEIGHTS, digits, strict=True)) % 11 == 0


# Case numbers and birth dates ----------------------------------------------------------------------------------------

# The number behind a word for it: «saksnr. 24/01234», «pasient-ID: 482913». Short ones («sak 4») are points of an agenda.
CASE_NUMBER = re.compile(
    r"\b(?:saks?(?:nummer|nr)\.?|arkivsak(?:snr)?\.?|sak(?:en)?|klagesak|pasientskadesak|(?:vår|vårt|deres|dykkar|min) ref(?:eranse)?\.?"
    r"|ref(?:eranse)?(?:nr|nummer)?\.?|journal(?:nummer|nr)\.?|pasient(?:nummer|nr|-?id)\.?|løpenr\.?|løpenummer|medlems(?:nummer|nr)\.?"
    r"|kunde(?:nummer|nr)\.?|ansatt(?:nummer|nr)\.?|student(?:nummer|nr)\.?|DUF-?(?:nummer|nr)?\.?|HPR-?(?:nummer|nr)?\.?|NPR-?id"
    r"|pass(?:nummer|nr)\.?|henvisnings-?id|case (?:no|number)\.?|patient (?:id|no|number)\.?)"
    r"[ \t]{0,3}[:#]?[ \t]{0,3}(?:er |nr\.? )?(?P<it>(?:[A-ZÆØÅ]{1,4}[-/]?)?(?:\d{2,4}[/-]\d{2,8}(?:-\d{1,4})?|\d{5,14}))(?![\w/])",
    _I,
)
# «(26/01844-7)»: year, case and document of an archive, which needs no word before it.
ARCHIVE_NUMBER = re.compile(r"(?<![\w/.-])(?:20)?\d{2}/(?!20\d\d-20\d\d)\d{4,6}-\d{1,4}(?![\w/-])")
_MONTH = r"(?:jan|feb|mars|apr|mai|juni|juli|aug|sep|okt|nov|des|january|march|april|may|june|july|october|december)[a-z]{0,8}"
_DAY_OF = rf"(?:\d{{1,2}}[./-] ?\d{{1,2}}[./-] ?\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}\.? {_MONTH} \d{{2,4}}|{_MONTH} \d{{1,2}},? \d{{4}})"
BORN = re.compile(
    rf"\b(?:født|fødd|f\.|fødselsdato|fødselsdag|fødselsår|født den|date of birth|born(?: on)?|d\.?o\.?b\.?)(?: den| dato)?[ \t]*[:,]?[ \t]*"
    rf"(?P<it>{_DAY_OF})(?!\d)",
    _I,
)
# «(f. 1984)» behind a name, «fødselsår: 1984»; «barn født i 2010» speaks of nobody.
BIRTH_YEAR = re.compile(r"(?:\(f\.|\bfødselsår[ \t]*:?)[ \t]*(?P<it>(?:19|20)\d{2})(?!\d)", _I)


def _find_birth_dates(text: str) -> Iterator[Span]:
    """Dates behind a word for birth; «født etter 1.1.2010» is a group of people, and stays."""
    yield from _spans(BORN, text)
    yield from _spans(BIRTH_YEAR, text)


# Postal addresses ----------------------------------------------------------------------------------------------------

# Words for street at the end of a name. «hagen», «dalen» and their like need a postcode (`FARM`): «Barnehagen 3».
_STREET = (
    r"(?:gata|gate|gaten|gt|veien|vei|vegen|veg|plassen|bakken|bakkane|allé|alleen|alléen|stien|svingen|terrasse|torg|torget"
    r"|torvet|brygge|bryggen|kroken|tunet|løkka|løkken|jordet|ringen|kaia|smauet|almenningen|faret|lia|lunden|sletta)"
)
_HOUSE = r"\d{1,4}[ \u00a0]?[A-Ha-h]?(?![\w/–-])(?![.,]\d)"
_CAPITAL = r"[A-ZÆØÅÁÄÖŠČĐŊŦŽ]"
_PLACE = rf"{_CAPITAL}[\w’'-]+(?:[ \u00a0](?:i|på|og|{_CAPITAL}[\w.’'-]*)){{0,3}}"
_POSTCODE = rf"(?:NO?-)?\d{{4}}[ \u00a0]{_PLACE}"
# «Kari Nordmanns vei 4»: the word for street stands alone only in its base form.
_STREET_WORD = r"(?:vei|veg|gate|gt\.?|plass|allé|alle|terrasse|torg|brygge|bakke|sti|ring|street|st|road|avenue|lane)"
_NAMED = rf"(?:(?:St\.|{_CAPITAL}\.|{_CAPITAL}[\w’'-]*)[ \u00a0])"
STREET = re.compile(
    rf"(?<![\w-])(?:{_NAMED}{{0,3}}{_CAPITAL}[\w’'-]*?{_STREET}|{_NAMED}{{1,4}}{_STREET_WORD})[ \u00a0]"
    rf"{_HOUSE}(?:[ \t]*[,|][ \t]*(?:H\d{{4}}[ \t]*,[ \t]*)?{_POSTCODE}|[ \t]*\n[ \t]*{_POSTCODE})?"
)
# «Nordre Moen 14, 2618 Aunedal»: a farm has no word for street, but a number and a postcode.
FARM = re.compile(rf"(?<![\w-])(?:{_CAPITAL}[\w’'-]+[ \u00a0]){{1,3}}{_HOUSE}[ \t]*(?:,|\n)[ \t]*{_POSTCODE}")
POST_BOX = re.compile(
    rf"\b(?:Postboks|Pb\.?|P\.?O\.? ?Box|Boks)[ \u00a0]\d{{1,5}}(?:[ \u00a0](?!\d){_CAPITAL}[\w-]+)?(?:[ \t]*[,|\n][ \t]*{_POSTCODE})?",
    _I,
)
# A line, or what stands between bars, that is a postcode and a place: in signatures.
POSTCODE_LINE = re.compile(rf"(?:^|(?<=\|))[ \t]*(?P<it>{_POSTCODE})[ \t]*(?=$|\||,)", re.MULTILINE)
_NO_STREET = re.compile(
    r"^(?:linje|linjene|linjer|side|sidene|kapittel|kap|tabell|figur|punkt|avsnitt|vedlegg|januar|februar|mars|april|mai|juni|juli|"
    r"august|september|oktober|november|desember|line|page|section|table|figure|covid|type|uke|veke|kl|nr|trinn|fase|nivå|modell|på|ved|langs|fra|frå|til|vi|den|en|ei)\b",
    _I,
)
_YEAR_AND_WORD = re.compile(r"(?:19|20)\d{2}[ \u00a0]")


def _find_postal_addresses(text: str) -> Iterator[Span]:
    """Street, farm or box with its postcode; and a postcode with its place on a line of its own."""
    for pattern in (STREET, FARM, POST_BOX):
        for span in _spans(pattern, text):
            if not _NO_STREET.match(span.of(text)):
                yield span
    for span in _spans(POSTCODE_LINE, text):
        if not _YEAR_AND_WORD.match(span.of(text)):
            yield span
