"""Build supplies.csv and carriers.csv of the built-in scenarios: what sources give, one rule for the rest.

    python tools/build_logistics.py ../shared/data/caravans

No source says who could have brought what. So that the scenarios can be planned for, every town of the four
countries of the road is given the same by one rule of its inhabitants (`RULE`), known from the first day on
and without an end: nothing in it follows from where or when a caravan came. Each such row is marked
illustrative. Rows with a source are told apart, and their note says what the figure is.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from caravan_notes import names_a_person, packed_source
from mesoamerica_caravans import CARAVANS

from safepassage.adapters.folder.cells import number_text

TARGET = Path(__file__).parents[1] / "src/safepassage/adapters/builtin"
COUNTRIES = ("HN", "SV", "GT", "MX")
TOWNS = ("village", "town", "city", "border_town")
UNKNOWN_INHABITANTS = 2000
TOWN_HALL_FROM = 5000
RULE = "illustrative: one rule for all towns, by inhabitants (docs/how-to/offers.md)"
SUPPLY_COLUMNS = (
    "id holder place item quantity from until per_day local announced status illustrative note source".split()
)
CARRIER_COLUMNS = "id holder place vehicle vehicles from announced status illustrative source".split()
HALLS = {"MX": "Ayuntamiento de", "GT": "Municipalidad de", "HN": "Alcaldía de", "SV": "Alcaldía de"}
Row = dict[str, str]

ATTENDED = "people attended and not stock: taken as as much for that one day"
# Rows of aid.csv that tell a quantity at a town: (date, place, item there) -> place, item, per day, local,
# one day only, what the figure is. Shelters that opened are in events.csv, and are not told twice.
SOURCED: dict[tuple[str, str, str], tuple[str, str, bool, bool, bool, str]] = {
    ("2018-10-16", "Esquipulas", "persons fed at three shelters"): (
        "esquipulas", "food", False, True, True, f"{ATTENDED}; more than that",
    ),
    ("2018-10-17", "Guatemala City", "persons sheltered"): (
        "guatemala-city", "shelter", True, True, True, f"{ATTENDED}; three shelters",
    ),
    ("2018-10-30", "Juchitan de Zaragoza", "medicines"): (
        "juchitan-de-zaragoza", "medicines", False, False, False, "stock brought by a brigade of 13",
    ),
    ("2018-11-08", "Mexico City", "meals per day"): (
        "mexico-city", "food", True, True, False, "meals a day: 6,000 people, three times; end not told",
    ),
    ("2018-11-08", "Mexico City", "portable toilets"): (
        "mexico-city", "toilet", True, True, False, "set up in the stadium; its end is not told",
    ),
    ("2018-11-12", "Escuinapa", "checks"): (
        "escuinapa", "medical", False, True, True, ATTENDED,
    ),
    ("2018-11-14", "Mexico City", "daily consultations rise"): (
        "mexico-city", "medical", True, True, False, "consultations a day, 79 before; date approximate",
    ),
}  # fmt: skip
KG_PER_TONNE = 1000.0


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[Row], columns: list[str]) -> None:
    rows = [row | {"source": packed_source(row["source"])} for row in rows]
    for cell in (cell for row in rows for cell in row.values() if names_a_person(cell)):
        raise SystemExit(f"a person's name to take out first, for {path.name}: {cell!r}")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def share(inhabitants: int, per_1000: float, least: int, most: int) -> int:
    """Give so much per thousand inhabitants, between a least and a most, to two figures."""
    amount = min(max(inhabitants * per_1000 / 1000, least), most)
    step = 10 ** max(len(str(int(amount))) - 2, 0)
    return int(amount // step * step)


def by_rule(place: Row, start: str) -> tuple[list[Row], list[Row]]:
    """Give what one town has by the rule: supplies and carriers."""
    people = int(place["population"] or UNKNOWN_INHABITANTS)
    town = place["name"].partition(" (")[0]
    known = {"place": place["id"], "from": start, "announced": start, "status": "accepted"}
    known |= {"illustrative": "true", "source": RULE}
    parish = known | {"holder": f"Parroquia de {town}"}
    supplies = [
        parish | {"item": "food", "quantity": str(share(people, 20, 200, 5000)), "per_day": "true"},
        parish | {"item": "blanket", "quantity": str(share(people, 5, 50, 1000))},
    ]
    carriers = [parish | {"vehicle": "pickup", "vehicles": str(share(people, 0.02, 1, 5))}]
    if people >= TOWN_HALL_FROM:
        hall = known | {"holder": f"{HALLS[place['country']]} {town}"}
        tankers = share(people, 0.04, 1, 8)
        supplies += [
            hall | {"item": "water", "quantity": str(tankers * 10_000), "per_day": "true"},
            hall | {"item": "shelter", "quantity": str(share(people, 10, 100, 3000)), "local": "true"},
        ]
        carriers.append(hall | {"vehicle": "pipa", "vehicles": str(tankers)})
    if place["kind"] in ("city", "border_town"):
        cross = known | {"holder": f"Cruz Roja, {town}"}
        persons = share(people, 3, 300, 3000)
        stock = (("blanket", persons), ("hygiene_kit", persons), ("ors", 3 * persons))
        supplies += [cross | {"item": item, "quantity": str(amount)} for item, amount in stock]
        supplies.append(cross | {"item": "medical", "quantity": str(persons // 6), "per_day": "true"})
        trucks = str(share(people, 0.01, 1, 5))
        carriers.append(cross | {"vehicle": "camioneta de redilas", "vehicles": trucks})
    return supplies, carriers


def sourced(path: Path) -> list[Row]:
    """Give the rows of aid.csv that tell a quantity at a town."""
    rows = []
    for row in read(path) if path.exists() else []:
        found = SOURCED.get((row["date"], row["place"], row["item"]))
        if found is None:
            continue
        place, item, per_day, local, one_day, note = found
        amount = float(row["quantity"]) * (KG_PER_TONNE if row["unit"] == "tonnes" else 1.0)
        rows.append(
            {
                "holder": row["provider"],
                "place": place,
                "item": item,
                "quantity": number_text(amount),
                "from": row["date"],
                "until": row["date"] if one_day else "",
                "per_day": str(per_day).lower(),
                "local": str(local).lower(),
                "announced": row["published"],
                "status": "accepted",
                "illustrative": "false",
                "note": f"{note}; published: {row['published_basis']}",
                "source": row["source"],
            }
        )
    return rows


def numbered(rows: list[Row], sign: str) -> list[Row]:
    """Give every row a key of its town and a number."""
    times: dict[str, int] = {}
    for row in rows:
        times[row["place"]] = times.get(row["place"], 0) + 1
        row["id"] = f"{row['place']}-{sign}{times[row['place']]}"
    return rows


def build(data: Path) -> None:
    """Write the two tables of every built-in scenario; the network's places must have been built."""
    places = read(TARGET / "networks/mesoamerica/places.csv")
    towns = [place for place in places if place["country"] in COUNTRIES and place["kind"] in TOWNS]
    for name, spec in CARAVANS.items():
        supplies, carriers = sourced(data / name / "aid.csv"), []
        for town in towns:
            more, vehicles = by_rule(town, spec["departs"])
            supplies += more
            carriers += vehicles
        target = TARGET / "scenarios" / name
        write(target / "supplies.csv", numbered(supplies, "s"), SUPPLY_COLUMNS)
        write(target / "carriers.csv", numbered(carriers, "c"), CARRIER_COLUMNS)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
