"""The goal law: people with a destination choose link by link, looking ahead (recursive logit).

The value of a place solves ``exp(V_i) = sum_j exp(u_ij + V_j)``, a sparse linear system per destination; the
chance of the next link is ``exp(u_ij + V_j - V_i)``. Source: Fosgerau, Frejinger & Karlström 2013,
doi:10.1016/j.trb.2013.07.012, eqs. 3-9. Departs from it: only links that bring the traveller nearer are
chosen (the efficient links of Dial 1971, doi:10.1016/0041-1647(71)90012-8), so that short links between
neighbouring towns cannot give endless loops a finite value; and foresight can be cut after some links, with
the great circle as the reckoning beyond.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from scipy.sparse.linalg import splu

from safepassage.core.draws import Draws
from safepassage.core.errors import ModelError
from safepassage.core.network import Network
from safepassage.core.scenario import GoalLaw

# A mixed group with children walks about this far from one night to the next; longer links have bare nights.
NIGHT_KM = 40.0
OFF_ROAD_MODES = frozenset({"jungle_trail", "trail", "trail_boat_road", "road_river", "river", "boat"})
# Roads are longer than the great circle; median over the sourced links of the built-in network.
DETOUR = 1.2


def link_utilities(network: Network, law: GoalLaw, *, reference: Iterable[int] = ()) -> NDArray[np.float64]:
    """Give the utility of every directed arc of `network.arcs`.

    Parameters
    ----------
    network : Network
    law : GoalLaw
    reference : iterable of int     places of a declared reference route, in order; may be empty.

    Returns
    -------
    (arc,) float64      < 0; a bonus never makes a link free.
    """
    origin, target, km, number = network.arcs
    modes = np.array([mode in OFF_ROAD_MODES for mode in network.links.modes], dtype=bool)
    country = np.array(network.places.countries, dtype=object)
    felt_km = km * np.where(modes[number], law.off_road, 1.0)
    bare_nights = np.maximum(0.0, felt_km / NIGHT_KM - 1.0)
    border = (country[origin] != country[target]).astype(float)
    route = list(reference)
    on_route = set(itertools.pairwise(route))
    cost = law.per_km * felt_km + law.per_border * border + law.per_bare_night * bare_nights
    declared = np.array([(int(i), int(j)) in on_route for i, j in zip(origin, target, strict=True)])
    # A declared link costs less, but never nothing: free links would be walked for their own sake.
    cost = np.where(declared, np.maximum(cost - law.reference, 0.1 * cost), cost)
    return np.asarray(-np.maximum(cost, 1e-6), dtype=np.float64)


def place_values(
    network: Network, utilities: NDArray[np.float64], destination: int, *, law: GoalLaw
) -> NDArray[np.float64]:
    """Solve the log-value V of every place on the way to one destination.

    Returns
    -------
    (place,) float64    V, 0 at the destination, -inf where it cannot be reached.
    """
    origin, target, _, _ = network.arcs
    n = len(network.places)
    cost = cost_to(network, utilities, destination)
    nearer = np.isfinite(cost[origin]) & np.isfinite(utilities) & (cost[target] < cost[origin])
    # exp(V) is solved relative to the cheapest way, exp(V_i + cost_i), which neither under- nor overflows.
    weight = np.exp(utilities[nearer] + cost[origin[nearer]] - cost[target[nearer]])
    matrix = sparse.csr_matrix((weight, (origin[nearer], target[nearer])), shape=(n, n))
    goal = np.zeros(n)
    goal[destination] = 1.0
    if law.foresight_links > 0:
        far = np.array([network.great_circle_km(i, destination) for i in range(n)])
        # The reckoning by the great circle may lie far from the cheapest way: keep its ratio within floats.
        reckoned = np.clip(cost - law.per_km * DETOUR * far, -600.0, 600.0)
        value = np.where(np.isfinite(cost), np.exp(reckoned), 0.0)
        for _ in range(law.foresight_links - 1):
            value = matrix @ value + goal
        value[destination] = 1.0
    else:
        value = splu(sparse.csc_matrix(sparse.identity(n) - matrix)).solve(goal)
    with np.errstate(divide="ignore"):
        return np.where(value > 0, np.log(np.maximum(value, 1e-300)) - cost, -np.inf)


def link_chances(
    network: Network,
    law: GoalLaw,
    destination: int,
    *,
    reference: Iterable[int] = (),
    closed: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Give the chance that somebody at an arc's origin, heading for `destination`, takes that arc next.

    Parameters
    ----------
    reference : iterable of int     places of a declared reference route; may be empty.
    closed : (arc,) bool or None    arcs that cannot be taken.

    Returns
    -------
    (arc,) float64      sums to one over the arcs of each place from which the destination can be reached,
                        and to zero elsewhere.
    """
    origin, target, _, _ = network.arcs
    utilities = link_utilities(network, law, reference=reference)
    if closed is not None:
        utilities = np.where(closed, -np.inf, utilities)
    value = place_values(network, utilities, destination, law=law)
    cost = cost_to(network, utilities, destination)
    nearer = np.isfinite(value[origin]) & np.isfinite(utilities) & (cost[target] < cost[origin])
    weight = np.zeros(len(origin))
    here, there = origin[nearer], target[nearer]
    weight[nearer] = np.exp(utilities[nearer] + value[there] - value[here])
    total = np.bincount(origin, weights=weight, minlength=len(network.places))[origin]
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)


