"""What mail programs and people write around their own words: data only.

Bokmål, nynorsk, Swedish, Danish and English, with the labels and closings of German, Finnish and Sámi that a Norwegian
mailbox meets. Every repetition is bounded or possessive, since mail is hostile input.
"""

import re

_I = re.IGNORECASE


def _any(*words: str) -> str:
    """An alternation of words, the longest first, so that «till» is not read as «til»."""
    return "(?:" + "|".join(sorted("|".join(words).split("|"), key=len, reverse=True)) + ")"


# The heads of quoted mails -------------------------------------------------------------------------------------------

# «Fra:», «Sendt:», «Til:» … in the order nb, nn, sv, da, en, de, fi; «Tittel» and «Mottaker» are Public 360's and ephorte's.
HEADER_LABELS: dict[str, str] = {
    "from": "fra|frå|från|from|von|lähettäjä|avsender|avsendar|avsändare|afsender|sender",
    "sent": "sendt|sende|skickat|sent|gesendet|lähetetty|dato|datum|date|päivämäärä|sendt dato|sent date|mottatt",
    "to": "til|till|to|an|vastaanottaja|mottaker|mottakar|mottagare|modtager",
    "copy": "kopi|kopia|kopie|kopi til|cc|blindkopi|bcc|kopio",
    "subject": "emne|ämne|subject|betreff|aihe|tema|tittel",
    "other": "prioritet|viktighet|viktigheit|importance|vigtighed|wichtigkeit|tärkeys|vedlegg|bilagor|bilag|attachments"
    "|vedhæftede filer|følsomhet|sensitivity|svar til|svara til|reply-to|reply to|organisasjon|organization",
}
# Asterisks stand around the label where a program writes bold as text: «*Fra:* …», «*Fra*: …».
HEADER_LINE = re.compile(
    r"[*_|\s]{0,4}(?P<label>" + _any(*HEADER_LABELS.values()) + r")[*_]{0,2}\s{0,4}:[*_]{0,2}\s*(?P<value>.*)", _I
)
ADDRESS = re.compile(r"[\w.+%'/=-]{1,64}@(?:[\w-]{1,63}\.){1,6}[\w-]{2,24}")
_MONTHS = (
    r"(?:jan|feb|mar|apr|mai|maj|may|jun|jul|aug|sep|okt|oct|nov|des|dec|dez"
    r"|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)[a-zäö]{0,9}"
)
DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d{4}-\d{2}-\d{2}"
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th)?\s?{_MONTHS}\b\.?(?:,?\s?\d{{4}})?|{_MONTHS}\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b,?(?:\s\d{{4}})?)",
    _I,
)
# A time of day tells a mail program's date from a person's.
CLOCK = re.compile(r"(?<![\d.,-])\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?![\d.,/-]\d|\d)")
# Addressees that go on over lines, as Outlook wraps them.
MORE_ADDRESSEES = re.compile(r"[;,]$")

# «skrev» and its like, and the lines that say who wrote what follows.
WROTE = re.compile(r"\b(?:skrev|skreiv|skreve|wrote|schrieb|kirjoitti)\b", _I)
_WROTE = r"(?:skrev|skreiv|skreve|wrote|schrieb|kirjoitti)\b(?!\s(?:at|att|that|dere|dykk|ni|vi|jeg|eg|i|om|du|det|you|we)\b)"
_DAY = r"(?:[a-zæøåäö]{2,10}[.,]{0,2}\s)?"
DATED_ATTRIBUTIONS = (
    # Gmail, Apple Mail, iOS, Thunderbird, Yahoo, Proton, K-9: the date, then «skrev», then who.
    re.compile(
        rf"(?:[-–—]{{2,5}}\s?)?(?:(?:den|på|on|am)\s)?{_DAY}(?:den\s)?{DATE.pattern}.{{0,60}}?[\s,]{_WROTE}.{{1,200}}:$",
        _I,
    ),
    # The same in English, German and Zimbra: the date, then who, then «wrote».
    re.compile(rf"(?:[-–—]{{2,5}}\s?)?(?:on|am|den|på)\s{_DAY}(?:den\s)?{DATE.pattern}.{{2,240}}?\s{_WROTE}\s?:$", _I),
)
ATTRIBUTIONS = (
    *DATED_ATTRIBUTIONS,
    # Samsung, Lotus Notes: who and the address, then «skrev».
    re.compile(
        rf"(?:-{{3,9}}\s?)?.{{2,100}}?{ADDRESS.pattern}[>\])]{{0,2}},?\s{{0,2}}{_WROTE}.{{0,80}}:\s?-{{0,9}}$", _I
    ),
    # Roundcube: who, then «skrev den», then the date.
    re.compile(rf".{{2,100}}?\s{_WROTE}\s(?:(?:den|on|am|på)\s)?{_DAY}(?:den\s)?{DATE.pattern}.{{0,40}}:$", _I),
)
# Tuta: the date and the time, then «av» and the address.
DATED_BY = re.compile(
    rf"(?:{DATE.pattern}),?\s{{1,2}}{CLOCK.pattern}\s(?:av|by|von|fra|från)\s.{{0,80}}?{ADDRESS.pattern}>?:$", _I
)
# What «skrev» is followed by where a program wrote the line: a name, never «ministeren på nettsiden».
NAMED = re.compile(rf"{_WROTE}\s(?:følgende\s)?[\"'«<(]?(?-i:[A-ZÆØÅÁÄÖ])\S*+(?:\s\S++){{0,7}}$|\s{_WROTE}\s?:$", _I)
# Novell GroupWise: «>>> Kari Lid <kari@…> 01.09.2026 09:12 >>>», the marks in front taken off.
GROUPWISE = re.compile(rf".{{2,160}}?(?:{ADDRESS.pattern}|{DATE.pattern}).{{0,60}}>{{2,3}}$", _I)

