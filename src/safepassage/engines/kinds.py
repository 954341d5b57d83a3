"""Kinds of people: the few ways in which traits make people choose differently, and how many are of each.

A kind is a way to see danger (as it is, squared, not at all), an ethnic group, a religion, a heed for flood
forecasts, and whether one is a farmer, as far as a rule asks for any of it. Traits that no rule reads make no
kinds. Traits of one person are taken to be independent of each other. Kinds never leave the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.core.displacement import Displacement
from safepassage.core.errors import ModelError
from safepassage.core.local_law import LocalLaw
from safepassage.core.people import Attribute, Listed

MOST_KINDS = 255
AS_IT_IS, SQUARED, NOT_AT_ALL = range(3)
CHILD_BELOW, ELDER_ABOVE, BOY_ABOVE = 19, 59, 14
NEUTRAL_GROUP_SHARE = 0.1  # share of one's own ethnic group at which a place is neither better nor worse
NO_POPULATION = 1e8  # what Flee's code takes where a place has no population


@dataclass(frozen=True)
class Group:
    """Numbers of one trait of groups (ethnicity, religion), for the rules that match people with places.

    Parameters
    ----------
    of : (k,) int64             group of each kind; -1: none.
    mix : (c, g) float64        share of each group by column of the file.
    column : (n,) int64         column of each place.
    """

    of: NDArray[np.int64]
    mix: NDArray[np.float64]
    column: NDArray[np.int64]


@dataclass(frozen=True)
class Kinds:
    """The k kinds of one scenario.

    Parameters
    ----------
    danger : (k,) int8          `AS_IT_IS`, `SQUARED` or `NOT_AT_ALL`.
    awareness : (k,) float64    weight of flood forecasts.
    farmer : (k,) bool
    ethnicity, religion : Group or None     None: no rule asks for it.
    share : (n, k) float64      chance of each kind among those who leave each place.
    """

    danger: NDArray[np.int8]
    awareness: NDArray[np.float64]
    farmer: NDArray[np.bool_]
    ethnicity: Group | None
    religion: Group | None
    share: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.danger)


_Met = dict[str, NDArray[np.bool_]]
_Shares = tuple[NDArray[np.float64], NDArray[np.int64]]  # (c, v) by column, and the column of each row


@dataclass(frozen=True)
class _Trait:
    """Features that rules read; their chances (c, f) by column, and the column of each row."""

    features: tuple[float, ...]
    share: NDArray[np.float64]
    column: NDArray[np.int64]


def kinds_of(law: LocalLaw, displacement: Displacement) -> tuple[Kinds, NDArray[np.float64]]:
    """Work out the kinds of a scenario.

    Returns
    -------
    Kinds
    (r, k) float64      chance of each kind for every row of `Displacement.listed`; what a list does not tell
        is as with anybody who leaves that place.

    Raises
    ------
    ModelError          if there are more than `MOST_KINDS`.
    """
    places = _traits(law, displacement, None)
    listed = _traits(law, displacement, displacement.listed)
    met: _Met = {
        name: np.asarray(one.share.any(axis=0) | listed[name].share.any(axis=0))
        for name, one in places.items()
    }
    features, share = _product(places, met, len(displacement.roles))
    kind_of = {name: np.array([one[k] for one in features]) for k, name in enumerate(places)}
    kinds = Kinds(
        danger=kind_of["danger"].astype(np.int8),
        awareness=kind_of["awareness"],
        farmer=kind_of["farmer"] > 0,
        ethnicity=_group(displacement, "ethnicity", kind_of) if law.matches_ethnicity else None,
        religion=_group(displacement, "religion", kind_of) if law.match_camp_religion else None,
        share=share,
    )
    if displacement.listed is None:
        return kinds, np.zeros((0, len(kinds)))
    return kinds, _product(listed, met, len(displacement.listed.place))[1]


def _told(attribute: Attribute | None, k: int, listed: Listed | None) -> _Shares:
    """Give the shares of an attribute, the last column for "not told", by place or by row of a list."""
    if attribute is None:
        return np.ones((1, 1)), np.zeros(1, dtype=np.int64)
    rest = np.maximum(0.0, 1.0 - attribute.shares.sum(axis=1, keepdims=True))
    shares = np.concatenate([attribute.shares, np.where(rest > 1e-9, rest, 0.0)], axis=1)
    if listed is None:
        return shares, attribute.column
    own = shares[attribute.column[listed.place]]
    told = np.flatnonzero(listed.values[:, k] >= 0)
    own[told] = 0.0
    own[told, listed.values[told, k]] = 1.0
    return own, np.arange(len(own), dtype=np.int64)


def _traits(law: LocalLaw, displacement: Displacement, listed: Listed | None) -> dict[str, _Trait]:
    """Give the traits that rules ask for, of all places or of the rows of a list; others have one feature."""
    position = {one.name: k for k, one in enumerate(displacement.attributes)}

    def told(name: str, *, asked: bool) -> tuple[tuple[str, ...], _Shares]:
        k = position.get(name, -1) if asked else -1
        attribute = displacement.attributes[k] if k >= 0 else None
        return (attribute.values if attribute else ()), _told(attribute, k, listed)

    traits = {"danger": _danger(law, told("age", asked=law.asks_age), told("gender", asked=law.asks_gender))}
    for name, asked in (("ethnicity", law.matches_ethnicity), ("religion", law.match_camp_religion)):
        values, shares = told(name, asked=asked)
        traits[name] = _Trait((*range(len(values)), -1), *shares)
    values, shares = told(
        "floodawareness", asked=law.flood_forecast_days > 0 and displacement.floods is not None
    )
    traits["awareness"] = _merged(_Trait((*(awareness_of(law, value) for value in values), 1.0), *shares))
    traits["farmer"] = _farmers(law, displacement, listed)
    return traits


def awareness_of(law: LocalLaw, value: str) -> float:
    """Give the weight of a level of flood awareness; a level beyond the list counts as its last."""
    weights = law.flood_awareness_weights
    if not weights:
        return 1.0
    return float(weights[min(max(int(float(value)), 0), len(weights) - 1)])


def _farmers(law: LocalLaw, displacement: Displacement, listed: Listed | None) -> _Trait:
    if not law.harvest_months or displacement.farmers is None or law.compat:
        return _Trait((0,), np.ones((1, 1)), np.zeros(1, dtype=np.int64))
    share = displacement.farmers if listed is None else displacement.farmers[listed.place]
    values, column = np.unique(share, return_inverse=True)
    return _Trait((0, 1), np.stack([1.0 - values, values], axis=1), column.reshape(-1))


def _danger(
    law: LocalLaw, age: tuple[tuple[str, ...], _Shares], gender: tuple[tuple[str, ...], _Shares]
) -> _Trait:
    """Combine age and gender to the way in which danger is seen."""
    (age_share, age_column), (gender_share, gender_column) = age[1], gender[1]
    ages = [*(_age(law, value) for value in age[0]), (False, False)]
    genders = [*(value.strip().lower() for value in gender[0]), ""]
    mode = np.array([[_mode(law, one, other) for other in genders] for one in ages])
    pairs, column = np.unique(_pairs(age_column, gender_column), axis=0, return_inverse=True)
    share = np.zeros((len(pairs), 3))
    for kind in range(3):
        weight = (mode == kind).astype(np.float64)
        share[:, kind] = np.einsum("cv,cv->c", age_share[pairs[:, 0]], gender_share[pairs[:, 1]] @ weight.T)
    return _Trait((AS_IT_IS, SQUARED, NOT_AT_ALL), share, column.reshape(-1))


def _pairs(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    count = max(len(one), len(other))
    return np.stack([np.broadcast_to(one, count), np.broadcast_to(other, count)], axis=1)


def _age(law: LocalLaw, value: str) -> tuple[bool, bool]:
    """Tell whether an age makes people avoid danger, and whether it is that of a boy who does not."""
    years = float(value)
    careful = (law.children_avoid_hazards and years < CHILD_BELOW) or (
        law.elderly_avoid_hazards and years > ELDER_ABOVE
    )
    # Flee's code takes every male above 14 for a boy.
    boy = law.boys_take_risk and years > BOY_ABOVE and (law.compat or years < CHILD_BELOW)
    return careful, boy


def _mode(law: LocalLaw, age: tuple[bool, bool], gender: str) -> int:
    careful, boy = age
    if boy and gender == "male":
        return NOT_AT_ALL
    return SQUARED if careful or (law.women_avoid_hazards and gender == "female") else AS_IT_IS


def _merged(trait: _Trait) -> _Trait:
    """Put features that are alike together."""
    features = tuple(dict.fromkeys(trait.features))
    share = np.zeros((len(trait.share), len(features)))
    for k, feature in enumerate(trait.features):
        share[:, features.index(feature)] += trait.share[:, k]
    return _Trait(features, share, trait.column)


def _product(
    traits: dict[str, _Trait], met: _Met, rows: int
) -> tuple[list[tuple[float, ...]], NDArray[np.float64]]:
    """Combine the features that are met: those of each kind, and the chances (rows, k)."""
    count = int(np.prod([int(one.sum()) for one in met.values()]))
    if count > MOST_KINDS:
        message = (
            f"{count} kinds of people, by age, gender, ethnicity, religion, flood awareness and farming, are"
            f" more than {MOST_KINDS}; put groups together in the demographics files, or switch rules off"
        )
        raise ModelError(message)
    features: list[tuple[float, ...]] = [()]
    share = np.ones((rows, 1))
    for name, trait in traits.items():
        kept = np.flatnonzero(met[name])
        features = [(*one, trait.features[k]) for one in features for k in kept]
        own = trait.share[:, kept][np.broadcast_to(trait.column, rows)]
        share = (share[:, :, None] * own[:, None, :]).reshape(rows, len(features))
    return features, share


def _group(displacement: Displacement, name: str, kind_of: dict[str, NDArray[np.float64]]) -> Group | None:
    attribute = next((one for one in displacement.attributes if one.name == name), None)
    if attribute is None:
        return None
    return Group(kind_of[name].astype(np.int64), attribute.shares, attribute.column)


def scores_by_kind(kinds: Kinds, score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let each kind see the danger of places in its way: the score, its square, or 1 everywhere.

    Parameters
    ----------
    kinds : Kinds
    score : (n,) float64

    Returns
    -------
    (k, n) float64
    """
    return np.asarray(np.stack([score, score * score, np.ones(len(score))])[kinds.danger])


def match_factor(
    law: LocalLaw, group: Group, counts: NDArray[np.int64], population: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give the share of each kind's own group in every place, (k, n) float64.

    Documented: among those who are there this morning, and the residents (in camps: a hundred people) with
    the general mix of the place, so that the first to come do not decide. Flee's code: agents of the group
    per resident, a place without residents counting as having 1e8.

    Parameters
    ----------
    law : LocalLaw
    group : Group
    counts : (k, n) float64     people of each kind in every place this morning, in agents.
    population : (n,) float64   residents, in agents.
    """
    groups = group.mix.shape[1]
    own = np.zeros((groups + 1, counts.shape[1]))
    np.add.at(own, group.of, counts)  # -1, no group, goes to the last row
    if law.compat:
        return np.asarray((own / np.where(population < 1.0, NO_POPULATION, population))[group.of])
    mix = np.concatenate([group.mix, np.zeros((len(group.mix), 1))], axis=1)[group.column].T
    share = (own + mix * population) / (counts.sum(axis=0) + population)
    share[-1] = 0.0
    return np.asarray(share[group.of])
