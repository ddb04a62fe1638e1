"""What mail programs and people write around their own words, in bokmål, nynorsk, Swedish, Danish and English: data only."""

import re

_I = re.IGNORECASE

# «Fra:», «Sendt:», «Til:» … A block of these counts as a header only with three different kinds and a date or address.
HEADER_LABELS: dict[str, str] = {
    "from": r"fra|frå|från|from|avsender|avsendar",
    "sent": r"sendt|skickat|sent|dato|date|datum|sende",
    "to": r"til|till|to|mottaker|mottakar",
    "copy": r"kopi|kopia|cc|blindkopi|bcc",
    "subject": r"emne|ämne|subject|tema",
    "reply": r"svar til|svara til|reply-to",
}
HEADER_LINE = re.compile(r"^[\s>*|]*(?P<label>" + "|".join(HEADER_LABELS.values()) + r")\s*:\**\s*(?P<value>.*)$", _I)
ADDRESS_OR_DATE = re.compile(
    r"\S+@\S+|\b\d{1,2}[./]\s*(?:\d{1,2}|[a-zæøå]{3,9})\.?[./ ]\s*\d{2,4}|\b[a-z]{3,9}\s+\d{1,2},?\s+\d{4}|\b\d{4}-\d{2}-\d{2}",
    _I,
)

# A line that says who wrote what follows.
ATTRIBUTIONS = (
    re.compile(
        r"^(?:den|på|man|tir|tirs|ons|tor|tors|fre|lør|laur|søn|sun|sø|må|ty|to|fr|la)\b.{4,160}\b(?:skrev|skreiv|skreve)\b.{0,120}:\s*$",
        _I,
    ),  # Gmail, Apple Mail
    re.compile(
        r"^[a-zæøå]{2,8}\.?,?\s+\d{1,2}\..{4,160}\b(?:skrev|skreiv)\b.{0,120}:\s*$", _I
    ),  # Gmail with a weekday in any form
    re.compile(r"^\d{1,2}[./ ].{4,120}\b(?:skrev|skreiv)\b.{0,120}:\s*$", _I),  # Thunderbird
    re.compile(r"^.{2,80}<\S+@\S+>\s+(?:skrev|skreiv|wrote)\b.{0,80}:\s*$", _I),  # Samsung, K-9
    re.compile(r"^on\b.{4,160}\bwrote:\s*$", _I),
    re.compile(r"^den\b.{4,160}\bskrev\b.{0,120}:\s*$", _I),
)
# A ruled line with a title.
SEPARATORS = re.compile(
    r"^[\s>]*[-_=*]{2,}\s*(?:opprinnelig melding|opprinnelig e-post|opphavleg melding|original message|ursprungligt meddelande|oprindelig meddelelse)\s*[-_=*]{2,}\s*$",
    _I,
)
FORWARD_SEPARATORS = re.compile(
    r"^[\s>]*(?:[-_=*]{2,}\s*(?:videresendt melding|vidaresend melding|videresendt e-post|forwarded message|vidarebefordrat meddelande|videresendt meddelelse)\s*[-_=*]{2,}"
    r"|(?:start på videresendt melding|byrjing på vidaresend melding|begin forwarded message|videresendt melding|vidaresend melding)\s*:?)\s*$",
    _I,
)
FORWARD_SUBJECT = re.compile(r"^\s*(?:vs|fw|fwd|vb|vidares\w*|videres\w*)\s*:", _I)
RULE = re.compile(r"^[\s>]*[_\-–—=*]{6,}\s*$")
QUOTE_PREFIX = re.compile(r"^\s{0,3}[>|]")

GREETING = re.compile(
    r"^\s*(?:hei|heisann|hallo|god dag|goddag|god morgen|kjære|kjære alle|dear|hello|hi|hej)\b(?P<whom>[^.!?:;\n]{0,50})[,!.]?\s*$",
    _I,
)
GREETING_PREFIX = re.compile(
    r"^\s*(?:hei|heisann|hallo|god dag|hello|hi|hej)(?: (?:igjen|alle|alle sammen|dere|dykk))?\s*[!,.]+\s+", _I
)
ADDRESSEE = re.compile(r"^\s*(?:[Tt]il|[Aa]tt\.?|[Vv]/)\s+[A-ZÆØÅ][^\d:]{2,60}$")