_TITLED = (
    r"opprinnelig melding|opprinnelig e-post|opphavleg melding|opphaveleg melding|original message|original e-?mail"
    r"|ursprungligt meddelande|originalmeddelande|ursprungsmeddelande|oprindelig meddelelse|oprindelig besked"
    r"|original besked|ursprüngliche nachricht|originalnachricht|alkuperäinen viesti"
)
_FORWARDED = (
    r"videresendt melding|vidaresend melding|vidaresendt melding|videresendt e-post|vidaresend e-post|forwarded message"
    r"|vidarebefordrat meddelande|vidarebefordrat brev|vidarebefordrat mejl|videresendt meddelelse|videresendt besked"
    r"|videresendt mail|weitergeleitete nachricht|edelleenlähetetty viesti"
)
# A ruled line with a title.
SEPARATORS = re.compile(rf"[-_=*]{{2,80}}+\s{{0,4}}(?:{_TITLED})\s{{0,4}}[-_=*]{{2,80}}+$", _I)
FORWARD_SEPARATORS = re.compile(
    rf"(?:[-_=*]{{2,80}}+\s{{0,4}}(?:{_FORWARDED})\s{{0,4}}[-_=*]{{2,80}}+"
    rf"|(?:(?:start på|byrjing på|begynnelse på|begin|anfang der)\s)?(?:{_FORWARDED})\s?:"
    # Lotus Notes
    r"|-{2,80}+\s?(?:videresendt|vidaresendt?|forwarded|vidarebefordrat) (?:av|by|fra|frå|från|from) .{2,100}?-{2,80}+)$",
    _I,
)
FORWARD_SUBJECT = re.compile(r"^\s*(?:vs|fw|fwd|vb|vl|wg|vidares\w*|videres\w*)\s*:", _I)
# Words that pass on the mail below them, where neither the subject nor a ruled line tells.
PASSES_ON = re.compile(
    r"\b(?:vid(?:ere|are)send(?:er|es|est|ast|ar|t)?|(?:sende[rs]?|sendt) (?:\w+ ){0,4}(?:videre|vidare)|forward(?:ing|ed)|passing on)\b",
    _I,
)
RULE = re.compile(r"[_\-–—=*]{6,}$")
# A comparison at the start of a line («> 80 år») is no mark of quotation.
COMPARISON = re.compile(
    r"\d[\d\s.,–-]{0,12}\s?(?:%|‰|prosent\b|år\b|mnd\b|måned|dag(?:er|ar)?\b|uke|veke|tim[ea]r?\b|min\b|m\b|meter\b|mm\b|cm\b|km\b"
    r"|kg\b|g\b|mg\b|kr\b|kroner\b|mill|mrd|stk\b|elev|ansatt|tilsett|innbygg|plass|years?\b|percent\b|hours?\b)",
    _I,
)

# Answers inside the mail that is answered ----------------------------------------------------------------------------

# «Mine svar i rødt under», «sjå svara mine inne i teksten», "my answers are inline".
ANSWERS_INSIDE = re.compile(
    r"\b(?:svar(?:a|ene|ane|et|er|ar)?|kommentar(?:er|ar|ene|ane)?|innspill(?:ene)?|innspel(?:a)?|merknad(?:er|ar|ene|ane)?|answers?|comments?|repl(?:y|ies))\b"
    r".{0,80}?(?:\b(?:i|med|in)\s(?:rødt|raudt|blått|grønt|grønnt|lilla|kursiv|farge|rött|red|blue|green|colour|color)\b|\binne i\b|\bi teksten\b|\bi e-posten\b"
    r"|\bunder (?:hvert|kvart|dei enkelte|de enkelte|spørsmål)|\bmellom (?:linjene|linene|spørsmål)|\bmerk(?:et|a|te|ede)\b|\binline\b|\bbelow each\b|\bin the text\b|\bmarked\b)",
    _I,
)
ANSWER_LABEL = re.compile(
    r"(?:[-–>*→]{1,3}\s?)?(?:(?:vårt|mitt|vår|min)\s)?(?:svar|kommentar|answer|comment|reply)(?:\s[\w.]{1,20}){0,2}\s?:\s?\S",
    _I,
)

# Greeting, closing, signature ----------------------------------------------------------------------------------------

_HELLO = (
    "hei|heisann|hallo|halla|god dag|goddag|god morgen|god morgon|god ettermiddag|kjære|kjere|hej|hejsan|hi|hello|dear|good morning|good afternoon"
    "|moi|hallo alle|buorre beaivi|bures|buoris|sehr geehrte|liebe"
)
# A verb makes a sentence of it: «Kjære leser er en for uformell åpning».
GREETING = re.compile(
    rf"(?:{_any(_HELLO)})\b(?:,?\s(?:{_any(_HELLO)})\b)?(?P<whom>[^.!?:;\d]{{0,60}})[,!.:]{{0,3}}$", _I
)
GREETING_PREFIX = re.compile(
    r"\s{0,8}(?:hei|heisann|hallo|god dag|goddag|hej|hello|hi)(?: (?:igjen|igen|alle|alle sammen|dere|dykk|på dere|på dykk|there|all))?\s?[!,.]{1,3}\s+",
    _I,
)
ADDRESSEE = re.compile(r"(?:[Tt]il|[Aa]tt\.?|[Vv]/)\s+[A-ZÆØÅ][^\d:]{2,60}$")

