"""The workbook's sheets of what the reports did: each report, yesterday's word, what was learned, parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from safepassage.adapters.belief_values import look_back_values, report_values
from safepassage.adapters.outlook_belief import (
    agreed_rows,
    biases,
    reliability,
    report_rows,
    told_parts,
    told_whole,
)
from safepassage.adapters.page.belief_words import verdict, what, where, who
from safepassage.adapters.page.figures import Spoken
from safepassage.adapters.page.markup import spaced
from safepassage.adapters.page.words import say
from safepassage.adapters.tables.columns import Column
from safepassage.core.belief import Belief
from safepassage.core.forecast import Fan, Forecast, GroupForecast

Sheet = tuple[str, Sequence[Column], Iterable[Sequence[object]]]
LEVELS = (0.05, 0.50, 0.95)


def two(spoken: Spoken) -> str:
    """Say it in both languages, once where they agree."""
    es, en = spoken("es"), spoken("en")
    return es if es == en else f"{es} · {en}"


def belief_tables(forecast: Forecast) -> Iterator[Sheet]:
    """Give the sheets of what the reports did; none where no report was weighed."""
    belief = forecast.belief
    if belief is None:
        return
    yield "informes_reports_used", USED_COLUMNS, _used_rows(forecast)
    if belief.look_back is not None:
        yield "ayer_look_back", LOOK_COLUMNS, _look_rows(forecast)
    yield "aprendido_learned", LEARNED_COLUMNS, _learned_rows(forecast, belief)
    if belief.agreed:
        yield "acordado_agreed", AGREED_COLUMNS, _agreed_rows(forecast)


USED_COLUMNS = (
    Column("Día", "Day", "date", 12),
    Column("Publicado", "Published", "date", 12),
    Column("Localidad", "Town", "text", 28),
    Column("Tipo", "Kind", "text", 30),
    Column("Personas: al menos", "People: at least", "people", 12),
    Column("Personas: hasta", "People: up to", "people", 12),
    Column("Parte", "Segment", "text", 12),
    Column("Quién", "Who", "text", 26),
    Column("Juicio", "Verdict", "text", 60),
    Column("Peso", "Weight", "number", 9),
    Column("Probabilidad de error", "Chance that it is wrong", "share", 12),
    Column("Diferencia, km", "Off, km", "km", 12),
    Column("Diferencia, veces el tamaño", "Off, times the size", "number", 14),
    Column("Cambio, km", "Change, km", "km", 11),
    Column("Cambio, personas", "Change, people", "people", 11),
    Column("Comparte su error con", "Shares its error with", "people", 12),
    Column("Fuente", "Source", "text", 60),
    Column("Nota", "Note", "text", 60),
    Column("Clave", "Key", "text", 19),
)


def _used_rows(forecast: Forecast) -> Iterator[Sequence[object]]:
    for row in report_rows(forecast):
        values = report_values(row)
        yield (
            values["observed"],
            values["published"],
            two(where(row)) if row.name else "",
            two(what(row)),
            values["people_low"],
            values["people_high"],
            values["segment"],
            two(who(row.report.source_kind)),
            two(verdict(row)),
            values["weight"] if row.used else None,
            values["chance_wrong"] if row.used else None,
            values["off_km"],
            values["off_times"],
            values["shift_km"],
            values["shift_people"],
            values["shares_error_with"],
            values["source"],
            values["note"],
            values["key"],
        )


LOOK_COLUMNS = (
    Column("Noche", "Night", "date", 12),
    Column("Dicho con datos del", "Said with data of", "date", 12),
    Column("Qué", "What", "text", 40),
    Column("Localidad", "Town", "text", 28),
    Column("Dijimos: probabilidad del umbral", "We said: chance of the threshold", "share", 14),
    *(Column(f"Dijimos: {p} %", f"We said: {p}%", "people", 12) for p in (10, 50, 90)),
    Column("Pasó", "It happened", "text", 30),
    Column("Informado: al menos", "Reported: at least", "people", 12),
    Column("Informado: hasta", "Reported: up to", "people", 12),
    Column("La regla simple: valor", "The simple rule: value", "people", 12),
    Column("La regla simple: aquí", "The simple rule: here", "text", 14),
)
_WHAT = {"head_km": "look_head", "people": "look_size", "town": "place"}
_HAPPENED = {
    "there": "look_there",
    "not there": "look_not_there",
    "not reported": "look_not_reported",
    "reported": "reported",
}


def _look_rows(forecast: Forecast) -> Iterator[Sequence[object]]:
    for values in look_back_values(forecast):
        here = values["rule_here"]
        rule = "" if here is None else _said("look_rule_here" if here else "look_rule_elsewhere")
        unit = ", km" if values["what"] == "head_km" else ""
        yield (
            values["night"],
            values["made"],
            _said(_WHAT[values["what"]]) + unit,
            spaced(values["town"]),
            values["said_chance"],
            values["said_p10"],
            values["said_p50"],
            values["said_p90"],
            _said(_HAPPENED.get(values["happened"], "look_not_reported")),
            values["happened_low"],
            values["happened_high"],
            values["rule_value"],
            rule,
        )


def _said(key: str) -> str:
    return two(lambda lang: say(lang, key))


LEARNED_COLUMNS = (
    Column("Qué", "What", "text", 62),
    Column("Día", "Day", "date", 12),
    Column("Informes", "Reports", "people", 10),
    Column("10 %", "10%", "number", 10),
    Column("Mediana o valor", "Median or value", "number", 12),
    Column("90 %", "90%", "number", 10),
)


def _learned_rows(forecast: Forecast, belief: Belief) -> Iterator[Sequence[object]]:
    for bias in biases(forecast):
        name = f"{_said('learned_bias')}: {two(who(bias.source_kind))}"
        yield (name, None, bias.reports, bias.low, bias.middle, bias.high)
    kept = reliability(forecast)
    if kept is not None:
        yield (_said("learned_kept"), None, belief.announced, kept.low, kept.middle, kept.high)
    for update in belief.updates:
        yield (_said("learned_members"), update.day, update.reports, None, update.effective_members, None)
        yield (_said("learned_surprise"), update.day, update.reports, None, update.surprise, None)
        if update.respread:
            yield (_said("learned_respread"), update.day, update.reports, None, None, None)


AGREED_COLUMNS = (
    Column("Día", "Day", "date", 12),
    Column("Localidad", "Town", "text", 28),
    Column("Cifra acordada", "Agreed figure", "people", 12),
    *(Column(f"El pronóstico: {p} %", f"The forecast: {p}%", "people", 12) for p in (10, 50, 90)),
    Column("Por qué", "Why", "text", 60),
    Column("Acordó", "Agreed by", "text", 30),
    Column("Acordado el", "Agreed on", "date", 12),
)


def _agreed_rows(forecast: Forecast) -> Iterator[Sequence[object]]:
    for row in agreed_rows(forecast):
        beside = (None,) * 3 if row.beside is None else (row.beside.low, row.beside.middle, row.beside.high)
        figure, name = row.figure, spaced(row.name) or _said("agreed_whole")
        yield (figure.day, name, row.people, *beside, figure.reason, figure.role, figure.agreed)


PART_COLUMNS = (
    Column("Noche", "Night", "date", 12),
    Column("Grupo", "Group", "text", 30),
    Column("Parte", "Part", "text", 30),
    Column("Probabilidad", "Chance", "share", 12),
    *(Column(f"Cabeza, km: {p} %", f"Head, km: {p}%", "km", 12) for p in (5, 50, 95)),
    *(Column(f"Personas: {p} %", f"People: {p}%", "people", 12) for p in (5, 50, 95)),
)


def parts_table(forecast: Forecast) -> Iterator[Sheet]:
    """Give the sheet of the parts that go apart from the main body; none where there are none."""
    groups = [group for group in forecast.groups if group.parts or group.whole_size is not None]
    if groups:
        yield "partes_parts", PART_COLUMNS, (row for group in groups for row in _part_rows(forecast, group))


def _part_rows(forecast: Forecast, group: GroupForecast) -> Iterator[Sequence[object]]:
    name = group.name_es if group.name_es == group.name_en else f"{group.name_es} · {group.name_en}"
    for part in told_parts(forecast, group):
        said = _said(f"parts_{part.segment}")
        for day, when in enumerate(forecast.dates):
            numbers = (*_at(part.head_km, day), *_at(part.size, day))
            yield (when, name, said, float(part.chance[day]), *numbers)
    whole = told_whole(group)
    if whole is not None:
        for day, when in enumerate(forecast.dates):
            yield (when, name, _said("parts_whole"), None, None, None, None, *_at(whole, day))


def _at(fan: Fan, day: int) -> tuple[float, ...]:
    return tuple(float(fan.at(level)[day]) for level in LEVELS)
