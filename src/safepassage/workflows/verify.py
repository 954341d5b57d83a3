"""Hold the model against what was counted: the split of people over the camps of a displacement crisis.

The daily total is given to the model, as in Flee's own validation, so only the split is judged, and always
beside splits that need no model. The capacities in such folders are, by Flee's documentation, the maxima of
the very series that is scored; the protocol "split-no-capacity" takes them away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters import builtin, flee, folder
from safepassage.core.displacement import Displacement, camp_counts
from safepassage.core.draws import Draws
from safepassage.core.engine import Conduct, DayView, Engine, NoProgress, Progress
from safepassage.core.errors import Fault, InputError, UnsupportedInput
from safepassage.core.scenario import Scenario
from safepassage.engines.choice import engine_for
from safepassage.engines.run import run
from safepassage.scoring.ard import ard, daily_difference, mean_shares
from safepassage.scoring.split import by_capacity, equally, kept_shares
from safepassage.workflows.verify_caravan import Row

PROTOCOLS = {"as-is": "split-as-is", "removed": "split-no-capacity"}
MEMBERS = 4
OURS = "ours"


@dataclass(frozen=True)
class SplitScore:
    """One crisis held against its camp counts.

    Parameters
    ----------
    case : str                  the folder's name.
    protocol : str              one of `PROTOCOLS`' values.
    days : int                  length of the run, all of which is scored.
    ard : (member,) float64     rescaled, one per member.
    shares : (member, camp) float64     time-mean shares.
    camps : tuple of str
    baselines : dict of str to float    rescaled ARD of the splits without a model; NaN: has no meaning here.
    engine, reason : str
    daily : dict of str to (day,) float64   relative difference, of ours (`OURS`) and each baseline.
    pooled : float or None      ARD of the members' mean split, where that is the forecast; else None.
    """

    case: str
    protocol: str
    days: int
    ard: NDArray[np.float64]
    shares: NDArray[np.float64]
    camps: tuple[str, ...]
    baselines: dict[str, float]
    engine: str
    reason: str
    daily: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    pooled: float | None = None

    @property
    def value(self) -> float:
        """Give the ARD that counts: of the mean split if that is the forecast, else the members' mean."""
        return float(self.ard.mean()) if self.pooled is None else self.pooled

    def rows(self) -> list[Row]:
        """Give one row per baseline: `horizon_days` is the length of the run, the unit of ARD is 1."""
        return [
            Row(self.case, self.protocol, self.days, "ard", self.value, "1", name, baseline)
            for name, baseline in self.baselines.items()
        ]


def read_all(
    folders: Sequence[str | Path], *, compat: bool = False, hasten: int | None = None
) -> tuple[list[Scenario], list[Fault]]:
    """Read Flee folders, all of them, before any is run.

    Returns
    -------
    scenarios, notices

    Raises
    ------
    InputError      with every fault of every folder.
    """
    scenarios: list[Scenario] = []
    notices: list[Fault] = []
    errors: list[InputError] = []
    for given in folders:
        try:
            scenario, found = flee.read(_flee_folder(Path(given)), compat=compat, hasten=hasten)
        except InputError as error:
            errors.append(error)
            continue
        scenarios.append(scenario)
        prefix = f"{scenario.name}/" if len(folders) > 1 else ""
        notices.extend(replace(notice, file=prefix + notice.file) for notice in found)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        kind = UnsupportedInput if all(isinstance(one, UnsupportedInput) for one in errors) else InputError
        headline = " ".join(one.headline for one in errors)
        raise kind((fault for one in errors for fault in one.faults), headline)
    return scenarios, notices


