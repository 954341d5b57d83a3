"""Proposed drives answered by people, and planned around: what is decided stays, once and not twice."""

import csv
import shutil
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from safepassage.adapters import dispatches, folder
from safepassage.core.errors import InputError
from safepassage.core.plan import KEPT, Dispatch, Load, PlanRules
from safepassage.workflows.check import check
from safepassage.workflows.dispatches import (
    Answered,
    DispatchDesk,
    change,
    decide,
    deliver,
    look_at_dispatches,
    open_dispatches,
)
from safepassage.workflows.load import load
from safepassage.workflows.load_dispatches import load_dispatches
from safepassage.workflows.load_logistics import load_logistics
from safepassage.workflows.needs import NeedsAsk
from safepassage.workflows.new import NewCaravan, copy_builtin, new
from safepassage.workflows.offers import keep, open_offers, understand
from safepassage.workflows.plan import PlanAsk, PlanRun, plan
from safepassage.workflows.reports import export, scenario_folder

AS_OF = date(2018, 10, 22)
NEXT = AS_OF + timedelta(days=1)
OFFERS = (
    "ayuntamiento de Huixtla, 3000 L de agua, 900 comidas al día, dos camionetas",
    "parroquia de Tapachula, 500 cobijas, 2 mil litros de agua, una camioneta",
    "Cruz Roja Arriaga, 5000 L agua, una camioneta de redilas",
)
HUIXTLA = "parroquia de Huixtla, 800 comidas, 20 garrafones, una camioneta, mañana de 6 a 14"


def offer(path: Path, line: str, day: date, status: str = "accepted") -> tuple[str, ...]:
    desk = open_offers(path)
    return keep(desk, understand(desk, line, day), status=status, as_of=day).ids


def planned(name: str | Path, day: date, *, places: int = 6) -> PlanRun:
    scenario = load(name)
    ask = PlanAsk(
        needs=NeedsAsk(logistics=load_logistics(name, scenario.network, as_of=day), horizon=3),
        rules=PlanRules(scenarios=2, time_limit_s=10.0),
        answered=load_dispatches(name, scenario.network, as_of=day),
        places=places,
        judged=0,
    )
    return plan(scenario, ask, as_of=day, members=10)


def proposed(path: Path, day: date, *, places: int = 6) -> PlanRun:
    """Plan, and put the proposals where people answer them."""
    run = planned(path, day, places=places)
    dispatches.write(
        path / "plan" / "dispatches.csv", run.plan.dispatches, run.problem.network.places.ids, as_of=day
    )
    return run


def by_id(run: PlanRun) -> dict[str, Dispatch]:
    return {one.id: one for one in run.plan.dispatches}


