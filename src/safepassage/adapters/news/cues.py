"""The words that tell what happened, by kind of report, and the words that take it back.

A table of regular expressions over the two languages; `kinds.py` decides with them.
"""

from __future__ import annotations

import re

_SHELTER = (
    r"(?:albergues?|refugios?|shelters?|estadio|stadium|sports? (?:complex|center|centre|ground)|unidad "
    r"deportiva|"
    r"campamentos?|camps?(?! (?:at|in|on|out|outside|near)\b)|settlements?|asentamientos?|"
    r"centro de (?:acogida|atenci[oó]n|recepci[oó]n)|"
    r"(?:reception|transit) cent(?:er|re)s?|gimnasio|gymnasium|comedor)"
)
_ROAD = (
    r"(?:fronteras?|borders?|puentes?|bridges?|cruces?|crossings?|paso fronterizo|carreteras?|autopistas?|"
    r"highways?|roads?|"
    r"garita|gates?|lanes|ports? of entry|checkpoints?|frontier)"
)
_BUS = (
    r"(?:autob[uú]s(?:es)?|buses|bus(?:\s+rides?)?|camiones|transport\w*|trucks|vehicles|trenes?|"
    r"trains?|flights?|vuelos?)"
)
_ASYLUM = (
    r"(?:asilo|refugio|asylum|refugee status|"
    r"protecci[oó]n internacional|international protection|condici[oó]n de refugiad[oa]s?)"
)


def _near(first: str, second: str, gap: int = 50) -> str:
    """Match two words in either order, no full stop or semicolon between."""
    return rf"\b(?:{first})[^.;]{{0,{gap}}}?\b(?:{second})\b|\b(?:{second})[^.;]{{0,{gap}}}?\b(?:{first})"


