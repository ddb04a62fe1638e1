"""What is wrong in the sources, gathered so that one run tells all of it."""

from dataclasses import dataclass, field


@dataclass
class Errors:
    """The errors and notes found in the sources, to be printed at the end."""

    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def error(self, where: str, what: str) -> None:
        """Add an error, which makes the run fail."""
        self.errors.append(f"{where}: {what}")

    def note(self, where: str, what: str) -> None:
        """Add something worth a look, which does not make the run fail."""
        self.notes.append(f"{where}: {what}")
