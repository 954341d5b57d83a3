"""Which kernel runs a scenario: by what its rules need, and the reason goes into the manifest."""

from __future__ import annotations

from typing import Any

from safepassage.core.caravan_outcomes import with_default_outcomes
from safepassage.core.engine import Engine
from safepassage.core.errors import Fault, InputError
from safepassage.core.scenario import GoalLaw, Scenario

# Quantiles at 5 % need some hundred members; where people are many and their rules need single agents, fewer
# are run, as many as the time allows.
DEFAULT_MEMBERS = 500
FEWEST_MEMBERS = 20
MOST_SECONDS = 20.0  # of one core, as foreseen
# More steps of single people than this and one of them stands for several.
AGENT_DAYS = 1e9


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

        kernel_of_groups = GoalEngine(with_default_outcomes(scenario), days=days)
        return _only(kernel_of_groups, force), members or DEFAULT_MEMBERS
    from safepassage.engines.choice import engine_for as local_engine_for
    from safepassage.engines.choice import foreseen_seconds

    few = members or FEWEST_MEMBERS
    kernel = local_engine_for(scenario, days=days, force=force, members=few, agent_days=AGENT_DAYS)
    if members is None:
        each = foreseen_seconds(kernel, days=days, members=FEWEST_MEMBERS) / FEWEST_MEMBERS
        few = int(min(DEFAULT_MEMBERS, max(FEWEST_MEMBERS, MOST_SECONDS / max(each, 1e-9))))
    return kernel, few


def compiles_first(engine: Engine[Any]) -> bool:
    """Tell whether the kernel has to be compiled before it runs, which takes up to a minute, once."""
    if engine.name not in ("agents", "cohorts", "flow") and not getattr(engine, "compiles", False):
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
