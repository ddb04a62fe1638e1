"""Reading mail: every message once, whatever its bytes; nothing lost without a note."""

import base64
import binascii
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innspill.errors import MailError
from innspill.reading.mail import parse_message, read_mail
from innspill.reading.mailbox.bodies import unflow
from innspill.reading.mailbox.contents import safe_name
from innspill.reading.mailbox.tnef import read_tnef
from mails import MAILBOX, attach, docx, laid, letter, norwegian, notes_of, read, zipped

HEAD = b"From: Unni Moe <unni@skole.example>\nSubject: Innspill\nDate: Mon, 14 Sep 2026 10:00:00 +0200\n"
OUTLOOK = Path(__file__).parent / "outlook"
NOT_MAIL = b"Dette er et notat, ikke en e-post.\nDet har ingen hode.\n"


def body(data: bytes) -> str:
    return read(data).parts[0].text.strip()


def zip_headers(name: str) -> bytes:
    kind = f'Content-Type: application/zip; name="{name}"\n'
    return f"{kind}Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n".encode()


def typed(content_type: str, text: bytes) -> bytes:
    return (
        HEAD
        + b"MIME-Version: 1.0\nContent-Type: "
        + content_type.encode()
        + b"\nContent-Transfer-Encoding: 8bit\n\n"
        + text
    )


# Any bytes


@given(st.binary(max_size=600))
@settings(deadline=None)
def test_any_bytes_give_a_mail(data: bytes) -> None:
    mail, _ = parse_message(data, "x.eml", sentences=norwegian().sentences)
    assert mail.file == "x.eml"


PIECES = [
    b"--b\n", b"--b--\n", b"\n", b"Content-Type: text/plain; charset=ukjent\n", b"Content-Type: text/html\n", b"<table><tr><td>Linje<td>Kommentar<tr><td>1<td>x</table>",
    b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: multipart/alternative; boundary=b\n", b"Content-Type: message/rfc822\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Disposition: attachment; filename=../../x.docx\n", b"Linje 12 er feil.\n", b"\xe6\xf8\xe5\x00\xff\n", b"> Hei\n", b"PK\x03\x04", b"=?utf-8?b?w6Y?=\n",
    b"Fra: a@b.example\nSendt: 1. mai 2026\nTil: x\nEmne: y\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14))
@settings(deadline=None)
def test_the_segments_of_any_mail_cover_its_parts_in_order(pieces: list[bytes]) -> None:
    mail, _ = parse_message(HEAD + b"MIME-Version: 1.0\n" + b"".join(pieces), "x.eml", sentences=norwegian().sentences)
    for part in mail.parts:
        ends = [0, *(segment.span.end for segment in part.segments)]
        assert [segment.span.start for segment in part.segments] == ends[:-1]
        assert ends[-1] == len(part.text)


@given(st.lists(st.sampled_from(PIECES), max_size=14))
@settings(deadline=None)
def test_cells_of_any_mail_lie_within_their_part(pieces: list[bytes]) -> None:
    mail, _ = parse_message(HEAD + b"MIME-Version: 1.0\n" + b"".join(pieces), "x.eml")
    for part in mail.parts:
        assert all(0 <= cell.span.start <= cell.span.end <= len(part.text) for cell in part.cells)


# The account: nothing is lost in silence


@dataclass(frozen=True)
class Leaf:
    """A piece of a message in the making: `size` is its length and no other piece's, so that it can be told by it."""

    kind: str
    size: int

    @property
    def marker(self) -> str:
        return f"merke{self.size:05d}"

    @property
    def content(self) -> bytes:
        start = f"{self.marker} blåbær og rømme ".encode()
        return start + b"x" * (self.size - len(start))


LEAVES = (
    "text/plain", "text/html", "text/markdown", "text/calendar", "text/vcard", "image/png", "application/octet-stream",
    "text/plain; name=svar.txt", "text/plain; name=svar.csv", "application/pgp-signature", "message/delivery-status",
    "application/zip",
)  # fmt: skip
HOLDERS = (
    "multipart/mixed", "multipart/alternative", "multipart/related", "multipart/signed", "multipart/report",
    "multipart/digest", "multipart/ukjent", "message/rfc822",
)  # fmt: skip
TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.tuples(st.sampled_from(HOLDERS), st.lists(inner, max_size=4)),
    max_leaves=12,
)


