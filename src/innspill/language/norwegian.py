"""What the stages ask of Norwegian text, bokmål and nynorsk, in one object: its sentences, language, phrases and names.

The models behind it are loaded when they are first asked.
"""

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Protocol

from innspill.bundled import bundled
from innspill.language.identification import LanguageIdentifier, load_identifier
from innspill.language.sentences import find_sentences
from innspill.language.tagging import Name, Phrase, Tagger, import_without_torch, load_tagger, noun_phrases
from innspill.records import Span


def _listed(words: str) -> frozenset[str]:
    """The words of a list that is written with blanks between them."""
    return frozenset(words.split())


# Nynorsk function words and forms that spaCy's list of bokmål stop words lacks.
NYNORSK_STOP_WORDS = _listed(
    "ikkje eg me ho dei dykk dykkar kva kven korleis kvifor kor når ein ei eit eitt dette desse denne som er var "
    "vore vere "
    "vera skal vil kan må bør har hadde få får fekk gjer gjere gjort seier sagt meir mest mykje mange mellom frå til "
    "på av "
    "med om ved hjå etter før no nå òg og men eller anna andre annan sjølv berre berrre kvar kvart kvarandre noko "
    "nokon nokre "
    "ingen inga ikkje aldri alltid difor derfor også slik slike same både anten korkje sidan medan dersom viss då "
    "der her "
    "den det de di deira si sin sitt sine min mi mitt mine vår vårt våre oss dei deim"
)
ENGLISH_STOP_WORDS = _listed(
    "the a an and or of to in on for with by is are was were be been this that these those it its as at from not we "
    "our you "
    "your they their there which who what when where how should would could can may must will have has had do "
    "does"
)
# Common verbs and adjectives, both written forms: they tell what happens, not what a text is about.
COMMON_WORDS = _listed(
    "jobbe jobbet jobber arbeide arbeider arbeidet åpen åpent åpne open ope opne kjenne kjenner kjent ringe "
    "ringer ringt ringje virke virker virka verke verkar forstå forstår falle falt fall informere informerer "
    "begrunne begrunner grunngi flytte flytter bygge bygger byggje byggjer hjelpe hjelper hjelpa sende sender "
    "sendt spørre spør spurt spurde svare svarer svarar lese leser lest les tro trur tror vite vet veit finne "
    "fant funne funnet holde holder halde held hald sette setter sett stille stiller snakke snakker snakkar prøve "
    "prøver prøvd prøvde kjøpe kjøper kjøpt betale betaler lage lager lagar laget laga legge legger legg lagt "
    "lære lærer lært leve lever bo bor bur starte startet vente venter ventet velge velger valgt velje like liker "
    "liten lita lite små stor stort store lang langt lange kort korte norsk norske gammel gammelt gamle gamal ung "
    "unge vanlig vanlige vanleg vanlege enkel enkelt enkle klar klart klare hel hele heile heilt ferdig ferdige "
    "viss sikker sikkert sikre vanskelig vanskelige vanskeleg felles hverken fremdeles fortsatt aldri alltid ofte "
    "sjelden sjeldan kanskje trolig truleg egentlig eigentleg lenge lengre ellers elles heim hjem heime hjemme "
    "rundt kring nesten både begge hvem hvor hva mens imens nettopp oppe nede inne ute unna bort borte"
)
# Words of the genre itself: they are in every consultation and tell nothing of a theme.
GENRE_WORDS = _listed(
    "rapport rapporten rapportene linje linjer linjene linja side sider kapittel kap punkt pkt avsnitt tabell innspill "
    "kommentar kommentarer forslag foreslår foreslå mener meiner synes synest ønsker ønskjer ønskje behov behovet "
    "trenger "
    "treng trengs trengst trenge viktig viktige bør burde må måtte skriver skriv står omtaler omtalt nevner nevnt "
    "nemner nemnt "
    "mangler manglar savner saknar ber presisere presiseres tydelig tydeleg tydeligere tydelegare støtter støttar "
    "enig samd "
    "gjelder gjeld helt heilt veldig svært også derfor difor gjerne flere fleire større mindre god gode godt bra "
    "dere de "
    "utkastet utkast report line lines page section need needs needed hos gjøre gjør gjere får ta tar tas blir bli "
    "bliir "
    "vår våre vårt fra ut inn opp ned over under mellom slik nye ny nytt egen eget egne annet annen andre allerede alt "
    "hver hvert mest mer mindre dag dager år gang ganger første andre tredje del deler måte ting grunn gir gi går "
    "kommer "
    "komme se ser sier si både samt uten utan vil kan skal kunne skulle ville eneste enn ennå enda fortsatt framleis "
    "heller likevel altså nok bare berre slike dagens dette disse desse mange alle noen noe nokon noko faktisk "
    "spesielt "
    "særlig særleg blant særskilt konkret konkrete bruk bruke brukes brukast brukt bruker eksempel faller finnes finst "
    "setning setningen ord ordet avsnittet kapitlet kapittelet punktet tabellen linjen"
)


