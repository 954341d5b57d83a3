"""`safepassage offer`: what parishes, town halls and delegations offer, kept and decided upon."""

from __future__ import annotations

import typer

from safepassage.cli.offer_add import add
from safepassage.cli.offer_decide import accept, change, refuse, withdraw
from safepassage.cli.offer_list import list_offers

app = typer.Typer(
    name="offer",
    help="Take in what is offered, and decide on it. / Recibir ofertas y decidir sobre ellas.",
    no_args_is_help=True,
)
app.command("add")(add)
app.command("list")(list_offers)
app.command("accept")(accept)
app.command("refuse")(refuse)
app.command("change")(change)
app.command("withdraw")(withdraw)
