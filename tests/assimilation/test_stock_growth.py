from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from safepassage.assimilation.stock_ahead import ahead_of, even_luck
from safepassage.assimilation.stock_growth import (
    NAMES,
    Growth,
    Luck,
    counted_at,
    foreseen,
    growth_of,
    side_by_side,
    standing_of,
)
from safepassage.assimilation.stocks import StockCorrection
from safepassage.core.draws import Draws
from safepassage.engines.run import run
from tests.assimilation.towns import Kept, TownLaw, count

MEMBERS = 200
NUMBERS = {
    "rise_memory_days": 30.0,
    "rise_doubt_days": 10.0,
    "rise_kept": 0.6,
    "rise_shared": 0.1,
    "rise_half_life_days": 40.0,
    "rise_sd_log": 0.5,
    "fall_kept": 0.3,
    "step_sd_log": 0.03,
    "step_power": 0.5,
    "step_own": 0.3,
    "step_doubt_days": 30.0,
    "floor_share": 0.002,
    "moves_per_year": 0.5,
    "move_log": -0.2,
    "move_sd_log": 0.4,
    "openings_per_year": 3.0,
    "opening_share": 0.05,
    "opening_sd_log": 1.0,
}
Past = tuple[np.ndarray, np.ndarray]


def _growth(**changes: float) -> Growth:
    return growth_of({name: np.array(changes.get(name, NUMBERS[name])) for name in NAMES})


def _past(*people: float, every: int = 10) -> Past:
    return np.arange(len(people), dtype=np.int64) * every, np.array(people, dtype=np.float64)


def _luck(camps: int, members: int = MEMBERS) -> Luck:
    def normal(name: str) -> np.ndarray:
        return ndtri(np.array([even_luck(Draws(3), name, members, entity=k) for k in range(camps)]).T)

    return Luck(*map(normal, ("step", "rise", "when", "size")))


def _ahead(pasts: list[Past], days: float, **changes: float) -> np.ndarray:
    growth = _growth(**changes)
    standing = standing_of(counted_at(pasts), growth)
    return foreseen(standing, growth, np.full(len(pasts), days), _luck(len(pasts)))


RISING, STEADY, FALLING = (
    _past(0, 1000, 2000, 3000),
    _past(5000, 5000, 5000, 5000),
    _past(9000, 6000, 5000, 4000),
)
EMPTY = _past(0, 0, 0, 0)
ALL = [RISING, STEADY, FALLING, EMPTY]


def test_on_the_day_of_the_last_count_everybody_is_where_they_were_counted() -> None:
    people = _ahead(ALL, 0.0)
    np.testing.assert_allclose(people[:, :3], np.tile([3000.0, 5000.0, 4000.0], (MEMBERS, 1)), rtol=0.03)
    assert (people[:, 3] < 5).all()
    np.testing.assert_array_equal(_ahead(ALL, -5.0), people)


def test_bands_widen_with_the_days() -> None:
    widths = []
    for days in (0, 3, 10, 30, 60, 90, 180):
        low, high = np.quantile(_ahead(ALL, float(days)), (0.1, 0.9), axis=0)
        widths.append(high - low)
    assert (np.diff(np.array(widths)[:, :3], axis=0) > 0).all()
    assert (np.diff(np.array(widths)[:, 3]) >= 0).all()


def test_a_rise_goes_on_and_fades_and_a_fall_goes_on_less() -> None:
    middle = {days: np.median(_ahead(ALL, float(days)), axis=0) for days in (30, 90, 360)}
    assert 3200 < middle[30][0] < middle[90][0] < middle[360][0] < 3000 + 100 * 0.8 * 40 / np.log(2)
    assert middle[90][0] - middle[30][0] < 2 * (middle[30][0] - 3000)
    assert middle[90][2] < 4000
    # Those who rise as a whole lift a steady camp a little.
    assert 5000 <= middle[90][1] < 6000


