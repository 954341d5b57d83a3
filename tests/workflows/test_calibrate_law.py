"""Learning the law across crises: it finds what made them, leaves each out, and splits without seeing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from safepassage.adapters.learned import shipped, write_lessons
from safepassage.core.displacement import Displacement, Series
from safepassage.core.engine import NoProgress
from safepassage.core.errors import InputError
from safepassage.core.learned import event_key
from safepassage.core.local_law import LocalLaw
from safepassage.core.network import Links, Network, Places
from safepassage.core.scenario import Scenario
from safepassage.engines.settling import Settling
from safepassage.workflows import calibrate_law
from safepassage.workflows.split_law import known_on_day0, learned_split
from safepassage.workflows.verify import OURS, read_all, verify_split
from safepassage.workflows.verify_law import FOLDER_LAW, PROTOCOL, paired_differences, verify_learned

REFERENCE = Path(__file__).parents[1] / "reference" / "flee_small"
TRUTH = {"distance_power": 2.2, "camp_weight": 0.45, "conflict_weight": 0.3}
DAYS, REPORTS = 60, np.arange(0, 60, 6)


def crisis(number: int) -> Scenario:
    """Make a crisis of two conflict zones, two towns and four camps whose counts follow `TRUTH`."""
    roles = np.array([1, 1, 0, 0, 2, 2, 2, 2], dtype=np.int8)
    places = len(roles)
    ids = tuple(f"{number}-{k}" for k in range(places))
    roads = [(0, 1), (0, 2), (1, 3), (2, 3), (2, 4), (2, 5), (3, 6), (3, 7), (0, 4), (1, 7), (0, 6), (1, 5)]
    km = 40.0 + (np.arange(len(roads)) * (37 + 11 * number)) % 260
    network = Network(
        Places(
            ids, ids, ("A",) * 4 + ("B",) * 4, ("",) * places,
            np.linspace(0, 2, places), np.linspace(10, 12, places), ("town",) * places,
            np.where(roles == 2, -1, 1000), np.full(places, -1), ("",) * places, ("",) * places,
        ),
        Links(
            np.array([a for a, _ in roads]), np.array([b for _, b in roads]), km, ("road",) * len(roads),
            np.ones(len(roads), dtype=bool), np.zeros(len(roads), dtype=bool), ("",) * len(roads),
        ),
    )  # fmt: skip
    conflict = np.zeros((DAYS, places))
    conflict[:, :2] = 1.0
    total = Series(np.arange(DAYS), 500.0 * np.arange(1, DAYS + 1))
    displacement = Displacement(
        roles=roles,
        foreign=np.arange(places) > 3,
        initial_idps=np.zeros(places, dtype=np.int64),
        capacity_per_day=np.zeros(places, dtype=np.int64),
        forced=np.zeros(len(roads), dtype=np.int8),
        link_speed_km_per_day=np.full(len(roads), np.nan),
        link_walk_chance=np.zeros(len(roads)),
        conflict=conflict,
        conflict_since=np.zeros((DAYS, places), dtype=np.int32),
        camps=np.arange(4, 8),
        series=tuple(Series(np.zeros(0, dtype=np.int64), np.zeros(0)) for _ in range(4)),
        total=total,
        sum_from_camps=False,
        insert_day0=False,
    )
    start = date(2020, 1, 1) + timedelta(days=number)
    scenario = Scenario(
        f"crisis{number}", "", "", start, None, DAYS, 1, network, LocalLaw(), displacement=displacement
    )
    people = Settling(scenario).run(TRUTH, REPORTS, displacement.camps)
    series = tuple(Series(REPORTS, np.round(column)) for column in people.T)
    return replace(
        scenario,
        displacement=replace(displacement, series=series, sum_from_camps=True, insert_day0=True, total=None),
    )


@pytest.fixture(scope="module")
def crises() -> list[Scenario]:
    return [crisis(number) for number in range(4)]


@pytest.fixture(scope="module")
def taught(crises: list[Scenario]):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibrate_law, "SETS", 500)
        return calibrate_law.learn(crises, 1, NoProgress())


def test_the_numbers_that_made_the_crises_are_found(taught):
    middle = {p.name: np.sqrt(p.low * p.high) for p in taught.lesson.priors}
    for one in taught.lesson.priors:
        assert one.low < TRUTH[one.name] < one.high
    assert middle["distance_power"] == pytest.approx(TRUTH["distance_power"], rel=0.25)
    assert all(row.learned < 0.6 * row.unlearned for row in taught.left_out)


def test_a_case_left_out_teaches_nothing(crises: list[Scenario], taught):
    displacement = crises[2].displacement
    assert displacement is not None
    turned = replace(displacement, series=displacement.series[::-1])
    other = replace(crises[2], displacement=turned)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibrate_law, "SETS", 500)
        again = calibrate_law.learn([*crises[:2], other, crises[3]], 1, NoProgress())
    key = event_key(crises[2])
    assert event_key(other) == key
    assert again.lesson.without[key] == taught.lesson.without[key]
    assert again.lesson.priors != taught.lesson.priors


def test_the_split_sees_only_totals_after_day_0(crises: list[Scenario], taught):
    displacement = crises[0].displacement
    assert displacement is not None
    # Camps 5 to 8 swap what was counted after day 0; on day 0 and in total nothing changes.
    series = displacement.series
    swapped = tuple(
        Series(one.days, np.append(one.people[:1], other.people[1:]))
        for one, other in zip(series, series[::-1], strict=True)
    )
    other = replace(crises[0], displacement=replace(displacement, series=swapped))
    priors = {prior.name: prior for prior in taught.lesson.priors}
    first, second = (learned_split(one, priors, members=3) for one in (crises[0], other))
    np.testing.assert_array_equal(first, second)
    assert first.std(axis=0).max() > 0.0


def test_a_camp_first_counted_later_is_empty_on_day_0(crises: list[Scenario]):
    displacement = crises[0].displacement
    assert displacement is not None
    late = Series(displacement.series[0].days[1:], displacement.series[0].people[1:])
    known = known_on_day0(replace(displacement, series=(late, *displacement.series[1:])))
    assert known[0] == 0.0


def test_one_crisis_alone_cannot_teach(crises: list[Scenario]):
    with pytest.raises(InputError):
        calibrate_law.learn(crises[:1], 1, NoProgress())


def test_verify_sets_the_learned_law_beside_the_folders(tmp_path: Path, taught):
    write_lessons(tmp_path, [taught.lesson])
    scenario = read_all([REFERENCE])[0][0]
    score = verify_learned(scenario, learned=str(tmp_path), members=3)
    folder = verify_split(scenario, capacities="removed", members=3)
    assert score.protocol == PROTOCOL
    assert list(score.baselines) == [FOLDER_LAW, *folder.baselines]
    assert score.baselines[FOLDER_LAW] == pytest.approx(folder.value)
    assert score.value == score.rows()[0].value == pytest.approx(float(score.daily[OURS].mean()))
    assert len(score.ard) == 3
    assert score.ard.std() > 0.0
    assert all(one.low <= one.mean <= one.high for one in paired_differences([score, score]).values())


def test_without_lessons_the_folders_law_is_scored():
    score = verify_learned(read_all([REFERENCE])[0][0], learned="none", members=2)
    assert score.protocol == "split-no-capacity"
    assert "none was learned" in score.reason


def test_the_split_heeds_what_is_set_as_forecasts_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SAFEPASSAGE_LEARNED", "none")
    score = verify_learned(read_all([REFERENCE])[0][0], members=2)
    assert "none was learned" in score.reason


def test_the_command_chooses_the_law(tmp_path: Path, taught):
    import typer

    from safepassage.cli.verify import verify

    write_lessons(tmp_path, [taught.lesson])
    program = typer.Typer()
    program.command()(verify)
    given = [str(REFERENCE), "--members", "2", "--hasten", "5", "--capacities", "removed", "--json"]
    found = {}
    for law in ("learned", "folder"):
        result = CliRunner().invoke(program, [*given, "--law", law, "--learned", str(tmp_path)])
        assert result.exit_code == 0, result.output
        found[law] = {row["protocol"] for row in json.loads(result.stdout)}
    assert found == {"learned": {"split-no-capacity-learned"}, "folder": {"split-no-capacity"}}
    refused = CliRunner().invoke(program, [str(REFERENCE), "--law", "learned"])
    assert isinstance(refused.exception, InputError)


def test_what_ships_leaves_each_case_out():
    lesson = shipped()["law"]
    assert set(lesson.without) == {case.key for case in lesson.cases}
    for key, priors in lesson.without.items():
        assert priors != lesson.priors
        name = next(case.name for case in lesson.cases if case.key == key)
        assert all(name not in prior.source for prior in priors)
