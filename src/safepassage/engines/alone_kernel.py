"""The compiled kernel of people alone under the goal law: counts instead of persons, over occupied cells.

People with one destination are alike. A cell is where a count of them is in the evening: free to choose in
a town, bound for a link that they take in the morning, or on a link until some day, which is a ring of
calendar days. Per member only the occupied cells are kept. Every count splits by conditional
binomials that are monotone in luck, and the luck of a draw is named after the town or link and the
destination, so that it does not depend on who else is where.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.core import draws
from safepassage.core.outcomes import ALL_OUTCOMES, STATUSES
from safepassage.engines.compiled import compiled, mix, uniform
from safepassage.engines.quantiles import binomial_quantile
from safepassage.engines.stages import UNKNOWN, Roads, Ways

_GOLDEN = np.uint64(draws.GOLDEN64)
_SET_OUT, _HEADING = draws.draw_number("set out"), draws.draw_number("heading")
_OUT, _WAY_OUT = draws.draw_number("out"), draws.draw_number("way out")
# Nights have draws of their own, named after town or link; names of draws have 32 bits, so these are beyond.
_STAGE = draws.draw_number("stage") << 31
# Of other draws the upper bits tell whether people moved, which outcome it is, and the day of arrival.
_MOVED, _NEXT, _LATER = 1 << 32, 1 << 33, 1 << 38
_KINDS = len(ALL_OUTCOMES)
_MOVING, _STAYING, _HELD, _ARRIVED = range(len(STATUSES))
_STATUSES = len(STATUSES)
_ANY = -1


class Cells(NamedTuple):
    """Where people alone are, member after member.

    Parameters
    ----------
    first : (member + 1,) int64     first entry of each member, and their number.
    cell : (n,) int64               each once a member; see below.
    people : (n,) int64             > 0.

    Notes
    -----
    With p places, a arcs, e destinations and a ring of r days, a cell is ``number * e + destination``; the
    number is a place, p + an arc, or p + a + (day of arrival mod r) * p + the place of arrival.
    """

    first: NDArray[np.int64]
    cell: NDArray[np.int64]
    people: NDArray[np.int64]


class Leaving(NamedTuple):
    """Who leaves home today, and who comes out of groups tonight.

    Parameters
    ----------
    place, people, number : (k,) int64      origin, how many, and position among all departures.
    end : (k,) int64                        destination; -1: shared out by `heading`.
    heading : (destination,) float64        share of each destination given none before it.
    cell, joining : (member, j) int64       cell and count of people out of groups, who rest until tomorrow.
    """

    place: NDArray[np.int64]
    people: NDArray[np.int64]
    number: NDArray[np.int64]
    end: NDArray[np.int64]
    heading: NDArray[np.float64]
    cell: NDArray[np.int64]
    joining: NDArray[np.int64]


class Hazards(NamedTuple):
    """The rows of outcomes in force today; see `outcomes.RowsToday`.

    Parameters
    ----------
    row, status, country, outcome : (k,) int64
    chance : (member, row) float64
    of_place : (place,) int64       number of each place's country.
    countries : int
    """

    row: NDArray[np.int64]
    status: NDArray[np.int64]
    country: NDArray[np.int64]
    outcome: NDArray[np.int64]
    chance: NDArray[np.float64]
    of_place: NDArray[np.int64]
    countries: int


class Today(NamedTuple):
    """What a day brings to every member."""

    leaving: Leaving
    ways: Ways
    roads: Roads
    hazards: Hazards


class Luck(NamedTuple):
    """Seed, draw slots of the members, day, and the chance of setting out."""

    seed: np.uint64
    slots: NDArray[np.uint64]
    day: int
    move_chance: float


class Desk(NamedTuple):
    """Working space for one member at a time, all zero between members.

    Parameters
    ----------
    stayed : (start,) int64         people who did not set out today.
    moved : (cell,) int64           people who are on their way or arrived tonight.
    at_start, at_cell : int64       which of them are in use, so many as there are starts and cells.
    """

    stayed: NDArray[np.int64]
    moved: NDArray[np.int64]
    at_start: NDArray[np.int64]
    at_cell: NDArray[np.int64]


def desk(roads: Roads, *, joins: int) -> Desk:
    """Give an empty desk; its pages are only taken from the machine where they are written to.

    Parameters
    ----------
    joins : int     cells of `Leaving.cell` a member.
    """
    places, arcs, ends = len(roads.first) - 1, len(roads.target), len(roads.ends)
    starts = (places + arcs) * ends
    cells = starts + roads.span * places * ends
    # A cell that outcomes empty and that is filled again is listed twice.
    sizes = (starts, cells, starts, cells + starts + joins)
    stayed, moved, at_start, at_cell = (np.zeros(size, dtype=np.int64) for size in sizes)
    return Desk(stayed, moved, at_start, at_cell)


@compiled
def starts_without_nights(cells: Cells, leaving: Leaving, ways: Ways, roads: Roads) -> NDArray[np.int64]:
    """List the starts that somebody may set out from today and whose nights nobody asked for yet."""
    starts, places, ends = len(ways.begin), len(roads.first) - 1, len(roads.ends)
    needed = np.zeros(starts, dtype=np.bool_)
    for cell in cells.cell:
        if cell >= starts:
            continue
        number, end = cell // ends, cell % ends
        needed[cell] = True
        if number >= places and roads.chances[end, number - places] <= 0.0:  # they choose anew in their town
            needed[roads.origin[number - places] * ends + end] = True
    for k in range(len(leaving.place)):
        for end in range(ends):
            if leaving.end[k] == end or leaving.end[k] < 0:
                needed[leaving.place[k] * ends + end] = True
    needed &= ways.begin == UNKNOWN
    return np.flatnonzero(needed)


@compiled
def _put(counts: NDArray[np.int64], used: NDArray[np.int64], many: int, at: int, people: int) -> int:
    """Add people to a count; give the number of counts in use."""
    if people > 0 and counts[at] == 0:
        used[many] = at
        many += 1
    counts[at] += people
    return many


@compiled
def _set_out(
    base: Desk, used: tuple[int, int], ways: Ways, roads: Roads, luck: tuple[np.uint64, int, float]
) -> int:
    """Move some of those who stay at each start to their nights; give the number of cells in use."""
    own, day, move_chance = luck
    starts, homes = len(base.stayed), (len(roads.first) - 1) * len(roads.ends)
    many = used[1]
    for k in range(used[0]):
        start = base.at_start[k]
        if ways.rows[start] == 0:
            continue
        entity, staying = ways.name[start], base.stayed[start]
        left = binomial_quantile(uniform(own, entity, _SET_OUT), staying, move_chance)
        base.stayed[start] = staying - left
        for row in range(ways.begin[start], ways.begin[start] + ways.rows[start]):
            if left == 0:
                break
            night, part, ring_day = ways.night[row], left, ways.days[row] - 1
            if ways.share[row] < 1.0:
                name = night + starts * ring_day
                part = binomial_quantile(uniform(own, entity, _STAGE + name), left, ways.share[row])
            if ring_day > 0:
                night += starts + (day + ring_day) % roads.span * homes
            many = _put(base.moved, base.at_cell, many, night, part)
            left -= part
    return many


@compiled
def _morning(cells: Cells, member: int, base: Desk, ways: Ways, roads: Roads, day: int) -> tuple[int, int]:
    """Lay out last evening's cells; give how many starts and cells are in use."""
    starts, homes = len(base.stayed), (len(roads.first) - 1) * len(roads.ends)
    due = starts + day % roads.span * homes  # those who arrive today
    staying, moving = 0, 0
    for k in range(cells.first[member], cells.first[member + 1]):
        cell, people = cells.cell[k], cells.people[k]
        if cell >= starts:
            arriving = due <= cell < due + homes
            moving = _put(base.moved, base.at_cell, moving, cell - due if arriving else cell, people)
            continue
        if cell >= homes and ways.rows[cell] == 0:  # closed overnight, or no way now: they choose anew
            cell = ways.home[cell]
        staying = _put(base.stayed, base.at_start, staying, cell, people)
    return staying, moving


