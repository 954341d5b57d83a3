"""A replay opens one evening after another, seals each before the next, and is made of what was sealed."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from safepassage.adapters.replay_chain import Chain, Seal, canonical, digest
from safepassage.core.errors import Fault, InputError, InternalError
from safepassage.core.replayed import POSITION, SIZE, Replayed
from safepassage.core.scenario import Scenario
from safepassage.scoring.naive_position import MEAN, RECENT, STAYS
from safepassage.workflows import replay_reading
from safepassage.workflows.load import load
from safepassage.workflows.replay import ReplayPlan, check, evenings_count, replay
from safepassage.workflows.replay_feed import Evenings
from safepassage.workflows.rolling_caravan import foreseen, score_caravan, truth_of

UNTIL = date(2018, 10, 18)
PLAN = ReplayPlan(until=UNTIL, members=20, evenings=3)


@pytest.fixture(scope="module")
def case() -> Scenario:
    return load("honduras-2018-10")


@pytest.fixture(scope="module")
def done(case: Scenario, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Replayed]:
    folder = tmp_path_factory.mktemp("replay") / "out"
    return folder, replay(case, folder, PLAN)


@pytest.fixture
def copy(done: tuple[Path, Replayed], tmp_path: Path) -> Path:
    """Give a finished replay that may be tampered with."""
    return Path(shutil.copytree(done[0], tmp_path / "copy"))


def written(folder: Path, texts: dict[str, str]) -> Path:
    """Write a folder of articles."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


ARTICLES = {
    "2018-10-15-uno.txt": "La caravana llegó el lunes a Esquipulas. Unas 1,800 personas llegaron el lunes a "
    "Esquipulas, según la Cruz Roja.",
    "dos.md": "fecha: 2018-10-17\nLa caravana llegó el miércoles a Ciudad de Guatemala, donde pasó la noche.",
    "2018-10-25-tarde.txt": "La caravana llegó el jueves a Pijijiapan.",
}


def test_every_evening_is_a_line_with_what_was_read_and_the_page_names_the_last_seal(
    done: tuple[Path, Replayed],
) -> None:
    folder, found = done
    lines = [json.loads(line) for line in (folder / "replay.jsonl").read_text("utf-8").splitlines()]
    assert [line["of"] for line in lines[1:-1]] == lines[0]["evenings"]
    assert lines[1]["of"] == "2018-10-13"
    assert lines[-2]["of"] == "2018-10-17"  # the day before the last outcome
    assert len(found.evenings) == 3
    page = (folder / "replay.html").read_text("utf-8")
    assert found.head in page
    assert "NOT FOR PUBLICATION" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_rules_and_errors_are_those_of_rolling_origins(
    case: Scenario, done: tuple[Path, Replayed]
) -> None:
    """What is sealed knows no road; laid along the road that was taken it is what verify scores."""
    truth = truth_of(case, until=UNTIL)
    evening = done[1].evenings[2]
    origin = (evening.evening - case.start).days
    made = foreseen(case, truth.axis, (origin, 7), luck=(20, case.seed))
    for one in evening.sayings:
        day = one.ahead_days
        sample = made.head_km[day] if one.what == POSITION else made.size[day]
        low, middle, high = np.nanquantile(sample, (0.1, 0.5, 0.9))
        assert (one.low, one.middle, one.high) == pytest.approx((low, middle, high), abs=0.7)
    rows = score_caravan(case, truth, made, (1,))
    wanted = next(row for row in rows if row.metric == "position_error_km")
    ours = next(one for one in evening.sayings if one.what == POSITION and one.ahead_days == 1)
    assert ours.error == pytest.approx(wanted.value, abs=0.7)
    for rule in (STAYS, MEAN, RECENT):
        assert ours.error_of(rule) == pytest.approx(wanted.baselines[rule], abs=0.7)


