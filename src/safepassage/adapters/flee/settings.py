"""simsetting.yml: which rules and numbers a folder asks for, and which of them this version lacks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import yaml

from safepassage.adapters.flee.findings import Cell, Findings, shown
from safepassage.adapters.flee.flood_settings import with_floods
from safepassage.adapters.flee.setting_reader import FILE, Reader, Settings
from safepassage.core.local_law import LocalLaw

# key in the file -> (field of the law, lowest, highest)
NUMBERS: dict[str, tuple[str, float, float]] = {
    "max_move_speed": ("max_move_speed_km_per_day", 1.0, 5000.0),
    "max_walk_speed": ("max_walk_speed_km_per_day", 1.0, 5000.0),
    "foreign_weight": ("foreign_weight", 0.0, 1e6),
    "camp_weight": ("camp_weight", 0.0, 1e6),
    "conflict_weight": ("conflict_weight", 0.0, 1e6),
    "conflict_movechance": ("conflict_movechance", 0.0, 1.0),
    "camp_movechance": ("camp_movechance", 0.0, 1.0),
    "idpcamp_movechance": ("idpcamp_movechance", 0.0, 1.0),
    "default_movechance": ("default_movechance", 0.0, 1.0),
    "capacity_buffer": ("capacity_buffer", 0.0, 1.0),
    "capacity_scaling": ("capacity_scaling", 0.0, 1e6),
    "softening": ("softening_km", 0.0, 1e5),
    "weight_softening": ("weight_softening", 0.0, 1e6),
    "weight_power": ("weight_power", 0.0, 50.0),
    "distance_power": ("distance_power", 0.0, 20.0),
    "home_distance_power": ("home_distance_power", 0.0, 20.0),
    "pop_power_for_loc_weight": ("pop_power_for_loc_weight", 0.0, 5.0),
    "movechance_pop_base": ("movechance_pop_base", 1.0, 1e10),
    "movechance_pop_scale_factor": ("movechance_pop_scale_factor", 0.0, 10.0),
    "pruning_threshold": ("pruning_threshold", 0.0, 1e9),
    "avg_religion_fraction": ("avg_religion_fraction", 1e-6, 1.0),
}
SWITCHES = {
    "avoid_short_stints": "avoid_short_stints",
    "start_on_foot": "start_on_foot",
    "stay_close_to_home": "stay_close_to_home",
    "use_pop_for_loc_weight": "use_pop_for_loc_weight",
    "ChildrenAvoidHazards": "children_avoid_hazards",
    "ElderlyAvoidHazards": "elderly_avoid_hazards",
    "WomenAvoidHazards": "women_avoid_hazards",
    "BoysTakeRisk": "boys_take_risk",
    "MatchCampReligion": "match_camp_religion",
    "MatchCampEthnicity": "match_camp_ethnicity",
    "MatchTownEthnicity": "match_town_ethnicity",
    "MatchConflictEthnicity": "match_conflict_ethnicity",
    "use_economic_pull": "use_economic_pull",
    "flee_when_starving": "flee_when_starving",
    "avoid_food_deprived_locations": "avoid_food_deprived_locations",
    "fixed_routes": "fixed_routes",
}
SPAWN_SWITCHES = {
    "take_from_population": "take_from_population",
    "starvation_driven_spawning": "starvation_driven_spawning",
    "camps_are_sinks": "camps_are_sinks",
}
FLAGS = {
    "insert_day0": True,
    "empty_camps_on_day0": False,
    "sum_from_camps": True,
    "read_from_agents_csv_file": False,
}
# Keys that are read, each in its own way, or that Flee reads and has no use for.
OTHER_MOVE = (
    "awareness_level",
    "use_v1_rules",
    "harvest_months",
    "flood_rules",
    "max_flood_level",
    "max_crossing_speed",
    "two_system_decision_making",
)
OTHER_SPAWN = (
    "conflict_zone_spawning_only",
    "flood_zone_spawning_only",
    "flood_driven_spawning",
    "flood_driven_spawn_mode",
    "conflict_driven_spawning",
    "conflict_spawn_decay",
    "conflict_spawn_decay_interval",
    "average_social_connectivity",
)
SECTIONS = ("log_levels", "spawn_rules", "move_rules", "optimisations", "flood_rules")
MOST_NODES = 100_000
TOP = ("number_of_steps", "conflict_input_file", "flood_level_input_file", "default_conflict_intensity")


def read_settings(findings: Findings, path: Path, *, compat: bool) -> Settings:
    """Read simsetting.yml; where there is none, Flee's defaults hold and a notice says so.

    Parameters
    ----------
    findings : Findings
    path : Path         of the file.
    compat : bool       read what Flee's code would read.
    """
    sections = _sections(findings, path)
    reader = Reader(findings, compat=compat)
    move, spawn = sections["move_rules"], sections["spawn_rules"]
    if sections["flood_rules"]:
        move = {"flood_rules": sections["flood_rules"], **move}
    reader.report_unknown("move_rules", move, (*NUMBERS, *SWITCHES, *OTHER_MOVE))
    reader.report_unknown("spawn_rules", spawn, (*FLAGS, *SPAWN_SWITCHES, *OTHER_SPAWN))
    settings = Settings(
        law=_law(reader, move, spawn), people_per_agent=_hasten(reader, sections["optimisations"])
    )
    flags = {key: reader.switch("spawn_rules", spawn, key, default) for key, default in FLAGS.items()}
    settings = replace(
        settings,
        insert_day0=flags["insert_day0"],
        empty_camps_on_day0=flags["empty_camps_on_day0"],
        sum_from_camps=flags["sum_from_camps"],
        read_agents=flags["read_from_agents_csv_file"],
    )
    _report_without_effect(reader, move, spawn)
    settings = with_floods(reader, move, spawn, _with_conflict_driven(reader, spawn, settings))
    return _with_top(reader, sections["top"], settings)


def _report_without_effect(reader: Reader, move: Mapping[str, Any], spawn: Mapping[str, Any]) -> None:
    """Tell of what is switched on and does nothing, in Flee and here."""
    if move.get("two_system_decision_making") not in (None, False, 0, "false", "False", "no"):
        mend = "Flee's code never switches it on, its documentation gives no rule; it has no effect here"
        where = Cell(FILE, column="move_rules.two_system_decision_making")
        reader.findings.notice(where, "switched on", "off", mend)
    if reader.compat and spawn.get("camps_are_sinks") not in (None, False, 0):
        where = Cell(FILE, column="spawn_rules.camps_are_sinks")
        reader.findings.notice(where, "switched on", "off", "it has no effect in Flee's code, nor here")


def _with_top(reader: Reader, top: Mapping[str, Any], settings: Settings) -> Settings:
    """Read the settings outside of any section; Flee's code uses only the intensity of them."""
    intensity = reader.number("top", top, "default_conflict_intensity", (0.0, 1e6), 1.0)
    settings = replace(settings, default_conflict_intensity=intensity)
    steps = int(reader.number("top", top, "number_of_steps", (-1, 36_500), -1))
    files = {}
    for key in ("conflict_input_file", "flood_level_input_file"):
        value = top.get(key)
        if value is not None and not isinstance(value, str):
            where = Cell(FILE, column=key)
            reader.findings.fault(
                where, shown(str(value)), "the name of a file", "correct it or leave it out"
            )
            value = None
        files[key] = (value or "").strip()
    if reader.compat:
        for key in [key for key in files if files[key]] + (["number_of_steps"] if steps > 0 else []):
            where = Cell(FILE, column=key)
            reader.findings.notice(where, "a setting", "none", "Flee's own runs do not use it, and so here")
        return settings
    return replace(
        settings,
        days=steps if steps > 0 else None,
        conflict_file=files["conflict_input_file"],
        flood_file=files["flood_level_input_file"],
    )


