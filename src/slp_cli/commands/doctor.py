"""``slp doctor``: is everything there that a run needs?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from slp_cli.options import command
from slp_cli.ui import Answer, Ui, inert

_STYLES = {"ok": "green", "warning": "yellow", "failed": "bold red"}


@command
def doctor(
    ui: Ui,
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not connect to any router.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of data.slp.")
    ] = False,
) -> int:
    """Checks the installation, the inventory, credentials, reachability and the store.

    1: something failed. Nothing is changed, and no secret is shown.
    """
    if schema:
        from slp_cli.inventory_data import schema_text

        sys.stdout.write(schema_text())
        return 0
    from slp_cli.checks import checks
    from slp_cli.tables import Sheet

    found = list(checks(ui, offline=offline))

    def table(console: Any) -> None:
        from rich.text import Text

        for check in found:
            line = Text(f"{check.state:<8} ", style=_STYLES[check.state])
            line.append(inert(f"{check.what}: {check.text}"), style="default")
            console.print(line)
            if check.remedy and check.state != "ok":
                console.print(Text(inert(f"         {check.remedy}"), style="dim"))

    columns = ("what", "state", "text", "remedy")
    sheet = Sheet(columns, [(c.what, c.state, c.text, c.remedy) for c in found])
    texts = {"csv": sheet.csv, "markdown": sheet.markdown}
    ui.answer(Answer(table, data=lambda: {"checks": [asdict(c) for c in found]}, texts=texts))
    return 1 if any(c.state == "failed" for c in found) else 0
