"""An analysis -> files: tables, run.json, digest.html and digest.xlsx; and the sums that must add up."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from innspill.bundled import bundled
from innspill.config import Config
from innspill.errors import InnspillError
from innspill.language.cards import SHIPPED, read_card
from innspill.language.vectors import NO_ENCODER
from innspill.privacy.pseudonyms import PseudonymKey, labelled
from innspill.records import Analysis, Message
from innspill.version import __version__

DIGEST_HTML, DIGEST_XLSX, RUN_JSON, TABLES = "digest.html", "digest.xlsx", "run.json", "tables"


def write_outputs(
    analysis: Analysis, folder: Path, *, config: Config, pseudonyms: PseudonymKey | None = None
) -> dict[str, Any]:
    """Write everything that a run writes into `folder`, which is made where it is missing.

    Args:
        analysis: What the run found.
        folder: Where to.
        config: The options of the run.
        pseudonyms: The key of an analysis that is pseudonymised; the names of mail files are replaced by its labels.

    Returns:
        What run.json holds.

    Raises:
        InnspillError: the folder cannot be written to.
    """
    from innspill.digest import build_digest
    from innspill.tables import build_tables
    from innspill.words import load_words
    from innspill.writing.html import write_html
    from innspill.writing.tabular import write_tables
    from innspill.writing.xlsx import write_xlsx

    record = run_record(analysis, config, pseudonyms)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_tables(build_tables(analysis), folder / TABLES)
        digest = build_digest(analysis, words=load_words(analysis.consultation.language))
        write_html(digest, folder / DIGEST_HTML)
        write_xlsx(digest, folder / DIGEST_XLSX)
        (folder / RUN_JSON).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InnspillError(
            f"{error.filename or folder} cannot be written ({error.strerror}). Close the file if it is open, "
            "or give another folder with -o."
        ) from error
    return record


def reconcile(analysis: Analysis) -> dict[str, Any]:
    """The counts of a run, and whether they add up.

    Messages in are messages by kind; the pieces that a message brought are read, said twice, empty, or not read (and
    named in a note); comments are placed, unplaced because their citation leads nowhere, or about the
    whole report or something it does not mention.
    """
    kinds = Counter(message.kind for message in analysis.messages)
    placed = {a.comment_id for a in analysis.annotations if a.target is not None}
    unresolved = {a.comment_id for a in analysis.annotations if a.target is None} - placed
    parts = Counter(part.status for message in analysis.messages for part in message.received)
    annotated = {annotation.comment_id for annotation in analysis.annotations}
    without = sum(comment.comment_id not in annotated for comment in analysis.comments)
    return {
        "messages": len(analysis.messages),
        "messages_by_kind": dict(sorted(kinds.items())),
        "parts": parts.total(),
        "parts_by_status": dict(sorted(parts.items())),
        "comments": len(analysis.comments),
        "comments_placed": len(placed),
        "comments_unplaced": len(unresolved),
        "comments_whole_report": without,
        "themes": len(analysis.themes),
        "needs": len(analysis.needs),
        "measures": len(analysis.measures),
        "needs_by_coverage": dict(sorted(Counter(need.coverage for need in analysis.needs).items())),
        "adds_up": len(placed) + len(unresolved) + without == len(analysis.comments)
        and sum(len(theme.comment_ids) for theme in analysis.themes) == len(analysis.comments)
        and _each_once(analysis.messages)
        and all(_is_accounted(message) for message in analysis.messages),
    }


def run_record(analysis: Analysis, config: Config, pseudonyms: PseudonymKey | None = None) -> dict[str, Any]:
    """What run.json says: version, options, models, input files with SHA-256, counts and seconds."""
    consultation = analysis.consultation
    mail = _checksums([consultation.mail], root=consultation.folder)
    return {
        "innspill": __version__,
        "title": consultation.title,
        "language": consultation.language,
        "deadline": consultation.deadline.isoformat() if consultation.deadline else None,
        "options": asdict(config),
        "seed": config.seed,
        "models": [_model_record(name) for name in _models_of(config)],
        "pseudonymised": pseudonyms is not None,
        "inputs": _checksums(
            [path for path in (consultation.report, consultation.measures, consultation.themes) if path is not None],
            root=consultation.folder,
        )
        | (mail if pseudonyms is None else labelled(mail, pseudonyms)),
        "numbering": asdict(analysis.report.numbering),
        "counts": reconcile(analysis),
        "seconds": dict(analysis.seconds),
    }


def _models_of(config: Config) -> list[str]:
    encoder = [config.encoder] if config.encoder not in ("", NO_ENCODER) else []
    return [*encoder, config.pipeline, config.languages, "stance"]


def _model_record(name: str) -> dict[str, Any]:
    """A model's name and the checksums of its files, where they lie in a folder or come with innspill."""
    if name in SHIPPED:
        return {"name": name, "files": dict(read_card(bundled(f"models/{name}")).files)}
    return {"name": name, "files": _checksums([Path(name)])}


def _is_accounted(message: Message) -> bool:
    """Whether each part is listed once, and is among the pieces that were read."""
    names = [part.name for part in message.parts]
    read = {piece.name for piece in message.received if piece.status == "read"}
    return len(set(names)) == len(names) and set(names) <= read


def _each_once(messages: Iterable[Message]) -> bool:
    counts = Counter(message.message_id for message in messages)
    return all(count == 1 for count in counts.values())


def _checksums(paths: Iterable[Path], *, root: Path | None = None) -> dict[str, str]:
    """Path (relative to `root` where it is inside) -> SHA-256, for files and the files under folders."""
    result = {}
    for path in paths:
        for file in [path] if path.is_file() else sorted(item for item in path.rglob("*") if item.is_file()):
            inside = root is not None and file.is_relative_to(root)
            name = file.relative_to(root).as_posix() if inside and root is not None else file.name
            with file.open("rb") as opened:
                result[name] = hashlib.file_digest(opened, "sha256").hexdigest()
    return result
