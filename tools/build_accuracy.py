"""Write the figures of docs/accuracy.md anew from what the commands named there wrote.

    python tools/build_accuracy.py caravans october october-daily camps camps-ablations split.json as-is.json

Each argument is a folder of `verify --rolling --out`, or a file of `verify --json`; its name, without ending,
is what the page calls it. Only what stands between `<!-- scores: … -->`, `<!-- ablations: … -->` or
`<!-- targets -->` and `<!-- end -->` is changed.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "accuracy.md"
BLOCK = re.compile(
    r"(<!-- (scores|targets|ablations|split)(?:: ([^>]*?))? -->\n)(.*?)(<!-- end -->)", re.DOTALL
)
HEAD = (
    "| metric | days | origins | ours | naive | difference (90 % interval) | unit |"
    " hardest naive forecast |\n|---|---|---|---|---|---|---|---|"
)
TARGETS_COLUMNS = "target | wanted | reached (90 % interval) | ours | best naive forecast | met"
TARGETS_HEAD = f"| {TARGETS_COLUMNS} |\n|---|---|---|---|---|---|"
NOMINAL = {"coverage_50": 0.5, "coverage_80": 0.8, "coverage_90": 0.9}
# Of the split with capacities removed, as they came with the crises: three runs of Flee each (02cd2cbd).
FLEE = {"mali2012": 0.82, "burundi2015": 0.79, "car2013": 0.77, "ssudan2013": 0.82, "nigeria2016": 0.28}
SPLIT_MOST = 0.85
WALKER_OR_LAST = ("walker, mean speed", "last position")


@dataclass(frozen=True)
class Ratio:
    """Ours over the best of some naive forecasts is to be at most so much."""

    words: str
    source: str
    case: str
    metric: str
    days: int
    most: float
    naive: tuple[str, ...] = ()


@dataclass(frozen=True)
class Between:
    """A value is to lie in a range."""

    words: str
    source: str
    case: str
    metric: str
    days: int
    low: float
    high: float


@dataclass(frozen=True)
class Ahead:
    """So many cases at least are to be better than their best naive forecast."""

    words: str
    source: str
    metric: str
    days: int
    least: int


_OCTOBER = "honduras-2018-10"


def _targets() -> tuple[Ratio | Between | Ahead, ...]:
    camps, crps, cover, here = "camps", "crps", "coverage_80", "October 2018"
    found: list[Ratio | Between | Ahead] = []
    for days, most in ((30, 0.90), (90, 0.85)):
        found += [
            Ratio(f"camps, CRPS at {days} days", camps, "all camps", crps, days, most),
            Ahead(f"camps, crises ahead at {days} days", camps, crps, days, 4),
        ]
    for days in (7, 30, 90):
        words = f"camps, 80 % intervals at {days} days"
        found.append(Between(words, camps, "all camps", cover, days, 0.72, 0.88))
    for source, when in (("october", "12 evenings"), ("october-daily", "every evening")):
        told = f"{here}, {when}"
        for days in (1, 3, 7):
            what = f"at {days} day{'s' * (days > 1)}"
            found += [
                Ratio(
                    f"{told}: position {what}",
                    source,
                    _OCTOBER,
                    "position_error_km",
                    days,
                    0.75,
                    WALKER_OR_LAST,
                ),
                Between(f"{told}: 80 % intervals {what}", source, _OCTOBER, cover, days, 0.70, 0.90),
                Ratio(f"{told}: size {what}", source, _OCTOBER, "size_log_crps", days, 0.80, ("last value",)),
            ]
        words = f"{told}: day of arrival a week ahead"
        found.append(Between(words, source, _OCTOBER, "arrival_day_error", 7, 0.0, 2.0))
    return tuple(found)


TARGETS = _targets()

Rows = list[dict]


def read(path: Path) -> Rows:
    """Read the rows of a folder of scores, or of a file of `--json`."""
    return json.loads((path / "scores.json" if path.is_dir() else path).read_text(encoding="utf-8"))


def hardest(rows: Rows, naive: tuple[str, ...] = ()) -> dict | None:
    """Choose the naive forecast that is hardest to beat, of those that could be scored on most origins."""
    rows = [row for row in rows if not naive or row["baseline"] in naive]
    if not rows:
        return None
    most = max(row.get("origins", 1) for row in rows)
    nominal = NOMINAL.get(rows[0]["metric"], 0.0)
    usable = [row for row in rows if 2 * row.get("origins", 1) >= most]
    return min(usable, key=lambda row: abs(row["baseline_value"] - nominal))


def chosen(rows: Rows, case: str, metric: str, days: int, naive: tuple[str, ...] = ()) -> dict | None:
    """Find the row of one case, metric and horizon beside the hardest naive forecast."""
    same = [r for r in rows if (r["case"], r["metric"], r["horizon_days"]) == (case, metric, days)]
    return hardest(same, naive)


def row_text(row: dict) -> str:
    """Write one line of a table of scores."""
    difference = "–"
    if row.get("difference_low") is not None:
        low, high = row["difference_low"], row["difference_high"]
        difference = f"{row['difference']:+,.2f} ({low:+,.2f} to {high:+,.2f})"
    cells = [
        row["metric"],
        str(row["horizon_days"]),
        str(row.get("origins", "–")),
        f"{row['value']:,.2f}",
        f"{row['baseline_value']:,.2f}",
        difference,
        row["unit"],
        row["baseline"],
    ]
    return "| " + " | ".join(cells) + " |"


def table(rows: Rows, case: str, metrics: list[str]) -> str:
    """Write the table of one case: every horizon of every metric asked for, () all."""
    keys = list(dict.fromkeys((r["metric"], r["horizon_days"]) for r in rows if r["case"] == case))
    wanted = [key for key in keys if not metrics or key[0] in metrics]
    lines = [row_text(row) for key in wanted if (row := chosen(rows, case, *key))]
    return "\n".join([HEAD, *lines])


def target_text(target: Ratio | Between | Ahead, told: dict[str, Rows]) -> str:
    """Write one line of the table of targets."""
    rows = told.get(target.source, [])
    if isinstance(target, Ahead):
        cases = [case for case in dict.fromkeys(r["case"] for r in rows) if not case.startswith("all ")]
        found = [row for case in cases if (row := chosen(rows, case, target.metric, target.days))]
        ahead = [row["case"] for row in found if row["value"] < row["baseline_value"]]
        met = len(ahead) >= target.least
        cells = [
            f"at least {target.least} of {len(found)}",
            f"{len(ahead)}: {', '.join(ahead) or 'none'}",
            "",
            "",
        ]
        return line(target.words, cells, met)
    row = chosen(rows, target.case, target.metric, target.days, getattr(target, "naive", ()))
    if row is None:
        return line(target.words, ["", "not measured", "", ""], None)
    ours = f"{row['value']:,.2f}"
    theirs = f"{row['baseline_value']:,.2f} ({row['baseline']})"
    if isinstance(target, Between):
        met = target.low <= row["value"] <= target.high
        return line(target.words, [f"{target.low:g} to {target.high:g}", ours, ours, theirs], met)
    ratio, base = row["value"] / row["baseline_value"], row["baseline_value"]
    reached = f"{ratio:.2f}"
    if row.get("difference_low") is not None:
        reached += f" ({1 + row['difference_low'] / base:.2f} to {1 + row['difference_high'] / base:.2f})"
    return line(
        target.words, [f"ratio at most {target.most:.2f}", reached, ours, theirs], ratio <= target.most
    )


def line(words: str, cells: list[str], met: bool | None) -> str:
    """Write one line, with its verdict."""
    verdict = {True: "yes", False: "**no**", None: "–"}[met]
    return "| " + " | ".join([words, *cells, verdict]) + " |"


def split(rows: Rows) -> str:
    """Write the split of every crisis beside each split without a model, and the means."""
    cases = list(dict.fromkeys(row["case"] for row in rows))
    rules = list(dict.fromkeys(row["baseline"] for row in rows))
    values = {row["case"]: row["value"] for row in rows}
    told = {(row["case"], row["baseline"]): row["baseline_value"] for row in rows}
    if rows[0]["protocol"] != "split-as-is":
        rules.append("Flee")
        told |= {(case, "Flee"): FLEE.get(case, float("nan")) for case in cases}
    lines = [f"| crisis | ours | {' | '.join(rules)} |", "|---" * (len(rules) + 2) + "|"]
    for case in cases:
        cells = [f"{told[case, rule]:.3f}" for rule in rules]
        lines.append(f"| {case} | {values[case]:.3f} | {' | '.join(cells)} |")
    means = [sum(told[case, rule] for case in cases) / len(cases) for rule in rules]
    mean = sum(values.values()) / len(cases)
    lines.append(f"| mean | {mean:.3f} | {' | '.join(f'{one:.3f}' for one in means)} |")
    return "\n".join(lines)


def split_targets(rows: Rows) -> list[str]:
    """Write a line per crisis: ours over the better of Flee and the equal split; and one for the mean."""
    lines = []
    for row in (row for row in rows if row["baseline"] == "equal split"):
        rivals = {"equal split": row["baseline_value"], "Flee": FLEE[row["case"]]}
        name = min(rivals, key=lambda rule: rivals[rule])
        ratio = row["value"] / rivals[name]
        cells = [f"ratio at most {SPLIT_MOST:.2f}", f"{ratio:.2f}", f"{row['value']:.2f}"]
        words = f"split, {row['case']}"
        lines.append(line(words, [*cells, f"{rivals[name]:.2f} ({name})"], ratio <= SPLIT_MOST))
    values = {row["case"]: row["value"] for row in rows}
    mean = sum(values.values()) / len(values)
    lines.append(
        line("split, mean of all (hoped for)", ["at most 0.45", f"{mean:.2f}", "", ""], mean <= 0.45)
    )
    return lines


def ablations(folder: Path) -> str:
    """Give the tables that set all ablations side by side, as `verify --rolling --ablations` wrote them."""
    text = (folder / "tables.md").read_text(encoding="utf-8")
    return text.partition("## Ablations\n")[2].partition("\n### ")[0].strip()


def main(paths: list[str]) -> None:
    """Fill every block whose scores were given, and leave the others as they are."""
    folders = {Path(path).stem: Path(path) for path in paths}
    told = {name: read(path) for name, path in folders.items()}

    def filled(match: re.Match) -> str:
        kind, what = match[2], match[3]
        if kind == "targets":
            needed = {target.source for target in TARGETS} | {"split"}
            if not needed <= told.keys():
                return match[0]
            lines = split_targets(told["split"]) + [target_text(target, told) for target in TARGETS]
            return match[1] + "\n".join([TARGETS_HEAD, *lines]) + "\n" + match[5]
        if kind == "ablations":
            folder = folders.get(what.strip())
            return match[1] + ablations(folder) + "\n" + match[5] if folder else match[0]
        if kind == "split":
            rows = told.get(what.strip())
            return match[1] + split(rows) + "\n" + match[5] if rows else match[0]
        source, case, metrics = (part.strip() for part in what.split("|"))
        if source not in told:
            return match[0]
        asked = [name.strip() for name in metrics.split(",") if name.strip()]
        return match[1] + table(told[source], case, asked) + "\n" + match[5]

    PAGE.write_text(BLOCK.sub(filled, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
