"""How well news sentences are read: precision and recall per field, on sentences written by hand.

Usage: uv run python -m benchmarks.news [development|held_out] [--wrong]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from safepassage.adapters import builtin, folder
from safepassage.adapters.news import Circumstances, read_article
from safepassage.core.network import Places
from safepassage.core.report import Report

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


def measure(part: str, *, wrong: list[str] | None = None) -> Tally:
    """Read every sentence by itself and compare it, field by field, with what a person noted.

    A proposal is paired with the expected report that shares most fields with it. A field counts as proposed
    or expected where it says something: no place, no figure, no quantifier, no hour, the press as source
    and the main group as segment are what is taken where nothing is told.
    """
    network = folder.read_network(builtin.network_path("mesoamerica"))
    places = network.places
    tally = Tally()
    for row in sentences_of(part):
        circumstances = Circumstances(date.fromisoformat(row["published"]))
        proposals = read_article(row["text"], places, circumstances).proposals
        got = [(values_of(p.report, places), p.confidence) for p in proposals]
        want = [{**e, "figure": (e["low"], e["high"])} for e in row["expected"]]
        faults = _compare(got, want, tally)
        if faults and wrong is not None:
            wrong.append(f"{row['text']}\n      " + "\n      ".join(faults))
    return tally


def _compare(got: list[tuple[dict, float]], want: list[dict], tally: Tally) -> list[str]:
    tally.sentences += 1
    tally.quiet += not want
    tally.quiet_wrongly_read += bool(got and not want)
    faults, rest = [], list(got)
    for expected in want:
        match = max(rest, key=lambda g: _shared(g[0], expected), default=None)
        if match is None or _shared(match[0], expected) < 3:
            match = None
        else:
            rest.remove(match)
        differing = []
        for name in FIELDS:
            found = None if match is None else match[0][name]
            if _says(name, expected[name]):
                tally.expected[name] += 1
                tally.right[name] += found == expected[name]
            if match is not None and _says(name, found):
                tally.proposed[name] += 1
            if match is not None and found != expected[name]:
                differing.append(f"{name}: {found} instead of {expected[name]}")
        tally.expected["report"] += 1
        tally.right["report"] += match is not None and not differing
        if match is not None:
            tally.by_confidence[_bin(match[1])].append(not differing)
            tally.proposed["report"] += 1
        faults += ["missed: " + str(expected)] if match is None else differing
    for extra, confidence in rest:
        tally.proposed["report"] += 1
        tally.by_confidence[_bin(confidence)].append(False)
        for name in FIELDS:
            tally.proposed[name] += _says(name, extra[name])
        faults.append("not there: " + str(extra))
    return faults


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
    return sum(got[name] == expected[name] for name in FIELDS) + 2 * (got["figure"] == expected["figure"])


def _bin(confidence: float) -> str:
    return "0.8 and more" if confidence >= 0.8 else "0.6 to 0.8" if confidence >= 0.6 else "below 0.6"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("development", "held_out"), nargs="?", default="development")
    parser.add_argument("--wrong", action="store_true", help="show the sentences that were read wrongly")
    chosen = parser.parse_args()
    wrong: list[str] = []
    tally = measure(chosen.part, wrong=wrong)
    if chosen.wrong:
        print("\n".join(wrong))
    print(
        f"{tally.sentences} sentences, {tally.expected['report']} reports expected, "
        f"{tally.proposed['report']} proposed"
    )
    print(
        f"sentences without a report: {tally.quiet}, "
        f"of which something was read in {tally.quiet_wrongly_read}"
    )
    print("| field | precision | recall | expected |\n|---|---|---|---|")
    for name in ("report", *FIELDS):
        precision, recall = tally.rates(name)
        label = "whole report" if name == "report" else name
        print(f"| {label} | {precision:.2f} | {recall:.2f} | {tally.expected[name]} |")
    for label, rights in sorted(tally.by_confidence.items(), reverse=True):
        print(f"confidence {label}: {sum(rights)} of {len(rights)} wholly right")


if __name__ == "__main__":
    main()
