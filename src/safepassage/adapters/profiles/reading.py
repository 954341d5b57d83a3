"""A profile's file to a `Profile`: every fault gathered and raised once."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path

from safepassage.adapters.folder.cells import Cells, Range
from safepassage.adapters.folder.findings import Findings, shown
from safepassage.adapters.logistics import Catalogue, catalogue
from safepassage.adapters.profiles.rows import COLUMNS, SHARE_COLUMNS, read_rows
from safepassage.core.aid_items import items_by_id
from safepassage.core.demographics import BASES, HOUSEHOLD, KINDS, PER_WHOM, Share
from safepassage.core.errors import Fault, InputError
from safepassage.core.gazetteer import fold
from safepassage.core.logistics import Item
from safepassage.core.needs import COUNTED_BY, PER_TIME, PHASES, WEATHERS, Figure, Profile

_HERE = Path(__file__).parent
_SHARES = _HERE / "shares.csv"
AMOUNT = Range(0, 1e6)
COUNT = Range(1e-6, 1e9)
LOAD = Range(0, 1e5)
SHELF_LIFE = Range(0, 36_500)


def profile_names() -> tuple[str, ...]:
    """Give the names of the profiles that ship, in alphabetical order."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.csv") if path != _SHARES))


def profile_text(name: str) -> str:
    """Give the file of a profile that ships with every column, to be edited; KeyError where there is none."""
    if name not in profile_names():
        raise KeyError(name)
    header, _, rows = (_HERE / f"{name}.csv").read_text(encoding="utf-8").partition("\n")
    here = header.split(",")
    return ",".join([*here, *(column for column in COLUMNS if column not in here)]) + "\n" + rows


def read_profile(name_or_path: str | Path) -> tuple[Profile, tuple[Fault, ...]]:
    """Read a profile that ships, by its name, or a file.

    Returns
    -------
    Profile, tuple of Fault     notices: what was understood though it was written otherwise.

    Raises
    ------
    InputError      if there is none of that name, with suggestions, or with every fault of the file.
    """
    path = _path_of(name_or_path)
    findings = Findings()
    rows = read_rows(path, findings)
    own = _own_items(rows)
    known = catalogue(tuple(own.values()))
    figures = tuple(figure for row in rows if (figure := _figure(row, known)) is not None)
    _check_together(figures, rows, findings)
    if not (figures or findings.faults):
        mend = "add a row for every item, or copy a profile that ships"
        findings.faults.append(Fault(path.name, "no figures", "a row for each item", mend))
    findings.raise_if_any(f"{path.name}: this profile cannot be used.")
    notices = () if path.parent == _HERE else findings.notices  # what ships is as it was meant
    return Profile(path.stem, figures, tuple(own.values())), notices


@cache
def default_shares() -> dict[str, Share]:
    """Give who people are where nobody counted: shares of kinds of persons, and persons to a household."""
    findings = Findings()
    rows = read_rows(_SHARES, findings, columns=SHARE_COLUMNS, needed=SHARE_COLUMNS)
    shares = {row.raw("kind"): _share(row) for row in rows}
    findings.raise_if_any("The shares that ship cannot be used.")
    return shares


def _share(row: Cells) -> Share:
    kind = row.choice("kind", (*KINDS, HOUSEHOLD))
    within = Range(1, 30) if kind == HOUSEHOLD else Range(0, 1)
    value, low, high = _three(row, within)
    basis = row.choice("basis", BASES)
    return Share(kind, value, low, high, basis, row.needed("source"), row.raw("page"), row.raw("note"))


def _path_of(name_or_path: str | Path) -> Path:
    name = str(name_or_path)
    if name in profile_names():
        return _HERE / f"{name}.csv"
    path = Path(name).expanduser()
    try:
        if path.is_file():
            return path
    except (OSError, ValueError):
        pass
    close = get_close_matches(name[:100].casefold(), profile_names(), n=2, cutoff=0.4)
    mend = f"did you mean {' or '.join(close)}?" if close else "use one of them, or the path of a CSV file"
    expected = f"one of {', '.join(profile_names())}, or a file"
    raise InputError(Fault("--profile", shown(name), expected, mend))


def _own_items(rows: list[Cells]) -> dict[str, Item]:
    """Gather the items that a profile adds: those with a name of their own."""
    own: dict[str, Item] = {}
    built_in = items_by_id()
    for row in rows:
        key = row.raw("item")
        if key in built_in or key in own or not (row.raw("name_es") or row.raw("name_en")):
            continue
        own[key] = Item(
            id=key,
            name_es=row.raw("name_es") or row.raw("name_en"),
            name_en=row.raw("name_en") or row.raw("name_es"),
            unit=row.needed("unit"),
            kg_per_unit=row.number("kg_per_unit", LOAD) or 0.0,
            litres_per_unit=row.number("litres_per_unit", LOAD) or 0.0,
            shelf_life_days=row.number("shelf_life_days", SHELF_LIFE),
            stays=row.flag("stays", False),
            local=row.flag("local", False),
        )
    return own


