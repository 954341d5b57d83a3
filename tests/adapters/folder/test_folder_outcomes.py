from datetime import date
from pathlib import Path

import pytest
from small_folder import FILES, replaced, small_folder

from safepassage.adapters import folder
from safepassage.core.errors import Fault, InputError

HEADER = FILES["outcomes.csv"].partition("\n")[0] + "\n"


def read(tmp_path: Path, *rows: str):
    return folder.read(small_folder(tmp_path, outcomes=HEADER + "".join(f"{row}\n" for row in rows)))


def faults_of(tmp_path: Path, *rows: str) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        read(tmp_path, *rows)
    return caught.value.faults


def test_rows_are_read_with_what_was_known_when(tmp_path: Path) -> None:
    scenario, notices = folder.read(small_folder(tmp_path))
    assert notices == ()
    claimed, helped, detained = scenario.outcomes
    assert (claimed.outcome, claimed.status, claimed.country, claimed.low, claimed.high) == (
        "claimed",
        "",
        "MX",
        0.01,
        0.03,
    )
    assert (helped.first, helped.last) == (date(2020, 5, 21), date(2020, 5, 25))
    assert helped.announced == date(2020, 5, 26)
    assert scenario.known_by(date(2020, 5, 20)).outcomes == (claimed,)
    assert scenario.known_by(date(2020, 5, 21)).outcomes == (claimed, detained)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("escaped,,,,,0,0.1,2020-05-20,,made up,", "outcome"),
        ("died,walking,,,,0,0.1,2020-05-20,,made up,", "status"),
        ("died,,HN,,,0,0.1,2020-05-20,,made up,", "country"),
        ("died,,Mexico,,,0,0.1,2020-05-20,,made up,", "country"),
        ("died,,,2020-05-22,2020-05-21,0,0.1,2020-05-20,,made up,", "until"),
        ("died,,,2020-13-22,,0,0.1,2020-05-20,,made up,", "from"),
        ("died,,,,,0.2,0.1,2020-05-20,,made up,", "chance_per_day_low"),
        ("died,,,,,,0.1,2020-05-20,,made up,", "chance_per_day_low"),
        ("died,,,,,0,1.01,2020-05-20,,made up,", "chance_per_day_high"),
        ("died,,,,,-0.1,0.1,2020-05-20,,made up,", "chance_per_day_low"),
        ("died,,,,,0,nan,2020-05-20,,made up,", "chance_per_day_high"),
        ("died,,,,,0,0.1,2020-05-20,,,", "source"),
    ],
)
def test_a_bad_cell_is_told_with_row_and_column(row: str, column: str, tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "claimed,,,,,0,0.1,2020-05-20,,made up,", row)
    assert (fault.file, fault.row, fault.column) == ("outcomes.csv", 3, column)
    assert fault.found
    assert fault.expected
    assert fault.mend


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, "x,y,Z,q,w,e,r,t,,,", "died,,,,,2,1,2020-05-20,,,")
    assert {fault.column for fault in faults if fault.row == 2} == {
        *("outcome", "status", "country", "from", "until", "chance_per_day_low", "chance_per_day_high"),
        *("announced", "source"),
    }
    assert {fault.column for fault in faults if fault.row == 3} == {"chance_per_day_low", "source"}


def test_chances_that_sum_to_more_than_one_for_somebody_are_a_fault(tmp_path: Path) -> None:
    rows = (
        "claimed,,MX,,,0.1,0.6,2020-05-20,,made up,",
        "settled,held,,2020-05-23,,0.1,0.5,2020-05-20,,made up,",
        "died,moving,GT,,,0.1,0.9,2020-05-20,,made up,",
    )
    (fault,) = faults_of(tmp_path, *rows)
    assert (fault.row, fault.column) == (3, "chance_per_day_high")
    assert "1.1 in sum over rows 2, 3, for people who are held in MX on 2020-05-23" in fault.found
    (tmp_path / "other").mkdir()
    scenario, _ = read(tmp_path / "other", *rows[::2])
    assert len(scenario.outcomes) == 2


def test_without_a_date_a_chance_is_known_the_morning_after_the_days_it_speaks_of(tmp_path: Path) -> None:
    rows = (
        "died,,,2020-05-21,2020-05-24,0,0.1,,,made up,",
        "died,,,2020-05-21,,0,0.1,,,made up,",
        "died,,,,,0,0.1,,,made up,",
    )
    scenario, notices = read(tmp_path, *rows)
    assert [row.announced.day for row in scenario.outcomes] == [25, 22, 21]
    assert {row.announced_basis for row in scenario.outcomes} == {"assumed: next day"}
    assert {(n.file, n.column) for n in notices} == {("outcomes.csv", "announced")}


def test_ways_out_of_a_group_are_idle_without_one(tmp_path: Path) -> None:
    departures = replaced("departures.csv", "dos,2020-05-21,30,,", "dos,2020-05-21,30,tres,")
    outcomes = HEADER + "rode_ahead,,,,,0,0.1,2020-05-20,,made up,\n"
    no_groups = dict.fromkeys(("groups", "routes", "destinations", "joiners"))
    path = small_folder(tmp_path, outcomes=outcomes, **departures, **no_groups)
    scenario_toml = (path / "scenario.toml").read_text().replace("as_of = 2020-05-20", "as_of = 2020-05-22")
    (path / "scenario.toml").write_text(scenario_toml)
    _, notices = folder.read(path)
    assert ("outcomes.csv", "outcome") in {(n.file, n.column) for n in notices}


def test_days_may_be_written_day_first_where_a_row_shows_it(tmp_path: Path) -> None:
    scenario, notices = read(tmp_path, "died,,,02/06/2020,25/06/2020,0,0.1,20/05/2020,made up,made up,")
    assert scenario.outcomes[0].first == date(2020, 6, 2)
    assert notices
