"""The grammar of citations as patterns: lines, pages, chapters, tables, footnotes, points, paragraphs, quotations.

Norwegian in both its written forms, English, and what Swedes and Danes write. How the pieces are put together is told
in citations.py.
"""

import re
from typing import Literal

# A question mark between digits is a dash that a mail program could not write.
_DASH = (
    r"(?:[-‐‑‒–—−]{1,2}|(?<=\d)[?\ufffd](?=\d)|til og med|t\.?\s?o\.?\s?m\.?"
    r"|(?:og (?:utover|fram|frem|videre|vidare) |opp |ned |fram |frem |og )?til|to|through|until)"
)
# Not a percentage, a decimal or the head of a compound («3-åringer», «2024-tallene»).
_NUMBER = r"\d{1,4}(?![\d%‰@])(?!\.\d)(?!,\d(?![\d,–-]))(?!\s?(?:%|prosent))(?!-(?!L\s?\d|linje)[^\W\d_])"
_LINE_WORD = (
    r"(?:linje\((?:r|ne)\)|linje(?:ne|r|nr|nummer|n|s)?|linja|linjerne|lin|ln|lines?|rad(?:er|en|erna)?)"
    r"(?![^\W\d_])\.?|ll?\."
)
_NR = r"\s*(?:nr\.?|nummer|no\.?|#|:)?\s*"
_FROM = r"(?P<years>(?:fra|frå|from)(?: og med)?\s+)?\(?"
# «sida 2. mars» is «since».
_PAGE_WORD = (
    r"(?:sidene|sidorna|siderne|sider|sidor|sidetall|sidenr|side|sidan?(?=\s\d{1,3}(?!\d|\.?\s*[a-zæøå]{3,}))"
    r"|pages|page|pg|pp)(?![^\W\d_])\.?|[sp]\."
)
_NOT_INSIDE = r"(?<![\w§.-])"
# «S4L12»: the line may follow the page without a space.
_NOT_INSIDE_LINE = r"(?:(?<![\w§.-])|(?<=\b[SsPp]\d)|(?<=\b[SsPp]\d\d)|(?<=\b[SsPp]\d{3}))"
# «linje 5 på T-banen» is no citation, nor is «linje 22 11 33 44».
_NO_LINE = (
    r"(?!(?:\s\d{2}){2})(?!\s+av\s+\d)(?!\s+(?:ganger|gonger|times)\b)"
    r"(?!\s+(?:på|i|med|til|by|on|of|av)\s+(?:the\s+)?(?:t-?ban|trikk|metro|buss|jernban|tog|subway|tram|bus\b"
    r"|salen|tabell|figur|\w*(?:tjenest|tenest|apparat)))"
)
# «kapittel 4 i helseregisterloven» and «side 12 i NOU 2026: 4» are places in other texts.
_OTHER_TEXT = (
    r"(?!(?:\s+[A-H]\b)?\s+(?:i|av|in|of)\s+(?:\w+\s+){0,2}"
    r"(?:\w*(?:loven|lova|lov|forskriften|forskrifta|forskrift|forordningen|forordninga|direktivet|avtalen|avtala|rundskrivet|standarden"
    r"|veilederen|rettleiaren"
    r"|(?<!del)rapporten\s+(?:fra|frå|til)|årsrapporten|årsmeldingen|årsmeldinga|regnskapet|rekneskapen|avisa|avisen|[A-ZÆØÅ]\w+(?:bladet|posten|tidende)"
    r"|budsjettet|læreplanen|kommuneplanen|meldingen|meldinga|proposisjonen|act|regulation)\b|NOU\b|Meld\.|Prop\."
    r"|St\.|§))"
)
_ONE_LINE = rf"{_NUMBER}(?:\s*{_DASH}\s*(?:(?:{_LINE_WORD}|L(?=\d))\s*)?{_NUMBER})?"

