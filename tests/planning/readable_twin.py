"""The program of a plan once more, in linopy and with loops: slow, and easy to read beside docs/planning.md.

It takes the same drives as given and writes everything else down on its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import linopy
import numpy as np
import pandas as pd
import xarray as xr


@dataclass(frozen=True)
class Term:
    """A coefficient and a variable."""

    number: int
    times: float = 1.0

    def __rmul__(self, factor):
        return Term(self.number, self.times * float(factor))


def twin_of(situation, form, *, floor=0.0):
    """Give the linopy model of the least expected unmet need, and its constant."""
    twin = _Twin(situation, form)
    twin.write(floor)
    return twin.model(), form.lost


class _Twin:
    def __init__(self, situation, form):
        self.at, self.form, self.ask = situation, form, form.question
        self.S, (self.T, self.P, self.K) = len(self.ask.chances), situation.shape
        self.I = len(situation.problem.items)
        self.life = form.reach.life
        self.objective, self.upper, self.rows = [], [], []

    def var(self, upper=np.inf):
        self.upper.append(upper)
        return Term(len(self.upper) - 1)

    def say(self, left, sign, right):
        self.rows.append((left, sign, right))

    def model(self):
        """Hand everything said to linopy."""
        model = linopy.Model()
        columns = pd.RangeIndex(len(self.upper), name="column")
        x = model.add_variables(0.0, xr.DataArray(self.upper, coords=[columns]), coords=[columns], name="x")
        for number, sign in enumerate(("<=", "=", ">=")):
            said = [(left, right) for left, its, right in self.rows if its == sign]
            if said:
                rows = pd.RangeIndex(len(said), name=f"row{number}")
                table = xr.DataArray([self.dense(left) for left, _ in said], coords=[rows, columns])
                right = xr.DataArray([float(r) for _, r in said], coords=[rows])
                model.add_constraints((table * x).sum("column"), sign, right, name=f"rows{number}")
        model.add_objective((xr.DataArray(self.dense(self.objective), coords=[columns]) * x).sum())
        return model

    def dense(self, terms):
        row = np.zeros(len(self.upper))
        for term in terms:
            row[term.number] += term.times
        return row

    def write(self, floor):
        hauls = self.form.hauls
        loads, trips = {}, {}
        for h in range(len(hauls.arc)):
            loads[h] = {k: self.var() for k in range(self.K) if hauls.loads[h, k] >= 0}
            if hauls.scenario[h] < 0:
                trips[h] = self.var()
                self._vehicle(h, loads[h], trips[h])
        short = {}
        for s in range(self.S):
            own = [h for h in loads if hauls.scenario[h] in (-1, s)]
            stock, used = self._goods(s, own, loads)
            self._needs(s, used, stock, short)
            self._driving(s, own, loads, trips)
        self._packed(trips)
        for p in range(self.P):
            if floor and self.form.sure_need[p] > 0:
                terms = [c * v for (_, _, q, _), (c, v, reach) in short.items() if q == p and reach]
                self.say(terms, "<=", (1 - floor) * self.form.sure_need[p])

    def _goods(self, s, own, loads):
        """Follow every good at every place through the periods of one scenario."""
        hauls, arcs, tanks = self.form.hauls, self.at.arcs, self.at.tanks
        take = self._takes(s)
        where = list(np.ndindex(self.T, self.P, self.K))
        stock, used, thrown = ({cell: self.var() for cell in where} for _ in range(3))
        for t, p, k in where:
            mine = [h for h in own if k in loads[h]]
            arriving = [loads[h][k] for h in mine if (hauls.arrives[h], arcs.place[hauls.arc[h]]) == (t, p)]
            loaded = [loads[h][k] for h in mine if (hauls.period[h], arcs.store[hauls.arc[h]]) == (t, p)]
            taken = [v for (r, u), v in take.items() if (u, tanks.place[r], tanks.good[r]) == (t, p, k)]
            self._balance((t, p, k), (stock, used, thrown), (arriving, loaded, taken))
            self._shelf((t, p, k), s, own, (stock, take, loads))
        return stock, used

    def _vehicle(self, h, loads, trip):
        """Several items share a vehicle's kg, litres and seats."""
        group = self.at.arcs.group[self.form.hauls.arc[h]]
        fleet = self.at.fleet
        for kind, room in enumerate((fleet.kg, fleet.litres, fleet.seats)):
            filled = [
                self.at.goods.loads[k, kind] * v for k, v in loads.items() if self.at.goods.loads[k, kind]
            ]
            if filled:
                self.say([*filled, -room[group] * trip], "<=", 0.0)

    def _takes(self, s):
        tanks, take = self.at.tanks, {}
        for r in range(len(tanks)):
            for t in range(self.T):
                if tanks.days[r, t] and tanks.quantity[r] > 0:
                    take[r, t] = self.var(
                        tanks.quantity[r] * tanks.days[r, t] if tanks.per_day[r] else np.inf
                    )
            mine = [v for (q, _), v in take.items() if q == r]
            if mine and not tanks.per_day[r]:
                self.say(mine, "<=", tanks.quantity[r])
        return take

    def _balance(self, where, state, flows):
        """What comes in is used, loaded, thrown away or still there; what stays is not used up."""
        (t, p, k), (stock, used, thrown), (arriving, loaded, taken) = where, state, flows
        stays = self.at.goods.stays[k]
        inflow, outflow = self.ask.committed.inflow[t, p, k], self.ask.committed.outflow[t, p, k]
        before = [-1 * stock[t - 1, p, k]] if t else []
        use = [] if stays else [used[t, p, k], thrown[t, p, k]]
        self.say(
            [stock[t, p, k], *before, *use, *(-1 * v for v in arriving + taken), *(1 * v for v in loaded)],
            "=", inflow - outflow,
        )  # fmt: skip
        keeps = np.isinf(self.at.goods.life_days[k])
        old = before if keeps else []
        if loaded or outflow:
            self.say([*(1 * v for v in loaded), *old, *(-1 * v for v in taken)], "<=", -outflow)

    def _shelf(self, where, s, own, state):
        """In the evening there is no more of what spoils than came in so lately that it is good tomorrow."""
        (t, p, k), (stock, take, loads) = where, state
        if np.isinf(self.at.goods.life_days[k]):
            return
        hauls, arcs, first, tanks = self.form.hauls, self.at.arcs, self.at.periods.first, self.at.tanks
        if t == self.T - 1:
            return
        good = [tau for tau in range(t + 1) if first[tau] + self.life[p, k] - 1 >= first[t + 1]]
        came = [
            v for (r, tau), v in take.items() if tau in good and tanks.place[r] == p and tanks.good[r] == k
        ]
        came += [loads[h][k] for h in own if k in loads[h]
                 and hauls.arrives[h] in good and arcs.place[hauls.arc[h]] == p]  # fmt: skip
        went = [loads[h][k] for h in own if k in loads[h]
                and hauls.period[h] in good and arcs.store[hauls.arc[h]] == p]  # fmt: skip
        net = sum(
            self.ask.committed.inflow[tau, p, k] - self.ask.committed.outflow[tau, p, k] for tau in good
        )
        self.say([stock[t, p, k], *(-1 * v for v in came), *(1 * v for v in went)], "<=", net)

    def _needs(self, s, used, stock, short):
        """Used + on the spot + short = need, the first half of what is short weighing less than the rest."""
        rules, goods, spot = self.at.problem.rules, self.at.goods, self.at.local
        on_spot = {}
        for r in range(len(spot)):
            mine = [self.var() for _ in range(self.T)]
            self.say(mine, "<=", spot.quantity[r])
            on_spot.update({(r, t): v for t, v in enumerate(mine) if spot.days[r, t]})
        reach = self.form.reach.possible(self.at)
        for t, p, i in np.ndindex(self.T, self.P, self.I):
            need = self.ask.need[s, t, p, i]
            serving = [stock[t, p, k] if goods.stays[k] else used[t, p, k]
                       for k in range(self.K) if goods.item[k] == i]  # fmt: skip
            serving += [
                v for (r, u), v in on_spot.items() if u == t and (spot.place[r], spot.good[r]) == (p, i)
            ]
            price = self.ask.chances[s] * self.at.unit_days[t, i] * self.at.problem.items[i].weight
            if need <= 0:
                if not self.at.stays[i]:
                    self.say([1 * v for v in serving], "<=", 0.0)
                continue
            if not reach[t, p, i]:
                continue
            half = self.var(rules.first_share * need)
            rest = self.var((1 - rules.first_share) * need)
            self.say([*(1 * v for v in serving), 1 * half, 1 * rest], ">=" if self.at.stays[i] else "=", need)
            self.objective += [price * half, price * rules.rest_factor * rest]
            short[s, t, p, (i, 0)] = (price, half, True)
            short[s, t, p, (i, 1)] = (price, rest, True)

    def _driving(self, s, own, loads, trips):
        """Hours of all drives of a kind of vehicle; later drives take the share of a vehicle that they
        fill.
        """
        hauls, arcs, fleet, periods = self.form.hauls, self.at.arcs, self.at.fleet, self.at.periods
        share = np.zeros((len(fleet), self.K))
        for kind, room in enumerate((fleet.kg, fleet.litres, fleet.seats)):
            for c, k in np.ndindex(len(fleet), self.K):
                if self.at.goods.loads[k, kind] and fleet.may[c, k]:
                    share[c, k] = max(share[c, k], self.at.goods.loads[k, kind] / room[c])
        terms = {}
        for h in own:
            a, t = hauls.arc[h], hauls.period[h]
            c, hours, work = arcs.group[a], arcs.hours[a, t], fleet.hours_per_day[arcs.group[a]]
            for day in range(20):
                part = min(max(hours - day * work, 0.0), work)
                if part <= 0 or periods.first[t] + day >= len(periods.of_day):
                    continue
                spent = [trips[h]] if h in trips else [share[c, k] * v for k, v in loads[h].items()]
                terms.setdefault((c, periods.of_day[periods.first[t] + day]), []).extend(
                    part * v for v in spent
                )
        for (c, t), found in terms.items():
            days = slice(periods.first[t], periods.first[t] + periods.length[t])
            budget = fleet.vehicles[c, days].sum() * fleet.hours_per_day[c] - self.ask.committed.hours[c, t]
            self.say(found, "<=", max(0.0, budget))

    def _packed(self, trips):
        """At most one drive longer than half a day fits into a vehicle's day, two longer than a third …"""
        hauls, arcs, fleet = self.form.hauls, self.at.arcs, self.at.fleet
        for most in (1, 2, 3):
            for c, t in np.ndindex(len(fleet), self.ask.shared):
                long = []
                for h, trip in trips.items():
                    a, leaves = hauls.arc[h], hauls.period[h]
                    work = fleet.hours_per_day[c]
                    part = (
                        min(max(arcs.hours[a, leaves] - (t - leaves) * work, 0.0), work)
                        if t >= leaves
                        else 0.0
                    )
                    if arcs.group[a] == c and part > work / (most + 1) + 1e-9:
                        long.append(1 * trip)
                if long:
                    self.say(long, "<=", most * fleet.vehicles[c, t])
