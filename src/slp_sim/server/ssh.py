"""SSH in front of a lab: one address each, refused while a router boots, cut when it reloads."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import asyncssh

from slp_sim.lab import Lab
from slp_sim.ports import Action, Close, Delay, Output, Shell, Wake
from slp_sim.router.router import Router
from slp_sim.server.scp import Scp

LOG = logging.getLogger("slp_sim.server")
BACKLOG = 64
LOGIN_TIMEOUT_S = 120
_LINGER_S = 0.5
MAX_TYPED_AHEAD = 1024 * 1024


@dataclass
class Door:
    """Where one router is reached, and who is connected."""

    router: Router
    address: str
    key: asyncssh.SSHKey
    acceptor: asyncssh.SSHAcceptor | None = None
    connections: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    busy: bool = False


class LabServer:
    """Every router of a lab behind SSH; made by ``serve``.

    Attributes:
        port: the one port of all addresses.
        doors: by router name.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.port = 0
        self.doors: dict[str, Door] = {}
        self._kick = asyncio.Event()
        self._ticker: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        keys = "\n".join(lab.scenario.login.authorized_keys)
        self._authorized = asyncssh.import_authorized_keys(keys) if keys else None

    # --- what is asked from outside -------------------------------------------------------------

    def endpoints(self) -> dict[str, tuple[str, int]]:
        """Returns address and port of each router."""
        return {name: (door.address, self.port) for name, door in self.doors.items()}

    def known_hosts(self) -> str:
        """Returns what belongs in a ``known_hosts`` file for this lab."""
        rows = []
        for door in self.doors.values():
            wrong = self._host_key_fault(door) == "known"
            shown = asyncssh.generate_private_key("ssh-ed25519") if wrong else door.key
            key = shown.export_public_key("openssh").decode().split()
            rows.append(f"[{door.address}]:{self.port} {key[0]} {key[1]}\n")
        return "".join(rows)

    def _host_key_fault(self, door: Door) -> str | None:
        """Returns ``known`` or ``reload`` where the router's key is not what is known (F32)."""
        udi = (door.router.pid, door.router.serial)
        params = self.lab.network.faults.params(udi, "F32")
        return None if params is None else str(params.get("variant", "known"))

    async def close(self) -> None:
        """Ends every connection and listener."""
        if self._ticker:
            self._ticker.cancel()
        for task in [*self._tasks, *([self._ticker] if self._ticker else [])]:
            task.cancel()
        for door in self.doors.values():
            self._shut(door)
        await asyncio.sleep(0)

    # --- opening --------------------------------------------------------------------------------

    async def open(self, block: str | None) -> None:
        """Listens for every router, on a block of addresses that is free."""
        for attempt in range(20):
            prefix = block or f"127.{64 + secrets.randbelow(128)}.{secrets.randbelow(240)}"
            self.doors = {
                name: Door(
                    router, _address(prefix, i), asyncssh.generate_private_key("ssh-ed25519")
                )
                for i, (name, router) in enumerate(self.lab.routers.items())
            }
            self.port = 0
            try:
                for door in self.doors.values():
                    await self._listen(door)
            except OSError:
                for door in self.doors.values():
                    self._shut(door)
                if attempt == 19 or block:
                    raise
                continue
            break
        self._ticker = asyncio.create_task(self._tick())

    async def _listen(self, door: Door) -> None:
        door.acceptor = await asyncssh.listen(
            door.address,
            self.port,
            server_factory=lambda: _Login(self, door),
            server_host_keys=[door.key],
            backlog=BACKLOG,
            line_editor=False,
            encoding=None,
            compression_algs=None,
            gss_host=None,
            allow_scp=False,
            login_timeout=LOGIN_TIMEOUT_S,
            server_version="Cisco-1.25",
        )
        self.port = self.port or door.acceptor.get_port()

    def _shut(self, door: Door) -> None:
        if door.acceptor is not None:
            door.acceptor.close()
            door.acceptor = None
        for connection in list(door.connections):
            connection.abort()
        door.connections.clear()

    # --- time -----------------------------------------------------------------------------------

    def after(self, seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
        """Has ``act`` called in so many lab seconds."""
        real = getattr(self.lab.clock, "real_seconds", None)
        delay = real(seconds) if real else 0.0
        return asyncio.get_running_loop().call_later(delay, act)

    def touched(self, door: Door) -> None:
        """Looks at a router after something was done to it, and at what is due next."""
        self._follow(door)
        self._kick.set()

    def _follow(self, door: Door) -> None:
        """Has the listener do as the router does: shut while it is down, open when it is up."""
        up = door.router.is_up()
        if not up and (door.acceptor is not None or door.connections):
            self._shut(door)
        elif up and door.acceptor is None and not door.busy:
            door.busy = True
            task = asyncio.create_task(self._reopen(door))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _reopen(self, door: Door) -> None:
        if self._host_key_fault(door) == "reload":
            door.key = asyncssh.generate_private_key("ssh-ed25519")
        try:
            await self._listen(door)
        except OSError as error:
            LOG.error("%s cannot listen again: %s", door.router.spec.name, error)
        finally:
            door.busy = False

    async def _tick(self) -> None:
        """Sleeps until something is due in lab time; idle labs cost nothing."""
        while True:
            self._kick.clear()
            timeout = self._until_due()
            try:
                await asyncio.wait_for(self._kick.wait(), timeout)
            except TimeoutError:
                try:
                    self.lab.clock.settle()
                except Exception:
                    LOG.exception("something that was due in the lab failed")
            for door in self.doors.values():
                self._follow(door)

    def _until_due(self) -> float | None:
        due = getattr(self.lab.clock, "next_due", lambda: None)()
        real = getattr(self.lab.clock, "real_seconds", None)
        if due is None or real is None:
            return None
        left: float = real((due - self.lab.clock.now()).total_seconds())
        return max(left, 0.0) + 0.001


async def serve(lab: Lab, *, block: str | None = None) -> LabServer:
    """Returns the lab's server once every router can be reached.

    Args:
        block: the first three numbers of the addresses, such as ``127.77.1``; a free one by
            default.
    """
    server = LabServer(lab)
    await server.open(block)
    return server


def _address(prefix: str, index: int) -> str:
    """Returns the n-th address from ``prefix`` on, 250 in each block of 256."""
    a, b, c = (int(n) for n in prefix.split("."))
    block, host = divmod(index, 250)
    carry, c = divmod(c + block, 256)
    return f"{a}.{b + carry}.{c}.{host + 1}"


class _Login(asyncssh.SSHServer):
    """One client's way in."""

    def __init__(self, server: LabServer, door: Door) -> None:
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
        if self._connection is not None and self._server._authorized:
            self._connection.set_authorized_keys(self._server._authorized)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._door.router.check_login(username, password)

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return _Session(self._server, self._door)


class _Session(asyncssh.SSHServerSession[bytes]):
    """One channel: a VTY line, one command, or SCP."""

    def __init__(self, server: LabServer, door: Door) -> None:
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
        user = str(chan.get_extra_info("username"))
        self._shell = self._door.router.shell(user)
        self._line = _Line(self._server, self._door, chan, self._shell)
        if self._command is not None:
            self._line.run_alone(self._command)
        else:
            self._line.act(self._shell.start())

    def data_received(self, data: bytes, _datatype: asyncssh.DataType) -> None:
        if self._scp is not None:
            self._write_scp(self._scp.feed(data))
        elif self._line is not None:
            self._line.typed(data)

    def _write_scp(self, data: bytes) -> None:
        assert self._channel is not None
        assert self._scp is not None
        if data:
            self._channel.write(data)
        if self._scp.status is not None:
            self._channel.exit(self._scp.status)
        self._server.touched(self._door)

    def eof_received(self) -> bool:
        if self._scp is not None:
            self._scp.eof()
            self._write_scp(b"")
        return False

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
        server: LabServer,
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

    def run_alone(self, command: str) -> None:
        """Carries out one command without a prompt, as ``ssh router show clock`` does."""
        self._alone = bytearray()
        self._shell.start()
        self._shell.feed(b"terminal length 0\n")
        self.act(self._shell.feed(command.encode() + b"\n"))
        self.typed(b"exit\n")

    def typed(self, data: bytes) -> None:
        """Hands on what was typed, later while the router is busy."""
        if self._over:
            return
        if self._pause is not None:
            if len(self._typed) < MAX_TYPED_AHEAD:
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
            self.act(self._shell.feed(data))

    def _wake_in(self, seconds: float) -> None:
        handle: asyncio.TimerHandle

        def wake() -> None:
            self._wakes.discard(handle)
            if not self._over:
                self.act(self._shell.wake())

        handle = self._server.after(seconds, wake)
        self._wakes.add(handle)

    def _hang_up(self) -> None:
        self._over = True
        if self._alone is not None:  # neither its echo nor the prompt that follows
            _, _, output = bytes(self._alone).partition(b"\n")
            self._channel.write(output.rstrip(b"\r\n").rpartition(b"\r\n")[0] + b"\r\n")
        if self._door.router.is_up():
            self._channel.exit(0)
        # A router that goes down cuts its lines: LabServer sees to it.

    def gone(self) -> None:
        """The client is gone: the line is free."""
        self._over = True
        for handle in (self._pause, *self._wakes):
            if handle is not None:
                handle.cancel()
        self._wakes.clear()
        self._shell.close()
