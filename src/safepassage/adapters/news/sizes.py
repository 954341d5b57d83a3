"""Which numbers of a sentence can be the size of a crowd."""

from __future__ import annotations

import re
from collections.abc import Sequence

from safepassage.adapters.news.cues import POLL
from safepassage.adapters.news.kinds import Cue
from safepassage.adapters.news.numbers import BARE, FAMILIES, PEOPLE, Figure
from safepassage.adapters.news.places import Named

# A bare number ("organisers spoke of 7,500") is a size only from here on.
_SMALLEST_BARE = 25


_LARGEST_CROWD = 20_000_000


# A figure told only to compare with: people of another day, and mostly of another place.
_COMPARED = re.compile(
    r"\b(?:(?:down|up) from|compared (?:with|to)|versus|against|frente a(?: l[oa]s)?|en comparaci[oó]n con|"
    r"contra(?: l[oa]s)?|en lugar de(?: l[oa]s)?|instead of)\s+(?:the\s+|l[oa]s\s+)?$",
    re.I,
)
# People who took what an authority offered them, or whom a handout reached, are a part of a crowd.
_TOOK = re.compile(
    r"^[^.;]{0,45}?\b(?:accept\w+|acept\w+|acogid[oa]s?|acogieron|opted|optaron|took (?:them|it|up)|"
    r"(?:were )?granted|obtuvieron|"
    r"recibieron|received)\b(?![^.;]{0,30}\b(?:return|retorno|deport\w+|repatri\w+)\b)",
    re.I,
)
_REACHED = re.compile(
    r"\b(?:distribut\w+|assistance|aid|rations|raciones|vaccin\w+|vacun\w+|consultas|consultations|"
    r"atenci[oó]n|asistencia|ayuda|benefici\w+|distribuciones)\b[^.;,]{0,30}$",
    re.I,
)
_WHO_CAME = re.compile(r"^[^.;,]{0,25}\b(?:que|who)\s+\w+", re.I)
# A shelter is for so many; a town or camp is of so many.
_PLACES_FOR = re.compile(
    r"\b(?:albergues?|refugios?|shelters?|auditorio|gimnasio|carpas?|tents?|hall|stadium|estadio|espacios?|"
    r"room|space|cupo|lugar(?:es)?|capacidad|capacity|built|designed|pensad[oa]|diseñad[oa]|construid[oa])"
    r"(?: [\wáéíóúñ-]+){0,3}? (?:para|for|of|de)\s+$|\b(?:hold|holds|accommodate|accommodates|"
    r"sleeps|caben|alojar a|albergar a|(?:can|could|able to|pueden?|podr[ií]an?) \w+(?: a)?)"
    r"\s+(?:hasta |up to )?$",
    re.I,
)
_BEDS_AFTER = re.compile(r"^\s+(?:beds|camas|catres|literas|lugares|places|plazas|espacios)\b", re.I)
_TOWN_OF = re.compile(
    r"\b(?:settlement|city|town|village|camp|ciudad|pueblo|municipio|campamento|poblado|asentamiento)"
    r" (?:of|de|con|with)\s+$",
    re.I,
)

# "meals for 900 people": what is meant for so many tells not how many there are.
_FOR_SO_MANY = re.compile(r"\b(?:para|for)\s+$", re.I)

_ROOM = re.compile(r"\b(?:capaci\w+),? (?:que|which|of|de)\b[^.;]{0,14}$", re.I)


# People whom somebody treated or fed are a part of those who are there.
_SERVED = re.compile(
    r"\b(?:treated|vaccinated|screened|fed|served|rescued|atendi\w+|vacun\w+|aliment\w+|revis\w+|rescat\w+|"
    r"transport\w+|carrying)"
    r"(?: to| a)?\s*$",
    re.I,
)


def is_size(text: str, figure: Figure, places: Sequence[Named], cues: Sequence[Cue]) -> bool:
    """Tell numbers that can be the size of something; parts, prices and populations are none."""
    if any(p.start < figure.end and figure.start < p.end for p in places) or figure.low > _LARGEST_CROWD:
        return False
    if _SERVED.search(text[max(0, figure.start - 25) : figure.start]):
        return False
    if is_capacity(text, figure) or _is_of_others(text, figure, cues):
        return False
    near = re.split(r"[,;]\s", text[max(0, figure.start - 30) : figure.start])[-1]
    if POLL.search(near + re.split(r"[,;]\s", text[figure.start : figure.noun_end + 15])[0]):
        return False
    if figure.counts in (PEOPLE, FAMILIES):
        return not _is_part(text, figure)
    return (
        figure.counts == BARE
        and figure.low + (figure.high or 0) >= _SMALLEST_BARE
        and _told_as_size(text, figure, cues)
    )


