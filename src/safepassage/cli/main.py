"""The program `safepassage`: its commands, and the one place where errors become exit statuses.

Exit status: 0 done, 2 what the user gave is at fault, 1 our fault, 130 interrupted.
"""

from __future__ import annotations

import io
import os
import sys
import traceback

import typer

from safepassage.cli.calibrate import calibrate
from safepassage.cli.check import check
from safepassage.cli.dispatch import app as dispatch
from safepassage.cli.forecast import forecast
from safepassage.cli.needs import needs
from safepassage.cli.new import new
from safepassage.cli.offer import app as offer
from safepassage.cli.plan import plan
from safepassage.cli.replay import replay
from safepassage.cli.report import app as report
from safepassage.cli.scenarios import scenarios
from safepassage.cli.track import track
from safepassage.cli.verify import verify
from safepassage.core.errors import Fault, InputError, InternalError, SafePassageError

DONE, OUR_FAULT, USERS_INPUT, INTERRUPTED = 0, 1, 2, 130
# ClickException, of click or of the click that newer typer brings along: the parent of UsageError.
USAGE_ERROR: type[typer.BadParameter] = typer.BadParameter.__mro__[2]

app = typer.Typer(
    name="safepassage",
    help="Forecast where people on the move will be, so that the towns on the way can be ready.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (forecast, track, needs, plan, scenarios, new, check, verify, calibrate, replay):
    app.command()(command)
app.add_typer(report, name="report")
app.add_typer(offer, name="offer")
app.add_typer(dispatch, name="dispatch")


@app.callback(invoke_without_command=True)
def _options(
    version: bool = typer.Option(False, "--version", help="Print the version and stop.", is_eager=True),
) -> None:
    if version:
        from importlib.metadata import version as version_of

        typer.echo(version_of("safepassage"))
        raise typer.Exit


def run() -> None:
    """Run the program and end with its exit status."""
    _stand_any_screen()
    sys.exit(status(sys.argv[1:]))


def _stand_any_screen() -> None:
    """Show a question mark for letters the screen does not have, and go on if there is no screen at all."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def status(arguments: list[str]) -> int:
    """Run one command line and give its exit status; messages go to standard error."""
    try:
        result = app(args=arguments, prog_name="safepassage", standalone_mode=False)
    except typer.Abort:
        return _interrupted()
    except USAGE_ERROR as error:
        error.show()
        return USERS_INPUT
    except KeyboardInterrupt:
        return _interrupted()
    except InternalError as error:
        return _our_fault(error)
    except SafePassageError as error:
        typer.echo(_said(error), err=True)
        return USERS_INPUT
    except BrokenPipeError:
        # The reader of our output went away (`safepassage … | head`): that is no fault.
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123
        return DONE
    except OSError as error:
        # Inputs that cannot be read are told by their readers: this is a folder that cannot be written to.
        mend = "choose another place, or see to its rights and room"
        fault = Fault(
            str(error.filename or "--out"), str(error.strerror or error), "a place to write to", mend
        )
        typer.echo(_said(InputError(fault)), err=True)
        return USERS_INPUT
    except Exception as error:  # the last net: nobody is shown a traceback unasked
        return _our_fault(error)
    if result == INTERRUPTED:  # newer typer turns an interruption into an exit of its own
        return _interrupted()
    return result if isinstance(result, int) else DONE


def _said(error: SafePassageError) -> str:
    label = "Input / Datos" if isinstance(error, InputError) else "Model / Modelo"
    return f"{label}: {error}"


def _interrupted() -> int:
    typer.echo("Interrupted; nothing half-written was left. / Interrumpido; nada quedó a medias.", err=True)
    return INTERRUPTED


def _our_fault(error: Exception) -> int:
    if os.environ.get("SAFEPASSAGE_DEBUG"):
        traceback.print_exc()
    typer.echo(
        f"Our fault / Error nuestro: {type(error).__name__}: {error}\n"
        "Please report it; SAFEPASSAGE_DEBUG=1 shows where it happened.",
        err=True,
    )
    return OUR_FAULT
