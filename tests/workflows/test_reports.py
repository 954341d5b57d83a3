"""Reports of a scenario folder: taken in, reviewed, believed once accepted, gone when deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from safepassage.adapters import folder
from safepassage.core.errors import InputError
from safepassage.core.report import Proposal, Report, report_key
from safepassage.workflows.forecast import forecast
from safepassage.workflows.load import load, load_with_notices
from safepassage.workflows.load_reports import told
from safepassage.workflows.manifest import scenario_checksum
from safepassage.workflows.new import NewCaravan, copy_builtin, new
from safepassage.workflows.report_words import TypedReport, people_of, typed
from safepassage.workflows.reports import (
    Agreement,
    Desk,
    adopt,
    agreed_figures,
    delete,
    export,
    listing,
    open_desk,
    review,
    scenario_folder,
    take_in,
)

DEPARTS = date(2026, 3, 15)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    new(NewCaravan("march", DEPARTS, "2000-3000", origin="San Pedro Sula", to=("Tijuana",)))
    return open_desk("march")


def seen(
    desk: Desk, town: str = "esquipulas", low: float = 2400.0, nights: int = 2, **changed: object
) -> Report:
    day = DEPARTS + timedelta(days=nights)
    place = desk.ids.index(town)
    made = Report(day, day, "made up", place, "position", low, low, "main", "exact", "a paper")
    return replace(made, **changed)  # type: ignore[arg-type]


def proposed(*reports: Report) -> list[Proposal]:
    return [Proposal(report, f"made up, row {number}") for number, report in enumerate(reports, start=2)]


def test_only_what_was_accepted_is_part_of_the_scenario(desk: Desk) -> None:
    good, bad, undecided = (seen(desk, low=float(low)) for low in (2400, 9000, 500))
    keys = take_in(desk, proposed(good, bad, undecided)).added.new
    assert load("march").reports == desk.scenario.reports
    review(desk, accept=[keys[0]], reject=[keys[1][:6]], reason="another caravan")
    assert load("march").reports == (*desk.scenario.reports, good)
    assert [row.entry.status for row in listing(desk)].count("proposed") == 1


def test_what_the_table_has_already_is_not_added(desk: Desk) -> None:
    report = seen(desk)
    text = folder.folder_texts(replace(desk.scenario, reports=(report,)))["reports.csv"]
    (desk.path / "reports.csv").write_text(text, encoding="utf-8")
    again = open_desk("march")
    taken = take_in(again, proposed(report), accept=True)
    assert (taken.added.new, len(taken.in_table)) == ((), 1)
    assert load("march").reports == (report,)


def test_a_report_in_both_is_taken_once(desk: Desk) -> None:
    report = seen(desk)
    take_in(desk, proposed(report), accept=True)
    text = folder.folder_texts(replace(desk.scenario, reports=(report,)))["reports.csv"]
    (desk.path / "reports.csv").write_text(text, encoding="utf-8")
    assert load("march").reports == (report,)


def test_an_agreement_may_be_entered_later_than_it_was_made_but_not_earlier(desk: Desk) -> None:
    adopt(desk, Agreement(2500, "between both", "shelter cluster", agreed=DEPARTS))
    assert [figure.agreed for figure in load("march").known_by(DEPARTS).agreed] == [DEPARTS]
    with pytest.raises(InputError, match="yet to come"):
        adopt(desk, Agreement(2500, "between both", "shelter cluster", agreed=date(2199, 1, 1)))


def test_the_gate_of_time_cuts_the_reports_and_agreed_figures_of_the_store(desk: Desk) -> None:
    early, late = seen(desk), seen(desk, nights=4, town="chiquimula")
    take_in(desk, proposed(early, late), accept=True)
    adopt(desk, Agreement(2500, "between both", "shelter cluster", "Esquipulas", early.observed))
    scenario = load("march")
    assert len(scenario.agreed) == 1
    known = scenario.known_by(early.published)
    assert known.reports == (early,)
    assert known.agreed == tuple(row for row in scenario.agreed if row.agreed <= early.published)
    assert scenario.known_by(scenario.agreed[0].agreed - timedelta(days=1)).agreed == ()


def test_deleting_a_report_and_running_again_gives_the_bits_of_never_having_had_it(
    desk: Desk, tmp_path: Path
) -> None:
    first, again, other = (
        seen(desk),
        seen(desk, source="another paper", published=DEPARTS + timedelta(days=3)),
        seen(desk, source="a third paper", published=DEPARTS + timedelta(days=4)),
    )
    closed = seen(desk, kind="closure", low=None, high=None, nights=1)
    take_in(desk, proposed(again, other), accept=True)
    without = load("march")
    keys = take_in(desk, proposed(first, closed), accept=True).added.new
    assert scenario_checksum(load("march")) != scenario_checksum(without)
    for key in keys:
        delete(desk, key)
    after = load("march")
    assert scenario_checksum(after) == scenario_checksum(without)
    one, two = (
        forecast(s, members=20, days=4, as_of=DEPARTS + timedelta(days=5)).forecast for s in (after, without)
    )
    assert one.overnight.tobytes() == two.overnight.tobytes()


def test_what_repeats_an_accepted_report_is_linked_to_it(desk: Desk) -> None:
    first = seen(desk, source_kind="official")
    copy = seen(desk, source="another paper", published=first.published + timedelta(days=1))
    organisers = seen(desk, low=9000.0, source_kind="organiser")
    taken = take_in(desk, proposed(copy, organisers, first))
    original = report_key(first, desk.ids)
    assert taken.repeats == {report_key(copy, desk.ids): original}
    review(desk, accept=taken.added.new)
    linked = {report.source: report.copied_from for report in load("march").reports if report.low == 2400.0}
    assert linked == {"a paper": "", "another paper": original}
    (row,) = [row for row in listing(desk) if row.entry.key == original]
    assert row.repeated_by == (report_key(copy, desk.ids),)
    review(desk, reject=[original])
    assert {report.copied_from for report in load("march").reports} == {""}


def test_a_report_of_a_closure_closes_the_way_from_its_publication_on(desk: Desk) -> None:
    road = (desk.ids.index("agua-caliente"), desk.ids.index("esquipulas"))
    day = DEPARTS + timedelta(days=3)
    closed = Report(day, day, "made up", road[0], "closure", None, None, "main", "exact", "a paper")
    closed = replace(closed, to_place=road[1])
    take_in(desk, proposed(closed), accept=True)
    (event,) = [event for event in load("march").events if event.kind == "closure"]
    assert (event.link, event.announced, event.until) == (road, day, None)
    assert load("march").known_by(day - timedelta(days=1)).events == ()


def test_events_that_were_written_out_are_not_told_twice(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, proposed(seen(desk, kind="shelter_opened", low=300.0)), accept=True)
    loaded = load("march")
    folder.write(replace(loaded, agreed=()), tmp_path / "written")
    again = load(tmp_path / "written")
    assert (len(again.events), again.reports) == (len(loaded.events), loaded.reports)


def test_a_further_report_ends_a_closure_sooner_and_tells_nothing_twice(desk: Desk) -> None:
    def way(kind: str, nights: int, known: int) -> Report:
        published = DEPARTS + timedelta(days=known)
        return seen(desk, kind=kind, low=None, high=None, nights=nights, published=published)

    closed, late, soon = way("closure", 1, 1), way("reopening", 4, 9), way("reopening", 6, 6)
    one = told(replace(desk.scenario, reports=(closed, late)))
    both = told(replace(one, reports=(closed, late, soon)))
    assert both.events == told(replace(desk.scenario, reports=(closed, late, soon))).events
    assert told(both) == both
    assert [e.until for e in both.events if e.kind == "closure"] == [soon.observed - timedelta(days=1)]


def test_a_report_of_a_place_that_is_gone_is_left_out_and_told(desk: Desk) -> None:
    taken = take_in(desk, proposed(seen(desk)), accept=True)
    text = folder.folder_texts(desk.scenario)["scenario.toml"]
    places = "id,name,country,lat,lon\na,A,XX,0,0\nb,B,XX,0,1\n"
    (desk.path / "places.csv").write_text(places, encoding="utf-8")
    (desk.path / "links.csv").write_text("from,to,distance_km\na,b,120\n", encoding="utf-8")
    (desk.path / "scenario.toml").write_text(text.replace('network = "mesoamerica"\n', ""), encoding="utf-8")
    groups = f"group,departs,announced,people_low,people_high,origin\ng,{DEPARTS},{DEPARTS},500,900,a\n"
    (desk.path / "groups.csv").write_text(groups, encoding="utf-8")
    ends = f"group,place,weight,announced\ng,b,1,{DEPARTS}\n"
    (desk.path / "destinations.csv").write_text(ends, encoding="utf-8")
    for file in ("routes.csv", "joiners.csv", "reports.csv"):
        (desk.path / file).unlink(missing_ok=True)
    scenario, notices = load_with_notices("march")
    assert scenario.reports == ()
    assert taken.added.new[0] in str(notices[-1])


def test_a_built_in_cannot_take_reports_and_the_error_says_what_to_do(desk: Desk) -> None:
    with pytest.raises(InputError, match="safepassage new my-case --copy honduras-2018-10"):
        open_desk("honduras-2018-10")
    copy_builtin("my-case", "honduras-2018-10")
    mine, builtin = open_desk("my-case").scenario, folder.open_builtin("honduras-2018-10")
    assert mine.reports == builtin.reports
    assert mine.name == "my-case"


@pytest.mark.parametrize("where", ["nowhere", "a\x00b", "x" * 5000, None])
def test_where_there_is_no_scenario_folder_one_fault_says_so(desk: Desk, where: str | None) -> None:
    with pytest.raises(InputError, match="scenario folder"):
        scenario_folder(where)


def test_the_working_directory_may_be_the_scenario(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.path)
    assert open_desk().scenario.name == "march"


@pytest.mark.parametrize("name", ["../x", "", "honduras-2018-10", "march"])
def test_a_copy_needs_a_name_of_its_own(desk: Desk, name: str) -> None:
    with pytest.raises(InputError):
        copy_builtin(name, "honduras-2018-10")
    with pytest.raises(InputError, match="a built-in scenario"):
        copy_builtin("fresh", "nothing")


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("3000-5000", (3000.0, 5000.0)),
        ("3,000 – 5,000", (3000.0, 5000.0)),
        ("7.233", (7233.0, 7233.0)),
        ("1000+", (1000.0, None)),
        ("0-500", (0.0, 500.0)),
        ("-5", None),
        ("nan", None),
        ("1e9", None),
        ("1.5", None),
        ("many", None),
        ("=1+1", None),
        ("9" * 40, None),
        ("٣٠٠", None),
    ],
)
def test_people_are_read_as_they_are_typed(text: str, figure: tuple[float, float | None] | None) -> None:
    assert people_of(text) == figure


def test_a_typed_report_is_read_with_families_times_their_size(desk: Desk) -> None:
    words = TypedReport("position", "Esquipulas", families="200-300", family_size=4.5, observed=DEPARTS)
    report = typed(desk, replace(words, published=DEPARTS), today=DEPARTS).report
    assert (report.low, report.high, report.unit, report.unit_people) == (900.0, 1350.0, "families", 4.5)


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({"place": "Nowhere"}, "--place"),
        ({"place": "Escuintla"}, "--place"),
        ({"to_place": "Nowhere"}, "--to-place"),
        ({"people": "many"}, "--people"),
        ({"families": "200"}, "--family-size"),
        ({"families": "200", "family_size": 4.0, "people": "900"}, "--families"),
        ({"kind": "gossip"}, "--kind"),
        ({"segment": "middle"}, "--segment"),
        ({"source_kind": "rumour"}, "--source-kind"),
        ({"group": "another"}, "--group"),
        ({"published": DEPARTS + timedelta(days=1)}, "--published"),
        ({"observed": DEPARTS + timedelta(days=1)}, "--observed"),
    ],
    ids=str,
)
def test_what_is_typed_wrong_is_told_by_its_option(
    desk: Desk, changed: dict[str, object], option: str
) -> None:
    words = replace(TypedReport("position", "Esquipulas"), **changed)  # type: ignore[arg-type]
    with pytest.raises(InputError) as raised:
        typed(desk, words, today=DEPARTS)
    assert option in [fault.file for fault in raised.value.faults]


def test_keys_may_be_shortened_while_they_begin_one_only(desk: Desk) -> None:
    keys = take_in(desk, proposed(*(seen(desk, low=float(n)) for n in range(1, 200)))).added.new
    with pytest.raises(InputError, match="4 or more letters"):
        review(desk, accept=[keys[0][:3]])
    with pytest.raises(InputError, match="both accepted and rejected"):
        review(desk, accept=[keys[0]], reject=[keys[0]])
    assert not [row for row in listing(desk) if row.entry.status != "proposed"]


def test_agreed_figures_are_listed_with_their_keys_and_deleted_by_them(desk: Desk) -> None:
    key = adopt(desk, Agreement(2500, "between both", "shelter cluster", group="caravan"))
    ((told, place, figure),) = agreed_figures(desk)
    assert (told, place, figure.people, figure.place) == (key, "", 2500.0, -1)
    delete(desk, key[:5])
    assert agreed_figures(desk) == ()


def test_an_export_never_writes_over_a_table_of_the_scenario(desk: Desk) -> None:
    take_in(desk, proposed(seen(desk)), accept=True)
    before = {path.name: path.read_bytes() for path in desk.path.iterdir()}
    with pytest.raises(InputError, match="not overwritten"):
        export(desk, desk.path / "reports.csv")
    with pytest.raises(InputError, match="ends in"):
        export(desk, desk.path / "reports.sqlite")
    assert {path.name: path.read_bytes() for path in desk.path.iterdir()} == before
