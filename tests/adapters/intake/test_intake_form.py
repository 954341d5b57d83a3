"""The form for field teams: an XLSForm without faults that asks for no person and no spot, and comes back."""

import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import openpyxl
import pytest
from places_at_hand import IDS, NETWORK, read_text
from pyxform.xls2xform import convert

from safepassage.adapters.fieldform import GENERIC, QUESTION_NAMES, FormPlaces, form_bytes
from safepassage.adapters.fieldform.questions import CHOICES, EN, ES
from safepassage.adapters.folder.privacy import is_personal_column
from safepassage.adapters.intake.answers import QUESTIONS
from safepassage.core.report import REPORT_KINDS, SEGMENTS, SOURCE_KINDS, UNITS

TOWNS = FormPlaces(
    tuple(zip(NETWORK.places.ids, NETWORK.places.names, strict=True)),
    (("honduras-2018", "Caravana", "Caravan"), ("second", "Segunda", "Second")),
)
FORMS = {"generic": form_bytes(), "of a scenario": form_bytes(TOWNS)}
# What a form may record of the one who fills it in, in the words of XLSForm.
METADATA = {
    "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username",
    "email", "audit",
    "geopoint", "geotrace", "geoshape", "start-geopoint", "image", "audio", "video", "file", "barcode",
    "background-audio",
}  # fmt: skip


def rows_of(form: bytes, sheet: str) -> list[dict[str, str]]:
    book = openpyxl.load_workbook(io.BytesIO(form))
    head, *rows = ([cell or "" for cell in row] for row in book[sheet].iter_rows(values_only=True))
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_pyxform_makes_an_xform_of_it_without_a_warning(form: bytes) -> None:
    made = convert(io.BytesIO(form), file_type=".xlsx", validate=False)
    assert made.warnings == []
    assert ET.fromstring(made.xform).tag.endswith("html")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_it_asks_for_no_person_no_device_and_no_spot(form: bytes) -> None:
    for row in rows_of(form, "survey"):
        assert row["type"].split()[0] not in METADATA
        assert not is_personal_column(row["name"], "reports.csv") or not row["name"]
    xform = convert(io.BytesIO(form), file_type=".xlsx", validate=False).xform
    assert "geopoint" not in xform
    assert not re.search(r'jr:preload="(property|timestamp)"', xform)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_question_and_choice_is_asked_in_both_languages(form: bytes) -> None:
    rows = [row for row in rows_of(form, "survey") if row["type"] != "end_group"] + rows_of(form, "choices")
    assert all(row[f"label::{ES}"] and row[f"label::{EN}"] for row in rows)


def test_every_note_warns_not_to_write_names() -> None:
    note = next(row for row in rows_of(FORMS["generic"], "survey") if row["name"] == "note")
    assert "nombres" in note[f"hint::{ES}"]
    assert "names" in note[f"hint::{EN}"]


def test_the_form_and_its_reader_know_the_same_questions_and_words() -> None:
    assert QUESTION_NAMES == QUESTIONS
    for field, words in (
        ("kind", REPORT_KINDS),
        ("unit", UNITS),
        ("segment", SEGMENTS),
        ("source_kind", SOURCE_KINDS),
    ):
        assert {name for name, _, _ in CHOICES[field]} <= set(words)


def test_the_form_in_the_package_is_the_one_that_is_written() -> None:
    packed = GENERIC.read_bytes()
    for sheet in ("survey", "choices", "settings"):
        assert rows_of(packed, sheet) == rows_of(FORMS["generic"], sheet)


def paths_of(form: bytes) -> dict[str, str]:
    """Give the path of every question as a server names it, from the XForm that pyxform makes."""
    xform = ET.fromstring(convert(io.BytesIO(form), file_type=".xlsx", validate=False).xform)
    data = next(e for e in xform.iter() if e.tag.endswith("}data"))
    paths: dict[str, str] = {}

    def walk(node: ET.Element, prefix: str) -> None:
        for child in node:
            name = child.tag.rsplit("}", 1)[-1]
            paths[name] = prefix + name
            walk(child, f"{prefix}{name}/")

    walk(data, "")
    return paths


ANSWER = {
    "kind": "stock", "observed": "2018-10-23", "count_low": "80", "count_high": "95", "unit": "families",
    "people_per_family": "4.5", "quantifier": "about", "segment": "branch", "source_kind": "shelter",
    "next_stop_day": "2018-10-25", "hour": "5", "transport": "transport_withdrawn", "note": "agua para "
    "la noche",
}  # fmt: skip


def nested(flat: dict[str, str]) -> dict[str, object]:
    made: dict[str, object] = {}
    for path, value in flat.items():
        *groups, name = path.split("/")
        inner = made
        for group in groups:
            inner = inner.setdefault(group, {})  # type: ignore[assignment]
        inner[name] = value
    return made


@pytest.mark.parametrize("server", ["kobo", "odk"])
@pytest.mark.parametrize("kind", FORMS)
def test_an_answer_of_this_very_form_is_read(kind: str, server: str, tmp_path: Path) -> None:
    paths = paths_of(FORMS[kind])
    towns = {"place": "huixtla", "next_stop": "mapastepec", "transport_to": "arriaga"}
    if kind == "generic":
        towns = {"place": "Huixtla", "next_stop": "Mapastepec, Chiapas", "transport_to": "Arriaga"}
    answer = {paths[name]: value for name, value in (ANSWER | towns).items()}
    if server == "kobo":
        text = json.dumps({"count": 1, "results": [answer | {"_submission_time": "2018-10-23T20:00:00"}]})
    else:
        system = {"submissionDate": "2018-10-23T20:00:00Z", "submitterName": "x"}
        text = json.dumps({"value": [nested(answer) | {"__system": system}]})
    intake = read_text(tmp_path, text, "answers.json")
    stock, ahead, buses = (p.report for p in intake.proposals)
    assert not intake.refused
    assert (stock.kind, IDS[stock.place], stock.low, stock.high) == ("stock", "huixtla", 360, 427.5)
    assert (stock.unit, stock.unit_people, stock.quantifier, stock.note) == (
        "families",
        4.5,
        "about",
        ANSWER["note"],
    )
    assert (ahead.kind, IDS[ahead.place], str(ahead.observed), ahead.hour) == (
        "next_stop",
        "mapastepec",
        "2018-10-25",
        5,
    )
    assert (buses.kind, IDS[buses.to_place]) == ("transport_withdrawn", "arriaga")


@pytest.mark.parametrize("label", [ES, EN])
def test_an_export_with_the_questions_as_column_names_is_read(label: str, tmp_path: Path) -> None:
    asked = {row["name"]: row[f"label::{label}"] for row in rows_of(FORMS["generic"], "survey")}
    said = {row["name"]: row[f"label::{label}"] for row in rows_of(FORMS["generic"], "choices")}
    fields = {"kind": "arrivals", "observed": "2018-10-23", "place": "Huixtla", "count_low": "80",
              "count_high": "95", "unit": "people", "source_kind": "shelter"}  # fmt: skip
    head = [asked[name] for name in fields] + [
        "_id",
        "_uuid",
        "_submission_time",
        "_submitted_by",
        "start",
        "end",
    ]
    cells = [said.get(value, value) for value in fields.values()] + ["secret"] * 6
    text = "\n".join(";".join(f'"{cell}"' for cell in row) for row in (head, cells))
    intake = read_text(tmp_path, text)
    assert not intake.refused
    report = intake.proposals[0].report
    assert (report.kind, report.low, report.high, report.source_kind) == ("arrivals", 80, 95, "shelter")
    assert "secret" not in repr(intake)
