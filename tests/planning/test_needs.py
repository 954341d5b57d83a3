"""Needs by hand: what a person counts for, what is there, and who is reckoned with on which night."""

from datetime import date, timedelta

import numpy as np
import pytest

from safepassage.core.aid_items import items_by_id
from safepassage.core.demographics import Share
from safepassage.core.engine import DayView, GroupView
from safepassage.core.errors import InputError
from safepassage.core.logistics import Logistics, Request, Supply
from safepassage.core.needs import FIRST, NEED_LEVELS, NEW, THERE, Figure, ItemNeed, Profile
from safepassage.core.network import Places
from safepassage.core.scenario import Event
from safepassage.planning import needs_observer
from safepassage.planning.needs import item_need, item_needs
from safepassage.planning.needs_observer import NeedsObserver, at_towns
from safepassage.planning.needs_stores import Stores, stores_of

START = date(2020, 5, 20)
SHARES = {
    "household": Share("household", 4.0, 3.0, 5.0, "assumption", ""),
    "woman_15_49": Share("woman_15_49", 0.25, 0.2, 0.3, "assumption", ""),
}


def figure(item: str, value: float, **change: object) -> Figure:
    given: dict[str, object] = {
        "low": value,
        "high": value,
        "unit": items_by_id()[item].unit,
        "per_count": 1.0,
        "per_whom": "person",
        "per_time": "day",
        "phase": "any",
        "weather": "any",
        "basis": "assumption",
        "source": "",
    }
    return Figure(item=item, value=value, **(given | change))  # type: ignore[arg-type]


def need(item: str, value: float, **change: object) -> ItemNeed:
    return item_need(items_by_id()[item], [figure(item, value, **change)], SHARES)


def test_a_person_counts_for_what_the_lines_say() -> None:
    assert need("toilet", 1, per_count=50).per_person == pytest.approx(0.02)
    assert need("hygiene_kit", 1, per_whom="household").per_person == pytest.approx(0.25)
    assert need("hygiene_kit", 1, per_time="month").per_person == pytest.approx(1 / 30)
    kits = need("menstrual_kit", 2, per_whom="woman_15_49", per_time="once")
    assert (kits.per_person, kits.share, kits.counted) == (pytest.approx(0.5), 0.25, FIRST)
    assert need("family_links", 1, per_time="stay").counted == NEW
    assert need("pregnancy_care", 1).guarded
    assert not kits.guarded


def test_what_rests_on_endangered_people_is_guarded_whatever_it_is_called() -> None:
    shares = {"pregnant_woman": Share("pregnant_woman", 0.02, 0.01, 0.04, "assumption", "")}
    line = figure("food", 1, per_whom="pregnant_woman")
    assert item_need(items_by_id()["food"], [line], shares).guarded


def test_lines_of_one_item_add_up_where_they_hold() -> None:
    lines = (
        figure("water", 3, weather="mild", low=2.5),
        figure("water", 6, weather="heat", low=5),
        figure("water", 2, high=6),
        figure("toilet", 1, per_count=50, phase="first"),
        figure("toilet", 1, per_count=20, phase="later"),
    )
    profile = Profile("p", lines)
    heat = {n.item.id: n for n in item_needs(profile, SHARES, phase="first", weather="heat")}
    mild = {n.item.id: n for n in item_needs(profile, SHARES, phase="later", weather="mild")}
    assert (heat["water"].per_person, heat["water"].low, heat["water"].high) == (8, 7, 12)
    assert (mild["water"].per_person, mild["water"].low, mild["water"].high) == (5, 4.5, 9)
    assert heat["toilet"].per_person == pytest.approx(0.02)
    assert mild["toilet"].per_person == pytest.approx(0.05)


def test_a_profile_in_which_nothing_holds_says_so() -> None:
    with pytest.raises(InputError, match="weather"):
        item_needs(Profile("p", (figure("water", 3, weather="cold"),)), SHARES, phase="first", weather="heat")


def test_stock_is_used_up_and_what_serves_again_is_not() -> None:
    stores = Stores(START, 3)
    stores.add_daily("water", 0, 100.0, None, None)
    stores.add_stock("water", 0, 500.0, START, None)
    stores.add_stock("water", 0, 50.0, START, START)
    want = np.array([0.0, 120.0, 400.0])
    assert stores.used(("water", 0), 0, want).tolist() == [650, 650, 650]
    # What ends tonight went first: 20 of it, or all of it and 250 of the rest; then it is gone.
    assert stores.used(("water", 0), 1, want).tolist() == [600, 600, 350]
    assert stores.used(("water", 0), 2, want).tolist() == [600, 580, 100]


