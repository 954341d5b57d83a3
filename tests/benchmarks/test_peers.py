"""Mesa, numpy and C do what our agents do, in distribution; only then their time counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers import c_model
from benchmarks.peers.c_model import CModel
from benchmarks.peers.environment import peer_json
from benchmarks.peers.numpy_model import NumpyModel
from benchmarks.plain import Plain, alias_of, plain_of
from benchmarks.rows import Skipped
from benchmarks.worlds import Journey, world
from safepassage.core.draws import Draws
from safepassage.core.local_law import LocalLaw
from safepassage.engines.agents import Agents
from safepassage.engines.run import days_of
from safepassage.engines.timetable import timetable_of

DAYS, PEOPLE, RUNS = 12, 3_000, 60
NETWORKS = pytest.mark.parametrize("name", ["standard", "dense", "far"])


@cache
def tables(name: str) -> Plain:
    return plain_of(timetable_of(world(name, Journey(PEOPLE, DAYS, 3))), days=DAYS)


@cache
def ours(name: str) -> np.ndarray:
    """Our agents: (run, day, place)."""
    engine = Agents(timetable_of(world(name, Journey(PEOPLE, DAYS, 3))), "test")
    evenings = days_of(engine, days=DAYS, members=RUNS, draws=Draws(11))
    return np.stack([view.stock for _, _, view in evenings], axis=1)


def assert_alike(one: np.ndarray, other: np.ndarray) -> None:
    """Hold means and variances of two sets of runs (run, day, place) against each other."""
    error = np.sqrt(one.var(axis=0, ddof=1) / len(one) + other.var(axis=0, ddof=1) / len(other))
    z = (one.mean(axis=0) - other.mean(axis=0)) / np.maximum(error, 0.05)
    assert np.abs(z).max() < 5.0
    assert np.sqrt((z**2).mean()) < 1.3
    busy = one.mean(axis=0) > 20
    spread = np.log(one.std(axis=0)[busy] / np.maximum(other.std(axis=0)[busy], 1e-9))
    assert np.abs(spread).max() < 0.6
    assert abs(spread.mean()) < 0.1


def models(name: str, make: Callable[[Plain, int], np.ndarray]) -> np.ndarray:
    return np.stack([make(tables(name), seed) for seed in range(RUNS)])


@NETWORKS
def test_numpy_is_alike(name):
    assert_alike(ours(name), models(name, lambda plain, seed: NumpyModel(plain, seed=seed).run()))


@NETWORKS
@pytest.mark.parametrize("counter", [True, False])
def test_c_is_alike(name, counter):
    try:
        c_model.library(counter=counter)
    except Skipped as reason:
        pytest.skip(str(reason))
    assert_alike(
        ours(name), models(name, lambda plain, seed: CModel(plain, seed=seed, counter=counter).run())
    )


@pytest.mark.slow
@NETWORKS
@pytest.mark.parametrize("lean", [(), ("--lean",)], ids=["plain", "lean"])
def test_mesa_is_alike(name, lean, tmp_path: Path):
    tables(name).save(tmp_path / "tables.npz")
    try:
        found = peer_json("mesa_model.py", str(tmp_path / "tables.npz"), "--runs", str(RUNS), *lean)
    except Skipped as reason:
        pytest.skip(str(reason))
    assert found["agent_days"] == int(np.cumsum(tables(name).leaving).sum())
    assert_alike(ours(name), np.array(found["stock"]))


def test_the_comparison_can_fail():
    other = plain_of(
        timetable_of(world("standard", Journey(PEOPLE, DAYS, 3, law=LocalLaw(default_movechance=0.35)))),
        days=DAYS,
    )
    wrong = np.stack([NumpyModel(other, seed=seed).run() for seed in range(RUNS)])
    with pytest.raises(AssertionError):
        assert_alike(ours("standard"), wrong)


def test_alias_tables_give_the_weights_back():
    plain = tables("dense")
    alias = alias_of(plain)
    for place in range(len(plain.chance)):
        begin, end = plain.ptr[place], plain.ptr[place + 1]
        share = np.zeros(end - begin)
        np.add.at(share, np.arange(end - begin), alias.keep[begin:end])
        np.add.at(share, alias.other[begin:end] - begin, 1.0 - alias.keep[begin:end])
        weight = plain.weight[begin:end]
        assert share / (end - begin) == pytest.approx(weight / weight.sum())


@pytest.mark.parametrize("law", [LocalLaw(awareness_level=2), LocalLaw(avoid_short_stints=True)])
def test_rules_beyond_the_simple_form_are_refused(law):
    with pytest.raises(ValueError, match="simple form"):
        plain_of(timetable_of(world("standard", Journey(PEOPLE, DAYS, 3, law=law))), days=DAYS)


def test_without_a_compiler_the_reference_is_skipped_with_a_reason(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(c_model.shutil, "which", lambda name: None)
    c_model.library.cache_clear()
    try:
        with pytest.raises(Skipped, match="no C compiler"):
            c_model.library(counter=True)
    finally:
        c_model.library.cache_clear()
