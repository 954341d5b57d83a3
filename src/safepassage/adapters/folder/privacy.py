"""What no file of ours may hold: who a person is, how to reach her, where she is finer than town and day.

Rules of thumb over free words and column names, not a proof: a person's bare name looks like a town's or an
institution's and cannot be told from them. Addresses of sources are passed over, since they are full of
digits, but for links to a spot on a map and to chats.
"""

from __future__ import annotations

import re

from safepassage.core.gazetteer import fold

PERSON, CONTACT, SPOT, ADDRESS = (
    "what looks like a person's name",
    "a way to reach a person",
    "an exact position",
    "a street address",
)
MENDS = {
    PERSON: "take it out: name institutions and towns, never persons",
    CONTACT: "take it out",
    SPOT: "take it out, or name the town; write a number of people without separators (7233)",
    ADDRESS: "take it out, or name the town",
}
EXPECTED = "town and day only: no persons, no ways to reach them, no exact positions or addresses"

# Refused where they are the whole name of a column, and where they are one of its words ("gps_x").
_NEVER = frozenset(
    "phone phones telephone telephones telefono telefonos tel celular celulares cel movil whatsapp whats "
    "telegram signal_number email emails e_mail correo correos surname surnames apellido apellidos passport "
    "passports pasaporte pasaportes dni curp cedula rfc ssn imei username submitter contact contacts "
    "contacto contactos address addresses direccion direcciones domicilio domicilios lider lideres".split()
)
_NEVER_WHOLE = frozenset(
    "name names nombre nombres person persona person_name first_name last_name given_name family_name "
    "full_name nombre_completo nombre_y_apellido leader leaders lideresa organizer organiser organizador "
    "guide guia coyote informant informante witness testigo mobile mail movil id_number id_no "
    "identity_number identification identificacion documento document_number numero_de_documento "
    "birth_date birthdate birthday date_of_birth dob fecha_de_nacimiento nacimiento device device_id "
    "street calle calle_y_numero house_number facebook instagram twitter twitter_handle".split()
)
_SPOT_NEVER = frozenset(
    "lat lon lng latitude longitude latitud longitud gps coordinate coordinates coordenada coordenadas "
    "coords geopoint utm mgrs geohash".split()
)
_SPOT_WHOLE = frozenset(
    "x y gps_track track plus_code pluscode what3words geom geometry wkt location_url map_link".split()
)

_URL = re.compile(
    r"(?i)\b(?:https?://|www\.)\S+|\b(?:[\w-]{1,63}\.){1,6}[a-z]{2,12}/\S*|\bdoi:?\s*10\.\S+|\b10\.\d{4,9}/\S+"
)
_MAP_LINK = re.compile(
    r"(?i)-?\d{1,3}\.\d{3,}(?:,|%2C|/|;|\+|&\w+=|!4d)\+?(?:%20)?-?\d{1,3}\.\d{3,}"
    r"|goo\.gl/maps|maps\.app\.goo\.gl|plus\.codes/|what3words\.com/|w3w\.co/|waze\.com/ul"
)
_CHAT_LINK = re.compile(r"(?i)(?:\bwa\.me|chat\.whatsapp\.com|api\.whatsapp\.com|\bt\.me)/")

_CONTACT = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}\.\w"
    r"|\+[0-9][0-9 ()./-]{7,}[0-9]"
    r"|\(?\b\d{2,3}\)?[ -]\d{3,4}[ -]\d{4}\b"
    r"|(?i:\b(?:tel[eé]fono|tel|cel|celular|whatsapp|phone|mobile)\b)\W{0,3}\d[\d ()-]{5,}\d"
)

