"""reports.csv: everything a report can tell is read, checked, and written back to the byte."""

from datetime import date
from pathlib import Path

import pytest
from small_folder import FILES, small_folder

from safepassage.adapters import folder
from safepassage.core.errors import InputError

HEADER = (
    "observed,published,published_basis,place,kind,people_low,people_high,segment,quality,source,note,group,"
    "to_place,quantifier,unit,people_per_family,source_kind,reliability,since,hour,copied_from,excerpt\n"
)
FULL = (
    "2020-05-22,2020-05-22,made up,dos,position,800,1200,main,exact,made up,,g1,tres,about,families,4,"
    "official,high,,,,unas 200 a 300 familias\n"
    "2020-05-23,2020-05-22,made up,tres,next_stop,,,main,exact,made up,,g1,,,,,organiser,,,5,,\n"
    "2020-05-23,2020-05-23,made up,,returns,500,,cumulative,exact,made up,,,,more_than,,,agency,low,"
    "2020-05-20,,0123456789abcdef,\n"
)


def test_every_column_of_a_report_is_read(tmp_path: Path) -> None:
    scenario, notices = folder.read(small_folder(tmp_path, reports=HEADER + FULL))
    assert notices == ()
    first, ahead, total = scenario.reports
    assert (first.group, first.to_place, first.quantifier, first.unit) == ("g1", 2, "about", "families")
    assert (first.low, first.high, first.unit_people) == (800.0, 1200.0, 4.0)
    assert (first.source_kind, first.reliability) == ("official", "high")
    assert first.excerpt == "unas 200 a 300 familias"
    assert (ahead.kind, ahead.hour, ahead.published < ahead.observed) == ("next_stop", 5, True)
    assert (total.since, total.copied_from) == (date(2020, 5, 20), "0123456789abcdef")


def test_every_column_of_a_report_is_written_back_to_the_byte(tmp_path: Path) -> None:
    scenario, _ = folder.read(small_folder(tmp_path, reports=HEADER + FULL))
    assert folder.folder_texts(scenario)["reports.csv"] == HEADER + FULL


def test_columns_that_no_report_needs_are_not_written(tmp_path: Path) -> None:
    scenario, _ = folder.read(small_folder(tmp_path))
    assert folder.folder_texts(scenario)["reports.csv"] == FILES["reports.csv"]


def test_only_what_is_announced_may_be_published_before_its_day(tmp_path: Path) -> None:
    early = FULL.replace("2020-05-22,2020-05-22,made up,dos", "2020-05-22,2020-05-21,made up,dos")
    with pytest.raises(InputError, match="nothing is known before it happens"):
        folder.read(small_folder(tmp_path, reports=HEADER + early))


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("about", "roughly", "quantifier"),
        ("families,4", "tents,4", "unit"),
        ("families,4", "families,-4", "people_per_family"),
        ("families,4", "families,400", "people_per_family"),
        (",official,", ",rumour,", "source_kind"),
        (",high,", ",very,", "reliability"),
        ("2020-05-20,,0123", "2020-05-24,,0123", "since"),
        ("2020-05-20,,0123", "0001-01-01,,0123", "since"),
        (",,5,,", ",,24,,", "hour"),
        (",,5,,", ",,nan,,", "hour"),
        ("0123456789abcdef", "that other one", "copied_from"),
        ("unas 200 a 300 familias", "call +504 9999 8888 for the rest", "excerpt"),
        (",tres,about", ",nowhere,about", "to_place"),
        ("made up,tres,next_stop", "made up,,next_stop", "place"),
    ],
)
def test_what_a_column_cannot_hold_is_a_fault_of_that_column(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    assert FULL.count(old) == 1
    with pytest.raises(InputError) as raised:
        folder.read(small_folder(tmp_path, reports=HEADER + FULL.replace(old, new)))
    assert [(fault.file, fault.column) for fault in raised.value.faults] == [("reports.csv", column)]
