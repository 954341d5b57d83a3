"""Whatever the file: proposals, or one error that says what to do."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places_at_hand import AROUND, IDS, TODAY, read_text

from safepassage.adapters.intake import FIELDS, Intake, read_file
from safepassage.core.errors import InputError
from safepassage.core.report import PLACED_KINDS, REPORT_KINDS

GOOD = "Fecha,Lugar,Personas\n2018-10-23,Huixtla,4500\n"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "an empty file"),
        (b"  \n\n ", "an empty file"),
        (b"\xef\xbb\xbf", "an empty file"),
        (b"\0" * 1000, "an empty file"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old .xls"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"SQLite format 3\0", "a database"),
        (b"\x1f\x8b\x08\0", "compressed"),
        ((GOOD + "2018-10-23,Huix\0tla,5\n").encode(), "no text"),
        (GOOD.encode() + b"\x07\x08", "no text"),
        (b"Fecha,Lugar,Personas\n", "no rows"),
        ((",".join(["a"] * 1_000_000) + "\n" + ",".join(["1"] * 1_000_000)).encode(), "1000000 columns"),
        (GOOD.encode() + b"2018-10-23,Huixtla,5\n" * 20_001, "rows"),
        (GOOD.encode() + b'2018-10-23,"Huixtla,5\n' * 3, "broken line"),
        (b"Fecha,Lugar,Nota\n2018-10-23,Huixtla," + b"x" * 10_000_000, "broken line"),
        (b"x" * 20_000_001, "20 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_one_error_with_what_to_do(
    tmp_path: Path, data: bytes, told: str
) -> None:
    with pytest.raises(InputError, match=told) as caught:
        read_text(tmp_path, data, "reports.csv")
    assert all(fault.mend for fault in caught.value.faults)


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    for path, told in (
        (tmp_path, "a folder"),
        (tmp_path / "none.csv", "no such file"),
        (Path("x\0y"), "no such file|not a path"),
    ):
        with pytest.raises(InputError, match=told):
            read_file(path, AROUND)


def test_a_table_that_tells_of_no_report_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--map") as caught:
        read_text(tmp_path, "name;phone\nRosa;5550142\nLuis;5550188\n")
    assert "5550142" not in str(caught.value)


def check(intake: Intake) -> None:
    """See that every proposal may be handed on, and every row is accounted for."""
    refused = {fault.row for fault in intake.refused}
    for proposal in intake.proposals:
        report = proposal.report
        assert report.kind in REPORT_KINDS
        assert -1 <= report.place < len(IDS)
        assert report.place >= 0 or report.kind not in PLACED_KINDS
        assert report.low is None or 0 <= report.low <= 1e10
        assert report.high is None or report.low is not None
        assert report.high is None or report.low <= report.high <= 1e10
        assert 1900 <= report.observed.year <= 2200
        assert int(proposal.origin.rsplit(" ", 1)[1]) not in refused
        assert proposal.confidence >= 0.5 or proposal.flags
        assert (
            report.observed <= TODAY or proposal.confidence < 0.5 or report.kind not in ("position", "stock")
        )
    assert len({p.origin for p in intake.proposals}) + len(refused) == intake.rows


FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(st.binary(max_size=300))
def test_random_bytes_are_proposals_or_one_error(tmp_path: Path, data: bytes) -> None:
    try:
        check(read_text(tmp_path, data))
    except InputError:
        return


@FUZZ
@given(st.binary(max_size=200), st.sampled_from([b"PK\x03\x04", b"{", b"[", b"\xff\xfe", b"sep=;\n"]))
def test_random_bytes_after_a_known_beginning_are_proposals_or_one_error(
    tmp_path: Path, data: bytes, beginning: bytes
) -> None:
    try:
        check(read_text(tmp_path, beginning + data))
    except InputError:
        return


HEADERS = st.sampled_from(
    [
        *FIELDS,
        "Fecha",
        "Lugar",
        "#date",
        "#loc",
        "#affected+ind",
        "Nombre",
        "lat",
        "Llegadas",
        "min",
        "max",
        "",
        "x",
    ]
)
CELLS = st.one_of(
    st.sampled_from(
        ["2018-10-23", "23/10/2018", "Huixtla", "Escuintla", "4500", "1.500", "-1", "NaN", "1e400",
         "position", "claims", "next stop", "familias", "=1+1", "", "0001-01-01", "2108-01-01", "true",
         "huix\u200btla",
         "30%", "6000-4000",
         "honduras-2018", "962 555 0142", "Tijuana (Tijuana)", "(", "Huixtla, Chiapas", "25", "5pm", "#date"]
    ),
    st.text(max_size=20),
)  # fmt: skip


@FUZZ
@given(
    st.lists(HEADERS, min_size=1, max_size=8),
    st.lists(st.lists(CELLS, max_size=8), max_size=8),
    st.dictionaries(HEADERS, st.sampled_from(["", *FIELDS]), max_size=2),
)
def test_random_tables_are_proposals_or_one_error(
    tmp_path: Path, head: list[str], rows: list[list[str]], told: dict[str, str]
) -> None:
    made = io.StringIO()
    csv.writer(made).writerows([head, *rows])
    path = tmp_path / "random.csv"
    path.write_text(made.getvalue(), encoding="utf-8", errors="replace", newline="")
    for mapping in ({}, told):
        try:
            check(read_file(path, AROUND, mapping))
        except InputError:
            continue


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | CELLS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(HEADERS | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)


@FUZZ
@given(JSONS, st.sampled_from(["results", "value"]))
def test_random_answers_are_proposals_or_one_error(tmp_path: Path, found: object, key: str) -> None:
    for value in (found, {key: found}, {key: [found]}, [found]):
        try:
            check(read_text(tmp_path, json.dumps(value), "data.json"))
        except InputError:
            continue
