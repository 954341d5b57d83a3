"""Who goes where tomorrow, with what: needs of all members, what can be brought, and a plan between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from safepassage.core.coverage import Board
from safepassage.core.engine import NoProgress, Progress
from safepassage.core.logistics import Carrier, Logistics
from safepassage.core.needs import Needs
from safepassage.core.plan import Dispatch, Judgement, Plan, PlanProblem, PlanRules
from safepassage.core.plan_story import PlanStory
from safepassage.core.scenario import Scenario
from safepassage.planning.board import board_of
from safepassage.planning.judge import JUDGING
from safepassage.planning.planner import Planned, plan_deliveries
from safepassage.planning.rooms import rooms
from safepassage.planning.routes import routes_of
from safepassage.settings.forecast import ForecastOptions
from safepassage.workflows.forecast import horizon_of
from safepassage.workflows.manifest import checksum_of
from safepassage.workflows.needs import NeedsAsk, NeedsRun, needs

# A need of so many numbers is kept for planning; above it, evenly spaced members stand for all.
MOST_NUMBERS = 100_000_000
MOST_PLACES = 40
JUDGED_MEMBERS = 20
PLANNING = "planning who brings what / se planea quién lleva qué"


@dataclass(frozen=True)
class PlanAsk:
    """What a plan is asked to do.

    Parameters
    ----------
    needs : NeedsAsk        profile, horizon, phase, weather, and the logistics: what was told after the as-of
        date is hidden.
    rules : PlanRules
    answered : tuple of Dispatch    of earlier plans, as they were answered by the as-of date.
    places : int            towns planned for, those with most people first.
    judged : int            members that the plan is held against, evenly spaced; 0: it is not judged.
    """

    needs: NeedsAsk = field(default_factory=NeedsAsk)
    rules: PlanRules = field(default_factory=PlanRules)
    answered: tuple[Dispatch, ...] = ()
    places: int = MOST_PLACES
    judged: int = JUDGED_MEMBERS


@dataclass(frozen=True)
class PlanRun:
    """A plan, the needs it serves, and what it is worth.

    Parameters
    ----------
    needs_run : NeedsRun
    logistics : Logistics       as known at the as-of date, without the room of shelters.
    planned : Planned
    board : Board
    judgement : Judgement or None
    ask : PlanAsk
    """

    needs_run: NeedsRun
    logistics: Logistics
    planned: Planned
    board: Board
    judgement: Judgement | None
    ask: PlanAsk

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.planned.plan

    @property
    def needs(self) -> Needs:
        """The needs."""
        return self.needs_run.needs

    @property
    def problem(self) -> PlanProblem:
        """What the plan was made from."""
        return self.planned.situation.problem

    @cached_property
    def story(self) -> PlanStory:
        """All that is told of the plan."""
        problem = self.problem
        return PlanStory(
            self.needs, self.plan, self.board, self.judgement, self.logistics, problem.items,
            routes_of(problem, self.plan.dispatches), problem.rules, problem.events,
        )  # fmt: skip

    @property
    def manifest(self) -> dict[str, Any]:
        """Give the manifest of the needs, with what the plan was asked and what it was made from."""
        asked = {
            "rules": asdict(self.ask.rules),
            "places": self.ask.places,
            "members_judged": self.judgement.members if self.judgement else 0,
            "answered": [{"id": one.id, "status": one.status} for one in self.ask.answered],
            "logistics_sha256": checksum_of(self.logistics),
            "logistics_illustrative": self.logistics.illustrative_words,
        }
        return {**self.needs_run.manifest, "plan": asked}

    def write(self, out: str | Path, *, progress: Progress | None = None) -> dict[str, Path]:
        """Write pages, tables and map layer to a folder; give the path of each.

        Raises
        ------
        OSError         if the folder cannot be written to.
        """
        from safepassage.adapters.plan_outputs import write_plan

        (Path(out) / "manifest.json").unlink(missing_ok=True)
        forecast = self.needs_run.made.forecast
        return write_plan(self.story, forecast, Path(out), manifest=self.manifest, progress=progress)


def plan(
    scenario: Scenario,
    ask: PlanAsk | None = None,
    *,
    progress: Progress | None = None,
    **options: Unpack[ForecastOptions],
) -> PlanRun:
    """Propose who brings what to which town, from what is known at the as-of date.

    Parameters
    ----------
    scenario : Scenario         from `load`.
    ask : PlanAsk or None       None: all as it is by default, with no supplies at all.
    progress : Progress or None
    **options                   members, seed, as_of … as of `forecast`.

    Raises
    ------
    InputError      as `needs`; and whatever in supplies, carriers, requests or rules makes no plan.
    """
    ask = ask or PlanAsk()
    watch = progress if progress is not None else NoProgress()
    run = needs(scenario, ask.needs, progress=progress, **options)
    known = ask.needs.logistics.known_by(run.needs.as_of)
    problem = problem_of(run, known, ask)
    watch.say(0, 1, PLANNING)
    planned = plan_deliveries(problem)
    board = board_of(run.needs, problem, planned.plan)
    judgement = None
    if ask.judged:
        watch.say(0, 1, JUDGING)
        judgement = planned.judged(ask.judged, watch)
    watch.say(1, 1, PLANNING)
    return PlanRun(run, known, planned, board, judgement, ask)


def as_of_day(scenario: Scenario, **options: Unpack[ForecastOptions]) -> date:
    """Give the as-of date that a plan with these options has, to load what was answered by then."""
    return horizon_of(scenario, **options).as_of


def problem_of(run: NeedsRun, logistics: Logistics, ask: PlanAsk) -> PlanProblem:
    """Lay out needs and logistics as a problem to be planned.

    Parameters
    ----------
    run : NeedsRun
    logistics : Logistics       as known at the as-of date.
    ask : PlanAsk
    """
    told, known = run.needs, run.made.scenario
    demand = told.demand(most=ask.places)
    items = tuple(told.by_id[item].item for item in demand.items)
    chosen = _thinned(demand.amount.shape, len(told.network.places))
    need = _over_network(demand.amount[chosen], demand.places, len(told.network.places))
    there = told.kept.there[chosen][:, :, : len(demand.places)]
    people = _over_network(there[..., None], demand.places, len(told.network.places))[..., 0]
    room = rooms(known.network.places, known.events, first=told.first, days=told.days)
    wanted = set(demand.items)
    return PlanProblem(
        network=told.network,
        start=told.first,
        items=items,
        need=need,
        people=people,
        logistics=replace(
            logistics,
            supplies=(
                *(one for one in logistics.supplies if one.item in wanted),
                *(one for one in room if one.item in wanted),
            ),
            carriers=tuple(_useful(logistics.carriers, wanted)),
            requests=tuple(one for one in logistics.requests if one.item in wanted),
        ),
        events=known.events,
        answered=ask.answered,
        rules=ask.rules,
    )


def _useful(carriers: Iterable[Carrier], wanted: set[str]) -> Iterator[Carrier]:
    """Give the carriers that may carry something that the profile speaks of, and of their items these."""
    for one in carriers:
        items = tuple(item for item in one.items if item in wanted)
        if items or not one.items:
            yield replace(one, items=items)


def _thinned(shape: Sequence[int], places: int) -> NDArray[np.int64]:
    members, days, _, items = shape
    most = max(1, MOST_NUMBERS // max(1, days * places * items))
    return np.unique(np.linspace(0, members - 1, min(members, most)).round().astype(np.int64))


def _over_network(values: NDArray[np.float32], places: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    result = np.zeros((*values.shape[:2], count, values.shape[3]), dtype=np.float32)
    result[:, :, places] = values
    return result
