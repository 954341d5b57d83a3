"""The store keeps reports by what they say: once, whole or not at all, and loses none."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from handed_over import DAY, IDS, proposal, report

from safepassage.adapters.report_store import STORE_FILE, ReportStore
from safepassage.adapters.report_store.database import SCHEMA_VERSION
from safepassage.core.errors import InputError
from safepassage.core.report import AgreedFigure, Proposal, Report, report_key

FULL = report(
    kind="next_stop",
    observed=date(2020, 5, 23),
    low=800.0,
    high=1200.0,
    note="they say so",
    extra=(("weather", "hot"),),
    group="g1",
    to_place=2,
    quantifier="about",
    unit="families",
    unit_people=4.0,
    source_kind="official",
    reliability="high",
    since=date(2020, 5, 20),
    hour=5,
    copied_from="0123456789abcdef",
    excerpt="unas 200 a 300 familias",
)


@pytest.fixture
def store(tmp_path: Path) -> ReportStore:
    return ReportStore(tmp_path, IDS)


def keys_of(store: ReportStore) -> list[str]:
    return [entry.key for entry in store.entries()]


def test_everything_that_a_report_tells_comes_back(store: ReportStore) -> None:
    assert all(getattr(FULL, f.name) != f.default for f in fields(Report)), "a field is not tried"
    given = Proposal(FULL, "news.txt, 120-184", 0.75, ("two figures",), (120, 184))
    store.add([given], entered=date(2020, 6, 1))
    (entry,) = store.entries()
    assert entry.proposal == given
    assert entry.key == report_key(FULL, IDS)
    assert (entry.status, entry.entered, entry.batch) == ("proposed", date(2020, 6, 1), 1)


def test_places_are_kept_by_id_so_that_a_network_may_grow(store: ReportStore, tmp_path: Path) -> None:
    store.add([Proposal(FULL, "made up")])
    (entry,) = ReportStore(tmp_path, ("new", "tres", "dos")).entries()
    assert (entry.report.place, entry.report.to_place, entry.missing) == (2, 1, ())
    (lost,) = ReportStore(tmp_path, ("uno", "tres")).entries()
    assert (lost.report.place, lost.report.to_place, lost.missing) == (-1, 1, ("dos",))


def test_the_same_twice_adds_nothing(store: ReportStore) -> None:
    three = [proposal(low=float(low)) for low in (100, 200, 300)]
    first = store.add(three)
    again = store.add(reversed(three))
    assert (len(first.new), first.known) == (3, ())
    assert again.new == ()
    assert set(again.known) == set(first.new)
    assert len(store.entries()) == 3


def test_what_comes_twice_in_one_import_is_kept_once(store: ReportStore) -> None:
    added = store.add([proposal("sheet.csv, row 2"), proposal("sheet.csv, row 9")])
    assert added.new == added.known == tuple(keys_of(store))
    assert store.entries()[0].origin == "sheet.csv, row 2"


def test_whole_numbers_and_hours_do_not_make_another_report(store: ReportStore) -> None:
    store.add([proposal()])
    noon = datetime(2020, 5, 22, 12, 30)
    same = proposal(low=np.int64(900), high=1200, observed=noon, published=noon, note=" \u200b")
    assert store.add([same]).new == ()
    assert store.entries()[0].report.observed == DAY


def test_a_rejected_report_is_not_brought_back_by_importing_it_again(store: ReportStore) -> None:
    (key,) = store.add([proposal()]).new
    store.set_status([key], "rejected", "another caravan")
    again = store.add([proposal()], accept=True)
    assert (again.new, again.accepted, again.rejected) == ((), (), (key,))
    (entry,) = store.entries("rejected")
    assert entry.reason == "another caravan"


def test_what_waited_is_accepted_by_an_import_that_accepts(store: ReportStore) -> None:
    (key,) = store.add([proposal()]).new
    assert store.add([proposal()], accept=True).accepted == (key,)
    assert [entry.key for entry in store.entries("accepted")] == [key]


def test_an_import_may_accept_only_what_is_sure(store: ReportStore) -> None:
    sure, unsure = Proposal(report(), "a", 0.95), Proposal(report(low=10.0), "a", 0.4)
    store.add([sure, unsure], accept=lambda one: one.confidence > 0.9)
    assert {entry.confidence: entry.status for entry in store.entries()} == {
        0.95: "accepted",
        0.4: "proposed",
    }


def test_reports_are_listed_by_day_and_not_by_when_they_came(store: ReportStore, tmp_path: Path) -> None:
    several = [proposal(low=float(n), observed=date(2020, 5, 1 + n % 3)) for n in range(9)]
    store.add(several)
    other = ReportStore(tmp_path / "other", IDS)
    other.path.parent.mkdir()
    for one in reversed(several):
        other.add([one])
    assert keys_of(store) == keys_of(other)


def test_deleting_leaves_nothing_of_it_in_the_file(store: ReportStore) -> None:
    (key,) = store.add([proposal(note="blue umbrellas at noon")], accept=True).new
    store.add([proposal(low=5.0)])
    assert b"blue umbrellas" in store.path.read_bytes()
    store.delete(key)
    assert b"blue umbrellas" not in store.path.read_bytes()
    assert len(store.entries()) == 1
    with pytest.raises(InputError, match="no report of key"):
        store.delete(key)


def test_a_decision_about_an_unknown_key_changes_nothing(store: ReportStore) -> None:
    (key,) = store.add([proposal()]).new
    with pytest.raises(InputError, match="no report of key 'nothing'"):
        store.set_status([key, "nothing"], "accepted")
    assert store.entries("accepted") == ()


def test_links_are_told_beside_what_a_report_says_itself(store: ReportStore) -> None:
    (one,) = store.add([proposal()], accept=True).new
    (two,) = store.add([proposal(low=1.0)], accept=True).new
    store.link({two: one})
    assert {e.key: e.report.copied_from for e in store.entries()} == {one: "", two: one}
    assert {e.report.copied_from for e in store.entries(linked=False)} == {""}
    store.link({})
    assert {e.report.copied_from for e in store.entries()} == {""}


def test_an_agreed_figure_is_kept_once_with_its_reason_and_role(store: ReportStore) -> None:
    figure = AgreedFigure(DAY, 1, 5000.0, "between both counts", "shelter cluster", DAY, "g1")
    whole = replace(figure, place=-1)
    assert store.adopt(figure) == store.adopt(figure)
    store.adopt(whole)
    assert set(store.agreed()) == {figure, whole}
    store.delete(store.adopt(figure))
    assert store.agreed() == (whole,)


@pytest.mark.parametrize(
    "changed",
    [{"people": float("nan")}, {"people": -1.0}, {"reason": ""}, {"role": " \u200b"}, {"place": 9},
     {"day": date(1, 1, 1)}, {"role": "Sra. Juana Pérez"}],
    ids=str,
)  # fmt: skip
def test_an_agreed_figure_that_cannot_be_is_refused(store: ReportStore, changed: dict[str, object]) -> None:
    figure = AgreedFigure(DAY, 1, 5000.0, "why", "shelter cluster", DAY)
    with pytest.raises(InputError):
        store.adopt(replace(figure, **changed))  # type: ignore[arg-type]
    assert not store.path.exists()


def test_one_bad_report_keeps_the_whole_import_out_and_every_fault_is_told(store: ReportStore) -> None:
    store.add([proposal()])
    before = store.path.read_bytes()
    with pytest.raises(InputError) as raised:
        store.add([proposal(low=7.0), proposal("s, row 3", low=-1.0), proposal("s, row 4", kind="gossip")])
    assert {(fault.file, fault.column) for fault in raised.value.faults} == {
        ("s, row 3", "people_low"),
        ("s, row 4", "kind"),
    }
    assert store.path.read_bytes() == before


def test_an_import_that_breaks_off_leaves_the_store_as_it_was(
    store: ReportStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safepassage.adapters.report_store import store as module

    store.add([proposal()])

    def broken(connection: sqlite3.Connection, rows: list[dict[str, object]]) -> None:
        write(connection, rows[:1])
        raise KeyboardInterrupt

    write = module._insert
    monkeypatch.setattr(module, "_insert", broken)
    with pytest.raises(KeyboardInterrupt):
        store.add([proposal(low=float(n)) for n in range(5)])
    monkeypatch.undo()
    assert len(store.entries()) == 1
    assert len(store.add([proposal(low=float(n)) for n in range(5)]).new) == 5


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {path!r}
from handed_over import IDS, proposal
from safepassage.adapters.report_store import ReportStore, database
from safepassage.adapters.report_store import store as module

def killed(connection, rows):
    connection.execute("PRAGMA cache_size = 1")
    insert(connection, rows)
    connection.execute("PRAGMA cache_spill = 1")
    connection.executemany("UPDATE reports SET note = ?", [("x" * 500,)] * 3)
    os.kill(os.getpid(), signal.SIGKILL)

insert, module._insert = module._insert, killed
ReportStore(Path({folder!r}), IDS).add([proposal(low=n / 10, note="n" * 500) for n in range(2000)])
"""


