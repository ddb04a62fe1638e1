"""``themes.toml``: what the analyst says about themes, for the rest to be found around it.

::

    [[theme]]                        # a theme that the analyst gives
    name = "Samiske pasienter"
    sections = ["6.2"]               # comments on these sections of the report belong to it
    examples = ["tolk på samisk"]    # so do comments that hold these words
    comments = ["C0012"]             # and these

    [[merge]]                        # themes that were found, as one
    themes = ["Lagring og overføring", "Analyserom og regnekraft"]
    name = "Infrastruktur"

    [[rename]]
    from = "Reservasjon"
    to = "Reservasjon og samtykke"
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innspill.errors import ConsultationError
from innspill.records import Comment, Note

TABLES: dict[str, tuple[str, ...]] = {
    "theme": ("name", "sections", "examples", "comments"),
    "merge": ("themes", "name"),
    "rename": ("from", "to"),
}


@dataclass(frozen=True, slots=True)
class GivenTheme:
    """A theme by name, with what belongs to it: sections of the report, words, comments."""

    name: str
    sections: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merging:
    """Themes, by the names they would have, that become one of another name."""

    themes: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class GivenThemes:
    """All that ``themes.toml`` says; `renamings` from old to new names."""

    themes: tuple[GivenTheme, ...] = ()
    mergings: tuple[Merging, ...] = ()
    renamings: tuple[tuple[str, str], ...] = ()
    file: str = ""


def read_given_themes(path: Path | None) -> GivenThemes:
    """Read ``themes.toml``; nothing is given where there is no path.

    Raises:
        ConsultationError: the file cannot be read, is not TOML, or holds a table or a key that is not known.
    """
    if path is None:
        return GivenThemes()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConsultationError(f"{path} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConsultationError(f"{path} is not valid TOML: {error}.") from error
    unknown = sorted(set(data) - set(TABLES))
    if unknown:
        known = ", ".join(f"[[{name}]]" for name in TABLES)
        raise ConsultationError(f"{path}: '{unknown[0]}' is not known; there can be {known}.")
    return GivenThemes(
        themes=tuple(
            GivenTheme(
                _text(row, "name", path),
                *(_texts(row, key, path) for key in ("sections", "examples", "comments")),
            )
            for row in _rows(data, "theme", path)
        ),
        mergings=tuple(
            Merging(_texts(row, "themes", path), _text(row, "name", path)) for row in _rows(data, "merge", path)
        ),
        renamings=tuple((_text(row, "from", path), _text(row, "to", path)) for row in _rows(data, "rename", path)),
        file=path.name,
    )


def pinned(given: GivenThemes, comments: Sequence[Comment]) -> dict[int, int]:
    """Row of a comment -> the given theme that it is pinned to, by its id or by words that it holds.

    The first theme that names a comment has it.
    """
    row_of = {comment.comment_id: row for row, comment in enumerate(comments)}
    folded = [_folded(comment.text) for comment in comments]
    result: dict[int, int] = {}
    for number, theme in enumerate(given.themes):
        rows = [row_of[comment_id] for comment_id in theme.comments if comment_id in row_of]
        for example in theme.examples:
            rows += [row for row, text in enumerate(folded) if _folded(example) in text]
        for row in rows:
            result.setdefault(row, number)
    return result


def unheard(
    given: GivenThemes, comments: Sequence[Comment], sections: Sequence[str], names: Sequence[str]
) -> list[Note]:
    """A warning for each thing named in the file that the consultation does not have.

    Args:
        given: What the file says.
        comments: All comments.
        sections: Numbers of the report's sections.
        names: Names of the themes that were found, before any was merged or renamed.
    """
    ids = {comment.comment_id for comment in comments}
    texts = [_folded(comment.text) for comment in comments]
    known = {_folded(name) for name in (*names, *(merging.name for merging in given.mergings))}
    missing = [
        *(f"section {number}" for theme in given.themes for number in theme.sections if number not in sections),
        *(f"comment {comment_id}" for theme in given.themes for comment_id in theme.comments if comment_id not in ids),
        *(
            f"comment with «{example}»"
            for theme in given.themes
            for example in theme.examples
            if not any(_folded(example) in text for text in texts)
        ),
        *(f"theme «{name}»" for merging in given.mergings for name in merging.themes if _folded(name) not in known),
        *(f"theme «{old}»" for old, _ in given.renamings if _folded(old) not in known),
    ]
    return [
        Note("warning", "themes", given.file, f"There is no {what}; that line of the file was passed over.")
        for what in missing
    ]


def merged(names: Sequence[str], given: GivenThemes) -> list[str]:
    """The names of themes after merging and renaming: themes that get the same name are to be one."""
    into = {_folded(old): merging.name for merging in given.mergings for old in merging.themes}
    joined = [into.get(_folded(name), name) for name in names]
    renamed = {_folded(old): new for old, new in given.renamings}
    return [renamed.get(_folded(name), name) for name in joined]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _rows(data: Mapping[str, Any], table: str, path: Path) -> list[Mapping[str, Any]]:
    rows = data.get(table, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConsultationError(f"{path}: write [[{table}]], with two brackets on each side, above each {table}.")
    for row in rows:
        unknown = sorted(set(row) - set(TABLES[table]))
        if unknown:
            raise ConsultationError(
                f"{path}: '{unknown[0]}' is not known in [[{table}]]; it can hold {', '.join(TABLES[table])}."
            )
    return rows


def _text(row: Mapping[str, Any], key: str, path: Path) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ConsultationError(f"{path}: '{key}' is missing, or is not text in quotes: {value!r}.")
    return " ".join(value.split())


def _texts(row: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
    values = row.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise ConsultationError(f'{path}: \'{key}\' must be a list of texts, such as ["3.1", "3.2"]; it is {values!r}.')
    return tuple(values)
