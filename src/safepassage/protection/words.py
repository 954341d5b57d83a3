"""Free text that goes with a shared forecast: it names no town of the network and points to no page."""

from __future__ import annotations

import re
import unicodedata

from safepassage.core.network import Places

_ADDRESS = re.compile(r"https?://(?:[^\s/?#@]*@)?([^\s/?#,;)]+)[^\s,;)]*", re.IGNORECASE)
_LETTERS_MIN = 3


def without_towns(text: str, places: Places) -> str:
    """Replace each town of the network by '…' and cut each web address down to its site.

    A title such as "5,000 in Huixtla" or the address of a newspaper story tells a position as well as a map
    does. Letters with accents and without, large and small, count as the same.

    Parameters
    ----------
    text : str
    places : Places     whose names and ids are looked for; names of countries and areas stay.

    Returns
    -------
    str
    """
    shown = _ADDRESS.sub(lambda found: found.group(1), text)
    plain, origin = _plain(shown)
    kept = {_plain(name)[0] for name in (*places.countries, *places.admin1)}
    towns = {_plain(name)[0].strip() for name in (*places.names, *places.ids)} - kept
    towns |= {town.replace("-", " ") for town in towns} - kept
    words = sorted((town for town in towns if len(town) >= _LETTERS_MIN), key=len, reverse=True)
    if not words:
        return shown
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)")
    result, last = [], 0
    for found in pattern.finditer(plain):
        begin, end = origin[found.start()], origin[found.end() - 1] + 1
        result += [shown[last:begin], "…"]
        last = end
    return "".join([*result, shown[last:]])


def _plain(text: str) -> tuple[str, list[int]]:
    """Give the text without accents in small letters, and for each letter where it came from."""
    letters: list[str] = []
    origin: list[int] = []
    for position, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter.casefold()):
            if not unicodedata.combining(part):
                letters.append(part)
                origin.append(position)
    return "".join(letters), origin
