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
from safepassage.engines.cohorts_window import LOW32, S32, Frame, Whole, send
from safepassage.engines.compiled import borrowing, inlined, uniform
from safepassage.engines.quantiles import binomial_split

LEAVE, ROUTE, PERSON, CHOOSER = (
    draw_number(f"local law, cohorts: {what}") for what in ("leave", "route", "person", "chooser")
)
PARTIES = 512
FEW = 8  # fewer decide one by one
CHOOSERS = 4096
FEW_CHOOSING = 3  # fewer than so many for each path choose one by one


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

    people: NDArray[np.int64]
    number: NDArray[np.int64]
    share: NDArray[np.float64]
    party: NDArray[np.int64]
    size: NDArray[np.int64]
    path: NDArray[np.int64]
    chooser: NDArray[np.int64]
    aim: NDArray[np.float64]
    used: NDArray[np.int64]


def new_desk() -> Desk:
    """Clear a desk; every thread needs its own."""
    singly, whole = PARTIES * (FEW - 1) + FEW, np.int64
    return Desk(
        people=np.empty(singly, dtype=whole),
        number=np.empty(singly, dtype=whole),
        share=np.empty(singly),
        party=np.empty(PARTIES, dtype=whole),
        size=np.empty(PARTIES, dtype=whole),
        path=np.empty(PARTIES, dtype=whole),
        chooser=np.empty(CHOOSERS, dtype=whole),
        aim=np.empty(CHOOSERS),
        used=np.zeros(4, dtype=whole),
    )


@inlined
def put(who: Whole, count: Whole, desk: Desk) -> None:
    """Put a party on the desk: without a branch, its size is anybody's guess."""
    people, parties, few = desk.used[0], desk.used[1], count < FEW
    for k in range(FEW):
        desk.people[people + k] = who
        desk.number[people + k] = k
    desk.party[parties], desk.size[parties] = who, count
    desk.used[0] = people + (count if few else 0)
    desk.used[1] = parties + (0 if few else 1)
    desk.used[3] += 1


@borrowing
def _send_choosers(desk: Desk, frame: Frame) -> None:
    """Let everybody who is to choose singly take the path that the summed chances give."""
    morning = frame[1]
    for k in range(desk.used[2]):
        who, aim = desk.chooser[k], desk.aim[k]
        place, left = who & LOW32, who >> S32
        begin, end = morning.ptr[place], morning.ptr[place + 1]
        steps = FINE * (end - begin)
        path = morning.guide[FINE * begin + min(np.int64(aim * steps), steps - 1)]
        path += morning.paths[path]["upto"] <= aim
        while path < end - 1 and morning.paths[path]["upto"] <= aim:
            path += 1
        send(min(path, end - 1), left, 1, frame)
    desk.used[2] = 0


@inlined
def _decide_singly(luck: np.uint64, night: NDArray[np.int64], desk: Desk, frame: Frame) -> None:
    places, singly = frame[1].places, desk.used[0]
    for k in range(singly):
        desk.share[k] = uniform(luck, desk.people[k], PERSON + desk.number[k])
    choosers = 0
    for k in range(singly):
        who, share = desk.people[k], desk.share[k]
        one = places[who & LOW32]
        leaves = share < one["chance"]
        desk.chooser[choosers], desk.aim[choosers] = who, share * one["inverse"]
        night[who & LOW32] += not leaves
        choosers += leaves
    desk.used[0], desk.used[2] = 0, choosers


@inlined
def _choose_singly(
    who: Whole, count: Whole, luck: np.uint64, desk: Desk, frame: Frame, beyond: float
) -> None:
    """Put people on the list of choosers, who are known not to take the paths up to the chance `beyond`."""
    done = 0
    while done < count:
        if desk.used[2] == CHOOSERS:
            _send_choosers(desk, frame)
        first = desk.used[2]
        many = min(count - done, CHOOSERS - first)
        for k in range(many):
            share = uniform(luck, int(who), CHOOSER + done + k)
            desk.chooser[first + k], desk.aim[first + k] = who, beyond + (1.0 - beyond) * share
        done += many
        desk.used[2] = first + many


@inlined
def _decide_together(luck: np.uint64, night: NDArray[np.int64], desk: Desk, frame: Frame) -> None:
    """Count who leaves of each party; those that are left to take one path after another stay on the desk."""
    morning, kept = frame[1], 0
    for k in range(desk.used[1]):
        who, count = desk.party[k], desk.size[k]
        place = who & LOW32
        one, paths = morning.places[place], morning.ptr[place + 1] - morning.ptr[place]
        leaving = binomial_split(uniform(luck, who, LEAVE), count, one["chance"], one["log"])
        night[place] += count - leaving
        desk.party[kept], desk.size[kept], desk.path[kept] = who, leaving, morning.ptr[place]
        if leaving < FEW_CHOOSING * paths:
            _choose_singly(who, leaving, luck, desk, frame, 0.0)
        else:
            kept += 1
    desk.used[1] = kept


@inlined
def _take_paths(luck: np.uint64, desk: Desk, frame: Frame) -> None:
    """Let every party on the desk take its next path in part, again and again, until nobody is left."""
    morning = frame[1]
    while desk.used[1] > 0:
        kept = 0
        for k in range(desk.used[1]):
            who, count, path = desk.party[k], desk.size[k], desk.path[k]
            place, left = who & LOW32, who >> S32
            one, end = morning.paths[path], morning.ptr[place + 1]
            share = uniform(luck, who, ROUTE + path - morning.ptr[place])
            taking = binomial_split(share, count, one["given"], one["log"])
            if taking > 0:
                send(path, left, taking, frame)
            count -= taking
            desk.party[kept], desk.size[kept], desk.path[kept] = who, count, path + 1
            if 0 < count < FEW_CHOOSING * (end - path - 1):
                _choose_singly(who, count, luck, desk, frame, one["upto"])
            else:
                kept += count > 0
        desk.used[1] = kept


@borrowing
def decide(luck: np.uint64, night: NDArray[np.int64], desk: Desk, frame: Frame) -> None:
    """Let everybody on the desk decide; who stays is added to `night`."""
    _decide_singly(luck, night, desk, frame)
    _send_choosers(desk, frame)
    _decide_together(luck, night, desk, frame)
    _take_paths(luck, desk, frame)
    _send_choosers(desk, frame)
    desk.used[3] = 0
