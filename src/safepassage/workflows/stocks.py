"""Counts of people at places, wired in: a Flee folder's camp series, and stock reports of other scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from safepassage.assimilation.stock_ahead import Ahead, ahead_of, even_luck
from safepassage.assimilation.stock_growth import NAMES, growth_of
from safepassage.assimilation.stock_reports import (
    REGISTERED,
    StockObservation,
    from_reports,
    from_series,
    pasts_of,
)
from safepassage.assimilation.stocks import StockCorrection
from safepassage.core.belief import Belief, ReportEffect, SourceBias, Update
from safepassage.core.draws import Draws
from safepassage.core.engine import Observer
from safepassage.core.errors import Fault, InputError
from safepassage.core.report import Report, report_key
from safepassage.core.scenario import Prior, Scenario
from safepassage.engines.luck import prior_quantile

MOST_EFFECTS = 200  # newest first to be kept
_MEND = "make the folder again with `safepassage calibrate CASE... --out FOLDER`"


def stock_corrected(
    known: Scenario,
    *,
    as_of: date,
    lived: tuple[int, Draws],
    watching: Sequence[Observer],
    learned: Mapping[str, Prior] | None = None,
) -> StockCorrection | None:
    """Give an observer that corrects every evening by the counts known, and shows it to others.

    Parameters
    ----------
    known : Scenario        as known at the as-of date; not of a replay, which is given all totals.
    as_of : date
    lived : (members, Draws)
    watching : sequence of Observer
    learned : dict of name to Prior or None     what past crises taught of how counts change.

    Returns
    -------
    StockCorrection or None         None: nothing was counted, or the counts are of caravans.
    """
    if known.groups:
        return None
    counts = from_reports(known.reports, known.network.places.ids, start=known.start, as_of=as_of)
    if known.displacement is not None:
        until_day = (as_of - known.start).days
        counts = _in_order((*counts, *from_series(known.displacement, until_day=until_day)))
    if not counts:
        return None
    members, draws = lived
    return StockCorrection(
        counts,
        members=members,
        draws=draws,
        watching=watching,
        total_until_day=_total_until(known),
        ahead=_ahead(counts, learned or {}, members, draws),
    )


def _ahead(
    counts: Sequence[StockObservation], learned: Mapping[str, Prior], members: int, draws: Draws
) -> Ahead | None:
    """Let places that are counted by registration go on as past crises taught, where some did.

    Raises
    ------
    InputError      if what was learned lacks a number.
    """
    if not learned or not pasts_of(counts):
        return None
    missing = [name for name in NAMES if name not in learned]
    if missing:
        fault = Fault("stocks.json", f"no {', '.join(missing)}", "every number of growth", _MEND)
        raise InputError(fault, "What was learned cannot be used.")
    numbers = {
        name: prior_quantile(learned[name], even_luck(draws, f"stocks: {name}", members))[:, None]
        for name in NAMES
    }
    return ahead_of(counts, growth_of(numbers), members=members, draws=draws)


def _total_until(known: Scenario) -> int | None:
    """Give the last day whose total is known, where the total is that of the counts and drawn after it."""
    displacement = known.displacement
    if displacement is None or displacement.departure_mode != "observed":
        return None
    return displacement.known_until_day


def _in_order(counts: Sequence[StockObservation]) -> tuple[StockObservation, ...]:
    return tuple(sorted(counts, key=lambda one: (one.day, one.place, one.key)))


def belief_of(correction: StockCorrection, known: Scenario) -> Belief:
    """Tell what each count did: of reports the newest, of camp series the last count of each camp.

    Parameters
    ----------
    correction : StockCorrection        after the run.
    known : Scenario                    that it was made for.
    """
    observations, told = correction.observations, correction.told
    last = {one.place: number for number, one in enumerate(observations) if one.voice == REGISTERED}
    shown = sorted({n for n, one in enumerate(observations) if one.voice != REGISTERED} | set(last.values()))
    ids = known.network.places.ids
    reports = {report_key(report, ids): report for report in known.reports}
    sharing = _sharing(observations)
    effects = []
    for number in shown[-MOST_EFFECTS:]:
        one, doubt = observations[number], float(told.doubt[number])
        effects.append(
            ReportEffect(
                report=reports[one.key] if one.key else _counted(one, known),
                key=one.key,
                weight=(1.0 - doubt) / one.told,
                doubt=doubt,
                off_factor=float(told.factor[number]),
                shift_people=float(told.shift[number]),
                shares_with=tuple(key for key in sharing.get(one.share, ()) if key != one.key),
            )
        )
    used = {one.key for one in observations}
    silent = [_silent(report, key) for key, report in reports.items() if key not in used]
    effects = sorted([*silent, *effects], key=lambda effect: (effect.report.observed, effect.key))
    return Belief(
        effects=tuple(effects[-MOST_EFFECTS:]),
        updates=_updates(correction, known),
        biases=_biases(correction),
    )


def _sharing(observations: Sequence[StockObservation]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in observations:
        if one.key:
            found[one.share] = (*found.get(one.share, ()), one.key)
    return found


def _counted(one: StockObservation, known: Scenario) -> Report:
    """Give a camp's count as a report; such series give only the day that was counted."""
    day = known.start + timedelta(days=one.day)
    return Report(
        observed=day,
        published=day,
        published_basis="assumed: the day counted",
        place=one.place,
        kind="stock",
        low=one.low,
        high=one.high,
        segment="whole",
        quality="exact",
        source=known.sources[0] if known.sources else "",
        source_kind="agency",
    )


def _silent(report: Report, key: str) -> ReportEffect:
    if report.kind != "stock":
        return ReportEffect(report, key, why_unused="of a kind that is only shown")
    if report.place < 0 or report.low is None:
        return ReportEffect(report, key, why_unused="names no place and no size")
    return ReportEffect(report, key, why_unused="before the departure")


def _updates(correction: StockCorrection, known: Scenario) -> tuple[Update, ...]:
    days = np.array([one.day for one in correction.observations], dtype=np.int64)
    updates = []
    for day in np.unique(days)[-MOST_EFFECTS:].tolist():
        today = np.flatnonzero(days == day)
        updates.append(
            Update(
                day=known.start + timedelta(days=day),
                reports=len(today),
                # All members are moved and none is thrown away.
                effective_members=float(correction.members),
                surprise=float(correction.told.moved[today].max()),
                respread=False,
            )
        )
    return tuple(updates)


def _biases(correction: StockCorrection) -> tuple[SourceBias, ...]:
    if len(correction.voices) < 2:
        return ()
    factors = np.exp(np.quantile(correction.bias_log, (0.1, 0.5, 0.9), axis=0))
    return tuple(
        SourceBias("agency" if voice == REGISTERED else voice, int(count), *map(float, factors[:, k]))
        for k, (voice, count) in enumerate(zip(correction.voices, correction.counts, strict=True))
    )
