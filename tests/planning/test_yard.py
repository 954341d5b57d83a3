"""Vehicles of drives that are kept: their hours are not given away again, nor more than a day has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.core.plan import Dispatch, Load
from safepassage.planning.planner import plan_deliveries
from safepassage.planning.yard import Yard, parts_of, yard_of
from tests.planning.small_problems import PLAIN, START, carrier, line_of, problem, supply

WHOLE = replace(PLAIN, whole_trips=True)


def kept(hour, hours, *, vehicles=1, later=0) -> Dispatch:
    loads = (Load("water", 100.0, "w"),)
    day = START + timedelta(days=later)
    return Dispatch(
        f"k{hour}", "c-0", vehicles, 0, 1, day, hour, day, hour + 1.0, hours, 50.0, loads, status="accepted"
    )


def asked(need, *, answered=(), **vehicle):
    return problem(
        line_of([50]), [[[0.0, need]]], [supply(0, "water", 1e5, id="w")], [carrier(0, **vehicle)],
        rules=WHOLE, answered=answered,
    )  # fmt: skip


@pytest.mark.parametrize(("hours", "parts"), [(4, [4]), (10, [10]), (14, [10, 4]), (20.5, [10, 10, 0.5])])
def test_long_drives_take_several_days(hours: float, parts: list[float]) -> None:
    assert parts_of(carrier(0), hours) == parts


def test_a_drive_is_put_into_the_first_gap_that_is_long_enough() -> None:
    yard, one = Yard(), carrier(0)
    yard.drive(one, (0, 0, 0), (2.0, 3.0))
    assert yard.start(one, (0, 0, 0), 2.0) == 0.0
    assert yard.start(one, (0, 0, 0), 2.5) == 5.0
    # 14 hours on the road, 10 of them at work: seven are left, and no drive over the night fits.
    assert yard.start(one, (0, 0, 0), 7.0) == 5.0
    assert yard.start(one, (0, 0, 0), 7.5) is None
    assert yard.start(one, (0, 0, 0), 12.0) is None
    assert yard.hours((0, 0, 0)) == 3.0


def test_the_night_ends_a_day() -> None:
    yard, one = Yard(), carrier(0, first_hour=6.0, last_hour=14.0)
    yard.drive(one, (0, 0, 0), (3.0, 3.0))
    assert yard.start(one, (0, 0, 0), 2.0) == 0.0
    assert yard.start(one, (0, 0, 0), 3.5) is None
    yard.drive(one, (0, 0, 1), (0.0, 1.0))
    assert yard.start(one, (0, 1, 0), 12.0) == 0.0
    assert yard.start(one, (0, 0, 0), 12.0) is None


def test_kept_drives_have_vehicles_of_their_own() -> None:
    two = (kept(8.0, 4.0), kept(9.0, 4.0), kept(12.0, 2.0, vehicles=2, later=1))
    yard = yard_of(asked(100.0, answered=two, vehicles=2))
    assert yard.busy == {
        (0, 0, 0): [(2.0, 6.0)], (0, 1, 0): [(3.0, 7.0)], (0, 0, 1): [(6.0, 8.0)], (0, 1, 1): [(6.0, 8.0)],
    }  # fmt: skip
    assert yard.taken == {("w", -1): 300.0}
    unknown = replace(two[0], carrier="nobody")
    assert yard_of(asked(100.0, answered=(unknown,))).busy == {}


def test_new_drives_go_around_kept_ones() -> None:
    """The vehicle is out from 7 to 9; rounds take 2 hours of the 10 it may work from 6 on."""
    made = plan_deliveries(asked(10_000.0, answered=(kept(7.0, 2.0),))).plan
    first, *new = made.dispatches
    assert first.leave_hour == 7.0
    hours = sorted(one.leave_hour for one in new)
    assert hours == [9.0, 11.0, 13.0, 15.0]
    assert all(one.hours == pytest.approx(2.0) for one in new)


def test_what_is_proposed_fits_into_a_day_beside_what_is_kept() -> None:
    """Two vehicles have 14 of 20 hours left, but only one of them six in a piece."""
    far = problem(
        line_of([150]), [[[0.0, 5000.0]]], [supply(0, "water", 1e5, id="w")], [carrier(0, vehicles=2)],
        rules=WHOLE, answered=(kept(6.0, 6.0),),
    )  # fmt: skip
    made = plan_deliveries(far)
    new = [one for one in made.plan.dispatches if one.status == "proposed"]
    assert [(one.vehicles, one.leave_hour, one.hours) for one in new] == [(1, 6.0, 6.0)]
    assert made.plan.covered[0, 1, 0] == pytest.approx(1100.0)


def test_withdrawn_offers_are_not_planned_with() -> None:
    base = asked(1000.0)
    assert len(plan_deliveries(base).plan.dispatches) == 1
    logistics = base.logistics
    gone = replace(logistics, supplies=(replace(logistics.supplies[0], status="withdrawn"),))
    assert plan_deliveries(replace(base, logistics=gone)).plan.dispatches == ()
    still = replace(logistics, carriers=(replace(logistics.carriers[0], status="withdrawn"),))
    assert plan_deliveries(replace(base, logistics=still)).plan.dispatches == ()
