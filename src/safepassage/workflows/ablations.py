"""What a forecast is made of, taken away or spoilt part by part: pure changes Scenario -> Scenario.

Which reports and counts are kept, moved or made false is drawn by a hash of each one's own key, so that it
does not depend on the others: a quarter is part of the half, and no order and no origin plays a part. Truth,
network, groups and what is scored stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import Series
from safepassage.core.network import sphere_km
from safepassage.core.report import Report, report_key
from safepassage.core.scenario import Event, Scenario
from safepassage.core.told_events import ended_by_reports, events_told
from safepassage.settings.forecast import ForecastOptions

ANNOUNCING_REPORTS = frozenset(("next_stop", "transport_offered", "transport_withdrawn"))
ANNOUNCING_EVENTS = frozenset(("bus_offer", "bus_withdrawn"))
FALSE_SHARE = 0.2
TOO_MANY, OFF = 2.0, 3.0  # factors of biased sizes, and of false ones
FAR_KM = (200.0, 500.0)  # how far off a false position lies


@dataclass(frozen=True)
class Ablation:
    """One way of making the forecast with less, or with worse, than there is.

    Parameters
    ----------
    name : str
    change : callable           Scenario, seed -> Scenario.
    options : dict              options of the forecast that go with it.
    part : bool                 takes a part away, which has to earn its place; else it spoils what is told.
    kinds : tuple of str        kinds of case that it means something for.
    """

    name: str
    change: Callable[[Scenario, int], Scenario]
    options: ForecastOptions
    part: bool
    kinds: tuple[str, ...] = ("caravans", "camps")


def unchanged(scenario: Scenario, seed: int) -> Scenario:
    """Give the scenario as it is."""
    return scenario


def share_of_reports(scenario: Scenario, seed: int, share: float) -> Scenario:
    """Keep a share of the reports, with the events that they tell, and of the counts of every camp."""
    kept = tuple(one for one in scenario.reports if _luck(scenario, one, "kept", seed) < share)
    gone = tuple(one for one in scenario.reports if _luck(scenario, one, "kept", seed) >= share)
    changed = replace(scenario, reports=kept, events=_without_told(scenario, gone, kept))

    def thinned(series: Series, name: str) -> Series:
        mask = _day_luck(series, f"kept\x1f{name}", seed) < share
        return Series(series.days[mask], series.people[mask])

    return _with_series(changed, thinned)


def _without_told(
    scenario: Scenario, gone: tuple[Report, ...], kept: tuple[Report, ...]
) -> tuple[Event, ...]:
    """Give the events without those, and without those ends, that only the reports told which are gone."""
    told_by_gone, told_by_kept = (
        {_open_ended(event) for event in events_told(some, scenario.network)} for some in (gone, kept)
    )
    left = [event for event in scenario.events if _open_ended(event) not in told_by_gone - told_by_kept]
    # Ends that a report told are told anew by the reports that are left.
    return tuple(
        event if event.until_announced is None else ended_by_reports([_open_ended(event)], kept)[0]
        for event in left
    )


def _open_ended(event: Event) -> Event:
    return event if event.until_announced is None else replace(event, until=None, until_announced=None)


def without_announcements(scenario: Scenario, seed: int) -> Scenario:
    """Take away what was said beforehand of the way.

    Reports of announced next stops and of transport offered or withdrawn; events of bus offers and of their
    withdrawal; and every other report and event that was published before the day of which it speaks.
    """
    gone = tuple(r for r in scenario.reports if r.kind in ANNOUNCING_REPORTS or r.published < r.observed)
    kept = tuple(r for r in scenario.reports if r not in gone)
    events = tuple(
        event
        for event in _without_told(scenario, gone, kept)
        if event.kind not in ANNOUNCING_EVENTS and event.announced >= event.day
    )
    return replace(scenario, reports=kept, events=events)


def sizes_doubled(scenario: Scenario, seed: int) -> Scenario:
    """Let every report and every count tell twice as many people."""
    reports = tuple(_sized(report, TOO_MANY) for report in scenario.reports)
    return _with_series(
        replace(scenario, reports=reports), lambda series, _: replace(series, people=TOO_MANY * series.people)
    )


def half_the_sources_doubled(scenario: Scenario, seed: int) -> Scenario:
    """Let every second source, or camp, drawn by hash, tell twice as many people."""

    def doubled(word: str) -> bool:
        return _unit(f"doubled\x1f{seed}\x1f{word}") < 0.5

    reports = tuple(
        _sized(report, TOO_MANY) if doubled(report.source) else report for report in scenario.reports
    )
    return _with_series(
        replace(scenario, reports=reports),
        lambda series, name: replace(series, people=TOO_MANY * series.people) if doubled(name) else series,
    )


def a_fifth_false(scenario: Scenario, seed: int) -> Scenario:
    """Make a fifth of the reports and of the counts false.

    Half of the false reports of positions, and those that tell no size, lie in another place 200 to 500 km
    off (or as near to that as there is); all other false figures are three times too high or too low.
    """
    reports = []
    for report in scenario.reports:
        if _luck(scenario, report, "false", seed) >= FALSE_SHARE:
            reports.append(report)
            continue
        elsewhere = report.kind == "position" and report.place >= 0
        if elsewhere and (not report.low or _luck(scenario, report, "moved", seed) < 0.5):
            luck = _luck(scenario, report, "where", seed)
            reports.append(replace(report, place=_far_place(scenario, report.place, luck)))
        else:
            up = _luck(scenario, report, "up", seed) < 0.5
            reports.append(_sized(report, OFF if up else 1.0 / OFF))

    def falsified(series: Series, name: str) -> Series:
        false = _day_luck(series, f"false\x1f{name}", seed) < FALSE_SHARE
        up = _day_luck(series, f"up\x1f{name}", seed) < 0.5
        factor = np.where(false, np.where(up, OFF, 1.0 / OFF), 1.0)
        return replace(series, people=np.rint(series.people * factor))

    return _with_series(replace(scenario, reports=tuple(reports)), falsified)


ABLATIONS = (
    Ablation("no reports", unchanged, {"use_reports": False}, part=True),
    Ablation("a quarter of the reports", lambda s, seed: share_of_reports(s, seed, 0.25), {}, part=True),
    Ablation("half of the reports", lambda s, seed: share_of_reports(s, seed, 0.5), {}, part=True),
    Ablation("no learned priors", unchanged, {"learned": "none"}, part=True),
    Ablation("no announcements", without_announcements, {}, part=True, kinds=("caravans",)),
    Ablation("sizes doubled", sizes_doubled, {}, part=False),
    Ablation("half of the sources doubled", half_the_sources_doubled, {}, part=False),
    Ablation("a fifth of the reports false", a_fifth_false, {}, part=False),
)


def _sized(report: Report, factor: float) -> Report:
    low, high = (None if value is None else value * factor for value in (report.low, report.high))
    return replace(report, low=low, high=high)


def _far_place(scenario: Scenario, place: int, luck: float) -> int:
    places = scenario.network.places
    far = sphere_km((places.lat[place], places.lon[place]), (places.lat, places.lon))
    fitting = np.flatnonzero((far >= FAR_KM[0]) & (far <= FAR_KM[1]))
    if not len(fitting):
        fitting = np.array([int(np.argmax(np.minimum(far, FAR_KM[1])))])
    return int(fitting[int(luck * len(fitting))])


def _with_series(scenario: Scenario, change: Callable[[Series, str], Series]) -> Scenario:
    """Change the counts of every camp, of camps elsewhere and of the total."""
    displacement = scenario.displacement
    if displacement is None:
        return scenario
    ids = scenario.network.places.ids
    series = tuple(
        change(one, ids[place])
        for place, one in zip(displacement.camps.tolist(), displacement.series, strict=True)
    )
    elsewhere = tuple(change(one, f"elsewhere {k}") for k, one in enumerate(displacement.elsewhere))
    total = None if displacement.total is None else change(displacement.total, "total")
    return replace(
        scenario, displacement=replace(displacement, series=series, elsewhere=elsewhere, total=total)
    )


def _luck(scenario: Scenario, report: Report, about: str, seed: int) -> float:
    return _unit(f"{about}\x1f{seed}\x1f{report_key(report, scenario.network.places.ids)}")


def _day_luck(series: Series, about: str, seed: int) -> NDArray[np.float64]:
    return np.array([_unit(f"{about}\x1f{seed}\x1f{day}") for day in series.days.tolist()])


def _unit(text: str) -> float:
    """Give a number in [0, 1) that follows from a text alone."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big") / 2.0**64
