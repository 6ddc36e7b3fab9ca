"""``slp onprem``: what SSM On-Prem's API is asked, as far as it is publicly described."""

from __future__ import annotations

from typing import Annotated

import typer

from nornir_slp.services.asking import Asking
from slp_cli.asking_options import service_command
from slp_cli.commands.cssm import (
    INSTANCE_COLUMNS,
    TOKEN_COLUMNS,
    Days,
    Export,
    TokenFile,
    give,
    instance_row,
    token_row,
)
from slp_cli.ui import Ui

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Asks SSM On-Prem: local accounts, devices, licences, tokens.",
)


@app.command("accounts")
@service_command
def accounts(ui: Ui, asking: Asking) -> int:
    """Lists the virtual accounts of a local account."""
    from nornir_slp.services.reach import onprem

    with onprem(ui, asking) as client:
        local, _ = client.account(asking.account)
        rows = [(local, name) for name in client.virtual_accounts(local)]
    give(ui, ("local account", "virtual account"), rows, key="accounts")
    return 0


@app.command("instances")
@service_command
def instances(
    ui: Ui,
    asking: Asking,
    search: Annotated[
        str | None, typer.Option(help="Only those whose name, PID or serial number holds this.")
    ] = None,
) -> int:
    """Lists the product instances of a virtual account, by name and UDI."""
    from nornir_slp.services.reach import onprem

    with onprem(ui, asking) as client:
        local, virtual = client.account(asking.account)
        wanted = (search or "").lower()
        rows = [
            instance_row(f"{local}/{virtual}", i)
            for i in client.instances(local, virtual)
            if wanted in f"{i.name} {i.hostname} {i.udi.pid} {i.udi.sn}".lower()
        ]
    give(ui, INSTANCE_COLUMNS, rows, key="instances")
    return 0


@app.command("licenses")
@service_command
def licenses(ui: Ui, asking: Asking) -> int:
    """Shows the licences of a virtual account as SSM On-Prem counts them."""
    from nornir_slp.services.reach import onprem

    with onprem(ui, asking) as client:
        local, virtual = client.account(asking.account)
        found = client.licences(local, virtual)
    keys = ("license", "quantity", "inUse", "status")
    rows = [tuple(str(row.get(k, "")) for k in keys) for row in found]
    give(ui, ("licence", "quantity", "in use", "status"), rows, key="licenses")
    return 0


@app.command("tokens")
@service_command
def tokens(ui: Ui, asking: Asking) -> int:
    """Lists registration tokens by their description; the tokens themselves are not shown."""
    from nornir_slp.services.reach import onprem

    with onprem(ui, asking) as client:
        local, virtual = client.account(asking.account)
        rows = [token_row(f"{local}/{virtual}", t) for t in client.tokens(local, virtual)]
    give(ui, TOKEN_COLUMNS, rows, key="tokens")
    return 0


@app.command("create-token")
@service_command
def create_token(
    ui: Ui,
    asking: Asking,
    to: TokenFile,
    description: Annotated[
        str, typer.Option("--description", "-d", help="Description in SSM On-Prem.")
    ] = "nornir-slp",
    days: Days = 30,
    export: Export = True,
) -> int:
    """Creates a registration token for classic Smart Licensing; it is written to a file only."""
    from nornir_slp.services.answers import write_private
    from nornir_slp.services.reach import onprem
    from slp_core.errors import UsageError

    if to is None:
        raise UsageError("the token must be written to a file", remedy="give --to FILE")
    with onprem(ui, asking) as client:
        local, virtual = client.account(asking.account)
        made = client.create_token(
            local, virtual, description=description, days=days, export=export
        )
    write_private(to, f"{made.secret}\n".encode())
    ui.say(f"wrote {to}: name it as file:{to.resolve()}")
    give(ui, TOKEN_COLUMNS, [token_row(f"{local}/{virtual}", made)], key="tokens")
    return 0
