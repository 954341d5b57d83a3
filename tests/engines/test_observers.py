from __future__ import annotations

import numpy as np
import pytest

from safepassage.core.engine import DayView
from safepassage.core.forecast import QUANTILE_LEVELS
from safepassage.engines.observers import NightObserver


@pytest.mark.parametrize("members", [1, 2, 7, 100])
def test_a_night_is_told_by_the_quantiles_of_its_members(members: int) -> None:
    rng = np.random.default_rng(members)
    places, threshold = 30, 40
    nights = [rng.poisson(30, (members, places)) * (rng.random((members, places)) < 0.5) for _ in range(3)]
    for stock in nights:
        stock[:, :5] = 0
    night = NightObserver(days=3, members=members, places=places, threshold_people=threshold)
    for day, stock in enumerate(nights):
        night.see(day, DayView(stock=stock, on_road=stock.sum(axis=1)))
    for day, stock in enumerate(nights):
        expected = np.quantile(stock, QUANTILE_LEVELS, axis=0)
        np.testing.assert_allclose(night.overnight[:, day], expected, rtol=1e-6)
        np.testing.assert_allclose(night.chance_any[day], (stock > 0).mean(axis=0), rtol=1e-6)
        np.testing.assert_allclose(night.chance_threshold[day], (stock >= threshold).mean(axis=0), rtol=1e-6)
        for place in range(places):
            come = stock[stock[:, place] >= threshold, place]
            expected = (
                np.quantile(come, QUANTILE_LEVELS) if len(come) else np.full(len(QUANTILE_LEVELS), np.nan)
            )
            np.testing.assert_allclose(night.if_they_come[:, day, place], expected, rtol=1e-6)
    there = np.stack(nights) > 0
    first = np.where(there.any(axis=0), there.argmax(axis=0), -1)
    np.testing.assert_array_equal(night.arrival_day, first)
    np.testing.assert_array_equal(night.peak_people, np.max(nights, axis=0))