CLOSING = re.compile(
    r"^\s*(?:med\s+hilsen|med\s+helsing|(?:med\s+)?(?:vennlig|venleg|vennleg|beste|best|god|varm|mange)\s+(?:hilsen|helsing|helsingar|hilsner|hilsen fra)|hilsen|helsing|helsingar|mvh|m\.?v\.?h\.?|vh|v\.h\.|"
    r"(?:kind|best|warm)?\s*regards|yours sincerely|yours truly|sincerely|best wishes|many thanks)\b[^.?:;]{0,70}[,.]?\s*$|^\s*(?:på vegne av|på vegner av|for (?:styret|arbeidsgruppen|arbeidsgruppa))\b(?!.*\b(?:vil|er|har|kan|bør|må|skal|mener|meiner|sender)\b)[^.?:;]{0,50},?\s*$",
    _I,
)
# A closing at the end of a paragraph: «… bør strykes. Mvh Geir».
INLINE_CLOSING = re.compile(
    r"(?<=[.!?:)»])\s+(?:med\s+)?(?:vennlig\s+|venleg\s+|beste\s+|best\s+|kind\s+)?(?:hilsen|helsing|mvh|m\.v\.h|vh|regards)\b[\s,.:–-]*(?=$|[A-ZÆØÅ])(?:[^\s.!?]+[ \t]*){0,6}[.!]?\s*$",
    _I,
)
SIGNATURE_DELIMITER = re.compile(r"^-- ?$")
CLIENT_TAG = re.compile(
    r"^\s*(?:sendt fra (?:min|outlook|e-post|yahoo|samsung|proton|mobil)|sendt frå (?:min|outlook|mobil)|sent from (?:my|outlook|mail)|få outlook for|skaff deg outlook|hent outlook|get outlook|skickat från min|sendt med )",
    _I,
)
POSTSCRIPT = re.compile(r"^\s*(?:p\.?\s?s\.?\b|nb!|etterskrift)", _I)
DISCLAIMER = re.compile(
    r"(?:denne e-posten|denne meldingen|denne e-postmeldingen|denne meldinga|this e-?mail|this message).{0,120}(?:konfidensiel|fortrolig|taushets|teieplikt|confidential|intended (?:solely|only)|utelukkende|berre meint)"
    r"|dersom du har mottatt denne|if you (?:have received|are not the intended)|tenk på miljøet|please consider the environment|vurder miljøet|offentleglova|kan være innsynspliktig|skriv ikke ut denne",
    _I,
)
CONTACT = re.compile(
    r"\S+@\S+\.\S+|\b(?:tlf|tel|telefon|mobil|mob|phone|dir)\b\.?\s*:?\s*[+\d]|\+47\s?\d|\b\d{2}\s\d{2}\s\d{2}\s\d{2}\b|\b\d{3}\s\d{2}\s\d{3}\b|\bwww\.|https?://|\bpostboks\b|\b\d{4}\s+[A-ZÆØÅ][a-zæøå]+\b",
    _I,
)

