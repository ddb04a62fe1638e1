"""The one family of errors: each says what is wrong, where, and what to do. The command line makes it an exit code."""


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
