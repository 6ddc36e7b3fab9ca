"""Options that say how a router reaches its licence server, for SLP and for the way before it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

_PANEL = "The way to the server"


def _option(help: str, *names: str, **how: Any) -> Any:
    return typer.Option(*names, help=help, rich_help_panel=_PANEL, **how)


Vrf = Annotated[str | None, _option("VRF to it.")]
SourceInterface = Annotated[str | None, _option("Source interface to it.")]
Address = Annotated[
    str | None, _option("ADDRESS MASK of the source interface, where it has none yet.")
]
Route = Annotated[list[str] | None, _option("PREFIX MASK NEXT-HOP; repeatable.")]
LookupInterface = Annotated[str | None, _option("From which interface names are looked up.")]
NameServer = Annotated[list[str] | None, _option("Name server; repeatable.")]
Proxy = Annotated[str | None, _option("Proxy to it, host:port.")]
Trustpoint = Annotated[str | None, _option("Trustpoint of the HTTP client.")]
RevocationCheck = Annotated[str | None, _option("Of the trustpoint: none, crl, or both.")]
HttpTimeout = Annotated[int | None, _option("Seconds of the HTTP client.", min=1, max=60)]
HttpRetries = Annotated[int | None, _option("Tries of the HTTP client.", min=1, max=5)]
Contact = Annotated[str | None, _option("Call-home: e-mail address of the contact.")]
MailServer = Annotated[
    list[str] | None, _option("Call-home: mail server, by priority; repeatable.")
]
Profile = Annotated[str | None, _option("Call-home: profile; unless said CiscoTAC-1.")]
CallHomeUrl = Annotated[
    str | None, _option("Call-home: where the profile sends to; others are taken away.")
]
NoIdentityCheck = Annotated[
    bool,
    _option("Call-home: the server's certificate does not name it.", "--no-identity-check"),
]


def path_to_server(**given: Any) -> dict[str, Any]:
    """Returns what was given, in the words of a target's topology."""
    return {name: value for name, value in given.items() if value}


def call_home_of(
    contact: str | None,
    mail_servers: list[str] | None,
    profile: str | None,
    url: str | None,
    no_identity_check: bool,
) -> dict[str, Any] | None:
    """Returns the call-home of a target's topology; ``None`` where nothing of it was given."""
    given = path_to_server(contact=contact, mail_servers=mail_servers, profile=profile, url=url)
    if no_identity_check:
        given["server_identity_check"] = False
    return given or None
