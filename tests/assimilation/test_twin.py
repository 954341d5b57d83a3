"""A perfect-model twin experiment: the truth is found, and as surely as is said."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from tests.assimilation.twins import caravan, live, rank, told, track

DAYS, MEMBERS, TWINS, FROM_DAY = 20, 300, 14, 3


@dataclass(frozen=True)
class Found:
    km_rank: np.ndarray
    size_rank: np.ndarray
    km_error: np.ndarray
    size_log_error: np.ndarray
    open_km_error: np.ndarray
    open_size_log_error: np.ndarray


@cache
def found() -> Found:
    scenario = caravan(DAYS)
    rows = []
    for seed in range(TWINS):
        truth = live(scenario, days=DAYS, seed=seed)
        reports = told(scenario, truth, days=DAYS, seed=seed)
        rng = np.random.default_rng(seed)
        blind = [e.view.groups for e, _ in track(scenario, [], days=DAYS, members=MEMBERS, seed=seed)]
        for evening, _ in track(scenario, reports, days=DAYS, members=MEMBERS, seed=seed):
            day = evening.day
            if day < FROM_DAY or not truth.alive[day]:
                continue
            km, size = evening.view.groups.head_km[:, 0], evening.view.groups.size[:, 0].astype(float)
            rows.append(
                (
                    rank(truth.km[day], km, rng),
                    rank(truth.size[day], size, rng),
                    np.median(km) - truth.km[day],
                    np.log(np.median(size) / truth.size[day]),
                    np.median(blind[day].head_km[:, 0]) - truth.km[day],
                    np.log(np.median(blind[day].size[:, 0]) / truth.size[day]),
                )
            )
    return Found(*np.array(rows).T)


def histogram(ranks: np.ndarray) -> np.ndarray:
    return np.histogram(ranks, 5, (0, 1))[0] / (len(ranks) / 5)


def test_the_truth_is_anywhere_among_the_members_in_position() -> None:
    assert np.all(histogram(found().km_rank) > 0.55), histogram(found().km_rank)
    assert np.all(histogram(found().km_rank) < 1.6), histogram(found().km_rank)


def test_the_truth_is_anywhere_among_the_members_in_size() -> None:
    assert np.all(histogram(found().size_rank) > 0.55), histogram(found().size_rank)
    assert np.all(histogram(found().size_rank) < 1.6), histogram(found().size_rank)


def test_intervals_hold_as_often_as_they_say() -> None:
    for ranks in (found().km_rank, found().size_rank):
        inside = float(((ranks > 0.1) & (ranks < 0.9)).mean())
        assert 0.68 < inside < 0.90, inside


def test_reports_bring_the_ensemble_to_the_truth() -> None:
    def typical(errors: np.ndarray) -> float:
        return float(np.median(np.abs(errors)))

    assert typical(found().km_error) < 0.1 * typical(found().open_km_error)
    assert typical(found().size_log_error) < 0.5 * typical(found().open_size_log_error)
