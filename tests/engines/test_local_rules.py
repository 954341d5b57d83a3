"""The formulas of the local law, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from safepassage.core.displacement import CAMP, CONFLICT_ZONE, FORWARDING_HUB, IDP_CAMP, TOWN
from safepassage.core.draws import Draws, draw_number, hash64
from safepassage.core.local_law import LocalLaw
from safepassage.engines import compiled, local_rules
from safepassage.engines.quantiles import binomial_quantile, normal_quantile, poisson_quantile


def test_compiled_luck_is_the_same_bits_as_that_of_core():
    words = [np.uint64(w) for w in (2**64 - 1, 7, 365, 123456789, 4000000000)]
    assert int(compiled.hash64(*words)) == hash64(*[int(w) for w in words])
    expected = Draws(42).uniform("x", day=3, slots=np.array([5]), entity=9)[0]
    assert compiled.uniform(compiled.luck_of(42, 5, 3), 9, draw_number("x")) == expected


def test_a_camp_has_room_until_its_buffer_and_none_when_full():
    factor = local_rules.capacity_factor
    assert factor(89.0, 100.0, 0.9) == 1.0
    assert factor(95.0, 100.0, 0.9) == pytest.approx(0.5)
    assert factor(100.0, 100.0, 0.9) == 0.0
    assert factor(1e9, 0.0, 0.9) == 1.0  # no limit


def test_old_conflicts_weaken_step_by_step_and_stay_at_the_last():
    law = LocalLaw(conflict_spawn_decay=(1.0, 0.5, 0.1), conflict_spawn_decay_interval_days=30)
    assert local_rules.decay_factor(law, np.array([0, 29, 30, 59, 60, 999])).tolist() == [
        1.0,
        1.0,
        0.5,
        0.5,
        0.1,
        0.1,
    ]


def test_scores_put_camps_and_foreign_places_first_and_conflict_last():
    law = LocalLaw(camp_weight=2.0, foreign_weight=1.5, conflict_weight=0.25)
    score = local_rules.danger_scores(
        law,
        role=np.array([TOWN, CAMP, CONFLICT_ZONE], dtype=np.int8),
        foreign=np.array([False, True, False]),
        conflict=np.array([0.0, 0.0, 0.5]),
        decay=np.ones(3),
    )
    assert score.tolist() == [1.0, 3.0, 0.5]


def test_chances_to_leave_go_by_kind_of_place():
    law = LocalLaw()
    chance = local_rules.move_chances(
        law,
        role=np.array([TOWN, CAMP, IDP_CAMP, FORWARDING_HUB, TOWN], dtype=np.int8),
        conflict=np.array([0, 0, 0, 0, 0.2]),
        population=np.full(5, 100.0),
        capacity=np.zeros(5),
    )
    assert chance.tolist() == [0.3, 0.001, 0.1, 1.0, 1.0]


def test_path_weights_follow_the_published_form():
    weight = local_rules.path_weight(2.0, 60.0**-0.75, 0.5, 0.1, 1.5)
    assert weight == pytest.approx(((0.1 + 2.0) / 60.0**0.75 * 0.5) ** 1.5)


@pytest.mark.parametrize(("count", "p"), [(10, 0.3), (1000, 0.002), (400, 0.6), (100_000, 0.37), (5, 1.0)])
def test_binomial_counts_have_their_mean_and_spread_and_rise_with_the_uniform(count: int, p: float):
    uniforms = (np.arange(4000) + 0.5) / 4000
    counts = np.array([binomial_quantile(u, count, p) for u in uniforms])
    assert (np.diff(counts) >= 0).all()
    assert counts.mean() == pytest.approx(count * p, rel=2e-3, abs=0.02)
    assert counts.var() == pytest.approx(count * p * (1 - p), rel=2e-2, abs=0.02)


def test_large_binomial_counts_are_the_exact_quantiles_within_one():
    from scipy.stats import binom, norm, poisson

    for u in (0.001, 0.03, 0.5, 0.9, 0.9995):
        assert norm.cdf(normal_quantile(u)) == pytest.approx(u, abs=5e-8, rel=2e-6)
        assert abs(binomial_quantile(u, 5000, 0.03) - binom.ppf(u, 5000, 0.03)) <= 1
        assert binomial_quantile(u, 40, 0.2) == binom.ppf(u, 40, 0.2)
        counts = poisson_quantile(np.full(2, u), np.array([3.3, 400.0]))
        assert counts[0] == poisson.ppf(u, 3.3)
        assert abs(counts[1] - poisson.ppf(u, 400.0)) <= 1
