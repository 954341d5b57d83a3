"""Moves that the model does not foresee: buses nobody told of, a night march, people who come from nowhere.

Every day a caravan may, with a small chance, be anywhere near or have any size near what it had. On days
with reports a share of the members is proposed where reports point; the ratio of the two chances makes it
fair: its mean over the luck is one for every member, so that reports which say nothing change nothing.
Sizes are drawn from a mixture that keeps what is usual in it, so that no ratio is ever large (a defensive
mixture: Hesterberg 1995, doi:10.1080/00401706.1995.10484303). Of the places that a move might lead to only
those that reports name are looked at; whoever moved elsewhere counts as if it had stayed. So the ensemble
follows two reports that agree against the model, and does not follow one that stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from safepassage.assimilation.observations import NEXT_STOP, POSITION, SIZE, Observation
from safepassage.assimilation.voices import Voices
from safepassage.core.caravan_priors import SMALLEST_GROUP_PEOPLE
from safepassage.core.draws import Draws
from safepassage.core.engine import SEGMENT_COLUMNS, Tracked
from safepassage.core.network import Network, sphere_km

# Chance per day of an unforeseen move, and how far it may lead (judged).
MOVE_CHANCE, MOVE_KM = 0.02, 150.0
# Chance per day that a size changes beyond what joining and leaving foresee, and by how much, on the log.
RESIZE_CHANCE, RESIZE_LOG = 0.05, 0.6
# Share of the members that are proposed anew, how wide around a reported size, and of these the share that is
# drawn as if nothing had been reported: its inverse is the largest ratio of a size's chances.
PROPOSED_SHARE, PROPOSED_LOG, USUAL_SHARE = 0.2, 0.25, 0.25
# Chance per day that a part goes apart beyond what splitting foresees, how far from its main body it may be,
# and its share of it, middle and standard deviation of the log (judged).
PART_CHANCE, PART_KM = 0.05, 500.0
PART_SHARE, PART_LOG = 0.15, 1.0
# No size is drawn beyond this, on the log.
MOST_LOG = 20.0
# An announced stop is no report that anybody is there.
ANNOUNCED_TRUST = 0.3


class Unforeseen:
    """Proposes unforeseen moves, sizes and parts of all caravans.

    Parameters
    ----------
    network : Network
    groups : int
    """

    def __init__(self, network: Network, groups: int) -> None:
        self._network, self._groups = network, groups

    def moved(
        self, engine: Tracked[Any], state: Any, told: Sequence[Observation], *, day: int, draws: Draws
    ) -> tuple[Any, NDArray[np.float64], NDArray[np.bool_]]:
        """Put a share of the members where the reports of a day say that people are.

        Returns
        -------
        (state, log prior over proposal, moved)     the latter two (member,).
        """
        view = engine.bodies(state)
        members = 0 if view is None else len(view.size)
        ratio, any_moved = np.zeros(members), np.zeros(members, dtype=bool)
        slots = np.arange(members)
        for g in range(self._groups):
            trust = _places(told, g)
            if not trust or view is None:
                continue
            places = np.array(list(trust), dtype=np.int64)
            share = np.array(list(trust.values())) / sum(trust.values())
            goes = proposed(day, slots, g, draws) & view.alive[:, g]
            luck = draws.uniform("unforeseen place", day=day, slots=slots, entity=g)
            which = np.minimum(np.searchsorted(np.cumsum(share), luck), len(places) - 1)
            chance = MOVE_CHANCE * self._chance(view.place[:, g], places)
            ratio += _ratio(goes, view.alive[:, g], chance[slots, which], share[which], chance.sum(axis=1))
            any_moved |= goes
            state = engine.relocated(state, np.where(goes, places[which], -1), column=g, draws=draws)
        return state, ratio, any_moved

    def resized(
        self,
        engine: Tracked[Any],
        state: Any,
        told: Sequence[Observation],
        voices: Voices,
        *,
        day: int,
        draws: Draws,
    ) -> tuple[Any, NDArray[np.float64]]:
        """Give a share of the members a size that a report of the day tells, as its source would count it.

        Returns
        -------
        (state, log prior over proposal)        the latter (member,).
        """
        view = engine.bodies(state)
        ratio = np.zeros(0 if view is None else len(view.size))
        slots = np.arange(len(ratio))
        for g in range(self._groups):
            sizes = [s for s in told if s.what == SIZE and s.group == g and s.segment in ("main", "whole")]
            if not sizes or view is None:
                continue
            columns = list(range(g, view.size.shape[1], self._groups))
            main = np.maximum(view.size[:, g], 1).astype(np.float64)
            whole = np.maximum(view.size[:, columns].sum(axis=1), 1).astype(np.float64)
            wholly = np.array([s.segment == "whole" for s in sizes])
            middles = _as_told(sizes, voices) - np.where(wholly, np.log(whole / main)[:, None], 0.0)
            alive = view.alive[:, g]
            goes = alive & (draws.uniform("unforeseen size", day=day, slots=slots, entity=g) < PROPOSED_SHARE)
            new, odds = _log_size(
                (np.log(main), RESIZE_LOG),
                middles,
                of_which=draws.uniform("size of which report", day=day, slots=slots, entity=g),
                luck=draws.uniform("size proposed", day=day, slots=slots, entity=g),
            )
            chance = np.full(len(ratio), RESIZE_CHANCE)
            ratio += _ratio(goes, alive, chance, np.ones(len(ratio)), chance) + np.where(goes, odds, 0.0)
            people = np.where(goes, np.rint(np.exp(new)).astype(np.int64), view.size[:, g])
            state = engine.resized(state, people, column=g)
        return state, ratio

    def parted(
        self,
        engine: Tracked[Any],
        state: Any,
        told: Sequence[Observation],
        voices: Voices,
        *,
        day: int,
        draws: Draws,
    ) -> tuple[Any, NDArray[np.float64]]:
        """Put a part ahead or behind where a report of the day says that there is one.

        Its people come out of the main body, of which at least a half stays.

        Returns
        -------
        (state, log prior over proposal)        the latter (member,).
        """
        view = engine.bodies(state)
        ratio = np.zeros(0 if view is None else len(view.size))
        slots = np.arange(len(ratio))
        for column in range(self._groups, 0 if view is None else view.size.shape[1]):
            g, segment = column % self._groups, SEGMENT_COLUMNS[column // self._groups]
            here = [s for s in told if s.what == POSITION and s.group == g and s.segment == segment]
            view = engine.bodies(state)
            if not here or view is None:
                continue
            places = np.array(list(dict.fromkeys(said.place for said in here)), dtype=np.int64)
            main, part = view.size[:, g], view.size[:, column]
            able = view.alive[:, g] & (main >= 2 * SMALLEST_GROUP_PEOPLE)
            luck = draws.uniform("unforeseen part", day=day, slots=slots, entity=column)
            goes = able & (luck < PROPOSED_SHARE)
            luck = draws.uniform("part of which report", day=day, slots=slots, entity=column)
            which = np.floor(luck * len(places)).astype(np.int64)
            of_reports = [[said.report for said in here if said.place == place] for place in places]
            sizes = [[s for s in told if s.what == SIZE and s.report in reports] for reports in of_reports]
            people, odds = _part_people(sizes, voices, main, which, luck=(draws, day, column))
            chance = PART_CHANCE * self._chance(view.place[:, g], places, PART_KM)
            share = np.full(len(ratio), 1.0 / len(places))
            ratio += _ratio(goes, able, chance[slots, which], share, chance.sum(axis=1))
            ratio += np.where(goes, odds, 0.0)
            new = np.where(goes, people, part)
            state = engine.resized(state, new, column=column)
            state = engine.resized(state, np.maximum(main + part - new, 0), column=g)
            state = engine.relocated(state, np.where(goes, places[which], -1), column=column, draws=draws)
        return state, ratio

    def _chance(
        self, here: NDArray[np.int64], places: NDArray[np.int64], reach_km: float = MOVE_KM
    ) -> NDArray[np.float64]:
        """Give the chance that an unforeseen move leads from each member's place to each of some places."""
        all_places = self._network.places
        origins, row = np.unique(here, return_inverse=True)
        origin = all_places.lat[origins][:, None], all_places.lon[origins][:, None]
        pull = np.exp(-sphere_km(origin, (all_places.lat[None, :], all_places.lon[None, :])) / reach_km)
        share = pull[:, places] / pull.sum(axis=1, keepdims=True)
        return np.asarray(share[row], dtype=np.float64)


