"""A `Scenario` to a scenario folder: every row and every column, also those that are not known here."""

from __future__ import annotations

import csv
import io
import secrets
import shutil
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from safepassage.adapters import builtin
from safepassage.adapters.folder.cells import number_text
from safepassage.adapters.folder.columns import (
    NETWORK_FILES,
    SCENARIO_FILE,
    needed_columns,
)
from safepassage.adapters.folder.network_folder import read_network
from safepassage.adapters.folder.settings import Settings, render_settings
from safepassage.core.demographics import GroupCount
from safepassage.core.errors import Fault, InputError, UnsupportedInput
from safepassage.core.network import Network
from safepassage.core.outcomes import OutcomeChance
from safepassage.core.report import Report
from safepassage.core.scenario import (
    Departures,
    Destination,
    Event,
    Extra,
    GoalLaw,
    Group,
    JoinerPool,
    Prior,
    Scenario,
    TruthRow,
)

Row = tuple[dict[str, str], Extra]


def write(scenario: Scenario, path: Path, *, more: Mapping[str, str] | None = None) -> None:
    """Write a scenario as a new folder, whole or not at all.

    Parameters
    ----------
    scenario : Scenario
    path : Path     of the folder to be; must not exist.
    more : mapping of str to str    further files of the folder, by name: who can bring what.

    Raises
    ------
    InputError          if there is something at the path, or it cannot be written to.
    UnsupportedInput    if the scenario moves by Flee's local law: it stays in its Flee folder.
    """
    if path.exists():
        mend = "choose another name, or move it away first"
        raise InputError(Fault(path.name, "something of that name", "a new name", mend))
    texts = folder_texts(scenario) | dict(more or {})
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        draft.mkdir(parents=True)
        for file, text in texts.items():
            (draft / file).write_bytes(text.encode("utf-8"))
        draft.rename(path)
    except OSError as error:
        mend = "check the place and its permissions"
        raise InputError(Fault(path.name, f"{error.strerror}", "a folder that can be made", mend)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def folder_texts(scenario: Scenario) -> dict[str, str]:
    """Give the text of every file of the scenario's folder; tables without rows have no file."""
    if not isinstance(scenario.law, GoalLaw) or scenario.displacement is not None:
        mend = "go on using its Flee folder"
        raise UnsupportedInput(Fault(scenario.name, "a displacement crisis", "a scenario with a goal", mend))
    network = scenario.network
    shared = _builtin_name(network)
    settings = Settings(
        name=scenario.name,
        title_es=scenario.title_es,
        title_en=scenario.title_en,
        start=scenario.start,
        as_of=scenario.default_as_of,
        days=scenario.days,
        seed=scenario.seed,
        threshold_people=scenario.threshold_people,
        network=shared,
        illustrative=scenario.illustrative,
        sources=scenario.sources,
        licence=scenario.licence,
        law=scenario.law,
    )
    tables = {} if shared else network_tables(network)
    tables |= _group_tables(scenario.groups, network.places.ids)
    tables |= _known_tables(scenario)
    texts = {file: _table_text(file, rows) for file, rows in tables.items() if rows}
    return {SCENARIO_FILE: render_settings(settings)} | texts


def _builtin_name(network: Network) -> str:
    """Give the name of the built-in network if this still is that network, '' otherwise."""
    if network.name not in builtin.network_names():
        return ""
    same = network_tables(network) == network_tables(read_network(builtin.network_path(network.name)))
    return network.name if same else ""


def network_tables(network: Network) -> dict[str, list[Row]]:
    """Give the rows of places.csv and links.csv."""
    places, links = network.places, network.links
    place_rows = [
        {
            "id": places.ids[i],
            "name": places.names[i],
            "country": places.countries[i],
            "admin1": places.admin1[i],
            "lat": number_text(places.lat[i]),
            "lon": number_text(places.lon[i]),
            "kind": places.kinds[i],
            "population": _known_number(places.population[i]),
            "capacity_people": _known_number(places.capacity_people[i]),
            "shelter": places.shelters[i],
            "source": places.sources[i],
        }
        for i in range(len(places))
    ]
    link_rows = [
        {
            "from": places.ids[links.origin[i]],
            "to": places.ids[links.target[i]],
            "distance_km": number_text(links.distance_km[i]),
            "mode": links.modes[i],
            "two_way": _flag(links.two_way[i]),
            "estimated": _flag(links.estimated[i]),
            "source": links.sources[i],
        }
        for i in range(len(links))
    ]
    rows = (_with_extras(place_rows, places.extra), _with_extras(link_rows, links.extra))
    return dict(zip(NETWORK_FILES, rows, strict=True))


def _group_tables(groups: tuple[Group, ...], ids: tuple[str, ...]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {
        file: [] for file in ("groups.csv", "routes.csv", "destinations.csv", "joiners.csv")
    }
    for group in groups:
        key = {"group": group.id}
        tables["groups.csv"].append((key | _group_cells(group, ids), group.extra))
        # A route of one place is an origin: the engine finds the way.
        stops = group.route if len(group.route) > 1 else ()
        rows = [key | {"seq": str(i), "place": ids[place]} for i, place in enumerate(stops, start=1)]
        tables["routes.csv"] += _with_extras(rows, group.route_extra)
        for end in group.destinations:
            cells = {"place": ids[end.place], "weight": number_text(end.weight)}
            tables["destinations.csv"].append((key | cells | _announced(end), end.extra))
        for pool in group.joiners:
            cells = {"place": ids[pool.place], "reason": pool.reason, **_people(pool.low, pool.high)}
            tables["joiners.csv"].append((key | cells | _announced(pool), pool.extra))
    return tables


def _group_cells(group: Group, ids: tuple[str, ...]) -> dict[str, str]:
    return {
        "name_es": group.name_es,
        "name_en": group.name_en,
        "origin": ids[group.route[0]],
        "departs": group.departs.isoformat(),
        "route_announced": _day(group.route_announced),
        **_people(group.size_low, group.size_high),
        **_announced(group),
    }


def _known_tables(scenario: Scenario) -> dict[str, list[Row]]:
    ids = scenario.network.places.ids
    return {
        "priors.csv": [(prior_cells(row), row.extra) for row in scenario.priors.values()],
        "departures.csv": [(_departures_cells(row, ids), row.extra) for row in scenario.departures],
        "events.csv": [(_event_cells(row, ids), row.extra) for row in scenario.events],
        "outcomes.csv": [(_outcome_cells(row), row.extra) for row in scenario.outcomes],
        "reports.csv": [(_report_cells(row, ids), row.extra) for row in scenario.reports],
        "demographics.csv": [(_count_cells(row), row.extra) for row in scenario.demographics],
        "truth.csv": [(_truth_cells(row, ids), row.extra) for row in scenario.truth],
    }


def _announced(
    row: Group | Destination | JoinerPool | Departures | Event | OutcomeChance,
) -> dict[str, str]:
    return {
        "announced": row.announced.isoformat(),
        "announced_basis": row.announced_basis,
        "source": row.source,
    }


def _people(low: float | None, high: float | None) -> dict[str, str]:
    return {"people_low": number_text(low), "people_high": number_text(high)}


def prior_cells(prior: Prior) -> dict[str, str]:
    """Give the cells of a row of priors.csv."""
    return {
        "name": prior.name,
        "shape": prior.shape,
        "low": number_text(prior.low),
        "high": number_text(prior.high),
        "reason": prior.reason,
        "source": prior.source,
    }


def _departures_cells(row: Departures, ids: tuple[str, ...]) -> dict[str, str]:
    return {
        "origin": ids[row.place],
        "date": row.day.isoformat(),
        "people": str(row.people),
        "destination": _place(ids, row.destination),
        **_announced(row),
    }


def _outcome_cells(row: OutcomeChance) -> dict[str, str]:
    return {
        "outcome": row.outcome,
        "status": row.status,
        "country": row.country,
        "from": _day(row.first),
        "until": _day(row.last),
        "chance_per_day_low": number_text(row.low),
        "chance_per_day_high": number_text(row.high),
        "reason": row.reason,
        **_announced(row),
    }


def _report_cells(row: Report, ids: tuple[str, ...]) -> dict[str, str]:
    return {
        "observed": row.observed.isoformat(),
        "published": row.published.isoformat(),
        "published_basis": row.published_basis,
        "place": _place(ids, row.place),
        "kind": row.kind,
        "segment": row.segment,
        "quality": row.quality,
        "source": row.source,
        "note": row.note,
        **_people(row.low, row.high),
        "group": row.group,
        "to_place": _place(ids, row.to_place),
        "quantifier": row.quantifier,
        "unit": "" if row.unit == "people" else row.unit,
        "people_per_family": number_text(row.unit_people),
        "source_kind": row.source_kind,
        "reliability": row.reliability,
        "since": _day(row.since),
        "hour": number_text(row.hour),
        "copied_from": row.copied_from,
        "excerpt": row.excerpt,
    }


def _count_cells(row: GroupCount) -> dict[str, str]:
    return {
        "date": row.day.isoformat(),
        "group": row.group,
        "value": number_text(row.value),
        "unit": row.unit,
        "n_base": number_text(row.n_base),
        "published": row.published.isoformat(),
        "published_basis": row.published_basis,
        "note": row.note,
        "source": row.source,
    }


def _truth_cells(row: TruthRow, ids: tuple[str, ...]) -> dict[str, str]:
    return {
        "date": row.day.isoformat(),
        "place": _place(ids, row.place),
        "quantity": row.quantity,
        "low": number_text(row.low),
        "high": number_text(row.high),
        "source": row.source,
    }


def _event_cells(event: Event, ids: tuple[str, ...]) -> dict[str, str]:
    ends = event.link or (-1, -1)
    return {
        "date": event.day.isoformat(),
        "until": _day(event.until),
        "hours": number_text(event.hours),
        "kind": event.kind,
        "place": _place(ids, event.place),
        "to_place": _place(ids, event.to_place),
        "link_from": _place(ids, ends[0]),
        "link_to": _place(ids, ends[1]),
        "countries": "-".join(event.countries or ()),
        "scope": event.scope,
        "value": number_text(event.value),
        "actor": event.actor,
        "note": event.note,
        **_announced(event),
    }


def _with_extras(rows: list[dict[str, str]], extras: tuple[Extra, ...]) -> list[Row]:
    return list(zip(rows, extras or [()] * len(rows), strict=True))


def _table_text(file: str, rows: Iterable[Row]) -> str:
    rows = list(rows)
    columns = needed_columns(file, [cells for cells, _ in rows])
    strangers = dict.fromkeys(column for _, extra in rows for column, _ in extra)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, (*columns, *strangers), restval="", lineterminator="\n")
    writer.writeheader()
    for cells, extra in rows:
        writer.writerow({name: cell for name, cell in cells.items() if name in columns} | dict(extra))
    return text.getvalue()


def _place(ids: tuple[str, ...], place: int) -> str:
    return ids[place] if place >= 0 else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _flag(value: object) -> str:
    return "true" if value else "false"


def _known_number(value: float) -> str:
    return number_text(value) if value >= 0 else ""