def test_members_that_are_copied_take_their_stock_along() -> None:
    stores = Stores(START, 2)
    stores.add_stock("water", 0, 100.0, START, None)
    stores.used(("water", 0), 0, np.array([0.0, 60.0]))
    stores.taken(np.array([1, 1]))
    assert stores.used(("water", 0), 1, np.zeros(2)).tolist() == [40, 40]


def places(capacity: list[int]) -> Places:
    n = len(capacity)
    return Places(
        ids=tuple(f"p{k}" for k in range(n)),
        names=tuple(f"P{k}" for k in range(n)),
        countries=("MX",) * n,
        admin1=("",) * n,
        lat=np.zeros(n),
        lon=np.zeros(n),
        kinds=("town",) * n,
        population=np.full(n, -1),
        capacity_people=np.array(capacity),
        shelters=("",) * n,
        sources=("",) * n,
    )


def event(kind: str, place: int, value: float, day: int, until: int | None) -> Event:
    end = None if until is None else START + timedelta(days=until)
    when = START + timedelta(days=day)
    return Event(when, end, None, when, "", kind, place, None, None, "", value, "")


def test_what_is_there_is_gathered_by_status() -> None:
    def supply(key: str, item: str, quantity: float, **change: object) -> Supply:
        given = {"since": START, "until": None, "announced": START} | change
        return Supply(key, "parish", 1, item, quantity, **given)  # type: ignore[arg-type]

    supplies = (
        supply("a", "shelter", 30.0),
        supply("b", "food", 200.0, per_day=True),
        supply("c", "food", 500.0, status="proposed"),
        supply("d", "food", 900.0, status="refused"),
        supply("e", "food", 900.0, status="sent"),
    )
    request = Request("r", 1, "food", 70.0, START, START, START)
    stores = stores_of(
        places([40, -1]),
        [event("shelter_opened", 1, 100, 1, 1), event("shelter_closed", 0, 60, 2, None)],
        Logistics(supplies=supplies, requests=(request,)),
        first=START,
        days=3,
    )
    none = np.zeros(1)
    assert [stores.used(("shelter", 0), d, none)[0] for d in range(3)] == [40, 40, 0]
    assert [stores.used(("shelter", 1), d, none)[0] for d in range(3)] == [30, 130, 30]
    assert [stores.used(("food", 1), d, none)[0] for d in range(3)] == [200, 200, 200]
    assert stores.offered["food", 1].tolist() == [500, 500, 500]
    assert stores.requested["food", 1].tolist() == [70, 0, 0]


def view(stock: list[list[int]], on_road: list[int] | None = None) -> DayView:
    return DayView(np.array(stock), np.array(on_road or [0] * len(stock)))


def watched(views: list[DayView], items: list[ItemNeed], stores: Stores | None = None) -> NeedsObserver:
    """Show a day before, and the others from day 0 on."""
    days = len(views) - 1
    observer = NeedsObserver(
        first=1,
        days=days,
        places=views[0].stock.shape[1],
        threshold_people=100,
        items=items,
        stores=stores or Stores(START, days),
    )
    for day, evening in enumerate(views):
        observer.see(day, evening)
    return observer


WALK = [
    view([[500, 0, 0], [300, 0, 0]]),
    view([[0, 500, 0], [100, 200, 0]]),
    view([[0, 200, 300], [0, 300, 0]]),
]


def test_who_is_there_who_came_and_who_is_reckoned_for_the_first_time() -> None:
    kept = watched(WALK, [need("water", 5)]).kept()
    order = np.argsort(kept.places)
    there, new, first = (kept.counted(name)[:, :, order] for name in (THERE, NEW, FIRST))
    assert there[0].tolist() == [[0, 500, 0], [0, 200, 300]]
    assert new[0].tolist() == [[0, 500, 0], [0, 0, 300]]
    assert new[1].tolist() == [[0, 200, 0], [0, 100, 0]]
    # On the first night everybody, and nobody twice.
    assert first[0].tolist() == [[0, 500, 0], [0, 0, 0]]
    assert first[1].tolist() == [[100, 200, 0], [0, 0, 0]]


def test_who_joins_later_is_reckoned_when_they_come() -> None:
    joined = [*WALK[:2], view([[0, 0, 800], [0, 300, 0]])]
    kept = watched(joined, [need("water", 5)]).kept()
    column = kept.places.tolist().index(2)
    assert kept.counted(FIRST)[0, 1, column] == pytest.approx(300)