def test_what_comes_later_changes_no_sealed_forecast(
    case: Scenario, done: tuple[Path, Replayed], tmp_path: Path
) -> None:
    evening = done[1].evenings[1].evening
    other = replace(
        case,
        reports=tuple(
            replace(report, low=90_000.0, high=99_000.0) if report.published > evening else report
            for report in case.reports
        ),
        events=tuple(event for event in case.events if event.announced <= evening),
        truth=tuple(replace(row, low=1.0, high=1.0) if row.quantity == "size" else row for row in case.truth),
    )
    replay(other, tmp_path / "other", PLAN)
    for each in done[1].evenings[:2]:
        name = f"evenings/{each.evening}/forecast.json"
        assert (tmp_path / "other" / name).read_bytes() == (done[0] / name).read_bytes()
    last = f"evenings/{done[1].evenings[-1].evening}/forecast.json"
    assert (tmp_path / "other" / last).read_bytes() != (done[0] / last).read_bytes()


def test_the_next_evening_opens_only_for_the_seal_on_the_disk(case: Scenario, tmp_path: Path) -> None:
    days = [date(2018, 10, 14), date(2018, 10, 15)]
    chain = Chain(tmp_path)
    head = chain.append("head", {"evenings": [day.isoformat() for day in days]})
    evenings = Evenings(case, days, chain, None)
    with pytest.raises(InternalError, match="what happened stays shut"):
        evenings.outcomes(head)
    first = evenings.next(head)
    assert first is not None
    assert first.known.truth == ()
    assert max(report.published for report in first.known.reports) <= days[0]
    for wrong in (head, Seal(2, "2018-10-14", "0" * 64), Seal(2, "2018-10-15", "0" * 64)):
        with pytest.raises(InternalError):
            evenings.next(wrong)
    sealed = chain.append("2018-10-14", {"forecast_sha256": ""})
    second = evenings.next(sealed)
    assert second is not None
    assert second.new_reports
    assert all(published == days[1] for _, published in second.new_reports)
    with pytest.raises(InternalError):
        evenings.outcomes(sealed)  # the second evening is not sealed
    last = chain.append("2018-10-15", {"forecast_sha256": ""})
    assert evenings.next(last) is None
    assert evenings.outcomes(last).truth == case.truth


def test_sha256sum_alone_checks_the_chain(done: tuple[Path, Replayed]) -> None:
    folder, found = done

    def told(command: str, where: Path) -> str:
        run = subprocess.run(["sh", "-c", command], cwd=where, capture_output=True, text=True, check=True)
        return run.stdout

    lines = [json.loads(line) for line in (folder / "replay.jsonl").read_text("utf-8").splitlines()]
    assert told("tail -n 1 replay.jsonl | sha256sum", folder).split()[0] == found.head
    for number, line in enumerate(lines[1:], start=1):
        assert told(f"sed -n {number}p replay.jsonl | sha256sum", folder).split()[0] == line["previous"]
    evening = folder / "evenings" / lines[1]["of"]
    assert told("sha256sum SHA256SUMS", evening).split()[0] == lines[1]["sums_sha256"]
    assert "FAILED" not in told("sha256sum -c SHA256SUMS", evening)
    assert told("sha256sum outcome.json", folder).split()[0] == lines[-1]["outcome_sha256"]
    assert check(folder) == (5, found.head, True)


def line_of(fault: pytest.ExceptionInfo[InputError]) -> int | None:
    return fault.value.faults[0].row


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("forecast.json", 3),
        ("read.json", 3),
        ("SHA256SUMS", 3),
    ],
)
def test_a_changed_file_is_found(copy: Path, done: tuple[Path, Replayed], name: str, line: int) -> None:
    path = copy / "evenings" / done[1].evenings[line - 2].evening.isoformat() / name
    path.write_bytes(path.read_bytes().replace(b"2", b"3", 1))
    with pytest.raises(InputError, match="changed since it was sealed") as found:
        check(copy)
    assert line_of(found) == line


def test_added_and_missing_files_are_found(copy: Path, done: tuple[Path, Replayed]) -> None:
    evening = copy / "evenings" / done[1].evenings[0].evening.isoformat()
    (evening / "more.txt").write_text("more", encoding="utf-8")
    with pytest.raises(InputError, match="not there when it was sealed"):
        check(copy)
    (evening / "more.txt").unlink()
    (evening / "message.txt").unlink()
    with pytest.raises(InputError, match=r"no evenings/.*message.txt"):
        check(copy)


