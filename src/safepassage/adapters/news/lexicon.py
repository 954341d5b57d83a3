"""The words of the two languages that the reading knows: what is counted, how surely, who told it.

Tables only. All words are folded (no accents, lower case) where they are compared with folded words, and
regular expressions over the text as written elsewhere.
"""

from __future__ import annotations

# Demonyms, singular masculine stems in Spanish with their plural endings, and in English.
_DEMONYMS_ES = (
    "hondurenos hondurenas guatemaltecos guatemaltecas salvadorenos salvadorenas centroamericanos "
    "centroamericanas "
    "nicaraguenses haitianos haitianas venezolanos venezolanas cubanos cubanas mexicanos mexicanas "
    "colombianos "
    "ecuatorianos peruanos africanos africanas asiaticos sudamericanos latinoamericanos estadounidenses "
    "sirios "
    "afganos sudaneses sursudaneses congolenos burundeses ruandeses somalies eritreos etiopes malienses "
    "nigerianos "
    "nigerinos cameruneses centroafricanos burkineses chadianos ucranianos rohinyas brasilenos chilenos "
    "bolivianos "
    "dominicanos panamenos costarricenses bangladesies marroquies yemenies iraquies angolenos mozambiquenos"
)
_DEMONYMS_EN = (
    "hondurans guatemalans salvadorans salvadoreans central americans nicaraguans haitians venezuelans "
    "cubans "
    "mexicans colombians ecuadorians peruvians africans asians latin americans syrians afghans sudanese "
    "congolese "
    "burundians rwandans somalis eritreans ethiopians malians nigerians nigeriens cameroonians burkinabe "
    "chadians "
    "ukrainians rohingya brazilians chileans bolivians dominicans ugandans kenyans angolans mozambicans "
    "iraqis "
    "yemenis libyans moroccans"
)
PEOPLE_NOUNS = frozenset(
    (
        "persona personas migrante migrantes inmigrante inmigrantes emigrantes integrante integrantes "
        "miembros "
        "ciudadanos ciudadanas caminantes desplazados desplazadas refugiados refugiadas solicitantes "
        "individuos "
        "gente viajeros connacionales compatriotas almas participantes retornados indocumentados extranjeros "
        "civiles deportados caravanistas "
        "person persons people migrant migrants immigrants refugee refugees idps displaced evacuees "
        "returnees civilians "
        "members marchers walkers travelers travellers individuals nationals villagers souls asylum-seekers "
        "seekers deportees arrivals newcomers participants solicitudes peticiones requests applications "
        "claims "
        f"others applicants deportations returns detentions arrests {_DEMONYMS_ES} {_DEMONYMS_EN}"
    ).split()
) - {"central", "latin", "americans"} | {"americans"}
FAMILY_NOUNS = frozenset("familia familias family families household households hogares".split())
PART_NOUNS = frozenset(
    "nino ninos nina ninas menor menores mujer mujeres hombre hombres embarazadas ancianos bebes "
    "adolescentes jovenes "
    "child children minor minors woman women man men girl girls boy boys babies infants toddlers teenagers "
    "adult adults adultos pregnant elderly unaccompanied".split()
)
OTHER_NOUNS = frozenset(
    "policia policias agente agentes soldado soldados elementos efectivos militares guardia guardias "
    "voluntarios "
    "medicos medicas enfermeras periodistas funcionarios alcaldes diputados vecinos habitantes residentes "
    "empleados "
    "trabajadores estudiantes votantes hogares muertos heridos casos kilometro kilometros km kms millas "
    "milla metros "
    "metro litros toneladas kilos ano anos mes meses semana semanas dia dias noche noches hora horas minutos "
    "dolares "
    "pesos lempiras quetzales euros autobus autobuses buses camion camiones vehiculos carros comidas "
    "raciones "
    "mantas cobijas viviendas casas camas albergues refugios banos vacunas consultas atenciones tarjetas "
    "puentes "
    "hectareas grados puntos paises estados municipios ciudades pueblos veces firmas empleos visas policial "
    "police officer officers troops soldiers guards agents volunteers doctors nurses journalists officials "
    "mayors "
    "lawmakers inhabitants residents employees workers students voters dead deaths injured cases kilometer "
    "kilometers kilometre kilometres mile miles meters metres feet liters litres tons tonnes year years "
    "month months "
    "week weeks day days night nights hour hours minutes dollars bus trucks vehicles cars meals rations "
    "blankets houses homes beds shelters toilets vaccinations consultations cards bridges acres hectares "
    "degrees "
    "points countries states towns cities villages times signatures jobs visas camps lanes tents cattle "
    "goats".split()
)

