"""How people in places decide, in the cohort kernel: whole batches of places at a time.

People of one place with one number of cells left are a party. Few people decide one by one, with one
uniform each for whether and where, by the inverse of the summed chances; for more, one binomial count says
how many leave, and if those are many, one conditional binomial count for each path how many take it.
Parties of a batch cannot meet before the batch is done, so each step goes through all of them: a processor
does many things that are alike far sooner than one thing after the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import draw_number
from safepassage.engines.cohorts_morning import FINE
from safepassage.engines.cohorts_window import ONE, Frame, Whole, send
from safepassage.engines.compiled import borrowing, inlined, uniform
from safepassage.engines.quantiles import binomial_split

LEAVE, ROUTE, PERSON, CHOOSER = (
    draw_number(f"local law, cohorts: {what}") for what in ("leave", "route", "person", "chooser")
)
PARTIES = 512
FEW = 8  # fewer decide one by one
CHOOSERS = 4096
U32, U_LOW32 = np.uint64(32), np.uint64(0xFFFFFFFF)
FEW_CHOOSING = 2  # fewer than so many for each path choose one by one


class Desk(NamedTuple):
    """Working space for one batch. Who: cells left × 2**32 + place.

    Parameters
    ----------
    people, number : (PARTIES * (FEW - 1) + FEW,) int64     who decides singly, and as which of the party.
    share : as `people`, float64        their uniforms.
    party, size : (PARTIES,) int64     who decides together, and how many; then who takes path after path.
    path : (PARTIES,) int64             the path that is next for those.
    chooser : (CHOOSERS,) int64         who has left and is to choose a path singly.
    aim : (CHOOSERS,) float64           where in the summed chances they look.
    used : (4,) int64                   how many people, parties, choosers, and parties of all sizes.
    """

    people: NDArray[np.uint64]
    number: NDArray[np.int64]
    share: NDArray[np.float64]
    party: NDArray[np.uint64]
    size: NDArray[np.int64]
    path: NDArray[np.int64]
    chooser: NDArray[np.uint64]
    aim: NDArray[np.float64]
    used: NDArray[np.int64]


def new_desk() -> Desk:
    """Clear a desk; every thread needs its own."""
    singly, whole = PARTIES * (FEW - 1) + FEW, np.int64
    return Desk(
        people=np.empty(singly, dtype=np.uint64),
        number=np.empty(singly, dtype=whole),
        share=np.empty(singly),
        party=np.empty(PARTIES, dtype=np.uint64),
        size=np.empty(PARTIES, dtype=whole),
        path=np.empty(PARTIES, dtype=whole),
        chooser=np.empty(CHOOSERS, dtype=np.uint64),
        aim=np.empty(CHOOSERS),
        used=np.zeros(4, dtype=whole),
    )


@inlined
def put(left: Whole, place: Whole, count: Whole, desk: Desk) -> None:
    """Put a party on the desk: without a branch, its size is anybody's guess."""
    who = (np.uint64(left) << U32) | np.uint64(place)
    people, parties, few = np.uint64(desk.used[0]), np.uint64(desk.used[1]), count < FEW
    for k in range(FEW):
        desk.people[people + np.uint64(k)] = who
        desk.number[people + np.uint64(k)] = k
    desk.party[parties], desk.size[parties] = who, count
    desk.used[0] += count if few else 0
    desk.used[1] += 0 if few else 1
    desk.used[3] += 1


@borrowing
def _send_choosers(desk: Desk, frame: Frame) -> None:
    """Let everybody who is to choose singly take the path that the summed chances give."""
    morning = frame[1]
    for k in range(np.uint64(desk.used[2])):
        who, aim = desk.chooser[k], desk.aim[k]
        place, left = who & U_LOW32, np.int64(who >> U32)
        begin, end = morning.ptr[place], morning.ptr[place + ONE]
        steps = FINE * (end - begin)
        guide = FINE * begin + min(np.int64(aim * steps), steps - 1)
        path = np.uint64(morning.guide[np.uint64(guide)])
        path += np.uint64(morning.paths[path]["upto"] <= aim)
        last = np.uint64(end - 1)
        while path < last and morning.paths[path]["upto"] <= aim:
            path += ONE
        send(min(path, last), left, 1, frame)
    desk.used[2] = 0


