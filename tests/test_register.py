"""The register of Norwegian bodies: its shape, and finding a body in it."""

from collections import Counter

import pytest

from innspill.reading.authorship.register import Body, folded, load_register, names_of
from innspill.records import ORGANISATION_TYPES

BODIES = load_register().bodies


def name(body: Body | None) -> str:
    return body.name if body else ""


def test_every_municipality_and_county_is_in_it() -> None:
    counted = Counter(body.organisation_type for body in BODIES)
    assert counted["kommune"] == 357
    assert counted["fylkeskommune"] == 14  # the fifteenth county, Oslo, is a municipality


def test_official_names_are_unique() -> None:
    assert [body for body, times in Counter(body.name for body in BODIES).items() if times > 1] == []


def test_types_are_those_of_the_contract() -> None:
    assert {body.organisation_type for body in BODIES} <= set(ORGANISATION_TYPES) - {"privatperson", "ukjent"}


def test_no_name_belongs_to_two_bodies() -> None:
    owners: dict[str, set[str]] = {}
    for body in BODIES:
        for alias in names_of(body):
            owners.setdefault(" ".join(alias.casefold().replace("-", " ").split()), set()).add(body.name)
    assert {alias: bodies for alias, bodies in owners.items() if len(bodies) > 1} == {}


def test_every_name_leads_to_its_own_body() -> None:
    lost = [(body.name, alias) for body in BODIES for alias in names_of(body) if load_register().named(alias) != body]
    assert lost == []


def test_no_domain_belongs_to_two_bodies() -> None:
    counted = Counter(domain for body in BODIES for domain in body.domains)
    assert [domain for domain, times in counted.items() if times > 1] == []


def test_no_municipality_goes_by_a_bare_place_name() -> None:
    bare = {body.name.removesuffix(" kommune").removesuffix(" herad").casefold(): body.name for body in BODIES}
    found = {alias for body in BODIES for alias in body.aliases if bare.get(alias.casefold(), "").endswith("kommune")}
    assert found == set()


def test_no_cell_has_stray_blanks_or_addresses() -> None:
    values = [value for body in BODIES for value in (body.name, *body.aliases, *body.domains)]
    assert [value for value in values if value != " ".join(value.split()) or "@" in value] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OUS", "Oslo universitetssykehus HF"),
        ("Oslo universitetssjukehus", "Oslo universitetssykehus HF"),
        ("Bufdir", "Barne-, ungdoms- og familiedirektoratet"),
        ("HSØ", "Helse Sør-Øst RHF"),
        ("SSB", "Statistisk sentralbyrå"),
        ("Statsforvaltaren i Vestland", "Statsforvalteren i Vestland"),
        ("Guovdageainnu suohkan", "Kautokeino kommune"),
        ("Guovdageaidnu", "Kautokeino kommune"),
        ("Kvam kommune", "Kvam herad"),
        ("Bergen Municipality", "Bergen kommune"),
        ("Sør-Varanger kommune", "Sør-Varanger kommune"),
        ("Sør Varanger Kommune", "Sør-Varanger kommune"),
        ("Delta", "Delta"),
    ],
)
def test_a_body_is_found_by_each_of_its_names(text: str, expected: str) -> None:
    assert name(load_register().named(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["Os", "Bø", "Hå", "Vang", "Voss", "Sola", "nav", "delta", "mental helse", "Våler kommune", "Herøy kommune", ""],
)
def test_a_word_that_may_mean_anything_names_nobody(text: str) -> None:
    assert load_register().named(text) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Kari Nordmann – Bergen kommune", "Bergen kommune"),
        ("seniorrådgiver, Helsedirektoratet", "Helsedirektoratet"),
        ("rådgiver Helsedirektoratet, avdeling statistikk", "Helsedirektoratet"),
        ("Karasjok kommune / Kárášjoga gielda", "Karasjok kommune"),
        ("Avdeling for radiologi, Sørlandet sykehus HF, Arendal", "Sørlandet sykehus HF"),
        ("Helse Nord-Trøndelag HF", "Helse Nord-Trøndelag HF"),
        ("mvh kari, bergen kommune", "Bergen kommune"),
    ],
)
def test_a_body_is_found_in_a_line_of_a_signature(line: str, expected: str) -> None:
    found = load_register().within(line)
    assert found
    assert found.body.name == expected


@pytest.mark.parametrize(
    "line",
    [
        "Kari Haukeland",
        "Nordre Bergen kommune",
        "Ny-Bergen kommune",
        "Helse Vest-Fjordane HF",
        "Vi vil gjerne delta på møtet",
        "rådgiver i psykisk og mental helse",
        "Voss, 12. oktober 2026",
        "Seksjon for pasientreiser",
        "Os sentrum",
        "KS",
        "Jeg bor i Sola",
    ],
)
def test_a_longer_name_or_a_person_is_no_body_of_the_register(line: str) -> None:
    assert load_register().within(line) is None


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("helse-bergen.no", "Helse Bergen HF"),
        ("ihelse.helse-bergen.no", "Helse Bergen HF"),
        ("hå.kommune.no", "Hå kommune"),
        ("ha.kommune.no", "Hå kommune"),
        ("nord-aurdal.kommune.no", "Nord-Aurdal kommune"),
        ("aalesund.kommune.no", "Ålesund kommune"),
        ("io.kommune.no", "Indre Østfold kommune"),
        ("heroy-no.kommune.no", "Herøy kommune (Nordland)"),
        ("voss.herad.no", "Voss herad"),
        ("datatilsynet.example", "Datatilsynet"),
        ("bergen-kommune.example", "Bergen kommune"),
        ("folk.example", ""),
        ("gmail.com", ""),
        ("ukjent.kommune.no", ""),
        ("", ""),
    ],
)
def test_a_domain_tells_the_body(domain: str, expected: str) -> None:
    assert name(load_register().at(domain)) == expected


def test_letters_are_folded_as_domains_write_them() -> None:
    assert folded("Ås") == folded("aas") == "as"
    assert folded("Deaŧnu Čáhcesuolu") == "deatnucahcesuolu"


def test_a_very_long_line_is_left_alone() -> None:
    assert load_register().within("Bergen kommune " * 1000) is None
