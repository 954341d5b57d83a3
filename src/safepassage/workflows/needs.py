"""What will be needed where and when: a profile applied to every member of a forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Unpack

from safepassage.adapters.atomic import write_text
from safepassage.adapters.profiles import default_shares, profile_names, profile_text, read_profile
from safepassage.core.demographics import shares_of
from safepassage.core.engine import Observer, Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.logistics import Logistics
from safepassage.core.needs import PHASES, WEATHERS, ItemNeed, Needs, Profile
from safepassage.core.network import Network
from safepassage.core.scenario import Scenario
from safepassage.planning.needs import item_needs
from safepassage.planning.needs_observer import NeedsObserver
from safepassage.planning.needs_stores import stores_of
from safepassage.settings.forecast import ForecastOptions
from safepassage.workflows.forecast import ForecastRun, Horizon, horizon_of, watched_forecast
from safepassage.workflows.load_logistics import logistics_with_notices, profile_in

HORIZON_DAYS = 7
MOST_DAYS = 365
WALKERS, CAMPS = "on-the-move", "sphere-camp"

NOTHING_THERE = Logistics()


@dataclass(frozen=True)
class NeedsAsk:
    """What is asked about needs.

    Parameters
    ----------
    profile : str, path, Profile or None    a profile that ships, a file, or one that was read; None: that of
        people on the move where the scenario has groups, that of camps where it is a displacement crisis.
    horizon : int           nights to come.
    phase : str             "first" (the first weeks) or "later".
    weather : str           "mild", "heat" or "cold"; only profiles with such lines differ.
    logistics : Logistics   what there is, was offered and asked for; what was told after the as-of date is
        hidden.
    """

    profile: str | Path | Profile | None = None
    horizon: int = HORIZON_DAYS
    phase: str = "first"
    weather: str = "heat"
    logistics: Logistics = NOTHING_THERE


@dataclass(frozen=True)
class NeedsRun:
    """Needs, and the forecast they were reckoned from.

    Parameters
    ----------
    made : ForecastRun
    needs : Needs
    notices : tuple of Fault    what in the profile was understood though it was written otherwise.
    """

    made: ForecastRun
    needs: Needs
    notices: tuple[Fault, ...] = ()

    @property
    def manifest(self) -> dict[str, Any]:
        """Give the manifest of the forecast, with the profile."""
        asked = {
            "profile": self.needs.profile.name,
            "phase": self.needs.phase,
            "weather": self.needs.weather,
            "horizon_days": self.needs.days,
        }
        return {**self.made.manifest, "needs": asked}

    def write(self, out: str | Path, *, progress: Progress | None = None) -> dict[str, Path]:
        """Write tables, map, report and sheets to a folder; give the path of each.

        Raises
        ------
        OSError         if the folder cannot be written to.
        """
        from safepassage.adapters.needs_outputs import write_needs

        (Path(out) / "manifest.json").unlink(missing_ok=True)
        return write_needs(
            self.needs, self.made.forecast, Path(out), manifest=self.manifest, progress=progress
        )


def needs(
    scenario: Scenario,
    ask: NeedsAsk | None = None,
    *,
    watching: Sequence[Observer] = (),
    progress: Progress | None = None,
    **options: Unpack[ForecastOptions],
) -> NeedsRun:
    """Say what will be needed on the nights to come, and how sure that is.

    Parameters
    ----------
    scenario : Scenario         from `load`.
    ask : NeedsAsk or None      None: all as it is by default.
    watching : sequence of Observer     shown every evening besides.
    progress : Progress or None
    **options                   members, seed, as_of …; `days` is the horizon of `ask`.

    Returns
    -------
    NeedsRun        `needs.demand()` gives members for a plan.

    Raises
    ------
    InputError      if there is no such profile, it has faults, an option is out of range, or nothing was
        known at the as-of date.
    """
    ask = ask or NeedsAsk()
    _check(ask)
    profile, notices = _profile(ask, scenario)
    options["days"] = ask.horizon
    options["resume"] = False  # what an observer of needs has seen is in no checkpoint
    horizon = horizon_of(scenario, **options)
    shares = shares_of(horizon.known.demographics, default_shares())
    items = item_needs(profile, shares, phase=ask.phase, weather=ask.weather)
    observer = _observer(ask, horizon, profile, items)
    made = watched_forecast(scenario, [observer, *watching], progress=progress, **options)
    used = {figure.per_whom for need in items for figure in need.figures}
    fc = made.forecast
    told = Needs(
        scenario=fc.scenario,
        title_es=fc.title_es,
        title_en=fc.title_en,
        network=fc.network,
        as_of=fc.as_of,
        first=fc.date_of(horizon.first_night),
        members=fc.members,
        profile=profile,
        phase=ask.phase,
        weather=ask.weather,
        items=items,
        shares=tuple(share for kind, share in shares.items() if kind in used),
        threshold_people=horizon.threshold_people,
        people=observer.people(),
        on_road=observer.on_road,
        covers=observer.covers,
        kept=observer.kept(),
        illustrative=(*fc.illustrative, *_illustrative(ask.logistics.known_by(fc.as_of))),
        sources=fc.sources,
    )
    return NeedsRun(made, told, notices)


def opened(
    scenario: str, network: Network, profile: str | None
) -> tuple[Profile | None, Logistics, tuple[Fault, ...]]:
    """Read what belongs to a scenario beside the forecast: whose needs, and who can bring what.

    Parameters
    ----------
    scenario : str          as of `workflows.load.load`.
    network : Network       of the loaded scenario.
    profile : str or None   a profile that ships, or a file; None: the folder's own `profile.csv`.

    Returns
    -------
    Profile or None         None: the usual one of such a scenario.
    Logistics               all there is; its items may be those of the profile.
    tuple of Fault          notices.

    Raises
    ------
    InputError              with every fault of the profile, or of the three files.
    """
    chosen, notices = profile_in(scenario) if profile is None else read_profile(profile)
    there, more = logistics_with_notices(scenario, network, items=chosen.items if chosen else ())
    return chosen, there, tuple(dict.fromkeys((*notices, *more)))


def copy_profile(name: str | None, path: Path) -> None:
    """Write a profile that ships to a file, to be edited; by default that of people on the move.

    Raises
    ------
    InputError      if there is no such profile, there is a file already, or it cannot be written.
    """
    wanted = name or WALKERS
    if wanted not in profile_names():
        read_profile(wanted)
        raise InputError(Fault("--profile", wanted[:60], "a profile that ships", "copy the file itself"))
    if path.exists():
        raise InputError(Fault("--copy", path.name, "a file that is not there yet", "choose another name"))
    write_text(path, profile_text(wanted))


def _observer(ask: NeedsAsk, horizon: Horizon, profile: Profile, items: Sequence[ItemNeed]) -> NeedsObserver:
    days = min(ask.horizon, horizon.days - horizon.first_night)
    first = horizon.known.start + timedelta(days=horizon.first_night)
    places = horizon.known.network.places
    stores = stores_of(
        places,
        horizon.known.events,
        ask.logistics.known_by(horizon.as_of),
        first=first,
        days=days,
        items=profile.items,
    )
    return NeedsObserver(
        first=horizon.first_night,
        days=days,
        places=len(places),
        threshold_people=horizon.threshold_people,
        items=items,
        stores=stores,
    )


def _profile(ask: NeedsAsk, scenario: Scenario) -> tuple[Profile, tuple[Fault, ...]]:
    if isinstance(ask.profile, Profile):
        return ask.profile, ()
    usual = CAMPS if scenario.displacement is not None else WALKERS
    return read_profile(ask.profile if ask.profile is not None else usual)


def _check(ask: NeedsAsk) -> None:
    faults = []
    for name, value, among in (("--phase", ask.phase, PHASES), ("--weather", ask.weather, WEATHERS)):
        choices = [word for word in among if word != "any"]
        if value not in choices:
            expected = f"one of {', '.join(choices)}"
            faults.append(Fault(name, f"'{value[:60]}'", expected, "write one of these words"))
    if not 1 <= ask.horizon <= MOST_DAYS:
        expected = f"nights from 1 to {MOST_DAYS}"
        faults.append(Fault("--horizon", str(ask.horizon), expected, "choose another number of nights"))
    if faults:
        raise InputError(faults)


def _illustrative(logistics: Logistics) -> tuple[str, ...]:
    """Tell where anything that is reckoned with was made up."""
    return (logistics.illustrative_words,) if logistics.illustrative else ()