def sort_cases(cases: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tell Flee folders, whose split over camps is scored, from scenarios, whose caravan is.

    Returns
    -------
    flee_folders, scenarios     in order; what is neither counts as a Flee folder and is refused there.
    """
    ours = [
        case for case in cases if case in builtin.scenario_names() or folder.is_scenario_folder(Path(case))
    ]
    return [case for case in cases if case not in ours], ours


def _flee_folder(path: Path) -> Path:
    if path.is_dir() and flee.is_flee_folder(path):
        return path
    expected = "a Flee folder (input_csv, source_data, simsetting.yml), or a scenario with a truth.csv"
    found = "another kind of folder" if path.is_dir() else "no folder"
    raise InputError(
        Fault(path.name or str(path), found, expected, "give the path of such a folder, or a built-in's name")
    )


def verify_split(
    scenario: Scenario,
    *,
    capacities: str = "as-is",
    members: int | None = None,
    seed: int = 1,
    engine: str | None = None,
    progress: Progress | None = None,
) -> SplitScore:
    """Run one crisis with its daily totals given, and score the split over its camps.

    Parameters
    ----------
    scenario : Scenario     from a Flee folder.
    capacities : str        "as-is", or "removed": camps have no limit.
    members : int or None   None: `MEMBERS`.
    seed : int
    engine : str or None    "agents" or "cohorts", to overrule the choice.
    progress : Progress or None

    Returns
    -------
    SplitScore

    Raises
    ------
    InputError      if no camp has a series to be compared with.
    ModelError      if the engine asked for cannot follow the folder's rules.
    """
    displacement = with_counts(scenario)
    given = np.maximum(scenario.network.places.capacity_people[displacement.camps], 0).astype(np.float64)
    if capacities == "removed":
        scenario = without_capacities(scenario)
    members = members or MEMBERS
    kernel = engine_for(scenario, force=engine, members=members)
    people = _simulated(kernel, displacement.camps, scenario.days, members, seed, progress or NoProgress())
    used = kernel.timetable.displacement
    counted = camp_counts(used, np.arange(scenario.days)).astype(np.float64)
    if not counted.any():
        found = f"nobody left at {used.people_per_agent:,} people per agent"
        raise InputError(Fault(scenario.name, found, "people to split over camps", "lower --hasten"))
    agents = people / used.people_per_agent
    return SplitScore(
        case=scenario.name,
        protocol=PROTOCOLS[capacities],
        days=scenario.days,
        ard=ard(agents, counted),
        shares=mean_shares(agents),
        camps=tuple(scenario.network.places.ids[camp] for camp in displacement.camps),
        baselines={name: float(ard(split, counted)) for name, split in plain_splits(counted, given).items()},
        engine=kernel.name,
        reason=kernel.reason,
        daily={
            OURS: daily_difference(agents, counted).mean(axis=0),
            **{
                name: daily_difference(split, counted) for name, split in plain_splits(counted, given).items()
            },
        },
    )


def plain_splits(counted: NDArray[np.float64], given: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Split each day's total (day, camp) without a model, by name; `given` are the capacities (camp,)."""
    return {
        "split by capacity": by_capacity(counted, given),
        "shares of day 30 kept": kept_shares(counted),
        "equal split": equally(counted),
    }


def with_counts(scenario: Scenario) -> Displacement:
    """Give the displacement of a scenario with counts in camps; without any, an InputError."""
    displacement = scenario.displacement
    if displacement is not None and len(displacement.camps):
        return displacement
    fault = Fault(scenario.name, "no camp with a series", "counts to compare with", "add source_data")
    raise InputError(fault, "This scenario cannot be verified.")


def without_capacities(scenario: Scenario) -> Scenario:
    """Give the scenario with camps that have no limit."""
    places = scenario.network.places
    unlimited = replace(places, capacity_people=np.full(len(places), -1, dtype=np.int64))
    displacement = scenario.displacement
    if displacement is not None:
        displacement = replace(displacement, capacity_per_day=np.zeros_like(displacement.capacity_per_day))
    return replace(scenario, network=replace(scenario.network, places=unlimited), displacement=displacement)


def _simulated(
    kernel: Engine[Any], camps: NDArray[np.int64], days: int, members: int, seed: int, progress: Progress
) -> NDArray[np.float64]:
    seen = _Camps(camps, members=members, days=days)
    run(kernel, days=days, members=members, draws=Draws(seed), observers=[seen], conduct=Conduct(progress))
    return seen.people


class _Camps:
    """An observer that keeps every member's people in the camps: (member, day, camp)."""

    def __init__(self, camps: NDArray[np.int64], *, members: int, days: int) -> None:
        self._camps = camps
        self.people = np.empty((members, days, len(camps)))

    def see(self, day: int, view: DayView) -> None:
        self.people[:, day] = view.stock[:, self._camps]
