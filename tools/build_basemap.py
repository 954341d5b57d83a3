"""Build the map background from Natural Earth, as packed by the npm package world-atlas.

How it was made (outside the repository)::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m venv v && v/bin/pip install babel pycountry
    v/bin/python tools/build_basemap.py package/countries-50m.json \
        src/safepassage/adapters/page/basemap.json.gz

Natural Earth is in the public domain; world-atlas packs it under the ISC licence; country names in Spanish
and English are those of the Unicode CLDR (Unicode-3.0 licence), read through babel. pycountry is only used
to turn the numeric ISO 3166-1 codes of world-atlas into the two letters that CLDR uses.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import babel
import pycountry


def names_of(geometry: dict) -> dict[str, str]:
    """Give the names of one country in Spanish and English; Natural Earth's own where CLDR has none."""
    fallback = geometry["properties"]["name"]
    country = pycountry.countries.get(numeric=geometry.get("id", "")) if geometry.get("id") else None
    if country is None:
        return {"es": fallback, "en": fallback}
    return {lang: babel.Locale(lang).territories.get(country.alpha_2, fallback) for lang in ("es", "en")}


def polygons_of(geometry: dict) -> list[list[list[int]]]:
    """Give polygons as lists of rings, each a list of arc numbers (~n: arc n backwards)."""
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def build(topology: dict) -> dict:
    """Keep arcs and the rings of countries; drop the joined land, which the arcs already say."""
    geometries = [g for g in topology["objects"]["countries"]["geometries"] if g.get("type")]
    countries = [{**names_of(g), "polygons": polygons_of(g)} for g in geometries]
    countries.sort(key=lambda c: c["en"])
    return {
        "source": "Natural Earth 4.1.0, 1:50m, Admin 0 countries (public domain)",
        "packed_by": "world-atlas 2.0.2 (ISC)",
        "names": "Unicode CLDR (Unicode-3.0)",
        "scale": topology["transform"]["scale"],
        "translate": topology["transform"]["translate"],
        "arcs": [[number for point in arc for number in point] for arc in topology["arcs"]],
        "countries": countries,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("topology", type=Path, help="countries-50m.json of world-atlas")
    parser.add_argument("target", type=Path, help="basemap.json.gz to write")
    given = parser.parse_args()
    basemap = build(json.loads(given.topology.read_text(encoding="utf-8")))
    packed = json.dumps(basemap, ensure_ascii=False, separators=(",", ":")).encode()
    given.target.write_bytes(gzip.compress(packed, compresslevel=9, mtime=0))
    print(f"{len(basemap['countries'])} countries, {given.target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
