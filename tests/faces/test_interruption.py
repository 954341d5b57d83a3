from __future__ import annotations

import signal

import pytest

from safepassage.cli import interruption
from safepassage.cli.screen import progress_bar


def test_an_interruption_that_python_dropped_is_raised_at_the_next_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(interruption._Asked, "stop", False)
    before = signal.getsignal(signal.SIGINT)
    interruption.watch()
    try:
        with progress_bar() as bar:
            bar.say(1, 9, "days")
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)  # caught here, as Python does in a destructor
            with pytest.raises(KeyboardInterrupt):
                bar.say(2, 9, "days")
    finally:
        signal.signal(signal.SIGINT, before)
