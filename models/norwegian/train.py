"""Train the pipeline: ``python -m models.norwegian.train --data FOLDER --work FOLDER``.

Word vectors (`word_vectors`), then the names, then the tagger, each with a network of its own; the lemmas are counted.
`--work` keeps the word vectors, which take longest; without them they are made anew. Each epoch prints its figures on
the development part; the best epoch of a stage is kept.
"""

import argparse
import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import spacy
from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed

import innspill.language.components  # noqa: F401 - registers what the pipeline is made of
from innspill.language.lemmas import AS_WRITTEN, KnownWord, pack_lemmas
from models import cards
from models.norwegian import word_vectors
from models.norwegian.annotation import Annotated, annotated
from models.norwegian.renaming import read_register, renamed
from models.texts import data_argument, treebank

HERE = Path(__file__).parent
SEED = 1
VECTORS = "word_vectors.npz"  # in the working folder
LOG = "log.json"  # in the working folder and in the folder of each stage: what it took and how it went
SPACY = ">=3.8,<4"  # as in pyproject.toml
WIDTH, DEPTH = 96, 4
FEATURES = ("NORM", "PREFIX", "SUFFIX", "SHAPE")
ROWS = (2000, 300, 1000, 300)
HIDDEN = 64
WARM_UP, LAST_RATE = 0.03, 0.03  # as parts of a stage and of its highest learning rate
WORDS_IN_A_BATCH = 1500
# How many neighbouring sentences make a text; mails come without sentence boundaries, too.
SENTENCES_IN_A_TEXT = (1, 1, 2, 3, 5)
# Parts of the training texts written in small letters and in capitals, as some mails are.
SMALL, CAPITAL = 0.06, 0.03
Task = Literal["morphologizer", "ner"]
Figures = dict[str, Any]
TASKS: tuple[Task, Task] = ("ner", "morphologizer")


class Stage(NamedTuple):
    """A run over the training part.

    Attributes:
        epochs: How often each sentence is seen.
        peak_rate: The highest learning rate.
        dropout: The part of the network that is left out at random.
        renamed: The part of the texts that have other names put into them.
    """

    epochs: int
    peak_rate: float
    dropout: float
    renamed: float


STAGES: dict[Task, Sequence[Stage]] = {
    "ner": (Stage(9, 0.001, 0.25, 0.25),),
    "morphologizer": (Stage(6, 0.001, 0.15, 0.0),),
}
TRAINED_ON = (
    ("Norwegian Dependency Treebank with the names of NorNE, both forms", "annotation CC0", "491,000 tokens"),
    ("documents of the public sector (Divvun and Giellatekno, free part)", "free", "12 M words"),
    ("laws and regulations", "NLOD 2.0", "11 M words"),
    ("NoReC, reviews (models trained on it may be used commercially)", "CC BY-NC 4.0", "17.5 M words"),
    ("sentence pairs of NorBench, training part", "CC0", "10,000 pairs"),
)


class Treebank(NamedTuple):
    """The sentences of both written forms, to train on and to choose by."""

    train: Mapping[str, Sequence[Annotated]]
    dev: Mapping[str, Sequence[Annotated]]


def read_treebank(data: Path) -> Treebank:
    """Both written forms, annotated in our terms."""
    train, dev = (
        {form: [annotated(sentence) for sentence in treebank(data, form, part)] for form in ("nb", "nn")}
        for part in ("train", "dev")
    )
    return Treebank(train, dev)


