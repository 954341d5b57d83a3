"""priors, departures, events, reports and truth: the tables of what was known, and of what happened."""

from __future__ import annotations

import re
from datetime import date

from safepassage.adapters.folder.cells import NOTHING_DAY, PEOPLE, WHOLE_PEOPLE, Cells, Range, rows_of
from safepassage.adapters.folder.groups import Around
from safepassage.adapters.folder.tables import Table
from safepassage.core.caravan_priors import PRIOR_LIMITS
from safepassage.core.report import (
    ANNOUNCED_KINDS,
    PLACED_KINDS,
    QUALITIES,
    QUANTIFIERS,
    RELIABILITIES,
    REPORT_KINDS,
    SEGMENTS,
    SOURCE_KINDS,
    UNITS,
    Report,
)
from safepassage.core.scenario import EVENT_KINDS, PRIOR_SHAPES, Departures, Event, Prior, TruthRow

HOURS = Range(0, 24 * 366)
HOUR_OF_DAY = Range(0, 23, whole=True)
FAMILY = Range(1, 50)
TRUTH = Range(0, 1e10)
_STRETCH = ("place", "link_from", "countries", "hours")
# The columns that an event of a kind acts by; of kinds that are only shown nothing is said.
ACTS_BY = {
    "closure": _STRETCH,
    "hold": _STRETCH,
    "roadblock": _STRETCH,
    "transport_restriction": _STRETCH,
    "bus_offer": ("place", "to_place", "value", "hours"),
    "bus_withdrawn": ("place", "to_place"),
}


def read_priors(table: Table | None, around: Around) -> dict[str, Prior]:
    """Read priors.csv; of each row its first fault is told."""
    priors: dict[str, Prior] = {}
    for row in rows_of(table, around.findings):
        faults_before = len(around.findings.faults)
        prior = _prior(row, known=priors)
        del around.findings.faults[faults_before + 1 :]
        priors[prior.name] = prior
    return priors


def _prior(row: Cells, *, known: dict[str, Prior]) -> Prior:
    name = row.choice("name", tuple(PRIOR_LIMITS))
    if name in known:
        row.fault("name", "each prior once", "take one of the two rows out")
    shape = row.choice("shape", PRIOR_SHAPES)
    low, high = row.needed_low_high("low", "high", Range(PRIOR_LIMITS[name].low, PRIOR_LIMITS[name].high))
    if shape == "normal":
        expected = "fixed, uniform or lognormal: a normal one reaches below zero, where this number cannot be"
        row.fault("shape", expected, "write lognormal, with the same low and high if low is above zero")
    if shape == "fixed" and low != high:
        row.fault(
            "high", "the same number as low, for a fixed prior", "write it twice, or choose another shape"
        )
    if shape == "lognormal" and low <= 0:
        row.fault("low", "a number above zero, for a lognormal prior", "correct it, or choose another shape")
    return Prior(name, shape, low, high, row.raw("reason"), row.raw("source"), row.extra)


def read_departures(table: Table | None, around: Around) -> tuple[Departures, ...]:
    """Read departures.csv."""
    departures = []
    for row in rows_of(table, around.findings):
        day = row.needed_day("date")
        if around.settings and NOTHING_DAY != day < around.settings.start:
            expected = f"a day from the start on ({around.settings.start})"
            row.fault("date", expected, "correct it, or `start` in scenario.toml")
        announced, basis = row.known_from("announced", day)
        place = row.place("origin", around.gazetteer)
        people = int(row.needed_number("people", WHOLE_PEOPLE))
        # Without a group there is nobody whose destination could stand in for theirs.
        end = row.place("destination", around.gazetteer, needed=not around.has_groups)
        departures.append(
            Departures(place, day, people, announced, row.raw("source"), basis, row.extra, destination=end)
        )
    return tuple(departures)


def read_events(table: Table | None, around: Around) -> tuple[Event, ...]:
    """Read events.csv."""
    return tuple(_event(row, around) for row in rows_of(table, around.findings))


def _event(row: Cells, around: Around) -> Event:
    day, until = row.needed_day("date"), row.day("until")
    if until is not None and NOTHING_DAY not in (day, until) and until < day:
        row.fault("until", f"a day from `date` on ({day})", "exchange or correct the two dates")
    kind = row.choice("kind", EVENT_KINDS)
    announced, basis = row.known_from("announced", day)
    place = row.place("place", around.gazetteer, needed=False)
    link, countries = _link(row, around), _countries(row, around)
    given = [column for column in ("place", "link_from", "countries") if row.raw(column)]
    if len(given) > 1:
        row.fault(
            given[1],
            "one of place, link or countries",
            f"keep one of {', '.join(given)}; two events are two rows",
        )
    if not given and kind != "note" and not row.raw("scope"):
        expected = "where it acts, or the words for it in `scope`; without a place it has no effect"
        row.note("place", expected, "name a place, if there is one")
    _note_idle_columns(row, kind)
    return Event(
        day=day,
        until=until,
        hours=row.number("hours", HOURS),
        announced=announced,
        announced_basis=basis,
        kind=kind,
        place=place,
        link=link,
        countries=countries,
        scope=row.raw("scope"),
        value=row.number("value", PEOPLE),
        source=row.raw("source"),
        note=row.raw("note"),
        actor=row.raw("actor"),
        to_place=row.place("to_place", around.gazetteer, needed=False),
        extra=row.extra,
    )


