"""Which kernel runs a scenario: by what its rules need, and the reason goes into the manifest."""

from __future__ import annotations

from typing import Any

from safepassage.core.engine import Engine
from safepassage.core.errors import Fault, InputError
from safepassage.core.scenario import GoalLaw, Scenario

# Quantiles at 5 % need some hundred members; people simulated one by one cost too much for that.
DEFAULT_MEMBERS = 500
DEFAULT_MEMBERS_ONE_BY_ONE = 20


def engine_for(scenario: Scenario, *, days: int, force: str | None = None) -> Engine[Any]:
    """Choose and build the kernel.

    Parameters
    ----------
    scenario : Scenario     as known at its as-of date.
    days : int              horizon.
    force : str or None     a kernel's name, to overrule the choice.

    Raises
    ------
    InputError              if the forced kernel does not exist or cannot run these rules.
    """
    # Each law's kernels are imported when needed: the compiled ones cost a second that groups do without.
    if isinstance(scenario.law, GoalLaw):
        from safepassage.engines.goal_travel import GoalEngine

        return _only(GoalEngine(scenario, days=days), force)
    from safepassage.engines.choice import engine_for as local_engine_for

    return local_engine_for(scenario, days=days, force=force)


def default_members(engine: Engine[Any]) -> int:
    """Give the number of members to run where the user names none."""
    return DEFAULT_MEMBERS_ONE_BY_ONE if engine.name == "agents" else DEFAULT_MEMBERS


def _only(engine: Engine[Any], force: str | None) -> Engine[Any]:
    if force is not None and force != engine.name:
        fault = Fault(
            file="--engine",
            found=force,
            expected=f"'{engine.name}', the only kernel for groups and the goal law",
            mend="leave --engine out",
        )
        raise InputError(fault)
    return engine
