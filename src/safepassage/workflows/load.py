"""From what a user names to a scenario: a built-in, a folder of ours or a Flee folder."""

from __future__ import annotations

import logging
from difflib import get_close_matches
from pathlib import Path

from safepassage.adapters import builtin, flee, folder
from safepassage.core.errors import Fault, InputError
from safepassage.core.scenario import Scenario
from safepassage.workflows.load_reports import with_store

logger = logging.getLogger(__name__)


def load(name_or_path: str | Path, *, compat: bool = False) -> Scenario:
    """Load a scenario; notices of what was understood though written otherwise go to the log.

    A folder's own store of reports is part of it: its accepted reports and agreed figures.

    Parameters
    ----------
    name_or_path : str or Path      a built-in's name, a scenario folder or a Flee folder. A folder of the
                                    same name as a built-in is asked for as "./name".
    compat : bool                   Flee folders: keep to what Flee's code does, where it departs from its
                                    documentation.

    Raises
    ------
    InputError      if there is no such scenario, with suggestions, or with every fault that it has.
    """
    scenario, notices = load_with_notices(name_or_path, compat=compat)
    for notice in notices:
        logger.warning("%s", notice)
    return scenario


def load_with_notices(
    name_or_path: str | Path, *, compat: bool = False
) -> tuple[Scenario, tuple[Fault, ...]]:
    """Load a scenario as `load` does, and give the notices back instead of logging them."""
    if str(name_or_path) in builtin.scenario_names():
        return folder.read(builtin.scenario_path(str(name_or_path)))
    path = _existing(name_or_path)
    if path is None:
        raise InputError(_unknown(str(name_or_path)))
    if not folder.is_scenario_folder(path) and path.is_dir() and flee.is_flee_folder(path):
        scenario, notices = flee.read(path, compat=compat)
        return scenario, tuple(notices)
    scenario, found = folder.read(path)  # where it is no scenario folder this raises, and says what one needs
    scenario, lost = with_store(scenario, path)
    return scenario, (*found, *lost)


def _existing(name_or_path: str | Path) -> Path | None:
    """Give the path if there is anything at it; names that no file can have are not there either."""
    if not str(name_or_path):
        return None
    try:
        path = Path(name_or_path).expanduser()
        return path if path.exists() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _unknown(name: str) -> Fault:
    known = builtin.scenario_names()
    here = [p.name for p in Path().iterdir() if p.is_dir() and not p.name.startswith(".")]
    close = get_close_matches(name[:200].casefold(), [*known, *here], n=3, cutoff=0.5)
    mend = (
        f"did you mean {' or '.join(close)}?" if close else "`safepassage scenarios` lists the built-in ones"
    )
    shown = "".join(c if c.isprintable() else "\ufffd" for c in name[:80])
    return Fault("scenario", f"'{shown}'", "a built-in's name or the path of a folder", mend)
