"""demographics.csv: shares of a whole movement, with what was known when, and nothing by place."""

from datetime import date
from pathlib import Path

import pytest

from safepassage.adapters import folder
from safepassage.core.demographics import GroupCount, shares_of
from safepassage.core.errors import InputError
from safepassage.workflows.load import load

SHARED = Path(__file__).parents[4] / "shared" / "data" / "caravans" / "honduras-2018-10" / "demographics.csv"
FILES = {
    "scenario.toml": 'name = "x"\nstart = 2020-05-20\ndays = 10\n',
    "places.csv": "id,name,country,lat,lon\na,Puerto Azul,HN,15.5,-88\nb,La Cumbre,HN,14.5,-89\n",
    "links.csv": "from,to,distance_km\na,b,100\n",
    "groups.csv": (
        "group,origin,departs,people_low,people_high,announced\ng,a,2020-05-20,100,200,2020-05-20\n"
    ),
    "destinations.csv": "group,place,weight,announced\ng,b,1,2020-05-20\n",
}
HEAD = "date,group,value,unit,n_base,published,source\n"


def scenario_with(tmp_path: Path, rows: str) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "demographics.csv").write_text(rows, encoding="utf-8")
    return tmp_path


def test_counts_are_read_and_written_back(tmp_path: Path) -> None:
    rows = HEAD + "2020-05-21,women,30,persons,100,2020-05-22,a\n2020-05-21,men_share,70,%,,2020-05-22,a\n"
    scenario, _ = folder.read(scenario_with(tmp_path, rows))
    women, men = scenario.demographics
    assert (women.share, men.group, men.share) == (0.3, "men", 0.7)
    folder.write(scenario, tmp_path / "again")
    assert folder.read(tmp_path / "again")[0].demographics == scenario.demographics
    assert scenario.known_by(date(2020, 5, 21)).demographics == ()
    assert len(scenario.known_by(date(2020, 5, 22)).demographics) == 2


def test_rows_that_no_need_rests_on_are_passed_over_with_a_notice(tmp_path: Path) -> None:
    rows = HEAD + "2020-05-21,honduran_share,82,%,,2020-05-22,a\n2020-05-21,women,30,persons,,2020-05-22,a\n"
    scenario, notices = folder.read(scenario_with(tmp_path, rows))
    assert scenario.demographics == ()
    assert {notice.column for notice in notices} >= {"group", "n_base"}


def test_faults_are_told_together(tmp_path: Path) -> None:
    rows = HEAD + (
        "2020-05-21,women,130,persons,100,2020-05-22,a\n"
        "2020-05-21,women,-3,%,,2020-05-22,a\n"
        "2020-05-21,women,3,kg,,2020-05-22,a\n"
    )
    with pytest.raises(InputError) as caught:
        folder.read(scenario_with(tmp_path, rows))
    assert {(f.row, f.column) for f in caught.value.faults} == {(2, "value"), (3, "value"), (4, "unit")}


def count(group: str, value: float, day: int, source: str = "a") -> GroupCount:
    when = date(2020, 5, day)
    return GroupCount(when, group, value, "persons", 100.0, when, source=source)


def test_the_latest_count_is_taken_and_all_of_them_are_the_range() -> None:
    shares = shares_of([count("women", 30, 21), count("women", 20, 25), count("women", 24, 25, "b")], {})
    women = shares["woman"]
    assert (women.value, women.low, women.high) == (pytest.approx(0.22), 0.2, 0.3)
    assert women.source == "a; b"
    assert shares["woman_15_49"].value == women.value


def test_boys_and_girls_of_one_count_are_children() -> None:
    counts = [count("boys", 12, 21), count("girls", 8, 21), count("boys", 30, 22, "b")]
    assert shares_of(counts, {})["child_under_18"].value == pytest.approx(0.2)


def test_the_built_in_caravan_has_counts_and_no_place_among_them() -> None:
    counts = load("honduras-2018-10").demographics
    assert {count.group for count in counts} >= {"women", "men", "boys", "girls", "infants"}
    assert not any(column == "place" for count in counts for column, _ in count.extra)


@pytest.mark.skipif(not SHARED.is_file(), reason="the compiled tables of past caravans are not here")
def test_the_table_as_it_was_compiled_is_read(tmp_path: Path) -> None:
    scenario, notices = folder.read(scenario_with(tmp_path, SHARED.read_text("utf-8")))
    assert len(scenario.demographics) == len(load("honduras-2018-10").demographics)
    assert "place" in {notice.column for notice in notices}
