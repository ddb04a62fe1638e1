"""Whom a sender speaks for: organisation and type, from the signature, the sender's name, the address and the words.

The register of Norwegian bodies comes first, then facts of form («… kommune», «… HF», «… universitet»), then what the
sender says of itself: roles, whom it calls its own, where it works. When nothing tells, the type is ``ukjent``: an honest
blank is better than a guess. A person at a private address who speaks for no body is a ``privatperson``.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from innspill.reading.authorship.organisation_patterns import (
    ANSWER_FROM,
    ASSOCIATION,
    AT_WORK,
    BARE_ROLE,
    BEHALF,
    BODY_SPEAKS,
    COUNCIL_OF,
    DECLARED,
    EMPLOYEES,
    FAMILY,
    FIRM_NAME,
    FIRM_STEM,
    FIRST_PERSON,
    FOR_LINE,
    FREE_MAIL,
    FULL_NAME,
    HEADING_FROM,
    ILLNESS,
    INITIALS,
    INTERMUNICIPAL,
    ITSELF,
    JOINER,
    LABEL,
    LEADS,
    LEGAL_FORM,
    MANAGER,
    MEMBERS,
    MUNICIPALITIES,
    MY_WORKPLACE,
    NAME,
    NAME_WORD,
    NAMED_MUNICIPALITY,
    NO_NAME,
    ON_BEHALF,
    OTHERS_NAME,
    OURS,
    OWN_BEHALF,
    OWN_PROFESSION,
    PRESENTS,
    PRIVATE,
    PROFESSION,
    RESEARCHES,
    RETIRED,
    ROLE,
    ROLE_TYPES,
    SAYS,
    SOCIETY_STEM,
    SPEAKS,
    SUBJECT_NAME,
    TAGLINE,
    TYPE_WORDS,
    UNIT,
    WE,
    WE_ARE,
    WE_AT,
    WE_IN,
)
from innspill.reading.authorship.register import Body, folded, load_register

Basis = Literal["", "label", "behalf", "signature", "domain", "text"]


@dataclass(frozen=True, slots=True)
class Sender:
    """An organisation (empty when not known), its type, and where that was read.

    `organisation` is the register's official name where the register knows it, else as the sender writes it.
    """

    organisation: str
    organisation_type: str
    basis: Basis = field(default="", compare=False)


MAX_SIGNATURE_LINE = 160
MIN_STEM = 5
MIN_NAMES, MIN_SURNAME = 2, 3
# «Foreningen for arvelig bindevevssykdom»: so many words without a capital may follow «for», but none of these.
MAX_SMALL_WORDS = 3
NOT_IN_NAMES = frozenset([
    "vil", "har", "er", "som", "at", "der", "når", "men", "så", "da", "å", "jeg", "eg", "vi", "me", "med", "savner",
    "saknar", "mener", "meiner", "bør", "må", "takker", "takkar", "viser", "fra", "frå",
])  # fmt: skip
# A longer line with a verb in it is a sentence.
MAX_NAME_LINE = 6
MAX_FOR_WORDS = 8
# Who has members stands so many characters before their number.
MAX_BEFORE_MEMBERS = 80
# Words within a name that are not written with a capital.
JOINING = frozenset(["i", "og", "for", "på", "av", "til", "ved", "the", "of", "and", "&", "–", "-"])


def find_sender(
    signature: str, sender_name: str, sender_email: str, text: str = "", *, providers: Set[str] = frozenset()
) -> Sender:
    """Decide whom a sender speaks for.

    What a sender declares comes first (a form's «Virksomhet:», «på vegne av …», «på egne vegne»), then what stands in
    the signature, the name and the address, the register before the words of a name, then how the sender presents
    itself in the text.

    Args:
        signature: The lines of the mail's signature, and of its attachments' letterheads.
        sender_name: The name in the From header.
        sender_email: The address; its domain names many organisations.
        text: The subject and the sender's own words.
        providers: Domains that people of no organisation share (see `shared_domains`), beside the well-known ones.
    """
    domain = _domain(sender_email)
    found = (
        _declared(f"{signature}\n{text}")
        or _by_register(signature, sender_name, domain)
        or _by_words(signature, sender_name, domain, text, is_provider=domain in providers)
    )
    is_society = found.organisation.endswith(("selskap", "selskapet"))  # «… organiserer tannleger med interesse for …»
    if found.organisation and not is_society and load_register().named(found.organisation) is None:
        return replace(found, organisation_type=_sharper(found.organisation_type, text))
    return found


def _declared(said: str) -> Sender | None:
    """What a sender says outright: a line of a form, «på vegne av …», «på egne vegne»."""
    for match in DECLARED.finditer(said):
        who = match["who"].strip(" *|\t")
        if match["label"].lower() == "kommune" and not re.search(r"kommune|herad", who, re.IGNORECASE):
            who = f"{who} kommune"
        if PRIVATE.search(who):
            return Sender("", "privatperson", "label")
        if found := _organisation(who, "label"):
            return found
    for match in BEHALF.finditer(said):
        if found := _organisation(_first_name(match["who"]), "behalf"):
            return found
    for match in FOR_LINE.finditer(said):
        if len(match["who"].split()) <= MAX_FOR_WORDS and (found := _organisation(match["who"], "behalf")):
            return found
    return Sender("", "privatperson", "behalf") if OWN_BEHALF.search(said) else None


def _organisation(who: str, basis: Basis) -> Sender | None:
    """An organisation by its name alone: the register's, or one whose words tell its type."""
    if body := _registered(f", {who}"):
        return Sender(body.name, body.organisation_type, basis)
    kind = organisation_type(who)
    is_name = any(letter.isupper() for letter in who) and not NO_NAME.match(who)
    return Sender(_clean(who), kind, basis) if kind and is_name else None


def _registered(line: str) -> Body | None:
    """The register's body in a line, unless the words around the name make another's («Fagforbundet Bergen kommune»)."""
    found = load_register().within(line)
    if found is None:
        return None
    before = re.split(r"[,;:()–/|]", line[: found.span.start])[-1]
    after = re.split(r"[,;:()–/|-]", line[found.span.end :])[0]
    kinds = {
        organisation_type(words) for words in (before, after) if not UNIT.match(words) and not COUNCIL_OF.match(words)
    }
    return found.body if kinds <= {"", found.body.organisation_type} else None


def _first_name(words: str) -> str:
    """The name at the start of a sentence's rest: «Bergen kommune vil jeg takke …» -> «Bergen kommune»."""
    found = load_register().within(", " + " ".join(words.split()[:9]))
    if found:
        return found.body.name
    name: list[str] = []
    n_small = 0
    for word in words.split():
        if name and {"for", "mot"} & set(name) and word[:1].islower() and word not in JOINING | NOT_IN_NAMES:
            n_small += 1
            if n_small > MAX_SMALL_WORDS:
                break
            name.append(word)
            continue
        joins = word in JOINING or (
            name and re.match(r"[a-zæøå-]*(?:kommun|fork|foren|forein|forbund|sykehus|sjukehus)", word)
        )
        if (
            not joins
            and not word[:1].isupper()
            and name
            and not re.match(r"\w*(?:universitet|høgskule|høgskole|forening|foreining|lag|råd)\b", word)
        ):
            break
        name.append(word)
        if word.endswith(","):
            break
    while name and name[-1] in JOINING:
        name.pop()
    return " ".join(name).strip(" ,")


def _by_register(signature: str, sender_name: str, domain: str) -> Sender | None:
    """The register's body: the one that signature and address agree on, else the signature's, else the address's."""
    register = load_register()
    by_domain = register.at(domain)
    lines = [
        line
        for line in [*signature.split("\n"), sender_name]
        if len(line) <= MAX_SIGNATURE_LINE and not _is_sentence(line)
    ]
    bodies = [body for line in lines for piece in re.split(r"[|•·]", line) if (body := _registered(piece.strip()))]
    if by_domain is not None and (by_domain in bodies or not bodies):
        return Sender(by_domain.name, by_domain.organisation_type, "domain" if not bodies else "signature")
    return Sender(bodies[0].name, bodies[0].organisation_type, "signature") if bodies else None


class _Clues(NamedTuple):
    """What there is to go by where the register knows nobody.

    `pieces` are the parts of the signature's lines and the sender's name, the likeliest to name a body first; `signed`
    is the piece that the domain spells; `name` is what the body is called by it, or by the domain alone. `free` tells
    whether the address is a person's own, at a provider or at home.
    """

    signature: str
    sender_name: str
    text: str
    stem: str
    free: bool
    pieces: Sequence[str]
    signed: str
    name: str

    @property
    def said(self) -> str:
        return f"{self.signature}\n{self.text}"

    @property
    def at_work(self) -> bool:
        """Whether the sender writes in a working role, though the workplace may not be named."""
        roles = (PROFESSION.search(self.signature), OWN_PROFESSION.search(self.text), AT_WORK.search(self.text))
        return any(roles)


def _by_words(signature: str, sender_name: str, domain: str, text: str, *, is_provider: bool) -> Sender:
    """Whom the words tell where the register knows nobody."""
    clues = _clues(signature, sender_name, domain, text, is_provider=is_provider)
    return (
        _signed_by(clues)
        or _municipality_of(clues)
        or _presented(text)
        or _led(clues)
        or _private(clues)
        or (_at_home(clues) if clues.free else _at_an_address_of_its_own(clues))
    )


def _clues(signature: str, sender_name: str, domain: str, text: str, *, is_provider: bool) -> _Clues:
    lines = [part.strip() for line in [*signature.split("\n"), sender_name] for part in re.split(r"[|•·/]", line)]
    pieces = [piece for line in lines for piece in _pieces(line)]
    stem = domain.rsplit(".", 1)[0] if "." in domain else domain
    free = is_provider or not stem or bool(FREE_MAIL.match(stem.rsplit(".", 1)[-1])) or _is_family(stem, sender_name)
    own = [piece for piece in pieces if piece != sender_name]
    signed = next((piece for piece in own if _spells(piece, stem)), "") or next(filter(_is_firm, own), "")
    words = _words_of(stem)
    by_domain = "" if free else _spelt_in(f"{signature}\n{text}", stem) or words[:1].upper() + words[1:]
    # The line that shares its name with the address is the organisation; a department is a piece of one.
    pieces.sort(key=lambda piece: (bool(UNIT.match(piece)), free or folded(words)[:5] not in folded(piece)))
    return _Clues(signature, sender_name, text, stem, free, pieces, signed, _clean(signed) or by_domain)


def _signed_by(clues: _Clues) -> Sender | None:
    """The first line of the signature whose words tell a kind of body."""
    for piece in clues.pieces:
        if kind := organisation_type(piece):
            name = _clean(piece)
            if BARE_ROLE.match(piece):
                return Sender(clues.name, kind, "domain")
            if NO_NAME.match(name):
                return _presented(clues.text) or Sender(clues.name, kind, "domain")
            return Sender(name, kind, "signature")
    return None


def _municipality_of(clues: _Clues) -> Sender | None:
    """The municipality or county in the text that the address is named after."""
    start = folded(_words_of(clues.stem))[:5]
    for match in NAMED_MUNICIPALITY.finditer(clues.text) if not clues.free else ():
        if folded(match["name"])[:5] == start:
            return Sender(match.group(), organisation_type(match.group()), "text")
    return None


def _led(clues: _Clues) -> Sender | None:
    """The kind of body that the sender leads («som leiar i mållaget»)."""
    kinds = (organisation_type(match["who"]) for match in LEADS.finditer(clues.text))
    kind = next(filter(None, kinds), "")
    return Sender(clues.name, kind, "text") if kind else None


def _private(clues: _Clues) -> Sender | None:
    """A private person, where the words say so and neither address nor words speak of a body."""
    alone = clues.free or (FIRST_PERSON.search(clues.said) and not _type_of_stem(clues.stem))
    says_so = PRIVATE.search(clues.said) or RETIRED.search(clues.signature)
    return Sender("", "privatperson", "text") if alone and says_so and not PRESENTS.search(clues.text) else None


def _at_home(clues: _Clues) -> Sender:
    """Whom a private address stands for: its owner, unless the words tell of a body or of work."""
    if kind := _it_is(clues.text):
        return Sender("", kind, "text")
    if clues.text.strip() and not clues.at_work and _has_name(clues.sender_name, clues.signature):
        return Sender("", "privatperson", "text")
    return Sender("", "ukjent")


def _at_an_address_of_its_own(clues: _Clues) -> Sender:
    """Whom a domain that is no provider's stands for."""
    text, stem = clues.text, clues.stem
    kind = (
        organisation_type(_words_of(stem))
        or _type_of_stem(stem)
        or _it_is(text)
        or _sharper("", text)
        or _told_of_itself(text, stem)
        or _told_by_the_way(clues)
    )
    speaks_alone = FIRST_PERSON.search(text) and not WE.search(text)
    if not kind and not clues.signed and speaks_alone and not clues.at_work:
        return Sender("", "privatperson", "text")  # an address at some small provider
    return Sender(clues.name if kind or clues.signed else "", kind or "ukjent", "domain")


def _words_of(stem: str) -> str:
    """A domain without its ending as words: «lia-kommune» -> «lia kommune»."""
    return re.sub(r"[-_.]", " ", stem)


def _is_firm(piece: str) -> bool:
    """Whether a piece of a signature ends as firms' names do («Nordfjord Logistikk»)."""
    return bool(FIRM_NAME.match(piece)) and not UNIT.match(piece)


def _it_is(text: str) -> str:
    """The type by what the sender says that it is («Vi er sju kommuner som …», «We are a small publisher»)."""
    kinds = (
        "kommune" if MUNICIPALITIES.search(match["what"]) else organisation_type(match["what"])
        for match in WE_ARE.finditer(text)
    )
    return next(filter(None, kinds), "")


def _told_by_the_way(clues: _Clues) -> str:
    """The type by the sender's role, what it calls its own, or how it signs; empty when none of it tells."""
    text = clues.text
    places = (organisation_type(match["who"]) for match in (*BODY_SPEAKS.finditer(text), *WE_AT.finditer(text)))
    if kind := next(filter(None, places), ""):
        return kind
    own_role = OWN_PROFESSION.search(text)
    roles = [line for line in clues.signature.split("\n") if not _is_sentence(line)]
    said_roles = "\n".join([*roles, own_role.group() if own_role else ""])
    if kind := next((kind for kind, pattern in ROLE_TYPES if pattern.search(said_roles)), ""):
        return kind
    for kind, pattern in OURS:
        if match := pattern.search(text):
            of_the_ill = kind == "interesseorganisasjon" and ILLNESS.search(_sentence_at(text, match))
            return "pasientorganisasjon" if of_the_ill else kind
    if any(_spells(match["who"].split(" (")[0], clues.stem) for match in FOR_LINE.finditer(clues.signature)):
        return "interesseorganisasjon"  # who signs for a firm writes its name alone
    is_firm = FIRM_STEM.search(clues.stem) or any(map(_is_firm, clues.pieces)) or MANAGER.search(said_roles)
    return "næringsliv" if is_firm else ""


def _sentence_at(text: str, match: re.Match[str]) -> str:
    """The sentence in which a match begins, to its line's end at most."""
    return re.split(r"[.!?\n]", text[: match.start()])[-1] + re.split(r"[.!?\n]", text[match.start() :])[0]


def _is_family(stem: str, sender_name: str) -> bool:
    """Whether a domain is the sender's own («moenfamilien», «lillevikgard», «olanordmann»), and no firm's."""
    names = [folded(word) for word in sender_name.split()]
    rest = folded(stem)
    if len(names) < MIN_NAMES or len(names[-1]) < MIN_SURNAME or names[-1] not in rest:
        return False
    for name in reversed(names):
        rest = rest.replace(name, "", 1)
    return rest in FAMILY


def _has_name(sender_name: str, signature: str) -> bool:
    """Whether a person stands behind an address by name, and not by initials alone."""
    return not INITIALS.fullmatch(sender_name) or bool(FULL_NAME.search(signature))


def _spelt_in(said: str, stem: str) -> str:
    """The name that the sender writes and the domain spells («Boka Innenfor», bokainnenfor.example); empty if none."""
    name = folded(stem)
    words = list(NAME_WORD.finditer(said))
    for first, word in enumerate(words):
        if not word.group()[0].isupper():
            continue
        spelt = ""
        for last in words[first : first + MAX_FOR_WORDS]:
            spelt += folded(last.group())
            if not name.startswith(spelt):
                break
            written = said[word.start() : last.end()]
            if spelt == name and "\n" not in written:
                return written
    return ""


def _spells(piece: str, stem: str) -> bool:
    """Whether a line has the name of a domain («Corvidian Health AI», «Stiftelsen Corvidian», corvidian.example)."""
    name, line = folded(stem), folded(piece)
    return bool(name) and (line == name or (len(name) >= MIN_STEM and (line.startswith(name) or line.endswith(name))))


def _sharper(kind: str, text: str) -> str:
    """A type by how the sender presents itself, where the name says only that it is an association, or nothing."""
    if kind not in ("", "ukjent", "interesseorganisasjon"):
        return kind
    presents = [match.group() for match in PRESENTS.finditer(text)]
    members = [
        re.split(r"[.\n]", text[max(0, match.start() - MAX_BEFORE_MEMBERS) : match.start()])[-1] + match.group()
        for match in MEMBERS.finditer(text)
    ]
    presents += members
    told = [organisation_type(words) for words in presents]
    if "fagforening" in told or any(EMPLOYEES.search(words) for words in presents):
        return "fagforening"
    if "pasientorganisasjon" in told or any(
        ILLNESS.search(words) and (kind or ASSOCIATION.search(words)) for words in presents
    ):
        return "pasientorganisasjon"
    if kind == "interesseorganisasjon" or members:
        return "interesseorganisasjon"
    if INTERMUNICIPAL.search(text):
        return "kommune"
    return "akademia" if RESEARCHES.search(text) else kind


def _told_of_itself(text: str, stem: str) -> str:
    """The type by what a sentence says of whom the domain is named after."""
    for match in ITSELF.finditer(text):
        if _spells(match["who"], stem):
            kind = "næringsliv" if match["sells"] else "akademia" if match["studies"] else ""
            if kind := kind or organisation_type(match["what"]):
                return kind
    return ""


def _presented(text: str) -> Sender | None:
    """Who the text says that it is from: «Innspill fra …», «Vi i …», «… takker for høvet», «jeg arbeider ved …»."""
    subject = SUBJECT_NAME.match(text)
    body = load_register().named(subject["who"]) if subject else None
    if body:
        return Sender(body.name, body.organisation_type, "text")
    for pattern in (ANSWER_FROM, HEADING_FROM, WE_IN, SPEAKS, MY_WORKPLACE):
        for match in pattern.finditer(text):
            name = next(group for group in match.groups() if group)
            if pattern is not SPEAKS:  # there the verb tells where the name ends
                name = _first_name(name)
            if (found := _organisation(name, "text")) and len(name.split()) <= MAX_FOR_WORDS:
                return found
    return None


def shared_domains(senders: Sequence[Sender], addresses: Sequence[str]) -> frozenset[str]:
    """The domains from which several people write and nobody signs for an organisation: mail providers.

    Args:
        senders: As found, one for each message.
        addresses: Their addresses, in the same order.
    """
    people: dict[str, set[str]] = {}
    taken = set()
    for sender, address in zip(senders, addresses, strict=True):
        people.setdefault(_domain(address), set()).add(address.lower())
        if sender.organisation or sender.organisation_type not in ("ukjent", "privatperson"):
            taken.add(_domain(address))
    return frozenset(domain for domain, writers in people.items() if len(writers) > 1 and domain not in taken)


def spelt_alike(senders: Sequence[Sender], addresses: Sequence[str]) -> list[Sender]:
    """The same senders with each organisation spelt in one way through the mailbox.

    Spellings that differ in capitals, hyphens or legal form («Kaibygg», «KAIBYGG AS») take the commonest, the longest
    of equals. A sender whose organisation is only guessed from the domain takes the name that others at that domain
    sign with, if they agree.

    Args:
        senders: As found, one for each message.
        addresses: Their addresses, in the same order.
    """
    spellings: dict[str, Counter[str]] = {}
    for sender in senders:
        if sender.organisation and sender.basis != "domain":
            spellings.setdefault(_spelling_key(sender.organisation), Counter())[sender.organisation] += 1
    best = {key: max(names, key=lambda name: (names[name], len(name), name)) for key, names in spellings.items()}
    alike = [
        replace(sender, organisation=best.get(_spelling_key(sender.organisation), sender.organisation))
        for sender in senders
    ]
    agreed = _agreed(alike, addresses)
    return [
        agreed.get(_domain(address), sender) if _is_guess(sender, address) else sender
        for sender, address in zip(alike, addresses, strict=True)
    ]


def _is_guess(sender: Sender, address: str) -> bool:
    """Whether an organisation is only what a domain of nobody in the register sounds like."""
    return sender.basis == "domain" and load_register().at(_domain(address)) is None


def _agreed(senders: Sequence[Sender], addresses: Sequence[str]) -> dict[str, Sender]:
    """Domain -> the organisation that all who sign from it name."""
    named: dict[str, set[tuple[str, str]]] = {}
    for sender, address in zip(senders, addresses, strict=True):
        if sender.organisation and sender.basis in ("signature", "label", "behalf"):
            named.setdefault(_domain(address), set()).add((sender.organisation, sender.organisation_type))
    return {domain: Sender(*names.pop(), "domain") for domain, names in named.items() if domain and len(names) == 1}


def _domain(address: str) -> str:
    return address.rsplit("@", 1)[-1].lower() if "@" in address else ""


def _spelling_key(name: str) -> str:
    return folded(LEGAL_FORM.sub("", name)) or name


@lru_cache(maxsize=50_000)
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
        ("fylkeskommune", "fylke"), ("kommune", "kommun"), ("helseforetak", "sykehus"), ("helseforetak", "sjukehus"),
        ("akademia", "universitet"), ("akademia", "hogskule"), ("akademia", "hoyskole"), ("akademia", "hogskole"),
        ("akademia", "hogskulen"), ("akademia", "uni."), ("akademia", "fagskole"), ("akademia", "fagskule"),
        ("statlig", "direktorat"), ("statlig", "departement"), ("statlig", "tilsyn"), ("statlig", "ombud"),
        ("statlig", "ombod"), ("fagforening", "forbund"), ("fagforening", "fagforen"), ("pasientorganisasjon", "pasient"),
        ("kommune", "skule"), ("kommune", "skole"), ("kommune", "barnehage"), ("kommune", "bhg"),
        ("kommune", "sjukeheim"), ("kommune", "sykehjem"), ("kommune", "legevakt"), ("kommune", "responssent"),
        ("næringsliv", "advokat"), ("næringsliv", "legesenter"), ("næringsliv", "apotek"), ("næringsliv", "revisjon"),
        ("næringsliv", "tannklinikk"), ("næringsliv", "konsult"), ("næringsliv", "consult"), ("næringsliv", "software"),
        ("næringsliv", "medtek"), ("næringsliv", "forlag"), ("næringsliv", "bokhandel"), ("næringsliv", "rekneskap"),
        ("næringsliv", "regnskap"), ("næringsliv", "taxi"), ("næringsliv", "turbil"), ("næringsliv", "rederi"),
        ("interesseorganisasjon", "laget"), ("interesseorganisasjon", "foren"), ("interesseorganisasjon", "forein"),
        ("interesseorganisasjon", "nettverk"), ("interesseorganisasjon", "radet"), ("interesseorganisasjon", "raadet"),
        ("interesseorganisasjon", "stiftelse"), ("interesseorganisasjon", "forum"), ("interesseorganisasjon", "rorsla"),
        ("interesseorganisasjon", "aksjon"), ("interesseorganisasjon", "venner"), ("interesseorganisasjon", "sirkel"),
        ("interesseorganisasjon", "lesering"), ("kommune", "bibliotek"),
    )  # fmt: skip
    if stem.startswith("uni-"):
        return "akademia"
    kind = next((kind for kind, word in inside if word in stem), "")
    return kind or ("interesseorganisasjon" if SOCIETY_STEM.search(stem) else "")


def _pieces(line: str) -> Sequence[str]:
    """A signature line and, when it names a role or several units («rådgiver, Heia kommune»), its parts, last first."""
    if len(line) > 110 or _is_sentence(line):
        return ()
    parts = [part.strip() for part in line.split(",")]
    return [*reversed(parts)] if len(parts) > 1 else [line]


def _is_sentence(line: str) -> bool:
    """Whether a line is an address, says something, or names others, and is no line that names the sender."""
    says = len(line.split()) > MAX_NAME_LINE and (SAYS.search(line) or line.rstrip().endswith("."))
    return "@" in line or bool(says) or bool(OTHERS_NAME.match(line))


def _clean(candidate: str) -> str:
    """The name of the organisation in a signature line, without the role before it."""
    text = TAGLINE.sub("", LABEL.sub("", ON_BEHALF.sub("", candidate.strip(" .,-–"))))
    role = ROLE.match(text)
    if role and not organisation_type(role.group()):  # «Direktoratet for …» holds «rektor»
        text = text[role.end() :] or text
    text = COUNCIL_OF.sub("", text) or text
    named = re.search(rf"{NAME}(?:{JOINER}\s+{NAME})*\s+(?:kommune|fylkeskommune)\b", text)
    return named.group() if named else text
