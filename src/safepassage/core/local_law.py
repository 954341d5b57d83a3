"""The local law of movement (Flee's)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LocalLaw:
    """Placeholder replaced by the local-law work."""
