"""The gate of time of what can be brought: nothing announced later, nothing decided later."""

from datetime import date, timedelta

import pytest

from safepassage.core.logistics import Carrier, Logistics, Request, Supply

DAY = date(2018, 10, 23)


def supply(key: str, announced: date, *, status: str = "accepted", decided: date | None = None) -> Supply:
    return Supply(
        id=key,
        holder="parish",
        place=0,
        item="water",
        quantity=1.0,
        since=announced,
        until=None,
        announced=announced,
        status=status,
        decided=decided,
        illustrative=key == "made-up",
    )


def carrier(announced: date) -> Carrier:
    return Carrier(
        id="c",
        holder="town hall",
        place=0,
        vehicle="pickup",
        vehicles=1,
        capacity_kg=1.0,
        capacity_litres=1.0,
        seats=0.0,
        speed_km_per_h=50.0,
        hours_per_day=8.0,
        range_km=0.0,
        cost_per_km=0.0,
        since=announced,
        until=None,
        announced=announced,
    )


def test_what_was_announced_later_is_not_known() -> None:
    later = DAY + timedelta(days=1)
    found = Logistics(
        (supply("a", DAY), supply("b", later)),
        (carrier(DAY), carrier(later)),
        (Request("r", 0, "water", 1.0, DAY, None, later),),
        "MXN",
    ).known_by(DAY)
    assert [one.id for one in found.supplies] == ["a"]
    assert len(found.carriers) == 1
    assert found.requests == ()
    assert found.currency == "MXN"


@pytest.mark.parametrize("status", ["accepted", "refused", "withdrawn", "sent"])
def test_what_was_decided_later_was_still_a_proposal(status: str) -> None:
    told = Logistics((supply("a", DAY, status=status, decided=DAY + timedelta(days=2)),))
    assert [one.status for one in told.known_by(DAY + timedelta(days=1)).supplies] == ["proposed"]
    assert [one.status for one in told.known_by(DAY + timedelta(days=2)).supplies] == [status]


def test_what_is_made_up_is_counted_and_said() -> None:
    told = Logistics((supply("a", DAY), supply("made-up", DAY)), (carrier(DAY),))
    assert told.illustrative == 1
    assert "1 de 3" in told.illustrative_words
    assert "1 of 3" in told.illustrative_words
    assert Logistics((supply("a", DAY),)).illustrative_words == ""
