"""The triad of STREAM (McCalpin 1995): how fast one core of this machine moves memory."""

from __future__ import annotations

import time
from pathlib import Path

import numba
import numpy as np
from numpy.typing import NDArray

LEAST_BYTES, MOST_BYTES = 128 * 2**20, 512 * 2**20
CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


@numba.njit(fastmath=True, error_model="numpy")  # type: ignore[misc]
def _triad(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], scale: float) -> None:
    for k in range(len(a)):
        a[k] = b[k] + scale * c[k]


def cache_bytes() -> int:
    """Give the size of the largest cache; 0 where the system does not tell."""
    sizes = [0]
    for file in CACHES.glob("index*/size"):
        text = file.read_text().strip()
        factor = {"K": 2**10, "M": 2**20, "G": 2**30}.get(text[-1:], 1)
        digits = text.rstrip("KMG")
        sizes.append(int(digits) * factor if digits.isdigit() else 0)
    return max(sizes)


def triad_bytes_per_s(*, repeats: int = 5) -> tuple[float, int]:
    """Measure: bytes per second (24 per element, as STREAM counts), and the bytes of each array."""
    size = min(MOST_BYTES, max(LEAST_BYTES, 4 * cache_bytes()))
    a, b, c = (np.full(size // 8, value) for value in (0.0, 1.0, 2.0))
    _triad(a[:8], b[:8], c[:8], 3.0)
    best = float("inf")
    for _ in range(repeats):
        began = time.process_time()
        _triad(a, b, c, 3.0)
        best = min(best, time.process_time() - began)
    return 3.0 * a.nbytes / best, a.nbytes
