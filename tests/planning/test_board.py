"""The coverage board: nothing is counted twice, what is driven away is gone, what spoils is not there."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pytest

from planning.small_problems import (
    MEALS,
    PLAIN,
    START,
    TENTS,
    WATER,
    carrier,
    drawn_problem,
    line_of,
    problem,
    supply,
)
from safepassage.core.coverage import Board
from safepassage.core.needs import NEED_LEVELS, Told
from safepassage.core.plan import Dispatch, Load, Plan, PlanProblem
from safepassage.planning.board import board_of
from safepassage.planning.planner import plan_deliveries


@dataclass
class Needed:
    """Needs of a problem as the board asks for them: nothing is masked."""

    problem: PlanProblem
    threshold_people: int = 1

    @property
    def days(self):
        return self.problem.days

    @property
    def by_id(self):
        return {item.id: item for item in self.problem.items}

    def told(self, item, day, place):
        return self._told(self._need(item, day, place))

    def told_if_many(self, item, day, place):
        many = self.problem.people[:, day, place] >= self.threshold_people
        return self._told(self._need(item, day, place)[many])

    def _need(self, item, day, place):
        number = [one.id for one in self.problem.items].index(item)
        return self.problem.need[:, day, place, number].astype(np.float64)

    @staticmethod
    def _told(values):
        if not len(values):
            return Told(None, None, None)
        return Told(*(float(value) for value in np.quantile(values, NEED_LEVELS)))


def planned(given: PlanProblem, *drives: Dispatch) -> Plan:
    """Give a plan of these drives and nothing else."""
    made = plan_deliveries(replace(given, logistics=replace(given.logistics, carriers=()))).plan
    return replace(made, dispatches=drives)


def board(given: PlanProblem, *drives: Dispatch) -> Board:
    return board_of(Needed(given), given, planned(given, *drives))


def drive(store, place, *loads, leave=0, arrive=0, status="proposed") -> Dispatch:
    day, until = START + timedelta(days=leave), START + timedelta(days=arrive)
    return Dispatch(
        f"d-{store}-{place}-{leave}", "c", 1, store, place, day, 6.0, until, 8.0, 4.0, 100.0, loads, 0.0,
        float("nan"), status,
    )  # fmt: skip


def row(made: Board, place, item="water", day=0):
    return next(one for one in made.on(day, place) if one.item == item)


def need(*, members=1, days=2, places=2, amount=100.0):
    return np.full((members, days, places), amount)


def test_ranges_are_the_quantiles_of_the_members_and_of_those_in_which_people_come():
    luck = np.random.default_rng(3)
    amounts = luck.gamma(1.0, 100.0, (101, 3, 2)) * (luck.random((101, 3, 2)) < 0.6)
    given = problem(line_of([50]), amounts, [supply(1, "water", 60, per_day=True)], [])
    made = board(given)
    for day in range(3):
        here = given.need[:, day, 1, 0].astype(np.float64)
        lacks = np.maximum(here - 60, 0)
        told = row(made, 1, day=day)
        low, middle, high = np.quantile(lacks, NEED_LEVELS)
        assert (told.missing.low, told.missing.middle, told.missing.high) == pytest.approx(
            (low, middle, high)
        )
        among = np.quantile(lacks[given.people[:, day, 1] >= 1], NEED_LEVELS)
        held = told.missing_if_they_come
        assert (held.low, held.middle, held.high) == pytest.approx(tuple(among))
        assert told.chance_missing == pytest.approx((lacks > 0.5).mean())
        assert told.surplus == pytest.approx(np.quantile(np.maximum(60 - here, 0), 0.05))


def test_a_drive_away_lowers_what_is_at_the_store():
    given = problem(line_of([50]), need(days=1), [supply(0, "water", 90, id="s")], [])
    before, after = board(given), board(given, drive(0, 1, Load("water", 40.0, "s")))
    assert (row(before, 0).there, row(before, 0).missing.middle) == (90, 10)
    assert (row(after, 0).there, row(after, 0).missing.middle) == (50, 50)
    assert (row(after, 1).proposed, row(after, 1).missing.middle) == (40, 60)
    # If the drive is refused, all of it stays where it is.
    assert row(after, 0).missing_if_refused.middle == 10
    assert row(after, 1).missing_if_refused.middle == 100


def test_what_is_sent_on_from_where_it_was_brought_is_counted_once():
    given = problem(line_of([50, 50]), need(days=2, places=3), [supply(0, "water", 80, id="s")], [])
    made = board(
        given,
        drive(0, 1, Load("water", 80.0, "s")),
        drive(1, 2, Load("water", 50.0), leave=1, arrive=1),
    )
    covered = [100 - row(made, place, day=day).missing.middle for place in range(3) for day in range(2)]
    assert sum(covered) == pytest.approx(80)
    assert row(made, 2, day=1).missing.middle == pytest.approx(50)


@pytest.mark.parametrize("seed", range(6))
def test_no_more_is_used_than_there_is(seed):
    given = drawn_problem(seed, members=1)
    made = board_of(Needed(given), given, plan_deliveries(given).plan)
    for item in given.items:
        rows = [one for one in made.rows if one.item == item.id]
        used = sum(one.needed.middle - one.missing.middle for one in rows)
        every_day = [
            one.quantity * (given.days if one.per_day or item.stays else 1)
            for one in given.logistics.supplies
            if one.item == item.id
        ]
        assert used <= sum(every_day) + 1e-6
        for one in rows:
            assert 0 <= one.missing.middle <= one.needed.middle + 1e-6


def test_what_is_taken_of_a_daily_supply_is_there_again_tomorrow():
    given = problem(line_of([50]), need(), [supply(0, "water", 90, id="s", per_day=True)], [])
    made = board(given, drive(0, 1, Load("water", 30.0, "s")))
    assert [row(made, 0, day=day).there for day in (0, 1)] == [60, 90]


def test_shelter_that_was_driven_away_stays_away_and_serves_every_night_where_it_came():
    given = problem(
        line_of([50]), need(days=3), [supply(0, "tents", 120, id="s")], [], items=(TENTS,)
    )  # fmt: skip
    made = board(given, drive(0, 1, Load("tents", 50.0, "s"), leave=1, arrive=1))
    assert [row(made, 0, "tents", day).there for day in range(3)] == [120, 70, 70]
    assert [row(made, 1, "tents", day).missing.middle for day in range(3)] == [100, 50, 50]
    assert row(made, 0, "tents", 0).surplus == pytest.approx(20)
    # What left the evening before is gone from the first day on.
    yesterday = drive(0, 1, Load("tents", 50.0, "s"), leave=-1, status="sent")
    gone = board(given, yesterday)
    assert [row(gone, 0, "tents", day).there for day in range(3)] == [70, 70, 70]


def test_what_spoils_is_not_there_tomorrow_and_what_keeps_is():
    supplies = [supply(0, "meals", 150, id="m"), supply(0, "water", 150, id="w")]
    amounts = np.full((1, 2, 2, 2), 100.0)
    given = problem(line_of([50]), amounts, supplies, [], items=(WATER, MEALS))
    made = board(given, drive(0, 1, Load("meals", 150.0, "m"), Load("water", 150.0, "w")))
    assert [row(made, 1, "meals", day).missing.middle for day in (0, 1)] == [0, 100]
    assert [row(made, 1, "water", day).missing.middle for day in (0, 1)] == [0, 50]
    assert row(made, 1, "meals").surplus == pytest.approx(50)
    assert row(made, 1, "water").surplus == pytest.approx(0)


def test_only_what_was_decided_is_called_accepted_and_refused_drives_bring_nothing():
    given = problem(
        line_of([50]), need(days=1),
        [supply(0, "water", 500, id="s"), supply(1, "water", 10, id="t", status="proposed"),
         supply(1, "water", 7, id="u", status="refused")], [],
    )  # fmt: skip
    made = board(
        given,
        drive(0, 1, Load("water", 20.0, "s"), status="accepted"),
        replace(drive(0, 1, Load("water", 30.0, "s")), id="p"),
        replace(drive(0, 1, Load("water", 40.0, "s"), status="refused"), id="r"),
    )
    told = row(made, 1)
    assert (told.arriving, told.proposed, told.offered_there, told.there) == (20, 30, 10, 0)
    assert (told.accepted, told.offered) == (20, 40)
    assert (told.missing.middle, told.missing_if_refused.middle) == (40, 80)
    assert row(made, 0).there == 450


def test_surplus_is_told_only_where_nearly_all_futures_leave_it():
    amounts = np.zeros((100, 1, 1))
    amounts[:10] = 100.0  # people come in ten of a hundred futures
    given = problem(line_of([50]), np.concatenate([amounts, amounts], axis=2), [supply(0, "water", 60)], [])
    assert row(board(given), 0).surplus == 0
    rich = problem(line_of([50]), np.concatenate([amounts, amounts], axis=2), [supply(0, "water", 160)], [])
    assert row(board(rich), 0).surplus == pytest.approx(60)


def test_days_that_are_not_decided_tell_what_is_foreseen():
    given = problem(
        line_of([50]), need(days=3), [supply(0, "water", 500)], [carrier(0)],
        rules=replace(PLAIN, sure_days=1),
    )  # fmt: skip
    made = board_of(Needed(given), given, plan_deliveries(given).plan)
    assert row(made, 1, day=0).foreseen is None
    assert row(made, 1, day=2).missing_foreseen is not None


def test_what_ends_first_is_used_first():
    stores = [supply(1, "water", 100, id="ends", until=START), supply(1, "water", 100, id="lasts")]
    made = board(problem(line_of([50]), need(), stores, []))
    assert [row(made, 1, day=day).missing.high for day in range(2)] == [0.0, 0.0]
