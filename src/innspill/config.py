"""What a run can be told: `Config` (thresholds, seed, model names) and ``consultation.toml``."""

import ipaddress
import tomllib
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from innspill.errors import ConsultationError
from innspill.records import Consultation, Note
from innspill.words import LANGUAGES

FILE_NAME = "consultation.toml"
KEYS = ("title", "report", "mail", "deadline", "mailbox", "language", "measures", "themes", "options", "llm")
LLM_KEYS = ("endpoint", "model", "seconds")
OSLO = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A language model that runs on the user's own machine, and may rephrase the statements of needs.

    Attributes:
        endpoint: The address that speaks the chat protocol, such as ``http://127.0.0.1:11434/v1``. It is on this
            machine: feedback is sent nowhere else.
        model: The model's name there.
        seconds: How long to wait for an answer.
    """

    endpoint: str
    model: str
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Config:
    """Options of a run. The thresholds were set on the tuning part of corpora/ki-helsedata; see benchmarks/tune.py.

    Attributes:
        encoder: Sentence vectors beside character n-grams: a model that comes with innspill, a folder, or a hub id of
            sentence-transformers; empty: none.
        pipeline: The spaCy pipeline that finds lemmas, word classes and names: one that comes with innspill, a folder,
            or an installed package.
        languages: The model that tells languages apart: the one that comes with innspill, or a folder.
        seed: Seed of everything random.
        n_themes: Number of themes; 0: as many as the data ask for.
        quotation_score: Least likeness (0–100, rapidfuzz) at which a quotation counts as found in the report.
        similarity_threshold: Least probability (0–1) of being right at which a comment without a citation is placed.
        similarity_sure: Probability from which such a place is not marked as doubtful.
        need_distance: Largest mean distance (1 − likeness) between comments that voice the same need.
        covered_from, partly_from: Coverage score from which a need is covered, or partly covered.
        llm: A language model on this machine that may rephrase; None: the senders' own words stand.
    """

    encoder: str = "vectors"
    pipeline: str = "norwegian"
    languages: str = "languages"
    seed: int = 20260901
    n_themes: int = 0
    quotation_score: float = 88.0
    similarity_threshold: float = 0.42
    similarity_sure: float = 0.5
    need_distance: float = 0.70
    covered_from: float = 0.66
    partly_from: float = 0.32
    llm: LanguageModel | None = None


def load_consultation(path: Path) -> tuple[Consultation, Config]:
    """Read a consultation folder (or the path of its ``consultation.toml``).

    Raises:
        ConsultationError: the folder or file is missing or is not TOML; a key is missing or of the wrong kind.
    """
    file = path / FILE_NAME if path.is_dir() else path
    if not path.exists():
        raise ConsultationError(
            f"There is no folder {path}. Give the folder that holds {FILE_NAME}, or --report and --mail."
        )
    if not file.is_file():
        raise ConsultationError(
            f"There is no {FILE_NAME} in {path}. Write one (see README), or give --report and --mail."
        )
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConsultationError(f"{file} is not valid TOML: {error}.") from error
    unknown = sorted(set(data) - set(KEYS))
    notes = tuple(
        Note(
            "warning",
            "consultation",
            FILE_NAME,
            f"The key '{key}' is not known and was passed over. Known: {', '.join(KEYS)}.",
        )
        for key in unknown
    )
    folder = file.parent
    consultation = Consultation(
        title=_text(data, "title", file, default=folder.resolve().name),
        folder=folder,
        report=folder / _text(data, "report", file),
        mail=folder / _text(data, "mail", file),
        deadline=as_deadline(data.get("deadline"), file),
        mailbox=_text(data, "mailbox", file, default=""),
        language=as_language(_text(data, "language", file, default="nb"), str(file)),
        notes=notes,
        measures=_file(data, "measures", file),
        themes=_file(data, "themes", file),
    )
    config = _beside(folder, _config(data.get("options", {}), file))
    return consultation, replace(config, llm=_language_model(data.get("llm"), file))


def as_deadline(value: object, file: Path) -> datetime | None:
    """A TOML date or date-time as a moment; a date means the end of that day, and no offset means Oslo's time."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=OSLO)
    if isinstance(value, date):
        return datetime.combine(value, time(23, 59, 59), OSLO)
    raise ConsultationError(
        f"{file}: 'deadline' must be a TOML date such as 2026-10-15, without quotes; it is {value!r}."
    )


