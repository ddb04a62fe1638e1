"""Mails that say the same: sent again (duplicates), or one text sent by many (campaigns).

Texts are compared by their word triples. Two say the same when they share most of them (Jaccard), or when the shorter
is a template that the longer adds to. The pairs are found by prefix filtering (Chaudhuri and others 2006; Bayardo and
others 2007): a text that shares a given part of another's triples must hold one of the other's rarest, so only texts
that meet there are compared. Rare triples stand in few texts, and copies of one text are compared once, so the time
grows with the mail and not with its square.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import reduce
from heapq import nlargest
from itertools import chain
from math import ceil
from typing import NamedTuple, TypeVar

from innspill.records import Message, Part, Span

# The segments that hold the sender's words.
SAID = frozenset({"own", "greeting", "courtesy"})
# Texts whose own words share at least this share of their word triples (Jaccard) say the same.
NEAR_DUPLICATE = 0.6
SAME_TEXT = 0.95
# A mail sent again that has more new word triples than this says something new.
MAX_ADDED, ADDED_SHARE = 6, 0.05
MIN_CAMPAIGN_WORDS = 25
# A template with own additions: this share of the shorter text, in runs of at least so many words, and so many in all.
# Runs, since the questions of a form that many fill in are shared too, but are shorter.
TEMPLATE_SHARE, MIN_RUN, MIN_SHARED_WORDS = 0.5, 20, 60
# Of one group of like texts no more than this many are kept under one triple: a new copy meets these first.
# Under a triple that more texts hold nobody new is kept: «vi viser til» tells nothing.
MAX_OF_GROUP, MAX_HOLDERS = 12, 200
# So many of those that may be alike are compared word by word, those that share most triples first.
MAX_CANDIDATES = 40
# Of a name or address shorter than this nothing can be said.
MIN_NAME = 4
# «Dette erstatter …» stands among the first so many characters.
MAX_OPENING = 600
# New words in a copy: a run of at least so many, or a number.
MIN_NEW_WORDS = 3
WORD = re.compile(r"\w+")
# «I linje 12 står det: «…»»: words of the report, which many may quote.
QUOTED_WORDS = re.compile(r"«[^»]{30,1500}»|“[^”]{30,1500}”|\"[^\"]{30,1500}\"")
SENTENCE_END = re.compile(r"[.!?:][ \t]+|\n")
FORWARDED = re.compile(r"^\s*(?:vs|fw|fwd|vb|vidares\w*|videres\w*)\s*:", re.IGNORECASE)
REPLACES = re.compile(
    r"\b(?:erstatter|erstattar|korrigert|korrigerte|korrigering|rettet|rettelse|retta|retting|revidert|oppdatert"
    r"|ny versjon|se bort fra|sjå bort frå|i stedet for|i staden for|replaces|corrected|please disregard)\b",
    re.IGNORECASE,
)
SENT_AGAIN = re.compile(
    r"\b(?:sender?|sendte|prøver|prøvar|forsøk|sent|sending|resend\w*)\b[^.\n]{0,60}"
    r"\b(?:på nytt|igjen|på ny|ein gong til|en gang til|again)\b|\bnytt forsøk\b"
    r"|\b(?:stadfest\w*|bekreft\w*|confirm\w*)\b[^.\n]{0,40}\b(?:mottatt|motteke|mottak|fått|received)\b"
    r"|\b(?:vedlegget|vedlegg)\b[^.\n]{0,30}\b(?:manglet|mangla|falt ut|glemt|gløymt)\b",
    re.IGNORECASE,
)
Triple = tuple[str, ...]
_W = TypeVar("_W", str, int)


def own_text(message: Message) -> str:
    """The sender's own words in all parts, greeting and courtesy included, quoted text and signature not."""
    return text_of(message.parts, SAID)


def text_of(parts: Sequence[Part], kinds: Set[str]) -> str:
    """The text of the segments of some kinds, one a line."""
    return "\n".join(segment.span.of(part.text) for part in parts for segment in part.segments if segment.kind in kinds)