def test_an_empty_camp_may_open_and_one_that_was_closed_does_not() -> None:
    closed = _past(4000, 4000, 0, 0)
    people = _ahead([STEADY, EMPTY, closed], 90.0)
    assert 0.3 < (people[:, 1] > 50).mean() < 0.7
    assert (people[:, 2] < 100).all()


def test_camps_whose_counts_jumped_are_less_sure() -> None:
    jumpy = _past(5000, 7000, 4000, 5000)
    people = _ahead([STEADY, jumpy], 30.0, rise_kept=0.0, rise_shared=0.0, fall_kept=0.0, moves_per_year=0.0)
    assert people[:, 1].std() > 1.3 * people[:, 0].std()


@pytest.mark.parametrize(
    "pasts", [[_past(700)], [_past(0)], [_past(0), _past(0, 0)], [_past(5, 3), _past(8e6)]]
)
def test_one_count_or_none_to_speak_of_is_enough(pasts: list[Past]) -> None:
    people = _ahead(pasts, 90.0)
    assert np.isfinite(people).all()
    assert (people >= 0).all()


def test_moments_side_by_side_are_foreseen_as_each_alone() -> None:
    growth, luck = _growth(), Luck(*(np.zeros((1, 1)),) * 4)
    moments = [counted_at(ALL), counted_at(ALL[:2])]
    joined = standing_of(side_by_side(moments), growth)
    alone = [foreseen(standing_of(one, growth), growth, np.array(30.0), luck) for one in moments]
    np.testing.assert_allclose(foreseen(joined, growth, np.array(30.0), luck), np.hstack(alone))


def test_numbers_stay_within_what_they_can_mean() -> None:
    wild = growth_of({name: np.array([-1e300, 1e300]) for name in NAMES})
    for k in (0, 1):
        one = growth_of({name: getattr(wild, name)[k] for name in NAMES})
        people = foreseen(standing_of(counted_at(ALL), one), one, np.full(4, 90.0), _luck(4))
        assert np.isfinite(people).all()


def test_even_luck_has_one_member_in_every_part() -> None:
    luck = even_luck(Draws(1), "any", 40)
    assert sorted(np.floor(luck * 40).astype(int).tolist()) == list(range(40))
    assert not np.array_equal(luck, even_luck(Draws(2), "any", 40))
    assert 0 < even_luck(Draws(1), "any", 1)[0] < 1


@pytest.mark.parametrize("members", [1, 2, 40])
@pytest.mark.parametrize("until", [None, 20])
def test_people_are_conserved_and_nobody_who_left_is_taken_back(members: int, until: int | None) -> None:
    counts = [count(d, p, float(n), voice="registration") for d, p, n in (
        (0, 0, 0), (0, 1, 100), (10, 0, 2000), (10, 1, 900), (20, 0, 4000), (15, 1, 400))]  # fmt: skip
    counts.sort(key=lambda one: (one.day, one.place))
    kept, draws = Kept(), Draws(1)
    ahead = ahead_of(counts, _growth(), members=members, draws=draws)
    correction = StockCorrection(
        counts, members=members, draws=draws, watching=[kept], total_until_day=until, ahead=ahead
    )
    law = TownLaw(4600, [0.4, 0.3, 0.1])
    run(law, days=80, members=members, draws=draws, observers=[correction])
    total = np.array([stock.sum(axis=1) + road for stock, road in zip(kept.stock, kept.on_road, strict=True)])
    assert (np.array(kept.stock) >= 0).all()
    assert (np.array(kept.on_road) >= 0).all()
    assert (np.diff(total[20:], axis=0) >= 0).all()
    assert (total[:21] >= 4600).all()
    people = np.array([stock[:, :2] for stock in kept.stock])
    np.testing.assert_allclose(people[21:], [ahead.people(day) for day in range(21, 80)], atol=1.0)
    if members > 2:
        assert np.median(people[79, :, 0]) > 4200  # beyond what the law has
