"""``slp classic call-home|register|renew|deregister|mode``: before SLP, and the ASR 900."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from slp_cli.commands.single import Token
from slp_cli.one_step.options import How, job_command
from slp_cli.one_step.reaching import (
    Address,
    CallHomeUrl,
    Contact,
    LookupInterface,
    MailServer,
    NameServer,
    NoIdentityCheck,
    Profile,
    Proxy,
    Route,
    SourceInterface,
    Trustpoint,
    Vrf,
    call_home_of,
    path_to_server,
)
from slp_cli.ui import Ui

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Call-home, register, renew, deregister, mode: the way before SLP.",
)


class What(StrEnum):
    """What is renewed."""

    AUTH = "auth"
    ID = "id"
    BOTH = "both"


class Mode(StrEnum):
    """Licensing modes of the ASR 900 family."""

    SMART = "smart"
    NO_LICENSE = "no-license"


@app.command("call-home")
@job_command
def call_home(
    ui: Ui,
    how: How,
    vrf: Vrf = None,
    source_interface: SourceInterface = None,
    address: Address = None,
    route: Route = None,
    lookup_interface: LookupInterface = None,
    name_server: NameServer = None,
    proxy: Proxy = None,
    trustpoint: Trustpoint = None,
    contact: Contact = None,
    mail_server: MailServer = None,
    profile: Profile = None,
    url: CallHomeUrl = None,
    no_identity_check: NoIdentityCheck = False,
) -> int:
    """Sets up call-home, over the management interface or a network port, then saves.

    Only the lines that are missing are sent; an interface that has another address is not touched
    unless --allow B9-10='the second way in'.
    """
    from slp_cli.one_step.carry import carry
    from slp_core.planner import Job

    wanted = path_to_server(
        vrf=vrf, source_interface=source_interface, interface_address=address, routes=route,
        lookup_interface=lookup_interface, name_servers=name_server, proxy=proxy,
        trustpoint=trustpoint,
        call_home=call_home_of(contact, mail_server, profile, url, no_identity_check),
    )  # fmt: skip
    return carry(ui, how, Job.CALL_HOME, topology={**wanted, "kind": "direct"})


@app.command("register")
@job_command
def register(
    ui: Ui,
    how: How,
    token: Token = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where the router is registered.")
    ] = False,
) -> int:
    """Registers routers with CSSM; each answers later, in its own status."""
    from slp_cli.one_step.carry import carry
    from slp_core.planner import Job

    return carry(ui, how, Job.REGISTER, {"force": force}, topology={"token": token})


@app.command("renew")
@job_command
def renew(
    ui: Ui,
    how: How,
    what: Annotated[What, typer.Argument(help="Authorization, identity, or both.")] = What.BOTH,
) -> int:
    """Renews the authorization or identity of registered routers."""
    from slp_cli.one_step.carry import carry
    from slp_core.planner import Job

    parts = ["auth", "id"] if what is What.BOTH else [what.value]
    return carry(ui, how, Job.RENEW, {"what": parts})


@app.command("deregister")
@job_command
def deregister(ui: Ui, how: How) -> int:
    """Deregisters routers: 30 days of evaluation begin."""
    from slp_cli.one_step.carry import carry
    from slp_core.planner import Job

    return carry(ui, how, Job.DEREGISTER)


@app.command("mode")
@job_command
def mode(
    ui: Ui,
    how: How,
    wanted: Annotated[Mode, typer.Argument(help="The mode to switch to.", metavar="MODE")],
) -> int:
    """Switches the licensing mode: configures, saves, reloads.

    Disabling Smart Licensing shuts ports: --allow B9-15='the second way in' or it is not done.
    """
    from slp_cli.one_step.carry import carry
    from slp_core.planner import Job

    return carry(ui, how, Job.MODE, {"mode": wanted.value})
