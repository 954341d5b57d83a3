"""Reports as tables for others: CSV, XLSX, Parquet and GeoJSON, with a row of HXL tags on request.

Text from outside is always written as text: what begins like a formula stays a word in a workbook, and gets
an apostrophe before it in CSV, where a spreadsheet would run it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from safepassage.adapters.atomic import replacing, write_bytes, write_text
from safepassage.adapters.report_store.rows import Entry
from safepassage.core.errors import Fault, InputError
from safepassage.core.network import Places

FORMATS = ("csv", "xlsx", "parquet", "geojson")
NOTICE = "NO PUBLICAR · NOT FOR PUBLICATION"
_RUN = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """One column: its name, its HXL tag ('' for none), and what polars calls its type."""

    name: str
    tag: str
    type: type[pl.DataType]


COLUMNS = (
    Column("key", "#meta+id", pl.String),
    Column("status", "#status", pl.String),
    Column("observed", "#date+occurred", pl.Date),
    Column("published", "#date+reported", pl.Date),
    Column("published_basis", "#meta+date+basis", pl.String),
    Column("place", "#loc+code", pl.String),
    Column("place_name", "#loc+name", pl.String),
    Column("country", "#country+code+v_iso2", pl.String),
    Column("admin1", "#adm1+name", pl.String),
    Column("to_place", "#loc+code+dest", pl.String),
    Column("to_place_name", "#loc+name+dest", pl.String),
    Column("kind", "#event+type", pl.String),
    Column("people_low", "#affected+ind+min", pl.Float64),
    Column("people_high", "#affected+ind+max", pl.Float64),
    Column("quantifier", "#affected+quantifier", pl.String),
    Column("unit", "#meta+unit", pl.String),
    Column("people_per_family", "#indicator+hh_size+num", pl.Float64),
    Column("segment", "#group+part", pl.String),
    Column("group", "#group+name", pl.String),
    Column("quality", "#meta+quality", pl.String),
    Column("since", "#date+start", pl.Date),
    Column("hour", "#date+hour+departure", pl.Int64),
    Column("source", "#meta+source", pl.String),
    Column("source_kind", "#meta+source+type", pl.String),
    Column("reliability", "#meta+reliability", pl.String),
    Column("copied_from", "#meta+id+copied", pl.String),
    Column("note", "#description", pl.String),
    Column("excerpt", "#description+excerpt", pl.String),
    Column("confidence", "#meta+confidence+num", pl.Float64),
    Column("flags", "#meta+flags", pl.String),
    Column("entered", "#date+entered", pl.Date),
    Column("notice", "#meta+notice", pl.String),
)


def write_reports(entries: Sequence[Entry], places: Places, path: Path, *, hxl: bool = False) -> None:
    """Write reports to a file whose ending says the format, whole or not at all.

    Parameters
    ----------
    entries : sequence of Entry
    places : Places     of the network that the positions are of.
    path : Path         .csv, .xlsx, .parquet or .geojson.
    hxl : bool          CSV and XLSX: a row of HXL tags below the header; GeoJSON: the tags as `hxl`.

    Raises
    ------
    InputError          for another ending, or tags for Parquet, which has no row for them.
    OSError             if the file cannot be written.
    """
    ending = path.suffix.lower().lstrip(".")
    if ending not in FORMATS:
        expected = f"a file that ends in {', '.join('.' + name for name in FORMATS)}"
        raise InputError(Fault(path.name, f"the ending '{path.suffix}'", expected, "choose one of these"))
    if hxl and ending == "parquet":
        mend = "leave --hxl out, or write .csv or .xlsx"
        raise InputError(Fault(path.name, "--hxl for Parquet", "a format with a row of tags", mend))
    rows = [_row(entry, places) for entry in entries]
    if ending == "csv":
        write_text(path, _csv(rows, hxl))
    elif ending == "xlsx":
        _write_workbook(rows, path, hxl=hxl)
    elif ending == "parquet":
        _write_parquet(rows, path)
    else:
        write_text(path, _geojson(entries, rows, places, hxl=hxl))


def _row(entry: Entry, places: Places) -> dict[str, Any]:
    report = entry.report
    at, to = report.place, report.to_place
    return {
        "key": entry.key,
        "status": entry.status,
        "observed": report.observed,
        "published": report.published,
        "published_basis": report.published_basis,
        "place": places.ids[at] if at >= 0 else "",
        "place_name": places.names[at] if at >= 0 else "",
        "country": places.countries[at] if at >= 0 else "",
        "admin1": places.admin1[at] if at >= 0 else "",
        "to_place": places.ids[to] if to >= 0 else "",
        "to_place_name": places.names[to] if to >= 0 else "",
        "kind": report.kind,
        "people_low": report.low,
        "people_high": report.high,
        "quantifier": report.quantifier,
        "unit": report.unit,
        "people_per_family": report.unit_people,
        "segment": report.segment,
        "group": report.group,
        "quality": report.quality,
        "since": report.since,
        "hour": report.hour,
        "source": report.source,
        "source_kind": report.source_kind,
        "reliability": report.reliability,
        "copied_from": report.copied_from,
        "note": report.note,
        "excerpt": report.excerpt,
        "confidence": entry.confidence,
        "flags": "; ".join(entry.flags),
        "entered": entry.entered,
        "notice": NOTICE,
    }


def _csv(rows: Sequence[dict[str, Any]], hxl: bool) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in COLUMNS])
    if hxl:
        writer.writerow([column.tag for column in COLUMNS])
    writer.writerows([_cell(row[column.name]) for column in COLUMNS] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_RUN) else value
    return str(value)


def _write_workbook(rows: Sequence[dict[str, Any]], path: Path, *, hxl: bool) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(path) as draft, xlsxwriter.Workbook(str(draft), options) as book:
        sheet = book.add_worksheet("reports")
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2})
        looks = {
            "text": book.add_format({"valign": "top"}),
            "guarded": book.add_format({"valign": "top", "quote_prefix": True}),
            "date": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"}),
        }
        for k, column in enumerate(COLUMNS):
            sheet.write_string(0, k, column.name, head)
            if hxl:
                sheet.write_string(1, k, column.tag, looks["text"])
            sheet.set_column(k, k, 40 if column.name in ("source", "note", "excerpt") else 14)
            for number, row in enumerate(rows, start=2 if hxl else 1):
                _put(sheet, (number, k), row[column.name], looks)
        sheet.freeze_panes(2 if hxl else 1, 0)
        book.set_properties({"title": "Reports", "comments": NOTICE})


def _put(sheet: Any, cell: tuple[int, int], value: Any, looks: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        sheet.write_datetime(*cell, value, looks["date"])
    elif isinstance(value, int | float):
        sheet.write_number(*cell, float(value))
    else:
        sheet.write_string(*cell, value, looks["guarded" if value.startswith(_RUN) else "text"])


def _write_parquet(rows: Sequence[dict[str, Any]], path: Path) -> None:
    schema = {column.name: column.type for column in COLUMNS}
    frame = pl.DataFrame([pl.Series(name, [r[name] for r in rows], kind) for name, kind in schema.items()])
    draft_bytes = io.BytesIO()
    frame.write_parquet(draft_bytes, compression="zstd")
    write_bytes(path, draft_bytes.getvalue())


def _geojson(entries: Sequence[Entry], rows: Sequence[dict[str, Any]], places: Places, *, hxl: bool) -> str:
    features = [_feature(entry.report.place, row, places) for entry, row in zip(entries, rows, strict=True)]
    collection: dict[str, Any] = {"type": "FeatureCollection", "notice": NOTICE, "features": features}
    if hxl:
        collection["hxl"] = {column.name: column.tag for column in COLUMNS}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _feature(place: int, row: dict[str, Any], places: Places) -> dict[str, Any]:
    """Give one report at the point of its town, to three decimals; without a point where it names none."""
    point = None
    if place >= 0:
        spot = [round(float(places.lon[place]), 3), round(float(places.lat[place]), 3)]
        point = {"type": "Point", "coordinates": spot}
    told = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if value not in (None, "")
    }
    return {"type": "Feature", "id": row["key"], "geometry": point, "properties": told}
