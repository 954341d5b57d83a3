"""How well offer lines are read, by field: what of that which was read is right, what of the line is read."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from safepassage.adapters.offers import Understood, read_line
from safepassage.core.errors import InputError
from safepassage.core.gazetteer import fold
from safepassage.core.network import Places

AS_OF = date(2018, 10, 23)  # a Tuesday
FIELDS = ("holder", "place", "goods", "vehicles", "since", "until", "hours")
Told = dict[str, Counter[Any]]


@dataclass(frozen=True)
class Score:
    """Counts of one field over some lines."""

    right: int
    read: int
    there: int

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 1.0


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def told(row: dict[str, Any]) -> Told:
    """Give what stands in a line, as its writer meant it."""
    return {
        "holder": Counter([fold(row["holder"])]),
        "place": Counter([row["place"]]),
        "goods": Counter((item, float(amount), daily) for item, amount, daily in row["items"]),
        "vehicles": Counter((kind, count) for kind, count in row["vehicles"]),
        "since": Counter([row["since"]]),
        "until": Counter([row["until"]] if row["until"] else []),
        "hours": Counter([tuple(map(float, row["hours"]))] if row["hours"] else []),
    }


def understood(found: Understood, places: Places) -> Told:
    """Give what was read of a line, in the same form; a day that is not told is the day it is said."""
    since = found.since or AS_OF
    return {
        "holder": Counter([fold(found.holder)] if found.holder else []),
        "place": Counter([places.ids[found.place]] if found.place >= 0 else []),
        "goods": Counter(
            (good.item, good.quantity, daily) for good, daily in zip(found.goods, found.daily, strict=True)
        ),
        "vehicles": Counter((one.kind, one.count) for one in found.vehicles),
        "since": Counter([since.isoformat()]),
        "until": Counter([found.until.isoformat()] if found.until else []),
        "hours": Counter([found.hours] if found.hours else []),
    }


def scores(rows: list[dict[str, Any]], places: Places) -> tuple[dict[str, Score], list[str]]:
    """Score lines; a refused line must be refused, and is told where it is not, or where another is."""
    counts = {field: Counter[str]() for field in FIELDS}
    refusals = Counter[str]()
    wrong = []
    for row in rows:
        refused = bool(row.get("refused"))
        refusals["there"] += refused
        try:
            found = understood(read_line(row["text"], places, AS_OF), places)
        except InputError:
            refusals["read"] += 1
            refusals["right"] += refused
            if not refused:
                wrong.append(f"refused: {row['text']}")
            continue
        if refused:
            wrong.append(f"not refused: {row['text']}")
            continue
        meant = told(row)
        for field in FIELDS:
            counts[field]["right"] += sum((found[field] & meant[field]).values())
            counts[field]["read"] += sum(found[field].values())
            counts[field]["there"] += sum(meant[field].values())
            if found[field] != meant[field]:
                wrong.append(f"{field}: {dict(found[field])} for {dict(meant[field])}: {row['text']}")
    counts["refused"] = refusals
    return {field: Score(c["right"], c["read"], c["there"]) for field, c in counts.items()}, wrong
