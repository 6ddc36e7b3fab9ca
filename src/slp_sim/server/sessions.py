"""One client of a lab's router over SSH: login, channel, and the line behind it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import asyncssh

from slp_sim.ports import Action, Close, Delay, Output, Shell, Wake
from slp_sim.router.router import Router
from slp_sim.server.scp import Scp

LOG = logging.getLogger("slp_sim.server")
_LINGER_S = 0.5
_MAX_TYPED_AHEAD = 1024 * 1024


@dataclass
class Door:
    """Where one router is reached, and who is connected."""

    router: Router
    address: str
    key: asyncssh.SSHKey
    acceptor: asyncssh.SSHAcceptor | None = None
    connections: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    busy: bool = False


class House(Protocol):
    """What a session asks of the lab's server."""

    authorized: asyncssh.SSHAuthorizedKeys | None

    def after(self, seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
        """Has ``act`` called in so many lab seconds."""
        ...

    def touched(self, door: Door) -> None:
        """Looks at a router after something was done to it."""
        ...


@contextlib.contextmanager
def _crashing(door: Door) -> Iterator[None]:
    """Has a defect of a simulated router look like a router's: it is logged, and its lines drop."""
    try:
        yield
    except Exception:
        LOG.exception("%s: a session crashed", door.router.spec.name)
        for connection in list(door.connections):
            connection.abort()


class Login(asyncssh.SSHServer):
    """One client's way in."""

    def __init__(self, server: House, door: Door) -> None:
        self._server = server
        self._door = door
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._door.connections.add(conn)

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._connection is not None:
            self._door.connections.discard(self._connection)

    def begin_auth(self, _username: str) -> bool:
        if self._connection is not None and self._server.authorized:
            self._connection.set_authorized_keys(self._server.authorized)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._door.router.check_login(username, password)

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return _Session(self._server, self._door)


class _Session(asyncssh.SSHServerSession[bytes]):
    """One channel: a VTY line, one command, or SCP."""

    def __init__(self, server: House, door: Door) -> None:
        self._server = server
        self._door = door
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._shell: Shell | None = None
        self._scp: Scp | None = None
        self._command: str | None = None
        self._line: _Line | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(self, *_: Any) -> bool:
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        if command.split(" ", 1)[0] == "scp":
            self._scp = Scp(self._door.router, command)
        else:
            self._command = command
        return True

    def subsystem_requested(self, _subsystem: str) -> bool:
        return False  # no SFTP, as on a router

    def session_started(self) -> None:
        chan = self._channel
        assert chan is not None
        if self._scp is not None:
            self._write_scp(self._scp.start())
            return
        with _crashing(self._door):
            self._open_line(chan)

    def _open_line(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        user = str(chan.get_extra_info("username"))
        self._shell = self._door.router.shell(user)
        self._line = _Line(self._server, self._door, chan, self._shell)
        if self._command is not None:
            self._line.run_alone(self._command)
        else:
            self._line.act(self._shell.start())

    def data_received(self, data: bytes, _datatype: asyncssh.DataType) -> None:
        with _crashing(self._door):
            if self._scp is not None:
                self._write_scp(self._scp.feed(data))
            elif self._line is not None:
                self._line.typed(data)

    def _write_scp(self, data: bytes) -> None:
        assert self._channel is not None
        assert self._scp is not None
        if data:
            self._channel.write(data)
        status = self._scp.status
        if status == 0:
            self._channel.exit(0)
        elif status is not None:  # some clients read an error only while the channel is open
            asyncio.get_running_loop().call_later(_LINGER_S, self._channel.exit, status)
        self._server.touched(self._door)

    def eof_received(self) -> bool:
        if self._scp is not None:
            self._scp.eof()
            self._write_scp(b"")
            return False
        if self._line is None:
            return False
        with _crashing(self._door):
            self._line.end_of_input()
        return True

    def break_received(self, _msec: int) -> bool:
        return True

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._line is not None:
            self._line.gone()
            assert self._channel is not None
            close = self._channel.get_connection().close  # as a router does, its line being free
            asyncio.get_running_loop().call_later(_LINGER_S, close)


class _Line:
    """Carries out what a shell says: bytes now, pauses in lab time, the end."""

    def __init__(
        self,
        server: House,
        door: Door,
        channel: asyncssh.SSHServerChannel[bytes],
        shell: Shell,
    ) -> None:
        self._server = server
        self._door = door
        self._channel = channel
        self._shell = shell
        self._actions: deque[Action] = deque()
        self._typed = bytearray()
        self._pause: asyncio.TimerHandle | None = None
        self._wakes: set[asyncio.TimerHandle] = set()
        self._over = False
        self._alone: bytearray | None = None
        self._echoed = False
        self._ended = False

    def run_alone(self, command: str) -> None:
        """Carries out one command without a prompt, as ``ssh router show clock`` does."""
        self._alone = bytearray()
        if any(isinstance(action, Close) for action in self._shell.start()):
            self.act([Close()])
            return
        self._shell.feed(b"terminal length 0\n")
        self.act(self._shell.feed(command.encode() + b"\n"))

    def end_of_input(self) -> None:
        """The client has nothing more to say: what is at work goes on, nothing new begins."""
        self._ended = True
        self._go_on()

    def typed(self, data: bytes) -> None:
        """Hands on what was typed, later while the router is busy."""
        if self._over:
            return
        if self._pause is not None:
            if len(self._typed) < _MAX_TYPED_AHEAD:
                self._typed += data
            return
        self.act(self._shell.feed(data))

    def act(self, actions: list[Action]) -> None:
        """Carries out actions in order; what follows a pause waits for its end."""
        self._actions.extend(actions)
        self._go_on()
        self._server.touched(self._door)

    def _go_on(self) -> None:
        while self._actions and not self._over and self._pause is None:
            action = self._actions.popleft()
            if isinstance(action, Output):
                self._write(action.data)
            elif isinstance(action, Delay):
                self._pause = self._server.after(action.seconds, self._resumed)
            elif isinstance(action, Wake):
                self._wake_in(action.seconds)
            else:
                assert isinstance(action, Close)
                self._hang_up()
        if self._over or self._pause is not None:
            return
        if self._alone is not None:
            self._show_alone(self._alone)
        if self._shell.idle and self._alone is not None:
            self._shell.feed(b"exit\n")
            self._hang_up()
        elif self._ended and not self._wakes and not self._typed:
            self._hang_up()

    def _show_alone(self, text: bytearray) -> None:
        """Prints what a command said; neither its echo nor the prompt that follows it."""
        if not self._echoed:
            _, line_end, rest = text.partition(b"\n")
            if not line_end:
                return
            text[:], self._echoed = rest, True
        end = text.rfind(b"\n") + 1 if self._shell.idle else len(text)
        self._channel.write(bytes(text[:end]))
        text.clear()

    def _write(self, data: bytes) -> None:
        if self._alone is None:
            self._channel.write(data)
        else:
            self._alone += data

    def _resumed(self) -> None:
        self._pause = None
        self._go_on()
        if self._typed and self._pause is None and not self._over:
            data = bytes(self._typed)
            self._typed.clear()
            with _crashing(self._door):
                self.act(self._shell.feed(data))

    def _wake_in(self, seconds: float) -> None:
        handle: asyncio.TimerHandle

        def wake() -> None:
            self._wakes.discard(handle)
            with _crashing(self._door):
                if not self._over:
                    self.act(self._shell.wake())

        handle = self._server.after(seconds, wake)
        self._wakes.add(handle)

    def _hang_up(self) -> None:
        self._over = True
        if self._alone:
            self._show_alone(self._alone)
        if self._door.router.is_up():
            self._channel.exit(0)
        # A router that goes down cuts its lines: the server sees to it.

    def gone(self) -> None:
        """The client is gone: the line is free."""
        self._over = True
        for handle in (self._pause, *self._wakes):
            if handle is not None:
                handle.cancel()
        self._wakes.clear()
        self._shell.close()
