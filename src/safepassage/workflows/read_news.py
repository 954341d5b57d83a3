"""From the text of an article to proposals for a scenario, which wait for somebody to review them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from safepassage.adapters import builtin, folder, news
from safepassage.core.errors import Fault, InputError
from safepassage.core.network import Places
from safepassage.core.report import MOST_PEOPLE, Report
from safepassage.core.scenario import Scenario
from safepassage.workflows.load import load
from safepassage.workflows.reports import (
    Desk,
    Taken,
    known_group,
    listing,
    open_desk,
    scenario_folder,
    take_in,
)

# Read where no scenario is named: the network that ships with the package.
DEFAULT_NETWORK = "mesoamerica"
# The last places where a caravan was reported resolve names that several towns bear.
LAST_SEEN = 3
TOLD, IN_ARTICLE, ASSUMED = "told by the reader", "date in the article", "assumed: the day it was read"


@dataclass(frozen=True)
class ReadNews:
    """What was read in an article, and for which network.

    Parameters
    ----------
    reading : news.Reading
    places : Places
    published : date
    published_basis : str
    desk : Desk or None     the scenario folder of the user's own it was read for; None: none.
    """

    reading: news.Reading
    places: Places
    published: date
    published_basis: str
    desk: Desk | None


def read_file(path: Path) -> bytes:
    """Give the bytes of a file, as many as an article can have.

    Raises
    ------
    InputError      where it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(news.MOST_WITH_TAGS + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such file"
        fault = Fault(str(path)[:80], reason, "a text file, or - for what is pasted", "check the name")
        raise InputError(fault) from error


def read_news(
    raw: bytes,
    *,
    name: str = "text",
    published: date | None = None,
    scenario: str | Path | None = None,
    source: str = "",
    group: str = "",
) -> ReadNews:
    """Read an article.

    Parameters
    ----------
    raw : bytes                 the text, plain or HTML, in any usual encoding.
    name : str                  of the file, for people.
    published : date or None    None: the whole date in its head, else today, marked as assumed.
    scenario : str, Path or None    scenario folder, built-in's name or Flee folder; None: the working
        directory where it is a scenario folder, else the built-in network.
    source : str                outlet or address.
    group : str                 which caravan it tells of, by its id; '': the only one.

    Raises
    ------
    InputError      where it is no text, or the scenario cannot be read.
    """
    text = news.decode(raw, name=name)
    desk, told, places = _network(scenario)
    day, basis = _published(text, published)
    reports = [] if told is None else _known(told, desk)
    circumstances = news.Circumstances(
        published=day,
        published_basis=basis,
        source=source,
        name=name,
        group=_group(told, group),
        last_seen=_last_seen(reports, places, day),
    )
    reading = _of_people(news.read_article(text, places, circumstances))
    return ReadNews(reading, places, day, basis, desk)


def _group(told: Scenario | None, group: str) -> str:
    """Give the caravan that is meant: the one named, or the only one there is."""
    groups = [row.id for row in told.groups] if told is not None else []
    if group:
        return known_group(groups, group)
    return groups[0] if len(groups) == 1 else ""


def _of_people(reading: news.Reading) -> news.Reading:
    """Leave out figures that cannot be people, such as a telephone number that was taken for one."""
    kept = tuple(p for p in reading.proposals if (p.report.high or p.report.low or 0) <= MOST_PEOPLE)
    if len(kept) == len(reading.proposals):
        return reading
    told = f"left out: more than {MOST_PEOPLE:,} people / omitido: más de {MOST_PEOPLE:,} personas"
    return replace(reading, proposals=kept, notices=(*reading.notices, told))


def store(read: ReadNews) -> Taken | None:
    """Keep the proposals in the scenario's store, to be reviewed; None where there is no folder to keep "
    "them in.

    Raises
    ------
    InputError      with every fault of every proposal; nothing was stored then.
    """
    if read.desk is None or not read.reading.proposals:
        return None
    return take_in(read.desk, read.reading.proposals)


def _network(scenario: str | Path | None) -> tuple[Desk | None, Scenario | None, Places]:
    if scenario is None:
        if not folder.is_scenario_folder(Path()):
            return None, None, folder.read_network(builtin.network_path(DEFAULT_NETWORK)).places
        desk = open_desk(None)
        return desk, desk.scenario, desk.scenario.network.places
    try:
        own = scenario_folder(scenario)
    except InputError:
        told = load(scenario)  # a built-in or a Flee folder: read for, not stored in
        return None, told, told.network.places
    desk = open_desk(own)
    return desk, desk.scenario, desk.scenario.network.places


def _published(text: str, published: date | None) -> tuple[date, str]:
    if published is not None:
        return published, TOLD
    today = datetime.now().astimezone().date()
    found = news.publication_in(text)
    if found is not None and found <= today:
        return found, IN_ARTICLE
    return today, ASSUMED


def _known(told: Scenario, desk: Desk | None) -> list[Report]:
    accepted = [] if desk is None else [row.entry.report for row in listing(desk, status="accepted")]
    return [*told.reports, *accepted]


def _last_seen(reports: list[Report], places: Places, day: date) -> tuple[tuple[float, float], ...]:
    """Give where people were last reported by a day, the latest first."""
    known = [r for r in reports if r.place >= 0 and r.published <= day and r.kind in ("position", "stock")]
    known.sort(key=lambda r: r.observed, reverse=True)
    spots = dict.fromkeys((float(places.lat[r.place]), float(places.lon[r.place])) for r in known)
    return tuple(spots)[:LAST_SEEN]
