"""The loop over parts: neither threads, parts, blocks nor a restart change a bit."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from safepassage.adapters.checkpoint import CheckpointFile, write
from safepassage.core.draws import Draws
from safepassage.core.engine import Conduct, DayView, Engine, GroupView
from safepassage.core.scenario import GoalLaw, Scenario
from safepassage.engines import run as loop
from safepassage.engines.choice import engine_for
from safepassage.engines.goal_travel import GoalEngine
from safepassage.engines.observers import NightObserver
from safepassage.engines.run import run
from safepassage.engines.threads import Threads
from safepassage.workflows.load import load

from .displaced import world

DAYS, MEMBERS = 12, 11


class Everything:
    """An observer that keeps all it is shown."""

    def __init__(self) -> None:
        self.stock: list[np.ndarray] = []
        self.on_road: list[np.ndarray] = []
        self.heads: list[np.ndarray] = []

    def see(self, day: int, view: DayView) -> None:
        assert day == len(self.stock)
        self.stock.append(view.stock)
        self.on_road.append(view.on_road)
        if isinstance(view.groups, GroupView):
            self.heads.append(view.groups.head_km)


class InPieces(Threads):
    """Threads that also cut the ensemble finer or coarser than there are threads."""

    def __init__(self, workers: int, parts: int) -> None:
        super().__init__(workers)
        self.workers = parts


def caravan() -> GoalEngine:
    scenario = load("honduras-2018-10")
    engine = GoalEngine(scenario.known_by(scenario.default_as_of or scenario.start), days=DAYS)
    engine.smallest_part = 1
    return engine


def crisis() -> Scenario:
    roads = [(0, 1, 90.0), (1, 2, 700.0), (0, 2, 160.0), (1, 3, 55.0)]
    places = [("Z", 1, 9000), ("T", 0, 500), ("C", 2, 0), ("D", 2, 0)]
    return world(places, roads, days=DAYS, leaving=[700, 300, 250])


def engine_called(name: str) -> Engine[Any]:
    return caravan() if name == "groups" else engine_for(crisis(), force=name, days=DAYS)


def seen(engine: Engine[Any], conduct: Conduct | None = None, members: int = MEMBERS) -> Everything:
    everything = Everything()
    run(engine, days=DAYS, members=members, draws=Draws(4), observers=[everything], conduct=conduct)
    return everything


def same(one: Everything, other: Everything) -> bool:
    return all(
        np.array_equal(np.stack(getattr(one, name)), np.stack(getattr(other, name)))
        for name in ("stock", "on_road", "heads")
        if getattr(one, name)
    ) and len(one.stock) == len(other.stock)


@pytest.mark.parametrize("name", ["groups", "agents", "cohorts"])
@pytest.mark.parametrize(("threads", "parts"), [(1, 1), (2, 2), (4, 4), (2, 7), (3, 11), (4, 64)])
def test_threads_and_parts_change_no_bit(name: str, threads: int, parts: int) -> None:
    engine = engine_called(name)
    pool = InPieces(threads, parts)
    try:
        assert same(seen(engine), seen(engine, Conduct(executor=pool)))
    finally:
        pool.close()


@pytest.mark.parametrize("name", ["groups", "agents", "cohorts"])
def test_the_order_and_the_company_of_members_change_no_bit(name: str) -> None:
    engine, draws = engine_called(name), Draws(4)
    order = np.array([9, 0, 3, 7])
    state = engine.init(slots=order, draws=draws)
    everybody = seen(engine)
    for day in range(DAYS):
        state = engine.step(state, day=day, draws=draws)
        view = engine.observe(state)
        assert np.array_equal(view.stock, everybody.stock[day][order])
        assert np.array_equal(view.on_road, everybody.on_road[day][order])


@pytest.mark.parametrize("longest", [1, 5, 64])
def test_blocks_of_days_change_no_bit(longest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_called("cohorts")
    usual = seen(engine)
    monkeypatch.setattr(loop, "LONGEST_BLOCK_DAYS", longest)
    assert same(usual, seen(engine))


class Killed(Exception):
    pass


class KilledAt:
    """Progress that ends the run after a day, as a signal would."""

    def __init__(self, day: int) -> None:
        self.day = day

    def say(self, done: int, total: int, what: str) -> None:
        if done > self.day:
            raise Killed


@pytest.mark.parametrize("name", ["groups", "agents", "cohorts"])
@pytest.mark.parametrize("day", [1, 6, 10])
def test_a_killed_run_goes_on_to_the_same_bits(
    name: str, day: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LONGEST_BLOCK_DAYS", 2)
    engine, path = engine_called(name), tmp_path / "run.npz"
    whole, night = Everything(), _night(engine)
    run(engine, days=DAYS, members=MEMBERS, draws=Draws(4), observers=[whole, night])

    first, first_night = Everything(), _night(engine)
    keeper = CheckpointFile(path, every_s=0.0, resume=False)
    with pytest.raises(Killed):
        run(
            engine,
            days=DAYS,
            members=MEMBERS,
            draws=Draws(4),
            observers=[first, first_night],
            conduct=Conduct(KilledAt(day), None, keeper),
        )
    again, again_night = Everything(), _night(engine)
    keeper = CheckpointFile(path, every_s=1e9, resume=True)
    pool = InPieces(2, 3)  # another number of parts than before
    run(
        engine,
        days=DAYS,
        members=MEMBERS,
        draws=Draws(4),
        observers=[again, again_night],
        conduct=Conduct(executor=pool, keeper=keeper),
    )
    pool.close()
    assert keeper.resumed_day >= day - 2  # it did go on from what was kept
    assert keeper.resumed_day >= 0
    assert same(whole, again)
    for key, value in vars(night).items():
        np.testing.assert_array_equal(vars(again_night)[key], value, err_msg=key)


def _night(engine: Engine[Any]) -> NightObserver:
    places = engine.observe(engine.init(slots=np.arange(1), draws=Draws(1))).stock.shape[1]
    return NightObserver(days=DAYS, members=MEMBERS, places=places, threshold_people=20)


def test_what_another_run_or_version_kept_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    agents = engine_called("agents")
    keeper = CheckpointFile(path, every_s=0.0, resume=True)
    keeper.keep(3, [agents.init(slots=np.arange(3), draws=Draws(1))], [])
    other = engine_called("groups")
    template = other.init(slots=np.arange(1), draws=Draws(1))
    assert keeper.restore(template, []) is None
    path.write_bytes(path.read_bytes()[:200])
    assert keeper.restore(agents.init(slots=np.arange(1), draws=Draws(1)), []) is None


@pytest.mark.parametrize("kind", ["empty", "text", "one array", "pickle", "another plan", "another observer"])
def test_a_file_that_is_no_checkpoint_is_not_used(kind: str, tmp_path: Path) -> None:
    path, engine = tmp_path / "run.npz", engine_called("cohorts")
    state, night = engine.init(slots=np.arange(3), draws=Draws(1)), _night(engine)
    keeper = CheckpointFile(path, every_s=0.0, resume=True)
    keeper.keep(2, [state], [night])
    assert keeper.restore(state, [_night(engine)]) is not None
    if kind in ("empty", "text"):
        path.write_bytes(b"" if kind == "empty" else b"day 2")
    elif kind in ("one array", "pickle"):
        with path.open("wb") as file:
            np.save(file, np.arange(3) if kind == "one array" else np.array([night], dtype=object))
    elif kind == "another plan":
        write(path, {"day": 2, "states": [3], "observers": [4]})
    else:
        write(path, {"day": 2, "states": [state], "observers": [{"overnight": night.overnight}]})
    fresh = _night(engine)
    assert keeper.restore(state, [fresh]) is None
    for key, value in vars(_night(engine)).items():
        np.testing.assert_array_equal(vars(fresh)[key], value, err_msg=key)


def _promising_more_than_there_is(path: Path) -> None:
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999,), }".ljust(117) + "\n"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("plan.npy", b"\x93NUMPY\x01\x00v\x00" + header.encode())


def _bearing_objects(path: Path) -> None:
    np.savez(path, plan=np.array(Executed(path.parent / "executed"), dtype=object))


class Executed:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


DAMAGE: dict[str, Any] = {
    "empty": lambda path: path.write_bytes(b""),
    "random": lambda path: path.write_bytes(np.random.default_rng(1).bytes(5000)),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "no plan": lambda path: np.savez(path, plan=np.array("[1, 2]")),
    "too deep": lambda path: np.savez(path, plan=np.array('{"list":[' * 5000 + "]}" * 5000)),
    "flipped": lambda path: path.write_bytes(
        bytes(b ^ (k % 97 == 40) for k, b in enumerate(path.read_bytes()))
    ),
    "too large": _promising_more_than_there_is,
    "objects": _bearing_objects,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_told_never_executed_and_the_run_begins_anew(damage: str, tmp_path: Path) -> None:
    path, agents, told = tmp_path / "run.npz", engine_called("agents"), []
    CheckpointFile(path, every_s=0.0, resume=False).keep(
        3, [agents.init(slots=np.arange(3), draws=Draws(1))], []
    )
    DAMAGE[damage](path)
    keeper = CheckpointFile(path, every_s=1e9, resume=True, told=told.append)
    assert same(seen(agents), seen(agents, Conduct(keeper=keeper)))
    assert told == [None]
    assert not (tmp_path / "executed").exists()
    keeper.forget()


def test_a_folder_that_cannot_be_written_to_stops_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    keeper = CheckpointFile(tmp_path / "file" / "run.npz", every_s=0.0, resume=True)
    assert same(seen(engine_called("cohorts")), seen(engine_called("cohorts"), Conduct(keeper=keeper)))
    keeper.forget()  # nothing is there, nor can be


def test_a_run_needs_somebody_and_some_day() -> None:
    engine = engine_called("cohorts")
    for days, members in ((0, 3), (3, 0)):
        with pytest.raises(ValueError, match="at least one"):
            run(engine, days=days, members=members, draws=Draws(1), observers=[])


def test_a_fault_in_a_part_is_raised_here_and_nothing_hangs() -> None:
    class Broken(GoalEngine):
        def step(self, state: Any, *, day: int, draws: Draws) -> Any:
            if day == 3:
                raise Killed
            return super().step(state, day=day, draws=draws)

    scenario: Scenario = load("honduras-2018-10")
    assert isinstance(scenario.law, GoalLaw)
    with pytest.raises(Killed):
        run(Broken(scenario, days=DAYS), days=DAYS, members=3, draws=Draws(1), observers=[])
