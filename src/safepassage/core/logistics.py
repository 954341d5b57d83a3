"""What can be brought and by whom: items, supplies, carriers, requests, and what became of an offer.

All of them belong to organisations and towns; no person is named anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from safepassage.core.scenario import Extra

# proposed: by us, or an offer nobody has answered; accepted, refused: by whom it concerns; sent: on the road;
# withdrawn: by who offered it.
STATUSES = ("proposed", "accepted", "refused", "sent", "delivered", "withdrawn")


@dataclass(frozen=True)
class Item:
    """One thing or service that people need.

    Parameters
    ----------
    id, name_es, name_en : str
    unit : str                  in which it is counted: "L", "meal", "place", "piece", "kit", "consultation",
        "seat", "case".
    kg_per_unit, litres_per_unit : float    load and loading space of one unit; 0 for services.
    seats_per_unit : float      seats that one unit takes in a vehicle (staff, passengers).
    shelf_life_days : float or None     from being handed out of a store; None: keeps.
    stays : bool                what is there serves again tomorrow (a shelter place), and is not used up.
    local : bool                it can be used in its own town only, unless a supply says otherwise.
    weight : float              how much one unit short for one person-day weighs against other items; a
        planning assumption, told wherever it acts.
    """

    id: str
    name_es: str
    name_en: str
    unit: str
    kg_per_unit: float
    litres_per_unit: float
    seats_per_unit: float = 0.0
    shelf_life_days: float | None = None
    stays: bool = False
    local: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Supply:
    """Goods or services that somebody has or offers at one place.

    Parameters
    ----------
    id : str
    holder : str                organisation, parish, town hall: "parish of Huixtla"; never a person.
    place : int                 position in `Places`.
    item : str                  id of an `Item`.
    quantity : float            in the item's unit; with `per_day`, so much again every day.
    since, until : date         first and last day on which it can be taken; None: open.
    announced : date            when it became known.
    shelf_life_days : float or None     its own, where it differs from the item's.
    local : bool                it can be used in its own town only (a shelter's places, a clinic's staff).
    status : str                one of `STATUSES`.
    illustrative : bool         made up to make a scenario run, and said so on every output.
    note : str                  one sentence, shown; nothing is reckoned with it.
    first_hour, last_hour : float       of the day in which it can be fetched, 0 … 24.
    decided : date or None      when the status became what it is; None: with `announced`.
    """

    id: str
    holder: str
    place: int
    item: str
    quantity: float
    since: date
    until: date | None
    announced: date
    per_day: bool = False
    shelf_life_days: float | None = None
    local: bool = False
    status: str = "accepted"
    source: str = ""
    illustrative: bool = False
    extra: Extra = ()
    note: str = ""
    decided: date | None = None
    first_hour: float = 0.0
    last_hour: float = 24.0


@dataclass(frozen=True)
class Carrier:
    """Vehicles of one kind that one organisation can send from one place.

    Parameters
    ----------
    id, holder : str
    place : int                 where they stand in the morning and come back to.
    vehicle : str               as people call it: "camioneta de redilas", "pickup", "pipa".
    vehicles : int              how many.
    capacity_kg, capacity_litres, seats : float     of one vehicle.
    speed_km_per_h : float      on the road, on average.
    hours_per_day : float       driving, loading and handing out together.
    first_hour, last_hour : float       of the day in which it may be on the road, 0 … 24.
    range_km : float            there and back; 0: unlimited.
    cost_per_km, cost_per_day : float   in the scenario's currency.
    items : tuple of str        the only items it may carry ("water" for a tanker); (): all.
    since, until : date         first and last day; None: open.
    status, illustrative, note, decided     as of a `Supply`.
    assumed : tuple of str      fields told nowhere, taken from what such vehicles usually have.
    """

    id: str
    holder: str
    place: int
    vehicle: str
    vehicles: int
    capacity_kg: float
    capacity_litres: float
    seats: float
    speed_km_per_h: float
    hours_per_day: float
    range_km: float
    cost_per_km: float
    since: date
    until: date | None
    announced: date
    cost_per_day: float = 0.0
    first_hour: float = 6.0
    last_hour: float = 20.0
    items: tuple[str, ...] = ()
    status: str = "accepted"
    source: str = ""
    illustrative: bool = False
    extra: Extra = ()
    note: str = ""
    decided: date | None = None
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Request:
    """What a place asked for itself, beside what is reckoned from the forecast."""

    id: str
    place: int
    item: str
    quantity: float
    since: date
    until: date | None
    announced: date
    source: str = ""
    extra: Extra = ()
    note: str = ""


_Offered = TypeVar("_Offered", Supply, Carrier)


@dataclass(frozen=True)
class Logistics:
    """All that is known of supplies, carriers and requests, as of a date where one was asked for.

    Parameters
    ----------
    currency : str      of all costs, "MXN"; '' where none was given.
    """

    supplies: tuple[Supply, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    requests: tuple[Request, ...] = ()
    currency: str = ""

    @property
    def offers(self) -> tuple[Supply | Carrier, ...]:
        """All supplies and carriers."""
        return (*self.supplies, *self.carriers)

    @property
    def illustrative(self) -> int:
        """How many supplies and carriers are made up to make a scenario run."""
        return sum(one.illustrative for one in self.offers)

    @property
    def illustrative_words(self) -> str:
        """What every output says of supplies that are made up, Spanish / English; '' where none is."""
        made_up, every = self.illustrative, len(self.offers)
        if not made_up:
            return ""
        return (
            f"{made_up} de {every} existencias y vehículos son ilustrativos (inventados por una regla). / "
            f"{made_up} of {every} supplies and vehicles are illustrative (made up by a rule)."
        )

    def known_by(self, as_of: date) -> Logistics:
        """Give what was known on the evening of a day; what was decided later was still a proposal."""
        return Logistics(
            _known(self.supplies, as_of),
            _known(self.carriers, as_of),
            tuple(one for one in self.requests if one.announced <= as_of),
            self.currency,
        )


def _known(offered: tuple[_Offered, ...], as_of: date) -> tuple[_Offered, ...]:
    return tuple(
        replace(one, status="proposed", decided=None) if one.decided and one.decided > as_of else one
        for one in offered
        if one.announced <= as_of
    )
