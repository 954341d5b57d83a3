"""What reports say of caravans, member by member: the evidence that the particle filter weighs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.assimilation import likelihood
from safepassage.assimilation.account import Account
from safepassage.assimilation.observations import (
    NEXT_STOP,
    OUTCOME,
    POSITION,
    SIZE,
    STOCK,
    Observation,
    shared,
)
from safepassage.assimilation.particle import Weighed
from safepassage.assimilation.unforeseen import Unforeseen, proposed
from safepassage.assimilation.voices import Voices
from safepassage.assimilation.weights import normalised
from safepassage.core.caravan_priors import SMALLEST_GROUP_PEOPLE as SMALLEST
from safepassage.core.draws import Draws
from safepassage.core.engine import SEGMENT_COLUMNS, DayView, GroupView, Tracked, Trying
from safepassage.core.network import Network
from safepassage.core.scenario import Prior

# How likely it is to be in a given town tomorrow with no announcement: the floor for towns nobody expects.
LEAST_USUAL = 0.02
# A member whose caravan has dissolved is as far from the report as this.
NOWHERE_KM = 400.0
# How often every member lives the travel of a day with reports, before it goes on with one of them.
ATTEMPTS = 12
# Sizes of an ensemble that drifts wholly have this standard deviation more, on the log (judged).
DRIFT_LOG = 0.3


class CaravanEvidence:
    """Reports about caravans as `particle.Evidence`.

    Parameters
    ----------
    told : sequence of Observation
    network : Network
    groups, reports : int       how many caravans and reports there are.
    members : int
    draws : Draws
    lessons : dict of name to Prior     what past cases taught of those who tell; {}: nothing.
    """

    def __init__(
        self,
        told: Sequence[Observation],
        network: Network,
        *,
        counts: tuple[int, int, int],
        draws: Draws,
        lessons: Mapping[str, Prior] = MappingProxyType({}),
    ) -> None:
        self._groups, reports, members = counts
        self._by_day: dict[int, list[Observation]] = {}
        for said in told:
            self._by_day.setdefault(said.day, []).append(said)
        names = sorted({said.voice for said in told})
        self.voices = Voices(names, members=members, draws=draws, lessons=lessons)
        self._unforeseen = Unforeseen(network, self._groups)
        self.account = Account(reports, members)
        self._evening: GroupView | None = None
        self._before_km = np.zeros((members, self._groups * len(SEGMENT_COLUMNS)))
        # Who had left in each way by each evening; needed to count the days between.
        self._left: list[dict[str, NDArray[np.int64]]] = []
        self._moved = np.zeros(members, dtype=bool)
        self._engine_scores = 0

    def on(self, day: int) -> bool:
        """Tell whether a report speaks of this day."""
        return day in self._by_day

    def see(self, day: int, view: DayView) -> None:
        """Remember the evening: reports of a day speak of the way since the evening before, too."""
        if self._evening is not None:
            here, alive = self._evening.head_km, self._evening.alive
            main = np.tile(here[:, : self._groups], (1, here.shape[1] // self._groups))
            # A part that forms today sets out from where its main body slept.
            self._before_km = np.where(alive, here, main)
        self._evening = view.groups
        self._left.append(view.outcomes)

    def guided(
        self, engine: Tracked[Any], state: Any, *, day: int, draws: Draws
    ) -> tuple[Any, NDArray[np.float64]]:
        """Let every member live the day's travel several times, and go on with one that fits the reports.

        An attempt is chosen with a chance in proportion to how likely it makes what is told of main bodies;
        the member then counts by their mean, so that luck is no reason to drop what it believes.
        """
        members = len(self._before_km)
        ratio, attempts = np.zeros(members), np.zeros((members, self._groups), dtype=np.int64)
        told = [said for said in self._by_day[day] if said.what == POSITION and said.segment == "main"]
        if not told or not isinstance(engine, Trying) or engine.bodies(state) is None:
            return state, ratio
        since_km = self._evening.head_km if self._evening is not None else self._before_km
        fits = np.stack(
            [
                self._fits(engine, engine.tried(state, day=day, draws=draws, attempt=k), told, since_km)
                for k in range(ATTEMPTS)
            ]
        )
        slots = np.arange(members)
        for g in sorted({said.group for said in told}):
            odds = np.exp(fits[:, :, g] - fits[:, :, g].max(axis=0))
            ladder = np.cumsum(odds, axis=0)
            luck = draws.uniform("attempt", day=day, slots=slots, entity=g) * ladder[-1]
            which = np.minimum((ladder <= luck).sum(axis=0), ATTEMPTS - 1)
            # Whoever is to be moved in a way that nobody foresaw needs no luck of the road.
            free = ~proposed(day, slots, g, draws)
            attempts[:, g] = np.where(free, which, 0)
            fair = np.log(np.maximum(ladder[-1] / ATTEMPTS, 1e-300) / np.maximum(odds[which, slots], 1e-300))
            ratio += np.where(free, fair, 0.0)
        return engine.meant(state, attempts), ratio

    def _fits(
        self, engine: Tracked[Any], state: Any, told: Sequence[Observation], since_km: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Give the log-likelihood of what is told of main bodies of each caravan, (member, caravan)."""
        view, total = engine.bodies(state), np.zeros((len(since_km), self._groups))
        for alike in shared(told):
            rows = []
            for said in (told[k] for k in alike):
                night, day = self._stretches(engine, state, view, said, before_km=since_km)
                rows.append(
                    likelihood.position(
                        day if said.by_day else night, day, error_km=said.error, wrong=said.wrong
                    )[0]
                )
            total[:, told[alike[0]].group] += np.mean(rows, axis=0)
        return total

    def propose(
        self, engine: Tracked[Any], state: Any, *, day: int, draws: Draws
    ) -> tuple[Any, NDArray[np.float64]]:
        """Move a share of the members to where the day's reports point, in place and in size."""
        told = self._by_day[day]
        state, log_prior, self._moved = self._unforeseen.moved(engine, state, told, day=day, draws=draws)
        state, of_size = self._unforeseen.resized(engine, state, told, self.voices, day=day, draws=draws)
        state, of_parts = self._unforeseen.parted(engine, state, told, self.voices, day=day, draws=draws)
        return state, log_prior + of_size + of_parts

    def weigh(self, engine: Tracked[Any], state: Any, *, day: int, log_prior: NDArray[np.float64]) -> Weighed:
        """Give the log-likelihood of the day's reports, those with one error counted once."""
        told, view = self._by_day[day], engine.observe(state)
        rows, doubts, offs = [], [], []
        for said in told:
            log_likelihood, doubt, off = self._one(engine, state, view, said, log_prior=log_prior)
            rows.append(log_likelihood)
            doubts.append(doubt)
            offs.append(off)
        together = shared(told)
        pieces = [np.mean([rows[k] for k in alike], axis=0) for alike in together]
        total = np.sum(pieces, axis=0)
        for alike, piece in zip(together, pieces, strict=True):
            self.account.enter(
                [(told[k], doubts[k], offs[k]) for k in alike],
                evening=view.groups,
                log_weights=(log_prior + total, log_prior + total - piece),
            )
        self._evening = view.groups
        return Weighed(total, len(pieces), self._moved.astype(np.float64))

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let every member remember what its ancestor remembers."""
        self._before_km = self._before_km[chosen]
        if self._evening is not None:
            kept = {name: getattr(self._evening, name)[chosen] for name in GroupView.__dataclass_fields__}
            self._evening = GroupView(**kept)
        self._left = [{name: gone[chosen] for name, gone in evening.items()} for evening in self._left]
        self.voices.scores = self.voices.scores[chosen]
        self.account.taken(chosen)

    def scores(self, engine: Tracked[Any], state: Any) -> NDArray[np.float64]:
        """Give the beliefs of the engine's members, those about who tells, and log sizes, (member, k).

        Sizes belong to them: what is believed of a source and of a size hangs together.
        """
        of_engine = engine.scores(state)
        self._engine_scores = of_engine.shape[1]
        size = self._sizes(engine, state)
        there = size >= SMALLEST
        log_size = np.log(np.maximum(size, 1))
        # Who has dissolved has no size: it takes no part in how sizes spread.
        middle = np.where(there, log_size, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
        return np.concatenate([of_engine, self.voices.scores, np.where(there, log_size, middle)], axis=1)

    def believing(self, engine: Tracked[Any], state: Any, scores: NDArray[np.float64]) -> Any:
        """Give the state with other beliefs, and sizes."""
        begin, end = self._engine_scores, scores.shape[1] - self._groups
        self.voices.scores = scores[:, begin:end]
        state = engine.believing(state, scores[:, :begin])
        size = self._sizes(engine, state)
        for g in range(self._groups):
            new = np.rint(np.exp(np.minimum(scores[:, end + g], 20.0))).astype(np.int64)
            # A group that has dissolved stays so, and none is dissolved by a kernel.
            people = np.where(size[:, g] >= SMALLEST, np.maximum(new, SMALLEST), size[:, g])
            state = engine.resized(state, people, column=g)
        return state

    def drifted(
        self, scores: NDArray[np.float64], noise: NDArray[np.float64], share: float
    ) -> NDArray[np.float64]:
        """Mix beliefs with their priors, of which they are normal scores, and shake sizes."""
        mixed = np.sqrt(1.0 - share) * scores + np.sqrt(share) * noise
        end = scores.shape[1] - self._groups
        mixed[:, end:] = scores[:, end:] + np.sqrt(share) * DRIFT_LOG * noise[:, end:]
        return np.asarray(mixed, dtype=np.float64)

    def _sizes(self, engine: Tracked[Any], state: Any) -> NDArray[np.int64]:
        view = engine.bodies(state)
        if view is None:
            return np.zeros((len(self._before_km), self._groups), dtype=np.int64)
        return view.size[:, : self._groups]

    def _one(
        self,
        engine: Tracked[Any],
        state: Any,
        view: DayView,
        said: Observation,
        *,
        log_prior: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Give log-likelihood, doubt and how far off one observation is, each (member,).

        A member without the part that a report speaks of has nothing to hold it against: what it says is as
        likely as anything, its doubt is the usual one, and how far off it is cannot be told.
        """
        there = self._has_part(view, said)
        if said.what in (POSITION, NEXT_STOP):
            night, day = self._stretches(engine, state, view.groups, said)
            if said.what == NEXT_STOP:
                pair = likelihood.announced(
                    night.away_km,
                    self.voices.kept,
                    weight=normalised(log_prior),
                    error_km=said.error,
                    least=LEAST_USUAL,
                )
                return (*pair, night.away_km)
            if said.by_day:
                night = day
            pair = likelihood.position(night, day, error_km=said.error, wrong=said.wrong)
            off, anything = night.away_km, likelihood.ANY_PLACE
        else:
            people = self._people(view, said)
            with np.errstate(divide="ignore"):
                heard = np.log(people) + self.voices.bias(said.voice)
            bounds = (float(np.log(said.bounds[0])), float(np.log(said.bounds[1])))
            # Of few people, counts scatter by their own luck.
            error = np.sqrt(said.error**2 + 1.0 / np.maximum(people, 1.0))
            pair = likelihood.size(heard, bounds, error_log=error, wrong=said.wrong)
            off = np.where(people >= 1, np.exp(np.mean(bounds) - np.maximum(heard, 0.0)), np.nan)
            anything = likelihood.ANY_SIZE
        log_likelihood = np.where(there, pair[0], np.log(anything))
        return log_likelihood, np.where(there, pair[1], said.wrong), np.where(there, off, np.nan)

    def _has_part(self, view: DayView, said: Observation) -> NDArray[np.bool_]:
        """Tell which members have the part of the caravan that a report speaks of, (member,)."""
        members, groups = len(self._before_km), view.groups
        if said.segment not in ("advance", "rear"):
            return np.ones(members, dtype=bool)
        column = self._column(said)
        if groups is None or column >= groups.alive.shape[1]:
            return np.zeros(members, dtype=bool)
        return np.asarray(groups.alive[:, column])

    def _column(self, said: Observation) -> int:
        segment = "main" if said.segment == "whole" else said.segment
        return said.group + self._groups * SEGMENT_COLUMNS.index(segment)

    def _stretches(
        self,
        engine: Tracked[Any],
        state: Any,
        groups: GroupView | None,
        said: Observation,
        *,
        before_km: NDArray[np.float64] | None = None,
    ) -> tuple[likelihood.Stretch, likelihood.Stretch]:
        """Give where a member's people sleep and which way they came that day, as the place sees it."""
        column = self._column(said)
        if groups is None or column >= groups.head_km.shape[1]:
            zero = np.zeros(len(self._before_km))
            nowhere = likelihood.Stretch(zero, zero, zero, zero + NOWHERE_KM)
            return nowhere, nowhere
        there = engine.along(state, said.place, column=column)
        at_km, off_km = there.km, there.off_km
        if said.ahead >= 0:  # somewhere on the road between two towns
            beyond = engine.along(state, said.ahead, column=column)
            on_way = (there.off_km == 0) & (beyond.off_km == 0)
            low, high = np.minimum(there.km, beyond.km), np.maximum(there.km, beyond.km)
            at_km = np.where(on_way, np.clip(groups.head_km[:, column], low, high), at_km)
        alive = groups.alive[:, column]
        off_km = np.where(alive, off_km, NOWHERE_KM)
        head, tail = groups.head_km[:, column], groups.tail_km[:, column]
        since = self._before_km if before_km is None else before_km
        before = np.minimum(since[:, column], tail) if column < since.shape[1] else tail
        return (
            likelihood.Stretch(tail, head, at_km, off_km),
            likelihood.Stretch(before, head, at_km, off_km),
        )

    def _people(self, view: DayView, said: Observation) -> NDArray[np.float64]:
        """Give how many people a member has of those that an observation counts, (member,)."""
        if said.what == STOCK:
            return view.stock[:, said.place].astype(np.float64)
        if said.what == OUTCOME:
            return self._gone(view, said)
        assert said.what == SIZE
        if view.groups is None:
            return np.zeros(len(self._before_km))
        if said.segment == "whole":
            columns = list(range(said.group, view.groups.size.shape[1], self._groups))
            return np.asarray(view.groups.size[:, columns].sum(axis=1), dtype=np.float64)
        column = self._column(said)
        if column >= view.groups.size.shape[1]:
            return np.zeros(len(self._before_km))
        return view.groups.size[:, column].astype(np.float64)

    def _gone(self, view: DayView, said: Observation) -> NDArray[np.float64]:
        gone = np.zeros(len(self._before_km))
        for name in said.ways:
            if name not in view.outcomes:
                continue
            gone += view.outcomes[name]
            if 0 < said.since <= len(self._left):
                gone -= self._left[said.since - 1][name]
        return gone
