"""The short table that `safepassage forecast` prints, and the same as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table

from safepassage.adapters.belief_values import belief_values
from safepassage.adapters.outlook_belief import told_parts, told_whole
from safepassage.cli.belief_table import print_belief as print_belief
from safepassage.cli.belief_table import print_belief_lines
from safepassage.cli.screen import out
from safepassage.core.countries import country_name
from safepassage.core.outcomes import told

if TYPE_CHECKING:
    from safepassage.core.forecast import Fan, Forecast, GroupForecast, PartForecast
    from safepassage.core.shared import SharedForecast
    from safepassage.workflows.forecast import ForecastRun, Night

NIGHTS_SHOWN = 7
TOWNS_A_NIGHT = 4
PARTS_ES = {"advance": "avanzada", "rear": "retaguardia"}
STAMP = "NOT FOR PUBLICATION · NO PUBLICAR"


def print_forecast(made: ForecastRun) -> None:
    """Print the next nights: day, town, chance, how many if they come; then what it rests on."""
    fc = made.forecast
    out.print(f"{fc.title_en} / {fc.title_es}", style="bold")
    out.print(f"as of / al {fc.as_of} · {fc.members} members · {fc.engine} · {STAMP}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    many = f"{fc.threshold_people:,} or more"
    for heading, side in (("night", "left"), ("town", "left"), (f"chance of {many}", "right")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    table.add_column("if they come: p10 – p50 – p90", justify="right")
    stars = False
    for day in range(made.first_night, min(made.first_night + NIGHTS_SHOWN, fc.days)):
        for number, row in enumerate(made.nights(day, limit=TOWNS_A_NIGHT)):
            when = f"{row.date:%a} {row.date.isoformat()}" if number == 0 else ""
            star, stars = "*" if row.tells_anybody else " ", stars or row.tells_anybody
            table.add_row(when, f"{row.name} ({row.country})", f"{row.told:.0%}{star}", _people(row))
    out.print(table)
    if stars:
        out.print("* chance that anybody stays / probabilidad de que se quede alguien")
    for group in fc.groups:
        _print_group(made, group)
    print_belief_lines(fc)
    for line in fc.illustrative:
        out.print(f"Illustrative / Ilustrativo: {line}")


def _people(row: Night) -> str:
    """Say how many to reckon with: a range only where there are enough futures behind it."""
    if not row.conditional:
        return f"fewer than {row.threshold_people:,}"
    if not row.enough:
        return "too few futures to say"
    return f"{row.people.low:,.0f} – {row.people.middle:,.0f} – {row.people.high:,.0f}"


def _print_group(made: ForecastRun, group: GroupForecast) -> None:
    fc, name = made.forecast, group.name_en
    day = min(made.first_night + NIGHTS_SHOWN - 1, fc.days - 1)
    head, walker = group.head_km, group.walker_km
    if not np.isfinite(head.at(0.5)[day]):
        out.print(f"{name}: by {fc.date_of(day)} the group has dissolved / el grupo se ha disuelto")
        return
    size, last = group.size, group.last_size
    out.print(
        f"{name}, evening of {fc.date_of(day)}, 90 % intervals: head at "
        f"{head.at(0.05)[day]:,.0f}–{head.at(0.95)[day]:,.0f} km of the road "
        f"(constant-speed walker {walker.at(0.05)[day]:,.0f}–{walker.at(0.95)[day]:,.0f}), "
        f"{size.at(0.05)[day]:,.0f}–{size.at(0.95)[day]:,.0f} people "
        f"(last known size {last.at(0.05)[day]:,.0f}–{last.at(0.95)[day]:,.0f})"
    )
    whole = told_whole(group)
    if whole is not None and np.isfinite(whole.at(0.05)[day]):
        low, high = whole.at(0.05)[day], whole.at(0.95)[day]
        out.print(f"  with its parts / con sus partes: {low:,.0f}–{high:,.0f} people / personas")
    for part in told_parts(fc, group):
        _print_part(fc, part)


def _print_part(fc: Forecast, part: PartForecast) -> None:
    day = fc.first_night
    low, high = part.head_km.at(0.05)[day], part.head_km.at(0.95)[day]
    few, many = part.size.at(0.05)[day], part.size.at(0.95)[day]
    said = f"  {part.segment} part / {PARTS_ES[part.segment]}, {fc.date_of(day)}: {part.chance[day]:.0%}"
    if np.isfinite(low):
        said += f", km {low:,.0f}–{high:,.0f}"
    if np.isfinite(few):
        said += f", {few:,.0f}–{many:,.0f} people / personas"
    out.print(said)


def summary(made: ForecastRun) -> dict[str, Any]:
    """Give the table as plain values for `--json`; people and chances carry their names."""
    fc = made.forecast
    rows = [
        {
            "date": row.date.isoformat(),
            "place": fc.network.places.ids[row.place],
            "name": row.name,
            "country": row.country,
            "chance_threshold": round(row.chance, 4),
            "chance_any": round(row.chance_any, 4),
            "people_p10": round(row.people.low),
            "people_p50": round(row.people.middle),
            "people_p90": round(row.people.high),
            "people_if_threshold_reached": row.conditional,
            "members_reaching_threshold": row.reaching,
            "enough_members_for_a_range": row.enough,
        }
        for day in range(made.first_night, fc.days)
        for row in made.nights(day, limit=TOWNS_A_NIGHT)
    ]
    return {
        "scenario": fc.scenario,
        "start": fc.start.isoformat(),
        "as_of": fc.as_of.isoformat(),
        "days": fc.days,
        "members": fc.members,
        "seed": fc.seed,
        "engine": fc.engine,
        "engine_reason": fc.engine_reason,
        "threshold_people": fc.threshold_people,
        "replay": fc.replay,
        "not_for_publication": True,
        "illustrative": list(fc.illustrative),
        "nights": rows,
        "outcomes": _outcomes(fc),
        "belief": belief_values(fc),
    }


def _outcomes(fc: Forecast) -> dict[str, Any]:
    """Give the totals of the whole movement since the start; null where they are too few to be told."""
    return {
        name: [_outcome(fc, fan, day) for day in range(fc.first_night, fc.days)]
        for name, fan in fc.outcomes.items()
    }


def _outcome(fc: Forecast, fan: Fan, day: int) -> dict[str, Any]:
    row: dict[str, Any] = {"date": fc.date_of(day).isoformat()}
    for level in (0.05, 0.50, 0.95):
        people = float(told(fan.at(level))[day])
        row[f"people_p{round(100 * level):02d}"] = round(people) if np.isfinite(people) else None
    return row


def print_shared(shared: SharedForecast) -> None:
    """Print what may be shared: areas and words, nothing else."""
    out.print(f"{shared.title_en} / {shared.title_es}", style="bold")
    out.print(f"known until / sabido hasta {shared.known_until} · may be shared · se puede compartir")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("area")
    table.add_column(f"people by {shared.deadline}")
    table.add_column("how many if they come", justify="right")
    for cell in shared.cells:
        area = f"{cell.admin1 or cell.scope.replace('_', ' ')} ({country_name(cell.country, 'en')})"
        table.add_row(area, cell.chance, f"{cell.people_low:,}–{cell.people_high:,}")
    out.print(table)
