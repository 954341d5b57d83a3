"""SafePassage: forecasts where people on the move will be, so that the towns on the way can be ready.

>>> import safepassage as sp
>>> sc = sp.load("honduras-2018-10")
>>> fc = sp.forecast(sc, members=100, days=5)
>>> fc.arrivals("Esquipulas").chance > 0
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from safepassage.workflows.forecast import forecast as forecast
    from safepassage.workflows.load import load as load
    from safepassage.workflows.needs import needs as needs
    from safepassage.workflows.plan import plan as plan
    from safepassage.workflows.track import track as track

# The face is lazy: `safepassage --help` must not wait for the engines.
_FACE = {
    "forecast": "safepassage.workflows.forecast",
    "load": "safepassage.workflows.load",
    "needs": "safepassage.workflows.needs",
    "plan": "safepassage.workflows.plan",
    "track": "safepassage.workflows.track",
}

__all__ = ["forecast", "load", "needs", "plan", "track"]


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        message = f"module 'safepassage' has no attribute '{name}'"
        raise AttributeError(message)
    import importlib

    return getattr(importlib.import_module(_FACE[name]), name)