def built(tree, leaves: list[Leaf], depth: int = 0) -> bytes:
    """The bytes of a tree of parts, its headers first; its leaves are added to `leaves`."""
    if isinstance(tree, str):
        leaf = Leaf(tree.partition(";")[0], 200 + len(leaves))
        leaves.append(leaf)
        if tree != "application/zip":
            return f"Content-Type: {tree}\nContent-Transfer-Encoding: 8bit\n\n".encode() + leaf.content
        return zip_headers("arkiv.zip") + base64.encodebytes(zipped({"inni.txt": leaf.content}))
    kind, inner = tree
    if kind == "message/rfc822":
        parts = [b"Subject: Vidare\nFrom: a@b.example\n" + built(item, leaves, depth + 1) for item in inner[:1]]
        return b"Content-Type: message/rfc822\n\n" + (parts or [HEAD + b"\n"])[0]
    boundary = f"grense-{depth}-{len(leaves)}"
    parts = [f"\n--{boundary}\n".encode() + built(item, leaves, depth + 1) for item in inner]
    return f"Content-Type: {kind}; boundary={boundary}\n".encode() + b"".join(parts) + f"\n--{boundary}--\n".encode()


@given(TREES)
@settings(deadline=None, max_examples=200)
def test_each_piece_of_any_message_is_listed_once_and_read_or_said_to_be_unread(tree) -> None:
    leaves: list[Leaf] = []
    mail, _ = parse_message(HEAD + b"MIME-Version: 1.0\n" + built(tree, leaves), "x.eml")
    for leaf in leaves:
        (entry,) = [part for part in mail.received if part.n_bytes == leaf.size]
        if entry.status == "read":
            assert any(leaf.marker in part.text for part in mail.parts)
        else:
            assert entry.status in ("not_read", "repeated")
            assert entry.reason


def test_the_account_names_the_part_that_each_piece_became() -> None:
    message = attach(letter("Linje 12.\n"), docx("Linje 30 er feil."), "svar.docx")
    mail = read(attach(message, b"\x89PNG\r\n\x1a\n", "kart.png", "image/png"))
    assert [(part.name, part.status) for part in mail.received] == [
        ("body", "read"),
        ("svar.docx", "read"),
        ("kart.png", "not_read"),
    ]


def test_the_html_beside_a_plain_text_that_says_the_same_is_repeated() -> None:
    message = letter("Linje 12 er feil, og vi savner båter.\n")
    message.add_alternative("<p>Linje 12 er feil, og vi savner båter.</p>", subtype="html")
    mail = read(message)
    assert [(part.content_type, part.status) for part in mail.received] == [
        ("text/plain", "read"),
        ("text/html", "repeated"),
    ]
    assert len(mail.parts) == 1


def test_two_versions_that_say_different_things_are_both_read() -> None:
    plain = "Vi i Lid meiner at kaia er for kort, at ferja går for sjeldan, og at rapporten gløymer øyane.\n"
    message = letter(plain)
    message.add_alternative(
        "<p>Kommunestyret støtter kapittel fire, men savner tall for skoleskyss og en plan for vintervei.</p>",
        subtype="html",
    )
    said = " ".join(part.text for part in read(message).parts)
    assert "gløymer øyane" in said
    assert "vintervei" in said


@pytest.mark.parametrize(
    "stub",
    [
        "Denne meldingen er i HTML.\n",
        "Du må ha et e-postprogram som viser HTML for å lese denne meldingen.\n",
        "This message needs an HTML reader.\n",
        "Meldinga kan ikkje visast. Opne henne i ein nettlesar.\n",
    ],
)
def test_a_plain_text_that_only_points_to_the_html_is_no_second_letter(stub: str) -> None:
    message = letter(stub)
    message.add_alternative("<p>Linje 12 er feil, og vi savner noe om båter på øya.</p>", subtype="html")
    mail = read(message)
    assert [part.name for part in mail.parts] == ["body"]
    assert [(part.content_type, part.status) for part in mail.received] == [
        ("text/plain", "repeated"),
        ("text/html", "read"),
    ]


