"""`safepassage dispatch`: the drives that a plan proposes, answered by people."""

from __future__ import annotations

import typer

from safepassage.cli.dispatch_decide import accept, change, delivered, refuse, sent, withdraw
from safepassage.cli.dispatch_list import list_dispatches

app = typer.Typer(
    name="dispatch",
    help="Answer the drives that a plan proposes. / Responder a los viajes que propone un plan.",
    no_args_is_help=True,
)
app.command("list")(list_dispatches)
app.command("accept")(accept)
app.command("refuse")(refuse)
app.command("change")(change)
app.command("sent")(sent)
app.command("delivered")(delivered)
app.command("withdraw")(withdraw)
