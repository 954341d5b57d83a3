"""The columns of every file of a scenario folder: one list, from which reading, writing and docs are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safepassage.core.demographics import GROUP_KINDS
from safepassage.core.logistics import STATUSES as LOGISTICS_STATUSES
from safepassage.core.outcomes import OUTCOMES, STATUSES
from safepassage.core.report import (
    QUALITIES,
    QUANTIFIERS,
    RELIABILITIES,
    REPORT_KINDS,
    SEGMENTS,
    SOURCE_KINDS,
    UNITS,
)

SCENARIO_FILE = "scenario.toml"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
    required : bool     the column must stand in the header (its cells may still be allowed to be empty).
    meaning : str       one sentence for the docs; units are in the name.
    """

    name: str
    required: bool
    meaning: str


def _columns(text: str) -> tuple[Column, ...]:
    """Read "name! meaning" lines, the ! marking a required column."""
    columns = []
    for line in filter(str.strip, text.splitlines()):
        name, meaning = line.strip().split(maxsplit=1)
        columns.append(Column(name.rstrip("!"), name.endswith("!"), meaning))
    return tuple(columns)


_ANNOUNCED = """
    announced        date it became known; empty: the morning after, marked as assumed
    announced_basis  where that date was read, or "assumed: next day"
"""
_ANNOUNCED_WITH_GROUP = """
    announced        date it became known; empty: the day its group was announced, marked as assumed
    announced_basis  where that date was read, or "assumed: with the group"
"""
_SOURCE = "source           where the row was read: an address or a publication"

