"""A run that learns: the days are lived one by one, and reports weigh the members evening by evening."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np

from safepassage.assimilation.caravans import CaravanEvidence
from safepassage.assimilation.duplicates import clusters
from safepassage.assimilation.observations import NEXT_STOP, Caravan, Observation, observations, scales_of
from safepassage.assimilation.particle import Evening, tracked
from safepassage.core.belief import Belief, ReportEffect, SourceBias, Update
from safepassage.core.caravan_outcomes import with_default_outcomes
from safepassage.core.draws import Draws
from safepassage.core.engine import Follower, Observer, Progress
from safepassage.core.report import Report, report_key
from safepassage.core.scenario import GoalLaw, Prior, Scenario
from safepassage.engines.goal import likely_route
from safepassage.engines.group_state import GroupState
from safepassage.engines.observers import GroupObserver
from safepassage.engines.roads import axis_km
from safepassage.workflows.group_fans import ruler


@dataclass(frozen=True)
class Told:
    """The reports of a scenario in canonical order, and what of them speaks.

    Parameters
    ----------
    reports : tuple of Report       each once.
    keys : tuple of str
    observations : tuple of Observation
    why_unused : tuple of str
    lessons : dict of name to Prior     what past cases taught of errors and biases; {}: nothing.
    """

    reports: tuple[Report, ...]
    keys: tuple[str, ...]
    observations: tuple[Observation, ...]
    why_unused: tuple[str, ...]
    lessons: Mapping[str, Prior] = field(default_factory=dict)


def told_by(known: Scenario, lessons: Mapping[str, Prior] | None = None) -> Told:
    """Sort reports out: neither their order nor telling the same twice makes a difference.

    Parameters
    ----------
    known : Scenario
    lessons : dict of name to Prior or None     what past cases taught of errors and biases.
    """
    ids = known.network.places.ids
    keyed = sorted(
        ((r.observed, report_key(r, ids), r) for r in known.reports),
        # A key leaves out who told it and how reliably: of two that differ in this the order must not decide.
        key=lambda entry: (*entry[:2], repr(entry[2])),
    )
    once = {key: report for _, key, report in keyed}
    reports = tuple(once.values())
    caravans = [Caravan(g.id, (g.departs - known.start).days) for g in known.groups]
    copies = clusters(reports, tuple(once)).tolist()
    counted = frozenset(row.outcome for row in with_default_outcomes(known).outcomes)
    lessons = lessons or {}
    found, why = observations(
        reports, caravans, start=known.start, copies=copies, counted=counted, scales=scales_of(lessons)
    )
    return Told(reports, tuple(once), found, why, lessons)


@dataclass(frozen=True)
class Learned:
    """What a run that learned has found: fans and rulers of the groups, and what the reports did."""

    groups: GroupObserver
    routes: list[tuple[int, ...]]
    belief: Belief


def learned(
    known: Scenario,
    engine: Any,
    told: Told,
    *,
    lived: tuple[int, int, Draws],
    watching: tuple[Sequence[Observer], Progress],
    routes: Mapping[str, tuple[int, ...]] | None = None,
) -> Learned:
    """Run a scenario's groups over all days, weighed by what is told of each.

    Parameters
    ----------
    known : Scenario        as known at its as-of date, which is set.
    engine : Tracked
    told : Told             from `told_by(known)`; something of it speaks.
    lived : (days, members, Draws)
    watching : (observers, progress)    shown every evening, as the members that are left have lived it.
    routes : mapping of id to places    rulers of positions; of the other groups the way believed in at the
        as-of date is the ruler.
    """
    days, members, draws = lived
    evidence = CaravanEvidence(
        told.observations,
        known.network,
        counts=(len(known.groups), len(told.reports), members),
        draws=draws,
        lessons=told.lessons,
    )
    observers, progress = watching
    today = _today(known)
    # The ruler of positions is the way believed in at the as-of date: until then evenings wait for it.
    waiting: list[Evening] = []
    groups: GroupObserver | None = None
    rulers: list[tuple[int, ...]] = []
    updates = []
    for evening in tracked(engine, evidence, days=days, members=members, draws=draws):
        if evening.step is not None:
            step = evening.step
            updates.append(
                Update(
                    known.start + timedelta(days=evening.day),
                    step.pieces,
                    step.effective_members,
                    step.surprise,
                    step.respread,
                )
            )
        for observer in observers:
            _show(observer, evening)
        if groups is None:
            waiting.append(evening)
            if evening.day >= min(today, days - 1):
                given, found = routes or {}, _rulers(known, evening.state)
                rulers = [given.get(group.id, way) for group, way in zip(known.groups, found, strict=True)]
                groups = GroupObserver(days=days, axes=[axis_km(known.network, route) for route in rulers])
                for past in waiting:
                    _show(groups, past)
                waiting = []
        else:
            _show(groups, evening)
        progress.say(evening.day + 1, days, "days")
    assert groups is not None
    return Learned(groups, rulers, _belief(known, told, evidence, updates))


def nothing_learned(known: Scenario, told: Told) -> Belief | None:
    """Give why no report of a scenario spoke, and what people agreed on; None: there is neither."""
    if not told.reports and not known.agreed:
        return None
    rows = zip(told.reports, told.keys, told.why_unused, strict=True)
    effects = tuple(ReportEffect(report, key, why_unused=why) for report, key, why in rows)
    return Belief(effects=effects, updates=(), agreed=known.agreed)


def _show(observer: Observer, evening: Evening) -> None:
    if evening.step is not None and isinstance(observer, Follower):
        observer.taken(evening.step.chosen)
    observer.see(evening.day, evening.view)


def _rulers(known: Scenario, state: Any) -> list[tuple[int, ...]]:
    """Give for every group the declared way, or the one walked so far and the likeliest from there on."""
    found = []
    groups: GroupState = state.groups
    for g, group in enumerate(known.groups):
        if len(group.route) > 1 or not isinstance(known.law, GoalLaw) or not group.destinations:
            found.append(ruler(known, group))
            continue
        ways = [
            (groups.routes[route][: stop + 1], groups.routes[route][-1])
            for route, stop, alive in zip(
                groups.route[:, g].tolist(),
                groups.stop[:, g].tolist(),
                groups.alive[:, g].tolist(),
                strict=True,
            )
            if alive
        ]
        if not ways:
            found.append(ruler(known, group))
            continue
        (walked, end), _ = Counter(ways).most_common(1)[0]
        # Where most are is sure; where most of these are heading is asked apart, since ways are many.
        ends = Counter(end for way, end in ways if way == walked)
        end = ends.most_common(1)[0][0]
        onward = likely_route(known.network, known.law, walked[-1], end) if walked[-1] != end else (end,)
        found.append(_without_loops((*walked, *onward[1:])))
    return found


def _without_loops(way: tuple[int, ...]) -> tuple[int, ...]:
    """Leave out detours that lead back to a place: a ruler passes every place once."""
    straight: list[int] = []
    for place in way:
        if place in straight:
            del straight[straight.index(place) + 1 :]
        else:
            straight.append(place)
    return tuple(straight)


def _belief(known: Scenario, told: Told, evidence: CaravanEvidence, updates: list[Update]) -> Belief:
    counted = Counter(said.voice for said in told.observations if said.what not in ("position", NEXT_STOP))
    levels = (0.1, 0.5, 0.9)
    biases = []
    for name in evidence.voices.names:
        if counted[name]:
            low, middle, high = np.exp(np.quantile(evidence.voices.bias(name), levels)).tolist()
            biases.append(SourceBias(name, counted[name], low, middle, high))
    kept = np.quantile(evidence.voices.kept, levels)
    today = _today(known)
    return Belief(
        effects=evidence.account.effects(told.reports, told.why_unused, told.keys),
        updates=tuple(updates),
        biases=tuple(biases),
        announced_reliability=(float(kept[0]), float(kept[1]), float(kept[2])),
        announced=sum(said.what == NEXT_STOP and said.day <= today for said in told.observations),
        agreed=known.agreed,
    )


def _today(known: Scenario) -> int:
    return (known.as_of - known.start).days if known.as_of else 0