@pytest.mark.parametrize("how", ["change", "take out", "swap", "half", "no json", "add"])
def test_the_first_line_that_does_not_hold_is_named(copy: Path, how: str) -> None:
    path = copy / "replay.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    changes = {
        "change": ([lines[0], lines[1].replace(b'"reports":', b'"reports":1'), *lines[2:]], 3),
        "take out": ([lines[0], *lines[2:]], 2),
        "swap": ([lines[0], lines[2], lines[1], *lines[3:]], 2),
        "half": ([*lines[:-1], lines[-1][:40]], 5),
        "no json": ([lines[0], b"[1]\n", *lines[2:]], 2),
        "add": ([*lines, lines[-1]], 6),
    }
    changed, line = changes[how]
    path.write_bytes(b"".join(changed))
    with pytest.raises(InputError, match="The chain does not hold") as found:
        check(copy)
    assert line_of(found) == line


def test_lines_cut_off_at_the_end_leave_it_unfinished(copy: Path, case: Scenario) -> None:
    path = copy / "replay.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    assert check(copy)[2] is False
    path.write_bytes(b"".join(lines[:-2]))
    assert check(copy)[2] is False  # the evening may be one that was being made
    path.write_bytes(b"".join(lines[:-3]))
    with pytest.raises(InputError, match="of which no line tells"):
        check(copy)


def test_a_page_that_says_something_else_is_found(copy: Path) -> None:
    page = copy / "replay.html"
    page.write_text(page.read_text("utf-8").replace("km", "m", 1), encoding="utf-8")
    with pytest.raises(InputError, match="not what the sealed files give"):
        check(copy)


def test_an_interrupted_replay_goes_on_to_the_same_bytes(
    case: Scenario, done: tuple[Path, Replayed], tmp_path: Path
) -> None:
    class Stop:
        def say(self, at: int, total: int, what: str) -> None:
            if what.startswith("evening") and at == 2:
                raise KeyboardInterrupt

    folder = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        replay(case, folder, PLAN, progress=Stop())
    begun = folder / "evenings" / done[1].evenings[2].evening.isoformat()
    begun.mkdir()
    (begun / "half").write_text("half", encoding="utf-8")
    with (folder / "replay.jsonl").open("ab") as stream:
        stream.write(b'{"of":"2018')  # killed while a line was being written
    with pytest.raises(InputError, match="go on with --resume"):
        replay(case, folder, PLAN)
    found = replay(case, folder, PLAN, resume=True)
    assert found.head == done[1].head
    assert (folder / "replay.jsonl").read_bytes() == (done[0] / "replay.jsonl").read_bytes()
    assert (folder / "replay.html").read_bytes() == (done[0] / "replay.html").read_bytes()
    assert replay(case, folder, PLAN, resume=True).head == found.head  # nothing is left to do


def test_a_replay_goes_on_only_as_it_was_begun(copy: Path, case: Scenario) -> None:
    with pytest.raises(InputError, match="another settings"):
        replay(case, copy, replace(PLAN, members=21), resume=True)
    other = replace(case, reports=case.reports[:-1])
    with pytest.raises(InputError, match="another case_sha256"):
        replay(other, copy, PLAN, resume=True)


def test_articles_are_read_on_their_evening_in_place_of_the_reports(
    case: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, int]] = []
    read = replay_reading.read_file
    out = tmp_path / "out"

    def spy(path: Path) -> bytes:
        opened.append((path.name, len(Chain(out).lines())))
        return read(path)

    monkeypatch.setattr(replay_reading, "read_file", spy)
    told: list[Fault] = []
    plan = ReplayPlan(written(tmp_path / "news", ARTICLES), date(2018, 10, 19), members=20)
    found = replay(case, out, plan, tell=told.append)
    # The evenings of the 13th and 14th were sealed (lines 2 and 3) when that of the 15th was opened.
    assert opened == [("2018-10-15-uno.txt", 3), ("dos.md", 5)]
    assert [fault.file for fault in told] == ["2018-10-25-tarde.txt"]
    by_day = {evening.evening.day: evening for evening in found.evenings}
    assert [by_day[n].articles for n in (13, 14, 15, 16, 17)] == [0, 0, 1, 0, 1]
    assert by_day[13].reports == by_day[14].reports == 0  # the case's own reports are not used
    assert by_day[15].reports > 0
    last = json.loads((out / "evenings" / "2018-10-17" / "forecast.json").read_bytes())
    assert {place for _, place in last["told"]["positions"]} == {"esquipulas", "guatemala-city"}
    page = (out / "replay.html").read_text("utf-8")
    assert "articles, in place of" in page
    for text in (page, (out / "evenings/2018-10-15/read.json").read_text("utf-8")):
        assert "uno.txt" not in text
        assert "Cruz Roja" not in text
    # On going on, articles are read again in the same order.
    lines = (out / "replay.jsonl").read_bytes()
    (out / "replay.jsonl").write_bytes(b"".join(lines.splitlines(keepends=True)[:-2]))
    replay(case, out, plan, resume=True)
    assert (out / "replay.jsonl").read_bytes() == lines
    # Not where one was changed since.
    (out / "replay.jsonl").write_bytes(b"".join(lines.splitlines(keepends=True)[:-2]))
    (tmp_path / "news" / "2018-10-15-uno.txt").write_text("La caravana se fue.", encoding="utf-8")
    with pytest.raises(InputError, match="not what was read then"):
        replay(case, out, plan, resume=True)


