"""What happened in a case, opened after the last seal and written down beside the evenings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from safepassage.core.network import Network
from safepassage.core.scenario import Scenario, TruthRow
from safepassage.workflows.group_fans import reports_of_main_body
from safepassage.workflows.rolling_camps import counted
from safepassage.workflows.rolling_caravan import CaravanTruth, truth_of

TRUTH, REPORTS = "truth", "reports"


def with_outcomes(case: Scenario) -> tuple[Scenario, str]:
    """Give a caravan's case with rows of truth and a road, and where the rows come from.

    Without a truth of positions, what was reported of the main body stands for it; without a declared road,
    the shortest way through the places where it was seen.
    """
    if not case.groups:
        return case, TRUTH
    told = TRUTH
    if not any(row.quantity == "position" for row in case.truth):
        case, told = replace(case, truth=_from_reports(case)), REPORTS
    group = case.groups[0]
    if len(group.route) < 2:
        seen = [row.place for row in sorted(case.truth, key=lambda row: row.day) if row.place >= 0]
        road = _way_through(case.network, (group.route[0], *seen))
        if len(road) > 1:
            case = replace(case, groups=(replace(group, route=road), *case.groups[1:]))
    return case, told


def caravan_outcome(case: Scenario, told_by: str, until: date | None) -> dict[str, Any]:
    """Give the road that was taken, and day by day where the main body was and how many it had.

    Raises
    ------
    InputError      as `rolling_caravan.truth_of`.
    """
    truth: CaravanTruth = truth_of(case, until=until)
    places, start = case.network.places, case.start
    there: dict[str, list[str]] = {}
    for row in case.truth:
        if row.quantity == "position" and row.place >= 0 and (until is None or row.day <= until):
            names = there.setdefault(row.day.isoformat(), [])
            names += [places.ids[row.place]] if places.ids[row.place] not in names else []
    on_road = np.flatnonzero(np.isfinite(truth.axis)).tolist()
    on_road.sort(key=lambda place: float(truth.axis[place]))
    return {
        "not_for_publication": True,
        "kind": "caravan",
        "told_by": told_by,
        "road": [[places.ids[p], places.names[p], round(float(truth.axis[p]), 1)] for p in on_road],
        "positions": [
            [(start + timedelta(days=day)).isoformat(), round(km, 1)]
            for day, km in zip(truth.days.tolist(), truth.km.tolist(), strict=True)
        ],
        "sizes": [
            [(start + timedelta(days=day)).isoformat(), round(people, 1)]
            for day, people in zip(truth.size_days.tolist(), truth.size.tolist(), strict=True)
        ],
        "towns": there,
    }


def camps_outcome(case: Scenario, until: date | None) -> dict[str, Any]:
    """Give every camp's counts."""
    displacement = case.displacement
    assert displacement is not None
    ids, rows = case.network.places.ids, []
    for place, past in zip(displacement.camps.tolist(), counted(displacement, corrected=False), strict=True):
        if past is None:
            continue
        days = [(case.start + timedelta(days=day)).isoformat() for day in past.days.tolist()]
        counts = [
            [day, round(people, 1)]
            for day, people in zip(days, past.people.tolist(), strict=True)
            if until is None or day <= until.isoformat()
        ]
        rows.append([ids[place], case.network.places.names[place], counts])
    return {"not_for_publication": True, "kind": "camps", "told_by": TRUTH, "camps": rows}


def _from_reports(case: Scenario) -> tuple[TruthRow, ...]:
    rows: list[TruthRow] = []
    for report in reports_of_main_body(case, case.groups[0]):
        if report.place < 0:
            continue
        rows.append(TruthRow(report.observed, report.place, "position", None, None, report.source))
    sizes: dict[date, list[float]] = {}
    for report in reports_of_main_body(case, case.groups[0]):
        if report.low:
            middle = float(np.sqrt(report.low * (report.high or report.low)))
            sizes.setdefault(report.observed, []).append(np.log(middle))
    for day, logs in sorted(sizes.items()):
        people = float(np.exp(np.median(logs)))
        rows.append(TruthRow(day, -1, "size", people, people, "reports"))
    return tuple(rows)


def _way_through(network: Network, places: tuple[int, ...]) -> tuple[int, ...]:
    """Give the shortest way through places in their order, without loops."""
    origin, target, km, _ = network.arcs
    n = len(network.places)
    graph = coo_array((np.maximum(km, 1e-3), (origin, target)), shape=(n, n)).tocsr()
    way = [places[0]]
    for place in places[1:]:
        _, before = dijkstra(graph, indices=way[-1], return_predecessors=True)
        leg, at = [], place
        while at != way[-1] and at >= 0:
            leg.append(int(at))
            at = int(before[at])
        if at < 0:
            continue  # no road of the network leads there
        for step in reversed(leg):
            if step in way:
                del way[way.index(step) + 1 :]
            else:
                way.append(step)
    return tuple(way)
