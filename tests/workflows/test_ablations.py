"""Ablations change what they say, leave the rest alone, and let nothing of the future through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from safepassage.core.displacement import Series
from safepassage.core.learned import event_key
from safepassage.core.network import sphere_km
from safepassage.core.report import Report, report_key
from safepassage.core.scenario import Scenario
from safepassage.core.told_events import events_told
from safepassage.scoring.rolling import RollingRow, Scored
from safepassage.workflows.ablations import (
    ABLATIONS,
    Ablation,
    a_fifth_false,
    half_the_sources_doubled,
    share_of_reports,
    sizes_doubled,
    without_announcements,
)
from safepassage.workflows.load import load_with_notices
from safepassage.workflows.manifest import scenario_checksum
from safepassage.workflows.rolling import FULL, RollingPlan, Verified, verify_whole
from safepassage.workflows.rolling_tables import (
    compact,
    compact_markdown,
    earns,
    told_of,
    verdict,
    verdict_words,
)
from tests.engines.corridors import event
from tests.workflows.test_rolling import _crisis, _day, _report, _walk

SEED = 3


@pytest.fixture(scope="module")
def real() -> Scenario:
    return load_with_notices("honduras-2018-10")[0]


def _told(scenario: Scenario) -> dict[str, Report]:
    return {report_key(report, scenario.network.places.ids): report for report in scenario.reports}


def _counts(scenario: Scenario) -> list[Series]:
    assert scenario.displacement is not None
    return list(scenario.displacement.series)


def test_shares_of_reports_are_nested_and_as_large_as_they_say(real: Scenario) -> None:
    shares = {share: share_of_reports(real, SEED, share) for share in (0.0, 0.25, 0.5, 1.0)}
    found = {share: set(_told(scenario)) for share, scenario in shares.items()}
    assert found[0.0] == set()
    assert found[0.0] < found[0.25] < found[0.5] < found[1.0] == set(_told(real))
    assert abs(len(found[0.5]) / len(found[1.0]) - 0.5) < 0.15
    assert abs(len(found[0.25]) / len(found[1.0]) - 0.25) < 0.12
    assert set(_told(share_of_reports(real, SEED + 1, 0.5))) != found[0.5]
    assert shares[0.25].truth == real.truth
    assert shares[0.25].events == real.events  # all of them from elsewhere


def test_a_report_is_kept_or_not_whatever_else_there_is(real: Scenario) -> None:
    fewer = replace(real, reports=real.reports[::-2])
    kept = set(_told(share_of_reports(real, SEED, 0.5)))
    assert set(_told(share_of_reports(fewer, SEED, 0.5))) == kept & set(_told(fewer))


def test_shares_of_counts_are_nested_camp_by_camp() -> None:
    whole, half, quarter = (_counts(share_of_reports(_crisis(), SEED, s)) for s in (1.0, 0.5, 0.25))
    for all_of_it, some, few in zip(whole, half, quarter, strict=True):
        assert set(few.days) <= set(some.days) < set(all_of_it.days)
        kept = np.isin(all_of_it.days, some.days)
        np.testing.assert_array_equal(all_of_it.people[kept], some.people)
    assert half[0].days.tolist() != half[1].days.tolist()


def test_events_that_only_lost_reports_told_go_with_them() -> None:
    scenario = _walk()
    closed = _report(2, 5, None, kind="closure")
    opened = _report(4, 5, None, kind="reopening")
    told = replace(scenario, reports=(*scenario.reports, closed, opened))
    told = replace(told, events=(event("note", day=1, place=0), *events_told(told.reports, told.network)))
    ended = next(one for one in told.events if one.kind == "closure")
    assert ended.until == _day(3)
    for share in np.linspace(0, 1, 9):
        left = share_of_reports(told, SEED, float(share))
        closures = [one for one in left.events if one.kind == "closure"]
        assert (len(closures) == 1) == (closed in left.reports)
        assert all((one.until is None) == (opened not in left.reports) for one in closures)
        assert left.events[0] == told.events[0]


def test_without_announcements_nothing_told_beforehand_is_left(real: Scenario) -> None:
    stop = _report(3, 4, None, kind="next_stop", published=_day(2))
    bus = _report(3, 4, 200.0, kind="transport_offered", published=_day(3))
    scenario = _walk()
    scenario = replace(scenario, reports=(*scenario.reports, stop, bus))
    ahead = replace(event("closure", day=5, place=3), announced=_day(2))
    now = replace(event("closure", day=5, place=3), announced=_day(5))
    scenario = replace(scenario, events=(ahead, now, *events_told([bus], scenario.network)))
    left = without_announcements(scenario, SEED)
    assert left.reports == _walk().reports
    assert left.events == (now,)
    kinds = {one.kind for one in without_announcements(real, SEED).events}
    assert "bus_offer" in {one.kind for one in real.events}
    assert not {"bus_offer", "bus_withdrawn"} & kinds
    assert "shelter_opened" in kinds


def test_doubled_sizes_leave_places_and_days_alone(real: Scenario) -> None:
    for before, after in zip(real.reports, sizes_doubled(real, SEED).reports, strict=True):
        assert after == replace(
            before, low=before.low and 2 * before.low, high=before.high and 2 * before.high
        )
    for before, after in zip(_counts(_crisis()), _counts(sizes_doubled(_crisis(), SEED)), strict=True):
        np.testing.assert_array_equal(2 * before.people, after.people)
    by_source: dict[str, set[bool]] = {}
    for before, after in zip(real.reports, half_the_sources_doubled(real, SEED).reports, strict=True):
        if before.low:
            by_source.setdefault(before.source, set()).add(after.low == 2 * before.low)
    assert all(len(found) == 1 for found in by_source.values())
    assert {True, False} == set.union(*by_source.values())


def test_a_fifth_is_false_and_false_places_lie_far_off(real: Scenario) -> None:
    places = real.network.places
    changed = list(zip(real.reports, a_fifth_false(real, SEED).reports, strict=True))
    false = [(before, after) for before, after in changed if before != after]
    untold = sum(before.low is None and before.kind != "position" for before, _ in changed)
    assert 0.1 < len(false) / (len(changed) - untold) < 0.3
    moved = [(before, after) for before, after in false if before.place != after.place]
    assert moved
    for before, after in moved:
        spots = [(places.lat[p], places.lon[p]) for p in (before.place, after.place)]
        assert 200 <= float(sphere_km(*spots)) <= 500
        assert (before.low, before.observed) == (after.low, after.observed)
    factors = {
        round(after.low / before.low, 3)
        for before, after in false
        if before.place == after.place and before.low and after.low
    }
    assert factors <= {3.0, 0.333}
    crisis = zip(_counts(_crisis()), _counts(a_fifth_false(_crisis(), SEED)), strict=True)
    off = np.concatenate([before.people != after.people for before, after in crisis])
    assert 0 < off.mean() < 0.5


def test_a_false_place_is_the_farthest_where_all_are_near() -> None:
    told = a_fifth_false(_walk(), SEED)
    ids = {before.place - after.place for before, after in zip(_walk().reports, told.reports, strict=True)}
    assert ids != {0}


@pytest.mark.parametrize("ablation", ABLATIONS, ids=lambda one: one.name)
def test_nothing_from_after_the_origin_reaches_an_ablated_scenario(
    ablation: Ablation, real: Scenario
) -> None:
    for scenario, number in ((_walk(), 5), (real, 20)):
        day = scenario.start + (_day(number) - _day(0))
        cut = replace(
            scenario,
            reports=tuple(r for r in scenario.reports if r.published <= day),
            events=tuple(e for e in scenario.events if e.announced <= day),
        )
        whole, part = (ablation.change(one, SEED).known_by(day) for one in (scenario, cut))
        assert scenario_checksum(whole) == scenario_checksum(part)
    crisis = _crisis()
    assert crisis.displacement is not None
    later = tuple(
        Series(s.days, np.where(s.days > 30, 7.0 * s.people + 1.0, s.people))
        for s in crisis.displacement.series
    )
    other = replace(crisis, displacement=replace(crisis.displacement, series=later))
    whole, part = (
        ablation.change(one, SEED).known_by(crisis.start + timedelta(days=30)) for one in (crisis, other)
    )
    assert scenario_checksum(whole) == scenario_checksum(part)


@pytest.mark.parametrize("ablation", ABLATIONS, ids=lambda one: one.name)
def test_an_ablated_case_is_still_the_same_event_with_the_same_truth(
    ablation: Ablation, real: Scenario
) -> None:
    for scenario in (real, _crisis()):
        changed = ablation.change(scenario, SEED)
        assert event_key(changed) == event_key(scenario)
        assert changed.truth == scenario.truth
        assert changed.groups == scenario.groups
        assert changed.network is scenario.network


def test_ablations_run_beside_the_full_forecast_and_are_held_against_the_same_truth() -> None:
    plan = RollingPlan(horizons=(1, 6), origins=2, members=10, learned="none")
    plain = verify_whole([_walk(), _crisis()], plan)
    chosen = [one for one in ABLATIONS if one.name in ("no reports", "no learned priors", "no announcements")]
    found = verify_whole([_walk(), _crisis()], plan, ablations=chosen)
    assert repr(found.scored) == repr(plain.scored)
    # Nothing is learned either way: the very same forecast, of the same luck.
    assert repr(found.ablated["no learned priors"]) == repr(plain.scored)
    assert {one.kind for one in found.ablated["no announcements"]} == {"caravans"}
    assert repr(found.ablated["no reports"]) != repr(plain.scored)
    naive = [one.baselines for one in found.ablated["no reports"]]
    assert repr(naive) == repr([one.baselines for one in plain.scored])
    rows = found.ablation_rows
    assert list(rows) == [one.name for one in chosen]
    assert all(row.value == row.baseline_value for row in rows["no learned priors"])
    assert {row.baseline for found_rows in rows.values() for row in found_rows} == {FULL}


def test_a_part_earns_its_place_only_where_scores_are_surely_worse_without_it() -> None:
    def scored(factor: float) -> list[Scored]:
        return [
            Scored("a", "camps", 7, 10 * k, "crps", "1", factor * (5.0 + k % 3), {"last value": 9.0})
            for k in range(12)
        ]

    for factor, key, part, spoilt in (
        (2.0, "worse", "earns its place", "harmed"),
        (0.5, "better", "better without", "better so"),
        (1.0, "open", "not shown", "not shown to harm"),
    ):
        names = ("no reports", "sizes doubled")
        rows = Verified(scored(1.0), ablated={name: scored(factor) for name in names}).ablation_rows
        assert {verdict(row) for found in rows.values() for row in found} == {key}
        assert [verdict_words(name, rows[name][0]) for name in names] == [part, spoilt]
        assert rows["no reports"][0].difference == pytest.approx((factor - 1) * 6.0)
    coverage = replace(rows["no reports"][0], metric="coverage_80")
    assert verdict(coverage) == ""


def _row(case: str, metric: str, change: float, *, days: int = 7, width: float | None = 1.0) -> RollingRow:
    low, high = (None, None) if width is None else (change - width, change + width)
    return RollingRow(
        case, "rolling-origin", days, metric, 10.0 + change, "1", FULL, 10.0, change, low, high, 12
    )


def test_a_summary_tells_of_all_cases_of_a_kind_and_of_single_ones_where_nothing_is_pooled() -> None:
    crises = [_row(case, "ard", 1.0) for case in ("a", "b", "all camps")]
    caravan = [_row("c", "crps", 1.0), _row("c", "position_error_km", 1.0)]
    assert told_of([*crises, *caravan]) == {"all camps": "camps", "c": "caravans"}
    assert told_of(caravan) == {"c": "caravans"}
    assert told_of([]) == {}


def test_ablations_side_by_side_in_per_cent_of_the_full_forecast() -> None:
    rows = {
        "no reports": [_row("c", "position_error_km", 5.0), _row("c", "crps", 5.0, days=3, width=None)],
        "sizes doubled": [_row("c", "position_error_km", -0.5), _row("c", "crps", 0.0, days=99)],
        "no announcements": [],
    }
    (table,) = compact(rows)
    assert (table.kind, table.case) == ("caravans", "c")
    assert table.columns == (("crps", 3), ("position_error_km", 7))  # 99 days were not asked for
    assert compact(rows, case_by_case=True) == ()
    text = compact_markdown([table])
    assert "| no reports | +50 % | **+50 %** (+40 to +60) |" in text
    assert "| sizes doubled | – | -5 % (-15 to +5) |" in text
    assert "announcements" not in text


def test_a_part_as_a_whole_earns_its_place_by_more_scores_than_chance() -> None:
    worse, better, open_ = _row("c", "crps", 5.0), _row("c", "crps", -5.0), _row("c", "crps", 0.1)
    assert earns([worse, worse, *[open_] * 9])
    assert not earns([worse, *[open_] * 9])
    assert not earns([worse, worse, better, *[open_] * 9])
    assert not earns([])