@compiled
def _depart(leaving: Leaving, base: Desk, many: int, ends: int, own: np.uint64) -> int:
    for k in range(len(leaving.place)):
        start, left = leaving.place[k] * ends, leaving.people[k]
        if leaving.end[k] >= 0:
            many = _put(base.stayed, base.at_start, many, start + leaving.end[k], left)
            continue
        for end in range(ends):
            u = uniform(own, leaving.number[k] * ends + end, _HEADING)
            part = binomial_quantile(u, left, leaving.heading[end])
            many = _put(base.stayed, base.at_start, many, start + end, part)
            left -= part
    return many


@compiled
def _chances_today(hazards: Hazards, member: int) -> NDArray[np.float64]:
    """Give a member's chances today, (status, country, outcome)."""
    chances = np.zeros((_STATUSES, hazards.countries, _KINDS))
    for k in range(len(hazards.row)):
        chance, kind = hazards.chance[member, hazards.row[k]], hazards.outcome[k]
        for status in range(_STATUSES):
            if hazards.status[k] != _ANY and hazards.status[k] != status:
                continue
            if hazards.country[k] != _ANY:
                chances[status, hazards.country[k], kind] += chance
                continue
            for country in range(hazards.countries):
                chances[status, country, kind] += chance
    return chances


@compiled
def _ways_out(
    gone: int, chances: NDArray[np.float64], own: np.uint64, names: tuple[int, int], out: NDArray[np.int64]
) -> None:
    """Split those who leave one cell over the outcomes, into `out`.

    `chances` and `out` have one entry per outcome; `names` are the entity of the luck and what is added to
    its draws.
    """
    rest, last = chances.sum(), 0
    for kind in range(_KINDS):
        if chances[kind] > 0.0:
            last = kind
    for kind in range(last + 1):
        if gone == 0:
            break
        part = gone
        if kind < last:
            given = min(chances[kind] / rest, 1.0) if rest > 0.0 else 0.0
            part = binomial_quantile(uniform(own, names[0], _WAY_OUT + names[1] + kind * _NEXT), gone, given)
        out[kind] += part
        gone -= part
        rest -= chances[kind]


