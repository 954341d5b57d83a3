"""How people leave any caravan, before a scenario says it: wide chances a day that reports can sharpen.

Planning assumptions, the same for every case and country. Together with `leave_rate_per_day`, whose range was
lowered by them, they keep what two other caravans lost (see `caravan_priors`): 2.7 % a day in the mean, 0.9
to 6.9 % in nine of ten members. Rows of a scenario replace all of them.

Riding ahead and dropping back are left out: whoever does so in numbers is a part of the caravan (segments),
and people who go on alone need the compiled kernel.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from safepassage.core.outcomes import OutcomeChance
from safepassage.core.scenario import GoalLaw, Scenario

_ASSUMED = "planning assumption"


def _row(outcome: str, high: float, reason: str, *, status: str = "") -> OutcomeChance:
    return OutcomeChance(outcome, status, "", None, None, 0.0, high, date.min, _ASSUMED, reason)


DEFAULT_OUTCOMES: tuple[OutcomeChance, ...] = (
    _row("claimed", 0.006, "none, or one in six who stays for a month: offices are few on the road"),
    _row("claimed", 0.02, "who is held has an office before him, and time", status="held"),
    _row("returned", 0.002, "none, or one in twenty of a month: large groups are seldom broken up"),
    _row("assisted_return", 0.004, "none, or one in ten of a month gives up and takes a seat home"),
    _row("assisted_return", 0.008, "who is held gives up more often", status="held"),
    _row("settled", 0.003, "none, or one in twelve of a month finds work or kin on the way"),
    _row("detained", 0.003, "none, or one in twelve of a month is taken while apart from the group"),
)


def with_default_outcomes(scenario: Scenario) -> Scenario:
    """Give a scenario with groups the ways out of any caravan, unless it has its own."""
    if scenario.outcomes or not scenario.groups or not isinstance(scenario.law, GoalLaw):
        return scenario
    return replace(scenario, outcomes=DEFAULT_OUTCOMES)
