"""Which day a find is of: the day named that fits its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from safepassage.adapters.news import dates
from safepassage.adapters.news.anatomy import ANNOUNCED, AUTHORITY_KINDS, PLACELESS, Find, Parts
from safepassage.adapters.news.dates import Mention
from safepassage.adapters.news.kinds import Clause, hour_in
from safepassage.core.network import sphere_km


def dated_find(sentence: Parts, clause: Clause, find: Find, at: int) -> Find | None:
    """Give the find with its day; None where it lies in an unclear future."""
    published = sentence.setting.published
    mine = [d for d in sentence.days if clause.start <= d.start < clause.end]
    since = next((d.since or d.day for d in mine or sentence.days if d.use == dates.SINCE or d.since), None)
    if find.kind == "next_stop":
        return _announced(sentence, mine, _far_ahead(sentence, find), at)
    happened = [d for d in mine if d.use == dates.DAY and not d.of_statement and d.day]
    happened = happened or [d for d in sentence.days if d.use == dates.DAY and not d.of_statement and d.day]
    stated = [d for d in sentence.days if d.use == dates.DAY and d.day]
    chosen = min(happened, key=lambda d: abs(d.start - at), default=None) or next(iter(stated), None)
    if chosen is None or chosen.day is None:
        flag = (
            ()
            if find.kind in AUTHORITY_KINDS | PLACELESS
            else ("no day told: taken as the day of publication / sin día: se toma el de publicación",)
        )
        less = 0.05 if find.kind in PLACELESS else 0.1
        return replace(
            find, since=since, flags=(*find.flags, *flag), confidence=find.confidence - less, day_assumed=True
        )
    chosen = _last_of_pair(sentence, chosen)
    day = chosen.day or published
    if find.kind in ANNOUNCED and chosen.ahead and _WILL.search(sentence.text):
        day = chosen.ahead
    if day > published and find.kind not in ANNOUNCED:
        return None
    flags = (*find.flags, chosen.flag) if chosen.flag else find.flags
    return replace(
        find,
        day=day,
        since=since,
        flags=flags,
        confidence=find.confidence - 0.2 * bool(chosen.flag),
        day_assumed=bool(chosen.flag),
    )


_WILL = re.compile(
    r"\b(?:ser[áa]n?|will|to be|plans? to|abrir[áa]n?|cerrar[áa]n?|ofrecer[áa]n?|reabrir[áa]n?|prev[eé]n?)\b",
    re.I,
)


def _last_of_pair(sentence: Parts, chosen: Mention) -> Mention:
    """Of "viernes y sábado" take the second day."""
    for other in sentence.days:
        gap = sentence.text[chosen.end : other.start]
        if (
            other.start > chosen.start
            and re.fullmatch(r"\s*(?:y|and|-|–)\s*(?:el\s+|on\s+)?", gap)
            and other.day
        ):
            return other
    return chosen


# An announced stop farther from where people last were is rather where they are heading in the end.
_FAR_KM = 300.0


def _far_ahead(sentence: Parts, find: Find) -> Find:
    if sentence.last_place < 0 or find.place < 0:
        return find
    spots = sentence.setting.names.places
    here, there = ((float(spots.lat[p]), float(spots.lon[p])) for p in (sentence.last_place, find.place))
    if not sphere_km(here, there) > _FAR_KM:
        return find
    flag = "far ahead: perhaps where they are heading in the end / lejos: quizá el destino final"
    return replace(find, flags=(*find.flags, flag), confidence=find.confidence - 0.3)


def _announced(sentence: Parts, mine: Sequence[Mention], find: Find, at: int) -> Find | None:
    published = sentence.setting.published
    if any(d.use == dates.AHEAD for d in sentence.days):
        return None
    ahead = [
        d
        for d in mine or sentence.days
        if d.use == dates.DAY and not d.of_statement and (d.ahead or d.day == published)
    ]
    after = [d for d in ahead if d.start >= at - 30 or d.start < 25]
    chosen = min(after, key=lambda d: abs(d.start - at), default=None)
    hour = hour_in(sentence.text)
    if chosen is not None:
        day = chosen.ahead or chosen.day or published
        if day < published - timedelta(days=1):
            return None
        return replace(find, day=day, hour=hour)
    stated = next((d.day for d in sentence.days if d.use == dates.DAY and d.day), None)
    day = stated + timedelta(days=1) if stated and stated < published else published + timedelta(days=1)
    flag = "no day told: taken as the day after the announcement / sin día: el siguiente al anuncio"
    return replace(
        find,
        day=day,
        hour=hour,
        flags=(*find.flags, flag),
        confidence=find.confidence - 0.25,
        day_assumed=True,
    )
