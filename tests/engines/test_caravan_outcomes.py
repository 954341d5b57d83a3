from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from engines.corridors import START, caravan, corridor
from safepassage.core.caravan_outcomes import DEFAULT_OUTCOMES, with_default_outcomes
from safepassage.core.caravan_priors import DEFAULT_PRIORS
from safepassage.core.draws import Draws
from safepassage.core.outcomes import GOING_ON, STATUSES, OutcomeChance, excesses
from safepassage.engines.luck import prior_quantile
from safepassage.engines.outcomes import OutcomeTable
from safepassage.engines.run import days_of
from safepassage.workflows.engine import engine_for

SCENARIO = caravan(corridor([30.0] * 12), people=4000.0)


def test_the_ways_out_of_any_caravan_name_no_country_and_let_nobody_go_on_alone() -> None:
    assert all(row.country == "" and row.source == "planning assumption" for row in DEFAULT_OUTCOMES)
    assert not {row.outcome for row in DEFAULT_OUTCOMES} & {*GOING_ON, "died", "other"}
    assert not excesses(DEFAULT_OUTCOMES)


def test_they_lose_with_the_rate_of_leaving_what_other_caravans_lost() -> None:
    # What that rate alone was judged by: 0.6 to 7 % a day, 2.7 % in the mean.
    (rate,) = [prior for prior in DEFAULT_PRIORS if prior.name == "leave_rate_per_day"]
    slots, draws = np.arange(20_000), Draws(1)
    left = prior_quantile(rate, draws.uniform(rate.name, day=0, slots=slots))
    table = OutcomeTable(with_default_outcomes(SCENARIO))
    chances = table.chances_at(
        table.believed(slots=slots, draws=draws),
        0,
        status=np.full(len(slots), STATUSES.index("moving")),
        place=np.zeros(len(slots), dtype=np.int64),
    )
    total = left - np.log1p(-chances.sum(axis=1))
    assert abs(total.mean() - 0.0271) < 0.002
    assert 0.006 < np.quantile(total, 0.05) < 0.011
    assert abs(np.quantile(total, 0.95) - 0.07) < 0.004


def test_a_scenario_that_tells_of_ways_out_has_no_others_and_one_without_groups_has_none() -> None:
    row = OutcomeChance("settled", "", "", None, None, 0.0, 0.0, START, "test")
    assert with_default_outcomes(replace(SCENARIO, outcomes=(row,))).outcomes == (row,)
    assert with_default_outcomes(replace(SCENARIO, groups=())).outcomes == ()
    assert with_default_outcomes(SCENARIO).outcomes == DEFAULT_OUTCOMES
    assert all(row.announced == date.min for row in DEFAULT_OUTCOMES)


def test_members_are_told_who_has_left_in_what_way_without_compiled_code() -> None:
    engine, _ = engine_for(SCENARIO, days=12)
    assert not engine.compiles  # type: ignore[attr-defined]
    *_, (_, state, view) = days_of(engine, days=12, members=50, draws=Draws(1))
    named = {"claimed", "returned", "assisted_return", "settled", "detained"}
    assert set(view.outcomes) == {"left", *named}
    assert all((view.outcomes[name] > 0).any() for name in named)
    here = view.stock.sum(axis=1) + view.on_road
    assert (here + sum(view.outcomes.values()) == 4000).all()
    assert engine.scores(state).shape[1] >= len(DEFAULT_OUTCOMES)  # type: ignore[attr-defined]
