"""What the reports did, on the screen: a few lines below a forecast, and the table of `safepassage track`."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from rich.table import Table

from safepassage.adapters.outlook_belief import (
    ReportRow,
    agreed_rows,
    biases,
    contradicted,
    hard_days,
    look_back,
    measures,
    reliability,
    report_rows,
    used_count,
)
from safepassage.adapters.page.belief_words import (
    Rounding,
    agreed_people,
    contradiction,
    factor,
    look_phrases,
    origin,
    plain,
    signed,
    told,
    verdict,
    what,
    where,
    who,
)
from safepassage.adapters.page.figures import LANGUAGES, Spoken, day_short, people, share, span, whole
from safepassage.adapters.page.words import say
from safepassage.cli.screen import out
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE

if TYPE_CHECKING:
    from safepassage.core.belief import Belief
    from safepassage.core.forecast import Forecast
    from safepassage.workflows.forecast import ForecastRun

REPORTS_SHOWN = 20
BIASES_SHOWN = 3


def print_belief_lines(fc: Forecast) -> None:
    """Print what the reports did in some lines, in both languages; that none was used, where none was."""
    for line in belief_lines(fc):
        out.print(line)


def belief_lines(fc: Forecast) -> list[str]:
    """Say in 1 to 6 lines what the reports did: how many counted, yesterday, what is contradicted."""
    belief = fc.belief
    if belief is None:
        return _not_used(fc)
    counts = f"{used_count(belief)} / {len(belief.effects)}"
    lines = [f"reports used / informes usados: {counts}"]
    back, phrases = look_back(fc), look_phrases(fc, measures(fc), brief=True)
    if back is not None and phrases is not None:
        night = day_short(back.night)
        lines += [say(lang, "message_look", night=night, **phrases) for lang in LANGUAGES]
    doubted = contradicted(fc, recent=True)
    if doubted:
        key = "message_contradicted_more" if len(doubted) > 1 else "message_contradicted"
        said = contradiction(doubted[0]) | {"count": len(doubted) - 1}
        lines += [say(lang, key, **said) for lang in LANGUAGES]
    days = [update for update in hard_days(fc) if update.respread][:1]
    for update in days:
        lines.append(
            f"{update.day}: hardly any member fitted, the ensemble was spread anew / "
            "casi ningún miembro concordaba, el conjunto se abrió de nuevo"
        )
    return lines


def _not_used(fc: Forecast) -> list[str]:
    if not fc.reports:
        return []
    return [
        f"reports known: {len(fc.reports)}, shown beside the forecast, which does not learn from them / "
        "informes al lado del pronóstico, que no aprende de ellos"
    ]


def print_belief(made: ForecastRun) -> None:
    """Print each report and what it did, newest first, then what was learned of the sources."""
    fc = made.forecast
    if fc.belief is None:
        for line in _not_used(fc) or ["no report was used / no se usó ningún informe"]:
            out.print(line)
        return
    rows = report_rows(fc)
    if rows:
        out.print(_table(rows[:REPORTS_SHOWN]))
    if len(rows) > REPORTS_SHOWN:
        left = len(rows) - REPORTS_SHOWN
        out.print(
            f"… {left} more in forecast.xlsx and with --json / {left} más en forecast.xlsx y con --json"
        )
    for line in _learned(fc, fc.belief):
        out.print(line)


def _table(rows: list[ReportRow]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("day", "town", "what", "who"):
        table.add_column(heading)
    for heading in ("weight", "off km", "× size", "Δ km", "Δ people"):
        table.add_column(heading, justify="right")
    table.add_column("verdict", min_width=22)
    for row in rows:
        table.add_row(
            f"{row.report.observed:%m-%d}",
            where(row)("en"),
            f"{what(row)('en')} {told(row.people)('en') if row.people.told else ''}".rstrip(),
            origin(row.report)("en"),
            f"{row.effect.weight:.2f}" if row.used else "–",
            _number(row.effect.off_km),
            factor(row.effect.off_factor)("en") if isfinite(row.effect.off_factor) else "–",
            _moved(row.effect.shift_km),
            f"<{FEWEST_TOLD_PEOPLE}" if row.small_shift else _moved(row.shift_people, round_to=people),
            verdict(row)("en"),
        )
    return table


def _number(value: float) -> str:
    return whole(abs(value))("en") if isfinite(value) else "–"


def _moved(value: float, *, round_to: Rounding = whole) -> str:
    return signed(value, round_to=round_to)("en") if isfinite(value) else "–"


def two(spoken: Spoken) -> str:
    """Say it in English and in Spanish, once where they agree."""
    en, es = spoken("en"), spoken("es")
    return en if en == es else f"{en} / {es}"


def _learned(fc: Forecast, belief: Belief) -> list[str]:
    """Say what was learned of kinds of source and of announced stops, and what was agreed on."""
    lines = [
        f"{two(who(bias.source_kind))}: "
        f"{factor(bias.middle)('en')} ({factor(bias.low)('en')}–{factor(bias.high)('en')}) × "
        f"the size believed / el tamaño creído; reports / informes: {bias.reports}"
        for bias in biases(fc)[:BIASES_SHOWN]
    ]
    kept = reliability(fc)
    if kept is not None:
        low, middle, high = (share(chance) for chance in (kept.low, kept.middle, kept.high))
        values = {"low": low, "middle": middle, "high": high, "count": whole(belief.announced)}
        lines += [say(lang, "reliable", **values) for lang in LANGUAGES]
    for row in agreed_rows(fc):
        if row.figure.day >= fc.as_of:
            name = plain(row.name)("en") or "whole caravan / toda la caravana"
            beside = span(row.beside.low, row.beside.high)("en") if row.beside else "–"
            lines.append(
                f"agreed / acordado {row.figure.day}, {name}: {agreed_people(row)('en')}; "
                f"the forecast says / el pronóstico dice {beside}"
            )
    return lines