def test_versions_within_a_version_are_read_once() -> None:
    inner = "Content-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain\n\nLinje 12 er feil.\n"
    inner += "--B\nContent-Type: text/html\n\n<p>Linje 12 er feil.</p>\n--B--\n"
    data = f"Content-Type: multipart/alternative; boundary=A\n\n--A\nContent-Type: text/plain\n\nLinje 12 er feil.\n--A\n{inner}--A--\n"
    mail = read(HEAD + data.encode())
    assert mail.parts[0].text.strip() == "Linje 12 er feil."
    assert [part.status for part in mail.received] == ["read", "repeated", "repeated"]


def test_html_that_follows_the_same_in_plain_text_is_not_read_twice() -> None:
    words = "Vi i Lid meiner at kaia på øya er altfor kort for nye ferjer."
    data = f"--A\nContent-Type: text/plain; charset=utf-8\n\n{words}\n--A\nContent-Type: text/html; charset=utf-8\n\n<p>{words}</p>\n--A--\n"
    mail = read(HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n" + data.encode())
    assert mail.parts[0].text.strip() == words
    assert [part.status for part in mail.received] == ["read", "repeated"]


def test_html_with_a_file_between_its_halves_is_read_whole_and_once() -> None:
    """Apple Mail parts the HTML where a file stands in the letter."""
    halves = "--B\nContent-Type: text/html\n\n<p>Linje 12 er feil.</p>\n--B\nContent-Type: application/pdf; name=a.pdf\n\nx\n"
    halves += "--B\nContent-Type: text/html\n\n<p>Linje 30 er uklar.</p>\n--B--\n"
    data = "Content-Type: multipart/alternative; boundary=A\n\n--A\nContent-Type: text/plain\n\nLinje 12 er feil.\n\nLinje 30 er uklar.\n"
    data += f"--A\nContent-Type: multipart/mixed; boundary=B\n\n{halves}--A--\n"
    mail = read(HEAD + data.encode())
    assert mail.parts[0].text.split() == ["Linje", "12", "er", "feil.", "Linje", "30", "er", "uklar."]
    assert mail.n_attachments == 1


# Headers


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("=?utf-8?q?Moe=2C_Unni?= <Unni@Skole.example>", "Moe, Unni", "unni@skole.example"),
        ('"=?iso-8859-1?Q?=C5se_=D8vreb=F8?=" <ase@skole.example>', "Åse Øvrebø", "ase@skole.example"),
        ("unni@skole.example (Unni Moe)", "Unni Moe", "unni@skole.example"),
        ('"unni@skole.example" <unni@skole.example>', "", "unni@skole.example"),
        ("'Unni Moe' via Skjema <skjema@etat.example>", "Unni Moe' via Skjema", "skjema@etat.example"),
        ("unni@skole.example", "", "unni@skole.example"),
        ("Unni Moe", "Unni Moe", ""),
        ("", "", ""),
        ('"Moe \\"Una\\" Unni" <unni@skole.example>', 'Moe "Una" Unni', "unni@skole.example"),
        ("Unni Moe </O=ETAT/CN=UNNI>", "Unni Moe </O=ETAT/CN=UNNI>", ""),
    ],
)
def test_a_sender_is_read_as_written(sender: str, name: str, address: str) -> None:
    mail = read(b"From: " + sender.encode() + b"\nSubject: x\n\nLinje 12")
    assert (mail.sender_name, mail.sender_email) == (name, address)


def test_a_letter_split_between_two_encoded_words_is_whole() -> None:
    subject = b"=?utf-8?b?SMO4cmluZyBvbSDD?= =?utf-8?b?uHllcg==?="
    assert read(HEAD.replace(b"Innspill", subject) + b"\nx").subject == "Høring om øyer"


