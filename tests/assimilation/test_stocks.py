from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from safepassage.adapters.checkpoint import CheckpointFile
from safepassage.assimilation import stock_dynamics as dynamics
from safepassage.assimilation.stock_reports import StockObservation, from_reports
from safepassage.assimilation.stock_totals import doubt_of_total
from safepassage.assimilation.stocks import StockCorrection, settled
from safepassage.core.draws import Draws
from safepassage.core.engine import Conduct, DayView
from safepassage.core.report import Report, report_key
from safepassage.engines.run import run
from tests.assimilation.towns import Kept, TownLaw, corrected, count

LAW = TownLaw(10_000, [0.4, 0.3, 0.1])
START = date(2024, 3, 1)


def _told(day: int, place: int, low: float, high: float | None = None, **more: object) -> Report:
    seen = START + timedelta(days=day)
    high = low if high is None else high
    facts: dict[str, object] = {"segment": "whole", "quality": "exact", "source": f"paper {day}"}
    facts |= {"observed": seen, "published": seen + timedelta(days=1), "published_basis": "", **more}
    return Report(place=place, kind="stock", low=low, high=high, **facts)  # type: ignore[arg-type]


def _of(reports: list[Report], **more: object) -> tuple[StockObservation, ...]:
    as_of = START + timedelta(days=60)
    return from_reports(reports, ("a", "b", "c"), **{"start": START, "as_of": as_of, **more})  # type: ignore[arg-type]


def test_the_evening_of_a_count_is_near_it_and_the_days_before_are_what_the_law_says() -> None:
    stock, _, correction = corrected(LAW, [count(5, 1, 6000)], days=12)
    assert (stock[:5, :, 1] < 3200).all()
    assert np.median(stock[5, :, 1]) == pytest.approx(6000, rel=0.05)
    assert correction.told.doubt[0] < 0.1
    assert correction.told.factor[0] == pytest.approx(2.0, rel=0.6)  # against a wide prior of few members
    assert correction.told.shift[0] == pytest.approx(3000, abs=2500)


def test_the_correction_lasts_and_its_doubt_grows() -> None:
    counts = [count(day, 1, 6000 * (1.0 + 0.05 * (-1) ** k)) for k, day in enumerate(range(0, 40, 4))]
    stock, _, _ = corrected(LAW, counts, days=130, members=200)
    log = np.log(stock[:, :, 1])
    assert np.median(stock[129, :, 1]) > 4500  # the law says 3000
    sd = log.std(axis=1)
    assert sd[40] < sd[70] < sd[128]
    assert sd[128] > 2 * sd[36]


def test_people_are_conserved_in_every_member_on_every_day() -> None:
    counts = [count(3, 0, 9000), count(3, 1, 8000), count(9, 2, 0), count(11, 0, 100)]
    stock, on_road, _ = corrected(TownLaw(10_000, [0.4, 0.3, 0.1], grows=0.01), counts, days=20)
    expected = np.round(10_000 * (1.0 + 0.01 * np.arange(20)))
    np.testing.assert_array_equal(stock.sum(axis=2) + on_road, np.repeat(expected[:, None], 50, axis=1))
    assert (stock >= 0).all()
    assert (on_road >= 0).all()


