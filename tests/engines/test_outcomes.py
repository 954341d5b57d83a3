from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.corridors import START, caravan, corridor, event, fixed
from safepassage.adapters.checkpoint import CheckpointFile
from safepassage.core.draws import Draws
from safepassage.core.engine import Conduct, DayView
from safepassage.core.errors import InputError
from safepassage.core.outcomes import ALL_OUTCOMES, GOING_ON, OUTCOMES, STATUSES, OutcomeChance
from safepassage.core.scenario import Departures, GoalLaw, Scenario
from safepassage.engines.goal_travel import GoalEngine, GoalState
from safepassage.engines.groups import GroupEngine
from safepassage.engines.outcome_observer import OutcomeObserver
from safepassage.engines.run import days_of, run
from safepassage.engines.threads import Threads

LEGS = (20.0, 25.0, 130.0, 30.0)


def chance(outcome: str, low: float, high: float | None = None, **more: Any) -> OutcomeChance:
    first, last = more.pop("first", None), more.pop("last", None)
    days = [None if n is None else START + timedelta(days=n) for n in (first, last)]
    plain = OutcomeChance(
        outcome, "", "", days[0], days[1], low, low if high is None else high, START, "test"
    )
    return replace(plain, **more)


def alone(*rows: OutcomeChance, people: int = 100_000, move: float = 0.5, end: int = 4) -> Scenario:
    base = caravan(corridor(LEGS, border_after=2))
    leaving = (Departures(0, START, people, START, "test", destination=end),)
    return replace(base, groups=(), departures=leaving, law=GoalLaw(move_chance=move), outcomes=tuple(rows))


def evenings(
    scenario: Scenario, *, days: int = 8, members: int = 16, seed: int = 1
) -> list[tuple[GoalState, DayView]]:
    engine = GoalEngine(scenario, days=days)
    lived = days_of(engine, days=days, members=members, draws=Draws(seed))
    return [(state, view) for _, state, view in lived]


def somewhere(view: DayView) -> Any:
    return view.stock.sum(axis=1) + view.on_road + (0 if view.reservoir is None else view.reservoir)


def gone(view: DayView, *, for_good: bool = True) -> Any:
    return sum(
        (people for name, people in view.outcomes.items() if not (for_good and name in GOING_ON)),
        start=np.zeros(len(view.on_road), dtype=np.int64),
    )


ROWS = st.lists(
    st.builds(
        chance,
        st.sampled_from(OUTCOMES),
        st.floats(0.0, 0.05),
        st.floats(0.05, 0.16),
        status=st.sampled_from(["", *STATUSES]),
        country=st.sampled_from(["", "AA", "BB"]),
        first=st.none() | st.integers(0, 4),
        last=st.none() | st.integers(4, 9),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), people=st.integers(0, 10**9), rows=ROWS)
def test_people_alone_are_here_on_the_road_or_counted_out(
    seed: int, people: int, rows: list[OutcomeChance]
) -> None:
    for state, view in evenings(alone(*rows, people=people), members=3, seed=seed):
        assert (somewhere(view) + gone(view) == people).all()
        assert (state.people > 0).all()
        assert (state.out >= 0).all()
        assert not state.out[:, [ALL_OUTCOMES.index(name) for name in ("left", *GOING_ON)]].any()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), rows=ROWS, leave=st.floats(0.0, 0.5), lone=st.integers(0, 5000))
def test_people_of_groups_are_in_them_alone_or_counted_out(
    seed: int, rows: list[OutcomeChance], leave: float, lone: int
) -> None:
    priors = fixed(leave_rate_per_day=leave, join_rate_per_day=0.3)
    base = caravan(corridor(LEGS, border_after=2), priors=priors, pools=[(0, 700.0)])
    leaving = (Departures(1, START, lone, START, "test"),) if lone else ()
    scenario = replace(base, departures=leaving, outcomes=tuple(rows))
    expected = 1000 + 700 + lone
    for state, view in evenings(scenario, days=9, members=5, seed=seed):
        assert (somewhere(view) + gone(view) == expected).all()
        assert state.groups is not None
        assert (state.groups.out >= 0).all()
        inside = state.groups.people()
        assert (inside == 1700).all()


