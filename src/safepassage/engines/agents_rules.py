"""Rules of a single agent of the local law, compiled: choose a path, set out, spend the day on the road.

Weights of the paths from a place are laid out once as a row of an alias table, when somebody first chooses
there, and hold until scores or roads change. Camps that fill change weights from one agent to the next; there
a draw from the row is accepted with the chance by which the weight has shrunk, and after some refusals the
weights are added up one by one. Both give exactly the weights of the moment.

Where an agent is, is one number: below n a place; then n + leg on a road; then n + legs + leg in the place
before that leg, which will be taken next morning; then n + 2 legs + place for those who stay there for good.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import GOLDEN64, draw_number
from safepassage.engines.alias import fill_row, pick
from safepassage.engines.compiled import borrowing, inlined, merged, mix, uniform
from safepassage.engines.local_rules import FULL_FACTOR, capacity_factor, path_weight

# Flee itself stops where somebody is on more roads than this in one day.
MOST_ROADS_A_DAY = 900
MOST_REFUSALS = 4
HIGHEST_WEIGHT = 1e300
GO, AGAIN, WEIGH, WALK = (draw_number(f"local law: {what}") for what in ("go", "again", "weigh", "walk"))
_UNIT32 = 1.0 / 4294967296.0
_S32 = np.uint64(32)
FINISH = np.uint64((1 << 64) - GOLDEN64)  # takes back what `mix` adds after its last scramble

PLACE = np.dtype([("capacity", np.float64), ("filling", np.bool_), ("town", np.bool_)], align=True)
PATH = np.dtype([("inverse", np.float64), ("dest", np.int32), ("leg", np.int32)], align=True)
# A leg is a road with what is to follow it: `next` leg (-1: none) and `dest`, the end of the whole path.
LEG = np.dtype(
    [
        ("km", np.float64),
        ("speed", np.float64),
        ("walk", np.float64),
        ("origin", np.int32),
        ("target", np.int32),
        ("next", np.int32),
        ("dest", np.int32),
        ("open", np.bool_),
        ("closing", np.bool_),
    ],
    align=True,
)


class Law(NamedTuple):
    """The numbers of the local law that the kernel needs; `pruning` 0: off.

    `even`: everybody covers `speed` a day on every road; `alike`: and nobody stands still today. `limits`:
    some camp can be full. `tables`: there is memory for rows of slots. `from_home`: scores depend on the
    home. `from_here`: they depend on the place. `kinds`: there are several kinds of people.
    """

    speed: float
    walk_speed: float
    softening: float
    power: float
    buffer: float
    pruning: float
    avoid_short_stints: bool
    start_on_foot: bool
    compat: bool
    even: bool
    alike: bool
    limits: bool
    tables: bool
    from_home: bool
    from_here: bool
    kinds: bool


class Tables(NamedTuple):
    """Rows of slots, laid out when first needed; one for each kind, home (where it matters) and place.

    Parameters
    ----------
    slots : (g * c,) SLOT       g groups of kind × home; c paths of this state of the roads.
    ready : (g, n) int8         0: not laid out yet; 1: laid out; 2: all weights are zero.
    weights : (most,) float64   working space, as many as there are paths from any one place.
    queue : (most,) int64       working space.
    """

    slots: NDArray[np.void]
    ready: NDArray[np.int8]
    weights: NDArray[np.float64]
    queue: NDArray[np.int64]


class Today(NamedTuple):
    """What holds for one day.

    Parameters
    ----------
    ptr : (n + 1,) int64                paths from each place, as in `Paths`.
    places : (n,) PLACE                 `filling`: some path from there ends in a camp with a limit.
    paths : (c,) PATH
    legs : (l,) LEG                     `closing`: open yesterday, closed today.
    score : (kinds, n) float64
    chance : (kinds, n + 1) uint64      chance to leave in units of 2**-32; the last is 0.
    still : (kinds,) bool               who does not move at all.
    home_factor : (n, n) float64        of `stay_close_to_home`, else (1, 1).
    closing : bool                      some road is closing.
    tables : Tables
    law : Law
    """

    ptr: NDArray[np.int64]
    places: NDArray[np.void]
    paths: NDArray[np.void]
    legs: NDArray[np.void]
    score: NDArray[np.float64]
    chance: NDArray[np.uint64]
    still: NDArray[np.bool_]
    home_factor: NDArray[np.float64]
    closing: bool
    tables: Tables
    law: Law


# Whom a rule is about: luck of her member and day, her number, kind and home.
Who = tuple[np.uint64, int, int, int]
Rest = tuple[NDArray[np.int64], Today]


@inlined
def bits_of(luck: np.uint64, agent: int, draw: int) -> np.uint64:
    """Give the 64 bits of one draw; `compiled.uniform` is the same hash as a number in (0, 1)."""
    return mix(mix(mix(np.uint64(luck), np.uint64(agent)), np.uint64(draw)), FINISH)


@inlined
def room_in(place: int, rest: Rest) -> float:
    """Give the room factor of a place as it is now."""
    here, today = rest
    return capacity_factor(float(here[place]), today.places[place]["capacity"], today.law.buffer)


@borrowing
def _weigh_paths(place: int, kind: int, home: int, today: Today) -> bool:
    """Write the weights of all paths from a place, as a share of the highest, were there room everywhere."""
    law, weights = today.law, today.tables.weights
    begin, count = today.ptr[place], today.ptr[place + 1] - today.ptr[place]
    highest = 0.0
    for k in range(count):
        path = today.paths[begin + k]
        score = today.score[kind, path["dest"]]
        if law.from_home or law.from_here:
            score *= today.home_factor[home if law.from_home else place, path["dest"]]
        weights[k] = min(path_weight(score, path["inverse"], 1.0, law.softening, 1.0), HIGHEST_WEIGHT)
        highest = max(highest, weights[k])
    if not highest > 0.0:
        return False
    for k in range(count):
        weights[k] = path_weight(weights[k] / highest, 1.0, 1.0, 0.0, law.power)
    return True


@borrowing
def _lay_out(place: int, kind: int, home: int, today: Today) -> None:
    """Make the row of slots of one place for one group."""
    law, tables = today.law, today.tables
    begin, end = today.ptr[place] - today.ptr[0], today.ptr[place + 1] - today.ptr[0]
    group = kind * len(today.home_factor) + home if law.from_home else kind
    first = group * (today.ptr[-1] - today.ptr[0])
    row = tables.slots[first + begin : first + end]
    for k in range(len(row)):
        row[k]["own"] = today.paths[today.ptr[place] + k]["leg"]
    _weigh_paths(place, kind, home, today)
    if law.pruning > 0.0:
        for k in range(len(row)):
            if tables.weights[k] < 1.0 / law.pruning:
                tables.weights[k] = 0.0
    tables.ready[group, place] = 1 if fill_row(tables.weights[: len(row)], row, tables.queue) else 2


@borrowing
def _weigh_now(place: int, kind: int, home: int, share: float, rest: Rest) -> int:
    """Choose by adding up the weights of the moment; all of them zero: each path is as likely."""
    today = rest[1]
    law, weights, begin = today.law, today.tables.weights, today.ptr[place]
    count = today.ptr[place + 1] - begin
    _weigh_paths(place, kind, home, today)
    best = 0.0
    for k in range(count):
        weights[k] *= path_weight(1.0, 1.0, room_in(today.paths[begin + k]["dest"], rest), 0.0, law.power)
        best = max(best, weights[k])
    if not best > 0.0:
        return int(today.paths[begin + min(int(share * count), count - 1)]["leg"])
    floor = best / law.pruning if law.pruning > 0.0 else 0.0
    total = 0.0
    for k in range(count):
        total += weights[k] if weights[k] >= floor else 0.0
    left, last = share * total, 0
    for k in range(count):
        if weights[k] > 0.0 and weights[k] >= floor:
            last = k
            left -= weights[k]
            if left < 0.0:
                break
    return int(today.paths[begin + last]["leg"])


@inlined
def choose(who: Who, place: int, hop: int, bits: np.uint64, rest: Rest) -> int:
    """Choose a path by weight and give its first leg; -1 where there is none.

    Parameters
    ----------
    who : Who
    place : int         where she is.
    hop : int           how many roads she has ended today.
    bits : uint64       the draw for this; its low half is used.
    rest : Rest
    """
    (luck, agent, kind, home), today = who, rest[1]
    law, tables = today.law, today.tables
    begin, count = today.ptr[place], today.ptr[place + 1] - today.ptr[place]
    if count == 0:
        return -1
    filling = law.limits and today.places[place]["filling"]
    if not law.tables or (filling and law.pruning > 0.0):
        return _weigh_now(place, kind, home, uniform(luck, agent, WEIGH + hop), rest)
    group = kind * len(today.home_factor) + home if law.from_home else kind
    if tables.ready[group, place] == 0:
        _lay_out(place, kind, home, today)
    first = group * (today.ptr[-1] - today.ptr[0]) + begin - today.ptr[0]
    leg = pick(tables.slots, first, count, bits)
    if not filling or tables.ready[group, place] == 2:
        return leg
    for refusals in range(MOST_REFUSALS):
        room = room_in(today.legs[leg]["dest"], rest)
        if room >= 1.0:
            return leg
        bits = bits_of(luck, agent, AGAIN + hop * MOST_REFUSALS + refusals)
        if np.float64(bits >> _S32) * _UNIT32 < path_weight(1.0, 1.0, room, 0.0, law.power):
            return leg
        leg = pick(tables.slots, first, count, bits)
    return _weigh_now(place, kind, home, uniform(luck, agent, WEIGH + hop), rest)


@inlined
def may_enter(leg: int, rest: Rest) -> bool:
    """Tell whether a road is open and the camp at the end of the whole path not full."""
    today = rest[1]
    one = today.legs[leg]
    return bool(one["open"] and not (today.law.limits and room_in(one["dest"], rest) < FULL_FACTOR))


@merged
def onward(who: Who, place: int, hop: int, forced: bool, rest: Rest) -> int:
    """Decide in a place reached during the day: the first leg of a path, -1 to stay.

    `forced`: she goes on whatever the chance (`avoid_short_stints`).
    """
    luck, agent, kind, _ = who
    bits = bits_of(luck, agent, GO + hop)
    if forced or (bits >> _S32) < rest[1].chance[kind, place]:
        return choose(who, place, hop, bits, rest)
    return -1


@inlined
def speed_of(who: Who, leg: int, hop: int, started: bool, today: Today) -> float:
    """Give the km per day of one agent on one road."""
    law, one = today.law, today.legs[leg]
    if law.start_on_foot and not started:
        return float(law.walk_speed)
    walk = one["walk"]
    if walk > 0.0 and uniform(who[0], who[1], WALK + hop) < walk:
        return float(law.walk_speed)
    return float(one["speed"])


@inlined
def short_stint(place: int, recent: float, moved: float, today: Today) -> bool:
    """Tell whether a town would break the journey after less than a full day's way."""
    law = today.law
    town = law.avoid_short_stints and today.places[place]["town"]
    return bool(town and (recent + moved / law.speed) / 2.0 < 0.5)
