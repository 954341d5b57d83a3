"""Make a ready scenario folder for a new caravan."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from safepassage.adapters import builtin, folder
from safepassage.adapters.folder.columns import BESIDE_FILES
from safepassage.core.caravan_priors import SMALLEST_GROUP_PEOPLE
from safepassage.core.errors import Fault, InputError, ModelError
from safepassage.core.gazetteer import Gazetteer
from safepassage.core.network import Network
from safepassage.core.report import Report
from safepassage.core.scenario import Destination, GoalLaw, Group, JoinerPool, Scenario
from safepassage.engines.goal import likely_route

RouteFinder = Callable[[Network, GoalLaw, int, int], tuple[int, ...]]
GROUP_ID = "caravan"
GIVEN = "given when the scenario was made"
MAX_PEOPLE = 10_000_000
HORIZON_DAYS = 35
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
# Other caravans on this road grew by a half to three quarters: from 700 to 1,200 in spring 2018, from 4,000
# to 6,000 in October 2021. From almost nobody to as many again as left is what is believed of a new one.
JOIN_SHARES = (0.05, 1.0)
JOIN_REASON = (
    "judged: as many as 5 % to 100 % of those who left; other caravans grew by a half to three quarters"
)
JOIN_SOURCE = "caravans of spring 2018 (700 to 1,200) and October 2021 (4,000 to 6,000)"
ILLUSTRATIVE = (
    "Las personas que podrían unirse (joiners.csv), los pesos de los destinos y la ruta de referencia son "
    "supuestos hechos por el programa. / "
    "The people who may join (joiners.csv), the weights of destinations and the reference route are "
    "assumptions made by the program.",
)


@dataclass(frozen=True)
class NewCaravan:
    """What is known of a caravan when its scenario is made.

    Parameters
    ----------
    name : str          of the folder to be, and of the scenario.
    departs : date      first day on the road; with `at`, the day it is there.
    size : str          people, "3000-5000" or "5000".
    network : str       a built-in network, or a folder with places.csv and links.csv.
    origin : str        town it leaves; may be '' where `at` is given.
    at : str            town it is in already; '' for one that is yet to leave.
    to : tuple of str   towns it may head for; () for those usual on the network.
    """

    name: str
    departs: date
    size: str
    network: str = "mesoamerica"
    origin: str = ""
    at: str = ""
    to: tuple[str, ...] = ()


def new(wanted: NewCaravan, *, parent: Path | None = None, route_finder: RouteFinder = likely_route) -> Path:
    """Make a scenario folder that can be checked and run as it is.

    Parameters
    ----------
    wanted : NewCaravan
    parent : Path or None       where the folder is made; None: the working directory.
    route_finder : callable     (network, law, origin, destination) to the places of the reference route.

    Returns
    -------
    Path        the new folder.

    Raises
    ------
    InputError      with every fault of what was asked, or if there is something of that name.
    """
    scenario = new_scenario(wanted, route_finder=route_finder)
    path = (parent or Path()) / wanted.name
    folder.write(scenario, path)
    return path


def copy_builtin(name: str, of: str, *, parent: Path | None = None) -> Path:
    """Make a scenario folder that is a copy of a built-in, so that it can be changed and take in reports.

    Parameters
    ----------
    name : str      of the folder to be, and of the scenario.
    of : str        name of the built-in.

    Returns
    -------
    Path            the new folder.

    Raises
    ------
    InputError      with every fault of what was asked, or if there is something of that name.
    """
    faults = _name_faults(name)
    known = builtin.scenario_names()
    if of not in known:
        expected = f"a built-in scenario: {', '.join(known)}"
        faults.append(Fault("--copy", f"'{of[:60]}'", expected, "choose one; other folders can be copied"))
    if faults:
        raise InputError(faults, "The scenario was not made.")
    path = (parent or Path()) / name
    scenario = folder.open_builtin(of)
    brought = [builtin.scenario_path(of) / file for file in BESIDE_FILES]
    more = {table.name: table.read_text(encoding="utf-8") for table in brought if table.exists()}
    folder.write(replace(scenario, name=name), path, more=more)
    return path


def new_scenario(wanted: NewCaravan, *, route_finder: RouteFinder = likely_route) -> Scenario:
    """Make the scenario of a new caravan without writing it; see `new`."""
    faults = _name_faults(wanted.name)
    if not FIRST_DAY <= wanted.departs <= LAST_DAY:
        expected = f"a day from {FIRST_DAY} to {LAST_DAY}"
        faults.append(Fault("--departs", wanted.departs.isoformat(), expected, "correct the date"))
    network_path = _network_path(wanted.network)
    network = folder.read_network(network_path)
    gazetteer = Gazetteer(network.places)
    low, high = _size(wanted.size, faults)
    origin = _place(gazetteer, "--from", wanted.origin, faults) if wanted.origin or not wanted.at else -1
    at = _place(gazetteer, "--at", wanted.at, faults) if wanted.at else origin
    ends = _ends(wanted, gazetteer, faults) or folder.read_ends(network_path, network, wanted.departs)
    if not ends:
        mend = "say where the caravan is heading with --to"
        faults.append(Fault("--to", "no destination", "at least one town", mend))
    if faults:
        raise InputError(faults, "The scenario was not made.")
    ends, route = _reachable(network, at, ends, route_finder)
    pools = folder.read_pools(network_path, network, wanted.departs)
    group = Group(
        id=GROUP_ID,
        name_es="Caravana",
        name_en="Caravan",
        route=route,
        # Who is in a town today spends the night there and goes on in the morning.
        departs=wanted.departs + timedelta(days=1 if wanted.at else 0),
        announced=wanted.departs,
        size_low=low,
        size_high=high,
        destinations=ends,
        joiners=pools or _joiners(network, route, (low, high), wanted.departs),
        source=GIVEN if not wanted.at or origin < 0 else f"{GIVEN}; left {network.places.names[origin]}",
        announced_basis=GIVEN,
        # The way is the program's guess: until somebody declares it, a forecast draws ways by the goal law.
        route_announced=wanted.departs + timedelta(days=HORIZON_DAYS),
    )
    return _scenario(wanted, network, group)


def _ends(wanted: NewCaravan, gazetteer: Gazetteer, faults: list[Fault]) -> tuple[Destination, ...]:
    """Give every place asked for once, however it was written."""
    places = dict.fromkeys(_place(gazetteer, "--to", name, faults) for name in dict.fromkeys(wanted.to))
    return tuple(Destination(place, 1.0, wanted.departs, GIVEN, GIVEN) for place in places)


def _scenario(wanted: NewCaravan, network: Network, group: Group) -> Scenario:
    town = network.places.names[group.route[0]]
    words = ("en", "in") if wanted.at else ("desde", "from")
    reports: tuple[Report, ...] = ()
    if wanted.at:
        place, low, high = group.route[0], group.size_low, group.size_high
        day, exact = wanted.departs, "exact" if group.size_low == group.size_high else "approx"
        reports = (Report(day, day, GIVEN, place, "position", low, high, "main", exact, GIVEN),)
    return Scenario(
        name=wanted.name,
        title_es=f"Caravana {words[0]} {town}, {wanted.departs.isoformat()}",
        title_en=f"Caravan {words[1]} {town}, {wanted.departs.isoformat()}",
        start=wanted.departs,
        as_of=None,
        days=HORIZON_DAYS,
        seed=1,
        network=network,
        law=GoalLaw(),
        groups=(group,),
        reports=reports,
        illustrative=ILLUSTRATIVE,
        sources=(f"network {wanted.network}",),
        default_as_of=wanted.departs,
    )


def _name_faults(name: str) -> list[Fault]:
    if not re.fullmatch(r"[^\W_][\w.-]{0,99}", name):
        expected = "1 to 100 letters, digits, hyphens, dots or underscores, the first a letter or digit"
        return [Fault("NAME", f"'{name[:60]}'", expected, "choose another name; the folder is made here")]
    if name in builtin.scenario_names():
        return [Fault("NAME", f"'{name}'", "a name that no built-in scenario has", "choose another name")]
    return []


def _network_path(name: str) -> Path:
    if name in builtin.network_names():
        return builtin.network_path(name)
    if Path(name).is_dir():
        return Path(name)
    known = ", ".join(builtin.network_names())
    fault = Fault(
        "--network", f"'{name[:60]}'", f"{known}, or a folder with places.csv and links.csv", "choose one"
    )
    raise InputError(fault)


def _size(text: str, faults: list[Fault]) -> tuple[float, float]:
    plain = re.sub(r"(?<=[0-9])[ ,.\u00a0\u202f](?=[0-9]{3}(?![0-9]))", "", text.strip())
    found = re.fullmatch(r"([0-9]{1,12})(?:\s*[-–—]\s*([0-9]{1,12}))?", plain)
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= low <= high <= MAX_PEOPLE:
        expected = f"people as LOW-HIGH, such as 3000-5000, from 1 to {MAX_PEOPLE}"
        faults.append(Fault("--size", f"'{text[:60]}'", expected, "write the lowest and the highest figure"))
    elif high < SMALLEST_GROUP_PEOPLE:
        expected = f"{SMALLEST_GROUP_PEOPLE} people or more: fewer are no caravan here, and are shown nowhere"
        mend = f"raise the highest figure to {SMALLEST_GROUP_PEOPLE} or more if there may be as many"
        faults.append(Fault("--size", f"'{text[:60]}'", expected, mend))
    return float(low), float(high)


def _place(gazetteer: Gazetteer, option: str, name: str, faults: list[Fault]) -> int:
    match = gazetteer.find(name)
    if match.place < 0:
        expected = "one place of the network" if match.several else "a place of the network"
        faults.append(Fault(option, f"'{name[:60]}'", expected, match.hint))
    return match.place


def _reachable(
    network: Network, origin: int, ends: tuple[Destination, ...], route_finder: RouteFinder
) -> tuple[tuple[Destination, ...], tuple[int, ...]]:
    """Keep the ends a road leads to; give the reference route to the likeliest, or first named, of them."""
    kept, routes = [], []
    for end in ends:
        if end.place == origin:
            continue
        try:
            routes.append(route_finder(network, GoalLaw(), origin, end.place))
        except ModelError:
            continue
        kept.append(end)
    if not kept:
        names = network.places.names
        found = f"no road from {names[origin]} to {', '.join(names[end.place] for end in ends)}"
        mend = "name another destination with --to"
        raise InputError(Fault("--to", found, "a destination other than the start, with a road to it", mend))
    likeliest = max(range(len(kept)), key=lambda i: kept[i].weight)
    return tuple(kept), routes[likeliest]


def _joiners(
    network: Network, route: tuple[int, ...], size: tuple[float, float], announced: date
) -> tuple[JoinerPool, ...]:
    """Spread those who may join over the start and the cities of the first half of the way."""
    kinds = network.places.kinds
    half = route[1 : max(2, len(route) // 2)]
    towns = [route[0], *(place for place in half if kinds[place] == "city")]
    low, high = (round(size[0] * JOIN_SHARES[0] / len(towns)), round(size[1] * JOIN_SHARES[1] / len(towns)))
    return tuple(
        JoinerPool(place, float(max(low, 1)), float(max(high, 1)), announced, JOIN_REASON, JOIN_SOURCE, GIVEN)
        for place in towns
    )
