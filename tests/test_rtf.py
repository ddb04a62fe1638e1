"""RTF: the text of documents and of Outlook's bodies, the HTML in it, and its compressed form."""

import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innspill.reading.documents.builder import AttachmentText, UnreadableAttachment
from innspill.reading.documents.rtf import decompress_rtf, html_in_rtf, read_rtf, rtf_to_text
from innspill.reading.documents.rtf_tokens import CUT_LINE
from innspill.records import Span
from outlook.build_outlook import REAL_RTF, WRAPPED, compress_rtf, html_as_rtf, stored_rtf
from outlook_files import FOLDER

CASES = json.loads((FOLDER / "rtf_cases.json").read_text(encoding="utf-8"))
PARAMETERS = [pytest.param(case, id=case["label"]) for case in CASES["cases"]]
PARAMETERS += [
    pytest.param(case, id=case["label"], marks=pytest.mark.xfail(strict=True, reason=case["reason"]))
    for case in CASES["known_failure"]
]
HEAD = "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}}"


def words(document: AttachmentText, span: Span) -> str:
    return document.text[span.start : span.end]


# Text -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_construct_of_rtf_gives_its_text(case: dict[str, str]) -> None:
    assert rtf_to_text(case["rtf"].encode("cp1252")) == case["text"]


def test_a_letter_from_libreoffice_is_read_as_a_document_with_its_remarks() -> None:
    document = read_rtf((FOLDER / "lo-merknader.rtf").read_bytes())
    assert document.text.split("\n\n") == [
        "# Merknader til kapittel 3",
        "Vi meiner at nynorsk må nemnast i kapitlet, og at arbeid tek tid.",
        "hastig",
        "• Første punkt – på lista\n• Andre punkt 😀",
        "Linje\nKommentar\nForslag",
        "12\nUklår setning.\nOgså ufullstendig.\nStryk «øvrige»",
        "Hilsen Åse",
        "Sjå òg side 8, «åpne data».",
        "Kvifor står ikkje målform i linje 45?",
        "Helse Sør-Øst, høringssvar",
    ]
    said = {(remark.kind, words(document, remark.span).strip(), remark.author) for remark in document.remarks}
    assert said == {
        ("insertion", "nynorsk", "Kåre Ås"),
        ("deletion", "hastig", "Åse Bjørk"),
        ("note", "Kvifor står ikkje målform i linje 45?", "Kåre Ås"),
    }
    anchors = {remark.kind: words(document, remark.anchor).strip() for remark in document.remarks}
    assert anchors == {"insertion": "nynorsk", "deletion": "", "note": "i kapitlet"}


def test_a_comment_form_in_rtf_has_its_columns() -> None:
    document = read_rtf((FOLDER / "lo-merknader.rtf").read_bytes())
    cells = {cell.column: words(document, cell.span) for cell in document.cells if cell.row == 2}
    assert cells == {"line": "12", "comment": "Uklår setning.\nOgså ufullstendig.", "proposal": "Stryk «øvrige»"}


def test_the_head_of_the_pages_is_told_apart_from_the_text() -> None:
    document = read_rtf((FOLDER / "lo-merknader.rtf").read_bytes())
    assert [words(document, span) for span in document.letterhead] == ["Helse Sør-Øst, høringssvar"]


def test_what_was_struck_out_hangs_on_the_place_that_it_was_struck_from() -> None:
    rtf = HEAD + "{\\*\\revtbl{Unknown;}{K\\'e5re;}}\\pard Vi vil {\\deleted\\revauthdel1 ikkje }vere med.\\par}"
    document = read_rtf(rtf.encode())
    (remark,) = document.remarks
    assert (remark.kind, words(document, remark.span), remark.author) == ("deletion", "ikkje", "Kåre")
    assert document.text[: remark.anchor.start] == "Vi vil "
    assert document.deleted == (remark.span,)


def test_a_change_in_a_cell_is_marked_in_the_cell() -> None:
    row = "\\trowd\\intbl 12\\cell S\\'e5 {\\revised uklart }her\\cell\\row"
    document = read_rtf((HEAD + "\\pard\\intbl Linje\\cell Kommentar\\cell\\row" + row + "}").encode())
    (remark,) = document.remarks
    assert words(document, remark.span).strip() == "uklart"


def test_an_object_that_is_embedded_is_told_of() -> None:
    document = read_rtf((HEAD + "\\pard Sj\\'e5 {\\object\\objemb{\\*\\objdata 0105}{\\result ikonet}}\\par}").encode())
    assert document.text == "Sjå ikonet"
    assert "not read" in document.omissions[0]


def test_a_document_with_more_paragraphs_than_are_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("innspill.reading.documents.rtf_document.MAX_BLOCKS", 1_000)
    data = HEAD.encode() + b"\\pard \\'e6\\par " * 1_200
    assert rtf_to_text(data).endswith("æ\n" + CUT_LINE)
    assert "not read" in read_rtf(data).omissions[0]


@pytest.mark.parametrize("data", [b"", b"Hei", b"{\\html}"])
def test_what_is_no_rtf_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableAttachment):
        read_rtf(data)