def mark_repeated(messages: Sequence[Message]) -> list[Message]:
    """Mark what is sent again as duplicate, and near-identical mails of several senders as a campaign.

    A duplicate says the same as another mail of the same sender, of the same organisation (an organisation speaks
    once, whoever presses the button), or of the same Message-ID; or it forwards a mail that came directly too. Of two
    the later is the copy, unless it adds something or says that it replaces the first. What a copy has of its own is
    told by `added_spans`. Only mails of the kind ``feedback`` are looked at.
    """
    numbers: dict[str, int] = {}
    texts = [_Text.of(message, numbers) for message in messages]
    by_rarity = _ByRarity.of(texts)
    return _with_campaigns(_with_duplicates(messages, texts, by_rarity), texts, by_rarity)


@dataclass(frozen=True, slots=True)
class _Text:
    """What a message says: how many words, the triples of neighbouring words in order (as numbers), and their set."""

    n_words: int
    sequence: tuple[int, ...]
    triples: frozenset[int]

    @classmethod
    def of(cls, message: Message, numbers: dict[str, int]) -> "_Text":
        """The text of a message, empty where it is no feedback; `numbers` numbers the words of the whole mailbox."""
        said = own_text(message).lower() if message.kind == "feedback" else ""
        words = WORD.findall(QUOTED_WORDS.sub(" ", said)) or WORD.findall(said)
        numbered = [numbers.setdefault(word, len(numbers) + 1) for word in words]
        sequence = tuple(reduce(lambda high, low: high << 32 | low, triple) for triple in _triples_of(numbered))
        triples = frozenset(sequence)
        return cls(len(words), sequence, triples)

    def words_in_shared_runs(self, other: "_Text") -> int:
        """How many words stand in runs, of `MIN_RUN` words or more, that the other text holds too."""
        n_words = start = end = 0
        for index in [index for index, triple in enumerate(self.sequence) if triple in other.triples]:
            if index > end:
                n_words += end - start if end - start >= MIN_RUN else 0
                start = index
            end = index + 3
        return n_words + (end - start if end - start >= MIN_RUN else 0)


def _triples_of(words: Sequence[_W]) -> list[tuple[_W, ...]]:
    """The triples of neighbouring words; of a text of one or two words, the words."""
    return list(zip(words, words[1:], words[2:], strict=False)) or [(word,) for word in words]


def _similarity(first: frozenset[int], second: frozenset[int]) -> float:
    """Jaccard likeness (0–1) of two sets of triples."""
    if not first or not second:
        return 0.0
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared)


# Duplicates ----------------------------------------------------------------------------------------------------------


def _with_duplicates(messages: Sequence[Message], texts: Sequence[_Text], by_rarity: "_ByRarity") -> list[Message]:
    result = list(messages)
    for copy, kept in (*_sent_again(messages, texts, by_rarity), *_forwarded_too(messages, texts)):
        if result[copy].kind == result[kept].kind == "feedback":
            result[copy] = replace(result[copy], kind="duplicate", duplicate_of=result[kept].message_id)
    return _with_originals(result)


def _sent_again(
    messages: Sequence[Message], texts: Sequence[_Text], by_rarity: "_ByRarity"
) -> Iterator[tuple[int, int]]:
    """(copy, what is kept) of mails that say the same and come from one hand."""
    met: dict[str, _Met] = {}
    kept: dict[tuple[str, int], int] = {}
    groups: dict[str, _Groups] = {}
    n_mails = Counter(source for message in messages for source, _ in _sources(message))
    for later, message in enumerate(messages):
        sources = [(source, least) for source, least in _sources(message) if n_mails[source] > 1]
        for source, least in sources if texts[later].triples else ():
            met_there = met.setdefault(source, _Met(by_rarity))
            same = groups.setdefault(source, _Groups())
            for earlier in met_there.candidates(later, least):
                counts = kept.get((source, same.root(earlier)), earlier)
                like = max(_similarity(texts[index].triples, texts[later].triples) for index in {earlier, counts})
                if like >= least and counts != later:
                    copy, best = _copy_and_kept(messages, texts, counts, later)
                    same.join(earlier, later)
                    kept[source, same.root(later)] = best
                    yield copy, best
                    break
            met_there.add(later, same.root(later))