# Stems of what a group does; `future` forms of moving are announcements and stand apart.
ARRIVE = (
    r"lleg(?:ó|aron|a|an|ado|aba|aban|ando)|llegada de|arrib(?:ó|aron|a|an|ado)|arriv(?:ed|es|ing|e)|"
    r"reach(?:ed|es|ing)|"
    r"got to|sought (?:safety|refuge|shelter)|se refugi(?:ó|aron)|ha[n]? (?:buscado refugio|llegado)|"
    r"made (?:it|their way) (?:in)?to|entr(?:ó|aron|a|an|ado|aban)|entered|(?:stream|pour|walk|pull|"
    r"roll|troop|trickl|"
    r"shuffl|wad)(?:ed|ing) in(?:to)?|bused to|carried|ferried|brought|(?:relocated|transferred|moved|"
    r"taken|evacuated) to|"
    r"reubicad[oa]s|llevaron|traslad(?:ó|aron|ados|adas|ado)|alcanz(?:ó|aron)|"
    r"ingres(?:ó|aron|an|ado)|pis(?:ó|aron)"
)
STAY = (
    r"durm(?:ió|ieron|iendo|e|en)|duerm(?:e|en)|pernoct(?:ó|aron|a|an|aban|ado|ando)|slept|sleeping|"
    r"spen[dt](?:ing)?|pas(?:ó|aron|a|"
    r"an) la noche|camp(?:ed|ing)|acamp(?:ó|aron|a|an|aban|ado|ados|ando)|descans(?:ó|aron|a|an|aban|ando)|"
    r"rest(?:ed|ing|s)\b|took a (?:day off|break|rest)|stopp(?:ed|ing)|stops|halted|hicieron (?:un )?alto|se "
    r"detuv\w+ en|"
    r"se (?:encuentran?|encontraban?|hallan?|hallaban?|concentr\w+|congreg\w+|reun\w+|reagrup\w+|instal\w+|"
    r"qued(?:ó|aron))|"
    r"permanec(?:e|en|ió|ieron|ía|ían)|(?:segu[ií]an?|siguen?|contin[uú]an?) (?:ayer |hoy |a[uú]n )?(?:en|"
    r"sobre|varad\w+)|"
    r"remain(?:ed|s|ing)?\b|stuck|stranded|varad[oa]s?|(?:was|were|are) (?:still |now )?waiting|amaneci(?:ó|"
    r"eron)|aguardan|esperaban|gather(?:ed|ing)|"
    r"regroup(?:ed|ing)|bedded down|hunkered down|(?:was|were|are|is) (?:now |already |still )?(?:in|at)\b|"
    r"est(?:á|án|aba|aban|uvo|uvieron) (?:ya |a[uú]n |ahora )?(?:en|por|a la altura)|(?:viajaba|avanzaba|"
    r"caminaba|marchaba)n?|"
    r"walk(?:ed|ing)|camin(?:ó|aron)|march(?:ed|ing|ó|aron)|pas(?:ó|aron|ado|aba|aban) por|por \w+ pasaron|"
    r"passed through|"
    r"covered|recorri(?:ó|eron)|avanz(?:ó|aron)|travell?(?:ed|ing)|trek(?:ked|king)|number(?:ed|ing|s)"
)
HOUSE = (
    r"aloj(?:a|an|aba|aban|ó|adas?|ados?|ando)|alberg(?:a|an|aba|aban|ó|ados?|adas?)|hous(?:e|es|ed|ing)\b|"
    r"sheltering|sheltered|"
    r"host(?:s|ed|ing)?\b|(?:is|are|was|now) home to|cramm?ed|(?:was|were|are) (?:still |now |currently "
    r")?(?:staying|living)|living (?:there|in|at)|bringing the (?:total|number)|acog(?:e|en|ía|ían|ió)|"
    r"hacinad[oa]s|hay|hab[ií]a(?!n? \w+[ai]do\b)|there (?:are|were)|resguarda\w*|h[eo]ld(?:s|ing)?\b|"
    r"viv(?:en|ían)\b|"
    r"(?:are|were) registered (?:in|at)|recib(?:ió|e|en|ía)|atend(?:ió|ía)|capacidad rebasada"
)
LEAVE = (
    r"sal(?:ió|ieron|ido|en|e|iendo)\b|salida de|part(?:ió|ieron|ido|en|e)\b|dej(?:ó|aron|ado|an|ando)\b|"
    r"abandon(?:ó|aron|ado|an)\b|"
    r"left|leaves?\b|leaving|depart(?:ed|s|ing)|set (?:out|off)|(?:walked|moved|headed|streamed) out(?: of)?|"
    r"emprend(?:ió|ieron|er)|retom(?:ó|aron)|fled|fleeing|huy(?:ó|eron)|rolled out"
)
CROSS = (
    r"cruz(?:ó|aron|an|ado|aban)|cross(?:ed|ing into|es)\b|entr(?:ó|aron|ado|an) (?:\w+ ){0,3}?(?:a|en)|"
    r"entered|"
    r"ingres(?:ó|aron|ado)|spilled (?:over|into)"
)

