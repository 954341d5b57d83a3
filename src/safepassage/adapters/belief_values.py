"""What the reports did, as plain values: for the workbook, the tidy tables and the screen's JSON alike."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from math import isfinite
from typing import Any

from safepassage.adapters.outlook import Range
from safepassage.adapters.outlook_belief import (
    Measure,
    ReportRow,
    TownSaid,
    agreed_rows,
    biases,
    hard_days,
    look_back,
    measures,
    near,
    reliability,
    report_rows,
    towns_said,
    used_count,
)
from safepassage.adapters.page.markup import short
from safepassage.core.forecast import Forecast

MOST_TEXT = 500  # letters of a source or a note; some hold whole articles


def report_values(row: ReportRow) -> dict[str, Any]:
    """Give one report and what it did; None where a value is not known or too small to be told."""
    report, effect = row.report, row.effect
    return {
        "observed": report.observed,
        "published": report.published,
        "place_id": row.place_id,
        "town": row.name,
        "to_town": row.to_name,
        "kind": report.kind,
        "segment": report.segment,
        "people_low": _number(row.people.low),
        "people_high": _number(row.people.high),
        "fewer_than_20": row.people.few,
        "source_kind": report.source_kind,
        "reliability": report.reliability,
        "used": row.used,
        "verdict": row.verdict,
        "weight": _number(effect.weight, 4),
        "chance_wrong": _number(effect.doubt, 4),
        "off_km": _number(effect.off_km, 1),
        "off_times": _number(effect.off_factor, 3),
        "shift_km": _number(effect.shift_km, 1),
        "shift_people": _number(row.shift_people),
        "shares_error_with": len(effect.shares_with),
        "source": short(report.source, MOST_TEXT),
        "note": short(report.note, MOST_TEXT),
        "key": effect.key,
    }


def look_back_values(forecast: Forecast) -> list[dict[str, Any]]:
    """Give the look back as rows: first the main body, then town by town."""
    back = look_back(forecast)
    if back is None:
        return []
    dates = {"night": back.night, "made": back.made}
    rows = [dates | _measure_values(forecast, row) for row in measures(forecast)]
    return rows + [dates | _town_values(row, back.threshold_people) for row in towns_said(forecast)]


def _measure_values(forecast: Forecast, row: Measure) -> dict[str, Any]:
    digits = 1 if row.what == "head_km" else 0
    return {
        "what": row.what,
        "place_id": "",
        "town": near(forecast, row.happened) if row.what == "head_km" else "",
        "said_chance": None,
        "threshold_people": None,
        **_range_values("said", row.said, digits),
        "happened": "reported" if isfinite(row.happened) else "not reported",
        "happened_low": _number(row.happened, digits),
        "happened_high": _number(row.happened, digits),
        "within_p10_p90": row.inside,
        "rule_value": _number(row.rule, digits),
        "rule_here": None,
    }


def _town_values(row: TownSaid, threshold: int) -> dict[str, Any]:
    return {
        "what": "town",
        "place_id": row.place_id,
        "town": row.name,
        "said_chance": _number(row.said_chance, 4),
        "threshold_people": threshold,
        **_range_values("said", row.said, 0),
        "happened": row.happened,
        "happened_low": _number(row.reported.low),
        "happened_high": _number(row.reported.high),
        "within_p10_p90": None,
        "rule_value": None,
        "rule_here": row.rule_said,
    }


def _range_values(name: str, row: Range | None, digits: int) -> dict[str, Any]:
    values = (None, None, None) if row is None else (row.low, row.middle, row.high)
    keys = (f"{name}_p10", f"{name}_p50", f"{name}_p90")
    return {key: _number(value, digits) for key, value in zip(keys, values, strict=True)}


def belief_values(forecast: Forecast) -> dict[str, Any] | None:
    """Give everything that was learned as JSON values, dates in ISO; None where no report was weighed."""
    belief = forecast.belief
    if belief is None:
        return None
    kept = reliability(forecast)
    values: dict[str, Any] = {
        "reports_known": len(belief.effects),
        "reports_used": used_count(belief),
        "reports": [report_values(row) for row in report_rows(forecast)],
        "updates": [
            {key: _number(v, 4) if isinstance(v, float) else v for key, v in asdict(update).items()}
            for update in belief.updates
        ],
        "hard_days": [update.day for update in hard_days(forecast)],
        "biases": [
            {
                "source_kind": bias.source_kind,
                "reports": bias.reports,
                "times_p10": _number(bias.low, 3),
                "times_p50": _number(bias.middle, 3),
                "times_p90": _number(bias.high, 3),
            }
            for bias in biases(forecast)
        ],
        "announced": belief.announced,
        "announced_kept": None if kept is None else _range_values("chance", kept, 4),
        "look_back": look_back_values(forecast),
        "agreed": _agreed_values(forecast),
    }
    plain: dict[str, Any] = _iso(values)
    return plain


def _agreed_values(forecast: Forecast) -> list[dict[str, Any]]:
    return [
        {
            "day": row.figure.day,
            "place_id": forecast.network.places.ids[row.figure.place] if row.figure.place >= 0 else "",
            "people": _number(row.people),
            "reason": short(row.figure.reason, MOST_TEXT),
            "role": short(row.figure.role, MOST_TEXT),
            "agreed": row.figure.agreed,
            "group": row.figure.group,
            **_range_values("forecast", row.beside, 0),
        }
        for row in agreed_rows(forecast)
    ]


def _number(value: float | None, digits: int = 0) -> float | int | None:
    if value is None or not isfinite(value):
        return None
    return round(float(value), digits) if digits else round(float(value))


def _iso(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _iso(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_iso(one) for one in value]
    return value
