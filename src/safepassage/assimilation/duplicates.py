"""One event told by several outlets: which reports repeat which, so that they share one error and one weight.

Reports are gone through in the order in which they were published (then by what they say, so that the order
they are handed over in does not matter). Each joins the first earlier one that it repeats, or stands for
itself; it is held against that first one only, so that a row of small steps cannot join what is far apart.
Counts by two different named kinds of source are never one, however alike they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from safepassage.core.gazetteer import fold
from safepassage.core.report import TOLD_KINDS, Report

# Judged: outlets take a figure over within the week; the same words are known again for a month.
WINDOW_DAYS = 7
TEXT_WINDOW_DAYS = 31
ABOUT_SHARE = 0.1  # "about 7,000" speaks of 6,300 to 7,700
LEAST_OVERLAP = 0.5  # of two ranges: what they share over what they span together
LEAST_WORDS, LEAST_SHARED_WORDS = 6, 0.75
# The press passes counts on; these count themselves.
COUNTING_SOURCES = frozenset(("official", "agency", "organiser", "shelter", "field"))
_AT_LEAST = ("more_than", "at_least")
_AT_MOST = ("up_to", "fewer_than")


def repeats(reports: Sequence[Report], keys: Sequence[str] = ()) -> dict[int, int]:
    """Give for every report that repeats another the one it repeats, which was published no later.

    Parameters
    ----------
    reports : sequence of Report
    keys : sequence of str      their keys, so that `copied_from` can be followed; () to pass over it.

    Returns
    -------
    dict of int to int          positions in `reports`; the values repeat nothing themselves.
    """
    told = _told_copies(reports, keys)
    firsts: dict[tuple[object, ...], list[int]] = {}
    joined: dict[int, list[int]] = {}
    found: dict[int, int] = {}
    for number in (i for i in _in_order(reports) if i not in told):
        report = reports[number]
        day, where = report.observed.toordinal(), _where(report)
        near = [firsts.get((*where, d), []) for d in (day - 1, day, day + 1)]
        first = _first_repeated(report, reports, near, joined)
        if first >= 0:
            found[number] = first
            joined[first].append(number)
        else:
            firsts.setdefault((*where, day), []).append(number)
            joined[number] = [number]
    for number, copied in told.items():
        root = _root(copied, told)
        root = found.get(root, root)
        if root != number:
            found[number] = root
    return found


def clusters(reports: Sequence[Report], keys: Sequence[str] = ()) -> NDArray[np.int64]:
    """Number the reports so that those of one event share a number.

    Parameters
    ----------
    reports : sequence of n Report
    keys : sequence of str      as in `repeats`.

    Returns
    -------
    (n,) int64      0, 1, 2 … in the order in which the events were first published.
    """
    of = repeats(reports, keys)
    roots = [i for i in _in_order(reports) if i not in of]
    number = {root: n for n, root in enumerate(roots)}
    return np.array([number[of.get(i, i)] for i in range(len(reports))], dtype=np.int64)


def _in_order(reports: Sequence[Report]) -> list[int]:
    """Give the positions by day published and observed, then by what the reports say."""
    words = [repr(report) for report in reports]
    return sorted(range(len(reports)), key=lambda i: (reports[i].published, reports[i].observed, words[i]))


def _where(report: Report) -> tuple[object, ...]:
    return report.kind, report.segment, report.place, report.to_place


def _told_copies(reports: Sequence[Report], keys: Sequence[str]) -> dict[int, int]:
    """Give what the reports themselves say they were copied from, where that is among them."""
    position = {key: i for i, key in enumerate(keys)}
    return {
        i: position[report.copied_from]
        for i, report in enumerate(reports)
        if report.copied_from in position and position[report.copied_from] != i
    }


def _root(number: int, told: dict[int, int]) -> int:
    """Follow copies of copies; of a ring the report with the lowest number stands for it."""
    seen: list[int] = []
    while number in told and number not in seen:
        seen.append(number)
        number = told[number]
    return min(seen[seen.index(number) :]) if number in seen else number


def _first_repeated(
    report: Report, reports: Sequence[Report], near: Sequence[Sequence[int]], joined: dict[int, list[int]]
) -> int:
    """Give the first report that this one repeats, that of its own day before those of the days beside it."""
    before, same, after = near
    for first in (*same, *before, *after):
        if not _same_event(reports[first], report):
            continue
        if not any(_independent(reports[member], report) for member in joined[first]):
            return first
    return -1


def _same_event(first: Report, later: Report) -> bool:
    """Tell whether a report repeats an earlier one of the same kind, place and part of a caravan."""
    if first.group and later.group and first.group != later.group:
        return False
    dates_are_rough = "approx_date" in (first.quality, later.quality)
    if abs((first.observed - later.observed).days) > dates_are_rough:
        return False
    days = (later.published - first.published).days
    if days <= WINDOW_DAYS and _same_figure(first, later):
        return True
    return days <= TEXT_WINDOW_DAYS and _touch(first, later) and _same_words(first, later)


def _independent(one: Report, other: Report) -> bool:
    kinds = {one.source_kind, other.source_kind}
    return len(kinds) == 2 and kinds <= COUNTING_SOURCES


def _same_words(one: Report, other: Report) -> bool:
    for texts in ((one.excerpt, other.excerpt), (one.note, other.note)):
        first, second = (_words(text) for text in texts)
        if min(len(first), len(second)) >= LEAST_WORDS:
            if len(first & second) >= LEAST_SHARED_WORDS * len(first | second):
                return True
    return False


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


def _touch(one: Report, other: Report) -> bool:
    """Tell whether two figures can be one; a figure and none can."""
    spans = [_span(report) for report in (one, other)]
    if any(span is None for span in spans):
        return True
    (low, high), (other_low, other_high) = (span for span in spans if span is not None)
    return low <= other_high and other_low <= high


def _same_figure(one: Report, other: Report) -> bool:
    """Tell whether two reports give one figure: the same, a rounding of it, or much the same range."""
    if one.low is None or other.low is None:
        # Neither tells a figure: both only say that it was so.
        return one.low is None and other.low is None and (one.kind in TOLD_KINDS or _same_place_told(one))
    if one.high is None or other.high is None:
        return one.high is other.high is None and _rounds(one.low, other.low)
    if _family(one.quantifier) != _family(other.quantifier):
        return (one.low, one.high) == (other.low, other.high)
    if one.low == one.high and other.low == other.high and _rounds(one.low, other.low):
        return True
    if (one.low, one.high) == (other.low, other.high):
        return True
    return _overlap(_span(one), _span(other)) >= LEAST_OVERLAP


def _same_place_told(report: Report) -> bool:
    return report.place >= 0


def _family(quantifier: str) -> str:
    if quantifier in _AT_LEAST:
        return "at_least"
    return "at_most" if quantifier in _AT_MOST else quantifier


def _rounds(one: float, other: float) -> bool:
    """Tell whether two figures are equal, or the rounder one is the other's two leading digits."""
    if one == other:
        return True
    low, high = sorted((one, other), key=_digits)
    return _digits(low) >= 1 and _digits(high) > 2 and float(f"{high:.1e}") == low


def _digits(figure: float) -> int:
    """Count the leading digits that a figure is told with: 7,233 has four, 7,200 two."""
    return len(re.sub(r"0+$", "", f"{figure:.0f}"))


def _span(report: Report) -> tuple[float, float] | None:
    if report.low is None:
        return None
    high = np.inf if report.high is None else report.high
    wide = ABOUT_SHARE if report.quantifier == "about" else 0.0
    return report.low * (1 - wide), high * (1 + wide)


def _overlap(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
    if one is None or other is None:
        return 0.0
    shared = min(one[1], other[1]) - max(one[0], other[0])
    spanned = max(one[1], other[1]) - min(one[0], other[0])
    return shared / spanned if shared > 0 and np.isfinite(spanned) else 0.0
