"""The main job: from a scenario, as it was known on a date, to a forecast with its naive rivals beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from safepassage.adapters import outlook
from safepassage.adapters.outlook import Night as Night
from safepassage.core.belief import LookBack
from safepassage.core.caravan_priors import own_priors
from safepassage.core.draws import Draws
from safepassage.core.engine import NoProgress, Observer, Progress
from safepassage.core.errors import Fault, InputError, ModelError
from safepassage.core.forecast import Arrivals, Fan, Forecast, GroupForecast
from safepassage.core.scenario import Scenario
from safepassage.engines.observers import GroupObserver, NightObserver
from safepassage.engines.outcome_observer import OutcomeObserver
from safepassage.engines.roads import axis_km
from safepassage.engines.run import run
from safepassage.settings.forecast import ForecastOptions, ForecastSettings, forecast_settings
from safepassage.workflows.conduct import conducted
from safepassage.workflows.engine import compiles_first, engine_for
from safepassage.workflows.group_fans import group_forecast, ruler
from safepassage.workflows.learning import learned, nothing_learned, told_by
from safepassage.workflows.lessons import families_of_forecast, lessons_for, named
from safepassage.workflows.look_back import last_reported_night, look_back
from safepassage.workflows.manifest import manifest
from safepassage.workflows.stocks import belief_of, stock_corrected

if TYPE_CHECKING:
    import polars as pl

COMPILING = "compiling the kernel: only once, up to a minute / compilando: solo una vez, hasta un minuto"
REPLAY = (
    "Repetición, no pronóstico: se dieron los totales observados de cada día; --as-of pronostica. / "
    "A replay, not a forecast: the observed totals of every day were given; --as-of makes a forecast."
)

# Reports leave few members standing: who learns needs more of them to begin with.
LEARNING_MEMBERS = 1000
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
    made = _made(ask, settings, scenario, progress=progress)
    belief = made.forecast.belief
    if belief is None or not made.scenario.groups:
        return made
    back = _look_back(scenario, made, settings)
    return replace(made, forecast=replace(made.forecast, belief=replace(belief, look_back=back)))


def watched_forecast(
    scenario: Scenario,
    watching: Sequence[Observer],
    *,
    progress: Progress | None = None,
    **options: Unpack[ForecastOptions],
) -> ForecastRun:
    """Make the very forecast of `forecast`, but for its look back, and show every evening to observers.

    Parameters
    ----------
    watching : sequence of Observer     shown what members are left with after the reports of the day.

    Raises
    ------
    InputError, ModelError      as `forecast`.
    """
    settings = forecast_settings(options)
    ask = _ask(scenario, settings)
    return _made(ask, settings, scenario, progress=progress, watching=watching)


@dataclass(frozen=True)
class Horizon:
    """Which nights a forecast with given options will speak of, before it is made.

    Parameters
    ----------
    known : Scenario            as known at the as-of date.
    as_of : date
    first_night, days : int     first night to come, counted from the start of the run, and the nights run.
    threshold_people : int      the number of people that towns are warned of.
    """

    known: Scenario
    as_of: date
    first_night: int
    days: int
    threshold_people: int


def horizon_of(scenario: Scenario, **options: Unpack[ForecastOptions]) -> Horizon:
    """Say which nights `forecast` will speak of, for those who watch it.

    Raises
    ------
    InputError      as `forecast`.
    """
    ask = _ask(scenario, forecast_settings(options))
    since = 0 if ask.replay else (ask.as_of - ask.known.start).days + 1
    first = min(max(since, 0), ask.days - 1)
    return Horizon(ask.known, ask.as_of, first, ask.days, _threshold(ask.known))


def _made(
    ask: _Ask,
    settings: ForecastSettings,
    scenario: Scenario,
    *,
    progress: Progress | None = None,
    rulers: Mapping[str, tuple[int, ...]] | None = None,
    watching: Sequence[Observer] = (),
) -> ForecastRun:
    """Make one forecast; `scenario` tells what was not set, `rulers` along which way positions are told."""
    lessons = lessons_for(scenario, settings.learned)
    days = ask.days
    # What a scenario says itself holds; what past cases taught comes before what is generally assumed.
    known = replace(ask.known, priors=lessons.priors("caravans") | own_priors(ask.known.priors))
    told = (
        told_by(known, lessons.priors("observations"))
        if settings.use_reports and known.groups and not ask.replay
        else None
    )
    learns = told is not None and bool(told.observations)
    wanted = settings.members or (LEARNING_MEMBERS if learns else None)
    engine, members = engine_for(known, days=days, members=wanted, force=settings.engine)
    if progress is not None and compiles_first(engine):
        progress.say(0, 1, COMPILING)
    seed = scenario.seed if settings.seed is None else settings.seed
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
        "use_reports": settings.use_reports,
        "learned": named(settings.learned),
    }
    about = manifest(known, settings=chosen, engine=engine.name, reason=engine.reason)
    used = families_of_forecast(known, reports=settings.use_reports and not ask.replay)
    about |= {"learned_from": lessons.told(used), "learned_sha256": lessons.sha256}
    watching = [night, outcomes, *watching]
    belief = None
    if told is not None and learns:
        found = learned(
            known,
            engine,
            told,
            lived=(days, members, Draws(seed)),
            watching=(watching, progress or NoProgress()),
            routes=rulers,
        )
        groups, routes, belief = found.groups, found.routes, found.belief
    else:
        routes = [(rulers or {}).get(group.id) or ruler(known, group) for group in known.groups]
        groups = GroupObserver(days=days, axes=[axis_km(known.network, route) for route in routes])
        watching = [*watching, groups]
        correction = None
        if settings.use_reports and not ask.replay:
            correction = stock_corrected(
                known,
                as_of=ask.as_of,
                lived=(members, Draws(seed)),
                watching=watching,
                learned=lessons.priors("stocks"),
            )
        with conducted(settings, about=about, progress=progress) as conduct:
            run(
                engine,
                days=days,
                members=members,
                draws=Draws(seed),
                observers=watching if correction is None else [correction],
                conduct=conduct,
            )
        belief = None if correction is None else belief_of(correction, known)
        if told is not None:
            belief = nothing_learned(known, told)
    result = _summed_up(
        ask,
        night,
        tuple(group_forecast(known, groups, g, route=route, days=days) for g, route in enumerate(routes)),
        engine=(engine.name, engine.reason),
        luck=(members, seed),
    )
    return ForecastRun(known, replace(result, outcomes=outcomes.fans(), belief=belief), about)


def _look_back(scenario: Scenario, made: ForecastRun, settings: ForecastSettings) -> LookBack | None:
    """Make the forecast of the evening before the last night that was reported, and hold it against that.

    None where nothing could have been said that evening: nobody knew of the caravan yet, or where it headed.
    """
    night = last_reported_night(made.scenario)
    if night is None:
        return None
    before = night - timedelta(days=1)
    first = made.scenario.groups[0]
    if before < max(first.departs, first.announced, scenario.start):
        return None
    asked = settings.model_copy(update={"as_of": before, "days": 1, "seed": made.forecast.seed})
    try:
        # Both are told along one ruler: that of today.
        rulers = {group.id: tuple(group.route.tolist()) for group in made.forecast.groups}
        then = _made(_ask(scenario, asked), asked, scenario, rulers=rulers)
    except (InputError, ModelError):
        return None  # what is foreseen today could not be foreseen yet
    return look_back(then.forecast, made.scenario, night)


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
