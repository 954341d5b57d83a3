"""Where a find belongs: the place named that fits its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from safepassage.adapters.news.anatomy import (
    AUTHORITY_KINDS,
    PLACELESS,
    Find,
    Parts,
    candidates,
    end_of_part,
    nearest,
)
from safepassage.adapters.news.cues import OTHERS
from safepassage.adapters.news.kinds import Clause
from safepassage.adapters.news.places import AREA, AT, FROM, GOAL, NAMED, OF, ORGANISATION, TOWARD, Named

_STANDS_FOR_KM = 40.0


_TOWN_HALL = re.compile(
    r"\b(?:protecci[oó]n civil(?: municipal)?|alcald\w+|ayuntamiento|municipal\w*|mayor|town hall|city hall|"
    r"gobierno municipal|"
    r"polic[ií]a municipal|bomberos)(?: de| of)\s+$",
    re.I,
)


def placed_find(sentence: Parts, clause: Clause, find: Find, at: int, before: Sequence[Find]) -> Find | None:
    """Give the find with its places; None where its kind needs one and there is none."""
    kind = find.kind
    if kind in PLACELESS:
        return find
    whole = replace(clause, start=0, end=end_of_part(sentence.text, clause))
    if kind == "next_stop":
        return _with_place(
            sentence,
            find,
            nearest(_after(candidates(sentence, clause, (TOWARD, GOAL)), at), at)
            or nearest(_after(candidates(sentence, clause, (AT, NAMED)), at), at),
        )
    if kind in ("transport_offered", "transport_withdrawn"):
        return _transport_placed(
            sentence, find, clause if candidates(sentence, clause, (AT, FROM, GOAL, TOWARD)) else whole
        )
    if kind == "departures":
        start = nearest(candidates(sentence, clause, (FROM,)), at)
        if start is None and clause.figures:
            start = nearest(candidates(sentence, clause, (AT, NAMED, OF)), at)
        toward = nearest(candidates(sentence, clause, (TOWARD,)), at)
        moved = find if toward is None or toward.place < 0 else replace(find, to_place=toward.place)
        return _with_place(sentence, moved, start)
    for scope, roles in (
        (clause, (AT, GOAL)),
        (clause, (OF, NAMED)),
        (whole, (AT, GOAL)),
        (whole, (OF, NAMED)),
    ):
        if chosen := nearest(candidates(sentence, scope, roles), at):
            return _with_place(sentence, find, chosen, elsewhere=scope is whole)
    if chosen := _of_authority(sentence, whole, find, at):
        flag = "the place is that of the authority named / el lugar es el de la autoridad citada"
        placed = _with_place(sentence, find, chosen, elsewhere=True)
        return None if placed is None else replace(placed, flags=(*placed.flags, flag))
    if kind in AUTHORITY_KINDS and (chosen := nearest(candidates(sentence, whole, (ORGANISATION,)), at)):
        return _with_place(sentence, find, chosen, elsewhere=True)
    return _placed_before(sentence, clause, find, before)


def _of_authority(sentence: Parts, clause: Clause, find: Find, at: int) -> Named | None:
    """Give the town whose own authority counted ("Protección Civil de X"), where no other is named."""
    if not clause.figures and find.kind not in AUTHORITY_KINDS:
        return None
    towns = [
        p
        for p in candidates(sentence, clause, (ORGANISATION,))
        if p.place >= 0 and _TOWN_HALL.search(sentence.text[max(0, p.start - 45) : p.start])
    ]
    return nearest(towns, at)


_EARLIER = "the place is taken from an earlier sentence / lugar tomado de una frase anterior"


_VIOLENCE = re.compile(
    r"\b(?:combates?|fighting|violenc\w+|ataques?|attacks?|clashes|enfrentamientos?|conflict\w*)"
    r"(?: [\w-]+){0,3} (?:in|en|around|near|at|contra|on)\s+$",
    re.I,
)
_WRITTEN_THERE = "the place is where it was written / el lugar es desde donde se escribe"
_AUTHORITY_AFTER = re.compile(
    r"(?:['’]s)?(?:\s+[\w-]+){0,3}?\s+(?:authorit|officials|government|police|commission|agency)", re.I
)
_AUTHORITY_BEFORE = re.compile(
    r"\b(?:gobierno|autoridades|secretar[ií]a|polic[ií]a|fiscal[ií]a|protecci[oó]n civil|comisi[oó]n|"
    r"commission|"
    r"government|authorities|officials)(?: [\w-]+){0,4}? (?:del?|of|from)(?: estado de| la)?\s+$",
    re.I,
)


def _placed_before(sentence: Parts, clause: Clause, find: Find, before: Sequence[Find]) -> Find | None:
    """Take the place from what was told before, where no other place is meant."""
    told = sentence.told.place
    away = _elsewhere(sentence, clause)
    lacking = any(p.place < 0 and p.town is not None for p in sentence.places)
    if find.kind in ("closure", "reopening", "crossings"):
        if sentence.told.home >= 0 and not sentence.places and find.kind != "crossings":
            home = sentence.told.home
            return replace(find, place=home, confidence=find.confidence - 0.35, flags=(_WRITTEN_THERE,))
        return replace(find, confidence=find.confidence - 0.3, flags=("no place told / sin lugar",))
    if before and before[-1].place >= 0:
        return replace(find, place=before[-1].place)
    counted = clause.figures and find.kind in ("position", "stock", "arrivals")
    if told < 0 or away or lacking or not (counted or find.kind in ("shelter_opened", "shelter_closed")):
        return None
    if OTHERS.search(sentence.text):
        return None
    return replace(find, place=told, confidence=find.confidence - 0.25, flags=(_EARLIER,))


def _elsewhere(sentence: Parts, clause: Clause) -> bool:
    """Tell whether a sentence without a place of its own is of another: on the way, of a country."""
    came = any(c.kind == "arrive" and c.as_fact for c in clause.cues)
    if any(_VIOLENCE.search(sentence.text[max(0, p.start - 45) : p.start]) for p in sentence.places):
        return True
    return any(
        p.role in ((TOWARD, AREA) if came else (FROM, TOWARD, AREA)) and not _is_authority(sentence, p)
        for p in sentence.places
    )


def _is_authority(sentence: Parts, named: Named) -> bool:
    """Tell "Chiapas state authorities" from people in Chiapas."""
    before = sentence.text[max(0, named.start - 70) : named.start]
    return named.role == AREA and bool(
        _AUTHORITY_AFTER.match(sentence.text, named.end) or _AUTHORITY_BEFORE.search(before)
    )


def _transport_placed(sentence: Parts, find: Find, clause: Clause) -> Find:
    origin = nearest(candidates(sentence, clause, (FROM, AT, OF)), 0)
    target = nearest([p for p in candidates(sentence, clause, (GOAL, TOWARD)) if p is not origin], clause.end)
    if origin is None and target is None:
        told = -1 if sentence.places else sentence.told.place
        flags = (*find.flags, _EARLIER) if told >= 0 else find.flags
        return replace(find, place=told, confidence=find.confidence - 0.2, flags=flags)
    return replace(
        find,
        place=origin.place if origin else -1,
        to_place=target.place if target else -1,
        confidence=find.confidence - 0.1,
    )


def _after(places: Sequence[Named], at: int) -> list[Named]:
    return [p for p in places if p.start >= at]


def _with_place(sentence: Parts, find: Find, named: Named | None, *, elsewhere: bool = False) -> Find | None:
    if named is None:
        return None
    flags, confidence = find.flags, find.confidence - 0.15 * elsewhere
    if named.doubt:
        flags, confidence = (*flags, f"{named.name}: {named.doubt}"), confidence - 0.3
    if named.place >= 0:
        return replace(find, place=named.place, place_at=named.start, flags=flags, confidence=confidence)
    sentence.missing.append((named.name, named.nearest, named.nearest_km))
    if named.nearest < 0 or named.nearest_km > _STANDS_FOR_KM:
        return None
    near = sentence.setting.names.places.ids[named.nearest]
    flag = (
        f"{named.name} is no place of the network; {near}, {named.nearest_km:.0f} km away, stands for it / "
        f"{named.name} no es lugar de la red; lo representa {near}, a {named.nearest_km:.0f} km"
    )
    return replace(
        find, place=named.nearest, place_at=named.start, flags=(*flags, flag), confidence=confidence - 0.4
    )
