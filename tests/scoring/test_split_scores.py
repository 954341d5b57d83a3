"""ARD, its naive rivals, and the test of equivalence."""

from __future__ import annotations

import numpy as np
import pytest

from safepassage.scoring.ard import ard, daily_difference, mean_shares
from safepassage.scoring.equivalence import equivalence, half_width
from safepassage.scoring.split import by_capacity, equally, kept_shares

COUNTED = np.array([[10.0, 30.0], [20.0, 20.0], [0.0, 0.0]])


def test_a_perfect_split_scores_zero_and_the_worst_two():
    assert ard(COUNTED, COUNTED) == 0.0
    assert ard(COUNTED * 7, COUNTED) == 0.0  # rescaled: only the split counts
    assert daily_difference(np.array([[0.0, 5.0]]), np.array([[8.0, 0.0]])).tolist() == [2.0]


def test_without_rescaling_the_total_counts_too():
    assert daily_difference(COUNTED * 2, COUNTED, rescaled=False).tolist() == [1.0, 1.0, 0.0]


def test_nobody_simulated_misses_everybody():
    assert daily_difference(np.zeros((1, 2)), COUNTED[:1]).tolist() == [1.0]


def test_members_are_scored_one_by_one():
    members = np.stack([COUNTED, COUNTED[:, ::-1]])
    assert ard(members, COUNTED).tolist() == [0.0, pytest.approx(1 / 3)]
    assert mean_shares(COUNTED).tolist() == pytest.approx([0.25, 1.25 / 3])


def test_splits_without_a_model_keep_the_daily_total():
    for split in (by_capacity(COUNTED, np.array([1.0, 3.0])), kept_shares(COUNTED, day=0), equally(COUNTED)):
        assert split.sum(axis=1).tolist() == COUNTED.sum(axis=1).tolist()
    assert by_capacity(COUNTED, np.array([1.0, 3.0]))[1].tolist() == [10.0, 30.0]
    assert kept_shares(COUNTED, day=0)[1].tolist() == [10.0, 30.0]
    assert equally(COUNTED)[0].tolist() == [20.0, 20.0]


def test_capacities_that_are_unknown_split_nothing_and_an_empty_day_keeps_equal_shares():
    assert np.isnan(by_capacity(COUNTED, np.zeros(2))).all()
    assert kept_shares(COUNTED, day=30)[0].tolist() == [20.0, 20.0]


def test_equivalence_needs_proof():
    rng = np.random.Generator(np.random.PCG64(1))
    base = rng.normal(0.5, 0.01, (20, 3))
    assert equivalence(base, rng.normal(0.5, 0.01, (20, 3)), margin=0.02).alike.all()
    assert not equivalence(base, rng.normal(0.53, 0.01, (20, 3)), margin=0.02).alike.any()
    assert not equivalence(base[:2], rng.normal(0.5, 0.05, (3, 3)), margin=0.02).alike.any()
    assert equivalence(np.full((2, 1), 0.1), np.full((2, 1), 0.1), margin=0.02).alike.all()
    assert half_width(np.array([1.0, 2.0, 3.0])) == pytest.approx(2.4841, abs=1e-3)
    assert np.isinf(half_width(np.array([1.0])))
