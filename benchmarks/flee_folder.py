"""A world as a folder that Flee itself, and our own reader, can take."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import yaml

from safepassage.core.displacement import (
    CAMP,
    CONFLICT_ZONE,
    FORWARDING_HUB,
    IDP_CAMP,
    MARKER,
    TOWN,
    Displacement,
)
from safepassage.core.local_law import LocalLaw
from safepassage.core.scenario import Scenario

TYPES = {
    TOWN: "town",
    CONFLICT_ZONE: "conflict_zone",
    CAMP: "camp",
    IDP_CAMP: "idpcamp",
    FORWARDING_HUB: "forwarding_hub",
    MARKER: "marker",
}
MOVE_RULES = {
    "max_move_speed": "max_move_speed_km_per_day",
    "max_walk_speed": "max_walk_speed_km_per_day",
    "softening": "softening_km",
    **{
        name: name
        for name in (
            "foreign_weight",
            "camp_weight",
            "conflict_weight",
            "conflict_movechance",
            "camp_movechance",
            "idpcamp_movechance",
            "default_movechance",
            "awareness_level",
            "weight_softening",
            "distance_power",
            "weight_power",
            "pruning_threshold",
            "capacity_buffer",
            "capacity_scaling",
            "avoid_short_stints",
            "start_on_foot",
        )
    },
}
NOBODY = "nobody.csv"


def write_flee_folder(scenario: Scenario, path: Path, *, hasten: int = 1) -> None:
    """Write a generated world as a Flee folder.

    Parameters
    ----------
    scenario : Scenario     with a `LocalLaw` and a displacement driven by a total; without closures.
    path : Path             made, with everything in it that Flee and `safepassage forecast` need.
    hasten : int            people per agent.

    Raises
    ------
    ValueError      if the scenario has what such a world has not: closures, redirections, series of camps.
    """
    displacement, law = scenario.displacement, scenario.law
    if displacement is None or not isinstance(law, LocalLaw) or displacement.total is None:
        message = "only a world whose departures follow a total can be written"
        raise ValueError(message)
    if displacement.closures or displacement.forced.any() or len(displacement.conflict) != 1:
        message = "closures, redirections and conflicts that change are not written"
        raise ValueError(message)
    inputs, source = path / "input_csv", path / "source_data"
    inputs.mkdir(parents=True, exist_ok=True)
    source.mkdir(parents=True, exist_ok=True)
    _write_geography(scenario, displacement, inputs)
    _write_people(scenario, displacement, source)
    # An empty line of other settings would be a setting as well: only what the law says is written.
    settings = {
        "log_levels": {name: 0 for name in ("agent", "link", "camp", "conflict", "init")},
        "spawn_rules": {
            "sum_from_camps": displacement.sum_from_camps,
            "insert_day0": displacement.insert_day0,
            "empty_camps_on_day0": displacement.empty_camps_on_day0,
            "take_from_population": law.take_from_population,
        },
        "move_rules": {flee: getattr(law, ours) for flee, ours in MOVE_RULES.items()},
        "optimisations": {"hasten": hasten},
    }
    (path / "simsetting.yml").write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")


def _write(path: Path, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_geography(scenario: Scenario, displacement: Displacement, inputs: Path) -> None:
    places, links = scenario.network.places, scenario.network.links
    people = np.maximum(np.maximum(places.population, places.capacity_people), 0)
    header = ("#name", "region", "country", "gps_x", "gps_y", "location_type", "conflict_date", "population")
    rows = [
        (name, "", country, lat, lon, TYPES[role], 0 if role == CONFLICT_ZONE else "", number)
        for name, country, lat, lon, role, number in zip(
            places.names,
            places.countries,
            places.lat.tolist(),
            places.lon.tolist(),
            displacement.roles.tolist(),
            people.tolist(),
            strict=True,
        )
    ]
    _write(inputs / "locations.csv", [header, *rows])
    ends = zip(links.origin.tolist(), links.target.tolist(), links.distance_km.tolist(), strict=True)
    roads = [(places.names[a], places.names[b], km, 0) for a, b, km in ends]
    _write(inputs / "routes.csv", [("#name1", "name2", "distance", "forced_redirection"), *roads])
    _write(inputs / "closures.csv", [("#closure_type", "name1", "name2", "closure_start", "closure_end")])
    zones = np.flatnonzero(displacement.conflict[0] > 0.0)
    intensity = displacement.conflict[0, zones].tolist()
    wide = [(day, *intensity) for day in range(scenario.days)]
    _write(inputs / "conflicts.csv", [("#Day", *(places.names[k] for k in zones)), *wide])
    period = [("StartDate", scenario.start.isoformat()), ("Length", scenario.days)]
    _write(inputs / "sim_period.csv", period)


def _write_people(scenario: Scenario, displacement: Displacement, source: Path) -> None:
    names = [scenario.network.places.names[k] for k in displacement.camps]
    _write(
        source / "data_layout.csv",
        [("total", "refugees.csv"), *((name, NOBODY) for name in names)],
    )
    total = displacement.total
    assert total is not None
    reports = zip(total.days.tolist(), total.people.tolist(), strict=True)
    dated = [((scenario.start + timedelta(days=day)).isoformat(), int(people)) for day, people in reports]
    _write(source / "refugees.csv", [("#Date", "refugees"), *dated])
    _write(source / NOBODY, [("#Date", "refugees"), (scenario.start.isoformat(), 0)])


def hastened_copy(folder: Path, path: Path, hasten: int) -> None:
    """Copy a Flee folder with one agent for so many people, and nothing else changed."""
    shutil.copytree(folder, path, ignore=shutil.ignore_patterns("flee_output"))
    file = path / "simsetting.yml"
    settings = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    settings["optimisations"] = {**(settings.get("optimisations") or {}), "hasten": hasten}
    file.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
