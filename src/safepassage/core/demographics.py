"""Who people are, as shares of a whole movement: never by place, and never single persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

# Whom a figure of a profile may be reckoned by, beside "person". A household is a number of persons.
HOUSEHOLD, PERSON = "household", "person"
KINDS = (
    "infant_under_2",
    "child_under_5",
    "child_under_18",
    "woman",
    "woman_15_49",
    "pregnant_woman",
    "survivor_of_violence",
    "unaccompanied_child",
)
PER_WHOM = (PERSON, HOUSEHOLD, *KINDS)
# Few and endangered: whatever rests on them is told by place as a service to be ready for, never as a number.
GUARDED_KINDS = frozenset({"pregnant_woman", "survivor_of_violence", "unaccompanied_child"})

# What a row of demographics.csv may count, and the kinds whose share it tells.
GROUP_KINDS: dict[str, tuple[str, ...]] = {
    "women": ("woman", "woman_15_49"),
    "children": ("child_under_18",),
    "boys": (),
    "girls": (),
    "men": (),
    "children_under_5": ("child_under_5",),
    "infants": ("infant_under_2",),
    "pregnant_women": ("pregnant_woman",),
    "unaccompanied_children": ("unaccompanied_child",),
}
OTHER_NAMES = {
    "women_share": "women",
    "children_share": "children",
    "men_share": "men",
    "minors": "children",
    "infants_under_2": "infants",
    "under_5": "children_under_5",
}
BASES = ("sourced", "derived", "assumption", "unverified")


@dataclass(frozen=True)
class GroupCount:
    """How many of the people of a movement belong to one group, as somebody counted or estimated.

    Parameters
    ----------
    day : date
    group : str             one of `GROUP_KINDS`.
    value : float           persons, or percent, by `unit`.
    unit : str              "persons" or "%".
    n_base : float or None  all the persons that were counted; needed for persons.
    published : date        when it became known.
    """

    day: date
    group: str
    value: float
    unit: str
    n_base: float | None
    published: date
    published_basis: str = ""
    source: str = ""
    note: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def share(self) -> float:
        """Give the share of all people, 0 … 1."""
        return self.value / 100 if self.unit == "%" else self.value / (self.n_base or 1.0)


@dataclass(frozen=True)
class Share:
    """How large a part of all people one kind is; of households, how many persons make one.

    Parameters
    ----------
    kind : str              one of `KINDS`, or "household".
    value, low, high : float
    basis : str             one of `BASES`.
    source, page, note : str
    """

    kind: str
    value: float
    low: float
    high: float
    basis: str
    source: str
    page: str = ""
    note: str = ""


def shares_of(counts: Iterable[GroupCount], defaults: Mapping[str, Share]) -> dict[str, Share]:
    """Take what was counted of a movement, and the defaults for the rest.

    The value is the mean of the counts of the latest day, low and high the least and largest of all counts,
    since those who count see different parts of a movement.

    Parameters
    ----------
    counts : iterable of GroupCount     those known.
    defaults : mapping of kind to Share
    """
    told = tuple(counts)
    by_group: dict[str, list[GroupCount]] = {}
    for count in (*told, *_children(told)):
        by_group.setdefault(count.group, []).append(count)
    shares = dict(defaults)
    for group, rows in by_group.items():
        for kind in GROUP_KINDS[group]:
            shares[kind] = _told(kind, group, rows)
    return shares


def _told(kind: str, group: str, rows: list[GroupCount]) -> Share:
    last = max(row.day for row in rows)
    latest = [row.share for row in rows if row.day == last]
    every = [row.share for row in rows]
    note = "women of every age taken as women from 15 to 49" if kind == "woman_15_49" else ""
    return Share(
        kind=kind,
        value=sum(latest) / len(latest),
        low=min(every),
        high=max(every),
        basis="derived",
        source="; ".join(dict.fromkeys(row.source for row in rows if row.day == last and row.source)),
        note="; ".join(filter(None, (f"{group} of the movement, counted on {last.isoformat()}", note))),
    )


def _children(counts: tuple[GroupCount, ...]) -> list[GroupCount]:
    """Add boys and girls of one count up, where nobody did."""
    added = []
    told = {(row.day, row.source) for row in counts if row.group == "children"}
    girls = {(row.day, row.source, row.unit, row.n_base): row for row in counts if row.group == "girls"}
    for boys in (row for row in counts if row.group == "boys"):
        other = girls.get((boys.day, boys.source, boys.unit, boys.n_base))
        if other is not None and (boys.day, boys.source) not in told:
            value = boys.value + other.value
            published = max(boys.published, other.published)
            added.append(
                GroupCount(boys.day, "children", value, boys.unit, boys.n_base, published, source=boys.source)
            )
    return added