def _sections(findings: Findings, path: Path) -> dict[str, dict[str, Any]]:
    result: dict[str, dict[str, Any]] = {name: {} for name in (*SECTIONS, "top")}
    if not path.is_file():
        findings.notice(Cell(FILE), "no such file", "settings", "Flee's defaults were taken")
        return result
    try:
        content = _loaded(path.read_bytes().decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:120]
        findings.fault(
            Cell(FILE), f"no readable YAML ({reason})", "YAML settings", "correct or remove the file"
        )
        return result
    if content is None:
        findings.notice(Cell(FILE), "an empty file", "settings", "Flee's defaults were taken")
        return result
    if not isinstance(content, dict):
        findings.fault(Cell(FILE), "no sections", "sections such as move_rules", "correct or remove the file")
        return result
    for key, value in content.items():
        if key in TOP:
            result["top"][key] = value
            continue
        if key not in SECTIONS:
            findings.notice(
                Cell(FILE, column=str(key)), "an unknown section", "a section of Flee", "it was ignored"
            )
        elif isinstance(value, dict):
            result[key] = value
        elif value is not None:
            findings.fault(Cell(FILE, column=str(key)), shown(str(value)), "a section", "indent its settings")
    return result


def _loaded(text: str) -> Any:
    """Read YAML, unless its aliases would unfold a short file into more than anybody could have written."""
    tree = yaml.compose(text, Loader=yaml.SafeLoader)
    sizes: dict[int, float] = {}

    def size(node: Any) -> float:
        if not isinstance(node, yaml.Node):  # the two sides of one line
            return sum(map(size, node))
        if id(node) not in sizes:
            sizes[id(node)] = math.inf  # while it is being counted: it must not hold itself
            sizes[id(node)] = 1 + (0 if isinstance(node, yaml.ScalarNode) else sum(map(size, node.value)))
        return sizes[id(node)]

    if tree is not None and size(tree) > MOST_NODES:
        message = f"aliases that unfold to more than {MOST_NODES:,} values"
        raise ValueError(message)
    return yaml.safe_load(text)


