"""How a licensing service is asked, as the command line says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Concatenate, ParamSpec

import typer

from nornir_slp.services.asking import Asking
from slp_cli.options import Command, takes
from slp_cli.ui import Ui

P = ParamSpec("P")


@dataclass(frozen=True)
class _Asking(Asking):
    panel: ClassVar[str] = "Connection to the service (overrides data.slp of the inventory)"

    account: Annotated[
        str | None,
        typer.Option(
            "--account",
            "-a",
            help="'Smart Account/virtual account', by name, domain or number.",
        ),
    ] = None
    url: Annotated[
        str | None, typer.Option(help="Address of the service; default: Cisco's own.")
    ] = None
    api: Annotated[str | None, typer.Option(help="Generation of the API: auto, swapi, apx.")] = None
    client_id: Annotated[
        str | None, typer.Option(help="Client id of the API, or a reference to it.")
    ] = None
    client_secret: Annotated[
        str | None,
        typer.Option(
            help="Reference to the client secret, such as env:CSSM_SECRET; never the secret."
        ),
    ] = None
    ca: Annotated[
        Path | None, typer.Option(help="Certificates to trust instead of the system's.")
    ] = None


def service_command(function: Callable[Concatenate[Ui, Asking, P], int]) -> Command:
    """Returns ``function`` as a command: it gets a ``Ui`` and an ``Asking`` before its options."""
    return takes(_Asking)(function)
