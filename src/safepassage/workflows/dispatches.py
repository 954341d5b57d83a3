"""Proposed drives of a plan, answered: accepted, refused, changed, sent, delivered, withdrawn."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

from safepassage.adapters import builtin, dispatches, folder
from safepassage.adapters.dispatches import Entry, Log, dispatch_cells, same_drive, vanished
from safepassage.adapters.folder.columns import DISPATCHES_FILE
from safepassage.adapters.logistics import Catalogue, catalogue
from safepassage.adapters.logistics.sheet import open_sheet
from safepassage.core.errors import Fault, InputError
from safepassage.core.logistics import Logistics
from safepassage.core.network import Network
from safepassage.core.plan import Dispatch
from safepassage.core.scenario import Scenario
from safepassage.workflows.dispatch_changes import Wanted, changed, handed_out, wanted_of
from safepassage.workflows.dispatch_checks import faults_of, road_faults, yard_of
from safepassage.workflows.load import load
from safepassage.workflows.load_dispatches import log_of, lost
from safepassage.workflows.load_logistics import known_in, logistics_with_notices
from safepassage.workflows.reports import scenario_folder

PLAN_FOLDER = "plan"
# From which states a drive can come into another. What is on the road stays on the road.
COMES_FROM = {
    "accepted": ("proposed", "refused", "withdrawn", "accepted"),
    "refused": ("proposed", "accepted", "withdrawn", "refused"),
    "withdrawn": ("proposed", "accepted", "refused", "withdrawn"),
    "sent": ("accepted", "sent"),
    "delivered": ("accepted", "sent", "delivered"),
}
# A drive that arrived longer ago belongs to a case of the past: its answers bear days of that time.
PAST_DAYS = 30


@dataclass(frozen=True)
class DispatchDesk:
    """A scenario opened to answer proposed drives.

    Parameters
    ----------
    path : Path                     of the scenario folder.
    scenario : Scenario             as it was read, with all its events.
    logistics : Logistics           all there is.
    log : Log                       all that was answered.
    proposals : dict of str to Entry    drives that a plan proposes, by id.
    known : Catalogue               items and units, the scenario's own too.
    """

    path: Path
    scenario: Scenario
    logistics: Logistics
    log: Log
    proposals: dict[str, Entry] = field(default_factory=dict)
    known: Catalogue = field(default_factory=catalogue)

    @property
    def network(self) -> Network:
        """Roads and towns."""
        return self.scenario.network

    def states(self, as_of: date | None = None) -> dict[str, Entry]:
        """Give every drive as it stood on the evening of a day: what was answered, and what is proposed."""
        answered = self.log.known_by(as_of)
        open_ones = {
            key: entry
            for key, entry in self.proposals.items()
            if key not in answered and (as_of is None or entry.decided <= as_of)
        }
        return answered | open_ones


@dataclass(frozen=True)
class Answered:
    """What became of drives.

    Parameters
    ----------
    entries : tuple of Entry        the states that hold now, one per id that was named.
    unchanged : tuple of str        ids that were in that state already: nothing was written for them.
    unanswered : tuple of str       ids of supplies and carriers that accepted drives use and nobody has
        accepted yet.
    """

    entries: tuple[Entry, ...]
    unchanged: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


def open_dispatches(scenario: str | Path | None = None, plan: str | Path | None = None) -> DispatchDesk:
    """Open a scenario folder to answer the drives that a plan proposes.

    Parameters
    ----------
    scenario : str, Path or None    a scenario folder; None: the working directory.
    plan : str, Path or None        folder of a plan; None: "plan" in the working directory, or in the
        scenario folder.

    Raises
    ------
    InputError      if it is none of the user's own: a built-in is read-only; the message says how to copy it.
        Also with every fault of dispatches.csv, in the folder or in the plan.
    """
    path = scenario_folder(scenario)
    found, _ = folder.read(path)
    return _desk(path, found, plan)


def look_at_dispatches(scenario: str | Path | None = None, plan: str | Path | None = None) -> DispatchDesk:
    """Open a scenario as `open_dispatches` does, to be looked at only: a built-in too."""
    if str(scenario) not in builtin.scenario_names():
        return open_dispatches(scenario, plan)
    return _desk(Path(str(scenario)), load(str(scenario)), plan)


def _desk(path: Path, scenario: Scenario, plan: str | Path | None) -> DispatchDesk:
    network = scenario.network
    logistics, _ = logistics_with_notices(path, network)
    log = log_of(path, network, logistics, strict=False)
    known, _ = known_in(path)
    proposals: dict[str, Entry] = {}
    file = _proposals_file(path, plan)
    if file is not None:
        proposed = dispatches.read(file, network, logistics, strict=False, known=known).entries
        proposals = {one.dispatch.id: one for one in proposed if one.dispatch.status == "proposed"}
    return DispatchDesk(path, scenario, logistics, log, proposals, known)


def _proposals_file(path: Path, plan: str | Path | None) -> Path | None:
    if plan is not None and str(plan):
        told = Path(plan).expanduser()
        file = told if told.suffix == ".csv" else told / DISPATCHES_FILE
        if not file.is_file():
            mend = "name the folder that `safepassage plan --out DIR` wrote"
            found = f"'{str(plan)[:80]}', without {DISPATCHES_FILE}"
            raise InputError(Fault("--plan", found, "the folder of a plan", mend))
        return file
    usual = (Path(PLAN_FOLDER) / DISPATCHES_FILE, path / PLAN_FOLDER / DISPATCHES_FILE)
    return next((file for file in usual if file.is_file()), None)


def decide(
    desk: DispatchDesk, keys: Sequence[str], status: str, *, day: date | None = None, reason: str = ""
) -> Answered:
    """Accept, refuse, send or withdraw drives, all of them or none.

    Parameters
    ----------
    keys : sequence of str      ids of drives that a plan proposes, or that were answered before.
    status : str                "accepted", "refused", "sent", "withdrawn".
    day : date or None          of the decision; None: today, or for a case of the past the day on which the
        drive was last decided upon (of sending: on which it leaves).
    reason : str                never a person's name.

    Raises
    ------
    InputError      with every fault: no such drive, a drive on the road already, no vehicles, hours, room or
        goods left for it.
    """
    return _settle(desk, keys, status, day=day, reason=reason, told={})


def change(
    desk: DispatchDesk, key: str, told: Mapping[str, str], *, day: date | None = None, reason: str = ""
) -> Answered:
    """Accept a drive with other figures: ``{"water": "1500", "vehicles": "1", "leave_hour": "7:30"}``.

    Raises
    ------
    InputError      as `decide`, and for names and values that are not understood.
    """
    if not told:
        raise InputError(Fault("CHANGES", "nothing", "NAME=VALUE", "write water=1500 or leave_hour=7"))
    return _settle(desk, [key], "accepted", day=day, reason=reason, told=told)


def deliver(
    desk: DispatchDesk,
    keys: Sequence[str],
    told: Mapping[str, str] | None = None,
    *,
    day: date | None = None,
    reason: str = "",
) -> Answered:
    """Say that drives arrived, with what was handed out where it was less than was sent.

    Raises
    ------
    InputError      as `decide`; if figures are told for several drives, or more than was sent.
    """
    if told and len(keys) > 1:
        found = f"{len(keys)} drives and what was delivered"
        raise InputError(Fault("CHANGES", found, "one drive", "tell of one drive at a time"))
    return _settle(desk, keys, "delivered", day=day, reason=reason, told=told or {})


def _settle(
    desk: DispatchDesk,
    keys: Sequence[str],
    status: str,
    *,
    day: date | None,
    reason: str,
    told: Mapping[str, str],
) -> Answered:
    wanted = wanted_of(told, desk.known, only_loads=status == "delivered") if told else None
    states = desk.states()
    faults: list[Fault] = []
    new: list[Entry] = []
    unchanged: list[str] = []
    for key in dict.fromkeys(key.strip() for key in keys):
        try:
            before = _found(desk, key, states)
            _check_way(before.dispatch, status, told)
            if before.dispatch.status == status and not wanted:
                unchanged.append(key)
                continue
            entry = _answer(desk, states, before, (status, wanted))
            dated = Entry(entry, _day(before, status, day), reason)
            if wanted and wanted.leave:
                _check_roads(desk, dated)
            _check_day(before, dated)
            states[key] = dated
            new.append(dated)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults, "Nothing was written. / No se escribió nada.")
    _write(desk, new)
    return Answered(tuple(states[key.strip()] for key in dict.fromkeys(keys)), tuple(unchanged),
                    _unanswered(desk, new))  # fmt: skip


def _found(desk: DispatchDesk, key: str, states: Mapping[str, Entry]) -> Entry:
    """Give a drive by its id."""
    proposed = desk.proposals.get(key)
    entry = states.get(key)
    if entry is None:
        close = get_close_matches(key, states, n=3, cutoff=0.6)
        mend = f"did you mean {' or '.join(close)}?" if close else "`safepassage dispatch list` shows the ids"
        if not states:
            mend = "make a plan first: safepassage plan SCENARIO --out plan; or name its folder with --plan"
        raise InputError(Fault("ID", f"'{key[:40]}'", "the id of a drive", mend))
    gone = min(entry.dispatch.store, entry.dispatch.place) < 0
    if proposed is not None and not gone and not same_drive(proposed.dispatch, entry.dispatch):
        found = f"'{key}', one drive in the plan and another in {DISPATCHES_FILE}"
        mend = "make the plan again as of the day of the last answer: it gives new ids"
        raise InputError(Fault("ID", found, "one drive", mend))
    if gone and proposed is entry:
        found = f"'{key}', whose store or town is not in the network"
        raise InputError(Fault("ID", found, "a drive of this scenario", "make the plan again"))
    return entry


def _check_way(one: Dispatch, status: str, told: Mapping[str, str]) -> None:
    if one.status in COMES_FROM[status]:
        return
    if one.status in ("sent", "delivered"):
        under_way = "is on the road" if one.status == "sent" else "was delivered"
        mend = f"say what was delivered: safepassage dispatch delivered {one.id} ITEM=QUANTITY"
        found = f"{one.id}, which {under_way}"
        raise InputError(Fault("ID", found, "a drive that has not left", mend))
    mend = f"accept it first: safepassage dispatch accept {one.id}"
    raise InputError(Fault("ID", f"{one.id}, which is {one.status}", "an accepted drive", mend))


def _answer(
    desk: DispatchDesk, states: Mapping[str, Entry], before: Entry, what: tuple[str, Wanted | None]
) -> Dispatch:
    """Give a drive in another state; what is accepted is held against vehicles, hours and supplies."""
    status, wanted = what
    one = replace(before.dispatch, status=status)
    if status == "delivered":
        return handed_out(one, wanted) if wanted else one
    if status != "accepted":
        return one
    others = (entry.dispatch for key, entry in states.items() if key != one.id)
    yard = yard_of(desk.logistics, desk.known.by_id, others)
    if faults := (*vanished(before, desk.logistics), *lost(before)):
        raise InputError(faults)
    one = changed(one, wanted, yard) if wanted else one
    if wrong := faults_of(one, yard):
        raise InputError(wrong)
    return one


def _day(before: Entry, status: str, told: date | None) -> date:
    """Give the day of an answer."""
    today = datetime.now().astimezone().date()
    if told is not None or before.dispatch.arrive >= today - timedelta(days=PAST_DAYS):
        return told or today
    happened = {"sent": before.dispatch.leave, "delivered": before.dispatch.arrive}
    return max(before.decided, happened.get(status, before.decided))


def _check_roads(desk: DispatchDesk, entry: Entry) -> None:
    """See that roads lead there and back on another day, as far as closures are known when it is decided."""
    carriers = {one.id: one for one in desk.logistics.carriers}
    events = desk.scenario.known_by(entry.decided).events
    if wrong := road_faults(entry.dispatch, carriers[entry.dispatch.carrier], desk.network, events):
        raise InputError(wrong)


def _check_day(before: Entry, entry: Entry) -> None:
    one, day = entry.dispatch, entry.decided
    if day < before.decided:
        found = f"{day}, before {one.id} was last decided upon ({before.decided})"
        raise InputError(Fault("--as-of", found, f"a day from {before.decided} on", "choose a later day"))
    if one.status == "delivered" and day < one.leave:
        found = f"{day}, before {one.id} leaves ({one.leave})"
        raise InputError(Fault("--as-of", found, f"a day from {one.leave} on", "choose a later day"))


def _unanswered(desk: DispatchDesk, new: Iterable[Entry]) -> tuple[str, ...]:
    """Give the offers that accepted drives count on and nobody has accepted."""
    open_ones = {one.id for one in desk.logistics.offers if one.status == "proposed"}
    used: dict[str, None] = {}
    for entry in new:
        if entry.dispatch.status == "accepted":
            used |= dict.fromkeys([entry.dispatch.carrier, *(load.supply for load in entry.dispatch.loads)])
    return tuple(key for key in used if key in open_ones)


def _write(desk: DispatchDesk, entries: Sequence[Entry]) -> None:
    """Add rows; read what would be written as anybody would read it, and write it only if that works."""
    if not entries:
        return
    sheet = open_sheet(desk.path / DISPATCHES_FILE)
    for entry in entries:
        cells = dispatch_cells(entry.dispatch, desk.network.places.ids, decided=entry.decided)
        if min(entry.dispatch.store, entry.dispatch.place) < 0:  # gone: the rest is as in the row before
            cells = {name: cells[name] for name in ("id", "status", "decided")}
        sheet.append(cells | {"reason": entry.reason})
    with tempfile.TemporaryDirectory() as draft:
        file = Path(draft) / DISPATCHES_FILE
        file.write_text(sheet.text(), encoding="utf-8")
        try:
            dispatches.read(file, desk.network, desk.logistics, strict=False, known=desk.known)
        except InputError as error:
            raise InputError(error.faults, "Nothing was written. / No se escribió nada.") from error
    sheet.save()