_WARM = (
    "vennlig|venleg|vennleg|vennlege|venlege|vennligst|venlig|vänlig|vänliga|beste|best|bedste|bästa|hjertelig|hjarteleg|varm|varme|varma|god|gode|mange"
    "|kjærlig|kærlig|kollegial|solidarisk|kind|kindest|warm|warmest"
)
_HAIL = "hilsen|hilsener|hilsner|helsing|helsingar|hälsning|hälsningar|hälsn|hilsning|regards|wishes|greetings"
# «Dearvvuođaiguin» (North Sámi), «Varrudagáj» (Lule Sámi), «Heelsegh» (South Sámi).
_CLOSINGS = (
    rf"(?:(?:med|de|with)\s)?(?:(?:{_any(_WARM)})\s){{1,2}}(?:{_any(_HAIL)})|(?:med\s)?(?:hilsen|helsing|hälsning)|hilsner|helsingar|hälsningar|vänligen"
    r"|m\.?v\.?h\.?|m/vh|v\.?h\.?|k\.h\.|ærbødigst|vørdsamt|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|respectfully"
    r"|thanks and regards|mit (?:freundlichen|besten|herzlichen) grüßen|(?:freundliche|viele|beste|liebe) grüße|mfg"
    r"|(?:ystävällisin|parhain)?\s?terveisin|dearvv?uođa(?:iguin|t)|ustitlaš dearvv?uođaiguin|varrudag[aá]j|vaajmoe?\s?heelsegh|heelsegh"
)
# Words that may also open a sentence are a closing only alone, or above or before a name.
CLOSING = re.compile(
    rf"(?:{_CLOSINGS})(?![\w-])[^?;]{{0,90}}$"
    # «Med sosialistisk hilsen», «Med vennskapeleg helsing»
    r"|med\s[\wæøå]{3,25}\s(?:hilsen|helsing)[,.!]{0,2}$"
    r"|(?:best|best wishes|regards|all the best|many thanks|cheers|alt godt|alt vel)(?:[,.!–-]{0,2}$|,?\s(?-i:[A-ZÆØÅÁ])[^?;:]{0,60}$)",
    _I,
)
# A closing only right above a name.
THANKS = re.compile(
    r"(?:many |tusen |mange )?(?:thanks|thank you|takk|tack|tak)(?: again| igjen)?[,.!]{0,2}$|på f(?:orhånd|ørehand) takk[,.!]{0,2}$",
    _I,
)
ON_BEHALF = re.compile(
    r"(?:på vegne av|på vegner av|på veg(?:ne|ner) av|for (?:styret|arbeidsgruppen|arbeidsgruppa))\b[^.?:;]{0,70},?$",
    _I,
)
# A closing at the end of a paragraph: «… bør strykes. Mvh Geir».
INLINE_CLOSING = re.compile(
    rf"(?<=[.!?:)»])\s{{1,8}}(?:{_CLOSINGS})(?![\w-])[\s,.:–-]{{0,8}}(?-i:(?=$|[A-ZÆØÅÁÄÖ]))(?:[^\s.!?]++[ \t]*+){{0,9}}[.!]?\s*$",
    _I,
)
# The same without a full stop before it, where a name follows: «linje 33 er feil mvh Geir».
RUN_ON_CLOSING = re.compile(
    r"\s(?:mvh|m\.v\.h\.|(?:med )?(?:vennlig hilsen|venleg helsing|vennleg helsing|beste helsing))[\s,]{1,3}"
    r"(?-i:[A-ZÆØÅÁ][\w'’-]*+)(?:\s(?-i:[A-ZÆØÅÁ])[\w'’-]*+){0,3}\s*$",
    _I,
)
SIGNATURE_DELIMITER = re.compile(r"(?:--|—|––)$")
# What a sentence has and a signature has not.
VERBS = re.compile(
    r"\b(?:er|var|har|hadde|bør|må|skal|kan|vil|blir|ble|vart|vert|mangler|manglar|savner|saknar|støtter|støttar|mener|meiner|synes|synest|står|gjelder|gjeld"
    r"|sier|seier|trenger|treng|sender|kommer|kjem|hører|høyrer|is|are|was|has|have|should|must|can|will|lacks?|needs?|stämmer|är|bör|ska)\b",
    _I,
)
_DEVICES = (
    "spark|iphone|ipad|ipod|mac|macbook|watch|mobil|mobilen|mobiltelefon|telefon|telefonen|smarttelefon|smartphone|nettbrett|android|samsung|galaxy|huawei|sony|xperia"
    "|htc|nokia|oneplus|pixel|xiaomi|motorola|blackberry|windows|outlook|yahoo|proton|protonmail|gmail|e-post|epost|mail|min enhet|handy|puhelin|luuri|surface"
)
# «Sendt fra min iPhone», «Sendt frå Galaxy-en min», «Skickat från Outlook för Android», "Sent with Proton Mail secure email."
CLIENT_TAG = re.compile(
    r"(?:sendt|send|sent|skickat|skickades|gesendet|lähetetty|von meinem)\s(?:(?:fra|frå|från|from|med|with|via|på|von|using)\s)?"
    rf"(?:[\wæøåäö'’-]{{1,16}}\s){{0,4}}?(?:{_any(_DEVICES)})\b.{{0,90}}$"
    r"|(?:få|skaff|skaffe|skaffa|skaff deg|skaff dykk|hent|hämta|last ned|get|download|holen sie sich)\s(?:deg\s)?outlook\s(?:for|för|til|till|für)\s(?:ios|android|mac)\b.{0,90}$",
    _I,
)
POSTSCRIPT = re.compile(r"(?:p\.?\s?s\.?(?=[\s:.,!]|$)|nb!|etterskrift|postskriptum)", _I)

