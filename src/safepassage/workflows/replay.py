"""`replay`: a case evening by evening, each forecast sealed before the next evening is opened.

Nobody's hand touches it: what is read, adopted, foreseen and compared follows from the case, the articles
and the settings in the first line of the chain.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from safepassage.adapters.atomic import check_folder, write_bytes, write_text
from safepassage.adapters.replay_chain import (
    CHAIN_FILE,
    Article,
    Chain,
    Seal,
    articles_in,
    canonical,
    checked,
)
from safepassage.adapters.replay_chain import digest as sha256_of
from safepassage.adapters.replay_chain.chain import EVENINGS, seal_files
from safepassage.adapters.replay_chain.checking import HEAD, OUTCOME, OUTCOME_FILE, is_whole
from safepassage.core.engine import NoProgress, Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.learned import event_key
from safepassage.core.replayed import Replayed
from safepassage.core.scenario import Scenario
from safepassage.scoring.rolling import spread_origins
from safepassage.settings.forecast import forecast_settings
from safepassage.workflows import replay_camps
from safepassage.workflows.lessons import lessons_for, named
from safepassage.workflows.manifest import scenario_checksum
from safepassage.workflows.replay_feed import Evening, Evenings
from safepassage.workflows.replay_outcome import camps_outcome, caravan_outcome, with_outcomes
from safepassage.workflows.replay_reading import RULE
from safepassage.workflows.replay_result import replayed
from safepassage.workflows.replay_sealed import caravan_said, made, write_evening
from safepassage.workflows.rolling_caravan import truth_of

PAGE_FILE, CHAIN_NAME, FORMAT = "replay.html", CHAIN_FILE, 1
EVENING = "evening / tarde"
_PACKAGES = ("safepassage", "numpy", "scipy", "numba")
Tell = Callable[[Fault], None]


@dataclass(frozen=True)
class ReplayPlan:
    """How a case is replayed.

    Parameters
    ----------
    articles : Path or None     folder of articles, read instead of the case's own reports.
    until : date or None        last day with an outcome.
    evenings : int or None      spread over the case; None: every one (camps: 12).
    members, seed : int or None None: as a user would get.
    every : bool                camps: every evening with a count.
    """

    articles: Path | None = None
    until: date | None = None
    evenings: int | None = None
    members: int | None = None
    seed: int | None = None
    every: bool = False


@dataclass(frozen=True)
class _Work:
    """A replay under way."""

    case: Scenario
    told_by: str
    plan: ReplayPlan
    folder: Path
    head: dict[str, Any]
    articles: tuple[Article, ...] | None
    tell: Tell
    progress: Progress = field(default_factory=NoProgress)

    @property
    def days(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.head["evenings"]]


def replay(
    case: Scenario,
    folder: Path,
    plan: ReplayPlan | None = None,
    *,
    resume: bool = False,
    tell: Tell | None = None,
    progress: Progress | None = None,
) -> Replayed:
    """Replay a case into a folder, and give what its sealed files say.

    Parameters
    ----------
    case : Scenario             whole, from `load`.
    folder : Path               new or empty.
    plan : ReplayPlan or None   None: the default.
    resume : bool               go on with an interrupted replay of the same case, settings and versions.
    tell : callable or None     is told of articles that cannot be read, or lie out of time.
    progress : Progress or None

    Raises
    ------
    InputError      if the case has no outcome, the folder is not empty, there is nothing in the articles, or
        what is to be gone on with was made of something else.
    OSError         if the folder cannot be written to.
    """
    plan, say = plan or ReplayPlan(), tell or (lambda _: None)
    check_folder(folder)
    _check_empty(folder, resume)
    _check_case(case, plan)
    whole, told_by = with_outcomes(case)
    articles = None if plan.articles is None else _articles(plan.articles, say)
    head = _head(case, whole, plan, articles)
    if articles is not None:
        _tell_late(articles, date.fromisoformat(head["evenings"][-1]), say)
    work = _Work(case, told_by, plan, folder, head, articles, say, progress or NoProgress())
    folder.mkdir(parents=True, exist_ok=True)
    chain = Chain(folder)
    if not (resume and _is_finished(work, chain)):
        _run(work, chain)
    found = replayed(folder)
    write_page(folder, found)
    return found


def check(folder: Path) -> tuple[int, str, bool]:
    """Work a replay's checksums out again.

    Returns
    -------
    (lines, head, whole)    how many lines hold, the SHA-256 of the last one, and whether all were there.

    Raises
    ------
    InputError      for the first line that does not hold; or if the page says anything else than the files.
    """
    records = checked(folder)
    seals = Chain(folder).seals()
    whole, page = is_whole(records), folder / PAGE_FILE
    versions = records[0].get("versions")
    same = isinstance(versions, dict) and versions.get("safepassage") == version("safepassage")
    if whole and same and page.exists() and page.read_bytes() != _page(replayed(folder)).encode("utf-8"):
        fault = Fault(
            PAGE_FILE,
            "a page that is not what the sealed files give",
            "the page that this version makes of them",
            "the chain holds; make the page anew: the command of the replay with --resume",
        )
        raise InputError(fault)
    return len(records), seals[-1].sha256, whole


def write_page(folder: Path, found: Replayed) -> Path:
    """Write the page of a replay."""
    write_text(folder / PAGE_FILE, _page(found))
    return folder / PAGE_FILE


def _page(found: Replayed) -> str:
    from safepassage.adapters.replay_page import replay_html

    return replay_html(found)


def _run(work: _Work, chain: Chain) -> None:
    evenings = Evenings(work.case, work.days, chain, work.articles)
    seal = _begun(work, chain, evenings)
    done = seal.line - 1
    while True:
        work.progress.say(done, len(work.days), EVENING)
        evening = evenings.next(seal)
        if evening is None:
            break
        seal, done = _sealed(work, chain, evening), done + 1
    whole, _ = with_outcomes(evenings.outcomes(seal))
    outcome = (
        caravan_outcome(whole, work.told_by, work.plan.until)
        if whole.groups
        else camps_outcome(whole, work.plan.until)
    )
    told = canonical(outcome) + b"\n"
    write_bytes(work.folder / OUTCOME_FILE, told)
    chain.append(OUTCOME, {"outcome_sha256": sha256_of(told)})


def _begun(work: _Work, chain: Chain, evenings: Evenings) -> Seal:
    """Give the last seal: of the head, written now, or of the last evening that was sealed before."""
    if not chain.lines():
        return chain.append(HEAD, work.head)
    seals, records = chain.seals(), checked(work.folder)
    for evening, record in zip(evenings.pass_over(seals[1:]), records[1:], strict=True):
        if _read(evening) != record["read"] and evening.gleaned is not None:
            fault = Fault(
                "--articles",
                f"articles of {evening.day} that are not what was read then",
                "the articles as they were",
                "put them back as they were, or begin anew in another --out",
            )
            raise InputError(fault, "This replay cannot be gone on with.")
    return seals[-1]


def _sealed(work: _Work, chain: Chain, evening: Evening) -> Seal:
    """Make one evening's forecast, write it, and seal it."""
    folder = work.folder / EVENINGS / evening.day.isoformat()
    if folder.exists():  # begun by a replay that was interrupted before it was sealed
        shutil.rmtree(folder)
    luck: dict[str, Any] = {"members": work.plan.members, "seed": work.head["settings"]["seed"]}
    if work.case.groups:
        run, trails = made(evening, **luck, progress=work.progress)
        said = caravan_said(evening, run, trails)
        write_evening(folder, evening, run, said)
    else:
        run, said = replay_camps.camps_said(evening, **luck, progress=work.progress)
        replay_camps.write_camps(folder, said)
    read = _read(evening)
    if not work.case.groups:
        read["counts"] = replay_camps.new_counts(said, evening.before)
    for notice in evening.gleaned.notices if evening.gleaned else ():
        work.tell(notice)
    record = {
        "read": read,
        "members": run.forecast.members,
        "known_sha256": run.manifest["scenario_sha256"],
        "lessons": run.manifest["learned_from"],
        "sums_sha256": seal_files(folder),
        "forecast_sha256": sha256_of((folder / "forecast.json").read_bytes()),
    }
    return chain.append(evening.day.isoformat(), record)


