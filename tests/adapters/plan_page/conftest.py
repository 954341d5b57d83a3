"""Plans to tell: a small one of the caravan, one with answers and a hold, one of nothing, a hostile one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import safepassage as sp
from safepassage.core.logistics import Logistics
from safepassage.core.network import Network
from safepassage.core.plan_story import PlanStory
from safepassage.core.scenario import Event
from safepassage.workflows.load_logistics import load_logistics
from safepassage.workflows.needs import NeedsAsk
from safepassage.workflows.plan import PlanAsk, plan

AS_OF = date(2018, 10, 23)
NEAR = ("huixtla", "tapachula", "mapastepec", "pijijiapan")
EVIL = '</style><script>alert("x")</script>'
HOSTILE = (
    EVIL,
    "<img src=http://evil.example/x onerror=alert(1)>",
    "\u202eevil\u0000 ]]> --> &amp; '\"{0}{lang}",
)


def planned(logistics, *, judged=2):
    scenario = sp.load("honduras-2018-10")
    ask = PlanAsk(needs=NeedsAsk(logistics=logistics, horizon=4), judged=judged, places=8)
    return plan(scenario, ask, as_of=AS_OF, members=60).story


@pytest.fixture(scope="session")
def story() -> PlanStory:
    network = sp.load("honduras-2018-10").network
    every = load_logistics("honduras-2018-10", network, as_of=AS_OF)
    near = {network.places.index[name] for name in NEAR}
    few = replace(
        every,
        supplies=tuple(one for one in every.supplies if one.place in near),
        carriers=tuple(one for one in every.carriers if one.place in near),
    )
    return planned(few)


@pytest.fixture(scope="session")
def bare() -> PlanStory:
    """Nobody has offered anything."""
    return planned(Logistics(), judged=0)


@pytest.fixture(scope="session")
def answered(story: PlanStory) -> PlanStory:
    """One drive of each status; the second left yesterday; a hold on the way of the first."""
    statuses = ("accepted", "sent", "delivered", "proposed")
    drives = [
        replace(one, status=status) for one, status in zip(story.plan.dispatches, statuses, strict=False)
    ]
    drives[1] = replace(drives[1], leave=AS_OF, arrive=AS_OF)
    route = story.routes[drives[0].id]
    held = Event(
        day=drives[0].leave, until=None, hours=2.0, announced=AS_OF, announced_basis="", kind="hold",
        place=route[0], link=None, countries=None, scope="", value=None, source="made up",
    )  # fmt: skip
    return replace(story, plan=replace(story.plan, dispatches=tuple(drives)), events=(held,))


@pytest.fixture(scope="session")
def hostile(story: PlanStory) -> PlanStory:
    """Every text from outside tries to break out of the page."""
    places = story.needs.network.places
    names = tuple(HOSTILE[n % len(HOSTILE)] for n in range(len(places)))
    network = Network(replace(places, names=names, countries=names), story.needs.network.links)
    needs = replace(
        story.needs, network=network, title_es=EVIL, title_en=EVIL, illustrative=HOSTILE,
        profile=replace(story.needs.profile, name=EVIL),
    )  # fmt: skip
    logistics = replace(
        story.logistics,
        supplies=tuple(replace(one, holder=EVIL) for one in story.logistics.supplies),
        carriers=tuple(replace(one, holder=EVIL, vehicle=HOSTILE[1]) for one in story.logistics.carriers),
        currency=EVIL,
    )
    findings = tuple(replace(one, es=EVIL, en=EVIL, reason=EVIL) for one in story.plan.findings)
    items = tuple(
        replace(one, name_es=HOSTILE[0], name_en=HOSTILE[1], unit=HOSTILE[2]) for one in story.items
    )
    return replace(
        story, needs=needs, logistics=logistics, items=items, plan=replace(story.plan, findings=findings)
    )
