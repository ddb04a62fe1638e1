"""The words of one text held against those of another: which word is which, whatever was added, left out or moved."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

# Five words in a row that are the same in two texts are hardly ever so by chance.
SHINGLE = 5
# Word pairs that are compared one by one in a gap between certain matches; of a larger gap only the ends are.
MAX_PAIRS = 4_000_000
GAP_END = 400
# A gap's side that is this many times longer than the other holds what the other lacks: only its ends are compared.
LOPSIDED, MARGIN = 4, 40
# In a gap single words («og», «data») are alike by chance: so many in a row count, and fewer where they stand no
# further from such a run than they are long.
MIN_RUN = 3
# Words of the same place whose letters are this alike (0–100) are one word: a letter garbled, an ending corrected.
ALIKE, MIN_ALIKE_LETTERS = 75, 4
# A run of unmatched words may stand elsewhere in the other text (a footnote, a table that was moved).
MIN_MOVED, MOVED_SHARE = SHINGLE, 0.6
# So many words of a table's row may stand in another order, where it is read line by line.
MAX_SHUFFLED = 12
# A shingle that stands in more places than this tells no place.
MAX_PLACES = 20

NONE = -1


class WordIndex:
    """The words of a text, and where each five of them in a row stand."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self.places: dict[tuple[str, ...], list[int]] = {}
        for place, shingle in enumerate(shingles(self.words)):
            self.places.setdefault(shingle, []).append(place)

    def n_shared(self, words: Sequence[str], *, every: int = 1) -> int:
        """How many of each `every`-th five words in a row are in the text."""
        starts = range(0, len(words) - SHINGLE + 1, every)
        return sum(tuple(words[start : start + SHINGLE]) in self.places for start in starts)


def shingles(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Each five words in a row."""
    return zip(*(words[start:] for start in range(SHINGLE)), strict=False)


def align(words: Sequence[str], index: WordIndex) -> list[int]:
    """For each word its place among the words of `index`, or `NONE` where it stands there nowhere.

    What stands in the same order in both is matched first: runs of words that occur once are certain, and the gaps
    between them are filled by the least number of edits. What is left over is sought by itself. Linear, nearly.
    """
    matched = [NONE] * len(words)
    _match_certain(words, index, matched)
    _fill_gaps(words, index, matched)
    _match_moved(words, index, matched)
    _match_shuffled(words, index, matched)
    return matched


def _match_certain(words: Sequence[str], index: WordIndex, matched: list[int]) -> None:
    """Match runs that occur once in the other text, as many as stand in the same order."""
    once = [
        (start, places[0])
        for start, shingle in enumerate(shingles(words))
        if len(places := index.places.get(shingle) or []) == 1
    ]
    last = NONE
    for start, place in _rising(once):
        for step in range(SHINGLE):
            if matched[start + step] == NONE and place + step > last:
                matched[start + step] = last = place + step


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest series of `pairs` whose second numbers rise (their first ones do)."""
    ends: list[int] = []  # the lowest second number that a series of each length ends with
    best: list[int] = []  # the pair that it belongs to
    before = [NONE] * len(pairs)
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        if length == len(ends):
            ends.append(place)
            best.append(number)
        else:
            ends[length], best[length] = place, number
        before[number] = best[length - 1] if length else NONE
    series = []
    number = best[-1] if best else NONE
    while number != NONE:
        series.append(pairs[number])
        number = before[number]
    return series[::-1]


def _fill_gaps(words: Sequence[str], index: WordIndex, matched: list[int]) -> None:
    """Match what lies between certain matches, before the first and after the last."""
    if all(place == NONE for place in matched):
        return
    start, other = 0, 0
    gaps = []
    for position, place in enumerate(matched):
        if place != NONE:
            gaps.append((start, position, other, place))
            start, other = position + 1, place + 1
    gaps.append((start, len(words), other, len(index.words)))
    for first, last, place, end in gaps:
        if first < last and place < end:
            _fill(words, index, matched, (first, last), (place, end))


def _fill(
    words: Sequence[str], index: WordIndex, matched: list[int], gap: tuple[int, int], other: tuple[int, int]
) -> None:
    positions, places = _ends(gap, other[1] - other[0]), _ends(other, gap[1] - gap[0])
    runs = _equal_runs([words[position] for position in positions], [index.words[place] for place in places])
    sure_left = gap[0] > 0
    sure_right = gap[1] < len(words)
    for position, place, length in _believable(runs, len(positions), len(places), sure_left, sure_right):
        for step in range(length):
            matched[positions[position + step]] = places[place + step]


def _ends(side: tuple[int, int], other_length: int) -> Sequence[int]:
    """The numbers of one side of a gap that are worth comparing: all, or both ends of a side that is far longer."""
    start, end = side
    longest = LOPSIDED * other_length + MARGIN
    if (end - start) * other_length > MAX_PAIRS:
        longest = min(longest, 2 * GAP_END)
    if end - start <= longest:
        return range(start, end)
    half = longest // 2
    return [*range(start, start + half), *range(end - half, end)]


def _equal_runs(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int, int]]:
    """(place in the first, place in the second, length) of runs of the same words, by the fewest edits."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein

    runs = []
    for edit in Levenshtein.opcodes(first, second):
        start, place, length = edit.src_start, edit.dest_start, edit.src_end - edit.src_start
        if edit.tag == "equal":
            runs.append((start, place, length))
        elif edit.tag == "replace":
            for step in range(length):
                old, new = second[place + step], first[start + step]
                if min(len(old), len(new)) >= MIN_ALIKE_LETTERS and fuzz.ratio(old, new) >= ALIKE:
                    runs.append((start + step, place + step, 1))
    return runs


def _believable(
    runs: Sequence[tuple[int, int, int]], length: int, other_length: int, sure_left: bool, sure_right: bool
) -> list[tuple[int, int, int]]:
    """The runs that are long, and those right beside one, or beside the certain words at the gap's ends."""
    kept = {number for number, run in enumerate(runs) if run[2] >= MIN_RUN}
    position = place = 0 if sure_left else -MIN_RUN
    for number, run in enumerate(runs):
        if number in kept or max(run[0] - position, run[1] - place) <= run[2]:
            kept.add(number)
            position, place = run[0] + run[2], run[1] + run[2]
    position, place = (length, other_length) if sure_right else (length + MIN_RUN, other_length + MIN_RUN)
    for number in range(len(runs) - 1, -1, -1):
        run = runs[number]
        if number in kept or max(position - run[0] - run[2], place - run[1] - run[2]) <= run[2]:
            kept.add(number)
            position, place = run[0], run[1]
    return [runs[number] for number in sorted(kept)]


