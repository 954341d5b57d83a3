"""The two-stage stochastic program of a delivery plan, as arrays.

On the sure days drives and loads are the same in all scenarios (here and now); later ones follow where people
then are (wait and see). Use, stocks and unmet need belong to a scenario on every day. See docs/planning.md
for
the model in words; Birge & Louveaux, Introduction to Stochastic Programming, ch. 2, for the form.

Letters in the comments: s scenario, t period, p place, k good, i item, a drive, q part of a need.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.planning.fleet import rank_within
from safepassage.planning.program import Program, Sheet
from safepassage.planning.reach import Reach, reach_of, window
from safepassage.planning.situation import Committed, Situation
from safepassage.planning.yard import long_drives

# A commitment that no stock can serve counts so many times the heaviest need: it is kept, and told.
LOST_FACTOR = 100.0
SHARED = -1
NONE = np.int64(-1)
# At most q drives a day that take more than 1/(q+1) of a day fit into one vehicle.
PACKED = (1, 2, 3)


@dataclass(frozen=True)
class Question:
    """What is asked of a situation.

    Parameters
    ----------
    need : (s, t, p, i) float64     as `Situation.need` gives it.
    chances : (s,) float64          weights of the scenarios; sum to one.
    shared : int                    drives of the first so many periods are the same in all scenarios.
    free_from : int                 drives can be chosen from this period on.
    committed : Committed           goods and hours decided before.
    """

    need: NDArray[np.float64]
    chances: NDArray[np.float64]
    shared: int
    free_from: int
    committed: Committed


@dataclass(frozen=True)
class Hauls:
    """h drives that can be chosen: an arc in a period, in a scenario or in all.

    Parameters
    ----------
    arc, period, scenario, arrives : (h,) int64     `scenario` is -1 where the drive is the same in all.
    trips : (h,) int64          columns.
    loads : (h, k) int64        columns; -1 where a good is not carried.
    """

    arc: NDArray[np.int64]
    period: NDArray[np.int64]
    scenario: NDArray[np.int64]
    arrives: NDArray[np.int64]
    trips: NDArray[np.int64]
    loads: NDArray[np.int64]


@dataclass(frozen=True)
class Formulation:
    """The program, and where to find things in it; -1 where something does not exist.

    Parameters
    ----------
    program : Program
    question : Question
    reach : Reach
    hauls : Hauls
    stock : (s, t, p, k) int64      columns: what lies at a place in the evening.
    short : (2, s, t, p, i) int64   columns: unmet need, its first share and the rest.
    balance : (s, t, p, k) int64    rows: what comes is used, kept or carried on.
    hours : (s, c, t) int64         rows: hours of the vehicles; the same for all s on shared periods.
    packed : (most, c, shared) int64    rows: long trips of a sure day, by how many fit into a vehicle.
    tank : (s, r) int64             rows of supplies that are taken once; -1 for daily ones.
    take : (s, t, r) int64          columns: taken out of a supply.
    floor : (p,) int64              rows: unmet need of a place over all; open until `with_floor`.
    fair : int                      column of the share that each place gets; for `fairest` only.
    sure_need : (p,) float64        weighted, expected: the need that something can reach.
    lost : float                    weighted need that nothing can reach, a constant of the objective.
    """

    program: Program
    question: Question
    reach: Reach
    hauls: Hauls
    stock: NDArray[np.int64]
    short: NDArray[np.int64]
    balance: NDArray[np.int64]
    hours: NDArray[np.int64]
    packed: NDArray[np.int64]
    tank: NDArray[np.int64]
    take: NDArray[np.int64]
    floor: NDArray[np.int64]
    fair: int
    sure_need: NDArray[np.float64]
    lost: float

    def unmet(self, x: NDArray[np.float64]) -> float:
        """Give the weighted unmet need of a solution, `lost` included: that of people alone.

        In the objective, what kept drives promise and no stock can serve weighs as well.
        """
        columns = self.short[self.short >= 0]
        return float(self.program.unmet[columns] @ x[columns]) + self.lost


def formulate(situation: Situation, question: Question) -> Formulation:
    """Write down the program of a question."""
    return _Draft(situation, question).whole()


class _Draft:
    """The program while it is written: one method per family of variables or constraints."""

    def __init__(self, situation: Situation, question: Question) -> None:
        self.at, self.ask = situation, question
        self.sheet = Sheet()
        self.reach = reach_of(situation, question.committed, free_from=question.free_from)
        rules = situation.problem.rules
        self.parts = np.array([rules.first_share, 1.0 - rules.first_share])
        self.factors = np.array([1.0, rules.rest_factor])
        self.scenarios = len(question.chances)
        periods, places, goods = situation.shape
        self.grid = (self.scenarios, periods, places, goods)
        self.cells = (self.scenarios, periods, places, len(situation.problem.items))
        # s, t, i: what one unit short weighs.
        # c, k: what share of a vehicle one unit fills, in the measure in which it fills most.
        fleet = situation.fleet
        self.capacity = np.column_stack([fleet.kg, fleet.litres, fleet.seats])
        self.fill = _shares(fleet.may, situation.goods.loads[:, :3], self.capacity).max(axis=2, initial=0.0)
        self.price = question.chances[:, None, None] * (situation.unit_days * situation.weights)[None]

    def whole(self) -> Formulation:
        """Write everything, in an order in which rows exist before entries are put into them."""
        short, sure_need, lost, floor = self._short()
        balance, lacking = self._balance()
        primary = self._primary()
        stock = self._stock(balance)
        self._use(balance, primary, short, stock)
        take, tank = self._tanks(balance)
        room = self._room(balance, stock, take, lacking)
        hauls = self._hauls(balance, room)
        self._capacity(hauls)
        hours = self._hours(hauls)
        self._life(stock, (take, lacking), hauls)
        fair = self._fair(floor, sure_need)
        return Formulation(
            self.sheet.program(), self.ask, self.reach, hauls, stock, short, balance, hours,
            self.packed, tank, take, floor, fair, sure_need, lost,
        )  # fmt: skip

    def _short(self) -> tuple[NDArray[np.int64], NDArray[np.float64], float, NDArray[np.int64]]:
        """Unmet need in two parts: the first share of a cell's need, and the rest, which weighs more."""
        need = self.ask.need
        reachable = self.reach.possible(self.at)[None] & (need > 0)
        short = np.full((2, *self.cells), NONE)
        floor = self.sheet.add_rows(self.cells[2])
        s, t, p, i = np.nonzero(reachable)
        plain = need * self.price[:, :, None, :]
        sure_need = np.where(reachable, plain, 0.0).sum(axis=(0, 1, 3))
        for part in range(2):
            columns = self.sheet.add_columns(
                len(s),
                upper=self.parts[part] * need[s, t, p, i],
                unmet=self.factors[part] * self.price[s, t, i],
            )
            short[part, s, t, p, i] = columns
            self.sheet.put(floor[p], columns, self.price[s, t, i] / sure_need[p])
        lost = float((self.parts * self.factors).sum() * np.where(reachable, 0.0, plain).sum())
        return short, sure_need, lost, floor

    def _balance(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows ``stock(t) - stock(t-1) - arriving - taken + used + loaded + spoiled = committed``."""
        balance = np.full(self.grid, NONE)
        s, t, p, k = np.nonzero(np.broadcast_to(self.reach.node, self.grid))
        net = (self.ask.committed.inflow - self.ask.committed.outflow)[t, p, k]
        balance[s, t, p, k] = self.sheet.add_rows(len(s), lower=net, upper=net)
        out = self.ask.committed.outflow[t, p, k] > 0
        heaviest = LOST_FACTOR * self.price.max(initial=0.0) * max(1.0, self.factors.max())
        s, t, p, k = s[out], t[out], p[out], k[out]
        lacking = np.full(self.grid, NONE)
        lacking[s, t, p, k] = self.sheet.add_columns(len(s), unmet=heaviest)
        self.sheet.put(balance[s, t, p, k], lacking[s, t, p, k], -1.0)
        return balance, lacking

    def _primary(self) -> NDArray[np.int64]:
        """Give the first good that can serve an item in a period, (t, p, i); -1: none."""
        primary = np.full((self.cells[1], *self.cells[2:]), NONE)
        for k in reversed(range(self.grid[3])):
            item = self.at.goods.item[k]
            primary[:, :, item] = np.where(self.reach.node[:, :, k], k, primary[:, :, item])
        return primary

    def _stock(self, balance: NDArray[np.int64]) -> NDArray[np.int64]:
        """What lies at a place in the evening: of goods that were brought, or that stay."""
        keeps, stays = self.at.goods.keeps, self.at.goods.stays
        lies = self.reach.node & (self.reach.stored | stays)
        for night in range(self.grid[1] - 1):
            for tau in range(night + 1):
                still = window(self.at, self.reach.life, night + 1, tau) & ~keeps
                lies[night] |= self.reach.came[tau] & still
        stock = np.full(self.grid, NONE)
        s, t, p, k = np.nonzero(np.broadcast_to(lies, self.grid))
        stock[s, t, p, k] = self.sheet.add_columns(len(s))
        self.sheet.put(balance[s, t, p, k], stock[s, t, p, k], 1.0)
        later = t + 1 < self.grid[1]
        s, t, p, k = s[later], t[later], p[later], k[later]
        self.sheet.put(balance[s, t + 1, p, k], stock[s, t, p, k], -1.0)
        # What spoils may be thrown away; all that keeps may lie.
        s, t, p, k = np.nonzero((balance >= 0) & ~keeps)
        self.sheet.put(balance[s, t, p, k], self.sheet.add_columns(len(s)), 1.0)
        return stock

    def _use(
        self,
        balance: NDArray[np.int64],
        primary: NDArray[np.int64],
        short: NDArray[np.int64],
        stock: NDArray[np.int64],
    ) -> None:
        """What is used serves the need: used = need - unmet, put straight into the balance of one good.

        Where several goods or a supply on the spot serve the same item, their use has columns of its own.
        """
        stays = self.at.stays
        s, t, p, i = np.nonzero(short[0] >= 0)
        staying = stays[i]
        self._use_staying(short, stock, (s[staying], t[staying], p[staying], i[staying]))
        s, t, p, i = s[~staying], t[~staying], p[~staying], i[~staying]
        need, first = self.ask.need[s, t, p, i], primary[t, p, i]
        row = np.where(first >= 0, balance[s, t, p, np.maximum(first, 0)], NONE)
        self._shift(row, -need)
        others = np.full(self.cells, NONE)
        rows = self._others(others, (s, t, p, i), need, first)
        for part in range(2):
            self.sheet.put(row, short[part, s, t, p, i], -1.0)
            self.sheet.put(rows, short[part, s, t, p, i], 1.0)
        for k, item in enumerate(self.at.goods.item):
            extra = (i == item) & (first != k) & (first >= 0) & (balance[s, t, p, k] >= 0)
            columns = self.sheet.add_columns(int(extra.sum()))
            self.sheet.put(balance[s[extra], t[extra], p[extra], k], columns, 1.0)
            self.sheet.put(row[extra], columns, -1.0)
            self.sheet.put(rows[extra], columns, 1.0)
        self._spot(others, balance, primary)

    def _use_staying(
        self,
        short: NDArray[np.int64],
        stock: NDArray[np.int64],
        cells: tuple[NDArray[np.int64], ...],
    ) -> None:
        """Of what stays, all that lies there serves: stock + unmet >= need."""
        s, t, p, i = cells
        rows = self.sheet.add_rows(len(s), lower=self.ask.need[s, t, p, i])
        for part in range(2):
            self.sheet.put(rows, short[part, s, t, p, i], 1.0)
        for k, item in enumerate(self.at.goods.item):
            own = i == item
            self.sheet.put(rows[own], stock[s[own], t[own], p[own], k], 1.0)

    def _shift(self, rows: NDArray[np.int64], by: NDArray[np.float64]) -> None:
        """Add a constant to the right side of rows."""
        self.sheet.shift(rows[rows >= 0], by[rows >= 0])

    def _others(
        self,
        others: NDArray[np.int64],
        cells: tuple[NDArray[np.int64], ...],
        need: NDArray[np.float64],
        first: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Rows ``used of other goods and on the spot + unmet <= need``, where there are such; = without a
        first.
        """
        s, t, p, i = cells
        several = np.zeros(self.cells[1:], dtype=np.int64)
        for k, item in enumerate(self.at.goods.item):
            several[:, :, item] += self.reach.node[:, :, k]
        spot = self.at.local
        for r in range(len(spot)):
            several[:, spot.place[r], spot.good[r]] += 2 * (spot.days[r] > 0)
        wanted = several[t, p, i] > 1
        lower = np.where(first[wanted] >= 0, -np.inf, need[wanted])
        rows = np.full(len(s), NONE)
        rows[wanted] = self.sheet.add_rows(int(wanted.sum()), lower=lower, upper=need[wanted])
        others[s, t, p, i] = rows
        return rows

    def _spot(
        self, others: NDArray[np.int64], balance: NDArray[np.int64], primary: NDArray[np.int64]
    ) -> None:
        """What can be used on the spot only, once: in all no more than there is."""
        spot = self.at.local
        for r in range(len(spot)):
            p, i = spot.place[r], spot.good[r]
            s, t = np.nonzero((others[:, :, p, i] >= 0) & (spot.days[r] > 0))
            rows = self.sheet.add_rows(self.scenarios, upper=spot.quantity[r])
            columns = self.sheet.add_columns(len(s))
            first = primary[t, p, i]
            self.sheet.put(rows[s], columns, 1.0)
            self.sheet.put(others[s, t, p, i], columns, 1.0)
            self.sheet.put(np.where(first >= 0, balance[s, t, p, np.maximum(first, 0)], NONE), columns, -1.0)

    def _tanks(self, balance: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Taking out of supplies: of a daily one no more than that day's, of another no more than there
        is.
        """
        tanks = self.at.tanks
        shape = (self.scenarios, self.grid[1], len(tanks))
        open_ = (tanks.days.T > 0) & (tanks.quantity > 0)
        s, t, r = np.nonzero(np.broadcast_to(open_, shape))
        daily = tanks.per_day[r]
        upper = np.where(daily, tanks.quantity[r] * tanks.days[r, t], np.inf)
        take = np.full(shape, NONE)
        take[s, t, r] = self.sheet.add_columns(len(s), upper=upper)
        self.sheet.put(balance[s, t, tanks.place[r], tanks.good[r]], take[s, t, r], -1.0)
        rows = np.full((self.scenarios, len(tanks)), NONE)
        once = np.flatnonzero(~tanks.per_day)
        found = self.sheet.add_rows(
            self.scenarios * len(once), upper=np.tile(tanks.quantity[once], self.scenarios)
        )
        rows[:, once] = found.reshape(self.scenarios, len(once))
        self.sheet.put(rows[s, r], take[s, t, r], 1.0)
        return take, rows

    def _hauls(self, balance: NDArray[np.int64], room: NDArray[np.int64]) -> Hauls:
        """Drives and what they carry; the sure ones act alike in every scenario."""
        arc, period, scenario, useful = self._worth_driving()
        arcs, fleet = self.at.arcs, self.at.fleet
        group = arcs.group[arc]
        km, hours = arcs.km[arc, period], arcs.hours[arc, period]
        days = hours / fleet.hours_per_day[group]
        chance = np.where(scenario == SHARED, 1.0, self.ask.chances[scenario])
        money = chance * (km * fleet.cost_per_km[group] + days * fleet.cost_per_day[group])
        counted = scenario == SHARED
        trips = np.full(len(arc), NONE)
        trips[counted] = self.sheet.add_columns(int(counted.sum()), money=money[counted], whole=True)
        h, k = np.nonzero(useful)
        fill = np.where(counted[h], 0.0, self.fill[group[h], k])
        loads = np.full(useful.shape, NONE)
        loads[useful] = self.sheet.add_columns(len(h), money=money[h] * fill)
        hauls = Hauls(arc, period, scenario, self.reach.arrives[arc, period], trips, loads)
        h, s, k = self._acting(hauls)
        store, place, t = arcs.store[arc[h]], arcs.place[arc[h]], period[h]
        self.sheet.put(balance[s, t, store, k], loads[h, k], 1.0)
        self.sheet.put(room[s, t, store, k], loads[h, k], 1.0)
        self.sheet.put(balance[s, hauls.arrives[h], place, k], loads[h, k], -1.0)
        return hauls

    def _acting(self, hauls: Hauls) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Give drive, scenario and good of every load in every scenario in which it acts."""
        acts = (hauls.scenario[:, None] == np.arange(self.scenarios)) | (hauls.scenario == SHARED)[:, None]
        h, s = np.nonzero(acts)
        row, k = np.nonzero(hauls.loads[h] >= 0)
        return h[row], s[row], k

    def _worth_driving(
        self,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Give arc, period, scenario and goods of the drives after which something is needed, or can go
        on.
        """
        arcs, reach = self.at.arcs, self.reach
        later = np.maximum.accumulate((self.ask.need > 0)[:, ::-1], axis=1)[:, ::-1]
        later = later[..., self.at.goods.item]
        goes_on = reach.hub[:, None] & self.at.goods.keeps
        cheap, likely = self._cheap_later(), self.at.likely() if self.scenarios > 1 else None
        found = []
        for s in (SHARED, *range(self.scenarios)):
            wanted = np.asarray(later.any(axis=0)) if s == SHARED else later[s]
            a, t = np.nonzero(reach.fine)
            mine = (t < self.ask.shared) == (s == SHARED)
            a, t = a[mine], t[mine]
            at, place = reach.arrives[a, t], arcs.place[a]
            goods = reach.carried[a, t] & (
                wanted[at, place]
                | (goes_on[place] & ((at < self.grid[1] - 1) & (t < self.at.periods.sure))[:, None])
            )
            if s != SHARED:
                goods &= cheap[a, t]
            elif likely is not None:  # one scenario alone is a plan for a single future, which is sure
                goods &= likely[at, place][:, None]
            some = goods.any(axis=1)
            found.append((a[some], t[some], np.full(int(some.sum()), s, dtype=np.int64), goods[some]))
        arc, period, scenario, useful = (np.concatenate([f[part] for f in found]) for part in range(4))
        return arc, period, scenario, useful

    def _cheap_later(self) -> NDArray[np.bool_]:
        """Tell which drives need the least hours per unit brought to their place, (a, t, k).

        Ranked by what never changes, so that every question about a situation has the same later drives.
        """
        arcs, fleet, tanks = self.at.arcs, self.at.fleet, self.at.tanks
        most = self.at.problem.rules.later_carriers_per_place
        stored = np.zeros(self.grid[2:], dtype=bool)
        stored[tanks.place, tanks.good] = True
        may, fill = fleet.may[arcs.group], self.fill[arcs.group]
        cheap = np.zeros((len(arcs), self.grid[1], self.grid[3]), dtype=bool)
        for t, k in np.ndindex(self.grid[1], self.grid[3]):
            # From a supply, and from what was sent ahead, each for itself; -1: does not carry it.
            key = np.where(may[:, k], 2 * arcs.place + stored[arcs.store, k], -1)
            made = may[:, k] & np.isfinite(arcs.hours[:, t])  # not where its road is closed or it was refused
            effort = np.multiply(arcs.hours[:, t], fill[:, k], out=np.full(len(arcs), np.inf), where=made)
            cheap[:, t, k] = (rank_within(key, effort) < most) & may[:, k]
        return cheap

    def _room(
        self,
        balance: NDArray[np.int64],
        stock: NDArray[np.int64],
        take: NDArray[np.int64],
        lacking: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Rows ``loaded <= taken today + stock of yesterday evening``: what comes today drives on tomorrow.

        What spoils is loaded as it is taken out of the supply.
        """
        keeps, tanks = self.at.goods.keeps, self.at.tanks
        wanted = self.reach.hub[:, None] & (self.reach.inflow.any(axis=0) | ~keeps)
        room = np.full(self.grid, NONE)
        s, t, p, k = np.nonzero((balance >= 0) & wanted)
        room[s, t, p, k] = self.sheet.add_rows(len(s), upper=-self.ask.committed.outflow[t, p, k])
        self.sheet.put(room[s, t, p, k], lacking[s, t, p, k], -1.0)
        before = np.where((t > 0) & keeps[k], stock[s, np.maximum(t - 1, 0), p, k], NONE)
        self.sheet.put(room[s, t, p, k], before, -1.0)
        s, t, r = np.nonzero(take >= 0)
        self.sheet.put(room[s, t, tanks.place[r], tanks.good[r]], take[s, t, r], -1.0)
        return room

    def _capacity(self, hauls: Hauls) -> None:
        """Rows ``load of all goods <= capacity of the trips``, for kg, litres and seats where they can
        bind.
        """
        loads, capacity = self.at.goods.loads, self.capacity
        group = self.at.arcs.group[hauls.arc]
        binds = _binding(self.at.fleet.may, loads[:, :3], capacity)
        for kind in range(3):
            own = np.flatnonzero(binds[group, kind] & (hauls.trips >= 0))
            rows = self.sheet.add_rows(len(own), upper=0.0)
            self.sheet.put(rows, hauls.trips[own], -capacity[group[own], kind])
            for k in np.flatnonzero(loads[:, kind] > 0):
                self.sheet.put(rows, hauls.loads[own, k], loads[k, kind])

    def _hours(self, hauls: Hauls) -> NDArray[np.int64]:
        """Rows ``hours of all trips <= hours of the vehicles``; a long trip takes hours of several days."""
        fleet, periods, arcs = self.at.fleet, self.at.periods, self.at.arcs
        shape = (self.scenarios, len(fleet), len(periods))
        budget = periods.sums(fleet.vehicles, axis=1) * fleet.hours_per_day[:, None]
        budget = np.maximum(budget - self.ask.committed.hours, 0.0)
        group, hours = arcs.group[hauls.arc], arcs.hours[hauls.arc, hauls.period]
        work = fleet.hours_per_day[group]
        rows = np.full(shape, NONE)
        vehicles = fleet.vehicles[:, : self.ask.shared]
        uppers = np.array([most * vehicles for most in PACKED])
        uppers = np.maximum(uppers - long_drives(self.at.problem, fleet, uppers.shape), 0.0)
        self.packed = self.sheet.add_rows(uppers.size, upper=uppers.ravel()).reshape(uppers.shape)
        together = np.arange(len(periods)) < self.ask.shared
        for s in range(self.scenarios):
            own = ~together if s else np.ones(len(periods), dtype=bool)
            found = self.sheet.add_rows(int(own.sum()) * len(fleet), upper=budget[:, own].ravel())
            rows[s][:, own] = found.reshape(len(fleet), int(own.sum()))
        rows[:, :, together] = rows[:1, :, together]
        spans = int(arcs.span_days.max(initial=1))
        for day in range(spans):
            part = np.clip(hours - day * work, 0.0, work)
            t = periods.at(periods.first[hauls.period] + day)
            real = (part > 0) & (t < len(periods))
            for s in range(self.scenarios):
                # A row that all scenarios share is filled once.
                mine = (hauls.scenario == s) | (
                    (hauls.scenario == SHARED) & ((s == 0) | (t >= self.ask.shared))
                )
                h = np.flatnonzero(real & mine)
                self.sheet.put(rows[s, group[h], t[h]], hauls.trips[h], part[h])
                h = h[hauls.trips[h] < 0]
                for k in range(self.grid[3]):
                    self.sheet.put(
                        rows[s, group[h], t[h]], hauls.loads[h, k], part[h] * self.fill[group[h], k]
                    )
            self._packed(hauls, part, np.where(real, t, len(periods)))
        return rows

    def _packed(self, hauls: Hauls, part: NDArray[np.float64], t: NDArray[np.int64]) -> None:
        """Rows ``long trips of a sure day <= what the vehicles can do``: two of 6 hours are no day of 10."""
        fleet = self.at.fleet
        group = self.at.arcs.group[hauls.arc]
        for rows, most in zip(self.packed, PACKED, strict=True):
            long = part > fleet.hours_per_day[group] / (most + 1) + 1e-9
            h = np.flatnonzero(long & (t < self.ask.shared) & (hauls.scenario == SHARED))
            self.sheet.put(rows[group[h], t[h]], hauls.trips[h], 1.0)

    def _life(
        self, stock: NDArray[np.int64], taken: tuple[NDArray[np.int64], NDArray[np.int64]], hauls: Hauls
    ) -> None:
        """Rows ``stock <= what came in the days a good keeps``: first in, first out, without a variable per
        age.

        What lies there in the evening is the newest that came, so it is fresh just if there is no more of it
        than came lately, less what was loaded again as it came.
        """
        keeps, tanks, (take, lacking) = self.at.goods.keeps, self.at.tanks, taken
        s, t, p, k = np.nonzero((stock >= 0) & ~keeps)
        rows = np.full(self.grid, NONE)
        rows[s, t, p, k] = self.sheet.add_rows(len(s), upper=0.0)
        self.sheet.put(rows[s, t, p, k], stock[s, t, p, k], 1.0)
        h, s, k = self._acting(hauls)
        h, s, k = h[~keeps[k]], s[~keeps[k]], k[~keeps[k]]
        store, place = self.at.arcs.store[hauls.arc[h]], self.at.arcs.place[hauls.arc[h]]
        self._put_fresh(rows, (s, hauls.arrives[h], place, k), hauls.loads[h, k], -1.0)
        self._put_fresh(rows, (s, hauls.period[h], store, k), hauls.loads[h, k], 1.0)
        s, t, r = np.nonzero((take >= 0) & ~keeps[tanks.good])
        self._put_fresh(rows, (s, t, tanks.place[r], tanks.good[r]), take[s, t, r], -1.0)
        s, t, p, k = np.nonzero((lacking >= 0) & ~keeps)
        self._put_fresh(rows, (s, t, p, k), lacking[s, t, p, k], -1.0)
        self._fresh_commitments(rows)

    def _put_fresh(
        self,
        rows: NDArray[np.int64],
        where: tuple[NDArray[np.int64], ...],
        columns: NDArray[np.int64],
        sign: float,
    ) -> None:
        """Let flows of periods count on all evenings after which they are still fresh."""
        s, tau, p, k = where
        first = self.at.periods.first
        for later in range(self.grid[1] - 1):
            t = tau + later
            still = t + 1 < self.grid[1]
            still &= first[tau] + self.reach.life[p, k] - 1 >= first[np.minimum(t + 1, self.grid[1] - 1)]
            if not still.any():
                break
            self.sheet.put(rows[s[still], t[still], p[still], k[still]], columns[still], sign)

    def _fresh_commitments(self, rows: NDArray[np.int64]) -> None:
        """Let what is committed to come or to leave count as well."""
        net = self.ask.committed.inflow - self.ask.committed.outflow
        for t in range(self.grid[1] - 1):
            for tau in range(t + 1):
                still = window(self.at, self.reach.life, t + 1, tau)
                s, p, k = np.nonzero((rows[:, t] >= 0) & still & (net[tau] != 0))
                self.sheet.shift(rows[s, t, p, k], net[tau, p, k], lower=False)

    def _fair(self, floor: NDArray[np.int64], sure_need: NDArray[np.float64]) -> int:
        """The column of the share that every place gets at least; it acts when the floor rows are closed."""
        column = self.sheet.add_columns(1, upper=1.0)
        there = sure_need > 0
        self.sheet.put(floor[there], np.repeat(column, int(there.sum())), 1.0)
        return int(column[0])


def _shares(
    may: NDArray[np.bool_], loads: NDArray[np.float64], capacity: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give the share of a vehicle that one unit fills, (c, k, 3); 0 where a group does not carry a good."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(loads[None] > 0, loads[None] / capacity[:, None, :], 0.0)
    return np.where(may[:, :, None], share, 0.0)


def _binding(
    may: NDArray[np.bool_], loads: NDArray[np.float64], capacity: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell which of kg, litres and seats can bind first for some good that a group may carry, (c, 3)."""
    share = _shares(may, loads, capacity)
    binds = share.max(axis=1, initial=0.0) > 0
    for kind in range(3):
        for other in range(3):
            if kind == other:
                continue
            never = (share[:, :, kind] <= share[:, :, other] + 1e-12).all(axis=1) & binds[:, other]
            binds[:, kind] &= ~never
    return np.asarray(binds)
