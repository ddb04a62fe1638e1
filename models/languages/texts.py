"""The sentences that the language identifier is trained on, by language.

Norwegian comes from the project's own text (`models.texts`), Northern Sámi from the same public documents, many of
which are in two languages. Swedish, Danish and English come from Debian packages whose translations say the same in
several languages; what they have in bokmål and nynorsk is read as well, so that no subject stands for a language.
"""

import gettext
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from lxml import etree, html

from models import texts
from models.texts import Part


def _listed(words: str) -> list[str]:
    """The words of a list that is written with blanks between them."""
    return words.split()


class Place(NamedTuple):
    """Where unpacked packages hold text: `*` stands for the folder of a language."""

    pattern: str
    folders: tuple[str, ...]
    title: str
    licence: str


PLACES = (
    Place("libreoffice/help/*/text/**/*.html", ("sv", "da", "en-GB"), "help of LibreOffice", "MPL-2.0"),
    Place(
        "lib/libreoffice/program/resource/*/LC_MESSAGES/*.mo",
        ("sv", "da", "nb", "nn", "en_GB"),
        "texts of LibreOffice",
        "MPL-2.0",
    ),
    Place("help/*/gnome-help/*.page", ("sv", "da", "en_GB", "C"), "help of GNOME", "CC BY-SA 3.0"),
    Place("help/*/system-admin-guide/*.page", ("sv", "da", "C"), "administrator's guide of GNOME", "CC BY-SA 3.0"),
    Place(
        "doc/debian-handbook/html/*/*.html",
        ("sv-SE", "da-DK", "nb-NO", "en-US"),
        "The Debian Administrator's Handbook",
        "CC BY-SA 3.0 or GPL-2.0-or-later",
    ),
    Place("doc/debian-edu-doc-*/*.html", ("da", "nb-no", "en"), "manuals of Debian Edu", "GPL-2.0-or-later"),
    Place("gimp/2.0/help/*/*.html", ("sv", "da", "nn", "en"), "help of GIMP", "GFDL-1.2-or-later"),
    Place("doc/cfi-*/cfi.html", ("sv",), "«Copyright finns inte»", "public domain"),
    Place(
        "games/wesnoth/1.16/locale/*/LC_MESSAGES/*.mo",
        ("sv", "da", "nb_NO", "en_GB"),
        "texts of Battle for Wesnoth",
        "GPL-2.0-or-later",
    ),
)
TREEBANK, PAIRS, DOCUMENTS, REVIEWS, LAWS = "treebank", "pairs", "documents", "reviews", "laws"
LICENCES = {
    TREEBANK: "annotation CC0, the texts may not be republished on their own",
    PAIRS: "see ltgoslo/norbench",
    DOCUMENTS: "documents marked free",
    REVIEWS: "CC BY-NC 4.0, models and embeddings for any use",
    LAWS: "NLOD 2.0",
    **{place.title: place.licence for place in PLACES},
}
CODES = {"C": "en"}
WORD = re.compile(r"[^\W\d_]+")
SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+(?=[A-ZÆØÅÄÖÁČĐŊŠŽ])")
# What a translated string holds besides words: tags, place holders, the mark of a menu's letter.
MARKUP = re.compile(r"<[^>]+>|%\S+|\$\w+|\{[^}]*\}|[_~&](?=\w)")
BLOCKS = {"p", "li", "td", "th", "dd", "dt", "h1", "h2", "h3", "h4", "title", "desc", "item", "para"}
N_FREQUENT = 30_000
# Documents in bokmål are many: one in so many is enough.
ONE_IN = 6
FORM_OF_WORD = {
    **dict.fromkeys(_listed("ikke jeg hva hvem hvordan hvor noe noen mer fra en et være ble de hun uten"), "nb"),
    **dict.fromkeys(_listed("ikkje eg kva kven korleis kor noko nokon meir frå ein eit vere vart dei ho utan"), "nn"),
}
ENGLISH = frozenset(_listed("the of and to is in that this for you are be can with on as it your or by from an will"))
# Frequent words and letters of Northern Sámi, and letters of Lule and South Sámi, which are other languages.
SAMI = frozenset(_listed("ja lea leat dat go ahte mii dan ii eai galgá sáhttá maid ovdal leamaš dán gos dás nu"))
SAMI_LETTER, OTHER_SAMI = re.compile("[áčđŋšŧž]"), re.compile(r"[åæøöïńñ]|\b(?:jïh|lij|le|lea\w?j|tjïh)\b")
LEAST_WORDS, LEAST_SAMI = 4, 0.4
SHORTEST_CUT, LONGEST_CUT = 2, 8


class Sentence(NamedTuple):
    """A sentence and the source that it is from: so many are drawn from each."""

    source: str
    text: str


def all_sentences(data: Path, debian: Path, part: Part) -> dict[str, list[Sentence]]:
    """All sentences of a part by language."""
    found: dict[str, list[Sentence]] = {}
    for sentences in (norwegian_sentences(data, part), translated_sentences(debian, part)):
        for language, some in sentences.items():
            found.setdefault(language, []).extend(some)
    found["se"] = sami_sentences(data, part)
    return found


