"""Comments -> needs: which needs are voiced, in whose words they are said best, how strongly, and with what evidence.

A need is what one or more comments ask for; need_groups.py tells which comments ask for the same, and coverage.py
whether the report says it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from innspill.citations import find_citations
from innspill.config import Config
from innspill.coverage import CoverageSignals, coverage_signals
from innspill.features import CommentFeatures
from innspill.language.norwegian import Language
from innspill.language.vectors import CharacterNgrams, Encoder, FloatArray
from innspill.likeness import NearestPassages
from innspill.need_groups import need_space
from innspill.records import Annotation, Comment, Coverage, Evidence, NearPlace, Need, Stance, Theme
from innspill.stance import need_strength, sentence_votes

# Stances that voice a need; others may, where their words say so, the report is said to lack something, or the stance
# itself is not sure.
VOICES_NEED: frozenset[Stance] = frozenset({"need", "support", "suggestion"})
MAY_VOICE_NEED: frozenset[Stance] = frozenset({"clarification", "disagreement", "question"})
MIN_NEED_STRENGTH, MIN_MISSING, SURE_STANCE = 1.3, 0.4, 0.6
N_NEAREST = 3
# Strong cues beyond this tell no more.
MAX_STRENGTH = 5.0
# Statement: the strength of its cues counts up to here, and what is plainly asked for this much; likeness to what the
# others say weighs this much; a voice that says «missing» of what is covered, or the other way round, is not the
# clearest one; nor is an awkward sentence.
MAX_CUES, ASKED_FOR, TYPICAL_WEIGHT, CONTRARY_WEIGHT, AWKWARD_WEIGHT = 3.0, 2.0, 6.0, 5.0, 2.5
MAX_STATEMENT = 300
FEW_WORDS, MANY_WORDS = 6, 40
# Where no cue decides, a whole sentence says more than «Ja.».
LENGTH_BONUS, BONUS_WORDS = 0.02, 15
POINTS_BACK = re.compile(
    r"(?:det|dette|disse|desse|den|slike|her|han|hun|ho|de|dei|dem|slik|ellers|elles|i tillegg|dessuten|samme sted"
    r"|this|these|that|it|they)\b",
    re.IGNORECASE,
)
# Courtesy, and who is speaking.
ABOUT_SENDER = re.compile(
    r"(?:beklag\w*|takk|hei|hilsen|god (?:dag|kveld|morgen)|(?:jeg|eg|vi) (?:er|heter|heiter|las|leste)|sorry|thanks?"
    r"|dear|i am|we are)\b",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"\b(?:må|bør|burde|treng(?:er|s|st)?|ønsk(?:er|jer)|krev(?:er)?|ber (?:om|vi|dere|dykk)|f[oø]reslår"
    r"|skal (?:ha|få|kunne|være|vere|gjelde)|skulle (?:vært|vore|hatt)|gi oss|gje oss|should|must|needs?|want)\b",
    re.IGNORECASE,
)
# What a sentence may open with that is no part of the need: a citation («Linje 45: …»), a mark or number of a list, and
# words that only join it to the sentence before.
CITED_BEFORE = re.compile(r"^[\W\d]*(?:(?:og|til|på|i|om|se|jf\.?|ad|re)\s+)?$", re.IGNORECASE)
CITED_AFTER = re.compile(r"\s*(?:\([^)]*\))?\s*(?:[:–—-]\s+|\.\s+(?=[A-ZÆØÅ«]))")
OPENING = re.compile(
    r"(?:[-–—•*]\s+|\(?(?:\d{1,2}|[a-z])[.)]\s+"
    r"|(?:dessuten|i tillegg|videre|vidare|for øvrig|forøvrig|for det (?:første|fyrste|andre|tredje)|til slutt|ellers"
    r"|elles|ja|nei|in addition|also|yes|no|finally)\s*[,:]\s*"
    r"|(?:og|men|and|but)\b,?\s+)",
    re.IGNORECASE,
)
# Strength: how loud the loudest voices are, and how many there are; so many make half of what many can.
N_LOUDEST, LOUD_SHARE, HALF_OF_MANY = 3, 0.7, 3
LEAST_COVERED_FIRST: dict[Coverage, int] = {"uncovered": 0, "partly": 1, "covered": 2}


def find_needs(
    comments: Sequence[Comment],
    annotations: Sequence[Annotation],
    features: CommentFeatures,
    nearest: NearestPassages,
    themes: Sequence[Theme],
    *,
    language: Language,
    config: Config,
    encoder: Encoder | None = None,
) -> tuple[Need, ...]:
    """The needs voiced, the least covered and most widely voiced first; each with verbatim evidence.

    Args:
        comments: With their stances.
        annotations: Where they stand in the report.
        features: Their sections.
        nearest: The passages that each comment is likest.
        themes: What they speak of; a need takes the theme that most of its comments have.
        language: Tells sentences apart.
        config: The thresholds.
        encoder: Sentence vectors beside character n-grams; None to compare by words and places.
    """
    rows = [row for row, comment in enumerate(comments) if _voices_need(comment)]
    if not rows:
        return ()
    signals = coverage_signals(comments, annotations, nearest)
    copies = _copies(rows, comments)
    firsts = [same[0] for same in copies]
    space = need_space(firsts, comments, annotations, features, nearest, signals.outlook(), encoder=encoder)
    labels = space.groups(config.need_distance)
    groups: dict[int, list[list[int]]] = {}
    for label, same in zip(labels, copies, strict=True):
        groups.setdefault(int(label), []).append(same)
    theme_of = {comment_id: theme.theme_id for theme in themes for comment_id in theme.comment_ids}
    ngrams = CharacterNgrams([comments[row].text for row in firsts])
    needs = [
        _as_need(group, comments, signals, nearest, theme_of, ngrams, language, config) for group in groups.values()
    ]
    needs.sort(
        key=lambda need: (
            LEAST_COVERED_FIRST[need.coverage],
            -len(need.evidence),
            need.coverage_score,
            need.statement,
        )
    )
    return tuple(replace(need, need_id=f"N{number:03d}") for number, need in enumerate(needs, start=1))


def _voices_need(comment: Comment) -> bool:
    """Whether a comment voices a need: by its stance; else by its words, or where the stance may be another."""
    if comment.stance not in MAY_VOICE_NEED:
        return comment.stance in VOICES_NEED
    return (
        comment.stance_score < SURE_STANCE
        or comment.says_missing >= MIN_MISSING
        or need_strength(comment.text) >= MIN_NEED_STRENGTH
    )


def _copies(rows: Iterable[int], comments: Sequence[Comment]) -> list[list[int]]:
    """The rows of comments that say the same to the letter, together: a campaign speaks once."""
    by_text: dict[str, list[int]] = {}
    for row in rows:
        by_text.setdefault("".join(filter(str.isalnum, comments[row].text.casefold())), []).append(row)
    return list(by_text.values())


def _as_need(
    group: Sequence[Sequence[int]],
    comments: Sequence[Comment],
    signals: CoverageSignals,
    nearest: NearestPassages,
    theme_of: dict[str, str],
    ngrams: CharacterNgrams,
    language: Language,
    config: Config,
) -> Need:
    """One need: its statement is the clearest sentence among its comments, its evidence one sentence of each.

    `group` are its comments' rows, those of copies together: they count as one, and are all evidence.
    """
    firsts = [same[0] for same in group]
    verdict = signals.judge(firsts, config)
    quotes = _quotes(group, comments, ngrams, language, coverage_score=verdict.score)
    theme_ids = [theme_of.get(comments[quote.row].comment_id, "") for quote in quotes]
    return Need(
        need_id="",
        statement=_statement(quotes[0].sentence),
        coverage=verdict.coverage,
        coverage_score=verdict.score,
        theme_id=max(sorted(set(theme_ids)), key=theme_ids.count),
        summary="",
        evidence=tuple(Evidence(comments[quote.row].comment_id, quote.sentence) for quote in quotes),
        nearest=_nearest(firsts, nearest),
        strength=_strength([comments[row] for row in firsts]),
        reasons=verdict.reasons,
        borderline=verdict.borderline,
    )


def _strength(voices: Sequence[Comment]) -> float:
    """How strongly a need is voiced, 0–1: by the cues of its loudest voices, and by how many there are."""
    loudness = sorted(
        (max(min(need_strength(voice.text) / MAX_STRENGTH, 1.0), voice.says_missing) for voice in voices), reverse=True
    )
    loudest = float(np.mean(loudness[:N_LOUDEST]))
    return round(LOUD_SHARE * loudest + (1 - LOUD_SHARE) * len(voices) / (len(voices) + HALF_OF_MANY), 4)


def _nearest(rows: Sequence[int], nearest: NearestPassages) -> tuple[NearPlace, ...]:
    """The passages that the need's comments are likest, best first."""
    return tuple(
        NearPlace(nearest.passages[position].span, round(likeness, 4))
        for position, likeness in nearest.together(rows)[:N_NEAREST]
    )


