"""`verify`: rows, protocols, both capacities, folders that are refused."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from safepassage.core.displacement import camp_counts
from safepassage.core.errors import InputError
from safepassage.scoring.ard import ard
from safepassage.scoring.split import by_capacity, equally, kept_shares
from safepassage.workflows.verify import read_all, verify_split

REFERENCE = Path(__file__).parents[1] / "reference" / "flee_small"
SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the crises for development are not here")


def app():
    """Make a program of this one command."""
    import typer

    from safepassage.cli.verify import verify

    program = typer.Typer()
    program.command()(verify)
    return program


def test_every_baseline_has_its_row_and_nothing_else_differs():
    scenarios, _ = read_all([REFERENCE])
    score = verify_split(scenarios[0], members=2)
    rows = score.rows()
    assert [row.baseline for row in rows] == ["split by capacity", "shares of day 30 kept", "equal split"]
    assert {(row.case, row.protocol, row.horizon_days, row.metric, row.unit) for row in rows} == {
        ("flee_small", "split-as-is", 60, "ard", "1")
    }
    assert len({row.value for row in rows}) == 1
    assert all(0 <= row.value <= 2 and 0 <= row.baseline_value <= 2 for row in rows)


def test_removed_capacities_change_the_split_but_not_the_baselines():
    scenarios, _ = read_all([REFERENCE], compat=True)
    as_is, removed = (verify_split(scenarios[0], members=2, capacities=c) for c in ("as-is", "removed"))
    assert removed.protocol == "split-no-capacity"
    assert not np.allclose(as_is.shares, removed.shares)
    assert as_is.baselines == removed.baselines


def test_cohorts_run_where_capacities_and_memory_are_away(tmp_path: Path):
    folder = Path(shutil.copytree(REFERENCE, tmp_path / "plain"))
    settings = folder / "simsetting.yml"
    text = settings.read_text().replace("avoid_short_stints: True", "avoid_short_stints: False")
    settings.write_text(text.replace("start_on_foot: True", "start_on_foot: False"))
    scenarios, _ = read_all([folder])
    score = verify_split(scenarios[0], members=30, capacities="removed")
    assert score.engine == "cohorts"
    agents = verify_split(scenarios[0], members=30, capacities="removed", engine="agents")
    spread = np.hypot(score.ard.std(), agents.ard.std()) / math.sqrt(30)
    assert score.ard.mean() == pytest.approx(agents.ard.mean(), abs=4 * spread)


def test_the_command_prints_json_that_can_be_read_back():
    result = CliRunner().invoke(app(), [str(REFERENCE), "--json", "--members", "1"])
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    assert set(rows[0]) == {
        "case",
        "protocol",
        "horizon_days",
        "metric",
        "value",
        "unit",
        "baseline",
        "baseline_value",
    }
    assert rows[0]["case"].endswith("flee_small")


def test_the_command_prints_a_table():
    result = CliRunner().invoke(app(), [str(REFERENCE), "--members", "2", "--hasten", "5"])
    assert result.exit_code == 0
    assert "flee_small" in result.stdout
    assert "split-as-is" in result.stdout


def test_all_faults_of_all_folders_come_before_any_run(tmp_path: Path):
    bad = Path(shutil.copytree(REFERENCE, tmp_path / "bad"))
    (bad / "input_csv" / "routes.csv").write_text("Alma,Nowhere,3\n")
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError) as raised:
        read_all([REFERENCE, bad, tmp_path / "other", tmp_path / "none"])
    assert len(raised.value.faults) == 3


@needs_shared
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("Ethiopia_dflee", "'Mustahil' again"),
        ("Mozambique_dflee", "'Pebane'"),
        ("dflee_example", "6 rows of places that are no camps"),
        ("dflee_weather_example", "6 rows of places that are no camps"),
        ("ethiopia", "stand-ins"),
        ("mali2022_2024", "the second row was left out"),
        ("moo_ssudan_H10_5obj", ""),
        ("nigeria2016_adm1", "1887 rows for 2192 days"),
        ("nigeria2019", "'Plateau' again"),
    ],
)
def test_odd_folders_run_with_warnings_or_are_refused_with_one_message(name: str, outcome: str):
    folder = SHARED / "displacement-robustness" / name
    if outcome.endswith("' again"):
        with pytest.raises(InputError, match=outcome) as raised:
            read_all([folder], hasten=500)
        assert name in raised.value.headline
        return
    scenarios, notices = read_all([folder], hasten=10 if name.startswith("dflee") else 500)
    assert outcome in " ".join(str(notice) for notice in notices)
    score = verify_split(scenarios[0], members=1)
    assert 0 <= float(score.ard.mean()) <= 2


@needs_shared
@pytest.mark.parametrize(
    ("name", "hasten", "published"),
    [
        ("mali2012", 50, (0.17, 0.38, 1.08)),
        ("burundi2015", 50, (0.34, 0.34, 0.75)),
        ("car2013", 200, (0.37, 0.90, 0.79)),
        ("ssudan2013", 200, (0.43, 0.81, 0.75)),
        ("nigeria2016", 500, (0.09, 0.08, 0.58)),
    ],
)
def test_baselines_are_those_published_with_the_crises(
    name: str, hasten: int, published: tuple[float, float, float]
):
    scenarios, _ = read_all([SHARED / "displacement" / name], compat=True, hasten=hasten)
    moved = scenarios[0].displacement
    assert moved is not None
    counted = camp_counts(moved, np.arange(scenarios[0].days)).astype(float)
    room = scenarios[0].network.places.capacity_people[moved.camps].astype(float)
    splits = by_capacity(counted, room), kept_shares(counted), equally(counted)
    assert [float(ard(split, counted)) for split in splits] == pytest.approx(published, abs=0.0051)