def _sources(message: Message) -> list[tuple[str, float]]:
    """What makes two mails of one hand (the address, the organisation, the Message-ID), and how alike they must be."""
    organisation = "" if message.organisation_type == "privatperson" else message.organisation
    domain = message.sender_email.rpartition("@")[2]
    sources = (
        ("from:", message.sender_email, NEAR_DUPLICATE),
        ("org:", f"{organisation} {domain}" if organisation and domain else "", NEAR_DUPLICATE),
        ("id:", message.rfc_message_id, SAME_TEXT),
    )
    return [(prefix + value.casefold(), least) for prefix, value, least in sources if value]


def _copy_and_kept(messages: Sequence[Message], texts: Sequence[_Text], earlier: int, later: int) -> tuple[int, int]:
    """Which of two is the copy: the later, or the earlier where the later adds to it or says that it replaces it."""
    before, after = texts[earlier].triples, texts[later].triples
    added = len(after - before) > max(MAX_ADDED, ADDED_SHARE * len(before))
    added = added and _says_more(messages[later], messages[earlier])
    replaces = after != before and _replaces(messages[later]) and not _replaces(messages[earlier])
    return (earlier, later) if added or replaces else (later, earlier)


def _says_more(later: Message, earlier: Message) -> bool:
    """Whether what a mail adds to another is more than that it is sent again."""
    parts = {part.name: part.text for part in later.parts}
    added = [span.of(parts[name]) for name, spans in added_spans(later, earlier).items() for span in spans]
    return not all(SENT_AGAIN.search(words) for words in added)


def _replaces(message: Message) -> bool:
    """Whether a mail says at its beginning that it replaces another."""
    return bool(REPLACES.search(f"{message.subject}\n{own_text(message)[:MAX_OPENING]}"))


def _forwarded_too(messages: Sequence[Message], texts: Sequence[_Text]) -> Iterator[tuple[int, int]]:
    """(forward, original) of mails that forward nothing but what others have sent themselves."""
    holders: dict[int, list[int]] = {}
    forwards = [index for index, message in enumerate(messages) if _carries_a_mail(message) and texts[index].triples]
    for index in forwards:
        for triple in texts[index].triples:
            holders.setdefault(triple, []).append(index)
    originals: dict[int, list[int]] = {}
    for index, text in enumerate(texts if forwards else ()):
        shared = Counter(forward for triple in text.triples for forward in holders.get(triple, ()) if forward != index)
        for forward, n_shared in sorted(shared.items()):
            if n_shared >= NEAR_DUPLICATE * len(text.triples) and _names(messages[forward], messages[index]):
                originals.setdefault(forward, []).append(index)
    for forward, inside in sorted(originals.items()):
        new = texts[forward].triples.difference(*(texts[index].triples for index in inside))
        if len(new) <= max(MAX_ADDED, ADDED_SHARE * len(texts[forward].triples)):
            yield forward, inside[0]


def _carries_a_mail(message: Message) -> bool:
    attached = any(part.name.lower().endswith((".eml", ".msg")) for part in message.parts)
    return attached or bool(FORWARDED.match(message.subject))


def _names(forward: Message, original: Message) -> bool:
    """Whether the sender of `original`, who is another, is named in `forward`."""
    if forward.sender_email == original.sender_email:
        return False
    names = [name.casefold() for name in (original.sender_email, original.sender_name) if len(name) >= MIN_NAME]
    return any(name in part.text.casefold() for part in forward.parts for name in names)


def _with_originals(messages: list[Message]) -> list[Message]:
    """The same, with each duplicate tied to the message that counts, where copies are copied again."""
    copied = {message.message_id: message.duplicate_of for message in messages if message.kind == "duplicate"}

    def root(message_id: str) -> str:
        seen = set()
        while message_id in copied and message_id not in seen:
            seen.add(message_id)
            message_id = copied[message_id]
        return message_id

    return [
        replace(message, duplicate_of=root(message.duplicate_of)) if message.kind == "duplicate" else message
        for message in messages
    ]