def test_outcomes_compete_day_by_day_as_their_chances_say() -> None:
    rows = (chance("claimed", 0.1, status="arrived"), chance("settled", 0.02), chance("died", 0.01))
    scenario = alone(*rows, end=0)  # who heads for where she is has arrived
    views = [view for _, view in evenings(scenario, days=4, members=200)]
    left = 0.87**4
    for name, row_chance in (("claimed", 0.1), ("settled", 0.02), ("died", 0.01)):
        expected = 100_000 * (1 - left) * row_chance / 0.13
        found = views[-1].outcomes[name]
        spread = np.sqrt(expected * (1 - expected / 100_000))
        assert abs(found.mean() - expected) < 4 * spread / np.sqrt(200)
        assert 0.8 < found.std() / spread < 1.2


@pytest.mark.parametrize("status", STATUSES)
def test_a_row_acts_on_people_of_its_status_only(status: str) -> None:
    row = chance("other", 1.0, status=status)
    # Nobody gets past town 2 from day 3 on: the road is closed by then.
    base = alone(row, move=0.5)
    shut = event("closure", place=3)
    held = replace(base, events=(shut,))
    views = [view.outcomes["other"].mean() / 100_000 for _, view in evenings(held, days=3, members=8)]
    if status == "arrived":
        assert views == [0.0, 0.0, 0.0]
    elif status == "held":  # the only way is closed: everybody is held from the first day on
        assert views == [1.0, 1.0, 1.0]
    else:
        assert views == [0.0, 0.0, 0.0]
    free = [view.outcomes["other"].mean() / 100_000 for _, view in evenings(base, days=1, members=8)]
    assert free[0] == pytest.approx({"moving": 0.5, "staying": 0.5}.get(status, 0.0), abs=0.01)


def test_a_row_acts_in_its_country_and_on_its_days_only() -> None:
    there = chance("settled", 0.5, country="BB")
    then = chance("claimed", 0.5, first=2, last=2)
    views = [view.outcomes for _, view in evenings(alone(there, then, move=1.0), days=6, members=8)]
    # 45 km to town 2 on day 0, three days to town 3 over the border: on the road they count where they go.
    assert (views[0]["settled"] == 0).all()
    assert (views[1]["settled"] > 49_000).all()
    assert (views[1]["claimed"] == 0).all()
    assert (views[2]["claimed"] > 0).all()
    assert (views[5]["claimed"] == views[2]["claimed"]).all()


def test_what_was_announced_later_changes_no_bit() -> None:
    late = chance("detained", 0.3, announced=START + timedelta(days=1))
    plain = evenings(alone(chance("claimed", 0.1)))
    known = evenings(alone(chance("claimed", 0.1), late).known_by(START))
    assert all((a.people == b.people).all() for (a, _), (b, _) in zip(plain, known, strict=True))
    assert set(known[-1][1].outcomes) == {"claimed"}


def test_each_member_believes_in_one_chance_from_the_range_and_other_rows_do_not_touch_it() -> None:
    one = chance("claimed", 0.0, 0.4)
    engine = GoalEngine(alone(one), days=3)
    believed = engine.init(slots=np.arange(400), draws=Draws(1)).chances[:, 0]
    assert believed.min() < 0.02
    assert believed.max() > 0.38
    assert abs(believed.mean() - 0.2) < 0.02
    more = GoalEngine(alone(chance("died", 0.0, 0.1), one), days=3)
    assert (more.init(slots=np.arange(400), draws=Draws(1)).chances[:, 1] == believed).all()


def test_two_policies_share_their_luck() -> None:
    low, high = (
        evenings(alone(chance("claimed", q), chance("died", 0.01), end=0), days=1, members=64)[0][1]
        for q in (0.10, 0.11)
    )
    assert (high.outcomes["claimed"] >= low.outcomes["claimed"]).all()
    difference = high.outcomes["claimed"] - low.outcomes["claimed"]
    assert difference.std() < 0.3 * low.outcomes["claimed"].std()


def test_chances_that_sum_to_more_than_one_are_refused() -> None:
    with pytest.raises(InputError, match="sum"):
        GoalEngine(alone(chance("claimed", 0.6), chance("died", 0.6)), days=3)
    with pytest.raises(InputError, match="sum"):
        GroupEngine(replace(caravan(corridor(LEGS)), outcomes=(chance("claimed", 0.6),) * 2), days=3)
    GoalEngine(alone(chance("claimed", 0.6, status="moving"), chance("died", 0.6, status="held")), days=3)


