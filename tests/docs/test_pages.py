"""The documentation is whole: what is marked to be run runs, links resolve, the version has its entry.

A block of code to be run is preceded by the line ``<!-- run -->``. Blocks of ``console`` hold commands
after ``$ ``, run one after another in one empty folder per page; blocks of ``python`` of one page share their
names.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^<!-- run -->\n```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
COMMANDS = ("pip install uv && uv run safepassage forecast", "pip install uv && uv run pytest")
TIMEOUT_S = 240


@dataclass(frozen=True)
class Step:
    """One command or one block of Python, in the order of the page."""

    language: str
    code: str


def steps_of(page: Path) -> list[Step]:
    """Give what a page asks to be run."""
    steps = []
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["language"] == "console":
            lines = [line[2:] for line in block["code"].splitlines() if line.startswith("$ ")]
            steps += [Step("console", line.split("  #")[0]) for line in lines]
        else:
            steps.append(Step(block["language"], block["code"]))
    return steps


RUNNABLE = [page for page in PAGES if steps_of(page)]


def name_of(page: Path) -> str:
    """Give a page's path as it is shown."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.slow
@pytest.mark.parametrize("page", RUNNABLE, ids=name_of)
def test_what_a_page_says_can_be_run_runs(page: Path, tmp_path: Path) -> None:
    scripts = Path(sys.executable).parent
    path = f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "PYTHONUTF8": "1"}
    python: list[str] = []
    for step in steps_of(page):
        if step.language == "console":
            words = shlex.split(step.code.removeprefix("uv run "))
            command = [str(scripts / words[0]), *words[1:]]
        else:
            assert step.language == "python", f"{name_of(page)}: cannot run a block of {step.language}"
            python.append(step.code)
            command = [sys.executable, "-c", "\n".join(python)]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
        )
        assert done.returncode == 0, f"{step.code}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def test_the_tutorial_and_the_readme_are_run() -> None:
    names = {name_of(page) for page in RUNNABLE}
    assert {"README.md", "docs/tutorial.md"} <= names


def anchors_of(page: Path) -> set[str]:
    """Give the anchors of a page's headings, by the rule of common Markdown hosts."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ +(.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_our_pages_resolve(page: Path) -> None:
    broken = []
    for found in LINK.finditer(FENCE.sub("", page.read_text(encoding="utf-8"))):
        target, _, anchor = found["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        other = page if not target else (page.parent / target).resolve()
        if not other.exists():
            broken.append(found["target"])
        elif anchor and other.suffix == ".md" and anchor not in anchors_of(other):
            broken.append(found["target"])
    assert broken == []


def test_every_page_of_the_documentation_can_be_reached_from_its_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in PAGES if "docs" in page.parts]
    assert [page for page in pages if page != "index.md" and f"({page})" not in index] == []


def test_the_changelog_has_an_entry_for_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(project['version'])}\]", changelog, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_gives_its_two_commands_on_lines_of_their_own(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_every_base_dependency_is_justified() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    names = [re.split(r"[<>=!~\[ ]", dependency)[0] for dependency in project["dependencies"]]
    assert [name for name in names if f"`{name}`" not in design] == []


def commands_of(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Give every command under its whole name, also those of sub-programs ("report add")."""
    for name, command in getattr(group, "commands", {}).items():
        yield before + name, command
        yield from commands_of(command, f"{before}{name} ")


def test_every_command_and_option_is_documented() -> None:
    import typer

    from safepassage.cli.main import app

    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    group = typer.main.get_command(app)
    missing = []
    for name, command in commands_of(group):
        missing += [f"safepassage {name}"] * (f"safepassage {name}" not in pages)
        flags = [flag for option in command.params for flag in option.opts if flag.startswith("--")]
        missing += [f"{name} {flag}" for flag in flags if f"`{flag}" not in pages and flag != "--help"]
    assert missing == []


def test_every_room_is_in_the_design() -> None:
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (ROOT / "src" / "safepassage").glob("*/__init__.py")]
    assert [room for room in rooms if f"`{room}`" not in design] == []