# (quantifier, words before the number)
QUANTIFIERS = (
    (
        "more_than",
        r"(?:poco |algo |mucho |muchos )?m[aá]s de|\ba (?:little )?(?:more|bit more) than|(?:well |slightly |"
        r"far )?more than|"
        r"(?:well |slightly )?over|(?:m[aá]s|arriba) de|above|upwards of|in excess of|exceeding|super(?:a|an|"
        r"aron|aba)(?: ya)?"
        r"(?: a)?|rebasan?|topping",
    ),
    ("fewer_than", r"(?:poco )?menos de|(?:fewer|less) than|\bunder|below|no more than|no m[aá]s de"),
    (
        "at_least",
        r"at least|al menos|por lo menos|cuando menos|como m[ií]nimo|a minimum of|un m[ií]nimo de|no "
        r"(?:fewer|less) than|"
        r"no menos de",
    ),
    ("nearly", r"nearly|almost|casi|just under|close to|approaching|poco menos de"),
    (
        "up_to",
        r"up to|as many as|hasta|at most|a lo sumo|como m[aá]ximo|a maximum of|un m[aá]ximo de",
    ),
    (
        "about",
        r"(?:an estimated|se estima(?: que)?(?: en)?)|about|around|roughly|approximately|some|circa|perhaps|"
        r"un[oa]s|alrededor de|cerca de|aproximadamente|en torno a|algun[oa]s|m[aá]s o menos|(?:una )?cifra "
        r"cercana a|como (?:de|un[oa]s)|"
        r"estimad[oa]s? en|estimated(?: at)?|pr[oó]xim[oa] a|quiz[aá]s?",
    ),
)
# Words for a number that nobody counted, and what they are taken for: judged, the width of common use.
# The longer phrase stands before the shorter one that it holds.
VAGUE: dict[str, tuple[float, float]] = {
    r"hundreds of thousands(?: of)?|(?:cientos|centenares) de miles(?: de)?": (200_000, 900_000),
    r"tens of thousands(?: of)?|decenas de miles(?: de)?": (20_000, 90_000),
    r"several hundreds?|(?:varios|varias) (?:cientos|centenares|centenas)(?: de)?": (300, 900),
    r"a few hundred|unos (?:pocos )?cientos(?: de)?|a couple of hundred|un par de cientos(?: de)?": (
        200,
        500,
    ),
    r"several thousands?|(?:varios|varias) (?:miles|millares)(?: de)?": (3000, 9000),
    r"a few thousand|unos (?:pocos )?miles(?: de)?|a couple of thousand|un par de miles(?: de)?": (
        2000,
        5000,
    ),
    r"several dozens?|varias decenas(?: de)?|dozens(?: more)?(?: of)?|decenas(?: de)?|docenas(?: de)?": (
        24,
        90,
    ),
    r"hundreds(?: more)?(?: of)?|cientos(?: de)?|centenares(?: de)?|centenas(?: de)?": (200, 900),
    r"thousands(?: more)?(?: of)?|miles(?: de)?|millares(?: de)?": (2000, 9000),
    r"half a thousand|medio millar(?: de)?": (500, 500),
    r"(?:un )?millar y medio(?: de)?": (1500, 1500),
    r"medio centenar(?: de)?": (50, 50),
    r"(?:un par|dos) de centenares(?: de)?|dos centenares(?: de)?": (200, 200),
    r"un centenar(?: de)?": (100, 100),
    r"un millar(?: de)?": (1000, 1000),
    r"half a million|medio mill[oó]n(?: de)?": (500_000, 500_000),
}

