"""Persons' names taken out of excerpts; rather too much than too little.

A person's name looks like a town's or an institution's. So everything written with a capital is masked that
is not known: places, countries and nationalities, institutions by their words ("Ministry", "Casa", "Cruz"),
months, days and letters such as UNHCR stay; a run of capitalised words, a single one after a title or
beside a word of saying, and every later mention of them go. Ways to reach a person, exact spots and counts
of women or children go as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from safepassage.adapters.folder.privacy import personal_in
from safepassage.adapters.news.lexicon import PART_NOUNS, PEOPLE_NOUNS
from safepassage.adapters.news.names import PlaceNames
from safepassage.adapters.news.towns import towns_of
from safepassage.core.countries import known_country
from safepassage.core.gazetteer import fold

MASK = "[…]"
_WORD = r"(?:[A-ZÁÉÍÓÚÑÜ][\w’'-]*\.?)"
_LINK = r"(?:de(?:l)?(?: la| los| las)?|of(?: the)?|y|e|and|van|von|bin|al|el|da|do|dos)"
_RUN = re.compile(rf"{_WORD}(?:[^\S\n]+(?:{_LINK}[^\S\n]+)?{_WORD})*")
_ORGANISATION = frozenset(
    (
        "universidad university instituto institute secretaria ministerio ministry department departamento "
        "comision "
        "commission casa casas cruz red roja cross crescent pueblo pueblos sin fronteras nations naciones "
        "unidas united "
        "congreso congress senado senate policia police federal nacional national guardia guard government "
        "gobierno "
        "gobernacion proteccion civil protection human derechos humanos rights watch alto comisionado high "
        "commissioner "
        "agencia agency organizacion organization international internacional internacionales migracion "
        "migration "
        "immigration border patrol customs homeland security interior relaciones exteriores foreign affairs "
        "associated press reuters fondo fund infancia children medicos doctors borders iglesia church "
        "catolica "
        "catholic diocesis diocese parroquia albergue shelter refugio estadio stadium parque park puente "
        "bridge rio "
        "river plaza unidad deportiva club hotel hospital centro center centre campo camp caravana caravan "
        "exodo "
        "operacion operation plan programa program migrante migrantes viacrucis white house pentagon casa "
        "blanca "
        "kremlin universidad oxfam amnesty amnistia save the caritas defensoria procuraduria fiscalia "
        "ayuntamiento "
        "ejercito army navy marina world food programme council norwegian danish central norte america "
        "americas "
        "centroamerica sur north south east west oeste este pacific pacifico gulf golfo atlantic carretera "
        "highway "
        "panamericana costera district distrito province provincia state estado city ciudad county sub "
        "region valley "
        "valle mision mission group grupo new nueva nuevo republica republic oriental occidental unhcr union "
        "europea "
        "european african africana frontera settlement asentamiento reception transit barrio colonia"
    ).split()
)
_CALENDAR = frozenset(
    (
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
        "august "
        "september october november december jan feb mar apr jun jul aug sep sept oct nov dec lunes martes "
        "miercoles "
        "jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre "
        "noviembre "
        "diciembre navidad nochebuena pascua christmas easter ramadan eid new chis oax ver gto jal son sin "
        "pue qro coah tamps "
        "mich hgo zac mex"
    ).split()
)
# Small words that begin a sentence with a capital.
_BEGINNERS = frozenset(
    (
        "el la los las un una unos unas en de del al a y o e por para con sin segun tras desde hasta entre "
        "mas cerca casi "
        "alrededor ayer hoy anoche este esta estos estas ese esa aquel su sus se lo le que como cuando "
        "mientras donde "
        "aunque pero tambien ademas asi ya no ni si al hace son fue fueron hay varios varias cientos miles "
        "decenas "
        "decena centenares otro otra otros otras algunos algunas todo toda todos todas dos tres cuatro cinco "
        "seis "
        "siete ocho nueve diez cien mil medio poco muchos mucho cada ante bajo hacia sobre durante luego "
        "despues antes "
        "the a an of in on at by to from for with without after before about around some more most many "
        "several "
        "hundreds thousands dozens another other others they it its he she we i you their his her this that "
        "these "
        "those there here when while where who what which as if but and or so yet not no nor both each every "
        "all "
        "between among nearly almost over under up at least as many fewer less one two three four five six "
        "seven eight "
        "nine ten roughly approximately early late earlier later next last first second third according "
        "since until "
        "now today yesterday tomorrow tonight meanwhile however still also only even organizers organisers "
        "officials "
        "authorities police migrants refugees people honduran mexican guatemalan salvadoran organizadores "
        "autoridades "
        "migrantes integrantes president presidente mayor governor alcalde gobernador minister ministro aid "
        "human "
        "most nine fewer federal local u s us un onu ee uu en"
    ).split()
)
_TITLE = re.compile(
    r"\b(?:sra?|srta|dra?|lic|ing|mrs?|ms|gov|gen|gral|sen|rep|rev|fr|sgt|capt|cap|col|prof|president[ea]?|"
    r"vice president|"
    r"alcalde(?:sa)?|mayor|gobernador(?:a)?|governor|ministr[oa]|minister|secretari[oa]|secretary|canciller|"
    r"embajador(?:a)?|"
    r"ambassador|padre|father|sister|hermana|obispo|bishop|pastor|priest|activista|activist|director(?:a)?|"
    r"coordinador(?:a)?|"
    r"coordinator|vocer[oa]|portavoz|spokes(?:man|woman|person)|leader|l[ií]der|dirigente|comisionad[oa]|"
    r"commissioner|don|doña|"
    r"señora?|named|llamad[oa]|migrante|migrant|journalist|periodista|abogad[oa]|lawyer|candidate|candidato|"
    r"senator|senador)"
    r"\.?(?:\s+(?:general|municipal|nacional|national|estatal))?\s*,?\s+$",
    re.I,
)
_SAYS = re.compile(
    r"\b(?:said|says|told|added|recalled|explained|asked|wrote|dijo|dice|cont[oó]|relat[oó]|agreg[oó]|"
    r"explic[oó]|se[ñn]al[oó]|afirm[oó]|"
    r"asegur[oó]|coment[oó]|indic[oó]|inform[oó]|expres[oó]|lament[oó]|declar[oó]|advirti[oó]|warned|"
    r"insisted|tweeted|tuite[oó])\b"
)
_AGE = re.compile(r"\s*,\s+(?:de\s+)?\d{1,2}\b(?!\s*(?:km|de |,\d{3}))")
_PART_COUNT = re.compile(
    r"(?:\d[\d.,]*|\b[^\W\d_]+)\s+(?:" + "|".join(sorted(PART_NOUNS - {"adultos", "adults"})) + r")\b", re.I
)
_OF_WHOM = re.compile(
    r"(\b(?:de l[oa]s (?:cuales|que)|of whom|of them|de ell[oa]s|entre ell[oa]s|among them|including|"
    r"incluid[oa]s|incluyendo)\b)"
    r"([^.;]{0,80})",
    re.I,
)


class Masker:
    """Takes persons' names out of the sentences of one article.

    Parameters
    ----------
    text : str              the whole article: a name masked once is masked everywhere.
    names : PlaceNames      what is a place.
    """

    def __init__(self, text: str, names: PlaceNames) -> None:
        self._places = names
        self._ordinary = {
            fold(w) for w in re.findall(r"(?<![.!?“\"]\s)(?<!^)\b[a-záéíóúñü]{3,}\b", text[:200_000])
        }
        self._persons: set[str] = set()
        for run in _RUN.finditer(text[:200_000]):
            if self._is_person(text, run.start(), run.end(), run[0]):
                self._persons |= {w for w in _folded(run[0]) if len(w) > 3 and not self._is_known(w)}

    def masked(self, sentence: str) -> str:
        """Give a sentence without persons' names; '' where something else about a person is left."""
        pieces, at = [], 0
        for run in _RUN.finditer(sentence):
            kept = self._kept(sentence, run)
            pieces += [sentence[at : run.start()], kept]
            at = run.end()
        text = "".join([*pieces, sentence[at:]])
        text = _PART_COUNT.sub(_hidden_count, text)
        text = _OF_WHOM.sub(
            lambda m: m[1] + re.sub(r"(?:\bmil )?\d[\d.,]*(?: mil)?(?: \d+)?", MASK, m[2]), text
        )
        text = re.sub(r"(?:\[…\][\s,]*(?:(?:de|y|of|and|del)\s+)?){2,}", MASK + " ", text)
        return "" if personal_in(text) else text.strip()

    def _kept(self, sentence: str, run: re.Match[str]) -> str:
        if self._is_person(sentence, run.start(), run.end(), run[0]):
            return self._without_person(sentence, run)
        words = _folded(run[0])
        if any(w in self._persons for w in words) and not self._is_place(run[0]):
            return MASK
        return run[0]

    def _without_person(self, sentence: str, run: re.Match[str]) -> str:
        """Mask a run but for a small word that begins it, and a place that ends it ("de Tapachula")."""
        text = run[0]
        lead = re.match(r"\S+\s+", text)
        head = ""
        if lead and fold(lead[0]) in _BEGINNERS | _CALENDAR:
            head, text = lead[0], text[lead.end() :]
        tail = ""
        if end := re.search(r"\s+(?:de|of|from|en|in)\s+(?P<place>\S.*)$", text):
            tail = end[0] if self._is_place(end["place"]) else ""
        return head + (MASK + tail if text else "")

    def _is_person(self, text: str, start: int, end: int, run: str) -> bool:
        words = [w for w in _folded(run) if w]
        if not words or self._is_place(run):
            return False
        rest = [w for w in words if not self._is_known(w)]
        if not rest:
            return False
        before, after = text[max(0, start - 45) : start], text[end : end + 30]
        if _TITLE.search(before):
            return True
        if any(w in _ORGANISATION for w in words) and len(rest) < len(words):
            return False
        if len(words) > 1:
            return not (len(rest) == 1 and words[0] in _BEGINNERS and self._is_ordinary_start(rest[0]))
        starts = not before.strip() or bool(re.search(r"[.!?:;“\"»\n(—–-]\s*$", before))
        if run.isupper() and 2 <= len(run) <= 6:
            return False
        spoken = bool(
            _SAYS.match(after.strip(" ,")) or _SAYS.search(before[-12:].strip()) or _AGE.match(after)
        )
        return spoken or not starts

    def _is_ordinary_start(self, word: str) -> bool:
        return word in self._ordinary

    def _is_known(self, word: str) -> bool:
        return (
            word in _BEGINNERS
            or word in _CALENDAR
            or word in _ORGANISATION
            or word in PEOPLE_NOUNS
            or word.rstrip("s") + "s" in PEOPLE_NOUNS
            or word in self._places.areas
            or known_country(word)
            or len(word) == 1
        )

    def _is_place(self, run: str) -> bool:
        """Tell whether a run is made of places, areas, countries and small words only."""
        words = [w for w in _folded(run) if w]
        i = 0
        places = 0
        while i < len(words):
            for length in range(min(7, len(words) - i), 0, -1):
                joined = " ".join(words[i : i + length])
                known = self._places.find(tuple(words[i : i + length])) or joined in self._places.areas
                if (
                    known
                    or known_country(joined)
                    or (length == len(words) and length > 1 and towns_of(joined))
                ):
                    i, places = i + length, places + 1
                    break
            else:
                if not self._is_known(words[i]) and words[i] not in {"de", "del", "la", "of"}:
                    return False
                i += 1
        return places > 0 and not (len(words) == 1 and words[0] in self._persons_now())

    def _persons_now(self) -> Iterable[str]:
        return getattr(self, "_persons", ())


def _folded(run: str) -> list[str]:
    return fold(run).split()


def _hidden_count(match: re.Match[str]) -> str:
    first, noun = match[0].rsplit(None, 1)
    small = fold(first) in {
        "los",
        "las",
        "the",
        "y",
        "and",
        "sus",
        "their",
        "de",
        "of",
        "o",
        "e",
        "or",
        "con",
        "with",
        "many",
        "muchos",
        "muchas",
    }
    return match[0] if small or not (first[0].isdigit()) else f"{MASK} {noun}"
