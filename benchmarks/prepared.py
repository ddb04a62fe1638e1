"""The pipeline on messages and comments that are there already: what benchmarks of the analysis share."""

from collections.abc import Sequence
from contextlib import ExitStack
from unittest.mock import patch

from innspill import pipeline
from innspill.config import Config
from innspill.language.norwegian import Norwegian
from innspill.records import Analysis, Comment, Consultation, Message, Report


def analyse_prepared(
    consultation: Consultation,
    report: Report,
    messages: Sequence[Message],
    comments: Sequence[Comment],
    *,
    language: Norwegian,
    config: Config,
    progress: pipeline.Progress | None = None,
) -> Analysis:
    """Run every stage but the reading of report and mail and the splitting into comments."""
    given = {
        "read_report": report,
        "read_mail": ([], []),
        "to_messages": tuple(messages),
        "mark_invitation": tuple(messages),
        "mark_report_words": tuple(messages),
        "split_comments": tuple(comments),
    }
    with ExitStack() as replaced:
        for stage, result in given.items():
            replaced.enter_context(patch.object(pipeline, stage, return_value=result))
        return pipeline.analyse(consultation, language=language, config=config, progress=progress)
