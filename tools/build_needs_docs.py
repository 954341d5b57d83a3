"""Write the tables of docs/needs.md from the profiles, shares, items and units that ship.

python tools/build_needs_docs.py
"""

from __future__ import annotations

import re
from pathlib import Path

from safepassage.adapters.logistics import catalogue
from safepassage.adapters.profiles import default_shares, profile_names, read_profile
from safepassage.adapters.profiles.rows import COLUMNS, NEEDED
from safepassage.core.aid_items import GUARDED_ITEMS, ITEMS
from safepassage.core.logistics import Item
from safepassage.core.needs import Figure

PAGE = Path(__file__).parents[1] / "docs/needs.md"


def filled(text: str) -> str:
    blocks = {
        "columns": columns(),
        "items": items(),
        "units": units(),
        "figures": figures(),
        "shares": shares(),
    }
    for mark, lines in blocks.items():
        block = f"<!-- {mark} -->\n" + "\n".join(lines).strip() + "\n<!-- end -->"
        text = re.sub(rf"<!-- {mark} -->(.*?<!-- end -->)?", lambda _, b=block: b, text, count=1, flags=re.S)
    return text


def columns() -> list[str]:
    lines = ["| column | meaning |", "|---|---|"]
    return lines + [f"| `{name}`{'!' if name in NEEDED else ''} | {said} |" for name, said in COLUMNS.items()]


def items() -> list[str]:
    lines = ["| item | español | English | unit | kg | L | keeps | weight |", "|" + "---|" * 8]
    for item in ITEMS:
        mark = " †" if item.id in GUARDED_ITEMS else ""
        lines.append(
            f"| `{item.id}`{mark} | {item.name_es} | {item.name_en} | {item.unit} | {item.kg_per_unit:g} "
            f"| {item.litres_per_unit:g} | {keeps(item)} | {item.weight:g} |"
        )
    return lines


def keeps(item: Item) -> str:
    if item.stays:
        return "serves again"
    return "" if item.shelf_life_days is None else f"{item.shelf_life_days:g} d"


def units() -> list[str]:
    lines = ["| words | of | how much | rests on |", "|---|---|---|---|"]
    for unit in catalogue().units:
        counted = f"`{unit.item}`" if unit.item else f"what is counted in {unit.kind}"
        lines.append(f"| {', '.join(unit.words)} | {counted} | {unit.factor:,.10g} | {unit.basis} |")
    return lines


def figures() -> list[str]:
    lines = []
    for name in profile_names():
        lines += [
            f"### `{name}`",
            "| item | figure | range | when | basis | source |",
            "|---|---|---|---|---|---|",
        ]
        lines += [line(figure) for figure in read_profile(name)[0].figures]
        lines.append("")
    return lines


def line(figure: Figure) -> str:
    many = f"{figure.per_count:g} × " if figure.per_count != 1 else ""
    when = [word for word in (figure.phase, figure.weather) if word != "any"]
    page = f", p. {figure.page}" if figure.page not in ("", "not noted") else ""
    page = ", page not noted" if figure.page == "not noted" else page
    note = f"; {figure.note}" if figure.note else ""
    source = f"{figure.source}{page}{note}"
    return (
        f"| `{figure.item}` | {figure.value:g} {figure.unit} per {many}{figure.per_whom}, {figure.per_time} "
        f"| {figure.low:g}–{figure.high:g} | {' '.join(when)} | {figure.basis} | {source} |"
    )


def shares() -> list[str]:
    lines = ["| kind | value | range | basis | source |", "|---|---|---|---|---|"]
    for share in default_shares().values():
        note = f"; {share.note}" if share.note else ""
        lines.append(
            f"| `{share.kind}` | {share.value:g} | {share.low:g}–{share.high:g} | {share.basis} "
            f"| {share.source}{note} |"
        )
    return lines


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