# Sentences of courtesy: they frame the feedback and say nothing about the report.
COURTESY = re.compile(
    r"^\s*(?:"
    r"(?:vi|jeg|eg|me|[\w\s-]{3,60})?\s*(?:takker|takkar|vil takke|ønsker å takke) (?:for|dere)\b"
    r"|(?:og )?(?:tusen |mange )?takk for (?:muligheten|moglegheita|høvet|anledningen|invitasjonen|at (?:dere|vi|jeg|eg|me|de)|sist|tilsendt|oversendt|oversendelsen|e-posten|innspillsrunden|utsendingen|utkastet|rapporten|muligheita)"
    r"|(?:vi |jeg |eg |me )?(?:viser|vi viser) til\b.{0,80}(?:invitasjon|e-post|brev|utkast|innspill|høring|utsending|melding|rapport)"
    r"|det vises til\b|det vert vist til\b|viser til (?:deres|dykkar|utkast|invitasjon|e-post|innspill)"
    r"|(?:her|under|nedenfor|nedanfor) (?:er|kommer|kjem|følger|følgjer|finner|finn|sender)\b.{0,80}(?:innspill|kommentar|tilbakemelding|svar|merknad|synspunkt)"
    r"|(?:våre|mine|vårt|mitt|noen|nokre|følgende|følgjande)\s+(?:\w+\s+)?(?:innspill|kommentarer|kommentarar|merknader|merknadar|tilbakemeldinger|svar)\s+(?:følger|følgjer|er|kommer|står|på|til)\b.{0,60}$"
    r"|(?:vi|jeg|eg|me|[\w\s.-]{3,70}) (?:har|gir|kommer med|vil gi|ønsker å gi|sender|gjev|ønskjer å gi)\s+(?:med dette\s+|herved\s+|her\s+)?(?:følgende|følgjande|noen|nokre|disse|desse|et par|eit par|våre|mine|fem|fire|tre|seks)\s+(?:\w+\s+)?(?:innspill|kommentar|merknad|punkt|tilbakemelding)"
    r"|(?:vi|jeg|eg|me) (?:har )?(?:lest|lese|gått gjennom|sett på|gått igjennom) (?:gjennom )?(?:utkastet|rapporten)(?: med (?:stor )?interesse)?(?: og (?:har|vil|sender|kommer|gir).{0,60})?[.:!]?$"
    r"|(?:vedlagt|vedlegg|som vedlegg|i vedlegget|i vedlegg)\b.{0,90}$|se (?:vedlegg|vedlagt|vedlagte)|(?:jeg |vi |eg |me )?(?:legger|legg|sender|oversender|videresender|vidaresender) (?:ved|med|over|her|hermed|med dette)?\b.{0,90}$"
    r"|(?:våre |mine )?(?:kommentarer|kommentarar|kommentarene|kommentarane|innspill|innspillene|innspela|merknader|merknadene) (?:\w+ )?(?:ligger|ligg|står|finnes|er|følger|følgjer) (?:\w+ )?(?:i |som |på |under|nedenfor|nedanfor|ved)\b.{0,60}$"
    r"|(?:ta (?:gjerne|bare|berre) kontakt|kontakt (?:oss|meg) gjerne|ring (?:gjerne|meg)|si (?:gjerne |bare )?(?:fra|ifra)|spør gjerne|ikke nøl)\b"
    r"|(?:vi|jeg|eg|me) (?:utdyper|utdjupar|svarer|svarar|bidrar|bidreg|stiller|hjelper|deltar|deltek|er) gjerne\b|(?:vi|jeg|eg|me) (?:stiller|stiller oss|står) (?:gjerne )?til (?:disposisjon|rådighet|rådvelde)"
    r"|(?:vi |jeg |eg |me )?ber om (?:en )?(?:bekreftelse|stadfesting|svar) på at\b|vennligst bekreft|[^.]{0,40}\bbeklager(?: det| dette)?[.!]?$|(?:litt |kommer |beklager )?i siste liten"
    r"|(?:dokumentet|brevet|skjemaet|svaret|uttalelsen|uttalen|innspillet|høringssvaret|saka|saken|utkastet) (?:er|har vært|vart|ble|kan) (?:\w+ ){0,3}(?:godkjent|godkjend|behandlet|handsama|vedtatt|vedteke|lest|lese|drøftet|drøfta|offentliggjøres|offentleggjerast|skrevet|skrive|skal)\b"
    r"|(?:spørsmål|spørsmål om dette) (?:rettes|kan rettes|kan rettast) til\b|(?:ring|teams|skriv)\b[^.]{0,30},? (?:jeg|eg) er\b|(?:fint|fint om) (?:om )?dere svarer\b"
    r"|(?:de|dei|dykk|dere|dokker) må gjerne (?:ringe|ringje|kontakte)\b|(?:deres|dykkar|vår|våre) ref\b|saksnummer\b|skrevet på flyet|skriv(?:er|e) dette\b.{0,40}unnskyld"
    r"|lykke til\b|god (?:helg|sommer|jul|påske)\b|ha en (?:fin|god)|(?:vi |jeg )?(?:håper|vonar|håpar) (?:dette|innspill|innspel|kommentar|at (?:innspill|dette|kommentar))"
    r"|(?:dette|det) var (?:det|alt)\b|på forhånd takk|på førehand takk|takk!?\s*$|beklager (?:sent|seint|sen|at (?:dette|vi|jeg) (?:kommer|er|sender))"
    r"|(?:thank you|thanks) for\b.{0,120}(?:opportunity|invitation|chance|inviting|draft|sharing)|please (?:find|see|feel free|do not hesitate|let (?:us|me))|(?:our|my) comments (?:are|follow)|below are|best of luck"
    r")",
    _I,
)

