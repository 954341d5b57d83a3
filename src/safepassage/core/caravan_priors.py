"""What is believed of any caravan before its first report.

The ranges are 5–95 % and come from two other caravans whose facts are published (El Salvador, from 31 October
2018; Tapachula, from 23 October 2021: positions.csv of each) and from what is generally known of walking and
hitching in mixed groups. They are wide on purpose; reports are there to sharpen them. They hold where nothing
was learned (`--learned none`), and what is learned across caravans is learned from them as a beginning: the
ranges are judged, so that they hold a slow and a fast caravan, and are not fitted to the two. A scenario may
replace any of them in its priors.csv.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from safepassage.core.scenario import Prior

_TAPACHULA = "positions of the caravan that left Tapachula on 23 October 2021 (press, one source a row)"
_SALVADOR = "positions of the caravan that left San Salvador on 31 October 2018 (press, one source a row)"
_GENERAL = "planning assumption; general walking speeds of mixed groups, 4-5 km/h for 5-9 hours"

DEFAULT_PRIORS: tuple[Prior, ...] = (
    Prior(
        "walk_km_per_day",
        "lognormal",
        15.0,
        40.0,
        "a day on foot with children: Tapachula 2021 walked legs of 15-25 km, 40 is a long day",
        f"{_TAPACHULA}; {_GENERAL}",
    ),
    Prior(
        "ride_chance",
        "uniform",
        0.0,
        0.7,
        "share of moving days by rides; judged: next to none in Tapachula 2021, most in El Salvador 2018",
        f"{_TAPACHULA}; {_SALVADOR}",
    ),
    Prior(
        "ride_km_per_day",
        "lognormal",
        70.0,
        300.0,
        "a day on trucks and pickups: 146 km in one day of El Salvador 2018; 300 allows for highways",
        _SALVADOR,
    ),
    Prior(
        "ride_spell_days",
        "lognormal",
        1.5,
        6.0,
        "rides come in spells, because tolerance and road change together",
        "planning assumption",
    ),
    Prior(
        "rest_chance",
        "uniform",
        0.05,
        0.6,
        "share of days of rest; judged: few in El Salvador 2018, many in Tapachula 2021",
        f"{_TAPACHULA}; {_SALVADOR}",
    ),
    Prior(
        "border_hold_chance",
        "uniform",
        0.3,
        0.9,
        "chance that a border costs time at all: one of two borders in El Salvador 2018",
        _SALVADOR,
    ),
    Prior(
        "border_hold_days",
        "lognormal",
        0.2,
        3.0,
        "time lost at a border where it costs any: one day at the Suchiate in El Salvador 2018",
        _SALVADOR,
    ),
    Prior(
        "closure_hold_days",
        "lognormal",
        0.5,
        8.0,
        "days a group waits before a closed border or road until it gets through, turns or is let pass",
        "planning assumption",
    ),
    Prior(
        "bus_chance",
        "uniform",
        0.2,
        0.7,
        "chance that buses that were announced come for most of the group: offers are often taken back",
        "planning assumption",
    ),
    Prior(
        "bus_km_per_day",
        "lognormal",
        250.0,
        900.0,
        "a day of relay by bus on main roads, one change of drivers or none",
        "planning assumption",
    ),
    Prior(
        "length_km",
        "lognormal",
        3.0,
        40.0,
        "head to tail in the evening: stragglers arrive for hours, part of the group is a town behind",
        "planning assumption",
    ),
    Prior(
        "leave_rate_per_day",
        "lognormal",
        0.0015,
        0.06,
        "people who leave the group for nobody knows where. With the ways out that have a name (some 1 % a "
        "day, core.caravan_outcomes) the losses seen: 4,000 became 500 within 34 days in 2021 (6 % a day), "
        "1,700 became 1,000 within 15 days in El Salvador 2018 although others joined",
        f"{_TAPACHULA}; {_SALVADOR}",
    ),
    Prior(
        "held_leave_factor",
        "lognormal",
        1.0,
        4.0,
        "how much faster people leave while the group is held",
        "planning assumption",
    ),
    Prior(
        "join_rate_per_day",
        "lognormal",
        0.05,
        0.5,
        "share of those who would join, within reach and while the news is fresh, that join on a day",
        "planning assumption",
    ),
    Prior(
        "news_days",
        "lognormal",
        4.0,
        25.0,
        "how long the news of a caravan keeps drawing people (time constant)",
        "planning assumption",
    ),
    Prior(
        "join_reach_km",
        "lognormal",
        80.0,
        500.0,
        "from how far people come to join (time constant of distance): a day by bus",
        "planning assumption",
    ),
    Prior(
        "split_chance_per_day",
        "uniform",
        0.0,
        0.15,
        "that a part of the main body rides ahead or stays behind on a day: never, or about once a week; "
        "figures of single days that disagree by half, as in Tapachula 2021, would fit a caravan in parts",
        "planning assumption",
    ),
    Prior(
        "advance_share",
        "uniform",
        0.05,
        0.4,
        "share of the main body that rides ahead when some do: a few trucks full, up to nearly half",
        "planning assumption",
    ),
    Prior(
        "rear_share",
        "uniform",
        0.05,
        0.4,
        "share of the main body that stays behind when some do: the tired, families, up to nearly half",
        "planning assumption",
    ),
    Prior(
        "regroup_chance",
        "uniform",
        0.2,
        0.9,
        "that parts which sleep in one town go on as one the next morning; at their destination they do",
        "planning assumption",
    ),
)

_DEFAULT_NUMBERS = {(prior.name, prior.shape, prior.low, prior.high) for prior in DEFAULT_PRIORS}


def own_priors(priors: Mapping[str, Prior]) -> dict[str, Prior]:
    """Give what a scenario says itself: a row that repeats a default is no opinion of its own."""
    return {
        name: prior
        for name, prior in priors.items()
        if (name, prior.shape, prior.low, prior.high) not in _DEFAULT_NUMBERS
    }


# Fewer are no caravan: they are not followed, and such counts are shown nowhere.
SMALLEST_GROUP_PEOPLE = 20


@dataclass(frozen=True)
class PriorLimit:
    """What a number of a caravan can be at all: both ends belong to it. No such number is below zero."""

    low: float
    high: float


_CHANCE, _RATE_PER_DAY, _FACTOR = PriorLimit(0.0, 1.0), PriorLimit(0.0, 10.0), PriorLimit(0.0, 100.0)
_KM_PER_DAY, _KM_AWAY, _KM_LONG = PriorLimit(0.1, 2000.0), PriorLimit(0.1, 10_000.0), PriorLimit(0.0, 1000.0)
_DAYS, _DAYS_OR_NONE = PriorLimit(0.01, 366.0), PriorLimit(0.0, 366.0)

# The names are a closed set: a scenario may change what is believed of these numbers, and of no others.
PRIOR_LIMITS: dict[str, PriorLimit] = {
    "walk_km_per_day": _KM_PER_DAY,
    "ride_chance": _CHANCE,
    "ride_km_per_day": _KM_PER_DAY,
    "ride_spell_days": PriorLimit(1.0, 366.0),
    "rest_chance": _CHANCE,
    "border_hold_chance": _CHANCE,
    "border_hold_days": _DAYS_OR_NONE,
    "closure_hold_days": _DAYS_OR_NONE,
    "bus_chance": _CHANCE,
    "bus_km_per_day": _KM_PER_DAY,
    "length_km": _KM_LONG,
    "leave_rate_per_day": _RATE_PER_DAY,
    "held_leave_factor": _FACTOR,
    "join_rate_per_day": _RATE_PER_DAY,
    "news_days": _DAYS,
    "join_reach_km": _KM_AWAY,
    "split_chance_per_day": _CHANCE,
    "advance_share": _CHANCE,
    "rear_share": _CHANCE,
    "regroup_chance": _CHANCE,
}