def test_raw_utf_8_beside_an_encoded_word_is_read() -> None:
    assert (
        read(HEAD.replace(b"Innspill", "Høring =?utf-8?q?p=C3=A5?= øya".encode()) + b"\nx").subject == "Høring på øya"
    )


@pytest.mark.parametrize(
    "value",
    [
        "attachment; filename*0*=utf-8''h%C3%B8ringssvar%20fr; filename*1*=a%20%C3%B8ya.txt",
        "attachment; filename*=iso-8859-1'nb'h%F8ringssvar%20fra%20%F8ya.txt",
        'attachment; filename="=?utf-8?q?h=C3=B8ringssvar_fra_=C3=B8ya=2Etxt?="',
        'attachment; filename="høringssvar fra øya.txt"',
        'attachment; filename="C:\\Dokumenter\\høringssvar fra øya.txt"',
        "attachment; filename=høringssvar fra øya.txt",
    ],
    ids=["sections", "percent", "words", "raw", "path", "bare"],
)
def test_a_file_name_is_read_however_it_is_encoded(value: str) -> None:
    part = f"--A\nContent-Type: text/plain\nContent-Disposition: {value}\n\nLinje 12.\n--A--\n"
    mail = read(HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n" + part.encode())
    assert [part.name for part in mail.received] == ["høringssvar fra øya.txt"]


def test_an_encoded_subject_is_read() -> None:
    assert read(HEAD.replace(b"Innspill", b"=?iso-8859-1?Q?H=F8ring?=") + b"\nx").subject == "Høring"


def test_a_raw_eight_bit_subject_is_read() -> None:
    assert read(HEAD.replace(b"Innspill", "Høring".encode("latin-1")) + b"\nx").subject == "Høring"


def test_a_subject_in_an_unknown_charset_is_kept() -> None:
    assert "H" in read(HEAD.replace(b"Innspill", b"=?ukjent?Q?Hei?=") + b"\nx").subject


def test_a_group_address_gives_no_sender() -> None:
    assert read(b"From: Styret: ;\nSubject: x\n\nLinje 12").sender_email == ""


def test_a_mail_without_from_is_kept() -> None:
    assert body(b"Subject: Innspill\nTo: a@b.example\n\nLinje 12") == "Linje 12"


def test_a_mail_without_date_has_none() -> None:
    assert read(letter("Linje 12", date="")).sent_at is None


def test_the_time_of_receipt_stands_in_for_a_missing_date() -> None:
    data = b"Received: from a by b; Mon, 14 Sep 2026 10:00:00 +0200\nFrom: a@b.example\nSubject: x\n\nx"
    assert read(data).sent_at == datetime(2026, 9, 14, 8, tzinfo=UTC)


def test_a_date_without_offset_is_oslo_s() -> None:
    sent_at = read(HEAD.replace(b" +0200", b"") + b"\nx").sent_at
    assert sent_at is not None
    assert sent_at.utcoffset() == timedelta(hours=2)


# Bodies


def test_an_unknown_charset_is_guessed() -> None:
    assert body(typed("text/plain; charset=x-ukjent", "Måling".encode())) == "Måling"


def test_soft_breaks_do_not_join_quoted_lines() -> None:
    assert unflow("> Hva mener dere \nLinje 12") == "> Hva mener dere \nLinje 12"


def test_html_is_read_where_the_plain_part_only_says_so() -> None:
    message = letter("Meldingen er i HTML.\n")
    message.add_alternative(
        "<p>Linje 12 er feil, og linje 30 er uklar. Vi savner et kapittel om havner.</p>", subtype="html"
    )
    assert "Vi savner" in read(message).parts[0].text


def test_a_body_without_closing_boundary_is_read() -> None:
    data = (
        HEAD
        + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nLinje 12 er feil.\n"
    )
    assert body(data) == "Linje 12 er feil."


@pytest.mark.parametrize(
    ("encoding", "content", "expected"),
    [
        ("quoted-printable", b"M=E5ling p=\n=E5 =  \n=F8ya =XY", "Måling på øya =XY"),
        ("base64", base64.b64encode("Måling på øya".encode("cp1252"))[:-1], "Måling på øya"),
        ("base64", b"TeVsaW5n!!IHDl\n\x00IPh5YQ==", "Måling på øya"),
        (
            "base64",
            b"TeVsaW5n\nIHDlIPh5YQ==\n_____________\nListe: om@liste.example\n",
            "Måling på øya\n_____________\nListe: om@liste.example",
        ),
        ("base64", b"TeVsaW5nIA==\ncOUg+HlhIQ==\n", "Måling på øya!"),
        ("base64", "Måling på øya".encode("cp1252"), "Måling på øya"),
        ("ukjent", "Måling på øya".encode("cp1252"), "Måling på øya"),
        ("8bit; x=y", "Måling på øya".encode("cp1252"), "Måling på øya"),
    ],
    ids=["printable", "unpadded", "junk inside", "footer", "padded twice", "no base64", "unknown", "parameter"],
)
def test_a_broken_transfer_encoding_costs_no_words(encoding: str, content: bytes, expected: str) -> None:
    head = f"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: {encoding}\n\n"
    assert body(HEAD + head.encode() + content) == expected


def test_quoted_lines_of_one_depth_are_joined_with_their_marks() -> None:
    text = ">> Kva meiner \n>> de?\n> Vi ser \n> på det. \nLinje 12 \ner feil."
    assert unflow(text) == ">> Kva meiner de?\n> Vi ser på det. \nLinje 12 er feil."


def test_delsp_takes_the_space_away() -> None:
    assert unflow("bered \nskap", delete_space=True) == "beredskap"


def test_a_charset_named_in_the_html_is_used() -> None:
    html = '<html><head><meta charset="cp865"></head><body>Måling på øya</body></html>'
    assert body(typed("text/html", html.encode("cp865"))) == "Måling på øya"


def test_a_letter_that_could_not_be_decoded_is_noted_with_its_part() -> None:
    data = typed("text/plain; charset=utf-16-le", "Måling".encode("utf-16-le") + b"\x00\xd8")
    assert "\ufffd" in body(data)
    assert any("body" in note and "decoded" in note for note in notes_of(data))


def test_an_attached_text_with_letters_that_are_lost_is_noted_by_name() -> None:
    message = attach(letter("Se vedlegg.\n"), "Linje 12 på \ufffdya.".encode(), "svar.txt", "text/plain")
    assert any("svar.txt" in note and "\ufffd" in note for note in notes_of(message))


def test_a_uuencoded_file_is_read_and_leaves_the_text() -> None:
    lines = (
        b"Linje 12 er feil.\nbegin 644 svar.txt\n"
        + binascii.b2a_uu("Linje 30 på øya.".encode())
        + b"`\nend\nHilsen Unni\n"
    )
    mail = read(HEAD + b"\n" + lines)
    assert [(part.name, part.text) for part in mail.parts] == [
        ("body", "Linje 12 er feil.\nHilsen Unni\n"),
        ("svar.txt", "Linje 30 på øya."),
    ]
    assert mail.n_attachments == 1


@pytest.mark.parametrize("words", ["begin 644 svar\ndette er tekst, ikke noe annet", "We begin 644 times.\nLinje 12"])
def test_words_that_only_begin_like_a_uuencoded_file_stay(words: str) -> None:
    assert body(HEAD + b"\n" + words.encode()) == words


def test_a_file_in_yenc_is_named() -> None:
    data = HEAD + b"\nLinje 12.\n=ybegin line=128 size=3 name=kart.bin\n\x8b\x8c\x8d\n=yend size=3\n"
    assert body(data) == "Linje 12."
    assert any("kart.bin" in note and "yEnc" in note for note in notes_of(data))


# Attached messages and attachments


def test_a_forward_of_several_answers_gives_each_with_its_own_quoted_text() -> None:
    outer = letter("Her er svara våre.\n", subject="VS: svar")
    for name, words in (("Åse Vik", "Linje 12 er uklar for oss."), ("Kåre Moe", "Linje 30 manglar ei kjelde.")):
        answer = f"{words}\n\nDen 1. sep. 2026 kl. 09:00 skrev Etaten <innspill@etat.example>:\n> Hva mener dere om utkastet?\n"
        outer.add_attachment(letter(answer, sender=f"{name} <svar@skole.example>", subject=f"SV: frå {name}"))
    first, second = read(outer).parts[1:]
    assert [part.name for part in (first, second)] == ["SV: frå Åse Vik.eml", "SV: frå Kåre Moe.eml"]
    for part, words in ((first, "Linje 12 er uklar for oss."), (second, "Linje 30 manglar ei kjelde.")):
        own = "".join(segment.span.of(part.text) for segment in part.segments if segment.kind == "own")
        quoted = "".join(segment.span.of(part.text) for segment in part.segments if segment.kind == "quoted")
        assert own.strip() == words
        assert "Hva mener dere" in quoted


def test_the_invitation_sent_back_as_an_attachment_is_quoted() -> None:
    outer = letter("Svaret vårt: linje 12 er feil.\n")
    outer.add_attachment(letter("Hva mener dere om linje 30?\n", sender=f"Etaten <{MAILBOX}>"))
    assert {segment.kind for segment in read(outer).parts[1].segments} == {"quoted"}


@pytest.mark.parametrize("kind", ["message/rfc822", "application/octet-stream"])
def test_a_message_attached_as_a_file_is_read_as_a_message(kind: str) -> None:
    inner = HEAD + "\nLinje 30 på øya.".encode()
    head = f'Content-Type: {kind}; name="svar.eml"\nContent-Transfer-Encoding: base64\n\n'.encode()
    data = (
        HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n--A\n" + head + base64.encodebytes(inner) + b"\n--A--\n"
    )
    assert [(part.name, part.text) for part in read(data).parts] == [("svar.eml", "Linje 30 på øya.")]


def test_the_messages_of_a_digest_are_each_read() -> None:
    inner = b"".join(b"--A\n\n" + HEAD + f"\nLinje {number} på øya.\n".encode() for number in (1, 2, 3))
    data = HEAD + b"Content-Type: multipart/digest; boundary=A\n\n" + inner + b"--A--\n"
    assert [part.text for part in read(data).parts] == ["Linje 1 på øya.", "Linje 2 på øya.", "Linje 3 på øya."]


def test_a_message_of_outlook_s_attached_to_a_mail_is_read_with_its_files() -> None:
    data = (OUTLOOK / "embedded.msg").read_bytes()
    mail = read(attach(letter("Se vedlegg.\n"), data, "svar fra øya.msg"))
    names = [part.name for part in mail.parts]
    assert names[:2] == ["body", "svar fra øya.msg"]
    assert len(names) > 3


def test_the_files_in_a_winmail_dat_are_read_and_its_text_is_not_read_twice() -> None:
    data = (OUTLOOK / "winmail-before-mapi.dat").read_bytes()
    words = read_tnef(data).get_payload(0).get_payload(decode=True).decode("utf-8")
    mail = read(attach(letter(words), data, "winmail.dat", "application/ms-tnef"))
    assert [part.name for part in mail.parts] == ["body", "winmail.dat/skjema på norsk.csv", "winmail.dat/NOTAT.TXT"]
    assert ("winmail.dat", "repeated") in [(part.name, part.status) for part in mail.received]


def test_the_text_of_a_winmail_dat_is_the_letter_where_there_is_no_other() -> None:
    data = (OUTLOOK / "winmail-before-mapi.dat").read_bytes()
    mail = read(attach(letter(""), data, "winmail.dat", "application/ms-tnef"))
    assert mail.parts[0].name == "body"
    assert "Linje" in mail.parts[0].text or "kapittel" in mail.parts[0].text.lower()


def test_a_document_that_is_declared_as_text_is_read_as_what_it_is() -> None:
    head = b'--A\nContent-Type: text/plain; charset=utf-8; name="svar.docx"\nContent-Transfer-Encoding: base64\n\n'
    data = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=A\n\n"
        + head
        + base64.encodebytes(docx("Linje 30 på øya."))
        + b"\n--A--\n"
    )
    assert read(data).parts[0].text.strip() == "Linje 30 på øya."


