"""The options of every command that asks a licensing service, and the decorator that gives them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, cast

import typer

from nornir_slp.services.asking import Asking
from slp_cli.options import command
from slp_cli.ui import Ui

P = ParamSpec("P")
_PANEL = "How the service is asked (wins over data.slp of the inventory)"


def _asking(
    account: Annotated[
        str | None,
        typer.Option(
            "--account",
            "-a",
            help="'Smart Account/virtual account', by name, domain or number.",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(help="Address of the service; default: Cisco's own.", rich_help_panel=_PANEL),
    ] = None,
    api: Annotated[
        str | None,
        typer.Option(help="Generation of the API: auto, swapi, apx.", rich_help_panel=_PANEL),
    ] = None,
    client_id: Annotated[
        str | None,
        typer.Option(help="Client id of the API, or a reference to it.", rich_help_panel=_PANEL),
    ] = None,
    client_secret: Annotated[
        str | None,
        typer.Option(
            help="Reference to the client secret, such as env:CSSM_SECRET; never the secret.",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    ca: Annotated[
        Path | None,
        typer.Option(help="Certificates to trust instead of the system's.", rich_help_panel=_PANEL),
    ] = None,
) -> Asking:
    return Asking(account, url, api, client_id, client_secret, ca)


def service_command(function: Callable[Concatenate[Ui, Asking, P], int]) -> Callable[..., None]:
    """Returns ``function`` as a command: it gets a ``Ui`` and an ``Asking`` before its options."""
    parameters = list(inspect.signature(function, eval_str=True).parameters.values())
    first, own = parameters[0], parameters[2:]
    shared = list(inspect.signature(_asking, eval_str=True).parameters.values())

    @wraps(function)
    def call(ui: Ui, **values: Any) -> int:
        asking = _asking(**{p.name: values.pop(p.name) for p in shared})
        carry_out = cast("Callable[..., int]", function)
        return carry_out(ui, asking, **values)

    described = cast(Any, call)
    del described.__wrapped__  # else its signature would win over ours
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *shared)]
    described.__signature__ = inspect.Signature([first, *keyword])
    described.__annotations__ = {p.name: p.annotation for p in (first, *keyword)}
    return command(cast("Callable[..., int]", call))
