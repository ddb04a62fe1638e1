"""Which language a text is in: bokmål, nynorsk, English, Swedish, Danish or Northern Sámi, by words of its own."""

import re

WORD = re.compile(r"[^\W\d_]+")


def _listed(words: str) -> frozenset[str]:
    """The words of a list that is written with blanks between them."""
    return frozenset(words.split())


# Frequent words that set one language apart from the others; bokmål and nynorsk are told apart by form, not topic.
MARKERS: dict[str, frozenset[str]] = {
    "nb": _listed(
        "ikke jeg hva hvem hvordan hvorfor hvor noe noen mer fra en et være vært blir ble disse hvis dere gjøre sier "
        "kommer trenger mener bare mye hver eller også hun deres åpenbart foreslår bør burde rapporten dataene"
    ),
    "nn": _listed(
        "ikkje eg kva kven korleis kvifor noko nokon nokre meir frå ein ei eit vere vore vert vart desse viss dykk "
        "gjere seier "
        "kjem treng trengst meiner berre mykje kvar dei ho dykkar òg saknar manglar bør kommunane tenesta "
        "tenester"
    ),
    "en": _listed(
        "the and of to is are was we our you should would that this with for not have has from which there it be as"
    ),
    "sv": _listed("och inte jag är vad hur från ett att också för bör måste några dessa våra vår eller finns behöver"),
    "da": _listed(
        "ikke jeg hvad hvordan af fra et også nogle nogen mere blev efter kun dette behov mangler borgere uden"
    ),
    "se": _listed("ja lea leat ii eai mii dat go ahte leamaš galgá sámi sámegiella mun don dan dán maid ovdal"),
}
# Letters that the language is written with and the Norwegian standards are not.
LETTERS: dict[str, str] = {"sv": "äö", "se": "áčđŋšŧž"}
DANISH_ONLY = _listed("hvad af nogle nogen mere blev efter kun borgere uden jer jeres hvilken bliver")


def identify(text: str, *, default: str = "nb") -> str:
    """The most likely of nb, nn, en, sv, da and se; `default` where nothing tells.

    >>> identify("Vi saknar noko om kva kommunane treng.")
    'nn'
    >>> identify("Dette er ikke godt nok beskrevet.")
    'nb'
    """
    tokens = WORD.findall(text.lower())
    scores = {language: sum(token in markers for token in tokens) for language, markers in MARKERS.items()}
    for language, letters in LETTERS.items():
        scores[language] += sum(any(letter in token for letter in letters) for token in tokens)
    if scores["da"] and not any(token in DANISH_ONLY for token in tokens):
        scores["da"] = 0
    best = max(scores, key=lambda language: (scores[language], language == default))
    if scores[best] == 0 or scores[best] == scores.get(default):
        return default
    return best
