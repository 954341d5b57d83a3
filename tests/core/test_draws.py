"""Luck by name: the same bits for Python integers, numpy arrays and compiled code, and evenly spread."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.core.draws import MASK64, UNIT_STEP, Draws, draw_number, hash64
from safepassage.engines import compiled

# Frozen when the hash was written. Whoever changes one of these changes every forecast ever made.
VECTORS = [
    ((0, 0, 0, 0, 0), 0x78AE5A9A6B5FD45E),
    ((1, 0, 0, 0, 0), 0x348C3D1AF8BEC8E5),
    ((0, 1, 0, 0, 0), 0xF19264EC81B77BD5),
    ((0, 0, 1, 0, 0), 0xF7FB34D9ECCD0982),
    ((0, 0, 0, 1, 0), 0x2B0619420FA97989),
    ((0, 0, 0, 0, 1), 0xA5D3758B95B92366),
    ((1, 2, 3, 4, 5), 0x141EA6A5B8259323),
    ((5, 4, 3, 2, 1), 0x5EDA518989CA825F),
    ((2018, 499, 31, 7, 1885762340), 0xAF69DECE361241F2),
    ((MASK64, MASK64, MASK64, MASK64, MASK64), 0x251152D1BBDECBCD),
    ((MASK64, 0, 2**63, 1, 2**32 - 1), 0x793E9754E1042C07),
]
WORD = st.integers(0, MASK64)


@pytest.mark.parametrize(("words", "expected"), VECTORS)
def test_python_integers_give_the_frozen_bits(words: tuple[int, ...], expected: int) -> None:
    assert hash64(*words) == expected


@pytest.mark.filterwarnings("error")
def test_numpy_arrays_give_the_frozen_bits() -> None:
    columns = np.array([words for words, _ in VECTORS], dtype=np.uint64).T
    assert hash64(*columns).tolist() == [expected for _, expected in VECTORS]


def test_compiled_code_gives_the_frozen_bits() -> None:
    for words, expected in VECTORS:
        assert int(compiled.hash64(*(np.uint64(word) for word in words))) == expected


def test_the_plain_function_itself_compiles_on_arrays() -> None:
    kernel = numba.vectorize(["uint64(uint64, uint64, uint64, uint64, uint64)"], nopython=True)(hash64)
    columns = np.array([words for words, _ in VECTORS], dtype=np.uint64).T
    assert kernel(*columns).tolist() == [expected for _, expected in VECTORS]


@given(WORD, WORD, WORD, WORD, WORD)
def test_arrays_and_integers_agree_on_any_words(a: int, b: int, c: int, d: int, e: int) -> None:
    words = (a, b, c, d, e)
    arrays = [np.array([word], dtype=np.uint64) for word in words]
    assert int(hash64(*arrays)[0]) == hash64(*words)


def test_uniforms_of_the_engines_are_the_uniforms_of_core() -> None:
    slots = np.arange(50)
    ours = Draws(2018).uniform("pace", day=3, slots=slots, entity=7)
    theirs = [compiled.uniform(compiled.luck_of(2018, slot, 3), 7, draw_number("pace")) for slot in slots]
    assert ours.tolist() == theirs


def test_frozen_uniforms() -> None:
    assert Draws(1).uniform("pace", day=3, slots=np.arange(4), entity=2).tolist() == [
        0.01615740037599539,
        0.45544427412241034,
        0.5675083081524834,
        0.9211444702470482,
    ]


def test_names_of_draws_have_frozen_numbers() -> None:
    names = ("pace", "arrivals", "peón")
    assert [draw_number(name) for name in names] == [1885762340, 3612958146, 3305343454]


def chi_square(values: np.ndarray, cells: int) -> float:
    """Give the chi-square statistic of values in (0, 1) against the uniform law."""
    counts = np.bincount((values * cells).astype(int), minlength=cells)
    return float(((counts - len(values) / cells) ** 2 / (len(values) / cells)).sum())


def test_uniforms_are_evenly_spread_along_every_argument() -> None:
    n, cells = 20_000, 100
    one = np.zeros(n, dtype=np.int64)
    along = {
        "slots": Draws(7).uniform("x", day=0, slots=np.arange(n)),
        "entities": Draws(7).uniform("x", day=0, slots=one, entity=np.arange(n)),
        "days": np.array([Draws(7).uniform("x", day=d, slots=one[:1])[0] for d in range(4000)]),
        "seeds": np.array([Draws(s).uniform("x", day=0, slots=one[:1])[0] for s in range(4000)]),
        "names": np.array([Draws(7).uniform(f"x{i}", day=0, slots=one[:1])[0] for i in range(4000)]),
    }
    # 99.99 % quantile of chi-square with 99 degrees of freedom.
    assert {name: chi_square(u, cells) for name, u in along.items() if chi_square(u, cells) > 160.1} == {}


def test_neighbours_do_not_resemble_each_other() -> None:
    slots = np.arange(20_000)
    first = Draws(7).uniform("x", day=0, slots=slots)
    others = [
        Draws(8).uniform("x", day=0, slots=slots),
        Draws(7).uniform("x", day=1, slots=slots),
        Draws(7).uniform("x", day=0, slots=slots + 1),
        Draws(7).uniform("x", day=0, slots=slots, entity=1),
        Draws(7).uniform("y", day=0, slots=slots),
    ]
    correlations = [abs(np.corrcoef(first, other)[0, 1]) for other in others]
    assert max(correlations) < 4 / np.sqrt(len(slots))


def test_uniforms_never_reach_zero_or_one() -> None:
    smallest, largest = 0.5 * UNIT_STEP, (2.0**53 - 0.5) * UNIT_STEP
    assert 0.0 < smallest
    assert largest <= 1.0
    u = Draws(3).uniform("x", day=0, slots=np.arange(200_000))
    assert 0.0 < u.min()
    assert u.max() < 1.0


def test_luck_does_not_depend_on_who_is_asked_together() -> None:
    together = Draws(5).uniform("x", day=9, slots=np.arange(100))
    alone = [Draws(5).uniform("x", day=9, slots=np.array([slot]))[0] for slot in range(100)]
    assert together.tolist() == alone
