"""The face of every engine, and of whoever watches it run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from safepassage.core.draws import Draws
from safepassage.core.executor import Executor

State = TypeVar("State")


@dataclass(frozen=True)
class GroupView:
    """The groups of all members after one day; every array is (member, column), as told in `Tracked`.

    First come the main bodies, one per caravan; their `joined` and `left` tell of the whole caravan.

    `head_km` and `tail_km` in km along the member's own road, `place` the last place reached on it and
    `beyond_km` the km walked since, `size`, `joined` and `left` in people (the
    latter two cumulative), `mode` a position in `forecast.MODES`, `alive` false once a group has dissolved.
    """

    head_km: NDArray[np.float64]
    tail_km: NDArray[np.float64]
    place: NDArray[np.int64]
    beyond_km: NDArray[np.float64]
    size: NDArray[np.int64]
    mode: NDArray[np.int8]
    alive: NDArray[np.bool_]
    joined: NDArray[np.int64]
    left: NDArray[np.int64]


@dataclass(frozen=True)
class DayView:
    """What a reporter with eyes everywhere would count on the evening of one day.

    Parameters
    ----------
    stock : (member, place) int64       people who stay the night at each place.
    on_road : (member,) int64           people on a link, in no place.
    outcomes : dict of name to (member,) int64   people counted out since the start ("left", "returned" …).
    reservoir : (member,) int64         people who may still join.
    groups : GroupView or None
    """

    stock: NDArray[np.int64]
    on_road: NDArray[np.int64]
    outcomes: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    reservoir: NDArray[np.int64] | None = None
    groups: GroupView | None = None


class Engine(Protocol[State]):
    """How people move through a day, for a whole ensemble at once. Pure: a step gives a new state.

    The engine holds what does not change during the run (network, law, calendar of known events).

    Parameters
    ----------
    name, reason : str      the kernel, and why it runs, in a sentence for the manifest.
    smallest_part : int     fewest members that are worth a thread or worker of their own.
    """

    name: str
    reason: str
    smallest_part: int

    def init(self, *, slots: NDArray[np.int64], draws: Draws) -> State:
        """Draw what could be true on the evening before day 0, for the members in these draw slots.

        Members know nothing of each other: any subset of slots, in any order, has the same bits.
        """
        ...

    def step(self, state: State, *, day: int, draws: Draws) -> State:
        """Let one day pass: events → departures → decide → travel → outcomes → count."""
        ...

    def observe(self, state: State) -> DayView:
        """Count people where they are on the evening of the last day stepped."""
        ...


@dataclass(frozen=True)
class Along:
    """Where one place lies for every member's body of people, (member,).

    Parameters
    ----------
    km : float64        along the member's own road: the nearest point of it.
    off_km : float64    from there to the place, by road; 0 where the road leads through it, inf where no
        road of the network leads there.
    """

    km: NDArray[np.float64]
    off_km: NDArray[np.float64]


class Tracked(Engine[State], Protocol[State]):
    """An engine whose members can be weighed, copied and moved by reports.

    A *column* is one body of people: of `groups` caravans, column g is the main body of caravan g, column
    groups + g what has ridden ahead of it and 2 * groups + g what has fallen behind (`SEGMENT_COLUMNS`).
    """

    def bodies(self, state: State) -> GroupView | None:
        """Give `observe(state).groups` without counting people by town; None: there are no groups."""
        ...

    def taken(self, state: State, ancestors: NDArray[np.int64], *, draws: Draws) -> State:
        """Let member k go on as a copy of member `ancestors[k]`; one that is its own ancestor stays.

        A copy draws its luck by its own slot from now on, and what lies ahead of it, of which no report can
        have spoken, is drawn anew. `parent` tells the slot of the ancestor.
        """
        ...

    def scores(self, state: State) -> NDArray[np.float64]:
        """Give what each member believes of its parameters as normal scores under their priors.

        Returns
        -------
        (member, parameter) float64     0: the prior's median; parameters that are fixed have no column.
        """
        ...

    def believing(self, state: State, scores: NDArray[np.float64]) -> State:
        """Give the state with other beliefs; the inverse of `scores`."""
        ...

    def relocated(self, state: State, places: NDArray[np.int64], *, column: int, draws: Draws) -> State:
        """Put the body of people of one column in other places tonight: a move the model did not foresee.

        Its road leads there from where it was, and goes on by the law of the engine.

        Parameters
        ----------
        places : (member,) int64    position in `Places`; -1: stays where it is.
        """
        ...

    def resized(self, state: State, people: NDArray[np.int64], *, column: int) -> State:
        """Change how many people one column has: more or fewer were there than was believed.

        Whether they joined or left, and when, is not known: neither is counted for it.

        Parameters
        ----------
        people : (member,) int64    >= 0.
        """
        ...

    def along(self, state: State, place: int, *, column: int) -> Along:
        """Tell where a place lies on the road of one column of every member."""
        ...


@runtime_checkable
class Trying(Protocol):
    """An engine that can live a day of travel several times over, so that one of them may be chosen."""

    def tried(self, state: Any, *, day: int, draws: Draws, attempt: int) -> Any:
        """Give the state after the main bodies' travel of a day, with the luck of one attempt, and no more.

        Parameters
        ----------
        attempt : int       0 is the luck that `step` has.
        """
        ...

    def meant(self, state: Any, attempts: NDArray[np.int64]) -> Any:
        """Let the next `step` have the luck of these attempts for main bodies, (member, caravan)."""
        ...


# Which part of a caravan a column holds; see `Tracked`.
SEGMENT_COLUMNS = ("main", "advance", "rear")


class Observer(Protocol):
    """Is shown every day once, in order, and keeps what it needs."""

    def see(self, day: int, view: DayView) -> None:
        """Take in the evening of one day."""
        ...


@runtime_checkable
class Follower(Protocol):
    """An observer that remembers single members: it follows them when reports copy some over others."""

    def taken(self, chosen: NDArray[np.int64]) -> None:
        """Let member k have the past of member `chosen[k]`, (member,)."""
        ...


class Progress(Protocol):
    """Is told how far a long job is. The default (`NoProgress`) does nothing."""

    def say(self, done: int, total: int, what: str) -> None:
        """Take note that `done` of `total` steps of `what` are finished."""
        ...


class NoProgress:
    """Progress for those who do not watch."""

    def say(self, done: int, total: int, what: str) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Conduct:
    """How a run is carried out; none of it changes a bit of the result.

    Parameters
    ----------
    progress : Progress
    executor : Executor or None     None: threads on all cores.
    keeper : Keeper or None         keeps checkpoints; if it has one, the run goes on from there.
    """

    progress: Progress = field(default_factory=NoProgress)
    executor: Executor | None = None
    keeper: Keeper | None = None


class Keeper(Protocol):
    """Keeps a run so that it can go on after it was killed."""

    def due(self) -> bool:
        """Tell whether it is time to keep the run again."""
        ...

    def keep(self, day: int, states: Sequence[Any], observers: Sequence[Observer]) -> None:
        """Keep the evening of `day`: the state of every part, and what the observers have gathered."""
        ...

    def restore(self, template: Any, observers: Sequence[Observer]) -> tuple[int, list[Any]] | None:
        """Give the last evening that was kept, states shaped like `template`, and fill the observers.

        Returns
        -------
        (day, states) or None       None: nothing was kept, or nobody wants to go on from it.
        """
        ...


def joined(views: Sequence[DayView]) -> DayView:
    """Put the views of some members each, of the same evening, together in order."""
    if len(views) == 1:
        return views[0]
    first = views[0]
    groups = reservoir = None
    if first.groups is not None:
        parts = [view.groups for view in views if view.groups is not None]
        groups = GroupView(**{f.name: _stacked(parts, f.name) for f in fields(GroupView)})
    if first.reservoir is not None:
        reservoir = _stacked(views, "reservoir")
    return DayView(
        stock=_stacked(views, "stock"),
        on_road=_stacked(views, "on_road"),
        outcomes={name: np.concatenate([view.outcomes[name] for view in views]) for name in first.outcomes},
        reservoir=reservoir,
        groups=groups,
    )


def _stacked(parts: Sequence[Any], name: str) -> NDArray[Any]:
    return np.concatenate([getattr(part, name) for part in parts])
