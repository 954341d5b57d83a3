"""Reports from files of others, held against the network of a scenario, and kept in its store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from safepassage.adapters.atomic import write_bytes
from safepassage.adapters.fieldform import FormPlaces, form_bytes
from safepassage.adapters.folder.findings import shown
from safepassage.adapters.folder.privacy import EXPECTED, MENDS, personal_in
from safepassage.adapters.intake import SURE, Around, Intake, Towns, read_file
from safepassage.core.errors import Fault, InputError
from safepassage.core.report import REPORT_KINDS, SOURCE_KINDS, Report
from safepassage.core.scenario import Scenario
from safepassage.workflows.load import load_with_notices
from safepassage.workflows.reports import Desk, Taken, known_group, open_desk, take_in


@dataclass(frozen=True)
class ForAllRows:
    """What holds for the rows of a file that do not tell.

    Parameters
    ----------
    published : date or None        the day they became known; None: the morning after, marked as assumed.
    source, source_kind : str       who says so; the kind is one of `core.report.SOURCE_KINDS`.
    kind : str                      one of `core.report.REPORT_KINDS`.
    people_per_family : float or None
    group : str                     which caravan, by its id; '' where there is only one.
    """

    published: date | None = None
    source: str = ""
    source_kind: str = ""
    kind: str = "position"
    people_per_family: float | None = None
    group: str = ""


@dataclass(frozen=True)
class Stored:
    """What became of the proposals of a file.

    Parameters
    ----------
    accepted : Taken        of those that were read for sure.
    waiting : Taken         of the doubtful ones: they wait for `safepassage report review`.
    """

    accepted: Taken
    waiting: Taken


def columns_told(pairs: Sequence[str]) -> dict[str, str]:
    """Read "COLUMN=FIELD", FIELD empty for a column to leave out.

    Raises
    ------
    InputError      where one has no "=", or a field is told twice.
    """
    told: dict[str, str] = {}
    faults = []
    for pair in pairs:
        column, mark, field = pair.rpartition("=")
        if not mark or not column.strip():
            expected = "COLUMN=FIELD, or COLUMN= to leave it out"
            faults.append(Fault("--map", shown(pair), expected, "write it as --map 'Lugar=place'"))
        elif field.strip() and field.strip() in told.values():
            faults.append(Fault("--map", shown(pair), "each field once", "take one of the two out"))
        told[column.strip()] = field.strip()
    if faults:
        raise InputError(faults)
    return told


def read_reports(
    scenario: str | Path | Desk | None, file: Path, told: Mapping[str, str], for_all: ForAllRows
) -> tuple[Desk, Intake]:
    """Read what a file proposes, held against the network and days of a scenario; nothing is stored.

    Parameters
    ----------
    scenario : str, Path, Desk or None      as in `workflows.reports.scenario_folder`.
    file : Path
    told : mapping                          column -> field, of --map.

    Raises
    ------
    InputError      of the scenario, of what was told, or of a file that cannot be read as a whole.
    """
    _check(for_all)
    desk = scenario if isinstance(scenario, Desk) else open_desk(scenario)
    around = Around(
        towns=Towns(desk.scenario.network),
        today=datetime.now().astimezone().date(),
        start=desk.scenario.start,
        groups=frozenset(group.id for group in desk.scenario.groups),
        published=for_all.published,
        source=for_all.source.strip(),
        source_kind=for_all.source_kind,
        kind=for_all.kind,
        people_per_family=for_all.people_per_family,
        group=known_group(desk.groups, for_all.group),
    )
    return desk, read_file(file, around, told)


def reports_in(file: Path, scenario: Scenario) -> tuple[Report, ...]:
    """Read the reports of a file for a scenario, to be used at once: only those that were read for sure.

    Raises
    ------
    InputError      with every row that is at fault, or that is in doubt.
    """
    around = Around(
        towns=Towns(scenario.network),
        today=datetime.now().astimezone().date(),
        start=scenario.start,
        groups=frozenset(group.id for group in scenario.groups),
    )
    found = read_file(file, around, {})
    doubtful = [p for p in found.proposals if p.confidence < SURE]
    faults = [
        Fault(p.origin, "; ".join(p.flags), "a row that is sure", "mend it, or import it and review it")
        for p in doubtful
    ]
    if found.refused or faults:
        raise InputError([*found.refused, *faults], "The reports cannot be used as they are.")
    return tuple(proposal.report for proposal in found.proposals)


def store(desk: Desk, intake: Intake) -> Stored:
    """Keep what was read: accepted where it is sure, waiting for a reviewer where it is not.

    Raises
    ------
    InputError      where the store refuses a report; none of them is kept then.
    """
    sure = [proposal for proposal in intake.proposals if proposal.confidence >= SURE]
    doubtful = [proposal for proposal in intake.proposals if proposal.confidence < SURE]
    waiting = take_in(desk, doubtful)
    return Stored(take_in(desk, sure, accept=True), waiting)


def write_form(out: Path, scenario: str | Path | None = None) -> int:
    """Write the form for field teams as an XLSForm.

    Parameters
    ----------
    out : Path                      an .xlsx file that is not there yet.
    scenario : str, Path or None    whose towns are to be chosen from; None: towns are asked for in words.

    Returns
    -------
    int     the number of towns to choose from.

    Raises
    ------
    InputError
    """
    if out.suffix.lower() != ".xlsx":
        raise InputError(Fault(out.name, "another ending", "a name that ends in .xlsx", "choose such a name"))
    if out.exists():
        mend = "choose another name, or move it away"
        raise InputError(Fault(out.name, "a file or folder that is there already", "a new file", mend))
    places = form_places(load_with_notices(scenario)[0]) if scenario else FormPlaces()
    write_bytes(out, form_bytes(places))
    return len(places.towns)


def form_places(scenario: Scenario) -> FormPlaces:
    """Give the towns and groups of a scenario as the form offers them, in alphabetical order."""
    places = scenario.network.places
    times = Counter(places.names)
    labels = {
        place: f"{name} ({country})" if times[name] > 1 and country else name
        for place, name, country in zip(places.ids, places.names, places.countries, strict=True)
    }
    towns = sorted(labels.items(), key=lambda pair: (pair[1].casefold(), pair[0]))
    groups = tuple((group.id, group.name_es, group.name_en) for group in scenario.groups)
    return FormPlaces(tuple(towns), groups)


def _check(for_all: ForAllRows) -> None:
    faults = []
    for option, word, among in (
        ("--source-kind", for_all.source_kind, SOURCE_KINDS),
        ("--kind", for_all.kind, REPORT_KINDS),
    ):
        if word not in among:
            expected = f"one of {', '.join(filter(None, among))}"
            faults.append(Fault(option, shown(word), expected, "write one of these words"))
    if problem := personal_in(for_all.source):
        faults.append(Fault("--source", problem, EXPECTED, MENDS[problem]))
    size = for_all.people_per_family
    if size is not None and not 1 <= size <= 20:
        faults.append(Fault("--family-size", f"{size:g}", "1 to 20", "correct it"))
    if faults:
        raise InputError(faults)
