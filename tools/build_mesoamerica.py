"""Build the package's own network and caravans from the compiled tables.

    python tools/build_mesoamerica.py ../shared/data/caravans

Rewrites src/safepassage/adapters/builtin, the READMEs excepted. There is no priors.csv: what is believed
of any caravan is in `core.caravan_priors`, and what past ones taught in `adapters.learned`.
What is dropped, changed or judged is said in the READMEs and in the `source` of the row.
"""

from __future__ import annotations

import csv
import re
import sys
import zlib
from collections import defaultdict
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from build_logistics import build as build_logistics
from caravan_notes import ACTORS, FORBIDDEN, NOTES, names_a_person, packed_source
from mesoamerica_caravans import (
    BUS_OFFERS,
    CARAVANS,
    DESTINATIONS,
    EVENT_PLACES,
    EXITS,
    ILLUSTRATIVE_COMMON,
    LICENCE,
    SOURCES_COMMON,
    joiners_of_countries,
)
from mesoamerica_names import ADMIN1, DISPLAY, FOLDED, SHELTER
from source_words import counted_by

from safepassage.adapters.folder.cells import number_text, slug
from safepassage.adapters.folder.columns import needed_columns
from safepassage.adapters.folder.settings import Settings, render_settings
from safepassage.core.demographics import GROUP_KINDS, OTHER_NAMES
from safepassage.core.network import EARTH_RADIUS_KM

