"""Moves that the model does not foresee: buses nobody told of, a night march, people who come from nowhere.

Every day a caravan may, with a small chance, be anywhere near or have any size near what it had. On days with
reports a share of the members is proposed exactly where reports point; the ratio of the two chances makes it
fair (a defensive mixture: Hesterberg 1995, doi:10.1080/00401706.1995.10484303). So the ensemble follows two
reports that agree against the model, and does not follow one that stands alone.
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
# Share of the members that are proposed anew, and how wide around a reported size.
PROPOSED_SHARE, PROPOSED_LOG = 0.2, 0.25
# Chance per day that a part goes apart beyond what splitting foresees, how far from its main body it may be,
# and its share of it, middle and standard deviation of the log (judged).
PART_CHANCE, PART_KM = 0.05, 500.0
PART_SHARE, PART_LOG = 0.15, 1.0
# An announced stop is no report that anybody is there.
ANNOUNCED_TRUST = 0.3


class Unforeseen:
    """Proposes unforeseen moves of the main bodies of all caravans.

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
            goes = draws.uniform("unforeseen", day=day, slots=slots, entity=g) < PROPOSED_SHARE
            goes &= view.alive[:, g]
            luck = draws.uniform("unforeseen place", day=day, slots=slots, entity=g)
            which = np.minimum(np.searchsorted(np.cumsum(share), luck), len(places) - 1)
            chance = self._chance(view.place[:, g], places)[slots, which]
            with np.errstate(divide="ignore"):
                fair = np.log(MOVE_CHANCE * chance / (PROPOSED_SHARE * share[which]))
            stays = np.log((1.0 - MOVE_CHANCE) / (1.0 - PROPOSED_SHARE))
            ratio += np.where(goes, fair, np.where(view.alive[:, g], stays, 0.0))
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
            middle = np.stack(
                [np.mean(np.log(s.bounds)) - voices.bias(s.voice) for s in sizes], axis=1
            ) - np.where(wholly, np.log(whole / main)[:, None], 0.0)
            alive = view.alive[:, g]
            goes = alive & (draws.uniform("unforeseen size", day=day, slots=slots, entity=g) < PROPOSED_SHARE)
            which = np.floor(
                draws.uniform("size of which report", day=day, slots=slots, entity=g) * len(sizes)
            ).astype(np.int64)
            luck = ndtri(draws.uniform("size proposed", day=day, slots=slots, entity=g))
            new = middle[slots, which] + PROPOSED_LOG * luck
            proposal = _normal(new[:, None], middle, PROPOSED_LOG).mean(axis=1)
            foreseen = _normal(new, np.log(main), RESIZE_LOG)
            fair = np.log(RESIZE_CHANCE * np.maximum(foreseen, 1e-300) / (PROPOSED_SHARE * proposal))
            stays = np.log((1.0 - RESIZE_CHANCE) / (1.0 - PROPOSED_SHARE))
            ratio += np.where(goes, fair, np.where(alive, stays, 0.0))
            people = np.rint(np.where(goes, np.exp(np.minimum(new, 20.0)), view.size[:, g])).astype(np.int64)
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
            main, part = view.size[:, g], view.size[:, column]
            able = view.alive[:, g] & (main >= 2 * SMALLEST_GROUP_PEOPLE)
            luck = draws.uniform("unforeseen part", day=day, slots=slots, entity=column)
            goes = able & (luck < PROPOSED_SHARE)
            luck = draws.uniform("part of which report", day=day, slots=slots, entity=column)
            which = np.floor(luck * len(here)).astype(np.int64)
            normal = ndtri(draws.uniform("part size", day=day, slots=slots, entity=column))
            people, fair = _part_people(here, told, voices, main, which, normal)
            places = np.array([said.place for said in here], dtype=np.int64)
            chance = self._chance(view.place[:, g], places, PART_KM)[slots, which] * len(here)
            fair = fair + np.log(PART_CHANCE * np.maximum(chance, 1e-300) / PROPOSED_SHARE)
            ratio += np.where(goes, fair, np.log((1 - PART_CHANCE) / (1 - PROPOSED_SHARE)) * able)
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


def _part_people(
    here: Sequence[Observation],
    told: Sequence[Observation],
    voices: Voices,
    main: NDArray[np.int64],
    which: NDArray[np.int64],
    normal: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw how many go apart: as the report of each member says, or a usual share of the main body.

    Parameters
    ----------
    here, told : sequence of Observation        positions of the part; everything told of the day.
    main : (member,) int64          people in the main body.
    which : (member,) int64         position in `here` of each member's report.
    normal : (member,) float64      standard normal luck.

    Returns
    -------
    (people, log prior over proposal)       both (member,).
    """
    usual = np.log(np.maximum(PART_SHARE * main, 1.0))
    new, fair = usual + PART_LOG * normal, np.zeros(len(main))
    for k, said in enumerate(here):
        size = next((s for s in told if s.what == SIZE and s.report == said.report), None)
        if size is None:
            continue
        middle = np.mean(np.log(size.bounds)) - voices.bias(size.voice)
        proposed = middle + PROPOSED_LOG * normal
        odds = _normal(proposed, usual, PART_LOG) / _normal(proposed, middle, PROPOSED_LOG)
        fair = np.where(which == k, np.log(np.maximum(odds, 1e-300)), fair)
        new = np.where(which == k, proposed, new)
    people = np.clip(np.exp(np.minimum(new, 20.0)), SMALLEST_GROUP_PEOPLE, np.maximum(main / 2, 1))
    return np.rint(people).astype(np.int64), fair


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