def mixed() -> Scenario:
    rows = (
        chance("claimed", 0.01, 0.05, country="BB"),
        chance("rode_ahead", 0.05, 0.1),
        chance("detained", 0.0, 0.03, status="moving"),
    )
    priors = fixed(leave_rate_per_day=0.02, join_rate_per_day=0.2, ride_chance=0.3)
    base = caravan(corridor(LEGS, border_after=2), priors=priors, pools=[(0, 800.0)])
    departures = tuple(Departures(0, START + timedelta(days=d), 900, START, "test") for d in range(3))
    shut = event("closure", day=2, until=3, link=(1, 2))
    law = GoalLaw(move_chance=0.6)
    return replace(base, departures=departures, outcomes=rows, events=(shut,), law=law)


def test_any_part_of_the_members_in_any_order_has_the_same_bits() -> None:
    scenario, draws = mixed(), Draws(7)
    engine = GoalEngine(scenario, days=7)
    whole = [view for _, _, view in days_of(engine, days=7, members=20, draws=draws)]
    slots = np.array([13, 2, 19, 0, 7])
    state = GoalEngine(scenario, days=7).init(slots=slots, draws=draws)
    for day in range(7):
        state = engine.step(state, day=day, draws=draws)
        view = engine.observe(state)
        assert (view.stock == whole[day].stock[slots]).all()
        assert (view.on_road == whole[day].on_road[slots]).all()
        for name, people in view.outcomes.items():
            assert (people == whole[day].outcomes[name][slots]).all()


def test_a_state_put_aside_goes_on_to_the_same_bits_with_another_engine() -> None:
    scenario = mixed()
    whole = evenings(scenario, days=7)
    stored = pickle.loads(pickle.dumps(whole[3][0]))
    for array in (stored.first, stored.cell, stored.people, stored.chances, stored.out):
        array.flags.writeable = False  # as arrays from other processes are
    other = pickle.loads(pickle.dumps(GoalEngine(scenario, days=7)))
    rest = list(days_of(other, days=7, members=16, draws=Draws(1), checkpoint=(3, stored)))
    assert (rest[-1][1].people == whole[-1][0].people).all()
    assert (rest[-1][1].cell == whole[-1][0].cell).all()
    assert (rest[-1][1].out == whole[-1][0].out).all()
    assert (rest[-1][2].stock == whole[-1][1].stock).all()


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_threads_and_parts_change_no_bit_of_people_alone(workers: int) -> None:
    rows = (chance("claimed", 0.01, 0.05), chance("died", 0.0, 0.01, status="moving"))
    scenario = alone(*rows)
    gathered: list[DayView] = []

    class Watch:
        def see(self, day: int, view: DayView) -> None:
            gathered.append(view)

    engine, pool = GoalEngine(scenario, days=8), Threads(workers)
    try:
        run(engine, days=8, members=40, draws=Draws(1), observers=[Watch()], conduct=Conduct(executor=pool))
    finally:
        pool.close()
    assert engine.smallest_part <= 10
    for view, (_, whole) in zip(gathered, evenings(scenario, members=40), strict=True):
        assert (view.stock == whole.stock).all()
        assert (view.on_road == whole.on_road).all()
        assert all((view.outcomes[name] == whole.outcomes[name]).all() for name in ("claimed", "died"))


def test_a_state_is_kept_in_a_file_without_pickle(tmp_path: Path) -> None:
    scenario = mixed()
    whole = evenings(scenario, days=7)
    engine = GoalEngine(scenario, days=7)
    keeper = CheckpointFile(tmp_path / "run.npz", every_s=0.0, resume=True)
    seen = OutcomeObserver(days=7)
    for day, (_, view) in enumerate(whole[:4]):
        seen.see(day, view)
    keeper.keep(3, [whole[3][0]], [seen])
    again = OutcomeObserver(days=7)
    kept = keeper.restore(engine.init(slots=np.arange(1), draws=Draws(1)), [again])
    assert kept is not None
    rest = list(days_of(engine, days=7, members=16, draws=Draws(1), checkpoint=(kept[0], kept[1][0])))
    for day, _, view in rest:
        again.see(day, view)
        seen.see(day, whole[day][1])
    assert (rest[-1][1].people == whole[-1][0].people).all()
    assert set(again.fans()) == {"left", "claimed", "rode_ahead", "detained"}
    assert all((again.fans()[name].values == fan.values).all() for name, fan in seen.fans().items())


