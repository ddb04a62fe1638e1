"""The register of Norwegian bodies: from a name, a short form or a domain to the body that goes by it.

The rows are data (``data/organisations.tsv``). What follows from a rule is not listed there: a municipality is also
«… municipality», and writes from ``<its name>.kommune.no``.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from innspill.records import ORGANISATION_TYPES, Span

# A longer line is no line of a signature.
MAX_LINE = 300
# A name of one short word («Delta», «KLP») must be spelt with the register's own capitals.
SHORT_NAME = 7
# Two letters alone in a line may be somebody's initials.
MIN_ALONE = 3
# A domain that spells a name is told from a chance likeness by this many letters.
MIN_SPELT = 6
# «Nordre Bergen kommune» is not Bergen.
MODIFIERS = frozenset([
    "nord", "sør", "øst", "vest", "nordre", "søndre", "østre", "vestre", "øvre", "nedre", "indre", "ytre", "midtre",
    "nye", "ny", "store", "lille", "vesle", "gamle",
])  # fmt: skip
# What may stand before a name of one word in the same breath: «rådgiver Helsedirektoratet», but not «Kari Haukeland».
LEADING_WORD = re.compile(
    r"^(?:\w*(?:rådgiver|rådgjevar|leder|leiar|direktør|lege|sykepleier|sjukepleiar|sjef|advokat|forsker|forskar"
    r"|professor|konsulent|koordinator|ansvarlig|ansvarleg|sekretær|fra|frå|styret)|hilsen|helsing|for|i|ved|hos|på)$",
    re.IGNORECASE,
)
# The endings and stems in which names differ between bokmål and nynorsk.
SAME_WORDS = (
    (re.compile(r"(?:forening|forein)(?:ing)?(?:en|a|enes|anes)?$"), "forening"),
    (re.compile(r"forbund(?:et)?$"), "forbund"),
    (re.compile(r"^noreg"), "norge"),
    (re.compile(r"sjuk"), "syk"),
    (re.compile(r"(?:høgskule|høgskole|høyskole|høgskul|høyskul)(?:en|n)?$"), "høgskole"),
    (re.compile(r"(?<=l)ærar"), "ærer"),
    (re.compile(r"(?<=[tkv])ar(?=en$|ens$)"), "er"),
    (re.compile(r"ombod"), "ombud"),
    (re.compile(r"(?<=\w)(?:ane|ene)$"), "ene"),
)
# Short names that are people's given names too: only where they stand alone.
GIVEN_NAMES = frozenset({"nina", "siva", "delta"})
MUNICIPAL_DOMAIN = re.compile(r"(?:^|\.)(?P<name>[^.]+)\.(?:kommune|herad|suohkan|gielda)\.[a-z]+$")
# Names with such a word are known in small letters too.
SAYS_KIND = re.compile(
    r"kommun|fylke|herad|suohkan|gielda|s[yj]u?kehus|hospital|f[oø]retak|universitet|h[øo][gy]sk|direktorat|departement"
    r"|tilsyn|forvalt|omb[ou]d|for[ei]+n|forbund|institutt|register|byrå|\b(?:hf|rhf|as|sf)\b"
)
WORD = re.compile(r"\w+")
PLAIN_LETTERS = str.maketrans("æøđŋŧ", "aodnt")
STRAY = " .,;:–-"


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the register: its official name, its type (one of `ORGANISATION_TYPES`), what else it goes by."""

    name: str
    organisation_type: str
    aliases: tuple[str, ...]
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A body, and where its name stands in the line that it was looked for in."""

    body: Body
    span: Span


@dataclass(frozen=True, slots=True)
class Register:
    """The bodies, and three ways to find one: by name, by domain, by a domain that spells the name.

    `sizes` tells, for each word that a name begins with, how many words such names have.
    """

    bodies: tuple[Body, ...]
    by_name: Mapping[str, tuple[tuple[str, ...], Body]]
    sizes: Mapping[str, Set[int]]
    by_domain: Mapping[str, Body]
    by_spelling: Mapping[str, Body]

    def named(self, text: str) -> Body | None:
        """The body that `text` as a whole names, whatever its hyphens and spaces.

        >>> load_register().named("Statsforvaltaren i Rogaland").name
        'Statsforvalteren i Rogaland'
        """
        found = self.by_name.get(_key(text))
        return found[1] if found and _spelt_so(text, found[0]) else None

    def within(self, line: str) -> Found | None:
        """The body that a line names among other words; of several, the longest name, then the first.

        >>> load_register().within("Kari Nordmann – Bergen kommune").body.name
        'Bergen kommune'
        >>> load_register().within("Kari Haukeland") is None
        True
        """
        if len(line) > MAX_LINE:
            return None
        words = list(WORD.finditer(line))
        levelled = [_levelled(word.group()) for word in words]
        places = [(-size, first) for first, word in enumerate(levelled) for size in self.sizes.get(word, ())]
        for negative, first in sorted(places):
            size = -negative
            found = self.by_name.get(" ".join(levelled[first : first + size]))
            if not found or first + size > len(words):
                continue
            span = Span(words[first].start(), words[first + size - 1].end())
            if _stands_alone(line, words, first, size) and _spelt_so(span.of(line), found[0]):
                return Found(found[1], span)
        return None

    def at(self, domain: str) -> Body | None:
        """The body that writes from a domain, or from one under it.

        >>> load_register().at("post.nore-og-uvdal.kommune.no").name
        'Nore og Uvdal kommune'
        """
        labels = domain.lower().strip(".").split(".")
        for start in range(len(labels) - 1):
            if body := self.by_domain.get(".".join(labels[start:])):
                return body
        municipal = MUNICIPAL_DOMAIN.search(domain.lower())
        if municipal:
            return self.by_spelling.get(folded(municipal["name"]) + "kommune")
        spelt = folded(labels[-2]) if len(labels) > 1 else ""
        return self.by_spelling.get(spelt) if len(spelt) >= MIN_SPELT else None


@lru_cache(maxsize=1)
def load_register() -> Register:
    """Read the register, once."""
    lines = files("innspill").joinpath("data/organisations.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
    bodies = tuple(
        Body(row["name"], row["type"], tuple(_listed(row["aliases"])), tuple(_listed(row["domains"]))) for row in rows
    )
    unknown = {body.organisation_type for body in bodies} - set(ORGANISATION_TYPES)
    if unknown:
        raise ValueError(f"data/organisations.tsv holds unknown types: {', '.join(sorted(unknown))}.")
    names: dict[str, tuple[tuple[str, ...], Body]] = {}
    for body in bodies:
        for name in names_of(body):
            spellings, owner = names.setdefault(_key(name), ((), body))
            names[_key(name)] = ((*spellings, name), owner)
    sizes: dict[str, set[int]] = {}
    for key in names:
        first, *rest = key.split()
        sizes.setdefault(first, set()).add(1 + len(rest))
    return Register(
        bodies,
        names,
        sizes,
        {domain: body for body in bodies for domain in body.domains},
        {folded(name): body for spellings, body in names.values() for name in spellings},
    )


def names_of(body: Body) -> tuple[str, ...]:
    """Every name that a body goes by, those included that follow from a rule."""
    short = body.name.removesuffix(" kommune").removesuffix(" herad")
    is_municipality = body.organisation_type == "kommune" and short != body.name
    ruled = (f"{short} Municipality", f"Municipality of {short}", f"{short} kommune") if is_municipality else ()
    return (body.name, *body.aliases, *(name for name in ruled if name not in (body.name, *body.aliases)))


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Letters and digits alone, small, with å, æ, ø and Sámi letters as domains write them.

    >>> folded("Sør-Varanger") == folded("soer-varanger") == folded("sorvaranger")
    True
    """
    letters = unicodedata.normalize("NFD", text.casefold().translate(PLAIN_LETTERS))
    letters = "".join(letter for letter in letters if letter.isalnum())
    return letters.replace("aa", "a").replace("ae", "a").replace("oe", "o")