_THIS_MAIL = (
    r"(?:denne e-?posten|denne e-?postmeldingen|denne e-?postmeldinga|denne eposten|denne meldingen|denne meldinga|denna e-post|detta mejl|detta e-postmeddelande"
    r"|detta meddelande|denne e-?mail|denne mail|denne meddelelse|denne besked|e-posten|the information in this e-?mail|this e-?mail|this message|this communication|diese e-?mail)"
)
_SECRET = (
    r"(?:konfidensiel|konfidentiel|fortrolig|fortruleg|taushets|tausheits|teieplikt|tystnads|sekretess|confidential|intended (?:solely|only|for)|utelukkende|berre meint"
    r"|(?:kun |bare |berre )?(?:er )?(?:beregnet|berekna|ment|meint) (?:\w+ ){0,2}(?:på|til|for) (?:\w+ )?(?:adressat|mottak|den som)|privileged|vertraulich)"
)
_SCANNERS = r"(?:avast|avg|antivir|trend micro|sophos|norton|mcafee|mailscanner|bitdefender|mailguard)"
# Notices that a program or an office puts under every mail; sought from the start of a line or a sentence.
FOOTERS = re.compile(
    r"(?:^|(?<=[.!?:»] )|(?<=[-*_] ))(?:"
    rf"{_THIS_MAIL}.{{0,160}}?{_SECRET}|{_SECRET}.{{0,40}}?(?:{_THIS_MAIL})"
    r"|(?:dersom|hvis|om) du (?:har |ikke er |ikkje er )?(?:mottatt|motteke|fått|feilaktig|rette|tiltenkte|tenkt)\b.{0,80}?(?:e-?post|melding|meldinga|mottaker|mottakar|feil)"
    r"|if you (?:have received|are not the intended|received this)\b|(?:om du har fått|om du fått) (?:detta|denna)\b|hvis du har modtaget denne"
    r"|(?:tenk|tenke|vær snill å tenke|tänk|vurder|ta hensyn til|ta omsyn til|spar) (?:på |alltid )?milj[øö](?:et|n)?\b.{0,30}?(?:før|innan|inden|skriv|print|utskrift|ut )"
    r"|ta (?:vare på|vare om|hensyn til|omsyn til) miljøet\b.{0,60}?skriv"
    r"|(?:please )?(?:consider|think of) the environment(?:$|\.| before)|skriv (?:ikke|ikkje) ut denne|må du skrive ut denne|do you really need to print"
    r"|(?:all |din |innhold i )?(?:e-?post|henvendelse|henvending|korrespondanse)\w{0,4}\b.{0,120}?\b(?:innsyn\w*|offentl\w*|journalf\w*|arkivver\w*)"
    rf"|{_THIS_MAIL} (?:er|vart|ble|blei) (?:automatisk (?:sendt?|generert)|(?:sendt?|generert) automatisk)"
    rf"|{_THIS_MAIL}.{{0,60}}?(?:virus|{_SCANNERS})|virus(?:fri|fritt|-free)\W{{0,2}}\s?(?:www|http|$)|(?:skannet|scannet|scanned|checked|genomsökt)\s.{{0,40}}?{_SCANNERS}"
    r"|(?:advarsel|obs|varsel|forsiktig|caution|warning|åtvaring|varning|external|ekstern|\[ekstern\])\s?[:!]{0,2}\s(?=.{0,120}?(?:e-?post|avsend|e-?mail|sender))"
    r".{0,80}?(?:utenfor|utanfor|utanför|outside|ekstern|external|ukjent avsender)"
    r"|\[?(?:(?:noen|nokon|some people) (?:som|who) .{5,60}? |du |you )(?:har (?:ikke|ikkje) ofte (?:mottatt|motteke)|(?:får|mottar|mottek) (?:ikke|ikkje) ofte|don['’]t often get) e-?(?:post|mail)"
    r"|(?:nb!? ?)?(?:denne|dette er en utgående|dette er ein utgåande) e-post\w{0,4} (?:som )?(?:kan (?:ikke|ikkje)|(?:ikke|ikkje) kan) (?:be)?svar(?:es|ast)"
    r"|(?:klassifisering|følsomhet|sensitivity|classification)\s?:\s?(?:intern|åpen|open|fortrolig|fortruleg|offentlig|offentleg|internal|public|confidential)$"
    r"|you (?:received|are receiving) this (?:message|email) because|(?:to unsubscribe|for å melde deg av|meld deg av)\b.{0,60}?(?:group|list|liste|nyhe[it]tsbrev|e-post|newsletter|klikk|click|emails?\b)"
    r"|(?:(?:dokumentet|brevet|dette dokumentet|dette brevet|dokument|brev|saken|saka) (?:er |vart |ble )?)?(?:elektronisk|digitalt) (?:godkjent|godkjend|godkjendt|signert)(?:\.?$|\b.{0,60}?(?:signatur|underskrift|underskreve|underskrive|\d))"
    r"|denne e-posten er sendt fra (?:ephorte|public 360|elements|acos|websak|svarut)"
    r"|e-post er (?:ikke|ikkje) (?:en |ein )?(?:sikker|trygg|kryptert)|les (?:vår|mer om vår|meir om vår) personvernerklæring"
    r")",
    _I,
)
MAILING_LIST = re.compile(r".{0,60}?(?:mailing list|e-postliste|epostliste)$", _I)
_PHONE = r"(?:tlf|tel|telefon|telefonnr|mobil|mob|phone|mobile|dir|direkte|sentralbord|fax|faks|t|m)\b\.?\s?[:/]?\s?(?:\+|00)?\d[\d\s]{4}"
CONTACT = re.compile(
    rf"{ADDRESS.pattern}|\b{_PHONE}|(?:\+|\b00)4[5-7]\s?\d|\b\d{{2}}\s\d{{2}}\s\d{{2}}\s\d{{2}}\b|\b\d{{3}}\s\d{{2}}\s\d{{3}}\b|\b\d{{8}}\b|\bwww\.|https?://"
    r"|\b(?:postboks|postadresse|besøksadresse|org\.?\s?nr)\b|(?-i:\b\d{4}\s+[A-ZÆØÅ][A-Za-zæøåÆØÅ]+\b)",
    _I,
)
# How to reach a person: an address of the web alone is no signature.
REACHES = re.compile(
    rf"{ADDRESS.pattern}|\b{_PHONE}|(?:\+|\b00)4[5-7]\s?\d|\b\d{{2}}\s\d{{2}}\s\d{{2}}\s\d{{2}}\b|\b\d{{3}}\s\d{{2}}\s\d{{3}}\b|\b\d{{8}}\b",
    _I,
)
NAME = re.compile(r"[A-ZÆØÅÁÄÖÉÜČŠŽĐŊ][\w'’-]+\.?(?:\s(?:[A-ZÆØÅÁÄÖÉÜČŠŽĐŊ][\w'’.-]*|av|von|de|van)){1,4}")
ONLY_NAME = re.compile(r"[A-ZÆØÅÁÄÖÉÜČŠŽĐŊ][\w'’-]{1,24}(?:\s[A-ZÆØÅÁÄÖÉÜČŠŽĐŊ][\w'’.-]{0,24}){0,3}$")
# A citation of the report: no signature and no notice has one.
CITES = re.compile(
    r"\b(?:linje|linja|linjene|linjer|liner|line|lines|side|sidan|kapittel|kapitel|kap\.|tabell|figur|avsnitt|punkt|pkt\.?|rad|page|chapter|section|table)\s?\d|\b[ls]\.\s?\d",
    _I,
)
# How to find a house is no citation: «Sagveien 3, to minutter fra linje 5 på T-banen».
FIND_US = re.compile(
    r"(?:besøk\w*|adresse|postadresse|kontor\w*|visit|address)\s?:|\b(?:t-banen|trikken|bussen|holdeplass\w*)\b", _I
)
# «Vedlagt mine kommentarer under:», «Kommentarer:»
LEADS_ON = re.compile(
    r".{0,80}?\b(?:kommentar|merknad|innspill|innspel|svar|punkt|synspunkt|forslag|framlegg|tillegg|comment|proposal)\w*\b.{0,40}:$",
    _I,
)
# The head of a comment form laid out as rows.
FORM_HEAD = re.compile(
    r"(?=.*\|).{0,60}?\b(?:linjer?|line|side|page|kapittel|kommentar|merknad|innspill|innspel|forslag|comment)\b", _I
)
LIST_POINT = re.compile(r"(?:[-*•·–]|\(?\d{1,2}[.)]|[a-zæøå]\))\s+\S+(?:\s+\S+){2}", _I)
WE = re.compile(r"\b(?:vi|jeg|eg|me|dere|dykk|dokker|we|i|you|ni|jag)\b", _I)
# Signatures tell of hours and days in whole sentences: «Jeg er på kontoret mandag til onsdag.»
HOURS = re.compile(
    r"\b(?:kontoret|kontortid|arbeidsdag\w*|fri|ferie|permisjon|mandag|tirsdag|onsdag|torsdag|fredag|tysdag|monday|friday)\b",
    _I,
)