# Statement -----------------------------------------------------------------------------------------------------------


class _Quote(NamedTuple):
    """A verbatim sentence of the comment in `row`, and how clearly it says the need."""

    clarity: float
    row: int
    sentence: str


def _quotes(
    group: Sequence[Sequence[int]],
    comments: Sequence[Comment],
    ngrams: CharacterNgrams,
    language: Language,
    *,
    coverage_score: float,
) -> list[_Quote]:
    """The clearest sentence of each comment, the clearest voice first; copies stand together."""
    texts = [comments[same[0]].text for same in group]
    sentences = [[span.of(text) for span in language.sentences(text)] or [text] for text in texts]
    typical = iter(_likeness_to_all([one for own in sentences for one in own], texts, ngrams))
    quotes: list[_Quote] = []
    for same, own in zip(group, sentences, strict=True):
        clarity, sentence = max(
            ((_clarity(one) + TYPICAL_WEIGHT * next(typical), one) for one in own), key=lambda choice: choice[0]
        )
        clarity -= CONTRARY_WEIGHT * abs(comments[same[0]].says_missing - (1 - coverage_score))
        quotes.append(_Quote(clarity, same[0], sentence))
        quotes += [_Quote(clarity, row, _alike(sentence, comments[row].text, language)) for row in same[1:]]
    return sorted(quotes, key=lambda quote: (-quote.clarity, quote.row))


