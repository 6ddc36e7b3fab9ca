"""What ``slp cssm`` and ``slp onprem`` have in common: tokens, product instances, their tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from nornir_slp.view import Answer
from slp_cli.ui import Ui

if TYPE_CHECKING:
    from slp_exchange.accounts import Accounts
    from slp_exchange.models import Instance, RegistrationToken

Home = TypeVar("Home")
Days = Annotated[int, typer.Option(min=1, max=365, help="Days until it expires (TOKEN-1).")]
Export = Annotated[
    bool,
    typer.Option(
        "--export/--no-export", help="Allow export-controlled functionality, for HSECK9 (TOKEN-2)."
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        "--to", help="File that gets the token, 0600: name it as file:PATH.", metavar="FILE"
    ),
]
Description = Annotated[str, typer.Option("--description", "-d", help="Description of the token.")]
Search = Annotated[
    str | None, typer.Option(help="Only those whose name, PID or serial number holds this.")
]
TOKEN_COLUMNS = ("account", "description", "expires", "export")
INSTANCE_COLUMNS = ("account", "name", "PID", "serial number", "host name", "last contact", "usage")


def token_row(account: str, token: RegistrationToken) -> tuple[str, ...]:
    """Returns what may be shown of a token."""
    export = {None: "", True: "allowed", False: "not allowed"}[token.export]
    return account, token.description, when(token.expires), export


def instance_row(account: str, instance: Instance) -> tuple[str, ...]:
    """Returns one line of a list of product instances."""
    usage = ", ".join(f"{n} x{c}" for n, c in instance.licences)
    udi = instance.udi
    last = when(instance.last_contact)
    return account, instance.name, udi.pid, udi.sn, instance.hostname, last, usage


def when(at: datetime | None) -> str:
    """Returns a time as tables show it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ") if at else ""


def give(ui: Ui, columns: Sequence[str], rows: Sequence[tuple[str, ...]], *, key: str) -> None:
    """Shows rows in the format asked for."""
    from nornir_slp.sheet import Sheet

    sheet = Sheet(tuple(columns), rows)
    names = [c.lower().replace(" ", "_") for c in columns]

    def data() -> Any:
        return {"schema_version": 1, key: [dict(zip(names, row, strict=True)) for row in rows]}

    ui.answer(Answer(sheet, data=data))


def give_tokens(ui: Ui, client: Accounts[Home], account: str | None) -> int:
    """Lists the registration tokens of an account, or of all; returns the exit code."""
    rows = [token_row(str(h), t) for h in client.homes(account) for t in client.tokens(h)]
    give(ui, TOKEN_COLUMNS, rows, key="tokens")
    return 0


def give_instances(ui: Ui, client: Accounts[Home], account: str | None, search: str | None) -> int:
    """Lists the product instances of an account, or of all; returns the exit code."""
    rows = [instance_row(str(h), i) for h, i in instances_of(client, account, search)]
    give(ui, INSTANCE_COLUMNS, rows, key="instances")
    return 0


def instances_of(
    client: Accounts[Home], account: str | None, search: str | None = None
) -> Iterator[tuple[Home, Instance]]:
    """Yields product instances with their account."""
    wanted = (search or "").lower()
    for home in client.homes(account):
        for i in client.instances(home):
            if wanted in f"{i.name} {i.hostname} {i.udi.pid} {i.udi.sn}".lower():
                yield home, i


def create_token(
    ui: Ui,
    client: Accounts[Home],
    account: str | None,
    to: Path | None,
    *,
    description: str,
    days: int,
    export: bool,
) -> int:
    """Creates a token, and writes it to a file where one is named; returns the exit code."""
    from nornir_slp.services.answers import write_private

    home = client.home(account)
    made = client.create_token(home, description=description, days=days, export=export)
    if to is not None:
        write_private(to, f"{made.secret}\n".encode())
        ui.say(f"wrote {to}: a token of {home}; name it as file:{to.resolve()}")
    give(ui, TOKEN_COLUMNS, [token_row(str(home), made)], key="tokens")
    return 0