def cost_to(network: Network, utilities: NDArray[np.float64], destination: int) -> NDArray[np.float64]:
    """Give the least summed disutility from every place to the destination, (place,), inf out of reach."""
    distance = dijkstra(_graph(network, utilities).T.tocsr(), indices=destination)
    return np.asarray(distance, dtype=np.float64)


def _graph(network: Network, utilities: NDArray[np.float64]) -> sparse.csr_matrix:
    # Parallel links between two places would be summed by the sparse constructor: keep the cheapest.
    first, second, _, _ = network.arcs
    n = len(network.places)
    order = np.lexsort((utilities, second, first))[::-1]
    order = order[np.isfinite(utilities[order])]
    pairs, keep = np.unique(first[order] * n + second[order], return_index=True)
    return sparse.csr_matrix((-utilities[order][keep], (pairs // n, pairs % n)), shape=(n, n))


def likely_route(
    network: Network, law: GoalLaw, origin: int, destination: int, *, reference: Iterable[int] = ()
) -> tuple[int, ...]:
    """Give the single most probable route: the path of greatest summed utility.

    Returns
    -------
    tuple of int        places from origin to destination; both ends included.

    Raises
    ------
    ModelError          if no road leads there.
    """
    graph = _graph(network, link_utilities(network, law, reference=reference))
    distance, before = dijkstra(graph, indices=origin, return_predecessors=True)
    if not np.isfinite(distance[destination]):
        names = network.places.names
        message = f"no road of the network leads from {names[origin]} to {names[destination]}"
        raise ModelError(message)
    route = [destination]
    while route[-1] != origin:
        route.append(int(before[route[-1]]))
    return tuple(reversed(route))


def next_hops(
    network: Network, law: GoalLaw, destination: int, *, reference: Iterable[int] = ()
) -> NDArray[np.int64]:
    """Give the next place on the most probable road from every place to one destination.

    Returns
    -------
    (place,) int64      -1 at the destination, and where no road leads there.
    """
    graph = _graph(network, link_utilities(network, law, reference=reference)).T.tocsr()
    _, following = dijkstra(graph, indices=destination, return_predecessors=True)
    return np.maximum(np.asarray(following, dtype=np.int64), -1)


def sample_routes(
    network: Network,
    chances: NDArray[np.float64],
    ends: tuple[int, int],
    *,
    draws: Draws,
    slots: NDArray[np.int64],
    group: int = 0,
) -> list[tuple[int, ...]]:
    """Draw one route per member slot from link chances.

    Parameters
    ----------
    chances : (arc,) float64    from `link_chances` for the destination.
    ends : (int, int)           origin and destination, positions in `Places`.
    slots : (m,) int            member slots.
    group : int                 entity the luck belongs to.

    Returns
    -------
    list of m tuples of int     places from origin to destination.

    Raises
    ------
    ModelError                  if the destination cannot be reached from the origin.
    """
    origins, targets, _, _ = network.arcs
    start = np.searchsorted(origins, np.arange(len(network.places) + 1))
    routes = np.full((len(slots), 1), ends[0], dtype=np.int64)
    # Every step is nearer, so no place comes twice: there are at most as many steps as places.
    for step in range(len(network.places)):
        here = routes[:, -1]
        if (here == ends[1]).all():
            break
        luck = draws.uniform("route", day=step, slots=slots, entity=group)
        routes = np.column_stack([routes, _steps(here, luck, ends[1], start, targets, chances)])
    return [tuple(dict.fromkeys(row)) for row in routes.tolist()]


def _steps(
    here: NDArray[np.int64],
    luck: NDArray[np.float64],
    destination: int,
    start: NDArray[np.int64],
    targets: NDArray[np.int64],
    chances: NDArray[np.float64],
) -> NDArray[np.int64]:
    there = here.copy()
    for place in np.unique(here):
        if place == destination:
            continue
        window = slice(start[place], start[place + 1])
        ladder = np.cumsum(chances[window])
        if ladder.size == 0 or ladder[-1] <= 0:
            message = f"no road leads on from place number {place} to the destination"
            raise ModelError(message)
        who = here == place
        there[who] = targets[window][np.searchsorted(ladder, luck[who] * ladder[-1], side="right")]
    return there
