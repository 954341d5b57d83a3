"""What a few reports do to an ensemble of caravans, one question at a time."""

from dataclasses import replace

import numpy as np
import pytest

from safepassage.assimilation.caravans import CaravanEvidence
from safepassage.assimilation.particle import Evening
from safepassage.core.belief import ReportEffect
from safepassage.core.report import Report
from safepassage.engines.roads import axis_km
from tests.assimilation.twins import caravan, report, track

DAYS, MEMBERS = 16, 400
SCENARIO = caravan(DAYS)
AXIS = axis_km(SCENARIO.network, SCENARIO.groups[0].route)
TOWNS = np.flatnonzero(np.isfinite(AXIS))


def town_at(km: float) -> int:
    return int(TOWNS[np.argmin(np.abs(AXIS[TOWNS] - km))])


def run(
    reports: list[Report], *, days: int = DAYS, members: int = MEMBERS
) -> tuple[list[Evening], CaravanEvidence, tuple[ReportEffect, ...]]:
    pairs = list(track(SCENARIO, reports, days=days, members=members, seed=3))
    evenings, evidence = [evening for evening, _ in pairs], pairs[-1][1]
    return evenings, evidence, evidence.account.effects(reports, [""] * len(reports), [""] * len(reports))


def median_km(evening: Evening) -> float:
    return float(np.median(evening.view.groups.head_km[:, 0]))


def test_where_a_report_says_they_are_most_members_are() -> None:
    evenings, _, _ = run([report(SCENARIO, 4, town_at(100.0), None)])
    before, _, _ = run([])
    at_km = AXIS[town_at(100.0)]
    near = [np.abs(e[4].view.groups.head_km[:, 0] - at_km) < 30 for e in (evenings, before)]
    assert near[0].mean() > 0.9 > 2 * near[1].mean()


def test_a_day_without_reports_is_left_as_it_was() -> None:
    evenings, _, _ = run([report(SCENARIO, 4, town_at(100.0), None)])
    assert [e.step is not None for e in evenings] == [day == 4 for day in range(DAYS)]


def test_a_single_report_out_of_reach_is_doubted_and_two_that_agree_are_believed() -> None:
    slow = [report(SCENARIO, day, town_at(25.0 * day), None) for day in range(2, 7)]
    far = report(SCENARIO, 7, town_at(1400.0), None)
    _, _, alone = run([*slow, far], days=8)
    both = [far, replace(far, source_kind="official"), report(SCENARIO, 8, town_at(1450.0), None)]
    evenings, _, believed = run([*slow, *both], days=9)
    assert alone[-1].doubt > 0.5
    assert max(effect.doubt for effect in believed[-3:]) < 0.2
    assert median_km(evenings[-1]) > 1200


def test_a_day_on_which_all_reports_are_wrong_is_survived_and_named() -> None:
    truth = {day: 30.0 * day for day in range(2, 14)}
    right = [report(SCENARIO, day, town_at(km), 3000.0) for day, km in truth.items() if day != 7]
    kinds = ("field", "official", "press")
    wrong = [report(SCENARIO, 7, town_at(900.0 + 300 * k), 15000.0, source_kind=kinds[k]) for k in range(3)]
    evenings, _, effects = run([*right, *wrong])
    assert abs(median_km(evenings[13]) - AXIS[town_at(truth[13])]) < 35
    assert 2300 < np.median(evenings[13].view.groups.size[:, 0]) < 3900
    assert all(effect.contradicted for effect in effects[-3:])
    assert not any(effect.contradicted for effect in effects[: len(right)])


def test_an_ensemble_that_collapses_is_spread_anew_and_says_so() -> None:
    # Five kinds of source agree to the head on what hardly any of a few members can be.
    sizes = [
        report(SCENARIO, 5, town_at(150.0), 11173.0, source_kind=kind)
        for kind in ("field", "official", "press", "agency", "organiser")
    ]
    evenings, _, _ = run(sizes, members=60, days=7)
    step = evenings[5].step
    assert step is not None
    assert step.respread
    size = evenings[6].view.groups.size[:, 0]
    assert len(np.unique(size)) > 20
    assert 4000 < np.median(size) < 16000


