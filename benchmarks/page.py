"""The table on the screen, and `docs/performance.md` with its pictures."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Sequence
from pathlib import Path
from string import Template

from benchmarks.charts import svg_of
from benchmarks.measures.growth import Curve
from benchmarks.rows import AT_LEAST, Row

HERE = Path(__file__).parent
TEMPLATE, REASONS = HERE / "performance.template.md", HERE / "reasons.toml"
SECTIONS = {
    "flee": "flee_",
    "growth": "growth_",
    "networks": "cohorts_over_agents",
    "absolute": ("orientation_", "startup_", "forecast_of", "track_"),
}


def number(value: float | None) -> str:
    """Write a figure with three digits, large and small ones too."""
    if value is None:
        return "–"
    if value == 0.0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:.2e}"


def target_of(row: Row) -> str:
    """Write a target with its direction."""
    if row.target is None:
        return "–"
    return f"{'≥' if row.direction == AT_LEAST else '≤'} {number(row.target)}"


def verdict(row: Row) -> str:
    """Say whether a target was met."""
    return {True: "yes", False: "no", None: "–"}[row.met]


def table(rows: Sequence[Row], *, width: int = 110) -> str:
    """Lay rows out for the screen: a line of figures each, and its note below."""
    name_width = max((len(row.name) for row in rows), default=4)
    lines = [f"{'name':{name_width}}  {'target':>10}  {'reached':>10}  met"]
    for row in rows:
        lines.append(
            f"{row.name:{name_width}}  {target_of(row):>10}  {number(row.value):>10}  {verdict(row)}"
        )
        lines.extend(textwrap.wrap(row.note, width, initial_indent="    ", subsequent_indent="    "))
    judged = [row for row in rows if row.target is not None]
    met, missed = (sum(row.met is wanted for row in judged) for wanted in (True, False))
    lines.append(f"{met} targets met, {missed} not met, {len(judged) - met - missed} not measured")
    return "\n".join(lines)


def markdown(rows: Sequence[Row]) -> str:
    """Lay rows out as a table of a page."""
    lines = ["| what | target | reached | met | measured |", "|---|---|---|---|---|"]
    for row in rows:
        note = row.note.replace("|", "\\|")
        cells = (f"`{row.name}`", target_of(row), number(row.value), verdict(row), note)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _section(rows: Sequence[Row], name: str) -> list[Row]:
    return [row for row in rows if row.name.startswith(SECTIONS[name])]


def shortfalls(rows: Sequence[Row]) -> str:
    """List what was missed, by how much and why, and what could not be measured."""
    reasons: dict[str, str] = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    lines = []
    for row in rows:
        if row.met is False:
            why = next((text for key, text in reasons.items() if row.name.startswith(key)), "")
            said = f"- `{row.name}`: {number(row.value)}, wanted {target_of(row)}. {why.strip()}"
            lines.append(" ".join(said.split()))
        elif row.value is None:
            lines.append(f"- `{row.name}`: {row.note}.")
    return "\n".join(lines) or "Nothing: every target was met and everything could be measured."


def write(rows: Sequence[Row], curves: Sequence[Curve], folder: Path, *, machine: str) -> list[Path]:
    """Write performance.md and images/performance-AXIS.svg into a folder; give what was written."""
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    written, pictures = [], []
    for curve in curves:
        file = images / f"performance-{curve.axis}.svg"
        file.write_text(svg_of(curve), encoding="utf-8")
        written.append(file)
        pictures.append(f"![CPU seconds by {curve.axis}: {curve.title}](images/{file.name})")
    rest = [row for row in rows if not any(row.name.startswith(start) for start in SECTIONS.values())]
    values = {name: markdown(_section(rows, name)) for name in SECTIONS}
    page = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        values,
        machine=machine,
        ratios=markdown(rest),
        pictures="\n\n".join(pictures) or "(not measured in this run)",
        shortfalls=shortfalls(rows),
    )
    target = folder / "performance.md"
    target.write_text(page, encoding="utf-8")
    return [target, *written]