COLUMNS: dict[str, tuple[Column, ...]] = {
    "places.csv": _columns(f"""
        id!              key: letters a-z, digits, hyphen ("santa-rosa-de-copan")
        name!            as shown to people ("Santa Rosa de Copán")
        country!         two letters of ISO 3166-1 ("HN")
        admin1           first administrative level ("Copán")
        lat!             degrees north, WGS 84, -90 to 90
        lon!             degrees east, WGS 84, -180 to 180
        kind             city, town, village, border_town, border_crossing, shelter, camp …
        population       inhabitants; empty: unknown
        capacity_people  room in shelters or camp; empty: unknown
        shelter          names of shelters known to the public
        {_SOURCE}
        """),
    "links.csv": _columns(f"""
        from!            place at one end
        to!              place at the other end
        distance_km!     length along the road
        mode             road, border_crossing, local, jungle_trail, trail_boat_road …; empty: road
        two_way          true or false; empty: true
        estimated        true where the length is computed and not read in a source; empty: true
        {_SOURCE}
        """),
    "groups.csv": _columns(f"""
        group!           key of the group
        name_es          its name in Spanish; empty: the key
        name_en          its name in English; empty: the key
        origin           where it starts: the first place of its route, or all there is of it
        departs!         first day on the road
        {_ANNOUNCED}
        people_low!      people at departure, 5 % of what is believed
        people_high!     people at departure, 95 % of what is believed; 20 or more
        route_announced  day on which its way became known; empty: with the group
        {_SOURCE}
        """),
    "routes.csv": _columns("""
        group!           key of the group
        seq!             1, 2, 3 … along the reference route
        place!           places that follow each other must be linked
        """),
    "destinations.csv": _columns(f"""
        group!           key of the group
        place!           where it may be heading for
        weight!          how likely that was thought, relative to the group's other rows
        {_ANNOUNCED_WITH_GROUP}
        {_SOURCE}
        """),
    "joiners.csv": _columns(f"""
        group!           key of the group
        place!           where people may join
        people_low!      people who may join there, 5 % of what is believed
        people_high!     people who may join there, 95 % of what is believed
        {_ANNOUNCED_WITH_GROUP}
        reason           why these numbers
        {_SOURCE}
        """),
    "priors.csv": _columns(f"""
        name!            which number, one of the list above ("walk_km_per_day")
        shape!           fixed, uniform or lognormal
        low!             5 % of what is believed (uniform: the lower bound)
        high!            95 % of what is believed (uniform: the upper bound)
        reason           why these numbers
        {_SOURCE}
        """),
    "departures.csv": _columns(f"""
        origin!          place people leave
        date!            day they leave
        people!          how many
        destination      where they are heading; empty: where the groups are heading
        {_ANNOUNCED}
        {_SOURCE}
        """),
    "events.csv": _columns(f"""
        date!            first day of its effect
        until            last day of its effect; empty: open end for closures without hours, one day else
        hours            length, from the first day on, where it ended by the hour: it then ends by itself
        {_ANNOUNCED}
        kind!            closure, hold, roadblock, transport_restriction, bus_offer, bus_withdrawn, \
shelter_opened, shelter_closed, reception_refused, note
        place            where it acts; buses: where they wait
        to_place         where an offered bus goes
        link_from        a road instead of a place: one end …
        link_to          … and the other end
        countries        every link between two countries instead ("GT-MX")
        scope            the words of the source where it is no place of the network ("Nayarit")
        value            people, places or seats, by kind; buses: seats a day, empty: enough
        actor            the institution that acts; never a person
        {_SOURCE}
        note             one sentence
        """),
    "outcomes.csv": _columns(f"""
        outcome!         {", ".join(OUTCOMES)}
        status           {", ".join(STATUSES)}; empty: any
        country          two letters of ISO 3166-1, of the network; empty: everywhere
        from             first day it is in force; empty: from the start
        until            last day it is in force; empty: without end
        chance_per_day_low!   chance a day, lowest that is believed, 0 to 1
        chance_per_day_high!  chance a day, highest that is believed, 0 to 1
        announced        date it became known; empty: the morning after its days, marked as assumed
        announced_basis  where that date was read, or "assumed: next day"
        source!          where the figures were read: an address or a publication; must not be empty
        reason           how the chances follow from the source
        """),
    "reports.csv": _columns(f"""
        observed!        day the report speaks of
        published        day it became known; empty: the morning after, marked as assumed
        published_basis  where that date was read, or "assumed: next day"
        place            where; empty where it speaks of no single place
        kind!            {", ".join(REPORT_KINDS)}
        people_low       lowest figure; empty: only the position was told
        people_high      highest figure; empty: "at least people_low"
        segment          {", ".join(SEGMENTS)}; empty: main
        quality          {", ".join(QUALITIES)}; empty: exact
        {_SOURCE}
        note             one sentence; never a person's name
        group            key of the caravan it speaks of; empty: not told
        to_place         a position between two towns: the one ahead; transport: where to
        quantifier       {", ".join(filter(None, QUANTIFIERS))}; empty: none was told
        unit             what was counted: {", ".join(UNITS)}; empty: people. The figures here are people
        people_per_family  people to a family, where families were counted
        source_kind      who counted: {", ".join(filter(None, SOURCE_KINDS))}; empty: not told
        reliability      {", ".join(filter(None, RELIABILITIES))}; empty: not told
        since            first day of what a flow or a cumulative figure counts
        hour             announced hour of departure, 0 to 23
        copied_from      key of the report that it repeats (`safepassage report list` shows keys)
        excerpt          the words it was read from; persons masked
        """),
    "demographics.csv": _columns(f"""
        date!            day of the count
        group!           {", ".join(GROUP_KINDS)}; rows of any other word are not used
        value!           how many persons, or percent
        unit             persons or %; empty: persons
        n_base           all the persons counted; needed where the unit is persons
        published        date it became known; empty: the morning after, marked as assumed
        published_basis  where that date was read, or "assumed: next day"
        note             free words
        {_SOURCE}
        """),
    "truth.csv": _columns(f"""
        date!            day
        place            where; empty where it speaks of no single place
        quantity!        position, size …
        low              lowest figure
        high             highest figure
        {_SOURCE}
        """),
    # Read by adapters.logistics, beside the scenario: who can bring what.
    "supplies.csv": _columns(f"""
        id               key of the row; empty: made from its cells
        holder!          organisation, parish, town hall that has or offers it; never a person
        place!           where it is
        item!            what: a key or a name of the list of items ("water", "agua"), or one of your own
        quantity!        how much, in `unit`
        unit             what was counted ("L", "garrafón", "pipa"); empty: the item's own unit
        from             first day on which it can be taken; empty: the day it was announced
        until            last day on which it can be taken; empty: no end
        first_hour       of the day from which it can be fetched, 0 to 24; empty: 0
        last_hour        of the day until which it can be fetched, 0 to 24; empty: 24
        per_day          true: so much again every day; empty: false
        local            true: of use in its own town only (places to sleep, staff of a clinic); empty: false
        shelf_life_days  days it keeps once handed out; empty: as the item usually does
        announced        day it became known; empty: its first day
        status           {", ".join(LOGISTICS_STATUSES)}; empty: accepted
        decided          day on which the status became what it is; empty: with `announced`
        illustrative     true: made up to make the scenario run, and said so on every output; empty: false
        note             one sentence; never a person's name
        {_SOURCE}
        """),
    "carriers.csv": _columns(f"""
        id               key of the row; empty: made from its cells
        holder!          organisation, parish, town hall that can send them; never a person
        place!           where the vehicles stand in the morning and come back to
        vehicle!         as people call it: "pickup", "camioneta de redilas", "pipa", "water truck"
        vehicles         how many of them; empty: 1
        capacity_kg      load of one vehicle; empty: as such vehicles usually have
        capacity_litres  loading space of one vehicle; empty: as such vehicles usually have
        seats            passengers of one vehicle; empty: as such vehicles usually have
        speed_km_per_h   on the road, on average; empty: as such vehicles usually have
        hours_per_day    driving, loading and handing out together; empty: from first to last hour, at most 10
        first_hour       of the day from which it may be on the road, 0 to 24; empty: 6
        last_hour        of the day until which it may be on the road, 0 to 24; empty: 20
        range_km         there and back; 0: unlimited; empty: as such vehicles usually have
        cost_per_km      in `currency`; empty: as such vehicles usually have
        cost_per_day     in `currency`; empty: 0
        currency         three letters ("MXN"), the same in all rows; empty: MXN
        items            the only items it may carry, with spaces between; empty: all, a tanker: water
        from             first day; empty: the day it was announced
        until            last day; empty: no end
        announced        day it became known; empty: its first day
        status           {", ".join(LOGISTICS_STATUSES)}; empty: accepted
        decided          day on which the status became what it is; empty: with `announced`
        illustrative     true: made up to make the scenario run, and said so on every output; empty: false
        note             one sentence; never a person's name
        {_SOURCE}
        """),
    "requests.csv": _columns(f"""
        id               key of the row; empty: made from its cells
        place!           town that asks
        item!            what: a key or a name of the list of items
        quantity!        how much, in `unit`, for each of the days
        unit             what was counted; empty: the item's own unit
        from             first day; empty: the day it was announced
        until            last day; empty: the first day
        announced        day it became known; empty: its first day
        note             one sentence; never a person's name
        {_SOURCE}
        """),
    # Read by adapters.dispatches, beside the scenario: what was answered to proposed drives, as a log.
    "dispatches.csv": _columns(f"""
        id!              key of the drive; a later row of the same key tells what became of it
        status!          {", ".join(LOGISTICS_STATUSES)}
        decided!         day on which it became so; a plan as of an earlier day does not know the row
        carrier!         key of a row of carriers.csv
        vehicles         how many drive together; empty: 1
        from!            store where they load
        to!              town where they hand out
        leave!           day of leaving home
        leave_hour       of that day, 0 to 24; empty: 6
        arrive           day of arriving at the town; empty: the day of leaving
        arrive_hour      of that day, 0 to 24; empty: with `leave_hour`
        hours            of the whole round, per vehicle; empty: 0
        km               of the whole round, per vehicle; empty: 0
        loads!           of all vehicles: "water 2000 L @huixtla-1; food 800 meal @huixtla-2", the key of \
the supply behind @; "nothing" where nothing was delivered
        people           expected there on that day; empty: 0
        sure             share of the forecast's members in which all of it is needed there, 0 to 1
        reason           why it was answered so; never a person's name
        note             one sentence; never a person's name
        """),
    # Of a network's folder, not of a scenario's: where people on it usually head for.
    "ends.csv": _columns(f"""
        place!           where people on this network usually head for
        weight!          how usual that is, relative to the other rows
        reason           why this weight
        {_SOURCE}
        """),
    # Of a network's folder too: who might join a caravan on it.
    "pools.csv": _columns(f"""
        place!           where people may join
        people_low!      people who may join there, 5 % of what is believed
        people_high!     people who may join there, 95 % of what is believed
        reason           why these numbers
        {_SOURCE}
        """),
}