def _match_moved(words: Sequence[str], index: WordIndex, matched: list[int]) -> None:
    """Match runs of words that stand in the other text in another order."""
    for first, last in list(unmatched_runs(matched)):
        if last - first >= MIN_MOVED:
            for start, stop, shift in _moved_runs(words, index, first, last):
                _match_run(words, index, matched, start, stop, shift)


def _moved_runs(words: Sequence[str], index: WordIndex, start: int, end: int) -> list[tuple[int, int, int]]:
    """(start, end, how far away in the other text) of the stretches of a run that stand together there."""
    hits: list[tuple[int, int]] = []
    for position in range(start, end - SHINGLE + 1):
        places = index.places.get(tuple(words[position : position + SHINGLE]), ())
        if len(places) <= MAX_PLACES:
            hits += [(position, place - position) for place in places]
    if not hits:
        return []
    votes = Counter(shift for _, shift in hits)
    best: dict[int, int] = {}
    for position, shift in hits:
        if position not in best or votes[shift] > votes[best[position]]:
            best[position] = shift
    runs: list[tuple[int, int, int]] = []
    for position, shift in sorted(best.items()):
        if runs and shift == runs[-1][2] and position - runs[-1][1] <= 2 * SHINGLE:
            runs[-1] = (runs[-1][0], position + SHINGLE, shift)
        elif not runs or position >= runs[-1][1]:
            runs.append((position, position + SHINGLE, shift))
    return runs


def _match_run(words: Sequence[str], index: WordIndex, matched: list[int], start: int, end: int, shift: int) -> None:
    same = [
        position
        for position in range(start, end)
        if 0 <= position + shift < len(index.words) and words[position] == index.words[position + shift]
    ]
    if end - start >= MIN_MOVED and len(same) >= MOVED_SHARE * (end - start):
        for position in same:
            matched[position] = position + shift


def _match_shuffled(words: Sequence[str], index: WordIndex, matched: list[int]) -> None:
    """Match short runs whose words all stand near by in the other text, and were not matched: cells of a table row."""
    used = set(matched)
    for start, end in unmatched_runs(matched):
        if end - start > MAX_SHUFFLED:
            continue
        beside = [place for place in (*matched[max(0, start - 1) : start], *matched[end : end + 1]) if place != NONE]
        if not beside or max(beside) - min(beside) > 2 * MAX_SHUFFLED:
            continue
        free: dict[str, list[int]] = {}
        for place in range(max(0, min(beside) - MAX_SHUFFLED), min(len(index.words), max(beside) + MAX_SHUFFLED)):
            if place not in used:
                free.setdefault(index.words[place], []).append(place)
        if all(free.get(word) for word in words[start:end]):
            for position in range(start, end):
                spots = free[words[position]]
                matched[position] = spots.pop(0) if len(spots) > 1 else spots[0]


def unmatched_runs(matched: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(start, end) of the runs of words that were not matched."""
    start = NONE
    for position, place in enumerate((*matched, 0)):
        if place == NONE and start == NONE:
            start = position
        elif place != NONE and start != NONE:
            yield start, position
            start = NONE
