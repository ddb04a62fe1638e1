"""The tokens: WordPiece over both written forms, and which tokens of nynorsk say what a token of bokmål says."""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import NFC, Lowercase, Sequence
from tokenizers.pre_tokenizers import BertPreTokenizer, Digits
from tokenizers.pre_tokenizers import Sequence as PreTokenizers
from tokenizers.trainers import WordPieceTrainer

UNKNOWN, INSIDE = "[UNK]", "##"
N_TOKENS = 30_400
MIN_FREQUENCY, N_LETTERS = 5, 140
# A translation that bokmål itself uses so often, beside the word that it translates, is another word there.
MAX_SHARE_IN_BOKMAAL = 0.3


def train_tokenizer(paragraphs: Iterable[str]) -> Tokenizer:
    """WordPiece in lower case; digits stand alone, so that numbers don't fill the vocabulary."""
    tokenizer = Tokenizer(WordPiece(unk_token=UNKNOWN, continuing_subword_prefix=INSIDE))
    tokenizer.normalizer = Sequence([NFC(), Lowercase()])
    tokenizer.pre_tokenizer = PreTokenizers([BertPreTokenizer(), Digits(individual_digits=True)])
    trainer = WordPieceTrainer(
        vocab_size=N_TOKENS,
        min_frequency=MIN_FREQUENCY,
        limit_alphabet=N_LETTERS,
        special_tokens=[UNKNOWN],
        continuing_subword_prefix=INSIDE,
        show_progress=False,
    )
    tokenizer.train_from_iterator(paragraphs, trainer=trainer)
    # The trainer numbers the same tokens in another order each time.
    tokens = [UNKNOWN, *sorted(set(tokenizer.get_vocab()) - {UNKNOWN})]
    numbers = {token: number for number, token in enumerate(tokens)}
    tokenizer.model = WordPiece(numbers, unk_token=UNKNOWN, continuing_subword_prefix=INSIDE)
    return tokenizer


def shared_rows(tokenizer: Tokenizer, words: Mapping[str, str], bokmaal_frequencies: Counter[str]) -> NDArray[np.int32]:
    """For each token the token whose vector it shares: nynorsk words those of the bokmål that they translate.

    Args:
        tokenizer: The tokenizer.
        words: Bokmål word -> nynorsk word.
        bokmaal_frequencies: How often words occur in bokmål.

    Returns:
        An array of shape (n_tokens,); a token that shares nothing has its own number.
    """
    ids = tokenizer.get_vocab()
    rows = np.arange(len(ids), dtype=np.int32)
    for nb, nn in words.items():
        # Rarer and rarer from step to step: a translation of a translation never comes back to where it began.
        if not bokmaal_frequencies[nb] or bokmaal_frequencies[nn] > MAX_SHARE_IN_BOKMAAL * bokmaal_frequencies[nb]:
            continue
        for prefix in ("", INSIDE):
            first, second = ids.get(prefix + nb), ids.get(prefix + nn)
            if first is not None and second is not None and rows[second] == second:
                rows[second] = first
    while not np.array_equal(rows, rows[rows]):  # a translation of a translation
        rows = rows[rows]
    return rows
