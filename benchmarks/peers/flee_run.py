"""Flee itself on one of its folders, in the order of its own `run.py`; CPU seconds of the days only.

Runs in the environment of the peers (dependency group `peers`), knows nothing of this package, and prints one
line of JSON. Reading the folder is not counted.

    python flee_run.py FOLDER [--days N] [--seed 1]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import sys
import time
from importlib import metadata
from pathlib import Path

import numpy as np
import yaml


def main():
    """Read the folder, run all days, say how long they took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    np.random.seed(options.seed)  # noqa: NPY002 - Flee draws from this one
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stderr(nowhere):
        with contextlib.redirect_stdout(nowhere):
            result = run(options.folder.resolve(), options.days)
    print(json.dumps(result))


def run(folder, limit):
    """Follow Flee's own `run.py`."""
    from flee import InputGeography, flee, spawning
    from flee.datamanager import handle_refugee_data, read_period
    from flee.SimulationSettings import SimulationSettings

    settings = yaml.safe_load((folder / "simsetting.yml").read_text(encoding="utf-8"))
    sums = bool((settings.get("spawn_rules") or {}).get("sum_from_camps", True))
    inputs, source = folder / "input_csv", folder / "source_data"
    os.chdir(folder)
    SimulationSettings.ReadFromYML(str(folder / "simsetting.yml"))
    SimulationSettings.ConflictInputFile = str(inputs / "conflicts.csv")
    start, length = read_period.read_conflict_period(str(inputs / "sim_period.csv"))
    world, places = flee.Ecosystem(), InputGeography.InputGeography()
    places.ReadConflictInputCSV(SimulationSettings.ConflictInputFile)
    places.ReadLocationsFromCSV(str(inputs / "locations.csv"))
    places.ReadLinksFromCSV(str(inputs / "routes.csv"))
    places.ReadClosuresFromCSV(str(inputs / "closures.csv"))
    world, _ = places.StoreInputGeographyInEcosystem(world)
    hasten = SimulationSettings.optimisations["PopulationScaleDownFactor"]
    data = handle_refugee_data.RefugeeTable(
        csvformat="generic",
        data_directory=str(source),
        start_date=start,
        data_layout="data_layout.csv",
        population_scaledown_factor=hasten,
    )
    data.ReadL1Corrections(str(inputs / "registration_corrections.csv"))
    for place in world.locations:
        if place.camp:
            spawning.add_initial_refugees(world, data, place)
    days = min(length, limit or length)
    agent_days = 0
    began = time.process_time()
    for day in range(days):
        places.AddNewConflictZones(world, day)
        spawning.spawn_daily_displaced(world, day, data, sums)
        spawning.refresh_spawn_weights(world)
        world.enact_border_closures(day)
        world.evolve()
        agent_days += len(world.agents)
    cpu_s = time.process_time() - began
    evening = {place.name: place.numAgents for place in world.locations}
    version = metadata.version("flee")
    return {
        "version": version,
        "cpu_s": cpu_s,
        "agent_days": agent_days,
        "days": days,
        "agents": len(world.agents),
        "evening": evening,
    }


if __name__ == "__main__":
    sys.exit(main())
