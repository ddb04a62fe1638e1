"""The page in front: the broadest unmet needs, what senders differ on, and what a person should look at.

Differences between types of organisation are only told where they are too large for chance: a consultation has few
senders of each type, and a page that finds a pattern in three of them would mislead.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt

from innspill.digest_tree import CommentEntry, Contrast, Doubt, Link, NeedEntry, Overview, Split, Tally, ThemeEntry
from innspill.places import sender_key
from innspill.records import ORGANISATION_TYPES, Message, Stance
from innspill.words import Words

N_BROADEST, N_SPLITS, N_CONTRASTS = 5, 4, 3
IN_SUPPORT: frozenset[Stance] = frozenset(("support", "praise"))
AGAINST: frozenset[Stance] = frozenset(("disagreement",))
# A type is compared from so many senders on, a theme told from so many of them; and how far apart the log odds must
# be, in standard errors: two or three of a hundred pairs would be so by chance alone, and some dozens are looked at.
MIN_OF_TYPE, MIN_SAID, MIN_Z = 4, 3, 2.3
UNKNOWN = "ukjent"


def build_overview(
    needs: Sequence[NeedEntry],
    themes: Sequence[ThemeEntry],
    comments: Sequence[CommentEntry],
    messages: Mapping[str, Message],
    words: Words,
) -> Overview:
    """What stands on the page in front.

    Args:
        needs: All needs, as the digest has them.
        themes: All themes.
        comments: All comments.
        messages: The messages that the comments are from, by id.
        words: The output's language.
    """
    unmet = [need for need in needs if need.coverage != "covered"]
    doubts = [Doubt(comment, placement) for comment in comments for placement in comment.questionable]
    cited = [doubt for doubt in doubts if doubt.placement.method != "similarity"]
    shared = [theme for theme in themes if theme.kind != "single"]
    return Overview(
        broadest=tuple(sorted(unmet, key=by_breadth)[:N_BROADEST]),
        n_unmet=len(unmet),
        splits=_splits(shared, messages, words),
        contrasts=_contrasts(shared, comments, messages, words),
        doubtful=tuple(doubt for doubt in cited if doubt.placement.place is not None),
        unresolved=tuple(doubt for doubt in cited if doubt.placement.place is None),
        uncertain=tuple(doubt for doubt in doubts if doubt.placement.method == "similarity"),
        borderline=tuple(need for need in needs if need.borderline),
    )


def by_breadth(need: NeedEntry) -> tuple[float, ...]:
    """Order of needs: the most voices first, then the most types, the strongest, and the least covered."""
    n_voices, n_types = need.breadth
    return (-n_voices, -n_types, -need.strength, need.score)


def voice_of(message: Message) -> str:
    """Whom a message speaks for: its campaign, else its organisation or person."""
    return f"campaign:{message.campaign_id}" if message.kind == "campaign" else sender_key(message)


def _splits(themes: Sequence[ThemeEntry], messages: Mapping[str, Message], words: Words) -> tuple[Split, ...]:
    """The themes that some support and others are against, those with the largest minority first."""
    found = []
    for theme in themes:
        support = _voices(theme.comments, messages, IN_SUPPORT)
        against = _voices(theme.comments, messages, AGAINST)
        if against and (support or len(against) > 1):
            counted = Counter(against.values())
            listed = tuple(
                Tally(code, words.label("organisation_type", code), counted[code])
                for code in (*ORGANISATION_TYPES, *sorted(set(counted) - set(ORGANISATION_TYPES)))
                if counted[code]
            )
            text = words("overview.split", support=len(support), against=words("count.against", n=len(against)))
            found.append(Split(Link(theme.theme_id, theme.label), len(support), len(against), listed, text))
    found.sort(key=lambda split: (-min(split.n_support, split.n_against), -split.n_against, -split.n_support))
    return tuple(found[:N_SPLITS])


def _voices(
    comments: Iterable[CommentEntry], messages: Mapping[str, Message], stances: frozenset[Stance] | None = None
) -> dict[str, str]:
    """The voices of comments with one of `stances` (any, if None), each with its type of organisation."""
    return {
        voice_of(messages[comment.message_id]): comment.organisation_type
        for comment in comments
        if stances is None or comment.stance in stances
    }


def _contrasts(
    themes: Sequence[ThemeEntry], comments: Sequence[CommentEntry], messages: Mapping[str, Message], words: Words
) -> tuple[Contrast, ...]:
    """The themes that a type of organisation raises clearly more often than the others do, the clearest first."""
    everybody = _voices(comments, messages)
    of_type = Counter(everybody.values())
    found: list[tuple[float, Contrast]] = []
    for theme in themes:
        raised = Counter(everybody[voice] for voice in _voices(theme.comments, messages))
        for kind, n_said in raised.items():
            n_all, n_others = of_type[kind], len(everybody) - of_type[kind]
            n_others_said = raised.total() - n_said
            if kind == UNKNOWN or min(n_all, n_others) < MIN_OF_TYPE or n_said < MIN_SAID:
                continue
            z = log_odds_z(n_said, n_all, n_others_said, n_others)
            if z >= MIN_Z:
                label = words.label("organisation_type", kind)
                text = words(
                    "overview.contrast",
                    type=label,
                    theme=words("comment.cited", cited=theme.label),
                    said=n_said,
                    all=n_all,
                    others_said=n_others_said,
                    others=n_others,
                )
                link = Link(theme.theme_id, theme.label)
                found.append((z, Contrast(kind, label, link, n_said, n_all, n_others_said, n_others, text)))
    found.sort(key=lambda pair: (-pair[0], pair[1].theme.target_id, pair[1].organisation_type))
    return tuple(contrast for _, contrast in found[:N_CONTRASTS])


def log_odds_z(n_said: int, n_all: int, n_others_said: int, n_others: int) -> float:
    """How far apart the log odds of two shares are, in standard errors, with half a case added to each cell.

    >>> round(log_odds_z(6, 8, 4, 30), 1), round(log_odds_z(2, 3, 1, 3), 1)
    (3.0, 0.7)
    """
    cells = (n_said, n_all - n_said, n_others_said, n_others - n_others_said)
    said, not_said, others_said, others_not = (cell + 0.5 for cell in cells)
    difference = log(said / not_said) - log(others_said / others_not)
    return difference / sqrt(sum(1 / cell for cell in (said, not_said, others_said, others_not)))
