"""Answers of the form: what teams said comes in, who sent them and from where does not."""

import json
from datetime import date
from pathlib import Path

import pytest
from places_at_hand import AROUND, IDS, read_text

from safepassage.adapters.intake import Intake, read_file
from safepassage.core.errors import InputError

SAMPLES = Path(__file__).parent / "samples"
# Every byte of the recorded samples that tells of persons, devices, spots, hours or servers.
KOBO_SECRETS = (
    "brigada_sur", "collect:", "Zq81WmLx0PsTuVyA", "555", "8952140063207845521", "15.139", "-92.46", "uuid",
    "7a0c2d6e", "481516", "481519", "foto_", "kf.example.org", "coordinadora", "18:02", "18:09",
    "23:10", "Quintanilla",
    "3f7c1c4e", "formhub", "aQw7Rt9Yu", "Rosa",
)  # fmt: skip
ODK_SECRETS = (
    "Brigada Norte", "brigada norte", "collect:", "QkX3mVbn81LoPtRe", "uuid", "85cb9aff", "297000fd",
    "14.905",
    "-92.25", "03:04", "central.example.org", "'23'", "'24'",
)  # fmt: skip


def sample(name: str) -> Intake:
    return read_file(SAMPLES / name, AROUND)


@pytest.mark.parametrize(
    ("name", "secrets"), [("kobo_data.json", KOBO_SECRETS), ("odk_submissions.json", ODK_SECRETS)]
)
def test_not_a_byte_of_who_sent_it_from_where_is_left(name: str, secrets: tuple[str, ...]) -> None:
    raw = (SAMPLES / name).read_text(encoding="utf-8")
    found = repr(sample(name))
    for secret in secrets:
        assert secret in raw or secret.strip("'") in raw
        assert secret not in found, secret


def test_answers_of_kobotoolbox_are_read() -> None:
    intake = sample("kobo_data.json")
    here, ahead, families, last = (p.report for p in intake.proposals)
    assert (here.kind, IDS[here.place], here.low, here.high) == ("position", "huixtla", 4500, 7200)
    assert (here.observed, here.published) == (date(2018, 10, 23), date(2018, 10, 23))
    assert here.published_basis == "day of submission"
    assert (here.quantifier, here.source_kind, here.segment) == ("about", "field", "main")
    assert (ahead.kind, IDS[ahead.place], ahead.observed, ahead.hour) == (
        "next_stop",
        "mapastepec",
        date(2018, 10, 24),
        4,
    )
    assert (families.kind, IDS[families.place]) == ("arrivals", "villa-comaltitlan")
    assert (families.low, families.high, families.unit, families.unit_people) == (480, 600, "families", 4)
    assert (last.kind, last.note) == ("position", "")


def test_what_a_reviewer_refused_is_not_read_and_what_is_on_hold_waits() -> None:
    intake = sample("kobo_data.json")
    assert not [p for p in intake.proposals if p.report.kind == "stock"]
    assert any("a reviewer refused" in str(notice) for notice in intake.notices)
    held = [p for p in intake.proposals if p.report.unit == "families"]
    assert [p.confidence < 0.5 for p in held] == [True]
    assert len(sample("odk_submissions.json").proposals) == 3


def test_answers_of_odk_central_are_read() -> None:
    left, ahead, buses = (p.report for p in sample("odk_submissions.json").proposals)
    assert (left.kind, IDS[left.place], left.low, left.high) == ("departures", "tapachula", 2500, 3000)
    assert (left.published, left.source_kind) == (date(2018, 10, 24), "official")
    assert (ahead.kind, IDS[ahead.place], ahead.hour) == ("next_stop", "huixtla", 5)
    assert (buses.kind, IDS[buses.to_place]) == ("transport_offered", "huixtla")


def test_the_same_answers_give_the_same_reports() -> None:
    assert sample("kobo_data.json") == sample("kobo_data.json")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "broken JSON"),
        ('{"results": 5}', "without answers"),
        ('{"results": []}', "0 answers"),
        ("[1, 2]", "without answers"),
        ('{"value": [{"kind": "position", "kind": "stock"}]}', "twice"),
        ('{"a": 1, "a": 2}', "twice"),
        ("[" * 100_000, "deep"),
        ('{"results": ' + '{"a":' * 50_000 + "1" + "}" * 50_001, "deep"),
        ('{"results": [' + "{}," * 30_000 + "{}]}", "30001 answers"),
    ],
)
def test_json_that_is_no_answers_is_refused_with_one_error(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_text(tmp_path, text, "data.json")


@pytest.mark.parametrize(
    "value",
    ["1" * 5000, "-1", "1e400", "NaN", "Infinity", "0.5", "1" + "0" * 400, '"6000-5"', "[1]", '{"a": 1}'],
)
def test_numbers_no_people_can_be_are_refused_or_passed_over(tmp_path: Path, value: str) -> None:
    answer = f'{{"kind":"stock","observed":"2018-10-23","place":"huixtla","count_low":{value}}}'
    intake = read_text(tmp_path, f'{{"results": [{answer}]}}', "data.json")
    assert [p.report.low for p in intake.proposals] in ([], [None])


def test_long_answers_and_formulas_are_refused(tmp_path: Path) -> None:
    answer = {"kind": "position", "observed": "2018-10-23", "place": "huixtla"}
    answers = [answer | {"note": "=cmd()"}, answer | {"note": "x" * 10_000_000}, answer]
    intake = read_text(tmp_path, json.dumps({"results": answers}), "data.json")
    assert len(intake.proposals) == 1
    assert [fault.row for fault in intake.refused] == [1, 2]


def test_one_page_of_several_is_told(tmp_path: Path) -> None:
    answer = {"kind": "position", "observed": "2018-10-23", "place": "huixtla"}
    intake = read_text(tmp_path, json.dumps({"next": "https://x/?start=1", "results": [answer]}), "data.json")
    assert any("one page" in str(notice) for notice in intake.notices)


def test_an_answer_given_after_midnight_east_of_the_server_is_read(tmp_path: Path) -> None:
    answer = {
        "kind": "position",
        "observed": "2018-10-24",
        "place": "huixtla",
        "_submission_time": "2018-10-23T18:00:00",
    }
    report = read_text(tmp_path, json.dumps({"results": [answer]}), "data.json").proposals[0].report
    assert report.published == report.observed == date(2018, 10, 24)
