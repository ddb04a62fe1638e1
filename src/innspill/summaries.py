"""Short texts for themes and needs in the output's language, made of counts and verbatim sentences only.

What is said of a need is shown in a few sentences of different voices: the ones that together stand for most of what
the comments say (greedy facility location over character n-grams), clear ones before vague ones. Nothing is written
anew: a sentence stands as its sender wrote it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

import numpy as np

from innspill.language.sentences import find_sentences
from innspill.language.vectors import CharacterNgrams, FloatArray, cosine
from innspill.places import LineIndex, count_organisations, describe, sender_key
from innspill.records import Annotation, Comment, Evidence, Message, Need, Report, Theme
from innspill.stance import need_strength, sentence_votes
from innspill.words import Words

# Sentences that are shown of a need at most, and of a theme.
MAX_HIGHLIGHTS, N_TYPICAL = 4, 2
# Voices that are compared to choose among; a need of thousands is told by its clearest. Of a voice that writes a book,
# the first sentences are compared, and of all voices together so many: each is held against each.
MAX_COMPARED = 150
MAX_OF_VOICE, MAX_SENTENCES = 40, 1_500
# A sentence for others to read has so many words; a shorter or longer one, one that points back at another sentence,
# one that only leads up to the next, and a question weigh so much less.
SHORTEST, LONGEST = 6, 40
AWKWARD = 0.4
POINTS_BACK = re.compile(
    r"\W*(?:det|dette|disse|desse|den|denne|slike?|slikt|her|der|da|han|hun|ho|de|dei|dem|ellers|elles|derfor|difor|"
    r"men|og|så|this|these|that|it|they|but|and|so)\b",
    re.IGNORECASE,
)
# A sentence that is so like a chosen one says it again, as a campaign does in the other written form.
TOO_LIKE = 0.5
# A voice of a type that is not heard yet among the chosen weighs a little more.
NEW_TYPE = 1.2
# Names that a summary lists; of more only the types.
MAX_NAMED = 6
# What asks for something, and how plainly. What is so today, under a condition, or only asked about is not asked for.
ASKING: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern, re.IGNORECASE))
    for weight, pattern in (
        (3.0, r"\b(?:bør|børe|should|ought to|suggest)\b"),
        (3.0, r"\b(?:f[oø]reslår|f[oø]reslå|framlegg om|forslag om|ber (?:vi |eg |jeg )?(?:om|dere|dykk))\b"),
        (2.0, r"\b(?:må|must|needs? to|(?:vi|jeg|eg) (?:krever|krev))\b"),
        (2.0, r"\b(?:vi|jeg|eg|det) (?:trenger|treng|trengs|trengst|ønsker|ønskjer|vil (?:gjerne )?ha)\b"),
        (2.0, r"\bwe (?:need|want)\b"),
        (3.0, r"^\W*(?:gi|gje|ta|skriv|lag|la|legg|sørg|syt|bruk|flytt|stryk|presiser|beskriv|nevn|nemn|sett|bygg)\b"),
        (3.0, r"^\W*(?:kall|avklar|lov|still|start|prioriter|vis|forklar|please|add|remove|move)\b"),
    )
)
NOT_ASKING = re.compile(
    r"\b(?:i dag|i praksis|ofte|hver gang|kvar gang|today|innrømme|innrømma)\b|"
    r"^\W*(?:hvis|dersom|når|om|if|when)\b|[?:]\W*$",
    re.IGNORECASE,
)
# Asked of the report itself, an author can do it at once.
OF_THE_REPORT = re.compile(
    r"\b(?:rapporten|utkastet|teksten|avsnittet|kapittelet|kapitlet|tabellen|punktet|the report|the draft)\b",
    re.IGNORECASE,
)
PLAINLY_ASKED = 2.0


class Voices(NamedTuple):
    """Who speaks, each sender once: those with words of their own by type, and how many others each campaign has.

    `names` are the organisations by type, in the order in which they were heard; private persons are not named. The
    numbers add up to `count_organisations`: who writes for himself too, or joins two campaigns, is not counted again.
    """

    by_type: Mapping[str, int]
    names: Mapping[str, tuple[str, ...]]
    campaigns: tuple[int, ...]

    @property
    def breadth(self) -> tuple[int, int]:
        """How many voices, a campaign as one, and of how many known types; to rank by."""
        types = {kind for kind in self.by_type if kind != "ukjent"}
        return sum(self.by_type.values()) + len(self.campaigns), len(types) + bool(self.campaigns)


def voices_of(messages: Iterable[Message]) -> Voices:
    """Who the senders of `messages` are."""
    copies: dict[str, str] = {}
    senders: dict[str, Message] = {}
    for message in messages:
        if message.kind == "campaign":
            copies.setdefault(sender_key(message), message.campaign_id)
        else:
            senders.setdefault(sender_key(message), message)
    campaigns = Counter(campaign for sender, campaign in copies.items() if sender not in senders)
    names: dict[str, list[str]] = {}
    for message in senders.values():
        if message.organisation:
            names.setdefault(_type(message), []).append(" ".join(message.organisation.split()))
    return Voices(
        dict(Counter(map(_type, senders.values())).most_common()),
        {kind: tuple(found) for kind, found in names.items()},
        tuple(sorted(campaigns.values(), reverse=True)),
    )


def summarise_themes(
    themes: Sequence[Theme],
    comments: Sequence[Comment],
    annotations: Sequence[Annotation],
    messages: Sequence[Message],
    report: Report,
    words: Words,
) -> tuple[Theme, ...]:
    """Say of each theme how many speak of it, what they do, and where in the report most of it falls.

    A theme without a description gets the few sentences that stand for most of what its comments say.
    """
    by_id, senders = {c.comment_id: c for c in comments}, _senders(comments, messages)
    texts = {comment.comment_id: comment.text for comment in comments}
    index = LineIndex(report)
    places: dict[str, list[str]] = {}
    for annotation in annotations:
        place = index.place(annotation.target) if annotation.target is not None else None
        if place is not None and place.section:
            places.setdefault(annotation.comment_id, []).append(place.section)
    result = []
    for theme in themes:
        sections = [place for comment_id in theme.comment_ids for place in dict.fromkeys(places.get(comment_id, ()))]
        pieces = (
            _how_many(theme.comment_ids, senders, words),
            _stances([by_id[comment_id] for comment_id in theme.comment_ids], words),
            _mostly_in(sections, len(theme.comment_ids), words),
        )
        description = theme.description
        if not description and theme.kind != "single":
            sentences = _sentences(theme.comment_ids, {}, texts, senders)
            description = " ".join(
                words("summary.typical", quote=" ".join(shown.quote.split()), comment=shown.comment_id)
                for shown in _highlights(sentences, at_most=N_TYPICAL)
            )
        result.append(replace(theme, summary=" ".join(piece for piece in pieces if piece), description=description))
    return tuple(result)


def summarise_needs(
    needs: Sequence[Need], comments: Sequence[Comment], messages: Sequence[Message], report: Report, words: Words
) -> tuple[Need, ...]:
    """Say of each need who voices it, which place of the report is nearest, and what is asked for.

    Fills `highlights`, `asked_for` and `summary`. Sentences that are shown and were no evidence yet become evidence, so
    that the tables hold every quote of the digest.
    """
    senders, index = _senders(comments, messages), LineIndex(report)
    texts = {comment.comment_id: comment.text for comment in comments}
    with_pages = report.numbering.restart != "document"
    result = []
    for need in needs:
        clearest = {quote.comment_id: quote.quote for quote in reversed(need.evidence)}
        sentences = _sentences(need.comment_ids, clearest, texts, senders)
        highlights = _highlights(sentences, at_most=MAX_HIGHLIGHTS)
        asked_for = _asked_for(sentences)
        pieces = [_who(need.comment_ids, senders, words)]
        place = index.place(need.nearest[0].span) if need.nearest else None
        if place is not None:
            key = "summary.nearest" if place.section else "summary.nearest_place"
            pieces.append(words(key, place=describe(place, words, with_pages=with_pages), section=place.section))
        quote = " ".join(asked_for.quote.split()) if asked_for else ""
        if asked_for is not None and need.statement not in quote:
            pieces.append(words("summary.asked_for", quote=quote, comment=asked_for.comment_id))
        shown = (*highlights, *((asked_for,) if asked_for else ()))
        evidence = tuple(dict.fromkeys((*need.evidence, *shown)))
        result.append(
            replace(need, summary=" ".join(pieces), highlights=highlights, asked_for=asked_for, evidence=evidence)
        )
    return tuple(result)


# Who -----------------------------------------------------------------------------------------------------------------


def _type(message: Message) -> str:
    return message.organisation_type or "ukjent"


def _senders(comments: Sequence[Comment], messages: Sequence[Message]) -> dict[str, Message]:
    by_id = {message.message_id: message for message in messages}
    return {comment.comment_id: by_id[comment.message_id] for comment in comments}


def _how_many(comment_ids: Sequence[str], senders: Mapping[str, Message], words: Words) -> str:
    voices = count_organisations(senders[comment_id] for comment_id in comment_ids)
    return words(
        "summary.how_many",
        comments=words("count.comments", n=len(comment_ids)),
        voices=words("count.organisations", n=voices),
    )


def _who(comment_ids: Sequence[str], senders: Mapping[str, Message], words: Words) -> str:
    """How many comments from how many voices, and who they are."""
    voices = voices_of(senders[comment_id] for comment_id in comment_ids)
    return words(
        "summary.who" if len(comment_ids) > 1 else "summary.who_one",
        comments=words("count.comments", n=len(comment_ids)),
        voices=words("count.organisations", n=sum(voices.by_type.values()) + sum(voices.campaigns)),
        types=say_voices(voices, words, with_names=sum(map(len, voices.names.values())) <= MAX_NAMED),
    )


def say_voices(voices: Voices, words: Words, *, with_names: bool) -> str:
    """«2 kommuner (Dal kommune, Vik kommune) og en kampanje med 4 avsendere»."""
    listed = []
    for kind, n in voices.by_type.items():
        named = voices.names.get(kind, ()) if with_names else ()
        counted = count_of_type(kind, n, words)
        listed.append(f"{counted} ({', '.join(named)})" if named else counted)
    listed += [words("summary.campaign", senders=words("count.organisations", n=n)) for n in voices.campaigns]
    return _enumerated(listed, words)


def count_of_type(organisation_type: str, n: int, words: Words) -> str:
    """«3 kommuner»; a type that the catalogue does not know with its code."""
    key = f"type_count.{organisation_type}"
    return words(key, n=n) if f"{key}.one" in words.texts else f"{words.number(n)} {organisation_type}"


def _enumerated(items: Sequence[str], words: Words) -> str:
    """«a, b og c»."""
    if len(items) < 2:
        return "".join(items)
    return words("summary.and", first=", ".join(items[:-1]), last=items[-1])


def _stances(comments: Sequence[Comment], words: Words) -> str:
    counts = Counter(comment.stance for comment in comments)
    listed = ", ".join(f"{words(f'stance.{stance}').lower()} {n}" for stance, n in counts.most_common(3))
    return words("summary.stances", stances=listed)


def _mostly_in(sections: Sequence[str], n_comments: int, words: Words) -> str:
    """The section that most comments stand in; nothing where no section has more than half of them.

    Args:
        sections: The sections that each comment stands in, one comment's after another's.
        n_comments: How many comments there are, those that stand nowhere too.
        words: The output's language.
    """
    section, n_there = next(iter(Counter(sections).most_common(1)), ("", 0))
    return words("summary.mostly_in", section=section) if 2 * n_there > n_comments else ""


# What is said --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sentences:
    """The sentences of comments that speak of one thing, the voice that each belongs to, and its sender's type.

    `plainness` tells how well each says what is needed, shape (n_sentences,), above 0; `likeness` how like they are,
    shape (n_sentences, n_sentences), 0–1.
    """

    evidence: tuple[Evidence, ...]
    voices: tuple[str, ...]
    types: tuple[str, ...]
    plainness: FloatArray
    likeness: FloatArray


def _sentences(
    comment_ids: Sequence[str], clearest: Mapping[str, str], texts: Mapping[str, str], senders: Mapping[str, Message]
) -> _Sentences:
    """The sentences of the first comment of each voice, a campaign as one; those that are `clearest` weigh more."""
    first: dict[str, str] = {}
    for comment_id in comment_ids:
        sender = senders[comment_id]
        voice = f"campaign:{sender.campaign_id}" if sender.kind == "campaign" else sender_key(sender)
        if len(first) < MAX_COMPARED:
            first.setdefault(voice, comment_id)
    evidence: list[Evidence] = []
    voices, types, plainness = [], [], []
    for voice, comment_id in first.items():
        text, clear = texts[comment_id], clearest.get(comment_id, "")
        quotes = dict.fromkeys([*([clear] if clear else []), *(span.of(text) for span in find_sentences(text))])
        for quote in islice(quotes, min(MAX_OF_VOICE, MAX_SENTENCES - len(evidence))):
            evidence.append(Evidence(comment_id, quote))
            voices.append(voice)
            types.append("campaign" if voice.startswith("campaign:") else _type(senders[comment_id]))
            plainness.append(_plainness(quote) + float(quote == clear))
    return _Sentences(tuple(evidence), tuple(voices), tuple(types), np.array(plainness), _likeness(evidence))


def _likeness(evidence: Sequence[Evidence]) -> FloatArray:
    """How like quotes are to each other by character n-grams, shape (n_quotes, n_quotes), 0–1."""
    plain = [" ".join(found.quote.split()) for found in evidence]
    if not plain:
        return np.zeros((0, 0))
    vectors = CharacterNgrams(plain).encode(plain)
    return np.asarray(np.clip(cosine(vectors, vectors), 0.0, 1.0), dtype=np.float64)


def _plainness(sentence: str) -> float:
    """How well a sentence says a need on its own, above 0."""
    said = 1.0 + min(need_strength(sentence), 4.0) + 0.5 * sentence_votes(sentence).get("suggestion", 0.0)
    return said * AWKWARD ** sum(_awkward(sentence))


def _awkward(sentence: str) -> tuple[bool, ...]:
    n_words = len(sentence.split())
    return (
        n_words < SHORTEST,
        n_words > LONGEST,
        bool(POINTS_BACK.match(sentence)),
        sentence.rstrip().endswith(":"),
        sentence.rstrip().endswith("?"),
    )


def _highlights(sentences: _Sentences, *, at_most: int) -> tuple[Evidence, ...]:
    """Up to `at_most` sentences of different voices that together stand for most of what is said.

    Each voice has one share, spread over its sentences by how plain they are; a chosen sentence takes over as much of
    another's share as it is like it. The next sentence is the one that takes over most.
    """
    n_voices = len(set(sentences.voices))
    fluent = np.array([AWKWARD ** sum(_awkward(evidence.quote)) for evidence in sentences.evidence])
    totals: dict[str, float] = {}
    for voice, plainness in zip(sentences.voices, sentences.plainness, strict=True):
        totals[voice] = totals.get(voice, 0.0) + float(plainness)
    own_share = sentences.plainness / np.array([totals[voice] for voice in sentences.voices])
    taken_over = np.zeros(len(sentences.evidence))
    chosen: list[int] = []
    while len(chosen) < min(at_most, n_voices, 1 + n_voices // 2):
        gain = fluent * (np.maximum(sentences.likeness - taken_over[None, :], 0.0) @ own_share)
        heard_voices = {sentences.voices[row] for row in chosen}
        heard_types = {sentences.types[row] for row in chosen}
        for row, (voice, kind) in enumerate(zip(sentences.voices, sentences.types, strict=True)):
            gain[row] *= 0.0 if voice in heard_voices else NEW_TYPE if kind not in heard_types else 1.0
        gain[taken_over >= TOO_LIKE] = 0.0
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        chosen.append(best)
        taken_over = np.maximum(taken_over, sentences.likeness[best])
    return tuple(sentences.evidence[row] for row in chosen)


def _asked_for(sentences: _Sentences) -> Evidence | None:
    """The sentence that says plainest what is wanted, and most of what others say too; None where nobody says it."""
    if not sentences.evidence:
        return None
    others = sentences.likeness.mean(axis=1)
    scored = [
        (_asks(evidence.quote) * AWKWARD ** sum(_awkward(evidence.quote)) * (1.0 + float(shared)), -row)
        for row, (evidence, shared) in enumerate(zip(sentences.evidence, others, strict=True))
    ]
    best, row = max(scored)
    return sentences.evidence[-row] if best >= PLAINLY_ASKED else None


def _asks(sentence: str) -> float:
    """How plainly a sentence asks for something; 0 where it does not."""
    asked = sum(weight for weight, pattern in ASKING if pattern.search(sentence))
    if not asked or NOT_ASKING.search(sentence):
        return 0.0
    votes = sentence_votes(sentence)
    return asked + 0.5 * votes.get("suggestion", 0.0) + float(bool(OF_THE_REPORT.search(sentence)))