LINE = re.compile(
    rf"(?P<between>\b(?:mellom|between)\s+)?{_NOT_INSIDE_LINE}"
    rf"(?:(?P<word>{_LINE_WORD}){_NR}{_FROM}|(?P<short>L)\s?)(?={_ONE_LINE}{_NO_LINE})",
    re.IGNORECASE,
)
# «på 45. linje»; «1.», «2.» and «3. linje» are tiers of a service.
ORDINAL_LINE = re.compile(r"(?<![\w§.,-])(?P<number>\d{1,4})\. linje\b(?!\s*\d)", re.IGNORECASE)
MIN_ORDINAL = 4
# «112–118: …» and «45: …» at the start of a point; smaller numbers may number the sender's own points.
_BARE = r"(?:[2-9]\d|\d{3})"
BARE_LINE = re.compile(
    r"^\W*(?P<list>\d{1,4}\s*[-–]\s*\d{1,4}|(?:[2-9]\d|\d{3})(?:(?:\s*,\s*|\s+og\s+)(?:[2-9]\d|\d{3}))*)(?=\s*:\s)"
)
# One item of a list of lines, what may stand between two items, and what makes a number something else than a line.
LINE_ITEM = re.compile(
    rf"(?P<first>{_NUMBER})(?:\s*{_DASH}\s*(?:(?:{_LINE_WORD}|L(?=\d))\s*)?(?P<last>{_NUMBER})"
    r"|(?P<f>\s*(?:ff?\b|flg\b|fl\.|og (?:utover|ut[eo]ver|utetter|videre|vidare|fremover|framover|nedover|følgende"
    r"|følgjande)\b"
    r"|(?:med|og) (?:påfølgende|påfølgjande|etterfølgende)\b|and (?:onwards?|following)\b|onwards?\b|et seq\b)\.?))?",
    re.IGNORECASE,
)
LINE_AND = re.compile(
    rf"(?P<comma>\s*[,;]\s*)?(?P<and>\s*(?:(?:og|and|samt|eller|or)\b|(?:el|hhv)\.|&|/|\+)\s*)?(?:(?:i|på|til"
    rf"|in)\s+)?(?P<word>(?:{_LINE_WORD}|L(?=\d))\s*)?",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"\s*(?:%|(?:prosent|kroner|kr|mill|mrd|stk|år|måned|månad|dag|uke|veke|time|minutt|person|pasient|kommune|fylke"
    r"|søknad|informant|prosjekt|virksomhet|verksemd|ord\b|meter|km\b"
    r"|sykehus|sjukehus|skole|skule|elev|barn|ansatt|tilsett|andre|ganger|gonger|"
    r"år|av\s+\d|millioner|milliarder|percent|million|years?|days?))|\.\s*(?:kule|strek)?(?:punkt|avsnitt|setning"
    r"|ledd|juni|juli|[a-zæøå]{3,5}(?:ar|er|ber|ril|ust|ai)\b)",
    re.IGNORECASE,
)
# Numbers in words, from one.
_NORWEGIAN = (
    *("én en ein", "to", "tre", "fire", "fem", "seks", "sju syv", "åtte", "ni", "ti", "elleve", "tolv", "tretten"),
    *("fjorten", "femten", "seksten", "sytten", "atten", "nitten", "tjue tyve"),
)
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBER_WORDS = {
    word: number
    for language in (_NORWEGIAN, _ENGLISH)
    for number, words in enumerate(language, start=1)
    for word in words.split()
}
# «side fem», «page five»; «side en» begins other sentences, too, and «page to page» counts none.
_PAGES_SPELT, _ENGLISH_SPELT = ("|".join(" ".join(language[1:]).split()) for language in (_NORWEGIAN, _ENGLISH))
PAGE = re.compile(
    rf"{_NOT_INSIDE}(?P<pdf>pdf[\s-]{{0,2}}|(?:skjerm|ark|fil)-?(?=sid))?(?:(?:{_PAGE_WORD}){_NR}(?P<first>\d{{1,4}})(?![\d@])"
    rf"(?:\s*{_DASH}\s*(?:(?:{_PAGE_WORD})\s*)?(?P<last>\d{{1,4}})(?!\d)|(?P<f>\s?ff?\b\.?))?(?!-[^\W\d_])"
    rf"(?P<more>(?:,\s*\d{{1,3}}(?=(?:,\s*\d{{1,3}})*\s+(?:og|and)\s+\d))*\s+(?:og|and)\s+(?:side\s+)?\d{{1,3}}"
    rf"(?![\d%.,]*\d|\s*[,.]?\s*(?:linje|l\.)|\s+[^\W\d_]{{4,}}(?:er|ar|ene|ane)\b|-))?"
    rf"|[sp]\s?(?P<tight>\d{{1,3}})(?=[\s,;:/]*(?:L\.?|linje\w*|lines?)\s?\d)"
    rf"|(?:side\s+(?=(?:{_PAGES_SPELT})\b)|page\s+(?=(?:{_ENGLISH_SPELT})\b))(?P<spelt>[^\W\d_]+)){_OTHER_TEXT}"
    r"(?P<of_pdf>\s*\((?:i\s+|av\s+|in\s+)?pdf[^()\n\d]{0,16}\)|,?\s+(?:i|av|in|of)\s+(?:the\s+)?pdf[\w-]*(?:\s+fil\w*)?)?"
    r"(?:\s+(?:av|of)\s+(?P<total>\d{1,3})(?![\w.,]*\d|\s*%))?",
    re.IGNORECASE,
)
# «fra vår side to ting», «på den andre side tre», «kommunens side ti»: no pages.
OTHER_SIDE = re.compile(
    r"\b(?:vår|min|sin|din|deres|hans|hennes|annen|anna|andre|ene|eine|(?!les)\w+s) $", re.IGNORECASE
)
# «6/18–19 …» and «16:11 …» at the start of a point: page and line; «1/2 av …» and «24/7 …» are none.
BARE_PAGE_LINE = re.compile(
    r"^\W*(?!24/7\b|\d{1,2}\s?/\s?\d{1,3}\s+(?:av|of|del|deler|delar)\b)(?P<page>\d{1,3})\s?[/:]\s?(?P<first>\d{1,3})(?:\s?[-–]\s?(?P<last>\d{1,3}))?(?=\s*[:–-]?\s+[^\W\d_])"
)
# «vedlegg 2, side 3», «NOU 2026: 4, side 88», «årsmeldinga for 2025, s. 31»: pages of other documents.
PAGE_OF_OTHER = re.compile(
    r"\b(?:(?:vedlegg(?:et|a)?|bilag|appendix|annex)\s*(?:\d{1,2}|[A-F])?"
    r"|(?:NOU|Meld\.\s?St\.|St\.\s?meld\.|Prop\.|Ot\.\s?prp\.|Innst\.|Dok\.)[^.\n,;]{1,30}"
    r"|(?:årsmelding|årsrapport|årsberetning|stortingsmelding|annual report)(?:a|en)?"
    r"(?:\s+(?:for|fra|frå|of))?(?:\s+\d{4})?)\s*[,(]?\s*(?:på\s+)?$",
    re.IGNORECASE,
)
# What may stand between the page and the line that make one citation.
PAGE_THEN_LINE = re.compile(
    r"[\s,;:./()–-]*(?:(?:nederst|øverst|nedst|øvst|midt på)[\s,]+)?(?:og\s+|på\s+|ved\s+|i\s+|from\s+|fra\s+|frå\s+"
    r"|mellom\s+)?",
    re.IGNORECASE,
)
LINE_THEN_PAGE = re.compile(
    r"[\s,;()]*(?:nederst på|øverst på|øvst på|nedst på|midt på|på|on|i|of|av)?\s*", re.IGNORECASE
)
# Between the two ends of «side 4 linje 30 til side 5 linje 2».
PAGE_LINE_DASH = re.compile(rf"\s*{_DASH}\s*(?:på\s+)?", re.IGNORECASE)
# «Sidetala er frå pdf-fila»: said of all pages that a sender names; «ikkje dei i pdf-en» says the opposite.
_PAGE_NUMBERS = (
    r"\bside(?:tall?\w*|tala|nummer\w*|numre\w*|henvisning\w*|tilvising\w*|ne)\b|\balle sider\b"
    r"|\bpage (?:numbers?|references?)\b|\bthe pages\b"
)
PAGES_OF_PDF = re.compile(
    rf"(?:{_PAGE_NUMBERS})(?![\s.]*\d)(?:(?!\b(?:ikke|ikkje|not|trykt?e?|printed)\b)[^.!?\n]){{0,60}}\b(?:pdf|fila\b|filen\b|skjermen\b)"
    rf"|\bpdf\w*\b(?:(?!\b(?:ikke|ikkje|not)\b)[^.!?\n]){{0,20}}(?:{_PAGE_NUMBERS})(?!\s*\d)",
    re.IGNORECASE,
)
_AND = r"(?:\s*[,;]\s*(?:og\s+|and\s+|samt\s+)?|\s*(?:og|and|samt|&|/|\+|eller)\s*)"
_SECTION_WORD = (
    r"kapittel|kapitlet|kapittelet|kapitla|kapitlene|kap\.?|delkapittel|delkap\.?|underkapittel|avsnitt|avsnittet"
    r"|avsnittene|avsnitta|punkt|punktet|punktene|punkta|pkt\.?|seksjon|del|underpunkt|kapitel|kapitlen|kapitlerne"
    r"|afsnit|chapters?|sections?|sec\.|ch\."
)
_SECTION_NUMBER = r"\d{1,2}(?:\.\d{1,2}){0,4}(?![\d%])(?!-[^\W\d_])"
_SECTION_DASH = r"\s*(?:[-–—]|til og med|til|to)\s*"
_SECTION_RANGE = rf"{_SECTION_NUMBER}(?:{_SECTION_DASH}(?:(?:kap\.?|kapittel|punkt|avsnitt)\s*)?{_SECTION_NUMBER})?"
SECTION_ITEM = re.compile(
    r"(?P<first>\d{1,2}(?:\.\d{1,2})*)(?:\s*(?:[-–—]|til og med|til"
    r"|to)\s*(?:[^\W\d_]+\.?\s*)?(?P<last>\d{1,2}(?:\.\d{1,2})*))?"
)
SECTION = re.compile(
    rf"{_NOT_INSIDE}(?P<word>{_SECTION_WORD})\s*(?:nr\.?\s*)?(?P<list>{_SECTION_RANGE}(?:{_AND}(?:(?:kap\.?"
    rf"|kapittel|avsnitt|(?:punkt|pkt\.?)(?=\s*\d+\.\d))\s*)?{_SECTION_RANGE}(?!\s*(?:millioner|mill|mrd|prosent|%|år\b|kr)))*|(?<=\s)(?:én|en|ein|to"
    rf"|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv)\b){_OTHER_TEXT}",
    re.IGNORECASE,
)
# «opplæringslova kapittel 9»: a chapter of the law named before it.
LAW_BEFORE = re.compile(
    r"\w(?:loven|lova|lov|forskriften|forskrifta|forordningen|forordninga)s?\s+(?:sitt\s+)?$", re.IGNORECASE
)
PAGE_BEFORE = re.compile(rf"(?:{_PAGE_WORD})\s*\d{{1,4}}[\s,;:]*$", re.IGNORECASE)
# «45 l. 12 ganger»: a measure, unless the number belongs to a citation («linje 45 s. 4»).
MEASURED = re.compile(r"(?P<word>[^\W\d_]+)?[.\s]*\d[\d.,–-]*\s$")
POINTS = re.compile(
    rf"(?:{_LINE_WORD}|{_PAGE_WORD}|{_SECTION_WORD}|l|s|p|tabell|tab|table|og|and|til)\b", re.IGNORECASE
)
# Addresses are blanked before anything is looked for.
ADDRESS = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+", re.IGNORECASE)
# The middle of more white space than stands within a citation becomes what no pattern reads over: time stays linear.
GAP = re.compile(r"(?<=\s{40})\s+(?=\s{40})")
BARRIER = "!"
# «Til 3.2:» and «Ad 4.1 –» at the start.
_DOTTED = r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?![\d%]|[.,]\d|-[^\W\d_]|\s?[%‰])"
BARE_SECTION = re.compile(
    rf"^\W*(?:(?:til|ad|re|om)\b:?\s*)?(?P<list>{_DOTTED}(?:{_AND}{_DOTTED})*)(?=\s*(?:[:–—-]|[^\W\d_]))", re.IGNORECASE
)
# «det som står i 8.2», «(jf. 4.1 og 4.3)»: a section where the report has one of that number.
LONE_SECTION = re.compile(
    rf"(?:(?<![\w.,-])(?:i|under|om|ved|av|jf\.?|jfr\.?|se|sjå|både|mellom|in|see|under|cf\.?)\s+|\()"
    rf"(?P<list>{_DOTTED}(?:{_AND}(?:i\s+)?{_DOTTED})*){_OTHER_TEXT}",
    re.IGNORECASE,
)
NO_SECTION = re.compile(
    r"\s*(?:millioner|millionar|milliarder|milliardar|mill|mrd|prosent|år|timer|timar|kroner|kr|ganger|gonger|poeng"
    r"|percent|million|billion|times|years|hours|x\b)",
    re.IGNORECASE,
)
TABLE = re.compile(
    rf"{_NOT_INSIDE}(?:tabell(?:en|a|ene|ane)?|tabellerna|tab\.|tables?)\s*(?:nr\.?\s*)?"
    rf"(?P<list>\d{{1,2}}(?:\.\d{{1,2}})?[a-z]?\b(?:{_AND}\d{{1,2}}[a-z]?\b(?!\s*(?:%|prosent|[^\W\d_]{{4,}}(?:er|ar)\b)))*)"
    rf"{_OTHER_TEXT}",
    re.IGNORECASE,
)
# What is numbered beside tables. The second group may be the sender's own.
FIGURE = re.compile(
    rf"{_NOT_INSIDE}(?P<word>figure|figur(?:en)?|fig\.|diagram|kart|(?:fakta|tekst)?boks(?:en)?|box|ramme|vedlegg"
    rf"|appendix|annex|bilag)\s*(?:nr\.?\s*)?(?P<number>\d{{1,2}}(?:\.\d{{1,2}})?[a-z]?|(?<=\s)(?-i:[A-F])(?=[\s.,:;)]|$))(?![\w%]|-\w)"
    rf"(?!\s*(?:%|prosent|kroner|[.,]\d)){_OTHER_TEXT}",
    re.IGNORECASE,
)
FigureKind = Literal["figure", "box", "appendix"]
FIGURE_NAMES: dict[FigureKind, re.Pattern[str]] = {
    "figure": re.compile(r"fig|diagram|kart", re.IGNORECASE),
    "box": re.compile(r"(?:fakta|tekst)?bo|ramme", re.IGNORECASE),
    "appendix": re.compile(r"vedlegg|app|annex|bilag", re.IGNORECASE),
}
HEADING = re.compile(
    rf"{_NOT_INSIDE}(?:kapittelet|kapitlet|kapittel|avsnittet|avsnitta|delen|punktet|delkapittelet|delkapitlet"
    rf"|the (?:chapter|section)) "
    r"(?:som handler )?(?:om|on|about)\s+(?P<words>[^.,:;!?()«»\n\d]{4,80})",
    re.IGNORECASE,
)
# Words that may also number the sender's own points: they count as a citation only where the report has that number.
LOOSE_WORDS = re.compile(r"punkt|pkt|del\b|avsnitt|seksjon", re.IGNORECASE)

