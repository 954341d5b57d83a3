"""The benchmark command: its rows, its JSON, its page. No test looks at how long anything took."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks import page
from benchmarks.__main__ import main
from benchmarks.charts import svg_of
from benchmarks.machine import machine
from benchmarks.measures.agents import bytes_per_agent
from benchmarks.measures.growth import Curve, exponent
from benchmarks.rows import AT_MOST, Benchmark, Row, Skipped, Wanted, at_least, at_most, told
from benchmarks.suite import BENCHMARKS, names
from benchmarks.timing import live
from benchmarks.worlds import Journey, world
from safepassage.engines.agents import Agents
from safepassage.engines.timetable import timetable_of

PROMISED = {
    "agents_against_mesa": (150, "at_least"),
    "agents_against_numpy": (8, "at_least"),
    "agents_against_c": (0.8, "at_least"),
    "agents_bandwidth_share": (0.1, "at_least"),
    "cohorts_against_agents_1e5": (5, "at_least"),
    "cohorts_against_agents_1e6": (30, "at_least"),
    "cohorts_against_agents_1e9": (3000, "at_least"),
    "cohorts_1e9_against_1e5": (25, "at_most"),
    "cohorts_never_slower": (2, "at_most"),
    "flow_member_at_32_lanes_against_1": (1 / 12, "at_most"),
    "flow_value_and_10_gradients_against_value": (3, "at_most"),
    "threads_2_against_1_cpu": (1.2, "at_most"),
    "threads_2_against_1_wall": (0.6, "at_most"),
    "flee_mali2012_time_per_person_day": (1e-3, "at_most"),
    "flee_car2013_1000_members_against_one_run": (1, "at_most"),
}


def test_every_ratio_that_was_promised_has_its_row_and_target():
    rows = {row.name: (row.target, row.direction) for benchmark in BENCHMARKS for row in benchmark.rows}
    assert {name: rows.get(name) for name in PROMISED} == PROMISED
    assert len(names()) == len(set(names()))


def test_json_is_an_array_of_rows_with_six_fields(capsys: pytest.CaptureFixture[str]):
    assert main(["--json", "--quick", "--only", "agents_against_numpy"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert list(row) == ["name", "value", "target", "direction", "met", "note"]
    assert row["name"] == "agents_against_numpy"
    assert row["value"] > 0
    assert row["met"] is (row["value"] >= row["target"])
    assert "agent-days/s" in row["note"]


def test_unknown_names_and_half_pages_are_refused(capsys: pytest.CaptureFixture[str]):
    for words in (["--only", "nonsense"], ["--write", "--quick"], ["--write", "--only", "flow"]):
        with pytest.raises(SystemExit):
            main(words)
    assert "no row is called 'nonsense'" in capsys.readouterr().err


def test_a_target_is_met_on_its_own_side_only():
    assert at_least("a", 2.0, 2.0, "").met is True
    assert at_least("a", 1.9, 2.0, "").met is False
    assert at_most("a", 2.1, 2.0, "").met is False
    assert told("a", 2.0, "").met is None
    assert Row("a", None, 2.0, AT_MOST, "").met is None


def test_what_cannot_be_measured_keeps_its_target_and_says_why():
    def take(quick: bool) -> list[Row]:
        del quick
        raise Skipped("no such thing here")

    (row,) = Benchmark((Wanted("a", 2.0, AT_MOST),), take).run(quick=True)
    assert row.as_json() == {
        "name": "a",
        "value": None,
        "target": 2.0,
        "direction": "at_most",
        "met": None,
        "note": "skipped: no such thing here",
    }


def test_bytes_of_an_agent_are_those_of_the_arrays_that_hold_her():
    people = 1_234
    engine = Agents(timetable_of(world("standard", Journey(people, 3, 1))), "test")
    state = live(engine, days=3)
    held = bytes_per_agent(state, people)
    assert 4 <= held <= 64
    assert bytes_per_agent({"a": (np.zeros(people), [np.zeros((2, people), dtype=np.uint16)])}, people) == 12


ROWS = [
    at_least("agents_against_c", 0.9, 0.8, "a note | with a bar"),
    at_most("cohorts_never_slower", 3.0, 2.0, "worst of 3"),
    told("cohorts_over_agents: 50 places", 1.5, "n"),
    at_most("startup_help_s", 0.4, 0.5, "n"),
    at_most("flee_mali2012_time_per_person_day", 0.0005, 1e-3, "n"),
    Row("flow_value_and_10_gradients_against_value", None, 3.0, AT_MOST, "skipped: not here"),
    told("growth_people_agents", 1.0, "n"),
]
CURVE = Curve(
    "people", "50 places & more", {"agents": [(10, 0.1), (100, 1.0)], "cohorts": [(10, 0.2), (1e9, 0.3)]}
)


def test_the_page_shows_every_row_once_and_what_falls_short(tmp_path: Path):
    written = page.write(ROWS, [CURVE], tmp_path, machine="CPU of a test")
    text = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert [path.name for path in written] == ["performance.md", "performance-people.svg"]
    head, _, tail = text.partition("## What falls short")
    for row in ROWS:
        assert head.count(f"| `{row.name}` |") == 1, row.name
    assert "`cohorts_never_slower`: 3, wanted ≤ 2" in tail
    assert "skipped: not here" in tail
    assert "agents_against_c`" not in tail
    assert "CPU of a test" in text
    assert "$" not in text


def test_the_table_counts_what_was_met():
    text = page.table(ROWS)
    assert text.endswith("3 targets met, 1 not met, 1 not measured")
    assert all(row.name in text for row in ROWS)


def test_a_picture_is_sound_and_names_its_lines():
    root = ElementTree.fromstring(svg_of(CURVE))
    words = {"".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"agents", "cohorts", "people", "50 places & more"} <= words
    lines = list(root.iter("{http://www.w3.org/2000/svg}polyline"))
    assert len(lines) == 2
    for line in lines:
        at = np.array([pair.split(",") for pair in line.attrib["points"].split()], dtype=float)
        assert (np.diff(at[:, 0]) > 0).all()
        assert (np.diff(at[:, 1]) < 0).all()  # upwards
    with pytest.raises(ValueError, match="nothing was measured"):
        svg_of(Curve("days", "", {}))


def test_the_slope_of_a_curve_is_its_power():
    assert exponent([(1, 5.0), (10, 1.0), (100, 100.0), (1000, 10_000.0)]) == pytest.approx(2.0)


def test_the_machine_is_named_without_telling_whose_it_is():
    said = machine()
    assert "numba" in said
    assert "CPython" in said or "PyPy" in said
    import platform

    assert platform.node() not in said or not platform.node()
