"""Luck by name: every random number is a hash of (seed, member slot, day, entity, draw).

There is no stream and no state, so results do not depend on the number of threads, on chunking or on a
restart, and two policies share their luck. The hash chains the finaliser of SplitMix64 (Steele, Lea &
Flood 2014, doi:10.1145/2660193.2660195) over the five integers. `hash64` is plain integer arithmetic that
works on Python integers and on numpy uint64 arrays alike, and `engines` compiles the very same function.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MASK64 = 0xFFFFFFFFFFFFFFFF
GOLDEN64 = 0x9E3779B97F4A7C15
MIX_A64 = 0xBF58476D1CE4E5B9
MIX_B64 = 0x94D049BB133111EB
# 2**-53: the spacing of the 53-bit uniforms; half of it keeps them off zero and one.
UNIT_STEP = 1.0 / 9007199254740992.0


def hash64(seed: Any, slot: Any, day: Any, entity: Any, draw: Any) -> Any:
    """Hash five unsigned integers to 64 bits.

    Parameters
    ----------
    seed, slot, day, entity, draw : int or (…) uint64
        Shapes broadcast. Compiled callers pass uint64.

    Returns
    -------
    int or (…) uint64
    """
    x = (seed + GOLDEN64) & MASK64
    for word in (slot, day, entity, draw):
        x = (x ^ (x >> 30)) * MIX_A64 & MASK64
        x = (x ^ (x >> 27)) * MIX_B64 & MASK64
        x = ((x ^ (x >> 31)) + GOLDEN64 + word) & MASK64
    x = (x ^ (x >> 30)) * MIX_A64 & MASK64
    x = (x ^ (x >> 27)) * MIX_B64 & MASK64
    return x ^ (x >> 31)


def draw_number(name: str) -> int:
    """Turn the name of a draw into its fixed integer (CRC-32 of the UTF-8 name)."""
    return zlib.crc32(name.encode("utf-8"))


@dataclass(frozen=True)
class Draws:
    """Answers for luck by name, day, member slot and entity.

    Parameters
    ----------
    seed : int      any non-negative integer below 2**64.
    """

    seed: int

    def uniform(
        self, name: str, *, day: int, slots: NDArray[np.integer], entity: int | NDArray[np.integer] = 0
    ) -> NDArray[np.float64]:
        """Give one uniform number in the open interval (0, 1) per slot.

        Parameters
        ----------
        name : str                  what is drawn ("pace"); another name is other luck.
        day : int                   day since the start, >= 0.
        slots : (m,) int            member slots, >= 0.
        entity : int or (m,) int    group, place or person the draw belongs to.

        Returns
        -------
        (m,) float64
        """
        slot = np.asarray(slots).astype(np.uint64)
        entities = np.broadcast_to(np.asarray(entity), slot.shape).astype(np.uint64)
        seed = np.full(slot.shape, self.seed & MASK64, dtype=np.uint64)
        bits = hash64(seed, slot, np.uint64(day), entities, np.uint64(draw_number(name)))
        result: NDArray[np.float64] = ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * UNIT_STEP
        return result
