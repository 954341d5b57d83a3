"""What a run was made of, so that it can be repeated bit for bit."""

from __future__ import annotations

import dataclasses
import hashlib
import platform
from importlib.metadata import version
from typing import Any

import numpy as np

from safepassage.core.scenario import Scenario

_PACKAGES = ("numpy", "scipy", "numba")


def scenario_checksum(scenario: Scenario) -> str:
    """Give the SHA-256 of everything a scenario holds, as 64 hexadecimal digits."""
    return checksum_of(scenario)


def checksum_of(value: object) -> str:
    """Give the SHA-256 of everything that a value of dataclasses, arrays and plain values holds."""
    digest = hashlib.sha256()
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: Any, value: Any) -> None:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        digest.update(type(value).__name__.encode())
        for field in dataclasses.fields(value):
            digest.update(field.name.encode())
            _feed(digest, getattr(value, field.name))
    elif isinstance(value, np.ndarray):
        digest.update(f"{value.dtype}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, (tuple, list)):
        digest.update(f"({len(value)}".encode())
        for item in value:
            _feed(digest, item)
    elif isinstance(value, dict):
        for key in sorted(value, key=str):
            digest.update(str(key).encode())
            _feed(digest, value[key])
    else:
        digest.update(repr(value).encode())


def manifest(scenario: Scenario, *, settings: dict[str, Any], engine: str, reason: str) -> dict[str, Any]:
    """Describe a run: what it was asked, what it read, what computed it. No clock time, no machine name."""
    return {
        "program": "safepassage",
        "version": version("safepassage"),
        "packages": {name: version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "scenario": scenario.name,
        "scenario_sha256": scenario_checksum(scenario),
        "settings": settings,
        "engine": engine,
        "engine_reason": reason,
        "illustrative": list(scenario.illustrative),
        "sources": list(scenario.sources),
        "licence": scenario.licence,
    }