def _note_idle_columns(row: Cells, kind: str) -> None:
    """Tell of cells that change nothing, because events of this kind do not act by them."""
    acting = ACTS_BY.get(kind)
    if acting is None:
        return
    for column in ("place", "to_place", "link_from", "countries", "hours", "value"):
        if row.raw(column) and column not in acting:
            by = ", ".join(acting).replace("link_from", "link")
            expected = f"an event that acts by {by}, as a {kind} does: this cell has no effect"
            row.note(column, expected, "say it in those columns, or leave it: the cell is kept")


def _link(row: Cells, around: Around) -> tuple[int, int] | None:
    if not row.raw("link_from") and not row.raw("link_to"):
        return None
    ends = (row.place("link_from", around.gazetteer), row.place("link_to", around.gazetteer))
    if around.network is not None and min(ends) >= 0:
        if ends not in around.arcs and ends[::-1] not in around.arcs:
            row.fault("link_to", "the other end of a link", "name two places that a row of links.csv joins")
    return ends


def _countries(row: Cells, around: Around) -> tuple[str, str] | None:
    text = row.raw("countries").upper()
    if not text:
        return None
    pair = re.fullmatch(r"([A-Z]{2})\s*[-–/ ]\s*([A-Z]{2})", text)
    known = set(around.network.places.countries) if around.network is not None else set()
    if not pair or (known and not known >= {pair[1], pair[2]}) or pair[1] == pair[2]:
        row.fault(
            "countries",
            "two countries of the network, such as GT-MX",
            "write two letters, a hyphen, two letters",
        )
        return None
    return pair[1], pair[2]


def read_reports(table: Table | None, around: Around) -> tuple[Report, ...]:
    """Read reports.csv."""
    return tuple(_report(row, around) for row in rows_of(table, around.findings))


def _report(row: Cells, around: Around) -> Report:
    observed = row.needed_day("observed")
    published, basis = row.known_from("published", observed)
    kind = row.choice("kind", REPORT_KINDS)
    early = NOTHING_DAY not in (observed, published) and published < observed
    if early and kind not in ANNOUNCED_KINDS:
        expected = f"a day from the observation on ({observed})"
        row.fault(
            "published", expected, "exchange or correct the two dates: nothing is known before it happens"
        )
    low, high = row.low_high("people_low", "people_high", PEOPLE)
    if low is None and high is not None and not row.raw("people_low"):
        row.fault(
            "people_low",
            "a number where people_high has one",
            "write 0 for 'up to', or the same number twice",
        )
    return Report(
        observed=observed,
        published=published,
        published_basis=basis,
        place=row.place("place", around.gazetteer, needed=kind in PLACED_KINDS),
        kind=kind,
        low=low,
        high=high,
        segment=row.choice("segment", SEGMENTS, "main"),
        quality=row.choice("quality", QUALITIES, "exact"),
        source=row.raw("source"),
        note=row.raw("note"),
        extra=row.extra,
        group=row.raw("group"),
        to_place=row.place("to_place", around.gazetteer, needed=False),
        quantifier=row.choice("quantifier", QUANTIFIERS),
        unit=row.choice("unit", UNITS, UNITS[0]),
        unit_people=row.number("people_per_family", FAMILY),
        source_kind=row.choice("source_kind", SOURCE_KINDS),
        reliability=row.choice("reliability", RELIABILITIES),
        since=_since(row, observed),
        hour=_hour(row),
        copied_from=_copied_from(row),
        excerpt=row.raw("excerpt"),
    )


def _since(row: Cells, observed: date) -> date | None:
    since = row.day("since")
    if since is not None and NOTHING_DAY not in (since, observed) and since > observed:
        row.fault("since", f"a day up to the observation ({observed})", "exchange or correct the two dates")
    return since


def _hour(row: Cells) -> int | None:
    hour = row.number("hour", HOUR_OF_DAY)
    return None if hour is None else int(hour)


def _copied_from(row: Cells) -> str:
    key = row.raw("copied_from")
    if key and not re.fullmatch("[0-9a-f]{16}", key):
        row.fault(
            "copied_from", "the key of a report: 16 letters 0-9 and a-f", "correct it, or leave it empty"
        )
    return key


def read_truth(table: Table | None, around: Around) -> tuple[TruthRow, ...]:
    """Read truth.csv."""
    truth = []
    for row in rows_of(table, around.findings):
        low, high = row.low_high("low", "high", TRUTH)
        quantity = row.needed("quantity")
        place = row.place("place", around.gazetteer, needed=quantity == "position")
        truth.append(
            TruthRow(row.needed_day("date"), place, quantity, low, high, row.raw("source"), row.extra)
        )
    return tuple(truth)
