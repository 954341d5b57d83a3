"""Excerpts keep the words that were read, without what would name or find a person."""

from __future__ import annotations

import unicodedata

from safepassage.adapters.folder.privacy import personal_in

MASK = "[…]"
# The longest thing that is recognised as one: a street with its number, a position in degrees and minutes.
MOST_WORDS = 14
# Marks that no eye sees and that change how a name looks or is read: zero-width letters, turns of direction.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def visible(text: str) -> str:
    r"""Take out letters that cannot be seen, normalise the rest (NFC), and put single spaces.

    >>> visible("Hui\u200bxtla \n  today")
    'Huixtla today'
    """
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def hides(text: str) -> bool:
    """Tell whether a text holds letters that cannot be seen."""
    return any(unicodedata.category(c) in _UNSEEN for c in text if not c.isspace())


def masked(text: str) -> str:
    """Put `MASK` where words hold what `personal_in` recognises; '' where masking does not help.

    The smallest run of words that is recognised is masked, and after a name the capitalised words that follow
    it, which belong to it more often than not.
    """
    if not personal_in(text):
        return text
    words = text.split()
    start = 0
    while start < len(words):
        end = _recognised(words, start)
        if not end:
            start += 1
            continue
        while start + 1 < end and personal_in(" ".join(words[start + 1 : end])):
            start += 1
        while end < len(words) and words[end][:1].isupper() and words[end - 1][-1:] not in ".,;:":
            end += 1
        words[start:end] = [MASK]
        start += 1
    found = " ".join(words)
    return "" if personal_in(found) else found


def _recognised(words: list[str], start: int) -> int:
    """Give the end of the shortest run from `start` on that is recognised; 0 where there is none."""
    longest = min(len(words), start + MOST_WORDS)
    if not personal_in(" ".join(words[start:longest])):
        return 0
    return next((end for end in range(start + 1, longest + 1) if personal_in(" ".join(words[start:end]))), 0)