def test_a_long_file_name_keeps_its_ending() -> None:
    assert safe_name("høring " * 100 + ".docx").endswith(".docx")


def test_the_size_of_a_text_is_told_without_its_transfer_encoding() -> None:
    data = HEAD + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes("Linje 12 på øya.".encode())
    assert read(data).received[0].n_bytes == len("Linje 12 på øya.".encode())


def test_a_text_file_in_an_old_charset_is_read_as_it_is_declared() -> None:
    part = b"--A\nContent-Type: text/plain; charset=cp865; name=svar.txt\n\n" + "På øya".encode("cp865") + b"\n--A--\n"
    assert read(HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n" + part).parts[0].text == "På øya"


def test_a_note_in_the_margin_below_a_signature_is_the_sender_s_own_words() -> None:
    from docx import Document

    document, file = Document(), io.BytesIO()
    run = document.add_paragraph("Linje 12 er uklar for oss som bor på øya.").runs[0]
    document.add_paragraph("Med vennlig hilsen")
    document.add_paragraph("Unni Moe")
    document.add_comment([run], text="Sjå òg linje 30, som manglar ei kjelde.", author="Åse Vik", initials="ÅV")
    document.save(file)
    part = read(attach(letter("Se vedlegg.\n"), file.getvalue(), "svar.docx")).parts[1]
    kinds = {segment.kind: segment.span.of(part.text) for segment in part.segments}
    assert "Unni Moe" in kinds["signature"]
    assert "manglar ei kjelde" in kinds["own"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("text/calendar", "calendar"),
        ("text/vcard", "business card"),
        ("application/pgp-signature", "signature"),
        ("message/delivery-status", "mail server"),
    ],
)
def test_a_part_that_is_no_letter_is_listed_with_what_it_is(kind: str, said: str) -> None:
    data = HEAD + b"Content-Type: multipart/mixed; boundary=A\n\n--A\n\nLinje 12.\n--A\nContent-Type: " + kind.encode()
    entry = read(data + b"\n\nBEGIN:VCALENDAR\n--A--\n").received[1]
    assert entry.status == "not_read"
    assert said in entry.reason