@compiled
def _outcomes(
    base: Desk, used: tuple[int, int], ways: Ways, roads: Roads, own: np.uint64,
    facing: tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]],
) -> None:  # fmt: skip
    """Let the outcomes of the day take their people; `facing` are chances, countries of places, and sums."""
    chances, of_place, out = facing
    total = np.minimum(chances.sum(axis=2), 1.0)
    starts, ends, homes = len(base.stayed), len(roads.ends), (len(roads.first) - 1) * len(roads.ends)
    for k in range(used[0]):
        start = base.at_start[k]
        home, status = ways.home[start], _STAYING
        if home // ends == roads.ends[home % ends]:
            status = _ARRIVED
        elif ways.rows[start] == 0:
            status = _HELD
        country = of_place[home // ends]
        chance, people, name = total[status, country], base.stayed[start], ways.name[start]
        if chance > 0.0 and people > 0:
            gone = binomial_quantile(uniform(own, name, _OUT), people, chance)
            base.stayed[start] = people - gone
            if gone > 0:
                _ways_out(gone, chances[status, country], own, (name, 0), out)
    for k in range(used[1]):
        cell = base.at_cell[k]
        later = 0 if cell < starts else 1 + (cell - starts) // homes  # days of the calendar have luck each
        home = ways.home[cell] if later == 0 else cell - starts - (later - 1) * homes
        status = _ARRIVED if cell < homes and home // ends == roads.ends[home % ends] else _MOVING
        country = of_place[home // ends]
        chance, people = total[status, country], base.moved[cell]
        name = ways.name[cell] if later == 0 else ways.name[home]
        if chance > 0.0 and people > 0:
            apart = _MOVED + later * _LATER
            gone = binomial_quantile(uniform(own, name, _OUT + apart), people, chance)
            base.moved[cell] = people - gone
            if gone > 0:
                _ways_out(gone, chances[status, country], own, (name, apart), out)


@compiled
def _evening(base: Desk, used: tuple[int, int], leaving: Leaving, member: int) -> int:
    """Put those who stayed, and those out of groups, to those who moved; give how many cells are in use."""
    staying, many = used
    for k in range(leaving.cell.shape[1]):
        many = _put(base.moved, base.at_cell, many, leaving.cell[member, k], leaving.joining[member, k])
    for k in range(staying):
        start = base.at_start[k]
        many = _put(base.moved, base.at_cell, many, start, base.stayed[start])
        base.stayed[start] = 0
    return many


@compiled
def live_a_day(cells: Cells, today: Today, luck: Luck, base: Desk, out: NDArray[np.int64]) -> Cells:
    """Let one day pass for people alone: arrive, leave home, set out, outcomes, count.

    Parameters
    ----------
    today : Today           knows the nights of every start that is needed.
    base : Desk             empty, and left empty.
    out : (member, outcome) int64       people counted out so far; added to.

    Returns
    -------
    Cells                   of the evening.
    """
    leaving, ways, roads, hazards = today
    members, ends = len(luck.slots), len(roads.ends)
    first, found = np.zeros(members + 1, np.int64), 0
    cell, people = np.empty(2 * len(cells.cell) + 64, np.int64), np.empty(2 * len(cells.cell) + 64, np.int64)
    for member in range(members):
        own = mix(mix(luck.seed + _GOLDEN, luck.slots[member]), np.uint64(luck.day))
        staying, moving = _morning(cells, member, base, ways, roads, luck.day)
        staying = _depart(leaving, base, staying, ends, own)
        moving = _set_out(base, (staying, moving), ways, roads, (own, luck.day, luck.move_chance))
        if len(hazards.row) > 0:
            facing = (_chances_today(hazards, member), hazards.of_place, out[member])
            _outcomes(base, (staying, moving), ways, roads, own, facing)
        moving = _evening(base, (staying, moving), leaving, member)
        if found + moving > len(cell):
            cell, people = _with_room(cell, found + moving), _with_room(people, found + moving)
        for k in range(moving):
            at = base.at_cell[k]
            if base.moved[at] > 0:
                cell[found], people[found] = at, base.moved[at]
                base.moved[at] = 0
                found += 1
        first[member + 1] = found
    return Cells(first, cell[:found].copy(), people[:found].copy())


@compiled
def _with_room(old: NDArray[np.int64], needed: int) -> NDArray[np.int64]:
    new = np.empty(2 * needed, dtype=np.int64)
    new[: len(old)] = old
    return new


@compiled
def counted(cells: Cells, roads: Roads, members: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count people alone by the town where they sleep, (member, place), and on the road, (member,)."""
    places, ends = len(roads.first) - 1, len(roads.ends)
    starts = places + len(roads.target)
    stock, on_road = np.zeros((members, places), np.int64), np.zeros(members, np.int64)
    for member in range(members):
        for k in range(cells.first[member], cells.first[member + 1]):
            number = cells.cell[k] // ends
            if number < places:
                stock[member, number] += cells.people[k]
            elif number < starts:
                stock[member, roads.origin[number - places]] += cells.people[k]
            else:
                on_road[member] += cells.people[k]
    return stock, on_road
