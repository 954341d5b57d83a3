"""The section "What the reports changed": yesterday held against today, then each report and what it did."""

from __future__ import annotations

from safepassage.adapters.outlook_belief import (
    ReportRow,
    agreed_rows,
    biases,
    contradicted,
    hard_days,
    reliability,
    report_rows,
    used_count,
)
from safepassage.adapters.page.belief_words import (
    agreed_people,
    agreed_text,
    change,
    contradiction,
    difference,
    factor,
    plain,
    segment,
    told,
    verdict,
    what,
    where,
    who,
)
from safepassage.adapters.page.figures import Spoken, day_named, day_short, day_within, share, span, whole
from safepassage.adapters.page.grids import source_link, table
from safepassage.adapters.page.lookback import look_section
from safepassage.adapters.page.words import both, pair
from safepassage.core.belief import Belief
from safepassage.core.forecast import Forecast
from safepassage.core.report import Report

FIRST_ROWS = 25  # reports that stand open; older ones unfold, up to MOST_ROWS
MOST_ROWS = 150
MOST_CONTRADICTED = 8
MOST_DAYS = 8
MOST_AGREED = 20


def belief_section(forecast: Forecast) -> str:
    """Write what the reports changed, or that none was used and why."""
    belief = forecast.belief
    inside = _nothing(forecast) if belief is None else _learned(forecast, belief)
    return (
        f'<section aria-labelledby="belief" class="belief"><h2 id="belief">{both("belief_title")}</h2>'
        f"{inside}</section>"
    )


def _nothing(forecast: Forecast) -> str:
    if forecast.replay:
        why = both("belief_nothing_replay")
    elif not forecast.reports:
        why = both("belief_nothing_known")
    else:
        why = both("belief_nothing_asked", count=whole(len(forecast.reports)))
    return f"<p>{both('belief_nothing')} {why}</p>"


def _learned(forecast: Forecast, belief: Belief) -> str:
    counts = {"count": whole(len(belief.effects)), "used": whole(used_count(belief))}
    return (
        f"<p>{both('belief_lead', **counts)}</p>{_contradicted(forecast)}{look_section(forecast)}"
        f"{_agreed(forecast)}{_effects(forecast)}"
        f'<div class="learned"><div><h3>{both("hard_title")}</h3>{_hard_days(forecast)}</div>'
        f"<div><h3>{both('bias_title')}</h3>{_biases(forecast, belief)}</div></div>"
    )


def _contradicted(forecast: Forecast) -> str:
    rows = contradicted(forecast)
    if not rows:
        return f"<p>{both('belief_contradicted_none')}</p>" if report_rows(forecast) else ""
    items = [both("belief_contradicted_row", **contradiction(row)) for row in rows[:MOST_CONTRADICTED]]
    if len(rows) > MOST_CONTRADICTED:
        items.append(both("belief_more_contradicted", count=len(rows) - MOST_CONTRADICTED))
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f'<div class="notice"><b>{both("belief_contradicted")}</b><ul>{listed}</ul></div>'


def _effects(forecast: Forecast) -> str:
    rows = report_rows(forecast)
    if not rows:
        return ""
    shown = _effects_table(forecast, rows[:FIRST_ROWS])
    older = rows[FIRST_ROWS:MOST_ROWS]
    if older:
        folded = _effects_table(forecast, older)
        shown += f"<details><summary>{both('older_reports', count=len(older))}</summary>{folded}</details>"
    if len(rows) > MOST_ROWS:
        shown += f'<p class="note">{both("more_rows", count=len(rows) - MOST_ROWS)}</p>'
    return f"<h3>{both('effects_title')}</h3><p>{both('effects_lead')}</p>{shown}"


def _effects_table(forecast: Forecast, rows: list[ReportRow]) -> str:
    keys = ("observed", "place", "what", "who", "weight", "difference", "change", "verdict")
    said = day_within(forecast.days)
    lines = [
        f'<tr class="{row.verdict}"><td class="when">{pair(said(row.report.observed))}</td>'
        f'<th scope="row" class="town-name">{pair(where(row))}</th>{_cells(row)}</tr>'
        for row in rows
    ]
    return table([both(key) for key in keys], ["<tbody>", *lines, "</tbody>"], css="effects")


