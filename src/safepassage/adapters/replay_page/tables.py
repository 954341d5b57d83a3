"""The tables of a replay's page: where we lost, the balance, and evening by evening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from safepassage.adapters.page.figures import Spoken, day_within, people, share, whole
from safepassage.adapters.page.grids import table
from safepassage.adapters.page.markup import esc, spaced
from safepassage.adapters.page.words import pair
from safepassage.adapters.replay_page.wording import both, nights, spoken
from safepassage.core.replayed import COUNT, POSITION, SIZE, Replayed, ReplayedEvening, ReplayScore, Saying

AHEAD = (1, 3, 7)
MOST_TOWNS, SEAL_DIGITS = 5, 12


def lost_section(found: Replayed) -> str:
    """List, before anything else, every evening on which a simple rule was nearer."""
    wanted = [(COUNT, 0)] if found.camps else [(what, h) for what in (POSITION, SIZE) for h in AHEAD]
    blocks = [_lost_block(found, what, ahead) for what, ahead in wanted]
    rules = {rule for evening in found.evenings for one in evening.sayings for rule in one.rules}
    inside = "".join(blocks) or f"<p>{both('lost_none')}</p>"
    return (
        f'<section class="lost" aria-labelledby="lost"><h2 id="lost">{both("lost_title")}</h2>'
        f"<p>{both('lost_lead', rules=len(rules))}</p>{inside}</section>"
    )


def _lost_block(found: Replayed, what: str, ahead: int) -> str:
    rows = []
    said = _day(found)
    for rule, (count, lost) in found.lost(what, ahead).items():
        if not lost:
            continue
        gap = sum(one.ours - one.rule for one in lost) / len(lost)
        days = pair(_dates([said(one.evening) for one in lost]))
        row = both("lost_row", rule=spoken(rule), lost=len(lost), count=count)
        worse = f"{both(_unit(what), value=_figure(what, gap))} {both('lost_mean')}"
        rows.append(f'<li>{row} ({worse}): <span class="days">{days}</span></li>')
    if not rows:
        return ""
    return f"<h3>{_name(what, ahead)}</h3><ul>{''.join(rows)}</ul>"


def _dates(days: list[Spoken]) -> Spoken:
    """Say days one after another, none torn apart at the end of a line."""
    return lambda lang: ", ".join(day(lang).replace(" ", "\u00a0") for day in days)


def scores_table(found: Replayed) -> str:
    """Write the mean errors beside those of the rules, and how often the range held; a table per number."""
    scores = found.scores(AHEAD)
    parts = []
    for what in dict.fromkeys(score.what for score in scores):
        chosen = [score for score in scores if score.what == what]
        rules = list(dict.fromkeys(rule for score in chosen for rule in score.rules))
        each = "counted" if found.camps else "evenings"
        head = [both(f"{what}_unit"), *map(both, (each, "inside", "ours", *rules))]
        rows = [_score_row(score, rules) for score in chosen]
        parts.append(table(head, ["<tbody>", *rows, "</tbody>"], css="scores"))
    return (
        f'<section aria-labelledby="scores"><h2 id="scores">{both("score_title")}</h2>'
        f"<p>{both('score_lead')}</p>{''.join(parts)}</section>"
    )


def _score_row(score: ReplayScore, rules: list[str]) -> str:
    inside = f"{score.inside} <small>{pair(share(score.inside / score.evenings))}</small>"
    row = f"<td>{score.evenings}</td><td>{inside}</td><td>{pair(_figure(score.what, score.error))}</td>"
    for rule in rules:
        if rule not in score.rules:
            row += "<td>–</td>"
            continue
        count, ours, theirs = score.rules[rule]
        fewer = f"<small>({count}: {pair(_figure(score.what, ours))})</small>"
        css = ' class="won"' if theirs < ours else ""
        row += f"<td{css}>{pair(_figure(score.what, theirs))}{fewer if count < score.evenings else ''}</td>"
    ahead = both("ahead", nights=nights(score.ahead_days)) if score.ahead_days else both("next_count")
    return f'<tr><th scope="row">{ahead}</th>{row}</tr>'


def evenings_table(found: Replayed) -> str:
    """Write one row per evening: read, said, happened, the nearest rule, who was nearer, the seal."""
    keys = ("evening", "read", "said", "happened", "rule_said", "nearer", "seal")
    rows = [_evening_row(found, evening) for evening in found.evenings]
    lead = both("table_lead_camps" if found.camps else "table_lead")
    inside = table([both(key) for key in keys], ["<tbody>", *rows, "</tbody>"], css="evenings")
    return (
        f'<section aria-labelledby="evenings"><h2 id="evenings">{both("table_title")}</h2>'
        f"<p>{lead}</p>{inside}</section>"
    )


def _evening_row(found: Replayed, evening: ReplayedEvening) -> str:
    said, happened, rule, who = _camps_cells(evening) if found.camps else _caravan_cells(evening)
    line = both("line", line=evening.line)
    seal = f'<span class="seal">{evening.seal[:SEAL_DIGITS]}</span><small>{line}</small>'
    cells = (
        ("read", _read(found, evening)),
        ("said", said + _towns(evening)),
        ("happened", happened),
        ("rule_said", rule),
        ("nearer", who),
        ("seal", seal),
    )
    inside = "".join(f'<td><span class="cell-name">{both(key)}</span>{cell}</td>' for key, cell in cells)
    when = pair(_day(found, named=True)(evening.evening))
    lost = ' class="lost-row"' if any(one.nearer for one in _shown(evening)) else ""
    return f'<tr{lost}><th scope="row" class="when">{when}</th>{inside}</tr>'


def _shown(evening: ReplayedEvening) -> list[Saying]:
    return [one for one in evening.sayings if one.what == POSITION and one.ahead_days == 1]


def _caravan_cells(evening: ReplayedEvening) -> tuple[str, str, str, str]:
    """Write what is told of the night after: where, and below it how many."""
    where, many = (
        next((one for one in evening.sayings if one.what == what and one.ahead_days == 1), None)
        for what in (POSITION, SIZE)
    )
    if where is None or many is None:
        return "", "", "", ""
    said = f"{_middle(where)}<small>{_middle(many)}</small>"
    if not (where.known or many.known):
        return said, both("unknown"), "", ""
    happened, rule, who = "", "", ""
    if where.known:
        happened = both("km", value=whole(where.happened))
        happened += f"<small>{esc(', '.join(map(spaced, evening.happened)))}</small>"
        if where.rules:
            best = min(where.rules, key=where.error_of)
            rule = f"{both('km', value=whole(where.rules[best]))}<small>{both(best)}</small>"
            even = where.error >= where.error_of(best)
            who = both("the_rule" if where.nearer else "tie" if even else "we")
    if many.known:
        happened += f"<small>{both('people', value=people(many.happened))}</small>"
        rule += "".join(
            f"<small>{both('people', value=people(told))}, {both(name)}</small>"
            for name, told in many.rules.items()
        )
    return said, happened, rule, who


def _middle(one: Saying) -> str:
    """Write the middle figure with its 80 % range; a dash where nobody was left in any member."""
    if not one.middle == one.middle:
        return "–"
    say_it = whole if one.what == POSITION else people
    unit = "km" if one.what == POSITION else "people"
    middle = spoken(unit, value=say_it(one.middle))
    return both("middle", middle=middle, low=say_it(one.low), high=say_it(one.high))


def _camps_cells(evening: ReplayedEvening) -> tuple[str, str, str, str]:
    rows = [one for one in evening.sayings if one.known]
    if not rows:
        return "", both("unknown"), "", ""
    said = both("people", value=people(sum(one.middle for one in rows)))
    inside = both("camps_inside", inside=sum(one.inside for one in rows), count=len(rows))
    happened = f"{both('people', value=people(sum(one.happened for one in rows)))}<small>{inside}</small>"
    ours = sum(one.error for one in rows)
    errors = {rule: sum(one.error_of(rule) for one in rows) for rule in rows[0].rules}
    best = min(errors, key=lambda rule: errors[rule])
    told = sum(one.rules[best] for one in rows)
    rule = f"{both('people', value=people(told))}<small>{both(best)}</small>"
    return said, happened, rule, both("the_rule" if errors[best] < ours else "we")


def _towns(evening: ReplayedEvening) -> str:
    if not evening.towns:
        return ""
    parts = []
    for town in evening.towns[:MOST_TOWNS]:
        name = f'<a href="{esc(town.sheet)}">{esc(spaced(town.name))}</a> {pair(share(town.chance))}'
        parts.append(f"<b>{name}</b>" if town.there else name)
    left = len(evening.towns) - MOST_TOWNS
    more = f" {both('more', count=left)}" if left > 0 else ""
    return f'<small class="towns">{", ".join(parts)}{more}</small>'


def _read(found: Replayed, evening: ReplayedEvening) -> str:
    if found.with_articles:
        if not evening.articles:
            return both("nothing")
        told = {"count": evening.articles, "adopted": evening.reports, "refused": evening.refused}
        return both("articles", **told)
    if not evening.reports:
        return both("nothing")
    if found.camps:
        return both("counts", count=evening.reports)
    return both("reports_1" if evening.reports == 1 else "reports", count=evening.reports)


def _name(what: str, ahead: int) -> str:
    return both(what) if what == COUNT else both(what, nights=nights(ahead))


def _unit(what: str) -> str:
    return "km" if what == POSITION else "people"


def _figure(what: str, value: float) -> Spoken:
    return whole(value) if what == POSITION else whole(round(value, -1))


def _day(found: Replayed, *, named: bool = False) -> Callable[[date], Spoken]:
    days = (found.evenings[-1].evening - found.evenings[0].evening).days
    return day_within(days, named=named)