SCANDINAVIAN = frozenset({"nb", "nn", "sv", "da"})


class Language(Protocol):
    """What the stages ask of a language."""

    def sentences(self, text: str) -> list[Span]:
        """The spans of the sentences of `text`, without the white space around them."""
        ...

    def identify(self, text: str, *, default: str = "nb") -> str:
        """The language of `text`: nb, nn, en, sv, da or se; `default` where it is too short to tell."""
        ...

    def phrases(self, texts: Sequence[str]) -> Iterator[list[Phrase]]:
        """The noun phrases of each text."""
        ...

    def is_stop_word(self, word: str) -> bool:
        """Whether a word is too common to say what a text is about."""
        ...


class Norwegian:
    """Bokmål and nynorsk, with the little English that a Norwegian mailbox holds.

    Args:
        pipeline: A spaCy pipeline: one that comes with innspill, a folder, or an installed package.
        languages: The model that tells languages apart: the one that comes with innspill, or a folder.
    """

    def __init__(self, *, pipeline: str = "norwegian", languages: str = "languages") -> None:
        self._pipeline, self._languages = pipeline, languages

    def sentences(self, text: str) -> list[Span]:
        """The sentences of `text`: see `innspill.language.sentences`.

        >>> text = "Jf. kap. 3.2 om bl.a. data. Vi støtter dette."
        >>> [span.of(text) for span in Norwegian().sentences(text)]
        ['Jf. kap. 3.2 om bl.a. data.', 'Vi støtter dette.']
        """
        return find_sentences(text)

    def identify(self, text: str, *, default: str = "nb") -> str:
        """The language of `text`: nb, nn, en, sv, da or se; `default` where it is too short to tell.

        >>> Norwegian().identify("Vi saknar noko om kva kommunane treng.")
        'nn'
        """
        return self._identifier.identify(text, default=default)

    def phrases(self, texts: Sequence[str]) -> Iterator[list[Phrase]]:
        """The noun phrases of each text, with base forms.

        >>> [phrase.lemma for phrase in next(Norwegian().phrases(["Vi savner nasjonale registre."]))]
        ['nasjonal register']
        """
        return (noun_phrases(tokens) for tokens in self._tagger.tokens(texts))

    def names(self, text: str) -> list[Name]:
        """The names of persons, organisations and places in `text`."""
        return next(self._tagger.names([text]))

    def persons(self, text: str) -> list[Span]:
        """Where `text` names persons: a `NameFinder` for pseudonyms.

        The pipeline knows Norwegian. In a text in a language farther away a single word is passed over.
        """
        least = 1 if self.identify(text) in SCANDINAVIAN else 2
        spans = (name.span for name in self.names(text) if name.kind == "person")
        return [span for span in spans if len(span.of(text).split()) >= least]

    def is_stop_word(self, word: str) -> bool:
        """Stop words of bokmål, nynorsk and English, and the words of the genre («rapporten», «linje», «behov»)."""
        return word.lower() in _stop_words()

    def load(self) -> "Norwegian":
        """Load the models now, so that one that is missing is told before the work begins.

        Raises:
            ModelError: a model is missing, damaged, or cannot be loaded.
        """
        _ = self._identifier, self._tagger
        return self

    @cached_property
    def _identifier(self) -> LanguageIdentifier:
        shipped = self._languages == "languages"
        return load_identifier(bundled("models/languages") if shipped else Path(self._languages))

    @cached_property
    def _tagger(self) -> Tagger:
        return load_tagger(self._pipeline)


@cache
def _stop_words() -> frozenset[str]:
    import_without_torch("spacy")
    from spacy.lang.nb.stop_words import STOP_WORDS

    return frozenset(STOP_WORDS) | NYNORSK_STOP_WORDS | ENGLISH_STOP_WORDS | GENRE_WORDS | COMMON_WORDS
