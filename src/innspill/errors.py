"""The one family of errors: each says what is wrong, where, and what to do. The command line makes it an exit code."""

from collections.abc import Iterable

# A message names so many things of a kind; the rest it counts.
MAX_LISTED = 12


class InnspillError(Exception):
    """A run cannot go on. The message is for the user: what, where, what to do."""

    exit_code = 1


class ConsultationError(InnspillError):
    """The consultation folder or its ``consultation.toml`` cannot be used."""

    exit_code = 2


class ReportError(InnspillError):
    """The report cannot be read."""

    exit_code = 3


class MailError(InnspillError):
    """The mail folder cannot be read, or holds no message."""

    exit_code = 4


class ModelError(InnspillError):
    """A language model that the configuration names cannot be loaded."""

    exit_code = 5


class GoldError(InnspillError):
    """The gold standard beside a consultation is missing or does not fit it."""

    exit_code = 6


class FetchError(InnspillError):
    """A mailbox cannot be fetched: the account, the network, or the folder for it."""

    exit_code = 7


def listed(items: Iterable[object]) -> str:
    """The first items of a message that may name many, and how many more there are.

    >>> listed(range(1, 15))
    '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more'
    """
    shown = list(map(str, items))
    more = f" and {len(shown) - MAX_LISTED} more" if len(shown) > MAX_LISTED else ""
    return ", ".join(shown[:MAX_LISTED]) + more
