"""The last gate: nothing impossible and nothing about a person is kept, whoever hands it over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from handed_over import IDS, proposal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safepassage.adapters.folder.privacy import personal_in
from safepassage.adapters.report_store import ReportStore
from safepassage.adapters.report_store.masking import MASK, masked, visible
from safepassage.core.errors import InputError
from safepassage.core.report import ANNOUNCED_KINDS, Proposal

NAN, INFINITE = float("nan"), float("inf")


@pytest.fixture
def store(tmp_path: Path) -> ReportStore:
    return ReportStore(tmp_path, IDS)


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"low": NAN}, "people_low"),
        ({"high": NAN}, "people_high"),
        ({"high": INFINITE}, "people_high"),
        ({"low": -1.0}, "people_low"),
        ({"low": 1e300, "high": 1e301}, "people_low"),
        ({"low": 2000.0}, "people_low"),
        ({"low": None}, "people_low"),
        ({"observed": date(1, 1, 1)}, "observed"),
        ({"published": date(9999, 12, 31)}, "published"),
        ({"since": date(1, 1, 1)}, "since"),
        ({"published": date(2020, 5, 21)}, "published"),
        ({"since": date(2020, 5, 23)}, "since"),
        ({"hour": 24}, "hour"),
        ({"hour": -1}, "hour"),
        ({"unit_people": 0.0}, "people_per_family"),
        ({"unit_people": NAN}, "people_per_family"),
        ({"place": 3}, "place"),
        ({"place": -2}, "place"),
        ({"place": -1}, "place"),
        ({"to_place": 99}, "to_place"),
        ({"kind": "gossip"}, "kind"),
        ({"segment": ""}, "segment"),
        ({"quality": "sure"}, "quality"),
        ({"quantifier": "some"}, "quantifier"),
        ({"unit": "tents"}, "unit"),
        ({"source_kind": "rumour"}, "source_kind"),
        ({"reliability": "very"}, "reliability"),
        ({"copied_from": "that one"}, "copied_from"),
        ({"note": "n" * 10_000_000}, "note"),
        ({"note": "\u200b" * 10_000_000}, "note"),
        ({"source": "s" * 2_001}, "source"),
        ({"extra": (("colour", "c" * 10_000_000),)}, "colour"),
        ({"extra": (("telefono", "1"),)}, "telefono"),
        ({"extra": (("remark", "call +502 5555 1234"),)}, "remark"),
        ({"note": "ask Sra. Juana Pérez"}, "note"),
        ({"source": "WhatsApp +502 5555 1234"}, "source"),
        ({"note": "at 15.1302, -92.4611"}, "note"),
        ({"group": "leader Juana Pérez"}, "group"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_or_tells_of_a_person_is_refused(
    store: ReportStore, changed: dict[str, object], column: str
) -> None:
    with pytest.raises(InputError) as raised:
        store.add([proposal("sheet.csv, row 7", **changed)])
    assert column in [fault.column for fault in raised.value.faults]
    assert {fault.file for fault in raised.value.faults} == {"sheet.csv, row 7"}
    assert len(str(raised.value)) < 5_000
    assert not store.path.exists()


@pytest.mark.parametrize("kind", sorted(ANNOUNCED_KINDS))
def test_what_is_announced_may_be_published_before_its_day(store: ReportStore, kind: str) -> None:
    assert store.add([proposal(kind=kind, published=date(2020, 5, 20))]).new


@pytest.mark.parametrize("confidence", [NAN, -0.1, 1.1])
def test_a_confidence_is_a_share(store: ReportStore, confidence: float) -> None:
    with pytest.raises(InputError, match="confidence"):
        store.add([Proposal(proposal().report, "made up", confidence)])


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("La Sra. Juana Pérez García dijo que son unas 4.000 personas", ("Juana", "Pérez", "García")),
        ("call +502 5555 1234 for the count of 3,630 people", ("5555",)),
        ("they sleep at 15.1302, -92.4611 tonight, some 4,000", ("92.4611",)),
        ("write to someone@example.org: 700 people", ("example",)),
        ("unas 4.000 en la Calle Central No. 25 de Huixtla", ("25",)),
    ],
)
def test_excerpts_are_masked_and_keep_their_figures(
    store: ReportStore, said: str, gone: tuple[str, ...]
) -> None:
    store.add([proposal(excerpt=said)])
    excerpt = store.entries()[0].report.excerpt
    assert MASK in excerpt
    assert not [word for word in gone if word in excerpt]
    assert [f for f in ("4.000", "3,630", "4,000", "700") if f in said] == [
        f for f in ("4.000", "3,630", "4,000", "700") if f in excerpt
    ]
    assert not any(word.encode() in store.path.read_bytes() for word in gone)


def test_origins_and_flags_are_masked_too(store: ReportStore) -> None:
    store.add([Proposal(proposal().report, "Sra. Juana Pérez.xlsx", flags=("dijo la Sra. Juana Pérez",))])
    assert b"Juana" not in store.path.read_bytes()


def test_letters_that_cannot_be_seen_are_taken_out_and_flagged(store: ReportStore) -> None:
    store.add([proposal(note="Hui\u200bxtla \u202eatlxiuH", source="a\x00 b\ud800c\ufeff")])
    (entry,) = store.entries()
    assert (entry.report.note, entry.report.source) == ("Huixtla atlxiuH", "a bc")
    assert entry.flags == tuple(
        f"letters that cannot be seen were taken out of {name}" for name in ("source", "note")
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_whatever_text_comes_nothing_personal_and_nothing_unseen_is_kept(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    store = ReportStore(tmp_path_factory.mktemp("any"), IDS)
    store.add([proposal(excerpt=f"Sra. Juana Pérez {text} +502 5555 1234")])
    excerpt = store.entries()[0].report.excerpt
    assert personal_in(excerpt) == ""
    assert excerpt == visible(excerpt)


@given(st.text(max_size=300))
def test_masking_leaves_nothing_that_is_recognised(text: str) -> None:
    assert personal_in(masked(visible(text))) == ""