def test_proposals_are_adopted_by_the_rule_alone(case: Scenario, tmp_path: Path) -> None:
    text = (
        "La caravana llegó el lunes a Esquipulas. Unas 1,800 personas están en Esquipulas. Llegarán más "
        "familias a Zacapa. Cientos de migrantes llegaron."
    )
    path = written(tmp_path / "news", {"2018-10-15.txt": text}) / "2018-10-15.txt"
    article = replay_reading.Article(date(2018, 10, 15), path)
    found = replay_reading.gleaned((article,), case.known_by(date(2018, 10, 15)))
    rows = found.articles[0]["proposals"]
    assert [row["adopted"] for row in rows].count(True) == len(found.adopted) > 0
    assert found.refused > 0
    assert all(row["why_refused"] for row in rows if not row["adopted"])
    assert found.articles[0]["sha256"] == digest(path.read_bytes())


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({}, "no article in"),
        ({"a.txt": "La caravana llegó a Huixtla.", "2018-13-45.md": "x"}, "no date of publication"),
        ({"picture.png": "x"}, "no article in"),
    ],
)
def test_articles_that_cannot_be_placed_in_time_are_refused(
    case: Scenario, tmp_path: Path, texts: dict[str, str], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        replay(case, tmp_path / "out", replace(PLAN, articles=written(tmp_path / "news", texts)))
    assert not (tmp_path / "out").exists()
    with pytest.raises(InputError, match="a folder of articles"):
        replay(case, tmp_path / "out", replace(PLAN, articles=tmp_path / "nowhere"))


def test_what_cannot_be_read_is_told_and_passed_over(case: Scenario, tmp_path: Path) -> None:
    news = written(tmp_path / "news", {"2018-10-13.txt": "published: 2018-10-15\nLa caravana espera."})
    (news / "2018-10-14-b.txt").write_bytes(bytes(range(256)) * 4)
    (news / "2018-10-14-c.txt").write_bytes("La caravana llegó el domingo a Ocotepeque.".encode("cp1252"))
    told: list[Fault] = []
    plan = ReplayPlan(news, date(2018, 10, 15), members=20, evenings=2)
    replay(case, tmp_path / "out", plan, tell=told.append)
    mends = [(fault.file, fault.mend) for fault in told]
    assert [file for file, mend in mends if "it was passed over" in mend] == ["2018-10-14-b.txt"]
    assert [file for file, mend in mends if "the later one is taken" in mend] == ["2018-10-13.txt"]
    assert [file for file, mend in mends if "not opened" in mend] == ["2018-10-13.txt"]
    read = json.loads((tmp_path / "out" / "evenings" / "2018-10-14" / "read.json").read_bytes())
    assert [article.get("unreadable", False) for article in read["articles"]] == [True, False]


def test_an_own_case_without_truth_is_held_against_its_later_reports(case: Scenario, tmp_path: Path) -> None:
    group = replace(case.groups[0], route=case.groups[0].route[:1], route_announced=None)
    own = replace(case, truth=(), groups=(group,))
    found = replay(own, tmp_path / "out", replace(PLAN, evenings=2))
    assert found.told_by == "reports"
    assert found.steps[0][0] == 0.0
    assert any(one.known for evening in found.evenings for one in evening.sayings if one.what == SIZE)
    assert "No truth.csv" in (tmp_path / "out" / "replay.html").read_text("utf-8")


def test_a_case_without_outcome_or_evening_is_refused(case: Scenario, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be verified"):
        replay(replace(case, truth=(), reports=()), tmp_path / "a", PLAN)
    with pytest.raises(InputError, match="cannot be"):
        replay(case, tmp_path / "b", replace(PLAN, until=date(2018, 10, 12)))
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "thesis.doc").write_text("mine", encoding="utf-8")
    for resume in (False, True):
        with pytest.raises(InputError, match=r"thesis\.doc"):
            replay(case, tmp_path / "c", PLAN, resume=resume)
    with pytest.raises(InputError, match=r"no replay.jsonl"):
        check(tmp_path / "c")


def test_numbers_of_evenings_are_read() -> None:
    assert evenings_count("every") == (None, True)
    assert evenings_count("12") == (12, False)
    for wrong in ("0", "-3", "1.5", "many", "99999", "", "٣"):
        with pytest.raises(InputError):
            evenings_count(wrong)


def test_a_folder_made_up_by_somebody_else_is_no_fault_of_ours(tmp_path: Path) -> None:
    evening = tmp_path / "evenings" / "2018-10-13"
    evening.mkdir(parents=True)
    (evening / "forecast.json").write_bytes(b"[]")
    sums = f"{digest(b'[]')}  forecast.json\n".encode()
    (evening / "SHA256SUMS").write_bytes(sums)
    (tmp_path / "outcome.json").write_bytes(b"{}")
    (tmp_path / "replay.html").write_bytes(b"")
    chain = Chain(tmp_path)
    chain.append("head", {"evenings": ["2018-10-13"], "versions": {"safepassage": version("safepassage")}})
    chain.append("2018-10-13", {"sums_sha256": digest(sums), "forecast_sha256": digest(b"[]")})
    chain.append("outcome", {"outcome_sha256": digest(b"{}")})
    with pytest.raises(InputError, match="cannot be understood"):
        check(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    Chain(other).append("head", {"evenings": ["../../etc"]})
    with pytest.raises(InputError, match="no head of a replay"):
        check(other)


@pytest.mark.parametrize("name", ["/dev/zero", "../../../secret.txt", "\udcff"])
def test_a_list_of_files_cannot_lead_out_of_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_bytes(b"")
    folder = tmp_path / "replay"
    evening = folder / "evenings" / "2018-10-13"
    evening.mkdir(parents=True)
    sums = f"{digest(b'')}  {name}\n".encode(errors="surrogateescape")
    (evening / "SHA256SUMS").write_bytes(sums)
    chain = Chain(folder)
    chain.append("head", {"evenings": ["2018-10-13"], "versions": []})
    chain.append("2018-10-13", {"sums_sha256": digest(sums)})
    with pytest.raises(InputError, match="or it cannot be read"):
        check(folder)


def test_a_head_without_evenings_is_none(tmp_path: Path) -> None:
    Chain(tmp_path).append("head", {"evenings": []})
    with pytest.raises(InputError, match="no head of a replay"):
        check(tmp_path)


def test_canonical_json_has_one_form() -> None:
    assert canonical({"b": 1, "a": "ñ"}) == '{"a":"ñ","b":1}'.encode()
    with pytest.raises(ValueError, match="Out of range"):
        canonical(float("nan"))


def test_the_lost_evenings_stand_before_everything_else(done: tuple[Path, Replayed]) -> None:
    folder, found = done
    page = (folder / "replay.html").read_text("utf-8")
    assert page.index('id="lost"') < page.index('id="scores"') < page.index('id="evenings"')
    for what in (POSITION, SIZE):
        for rule, (count, lost) in found.lost(what, 1).items():
            rows = [one for one in found.sayings(what, 1) if rule in one.rules]
            assert count == len(rows)
            assert {one.evening for one in lost} == {one.evening for one in rows if rule in one.nearer}
    assert all(one.day == one.evening + timedelta(days=1) for one in found.sayings(POSITION, 1))
