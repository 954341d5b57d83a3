"""Measure, and print what was reached beside what was promised.

uv run python -m benchmarks [--json] [--only NAME] [--quick] [--full] [--write | --out FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.measures.growth import curves
from benchmarks.measures.scale import FULL
from benchmarks.page import table, write
from benchmarks.suite import measure, names

DOCS = Path(__file__).resolve().parents[1] / "docs"


def parser() -> argparse.ArgumentParser:
    """Say what may be asked for."""
    result = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").split("\n")[0])
    result.add_argument("--json", action="store_true", help="print an array of rows, and nothing else")
    result.add_argument("--only", metavar="NAME", help="only rows whose name contains this")
    result.add_argument("--quick", action="store_true", help="smaller cases: to try, not to report")
    result.add_argument("--full", action="store_true", help="large worlds to their last day; takes long")
    where = result.add_mutually_exclusive_group()
    where.add_argument("--write", action="store_true", help="renew docs/performance.md and its pictures")
    where.add_argument("--out", type=Path, metavar="FOLDER", help="write the page and its pictures there")
    return result


def main(words: Sequence[str] | None = None) -> int:
    """Measure what is asked for; end with 0, whatever was reached."""
    asked = parser()
    options = asked.parse_args(words)
    if options.write and (options.only or options.quick):
        asked.error("--write renews the whole page: without --only and --quick")
    if options.only and not any(options.only in name for name in names()):
        asked.error(f"no row is called '{options.only}'; there are {', '.join(names())}")
    if options.full:
        os.environ[FULL] = "1"
    rows = list(measure(options.only, quick=options.quick))
    if options.json:
        print(json.dumps([row.as_json() for row in rows], indent=2, ensure_ascii=False))
    else:
        print(f"{machine()}\n\n{table(rows)}")
    folder = DOCS if options.write else options.out
    if folder is not None:
        grown = any(row.name.startswith("growth_") for row in rows)
        for path in write(rows, curves(options.quick) if grown else (), folder, machine=machine()):
            print(f"written: {path.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
