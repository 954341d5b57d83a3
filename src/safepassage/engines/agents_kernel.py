"""Compiled passes over the agents of one member: who decides, who arrives. See `engines.agents` for the day.

Agents are taken in blocks that stay in the processor's nearest memory. A quick pass without branches lists
those who set out this morning, another those who reach the end of their road today; only these few go through
the rules of `engines.agents_rules`, in the order of the agents. Where no camp can be full, a block lives
through its whole day before the next; where camps fill, everybody decides before anybody arrives.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import draw_number
from safepassage.engines.agents_rules import (
    FINISH,
    GO,
    MOST_ROADS_A_DAY,
    Law,
    Rest,
    Today,
    Who,
    choose,
    may_enter,
    onward,
    short_stint,
    speed_of,
)
from safepassage.engines.compiled import borrowing, inlined, merged, mix, uniform

BLOCK = 1024
STAY = draw_number("local law: stay for good")
STARTED, TURNED = 1, 2
LEAST_KM = 1e-9  # rounding must not put people who are still on a road into the place at its end
# Halving `recent` day after day would end in numbers that processors are slow with.
LEAST_RECENT = np.float32(1e-30)
_S32 = np.uint64(32)


class People(NamedTuple):
    """Agents in order of their coming; arrays that no rule in force needs have length 0.

    Parameters
    ----------
    where : (count,) uint16 or uint32   place or leg, see `engines.agents_rules`.
    km : (count,) uint16 or float64     km to go on the road, in `compat` km done; 0 in a place.
    home : (count,) as `where`          where each set out from in the first place.
    kind : (count,) uint8
    recent : (count,) float32           Flee's index of recent travel.
    marks : (count,) uint8              `STARTED`: has ended a road; `TURNED`: her road closed behind her.
    """

    where: NDArray[np.unsignedinteger]
    km: NDArray[np.number]
    home: NDArray[np.unsignedinteger]
    kind: NDArray[np.uint8]
    recent: NDArray[np.float32]
    marks: NDArray[np.uint8]


class Desk(NamedTuple):
    """Working space for one block of agents.

    Parameters
    ----------
    bits : (BLOCK,) uint64      random bits of each.
    mark : (BLOCK,) uint8       1 for those to whom something happens.
    eight : (BLOCK / 8,) uint64     the same memory as `mark`.
    marked : (BLOCK + 1,) int64 positions of those marked.
    moved : (BLOCK,) float32    km covered today as a share of a full day's, where anybody remembers.
    """

    bits: NDArray[np.uint64]
    mark: NDArray[np.uint8]
    eight: NDArray[np.uint64]
    marked: NDArray[np.int64]
    moved: NDArray[np.float32]


Work = tuple[NDArray[np.int64], Today, Desk]
DayWork = tuple[Today, Desk]


def new_desk() -> Desk:
    """Clear a desk; every thread needs its own."""
    mark = np.zeros(BLOCK, dtype=np.uint8)
    return Desk(
        bits=np.zeros(BLOCK, dtype=np.uint64),
        mark=mark,
        eight=mark.view(np.uint64),
        marked=np.zeros(BLOCK + 1, dtype=np.int64),
        moved=np.zeros(BLOCK, dtype=np.float32),
    )


@merged
def _who(agent: int, luck: np.uint64, people: People, law: Law) -> Who:
    kind = int(np.int64(people.kind[agent])) if law.kinds else 0
    home = int(np.int64(people.home[agent])) if law.from_home else 0
    return (luck, agent, kind, home)


@merged
def _on_road(begin: int, end: int, people: People, today: Today) -> int:
    """Count who is on a road."""
    where = people.where[begin:end]
    places, legs, count = len(today.places), len(today.legs), 0
    for k in range(len(where)):
        count += int(0 <= np.int64(where[k]) - places < legs)
    return count


@merged
def _list_leaving(begin: int, end: int, luck: np.uint64, people: People, work: Work) -> int:
    """List who leaves a place by chance, or goes on along her path; their draws lie on the desk."""
    today, desk = work[1], work[2]
    where, bits, marked = people.where[begin:end], desk.bits, desk.marked
    places, resting = np.uint64(len(today.places)), np.uint64(len(today.places) + len(today.legs))
    first, draw, chance = mix(luck, np.uint64(begin)), np.uint64(GO), today.chance[0]
    legs = np.uint64(len(today.legs))
    for k in range(len(where)):
        bits[k] = mix(mix(first + np.uint64(k), draw), FINISH)
    found = 0
    if not today.law.kinds:
        if today.still[0]:
            return 0
        for k in range(len(where)):
            at = np.uint64(where[k])
            marked[found] = k
            found += ((bits[k] >> _S32) < chance[min(at, places)]) | ((at - resting) < legs)
        return found
    kind = people.kind[begin:end]
    for k in range(len(where)):
        at, own = np.uint64(where[k]), kind[k]
        marked[found] = k
        goes = ((bits[k] >> _S32) < today.chance[own, min(at, places)]) | ((at - resting) < legs)
        found += goes & (not today.still[own])
    return found


@merged
def _decide(begin: int, end: int, luck: np.uint64, people: People, work: Work) -> None:
    """Let one block decide this morning, and set out."""
    here, today, desk = work
    rest, places, legs = (here, today), len(today.places), len(today.legs)
    compat = today.law.compat
    for k in range(_list_leaving(begin, end, luck, people, work)):
        agent = begin + desk.marked[k]
        at = int(np.int64(people.where[agent]))
        if at < places:
            place = at
            leg = choose(_who(agent, luck, people, today.law), place, 0, desk.bits[agent - begin], rest)
        else:
            leg = at - places - legs
            place = int(today.legs[leg]["origin"])
        people.where[agent] = place
        if leg >= 0 and may_enter(leg, rest):
            here[place] -= 1
            people.where[agent] = places + leg
            people.km[agent] = 0.0 if compat else today.legs[leg]["km"]
            if compat:
                people.marks[agent] &= STARTED


@borrowing
def _turn_back(people: People, today: Today) -> None:
    """Mark those behind whom a road closes this morning (`compat`)."""
    places = len(today.places)
    for agent in range(len(people.where)):
        leg = int(np.int64(people.where[agent])) - places
        if 0 <= leg < len(today.legs) and today.legs[leg]["closing"]:
            people.marks[agent] |= TURNED


@merged
def _list_arriving(begin: int, end: int, people: People, work: Work) -> int:
    """List who comes to the end of a road today; move all others on the road by a day."""
    today, desk = work[1], work[2]
    where, km, mark, marked = people.where[begin:end], people.km[begin:end], desk.mark, desk.marked
    if today.law.alike:
        places, legs, speed = np.uint64(len(today.places)), np.uint64(len(today.legs)), today.law.speed
        for k in range(len(where)):
            far, road = km[k] > speed, (np.uint64(where[k]) - places) < legs
            mark[k] = road & (not far)
            km[k] = km[k] - speed if far else km[k]
        if today.law.avoid_short_stints:
            for k in range(len(where)):
                desk.moved[k] = ((np.uint64(where[k]) - places) < legs) & (mark[k] == 0)
    else:
        for k in range(len(where)):
            mark[k] = _ends(begin + k, k, people, work)
    for k in range(len(where), (len(where) + 7) // 8 * 8):
        mark[k] = 0
    found = 0
    for octet in range((len(where) + 7) // 8):
        if desk.eight[octet] != 0:
            for k in range(8 * octet, 8 * octet + 8):
                marked[found] = k
                found += mark[k]
    return found


@inlined
def _ends(agent: int, k: int, people: People, work: Work) -> bool:
    """Tell whether an agent may come to the end of a road today; if not, move her by a day."""
    today, desk = work[1], work[2]
    law, leg = today.law, int(np.int64(people.where[agent])) - len(today.places)
    if law.avoid_short_stints:
        desk.moved[k] = 0.0
    kind = int(np.int64(people.kind[agent])) if law.kinds else 0
    if not 0 <= leg < len(today.legs) or today.still[kind]:
        return False
    one = today.legs[leg]
    speed = np.inf if one["walk"] > 0.0 else one["speed"]
    if law.start_on_foot and people.marks[agent] & STARTED == 0:
        speed = law.walk_speed
    km = float(people.km[agent])
    if (km + speed > one["km"]) if law.compat else (km <= speed):
        return True
    people.km[agent] = km + speed if law.compat else km - speed
    if law.avoid_short_stints:
        desk.moved[k] = speed / law.speed
    return False


@merged
def _travel(begin: int, end: int, luck: np.uint64, people: People, work: Work) -> None:
    """Let one block spend the day on the road."""
    here, today, desk = work
    law, rest, remembers = today.law, (here, today), today.law.avoid_short_stints
    for k in range(_list_arriving(begin, end, people, work)):
        agent = begin + desk.marked[k]
        if law.compat:
            moved = _spend_day_as_in_flee(agent, luck, people, rest)
        else:
            moved = _spend_day(agent, luck, people, rest)
        if remembers:
            desk.moved[agent - begin] = moved / law.speed
    if remembers:
        for k in range(end - begin):
            recent = (people.recent[begin + k] + desk.moved[k]) * np.float32(0.5)
            people.recent[begin + k] = recent if recent > LEAST_RECENT else np.float32(0.0)


@merged
def _go_on(who: Who, arrived: tuple[int, int, int], moved: float, people: People, rest: Rest) -> int:
    """Decide in a place reached during the day: the leg to take, or -1 to stay.

    `arrived`: the place, the leg that follows on the path (-1: none), and how many roads ended today.
    """
    place, after, hop = arrived
    if after < 0:
        recent = float(people.recent[who[1]]) if rest[1].law.avoid_short_stints else 0.0
        after = onward(who, place, hop, short_stint(place, recent, moved, rest[1]), rest)
    return after if after >= 0 and may_enter(after, rest) else -1


@inlined
def _spend_day(agent: int, luck: np.uint64, people: People, rest: Rest) -> float:
    """Spend the day on the road, deciding again at every place reached in time; give the km travelled."""
    here, today = rest
    law, who, places = today.law, _who(agent, luck, people, today.law), len(today.places)
    leg, km = int(np.int64(people.where[agent])) - places, float(people.km[agent])
    budget, moved, hop = law.speed, 0.0, 0
    started = law.start_on_foot and people.marks[agent] & STARTED > 0
    while True:
        one = today.legs[leg]
        speed = law.speed if law.even else speed_of(who, leg, hop, started, today)
        need = km if speed == law.speed else km * law.speed / speed
        if need > budget:
            reach = budget if speed == law.speed else budget * speed / law.speed
            at, km, moved = places + leg, max(km - reach, LEAST_KM), moved + reach
            break
        budget, moved, km, hop = budget - need, moved + km, 0.0, hop + 1
        at, after = int(one["target"]), int(one["next"])
        if not one["open"]:
            at = int(one["origin"])
            here[at] += 1
            break
        started = True
        leg = _go_on(who, (at, after, hop), moved, people, rest) if budget > 0.0 else -1
        if leg < 0:
            here[at] += 1
            at = places + len(today.legs) + after if budget <= 0.0 and after >= 0 else at
            break
        km = today.legs[leg]["km"]
    people.where[agent], people.km[agent] = at, km
    if law.start_on_foot and started:
        people.marks[agent] |= STARTED
    return moved


@inlined
def _spend_day_as_in_flee(agent: int, luck: np.uint64, people: People, rest: Rest) -> float:
    """Do the same as Flee's code does: a full day's distance again on every further road of the day."""
    here, today = rest
    who, places, legs = _who(agent, luck, people, today.law), len(today.places), len(today.legs)
    leg, km = int(np.int64(people.where[agent])) - places, float(people.km[agent])
    moved, hop, marks = 0.0, 0, people.marks[agent]
    while True:
        one = today.legs[leg]
        speed = speed_of(who, leg, hop, marks & STARTED > 0, today)
        km, moved = km + speed, moved + speed
        if km <= one["km"]:
            at = places + leg
            break
        moved, km, hop = moved + one["km"] - km, 0.0, hop + 1
        at, after = int(one["target"]), int(one["next"])
        turned, marks = marks & TURNED > 0, STARTED
        if turned or moved >= speed or hop > MOST_ROADS_A_DAY:
            # Whoever was turned back still holds her plan; next morning she finds no such road and drops it.
            rests, at = (leg, int(one["origin"])) if turned else (after, at)
            here[at] += 1
            at = places + legs + rests if after >= 0 else at
            break
        leg = _go_on(who, (at, after, hop), moved, people, rest)
        if leg < 0:
            here[at] += 1
            break
    people.where[agent], people.km[agent], people.marks[agent] = at, km, marks
    return moved


@merged
def _live(luck: np.uint64, people: People, work: Work) -> None:
    today, count = work[1], len(people.where)
    if today.law.compat and today.closing:
        _turn_back(people, today)
    sweeps = 2 if today.law.limits else 1
    for sweep in range(sweeps):
        for begin in range(0, count, BLOCK):
            end = min(begin + BLOCK, count)
            if sweep == 0 and _on_road(begin, end, people, today) < end - begin:
                _decide(begin, end, luck, people, work)
            if sweep == sweeps - 1 and (
                today.law.avoid_short_stints or _on_road(begin, end, people, today) > 0
            ):
                _travel(begin, end, luck, people, work)


@inlined
def place_of(at: int, places: int, legs: NDArray[np.void]) -> int:
    """Give the place of somebody who is in one, -1 of somebody on a road; `at` as in `People.where`."""
    if at < places:
        return at
    if at < places + len(legs):
        return -1
    if at < places + 2 * len(legs):
        return int(legs[at - places - len(legs)]["origin"])
    return at - places - 2 * len(legs)


@borrowing
def settle(
    people: People,
    first: NDArray[np.int64],
    luck: NDArray[np.uint64],
    holds: tuple[NDArray[np.float64], NDArray[np.void]],
) -> None:
    """Let some of those who are in a place in the evening stay there for good.

    Parameters
    ----------
    people, first, luck : as in `live_a_day`.
    holds : (n,) float64, (l,) LEG      chance per evening in each place; the legs.
    """
    sinks, legs = holds
    places = len(sinks)
    for member in range(len(luck)):
        for agent in range(first[member], first[member + 1]):
            place = place_of(int(np.int64(people.where[agent])), places, legs)
            if place >= 0 and sinks[place] > 0.0:
                if uniform(luck[member], agent - first[member], STAY) < sinks[place]:
                    people.where[agent] = places + 2 * len(legs) + place


@inlined
def _plain(today: Today, limits: bool) -> Today:
    """Give the same day with what `is_plain` says written out: the compiler leaves the rest away."""
    law = today.law
    return Today(
        ptr=today.ptr,
        places=today.places,
        paths=today.paths,
        legs=today.legs,
        score=today.score,
        chance=today.chance,
        still=today.still,
        home_factor=today.home_factor,
        closing=False,
        tables=today.tables,
        law=Law(
            speed=law.speed,
            walk_speed=law.walk_speed,
            softening=law.softening,
            power=law.power,
            buffer=law.buffer,
            pruning=law.pruning,
            avoid_short_stints=False,
            start_on_foot=False,
            compat=False,
            even=True,
            alike=True,
            limits=limits,
            tables=True,
            from_home=False,
            from_here=False,
            kinds=False,
        ),
    )


def is_plain(law: Law) -> bool:
    """Tell whether there are neither memory nor kinds, and one speed: what most days are like."""
    special = law.avoid_short_stints or law.from_home or law.from_here or law.kinds
    return law.alike and law.tables and not special


@merged
def _of_member(member: int, people: People, first: NDArray[np.int64]) -> People:
    a, b = first[member], first[member + 1]
    return People(
        where=people.where[a:b],
        km=people.km[a:b],
        home=people.home[a:b],
        kind=people.kind[a:b],
        recent=people.recent[a:b],
        marks=people.marks[a:b],
    )


@borrowing
def _live_plainly(
    people: People, first: NDArray[np.int64], here: NDArray[np.int64], luck: NDArray[np.uint64], day: DayWork
) -> None:
    for member in range(len(luck)):
        _live(luck[member], _of_member(member, people, first), (here[member], _plain(day[0], False), day[1]))


@borrowing
def _live_with_limits(
    people: People, first: NDArray[np.int64], here: NDArray[np.int64], luck: NDArray[np.uint64], day: DayWork
) -> None:
    for member in range(len(luck)):
        _live(luck[member], _of_member(member, people, first), (here[member], _plain(day[0], True), day[1]))


@borrowing
def _live_by_all_rules(
    people: People, first: NDArray[np.int64], here: NDArray[np.int64], luck: NDArray[np.uint64], day: DayWork
) -> None:
    for member in range(len(luck)):
        _live(luck[member], _of_member(member, people, first), (here[member], day[0], day[1]))


def live_a_day(
    people: People, first: NDArray[np.int64], here: NDArray[np.int64], luck: NDArray[np.uint64], day: DayWork
) -> None:
    """Let all agents of some members live one day, in place.

    Parameters
    ----------
    people : People                 changed.
    first : (members + 1,) int64    first agent of each member, and their number.
    here : (members, n) int64       agents at each place; changed.
    luck : (members,) uint64        from `compiled.luck_of`.
    day : (Today, Desk)
    """
    law = day[0].law
    plainly = _live_with_limits if law.limits else _live_plainly
    live = plainly if is_plain(law) else _live_by_all_rules
    live(people, first, here, luck, day)
