"""Flee folders: what is read from a sound one, by its documented meaning and as Flee's code takes it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from safepassage.adapters.flee import is_flee_folder, read
from safepassage.core.displacement import CAMP, FORWARDING_HUB, MARKER, camp_counts
from safepassage.core.local_law import LocalLaw


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_sound_folder_is_read_without_notices(small: Path):
    assert is_flee_folder(small)
    assert not is_flee_folder(small / "source_data")
    scenario, notices = read(small)
    assert notices == ()
    assert scenario.name == "small"
    assert (scenario.start, scenario.days) == (date(2020, 3, 1), 60)
    places = scenario.network.places
    assert (places.lat[0], places.lon[0]) == (10.0, 20.0)
    assert places.capacity_people[6:].tolist() == [420, 440, -1]
    assert places.population[0] == 40000
    assert places.names[6] == "East Camp"
    law, moved = scenario.law, scenario.displacement
    assert isinstance(law, LocalLaw)
    assert moved is not None
    assert law.conflict_spawn_decay == (1.0, 0.5, 0.2)
    assert law.softening_km == 20.0
    assert moved.roles[[4, 5, 6]].tolist() == [FORWARDING_HUB, MARKER, CAMP]
    assert moved.foreign.tolist() == [False] * 6 + [True] * 3
    assert moved.conflict[:, 1].sum() == 28
    assert moved.conflict_since[[11, 12, 39], 1].tolist() == [0, 12, 12]
    assert [(c.kind, c.start_day, c.end_day) for c in moved.closures] == [
        ("country", 8, 20),
        ("location", 0, 15),
        ("camp", 0, 5),
    ]


def test_series_are_read_between_reports_and_corrected_when_registration_became_reliable(small: Path):
    scenario, _ = read(small)
    moved = scenario.displacement
    assert moved is not None
    counts = camp_counts(moved, np.array([0, 10, 40, 59]))
    # West_Camp: registration reliable on day 40, so all before is scaled by 300/330
    assert counts[:, 1].tolist() == [36, 181, 300, 610]
    assert counts[:, 0].tolist() == [60, 212, 715, 900]


def test_hasten_can_be_overruled(small: Path):
    assert read(small)[0].displacement.people_per_agent == 1  # type: ignore[union-attr]
    assert read(small, hasten=7)[0].displacement.people_per_agent == 7  # type: ignore[union-attr]


def test_forced_redirections_lead_from_name2_for_1_and_from_name1_for_2_and_nowhere_in_flee(small: Path):
    routes = small / "input_csv" / "routes.csv"
    replace_in(routes, "Ford,East_Camp,95,", "Ford,East_Camp,95,2")
    replace_in(routes, "Dune,Ford,70,", "Dune,Ford,70,1")
    scenario, notices = read(small)
    assert scenario.displacement.forced[[6, 7]].tolist() == [2, 1]  # type: ignore[union-attr]
    assert any("forced redirections" in str(notice) for notice in notices)
    flee, _ = read(small, compat=True)
    assert not flee.displacement.forced.any()  # type: ignore[union-attr]
    assert len(flee.network.links) == 13  # a road marked 1 is there twice


def test_an_intensity_that_changes_counts_except_in_flee(small: Path):
    conflicts = small / "input_csv" / "conflicts.csv"
    replace_in(conflicts, "\n5,1,0,0\n", "\n5,0.25,0,0\n")
    assert read(small)[0].displacement.conflict[4:7, 0].tolist() == [1.0, 0.25, 1.0]  # type: ignore[union-attr]
    flee, notices = read(small, compat=True)
    assert flee.displacement.conflict[4:7, 0].tolist() == [1.0, 1.0, 1.0]  # type: ignore[union-attr]
    assert any("2 changes" in str(notice) for notice in notices)


def test_places_that_conflicts_csv_leaves_out_follow_their_conflict_date(small: Path):
    conflicts = small / "input_csv" / "conflicts.csv"
    lines = conflicts.read_text().splitlines()
    conflicts.write_text("\n".join(",".join(line.split(",")[:2]) for line in lines))
    moved = read(small)[0].displacement
    assert moved is not None
    assert (moved.conflict[:, 1] > 0).tolist() == [False] * 12 + [True] * 48


def test_link_closures_close_except_in_flee(small: Path):
    with (small / "input_csv" / "closures.csv").open("a") as file:
        file.write("link,Alma,Brea,3,9\n")
    assert read(small)[0].displacement.closures[-1].places == (0, 1)  # type: ignore[union-attr]
    flee, notices = read(small, compat=True)
    assert len(flee.displacement.closures) == 3  # type: ignore[union-attr]
    assert any("ignores" in notice.mend for notice in notices)


@pytest.mark.parametrize(
    ("mode", "rate", "expected"), [("constant", 40, 40.0), ("pop_ratio", 0.02, 0.02), ("Poisson", 7, 7.0)]
)
def test_departures_can_be_driven_by_conflict(small: Path, mode: str, rate: float, expected: float):
    settings = small / "simsetting.yml"
    section = f"spawn_rules:\n  conflict_driven_spawning:\n    spawn_mode: {mode}\n"
    replace_in(settings, "spawn_rules:\n", section + f"    displaced_per_conflict_day: {rate}\n")
    moved = read(small)[0].displacement
    assert moved is not None
    assert (moved.departure_mode, moved.people_per_conflict_day) == (mode.lower(), expected)


def test_settings_switched_off_are_fine_and_unknown_ones_are_told(small: Path):
    settings = small / "simsetting.yml"
    off = "  two_system_decision_making: False\n  MatchCampEthnicity: 'false'\n  soft_ening: 3\n"
    replace_in(settings, "move_rules:\n", "move_rules:\n" + off)
    _, notices = read(small)
    assert [n.column for n in notices] == ["move_rules.soft_ening", "move_rules.MatchCampEthnicity"]


def test_what_has_no_effect_in_flee_has_none_with_compat(small: Path):
    replace_in(small / "simsetting.yml", "move_rules:\n", "move_rules:\n  two_system_decision_making: True\n")
    _, notices = read(small, compat=True)
    assert any("no effect" in notice.mend for notice in notices)


def test_spreadsheet_habits_are_read_with_a_notice(small: Path):
    locations = small / "input_csv" / "locations.csv"
    text = locations.read_text().replace("40000", '"40,000"')
    locations.write_bytes(text.encode("utf-16"))
    routes = small / "input_csv" / "routes.csv"
    routes.write_text("﻿" + routes.read_text().replace(",", ";"), encoding="utf-8")
    scenario, notices = read(small)
    assert scenario.network.places.population[0] == 40000
    told = " ".join(notice.found for notice in notices)
    assert "UTF-16" in told
    assert "';'" in told
    assert "40,000" in told
