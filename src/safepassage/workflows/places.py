"""Finding a place by what people call it."""

from __future__ import annotations

import difflib
import unicodedata

from safepassage.core.errors import Fault, InputError
from safepassage.core.network import Places


def place_number(places: Places, name: str, *, file: str = "place") -> int:
    """Find a place by id or display name, accents and case aside.

    Raises
    ------
    InputError      if none, or more than one place is called so; with suggestions.
    """
    wanted = _plain(name)
    found = [
        number
        for number, (key, shown) in enumerate(zip(places.ids, places.names, strict=True))
        if wanted in (_plain(key), _plain(shown))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"'{places.ids[n]}' ({places.countries[n]})" for n in found)
        raise InputError(Fault(file, f"'{name}'", "one place", f"write one of the ids {choices}"))
    known = {_plain(shown): shown for shown in places.names} | {_plain(key): key for key in places.ids}
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.6)
    mend = (
        "did you mean " + " or ".join(f"'{known[key]}'" for key in near) + "?" if near else "check the name"
    )
    raise InputError(Fault(file, f"'{name}'", "a place of the network", mend))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (" " if c in "-_" else c for c in letters if not unicodedata.combining(c))
    return " ".join("".join(kept).split())