def test_quantiles_are_those_of_the_members() -> None:
    rng = np.arange(40 * 4 * 3).reshape(4, 40, 3)
    stocks = (rng * 7919) % 613
    views = [view(day.tolist(), [int(x) for x in day[:, 0] % 50]) for day in stocks]
    observer = watched(views, [need("water", 5)])
    there = observer.people()[THERE]
    for day in range(3):
        members = stocks[day + 1].astype(float)
        assert np.allclose(there.by_place[:, day], np.quantile(members, NEED_LEVELS, axis=0))
        assert np.allclose(there.chance_any[day], (members > 0).mean(axis=0))
        assert np.allclose(there.chance_many[day], (members >= 100).mean(axis=0))
        for place in range(3):
            many = members[members[:, place] >= 100, place]
            assert np.allclose(there.if_many[:, day, place], np.quantile(many, NEED_LEVELS))
        whole = members.sum(axis=1) + stocks[day + 1][:, 0] % 50
        assert np.allclose(there.whole[:, day], np.quantile(whole, NEED_LEVELS))


def test_the_gap_and_its_chances_by_hand() -> None:
    stores = Stores(START, 2)
    stores.add_stock("water", 1, 1500.0, START, None)
    cover = watched(WALK, [need("water", 5)], stores).covers["water", 1]
    # Member 0 needs 2,500 L, then 1,000; member 1 needs 1,000, then 1,500, with 500 left.
    assert cover.gap[:, 0] == pytest.approx(np.quantile([1000.0, 0.0], NEED_LEVELS))
    assert cover.gap[:, 1] == pytest.approx(np.quantile([1000.0, 1000.0], NEED_LEVELS))
    assert cover.chance_gap.tolist() == [0.5, 1.0]
    assert cover.chance_large.tolist() == [0.5, 1.0]  # 100 people need 500 L
    assert cover.there.tolist() == [1500.0, 250.0]


def test_just_enough_lacks_nothing() -> None:
    stores = Stores(START, 2)
    stores.add_daily("water", 1, 2500.0, None, None)
    cover = watched(WALK, [need("water", 5)], stores).covers["water", 1]
    assert cover.chance_gap.tolist() == [0.0, 0.0]


def test_people_on_the_road_are_reckoned_with_at_the_town_they_passed() -> None:
    def groups(beyond: list[float], size: list[int], place: list[int]) -> GroupView:
        flat, n = np.zeros((1, len(size))), np.array([size])
        zero = np.zeros_like(n)
        return GroupView(
            flat, flat, np.array([place]), np.array([beyond]), n, zero.astype(np.int8), n > 0, zero, zero
        )

    evening = DayView(np.array([[0, 90, 0]]), np.array([60]), groups=groups([0.0, 12.0], [90, 60], [1, 2]))
    stock, road = at_towns(evening)
    assert (stock.tolist(), road.tolist()) == ([[0, 90, 60]], [0])
    # Nobody is beyond a town: it is the tail of both bodies that sleeps on the road.
    evening = DayView(np.array([[0, 90, 0]]), np.array([60]), groups=groups([0.0, 0.0], [100, 50], [1, 2]))
    assert at_towns(evening)[0].tolist() == [[0, 130, 20]]
    evening = DayView(np.array([[0, 90, 0]]), np.array([60]))
    stock, road = at_towns(evening)
    assert (stock.tolist(), road.tolist()) == ([[0, 90, 0]], [60])


def test_members_are_kept_of_as_many_places_as_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = watched(WALK, [need("water", 5)]).kept()
    assert sorted(whole.places.tolist()) == [0, 1, 2]
    monkeypatch.setattr(needs_observer, "MOST_KEPT_BYTES", 2 * 2 * 8)
    few = watched(WALK, [need("water", 5)]).kept()
    # Only what is whole on every evening is given: the town in the middle, which had most people on both.
    assert few.places.tolist() == [1]
    assert few.there[:, :, 0].tolist() == whole.there[:, :, whole.places.tolist().index(1)].tolist()


def test_copied_members_take_their_past_along() -> None:
    observer = NeedsObserver(
        first=1, days=2, places=3, threshold_people=100, items=[need("water", 5)], stores=Stores(START, 2)
    )
    observer.see(0, WALK[0])
    observer.see(1, WALK[1])
    observer.taken(np.array([1, 1]))
    observer.see(2, view([[0, 300, 0], [0, 300, 0]]))
    kept = observer.kept()
    column = kept.places.tolist().index(1)
    assert kept.there[:, :, column].tolist() == [[200, 300], [200, 300]]
    assert kept.new[:, 1, column].tolist() == [100, 100]
