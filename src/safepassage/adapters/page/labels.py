"""Names beside points without one covering another: likeliest first, eight places around each point.

The page's script does the same when the night or the size of the window changes.
"""

from __future__ import annotations

from dataclasses import dataclass

LETTER = 0.64  # mean width of a letter of a bold, wide sans-serif face, as a share of its size


@dataclass(frozen=True)
class Box:
    """A rectangle on paper."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles overlap."""
        apart = (
            self.right <= other.left
            or other.right <= self.left
            or self.bottom <= other.top
            or other.bottom <= self.top
        )
        return not apart


@dataclass(frozen=True)
class Wanted:
    """A name that wants to stand beside a point.

    Parameters
    ----------
    x, y, clear : float         the point and the radius around it to keep free, in units of paper.
    lines : tuple of str        one or two lines of text.
    size : float                height of the letters.
    """

    x: float
    y: float
    clear: float
    lines: tuple[str, ...]
    size: float


@dataclass(frozen=True)
class Placed:
    """Where a name was put: its number in the list, its anchor ("start", "middle", "end") and first line."""

    number: int
    x: float
    y: float
    anchor: str
    box: Box


def place_labels(wanted: list[Wanted], *, width: float, height: float, taken: list[Box]) -> list[Placed]:
    """Put each name where it covers nothing, or leave it out.

    Parameters
    ----------
    wanted : list of Wanted     most important first.
    width, height : float       the paper; no name leaves it.
    taken : list of Box         what must not be covered.
    """
    placed: list[Placed] = []
    for number, name in enumerate(wanted):
        for candidate in _candidates(number, name):
            box = candidate.box
            edge = 0.5 * name.size
            inside = box.left >= edge and box.top >= 0 and box.right <= width - edge and box.bottom <= height
            if inside and not any(box.meets(other) for other in taken):
                placed.append(candidate)
                taken = [*taken, box]
                break
    return placed


def _candidates(number: int, name: Wanted) -> list[Placed]:
    wide = max(len(line) for line in name.lines) * LETTER * name.size
    tall = len(name.lines) * name.size * 1.15
    gap = name.clear + 0.35 * name.size
    slant = 0.72 * gap
    spots = (
        ("start", gap, -tall / 2),
        ("end", -gap, -tall / 2),
        ("start", slant, -slant - tall),
        ("start", slant, slant),
        ("end", -slant, -slant - tall),
        ("end", -slant, slant),
        ("middle", 0.0, -gap - tall),
        ("middle", 0.0, gap),
    )
    shift = {"start": 0.0, "middle": -wide / 2, "end": -wide}
    found = []
    for anchor, dx, dy in spots:
        left, top = name.x + dx + shift[anchor], name.y + dy
        box = Box(left, top, left + wide, top + tall)
        found.append(Placed(number, name.x + dx, top + 0.9 * name.size, anchor, box))
    return found