# Columns that are written only where some row has them: most reports need none of these.
SPARE_COLUMNS = {
    "reports.csv": frozenset(
        "group to_place quantifier unit people_per_family source_kind reliability since hour copied_from "
        "excerpt".split()
    )
}
NETWORK_FILES = ("places.csv", "links.csv")
ENDS_FILE, POOLS_FILE = "ends.csv", "pools.csv"
LOGISTICS_FILES = SUPPLIES_FILE, CARRIERS_FILE, REQUESTS_FILE = "supplies.csv", "carriers.csv", "requests.csv"
DISPATCHES_FILE = "dispatches.csv"
# In the folder of a scenario and no part of it: no forecast depends on them.
BESIDE_FILES = (*LOGISTICS_FILES, DISPATCHES_FILE)
TABLE_FILES = tuple(file for file in COLUMNS if file not in (ENDS_FILE, POOLS_FILE, *BESIDE_FILES))

# Beside them: a profile of needs, with items of one's own (adapters.profiles).
PROFILE_FILE = "profile.csv"


def column_names(file: str) -> tuple[str, ...]:
    """Give the names of a file's columns, in the order they are written."""
    return tuple(column.name for column in COLUMNS[file])


def required_names(file: str) -> tuple[str, ...]:
    """Give the names of the columns that a file must have."""
    return tuple(column.name for column in COLUMNS[file] if column.required)


def needed_columns(file: str, rows: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """Give the columns to write: all of the file's, but for spare ones that no row has a cell in."""
    spare = SPARE_COLUMNS.get(file, frozenset())
    told = {column for row in rows for column, cell in row.items() if cell}
    return tuple(column for column in column_names(file) if column not in spare or column in told)