def proposed(day: int, slots: NDArray[np.int64], group: int, draws: Draws) -> NDArray[np.bool_]:
    """Tell which members of a caravan are moved where the reports of a day point, (member,)."""
    return draws.uniform("unforeseen", day=day, slots=slots, entity=group) < PROPOSED_SHARE


def _ratio(
    goes: NDArray[np.bool_],
    able: NDArray[np.bool_],
    chance: NDArray[np.float64],
    share: NDArray[np.float64],
    any_chance: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give the log of prior over proposal where `PROPOSED_SHARE` of those who are able go, (member,).

    Parameters
    ----------
    chance : (member,) float64      of the change that was drawn, by the model.
    share : (member,) float64       of it among the changes proposed.
    any_chance : (member,) float64  of any change that may be proposed, by the model.
    """
    going = np.log(np.maximum(chance, 1e-300) / (PROPOSED_SHARE * share))
    staying = np.log((1.0 - any_chance) / (1.0 - PROPOSED_SHARE))
    return np.where(goes, going, np.where(able, staying, 0.0))


def _as_told(sizes: Sequence[Observation], voices: Voices) -> NDArray[np.float64]:
    """Give the log of the true size that each report speaks of, as each member hears it, (member, report)."""
    return np.stack([np.mean(np.log(said.bounds)) - voices.bias(said.voice) for said in sizes], axis=1)


def _log_size(
    usual: tuple[NDArray[np.float64], float],
    middles: NDArray[np.float64] | None,
    *,
    of_which: NDArray[np.float64],
    luck: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw sizes near what reports tell, and some as if nothing had been told.

    Parameters
    ----------
    usual : ((member,), float)      mean and standard deviation of the log of sizes where nothing is told.
    middles : (member, report) or None      log of the size that each report tells; None: nothing is told.
    of_which, luck : (member,) float64      uniforms.

    Returns
    -------
    (log of people, log prior over proposal)        both (member,).
    """
    mean, sd = usual
    normal = np.asarray(ndtri(luck), dtype=np.float64)
    if middles is None:
        return mean + sd * normal, np.zeros(len(mean))
    reports = middles.shape[1]
    told = np.floor((of_which - USUAL_SHARE) / (1.0 - USUAL_SHARE) * reports).astype(np.int64)
    near = middles[np.arange(len(mean)), np.clip(told, 0, reports - 1)]
    new = np.where(told >= 0, near + PROPOSED_LOG * normal, mean + sd * normal)
    new = np.minimum(new, MOST_LOG)
    prior = np.maximum(_normal(new, mean, sd), 1e-300)
    proposal = (1.0 - USUAL_SHARE) * _normal(new[:, None], middles, PROPOSED_LOG).mean(axis=1)
    return new, np.log(prior / (USUAL_SHARE * prior + proposal))


def _part_people(
    sizes: Sequence[Sequence[Observation]],
    voices: Voices,
    main: NDArray[np.int64],
    which: NDArray[np.int64],
    *,
    luck: tuple[Draws, int, int],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw how many go apart: as the reports of each member's place say, or a usual share of the main body.

    Parameters
    ----------
    sizes : by place, what is told there of the part's size.
    main : (member,) int64          people in the main body.
    which : (member,) int64         position in `sizes` of each member's place.
    luck : (Draws, day, column)

    Returns
    -------
    (people, log prior over proposal)       both (member,).
    """
    draws, day, column = luck
    slots = np.arange(len(main))
    of_which = draws.uniform("part size of which report", day=day, slots=slots, entity=column)
    normal = draws.uniform("part size", day=day, slots=slots, entity=column)
    usual = np.log(np.maximum(PART_SHARE * main, 1.0)), PART_LOG
    new, odds = np.zeros(len(main)), np.zeros(len(main))
    for place, told in enumerate(sizes):
        middles = _as_told(told, voices) if told else None
        drawn, ratio = _log_size(usual, middles, of_which=of_which, luck=normal)
        new, odds = np.where(which == place, drawn, new), np.where(which == place, ratio, odds)
    people = np.clip(np.exp(new), SMALLEST_GROUP_PEOPLE, np.maximum(main / 2, 1))
    return np.rint(people).astype(np.int64), odds


def _places(told: Sequence[Observation], group: int) -> dict[int, float]:
    """Give the places that reports of a day name for a main body, with how much they are trusted."""
    trust: dict[int, float] = {}
    for said in told:
        if said.group != group or said.segment != "main" or said.what not in (POSITION, NEXT_STOP):
            continue
        weight = ANNOUNCED_TRUST if said.what == NEXT_STOP else 1.0 - said.wrong
        trust[said.place] = max(weight, trust.get(said.place, 0.0))
    return trust


def _normal(x: NDArray[np.float64], mean: NDArray[np.float64], sd: float) -> NDArray[np.float64]:
    return np.asarray(np.exp(-0.5 * np.square((x - mean) / sd)) / (np.sqrt(2 * np.pi) * sd), dtype=np.float64)
