"""A sentence taken apart, and what was found in it: the values that reading hands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from safepassage.adapters.news.dates import Mention
from safepassage.adapters.news.kinds import Clause
from safepassage.adapters.news.names import PlaceNames
from safepassage.adapters.news.numbers import Figure
from safepassage.adapters.news.places import Named, Surroundings
from safepassage.adapters.news.sources import Source

AUTHORITY_KINDS = frozenset(
    "transport_offered transport_withdrawn shelter_opened shelter_closed closure reopening".split()
)


PLACELESS = frozenset(("claims", "returns", "detentions"))


ANNOUNCED = frozenset(
    ("next_stop", "transport_offered", "shelter_opened", "shelter_closed", "closure", "reopening")
)


@dataclass(frozen=True)
class Setting:
    """What holds for a whole article.

    Parameters
    ----------
    names : PlaceNames
    around : Surroundings
    published : date
    of_caravan : bool       people who move as one body, rather than camps and displacement.
    """

    names: PlaceNames
    around: Surroundings
    published: date
    of_caravan: bool


@dataclass(frozen=True)
class Find:
    """One thing that a sentence reports; fields as in `core.report.Report`.

    `place_at` is where its place stands in the sentence; -1: the place was told before.
    """

    kind: str
    place: int
    day: date
    low: float | None = None
    high: float | None = None
    quantifier: str = ""
    segment: str = "main"
    source_kind: str = "press"
    to_place: int = -1
    unit: str = "people"
    since: date | None = None
    hour: int | None = None
    confidence: float = 0.9
    flags: tuple[str, ...] = ()
    vague: bool = False
    place_at: int = -1
    day_assumed: bool = False


@dataclass(frozen=True)
class Told:
    """What an article has told so far, which a later sentence may continue.

    Parameters
    ----------
    place : int             where it last placed people; -1: nowhere yet.
    day : date or None      the day of that, where one was told.
    others : bool           the sentence before was of another caravan.
    home : int              the place that the dateline names; -1: none.
    """

    place: int = -1
    day: date | None = None
    others: bool = False
    home: int = -1


# A town named that the network lacks: its name, the nearest place of the network, km to it.
Missing = tuple[str, int, float]


@dataclass(frozen=True)
class Parts:
    """A sentence taken apart."""

    text: str
    setting: Setting
    places: tuple[Named, ...]
    days: tuple[Mention, ...]
    sources: tuple[Source, ...]
    clauses: tuple[Clause, ...]
    told: Told
    rooms: tuple[Figure, ...]
    missing: list[Missing]


def candidates(sentence: Parts, clause: Clause, roles: Sequence[str]) -> list[Named]:
    """Give the places of a clause that stand in one of some parts in it."""
    return [
        p
        for p in sentence.places
        if clause.start <= p.start < clause.end and p.role in roles and (p.place >= 0 or p.town is not None)
    ]


def end_of_part(text: str, clause: Clause) -> int:
    """Give where the part of a sentence ends that a clause stands in: a semicolon begins another."""
    stop = text.find(";", max(clause.start, clause.end - 2))
    return len(text) if stop < 0 else stop


def nearest(places: Sequence[Named], at: int) -> Named | None:
    """Give the place nearest to a spot of the text, those of the network first; None where there is none."""
    return min(places, key=lambda p: abs(p.start - at) + 40 * (p.place < 0), default=None)
