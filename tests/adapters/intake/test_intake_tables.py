"""Tables of any layout: columns guessed, shown and corrected; rows proposed or told why not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from places_at_hand import AROUND, IDS, place_of, read_rows, read_text

from safepassage.core.errors import InputError

HEAD = ("Fecha", "Lugar", "Personas", "Fuente")
ROW = ("2018-10-23", "Huixtla", "4500", "Protección Civil")


def fields_of(intake) -> dict[str, str]:
    return {use.name: use.field for use in intake.mapping.uses}


def test_a_plain_spanish_table_is_read(tmp_path: Path) -> None:
    intake = read_rows(tmp_path, HEAD, ROW)
    report = intake.proposals[0].report
    assert place_of(intake) == "huixtla"
    assert (report.observed, report.published) == (date(2018, 10, 23), date(2018, 10, 24))
    assert report.published_basis == "assumed: next day"
    assert (report.kind, report.low, report.high, report.source) == (
        "position",
        4500,
        4500,
        "Protección Civil",
    )
    assert intake.proposals[0].origin == "reports.csv, row 2"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Date", "Town", "Estimate (min)", "Estimate (max)", "Comments"),
         ("observed", "place", "count_low", "count_high", "note")),
        (("Fecha de corte", "Municipio", "Personas mínimo", "Personas máximo", "Observaciones"),
         ("observed", "place", "people_low", "people_high", "note")),
        (("Fecha del reporte", "Nombre del lugar", "No. de familias", "Tamaño del hogar", "Medio"),
         ("observed", "place", "families", "people_per_family", "source")),
        (("día", "Localidad", "Número de personas reportadas", "Tipo de fuente", "Próxima parada"),
         ("observed", "place", "people", "source_kind", "next_stop")),
    ],
)  # fmt: skip
def test_names_in_both_languages_are_understood(
    tmp_path: Path, names: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    cells = {
        "observed": "2018-10-23", "place": "Huixtla", "note": "a note", "source": "a paper",
        "next_stop": "Arriaga",
        "source_kind": "prensa", "families": "100", "people_per_family": "4",
    }  # fmt: skip
    intake = read_rows(tmp_path, names, tuple(cells.get(field, "500") for field in expected))
    assert tuple(fields_of(intake)[name] for name in names) == expected
    assert intake.proposals


def test_columns_without_telling_names_are_known_by_their_cells(tmp_path: Path) -> None:
    rows = [("a", "b", "c")] + [
        (f"2018-10-{d}", "Huixtla" if d % 2 else "Arriaga", str(d * 9)) for d in range(15, 30)
    ]
    intake = read_rows(tmp_path, *rows)
    assert fields_of(intake) == {"a": "observed", "b": "place", "c": "count"}
    assert len(intake.proposals) == 15


def test_a_table_without_a_header_is_read_by_its_cells(tmp_path: Path) -> None:
    intake = read_rows(tmp_path, ("2018-10-23", "Huixtla", "4500"), ("2018-10-24", "Mapastepec", "5000"))
    assert [p.report.low for p in intake.proposals] == [4500, 5000]


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    intake = read_rows(tmp_path, ("Situation of the caravan",), ("prepared weekly",), HEAD, ROW)
    assert place_of(intake) == "huixtla"
    assert intake.proposals[0].origin.endswith("row 4")


def test_a_column_can_be_corrected_and_left_out(tmp_path: Path) -> None:
    rows = (("Fecha", "Origen", "Destino", "Personas"), ("2018-10-23", "Huixtla", "Arriaga", "4500"))
    intake = read_rows(tmp_path, *rows, **{"Destino": "place", "origen": ""})
    assert place_of(intake) == "arriaga"
    report = intake.proposals[0].report
    assert report.to_place == -1
    assert [use.why for use in intake.mapping.uses if use.field == "place"] == ["told by --map"]


@pytest.mark.parametrize("told", [{"Lugarr": "place"}, {"Lugar": "plaze"}])
def test_a_correction_that_names_nothing_suggests(tmp_path: Path, told: dict[str, str]) -> None:
    with pytest.raises(InputError, match="did you mean"):
        read_rows(tmp_path, HEAD, ROW, **told)


def test_a_column_that_counts_arrivals_makes_arrivals(tmp_path: Path) -> None:
    intake = read_rows(tmp_path, ("Fecha", "Municipio", "Llegadas"), ("2018-10-23", "Huixtla", "300"))
    assert (intake.proposals[0].report.kind, intake.proposals[0].report.low) == ("arrivals", 300)


def test_day_and_month_are_read_in_the_order_that_other_rows_show(tmp_path: Path) -> None:
    rows = (("23/10/2018", "Huixtla", "1", "x"), ("05/11/2018", "Arriaga", "2", "x"))
    intake = read_rows(tmp_path, HEAD, *rows)
    assert [p.report.observed for p in intake.proposals] == [date(2018, 10, 23), date(2018, 11, 5)]
    refused = read_rows(tmp_path, HEAD, ("05/11/2018", "Arriaga", "2", "x"))
    assert not refused.proposals
    assert "cannot be told apart" in str(refused.refused[0])


def test_families_become_people_and_say_so(tmp_path: Path) -> None:
    rows = (("Fecha", "Lugar", "Familias"), ("2018-10-23", "Huixtla", "100-120"))
    assert "--family-size" in str(read_rows(tmp_path, *rows).refused[0])
    report = read_rows(tmp_path, *rows, around=replace(AROUND, people_per_family=4.0)).proposals[0].report
    assert (report.low, report.high, report.unit, report.unit_people) == (400, 480, "families", 4)


def test_a_count_with_a_unit_column_is_read_in_that_unit(tmp_path: Path) -> None:
    head = ("date", "place", "count", "unit", "people_per_family")
    intake = read_rows(
        tmp_path,
        head,
        ("2018-10-23", "Huixtla", "50", "hogares", "5"),
        ("2018-10-23", "Arriaga", "50", "persons", ""),
    )
    assert [p.report.low for p in intake.proposals] == [250, 50]


def test_an_announced_next_stop_and_transport_are_reports_of_their_own(tmp_path: Path) -> None:
    head = ("date", "place", "next stop", "hour", "transport", "transport to", "published")
    intake = read_rows(
        tmp_path, head, ("2018-10-23", "Huixtla", "Mapastepec", "4 am", "ofrecido", "Arriaga", "2018-10-23")
    )
    here, ahead, buses = (p.report for p in intake.proposals)
    assert (here.kind, here.hour) == ("position", None)
    assert (ahead.kind, IDS[ahead.place], ahead.observed, ahead.hour) == (
        "next_stop",
        "mapastepec",
        date(2018, 10, 24),
        4,
    )
    assert (buses.kind, IDS[buses.to_place]) == ("transport_offered", "arriaga")


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("Fecha", "0001-01-01", "year"),
        ("Fecha", "9999-12-31", "year"),
        ("Fecha", "2018-02-30", "no such day"),
        ("Fecha", "", "an empty cell"),
        ("Personas", "-5", "negative"),
        ("Personas", "NaN", "no number"),
        ("Personas", "inf", "no number"),
        ("Personas", "1e400", "more people"),
        ("Personas", "30%", "share"),
        ("Personas", "6000-4000", "range"),
        ("Personas", "=SUM(A1:A9)", "formula"),
        ("Fuente", "=HYPERLINK(\"http://x\")", "formula"),
        ("Lugar", "Huixlta", "huixtla"),
        ("Lugar", "Escuintla", "escuintla-gt"),
        ("Lugar", "", "an empty cell"),
        ("Lugar", "15.1392, -92.4634", "exact position"),
        ("Fuente", "x" * 9000, "9,000 letters"),
        ("Fuente", "x" * 11000, "11000 characters"),
    ],
)  # fmt: skip
def test_a_row_at_fault_is_told_and_the_others_are_read(
    tmp_path: Path, column: str, cell: str, told: str
) -> None:
    bad = tuple(cell if name == column else good for name, good in zip(HEAD, ROW, strict=True))
    intake = read_rows(tmp_path, HEAD, ROW, bad, ROW)
    assert len(intake.proposals) == 2
    assert intake.rows_refused == 1
    fault = intake.refused[0]
    assert (fault.row, fault.column) == (3, column)
    assert told in str(fault)
    assert "-92.46" not in str(fault)


def test_towns_that_are_not_on_the_network_are_listed_with_their_rows(tmp_path: Path) -> None:
    rows = [("2018-10-23", town, "5", "x") for town in ("Atlantis", "Huixtla", "Atlantis", "Lemuria")]
    assert read_rows(tmp_path, HEAD, *rows).off_network == (("Atlantis", 2), ("Lemuria", 1))


def test_reversed_bounds_and_dates_are_refused(tmp_path: Path) -> None:
    head = ("date", "place", "min", "max", "published")
    rows = (
        ("2018-10-23", "Huixtla", "9", "5", "2018-10-24"),
        ("2018-10-23", "Huixtla", "5", "9", "2018-10-22"),
    )
    intake = read_rows(tmp_path, head, *rows)
    assert not intake.proposals
    assert ["reversed range" in str(fault) for fault in intake.refused] == [True, False]
    assert "nothing is known before it happens" in str(intake.refused[1])


def test_an_announcement_may_be_published_before_its_day(tmp_path: Path) -> None:
    head = ("date", "kind", "place", "published")
    intake = read_rows(tmp_path, head, ("2018-10-24", "próxima parada", "Mapastepec", "2018-10-23"))
    assert intake.proposals[0].report.kind == "next_stop"


def test_days_that_have_not_come_yet_wait_for_a_reviewer(tmp_path: Path) -> None:
    intake = read_rows(
        tmp_path, HEAD, ("2108-10-23", "Huixtla", "5", "x"), ("1918-10-23", "Huixtla", "5", "x")
    )
    assert all(p.confidence < 0.5 for p in intake.proposals)
    assert "not come yet" in intake.proposals[0].flags[0]
    assert "more than a year before" in intake.proposals[1].flags[0]


def test_invisible_letters_are_taken_out_and_flagged(tmp_path: Path) -> None:
    intake = read_rows(tmp_path, HEAD, ("2018-10-23", "Hui\u200bx\u202etla", "4500", "a\u200b paper"))
    assert place_of(intake) == "huixtla"
    assert intake.proposals[0].report.source == "a paper"
    assert "invisible characters were taken out" in intake.proposals[0].flags


PERSONAL = (
    "Nombre completo",
    "Teléfono",
    "GPS",
    "Contacto",
    "lat",
    "lon",
    "username",
    "_geolocation",
    "email",
)


def test_columns_about_persons_are_dropped_with_a_notice(tmp_path: Path) -> None:
    secret = "Rosa Quintanilla 962 555 0142"
    intake = read_rows(tmp_path, (*HEAD, *PERSONAL), (*ROW, *[secret] * len(PERSONAL)))
    assert len(intake.proposals) == 1
    assert "Quintanilla" not in repr(intake)
    told = " ".join(map(str, intake.notices))
    assert "Teléfono" in told
    assert "nothing of them is kept" in told


def test_a_column_about_persons_cannot_be_kept_as_a_note(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no persons"):
        read_rows(tmp_path, (*HEAD, "Contacto"), (*ROW, "x"), Contacto="note")


@pytest.mark.parametrize(
    "note", ["llamar al 962 555 0142", "señora Rosa Quintanilla", "15.1392, -92.4634", "calle Hidalgo #45"]
)
def test_words_about_persons_are_left_out_and_the_figure_is_kept(tmp_path: Path, note: str) -> None:
    intake = read_rows(tmp_path, (*HEAD, "Nota"), (*ROW, note))
    assert intake.proposals[0].report.low == 4500
    assert intake.proposals[0].report.note == ""
    assert "left out" in intake.proposals[0].flags[0]
    assert note not in repr(intake)


def test_columns_of_unknown_meaning_are_told_and_nothing_of_them_is_kept(tmp_path: Path) -> None:
    intake = read_rows(tmp_path, (*HEAD, "Xyzzy"), (*ROW, "plugh"))
    assert "'Xyzzy'" in " ".join(map(str, intake.notices))
    assert "plugh" not in repr(intake)


def test_what_is_said_for_all_rows_fills_what_they_do_not_tell(tmp_path: Path) -> None:
    around = replace(
        AROUND, published=date(2018, 10, 25), source="weekly sheet", source_kind="agency", kind="stock"
    )
    report = read_rows(tmp_path, HEAD[:3], ROW[:3], around=around).proposals[0].report
    assert (report.published, report.published_basis) == (date(2018, 10, 25), "told at import")
    assert (report.source, report.source_kind, report.kind) == ("weekly sheet", "agency", "stock")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_encoding_and_separator_of_a_spreadsheet_is_read(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    text = "\r\n".join(separator.join(row) for row in (HEAD, ("2018-10-13", "Tecún Umán", "1.500", "El Día")))
    intake = read_text(tmp_path, text.encode(encoding))
    assert place_of(intake) == "tecun-uman"
    assert (intake.proposals[0].report.source, intake.proposals[0].report.low) == ("El Día", 1500)


def test_a_group_that_the_scenario_does_not_have_is_left_out_and_flagged(tmp_path: Path) -> None:
    head = (*HEAD, "group")
    intake = read_rows(tmp_path, head, (*ROW, "honduras-2018"), (*ROW, "others"))
    assert [p.report.group for p in intake.proposals] == ["honduras-2018", ""]
    assert intake.proposals[1].flags


def test_columns_that_count_different_things_make_reports_of_their_own(tmp_path: Path) -> None:
    head = ("Fecha", "Municipio", "Personas presentes", "Llegadas", "Salidas", "Personas")
    rows = (("2018-10-23", "Huixtla", "900", "300", "", "4500"), ("2018-10-24", "Huixtla", "", "", "", ""))
    intake = read_rows(tmp_path, head, *rows)
    found = [(p.report.kind, p.report.low) for p in intake.proposals]
    assert found == [("position", 4500), ("stock", 900), ("arrivals", 300), ("position", None)]
    assert (intake.rows, intake.rows_refused) == (2, 0)


def test_words_are_known_by_their_cells(tmp_path: Path) -> None:
    head = ("Fecha", "Lugar", "Personas", "Quién", "Qué")
    rows = (
        ("2018-10-23", "Huixtla", "5", "albergue", "llegadas"),
        ("2018-10-24", "Huixtla", "6", "prensa", "salidas"),
    )
    found = [(p.report.source_kind, p.report.kind) for p in read_rows(tmp_path, head, *rows).proposals]
    assert found == [("shelter", "arrivals"), ("press", "departures")]
