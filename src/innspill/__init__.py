"""innspill: from a report and a mailbox of feedback to a line-annotated digest.

Public names: `load_consultation` reads a consultation folder, `analyse` runs all stages on it, `build_tables` gives the
result as DataFrames, and `write_outputs` writes tables, digest and workbook. They are loaded when first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from innspill.version import __version__

if TYPE_CHECKING:
    from innspill.config import Config, load_consultation
    from innspill.errors import InnspillError
    from innspill.language.norwegian import Norwegian
    from innspill.outputs import write_outputs
    from innspill.pipeline import analyse
    from innspill.records import Analysis, Consultation
    from innspill.tables import build_tables

__all__ = [
    "Analysis",
    "Config",
    "Consultation",
    "InnspillError",
    "Norwegian",
    "__version__",
    "analyse",
    "build_tables",
    "load_consultation",
    "write_outputs",
]

_HOME = {
    "Analysis": "records",
    "Config": "config",
    "Consultation": "records",
    "InnspillError": "errors",
    "Norwegian": "language.norwegian",
    "analyse": "pipeline",
    "load_consultation": "config",
    "build_tables": "tables",
    "write_outputs": "outputs",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the public name is
    if name not in _HOME:
        raise AttributeError(f"module 'innspill' has no attribute {name!r}")
    return getattr(import_module(f"innspill.{_HOME[name]}"), name)
