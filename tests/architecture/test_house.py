"""The house keeps its own rules: floors, sizes, names, and nothing of the machine it was built on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "safepassage"
MODULES = sorted(PACKAGE.rglob("*.py"))
HOMELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "misc",
    "stuff",
    "tools",
    "lib",
    "shared_utils",
}
LINES_MAX = 600
BODY_LINES_MAX = 40
# Pieces are joined here so that this file does not hold what it looks for.
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")))
MACHINE = re.compile(
    "|".join(
        (
            r"(?<![\w.])/" + r"work/",
            r"(?<![\w.])/" + r"tmp/\w",
            r"(?<![\w.])/" + r"root/",
            r"(?<![\w.])/" + r"home/\w",
            r"(?<![\w.])/" + r"Users/\w",
            "index" + "-url",
            "find" + "-links",
            "art" + "ifactory",
            "dev" + "pi",
            r"nex" + r"us\.",
        )
    ),
    re.IGNORECASE,
)
NOT_TEXT = {".png", ".xlsx", ".parquet", ".woff2", ".ico", ".gz", ".ttf"}


def tracked_files() -> list[Path]:
    """Give the files that git keeps; all but the hidden ones where this is no clone."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode == 0 and done.stdout:
        files = [ROOT / name for name in done.stdout.decode("utf-8").split("\0") if name]
    else:
        files = [path for path in ROOT.rglob("*") if not any(p.startswith(".") for p in path.parts)]
    return [path for path in files if path.is_file()]


def name_of(path: Path) -> str:
    """Give a path as the failure message should show it."""
    return path.relative_to(ROOT).as_posix()


def test_imports_go_down_only() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([str(program), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nobody_imports_the_packages_own_face() -> None:
    faulty = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            own_face = isinstance(node, ast.Import) and any(a.name == "safepassage" for a in node.names)
            if own_face and path != PACKAGE / "__init__.py":
                faulty.append(name_of(path))
    assert faulty == []


def test_no_file_is_longer_than_six_hundred_lines() -> None:
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: size for name, size in sizes.items() if size > LINES_MAX} == {}


def test_no_function_is_longer_than_forty_lines_of_body() -> None:
    """Counted are logical lines: a call or a table that is written over several lines is one."""
    faulty = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = sum(isinstance(inner, ast.stmt) for inner in ast.walk(node)) - 1
                if lines > BODY_LINES_MAX:
                    faulty.append(f"{name_of(path)}:{node.lineno} {node.name} has {lines} lines")
    assert faulty == []


def test_every_module_has_found_its_noun() -> None:
    assert [name_of(path) for path in MODULES if path.stem in HOMELESS] == []


def test_no_room_bears_the_name_of_its_verb() -> None:
    faulty = []
    for path in MODULES:
        if path.name != "__init__.py" or path.parent == PACKAGE:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        siblings = {other.stem for other in path.parent.iterdir()}
        for node in tree.body:
            if isinstance(node, ast.ImportFrom):
                faulty += [f"{name_of(path)}: {a.name}" for a in node.names if a.name in siblings]
    assert faulty == []


def test_nothing_below_the_command_line_prints_or_exits() -> None:
    faulty = []
    for path in MODULES:
        if "cli" in path.relative_to(PACKAGE).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.exit", "exit", "quit"}:
                faulty.append(f"{name_of(path)}:{node.lineno}")
    assert faulty == []


def test_no_global_generator_of_luck() -> None:
    faulty = [
        name_of(path)
        for path in MODULES
        if re.search(r"np\.random\.|from random import|import random\b", path.read_text(encoding="utf-8"))
    ]
    assert faulty == []


def test_every_package_and_module_says_what_it_is_for() -> None:
    assert [
        name_of(p) for p in MODULES if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ] == []


def test_nothing_is_left_unfinished() -> None:
    assert [name_of(p) for p in MODULES if UNFINISHED.search(p.read_text(encoding="utf-8"))] == []


def test_no_tracked_file_tells_of_the_machine_it_was_made_on() -> None:
    faulty = []
    for path in tracked_files():
        if path.suffix in NOT_TEXT:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        faulty += [f"{name_of(path)}: {found.group(0)}" for found in MACHINE.finditer(text)]
    assert faulty == []


def test_the_lock_file_points_to_the_public_index_only() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r'registry = "([^"]*)"', lock)) == {"https://pypi.org/simple"}


@pytest.mark.parametrize("name", ["LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", ".ci/run"])
def test_the_house_has_its_papers(name: str) -> None:
    assert (ROOT / name).is_file()


def test_no_test_is_skipped_for_good() -> None:
    word = "pytest.mark." + "skip("
    faulty = [
        name_of(path) for path in (ROOT / "tests").rglob("*.py") if word in path.read_text(encoding="utf-8")
    ]
    assert faulty == []
