"""From the sealed files alone: what was said, what happened, what simple rules said, and who was nearer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters.replay_chain import Chain, checked, digest
from safepassage.adapters.replay_chain.chain import EVENINGS
from safepassage.adapters.replay_chain.checking import OUTCOME_FILE, is_whole
from safepassage.core.errors import Fault, InputError
from safepassage.core.replayed import COUNT, POSITION, SIZE, Replayed, ReplayedEvening, Saying, TownSaid
from safepassage.engines.trails import START
from safepassage.scoring.naive_caravan import SIZE_LOG_SD_PER_SQRT_DAY
from safepassage.scoring.naive_position import MEAN, NEXT, RECENT, STAYS, Walked, naive_positions
from safepassage.scoring.naive_series import DRIFT, LAST, Past, naive_forecasts

LEVELS = (0.1, 0.5, 0.9)
# Rules of one number that anybody can work out; `verify --rolling` scores those that tell a spread too.
POSITION_RULES, SIZE_RULES, COUNT_RULES = (STAYS, MEAN, RECENT, NEXT), (LAST,), (LAST, DRIFT)


def replayed(folder: Path) -> Replayed:
    """Check the chain of a folder, and read from its files what was said and what came.

    Raises
    ------
    InputError      if the chain does not hold, is not finished, or seals what no replay wrote.
    """
    lines = checked(folder)
    try:
        return _replayed(folder, lines)
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        found = f"files that hold but cannot be understood ({type(error).__name__}: {error})"[:200]
        fault = Fault(str(folder), found, "what `safepassage replay` of this version wrote", "replay it anew")
        raise InputError(fault) from None


def _replayed(folder: Path, lines: list[dict[str, Any]]) -> Replayed:
    if not is_whole(lines):
        told = f"{len(lines) - 1} of {len(lines[0]['evenings'])} evenings sealed"
        mend = "finish it: the same command with --resume; if it was finished once, lines were cut off"
        raise InputError(Fault(str(folder), told, "every evening and the outcome", mend))
    head, outcome = lines[0], _json(folder / OUTCOME_FILE)
    seals = [digest(line) for line in Chain(folder).lines()]
    evenings = []
    for line, seal in zip(lines[1:-1], seals[1:-1], strict=True):
        said = _json(folder / EVENINGS / str(line["of"]) / "forecast.json")
        sayings = _camps(said, outcome) if said["kind"] == "camps" else _caravan(said, outcome)
        evenings.append(_evening(line, seal, said, outcome, sayings))
    return Replayed(
        case=str(head["case"]),
        title_es=str(head["title_es"]),
        title_en=str(head["title_en"]),
        head=seals[-1],
        settings={name: str(value) for name, value in head["settings"].items() if value is not None}
        | {"version": str(head["versions"]["safepassage"])},
        with_articles=bool(head["with_articles"]),
        told_by=str(outcome["told_by"]),
        evenings=tuple(evenings),
        steps=tuple((float(km), str(name)) for _, name, km in outcome.get("road", [])),
        threshold_people=int(head["threshold_people"]),
    )


def _json(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_bytes())
    return told


def _evening(
    line: dict[str, Any], seal: str, said: dict[str, Any], outcome: dict[str, Any], sayings: list[Saying]
) -> ReplayedEvening:
    evening = date.fromisoformat(line["of"])
    tomorrow = (evening + timedelta(days=1)).isoformat()
    there = outcome.get("towns", {}).get(tomorrow, [])
    names = {str(key): str(name) for key, name, _ in outcome.get("road", [])}
    towns = []
    for town in said["nights"][0].get("towns", []) if said["nights"] else []:
        low, _, high = town["if_they_come"] or (float("nan"),) * 3
        sheet = f"{EVENINGS}/{line['of']}/{town['sheet']}"
        towns.append(
            TownSaid(town["name"], town["country"], sheet, town["chance"], low, high, town["place"] in there)
        )
    return ReplayedEvening(
        evening=evening,
        line=int(line["line"]),
        seal=seal,
        reports=int(line["read"].get("counts", line["read"]["reports"])),
        articles=int(line["read"].get("articles", 0)),
        refused=int(line["read"].get("refused", 0)),
        sayings=tuple(sayings),
        towns=tuple(towns),
        happened=tuple(names.get(place, place) for place in there),
    )


def _caravan(said: dict[str, Any], outcome: dict[str, Any]) -> list[Saying]:
    """Lay the sealed positions beside the road that was taken, and hold each night against what came."""
    evening = date.fromisoformat(said["evening"])
    axis = {str(key): float(km) for key, _, km in outcome["road"]}
    where, how_many = dict(outcome["positions"]), dict(outcome["sizes"])
    along = _ways_km(said["ways"], axis)
    sizes = _sizes(said["told"])
    rows = []
    for night in said["nights"]:
        day = date.fromisoformat(night["night"])
        walked, since = _walked(said["told"], axis, evening, day)
        rules = naive_positions(walked, (day - since).days)
        heads = [(_head_km(along, way, km), count) for way, km, count in night["main_body"]]
        rows.append(
            _saying(
                POSITION, (evening, day), _quantiles(heads), where.get(night["night"]), rules, POSITION_RULES
            )
        )
        naive = naive_forecasts(sizes, (day - since).days, prior_variance=SIZE_LOG_SD_PER_SQRT_DAY**2)
        people = [float(night["size_percentiles"][round(level * 100) - 1]) for level in LEVELS]
        rows.append(_saying(SIZE, (evening, day), people, how_many.get(night["night"]), naive, SIZE_RULES))
    return rows


def _saying(
    what: str,
    when: tuple[date, date],
    said: Sequence[float],
    happened: float | None,
    rules: dict[str, NDArray[np.float64]],
    told: Sequence[str],
) -> Saying:
    low, middle, high = said
    naive = {rule: float(np.median(rules[rule])) for rule in told if rule in rules}
    came = float("nan") if happened is None else float(happened)
    return Saying(what, "", *when, low, middle, high, came, naive)


def _ways_km(ways: Sequence[Sequence[Any]], axis: dict[str, float]) -> list[tuple[float, float]]:
    """Give for every way the km along the road of its last place on it, and the member's own km there."""
    found: list[tuple[float, float]] = []
    for parent, place, km in ways:
        if place in axis:
            found.append((axis[place], float(km)))
        else:
            found.append((0.0, 0.0) if parent == START else found[parent])
    return [(on - at + float(way[2]), at) for (on, at), way in zip(found, ways, strict=True)]