def as_language(value: str, where: str) -> str:
    """The output language, checked; «no» is taken for bokmål.

    Raises:
        ConsultationError: it is not nb, nn or en.
    """
    value = {"no": "nb", "nb-NO": "nb", "nn-NO": "nn"}.get(value, value)
    if value not in LANGUAGES:
        raise ConsultationError(f"{where}: language is {value!r}; it can be {', '.join(LANGUAGES)}.")
    return value


def _text(data: dict[str, Any], key: str, file: Path, *, default: str | None = None) -> str:
    value = data.get(key, default)
    if value is None:
        raise ConsultationError(f"{file}: the key '{key}' is missing.")
    if not isinstance(value, str):
        raise ConsultationError(f"{file}: '{key}' must be text in quotes; it is {value!r}.")
    return value


def _file(data: dict[str, Any], key: str, file: Path) -> Path | None:
    """A file beside consultation.toml that `key` names; None where the key is not there."""
    if key not in data:
        return None
    path = file.parent / _text(data, key, file)
    if not path.is_file():
        raise ConsultationError(f"{file}: there is no file {path}. Mend the key '{key}', or take it out.")
    return path


def _language_model(table: object, file: Path) -> LanguageModel | None:
    """The table [llm], checked; None where there is none."""
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ConsultationError(f"{file}: [llm] must be a table.")
    if unknown := sorted(set(table) - set(LLM_KEYS)):
        raise ConsultationError(f"{file}: [llm] has the unknown key '{unknown[0]}'. Known: {', '.join(LLM_KEYS)}.")
    seconds = table.get("seconds", 60.0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= 3600:
        raise ConsultationError(f"{file}: 'seconds' in [llm] must be a number up to 3600; it is {seconds!r}.")
    endpoint = _text(table, "endpoint", file)
    if not _is_on_this_machine(endpoint):
        raise ConsultationError(
            f"{file}: 'endpoint' in [llm] is {endpoint!r}. It must be on this machine, such as "
            "http://127.0.0.1:11434/v1: innspill sends feedback nowhere else."
        )
    return LanguageModel(endpoint.rstrip("/"), _text(table, "model", file), float(seconds))


def _is_on_this_machine(endpoint: str) -> bool:
    """Whether an address is plain HTTP(S) to the machine itself, with no name, password, query or fragment in it."""
    try:
        address = urlsplit(endpoint)
        _ = address.port  # raises where it is no port
    except ValueError:
        return False
    if address.scheme not in ("http", "https") or "@" in address.netloc or address.query or address.fragment:
        return False
    host = address.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _beside(folder: Path, config: Config) -> Config:
    """Models named by a path from the consultation's folder, as the report and the mail are."""

    def place(name: str) -> str:
        return str(folder / name) if name and (folder / name).is_dir() else name

    return replace(
        config, encoder=place(config.encoder), pipeline=place(config.pipeline), languages=place(config.languages)
    )


def _config(options: object, file: Path) -> Config:
    if not isinstance(options, dict):
        raise ConsultationError(f"{file}: [options] must be a table.")
    known = [field.name for field in fields(Config) if field.name != "llm"]
    config = Config()
    for name, value in options.items():
        if name not in known:
            raise ConsultationError(f"{file}: unknown option '{name}'. Known: {', '.join(known)}.")
        expected = type(getattr(config, name))
        if isinstance(value, bool) or not isinstance(value, (int, float) if expected is float else expected):
            raise ConsultationError(f"{file}: option '{name}' must be {expected.__name__}; it is {value!r}.")
        config = replace(config, **{name: expected(value)})
    return config
