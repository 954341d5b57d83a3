"""Which kernel runs a scenario: by what its rules need, and the reason goes into the manifest."""

from __future__ import annotations

from typing import Any

from safepassage.core.engine import Engine
from safepassage.core.errors import Fault, InputError
from safepassage.core.scenario import GoalLaw, Scenario

# Quantiles at 5 % need some hundred members; people simulated one by one cost too much for that.
DEFAULT_MEMBERS = 500
DEFAULT_MEMBERS_ONE_BY_ONE = 20
# A member-day of cohorts costs a millisecond or two, by the number of paths: a minute on two cores.
COHORT_MEMBER_DAYS = 60_000
FEWEST_MEMBERS = 10
# More steps of single people than this and one of them stands for several: some ten seconds on two cores.
AGENT_DAYS = 2e8


def engine_for(
    scenario: Scenario, *, days: int, members: int | None = None, force: str | None = None
) -> tuple[Engine[Any], int]:
    """Choose and build the kernel, and say how many members to run.

    Parameters
    ----------
    scenario : Scenario     as known at its as-of date.
    days : int              horizon.
    members : int or None   None: as many as quantiles need, fewer where people are simulated one by one.
    force : str or None     a kernel's name, to overrule the choice.

    Raises
    ------
    InputError              if the forced kernel does not exist or cannot run these rules.
    """
    # Each law's kernels are imported when needed: the compiled ones cost a second that groups do without.
    if isinstance(scenario.law, GoalLaw):
        from safepassage.engines.goal_travel import GoalEngine

        return _only(GoalEngine(scenario, days=days), force), members or DEFAULT_MEMBERS
    from safepassage.engines.choice import engine_for as local_engine_for

    few = members or DEFAULT_MEMBERS_ONE_BY_ONE
    kernel = local_engine_for(scenario, days=days, force=force, members=few, agent_days=AGENT_DAYS)
    if kernel.name == "agents":
        return kernel, few
    return kernel, members or max(FEWEST_MEMBERS, min(DEFAULT_MEMBERS, COHORT_MEMBER_DAYS // days))


def compiles_first(engine: Engine[Any]) -> bool:
    """Tell whether the kernel has to be compiled before it runs, which takes up to a minute, once."""
    if engine.name not in ("agents", "cohorts") and not getattr(engine, "compiles", False):
        return False
    from safepassage.engines.compiled import nothing_compiled_yet

    return nothing_compiled_yet()


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