def test_sources_that_always_tell_less_are_learned_to() -> None:
    days = range(2, 15)
    field = [report(SCENARIO, day, town_at(30.0 * day), 4013.0) for day in days]
    official = [report(SCENARIO, day, town_at(30.0 * day), 2807.0, source_kind="official") for day in days]
    evenings, evidence, _ = run([*field, *official])
    factor = np.exp(np.median(evidence.voices.bias("official") - evidence.voices.bias("field")))
    assert factor == pytest.approx(0.7, abs=0.07)
    assert np.median(evenings[-1].view.groups.size[:, 0]) > 3300


def test_an_announced_stop_makes_that_town_likelier() -> None:
    known = [report(SCENARIO, day, town_at(25.0 * day), None) for day in range(2, 6)]
    town = town_at(165.0)
    said = report(SCENARIO, 6, town, None, kind="next_stop")
    without, with_it = run(known, days=8)[0][6], run([*known, said], days=8)[0][6]
    there = [
        float((np.abs(e.view.groups.head_km[:, 0] - AXIS[town]) < 10).mean()) for e in (without, with_it)
    ]
    assert there[1] > 1.5 * there[0] + 0.05
    assert there[1] < 0.95


@pytest.mark.parametrize("kept", [True, False])
def test_how_reliable_announcements_are_is_learned(kept: bool) -> None:
    reports = []
    for day in range(2, 15):
        at_km = 25.0 * day
        reports.append(report(SCENARIO, day, town_at(at_km), None))
        reports.append(
            report(SCENARIO, day, town_at(at_km if kept else at_km + 220.0), None, kind="next_stop")
        )
    _, evidence, _ = run(reports)
    middle = float(np.median(evidence.voices.kept))
    assert middle > 0.75 if kept else middle < 0.5


def test_reports_of_the_rear_say_nothing_of_the_head_where_no_rear_is_known() -> None:
    plain = [report(SCENARIO, day, town_at(25.0 * day), None) for day in range(2, 8)]
    rear = report(SCENARIO, 7, town_at(100.0), 200.0, segment="rear")
    evenings, _, effects = run([*plain, rear], days=8)
    assert abs(median_km(evenings[7]) - AXIS[town_at(175.0)]) < 30
    assert not effects[-1].contradicted


def test_reports_that_repeat_one_error_count_once() -> None:
    plain = [report(SCENARIO, day, town_at(25.0 * day), None) for day in range(2, 6)]
    press = [report(SCENARIO, 6, town_at(150.0), 9000.0, source_kind="press") for _ in range(6)]
    once = run([*plain, press[0]], days=7)
    often = run([*plain, *press], days=7)
    assert np.array_equal(
        once[0][6].view.groups.size[:, 0].mean().round(-2),
        often[0][6].view.groups.size[:, 0].mean().round(-2),
    )
    assert sum(effect.weight for effect in often[2][-6:]) == pytest.approx(once[2][-1].weight, abs=0.05)


def test_people_between_two_towns_are_on_the_road_between_them() -> None:
    first, ahead = town_at(100.0), town_at(165.0)
    plain = [report(SCENARIO, day, town_at(25.0 * day), None) for day in range(2, 5)]
    between = report(SCENARIO, 5, first, None, to_place=ahead)
    at_first = report(SCENARIO, 5, first, None)
    km = {
        name: run([*plain, said], days=6)[0][5].view.groups.head_km[:, 0]
        for name, said in (("between", between), ("at", at_first))
    }
    inside = (km["between"] >= AXIS[first] - 15) & (km["between"] <= AXIS[ahead] + 15)
    assert inside.mean() > 0.9
    assert km["between"].mean() > km["at"].mean() + 5


def test_a_size_of_the_whole_counts_its_parts() -> None:
    parted = report(SCENARIO, 4, town_at(200.0), 1000.0, segment="advance")
    both = [parted, report(SCENARIO, 5, town_at(125.0), None)]
    size = {
        segment: run([*both, report(SCENARIO, 6, town_at(150.0), 3017.0, segment=segment)], days=7)[0][6]
        for segment in ("main", "whole")
    }
    main = {segment: evening.view.groups.size[:, 0].mean() for segment, evening in size.items()}
    whole = size["whole"].view.groups.size.sum(axis=1)
    assert main["whole"] < main["main"] - 150
    assert np.median(whole) == pytest.approx(3017, rel=0.12)
