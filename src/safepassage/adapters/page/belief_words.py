"""How a report, and what it did, is said: the same words on page, sheets, in the chat and on the screen."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from urllib.parse import urlsplit

from safepassage.adapters.outlook import Range
from safepassage.adapters.outlook_belief import Agreed, Counted, Measure, ReportRow, TownSaid, near
from safepassage.adapters.page.figures import Spoken, day_short, people, share, span, whole
from safepassage.adapters.page.markup import clean, short, spaced
from safepassage.adapters.page.words import dictionary, say
from safepassage.core.forecast import Forecast
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE
from safepassage.core.report import Report

LONGEST_NAME = 60  # letters of a town
LONGEST_TEXT = 160  # letters of a reason or a role
Rounding = Callable[[float], Spoken]
MINUS = "\u2212"


def sentence(key: str, **values: object) -> Spoken:
    """Say one sentence of the dictionary in the language that is asked for."""
    return lambda lang: say(lang, key, **values)


def plain(text: str) -> Spoken:
    """Say a text from outside alike in both languages, on one line and cut."""
    shown = short(spaced(text), LONGEST_NAME)
    return lambda lang: shown


def few() -> Spoken:
    """Say that it is fewer people than are told."""
    return sentence("fewer_than", threshold=whole(FEWEST_TOLD_PEOPLE))


def who(source_kind: str) -> Spoken:
    """Say which kind of source told it; some errors are learned by the kind of what was told instead."""
    if f"source_kind_{source_kind}" not in dictionary("es"):
        return _worded("kind_", source_kind)
    return sentence(f"source_kind_{source_kind}")


def origin(report: Report) -> Spoken:
    """Say which kind of source told it; the name of the site where the kind is not known."""
    if report.source_kind:
        return who(report.source_kind)
    try:
        site = urlsplit(clean(report.source[:300]).strip()).netloc.removeprefix("www.")
    except ValueError:
        site = ""
    return plain(site) if site else who("")


def what(row: ReportRow) -> Spoken:
    """Say the kind of a report."""
    return _worded("kind_", row.report.kind)


def _worded(prefix: str, name: str) -> Spoken:
    return sentence(prefix + name) if prefix + name in dictionary("es") else plain(name)


def segment(row: ReportRow) -> Spoken | None:
    """Say which part of the caravan a report speaks of, where it is not the main body."""
    return None if row.report.segment in ("", "main") else _worded("segment_", row.report.segment)


def where(row: ReportRow) -> Spoken:
    """Say of which town a report speaks, or between which two."""
    if not row.name:
        return sentence("no_place")
    if row.to_name:
        return sentence("towards", place=plain(row.name), ahead=plain(row.to_name))
    return plain(row.name)


def told(row: Counted) -> Spoken:
    """Say how many people were told of."""
    if row.few:
        return few()
    if row.low is None and row.high is None:
        return sentence("position_only")
    if row.low is None:
        return sentence("up_to", high=people(row.high or 0.0))
    if row.high is None:
        return sentence("at_least", low=people(row.low))
    reach = span(row.low, row.high)
    return sentence("about_people", range=reach) if row.about else reach


def verdict(row: ReportRow) -> Spoken:
    """Say in plain words what became of a report."""
    return sentence(f"verdict_{row.verdict}", doubt=share(row.effect.doubt))


def difference(row: ReportRow) -> Spoken:
    """Say how far a report is from what the others say; a dash where it cannot be told."""
    off, times = row.effect.off_km, row.effect.off_factor
    said = [sentence("off_km", km=whole(abs(off)))] if isfinite(off) else []
    if isfinite(times):
        said.append(sentence("off_times", times=factor(times)))
    return joined(said)


def change(row: ReportRow) -> Spoken:
    """Say by how much a report moved what is believed; a dash where it cannot be told."""
    km, size = row.effect.shift_km, row.shift_people
    said = []
    if isfinite(km):
        said.append(sentence("shift_km", km=signed(km)))
    if isfinite(size):
        said.append(sentence("shift_people", people=signed(size, round_to=people)))
    elif row.small_shift:
        said.append(sentence("shift_few", fewest=whole(FEWEST_TOLD_PEOPLE)))
    return joined(said)


def joined(said: list[Spoken], between: str = " · ") -> Spoken:
    """Say several things one after the other; a dash for none."""
    return lambda lang: between.join(one(lang) for one in said) or "–"


def signed(number: float, *, round_to: Rounding = whole) -> Spoken:
    """Say a number with its sign."""
    amount = round_to(abs(number))
    sign = "" if round(number) == 0 else "+" if number > 0 else MINUS
    return lambda lang: sign + amount(lang)


def factor(times: float) -> Spoken:
    """Say a factor: one decimal, two below one half; with a point in both languages."""
    text = f"{times:.2f}" if times < 0.5 else f"{times:.1f}" if times < 10 else f"{times:,.0f}"
    return lambda lang: text


def said_of(forecast: Forecast, row: Measure) -> Spoken:
    """Say what we said of one number."""
    if row.said is None:
        return lambda lang: "–"
    if row.what == "people":
        return span(row.said.low, row.said.high)
    return _km_range(forecast, row.said)


def _km_range(forecast: Forecast, row: Range) -> Spoken:
    low, high = whole(row.low), whole(row.high)
    once = low("en") == high("en")
    reach = sentence("look_km", km=low) if once else sentence("look_km_range", low=low, high=high)
    town = near(forecast, row.middle)
    return sentence("look_town_km", town=plain(town), km=reach) if town else reach


def value_of(forecast: Forecast, row: Measure, value: float) -> Spoken:
    """Say what happened to one number, or what the simple rule said of it."""
    if not isfinite(value):
        return sentence("look_not_reported")
    if row.what == "people":
        return people(value)
    town, km = near(forecast, value), sentence("look_km", km=whole(value))
    return sentence("look_town_km", town=plain(town), km=km) if town else km


def town_said(row: TownSaid, threshold: int) -> Spoken:
    """Say what we said of a town."""
    values = {"chance": share(row.said_chance), "threshold": people(threshold)}
    if row.said_few:
        return sentence("look_chance_many", range=few(), **values)
    if row.said is None:
        return sentence("look_chance", **values)
    return sentence("look_chance_many", range=span(row.said.low, row.said.high), **values)


def town_happened(row: TownSaid) -> Spoken:
    """Say what happened in a town; no report is not nobody."""
    if row.happened == "there":
        if row.reported.told:
            return sentence("look_there_many", people=told(row.reported))
        return sentence("look_there")
    return sentence("look_not_there" if row.happened == "not there" else "look_not_reported")


def town_rule(row: TownSaid) -> Spoken:
    """Say whether the simple rule put people in a town."""
    return sentence("look_rule_here" if row.rule_said else "look_rule_elsewhere")


def contradiction(row: ReportRow) -> dict[str, object]:
    """Give what a sentence about a contradicted report says."""
    return {
        "place": where(row) if row.name else what(row),
        "day": day_short(row.report.observed),
        "told": told(row.people),
        "who": origin(row.report),
        "doubt": share(row.effect.doubt),
    }


def agreed_people(row: Agreed) -> Spoken:
    """Say an agreed figure as it was agreed on, not rounded."""
    return whole(row.people) if isfinite(row.people) else few()


def agreed_text(text: str) -> Spoken:
    """Say a reason or a role, on one line and cut."""
    shown = short(text, LONGEST_TEXT)
    return lambda lang: shown


def look_phrases(forecast: Forecast, rows: list[Measure], *, brief: bool = False) -> dict[str, Spoken] | None:
    """Give what we said, what happened and the simple rule as short phrases; None where nothing happened.

    Parameters
    ----------
    brief : bool        for a chat: towns without their km where they have a name.
    """
    if not any(isfinite(row.happened) for row in rows):
        return None
    said = [_phrase(said_of(forecast, row), row, brief=brief) for row in rows if row.said is not None]
    return {
        "said": joined(said, ", " if brief else "; "),
        "happened": _values(forecast, rows, "happened", brief=brief),
        "rule": _values(forecast, rows, "rule", brief=brief),
    }


def _values(forecast: Forecast, rows: list[Measure], which: str, *, brief: bool) -> Spoken:
    said = []
    for row in rows:
        value = float(getattr(row, which))
        if isfinite(value):
            town = near(forecast, value) if brief and row.what == "head_km" else ""
            said.append(_phrase(plain(town) if town else value_of(forecast, row, value), row, brief=brief))
    return joined(said, ", " if brief else "; ")


def _phrase(spoken: Spoken, row: Measure, *, brief: bool) -> Spoken:
    return spoken if brief or row.what == "head_km" else sentence("shift_people", people=spoken)
