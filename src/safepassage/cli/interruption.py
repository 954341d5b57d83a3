"""Ctrl-C is never lost: where Python drops the exception, the next step of a long job raises it again.

An interruption that falls into a destructor or a callback of C code is printed by Python and forgotten.
"""

from __future__ import annotations

import signal
from types import FrameType


class _Asked:
    """Whether somebody has asked to stop."""

    stop = False


def watch() -> None:
    """Remember from now on that the user has asked to stop."""
    signal.signal(signal.SIGINT, _remember)


def _remember(_number: int, _frame: FrameType | None) -> None:
    _Asked.stop = True
    raise KeyboardInterrupt


def check() -> None:
    """Raise KeyboardInterrupt if the user has asked to stop and nobody has heard it."""
    if _Asked.stop:
        raise KeyboardInterrupt
