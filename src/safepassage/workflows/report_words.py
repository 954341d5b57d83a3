"""A report as somebody types it, to a proposal: places by name, people as LOW-HIGH, N or N+."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from safepassage.core.errors import Fault, InputError
from safepassage.core.gazetteer import Gazetteer
from safepassage.core.report import (
    ANNOUNCED_KINDS,
    QUALITIES,
    QUANTIFIERS,
    RELIABILITIES,
    REPORT_KINDS,
    SEGMENTS,
    SOURCE_KINDS,
    Proposal,
    Report,
)
from safepassage.workflows.reports import Desk, known_group

TYPED = "typed"
BASIS = "told when the report was typed"
# A dot, comma or space between thousands, as people write them: 3,630 or 7.233.
_THOUSANDS = re.compile(r"(?<=[0-9])[ ,.'\u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_PEOPLE = re.compile(r"([0-9]{1,11})\s*(?:(\+)|[-–—]\s*([0-9]{1,11}))?")


@dataclass(frozen=True)
class TypedReport:
    """One report as it was typed; '' or None is what was not said.

    Parameters
    ----------
    kind : str              one of `core.report.REPORT_KINDS`; "next-stop" is read as "next_stop".
    place, to_place : str   names or ids.
    people : str            "3000-5000", "4000", "1000+"; thousands may be grouped.
    families : str          the same in families; `family_size` people each.
    observed : date or None     None: today.
    published : date or None    None: today.
    """

    kind: str
    place: str = ""
    to_place: str = ""
    people: str = ""
    families: str = ""
    family_size: float | None = None
    observed: date | None = None
    published: date | None = None
    since: date | None = None
    segment: str = "main"
    quality: str = "exact"
    quantifier: str = ""
    source: str = ""
    source_kind: str = ""
    reliability: str = ""
    note: str = ""
    hour: int | None = None
    group: str = ""


def typed(desk: Desk, words: TypedReport, *, today: date | None = None) -> Proposal:
    """Read a typed report.

    Parameters
    ----------
    today : date or None    None: by the clock of this machine.

    Raises
    ------
    InputError      with every fault of what was typed.
    """
    faults: list[Fault] = []
    now = today or datetime.now().astimezone().date()
    gazetteer = Gazetteer(desk.scenario.network.places)
    low, high, quantifier = _figure(words, faults)
    report = Report(
        observed=words.observed or now,
        published=words.published or now,
        published_basis=BASIS,
        place=_place(gazetteer, "--place", words.place, faults),
        kind=_choice("--kind", words.kind, REPORT_KINDS, faults),
        low=low,
        high=high,
        segment=_choice("--segment", words.segment, SEGMENTS, faults),
        quality=_choice("--quality", words.quality, QUALITIES, faults),
        source=words.source or TYPED,
        note=words.note,
        group=known_group(desk.groups, words.group),
        to_place=_place(gazetteer, "--to-place", words.to_place, faults),
        quantifier=_choice("--quantifier", words.quantifier, QUANTIFIERS, faults) or quantifier,
        unit="families" if words.families else "people",
        unit_people=words.family_size if words.families else None,
        source_kind=_choice("--source-kind", words.source_kind, SOURCE_KINDS, faults),
        reliability=_choice("--reliability", words.reliability, RELIABILITIES, faults),
        since=words.since,
        hour=words.hour,
    )
    if report.published > now:
        found = f"published {report.published}, which is yet to come"
        faults.append(Fault("--published", found, f"a day up to today ({now})", "correct the date"))
    if report.kind not in ANNOUNCED_KINDS and report.observed > now:
        found = f"observed {report.observed}, which is yet to come"
        faults.append(Fault("--observed", found, f"a day up to today ({now})", "correct the date"))
    if faults:
        raise InputError(faults, "Nothing was stored.")
    return Proposal(report, TYPED)


def people_of(text: str) -> tuple[float, float | None] | None:
    """Read "3000-5000", "4,000" or "1000+"; None where it is none of these.

    >>> people_of("3,000-5,000"), people_of("1000+"), people_of("some")
    ((3000.0, 5000.0), (1000.0, None), None)
    """
    found = _PEOPLE.fullmatch(_THOUSANDS.sub("", text.strip()))
    if not found:
        return None
    low = float(found[1])
    if found[2]:
        return low, None
    return low, float(found[3] or found[1])


def _figure(words: TypedReport, faults: list[Fault]) -> tuple[float | None, float | None, str]:
    option, text = ("--families", words.families) if words.families else ("--people", words.people)
    if words.people and words.families:
        mend = "say people, or families with --family-size"
        faults.append(Fault("--families", "both people and families", "one of them", mend))
    if words.families and words.family_size is None:
        mend = "say how many people a family has, such as --family-size 4"
        faults.append(Fault("--family-size", "nothing", "people per family", mend))
    if not text:
        return None, None, ""
    figure = people_of(text)
    if figure is None:
        expected = "LOW-HIGH, N or N+, such as 3000-5000, 4000 or 1000+"
        faults.append(Fault(option, f"'{text[:60]}'", expected, "write figures only; words go into --note"))
        return None, None, ""
    size = (words.family_size or 1.0) if words.families else 1.0
    low, high = figure
    return low * size, None if high is None else high * size, "at_least" if high is None else ""


def _place(gazetteer: Gazetteer, option: str, name: str, faults: list[Fault]) -> int:
    if not name:
        return -1
    match = gazetteer.find(name)
    if match.place < 0:
        expected = "one place of the network" if match.several else "a place of the network"
        faults.append(Fault(option, f"'{name[:60]}'", expected, match.hint))
    return match.place


def _choice(option: str, word: str, among: tuple[str, ...], faults: list[Fault]) -> str:
    plain = word.strip().casefold().replace("-", "_").replace(" ", "_")
    if plain in among:
        return plain
    expected = f"one of {', '.join(filter(None, among))}"
    faults.append(Fault(option, f"'{word[:60]}'", expected, "choose one"))
    return among[0]
