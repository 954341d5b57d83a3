"""How well news are read: precision and recall per field, on sentences and whole articles written by hand.

Usage: uv run python -m benchmarks.news [development|held_out|articles|articles_held_out] [--wrong]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from safepassage.adapters import builtin, folder
from safepassage.adapters.news import Circumstances, read_article
from safepassage.core.network import Places
from safepassage.core.report import Report

PARTS = ("development", "held_out", "articles", "articles_held_out")
CORPUS = Path(__file__).resolve().parents[1] / "tests" / "adapters" / "news"
FIELDS = ("kind", "place", "day", "figure", "quantifier", "segment", "source_kind", "hour")


@dataclass
class Tally:
    """Right, proposed and expected values, by field; and whole proposals by the confidence they had."""

    right: Counter[str] = field(default_factory=Counter)
    proposed: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)
    by_confidence: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    sentences: int = 0
    quiet_wrongly_read: int = 0
    quiet: int = 0

    def rates(self, name: str) -> tuple[float, float]:
        """Give precision and recall of one field."""
        return (
            self.right[name] / max(self.proposed[name], 1),
            self.right[name] / max(self.expected[name], 1),
        )


def sentences_of(part: str) -> list[dict]:
    """Read one part of the corpus."""
    lines = (CORPUS / f"corpus_{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def values_of(report: Report, places: Places) -> dict[str, object]:
    """Give the fields of a report as the corpus writes them; a bus offer's place may be where it goes."""
    place = report.place if report.place >= 0 else report.to_place
    return {
        "kind": report.kind,
        "place": places.ids[place] if place >= 0 else "",
        "day": report.observed.isoformat(),
        "figure": (report.low, report.high),
        "quantifier": report.quantifier,
        "segment": report.segment,
        "source_kind": report.source_kind,
        "hour": report.hour,
    }


def small_network(rows: Sequence[Sequence[Any]]) -> Places:
    """Make the places of an article that is not of the built-in network: name, country, lat, lon, kind."""
    n = len(rows)
    return Places(
        ids=tuple(row[0].lower().replace(" ", "-") for row in rows),
        names=tuple(row[0] for row in rows),
        countries=tuple(row[1] for row in rows),
        admin1=("",) * n,
        lat=np.array([row[2] for row in rows]),
        lon=np.array([row[3] for row in rows]),
        kinds=tuple(row[4] for row in rows),
        population=np.full(n, -1),
        capacity_people=np.full(n, -1),
        shelters=("",) * n,
        sources=("",) * n,
    )


def measure(part: str, *, wrong: list[str] | None = None) -> Tally:
    """Read every sentence by itself and compare it, field by field, with what a person noted.

    A proposal is paired with the expected report that shares most fields with it. A field counts as proposed
    or expected where it says something: no place, no figure, no quantifier, no hour, the press as source
    and the main group as segment are what is taken where nothing is told. Where a careful reader may say one
    thing or another, the corpus lists them; a report marked `optional` may be proposed or not.
    """
    builtin_places = folder.read_network(builtin.network_path("mesoamerica")).places
    tally = Tally()
    for row in sentences_of(part):
        places = small_network(row["network"]) if "network" in row else builtin_places
        circumstances = Circumstances(date.fromisoformat(row["published"]))
        proposals = read_article(row["text"], places, circumstances).proposals
        got = [(values_of(p.report, places), p.confidence) for p in proposals]
        want = [{**e, "figure": (e["low"], e["high"])} for e in row["expected"]]
        faults = _compare(got, want, tally)
        if faults and wrong is not None:
            wrong.append(f"{row.get('name') or row['text']}\n      " + "\n      ".join(faults))
    return tally


def _compare(got: list[tuple[dict, float]], want: list[dict], tally: Tally) -> list[str]:
    tally.sentences += 1
    tally.quiet += not want
    tally.quiet_wrongly_read += bool(got and not want)
    faults, rest = [], list(got)
    for expected, match in _paired(rest, want):
        if match is None and expected.get("optional"):
            continue
        if match is not None:
            rest.remove(match)
        differing = _fields(expected, match, tally)
        tally.expected["report"] += 1
        tally.right["report"] += match is not None and not differing
        if match is not None:
            tally.by_confidence[_bin(match[1])].append(not differing)
            tally.proposed["report"] += 1
        if match is None:
            faults.append("missed: " + _told(expected))
        elif differing:
            faults.append(f"{match[1]:.2f} {_told(match[0])}: " + "; ".join(differing))
    for extra, confidence in rest:
        tally.proposed["report"] += 1
        tally.by_confidence[_bin(confidence)].append(False)
        for name in FIELDS:
            tally.proposed[name] += _says(name, extra[name])
        faults.append(f"not there: {confidence:.2f} {_told(extra)}")
    return faults