_START = r"(?<![\w.,/@])"  # no part of a longer figure, a date or an address
_SPOTS = re.compile(
    "|".join(
        (
            # 15°07'24", 15 07.4' N
            r"\d{1,3}\s?[°º]\s?\d{1,2}(?:[.,]\d+)?\s?['′’´]",
            r"\b\d{1,3}[ °º-]\d{1,2}(?:[.,]\d+)?\s?['′’´]\s?(?:\d{1,2}(?:[.,]\d+)?\s?[\"″”]?)?\s?[NSEWO]\b",
            # 15.13N, 15.13° norte, N 15.13, lat 15.13
            r"\d[.,]\d{2,}\s?[°º]?\s?(?:[NSEWO]\b|(?i:norte|sur|este|oeste|north|south|east|west)\b)",
            r"\d[.,]\d{2,}\s?[°º]",
            r"\b[NSEW]\s?\d{1,3}[.,]\d{2,}",
            r"\b(?i:lat|lon|lng|long|latitude?|longitude?|gps|coords?|coordenadas|coordinates)\b\W{0,4}\d{1,3}[.,]\d{2,}",
            # a pair with a sign: 15.13, -92.46
            _START + r"-?\d{1,2}\.\d{2,}(?:\s*[,;/]\s*|\s+)[-−]\d{1,3}\.\d{2,}",
            _START + r"[-−]\d{1,3}\.\d{2,}(?:\s*[,;/]\s*|\s+)[-−]?\d{1,3}\.\d{2,}",
            # Open Location Code, UTM, military grid, three words, a geo: address
            r"\b(?=[0-9]*[CFGHJMPQRVWX])[2-9CFGHJMPQRVWX]{4,8}\+[2-9CFGHJMPQRVWX]{2,4}\b",
            r"\b\d{1,2}\s?[C-X]\s+\d{6}\s+\d{7}\b",
            r"\b\d{1,2}[C-X]\s?[A-Z]{2}\s?\d{3,5}\s?\d{3,5}\b",
            r"(?<![:\w])///[^\W\d]+\.[^\W\d]+\.[^\W\d]+",
            r"\b(?i:geo):-?\d",
        )
    )
)
_FIGURE = re.compile(_START + r"([-−]?)(\d{1,3})([.,])(\d{3,})(?![\w]|[.,]\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")

_STREET = (
    r"\b(?i:calle|avenida|avda\.?|ave?\.?|blvd\.?|bulevar|boulevard|calzada|calz\.|carrera|cra\.|callej[oó]n|"
    r"prolongaci[oó]n|andador|privada|jir[oó]n|paseo)"
)
_NUMBER = r"(?:#|(?i:n[°ºo]\.?|n[uú]m(?:ero)?\.?|number))\s*\d{1,5}\b"
_NAMED = r"(?:\s+(?:de|del|la|las|los|y|[A-ZÁÉÍÓÚÑ0-9][\w.]*)){1,6}"
_NO_YEAR = r"(?!(?:19|20)\d\d\b)"
_ADDRESSES = re.compile(
    "|".join(
        (
            _STREET + r"\s[^,;:]{0,40}?,?\s*" + _NUMBER,
            _STREET
            + _NAMED
            + r",?\s+"
            + _NO_YEAR
            + r"\d{1,5}(?:-\d+)?\b(?!\s+(?i:de\s|d[ií]as|km|kil|horas))",
            _STREET
            + r"\s+(?!(?i:unas|unos|con|por|hasta|durante|a|m[aá]s|casi|cerca|en|desde|y)\s)[^\W\d]+\s+"
            + _NO_YEAR
            + r"\d{1,5}\s*(?:$|[,;.)]|(?i:col|casa|depto|int)\b)",
            r"\b(?i:calle|carrera)\s+\d{1,3}\b",
            r"\b\d{1,2}\s?[aªo°º.]*\s+(?i:avenida|calle|av\.)\s+(?:[A-Z]\s+)?\d",
            r"\b(?i:casa|house)\s*" + _NUMBER,
            r"\b(?i:manzana|mz)\.?\s*\d+\W+(?i:lote|lt)\.?\s*\d+",
            r"\b" + _NO_YEAR + r"\d{1,5}\s+(?:[NSEW]\.?\s+)?(?:[A-Z][\w']*\s+){1,3}"
            r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Lane|Ln)\b",
        )
    )
)

