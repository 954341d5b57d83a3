"""A small Flee folder that tests can spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "reference" / "flee_small"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give a copy of the reference folder."""
    return Path(shutil.copytree(REFERENCE, tmp_path / "small"))