def _key(text: str) -> str:
    return " ".join(map(_levelled, WORD.findall(text)))


@lru_cache(maxsize=50_000)
def _levelled(word: str) -> str:
    """A word in one form for bokmål and nynorsk: the register need not list «foreininga» beside «foreningen»."""
    word = word.casefold()
    for pattern, same in SAME_WORDS:
        word = pattern.sub(same, word)
    return word


def _spelt_so(text: str, spellings: Sequence[str]) -> bool:
    """Whether the capitals are right where they must be: «Delta» is a union, «delta» is to take part."""
    if text.islower() and not SAYS_KIND.search(text):  # «rådgiver i psykisk og mental helse»
        return False
    if len(spellings[0]) > SHORT_NAME or " " in spellings[0]:
        return True
    return text.strip(STRAY) in {spelt.strip(STRAY) for name in spellings for spelt in (name, name.upper())}


def _stands_alone(line: str, words: list[re.Match[str]], first: int, size: int) -> bool:
    """Whether the words are a name of their own, and no piece of a longer one («Nordre Bergen kommune»)."""
    start, end = words[first].start(), words[first + size - 1].end()
    if size == 1 and words[first].group().casefold() in GIVEN_NAMES:
        return not re.match(r" ?\w", line[end:]) and not re.search(r"\w $", line[:start])
    if line[end : end + 1] == "-" and line[end + 1 : end + 2].isalpha():
        return False
    before = line[words[first - 1].end() : start] if first else ""
    if not first or before.strip(" "):
        return before != "-" and (size > 1 or end - start >= MIN_ALONE or bool(before.strip()))
    previous = words[first - 1].group()
    if previous.casefold() in MODIFIERS:
        return False
    return size > 1 or previous[:1].islower() or bool(LEADING_WORD.match(previous))


def _listed(cell: str | None) -> Iterator[str]:
    return (value.strip() for value in (cell or "").split(";") if value.strip())
