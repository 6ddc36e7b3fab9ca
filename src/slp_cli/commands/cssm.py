"""``slp cssm``: what CSSM's API is asked, for people and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nornir_slp.services.asking import Asking
from nornir_slp.view import Answer
from slp_cli import service_tables as tables
from slp_cli.asking_options import service_command
from slp_cli.commands.cssm_files import poll, serve_run, slac, upload
from slp_cli.service_tables import (
    Days,
    Description,
    Export,
    Search,
    TokenFile,
    give,
    give_instances,
    give_tokens,
    instances_of,
)
from slp_cli.ui import Ui
from slp_core.errors import UsageError

if TYPE_CHECKING:
    pass

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Asks CSSM: tokens, balances, usage reports."
)
NOTHING_DONE = 3
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command("accounts")
@service_command
def accounts(ui: Ui, asking: Asking) -> int:
    """Lists the Smart Accounts and virtual accounts that the API client sees."""
    from nornir_slp.services.reach import cssm

    with cssm(ui, asking) as client:
        rows = [
            (smart.name, virtual.name, smart.domain)
            for smart in client.accounts
            for virtual in smart.virtual_accounts
        ]
    give(ui, ("Smart Account", "virtual account", "domain"), rows, key="accounts")
    return 0


@app.command("tokens")
@service_command
def tokens(ui: Ui, asking: Asking) -> int:
    """Lists registration tokens by their description; the tokens themselves are not shown."""
    from nornir_slp.services.reach import cssm

    with cssm(ui, asking) as client:
        return give_tokens(ui, client, asking.account)


@app.command("create-token")
@service_command
def create_token(
    ui: Ui,
    asking: Asking,
    description: Description = "nornir-slp",
    days: Days = 30,
    export: Export = True,
    to: TokenFile = None,
) -> int:
    """Creates a registration token; it is written to a file, never to the screen.

    Without --to it stays in CSSM, where cssm: references find it by its description.
    """
    from nornir_slp.services.reach import cssm

    with cssm(ui, asking) as client:
        return tables.create_token(
            ui, client, asking.account, to, description=description, days=days, export=export
        )


@app.command("revoke-token")
@service_command
def revoke_token(
    ui: Ui,
    asking: Asking,
    description: Annotated[
        str, typer.Option("--description", "-d", help="Tokens of exactly this description.")
    ],
    yes: Yes = False,
) -> int:
    """Revokes registration tokens: routers that have trust keep it, no further one gets it."""
    from nornir_slp.services.reach import cssm

    with cssm(ui, asking) as client:
        home = client.home(asking.account)
        found = [t for t in client.tokens(home) if t.description == description]
        if not found:
            raise UsageError(f"{home} lists no valid token {description!r}", where="--description")
        if not agreed(ui, f"Revoke {len(found)} of {home}?", yes=yes):
            return NOTHING_DONE
        client.revoke_tokens(home, found)
    ui.say(f"{len(found)} revoked")
    return 0


@app.command("balances")
@service_command
def balances(
    ui: Ui,
    asking: Asking,
    tag: Annotated[
        str | None, typer.Option(help="Only tags or names that hold this, such as hsec.")
    ] = None,
) -> int:
    """Shows how many licences are free; slp plan --balances reads the --json form."""
    from nornir_slp.services.balances import read_balances

    read = read_balances(ui, asking)
    some = read.holding(tag) if tag else read
    sheet = some.sheet()
    ui.answer(Answer(sheet, data=lambda: some.model_dump(mode="json")))
    return 0


@app.command("instances")
@service_command
def instances(
    ui: Ui,
    asking: Asking,
    search: Search = None,
) -> int:
    """Lists product instances, by name and UDI."""
    from nornir_slp.services.reach import cssm

    with cssm(ui, asking) as client:
        return give_instances(ui, client, asking.account, search)


@app.command("remove-instance")
@service_command
def remove_instance(
    ui: Ui,
    asking: Asking,
    sn: Annotated[str, typer.Argument(help="Serial number.", metavar="SN")],
    pid: Annotated[
        str | None, typer.Option(help="PID, where one serial number is not enough.")
    ] = None,
    yes: Yes = False,
) -> int:
    """Removes a product instance from its account, with all that it holds (B9-9)."""
    from nornir_slp.services.reach import cssm

    with cssm(ui, asking) as client:
        every = instances_of(client, asking.account)
        found = [(h, i) for h, i in every if i.udi.sn == sn and pid in (None, i.udi.pid)]
        if len(found) != 1:
            raise UsageError(
                f"CSSM lists {len(found)} product instances of serial number {sn}",
                remedy="look at slp cssm instances; --account and --pid choose one",
            )
        home, instance = found[0]
        named = f"{instance.name} ({instance.udi.pid} {sn}) from {home}"
        if not agreed(ui, f"Remove {named}?", yes=yes):
            return NOTHING_DONE
        client.remove_instance(home, instance)
    ui.say(f"removed {named}")
    return 0


app.command("upload")(upload)
app.command("poll")(poll)
app.command("slac")(slac)
app.command("serve-run")(serve_run)


def agreed(ui: Ui, question: str, *, yes: bool) -> bool:
    """Returns whether the operator wants it."""
    if yes:
        return True
    if not ui.interactive:
        ui.warn("nothing was done: there is nobody to ask; give --yes")
        return False
    return typer.confirm(question, default=False, err=True)
