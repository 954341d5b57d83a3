from dataclasses import fields
from pathlib import Path

import pytest
from small_folder import FILES, replaced, small_folder

from safepassage.adapters import folder
from safepassage.adapters.folder.settings import LAW_LIMITS
from safepassage.core.caravan_priors import DEFAULT_PRIORS, PRIOR_LIMITS, SMALLEST_GROUP_PEOPLE
from safepassage.core.errors import Fault, InputError
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE
from safepassage.core.scenario import GoalLaw


def faults_of(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        folder.read(path)
    assert str(caught.value)
    return caught.value.faults


def drop_column(file: str, column: str) -> str:
    import csv
    import io

    rows = list(csv.DictReader(io.StringIO(FILES[file])))
    out = io.StringIO()
    writer = csv.DictWriter(
        out, [c for c in rows[0] if c != column], extrasaction="ignore", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


REQUIRED = [
    (file, column)
    for file, columns in {
        "places.csv": ("id", "name", "country", "lat", "lon"),
        "links.csv": ("from", "to", "distance_km"),
        "groups.csv": ("group", "departs", "people_low", "people_high"),
        "routes.csv": ("group", "seq", "place"),
        "reports.csv": ("observed", "kind"),
        "events.csv": ("date", "kind"),
    }.items()
    for column in columns
]


@pytest.mark.parametrize(("file", "column"), REQUIRED)
def test_a_missing_column_is_told_with_file_and_column(file: str, column: str, tmp_path: Path) -> None:
    path = small_folder(tmp_path, **{file.partition(".")[0]: drop_column(file, column)})
    (fault,) = faults_of(path)
    assert (fault.file, fault.column, fault.row) == (file, column, 1)


# file, what stands there, what is put instead, row, column
BAD_CELLS = [
    ("places.csv", "13.9883", "200", 2, "lat"),
    ("places.csv", "13.9883", "-90.0001", 2, "lat"),
    ("places.csv", "-89.5568", "181", 2, "lon"),
    ("places.csv", "13.9883", "NaN", 2, "lat"),
    ("places.csv", "13.9883", "inf", 2, "lat"),
    ("places.csv", "13.9883", "", 2, "lat"),
    ("places.csv", "13.9883", "thirteen", 2, "lat"),
    ("places.csv", "13.9883", "1e308", 2, "lat"),
    ("places.csv", "13.9883", "١٣", 2, "lat"),
    ("places.csv", "13.9883", "0x10", 2, "lat"),
    ("places.csv", "13.9883", "1_3", 2, "lat"),
    ("places.csv", "176661", "-1", 2, "population"),
    ("places.csv", "176661", "1e308", 2, "population"),
    ("places.csv", "176661", "12.5", 2, "population"),
    ("places.csv", "176661", '"176,661"', 2, "population"),
    ("places.csv", "Santa Ana (Sur),SV", "Santa Ana (Sur),Salvador", 2, "country"),
    ("places.csv", "uno,Santa", "a b,Santa", 2, "id"),
    ("places.csv", "uno,Santa", ",Santa", 2, "id"),
    ("places.csv", "Ciudad Cuatro", "", 5, "name"),
    ("links.csv", "180.5", "0", 2, "distance_km"),
    ("links.csv", "180.5", "-5", 2, "distance_km"),
    ("links.csv", "180.5", "nan", 2, "distance_km"),
    ("links.csv", "180.5", "1e308", 2, "distance_km"),
    ("links.csv", "180.5", "", 2, "distance_km"),
    ("links.csv", "uno,dos", "uno,nowhere", 2, "to"),
    ("links.csv", "uno,dos", "uno,", 2, "to"),
    ("links.csv", "uno,dos", "uno,uno", 2, "to"),
    ("links.csv", "uno,dos", "Santa Ana,dos", 2, "from"),
    ("links.csv", "road,true,true", "road,perhaps,true", 2, "two_way"),
    ("groups.csv", "800,1500", "1500,800", 2, "people_low"),
    ("groups.csv", "800,1500", "-800,1500", 2, "people_low"),
    ("groups.csv", "800,1500", "800,", 2, "people_high"),
    ("groups.csv", "800,1500", "800,1e308", 2, "people_high"),
    ("groups.csv", "800,1500", "800,nan", 2, "people_high"),
    ("groups.csv", "uno,2020-05-20", "uno,2020-05-19", 2, "departs"),
    ("groups.csv", "uno,2020-05-20", "uno,2020-02-30", 2, "departs"),
    ("groups.csv", "uno,2020-05-20", "uno,0020-05-20", 2, "departs"),
    ("groups.csv", "uno,2020-05-20", "uno,43971", 2, "departs"),
    ("groups.csv", "uno,2020-05-20", "uno,03/04/2020", 2, "departs"),
    ("groups.csv", "uno,2020-05-20", "dos,2020-05-20", 2, "origin"),
    ("groups.csv", "2020-05-30", "30 May", 2, "route_announced"),
    ("routes.csv", "g1,2,dos", "g1,2,tres", 3, "place"),
    ("routes.csv", "g1,2,dos", "g1,2,dost", 3, "place"),
    ("routes.csv", "g1,2,dos", "g1,1,dos", 3, "seq"),
    ("routes.csv", "g1,2,dos", "g1,two,dos", 3, "seq"),
    ("routes.csv", "g1,2,dos", "g2,2,dos", 3, "group"),
    ("destinations.csv", "0.75", "-0.75", 2, "weight"),
    ("destinations.csv", "0.75", "NaN", 2, "weight"),
    ("destinations.csv", "g1,tres", "g1,cuatro", 3, "place"),
    ("joiners.csv", "10,300", "300,10", 2, "people_low"),
    ("joiners.csv", "10,300", "10,", 2, "people_high"),
    ("joiners.csv", "g1,dos", "g1,Nowhere", 2, "place"),
    ("priors.csv", "18,45", "45,18", 2, "low"),
    ("priors.csv", "18,45", "0,45", 2, "low"),
    ("priors.csv", "lognormal", "gaussian", 2, "shape"),
    ("priors.csv", "lognormal", "normal", 2, "shape"),
    ("priors.csv", "lognormal", "fixed", 2, "high"),
    ("priors.csv", "walk_km_per_day", "walk_km_day", 2, "name"),
    ("priors.csv", "walk_km_per_day", "", 2, "name"),
    ("priors.csv", "18,45", ",", 2, "low"),
    ("priors.csv", "18,45", "-5,2500", 2, "low"),
    ("priors.csv", "18,45", "18,2001", 2, "high"),
    ("priors.csv", "walk_km_per_day,lognormal,18,45", "bus_chance,uniform,0.2,1.2", 2, "high"),
    ("priors.csv", "walk_km_per_day,lognormal,18,45", "leave_rate_per_day,uniform,-0.1,1", 2, "low"),
    ("priors.csv", "walk_km_per_day,lognormal,18,45", "news_days,fixed,0,0", 2, "low"),
    ("groups.csv", "800,1500", "5,15", 2, "people_high"),
    ("priors.csv", "18,45", "18,1e308", 2, "high"),
    ("departures.csv", "120", "-120", 2, "people"),
    ("departures.csv", "120", "1.5", 2, "people"),
    ("departures.csv", "120,tres", "120,Tress", 2, "destination"),
    ("departures.csv", "uno,2020-05-21", "uno,2020-05-01", 2, "date"),
    ("events.csv", "2020-05-22,2020-05-23", "2020-05-22,2020-05-21", 2, "until"),
    ("events.csv", "closure,dos", "clausure,dos", 2, "kind"),
    ("events.csv", "closure,dos", "closure,Dost", 2, "place"),
    ("events.csv", "4.5", "-4.5", 3, "hours"),
    ("events.csv", "4.5", "99999", 3, "hours"),
    ("events.csv", "dos,tres,,,,a police", "uno,tres,,,,a police", 3, "link_to"),
    ("events.csv", "dos,tres,,,,a police", "dos,,,,,a police", 3, "link_to"),
    ("events.csv", "GT-MX", "GT-US", 5, "countries"),
    ("events.csv", "GT-MX", "Guatemala", 5, "countries"),
    ("events.csv", "hold,,", "hold,dos,", 5, "countries"),
    ("events.csv", "300,a town hall", "-300,a town hall", 4, "value"),
    ("events.csv", "lifted at noon", "write to somebody@example.org", 3, "note"),
    ("reports.csv", "2020-05-20,2020-05-21", "2020-05-20,2020-05-19", 2, "published"),
    ("reports.csv", "900,1400", "1400,900", 2, "people_low"),
    ("reports.csv", "900,1400", "-900,1400", 2, "people_low"),
    ("reports.csv", "900,1400", ",1400", 2, "people_low"),
    ("reports.csv", "900,1400", "9e2x,1400", 2, "people_low"),
    ("reports.csv", "uno,position", ",position", 2, "place"),
    ("reports.csv", "uno,position", "uno,location", 2, "kind"),
    ("reports.csv", "main,conflict", "middle,conflict", 2, "segment"),
    ("reports.csv", "main,conflict", "main,sure", 2, "quality"),
    ("truth.csv", "1000,1200", "1200,1000", 3, "low"),
    ("truth.csv", "dos,position", ",position", 2, "place"),
    ("truth.csv", "dos,position", "dos,", 2, "quantity"),
]


@pytest.mark.parametrize(("file", "old", "new", "row", "column"), BAD_CELLS)
def test_a_bad_cell_is_one_fault_with_its_row_and_column(
    file: str, old: str, new: str, row: int, column: str, tmp_path: Path
) -> None:
    (fault,) = faults_of(small_folder(tmp_path, **replaced(file, old, new)))
    assert (fault.file, fault.row, fault.column) == (file, row, column)
    assert fault.found
    assert fault.expected
    assert fault.mend


# what stands in scenario.toml, what is put instead, the key told
BAD_SETTINGS = [
    ('name = "small"\n', "", "name"),
    ('name = "small"', 'name = "../up"', "name"),
    ('name = "small"', "name = 7", "name"),
    ("start = 2020-05-20\n", "", "start"),
    ("start = 2020-05-20", 'start = "20 May"', "start"),
    ("start = 2020-05-20", "start = 2020-05-20T10:00:00", "start"),
    ("days = 10", "days = 0", "days"),
    ("days = 10", "days = -3", "days"),
    ("days = 10", "days = nan", "days"),
    ("days = 10", "days = 1e308", "days"),
    ("days = 10", "days = true", "days"),
    ("seed = 7", "seed = -1", "seed"),
    ("seed = 7", "sead = 7", "sead"),
    ("per_km = 0.03", "per_km = -1", "per_km"),
    ("per_km = 0.03", "per_km = inf", "per_km"),
    ("per_km = 0.03", "per_mile = 1", "per_mile"),
    ("per_km = 0.03", "speed_km_per_day = 0", "speed_km_per_day"),
    ("per_km = 0.03", "speed_km_per_day = 1e-9", "speed_km_per_day"),
    ("per_km = 0.03", "off_road = 0.0", "off_road"),
    ("per_km = 0.03", "move_chance = 0", "move_chance"),
    ("per_km = 0.03", "move_chance = 1.1", "move_chance"),
    ("per_km = 0.03", "per_border = -1", "per_border"),
    ("per_km = 0.03", "reference = nan", "reference"),
    ("per_km = 0.03", "foresight_links = -1", "foresight_links"),
    ("per_km = 0.03", "foresight_links = 2.5", "foresight_links"),
    ('kind = "goal"', 'kind = "magic"', "law"),
    ("threshold_people = 200", 'threshold_people = "many"', "threshold_people"),
    ('  "nobody",', "  3,", "sources"),
    ('licence = "CC0-1.0"', 'licence = "CC0-1.0"\nnetwork = "narnia"', "network"),
    ("as_of = 2020-05-20", "as_of = 2020-05-19", "as_of"),
    ("as_of = 2020-05-20", "as_of = 2020-05-20T09:00:00Z", "as_of"),
]


@pytest.mark.parametrize(("old", "new", "key"), BAD_SETTINGS)
def test_a_bad_setting_is_one_fault_with_its_key(old: str, new: str, key: str, tmp_path: Path) -> None:
    changed = replaced("scenario.toml", old, new)
    network = {} if key != "network" else {"places": None, "links": None}
    faults = faults_of(small_folder(tmp_path, **changed, **network))
    assert [(fault.file, fault.column) for fault in faults] == [("scenario.toml", key)]


@pytest.mark.parametrize(
    "text",
    ["name = \n", "[[[[", "\x00\x01\x02", "a" * 100_000, "[law", 'name = "x"\nname = "y"', "[" * 5000],
)
def test_a_broken_toml_is_one_fault(text: str, tmp_path: Path) -> None:
    (fault,) = faults_of(small_folder(tmp_path, scenario=text))
    assert fault.file == "scenario.toml"


BROKEN_FILES = {
    "empty": b"",
    "blank": b"\n \n\n",
    "binary": bytes(range(256)) * 20,
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "cp1252 holes": FILES["places.csv"].encode().replace("í".encode(), b"\x81"),
    "an open quote": FILES["places.csv"].replace("Casa del", '"Casa del').encode(),
    "a huge cell": FILES["places.csv"].replace("Casa del", "x" * 20_000).encode(),
    "an enormous cell": FILES["places.csv"].replace("Casa del", "x" * 200_000).encode(),
    "cut short": FILES["places.csv"][:150].encode(),
    "half of UTF-16": FILES["places.csv"].encode("utf-16")[:-1],
}


@pytest.mark.parametrize("kind", BROKEN_FILES)
def test_a_broken_table_is_one_fault_of_that_file(kind: str, tmp_path: Path) -> None:
    faults = faults_of(small_folder(tmp_path, places=BROKEN_FILES[kind]))
    assert {fault.file for fault in faults} == {"places.csv"}
    assert len(faults) == 1 or kind == "cut short"


@pytest.mark.parametrize("kind", ["empty", "binary", "an image"])
@pytest.mark.parametrize("file", [f.partition(".")[0] for f in FILES])
def test_every_file_may_be_broken(file: str, kind: str, tmp_path: Path) -> None:
    faults = faults_of(small_folder(tmp_path, **{file: BROKEN_FILES[kind]}))
    assert {fault.file.partition(".")[0] for fault in faults} <= {file, "groups", "routes"}


def test_a_header_alone_is_an_empty_table_and_places_must_not_be_empty(tmp_path: Path) -> None:
    faults = faults_of(small_folder(tmp_path, places=FILES["places.csv"].splitlines()[0]))
    assert faults[0].file == "places.csv"
    (tmp_path / "b").mkdir()
    scenario, _ = folder.read(small_folder(tmp_path / "b", reports=FILES["reports.csv"].splitlines()[0]))
    assert scenario.reports == ()


def test_a_row_of_another_length_is_told(tmp_path: Path) -> None:
    longer = replaced("routes.csv", "g1,2,dos", "g1,2,dos,tres")
    faults = faults_of(small_folder(tmp_path, **longer))
    assert (faults[0].file, faults[0].row) == ("routes.csv", 3)


def test_duplicate_ids_links_columns_and_groups_are_told(tmp_path: Path) -> None:
    cases = {
        "places": replaced("places.csv", "dos,Río", "uno,Río"),
        "links": replaced("links.csv", "tres,cuatro,190", "dos,uno,190"),
        "groups": {"groups": FILES["groups.csv"] + FILES["groups.csv"].splitlines()[1]},
        "columns": replaced("routes.csv", "group,seq,place", "group,seq,place,place"),
        "priors": {"priors": FILES["priors.csv"] + FILES["priors.csv"].splitlines()[1]},
    }
    for name, changed in cases.items():
        (tmp_path / name).mkdir()
        assert faults_of(small_folder(tmp_path / name, **changed)), name


def test_paths_that_are_no_scenario_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("hello")
    (tmp_path / "empty").mkdir()
    assert "a file" in str(faults_of(tmp_path / "file")[0])
    assert faults_of(tmp_path / "empty")[0].file == "scenario.toml"
    assert faults_of(tmp_path / "nothing")
    path = small_folder(tmp_path, places=None)
    assert [fault.file for fault in faults_of(path)] == ["places.csv"]
    (path / "places.csv").mkdir()
    assert [fault.file for fault in faults_of(path)] == ["places.csv"]


def test_every_fault_is_gathered_before_one_error(tmp_path: Path) -> None:
    path = small_folder(
        tmp_path,
        **replaced("places.csv", "13.9883", "200"),
        **replaced("reports.csv", "900,1400", "-900,1400"),
        **replaced("events.csv", "closure,dos", "closure,Dost"),
        **replaced("scenario.toml", "days = 10", "days = 0"),
    )
    faults = faults_of(path)
    assert {f.file for f in faults} == {"places.csv", "reports.csv", "events.csv", "scenario.toml"}
    assert len(faults) == 4


def test_a_thousand_faults_of_one_column_are_cut_to_a_count(tmp_path: Path) -> None:
    row = "2020-05-20,2020-05-21,x,uno,position,-1,-1,main,exact,,\n"
    faults = faults_of(small_folder(tmp_path, reports=FILES["reports.csv"] + row * 1000))
    assert len(faults) == 2 * 21
    assert "980 more" in faults[-1].found


def test_a_place_of_two_countries_asks_which_one(tmp_path: Path) -> None:
    (fault,) = faults_of(
        small_folder(tmp_path, **replaced("reports.csv", "uno,position", "Santa Ana,position"))
    )
    assert "uno or tres" in fault.mend


def test_a_misspelt_place_gets_a_suggestion(tmp_path: Path) -> None:
    misspelt = replaced("reports.csv", "uno,position", "Cuidad Cuatro,position")
    (fault,) = faults_of(small_folder(tmp_path, **misspelt))
    assert "did you mean cuatro?" in fault.mend


def test_a_misspelt_prior_gets_a_suggestion(tmp_path: Path) -> None:
    (fault,) = faults_of(small_folder(tmp_path, **replaced("priors.csv", "walk_km_per_day", "walk_km_day")))
    assert "did you mean walk_km_per_day?" in fault.mend


def test_every_default_prior_keeps_within_its_own_limits() -> None:
    assert {prior.name for prior in DEFAULT_PRIORS} == set(PRIOR_LIMITS)
    for prior in DEFAULT_PRIORS:
        limit = PRIOR_LIMITS[prior.name]
        assert 0.0 <= limit.low <= prior.low <= prior.high <= limit.high


def test_every_default_of_the_law_keeps_within_its_own_limits() -> None:
    defaults = {parameter.name: parameter.default for parameter in fields(GoalLaw)}
    assert set(defaults) == set(LAW_LIMITS)
    assert all(LAW_LIMITS[key][0] <= default <= LAW_LIMITS[key][1] for key, default in defaults.items())


def test_the_smallest_group_is_one_that_is_followed() -> None:
    assert SMALLEST_GROUP_PEOPLE == FEWEST_TOLD_PEOPLE


# what stands in events.csv, what is put instead, row, the column that then changes nothing
IDLE_CELLS = [
    (",bus_offer,dos,tres,,,,,300", ",bus_offer,,,,,GT-MX,,300", 4, "countries"),
    (",bus_offer,dos,tres,,,,,300", ",bus_offer,,,dos,tres,,,300", 4, "link_from"),
    (",bus_offer,dos,tres,,,,,300", ",bus_withdrawn,dos,tres,,,,,300", 4, "value"),
    ("closure,dos,,", "closure,dos,tres,", 2, "to_place"),
    ("hold,,,,,GT-MX,,", "hold,,,,,GT-MX,,20", 5, "value"),
    (",,2020-05-26,assumed: next day,bus_offer", ",4,2020-05-26,x,bus_withdrawn", 4, "hours"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "row", "column"), IDLE_CELLS)
def test_a_cell_that_changes_nothing_for_its_kind_of_event_is_told(
    old: str, new: str, row: int, column: str, tmp_path: Path
) -> None:
    _, notices = folder.read(small_folder(tmp_path, **replaced("events.csv", old, new)))
    assert (row, column) in [(notice.row, notice.column) for notice in notices]


@pytest.mark.parametrize("kind", ["reception_refused", "shelter_opened", "note"])
def test_of_events_that_are_only_shown_no_idle_cell_is_told(kind: str, tmp_path: Path) -> None:
    text = FILES["events.csv"].replace("reception_refused,,,,,,the whole north,", f"{kind},dos,,,,,,40")
    _, notices = folder.read(small_folder(tmp_path, events=text))
    assert notices == ()


def test_people_and_exact_spots_have_no_column(tmp_path: Path) -> None:
    for i, column in enumerate(("phone", "Teléfono", "e-mail", "apellidos", "gps", "lat", "device_id")):
        (tmp_path / str(i)).mkdir()
        wider = "\n".join(
            line + "," + (column if n == 0 else "x") for n, line in enumerate(FILES["truth.csv"].splitlines())
        )
        (fault,) = faults_of(small_folder(tmp_path / str(i), truth=wider))
        assert "take the column out" in fault.mend


def test_a_route_with_a_gap_says_what_lies_next(tmp_path: Path) -> None:
    gap = {"routes": FILES["routes.csv"].replace("g1,3,tres\n", "")}
    (fault,) = faults_of(small_folder(tmp_path, **gap))
    assert "no link from dos to cuatro" in fault.found
    assert "tres" in fault.mend


def test_a_one_way_link_cannot_be_taken_backwards(tmp_path: Path) -> None:
    back = {
        "routes": "group,seq,place\ng1,1,cuatro\ng1,2,tres\n",
        **replaced("groups.csv", "one,uno", "one,cuatro"),
    }
    (fault,) = faults_of(small_folder(tmp_path, **back))
    assert fault.file == "routes.csv"


def test_people_who_leave_alone_need_somewhere_to_go(tmp_path: Path) -> None:
    alone = dict.fromkeys(("groups", "routes", "destinations", "joiners"))
    (fault,) = faults_of(small_folder(tmp_path, **alone))
    assert (fault.file, fault.row, fault.column) == ("departures.csv", 3, "destination")


def test_nobody_who_leaves_is_a_fault(tmp_path: Path) -> None:
    none = dict.fromkeys(("groups", "routes", "destinations", "joiners", "departures"))
    (fault,) = faults_of(small_folder(tmp_path, **none))
    assert "nobody" in fault.found


def test_a_group_that_is_not_yet_known_at_the_start_is_told(tmp_path: Path) -> None:
    settings = replaced("scenario.toml", "as_of = 2020-05-20\n", "")
    later = {
        **replaced("groups.csv", "uno,2020-05-20,2020-05-20", "uno,2020-05-20,2020-05-25"),
        "departures": None,
    }
    _, notices = folder.read(small_folder(tmp_path, **settings, **later))
    assert [(n.file, n.column) for n in notices] == [("scenario.toml", "as_of")]


def test_a_group_that_leaves_after_the_horizon_is_told(tmp_path: Path) -> None:
    later = replaced("groups.csv", "uno,2020-05-20,2020-05-20", "uno,2020-07-20,2020-05-20")
    _, notices = folder.read(small_folder(tmp_path, **later))
    assert [(n.file, n.column) for n in notices] == [("groups.csv", "departs")]


def test_what_is_no_plain_file_does_not_hang(tmp_path: Path) -> None:
    import os

    path = small_folder(tmp_path, reports=None)
    os.mkfifo(path / "reports.csv")
    (fault,) = faults_of(path)
    assert fault.file == "reports.csv"
