"""A battery of tests of randomness on the draws as they are used, and on hashes that must not pass it.

Every test gives a p-value; draws are counters hashed with fixed seeds, so the outcome never changes. One
below `LEVEL` fails. With fewer than 200 of them a perfect hash would have failed, when this was written, with
a chance below 1 in 5,000. The tests are those of Knuth (TAOCP 2, 3.3.2), Marsaglia's birthday spacings and
ranks (1985), and the avalanche of Webster & Tavares (1985); sums are tested because members and days are
summed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from scipy import stats

from safepassage.core.draws import GOLDEN64, MASK64, MIX_A64, draw_number, hash64

LEVEL = 1e-6
SURELY = 1e-12  # what every bad hash must fall below somewhere
COUNT = 2**16
DRAW = draw_number("local law: origin")
WORDS = ("seed", "slot", "day", "entity", "draw")
USUAL = (2018, 3, 41, 7, DRAW)  # a seed, a member, a day, an entity and a draw as engines have them
Hash = Callable[[Any, Any, Any, Any, Any], Any]
Bits = np.ndarray


def u64(value: object) -> Bits:
    """Give 64-bit words."""
    return np.asarray(value).astype(np.uint64)


def words(count: int, **varied: Bits) -> list[Bits]:
    """Give the five arguments, those that are not varied as usual."""
    return [u64(varied.get(name, np.full(count, usual))) for name, usual in zip(WORDS, USUAL, strict=True)]


def streams(hashed: Hash) -> Iterator[tuple[str, Bits]]:
    """Give the draws in the orders in which engines ask for them."""
    count = np.arange(COUNT)
    for name in WORDS:
        yield f"varying {name}", hashed(*words(COUNT, **{name: count}))
    places, members = 37, 16
    mixed = words(
        COUNT, slot=count // places % members, day=count // (places * members), entity=count % places
    )
    yield "places of members of days", hashed(*mixed)
    km = {"entity": (360 - count % 360) * 50 + count // 360 % 50, "draw": DRAW + count // 18000}
    yield "km left and place, path by path", hashed(*words(COUNT, **km))
    names = np.array([draw_number(f"draw {k}") for k in range(COUNT // 8)])
    by_name = words(COUNT, draw=np.repeat(names, 8), slot=count % 8)
    yield "names of draws", hashed(*by_name)


def unit(bits: Bits) -> np.ndarray:
    """Give numbers in (0, 1) as engines make them."""
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def turned(bits: Bits) -> Bits:
    """Turn words round, so that their lowest bits are tested like their highest."""
    as_bytes = bits.astype("<u8").view(np.uint8).reshape(-1, 8)
    single = np.unpackbits(as_bytes, axis=1, bitorder="little")
    return np.packbits(single, axis=1, bitorder="big").view(">u8").astype(np.uint64).reshape(-1)


def even(cells: np.ndarray, number: int) -> float:
    """Give the p-value of chi-square of cells to be hit alike; too even is as bad as uneven."""
    counts = np.bincount(cells.astype(np.int64), minlength=number)
    expected = len(cells) / number
    chi2 = float(((counts - expected) ** 2).sum() / expected)
    return two_sided(stats.chi2(number - 1), chi2)


def two_sided(law: Any, value: float) -> float:
    """Give the two-sided p-value."""
    return float(min(1.0, 2 * min(law.cdf(value), law.sf(value))))


def near(value: float, mean: float, sd: float) -> float:
    """Give the two-sided p-value of a number that should be normal."""
    return float(2 * stats.norm.sf(abs(value - mean) / sd))


def bytes_are_even(bits: Bits) -> float:
    as_bytes = bits.view(np.uint8).reshape(-1, 8)
    return 8 * min(even(as_bytes[:, k], 256) for k in range(8))


def pairs_are_even(bits: Bits) -> float:
    top = (bits >> np.uint64(59)).astype(np.int64)
    return 2 * min(even(top[:-1:2] * 32 + top[1::2], 1024), even(top[:-1] * 32 + np.roll(top, -1)[:-1], 1024))


def triples_are_even(bits: Bits) -> float:
    top = (bits >> np.uint64(61)).astype(np.int64)[: len(bits) // 3 * 3].reshape(-1, 3)
    return even(top @ np.array([64, 8, 1]), 512)


def runs_are_as_long_as_they_should(bits: Bits) -> float:
    high = bits >> np.uint64(63) == 1
    ones, count = int(high.sum()), len(bits)
    expected = 2.0 * ones * (count - ones) / count
    runs = 1 + int((high[1:] != high[:-1]).sum())
    return near(runs, 1 + expected, max(1e-9, expected / np.sqrt(count)))


def gaps_are_geometric(bits: Bits) -> float:
    share, longest = 1 / 16, 60
    hits = np.flatnonzero(bits >> np.uint64(60) == 5)
    if len(hits) < 100:
        return 0.0
    gaps = np.minimum(np.diff(hits) - 1, longest)
    chance = np.append(share * (1 - share) ** np.arange(longest), (1 - share) ** longest)
    found, expected = np.bincount(gaps, minlength=longest + 1), len(gaps) * chance
    return two_sided(stats.chi2(longest), float(((found - expected) ** 2 / expected).sum()))


def birthdays_are_spaced(bits: Bits) -> float:
    # 2,048 birthdays in a year of 2**31 days: one repeated spacing per year on average.
    days = np.sort(
        (bits >> np.uint64(33)).astype(np.int64)[: len(bits) // 2048 * 2048].reshape(-1, 2048), axis=1
    )
    spaces = np.sort(np.diff(days, axis=1), axis=1)
    repeated = int((np.diff(spaces, axis=1) == 0).sum())
    return two_sided(stats.poisson(len(days) * 2048**3 / 2**33), repeated)


def collisions_are_as_many_as_they_should(bits: Bits) -> float:
    urns, balls = 2**24, len(bits)
    found = balls - len(np.unique(bits >> np.uint64(40)))
    expected = balls - urns * -np.expm1(balls * np.log1p(-1 / urns))
    return two_sided(stats.poisson(expected), found)


def ranks(matrices: Bits) -> np.ndarray:
    """Give the rank over the field of two elements of each matrix of 64 rows of 64 bits."""
    rows, rank = matrices.copy(), np.zeros(len(matrices), dtype=np.int64)
    every, order = np.arange(len(rows)), np.arange(64)
    for bit in range(64):
        has = (rows >> np.uint64(bit) & np.uint64(1)).astype(bool) & (order[None, :] >= rank[:, None])
        some = has.any(axis=1)
        pivot = np.where(some, has.argmax(axis=1), 0)
        target = np.minimum(rank, 63)
        which = every[some]
        swap = rows[which, pivot[some]].copy()
        rows[which, pivot[some]] = rows[which, target[some]]
        rows[which, target[some]] = swap
        below = (rows >> np.uint64(bit) & np.uint64(1)).astype(bool) & (order[None, :] > rank[:, None])
        rows ^= np.where(below & some[:, None], rows[every, target][:, None], np.uint64(0))
        rank += some
    return rank


def matrices_have_the_right_ranks(bits: Bits) -> float:
    found = 64 - ranks(bits[: len(bits) // 64 * 64].reshape(-1, 64))
    counts = np.bincount(np.minimum(found, 2), minlength=3)
    expected = len(found) * np.array([0.2887880951, 0.5775761902, 0.1336357147])
    return float(stats.chi2(2).sf(((counts - expected) ** 2 / expected).sum()))


def sums_spread_as_they_should(bits: Bits) -> float:
    """Test sums of 64 neighbours: too regular draws (a lattice) spread too little, clumped ones too much."""
    sums = (unit(bits)[: len(bits) // 64 * 64].reshape(-1, 64).sum(axis=1) - 32) / np.sqrt(64 / 12)
    spread = two_sided(stats.chi2(len(sums)), float((sums**2).sum()))
    return 2 * min(spread, float(stats.kstest(sums, stats.norm.cdf).pvalue))


def weights_do_not_follow_each_other(bits: Bits) -> float:
    ones = np.bitwise_count(bits).astype(np.float64) - 32
    return near(float((ones[1:] * ones[:-1]).sum()), 0.0, 16 * np.sqrt(len(ones) - 1))


ON_STREAMS = (
    bytes_are_even,
    pairs_are_even,
    triples_are_even,
    runs_are_as_long_as_they_should,
    gaps_are_geometric,
    birthdays_are_spaced,
    collisions_are_as_many_as_they_should,
    matrices_have_the_right_ranks,
    sums_spread_as_they_should,
    weights_do_not_follow_each_other,
)


def avalanche(hashed: Hash, name: str) -> float:
    """Flip each of the lowest 32 bits of one argument: every bit of the answer must flip half of the time."""
    bases, flips = 512, 32
    rng = np.random.default_rng(11)
    # Small numbers, as engines use them: that is where counters are hard to mix.
    usual = {word: rng.integers(0, 1000, bases) for word in WORDS if word != "draw"}
    before = hashed(*words(bases, **usual))
    worst = []
    for bit in range(flips):
        base = u64(usual.get(name, np.full(bases, DRAW)))
        after = hashed(*words(bases, **{**usual, name: base ^ np.uint64(1 << bit)}))
        flipped = np.unpackbits((before ^ after).view(np.uint8).reshape(-1, 8), axis=1).sum(axis=0)
        z2 = (flipped - bases / 2.0) ** 2 / (bases / 4.0)
        worst.append(two_sided(stats.chi2(64), float(z2.sum())))
    return flips * min(worst)


def neighbours(hashed: Hash, name: str) -> float:
    """Correlate draws with those whose argument is larger by 1, 2, 3 … or by a power of two."""
    count = np.arange(COUNT // 2)
    others = {word: count * 7 % 4001 for word in WORDS if word not in (name, "draw")}
    here = unit(hashed(*words(len(count), **{**others, name: count}))) - 0.5
    found = []
    for step in (1, 2, 3, 5, 8, 16, 64, 256, 1024, 2**16, 2**20):
        there = unit(hashed(*words(len(count), **{**others, name: count + step}))) - 0.5
        found.append(near(float((here * there).sum()), 0.0, np.sqrt(len(count)) / 12))
    return len(found) * min(found)


def swapped(hashed: Hash) -> float:
    """Correlate draws with those whose arguments stand in another order, or make the same sum."""
    one, other = np.divmod(np.arange(COUNT // 2), 128)
    here = unit(hashed(*words(len(one), slot=one, day=other))) - 0.5
    pairs = (
        {"slot": other, "day": one},
        {"slot": one + 1, "day": other + 999},
        {"entity": one, "day": other, "slot": np.full(len(one), 7)},
    )
    off = one != other
    found = [
        near(
            float((here * (unit(hashed(*words(len(one), **pair))) - 0.5))[off].sum()),
            0.0,
            np.sqrt(off.sum()) / 12,
        )
        for pair in pairs
    ]
    return len(found) * min(found)


def across(hashed: Hash, name: str) -> float:
    """Test sums over members on 512 neighbouring days, seeds, entities or draws, and their correlation."""
    slots, rows = 64, 512
    row, slot = np.divmod(np.arange(slots * rows), slots)
    sums = unit(hashed(*words(slots * rows, **{name: row, "slot": slot}))).reshape(rows, slots).sum(axis=1)
    z = (sums - slots / 2) / np.sqrt(slots / 12)
    together = near(float((z[1:] * z[:-1]).sum()), 0.0, np.sqrt(rows - 1))
    return 2 * min(together, two_sided(stats.chi2(rows), float((z**2).sum())))


def battery(hashed: Hash) -> dict[str, float]:
    """Give the p-value of every test."""
    with np.errstate(over="ignore"):
        found = {}
        for name, bits in streams(hashed):
            for test in ON_STREAMS:
                found[f"{test.__name__}, {name}"] = test(bits)
                if test is not bytes_are_even:
                    found[f"{test.__name__}, {name}, lowest bits"] = test(turned(bits))
        for name in WORDS:
            found[f"avalanche of {name}"] = avalanche(hashed, name)
            found[f"neighbours by {name}"] = neighbours(hashed, name)
            if name != "slot":
                found[f"sums over members, by {name}"] = across(hashed, name)
        found["swapped"] = swapped(hashed)
    return found


def test_the_draws_pass() -> None:
    found = battery(hash64)
    assert len(found) > 150
    assert {name: p for name, p in found.items() if p < LEVEL} == {}
    # And p-values are even themselves: many small ones that each pass would give a weakness away.
    single = [p for name, p in found.items() if "lowest" not in name and p < 1.0]
    assert stats.kstest(np.minimum(single, 1.0), "uniform", alternative="greater").pvalue > 1e-4


def test_the_ranks_are_ranks() -> None:
    unity = np.uint64(1) << np.arange(64, dtype=np.uint64)
    less = unity.copy()
    less[3] = less[5] ^ less[9]
    assert ranks(np.stack([unity, less, np.zeros(64, dtype=np.uint64)])).tolist() == [64, 63, 0]


def added(seed: Any, slot: Any, day: Any, entity: Any, draw: Any) -> Any:
    """Add the words up without any mixing."""
    return (seed + slot * 31 + day * 1009 + entity * 65537 + draw) * GOLDEN64 & MASK64


def congruential(seed: Any, *others: Any) -> Any:
    """Chain the words by a linear congruential step."""
    x = seed
    for word in others:
        x = (x * 6364136223846793005 + 1442695040888963407 + word) & MASK64
    return x


def half_mixed(seed: Any, *others: Any) -> Any:
    """Mix each word by one multiplication, and the end not at all."""
    x = seed
    for word in others:
        x = ((x ^ (x >> 30)) * MIX_A64 + word) & MASK64
    return x


def linear(seed: Any, *others: Any) -> Any:
    """Mix by shifts alone (xorshift64), which is linear over the field of two elements."""
    x = seed * GOLDEN64 & MASK64
    for word in others:
        x = x ^ (word * GOLDEN64 & MASK64) if word is others[-1] else x ^ word ^ (word << 20 & MASK64)
        x = x ^ (x << 13 & MASK64)
        x = x ^ (x >> 7)
        x = x ^ (x << 17 & MASK64)
    return x


def forgets_the_day(seed: Any, slot: Any, day: Any, entity: Any, draw: Any) -> Any:
    """Hash well, but take the day for nothing."""
    return hash64(seed, slot, day * 0, entity, draw)


def sums_two_words(seed: Any, slot: Any, day: Any, entity: Any, draw: Any) -> Any:
    """Hash well, but only the sum of slot and day: tomorrow's luck of this member is today's of the next."""
    return hash64(seed, slot + day, day * 0, entity, draw)


def dull_low_bits(*given: Any) -> Any:
    """Hash well, but for the lowest bit."""
    return hash64(*given) & (MASK64 - 1)


def stuck_in_turns(seed: Any, slot: Any, day: Any, entity: Any, draw: Any) -> Any:
    """Hash well, but let neighbours share their highest bits: runs become too long."""
    return hash64(seed, slot, day, entity, draw) >> 8 | hash64(
        seed, slot >> 3, day >> 3, entity >> 3, draw
    ) & (255 << 56)


BAD = (
    added,
    congruential,
    half_mixed,
    linear,
    forgets_the_day,
    sums_two_words,
    dull_low_bits,
    stuck_in_turns,
)


@pytest.fixture(scope="module")
def caught() -> dict[str, dict[str, float]]:
    """Run the battery on every bad hash."""
    return {bad.__name__: battery(bad) for bad in BAD}


@pytest.mark.parametrize("bad", [bad.__name__ for bad in BAD])
def test_a_bad_hash_is_caught(bad: str, caught: dict[str, dict[str, float]]) -> None:
    assert min(caught[bad].values()) < SURELY


def test_every_test_of_the_battery_catches_something(caught: dict[str, dict[str, float]]) -> None:
    best: dict[str, float] = {}
    for found in caught.values():
        for name, p in found.items():
            kind = name.split(",")[0].split(" of ")[0].split(" by ")[0]
            best[kind] = min(best.get(kind, 1.0), p)
    assert len(best) >= len(ON_STREAMS) + 4
    assert {kind: p for kind, p in best.items() if not p < SURELY} == {}