def norwegian_sentences(data: Path, part: Part) -> dict[str, list[Sentence]]:
    """Bokmål and nynorsk: treebank, sentence pairs, and documents in the form that `form_of` finds."""
    found: dict[str, list[Sentence]] = {"nb": [], "nn": []}
    for form in ("nb", "nn"):
        for sentence in texts.treebank(data, form, part):
            found[form].append(Sentence(TREEBANK, " ".join(sentence.forms)))
    for pair in texts.pairs(data, part):
        found["nb"].append(Sentence(PAIRS, pair.nb))
        found["nn"].append(Sentence(PAIRS, pair.nn))
    for number, (source, paragraphs) in enumerate(_public_documents(data, part)):
        form = form_of(" ".join(paragraphs))
        if form == "nn" or (form == "nb" and number % ONE_IN == 0):
            found[form] += [
                Sentence(source, text)
                for paragraph in paragraphs
                if not is_sami(paragraph)
                for text in sentences_of(paragraph)
                if not _in_english(text) and form_of(text, least=1) in (form, "")
            ]
    return {form: _distinct(sentences) for form, sentences in found.items()}


def form_of(text: str, *, least: int = 5) -> str:
    """The form of a Norwegian text by frequent words that only one has: `least` of them, and ten to one; else «»."""
    found = Counter(FORM_OF_WORD[word] for word in WORD.findall(text.lower()) if word in FORM_OF_WORD)
    form = "nn" if found["nn"] > found["nb"] else "nb"
    return form if found[form] >= least and found[form] >= 10 * (found.total() - found[form]) else ""


def _public_documents(data: Path, part: Part) -> Iterator[tuple[str, list[str]]]:
    """Source and paragraphs of documents, reviews and laws, which do not say which form they are written in."""
    for document in texts.documents(data, part):
        yield DOCUMENTS, list(document.paragraphs)
    for review in texts.reviews(data, part):
        yield REVIEWS, list(review.paragraphs)
    for _, sections in groupby(texts.law_sections(data, part), key=lambda section: section.law):
        yield LAWS, [section.text for section in sections]


def sami_sentences(data: Path, part: Part) -> list[Sentence]:
    """Northern Sámi: the paragraphs in it of documents in two languages."""
    return [
        Sentence(DOCUMENTS, sentence)
        for document in texts.documents(data, part)
        for paragraph in document.paragraphs
        if is_sami(paragraph) and not OTHER_SAMI.search(paragraph.lower())
        for sentence in sentences_of(paragraph)
    ]


def frequent_words() -> dict[str, tuple[list[str], list[float]]]:
    """The most frequent words of three languages in everyday text, and how frequent they are (from wordfreq)."""
    from wordfreq import top_n_list, word_frequency

    listed = {
        language: [word for word in top_n_list(language, N_FREQUENT) if word.isalpha()]
        for language in ("en", "sv", "da")
    }
    return {name: (words, [word_frequency(word, name) for word in words]) for name, words in listed.items()}


def is_sami(paragraph: str) -> bool:
    """Whether a paragraph is in a Sámi language rather than one with a Sámi name in it."""
    words = WORD.findall(paragraph.lower())
    sami = sum(word in SAMI or bool(SAMI_LETTER.search(word)) for word in words)
    return len(words) > LEAST_WORDS and sami >= LEAST_SAMI * len(words)


def translated_sentences(debian: Path, part: Part) -> dict[str, list[Sentence]]:
    """Sentences of help texts, handbooks, a book and the texts of programs, without what was left in English."""
    found: dict[str, list[Sentence]] = {}
    for place in PLACES:
        for folder in place.folders:
            language = CODES.get(folder, re.split("[-_]", folder)[0])
            for path in _files(debian / "usr", place.pattern.replace("*", folder, 1)):
                if texts.part_of(f"{place.title}/{path.name}") == part:
                    found.setdefault(language, []).extend(Sentence(place.title, text) for text in _texts(path))
    english = {sentence.text for sentence in found.get("en", [])}
    return {
        language: _distinct(
            s for s in sentences if language == "en" or (s.text not in english and not _in_english(s.text))
        )
        for language, sentences in found.items()
    }


def sentences_of(paragraph: str) -> list[str]:
    """The sentences of a paragraph, roughly; at least two words each."""
    return [s for s in SENTENCE_END.split(paragraph.removeprefix("# ")) if len(WORD.findall(s)) >= SHORTEST_CUT]


def cut(words: Sequence[str], draw: random.Random) -> list[str]:
    """A run of two to eight words, at a place and of a length drawn."""
    length = draw.randint(SHORTEST_CUT, LONGEST_CUT)
    start = draw.randint(0, max(len(words) - length, 0))
    return list(words[start : start + length])


def _files(root: Path, pattern: str) -> list[Path]:
    return sorted(path for top in (root / "share", root) for path in top.glob(pattern))


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".mo":
        with path.open("rb") as stream:
            catalogue = gettext.GNUTranslations(stream)
        paragraphs: Iterable[str] = (text for key, text in catalogue._catalog.items() if key)  # type: ignore[attr-defined]
    else:
        paragraphs = _blocks(path)
    for paragraph in paragraphs:
        yield from sentences_of(" ".join(MARKUP.sub("", paragraph).split()))


def _blocks(path: Path) -> Iterator[str]:
    """The text of each innermost paragraph, list item, cell and heading of a page."""
    raw = path.read_bytes()
    root = etree.fromstring(raw) if path.suffix == ".page" else html.fromstring(raw)
    for element in root.iter(etree.Element):
        if _name(element) in BLOCKS and not any(_name(child) in BLOCKS for child in element.iterdescendants()):
            yield " ".join("".join(element.itertext()).split())


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _in_english(sentence: str) -> bool:
    words = WORD.findall(sentence.lower())
    return sum(word in ENGLISH for word in words) > len(words) / 5


def _distinct(sentences: Iterable[Sentence]) -> list[Sentence]:
    return list({sentence.text: sentence for sentence in sentences}.values())
