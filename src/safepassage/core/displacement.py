"""Origins, conflict and camp series of a displacement crisis; filled by `adapters.flee`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Displacement:
    """Placeholder replaced by the local-law work."""