def rounded(one: Dispatch) -> Dispatch:
    """Give a drive as a file tells it."""
    hours = {name: round(getattr(one, name), 2) for name in ("leave_hour", "arrive_hour", "hours")}
    return replace(one, **hours, km=round(one.km, 1), people=0.0, sure=0.0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario with three offers and a plan, made once and copied for every test."""
    parent = tmp_path_factory.mktemp("made")
    wanted = NewCaravan("mine", AS_OF - timedelta(days=1), "3000-5000", at="Tapachula", to=("Tijuana",))
    path = new(wanted, parent=parent)
    for line in OFFERS:
        offer(path, line, AS_OF - timedelta(days=1))
    network = load(path).network
    dispatches.write(path / "plan" / "dispatches.csv", drives(path), network.places.ids, as_of=AS_OF)
    return path


def drives(path: Path) -> list[Dispatch]:
    """Give three drives as a plan might propose them: two rounds of one vehicle, and one of another."""
    network = load(path).network
    offered = load_logistics(path, network, as_of=None)
    huixtla, tapachula, comaltitlan = (
        network.places.ids.index(key) for key in ("huixtla", "tapachula", "villa-comaltitlan")
    )
    here = {one.place: one.id for one in offered.carriers}
    goods = {one.item: one.id for one in offered.supplies if one.place == huixtla}
    full = (Load("water", 730.0, goods["water"]), Load("food", 450.0, goods["food"]))
    some = (Load("water", 220.0, goods["water"]),)
    first = Dispatch(
        "1023-1", here[tapachula], 1, huixtla, tapachula, NEXT, 6.0, NEXT, 8.36, 3.36, 86.0, full
    )
    return [
        first,
        replace(first, id="1023-2", leave_hour=9.36, arrive_hour=11.72),
        Dispatch("1023-3", here[huixtla], 1, huixtla, comaltitlan, NEXT, 6.0, NEXT, 7.1, 2.2, 35.0, some),
    ]


@pytest.fixture
def mine(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    return Path("mine")


def ids_of(desk: DispatchDesk, *, carrier: str = "") -> list[str]:
    return [key for key, entry in desk.states().items() if entry.dispatch.carrier.startswith(carrier)]


def told(error: pytest.ExceptionInfo[InputError]) -> str:
    return str(error.value)


def rows(path: Path) -> list[dict[str, str]]:
    with (path / "dispatches.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_every_proposal_can_be_accepted_and_stays(mine: Path) -> None:
    before = proposed(mine, AS_OF)
    desk = open_dispatches(mine)
    ids = ids_of(desk)
    assert len(ids) == len(before.plan.dispatches) >= 2
    found = decide(desk, ids, "accepted", day=AS_OF)
    assert [entry.dispatch.status for entry in found.entries] == ["accepted"] * len(ids)
    again = planned(mine, AS_OF)
    kept = [one for one in again.plan.dispatches if one.status == "accepted"]
    assert [rounded(one) for one in kept] == [
        rounded(replace(one, status="accepted")) for one in before.plan.dispatches
    ]
    assert check(mine).counts["dispatches"] == len(ids)


def test_what_was_answered_later_is_not_known(mine: Path) -> None:
    decide(open_dispatches(mine), ["1023-1"], "accepted", day=NEXT)
    network = load(mine).network
    assert load_dispatches(mine, network, as_of=AS_OF) == ()
    assert [one.status for one in load_dispatches(mine, network, as_of=NEXT)] == ["accepted"]
    assert load_dispatches("honduras-2018-10", load("honduras-2018-10").network, as_of=None) == ()


def _taken(run: PlanRun) -> dict[tuple[str, date | None], float]:
    daily = {one.id for one in run.logistics.supplies if one.per_day}
    taken: dict[tuple[str, date | None], float] = {}
    for one in run.plan.dispatches:
        for goods in one.loads:
            key = (goods.supply, one.leave if goods.supply in daily else None)
            taken[key] = taken.get(key, 0.0) + goods.quantity
    return taken


def test_hours_and_goods_of_what_is_kept_are_not_used_twice(mine: Path) -> None:
    """Drives are delayed, so that new ones must go around them; a new report comes in between."""
    desk = open_dispatches(mine)
    huixtla = [key for key in ids_of(desk, carrier="huixtla")][:1]
    change(desk, huixtla[0], {"leave_hour": "9:00"}, day=AS_OF)
    tapachula = ids_of(open_dispatches(mine), carrier="tapachula")[0]
    decide(open_dispatches(mine), [tapachula], "accepted", day=AS_OF)
    decide(open_dispatches(mine), [tapachula], "sent", day=NEXT)
    with (mine / "reports.csv").open("a", encoding="utf-8") as table:
        table.write("2018-10-23,2018-10-23,made up,huixtla,position,2500,3500,main,approx,made up,\n")
    run = proposed(mine, NEXT)
    kept = {one.id: one for one in run.plan.dispatches if one.status in KEPT}
    assert set(kept) == {huixtla[0], tapachula}
    assert kept[tapachula].status == "sent"
    assert kept[huixtla[0]].leave_hour == 9.0
    supplies = {one.id: one.quantity for one in run.logistics.supplies}
    assert all(quantity <= supplies[key] + 1e-6 for (key, _), quantity in _taken(run).items())
    # Whatever is proposed beside them can be driven beside them: accepting holds it against every hour.
    desk = open_dispatches(mine)
    new_ones = [key for key, entry in desk.states().items() if entry.dispatch.status == "proposed"]
    assert new_ones
    decide(desk, new_ones, "accepted", day=NEXT)


def test_what_was_refused_is_not_proposed_again(mine: Path) -> None:
    desk = open_dispatches(mine)
    key = ids_of(desk, carrier="tapachula")[0]
    one = desk.states()[key].dispatch
    found = decide(desk, [key], "refused", day=AS_OF, reason="no hay chofer")
    assert (found.entries[0].reason, rows(mine)[0]["reason"]) == ("no hay chofer", "no hay chofer")
    again = planned(mine, AS_OF).plan.dispatches
    assert again
    assert not [x for x in again if (x.carrier, x.place, x.leave) == (one.carrier, one.place, one.leave)]


def test_an_offer_more_changes_the_list(mine: Path) -> None:
    before = planned(mine, AS_OF)
    ids = offer(mine, HUIXTLA, AS_OF)
    after = planned(mine, AS_OF)
    used = {load.supply for one in after.plan.dispatches for load in one.loads}
    assert used & set(ids)
    assert all(
        6.0 <= one.leave_hour and one.leave_hour + one.hours <= 14.0 + 1e-6
        for one in after.plan.dispatches
        if one.carrier in ids
    )
    assert after.plan.expected_unmet < before.plan.expected_unmet


def close(path: Path, announced: date) -> None:
    header = "date,until,hours,kind,place,to_place,link_from,link_to,countries,announced,source\n"
    text = f"2018-10-23,,,closure,,,huixtla,villa-comaltitlan,,{announced},made up\n"
    (path / "events.csv").write_text(header + text, encoding="utf-8")


def legs(run: PlanRun) -> set[frozenset[str]]:
    ids = run.problem.network.places.ids
    ways = run.story.routes.values()
    return {frozenset((ids[a], ids[b])) for way in ways for a, b in pairwise(way)}


def test_a_closed_road_is_not_driven_once_it_is_known(mine: Path) -> None:
    link = frozenset(("huixtla", "villa-comaltitlan"))
    before = planned(mine, AS_OF)
    assert link in legs(before)
    close(mine, NEXT)  # told a day too late for this plan
    assert planned(mine, AS_OF).plan.dispatches == before.plan.dispatches
    close(mine, AS_OF)
    after = planned(mine, AS_OF)
    assert link not in legs(after)
    assert after.plan.dispatches != before.plan.dispatches


def test_figures_are_changed_within_what_is_possible(mine: Path) -> None:
    desk = open_dispatches(mine)
    key, *_ = ids_of(desk, carrier="tapachula")
    before = desk.states()[key].dispatch
    found = change(desk, key, {"agua": "20 garrafones", "food": "0", "leave_hour": "7:30"}, day=AS_OF)
    after = found.entries[0].dispatch
    assert [(x.item, x.quantity) for x in after.loads] == [("water", 400.0)]
    assert (after.leave_hour, after.status) == (7.5, "accepted")
    assert after.arrive_hour - before.arrive_hour == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"water": "9000"}, "which the supplies there have left"),
        ({"water": "1500"}, "kg of goods"),
        ({"vehicles": "2"}, "1 to 1 of"),
        ({"leave_hour": "19"}, "back by 20:00"),
        ({"leave_hour": "5"}, "found 5:00"),
        ({"leave": "2018-10-01"}, "a day from 2018-10-21"),
        ({"water": "0", "food": "0", "blanket": "0"}, "something to bring"),
        ({"ors": "5"}, "supplies there have left"),
        ({"gold": "5"}, "an item such as water"),
        ({"water": "-5"}, "a quantity in L"),
        ({"water": "5 cobijas"}, "a word that counts water"),
        ({"vehicles": "none"}, "a whole number"),
        ({"leave_hour": "25"}, "an hour of the day"),
        ({"leave": "tomorrow"}, "a day such as"),
        ({"water@nobody": "5000"}, "a row of supplies.csv"),
        ({}, "NAME=VALUE"),
    ],
)
def test_impossible_figures_are_refused_and_nothing_is_written(
    mine: Path, changes: dict[str, str], words: str
) -> None:
    desk = open_dispatches(mine)
    with pytest.raises(InputError) as error:
        change(desk, ids_of(desk, carrier="tapachula")[0], changes, day=AS_OF)
    assert words in told(error)
    assert not (mine / "dispatches.csv").exists()


def test_what_is_on_the_road_is_only_delivered(mine: Path) -> None:
    desk = open_dispatches(mine)
    key = ids_of(desk, carrier="tapachula")[0]
    with pytest.raises(InputError, match="accept it first"):
        decide(desk, [key], "sent", day=NEXT)
    decide(desk, [key], "accepted", day=AS_OF)
    decide(open_dispatches(mine), [key], "sent", day=NEXT)
    for answer in ("refused", "withdrawn", "accepted"):
        with pytest.raises(InputError, match="on the road"):
            decide(open_dispatches(mine), [key], answer, day=NEXT)
    with pytest.raises(InputError, match="on the road"):
        change(open_dispatches(mine), key, {"water": "5"}, day=NEXT)
    with pytest.raises(InputError, match="which were sent"):
        deliver(open_dispatches(mine), [key], {"water": "2000"}, day=NEXT)
    found = deliver(open_dispatches(mine), [key], {"water": "700"}, day=NEXT)
    assert dict((x.item, x.quantity) for x in found.entries[0].dispatch.loads)["water"] == 700.0
    with pytest.raises(InputError, match="was delivered"):
        decide(open_dispatches(mine), [key], "withdrawn", day=NEXT)
    assert [row["status"] for row in rows(mine)] == ["accepted", "sent", "delivered"]
    # What came back is there for others.
    supplies = load_logistics(mine, load(mine).network, as_of=None).supplies
    assert any(x.supply == one.id for one in supplies for x in found.entries[0].dispatch.loads)


def test_days_go_forward(mine: Path) -> None:
    with pytest.raises(InputError, match="before 1023-1 was last decided upon"):
        decide(open_dispatches(mine), ["1023-1"], "accepted", day=AS_OF - timedelta(days=1))
    decide(open_dispatches(mine), ["1023-1"], "accepted", day=AS_OF)
    with pytest.raises(InputError, match="leaves"):
        deliver(open_dispatches(mine), ["1023-1"], day=AS_OF)


def test_a_case_of_the_past_keeps_days_of_its_time(mine: Path) -> None:
    assert decide(open_dispatches(mine), ["1023-1"], "accepted").entries[0].decided == AS_OF
    assert decide(open_dispatches(mine), ["1023-1"], "sent").entries[0].decided == NEXT


def test_several_are_answered_together_or_not_at_all(mine: Path) -> None:
    with pytest.raises(InputError) as error:
        decide(open_dispatches(mine), ["1023-1", "none", "1023-2", "1023-99"], "accepted", day=AS_OF)
    assert len(error.value.faults) == 2
    assert not (mine / "dispatches.csv").exists()
    assert decide(open_dispatches(mine), ["1023-1"], "accepted", day=AS_OF).unchanged == ()
    twice = decide(open_dispatches(mine), ["1023-1", "1023-1"], "accepted", day=AS_OF)
    assert (twice.unchanged, len(twice.entries), len(rows(mine))) == (("1023-1",), 1, 1)


def test_withdrawn_drives_free_what_they_held(mine: Path) -> None:
    before = planned(mine, AS_OF).plan.dispatches
    desk = open_dispatches(mine)
    key = ids_of(desk, carrier="tapachula")[0]
    decide(desk, [key], "accepted", day=AS_OF)
    decide(open_dispatches(mine), [key], "withdrawn", day=AS_OF)
    again = planned(mine, AS_OF).plan.dispatches
    assert key not in [one.id for one in again]
    assert [replace(one, id="") for one in again] == [replace(one, id="") for one in before]


def test_an_offer_nobody_has_answered_is_told(mine: Path) -> None:
    food, water, carrier = offer(mine, HUIXTLA, AS_OF, status="proposed")
    network = load(mine).network
    one = replace(drives(mine)[2], carrier=carrier, loads=(Load("water", 100.0, water),))
    dispatches.write(mine / "plan" / "dispatches.csv", [one], network.places.ids, as_of=AS_OF)
    found: Answered = decide(open_dispatches(mine), ["1023-3"], "accepted", day=AS_OF)
    assert found.unanswered == (carrier, water)
    assert food not in found.unanswered


def test_what_vanished_is_told_once_and_can_be_ended(mine: Path) -> None:
    decide(open_dispatches(mine), ["1023-1"], "accepted", day=AS_OF)
    carrier = rows(mine)[0]["carrier"]
    table = mine / "carriers.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(x for x in lines if not x.startswith(carrier)), encoding="utf-8")
    for act in (lambda: planned(mine, AS_OF), lambda: check(mine)):
        with pytest.raises(InputError) as error:
            act()
        assert len(error.value.faults) == 1
        assert carrier in told(error)
        assert "safepassage dispatch withdraw 1023-1" in told(error)
    decide(open_dispatches(mine), ["1023-1"], "withdrawn", day=AS_OF)
    assert "1023-1" not in by_id(planned(mine, AS_OF))
    with pytest.raises(InputError, match=carrier):
        decide(open_dispatches(mine), ["1023-1"], "accepted", day=AS_OF)


def test_a_supply_or_a_town_that_vanished_is_told(mine: Path) -> None:
    decide(open_dispatches(mine), ["1023-1"], "accepted", day=AS_OF)
    file = mine / "dispatches.csv"
    text = file.read_text(encoding="utf-8")
    for old, new_ in (("@huixtla", "@gone"), (",huixtla,", ",gone,")):
        file.write_text(text.replace(old, new_), encoding="utf-8")
        with pytest.raises(InputError, match="gone"):
            planned(mine, AS_OF)
        decide(open_dispatches(mine), ["1023-1"], "withdrawn", day=AS_OF)
        assert "1023-1" not in by_id(planned(mine, AS_OF))


def test_a_kept_drive_whose_offer_was_withdrawn_still_plans(mine: Path) -> None:
    desk = open_dispatches(mine)
    key = ids_of(desk, carrier="tapachula")[0]
    decide(desk, [key], "accepted", day=AS_OF)
    for file in ("carriers.csv", "supplies.csv"):
        text = (mine / file).read_text(encoding="utf-8")
        (mine / file).write_text(text.replace(",accepted,", ",withdrawn,"), encoding="utf-8")
    assert [one.id for one in planned(mine, AS_OF).plan.dispatches] == [key]
    assert any("withdrawn" in notice.expected for notice in check(mine).notices)


def test_the_table_keeps_its_own_columns_and_separator(mine: Path) -> None:
    decide(open_dispatches(mine), ["1023-1"], "accepted", day=AS_OF)
    file = mine / "dispatches.csv"
    head, row = file.read_text(encoding="utf-8").splitlines()
    own = f"{head},seen by\n{row},coordination\n"
    file.write_text(own, encoding="utf-8")
    decide(open_dispatches(mine), ["1023-1"], "sent", day=NEXT)
    written = file.read_text(encoding="utf-8").splitlines()
    assert written[:2] == own.splitlines()
    assert written[2].startswith("1023-1,sent,2018-10-23,")


def test_the_log_is_no_part_of_the_scenario_and_not_overwritten(mine: Path) -> None:
    decide(open_dispatches(mine), ["1023-1"], "accepted", day=AS_OF)
    before = (mine / "dispatches.csv").read_bytes()
    assert folder.read(mine)[1] == ()
    with pytest.raises(InputError, match="not overwritten"):
        export(mine, mine / "dispatches.csv")
    folder.write(load(mine), Path("again"))
    assert not Path("again/dispatches.csv").exists()
    assert (mine / "dispatches.csv").read_bytes() == before


def test_persons_in_a_reason_are_refused(mine: Path) -> None:
    with pytest.raises(InputError, match="no persons"):
        decide(open_dispatches(mine), ["1023-1"], "refused", day=AS_OF, reason="llamar a Sr. Juan Pérez")
    assert not (mine / "dispatches.csv").exists()


def test_the_plan_that_is_meant_can_be_named(mine: Path) -> None:
    shutil.move(mine / "plan", "elsewhere")
    assert open_dispatches(mine).states() == {}
    with pytest.raises(InputError, match="make a plan first"):
        decide(open_dispatches(mine), ["1023-1"], "accepted", day=AS_OF)
    assert "1023-1" in open_dispatches(mine, "elsewhere").states()
    with pytest.raises(InputError, match="folder of a plan"):
        open_dispatches(mine, "nowhere")


def test_a_built_in_is_looked_at_and_copied_to_be_answered(mine: Path) -> None:
    with pytest.raises(InputError, match="--copy honduras-2018-10"):
        open_dispatches("honduras-2018-10")
    assert look_at_dispatches("honduras-2018-10").log.entries == ()
    with pytest.raises(InputError, match="of your own"):
        scenario_folder("no-such-folder")


def test_two_drives_of_one_id_are_told_apart(mine: Path) -> None:
    decide(open_dispatches(mine), ["1023-1"], "accepted", day=AS_OF)
    text = (mine / "plan" / "dispatches.csv").read_text(encoding="utf-8")
    first, second = (
        text.splitlines()[1],
        next(line for line in text.splitlines() if ",huixtla-" in line.split("@")[0]),
    )
    assert first != second
    swapped = text.replace("1023-1,", "x,").replace(second.split(",")[0] + ",", "1023-1,")
    (mine / "plan" / "dispatches.csv").write_text(swapped, encoding="utf-8")
    with pytest.raises(InputError, match="one drive in the plan and another"):
        decide(open_dispatches(mine), ["1023-1"], "refused", day=AS_OF)


def test_the_built_in_is_planned_answered_and_planned_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = copy_builtin("october", "honduras-2018-10")
    day = date(2018, 10, 23)
    first = proposed(path, day, places=3)
    desk = open_dispatches(path)
    every = list(desk.states())
    decide(desk, every[::2], "accepted", day=day)
    decide(open_dispatches(path), every[1:4:2], "refused", day=day)
    again = proposed(path, day, places=3)
    kept = [one.id for one in again.plan.dispatches if one.status == "accepted"]
    assert kept == every[::2]
    refused = [by_id(first)[key] for key in every[1:4:2]]
    new_ones = [one for one in again.plan.dispatches if one.status == "proposed"]
    assert not {(x.carrier, x.place, x.leave) for x in refused} & {
        (x.carrier, x.place, x.leave) for x in new_ones
    }
    assert new_ones
    decide(open_dispatches(path), [one.id for one in new_ones], "accepted", day=day)


def test_loads_of_the_log_are_exact(mine: Path) -> None:
    first = proposed(mine, AS_OF).plan.dispatches[0]
    decide(open_dispatches(mine), [first.id], "accepted", day=AS_OF)
    (after,) = load_dispatches(mine, load(mine).network, as_of=AS_OF)
    assert after.loads == first.loads
    assert all(isinstance(one, Load) for one in after.loads)