def _paired(got: list[tuple[dict, float]], want: list[dict]) -> list[tuple[dict, tuple[dict, float] | None]]:
    """Pair what is expected with what was proposed, those that share most first."""
    rest = list(got)
    pairs: list[tuple[dict, tuple[dict, float] | None]] = []
    order = sorted(
        (
            (_shared(g[0], e), -i, -j)
            for i, e in enumerate(want)
            for j, g in enumerate(got)
            if _of_the_same(g[0], e)
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    for shared, i, j in order:
        if shared >= 3 and -i not in taken and -j not in taken.values():
            taken[-i] = -j
    for i, expected in enumerate(want):
        pairs.append((expected, rest[taken[i]] if i in taken else None))
    return pairs


def _of_the_same(got: dict, expected: dict) -> bool:
    """Tell whether both can be one report: of a kind, of a place and day, or with one figure."""
    return (
        _fits(got["kind"], expected["kind"])
        or (
            got["place"] != ""
            and _fits(got["place"], expected["place"])
            and _fits(got["day"], expected["day"])
        )
        or (got["figure"] != (None, None) and got["figure"] == expected["figure"])
    )


def _fields(expected: dict, match: tuple[dict, float] | None, tally: Tally) -> list[str]:
    differing = []
    for name in FIELDS:
        found = None if match is None else match[0][name]
        right = match is not None and _fits(found, expected[name])
        wanted = expected[name][0] if isinstance(expected[name], list) else expected[name]
        if _says(name, found if right else wanted):
            tally.expected[name] += 1
            tally.right[name] += right
        if match is not None and _says(name, found):
            tally.proposed[name] += 1
        if match is not None and not right:
            differing.append(f"{name}: {found} instead of {expected[name]}")
    return differing


def _told(values: dict) -> str:
    return " ".join(str(values[name]) for name in FIELDS)


def _fits(found: object, expected: object) -> bool:
    """Tell whether a value is the one expected, or one of several that a careful reader may note."""
    return found in expected if isinstance(expected, list) else found == expected


def _says(name: str, value: object) -> bool:
    silent = {
        "place": "",
        "figure": (None, None),
        "quantifier": "",
        "segment": "main",
        "source_kind": "press",
        "hour": None,
    }
    return name not in silent or value != silent[name]


def _shared(got: dict, expected: dict) -> int:
    return sum(_fits(got[name], expected[name]) for name in FIELDS) + 2 * (
        got["figure"] == expected["figure"]
    )


def _bin(confidence: float) -> str:
    return "0.8 and more" if confidence >= 0.8 else "0.6 to 0.8" if confidence >= 0.6 else "below 0.6"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=PARTS, nargs="?", default="development")
    parser.add_argument("--wrong", action="store_true", help="show the sentences that were read wrongly")
    chosen = parser.parse_args()
    wrong: list[str] = []
    tally = measure(chosen.part, wrong=wrong)
    if chosen.wrong:
        print("\n".join(wrong))
    print(
        f"{tally.sentences} texts, {tally.expected['report']} reports expected, "
        f"{tally.proposed['report']} proposed"
    )
    print(f"texts without a report: {tally.quiet}, of which something was read in {tally.quiet_wrongly_read}")
    print("| field | precision | recall | expected |\n|---|---|---|---|")
    for name in ("report", *FIELDS):
        precision, recall = tally.rates(name)
        label = "whole report" if name == "report" else name
        print(f"| {label} | {precision:.2f} | {recall:.2f} | {tally.expected[name]} |")
    for label, rights in sorted(tally.by_confidence.items(), reverse=True):
        print(f"confidence {label}: {sum(rights)} of {len(rights)} wholly right")


if __name__ == "__main__":
    main()
