"""What is judged, and not computed, about the built-in caravans: routes, destinations, joiners, words.

Destinations and joiners are beliefs held before the caravan left. They rest on earlier caravans and on the
usual numbers of people on the way, never on what this caravan then did.
"""

# ruff: noqa: E501 - sentences and addresses

from __future__ import annotations

SPRING_2018 = "https://centroprodh.org.mx/sididh_2_0_alfa/?p=56303"
SPRING_2018_SIZE = "Wikipedia in English, Central American migrant caravan, as of October 2018"
CBP_2017 = (
    "U.S. Customs and Border Protection, Border Patrol apprehensions by citizenship and sector, fiscal year 2017 "
    "(Guatemala 65,871; El Salvador 49,760; Honduras 47,260)"
)
USUAL = "judged: most people alone from Honduras took the Gulf route to the lower Rio Grande in 2014-2017"

# place, weight, reason, source. Weights are judged, not measured.
DESTINATIONS: list[tuple[str, str, str, str]] = [
    ("tijuana", "0.5", "the organised caravan of spring 2018 made for Tijuana", SPRING_2018),
    ("reynosa", "0.16", USUAL, CBP_2017),
    ("ciudad-juarez", "0.08", "judged: end of the central road", ""),
    ("piedras-negras", "0.06", "judged: end of the road through Saltillo", ""),
    ("nuevo-laredo", "0.06", USUAL, CBP_2017),
    ("matamoros", "0.05", USUAL, CBP_2017),
    ("mexicali", "0.04", "judged: on the Pacific road", ""),
    ("nogales-sonora", "0.03", "judged: on the Pacific road", ""),
    ("ciudad-acuna", "0.02", "judged: neighbour of Piedras Negras", ""),
]

ORIGIN_TO_GUATEMALA = (
    "san-pedro-sula santa-rosa-de-copan nueva-ocotepeque agua-caliente esquipulas vado-hondo chiquimula "
    "zacapa rio-hondo guatemala-city villa-nueva palin"
).split()
GUATEMALA_TO_BORDER = ("escuintla-gt mazatenango retalhuleu coatepeque tecun-uman suchiate-bridge").split()
CHIAPAS_TO_MEXICO_CITY = (
    "tapachula alvaro-obregon huehuetan huixtla villa-comaltitlan escuintla-chiapas acacoyagua ulapa "
    "mapastepec pijijiapan tonala arriaga chahuites san-pedro-tapanatepec santo-domingo-zanatepec "
    "santiago-niltepec santo-domingo-ingenio la-venta juchitan-de-zaragoza matias-romero donaji "
    "nuevo-ubero jesus-carranza sayula-de-aleman juan-rodriguez-clara isla tierra-blanca cordoba "
    "orizaba puebla mexico-city"
).split()
MEXICO_CITY_TO_TIJUANA = (
    "huehuetoca san-juan-del-rio queretaro celaya irapuato guadalajara el-arenal ixtlan-del-rio "
    "tepic la-concha escuinapa mazatlan culiacan los-mochis navojoa ciudad-obregon guaymas "
    "hermosillo santa-ana-sonora altar caborca san-luis-rio-colorado mexicali tecate tijuana"
).split()
BORDER_TO_TIJUANA = [
    *("ciudad-hidalgo frontera-hidalgo metapa-de-dominguez".split()),
    *CHIAPAS_TO_MEXICO_CITY,
    *MEXICO_CITY_TO_TIJUANA,
]

# category -> kind of report, words put before the note. Left out: shares, permits, jobs, people whose
# whereabouts are unknown, and counts by age.
EXITS: dict[str, tuple[str, str]] = {
    "return_honduras": ("returns", "returned to Honduras"),
    "return_honduras_daily": ("returns", "returned to Honduras"),
    "asylum_applications_mexico": ("claims", "asylum claims in Mexico"),
    "assisted_return_requests_mexico": ("returns", "requests for assisted return, not yet returned"),
    "asylum_withdrawn_then_return": ("returns", "claims withdrawn for return"),
    "assisted_return_in_process": ("returns", "assisted return in process"),
    "repatriation_requests": ("returns", "requests for return, not yet returned"),
    "returned_from_baja_california": ("returns", "returned from Baja California"),
    "iom_assisted_voluntary_return": ("returns", "voluntary return assisted by IOM"),
    "detained_en_route": ("detentions", "detained on the way"),
    "us_detained_after_crossing": ("detentions", "detained in the United States"),
    "attempted_mass_crossing_to_be_deported": ("detentions", "to be deported"),
    "us_border_patrol_arrests_caravan_san_diego": ("detentions", "detained in the United States"),
}

