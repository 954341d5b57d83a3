"""The file `scenario.toml`: its keys, how it is checked and how it is written."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from safepassage.adapters.folder.columns import SCENARIO_FILE
from safepassage.adapters.folder.privacy import EXPECTED, MENDS, personal_in
from safepassage.core.errors import Fault
from safepassage.core.scenario import GoalLaw

MAX_DAYS = 3660
MAX_SEED = 2**63 - 1  # TOML integers are 64 bits with a sign
MAX_TEXT = 10_000
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class Settings:
    """What stands in `scenario.toml`; see `Scenario` for the meaning of the fields.

    `network` is the name of a built-in network, '' where the folder has places.csv and links.csv.
    """

    name: str
    start: date
    title_es: str = ""
    title_en: str = ""
    as_of: date | None = None
    days: int = 35
    seed: int = 1
    threshold_people: int = 500
    network: str = ""
    illustrative: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    licence: str = ""
    law: GoalLaw = field(default_factory=GoalLaw)


KEY_MEANINGS = {
    "name": "key of the scenario: letters, digits, hyphen, dot, underscore",
    "title_es": "title in Spanish; empty: the name",
    "title_en": "title in English; empty: the name",
    "start": "day 0 of the simulation",
    "as_of": "as-of date of a forecast that is asked for without one; left out: `start`",
    "days": "default horizon in days",
    "seed": "default seed",
    "threshold_people": "the number of people a town is warned of",
    "network": 'a built-in network ("mesoamerica") instead of places.csv and links.csv',
    "illustrative": "sentences, Spanish / English: what in here is made up to make it run",
    "sources": "where the data come from",
    "licence": "licence of the data",
    "law": 'how people move: kind = "goal", and its parameters where they are not the defaults',
}
_ORDER = (
    "name", "title_es", "title_en", "start", "as_of", "days", "seed", "threshold_people", "network",
    "illustrative", "sources", "licence",
)  # fmt: skip


def parse_settings(text: str) -> tuple[Settings | None, list[Fault]]:
    """Read `scenario.toml`.

    Returns
    -------
    Settings or None        None where a fault makes it unusable.
    list of Fault           every fault found.
    """
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [
            Fault(
                SCENARIO_FILE,
                f"broken TOML ({error})",
                "TOML",
                "mend the line the message names; see toml.io",
            )
        ]
    faults = [_unknown(key, tuple(KEY_MEANINGS)) for key in table if key not in KEY_MEANINGS]
    values: dict[str, Any] = {}
    for key, check in _CHECKS.items():
        if key in table:
            value, problem = check(table[key])
            if problem:
                faults.append(
                    Fault(SCENARIO_FILE, _shown(table[key]), problem, f"correct `{key}`", column=key)
                )
            values[key] = value
            words = " \n".join(value) if isinstance(value, tuple) else value if key != "name" else ""
            if isinstance(words, str) and (told := personal_in(words)):
                faults.append(Fault(SCENARIO_FILE, told, EXPECTED, MENDS[told], column=key))
        elif key in ("name", "start"):
            example = 'name = "my-caravan"' if key == "name" else "start = 2018-10-13"
            faults.append(
                Fault(SCENARIO_FILE, "nothing", KEY_MEANINGS[key], f"add a line `{example}`", column=key)
            )
    if "law" in table:
        values["law"], more = _law(table["law"])
        faults += more
    return (None if faults else Settings(**values)), faults


def render_settings(settings: Settings) -> str:
    """Write `scenario.toml`; the defaults of the law are not written."""
    lines = []
    for key in _ORDER:
        value = getattr(settings, key)
        if value not in (None, ""):
            lines.append(f"{key} = {_toml(value)}")
    lines += ["", "[law]", 'kind = "goal"']
    for parameter in fields(GoalLaw):
        value = getattr(settings.law, parameter.name)
        if value != parameter.default:
            lines.append(f"{parameter.name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "[" + "".join(f"\n  {_toml(item)}," for item in value) + ("\n]" if value else "]")
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, date) else value.isoformat()
    return text if len(text) <= 60 else text[:57] + "…"


def _unknown(key: str, known: tuple[str, ...], table: str = "") -> Fault:
    close = get_close_matches(key, known, n=1)
    mend = f"rename it to `{close[0]}`" if close else "take it out"
    place = f"[{table}]" if table else SCENARIO_FILE
    return Fault(
        SCENARIO_FILE,
        f"unknown key {_shown(key)}",
        f"one of {', '.join(known)} in {place}",
        mend,
        column=key[:60],
    )


def _text(value: object) -> tuple[str, str]:
    if not isinstance(value, str):
        return "", "a text in quotes"
    if len(value) > MAX_TEXT or any(ord(c) < 32 and c not in "\t\n\r" for c in value):
        return "", f"a text of at most {MAX_TEXT} characters without control characters"
    return value, ""


def _name(value: object) -> tuple[str, str]:
    text, problem = _text(value)
    if not problem and not re.fullmatch(r"[^\W_][\w.-]{0,99}", text):
        problem = "1 to 100 letters, digits, hyphens, dots or underscores, the first a letter or digit"
    return text, problem


def _texts(value: object) -> tuple[tuple[str, ...], str]:
    if not isinstance(value, list) or any(_text(item)[1] for item in value):
        return (), "a list of texts in quotes"
    return tuple(value), ""


def _day(value: object) -> tuple[date | None, str]:
    expected = "a date such as 2018-10-13"
    if isinstance(value, datetime):
        return None, expected + ", without time"
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError:
            return None, expected
    if not isinstance(value, date) or not FIRST_YEAR <= value.year <= LAST_YEAR:
        return None, f"{expected}, between the years {FIRST_YEAR} and {LAST_YEAR}"
    return value, ""


def _whole(low: int, high: int) -> Any:
    def check(value: object) -> tuple[int, str]:
        good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return (
            (value, "") if good and isinstance(value, int) else (low, f"a whole number from {low} to {high}")
        )

    return check


_CHECKS: dict[str, Any] = {
    "name": _name,
    "title_es": _text,
    "title_en": _text,
    "start": _day,
    "as_of": _day,
    "days": _whole(1, MAX_DAYS),
    "seed": _whole(0, MAX_SEED),
    "threshold_people": _whole(1, 1_000_000_000),
    "network": _text,
    "illustrative": _texts,
    "sources": _texts,
    "licence": _text,
}


# Lowest and highest number of each parameter of the goal law. What the law divides by, or needs to get
# anybody anywhere, ends above zero; the upper ends are far beyond any use.
LAW_LIMITS: dict[str, tuple[float, float]] = {
    "per_km": (0.0, 1.0),
    "per_border": (0.0, 1000.0),
    "per_bare_night": (0.0, 1000.0),
    "off_road": (0.01, 1000.0),
    "reference": (0.0, 1000.0),
    "foresight_links": (0, 1000),
    "move_chance": (0.001, 1.0),
    "speed_km_per_day": (1.0, 2000.0),
}
_LAW_DEFAULTS: dict[str, Any] = {parameter.name: parameter.default for parameter in fields(GoalLaw)}


def _law(value: object) -> tuple[GoalLaw, list[Fault]]:
    if value == "goal":
        return GoalLaw(), []
    if not isinstance(value, dict) or value.get("kind", "goal") != "goal":
        found = _shown(value.get("kind") if isinstance(value, dict) else value)
        mend = 'write [law] and kind = "goal"; a Flee folder brings its own law'
        return GoalLaw(), [
            Fault(SCENARIO_FILE, found, 'a table [law] with kind = "goal"', mend, column="law")
        ]
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for key, number in value.items():
        if key == "kind":
            continue
        if key not in LAW_LIMITS:
            faults.append(_unknown(key, ("kind", *LAW_LIMITS), "law"))
        elif problem := _law_problem(key, number):
            mend = f"correct `{key}` in [law], or take the line out: the default is {_LAW_DEFAULTS[key]:g}"
            faults.append(Fault(SCENARIO_FILE, _shown(number), problem, mend, column=key))
        else:
            values[key] = number if isinstance(_LAW_DEFAULTS[key], int) else float(number)
    return GoalLaw(**values), faults


def _law_problem(key: str, number: object) -> str:
    """Say what a parameter of the law should be, '' where it is right."""
    low, high = LAW_LIMITS[key]
    whole = isinstance(_LAW_DEFAULTS[key], int)
    right = isinstance(number, int if whole else (int, float)) and not isinstance(number, bool)
    if right and isinstance(number, (int, float)) and low <= number <= high:
        return ""
    return f"{'a whole number' if whole else 'a number'} from {low:g} to {high:g}"
