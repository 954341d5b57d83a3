"""A real local Dask cluster of two workers: the same bits as one process, also when a worker is killed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from safepassage.core.errors import InputError
from safepassage.workflows.forecast import forecast
from safepassage.workflows.load import load

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="the extra `dist` is not installed: uv run --extra dist pytest tests/workflows/test_cluster.py",
)
FOLDER = Path(__file__).parent.parent / "reference" / "flee_small"

# A process of its own: clusters start processes and event loops that outlive a test.
SCRIPT = """
import json, os, signal, sys
import numpy as np
from distributed import LocalCluster
from safepassage.adapters.cluster import Cluster
from safepassage.workflows.forecast import forecast
from safepassage.workflows.load import load


class Killer:
    def __init__(self, pids):
        self.pids, self.killed = pids, []

    def say(self, done, total, what):
        if what == "days" and done >= 3 and self.pids and not self.killed:
            self.killed.append(self.pids[0])
            os.kill(self.pids[0], signal.SIGKILL)


def bits(run):
    made = run.forecast
    return [made.overnight, made.arrival_day, made.peak_people, made.on_road.values]


def main():
    scenario = load(sys.argv[1])
    options = {"members": 6, "days": 40, "seed": 3, "engine": sys.argv[2]}
    alone = bits(forecast(scenario, workers=1, **options))
    Cluster.block_s = 0.0  # many short blocks, so that the worker dies in the middle
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        pids = [worker.pid for worker in cluster.workers.values()]
        spread = bits(forecast(scenario, scheduler=address, **options))
        killer = Killer(pids)
        survived = bits(forecast(scenario, scheduler=address, progress=killer, **options))
        after = [worker.pid for worker in cluster.workers.values()]
    same = lambda one, other: all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other))
    print(json.dumps({"spread": same(alone, spread), "survived": same(alone, survived),
                      "killed": len(killer.killed), "gone": pids[0] not in after,
                      "people": int(alone[2].sum())}))


if __name__ == "__main__":
    main()
"""


@needs_dask
@pytest.mark.slow
@pytest.mark.parametrize("engine", ["agents"])
def test_a_cluster_gives_the_same_bits_and_survives_a_killed_worker(engine: str, tmp_path: Path) -> None:
    script = tmp_path / "on_a_cluster.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script), str(FOLDER), engine], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found.pop("people") > 0
    assert found == {"spread": True, "survived": True, "killed": 1, "gone": True}


@needs_dask
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "tcp://", "tcp://nowhere.invalid:8786"])
def test_an_address_where_nobody_answers_is_told_in_one_line(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import sys, safepassage.adapters.cluster as c\n"
        "c.PATIENCE_S = 2\n"
        "from safepassage.cli.main import status\n"
        "sys.exit(status(['forecast', '--members', '2', '--days', '2', '--scheduler', sys.argv[1]]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, address], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert address in done.stderr


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"safepassage\[dist\]"):
        forecast(load("honduras-2018-10"), members=2, days=2, scheduler="tcp://127.0.0.1:8786")
