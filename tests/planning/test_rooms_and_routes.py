"""Room to sleep as supplies of its own town, and the towns that a drive passes."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from planning.small_problems import START, carrier, line_of, problem
from safepassage.core.network import Network
from safepassage.core.plan import Dispatch
from safepassage.core.scenario import Event
from safepassage.planning.rooms import ROOM, rooms
from safepassage.planning.routes import routes_of


def with_room(network: Network, people: list[int]) -> Network:
    """Give towns that have so many places to sleep; -1: not known."""
    return Network(replace(network.places, capacity_people=np.array(people)), network.links)


def closure(place: int) -> Event:
    return Event(START, START, None, START, "told", "closure", place, None, None, "", None, "a paper")


def test_known_room_serves_its_own_town_every_night():
    network = with_room(line_of([50, 50]), [-1, 300, 0])
    (one,) = rooms(network.places, (), first=START, days=3)
    assert (one.place, one.item, one.quantity, one.local, one.per_day) == (1, "shelter", 300, True, True)
    assert (one.since, one.until) == (START, START + timedelta(days=2))
    assert one.id.startswith(ROOM)


def drive(key, store, place, *, day=0, who="c-1") -> Dispatch:
    leave = START + timedelta(days=day)
    return Dispatch(key, who, 1, store, place, leave, 6.0, leave, 8.0, 4.0, 100.0, ())


def test_a_drive_goes_from_home_to_the_store_and_on():
    given = problem(line_of([50, 50, 50]), np.ones((1, 2, 4)), [], [carrier(1)])
    found = routes_of(given, (drive("a", 0, 3), drive("b", 1, 1), drive("c", 0, 2, who="gone")))
    assert found == {"a": (1, 0, 1, 2, 3), "b": (1,), "c": ()}


def test_a_closed_town_is_not_driven_through_on_that_day():
    given = problem(line_of([50, 50]), np.ones((1, 2, 3)), [], [carrier(0)])
    closed = replace(given, events=(closure(1),))
    ways = routes_of(closed, (drive("a", 0, 2, who="c-0"), drive("b", 0, 1, who="c-0")))
    assert ways["a"] == ()
    assert ways["b"] == (0, 1)
    assert routes_of(closed, (drive("c", 0, 2, day=1, who="c-0"),))["c"] == (0, 1, 2)
