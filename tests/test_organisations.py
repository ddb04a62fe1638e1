"""Whom a sender speaks for."""

import pytest

from innspill.reading.organisations import Sender, find_sender, organisation_type


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Heia kommune", "kommune"),
        ("Bydel Lia", "kommune"),
        ("Vestdal fylkeskommune", "fylkeskommune"),
        ("Fjordvik sykehus HF", "helseforetak"),
        ("Nordfjella sjukehus", "helseforetak"),
        ("Universitetet i Lia", "akademia"),
        ("Høgskulen i Dalen", "akademia"),
        ("Havnedirektoratet", "statlig"),
        ("Statsforvalteren i Lia", "statlig"),
        ("Kaibygg AS", "næringsliv"),
        ("Lærerforbundet", "fagforening"),
        ("Pasientforeningen Lia", "pasientorganisasjon"),
        ("Kystvennenes forening", "interesseorganisasjon"),
        ("Kari Lid", ""),
    ],
)
def test_a_name_tells_the_type(name: str, kind: str) -> None:
    assert organisation_type(name) == kind


def test_the_signature_names_the_organisation() -> None:
    sender = find_sender("Unni Moe\nbibliotekar, Heia kommune\ntlf. 22 11 33 44", "Unni Moe", "unni@heia.example")
    assert sender == Sender("Heia kommune", "kommune")


def test_the_sender_s_name_may_be_the_organisation() -> None:
    assert find_sender("", "Heia kommune", "post@heia.example").organisation_type == "kommune"


def test_the_domain_tells_when_nothing_else_does() -> None:
    assert find_sender("Unni Moe", "Unni Moe", "unni@lia-kommune.example").organisation_type == "kommune"


def test_a_private_address_alone_tells_nothing() -> None:
    assert find_sender("Unni", "Unni Moe", "unni@folk.example") == Sender("", "ukjent")


def test_who_writes_as_a_citizen_is_a_private_person() -> None:
    sender = find_sender("Unni", "Unni Moe", "unni@folk.example", "Jeg skriver som pårørende og mor til to.")
    assert sender == Sender("", "privatperson")


def test_a_title_is_not_the_organisation() -> None:
    assert find_sender("Unni Moe\nhavnesjef", "Unni Moe", "unni@folk.example").organisation == ""