@given(
    st.integers(1, 4).flatmap(
        lambda m: st.tuples(
            hnp.arrays(np.int64, (m, 6), elements=st.integers(0, 5000)),
            hnp.arrays(np.int64, m, elements=st.integers(0, 5000)),
            hnp.arrays(np.float64, (m, 2), elements=st.floats(0, 20_000)),
        )
    )
)
def test_settling_loses_nobody_and_moves_nobody_into_towns_that_were_not_counted(
    case: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    stock, on_road, people = case
    view = settled(DayView(stock=stock, on_road=on_road), np.array([1, 4]), people)
    np.testing.assert_array_equal(view.stock.sum(axis=1) + view.on_road, stock.sum(axis=1) + on_road)
    assert (view.stock >= 0).all()
    assert (view.on_road >= 0).all()
    others = [0, 2, 3, 5]
    # A place can gain the one person whom rounding moves.
    assert (view.stock[:, others] <= stock[:, others] + 1).all()
    assert (view.stock[:, [1, 4]] <= people + 0.5).all()


def test_numbers_that_fit_are_taken_as_they_are_and_others_give_way_alike() -> None:
    view = DayView(stock=np.array([[100, 400, 200]]), on_road=np.array([300]))
    found = settled(view, np.array([1]), np.array([[580.0]]))
    np.testing.assert_array_equal(found.stock, [[70, 580, 140]])
    np.testing.assert_array_equal(found.on_road, [210])
    fewer = settled(view, np.array([1]), np.array([[50.0]]))
    np.testing.assert_array_equal(fewer.stock, [[100, 50, 200]])
    np.testing.assert_array_equal(fewer.on_road, [650])


def test_what_is_too_much_in_sum_is_taken_where_members_differ_most() -> None:
    members = 200
    rng = np.random.default_rng(1)
    view = DayView(
        stock=np.repeat([[400, 400, 100]], members, axis=0), on_road=np.full(members, 100, dtype=np.int64)
    )
    people = np.stack([500 + rng.normal(0, 2, members), 600 + rng.normal(0, 100, members)], axis=1)
    found = settled(view, np.array([0, 1]), people)
    assert np.median(found.stock[:, 0]) == pytest.approx(500, abs=3)
    assert (found.stock.sum(axis=1) + found.on_road == 1000).all()


def test_a_deleted_report_leaves_the_bits_of_never_having_been_there() -> None:
    reports = [_told(2, 0, 5000), _told(4, 1, 900), _told(6, 0, 4800), _told(6, 2, 700)]
    without = [report for report in reports if report.place != 1]
    stock, on_road, _ = corrected(LAW, list(_of(without)), days=12)
    kept = [report for report in reports if report is not reports[1]]
    again, road_again, _ = corrected(LAW, list(_of(kept)), days=12)
    with_it, _, _ = corrected(LAW, list(_of(reports)), days=12)
    np.testing.assert_array_equal(again, stock)
    np.testing.assert_array_equal(road_again, on_road)
    np.testing.assert_array_equal(with_it[:4], stock[:4])
    assert (with_it[4:] != stock[4:]).any()


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=4))
def test_neither_order_nor_repetition_of_reports_matters(order: list[int], twice: list[int]) -> None:
    reports = [
        _told(2, 0, 5000),
        _told(2, 0, 5000, source="another"),
        _told(2, 1, 900),
        _told(4, 0, 4000, copied_from=report_key(_told(3, 0, 4100), ("a", "b", "c"))),
        _told(3, 0, 4100),
        _told(9, 2, 10, 90),
    ]
    assert _of([reports[k] for k in (*order, *twice)]) == _of(reports)


def test_what_was_published_later_does_not_exist_and_late_reports_count_for_their_day() -> None:
    late = _told(2, 0, 5000, published=START + timedelta(days=20))
    early = _told(4, 0, 5000)
    assert [one.day for one in _of([late, early], as_of=START + timedelta(days=19))] == [4]
    assert [one.day for one in _of([late, early], as_of=START + timedelta(days=20))] == [2, 4]
    assert not _of([replace(early, observed=START - timedelta(days=1))])


def test_copies_and_one_voice_on_one_day_share_one_error() -> None:
    first = _told(3, 0, 4100, source="a")
    ids = ("a", "b", "c")
    copies = [_told(3, 0, 4000, source=s, copied_from=report_key(first, ids)) for s in ("b", "c")]
    assert [one.told for one in _of([first, *copies])] == [3, 3, 3]
    officials = [_told(3, 0, n, source_kind="official", source=str(n)) for n in (4000, 4200)]
    assert [one.told for one in _of(officials)] == [2, 2]
    assert [one.told for one in _of([first, _told(3, 1, 4100, source="a")])] == [1, 1]
    # Three copies of a figure move the place as far as the figure itself.
    alone, _, _ = corrected(LAW, list(_of([first])), days=5, members=400)
    thrice, _, _ = corrected(
        LAW, list(_of([first, replace(first, source="b"), *copies[:1]])), days=5, members=400
    )
    assert np.median(thrice[4, :, 0]) == pytest.approx(np.median(alone[4, :, 0]), rel=0.03)


def test_a_wrong_count_among_many_is_doubted_leaves_both_open_and_is_overruled_by_the_next() -> None:
    counts = [count(day, 0, 4500) for day in range(0, 40, 2)]
    wrong, right = count(41, 0, 450, wrong=0.1), count(43, 0, 4500)
    stock, _, correction = corrected(LAW, [*counts, wrong, right], days=45, members=200)
    assert correction.told.doubt[-2] > 0.5
    assert (np.delete(correction.told.doubt, -2)[3:] < 0.1).all()
    low, high = np.quantile(stock[42, :, 0], (0.05, 0.95))
    assert low < 900  # they may have left ...
    assert high > 3800  # ... or the figure is wrong
    assert np.median(stock[44, :, 0]) == pytest.approx(4500, rel=0.07)


