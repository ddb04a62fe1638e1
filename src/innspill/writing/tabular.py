"""Tables as files: CSV, JSON and Parquet.

CSV is UTF-8 after RFC 4180, with two choices of ours. Lines end with "\\n" and not CRLF, so that files are the same
bytes on every system and compare line by line in version control; every CSV reader takes both. Cells are verbatim,
also those that begin with ``=``, ``+``, ``-`` or ``@``: the tables are data, and a mark put before such a cell would
be read as part of a citizen's words. Who wants to open the result in a spreadsheet has the xlsx digest, where no text
can become a formula.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal

import pandas as pd

TableFormat = Literal["csv", "json", "parquet"]
TABLE_FORMATS: tuple[TableFormat, ...] = ("csv", "json", "parquet")
NEEDS_QUOTES = re.compile(r'[",\r\n]')


def write_tables(frames: Mapping[str, pd.DataFrame], folder: Path) -> tuple[Path, ...]:
    """Write NAME.csv and NAME.parquet of each frame to `folder`, which is made if need be.

    Returns:
        The files written, in order.

    Raises:
        OSError: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in frames.items():
        for table_format in ("csv", "parquet"):
            path = folder / f"{name}.{table_format}"
            path.write_bytes(_ENCODERS[table_format](frame))
            written.append(path)
    return tuple(written)


def save_table(frame: pd.DataFrame, target: Path | BinaryIO, table_format: TableFormat) -> None:
    """Write one table to a file, or to an open binary stream such as ``sys.stdout.buffer``.

    Raises:
        ValueError: `table_format` is not one of `TABLE_FORMATS`.
        OSError: the file cannot be written.
    """
    if table_format not in _ENCODERS:
        raise ValueError(f"A table cannot be written as {table_format!r}; choose one of {', '.join(TABLE_FORMATS)}.")
    content = _ENCODERS[table_format](frame)
    if isinstance(target, Path):
        target.write_bytes(content)
    else:
        target.write(content)


def _csv(frame: pd.DataFrame) -> bytes:
    """Written by hand, since the standard writer leaves a lone carriage return unquoted, and readers split there."""
    rows = [tuple(frame.columns), *frame.itertuples(index=False, name=None)]
    return "".join(",".join(map(_csv_cell, row)) + "\n" for row in rows).encode("utf-8", "replace")


def _csv_cell(value: object) -> str:
    """A cell as RFC 4180 has it; truth values are ``true`` and ``false``, and not known is empty."""
    if value is pd.NA:
        return ""
    text = str(value).lower() if pd.api.types.is_bool(value) else str(value)
    return '"{}"'.format(text.replace('"', '""')) if NEEDS_QUOTES.search(text) else text


def _json(frame: pd.DataFrame) -> bytes:
    """A list of objects, a row each; not known is null."""
    text = frame.to_json(orient="records", force_ascii=False, indent=1)
    return f"{text}\n".encode("utf-8", "replace")


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.to_parquet(buffer, engine="pyarrow", index=False)
    return buffer.getvalue()


_ENCODERS = {"csv": _csv, "json": _json, "parquet": _parquet}
