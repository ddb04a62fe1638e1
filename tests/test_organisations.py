"""Whom a sender speaks for."""

import pytest

from innspill.reading.authorship.organisations import (
    Sender,
    find_sender,
    organisation_type,
    shared_domains,
    spelt_alike,
)
from mails import cases


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


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "kommune",
            "Lia bibliotek|Granli skule|Sundet oppvekstsenter|Solhaug barnehage|Heimetenesta i Dal|Dalen eiendom KF",
        ),
        ("kommune", "Vestdal brann og redning IKS|Åsen bo- og omsorgssenter|PPT Indre Dal|Indre responssenter"),
        ("fylkeskommune", "Lia videregående skole|Dal vidaregåande skule|Vestdal fylkesbibliotek|Dal vgs"),
        ("helseforetak", "Sykehusapotekene i Lia|BUP Dal|Poliklinikken i Lia|Universitetssykehuset i Lia"),
        ("statlig", "Havneverket|Språknemnda|Nasjonalbiblioteket|Lia fengsel"),
        ("akademia", "Universitetsbiblioteket i Lia|Senter for leseforsking|Fagskolen i Dal"),
        (
            "næringsliv",
            "Nattlys forlag|Lia bokhandel|Dal taxi|Leverandørforeningen|Forleggerlaget|Lia tannklinikk|Dal samvirkelag",
        ),
        (
            "fagforening",
            "Sjåførenes Landsforbund|Skolelederforbundet|Museumsansattes forbund|Pleieforbundet|Forskerlaget",
        ),
        (
            "pasientorganisasjon",
            "Hjartelaget|Muskelsjukes forening|Blindes landsforening|Pårørandelaget|Nyreforbundet|ME-foreningen",
        ),
        (
            "interesseorganisasjon",
            "Lia sanitetsforening|Indre mållag|Bibliotekets venner|FAU ved Granli skole|Bygdefolkets allianse",
        ),
        (
            "interesseorganisasjon",
            "Innvandrernettverket|Slektsforskerforeningen|Studentsamskipnaden i Lia|Lia ungdomsråd",
        ),
        (
            "",
            "Kari Lid|Universitetsgata 7|med vennlig hilsen|Kunnskapsgrunnlaget|Forslaget|Fagområdet|Oppslag|tlf. 22 33 44 55|Sendt fra min telefon",
        ),
    ],
)
def test_a_kind_of_body_is_known_in_both_written_forms(kind: str, names: str) -> None:
    assert {name: organisation_type(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), kind)


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


@pytest.mark.parametrize("case", cases("organisations"))
def test_whom_a_sender_speaks_for(case: dict) -> None:
    sender = find_sender(case["signature"], case["sender_name"], case["sender_email"], case["text"])
    assert (sender.organisation, sender.organisation_type) == (case["organisation"], case["organisation_type"])


def test_an_organisation_is_spelt_in_one_way_through_the_mailbox() -> None:
    senders = [Sender(name, "næringsliv", "signature") for name in ("Kaibygg AS", "KAIBYGG", "Kaibygg AS")]
    alike = spelt_alike(senders, ["a@kai.example", "b@kai.example", "c@kai.example"])
    assert {sender.organisation for sender in alike} == {"Kaibygg AS"}


def test_who_does_not_sign_takes_the_name_that_colleagues_sign_with() -> None:
    senders = [Sender("Fjordvik sjukehus HF", "helseforetak", "signature"), Sender("Fsh", "ukjent", "domain")]
    alike = spelt_alike(senders, ["a@fsh.example", "b@fsh.example"])
    assert alike[1] == Sender("Fjordvik sjukehus HF", "helseforetak")


def test_a_domain_that_several_sign_from_tells_nothing() -> None:
    senders = [
        Sender("Lia kommune", "kommune", "signature"),
        Sender("Kaibygg AS", "næringsliv", "signature"),
        Sender("Web", "ukjent", "domain"),
    ]
    assert spelt_alike(senders, ["a@web.example", "b@web.example", "c@web.example"])[2] == senders[2]


def test_a_domain_that_people_of_no_organisation_share_is_a_provider() -> None:
    senders = [Sender("", "ukjent"), Sender("", "privatperson"), Sender("Kaibygg AS", "næringsliv", "signature")]
    addresses = ["ola@brev.example", "kari@brev.example", "per@kaibygg.example"]
    assert shared_domains(senders, addresses) == {"brev.example"}
    assert find_sender("Ola", "Ola Vik", "ola@brev.example", "Linje 3 er feil.").organisation_type == "ukjent"
    told = find_sender("Ola", "Ola Vik", "ola@brev.example", "Linje 3 er feil.", providers={"brev.example"})
    assert told.organisation_type == "privatperson"
