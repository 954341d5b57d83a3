"""Whether a drive can be made: room, hours, vehicles at one time, what other drives leave of a supply."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from safepassage.adapters.logistics import catalogue
from safepassage.core.logistics import Carrier, Logistics, Supply
from safepassage.core.plan import Dispatch, Load
from safepassage.workflows.dispatch_checks import arrival_of, clock, days_of, faults_of, yard_of

DAY = date(2018, 10, 24)
WELL = Supply("well", "town hall", 0, "water", 3000.0, DAY, None, DAY)
COOKS = Supply("cooks", "parish", 0, "food", 500.0, DAY, None, DAY, per_day=True)
TRUCK = Carrier(
    "truck", "parish", 0, "pickup", 2, 1000.0, 2500.0, 2.0, 50.0, 8.0, 0.0, 5.0, DAY, None, DAY,
    first_hour=6.0, last_hour=18.0,
)  # fmt: skip
DRIVE = Dispatch(
    "d1", "truck", 1, 0, 1, DAY, 6.0, DAY, 7.5, 4.0, 80.0,
    (Load("water", 500.0, "well"), Load("food", 300.0, "cooks")), status="accepted",
)  # fmt: skip


def wrong(
    one: Dispatch,
    *others: Dispatch,
    carrier: Carrier = TRUCK,
    supplies: tuple[Supply, ...] = (WELL, COOKS),
) -> dict[str, str]:
    yard = yard_of(Logistics(supplies, (carrier,)), catalogue().by_id, others)
    return {fault.column or "": fault.expected for fault in faults_of(one, yard)}


def other(**changed: Any) -> Dispatch:
    return replace(DRIVE, id="d0", **{"loads": (Load("water", 100.0, "well"),), **changed})


def test_a_drive_that_fits_has_no_faults() -> None:
    assert wrong(DRIVE) == {}
    assert wrong(DRIVE, other()) == {}
    assert wrong(DRIVE, DRIVE) == {}  # it is not held against itself


@pytest.mark.parametrize(
    ("changed", "column", "words"),
    [
        ({"vehicles": 3}, "vehicles", "1 to 2"),
        ({"leave": DAY - timedelta(days=1)}, "leave", "2018-10-24"),
        ({"leave_hour": 5.0}, "leave_hour", "6:00 to 14:00"),
        ({"leave_hour": 15.0}, "leave_hour", "back by 18:00"),
        ({"loads": (Load("water", 1100.0, "well"),)}, "loads", "1,000 kg"),
        ({"loads": (Load("blanket", 400.0, ""),)}, "loads", "2,500 litres"),
        ({"loads": (Load("food", 501.0, "cooks"),)}, "food", "at most 500"),
        ({"store": 1}, "water", "a supply of the store"),
        ({"loads": (Load("water", 500.0, "well"),) * 2 + (Load("water", 2500.0, "well"),)}, "water", "3,000"),
    ],
)
def test_what_does_not_fit_is_told(changed: dict[str, Any], column: str, words: str) -> None:
    assert words in wrong(replace(DRIVE, **changed))[column]


@pytest.mark.parametrize("status", ["refused", "withdrawn"])
def test_offers_that_are_over_are_told(status: str) -> None:
    assert "vehicles that are offered" in wrong(DRIVE, carrier=replace(TRUCK, status=status))["carrier"]
    found = wrong(DRIVE, supplies=(replace(WELL, status=status), COOKS))
    assert "goods that are there" in found["water"]


def test_goods_of_other_days_and_other_towns_are_told() -> None:
    late = replace(WELL, since=DAY + timedelta(days=1))
    assert "'well' is there" in wrong(DRIVE, supplies=(late, COOKS))["leave"]
    assert "supply of the store" in wrong(DRIVE, supplies=(replace(WELL, local=True), COOKS))["water"]
    only_food = replace(TRUCK, items=("food",))
    assert wrong(DRIVE, carrier=only_food) == {"water": "only food"}


def test_other_drives_leave_so_much_of_a_supply() -> None:
    most = other(loads=(Load("water", 2600.0, "well"),), carrier="another")
    assert "at most 400" in wrong(DRIVE, most)["water"]
    assert wrong(DRIVE, replace(most, status="withdrawn")) == {}
    # Of what comes every day, only drives of that day take.
    meals = other(loads=(Load("food", 400.0, "cooks"),), carrier="another")
    assert "at most 100" in wrong(DRIVE, meals)["food"]
    yesterday = replace(meals, leave=DAY - timedelta(days=1), arrive=DAY - timedelta(days=1))
    assert wrong(DRIVE, yesterday) == {}


def test_no_more_vehicles_are_out_at_one_time_than_there_are() -> None:
    assert "at most 2 at one time" in wrong(DRIVE, other(vehicles=2, leave_hour=9.0))["vehicles"]
    assert wrong(DRIVE, other(vehicles=2, leave_hour=10.0)) == {}
    after_each_other = (other(leave_hour=6.0, hours=1.0), replace(other(leave_hour=7.0), id="d9"))
    assert wrong(DRIVE, *after_each_other) == {}


def test_no_vehicle_drives_more_hours_than_its_day_has() -> None:
    long = other(vehicles=2, leave_hour=10.0, hours=7.0)
    assert "at most 2.0 hours" in wrong(DRIVE, long)["hours"]


def test_drives_over_the_night_take_the_morning_after() -> None:
    two_days = other(hours=11.0, vehicles=2, arrive=DAY + timedelta(days=1))
    assert [(day, start, end) for day, start, end in days_of(two_days, TRUCK)] == [
        (DAY, 6.0, 14.0),
        (DAY + timedelta(days=1), 6.0, 9.0),
    ]
    tomorrow = replace(DRIVE, leave=DAY + timedelta(days=1), arrive=DAY + timedelta(days=1))
    assert "vehicles" in wrong(replace(tomorrow, leave_hour=8.0), two_days)
    assert wrong(replace(tomorrow, leave_hour=9.0), two_days) == {}


def test_arrival_moves_with_leaving_and_sleeps_at_night() -> None:
    assert arrival_of(DRIVE, TRUCK, DAY, 7.0) == (DAY, 8.5)
    next_day = DAY + timedelta(days=1)
    # Nine hours on the way: eight on the first day, one on the next.
    far = replace(DRIVE, arrive=next_day, arrive_hour=7.0, hours=16.0)
    assert arrival_of(far, TRUCK, DAY, 6.0) == (next_day, 7.0)
    # Leaving at noon, six hours are left until the last hour, and three for the morning.
    assert arrival_of(far, TRUCK, DAY, 12.0) == (next_day, 9.0)
    assert arrival_of(far, TRUCK, next_day, 6.0) == (next_day + timedelta(days=1), 7.0)


def test_hours_are_told_as_on_a_clock() -> None:
    assert [clock(hour) for hour in (0.0, 6.5, 7.999, 23.75)] == ["0:00", "6:30", "8:00", "23:45"]