def is_capacity(text: str, figure: Figure) -> bool:
    """Tell a number of people that a shelter has room for."""
    before = text[max(0, figure.start - 60) : figure.start]
    before = re.split(r"[.;:,]\s", before)[-1]
    if _ROOM.search(text[max(0, figure.start - 45) : figure.start]):
        return True
    return bool(_PLACES_FOR.search(before) or _BEDS_AFTER.match(text[figure.end : figure.end + 20]))


def compared_span(text: str, figure: Figure) -> tuple[int, int]:
    """Give where a figure stands told only to compare with, its own day included; (0, 0) elsewhere."""
    if not _COMPARED.search(text[max(0, figure.start - 60) : figure.start]):
        return 0, 0
    end = re.search(r"[,.;](?=\s|$)", text[figure.end : figure.end + 120])
    return figure.start, figure.end + (end.start() if end else 120)


def _is_of_others(text: str, figure: Figure, cues: Sequence[Cue]) -> bool:
    """Tell a figure to compare with, of those who took an offer or a ration, or of who lives in a town."""
    before, after = text[max(0, figure.start - 60) : figure.start], text[figure.end : figure.end + 100]
    if _TOWN_OF.search(before) or _FOR_SO_MANY.search(before):
        return True
    if _COMPARED.search(before):
        return not re.search(r"\b(?:there|all[ií]|ah[ií]|aqu[ií]|here)\b", text, re.I)
    if _TOOK.match(after) and not any(c.kind in ("returns", "claims") for c in cues):
        return True
    return bool(_REACHED.search(before)) and not _WHO_CAME.match(text[figure.noun_end : figure.noun_end + 60])


def _is_part(text: str, figure: Figure) -> bool:
    before = text[max(0, figure.start - 40) : figure.start]
    return bool(
        re.search(
            r"\b(?:de l[oa]s cuales|of whom|of them|entre (?:ellos|ellas)|among them|including|incluid[oa]s|"
            r"incluyendo)[^.;]{0,20}$",
            before,
            re.I,
        )
    )


def _told_as_size(text: str, figure: Figure, cues: Sequence[Cue]) -> bool:
    """Tell a number without a noun that stands for people from any other."""
    before, after = text[max(0, figure.start - 60) : figure.start], text[figure.end : figure.end + 40]
    if _COMPARED.search(before):
        return True
    if re.match(r"\s+(?:by|seg[uú]n|according)\b", after) and re.search(r"(?:\bat|\ben|,)\s*$", before):
        return True
    if re.match(
        r"\s*(?:of them\b|de ellos|that\b|que\b|who\b|los que|l[oa]s (?:integrantes|migrantes|personas|que)|"
        r"strong\b|had\b|were\b|have\b|people|other)",
        after,
        re.I,
    ):
        return True
    if any(
        0 <= c.start - figure.end <= 25 and not re.search(r"[,.;]", text[figure.end : c.start]) for c in cues
    ):
        return True
    if figure.quantifier and re.match(
        r"\s*(?:,|\.|;|$|en\b|in\b|by\b|as of\b|ayer|hoy|yesterday|today|according|seg[uú]n)", after
    ):
        return True
    return bool(
        re.search(
            r"(?:\b(?:son|eran|suman|sumaban|number\w*(?: at)?|cifra(?: en| de)?|cifr[oó] en|count\w*|"
            r"cont[oó]|contaron|contado|contabiliz\w+|"
            r"calcul\w+(?: en)?|estim\w+(?: en| at)?|habl(?:a|an|ó|aron) de|spoke of|speaks? of|put it at|"
            r"puts it at|total of|total de|"
            r"put(?:s|ting)? (?:the|that|their|its) (?:number|size|total|figure|"
            r"count)s?(?: of [\w ]{3,25})? at|"
            r"(?:sit[uú]\w+|fij\w+|elev\w+) (?:el|la|su) (?:n[uú]mero|cifra|tamaño|total) (?:en|a)|"
            r"shelter(?:s|ing)|hous(?:es|ing)|host(?:s|ing)|aloja|alberga|acoge|(?:aloj|alberg)aba|acog[ií]a|"
            r"atiende a|atend[ií]a(?: [\w ]{3,14})? a|(?:grupo|contingente|bloque|caravana) de|"
            r"grupo|contingente|bloque|grupo de|group of|caravan(?:a)? of|caravana de|dij\w+ que son|said|"
            r"say|says|(?:to|a|hasta) "
            r")\s*(?:ya )?|[Tt]he \w+,? of\s+|"
            r"\b(?:the|las?|los?|el)\s+[\w ]{3,30}\s(?:of|de|en)\s+)$",
            before,
            re.I,
        )
    )
