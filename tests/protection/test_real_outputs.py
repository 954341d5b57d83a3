"""The attack on real outputs: what `--share` writes on successive days about the built-in caravan."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from safepassage.core.shared import SharedForecast
from safepassage.workflows.load import load
from safepassage.workflows.new import NewCaravan, new
from safepassage.workflows.publish import shared_forecast, write_shared

MONDAY = date(2018, 10, 29)


def shared_on(day: date) -> SharedForecast:
    return shared_forecast(load("honduras-2018-10"), as_of=day, members=60)


@pytest.mark.slow
def test_the_files_of_a_sunday_and_the_monday_before_are_the_same_bytes(tmp_path: Path) -> None:
    monday = write_shared(shared_on(MONDAY), tmp_path / "monday")
    sunday = write_shared(shared_on(MONDAY + timedelta(days=6)), tmp_path / "sunday")
    for kind, path in monday.items():
        assert path.read_bytes() == sunday[kind].read_bytes()


@pytest.mark.slow
def test_no_file_names_a_town_of_the_network_a_position_or_a_day_but_its_own_three(tmp_path: Path) -> None:
    scenario = load("honduras-2018-10")
    shared = shared_on(MONDAY)
    places = scenario.network.places
    towns = set(places.names) - set(places.admin1) - {"Guatemala"}
    for path in write_shared(shared, tmp_path).values():
        text = path.read_text(encoding="utf-8")
        assert [town for town in towns if re.search(rf"\b{re.escape(town)}\b", text)] == []
        assert re.findall(r"\b\d+(?:[.,]\d+)?\s*km\b|https?://|seed|-?\d+\.\d{3,}", text) == []
        dates = set(re.findall(r"\d{4}-\d{2}-\d{2}", text))
        assert dates <= {day.isoformat() for day in (shared.week, shared.known_until, shared.deadline)}


@pytest.mark.slow
def test_where_the_caravan_is_today_looks_like_where_it_was_and_where_it_will_be() -> None:
    """On 29 October the caravan was in Oaxaca; its bands must not single that state out."""
    bands = {cell.admin1: cell.chance for cell in shared_on(MONDAY).cells if cell.country == "MX"}
    assert bands["Oaxaca"] == bands["Chiapas"] == bands["Veracruz"] == "likely"


@pytest.mark.slow
def test_the_town_and_day_in_the_title_of_a_new_caravan_are_not_shared(tmp_path: Path) -> None:
    """Zacapa is called like its department, so that it was taken for one and stayed in the title."""
    scenario = load(new(NewCaravan("mine", date(2026, 10, 1), "800-1500", at="Zacapa"), parent=tmp_path))
    assert "Zacapa" in scenario.title_es
    shared = shared_forecast(scenario, members=20)
    assert re.fullmatch(r"Caravana: [\w ,]+ · octubre de 2026", shared.title_es)
    assert re.fullmatch(r"Caravan: [\w ,]+ · October 2026", shared.title_en)
    for path in write_shared(shared, tmp_path / "shared").values():
        text = path.read_text(encoding="utf-8")
        assert scenario.title_es not in text
        assert "2026-10-01" not in text
        assert [line for line in (*scenario.illustrative, *scenario.sources) if line in text] == []
