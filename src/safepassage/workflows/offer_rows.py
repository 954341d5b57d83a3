"""What was understood of an offer, to the rows of supplies.csv and carriers.csv."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safepassage.adapters.logistics import Catalogue
from safepassage.adapters.logistics.vehicles import FIRST_HOUR, LAST_HOUR, LONGEST_DAY, USUAL
from safepassage.adapters.logistics.words import ALL_DAY
from safepassage.adapters.offers import Understood
from safepassage.adapters.offers.goods import Offered
from safepassage.core.logistics import Carrier, Supply

SOURCE = "offer"


@dataclass(frozen=True)
class Offer:
    """An offer to be kept.

    Parameters
    ----------
    understood : Understood
    key : str           rows are numbered behind it.
    status : str        one of `core.logistics.STATUSES`.
    as_of : date        the day on which it was offered; its first day where none was told.
    known : Catalogue   by which it was understood.
    """

    understood: Understood
    key: str
    status: str
    as_of: date
    known: Catalogue


def offered_supplies(offer: Offer) -> tuple[Supply, ...]:
    """Give a row for each good; the hours of an offer are those in which it can be fetched."""
    told = offer.understood
    first_hour, last_hour = told.hours or ALL_DAY
    return tuple(
        Supply(
            id=f"{offer.key}-{n}",
            holder=told.holder,
            place=told.place,
            item=good.item,
            quantity=good.quantity,
            since=told.since or offer.as_of,
            until=told.until,
            announced=offer.as_of,
            per_day=daily,
            local=offer.known.by_id[good.item].local,
            status=offer.status,
            source=SOURCE,
            note="; ".join(filter(None, [f"“{good.words}”", good.basis])),
            first_hour=first_hour,
            last_hour=last_hour,
        )
        for n, (good, daily) in enumerate(zip(told.goods, told.daily, strict=True), start=1)
    )


def offered_carriers(offer: Offer, *, first: int) -> tuple[Carrier, ...]:
    """Give a row for each kind of vehicle; rows are numbered from `first` + 1."""
    understood = offer.understood
    hours = understood.hours or (FIRST_HOUR, LAST_HOUR)
    kinds = {vehicle.kind: vehicle for vehicle in offer.known.vehicles}
    rows = []
    for n, offered in enumerate(understood.vehicles, start=first + 1):
        vehicle, told = kinds[offered.kind], _told(offered)
        rows.append(
            Carrier(
                id=f"{offer.key}-{n}",
                holder=understood.holder,
                place=understood.place,
                vehicle=vehicle.name_es,
                vehicles=offered.count,
                **{column: told.get(column, float(getattr(vehicle, column))) for column in USUAL},
                cost_per_day=0.0,
                illustrative=False,
                extra=(),
                decided=None,
                hours_per_day=min(LONGEST_DAY, hours[1] - hours[0]),
                since=understood.since or offer.as_of,
                until=understood.until,
                announced=offer.as_of,
                first_hour=hours[0],
                last_hour=hours[1],
                items=vehicle.items,
                status=offer.status,
                source=SOURCE,
                note=f"“{offered.words}”",
                assumed=tuple(column for column in USUAL if column not in told),
            )
        )
    return tuple(rows)


def _told(offered: Offered) -> dict[str, float]:
    """Give the figures that were told; the litres of a tanker are its load as well."""
    told = dict(offered.told)
    if offered.kind == "tanker" and "capacity_litres" in told:
        told["capacity_kg"] = told["capacity_litres"]
    return told