def test_a_bounce_is_automatic_and_what_came_back_is_read() -> None:
    report = b"--A\n\nMeldingen kunne ikke leveres.\n--A\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n"
    report += b"--A\nContent-Type: message/rfc822\n\n" + HEAD + "\nLinje 12 på øya.\n--A--\n".encode()
    mail = read(HEAD + b"Content-Type: multipart/report; boundary=A\n\n" + report)
    assert mail.automatic
    assert mail.parts[1].text == "Linje 12 på øya."


def test_a_mail_within_a_mail_within_a_mail_is_read() -> None:
    inner, middle, outer = letter("Linje 30 er feil.\n"), letter("Se under.\n"), letter("Se vedlegg.\n")
    middle.add_attachment(inner)
    outer.add_attachment(middle)
    assert any("Linje 30 er feil." in part.text for part in read(outer).parts)


def test_the_attachment_of_an_attached_mail_is_read() -> None:
    outer = letter("Se vedlegg.\n")
    outer.add_attachment(attach(letter("Se vedlegg.\n"), docx("Linje 30 er feil."), "svar.docx"))
    assert "svar.docx" in [part.name for part in read(outer).parts]


@pytest.mark.parametrize("name", ["../../x.docx", "C:\\temp\\x.docx", "/etc/x.docx"])
def test_an_attachment_s_name_is_never_a_path(name: str) -> None:
    assert safe_name(name) == "x.docx"