def test_a_camp_that_opens_is_believed_by_the_second_count() -> None:
    counts = [count(day, 2, 0, error_log=0.03, wrong=0.01) for day in range(0, 20, 2)]
    counts += [count(day, 2, 4000, error_log=0.03, wrong=0.01) for day in (22, 24)]
    stock, _, correction = corrected(LAW, counts, days=25, members=200)
    assert (stock[20, :, 2] < 60).mean() > 0.9
    assert np.median(stock[24, :, 2]) == pytest.approx(4000, rel=0.1)
    assert correction.told.moved[-2] > 0.5


def test_moves_that_nobody_foresees_are_as_likely_ahead_as_they_were() -> None:
    def far(people: list[float]) -> float:
        counts = [count(4 * k, 2, one, wrong=0.01) for k, one in enumerate(people)]
        stock, _, _ = corrected(LAW, counts, days=200, members=400)
        off = np.abs(np.log(np.maximum(stock[199, :, 2], 1) / people[-1]))
        return float((off > np.log(1.6)).mean())

    assert far([1000.0] * 20) < far([300.0, 1000.0] * 10)


def test_a_range_and_a_lower_bound_leave_more_doubt_than_a_figure() -> None:
    def spread(report: Report) -> tuple[float, float]:
        stock, _, _ = corrected(LAW, list(_of([report])), days=5, members=400)
        log = np.log(stock[4, :, 0])
        return float(np.median(stock[4, :, 0])), float(log.std())

    exact, some, open_above = (
        spread(_told(4, 0, 4321, source="s")),
        spread(_told(4, 0, 2000, 8000)),
        spread(_told(4, 0, 4321, quantifier="more_than")),
    )
    assert some[1] > 2 * exact[1]
    assert open_above[0] > 1.08 * exact[0]


def test_voices_that_disagree_learn_their_biases() -> None:
    counts = []
    for day in range(0, 60, 3):
        counts += [count(day, p, 1000, voice="field", error_log=0.05) for p in (0, 1, 2)]
        counts += [count(day, p, 1500, voice="organiser", error_log=0.05) for p in (0, 1, 2)]
    _, _, correction = corrected(LAW, counts, days=60, members=300)
    apart = np.diff(np.median(correction.bias_log, axis=0))[0]
    assert correction.voices == ("field", "organiser")
    assert apart == pytest.approx(np.log(1.5), abs=0.1)
    assert np.median(correction.bias_log[:, 1]) > 0.2  # organisers are believed to be the more biased


@pytest.mark.parametrize("members", [1, 2, 3])
def test_very_few_members_work(members: int) -> None:
    stock, on_road, _ = corrected(LAW, [count(d, 1, 6000) for d in (5, 6, 7)], days=12, members=members)
    assert np.median(stock[7, :, 1]) == pytest.approx(6000, rel=0.25)
    assert (stock.sum(axis=2) + on_road == 10_000).all()


def test_any_number_of_threads_and_a_run_that_goes_on_give_the_same_bits(tmp_path: Path) -> None:
    counts = [count(5, 1, 6000), count(8, 0, 100), count(8, 2, 3000), count(31, 1, 5000)]
    stock, on_road, _ = corrected(LAW, counts, days=40)
    other, other_road, _ = corrected(LAW, counts, days=40, threads=4)
    np.testing.assert_array_equal(other, stock)
    np.testing.assert_array_equal(other_road, on_road)

    class Stopped(Exception):
        pass

    class Stops(CheckpointFile):
        def keep(self, day: int, states: object, observers: object) -> None:
            super().keep(day, states, observers)  # type: ignore[arg-type]
            if day >= 15:
                raise Stopped

    def go(keeper: CheckpointFile) -> Kept:
        kept = Kept()
        observer = StockCorrection(counts, members=50, draws=Draws(3), watching=[kept])
        run(LAW, days=40, members=50, draws=Draws(3), observers=[observer], conduct=Conduct(keeper=keeper))
        return kept

    path = tmp_path / "run.npz"
    with pytest.raises(Stopped):
        go(Stops(path, every_s=0.0, resume=False))
    again = CheckpointFile(path, every_s=1e9, resume=True)
    kept = go(again)
    assert again.resumed_day >= 15
    np.testing.assert_array_equal(np.stack(kept.stock), stock)