_WORD = r"[A-ZÁÉÍÓÚÑÜ][a-záéíóúñü'’]+"
_TWO_WORDS = rf"{_WORD}(?:\s+(?:de|del|de la|de los))?\s+{_WORD}"
# Words that begin the names of shelters, plans, towns and bodies rather than of persons.
_NO_PERSON = (
    r"(?!(?:Casa|Albergue|Centro|Operaci[oó]n|Operation|Plan|Programa?|Program|Puente|Caravana|Caravan|San|Santa|"
    r"Santo|La|El|Los|Las|The|V[ií]a|Viacrucis|Parque|Park|Estadio|Stadium|Hotel|R[ií]o|Ciudad|City|Frontera|"
    r"House|Shelter|Camp|Campo|Grupo|Group|Pueblos?|Puerto|Paso|Plaza|Iglesia|Church|Ministerio|Ministry|"
    r"Instituto|Secretar[ií]a|Guardia|Cruz|Red|Comisi[oó]n|Title|T[ií]tulo|Remain|Qu[eé]date|Nuevo|Nueva|New)\b)"
)
_PERSONS = re.compile(
    rf"\b(?i:sra?|srta|dra?|lic|ing|mrs?|ms|don|doña|señora?|señorita)\b\.?\s+{_NO_PERSON}{_TWO_WORDS}"
    rf"|\b(?i:named|llamad[oa]|se llama|de nombre|whose name is|leader|l[ií]der|lideresa|contact|contacto)\b"
    rf":?\s+{_NO_PERSON}{_TWO_WORDS}"
)


def personal_in(text: str, *, proper_name: bool = False) -> str:
    """Tell what free words hold that no file of ours may hold, '' where nothing was recognised.

    Parameters
    ----------
    text : str
    proper_name : bool      the name of a town or a region: towns are called after persons and streets.

    Returns
    -------
    str         PERSON, CONTACT, SPOT or ADDRESS, keys of `MENDS`.
    """
    for link in _URL.findall(text):
        if _MAP_LINK.search(link):
            return SPOT
        if _CHAT_LINK.search(link):
            return CONTACT
    words = _URL.sub(" ", text)
    if _CONTACT.search(words):
        return CONTACT
    if _SPOTS.search(words) or any(map(_is_degrees, _FIGURE.finditer(words))):
        return SPOT
    if proper_name:
        return ""
    if _ADDRESSES.search(words):
        return ADDRESS
    return PERSON if _PERSONS.search(words) else ""


def _is_degrees(figure: re.Match[str]) -> bool:
    """Tell a latitude or longitude of 100 m or finer from thousands of people ("7.233 personas")."""
    sign, whole, point, decimals = figure.groups()
    if int(whole) > 180:
        return False
    if point == ",":  # three decimals are thousands, four a year after a day: "Oct 12,2018"
        return len(decimals) > 4 or (bool(sign) and len(decimals) == 4)
    if sign:
        return True
    if len(decimals) == 3:  # thousands, as Spanish writes them: "6.062 (con 516 niñas)"
        return False
    return not (len(decimals) == 4 and int(whole) <= 12 and _YEAR.fullmatch(decimals))


def is_personal_column(name: str, file: str) -> bool:
    """Tell a column that would hold persons, ways to reach them or exact spots, by its name.

    In the tables of a network, `nombre` is a town's, and places.csv has the coordinates of towns.
    """
    words = fold(name).split()
    key = "_".join(words)
    of_network = file in ("places.csv", "links.csv")
    if key in ("name", "names", "nombre", "nombres") and of_network:
        return False
    if key in _NEVER_WHOLE or key in _NEVER or not _NEVER.isdisjoint(words):
        return True
    if file == "places.csv":
        return False
    return key in _SPOT_WHOLE or not _SPOT_NEVER.isdisjoint(words)
