"""Pipe the draws, in the orders in which engines ask for them, to a battery from outside.

    python benchmarks/randomness.py [--megabytes 256] [--streams slot mixed …] [--tests 0 2 …]

PractRand's `RNG_test` is used where it is on the path; it is no package of Debian. Else dieharder (Debian:
`apt-get install dieharder`) runs those of its tests that end within minutes on a pipe (`--tests` are their
numbers). Without either this says so and ends: the battery in tests/core/test_draws_battery.py needs neither.
Prints one line per stream and test, and ends with 1 if anything failed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import numba
import numpy as np

from safepassage.core.draws import draw_number, hash64

CHUNK = 2**17
SEED, DRAW = 2018, draw_number("local law: origin")
STREAMS = ("slot", "day", "entity", "draw", "seed", "mixed", "low")
# Numbers of dieharder's tests that need no hours: birthdays, ranks, bitstream, OPSO, counts of ones, runs,
# STS monobit, runs and serial, bit distribution, lagged sums, KS, bytes, DCT, fill tree, monobit 2.
DIEHARDER = (0, 2, 3, 4, 5, 8, 15, 100, 101, 102, 204, 205, 206, 207, 209)

hashed = numba.vectorize(["uint64(uint64, uint64, uint64, uint64, uint64)"], nopython=True)(hash64)


def chunk(stream: str, first: int) -> np.ndarray:
    """Give the draws from `first` on of one stream: (CHUNK,) uint64."""
    count = np.arange(first, first + CHUNK, dtype=np.uint64)
    words = {
        "seed": np.full(CHUNK, SEED),
        "slot": np.full(CHUNK, 3),
        "day": np.full(CHUNK, 41),
        "entity": np.full(CHUNK, 7),
        "draw": np.full(CHUNK, DRAW),
    }
    if stream in words:
        words[stream] = count
    else:
        # 50 places of 36 parts of the day of 1,000 members, day by day: what an ensemble asks for.
        words["entity"] = count % np.uint64(1800)
        words["slot"] = count // np.uint64(1800) % np.uint64(1000)
        words["day"] = count // np.uint64(1_800_000)
    bits = hashed(*(words[name].astype(np.uint64) for name in ("seed", "slot", "day", "entity", "draw")))
    if stream == "low":
        # Only the low halves, two to a word: what a test of whole words sees least of.
        half = (bits & np.uint64(0xFFFFFFFF)).astype("<u4")
        return half.view("<u8").astype(np.uint64)
    return np.asarray(bits)


def pipe(stream: str, command: list[str], megabytes: int | None) -> Iterator[str]:
    """Feed one stream to a program until it has enough, and give the lines it prints."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=False)
    assert process.stdin is not None
    first, limit = 0, None if megabytes is None else megabytes * 2**20 // 8
    with suppress(BrokenPipeError):
        while limit is None or first < limit:
            process.stdin.write(chunk(stream, first).astype("<u8").tobytes())
            first += CHUNK
    with suppress(BrokenPipeError):
        process.stdin.close()
    assert process.stdout is not None
    yield from process.stdout.read().decode(errors="replace").splitlines()
    process.wait()


def practrand(stream: str, megabytes: int) -> bool:
    """Run PractRand up to so much data; tell whether it passed."""
    command = ["RNG_test", "stdin64", "-tlmax", f"{megabytes}MB", "-multithreaded"]
    lines = list(pipe(stream, command, None))
    for line in lines:
        print(f"{stream:8} {line}")
    return not any("FAIL" in line for line in lines) and any("no anomalies" in line for line in lines)


def dieharder(stream: str, tests: list[int]) -> bool:
    """Run some of dieharder's tests; tell whether none failed. (One in a hundred or so is weak by chance.)"""
    good = True
    for test in tests:
        command = [
            "dieharder",
            "-g",
            "200",
            "-d",
            str(test),
            "-D",
            "test_name",
            "-D",
            "pvalues",
            "-D",
            "assessment",
        ]
        lines = [line for line in pipe(stream, command, None) if "|" in line]
        good &= bool(lines) and not any("FAILED" in line for line in lines)
        for line in lines or [f"test {test} gave no answer"]:
            print(f"{stream:8} {' '.join(line.split())}", flush=True)
    return good


def main() -> int:
    """Run what is there."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=256, help="data per stream, for PractRand")
    parser.add_argument("--streams", nargs="+", choices=STREAMS, default=list(STREAMS))
    parser.add_argument("--tests", nargs="+", type=int, default=list(DIEHARDER), help="for dieharder")
    asked = parser.parse_args()
    if shutil.which("RNG_test"):
        passed = [practrand(stream, asked.megabytes) for stream in asked.streams]
    elif shutil.which("dieharder"):
        passed = [dieharder(stream, asked.tests) for stream in asked.streams]
    else:
        print("skipped: neither RNG_test (PractRand) nor dieharder is on the path")
        return 0
    print(f"{sum(passed)} of {len(passed)} streams passed")
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main())
