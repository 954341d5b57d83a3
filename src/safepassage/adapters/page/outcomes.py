"""The part of the report that tells how people's way ends: totals of the whole movement only.

Never by place, group or kind of person, in one fixed order, and without small counts.
"""

from __future__ import annotations

from safepassage.adapters.outlook import Range, first_night
from safepassage.adapters.page.figures import Spoken, day_within, people, whole
from safepassage.adapters.page.grids import table
from safepassage.adapters.page.reckoning import amount
from safepassage.adapters.page.words import both, pair, say
from safepassage.core.forecast import Fan, Forecast
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE

TOLD_AFTER = (6, 13)  # nights from the first one to come; and the last
WORDS = {
    "left": "outcome_left",
    "claimed": "outcome_claimed",
    "returned": "outcome_returned",
    "assisted_return": "outcome_assisted_return",
    "settled": "outcome_settled",
    "detained": "outcome_detained",
    "rode_ahead": "outcome_rode_ahead",
    "dropped_back": "outcome_dropped_back",
    "died": "outcome_died",
    "other": "outcome_other",
}


def outcomes_section(forecast: Forecast) -> str:
    """Write the totals by some nights; nothing where the scenario speaks of no outcome."""
    if not forecast.outcomes:
        return ""
    say_day, days = day_within(forecast.days), told_days(forecast)
    head = [both("outcome"), *(both("outcome_by", day=say_day(forecast.date_of(d))) for d in days)]
    rows = []
    for name, fan in forecast.outcomes.items():
        cells = "".join(f'<td class="people">{pair(told_people(fan, d))}</td>' for d in days)
        rows.append(f'<tr><th scope="row">{both(WORDS[name])}</th>{cells}</tr>')
    inside = table(head, ["<tbody>", *rows, "</tbody>"], css="outcomes")
    fewest = whole(FEWEST_TOLD_PEOPLE)
    return (
        f'<section aria-labelledby="outcomes"><h2 id="outcomes">{both("outcomes_title")}</h2>'
        f"<p>{both('outcomes_lead', fewest=fewest)}</p>{inside}</section>"
    )


def told_days(forecast: Forecast) -> list[int]:
    """Choose the nights: after one week, after two, and the last."""
    since, last = first_night(forecast), forecast.days - 1
    return sorted({min(since + later, last) for later in TOLD_AFTER} | {last})


def told_people(fan: Fan, day: int) -> Spoken:
    """Say the range of a total on one evening; what is below the fewest that may be told is not told."""
    low, middle, high = (float(fan.at(level)[day]) for level in (0.10, 0.50, 0.90))
    if high < FEWEST_TOLD_PEOPLE:
        return lambda lang: say(lang, "fewer_than", threshold=whole(FEWEST_TOLD_PEOPLE))
    if low >= FEWEST_TOLD_PEOPLE:
        return amount(Range(low, middle, high))
    return lambda lang: say(lang, "outcome_up_to", high=people(high))
