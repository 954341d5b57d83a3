"""What users do to the reports of their scenario that no one told them to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from safepassage.core.errors import InputError
from safepassage.core.report import MOST_PEOPLE, Proposal, Report
from safepassage.workflows.intake import ForAllRows, read_reports
from safepassage.workflows.load import load
from safepassage.workflows.new import NewCaravan, new
from safepassage.workflows.read_news import read_news, store
from safepassage.workflows.reports import Desk, export, open_desk, scenario_folder, take_in
from safepassage.workflows.track import last_published

DEPARTS = date(2026, 3, 15)
ARTICLE = "Unas 900 personas de la caravana llegaron ayer a Esquipulas, según Protección Civil."


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    new(NewCaravan("march", DEPARTS, "2000-3000", origin="San Pedro Sula", to=("Tijuana",)))
    return open_desk("march")


@pytest.fixture
def two(desk: Desk) -> Desk:
    for file, row in (
        ("groups.csv", "second,,,san-pedro-sula,2026-03-18,2026-03-18,,500,900,,made up\n"),
        ("destinations.csv", "second,tijuana,1,2026-03-18,,made up\n"),
    ):
        path = desk.path / file
        path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")
    return open_desk("march")


def seen(desk: Desk, nights: int, **changed: object) -> Proposal:
    day, place = DEPARTS + timedelta(days=nights), desk.ids.index("esquipulas")
    made = Report(day, day, "made up", place, "position", 900.0, 900.0, "main", "exact", "a paper")
    return Proposal(replace(made, **changed), "made up")  # type: ignore[arg-type]


@pytest.mark.parametrize("way", ["march/march/../groups.csv", "here/groups.csv", "./march/groups.csv"])
def test_an_export_reaches_no_table_of_the_scenario_by_a_roundabout_way(desk: Desk, way: str) -> None:
    Path("here").symlink_to("march")
    Path("march/march").mkdir()
    before = Path("march/groups.csv").read_bytes()
    with pytest.raises(InputError, match="not overwritten"):
        export(desk, Path(way))
    assert Path("march/groups.csv").read_bytes() == before


def test_a_case_that_lasts_longer_than_was_meant_is_tracked_to_its_last_report(desk: Desk) -> None:
    late = desk.scenario.days + 5
    take_in(desk, [seen(desk, 2), seen(desk, late)], accept=True)
    assert last_published(load("march")) == DEPARTS + timedelta(days=late)


def test_a_flee_folder_says_why_it_takes_no_reports(tmp_path: Path) -> None:
    folder = tmp_path / "camps" / "input_csv"
    folder.mkdir(parents=True)
    (folder / "locations.csv").write_text("#name,region,country,latitude,longitude,location_type\n")
    (folder / "routes.csv").write_text("#name1,name2,distance\n")
    with pytest.raises(InputError, match="made for Flee"):
        scenario_folder(folder.parent)


@pytest.mark.parametrize("people", ["9625550142", "55551234"])
def test_a_telephone_number_is_no_number_of_people(desk: Desk, tmp_path: Path, people: str) -> None:
    file = tmp_path / "team.csv"
    file.write_text(f"observed,place,people\n2026-03-17,Esquipulas,{people}\n", encoding="utf-8")
    _, intake = read_reports(desk, file, {}, ForAllRows())
    assert not intake.proposals
    (fault,) = intake.refused
    assert fault.column == "people"
    assert people not in str(fault)
    with pytest.raises(InputError, match="people_low"):
        take_in(desk, [seen(desk, 2, low=float(people), high=None)])
    told = read_news(
        f"{people} personas llegaron a Esquipulas.".encode(), scenario="march", published=DEPARTS
    )
    assert all((p.report.low or 0) <= MOST_PEOPLE for p in told.reading.proposals)


def test_a_day_that_cannot_be_read_is_one_fault_not_two(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "team.csv"
    file.write_text("observed,published,place,people\n9999-12-31,2026-03-18,Esquipulas,900\n")
    _, intake = read_reports(desk, file, {}, ForAllRows())
    assert [fault.column for fault in intake.refused] == ["observed"]


def test_with_two_caravans_it_is_asked_of_which_a_report_speaks(two: Desk) -> None:
    assert take_in(two, [seen(two, 2)]).which == ("caravan", "second")
    assert take_in(two, [seen(two, 4, group="second")]).which == ()
    assert take_in(two, [seen(two, 5, kind="closure")]).which == ()


def test_an_article_and_a_file_may_be_of_one_caravan_of_two(two: Desk, tmp_path: Path) -> None:
    told = read_news(ARTICLE.encode(), scenario="march", published=date(2026, 3, 21), group="second")
    assert [p.report.group for p in told.reading.proposals] == ["second"]
    taken = store(told)
    assert taken is not None
    assert taken.which == ()
    file = tmp_path / "team.csv"
    file.write_text(
        "observed,place,people,group\n2026-03-20,Esquipulas,800,\n2026-03-20,Esquipulas,9,caravan\n"
    )
    _, intake = read_reports(two, file, {}, ForAllRows(group="second"))
    assert [p.report.group for p in intake.proposals] == ["second", "caravan"]
    with pytest.raises(InputError, match=r"groups\.csv"):
        read_news(ARTICLE.encode(), scenario="march", published=date(2026, 3, 21), group="third")