# Campaigns -----------------------------------------------------------------------------------------------------------


def _with_campaigns(messages: list[Message], texts: Sequence[_Text], by_rarity: "_ByRarity") -> list[Message]:
    """Group near-identical mails of several senders, named K01, K02 in the order of their first message."""
    members = [
        index
        for index, message in enumerate(messages)
        if message.kind == "feedback" and texts[index].n_words >= MIN_CAMPAIGN_WORDS
    ]
    groups = _Groups()
    met = _Met(by_rarity)
    same: dict[frozenset[int], int] = {}
    # The longest first: a shorter text asks which longer ones hold its rarest triples.
    for index in sorted(members, key=lambda index: (-len(texts[index].triples), index)):
        first = same.setdefault(texts[index].triples, index)
        if first != index:
            groups.join(first, index)
            continue
        least = TEMPLATE_SHARE if texts[index].n_words >= MIN_SHARED_WORDS else NEAR_DUPLICATE
        for other in met.candidates(index, least):
            if groups.root(other) != groups.root(index) and _same_campaign(texts[index], texts[other]):
                groups.join(other, index)
        met.add(index, groups.root(index))
    gathered = groups.gathered(members)
    several = [group for group in gathered if len({messages[index].sender_email for index in group}) > 1]
    name_of = {index: f"K{number:02d}" for number, group in enumerate(several, start=1) for index in group}
    return [
        replace(message, kind="campaign", campaign_id=name_of[index]) if index in name_of else message
        for index, message in enumerate(messages)
    ]


def _same_campaign(shorter: _Text, longer: _Text) -> bool:
    """Whether two texts come of one template: alike as wholes, or alike in long runs of the shorter."""
    alike = _similarity(shorter.triples, longer.triples) >= NEAR_DUPLICATE
    if alike and shorter.n_words < MIN_SHARED_WORDS:
        return True
    in_runs = shorter.words_in_shared_runs(longer)
    return in_runs >= TEMPLATE_SHARE * shorter.n_words and (alike or in_runs >= MIN_SHARED_WORDS)


class _Groups:
    """Indices joined into groups; the root of a group is its smallest index."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def root(self, index: int) -> int:
        """The smallest index of a group."""
        path = []
        while (parent := self._parent.get(index, index)) != index:
            path.append(index)
            index = parent
        for passed in path:
            self._parent[passed] = index
        return index

    def join(self, first: int, second: int) -> None:
        """Make one group of two."""
        low, high = sorted((self.root(first), self.root(second)))
        self._parent[high] = low

    def gathered(self, indices: Iterable[int]) -> list[list[int]]:
        """The groups of more than one, in order of their roots."""
        groups: dict[int, list[int]] = {}
        for index in sorted(indices):
            groups.setdefault(self.root(index), []).append(index)
        return [group for _, group in sorted(groups.items()) if len(group) > 1]


# Finding what may be alike -------------------------------------------------------------------------------------------


class _ByRarity(NamedTuple):
    """For each text how many triples it has alone in the mailbox, and those that it shares, the rarest first."""

    n_alone: list[int]
    shared: list[list[int]]

    @classmethod
    def of(cls, texts: Sequence[_Text]) -> "_ByRarity":
        """Count the triples of all texts; most stand in one text only, and are not kept."""
        seen: set[int] = set()
        again: Counter[int] = Counter()
        for text in texts:
            again.update(text.triples & seen)
            seen |= text.triples
        shared = [sorted(text.triples & again.keys(), key=lambda triple: (again[triple], triple)) for text in texts]
        return cls([len(text.triples) - len(known) for text, known in zip(texts, shared, strict=True)], shared)


class _Met:
    """The texts met so far, by their triples: which of them may share a given part of a new text's triples?

    One that shares a part p of its n triples lacks at most the rest, so it holds at least one of the first
    ``n - ceil(p * n) + 1``, whichever these are; the rarest stand in the fewest texts. The answer is exact but for the
    limits `MAX_OF_GROUP`, `MAX_HOLDERS` and `MAX_CANDIDATES`, which bound the time where many texts share sentences.
    """

    def __init__(self, by_rarity: _ByRarity) -> None:
        self._by_rarity = by_rarity
        self._holders: dict[int, list[int]] = {}
        self._of_group: Counter[tuple[int, int]] = Counter()

    def candidates(self, index: int, least: float) -> list[int]:
        """The texts met that may hold a part `least` of this one's triples, those that share most first."""
        n_alone, shared = self._by_rarity.n_alone[index], self._by_rarity.shared[index]
        n_triples = n_alone + len(shared)
        prefix = shared[: max(0, n_triples - ceil(least * n_triples) + 1 - n_alone)]
        counts = Counter(chain.from_iterable(self._holders.get(triple, ()) for triple in prefix))
        # One number for «most shared, then first», since this is sorted for every text.
        n_texts = len(self._by_rarity.shared)
        best = nlargest(MAX_CANDIDATES, (count * n_texts - holder for holder, count in counts.items()))
        return [-number % n_texts for number in best]

    def add(self, index: int, group: int) -> None:
        """Remember a text under its triples, within `MAX_OF_GROUP` and `MAX_HOLDERS`."""
        for triple in self._by_rarity.shared[index]:
            holders = self._holders.setdefault(triple, [])
            if len(holders) >= MAX_HOLDERS:
                continue
            if group != index:
                if self._of_group[triple, group] >= MAX_OF_GROUP:
                    continue
                self._of_group[triple, group] += 1
            holders.append(index)


