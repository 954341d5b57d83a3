"""Compiled functions: where numba keeps them, and luck that is the same bits as in `core.draws`.

Numba's cache does not notice changes in other files, so the cache directory is named after the version of
the package and a hash of every source whose code or constants could be part of compiled code.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numba.core.config
import numpy as np
import platformdirs
from numba.core.cpu import CPUTargetOptions

from safepassage.core import draws

Function = TypeVar("Function", bound=Callable[..., Any])


def cache_directory() -> Path | None:
    """Give the directory of compiled code for these very sources, made if need be; None: nowhere to write."""
    digest = hashlib.sha256()
    for folder in (Path(__file__).parent, Path(draws.__file__).parent):
        for source in sorted(folder.glob("*.py")):
            digest.update(source.read_bytes())
    name = f"{metadata.version('safepassage')}-{digest.hexdigest()[:16]}"
    for root in (
        Path(platformdirs.user_cache_dir("safepassage")),
        Path(tempfile.gettempdir()) / "safepassage",
    ):
        try:
            (root / name).mkdir(parents=True, exist_ok=True, mode=0o700)
            owner = (root / name).stat().st_uid
        except OSError:
            continue
        # Compiled code is trusted code: never from a folder that somebody else has made.
        if os.access(root / name, os.W_OK) and (not hasattr(os, "getuid") or owner == os.getuid()):
            return root / name
    return None


_CACHE = cache_directory()

# "No runtime": arrays are neither made nor counted, which numba checks where it compiles. The option is not
# documented, so another version may lack it; then the same code runs a little slower.
_NO_RUNTIME: dict[str, Any] = {"_nrt": False} if hasattr(CPUTargetOptions, "_nrt") else {}


def nothing_compiled_yet() -> bool:
    """Tell whether the first run still lies ahead, which compiles for up to a minute."""
    return _CACHE is None or not any(_CACHE.rglob("*.nbi"))


def compiled(function: Function) -> Function:
    """Compile a function of numbers and arrays; runs without the interpreter's lock, so threads help."""
    return _compiled(function)


def borrowing(function: Function) -> Function:
    """Compile a function that only reads and writes the arrays it is handed, and makes and returns none.

    It does not count references to arrays, which costs more than the work where a rule for one agent is
    handed all the tables of a day. Whoever calls it keeps them alive. Making an array in it is an error where
    it is compiled.
    """
    return _compiled(function, **_NO_RUNTIME)


def inlined(function: Function) -> Function:
    """Compile a function as `borrowing` does, and put its code where it is called; for short ones."""
    return _compiled(function, **_NO_RUNTIME, forceinline=True)


def merged(function: Function) -> Function:
    """Do as `inlined` does before anything is compiled, so that the function is never compiled alone."""
    return _compiled(function, **_NO_RUNTIME, inline="always")


def _compiled(function: Function, **options: Any) -> Function:
    config: Any = numba.core.config
    before = config.CACHE_DIR
    if _CACHE is not None:
        config.CACHE_DIR = str(_CACHE)
    try:
        jit: Any = numba.njit(cache=_CACHE is not None, nogil=True, error_model="numpy", **options)
        return cast(Function, jit(function))
    finally:
        config.CACHE_DIR = before


_GOLDEN = np.uint64(draws.GOLDEN64)
_A, _B = np.uint64(draws.MIX_A64), np.uint64(draws.MIX_B64)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = draws.UNIT_STEP


@compiled
def mix(x: np.uint64, word: np.uint64) -> np.uint64:
    """Chain one more word to a hash."""
    x = (x ^ (x >> _S30)) * _A
    x = (x ^ (x >> _S27)) * _B
    return (x ^ (x >> _S31)) + _GOLDEN + word


@compiled
def hash64(seed: np.uint64, slot: np.uint64, day: np.uint64, entity: np.uint64, draw: np.uint64) -> np.uint64:
    """Hash five words exactly as `core.draws.hash64`."""
    x = mix(mix(mix(mix(seed + _GOLDEN, slot), day), entity), draw)
    x = (x ^ (x >> _S30)) * _A
    x = (x ^ (x >> _S27)) * _B
    return x ^ (x >> _S31)


def luck_of(seed: int, slot: int, day: int) -> np.uint64:
    """Chain the first three words, which all draws of one member on one day share."""
    return np.uint64(luck_on(np.uint64(seed & draws.MASK64), np.uint64(slot), np.uint64(day)))


@compiled
def luck_on(seed: np.uint64, slot: np.uint64, day: np.uint64) -> np.uint64:
    """Do the same where it is compiled."""
    return mix(mix(seed + _GOLDEN, slot), day)


@compiled
def uniform(luck: np.uint64, entity: int, draw: int) -> float:
    """Give the uniform number in (0, 1) of one draw; `luck` comes from `luck_of`."""
    x = mix(mix(np.uint64(luck), np.uint64(entity)), np.uint64(draw))
    x = (x ^ (x >> _S30)) * _A
    x = (x ^ (x >> _S27)) * _B
    return (np.float64((x ^ (x >> _S31)) >> _S11) + 0.5) * _UNIT
