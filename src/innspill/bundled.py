"""Where the files that come with innspill lie: in the installed package, or in the checkout beside src/."""

from importlib.resources import files
from pathlib import Path

from innspill.errors import InnspillError


def bundled(name: str) -> Path:
    """The folder ``models/…`` or ``corpora/…`` of that name.

    Raises:
        InnspillError: it is in neither place.
    """
    package = Path(str(files("innspill")))
    for folder in (package / name, package.parents[1] / name):
        if folder.is_dir():
            return folder
    raise InnspillError(f"{name} is not installed. Install innspill again from its wheel or checkout.")