def known_words(bank: Treebank) -> list[KnownWord]:
    """The words of the training sentences with their lemmas, counted."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for form, sentences in bank.train.items():
        for sentence in sentences:
            for word, part, features, lemma, _ in zip(*sentence, strict=True):
                if part not in ("PUNCT", "NUM", "SYM"):
                    tag = f"{part} {features}".strip()
                    counts[form, word if part in AS_WRITTEN else word.lower(), tag, lemma] += 1
    return [KnownWord(*key, count) for key, count in counts.items()]


def blank_pipeline(vectors: Path) -> Language:
    """The Norwegian tokeniser of spaCy and our word vectors."""
    nlp = spacy.blank("nb", config={"nlp": {"vectors": {"@vectors": "innspill.PackedVectors.v1"}}})
    with np.load(vectors, allow_pickle=False) as arrays:
        keys = np.array([get_string_id(str(word)) for word in arrays["words"]], np.uint64)
        nlp.vocab.vectors.set(keys, arrays["packed"], arrays["scale"])
    return nlp


def network() -> dict[str, Any]:
    """The configuration of the network that reads the words."""
    embed = {"@architectures": "spacy.MultiHashEmbed.v2", "width": WIDTH, "attrs": list(FEATURES), "rows": list(ROWS)}
    encode = {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": WIDTH, "depth": DEPTH}
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": embed | {"include_static_vectors": True},
        "encode": encode | {"window_size": 1, "maxout_pieces": 3},
    }


def add_tagger(nlp: Language) -> None:
    """Parts of speech and features."""
    nlp.add_pipe("morphologizer", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": network()}})


def add_names(nlp: Language) -> None:
    """Named entities."""
    model = {"@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner", "extra_state_tokens": False}
    shape = {"hidden_width": HIDDEN, "maxout_pieces": 2, "use_upper": True}
    nlp.add_pipe("ner", config={"model": model | shape | {"tok2vec": network()}})


ADD: dict[Task, Callable[[Language], None]] = {"morphologizer": add_tagger, "ner": add_names}


def example(nlp: Language, sentences: Sequence[Annotated], case: Callable[[str], str] = str) -> Example:
    """Neighbouring sentences as one text, for both tasks."""
    words = [case(word) for sentence in sentences for word in sentence.forms]
    gold = Doc(
        nlp.vocab,
        words=words,
        pos=[part for sentence in sentences for part in sentence.parts],
        morphs=[features for sentence in sentences for features in sentence.features],
        ents=[entity for sentence in sentences for entity in sentence.entities],
    )
    return Example(Doc(nlp.vocab, words=words), gold)


def training_texts(nlp: Language, bank: Treebank, share_renamed: float, chance: random.Random) -> list[Example]:
    """The training sentences, joined to texts anew for each epoch, in random order."""
    register = read_register()
    examples = []
    for sentences in bank.train.values():
        start = 0
        while start < len(sentences):
            joined = sentences[start : start + chance.choice(SENTENCES_IN_A_TEXT)]
            start += len(joined)
            draw = chance.random()
            case = str.lower if draw < SMALL else str.upper if draw < SMALL + CAPITAL else str
            if share_renamed and chance.random() < share_renamed:
                joined = [renamed(sentence, register, chance) for sentence in joined]
            examples.append(example(nlp, joined, case))
    chance.shuffle(examples)
    return examples


def batches(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """Batches of about so many words."""
    batch: list[Example] = []
    n_words = 0
    for item in examples:
        batch.append(item)
        n_words += len(item.predicted)
        if n_words >= WORDS_IN_A_BATCH:
            yield batch
            batch, n_words = [], 0
    if batch:
        yield batch


def measure(nlp: Language, task: Task, sentences: Sequence[Annotated]) -> dict[str, float]:
    """The figures of one component on sentences one by one; the first is the one to choose by."""
    examples = [example(nlp, [sentence]) for sentence in sentences]
    for item, doc in zip(examples, nlp.pipe((item.predicted for item in examples), batch_size=128), strict=True):
        item.predicted = doc
    scores = nlp.get_pipe(task).score(examples)
    names = ("ents_f", "ents_p", "ents_r") if task == "ner" else ("morph_acc", "pos_acc")
    return {name: round(float(scores[name]), 4) for name in names}


def learning_rate(stage: Stage, done: float) -> float:
    """The rate when this part of a stage is done: up, then evenly down."""
    return stage.peak_rate * min(1.0, (done + 0.001) / WARM_UP) * max(LAST_RATE, 1 - done)


def train(nlp: Language, task: Task, stage: Stage, bank: Treebank, best: Path, before: Path | None) -> list[Figures]:
    """Train the component of `nlp`, from `before` or anew; write its best epoch to `best`, give the figures of all."""
    fix_random_seed(SEED)
    chance = random.Random(SEED)
    texts = training_texts(nlp, bank, stage.renamed, chance)
    optimizer = nlp.initialize(lambda: texts)
    if before:
        nlp.get_pipe(task).from_disk(before / task, exclude=["vocab"])
    n_words = sum(len(text.predicted) for text in texts) * stage.epochs
    seen = 0
    epochs: list[Figures] = []
    for epoch in range(stage.epochs):
        for batch in batches(texts):
            optimizer.learn_rate = learning_rate(stage, min(1.0, seen / n_words))
            nlp.update(batch, sgd=optimizer, drop=stage.dropout)
            seen += sum(len(item.predicted) for item in batch)
        with nlp.use_params(optimizer.averages):
            figures = {form: measure(nlp, task, sentences) for form, sentences in bank.dev.items()}
            mean = float(np.mean([next(iter(each.values())) for each in figures.values()]))
            if all(mean > earlier["mean"] for earlier in epochs):
                nlp.to_disk(best)
        epochs.append({"epoch": epoch + 1, "mean": mean, **figures})
        print(task, epochs[-1], flush=True)
        if epoch + 1 < stage.epochs:
            texts = training_texts(nlp, bank, stage.renamed, chance)
    return epochs


def assembled(vectors: Path, parts: Mapping[Task, Path], lemmas: bytes) -> Language:
    """The whole pipeline: the tagger, the lemmas and the names."""
    nlp = blank_pipeline(vectors)
    add_tagger(nlp)
    nlp.add_pipe("innspill_lemmatizer", name="lemmatizer").set(lemmas)
    add_names(nlp)
    for name, folder in parts.items():
        nlp.get_pipe(name).from_disk(folder / name, exclude=["vocab"])
    nlp.meta["name"], nlp.meta["version"] = "innspill_norwegian", "1"
    nlp.meta["description"] = "Word classes, lemmas and names, bokmål and nynorsk"
    nlp.meta["author"], nlp.meta["license"] = "innspill", "Apache-2.0"
    return nlp


def save(nlp: Language) -> None:
    """Write the pipeline into this folder, without the strings of the training text."""
    for name in (*nlp.pipe_names, "vocab"):
        shutil.rmtree(HERE / name, ignore_errors=True)
    nlp.to_disk(HERE)
    (HERE / "vocab" / "strings.json").write_text("[]\n", encoding="utf-8")
    meta = json.loads((HERE / "meta.json").read_text(encoding="utf-8"))
    meta["spacy_version"] = SPACY
    (HERE / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def weight_files() -> list[Path]:
    """The files that make up the pipeline."""
    folders = ("morphologizer", "lemmatizer", "ner", "vocab")
    inside = [path for folder in folders for path in (HERE / folder).rglob("*") if path.is_file()]
    return sorted([*inside, HERE / "config.cfg", HERE / "meta.json", HERE / "tokenizer"])


def write_card(work: Path) -> None:
    """Write model.json: what the pipeline is, its files and checksums. The benchmark adds the figures."""
    about = {
        "name": "norwegian",
        "task": "Word classes, base forms and names of persons, organisations and places in bokmål and nynorsk.",
        "licence": "Apache-2.0",
        "trained_on": [{"text": text, "licence": licence, "size": size} for text, licence, size in TRAINED_ON],
        "made_by": "python -m models.norwegian.train --data FOLDER --work FOLDER",
        "seed": SEED,
        "minutes": minutes(work),
        "figures": {},
        "not_for": "Deciding anything about a person, or taking names out of a text where it matters that none stays.",
    }
    cards.write_card(HERE, [path.relative_to(HERE).as_posix() for path in weight_files()], about)


def main() -> None:
    """Make the vectors where they are missing, train, assemble, save, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    data_argument(parser)
    parser.add_argument("--work", type=Path, required=True, help="a folder for what is made on the way")
    parser.add_argument("--only", choices=("morphologizer", "ner", "assemble"), help="one step alone")
    arguments = parser.parse_args()
    data, work = arguments.data, arguments.work
    work.mkdir(parents=True, exist_ok=True)
    vectors = work / VECTORS
    if not vectors.exists():
        begun = time.process_time()
        word_vectors.make(data, vectors)
        write_log(work, begun)
    for task in TASKS:
        if arguments.only in (None, task):
            train_in_stages(task, data, work)
    if arguments.only in (None, "assemble"):
        save(assembled(vectors, last_stages(work), pack_lemmas(known_words(read_treebank(data)))))
        write_card(work)


