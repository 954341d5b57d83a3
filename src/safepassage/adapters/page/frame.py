"""Which piece of the earth a map shows, and where a point of it lies on the paper.

Equirectangular projection with the middle latitude held true: at the size of a country or a route no shape
is visibly bent, it needs no library, and a straight line stays straight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_SPAN_DEGREES = 2.0
FLATTEST, TALLEST = 0.56, 0.80  # height over width


@dataclass(frozen=True)
class Frame:
    """A window on the earth, `width` by `height` on paper.

    Parameters
    ----------
    west, north : float         degrees at the upper left corner.
    per_lon, per_lat : float    units of paper per degree.
    width, height : float       units of paper.
    """

    west: float
    north: float
    per_lon: float
    per_lat: float
    width: float
    height: float

    def x(self, lon: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Give the distance from the left edge."""
        return (np.asarray(lon, dtype=np.float64) - self.west) * self.per_lon

    def y(self, lat: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Give the distance from the upper edge."""
        return (self.north - np.asarray(lat, dtype=np.float64)) * self.per_lat

    def degrees(self, margin: float) -> tuple[float, float, float, float]:
        """Give west, south, east, north of the window widened by `margin` of its size on each side."""
        lon = self.width / self.per_lon
        lat = self.height / self.per_lat
        return (
            self.west - margin * lon,
            self.north - (1 + margin) * lat,
            self.west + (1 + margin) * lon,
            self.north + margin * lat,
        )


def frame_around(
    lon: NDArray[np.float64], lat: NDArray[np.float64], *, width: float = 1000.0, shape: float | None = None
) -> Frame:
    """Choose the window that shows these points with some room around them.

    Parameters
    ----------
    lon, lat : (k,) float       degrees, at least one point.
    width : float               units of paper.
    shape : float or None       height over width; None: as the points need, within readable limits.
    """
    middle_lat = float((lat.min() + lat.max()) / 2)
    squeeze = max(0.2, float(np.cos(np.radians(middle_lat))))
    tall = max(float(np.ptp(lat)) * 1.18, LEAST_SPAN_DEGREES)
    wide = max(float(np.ptp(lon)) * 1.14 * squeeze, LEAST_SPAN_DEGREES)  # in degrees of latitude
    ratio = shape if shape is not None else min(max(tall / wide, FLATTEST), TALLEST)
    if tall / wide > ratio:
        wide = tall / ratio
    else:
        tall = wide * ratio
    per_lat = width / wide
    per_lon = per_lat * squeeze
    centre_lon = float((lon.min() + lon.max()) / 2)
    return Frame(
        west=centre_lon - width / per_lon / 2,
        north=middle_lat + tall / 2,
        per_lon=per_lon,
        per_lat=per_lat,
        width=width,
        height=width * ratio,
    )
