"""The networks and scenarios that come with the package, and where their folders are."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def _names(room: str, marker: str) -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in (_HERE / room).glob(f"*/{marker}")))


def scenario_names() -> tuple[str, ...]:
    """Give the names of the built-in scenarios, in alphabetical order."""
    return _names("scenarios", "scenario.toml")


def network_names() -> tuple[str, ...]:
    """Give the names of the built-in networks, in alphabetical order."""
    return _names("networks", "places.csv")


def scenario_path(name: str) -> Path:
    """Give the folder of a built-in scenario; KeyError where there is none of that name."""
    if name not in scenario_names():
        raise KeyError(name)
    return _HERE / "scenarios" / name


def network_path(name: str) -> Path:
    """Give the folder of a built-in network; KeyError where there is none of that name."""
    if name not in network_names():
        raise KeyError(name)
    return _HERE / "networks" / name