TARGET = Path(__file__).parents[1] / "src/safepassage/adapters/builtin"
ROAD_FACTOR = 1.2  # road over great circle: median of the links with a distance from a source
ASSUMED = "assumed: next day"
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[Row], columns: tuple[str, ...] = ()) -> None:
    rows = [row | {"source": packed_source(row["source"])} if "source" in row else row for row in rows]
    for cell in (cell for row in rows for cell in row.values() if names_a_person(cell)):
        raise SystemExit(f"a person's name to take out first, for {path.name}: {cell!r}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, columns or needed_columns(path.name, rows), restval="", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)


def place_id(name: str) -> str:
    return FOLDED.get(name) or DISPLAY.get(name, ("", ""))[1] or slug(name)


def note_of(row: Row) -> str:
    note = row.get("note", "")
    note = NOTES.get(f"{zlib.crc32(note.encode()):08x}", note)
    if re.search(FORBIDDEN, note, re.IGNORECASE):
        raise SystemExit(f"a note to look at first: {note!r}")
    told = FOLDED.get(row.get("place", ""))
    return "; ".join(filter(None, ["at one shelter" if told else "", note]))


def number(text: str) -> str:
    return number_text(float(text)) if text else ""


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    (lat_a, lon_a), (lat_b, lon_b) = (map(radians, a), map(radians, b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(h))


# Network --------------------------------------------------------------------------------------------------


def build_places(rows: list[Row]) -> list[Row]:
    places = []
    for row in rows:
        name = row["name"]
        if name in FOLDED:
            continue
        source = row["source"].replace("(+-3 km)", "(within about 3 km)")
        if row["coord_quality"] == "gazetteer":
            source += "; CC BY 4.0"
        if name in SHELTER and row["shelter_source"].startswith("http"):
            source += f"; shelter: {row['shelter_source']}"
        places.append(
            {
                "id": place_id(name),
                "name": DISPLAY.get(name, (name, ""))[0],
                "country": row["country"],
                "admin1": ADMIN1.get(row["admin1"], row["admin1"]),
                "lat": number(row["lat"]),
                "lon": number(row["lon"]),
                "kind": row["kind"],
                "population": number(row["population"]),
                "shelter": SHELTER.get(name, ""),
                "source": source,
            }
        )
    return places


def build_links(rows: list[Row], places: list[Row]) -> list[Row]:
    spot = {p["id"]: (float(p["lat"]), float(p["lon"])) for p in places}
    links = []
    for row in rows:
        mode = row["mode"]
        if mode == "rail" or "_shortcut" in mode or row["from"] in FOLDED or row["to"] in FOLDED:
            continue
        origin, target = place_id(row["from"]), place_id(row["to"])
        km, estimated = float(row["road_km"]), row["estimated"] == "True"
        source = row["source"]
        if estimated:
            source = "estimated: great circle x1.20 (mountains x1.50)"
        elif row["note"]:
            source += f" ({row['note']})"
        straight = great_circle_km(spot[origin], spot[target])
        if km < straight and not estimated:
            source = (
                f"set to great circle x1.20: the source's {number_text(km)} km is less than the great circle "
                f"of {straight:.1f} km between these coordinates; {source}"
            )
            km, estimated = round(straight * ROAD_FACTOR, 1), True
        links.append(
            {
                "from": origin,
                "to": target,
                "distance_km": number_text(km),
                "mode": {"road_rail": "road", "road_river": "border_crossing"}.get(mode, mode),
                "two_way": "true",
                "estimated": str(estimated).lower(),
                "source": source,
            }
        )
    return links


# Caravans -------------------------------------------------------------------------------------------------


def build_reports(folder: Path, spec: dict) -> list[Row]:
    last_position = spec["last_position"]
    reports = []
    for row in read(folder / "positions.csv"):
        small = row["reported_size_high"] and float(row["reported_size_high"]) < 25
        stock = row["date"] > last_position
        reports.append(
            {
                "observed": row["date"],
                "published": row["published"],
                "published_basis": row["published_basis"],
                "place": place_id(row["place"]),
                "kind": "stock" if stock and row.get("segment", "main") == "main" else "position",
                "people_low": "" if small else number(row["reported_size_low"]),
                "people_high": "" if small else number(row["reported_size_high"]),
                # Who is counted at one shelter is a part of those in the town.
                "segment": "branch" if row["place"] in FOLDED else row.get("segment") or "main",
                "quality": row["quality"],
                "source": row["source"],
                "note": note_of(row),
            }
        )
    reports += build_exits(folder / "exits_asylum_returns.csv")
    reports = [row | source_kind(row) for row in reports]
    return sorted(reports, key=lambda r: (r["observed"], r["published"], r["kind"] != "position"))


def source_kind(row: Row) -> Row:
    kind = counted_by(row["note"], row["source"], (row["people_low"], row["people_high"]), row["quality"])
    return {"source_kind": kind} if kind else {}


def build_exits(path: Path) -> list[Row]:
    reports = []
    for row in read(path) if path.exists() else []:
        if row["category"] not in EXITS:
            continue
        kind, words = EXITS[row["category"]]
        reports.append(
            {
                "observed": row["date"],
                "published": row["published"],
                "published_basis": row["published_basis"],
                "kind": kind,
                "people_low": number(row["value_low"]),
                "people_high": number(row["value_high"]),
                "segment": "cumulative" if row["cumulative"] == "True" else "main",
                "quality": "approx_date" if "date " in row["note"].lower() else "exact",
                "source": row["source"],
                "note": "; ".join(filter(None, [words, note_of(row)])),
            }
        )
    return reports


def build_events(folder: Path) -> list[Row]:
    events = [*build_measures(folder / "closures_policies.csv"), *build_rides(folder / "transport.csv")]
    return sorted(events, key=lambda e: (e["date"], e["announced"]))


def build_measures(path: Path) -> list[Row]:
    events = []
    for row in read(path) if path.exists() else []:
        kind, where = EVENT_PLACES[(row["date"], row["type"])]
        hours = float(row["duration_h"]) if row["duration_h"] else None
        until = ""
        if hours is not None and hours >= 24:
            until = (date.fromisoformat(row["date"]) + timedelta(days=round(hours / 24) - 1)).isoformat()
            hours = None
        elif hours is not None and kind == "closure":
            until = row["date"]
        events.append(
            {
                "date": row["date"],
                "until": until,
                "hours": "" if hours is None else number_text(hours),
                "announced": row["published"],
                "announced_basis": row["published_basis"],
                "kind": kind,
                "actor": ACTORS.get(row["actor"], row["actor"]),
                "source": row["source"],
                "note": "; ".join(filter(None, [row["type"].replace("_", " "), note_of(row)])),
                **({} if where else {"scope": row["place"].strip("()")}),
                **where,
            }
        )
    return events


def build_rides(path: Path) -> list[Row]:
    events = []
    for row in read(path) if path.exists() else []:
        offered = row["mode"] in BUS_OFFERS
        mode = re.sub(r" \(.*\)| to Cuatro Caminos", "", row["mode"])
        events.append(
            {
                "date": row["date_from"],
                "until": row["date_to"],
                "announced": row["published"],
                "announced_basis": row["published_basis"],
                "kind": "bus_offer" if offered else "note",
                "place": place_id(row["from_place"]),
                "to_place": place_id(row["to_place"]),
                "value": number(row["persons"]) if offered else "",
                "actor": BUS_OFFERS.get(row["mode"], ""),
                "source": row["source"],
                "note": "; ".join(filter(None, [mode, pace(row), note_of(row)])),
            }
        )
    return events


def pace(row: Row) -> str:
    low, high = number(row["km_per_day_low"]), number(row["km_per_day_high"])
    return "" if not low else f"{low} km a day" if low == high else f"{low}-{high} km a day"


def build_truth(folder: Path, spec: dict) -> list[Row]:
    """The furthest `main` place of each day along the route, and the people counted there.

    Rear parts of the same day are added to the upper end; counts told as unreliable or while people were
    still arriving are left out (`not_whole`).
    """
    order = {place: i for i, place in enumerate(spec["route"])}
    days = defaultdict(list)
    for row in read(folder / "positions.csv"):
        segment = row.get("segment") or "main"
        days[row["date"]].append(row | {"place": place_id(row["place"]), "segment": segment})
    truth = []
    for day, rows in sorted(days.items()):
        main = [r for r in rows if r["segment"] == "main" and r["place"] in order]
        if not main or not spec["departs"] <= day <= spec["last_position"]:
            continue
        place = max((r["place"] for r in main), key=order.__getitem__)
        there = [r for r in main if r["place"] == place]
        truth.append({"date": day, "place": place, "quantity": "position", "source": there[0]["source"]})
        counts = [r for r in there if r["reported_size_low"] and r["note"] not in spec["not_whole"]]
        if counts and day <= spec["last_size"]:
            rear = sum(float(r["reported_size_low"]) for r in rows if r["segment"] == "rear")
            low = min(float(r["reported_size_low"]) for r in counts)
            high = max(float(r["reported_size_high"] or r["reported_size_low"]) for r in counts)
            truth.append(
                {
                    "date": day,
                    "place": place,
                    "quantity": "size",
                    "low": number_text(low),
                    "high": number_text(high + rear),
                    "source": " ".join(dict.fromkeys(r["source"] for r in counts)),
                }
            )
    return truth


def build_demographics(path: Path) -> list[Row]:
    """Keep who was counted as shares of all, without the place, where the number of all is known."""
    rows = []
    for row in read(path):
        group = OTHER_NAMES.get(row["group"], row["group"])
        if group not in GROUP_KINDS or (row["unit"] == "persons" and not row["n_base"]):
            continue
        kept = {name: row[name] for name in ("date", "unit", "source", "published", "published_basis")}
        rows.append(kept | {"group": group, **{name: number(row[name]) for name in ("value", "n_base")}})
    return rows


def route_announced(folder: Path, spec: dict) -> str:
    """The way was known once it had been walked: when the last of its places was first reported, if ever."""
    rows = [r for r in read(folder / "positions.csv") if r.get("segment", "main") in ("main", "")]
    ids = [place_id(r["place"]) for r in rows]
    there = [r["published"] for r, place in zip(rows, ids, strict=True) if place == spec["route"][-1]]
    return min(there) if there else max(r["published"] for r in rows)


def build_caravan(name: str, spec: dict, data: Path, places: list[dict]) -> None:
    folder, target = data / name, TARGET / "scenarios" / name
    departs = spec["departs"]
    write(target / "groups.csv", [build_group(folder, spec)])
    stops = enumerate(spec["route"], start=1)
    write(target / "routes.csv", [{"group": spec["group"], "seq": str(i), "place": p} for i, p in stops])
    write(target / "destinations.csv", build_destinations(spec))
    write(target / "joiners.csv", build_joiners(spec, places))
    write(target / "reports.csv", build_reports(folder, spec))
    events = build_events(folder) + spec.get("more_events", [])
    if events:
        write(target / "events.csv", sorted(events, key=lambda e: (e["date"], e["announced"])))
    if (folder / "demographics.csv").exists():
        write(target / "demographics.csv", build_demographics(folder / "demographics.csv"))
    write(target / "truth.csv", build_truth(folder, spec))
    settings = Settings(
        name=name,
        title_es=spec["title_es"],
        title_en=spec["title_en"],
        start=date.fromisoformat(departs),
        as_of=date.fromisoformat(departs),
        days=spec["days"],
        network="mesoamerica",
        illustrative=ILLUSTRATIVE_COMMON,
        sources=SOURCES_COMMON,
        licence=LICENCE,
    )
    (target / "scenario.toml").write_text(render_settings(settings), encoding="utf-8")


def build_group(folder: Path, spec: dict) -> Row:
    return {
        "group": spec["group"],
        "name_es": spec["name_es"],
        "name_en": spec["name_en"],
        "origin": spec["route"][0],
        "departs": spec["departs"],
        "announced": spec["departs"],
        "announced_basis": spec["announced_basis"],
        "people_low": spec["people"][0],
        "people_high": spec["people"][1],
        "route_announced": route_announced(folder, spec),
        "source": spec["source"],
    }


def build_destinations(spec: dict) -> list[Row]:
    known = {
        "group": spec["group"],
        "announced": spec["departs"],
        "announced_basis": spec["destinations_basis"],
    }
    return [
        {**known, "place": place, "weight": weight, "source": f"{why}; {source}".strip("; ")}
        for place, weight, why, source in spec.get("destinations", DESTINATIONS)
    ]


def build_joiners(spec: dict, places: list[Row]) -> list[Row]:
    return [
        {
            "group": spec["group"],
            "announced": spec["departs"],
            "announced_basis": "known before departure",
            "place": place,
            "people_low": low,
            "people_high": high,
            "reason": reason,
            "source": source,
        }
        for place, low, high, reason, source in [
            *(joiners_of_countries(places) if spec.get("joiners_of_countries") else []),
            *spec["joiners"],
        ]
    ]


def main() -> None:
    data = Path(sys.argv[1])
    places = build_places(read(data / "geography/places.csv"))
    write(TARGET / "networks/mesoamerica/places.csv", places)
    write(TARGET / "networks/mesoamerica/links.csv", build_links(read(data / "geography/links.csv"), places))
    ends = [{"place": p, "weight": w, "reason": why, "source": source} for p, w, why, source in DESTINATIONS]
    write(TARGET / "networks/mesoamerica/ends.csv", ends)
    joiners = [
        {"place": place, "people_low": low, "people_high": high, "reason": why, "source": source}
        for place, low, high, why, source in joiners_of_countries(places)
    ]
    write(TARGET / "networks/mesoamerica/pools.csv", joiners)
    for name, spec in CARAVANS.items():
        build_caravan(name, spec, data, places)
    build_logistics(data)


if __name__ == "__main__":
    main()
