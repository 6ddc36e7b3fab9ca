"""Options that say how a router reaches its licence server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from typer import Option

_PANEL = "Path to the server"


@dataclass(frozen=True)
class Path:
    """The way to the server."""

    panel: ClassVar[str] = _PANEL

    vrf: Annotated[str | None, Option(help="VRF to it.")] = None
    source_interface: Annotated[str | None, Option(help="Source interface to it.")] = None
    address: Annotated[
        str | None,
        Option(help="ADDRESS MASK for the source interface if it has none."),
    ] = None
    route: Annotated[list[str] | None, Option(help="PREFIX MASK NEXT-HOP; repeatable.")] = None
    lookup_interface: Annotated[str | None, Option(help="Interface for name lookups.")] = None
    name_server: Annotated[list[str] | None, Option(help="Name server; repeatable.")] = None
    proxy: Annotated[str | None, Option(help="Proxy to it, host:port.")] = None
    trustpoint: Annotated[str | None, Option(help="Trustpoint of the HTTP client.")] = None

    def wishes(self) -> dict[str, Any]:
        """Returns what was given, in the words of a target's topology."""
        return _given(
            vrf=self.vrf,
            source_interface=self.source_interface,
            interface_address=self.address,
            routes=self.route,
            lookup_interface=self.lookup_interface,
            name_servers=self.name_server,
            proxy=self.proxy,
            trustpoint=self.trustpoint,
        )


@dataclass(frozen=True)
class HttpPath(Path):
    """The way to the server, with what SLP's HTTP client takes beside."""

    revocation_check: Annotated[
        str | None, Option(help="Revocation check of the trustpoint: none, crl, or both.")
    ] = None
    http_timeout: Annotated[
        int | None, Option(help="Timeout of the HTTP client, in seconds.", min=1, max=60)
    ] = None
    http_retries: Annotated[
        int | None, Option(help="Attempts of the HTTP client.", min=1, max=5)
    ] = None

    def wishes(self) -> dict[str, Any]:
        """Returns what was given, in the words of a target's topology."""
        return super().wishes() | _given(
            revocation_check=self.revocation_check,
            http_timeout=self.http_timeout,
            http_retries=self.http_retries,
        )


@dataclass(frozen=True)
class CallHome:
    """How call-home reaches the server."""

    panel: ClassVar[str] = _PANEL

    contact: Annotated[str | None, Option(help="Call-home: e-mail address of the contact.")] = None
    mail_server: Annotated[
        list[str] | None, Option(help="Call-home: mail server, by priority; repeatable.")
    ] = None
    profile: Annotated[str | None, Option(help="Call-home: profile; default: CiscoTAC-1.")] = None
    call_home_url: Annotated[
        str | None,
        Option(help="Call-home: address that the profile sends to; others are removed."),
    ] = None
    no_identity_check: Annotated[
        bool,
        Option("--no-identity-check", help="Call-home: the server's certificate does not name it."),
    ] = False

    def wishes(self) -> dict[str, Any] | None:
        """Returns the call-home of a target's topology; ``None`` where nothing of it was given."""
        given = _given(
            contact=self.contact,
            mail_servers=self.mail_server,
            profile=self.profile,
            url=self.call_home_url,
        )
        if self.no_identity_check:
            given["server_identity_check"] = False
        return given or None


@dataclass(frozen=True)
class OwnCallHome(CallHome):
    """The same where call-home is all that is set up: its URL is ``--url``."""

    call_home_url: Annotated[
        str | None,
        Option("--url", help="Call-home: address that the profile sends to; others are removed."),
    ] = None


def _given(**given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value}