def train_in_stages(task: Task, data: Path, work: Path) -> None:
    """Train one component, stage by stage; write each, and the figures of its epochs, into the working folder."""
    bank = read_treebank(data)
    before = None
    for number, stage in enumerate(STAGES[task], 1):
        folder = work / f"{task}-{number}"
        if not folder.exists():
            begun = time.process_time()
            nlp = blank_pipeline(work / VECTORS)
            ADD[task](nlp)
            epochs = train(nlp, task, stage, bank, folder, before)
            write_log(folder, begun, epochs)
        before = folder


def write_log(folder: Path, begun: float, epochs: Sequence[Figures] = ()) -> None:
    """Write down what a step took, by the processor's clock, and the figures of its epochs."""
    log = {"cpu_minutes": round((time.process_time() - begun) / 60, 1), "epochs": epochs}
    (folder / LOG).write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")


def last_stages(work: Path) -> dict[Task, Path]:
    """The folder that each component was left in."""
    return {task: work / f"{task}-{len(stages)}" for task, stages in STAGES.items()}


def minutes(work: Path) -> float:
    """The processor time of all steps."""
    folders = [work / f"{task}-{number + 1}" for task, stages in STAGES.items() for number in range(len(stages))]
    logs = [json.loads((folder / LOG).read_text(encoding="utf-8")) for folder in (work, *folders)]
    return round(sum(log["cpu_minutes"] for log in logs), 1)


if __name__ == "__main__":
    main()