def test_attachments_of_one_name_are_told_apart() -> None:
    mail = read(
        attach(attach(letter("Se vedlegg.\n"), b"Linje 1", "a.txt", "text/plain"), b"Linje 2", "a.txt", "text/plain")
    )
    assert [part.name for part in mail.parts] == ["body", "a.txt", "a.txt (2)"]


def test_an_attachment_called_body_is_not_taken_for_the_body() -> None:
    mail = read(attach(letter("Se vedlegg.\n"), b"Linje 1", "body", "text/plain"))
    assert [part.name for part in mail.parts] == ["body", "body (2)"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("tom.docx", b"", "empty"),
        ("skadd.docx", b"PK\x03\x04 dette er ikke en zip", "damaged"),
        ("skadd.xlsx", b"\xd0\x01\x02 ikke en arbeidsbok \xff\x00", "damaged"),
        ("gammel.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".docx"),
        ("skadd.pdf", b"%PDF-1.4\nikke en pdf", "PDF"),
        ("winmail.dat", b"\x78\x9f\x3e\x22 tnef", "TNEF"),
        ("bilde.png", b"\x89PNG\r\n\x1a\n", "holds no text"),
    ],
)
def test_an_attachment_that_cannot_be_read_is_noted_by_name(name: str, data: bytes, said: str) -> None:
    message = attach(letter("Linje 12 er feil.\n"), data, name)
    (note,) = notes_of(message)
    assert name in note
    assert said in note
    assert read(message).n_attachments == 1


