"""What the page on scores shows, reckoned already: plain values, handed over by the workflow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safepassage.core.foretold import FanTold, Foretold

Range = tuple[float, float]


@dataclass(frozen=True)
class Beside:
    """One score beside one other: a naive forecast, or of an ablation the full forecast.

    Parameters
    ----------
    case, metric, unit, baseline : str
    horizon_days, origins : int
    value, baseline_value : float
    difference, low, high : float or None       value - baseline_value with its 90 % interval; None: too few.
    others : tuple of (name, float)             every other naive forecast.
    verdict : str                               key of what an ablation tells; '' where it tells nothing.
    """

    case: str
    metric: str
    unit: str
    baseline: str
    horizon_days: int
    origins: int
    value: float
    baseline_value: float
    difference: float | None
    low: float | None
    high: float | None
    others: tuple[tuple[str, float], ...] = ()
    verdict: str = ""


@dataclass(frozen=True)
class Summary:
    """How one kind of case fared against the naive forecasts that are hardest to beat.

    Parameters
    ----------
    kind : str                  "caravans" or "camps".
    case : str                  the case, or "all ...", whose rows are counted; '': every case by itself.
    forecasts, outcomes : int   origins, and numbers held against what came.
    won, lost, open : tuple of Beside   surely closer, surely farther off, and neither (or no interval).
    coverage : tuple of (days, share)   outcomes inside the 80 % intervals.
    """

    kind: str
    case: str
    forecasts: int
    outcomes: int
    won: tuple[Beside, ...]
    lost: tuple[Beside, ...]
    open: tuple[Beside, ...]
    coverage: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Point:
    """How often something came true that was told with one confidence; see `scoring.reliability`."""

    told: float
    came: float
    outcomes: int
    alone: Range
    together: Range


@dataclass(frozen=True)
class Calibration:
    """The PIT histogram and the intervals of one quantity at one horizon.

    Parameters
    ----------
    quantity : str              one of `core.foretold.QUANTITIES`.
    horizon_days : int
    shares : tuple of float     of outcomes, by bins of equal width.
    alone, together : (float, float)    what chance makes of a share; see `scoring.pit.Histogram`.
    outcomes, origins : int
    intervals : tuple of Point
    """

    quantity: str
    horizon_days: int
    shares: tuple[float, ...]
    alone: Range
    together: Range
    outcomes: int
    origins: int
    intervals: tuple[Point, ...]


@dataclass(frozen=True)
class Chances:
    """Chances of one kind of event (`core.foretold.EVENTS`) that were told, beside what came."""

    event: str
    points: tuple[Point, ...]
    outcomes: int
    origins: int


@dataclass(frozen=True)
class CaseShown:
    """One case, and how its forecasts were made.

    Parameters
    ----------
    name, title_es, title_en, kind : str
    start : date
    origins : tuple of date
    names : dict of place id to name
    members, seed : int
    engine : str
    learned_from : tuple of (family, names)     cases that stand behind the priors.
    """

    name: str
    title_es: str
    title_en: str
    kind: str
    start: date
    origins: tuple[date, ...]
    names: dict[str, str]
    members: int
    seed: int
    engine: str
    learned_from: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class AblationShown:
    """What one ablation tells.

    Parameters
    ----------
    part : bool         a part is taken away, which has to earn its place,
    earns : bool        and does.
    single : tuple of str       the verdict on every score of every single case, where all are put together.
    """

    name: str
    part: bool
    earns: bool
    rows: tuple[Beside, ...]
    single: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """By how many per cent a score of an ablation is larger than that of the full forecast; 90 % interval."""

    percent: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class CompactTable:
    """Every ablation by some scores of one kind of case.

    Parameters
    ----------
    columns : tuple of (metric, days)
    rows : tuple of (name, changes)     one change per column; None: not scored.
    """

    kind: str
    case: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, tuple[Change | None, ...]], ...]


@dataclass(frozen=True)
class ScoresShown:
    """Everything on the page.

    Parameters
    ----------
    command, version, learned : str     the line that does it again, the program's version, which lessons.
    horizons : tuple of int
    summaries : tuple of Summary
    rows : tuple of Beside              one per case, metric and horizon, beside the hardest naive forecast.
    arrivals : tuple of Foretold        days of reaching towns, foreseen about a week before.
    """

    command: str
    version: str
    learned: str
    horizons: tuple[int, ...]
    cases: tuple[CaseShown, ...]
    summaries: tuple[Summary, ...]
    rows: tuple[Beside, ...]
    calibrations: tuple[Calibration, ...] = ()
    chances: tuple[Chances, ...] = ()
    arrivals: tuple[Foretold, ...] = ()
    fans: tuple[FanTold, ...] = ()
    ablations: tuple[AblationShown, ...] = ()
    compact: tuple[CompactTable, ...] = ()
    compact_cases: tuple[CompactTable, ...] = ()
