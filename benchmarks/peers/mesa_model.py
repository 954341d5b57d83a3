"""The simple form of the law as a Mesa model, written as Mesa's own tutorial writes models; and a lean one.

The lean model does not shuffle people and picks roads by bisection: what somebody would do who has found out
where the time goes. Neither uses Mesa's spaces, whose cells are lists that a crowd would search.

Runs in the environment of the peers (dependency group `peers`), knows nothing of this package, and prints one
line of JSON: CPU seconds of the days, agent-days, and the people in each place on every evening.

    python mesa_model.py TABLES.npz [--seed 1] [--runs 1] [--lean]
"""

from __future__ import annotations

import argparse
import json
import time
from bisect import bisect_right
from itertools import accumulate, pairwise

import mesa
import numpy as np


class Traveller(mesa.Agent):
    """Somebody on the move: in a place, or on the road to one."""

    def __init__(self, model, place):
        super().__init__(model)
        self.place = place
        self.to_go_km = 0

    def step(self):
        """Live one day."""
        left_km = self.model.speed_km
        if self.to_go_km == 0 and not self.sets_out():
            return
        while self.to_go_km <= left_km:
            left_km -= self.to_go_km
            self.to_go_km = 0
            if left_km == 0 or not self.sets_out():
                return
        self.to_go_km -= left_km

    def sets_out(self):
        """Decide whether to go, and where; tell whether there is a road to take."""
        if self.random.random() >= self.model.chance[self.place]:
            return False
        roads = self.model.roads[self.place]
        if not roads:
            return False
        self.place, self.to_go_km = self.chosen(roads, self.model.sums[self.place])
        return True

    def chosen(self, roads, sums):
        """Choose a road by weight."""
        return self.random.choices(roads, cum_weights=sums)[0]


class LeanTraveller(Traveller):
    """The same person, choosing by bisection."""

    def chosen(self, roads, sums):
        """Choose a road by weight."""
        return roads[min(bisect_right(sums, self.random.random() * sums[-1]), len(roads) - 1)]


class Flight(mesa.Model):
    """People who leave, day by day."""

    def __init__(self, tables, lean=False, seed=None):
        super().__init__(seed=seed)
        self.lean = lean
        self.speed_km = int(tables["speed_km"])
        self.chance = tables["chance"].tolist()
        self.origin_sums = list(accumulate(tables["origin"].tolist()))
        self.leaving = tables["leaving"].tolist()
        self.day = 0
        ptr, dest, km = tables["ptr"].tolist(), tables["dest"].tolist(), tables["km"].tolist()
        weight = tables["weight"].tolist()
        ends = list(pairwise(ptr))
        self.roads = [list(zip(dest[a:b], km[a:b], strict=True)) for a, b in ends]
        self.sums = [list(accumulate(weight[a:b])) for a, b in ends]

    def step(self):
        """Let some leave, and everybody live a day."""
        leaving = self.leaving[self.day]
        if leaving:
            places = range(len(self.chance))
            origins = self.random.choices(places, cum_weights=self.origin_sums, k=leaving)
            kind = LeanTraveller if self.lean else Traveller
            kind.create_agents(self, leaving, origins)
        if self.lean:
            self.agents.do("step")
        else:
            self.agents.shuffle_do("step")
        self.day += 1

    def stock(self):
        """Count the people in each place."""
        count = [0] * len(self.chance)
        for one in self.agents:
            if one.to_go_km == 0:
                count[one.place] += 1
        return count


def main():
    """Run the model as often as asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tables")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--lean", action="store_true")
    options = parser.parse_args()
    with np.load(options.tables) as tables:
        world = {name: tables[name] for name in tables.files}
    cpu_s, agent_days, stocks = float("inf"), 0, []
    for run in range(options.runs):
        model = Flight(world, lean=options.lean, seed=options.seed + run)
        stock, agent_days = [], 0
        began = time.process_time()
        for _ in model.leaving:
            model.step()
            stock.append(model.stock())
            agent_days += len(model.agents)
        cpu_s = min(cpu_s, time.process_time() - began)
        stocks.append(stock)
    print(
        json.dumps({"version": mesa.__version__, "cpu_s": cpu_s, "agent_days": agent_days, "stock": stocks})
    )


if __name__ == "__main__":
    main()
