"""The page of a replay: what was said, when, what happened and where we lost, in one file."""

from __future__ import annotations

from safepassage.adapters.replay_page.page import replay_html

__all__ = ["replay_html"]
