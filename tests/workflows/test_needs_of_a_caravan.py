"""Needs of the built-in caravan: what was known decides, few people are not told, and all files agree."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pytest

import safepassage as sp
from safepassage.adapters.needs_rows import listed_nights, towns_on
from safepassage.adapters.tables.needs_frame import to_polars
from safepassage.cli.main import status
from safepassage.cli.needs_table import print_needs, summary
from safepassage.core.aid_items import GUARDED_ITEMS
from safepassage.core.demographics import GroupCount
from safepassage.core.errors import InputError
from safepassage.core.logistics import Logistics, Supply
from safepassage.core.needs import COUNTED, NEED_LEVELS, Needs
from safepassage.core.outcomes import FEWEST_TOLD_PEOPLE
from safepassage.core.scenario import Scenario
from safepassage.core.units_of_aid import rounded_up
from safepassage.workflows.needs import NeedsAsk, NeedsRun, copy_profile, needs, opened
from safepassage.workflows.new import copy_builtin

AS_OF = date(2018, 10, 20)
MEMBERS = 60


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return sp.load("honduras-2018-10")


def made(scenario: Scenario, ask: NeedsAsk | None = None, as_of: date = AS_OF) -> NeedsRun:
    return needs(scenario, ask or NeedsAsk(horizon=4), as_of=as_of, members=MEMBERS)


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> NeedsRun:
    return made(scenario)


def test_needs_are_those_of_the_very_forecast(scenario: Scenario, run: NeedsRun) -> None:
    assert run.needs.first == AS_OF + timedelta(days=1)
    assert run.needs.days == 4
    fc = sp.forecast(scenario, as_of=AS_OF, members=MEMBERS, days=4).forecast
    assert np.array_equal(fc.overnight, run.made.forecast.overnight)
    # Nobody is lost: people in towns and on the road are all reckoned with.
    there = run.needs.people["there"].whole[1]
    assert (there > 0).all()
    assert (run.needs.on_road == 0).all()


def test_quantiles_of_needs_are_those_of_the_members(run: NeedsRun) -> None:
    told = run.needs
    demand = told.demand(items=("water", "blanket", "family_links"), most=500)
    for k, item in enumerate(demand.items):
        every = np.quantile(demand.amount[..., k].astype(np.float64), NEED_LEVELS, axis=0)
        assert np.allclose(every, told.need(item)[:, :, demand.places], rtol=1e-4, atol=1e-3)
    assert demand.amount.shape == (MEMBERS, 4, len(demand.places), 3)
    assert {need.item.id for need in told.items} - set(told.demand().items) == GUARDED_ITEMS


def test_nothing_known_later_leaves_a_trace(scenario: Scenario, run: NeedsRun) -> None:
    later = AS_OF + timedelta(days=1)
    count = GroupCount(AS_OF, "women", 90.0, "%", None, later)
    supply = Supply("s", "parish", 0, "water", 1e6, AS_OF, None, later)
    ask = NeedsAsk(horizon=4, logistics=Logistics(supplies=(supply,)))
    again = made(replace(scenario, demographics=(*scenario.demographics, count)), ask).needs
    assert to_polars(again).equals(to_polars(run.needs))
    known = made(replace(scenario, demographics=(replace(count, published=AS_OF),))).needs
    assert known.by_id["menstrual_kit"].share == 0.9


def test_shares_counted_in_the_caravan_take_the_place_of_defaults(scenario: Scenario, run: NeedsRun) -> None:
    assert run.needs.by_id["menstrual_kit"].share == 0.25
    later = made(scenario, as_of=date(2018, 10, 23)).needs
    assert later.by_id["menstrual_kit"].share == pytest.approx(2234 / 7233)


def test_what_is_there_is_taken_off(scenario: Scenario, run: NeedsRun) -> None:
    place = run.needs.places_on(0)[0]
    supplies = (
        Supply("a", "parish", place, "water", 4000.0, AS_OF, None, AS_OF, per_day=True, illustrative=True),
        Supply("b", "parish", place, "food", 900.0, AS_OF, None, AS_OF, status="proposed"),
    )
    told = made(scenario, NeedsAsk(horizon=4, logistics=Logistics(supplies=supplies))).needs
    before, after = run.needs.need("water")[:, 0, place], told.gap("water", 0, place)
    members = told.demand(items=("water",), places=[place]).amount[:, 0, 0, 0]
    assert after[0] == pytest.approx(np.quantile(np.maximum(members - 4000.0, 0), NEED_LEVELS), rel=1e-5)
    assert after[1] == pytest.approx((members > 4000.0).mean())
    assert (after[0] <= before).all()
    row = next(r for r in towns_on(told, 0) if r.place == place).rows
    by_item = {r.item.id: r for r in row}
    assert (by_item["water"].there, by_item["food"].there, by_item["food"].offered) == (4000.0, 0.0, 900.0)
    assert by_item["shelter"].there is None
    assert any("ilustrativ" in line for line in told.illustrative)


def few(told: Needs, item: str, value: float | None) -> bool:
    need = told.by_id[item]
    return value is not None and value / need.per_person * need.share < FEWEST_TOLD_PEOPLE - 1e-6


def test_few_people_of_a_kind_are_told_nowhere(run: NeedsRun) -> None:
    told = run.needs
    of_kinds = [need.item.id for need in told.items if need.share < 1]
    assert {"menstrual_kit", "baby_food", *GUARDED_ITEMS} == set(of_kinds)
    rows = to_polars(told).filter(pl.col("item").is_in(of_kinds)).to_dicts()
    assert rows
    columns = [c for c in rows[0] if c.startswith(("need_", "if_many_", "gap_p"))]
    assert not [r for r in rows if any(few(told, r["item"], r[c]) for c in columns)]
    by_place = [r for r in rows if r["place"] is not None and r["item"] in GUARDED_ITEMS]
    assert all(r["be_ready"] and all(r[c] is None for c in columns) for r in by_place)
    assert all(r["chance_gap"] is None and r["there"] is None for r in by_place)


def test_no_output_counts_kinds_of_people_by_place(run: NeedsRun, tmp_path: Path) -> None:
    run.write(tmp_path)
    text = (tmp_path / "needs.geojson").read_text("utf-8")
    for word in ("woman_15_49", "pregnant_woman", "survivor_of_violence", "infant_under_2"):
        assert word not in text
        for sheet in (tmp_path / "towns").glob("*.html"):
            assert word not in sheet.read_text("utf-8")


def test_all_files_are_written_and_agree(run: NeedsRun, tmp_path: Path) -> None:
    paths = run.write(tmp_path)
    names = {"needs.parquet", "needs.xlsx", "needs.geojson", "report.html", "towns", "manifest.json"}
    assert set(paths) == names
    frame = pl.read_parquet(tmp_path / "needs.parquet")
    town = towns_on(run.needs, 0)[0]
    chosen = frame.filter(
        (pl.col("day") == run.needs.first) & (pl.col("place") == town.name) & (pl.col("item") == "water")
    ).to_dicts()[0]
    water = next(row for row in town.rows if row.item.id == "water")
    assert chosen["need_p95"] == pytest.approx(water.told.high)
    book = openpyxl.load_workbook(tmp_path / "needs.xlsx", read_only=True)
    assert book.sheetnames == [
        "README",
        "necesidades_needs",
        "totales_totals",
        "perfil_profile",
        "personas_people",
    ]
    listed = [row for row in book["necesidades_needs"].iter_rows(min_row=2, values_only=True)]
    assert len(listed) == frame.filter(pl.col("place").is_not_null()).height
    figures = list(book["perfil_profile"].iter_rows(min_row=2, values_only=True))
    assert all(row[10] for row in figures)
    book.close()
    features = json.loads((tmp_path / "needs.geojson").read_text("utf-8"))["features"]
    first = next(f for f in features if f["properties"]["name"] == town.name)
    night = first["properties"]["nights"][0]
    assert night["needs"]["water"]["need_p95"] == pytest.approx(water.told.high, abs=1e-2)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["needs"]["profile"] == "on-the-move"
    assert 'id="needs"' in (tmp_path / "report.html").read_text("utf-8")


def test_the_same_numbers_for_programs(run: NeedsRun) -> None:
    values = summary(run.needs)
    towns = [town for day in listed_nights(run.needs) for town in towns_on(run.needs, day)]
    assert len(values["towns"]) == len(towns)
    assert json.loads(json.dumps(values)) == values


def test_what_is_told_is_rounded_up_and_what_a_plan_takes_is_not(run: NeedsRun) -> None:
    told = run.needs
    place = towns_on(told, 0)[0].place
    for row in towns_on(told, 0)[0].rows:
        raw = told.told(row.item.id, 0, place)
        for value, exact in ((row.told.high, raw.high), (row.gap.high, None), (row.expected.middle, None)):
            assert value is None or value == rounded_up(value)
            assert exact is None or value == rounded_up(exact)
    assert {len(f"{value:.0f}".rstrip("0")) for value in to_polars(told)["need_p95"] if value} <= {1, 2, 3}
    water = told.demand(items=("water",)).amount
    assert (water != np.round(water, -1)).any()


def test_a_profile_in_the_folder_is_its_own_and_its_items_are_stored(tmp_path: Path) -> None:
    path = copy_builtin("ours", "honduras-2018-10", parent=tmp_path)
    copy_profile(None, path / "profile.csv")
    with (path / "profile.csv").open("a", encoding="utf-8") as profile:
        profile.write("sunscreen,1,bottle,10,person,once,,,,,assumption,,,,Bloqueador,Sunscreen,0.2\n")
    header = "holder,place,item,quantity,from\n"
    (path / "supplies.csv").write_text(f"{header}DIF,huixtla,Bloqueador,300,2018-10-20\n", encoding="utf-8")
    scenario = sp.load(path)
    chosen, there, _ = opened(str(path), scenario.network, None)
    assert chosen is not None
    assert [supply.item for supply in there.supplies] == ["sunscreen"]
    told = made(scenario, NeedsAsk(profile=chosen, horizon=4, logistics=there)).needs
    huixtla = scenario.network.places.ids.index("huixtla")
    assert told.covers["sunscreen", huixtla].there[0] == 300
    # A profile that is elsewhere lends its items for one run only.
    (path / "profile.csv").rename(tmp_path / "elsewhere.csv")
    assert opened(str(path), scenario.network, str(tmp_path / "elsewhere.csv"))[1] == there
    with pytest.raises(InputError, match=r"profile\.csv"):
        opened(str(path), scenario.network, None)


def test_no_figure_on_the_screen_is_cut(run: NeedsRun, capsys: pytest.CaptureFixture[str]) -> None:
    print_needs(run.needs)
    told = capsys.readouterr().out
    assert "NO PUBLICAR" in told
    assert not re.search(r"\w…", told)


def test_bits_are_repeated(scenario: Scenario, run: NeedsRun) -> None:
    again = made(scenario).needs
    for name in COUNTED:
        assert np.array_equal(again.people[name].by_place, run.needs.people[name].by_place)
    assert to_polars(again).equals(to_polars(run.needs))


@pytest.mark.parametrize(
    ("ask", "word"),
    [
        (NeedsAsk(profile="sphere"), "did you mean sphere-camp"),
        (NeedsAsk(weather="snow"), "mild, heat, cold"),
        (NeedsAsk(phase="any"), "first, later"),
        (NeedsAsk(horizon=0), "from 1 to 365"),
    ],
)
def test_mistakes_are_told(scenario: Scenario, ask: NeedsAsk, word: str) -> None:
    with pytest.raises(InputError, match=word):
        made(scenario, ask)


def test_demand_tells_what_cannot_be_given(run: NeedsRun) -> None:
    with pytest.raises(InputError, match="items of the profile"):
        run.needs.demand(items=("gold",))
    nobody = next(p for p in range(300) if not run.needs.people["there"].chance_any[:, p].any())
    with pytest.raises(InputError, match="were kept"):
        run.needs.demand(places=[nobody])


def test_the_command_prints_tomorrows_towns_and_one_object(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["needs", "--as-of", "2018-10-20", "--members", "40", "--horizon", "2", "--out", str(tmp_path)]
    assert status([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["towns"][0]["date"] == "2018-10-21"
    assert {"needs.xlsx", "report.html"} <= set(found["paths"])
    assert status([*words, "--profile", "nothing"]) == 2
    assert "sphere-camp" in capsys.readouterr().err
    assert status([*words, "--copy", str(tmp_path / "mine.csv"), "--profile", "cold-weather"]) == 0
    capsys.readouterr()
    assert status([*words, "--profile", str(tmp_path / "mine.csv")]) == 0
    told = capsys.readouterr().out
    assert told.index("2018-10-21") < told.index("2018-10-22")
    assert "NO PUBLICAR" in told


def test_a_displacement_crisis_has_the_needs_of_its_camps(tmp_path: Path) -> None:
    camps = sp.load(Path(__file__).parents[1] / "reference" / "flee_small")
    made = needs(camps, NeedsAsk(horizon=3), members=6)
    told = made.needs
    assert (told.profile.name, told.days) == ("sphere-camp", 3)
    town = towns_on(told, 0)[0]
    rows = {row.item.id: row for row in town.rows}
    # Nobody warns of 500 people here, and yet it is known what to reckon with.
    assert rows["water"].if_many.middle is None
    assert rows["water"].expected.middle == pytest.approx(15 * town.people.middle, rel=1e-6)
    camp = next(t for t in towns_on(told, 0) if told.network.places.capacity_people[t.place] > 0)
    shelter = next(row for row in camp.rows if row.item.id == "shelter")
    assert shelter.there == told.network.places.capacity_people[camp.place]
    made.write(tmp_path)
    assert (tmp_path / "needs.xlsx").is_file()


def test_a_run_that_is_kept_on_the_way_is_no_trouble() -> None:
    camps = sp.load(Path(__file__).parents[1] / "reference" / "flee_small")
    again = needs(camps, NeedsAsk(horizon=2), members=20, checkpoint_every_s=0.0)
    assert again.needs.days == 2
