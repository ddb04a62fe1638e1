"""The main path: from a report and a mailbox to an analysis. Read top to bottom; each stage is one room."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from innspill.comments import split_comments
from innspill.config import Config
from innspill.copies import mark_invitation, mark_report_words
from innspill.features import comment_features
from innspill.given_themes import read_given_themes
from innspill.language.norwegian import Language
from innspill.language.vectors import Encoder, load_encoder
from innspill.matching import match
from innspill.measures import read_measures, tie_measures
from innspill.messages import notes_on, to_messages
from innspill.needs import find_needs
from innspill.privacy.person_names import find_names
from innspill.privacy.pseudonyms import PSEUDONYMISED, Pseudonymiser
from innspill.reading.mail import read_mail
from innspill.reading.report import read_report
from innspill.records import Analysis, Consultation
from innspill.stance import StanceModel, classify_stances, load_stance_model
from innspill.summaries import summarise_needs, summarise_themes
from innspill.themes import find_themes
from innspill.words import load_words

Progress = Callable[[str], None]
STAGES = ("report", "mail", "comments", "matching", "themes", "needs")


def analyse(
    consultation: Consultation,
    *,
    language: Language,
    encoder: Encoder | None = None,
    stance_model: StanceModel | None = None,
    config: Config | None = None,
    pseudonyms: Pseudonymiser | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Run every stage on a consultation.

    Args:
        consultation: The report, the mail, the deadline.
        language: Sentences, languages, noun phrases.
        encoder: Sentence vectors to use beside character n-grams; None for those that `config` names.
        stance_model: Tells what each comment does; None for the one that comes with the package.
        config: Options; the defaults where it is None.
        pseudonyms: Takes personal data out of the messages; its key is grown by whom they name. None to leave all in.
        progress: Called with the name of each stage (see `STAGES`) as it begins.

    Raises:
        ReportError: the report cannot be read.
        MailError: there is no mail.
        ModelError: the encoder that `config` names cannot be loaded.
        ConsultationError: the file of themes or of planned measures cannot be read.
    """
    config = config or Config()
    encoder = encoder or load_encoder(config.encoder)
    words = load_words(consultation.language)
    given = read_given_themes(consultation.themes)
    measures = read_measures(consultation.measures) if consultation.measures is not None else ()
    clock = _Clock(progress)
    with clock.stage("report"):
        report = read_report(consultation.report, sentences=language.sentences)
    with clock.stage("mail"):
        mails, mail_notes = read_mail(
            consultation.mail, root=consultation.folder, mailbox=consultation.mailbox, sentences=language.sentences
        )
        messages = to_messages(mails, language=language, deadline=consultation.deadline, mailbox=consultation.mailbox)
        mail_notes = [*mail_notes, *notes_on(messages, deadline=consultation.deadline)]
        messages = mark_report_words(mark_invitation(messages), report)
        if pseudonyms is not None:
            named = [name.of(report.text) for name in find_names(report.text)]
            messages = pseudonyms.messages(messages, keep=named)
            mail_notes = [*pseudonyms.notes(mail_notes), PSEUDONYMISED]
    with clock.stage("comments"):
        comments = split_comments(messages, language=language)
        comments = classify_stances(
            comments, language=language, model=stance_model or load_stance_model(encoder=encoder)
        )
    with clock.stage("matching"):
        annotations, nearest = match(comments, report, encoder=encoder, config=config, messages=messages)
    with clock.stage("themes"):
        features = comment_features(comments, annotations, report, nearest)
        themes, theme_notes = find_themes(
            comments,
            features,
            report,
            messages,
            language=language,
            words=words,
            encoder=encoder,
            config=config,
            given=given,
        )
    with clock.stage("needs"):
        needs = find_needs(
            comments, annotations, features, nearest, themes, language=language, config=config, encoder=encoder
        )
        needs = tie_measures(needs, measures, comments, encoder)
    return Analysis(
        consultation=consultation,
        report=report,
        messages=messages,
        comments=comments,
        annotations=annotations,
        themes=summarise_themes(themes, comments, annotations, messages, report, words),
        needs=summarise_needs(needs, comments, messages, report, words),
        notes=(*consultation.notes, *report.notes, *mail_notes, *theme_notes),
        seconds=clock.seconds,
        measures=measures,
    )


class _Clock:
    """Tells which stage begins, and keeps how long each took."""

    def __init__(self, progress: Progress | None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        if self._progress is not None:
            self._progress(name)
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)