def test_a_program_that_is_killed_in_mid_import_loses_nothing_that_was_there(
    store: ReportStore, tmp_path: Path
) -> None:
    (key,) = store.add([proposal(note="first")]).new
    path = [str(Path(__file__).parent), *sys.path]
    code = textwrap.dedent(KILLED).format(path=path, folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    (entry,) = store.entries()
    assert (entry.key, entry.report.note) == (key, "first")
    assert len(store.add([proposal(low=8.0)]).new) == 1


ADDING = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from handed_over import IDS, proposal
from safepassage.adapters.report_store import ReportStore
store = ReportStore(Path({folder!r}), IDS)
for n in range({first}, {first} + 20):
    store.add([proposal(low=float(n)), proposal(low=5000.0, high=6000.0)])
"""


def test_two_programs_that_add_at_once_lose_nothing(store: ReportStore, tmp_path: Path) -> None:
    path = [str(Path(__file__).parent), *sys.path]
    codes = [ADDING.format(path=path, folder=str(tmp_path), first=first) for first in (0, 100)]
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for code in codes]
    for process in running:
        assert process.communicate(timeout=120)[1] == b""
        assert process.returncode == 0
    assert len(store.entries()) == 41


def test_many_threads_that_add_the_same_make_it_once(store: ReportStore) -> None:
    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(lambda _: store.add([proposal()]), range(8)))
    assert sum(len(one.new) for one in added) == 1
    assert len(store.entries()) == 1


def test_reading_makes_no_file(store: ReportStore) -> None:
    assert store.entries() == ()
    assert store.agreed() == ()
    assert not store.path.exists()


def test_an_empty_file_is_an_empty_store(store: ReportStore) -> None:
    store.path.touch()
    assert store.entries() == ()
    assert len(store.add([proposal()]).new) == 1


def text_file(path: Path) -> None:
    path.write_text("observed,place\n" * 100, encoding="utf-8")


def cut_off(path: Path) -> None:
    ReportStore(path.parent, IDS).add([proposal(low=float(n), note="n" * 200) for n in range(200)])
    path.write_bytes(path.read_bytes()[:20_000])


def newer(path: Path) -> None:
    ReportStore(path.parent, IDS).add([proposal()])
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()


def of_another_program(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE reports (key TEXT)")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("spoil", [text_file, cut_off, newer, of_another_program, Path.mkdir])
def test_a_file_that_is_no_store_of_ours_is_told_in_one_fault_and_left_alone(
    store: ReportStore, spoil: object
) -> None:
    spoil(store.path)  # type: ignore[operator]
    before = store.path.read_bytes() if store.path.is_file() else b""
    for use in (store.entries, lambda: store.add([proposal(low=1.5)])):
        with pytest.raises(InputError) as raised:
            use()
        assert [fault.file for fault in raised.value.faults] == [STORE_FILE]
    if before:
        assert store.path.read_bytes() == before


def test_a_store_that_lacks_a_column_is_told(store: ReportStore) -> None:
    store.add([proposal()])
    connection = sqlite3.connect(store.path)
    connection.execute("ALTER TABLE reports DROP COLUMN note")
    connection.commit()
    connection.close()
    with pytest.raises(InputError, match=STORE_FILE):
        store.entries()
    with pytest.raises(InputError, match=STORE_FILE):
        store.add([proposal(low=1.5)])


def test_a_locked_store_is_told_after_a_while(store: ReportStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safepassage.adapters.report_store.database.WAIT_S", 0.05)
    store.add([proposal()])
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for use in (store.entries, lambda: store.add([proposal(low=1.5)])):
        with pytest.raises(InputError, match="keeps locked"):
            use()
    other.close()
    assert len(store.entries()) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_store_that_may_only_be_read_can_be_read_and_says_so_when_written(store: ReportStore) -> None:
    store.add([proposal()])
    store.path.chmod(0o400)
    store.path.parent.chmod(0o500)
    try:
        assert len(store.entries()) == 1
        with pytest.raises(InputError, match="may only be read"):
            store.add([proposal(low=1.5)])
    finally:
        store.path.parent.chmod(0o700)


def test_a_disk_that_refuses_is_told_as_a_fault(store: ReportStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add([proposal()])

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorname = "SQLITE_READONLY"  # type: ignore[misc]
        raise error

    monkeypatch.setattr("safepassage.adapters.report_store.store._insert", full)
    with pytest.raises(InputError, match="may only be read"):
        store.add([proposal(low=1.5)])
    assert len(store.entries()) == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [("observed", "someday"), ("kind", "gossip"), ("low", "many"), ("low", -5), ("flags", "{"),
     ("extra", "7"), ("published", "2019-01-01"), ("hour", 99), ("source", b"made up"), ("key", b"x")],
)  # fmt: skip
def test_a_row_that_somebody_spoiled_by_hand_is_told_with_its_key(
    store: ReportStore, column: str, value: object
) -> None:
    store.add([proposal()])
    connection = sqlite3.connect(store.path)
    connection.execute(f"UPDATE reports SET {column} = ?", (value,))
    connection.commit()
    connection.close()
    with pytest.raises(InputError, match="a row that this program wrote"):
        store.entries()
