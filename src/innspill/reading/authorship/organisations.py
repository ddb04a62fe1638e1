"""Whom a sender speaks for: organisation and type, from the signature, the sender's name, the address and the words.

The register of Norwegian bodies comes first, then facts of form («… kommune», «… HF», «… universitet»). When nothing
tells, the type is ``ukjent``: an honest blank is better than a guess.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from innspill.reading.authorship.register import Body, folded, load_register

_NAME = r"[A-ZÆØÅÁŠČĐ][\w&'’.-]*"
_JOINER = r"(?:\s+(?:og|i|på|for|av|til|the|of|&|[a-zæøå]{3,14}))?"
Basis = Literal["", "label", "behalf", "signature", "domain", "text"]


@dataclass(frozen=True, slots=True)
class Sender:
    """An organisation (empty when not known), its type, and where that was read.

    `organisation` is the register's official name where the register knows it, else as the sender writes it.
    """

    organisation: str
    organisation_type: str
    basis: Basis = field(default="", compare=False)


# Type -> words that tell it, looked for in this order: a union for doctors is a union, not a hospital. What need only
# end a word («Brukarrådet», «Fjordsjukehuset») stands without the letters before it.
TYPE_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "fylkeskommune",
        re.compile(
            r"\bfylkeskommun\w*|\bfylke$|\bfylkesbibliotek\w*|\bfylkestannlege\w*|\btannhelset[je]+nest\w*|\bvidereg[åa]ende skole|\bvidareg[åa]ande skule|county council",
            re.IGNORECASE,
        ),
    ),
    (
        "kommune",
        re.compile(
            r"\bkommun(?:e|en|es)?\b|\bIKS\b|\binterkommunal\w*|\bbydel\b|\bherad\b|municipality|(?:folkebibliotek|skolebibliotek|skulebibliotek|barneskole|barneskule|ungdomsskole|ungdomsskule|grunnskole|grunnskule|barnehage|sykehjem|sjukeheim|helsestasjon|legevakt|hjemmetjeneste|heimeteneste|hjemmesykepleie|heimesjukepleie|omsorgssenter|aldersheim|aldershjem|helsetun|helsehus|kulturskole|kulturskule|brannvesen|regionråd|kommunedelsutvalg)(?:et|en|n|a)?\b|\b\w+ (?:skole|skule)$",
            re.IGNORECASE,
        ),
    ),
    (
        "fagforening",
        re.compile(
            r"\b(?:lege|sykepleier|sjukepleiar|jordmor|tannlege|tannpleier|tannpleiar|psykolog|fysioterapeut|bioingeniør|lærer|lærar|lektor|utdanning|ingeniør|jurist|radiograf|farmasøyt|helsesekretær|bibliotekar|arbeider|arbeidar|terapeut|vernepleier|vernepleiar|pedagog|sosionom|journalist|offiser|befal|sjømann|politi|tjenestemann|tjenestemanns|tenestemann|tenestemanns|hjelpepleier|hjelpepleiar|helsefagarbeider|helsefagarbeidar)\w*(?:(?<=s) | sitt )?(?:lands|fag|yrkes)?(?:forbund(?:et)?|foreningen?|forening|foreininga?|lag(?:et)?|union(?:en)?)\b"
            r"|\byrkes(?:union|forbund|organisasjon)\w*|\b\w+(?:ane|ene|anes|enes) sitt (?:lands)?(?:lag|forbund)\b"
            r"|\bfag(?:forbund|forening|foreining)\w*|\bfagorganisasjon\w*|\bforbundet for\b|arbeidstakar\w*|arbeidstaker\w*|tillitsvalgt\w*|\borganiserer\b[^.]{0,40}(?:tilsette|ansatte|arbeidstak\w+|leger|legar|sykepleiere|sjukepleiarar|lærere|lærarar)|\bunion\b|\bspesialist\w*\s+foren\w+|\w*spesialistenes foren\w+",
            re.IGNORECASE,
        ),
    ),
    (
        "pasientorganisasjon",
        re.compile(
            r"pasient\w*(?:foren|forein|organisasjon|forbund|lag|nettverk)\w*|pårørende(?:foren|senter|allianse|organis)\w*|pårørande(?:forein|senter|organis)\w*|(?:foren|forein)\w+ for (?:\w+ ){0,4}(?:familiar|familier|pasient\w*|syke|sjuke|pårør\w+)|medlem\w* med [^.]{0,40}sykdom|br?uk[ea]rorganisasjon\w*|\bselvhjelps\w+|\bsjølvhjelps\w+|\blikepersons?\w*|(?:for[ei]+n\w*|forbund\w*|lag\w*|nettverk\w*|union\w*) (?:for|mot) (?:\w+ ){0,3}\w*(?:(?<!p)syk|sjuk|syndrom|diagnose|lidelse|liding|svikt|kreft|demens|skad|hem+[ae])\w*|(?:forening|forein|lag|forbund)\w* for (?:\w+ ){0,3}(?:pasienter|pasientar|\w*syke|\w*sjuke|pårørende|pårørande)\b|(?:kreft|diabetes|hjerte|lunge|lever|nyre|epilepsi|revmatiker|hørsel|blinde|migrene|astma|allergi|mental)\w*(?:foren|forein|forbund|lag|liga)\w*|patient (?:association|organisation)|\bforeininga? nyre\w*",
            re.IGNORECASE,
        ),
    ),
    (
        "akademia",
        re.compile(
            r"(?:universitet|universitetet|university|høgskule|høgskulen|høyskole|høyskolen|høgskole|høgskolen|college|fakultet\w*|forskningsinstitutt\w*|forskingsinstitutt\w*|forskningssenter\w*)\b|\binstitutt(?:et)? for\b|\bsenter for (?:\w+ )?forskning|\bdepartment of\b|\bforskingssenter\w*|\binstitute (?:of|for)\b|(?:högskola|högskolan)\b|\bfagsk[ou]le\w*|\bforsk(?:n)?ingsgrupp\w*|\b(?:faculty|school|academy) of\b|\bresearch (?:group|cent(?:re|er)|institute)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "helseforetak",
        re.compile(
            r"\bR?HF\b|\bhelse(?:foretak|føretak|region)\w*|(?:sykehus|sjukehus|sykehuset|sjukehuset|hospital|universitetssykehus|universitetssjukehus)\b|klinikken\b|\bklinikk for\b|\bsykehusapotek\w*|\bsjukehusapotek\w*|\b[Dd]istriktspsykiatrisk\w*|\bDPS\b|\brehabiliteringssent\w+|\bambulansetjenest\w*|\bambulansetenest\w*|\bhelse (?:nord|sør|vest|midt|øst)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "statlig",
        re.compile(
            r"(?:direktorat|direktoratet|departement|departementet|tilsyn|tilsynet|etat|etaten|ombod|ombud|ombudet|ombodet|folkehelseinstitutt\w*|statsforvalter\w*|verket|statens \w+)\b|\bNAV\b|\bnasjonalt (?:senter|råd|kunnskapssenter)|directorate|\bpoliti(?:et|distrikt\w*)|\w+ (?:fengsel|tingrett|lagmannsrett|jordskifterett)\b|(?:kommisjonen|nemnda)\b|\bregister(?:senter|sentr|centr)\w*|\bmyndighet\w*|rådet for\b",
            re.IGNORECASE,
        ),
    ),
    (
        "næringsliv",
        re.compile(
            r"\b(?:AS|ASA|ANS|DA|SA|ENK|Ltd|GmbH|Inc|AB|ApS)\b|(?i:\bco-?founder\b|\b(?:CEO|CTO)\b|\bdaglig leder\b|\bdagleg leiar\b|\bgründer\b|\bstart-?up\b)|\bnæringsforening\w*|\bleverandør\w*\b|\bbransje\w*|\bNHO\b|(?i:\badvokatfirma\w*|\badvokatene\b|\barkitektkontor\w*|\brevisjon\b|\bregnskapskontor\w*|\brekneskapskontor\w*|\btannlegekontor\w*|\btannklinikk\w*|\bfysikalske?\b|\b\w*apotek(?:et)?\b|\bsparebank\w*|\bbedriftshelset\w*|\bmedisinsk(?:e)? senter\b|\blegesenter\w*|\bbyggmester\w*|\bbyggmeister\w*|\bentreprenør\w*|\b\w*rederi(?:et)?\b)|& (?:[Ss]ønn(?:er)?|[Cc]o)\b"
        ),
    ),
    (
        "interesseorganisasjon",
        re.compile(
            r"(?:forening|foreningen|foreining|foreininga|forbund|forbundet|organisasjon|organisasjonen|bevegelse|bevegelsen|rørsle|rørsla|klubb|klubben|menighet|menigheten|menigheit|kyrkjelyd|sokn|trossamfunn|partiet|fond|fondet|frivilligsentral|frivilligsentralen|stiftelse|stiftelsen|stifting|stiftinga|nettverk|nettverket|selskap|selskapet|laget|(?:grende|bygde|ungdoms|idretts|historie|helse|sanitets|bonde|småbrukar|småbruker|grunneigar|grunneier|elveeier|elveeigar|utmarks|kultur|musikk|mål|beite|borett|skytter|veg|vei|vass|student|elev|lokal)s?lag|sameie|velforening|velforeining|samskipnad|union|society|aksjonen|alliansen|rådet|råd|\w*forum(?:et)?|\w*unionen|\w*samband(?:et)?|FAU|foreldreutvalg\w*|foreldreutval\w*|elevråd\w*|pensjonistlag\w*)\b",
            re.IGNORECASE,
        ),
    ),
)
FREE_MAIL = re.compile(
    r"(?:gmail|hotmail|outlook|live|yahoo|icloud|online|broadpark|epost|e-post|privat|privatpost|post|mail|webmail|nettpost|frimail|heimepost|hjemmepost|fritidspost|proton|protonmail|me|getmail|postkassen|postkasse|min-post|lyse|altibox|innboks|heime|hjemme|folk|inbox|\w*post(?:kass\w*|boks\w*)?|\w*mail|(?:heime|hjemme|bygd[ae]?|fiber|kabel|mobil|privat|breiband|bredbånd)\w*(?:nett|net|brev)|nettbrev|mobilbrev|brevboks)\b",
    re.IGNORECASE,
)
PRIVATE = re.compile(
    r"\b(?:(?:jeg|eg) har (?:selv |sjølv )?(?:vært|vore) (?:\w+ ){0,2}(?:pasient|syk|sjuk)|(?:som|er) (?:berre |bare )?(?:ei |en |ein )?(?:innbygger og pasient|privatperson|pasient|pårørende|pårørande|mor|far|innbygger|innbyggjar|borger|brukar|bruker|pensjonist|bestemor|datter|dotter)|privatperson|på egne vegne|på eigne vegner|på eiga vegne|bare meg selv|helt vanlig (?:borger|pasient)|pensjonist|pensjonert|mor til|far til|\d{2} år\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
NAMED_MUNICIPALITY = re.compile(
    r"\b(?P<name>[A-ZÆØÅÁŠČĐ][\wæøå-]+(?: (?:og |i )?[A-ZÆØÅ][\wæøå-]+)?) (?:fylkeskommune|kommune|herad)\b"
)
# Labels of a form, and what firms print behind their name.
LABEL = re.compile(
    r"^\s*(?:virksomhet|verksemd|organisasjon|avsender|avsendar|fra|frå|navn|namn|kommune)\s*:\s*", re.IGNORECASE
)
TAGLINE = re.compile(r"\s+[–—-]\s+[a-zæøå].*$")
SAYS = re.compile(
    r"\b(?:ble|blei|vart|samler|samlar|driver|driv|arbeider|arbeidar|forsker|forskar|organiserer|representerer|har|er|vi|me|jeg|eg|som|må|blir|vert|kan)\b",
    re.IGNORECASE,
)
FIRST_PERSON = re.compile(r"\b(?:jeg|eg|meg|min|mi|mitt|mine|jag)\b", re.IGNORECASE)
WE = re.compile(r"\b(?:vi|oss|vår|våre|vårt)\b", re.IGNORECASE)
# Who speaks of a workplace, of members or of a municipality of theirs, may speak for it.
AT_WORK = re.compile(
    r"\b(?:vår|våre|vårt) (?:avdeling\w*|kommune|virksomhet|verksemd|medlem\w*|ansatte|tilsette|pasient\w*|elev\w*|kunde\w*|organisasjon)"
    r"|\bhos oss (?:på|i) (?:avdeling\w*|jobb\w*|klinikk\w*)|\bkommunen vår\b|\bmedlemmene våre\b|\bmedlemene våre\b|\b(?:vi|me) (?:som )?(?:jobber|jobbar|arbeider|arbeidar)\b"
    r"|\b(?:vi|me|oss) (?:som er )?\w*(?:leger|legar|sykepleiere|sjukepleiarar|lærere|lærarar|lektorer|lektorar|vernepleiere|vernepleiarar|bibliotekarer|bibliotekarar|jordmødre|fysioterapeuter|fysioterapeutar)\b|\b(?:natte|kvelds|kvelde|dag)vakt\w*|\bsengepost\w*",
    re.IGNORECASE,
)
# Somebody who writes from a private address in a working role may speak for a workplace that is not named.
PROFESSION = re.compile(
    r"(?:lege|lækjar|sykepleier|sjukepleiar|lærer|lærar|lektor|rektor|rådgiver|rådgjevar|leder|leiar|forsker|forskar|professor|stipendiat|ingeniør|jurist|bibliotekar|terapeut|vernepleier|fagarbeider|fagarbeidar|overlege|konsulent|jordmor|psykolog|tannlege|bioingeniør|radiograf|farmasøyt|saksbehandler|saksbehandlar|pedagog|sosionom|nurse|teacher|physician)\b|\bhos oss\b|\bpå (?:avdelingen|avdelinga|jobb|vakt)\b",
    re.IGNORECASE,
)
BUSINESS_ROLE = re.compile(r"^(?:co-?founder|ceo|cto|daglig leder|dagleg leiar|gründer)\b[^,]*$", re.IGNORECASE)
# «Vi er ei lita foreining for pasientar …»: how an organisation that no register knows presents itself.
PRESENTS = re.compile(
    r"(?:(?:^|[.!?:]\s+)(?:og )?(?:vi|me|we) (?:er|are|representerer|representerar|organiserer)\b|\borganiserer\b|\b(?:we're|som leverandør)\b)[^.]{0,160}",
    re.IGNORECASE | re.MULTILINE,
)
# «Dalro leverer kaier til …», «Norsk Dings er ein medlemsorganisasjon …», where the address is dalro.example: what it does.
ITSELF = re.compile(
    r"^(?P<who>[A-ZÆØÅ0-9][^.\n:;,]{1,60}?) (?:(?P<sells>utvikler|utviklar|leverer|leverar|produserer|produserar|selger|sel|develops|supplies)"
    r"|(?P<studies>forsker|forskar)|er|is|organiserer|representerer|representerar|samler|samlar)\b(?P<what>[^.\n]{0,160})",
    re.MULTILINE,
)
# «… har 190 000 medlemmer», «… organiserer 41 000 tilsette», «Senteret forskar på …»
MEMBERS = re.compile(
    r"\b(?:har|med|representerer|representerar|organiserer|samler|samlar)\s+(?:om lag |ca\.? |over |rundt |kring |nær )?[\d][\d  .]*\s*(?:\w+ )?(?:medlem\w*|members|bedrifter|verksemder|virksomheter|lokallag|tilsette|ansatte)\b[^.]{0,80}",
    re.IGNORECASE,
)
EMPLOYEES = re.compile(
    r"\borganiserer\b[^.]{0,60}\b(?:tilsett\w*|ansatt\w*|arbeidstak\w*|\w*arbeid(?:er|ar)\w*|\w*(?:radiograf|terapeut|ingeniør|bibliotekar|pleier|pleiar)\w*|leger|legar|lærere|lærarar)",
    re.IGNORECASE,
)
ILLNESS = re.compile(
    r"\b(?:diagnose\w*|\w*syk(?:e|dom\w*)|\w*sjuk(?:e|dom\w*)|pasient\w*|rammet|råka|pårørende|pårørande|transplantert\w*|overlevende)\b",
    re.IGNORECASE,
)
INTERMUNICIPAL = re.compile(r"\ber (?:et|eit) interkommunalt?\b", re.IGNORECASE)
ACADEMIC_ROLE = re.compile(
    r"\b(?:førsteamanuensis|professor|stipendiat|universitetslektor|høgskolelektor|høgskulelektor|docent|dosent|forskar|forsker|researcher|lecturer)\b",
    re.IGNORECASE,
)
RESEARCHES = re.compile(r"\b(?:senteret|instituttet|vi|me|avdelinga|gruppa|gruppen) forsk(?:ar|er)\b", re.IGNORECASE)
ON_BEHALF = re.compile(
    r"^\W*(?:på vegne av|på vegner av|for|(?:innspill|innspel|svar|høringssvar|høyringssvar|uttalelse|uttale|fråsegn|merknader|(?:\w+ )?(?:hilsen|helsing)) (?:fra|frå)(?: oss i)?)\s+",
    re.IGNORECASE,
)
ROLE = re.compile(
    r"^(?:\w*(?:lege|sykepleier|sjukepleiar|rådgiver|rådgjevar|leder|leiar|direktør|sjef|konsulent|koordinator|professor|førsteamanuensis|forsker|forskar|stipendiat|overlege|sekretær|spesialist|advokat|jurist|prosjektleder|seniorrådgiver|avdelingssjef|kommunedirektør|ordfører|kommuneoverlege|bibliotekar|rektor|lærar|lærer|ansvarlig|manager|officer|advisor)\w*)[,:]?\s+(?:(?:i|ved|på|for|hos|at)\s+|[,–-]\s*)",
    re.IGNORECASE,
)


OWN_BEHALF = re.compile(
    r"\bpå egne vegne\b|\bpå eigne vegner?\b|\bpå eiga vegne\b|\bpå egne vegner\b|\b(?:som|er) (?:en |ein |ei )?(?:helt vanlig |heilt vanleg )?privatperson\b"
    r"|\b(?:in a |in my )(?:personal|private) capacity\b|\b(?:ikke|ikkje|not) (?:på|on) (?:vegne|vegner|behalf) (?:av|of) (?:min |mi )?(?:arbeidsgiver|arbeidsgivar|arbeidsgjevar|arbeidsplass|employer|my employer)",
    re.IGNORECASE,
)
# The lines of a form that name who answers. «Kommune: Bergen» is the municipality of Bergen.
DECLARED = re.compile(
    r"^(?:[^\w\n]|_){0,10}(?P<label>virksomhet(?:ens navn)?|verksemd(?:as namn)?|navn på virksomhet(?:en)?|namn på verksemd(?:a)?|organisasjon(?:ens navn)?|avsender|avsendar|høringsinstans|høyringsinstans|instans|firma|bedrift|institusjon|arbeidssted|arbeidsstad|arbeidsgiver|arbeidsgjevar|kommune|organi[sz]ation|company|affiliation)"
    r"(?: ?\([^)]{0,60}\))?\*{0,2} ?[:\t|]\**[ \t]*(?P<who>\S[^\n]{1,110})$",
    re.IGNORECASE | re.MULTILINE,
)
# «… på vegne av Bergen kommune», «Høringssvar fra Bergen kommune»: a name is what begins with a capital.
_WHO = r"(?P<who>[A-ZÆØÅÁŠČĐ0-9][^\n.;:!?()\"«»]{1,100})"
BEHALF = re.compile(
    r"(?:^|(?i:\b(?:jeg|eg|vi|me|i|we|svar\w*|skriver|skriv|sender|innspill\w*|innspel\w*|uttaler?\w*)\b[^.\n]{0,60}))\W{0,3}(?i:på vegner? av|on behalf of|represent(?:erer|erar|s?))\s+"
    r"(?i:(?:styret|leiinga|ledelsen|fagmiljøet|arbeidsgruppa|arbeidsgruppen|medlemmene|medlemene|oss|alle)\s+(?:i|ved|på|av)\s+)?"
    + _WHO,
    re.MULTILINE,
)
# «For Skogbygda grendelag» on a line of its own, above or below the names.
FOR_LINE = re.compile(r"^[^\w\n]{0,3}[Ff]or " + _WHO + r",?$", re.MULTILINE)
# «Høringssvar – Oslo kommune», as a subject; only a whole name of the register counts.
SUBJECT_NAME = re.compile(
    r"\A(?:(?i:re|sv|vs|fw|fwd)\s*:\s*)*(?i:innspill|innspel|høringssvar|høyringssvar|høringsinnspill|høringsuttalelse|høyringsfråsegn|uttalelse|fråsegn|svar|kommentarer|merknader|tilbakemelding)\w*(?: til [^–—,\n]{1,60}?)?\s*[–—,-]\s+(?P<who>[^\n]{2,80})$",
    re.MULTILINE,
)
_ANSWER = r"(?i:innspill|innspel|høringssvar|høyringssvar|høringsinnspill|høringsuttalelse|høyringsfråsegn|høyringsuttale|uttalelse|fråsegn|uttale|svar|kommentar(?:er|ar)?|merknad(?:er|ar)?|tilbakemelding(?:er|ar)?|comments|response|input)"
# «Innspill fra …» in the subject, or as a line of its own; «Svar fra Helsedirektoratet på linje 3 er uklart» is neither.
ANSWER_FROM = re.compile(
    r"(?:\A[^\n]{0,120}?\b"
    + _ANSWER
    + r"\s+(?i:til \w+ )?(?i:fra|frå|from)\s+"
    + _WHO
    + r"|\A(?i:fra|frå|from)\s+"
    + _WHO.replace("who", "sender")
    + ")"
)
HEADING_FROM = re.compile(
    r"^[^\w\n]{0,10}" + _ANSWER + r"\s+(?i:til \w+ )?(?i:fra|frå|from)\s+" + _WHO + r"$", re.MULTILINE
)
WE_IN = re.compile(
    r"(?:(?:^|[.!?]\s+)(?:Vi|Me|We)\s+(?i:i|ved|på|hos|at|in)\s+|(?i:\bhos oss (?:i|ved|på)\s+))" + _WHO, re.MULTILINE
)
# «Bergen kommune takker for høvet …», «Bergen kommune har desse innspela …»
SPEAKS = re.compile(
    r"^(?P<who>[A-ZÆØÅÁŠČĐ][^\n.;:!?()]{1,90}?)\s+(?i:takker for|takkar for|vil takke|(?:viser|syner) til (?:deres|dykkar|e-post|invitasjon|utkast|utsend|høring|høyring|brev|saken|saka|rapport)"
    r"|(?:ønsker|ønskjer|vil) (?:å |herved |med dette )?(?:gi|gje|komme|kome) |har (?:gått gjennom|gått igjennom|lest|lese|mottatt|motteke|følgende|følgjande|(?:desse|disse|noen|nokre|ingen|ikke|ikkje|to|tre|fire|fem) (?:\w+ )?(?:innspill|innspel|merknad|kommentar))"
    r"|(?:avgir|oversender|kommer med|kjem med|sender|gir|gjev) (?:herved|med dette|her|følgende|følgjande|desse|disse|vårt|våre)|welcomes the|thanks)",
    re.MULTILINE,
)
MY_WORKPLACE = re.compile(
    r"\b(?i:(?:jeg|eg|i)\s+(?:(?:jobber|jobbar|arbeider|arbeidar|work)\b[^.\n]{0,60}?"
    r"|(?:er|am)\s+(?:en |ein |ei |an? )?(?:\w+ )?\w*(?:lege|lækjar|sykepleier|sjukepleiar|lærer|lærar|lektor|rektor|rådgiver|rådgjevar|leder|leiar|forsker|forskar|professor|stipendiat|ingeniør|jurist|bibliotekar|terapeut|vernepleier|vernepleiar|fagarbeider|fagarbeidar|konsulent|jordmor|psykolog|ansatt|tilsett|nurse|doctor|researcher)\b[^.\n]{0,30}?)"
    r"\b(?:ved|i|på|hos|at|for))\s+" + _WHO
)
# «Eldrerådet i Telemark fylkeskommune», «Brukerutvalget ved Helse Førde»: its voice is the body's.
COUNCIL_OF = re.compile(
    r"^\W{0,10}(?:leiar|leder|nestleder|nestleiar|medlem|for|sekretær)?\W*(?:i |av |for )?\w*(?:rådet|utvalget|utvalet|styret|ombodet|gruppa|gruppen|nemnda|kontoret|tjenesten|tenesta) (?:i|ved|på|hos|for|til)\s+",
    re.IGNORECASE,
)
# «Kommunen meiner …»: a kind of organisation, and no name of one.
NO_NAME = re.compile(
    r"^\W{0,10}(?:den |det |de |dei |vår |vårt |min |mitt |alle |mange )?(?:norske? |lokale? |små |store )?(?:(?:fylkes)?kommun(?:e|en|ar|ane|er|ene)|fylket|universitetet|sykehuset|sjukehuset|foretaket|føretaket|foreningen|foreninga|foreininga|forbundet|organisasjonen|direktoratet|departementet|tilsynet|etaten|staten|laget|skolen|skulen|rådet|styret|klinikken|legevakta|legevakten|barnehagen|barnehagane|bransjen|selskapet|nettverket|stiftelsen|stiftinga)\W*$",
    re.IGNORECASE,
)
# A piece of an organisation that signs above it («Avdeling for radiologi»).
UNIT = re.compile(
    r"^\W{0,10}(?:avdeling\w*|seksjon\w*|enhet\w*|eining\w*|institutt(?:et)? for|fakultet\w*|det \w+ fakultet|klinikk(?:en)? for|senter for|etat for|etaten|divisjon\w*|stab\w*|bydel|forskningsavdeling\w*|department of|faculty of|fag\w+|\w*klinikken|\w*avdelingen|\w*avdelinga|\w*seksjonen|\w*fakultetet)\b",
    re.IGNORECASE,
)
# «Medlem av Virke», «Sendt via aksjonen …»: others' names in a signature.
OTHERS_NAME = re.compile(
    r"^\W*(?:medlem|member|sendt (?:via|fra|frå|med)|sent (?:via|from)|følg|besøk|meld deg|last ned|tilsluttet|tilslutta|partner|sponsor|støttet av|støtta av|part of|en del av|ein del av)\b",
    re.IGNORECASE,
)
LEGAL_FORM = re.compile(r"\s+(?:AS|ASA|SA|HF|RHF|IKS|ANS|DA|KF|SF)$")
MAX_SIGNATURE_LINE = 160
MIN_STEM = 5
# «Foreningen for arvelig bindevevssykdom»: so many words without a capital may follow «for», but none of these.
MAX_SMALL_WORDS = 3
NOT_IN_NAMES = frozenset([
    "vil", "har", "er", "som", "at", "der", "når", "men", "så", "da", "å", "jeg", "eg", "vi", "me", "med", "savner",
    "saknar", "mener", "meiner", "bør", "må", "takker", "takkar", "viser", "fra", "frå",
])  # fmt: skip
# A longer line with a verb in it is a sentence.
MAX_NAME_LINE = 6
MAX_FOR_WORDS = 8
# Who has members stands so many characters before their number.
MAX_BEFORE_MEMBERS = 80
# Words within a name that are not written with a capital.
JOINING = frozenset(["i", "og", "for", "på", "av", "til", "ved", "the", "of", "and", "&", "–", "-"])


def find_sender(
    signature: str, sender_name: str, sender_email: str, text: str = "", *, providers: Set[str] = frozenset()
) -> Sender:
    """Decide whom a sender speaks for.

    What a sender declares comes first (a form's «Virksomhet:», «på vegne av …», «på egne vegne»), then what stands in
    the signature, the name and the address, the register before the words of a name, then how the sender presents
    itself in the text.

    Args:
        signature: The lines of the mail's signature, and of its attachments' letterheads.
        sender_name: The name in the From header.
        sender_email: The address; its domain names many organisations.
        text: The subject and the sender's own words.
        providers: Domains that people of no organisation share (see `shared_domains`), beside the well-known ones.
    """
    domain = _domain(sender_email)
    found = (
        _declared(f"{signature}\n{text}")
        or _by_register(signature, sender_name, domain)
        or _by_words(signature, sender_name, domain, text, is_provider=domain in providers)
    )
    is_society = found.organisation.endswith(("selskap", "selskapet"))  # «… organiserer tannleger med interesse for …»
    if found.organisation and not is_society and load_register().named(found.organisation) is None:
        return replace(found, organisation_type=_sharper(found.organisation_type, text))
    return found


def _declared(said: str) -> Sender | None:
    """What a sender says outright: a line of a form, «på vegne av …», «på egne vegne»."""
    for match in DECLARED.finditer(said):
        who = match["who"].strip(" *|\t")
        if match["label"].lower() == "kommune" and not re.search(r"kommune|herad", who, re.IGNORECASE):
            who = f"{who} kommune"
        if PRIVATE.search(who):
            return Sender("", "privatperson", "label")
        if found := _organisation(who, "label"):
            return found
    for match in BEHALF.finditer(said):
        if found := _organisation(_first_name(match["who"]), "behalf"):
            return found
    for match in FOR_LINE.finditer(said):
        if len(match["who"].split()) <= MAX_FOR_WORDS and (found := _organisation(match["who"], "behalf")):
            return found
    return Sender("", "privatperson", "behalf") if OWN_BEHALF.search(said) else None


def _organisation(who: str, basis: Basis) -> Sender | None:
    """An organisation by its name alone: the register's, or one whose words tell its type."""
    if body := _registered(f", {who}"):
        return Sender(body.name, body.organisation_type, basis)
    kind = organisation_type(who)
    is_name = any(letter.isupper() for letter in who) and not NO_NAME.match(who)
    return Sender(_clean(who), kind, basis) if kind and is_name else None


def _registered(line: str) -> Body | None:
    """The register's body in a line, unless the words around the name make another's («Fagforbundet Bergen kommune»)."""
    found = load_register().within(line)
    if found is None:
        return None
    before = re.split(r"[,;:()–/|]", line[: found.span.start])[-1]
    after = re.split(r"[,;:()–/|-]", line[found.span.end :])[0]
    kinds = {
        organisation_type(words) for words in (before, after) if not UNIT.match(words) and not COUNCIL_OF.match(words)
    }
    return found.body if kinds <= {"", found.body.organisation_type} else None


def _first_name(words: str) -> str:
    """The name at the start of a sentence's rest: «Bergen kommune vil jeg takke …» -> «Bergen kommune»."""
    found = load_register().within(", " + " ".join(words.split()[:9]))
    if found:
        return found.body.name
    name: list[str] = []
    n_small = 0
    for word in words.split():
        if name and {"for", "mot"} & set(name) and word[:1].islower() and word not in JOINING | NOT_IN_NAMES:
            n_small += 1
            if n_small > MAX_SMALL_WORDS:
                break
            name.append(word)
            continue
        joins = word in JOINING or (
            name and re.match(r"[a-zæøå-]*(?:kommun|fork|foren|forein|forbund|sykehus|sjukehus)", word)
        )
        if (
            not joins
            and not word[:1].isupper()
            and name
            and not re.match(r"\w*(?:universitet|høgskule|høgskole|forening|foreining|lag|råd)\b", word)
        ):
            break
        name.append(word)
        if word.endswith(","):
            break
    while name and name[-1] in JOINING:
        name.pop()
    return " ".join(name).strip(" ,")


def _by_register(signature: str, sender_name: str, domain: str) -> Sender | None:
    """The register's body: the one that signature and address agree on, else the signature's, else the address's."""
    register = load_register()
    by_domain = register.at(domain)
    lines = [
        line
        for line in [*signature.split("\n"), sender_name]
        if len(line) <= MAX_SIGNATURE_LINE and not _is_sentence(line)
    ]
    bodies = [body for line in lines for piece in re.split(r"[|•·]", line) if (body := _registered(piece.strip()))]
    if by_domain is not None and (by_domain in bodies or not bodies):
        return Sender(by_domain.name, by_domain.organisation_type, "domain" if not bodies else "signature")
    return Sender(bodies[0].name, bodies[0].organisation_type, "signature") if bodies else None


def _by_words(signature: str, sender_name: str, domain: str, text: str, *, is_provider: bool) -> Sender:
    """Whom the words tell where the register knows nobody."""
    candidates = [part.strip() for line in [*signature.split("\n"), sender_name] for part in re.split(r"[|•·/]", line)]
    stem = domain.rsplit(".", 1)[0] if "." in domain else domain
    free = is_provider or not stem or bool(FREE_MAIL.match(stem.rsplit(".", 1)[-1]))
    words = re.sub(r"[-_.]", " ", stem)
    name_by_domain = "" if free else words[:1].upper() + words[1:]
    pieces = [piece for line in candidates for piece in _pieces(line)]
    signed = next((piece for piece in pieces if piece != sender_name and _spells(piece, stem)), "")
    name_by_domain = _clean(signed) or name_by_domain
    # The line that shares its name with the address is the organisation; a department is a piece of one.
    pieces.sort(key=lambda piece: (bool(UNIT.match(piece)), free or folded(words)[:5] not in folded(piece)))
    for candidate in pieces:
        kind = organisation_type(candidate)
        if kind:
            if BUSINESS_ROLE.search(candidate):
                return Sender(name_by_domain, kind, "domain")
            name = _clean(candidate)
            return Sender("" if NO_NAME.match(name) else name, kind, "signature")
    for named in NAMED_MUNICIPALITY.finditer(text):
        if not free and folded(named["name"])[:5] == folded(words)[:5]:
            return Sender(named.group(), organisation_type(named.group()), "text")
    if presented := _presented(text):
        return presented
    if PRIVATE.search(f"{signature}\n{text}") and (free or not _type_of_stem(stem)) and not PRESENTS.search(text):
        return Sender("", "privatperson", "text")

    def at_work() -> bool:
        return bool(PROFESSION.search(f"{signature}\n{text}") or AT_WORK.search(text))

    if free:
        private = text.strip() and not at_work()
        return Sender("", "privatperson" if private else "ukjent", "text" if private else "")
    kind = organisation_type(words) or _type_of_stem(stem) or _sharper("", text) or _told_of_itself(text, stem)
    kind = kind or ("akademia" if ACADEMIC_ROLE.search(signature) else "")
    if not kind and not signed and FIRST_PERSON.search(text) and not WE.search(text) and not at_work():
        return Sender("", "privatperson", "text")  # an address at some small provider
    return Sender(name_by_domain if kind or signed else "", kind or "ukjent", "domain")


def _spells(piece: str, stem: str) -> bool:
    """Whether a line has the name of a domain («Corvidian Health AI», «Stiftelsen Corvidian», corvidian.example)."""
    name, line = folded(stem), folded(piece)
    return bool(name) and (line == name or (len(name) >= MIN_STEM and (line.startswith(name) or line.endswith(name))))


def _sharper(kind: str, text: str) -> str:
    """A type by how the sender presents itself, where the name says only that it is an association, or nothing."""
    if kind not in ("", "ukjent", "interesseorganisasjon"):
        return kind
    presents = [match.group() for match in PRESENTS.finditer(text)]
    members = [
        re.split(r"[.\n]", text[max(0, match.start() - MAX_BEFORE_MEMBERS) : match.start()])[-1] + match.group()
        for match in MEMBERS.finditer(text)
    ]
    presents += members
    told = [organisation_type(words) for words in presents]
    if "fagforening" in told or any(EMPLOYEES.search(words) for words in presents):
        return "fagforening"
    if "pasientorganisasjon" in told or any(ILLNESS.search(words) for words in presents):
        return "pasientorganisasjon"
    if kind == "interesseorganisasjon" or members:
        return "interesseorganisasjon"
    if INTERMUNICIPAL.search(text):
        return "kommune"
    return "akademia" if RESEARCHES.search(text) else kind


def _told_of_itself(text: str, stem: str) -> str:
    """The type by what a sentence says of whom the domain is named after."""
    for match in ITSELF.finditer(text):
        if _spells(match["who"], stem):
            kind = "næringsliv" if match["sells"] else "akademia" if match["studies"] else ""
            if kind := kind or organisation_type(match["what"]):
                return kind
    return ""


def _presented(text: str) -> Sender | None:
    """Who the text says that it is from: «Innspill fra …», «Vi i …», «… takker for høvet», «jeg arbeider ved …»."""
    subject = SUBJECT_NAME.match(text)
    body = load_register().named(subject["who"]) if subject else None
    if body:
        return Sender(body.name, body.organisation_type, "text")
    for pattern in (ANSWER_FROM, HEADING_FROM, WE_IN, SPEAKS, MY_WORKPLACE):
        for match in pattern.finditer(text):
            name = next(group for group in match.groups() if group)
            if pattern is not SPEAKS:  # there the verb tells where the name ends
                name = _first_name(name)
            if (found := _organisation(name, "text")) and len(name.split()) <= MAX_FOR_WORDS:
                return found
    return None


def shared_domains(senders: Sequence[Sender], addresses: Sequence[str]) -> frozenset[str]:
    """The domains from which several people write and nobody signs for an organisation: mail providers.

    Args:
        senders: As found, one for each message.
        addresses: Their addresses, in the same order.
    """
    people: dict[str, set[str]] = {}
    taken = set()
    for sender, address in zip(senders, addresses, strict=True):
        people.setdefault(_domain(address), set()).add(address.lower())
        if sender.organisation or sender.organisation_type not in ("ukjent", "privatperson"):
            taken.add(_domain(address))
    return frozenset(domain for domain, writers in people.items() if len(writers) > 1 and domain not in taken)


def spelt_alike(senders: Sequence[Sender], addresses: Sequence[str]) -> list[Sender]:
    """The same senders with each organisation spelt in one way through the mailbox.

    Spellings that differ in capitals, hyphens or legal form («Kaibygg», «KAIBYGG AS») take the commonest, the longest
    of equals. A sender whose organisation is only guessed from the domain takes the name that others at that domain
    sign with, if they agree.

    Args:
        senders: As found, one for each message.
        addresses: Their addresses, in the same order.
    """
    spellings: dict[str, Counter[str]] = {}
    for sender in senders:
        if sender.organisation and sender.basis != "domain":
            spellings.setdefault(_spelling_key(sender.organisation), Counter())[sender.organisation] += 1
    best = {key: max(names, key=lambda name: (names[name], len(name), name)) for key, names in spellings.items()}
    alike = [
        replace(sender, organisation=best.get(_spelling_key(sender.organisation), sender.organisation))
        for sender in senders
    ]
    agreed = _agreed(alike, addresses)
    return [
        agreed.get(_domain(address), sender) if _is_guess(sender, address) else sender
        for sender, address in zip(alike, addresses, strict=True)
    ]


def _is_guess(sender: Sender, address: str) -> bool:
    """Whether an organisation is only what a domain of nobody in the register sounds like."""
    return sender.basis == "domain" and load_register().at(_domain(address)) is None


def _agreed(senders: Sequence[Sender], addresses: Sequence[str]) -> dict[str, Sender]:
    """Domain -> the organisation that all who sign from it name."""
    named: dict[str, set[tuple[str, str]]] = {}
    for sender, address in zip(senders, addresses, strict=True):
        if sender.organisation and sender.basis in ("signature", "label", "behalf"):
            named.setdefault(_domain(address), set()).add((sender.organisation, sender.organisation_type))
    return {domain: Sender(*names.pop(), "domain") for domain, names in named.items() if domain and len(names) == 1}


def _domain(address: str) -> str:
    return address.rsplit("@", 1)[-1].lower() if "@" in address else ""


def _spelling_key(name: str) -> str:
    return folded(LEGAL_FORM.sub("", name)) or name


@lru_cache(maxsize=50_000)
def organisation_type(text: str) -> str:
    """The type that the words of a name tell; empty when they do not.

    >>> organisation_type("Nordre Heia kommune")
    'kommune'
    >>> organisation_type("Fjordvik sykehus HF")
    'helseforetak'
    """
    return next((kind for kind, pattern in TYPE_WORDS if pattern.search(text)), "")


def _type_of_stem(stem: str) -> str:
    """The type by a word inside a domain («fjordviksykehus», «heiakommune»)."""
    inside = (
        ("kommune", "kommun"), ("helseforetak", "sykehus"), ("helseforetak", "sjukehus"), ("akademia", "universitet"),
        ("akademia", "hogskule"), ("akademia", "hoyskole"), ("akademia", "hogskole"), ("akademia", "uni."),
        ("statlig", "direktorat"), ("statlig", "departement"), ("statlig", "tilsyn"), ("statlig", "ombud"),
        ("statlig", "ombod"), ("fagforening", "forbund"), ("pasientorganisasjon", "pasient"), ("kommune", "skule"),
        ("kommune", "skole"), ("kommune", "barnehage"), ("næringsliv", "advokat"),
        ("næringsliv", "legesenter"), ("næringsliv", "apotek"), ("næringsliv", "revisjon"),
        ("interesseorganisasjon", "laget"), ("interesseorganisasjon", "foren"), ("interesseorganisasjon", "nettverk"),
        ("interesseorganisasjon", "radet"), ("interesseorganisasjon", "raadet"), ("interesseorganisasjon", "stiftelse"),
        ("interesseorganisasjon", "forum"), ("interesseorganisasjon", "rorsla"), ("interesseorganisasjon", "aksjon"),
    )  # fmt: skip
    return next((kind for kind, word in inside if word in stem), "")


def _pieces(line: str) -> Sequence[str]:
    """A signature line and, when it names a role or several units («rådgiver, Heia kommune»), its parts, last first."""
    if len(line) > 110 or _is_sentence(line):
        return ()
    parts = [part.strip() for part in line.split(",")]
    return [*reversed(parts)] if len(parts) > 1 else [line]


def _is_sentence(line: str) -> bool:
    """Whether a line is an address, says something, or names others, and is no line that names the sender."""
    says = len(line.split()) > MAX_NAME_LINE and (SAYS.search(line) or line.rstrip().endswith("."))
    return "@" in line or bool(says) or bool(OTHERS_NAME.match(line))


def _clean(candidate: str) -> str:
    """The name of the organisation in a signature line, without the role before it."""
    text = TAGLINE.sub("", LABEL.sub("", ON_BEHALF.sub("", candidate.strip(" .,-–"))))
    role = ROLE.match(text)
    if role and not organisation_type(role.group()):  # «Direktoratet for …» holds «rektor»
        text = text[role.end() :] or text
    text = COUNCIL_OF.sub("", text) or text
    named = re.search(rf"{_NAME}(?:{_JOINER}\s+{_NAME})*\s+(?:kommune|fylkeskommune)\b", text)
    return named.group() if named else text
