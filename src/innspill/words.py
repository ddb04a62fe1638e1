"""The catalogue of output texts: one TOML file a language, the same keys in each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from innspill.errors import ConsultationError

LANGUAGES = ("nb", "nn", "en")
NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language. ``words("count.comments", n=2)`` is «2 kommentarer»."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text under a dotted `key` with `values` filled in.

        A text that depends on a number has the forms ``key.one`` and ``key.other``, and is asked for with ``n``.

        Raises:
            KeyError: the catalogue has no such text, or the text asks for a value that was not given.
        """
        if key not in self.texts and f"{key}.one" in self.texts:
            key = f"{key}.one" if values["n"] == 1 else f"{key}.other"
        if key not in self.texts:
            raise KeyError(f"words.{self.language}.toml has no text «{key}»")
        shown = {name: self.number(value) if name == "n" else value for name, value in values.items()}
        return self.texts[key].format_map(shown)

    def label(self, group: str, code: str) -> str:
        """The word for a code of a group that input may widen (types of organisation), or the code itself."""
        return self.texts.get(f"{group}.{code}", code)

    def number(self, value: object) -> str:
        """A whole number with the language's mark between thousands, from 10 000 up; other values as they are."""
        if not isinstance(value, int) or abs(value) < 10_000:
            return str(value)
        return f"{value:,}".replace(",", self.texts["format.thousands"])

    def percent(self, share: float) -> str:
        """A share (0–1) in whole per cent.

        >>> load_words("nb").percent(0.126).replace(NO_BREAK_SPACE, " ")
        '13 %'
        """
        return self.texts["format.percent"].format(value=round(100 * share))

    def date(self, moment: datetime) -> str:
        """A day for a reader.

        >>> load_words("nb").date(datetime(2026, 10, 13)).replace(NO_BREAK_SPACE, " ")
        '13. oktober 2026'
        """
        return self.texts["format.date"].format(
            day=moment.day, month=self.texts[f"month.{moment.month}"], year=moment.year
        )

    def moment(self, moment: datetime) -> str:
        """A day and the time of day, in the time zone that `moment` carries.

        >>> load_words("nb").moment(datetime(2026, 10, 13, 9, 5)).replace(NO_BREAK_SPACE, " ")
        '13. oktober 2026 kl. 09.05'
        """
        return self.texts["format.moment"].format(
            date=self.date(moment), hour=f"{moment.hour:02d}", minute=f"{moment.minute:02d}"
        )


def load_words(language: str) -> Words:
    """Read the catalogue of `language`.

    Raises:
        ConsultationError: there is no catalogue for the language.
    """
    if language not in LANGUAGES:
        raise ConsultationError(f"The language {language!r} is not known. Choose one of: {', '.join(LANGUAGES)}.")
    source = (files("innspill") / "data" / f"words.{language}.toml").read_text(encoding="utf-8")
    return Words(language, MappingProxyType(dict(_flatten(tomllib.loads(source), ""))))


def _flatten(tree: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    """The leaves of a tree of tables with dotted keys."""
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, Mapping):
            found += _flatten(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", str(value)))
    return found
