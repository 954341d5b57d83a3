"""Nothing announced, published or decided after the as-of date reaches a plan: not one bit of it."""

from __future__ import annotations

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from safepassage.adapters import dispatches
from safepassage.adapters.folder.columns import column_names
from safepassage.core.plan import PlanRules
from safepassage.workflows.dispatches import decide, open_dispatches
from safepassage.workflows.load import load
from safepassage.workflows.load_dispatches import load_dispatches
from safepassage.workflows.load_logistics import load_logistics
from safepassage.workflows.needs import NeedsAsk
from safepassage.workflows.new import NewCaravan, new
from safepassage.workflows.offers import keep, open_offers, understand
from safepassage.workflows.plan import PlanAsk, PlanRun, plan

AS_OF = date(2018, 10, 22)
NEXT = AS_OF + timedelta(days=1)
OFFERS = (
    "ayuntamiento de Huixtla, 3000 L de agua, 900 comidas al día, dos camionetas",
    "parroquia de Tapachula, 500 cobijas, 2 mil litros de agua, una camioneta",
)
LATER = NEXT.isoformat()
TOLD = {"announced": LATER, "source": "made up"}
ROWS = {
    "supplies.csv": {
        "id": "x-1", "holder": "parish of Tapachula", "place": "tapachula", "item": "water",
        "quantity": "90000", "from": "2018-10-21", "status": "accepted", **TOLD,
    },
    "carriers.csv": {
        "id": "x-2", "holder": "parish of Tapachula", "place": "tapachula", "vehicle": "camioneta",
        "vehicles": "9", "from": "2018-10-21", "status": "accepted", **TOLD,
    },
    "requests.csv": {
        "id": "x-3", "place": "huixtla", "item": "water", "quantity": "80000", "from": "2018-10-24", **TOLD,
    },
    "events.csv": {
        "date": "2018-10-22", "kind": "closure", "link_from": "huixtla", "link_to": "villa-comaltitlan",
        **TOLD,
    },
    "reports.csv": {
        "observed": AS_OF.isoformat(), "published": LATER, "published_basis": "made up",
        "place": "mapastepec", "kind": "position", "people_low": "9000", "people_high": "9500",
        "segment": "main",
        "quality": "exact", "source": "made up",
    },
    "destinations.csv": {
        "group": "caravan", "place": "mexicali", "weight": "5", "announced_basis": "made up", **TOLD,
    },
    "joiners.csv": {
        "group": "caravan", "place": "huixtla", "people_low": "5000", "people_high": "6000",
        "announced_basis": "made up", "reason": "made up", **TOLD,
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...]]:
    """A scenario with two offers and a plan to be answered, and the ids of its drives."""
    wanted = NewCaravan("mine", AS_OF - timedelta(days=1), "3000-5000", at="Tapachula", to=("Tijuana",))
    path = new(wanted, parent=tmp_path_factory.mktemp("made"))
    for line in OFFERS:
        desk = open_offers(path)
        keep(desk, understand(desk, line, AS_OF), status="accepted", as_of=AS_OF)
    run = planned(path)
    ids = run.problem.network.places.ids
    dispatches.write(path / "plan" / "dispatches.csv", run.plan.dispatches, ids, as_of=AS_OF)
    return path, tuple(one.id for one in run.plan.dispatches)


@pytest.fixture
def mine(made: tuple[Path, tuple[str, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made[0], tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    return Path("mine")


def planned(path: Path) -> PlanRun:
    scenario = load(path)
    ask = PlanAsk(
        needs=NeedsAsk(logistics=load_logistics(path, scenario.network, as_of=AS_OF), horizon=3),
        rules=PlanRules(scenarios=2, time_limit_s=10.0),
        answered=load_dispatches(path, scenario.network, as_of=AS_OF),
        places=6,
        judged=2,
    )
    return plan(scenario, ask, as_of=AS_OF, members=10)


def bits(run: PlanRun) -> dict[str, object]:
    """Give all that a plan says, floats as they are; only the time it took may differ."""
    made, judged = run.plan, run.judgement
    assert judged is not None
    arrays = {
        name: getattr(made, name).tobytes() for name in ("needed", "covered", "unmet", "spare", "possible")
    }
    return arrays | {
        "need": run.problem.need.tobytes(), "people": run.problem.people.tobytes(),
        "dispatches": repr(made.dispatches), "findings": repr(made.findings), "board": repr(run.board),
        "figures": (made.expected_unmet, made.bound, made.cost, made.fair_share, made.worst_place_unmet),
        "scenarios": repr(made.scenarios),
        "worth": {key: (one.by_member.tobytes(), one.cost) for key, one in judged.worth.items()},
        "ways": repr(run.story.routes),
    }  # fmt: skip


def add(path: Path, file: str, row: dict[str, str]) -> None:
    """Write a row under the columns of a file, which is made if it is not there."""
    table = path / file
    if not table.exists():
        table.write_text(",".join(column_names(file)) + "\n", encoding="utf-8")
    with table.open(encoding="utf-8", newline="") as lines:
        names = next(csv.reader(lines))
    assert set(row) <= set(names), set(row) - set(names)
    with table.open("a", encoding="utf-8", newline="") as lines:
        csv.DictWriter(lines, names, restval="").writerow(row)


def redecided(path: Path, file: str, status: str, day: str) -> None:
    """Tell the first offer of a file as decided on a day."""
    with (path / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows[0] |= {"status": status, "decided": day}
    with (path / file).open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def test_what_came_later_changes_not_one_bit(mine: Path, made: tuple[Path, tuple[str, ...]]) -> None:
    first, *_, last = made[1]
    decide(open_dispatches(mine), [first], "accepted", day=AS_OF)
    for file in ("supplies.csv", "carriers.csv"):
        redecided(mine, file, "proposed", "")
    before = bits(planned(mine))
    for file, row in ROWS.items():
        add(mine, file, row)
    for file in ("supplies.csv", "carriers.csv"):
        redecided(mine, file, "accepted", LATER)
    decide(open_dispatches(mine), [last], "accepted", day=NEXT)
    decide(open_dispatches(mine), [first], "withdrawn", day=NEXT)
    after = bits(planned(mine))
    assert [key for key in before if before[key] != after[key]] == []


@pytest.mark.parametrize("file", ["supplies.csv", "requests.csv", "events.csv", "reports.csv"])
def test_what_was_told_in_time_does(mine: Path, file: str) -> None:
    before = bits(planned(mine))
    row = {key: AS_OF.isoformat() if value == LATER else value for key, value in ROWS[file].items()}
    add(mine, file, row)
    assert bits(planned(mine)) != before
