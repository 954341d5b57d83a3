"""Drives to the rows of `dispatches.csv`."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from safepassage.adapters.atomic import write_text
from safepassage.adapters.dispatches.loads import load_text
from safepassage.adapters.folder.cells import number_text
from safepassage.adapters.folder.columns import DISPATCHES_FILE, column_names
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE
from safepassage.core.plan import Dispatch


def write(path: Path, dispatches: Iterable[Dispatch], ids: tuple[str, ...], *, as_of: date) -> None:
    """Write the drives of a plan as a file that `safepassage dispatch` reads proposals from.

    A plan puts it into its own folder as ``dispatches.csv``: ``write(out / "dispatches.csv",
    run.plan.dispatches, run.problem.network.places.ids, as_of=run.needs.as_of)``. Drives kept from earlier
    plans are written with the status they have; the command takes up those that are proposed.

    Parameters
    ----------
    path : Path                 replaced, whole or not at all.
    dispatches : iterable of Dispatch
    ids : tuple of str          of the network's places.
    as_of : date                the plan's, told as the day on which it was decided.

    Raises
    ------
    OSError                     if it cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, column_names(DISPATCHES_FILE), restval="", lineterminator="\n")
    writer.writeheader()
    for one in dispatches:
        writer.writerow(dispatch_cells(one, ids, decided=as_of))
    write_text(path, text.getvalue())


def dispatch_cells(one: Dispatch, ids: tuple[str, ...], *, decided: date, reason: str = "") -> dict[str, str]:
    """Give the cells of one row; hours to a hundredth (36 seconds), km to 0.1, tens of people."""
    return {
        "id": one.id,
        "status": one.status,
        "decided": decided.isoformat(),
        "carrier": one.carrier,
        "vehicles": str(one.vehicles),
        "from": ids[one.store],
        "to": ids[one.place],
        "leave": one.leave.isoformat(),
        "leave_hour": _hour(one.leave_hour),
        "arrive": one.arrive.isoformat(),
        "arrive_hour": _hour(one.arrive_hour),
        "hours": _hour(one.hours),
        "km": number_text(round(one.km, 1)),
        "loads": load_text(one.loads),
        "people": _people(one.people),
        "sure": "" if math.isnan(one.sure) else number_text(round(one.sure, 3)),
        "reason": reason,
    }


def _people(people: float) -> str:
    """Write tens of people; few are not told."""
    return number_text(round(people, -1)) if people >= FEWEST_TOLD_PEOPLE else ""


def _hour(hours: float) -> str:
    return number_text(round(hours, 2))