AUTOREPLY_SUBJECT = re.compile(
    r"automatisk svar|autosvar|autoreply|automatic reply|out of office|fraværsmelding|fråværsmelding|fraværsassistent|ikke til stede|ute av kontoret|ikkje til stades|auto:|feriemelding|frånvaro|mottaksbekreftelse",
    _I,
)
AUTOREPLY_TEXT = re.compile(
    r"(?:jeg|eg|i)(?: er|'m| am|’m)?\b.{0,30}(?:ute av kontoret|ikke på kontoret|ikkje på kontoret|på ferie|i permisjon|bortreist|out of (?:the )?office|on (?:annual |parental )?leave|on vacation|away from)"
    r"|(?:har|tar|avvikler) ferie\b|tilbake (?:på kontoret|på jobb|igjen)?\s*(?:den |mandag|tirsdag|onsdag|torsdag|fredag|\d)|(?:dette|dette er) (?:er )?(?:et|eit) (?:automatisk|autogenerert) svar|"
    r"automatisk (?:generert|svar)|denne e-posten er sendt automatisk|ved hastesaker|i hastesaker|for urgent matters|limited access to (?:my )?e-?mail|blir ikke lest|vert ikkje lest|vi har mottatt (?:din|deres) (?:henvendelse|e-post)",
    _I,
)
SPAM = re.compile(
    r"\bseo\b|søkemotor|første side (?:på|i) google|first page|google ranking|backlink|unsubscribe|avmeld|klikk her|click here|casino|bitcoin|crypto|krypto|viagra|lån(?:etilbud)? (?:uten|fra|på)|forbrukslån|refinansier|"
    r"rente fra|garantert|100 ?% gratis|gratis (?:analyse|prøve|rapport|tilbud)|begrenset tilbud|limited offer|special offer|rabatt|% avslag|vinn(?:er)? (?:en|et|av)|lottery|prize|inheritance|arv på|million (?:dollar|usd|euro)|"
    r"øk (?:trafikken|salget|omsetningen)|boost your|web ?design|kjøp nå|buy now|tilbudet gjelder|uforpliktende tilbud|instagram-følgere|følgere|leads\b|markedsføringspakke",
    _I,
)
CONSULTATION_WORDS = re.compile(
    r"\b(?:rapport\w*|utkast\w*|innspill\w*|innspel\w*|høring\w*|linje\w*|linj[ea]|kapittel|kap\.|avsnitt|draft|report|consultation)\b",
    _I,
)
ENQUIRY = re.compile(
    r"\b(?:frist(?:en|a)?|deadline|utsettelse|utsett(?:e|es|ast)?|utsatt|forleng\w*|extension|vedlegg(?:et|ene)?|lenke(?:n)?|lenkje|innspillsmøte\w*|hvor finner|hvor kan|kor finn|kan (?:vi|jeg|eg|me) (?:få|sende|levere)|kan (?:dere|de|dokker) (?:sende|bekrefte|stadfeste)|"
    r"hvordan sender|korleis sender|kan innspill\w*|på engelsk|in english|where can|could you send|how do (?:we|i)|hvem (?:kan|sender)|når (?:er|kommer|publiseres|blir)|mottatt)\b",
    _I,
)
# A sign-up to meetings or further work: one sentence with a wish to join and something to join, in the first person.
JOIN = re.compile(
    r"\b(?:delta|deltar|deltek|deltaking|bidra|bidrar|bidreg|(?:være|vere|vera|bli|blir|vert|er) (?:gjerne )?med|bli invitert|invitert|inviter|invitere|melde? (?:\w+ )?(?:oss|meg|på)|påmeld\w*|"
    r"stille(?:r)?(?: \w+){0,4} (?:opp|i|på|til)|sitte i|sete i|take part|participate|join|contribute|be invited|sette? (?:oss|meg) (?:opp|på)|kommer gjerne|kjem gjerne|skriv (?:oss|meg) (?:opp|på))\b",
    _I,
)
EVENT = re.compile(
    r"\b(?:(?:innspills|innspels|dialog|digitalt )?møte\w*|arbeidsgrupp\w+|arbeidsverk\w+|workshop\w*|referansegrupp\w+|(?:det )?(?:videre|vidare) arbeid\w*|arbeidet (?:videre|vidare)|brukerpanel\w*|brukarpanel\w*|"
    r"seminar\w*|meetings?|further work|follow-up|working groups?|reference groups?|oppfølgingen|oppfølginga|det videre|det vidare|pilot\w*)\b",
    _I,
)
FIRST_PERSON = re.compile(r"\b(?:vi|oss|jeg|meg|eg|me|i|we|us|[\w.-]+ (?:kommune|HF|AS))\b", _I)
WILLING = re.compile(
    r"\b(?:gjerne|ønsker|ønskjer|vil|kan|håper|vonar|interessert|melde|melder|stiller|inviter\w*|glad|happy|like|sett|skriv|påmeld\w*|bli|blir|sette)\b",
    _I,
)
NO_INTEREST = re.compile(r"\b(?:ikke|ikkje|not|hadde ikke|fikk ikke|ble ikke|vart ikkje)\b", _I)
