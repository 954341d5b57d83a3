"""What people write for a number of people: "1.500", "4,000-6,000", "más de 7 mil", "about 200"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from safepassage.adapters.folder.cells import MAX_PEOPLE
from safepassage.core.gazetteer import fold

_PLAIN = re.compile(r"[0-9]+(?:[.,]0{0,2})?|[0-9]+(?:\.[0-9]+)?[eE][+]?[0-9]{1,3}")
_GROUPED = re.compile(r"([0-9]{1,3}(?:([.,' \u00a0\u202f\u2009])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]0+)?")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
_THOUSANDS = re.compile(r"^(.*?[0-9])\s*(mil|k|thousand)$")
_RANGE = re.compile(
    r"^(.*?[0-9](?:\s*(?:mil|k|thousand))?)\s*(?:-|–|—|/|\ba\b|\bto\b|\by\b|\band\b)\s*([0-9].*)$"
)
_BETWEEN = re.compile(r"^(?:entre|between|de|from)\s+")
_QUANTIFIERS: tuple[tuple[str, str], ...] = (
    ("more_than", r"(?:mas de|más de|more than|over|above|arriba de|>)"),
    ("at_least", r"(?:al menos|por lo menos|at least|minimo|mínimo|≥|>=)"),
    ("fewer_than", r"(?:menos de|less than|fewer than|under|<)"),
    ("up_to", r"(?:hasta|up to|maximo|máximo|as many as|≤|<=)"),
    ("nearly", r"(?:casi|nearly|almost)"),
    ("about", r"(?:unos|unas|alrededor de|cerca de|aproximadamente|aprox\.?|about|around|approximately|"
     r"approx\.?|some|circa|ca\.|~|≈)"),
)  # fmt: skip
_AFTER = re.compile(
    r"\s*(?:personas?|people|persons?|migrantes?|migrants?|familias?|families|hogares|households)$"
)
_LONGEST = 100
PLAIN_MEND = "write a whole number without separators (1500), or leave the cell empty where it is not known"


@dataclass(frozen=True)
class Figure:
    """What a cell says of a number.

    Parameters
    ----------
    low, high : float or None       both None: nothing was said; high None: "at least low".
    quantifier : str                one of `core.report.QUANTIFIERS`.
    problem : str                   why it is no number of people; '' where it is one.
    flag : str                      how it was understood, where it might be meant otherwise.
    """

    low: float | None = None
    high: float | None = None
    quantifier: str = ""
    problem: str = ""
    flag: str = ""


def read_figure(cell: str) -> Figure:
    """Read one cell; never raises."""
    text = cell.replace("\u2212", "-").strip().casefold()
    if not text or fold(text) in ("n a", "na", "nd", "n d", "s d", "sd", "no data", "sin dato", "unknown"):
        return Figure()
    if len(text) > _LONGEST:
        return Figure(problem="no number")
    if "%" in text:
        return Figure(problem="a share, not a number of people")
    if re.match(r"-\s*[0-9]", text):
        return Figure(problem="a negative number")
    text = _AFTER.sub("", text)
    quantifier = ""
    for word, pattern in _QUANTIFIERS:
        if found := re.match(rf"{pattern}\s*(?=[0-9])", text):
            quantifier, text = word, text[found.end() :]
            break
    else:
        if text.endswith("+"):
            quantifier, text = "at_least", text[:-1].strip()
    return _bounds(_BETWEEN.sub("", text), quantifier)


def _bounds(text: str, quantifier: str) -> Figure:
    """Read one number or two, and put them to the sides that the quantifier gives them."""
    value, problem, flag = read_number(text)
    if not problem:
        return _sided(value, quantifier, flag)
    if parted := _RANGE.match(text):
        first, second = read_number(parted[1]), read_number(parted[2])
        if first[1] or second[1]:
            return Figure(problem=first[1] or second[1])
        low, high = first[0], second[0]
        if _THOUSANDS.match(parted[2]) and not _THOUSANDS.match(parted[1]) and low < 1000 <= high:
            low *= 1000  # "4-6 mil"
        if low > high:
            return Figure(problem="a range whose first number is the greater")
        return Figure(low, high, quantifier, flag=first[2] or second[2])
    return Figure(problem=problem)


def _sided(value: float, quantifier: str, flag: str) -> Figure:
    if quantifier in ("more_than", "at_least"):
        return Figure(value, None, quantifier, flag=flag)
    if quantifier in ("up_to", "fewer_than"):
        return Figure(0.0, value, quantifier, flag=flag)
    return Figure(value, value, quantifier, flag=flag)


def read_number(text: str) -> tuple[float, str, str]:
    """Read a count: its value, why it is none, and how separators were understood."""
    text, flag, times = text.strip(), "", 1.0
    if thousands := _THOUSANDS.match(text):
        text, times = thousands[1].strip(), 1000.0
    if times == 1.0 and (grouped := _GROUPED.fullmatch(text)):
        value = float(re.sub(r"[^0-9]", "", grouped[1]))
        flag = f"'{text}' was read as {value:.0f}"
    elif _PLAIN.fullmatch(text):
        value = float(text.replace(",", "."))
    elif _DECIMAL.fullmatch(text) and times > 1.0:
        value = float(text.replace(",", "."))
    elif _DECIMAL.fullmatch(text):
        return 0.0, "a part of a person", ""
    else:
        return 0.0, "no number", ""
    value = round(value * times, 6)
    if not math.isfinite(value) or value > MAX_PEOPLE:
        return 0.0, "more people than there are", ""
    if times > 1.0:
        flag = f"'{text}' thousand was read as {value:.0f}"
    return value, "", flag