@pytest.mark.parametrize(
    "data",
    [
        b"{" * 300_000,
        b"{}" * 300_000,
        b"\\" * 500_001,
        b"{\\rtf1 \\bin-5 \\bin99999999999 x",
        b"\\uc999999\\u229 " + b"x" * 2_000,
    ],
    ids=["open", "pairs", "backslashes", "bin", "stand-ins"],
)
def test_groups_without_end_and_numbers_without_sense_are_read_through(data: bytes) -> None:
    assert set(rtf_to_text(b"\\'e6" + data)) <= set("æ\\åx")


# HTML in RTF ----------------------------------------------------------------------------------------------------------


def test_html_in_rtf_is_what_was_wrapped() -> None:
    html = html_in_rtf(WRAPPED)
    assert html is not None
    assert html.replace("\r\n", "\n") == (
        "<html><body>\n<p>Kapittel 2 på side 8 bør nevne «åpne data» 😀</p>\n<ul>\n<li>"
        'Første punkt {i klammer}&nbsp;&lt;5 %</li></ul>\n<img alt="Blå" src="cid:bilde"></body></html>'
    )


def test_rtf_that_wraps_no_html_has_none() -> None:
    assert html_in_rtf(REAL_RTF) is None
    assert html_in_rtf(HEAD.encode() + b"\\pard Ordet fromhtml1 st\\'e5r her\\par}") is None
    assert html_in_rtf(b"{\\rtf1\\ansi\\fromtext Ein tekst p\\'e5 nynorsk\\par}") is None


@pytest.mark.parametrize(
    ("rtf", "html"),
    [
        (r"{\*\htmltag148 <b>}\htmlrtf {\b \htmlrtf0 \'f8l{\*\htmltag156 </b>}\htmlrtf }\htmlrtf0 ", "<b>øl</b>"),
        (r"{\*\htmltag <a>}{\*\mhtmltag <b>}\'e5{\*\htmltag </a>}", "<a>å</a>"),
        (r"{\htmlrtf1 vekk {\*\htmltag <i>}vekk}\'e5", "<i>å"),
        (r"Bl\'e5\line b\tab \'e6r\~her", "Blå\r\nb\tær&nbsp;her"),
        (r"{\*\htmltag &nbsp;}\htmlrtf \'a0\htmlrtf0 \'e6", "&nbsp;æ"),
        (r"{\*\htmltag84 \{\\\}}\'f8", r"{\}ø"),
    ],
)
def test_tags_text_and_what_is_switched_off_are_told_apart(rtf: str, html: str) -> None:
    data = b"{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fcharset0 Arial;}}" + rtf.encode() + b"}"
    assert html_in_rtf(data) == html


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u00a0\u00ad"), max_size=200))
def test_any_text_comes_back_out_of_html_in_rtf(text: str) -> None:
    assert html_in_rtf(html_as_rtf([("tag", "<p>"), ("text", text), ("tag", "</p>")])) == f"<p>{text}</p>"


# The compressed form --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rtf", [REAL_RTF, WRAPPED, b"{\\rtf1 " + b"ab" * 3_000 + b"}", b""])
def test_compressed_rtf_comes_back_as_it_was(rtf: bytes) -> None:
    assert decompress_rtf(compress_rtf(rtf)) == rtf
    assert decompress_rtf(stored_rtf(rtf)) == rtf


def test_the_example_of_the_specification_is_read() -> None:
    # MS-OXRTFCP, section 3.1: «simple compressed RTF», the worked example.
    data = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    expected = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decompress_rtf(data) == expected


def test_a_wrong_checksum_does_not_hinder() -> None:
    data = bytearray(compress_rtf(REAL_RTF))
    data[12:16] = b"\x01\x02\x03\x04"
    assert decompress_rtf(bytes(data)) == REAL_RTF


def test_a_body_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    data = compress_rtf(REAL_RTF)
    start = decompress_rtf(data[: len(data) // 2])
    assert len(start) > 50
    assert REAL_RTF.startswith(start)


@pytest.mark.parametrize("data", [b"", b"x" * 15, struct.pack("<II4sI", 5, 5, b"ZZZZ", 0) + b"hei"])
def test_an_unknown_form_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableAttachment, match="formatted body"):
        decompress_rtf(data)


def test_a_body_that_grows_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("innspill.reading.documents.rtf.MAX_RTF", 100_000)
    with pytest.raises(UnreadableAttachment, match="larger than"):
        decompress_rtf(compress_rtf(b"blab" * 30_000))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([REAL_RTF, WRAPPED, (FOLDER / "lo-merknader.rtf").read_bytes()]),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6), st.integers(0, 40)), max_size=10),
)
def test_damaged_rtf_is_read_or_refused(data: bytes, changes: list[tuple[int, bytes, int]]) -> None:
    for place, new, n_lost in changes:
        at = place % max(len(data), 1)
        data = data[:at] + new + data[at + n_lost :]
    assert isinstance(rtf_to_text(data), str)
    html_in_rtf(data)
    try:
        document = read_rtf(data)
    except UnreadableAttachment:
        return
    for remark in document.remarks:
        assert 0 <= remark.anchor.start <= remark.anchor.end <= len(document.text)
        assert 0 <= remark.span.start <= remark.span.end <= len(document.text)


@given(st.binary(max_size=400))
def test_any_bytes_in_compressed_form_are_read_or_refused(data: bytes) -> None:
    try:
        decompress_rtf(struct.pack("<II4sI", len(data), 1_000, b"LZFu", 0) + data)
    except UnreadableAttachment as error:
        assert str(error)