def _read(evening: Evening) -> dict[str, Any]:
    """Sum up what was read this evening for the first time."""
    read: dict[str, Any] = {"reports": len(evening.new_reports)}
    if evening.gleaned is not None:
        read |= {
            "articles": len(evening.gleaned.articles),
            "articles_sha256": [article["sha256"] for article in evening.gleaned.articles],
            "refused": evening.gleaned.refused,
        }
    return read


def _is_finished(work: _Work, chain: Chain) -> bool:
    """Check what is to be gone on with, and tell whether nothing is left to do."""
    chain.drop_torn_line()
    if not chain.lines():
        return False
    records = checked(work.folder)
    ours = canonical(work.head)
    theirs = {key: value for key, value in records[0].items() if key not in ("of", "line", "previous")}
    if canonical(theirs) != ours:
        wanted = {key for key in work.head if canonical(work.head[key]) != canonical(theirs.get(key))}
        differ = ", ".join(sorted(wanted | (theirs.keys() - work.head.keys())))
        fault = Fault(
            f"{work.folder}",
            f"a replay of another {differ}",
            "the same case, articles, settings and versions",
            "give the command as it was given first, or another --out",
        )
        raise InputError(fault, "This replay cannot be gone on with.")
    return is_whole(records)


def _head(
    case: Scenario, whole: Scenario, plan: ReplayPlan, articles: tuple[Article, ...] | None
) -> dict[str, Any]:
    """Say, before anything is read, what will be done."""
    settings = forecast_settings({"members": plan.members, "seed": plan.seed})
    told: dict[str, Any] = {
        "not_for_publication": True,
        "format": FORMAT,
        "case": case.name,
        "title_es": case.title_es,
        "title_en": case.title_en,
        "case_sha256": scenario_checksum(case),
        "evenings": [day.isoformat() for day in evenings_of(case, whole, plan)],
        "with_articles": articles is not None,
        "settings": {
            "until": plan.until.isoformat() if plan.until else None,
            "members": settings.members,
            "seed": case.seed if settings.seed is None else settings.seed,
            "learned": named(settings.learned),
            "use_reports": settings.use_reports,
            "engine": settings.engine,
        },
        "threshold_people": case.threshold_people,
        "lessons_sha256": lessons_for(case, settings.learned).sha256,
        "versions": {name: version(name) for name in _PACKAGES}
        | {"python": platform.python_version(), "platform": f"{platform.system()} {platform.machine()}"},
    }
    if articles is not None:
        told["rule"] = RULE
        listed = sorted([article.published.isoformat(), article.path.name] for article in articles)
        told["articles_sha256"] = sha256_of(canonical(listed))
    return told


