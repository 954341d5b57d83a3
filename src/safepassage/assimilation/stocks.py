"""Stocks of many places: counts correct what a law foresees, and the correction lasts.

Engines move whole people by their own rules, and know nothing of counts. What is learned is by how much the
law is off at each counted place (`stock_dynamics`): a log-ratio per member and place that is carried along
beside the engine (state augmentation) and updated by a local ensemble transform Kalman filter. So an engine
of any kind runs on without a barrier, and the correction outlives the last count: it decays, and its doubt
grows. People are conserved in every member: who is counted in one place comes out of those whom nobody counts
(other places, and the roads), and only when these are few, out of the other counted places.

Every observation acts on its own place and on the bias of its kind of source, and on nothing else: the random
steps are independent by place, so what few members tell of two places beyond that is chance, and what one
count says of other places is said by the conservation of people.

Weights of members would do worse here. Members of one law differ by chance only, not in what they believe, so
none of hundreds fits the counts of a dozen places, and one of them would soon have all the weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from safepassage.assimilation import stock_dynamics as dynamics
from safepassage.assimilation.ensemble_kalman import inflated, letkf
from safepassage.assimilation.stock_ahead import Ahead
from safepassage.assimilation.stock_reports import StockObservation
from safepassage.assimilation.stock_totals import doubt_of_total
from safepassage.core.draws import Draws
from safepassage.core.engine import DayView, Observer

# Empty and nearly empty places are alike: so many people, and this share of all, are added before any log.
LEAST_PEOPLE, LEAST_SHARE = 10.0, 0.002
# Of the people whom the law has on roads and in places that nobody counts, at least this share stays there.
UNCOUNTED_SHARE = 0.01
LOWEST_SHARE = 0.2  # of a number that is left when there are too many in sum; then all give way alike
WRONG_LOG = 1.2  # how far off a figure is that is wrong, on the log
FURTHEST_LOG = 12.0
# Moves ahead that nobody foresees: before any count one a year, each by a factor of about two either way.
# Those that were counted are larger, as most are camps that opened. 0.7 was chosen among 0, 0.7 and 1.5 by
# how often the bands of five crises together held what came.
PLACE_DAYS_A_JUMP, AHEAD_JUMP_SD = 365.0, 0.7
MOST_TIMES = 10.0  # more than so many times the people that the engine has are in no member
# Standard deviations of the biases of kinds of sources, on the log (judged). A single voice has none: nothing
# tells its bias from that of the law.
BIAS_LOG = {
    "official": 0.15,
    "agency": 0.05,
    "organiser": 0.25,
    "shelter": 0.15,
    "press": 0.20,
    "field": 0.05,
}
OTHER_BIAS_LOG = 0.20


@dataclass(frozen=True)
class Told:
    """What the observations did; every array in their order.

    Parameters
    ----------
    doubt : (o,) float64        chance that it is wrong.
    factor : (o,) float64       people told over people believed before (median).
    shift : (o,) float64        by how many people it moved the median of its place.
    moved : (o,) float64        chance that the place itself made a move that was not foreseen.
    """

    doubt: NDArray[np.float64]
    factor: NDArray[np.float64]
    shift: NDArray[np.float64]
    moved: NDArray[np.float64]


class StockCorrection:
    """An observer that corrects every evening by the counts, and shows it to other observers.

    Parameters
    ----------
    observations : sequence of StockObservation     by day; all of them were known at the as-of date.
    members : int
    draws : Draws
    watching : sequence of Observer         who is shown the corrected evenings.
    total_until_day : int or None           last day on which the total is known, where it is but the sum of
        counts: after it every member has its own doubt about how many more left. None: as the engine has it.
    ahead : Ahead or None       how places go on after their last count, where past crises taught it; then a
        total that is but the sum of the counts goes on with them. None: they follow the law.

    Its attribute `told` says what each observation did; the places it corrects are `places`.
    """

    def __init__(
        self,
        observations: Sequence[StockObservation],
        *,
        members: int,
        draws: Draws,
        watching: Sequence[Observer],
        total_until_day: int | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        self.watching = list(watching)
        self.observations, self.members = tuple(observations), members
        self._draws = draws
        self._place_days = 0
        self._total_until_day, self._totals = total_until_day, np.zeros(0)
        self._ahead = ahead
        self._last_known: tuple[NDArray[np.int64], NDArray[np.float64]] | None = None  # total, sum of counts
        self._least_left: NDArray[np.int64] = np.zeros(members, dtype=np.int64)
        self._told = _table(observations)
        self.places = np.unique(self._told.place)
        self.voices = tuple(sorted({one.voice for one in observations}))
        shape, count = (members, len(self.places)), len(observations)
        self._always, self._now, self._log_law = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self._luck = np.zeros(shape)
        self._bank = dynamics.bank_of(len(self.places))
        self._bias = np.zeros((members, len(self.voices)))
        if len(self.voices) > 1:
            for k, voice in enumerate(self.voices):
                luck = draws.uniform(f"stocks: bias {voice}", day=0, slots=np.arange(members))
                self._bias[:, k] = BIAS_LOG.get(voice, OTHER_BIAS_LOG) * ndtri(luck)
        self.told = Told(*(np.full(count, np.nan) for _ in range(4)))
        for k in range(shape[1]):
            self._luck[:, k] = self._uniform("stocks: triple", 0, k)

    @property
    def bias_log(self) -> NDArray[np.float64]:
        """What each member believes of the bias of each voice, (member, voice), on the log."""
        return self._bias

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many counts each of `voices` gave, (voice,)."""
        return np.bincount(self._told.voice, minlength=len(self.voices))

    def see(self, day: int, view: DayView) -> None:
        """Take in one evening, correct it, and pass it on."""
        total = view.stock.sum(axis=1) + view.on_road
        left = self._left(day, total)
        least = LEAST_PEOPLE + LEAST_SHARE * float(left.mean())
        grown = left / np.maximum(total, 1)
        log_law = np.log(view.stock[:, self.places] * grown[:, None] + least)
        if (self._bank.counts > 0).any():
            self._pass(day, log_law)
        self._log_law = log_law
        today = np.flatnonzero(self._told.day == day)
        if len(today):
            self._take_in(day, today, least)
        known = self._bank.counts > 0
        if known.any():
            people = np.maximum(np.exp(self._log_people()) - least, 0.0)
            if self._ahead is not None:
                left = self._go_on(day, view, people, left)
            view = settled(view, self.places[known], people[:, known], total=left)
        for observer in self.watching:
            observer.see(day, view)

    def _go_on(
        self, day: int, view: DayView, people: NDArray[np.float64], total: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Put into `people` the places after their last count; give how many are on the move altogether.

        Who is counted has left: as many as are foreseen in places, and nobody who had left is taken back.
        """
        assert self._ahead is not None
        since, until = self._ahead.since(day), self._total_until_day
        if not since.any():
            return total
        columns = np.searchsorted(self.places, self._ahead.places)
        people[:, columns[since]] = self._ahead.people(day)[:, since]
        counted = self._bank.counts > 0
        here = people[:, counted].sum(axis=1)
        if until is not None and day <= until:
            self._last_known = total, here
            return total
        rest = view.stock.sum(axis=1) + view.on_road - view.stock[:, self.places[counted]].sum(axis=1)
        needed = np.ceil(here + UNCOUNTED_SHARE * rest) + len(self.places)
        if self._last_known is not None:
            total = np.rint(self._last_known[0] + here - self._last_known[1]).astype(np.int64)
            total = np.maximum(total, self._last_known[0])
        left = np.maximum(np.maximum(total, needed.astype(np.int64)), self._least_left)
        self._least_left = left
        return np.asarray(left, dtype=np.int64)

    def _left(self, day: int, total: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give how many are on the move altogether: as the engine has it as long as that is known."""
        until = self._total_until_day
        if until is None or not len(self.places):
            return total
        if day <= until:
            self._totals = np.append(self._totals, float(total.mean()))
            return total
        if self._ahead is not None or not len(self._totals):
            return total
        doubt = doubt_of_total(self._totals)
        slots = np.arange(self.members)
        luck = ndtri(self._draws.uniform("stocks: total", day=0, slots=slots))
        # Who has left has left: a member can only have fewer than the engine among those who left since.
        since = np.maximum(total * np.exp(doubt.sd(day - until) * luck), self._totals[-1])
        return np.asarray(np.rint(np.minimum(since, MOST_TIMES * total)), dtype=np.int64)

    def _log_people(self) -> NDArray[np.float64]:
        off = np.clip(self._always + self._now, -FURTHEST_LOG, FURTHEST_LOG)
        return np.asarray(self._log_law + off)

    def _pass(self, day: int, log_law: NDArray[np.float64]) -> None:
        """Let the correction age by a day, each member by the numbers it picked."""
        change = log_law - self._log_law
        known = np.flatnonzero(self._bank.counts > 0)
        triple = dynamics.picked(dynamics.chances(self._bank)[:, known], self._luck[:, known])
        step = np.stack([ndtri(self._uniform("stocks: step", day, k)) for k in known.tolist()], axis=1)
        trusted, kept, sd = (x[triple] for x in (dynamics.TRUSTED, dynamics.KEPT, dynamics.STEP_LOG))
        self._now[:, known] = kept * self._now[:, known] - (1.0 - trusted) * change[:, known] + sd * step
        if day > int(self._told.day.max()):
            self._jump(day, known)
        else:
            self._place_days += len(known)
        self._bank = dynamics.passed(self._bank, change.mean(axis=0))

    def _jump(self, day: int, known: NDArray[np.int64]) -> None:
        """Let places make moves that nobody foresees, as often as they were seen to; none is counted now."""
        rate = (np.nansum(self.told.moved) + 1.0) / (self._place_days + PLACE_DAYS_A_JUMP)
        for k in known.tolist():
            jumps = self._uniform("stocks: next jump", day, k) < rate
            size = AHEAD_JUMP_SD * ndtri(self._uniform("stocks: size of jump", day, k))
            self._now[:, k] += np.where(jumps, size, 0.0)

    def _take_in(self, day: int, today: NDArray[np.int64], least: float) -> None:
        told, column = self._told, self._told.column(self.places)[today]
        self._begin(np.unique(column))
        middle, variance = told.logs(today, least)
        before = np.exp(self._log_people())
        voice = told.voice[today]
        doubt, moved, error = self._judged(middle, variance, column, voice, told.wrong[today])
        self._spread(day, column, moved)
        foreseen = self._log_people()[:, column] + self._bias[:, voice]
        self._update(foreseen, middle, error * told.sharing[today], (column, voice))
        self._learn(column, middle - self._bias[:, voice].mean(axis=0), error * told.sharing[today])
        after = np.exp(self._log_people())
        shift = np.median(after[:, column], axis=0) - np.median(before[:, column], axis=0)
        weight = (1.0 - doubt) / told.sharing[today]
        whole = np.bincount(column, weights=weight, minlength=len(self.places))[column]
        believed = np.median(before[:, column], axis=0)
        self.told.doubt[today], self.told.moved[today] = doubt, moved
        self.told.factor[today] = (np.exp(middle) - least) / np.maximum(believed - least, 1.0)
        self.told.shift[today] = shift * weight / np.maximum(whole, 1e-9)

    def _begin(self, columns: NDArray[np.int64]) -> None:
        """Draw what members believe of places that are counted for the first time."""
        for k in columns[self._bank.counts[columns] == 0].tolist():
            self._always[:, k] = dynamics.ALWAYS_SD * ndtri(self._uniform("stocks: always", 0, k))
            self._now[:, k] = dynamics.NOW_SD * ndtri(self._uniform("stocks: now", 0, k))

    def _judged(
        self,
        middle: NDArray[np.float64],
        variance: NDArray[np.float64],
        column: NDArray[np.int64],
        voice: NDArray[np.int64],
        wrong: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Judge each observation: is it wrong, did its place move, and what is its error then?

        Returns
        -------
        doubt, moved, error     chances, and the error variance whose gain is that of the mixture.
        """
        foreseen = self._log_people()[:, column] + self._bias[:, voice]
        innovation = middle - foreseen.mean(axis=0)
        prior = _variance(foreseen)
        calm = np.log((1.0 - wrong) * (1.0 - dynamics.JUMP_CHANCE))
        calm = calm + dynamics.log_normal(innovation, prior + variance)
        jump = np.log((1.0 - wrong) * dynamics.JUMP_CHANCE)
        jump = jump + dynamics.log_normal(innovation, prior + variance + dynamics.JUMP_SD**2)
        astray = np.log(wrong) + dynamics.log_normal(innovation, prior + variance + WRONG_LOG**2)
        whole = np.logaddexp(np.logaddexp(calm, jump), astray)
        doubt, moved = np.exp(astray - whole), np.exp(jump - whole)
        wide = prior + dynamics.JUMP_SD**2
        gain = (
            np.exp(calm - whole) * prior / (prior + variance)
            + moved * wide / (wide + variance)
            + doubt * prior / (prior + variance + WRONG_LOG**2)
        )
        # The ensemble is spread by the chance of a move before it is updated: this error gives it that gain.
        spread = prior + moved * dynamics.JUMP_SD**2
        return doubt, moved, spread / gain - spread

    def _spread(self, day: int, column: NDArray[np.int64], moved: NDArray[np.float64]) -> None:
        """Make room for moves that were not foreseen, and for the doubt about a mean of few members."""
        members = len(self._now)
        for k in np.unique(column).tolist():
            room = np.sqrt(moved[column == k].max()) * dynamics.JUMP_SD
            self._now[:, k] += room * ndtri(self._uniform("stocks: jump", day, k))
            for part in (self._always, self._now):
                part[:, k] = inflated(part[:, k], float(np.sqrt(1.0 + 1.0 / members)))

    def _update(
        self,
        foreseen: NDArray[np.float64],
        middle: NDArray[np.float64],
        error: NDArray[np.float64],
        acts_on: tuple[NDArray[np.int64], NDArray[np.int64]],
    ) -> None:
        column, voice = acts_on
        places, members = len(self.places), len(self._now)
        if members < 2:  # no ensemble to speak of: the single member takes the mean of the bank
            return
        state = np.concatenate([self._always, self._now, self._bias], axis=1)
        blocks = [
            (np.array([k, places + k]), (column == k).astype(np.float64)) for k in np.unique(column).tolist()
        ]
        if len(self.voices) > 1:
            blocks += [
                (np.array([2 * places + v]), (voice == v).astype(np.float64))
                for v in np.unique(voice).tolist()
            ]
        state = letkf(state, foreseen, middle, error, blocks)
        self._always, self._now, self._bias = np.split(state, [places, 2 * places], axis=1)

    def _learn(
        self, column: NDArray[np.int64], middle: NDArray[np.float64], error: NDArray[np.float64]
    ) -> None:
        """Show the bank one count per place: all of today's, by their precision."""
        places = np.unique(column)
        precision = np.bincount(column, weights=1.0 / error, minlength=len(self.places))[places]
        summed = np.bincount(column, weights=middle / error, minlength=len(self.places))[places]
        off = summed / precision - self._log_law[:, places].mean(axis=0)
        self._bank = dynamics.learned(self._bank, places, off, 1.0 / precision)
        if len(self._now) < 2:
            chance = dynamics.chances(self._bank)[:, places]
            self._always[:, places] = (chance * self._bank.always[:, places]).sum(axis=0)
            self._now[:, places] = (chance * self._bank.now[:, places]).sum(axis=0)

    def _uniform(self, name: str, day: int, column: int) -> NDArray[np.float64]:
        slots = np.arange(len(self._now))
        return self._draws.uniform(name, day=day, slots=slots, entity=int(self.places[column]))


@dataclass(frozen=True)
class _Table:
    """The observations as columns, (o,)."""

    day: NDArray[np.int64]
    place: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    error_log: NDArray[np.float64]
    wrong: NDArray[np.float64]
    voice: NDArray[np.int64]
    sharing: NDArray[np.float64]

    def column(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(places, self.place)

    def logs(self, rows: NDArray[np.int64], least: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the middle of what was told, as log of people and `least`, and its error variance."""
        low, high = np.log(self.low[rows] + least), np.log(self.high[rows] + least)
        middle = (low + high) / 2
        people = np.exp(middle) - least
        share = people / (people + least)  # an error of people counts less where `least` is added
        variance = (self.error_log[rows] * share) ** 2 + people / (people + least) ** 2 + 0.01**2
        return middle, variance + (high - low) ** 2 / 12.0


def _table(observations: Sequence[StockObservation]) -> _Table:
    voices = sorted({one.voice for one in observations})
    return _Table(
        day=np.array([one.day for one in observations], dtype=np.int64),
        place=np.array([one.place for one in observations], dtype=np.int64),
        low=np.array([one.low for one in observations], dtype=np.float64),
        high=np.array([one.high for one in observations], dtype=np.float64),
        error_log=np.array([one.error_log for one in observations], dtype=np.float64),
        wrong=np.array([one.wrong for one in observations], dtype=np.float64),
        voice=np.array([voices.index(one.voice) for one in observations], dtype=np.int64),
        sharing=np.array([one.told for one in observations], dtype=np.float64),
    )


def _variance(ensemble: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(ensemble) < 2:
        return np.full(ensemble.shape[1], dynamics.NOW_SD**2)
    return np.asarray(np.maximum(ensemble.var(axis=0, ddof=1), 1e-8))


def settled(
    view: DayView,
    places: NDArray[np.int64],
    people: NDArray[np.float64],
    *,
    total: NDArray[np.int64] | None = None,
) -> DayView:
    """Put so many people into some places and take them from the rest, whole people, nobody lost.

    Who is lacking there is taken from all other places and the roads alike, of which at least
    `UNCOUNTED_SHARE` stays; beyond that, the given numbers are lowered, most where members differ most. Who
    is too many is on the road: that nobody counted them is no reason to see them in any other town.

    Parameters
    ----------
    view : DayView
    places : (k,) int64                 each once.
    people : (member, k) float64        >= 0.
    total : (member,) int64 or None     people in places and on roads together; None: as many as before.

    Returns
    -------
    DayView     with `total` people in places and on roads, member by member.
    """
    before = view.stock.sum(axis=1) + view.on_road
    total = before if total is None else total
    rest = before - view.stock[:, places].sum(axis=1)
    most = np.maximum(total - np.ceil(UNCOUNTED_SHARE * rest), 0.0)
    people = _fitted(people, most)
    wanted = people.sum(axis=1)
    fit = np.divide(most, wanted, out=np.ones_like(most), where=wanted > most)
    here = np.floor(people * fit[:, None] + np.where(fit < 1.0, 0.0, 0.5)[:, None]).astype(np.int64)
    over = here.sum(axis=1) > most
    here[over] = np.floor(people[over] * fit[over, None]).astype(np.int64)
    left = total - here.sum(axis=1)
    stock = view.stock.copy()
    scale = np.minimum(1.0, np.divide(left, rest, out=np.zeros(len(rest)), where=rest > 0))
    stock[:, places] = 0
    busy = np.flatnonzero(stock.any(axis=0))
    # Rounding a running sum keeps every place within one person of its share, and the sum as it is.
    summed = np.floor(np.cumsum(stock[:, busy] * scale[:, None], axis=1) + 1e-6).astype(np.int64)
    stock[:, busy] = np.diff(summed, axis=1, prepend=0)
    stock[:, places] = here
    return replace(view, stock=stock, on_road=total - stock.sum(axis=1))


def _fitted(people: NDArray[np.float64], most: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lower numbers that are too many together as if the sum were an exact observation: by their variance."""
    over = np.maximum(people.sum(axis=1) - most, 0.0)
    variance = people.var(axis=0)
    whole = variance.sum()
    if not whole > 0.0 or not over.any():
        return people
    lowered = people - over[:, None] * (variance / whole)
    return np.asarray(np.maximum(lowered, LOWEST_SHARE * people))