def _likeness_to_all(sentences: Sequence[str], texts: Sequence[str], ngrams: CharacterNgrams) -> FloatArray:
    """How like each sentence is to all the texts, on average, shape (n_sentences,)."""
    middle = np.asarray(ngrams.encode(texts).mean(axis=0)).ravel()
    return np.asarray(ngrams.encode(sentences) @ middle, dtype=np.float64)


def _alike(sentence: str, text: str, language: Language) -> str:
    """The sentence of a copy that says what `sentence` says: copies may be set in other lines."""
    if sentence in text:
        return sentence
    letters = "".join(filter(str.isalnum, sentence.casefold()))
    own = [span.of(text) for span in language.sentences(text)]
    return next((one for one in own if "".join(filter(str.isalnum, one.casefold())) == letters), text)


def _clarity(sentence: str) -> float:
    """How well a sentence stands as the statement of a need: strong cues, a whole sentence, no pointing elsewhere."""
    statement = _statement(sentence)
    n_words = len(statement.split())
    cues = min(need_strength(statement), MAX_CUES) + 0.1 * sum(sentence_votes(statement).values())
    asked = ASKED_FOR * bool(ASKS.search(statement))
    awkward = (
        any(citation.kind != "quotation" for citation in find_citations(statement)),
        bool(POINTS_BACK.match(statement)),
        bool(ABOUT_SENDER.match(statement)),
        n_words < FEW_WORDS,
        n_words > MANY_WORDS,
        statement.endswith(("?", ":", "…")),
    )
    return cues + asked + LENGTH_BONUS * min(n_words, BONUS_WORDS) - AWKWARD_WEIGHT * sum(awkward)


def _statement(sentence: str) -> str:
    """The sentence on one line, without what it opens with that is no part of the need."""
    text = " ".join(sentence.split())
    before = ""
    while text != before:
        before = text
        text = _without_opening(text)
    text = text[:1].upper() + text[1:]
    if len(text) <= MAX_STATEMENT:
        return text
    return text[: MAX_STATEMENT - 2].rsplit(" ", 1)[0] + " …"


def _without_opening(text: str) -> str:
    """The text without the list mark, the joining word or the citation that it opens with; never nothing."""
    rest = text[match.end() :] if (match := OPENING.match(text)) else _without_citation(text)
    return rest if any(map(str.isalpha, rest)) else text


def _without_citation(text: str) -> str:
    for citation in find_citations(text[:MAX_STATEMENT]):
        if not CITED_BEFORE.match(text[: citation.span.start]):
            break
        if marked := CITED_AFTER.match(text, citation.span.end):
            return text[marked.end() :]
    return text
