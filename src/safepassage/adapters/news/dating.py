"""Which day a find is of: the day named that fits its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from safepassage.adapters.news import dates
from safepassage.adapters.news.anatomy import ANNOUNCED, AUTHORITY_KINDS, PLACELESS, Find, Parts, end_of_part
from safepassage.adapters.news.dates import Mention
from safepassage.adapters.news.kinds import Clause, hour_in, hour_named
from safepassage.adapters.news.places import AREA
from safepassage.core.network import sphere_km


def dated_find(sentence: Parts, clause: Clause, find: Find, at: int) -> Find | None:
    """Give the find with its day; None where it lies in an unclear future."""
    published = sentence.setting.published
    mine = [d for d in sentence.days if clause.start <= d.start < clause.end]
    since = next((d.since or d.day for d in mine or sentence.days if d.use == dates.SINCE or d.since), None)
    if find.kind == "next_stop":
        return _announced(sentence, mine, _far_ahead(sentence, find), at)
    happened = [d for d in mine if d.use == dates.DAY and not d.of_statement and d.day]
    end = end_of_part(sentence.text, clause)
    if not any(p.start > end and p.role != AREA for p in sentence.places):
        end = len(sentence.text)  # two counts of one event, one day for both
    known = [d for d in sentence.days if d.use == dates.DAY and d.day and d.start < end]
    if find.kind not in ANNOUNCED:
        known = [d for d in known if not _is_only_ahead(d, published)]
        happened = [d for d in happened if not _is_only_ahead(d, published)]
    happened = happened or [d for d in known if not d.of_statement]
    stated = known
    chosen = _nearest(sentence, happened, find, at) or next(iter(stated), None)
    if chosen is None and find.kind in _LASTING:
        chosen = _begun(mine or sentence.days, find)
    if chosen is None and find.place_at < 0 and find.kind in _CONTINUED and sentence.told.day:
        return _continued(sentence, find, since)
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


def _is_only_ahead(day: Mention, published: date) -> bool:
    """Tell a day of next month from the same day of last year."""
    return day.ahead is not None and day.day is not None and (published - day.day).days > _LONG_AGO_DAYS


# A day without a year that lies farther back than this is meant for the year to come.
_LONG_AGO_DAYS = 120
# A place that is shut, or where people are, "since Saturday" was so on Saturday.
_LASTING = frozenset(("closure", "reopening", "shelter_opened", "shelter_closed", "position"))
_CONTINUED = frozenset(("position", "stock"))


def _begun(days: Sequence[Mention], find: Find) -> Mention | None:
    if find.kind == "position" and find.place_at < 0:
        return None
    return next((d for d in days if d.use == dates.SINCE and d.day), None)


def _continued(sentence: Parts, find: Find, since: date | None) -> Find:
    """Give a figure that goes on about an earlier sentence the day of that sentence."""
    flag = "the day is taken from an earlier sentence / día tomado de una frase anterior"
    return replace(
        find,
        day=sentence.told.day or sentence.setting.published,
        since=since,
        flags=(*find.flags, flag),
        confidence=find.confidence - 0.05,
    )


def _nearest(sentence: Parts, days: Sequence[Mention], find: Find, at: int) -> Mention | None:
    """Give the day nearest to what happened; of several, one with no other act between it and the place."""
    if len(days) < 2 or find.place_at < 0 or find.kind not in ("position", "stock", "arrivals"):
        return min(days, key=lambda d: abs(d.start - at), default=None)
    acts = [c.start for clause in sentence.clauses for c in clause.cues if c.kind in _ACTS]

    def distance(day: Mention) -> int:
        low, high = sorted((day.start, find.place_at))
        return abs(day.start - find.place_at) + 60 * sum(low < act < high for act in acts)

    return min(days, key=distance)


_ACTS = frozenset(("arrive", "leave", "stay", "crossing", "next_stop"))
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
_DAWN = 5


def _far_ahead(sentence: Parts, find: Find) -> Find:
    if sentence.told.place < 0 or find.place < 0:
        return find
    spots = sentence.setting.names.places
    here, there = ((float(spots.lat[p]), float(spots.lon[p])) for p in (sentence.told.place, find.place))
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
    acts = [c.start for clause in sentence.clauses for c in clause.cues if c.kind == "next_stop"]
    after = [
        d
        for d in ahead
        if d.start >= at - 30
        or ((d.start < 25 or d.start >= at - 70) and not any(d.start < act < at for act in acts))
    ]
    chosen = min(after, key=lambda d: abs(d.start - at), default=None)
    hour = hour_in(sentence.text)
    if hour is None and (hour := hour_named(sentence.text)) == _DAWN:
        flag = "dawn is taken as five o'clock / el amanecer se toma como las cinco"
        find = replace(find, flags=(*find.flags, flag), confidence=find.confidence - 0.05)
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
