"""The main job: from a scenario, as it was known on a date, to a forecast with its naive rivals beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from safepassage.adapters import outlook
from safepassage.adapters.outlook import Night as Night
from safepassage.core.draws import Draws
from safepassage.core.engine import Observer, Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.forecast import QUANTILE_LEVELS, Arrivals, Fan, Forecast, GroupForecast
from safepassage.core.report import Report
from safepassage.core.scenario import GoalLaw, Group, Scenario
from safepassage.engines.goal import likely_route
from safepassage.engines.observers import GroupObserver, NightObserver
from safepassage.engines.outcome_observer import OutcomeObserver
from safepassage.engines.roads import axis_km
from safepassage.engines.run import run
from safepassage.scoring.naive_caravan import last_size, walker_km
from safepassage.settings.forecast import ForecastOptions, ForecastSettings, forecast_settings
from safepassage.workflows.conduct import conducted
from safepassage.workflows.engine import compiles_first, engine_for
from safepassage.workflows.manifest import manifest

if TYPE_CHECKING:
    import polars as pl

COMPILING = "compiling the kernel: only once, up to a minute / compilando: solo una vez, hasta un minuto"
REPLAY = (
    "Repetición, no pronóstico: se dieron los totales observados de cada día; --as-of pronostica. / "
    "A replay, not a forecast: the observed totals of every day were given; --as-of makes a forecast."
)

DAYS_MAX = 4000  # days run from the start of a scenario; a typing error in a date would run for hours


@dataclass(frozen=True)
class ForecastRun:
    """A forecast, what was known when it was made, and what it was made of.

    Parameters
    ----------
    scenario : Scenario     as known at the as-of date.
    forecast : Forecast
    manifest : dict         enough to repeat the run bit for bit.
    """

    scenario: Scenario
    forecast: Forecast
    manifest: dict[str, Any]

    def arrivals(self, place: str) -> Arrivals:
        """Say when, how surely and how many reach a place, by id or name, with or without accents.

        Raises
        ------
        InputError      if there is no such place; with suggestions.
        """
        from safepassage.workflows.places import place_number

        return self.forecast.arrivals(place_number(self.forecast.network.places, place))

    @property
    def first_night(self) -> int:
        """Number of the first night after the time of the data."""
        return outlook.first_night(self.forecast)

    def nights(self, day: int, *, limit: int) -> list[Night]:
        """List the towns of one night where people may stay, likeliest first, at most `limit`.

        Where it is wide open and no town is listed, the likeliest ones are given all the same.
        """
        listed = outlook.nights(self.forecast, day, limit=limit)
        return listed or outlook.likeliest(self.forecast, day, limit=limit)

    def to_polars(self) -> pl.DataFrame:
        """Give the tidy table: day, place, quantity, statistic, value, unit."""
        from safepassage.adapters.tables.frame import to_polars

        return to_polars(self.forecast)

    def write(self, out: str | Path, *, progress: Progress | None = None) -> dict[str, Path]:
        """Write tables, map, pages and manifest to a folder; give the path of each.

        Raises
        ------
        InputError      if the folder cannot be written to.
        """
        from safepassage.adapters.outputs import write_all

        # The manifest comes last and goes first: a folder without one was interrupted and mixes two runs.
        (Path(out) / "manifest.json").unlink(missing_ok=True)
        return write_all(self.forecast, Path(out), manifest=self.manifest, progress=progress)


def forecast(
    scenario: Scenario, *, progress: Progress | None = None, **options: Unpack[ForecastOptions]
) -> ForecastRun:
    """Foresee where people will be, night by night.

    Parameters
    ----------
    scenario : Scenario         from `load`.
    progress : Progress or None
    **options                   members, days, seed, as_of, engine; see `settings.forecast`.

    Returns
    -------
    ForecastRun

    Raises
    ------
    InputError      if the options are out of range or nothing was known at the as-of date.
    ModelError      if a route does not exist or the forced engine cannot run the scenario's rules.
    """
    if not isinstance(scenario, Scenario):
        mend = "load it first: forecast(load(name))"
        raise InputError(Fault("forecast", f"{scenario!r:.80}", "a Scenario", mend))
    settings = forecast_settings(options)
    ask = _ask(scenario, settings)
    known, days = ask.known, ask.days
    engine, members = engine_for(known, days=days, members=settings.members, force=settings.engine)
    if progress is not None and compiles_first(engine):
        progress.say(0, 1, COMPILING)
    seed = scenario.seed if settings.seed is None else settings.seed
    routes = [_ruler(known, group) for group in known.groups]
    groups = GroupObserver(days=days, axes=[axis_km(known.network, route) for route in routes])
    places, threshold = len(known.network.places), _threshold(known)
    night = NightObserver(days=days, members=members, places=places, threshold_people=threshold)
    outcomes = OutcomeObserver(days=days)
    chosen = {
        # What to ask for to have the same bits again: a replay has no as-of date.
        "as_of": None if ask.replay else ask.as_of.isoformat(),
        "days": settings.days or scenario.days,
        "members": members,
        "seed": seed,
        "engine": settings.engine,
        "compat": bool(getattr(known.law, "compat", False)),
    }
    about = manifest(known, settings=chosen, engine=engine.name, reason=engine.reason)
    with conducted(settings, about=about, progress=progress) as conduct:
        watching: list[Observer] = [night, groups, outcomes]
        run(engine, days=days, members=members, draws=Draws(seed), observers=watching, conduct=conduct)
    result = _summed_up(
        ask,
        night,
        tuple(_group_forecast(known, groups, g, route=route, days=days) for g, route in enumerate(routes)),
        engine=(engine.name, engine.reason),
        luck=(members, seed),
    )
    return ForecastRun(known, replace(result, outcomes=outcomes.fans()), about)


@dataclass(frozen=True)
class _Ask:
    """What is to be run: the scenario as known at `as_of`, from its start, over `days` evenings."""

    known: Scenario
    as_of: date
    days: int
    replay: bool


def _ask(scenario: Scenario, settings: ForecastSettings) -> _Ask:
    asked = settings.as_of or scenario.as_of or scenario.default_as_of
    length = settings.days or scenario.days
    if asked is None and scenario.displacement is not None:
        # A displacement crisis without an as-of date is run as Flee runs it, every day's total given.
        as_of = scenario.start + timedelta(days=length - 1)
        ask = _Ask(replace(scenario, as_of=as_of, truth=()), as_of, length, replay=True)
    else:
        as_of = asked or scenario.start
        # Run from the start over the evening of the as-of date, and so many nights after it.
        days = max(0, (as_of - scenario.start).days) + 1 + length
        ask = _Ask(scenario.known_by(as_of), as_of, days, replay=False)
    _check_known(scenario, ask.known, ask.as_of)
    _check_length(ask.known, ask.as_of, ask.days)
    return ask


def _summed_up(
    ask: _Ask,
    night: NightObserver,
    groups: tuple[GroupForecast, ...],
    *,
    engine: tuple[str, str],
    luck: tuple[int, int],
) -> Forecast:
    known = ask.known
    rules = known.displacement.notes if known.displacement else ()
    return Forecast(
        scenario=known.name,
        title_es=known.title_es,
        title_en=known.title_en,
        network=known.network,
        start=known.start,
        as_of=ask.as_of,
        members=luck[0],
        seed=luck[1],
        engine=engine[0],
        engine_reason=engine[1],
        threshold_people=night.threshold_people,
        overnight=night.overnight,
        chance_threshold=night.chance_threshold,
        chance_any=night.chance_any,
        if_they_come=night.if_they_come,
        on_road=Fan("people", night.on_road),
        arrival_day=night.arrival_day,
        peak_people=night.peak_people,
        groups=groups,
        reports=known.reports,
        events=known.events,
        illustrative=((REPLAY,) if ask.replay else ()) + rules + known.illustrative,
        sources=known.sources,
        licence=known.licence,
        replay=ask.replay,
    )


def _check_known(scenario: Scenario, known: Scenario, as_of: date) -> None:
    if known.groups or known.departures or (known.displacement and as_of >= scenario.start):
        return
    first = [g.announced for g in scenario.groups] + [d.announced for d in scenario.departures]
    fault = Fault(
        file=scenario.name,
        column="announced",
        found=f"as-of date {as_of}, "
        + (f"first announcement {min(first)}" if first else f"beginning {scenario.start}, no group"),
        expected="a group, a departure or a displacement series that was known by the as-of date",
        mend="choose a later --as-of, or add a row to groups.csv or departures.csv",
    )
    raise InputError(fault, "There was nothing to forecast yet.")


def _check_length(known: Scenario, as_of: date, days: int) -> None:
    if days <= DAYS_MAX:
        return
    fault = Fault(
        file="--as-of, --days",
        found=f"as-of date {as_of}: {days:,} days from the start of the scenario, {known.start}",
        expected=f"at most {DAYS_MAX:,} days in all",
        mend="choose an earlier --as-of or fewer --days; for another time, make another scenario",
    )
    raise InputError(fault, "That is too long to forecast.")


def _threshold(known: Scenario) -> int:
    """Lower the threshold for small groups: nobody is warned of 500 people when 200 are on the road."""
    if not known.groups:
        return known.threshold_people
    largest = max(np.sqrt(group.size_low * group.size_high) for group in known.groups)
    half = largest / 2
    step = 10 ** np.floor(np.log10(max(half, 1.0)))
    rounded = int(step * (5 if half >= 5 * step else 2 if half >= 2 * step else 1))
    return min(known.threshold_people, max(20, rounded))


def _group_forecast(
    known: Scenario, seen: GroupObserver, number: int, *, route: tuple[int, ...], days: int
) -> GroupForecast:
    group = known.groups[number]
    ruler = axis_km(known.network, route)
    return GroupForecast(
        id=group.id,
        name_es=group.name_es,
        name_en=group.name_en,
        route=np.array(route, dtype=np.int64),
        route_km=ruler[list(route)],
        head_km=seen.fan("head_km", number),
        tail_km=seen.fan("tail_km", number),
        size=seen.fan("size", number),
        walker_km=_walker(known, group, ruler, days),
        last_size=_last_size(known, group, days),
        mode_share=seen.mode_share[:, number],
        joined=seen.fan("joined", number),
        left=seen.fan("left", number),
        route_declared=len(group.route) > 1,
    )


def _walker(known: Scenario, group: Group, ruler: NDArray[np.float64], days: int) -> Fan:
    """Let the constant-speed walker set out from the departure, and again from the last known position."""
    leaves = (group.departs - known.start).days
    values = walker_km(np.maximum(0.0, np.arange(days) - leaves + 1.0), QUANTILE_LEVELS)
    seen = [r for r in _reports_of_main_body(known) if r.place >= 0 and np.isfinite(ruler[r.place])]
    if seen:
        last = max(seen, key=lambda report: (report.observed, ruler[report.place]))
        day = (last.observed - known.start).days
        since = np.maximum(0.0, np.arange(days) - day)
        restarted = walker_km(since, QUANTILE_LEVELS, start_km=float(ruler[last.place]))
        values = np.where(np.arange(days) >= day, restarted, values)
    return Fan("km", values)


def _last_size(known: Scenario, group: Group, days: int) -> Fan:
    """Keep the size at departure, and from then on the last one published, each with its random walk."""
    low, high = max(group.size_low, 1.0), max(group.size_high, 1.0)
    since = np.maximum(0.0, np.arange(days) - (group.departs - known.start).days)
    values = last_size(since, QUANTILE_LEVELS, low=low, high=high)
    sizes = [report for report in _reports_of_main_body(known) if report.low]
    if sizes:
        day = max(report.observed for report in sizes)
        figures = [report for report in sizes if report.observed == day]
        low = max(1.0, min(report.low or 1.0 for report in figures))
        high = max(low, *(report.high or report.low or 1.0 for report in figures))
        number = (day - known.start).days
        since = np.maximum(0.0, np.arange(days) - number)
        restarted = last_size(since, QUANTILE_LEVELS, low=low, high=high)
        values = np.where(np.arange(days) >= number, restarted, values)
    return Fan("people", values)


def _reports_of_main_body(known: Scenario) -> list[Report]:
    # With several groups nobody says whose report it is: the naive forecasts keep to the departure then.
    if len(known.groups) != 1:
        return []
    departs = known.groups[0].departs
    return [
        r for r in known.reports if r.kind == "position" and r.segment == "main" and r.observed >= departs
    ]


def _ruler(known: Scenario, group: Group) -> tuple[int, ...]:
    """Give the road along which positions are told: the declared one once announced, or the likeliest."""
    if len(group.route) > 1 or not isinstance(known.law, GoalLaw) or not group.destinations:
        return group.route
    likeliest = max(group.destinations, key=lambda d: d.weight)
    return likely_route(known.network, known.law, group.route[0], likeliest.place)