def _cells(row: ReportRow) -> str:
    part = segment(row)
    counted = f"<br> {pair(told(row.people))}" if row.people.told else ""
    kind = pair(what(row)) + (f" · {pair(part)}" if part else "")
    source = ", ".join(_origin(row.report))
    told_by = pair(who(row.report.source_kind)) if row.report.source_kind or not source else ""
    origin = f"<small>{source}</small>" if source else ""
    said = "<br> ".join(part for part in (told_by, origin) if part)
    return (
        f'<td class="what">{kind}{counted}</td>'
        f'<td class="who">{said}</td>'
        f'{_weight(row)}<td><span class="cell-name">{both("difference")}</span>{pair(difference(row))}</td>'
        f'<td><span class="cell-name">{both("change")}</span>{pair(change(row))}</td>'
        f'<td class="verdict">{pair(verdict(row))}{_shared(row)}</td>'
    )


def _origin(report: Report) -> list[str]:
    """Say the source, and when it was published where that was not the next morning."""
    said = [source_link(report.source)] if report.source else []
    if not 0 <= (report.published - report.observed).days <= 1:
        said.append(both("published_on", day=day_short(report.published)))
    return said


def _shared(row: ReportRow) -> str:
    shares = len(row.effect.shares_with)
    return f"<br> <small>{both('verdict_shares', count=shares)}</small>" if shares and row.used else ""


def _weight(row: ReportRow) -> str:
    name = f'<span class="cell-name">{both("weight")}</span>'
    if not row.used:
        return f'<td class="weight">{name}–</td>'
    weight = min(max(row.effect.weight, 0.0), 1.0)
    drawn = (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{100 * weight:.0f}" height="10"/></svg>'
    )
    return f'<td class="weight">{name}<span class="figure">{weight:.2f}</span>{drawn}</td>'


def _hard_days(forecast: Forecast) -> str:
    updates = hard_days(forecast)
    if not updates:
        return f'<p class="none">{both("hard_none")}</p>'
    items = []
    for update in updates[:MOST_DAYS]:
        values = {
            "day": day_named(update.day),
            "surprise": share(update.surprise),
            "members": whole(update.effective_members),
            "of": whole(forecast.members),
        }
        items.append(both("hard_respread" if update.respread else "hard_surprise", **values))
    if len(updates) > MOST_DAYS:
        items.append(both("more_rows", count=len(updates) - MOST_DAYS))
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _biases(forecast: Forecast, belief: Belief) -> str:
    items = [
        both(
            "bias_row_one" if bias.reports == 1 else "bias_row",
            who=_capital(bias.source_kind),
            middle=factor(bias.middle),
            low=factor(bias.low),
            high=factor(bias.high),
            **({} if bias.reports == 1 else {"count": whole(bias.reports)}),
        )
        for bias in biases(forecast)
    ] or [both("bias_none")]
    kept = reliability(forecast)
    if kept is None:
        items.append(both("reliable_none"))
    else:
        chances = {"low": share(kept.low), "middle": share(kept.middle), "high": share(kept.high)}
        items.append(both("reliable", count=whole(belief.announced), **chances))
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _capital(source_kind: str) -> Spoken:
    spoken = who(source_kind)
    return lambda lang: spoken(lang)[:1].upper() + spoken(lang)[1:]


def _agreed(forecast: Forecast) -> str:
    found = agreed_rows(forecast)
    if not found:
        return ""
    rows = []
    for row in found[-MOST_AGREED:]:
        place = pair(plain(row.name)) if row.name else both("agreed_whole")
        beside = pair(span(row.beside.low, row.beside.high)) if row.beside else both("agreed_no_range")
        names = ("agreed_figure", "agreed_beside", "agreed_why", "agreed_who")
        figure, agreed = pair(agreed_people(row)), pair(day_short(row.figure.agreed))
        reason, role = pair(agreed_text(row.figure.reason)), pair(agreed_text(row.figure.role))
        cells = (f"<b>{figure}</b>", beside, reason, f"{role}, {agreed}")
        inside = "".join(
            f'<td><span class="cell-name">{both(name)}</span>{cell}</td>'
            for name, cell in zip(names, cells, strict=True)
        )
        when = pair(day_within(forecast.days)(row.figure.day))
        rows.append(
            f'<tr><td class="when">{when}</td><th scope="row" class="town-name">{place}</th>{inside}</tr>'
        )
    keys = ("observed", "place", "agreed_figure", "agreed_beside", "agreed_why", "agreed_who")
    left = len(found) - MOST_AGREED
    more = f'<p class="note">{both("agreed_more", count=left)}</p>' if left > 0 else ""
    body = table([both(key) for key in keys], ["<tbody>", *rows, "</tbody>"], css="agreed")
    return f"<h3>{both('agreed_title')}</h3><p>{both('agreed_lead')}</p>{body}{more}"