# Sentences -----------------------------------------------------------------------------------------------------------

# Words by which a sentence says something of the report, whatever courtesy it opens with.
SAYS_SOMETHING = re.compile(
    r"\b(?:savner|saknar|mangler|manglar|bør|må|burde|trenger|treng|behov|uklart?|feil|foreslår|støtt\w*|enig\w*"
    r"|stemmer|samde?|samd|men|linje\w*|linj[ea]|l\.|kap\.|kapittel|lines?|missing|need|should)\b",
    _I,
)
# Sentences of courtesy: they frame the feedback and say nothing about the report.
COURTESY = re.compile(
    r"^\s*(?:"
    r"(?:vi|jeg|eg|me|[\w\s-]{3,60})?\s*(?:takker|takkar|vil takke|ønsker å takke) (?:for|dere)\b"
    r"|(?:og )?(?:tusen |mange )?takk for (?:muligheten|moglegheita|høvet|anledningen|invitasjonen|at (?:dere|dykk|de|vi|jeg|eg|me) (?:\w+ ){0,2}?(?:får|fekk|fikk|kan|kunne|blir|ble|vart|slipper|slepp|spør|spurte|spurde|inviter\w*|ber|bad|(?:gir|gav|ga|involver\w*|inkluder\w*) (?:oss|meg|alle|også|òg)|sender|sendte|tar imot|tek imot|lytter|lyttar|hører|høyrer|leser|les|(?:åpner|opnar) for (?:innsp|komment|merknad)\w*|vil (?:ha|høre|høyre|lese|lytte|vite))\b|sist|tilsendt|oversendt|oversendelsen|e-posten|innspillsrunden|utsendingen|utkastet|rapporten|muligheita)"
    r"|(?:vi |jeg |eg |me )?(?:viser|vi viser) til\b.{0,80}(?:invitasjon|e-post|brev|utkast|innspill|høring|utsending|melding|rapport)"
    r"|det vises til\b|det vert vist til\b|viser til (?:deres|dykkar|utkast|invitasjon|e-post|innspill)"
    r"|(?:her|under|nedenfor|nedanfor) (?:er|kommer|kjem|følger|følgjer|finner|finn|sender)\b.{0,80}(?:innspill|kommentar|tilbakemelding|svar|merknad|synspunkt)"
    r"|(?:våre|mine|vårt|mitt|noen|nokre|følgende|følgjande)\s+(?:\w+\s+)?(?:innspill|kommentarer|kommentarar|merknader|merknadar|tilbakemeldinger|svar)\s+(?:følger|følgjer|er|kommer|står|på|til)\b.{0,60}$"
    r"|(?:vi|jeg|eg|me|[\w\s.-]{3,70}) (?:har|gir|kommer med|vil gi|ønsker å gi|sender|gjev|ønskjer å gi)\s+(?:med dette\s+|herved\s+|her\s+)?(?:følgende|følgjande|noen|nokre|disse|desse|et par|eit par|våre|mine|fem|fire|tre|seks)\s+(?:\w+\s+)?(?:innspill|kommentar|merknad|punkt|tilbakemelding)"
    r"|(?:vi|jeg|eg|me) (?:har )?(?:lest|lese|gått gjennom|sett på|gått igjennom) (?:gjennom )?(?:utkastet|rapporten)(?: med (?:stor )?interesse)?(?: og (?:har|vil|sender|kommer|gir).{0,60})?[.:!]?$"
    r"|(?:vedlagt|vedlegg|som vedlegg|i vedlegget|i vedlegg)\b.{0,90}$|se (?:vedlegg|vedlagt|vedlagte)|(?:se|sjå)\b.{0,40}\b(?:under|nedenfor|nedanfor|i vedlegg\w*)[.:!]?$|(?:til (?:din |deres |dykkar )?orientering|fyi|for your information)[.:!]?$|(?:jeg |vi |eg |me )?(?:legger|legg|sender|oversender|videresender|vidaresender) (?!til\b|inn\b|vekt\b)(?:ved|med|over|her|hermed|med dette)?\b.{0,90}$"
    r"|(?:våre |mine )?(?:kommentarer|kommentarar|kommentarene|kommentarane|innspill|innspillene|innspela|merknader|merknadene) (?:\w+ )?(?:ligger|ligg|står|finnes|er|følger|følgjer) (?:\w+ )?(?:i |som |på |under|nedenfor|nedanfor|ved)\b.{0,60}$"
    r"|(?:ta (?:gjerne|bare|berre) kontakt|kontakt (?:oss|meg) gjerne|ring (?:gjerne|meg)|(?:si|sei) (?:gjerne |bare |berre )?i?fr[aå](?=\W*$|,| (?:om|hvis|dersom|når) (?:d[eu]|dei|dere|dykk|det|noe|noko|noen|nokon)\b| til (?:meg|oss)\b)|spør gjerne|ikke nøl)\b"
    r"|(?:vi|jeg|eg|me) (?:utdyper|utdjupar|svarer|svarar|bidrar|bidreg|stiller|hjelper|deltar|deltek|er) gjerne\b|(?:vi|jeg|eg|me) (?:stiller|stiller oss|står) (?:gjerne )?til (?:disposisjon|rådighet|rådvelde)"
    r"|(?:vi |jeg |eg |me )?ber om (?:en )?(?:bekreftelse|stadfesting|svar) på at\b|vennligst bekreft|[^.]{0,40}\bbeklager(?: det| dette)?[.!]?$|(?:litt |kommer |beklager )?i siste liten"
    r"|(?:dokumentet|brevet|skjemaet|svaret|uttalelsen|uttalen|innspillet|høringssvaret|saka|saken|utkastet) (?:er|har vært|vart|ble|kan) (?:\w+ ){0,3}(?:godkjent|godkjend|behandlet|handsama|vedtatt|vedteke|lest|lese|drøftet|drøfta|offentliggjøres|offentleggjerast|skrevet|skrive|skal)\b"
    r"|(?:ved (?:behov|spørsmål|spørsmal)|for spørsmål|har (?:de|dere|dykk) spørsmål|dersom (?:de|dere|dykk) har spørsmål)\b.{0,120}(?:kontakt|ring|tlf|telefon|@)"
    r"|(?:jeg|eg|vi|me) (?:treffes|treffest|treffast|nås|kan nås|kan nåast|er å treffe|er å få tak i)\b.{0,80}$"
    r"|(?:spørsmål|spørsmål om dette) (?:rettes|kan rettes|kan rettast) til\b|(?:ring|teams|skriv)\b[^.]{0,30},? (?:jeg|eg) er\b|(?:fint|fint om) (?:om )?dere svarer\b"
    r"|(?:de|dei|dykk|dere|dokker) må gjerne (?:ringe|ringje|kontakte)\b|(?:deres|dykkar|vår|våre) ref\b|saksnummer\b|skrevet på flyet|skriv(?:er|e) dette\b.{0,40}unnskyld"
    r"|lykke til\b|god (?:helg|sommer|jul|påske)\b|ha en (?:fin|god)|(?:vi |jeg |eg |me )?ønsk(?:er|jer) (?:dere|deg|dykk|alle) (?:en |ei |eit |et )?(?:fin|god|riktig)\w*\b[^.]{0,40}[.!]?$|(?:vi |jeg )?(?:håper|vonar|håpar) (?:dette|innspill|innspel|kommentar|at (?:innspill|dette|kommentar))"
    r"|(?:dette|det) var (?:det|alt)\b|på forhånd takk|på førehand takk|takk!?\s*$|beklager (?:sent|seint|sen|at (?:dette|vi|jeg) (?:kommer|er|sender))"
    r"|(?:thank you|thanks) for\b.{0,120}(?:opportunity|invitation|chance|inviting|draft|sharing)|please (?:find|see|feel free|do not hesitate|let (?:us|me))|(?:our|my) comments (?:are|follow)|below are|best of luck"
    r")",
    _I,
)
# How the answer came about and who handled it: said of the letter, not of the report.
PROCEDURE = re.compile(
    r"\W{0,8}(?:og\s+)?(?:(?:innspillet|innspelet|svaret|uttalelsen|uttalen|fråsegna|høringssvaret|saken|saka) "
    r"(?:er|ble|blei|vart|har vært|har vore) (?:\w+ ){0,2}(?:vedtatt|vedteke|vedteken|behandlet|handsama|godkjent|godkjend)"
    r"|(?:har|jeg|eg|vi|me)?\s{0,4}(?:fikk|fekk|mottok) (?:invitasjonen|e-posten|utkastet)|har lest|har lese"
    r"|(?:noen |nokre )?(?:korte?|enkelte|litt|spredte|spreidde) (?:\w+ )?(?:merknad|kommentar|innspill|innspel)\w*"
    r"|rett utskrift|(?:det|de|dei|innspillet|innspelet|innspillene|merknadene|merknadane|svaret|høringssvaret|uttalelsen|fråsegna) (?:kan regnes|kan reknast|er (?:forankret|forankra|samordnet|samordna|ordnet|ordna|sortert|delt inn|avgitt|gjeve|utarbeidet|utarbeidd|skrevet|skrive))\b"
    r"|(?:vi|jeg|eg|me) (?:har|hadde) (?:ikke|ikkje)? ?(?:samordnet|samordna|drøftet|drøfta|diskutert|gått gjennom|gjennomgått)\b|(?:saken|saka|utkastet) har vært (?:oppe|innom)"
    r"|(?:vi|jeg|eg|me)?\s{0,2}(?:beklager|orsakar|orsak|unnskyld|sorry|apologies)\b[^.]{0,80}(?:frist|sein|sen[te]?|late|deadline|form)"
    r"|(?:håper|vonar|håpar)\b[^.]{0,30}(?:greit|til hjelp|til nytte|nyttig|tas med|takast med|ta det med|komme? med|blir lest|vert lese)"
    r"|(?:vi|jeg|eg|me) (?:håper|vonar|håpar) (?:det|de|dei|dere|dykk|merknad\w*|innspill\w*|innspel\w*)\b[^.]{0,40}(?:med|hjelp|nytte|nyttig|fram|bruk)"
    r"|(?:vi|jeg|eg|me)? ?(?:ønsker|ønskjer) (?:dere |dykk |alle )?lykke til|(?:vi |jeg |eg |me )?ser (?:fram|frem) (?:til|mot)|ta (?:gjerne )?kontakt"
    # Where, when and how it is written, and what it is confined to.
    r"|(?:hei[,!]? |god kveld,? )?(?:og |så )?(?:jeg|eg|vi|me) (?:(?:skriver|skriv|snakker|snakkar|dikterer|dikterar|svarer|svarar) (?:dette|dere|inne?|so|(?:her |rett )?(?:under|mellom|etter|i) (?:spørsmål|punkt|linje|tekst|mail|e-?post)\w*|på (?:egne |eigne )?veg(?:ner?|ene))|(?:skriver|skriv|snakker|snakkar) på (?:mobil|telefon|nettbrett|buss|tog|fly|ferj|ferg)\w*)\b"
    r"|(?:hei[,!]? )?dette (?:er (?:snakk\w+|skrevet|skrive|sendt) (?:inn|på|fra|frå|etter|i|mellom|mens|medan)\b|(?:kommer|kjem) (?:sein?t|sent)(?! i\b)\b|(?:blir|vert) kort(?=\W*$|,))"
    r"|(?:skriver dette|skriv dette (?:mens|medan|(?:på|etter|fra|frå) (?:\w*vakt|fjøs|leggetid|siste|jobb|arbeid|mobil|telefon|buss|tog|fly|ferj|ferg)\w*))\b"
    r"|(?:(?:jeg|eg|vi|me) (?:såg|så)|(?:(?:jeg|eg|vi|me) )?(?:leste|las)) (?:utkastet|rapporten|dette|(?:at )?fristen)\b[^.]{0,60}$"
    r"|(?:uttal\w+|fråsegn\w*|linjehenvisning\w*|linjetilvising\w*|merknad\w*|innspill\w*|innspel\w*|svar\w*) (?:(?:gjelder|gjeld) (?:(?!ikk)\w+ )?(?:bare|berre|kun)|(?:gjelder|gjeld|er|viser) (?:(?!ikk)\w+ )?(?:til utkastet|ordnet|ordna|avgrens\w+|sortert?e?))\b"
    r"|(?:han|den|det) (?:(?:gjelder|gjeld) (?:bare|berre|kun) (?:kap|side|avsnitt|punkt|del)\w*|er (?:ordnet|ordna|sortert?e?|avgrens\w+ til))\b"
    r"|(?:vi|me|jeg|eg|[\w-]{3,30}(?: [\w-]{3,30}){0,2}) (?:(?:avgrenser|avgrensar|begrenser) (?:oss|meg|fråsegn\w*|uttal\w*|svar\w*|innsp\w*|merknad\w*)|nytt(?:er|ar) (?:\w+ ){0,4}(?:\w*skjema\w*|høvet?|anledning\w*)|(?:svarer|svarar|uttaler oss|uttalar oss)(?: \w+)? (?:bare|berre|kun) (?:på|til|om) (?:kap|side|spørsmål|punkt|avsnitt|del)\w*)\b"
    r"|[\w ]{3,60} (?:avgir|avgjev|gir|gjev) (?:herved|hermed|med dette) (?:uttal|fråsegn|innspill|innspel|svar)\w*"
    r"|[\w ]{3,40} har (?:(?:elles|ellers|for øvrig|utover dette) )?(?:ingen|ikke|ikkje) (?:\w+ )?merknad(?:er|ar)?\b"
    r"|(?:gi|gje) (?:gjerne |meg |oss |bare |berre |en |ein |ei ){0,2}(?:beskjed|melding)(?=\W*$|,| (?:om|hvis|dersom|når) (?:d[eu]|dei|dere|dykk|det|noe|noko|noen|nokon|fristen|fil[ea]n?|vedlegget)\b| til (?:meg|oss)\b)|fint om (?:de|dere|dykk) (?:bekrefter|stadfest|svarer|svarar)|ring (?:gjerne|om|hvis|dersom|meg)\b"
    r"|(?:vi|me|jeg|eg) (?:(?:kjem|kommer|stiller|møter) gjerne\b(?! til å)|(?:tar|tek) gjerne (?:en|ein|eit|et|del|kontakt)\b)"
    r"|(?:vi|me|jeg|eg) (?:holder|held) (?:oss|meg) til (?:kap|side|spørsmål|punkt|avsnitt|del)|kommenter(?:er|ar) (?:bare|berre|kun)|(?:side|linje)(?:tall|tal|tala|nummer|numre)\w* (?:\w+ )?(?:viser|er (?:fra|frå|de|dei|som|etter|til)|følger|følgjer|gjelder|gjeld)\b"
    r"|(?:saken|saka) skal (?:ikke|ikkje) (?:til|opp|behandl\w*|handsam\w*|politisk)\b|[\w ]{3,40} (?:stiller|kommer|kjem|møter) gjerne (?:på|i|til) \w*møte\w*|ha det(?: (?:bra|fint|godt))?(?=\W*$)|(?:kan )?(?:du|de|dere) sende dette (?:inn|til|vidare|videre)"
    r"|ikke politisk|ikkje politisk|politisk behandl|politisk handsam|deres ref|vår ref|dato:|saksbehandler"
    r"|(?:høringsuttalelse|høyringsfråsegn|høringssvar|uttalelse|fråsegn|innspill|innspel)\b[^.!?]{0,300}$)",
    _I,
)
# «Dere må gjerne ringe meg etter klokka 17.»
CONTACT_ME = re.compile(
    r"\W{0,8}(?:(?:de|dei|dere|dykk|dokker) (?:må|kan) (?:gjerne|bare|berre) |(?:bare|berre|ta gjerne|ring gjerne)\s{0,4})"
    r"[^.]{0,20}\b(?:ring\w*|kontakt\w*|skrive?|sende?|meg|oss)\b",
    _I,
)
# Words of wanting, lacking, agreeing: a sentence with one of them is never only procedure.
WANTS = re.compile(
    r"\b(?:savner|saknar|mangler|manglar|bør|må|burde|trenger|treng|behov\w*|uklart?|feil|foreslår|støtt\w*|enige?|samde?"
    r"|should|needs?|missing|lacks?)\b",
    _I,
)
