"""Files come in at the command line: shown first, stored when told so; what goes out comes back."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safepassage.adapters.folder.privacy import personal_in
from safepassage.cli.main import status
from safepassage.core.report import (
    ANNOUNCED_KINDS,
    QUALITIES,
    QUANTIFIERS,
    RELIABILITIES,
    REPORT_KINDS,
    SEGMENTS,
    SOURCE_KINDS,
    Proposal,
    Report,
    report_key,
)
from safepassage.workflows.intake import ForAllRows, read_reports
from safepassage.workflows.reports import export, listing, open_desk, take_in

TABLE = """Fecha;Lugar;Personas;Teléfono;Nota
23/10/2018;Huixtla;4.500-7.200;962 555 0142;comedor abierto
24/10/2018;Mapastepec;unos 5 mil;962 555 0143;
25/10/2018;Atlantis;900;962 555 0144;
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a new scenario, made once."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        new = ["new", "mine", "--from", "San Pedro Sula", "--departs", "2018-10-13", "--size", "5000"]
        assert status(new) == 0
    return folder / "mine"


@pytest.fixture(autouse=True)
def _scenario(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(made, "mine")
    Path("table.csv").write_text(TABLE, encoding="utf-8")


def keys(scenario: str = "mine") -> dict[str, str]:
    return {row.entry.key: row.entry.status for row in listing(scenario)}


def test_without_yes_and_nobody_to_ask_it_shows_and_stores_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert status(["report", "import", "table.csv", "--scenario", "mine"]) == 0
    told = capsys.readouterr()
    for word in ("Lugar", "place", "3 rows: 2 read", "3 filas: 2 leídas"):
        assert word in told.out
    for word in ("Atlantis (1)", "row 4", "--yes", "Teléfono"):
        assert word in told.err
    assert "555" not in told.out + told.err
    assert keys() == {}


def test_with_yes_it_stores_as_accepted_and_the_second_time_adds_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert status(["report", "import", "table.csv", "--scenario", "mine", "--yes"]) == 0
    first = keys()
    assert list(first.values()) == ["accepted"] * 2
    capsys.readouterr()
    assert status(["report", "import", "table.csv", "--scenario", "mine", "--yes"]) == 0
    assert "0 new" in capsys.readouterr().out
    assert keys() == first


@pytest.mark.parametrize(("answer", "stored"), [("y\n", 2), ("n\n", 0)])
def test_somebody_at_the_screen_is_asked(answer: str, stored: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safepassage.cli.report_import._somebody_is_there", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_: answer == "y\n")
    assert status(["report", "import", "table.csv", "--scenario", "mine"]) == 0
    assert len(keys()) == stored


def test_columns_are_corrected_and_what_holds_for_all_rows_is_told() -> None:
    Path("odd.csv").write_text("cuando,de,a,n\n2018-10-23,Huixtla,Arriaga,30\n", encoding="utf-8")
    options = [
        "--map",
        "de=place",
        "--map",
        "a=",
        "--map",
        "n=families",
        "--family-size",
        "4",
        "--kind",
        "arrivals",
    ]
    options += ["--source", "weekly sheet", "--source-kind", "agency", "--published", "2018-10-26", "--yes"]
    assert status(["report", "import", "odd.csv", "--scenario", "mine", *options]) == 0
    report = listing("mine")[0].entry.report
    assert (report.kind, report.low, report.unit) == ("arrivals", 120, "families")
    assert (report.source, report.source_kind, report.published) == (
        "weekly sheet",
        "agency",
        date(2018, 10, 26),
    )
    assert report.to_place == -1


def test_doubtful_reports_wait_even_with_yes(capsys: pytest.CaptureFixture[str]) -> None:
    Path("late.csv").write_text(
        "date,place,people\n2108-10-23,Huixtla,5\n2018-10-23,Huixtla,5\n", encoding="utf-8"
    )
    assert status(["report", "import", "late.csv", "--scenario", "mine", "--yes"]) == 0
    assert sorted(keys().values()) == ["accepted", "proposed"]
    assert "report review" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["none.csv"],
        ["mine"],
        ["table.csv", "--map", "Lugar"],
        ["table.csv", "--map", "Lugar=nowhere"],
        ["table.csv", "--map", "Fecha=place", "--map", "Lugar=place"],
        ["table.csv", "--kind", "rumour"],
        ["table.csv", "--source-kind", "neighbour"],
        ["table.csv", "--source", "call 962 555 0142"],
        ["table.csv", "--family-size", "0"],
        ["table.csv", "--published", "2018-10-01"],
        ["empty.csv"],
        ["table.csv", "--scenario", "honduras-2018-10"],
    ],
)
def test_a_users_mistake_is_status_2_and_nothing_stored_is_lost(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["report", "import", "table.csv", "--scenario", "mine", "--yes"]) == 0
    before = keys()
    Path("empty.csv").write_bytes(b"")
    where = [] if "--scenario" in arguments else ["--scenario", "mine"]
    assert status(["report", "import", *arguments, *where, "--yes"]) == 2
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "555 0142" not in told
    assert keys() == before


