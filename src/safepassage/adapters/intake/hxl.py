"""The tag row of a file in the Humanitarian Exchange Language, to our fields.

HXL 1.1 (hxlstandard.org): a row of hashtags, each with attributes in any order, stands between the header and
the data, within the first 25 rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from safepassage.adapters.intake.sheet import HEAD_ROWS, Row

_TAG = re.compile(r"^#\s*[a-z][a-z0-9_]*(?:\s*\+\s*[a-z][a-z0-9_]*)*\s*$", re.IGNORECASE)
# A part of the people, by sex, age or other trait: no total, and none of our business.
_TRAITS = frozenset(
    "f m i infants children adolescents adults elderly girls boys women men disabled lgbt lgbti pregnant "
    "lactating separated unaccompanied minors age".split()
)
_COUNTS = frozenset(("#affected", "#population", "#inneed", "#reached", "#count", "#value"))
# The finest place of those that a file names, first.
_PLACES = ("#loc", "#adm5", "#adm4", "#adm3", "#adm2", "#adm1")


def tag_row(rows: Sequence[Row]) -> int:
    """Give the index of the tag row among the first rows, -1 where there is none.

    Tags may leave columns out; whatever stands in the row must be a tag.
    """
    for index, row in enumerate(rows[:HEAD_ROWS]):
        cells = [cell for cell in row.cells if cell]
        if cells and all(_TAG.match(cell) for cell in cells):
            return index
    return -1


def parse_tag(cell: str) -> tuple[str, frozenset[str]]:
    """Split a tag from its attributes.

    >>> parse_tag("#affected +ind+MIN") == ("#affected", frozenset({"ind", "min"}))
    True
    """
    tag, *attributes = re.sub(r"\s", "", cell).casefold().split("+")
    return tag, frozenset(attributes)


def tag_field(tag: str, attributes: frozenset[str]) -> tuple[str, int]:
    """Give the field of a tag, '' for none, and its rank among the tags of that field, the lowest first."""
    if tag in _COUNTS:
        return _count_field(attributes)
    if tag in _PLACES:
        if attributes & {"to", "dest", "destination"}:
            return "to_place", _PLACES.index(tag)
        return "place", _PLACES.index(tag) + (10 if "code" in attributes else 0)
    if tag == "#date":
        return _date_field(attributes)
    if tag == "#meta":
        return _meta_field(attributes)
    if tag == "#indicator" and attributes & {"hh_size", "size"}:
        return "people_per_family", 0
    if tag == "#group" and "part" in attributes:
        return "segment", 0
    if tag == "#description" and "excerpt" in attributes:
        return "excerpt", 0
    plain = {
        "#country": "country", "#source": "source", "#description": "note", "#comment": "note",
        "#indicator": "kind", "#event": "kind", "#x_kind": "kind", "#movement": "kind", "#group": "group",
    }  # fmt: skip
    rank = 1 if "code" in attributes else 0
    return plain.get(tag, ""), rank


def _count_field(attributes: frozenset[str]) -> tuple[str, int]:
    if "quantifier" in attributes:
        return "quantifier", 0
    if not attributes.isdisjoint(_TRAITS) or any(a.startswith("age") for a in attributes):
        return "", 0
    families = bool(attributes & {"hh", "households", "families"})
    if families and attributes & {"size", "avg", "average"}:
        return "people_per_family", 0
    if families:
        return "families", 0
    if attributes & {"min", "low"}:
        return "people_low", 0
    if attributes & {"max", "high"}:
        return "people_high", 0
    return "people", 0 if "ind" in attributes or not attributes else 1


def _date_field(attributes: frozenset[str]) -> tuple[str, int]:
    if "hour" in attributes:
        return "hour", 0
    if attributes & {"published", "reported", "released", "publication"}:
        return "published", 0
    if "start" in attributes:
        return "since", 0
    return "observed", 0 if attributes & {"occurred", "observed"} else 1


def _meta_field(attributes: frozenset[str]) -> tuple[str, int]:
    if attributes >= {"id", "copied"}:
        return "copied_from", 0
    if "source" in attributes:
        kind = bool(attributes & {"kind", "type"})
        return ("source_kind" if kind else "source"), 1 if attributes & {"url", "link"} else 0
    for word in ("quality", "reliability", "segment", "quantifier", "unit"):
        if word in attributes:
            return word, 0
    if attributes & {"note", "notes", "comment", "comments", "description"}:
        return "note", 0
    return "", 0
