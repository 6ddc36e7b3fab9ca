"""``slp doctor``: is everything there that a run needs?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated, Literal

import typer

from nornir_slp.view import Answer, Line, Page
from slp_cli.options import command
from slp_cli.ui import Ui

File = Literal["hosts", "defaults", "target"]


@command
def doctor(
    ui: Ui,
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not connect to any router.")
    ] = False,
    no_login: Annotated[
        bool, typer.Option("--no-login", help="Only see whether they answer; log in to none.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Log in to every router, not to one per credential.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of an inventory, for editors.")
    ] = False,
    of: Annotated[
        File,
        typer.Option("--of", help="Of which file: hosts (groups too), defaults or target."),
    ] = "hosts",
) -> int:
    """Checks the installation, the inventory, logins, host keys and the store.

    It logs in to one router for each credential and group. Nothing is changed, no secret is shown.

    Exit code 1: a router failed. 2: the inventory, a file or the store has a fault.
    """
    if schema:
        from nornir_slp.inventory_schemas import schema_text

        sys.stdout.write(schema_text(of))
        return 0
    from nornir_slp.check_model import exit_code
    from nornir_slp.check_routers import Reaching
    from nornir_slp.checks import checks
    from nornir_slp.sheet import Sheet

    found = list(checks(ui, reaching=Reaching.of(offline=offline, no_login=no_login, every=every)))

    def page() -> Page:
        for check in found:
            yield Line.of(f"{check.state:<8} ", check.state).add(f"{check.what}: {check.text}")
            if check.remedy and check.state != "ok":
                yield Line.of(f"         {check.remedy}", "dim")

    columns = ("what", "state", "text", "remedy")
    sheet = Sheet(columns, [(c.what, c.state, c.text, c.remedy) for c in found])
    ui.answer(
        Answer(page, data=lambda: {"checks": [asdict(c) for c in found]}, sheet=lambda: sheet)
    )
    return exit_code(found)
