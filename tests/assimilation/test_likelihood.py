import numpy as np
import pytest
from scipy import integrate, stats

from safepassage.assimilation.likelihood import (
    TOWN_KM,
    WRONG_LOG,
    Stretch,
    announced,
    position,
    size,
    told_bounds,
)


def stretch(first_km: float, last_km: float, at_km: float, off_km: float = 0.0) -> Stretch:
    return Stretch(*(np.array([km]) for km in (first_km, last_km, at_km, off_km)))


def weighed(at_km: float, *, off_km: float = 0.0) -> tuple[float, float]:
    """Weigh a place on the road: they came from km 60 to 100 that day, their tail is at 90."""
    night, day = stretch(90, 100, at_km, off_km), stretch(60, 100, at_km, off_km)
    log_likelihood, doubt = position(night, day, error_km=8.0, wrong=0.05)
    return float(log_likelihood[0]), float(doubt[0])


def test_a_near_place_is_likelier_than_a_far_one_and_less_doubted() -> None:
    told = np.array([weighed(95), weighed(120), weighed(150), weighed(400)])
    assert np.all(np.diff(told[:, 0]) < 0)
    assert np.all(np.diff(told[:, 1]) > 0)
    assert told[0, 1] < 0.01 < 0.99 < told[-1, 1]


def test_a_place_passed_by_day_counts_less_than_one_where_they_sleep() -> None:
    assert weighed(95)[0] > weighed(65)[0] > weighed(30)[0]


def test_a_place_beside_the_road_is_as_far_as_the_way_there() -> None:
    assert weighed(95)[0] > weighed(95, off_km=25)[0] > weighed(95, off_km=60)[0]


def test_the_towns_along_a_road_share_the_chance_to_be_told() -> None:
    # Towns one beside the other: somebody tells one of them.
    at_km = np.arange(-200.0, 400.0, 2 * TOWN_KM)
    chances = [stretch(90, 130, km).chance(8.0)[0] for km in at_km]
    assert sum(chances) == pytest.approx(1.0, abs=1e-9)


def test_nothing_is_impossible_and_nothing_is_nan() -> None:
    for far in (stretch(0, 10, 5, np.inf), stretch(0, 10, 1e9)):
        log_likelihood, doubt = position(far, far, error_km=8.0, wrong=0.05)
        assert np.isfinite(log_likelihood).all()
        assert doubt == pytest.approx([1.0])
    log_likelihood, doubt = size(np.array([-np.inf, 200.0]), (8.0, 8.5), error_log=0.1, wrong=0.05)
    assert np.isfinite(log_likelihood).all()
    assert doubt == pytest.approx([1.0, 1.0], abs=1e-3)


def test_the_likelihood_of_sizes_is_a_density_of_the_told_range() -> None:
    # Any told middle is possible: over all of them the chances sum up to one.
    total, _ = integrate.quad(
        lambda middle: float(
            np.exp(size(np.array([8.0]), (middle - 0.1, middle + 0.1), error_log=0.2, wrong=0.1)[0][0])
        ),
        -4000,
        4000,
        points=[7.5, 8.0, 8.5],
        limit=400,
    )
    assert total == pytest.approx(1.0, abs=2e-3)


def test_a_point_has_the_t_density_mixed_with_a_wide_one() -> None:
    at, told = 8.0, 8.3
    found = float(np.exp(size(np.array([at]), (told, told), error_log=0.2, wrong=0.1)[0][0]))
    right = stats.t(4, scale=0.2).pdf(told - at)
    astray = stats.cauchy(scale=WRONG_LOG).pdf(told - at)
    assert found == pytest.approx(0.9 * right + 0.1 * astray, rel=1e-4)


def test_far_tails_keep_their_digits() -> None:
    log_likelihood, _ = size(np.array([1.0, 15.0]), (8.0, 8.0), error_log=0.1, wrong=0.0)
    expected = stats.t(4, scale=0.1).logpdf(7.0)
    assert log_likelihood == pytest.approx([expected, expected], rel=1e-3)


def test_an_announcement_counts_by_how_much_it_is_believed() -> None:
    away = np.array([0.0] * 20 + [100.0] * 80)
    log_likelihood, doubt = announced(
        away, np.full(100, 0.7), weight=np.full(100, 0.01), error_km=10.0, least=0.02
    )
    weight = np.exp(log_likelihood)
    # A fifth would be there anyway: 0.7 / 0.2 + 0.3 times as likely as 0.3.
    assert weight[0] == pytest.approx(0.7 / 0.2 + 0.3, rel=1e-6)
    assert weight[-1] == pytest.approx(0.3, rel=1e-6)
    assert doubt[0] == pytest.approx(0.3 / 3.8)
    assert doubt[-1] == pytest.approx(1.0)


def test_who_does_not_believe_announcements_learns_nothing_from_them() -> None:
    assert announced(np.array([0.0, 99.0]), np.zeros(2), weight=np.full(2, 0.5), error_km=10.0, least=0.02)[
        0
    ] == pytest.approx([0, 0])


@pytest.mark.parametrize(
    ("low", "high", "quantifier", "bounds"),
    [
        (4347, 4347, "", (4346.5, 4347.5)),
        (4000, 4000, "", (3500, 4500)),
        (7200, 7200, "", (7150, 7250)),
        (1000, 1000, "", (750, 1250)),  # a quarter at most
        (4000, 4000, "about", (3500, 4500)),
        (4347, 4347, "about", (3912.3, 4781.7)),
        (5000, None, "", (5000, 7500)),
        (5000, 5000, "more_than", (5000, 7500)),
        (0, 500, "up_to", (250, 500)),
        (500, 500, "fewer_than", (250, 500)),
        (3000, 3000, "nearly", (2550, 3000)),
        (3630, 10000, "", (3625, 12500)),
    ],
)
def test_a_figure_stands_for_a_range(
    low: float, high: float | None, quantifier: str, bounds: tuple[float, float]
) -> None:
    assert told_bounds(low, high, quantifier) == pytest.approx(bounds)