_FUTURE_ES = (
    r"(?:saldr|partir|caminar|avanzar|llegar|dormir|pernoctar|acampar|continuar|reanudar|dejar|marchar|"
    r"viajar|seguir|"
    r"descansar|abandonar|retomar|emprender)[aá]n?\b"
)
_INTEND_ES = (
    r"(?:prev[eé]n?|planean?|pretenden?|tienen? previsto|se prev[eé] que|acord(?:ó|aron)|decidi(?:ó|eron)|"
    r"votaron?|votó|"
    r"anunci(?:ó|aron) que|esperan?|buscan|van a|va a|vamos a|alistan|preparan|se disponen a)"
)
_GO_ES = (
    r"(?:salir|saldr\w+|partir|caminar|avanzar|llegar|dormir|pernoctar|continuar|reanudar|reemprender|"
    r"marchar|viajar|seguir|"
    r"salida|trasladarse|dirigirse|retomar|partida|alcanzar)"
)
_INTEND_EN = (
    r"(?:will|plan(?:s|ned|ning)? to|(?:is|are|was|were) (?:expected|scheduled|due|set|planning|preparing|"
    r"hoping|going|likely) to|"
    r"expects? to|intends? to|aims? to|voted to|decided to|agreed to|hopes? to|about to|prepar\w+ to)"
)
_GO_EN = (
    r"(?:leave|depart|set (?:off|out)|head|walk|move|continue|resume|go|push on|press on|march|travel|sleep|"
    r"reach|arrive|"
    r"camp|rest|make (?:it|their way)|get|spend|stop|start)"
)
# The present told of a day ahead: "mañana salimos a las cinco", "tomorrow we leave at six".
_NOW_ES = (
    r"(?:sal(?:imos|en|e)|arranca(?:mos|n)?|part(?:imos|en|e)|contin[uú]a(?:mos|n)?|avanza(?:mos|n)?|"
    r"camina(?:mos|n)?|(?:nos vamos|se van)|seguimos|siguen?|retoma(?:mos|n)?)\b"
)
_NOW_EN = (
    r"(?:leaves?|departs?|sets? (?:out|off)|heads?|continues?|walks?|resumes?|"
    r"(?:are|is) (?:leaving|heading))\b"
)
_PRESENT_AHEAD = (
    rf"(?<!la )(?<!esta )(?<!por )(?<!de )mañana\b(?! siguiente)[^.;]{{0,60}}?\b{_NOW_ES}|"
    rf"{_NOW_ES}(?=[^.;]{{0,25}}?\b(?<!la )(?<!esta )(?<!por )(?<!de )mañana\b)|"
    rf"tomorrow\b[^.;]{{0,40}}?\b{_NOW_EN}|{_NOW_EN}(?=[^.;]{{0,40}}?\btomorrow\b)"
)
NEXT_STOP = (
    rf"{_FUTURE_ES}|{_INTEND_ES}\b[^.;]{{0,40}}?\b{_GO_ES}|{_INTEND_EN}\s(?:\w+\s){{0,3}}?{_GO_EN}\b|next "
    rf"(?:stop|stage|leg|destination)|"
    r"pr[oó]xim[ao] (?:parada|escala|destino|punto|etapa)|"
    r"(?:salida|partida)\b[^.;]{0,45}?\b(?:ser[aá]|est[aá] (?:prevista|programada)|se prev[eé])\b|"
    rf"departure\b[^.;]{{0,45}}?\b(?:is|was) (?:set|planned|scheduled)\b|"
    rf"said[^.;,]{{0,20}} (?:it|they|the (?:group|caravan|marchers|migrants)) would\s(?:\w+\s){{0,3}}?"
    rf"(?!stop){_GO_EN}\b|{_PRESENT_AHEAD}"
)

