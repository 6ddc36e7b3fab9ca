"""The one seam to a router: run, hold a dialogue, configure, copy.

Nothing outside ``slp_tasks.connection`` knows which client library is behind it, and every error
that leaves it is one of ``slp_core.errors``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from slp_exchange.router_rest import RestLogin

_REJECTED = re.compile(
    r"^\s*(% ?(?:Invalid (?:input|command)|Incomplete command|Ambiguous command|Unknown command)"
    r".*|% Bad IP address or host name.*|Command authorization failed.*"
    r"|.*not supported in Controller mode.*|.*use the equivalent command - config-transaction.*)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Answer:
    """What to send when the router asks.

    Attributes:
        expect: literal text that the router's question ends with; never a pattern (F12).
        send: the answer; a return is added.
        hidden: neither echoed nor logged.
    """

    expect: str
    send: str
    hidden: bool = False


class Session(Protocol):
    """One terminal session with one router, in privileged EXEC."""

    @property
    def hostname(self) -> str:
        """The router's own name, as its prompt shows it."""
        ...

    lost: bool
    """Whether the router ended the connection (expected after ``dialogue(drop_ok=True)``)."""

    def run(self, command: str, *, timeout: float = 60.0) -> str:
        """Returns what the router printed, without echo and prompt; rejections are text too.

        Args:
            timeout: machine seconds until the prompt must be back.

        Raises:
            DeadlineExceeded, SessionLost: the session is closed and a new one can be opened.
        """
        ...

    def dialogue(
        self,
        command: str,
        answers: Sequence[Answer] = (),
        *,
        timeout: float = 60.0,
        drop_ok: bool = False,
        hidden: bool = False,
    ) -> str:
        """Sends ``command``, answers what is asked, returns all that was printed.

        Each answer serves at most once, in any order. Ends at the prompt or, with ``drop_ok``,
        also at the loss of the connection (then ``lost`` is true).

        Args:
            hidden: the command carries a secret: it is kept out of every log.
        """
        ...

    def dial(self, command: str, *, timeout: float = 60.0) -> str:
        """Sends a ``telnet`` to another host and returns what the router said of it.

        A session that opens is left and closed before anything is sent to the other host. Where it
        is not sure that the router's own prompt is back, ours is closed and the next command opens
        another.

        Raises:
            DeadlineExceeded, SessionLost: the session is closed and a new one can be opened.
        """
        ...

    def configure(self, lines: Sequence[str], *, timeout: float = 60.0) -> str:
        """Enters configuration lines and leaves configuration mode.

        Raises:
            CommandRejected: at the first line that the router refuses; none is sent after it.
            NeverSent: one of the lines is anything but printable; none is sent at all.
        """
        ...

    def put(self, local: Path, remote: str, *, timeout: float = 3600.0) -> None:
        """Copies a file to the router (``bootflash:name``) by SCP; proves nothing by itself."""
        ...

    def get(self, remote: str, local: Path, *, timeout: float = 3600.0) -> None:
        """Copies a file off the router, byte for byte, readable by its owner alone."""
        ...

    @property
    def prefers_rest(self) -> bool:
        """Whether the inventory wants usage to go by the router's REST interface."""
        ...

    def rest(self) -> RestLogin:
        """Returns how the router's REST interface is reached; it is not asked yet.

        Raises:
            InventoryError: the inventory does not say.
        """
        ...

    def close(self) -> None:
        """Ends the session; harmless where it has ended already."""
        ...


def rejection(text: str) -> str | None:
    """Returns the line in which the router refused a command, if it did (F19)."""
    match = _REJECTED.search(text)
    return match[1].strip() if match else None
