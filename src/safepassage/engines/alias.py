"""Tables that draw one of many by weight in one step, whatever the weights (Walker 1977, Vose 1991).

A row of c choices is cut into c slots of equal chance, each shared by at most two choices; 32 random bits
name the slot and, by what is left of them, which of the two. A row holds every chance within 2**-31; a draw
from it adds at most 2**-32 for each of the c slots.

References: Walker 1977, doi:10.1145/355744.355749; Vose 1991, doi:10.1109/32.92917.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safepassage.engines.compiled import borrowing, inlined

# `own`, `other`: what a slot leads to; `share`: chance of `own`, in units of 2**-32.
SLOT = np.dtype([("share", np.uint32), ("own", np.int32), ("other", np.int32)])
FULL = 4294967296.0
_S32, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


@borrowing
def fill_row(weights: NDArray[np.float64], slots: NDArray[np.void], queue: NDArray[np.int64]) -> bool:
    """Lay out one row of slots for the weights of its choices.

    Parameters
    ----------
    weights : (c,) float64      finite, >= 0; used up as working space.
    slots : (c,) SLOT           `own` names the choices; `share` and `other` are written.
    queue : (>= c,) int64       working space.

    Returns
    -------
    bool        false where all weights are zero: then each choice is as likely.
    """
    count, total, heaviest = len(slots), 0.0, 0
    for k in range(count):
        slots[k]["other"], slots[k]["share"] = slots[k]["own"], 0
        total += weights[k]
        if weights[k] > weights[heaviest]:
            heaviest = k
    if not total > 0.0:
        return False
    small, large = 0, count
    for k in range(count):
        weights[k] *= count / total
        if weights[k] < 1.0:
            queue[small] = k
            small += 1
        else:
            large -= 1
            queue[large] = k
    while small > 0 and large < count:
        small -= 1
        under, over = queue[small], queue[large]
        slots[under]["share"], slots[under]["other"] = _share(weights[under]), slots[over]["own"]
        weights[over] -= 1.0 - weights[under]
        if weights[over] < 1.0:
            large += 1
            queue[small] = over
            small += 1
    # Rounding leaves slots that are all but full; what has no weight stays out of reach even so.
    for k in range(small):
        under = queue[k]
        slots[under]["share"], slots[under]["other"] = _share(weights[under]), slots[heaviest]["own"]
    return True


@inlined
def _share(chance: float) -> np.uint32:
    return np.uint32(min(np.rint(chance * FULL), FULL - 1.0))


@inlined
def pick(slots: NDArray[np.void], first: int, count: int, bits: np.uint64) -> int:
    """Draw from the row of `count` slots that begins at `first`, by the low 32 of 64 random bits."""
    spread = (bits & _LOW) * np.uint64(count)
    slot = slots[first + np.int64(spread >> _S32)]
    return int(slot["own"]) if (spread & _LOW) < slot["share"] else int(slot["other"])