def test_a_zip_bomb_is_left_packed_and_noted() -> None:
    bomb = zipped({"word/document.xml": b"0" * 30_000_000})
    (note,) = notes_of(attach(letter("Linje 12.\n"), bomb, "bombe.docx"))
    assert "zip bomb" in note


def test_a_text_attachment_of_any_ending_is_read() -> None:
    mail = read(attach(letter("Se vedlegg.\n"), b"Linje 12 er feil.", "svar.innspill", "text/plain"))
    assert mail.parts[1].text == "Linje 12 er feil."


def test_an_html_attachment_is_read_as_text() -> None:
    mail = read(attach(letter("Se vedlegg.\n"), b"<p>Linje 12 er feil.</p>", "svar.html", "text/html"))
    assert mail.parts[1].text.strip() == "Linje 12 er feil."


# Folders and mailboxes


def test_every_file_becomes_a_message_or_a_note(tmp_path: Path) -> None:
    path = laid(
        tmp_path,
        {
            "a.eml": HEAD + b"\nLinje 1",
            "b/c.eml": HEAD + b"\nLinje 2",
            "notat.txt": NOT_MAIL,
            "o.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "tom.eml": b"",
        },
    )
    mails, notes = read_mail(path, root=path)
    assert [mail.file for mail in mails] == ["a.eml", "b/c.eml", "tom.eml"]
    assert {note.file for note in notes} == {"notat.txt", "o.msg", "tom.eml"}


def test_an_eml_file_with_an_odd_head_still_counts_as_a_message(tmp_path: Path) -> None:
    path = laid(tmp_path, {"a.eml": b"Subject :Innspill\nDate    : i dag\n\nLinje 12"})
    assert len(read_mail(path, root=path)[0]) == 1


def test_an_mbox_gives_its_messages_in_order(tmp_path: Path) -> None:
    one = b"From unni@skole.example Mon Sep 14 10:00:00 2026\n" + HEAD
    path = laid(tmp_path, {"inn.mbox": one + b"\nLinje 1\n\n" + one + b"\nLinje 2\n\n"})
    mails, _ = read_mail(path, root=path)
    assert [(mail.file, mail.parts[0].text.strip()) for mail in mails] == [
        ("inn.mbox#1", "Linje 1"),
        ("inn.mbox#2", "Linje 2"),
    ]


def test_a_folder_without_mail_is_an_error_that_tells_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MailError, match=r"\.eml"):
        read_mail(laid(tmp_path, {"notat.txt": NOT_MAIL}), root=tmp_path)


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(MailError, match="borte"):
        read_mail(tmp_path / "borte", root=tmp_path)
