"""The page on scores holds the very figures of the rows, in two languages, whatever the cases are like."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from safepassage.adapters.scores_page.words import dictionary
from safepassage.cli.main import status
from safepassage.core.displacement import CAMP, CONFLICT_ZONE, TOWN, Series
from safepassage.core.foretold import ARRIVAL, FAN_LEVELS, GROWN, POSITION, REACHED, SIZE, told_together
from safepassage.core.scenario import Prior, Scenario
from safepassage.workflows.ablations import ABLATIONS
from safepassage.workflows.rolling import RollingPlan, Verified, verify_whole
from safepassage.workflows.rolling_caravan import CaravanMembers, truth_of
from safepassage.workflows.rolling_files import write_scores
from safepassage.workflows.rolling_page import Asked, scores_page
from safepassage.workflows.rolling_tables import arrivals_markdown, at_a_week, beside_the_hardest
from safepassage.workflows.rolling_told import told_of_camps, told_of_caravan
from tests.engines.displaced import world
from tests.workflows.test_rolling import LEG_KM, _certain, _crisis, _day, _walk

VOID = {"meta", "input", "br", "path", "circle", "rect"}


class _Reader(HTMLParser):
    """Checks that elements close in order, and gathers the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def _read(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    assert reader.open == []
    text = " ".join(reader.text)
    drawn = " ".join(
        value or "" for name, value in reader.attributes if name in ("d", "x", "y", "height", "cx")
    )
    for word in ("nan", "None", "inf "):
        assert word not in drawn
    assert not re.search(r"\b[Nn]a[Nn]\b|\bNone\b|\binf\b", text)
    loaded = [value for name, value in reader.attributes if name in ("src", "href", "action")]
    assert set(loaded) <= {"#content"}
    return text


def _page(scenarios: list[Scenario], plan: RollingPlan, verified: Verified) -> str:
    return scores_page(verified, Asked(scenarios, plan, "safepassage verify a --rolling --out scores"))


@pytest.fixture(scope="module")
def made() -> tuple[list[Scenario], RollingPlan, Verified]:
    scenarios, plan = [_walk(), _crisis()], RollingPlan(horizons=(1, 6), origins=7, members=20)
    chosen = [one for one in ABLATIONS if one.name in ("no reports", "a fifth of the reports false")]
    return scenarios, plan, verify_whole(scenarios, plan, ablations=chosen)


def test_the_page_holds_the_very_figures_of_the_rows(
    made: tuple[list[Scenario], RollingPlan, Verified],
) -> None:
    page = _page(*made)
    text = _read(page)
    for rows in beside_the_hardest(made[2].rows).values():
        for row in rows:
            figures = [f"{row.value:,.2f}", f"{row.baseline_value:,.2f}"]
            if row.difference_low is not None:
                ends = (row.difference_low, row.difference_high or 0.0)
                figures += [f"{end:+,.2f}" if round(end, 2) else "0.00" for end in ends]
            cells = r"(?:(?!</tr>).)*?".join(re.escape(figure) for figure in figures)
            begin = rf'<code>{row.metric}</code></th><td class="figure">{row.horizon_days}</td>'
            assert re.search(rf"{begin}(?:(?!</tr>).)*?{cells}", page), row
    assert "safepassage verify a --rolling --out scores" in text
    assert "crps" in text
    assert '<input type="radio" name="lang" id="lang-en">' in page
    assert page.count('lang="es"') > 50
    assert page.count('lang="es"') - 1 == page.count('lang="en"')  # but for the document itself
    for chosen in ("ablations", "chances", "fans", "skill", "coverage", "tables", "made"):
        assert f'id="{chosen}"' in page


def test_both_languages_have_the_same_keys_and_fill_the_same_blanks() -> None:
    spanish, english = dictionary("es"), dictionary("en")
    assert set(spanish) == set(english)
    blank = re.compile(r"\{\w+\}")
    assert [
        key for key in spanish if set(blank.findall(spanish[key])) != set(blank.findall(english[key]))
    ] == []
    assert {f"ablation_{re.sub('[^a-z]', '_', one.name)}" for one in ABLATIONS} <= set(english)


def test_what_an_origin_said_of_a_caravan_is_kept_one_by_one() -> None:
    scenario, origin = _walk(), 2
    told = told_of_caravan(scenario, truth_of(scenario), _certain(origin), [1, 7])
    first = next(one for one in told.numbers if one.quantity == POSITION)
    assert (first.day, first.outcome, first.horizon_days) == (3, LEG_KM * 4, 1)
    assert first.quantiles == pytest.approx(first.outcome + 10 * (np.array(FAN_LEVELS) - 0.5))
    assert (first.pit_low, first.pit_high) == pytest.approx((1 / 3, 2 / 3))
    sizes = [one for one in told.numbers if one.quantity == SIZE]
    assert [(one.day, one.outcome) for one in sizes] == [(8, 1000.0)]
    arrivals = [one for one in told.numbers if one.quantity == ARRIVAL]
    assert (arrivals[0].place, arrivals[0].day, arrivals[0].outcome) == (
        scenario.network.places.ids[4],
        3,
        1.0,
    )
    assert len(arrivals) == 8  # up to the last evening foreseen
    near = [one for one in told.chances if one.event == REACHED and one.horizon_days == 1]
    # The two members are five km before the fourth town and beyond it; no town behind the origin is told of.
    assert [(one.place, one.chance, one.happened) for one in near[:2]] == [
        (scenario.network.places.ids[4], 0.5, True),
        (scenario.network.places.ids[5], 0.0, False),
    ]
    fan = told.fans[0]
    assert fan.values.shape == (len(FAN_LEVELS), 9)
    assert fan.days == tuple(range(1, 11))


def test_days_of_arrival_are_told_from_about_a_week_before_and_not_beyond_what_was_foreseen() -> None:
    scenario, truth = _walk(), truth_of(_walk())
    parts = [told_of_caravan(scenario, truth, _certain(origin), [1]) for origin in (0, 2)]
    found = at_a_week(told_together(parts))
    # The caravan is a town further every day; from day 0 on eight evenings are foreseen.
    assert [(one.day, one.origin_day) for one in found] == [
        (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 2), (10, 2)
    ]  # fmt: skip
    slow = _certain(2, off_km=-3 * LEG_KM)
    table = arrivals_markdown(told_of_caravan(scenario, truth, slow, [1]), {scenario.name: scenario.start})
    assert re.search(r"\| after \d{4}-", table)
    assert arrivals_markdown(told_together([]), {}) == ""


def test_a_caravan_whose_sizes_end_before_its_positions_makes_a_page(tmp_path: Path) -> None:
    scenario = _walk()
    kept = tuple(row for row in scenario.truth if row.quantity == "position" or row.day <= _day(4))
    plan = RollingPlan((1, 3), 4, members=5)
    assert "SafePassage" in _hostile(tmp_path, [replace(scenario, truth=kept)], plan)


def test_cases_with_too_few_origins_to_be_pooled_are_told_of_one_by_one(tmp_path: Path) -> None:
    other = replace(_walk(), name="another")
    text = _hostile(tmp_path, [_walk(), other], RollingPlan((1,), 2, members=5))
    assert "every case by itself" in text


def test_what_an_origin_said_of_camps_is_kept_one_by_one() -> None:
    from safepassage.workflows.rolling_camps import CampMembers

    scenario = _crisis()
    people = np.tile(np.array([1200.0, 3000.0]), (9, 2, 1))
    told = told_of_camps(scenario, CampMembers(30, people), [6])
    assert [(one.place, one.outcome, one.quantiles[3]) for one in told.numbers] == [
        ("near", 1200.0, 1200.0),
        ("far", 4800.0, 3000.0),
    ]
    assert told.numbers[0].pit_low == 0.0
    assert told.numbers[0].pit_high == 1.0
    grown = {one.place: (one.chance, one.happened) for one in told.chances if one.event == GROWN}
    assert grown == {"near": (1.0, True), "far": (0.0, True)}
    assert [fan.place for fan in told.fans] == ["near", "far"]


def _one_camp(**changes: object) -> Scenario:
    days = np.arange(0, 41, 4, dtype=np.int64)
    counts = (Series(days, np.full(len(days), 300.0)),)
    places = [("home", CONFLICT_ZONE, 100_000), ("town", TOWN, 5000), ("camp", CAMP, 0)]
    return world(places, [(0, 1, 30.0), (1, 2, 60.0)], days=41, **{"series": counts, **changes})


def _hostile(tmp_path: Path, scenarios: list[Scenario], plan: RollingPlan) -> str:
    verified = verify_whole(scenarios, plan)
    paths = write_scores(tmp_path, verified, Asked(scenarios, plan, "safepassage verify"))
    for name, path in paths.items():
        if name != "scores.html":
            assert not re.search(r"\bnan\b|\binf\b", path.read_text(encoding="utf-8"), re.IGNORECASE), name
    json.loads(paths["scores.json"].read_text(encoding="utf-8"))
    return _read(paths["scores.html"].read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "plan",
    [
        RollingPlan(horizons=(4,), origins=1, members=1),
        RollingPlan(horizons=(4, 8), origins=6, members=7),
        RollingPlan(horizons=(365,), origins=2, members=3),
        RollingPlan(horizons=(2,), origins=2, members=3),
    ],
    ids=["one origin, one member", "six origins", "a year ahead", "no day near"],
)
def test_one_camp_that_never_changes_makes_a_page(tmp_path: Path, plan: RollingPlan) -> None:
    assert "SafePassage" in _hostile(tmp_path, [_one_camp()], plan)


def test_a_caravan_that_dissolves_makes_a_page(tmp_path: Path) -> None:
    gone = Prior("leave_share_per_day", "fixed", 0.9, 0.9, "", "")
    scenario = replace(_walk(), reports=(), priors={gone.name: gone})
    assert "SafePassage" in _hostile(tmp_path, [scenario], RollingPlan((1, 7), 2, members=5))
    nobody = CaravanMembers(2, np.full((9, 4), np.nan), np.full((9, 4), 30.0), np.zeros((9, 4)))
    told = told_of_caravan(scenario, truth_of(scenario), nobody, [1, 7])
    assert [one for one in told.numbers if one.quantity == POSITION] == []
    assert np.isnan(told.fans[0].values).all()
    shown = replace(verify_whole([scenario], RollingPlan((1,), 1, members=2)), told=told)
    _read(_page([scenario], RollingPlan((1,), 1), shown))


def test_the_command_writes_the_page_and_the_ablations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "scores"
    words = [
        "verify",
        "tapachula-2021-10",
        "--rolling",
        "--horizons",
        "7",
        "--origins",
        "1",
        "--members",
        "10",
    ]
    assert status([*words, "--learned", "none", "--ablations", "--out", str(folder), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    plain = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    more = json.loads((folder / "ablations.json").read_text(encoding="utf-8"))
    assert rows == [*plain, *({k: v for k, v in row.items() if k != "ablation"} for row in more)]
    assert {row["ablation"] for row in more} == {one.name for one in ABLATIONS}
    text = _read((folder / "scores.html").read_text(encoding="utf-8"))
    line = "safepassage verify tapachula-2021-10 --rolling --horizons 7 --origins 1 --members 10"
    assert f"{line} --learned none --ablations --out scores" in text
    head = (folder / "foretold.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head.endswith("outcome,q05,q10,q25,q50,q75,q90,q95,pit_low,pit_high")
    assert status(["verify", "tapachula-2021-10", "--rolling", "--learned", str(tmp_path / "nowhere")]) == 2
