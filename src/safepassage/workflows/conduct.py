"""How a run is carried out: on which cores or cluster, and how it goes on after it was killed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from safepassage.adapters.checkpoint import CheckpointFile, default_folder
from safepassage.core.engine import Conduct, NoProgress, Progress
from safepassage.core.executor import Executor
from safepassage.engines.threads import Threads
from safepassage.settings.forecast import ForecastSettings

NO_CHECKPOINT = (
    "--resume: nothing usable was kept of this run; it begins anew / "
    "--resume: no hay nada guardado que sirva; empieza de nuevo"
)

GOES_ON = "--resume: goes on after day {day} / --resume: sigue después del día {day}"


@contextmanager
def conducted(
    settings: ForecastSettings, *, about: dict[str, Any], progress: Progress | None
) -> Iterator[Conduct]:
    """Give the means for one run, and take them away when it is over.

    A checkpoint belongs to a run by what decides its bits: scenario, settings, versions. It is removed when
    the run ends well.

    Parameters
    ----------
    settings : ForecastSettings
    about : dict                the manifest of the run.
    progress : Progress or None

    Raises
    ------
    InputError                  if the cluster asked for cannot be used.
    """
    watcher = progress or NoProgress()
    keeper = CheckpointFile(
        default_folder() / f"{_identity(about)}.npz",
        every_s=settings.checkpoint_every_s,
        resume=settings.resume,
        told=lambda day: watcher.say(0, 1, NO_CHECKPOINT if day is None else GOES_ON.format(day=day + 1)),
    )
    executor = _executor(settings)
    try:
        yield Conduct(watcher, executor, keeper)
    finally:
        executor.close()
    keeper.forget()


def _executor(settings: ForecastSettings) -> Executor:
    if settings.scheduler is None:
        return Threads(settings.workers)
    from safepassage.adapters.cluster import Cluster

    return Cluster(settings.scheduler)


def _identity(about: dict[str, Any]) -> str:
    text = json.dumps(about, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
