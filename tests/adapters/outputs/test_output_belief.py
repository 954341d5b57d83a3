"""What the reports did, in every output: the same rows, both languages, no small counts, nothing invented."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from math import nan

import numpy as np
import openpyxl
import polars as pl
import pytest
from made_up import NAN, START, report

from safepassage.adapters.belief_values import belief_values
from safepassage.adapters.message import MOST_LETTERS, message, message_in
from safepassage.adapters.outlook_belief import (
    agreed_rows,
    contradicted,
    counted,
    measures,
    near,
    report_rows,
    told_parts,
    town_of,
    used_count,
)
from safepassage.adapters.outputs import write_all
from safepassage.adapters.page.beliefsection import FIRST_ROWS, MOST_ROWS, belief_section
from safepassage.adapters.page.marks import positions, sizes
from safepassage.adapters.page.report import report_html
from safepassage.adapters.sheets.town import town_html
from safepassage.adapters.tables.belief_frames import look_back_frame, reports_used
from safepassage.adapters.tables.frame import to_polars
from safepassage.adapters.tables.workbook import write_workbook
from safepassage.core.belief import ReportEffect


def text_of(page, lang="en"):
    """Give what a page says in one language, without its script, style and hidden names of cells."""
    other = "es" if lang == "en" else "en"
    page = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    page = re.sub(r'<span class="cell-name">.*?</span></span>|<span class="cell-name">[^<]*</span>', "", page)
    page = re.sub(rf'<(span|article|tspan) lang="{other}">.*?</\1>', "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&#x27;", "'")


def with_effects(forecast, *effects, **more):
    belief = replace(forecast.belief, effects=effects, **more)
    return replace(forecast, belief=belief, reports=tuple(effect.report for effect in effects))


def test_reports_come_newest_first_with_a_plain_verdict(with_belief):
    rows = report_rows(with_belief)
    days = [row.report.observed for row in rows]
    assert days == sorted(days, reverse=True)
    assert used_count(with_belief.belief) == 6
    verdicts = {row.report.source_kind + row.verdict for row in rows}
    assert {"officialcontradicted", "fielddoubted", "presssays_nothing", "pressonly_shown"} <= verdicts
    assert {"organiserbefore", "officialfits"} <= verdicts
    assert [row.name for row in contradicted(with_belief)] == ["El Faro"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            (
                "What the reports changed",
                "6 were used",
                "El Faro, 15 Oct: 5,000–6,000 (officials); 87% likely wrong.",
                "contradicted by what else is known: 87% likely wrong",
                "doubted: 31% likely wrong",
                "names no place and no size",
                "only shown",
                "before the departure",
                "shares its error with 1 more",
                "55 km off · 1.3 times the size",
                "+4 km · +140 people",
                "0 km · fewer than 20 people",
                "Officials: tells 0.8 times the size believed (0.6–1.0), from 7 reports.",
                "from one report only",
                "kept 62% of the time (40% to 80%); 5 were held",
                "the ensemble was spread anew",
                "within what we said",
                "no: they were reported elsewhere",
                "not reported (which is not zero)",
                "half of the officials' figure",
                "Night of 16 Oct. Yesterday we said: La Breña (km 101–190); 1,100–2,300 people.",
            ),
        ),
        (
            "es",
            (
                "Lo que cambiaron los informes",
                "se usaron 6",
                "contradicho por lo demás que se sabe: 87\u202f% de que sea erróneo".replace("\u202f", " "),
                "no dice lugar ni tamaño",
                "a 55 km · 1.3 veces el tamaño",
                "Autoridades: dice 0.8 veces el tamaño creído (0.6–1.0), según 7 informes.",
                "el conjunto se abrió de nuevo",
                "sin informe (no es cero)",
                "Noche del 16 oct. Ayer dijimos: La Breña (km 101–190); 1,100–2,300 personas.",
            ),
        ),
    ],
)
def test_the_page_says_what_the_reports_changed(with_belief, lang, said):
    page = text_of(report_html(with_belief, version="1"), lang)
    for part in said:
        assert part in page, part


def test_no_output_claims_that_nothing_is_learned_where_reports_were_weighed(with_belief, one_group, nobody):
    learned, blind = report_html(with_belief, version="1"), report_html(one_group, version="1")
    for lang, denial in (("en", "does not learn from"), ("es", "no aprende de")):
        assert denial not in text_of(learned, lang)
        assert text_of(blind, lang).count(denial) == 2  # at the head, and in how to read it
    assert "No report was used" in text_of(blind)
    assert "3 were known; this run was made without" in text_of(blind)
    assert "None was known." in text_of(report_html(nobody, version="1"))
    replayed = text_of(report_html(replace(one_group, replay=True), version="1"))
    assert "nothing left to learn" in replayed


def test_every_report_is_listed_once_and_not_again_below(with_belief, one_group):
    page = report_html(with_belief, version="1")
    assert page.count("example.org/again") == 1
    assert page.count('<h3><span lang="es">Informes</span>') == 0
    assert report_html(one_group, version="1").count('<h3><span lang="es">Informes</span>') == 1


def test_contradicted_reports_are_hollow_in_the_fans_and_the_legend_says_so(with_belief, one_group):
    group = with_belief.groups[0]
    hollow = [mark for mark in positions(with_belief, group) if mark.hollow]
    assert [mark.when for mark in hollow] == [START + timedelta(days=2)]
    assert [mark.low for mark in sizes(with_belief, group, ("main",)) if mark.hollow] == [5000]
    between = [mark for mark in positions(with_belief, group) if mark.low != mark.high]
    assert len(between) == 1
    assert between[0].low == group.route_km[2]
    page = report_html(with_belief, version="1")
    assert 'class="report hollow"' in page
    assert "report contradicted by what else is known" in text_of(page)
    assert "forecast ▸" in text_of(page)
    assert 'class="report hollow"' not in report_html(one_group, version="1")


def test_a_report_of_a_group_marks_only_that_group(two_groups):
    told = (report(1, 1, 900, 900, group="segunda"), report(2, 2, 800, 800))
    made = replace(two_groups, reports=told)
    first, second = made.groups
    assert positions(made, first) == sizes(made, first, ("main",)) == ()
    assert [mark.low for mark in sizes(made, second, ("main",))] == [900]
    assert len(positions(made, second)) == 1


def test_an_announcement_or_a_shelter_is_no_position(one_group):
    kinds = ("next_stop", "shelter_opened", "closure", "incident", "position")
    made = replace(
        one_group, reports=tuple(report(1, k, None, None, kind=kind) for k, kind in enumerate(kinds))
    )
    assert len(positions(made, made.groups[0])) == 1


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (7, 12, (None, None, True)),
        (7, 400, (None, 400, False)),
        (7, None, (None, None, False)),
        (None, 12, (None, None, True)),
        (20, 20, (20, 20, False)),
        (None, None, (None, None, False)),
        (nan, nan, (None, None, False)),
    ],
)
def test_no_small_count_is_told(low, high, expected):
    row = counted(report(0, 0, low, high))
    assert (row.low, row.high, row.few) == expected


def test_small_counts_are_in_no_output(with_belief, tmp_path):
    small = tuple(
        ReportEffect(report(2, k, 13, 17, kind=kind), f"{k}", "", 1.0, 0.0, 3.0, 1.0, 0.0, 13.0)
        for k, kind in enumerate(("stock", "claims", "returns", "detentions", "position"))
    )
    back = with_belief.belief.look_back
    back = replace(
        back,
        towns=(
            replace(
                back.towns[0], said_low=13, said_middle=14, said_high=17, reported_low=13, reported_high=17
            ),
        ),
        said_people=(13, 14, 17),
        happened_people=13,
        rule_people=17,
    )
    agreed = tuple(replace(figure, people=17) for figure in with_belief.belief.agreed)
    made = with_effects(with_belief, *small, look_back=back, agreed=agreed)
    page = belief_section(made)
    assert not re.search(r"(?<![\d#])1[347](?![\d:])(?! oct| Oct)", text_of(page))
    values = json.dumps(belief_values(made))
    assert not re.search(r": 1[347](\.0)?[,}]", values)
    for frame in (reports_used(made), look_back_frame(made)):
        numbers = frame.select(pl.selectors.float() & ~pl.selectors.matches("km|times|weight|wrong|chance"))
        assert not {13.0, 14.0, 17.0} & {v for column in numbers for v in column if v is not None}
    assert not re.search(r"\b1[347] (people|personas)|[–(]1[347]\b", message(made))
    write_workbook(made, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    for name in ("informes_reports", "informes_reports_used", "ayer_look_back", "acordado_agreed"):
        found = {
            cell
            for row in book[name].iter_rows(values_only=True)
            for cell in row
            if isinstance(cell, float | int)
        }
        assert not {13, 14, 17} & found, name


def test_the_sheet_of_a_town_holds_yesterday_and_the_agreed_figure(with_belief, one_group):
    there, elsewhere, unknown, nothing = (town_html(with_belief, place) for place in (2, 3, 4, 6))
    assert "Yesterday we said: night of Tuesday 16 Oct" in text_of(there)
    assert "62% for 500 or more; if they come, 1,100–2,300" in text_of(there)
    assert "yes: 1,500–1,900" in text_of(there)
    assert "Agreed figure for 17 Oct: 1,800 people (clúster)." in text_of(there)
    assert "no: they were reported elsewhere" in text_of(elsewhere)
    assert "not reported (which is not zero)" in text_of(unknown)
    assert "sin informe (no es cero)" in text_of(unknown, "es")
    assert 'class="look"' not in nothing
    assert 'class="full"' not in nothing
    assert 'class="look"' not in town_html(one_group, 2)
    assert town_of(with_belief, 6) is None


def test_the_message_has_a_line_for_yesterday_and_one_for_a_contradicted_report(with_belief, one_group):
    for lang in ("es", "en"):
        assert len(message_in(with_belief, lang)) <= MOST_LETTERS
    chat = message_in(with_belief, "en")
    assert "Night of 16 Oct: yesterday we said La Breña (km 101–190), 1,100–2,300; it happened: La Br" in chat
    assert "it happened: La Breña, 1,700; simple rule: La Breña, 1,200 people." in chat
    assert "Report contradicted by what else is known: El Faro, 15 Oct (87% likely wrong)." in chat
    assert "yesterday" not in message_in(one_group, "en")
    later = replace(with_belief, as_of=START + timedelta(days=9))
    assert "contradicted" not in message_in(later, "en")  # after some days it is no news


def test_every_output_takes_the_same_rows(with_belief, tmp_path):
    write_workbook(with_belief, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    head, *rows = book["informes_reports_used"].values
    frame, values = reports_used(with_belief), belief_values(with_belief)
    assert len(rows) == len(frame) == len(values["reports"]) == len(with_belief.belief.effects)
    weight = next(k for k, name in enumerate(head) if "Weight" in name)
    kept = [row[weight] for row in rows]
    assert kept == [w if used else None for w, used in zip(frame["weight"], frame["used"], strict=True)]
    assert [one["weight"] for one in values["reports"]] == frame["weight"].to_list()
    assert values["reports"][0]["observed"] == "2018-10-16"
    json.dumps(values, allow_nan=False)
    assert len(values["look_back"]) == len(look_back_frame(with_belief)) == 5
    assert {"ayer_look_back", "aprendido_learned", "acordado_agreed"} <= set(book.sheetnames)
    readme = " ".join(str(cell.value) for cell in book["README"]["A"])
    assert "informes_reports_used" in readme
    assert "Numbers below 20 are not told" in readme


def test_frames_have_the_same_types_whatever_rows_there_are(with_belief):
    one = with_effects(with_belief, with_belief.belief.effects[0])
    assert reports_used(one).schema == reports_used(with_belief).schema
    assert reports_used(with_effects(with_belief)).is_empty()


def test_files_of_an_earlier_run_that_learned_do_not_stay(with_belief, one_group, tmp_path):
    first = write_all(with_belief, tmp_path, manifest={})
    assert {"reports_used.parquet", "look_back.parquet"} <= set(first)
    assert pl.read_parquet(tmp_path / "reports_used.parquet").equals(reports_used(with_belief))
    second = write_all(one_group, tmp_path, manifest={})
    assert not {"reports_used.parquet", "look_back.parquet"} & set(second)
    assert not list(tmp_path.glob("*_used.parquet"))
    assert not list(tmp_path.glob("look_back*"))


def test_parts_are_told_where_enough_futures_have_them(with_parts, with_belief, tmp_path):
    group = with_parts.groups[0]
    ahead, rear = told_parts(with_parts, group)
    assert np.isnan(ahead.head_km.values[:, :2]).all()
    assert np.isfinite(ahead.head_km.values[:, 2:]).all()
    assert np.isnan(rear.size.values).all()  # 6 of 200 members
    page = text_of(report_html(with_parts, version="1"))
    assert "Night of 17 Oct: 40% that there is one." in page
    assert "Night of 17 Oct: 3% that there is one. Too few futures to say where and how many." in page
    assert "people with its parts" in page
    assert "Parts of the caravan" not in text_of(report_html(with_belief, version="1"))
    frame = to_polars(with_parts).with_columns(pl.col("quantity").cast(pl.String))
    told = set(frame["quantity"])
    assert {"advance_chance", "advance_head_km", "advance_size", "rear_chance", "whole_size"} <= told
    assert not {"rear_head_km", "rear_size"} & told
    keys = ["day", "place_id", "group", "quantity", "quantile_or_stat"]
    assert frame.select(keys).is_duplicated().sum() == 0
    write_workbook(with_parts, tmp_path / "x.xlsx")
    assert (
        len(list(openpyxl.load_workbook(tmp_path / "x.xlsx")["partes_parts"].values))
        == 1 + 3 * with_parts.days
    )
    assert not [m for m in positions(with_parts, group) if m.when == START + timedelta(days=3) and m.low == 0]
    assert [mark.low for mark in sizes(with_parts, group, ("rear",))] == [300]


def test_a_look_back_with_nothing_known_says_so_and_names_no_number(with_belief):
    back = replace(
        with_belief.belief.look_back,
        towns=(),
        said_km=(NAN,) * 3,
        happened_km=NAN,
        rule_km=NAN,
        said_people=(NAN,) * 3,
        happened_people=NAN,
        rule_people=NAN,
    )
    empty = replace(with_belief, belief=replace(with_belief.belief, look_back=back))
    assert measures(empty) == []
    page = report_html(empty, version="1")
    assert not re.search(r"\bnan\b", page.lower().split("<script")[0])
    assert "Yesterday we said:" not in text_of(page)
    first = replace(with_belief, belief=replace(with_belief.belief, look_back=None))
    assert "no night yet of which we spoke" in text_of(report_html(first, version="1"))


def test_without_groups_or_with_two_no_town_is_named_for_a_position(with_belief, two_groups):
    assert near(with_belief, 163.0) == "La Breña"
    assert near(replace(with_belief, groups=two_groups.groups), 163.0) == ""
    spread = replace(with_belief, groups=())
    assert "km 101–190" in text_of(report_html(spread, version="1"))
    assert near(with_belief, NAN) == ""


def test_an_agreed_figure_stands_beside_the_range_of_its_day(with_belief):
    town, whole = agreed_rows(with_belief)
    assert town.beside.low == pytest.approx(float(with_belief.if_they_come[1, 4, 2]))
    assert whole.beside.middle == pytest.approx(float(with_belief.groups[0].size.at(0.5)[5]))
    late = replace(with_belief.belief.agreed[0], day=START + timedelta(days=4000))
    beyond = replace(with_belief, belief=replace(with_belief.belief, agreed=(late,)))
    assert agreed_rows(beyond)[0].beside is None
    assert "no range" in text_of(report_html(beyond, version="1"))


HOSTILE = "</td><script>alert(1)</script>\u202e'\"&{lang}" + "x" * 10_000


def test_hostile_and_endless_words_are_escaped_and_cut(with_belief, tmp_path):
    effect = ReportEffect(
        report(
            2, 5, 5000, 6000, source=HOSTILE, note=HOSTILE, kind=HOSTILE, segment=HOSTILE, source_kind=HOSTILE
        ),
        HOSTILE,
        HOSTILE,
    )
    wrong = replace(effect, why_unused="", doubt=0.9, weight=nan, off_factor=float("inf"))
    figure = replace(with_belief.belief.agreed[0], reason=HOSTILE, role=HOSTILE)
    address = replace(effect, report=report(1, 1, 30, 40, source="https://example.org/" + "a" * 9000))
    made = with_effects(with_belief, effect, wrong, address, agreed=(figure,))
    page, sheet = report_html(made, version="1"), town_html(made, 2)
    for text in (page, sheet):
        assert "<script>alert" not in text
        assert "\u202e" not in text
        assert "x" * 301 not in text
        assert "a" * 301 not in text
    assert "alert(1)" in page
    assert len(page) < 400_000
    assert "\u202e" not in message(made)
    assert len(message(made)) < 2 * MOST_LETTERS + 10
    write_workbook(made, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    longest = max(len(str(c)) for row in book["informes_reports_used"].values for c in row if c is not None)
    assert longest <= 2000
    json.dumps(belief_values(made), allow_nan=False)


def test_five_hundred_reports_keep_the_page_usable_and_the_workbook_whole(with_belief, tmp_path):
    rng = np.random.default_rng(4)
    effects = tuple(
        ReportEffect(
            report(
                int(rng.integers(0, 12)), int(rng.integers(0, 9)), 1000 + k, 2000 + k, source_kind="press"
            ),
            f"{k:016x}",
            "",
            float(rng.random()),
            float(rng.random()),
            float(k),
            1.1,
            3.0,
            100.0,
        )
        for k in range(500)
    )
    made = with_effects(replace(with_belief, as_of=START + timedelta(days=13)), *effects)
    page = belief_section(made)
    assert page.count('<tr class="') == MOST_ROWS
    assert "350 more rows in forecast.xlsx." in text_of(page)
    assert f"The {MOST_ROWS - FIRST_ROWS} earlier reports" in text_of(page)
    assert "more, in the table" in text_of(page)
    assert len(report_html(made, version="1")) < 600_000
    write_workbook(made, tmp_path / "x.xlsx")
    assert openpyxl.load_workbook(tmp_path / "x.xlsx")["informes_reports_used"].max_row == 501
