"""Bytes to text: what is declared, what is there, and no letter lost without a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innspill.reading.charsets import charset_of, decode, decode_noted, normalise_text

BOKMAL = "Vi støtter målene i kapittel 3, men savner tall for øyene. Ærlig talt: Åpent er bra."
NYNORSK = "Vi stør måla i kapittel 3, men saknar tal for øyane. Ærleg tala: Ope er bra på Åmot."


@pytest.mark.parametrize("text", [BOKMAL, NYNORSK], ids=["bokmål", "nynorsk"])
@pytest.mark.parametrize(
    "charset", ["utf-8", "cp1252", "cp865", "cp850", "mac_roman", "utf-16-le", "utf-16-be", "utf-16", "utf-32"]
)
def test_norwegian_is_read_in_whatever_charset_though_none_is_declared(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == text


@pytest.mark.parametrize(
    "charset", ["utf-8", "iso-8859-1", "windows-1252", "iso-8859-15", "cp865", "macintosh", "utf-7", "utf-16"]
)
def test_a_charset_that_is_declared_rightly_is_read_without_doubt(charset: str) -> None:
    assert decode_noted(BOKMAL.encode(charset), charset)[::2] == (BOKMAL, "")


@pytest.mark.parametrize(
    "declared",
    ["utf-8", "us-ascii", "x-unknown", "ansi", "big5", "idna", "unicode_escape", "zlib", "punycode", "æøå", ""],
)
def test_windows_letters_under_a_wrong_charset_are_read(declared: str) -> None:
    assert decode("Måling på øya – «før»".encode("cp1252"), declared) == "Måling på øya – «før»"


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("utf8mb4", "utf-8"),
        ("UTF8", "UTF8"),
        ("cp-850", "cp850"),
        ("unicode-1-1-utf-7", "utf-7"),
        ("_iso-8859-1$ESC", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ('"windows-1252"', "windows-1252"),
        ("utf-8*nb", "utf-8"),
        ("x-unknown", ""),
        ("ansi", ""),
        ("unicode_escape", ""),
        ("rot13", ""),
        ("a" * 1000, ""),
    ],
)
def test_a_name_that_mail_programs_write_means_a_codec(declared: str, codec: str) -> None:
    assert charset_of(declared) == codec.lower()


def test_utf_8_under_another_name_is_read_and_said() -> None:
    text, charset, doubt = decode_noted(BOKMAL.encode(), "iso-8859-1")
    assert (text, charset) == (BOKMAL, "utf-8")
    assert "is UTF-8" in doubt


def test_letters_that_were_encoded_twice_are_set_right_and_said() -> None:
    text, _, doubt = decode_noted("Måling på øya".encode().decode("cp1252").encode(), "utf-8")
    assert text == "Måling på øya"
    assert "twice" in doubt


@pytest.mark.parametrize("text", ["Teksten viser «Ã¸» der ø skal stå – rart.", "São Paulo", "Ã er en bokstav"])
def test_text_that_only_speaks_of_such_letters_is_left(text: str) -> None:
    assert decode(text.encode(), "utf-8") == text


def test_utf_7_is_read_only_where_it_is_declared() -> None:
    assert decode(b"Side 3 +AOY-", "utf-7") == "Side 3 æ"
    assert decode(b"Side 3 +AOY-") == "Side 3 +AOY-"


def test_a_broken_letter_in_utf_8_costs_only_itself() -> None:
    text, _, doubt = decode_noted(BOKMAL.encode() + b" \xf8" + BOKMAL.encode(), "utf-8")
    assert text == f"{BOKMAL} ø{BOKMAL}"
    assert "not UTF-8" in doubt


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "utf-8", "utf-16", "iso-2022-jp", "gb2312", "koi8-r", "utf-7", "big5"]),
)
def test_no_letter_is_replaced_in_silence(data: bytes, declared: str) -> None:
    text, _, doubt = decode_noted(data, declared)
    n_in_source = (
        data.count("\ufffd".encode())
        + data.count("\ufffd".encode("utf-16-le"))
        + data.count("\ufffd".encode("utf-16-be"))
    )
    assert text.count("\ufffd") <= n_in_source or doubt


@given(st.text(alphabet="abcæøåÆØÅ .,\n«»–", min_size=1))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode()) == text


def test_text_has_one_form() -> None:
    assert normalise_text("a\r\nb\rc\x00\x07\u00a0d\x0be\u200b") == "a\nb\nc d\ne"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Привет, как дела? Это русский текст.", "koi8-r"),
        ("Привет, как дела? Это русский текст.", "cp1251"),
        ("中文的文字在这里可以看到", "gb18030"),
        ("日本語のテキスト", "iso-2022-jp"),
    ],
)
def test_text_of_other_tongues_without_a_charset_is_read(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == text
