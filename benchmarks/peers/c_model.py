"""The scalar C reference: compiled on the spot into a temporary folder, called through ctypes."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.plain import Plain, alias_of
from benchmarks.rows import Skipped
from safepassage.core.draws import hash64

SOURCE = Path(__file__).with_name("reference.c")
ROAD = np.dtype(
    [("keep", "f4"), ("dest", "u2"), ("km", "u2"), ("other_dest", "u2"), ("other_km", "u2")], align=True
)


@cache
def library(*, counter: bool) -> ctypes.CDLL:
    """Compile the reference, with our counter-based luck or with a stream.

    Raises
    ------
    Skipped     if there is no compiler, or it fails.
    """
    compiler = next((found for name in ("gcc", "cc", "clang") if (found := shutil.which(name))), None)
    if compiler is None:
        raise Skipped("no C compiler here")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "reference.so"
        words = [compiler, "-O3", "-march=native", "-shared", "-fPIC", *(["-DCOUNTER"] if counter else [])]
        done = subprocess.run([*words, "-o", str(target), str(SOURCE)], capture_output=True, check=False)
        if done.returncode:
            raise Skipped("the C compiler fails on the reference")
        return ctypes.CDLL(str(target))


class CModel:
    """Everybody in two arrays of 16 bits, lived through by C."""

    def __init__(self, plain: Plain, *, seed: int, counter: bool) -> None:
        if len(plain.chance) > 0xFFFF or plain.km.max(initial=0) > 0xFFFF:
            raise Skipped("places or km do not fit 16 bits")
        self.plain = plain
        self._day = library(counter=counter).live_a_day
        self._day.restype = None
        self._seed = seed
        alias = alias_of(plain)
        self._roads = np.zeros(len(plain.dest), dtype=ROAD)
        self._roads["keep"] = alias.keep
        self._roads["dest"], self._roads["km"] = plain.dest, plain.km
        self._roads["other_dest"], self._roads["other_km"] = plain.dest[alias.other], plain.km[alias.other]
        self._ptr = plain.ptr.astype(np.int32)
        people = int(plain.leaving.sum())
        self._place, self._to_go = (np.zeros(people, dtype=np.uint16) for _ in range(2))
        self._count = 0

    def run(self) -> NDArray[np.int64]:
        """Live all days; give the people in each place on every evening: (day, place)."""
        luck = np.random.default_rng(self._seed)
        sums = np.cumsum(self.plain.origin)
        stock = np.zeros((len(self.plain.leaving), len(self.plain.chance)), dtype=np.int64)
        for day, leaving in enumerate(self.plain.leaving.tolist()):
            where = np.searchsorted(sums, luck.random(leaving), side="right")
            self._place[self._count : self._count + leaving] = np.minimum(where, len(sums) - 1)
            self._count += leaving
            self._live(day, stock[day])
        return stock

    def _live(self, day: int, stock: NDArray[np.int64]) -> None:
        at = ctypes.c_void_p
        self._day(
            at(self._place.ctypes.data),
            at(self._to_go.ctypes.data),
            ctypes.c_int64(self._count),
            at(self.plain.chance.ctypes.data),
            at(self._ptr.ctypes.data),
            at(self._roads.ctypes.data),
            ctypes.c_int32(self.plain.speed_km),
            ctypes.c_uint64(hash64(self._seed, 0, day, 0, 0)),
            at(stock.ctypes.data),
        )
