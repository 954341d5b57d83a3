from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import safepassage as sp
from safepassage.adapters.learned import shipped, write_lessons
from safepassage.assimilation.stock_growth import counted_at, foreseen, side_by_side, standing_of
from safepassage.core.displacement import CAMP, CONFLICT_ZONE, TOWN, Series
from safepassage.core.engine import NoProgress
from safepassage.core.errors import InputError
from safepassage.core.learned import Lesson, event_key
from safepassage.core.scenario import Prior, Scenario
from safepassage.workflows import calibrate_stocks as learner
from safepassage.workflows.calibrate import learners
from safepassage.workflows.forecast import forecast
from tests.engines.displaced import world

CRISES = Path(__file__).parents[3] / "shared" / "data" / "displacement"
DAYS = np.arange(0, 161, 8, dtype=np.int64)


def _crisis(seed: int, *, later: float = 1.0) -> Scenario:
    """Three camps that rise and waver by luck of their own; counts after day 100 times `later`."""
    places = [("home", CONFLICT_ZONE, 100_000), ("town", TOWN, 5000)]
    places += [(f"camp{seed}{k}", CAMP, 0) for k in range(3)]
    roads = [(0, 1, 30.0), (1, 2, 60.0), (1, 3, 60.0), (1, 4, 60.0)]
    luck = np.random.default_rng(seed)
    series = []
    for k in range(3):
        people = 2000.0 * (k + 1) * (1.0 - np.exp(-DAYS / 60.0)) * np.exp(0.03 * luck.normal(size=len(DAYS)))
        series.append(Series(DAYS, np.round(people * np.where(DAYS > 100, later, 1.0))))
    crisis = world(places, roads, days=161, series=tuple(series), insert_day0=True)
    return replace(crisis, name=f"crisis{seed}", start=date(2020, 1, 1 + seed))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"MOMENTS": 6, "ROUNDS": 3, "OWN_ROUNDS": 2, "MEMBERS": 16, "TRIED": 4}.items():
        monkeypatch.setattr(learner, name, value)


def test_it_learns_the_family_of_stocks() -> None:
    assert learners()["stocks"] is learner.learn


@pytest.mark.usefixtures("quick")
def test_each_case_is_learned_without_itself_and_the_same_twice() -> None:
    cases = [_crisis(seed) for seed in range(3)]
    taught = learner.learn(cases, 1, NoProgress())
    other = learner.learn([*cases[:2], _crisis(2, later=3.0)], 1, NoProgress())
    held, seen = event_key(cases[2]), event_key(cases[0])
    assert event_key(_crisis(2, later=3.0)) == held
    # What happened in the third crisis changes what the others are told by, and not what it is told by.
    assert other.lesson.without[held] == taught.lesson.without[held]
    assert other.lesson.without[seen] != taught.lesson.without[seen]
    assert other.lesson.priors != taught.lesson.priors
    assert learner.learn(cases, 1, NoProgress()) == taught
    assert learner.learn(cases, 2, NoProgress()).lesson.priors != taught.lesson.priors
    assert {row.case for row in taught.left_out} == {"crisis0", "crisis1", "crisis2"}
    assert all(np.isfinite((row.learned, row.unlearned)).all() for row in taught.left_out)
    for prior in taught.lesson.priors:
        assert prior.low <= prior.high
        assert (prior.shape == "fixed") == (prior.low == prior.high)


@pytest.mark.usefixtures("quick")
def test_a_crisis_that_was_counted_once_cannot_teach() -> None:
    crisis = _crisis(0)
    assert crisis.displacement is not None
    once = tuple(Series(one.days[:1], one.people[:1]) for one in crisis.displacement.series)
    with pytest.raises(InputError):
        learner.learn(
            [replace(crisis, displacement=replace(crisis.displacement, series=once)), _crisis(1)],
            1,
            NoProgress(),
        )


