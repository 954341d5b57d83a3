"""The files that `verify --rolling --out` writes: scores, what was said one by one, tables and the page."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import write_text
from safepassage.core.foretold import FAN_LEVELS
from safepassage.scoring.rolling import RollingRow
from safepassage.workflows.rolling import Verified
from safepassage.workflows.rolling_page import Asked, scores_page
from safepassage.workflows.rolling_tables import ablations_markdown, arrivals_markdown, markdown


def write_scores(folder: Path, verified: Verified, asked: Asked) -> dict[str, Path]:
    """Write rows, single scores, what was said one by one, tables and the page; give the path of each."""
    rows, ablated = verified.rows, verified.ablation_rows
    texts = {
        "scores.csv": _csv([plain(row) for row in rows]),
        "origins.csv": _csv(_origins(verified, asked)),
        "foretold.csv": _csv(_numbers(verified, asked)),
        "chances.csv": _csv(_chances(verified, asked)),
        "tables.md": markdown(rows) + arrivals_markdown(verified.told, asked.starts),
        "scores.json": _json([plain(row) for row in rows]),
    }
    if ablated:
        every = [{"ablation": name} | plain(row) for name, found in ablated.items() for row in found]
        texts["ablations.json"], texts["ablations.csv"] = _json(every), _csv(every)
        texts["tables.md"] += "\n" + ablations_markdown(ablated)
    texts["scores.html"] = scores_page(verified, asked)
    for name, text in texts.items():
        write_text(folder / name, text)
    return {name: folder / name for name in texts}


def plain(row: RollingRow) -> dict[str, Any]:
    """Give a row as JSON knows it: what is no number is null."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(row).items()
    }


def _origins(verified: Verified, asked: Asked) -> list[dict[str, object]]:
    return [
        {
            "case": one.case,
            "origin": _date(asked, one.case, one.origin_day),
            "horizon_days": one.horizon_days,
            "metric": one.metric,
            "unit": one.unit,
            "forecast": name or "safepassage",
            "value": value if math.isfinite(value) else "",
        }
        for one in verified.scored
        for name, value in ({"": one.value} | one.baselines).items()
    ]


def _numbers(verified: Verified, asked: Asked) -> list[dict[str, object]]:
    return [
        {
            "case": one.case,
            "quantity": one.quantity,
            "place": one.place,
            "unit": one.unit,
            "origin": _date(asked, one.case, one.origin_day),
            "horizon_days": one.horizon_days,
            "day": _date(asked, one.case, one.day),
            "outcome": round(one.outcome, 3),
        }
        | {
            f"q{100 * level:02.0f}": round(value, 3)
            for level, value in zip(FAN_LEVELS, one.quantiles, strict=True)
        }
        | {"pit_low": round(one.pit_low, 6), "pit_high": round(one.pit_high, 6)}
        for one in verified.told.numbers
    ]


def _chances(verified: Verified, asked: Asked) -> list[dict[str, object]]:
    return [
        {
            "case": one.case,
            "event": one.event,
            "place": one.place,
            "origin": _date(asked, one.case, one.origin_day),
            "horizon_days": one.horizon_days,
            "day": _date(asked, one.case, one.day),
            "chance": round(one.chance, 6),
            "happened": int(one.happened),
        }
        for one in verified.told.chances
    ]


def _date(asked: Asked, case: str, day: int) -> str:
    return (asked.starts[case] + timedelta(days=day)).isoformat()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