def _law(reader: Reader, move: Mapping[str, Any], spawn: Mapping[str, Any]) -> LocalLaw:
    law = LocalLaw(compat=reader.compat)
    defaults = {one.name: getattr(law, one.name) for one in fields(law)}
    values: dict[str, Any] = {}
    for key, (name, low, high) in NUMBERS.items():
        values[name] = reader.number("move_rules", move, key, (low, high), defaults[name])
    for key, name in SWITCHES.items():
        values[name] = reader.switch("move_rules", move, key, defaults[name])
    values["awareness_level"] = int(reader.number("move_rules", move, "awareness_level", (-1, 8), 1))
    for key, name in SPAWN_SWITCHES.items():
        values[name] = reader.switch("spawn_rules", spawn, key, False)
    only = reader.switch("spawn_rules", spawn, "conflict_zone_spawning_only", True)
    values["conflict_zone_spawning_only"] = only
    values["harvest_months"] = _months(reader, move)
    values["conflict_spawn_decay"] = reader.numbers("spawn_rules", spawn, "conflict_spawn_decay", (0, 1e3))
    interval = reader.number("spawn_rules", spawn, "conflict_spawn_decay_interval", (1, 36500), 30)
    values["conflict_spawn_decay_interval_days"] = int(interval)
    if reader.switch("move_rules", move, "use_v1_rules", False):
        values.update(max_move_speed_km_per_day=200.0, camp_weight=2.0, conflict_weight=0.25)
        values.update(avoid_short_stints=False, start_on_foot=False)
    return replace(law, **values)


def _months(reader: Reader, move: Mapping[str, Any]) -> tuple[int, ...]:
    value = move.get("harvest_months")
    if isinstance(value, list) and not value:
        return ()
    months = reader.numbers("move_rules", move, "harvest_months", (1, 12))
    where = Cell(FILE, column="move_rules.harvest_months")
    if any(month != int(month) for month in months):
        reader.findings.fault(where, shown(str(value)), "months from 1 to 12", "write whole numbers")
    return tuple(sorted({int(month) for month in months}))


def _hasten(reader: Reader, values: Mapping[str, Any]) -> int:
    for key in values:
        if key != "hasten":
            where = Cell(FILE, column=f"optimisations.{key}")
            reader.findings.notice(where, "an unknown setting", "hasten", "it was ignored")
    return int(reader.number("optimisations", values, "hasten", (1, 1_000_000), 1))


def _with_conflict_driven(reader: Reader, spawn: Mapping[str, Any], settings: Settings) -> Settings:
    section = spawn.get("conflict_driven_spawning")
    if section is None or section is False:
        return settings
    where = Cell(FILE, column="spawn_rules.conflict_driven_spawning")
    if not isinstance(section, dict):
        reader.findings.fault(
            where, shown(str(section)), "a section", "give spawn_mode and displaced_per_conflict_day"
        )
        return settings
    mode = str(section.get("spawn_mode", "constant")).lower()
    if mode not in ("constant", "pop_ratio", "poisson"):
        reader.findings.fault(where, shown(mode), "constant, pop_ratio or poisson", "correct spawn_mode")
        return settings
    bounds, default = ((0.0, 1.0), 0.01) if mode == "pop_ratio" else ((0.0, 1e8), 500.0)
    rate = reader.number(
        "spawn_rules.conflict_driven_spawning", section, "displaced_per_conflict_day", bounds, default
    )
    return replace(settings, departure_mode=mode, people_per_conflict_day=rate)
