"""The session that steps get: opened on first use, opened again after a loss, always closed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from slp_core.errors import NeverSent, SlpError
from slp_tasks.connection.printable import copied_path
from slp_tasks.connection.terminal import Terminal
from slp_tasks.session import Answer

if TYPE_CHECKING:
    from slp_exchange.router_rest import RestLogin


class Reach(Protocol):
    """One way to one router: a terminal, and files both ways."""

    def open(self) -> Terminal:
        """Connects, logs in and reaches privileged EXEC."""
        ...

    def put(self, local: Path, remote: str, *, timeout: float) -> None:
        """Copies a file to the router."""
        ...

    def get(self, remote: str, local: Path, *, timeout: float) -> None:
        """Copies a file off the router."""
        ...

    @property
    def prefers_rest(self) -> bool:
        """Whether usage goes by the REST interface."""
        ...

    def rest(self) -> RestLogin:
        """Returns how the REST interface is reached."""
        ...

    def close(self) -> None:
        """Closes whatever is open."""
        ...


_IDLE_S = 3.0


class RouterSession:
    """A ``Session`` over a ``Reach``: at most one terminal at a time, none while idle copying.

    A connection that was lost is never used again, and one that has idled is asked before it is
    trusted (F03): the next command opens a new one.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._terminal: Terminal | None = None
        self._used_at = 0.0
        self.lost = False

    @property
    def hostname(self) -> str:
        return self._use().hostname

    def _use(self) -> Terminal:
        terminal = self._terminal
        idle = time.monotonic() - self._used_at > _IDLE_S
        if terminal is None or terminal.lost or (idle and not terminal.alive()):
            self.close()
            terminal = self._terminal = self._reach.open()
        self.lost = False
        self._used_at = time.monotonic()
        return terminal

    def run(self, command: str, *, timeout: float = 60.0) -> str:
        return self.dialogue(command, timeout=timeout)

    def dialogue(
        self,
        command: str,
        answers: Sequence[Answer] = (),
        *,
        timeout: float = 60.0,
        drop_ok: bool = False,
        hidden: bool = False,
    ) -> str:
        terminal = self._use()
        try:
            said = terminal.dialogue(
                command, answers, timeout=timeout, drop_ok=drop_ok, hidden=hidden
            )
        except NeverSent:
            raise
        except SlpError:
            self.close()
            raise
        self._used_at = time.monotonic()
        self.lost = terminal.lost
        if self.lost:
            self.close()
        return said

    def dial(self, command: str, *, timeout: float = 60.0) -> str:
        terminal = self._use()
        try:
            said = terminal.dial(command, timeout=timeout)
        except SlpError:
            self.close()
            raise
        self._used_at = time.monotonic()
        if terminal.lost:  # hung up by us: the next command opens another
            self.close()
            self.lost = False
        return said

    def configure(self, lines: Sequence[str], *, timeout: float = 60.0) -> str:
        terminal = self._use()
        try:
            return terminal.configure(lines, timeout=timeout)
        finally:
            if terminal.lost:
                self.close()

    def put(self, local: Path, remote: str, *, timeout: float = 3600.0) -> None:
        remote = copied_path(remote)
        self.close()  # a copy needs a line of its own, and a control session would time out (F21)
        self._reach.put(local, remote, timeout=timeout)

    def get(self, remote: str, local: Path, *, timeout: float = 3600.0) -> None:
        remote = copied_path(remote)
        self.close()
        self._reach.get(remote, local, timeout=timeout)

    @property
    def prefers_rest(self) -> bool:
        return self._reach.prefers_rest

    def rest(self) -> RestLogin:
        return self._reach.rest()

    def close(self) -> None:
        was, self._terminal = self._terminal, None
        if was is not None:
            self.lost = was.lost
        self._reach.close()

    def __enter__(self) -> RouterSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