# (date, type) -> kind of event, where it acts; {} keeps the words of the source as scope.
EVENT_PLACES: dict[tuple[str, str], tuple[str, dict[str, str]]] = {
    ("2018-10-15", "hold_then_passed"): ("hold", {"place": "agua-caliente"}),
    ("2018-10-16", "aid_threat"): ("note", {}),
    ("2018-10-19", "border_gate_closed_teargas"): ("closure", {"place": "suchiate-bridge"}),
    ("2018-10-20", "exit_point_closed"): ("closure", {"place": "agua-caliente"}),
    ("2018-10-21", "roadblock_withdrawn"): ("note", {}),
    ("2018-10-26", "policy_offer"): ("note", {"place": "arriaga"}),
    ("2018-10-27", "roadblock_withdrawn"): ("roadblock", {"link_from": "arriaga", "link_to": "chahuites"}),
    ("2018-10-29", "troop_deployment"): ("note", {}),
    ("2018-10-31", "transport_restriction"): ("transport_restriction", {}),
    ("2018-11-01", "transport_restriction"): ("transport_restriction", {"place": "juchitan-de-zaragoza"}),
    ("2018-11-02", "bus_offer_withdrawn"): ("bus_withdrawn", {"place": "sayula-de-aleman"}),
    ("2018-11-12", "no_reception"): ("reception_refused", {}),
    ("2018-11-13", "lanes_closed"): ("note", {"place": "san-ysidro-el-chaparral"}),
    ("2018-11-13", "bus_shortfall"): ("bus_withdrawn", {"place": "guadalajara"}),
    ("2018-11-15", "detention"): ("note", {"scope": "Mexico"}),
    ("2018-11-25", "crossing_closed_teargas"): ("closure", {"place": "san-ysidro-el-chaparral"}),
    ("2018-11-29", "shelter_relocation"): (
        "shelter_opened",
        {"place": "tijuana", "value": "6000"},
    ),
    ("2018-12-01", "shelter_closed"): ("shelter_closed", {"place": "tijuana"}),
    ("2019-01-14", "shelter_closing"): ("note", {"place": "tijuana"}),
}

# mode as compiled -> who offered; every other row tells how people went on their own.
BUS_OFFERS: dict[str, str] = {
    "10 donated buses (women/children)": "donors",
    "police-arranged trucks": "Queretaro state police",
    "rides + state buses from Jalisco line": "Jalisco state government",
    "8 state buses": "Sinaloa and Sonora state governments",
    "8 farm-worker buses under police escort": "Sinaloa state government",
    "state bus relay (Jalisco, Nayarit, Sinaloa, Sonora)": "state governments on the Pacific road",
    "~30 urban buses": "Sonora state government",
}

REASON_SPRING = "the spring 2018 caravan, gathered in Tapachula, told of 700 to 2,000 people"
# People counted at the U.S. south-west border a month, mean of June to August 2018: known in mid-September.
LEAVERS_A_MONTH = {"HN": ("Honduras", 8030), "GT": ("Guatemala", 9720), "SV": ("El Salvador", 3220)}
LEAVERS_SOURCE = (
    "U.S. Border Patrol, south-west border apprehensions by citizenship and month, June-August 2018 "
    "(DHS Office of Homeland Security Statistics, public domain)"
)
# A caravan draws on those who would have left within the month: a tenth of them, or all.
JOIN_SHARE = (0.1, 1.0)
POOL_TOWN_PEOPLE = 50_000


def joiners_of_countries(places: list[dict]) -> list[tuple[str, str, str, str, str]]:
    """One pool per large town, in proportion to its inhabitants: place, low, high, reason, source."""
    rows = []
    for code, (country, people) in LEAVERS_A_MONTH.items():
        towns = [p for p in places if p["country"] == code and int(p["population"] or 0) >= POOL_TOWN_PEOPLE]
        inhabitants = sum(int(town["population"]) for town in towns)
        for town in towns:
            share = people * int(town["population"]) / inhabitants
            low, high = (str(max(1, round(share * part))) for part in JOIN_SHARE)
            reason = (
                f"about {people:,} people from {country} a month were counted at the border in summer 2018; "
                "a tenth to all of one month's leavers might join, split over large towns by inhabitants"
            )
            rows.append((town["id"], low, high, reason, LEAVERS_SOURCE))
    return rows


# place, people_low, people_high, reason, source
JOINERS_ON_THE_WAY = [
    ("tecun-uman", "50", "1000", "judged: people waiting at the border", ""),
    ("tapachula", "100", "2000", REASON_SPRING, SPRING_2018_SIZE),
]

ILLUSTRATIVE_COMMON = (
    "Las personas que podrían unirse (joiners.csv) y los pesos de los destinos son juicios previos, no mediciones. / "
    "The people who may join (joiners.csv) and the weights of destinations are prior judgements, not measurements.",
    "Mientras no se conoce el camino de la caravana, lo traza el modelo. / "
    "Until the way of the caravan is known, the model draws it.",
    "La mayoría de las distancias son estimaciones (círculo máximo × 1.2; montaña × 1.5). / "
    "Most distances are estimates (great circle × 1.2; mountains × 1.5).",
)
SOURCES_COMMON = (
    "Press, agencies and organisations, row by row in the column `source`",
    "GeoNames (CC BY 4.0), coordinates and inhabitants",
    CBP_2017,
    LEAVERS_SOURCE,
)
LICENCE = "Facts and figures with their sources; coordinates GeoNames CC BY 4.0; compilation CC BY 4.0"

