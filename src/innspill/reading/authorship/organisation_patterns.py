"""What tells whom a sender speaks for: names of kinds of body, roles, lines of forms, turns of phrase. Data only.

Both written forms and some English stand side by side; `organisations` decides which of them weighs more.
"""

import re

NAME = r"[A-ZÆØÅÁŠČĐ][\w&'’.-]*"
JOINER = r"(?:\s+(?:og|i|på|for|av|til|the|of|&|[a-zæøå]{3,14}))?"
# Type -> words that tell it, looked for in this order: a union for doctors is a union, not a hospital. What need only
# end a word («Brukarrådet», «Fjordsjukehuset») stands without the letters before it.
_TRADES = "|".join([
    "lege(?!middel)", "sykepleier", "sjukepleiar", "jordmor", "tannlege", "tannpleier", "tannpleiar", "psykolog",
    "fysioterapeut", "bioingeniør", "lærer", "lærar", "lektor", "utdanning", "ingeniør", "jurist", "radiograf",
    "farmasøyt", "farmaceut", "farmasi", "apoteksteknik", "apotektekn", "helsesekretær", "bibliotekar", "arbeider",
    "arbeidar", "terapeut", "vernepleier", "vernepleiar", "pedagog", "sosionom", "journalist", "offiser", "befal",
    "sjømann", "politi(?!sk)", "tjenestemann", "tenestemann", "hjelpepleier", "hjelpepleiar", "pleie(?=forb|lag)",
    "sjåfør", "yrkestrafikk", "leder(?=forb|lag|for)", "leiar(?=forb|lag|for)", "(?<!slekts)forsk[ea]r",
])  # fmt: skip
_ILLNESSES = "|".join([
    "kreft", "diabetes", "hjerte", "hjarte", "hjerne", "lunge", "lever(?!and|ans)", "nyre", "epilepsi", "revmatiker",
    "revmatikar", "gikt", "hørsel", "høyrsel", "parkinson", "demens", "alzheimer", "blinde", "synshem", "døve",
    "migrene", "astma", "allergi", "eksem", "psoriasis", "mental", "muskel", "ryggmarg", "stoffskifte", "cøliaki",
    "autisme", "afasi", "fibromyalgi", "osteoporose", "bløder", "blødar", "sykes", "sjukes", "pårørende", "pårørande",
])  # fmt: skip
TYPE_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # The parents of a school are not the school.
    ("interesseorganisasjon", re.compile(r"\bFAU\b|\bforeldre(?:utvalg|utval|råd)\w*", re.IGNORECASE)),
    (
        "fylkeskommune",
        re.compile(
            r"\bfylkeskommun\w*|\bfylke$|\bfylkesbibliotek\w*|\bfylkestannlege\w*|\btannhelset[je]+nest\w*|\bvid[ea]reg[åa]+[ea]nde sk[ou]le\w*|\b\w+ vgs\b|\bfylkesting\w*|county council",
            re.IGNORECASE,
        ),
    ),
    (
        "kommune",
        re.compile(
            r"\bkommun(?:e|en|es)?\b|\bIKS\b|\bKF\b|\binterkommunal\w*|\bbydel\b|\boppvekstsent\w+|\bPPT\b|\bSFO\b|^pleie og omsorg\b|\bherad\b|municipality|\bcity council\b|\bpublic library\b|(?:folkebibliotek|skolebibliotek|skulebibliotek|barneskole|barneskule|ungdomsskole|ungdomsskule|grunnskole|grunnskule|barnehage|sykehjem|sjukeheim|bufellesskap|bofellesskap|helsestasjon|legevakt|hjemmetjeneste|heimeteneste|hjemmesykepleie|heimesjukepleie|omsorgssenter|aldersheim|aldershjem|helsetun|helsehus|kulturskole|kulturskule|brannvesen|heimetenest|hjemmetenest|regionråd|kommunedelsutvalg|kommunedelsutval|responssenter|frisklivssentral|voksenopplæring|vaksenopplæring|skolefritidsordning|skulefritidsordning|bu- og behandlingssenter|bo- og behandlingssenter)(?:et|en|n|a)?\b|\b\w+ (?:skole|skule)$",
            re.IGNORECASE,
        ),
    ),
    # An association of firms speaks for them.
    (
        "næringsliv",
        re.compile(
            r"\b\w*(?:bransje|leverandør|nærings|bokhandl|forlegg|reiselivs|rederi|grossist|produsent|industri|apotek(?!tekn|stekn|ans))\w*?(?:for[ei]+n|forbund|lag(?:et)?\b|organisasjon)\w*",
            re.IGNORECASE,
        ),
    ),
    (
        "fagforening",
        re.compile(
            rf"\b\w*(?:{_TRADES})\w*(?:(?<=s) | sitt )?(?:lands|fag|yrkes)?(?:forbund(?:et)?|forening(?:en|a)?|foreininga?|foreining|lag(?:et)?|union(?:en)?)\b"
            r"|\bfarmaceutisk for[ei]+ning\w*|\b\w*(?:ansattes|tilsettes?|tilsette sitt) (?:lands)?(?:forbund|forening|foreining|lag|organisasjon)\w*"
            r"|\byrkes(?:union|forbund|organisasjon)\w*|\b\w+(?:ane|ene|anes|enes) sitt (?:lands)?(?:lag|forbund)\b"
            r"|\bfag(?:forbund|forening|foreining)\w*|\bfagorganisasjon\w*|\bforbundet for\b|arbeidstakar\w*|arbeidstaker\w*|tillitsval[gd]\w*|\borganiserer\b[^.]{0,40}(?:tilsette|ansatte|arbeidstak\w+|leger|legar|sykepleiere|sjukepleiarar|lærere|lærarar)|\bunion\b|\bspesialist\w*\s+foren\w+|\w*spesialistenes foren\w+",
            re.IGNORECASE,
        ),
    ),
    (
        "pasientorganisasjon",
        re.compile(
            rf"\b\w*(?:{_ILLNESSES})[\w-]*(?: og \w+)?(?:(?<=s) )?(?:lands)?(?:for[ei]+n\w*|forbund\w*|lag(?:et)?\b|liga\b|ligaen\b)|\b(?:ALS|ME|MS|CP)-for(?:bund|[ei]+n)\w*|for[ei]+n\w* for (?:\w+ ){0, 2}(?:premature|funksjonshem\w+)\b|\bfunksjonshem\w+ (?:sin )?(?:lag|organisasjon|for[ei]+n)\w*"
            r"|pasient\w*(?:foren|forein|organisasjon|forbund|lag|nettverk)\w*|pårørende(?:foren|senter|allianse|organis)\w*|pårørande(?:forein|senter|organis)\w*|(?:foren|forein)\w+ for (?:\w+ ){0,4}(?:familiar|familier|pasient\w*|syke|sjuke|pårør\w+)|medlem\w* med [^.]{0,40}sykdom|br?uk[ea]rorganisasjon\w*|\bselvhjelps\w+|\bsjølvhjelps\w+|\blikepersons?\w*|(?:for[ei]+n\w*|forbund\w*|\b\w*lag(?:et)?|nettverk\w*|union\w*) (?:for|mot) (?:\w+ ){0,3}\w*(?:(?<!p)syk|sjuk|syndrom|diagnose|lidelse|liding|svikt|kreft|demens|skad|hem+[ae])\w*|(?:forening|forein|lag|forbund)\w* for (?:\w+ ){0,3}(?:pasienter|pasientar|\w*syke|\w*sjuke|pårørende|pårørande)\b|patient (?:association|organisation)|\bforeininga? nyre\w*",
            re.IGNORECASE,
        ),
    ),
    (
        "akademia",
        re.compile(
            r"(?:universitet|universitetet|universitets(?:bibliotek|museum|museet|senter)\w*|university|høgskule|høgskulen|høyskole|høyskolen|høgskole|høgskolen|college|fakultet\w*|forskningsinstitutt\w*|forskingsinstitutt\w*|forskningssenter\w*)\b|\binstitutt(?:et)? for\b|\bsenter for (?:\w+ )?\w*forsk(?:n)?ing|\bdepartment of\b|\bforskingssenter\w*|\binstitute (?:of|for)\b|(?:högskola|högskolan)\b|\bfagsk[ou]le\w*|\bforsk(?:n)?ingsgrupp\w*|\b(?:faculty|school|academy) of\b|\bresearch (?:group|cent(?:re|er)|institute)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "helseforetak",
        re.compile(
            r"\bR?HF\b|\bhelse(?:foretak|føretak|region)\w*|(?:sykehus|sjukehus|sykehuset|sjukehuset|hospital|universitetssykehus|universitetssjukehus)\b|klinikken\b|\bklinikk for\b|\bsykehusapotek\w*|\bsjukehusapotek\w*|\b[Dd]istriktspsykiatrisk\w*|\bDPS\b|\bBUP\b|\bpoliklinikk\w*|\brehabiliteringssent\w+|\bambulansetjenest\w*|\bambulansetenest\w*|\bhelse (?:nord|sør|vest|midt|øst)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "statlig",
        re.compile(
            r"(?:direktorat|direktoratet|departement|departementet|tilsyn|tilsynet|etat|etaten|ombod|ombud|ombudet|ombodet|folkehelseinstitutt\w*|statsforvalter\w*|(?<!nett)verket|statens \w+)\b|\bNAV\b|\bnasjonalt (?:senter|råd|kunnskapssenter)|directorate|\bministry of\b|\b\w+ (?:agency|authority)\b|\bpoliti(?:et|distrikt\w*)|\w+ (?:fengsel|tingrett|lagmannsrett|jordskifterett)\b|(?:kommisjonen|nemnda)\b|\bnasjonalbibliotek\w*|\bregister(?:senter|sentr|centr)\w*|\bmyndighet\w*|rådet for\b",
            re.IGNORECASE,
        ),
    ),
    (
        "næringsliv",
        re.compile(
            r"\b(?:AS|ASA|ANS|DA|SA|ENK|Ltd|Limited|LLC|Corp|GmbH|Inc|AB|ApS)\b|(?i:\bco-?founder\b|\b(?:CEO|CTO)\b|\bgründer\b|\bstart-?up\b)|\bNHO\b|(?i:\bleverandør\w*|\bbransje\w*|\badvokatfirma\w*|\badvokatene\b|\barkitektkontor\w*|\brevisjon\b|\bregnskapskontor\w*|\brekneskapskontor\w*|\btannlegekontor\w*|\btannklinikk\w*|\bfysikalske?\b|\b\w*apotek(?:et)?\b|\bsparebank\w*|\bbedriftshelset\w*|\bmedisinsk(?:e)? senter\b|\blegesenter\w*|\bbyggmester\w*|\bbyggmeister\w*|\bentreprenør\w*|\b\w*rederi(?:et)?\b|\b\w*forlag(?:et)?\b|\b\w*bokhandel\w*|\b\w*trykkeri(?:et)?\b|\b\w*samvirkelag(?:et)?\b|\btaxi\b|\w*taxisentral\w*|\w*drosjesentral\w*|\b\w*turbil(?:er|ar)?\b|\b\w*bussruter?\b|\bhotell?\b|\bconsulting\b|\bkonsulentfirma\w*|\bsoftware\b|\bsolutions\b)|& (?:[Ss]ønn(?:er)?|[Cc]o)\b"
        ),
    ),
    (
        "interesseorganisasjon",
        re.compile(
            r"(?:forening|foreningen|foreining|foreininga|forbund|forbundet|organisasjon|organisasjonen|bevegelse|bevegelsen|rørsle|rørsla|klubb|klubben|menighet|menigheten|menigheit|kyrkjelyd|sokn|trossamfunn|partiet|fond|fondet|frivilligsentral|frivilligsentralen|stiftelse|stiftelsen|stifting|stiftinga|nettverk|nettverket|selskap|selskapet|(?<!grunn)(?<!\bfors)(?<!\bopps)(?<!\binns)(?<!\buts)(?<!\bavs)(?<!\bans)(?<!\bbi)laget|(?:grende|grenda|bygde|lese|samfunns|ungdoms|idretts|historie|helse|sanitets|bonde|småbrukar|småbruker|grunneigar|grunneier|elveeier|elveeigar|utmarks|kultur|musikk|mål|beite|borett|skytter|veg|vei|vass|student|elev|lokal)s?lag|sameie|velforening|velforeining|samskipnad(?:en)?|aksjon|\w+aksjon|allianse|grendeutvalg(?:et)?|grendautval(?:et)?|union|society|aksjonen|alliansen|(?<!om)rådet|råd|\w*forum(?:et)?|\w*unionen|\w*samband(?:et)?|FAU|foreldreutvalg\w*|foreldreutval\w*|elevråd\w*|pensjonistlag\w*|studentparlament\w*|(?:lese|studie|leikar|danse|slekts)ring(?:en)?|\w*sirkel(?:en)?|\w*språkkaf[eé](?:en)?|language caf[eé]|association|federation|alliance|foundation|charity|\w+s venn?er|\w*korps(?:et)?)\b",
            re.IGNORECASE,
        ),
    ),
    # A library, a school or a nursery is the municipality's, unless a word above says otherwise.
    (
        "kommune",
        re.compile(
            r"\b(?!(?:nasjonal|depot|fengsels)bib)\w*bibliotek(?:et|a|ene)?$|\bkulturhus(?:et)?\b|\bpedagogisk-psykologisk\w*",
            re.IGNORECASE,
        ),
    ),
)
FREE_MAIL = re.compile(
    r"(?:gmail|hotmail|outlook|live|yahoo|icloud|online|broadpark|epost|e-post|privat|privatpost|post|mail|webmail|nettpost|frimail|heimepost|hjemmepost|fritidspost|proton|protonmail|me|getmail|postkassen|postkasse|min-post|lyse|altibox|innboks|heime|hjemme|folk|inbox|[\w-]*post(?:kass\w*|boks\w*)?|[\w-]*mail|\w+brev(?:kass\w*)?|\w{3,}(?<!helse)(?<!fag)(?<!kunnskaps)(?<!forsknings)nett|(?:heime|hjemme|bygd[ae]?|fiber|kabel|mobil|privat|breiband|bredbånd)\w*(?:nett|net|brev)|nettbrev|mobilbrev|brevboks)\b",
    re.IGNORECASE,
)
PRIVATE = re.compile(
    r"\b(?:(?:jeg|eg) har (?:selv |sjølv )?(?:vært|vore) (?:\w+ ){0,2}(?:pasient|syk|sjuk)|(?:som|(?:jeg|eg|meg) som er|(?<!som )(?<!man )(?<!ein )(?<!en )(?<!du )(?<!de )er) (?:berre |bare )?(?:ei |en |ein )?(?:innbygger og pasient|privatperson|pasient|pårørende|pårørande|mor|far|mamma|pappa|innbygger|innbyggjar|borger|pensjonist|pensjonert|bestemor|datter|dotter)|(?:(?:jeg|eg) er|som) (?:en|ein) bruk[ea]r|(?-i:Som) bruk[ea]r|privatperson|på egne vegne|på eigne vegner|på eiga vegne|bare meg selv|helt vanlig (?:borger|pasient)|(?:mor|far|mamma|pappa) (?:til|åt)|\d{2} år\s*$)",
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
# Who signs so is no longer at work.
RETIRED = re.compile(r"\bpensjon(?:ist|ert)\b", re.IGNORECASE)
AT_WORK = re.compile(
    r"\b(?:vår|våre|vårt) (?:avdeling\w*|kommune|virksomhet|verksemd|medlem\w*|ansatte|tilsette|pasient\w*|elev\w*|kunde\w*|organisasjon)"
    r"|\bhos oss (?:på|i) (?:avdeling\w*|jobb\w*|klinikk\w*)|\bkommunen vår\b|\bmedlemmene våre\b|\bmedlemene våre\b|\b(?:vi|me) (?:som )?(?:jobber|jobbar|arbeider|arbeidar)\b"
    r"|\b(?:vi|me|oss) (?:som er )?\w*(?:leger|legar|sykepleiere|sjukepleiarar|lærere|lærarar|lektorer|lektorar|vernepleiere|vernepleiarar|bibliotekarer|bibliotekarar|jordmødre|fysioterapeuter|fysioterapeutar)\b",
    re.IGNORECASE,
)
# Somebody who writes from a private address in a working role may speak for a workplace that is not named.
_PROFESSION = r"(?:lege|lækjar|sykepleier|sjukepleiar|lærer|lærar|lektor|rektor|rådgiver|rådgjevar|leder|leiar|forsker|forskar|professor|stipendiat|ingeniør|jurist|bibliotekar|terapeut|vernepleier|vernepleiar|fagarbeider|fagarbeidar|konsulent|jordmor|psykolog|bioingeniør|radiograf|farmasøyt|saksbehandler|saksbehandlar|pedagog|sosionom|nurse|teacher|physician)\b"
PROFESSION = re.compile(_PROFESSION, re.IGNORECASE)
# «Eg er bibliotekar», and not «de skriv om sjukepleiar på vakt».
OWN_PROFESSION = re.compile(
    r"\b(?:jeg|eg|i)\s+(?:er|am|(?:jobber|jobbar|arbeider|arbeidar|work) (?:som|as))\s+(?:(?:ein?|ei|en|an?|sjølv|selv)\s+)*(?:\w+\s+){0,2}?[\w-]*"
    + _PROFESSION,
    re.IGNORECASE,
)
# A role that is no name, though its words tell the type.
BARE_ROLE = re.compile(r"^(?:(?:co-?founder|ceo|cto|gründer)\b[^,]*|\W*[\w-]*tillitsval[gd]\w*\W*)$", re.IGNORECASE)
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
# «Vi er eit legekontor med 4000 pasientar» is no association of patients.
ASSOCIATION = re.compile(
    r"for[ei]+n|lag\b|laget\b|forbund|organisasjon|nettverk|medlem|gruppe|støtte|for (?:pasient|pårør|sjuke|syke|menneske)|patients?'? (?:association|organi[sz]ation)",
    re.IGNORECASE,
)
INTERMUNICIPAL = re.compile(r"\ber (?:et|eit) interkommunalt?\b", re.IGNORECASE)
RESEARCHES = re.compile(r"\b(?:senteret|instituttet|vi|me|avdelinga|gruppa|gruppen) forsk(?:ar|er)\b", re.IGNORECASE)
ON_BEHALF = re.compile(
    r"^\W*(?:(?:(?:med|venleg|vennlig|beste|mange) )*(?:hilsen|helsing)(?= \w*(?:rådet|laget|foren|forein|klubben|styret))|på vegne av|på vegner av|for|(?:innspill|innspel|svar|høringssvar|høyringssvar|uttalelse|uttale|fråsegn|merknader|(?:\w+ )?(?:hilsen|helsing)) (?:fra|frå)(?: oss i)?)\s+",
    re.IGNORECASE,
)
ROLE = re.compile(
    r"^(?:\w*(?:lege|sykepleier|sjukepleiar|rådgiver|rådgjevar|leder|leiar|direktør|sjef|konsulent|koordinator|professor|førsteamanuensis|forsker|forskar|stipendiat|overlege|sekretær|spesialist|advokat|jurist|prosjektleder|seniorrådgiver|avdelingssjef|kommunedirektør|ordfører|kommuneoverlege|bibliotekar|rektor|lærar|lærer|ansvarlig|manager|officer|advisor)\w*)[,:]?\s+(?:(?:i|ved|på|for|hos|at)\s+|[,–-]\s*)",
    re.IGNORECASE,
)


# A lawyer who speaks «på egne vegne og ikke for noen klient» still speaks for the firm.
OWN_BEHALF = re.compile(
    r"\bpå egne vegne\b(?![^.\n]{0,30}\b(?:klient|kunde|oppdragsgiver)\w*)|\bpå eigne vegner?\b|\bpå eiga vegne\b|\bpå egne vegner\b|\b(?:som|er) (?:en |ein |ei )?(?:helt vanlig |heilt vanleg )?privatperson\b"
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
FOR_LINE = re.compile(r"^[^\w\n]{0,3}[Ff]or " + _WHO + r"(?: ?\([^)\n]{0,80}\))?,?$", re.MULTILINE)
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
    r"|(?:er|am)\s+(?:en |ein |ei |an? )?(?:\w+ )?\w*(?:lege|lækjar|sykepleier|sjukepleiar|lærer|lærar|lektor|rektor|rådgiver|rådgjevar|leder|leiar|forsker|forskar|professor|stipendiat|ingeniør|jurist|bibliotekar|terapeut|vernepleier|vernepleiar|fagarbeider|fagarbeidar|konsulent|jordmor|psykolog|ansatt|tilsett|apoteker|apotekar|farmasøyt|sjåfør|tillitsvalgt|tillitsvald|styrer|styrar|koordinator|sekretær|kasserer|kasserar|nurse|doctor|researcher)\b[^.\n]{0,30}?)"
    r"\b(?:ved|i|på|hos|at|for))\s+" + _WHO
)
# «Eldrerådet i Telemark fylkeskommune», «Brukerutvalget ved Helse Førde»: its voice is the body's.
COUNCIL_OF = re.compile(
    r"^\W{0,10}(?:leiar|leder|nestleder|nestleiar|medlem|for|sekretær)?\W*(?:i |av |for )?\w*(?:rådet|utvalget|utvalet|styret|ombodet|gruppa|gruppen|nemnda|kontoret|tjenesten|tenesta) (?:i|ved|på|hos|for|til)\s+",
    re.IGNORECASE,
)
# «Kommunen meiner …»: a kind of organisation, and no name of one.
NO_NAME = re.compile(
    r"^\W{0,10}(?:den |det |de |dei |vår |vårt |min |mitt |alle |mange )?(?:norske? |lokale? |små |store )?(?:(?:fylkes)?kommun(?:e|en|ar|ane|er|ene)|fylket|universitetet|sykehuset|sjukehuset|foretaket|føretaket|foreningen|foreninga|foreininga|forbundet|organisasjonen|direktoratet|departementet|tilsynet|etaten|staten|laget|skolen|skulen|rådet|styret|klinikken|legevakta|legevakten|barnehagen|barnehagane|bransjen|selskapet|nettverket|stiftelsen|stiftinga|landslaget|landsforeningen|landsforeninga|lokallaget|fylkeslaget|fakultetet|fylkesbiblioteket|biblioteket|instituttet)\W*$",
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

# What follows is asked only of those who write from an address of their own and whose name tells nothing.

# «Vi er sju kommuner som …», «We are a small publisher»: the words up to the first that goes into detail.
WE_ARE = re.compile(
    r"(?:^|[.!?:,]\s+)(?:og )?(?:vi|me|we) (?:er|are)\s+(?P<what>(?:eit?|ein|en|et|an?|to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|\d+|mange|fleire|flere)\s[^.,;:!?\n]{3,60}?)(?=\s+(?:som|for|med|i|på|ved|av|til|that|with|for|in)\b|[.,;:!?\n])",
    re.IGNORECASE | re.MULTILINE,
)
MUNICIPALITIES = re.compile(r"\bkommun(?:er|ar)\b", re.IGNORECASE)
# «Fylkeskommunen … svarer derfor bare på kapittel 5», «Foreninga meiner …»: a body that speaks of itself.
BODY_SPEAKS = re.compile(
    r"(?:^|[.!?]\s+)(?P<who>(?:Fylkes)?[Kk]ommunen|Bydelen|Fylket|Universitetet|Høgskulen|Høgskolen|Høyskolen|Instituttet|Sykehuset|Sjukehuset|Helseforetaket|Helseføretaket|Direktoratet|Tilsynet|Foreningen|Foreninga|Foreininga|Forbundet|Organisasjonen|Stiftelsen|Stiftinga|Nettverket|Laget|Rådet|Elevrådet|Forlaget|Selskapet|Barnehagen|Skolen|Skulen)"
    r"\s(?:[^.!?\n]{0,60}\b(?:svarer|svarar) (?:derfor|difor|bare|berre|her)\b|(?:vår\s)?(?:mener|meiner|støtter|støttar|foreslår|ønsker|ønskjer|takker|takkar|viser til|syner til|slutter seg|sluttar seg|ber om|vil understreke)\b)",
    re.MULTILINE,
)
# What a role tells of the body that its holder signs for.
ROLE_TYPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "fylkeskommune",
        re.compile(
            r"\bfylkes(?:direktør|ordfør[ea]r|rådmann|kultursjef|råd)\w*|\bsamferdsels(?:sjef|direktør)\w*|\btannhelsesjef\w*",
            re.IGNORECASE,
        ),
    ),
    (
        "kommune",
        re.compile(
            r"\bkommun(?:al|e)(?:sjef|direktør|overlege|psykolog|advokat|leder|leiar)\w*|\brådmann\w*|\b(?:vara)?ordfør[ea]r\w*|\bbydelsdirektør\w*"
            r"|\b(?:bibliotek|kultur|skole|skule|oppvekst|omsorgs|helse|barnehage|brann|nærings|plan)sjef\w*|\boppvekst(?:leder|leiar|direktør)\w*"
            r"|\bstyr[ea]r\b|\brektor\b|\b(?:heimesjukeplei|hjemmesykeplei)\w+|\bhelses(?:yke|juke)plei\w+|\b(?:skole|skule|barne)bibliotekar\w*|\bhelse- og omsorgs\w+",
            re.IGNORECASE,
        ),
    ),
    (
        "fagforening",
        re.compile(r"\btillitsval[gd]\w*|\bklubbl(?:eder|eiar)\w*|\bforbundsl(?:eder|eiar)\w*", re.IGNORECASE),
    ),
    (
        "akademia",
        re.compile(
            r"\b(?:pro|vise)?dekan\w*|\binstituttl(?:eder|eiar)\w*|\bstudiel(?:eder|eiar)\w*|\bførsteamanuensis\b|\bprofessor\w*|\bførstelektor\w*|\bstipendiat\w*|\bpostdok\w*|\bpostdoc\w*"
            r"|\b(?:universitets|høgskole|høgskule|høyskole)lektor\w*|\bdo[cs]ent\b|\b\w*forsk[ea]r\b|\b\w*forsk(?:n)?ingsl(?:eder|eiar)\b|\bresearcher\b|\blecturer\b",
            re.IGNORECASE,
        ),
    ),
    (
        "helseforetak",
        re.compile(
            r"\b(?!kommune|fylkes)\w*overlege\w*|\bklinikk(?:sjef|leder|leiar|direktør)\w*|\bLIS\b|\b(?:sykehus|sjukehus)\w+|\bambulanse(?:arbeid[ea]r|fagarbeid[ea]r|sjef)\w*|\b(?:operasjons|intensiv|anestesi)s(?:yke|juke)plei\w+",
            re.IGNORECASE,
        ),
    ),
    (
        "statlig",
        re.compile(
            r"\b(?:avdelings|under|assisterende )direktør\w*|\bekspedisjonssjef\w*|\bnemndl(?:eder|eiar)\w*|\bstatssekretær\w*",
            re.IGNORECASE,
        ),
    ),
    (
        "næringsliv",
        re.compile(
            r"\badm(?:inistrerende|inistrerande|\.) ?dir\w*|\b(?:salgs|sals|markeds|marknads|produkt|konsern)(?:sjef|direktør)\w*|\bkundeansvarl?[ei]?g\w*|\bkey account\b|\bpartner\b|\bapotek[ea]r\b|\bdrosjeei(?:er|gar)\b|\bløyvehav[ea]r\b|\bforlegg[ea]r\b|\bforlags\w+|\bmedei(?:er|gar)\b|\binnehav[ea]r\b|\badvokat\b|\barkitekt\b",
            re.IGNORECASE,
        ),
    ),
    (
        "interesseorganisasjon",
        re.compile(
            r"\bgeneralsekretær\w*|\bstyrel(?:eder|eiar)\w*|\bstyremedl[ie]m\w*|\b(?:fylkes|lokallags|lags|nest)l(?:eder|eiar)\w*|\borganisasjonssjef\w*|\bsekretariatsl(?:eder|eiar)\w*",
            re.IGNORECASE,
        ),
    ),
)
# Anybody may have one, firms most often.
MANAGER = re.compile(r"\bdaglig leder\b|\bdagleg leiar\b|\bmanaging director\b", re.IGNORECASE)


def _ours(*stems: str) -> str:
    """«våre kunder», «våre faste kunder», «kundene våre», «kundane våre», for the stems of such words."""
    words = "|".join(stems)
    return rf"\b(?:våre?|vårt|our) (?:\w+ )?(?:{words})\w*|\b(?:{words})\w* (?:våre?|vårt)\b"


# Whom and what a sender calls its own tells what the sender is.
OURS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "akademia",
        re.compile(
            _ours("student", "institutt", "forskergruppe", "forskargruppe", "forskning", "forsking", "stipendiat")
            + r"|\b(?:vi|me) (?:utdann|undervis|forsk)(?:er|ar)\b|\b(?:oss|vi|me) som (?:utdann|undervis|forsk)(?:er|ar)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "kommune",
        re.compile(
            _ours("innbygg[ej]", "elev", "lån[ea]r", "beboer", "bebuar", "barnehage[bu]")
            + r"|\bmed (?:om lag |rundt |bare |berre )?\d[\d ]* innbygg\w+ (?:kan|har|er|må) (?:vi|me)\b|\bsom (?:liten )?kommune\b",
            re.IGNORECASE,
        ),
    ),
    (
        "næringsliv",
        re.compile(
            _ours(
                "kund[ea]",
                "firma",
                "bedrift",
                "selskap",
                "sortiment",
                "passasjer",
                "sjåfør",
                "forfatter",
                "forfattar",
                "produkt",
                "løsning",
                "løysing",
                "plattform",
                "customer",
            )
            + r"|\b(?:vi|me|we) (?:(?:leverer|leverar) (?!data|tal|inn|svar|rapport|høring)|(?:selger|sel|utvikler|utviklar|produserer|produserar|importerer|importerar|supply|develop)\b)",
            re.IGNORECASE,
        ),
    ),
    ("helseforetak", re.compile(_ours("pasient", "sengepost", "poliklinikk", "klinikk"), re.IGNORECASE)),
    (
        "interesseorganisasjon",
        re.compile(
            _ours(
                "medlem",
                "lokallag",
                "forening",
                "foreining",
                "forbund",
                "landsmøte",
                "årsmøte",
                "frivillig",
                "member",
                "volunteer",
            )
            + r"|\b(?:jeg|eg|vi|me|i|we)\b[^.\n]{0,80}\b(?:andre frivill?ig\w*|other\s+volunteers)\b",
            re.IGNORECASE,
        ),
    ),
)
# «Som leiar i mållaget …»: whom somebody leads, though the body is not named.
LEADS = re.compile(
    r"\b(?:(?:jeg|eg) er|som)\s+(?:\w+ )?(?:nest|styre|lokallags|fylkes)?(?:leder|leiar|formann|kasserer|kasserar|sekretær|styremedlem|tillitsvalgt|tillitsvald)\s+(?:i|av|for|ved)\s+(?P<who>[^.,;:!?\n]{3,60})",
    re.IGNORECASE,
)
# «Vi i heimetenesta …», «hos oss på legevakta»: a place of work by its kind.
WE_AT = re.compile(
    r"\b(?:vi|me|oss|jeg|eg)\s+(?:som\s+)?(?:(?:jobber|jobbar|arbeider|arbeidar|er)\s+)?(?:i|på|ved)\s+(?P<who>(?:den|det|eit|et|ein|en)?\s?[a-zæøå-]+(?:\s[a-zæøå]+)?)",
    re.IGNORECASE,
)
# How firms end their names, and words within their domains.
FIRM_NAME = re.compile(
    r"^[A-ZÆØÅ][\w&-]+ (?:[A-ZÆØÅ][\w&-]+ )?(?:Pharma|Farma|Systems?|Systemer|Technolog(?:y|ies)|Teknologi|Tech|Labs?|Group|Gruppen|Logistikk|Transport|Trafikk|Maskin|Elektro|Eiendom|Eigedom|Invest|Design|Media|Analytics|Diagnostics|Robotics|Digital|Bygg|Kraft|Energi|Buss|Bil)$"
)
FIRM_STEM = re.compile(
    r"ph?arma(?!s)|farma(?!s)|system(?:s|er)?$|teknologi|tech$|labs?$|(?:group|gruppen|logistikk|maskin|elektro|eiendom|eigedom|invest|analytics|diagnostics|robotics)$|(?<!bok)buss$|(?:transport|trafikk|ferj[ea]r?|ferger?)$"
)
# What a family's domain has beside its name.
FAMILY = frozenset([
    "", "familien", "familie", "familia", "fam", "gard", "heim", "hjem", "hus", "net", "nett", "post", "mail", "privat",
])  # fmt: skip
# «liamallag», but no «vedlag».
SOCIETY_STEM = re.compile(r"\w{2}(?<!ved)(?<!an)(?<!opps)(?<!bo)(?<!grunn)lag$|elevrad|ungdomsrad|eldrerad")
INITIALS = re.compile(r"(?:\b\w\b\.?[\s-]*)+")
FULL_NAME = re.compile(rf"{NAME} {NAME}")
NAME_WORD = re.compile(r"[\w&-]+")
