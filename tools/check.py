"""Run every check of the house, say which failed, and end with status 1 if any did.

Usage: uv run python tools/check.py [--tests]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PROSE = ("src", "tests", "tools", "docs", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
CHECKS: dict[str, list[str]] = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports"],
    "codespell": ["codespell", *PROSE],
}
TESTS: dict[str, list[str]] = {"pytest": ["pytest"]}


def main() -> int:
    """Run the checks one after another; show the output of those that fail."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tests", action="store_true", help="run the tests too")
    chosen = CHECKS | (TESTS if parser.parse_args().tests else {})
    failed = []
    for name, words in chosen.items():
        began = time.monotonic()
        done = subprocess.run(_of_this_python(words), cwd=ROOT, capture_output=True, text=True, check=False)
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'}  {name}  ({time.monotonic() - began:.0f} s)")
        if name == "pytest" or done.returncode != 0:
            print(done.stdout + done.stderr)
        if done.returncode != 0:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def _of_this_python(words: list[str]) -> list[str]:
    """Call the tool that lies beside this very Python, so that no other installation is taken."""
    return [str(Path(sys.executable).parent / words[0]), *words[1:]]


if __name__ == "__main__":
    sys.exit(main())
