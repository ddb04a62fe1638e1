"""What shows what a comment does, beside its words: how it opens and ends, asks, quotes, turns, corrects.

A comment is first read: quotations and citations each become one and the same word, so that the report's words and
numbers are not taken for the sender's, and bokmål and nynorsk are brought to one written form. Signs are patterns over
its sentences: whether they are seen in the first, in the last, and in how many of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from innspill.language.classification import CITED, mask_citations
from innspill.language.norwegian import Language
from innspill.language.written_forms import fold_written_forms

QUOTED = "SITAT"
# Anything in quotation marks, a single word too.
IN_QUOTES = re.compile(r"«([^«»]{1,600})»|“([^“”]{1,600})”|„([^„“”]{1,600})[“”]|\"([^\"\n]{1,600})\"|”([^”]{1,600})”")
SHORT_QUOTE = 3  # words
SHORT_COMMENT, LONG_COMMENT = 10, 50  # words
MANY_SENTENCES = 4
# What may stand before the first word of a sentence.
_OPENING = rf"^\W*(?:{CITED.lower()}\W*)?"
# Patterns over folded sentences: bokmål forms answer for nynorsk ones.
PATTERNS: dict[str, re.Pattern[str]] = {
    "agrees": re.compile(
        _OPENING + r"(?:\w+\W+){0,4}?(?:ja\b|jo\b|enige?\b|stemmer|riktig|akkurat|nettopp|presis|sant\b|støtte\w*|amen"
        r"|spikeren|bekrefte\w*|slutter|kjenner|godt poeng|sånn er|slik er|bra\b|agreed?\b|yes\b)"
    ),
    "negates": re.compile(r"\b(?:ikke|ingen|aldri|neppe|uten|nei|not|no|never|verken)\b"),
    "speaks of the text": re.compile(
        r"setning|\bord(?:et|ene|bruk\w*)?\b|ordlyd|avsnitt|overskrift|tabell|figur|kolonne|definisjon|begrep|uttrykk"
        r"|formulering|tekst|kapit|fotnote|\bkart|kulepunkt|vedlegg|\bpunkt\b|\blinje|rapport|utkast|\bside\b|tittel"
        r"|sammendrag|forkortelse|tidslinje|ordliste"
    ),
    "asks the authors": re.compile(r"\b(?:vi|jeg) (?:ber|ønsker|vil|skulle|foreslår)\b|\bplease\b"),
    "tells to": re.compile(
        _OPENING
        + r"(?:stryk|endre|legg|sett|ta (?:med|ut|inn|bort)|flytt|bytt|bruk|skriv|slå|del|erstatt|fjern|føy|lag"
        r"|oppgi|presiser|forklar|definer|utdyp|skill|rett|la|vurder|se|tegn|vis|kutt|kort|gi|nevn|husk|skaff|sørg|slutt"
        r"|start|spør|velg|add|replace|delete|move|please|explain|use)\b"
    ),
    "corrects": re.compile(
        r"\bikke\s+(?:«|sitat|\d)|\bskal (?:vel |nok |visst )?(?:være|stå|hete|skrives)\b|\b(?:feil|gal|galt|misvisende"
        r"|foreldet|utdatert|trykkfeil|skrivefeil|heter|riktig er|stemmer ikke|byttet (?:om|plass)|regne\w*|skrevet med"
        r"|opphevet|erstattet i|avviklet|wrong|incorrect|should (?:be|read)|typo)\b"
    ),
    "sets number against number": re.compile(
        r"\d[^.]{0,40}\bikke\b[^.]{0,12}\d|\bikke\b[^.]{0,25}\d[^.]{0,40}\b(?:men|er)\b[^.]{0,12}\d"
    ),
    "hedges": re.compile(
        r"\b(?:kanskje|kunne|muligens|eventuelt|vurdere|hva med|hva om|gjerne|idé|could|perhaps|maybe)\b"
    ),
    "opens a question": re.compile(
        _OPENING + r"(?:hva|hvem|hvor|hvilke[nt]?|hvordan|når|hvorfor|er|har|skal|vil|kan|gjelder|får|blir|ble|omfatter"
        r"|what|who|when|will|how|is)\b"
    ),
    "tells of oneself": re.compile(
        r"^\W*(?:jeg|vi|laget vårt|foreningen|mor|far|bestefar|kona|my|we|i) "
        r"(?:er|har|var|skriver|vokste|leste|am|have)\b"
    ),
    "tells of procedure": re.compile(
        r"\b(?:vedlagt|vedlegg|viser til|behandlet|møte|kopi|styret|formannskap|på vegne|sendes|merknader|telefon"
        r"|til orientering|årsmøte)\b"
    ),
    "doubts": re.compile(
        r"\b(?:tror?|mener|frykter|advarer|imot|mot|nei|tja|uenige?|skeptiske?|tvert|dårlig|urealistisk|problemet|løser"
        r"|løsning|overdriv\w*|overdrev\w*|provosert|protester\w*|motsatt?e?|stikk|galt?e?|halter|bryter med|feil vei"
        r"|(?:ser|liker|deler|synes|finner) (?:vi |jeg )?ikke|ikke (?:med på|noe behov|helt)|kjenner \w+ \w*\s?ikke"
        r"|kan (?:vi |jeg )?ikke (?:\w+ )?(?:godta|akseptere|forsvare|støtte|anbefale|stille)|bør ut|er for \w+)\b"
    ),
    "wishes": re.compile(
        r"\b(?:burde|skulle (?:ønske|hatt|vært|sett|gjerne)|hadde vært|ville (?:gjort|vært|hatt|gitt)"
        r"|ønsker (?:oss|meg)|kunne (?:vi|jeg) fått|altfor|ble bare|må få|får ikke|har ikke|finnes ikke)\b"
    ),
    "tells what has changed": re.compile(
        r"\b(?:ikke lenger|nå (?:er|går|heter|har|gjelder)|(?:er|går|heter|har|gjelder) nå|byttet|flyttet|opphørte"
        r"|nedlagt|revet|endret|(?:i|fra|siden) (?:januar|februar|mars|april|mai|juni|juli|august|september|oktober"
        r"|november|desember)(?: 20\d\d)?|no longer)\b"
    ),
    "praises highly": re.compile(
        r"\b(?:det (?:beste|fineste|mest)|kjempe\w+|gull|glede(?:r|lig)?|glade?|sjelden|endelig|bravo|gratulerer"
        r"|respekt|bra jobbe?[at]|lest|språket|skrevet)\b"
    ),
    "calls it good": re.compile(
        r"\b(?:bra|god|godt|gode|fine?|fint|flott|takk|rose?|imponer\w+|klare?|lettlest|ryddig|grundig|honnør|ære"
        r"|gratulerer|kjekt|nydelig\w*|forbilledlig\w*|well|great|good|clear)\b"
    ),
    "turns": re.compile(r"\b(?:men|imidlertid|likevel|derimot|but|however|yet)\b"),
    "calls for": re.compile(
        r"\b(?:må|trengs?|trenger|behov|kreves?|krever|nødvendig|skal|bør|mangler|savner|needs?|must)\b"
    ),
    "finds nothing": re.compile(
        r"\b(?:ingen|ingenting|ikke (?:nevnt|omtalt|tatt|med|noe|ett|et ord)|mangler|savner|glemt|utelatt|borte|hoppet"
        r"|finnes ikke|fraværende|berørt|tomt|missing|nothing)\b"
    ),
    "speaks to the authors": re.compile(r"\b(?:dere|rapporten|utkastet|forfatterne)\b"),
    "tells what one has seen": re.compile(r"\b(?:hos oss|vi har|jeg har|i fjor|vår|vårt|våre|selv|her hos)\b"),
}


@dataclass(frozen=True, slots=True)
class ReadComment:
    """A comment as the model reads it: masked and folded.

    Attributes:
        sentences: Its sentences; at least one, which may be empty.
        n_words: Words in it.
        cites: Whether it cites a place.
        quotes: Words in each of its quotations.
    """

    sentences: tuple[str, ...]
    n_words: int
    cites: bool
    quotes: tuple[int, ...]

    @property
    def whole(self) -> str:
        """All of it."""
        return " ".join(self.sentences)

    @property
    def opening(self) -> str:
        """Its first sentence."""
        return self.sentences[0]


def read_comment(text: str, *, language: Language) -> ReadComment:
    """Read a comment: quotations and citations masked, written forms folded, in sentences."""
    quotes = tuple(len(match[0].split()) for match in IN_QUOTES.finditer(text))
    masked = mask_citations(IN_QUOTES.sub(f" {QUOTED} ", text))
    sentences = tuple(fold_written_forms(span.of(masked)) for span in language.sentences(masked))
    return ReadComment(sentences or ("",), len(masked.split()), CITED in masked, quotes)


def sign_features(comments: Sequence[ReadComment]) -> list[list[float]]:
    """The signs of each comment, one row of the same length for each."""
    return [_signs(comment) for comment in comments]


def _signs(comment: ReadComment) -> list[float]:
    sentences = comment.sentences
    asks = [sentence.rstrip().endswith("?") for sentence in sentences]
    row = [
        float(len(sentences) == 1),
        float(len(sentences) >= MANY_SENTENCES),
        float(comment.n_words < SHORT_COMMENT),
        min(comment.n_words / LONG_COMMENT, 2.0),
        float(comment.cites),
        float(bool(comment.quotes)),
        float(len(comment.quotes) > 1),
        float(any(n_words <= SHORT_QUOTE for n_words in comment.quotes)),
        float(all(asks)),
        float(any(asks) and not asks[-1]),
        *_first_last_share(asks),
    ]
    for pattern in PATTERNS.values():
        row += _first_last_share([bool(pattern.search(sentence)) for sentence in sentences])
    return row


def _first_last_share(seen: Sequence[bool]) -> list[float]:
    """Whether something is seen in the first and in the last sentence, and in which share of them."""
    return [float(seen[0]), float(seen[-1]), sum(seen) / len(seen)]
