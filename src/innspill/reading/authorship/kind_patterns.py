"""What tells the kind of a message, in bokmål, nynorsk, Swedish, Danish and English: data only."""

import re

_I = re.IGNORECASE

# What programs put into subjects: absence, receipts, bounces (Exchange, Postfix, Exim, sendmail, qmail, Gmail, Lotus).
AUTOREPLY_SUBJECT = re.compile(
    r"automatisk svar|autosvar|autoreply|auto-reply|automatic reply|out of (?:the )?office|\bfraværs(?:melding"
    r"|assistent|varsel)|\bfråværs(?:melding|assistent|varsel)"
    r"|(?:ikke|ikkje) til ste(?:de|des|des)|ikkje til stades|(?:ute|borte|vekke) (?:av|fra|frå) kontoret|^\W*auto:"
    r"|feriemelding|frånvaro|autosvar|automatiskt svar|automatisk besvarelse|fraværsbesked|ikke på kontoret"
    r"|mottaksbekreft\w*|mottaksstadfest\w*|kvittering for (?:mottatt|motteke|innsendt|innsendt)"
    r"|bekreftelse på (?:mottak|innsending|mottatt)|stadfesting på (?:mottak|innsending)"
    r"|\backnowledge?ment of receipt|we have received your",
    _I,
)
BOUNCE_SUBJECT = re.compile(
    r"^\W*(?:undeliver(?:ed|able)|undelivered mail returned|returned mail|mail delivery (?:failed|failure|system)"
    r"|delivery (?:status notification|failure|has failed)|failure notice|mail could not be delivered"
    r"|message (?:not delivered|undeliverable)"
    r"|kan ikke leveres|kunne ikke leveres|kan ikkje leverast|ikke levert|ikkje levert|levering mislyktes"
    r"|leveringsfeil|leveringsstatus|uleverlig|uleverbar|ikke-leverbar|olevererat|det gick inte att leverera"
    r"|kunde inte levereras|kan ikke afleveres|ikke leveret)",
    _I,
)
BOUNCE_SENDER = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|microsoftexchange[0-9a-f]*|bounces?)[@+-]", _I)
# Outlook's receipts («Lest: Innspill») and answers to an invitation to a meeting, in its Nordic and English versions.
RECEIPT_SUBJECT = re.compile(
    r"^\W*(?:lest|lese|ikke lest|ikkje lese|read|not read|levert|delivered|relayed|läst|inte läst|læst|ulæst)\s*:"
    r"|^\W*(?:lesekvittering|lesebekreftelse|read receipt|return receipt|leveringskvittering)",
    _I,
)
CALENDAR_SUBJECT = re.compile(
    r"^\W*(?:godtatt|godteke|godkjent|akseptert|foreløpig godtatt|foreløpig|førebels|avslått|avslege|avlyst"
    r"|tentativt|ny tid foreslått"
    r"|accepted|declined|tentative(?:ly accepted)?|canceled|cancelled|new time proposed|accepterat|avböjt"
    r"|preliminärt|accepteret|afvist|foreløbig)\s*:",
    _I,
)
AUTOREPLY_TEXT = re.compile(
    r"(?:jeg|eg|jag|i)(?: er|'m| am|’m| är)?\b.{0,40}(?:ute av kontoret|(?:ikke|ikkje) (?:på|til stades på"
    r"|til stede på) (?:kontoret|jobb|arbeid)|på ferie|på semester|i permisjon|foreldrepermisjon|bortreist|sykemeldt"
    r"|sjukmeld|tjenestereise|tenestereise|out of (?:the )?office|on (?:annual |parental |maternity |sick )?leave"
    r"|on vacation|on holiday|away from|utan tilgang|uten tilgang)"
    r"|(?:har|tar|tek|avvikler|avviklar) ferie\b(?! (?:i|når|fra) (?:skol|elev))|\btilbake (?:på (?:kontoret|jobb"
    r"|arbeid)|igjen|att)?\s*(?:den |igjen |fra |frå )?(?:mandag|måndag|tirsdag|tysdag|onsdag|torsdag|fredag|uke"
    r"|veke|\d{1,2}\.)|\b(?:kontoret|ekspedisjonen) (?:er|holder|held) (?:stengt|stengd|ferie)"
    r"|(?:dette|dette er) (?:er )?(?:et|eit|en) (?:automatisk|automatisert|autogenerert) (?:svar|melding|e-post"
    r"|kvittering)|automatisk (?:generert|svar|utsend)|denne (?:e-posten|meldingen|meldinga) (?:er"
    r"|kan) (?:sendt automatisk|automatisk|ikke besvares|ikkje svarast)"
    r"|\bved hastesaker|\bi hastesaker|\bfor urgent matters|limited access to (?:my )?e-?mail"
    r"|\b(?:blir|vert|er|is|are) (?:ikke|ikkje|not) (?:lest|lese|monitored|overvåket)\b"
    r"|\b(?:jeg|eg) (?:har permisjon|les(?:er)? (?:ikke|ikkje) e-?post)|\bles(?:er)? (?:ikke|ikkje) e-?post|har (?:sluttet|slutta) (?:i|hos|ved|som|her)\b|no longer (?:work"
    r"|with)|begrenset tilgang til e-?post|avgrensa tilgang til e-?post"
    r"|(?:vi|me|we) (?:har|have) (?:mottatt|motteke|fått|received) (?:din|deres|dykkar|e-posten|henvendelsen|your)"
    r"|(?:din|deres|dykkar|your) (?:henvendelse|førespurnad|e-post|melding|e-?mail|message) (?:er|has been"
    r"|is) (?:mottatt|motteken|motteke|registrert|received|journalført)|(?:saken|saka|henvendelsen) (?:din )?(?:er"
    r"|har fått) (?:registrert|saksnummer)|jag är (?:inte|för närvarande)|jeg er (?:pt|p\.t\.) ikke",
    _I,
)
# «Navn: …», «Kommentar: …»: what web forms send on.
FORM_LINE = re.compile(r"^[ \t]*[A-ZÆØÅ][^:\n]{1,60}:[ \t]*\S", re.MULTILINE)
# A mail that only tries whether mail arrives.
TEST_MAIL = re.compile(
    r"^\W*(?:(?:test|tester|testing|testar|prøve|prøver|prøvar)(?=\W*(?:$|\n|om\b|melding|e-?post|mail|test))"
    r"|(?:test|prøve)(?:melding|mail|e-?post)|dette er (?:bare |berre |kun )?(?:en |ein |ei )?test)",
    _I,
)
# «Ingen merknader» is an answer that counts.
NO_REMARKS = re.compile(
    r"\b(?:ingen|ikke|ikkje|har ingen|no|inga|ingenting|not any|inte några|inga)\b[^.\n]{0,40}\b(?:merknad\w*"
    r"|kommentar\w*|innspill|innspel|innvending\w*|synspunkt\w*|bemerkning\w*|anmerkning\w*|tilføye|tilføya|tillegg"
    r"|comments?|remarks?|objections?|synpunkter|å bemerke|å merke)\b|\btil etterretning\b|\b(?:tar"
    r"|tek) (?:\w+ ){0,4}(?:etterretning|vitande)",
    _I,
)
# A letter that points to what it brings.
SEE_ATTACHED = re.compile(
    r"\b(?:vedlagt\w*|vedlegg\w*|vedlagd\w*|vedligg\w*|attached|attachment|enclosed|bifogat|bifogad|vedhæft\w*)\b", _I
)
# The words by which the asker asks: its own invitation, copied to its own mailbox.
INVITATION = re.compile(
    r"\b(?:vi|me|we) (?:inviterer|ber (?:om|med dette|herved)|ønsker|ønskjer|sender|legger|legg|vil|invite"
    r"|ask)\b[^.\n]{0,90}\b(?:innspill|innspel|høring|høyring|tilbakemelding\w*|kommentar\w*|comments|feedback)\b"
    r"|\b(?:innspill|innspel|høringssvar|svar|merknader|merknadar) (?:sendes|kan sendes|sendast|bes sendt"
    r"|må sendes)\b|\bfrist(?:en)? for (?:å sende |å gi )?(?:innspill|innspel|svar|tilbakemelding)\w* er\b"
    r"|\bpåminnelse om (?:innspill|høring)|\bminner om fristen",
    _I,
)
SPAM = re.compile(
    r"\bseo\b|søkemotor|første side (?:på|i) google|first page|google ranking|rank higher|backlink|offer \d+|only \$\d+|unsubscribe|avmeld|klikk her"
    r"|click here|casino|bitcoin|crypto|krypto|viagra|lån(?:etilbud)? (?:uten|fra|på)|forbrukslån|refinansier|"
    r"rente fra|garantert|100 ?% gratis|gratis (?:analyse|prøve|rapport|tilbud)|begrenset tilbud|limited offer"
    r"|special offer|rabatt|% avslag|vinn(?:er)? (?:en|et|av)|lottery|prize|inheritance|arv på|million (?:dollar|usd"
    r"|euro)|"
    r"øk (?:trafikken|salget|omsetningen)|boost your|web ?design|kjøp nå|buy now|tilbudet gjelder"
    r"|fraktfritt|(?:gratis|fri) frakt|(?:kun|bare|berre) denne (?:uk[ae]n?|veka)|meld deg av|svare? stopp|\d for \d på"
    r"|sikre? deg|plass(?:er|ar) igjen|bestill (?:før|nå|no)\b|beste tilbud"
    r"|uforpliktende tilbud|instagram-følgere|følgere|leads\b|markedsføringspakke",
    _I,
)
# Trade and fraud that no consultation is about: two different cues, or one in a mail that says nothing of the report.
HARD_SPAM = re.compile(
    r"\b(?:casino|viagra|cialis|bitcoin|backlinks?|guest post|seo[- ]?(?:tjenest\w*|pakke\w*|byrå\w*|services?"
    r"|agency)?|forbrukslån|refinansiering|next of kin|inheritance|lottery|instagram-følgere|gift ?card"
    r"|wire transfer|unclaimed|dear (?:beneficiary|friend|sir or madam, i am)|kontoen din (?:er|blir"
    r"|vil bli) (?:sperret|suspendert|stengt|låst)|verify your account|bekreft kontoen|passordet ditt (?:utløper"
    r"|går ut)|your mailbox is (?:full|almost full)|pakken din (?:venter|er klar)|betal toll)\b",
    _I,
)
CONSULTATION_WORDS = re.compile(
    r"\b(?:rapport\w*|utkast\w*|innspill\w*|innspel\w*|høring\w*|linje\w*|linj[ea]|kapittel|kap\.|avsnitt|draft"
    r"|report|consultation)\b",
    _I,
)
ENQUIRY = re.compile(
    r"\b(?:frist(?:en|a)?|deadline|utsettelse|utsett(?:e|es|ast)?|utsatt|forleng\w*|extension|vedlegg(?:et|ene)?"
    r"|lenke(?:n)?|lenkje|innspillsmøte\w*|hvor finner|hvor kan|kor finn|kan (?:vi|jeg|eg|me) (?:få|sende|levere)"
    r"|kan (?:dere|de|dokker) (?:sende|bekrefte|stadfeste)|"
    r"hvordan sender|korleis sender|kan innspill\w*|på engelsk|in english|where can|could you send|how do (?:we|i)"
    r"|hvem (?:kan|sender)|når (?:er|kommer|publiseres|blir)|mottatt|word-?(?:fil|versjon|format)\w*|pdf-?(?:en"
    r"|fil\w*)|finst (?:rapporten|utkastet|det)|(?:finnes|fins) (?:rapporten|utkastet|det)|tilgjengelig (?:som|på)"
    r"|intervju\w*|hvor mange (?:innspill|svar)|kor mange (?:innspel|svar)|english version|is there an|sende inn|published|translat\w+"
    r"|(?:mulig|mogleg|possible) å (?:få )?(?:send\w*|levere?|utset\w+)|eksemplar(?:er|et|a)?|rapporten på papir|journalist\w*"
    r"|innsyn i (?:de|dei|dem|innspill|innspel|svar)\w*|(?:innspill\w*|innspel\w*|svara?|svarene) offentl\w+"
    r"|(?:åpent|ope|open|åpen|opent) for press\w+|møte\w* (?:åpent|ope|opent) for (?:alle|publikum)|(?:holder|held) det med (?:\w+ )?e-?post)\b",
    _I,
)
# A sign-up to meetings or further work: one sentence with a wish to join and something to join, in the first person.
JOIN = re.compile(
    r"\b(?:delta|deltar|deltek|deltaking|bidra|bidrar|bidreg|(?:være|vere|vera|bli|blir|vert|er) (?:gjerne )?med"
    r"|bli invitert|invitert|inviter|invitere|melde? (?:\w+ )?(?:oss|meg|på)|påmeld\w*|"
    r"stille(?:r)?(?: \w+){0,4} (?:opp|i|på|til)|sitte i|sete i|take part|participate|join|contribute|present"
    r"|presentere|presentera|leggje fram|legge fram|be invited"
    r"|sette? (?:oss|meg) (?:opp|på)|kommer gjerne|kjem gjerne|skriv (?:oss|meg) (?:opp|på))\b",
    _I,
)
EVENT = re.compile(
    r"\b(?:\w*møte\w*|arbeidsgrupp\w+|arbeidsverk\w+|workshop\w*"
    r"|referansegrupp\w+|(?:det )?(?:videre|vidare) arbeid\w*|arbeidet (?:videre|vidare)|brukerpanel\w*"
    r"|brukarpanel\w*|"
    r"seminar\w*|meetings?|further work|follow-up|working groups?|reference groups?|oppfølgingen|oppfølginga"
    r"|det videre|det vidare|pilot\w*)\b",
    _I,
)
FIRST_PERSON = re.compile(
    r"\b(?:vi|oss|jeg|meg|eg|me|i|we|us|[\w.-]+ (?:kommune|HF|AS)|(?:\w+(?:et|en|inga|a|laget)) (?:deltar|deltek"
    r"|bidrar|bidreg|stiller|ønsker|ønskjer|vil|kan|kjem|kommer) gjerne)\b",
    _I,
)
WILLING = re.compile(
    r"\b(?:gjerne|ønsker|ønskjer|vil|kan|håper|vonar|interessert|melde|melder|stiller|inviter\w*|glad|happy|like"
    r"|sett|skriv|påmeld\w*|bli|blir|sette)\b",
    _I,
)
NO_INTEREST = re.compile(r"\b(?:ikke|ikkje|not|hadde ikke|fikk ikke|ble ikke|vart ikkje)\b", _I)