def _simulated(true: np.ndarray, seed: int) -> learner.Past:
    """A crisis of 60 moments whose counts came as `true` numbers have it, one member each."""
    luck = np.random.default_rng(seed)
    days = np.arange(0, 100, 10, dtype=np.int64)
    moments = []
    for _ in range(60):
        rates = luck.exponential(40.0, size=6)
        pasts = [(days, np.maximum(1000.0 + rate * days, 0.0)) for rate in rates]
        moments.append(counted_at(pasts))
    counted = side_by_side(moments)
    camps, horizons = len(counted.people), len(learner.HORIZONS_DAYS)
    camp, number = np.tile(np.arange(camps), horizons), np.repeat(np.arange(horizons), camps)
    ahead = np.array(learner.HORIZONS_DAYS, dtype=np.float64)[number]
    growth = learner.Fit([]).growth(true)
    standing = standing_of(counted, growth).at(camp)
    drawn = learner.Luck(*luck.normal(size=(4, 1, len(camp))))
    group = counted.moment[camp] * horizons + number
    blank = np.full(horizons, np.nan)
    past = learner.Past(
        counted=counted,
        camp=camp,
        ahead_days=ahead,
        outcome=foreseen(standing, growth, ahead, drawn)[0],
        whole=counted.whole[camp],
        group=group,
        horizon=np.tile(np.arange(horizons), len(moments)),
        last=blank,
        last_log=blank,
    )
    people, log = learner._scores(past, counted.people[None, camp])
    return replace(past, last=people, last_log=log)


def test_it_finds_the_numbers_by_which_counts_were_made(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [one.name for one in learner.JUDGED]
    true = learner._MIDDLE.copy()
    told = {"rise_kept": 0.45, "rise_half_life_days": 35.0, "step_sd_log": 0.02, "rise_sd_log": 0.7}
    for name, value in told.items():
        true[names.index(name)] = np.log(value)
    monkeypatch.setattr(learner, "MEMBERS", 32)
    pasts = [_simulated(true, seed) for seed in range(3)]
    fit = learner.Fit(pasts)
    found = learner.searched(fit.loss, learner._MIDDLE, learner._SD, rounds=40, seed=1)
    assert fit.loss(found) < fit.loss(learner._MIDDLE)
    assert fit.loss(found) < fit.loss(true) + 0.03
    for name in told:
        k = names.index(name)
        # Nearer to the truth than what was judged.
        assert abs(found[k] - true[k]) < 0.6 * abs(learner._MIDDLE[k] - true[k]), name


def test_few_crises_leave_wide_numbers() -> None:
    assert learner.MORE_CASES > 0
    source = "learned from one"
    found = learner.Found(learner._MIDDLE, np.where(learner._DRAWN, 0.5, 0.0))
    for one, prior in zip(learner.JUDGED, learner.priors_of(found, source), strict=True):
        assert prior.name == one.name
        assert (prior.shape == "fixed") == (not one.drawn)


def test_the_shipped_numbers_are_used_and_named_and_none_means_none() -> None:
    crisis, as_of = _crisis(4), date(2020, 1, 5) + timedelta(days=120)
    made = {
        name: forecast(crisis, as_of=as_of, members=20, days=30, learned=name) for name in ("shipped", "none")
    }
    assert made["shipped"].manifest["learned_from"]["stocks"] == [
        case.name for case in shipped()["stocks"].cases
    ]
    assert "stocks" not in made["none"].manifest["learned_from"]
    assert not np.array_equal(made["shipped"].forecast.overnight, made["none"].forecast.overnight)


def test_lessons_that_lack_a_number_are_refused(tmp_path: Path) -> None:
    prior = Prior("rise_kept", "fixed", 0.5, 0.5, "by hand", "by hand")
    write_lessons(tmp_path, [Lesson("stocks", "by hand", priors=(prior,))])
    with pytest.raises(InputError, match="rise_memory_days"):
        forecast(_crisis(4), as_of=date(2020, 4, 1), members=4, days=5, learned=str(tmp_path))


@pytest.mark.skipif(not CRISES.is_dir(), reason="the shared crises are not here")
def test_no_shipped_crisis_learns_from_itself() -> None:
    lesson = shipped()["stocks"]
    assert len(lesson.cases) == 5
    for case in lesson.cases:
        key = event_key(sp.load(CRISES / case.name))
        assert key == case.key
        assert case.name not in lesson.taught_by(key)
        assert all(case.name not in prior.source for prior in lesson.for_event(key).values())
