"""One row by field to the reports it proposes; one with a fault proposes none and is told, never dropped."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from safepassage.adapters.folder.cells import ASSUMED
from safepassage.adapters.folder.dates import day_order
from safepassage.adapters.folder.findings import Findings, shown
from safepassage.adapters.folder.privacy import personal_in
from safepassage.adapters.intake.days import read_day
from safepassage.adapters.intake.figures import PLAIN_MEND, Figure, read_figure
from safepassage.adapters.intake.filled import SUBMITTED, Filled
from safepassage.adapters.intake.mapping import GUESSED, OWN
from safepassage.adapters.intake.whereabouts import Towns, country_code
from safepassage.adapters.intake.words import DATE, FIELDS, WORDS, category_kind
from safepassage.core.errors import Fault
from safepassage.core.gazetteer import fold
from safepassage.core.report import (
    ANNOUNCED_KINDS,
    COUNTED_KINDS,
    MOST_PEOPLE,
    PLACED_KINDS,
    Proposal,
    Report,
)

# Below this a proposal waits for a reviewer, whatever was said on the command line.
SURE = 0.5
_DOUBT = 0.4
_LESS_SURE = 0.9
_MANY_PEOPLE = 1e6
TOLD_AT_IMPORT = "told at import"
# Of a cell at fault no more than this is ever shown.
_SHOWN_OF = 300
# The store keeps no longer words, and no larger families.
MOST_LETTERS, MOST_EXCERPT_LETTERS, MOST_FAMILY_PEOPLE = 2_000, 1_000, 50.0
_KEY = re.compile(r"[0-9a-f]{16}")
_PLAIN = re.compile(r"[0-9]{1,10}(\.[0-9]+)?")
_HOUR = re.compile(r"([0-9]{1,2})(?::[0-5][0-9](?::[0-9.]+)?)?(?:[+-][0-9:]+|z)?\s*(am|pm|h|hrs?|horas)?")


@dataclass(frozen=True)
class Around:
    """What rows are read against.

    Parameters
    ----------
    towns : Towns
    today : date                    later days have not come yet.
    start : date or None            first day of the scenario.
    groups : collection of str      its groups.
    published : date or None        for rows that do not tell; None: the morning after, marked as assumed.
    source, source_kind, kind : str     for rows that do not tell.
    people_per_family : float or None   for rows that do not tell.
    group : str                     for rows that do not tell; '' where that is not known either.
    """

    towns: Towns
    today: date
    start: date | None = None
    groups: Collection[str] = ()
    published: date | None = None
    source: str = ""
    source_kind: str = ""
    kind: str = "position"
    people_per_family: float | None = None
    group: str = ""


def propose(
    rows: Sequence[Filled], around: Around, *, file: str, layout: str, findings: Findings
) -> list[Proposal]:
    """Propose the reports of some rows; what is wrong with a row goes to the findings.

    Parameters
    ----------
    layout : str    one of `mapping`'s: a guessed one is less sure, in our own figures are people already.
    """
    dates = [field for field, holds in FIELDS.items() if holds == DATE]
    order = day_order(text for row in rows for field in dates if (text := row.texts.get(field)))
    proposals: list[Proposal] = []
    for row in rows:
        proposals += _Row(row, around, (file, layout, order), findings).proposals()
    return proposals


class _Row:
    """One row, read field by field."""

    def __init__(
        self, filled: Filled, around: Around, within: tuple[str, str, str], findings: Findings
    ) -> None:
        self._filled = filled
        self._around = around
        self._file, self._layout, self._order = within
        self._findings = findings
        self._faults: list[Fault] = []
        self._flags: list[str] = []
        self._sure = _LESS_SURE if self._layout == GUESSED else 1.0

    def proposals(self) -> list[Proposal]:
        """Give the reports of this row: one, and what it tells of the way ahead; none with a fault."""
        for field, found in self._filled.bad.items():
            mend = "put the value in its place (paste values)" if "formula" in found else "shorten it"
            self._fault(field, "a plain cell; formulas are never evaluated", mend, found=found)
        if self._filled.hidden:
            self._flags.append("invisible characters were taken out")
        reports = [] if self._faults else self._reports()
        if self._faults:
            self._findings.faults += self._faults
            return []
        origin = f"{self._file}, row {self._filled.number}"
        return [Proposal(report, origin, round(self._sure, 3), tuple(self._flags)) for report in reports]

    # Cells ------------------------------------------------------------------------------------------------

    def _text(self, field: str) -> str:
        return self._filled.texts.get(field, "")

    def _fault(self, field: str, expected: str, mend: str, *, found: str = "") -> None:
        text = self._text(field)
        quoted = found or (personal_in(text[:_SHOWN_OF]) or shown(text) if text else "an empty cell")
        column = self._filled.names.get(field, field)[:60]
        self._faults.append(Fault(self._file, quoted, expected, mend, row=self._filled.number, column=column))

    def _flag(self, flag: str, sure: float = 1.0) -> None:
        if flag and flag not in self._flags:
            self._flags.append(flag)
            self._sure *= sure

    def _note(self, field: str, expected: str, found: str = "", mend: str = "nothing to do") -> None:
        column = self._filled.names.get(field, field)[:60]
        found = found or shown(self._text(field))
        self._findings.note(Fault(self._file, found, expected, mend, self._filled.number, column))

    def _word(self, field: str, default: str = "") -> str:
        """Give one of the words of a field, whichever language it is said in."""
        text = fold(self._text(field))
        if not text:
            return default
        if text in WORDS[field]:
            return WORDS[field][text]
        known = ", ".join(sorted(set(WORDS[field].values())))
        self._fault(field, f"one of {known}", f"write one of these words, or --map '{self._name(field)}='")
        return default

    def _name(self, field: str) -> str:
        return self._filled.names.get(field, field)[:40]

    def _day(self, field: str) -> date | None:
        text = self._text(field)
        if not text:
            return None
        day, told = read_day(text, self._order)
        if day is None:
            self._fault(field, f"a date such as 2018-10-13 ({told})", "write it as yyyy-mm-dd")
        elif told:
            self._note(field, f"a date as yyyy-mm-dd; {told}", mend="nothing to do: it was understood")
        return day

    def _free(self, field: str) -> str:
        """Give free words, '' where they hold persons, ways to reach them or exact spots."""
        text = self._text(field)
        if self._layout == OWN:  # an apostrophe keeps spreadsheet programs from running what follows
            text = re.sub(r"^'(?=[=+\-@])", "", text)
        most = MOST_EXCERPT_LETTERS if field == "excerpt" else MOST_LETTERS
        if len(text) > most:
            self._fault(field, f"at most {most:,} letters", "shorten it", found=f"{len(text):,} letters")
            return ""
        problem = personal_in(text) if text else ""
        if problem:
            self._flag(f"`{self._name(field)}` held {problem}: it was left out", _LESS_SURE)
            return ""
        return text

    def _place(self, field: str, *, needed: bool) -> tuple[int, bool]:
        """Give the position of a town, and whether a spot within it is meant."""
        text = self._text(field)
        if not text:
            if needed:
                self._fault(field, "a town of the network", "say where it was, or map the column with --map")
            return -1, False
        country = country_code(self._text("country")) if field == "place" else ""
        found = self._around.towns.find(text, country)
        if found.place < 0:
            problem = personal_in(text[:_SHOWN_OF], proper_name=True)
            mend = "name the town" if problem else found.hint
            self._fault(field, "a town of the network", mend, found=problem)
        self._flag(found.flag, _LESS_SURE)
        return found.place, found.part

    # Figures ----------------------------------------------------------------------------------------------

    def _figure(self, field: str) -> Figure:
        """Give what a cell says of a number; a problem becomes a fault of the row."""
        text = self._text(field)
        if self._layout == OWN and _PLAIN.fullmatch(text):  # of families times people: not always whole
            return Figure(float(text), float(text))
        figure = read_figure(text)
        if figure.problem:
            found = f"{personal_in(text[:_SHOWN_OF]) or shown(text)}, {figure.problem}"
            self._fault(field, "a number of people", PLAIN_MEND, found=found)
            return Figure()
        self._flag(figure.flag)
        return figure

    def _told_figure(self) -> tuple[Figure, str, bool]:
        """Give the first figure that is filled, its unit, and whether it is people already."""
        for field in ("people", "families", "count"):
            bounds = self._bounds(f"{field}_low", f"{field}_high") if field != "families" else Figure()
            figure = bounds if bounds.low is not None or bounds.problem else self._figure(field)
            if figure.low is not None:
                unit = "families" if field == "families" else self._word("unit", "people")
                return figure, unit, field == "people"
        return Figure(), self._word("unit", "people"), True

    def _bounds(self, low: str, high: str) -> Figure:
        first, second = self._figure(low), self._figure(high)
        if first.low is None and second.low is None:
            return Figure()
        if first.low is None:
            self._flag(f"only `{self._name(high)}` was told: read as up to that many", _LESS_SURE)
            return Figure(0.0, second.high, "up_to")
        last = second.high if second.low is not None else None
        if second.low is None and first.high is not None and first.high > first.low:
            last = first.high
        if last is not None and last < first.low:
            self._fault(
                low, f"at most `{self._name(high)}`", "exchange or correct the two", found="a reversed range"
            )
        return Figure(first.low, last, first.quantifier)

    def _people(self) -> tuple[Figure, str, float | None]:
        """Give the figure in people, the unit it was counted in and the people to a family."""
        figure, unit, in_people = self._told_figure()
        size = self._family_size() if unit == "families" else None
        if unit == "families" and not in_people and figure.low is not None:
            if size is None:
                mend = "add a column with the people to a family, or --family-size"
                self._fault("families", "families, and how many people each has", mend)
                return figure, unit, None
            high = None if figure.high is None else figure.high * size
            figure = replace(figure, low=figure.low * size, high=high)
            self._flag(f"families were counted: {size:g} people each")
        if (figure.high or figure.low or 0) > MOST_PEOPLE:
            mend = "correct it; telephone numbers are never kept"
            self._fault(
                "people", f"at most {MOST_PEOPLE:,} people", mend, found="more than ever fled at once"
            )
            return Figure(), unit, size
        if (figure.high or figure.low or 0) > _MANY_PEOPLE:
            self._flag("more than a million people", _DOUBT)
        return figure, unit, size

    def _family_size(self) -> float | None:
        field, most = "people_per_family", MOST_FAMILY_PEOPLE
        text = self._text(field).replace(",", ".")
        if not text:
            return self._around.people_per_family
        if re.fullmatch(r"[0-9]{1,2}(\.[0-9]+)?", text) and 1 <= float(text) <= most:
            return float(text)
        self._fault(field, f"1 to {most:.0f} people to a family", "correct it, or leave it empty")
        return None

    def _hour(self) -> int | None:
        text = self._text("hour").casefold().replace(".", "")
        if not text:
            return None
        found = _HOUR.fullmatch(text)
        hour = int(found[1]) if found else 24
        if found and found[2] in ("am", "pm"):
            hour = hour % 12 + (12 if found[2] == "pm" else 0) if 1 <= hour <= 12 else 24
        if hour > 23:
            self._fault("hour", "an hour of the day, 0 to 23", "write 5, 17 or 17:30")
            return None
        return hour

    # Days and kinds -----------------------------------------------------------------------------------------

    def _kind(self) -> tuple[str, str]:
        """Give the kind, and what the category says beside it."""
        if self._text("kind") and fold(self._text("kind")) not in WORDS["kind"]:
            kind, said = category_kind(self._text("kind"))
            if kind:
                return kind, said
        if self._text("kind") or not self._text("category"):
            return self._word("kind", self._around.kind), ""
        kind, said = category_kind(self._text("category"))
        if not kind:
            mend = "nothing to do, or name its kind in a column `kind`"
            self._fault("category", "a kind that reports have (returns, claims, detentions …)", mend)
        return kind, said

    def _published(self, observed: date, kind: str) -> tuple[date, str]:
        """Give the day it became known and how that is known."""
        day, basis = self._day("published"), self._free("published_basis")
        if day is None and self._around.published is not None:
            day, basis = self._around.published, TOLD_AT_IMPORT
        if day is None:
            announced = kind in ANNOUNCED_KINDS
            day = observed if announced else min(observed + timedelta(days=1), date(2200, 12, 31))
            basis = "assumed: same day" if announced else ASSUMED
            assumed = "that day" if announced else "the morning after"
            expected = f"the day it became known; {assumed} is assumed"
            self._note("published", expected, "none told", "add it, or give --published")
        if basis == SUBMITTED and day == observed - timedelta(days=1):
            day = observed  # it was the next day already where the answer was given
        unread = any(fault.column == self._name("observed") for fault in self._faults)
        if day < observed and kind not in ANNOUNCED_KINDS and not unread:
            expected = f"a day from the observation on ({observed})"
            mend = "exchange or correct the two dates: nothing is known before it happens"
            self._fault("published", expected, mend, found=str(day))
        return day, basis

    def _since(self, observed: date) -> date | None:
        since = self._day("since")
        if since is not None and since > observed:
            self._fault("since", f"a day up to {observed}", "exchange or correct the two dates")
        return since

    def _doubt_status(self) -> None:
        """Let a report wait that was not accepted where it was exported."""
        status = fold(self._text("status"))
        if status in ("rejected", "proposed"):
            self._flag(f"it was {status} where it comes from", _DOUBT)

    def _doubt_days(self, observed: date, published: date, kind: str) -> None:
        today, start = self._around.today, self._around.start
        if published > today or (observed > today and kind not in ANNOUNCED_KINDS):
            self._flag("a day that has not come yet", _DOUBT)
        if start is not None and observed < start - timedelta(days=366):
            self._flag("more than a year before the scenario begins", _DOUBT)

    # Reports ------------------------------------------------------------------------------------------------

    def _reports(self) -> list[Report]:
        observed = self._day("observed")
        if observed is None and not self._text("observed"):
            self._fault("observed", "the day it speaks of", "fill it in, or --map COLUMN=observed")
        kind, said = self._kind()
        main = self._main(observed or self._around.today, kind, said)
        if self._faults:
            return []
        return [main, *self._ahead(main)]

    def _main(self, observed: date, kind: str, said: str) -> Report:
        published, basis = self._published(observed, kind)
        self._doubt_days(observed, published, kind)
        self._doubt_status()
        place, part = self._place("place", needed=kind in PLACED_KINDS)
        figure, unit, size = self._people()
        if figure.low is None and kind in COUNTED_KINDS and kind != "position":
            self._flag("no figure was told")
        quantifier = self._word("quantifier", figure.quantifier)
        cumulative = self._word("cumulative") == "true"
        segment = self._word("segment", "cumulative" if cumulative else "main")
        return Report(
            observed=observed,
            published=published,
            published_basis=basis,
            place=place,
            kind=kind,
            low=figure.low,
            high=figure.high,
            segment="branch" if part and segment == "main" else segment,
            quality=self._word("quality", "approx" if figure.quantifier in ("about", "nearly") else "exact"),
            source=self._free("source") or self._around.source,
            note="; ".join(filter(None, [said, self._free("note")])),
            group=self._group(),
            to_place=self._place(self._way_field(kind), needed=False)[0],
            quantifier=quantifier,
            unit=unit,
            unit_people=size,
            source_kind=self._word("source_kind", self._around.source_kind),
            reliability=self._word("reliability"),
            since=self._since(observed),
            hour=self._hour() if not self._text("next_stop") else None,
            copied_from=self._text("copied_from") if _KEY.fullmatch(self._text("copied_from")) else "",
            excerpt=self._free("excerpt"),
        )

    def _way_field(self, kind: str) -> str:
        """Give the field that tells where to; the form asks it of transport in a question of its own."""
        of_transport = kind.startswith("transport_") and self._text("transport_to")
        return "transport_to" if of_transport else "to_place"

    def _group(self) -> str:
        text = self._text("group")
        if not text:
            return self._around.group
        if text in self._around.groups:
            return text
        slugs = {fold(group): group for group in self._around.groups}
        if fold(text) in slugs:
            return slugs[fold(text)]
        self._flag(f"`{self._name('group')}` names no group of the scenario: it was left out")
        return ""

    def _ahead(self, main: Report) -> list[Report]:
        """Give what the same row tells of the way ahead: the announced next stop, and transport."""
        bare = replace(
            main, low=None, high=None, note="", to_place=-1, quantifier="", unit="people", unit_people=None,
            since=None, quality="exact", excerpt="", hour=None,
        )  # fmt: skip
        reports = []
        place, _ = self._place("next_stop", needed=False)
        if place >= 0:
            night = self._day("next_stop_day") or main.observed + timedelta(days=1)
            if night < main.observed:
                self._fault("next_stop_day", f"a day from {main.observed} on", "correct the date")
            reports.append(replace(bare, kind="next_stop", place=place, observed=night, hour=self._hour()))
        transport = self._word("transport", "none")
        if transport != "none" and transport != main.kind:
            to_place, _ = self._place("transport_to", needed=False)
            reports.append(replace(bare, kind=transport, to_place=to_place))
        return reports