def _head_km(along: list[tuple[float, float]], way: int, beyond_km: float) -> float:
    return along[way][0] + beyond_km


def _quantiles(heads: Sequence[tuple[float, int]]) -> list[float]:
    if not heads:
        return [float("nan")] * 3
    km, count = zip(*heads, strict=True)
    return [float(v) for v in np.quantile(np.repeat(km, count), LEVELS)]


def _walked(told: dict[str, Any], axis: dict[str, float], evening: date, day: date) -> tuple[Walked, date]:
    """Read where the main body was told to be, along the road; days are counted from the departure."""
    departs = date.fromisoformat(told["departs"])
    seen: dict[int, float] = {}
    for when, place in told["positions"]:
        if place in axis:
            number = (date.fromisoformat(when) - departs).days
            seen[number] = max(seen.get(number, 0.0), axis[place])
    if 0 not in seen:
        seen[-1] = 0.0  # the evening before the first day on the road
    days = sorted(seen)
    stops = [
        ((date.fromisoformat(when) - departs).days, published, axis[place])
        for when, published, place in told["next_stops"]
        if place in axis
    ]
    ahead = [stop for stop in stops if days[-1] < stop[0] <= (day - departs).days]
    km = np.maximum.accumulate([seen[each] for each in days])
    return Walked(np.array(days), km, max(ahead)[2] if ahead else float("nan")), departs


def _sizes(told: dict[str, Any]) -> Past:
    departs = date.fromisoformat(told["departs"])
    logs: dict[int, list[float]] = {}
    for when, people in told["sizes"]:
        logs.setdefault((date.fromisoformat(when) - departs).days, []).append(float(np.log(people)))
    logs.setdefault(0, [float(np.log(told["people"]))])
    days = sorted(logs)
    return Past(np.array(days), np.exp([float(np.mean(logs[day])) for day in days]))


def _camps(said: dict[str, Any], outcome: dict[str, Any]) -> list[Saying]:
    """Hold what was said of every camp against its next count."""
    evening = date.fromisoformat(said["evening"])
    nights = {night["night"]: night["camps"] for night in said["nights"]}
    rows = []
    for place, name, counts in outcome["camps"]:
        told = said["told"].get(place)
        later = [(day, people) for day, people in counts if evening.isoformat() < day and day in nights]
        if not told or not later or place not in nights[later[0][0]]:
            continue
        day, people = later[0]
        low, middle, high = nights[day][place]
        days = np.array([(date.fromisoformat(when) - evening).days for when, _ in told])
        past = Past(days, np.array([float(count) for _, count in told]))
        when = date.fromisoformat(day)
        naive = naive_forecasts(past, (when - evening).days, prior_variance=0.0)
        rules = {rule: float(np.median(naive[rule])) for rule in COUNT_RULES}
        rows.append(Saying(COUNT, str(name), evening, when, low, middle, high, float(people), rules))
    return rows
