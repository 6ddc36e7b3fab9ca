"""``slp onprem``: what SSM On-Prem's API is asked, as far as it is publicly described."""

from __future__ import annotations

import typer

from nornir_slp.services.asking import Asking
from slp_cli import service_tables as tables
from slp_cli.asking_options import service_command
from slp_cli.service_tables import (
    Days,
    Description,
    Export,
    Search,
    TokenFile,
    give,
    give_instances,
    give_tokens,
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
        local = client.home(asking.account).local
        rows = [(local, name) for name in client.virtual_accounts(local)]
    give(ui, ("local account", "virtual account"), rows, key="accounts")
    return 0


@app.command("instances")
@service_command
def instances(
    ui: Ui,
    asking: Asking,
    search: Search = None,
) -> int:
    """Lists the product instances of a virtual account, by name and UDI."""
    from nornir_slp.services.reach import onprem

    with onprem(ui, asking) as client:
        return give_instances(ui, client, asking.account, search)


@app.command("licenses")
@service_command
def licenses(ui: Ui, asking: Asking) -> int:
    """Shows the licences of a virtual account as SSM On-Prem counts them."""
    from nornir_slp.services.reach import onprem

    with onprem(ui, asking) as client:
        found = client.licences(client.home(asking.account))
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
        return give_tokens(ui, client, asking.account)


@app.command("create-token")
@service_command
def create_token(
    ui: Ui,
    asking: Asking,
    to: TokenFile,
    description: Description = "nornir-slp",
    days: Days = 30,
    export: Export = True,
) -> int:
    """Creates a registration token for classic Smart Licensing; it is written to a file only."""
    from nornir_slp.services.reach import onprem
    from slp_core.errors import UsageError

    if to is None:
        raise UsageError("the token must be written to a file", remedy="give --to FILE")
    with onprem(ui, asking) as client:
        return tables.create_token(
            ui, client, asking.account, to, description=description, days=days, export=export
        )
