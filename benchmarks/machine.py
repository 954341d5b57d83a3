"""The machine that was measured, by what matters for speed and nothing that tells whose it is."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

from safepassage.engines.threads import cores


def _line(file: Path, key: str) -> str | None:
    if not file.is_file():
        return None
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith(key):
            return line.partition(":")[2].strip()
    return None


def memory_gb() -> float | None:
    """Give the memory in GB (10^9 bytes), where the system tells."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9


def machine() -> str:
    """Name CPU, cores, memory and the versions of Python and of what compiles and computes."""
    cpu = _line(Path("/proc/cpuinfo"), "model name") or platform.processor() or platform.machine()
    memory = memory_gb()
    parts = [
        f"CPU {cpu}",
        f"{cores()} cores",
        "memory unknown" if memory is None else f"{memory:.0f} GB of memory",
        f"{platform.system()} on {platform.machine()}",
        f"{platform.python_implementation()} {platform.python_version()}",
        *(f"{name} {metadata.version(name)}" for name in ("numba", "numpy", "safepassage")),
    ]
    return ", ".join(parts)