# (kind, words): the first kinds are plain in themselves; the last are what a group or a shelter does.
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\b(?:{words})", re.I))
    for kind, words in (
        (
            "transport_withdrawn",
            _near(
                r"retir\w+|withdr[ae]w\w*|cancel\w+|revoc\w+|rescind\w*|reneg\w+|took back|suspend\w+",
                rf"ofertas?|offers?|{_BUS}",
                40,
            ),
        ),
        (
            "transport_offered",
            _near(
                r"ofre[cz]\w+|ofert[aóo]\w*|dispuso(?: de)?|offer(?:ed|s|ing)?|puso a disposici[oó]n|"
                r"pusieron a "
                r"disposici[oó]n|promet\w+|promis\w+|"
                r"provid(?:ed|es|ing)|made available|facilit[oó]\w*",
                _BUS,
                40,
            ),
        ),
        (
            "reopening",
            _near(
                r"reabr\w+|reabiert\w+|reopen\w*|re-open\w*|reanud[oó]\w* el paso|lifted|levantaron|"
                r"levant[oó]|unblock\w*|despej\w+",
                rf"{_ROAD}|bloqueo|ret[eé]n|blockade|roadblocks?",
                50,
            ),
        ),
        (
            "shelter_opened",
            _near(
                r"abr(?:ió|ieron|en|irá|irán|ir)|open(?= )|abiert[oa]|opened|opens?\b|habilit\w+|inaugur\w+|"
                r"set up|instal(?:ó|aron)",
                _SHELTER,
                45,
            ),
        ),
        (
            "shelter_closed",
            _near(
                r"cerr(?:ó|aron|ará|arán|ado)|cierra|cierran|closed|closes|closing|shut(?:ting)?|clausur\w+|"
                r"desaloj\w+|shuttered",
                _SHELTER,
                40,
            ),
        ),
        (
            "closure",
            _near(
                r"cerr(?:ó|aron|ado|ada|ados)|cierra|cierran|cierre|closed|closes|closing|closure|shut\w*|"
                r"bloque(?:ó|aron|an|aba|aban|ado|ada)|blocked|blocking|sealed",
                _ROAD,
                40,
            ),
        ),
        (
            "claims",
            rf"(?:solicit\w+|ped[ií]d\w*|pidi\w+|pid(?:e|en)|petici\w+|request\w*|appl\w+|asked|asking|"
            rf"sought|seeking|filed|lodged|"
            rf"present\w+|tramit\w+|regist\w+)[^.;]{{0,40}}?\b{_ASYLUM}|{_ASYLUM} (?:claims?|applications?|"
            rf"requests?)",
        ),
        (
            "returns",
            r"regres(?:ó|aron|ado|an|ar|o)\b|retorn(?:ó|aron|ado|an|ar|os?|ados)\b|return(?:ed|ing|s)?\b(?! "
            r"to (?:the )?(?:road|talks))|deport(?:ed|ations?|ado[s]?|"
            r"adas|ó|aron)\b|deportaci\w+|repatri\w+|(?:volver|vuelto|volvieron|vuelta) (?:ya )?(?:a (?:su|"
            r"sus|casa|honduras|el salvador|"
            r"guatemala)|por)|devuelt[oa]s|devolvi(?:ó|eron)|(?:gone|went|going|turned|"
            r"sent) (?:back )?(?:home|back)",
        ),
        (
            "detentions",
            r"detuv(?:o|ieron)\b|detenid[oa]s?|detenci\w+|detain(?:ed|s|ing)?\b|detention|arrest(?:ed|s|ing|"
            r"ó|aron|ados)?\b|asegurad[oa]s|"
            r"aseguraron|apprehend\w+|aprehend\w+|in custody",
        ),
        ("next_stop", NEXT_STOP),
        ("crossing", CROSS),
        ("leave", LEAVE),
        ("house", HOUSE),
        ("stay", STAY),
        ("arrive", ARRIVE),
        (
            "incident",
            r"choques?\b|enfrentamientos?|clash\w*|muri(?:ó|eron)|fallec\w+|died|killed|accident\w*|"
            r"volcadura|overturn\w*|gas(?:es)? "
            r"lacrim\w+|tear gas|tear-gas\w*|injured|heridos|atropell\w+|drown\w*|ahogad\w+",
        ),
    )
)
SUBJECT = re.compile(
    r"\b(?:caravan\w*|[eé]xodo|exodus|migrantes?|migrants?|contingente|contingent|columna|column|marchers?|"
    r"grupos?|group|they|"
    r"ellos|refugees?|refugiad[oa]s|desplazad[oa]s|displaced|centroamerican[oa]s|central americans|"
    r"hondureñ[oa]s|hondurans?|"
    r"salvadore[ñn][oa]s|salvador(?:e)?ans|guatemaltec[oa]s|haitian[oa]s|haitians|venezolan[oa]s|venezuelans|"
    r"people|personas|"
    r"caminantes|viacrucis|families|familias|civilians|civiles)\b",
    re.I,
)
CARAVAN = re.compile(r"\b(?:caravan\w*|[eé]xodo|viacrucis|marchers?|contingente)\b", re.I)
DISPLACED = re.compile(
    r"\b(?:refugees?|refugiad[oa]s|displaced|desplazad[oa]s|IDPs?|displacement|desplazamiento|returnees|"
    r"camps?|campamentos?|"
    r"settlements?|asentamientos?|households)\b",
    re.I,
)
SHELTER = re.compile(rf"\b{_SHELTER}\b", re.I)
ONE_SHELTER = re.compile(
    r"\b(?:el|un|del|al|the|a|an|second|new)\s+(?:[\w.'’-]+\s+){0,6}?(?:albergue|refugio|estadio|gimnasio|"
    r"shelter|stadium|unidad deportiva|"
    r"sports? complex|gymnasium)\b|\b(?:la|una) casa del? migrantes?\b",
    re.I,
)
TAKEN_BACK = re.compile(
    r"\b(?:denied|denies|neg(?:ó|aron)|desmint\w+|desminti\w+|rechaz(?:ó|aron) que|rumou?rs?|rumores|"
    r"false(?:ly)?|falso|contrary to)\b",
    re.I,
)
NEGATED = re.compile(
    r"\b(?:no|not|never|nunca|ning[uú]n|tampoco|sin|without|yet to|failed to|unable to|"
    r"n[o']t)\b(?!\s+(?:s[oó]lo|only|menos|fewer|less|m[aá]s de|more))"
    r"[^.;,]{0,30}$|n['’]t\s[^.;,]{0,25}$|\b(?:todav[ií]a|a[uú]n) no\b[^.;,]{0,30}$|\bno (?:ha|han|"
    r"hab[ií]an?|fue|fueron|lleg\w+)\b[^.;,]{0,30}$",
    re.I,
)
SUPPOSED = re.compile(
    r"\b(?:could|may|might|would|should|if|podr[ií]an?|puede[n]?|si|tem(?:e|en|ía)|want(?:s|ed)? to|hop(?:e|"
    r"es|ed|ing) to|quieren?|quer[ií]an?|"
    r"trying to|tried to|tr(?:y|ies) to|attempt\w* to|intent\w+|threaten\w+|amenaz\w+|will(?: be| have)?|"
    r"expected|"
    r"espera(?:n|ba|ban)? (?:que|a)|calcula que llegar\w*|(?:llegar|entrar|cruzar|pasar|ser|alcanzar)[ií]an|"
    r"ser[aá]n|likely|"
    r"para(?: poder)?|in order to|warn(?:ed|s)?|plan(?:s|ned)? to|buscan?|pretend\w+|before)\b[^.;]{0,45}$",
    re.I,
)
SUPPOSED_AFTER = re.compile(
    r"^[^.;,]{0,40}\b(?:(?:were|are|was|is) expected|se espera\w*|podr[ií]an?|could|may|might|will (?:be )?|"
    r"ser[aá]n|would|"
    r"esperad[oa]s|(?:llegar|saldr|entrar)[aá]n)\b",
    re.I,
)
POLL = re.compile(
    r"\b(?:poll|survey|encuest\w+|sondeo|respondents|capacity|capacidad|built for|designed for|(?:room|space|"
    r"beds) for|(?:lugar|espacio|cupo|camas|diseñad[oa]|construid[oa]) para|cupo|population of|poblaci[oó]n "
    r"de|inhabitants|habitantes)\b",
    re.I,
)
OTHERS = re.compile(
    r"\b(?:otr[oa]|segund[oa]|tercera?|cuart[oa]|nuev[oa]|anterior(?:es)?|pr[oó]xima|another|second|third|"
    r"fourth|new|"
    r"previous|earlier|separate)(?:,? (?:smaller|larger|big|small))?\s+"
    r"(?:migrant\s+)?(?:caravana?s?|caravan|group|grupo|band|wave|contingent|contingente|oleada)\b|"
    r"\bcaravana?s? "
    r"anterior(?:es)?\b",
    re.I,
)
# A sentence that goes on about the group of the one before.
GOES_ON = re.compile(r"\W*(?:It|They|Its|Their|The group|Est[ae]|Ell[oa]s|El grupo|El contingente|Sus?)\b")
# Those who are still somewhere else than the rest.
STILL_THERE = re.compile(
    r"\b(?:remain(?:ed|s|ing)?|stayed|(?:was|were|are) still|still (?:in|at)|permanec\w+|se quedaron|"
    r"quedaron|"
    r"(?:segu[ií]an|siguen|contin[uú]an)|(?:todav[ií]a|a[uú]n) (?:en|est[aá]\w*)|est[aá]\w* (?:todav[ií]a|"
    r"a[uú]n))\b",
    re.I,
)
SO_FAR = re.compile(
    r"\b(?:so far|to date|until now|hasta (?:el|ahora|la fecha|este|ayer|hoy|las)|as of|by (?:the end of "
    r")?(?:\w+day|mid|early|late|then|now|oct|nov|the)|since|"
    r"desde|in total|en total|a total of|un total de|sum(?:an|aban|ó|aron)|ya|already|acumul\w+|cumulative|"
    r"con corte|(?:had|have|has) "
    r"(?:\w+ )?(?:\w+ed|made|come|gone|sought|fled)|ha[n]? (?:\w+[ai]do|vuelto)|hab[ií]an? (?:\w+[ai]do|"
    r"vuelto)|entre (?:el )?\d+|"
    r"[uú]ltimos d[ií]as|between (?:Oct|Nov)\w*)\b",
    re.I,
)
WINDOW = re.compile(
    r"\b(?:past|last|previous|[uú]ltim[oa]s)\s+(?:hours|horas|week|semana|(?:\d+|two|three|dos|tres|few|"
    r"several)\s+(?:hours|horas|days|d[ií]as|weeks|semanas))\b",
    re.I,
)
SEGMENTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (segment, re.compile(words, re.I))
    for segment, words in (
        (
            "rear",
            r"\b(?:rezagad[oa]s|stragglers|retaguardia|rearguard|(?:el|los|las) [uú]ltim[oa]s? (?!d[ií]a|"
            r"hora|semana|mes)(?:contingente|grupo|"
            r"integrantes|migrantes|miembros|personas|\w+ mil|[\d.,]+)|(?:the )?last (?!week|night|month|"
            r"year|days|hours|few)(?:group|"
            r"contingent|of the|members|[\d.,]+)|(?:at|in) the (?:rear|back)|la cola|los m[aá]s lentos|"
            r"lagging|left behind|(?:fall(?:en|ing)?|fell|lagg(?:ed|ing)|trail(?:ed|ing)) behind|"
            r"quedaron atr[aá]s|(?:iban|van|vienen|ven[ií]an|viajan|viajaban|avanzan|avanzaban|caminan|"
            r"caminaban) (?:m[aá]s )?(?:despacio|lento|atr[aá]s)|walk(?:ed|ing)? more slowly|"
            r"slower walkers|se rezag(?:ó|aron))",
        ),
        (
            "advance",
            r"\b(?:avanzadas?|vanguardia|vanguard|se (?:hab[ií]an? )?adelant\w+|adelantad[oa]s|(?:gone|"
            r"pushed|went|moved|rushed|forged) (?:on )?ahead|"
            r"advance (?:party|group|guard|contingent)|ahead of the (?:main|rest|others|caravan|bulk)|(?:los|"
            r"las|the) primer[oa]s|the first (?:of the|members|migrants|"
            r"group|people|to|arrivals|[\d,.]+)|first wave|punta de lanza|an advance)",
        ),
        (
            "branch",
            r"\b(?:se (?:dividi|separ|fragment|escindi)\w+|split\w*|splinter\w*|separate group|otro (?:grupo|"
            r"contingente)|another (?:group|contingent)|"
            r"a smaller group|un grupo (?:menor|aparte)|broke (?:away|off)|otra parte)",
        ),
        ("whole", r"\b(?:toda la caravana|entire caravan|whole caravan|la totalidad|en conjunto|altogether)"),
    )
)
HOUR = re.compile(
    r"\b(?:a|desde|hacia|sobre) las? (?P<es>\d{1,2}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|"
    r"once|doce)(?:[:.h]\d\d)?"
    r"(?:\s*(?:horas|hrs))?(?P<part>\s*(?:de la (?:mañana|madrugada|tarde|noche)|a\.?\s?m\b|p\.?\s?m\b))?"
    r"|\b(?:at|around|by|from|about) (?P<en>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve)(?::\d\d)?"
    r"\s*(?P<half>a\.?\s?m\b|p\.?\s?m\b|in the (?:morning|afternoon|evening)|o['’]clock)",
    re.I,
)
