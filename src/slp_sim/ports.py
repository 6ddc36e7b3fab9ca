"""What the simulated routers and the simulated services know of each other, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

RequestKind = Literal[
    "trust",  # body: token | None (a migrated registered router), hostname, export_wanted
    "usage",  # body: reports: list of report mappings as in formats.rum_report
    "poll",  # body: poll_id
    "authorization",  # body: feature, tag (short), regid, count
    "authorization_return",  # body: confirmation_code
    "dlc",  # body: features: {name: {permanent, eval_rtu, rtu, paper}}
    "register",  # body: token, hostname (pre-SLP)
    "deregister",
    "renew",  # body: what: auth | id (pre-SLP)
]


@dataclass(frozen=True)
class Request:
    """What a router's licensing agent sends."""

    kind: RequestKind
    pid: str
    sn: str
    hostname: str
    via: Literal["smart", "callhome", "cslu"]
    url: str | None
    sent_at: datetime
    """The router's own clock: CSSM refuses trust when it is off by an hour or more."""
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What comes back.

    Attributes:
        ok: the exchange worked; ``body`` answers it.
        reason: where it did not, the words that the router logs, such as
            ``Unable to resolve server hostname/domain name`` or ``token expired``.
        reached: False where no server was reached (COMM_FAILED), True where one refused.
        poll_id, poll_after_s: the answer is not ready; ask again (lab seconds).
        body: ``trust`` → {trust_id, smart_account, virtual_account};
            ``usage``/``poll`` → {ack: {policy: Policy mapping, acked: [report ids],
            dlc_done: bool}};
            ``authorization`` → {tag, regid, display_name, description, count,
            confirmation_code}.
    """

    ok: bool
    reason: str | None = None
    reached: bool = True
    poll_id: int | None = None
    poll_after_s: float = 0.0
    body: Mapping[str, Any] = field(default_factory=dict)


FileProblem = Literal["no file", "denied", "unreachable", "unresolved"]


@dataclass(frozen=True)
class FileRequest:
    """A router fetches or stores a file.

    Attributes:
        url: without credentials.
        data: what is to be stored; None where the file is to be fetched.
    """

    url: str
    pid: str
    sn: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class FileReply:
    """What comes back: the file (empty where one was stored), or why there is none."""

    data: bytes | None = field(default=None, repr=False)
    problem: FileProblem | None = None


Connected = Literal["open", "refused", "unreachable", "silent"]
"""What becomes of a TCP connection: somebody listens, nobody does, no way, no answer."""


class Network(Protocol):
    """The world beyond the router's interfaces, as the whole lab's routers see it."""

    def send(self, request: Request) -> Reply:
        """Carries a request to the service behind its URL, if there is one."""
        ...

    def carry(self, request: FileRequest) -> FileReply:
        """Fetches or stores a file for ``copy`` and its like."""
        ...

    def resolves(self, pid: str, sn: str, host: str) -> bool:
        """Tells whether a name server that this router reaches knows a host."""
        ...

    def connects(self, pid: str, sn: str, host: str, port: int) -> Connected:
        """Returns what becomes of a router's TCP connection to a host."""
        ...


class LabClock(Protocol):
    """The one clock of a lab."""

    def now(self) -> datetime:
        """Returns lab time, aware, in UTC."""
        ...

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Has ``act`` called once when lab time reaches ``when``.

        Nothing sleeps: due acts run, in order, when ``settle`` is called.
        """
        ...

    def settle(self) -> None:
        """Runs every act that is due, each with ``now()`` at its own due time."""
        ...


@dataclass(frozen=True)
class Output:
    """Bytes for the terminal."""

    data: bytes


@dataclass(frozen=True)
class Delay:
    """The router is busy: lab seconds until the next action."""

    seconds: float


@dataclass(frozen=True)
class Close:
    """The router ends the connection (exit, reload)."""


@dataclass(frozen=True)
class Wake:
    """After ``seconds`` of lab time the front end calls ``Shell.wake``: the command goes on."""

    seconds: float


Action = Output | Delay | Close | Wake


class Shell(Protocol):
    """One VTY line: a pure state machine behind SSH and behind the in-process transport."""

    @property
    def idle(self) -> bool:
        """Tells whether it shows a prompt: no command is at work or asks something."""
        ...

    def start(self) -> list[Action]:
        """Banner and first prompt, after login."""
        ...

    def feed(self, data: bytes) -> list[Action]:
        """Takes what was typed, returns what the router does."""
        ...

    def wake(self) -> list[Action]:
        """Goes on after a ``Wake``."""
        ...

    def news(self) -> list[Action]:
        """Prints what was logged while nobody typed, where the user asked for it."""
        ...

    def close(self) -> None:
        """The client hung up; the line is free again."""
        ...
