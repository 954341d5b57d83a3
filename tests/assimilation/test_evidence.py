"""What single kinds of reports say to members, against what can be reckoned by hand."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from safepassage.assimilation.caravans import CaravanEvidence
from safepassage.assimilation.likelihood import DEGREES, WRONG_LOG
from safepassage.assimilation.observations import (
    ERROR_LOG,
    NEXT_STOP,
    OUTCOME,
    POSITION,
    SIZE,
    WRONG,
    Caravan,
    observations,
    shared,
)
from safepassage.assimilation.weights import ancestors, normalised
from safepassage.core.draws import Draws
from safepassage.core.engine import DayView, GroupView
from safepassage.core.report import Report
from tests.assimilation.test_caravans import AXIS, SCENARIO, median_km, report, run, town_at

ONE = [Caravan(SCENARIO.groups[0].id, 0)]


class Still:
    """An engine whose members only have a size, which never changes: the state is that size."""

    def bodies(self, state: NDArray[np.int64]) -> GroupView:
        none = np.zeros((len(state), 3))
        size = np.stack([state, state * 0, state * 0], axis=1)
        place, mode = none.astype(np.int64), none.astype(np.int8)
        return GroupView(none, none, place, none, size, mode, size > 0, 0 * size, 0 * size)

    def observe(self, state: NDArray[np.int64]) -> DayView:
        return DayView(np.zeros((len(state), 1), dtype=np.int64), 0 * state, {}, None, self.bodies(state))

    def scores(self, state: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.zeros((len(state), 0))


def sizes(told: list[Report], people: NDArray[np.int64]) -> tuple[CaravanEvidence, NDArray[np.int64]]:
    """Weigh sizes day by day and resample, with no proposals and nobody biased."""
    said, _ = observations(told, ONE, start=SCENARIO.start)
    counts = (1, len(told), len(people))
    evidence = CaravanEvidence(said, SCENARIO.network, counts=counts, draws=Draws(1))
    evidence.voices.scores[:] = 0.0
    engine, state = Still(), people
    for day in range(1 + max(one.day for one in said)):
        evidence.see(day, engine.observe(state))
        if evidence.on(day):
            weighed = evidence.weigh(engine, state, day=day, log_prior=np.zeros(len(people)))
            chosen = ancestors(normalised(weighed.log_likelihood), 0.37)
            state = state[chosen]
            evidence.taken(chosen)
    return evidence, state


def test_the_doubt_in_a_report_is_its_chance_to_be_wrong_given_all_that_came_later() -> None:
    # Two sizes are possible, and each of three reports may be wrong: sixteen worlds, counted out.
    quality, figures = ("approx", "exact", "exact"), (9013.0, 2011.0, 2107.0)
    told = [
        replace(report(SCENARIO, day, -1, figures[day]), quality=quality[day], segment="size_only")
        for day in range(3)
    ]
    people = np.repeat([2000, 9000], 2000)
    joint = np.zeros((2, 3, 2))  # size, report, (right, wrong)
    for k, size in enumerate((2000.0, 9000.0)):
        for r in range(3):
            off = np.log(figures[r] / size)
            wrong, error = WRONG[quality[r]], np.hypot(ERROR_LOG[quality[r]], size**-0.5)
            joint[k, r] = (
                (1 - wrong) * stats.t(DEGREES, scale=error).pdf(off),
                wrong * stats.cauchy(scale=WRONG_LOG).pdf(off),
            )
    world = joint.sum(axis=2).prod(axis=1)
    doubt = [float((world * joint[:, r, 1] / joint[:, r].sum(axis=1)).sum() / world.sum()) for r in range(3)]
    evidence, state = sizes(told, people)
    effects = evidence.account.effects(told, [""] * 3, [""] * 3)
    assert [effect.doubt for effect in effects] == pytest.approx(doubt, abs=0.02)
    assert (state == 2000).mean() == pytest.approx(world[0] / world.sum(), abs=0.02)
    # The first was believed when it came, and is not any more.
    assert effects[0].doubt > 0.5 > sizes(told[:1], people)[0].account.effects(told[:1], [""], [""])[0].doubt


def test_an_announced_stop_is_as_likely_as_such_words_are_kept() -> None:
    known = [report(SCENARIO, day, town_at(25.0 * day), None) for day in range(2, 6)]
    town = town_at(220.0)
    said = report(SCENARIO, 6, town, None, kind="next_stop")
    evenings = [run(reports, days=7, members=2000)[0][6] for reports in (known, [*known, said])]
    there = [float((np.abs(e.view.groups.head_km[:, 0] - AXIS[town]) < 12).mean()) for e in evenings]
    # Seven in ten are kept, whether the town was likely or not, and however many members were proposed there.
    assert there[0] < 0.06
    assert 0.5 < there[1] < 0.8


def test_one_plan_that_many_print_is_one_plan() -> None:
    town = town_at(150.0)
    kinds = ("press", "organiser", "official")
    said = [report(SCENARIO, 6, town, None, kind="next_stop", source_kind=kind) for kind in kinds]
    told, _ = observations(said, ONE, start=SCENARIO.start)
    assert [one.what for one in told] == [NEXT_STOP] * 3
    assert len(shared(told)) == 1


def test_who_left_a_town_is_not_taken_to_sleep_there() -> None:
    known = [report(SCENARIO, day, town_at(25.0 * day), None) for day in range(2, 6)]
    town = town_at(125.0)
    stays, leaves = (
        run([*known, report(SCENARIO, 6, town, None, kind=kind)], days=7)[0][6]
        for kind in ("arrivals", "departures")
    )
    assert median_km(stays) < AXIS[town] + 15
    assert median_km(leaves) > median_km(stays) + 4


def test_ways_out_that_nobody_takes_in_the_model_say_nothing() -> None:
    told = [replace(report(SCENARIO, 3, -1, 400.0), kind="claims")]
    assert observations(told, ONE, start=SCENARIO.start, counted=frozenset(("left",)))[0] == ()
    assert observations(told, ONE, start=SCENARIO.start, counted=frozenset(("claimed",)))[1] == ("",)


def test_what_was_seen_before_the_first_day_is_said_to_be_unused() -> None:
    early = report(SCENARIO, -2, town_at(30.0), 900.0)
    told, why = observations([early], [Caravan(SCENARIO.groups[0].id, -5)], start=SCENARIO.start)
    assert told == ()
    assert why == ("before the departure",)


def test_who_has_dissolved_has_no_part_in_how_sizes_spread() -> None:
    _, evidence, _ = run([report(SCENARIO, 4, town_at(100.0), 3000.0)], days=5)
    plain = np.random.default_rng(1).lognormal(8.0, 0.2, 400).astype(np.int64)

    everybody = evidence.scores(Still(), plain)[:, -1]
    some = evidence.scores(Still(), np.where(np.arange(400) < 40, 0, plain))[:, -1]
    assert everybody.std() == pytest.approx(0.2, abs=0.02)
    assert some.std() <= everybody.std()
    nobody = evidence.scores(Still(), 0 * plain)
    assert np.isfinite(nobody).all()


def test_a_part_that_forms_today_set_out_from_where_its_main_body_slept() -> None:
    told, _ = observations(
        [report(SCENARIO, 1, town_at(400.0), None, segment="advance")], ONE, start=SCENARIO.start
    )
    evidence = CaravanEvidence(told, SCENARIO.network, counts=(1, 1, 5), draws=Draws(1))
    engine = Still()
    view = engine.observe(np.full(5, 900))
    slept = replace(view, groups=replace(view.groups, head_km=np.tile([300.0, 0.0, 0.0], (5, 1))))
    evidence.see(0, slept)
    evidence.see(1, slept)
    assert evidence._before_km[:, 1] == pytest.approx(300.0)


@pytest.mark.parametrize(
    ("kind", "segment", "facts", "what"),
    [
        ("position", "main", {}, (POSITION, SIZE)),
        ("position", "whole", {"place": -1}, (SIZE,)),
        ("position", "size_only", {}, (SIZE,)),
        ("position", "cumulative", {}, ()),
        ("position", "branch", {}, ()),
        ("arrivals", "main", {}, (POSITION,)),
        ("departures", "main", {}, (POSITION,)),
        ("claims", "cumulative", {"place": -1}, (OUTCOME,)),
        ("crossings", "main", {}, ()),
        ("incident", "main", {"low": None, "high": None}, ()),
        ("next_stop", "main", {"low": None, "high": None}, (NEXT_STOP,)),
    ],
)
def test_what_a_report_says_or_why_it_says_nothing(
    kind: str, segment: str, facts: dict[str, object], what: tuple[str, ...]
) -> None:
    plain = report(SCENARIO, 4, town_at(100.0), 900.0, kind=kind, segment=segment)
    told, why = observations([replace(plain, **facts)], ONE, start=SCENARIO.start)
    assert tuple(one.what for one in told) == what
    assert (why == ("",)) == bool(what)


def test_flows_count_their_own_days_and_cumulative_figures_all() -> None:
    plain = report(SCENARIO, 4, -1, 900.0, kind="claims")
    since = replace(plain, since=SCENARIO.start + timedelta(days=2))
    everything = replace(plain, segment="cumulative")
    told, _ = observations([plain, since, everything], ONE, start=SCENARIO.start)
    assert [one.since for one in told] == [4, 2, -1]


def test_a_rough_date_is_that_of_whoever_tells_the_same_surely() -> None:
    sure = report(SCENARIO, 4, town_at(100.0), 4013.0, source_kind="press")
    rough = replace(sure, observed=sure.observed + timedelta(days=1), quality="approx_date", source="other")
    told, _ = observations([sure, rough], ONE, start=SCENARIO.start, copies=[7, 7])
    assert {one.day for one in told} == {4}
    assert len(shared(told)) == 2  # a place and a size
    apart, _ = observations([sure, rough], ONE, start=SCENARIO.start, copies=[7, 8])
    assert {one.day for one in apart} == {4, 5}


def test_what_an_ancestor_remembers_its_copy_remembers() -> None:
    claims = report(SCENARIO, 2, -1, 40.0, kind="claims")
    week = replace(claims, since=SCENARIO.start + timedelta(days=1), segment="cumulative")
    told, _ = observations([claims, week], ONE, start=SCENARIO.start)
    evidence = CaravanEvidence(told, SCENARIO.network, counts=(1, 2, 3), draws=Draws(1))
    engine, people = Still(), np.array([900, 901, 902])
    gone = [np.array([0, 0, 0]), np.array([10, 20, 30]), np.array([15, 50, 31])]
    for day, claimed in enumerate(gone):
        view = engine.observe(people)
        head = np.tile([100.0 * day], (3, 3)) + np.arange(3)[:, None]
        groups = replace(view.groups, head_km=head)
        evidence.see(day, replace(view, outcomes={"claimed": claimed}, groups=groups))
    today = replace(engine.observe(people), outcomes={"claimed": gone[2]})
    assert evidence._gone(today, told[0]).tolist() == [5, 30, 1]
    assert evidence._gone(today, told[1]).tolist() == [15, 50, 31]
    assert evidence._gone(today, replace(told[0], since=-1)).tolist() == [15, 50, 31]
    chosen = np.array([2, 1, 1])
    evidence.taken(chosen)
    copies = replace(today, outcomes={"claimed": gone[2][chosen]})
    assert evidence._gone(copies, told[0]).tolist() == [1, 30, 30]
    assert evidence._before_km[:, 0].tolist() == [102.0, 101.0, 101.0]


def test_stocks_count_who_is_in_that_town_and_a_part_of_them_may_be_told() -> None:
    plain = report(SCENARIO, 4, 3, 400.0, kind="stock")
    told, _ = observations([plain, replace(plain, segment="cumulative")], ONE, start=SCENARIO.start)
    assert told[1].bounds == (told[0].bounds[0], 2.5 * told[0].bounds[1])
    evidence = CaravanEvidence(told, SCENARIO.network, counts=(1, 2, 2), draws=Draws(1))
    stock = np.arange(10).reshape(2, 5)
    view = replace(Still().observe(np.array([900, 900])), stock=stock)
    assert evidence._people(view, told[0]).tolist() == [3.0, 8.0]


def test_one_event_that_two_kinds_of_source_tell_has_one_error() -> None:
    one = report(SCENARIO, 4, town_at(100.0), 4013.0, source_kind="press")
    told, _ = observations(
        [one, replace(one, source_kind="official")], ONE, start=SCENARIO.start, copies=[3, 3]
    )
    assert sorted(len(alike) for alike in shared(told)) == [2, 2]
    apart, _ = observations([one, replace(one, source_kind="official")], ONE, start=SCENARIO.start)
    assert len(shared(apart)) == 4