def test_a_step_changes_nothing_in_the_state_it_starts_from() -> None:
    engine = GoalEngine(mixed(), days=5)
    state = engine.init(slots=np.arange(6), draws=Draws(1))
    for day in range(5):
        before = pickle.dumps(state)
        after = engine.step(state, day=day, draws=Draws(1))
        assert pickle.dumps(state) == before
        state = after


def test_the_rate_of_leaving_a_group_competes_with_the_rows() -> None:
    priors = fixed(leave_rate_per_day=0.2)
    base = caravan(corridor([300.0, 300.0]), priors=priors, people=50_000.0)
    scenario = replace(base, outcomes=(chance("claimed", 0.1), chance("died", 0.05)))
    view = evenings(scenario, days=1, members=400)[0][1]
    of_rows, total = -np.log(0.85), 1 - 0.85 * np.exp(-0.2)
    shares = {
        "left": 0.2 / (0.2 + of_rows),
        "claimed": of_rows / (0.2 + of_rows) * 2 / 3,
        "died": of_rows / (0.2 + of_rows) / 3,
    }
    for name, share in shares.items():
        expected = 50_000 * total * share
        assert view.outcomes[name].mean() == pytest.approx(expected, abs=4 * np.sqrt(expected / 400))


def test_rows_on_others_leave_a_groups_luck_alone() -> None:
    base = caravan(corridor(LEGS), priors=fixed(leave_rate_per_day=0.1))
    elsewhere = replace(base, outcomes=(chance("claimed", 0.5, status="held"), chance("died", 0.4, first=6)))
    plain, other = (GroupEngine(s, days=6) for s in (base, elsewhere))
    pairs = zip(
        days_of(plain, days=6, members=30, draws=Draws(2)),
        days_of(other, days=6, members=30, draws=Draws(2)),
        strict=True,
    )
    assert all((a.size == b.size).all() for (_, a, _), (_, b, _) in pairs)


@pytest.mark.parametrize(("mode", "status"), [("held", "held"), ("rest", "staying"), ("walk", "moving")])
def test_a_groups_mode_is_its_status(mode: str, status: str) -> None:
    base = caravan(corridor([15.0] * 30), priors=fixed(rest_chance=1.0 if mode == "rest" else 0.0))
    events = (event("closure", place=0),) if mode == "held" else ()
    for asked in STATUSES:
        scenario = replace(base, events=events, outcomes=(chance("other", 0.5, status=asked),))
        out = evenings(scenario, days=1, members=8)[0][1].outcomes["other"]
        assert (out > 0).all() == (asked == status)


def test_who_rides_ahead_of_a_group_goes_on_alone_to_where_it_is_heading() -> None:
    base = caravan(corridor(LEGS), people=2000.0)
    scenario = replace(base, outcomes=(chance("rode_ahead", 0.5, last=2), chance("settled", 1.0, first=30)))
    views = [view for _, view in evenings(scenario, days=20, members=12)]
    ahead = views[-1].outcomes["rode_ahead"]
    assert (ahead > 1500).all()
    assert all((somewhere(view) + gone(view) == 2000).all() for view in views)
    assert views[2].groups is not None
    assert (somewhere(views[2]) - views[2].groups.size[:, 0] == views[2].outcomes["rode_ahead"]).all()
    assert (views[-1].stock[:, 4] == 2000).all()
    nowhere_else = GroupEngine(scenario, days=3)
    *_, (_, state, view) = days_of(nowhere_else, days=3, members=12, draws=Draws(1))
    assert (somewhere(view) + gone(view, for_good=False) == 2000).all()
    assert (state.people() == 2000).all()


def test_groups_alone_need_no_compiled_code() -> None:
    code = (
        "import sys; from safepassage.adapters import folder; from safepassage.core.draws import Draws\n"
        "from safepassage.engines.goal_travel import GoalEngine\n"
        "from safepassage.engines.run import days_of\n"
        "s = folder.open_builtin('honduras-2018-10'); s = s.known_by(s.default_as_of)\n"
        "engine = GoalEngine(s, days=2)\n"
        "list(days_of(engine, days=2, members=4, draws=Draws(1)))\n"
        "assert not engine.compiles\n"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
