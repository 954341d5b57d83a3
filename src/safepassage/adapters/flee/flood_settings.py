"""Settings of floods: who leaves at which level, and how levels and forecasts weigh on choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from safepassage.adapters.flee.findings import Cell, shown
from safepassage.adapters.flee.setting_reader import FILE, Reader, Settings

SPAWN, RULES = "spawn_rules.flood_driven_spawn_mode", "move_rules.flood_rules"
KNOWN_RULES = (
    "max_flood_level",
    "flood_movechances",
    "flood_loc_weights",
    "flood_link_weights",
    "flood_forecaster",
    "flood_forecaster_timescale",
    "flood_forecaster_end_time",
    "flood_forecaster_weights",
    "flood_awareness_weights",
)
SHARES, PEOPLE = (0.0, 0.1, 0.2, 0.5, 0.9), (0.0, 100.0, 200.0, 300.0, 500.0)
UNTOLD = -1


def with_floods(
    reader: Reader, move: Mapping[str, Any], spawn: Mapping[str, Any], settings: Settings
) -> Settings:
    """Add what the folder says of floods.

    `flood_forecast_end_day` is -1 where nothing is said: the documented default needs the length of the run.
    """
    rules = _section(reader, RULES, move.get("flood_rules"))
    reader.report_unknown(RULES, rules, KNOWN_RULES)
    law = settings.law
    if rules:
        if rules.get("flood_link_weights") not in (None, False, []):
            where = Cell(FILE, column=f"{RULES}.flood_link_weights")
            mend = "Flee does not support it, and it has no effect here"
            reader.findings.notice(where, "weights of links", "none", mend)
        law = replace(
            law,
            flood_movechances=reader.numbers(RULES, rules, "flood_movechances", (0.0, 1.0)),
            flood_loc_weights=reader.numbers(RULES, rules, "flood_loc_weights", (0.0, 1e6)),
            **_forecaster(reader, rules),
        )
    level = reader.number(RULES, {**move, **rules}, "max_flood_level", (-1, 10_000), -1)
    settings = replace(settings, law=law, max_flood_level=int(level) if level >= 0 else None)
    return _driven(reader, spawn, settings)


def _section(reader: Reader, name: str, value: Any) -> Mapping[str, Any]:
    if value is None or isinstance(value, bool):
        return {}
    if isinstance(value, dict):
        return value
    where = Cell(FILE, column=name)
    reader.findings.fault(where, shown(str(value)), "a section", "indent its settings")
    return {}


def _forecaster(reader: Reader, rules: Mapping[str, Any]) -> dict[str, Any]:
    if not reader.switch(RULES, rules, "flood_forecaster", False):
        return {}
    days = int(reader.number(RULES, rules, "flood_forecaster_timescale", (0, 3660), 0))
    end = int(reader.number(RULES, rules, "flood_forecaster_end_time", (0, 36_500), 0))
    if not days:
        where = Cell(FILE, column=f"{RULES}.flood_forecaster_timescale")
        reader.findings.notice(where, "0 days", "days that people look ahead", "nobody knows of a forecast")
    return {
        "flood_forecast_days": days,
        "flood_forecast_end_day": end if end or reader.compat else UNTOLD,
        "flood_forecast_weights": reader.numbers(RULES, rules, "flood_forecaster_weights", (0.0, 1.0)),
        "flood_awareness_weights": reader.numbers(RULES, rules, "flood_awareness_weights", (0.0, 1.0)),
    }


def _driven(reader: Reader, spawn: Mapping[str, Any], settings: Settings) -> Settings:
    """Read how floods make people leave, where flood zones are what people leave from."""
    only = reader.switch("spawn_rules", spawn, "flood_zone_spawning_only", False)
    where = Cell(FILE, column="spawn_rules.flood_zone_spawning_only")
    if not only:
        if any(spawn.get(key) for key in ("flood_driven_spawning", "flood_driven_spawn_mode")):
            expected = "flood_zone_spawning_only: True"
            reader.findings.notice(where, "off", expected, "what floods spawn has no effect without it")
        return settings
    if "conflict_zone_spawning_only" not in spawn:
        mend = "write conflict_zone_spawning_only: False; Flee stops without it, here floods go first"
        reader.findings.notice(where, "on, and conflict zones not off", "one of the two", mend)
    elif settings.law.conflict_zone_spawning_only:
        mend = "switch conflict_zone_spawning_only off, or this"
        reader.findings.fault(where, "on, and conflict_zone_spawning_only too", "one of the two", mend)
    if not settings.law.take_from_population:
        where = Cell(FILE, column="spawn_rules.take_from_population")
        mend = "floods need it; it was taken as on"
        reader.findings.notice(where, "off", "on, where floods make people leave", mend)
    law = replace(settings.law, take_from_population=True, conflict_zone_spawning_only=False)
    mode, people = _mode(reader, spawn)
    return replace(settings, law=law, departure_mode=mode, driven_by="flood", people_per_flood_day=people)


def _mode(reader: Reader, spawn: Mapping[str, Any]) -> tuple[str, tuple[float, ...]]:
    section = _section(
        reader, SPAWN, spawn.get("flood_driven_spawn_mode") or spawn.get("flood_driven_spawning")
    )
    reader.report_unknown(SPAWN, section, ("spawn_mode", "flood_spawn_mode", "displaced_per_flood_day"))
    where = Cell(FILE, column=f"{SPAWN}.flood_spawn_mode")
    documented, coded = section.get("flood_spawn_mode"), section.get("spawn_mode")
    if (
        reader.compat
        and documented is not None
        and str(documented).lower() != str(coded or "pop_ratio").lower()
    ):
        mend = "Flee's code reads spawn_mode only, and so here"
        reader.findings.notice(where, shown(str(documented)), "spawn_mode", mend)
    given = coded if reader.compat or documented is None else documented
    mode = str(given if given is not None else "pop_ratio").lower()
    if mode not in ("constant", "pop_ratio", "poisson"):
        reader.findings.fault(where, shown(mode), "constant, pop_ratio or poisson", "correct the mode")
        mode = "pop_ratio"
    bounds = (0.0, 1.0) if mode == "pop_ratio" else (0.0, 1e8)
    people = reader.numbers(SPAWN, section, "displaced_per_flood_day", bounds)
    return mode, people or (SHARES if mode == "pop_ratio" else PEOPLE)