# Kinds of source named in a sentence: who says it, not who is in it.
SOURCES = (
    (
        "organiser",
        r"(?:los |las )?organizadores|organizadoras|organi[sz]ers?|organizaci[oó]n convocante|Pueblo[s]? "
        r"[Ss]in "
        r"Fronteras|coordinadores de la caravana|(?:voceros|l[ií]deres|representantes) (?:de la caravana|del "
        r"(?:grupo|[eé]xodo))|(?:leaders|coordinators|spokes\w+) (?:of|for) the (?:caravan|group|march)|"
        r"caravan leaders|(?:uno de los |los |sus )?(?:voceros|coordinadores|dirigentes)(?! del? )|"
        r"[Ii]ts (?:organi[sz]ers|leaders)|[Aa]ctivists?|[Aa]ctivistas?|"
        r"activistas que (?:la |los )?acompañan|activists (?:accompanying|travell?ing with)|la propia "
        r"caravana",
    ),
    (
        "shelter",
        r"Casas? del? Migrantes?|(?:la )?red de albergues|(?:el )?(?:albergue|refugio)(?= (?:contabiliz|"
        r"inform|registr|"
        r"asegur|calcul|dijo|report))|(?:responsables?|encargad[oa]s?|director[ae]?s?) del? (?:albergue|"
        r"refugio)s?|"
        r"di[oó]cesis|diocese|parroquia|parish|sacerdotes?|p[aá]rrocos?|priests?|churches?(?= (?:said|"
        r"count))|"
        r"(?:la )?[Ii]glesia|shelter (?:network|staff|director|workers?|managers?|operators?)|nuns?|pastors?|"
        r"C[aá]ritas|kitchens? staff",
    ),
    (
        "agency",
        r"\bONU\b|\bACNUR\b|\bOIM\b|\bUNHCR\b|\bIOM\b|UNICEF|Unicef|\bOCHA\b|\bWFP\b|\bPMA\b|\bFICR\b|"
        r"\bIFRC\b|\bICRC\b|"
        r"\bCICR\b|\bMSF\b|\bUN\b|U\.N\.|United Nations|Naciones Unidas|[Aa]lto Comisionado|High "
        r"Commissioner|Cruz Roja|Red (?:Cross|Crescent)|M[eé]dicos [Ss]in "
        r"Fronteras|Doctors Without Borders|M[eé]decins [Ss]ans Fronti[eè]res|Save the Children|Oxfam|"
        r"\bNGOs?\b|\bONGs?\b|"
        r"(?:aid|relief|humanitarian) (?:groups?|workers?|agenc(?:y|ies)|organi[sz]ations?|officials?)|"
        r"Amnist[ií]a "
        r"Internacional|Amnesty International|Human Rights Watch|(?:human[- ]rights |independent )?observers|"
        r"observadores(?: "
        r"(?:de derechos humanos|independientes))?|organi[sz]aciones (?:humanitarias|civiles|de derechos "
        r"humanos)|"
        r"[Rr]ights (?:groups?|cent(?:er|re)s?|organi[sz]ations?)|[Pp]artners|[Ss]ocios humanitarios|"
        r"(?:displacement|refugee) agency|agencia (?:de la ONU|para los refugiados)|\bNRC\b|\bDRC\b|"
        r"monitors?",
    ),
    (
        "official",
        r"[Gg]obierno(?!s? estadounidense dijo que enviar)|[Gg]overnment|[Gg]obernaci[oó]n|\bSegob\b|"
        r"\bSEGOB\b|\bINM\b|"
        r"(?:Instituto|Servicio) (?:\w+ )?de Migraci[oó]n|Protecci[oó]n Civil|[Cc]ivil [Pp]rotection|"
        r"[Ss]ecretar(?:[ií]a|"
        r"io|y)|[Mm]inisterio|"
        r"[Cc]anciller[ií]a|[Mm]inistry|[Dd]epartment|[Aa]utoridad(?:es)?|[Aa]uthorit(?:y|ies)|(?<!aid "
        r")(?<!U\.N\. )(?<!UN )"
        r"[Oo]fficials?|[Pp]olic[ií]as?|[Pp]olice|[Aa]lcald(?:e|esa|[ií]a)|[Aa]yuntamiento|[Mm]ayor(?:'s "
        r"office)?|"
        r"[Gg]obernador(?:a)?|[Gg]overnors?|(?:Prime |Interior |Foreign )?[Mm]inister|[Mm]inistr[oa]s?|"
        r"[Ee]mbajad(?:a|or|ora)|"
        r"[Aa]mbassador|[Ee]mbassy|[Cc]onsulado|[Cc]onsulate|[Cc]omisi[oó]n|[Cc]ommission|[Cc]ommissioners?|"
        r"(?:city's )?human[- ]rights commission|[Ii]mmigration (?:institute|agency|authorities|service)|"
        r"Border Patrol|Patrulla Fronteriza|Customs and Border Protection|Homeland Security|\bCBP\b|\bDHS\b|"
        r"\bCOMAR\b|"
        r"Comar|[Ee]j[eé]rcito|the army|district (?:commissioner|officer)|[Pp]refect|local leaders|the "
        r"state\b|"
        r"[Dd]efensor[ií]a|Procuradur[ií]a|[Ff]iscal[ií]a|migration (?:service|agency|department)|town hall|"
        r"city hall",
    ),
    (
        "press",
        r"\bAP\b|\bEFE\b|\bAFP\b|Reuters|Associated Press|(?:agencia|agency) (?:EFE|AFP|AP|Reuters)|"
        r"[Pp]eriodistas|"
        r"[Jj]ournalists|[Rr]eporters?|[Rr]eporteros|\bCNN\b|\bBBC\b|[Mm]edios (?:locales|de "
        r"comunicaci[oó]n)|local media|"
        r"la prensa|press (?:reports|counts)",
    ),
)
