import re
from datetime import datetime
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import innspill
from innspill.errors import ConsultationError
from innspill.records import (
    MESSAGE_KINDS,
    ORGANISATION_TYPES,
    STANCES,
    Coverage,
    Method,
    SegmentKind,
    Severity,
    Status,
)
from innspill.words import LANGUAGES, Words, load_words

PACKAGE = Path(next(iter(innspill.__path__)))
# Keys in code and template: words("a.b"), w('a.b').
KEY = re.compile(r"""\b(?:words|w)\(\s*f?["']([a-z_]+\.[a-z_]+)["']""")


@pytest.fixture(params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Words:
    return load_words(request.param)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def used_keys() -> set[str]:
    sources = [*PACKAGE.glob("*.py"), *PACKAGE.glob("writing/*.py"), *PACKAGE.glob("data/*.j2")]
    return {key for path in sources for key in KEY.findall(path.read_text(encoding="utf-8"))}


def test_every_language_has_the_same_keys(words: Words) -> None:
    assert set(words.texts) == set(load_words("nb").texts)


def test_every_language_asks_for_the_same_values(words: Words) -> None:
    expected = {key: fields(text) for key, text in load_words("nb").texts.items()}
    assert {key: fields(text) for key, text in words.texts.items()} == expected


def test_no_text_is_empty(words: Words) -> None:
    assert [key for key, text in words.texts.items() if not text] == []


def test_every_code_of_the_records_has_a_word(words: Words) -> None:
    groups = {
        "stance": STANCES,
        "kind": MESSAGE_KINDS,
        "organisation_type": ORGANISATION_TYPES,
        "coverage": get_args(Coverage),
        "method": get_args(Method),
        "status": get_args(Status),
        "severity": get_args(Severity),
        "segment": get_args(SegmentKind),
    }
    wanted = {f"{group}.{code}" for group, codes in groups.items() for code in codes}
    wanted |= {f"type_count.{code}.{form}" for code in ORGANISATION_TYPES for form in ("one", "other")}
    assert wanted - set(words.texts) == set()


def test_every_key_that_the_code_uses_is_in_the_catalogue(words: Words) -> None:
    keys = used_keys()
    assert len(keys) > 50
    assert [key for key in sorted(keys) if key not in words.texts and f"{key}.one" not in words.texts] == []


def test_one_comment_is_singular() -> None:
    assert load_words("nb")("count.comments", n=1) == "1 kommentar"


def test_no_comments_are_plural_in_nynorsk() -> None:
    assert load_words("nn")("count.comments", n=0) == "0 kommentarar"


def test_large_numbers_are_grouped() -> None:
    assert load_words("nb")("count.comments", n=12345) == "12\u00a0345 kommentarer"


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        load_words("nb")("no.such")


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="first"):
        load_words("nb")("place.line")


def test_braces_in_a_value_are_left_alone() -> None:
    assert load_words("nb")("comment.cited", cited="{n} {0}") == "«{n} {0}»"


def test_an_unknown_code_is_its_own_label() -> None:
    assert load_words("nb").label("organisation_type", "stiftelse") == "stiftelse"


def test_an_unknown_language_is_refused_with_the_choices() -> None:
    with pytest.raises(ConsultationError, match="nb, nn, en"):
        load_words("de")


def test_english_dates_have_no_full_stop() -> None:
    assert load_words("en").date(datetime(2026, 5, 7)) == "7\u00a0May 2026"