# Footnotes: by number, by order, or the only one of a page.
FOOTNOTE = re.compile(
    rf"{_NOT_INSIDE}(?P<word>fotnoten?|fotnotene|fotnotane|fotnotetekst(?:en)?|fodnoten?|fotnot(?:en)?|sluttnote"
    rf"|footnotes?|endnote|note[nr]?|noter)\s*(?:nr\.?\s*|nummer\s*)?"
    rf"(?P<list>\d{{1,3}}(?:{_AND}\d{{1,3}}(?!\s*(?:%|prosent|[^\W\d_]{{4,}}(?:er|ar)\b)))*|[¹²³⁴-⁹]+|\*+|†)(?![\w%]|-\w)"
    rf"{_OTHER_TEXT}",
    re.IGNORECASE,
)
LOOSE_NOTE = re.compile(r"note", re.IGNORECASE)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# Points of a list, paragraphs and sentences, by their order or their number.
_ORDINALS = {
    "første|fyrste|första|first|1st": 1,
    "andre|annet|anna|annen|andra|anden|andet|second|2nd": 2,
    "tredje|third|3rd": 3,
    "fjerde|fjärde|fourth": 4,
    "femte|fifth": 5,
    "sjette|sjätte|sixth": 6,
    "sjuende|syvende|sjuande|seventh": 7,
    "åttende|åttande|ottende|eighth": 8,
    "niende|niande|ninth": 9,
    "tiende|tiande|tenth": 10,
    "nest ?siste|nest ?sist|penultimate|second(?: |-)to(?: |-)last|second(?: |-)last": -2,
    "siste|sista|sidste|last|final": -1,
}
_ORDINAL = "|".join(f"(?:{words})" for words in (*list(_ORDINALS)[-2:], *list(_ORDINALS)[:-2]))
ORDINALS = tuple((re.compile(words, re.IGNORECASE), count) for words, count in _ORDINALS.items())
_BULLET = (
    r"kulepunkt(?:et)?|kulepkt\.?|strekpunkt(?:et)?|listepunkt(?:et)?|bulletpunkt(?:et)?|punktet? i (?:lista|listen)"
    r"|kule[na]?|strek(?:en)?|bullet(?:[ -]points?)?|punktmerke(?:t)?"
)
_PARAGRAPH = r"avsnitt(?:et)?|tekstavsnitt(?:et)?|stycket?|afsnit(?:tet)?|paragraph|para\."
_SENTENCE = r"setning(?:en|a)?|setninga|mening(?:en)?|sætning(?:en)?|sentence"
_NOTE = r"fotnoten?|fodnoten?|footnote"
_ITEM = r"punkt(?:et)?|pkt\.?|nr\.?|nummer|item|point"
COUNTED = re.compile(
    rf"{_NOT_INSIDE}(?:(?:det|den|dei|the|i)\s+)?(?:"
    rf"(?:(?P<ordinal>{_ORDINAL})|(?P<digit>\d{{1,2}})\.)\s+"
    rf"(?P<unit>{_BULLET}|{_PARAGRAPH}|{_SENTENCE}|(?:{_ITEM})(?=\s+(?:i|på)\s)|{_NOTE})(?!\w)"
    r"|(?P<only>fotnoten|fotnota|fodnoten|the footnote)(?=\s+(?:\w+\s+)?(?:på|i|under|on|in)\s)"
    rf"|(?P<named>{_BULLET}|{_PARAGRAPH}|{_SENTENCE}|{_ITEM})\s*(?:nr\.?\s*|nummer\s*)?(?P<number>\d{{1,2}})"
    rf"(?![\w%]|[.,]\d|-\w|\s*(?:%|prosent))){_OTHER_TEXT}",
    re.IGNORECASE,
)
CountedKind = Literal["footnote", "bullet", "paragraph", "sentence"]
UNITS: dict[CountedKind, re.Pattern[str]] = {
    "footnote": re.compile(r"(?:the )?(?:fo[td]|foot)", re.IGNORECASE),
    "bullet": re.compile(rf"{_BULLET}|{_ITEM}", re.IGNORECASE),
    "paragraph": re.compile(_PARAGRAPH, re.IGNORECASE),
    "sentence": re.compile(_SENTENCE, re.IGNORECASE),
}
# «andre avsnitt» may be «other paragraphs», and «nr. 4» anything: they need the place that they are counted in.
NEEDS_SCOPE = re.compile(
    r"(?:andre|andra|annet|anna|second|2nd)\s|\b(?:nr\.?|nummer|item|point|punkt|pkt|kule|strek)\b", re.IGNORECASE
)
_LIST_OF = (
    r"(?:(?:i|in|of|på|under)\s+)?(?:den\s+|the\s+)?(?:(?:punkt|kulepunkt|strekpunkt|nummer)?list[ae]n?|oversikt(?:en|a)"
    r"|oppramsing(?:en|a)|opplisting(?:en|a)|the list)\s*[,:]?\s*"
)
# Between what is counted and the place that it is counted in, after it and before it.
COUNTED_THEN_PLACE = re.compile(
    rf"\s*[,(]?\s*(?:{_LIST_OF})?(?:(?:i|på|under|av|til|fra|frå|in|on|of|from)\s+)?(?:(?:{_LIST_OF})?(?:i|på|under|in|on|of)\s+)?",
    re.IGNORECASE,
)
PLACE_THEN_COUNTED = re.compile(rf"[\s,;:./(–-]*(?:{_LIST_OF})?(?:i\s+|under\s+)?", re.IGNORECASE)
# «punkt 4 i oppsummeringen»: the place by the words of its heading.
NAMED_PLACE = re.compile(
    rf"\s+(?:{_LIST_OF})?(?:i|under|in|of|av)\s+(?:(?:lista|listen)\s+(?:i|under)\s+)?(?:delen om\s+|kapittelet om\s+)?"
    r"(?P<words>[^\W\d_][^.,:;!?()«»\n]{3,60})",
    re.IGNORECASE,
)
# «andre avsnitt under samme punkt»: in the place that was cited last.
SAME_SCOPE = re.compile(
    r"\s+(?:i|under|på)\s+(?:samme|same|samma)\s+(?:under|del)?(?:punkt|kapittel|avsnitt|del|side|liste)\b",
    re.IGNORECASE,
)
# «samme sted», «ibid.»: the place that was cited last.
SAME_PLACE = re.compile(
    r"(?:^|(?<=\n)|(?<=[.;:(!?,–] )|(?<=\()|(?<=\bjf\. )|(?<=\bse )|(?<=\bsjå ))"
    r"(?:(?:på|til)\s+)?(?:samme|same|samma)\s+(?:sted(?:et)?|stad(?:en)?|plass(?:en)?|place|ställe)\b(?!\s+(?:som|i\s+land|i\s+verda|hver|kvar))"
    r"|\bibid(?:em)?\b\.?|\bsst\.|\bsmst\.|\bloc\. cit\.",
    re.IGNORECASE,
)
_STEP_UNIT = (
    r"linje[nar]?|linja|rad|line|setning(?:en|a)?|sentence|avsnitt(?:et)?|paragraph|kulepunkt(?:et)?|strekpunkt(?:et)?"
    r"|bullet(?: point)?|side[na]?(?=(?:\s+(?:litt|rett|lengre|lenger|lengst|lengjer|nede?|oppe?|nederst|nedst|øverst"
    r"|øvst|midt))*\s*(?:[,.;:)]|$))|page|tabell(?:en)?|table|kapittel|delkapittel|chapter|section"
)
STEP = re.compile(
    rf"(?<![\w-])(?:(?P<which>samme|same|samma|neste|nästa|påfølgende|påfølgjande|etterfølgende|next|forrige|førre"
    rf"|foregående|föregående|previous|preceding)\s+(?P<unit>{_STEP_UNIT})(?!\w|\s+(?:som|med|i\s+(?:livet|historien))\b)"
    r"|(?P<after>linje[na]|linja|setningen|setninga|avsnittet|kulepunktet|strekpunktet|the line|the sentence"
    r"|the paragraph)\s+"
    r"(?:like\s+|rett\s+|just\s+|right\s+)?(?P<where>under|nedenfor|nedanfor|etter|below|after|over|ovenfor|ovanfor|før"
    r"|above|before)(?!\w|\s+(?:tabell|figur|overskrift|den|det|dei|at|som|kapit|\d))"
    r"|(?P<far>to|tre|fire|fem|[2-9]|two|three)\s+(?:linje[rn]|linjar|rader|lines)\s+(?:lengre\s+|lenger\s+|lengst\s+|further\s+)?"
    r"(?P<way>nede|ned|opp|oppe|under|over|down|up)\b)",
    re.IGNORECASE,
)
BACK = re.compile(
    r"forrige|førre|foregående|föregående|previous|preceding|over|oven|ovan|før|above|before|opp|up", re.IGNORECASE
)
SAME = re.compile(r"sam[em]|sama", re.IGNORECASE)
StepUnit = Literal["line", "sentence", "paragraph", "bullet", "page", "table", "section"]
STEP_UNITS: dict[StepUnit, re.Pattern[str]] = {
    "line": re.compile(r"(?:the )?lin|rad", re.IGNORECASE),
    "sentence": re.compile(r"(?:the )?se[tn]", re.IGNORECASE),
    "paragraph": re.compile(r"(?:the )?(?:avsn|para)", re.IGNORECASE),
    "bullet": re.compile(r"kule|strek|bullet", re.IGNORECASE),
    "page": re.compile(r"side|page", re.IGNORECASE),
    "table": re.compile(r"tab", re.IGNORECASE),
    "section": re.compile(r"kap|delkap|chap|sec", re.IGNORECASE),
}
# «(180–182)» in brackets by itself: lines, where the report's lines fit.
BRACKETED_LINES = re.compile(r"\((?P<list>[1-9]\d{1,3}\s?[-–]\s?[1-9]\d{1,3}|\d{3})\)")
