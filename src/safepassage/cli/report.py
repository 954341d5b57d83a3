"""`safepassage report`: what was reported, taken in, looked over, agreed upon and handed on."""

from __future__ import annotations

import typer

from safepassage.cli.report_add import add
from safepassage.cli.report_export import export
from safepassage.cli.report_import import form, import_reports
from safepassage.cli.report_list import list_reports
from safepassage.cli.report_read import read
from safepassage.cli.report_review import adopt, delete, review

app = typer.Typer(
    name="report",
    help="Take in reports, look them over, and hand them on. / Recibir, revisar y entregar informes.",
    no_args_is_help=True,
)
app.command("add")(add)
app.command("list")(list_reports)
app.command("review")(review)
app.command("adopt")(adopt)
app.command("delete")(delete)
app.command("export")(export)
# Other ways in: each adds one line here.
app.command("import")(import_reports)
app.command("form")(form)
app.command("read")(read)
