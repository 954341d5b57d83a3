"""Where the program starts: an interruption while it is still loading ends like any other."""

from __future__ import annotations

import sys

from safepassage.cli import interruption


def run() -> None:
    """Load the commands and run one; ends with its exit status."""
    try:
        interruption.watch()
        from safepassage.cli.main import run as run_command

        run_command()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted. / Interrumpido.\n")
        sys.exit(130)
