"""Files with HXL tags: the tags decide, wherever their row stands, in any order and case of attributes."""

from datetime import date
from pathlib import Path

import pytest
from places_at_hand import IDS, place_of, read_rows

TAGS = ("#date+occurred", "#adm1+name", "#loc+name", "#affected+ind+min", "#affected+ind+max", "#meta+source")
ROW = ("2018-10-23", "Chiapas", "Huixtla", "4500", "7200", "IOM")


@pytest.mark.parametrize("above", [0, 1, 5, 24])
def test_the_tag_row_is_found_among_the_first_rows(tmp_path: Path, above: int) -> None:
    heads = [("Día", "Estado", "Sitio", "De", "A", "Quién")] * bool(above)
    rows = [(f"title {k}",) for k in range(above - 1)] + heads
    intake = read_rows(tmp_path, *rows, TAGS, ROW)
    report = intake.proposals[0].report
    assert intake.mapping.layout == "HXL"
    assert (place_of(intake), report.low, report.high, report.source) == ("huixtla", 4500, 7200, "IOM")
    assert report.observed == date(2018, 10, 23)


@pytest.mark.parametrize("tag", ["#affected+min+ind", "# Affected + IND +Min", "#affected+idps+min"])
def test_attributes_may_stand_in_any_order_case_and_spacing(tmp_path: Path, tag: str) -> None:
    intake = read_rows(tmp_path, (*TAGS[:3], tag, *TAGS[4:]), ROW)
    assert intake.proposals[0].report.low == 4500


def test_parts_by_sex_and_age_and_spots_are_not_read(tmp_path: Path) -> None:
    head = (
        "#date",
        "#loc",
        "#affected+f",
        "#affected+m+children",
        "#affected+ind",
        "#geo+lat",
        "#geo+lon",
        "#contact+name",
    )
    intake = read_rows(
        tmp_path, head, ("2018-10-23", "Huixtla", "11", "12", "4500", "15.139217", "-92.463418", "Rosa Q")
    )
    report = intake.proposals[0].report
    assert (report.low, report.high) == (4500, 4500)
    assert "15.139" not in repr(intake)
    assert "Rosa" not in repr(intake)


def test_families_are_told_by_their_attribute(tmp_path: Path) -> None:
    head = ("#date", "#loc+name", "#affected+hh", "#indicator+hh_size")
    report = read_rows(tmp_path, head, ("2018-10-23", "Huixtla", "100", "5")).proposals[0].report
    assert (report.low, report.unit, report.unit_people) == (500, "families", 5)


def test_columns_without_a_tag_are_not_read(tmp_path: Path) -> None:
    intake = read_rows(
        tmp_path,
        ("a", "b", "c", "d"),
        ("#date", "#loc", "#affected", ""),
        ("2018-10-23", "Huixtla", "5", "plugh"),
    )
    assert "plugh" not in repr(intake)
    assert "no tag" in [use.why for use in intake.mapping.uses]


def test_the_finest_place_is_the_town_and_destinations_are_apart(tmp_path: Path) -> None:
    head = ("#date", "#adm1+name", "#adm2+name", "#loc+name+dest", "#affected")
    intake = read_rows(tmp_path, head, ("2018-10-23", "Chiapas", "Huixtla", "Arriaga", "5"))
    assert place_of(intake) == "huixtla"
    assert IDS[intake.proposals[0].report.to_place] == "arriaga"


def test_a_tag_can_be_corrected_like_a_name(tmp_path: Path) -> None:
    rows = (("#date", "#adm2", "#loc", "#affected"), ("2018-10-23", "Huixtla", "sector 4", "5"))
    assert not read_rows(tmp_path, *rows).proposals
    assert place_of(read_rows(tmp_path, *rows, **{"#adm2": "place"})) == "huixtla"


def test_our_own_tags_are_understood_without_their_header(tmp_path: Path) -> None:
    from safepassage.adapters.report_store.export import COLUMNS

    told = {
        "observed": "2018-10-23", "published": "2018-10-24", "place": "huixtla", "place_name": "Huixtla",
        "kind": "arrivals", "people_low": "400", "people_high": "500", "quantifier": "about",
        "unit": "families",
        "people_per_family": "4", "segment": "rear", "quality": "approx", "since": "2018-10-20",
        "hour": "5",
        "source": "a sheet", "source_kind": "agency", "reliability": "high", "note": "two kitchens",
        "excerpt": "some four hundred", "to_place": "arriaga",
    }  # fmt: skip
    tags = tuple(column.tag for column in COLUMNS)
    report = read_rows(tmp_path, tags, tuple(told.get(c.name, "") for c in COLUMNS)).proposals[0].report
    found = {name: str(getattr(report, name)) for name in told if name in report.__dataclass_fields__}
    found |= {"place": IDS[report.place], "to_place": IDS[report.to_place]}
    assert found == {name: told[name] for name in found}
    assert (report.low, report.high, report.unit_people) == (400, 500, 4)