def _figure(row: Cells, known: Catalogue) -> Figure | None:
    item = _item(row, known)
    factor = _unit(row, item, known) if item is not None else 1.0
    value, low, high = _three(row, AMOUNT)
    per_count = row.number("per_count", COUNT, needed=True)
    whom, time = row.choice("per_whom", PER_WHOM), row.choice("per_time", PER_TIME)
    phase, weather = row.choice("phase", PHASES, "any"), row.choice("weather", WEATHERS, "any")
    basis = row.choice("basis", BASES)
    if basis in ("sourced", "derived") and not row.raw("source"):
        row.fault("source", "where the figure was read", "fill it in, or write 'assumption' as its basis")
    if basis == "sourced" and not row.raw("page") and "://" not in row.raw("source"):
        row.fault("page", "the page it was read on", "fill it in; 'not noted' where nobody wrote it down")
    if item is None:
        return None
    return Figure(
        item=item.id,
        value=value * factor,
        low=low * factor,
        high=high * factor,
        unit=item.unit,
        per_count=1.0 if per_count is None else per_count,
        per_whom=whom,
        per_time=time,
        phase=phase,
        weather=weather,
        basis=basis,
        source=row.raw("source"),
        page=row.raw("page"),
        note=row.raw("note"),
        row=row.line.number,
    )


def _item(row: Cells, known: Catalogue) -> Item | None:
    key = row.needed("item")
    found = known.item(key) if key else None
    if found is not None or not key:
        return found
    close = get_close_matches(fold(key)[:60], known.item_words, n=3, cutoff=0.7)
    ids = dict.fromkeys(known.item_words[word] for word in close)
    mend = f"did you mean {' or '.join(ids)}? Or " if ids else ""
    mend += "give the new item a name in name_es and name_en"
    row.fault("item", f"one of {', '.join(known.by_id)}", mend)
    return None


def _unit(row: Cells, item: Item, known: Catalogue) -> float:
    """Give how many of the item's units the unit of a row is; local units are understood, and told."""
    text = row.needed("unit")
    factor = known.per_unit(text, item, by_weight=False) if text else 1.0
    if factor is None:
        words = known.words_for(item)[:8]
        others = f", or {', '.join(words)}" if words else ""
        row.fault("unit", f"the unit of {item.id}: {item.unit}{others}", f"write the value in {item.unit}")
        return 1.0
    if factor != 1.0:
        row.note("unit", f"{item.unit}: one of these is taken as {factor:g} {item.unit}")
    return factor


def _three(row: Cells, within: Range) -> tuple[float, float, float]:
    """Give value, low and high; where they are empty, low and high are the value."""
    value = row.needed_number("value", within)
    low, high = row.number("low", within), row.number("high", within)
    low, high = value if low is None else low, value if high is None else high
    if not low <= value <= high:
        found = f"low {low:g}, value {value:g}, high {high:g}"
        row.fault("value", "low at most value at most high", "correct them", found=found)
    return value, low, high


def _check_together(figures: tuple[Figure, ...], rows: list[Cells], findings: Findings) -> None:
    """Hold the lines of one item against each other: one way of counting, and no line twice."""
    by_line = {row.line.number: row for row in rows}
    first: dict[str, Figure] = {}
    seen: dict[tuple[object, ...], int] = {}
    for figure in figures:
        row = by_line[figure.row]
        other = first.setdefault(figure.item, figure)
        if COUNTED_BY[figure.per_time] != COUNTED_BY[other.per_time]:
            expected = f"one kind of time for {figure.item}: row {other.row} has '{other.per_time}'"
            row.fault("per_time", expected, "use one of the two, or make two items of it")
        key = (figure.item, figure.value, figure.per_count, figure.per_whom, figure.phase, figure.weather)
        if key in seen and figure.note == next(f.note for f in figures if f.row == seen[key]):
            row.fault(
                "item", "each line once", "take one of the two out", found=f"the same as row {seen[key]}"
            )
        seen.setdefault(key, figure.row)
    _check_overlap(figures, by_line)


def _check_overlap(figures: tuple[Figure, ...], by_line: dict[int, Cells]) -> None:
    """Refuse a line for any weather beside one for heat that says the same with another value."""
    for figure in figures:
        for other in figures:
            same = (figure.item, figure.per_whom, figure.note) == (other.item, other.per_whom, other.note)
            if same and figure.row > other.row and _both_hold(figure, other) and figure.value != other.value:
                by_line[figure.row].fault(
                    "weather",
                    f"lines of {figure.item} that do not hold at once, or a note that tells them apart",
                    "give each its weather or phase; lines that hold at once are added up",
                    found=f"the same need as row {other.row}",
                )


def _both_hold(one: Figure, other: Figure) -> bool:
    phases = one.phase == other.phase or "any" in (one.phase, other.phase)
    return phases and (one.weather == other.weather or "any" in (one.weather, other.weather))
