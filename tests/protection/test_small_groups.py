"""Nobody finds a group of fewer than twenty: not in a figure, not in a difference, not in hostile input."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from caravan_worlds import HORIZON_DAYS, START, forecast_from, forecast_of, make_road, walk
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from safepassage.core.errors import InputError
from safepassage.core.forecast import Forecast
from safepassage.core.network import Links, Network, Places
from safepassage.core.shared import SharedForecast, ShareRules
from safepassage.protection import share
from safepassage.protection.areas import areas_of, country_areas, towns_in
from safepassage.protection.size_classes import size_class

RULES = ShareRules()
KNOWN_DAYS = 26
AS_OF = START + timedelta(days=KNOWN_DAYS - 1)
COUNTRIES = ("MX", "GT", "", "mx ")
ADMIN1 = ("Chiapas", "chiapas ", "Oaxaca", "", "Petén")


def places_of(countries: list[str], admin1: list[str]) -> Places:
    n = len(countries)
    return Places(
        ids=tuple(f"t{i}" for i in range(n)),
        names=tuple(f"Town {i}" for i in range(n)),
        countries=tuple(countries),
        admin1=tuple(admin1),
        lat=np.zeros(n),
        lon=np.zeros(n),
        kinds=("town",) * n,
        population=np.full(n, -1, dtype=np.int64),
        capacity_people=np.full(n, -1, dtype=np.int64),
        shelters=("",) * n,
        sources=("",) * n,
    )


def network_of(places: Places) -> Network:
    """Join the places in a row, each to the next and the last to the first."""
    n = len(places)
    origin, yes, words = np.arange(n), np.ones(n, dtype=np.bool_), ("road",) * n
    return Network(places, Links(origin, np.roll(origin, -1), np.full(n, 50.0), words, yes, yes, words))


@st.composite
def forecasts(draw: st.DrawFn, most: int = 200) -> Forecast:
    """Any arrivals and any peaks, contradictions included; most counts are small."""
    n = draw(st.integers(1, 8))
    members = draw(st.integers(1, 12))
    names = st.lists(st.sampled_from(COUNTRIES), min_size=n, max_size=n)
    areas = st.lists(st.sampled_from(ADMIN1), min_size=n, max_size=n)
    network = network_of(places_of(draw(names), draw(areas)))
    first = draw(hnp.arrays(np.int16, (members, n), elements=st.integers(-1, HORIZON_DAYS + 5)))
    peak = draw(hnp.arrays(np.int32, (members, n), elements=st.integers(-5, most)))
    return forecast_of(network, first, peak, as_of=AS_OF)


def shared(forecast: Forecast, rules: ShareRules = RULES) -> SharedForecast:
    as_of = rules.as_of_for(AS_OF + timedelta(days=rules.delay_days + rules.hold_days))
    return share(replace(forecast, as_of=as_of), today=rules.week_of(as_of), rules=rules)


def figures(*forms: SharedForecast) -> list[int]:
    cells = [cell for form in forms for cell in form.cells]
    return [figure for cell in cells for figure in (cell.people_low, cell.people_high)]


@given(forecasts(), st.integers(10, 60))
def test_no_figure_is_below_the_least_count(forecast: Forecast, count_min: int) -> None:
    rules = ShareRules(count_min=count_min)
    assert all(figure >= count_min for figure in figures(shared(forecast, rules)))


@given(forecasts(most=100_000), forecasts(most=3_000), st.integers(10, 60))
def test_no_difference_of_figures_is_below_the_least_count(
    one: Forecast, other: Forecast, count_min: int
) -> None:
    rules = ShareRules(count_min=count_min)
    shown = figures(shared(one, rules), shared(other, rules))
    gaps = {abs(a - b) for a, b in itertools.combinations(shown, 2)} - {0}
    assert all(gap >= count_min for gap in gaps)


@given(forecasts(most=5_000))
def test_sums_of_areas_cannot_be_subtracted_down_to_a_small_group(forecast: Forecast) -> None:
    shown = figures(shared(forecast))
    for size in (1, 2, 3):
        for some in itertools.combinations(shown, size):
            assert sum(some) % RULES.count_min == 0


@given(forecasts(), st.data())
def test_a_group_of_fewer_than_twenty_where_nobody_else_comes_changes_nothing(
    forecast: Forecast, data: st.DataObject
) -> None:
    n = forecast.arrival_day.shape[1]
    place = data.draw(st.integers(0, n - 1))
    few = data.draw(st.integers(1, RULES.count_min - 1))
    day = data.draw(st.integers(0, HORIZON_DAYS - 1))
    empty = forecast.peak_people.copy()
    empty[:, place] = 0
    without = replace(forecast, peak_people=empty)
    small = empty.copy()
    small[:, place] = few
    came = forecast.arrival_day.copy()
    came[:, place] = day
    assert shared(replace(without, peak_people=small, arrival_day=came)) == shared(without)


@given(forecasts(), st.data())
def test_one_member_more_or_less_with_few_people_changes_nothing(
    forecast: Forecast, data: st.DataObject
) -> None:
    member = data.draw(st.integers(0, forecast.arrival_day.shape[0] - 1))
    peak = forecast.peak_people.copy()
    peak[member] = np.where(peak[member] < RULES.count_min, 0, peak[member])
    assert shared(replace(forecast, peak_people=peak)) == shared(forecast)


@given(forecasts(), st.integers(1, 4))
def test_no_area_with_fewer_towns_than_the_rule_is_named(forecast: Forecast, towns_min: int) -> None:
    network = forecast.network
    areas = areas_of(network, towns_min=towns_min)
    for area in (*areas, *country_areas(network, towns_min=towns_min)):
        assert towns_in(network, area.places) >= towns_min
    covered = [place for area in areas for place in area.places]
    assert len(covered) == len(set(covered))


@given(forecasts(), st.integers(1, 4))
def test_a_country_is_told_of_as_a_whole_or_not_at_all(forecast: Forecast, towns_min: int) -> None:
    network = forecast.network
    areas = areas_of(network, towns_min=towns_min)
    for country in country_areas(network, towns_min=towns_min):
        told = [place for area in areas if area.country == country.country for place in area.places]
        assert sorted(told) == list(country.places)


def test_the_smallest_area_goes_with_a_rest_that_would_be_too_small() -> None:
    places = places_of(["MX"] * 6, ["A", "A", "B", "B", "B", "C"])
    areas = areas_of(network_of(places), towns_min=2)
    assert [(area.admin1, area.scope, area.places) for area in areas] == [
        ("B", "admin1", (2, 3, 4)),
        ("", "rest_of_country", (0, 1, 5)),
    ]


def test_a_country_is_named_where_none_of_its_areas_may_be() -> None:
    places = places_of(["MX"] * 4, ["A", "A", "B", "B"])
    first = np.array([[3, -1, -1, -1]] * 3 + [[-1, -1, 3, -1]] * 3 + [[-1, -1, -1, -1]] * 14, dtype=np.int16)
    peak = np.where(first >= 0, 300, 0).astype(np.int32)
    form = shared(forecast_of(network_of(places), first, peak, as_of=AS_OF))
    assert [(cell.country, cell.admin1, cell.scope, cell.chance) for cell in form.cells] == [
        ("MX", "", "country", "possible")
    ]


@given(st.integers(20, 2_000_000_000), st.integers(0, 10_000_000))
def test_a_size_class_holds_its_range_and_never_closes_to_a_point(low: int, more: int) -> None:
    shown_low, shown_high = size_class(low, low + more, count_min=20)
    assert shown_low <= low <= low + more < shown_high
    assert shown_low >= 20


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (20, 20, (20, 500)),
        (499, 499, (20, 500)),
        (500, 500, (500, 1000)),
        (640, 7200, (500, 10_000)),
        (20, 999_999, (20, 1_000_000)),
    ],
)
def test_known_size_classes(low: int, high: int, expected: tuple[int, int]) -> None:
    assert size_class(low, high, count_min=20) == expected


def test_nobody_learns_from_two_outputs_whether_a_small_group_has_joined() -> None:
    """The attacker sees two successive outputs and says whether up to 19 people joined in between.

    His best rule (how far the figures must rise) is found on one half of the cases and tried on the other.
    Every case is played with and without the group under the same luck; the gain is over a coin. Groups of
    20 to 8,000 people, every order of size alike, so that small ones weigh as much as large ones.
    """
    rng = np.random.default_rng(41)
    network = network_of(places_of(["MX"] * 4, ["A", "A", "B", "B"]))
    first = np.tile(np.array([[1, 2, 40, 41]], dtype=np.int16), (200, 1))
    rises: dict[bool, list[int]] = {True: [], False: []}
    for _ in range(1000):
        people, few = int(np.exp(rng.uniform(np.log(20), np.log(8000)))), int(rng.integers(1, 20))
        luck = rng.lognormal(0.0, 0.1, size=(2, 200, 1))
        before = _total(network, first, people * luck[0])
        for joined in (True, False):
            after = _total(network, first, (people + few * joined) * luck[1])
            rises[joined].append(after - before)
    yes, no = np.array(rises[True]), np.array(rises[False])
    cuts = np.unique(np.concatenate([yes, no]))
    learnt = max(cuts, key=lambda cut: (yes[:500] > cut).mean() - (no[:500] > cut).mean())
    gain = ((yes[500:] > learnt).mean() - (no[500:] > learnt).mean()) / 2
    assert gain <= 0.01


def _total(network: Network, first: np.ndarray, people: np.ndarray) -> int:
    peak = np.broadcast_to(people, first.shape).astype(np.int32)
    return sum(figures(shared(forecast_of(network, first, peak, as_of=AS_OF))))


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=10)
def test_what_a_small_group_can_shift_is_a_whole_class(seed: int) -> None:
    rng = np.random.default_rng(seed)
    road = make_road(rng)
    path, pace = walk(rng, HORIZON_DAYS)
    without = forecast_from(road, path[:KNOWN_DAYS], pace, people=4000, rng=rng)
    few = int(rng.integers(1, 20))
    joined = np.where(without.peak_people > 0, without.peak_people + few, 0).astype(np.int32)
    one, other = shared(without), shared(replace(without, peak_people=joined))
    moved = set(np.abs(np.array(figures(one)) - np.array(figures(other))).tolist()) - {0}
    assert all(gap >= 480 for gap in moved)


@pytest.mark.parametrize(
    "weak",
    [
        {"count_min": 9},
        {"count_min": -1},
        {"delay_days": 1},
        {"hold_days": -1},
        {"weeks_ahead": 1},
        {"towns_min": 0},
        {"possible": 0.6, "likely": 0.2},
        {"possible": float("nan")},
        {"likely": 1.0},
    ],
)
def test_rules_cannot_be_made_weaker_than_their_floors(weak: dict[str, float]) -> None:
    with pytest.raises(InputError):
        ShareRules(**weak)  # type: ignore[arg-type]


def test_a_forecast_without_members_says_nothing() -> None:
    network = network_of(places_of(["MX"], ["A"]))
    empty = forecast_of(network, np.zeros((0, 1), np.int16), np.zeros((0, 1), np.int32), as_of=AS_OF)
    assert shared(empty).cells == ()


def test_a_forecast_that_ends_before_the_deadline_is_refused_with_the_days_it_needs() -> None:
    network = network_of(places_of(["MX"], ["A"]))
    made = forecast_of(network, np.zeros((3, 1), np.int16), np.zeros((3, 1), np.int32), as_of=AS_OF)
    short = replace(made, chance_any=made.chance_any[:30])
    with pytest.raises(InputError, match=r"let it run for 63 days"):
        share(short, today=RULES.week_of(AS_OF))


def test_what_became_known_later_may_not_ride_along() -> None:
    from safepassage.core.report import Report

    network = network_of(places_of(["MX"], ["A"]))
    made = forecast_of(network, np.zeros((3, 1), np.int16), np.zeros((3, 1), np.int32), as_of=AS_OF)
    later = AS_OF + timedelta(days=1)
    report = Report(later, later, "made up", 0, "position", 5.0, 9.0, "main", "approx", "made up")
    with pytest.raises(InputError, match="1 reports"):
        share(replace(made, reports=(report,)), today=RULES.week_of(AS_OF))
