"""Forecasts to write out: a caravan, two, camps, nobody, and one whose every text is hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from made_up import START, TOWNS, caravan, forecast_from, in_parts, learned, network_of, report

from safepassage.core.forecast import Forecast
from safepassage.core.network import Network
from safepassage.core.scenario import Event


@pytest.fixture(scope="session")
def small_network() -> Network:
    return network_of(TOWNS)


@pytest.fixture(scope="session")
def one_group(small_network: Network) -> Forecast:
    """A caravan, three days on its way, with reports and one announced event."""
    event = Event(
        day=START + timedelta(days=6),
        until=None,
        hours=None,
        announced=START,
        announced_basis="",
        kind="closure",
        place=4,
        link=None,
        countries=None,
        scope="",
        value=None,
        source="https://example.org/closure",
    )
    told = (report(0, 0, 1000, 1500), report(2, 1, 1700, None), report(3, 2, None, None))
    route = np.arange(8)
    return caravan(small_network, route, as_of=START + timedelta(days=3), reports=told, events=(event,))


@pytest.fixture(scope="session")
def two_groups(small_network: Network) -> Forecast:
    first = caravan(small_network, np.arange(8), seed=1)
    second = caravan(small_network, np.arange(6), seed=7).groups[0]
    return replace(
        first, groups=(first.groups[0], replace(second, id="segunda", name_es="Segunda", name_en="Second"))
    )


@pytest.fixture(scope="session")
def with_belief(one_group: Forecast) -> Forecast:
    """The same caravan, whose reports were weighed."""
    return learned(one_group)


@pytest.fixture(scope="session")
def with_parts(with_belief: Forecast) -> Forecast:
    """The same, with parts that go apart from its main body."""
    return in_parts(with_belief)


@pytest.fixture(scope="session")
def camps(small_network: Network) -> Forecast:
    """People in camps and towns, no group: as a displacement crisis gives it."""
    rng = np.random.default_rng(3)
    level = np.array([9000, 4000, 0, 12000, 150, 700, 0, 3000, 60_000])
    grown = np.cumsum(rng.poisson(40, (60, 90, 9)), axis=1) * rng.lognormal(0, 0.3, (60, 1, 9))
    stock = np.round((level + 3 * grown) * (level > 0))
    return forecast_from(
        stock, small_network, title_es="Crisis de prueba", title_en="Test crisis", illustrative=()
    )


@pytest.fixture(scope="session")
def nobody(small_network: Network) -> Forecast:
    """Nobody comes anywhere."""
    return forecast_from(np.zeros((20, 10, 9)), small_network, sources=(), licence="", illustrative=())


HOSTILE = (
    '</script><script>alert("x")</script>',
    '=HYPERLINK("http://evil.example","x")',
    "<img src=http://evil.example/x onerror=alert(1)>",
    "../../etc/passwd",
    "CON",
    "\u202eevil\u0000\u2028name ]]> --> &amp; '\"",
    "+1+1",
    "@cmd",
    "-2+3{0}{lang}",
)


@pytest.fixture(scope="session")
def hostile(small_network: Network) -> Forecast:
    """Every text from outside tries to break out of the file it is written to."""
    places = replace(small_network.places, ids=HOSTILE, names=HOSTILE, countries=HOSTILE, sources=HOSTILE)
    network = Network(places, small_network.links)
    base = caravan(network, np.arange(8), as_of=START + timedelta(days=2))
    evil = HOSTILE[0]
    group = replace(base.groups[0], name_es=evil, name_en=evil, id=evil)
    told = (
        report(1, 0, 10, 20, source="javascript:alert(1)", note=evil, kind="position"),
        report(1, 1, 10, 20, source=evil),
    )
    return replace(
        base,
        title_es=evil,
        title_en=evil,
        groups=(group,),
        reports=told,
        sources=(*HOSTILE, "javascript:alert(2)", "http://[bad"),
        illustrative=HOSTILE,
        licence=evil,
        engine_reason=evil,
        scenario=evil,
    )


@pytest.fixture(scope="session")
def every_forecast(
    one_group: Forecast, two_groups: Forecast, camps: Forecast, nobody: Forecast, hostile: Forecast
) -> dict[str, Forecast]:
    return {"one": one_group, "two": two_groups, "camps": camps, "nobody": nobody, "hostile": hostile}
