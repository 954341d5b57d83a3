"""Alias tables: every weight is met, what has none is never drawn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from safepassage.core.draws import Draws, draw_number, hash64
from safepassage.engines.agents_rules import MOST_REFUSALS, MOST_ROADS_A_DAY, bits_of
from safepassage.engines.alias import FULL, SLOT, fill_row, pick
from safepassage.engines.compiled import luck_of, uniform


def row_of(weights: list[float]) -> tuple[np.ndarray, bool]:
    slots = np.zeros(len(weights), dtype=SLOT)
    slots["own"] = np.arange(len(weights)) + 7
    return slots, fill_row(np.array(weights), slots, np.zeros(len(weights), dtype=np.int64))


def chances_in(slots: np.ndarray) -> np.ndarray:
    share = slots["share"] / FULL
    chance = np.bincount(slots["own"] - 7, share, minlength=len(slots))
    return (chance + np.bincount(slots["other"] - 7, 1 - share, minlength=len(slots))) / len(slots)


@settings(deadline=None)
@given(st.lists(st.one_of(st.just(0.0), st.floats(1e-12, 1.0)), min_size=1, max_size=60))
def test_a_row_holds_the_chances_that_the_weights_ask_for(weights: list[float]):
    slots, some = row_of(weights)
    assert some == (sum(weights) > 0)
    expected = np.array(weights) / sum(weights) if some else np.full(len(weights), 1 / len(weights))
    assert chances_in(slots) == pytest.approx(expected, abs=2**-31)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 1e-300, 1e-9, 1.0]), min_size=2, max_size=40).filter(sum),
    st.integers(0, 2**64 - 1),
)
def test_what_has_no_weight_is_never_drawn(weights: list[float], bits: int):
    slots, _ = row_of(weights)
    assert weights[pick(slots, 0, len(slots), np.uint64(bits)) - 7] > 0


def test_only_the_low_half_of_the_bits_draws_and_all_of_it_counts():
    slots, _ = row_of([1.0, 2.0, 5.0])
    low = np.arange(0, 2**32, 2**16 + 1, dtype=np.uint64)
    drawn = np.array([pick(slots, 0, 3, bits) for bits in low[:4000]])
    again = np.array([pick(slots, 0, 3, bits | np.uint64(0xABCD << 32)) for bits in low[:4000]])
    assert (drawn == again).all()
    every = np.array([pick(slots, 0, 3, bits) for bits in low[:: len(low) // 6000]]) - 7
    assert np.bincount(every) / len(every) == pytest.approx([1 / 8, 2 / 8, 5 / 8], abs=0.002)


def test_bits_are_the_hash_of_the_core_and_the_uniform_is_made_of_them():
    seed, slot, day, agent, draw = 12345678901234567890, 3, 200, 99_999, draw_number("x")
    luck = luck_of(seed, slot, day)
    bits = int(bits_of(luck, agent, draw))
    assert bits == hash64(seed, slot, day, agent, draw)
    slots, entity = np.array([slot]), np.array([agent])
    assert uniform(luck, agent, draw) == Draws(seed).uniform("x", day=day, slots=slots, entity=entity)[0]
    assert uniform(luck, agent, draw) == ((bits >> 11) + 0.5) / 2**53


def test_no_two_kinds_of_draws_share_a_number():
    often = {
        "go": 1,
        "again": MOST_REFUSALS,
        "weigh": 1,
        "walk": 1,
        "origin": 1,
        "kind": 1,
        "stay for good": 1,
    }
    begins = sorted((draw_number(f"local law: {name}"), times) for name, times in often.items())
    for (begin, times), (following, _) in pairwise(begins):
        assert begin + times * (MOST_ROADS_A_DAY + 2) < following


def test_both_halves_of_the_bits_are_even_and_know_nothing_of_each_other():
    # The high half decides whether somebody leaves, the low half where to.
    agents = np.arange(400_000, dtype=np.uint64)
    words = (np.array([word], dtype=np.uint64) for word in (1, 2, 3))
    bits = hash64(*words, agents, np.array([draw_number("local law: go")], dtype=np.uint64))
    high, low = bits >> np.uint64(60), (bits >> np.uint64(28)) & np.uint64(15)
    table = np.bincount((high * np.uint64(16) + low).astype(np.int64), minlength=256).reshape(16, 16)
    assert stats.chisquare(table.ravel()).pvalue > 1e-4
    assert stats.chi2_contingency(table).pvalue > 1e-4
    rare = bits[(bits >> np.uint64(32)) < np.uint64(0.001 * 2**32)]
    assert len(rare) == pytest.approx(400, abs=80)
    leaving = bits[(bits >> np.uint64(32)) < np.uint64(0.02 * 2**32)] & np.uint64(0xFFFFFFFF)
    assert stats.kstest(leaving / 2**32, "uniform").pvalue > 1e-4