def test_the_form_is_written_with_the_towns_of_the_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["report", "form", "form.xlsx", "--scenario", "mine"]) == 0
    assert "150 towns" in capsys.readouterr().err
    names = [row[1] for row in openpyxl.load_workbook("form.xlsx")["choices"].iter_rows(values_only=True)]
    assert {"huixtla", "tecun-uman", "other"} <= set(names)
    assert status(["report", "form", "generic.xlsx"]) == 0
    assert status(["report", "form", "form.xlsx"]) == 2
    assert status(["report", "form", "form.txt"]) == 2


# Everything that goes out comes back ------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30).map(
    lambda text: " ".join(text.split())
)
NOTES = st.one_of(
    WORDS,
    st.sampled_from(
        ["=1+1", "+SUM(A1)", "-", "@cmd", 'say "so", he said; 5', "1.500", "#date", "n/a", "true"]
    ),
).filter(lambda text: not personal_in(text) and not text.startswith("'"))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    kind = draw(st.sampled_from(REPORT_KINDS))
    observed = date(2018, 10, 13) + timedelta(days=draw(st.integers(0, 40)))
    later = draw(st.integers(-3 if kind in ANNOUNCED_KINDS else 0, 9))
    low = draw(
        st.none()
        | st.integers(0, 20_000).map(float)
        | st.floats(0, 9e5, allow_nan=False).map(lambda x: round(x, 3))
    )
    families = low is not None and draw(st.booleans())
    return Report(
        observed=observed,
        published=observed + timedelta(days=later),
        published_basis=draw(st.sampled_from(["", "source address", "assumed: next day"])),
        place=draw(st.integers(0, 149)),
        kind=kind,
        low=low,
        high=None if low is None else draw(st.none() | st.just(low) | st.just(low * 2 + 1)),
        segment=draw(st.sampled_from(SEGMENTS)),
        quality=draw(st.sampled_from(QUALITIES)),
        source=draw(NOTES),
        note=draw(NOTES),
        to_place=draw(st.integers(-1, 149)),
        quantifier=draw(st.sampled_from(QUANTIFIERS)),
        unit="families" if families else "people",
        unit_people=draw(st.sampled_from([3.0, 4.5, 50.0])) if families else None,
        source_kind=draw(st.sampled_from(SOURCE_KINDS)),
        reliability=draw(st.sampled_from(RELIABILITIES)),
        since=observed - timedelta(days=draw(st.integers(0, 9))) if draw(st.booleans()) else None,
        hour=draw(st.none() | st.integers(0, 23)),
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(reports(), st.booleans()), min_size=1, max_size=6),
    st.sampled_from(["out.csv", "out.xlsx"]),
    st.booleans(),
)
def test_everything_that_is_exported_is_imported_to_the_same_keys(
    told: list[tuple[Report, bool]], name: str, hxl: bool
) -> None:
    Path("mine/reports.sqlite").unlink(missing_ok=True)
    desk = open_desk("mine")
    for accept in (False, True):
        take_in(desk, [Proposal(report, "made up") for report, sure in told if sure is accept], accept=accept)
    export(desk, Path(name), hxl=hxl)
    _, intake = read_reports(desk, Path(name), {}, ForAllRows())
    assert intake.refused == ()
    back = {report_key(proposal.report, desk.ids) for proposal in intake.proposals}
    assert back == set(keys())
    stored = {row.entry.key: row.entry.report for row in listing(desk)}
    for proposal in intake.proposals:
        kept = stored[report_key(proposal.report, desk.ids)]
        assert (proposal.report.unit_people, proposal.report.reliability) == (
            kept.unit_people,
            kept.reliability,
        )