@inlined
def _decide_singly(luck: np.uint64, night: NDArray[np.int64], desk: Desk, frame: Frame) -> None:
    places, singly = frame[1].places, np.uint64(desk.used[0])
    for k in range(singly):
        desk.share[k] = uniform(luck, desk.people[k], PERSON + desk.number[k])
    choosers = np.uint64(0)
    for k in range(singly):
        who, share = desk.people[k], desk.share[k]
        place = who & U_LOW32
        one = places[place]
        leaves = share < one["chance"]
        desk.chooser[choosers], desk.aim[choosers] = who, share * one["inverse"]
        night[place] += not leaves
        choosers += np.uint64(leaves)
    desk.used[0], desk.used[2] = 0, choosers


@inlined
def _choose_singly(
    who: np.uint64, count: Whole, luck: np.uint64, desk: Desk, frame: Frame, beyond: float
) -> None:
    """Put people on the list of choosers, who are known not to take the paths up to the chance `beyond`."""
    done = 0
    while done < count:
        if desk.used[2] == CHOOSERS:
            _send_choosers(desk, frame)
        first = np.uint64(desk.used[2])
        many = min(count - done, CHOOSERS - desk.used[2])
        for k in range(many):
            share, at = uniform(luck, int(who), CHOOSER + done + k), first + np.uint64(k)
            desk.chooser[at], desk.aim[at] = who, beyond + (1.0 - beyond) * share
        done += many
        desk.used[2] += many


@inlined
def _decide_together(luck: np.uint64, night: NDArray[np.int64], desk: Desk, frame: Frame) -> None:
    """Count who leaves of each party; those that are left to take one path after another stay on the desk."""
    morning, kept = frame[1], np.uint64(0)
    for k in range(np.uint64(desk.used[1])):
        who, count = desk.party[k], desk.size[k]
        place = who & U_LOW32
        one, begin = morning.places[place], morning.ptr[place]
        leaving = binomial_split(uniform(luck, who, LEAVE), count, one["chance"], one["log"])
        night[place] += count - leaving
        desk.party[kept], desk.size[kept], desk.path[kept] = who, leaving, begin
        if leaving < FEW_CHOOSING * (morning.ptr[place + ONE] - begin):
            _choose_singly(who, leaving, luck, desk, frame, 0.0)
        else:
            kept += ONE
    desk.used[1] = kept


@inlined
def _take_paths(luck: np.uint64, desk: Desk, frame: Frame) -> None:
    """Let every party on the desk take its next path in part, again and again, until nobody is left."""
    morning = frame[1]
    while desk.used[1] > 0:
        kept = np.uint64(0)
        for k in range(np.uint64(desk.used[1])):
            who, count, path = desk.party[k], desk.size[k], desk.path[k]
            place, left = who & U_LOW32, np.int64(who >> U32)
            one = morning.paths[np.uint64(path)]
            share = uniform(luck, who, ROUTE + path - morning.ptr[place])
            taking = binomial_split(share, count, one["given"], one["log"])
            if taking > 0:
                send(np.uint64(path), left, taking, frame)
            count -= taking
            desk.party[kept], desk.size[kept], desk.path[kept] = who, count, path + 1
            if 0 < count < FEW_CHOOSING * (morning.ptr[place + ONE] - path - 1):
                _choose_singly(who, count, luck, desk, frame, one["upto"])
            else:
                kept += np.uint64(count > 0)
        desk.used[1] = kept


@borrowing
def decide(luck: np.uint64, night: NDArray[np.int64], desk: Desk, frame: Frame) -> None:
    """Let everybody on the desk decide; who stays is added to `night`."""
    if desk.used[3] == 0:
        return
    _decide_singly(luck, night, desk, frame)
    _send_choosers(desk, frame)
    _decide_together(luck, night, desk, frame)
    _take_paths(luck, desk, frame)
    _send_choosers(desk, frame)
    desk.used[3] = 0
