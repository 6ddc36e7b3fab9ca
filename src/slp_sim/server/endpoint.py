"""``Endpoint``: where one router of a lab is reached over SSH, and who is connected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import asyncssh

from slp_sim.router.router import Router


class Connected(Protocol):
    """A line that somebody is connected to."""

    def look(self) -> None:
        """Says what its shell has to say by now."""
        ...


@dataclass
class Endpoint:
    """Where one router is reached, and who is connected.

    Attributes:
        key: the host key; another one where the router got another key pair.
        answers_by: that key pair of the router.
    """

    router: Router
    address: str
    key: asyncssh.SSHKey
    acceptor: asyncssh.SSHAcceptor | None = None
    connections: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    lines: set[Connected] = field(default_factory=set)
    busy: bool = False
    answers_by: tuple[str, int] | None = None


class Server(Protocol):
    """What a session asks of the lab's server."""

    authorized: asyncssh.SSHAuthorizedKeys | None

    def after(self, seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
        """Has ``act`` called in so many lab seconds."""
        ...

    def touched(self, endpoint: Endpoint) -> None:
        """Looks at a router after something was done to it."""
        ...
