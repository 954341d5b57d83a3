"""Reports as importers and readers hand them over, on a made-up network of three towns."""

from __future__ import annotations

from datetime import date
from typing import Any

from safepassage.core.report import Proposal, Report

IDS = ("uno", "dos", "tres")
DAY = date(2020, 5, 22)


def report(**changed: Any) -> Report:
    told: dict[str, Any] = {
        "observed": DAY,
        "published": DAY,
        "published_basis": "made up",
        "place": 1,
        "kind": "position",
        "low": 900.0,
        "high": 1200.0,
        "segment": "main",
        "quality": "exact",
        "source": "made up",
    }
    return Report(**(told | changed))


def proposal(origin: str = "sheet.csv, row 2", **changed: Any) -> Proposal:
    return Proposal(report(**changed), origin)