def evenings_of(case: Scenario, whole: Scenario, plan: ReplayPlan) -> list[date]:
    """Choose the evenings: from the day a caravan was known to the one before its last outcome.

    Parameters
    ----------
    whole : Scenario        with its outcomes, of which only the days are looked at.

    Raises
    ------
    InputError      if there is none.
    """
    if not case.groups and case.displacement is not None:
        days = replay_camps.camp_evenings(case, plan.until)
        count = plan.evenings or (len(days) if plan.every else replay_camps.EVENINGS)
        return [days[i] for i in spread_origins(0, len(days) - 1, count)]
    truth = truth_of(whole, until=plan.until)
    group = case.groups[0]
    first = max(group.departs, group.announced, case.start)
    key = event_key(case)
    last = case.start + timedelta(days=truth.last_day - 1)
    # An evening on which the case cannot be told from another would use what was learned from itself.
    days = [
        day
        for n in range((last - first).days + 1)
        if event_key(case.known_by(day := first + timedelta(days=n))) == key
    ]
    if not days:
        fault = Fault(
            case.name,
            f"outcomes up to {last + timedelta(days=1)}, and the caravan known from {first} on",
            "an evening from which something can be foreseen",
            "give a later --until",
        )
        raise InputError(fault, "This case cannot be replayed.")
    return (
        days if plan.evenings is None else [days[i] for i in spread_origins(0, len(days) - 1, plan.evenings)]
    )


def _articles(folder: Path, tell: Tell) -> tuple[Article, ...]:
    found, notices = articles_in(folder)
    for notice in notices:
        tell(notice)
    return found


def _tell_late(articles: tuple[Article, ...], last: date, tell: Tell) -> None:
    for article in articles:
        if article.published > last:
            found, expected = f"published {article.published}", f"up to the last evening, {last}"
            tell(Fault(article.path.name[:80], found, expected, "it is not opened"))


def _check_case(case: Scenario, plan: ReplayPlan) -> None:
    if plan.articles is not None and not case.groups:
        mend = "leave --articles out: a crisis is told by the counts of its camps"
        raise InputError(Fault("--articles", f"{case.name}, a case without a caravan", "a caravan", mend))
    if not case.groups and case.displacement is None:
        found = f"{case.name}, which has neither a caravan nor camps that are counted"
        expected = "a caravan with a truth or reports, or a Flee folder with counts"
        raise InputError(Fault("replay", found, expected, "replay another case"), "It cannot be replayed.")


def _check_empty(folder: Path, resume: bool) -> None:
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if not there or (resume and CHAIN_FILE in there):
        return
    found = f"{folder}: {there[0]}" + (f" and {len(there) - 1} more" if len(there) > 1 else "")
    mend = "choose another folder" if CHAIN_FILE not in there else "go on with --resume, or choose another"
    raise InputError(Fault("--out", found, "a new or an empty folder", mend))


def evenings_count(text: str) -> tuple[int | None, bool]:
    """Read "every" or a number of evenings; give the number and whether all are meant.

    Raises
    ------
    InputError      for anything else.
    """
    if text.strip().lower() in ("every", "all", "todas"):
        return None, True
    if text.isascii() and text.isdigit() and 0 < int(text[:6]) and len(text) < 5:
        return int(text), False
    fault = Fault("--evenings", f"'{text[:40]}'", "a number of evenings from 1 to 9999, or every", "write 12")
    raise InputError(fault)
