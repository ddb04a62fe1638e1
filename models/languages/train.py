"""Train the language identifier: ``python -m models.languages.train --data FOLDER --debian FOLDER``.

Multinomial logistic regression over hashed character n-grams, by Adagrad on one thread of PyTorch. L-BFGS does not get
there in a minute: the n-grams that tell the languages apart are rare beside those that all of them have.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from innspill.language.identification import LANGUAGES, WEIGHTS, LanguageIdentifier, hashed_ngrams, words_of
from models.cards import write_card
from models.languages.texts import LICENCES, PAIRS, TREEBANK, Sentence, all_sentences, cut, frequent_words
from models.texts import data_argument

HERE = Path(__file__).parent
N_BUCKETS, SEED = 240_000, 1
EPOCHS, RATE, BATCH = 5, 0.15, 1024
# At most so many sentences of a source and language.
MOST = {"nb": 15_000, "nn": 20_000, "en": 6_000, "sv": 6_000, "da": 12_000, "se": 20_000}
# Pieces cut out of each sentence: more of what is known to be in one form and says the same in both.
PIECES = {TREEBANK: 3, PAIRS: 3}
FREQUENT_TEXTS = 15_000


class Example(NamedTuple):
    """The words of a text, and its language."""

    words: tuple[str, ...]
    language: str


def examples_of(sentences: dict[str, list[Sentence]], draw: random.Random) -> list[Example]:
    """Each sentence whole and a piece of it, after at most `MOST` sentences of a source were drawn."""
    found: list[Example] = []
    for language, all_of_it in sorted(sentences.items()):
        for source in sorted({sentence.source for sentence in all_of_it}):
            of_source = [sentence for sentence in all_of_it if sentence.source == source]
            for sentence in draw.sample(of_source, min(len(of_source), MOST[language])):
                words = words_of(sentence.text)
                if words:
                    found.append(Example(tuple(words), language))
                    for _ in range(PIECES.get(source, 1)):
                        found.append(Example(tuple(cut(words, draw)), language))
    return found


def made_up(draw: random.Random) -> list[Example]:
    """Runs of one to eight words drawn by their frequency: of everyday words, help texts have few."""
    found = []
    for language, (words, shares) in frequent_words().items():
        for _ in range(FREQUENT_TEXTS):
            found.append(Example(tuple(draw.choices(words, shares, k=draw.randint(1, 8))), language))
    return found


def fit(examples: Sequence[Example], *, epochs: int = EPOCHS, rate: float = RATE) -> LanguageIdentifier:
    """Train on the examples: softmax over the sum of the n-grams' weights, divided by the root of their number."""
    import torch

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(w for e in examples for w in e.words))}
    buckets = [np.array(hashed_ngrams(word, N_BUCKETS), dtype=np.int32) for word in vocabulary]
    numbers = [[vocabulary[word] for word in example.words] for example in examples]
    gold = torch.tensor([LANGUAGES.index(example.language) for example in examples])
    importance = 1 / torch.bincount(gold, minlength=len(LANGUAGES)).sqrt()
    weights = torch.nn.EmbeddingBag(N_BUCKETS, len(LANGUAGES), mode="sum")
    torch.nn.init.zeros_(weights.weight)
    intercepts = torch.zeros(len(LANGUAGES), requires_grad=True)
    optimiser = torch.optim.Adagrad([weights.weight, intercepts], lr=rate)
    loss_of = torch.nn.CrossEntropyLoss(importance)
    for epoch in range(epochs):
        for group in optimiser.param_groups:
            group["lr"] = rate * (1 - epoch / epochs)
        losses = []
        for batch in torch.randperm(len(examples)).split(BATCH):
            found = [np.concatenate([buckets[number] for number in numbers[row]]) for row in batch.tolist()]
            lengths = torch.tensor([len(ngrams) for ngrams in found])
            starts = (lengths.cumsum(0) - lengths).to(torch.int32)
            scores = weights(torch.from_numpy(np.concatenate(found)), starts) / lengths.sqrt()[:, None] + intercepts
            loss = loss_of(scores, gold[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(float(loss.detach()))
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    return quantised(weights.weight.detach().numpy(), intercepts.detach().numpy())


def quantised(weights: NDArray[np.float32], intercepts: NDArray[np.float32]) -> LanguageIdentifier:
    """The identifier with its weights as small integers; the largest few are cut off, to leave the small ones steps."""
    centred = weights - weights.mean(axis=1, keepdims=True)
    scales = np.quantile(np.abs(centred), 0.9999, axis=0).astype(np.float64) / 127
    steps = np.clip(np.round(centred / scales), -127, 127).astype(np.int8)
    return LanguageIdentifier(steps, scales, (intercepts - intercepts.mean()).astype(np.float64))


def write(identifier: LanguageIdentifier, sentences: dict[str, list[Sentence]], minutes: float) -> None:
    """Write the weights and the card; its figures are those of ``python -m benchmarks.models``."""
    (HERE / WEIGHTS).write_bytes(save(identifier.arrays()))
    sizes = Counter((language, s.source) for language, found in sentences.items() for s in found)
    sources = [
        {"text": f"{source} ({language})", "licence": LICENCES[source], "size": f"{size} sentences"}
        for (language, source), size in sorted(sizes.items())
    ]
    frequent = {"text": "words by frequency, from wordfreq (en, sv, da)", "licence": "CC BY-SA 4.0"}
    about = {
        "name": "languages",
        "task": "Tells bokmål, nynorsk, English, Swedish, Danish and Northern Sámi apart, for a message or a comment",
        "licence": "Apache-2.0",
        "trained_on": [*sources, frequent | {"size": f"{FREQUENT_TEXTS} texts a language"}],
        "made_by": "python -m models.languages.train --data FOLDER --debian FOLDER",
        "seed": SEED,
        "minutes": round(minutes, 1),
        "figures": {},
        "not_for": "Judging who somebody is by how they write, or any language beyond these six: "
        "a text in German or Finnish is given to one of them.",
    }
    write_card(HERE, [WEIGHTS], about)


def main() -> None:
    """Read the text, train, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    data_argument(parser)
    parser.add_argument("--debian", type=Path, required=True, help="unpacked Debian packages; see README.md")
    arguments = parser.parse_args()
    began, draw = time.monotonic(), random.Random(SEED)
    sentences = all_sentences(arguments.data, arguments.debian, "train")
    examples = examples_of(sentences, draw) + made_up(draw)
    print(f"{len(examples)} examples, {Counter(example.language for example in examples)}")
    write(fit(examples), sentences, (time.monotonic() - began) / 60)


if __name__ == "__main__":
    main()
