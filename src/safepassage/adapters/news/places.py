"""Which places a sentence names, and in what part: there, from there, to there.

A name may belong to several places; the words of the article decide (state and country named, other places
named, where the caravan was last reported). Names inside the names of organisations and offices do not
count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import isfinite, log1p

from safepassage.adapters.news.lexicon import PEOPLE_NOUNS
from safepassage.adapters.news.names import LONGEST, PlaceNames
from safepassage.adapters.news.towns import Town, towns_of
from safepassage.core.countries import country_name, known_country
from safepassage.core.gazetteer import fold
from safepassage.core.network import sphere_km

AT, GOAL, FROM, TOWARD, OF, ORGANISATION, AREA, NAMED = (
    "at",
    "goal",
    "from",
    "toward",
    "of",
    "organisation",
    "area",
    "named",
)
_TOKEN = re.compile(r"[^\W_]+")
_WINDOW = 64
_LEADS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"(?:{words})\s+$", re.I))
    for role, words in (
        (
            ORGANISATION,
            r"\b(?:universidad|university|instituto|institute|colegio|hospital|diario|peri[oó]dico|"
            r"peri[oó]dicos|heraldo|"
            r"prensa|radio|tribuna|gaceta|club|equipo|selecci[oó]n|congreso|di[oó]cesis|diocese|"
            r"arquidi[oó]cesis|obispo|"
            r"bishop|presidentes?|presidenta|president|vicepresident[ea]?|alcald(?:e|esa|es|[ií]a)|mayors?|"
            r"ayuntamiento|"
            r"gobernador(?:a|es)?|governors?|gobiernos?|government|autoridades|authorities|"
            r"canciller(?:[ií]a)?|c[oó]nsul|"
            r"consulado|consulate|embajad(?:a|or|ora)|embassy|ambassador|ministr[oa]s?|minister|ministry|"
            r"vecinos|"
            r"habitantes|residents?|ciudadanos|police|polic[ií]a|tratado|treaty|batalla|battle|c[aá]mara|"
            r"banco|bank|"
            r"sindicato|secretari[oa]s?|protecci[oó]n civil|fiscal[ií]a|"
            r"tribunal)(?:\s+[\w]+){0,2}?\s+(?:del?|of|for|en)|\b(?:officials|authorities|police|autoridades|"
            r"funcionarios|reporters?|agency"
            r"|spokes\w+) (?:in|en)|(?:fighting|violence|clashes|conflict|attacks?|combates|violencia|"
            r"enfrentamientos|ataques?)"
            r"(?: \w+){0,3} (?:in|en|around|near)",
        ),
        (
            TOWARD,
            r"\b(?:rumbo a|con rumbo a|hacia|con destino a|en direcci[oó]n a|(?:de |en )?camino a|para "
            r"(?:llegar|ir|dirigirse|"
            r"continuar|seguir) (?:a|hacia|hasta)|toward|towards|(?:bound|head\w*|left|leave|leaving|off|out|"
            r"depart\w*|"
            r"out|again|a\.m\.|p\.m\.|morning|\w*day) for|way (?:on )?to|head\w* (?:on )?(?:to|north to|up "
            r"to)|"
            r"se dirig\w+ a|next stop,?(?: for [\w ]{1,20})?,?(?: is| will be)?|pr[oó]xim[ao] (?:parada|"
            r"escala|destino|"
            r"punto)(?: ser[aá]|,| es)?(?: en)?|en ruta a|en route to|road to|camino hacia|destined for)",
        ),
        (
            FROM,
            r"\b(?:desde|from|out of|left|leave[s]?|leaving|departed|departing|dej(?:ó|aron|an|ar[aá]n?|ar|"
            r"ando)(?: atr[aá]s)?|"
            r"sal(?:ió|ieron|en|ir[aá]n?|dr[aá]n?|ida|ir|iendo)(?:[^.;,]{0,35})? del?|part(?:ió|ieron|en|"
            r"ir[aá]n?|ida|ir)"
            r"(?:[^.;,]{0,35})? del?|abandon(?:ó|aron|ar[aá]n|an|ar)|provenientes? de|procedentes? de|"
            r"ven[ií]an de|"
            r"fled|flee(?:ing)?|huy(?:ó|eron|en|endo) de)",
        ),
        (
            GOAL,
            r"\b(?:a|al|hasta|to|into|reach(?:ed|es|ing)?|made it to|got to|onto|entr(?:ó|aron|an|ando)(?: "
            r"caminando| a pie)?"
            r"(?: a| en)|upon)",
        ),
        (
            AT,
            r"\b(?:en|in|at|through|por|near|cerca del?|outside|around|sobre|on|throughout|across|inside|"
            r"within|dentro de|"
            r"afueras de|outskirts of|junto a|frente a|between|entre|ante|pasando|past|via|town of|city of|"
            r"municipio de|"
            r"village of|municipality of|ciudad de|localidad de|pueblo de|comunidad de|poblado de|camp of|"
            r"leaves)",
        ),
        (OF, r"\b(?:del?|of)"),
    )
)
# Words between a preposition and the name: "to the southern Mexican town of", "en el municipio de".
_BETWEEN = re.compile(
    r"(?:\b(?:the|el|la|los|las|un|una|su|its|their|southern|northern|eastern|western|central|nearby|"
    r"neighbou?ring|"
    r"mexican|guatemalan|honduran|salvadoran|vecin[oa]s?|cercan[oa]s?|small|peque[ñn][oa]|border|"
    r"fronteriz[oa]s?|"
    r"chiapas|town|city|village|municipality|municipio|ciudad|localidad|poblaci[oó]n|poblado|pueblo|"
    r"comunidad|"
    r"communities|community|camp|campamento|settlement|site|refugee|center|centre|capital|state|"
    r"[a-z]{3,14}(?:ern|an|ese))(?:\s+(?:de|of|del)(?:\s+(?:la|los|el))?)?\s+)+$",
    re.I,
)
_NP = re.compile(
    r"\b(?P<lead>en|in|at|a|al|to|into|hasta|por|through|desde|from|sobre|on|outside|near|hacia)\s+(?:(?:el|"
    r"la|los|las|un|una|the|a|"
    r"an|su|its)\s+)?(?:[^\W\d_]+\s+){1,4}(?:del?(?:\s+(?:la|los|las))?|of(?:\s+the)?|in)\s+$",
    re.I,
)
_NP_ROLE = {
    "a": GOAL,
    "al": GOAL,
    "to": GOAL,
    "into": GOAL,
    "hasta": GOAL,
    "desde": FROM,
    "from": FROM,
    "hacia": TOWARD,
}
_CLOSE_WORDS = frozenset(
    "en el la los las un una de del al y a in the at on from to and by for with desde hasta hacia por tras "
    "after "
    "near ciudad puente city bridge camp downtown central nearby sur norte southern northern albergue "
    "shelter "
    "monday tuesday wednesday thursday friday saturday sunday estadio parque municipio mientras while when "
    "cuando "
    "as que segun entre between both only alone ya today yesterday hoy ayer early late municipality cruce "
    "crossing "
    "january february march april may june july august september october november december".split()
)
# "the Benito Juarez shelter" is no town; "the Tijuana shelter" is in one.
_SITE_AFTER = re.compile(
    r"\s+(?:shelter|stadium|school|park|church|sports|university|highway|river|avenue|street)\b", re.I
)
_LOWER_ENDS = frozenset("bridge city camp capital crossing settlement".split())
_ORG_AFTER = re.compile(
    r"\s+(?:University|Herald|Post|Times|Tribune|News|Institute|Hospital|College|Club|FC|Diocese|Chamber|"
    r"Cartel|Accord|"
    r"Agreement|Declaration|Ministry|Treaty|Avenue|Street)\b"
)


@dataclass(frozen=True)
class Named:
    """One name of a place, or of an area, as it stands in a sentence.

    Parameters
    ----------
    start, end : int
    name : str          as written.
    role : str          AT, GOAL, FROM, TOWARD, OF, ORGANISATION, AREA or NAMED (nothing tells).
    place : int         position in `Places`; -1: none of the network.
    town : Town or None     the town it is, where the network does not have it.
    nearest : int       place of the network nearest to that town; -1: none.
    nearest_km : float
    doubt : str         what a reviewer should know; '' where the name is plain.
    """

    start: int
    end: int
    name: str
    role: str
    place: int = -1
    town: Town | None = None
    nearest: int = -1
    nearest_km: float = 0.0
    doubt: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What is known around a name: areas and countries of the article, and points people were at.

    Parameters
    ----------
    areas : frozenset of str        folded names of states and the like, named in the article.
    countries : frozenset of str    English names of countries named in the article.
    points : tuple of (lat, lon)    other places of the article, or where the caravan was last reported.
    """

    areas: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    points: tuple[tuple[float, float], ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class _Word:
    folded: str
    start: int
    end: int
    capital: bool


def surroundings(text: str, names: PlaceNames, last_seen: Sequence[tuple[float, float]]) -> Surroundings:
    """Gather the areas and countries of an article, and its places that are the only one of their name."""
    areas: set[str] = set()
    countries: set[str] = set()
    points: list[tuple[float, float]] = []
    words = _words(text)
    for i, word in enumerate(words):
        if not word.capital:
            continue
        for length in range(min(4, len(words) - i), 0, -1):
            key = tuple(w.folded for w in words[i : i + length])
            joined = " ".join(key)
            if joined in names.areas and not names.find(key):
                areas.add(joined)
                countries.add(names.areas[joined])
            if (country := _country(text[word.start : words[i + length - 1].end])) is not None:
                countries.add(country)
            found = names.find(key)
            if len(found) == 1 and (length > 1 or len(towns_of(joined)) < 2) and len(points) < 200:
                points.append((float(names.places.lat[found[0]]), float(names.places.lon[found[0]])))
    return Surroundings(
        frozenset(areas), frozenset(countries), tuple(last_seen) or tuple(dict.fromkeys(points))
    )


def places_in(text: str, names: PlaceNames, around: Surroundings) -> list[Named]:
    """Find the names of places and areas in a sentence, each resolved as well as its surroundings allow."""
    words = _words(text)
    shouting = sum(w.capital for w in words) > 0.8 * len(words) and len(words) > 4
    found: list[Named] = []
    i = 0
    while i < len(words):
        length = _length(text, words, i, names, shouting)
        if length:
            mention = _mention(text, words, i, length, found)
            found.append(_resolved(mention, text, names, around))
            i += length
        else:
            i += 1
    return [m for m in found if m.place >= 0 or m.town is not None or m.role == AREA]


def _words(text: str) -> list[_Word]:
    quiet = not any(c.isupper() for c in text)
    return [_Word(fold(m[0]), m.start(), m.end(), m[0][0].isupper() or quiet) for m in _TOKEN.finditer(text)]


def _length(text: str, words: list[_Word], i: int, names: PlaceNames, shouting: bool) -> int:
    """Give how many words from the i-th on are one name; 0 where it is none."""
    if not words[i].capital:
        return (
            2 if words[i].folded == "capital" and names.find(tuple(w.folded for w in words[i : i + 2])) else 0
        )
    for length in range(min(LONGEST, len(words) - i), 0, -1):
        last = words[i + length - 1]
        if not (last.capital or last.folded.isdigit() or last.folded in _LOWER_ENDS) or re.search(
            r"[.;:!?()]", text[words[i].start : last.end]
        ):
            continue
        key = tuple(w.folded for w in words[i : i + length])
        joined = " ".join(key)
        known = names.find(key) or joined in names.areas or _country(text[words[i].start : last.end])
        if not known and not (len(joined) > 3 and length <= 5 and towns_of(joined)):
            continue
        if shouting or not _runs_on(text, words, i, length):
            return length
    return 0


def _runs_on(text: str, words: list[_Word], i: int, length: int) -> bool:
    """Tell a part of a longer proper name ("Jorge Morales") from a name that stands by itself."""
    if i and words[i - 1].capital and words[i - 1].folded not in _CLOSE_WORDS:
        gap = text[words[i - 1].end : words[i].start]
        starts = i == 1 and words[0].start == 0
        if gap.isspace() and not (starts and len(words[0].folded) < 5):
            return True
    after = i + length
    if after < len(words) and words[after].capital and words[after].folded not in _CLOSE_WORDS:
        return text[words[after - 1].end : words[after].start].isspace() and len(words[after].folded) > 1
    return False


def _mention(text: str, words: list[_Word], i: int, length: int, before: list[Named]) -> Named:
    start, end = words[i].start, words[i + length - 1].end
    role = _role(text, start)
    if _ORG_AFTER.match(text, end):
        role = ORGANISATION
    if re.search(
        r"\b(?:albergue|refugio|estadio|unidad(?: deportiva)?|escuela|parque|iglesia|calle|avenida|hotel|"
        r"plaza|r[ií]o|colonia|barrio|fraccionamiento)\s+$",
        text[:start],
        re.I,
    ):
        role = ORGANISATION
    if before and role == NAMED and re.fullmatch(r"\s*(?:,|\()\s*", text[before[-1].end : start]):
        role = OF
    if before and re.fullmatch(r"\s+(?:y|and|e|o|or)\s+", text[before[-1].end : start]) and role == NAMED:
        role = before[-1].role
    return Named(start, end, text[start:end], role)


def _role(text: str, start: int) -> str:
    before = text[max(0, start - _WINDOW) : start]
    before = re.split(r"[.;:()](?=\s)", before)[-1]
    stripped = _BETWEEN.sub("", before) if not _LEADS[0][1].search(before) else before
    for words in (before, stripped):
        for role, pattern in _LEADS[:-1]:
            if pattern.search(words):
                return role
    if (inner := _NP.search(before)) and PEOPLE_NOUNS.isdisjoint(fold(inner[0]).split()):
        return _NP_ROLE.get(fold(inner["lead"]), AT)
    return OF if _LEADS[-1][1].search(before) else NAMED


def _resolved(mention: Named, text: str, names: PlaceNames, around: Surroundings) -> Named:
    key = tuple(fold(mention.name).split())
    joined = " ".join(key)
    own = names.find(key)
    if not own and _SITE_AFTER.match(text, mention.end):
        return mention
    is_area = joined in names.areas or _country(mention.name) is not None
    if is_area and not own and mention.role == ORGANISATION:
        return mention
    if is_area and (not own or _means_area(mention, text)):
        return replace(mention, role=AREA)
    told = _told_area(text, mention.end, names)
    scored: list[tuple[float, int, Town | None]] = [
        (_score_own(p, names, around, told), p, None) for p in own
    ]
    if re.search(r"\b(?:El|La|Los|Las|San|Santa|Al|The)\s+$", text[: mention.start]) and not own:
        return mention
    others = [t for t in towns_of(joined) if not _is_own_town(t, own, names)]
    if not own and mention.role not in {AT, GOAL, FROM, TOWARD, OF}:
        others = []
    scored += [(_score_town(t, names, around, told, bool(own)), -1, t) for t in others]
    scored = [s for s in scored if isfinite(s[0])]
    if not scored:
        return mention
    scored.sort(key=lambda s: s[0], reverse=True)
    score, place, town = scored[0]
    doubt = "town or state of that name / ciudad o estado de ese nombre" if is_area else ""
    if len(scored) > 1 and score - scored[1][0] < 0.7 and (place >= 0 or scored[1][1] >= 0):
        doubt = "several places bear this name / varios lugares se llaman así"
    if town is None:
        return replace(mention, place=place, doubt=doubt)
    nearest, km = names.nearest(town)
    return replace(mention, town=town, nearest=nearest, nearest_km=km, doubt=doubt)


def _means_area(mention: Named, text: str) -> bool:
    """Tell "Isla, Veracruz" and "el sur de Puebla" from the city of Puebla."""
    before = text[max(0, mention.start - 40) : mention.start]
    if re.search(r"\b(?:ciudad de|city of|puerto de|port of|city center of|ciudad)\s+$", before, re.I):
        return False
    if re.search(r"[^\W\d_]{3,},\s+$", before) and re.search(r"[A-ZÁÉÍÓÚÑ][^\W\d_]*,\s+$", before):
        return True
    return bool(
        re.search(
            r"\b(?:state of|estado de|sur de|norte de|este de|oeste de|centro de|southern|northern|eastern|"
            r"western|central|"
            r"departamento de|department of|province of|provincia de|district of|region of|regi[oó]n de|"
            r"gobierno de|"
            r"gobernador(?:a)? de|governor of|autoridades de|congreso de)\s+$",
            before,
            re.I,
        )
    )


def _told_area(text: str, end: int, names: PlaceNames) -> str:
    """Give the area told right after a name (", Chiapas", "(Guatemala)", ", in the state of Chiapas")."""
    after = re.match(
        r"\s*[,(]\s*(?:en\s+|in\s+)?(?:el\s+)?(?:(?:the\s+)?(?:southern\s+|"
        r"northern\s+)?(?:Mexican\s+)?(?:state|estado|"
        r"departamento|department)\s+(?:of|"
        r"de)\s+)?(?P<area>[A-ZÁÉÍÓÚÑ][\w.]*(?:\s+(?:de\s+)?[A-ZÁÉÍÓÚÑ][\w.]*)*)",
        text[end : end + 90],
    )
    if not after:
        after = re.match(r"\s+(?:de|in|en)\s+(?P<area>[A-ZÁÉÍÓÚÑ]\w+)", text[end : end + 40])
    if not after:
        return ""
    area = fold(after["area"])
    return area if area in names.areas or _country(after["area"]) else ""


def _score_own(place: int, names: PlaceNames, around: Surroundings, told: str) -> float:
    level, country = fold(names.places.admin1[place]), country_name(names.places.countries[place], "en")
    here = (float(names.places.lat[place]), float(names.places.lon[place]))
    return 2.0 + _score(level, country, here, around, told)


def _score_town(town: Town, names: PlaceNames, around: Surroundings, told: str, rivals: bool) -> float:
    country = country_name(town.country, "en")
    near = country in around.countries or town.country in set(names.places.countries)
    if not near and not told:
        return float("-inf")
    size = 0.0 if town.population < 20_000 else 0.3
    return size - 0.5 * rivals + _score(fold(town.admin1), country, (town.lat, town.lon), around, told)


def _score(level: str, country: str, here: tuple[float, float], around: Surroundings, told: str) -> float:
    score = 0.0
    if told:
        score += 3.0 if told in (level, fold(country)) else -2.0 * bool(level)
    score += 1.0 * (bool(level) and level in around.areas) + 0.7 * (country in around.countries)
    km = [float(sphere_km(here, point)) for point in around.points if point != here]
    km = [k for k in km if isfinite(k)]
    return score - 0.8 * log1p(min(km, default=100.0) / 50.0)


def _is_own_town(town: Town, own: list[int], names: PlaceNames) -> bool:
    spots = [(float(names.places.lat[p]), float(names.places.lon[p])) for p in own]
    return any(sphere_km(spot, (town.lat, town.lon)) < 25.0 for spot in spots)


def _country(name: str) -> str | None:
    plain = " ".join(name.replace(".", "").split())
    if plain in {"US", "EEUU", "EE UU", "UU"}:
        return "United States"
    return country_name(name, "en") if len(name) > 3 and known_country(name) else None
