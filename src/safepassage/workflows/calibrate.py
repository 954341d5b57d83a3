"""`calibrate`: learn across cases, leave each out in turn, and write what was learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from safepassage.adapters.learned import write_lessons
from safepassage.core.engine import NoProgress, Progress
from safepassage.core.errors import Fault, InputError
from safepassage.core.learned import FAMILIES, Taught, event_key
from safepassage.core.scenario import Scenario

FEWEST_CASES = 2
FAMILY = "what is learned / qué se aprende"

Learner = Callable[[Sequence[Scenario], int, Progress], Taught]


def learners() -> Mapping[str, Learner]:
    """Give who learns each family: called with the cases of its kind, a seed and a progress."""
    from safepassage.workflows import calibrate_caravans, calibrate_law, calibrate_stocks

    return {
        "law": calibrate_law.learn,
        "stocks": calibrate_stocks.learn,
        "caravans": calibrate_caravans.learn_caravans,
        "observations": calibrate_caravans.learn_observations,
    }


def families_of(text: str) -> tuple[str, ...]:
    """Read "law,stocks" as families.

    Raises
    ------
    InputError      for a word that names none.
    """
    words = [word.strip() for word in text.split(",")]
    unknown = [word for word in words if word not in FAMILIES]
    if unknown:
        expected = f"some of {', '.join(FAMILIES)}"
        mend = "write them with commas, such as law,stocks; or leave --only out"
        raise InputError(Fault("--only", f"'{', '.join(unknown)[:60]}'", expected, mend))
    return tuple(words)


def calibrate(
    scenarios: Sequence[Scenario],
    *,
    families: Sequence[str] = FAMILIES,
    seed: int = 1,
    progress: Progress | None = None,
) -> list[Taught]:
    """Learn every family for which there are cases.

    Parameters
    ----------
    scenarios : sequence of Scenario    crises with counts in camps, caravans with reports and a truth.
    families : sequence of str          of `core.learned.FAMILIES`.
    seed : int
    progress : Progress or None

    Returns
    -------
    list of Taught

    Raises
    ------
    InputError      if an event is given twice, or there are fewer than two cases of every kind.
    """
    _check_events(scenarios)
    crises = [one for one in scenarios if one.displacement is not None and not one.groups]
    caravans = [one for one in scenarios if one.groups]
    cases = {"law": crises, "stocks": crises, "caravans": caravans, "observations": caravans}
    wanted = {
        family: learn
        for family, learn in learners().items()
        if family in families and len(cases[family]) >= FEWEST_CASES
    }
    if not wanted:
        found = f"{len(crises)} crises with counts in camps and {len(caravans)} caravans"
        expected = f"{FEWEST_CASES} cases of one kind at least: one to learn from, one to leave out"
        raise InputError(Fault("calibrate", found, expected, "give more cases"))
    watch = progress or NoProgress()
    taught = []
    for done, (family, learn) in enumerate(wanted.items()):
        watch.say(done, len(wanted), FAMILY)
        taught.append(learn(cases[family], seed, watch))
    return taught


def _check_events(scenarios: Sequence[Scenario]) -> None:
    seen: dict[str, str] = {}
    for scenario in scenarios:
        key = event_key(scenario)
        if key in seen:
            found = f"the same event as {seen[key]}"
            mend = "give every event once: else it would not be left out of what it is judged by"
            raise InputError(Fault(scenario.name, found, "another event", mend))
        seen[key] = scenario.name


def write_taught(folder: Path, taught: Sequence[Taught]) -> dict[str, Path]:
    """Write the lessons to a folder that `--learned` can be pointed at; give the path of each."""
    return write_lessons(folder, [one.lesson for one in taught])
