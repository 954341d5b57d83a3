"""What a plan tells of what it leaves out: barriers, beds, drives that fit no vehicle's day, old requests."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from planning.small_problems import PLAIN, START, carrier, line_of, problem, supply
from safepassage.core.logistics import Item, Request
from safepassage.core.plan import Plan
from safepassage.core.scenario import Event
from safepassage.planning.dispatching import dispatches_of
from safepassage.planning.planner import plan_deliveries
from safepassage.planning.yard import Yard

BED = Item("bed", "camas", "beds", "place", 0.0, 0.0, stays=True, local=True)


def why(plan: Plan, place: int) -> tuple[str, str]:
    (found,) = (one for one in plan.findings if one.kind == "unmet" and one.place == place)
    return found.reason, found.en


def needing(place: int, much: float, days: int = 2) -> np.ndarray:
    need = np.zeros((1, days, 2))
    need[:, :, place] = much
    return need


def test_who_has_some_hears_of_the_closed_road_that_keeps_the_rest_away() -> None:
    closed = Event(START, None, None, START, "told", "closure", -1, (0, 1), None, "", None, "road office")
    goods = [supply(0, "water", 5000), supply(1, "water", 30)]
    made = problem(line_of([50]), needing(1, 100), goods, [carrier(0)], events=(closed,))
    assert why(plan_deliveries(made).plan, 1)[0] == "closed road"
    short = replace(made, events=(), logistics=replace(made.logistics, carriers=(carrier(0, range_km=1.0),)))
    assert why(plan_deliveries(short).plan, 1)[0] == "range"
    open_ = replace(made, events=())
    assert not [one for one in plan_deliveries(open_).plan.findings if one.kind == "unmet"]
    nobody_else = problem(line_of([50]), needing(1, 100), goods[1:], [carrier(0)])
    assert why(plan_deliveries(nobody_else).plan, 1)[0] == "supply used up"


def test_beds_that_are_there_count_as_served() -> None:
    beds = supply(1, "bed", 25, per_day=True, local=True)
    made = problem(line_of([50]), needing(1, 100), [beds], [carrier(0)], items=(BED,))
    reason, words = why(plan_deliveries(made).plan, 1)
    assert reason == "supply used up"
    assert "75% of the need" in words
    bare = problem(line_of([50]), needing(1, 100), [], [carrier(0)], items=(BED,))
    assert why(plan_deliveries(bare).plan, 1)[0] == "no supply"


def test_a_drive_that_fits_no_vehicles_day_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = problem(
        line_of([50]), needing(1, 100), [supply(0, "water", 5000)], [carrier(0)],
        rules=replace(PLAIN, whole_trips=True),
    )  # fmt: skip
    planned = plan_deliveries(made)
    drives, told = dispatches_of(planned.situation, planned.optimum)
    assert drives == planned.plan.dispatches
    assert drives
    assert told == ()
    monkeypatch.setattr(Yard, "start", lambda *_: None)
    drives, told = dispatches_of(planned.situation, planned.optimum)
    assert drives == ()
    assert {(one.kind, one.reason, one.place) for one in told} == {("limit", "no vehicle free", 1)}
    carried = sum(load.quantity for one in planned.plan.dispatches for load in one.loads)
    assert f"{carried:,.0f} L of water" in told[0].en
    assert any(one.reason == "no vehicle free" for one in plan_deliveries(made).plan.findings)


@pytest.mark.parametrize(
    ("until", "told"), [(START - timedelta(days=1), 1), (date(2018, 9, 1), 0), (START, 0)]
)
def test_a_request_of_last_evening_is_told(until: date, told: int) -> None:
    asked = Request("r", 1, "water", 60.0, date(2018, 9, 1), until, date(2018, 9, 1))
    made = problem(line_of([50]), needing(1, 10), [supply(0, "water", 500)], [carrier(0)], requests=(asked,))
    over = [one for one in plan_deliveries(made).plan.findings if one.reason == "request over"]
    assert len(over) == told
    assert all("60 L of water" in one.en and "town-1" in one.es for one in over)