def test_the_bank_finds_the_numbers_that_ruled() -> None:
    rng = np.random.default_rng(2)
    places, bank = 6, dynamics.bank_of(6)
    off, law = rng.normal(0, 1, places), np.zeros(places)
    for day in range(240):
        change = rng.normal(0, 0.1, places)
        law = law + change
        off = off - change + rng.normal(0, 0.016, places)  # places do not follow the law at all
        bank = dynamics.passed(bank, change)
        if day % 3 == 0:
            seen = off + rng.normal(0, 0.02, places)
            bank = dynamics.learned(bank, np.arange(places), seen, np.full(places, 0.02**2))
    chance = dynamics.chances(bank)
    np.testing.assert_allclose(chance.sum(axis=0), 1.0)
    assert (chance[dynamics.TRUSTED == 0.0].sum(axis=0) > 0.95).all()
    near = (dynamics.STEP_LOG >= 0.008) & (dynamics.STEP_LOG <= 0.032)
    assert (chance[near].sum(axis=0) > 0.7).all()


def test_a_place_with_one_count_borrows_from_the_others() -> None:
    rng = np.random.default_rng(4)
    bank, off = dynamics.bank_of(3), np.zeros(3)
    for day in range(100):
        off = off + rng.normal(0, 0.004, 3)
        bank = dynamics.passed(bank, np.zeros(3))
        seen = np.array([0, 1]) if day < 99 else np.array([0, 1, 2])
        bank = dynamics.learned(bank, seen, off[seen], np.full(len(seen), 1e-4))
    expected = (dynamics.chances(bank) * dynamics.STEP_LOG[:, None]).sum(axis=0)
    before = dynamics.STEP_LOG.mean()
    assert expected[2] < before / 2


def test_a_perfect_model_twin_is_recovered_with_calibrated_bands() -> None:
    """Truth moves as the model of the correction says: ranks of it among members are even."""
    rng = np.random.default_rng(11)
    places, days, members = 60, 100, 60
    law = TownLaw(60_000, [0.5 / places] * places)
    off = rng.normal(0, 0.4, places)
    truth, counts = [], []
    for day in range(days):
        off = off + rng.normal(0, 0.03, places)
        people = 500 * np.exp(off)
        truth.append(people)
        if day < 60 and day % 4 == 0:
            seen = people * np.exp(rng.normal(0, 0.05, places))
            counts += [count(day, p, float(seen[p])) for p in range(places)]
    stock, _, _ = corrected(law, counts, days=days, members=members)
    for day, widest in ((58, 0.10), (65, 0.20), (95, 0.40)):
        log = np.log(np.maximum(stock[day], 1))
        ranks = (log < np.log(truth[day])).sum(axis=0)
        inside = ((ranks >= 0.1 * members) & (ranks <= 0.9 * members)).mean()
        # 60 places: two standard errors of a share of 0.8 are 0.10; a little more for few members.
        assert 0.66 <= inside <= 0.94
        assert np.median(log.std(axis=0)) < widest
        histogram = np.histogram(ranks, bins=5, range=(0, members + 1))[0]
        # Chi-square, 4 degrees of freedom: 18.5 at 0.1 %.
        assert (np.square(histogram - places / 5) / (places / 5)).sum() < 18.5


def test_the_doubt_about_a_total_is_learned_from_its_past() -> None:
    steady = doubt_of_total(np.linspace(1000, 50_000, 300))
    rng = np.random.default_rng(1)
    waves = np.cumsum(np.where(rng.random(300 // 20) < 0.5, 400, 0).repeat(20)) + 1000.0
    wild = doubt_of_total(waves)
    assert steady.sd(30) < 0.09 < 0.1 < wild.sd(30)
    assert wild.sd(90) > wild.sd(30) > wild.sd(7) > 0
    for short in (np.zeros(0), np.zeros(5), np.array([1000.0] * 20)):
        assert 0.05 < doubt_of_total(short).sd(30) < 0.3


def test_after_the_last_total_members_differ_in_how_many_left_and_none_unlearns_the_past() -> None:
    law = TownLaw(10_000, [0.4, 0.3, 0.1])
    stock, on_road, _ = corrected(
        law, [count(d, 0, 4000) for d in range(0, 40, 5)], days=80, total_until_day=39
    )
    total = stock.sum(axis=2) + on_road
    assert (total[:40] == 10_000).all()
    assert (total[40:] >= 10_000).all()
    assert total[79].std() > total[45].std() > 0
