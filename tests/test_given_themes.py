"""``themes.toml``: read, or refused with what is wrong."""

from pathlib import Path

import pytest

from innspill.errors import ConsultationError
from innspill.given_themes import GivenTheme, GivenThemes, Merging, read_given_themes

WHOLE = """
[[theme]]
name = "Samiske  pasienter"
sections = ["6.2"]
examples = ["tolk på samisk"]
comments = ["C0012"]

[[merge]]
themes = ["Lagring", "Regnekraft"]
name = "Infrastruktur"

[[rename]]
from = "Reservasjon"
to = "Samtykke"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "themes.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_all_that_the_file_says_is_read(tmp_path: Path) -> None:
    assert read_given_themes(written(tmp_path, WHOLE)) == GivenThemes(
        themes=(GivenTheme("Samiske pasienter", ("6.2",), ("tolk på samisk",), ("C0012",)),),
        mergings=(Merging(("Lagring", "Regnekraft"), "Infrastruktur"),),
        renamings=(("Reservasjon", "Samtykke"),),
        file="themes.toml",
    )


def test_without_a_file_nothing_is_given() -> None:
    assert read_given_themes(None) == GivenThemes()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[theme]\n", "is not valid TOML"),
        ("[[tema]]\nname = 'x'", "'tema' is not known; there can be [[theme]], [[merge]], [[rename]]"),
        ("[theme]\nname = 'x'", "write [[theme]], with two brackets"),
        ("[[theme]]\nnavn = 'x'", "'navn' is not known in [[theme]]; it can hold name, sections, examples, comments"),
        ("[[theme]]\nsections = ['1']", "'name' is missing"),
        ("[[theme]]\nname = 3", "'name' is missing, or is not text in quotes: 3"),
        ("[[theme]]\nname = 'x'\nsections = '3.1'", "'sections' must be a list of texts"),
        ("[[theme]]\nname = 'x'\nsections = [3.1]", "'sections' must be a list of texts"),
        ("[[theme]]\nname = 'x'\nexamples = [' ']", "'examples' must be a list of texts"),
        ("[[rename]]\nfrom = 'x'", "'to' is missing"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_with_its_name(tmp_path: Path, text: str, told: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ConsultationError) as caught:
        read_given_themes(file)
    assert str(file) in str(caught.value)
    assert told in str(caught.value)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConsultationError, match="cannot be read"):
        read_given_themes(tmp_path / "none.toml")
