"""Whom a sender speaks for: organisation and type, from the signature, the sender's name and the address.

Facts of form («… kommune», «… HF», «… universitet») only; when nothing tells, the type is ``ukjent``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NAME = r"[A-ZÆØÅÁŠČĐ][\w&'’.-]*"
_JOINER = r"(?:\s+(?:og|i|på|for|av|til|the|of|&|[a-zæøå]{3,14}))?"


@dataclass(frozen=True, slots=True)
class Sender:
    """An organisation as the sender writes it (empty when not known), and its type."""

    organisation: str
    organisation_type: str


# Type -> words that tell it, looked for in this order: a union for doctors is a union, not a hospital.
TYPE_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "fylkeskommune",
        re.compile(
            r"\bfylkeskommun\w*|\bfylke$|\bfylkesbibliotek\w*|\bvidereg[åa]ende skole|\bvidareg[åa]ande skule|county council",
            re.IGNORECASE,
        ),
    ),
    (
        "kommune",
        re.compile(
            r"\bkommun(?:e|en|es)?\b|\bbydel\b|\bherad\b|municipality|\b\w*(?:folkebibliotek|skolebibliotek|skulebibliotek|barneskole|barneskule|ungdomsskole|ungdomsskule|grunnskole|grunnskule|barnehage|sykehjem|sjukeheim|helsestasjon|legevakt|hjemmetjeneste|heimeteneste)(?:et|en|n|a)?\b|\b\w+ (?:skole|skule)$",
            re.IGNORECASE,
        ),
    ),
    (
        "fagforening",
        re.compile(
            r"\b(?:lege|sykepleier|sjukepleiar|jordmor|tannlege|psykolog|fysioterapeut|bioingeniør|lærer|lærar|utdanning|ingeniør|jurist|radiograf|farmasøyt|helsesekretær|bibliotekar)\w*(?:forbund(?:et)?|foreningen?|forening|foreininga?|lag(?:et)?)\b"
            r"|\bfag(?:forbund|forening|foreining)\w*|\bfagorganisasjon\w*|\bforbundet for\b|arbeidstakar\w*|arbeidstaker\w*|tillitsvalgt\w*|\borganiserer\b[^.]{0,40}(?:tilsette|ansatte|arbeidstak\w+|leger|legar|sykepleiere|sjukepleiarar|lærere|lærarar)|\bunion\b|\bspesialist\w*\s+foren\w+|\w*spesialistenes foren\w+",
            re.IGNORECASE,
        ),
    ),
    (
        "pasientorganisasjon",
        re.compile(
            r"pasient\w*(?:foren|forein|organisasjon|forbund|lag|nettverk)\w*|pårørende(?:foren|senter|allianse|organis)\w*|pårørande(?:forein|senter|organis)\w*|(?:foren|forein)\w+ for (?:\w+ ){0,4}(?:familiar|familier|pasient\w*|syke|sjuke|pårør\w+)|medlem\w* med [^.]{0,40}sykdom|brukerorganisasjon\w*|\bforening\w* for (?:\w+ )?(?:pasienter|syke|sjuke|pårørende)|(?:kreft|diabetes|hjerte|lunge|lever|nyre|epilepsi|revmatiker|hørsel|blinde|migrene|astma|allergi|mental)\w*(?:foren|forein|forbund|lag|liga)\w*|patient (?:association|organisation)|\bforeininga? nyre\w*",
            re.IGNORECASE,
        ),
    ),
    (
        "akademia",
        re.compile(
            r"\b\w*(?:universitet|universitetet|university|høgskule|høgskulen|høyskole|høyskolen|høgskole|høgskolen|college|fakultet\w*|forskningsinstitutt\w*|forskingsinstitutt\w*|forskningssenter\w*)\b|\binstitutt(?:et)? for\b|\bsenter for (?:\w+ )?forskning|\bdepartment of\b|\bforskingssenter\w*",
            re.IGNORECASE,
        ),
    ),
    (
        "helseforetak",
        re.compile(
            r"\bR?HF\b|\bhelse(?:foretak|føretak|region)\w*|\b\w*(?:sykehus|sjukehus|sykehuset|sjukehuset|hospital|universitetssykehus|universitetssjukehus)\b|\b\w*klinikken\b|\bklinikk for\b|\bhelse (?:nord|sør|vest|midt|øst)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "statlig",
        re.compile(
            r"\b\w*(?:direktorat|direktoratet|departement|departementet|tilsyn|tilsynet|etat|etaten|ombod|ombud|ombudet|ombodet|folkehelseinstitutt\w*|statsforvalter\w*|verket|statens \w+)\b|\bNAV\b|\bnasjonalt (?:senter|råd|kunnskapssenter)|directorate|\bmyndighet\w*|\w*rådet for\b",
            re.IGNORECASE,
        ),
    ),
    (
        "næringsliv",
        re.compile(
            r"\b(?:AS|ASA|ANS|DA|SA|ENK|Ltd|GmbH|Inc|AB|ApS)\b|(?i:\bco-?founder\b|\b(?:CEO|CTO)\b|\bdaglig leder\b|\bdagleg leiar\b|\bgründer\b|\bstart-?up\b)|\bnæringsforening\w*|\bleverandør\w*\b|\bbransje\w*|\bNHO\b"
        ),
    ),
    (
        "interesseorganisasjon",
        re.compile(
            r"\b\w*(?:forening|foreningen|foreining|foreininga|forbund|forbundet|organisasjon|organisasjonen|stiftelse|stiftelsen|stifting|stiftinga|nettverk|nettverket|selskap|selskapet|laget|samskipnad|union|society|aksjonen|alliansen|rådet|råd)\b",
            re.IGNORECASE,
        ),
    ),
)
FREE_MAIL = re.compile(
    r"(?:gmail|hotmail|outlook|live|yahoo|icloud|online|broadpark|epost|e-post|privat|privatpost|post|mail|webmail|nettpost|frimail|heimepost|hjemmepost|fritidspost|proton|protonmail|me|getmail|postkassen|postkasse|min-post|lyse|altibox|innboks|heime|hjemme|folk|inbox|\w*post(?:kass\w*|boks\w*)?|\w*mail)\b",
    re.IGNORECASE,
)
PRIVATE = re.compile(
    r"\b(?:(?:som|er) (?:berre |bare )?(?:ei |en |ein )?(?:innbygger og pasient|privatperson|pasient|pårørende|pårørande|mor|far|innbygger|innbyggjar|borger|brukar|bruker|pensjonist|bestemor|datter|dotter)|privatperson|på egne vegne|på eigne vegner|på eiga vegne|bare meg selv|helt vanlig (?:borger|pasient)|pensjonist|pensjonert|mor til|far til|\d{2} år\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
NAMED_MUNICIPALITY = re.compile(
    r"\b(?P<name>[A-ZÆØÅÁŠČĐ][\wæøå-]+(?: (?:og |i )?[A-ZÆØÅ][\wæøå-]+)?) (?:fylkeskommune|kommune|herad)\b"
)
# Labels of a form, and what firms print behind their name.
LABEL = re.compile(
    r"^\s*(?:virksomhet|verksemd|organisasjon|avsender|avsendar|fra|frå|navn|namn|kommune)\s*:\s*", re.IGNORECASE
)
TAGLINE = re.compile(r"\s+[–—-]\s+[a-zæøå].*$")
SAYS = re.compile(r"\b(?:har|er|vi|me|jeg|eg|som|må|blir|vert|kan)\b", re.IGNORECASE)
FIRST_PERSON = re.compile(r"\b(?:jeg|eg|meg|min|mi|mitt|mine)\b", re.IGNORECASE)
# Somebody who writes from a private address in a working role may speak for a workplace that is not named.
PROFESSION = re.compile(
    r"\b\w*(?:lege|lækjar|sykepleier|sjukepleiar|lærer|lærar|lektor|rektor|rådgiver|rådgjevar|leder|leiar|forsker|forskar|professor|stipendiat|ingeniør|jurist|bibliotekar|terapeut|vernepleier|fagarbeider|fagarbeidar|overlege|konsulent)\b|\bhos oss\b|\bpå (?:avdelingen|avdelinga|jobb|vakt)\b",
    re.IGNORECASE,
)
BUSINESS_ROLE = re.compile(r"^(?:co-?founder|ceo|cto|daglig leder|dagleg leiar|gründer)\b[^,]*$", re.IGNORECASE)
# «Vi er ei lita foreining for pasientar …»: how an organisation that no register knows presents itself.
PRESENTS = re.compile(
    r"\b(?:vi|me|we) (?:er|are|representerer|organiserer)\b[^.]{0,160}|\borganiserer\b[^.]{0,120}|\b(?:we're|som leverandør)\b[^.]{0,120}",
    re.IGNORECASE,
)
ON_BEHALF = re.compile(r"^\s*(?:på vegne av|på vegner av|for)\s+", re.IGNORECASE)
ROLE = re.compile(
    r"^(?:\w*(?:lege|sykepleier|sjukepleiar|rådgiver|rådgjevar|leder|leiar|direktør|sjef|konsulent|koordinator|professor|førsteamanuensis|forsker|forskar|stipendiat|overlege|sekretær|spesialist|advokat|jurist|prosjektleder|seniorrådgiver|avdelingssjef|kommunedirektør|ordfører|kommuneoverlege|bibliotekar|rektor|lærar|lærer|ansvarlig|manager|officer|advisor)\w*)[,:]?\s+(?:(?:i|ved|på|for|hos|at)\s+|[,–-]\s*)",
    re.IGNORECASE,
)


def find_sender(signature: str, sender_name: str, sender_email: str, text: str = "") -> Sender:
    """Decide whom a sender speaks for.

    Args:
        signature: The lines of the mail's signature, and of its attachments' letterheads.
        sender_name: The name in the From header.
        sender_email: The address; its domain names many organisations.
        text: The sender's own words, read only for «som pasient …» and «på vegne av …».
    """
    candidates = [part.strip() for line in [*signature.split("\n"), sender_name] for part in re.split(r"[|•·/]", line)]
    domain = sender_email.rsplit("@", 1)[-1] if "@" in sender_email else ""
    stem = domain.rsplit(".", 1)[0] if "." in domain else domain
    free = not stem or bool(FREE_MAIL.match(stem.rsplit(".", 1)[-1]))
    words = re.sub(r"[-_.]", " ", stem)
    name_by_domain = "" if free else words[:1].upper() + words[1:]
    pieces = [piece for line in candidates for piece in _pieces(line)]
    name_by_domain = next(
        (_clean(piece) for piece in pieces if stem and _folded(piece) == _folded(stem)), name_by_domain
    )
    if not free:  # the line that shares its name with the address is the organisation, another may be a unit of it
        pieces.sort(key=lambda piece: _folded(words)[:5] not in _folded(piece))
    for candidate in pieces:
        kind = organisation_type(candidate)
        if kind:
            return Sender(name_by_domain if BUSINESS_ROLE.search(candidate) else _clean(candidate), kind)
    for named in NAMED_MUNICIPALITY.finditer(text):
        if not free and _folded(named["name"])[:5] == _folded(words)[:5]:
            return Sender(named.group(), organisation_type(named.group()))
    if PRIVATE.search(f"{signature}\n{text}") and (free or not _type_of_stem(stem)) and not PRESENTS.search(text):
        return Sender("", "privatperson")
    if free:
        private = FIRST_PERSON.search(text) and not PROFESSION.search(f"{signature}\n{text}")
        return Sender("", "privatperson" if private else "ukjent")
    presented = PRESENTS.search(text)
    kind = (
        organisation_type(words) or _type_of_stem(stem) or (organisation_type(presented.group()) if presented else "")
    )
    return Sender(name_by_domain, kind or "ukjent")


def organisation_type(text: str) -> str:
    """The type that the words of a name tell; empty when they do not.

    >>> organisation_type("Nordre Heia kommune")
    'kommune'
    >>> organisation_type("Fjordvik sykehus HF")
    'helseforetak'
    """
    return next((kind for kind, pattern in TYPE_WORDS if pattern.search(text)), "")


def _type_of_stem(stem: str) -> str:
    """The type by a word inside a domain («fjordviksykehus», «heiakommune»)."""
    inside = (
        ("kommune", "kommun"), ("helseforetak", "sykehus"), ("helseforetak", "sjukehus"), ("akademia", "universitet"), ("akademia", "hogskule"),
        ("akademia", "hoyskole"), ("akademia", "uni."), ("statlig", "direktorat"), ("statlig", "tilsyn"), ("fagforening", "forbund"), ("pasientorganisasjon", "pasient"), ("kommune", "skule"), ("kommune", "skole"), ("kommune", "barnehage"), ("interesseorganisasjon", "laget"), ("interesseorganisasjon", "foren"), ("interesseorganisasjon", "nettverk"),
    )  # fmt: skip
    return next((kind for kind, word in inside if word in stem), "")


def _pieces(line: str) -> Sequence[str]:
    """A signature line and, when it names a role or several units («rådgiver, Heia kommune»), its parts, last first."""
    if len(line) > 110 or "@" in line or (len(line.split()) > 6 and SAYS.search(line)):
        return ()
    parts = [part.strip() for part in line.split(",")]
    return [*reversed(parts)] if len(parts) > 1 else [line]


def _folded(text: str) -> str:
    """Letters alone, small, with å, æ and ø as domains write them."""
    letters = "".join(letter for letter in text.lower() if letter.isalnum())
    for norwegian, plain in (("å", "a"), ("æ", "a"), ("ø", "o"), ("aa", "a"), ("ae", "a"), ("oe", "o")):
        letters = letters.replace(norwegian, plain)
    return letters


def _clean(candidate: str) -> str:
    """The name of the organisation in a signature line, without the role before it."""
    text = TAGLINE.sub("", LABEL.sub("", ON_BEHALF.sub("", candidate.strip(" .,-–"))))
    text = ROLE.sub("", text) or text
    named = re.search(rf"{_NAME}(?:{_JOINER}\s+{_NAME})*\s+(?:kommune|fylkeskommune)\b", text)
    return named.group() if named else text