# What a copy says of its own -----------------------------------------------------------------------------------------


def added_spans(message: Message, original: Message) -> Mapping[str, tuple[Span, ...]]:
    """What a copy says that its original does not: for each part, the sentences or lines with new words.

    A personal paragraph in a campaign's letter, a point put into a letter that is sent again. Comments that overlap
    these spans are the copy's own.

    Args:
        message: The duplicate, or the copy of a campaign.
        original: The message that it repeats.
    """
    said = WORD.findall(own_text(original).lower())
    known, numbers = frozenset(_triples_of(said)), {word for word in said if word.isdecimal()}
    spans: dict[str, tuple[Span, ...]] = {}
    for part in message.parts:
        found = [
            Span(start, end)
            for segment in part.segments
            if segment.kind == "own"
            for start, end in _new_stretches(part.text, segment.span, known, numbers)
        ]
        if found:
            spans[part.name] = tuple(found)
    return spans


def _new_stretches(text: str, span: Span, known: Set[Triple], numbers: Set[str]) -> Iterator[tuple[int, int]]:
    """(start, end) of the sentences in a segment that hold words of their own."""
    words = list(WORD.finditer(text, span.start, span.end))
    triples = _triples_of([word.group().lower() for word in words])
    covered = _covered(len(words), [triple in known for triple in triples])
    breaks = list(SENTENCE_END.finditer(text, span.start, span.end))
    starts = [span.start, *(found.end() for found in breaks)]
    ends = [*(found.start() + len(found.group().rstrip()) for found in breaks), span.end]
    last_end = -1
    for first, last in _runs([not old for old in covered]):
        run = words[first:last]
        if len(run) < MIN_NEW_WORDS and not any(
            word.group().isdecimal() and word.group() not in numbers for word in run
        ):
            continue
        start = starts[bisect_right(starts, run[0].start()) - 1]
        end = ends[bisect_left(ends, run[-1].end())]
        if start >= last_end:
            yield start, end
            last_end = end


def _covered(n_words: int, known: Sequence[bool]) -> list[bool]:
    """For each word whether it stands in a triple that is known."""
    covered = [False] * n_words
    for index, is_known in enumerate(known):
        if is_known:
            covered[index : index + 3] = [True] * min(3, n_words - index)
    return covered


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """(first, past the last) of each stretch of true flags."""
    first = None
    for index, flag in enumerate([*flags, False]):
        if flag and first is None:
            first = index
        elif not flag and first is not None:
            yield first, index
            first = None
