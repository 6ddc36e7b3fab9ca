"""One client of a lab's router over SSH: login, channel, and the line behind it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import asyncssh

from slp_sim.ports import Shell
from slp_sim.router.console.exec import open_terminal
from slp_sim.router.render.config import contents
from slp_sim.server.endpoint import Endpoint, Server
from slp_sim.server.line import Line, crashing
from slp_sim.server.scp import Scp

_LINGER_S = 0.5


class Login(asyncssh.SSHServer):
    """One client's way in."""

    def __init__(self, server: Server, endpoint: Endpoint) -> None:
        self._server = server
        self._endpoint = endpoint
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._endpoint.connections.add(conn)

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._connection is not None:
            self._endpoint.connections.discard(self._connection)

    def begin_auth(self, _username: str) -> bool:
        if self._connection is not None:
            banner = self._endpoint.router.banner("login")
            if banner:
                self._connection.send_auth_banner(f"\n{banner}\n".replace("\n", "\r\n"))
            if self._server.authorized:
                self._connection.set_authorized_keys(self._server.authorized)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._endpoint.router.check_login(username, password)

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return _Session(self._server, self._endpoint)


class _Session(asyncssh.SSHServerSession[bytes]):
    """One channel: a VTY line, one command, or SCP."""

    def __init__(self, server: Server, endpoint: Endpoint) -> None:
        self._server = server
        self._endpoint = endpoint
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._shell: Shell | None = None
        self._scp: Scp | None = None
        self._command: str | None = None
        self._line: Line | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(self, *_: Any) -> bool:
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        if command.split(" ", 1)[0] == "scp":
            router = self._endpoint.router
            self._scp = Scp(partial(contents, router), router.write_file, command)
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
        with crashing(self._endpoint):
            self._open_line(chan)

    def _open_line(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        user = str(chan.get_extra_info("username"))
        self._shell = open_terminal(self._endpoint.router, user)
        self._line = Line(self._server, self._endpoint, chan, self._shell)
        self._endpoint.lines.add(self._line)
        if self._command is not None:
            self._line.run_alone(self._command)
        else:
            self._line.act(self._shell.start())

    def data_received(self, data: bytes, _datatype: asyncssh.DataType) -> None:
        with crashing(self._endpoint):
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
        self._server.touched(self._endpoint)

    def eof_received(self) -> bool:
        if self._scp is not None:
            self._scp.eof()
            self._write_scp(b"")
            return False
        if self._line is None:
            return False
        with crashing(self._endpoint):
            self._line.end_of_input()
        return True

    def break_received(self, _msec: int) -> bool:
        return True

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._line is not None:
            self._endpoint.lines.discard(self._line)
            self._line.gone()
            assert self._channel is not None
            close = self._channel.get_connection().close  # as a router does, its line being free
            asyncio.get_running_loop().call_later(_LINGER_S, close)