CARAVANS: dict[str, dict] = {
    "honduras-2018-10": {
        "group": "caravan",
        "title_es": "Caravana de San Pedro Sula, octubre de 2018",
        "title_en": "Caravan from San Pedro Sula, October 2018",
        "name_es": "Caravana de octubre de 2018",
        "name_en": "Caravan of October 2018",
        "departs": "2018-10-13",
        "days": 35,
        "people": ("1000", "2000"),
        "announced_basis": "called for publicly beforehand; counted by the press at the departure itself",
        "source": (
            "about 1,000 (VOA) to 1,500 (IFRC, "
            "https://reliefweb.int/report/honduras/central-america-migrant-caravan-information-bulletin-n-1); "
            "2,000 (https://t13.cl/noticia/mundo/"
            "gobierno-hondureno-asegura-3.400-personas-caravana-ee.uu-regresaron-al-pais)"
        ),
        "route": [
            *ORIGIN_TO_GUATEMALA,
            *GUATEMALA_TO_BORDER,
            *BORDER_TO_TIJUANA,
        ],
        "destinations_basis": "at departure only 'the northern border' was told; which town is judged",
        "joiners": JOINERS_ON_THE_WAY,
        "joiners_of_countries": True,
        "last_position": "2018-11-16",
        "last_size": "2018-11-12",
        "not_whole": {
            "gathering at bus terminal; organisers had planned ~160; hundreds joined after media coverage",
            "upper outlier: 3000 in lead paragraph and 5000 in text of the same article; treat as unreliable",
            "last ~2000 leave 05:00 for Mexico City",
            "morning",
            "15:00 count, SecGob CDMX",
        },
        "more_events": [
            {
                "date": "2018-11-05",
                "announced": "2018-11-06",
                "announced_basis": "assumed: next day",
                "kind": "shelter_opened",
                "place": "mexico-city",
                "value": "5500",
                "actor": "Mexico City government",
                "source": "https://angulo7.com.mx/2018/nacional/"
                "tras-15-dias-470-migrantes-llegan-a-cdmx-esperan-a-5-mil-500/184932/?amp=1",
                "note": "one shelter",
            },
            {
                "date": "2018-11-14",
                "announced": "2018-11-19",
                "announced_basis": "source address",
                "kind": "shelter_opened",
                "place": "tijuana",
                "value": "3000",
                "actor": "Tijuana city government",
                "source": "https://www.usatoday.com/story/news/world/2018/11/19/"
                "tijuana-shelter-conditions-worsen-migrants/2064085002/",
                "note": "one shelter; sources vary from 1000 to 3000",
            },
        ],
    },
    "el-salvador-2018-10-31": {
        "group": "caravan",
        "title_es": "Caravana de San Salvador, 31 de octubre de 2018",
        "title_en": "Caravan from San Salvador, 31 October 2018",
        "name_es": "Caravana del 31 de octubre de 2018",
        "name_en": "Caravan of 31 October 2018",
        "departs": "2018-10-31",
        "days": 30,
        "people": ("1200", "2000"),
        "announced_basis": "registered and counted at the departure itself",
        "source": "https://prensalibre.com/guatemala/migrantes/nueva-caravana-de-migrantes-sale-de-el-salvador-rumbo-a-ee-uu",
        "route": ["san-salvador", "la-hachadura", *GUATEMALA_TO_BORDER, *BORDER_TO_TIJUANA],
        "destinations_basis": "at departure only 'the northern border' was told; which town is judged",
        "joiners": [
            ("tecun-uman", "20", "500", "judged: people waiting at the border", ""),
            ("tapachula", "100", "2000", REASON_SPRING, SPRING_2018_SIZE),
        ],
        "joiners_of_countries": True,
        "last_position": "2018-11-16",
        "last_size": "2018-11-09",
        "not_whole": set(),
    },
    "tapachula-2021-10": {
        "group": "caravan",
        "title_es": "Caravana de Tapachula, octubre de 2021",
        "title_en": "Caravan from Tapachula, October 2021",
        "name_es": "Caravana de octubre de 2021",
        "name_en": "Caravan of October 2021",
        "departs": "2021-10-23",
        "days": 40,
        "people": ("3000", "5000"),
        "announced_basis": "called for publicly beforehand; the count is printed later, the range is judged around it",
        "source": "4,000 at departure, give or take a quarter: "
        "https://pulsenewsmexico.com/2021/11/10/migrant-caravan-skips-mexico-city-heads-to-us/",
        "route": CHIAPAS_TO_MEXICO_CITY,
        "destinations": [
            ("mexico-city", "0.7", "judged: papers were to be asked for in the capital", ""),
            ("tijuana", "0.3", "judged: earlier caravans went on to the northern border", ""),
        ],
        "destinations_basis": "judged",
        "joiners": [
            ("tapachula", "100", "2000", REASON_SPRING, SPRING_2018_SIZE),
            ("huixtla", "20", "300", "judged: on the road", ""),
        ],
        "last_position": "2021-11-26",
        "last_size": "2021-11-26",
        "not_whole": set(),
    },
}
