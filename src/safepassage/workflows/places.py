"""Finding a place by what people call it."""

from __future__ import annotations

from safepassage.core.errors import Fault, InputError
from safepassage.core.gazetteer import Gazetteer
from safepassage.core.network import Places


def place_number(places: Places, name: str, *, file: str = "place") -> int:
    """Find a place by id or display name, accents and case aside.

    Raises
    ------
    InputError      if none, or more than one place is called so; with suggestions.
    """
    match = Gazetteer(places).find(str(name))
    if match.place < 0:
        expected = "one place only" if match.several else "a place of the network"
        raise InputError(Fault(file, f"'{str(name)[:60]}'", expected, match.hint))
    return match.place
